package approval

import "testing"

func TestSaid(t *testing.T) {
	for text, want := range map[string]verdict{
		"Yes":                               approved,
		"yes.":                              approved,
		"Yes, approved!":                    approved,
		"OK, thanks":                        approved,
		"Okay":                              approved,
		"Hi Ann,\n\nyes, go ahead.\n\nPaul": approved,
		"Ja, gern":                          approved,
		"Guten Tag Frau Able,\nja.\nMfG":    approved,
		"In Ordnung\n\nHans":                approved,
		"Oui, d’accord":                     approved,
		"Bonjour,\nj'approuve.":             approved,
		"Sí":                                approved,
		"Si\u0301, adelante":                approved,
		"Sì, approvo":                       approved,
		"Akkoord":                           approved,
		"Ja, akkoord. Bedankt":              approved,
		"Approved\nThe price is fine.":      approved,
		"Ja gerne":                          approved,
		"Ja, von mir aus.":                  approved,
		"Selbstverstaendlich":               approved,
		"Oui, bien sur":                     approved,
		"Claro que si":                      approved,
		"Sì, certo":                         approved,
		"Ja hoor":                           approved,

		"No":                                   declined,
		"No, thanks":                           declined,
		"Nein.\nDas ist zu teuer, aber danke.": declined,
		"Abgelehnt":                            declined,
		"Non, merci":                           declined,
		"Rechazado":                            declined,
		"Rifiutato":                            declined,
		"Nee":                                  declined,
		"No, no lo apruebo":                    declined,
		"No grazie":                            declined,
		"Refuse":                               declined,
		"Refusé":                               declined,
		"Not approved":                         declined,
		"I do not approve.\nIt costs far too much": declined,

		"":                                 neither,
		"Yes, but only until Friday":       neither,
		"Yes\nBut not before Monday":       neither,
		"Ja, aber nur diese Woche":         neither,
		"Ja\nwenn Bob auch zustimmt":       neither,
		"Yes? Why me?":                     neither,
		"Yes and no":                       neither,
		"Yes\nNo":                          neither,
		"No\nyes":                          neither,
		"yesterday":                        neither,
		"nothing":                          neither,
		"What does it cost":                neither,
		"I will think about it, yes":       neither,
		"Approved by nobody":               neither,
		"Thanks":                           neither,
		"Hello Ann":                        neither,
		"I have no objection in principle": neither,
		"Yesno":                            neither,
		"Ok\nOui, sauf le dimanche":        neither,
	} {
		if got := said(text); got != want {
			t.Errorf("%q says %q, want %q", text, got, want)
		}
	}
}
