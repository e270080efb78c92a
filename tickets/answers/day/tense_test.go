package day

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
			"Seit wann besteht die Störung?": "past", "Wann ist der erste Tag?": "", "Wann haben Sie Zeit?": "coming", "Wann dürfen wir kommen?": "coming", "Wann würde Ihnen die Probe passen?": "coming", "Wann wurde die Probe verlegt?": "past"},
		"fr": {"Quel jour arrivez-vous ?": "coming", "À partir de quand devons-nous l'utiliser ?": "coming", "Quel jour le colis est-il arrivé ?": "past", "Quand avez-vous constaté le dégât ?": "past",
			"Depuis quand la panne existe-t-elle ?": "past", "Quel est le premier jour ?": "", "Quand souhaitez-vous commencer ?": "coming", "Quelle date vous arrangerait ?": "coming"},
		"es": {"¿Qué día llegó el paquete?": "past", "¿Cuándo notaron la fuga?": "past", "¿Cuándo ha visto la fuga por última vez, la ha notado?": "past", "¿Cuándo es el primer día?": "",
			"¿Desde cuándo existe la avería?": "past", "¿Cuándo desea empezar?": "coming", "¿Desde cuándo debemos usarla?": "coming", "¿Cuándo le gustaría venir?": "coming"},
		"it": {"In che giorno è arrivato il pacco?": "past", "Quando ha notato il danno?": "past", "Da quando c'è il guasto?": "past", "Da quando dobbiamo usarlo?": "coming", "Quando è il primo giorno?": "",
			"Quando desidera cominciare?": "coming", "Che giorno le andrebbe bene?": "coming", "Quando vorreste venire?": "coming"},
		"nl": {"Op welke dag komt u aan?": "coming", "Vanaf wanneer moeten we die gebruiken?": "coming", "Wanneer hebt u de schade ontdekt?": "past", "Wanneer is het pakket aangekomen?": "past",
			"Sinds wanneer?": "past", "Wanneer is de eerste dag?": "", "Welke dag zou u schikken?": "coming"},
	} {
		for ask, want := range asks {
			for _, l := range []string{language, ""} { // a form may be in one language that nobody names
				past, coming := tense(tickets.Worded{l: ask})
				got := map[[2]bool]string{{true, false}: "past", {false, true}: "coming"}[[2]bool{past, coming}]
				if got != want {
					t.Errorf("%q (%q) asks for a day that is %q, want %q", ask, l, got, want)
				}
			}
		}
	}
}
