package answers

import (
	"testing"

	"tierdesk/tickets"
)

// key is what somebody asks who hands out keys: two questions in free words, beside a choice and a number.
var key = tickets.Form{Name: "key", Questions: []tickets.Question{
	{Name: "door", Kind: tickets.AskText, Ask: worded("Which door shall it open?", "Welche Tür soll er öffnen?", "Quelle porte doit-elle ouvrir ?",
		"¿Qué puerta debe abrir?", "Quale porta deve aprire?", "Welke deur moet hij openen?")},
	{Name: "rights", Kind: tickets.AskChoice, Choices: choiceOf("Basic", "Extended", "Full").Choices, Ask: worded("Which rights do you need?", "Welche Rechte brauchen Sie?",
		"Quels droits vous faut-il ?", "¿Qué permisos necesita?", "Quali diritti le servono?", "Welke rechten hebt u nodig?")},
	{Name: "from", Kind: tickets.AskDate, Ask: worded("From when do you need it?", "Ab wann brauchen Sie ihn?", "À partir de quand vous la faut-il ?",
		"¿Desde cuándo la necesita?", "Da quando le serve?", "Vanaf wanneer hebt u hem nodig?")},
	{Name: "until", Kind: tickets.AskDate, Optional: true, Ask: worded("Until when do you need it?", "Bis wann brauchen Sie ihn?", "Jusqu'à quand ?",
		"¿Hasta cuándo?", "Fino a quando?", "Tot wanneer?")},
	{Name: "persons", Kind: tickets.AskNumber, Ask: worded("How many people will use it?", "Wie viele Personen nutzen ihn?", "Combien de personnes l'utiliseront ?",
		"¿Cuántas personas la usarán?", "Quante persone la useranno?", "Hoeveel mensen gebruiken hem?")},
	{Name: "briefed", Kind: tickets.AskYesNo, Ask: worded("Have you been briefed?", "Wurden Sie eingewiesen?", "Avez-vous été formé ?",
		"¿Ha recibido la formación?", "Ha seguito il corso?", "Hebt u de instructie gevolgd?")},
	{Name: "place", Kind: tickets.AskText, Ask: worded("Where will you keep it?", "Wo bewahren Sie ihn auf?", "Où la garderez-vous ?",
		"¿Dónde la guardará?", "Dove la terrà?", "Waar bewaart u hem?")},
}}

// A piece that says of itself nothing of its question has the place that its neighbours leave to it.
// Where they leave more than one, or the pieces are out of order, nobody knows whose it is.
func TestPiecesInPlace(t *testing.T) {
	tell(t, 16, []aText{
		{&key, "en", "workshop, basic, 1 April, 30 June, 4 people, yes, safe", "door=workshop|rights=Basic|from=2026-04-01|until=2026-06-30|persons=4|briefed=yes|place=safe"},
		{&key, "en", "side entrance, full, 1 April, 4 apprentices, yes, in the safe", "door=side entrance|rights=Full|from=2026-04-01|persons=4|briefed=yes|place=in the safe"},
		{&key, "de", "Werkstatt, Full, 1. April, 30. Juni, 11 Lehrlinge, ja, Tresor", "door=Werkstatt|rights=Full|from=2026-04-01|until=2026-06-30|persons=11|briefed=yes|place=Tresor"},
		{&key, "fr", "atelier, Basic, 1er avril, 6 apprentis, oui, coffre", "door=atelier|rights=Basic|from=2026-04-01|persons=6|briefed=yes|place=coffre"},
		{&key, "es", "taller, Basic, 1 de abril, 6 aprendices, sí, caja fuerte", "door=taller|rights=Basic|from=2026-04-01|persons=6|briefed=yes|place=caja fuerte"},
		{&key, "it", "officina, Basic, 1° aprile, 6 apprendisti, sì, cassaforte", "door=officina|rights=Basic|from=2026-04-01|persons=6|briefed=yes|place=cassaforte"},
		{&key, "nl", "werkplaats, Basic, 1 april, 6 leerlingen, ja, kluis", "door=werkplaats|rights=Basic|from=2026-04-01|persons=6|briefed=yes|place=kluis"},
		{&key, "de", "Werkstatt, Full, ab sofort, bis Jahresende, 11 Lehrlinge, ja, hängt im Tresor", "door=Werkstatt|rights=Full|from=2026-03-10|until=2026-12-31|persons=11|briefed=yes|place=Tresor"},
		{&key, "de", "Werkstatt, Full, 1. April, 4 Leute, ja, steht im Büro", "door=Werkstatt|rights=Full|from=2026-04-01|persons=4|briefed=yes|place=steht im Büro"},
		// What may be meant for the choice is no door.
		{&key, "en", "only looking around, 1 April, 30 June, 4 people, yes", "from=2026-04-01|until=2026-06-30|persons=4|briefed=yes"},
		{&key, "de", "Werkstatt, nur das Nötigste, 1. April, 30. Juni, 4 Personen, ja, Tresor", "door=Werkstatt|from=2026-04-01|until=2026-06-30|persons=4|briefed=yes|place=Tresor"},
		{&key, "en", "same as last time, no idea which, 1 April, 30 June, 4 people, yes", "from=2026-04-01|until=2026-06-30|persons=4|briefed=yes"},
		// What stands elsewhere counts something else.
		{&key, "en", "workshop, basic, 2 keys, 1 April, 30 June, yes, safe", "door=workshop|rights=Basic|from=2026-04-01|until=2026-06-30|briefed=yes|place=safe"},
		{&key, "en", "4 people, full, 1 April, workshop, safe, yes", "persons=4|rights=Full|from=2026-04-01|briefed=yes"},
		{&key, "de", "Werkstatt, Basic, 1. April, 30. Juni, keine 4 Leute, ja, Tresor", "door=Werkstatt|rights=Basic|from=2026-04-01|until=2026-06-30|briefed=yes|place=Tresor"},
		{&key, "en", "workshop, basic, 1 April, 30 June, 2 to 3 apprentices, yes, safe", "door=workshop|rights=Basic|from=2026-04-01|until=2026-06-30|briefed=yes|place=safe"},
		{&outing, "en", "Rowers Upton, 4 April, 3 canoes, canoe, by train, trailer yes", "club=Rowers Upton|day=2026-04-04|boats=3|kind=Canoe|minibus=no|trailer=yes"},
		{&outing, "de", "Ruderfreunde, 4. April, 300 Euro, Kayak, Kleinbus ja, Anhänger nein", "club=Ruderfreunde|day=2026-04-04|kind=Kayak|minibus=yes|trailer=no"},
		{&outing, "de", "Ruderfreunde, 4. April, etliche, Kayak, Kleinbus ja, Anhänger nein", "club=Ruderfreunde|day=2026-04-04|kind=Kayak|minibus=yes|trailer=no"},
	})
}

// A number that follows from others, the end of a month and "from now" are answers where they say
// what the question asks, and nothing where they only look so.
func TestWhatFollowsIsNotAlwaysMeant(t *testing.T) {
	tell(t, 17, []aText{
		{&stay, "en", "We arrive on 20 March. We are 4 adults, so 2 rooms. A double please.", "arrival=2026-03-20|room=double"},
		{&stay, "en", "1. Ada Poe\n2. 20 March\n3. 2 nights with my sister, 3 alone, so 5 nights\n4. double\n5. no", "guest=Ada Poe|arrival=2026-03-20|nights=5|room=double|breakfast=no"},
		{&stay, "en", "1. Ada Poe\n2. 20 March\n3. Friday to Sunday, so 3 days\n4. double\n5. no", "guest=Ada Poe|arrival=2026-03-20|room=double|breakfast=no"},
		{&stay, "de", "1. Ada Poe\n2. 20. März\n3. 5, so 6 wenn es geht\n4. Suite\n5. nein", "guest=Ada Poe|arrival=2026-03-20|room=suite|breakfast=no"},
		{&stay, "de", "1. Ada Poe\n2. Ende März\n3. 2\n4. Suite\n5. nein", "guest=Ada Poe|nights=2|room=suite|breakfast=no"},
		{&stay, "fr", "1. Ada Poe\n2. fin mars\n3. 2, donc 3 de moins\n4. suite\n5. non", "guest=Ada Poe|room=suite|breakfast=no"},
		{&stay, "en", "1. Ada Poe\n2. now\n3. 2\n4. suite\n5. no", "guest=Ada Poe|nights=2|room=suite|breakfast=no"},
		{&course, "en", "Excel please. We are 5 from sales and 3 from support, so 8 people. No, never been there.", "subject=Excel|people=8"},
		{&course, "en", "Excel please. We are 5, so 5 laptops.", "subject=Excel"},
		{&course, "en", "Excel please. We were 12 people last year, two left, so 10 now or 9.", "subject=Excel"},
		{&course, "de", "Python bitte. Wir sind 4 aus Köln und 2 aus Bonn, macht 6 Personen.", "subject=Python|people=6"},
		{&course, "de", "Python bitte. Wir sind 4, also 3 weniger als beim letzten Mal.", "subject=Python"},
		{&course, "it", "Python. Siamo in 4 più il capo, forse, quindi 5.", "subject=Python"},
		{&course, "nl", "Excel graag. We zijn met 4 uit Gent en 3 uit Luik, dus 7 personen.", "subject=Excel|people=7"},
		{&key, "de", "1. Werkstatt\n2. Full\n3. Ende Mai\n4. Ende Juni\n5. ein Dutzend\n6. jawohl\n7. Büro", "door=Werkstatt|rights=Full|until=2026-06-30|persons=12|briefed=yes|place=Büro"},
		{&key, "en", "1. workshop\n2. full\n3. now\n4. the end of the year\n5. half a dozen\n6. yes\n7. safe", "door=workshop|rights=Full|from=2026-03-10|until=2026-12-31|persons=6|briefed=yes|place=safe"},
		{&key, "en", "1. workshop\n2. full\n3. not now\n4. end of June or July\n5. a dozen or so\n6. yes\n7. safe", "door=workshop|rights=Full|briefed=yes|place=safe"},
		{&key, "en", "1. workshop\n2. full\n3. immediately after my exam\n4. before the end of June\n5. dozens\n6. yes\n7. safe", "door=workshop|rights=Full|briefed=yes|place=safe"},
		{&key, "fr", "1. atelier\n2. Full\n3. dès maintenant\n4. fin juin\n5. une quinzaine\n6. oui\n7. coffre", "door=atelier|rights=Full|from=2026-03-10|until=2026-06-30|persons=15|briefed=yes|place=coffre"},
		{&key, "nl", "1. werkplaats\n2. Full\n3. per direct\n4. eind juni\n5. een dozijn\n6. jawel\n7. kluis", "door=werkplaats|rights=Full|from=2026-03-10|until=2026-06-30|persons=12|briefed=yes|place=kluis"},
		{&outing, "de", "Ruderfreunde, 4. April, 3 und 2, also 5, Kayak, Kleinbus nein, Anhänger ja", "club=Ruderfreunde|day=2026-04-04|kind=Kayak|minibus=no|trailer=yes"},
		{&outing, "en", "We are 12 rowers, two to a boat, so 6 boats. Canoe. 4 April. No trailer, no minibus.", "day=2026-04-04|boats=6|kind=Canoe|minibus=no|trailer=no"},
	})
}
