package answers

import (
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/yesno"
)

// parcel asks for what people write in groups, count in degrees and remember with a date.
var parcel = tickets.Form{Name: "parcel", Questions: []tickets.Question{
	{Name: "tracking", Kind: tickets.AskText, Ask: worded("What is the tracking number?", "Wie lautet die Sendungsnummer?", "Quel est le numéro de suivi ?",
		"¿Cuál es el número de seguimiento?", "Qual è il numero di spedizione?", "Wat is het zendingsnummer?")},
	{Name: "bought", Kind: tickets.AskDate, Ask: worded("When did you buy it?", "Wann haben Sie es gekauft?", "Quand l'avez-vous acheté ?",
		"¿Cuándo lo compró?", "Quando l'ha comprato?", "Wanneer hebt u het gekocht?")},
	{Name: "degrees", Kind: tickets.AskNumber, Ask: worded("How many degrees are there inside?", "Wie viele Grad hat es drinnen?", "Combien de degrés fait-il à l'intérieur ?",
		"¿Cuántos grados hay dentro?", "Quanti gradi ci sono in casa?", "Hoeveel graden is het binnen?")},
	{Name: "warm", Kind: tickets.AskYesNo, Ask: worded("Is the water warm?", "Ist das Wasser warm?", "L'eau est-elle chaude ?",
		"¿Está caliente el agua?", "L'acqua è calda?", "Is het water warm?")},
	{Name: "more", Kind: tickets.AskText, Optional: true, Ask: worded("What else should we know?", "Was sollen wir sonst noch wissen?", "Que devons-nous savoir d'autre ?",
		"¿Qué más debemos saber?", "Che altro dobbiamo sapere?", "Wat moeten we nog meer weten?")},
}}

// What was taken for an answer and is none, or only a part of one.
func TestWhatIsMistaken(t *testing.T) {
	stories(t, &parcel, nil, []saying{
		// A number in groups is all of them, or none.
		{"en", "The tracking number is 9034 551 0087. Inside it is 16 degrees.", "tracking=9034 551 0087 degrees=16"},
		{"de", "Die Sendungsnummer lautet TF 99 1203 55 DE. Drinnen hat es 16 Grad.", "tracking=TF 99 1203 55 DE degrees=16"},
		{"fr", "Le numéro de suivi est RR 118 403 FR. Il fait 16 degrés.", "tracking=RR 118 403 FR degrees=16"},
		{"es", "El número es 9034 551 0087. Hay 16 grados.", "tracking=9034 551 0087 degrees=16"},
		{"it", "Il numero di spedizione è MT 55 0912. Ci sono 16 gradi.", "tracking=MT 55 0912 degrees=16"},
		{"nl", "Het zendingsnummer is MT 55 0912. Het is 16 graden binnen.", "tracking=MT 55 0912 degrees=16"},
		{"en", "The tracking number is 4471 0938 16 degrees inside it is.", ""},
		// Of two days or counts none.
		{"fr", "C'était le 1er ou le 2 mars, le numéro est RR-4411.", "tracking=RR-4411"},
		{"de", "Gekauft habe ich es am ersten oder zweiten März. Sendungsnummer RR-4412.", "tracking=RR-4412"},
		{"en", "I bought it on the 1st or the 2nd of March. The number is RR-4413.", "tracking=RR-4413"},
		{"it", "L'ho comprato il 1º o il 2 marzo. Il numero è RR-4414.", "tracking=RR-4414"},
		{"nl", "Ik heb het op de 1e of de 2e maart gekocht. Nummer RR-4415.", "tracking=RR-4415"},
		{"it", "Ci sono 14 o 15 gradi. Il numero è RR-4416.", "tracking=RR-4416"},
		{"en", "There are 14 to 15 degrees. The number is RR-4417.", "tracking=RR-4417"},
		{"de", "Es hat 14 bis 15 Grad. Die Nummer ist RR-4418.", "tracking=RR-4418"},
		{"fr", "Il fait entre 14 et 15 degrés. Le numéro est RR-4419.", "tracking=RR-4419"},
		{"es", "Hay entre 14 y 15 grados. El número es RR-4420.", "tracking=RR-4420"},
		{"nl", "Het is 14 à 15 graden binnen. Het nummer is RR-4421.", "tracking=RR-4421"},
		// There is none of something else.
		{"es", "Grados no sé, no hay termómetro. El número es RR-4422.", "tracking=RR-4422"},
		{"fr", "Les degrés, aucune idée, il n'y a pas de thermomètre. Le numéro est RR-4423.", "tracking=RR-4423"},
		{"it", "I gradi non lo so, non c'è termometro. Il numero è RR-4424.", "tracking=RR-4424"},
		{"de", "Grad weiß ich nicht, es hat kein Thermometer. Die Nummer ist RR-4425.", "tracking=RR-4425"},
		{"en", "Degrees I don't know, there is no thermometer. The number is RR-4426.", "tracking=RR-4426"},
		{"nl", "Graden weet ik niet, er is geen thermometer. Het nummer is RR-4427.", "tracking=RR-4427"},
		// The verb of the question stands with the day.
		{"en", "I bought it on 3 October 2025. Last Sunday the crank came loose. The number is RR-4428.", "tracking=RR-4428 bought=2025-10-03"},
		{"de", "Gekauft habe ich es am 3. Oktober 2025. Am Sonntag brach die Kurbel. Die Nummer ist RR-4429.", "tracking=RR-4429 bought=2025-10-03"},
		{"fr", "Je l'ai acheté le 3 octobre 2025. Dimanche dernier la manivelle a lâché. Le numéro est RR-4430.", "tracking=RR-4430 bought=2025-10-03"},
		{"es", "Lo compré el 3 de octubre de 2025. El domingo se soltó. El número es RR-4431.", "tracking=RR-4431 bought=2025-10-03"},
		{"it", "L'ho comprato il 3 ottobre 2025. Domenica scorsa si è staccato. Il numero è RR-4432.", "tracking=RR-4432 bought=2025-10-03"},
		{"nl", "Ik kocht het op 3 oktober 2025. Zondag liet de trapper los. Het nummer is RR-4433.", "tracking=RR-4433 bought=2025-10-03"},
		{"en", "I ordered it on 3 October 2025. Last Sunday the crank came loose. The number is RR-4434.", "tracking=RR-4434"},
		// A farewell behind an empty answer, and what cannot be read any more.
		{"de", "1. RR-4435\n2. gestern\n3. 16\n4. ja\n5. -\nGruß F. Lüders", "tracking=RR-4435 bought=2026-03-09 degrees=16 warm=yes"},
		{"en", "1. RR-4436\n2. yesterday\n3. 16\n4. yes\n5.\nThanks, F. Poe", "tracking=RR-4436 bought=2026-03-09 degrees=16 warm=yes"},
		{"fr", "1. RR-4437\n2. hier\n3. 16\n4. oui\n5. -\nCordialement F. Poe", "tracking=RR-4437 bought=2026-03-09 degrees=16 warm=yes"},
		{"es", "1. RR-4438\n2. ayer\n3. 16\n4. sí\n5. -\nSaludos F. Poe", "tracking=RR-4438 bought=2026-03-09 degrees=16 warm=yes"},
		{"it", "1. RR-4439\n2. ieri\n3. 16\n4. sì\n5. -\nSaluti F. Poe", "tracking=RR-4439 bought=2026-03-09 degrees=16 warm=yes"},
		{"nl", "1. RR-4440\n2. gisteren\n3. 16\n4. ja\n5. -\nGroet F. Poe", "tracking=RR-4440 bought=2026-03-09 degrees=16 warm=yes"},
		{"en", "1. no longer legible\n2. yesterday\n3. 16\n4. yes", "bought=2026-03-09 degrees=16 warm=yes"},
		{"de", "1. nicht mehr lesbar\n2. gestern\n3. 16\n4. ja", "bought=2026-03-09 degrees=16 warm=yes"},
		{"fr", "1. plus lisible\n2. hier\n3. 16\n4. oui", "bought=2026-03-09 degrees=16 warm=yes"},
		{"es", "1. ya no se lee\n2. ayer\n3. 16\n4. sí", "bought=2026-03-09 degrees=16 warm=yes"},
		{"it", "1. non si legge più\n2. ieri\n3. 16\n4. sì", "bought=2026-03-09 degrees=16 warm=yes"},
		{"nl", "1. niet meer leesbaar\n2. gisteren\n3. 16\n4. ja", "bought=2026-03-09 degrees=16 warm=yes"},
	})
}

// Answers of a kind in other words than the question's: another unit, a day to come, a slip.
func TestInOtherWords(t *testing.T) {
	kilos := tickets.Question{Kind: tickets.AskNumber, Ask: worded("How heavy is it, in kilograms?", "Wie schwer ist es (in kg)?", "Combien pèse-t-il, en kilos ?",
		"¿Cuánto pesa, en kilos?", "Quanto pesa, in chili?", "Hoe zwaar is het, in kg?")}
	checkSayings(t, &kilos, []saying{
		{"fr", "800 g, soit 0,8", "0.8"}, {"de", "800 g", "0.8"}, {"en", "1500 grams", "1.5"}, {"it", "1.500 grammi", "1.5"}, {"es", "750gr", "0.75"},
		{"nl", "0,8 kg (800 gram)", "0.8"}, {"en", "6 kilos", "6"}, {"de", "7,35", "7.35"}, {"fr", "800 g, soit 0,9", ""}, {"en", "at least 800 g", ""},
		{"de", "nicht 800 g", ""}, {"en", "800 or 900 g", ""}, {"en", "maybe 800 g", ""},
	})
	heavy := tickets.Form{Name: "heavy", Questions: []tickets.Question{parcel.Questions[0], kilos}}
	heavy.Questions[1].Name = "weight"
	stories(t, &heavy, nil, []saying{
		{"en", "The tracking number is RR-4450. It is about 800 g heavy.", "tracking=RR-4450 weight=0.8"},
		{"de", "Die Sendungsnummer ist RR-4451. Schwer ist es etwa 800 Gramm.", "tracking=RR-4451 weight=0.8"},
		{"fr", "Le numéro de suivi est RR-4452. Il pèse 2 kilos.", "tracking=RR-4452 weight=2"},
	})
	months := choiceOf("12", "24", "36")
	months.Ask = worded("For how many months?", "Für wie viele Monate?", "Pour combien de mois ?", "¿Para cuántos meses?", "Per quanti mesi?", "Voor hoeveel maanden?")
	checkSayings(t, months, []saying{
		{"en", "3 years", "36"}, {"de", "ein Jahr", "12"}, {"fr", "un an", "12"}, {"es", "Dos años", "24"}, {"it", "due anni", "24"}, {"nl", "twee jaar", "24"},
		{"en", "4 years", ""}, {"en", "1 or 2 years", ""}, {"de", "ein oder zwei Jahre", ""}, {"en", "a year and a half", ""}, {"en", "not 3 years", ""}, {"en", "24 months", "24"},
		{"en", "12 months, not 3 years", ""},
	})
	visit := tickets.Question{Kind: tickets.AskDate, Ask: worded("On which day can the technician come?", "An welchem Tag kann der Techniker kommen?",
		"Quel jour le technicien peut-il passer ?", "¿Qué día puede pasar el técnico?", "In quale giorno può passare il tecnico?", "Op welke dag kan de monteur komen?")}
	checkSayings(t, &visit, []saying{
		{"en", "Thursday", "2026-03-12"}, {"de", "am Freitag", "2026-03-13"}, {"fr", "jeudi après 14h", "2026-03-12"}, {"es", "el jueves", "2026-03-12"},
		{"it", "venerdì mattina", "2026-03-13"}, {"nl", "donderdag", "2026-03-12"}, {"de", "Freitga", "2026-03-13"}, {"en", "Fridays", ""},
		{"en", "not Thursday", ""}, {"en", "Thursday or Friday", ""}, {"de", "Freitags", ""},
	})
	from := tickets.Question{Kind: tickets.AskDate, Ask: worded("From which day?", "Ab welchem Tag?", "À partir de quel jour ?", "¿A partir de qué día?",
		"A partire da quale giorno?", "Vanaf welke dag?")}
	checkSayings(t, &from, []saying{
		{"it", "dal 20 marzo", "2026-03-20"}, {"es", "desde el 1 de mayo", "2026-05-01"}, {"de", "ab 1. Mai", "2026-05-01"}, {"fr", "du 1er mai", "2026-05-01"},
	})
	insured := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Was it insured?", "War es versichert?", "Était-il assuré ?", "¿Estaba asegurado?",
		"Era assicurato?", "Was het verzekerd?")}
	checkSayings(t, &insured, []saying{
		{"en", "don't think so, no", yesno.No}, {"de", "nein, glaube ich nicht", yesno.No}, {"fr", "je ne crois pas, non", yesno.No}, {"es", "no, creo que no", yesno.No},
		{"it", "no, non credo", yesno.No}, {"nl", "nee, denk het niet", yesno.No}, {"en", "don't think so, yes", ""}, {"en", "don't think so, no?", ""},
	})
	device := choiceOf("Notebook", "Desktop", "Tablet")
	checkSayings(t, device, []saying{{"en", "labtop", "Notebook"}, {"en", "laptop", "Notebook"}, {"en", "laborer", ""}})
}
