package answers

import (
	"strings"
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/yesno"
)

// Who does not know yet has said neither yes nor no, no day, no number and no choice.
func TestNotKnownYet(t *testing.T) {
	var sayings []saying
	for language, texts := range map[string][]string{
		"en": {"not sure yet", "we'll let you know", "tbd", "TBA", "?", "not decided yet", "we haven't decided yet", "don't know yet", "still to be decided", "no idea yet", "will let you know", "to be confirmed",
			"not yet known", "we don't know that yet", "can't say yet", "still under discussion", "haven't made up our minds", "open", "I'll tell you next week", "we will let you know by 20 March", "depends on the weather"},
		"de": {"wissen wir noch nicht", "noch nicht sicher", "keine Ahnung", "steht noch nicht fest", "noch nicht entschieden", "das wissen wir leider noch nicht", "geben wir noch durch", "noch unklar", "noch nicht bekannt",
			"können wir noch nicht sagen", "sagen wir Ihnen noch", "wird noch geklärt", "ist noch offen", "melden wir nach", "haben wir noch nicht entschieden", "müssen wir noch klären", "teilen wir Ihnen bis 20. März mit", "da sind wir noch unschlüssig"},
		"fr": {"pas encore décidé", "nous ne savons pas encore", "on ne sait pas encore", "à définir", "aucune idée", "pas encore sûr", "on vous dira", "nous vous le dirons plus tard", "pas encore fixé", "à confirmer",
			"je ne sais pas encore", "pas encore connu", "nous n'avons pas encore décidé", "on verra", "à préciser", "on vous le confirmera avant le 20 mars"},
		"es": {"todavía no lo sabemos", "aún no lo sabemos", "no lo sabemos todavía", "ni idea", "por definir", "no está decidido", "todavía no está decidido", "ya le diremos", "por confirmar", "aún no se sabe",
			"no lo tenemos claro", "no hemos decidido", "les avisaremos", "sin decidir", "ya veremos"},
		"it": {"non lo sappiamo ancora", "non sappiamo ancora", "da definire", "ancora non si sa", "non ancora deciso", "vi faremo sapere", "da decidere", "non abbiamo ancora deciso", "nessuna idea", "ve lo diremo",
			"da confermare", "non è ancora sicuro", "vedremo", "vi facciamo sapere"},
		"nl": {"nog niet bekend", "weten we nog niet", "dat weten we nog niet", "geen idee", "nog niet besloten", "nog niet zeker", "laten we nog weten", "hoor je nog van ons", "nog te bepalen", "nader te bepalen",
			"is nog niet duidelijk", "we hebben nog niet besloten", "dat laten we u nog weten", "nog onbekend"},
	} {
		for _, text := range texts {
			sayings = append(sayings, saying{language, text, ""})
		}
	}
	for _, q := range []int{1, 2, 3, 4, 5} {
		checkSayings(t, &outing.Questions[q], sayings)
	}
	for _, s := range sayings {
		label := outing.Questions[4].Ask[s.language]
		if got := readBody(&outing, s.language, "5. "+s.text+"\n6. "+s.text+"\n3. 4\n"); got != "boats=4" {
			t.Errorf("%s %q: %s", label, s.text, got)
		}
	}
	unsaid(t, &outing, "minibus", []saying{
		{"en", "We need 4 boats. Whether we come by minibus we don't know yet.", ""},
		{"en", "We need 4 boats. We are not sure yet about the minibus, and the trailer is still to be decided.", ""},
		{"de", "Wir brauchen 4 Boote. Ob wir mit dem Kleinbus kommen, wissen wir noch nicht.", ""},
		{"de", "Wir brauchen 4 Boote. Mit dem Kleinbus kommen wir vielleicht, das steht noch nicht fest. Anhänger: klären wir noch.", ""},
		{"fr", "Nous avons besoin de 4 bateaux. Si nous venons en minibus, nous ne le savons pas encore.", ""},
		{"es", "Necesitamos 4 barcas. Si venimos en minibús, todavía no lo sabemos.", ""},
		{"it", "Abbiamo bisogno di 4 barche. Se veniamo in minibus non lo sappiamo ancora.", ""},
		{"nl", "We hebben 4 boten nodig. Of we met de minibus komen, weten we nog niet.", ""},
	})
	unsaid(t, &outing, "trailer", []saying{
		{"en", "We need 4 boats. We are not sure yet about the minibus, and the trailer is still to be decided.", ""},
		{"de", "Wir brauchen 4 Boote. Anhänger: klären wir noch.", ""}, {"nl", "We hebben 4 boten nodig. Aanhanger: nog niet besloten.", ""},
	})
	checkSayings(t, &outing.Questions[5], []saying{
		{"en", "not yet", yesno.No}, {"de", "noch nicht", yesno.No}, {"fr", "pas encore", yesno.No}, {"es", "todavía no", yesno.No}, {"it", "non ancora", yesno.No}, {"nl", "nog niet", yesno.No}, {"en", "no, decided against it", yesno.No},
		{"en", "No, we don't have one", yesno.No}, {"de", "Nein, haben wir nicht", yesno.No}, {"en", "Yes, we know the way", yesno.Yes},
	})
	checkSayings(t, &outing.Questions[2], []saying{{"en", "4, names to follow", "4"}, {"de", "4", "4"}})
}

// How somebody comes is said by what they come with: coming is no evidence, and another means is no
// yes.
func TestAnotherMeans(t *testing.T) {
	unsaid(t, &outing, "minibus", []saying{
		{"en", "We need 4 boats. We are coming by train.", ""}, {"en", "We need 4 boats. We will come with our own cars.", ""},
		{"de", "Wir brauchen 4 Boote. Wir kommen mit der Bahn.", ""}, {"de", "Wir brauchen 4 Boote. Wir kommen mit eigenen Autos.", ""},
		{"de", "Wir brauchen 4 Boote. Einen Kleinbus haben wir nicht, wir kommen mit dem Zug.", "no"},
		{"fr", "Nous avons besoin de 4 bateaux. Nous venons en train.", ""}, {"es", "Necesitamos 4 barcas. Venimos en tren.", ""},
		{"it", "Abbiamo bisogno di 4 barche. Veniamo in treno.", ""}, {"nl", "We hebben 4 boten nodig. We komen met de trein.", ""},
		{"en", "We need 4 boats. We come by minibus.", "yes"}, {"de", "Wir brauchen 4 Boote. Wir kommen mit dem Kleinbus.", "yes"},
	})
	unsaid(t, &outing, "trailer", []saying{
		{"en", "We need 4 boats. A trailer we do not have.", "no"}, {"de", "Wir brauchen 4 Boote. Einen Anhänger haben wir nicht.", "no"},
		{"fr", "Nous avons besoin de 4 bateaux. Nous n'avons pas de remorque.", "no"}, {"es", "Necesitamos 4 barcas. Remolque no tenemos.", "no"},
		{"it", "Abbiamo bisogno di 4 barche. Il rimorchio non lo abbiamo.", "no"}, {"nl", "We hebben 4 boten nodig. Een aanhanger hebben we niet.", "no"},
	})
	checkSayings(t, &outing.Questions[4], []saying{
		{"en", "by train", ""}, {"en", "We come by train", ""}, {"en", "We come", ""}, {"en", "Yes, by train", ""}, {"de", "wir kommen mit der Bahn", ""}, {"de", "mit eigenen Autos", ""}, {"de", "wir kommen selbst", ""},
		{"de", "Ja, mit der Bahn", ""}, {"fr", "nous venons en train", ""}, {"fr", "en train", ""}, {"es", "venimos en tren", ""}, {"es", "en coche", ""}, {"it", "veniamo in treno", ""}, {"it", "in macchina", ""},
		{"nl", "we komen met de trein", ""}, {"nl", "met eigen auto's", ""}, {"en", "no, by train", yesno.No}, {"de", "nein, mit der Bahn", yesno.No}, {"en", "Yes, by minibus", yesno.Yes},
	})
}

// Of two days, numbers, choices or addresses in an answer nobody knows which one is meant.
func TestTwoInOneAnswer(t *testing.T) {
	received := tickets.Question{Kind: tickets.AskDate, Name: "got", Ask: worded("When did you receive the crate?", "Wann haben Sie die Kiste erhalten?", "Quand avez-vous reçu la caisse ?",
		"¿Cuándo recibió la caja?", "Quando ha ricevuto la cassa?", "Wanneer hebt u de kist ontvangen?")}
	form := tickets.Form{Name: "crate", Questions: []tickets.Question{received, outing.Questions[2], outing.Questions[3],
		{Name: "mail", Kind: tickets.AskEmail, Ask: worded("To which address?", "An welche Adresse?", "À quelle adresse ?", "¿A qué dirección?", "A quale indirizzo?", "Naar welk adres?")}}}
	for _, c := range []saying{
		{"en", "The crate came on 24 February but I only picked it up on 26 February", ""}, {"en", "It was delivered on 24 February, I received it on 26 February", "got=2026-02-26"},
		{"en", "24 February, the second part on 26 February", ""}, {"en", "delivered 24/2, collected 26/2", ""},
		{"de", "Die Kiste kam am 24.02., abgeholt habe ich sie erst am 26.02.", ""}, {"de", "Angekommen ist sie am 24.02., ausgepackt haben wir sie aber erst am 26.02.", ""},
		{"fr", "La caisse est arrivée le 24 février mais je ne l'ai retirée que le 26 février", ""}, {"fr", "livrée le 24 février, retirée le 26 février", ""},
		{"es", "La caja llegó el 24 de febrero, pero la recogí el 26 de febrero", ""}, {"es", "entregada el 24 de febrero, recogida el 26 de febrero", ""},
		{"it", "La cassa è arrivata il 24 febbraio ma l'ho ritirata il 26 febbraio", ""}, {"it", "consegnata il 24 febbraio, ritirata il 26 febbraio", ""},
		{"nl", "De kist kwam op 24 februari maar ik heb hem pas op 26 februari opgehaald", ""}, {"nl", "bezorgd op 24 februari, opgehaald op 26 februari", ""},
		{"en", "Ordered on 24 February, received on 26 February", "got=2026-02-26"}, {"en", "24 February, sorry no, make that 26 February", "got=2026-02-26"},
	} {
		if got := readBody(&form, c.language, "1. "+c.text+"\n2. 4\n"); got != joinedBy(c.want, "boats=4") {
			t.Errorf("%q: %s", c.text, got)
		}
		story := c.text + ". " + map[string]string{"en": "We need 4 boats.", "de": "Wir brauchen 4 Boote.", "fr": "Nous avons besoin de 4 bateaux.", "es": "Necesitamos 4 barcas.",
			"it": "Abbiamo bisogno di 4 barche.", "nl": "We hebben 4 boten nodig."}[c.language]
		if c.want == "" {
			unsaid(t, &form, "got", []saying{{c.language, story, ""}})
		}
	}
	checkSayings(t, &outing.Questions[2], []saying{
		{"en", "4 boats, 6 if the school comes", ""}, {"en", "4 but only 3 on Sunday", ""}, {"de", "4, am Sonntag 6", ""}, {"fr", "4, puis 6", ""}, {"es", "4 y luego 6", ""}, {"it", "4, poi 6", ""}, {"nl", "4, op zondag 6", ""},
		{"en", "4, sorry no, make that 6", "6"}, {"de", "4, nein, doch 6", "6"}, {"en", "4, no, make it 6", "6"}, {"fr", "4, non, plutôt 6", "6"}, {"es", "4, no, mejor 6", "6"}, {"it", "4, no, anzi 6", "6"}, {"nl", "4, nee, toch 6", "6"},
	})
	checkSayings(t, &outing.Questions[3], []saying{{"en", "Canoe and kayak", ""}, {"de", "Canoe, vielleicht auch Kayak", ""}, {"fr", "Canoe, ou Raft", ""}, {"en", "2 canoes, 2 kayaks", ""}})
	checkSayings(t, &form.Questions[3], []saying{{"en", "ann@a.example, or bob@a.example", ""}, {"en", "ann@a.example and bob@a.example", ""}})
}

func joinedBy(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// What holds for a part of several is neither yes nor no.
func TestAPartOfSeveral(t *testing.T) {
	parcel := tickets.Form{Name: "parcel", Questions: []tickets.Question{
		{Name: "lamps", Kind: tickets.AskNumber, Ask: worded("How many lamps do you return?", "Wie viele Lampen schicken Sie zurück?", "Combien de lampes renvoyez-vous ?",
			"¿Cuántas lámparas devuelve?", "Quante lampade restituisce?", "Hoeveel lampen stuurt u terug?")},
		{Name: "unpacked", Kind: tickets.AskYesNo, Ask: worded("Have the boxes been opened?", "Wurden die Kartons geöffnet?", "Les cartons ont-ils été ouverts ?",
			"¿Se han abierto las cajas?", "Le scatole sono state aperte?", "Zijn de dozen geopend?")},
	}}
	opened := &parcel.Questions[1]
	checkSayings(t, opened, []saying{
		{"en", "4 of them", ""}, {"en", "4 of them opened, the rest sealed", ""}, {"en", "some of them", ""}, {"en", "half of them yes", ""}, {"en", "two yes, the others no", ""}, {"en", "yes, four of them", ""}, {"en", "Yes, some", ""},
		{"en", "opened, but the rest not", ""}, {"en", "partly", ""}, {"en", "yes, a few", ""}, {"en", "some opened", ""}, {"en", "one opened, two not", ""},
		{"de", "teils, teils", ""}, {"de", "teils ja, teils nein", ""}, {"de", "einige", ""}, {"de", "einige ja", ""}, {"de", "zwei davon", ""}, {"de", "ja, zwei davon", ""}, {"de", "zum Teil", ""}, {"de", "einer geöffnet, der Rest nicht", ""},
		{"de", "manche", ""}, {"de", "zwei geöffnet", ""}, {"de", "ja, zum Teil", ""}, {"de", "die Hälfte", ""},
		{"fr", "une partie", ""}, {"fr", "oui, une partie", ""}, {"fr", "en partie", ""}, {"fr", "deux ouverts, les autres non", ""}, {"fr", "certains", ""}, {"fr", "oui, quelques-uns", ""}, {"fr", "deux sur quatre", ""},
		{"es", "una parte", ""}, {"es", "sí, una parte", ""}, {"es", "algunas", ""}, {"es", "dos abiertas, el resto no", ""}, {"es", "sí, dos de ellas", ""}, {"es", "la mitad", ""},
		{"it", "una parte", ""}, {"it", "sì, una parte", ""}, {"it", "alcune", ""}, {"it", "due aperte, le altre no", ""}, {"it", "sì, due di loro", ""}, {"it", "la metà", ""},
		{"nl", "een deel", ""}, {"nl", "ja, een deel", ""}, {"nl", "sommige", ""}, {"nl", "twee geopend, de rest niet", ""}, {"nl", "ja, twee ervan", ""}, {"nl", "de helft", ""},
		{"en", "Yes, all of them", yesno.Yes}, {"de", "Ja, alle", yesno.Yes}, {"en", "opened", yesno.Yes},
	})
	unsaid(t, &parcel, "unpacked", []saying{
		{"en", "10 lamps, 4 of them opened, the rest sealed.", ""}, {"en", "I return 10 lamps. Some of the boxes have been opened.", ""}, {"en", "I return 10 lamps. Four boxes have been opened, the others not.", ""},
		{"en", "I return 10 lamps. One of the boxes has been opened.", ""},
		{"de", "Ich schicke 10 Lampen zurück. Vier Kartons wurden geöffnet, der Rest nicht.", ""}, {"de", "Ich schicke 10 Lampen zurück. Einige Kartons wurden geöffnet.", ""},
		{"de", "Ich schicke 10 Lampen zurück. Die Kartons sind teils geöffnet worden.", ""},
		{"fr", "Je renvoie 10 lampes. Une partie des cartons a été ouverte.", ""}, {"fr", "Je renvoie 10 lampes. Quatre cartons ont été ouverts.", ""},
		{"es", "Devuelvo 10 lámparas. Algunas cajas se han abierto.", ""}, {"es", "Devuelvo 10 lámparas. Se han abierto cuatro cajas, el resto no.", ""},
		{"it", "Restituisco 10 lampade. Alcune scatole sono state aperte.", ""}, {"it", "Restituisco 10 lampade. Quattro scatole sono state aperte, le altre no.", ""},
		{"nl", "Ik stuur 10 lampen terug. Een deel van de dozen is geopend.", ""}, {"nl", "Ik stuur 10 lampen terug. Vier dozen zijn geopend, de rest niet.", ""},
		{"en", "I return 10 lamps. The boxes have been opened.", "yes"},
	})
}

// grinder is what a workshop asks about a machine.
var grinder = tickets.Form{Name: "grinder", Questions: []tickets.Question{
	{Name: "type", Kind: tickets.AskText, Ask: worded("Which type do you have?", "Welchen Typ haben Sie?", "Quel type avez-vous ?", "¿Qué tipo tienen?", "Che tipo avete?", "Welk type hebt u?")},
	{Name: "oiled", Kind: tickets.AskDate, Ask: worded("When was it last oiled?", "Wann wurde sie zuletzt geölt?", "Quand a-t-il été huilé pour la dernière fois ?",
		"¿Cuándo se engrasó por última vez?", "Quando è stato oliato l'ultima volta?", "Wanneer is hij voor het laatst geolied?")},
	{Name: "smoke", Kind: tickets.AskYesNo, Ask: worded("Does smoke come out?", "Tritt Rauch aus?", "Y a-t-il de la fumée ?", "¿Sale humo?", "Esce del fumo?", "Komt er rook uit?")},
	{Name: "place", Kind: tickets.AskText, Ask: worded("Where is the mill?", "Wo steht die Mühle?", "Où se trouve le moulin ?", "¿Dónde está el molino?", "Dove si trova il mulino?", "Waar staat de molen?")},
}}

// A time that stands beside the answer to another question is that one's, and what something is is
// not where it is.
func TestADayOfAnotherClause(t *testing.T) {
	unsaid(t, &grinder, "oiled", []saying{
		{"en", "Smoke yes, since this morning. It's urgent, today I have 30 guests!", ""}, {"en", "Smoke: yes, since yesterday.", ""}, {"en", "Smoke comes out since yesterday. When do you come?", ""},
		{"de", "Rauch ja, seit heute früh. Es eilt, heute habe ich 30 Gäste!", ""}, {"de", "Rauch tritt aus, seit gestern.", ""},
		{"fr", "Fumée oui, depuis ce matin. C'est urgent, aujourd'hui j'ai 30 personnes !", ""}, {"fr", "Il y a de la fumée, depuis hier.", ""},
		{"es", "Humo sí, desde ayer. Es urgente, hoy tengo 30 personas.", ""}, {"it", "Fumo sì, da stamattina. È urgente, oggi ho 30 persone a pranzo!", ""}, {"nl", "Rook ja, sinds vanochtend. Het is dringend, vandaag heb ik 30 gasten!", ""},
		{"en", "Oiled on Saturday. No smoke.", "2026-03-07"},
	})
	unsaid(t, &grinder, "place", []saying{
		{"en", "The mill is a Rapid 2 and stands behind the bar. No smoke.", ""}, {"de", "Die Mühle ist eine Rapid 2 und steht hinter der Theke. Kein Rauch.", ""}, {"fr", "Le moulin est un Rapid 2, derrière le bar. Pas de fumée.", ""},
		{"es", "El molino es un Rapid 2 y está detrás de la barra. No sale humo.", ""}, {"it", "Il mulino è un Rapid 2 e sta dietro il banco. Non esce fumo.", ""}, {"nl", "De molen is een Rapid 2 en staat achter de bar. Er komt geen rook uit.", ""},
	})
}

// cast is what a foundry asks.
var cast = tickets.Form{Name: "cast", Questions: []tickets.Question{
	{Name: "plan", Kind: tickets.AskText, Ask: worded("What is the number of the plan?", "Wie lautet die Plannummer?", "Quel est le numéro du plan ?", "¿Cuál es el número del plano?", "Qual è il numero del piano?", "Wat is het nummer van het plan?")},
	{Name: "castings", Kind: tickets.AskNumber, Ask: worded("How many castings do you need?", "Wie viele Gussteile brauchen Sie?", "Combien de pièces vous faut-il ?", "¿Cuántas piezas necesita?", "Quanti pezzi le servono?", "Hoeveel gietstukken hebt u nodig?")},
	{Name: "alloy", Kind: tickets.AskChoice, Choices: choiceOf("Bronze", "Zinc", "Aluminium").Choices, Ask: worded("Which alloy?", "Welche Legierung?", "Quel alliage ?", "¿Qué aleación?", "Quale lega?", "Welke legering?")},
	{Name: "length", Kind: tickets.AskNumber, Ask: worded("What is the overall length in mm?", "Wie groß ist die Gesamtlänge in mm?", "Quelle est la longueur totale en mm ?", "¿Cuál es la longitud total en mm?", "Qual è la lunghezza totale in mm?", "Wat is de totale lengte in mm?")},
	{Name: "polished", Kind: tickets.AskYesNo, Ask: worded("Should the surface be polished?", "Soll die Oberfläche poliert werden?", "Faut-il polir la surface ?", "¿Hay que pulir la superficie?", "La superficie va lucidata?", "Moet het oppervlak gepolijst worden?")},
	{Name: "by", Kind: tickets.AskDate, Ask: worded("By which date do you need them?", "Bis wann brauchen Sie sie?", "Pour quelle date vous les faut-il ?", "¿Para qué fecha las necesita?", "Entro quando le servono?", "Wanneer hebt u ze nodig?")},
}}

// A line that names its question without a colon is that one's, and a number that was taken back is nobody's.
func TestLinesThatNameTheirQuestion(t *testing.T) {
	stories(t, &cast, nil, []saying{
		{"en", "plan LO-3\n100 pcs, sorry no, make that 150\nbronze\nlength 16\nsurface polished no\nneeded by 30/3", "plan=plan LO-3 castings=150 alloy=Bronze length=16 polished=no by=2026-03-30"},
		{"en", "100 pcs, sorry no, make that 150\nlength 16", ""},
		{"en", "plan LO-3\n100 pcs, sorry no, make that 150\nbrass\nlength 16\nsurface polished no\nneeded by 30/3", "plan=LO-3 length=16 polished=no by=2026-03-30"},
		{"de", "Plan LO-3\n100 Stück, nein, doch 150\nBronze\nLänge 16\nOberfläche poliert nein\nbis 30.3.", "plan=Plan LO-3 castings=150 alloy=Bronze length=16 polished=no by=2026-03-30"},
	})
}

// unsaid checks what a story says to one question, "" for nothing.
func unsaid(t *testing.T, form *tickets.Form, question string, cases []saying) {
	t.Helper()
	for _, c := range cases {
		got := ""
		for _, field := range strings.Fields(readBody(form, c.language, c.text+"\n")) {
			if v, ok := strings.CutPrefix(field, question+"="); ok {
				got = v
			}
		}
		if got != c.want {
			t.Errorf("%q says %q to %s, want %q", c.text, got, question, c.want)
		}
	}
}

// A paragraph behind the last answer that tells what came next belongs to it, and no other does.
func TestAnAnswerOfTwoParagraphs(t *testing.T) {
	fault := tickets.Form{Name: "fault", Questions: []tickets.Question{outing.Questions[2], outing.Questions[4],
		{Name: "what", Kind: tickets.AskText, Optional: true, Ask: worded("What is wrong?", "Was ist nicht in Ordnung?", "Qu'est-ce qui ne va pas ?", "¿Qué falla?", "Che cosa non va?", "Wat is er mis?")}}}
	for _, c := range []saying{
		{"en", "It leaks.\n\nWe then caulked the hull, but it leaks as before.\n\nRegards,\nAnn", "It leaks.\n\nWe then caulked the hull, but it leaks as before."},
		{"de", "Es leckt.\n\nDann haben wir den Rumpf abgedichtet, aber es leckt weiter.\n\nViele Grüße\nAnn", "Es leckt.\n\nDann haben wir den Rumpf abgedichtet, aber es leckt weiter."},
		{"fr", "Il fuit.\n\nNous avons ensuite calfaté la coque, sans succès.\n\nCordialement,\nAnn", "Il fuit.\n\nNous avons ensuite calfaté la coque, sans succès."},
		{"en", "It leaks.\n\nWe look forward to the weekend.\n\nRegards,\nAnn", "It leaks"}, {"en", "It leaks.\n\nCould you then send somebody?\n\nRegards,\nAnn", "It leaks"},
		{"de", "Es leckt.\n\nWir freuen uns auf das Wochenende.\n\nViele Grüße\nAnn", "Es leckt"}, {"en", "It leaks.\n\nThen there is the invoice.", "It leaks"},
	} {
		if got := readBody(&fault, c.language, "1. 4\n\n2. no\n\n3. "+c.text+"\n"); got != "boats=4 minibus=no what="+c.want {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}

// A number of a thing that nobody has to give is that of something else unless it is named.
func TestALoneCode(t *testing.T) {
	form := tickets.Form{Name: "lamp", Questions: []tickets.Question{
		{Name: "since", Kind: tickets.AskDate, Ask: worded("Since when?", "Seit wann?", "Depuis quand ?", "¿Desde cuándo?", "Da quando?", "Sinds wanneer?")},
		{Name: "order", Kind: tickets.AskText, Optional: true, Ask: worded("What is the order number?", "Wie lautet die Bestellnummer?",
			"Quel est le numéro de commande ?", "¿Cuál es el número de pedido?", "Qual è il numero d'ordine?", "Wat is het bestelnummer?")},
		restarted}}
	for _, c := range []struct{ language, body, want string }{
		{"en", "I have restarted the printer, it fails since yesterday. It is an LX-400.", ""},
		{"de", "Seit gestern geht nichts, den Drucker habe ich neu gestartet. Es ist ein LX-400.", ""},
		{"en", "I have restarted the printer, it fails since yesterday. The order number is LX-400.", "LX-400"},
	} {
		got := Read(&form, []int{0, 1, 2}, mailOf(t, "text/plain", c.body+"\n"), When{Now: tuesday, Language: c.language})
		if got.Values["order"] != c.want || got.Values["since"] != "2026-03-09" {
			t.Errorf("%q: %v", c.body, got.Values)
		}
	}
}
