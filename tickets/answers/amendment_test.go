package answers

import "testing"

// In sentences a value that is taken back never stands either, be it by a no, an excuse or a new sentence.
func TestACorrectedValueNeverStandsInSentences(t *testing.T) {
	unsaid(t, &outing, "boats", []saying{
		{"en", "We come on 4 June. We need 7 boats, no, 9.", "9"}, {"en", "We come on 4 June. We need seven boats... sorry, it is nine, I have just counted.", "9"}, {"en", "We come on 4 June. We need 7 boats, sorry, 9 are too many.", ""},
		{"de", "Wir kommen am 4. Juni. Wir brauchen 7 Boote, ach nein, 9.", "9"}, {"de", "Wir kommen am 4. Juni. Wir brauchen 7 Boote, Moment, es sind 9.", "9"},
		{"fr", "Nous venons le 4 juin. Nous avons besoin de 7 bateaux, enfin 9.", "9"}, {"fr", "Nous venons le 4 juin. Nous avons besoin de 7 bateaux... pardon, 9.", "9"},
		{"es", "Venimos el 4 de junio. Necesitamos 7 barcas, no, 9.", "9"}, {"es", "Venimos el 4 de junio. Necesitamos siete barcas... perdón, son nueve.", "9"},
		{"it", "Veniamo il 4 giugno. Abbiamo bisogno di 7 barche, anzi di 9.", "9"}, {"nl", "We komen op 4 juni. We hebben 7 boten nodig, o nee, wacht, het zijn er 9.", "9"},
		{"en", "We come on 4 June. We need 7 boats, sorry for asking so late.", "7"}, {"en", "We come on 4 June. We need 7 boats, no, we have no trailer.", "7"},
	})
	unsaid(t, &outing, "day", []saying{
		{"en", "We need 7 boats. We will come on 4 June, oh no, on 6 June.", "2026-06-06"}, {"de", "Wir brauchen 7 Boote. Wir kommen am 4. Juni - ach nein, Moment, am 6. Juni.", "2026-06-06"}, {"de", "Wir brauchen 7 Boote. Wir kommen am 4. Juni, nein, am 6.", ""},
		{"fr", "Nous avons besoin de 7 bateaux. Nous venons le 4 juin, enfin le 6 juin.", "2026-06-06"}, {"es", "Necesitamos 7 barcas. Venimos el 4 de junio, perdón, el 6 de junio.", "2026-06-06"},
		{"it", "Abbiamo bisogno di 7 barche. Veniamo il 4 giugno, anzi il 6 giugno.", "2026-06-06"}, {"nl", "We hebben 7 boten nodig. We komen op 4 juni, o nee, op 6 juni.", "2026-06-06"},
		{"en", "We need 7 boats. We will come on 4 June, sorry, 6 June is a holiday.", ""},
	})
	unsaid(t, &outing, "kind", []saying{
		{"en", "We need 7 boats. Please the canoe, no, the kayak.", "Kayak"}, {"en", "We need 7 boats. We take the canoe, sorry, the kayak was too narrow.", ""},
	})
	unsaid(t, &outing, "trailer", []saying{
		{"de", "Wir kommen am 4. Juni - ach nein, am 6. Juni. Wir brauchen 7 Boote.", ""}, {"en", "We need 7 boats. I don't remember whether we have a trailer.", ""}, {"fr", "Nous avons besoin de 7 bateaux. Quant à la remorque, je ne sais plus du tout.", ""},
		{"de", "Wir brauchen 7 Boote. Ob wir einen Anhänger haben, daran erinnere ich mich nicht.", ""}, {"es", "Necesitamos 7 barcas. No recuerdo si tenemos remolque.", ""},
		{"it", "Abbiamo bisogno di 7 barche. Non ricordo se abbiamo un rimorchio.", ""}, {"nl", "We hebben 7 boten nodig. Ik herinner me niet of we een aanhanger hebben.", ""},
	})
}

// Of all and a part of them nobody knows which number a question means.
func TestAPartOfAllInASentence(t *testing.T) {
	unsaid(t, &outing, "boats", []saying{
		{"en", "We will come on 4 June. Of the nine boats five are enough.", ""}, {"de", "Wir kommen am 4. Juni. Von den neun Booten genügen uns fünf.", ""}, {"fr", "Nous venons le 4 juin. Sur les neuf bateaux, cinq suffisent.", ""},
		{"es", "Venimos el 4 de junio. De las nueve barcas bastan cinco.", ""}, {"it", "Veniamo il 4 giugno. Delle nove barche ne bastano cinque.", ""}, {"nl", "We komen op 4 juni. Van de negen boten zijn er vijf genoeg.", ""},
	})
}

// Numbers of questions in one line have a stroke behind them, too; and none stands within brackets.
func TestNumbersWithStrokes(t *testing.T) {
	const want = "club=Ahoy day=2026-06-04 boats=4 kind=Kayak"
	for _, body := range []string{"1/ Ahoy 2/ 4 June 3/ 4 4/ kayak\n", "1/ Ahoy\n2/ 4 June\n3/ 4\n4/ kayak\n", "1. Ahoy\n2. 4 June\n3. 5 (sorry, 4: my uncle is ill)\n4. kayak\n"} {
		if got := readBody(&outing, "en", body); got != want {
			t.Errorf("%q: %s", body, got)
		}
	}
}
