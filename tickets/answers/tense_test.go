package answers

import (
	"testing"

	"tierdesk/tickets"
)

// A question's tense says whether it asks for a day that has been or one to come; with its accents, since "arrive" is no "arrivé".
func TestTense(t *testing.T) {
	for language, asks := range map[string]map[string]string{
		"en": {"On which day do you arrive?": "coming", "From when should we use it?": "coming", "When did you discover the damage?": "past", "When was it delivered?": "past",
			"When have you noticed the damage?": "past", "Since when?": "past", "When is the first day?": "", "When would you like to come?": "coming"},
		"de": {"An welchem Tag reisen Sie an?": "coming", "Ab wann sollen wir es verwenden?": "coming", "Wann haben Sie den Schaden bemerkt?": "past", "Wann ist das Paket eingetroffen?": "past",
			"Seit wann besteht die Störung?": "past", "Wann ist der erste Tag?": "", "Wann haben Sie Zeit?": "coming", "Wann dürfen wir kommen?": "coming"},
		"fr": {"Quel jour arrivez-vous ?": "coming", "À partir de quand devons-nous l'utiliser ?": "coming", "Quel jour le colis est-il arrivé ?": "past", "Quand avez-vous constaté le dégât ?": "past",
			"Depuis quand la panne existe-t-elle ?": "past", "Quel est le premier jour ?": "", "Quand souhaitez-vous commencer ?": "coming"},
		"es": {"¿Qué día llegó el paquete?": "past", "¿Cuándo notaron la fuga?": "past", "¿Cuándo ha visto la fuga por última vez, la ha notado?": "past", "¿Cuándo es el primer día?": "",
			"¿Desde cuándo existe la avería?": "past", "¿Cuándo desea empezar?": "coming", "¿Desde cuándo debemos usarla?": "coming"},
		"it": {"In che giorno è arrivato il pacco?": "past", "Quando ha notato il danno?": "past", "Da quando c'è il guasto?": "past", "Da quando dobbiamo usarlo?": "coming", "Quando è il primo giorno?": "",
			"Quando desidera cominciare?": "coming"},
		"nl": {"Op welke dag komt u aan?": "coming", "Vanaf wanneer moeten we die gebruiken?": "coming", "Wanneer hebt u de schade ontdekt?": "past", "Wanneer is het pakket aangekomen?": "past",
			"Sinds wanneer?": "past", "Wanneer is de eerste dag?": ""},
	} {
		for ask, want := range asks {
			for _, l := range []string{language, ""} { // a form may be in one language that nobody names
				past, coming := tense(&tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{l: ask}})
				got := map[[2]bool]string{{true, false}: "past", {false, true}: "coming"}[[2]bool{past, coming}]
				if got != want {
					t.Errorf("%q (%q) asks for a day that is %q, want %q", ask, l, got, want)
				}
			}
		}
	}
}

// A day without its year is the nearest one in the time that is asked for; one that is only just on the other side is a slip.
func TestADayInTheTimeThatIsAskedFor(t *testing.T) {
	arrival := tickets.Question{Kind: tickets.AskDate, Ask: worded("On which day do you arrive?", "An welchem Tag reisen Sie an?", "Quel jour arrivez-vous ?",
		"¿Qué día llega usted?", "In che giorno arriva?", "Op welke dag komt u aan?")}
	checkSayings(t, &arrival, []saying{
		{"en", "21 April", "2026-04-21"}, {"en", "19 April 2026", "2026-04-19"}, {"en", "Mon 20 April 2026", "2026-04-20"}, {"fr", "19/04", "2026-04-19"}, {"de", "20.4.", "2026-04-20"}, {"de", "19.4.26", "2026-04-19"},
		{"nl", "21-04-2026", "2026-04-21"}, {"fr", "le 21 avril, par le TGV de 17h52", "2026-04-21"}, {"es", "el 20 de abril", "2026-04-20"}, {"it", "il 20 aprile", "2026-04-20"}, {"en", "2 January", "2027-01-02"},
		{"en", "the 21st", "2026-03-21"}, {"de", "am 5.", ""}, {"en", "Friday", "2026-03-13"}, {"de", "Freitag", "2026-03-13"}, {"nl", "vrijdag", "2026-03-13"}, {"en", "Tuesday", ""}, {"en", "the first Friday", ""}, {"en", "any day but Friday", ""}, {"en", "the Friday after", ""}, {"de", "Freitag nach Ostern", ""},
		{"en", "Monday the 20th", "2026-04-20"}, {"fr", "le dimanche 19", "2026-04-19"}, {"en", "Monday 19", ""}, {"en", "21st April by train", "2026-04-21"}, {"en", "by 21 April", ""}, {"nl", "19-4", "2026-04-19"}, {"nl", "3-4", ""}, {"nl", "de 19e", "2026-03-19"},
		{"en", "5 March", ""}, {"de", "am 20.2.", ""}, {"en", "5 March 2026", "2026-03-05"}, {"en", "03/04", "2026-04-03"}, {"en", "05/04", ""}, {"en", "1 October", "2026-10-01"},
	})
	checkSayings(t, &sinceWhen, []saying{
		{"en", "20 June", "2025-06-20"}, {"en", "20 April", ""}, {"de", "seit dem 1. Oktober", "2025-10-01"}, {"en", "20 March", ""}, {"en", "7/3", "2026-03-07"}, {"en", "1/2", ""}, {"en", "Saturday 7/3", "2026-03-07"}, {"nl", "zondagochtend", "2026-03-08"}, {"it", "questa mattina", "2026-03-10"}, {"fr", "arrive hier", "2026-03-09"}, {"en", "1 April 2026", ""},
	})
	checkSayings(t, &whichDay, []saying{{"en", "1 April", "2026-04-01"}, {"en", "20 February", "2026-02-20"}, {"en", "10 September", ""}, {"en", "10 September 2026", "2026-09-10"}, {"en", "Friday", ""}})
}
