package value

import (
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/reading"
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

// A correction is found whatever accents stand around it.
func TestACorrectionWithAccents(t *testing.T) {
	checkSayings(t, &howMany, []saying{
		{"es", "3 compañeros, corrección: cuatro", "4"}, {"es", "tres… perdón, quería decir 4", "4"}, {"es", "3, me equivoqué: 4", "4"}, {"fr", "3 collègues touchés, je voulais dire 4", "4"},
		{"de", "3 Büros, Größe fünf, ich meinte 4", "4"}, {"nl", "één, ik bedoelde 4", "4"}, {"it", "perché no: 3, volevo dire 4", "4"}, {"en", "3 ﬁnance people, I mean 4", "4"},
	})
	for _, text := range []string{"Ⱥé İİ ß corrección: ñandú", "perdo\u0301n, correccio\u0301n 4"} {
		if before, after, ok := clause.Correction(text); !ok || !strings.Contains(text, before) || !strings.HasSuffix(text, after) {
			t.Errorf("%q: %q, %q, %t", text, before, after, ok)
		}
	}
}

// A list of days as long as a novel is no day, and is not weighed day by day.
func TestALongListOfDays(t *testing.T) {
	for _, text := range []string{strings.Repeat("1 April ", 9), strings.Repeat("1 April and ", 20_000), strings.Repeat("vendredi ", 20_000)} {
		if v, how := Of(&whichDay, text, written(tuesday, "en")); how == reading.Clear {
			t.Errorf("%d days are %s", len(strings.Fields(text))/2, v)
		}
	}
	far := strings.Repeat("mit dem Team im Büro ", 20) + "am 1. April"
	if v, how := Of(&whichDay, far, written(tuesday, "de")); how != reading.Clear || v != time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) {
		t.Errorf("a day at the end of a text: %q", v)
	}
}

// Who knows of none has said no, and who knows of nothing has not.
func TestNoneKnown(t *testing.T) {
	checkSayings(t, &tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Are there any injuries?", "Gibt es Verletzte?", "Y a-t-il des blessés ?",
		"¿Hay heridos?", "Ci sono feriti?", "Zijn er gewonden?")}, []saying{
		{"en", "None known.", "no"}, {"en", "No, none known", "no"}, {"en", "None that we know of", "no"}, {"de", "Keine bekannt", "no"},
		{"de", "Nein, mir sind keine bekannt.", "no"}, {"fr", "Aucun connu", "no"}, {"fr", "Aucun à ma connaissance", "no"}, {"es", "Ninguno conocido", "no"},
		{"it", "Nessuno noto", "no"}, {"nl", "Geen bekend", "no"},
		{"en", "Not known", ""}, {"en", "None known yet", ""}, {"de", "Nicht bekannt", ""}, {"fr", "Pas encore connu", ""}, {"en", "It is not known", ""}})
}

// A lift is no train, and a trailer is none either.
func TestATrainIsATrain(t *testing.T) {
	checkSayings(t, &tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Is there a lift?", "Gibt es einen Aufzug?", "Y a-t-il un ascenseur ?",
		"¿Hay ascensor?", "C'è un ascensore?", "Is er een lift?")}, []saying{
		{"de", "Ja, neben dem Fahrrad", "yes"}, {"de", "Ja, für das Auto", "yes"}})
	checkSayings(t, &tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Do you come by train?", "Kommen Sie mit dem Zug?", "Venez-vous en train ?",
		"¿Viene en tren?", "Viene in treno?", "Komt u met de trein?")}, []saying{
		{"de", "Ja, mit dem Nachtzug", "yes"}, {"de", "Ja, mit dem Auto", ""}})
	checkSayings(t, choiceOf("train", "car"), []saying{
		{"en", "by train", "train"}, {"en", "trains", "train"}, {"en", "trailer", ""}, {"en", "with a trailer", ""}})
}
