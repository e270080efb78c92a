package answers

import (
	"strings"
	"testing"

	"tierdesk/tickets"
)

// starter asks about somebody else than who answers.
var starter = tickets.Form{Name: "starter", Questions: []tickets.Question{
	{Name: "name", Kind: tickets.AskText, Ask: tickets.Worded{"en": "What is the name of the new colleague?", "de": "Wie heißt der neue Kollege mit Namen?"}},
	{Name: "start", Kind: tickets.AskDate, Ask: tickets.Worded{"en": "When is the first day?", "de": "Wann ist der erste Tag?"}},
	{Name: "mail", Kind: tickets.AskEmail, Ask: tickets.Worded{"en": "Which private e-mail address can we use until then?", "de": "Welche private E-Mail-Adresse können wir bis dahin nutzen?"}},
	{Name: "device", Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "laptop"}, {Value: "desktop"}, {Value: "tablet"}}, Ask: tickets.Worded{"en": "Which device?", "de": "Welches Gerät?"}},
	{Name: "mobile", Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Is a mobile phone needed?", "de": "Wird ein Handy benötigt?"}},
	{Name: "monitors", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many monitors?", "de": "Wie viele Monitore?"}},
}}

// stories checks what of a mail becomes a value: name=value, in the order of the questions.
func stories(t *testing.T, form *tickets.Form, open []int, cases []saying) {
	t.Helper()
	if open == nil {
		for i := range form.Questions {
			open = append(open, i)
		}
	}
	for _, c := range cases {
		got := Read(form, open, mailOf(t, "text/plain", c.text+"\n"), When{Now: tuesday, Language: c.language})
		var said []string
		for _, q := range form.Questions {
			if v, ok := got.Values[q.Name]; ok {
				said = append(said, q.Name+"="+v)
			}
		}
		if all := strings.Join(said, " "); all != c.want {
			t.Errorf("%q\nis read as %q\nwant       %q", c.text, all, c.want)
		}
	}
}

// What people tell beside the questions fills no field, though the words of an answer are in it.
func TestAStoryIsNoAnswer(t *testing.T) {
	stories(t, &faultForm, nil, []saying{
		{"en", "My colleague in Berlin has the same problem.", ""},
		{"en", "We called you on Monday because it was urgent.", ""},
		{"en", "I was in the office yesterday and nobody came.", ""},
		{"en", "Please restart the device for us.", ""},
		{"en", "The device restarted by itself.", ""},
		{"en", "You should restart the device.", ""},
		{"en", "There were 5 people in the meeting and nobody could present.", ""},
		{"en", "Your technician was here on Friday with two people.", ""},
		{"en", "I wrote to you on 3 March, ticket 4711, and got no reply.", ""},
		{"en", "Invoice 300 of 2 March is still open, by the way.", ""},
		{"en", "The last time it took you 3 days.", ""},
		{"de", "Mein Kollege in Berlin hat das gleiche Problem.", ""},
		{"de", "Wir haben Sie am Montag angerufen, weil es eilig war.", ""},
		{"de", "Ich war gestern im Büro und niemand kam.", ""},
		{"de", "Bitte starten Sie das Gerät neu.", ""},
		{"de", "Das Gerät hat sich von selbst neu gestartet.", ""},
		{"de", "In der Besprechung waren 5 Personen und keiner konnte etwas zeigen.", ""},
		{"de", "Ihr Techniker war am Freitag mit zwei Personen hier.", ""},
		{"fr", "Mon collègue à Berlin a le même problème.", ""},
		{"fr", "J'étais au bureau hier et personne n'est venu.", ""},
		{"fr", "Merci de redémarrer l'appareil.", ""},
		{"fr", "L'appareil a redémarré tout seul.", ""},
		{"nl", "Mijn collega in Berlin heeft hetzelfde probleem.", ""},
		{"nl", "Ik was gisteren op kantoor en niemand kwam.", ""},
		{"en", "It has been so since yesterday. We have restarted the device. 3 people are affected. Kassel.", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"de", "Das ist seit gestern so. Neu gestartet haben wir das Gerät schon. Betroffen sind 3 Personen in Kassel.", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"en", "There were 5 people in the meeting. It has been so since yesterday. We have restarted the device.", "since=2026-03-09 restarted=yes"},
		{"en", "It's the same as last time: 3 people, Kassel, since 2 March.", ""}, {"de", "Beim letzten Mal waren es 3 Personen in Kassel, seit dem 2. März.", ""}, {"fr", "La dernière fois c'était 3 personnes à Kassel depuis le 2 mars.", ""},
		{"en", "In the other ticket I said 3 people, Kassel, since 2 March. Here nobody is affected.", ""},
		{"en", "Since 3 March 2025 we pay you 300 euros for 5 people in Kassel and get this!", ""},
		{"en", "Deliver to: Kassel\nOrder: 3\nDate: 2 March", ""}, {"en", "Phone: 0561 123\nSite: www.kassel.example\nPeople: we care", ""}, {"en", "Please write to ana@kassel.example, since yesterday my old address bounces.", ""},
		{"en", "No, not since yesterday, but since Friday. No, not 3 people, 4 people.", ""},
		{"de", "Nein, nicht seit gestern, sondern seit Freitag. Nicht 3, sondern 4 Personen.", ""},
		{"en", "We need 3 new mice for 45 euros each, delivered to Kassel by Friday please.", ""},
		{"en", "1. the mouse\n2. yesterday\n3. 3\n4. yes\n5. Kassel\n\nCorrection: 3. 4 people, sorry.", "what=the mouse since=2026-03-09 restarted=yes site=Kassel"},
		{"en", "2. yesterday\n3. 3\n4. yes\n5. Kassel\n\nPS: I meant Berlin, not Kassel.", "since=2026-03-09 people=3 restarted=yes"},
		{"de", "2. gestern\n3. 3\n5. Kassel\n\nVertippt: es sind 4 Personen.", "since=2026-03-09 site=Kassel"},
		{"en", "3 - 5 people\n4 - 5 times", ""}, {"en", "3. See 4.\n4. See 3.", ""}, {"en", "2. e.g. 1 March\n3. e.g. 5\n4. e.g. yes", ""},
		{"en", "We are 4, since Monday, in Kassel", "since=2026-03-09 people=4 site=Kassel"},
	})
	stories(t, &starter, nil, []saying{
		{"en", "My name is Max Muster and I am writing from my laptop.", ""},
		{"en", "I am writing this on my laptop, so please excuse typos.", ""},
		{"de", "Ich schreibe das auf meinem Laptop, bitte Tippfehler entschuldigen.", ""},
		{"en", "My mobile phone is broken, please write to max@home.example.", ""},
		{"en", "She's called Mina Kaur, starts on 1 April, a laptop with two screens, no mobile.", "name=Mina Kaur start=2026-04-01 device=laptop mobile=no monitors=2"},
	})
}

// Where one question is left, only what answers it does.
func TestTheLastQuestionIsNotFilledWithAnything(t *testing.T) {
	stories(t, &faultForm, []int{2}, []saying{
		{"en", "Please call me back at extension 27, it is urgent.", ""}, {"en", "I sent that in my first 2 mails already, see there.", ""}, {"en", "We have a meeting in room 12 at that time.", ""},
		{"de", "Das habe ich in Mail 2 schon geschrieben, bitte nachlesen.", ""}, {"en", "5 people", "people=5"}, {"en", "It affects 5 people in our office.", "people=5"}, {"en", "There are 5 of us.", "people=5"}, {"de", "Wir sind 5.", "people=5"}, {"de", "Es sind insgesamt 5 Personen.", "people=5"},
	})
	stories(t, &faultForm, []int{4}, []saying{
		{"en", "I am writing from my office in Berlin and will be back on Monday.", ""}, {"en", "The colleagues in Berlin told me to ask you.", ""}, {"en", "Berlin", "site=Berlin"}, {"en", "It is in Berlin.", "site=Berlin"}, {"de", "Am Standort Kassel, zweiter Stock.", "site=Kassel"},
	})
	two := tickets.Form{Name: "two", Questions: []tickets.Question{{Name: "first", Kind: tickets.AskText, Ask: tickets.Worded{"en": "Which article?"}}, {Name: "second", Kind: tickets.AskText, Ask: tickets.Worded{"en": "Which parts are missing?"}}}}
	stories(t, &two, []int{1}, []saying{
		{"en", "1 cable\n2 hubs", "second=1 cable\n2 hubs"}, {"en", "1. the cable\n2. the hubs\n3. the manual", "second=1. the cable\n2. the hubs\n3. the manual"}, {"en", "2. the hubs", "second=the hubs"},
	})
}
