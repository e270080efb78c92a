package answers

import "testing"

// A child is named behind the word for one, and who means themselves says so; others are nobody's answer.
func TestWhoIsMeant(t *testing.T) {
	unsaid(t, &chess, "player", []saying{
		{"en", "My son Tim is 14 and would like 45 minutes.", "Tim"}, {"de", "Meine Tochter Ida ist 14. 45 Minuten bitte.", "Ida"}, {"fr", "Mon fils Luc a 14 ans. 45 minutes, merci.", "Luc"},
		{"es", "Mi hija se llama Eva, tiene 14 años. 45 minutos, por favor.", "Eva"}, {"it", "Mia figlia Sara ha 14 anni. 45 minuti, grazie.", "Sara"}, {"nl", "Mijn dochter Noor is 14 jaar. 45 minuten graag.", "Noor"},
		{"en", "My sons Tim and Ben are 14. My daughter Ida plays, too, and my son Max. 45 minutes please.", ""}, {"en", "My son is 14 and would like 45 minutes.", ""},
		{"en", "My son Tim and my daughter Ida would like 45 minutes. They start on 4 June.", ""},
	})
	for _, c := range []saying{
		{"en", "My name is Ann Able, born on 3 May 1981. I would like 45 minutes.", "Ann"}, {"de", "Ich melde mich selbst an: Ann Able, 44 Jahre. 45 Minuten bitte.", "Ann"}, {"en", "My name is Ann Able, my son was born on 3 May 2011. I would like 45 minutes.", ""},
	} {
		unsaid(t, &chess, "player", []saying{c})
	}
}

// The day that is wished for now counts, and none that was planned once; nor since when something is.
func TestAnotherDayThanPlanned(t *testing.T) {
	unsaid(t, &delivery, "day", []saying{
		{"en", "Three chairs are broken. We had booked for 4 June but would like to come on 11 June instead.", "2026-06-11"}, {"en", "Three chairs are broken. We would like to come on 11 June instead of 4 June.", "2026-06-11"},
		{"de", "Drei Stühle sind kaputt. Statt am 4. Juni möchten wir am 11. Juni kommen.", "2026-06-11"}, {"de", "Drei Stühle sind kaputt. Wir hatten den 4. Juni vereinbart, würden aber lieber am 11. Juni kommen.", "2026-06-11"},
		{"fr", "Trois chaises sont cassées. La visite était prévue le 4 juin, mais nous souhaiterions venir le 11 juin.", "2026-06-11"}, {"es", "Tres sillas están rotas. Teníamos la visita el 4 de junio, pero nos gustaría venir el 11 de junio.", "2026-06-11"},
		{"it", "Tre sedie sono rotte. La visita era fissata per il 4 giugno, ma vorremmo venire l'11 giugno.", "2026-06-11"}, {"nl", "Drie stoelen zijn kapot. We zouden op 4 juni komen, maar willen nu liever op 11 juni komen.", "2026-06-11"},
		{"en", "Three chairs are broken. We had booked for 4 June, and on 11 June we are away.", ""}, {"en", "Three chairs are broken. We would like to come on 4 June or on 11 June.", ""},
		{"en", "Three chairs have been broken for five days. Thursday would suit us.", "2026-03-12"}, {"it", "Tre sedie sono rotte da 4 giorni. Giovedì andrebbe bene.", "2026-03-12"},
	})
}
