package answers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tierdesk/tickets"
)

// faultForm and laptop are forms of the same questions in four languages.
var faultForm = tickets.Form{Name: "fault", Questions: []tickets.Question{
	{Name: "what", Kind: tickets.AskText, Ask: tickets.Worded{"en": "What exactly does not work?", "de": "Was genau funktioniert nicht?", "fr": "Qu'est-ce qui ne fonctionne pas ?", "nl": "Wat werkt er precies niet?"}},
	{Name: "since", Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Since when does the problem occur?", "de": "Seit wann besteht das Problem?", "fr": "Depuis quand le problème existe-t-il ?", "nl": "Sinds wanneer is dat zo?"}},
	{Name: "people", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many people are affected?", "de": "Wie viele Personen sind betroffen?", "fr": "Combien de personnes sont concernées ?", "nl": "Hoeveel personen hebben er last van?"}},
	{Name: "restarted", Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Have you restarted the device?", "de": "Haben Sie das Gerät schon neu gestartet?", "fr": "Avez-vous redémarré l'appareil ?", "nl": "Hebt u het apparaat opnieuw gestart?"}},
	{Name: "site", Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "Berlin"}, {Value: "New York"}, {Value: "Kassel"}},
		Ask: tickets.Worded{"en": "At which site?", "de": "An welchem Standort?", "fr": "Sur quel site ?", "nl": "Op welke locatie?"}},
}}

var complaint = tickets.Form{Name: "complaint", Questions: []tickets.Question{
	{Name: "order", Kind: tickets.AskText, Ask: tickets.Worded{"en": "What is the order number?", "de": "Wie lautet die Bestellnummer?"}},
	{Name: "reason", Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "defekt"}, {Value: "falsch geliefert"}, {Value: "gefällt nicht"}, {Value: "zu spät"}},
		Ask: tickets.Worded{"en": "What is the reason?", "de": "Was ist der Grund?"}},
	{Name: "unpacked", Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Have you unpacked the goods?", "de": "Haben Sie die Ware ausgepackt?"}},
	{Name: "cable", Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Do you need a new cable?", "de": "Brauchen Sie ein neues Kabel?"}},
	{Name: "pieces", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many pieces?", "de": "Wie viele Stück?"}},
	{Name: "delivered", Kind: tickets.AskDate, Ask: tickets.Worded{"en": "When was it delivered?", "de": "Wann wurde geliefert?"}},
	{Name: "mail", Kind: tickets.AskEmail, Ask: tickets.Worded{"en": "At which e-mail address can we reach you?", "de": "Unter welcher E-Mail-Adresse erreichen wir Sie?"}},
}}

// Ways of answering, a kind a case: what is said becomes a value, and what is not said for certain does not.
func TestKindsOfAnswers(t *testing.T) {
	const nothing = ""
	for _, c := range []struct {
		kind     string
		form     *tickets.Form
		language string
		body     string
		want     string // name=value, in the order of the questions
	}{
		{"clauses in order", &faultForm, "de", "Der Bildschirmschoner lässt sich nicht wegdrücken, seit gestern, nur bei mir in Berlin.", "what=Der Bildschirmschoner lässt sich nicht wegdrücken since=2026-03-09 people=1 site=Berlin"},
		{"clauses in order", &faultForm, "en", "The scanner makes stripes, since last Friday, three people, yes, New York", "what=The scanner makes stripes since=2026-03-06 people=3 restarted=yes site=New York"},
		{"clauses in another order", &faultForm, "en", "Kassel, 4 people, since yesterday", "since=2026-03-09 people=4 site=Kassel"},
		{"clauses in order", &complaint, "de", "Bestellnummer 4711-12, defekt, ausgepackt ja, 2 Stück, 26.2., max@customer.example", "order=4711-12 reason=defekt unpacked=yes pieces=2 delivered=2026-02-26 mail=max@customer.example"},
		{"small talk is no answer", &faultForm, "en", "Sorry for the late reply, since yesterday, 3 people, Kassel.", "since=2026-03-09 people=3 site=Kassel"},
		{"with and without", &complaint, "en", "4711-12, without a new cable please, 2 pieces", "order=4711-12 cable=no pieces=2"},
		{"with and without", &complaint, "de", "Drei Stück, mit neuem Kabel bitte, geliefert gestern.", "cable=yes pieces=3 delivered=2026-03-09"},
		{"only me", &faultForm, "fr", "1. l'écran\n2. hier\n3. seulement moi\n4. oui\n5. Kassel", "what=l'écran since=2026-03-09 people=1 restarted=yes site=Kassel"},
		{"only me", &faultForm, "en", "1. the screen\n2. yesterday\n3. just me\n4. yes\n5. Kassel", "what=the screen since=2026-03-09 people=1 restarted=yes site=Kassel"},
		{"labels of their own", &faultForm, "de", "Problem: Maus springt\nSeit: 23.02.\nBetroffene: 1\nNeustart: ja\nStandort: Kassel", "what=Maus springt since=2026-02-23 people=1 restarted=yes site=Kassel"},
		{"labels of their own", &faultForm, "en", "Issue: mouse jumps\nStart: 23 February\nUsers: 1\nReboot: yes\nOffice: Kassel", "what=mouse jumps since=2026-02-23 people=1 restarted=yes site=Kassel"},
		{"labels of something else", &faultForm, "en", "Name: Max Muster\nPhone: 0800 1\nRoom: 2.14", nothing},
		{"a shortened choice", &complaint, "de", "1. 33981\n2. falsch gel.\n3. nein\n4. nein\n5. 4\n6. 28.02.26\n7. max@customer.example", "order=33981 reason=falsch geliefert unpacked=no cable=no pieces=4 delivered=2026-02-28 mail=max@customer.example"},
		{"a part of a choice", &complaint, "de", "2. leider falsch", "reason=falsch geliefert"},
		{"a choice in other words", &complaint, "de", "2. gefällt mir net", "reason=gefällt nicht"},
		{"a choice that is denied", &complaint, "de", "2. nicht defekt", nothing},
		{"part of two choices", &faultForm, "en", "5. New", nothing},
		{"ordinal dates", &faultForm, "en", "2. the first of March\n3. two", "since=2026-03-01 people=2"},
		{"ordinal dates", &faultForm, "de", "2. am ersten März\n3. zwei", "since=2026-03-01 people=2"},
		{"ordinal dates", &faultForm, "fr", "2. le premier mars\n3. deux", "since=2026-03-01 people=2"},
		{"ordinal dates", &faultForm, "de", "2. seit dem dritten Februar\n3. zwölf", "since=2026-02-03 people=12"},
		{"about a date", &faultForm, "de", "2. Mitte Februar\n3. einige", nothing},
		{"about a date", &faultForm, "en", "2. early March\n3. a few", nothing},
		{"numbers in words", &faultForm, "en", "3. twenty-five", "people=25"},
		{"numbers in words", &faultForm, "de", "3. fünfundzwanzig", "people=25"},
		{"numbers in words", &faultForm, "nl", "3. vijfentwintig", "people=25"},
		{"numbers in words", &faultForm, "fr", "3. vingt-cinq", "people=25"},
		{"numbers in words", &faultForm, "en", "3. seventeen people", "people=17"},
		{"numbers in words", &faultForm, "de", "3. siebzehn Leute", "people=17"},
		{"about a number", &faultForm, "en", "3. a dozen or so", nothing},
		{"the same as above", &complaint, "en", "1. same as above\n3. ditto\n5. 2", "pieces=2"},
		{"the same as above", &complaint, "de", "1. siehe oben\n3. dito\n5. 2", "pieces=2"},
		{"two numbers, one answer", &complaint, "en", "3+4: yes\n5: 2", "unpacked=yes cable=yes pieces=2"},
		{"two numbers, one answer", &complaint, "de", "3 und 4: nein\n5. 2", "unpacked=no cable=no pieces=2"},
		{"two numbers, two answers", &faultForm, "en", "2/3: yesterday, 4\n5: Kassel", "since=2026-03-09 people=4 site=Kassel"},
		{"boxes", &complaint, "en", "3. [x] yes [ ] no\n4. ( ) yes (x) no", "unpacked=yes cable=no"},
		{"boxes", &complaint, "de", "3. ☑ ja ☐ nein\n4. ☐ ja ☑ nein", "unpacked=yes cable=no"},
		{"both boxes", &complaint, "de", "3. [x] ja [x] nein\n4. ja / nein", nothing},
		{"more than one", &complaint, "en", "1. It's two orders in fact, 4711 and 4712\n5. 2", "pieces=2"},
		{"a question back", &faultForm, "en", "2. Do you mean the first time?\n3. 2", "people=2"},
		{"initials", &faultForm, "en", wrote + "> 1. What exactly does not work?\n[MM] the mouse\n> 2. Since when does the problem occur? (a date)\n[MM] yesterday\n> 3. How many people are affected?\n[MM] 2\n> 4. Have you restarted the device? (yes or no)\n[MM] no\n> 5. At which site? (Berlin, New York or Kassel)\n[MM] Kassel", "what=the mouse since=2026-03-09 people=2 restarted=no site=Kassel"},
		{"the name before it", &faultForm, "en", wrote + "> 1. What exactly does not work?\nMax: the mouse\n> 2. Since when does the problem occur? (a date)\nMax: yesterday\n> 3. How many people are affected?\nMax: 2\n", "what=the mouse since=2026-03-09 people=2"},
		{"an appointment is no answer", &faultForm, "en", "Please call me tomorrow at 10, then I can tell you more.", nothing},
		{"an absence is no answer", &faultForm, "de", "Ich bin bis Freitag in Kassel und antworte am Montag.", nothing},
		{"a story is no list", &faultForm, "en", "We met yesterday, the budget was the topic, John spoke first, 3 people, the coffee was cold, Berlin was mentioned, and I fell asleep.", "people=3 site=Berlin"},
		{"a long story is not read", &faultForm, "en", strings.Repeat("The quick fox jumps over the lazy dog and goes away again. ", 12) + "Since yesterday, 3 people, Kassel.", nothing},
		{"two numbers", &faultForm, "en", "3 people, 4 people, Kassel, yesterday", "since=2026-03-09 site=Kassel"},
		{"two numbers", &faultForm, "en", "4711, 3, Kassel, yesterday", "since=2026-03-09 site=Kassel"},
		{"a number that may be another one", &complaint, "de", "33981, defekt, gestern", "reason=defekt delivered=2026-03-09"},
		{"labels without a sign", &complaint, "de", "Bestellnummer 33981\nGrund defekt\nStückzahl 4\nLieferung 28.2.\n\nMax", "order=33981 reason=defekt pieces=4 delivered=2026-02-28"},
		{"labels in a line", &complaint, "de", "Bestellnummer: 4711, Grund: defekt, schon am ersten Tag, Stückzahl: 4", "order=4711 reason=defekt pieces=4"},
		{"the head of a table", &complaint, "de", "Bestellnummer Grund Stückzahl Lieferung\n33981 defekt 4 28.2.", nothing},
		{"others' numbers are no answer", &faultForm, "en", "Our ticket is 4711 and my phone is 0800 123.", nothing},
	} {
		t.Run(c.kind, func(t *testing.T) {
			m := mailOf(t, "text/plain", c.body+"\n")
			var open []int
			for i := range c.form.Questions {
				open = append(open, i)
			}
			got := Read(c.form, open, m, When{Now: tuesday, Language: c.language})
			var said []string
			for _, q := range c.form.Questions {
				if v, ok := got.Values[q.Name]; ok {
					said = append(said, q.Name+"="+v)
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(said, " ")); diff != "" {
				t.Errorf("%q: want, got:\n%s\n%s", c.body, c.want, strings.Join(said, " "))
			}
		})
	}
}
