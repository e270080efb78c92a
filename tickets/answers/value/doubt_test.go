package value

import (
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/yesno"
)

// A count is taken only where one is given: not what changes, belongs to somebody else, is a price, a time, a share, a floor or a name.
func TestACountOfSomethingElse(t *testing.T) {
	checkSayings(t, &howMany, []saying{
		// it changes
		{"en", "5 yesterday, more today", ""}, {"de", "gestern 5, heute mehr", ""}, {"fr", "5 hier, plus aujourd'hui", ""}, {"es", "ayer 5, hoy más", ""}, {"it", "ieri 5, oggi di più", ""}, {"nl", "gisteren 5, vandaag meer", ""},
		{"en", "5 and counting", ""}, {"en", "5 at first, now everybody", ""}, {"de", "erst 5, jetzt alle", ""}, {"fr", "5 au début, maintenant tout le monde", ""}, {"es", "al principio 5, ahora todos", ""}, {"it", "prima 5, adesso tutti", ""}, {"nl", "eerst 5, nu iedereen", ""},
		{"en", "5, but all fixed now", ""}, {"en", "5 but now only one", ""}, {"de", "5, inzwischen nur noch einer", ""}, {"en", "5 or more", ""}, {"de", "5 oder mehr", ""}, {"fr", "5 ou plus", ""}, {"es", "5 o más", ""}, {"it", "5 o più", ""}, {"nl", "5 of meer", ""},
		// it is corrected
		{"en", "3, I mean four", "4"}, {"de", "3, ich meinte 4", "4"}, {"fr", "3, je voulais dire 4", "4"}, {"es", "3, quiero decir 4", "4"}, {"it", "3, volevo dire 4", "4"}, {"nl", "3, sorry, ik bedoel 4", "4"}, {"en", "3, I mean four or five", ""}, {"en", "3 - sorry, four", "4"}, {"de", "3, nein vier", "4"}, {"de", "drei, äh, vier", ""}, {"fr", "3, non quatre", ""}, {"es", "3, perdón cuatro", "4"}, {"it", "3, anzi quattro", "4"}, {"nl", "3, nee vier", "4"},
		// others, bounds
		{"en", "3 others", ""}, {"en", "3 more", ""}, {"de", "3 weitere", ""}, {"de", "3 andere", ""}, {"fr", "3 autres", ""}, {"es", "otros 3", ""}, {"it", "altri 3", ""}, {"nl", "3 anderen", ""}, {"en", "another 3", ""},
		{"en", "me with 3 colleagues", ""}, {"de", "ich mit 3 Kollegen", ""}, {"fr", "moi avec 3 collègues", ""}, {"es", "yo con 3 compañeros", ""}, {"it", "io con 3 colleghi", ""}, {"nl", "ik met 3 collega's", ""},
		{"en", "3 besides me", ""}, {"en", "3 not counting me", ""}, {"de", "3 außer mir", ""}, {"de", "3 ohne mich", ""}, {"fr", "3 sans moi", ""}, {"es", "3 sin mí", ""}, {"it", "3 senza di me", ""}, {"nl", "3 zonder mij", ""},
		{"en", "5 at most", ""}, {"en", "max 5", ""}, {"de", "5 höchstens", ""}, {"de", "maximal 5", ""}, {"fr", "5 au maximum", ""}, {"es", "5 como máximo", ""}, {"it", "5 al massimo", ""}, {"nl", "hooguit 5", ""}, {"en", "less than about 5", ""},
		// shares, prices, times
		{"en", "30 %", ""}, {"en", "30% of us", ""}, {"de", "30 Prozent", ""}, {"fr", "30 pour cent", ""}, {"es", "30 por ciento", ""}, {"it", "30 percento", ""}, {"nl", "30 procent", ""},
		{"en", "12 €", ""}, {"en", "$12", ""}, {"en", "12 dollars", ""}, {"de", "EUR 12", ""}, {"fr", "12 euros", ""}, {"nl", "€ 12,-", ""},
		{"en", "for 3 days", ""}, {"en", "3 days now", ""}, {"de", "seit 3 Tagen", ""}, {"de", "3 Stunden", ""}, {"fr", "depuis 3 jours", ""}, {"es", "desde hace 3 días", ""}, {"it", "da 3 giorni", ""}, {"nl", "sinds 3 dagen", ""},
		{"en", "3 pm", ""}, {"en", "at 3 o'clock", ""}, {"de", "um 3 Uhr", ""}, {"fr", "à 3 h", ""}, {"en", "3 March", ""}, {"en", "since 3 March", ""}, {"de", "am 3.3.", ""}, {"de", "10.03.", ""}, {"fr", "le 3 mars", ""}, {"es", "el 3 de marzo", ""}, {"it", "il 3 marzo", ""}, {"nl", "3 maart", ""}, {"en", "3 times", ""}, {"de", "3 mal", ""}, {"fr", "3 fois", ""}, {"es", "3 veces", ""}, {"it", "3 volte", ""}, {"nl", "3 keer", ""},
		// the third
		{"en", "3rd floor", ""}, {"en", "the 2nd", ""}, {"de", "im 3. Stock", ""}, {"de", "3. OG", ""}, {"fr", "3ème étage", ""}, {"fr", "le 2e", ""}, {"es", "3º piso", ""}, {"it", "3° piano", ""}, {"nl", "3e verdieping", ""}, {"nl", "de 2de", ""},
		// names
		{"en", "it's the HP 400", ""}, {"en", "HP LaserJet 400", ""}, {"de", "Halle 3", ""}, {"de", "Abteilung 3", ""}, {"fr", "bâtiment 3", ""}, {"es", "planta 3", ""}, {"it", "reparto 3", ""}, {"nl", "afdeling 3", ""}, {"en", "team 3", ""}, {"en", "shift 2", ""},
		// no count has a fraction or a minus
		{"en", "1.234", ""}, {"de", "1,234", ""}, {"en", "2.5", ""}, {"en", "-5 people", ""},
		// a yes, or something that nobody asked
		{"en", "yes, 100 %", ""}, {"en", "call me at 5", ""}, {"en", "see my mail of 3 March", ""},
		// what stays a number
		{"en", "5", "5"}, {"en", "3 (three)", "3"}, {"en", "three (3)", "3"}, {"en", "we are 5", "5"}, {"de", "wir sind 5", "5"}, {"fr", "nous sommes 5", "5"}, {"es", "somos 5", "5"}, {"it", "siamo in 5", "5"}, {"nl", "we zijn met 5", "5"}, {"nl", "met z'n vijven", ""},
		{"en", "5 users, all in sales", "5"}, {"de", "5 Kollegen", "5"}, {"en", "5 so far", "5"}, {"de", "bisher 5", "5"}, {"en", "all 5", "5"}, {"en", "about 5", "5"}, {"en", "5 people since yesterday", "5"}, {"en", "5.", "5"}, {"en", "5!", "5"}, {"de", "5 Leute seit gestern", "5"}, {"en", "1,200 recipients", "1200"}, {"de", "1.200 Empfänger", "1200"},
		{"en", "none", "0"}, {"en", "nobody", "0"}, {"de", "keine", "0"}, {"de", "niemand", "0"}, {"de", "bisher keine", "0"}, {"fr", "aucune", "0"}, {"fr", "personne", "0"}, {"es", "ninguna", "0"}, {"es", "nadie", "0"}, {"it", "nessuna", "0"}, {"it", "nessuno", "0"}, {"nl", "geen", "0"}, {"nl", "niemand", "0"}, {"en", "zero", "0"}, {"en", "no people", "0"}, {"en", "none of us knows", ""}, {"en", "no idea", ""}, {"en", "nobody told me", ""},
		// an article is no number
		{"en", "a question first", ""}, {"de", "Eine Frage noch", ""}, {"de", "ein Kollege hat angerufen", ""}, {"fr", "une question d'abord", ""}, {"es", "una pregunta", ""}, {"it", "una domanda", ""}, {"nl", "een vraag", ""}, {"en", "a colleague", "1"}, {"de", "ein Kollege", "1"}, {"en", "just the one", "1"}, {"de", "nur den einen", "1"}, {"fr", "seulement une personne", "1"}, {"es", "solo una persona", "1"}, {"it", "solo una", "1"}, {"nl", "slechts één", "1"},
	})
	price := tickets.Question{Kind: tickets.AskNumber, Ask: worded("What is the amount of the invoice?", "Wie hoch ist der Rechnungsbetrag?", "Quel est le montant ?", "¿Cuál es el importe?", "Qual è l'importo?", "Wat is het bedrag?")}
	checkSayings(t, &price, []saying{
		{"en", "$12", "12"}, {"en", "12.50", "12.5"}, {"de", "12,50 €", "12.5"}, {"fr", "12 €", "12"}, {"es", "12 euros", "12"}, {"it", "€ 12", "12"}, {"nl", "€ 12,-", "12"}, {"de", "EUR 12,00", "12"}, {"en", "10 %", ""}, {"en", "none", ""},
		{"en", "12 € (before tax)", "12"}, {"en", "12 people", ""},
	})
	hours := tickets.Question{Kind: tickets.AskNumber, Ask: worded("For how many hours did it last?", "Wie viele Stunden hat es gedauert?", "Pendant combien d'heures ?", "¿Cuántas horas duró?", "Quante ore è durato?", "Hoeveel uur duurde het?")}
	checkSayings(t, &hours, []saying{{"en", "3 hours", "3"}, {"de", "3 Stunden", "3"}, {"fr", "3 heures", "3"}, {"es", "3 horas", "3"}, {"it", "3 ore", "3"}, {"nl", "3 uur", "3"}, {"en", "3 days", ""}, {"en", "3 h", "3"}, {"en", "30 minutes", ""}})
	customer := tickets.Question{Kind: tickets.AskNumber, Ask: worded("What is your customer number?", "Wie lautet Ihre Kundennummer?", "Quel est votre numéro de client ?", "¿Cuál es su número de cliente?", "Qual è il suo numero cliente?", "Wat is uw klantnummer?")}
	checkSayings(t, &customer, []saying{{"en", "none", ""}, {"de", "keine", ""}, {"en", "4711", "4711"}, {"en", "it is 4711", "4711"}})
}

// A day is taken only where it is that day: not from it on, not about it, not one of two, and not the day of a letter.
func TestADayOfSomethingElse(t *testing.T) {
	checkSayings(t, &whichDay, []saying{
		{"en", "1 April or later", ""}, {"de", "1. April oder später", ""}, {"fr", "le 1er avril ou plus tard", ""}, {"es", "el 1 de abril o más tarde", ""}, {"it", "il 1 aprile o dopo", ""}, {"nl", "1 april of later", ""},
		{"en", "1 April at the earliest", ""}, {"de", "frühestens 1. April", ""}, {"fr", "au plus tôt le 1er avril", ""}, {"es", "como pronto el 1 de abril", ""}, {"it", "al più presto il 1 aprile", ""}, {"nl", "op zijn vroegst 1 april", ""},
		{"en", "1 April at the latest", ""}, {"de", "spätestens 1. April", ""}, {"fr", "au plus tard le 1er avril", ""}, {"en", "not before 1 April", ""}, {"en", "by 1 April", ""}, {"en", "1 April or earlier", ""}, {"de", "1. April oder früher", ""},
		{"en", "around 1 April", ""}, {"de", "etwa 1. April", ""}, {"de", "ca. 1.4.", ""}, {"de", "um den 1. April herum", ""}, {"fr", "vers le 1er avril", ""}, {"es", "hacia el 1 de abril", ""}, {"it", "verso il 1 aprile", ""}, {"nl", "rond 1 april", ""}, {"en", "1 April-ish", ""}, {"en", "on or about 1 April", ""},
		{"en", "1 April, if all goes well", ""}, {"en", "1 April unless you hear otherwise", ""}, {"de", "1. April, wenn alles klappt", ""}, {"en", "1 April, to be confirmed", ""}, {"en", "1 April (tbc)", ""}, {"en", "hopefully 1 April", ""}, {"de", "hoffentlich 1. April", ""}, {"en", "planned for 1 April, but not sure", ""}, {"de", "voraussichtlich 1. April", ""}, {"fr", "normalement le 1er avril", ""},
		{"en", "1 April, no, the 2nd", ""}, {"en", "1 April, I mean 2 April", "2026-04-02"}, {"de", "1.4., nein 2.4.", "2026-04-02"}, {"en", "the week of 1 April", ""}, {"de", "in der Woche vom 1.4.", ""}, {"en", "the week after 1 April", ""}, {"fr", "la semaine du 1er avril", ""}, {"es", "la semana del 1 de abril", ""}, {"it", "la settimana del 1 aprile", ""}, {"nl", "in de week van 1 april", ""},
		{"en", "see my mail of 3 March", ""}, {"de", "siehe meine Mail vom 3.3.", ""}, {"fr", "voir mon mail du 3 mars", ""}, {"es", "ver mi correo del 3 de marzo", ""}, {"it", "vedi la mia mail del 3 marzo", ""}, {"nl", "zie mijn mail van 3 maart", ""}, {"en", "as in the contract dated 3 March", ""}, {"de", "laut Vertrag vom 3.3.", ""}, {"en", "I told you yesterday", ""}, {"de", "habe ich gestern schon geschrieben", ""}, {"en", "will tell you tomorrow", ""}, {"de", "sage ich Ihnen morgen", ""}, {"fr", "je vous le dis demain", ""}, {"es", "se lo digo mañana", ""}, {"it", "glielo dico domani", ""}, {"nl", "dat laat ik morgen weten", ""},
		{"en", "12/26", ""}, {"de", "12/26", ""}, {"en", "April", ""}, {"en", "mid April", ""}, {"en", "end of April", ""},
		{"en", "1 April", "2026-04-01"}, {"en", "on 1 April", "2026-04-01"}, {"en", "1st of April, 9 am", "2026-04-01"}, {"en", "01-Apr-2026", "2026-04-01"}, {"en", "1/Apr/2026", "2026-04-01"}, {"nl", "1-apr-2026", "2026-04-01"}, {"en", "Wed 1 April", "2026-04-01"}, {"en", "1 April (Wednesday)", "2026-04-01"}, {"de", "Mi, 1.4.26", "2026-04-01"}, {"de", "am 1. April um 9 Uhr", "2026-04-01"}, {"en", "20260401", "2026-04-01"},
	})
	checkSayings(t, &sinceWhen, []saying{
		{"en", "two or three days ago", ""}, {"en", "one or two days ago", ""}, {"de", "vor zwei, drei Tagen", ""}, {"de", "vor zwei oder drei Tagen", ""}, {"fr", "il y a deux ou trois jours", ""}, {"es", "hace dos o tres días", ""}, {"it", "due o tre giorni fa", ""}, {"nl", "twee of drie dagen geleden", ""}, {"en", "2-3 days ago", ""},
		{"en", "more than 3 days ago", ""}, {"de", "seit mehr als 3 Tagen", ""}, {"fr", "il y a plus de 3 jours", ""}, {"es", "hace más de 3 días", ""}, {"it", "più di 3 giorni fa", ""}, {"nl", "meer dan 3 dagen geleden", ""}, {"en", "about 3 days ago", ""}, {"it", "circa 3 giorni fa", ""}, {"nl", "ongeveer 3 dagen geleden", ""}, {"en", "almost 3 weeks ago", ""}, {"en", "for more than 3 days", ""}, {"en", "at least 3 days ago", ""}, {"en", "some 3 days ago", ""},
		{"en", "yesterday or the day before", ""}, {"de", "gestern oder vorgestern", ""}, {"en", "yesterday at the latest", ""}, {"en", "since the update of 3 March", "2026-03-03"}, {"de", "seit dem Update vom 3.3.", "2026-03-03"}, {"en", "since your mail of 3 March", ""}, {"en", "it worked until yesterday", ""}, {"de", "bis gestern ging es", ""}, {"en", "it worked yesterday", ""}, {"de", "gestern ging es noch", ""}, {"fr", "hier ça marchait encore", ""}, {"es", "ayer todavía funcionaba", ""}, {"it", "ieri funzionava ancora", ""}, {"nl", "gisteren werkte het nog", ""}, {"en", "it was fine yesterday", ""},
		{"en", "in a weekly rhythm since yesterday's update", "2026-03-09"}, {"en", "since yesterday, before that it was fine", "2026-03-09"}, {"en", "three days ago", "2026-03-07"}, {"it", "tre giorni fa", "2026-03-07"}, {"en", "since 3 March", "2026-03-03"},
		{"de", "seit 3 Tagen", "2026-03-07"}, {"fr", "depuis 3 jours", "2026-03-07"}, {"es", "desde hace 3 días", "2026-03-07"}, {"it", "da 3 giorni", "2026-03-07"}, {"nl", "sinds 3 dagen", "2026-03-07"}, {"nl", "3-mrt-2026", "2026-03-03"},
	})
}

// A yes or no is taken only where the answer says it, not where the same words tell what came of it or what was before.
func TestAYesToSomethingElse(t *testing.T) {
	checkSayings(t, &restarted, []saying{
		{"en", "No restart has helped", ""}, {"de", "Kein Neustart hat geholfen", ""}, {"fr", "Aucun redémarrage n'a aidé", ""}, {"nl", "Geen herstart heeft geholpen", ""}, {"en", "Restarting it did not help", ""}, {"de", "Der Neustart hat nicht geholfen", ""}, {"en", "The printer does not print", ""}, {"de", "Der Drucker druckt nicht", ""}, {"en", "The printer is not there", ""}, {"en", "the printer", ""}, {"de", "den Drucker nicht", ""},
		{"en", "I can't restart it", yesno.No}, {"en", "how do I restart it", ""}, {"en", "should I restart it?", ""}, {"en", "I will restart the printer", ""}, {"en", "going to restart it now", ""}, {"de", "werde ich neu starten", ""}, {"en", "yes, will do", ""}, {"en", "Yes please", yesno.Yes}, {"en", "yes or no", ""}, {"en", "yes / no", ""}, {"en", "Y/N", ""}, {"de", "ja/nein", ""}, {"en", "n/a", ""},
		{"en", "no wait, yes", yesno.Yes}, {"en", "yes, sorry, no", ""}, {"de", "ja, Quatsch, nein", ""}, {"fr", "oui, pardon, non", ""}, {"es", "sí, perdón, no", ""}, {"it", "sì, anzi no", ""}, {"nl", "ja, sorry, nee", ""}, {"en", "yes for one, no for the other", ""}, {"en", "one yes, one no", ""}, {"en", "not all of them", ""}, {"de", "nicht alle", ""}, {"fr", "pas tous", ""}, {"en", "some of them yes", ""}, {"en", "only one of them", ""}, {"en", "almost", ""}, {"de", "fast", ""}, {"de", "nicht ganz", ""}, {"en", "not quite", ""}, {"fr", "pas tout à fait", ""}, {"en", "not exactly", ""}, {"en", "not really", yesno.No}, {"en", "hardly", ""}, {"de", "kaum", ""},
		{"en", "if necessary yes", ""}, {"en", "yes, if you think so", ""}, {"en", "yes unless it breaks", ""}, {"de", "ja, falls nötig", ""}, {"de", "wenn es sein muss, ja", ""}, {"fr", "oui si nécessaire", ""}, {"es", "sí, si hace falta", ""}, {"it", "sì, se necessario", ""}, {"nl", "ja, indien nodig", ""}, {"en", "I'd say yes", ""}, {"en", "I believe so", ""}, {"en", "should be", ""}, {"de", "müsste sein", ""}, {"de", "soweit ich weiß ja", ""}, {"en", "as far as I know", ""},
		{"en", "yesss", yesno.Yes}, {"de", "jaaa", yesno.Yes}, {"de", "neeein", yesno.No}, {"es", "siii", yesno.Yes}, {"en", "nooo", yesno.No}, {"fr", "ouiii", yesno.Yes}, {"it", "siii", yesno.Yes}, {"nl", "jaaa", yesno.Yes}, {"en", "YES!!!", yesno.Yes}, {"en", "Yes :-)", yesno.Yes}, {"en", "yes ;)", yesno.Yes}, {"en", "yes 😊", yesno.Yes}, {"de", "Ja :)", yesno.Yes}, {"en", "no 😞", yesno.No},
		{"en", "can one restart a printer? No", yesno.No}, {"de", "geht das überhaupt? Also nein", yesno.No}, {"fr", "c'est possible ? non", yesno.No}, {"en", "who would not? yes", yesno.Yes},
	})
}

// What is offered is taken only where it is chosen: not what somebody had, has elsewhere, or what is a letter away and another word.
func TestAChoiceOfSomethingElse(t *testing.T) {
	checkSayings(t, choiceOf("Windows 10", "macOS", "Linux"), []saying{
		{"en", "windows", "Windows 10"}, {"en", "Windows", "Windows 10"}, {"en", "Windows 11", ""}, {"en", "windows eleven", ""}, {"en", "Windows 7", ""}, {"en", "Win 10", ""}, {"en", "not Windows", ""}, {"en", "Windows or Linux", ""}, {"en", "Minux", "Linux"}, {"en", "Limux", "Linux"}, {"en", "Unix", ""}, {"en", "Rinux", ""},
	})
	checkSayings(t, choiceOf("Windows 10", "Windows 11", "Linux"), []saying{{"en", "windows", ""}})
	checkSayings(t, choiceOf("Essen", "Kassel", "Wien"), []saying{
		{"de", "Assen", ""}, {"de", "Hessen", ""}, {"de", "Essne", "Essen"}, {"de", "Kasel", "Kassel"}, {"de", "Kassle", "Kassel"}, {"de", "Bern", ""}, {"de", "Bien", ""},
	})
	checkSayings(t, choiceOf("laptop", "desktop", "tablet"), []saying{
		{"en", "she had a laptop", ""}, {"en", "her old laptop", ""}, {"en", "until now a laptop", ""}, {"de", "bisher Laptop", ""}, {"de", "hatte einen Laptop", ""}, {"de", "den alten Laptop", ""}, {"fr", "avant un laptop", ""}, {"fr", "l'ancien laptop", ""}, {"es", "tenía un laptop", ""}, {"es", "el laptop viejo", ""}, {"it", "aveva un laptop", ""}, {"it", "il vecchio laptop", ""}, {"nl", "had een laptop", ""}, {"nl", "de oude laptop", ""},
		{"en", "laptop or tablet", ""}, {"en", "laptop and tablet", ""}, {"en", "laptop, if possible", "laptop"}, {"en", "either is fine", ""}, {"en", "no laptop", ""}, {"en", "laptop, no, tablet", "tablet"}, {"en", "laptop? ", ""}, {"en", "none of laptop, desktop, tablet", ""}, {"en", "like mine, a laptop", "laptop"}, {"en", "laptops for both", "laptop"}, {"en", "a laptop please", "laptop"}, {"en", "LAPTOP!", "laptop"}, {"en", "the same laptop as I have", "laptop"},
		{"en", "laptop, desktop or tablet", ""}, {"en", "the first one", "laptop"}, {"en", "the last one", "tablet"}, {"en", "the second", "desktop"}, {"de", "das erste", "laptop"}, {"fr", "le premier", "laptop"}, {"es", "el primero", "laptop"}, {"it", "il primo", "laptop"}, {"nl", "de eerste", "laptop"}, {"en", "the first one I find", ""}, {"en", "option 2", "desktop"}, {"de", "Option 3", "tablet"},
	})
	checkSayings(t, choiceOf("remboursement", "échange", "bon d'achat"), []saying{
		{"fr", "rembourser svp", "remboursement"}, {"fr", "me rembourser", "remboursement"}, {"fr", "échanger", "échange"}, {"fr", "être remboursé", "remboursement"}, {"fr", "pas de remboursement", ""}, {"fr", "ne pas rembourser", ""}, {"fr", "rembourser ou échanger", ""},
	})
	checkSayings(t, choiceOf("Umtausch", "Reparatur", "Erstattung"), []saying{
		{"de", "umtauschen", "Umtausch"}, {"de", "bitte umtauschen", "Umtausch"}, {"de", "erstatten", "Erstattung"}, {"de", "nicht umtauschen", ""}, {"de", "umgetauscht wurde schon", ""},
	})
	checkSayings(t, choiceOf("defekt", "falsch geliefert", "gefällt nicht", "zu spät"), []saying{
		{"de", "gefallen uns beide nicht", "gefällt nicht"}, {"de", "gefällt uns nicht", "gefällt nicht"}, {"de", "gefällt", ""}, {"de", "gefällt mir, ist aber zu klein", ""}, {"de", "falsch", "falsch geliefert"}, {"de", "nicht zu spät", ""}, {"de", "nicht falsch geliefert", ""}, {"de", "geliefert", ""}, {"de", "falsche Farbe", ""},
	})
	checkSayings(t, choiceOf("Browser", "Handy-App", "Terminal"), []saying{
		{"de", "mit der App auf dem Handy", "Handy-App"}, {"de", "nicht mit der App auf dem Handy", ""}, {"de", "mit der App im Browser", "Browser"}, {"de", "App oder Handy?", ""},
	})
	checkSayings(t, choiceOf("New York", "Los Angeles", "Berlin"), []saying{{"en", "NY", "New York"}, {"en", "LA", "Los Angeles"}, {"en", "N.Y.", "New York"}, {"en", "B", ""}, {"en", "York", "New York"}, {"en", "new", ""}})
}

// An address is taken only where it is the one that was asked for.
func TestAnAddressOfSomebodyElse(t *testing.T) {
	checkSayings(t, &reach, []saying{
		{"en", "please ask hr@acme.example", ""}, {"de", "fragen Sie hr@acme.example", ""}, {"fr", "demandez à rh@acme.example", ""}, {"es", "pregunte a rh@acme.example", ""}, {"it", "chieda a hr@acme.example", ""}, {"nl", "vraag het aan hr@acme.example", ""},
		{"en", "my old address is a@b.example", ""}, {"de", "meine alte Adresse a@b.example", ""}, {"en", "a@b.example until April, then c@d.example", ""}, {"en", "a@b.example bounces", ""}, {"en", "a@b.example or a@c.example", ""},
		{"en", "a@b.example, I mean a@c.example", "a@c.example"},
		{"en", "a@b.example", "a@b.example"}, {"en", "reach me at a@b.example", "a@b.example"}, {"en", "a@b.example (Ann)", "a@b.example"}, {"de", "bitte a@b.example", "a@b.example"},
	})
}

// A name or a number is taken only where one is given: not a promise, a yes, or where else it may be found.
func TestATextThatNamesNothing(t *testing.T) {
	checkSayings(t, &serial, []saying{
		{"en", "I'll send it tomorrow", ""}, {"en", "I will look it up", ""}, {"en", "will send later", ""}, {"de", "schicke ich morgen", ""}, {"de", "liefere ich nach", ""}, {"de", "reiche ich noch nach", ""}, {"fr", "je vous l'envoie demain", ""}, {"es", "se lo envío mañana", ""}, {"it", "lo mando domani", ""}, {"nl", "stuur ik morgen", ""},
		{"en", "yes", ""}, {"de", "ja", ""}, {"fr", "oui", ""}, {"en", "you already have it", ""}, {"de", "haben Sie schon", ""}, {"fr", "vous l'avez déjà", ""}, {"es", "ya lo tienen", ""}, {"it", "ce l'avete già", ""}, {"nl", "die hebt u al", ""}, {"en", "it is on the invoice", ""}, {"de", "steht auf der Rechnung", ""}, {"en", "the sticker has come off", ""}, {"de", "Aufkleber ist ab", ""}, {"en", "can't read it any more", ""}, {"de", "nicht lesbar", ""}, {"en", "illegible", ""},
		{"en", "X-4711", "X-4711"}, {"en", "SN X-4711", "SN X-4711"}, {"en", "ABCDEF", "ABCDEF"},
	})
}
