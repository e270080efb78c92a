package value

import (
	"slices"
	"strings"
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/yesno"
)

// Numbers, dates and yes or no, as six languages write them.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		kind                 tickets.QuestionKind
		language, text, want string // "" for unclear or silent
	}{
		{tickets.AskNumber, "de", "1.234,5", "1234.5"}, {tickets.AskNumber, "en", "1,234.5", "1234.5"}, {tickets.AskNumber, "fr", "1 234,50 €", "1234.5"},
		{tickets.AskNumber, "de", "1.234", "1234"}, {tickets.AskNumber, "en", "1.234", "1.234"}, {tickets.AskNumber, "", "1.234", ""}, {tickets.AskNumber, "nl", "2,5", "2.5"},
		{tickets.AskNumber, "it", "dodici", "12"}, {tickets.AskNumber, "es", "unas 3 o 4", ""}, {tickets.AskNumber, "en", "X-4711", ""}, {tickets.AskNumber, "de", "5 Stück", "5"},
		{tickets.AskNumber, "en", "10-20", ""}, {tickets.AskNumber, "en", "about 15?", ""}, {tickets.AskNumber, "en", "15kg", "15"},
		{tickets.AskDate, "en", "yesterday", "2026-11-28"}, {tickets.AskDate, "de", "vorgestern", "2026-11-27"}, {tickets.AskDate, "de", "letzten Montag", "2026-11-23"},
		{tickets.AskDate, "fr", "avant-hier", "2026-11-27"}, {tickets.AskDate, "fr", "lundi dernier", "2026-11-23"}, {tickets.AskDate, "es", "hace tres días", "2026-11-26"},
		{tickets.AskDate, "it", "3 giorni fa", "2026-11-26"}, {tickets.AskDate, "nl", "twee weken geleden", "2026-11-15"}, {tickets.AskDate, "it", "ieri", "2026-11-28"},
		{tickets.AskDate, "en", "Monday", ""}, {tickets.AskDate, "en", "3/4/2026", ""}, {tickets.AskDate, "fr", "3/4/2026", "2026-04-03"}, {tickets.AskDate, "en", "4/28/2026", "2026-04-28"},
		{tickets.AskDate, "de", "1.12.", "2026-12-01"}, {tickets.AskDate, "de", "am 1. Dezember 2026", "2026-12-01"}, {tickets.AskDate, "en", "December 1st, 2026", "2026-12-01"},
		{tickets.AskDate, "es", "el 3 de mayo de 2026", "2026-05-03"}, {tickets.AskDate, "en", "since yesterday or the day before yesterday", ""}, {tickets.AskDate, "en", "31.2.2026", ""}, {tickets.AskDate, "en", "3 November, 5 November", ""},
		{tickets.AskDate, "nl", "volgende vrijdag", "2026-12-04"}, {tickets.AskDate, "de", "in 2 Wochen", "2026-12-13"}, {tickets.AskDate, "en", "28 Nov", "2026-11-28"}, {tickets.AskDate, "en", "1 June", ""},
		{tickets.AskYesNo, "de", "Ja, gestern", yesno.Yes}, {tickets.AskYesNo, "de", "nein, noch nicht", yesno.No}, {tickets.AskYesNo, "fr", "Pas encore", yesno.No}, {tickets.AskYesNo, "fr", "Oui !", yesno.Yes},
		{tickets.AskYesNo, "es", "sí", yesno.Yes}, {tickets.AskYesNo, "it", "sì, certo", yesno.Yes}, {tickets.AskYesNo, "nl", "Nee", yesno.No}, {tickets.AskYesNo, "en", "yes and no", ""},
		{tickets.AskYesNo, "en", "Yes, but it did not help", yesno.Yes}, {tickets.AskYesNo, "de", "teilweise", ""}, {tickets.AskYesNo, "en", "👍", yesno.Yes}, {tickets.AskYesNo, "de", "ja oder nein", ""},
		{tickets.AskYesNo, "en", "Yes, I think, but maybe not", ""}, {tickets.AskYesNo, "de", "Ja, oder?", ""}, {tickets.AskYesNo, "fr", "oui ?", ""},
		{tickets.AskEmail, "en", "it's jane@gold.example.", "jane@gold.example"}, {tickets.AskEmail, "en", "a@b.example or c@d.example", ""},
		{tickets.AskChoice, "en", "The printer, please", "printer"}, {tickets.AskChoice, "en", "laptop and printer", ""}, {tickets.AskChoice, "en", "not the laptop", ""}, {tickets.AskChoice, "en", "labtop", "laptop"},
		{tickets.AskText, "en", "I don't know", ""}, {tickets.AskText, "en", "\"Room 2\"", "Room 2"}, {tickets.AskText, "en", "X-4711.", "X-4711"},
	} {
		q := tickets.Question{Kind: c.kind}
		if c.kind == tickets.AskChoice {
			q = device.Questions[4]
		}
		got, how := Of(&q, c.text, written(sunday, c.language))
		if how != reading.Clear {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %q in %q: %q, want %q", c.kind, c.text, c.language, got, c.want)
		}
	}
}

var whichDay = tickets.Question{Kind: tickets.AskDate, Ask: worded("When is the first day?", "Wann ist der erste Tag?",
	"Quel est le premier jour ?", "¿Cuándo es el primer día?", "Quando è il primo giorno?", "Wanneer is de eerste dag?")}

var serial = tickets.Question{Kind: tickets.AskText, Ask: worded("What is the serial number?", "Wie lautet die Seriennummer?",
	"Quel est le numéro de série ?", "¿Cuál es el número de serie?", "Qual è il numero di serie?", "Wat is het serienummer?")}

var reach = tickets.Question{Kind: tickets.AskEmail, Ask: worded("At which e-mail address can we reach you?", "Unter welcher E-Mail-Adresse erreichen wir Sie?",
	"À quelle adresse e-mail pouvons-nous vous répondre ?", "¿En qué dirección de correo podemos contestarle?", "A quale indirizzo possiamo risponderle?", "Op welk e-mailadres kunnen we u bereiken?")}

// Short answers to a question, in the words in which people give them. Where two values are given, a bar between, either will do; nothing is unclear.
func TestShortAnswers(t *testing.T) {
	col := tickets.Question{Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "black"}, {Value: "cyan"}, {Value: "magenta"}, {Value: "yellow"}}, Ask: tickets.Worded{"en": "Which colour?"}}
	site := tickets.Question{Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "Köln"}, {Value: "Hamburg"}, {Value: "Kassel"}}, Ask: tickets.Worded{"de": "An welchem Standort?"}}
	sol := tickets.Question{Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "remboursement"}, {Value: "échange"}, {Value: "bon d'achat"}}, Ask: tickets.Worded{"fr": "Que souhaitez-vous ?"}}
	grund := tickets.Question{Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "defekt"}, {Value: "falsch geliefert"}, {Value: "gefällt nicht"}, {Value: "zu spät"}}, Ask: tickets.Worded{"de": "Was ist der Grund?"}}
	dev := tickets.Question{Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "laptop"}, {Value: "desktop"}, {Value: "tablet"}}, Ask: tickets.Worded{"en": "Which device?"}}
	num := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many pages have been printed?"}}
	pers := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"de": "Wie viele Personen sind betroffen?"}}
	mont := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"fr": "Quel est le montant de la facture en euros ?"}}
	mon := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many monitors?"}}
	stk := tickets.Question{Kind: tickets.AskNumber, Ask: tickets.Worded{"de": "Wie viele Stück?"}}
	since := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Since when?"}}
	first := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"en": "When is the first day?"}}
	seit := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"de": "Seit wann besteht das Problem?"}}
	lief := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"de": "Wann wurde geliefert?"}}
	arr := tickets.Question{Kind: tickets.AskDate, Ask: tickets.Worded{"fr": "Quand le colis est-il arrivé ?"}}
	cab := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Is it connected by cable?"}}
	mob := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Is a mobile phone needed?"}}
	neu := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"de": "Haben Sie das Gerät schon neu gestartet?"}}
	aus := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"de": "Haben Sie die Ware schon ausgepackt?"}}
	abi := tickets.Question{Kind: tickets.AskYesNo, Ask: tickets.Worded{"fr": "Le carton était-il abîmé ?"}}
	em := tickets.Question{Kind: tickets.AskEmail, Ask: tickets.Worded{"en": "Which private e-mail address?"}}
	for _, c := range []struct {
		q                tickets.Question
		lang, text, want string
	}{
		{col, "en", "magneta", "magenta"}, {col, "en", "cyaan", "cyan"}, {col, "en", "the yellow one", "yellow"}, {col, "en", "Black (the others are fine)", "black"}, {col, "en", "Only black.", "black"}, {col, "en", "blk", ""}, {col, "en", "magenta I think", "magenta|"}, {col, "en", "black, I mean cyan", "cyan"}, {col, "en", "Blck", "black"},
		{site, "de", "Kasel", "Kassel"}, {site, "de", "Hambrug", "Hamburg"}, {site, "de", "in Köln", "Köln"}, {site, "de", "Koeln", "Köln"}, {site, "de", "HH", ""}, {site, "de", "Köln-Ehrenfeld", "Köln"}, {site, "de", "Standort Köln, 2. OG", "Köln"}, {site, "de", "Koln", "Köln"},
		{sol, "fr", "échage", "échange"}, {sol, "fr", "rembousement", "remboursement"}, {sol, "fr", "être remboursé", "remboursement|"}, {sol, "fr", "un bon", "bon d'achat|"}, {sol, "fr", "bon d achat", "bon d'achat"}, {sol, "fr", "Échange svp", "échange"}, {sol, "fr", "un remboursement, s'il vous plaît", "remboursement"}, {sol, "fr", "echange", "échange"},
		{grund, "de", "Defekt.", "defekt"}, {grund, "de", "ist defekt", "defekt"}, {grund, "de", "kaputt", "defekt"}, {grund, "de", "kam zu spät", "zu spät"}, {grund, "de", "gefällt mir nicht", "gefällt nicht"}, {grund, "de", "gefällt leider nicht", "gefällt nicht"}, {grund, "de", "Falschlieferung", "falsch geliefert|"}, {grund, "de", "falscher Artikel geliefert", "falsch geliefert|"}, {grund, "de", "wurde falsch geliefert", "falsch geliefert"}, {grund, "de", "deffekt", "defekt"}, {grund, "de", "falsch gelifert", "falsch geliefert"},
		{dev, "en", "a Laptop pls", "laptop"}, {dev, "en", "lap top", "laptop"}, {dev, "en", "notebook", "laptop"}, {dev, "en", "Desktop PC", "desktop"}, {dev, "en", "labtop", "laptop"}, {dev, "en", "laptop (13 inch)", "laptop"}, {dev, "en", "tablet, not a laptop", "tablet|"}, {dev, "en", "laptop rather than desktop", ""},
		{num, "en", "12k", "12000"}, {num, "en", "12 thousand", "12000"}, {num, "en", "~12000", "12000"}, {num, "en", "approx. 12,000", "12000"}, {num, "en", "over 12000", "12000"}, {num, "en", "12,000+", ""}, {num, "en", "12 000", "12000"}, {num, "en", "12'000", "12000"}, {num, "en", "12000 or so", "12000"}, {num, "en", "Counter says 48310", "48310"}, {num, "en", "12000 pages (as of today)", "12000"}, {num, "en", "half a million", ""}, {num, "en", "12000-13000", ""}, {num, "en", "twelve thousand", "12000"}, {num, "en", "1.2 million", ""}, {num, "en", "2 million", ""}, {num, "de", "3 Mio.", ""}, {num, "en", "12345 (page counter)", "12345"}, {num, "en", "no. 12345", "12345|"},
		{pers, "de", "alle 8", "8"}, {pers, "de", "wir zwei", "2"}, {pers, "de", "zu dritt", "|3"}, {pers, "de", "5-6", ""}, {pers, "de", "das ganze Team (7)", "7"}, {pers, "de", "ich und 2 Kollegen", ""}, {pers, "de", "mindestens 10", "10|"}, {pers, "de", "1 Person", "1"}, {pers, "de", "eine", "1"}, {pers, "de", "einer", "1"}, {pers, "de", "nur eine", "1"}, {pers, "de", "nur einer", "1"}, {pers, "de", "niemand außer mir", ""}, {pers, "de", "ca. 15", "15"}, {pers, "de", "etwa fünfzehn", "15"}, {pers, "de", "keine", "|0"}, {pers, "de", "zwei", "2"}, {pers, "de", "2 (Hr. Maier und ich)", "2"},
		{mont, "fr", "129,90 €", "129.9"}, {mont, "fr", "129€90", "129.9|"}, {mont, "fr", "EUR 129,90", "129.9"}, {mont, "fr", "129 euros 90", "129.9|"}, {mont, "fr", "129.90", "129.9"}, {mont, "fr", "1 250,00 EUR", "1250"}, {mont, "fr", "cent vingt euros", "|120"}, {mont, "fr", "129,90€ TTC", "129.9"}, {mont, "fr", "129,90 euros TTC (108,25 HT)", ""}, {mont, "fr", "1.250,00", "1250"},
		{mon, "en", "2 please", "2"}, {mon, "en", "two", "2"}, {mon, "en", "two, 27 inch", "2|"}, {mon, "en", "2x 27\"", "2|"}, {mon, "en", "a pair", "|2"}, {mon, "en", "none", "|0"}, {mon, "en", "just the one", "1"}, {mon, "en", "one is enough", "1"}, {mon, "en", "1 monitor", "1"}, {mon, "en", "2 of them", "2"},
		{stk, "de", "1x", "1"}, {stk, "de", "2 St.", "2"}, {stk, "de", "2 Stk", "2"}, {stk, "de", "ein", "1"}, {stk, "de", "beide", "|2"}, {stk, "de", "3 Stück davon", "3"}, {stk, "de", "nur 1", "1"}, {stk, "de", "Eins.", "1"},
		{since, "en", "this morning", "2026-03-10"}, {since, "en", "since around noon yesterday", "2026-03-09"}, {since, "en", "since the 3rd", "2026-03-03"}, {since, "en", "Monday", "2026-03-09"}, {since, "en", "Mon 9 March", "2026-03-09"}, {since, "en", "Since Fri.", "2026-03-06"}, {since, "en", "two weeks ago", "2026-02-24"}, {since, "en", "for three days", "2026-03-07"}, {since, "en", "for about a week", "|2026-03-03"}, {since, "en", "last week", ""}, {since, "en", "27/02/2026", "2026-02-27"}, {since, "en", "Feb 27", "2026-02-27"}, {since, "en", "27 Feb.", "2026-02-27"}, {since, "en", "27th of February", "2026-02-27"}, {since, "en", "2026-02-27", "2026-02-27"}, {since, "en", "5 days", "2026-03-05|"}, {since, "en", "yesterday evening", "2026-03-09"}, {since, "en", "Yesterday (Monday)", "2026-03-09"}, {since, "en", "3 days ago", "2026-03-07"}, {since, "en", "a couple of days ago", ""}, {since, "en", "Tuesday last week", "2026-03-03"}, {since, "en", "a week ago", "2026-03-03"}, {since, "en", "27.2.26", "2026-02-27"}, {since, "en", "today at 9", "2026-03-10"}, {since, "en", "it started on Saturday", "2026-03-07"},
		{first, "en", "March 19", "2026-03-19"}, {first, "en", "19/3/26", "2026-03-19"}, {first, "en", "Monday 16th", "2026-03-16"}, {first, "en", "next Monday", "2026-03-16"}, {first, "en", "the 1st of April", "2026-04-01"}, {first, "en", "1 Apr 2026", "2026-04-01"}, {first, "en", "in two weeks", "2026-03-24"}, {first, "en", "tomorrow", "2026-03-11"}, {first, "en", "Monday, March 16", "2026-03-16"}, {first, "en", "April 1", "2026-04-01"}, {first, "en", "16th March (Monday)", "2026-03-16"}, {first, "en", "16 March at 9:00", "2026-03-16"}, {first, "en", "mid April", ""}, {first, "en", "Mon, 16.03.", "2026-03-16"},
		{seit, "de", "seit Freitagnachmittag", "2026-03-06"}, {seit, "de", "Freitag nachmittag", "2026-03-06"}, {seit, "de", "gestern Abend", "2026-03-09"}, {seit, "de", "Mo, 9.3.", "2026-03-09"}, {seit, "de", "seit 2 Wochen", "2026-02-24"}, {seit, "de", "seit drei Tagen", "2026-03-07"}, {seit, "de", "vor einer Woche", "2026-03-03"}, {seit, "de", "letzte Woche Dienstag", "2026-03-03"}, {seit, "de", "Dienstag letzter Woche", "2026-03-03"}, {seit, "de", "5. 3. 2026", "2026-03-05"}, {seit, "de", "05.03.", "2026-03-05"}, {seit, "de", "5.März", "2026-03-05"}, {seit, "de", "seit dem 5.", "2026-03-05"}, {seit, "de", "heute", "2026-03-10"}, {seit, "de", "heute Vormittag", "2026-03-10"}, {seit, "de", "Anfang März", ""}, {seit, "de", "seit dem Wochenende", ""}, {seit, "de", "am Sonntag", "2026-03-08"}, {seit, "de", "seit Mo.", "2026-03-09"}, {seit, "de", "seit Montagfrüh", "2026-03-09"}, {seit, "de", "seit einer Woche", "2026-03-03"}, {seit, "de", "seit ein paar Tagen", ""}, {seit, "de", "23. Feb.", "2026-02-23"},
		{lief, "de", "26.2.", "2026-02-26"}, {lief, "de", "am 26.02.26", "2026-02-26"}, {lief, "de", "letzten Freitag", "2026-03-06"}, {lief, "de", "Mittwoch", "2026-03-04"}, {lief, "de", "vorige Woche Mi.", "2026-03-04"}, {lief, "de", "vor 5 Tagen", "2026-03-05"}, {lief, "de", "26/2", "2026-02-26"}, {lief, "de", "26.Februar 2026", "2026-02-26"}, {lief, "de", "26-02-2026", "2026-02-26"},
		{arr, "fr", "lundi", "2026-03-09"}, {arr, "fr", "lundi 9", "2026-03-09"}, {arr, "fr", "le 9", "2026-03-09|"}, {arr, "fr", "il y a trois jours", "2026-03-07"}, {arr, "fr", "il y a une semaine", "2026-03-03"}, {arr, "fr", "le 5/3", "2026-03-05"}, {arr, "fr", "05/03/26", "2026-03-05"}, {arr, "fr", "jeudi dernier", "2026-03-05"}, {arr, "fr", "hier matin", "2026-03-09"}, {arr, "fr", "avant hier", "2026-03-08"}, {arr, "fr", "le jeudi 5 mars", "2026-03-05"}, {arr, "fr", "ce matin", "2026-03-10"}, {arr, "fr", "la semaine dernière", ""}, {arr, "fr", "5 mars 2026", "2026-03-05"}, {arr, "fr", "vendredi", "2026-03-06"}, {arr, "fr", "1er mars", "2026-03-01"}, {arr, "fr", "samedi 28 février", "2026-02-28"},
		{cab, "en", "it is", "yes"}, {cab, "en", "Yes, USB", "yes"}, {cab, "en", "cable", "yes"}, {cab, "en", "wifi", ""}, {cab, "en", "Nope - wifi", "no"}, {cab, "en", "no, wireless", "no"}, {cab, "en", "correct", "yes"}, {cab, "en", "y", "yes"}, {cab, "en", "N", "no"}, {cab, "en", "it's connected by cable", "yes"}, {cab, "en", "not by cable", "no"}, {cab, "en", "Yes (ethernet)", "yes"}, {cab, "en", "by USB cable", "yes|"}, {cab, "en", "YES!!", "yes"}, {cab, "en", "I believe so", ""}, {cab, "en", "yes it is", "yes"}, {cab, "en", "no it isn't", "no"}, {cab, "en", "yes - why?", "yes|"}, {cab, "en", "via cable, yes", "yes"},
		{mob, "en", "no need", "no"}, {mob, "en", "not required", "no|"}, {mob, "en", "he has his own", ""}, {mob, "en", "needed", "yes"}, {mob, "en", "yes please, an iPhone", "yes"}, {mob, "en", "no thanks", "no"}, {mob, "en", "please", "|yes"}, {mob, "en", "no phone", "no"}, {mob, "en", "yes, with a mobile", "yes"}, {mob, "en", "definitely", "yes"}, {mob, "en", "not at the moment", "no|"},
		{neu, "de", "mehrfach", "|yes"}, {neu, "de", "schon dreimal", "|yes"}, {neu, "de", "haben wir", "yes"}, {neu, "de", "natürlich, ohne Erfolg", "yes"}, {neu, "de", "klar", "yes"}, {neu, "de", "nö", "no"}, {neu, "de", "nein, mache ich noch", "no"}, {neu, "de", "Ja, hat nichts gebracht", "yes"}, {neu, "de", "bereits erledigt", "yes"}, {neu, "de", "ja schon", "yes"}, {neu, "de", "schon passiert", "|yes"}, {neu, "de", "Neustart gemacht", "yes|"}, {neu, "de", "schon neu gestartet", "yes"}, {neu, "de", "noch nicht", "no"}, {neu, "de", "hab ich", "yes"}, {neu, "de", "Ja!", "yes"}, {neu, "de", "ja, 2x", "yes"}, {neu, "de", "Jau", "|yes"},
		{aus, "de", "ja, ausgepackt", "yes"}, {aus, "de", "noch original verpackt", "|no"}, {aus, "de", "noch nicht", "no"}, {aus, "de", "nicht ausgepackt", "no"}, {aus, "de", "Nein, ungeöffnet", "no"}, {aus, "de", "ja leider", "yes"}, {aus, "de", "ja, aber unbenutzt", "yes"},
		{abi, "fr", "oui, très", "yes"}, {abi, "fr", "Non intact", "no"}, {abi, "fr", "pas abîmé", "no"}, {abi, "fr", "un peu", "|yes"}, {abi, "fr", "oui malheureusement", "yes"}, {abi, "fr", "non, rien", "no"}, {abi, "fr", "abîmé", "yes"}, {abi, "fr", "ouais", "yes"}, {abi, "fr", "intact", "|no"}, {abi, "fr", "oui (un coin enfoncé)", "yes"}, {abi, "fr", "il était abîmé", "yes"}, {abi, "fr", "Il n'était pas abîmé", "no"},
		{em, "en", "lea@post.example<mailto:lea@post.example>", "lea@post.example"}, {em, "en", "<lea@post.example>", "lea@post.example"}, {em, "en", "Lea Roy <lea@post.example>", "lea@post.example"}, {em, "en", "lea@post.example.", "lea@post.example"}, {em, "en", "mailto:lea@post.example", "lea@post.example"}, {em, "en", "lea at post.example", ""}, {em, "en", "lea@post.example (private)", "lea@post.example"}, {em, "en", "lea@post", ""},
	} {
		got, how := Of(&c.q, c.text, written(tuesday, c.lang))
		if how != reading.Clear {
			got = ""
		}
		if !slices.Contains(strings.Split(c.want, "|"), got) {
			t.Errorf("%s %q: got %q, want %q", c.q.Ask.In(c.lang, "en"), c.text, got, c.want)
		}
	}
}
