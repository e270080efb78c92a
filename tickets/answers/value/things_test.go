package value

import (
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/yesno"
)

// A choice in other words, another language, misspelt or with more beside it; but not one that is denied, was before, or is one of two.
func TestAChoiceInOtherWords(t *testing.T) {
	room, state, wrong, site, ticket := choiceOf("kitchen", "bathroom", "basement"), choiceOf("läuft", "eingeschränkt", "steht"),
		choiceOf("dañada", "incompleta", "equivocada"), choiceOf("Berlin", "Lyon", "Utrecht"), choiceOf("Standard", "Premium", "Online")
	laptop, solution := choiceOf("Lenovo", "HP", "Apple"), choiceOf("exchange", "refund")
	checkSayings(t, room, []saying{
		{"en", "cellar", "basement"}, {"en", "the cellar, mostly", "basement"}, {"de", "Badezimmer", "bathroom"}, {"fr", "la cave", "basement"}, {"es", "el baño", "bathroom"}, {"it", "in cucina", "kitchen"}, {"nl", "kelder", "basement"},
		{"en", "not the cellar", ""}, {"en", "cellar or bathroom", ""}, {"en", "cellar and kitchen", ""}, {"en", "garage", ""}, {"en", "cellar?", ""}, {"en", "maybe the cellar", ""}, {"en", "anything but the cellar", ""}, {"en", "the neighbour's cellar", ""}, {"en", "cellar is dry", ""}, {"en", "ask about the cellar", ""}, {"en", "the room above the cellar", ""}, {"fr", "la cave surtout", "basement"},
		{"de", "Keller oder Flur", ""}, {"en", "bathrom", "bathroom"}, {"en", "in the bathrom upstairs", "bathroom"}, {"en", "basement, the kitchen is fine", ""},
	})
	checkSayings(t, state, []saying{
		{"de", "läuft nur eingeschränkt", "eingeschränkt"}, {"de", "läuft nur eingeschrenkt", "eingeschränkt"}, {"de", "läuft nur noch eingeschränkt", "eingeschränkt"}, {"de", "eingeschränkt, nur noch 2 von 4 Farben", "eingeschränkt"},
		{"de", "läuft eingeschrenkt oder steht", ""}, {"de", "läuft mit Einschränkungen", ""}, {"de", "läuft nicht mehr", ""}, {"de", "läuft, aber nicht richtig", ""}, {"de", "steht still", "steht"}, {"de", "mit Einschränkungen", "eingeschränkt"},
		{"de", "eingeschränkt, ab morgen steht sie", ""}, {"de", "läuft oder eingeschränkt", ""}, {"en", "limited", "eingeschränkt"}, {"it", "in funzione", "läuft"},
	})
	checkSayings(t, wrong, []saying{
		{"es", "imcompleta, falta una pieza", "incompleta"}, {"es", "mercancía dañada (copas rotas)", "dañada"}, {"fr", "cassé", "dañada"}, {"fr", "c'est le mauvais article", "equivocada"}, {"it", "articolo sbagliato, ho ricevuto un 42 invece di un 40", "equivocada"},
		{"es", "incompleta y dañada", ""}, {"es", "incompleta, no dañada", ""}, {"es", "no está rota", ""}, {"es", "incompleta, o dañada", ""},
	})
	checkSayings(t, site, []saying{
		{"de", "Utrecht (seit Januar, davor Berlin)", "Utrecht"}, {"nl", "Berlijn", "Berlin"}, {"it", "Lione", "Lyon"}, {"de", "Berlin, früher Lyon", "Berlin"}, {"en", "Berlin, not Lyon", ""}, {"en", "Berlin, or Lyon", ""}, {"de", "davor Berlin", ""},
		{"de", "Utrecht (ab Januar Berlin)", ""}, {"en", "Berlin, no, Lyon", "Lyon"}, {"en", "Berlin, until now", ""},
	})
	checkSayings(t, ticket, []saying{{"fr", "en ligne", "Online"}, {"fr", "la formule Standard nous suffira", "Standard"}, {"fr", "pas en ligne", ""}})
	checkSayings(t, laptop, []saying{{"en", "Macbook", "Apple"}, {"de", "ein ThinkPad", "Lenovo"}, {"en", "MacBook or ThinkPad", ""}})
	checkSayings(t, solution, []saying{{"fr", "remboursement svp", "refund"}, {"de", "Geld zurück", "refund"}, {"nl", "omruilen graag", "exchange"}, {"en", "no refund", ""}})
}

// Whose something is, numbers with their units, addresses and words that say nothing, in any of the languages.
func TestValuesInOtherWords(t *testing.T) {
	holder := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Is the account in your own name?", "Läuft das Konto auf Ihren Namen?", "Le compte est-il à votre nom ?",
		"¿Está la cuenta a su nombre?", "Il conto è intestato a suo nome?", "Staat de rekening op uw naam?")}
	checkSayings(t, &holder, []saying{
		{"fr", "moi-même", yesno.Yes}, {"de", "ich selbst", yesno.Yes}, {"nl", "op mijn naam", yesno.Yes}, {"nl", "Ja, staat op mijn naam", yesno.Yes}, {"de", "Ja, auf meinen Namen", yesno.Yes}, {"fr", "à mon nom", yesno.Yes}, {"es", "a mi nombre", yesno.Yes}, {"it", "a mio nome", yesno.Yes}, {"en", "in my name", yesno.Yes},
		{"en", "in my wife's name", ""}, {"de", "auf den Namen meiner Frau", ""}, {"de", "nicht auf meinen Namen", yesno.No}, {"fr", "moi-même et ma femme", ""}, {"en", "me?", ""}, {"en", "my mother's", ""}, {"nl", "op naam van mijn man", ""},
	})
	checkSayings(t, &restarted, []saying{{"de", "ich selbst", ""}, {"en", "tomorrow, yes", ""}, {"es", "sí, mañana", ""}})
	visit := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("May a technician come without an appointment?", "Darf ein Techniker ohne Termin kommen?", "Un technicien peut-il venir sans rendez-vous ?",
		"¿Puede ir un técnico sin cita previa?", "Può venire un tecnico senza appuntamento?", "Mag een monteur zonder afspraak komen?")}
	checkSayings(t, &visit, []saying{
		{"es", "sí, pero mejor por la mañana", yesno.Yes}, {"es", "no, mejor llamar antes al 976 555 010", yesno.No}, {"it", "No, solo su appuntamento", yesno.No}, {"es", "no solo eso", ""}, {"de", "ja, morgen", yesno.Yes}, {"en", "no problem", ""},
	})
	area := tickets.Question{Kind: tickets.AskNumber, Ask: worded("About how many square metres are wet?", "Wie viele Quadratmeter sind etwa nass?", "Combien de mètres carrés sont mouillés ?",
		"¿Cuántos metros cuadrados?", "Quanti metri quadrati?", "Hoeveel vierkante meter?")}
	checkSayings(t, &area, []saying{
		{"en", "18 m2", "18"}, {"de", "ca. 35 qm", "35"}, {"en", "approx. 22 sqm", "22"}, {"fr", "12 m²", "12"}, {"en", "one and a half", "1.5"}, {"de", "zweieinhalb", "2.5"}, {"fr", "deux et demi", "2.5"}, {"nl", "anderhalf", "1.5"}, {"en", "2½", "2.5"},
		{"en", "two and a half million", ""}, {"en", "2 m 2", ""}, {"en", "3 of 12", "3"}, {"en", "12 of 3", ""}, {"en", "none of 12", ""}, {"en", "one of 12 rooms, 3", ""}, {"en", "half of 12", ""}, {"en", "3 or 4 of 12", ""},
	})
	checkSayings(t, &howMany, []saying{{"fr", "10 (sur 50)", "10"}, {"de", "3 von 12", "3"}, {"it", "3 di 12", "3"}, {"it", "uno (le scarpe)", "1"}, {"en", "two and a half", ""}})
	checkSayings(t, &journey.Questions[3], []saying{ // how many nights
		{"en", "none, I live nearby", "0"}, {"fr", "aucune, merci", "0"}, {"de", "nicht nötig", "0"}, {"nl", "geen, ik woon dichtbij", "0"}, {"es", "ninguna, gracias", "0"}, {"it", "nessuna, abito qui", "0"},
		{"en", "none, or maybe one", ""}, {"en", "none, no wait, two", "2"}, {"de", "keine, ausser am 20. eine", ""}, {"fr", "aucune idée, deux peut-être", ""}, {"en", "none for me, all for Bob", ""}, {"de", "nicht nötig am 20.", ""}, {"en", "no need for 2", ""},
	})
	checkSayings(t, &journey.Questions[4], []saying{{"nl", "graag vegetarisch", yesno.Yes}, {"nl", "liever niet", yesno.No}, {"de", "lieber nicht", yesno.No}, {"fr", "plutôt non", yesno.No}, {"es", "mejor no", yesno.No}, {"en", "right, vegetarian or not", ""}, {"en", "rather not say", ""}})
	meter := tickets.Question{Kind: tickets.AskNumber, Ask: worded("What does the hour meter say?", "Was zeigt der Betriebsstundenzähler?", "Qu'indique le compteur d'heures ?",
		"¿Qué marca el contador de horas?", "Che cosa segna il contaore?", "Wat staat er op de urenteller?")}
	checkSayings(t, &meter, []saying{{"it", "15.300 ore circa", "15300"}, {"de", "12.890 Stunden", "12890"}, {"es", "17.250,75", "17250.75"}, {"it", "da 3 giorni", ""}})
	for text, want := range map[string]string{"het adres waar ik nu vanaf mail": "ann@x.example", "the one I'm writing from": "ann@x.example", "die Adresse, von der ich gerade maile": "ann@x.example",
		"celle depuis laquelle j'écris": "ann@x.example", "la dirección desde la que le mando esto": "ann@x.example", "l'indirizzo da cui mando questa mail": "ann@x.example",
		"not the one I'm writing from": "", "I'll write from home": "", "I will mail you the address from home": "", "to my wife, I write from work": ""} {
		if got, _ := Of(&reach, text, Context{Context: day.Context{Now: tuesday}, From: "ann@x.example"}); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	cause := tickets.Question{Kind: tickets.AskText, Optional: true, Ask: worded("What was the cause, as far as you know?", "Was war die Ursache, soweit Sie wissen?", "Quelle était la cause ?",
		"¿Cuál fue la causa?", "Qual è stata la causa?", "Wat was de oorzaak?")}
	checkSayings(t, &cause, []saying{
		{"fr", "non, rien de particulier", ""}, {"de", "nein danke", ""}, {"nl", "nee hoor", ""}, {"en", "no idea to be honest, the plumber comes on Thursday", ""}, {"de", "Ursache ist noch unklar", ""}, {"es", "no, nada más, gracias", ""},
		{"it", "no, niente di particolare", ""}, {"en", "that's all, thanks", ""}, {"de", "das war's", ""}, {"nl", "nee, verder niets", ""}, {"en", "nothing special", ""},
		{"en", "no water pressure", "no water pressure"}, {"de", "keine Dichtung am Abfluss", "keine Dichtung am Abfluss"}, {"en", "blocked drain outside", "blocked drain outside"}, {"nl", "geen afvoer", "geen afvoer"},
		{"fr", "rien n'a été réparé", "rien n'a été réparé"}, {"en", "I don't think so", ""}, {"de", "ich glaube nicht", ""}, {"fr", "pas pour l'instant", ""}, {"es", "creo que no", ""}, {"it", "non credo", ""}, {"nl", "ik denk het niet", ""},
	})
}
