package answers

import (
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
)

// A word that is a day or a month in one language is another word in the next.
func TestADayOfAnotherLanguage(t *testing.T) {
	checkSayings(t, &sinceWhen, []saying{
		{"fr", "hier", "2026-03-09"}, {"fr", "depuis hier soir", "2026-03-09"}, {"de", "hier", ""}, {"de", "hier im Büro", ""}, {"nl", "hier op kantoor", ""}, {"", "hier", ""}, {"en", "hier", ""},
		{"de", "hier seit gestern", "2026-03-09"}, {"nl", "hier sinds gisteren", "2026-03-09"},
		{"it", "3 gen", "2026-01-03"}, {"de", "3 gen Süden", ""}, {"en", "gen 3 printer", ""}, {"it", "6 mag", ""}, {"de", "das mag 3 sein", ""}, {"en", "set 2", ""}, {"en", "2 set up", ""},
		{"en", "3 Mar", "2026-03-03"}, {"fr", "mar 3", ""}, {"es", "mar 3", ""}, {"it", "mar 3", ""}, {"it", "mai 3 volte", ""}, {"en", "ago 5", ""},
		{"fr", "depuis mon dernier appel", ""}, {"en", "since last Mon", "2026-03-09"}, {"en", "since Fri", "2026-03-06"}, {"de", "seit Fr.", "2026-03-06"}, {"nl", "sinds vr", "2026-03-06"},
		{"en", "I did so", ""}, {"en", "since mar", ""}, {"es", "desde jue", "2026-03-05"}, {"it", "da gio", ""},
	})
}

// A word that is a number in one language is another word in the next.
func TestANumberOfAnotherLanguage(t *testing.T) {
	checkSayings(t, &howMany, []saying{
		{"es", "once", "11"}, {"en", "once", ""}, {"en", "once again", ""}, {"it", "due", "2"}, {"en", "due", ""}, {"en", "it is due", ""}, {"fr", "cent", "100"}, {"en", "not a cent", ""}, {"en", "a cent", ""},
		{"nl", "onze collega's", ""}, {"fr", "onze", "11"}, {"de", "es sei so", ""}, {"it", "sei", "6"}, {"de", "Otto", ""}, {"it", "otto", "8"}, {"fr", "mal au dos", ""}, {"es", "dos", "2"}, {"it", "siete in ritardo", ""},
		{"es", "siete", "7"}, {"nl", "ten minste", ""}, {"en", "ten", "10"}, {"fr", "nul", ""}, {"nl", "nul", "0"}, {"", "once", ""}, {"en", "seize", ""}, {"fr", "seize", "16"},
	})
}

// What another clause counts is a part of it.
func TestAPartOfWhatIsCounted(t *testing.T) {
	printers := tickets.Question{Kind: tickets.AskNumber, Ask: worded("How many printers are affected?", "Wie viele Drucker sind betroffen?", "Combien d'imprimantes sont touchées ?",
		"¿Cuántas impresoras están afectadas?", "Quante stampanti sono coinvolte?", "Hoeveel printers hebben er last van?")}
	checkSayings(t, &printers, []saying{
		{"en", "We own 9 printers, one is down", ""}, {"en", "9 printers, none of them down", ""}, {"en", "nine printers, half are down", ""}, {"en", "One is down, we own 9", ""}, {"en", "9 printers of which one", ""}, {"en", "9 - some of them", ""},
		{"de", "9 Drucker, einer ist ausgefallen", ""}, {"de", "9 Drucker, davon die Hälfte", ""}, {"de", "neun Drucker, keiner davon", ""}, {"de", "9 Drucker, davon drei", ""}, {"de", "9 Drucker, ein Drucker klemmt", ""},
		{"fr", "9 imprimantes, une seule en panne", ""}, {"fr", "9 imprimantes, dont la moitié", ""}, {"fr", "9, aucune touchée", ""}, {"es", "9 impresoras, una está rota", ""}, {"es", "9 impresoras, la mitad rotas", ""}, {"es", "9, ninguna afectada", ""},
		{"it", "9 stampanti, una è guasta", ""}, {"it", "9 stampanti, di cui la metà", ""}, {"it", "9, nessuna coinvolta", ""}, {"nl", "9 printers, één is stuk", ""}, {"nl", "9 printers, waarvan de helft", ""}, {"nl", "9, geen enkele stuk", ""},
		{"de", "9 Drucker, kein einziger tot", ""}, {"de", "9, aber bloß die im Lager", ""}, {"fr", "9 imprimantes, l'une est tombée", ""}, {"nl", "9, eentje stuk", ""}, {"it", "9, solo alcune", ""}, {"es", "9, algunas rotas", ""}, {"en", "9 - only the first", ""},
		{"en", "9 printers, please hurry", "9"}, {"en", "9, nobody else", "9"}, {"de", "9, sonst niemand", "9"}, {"de", "neun Drucker, also alle", "9"}, {"fr", "9 imprimantes, au deuxième", "9"}, {"de", "12,5", "12.5"}, {"en", "1,250 printers", "1250"},
	})
	form := tickets.Form{Name: "count", Questions: []tickets.Question{printers, device.Questions[2]}}
	form.Questions[0].Name = "printers"
	for _, story := range []string{"We have 9 printers, one is affected.", "Only one is affected, we have 9 printers.", "We have 9 printers; half of them print."} {
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "Hello, since yesterday we have trouble. "+story+" Can you help?\n"), When{Now: tuesday, Language: "en"})
		if v, ok := got.Values["printers"]; ok {
			t.Errorf("%s: %q", story, v)
		}
	}
	got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "Hello, since yesterday we have trouble. It is 9 printers, all on the second floor. One more thing: thanks!\n"), When{Now: tuesday, Language: "en"})
	if got.Values["printers"] != "9" {
		t.Errorf("a story of all: %q", got.Values)
	}
}

// A sign beside a number makes it a bound.
func TestABoundIsNoNumber(t *testing.T) {
	checkSayings(t, &howMany, []saying{
		{"en", "7+", ""}, {"en", "7 +", ""}, {"en", "> 7", ""}, {"en", ">7 people", ""}, {"en", "<7", ""}, {"en", "≥7", ""}, {"en", "≤ 7", ""}, {"en", "7±1", ""}, {"en", "+7", ""}, {"en", "> seven", ""}, {"en", "seven+", ""},
		{"de", "7+ Leute", ""}, {"en", "7 plus", ""}, {"en", "7 and up", ""}, {"en", "7 upwards", ""}, {"de", "ab 7", ""}, {"de", "7 aufwärts", ""}, {"fr", "à partir de 7", ""}, {"es", "7 en adelante", ""}, {"it", "da 7 in su", ""}, {"nl", "vanaf 7", ""}, {"en", "-> 7", "7"}, {"en", "people -> 7", "7"}, {"en", "=> 7", "7"}, {"en", "7", "7"}, {"en", "~7", "7"},
	})
}

// Choices may differ in signs alone.
func TestChoicesOfSigns(t *testing.T) {
	checkSayings(t, choiceOf("C", "C++", "C#"), []saying{
		{"en", "C", "C"}, {"en", "c++", "C++"}, {"en", "C#.", "C#"}, {"en", "C++, please", "C++"}, {"en", "We use C#", "C#"}, {"en", "C+", ""}, {"en", "C, please", "C"}, {"en", "C++ and C#", ""},
	})
	checkSayings(t, choiceOf("<10", "10-50", ">50"), []saying{
		{"en", "<10", "<10"}, {"en", "< 10", "<10"}, {"en", "10-50", "10-50"}, {"en", "10 - 50", "10-50"}, {"en", ">50", ">50"}, {"en", "10", ""}, {"en", "50", ""}, {"en", ">10", ""}, {"en", "<50", ""},
	})
	checkSayings(t, choiceOf("👍", "👎"), []saying{{"en", "👎", "👎"}, {"en", "👍", "👍"}, {"en", "…", ""}, {"en", "!!", ""}})
	checkSayings(t, choiceOf("👍", "no"), []saying{{"en", "…", ""}, {"en", "👍", "👍"}, {"en", "👎", ""}, {"en", "No.", "no"}})
	checkSayings(t, choiceOf("on/off", "on-off"), []saying{{"en", "on off", ""}, {"en", "on/off", "on/off"}, {"en", "On-Off.", "on-off"}})
	checkSayings(t, choiceOf("C", "Java"), []saying{{"en", "C++", ""}, {"en", "Java", "Java"}, {"en", "Java!", "Java"}, {"en", "-> Java", "Java"}})
	checkSayings(t, choiceOf("-1", "0"), []saying{{"en", "1", ""}, {"en", "-1", "-1"}, {"en", "0", "0"}})
	checkSayings(t, choiceOf("R&D", "Sales"), []saying{{"en", "R & D", "R&D"}, {"en", "r&d", "R&D"}})
}

// A yes that waits for something, holds for a part or is only wished for is none.
func TestAYesWithAnEnd(t *testing.T) {
	checkSayings(t, &restarted, []saying{
		{"en", "Yes, as soon as I get to it", ""}, {"en", "Yes, once I'm at my desk", ""}, {"de", "Ja, sobald der Kollege da ist", ""}, {"fr", "Oui, dès que je peux", ""}, {"es", "Sí, en cuanto llegue", ""}, {"it", "Sì, non appena arrivo", ""}, {"nl", "Ja, zodra ik er ben", ""},
		{"en", "Yes, but only the router", ""}, {"en", "Yes, only the router", ""}, {"en", "yes only the router", ""}, {"de", "Ja, aber nur den Rechner", ""}, {"fr", "Oui, mais seulement l'ordinateur", ""}, {"es", "Sí, pero solo el ordenador", ""},
		{"it", "Sì, ma soltanto il computer", ""}, {"nl", "Ja, maar alleen de computer", ""},
		{"en", "Of course I'd love to, but the button does nothing", ""}, {"en", "Sure, I would", ""}, {"de", "Natürlich würde ich das gern", ""}, {"fr", "Oui, je voudrais bien", ""}, {"es", "Sí, me gustaría", ""}, {"it", "Certamente, vorrei", ""}, {"nl", "Natuurlijk zou ik dat willen", ""},
		{"en", "Yes, after the meeting", ""}, {"de", "Ja, nach der Pause", ""}, {"fr", "Oui, ce soir", ""}, {"es", "Sí, después de comer", ""}, {"it", "Sì, stasera", ""}, {"nl", "Ja, na de lunch", ""},
		{"en", "Yes - the router at least", ""}, {"de", "Ja, zumindest den Rechner", ""}, {"en", "Yes, most of them", ""}, {"fr", "Oui, sauf la grande", ""}, {"es", "Sí, excepto una", ""}, {"it", "Sì, tranne quella vecchia", ""}, {"nl", "Ja, behalve de grote", ""},
		{"en", "Yes. I would be glad of a quick answer.", Yes}, {"en", "Yes, it only helped for an hour", Yes}, {"de", "Ja, nur geholfen hat es nicht", Yes}, {"en", "Yes, twice", Yes}, {"nl", "ja, maar het werkt niet", Yes},
	})
	wanted := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Do you need a spare one?", "Brauchen Sie ein Ersatzgerät?", "Avez-vous besoin d'un appareil de rechange ?",
		"¿Necesita uno de repuesto?", "Le serve un ricambio?", "Hebt u een reserve nodig?")}
	checkSayings(t, &wanted, []saying{{"en", "Yes, I'd like one", Yes}, {"de", "Ja, möchte ich", Yes}, {"en", "Yes, as soon as possible", Yes}, {"de", "Ja, sobald wie möglich", Yes}, {"nl", "Ja, zo snel mogelijk", Yes}})
	form := tickets.Form{Name: "part", Questions: []tickets.Question{restarted, device.Questions[2]}}
	form.Questions[0].Name = "restarted"
	got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", "Hello, it has been so since yesterday. I have restarted only the printer of a colleague. What next?\n"), When{Now: tuesday, Language: "en"})
	if v, ok := got.Values["restarted"]; ok {
		t.Errorf("a story of a part: %q", v)
	}
}

// That a question has a "nach" or a "before" in it makes no answer behind one the day.
func TestAfterADayIsNotThatDay(t *testing.T) {
	moves := tickets.Question{Kind: tickets.AskDate, Ask: worded("When do you move to your new office, before the holidays?", "Wann ziehen Sie nach Berlin um?", "Quand partez-vous, avant l'été ?",
		"¿Cuándo se muda, antes del verano?", "Quando vi trasferite, prima dell'estate?", "Wanneer verhuist u naar Utrecht, voor de zomer?")}
	checkSayings(t, &moves, []saying{
		{"de", "nach dem 1. Mai", ""}, {"en", "after 1 May", ""}, {"fr", "après le 1er mai", ""}, {"es", "después del 1 de mayo", ""}, {"it", "dopo il 1 maggio", ""}, {"nl", "na 1 mei", ""}, {"de", "vor dem 1. Mai", ""}, {"de", "am 1. Mai", "2026-05-01"},
	})
	until := tickets.Question{Kind: tickets.AskDate, Ask: worded("Until when do you need it?", "Bis wann brauchen Sie es?", "Jusqu'à quand en avez-vous besoin ?", "¿Hasta cuándo lo necesita?", "Fino a quando le serve?", "Tot wanneer hebt u het nodig?")}
	checkSayings(t, &until, []saying{
		{"en", "until 1 May", "2026-05-01"}, {"de", "bis zum 1. Mai", "2026-05-01"}, {"fr", "jusqu'au 1er mai", "2026-05-01"}, {"es", "hasta el 1 de mayo", "2026-05-01"}, {"it", "fino al 1 maggio", "2026-05-01"}, {"nl", "tot 1 mei", "2026-05-01"},
		{"de", "nach dem 1. Mai", ""}, {"en", "after 1 May", ""},
	})
}

// A storey behind a colon is no first of several answers.
func TestAStoreyIsNoNumberOfAQuestion(t *testing.T) {
	form := tickets.Form{Name: "where", Questions: []tickets.Question{{Name: "model", Kind: tickets.AskText, Ask: tickets.Worded{"en": "Which model is it?", "de": "Welches Modell ist es?"}},
		{Name: "pages", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many pages?", "de": "Wie viele Seiten?"}}}}
	for _, body := range []string{"Bitte liefern Sie an: 1. Stock, Raum 5\n", "Bitte an: 1. Stock, Raum 2.\n", "Bitte liefern Sie an: 1. Stock\n\nDanke\n"} {
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", body), When{Now: tuesday, Language: "de"})
		if v, ok := got.Values["model"]; ok {
			t.Errorf("%q: %q", body, v)
		}
	}
	for _, body := range []string{"Hallo, 1. HP 400 2. 700\n", "Hallo, 1. HP 400\n2. 700\n", "Hallo, 1. HP 400\n\n2. 700\n", "Hallo: 1) HP 400, 2) 700\n"} {
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", body), When{Now: tuesday, Language: "de"})
		if got.Values["model"] != "HP 400" || got.Values["pages"] != "700" {
			t.Errorf("%q: %q", body, got.Values)
		}
	}
}

// A correction is found whatever accents stand around it.
func TestACorrectionWithAccents(t *testing.T) {
	checkSayings(t, &howMany, []saying{
		{"es", "3 compañeros, corrección: cuatro", "4"}, {"es", "tres… perdón, quería decir 4", "4"}, {"es", "3, me equivoqué: 4", "4"}, {"fr", "3 collègues touchés, je voulais dire 4", "4"},
		{"de", "3 Büros, Größe fünf, ich meinte 4", "4"}, {"nl", "één, ik bedoelde 4", "4"}, {"it", "perché no: 3, volevo dire 4", "4"}, {"en", "3 ﬁnance people, I mean 4", "4"},
	})
	for _, text := range []string{"Ⱥé İİ ß corrección: ñandú", "perdo\u0301n, correccio\u0301n 4"} {
		if before, after, ok := correction(text); !ok || !strings.Contains(text, before) || !strings.HasSuffix(text, after) {
			t.Errorf("%q: %q, %q, %t", text, before, after, ok)
		}
	}
}

// Nothing in a mail breaks the reading of it: an empty sentence, or letters that grow or shrink as they become small.
func TestOddTexts(t *testing.T) {
	for _, body := range []string{"Since yesterday.  . 3 of us. Yes I have. A laptop.", "i. ȺȺȺȺ\nii. ȺȺ\niii. Ⱥ", "ȺȺ) İ\nb) yes", "A) ȺȺ\nB) İstanbul"} {
		Read(&device, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", body), When{Now: sunday, Language: "en"})
	}
	for _, part := range sentences("We have one.  . It is new. , ok") {
		if strings.TrimSpace(part) == "" {
			t.Errorf("an empty sentence: %q", part)
		}
	}
	got := Read(&device, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", "I. İstanbul\nII. yes\nIII. yesterday\nIV. 3\nV. laptop\n"), When{Now: sunday, Language: "en"})
	if got.Values["serial"] != "İstanbul" || got.Values["model"] != "laptop" {
		t.Errorf("Roman numerals: %q", got.Values)
	}
}

// A list of days as long as a novel is no day, and is not weighed day by day.
func TestALongListOfDays(t *testing.T) {
	for _, text := range []string{strings.Repeat("1 April ", 9), strings.Repeat("1 April and ", 20_000), strings.Repeat("vendredi ", 20_000)} {
		if v, how := value(&whichDay, text, When{Now: tuesday, Language: "en"}); how == clear {
			t.Errorf("%d days are %s", len(strings.Fields(text))/2, v)
		}
	}
	far := strings.Repeat("mit dem Team im Büro ", 20) + "am 1. April"
	if v, how := value(&whichDay, far, When{Now: tuesday, Language: "de"}); how != clear || v != time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) {
		t.Errorf("a day at the end of a text: %q", v)
	}
}
