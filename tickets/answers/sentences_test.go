package answers

import (
	"testing"

	"tierdesk/tickets"
)

// Two more forms of other trades, with what sentences say in ways of their own: numbers in groups,
// a term in months, somebody hurt, what was in a thing.
var (
	luggage = tickets.Form{Name: "luggage", Questions: []tickets.Question{
		{Name: "tag", Kind: tickets.AskText, Ask: worded("What is the tag number?", "Wie lautet die Gepäcknummer?", "Quel est le numéro d'étiquette ?",
			"¿Cuál es el número de etiqueta?", "Qual è il numero dell'etichetta?", "Wat is het labelnummer?")},
		{Name: "bought", Kind: tickets.AskDate, Ask: worded("When did you buy the bag?", "Wann haben Sie die Tasche gekauft?", "Quand avez-vous acheté le sac ?",
			"¿Cuándo compró la bolsa?", "Quando ha comprato la borsa?", "Wanneer hebt u de tas gekocht?")},
		{Name: "kind", Kind: tickets.AskChoice, Choices: choiceOf("Trolley", "Duffel", "Travel").Choices, Ask: worded("What kind of bag is it?", "Was für eine Tasche ist es?",
			"Quel type de sac est-ce ?", "¿Qué tipo de bolsa es?", "Che tipo di borsa è?", "Wat voor tas is het?")},
		{Name: "weight", Kind: tickets.AskNumber, Ask: worded("How heavy was it, in kilograms?", "Wie schwer war sie (in kg)?", "Combien pesait-il, en kilos ?",
			"¿Cuánto pesaba, en kilos?", "Quanto pesava, in chili?", "Hoe zwaar was hij, in kilo's?")},
		{Name: "contents", Kind: tickets.AskText, Ask: worded("What was in it?", "Was war darin?", "Que contenait-il ?", "¿Qué contenía?", "Che cosa conteneva?", "Wat zat erin?")},
		{Name: "locked", Kind: tickets.AskYesNo, Ask: worded("Was it locked?", "War sie abgeschlossen?", "Était-il verrouillé ?", "¿Estaba cerrada?", "Era chiusa?", "Was hij afgesloten?")},
	}}
	policy = tickets.Form{Name: "policy", Questions: []tickets.Question{
		{Name: "policy", Kind: tickets.AskText, Ask: worded("What is the policy number?", "Wie lautet die Policennummer?", "Quel est le numéro de police ?",
			"¿Cuál es el número de póliza?", "Qual è il numero di polizza?", "Wat is het polisnummer?")},
		{Name: "drivers", Kind: tickets.AskNumber, Ask: worded("How many drivers?", "Wie viele Fahrer?", "Combien de conducteurs ?",
			"¿Cuántos conductores?", "Quanti conducenti?", "Hoeveel bestuurders?")},
		{Name: "months", Kind: tickets.AskChoice, Choices: choiceOf("6", "12", "24").Choices, Ask: worded("For how many months?", "Für wie viele Monate?",
			"Pour combien de mois ?", "¿Para cuántos meses?", "Per quanti mesi?", "Voor hoeveel maanden?")},
		{Name: "hurt", Kind: tickets.AskYesNo, Ask: worded("Was anybody injured?", "Wurde jemand verletzt?", "Quelqu'un a-t-il été blessé ?",
			"¿Hubo algún herido?", "Qualcuno si è ferito?", "Is er iemand gewond geraakt?")},
		{Name: "crash", Kind: tickets.AskYesNo, Ask: worded("Was there a fall or an accident?", "Gab es einen Sturz oder Unfall?", "Y a-t-il eu une chute ou un accident ?",
			"¿Hubo una caída o un accidente?", "C'è stata una caduta o un incidente?", "Was er een val of een ongeluk?")},
		{Name: "water", Kind: tickets.AskYesNo, Ask: worded("Do you have hot water?", "Haben Sie warmes Wasser?", "Avez-vous de l'eau chaude ?",
			"¿Tiene agua caliente?", "Ha acqua calda?", "Hebt u warm water?")},
	}}
)

// leastInSentences is how many of the texts have to be read right: what has been reached.
const leastInSentences = 72

// Identifiers in groups, terms, verbs that tell two days apart, and statements that say yes or no.
// None may be read wrong.
func TestInSentences(t *testing.T) {
	tell(t, leastInSentences, []aText{
		// Numbers in groups.
		{&luggage, "en", "Hello, the tag number is LH 22 1180 447. It was a trolley.", "tag=LH 22 1180 447|kind=Trolley"},
		{&luggage, "de", "Die Gepäcknummer lautet 5520 1180 33, es ist ein Trolley.", "tag=5520 1180 33|kind=Trolley"},
		{&luggage, "fr", "Bonjour, le numéro d'étiquette est AF 3301 77 B. Le sac pesait 12 kilos.", "tag=AF 3301 77 B|weight=12"},
		{&luggage, "es", "La etiqueta tiene el número 3310 4471 09. La bolsa pesaba 9 kilos.", "tag=3310 4471 09|weight=9"},
		{&luggage, "it", "Il numero dell'etichetta è AZ 00 1877 X, è un trolley.", "tag=AZ 00 1877 X|kind=Trolley"},
		{&luggage, "nl", "Labelnummer is KL 55 0912, het is een trolley.", "tag=KL 55 0912|kind=Trolley"},
		{&luggage, "en", "Trolley, LH 22 1180, 12 kg, locked", "tag=LH 22 1180|kind=Trolley|weight=12|locked=yes"},
		{&luggage, "fr", "3301 7788 01, trolley, 12 kilos", "tag=3301 7788 01|kind=Trolley|weight=12"},
		{&luggage, "en", "Tag number 4471, 2 bags were lost. It was a trolley. Call 0151 555 0182.", "tag=4471|kind=Trolley"},
		{&luggage, "en", "The tag number is 4471 2026 or 4471 2027, I cannot read it.", ""},
		{&luggage, "de", "Nummer 5520 1180 33. Tel. 0151 555 20 388", "tag=5520 1180 33"},
		{&luggage, "nl", "Het labelnummer is 4471 en de tas woog 12 kilo.", "tag=4471|weight=12"},
		// Days that verbs tell apart.
		{&luggage, "en", "I bought the bag on 3 October 2025. Last Sunday a wheel came off. LH-22-1180.", "bought=2025-10-03|tag=LH-22-1180"},
		{&luggage, "de", "Gekauft habe ich die Tasche am 3. Oktober 2025. Am Sonntag ist ein Rad abgefallen. LH-22-1180.", "bought=2025-10-03|tag=LH-22-1180"},
		{&luggage, "fr", "J'ai acheté le sac le 3 octobre 2025, et dimanche une roue s'est cassée. LH-22-1180.", "bought=2025-10-03|tag=LH-22-1180"},
		{&luggage, "es", "Compré la bolsa el 3 de octubre de 2025. El domingo se rompió una rueda. LH-22-1180.", "bought=2025-10-03|tag=LH-22-1180"},
		{&luggage, "it", "Ho comprato la borsa il 3 ottobre 2025. Domenica si è rotta una ruota. LH-22-1180.", "bought=2025-10-03|tag=LH-22-1180"},
		{&luggage, "nl", "De tas heb ik op 3 oktober 2025 gekocht. Zondag brak een wieltje af. LH-22-1180.", "bought=2025-10-03|tag=LH-22-1180"},
		{&luggage, "en", "A wheel came off on 3 March.", ""},
		{&luggage, "en", "A wheel came off on 3 March. I noticed it on 4 March.", ""},
		{&luggage, "de", "Am 3. März ist ein Rad abgefallen, die Tasche ist ein Trolley.", "kind=Trolley"},
		{&luggage, "fr", "Trolley, LH-1180, le 1er ou le 2 mars, 12 kilos", "kind=Trolley|tag=LH-1180|weight=12"},
		{&luggage, "de", "Gekauft am 1. oder 2. März, ein Trolley, LH-1180.", "kind=Trolley|tag=LH-1180"},
		// What was in it.
		{&luggage, "en", "It held two pairs of shoes and weighed about 11 kg.", "contents=two pairs of shoes|weight=11"},
		{&luggage, "de", "Darin waren zwei Paar Schuhe, Gewicht 11,5 Kilo.", "contents=zwei Paar Schuhe|weight=11.5"},
		{&luggage, "fr", "Il contenait deux paires de chaussures. Il pesait 11 kilos.", "contents=deux paires de chaussures|weight=11"},
		{&luggage, "es", "Contenía dos pares de zapatos. Pesaba unos 11 kilos.", "contents=dos pares de zapatos|weight=11"},
		{&luggage, "it", "Conteneva due paia di scarpe. Pesava circa 11 chili.", "contents=due paia di scarpe|weight=11"},
		{&luggage, "nl", "Er zaten twee paar schoenen in. Hij woog 11 kilo.", "contents=twee paar schoenen|weight=11"},
		{&luggage, "en", "There were three jumpers in it. It weighed 8 kg, the tag number is LH-1180.", "contents=three jumpers|weight=8|tag=LH-1180"},
		{&luggage, "de", "Es waren Bücher drin. Sie wog 8 kg.", "contents=Bücher|weight=8"},
		{&luggage, "fr", "Il y avait des livres dedans, poids 8 kg.", "contents=des livres|weight=8"},
		{&luggage, "it", "C'erano dei libri dentro. Peso 8 chili.", "contents=dei libri|weight=8"},
		{&luggage, "en", "There was nothing in it. It weighed 8 kg, a trolley.", "weight=8|kind=Trolley"},
		{&luggage, "de", "Es war Sand drin, nein, Zement. Trolley, 8 kg.", "kind=Trolley|weight=8"},
		{&luggage, "es", "Llevaba dos días en casa. Pesaba 8 kilos, un trolley.", "weight=8|kind=Trolley"},
		{&luggage, "en", "It did not hold anything of value.", ""},
		{&luggage, "en", "There was a lot of trouble in it for us.", ""},
		// Terms and counts.
		{&policy, "en", "Please make it 6 drivers, we were 8 last year. For another 12 months.", "drivers=6|months=12"},
		{&policy, "de", "Bitte für 12 Monate, letztes Jahr waren es 24. Wir haben 4 Fahrer.", "drivers=4|months=12"},
		{&policy, "en", "Policy number is P 2091 4, for one year, and we are 4 drivers.", "policy=P 2091 4|months=12|drivers=4"},
		{&policy, "fr", "Pour un an, cinq conducteurs. Le numéro de police : 60233.", "policy=60233|months=12|drivers=5"},
		{&policy, "it", "Vorremmo rinnovare per due anni, con 3 conducenti.", "months=24|drivers=3"},
		{&policy, "es", "Queremos 120 conductores, por 24 meses.", "months=24|drivers=120"},
		{&policy, "de", "Für ein Jahr, zwei Fahrer.", "months=12|drivers=2"},
		{&policy, "nl", "Voor een jaar, met 3 bestuurders.", "months=12|drivers=3"},
		{&policy, "en", "We have been with you for two years. 3 drivers. AB-1180.", "drivers=3|policy=AB-1180"},
		{&policy, "de", "Wir sind seit einem Jahr bei Ihnen, 3 Fahrer. AB-1180.", "drivers=3|policy=AB-1180"},
		{&policy, "it", "Ci sono 3 o 4 conducenti, per 12 mesi.", "months=12"},
		{&policy, "en", "I had the car for one year before I moved. 3 drivers. AB-1180.", "drivers=3|policy=AB-1180"},
		{&policy, "es", "Conductores no sé, póliza AB-1180, mucho frío. Nadie herido.", "policy=AB-1180|hurt=no"},
		// Yes and no.
		{&policy, "en", "Nobody was injured. There was no accident.", "hurt=no|crash=no"},
		{&policy, "en", "I did not fall, luckily.", "crash=no"},
		{&policy, "en", "No fall, no accident, policy AB-1180.", "policy=AB-1180|crash=no"},
		{&policy, "de", "Verletzt wurde niemand, einen Unfall gab es nicht.", "hurt=no|crash=no"},
		{&policy, "de", "Gestürzt bin ich nicht. Verletzt wurde keiner.", "crash=no|hurt=no"},
		{&policy, "fr", "Personne n'a été blessé, pas de chute.", "hurt=no|crash=no"},
		{&policy, "fr", "Pas de blessé. Nous n'avons pas d'eau chaude.", "hurt=no|water=no"},
		{&policy, "es", "No hay agua caliente. Nadie resultó herido.", "water=no|hurt=no"},
		{&policy, "es", "Agua caliente hay. No hubo heridos ni caída.", "water=yes|hurt=no|crash=no"},
		{&policy, "it", "Acqua calda ce n'è. Nessuno si è ferito, nessuna caduta.", "water=yes|hurt=no|crash=no"},
		{&policy, "it", "Non c'è acqua calda, nessun ferito.", "water=no|hurt=no"},
		{&policy, "nl", "Er is niemand gewond geraakt. Ik ben niet gevallen.", "hurt=no|crash=no"},
		{&policy, "nl", "Niemand gewond. Warm water is er niet.", "hurt=no|water=no"},
		{&policy, "de", "Kein Unfall, warmes Wasser haben wir.", "crash=no|water=yes"},
		{&policy, "en", "I did not see the accident myself.", ""},
		{&policy, "en", "The hot water is not the problem.", ""},
		{&policy, "de", "Der Hund wurde nicht verletzt.", ""},
		{&policy, "en", "I do not know whether anybody was injured.", ""},
		{&policy, "en", "Nobody saw the accident.", ""},
		{&policy, "fr", "Personne n'a vu l'accident.", ""},
		{&policy, "es", "Mi vecino no tiene agua caliente.", ""},
		{&policy, "en", "We have hot water only in the morning.", ""},
		{&policy, "it", "Non so se ci sono feriti.", ""},
		{&policy, "nl", "Niemand weet van het ongeluk.", ""},
		{&policy, "de", "Niemand außer mir wurde verletzt.", ""},
		{&policy, "en", "Nobody was seriously injured.", ""},
	})
}
