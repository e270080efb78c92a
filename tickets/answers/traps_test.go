package answers

import (
	"fmt"
	"strings"
	"testing"

	"tierdesk/tickets"
)

// Forms whose questions have much in common with what people tell besides.
var (
	repair = tickets.Form{Name: "repair", Questions: []tickets.Question{
		{Name: "device", Kind: tickets.AskChoice, Choices: []tickets.Choice{
			{Value: "phone", Shown: worded("phone", "Telefon", "téléphone", "teléfono", "telefono", "telefoon")},
			{Value: "tablet", Shown: worded("tablet", "Tablet", "tablette", "tableta", "tablet", "tablet")},
			{Value: "laptop", Shown: worded("laptop", "Laptop", "ordinateur", "portátil", "portatile", "laptop")}},
			Ask: worded("Which device shall we repair?", "Welches Gerät sollen wir reparieren?", "Quel appareil devons-nous réparer ?",
				"¿Qué aparato debemos reparar?", "Quale apparecchio dobbiamo riparare?", "Welk apparaat moeten we repareren?")},
		{Name: "bought", Kind: tickets.AskDate, Ask: worded("When did you buy it?", "Wann haben Sie es gekauft?", "Quand l'avez-vous acheté ?",
			"¿Cuándo lo compró?", "Quando l'ha comprato?", "Wanneer hebt u het gekocht?")},
		{Name: "fell", Kind: tickets.AskYesNo, Ask: worded("Has it been dropped?", "Ist es heruntergefallen?", "Est-il tombé ?", "¿Se ha caído?", "È caduto?", "Is het gevallen?")},
		{Name: "serial", Kind: tickets.AskText, Ask: worded("What is the serial number?", "Wie lautet die Seriennummer?", "Quel est le numéro de série ?",
			"¿Cuál es el número de serie?", "Qual è il numero di serie?", "Wat is het serienummer?")},
		{Name: "price", Kind: tickets.AskNumber, Ask: worded("What did it cost in euros?", "Wie viel Euro hat es gekostet?", "Combien d'euros a-t-il coûté ?",
			"¿Cuántos euros costó?", "Quanti euro è costato?", "Hoeveel euro heeft het gekost?")},
		{Name: "mail", Kind: tickets.AskEmail, Ask: worded("Which email address may we write to?", "An welche E-Mail-Adresse dürfen wir schreiben?", "À quelle adresse e-mail pouvons-nous écrire ?",
			"¿A qué correo electrónico podemos escribir?", "A quale indirizzo e-mail possiamo scrivere?", "Naar welk e-mailadres mogen we schrijven?")},
	}}
	stay = tickets.Form{Name: "stay", Questions: []tickets.Question{
		{Name: "guest", Kind: tickets.AskText, Ask: worded("What is the guest's name?", "Wie heißt der Gast?", "Comment s'appelle le client ?",
			"¿Cómo se llama el huésped?", "Come si chiama l'ospite?", "Hoe heet de gast?")},
		{Name: "arrival", Kind: tickets.AskDate, Ask: worded("When do you arrive?", "Wann reisen Sie an?", "Quand arrivez-vous ?", "¿Cuándo llega?", "Quando arriva?", "Wanneer komt u aan?")},
		{Name: "nights", Kind: tickets.AskNumber, Ask: worded("How many nights do you stay?", "Wie viele Nächte bleiben Sie?", "Combien de nuits restez-vous ?",
			"¿Cuántas noches se queda?", "Quante notti resta?", "Hoeveel nachten blijft u?")},
		{Name: "room", Kind: tickets.AskChoice, Choices: []tickets.Choice{
			{Value: "single", Shown: worded("single", "Einzelzimmer", "simple", "individual", "singola", "eenpersoonskamer")},
			{Value: "double", Shown: worded("double", "Doppelzimmer", "double", "doble", "doppia", "tweepersoonskamer")},
			{Value: "suite", Shown: worded("suite", "Suite", "suite", "suite", "suite", "suite")}},
			Ask: worded("Which room would you like?", "Welches Zimmer möchten Sie?", "Quelle chambre souhaitez-vous ?", "¿Qué habitación desea?", "Quale camera desidera?", "Welke kamer wilt u?")},
		{Name: "breakfast", Kind: tickets.AskYesNo, Ask: worded("Would you like breakfast?", "Möchten Sie frühstücken?", "Souhaitez-vous le petit-déjeuner ?",
			"¿Desea desayuno?", "Desidera la colazione?", "Wilt u ontbijt?")},
	}}
	course = tickets.Form{Name: "course", Questions: []tickets.Question{
		{Name: "subject", Kind: tickets.AskChoice, Choices: choiceOf("Excel", "Word", "Python").Choices, Ask: worded("Which course would you like?", "Welchen Kurs möchten Sie?",
			"Quel cours souhaitez-vous ?", "¿Qué curso desea?", "Quale corso desidera?", "Welke cursus wilt u?")},
		{Name: "begin", Kind: tickets.AskDate, Ask: worded("On which day would you like to begin?", "An welchem Tag möchten Sie beginnen?", "Quel jour souhaitez-vous commencer ?",
			"¿Qué día quiere empezar?", "In che giorno vuole cominciare?", "Op welke dag wilt u beginnen?")},
		{Name: "people", Kind: tickets.AskNumber, Ask: worded("How many people take part?", "Wie viele Personen nehmen teil?", "Combien de personnes participent ?",
			"¿Cuántas personas participan?", "Quante persone partecipano?", "Hoeveel personen doen mee?")},
		{Name: "before", Kind: tickets.AskYesNo, Ask: worded("Have you been with us before?", "Waren Sie schon einmal bei uns?", "Êtes-vous déjà venus chez nous ?",
			"¿Ha estado ya con nosotros?", "È già stato da noi?", "Bent u al eens bij ons geweest?")},
		{Name: "company", Kind: tickets.AskText, Ask: worded("What is the name of your company?", "Wie heißt Ihre Firma?", "Quel est le nom de votre entreprise ?",
			"¿Cómo se llama su empresa?", "Come si chiama la sua azienda?", "Hoe heet uw bedrijf?")},
		{Name: "mail", Kind: tickets.AskEmail, Ask: worded("To which email address should the certificate go?", "An welche E-Mail-Adresse soll das Zeugnis gehen?", "À quelle adresse e-mail envoyer le certificat ?",
			"¿A qué correo electrónico enviamos el certificado?", "A quale indirizzo e-mail inviamo il certificato?", "Naar welk e-mailadres mag het certificaat?")},
	}}
	accident = tickets.Form{Name: "accident", Questions: []tickets.Question{
		{Name: "plate", Kind: tickets.AskText, Ask: worded("What is the number plate of your car?", "Wie lautet das Kennzeichen Ihres Autos?", "Quelle est la plaque de votre voiture ?",
			"¿Cuál es la matrícula de su coche?", "Qual è la targa della sua auto?", "Wat is het kenteken van uw auto?")},
		{Name: "day", Kind: tickets.AskDate, Ask: worded("When did it happen?", "Wann ist es passiert?", "Quand est-ce arrivé ?", "¿Cuándo ocurrió?", "Quando è successo?", "Wanneer is het gebeurd?")},
		{Name: "injured", Kind: tickets.AskNumber, Ask: worded("How many people were injured?", "Wie viele Personen wurden verletzt?", "Combien de personnes ont été blessées ?",
			"¿Cuántas personas resultaron heridas?", "Quante persone sono rimaste ferite?", "Hoeveel personen zijn er gewond?")},
		{Name: "police", Kind: tickets.AskYesNo, Ask: worded("Were the police there?", "War die Polizei da?", "La police est-elle venue ?", "¿Vino la policía?", "È venuta la polizia?", "Is de politie geweest?")},
		{Name: "part", Kind: tickets.AskChoice, Choices: []tickets.Choice{
			{Value: "front", Shown: worded("front", "vorne", "avant", "delante", "davanti", "voor")},
			{Value: "back", Shown: worded("back", "hinten", "arrière", "detrás", "dietro", "achter")},
			{Value: "left", Shown: worded("left", "links", "gauche", "izquierda", "sinistra", "links")},
			{Value: "right", Shown: worded("right", "rechts", "droite", "derecha", "destra", "rechts")}},
			Ask: worded("Where is the car damaged?", "Wo ist das Auto beschädigt?", "Où la voiture est-elle abîmée ?", "¿Dónde está dañado el coche?", "Dove è danneggiata l'auto?", "Waar is de auto beschadigd?")},
	}}
	missing = tickets.Form{Name: "missing", Questions: []tickets.Question{
		{Name: "order", Kind: tickets.AskText, Ask: worded("What is the order number?", "Wie lautet die Bestellnummer?", "Quel est le numéro de commande ?",
			"¿Cuál es el número de pedido?", "Qual è il numero d'ordine?", "Wat is het bestelnummer?")},
		{Name: "items", Kind: tickets.AskNumber, Ask: worded("How many items are missing?", "Wie viele Artikel fehlen?", "Combien d'articles manquent ?",
			"¿Cuántos artículos faltan?", "Quanti articoli mancano?", "Hoeveel artikelen ontbreken er?")},
		{Name: "opened", Kind: tickets.AskYesNo, Ask: worded("Was the parcel open?", "War das Paket offen?", "Le colis était-il ouvert ?", "¿Estaba abierto el paquete?", "Il pacco era aperto?", "Was het pakket open?")},
		{Name: "want", Kind: tickets.AskChoice, Choices: []tickets.Choice{
			{Value: "refund", Shown: worded("refund", "Erstattung", "remboursement", "reembolso", "rimborso", "terugbetaling")},
			{Value: "replacement", Shown: worded("replacement", "Ersatz", "remplacement", "reemplazo", "sostituzione", "vervanging")},
			{Value: "voucher", Shown: worded("voucher", "Gutschein", "bon d'achat", "vale", "buono", "tegoedbon")}},
			Ask: worded("What would you like?", "Was möchten Sie?", "Que souhaitez-vous ?", "¿Qué desea?", "Che cosa desidera?", "Wat wilt u?")},
		{Name: "delivered", Kind: tickets.AskDate, Ask: worded("When was it delivered?", "Wann wurde es geliefert?", "Quand a-t-il été livré ?",
			"¿Cuándo se entregó?", "Quando è stato consegnato?", "Wanneer is het bezorgd?")},
	}}
)

// leastTraps is how many of the values in the replies have to be found: what has been reached.
const leastTraps = 38

// Replies that a careful human reads for certain, and that may trap a program. None may be read wrong.
func TestTraps(t *testing.T) {
	right, all, values, given := 0, 0, 0, 0
	for _, c := range []struct {
		form       *tickets.Form
		lang, body string
		want       string
	}{
		// Repairs, English.
		{&repair, "en", "My phone is broken so please answer by mail.\nThe tablet is the one you should repair. I bought it on 3 February, it never fell.", "device=tablet|bought=2026-02-03|fell=no"},
		{&repair, "en", "It cost 349 euros. My sister paid 299 for hers, also a laptop.\nWe bought mine on 12 January.\nIf it had been dropped I would not ask you for a warranty repair.", "device=laptop|price=349|bought=2026-01-12|fell=no"},
		{&repair, "en", "First I thought it cost 199 euros, but the bill says 219.\nThe shop's number is SH-20931, the serial number I cannot read.\nI could send photos if you like.", "price=219"},
		{&repair, "en", "Which serial number do you mean, the one on the box (BX-1120) or the one under the battery?\nIt's the laptop.\nMy son says he dropped it, but he always says that about everything.", "device=laptop"},
		{&repair, "en", "1. the laptop, not the tablet\n2. last year some time\n3. my wife says no, I am not sure\n4. SN-88121-K\n5. between 400 and 500\n6. see my signature\n\nJohn Poe\njohn@poe.example", "device=laptop|serial=SN-88121-K"},
		{&repair, "en", "I had a tablet repaired by you in 2024 under serial number T-100-44. This time it is my phone.\nThe phone was bought on 1 March 2026. Dropped? Not as far as anybody here knows.", "device=phone|bought=2026-03-01"},
		{&repair, "en", "Oh great, another form. Yes of course I dropped my own laptop from the roof for fun, what do you think?\nSerial number: L-4400-91\nPrice: too much", "serial=L-4400-91"},
		{&repair, "en", "> Has it been dropped?\n> Answer yes or no.\nI won't say until you tell me whether it matters.\n> What did it cost in euros?\n420 dollars", ""},
		{&repair, "en", "Please don't write to old@poe.example any more, that mailbox is closed. Use new@poe.example.\nSerial number is the same as last time.", "mail=new@poe.example"},
		{&repair, "en", "It was bought two days before my birthday, and my birthday is 14 February.\nThe serial number starts with QX but the rest is scratched off.\nNo, it was not dropped.", "bought=2026-02-12|fell=no"},
		// Repairs, German.
		{&repair, "de", "Rufen Sie mich bitte nicht an, mein Telefon ist auch kaputt. Es geht um den Laptop.\nGekauft am 2. Februar, gestern fiel es zum ersten Mal aus.", "device=laptop|bought=2026-02-02"},
		{&repair, "de", "Das Tablet meiner Frau haben Sie letzte Woche repariert, jetzt ist mein Laptop dran.\nGekostet hat er 899 Euro, die Garantieverlängerung noch einmal 79.\nHeruntergefallen ist nur die Maus.", "device=laptop|price=899"},
		{&repair, "de", "Seriennummer steht auf dem Karton, den ich nicht mehr habe.\nDie Rechnung Nr. 2026-118 ist vom 5. Januar, gekauft habe ich das Gerät aber schon am 3. Januar.", "bought=2026-01-03"},
		{&repair, "de", "1. Laptop\n2. am 30. oder 31. Januar\n3. Es ist mir nicht bekannt, dass es heruntergefallen wäre\n4. wie beim letzten Mal\n5. 450, mit Tasche 480\n6. die übliche", "device=laptop"},
		{&repair, "de", "Wenn es heruntergefallen wäre, hätte ich es Ihnen gesagt. Ist die Garantie davon abhängig?\nPreis: 300 Euro\nSeriennummer: 0815-A", "fell=no|price=300|serial=0815-A"},
		{&repair, "de", "Heruntergefallen? Ja nee, ist klar. Das Ding stand immer auf dem Tisch.\nTelefonisch bin ich ab 18 Uhr erreichbar.", "fell=no"},
		{&repair, "de", "An meine@post.example bitte nicht mehr schreiben, sondern an neue@post.example.\nGekauft vor dem 1. März, genauer weiß ich es nicht.", "mail=neue@post.example"},
		// Repairs, French.
		{&repair, "fr", "Mon téléphone ne marche plus, donc écrivez-moi. C'est l'ordinateur qu'il faut réparer.\nAcheté le 4 février, il n'est jamais tombé.", "device=laptop|bought=2026-02-04|fell=no"},
		{&repair, "fr", "Il a coûté 350 euros, ou plutôt 380 avec la housse.\nLe vendeur dit qu'il est tombé, moi je dis que non.\nNuméro de série : je vous l'envoie demain.", ""},
		{&repair, "fr", "Pas la tablette, elle fonctionne. L'ordinateur.\nSi jamais il était tombé, est-ce que vous le répareriez quand même ?", "device=laptop"},
		{&repair, "fr", "La facture est datée du 12 mars 2025 mais je l'ai acheté le 10 mars 2025.\nMon numéro de client est 55120.\nPeu importe le prix.", "bought=2025-03-10"},
		{&repair, "fr", "Non, non et non, il n'est pas tombé !\nN'écrivez pas à paul@poste.example, c'est l'adresse de mon fils.", "fell=no"},
		// Repairs, Spanish, Italian, Dutch.
		{&repair, "es", "Mi teléfono está roto y por eso no pueden llamarme. Lo que hay que reparar es la tableta.\nLa compré el 2 de febrero.", "device=tablet|bought=2026-02-02"},
		{&repair, "es", "Costó 300 euros, no 350 como dije ayer.\nNo creo que se haya caído.\nSe lo pregunto a mi hijo y le digo el número de serie.", "price=300"},
		{&repair, "es", "¿El número de serie es el de la caja? En la caja pone CJ-2210.\nSi se hubiera caído, se lo diría.", "fell=no"},
		{&repair, "it", "Il mio telefono è rotto, quindi scrivetemi. Da riparare è il portatile.\nL'ho comprato il 5 febbraio, mai caduto.", "device=laptop|bought=2026-02-05|fell=no"},
		{&repair, "it", "È costato 400 euro, mio fratello ne ha pagati 350.\nSe fosse caduto lo saprei.\nNumero di serie come l'altra volta.", "price=400|fell=no"},
		{&repair, "it", "Non è il tablet ma il portatile.\nLa garanzia vale fino al 20 maggio 2026.\nIl numero di serie non si legge più.", "device=laptop"},
		{&repair, "nl", "Mijn telefoon is stuk, dus bellen heeft geen zin. Het gaat om de laptop.\nIk heb hem op 6 februari gekocht, hij is niet gevallen.", "device=laptop|bought=2026-02-06|fell=no"},
		{&repair, "nl", "Hij kostte 250 euro, die van mijn zus 300.\nHet valt me op dat u dit al eerder vroeg.\nHet serienummer zoek ik nog op.", "price=250"},
		{&repair, "nl", "Niet naar oud@post.example schrijven, maar naar nieuw@post.example.\nAls hij gevallen was, had ik dat gezegd.", "mail=nieuw@post.example|fell=no"},
		// Stays.
		{&stay, "en", "The guest's name is Ada Poe, I am only her assistant, Max Muster.\nShe arrives on 20 March, not before. Her colleague comes on the 22nd for three nights.\nBreakfast: what does it cost?", "guest=Ada Poe|arrival=2026-03-20"},
		{&stay, "en", "We arrive not before the 20th, probably the 21st.\nThree nights, if my boss agrees four.\nA double, unless the suite is free.", ""},
		{&stay, "en", "Last time we had a double for 2 nights, and every single morning the breakfast was cold.\nThis time no breakfast, please. Five nights.", "nights=5|breakfast=no"},
		{&stay, "en", "Arrival the week of 20 April. One night or two.\nEvery single room I had with you was noisy, so a suite please.", "room=suite"},
		{&stay, "en", "Is breakfast included? If yes, yes. If not, no.\nArrival 24 March 2026, departure 27 March 2026.", "arrival=2026-03-24|nights=3"},
		{&stay, "en", "I'd double-check the date with my wife before I say anything.\nGuest's name: Tom Poe\nRoom: same as last time\nBreakfast: only if it is vegan", "guest=Tom Poe"},
		{&stay, "en", "1. as in my first mail\n2. 18 March instead of 16 March\n3. 2 instead of 4\n4. not the suite\n5. not needed", "arrival=2026-03-18|nights=2|breakfast=no"},
		{&stay, "en", "Our flight BA 2490 lands on 19 March at 23:40, so we arrive at yours on 20 March, after midnight.\nWe leave on the 25th.", "arrival=2026-03-20|nights=5"},
		{&stay, "en", "You wrote: \"We have a suite free from 18 March for 4 nights with breakfast.\" That is too dear for us.\nA single will do.", "room=single"},
		{&stay, "en", "Originally we wanted to come on 2 April. That doesn't work any more. We will tell you the new date on 15 March.\nTwo nights as before.", "nights=2"},
		{&stay, "en", "Booking code 20 03 26\nGuest's name: Eva Poe\nArrival: to be confirmed by 20 March\nNights: 2 (two)\nRoom: single or double, whichever is cheaper", "guest=Eva Poe|nights=2"},
		{&stay, "de", "Anreise frühestens am 20. März, spätestens am 23.\nMeine Kollegin bleibt 3 Nächte, ich nur eine.\nFrühstück gern, falls im Preis enthalten.", "nights=1"},
		{&stay, "de", "Letztes Jahr hatten wir ein Doppelzimmer und 4 Nächte. Diesmal bitte ein Einzelzimmer für 2 Nächte.\nGefrühstückt wird bei der Tante.", "room=single|nights=2|breakfast=no"},
		{&stay, "de", "Anreise in der Woche vom 20. April.\nEin Doppelzimmer brauchen wir nicht.\nBis wann müssen Sie das wissen?", ""},
		{&stay, "de", "Der Gast heißt nicht Meier, sondern Maier, Hans Maier.\nFrühstück möchte er keins.", "guest=Hans Maier|breakfast=no"},
		{&stay, "de", "1. wie gehabt\n2. Di oder Mi nächste Woche\n3. zwei, höchstens drei\n4. egal, Hauptsache keine Suite\n5. ja, aber erst ab dem zweiten Tag", "breakfast=yes"},
		{&stay, "de", "Hätten Sie am 20. März noch eine Suite frei? Sonst kommen wir am 27.\nMit Frühstück natürlich.", "breakfast=yes"},
		{&stay, "de", "Wir würden 3 Nächte bleiben, wenn das Wetter gut wird, sonst gar nicht kommen.\nDas Einzelzimmer hat Herr Roth, ich nehme die Suite.", "room=suite"},
		{&stay, "de", "Am 12. März rufe ich Sie wegen der Anreise an.\nZimmer 204 wäre schön, das ist ein Doppelzimmer.\nFrühstück: Wie früh gibt es das denn?", "room=double"},
		{&stay, "fr", "Nous arrivons au plus tôt le 20 mars.\nLa dernière fois nous étions restés trois nuits, cette fois-ci deux.\nC'est simple : une suite.", "nights=2|room=suite"},
		{&stay, "fr", "Une chambre double, pas deux simples.\nDeux nuits, du 20 au 22 mars.\nLe petit-déjeuner, seulement s'il est compris.", "room=double|nights=2|arrival=2026-03-20"},
		{&stay, "fr", "Le client s'appelle Luc Roy, je suis sa secrétaire, Anne Petit.\nIl n'arrive pas le 18 mais le 19 mars.\nIl ne prend jamais de petit-déjeuner.", "guest=Luc Roy|arrival=2026-03-19|breakfast=no"},
		{&stay, "fr", "Avez-vous une suite pour le 25 mars ? Si oui, combien coûte-t-elle ?\nSans réponse de votre part, je prendrai une simple.", ""},
		{&stay, "fr", "La semaine du 20 avril, trois ou quatre nuits.\nComme la dernière fois pour la chambre.\nEt oui, toujours pas de petit-déjeuner pour moi.", "breakfast=no"},
		{&stay, "fr", "Nous avions dit le 20 mars, c'est reporté au 27 mars.\nMes parents veulent une suite, nous une double.\nNuits : à voir", "arrival=2026-03-27|room=double"},
		{&stay, "es", "No llegamos antes del 20 de marzo.\nLa otra vez estuvimos tres noches, esta vez dos.\nNo queremos la suite sino la doble.", "nights=2|room=double"},
		{&stay, "es", "Llego el 20 de marzo y mi jefe el 21.\nSe quedará cuatro noches, yo solo una.\nEl desayuno, solo si está incluido.", "arrival=2026-03-20|nights=1"},
		{&stay, "es", "¿Tienen una individual para el 25 de marzo? Si no, esperamos a abril.\nComo siempre sin desayuno.", "breakfast=no"},
		{&stay, "es", "La semana del 20 de abril, más o menos tres noches.\nEl huésped no se llama Ruiz, se llama Ana Ruz.", "guest=Ana Ruz"},
		{&stay, "it", "Non arriviamo prima del 20 marzo.\nL'anno scorso siamo rimasti tre notti, stavolta due.\nNon la suite ma la doppia.", "nights=2|room=double"},
		{&stay, "it", "Arrivo il 20 marzo, mia moglie il 21.\nLa colazione solo se è compresa.\nAvete una singola? Altrimenti vediamo.", "arrival=2026-03-20"},
		{&stay, "it", "L'ospite si chiama Ugo Neri; io sono Carla, la segretaria.\nResta dal 18 al 21 marzo.\nColazione no, grazie, la fa in ufficio.", "guest=Ugo Neri|arrival=2026-03-18|nights=3|breakfast=no"},
		{&stay, "nl", "We komen niet voor 20 maart aan.\nVorige keer bleven we drie nachten, deze keer twee.\nGeen suite maar een tweepersoonskamer.", "nights=2|room=double"},
		{&stay, "nl", "Ik kom op 20 maart aan, mijn collega op 21 maart.\nHij blijft vier nachten, ik één.\nOntbijt alleen als het inbegrepen is.", "arrival=2026-03-20|nights=1"},
		{&stay, "nl", "Hebt u nog een suite vrij op 25 maart? Anders komen we in april.\nZonder ontbijt, zoals altijd.", "breakfast=no"},
		// Courses.
		{&course, "en", "I excel at many things, in a word, but not at programming. So Python, please.\nThere will be 4 of us; 2 more may join later.", "subject=Python"},
		{&course, "en", "Please find the list in the Word file. We want the Excel course.\nWe start on 1 April, no joke.\nMy boss has been with you before, I have not.", "subject=Excel|begin=2026-04-01|before=no"},
		{&course, "en", "Six people take part, of whom 2 are from our company Poe Ltd and 4 from Acme.\nCertificates to hr@poe.example, questions to me at max@customer.example.", "people=6|company=Poe Ltd|mail=hr@poe.example"},
		{&course, "en", "We were 8 last year, this year we are only 5.\nYou offered 16 March, that is too early; 23 March suits us.\nNo, we were never with you before 2025.", "people=5|begin=2026-03-23"},
		{&course, "en", "If the Python course begins on 20 April, we take it; otherwise Excel.\nHow many people fit in? We could be 10.", ""},
		{&course, "en", "Any day but 20 March.\nPeople: 5-7\nCourse: not Word\nBefore: don't ask me, I am new here\nCompany: the one in the signature\n\nEva Poe\nPoe & Sons, 12 High Street", ""},
		{&course, "en", "Do not send the certificate to info@poe.example. My own address is eva@poe.example, but the certificate should go to hr@poe.example.", "mail=hr@poe.example"},
		{&course, "en", "We are a company of 250 people, and 3 of them take part.\nPO 45 00 12 98\nBegin: Monday 16 March, or a week later if that's full", "people=3"},
		{&course, "en", "On 2 March you asked how many people take part. As I said on the phone: nobody knows yet.\nOur company is called First Monday Ltd.", "company=First Monday Ltd"},
		{&course, "en", "Have we been with you before? Ask your own records!\nThe Excel course was terrible last time, so this time Word.", "subject=Word"},
		{&course, "de", "Excel können wir schon, Word auch. Bleibt also Python.\nWir sind 12 in der Abteilung, teilnehmen werden 5.\nBeginnen möchten wir am 13. April, nicht schon am 6.", "subject=Python|people=5|begin=2026-04-13"},
		{&course, "de", "Die Teilnehmerliste ist als Word-Datei angehängt.\nWir waren noch nie bei Ihnen, unsere Schwesterfirma schon.\nBeginn ab dem 20. April, jeder Montag passt.", "before=no"},
		{&course, "de", "1. Den Kurs, den auch Frau Roth hatte\n2. nach Ostern\n3. 3 bis 4, Herr Maier ist noch unschlüssig\n4. Ich ja, die anderen nicht\n5. Poe GmbH (früher Roe AG)\n6. zeugnis@poe.example, bitte nicht an mich", "company=Poe GmbH|mail=zeugnis@poe.example"},
		{&course, "de", "Wir wären zu sechst, wenn der Kurs unter 500 Euro kostet.\nUnser Kundenberater war am 3. März hier und nannte den 30. März. Da können wir aber nicht.", ""},
		{&course, "de", "Nehmen Sie bitte nicht die Adresse von Herrn Roe (roe@poe.example), sondern meine: eva@poe.example.\nBei Ihnen waren wir übrigens schon dreimal.", "mail=eva@poe.example|before=yes"},
		{&course, "de", "Statt Word nun doch Excel. Statt 4 nun 6 Personen.\nDer Termin bleibt wie besprochen.", "subject=Excel|people=6"},
		{&course, "de", "Am 20. März geht es nicht, am 27. auch nicht. Am 3. April?\nFirma: siehe Briefkopf\nPersonen: je nachdem", ""},
		{&course, "fr", "Ci-joint la liste au format Word. Nous voulons le cours Excel.\nNous sommes 20 dans l'équipe, 4 participent.\nMon chef est déjà venu chez vous, pas moi.", "subject=Excel|people=4|before=no"},
		{&course, "fr", "L'année dernière nous étions 6, cette année nous serons 3.\nN'importe quel jour sauf le 20 mars.\nLe certificat n'est pas pour moi : rh@poste.example", "people=3|mail=rh@poste.example"},
		{&course, "fr", "Si le cours Python a lieu le 20 avril, nous le prenons.\nCombien de personnes acceptez-vous ? Nous pourrions être 10.", ""},
		{&course, "fr", "Le 23 mars, et non le 16 mars comme indiqué dans votre courriel.\nNotre entreprise s'appelle Deux Mars SARL.", "begin=2026-03-23|company=Deux Mars SARL"},
		{&course, "es", "Adjunto la lista en Word. Queremos el curso de Excel.\nSomos 15 en la empresa, participan 4.\nYo no he estado nunca con ustedes, mi jefa sí.", "subject=Excel|people=4|before=no"},
		{&course, "es", "El año pasado fuimos 6, este año seremos 3.\nCualquier día menos el 20 de marzo.\nSi hay plaza en Python, Python; si no, nada.", "people=3"},
		{&course, "es", "El 23 de marzo y no el 16 de marzo, como dice su correo.\nEl certificado no va a ana@correo.example sino a rrhh@correo.example.", "begin=2026-03-23|mail=rrhh@correo.example"},
		{&course, "it", "In allegato l'elenco in Word. Vogliamo il corso di Excel.\nIn azienda siamo 15, partecipano in 4.\nIl mio capo è già stato da voi, io no.", "subject=Excel|people=4|before=no"},
		{&course, "it", "L'anno scorso eravamo 6, quest'anno saremo 3.\nQualsiasi giorno tranne il 20 marzo.\nPotrei mandarvi l'elenco entro il 15 marzo.", "people=3"},
		{&course, "it", "Il 23 marzo e non il 16 marzo come scritto nella vostra mail.\nSe c'è posto per Python bene, altrimenti niente.", "begin=2026-03-23"},
		{&course, "nl", "De lijst is als Word-bestand bijgevoegd. We willen de cursus Excel.\nWe zijn met 15 op kantoor, 4 doen mee.\nMijn baas is al eens bij u geweest, ik niet.", "subject=Excel|people=4|before=no"},
		{&course, "nl", "Vorig jaar waren we met 6, dit jaar met 3.\nElke dag behalve 20 maart.\nIk kan u de lijst voor 15 maart sturen.", "people=3"},
		{&course, "nl", "23 maart en niet 16 maart, zoals in uw mail staat.\nAls er plaats is bij Python graag, anders niets.", "begin=2026-03-23"},
		// Accidents.
		{&accident, "en", "The other car's number plate is KX 19 ABC, mine is LD 55 POE.\nIt happened last Friday. I'll be back on 16 March.\nRight, the police. They said they would come but never did.", "plate=LD 55 POE|day=2026-03-06|police=no"},
		{&accident, "en", "I left the car at the garage. The damage is at the back, right where the logo is.\nNobody was injured in our car, 2 in the other one.", "part=back"},
		{&accident, "en", "My neighbour thinks it happened on 3 March, but I was away until 5 March, so it was the day after that.\nThe police came, though not because of us.", "day=2026-03-06"},
		{&accident, "en", "Three people were in the car, one of them was injured.\nIf the police had been there I would have a report.\nThe front is fine.", "injured=1|police=no"},
		{&accident, "en", "All right, here we go: it happened on 28 February at 17:30 in 12 Mill Lane.\nThe left door opens, the right one doesn't any more since then.", "day=2026-02-28|part=right"},
		{&accident, "en", "My front door was hit by mail from you three times now. What more do you want?\nThe car: see photo.", ""},
		{&accident, "en", "Police? You must be joking. In this town?\nDamage: front, or rather left, where the wheel is\nInjured: 0 (my pride apart)\nDay: the Tuesday before last", "injured=0|part=left"},
		{&accident, "en", "The report of 4 March says 3 March. Both are wrong: it was on 2 March.\nShould I call the police now?\nReference: 26 03 02 11", "day=2026-03-02"},
		{&accident, "en", "1) Not at hand, I'll send it\n2) the night from 1 to 2 March\n3) none of us, the dog was\n4) yes and no, they drove past\n5) back to front, everything", "injured=0"},
		{&accident, "de", "Das Kennzeichen des Gegners ist B-XY 123, meins ist HH-AB 77.\nEs hat links gestanden und rechts den Schaden bekommen.\nPolizei hatten wir gerufen, gekommen ist sie nicht.", "plate=HH-AB 77|part=right|police=no"},
		{&accident, "de", "Vorne weg: Danke für die schnelle Antwort!\nPassiert ist es nicht gestern, sondern vorgestern.\nVerletzt wurden zum Glück nicht die 3 Kinder, sondern nur ich.", "day=2026-03-08|injured=1"},
		{&accident, "de", "Der Unfall war am 2. März, gemeldet habe ich ihn am 4. März bei Frau Roth.\nHätte ich die Polizei rufen müssen?\nDas stimmt hinten und vorne nicht, was in Ihrem Brief steht.", "day=2026-03-02"},
		{&accident, "de", "1. Kennzeichen wie im Vertrag\n2. Letzte Woche, Dienstag oder Mittwoch\n3. einer leicht, falls ein blauer Fleck zählt\n4. Nein, die Feuerwehr\n5. nicht vorne", "police=no"},
		{&accident, "de", "Die Polizei war erst am nächsten Tag da, am 7. März.\nEs waren 4 Personen im Auto, verletzt wurde keine.", "police=yes|day=2026-03-06|injured=0"},
		{&accident, "de", "Angeblich war die Polizei da, gesehen habe ich sie nicht.\nIch fahre rechts, er kommt von links, und dann war meine Stoßstange hinten ab.", "part=back"},
		{&accident, "fr", "La plaque de l'autre voiture est AB-123-CD, la mienne EF-456-GH.\nAvant de répondre, une question : qui paie ?\nLa police n'est arrivée que le lendemain.", "plate=EF-456-GH|police=yes"},
		{&accident, "fr", "C'est arrivé avant le 3 mars, mais je ne sais plus quel jour.\nÀ gauche il n'y a rien, c'est l'arrière qui est enfoncé.\nNous étions 4, dont 1 blessé.", "part=back|injured=1"},
		{&accident, "fr", "Votre lettre du 5 mars parle du 3 mars, or c'était le 2 mars.\nAurais-je dû appeler la police ?\nVous avez tout à fait le droit de demander, allez tout droite ligne.", "day=2026-03-02"},
		{&accident, "es", "La matrícula del otro es 1234 BCD, la mía es 5678 FGH.\nAntes de nada, gracias. La policía no vino.\nA la izquierda no tiene nada, el golpe es detrás.", "plate=5678 FGH|police=no|part=back"},
		{&accident, "es", "Íbamos 4 en el coche y solo hubo 1 herido.\nNo fue ayer sino anteayer.\n¿Debería haber llamado a la policía?", "injured=1|day=2026-03-08"},
		{&accident, "it", "La targa dell'altro è AB 123 CD, la mia è EF 456 GH.\nDavanti a casa mia, il 2 marzo. La polizia non è venuta.\nIl danno è dietro.", "plate=EF 456 GH|day=2026-03-02|police=no|part=back"},
		{&accident, "it", "Eravamo in 4, ferito solo uno.\nNon ieri ma l'altro ieri.\nAvrei dovuto chiamare la polizia?", "injured=1|day=2026-03-08"},
		{&accident, "nl", "Het kenteken van de ander is 12-ABC-3, het mijne 45-DEF-6.\nIk stond voor het huis, en van achter kwam er een fiets.\nDe politie is niet geweest.", "plate=45-DEF-6|police=no"},
		{&accident, "nl", "We zaten met 4 in de auto, 1 is gewond.\nNiet gisteren maar eergisteren.\nHad ik de politie moeten bellen?", "injured=1|day=2026-03-08"},
		// Missing things.
		{&missing, "en", "Order number 45 00 12 98. I ordered 10 and got 7.\nI don't want a voucher, and a replacement would come too late.", "order=45 00 12 98|items=3|want=refund"},
		{&missing, "en", "My order AB-1001 was fine. It is AB-1002 where 2 items are missing.\nDelivered on 6 March, though your mail said 4 March.\nI could send photos of the open parcel.", "order=AB-1002|items=2|delivered=2026-03-06|opened=yes"},
		{&missing, "en", "Two of the five items arrived.\nThe box was not open when I got it; I opened it myself.\nRefund? You promised me one for my last order and I am still waiting. A replacement this time.", "items=3|opened=no|want=replacement"},
		{&missing, "en", "Not a single item is missing, they are all broken!\nIt was to be delivered on 3 March, came on the 5th.\nA refund would be nice, but a replacement is what we need.", "items=0|delivered=2026-03-05|want=replacement"},
		{&missing, "en", "First the socks are missing.\nSecond the parcel was closed.\nThird I want my money back.\nFourth, the driver was rude.", "opened=no|want=refund"},
		{&missing, "en", "If the replacement can be here by 20 March, a replacement; if not, a refund.\nOrder number: the one in the subject of your mail", ""},
		{&missing, "en", "Sure, another voucher, exactly what I always wanted!\nDelivered? Let's see: my tracking says 2 March, my doorbell says never.\nItems missing: all", ""},
		{&missing, "en", "Invoice 2026-03-01, customer 77120, order number MO 4471 2.\nThe neighbour took it in on 4 March and gave it to me on 6 March.", "order=MO 4471 2"},
		{&missing, "en", "1. no idea\n2. 2, no sorry, 3\n3. no idea, my wife took it\n4. anything but a voucher\n5. yesterday week", "items=3"},
		{&missing, "de", "Bestellnummer 45 00 12 98. Von 10 Artikeln kamen 8 an.\nGutschein kommt nicht in Frage, ich möchte auch keinen Ersatz, sondern mein Geld zurück.", "order=45 00 12 98|items=2|want=refund"},
		{&missing, "de", "Bei Bestellung A-1 fehlte nichts, bei A-2 fehlen 2 Artikel.\nLaut Sendungsverfolgung am 3. März geliefert, tatsächlich am 5.\nDas Paket war wohl offen, sagt der Nachbar.", "order=A-2|items=2|delivered=2026-03-05"},
		{&missing, "de", "Ich bin für alles offen, am liebsten aber Ersatz.\nEs fehlen weder 2 noch 3, sondern 4 Artikel.\nNicht vor dem 20. März liefern bitte.", "items=4|want=replacement"},
		{&missing, "de", "Wenn Sie bis zum 15. März keinen Ersatz liefern, will ich eine Erstattung.\nOffen gesagt: Das Paket war zu.", "opened=no"},
		{&missing, "de", "1. liegt mir nicht vor\n2. einer von drei\n3. nein, erst ich habe es geöffnet\n4. Ersatz, notfalls Gutschein\n5. heute vor einer Woche", "items=1|opened=no|delivered=2026-03-03|want=replacement"},
		{&missing, "de", "Geliefert werden sollte am 2. März. Gekommen ist bis heute nichts.\nGutschein? Nein danke. Ersatz? Auch nicht.", ""},
		{&missing, "fr", "J'ai commandé 10 articles, il en manque 2.\nPas de bon d'achat, merci. Un remboursement.\nLe colis devait arriver le 3 mars, il a été livré le 5 mars.", "items=2|want=refund|delivered=2026-03-05"},
		{&missing, "fr", "La commande A-1 est complète, c'est la A-2 qui pose problème.\nLe colis n'était pas ouvert, c'est moi qui l'ai ouvert.\nSi vous pouvez livrer avant le 20 mars, un remplacement, sinon un remboursement.", "order=A-2|opened=no"},
		{&missing, "fr", "Encore un bon d'achat, quelle bonne idée !\nLe voisin l'a reçu le 4 mars et me l'a donné le 6 mars.", ""},
		{&missing, "es", "Pedí 10 artículos y faltan 2.\nNo quiero un vale; prefiero el reembolso.\nTenía que llegar el 3 de marzo, se entregó el 5 de marzo.", "items=2|want=refund|delivered=2026-03-05"},
		{&missing, "es", "El pedido A-1 está bien, el problema es el A-2.\n¿No vale la pena mandar fotos? Podría mandarlas.\nSi puede llegar antes del 20 de marzo, un reemplazo.", "order=A-2"},
		{&missing, "it", "Ho ordinato 10 articoli e ne mancano 2.\nNiente buono, preferisco il rimborso.\nDoveva arrivare il 3 marzo, è stato consegnato il 5 marzo.", "items=2|want=refund|delivered=2026-03-05"},
		{&missing, "it", "Buono il caffè, meno buono il servizio.\nIl pacco non era aperto, l'ho aperto io.\nMancano 2 o 3 articoli.", "opened=no"},
		{&missing, "nl", "Ik heb 10 artikelen besteld, er ontbreken er 2.\nGeen tegoedbon, liever een terugbetaling.\nHet zou op 3 maart komen, het is op 5 maart bezorgd.", "items=2|want=refund|delivered=2026-03-05"},
		{&missing, "nl", "Bestelling A-1 is in orde, het gaat om A-2.\nHet pakket was niet open, ik heb het zelf opengemaakt.\nAls het voor 20 maart kan, een vervanging, anders niet.", "order=A-2|opened=no"},
	} {
		m := mailOf(t, "text/plain", c.body)
		var open []int
		for i := range c.form.Questions {
			open = append(open, i)
		}
		got := Read(c.form, open, m, When{Now: tuesday, Language: c.lang})
		want := map[string]string{}
		for _, p := range strings.Split(c.want, "|") {
			if k, v, ok := strings.Cut(p, "="); ok {
				want[k] = v
			}
		}
		wrong, whole := "", true
		for i := range c.form.Questions {
			name := c.form.Questions[i].Name
			v, ok := got.Values[name]
			w, said := want[name]
			if said {
				given++
			}
			switch {
			case !ok && said:
				whole = false
			case ok && !said:
				wrong += fmt.Sprintf("; %s=%q is not said", name, v)
			case ok && strings.Trim(v, " .") != w:
				wrong += fmt.Sprintf("; %s=%q, want %q", name, v, w)
			case ok:
				values++
			}
		}
		all++
		switch {
		case wrong != "":
			t.Errorf("%s %s %q%s", c.form.Name, c.lang, c.body, wrong)
		case whole:
			right++
		}
	}
	t.Logf("%d of %d values are found, %d of %d replies are read as a whole", values, given, right, all)
	if values < leastTraps {
		t.Errorf("%d of %d values are found, want at least %d", values, given, leastTraps)
	}
}
