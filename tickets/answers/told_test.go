package answers

import (
	"strings"
	"testing"

	"tierdesk/tickets"
)

// Forms of other trades than those of the ways of answering.
var (
	hire = tickets.Form{Name: "hire", Questions: []tickets.Question{
		{Name: "contract", Kind: tickets.AskText, Ask: worded("What is your contract number?", "Wie lautet Ihre Vertragsnummer?", "Quel est votre numéro de contrat ?",
			"¿Cuál es su número de contrato?", "Qual è il suo numero di contratto?", "Wat is uw contractnummer?")},
		{Name: "make", Kind: tickets.AskChoice, Choices: choiceOf("Bosch", "Makita", "Hilti").Choices, Ask: worded("Which make is the drill?", "Welche Marke hat die Bohrmaschine?",
			"De quelle marque est la perceuse ?", "¿De qué marca es el taladro?", "Di che marca è il trapano?", "Van welk merk is de boormachine?")},
		{Name: "returned", Kind: tickets.AskDate, Ask: worded("When did you bring it back?", "Wann haben Sie sie zurückgebracht?", "Quand l'avez-vous rapportée ?",
			"¿Cuándo la devolvió?", "Quando l'ha riportato?", "Wanneer hebt u hem teruggebracht?")},
		{Name: "days", Kind: tickets.AskNumber, Ask: worded("How many days did you use it?", "Wie viele Tage haben Sie sie benutzt?", "Combien de jours l'avez-vous utilisée ?",
			"¿Cuántos días la usó?", "Per quanti giorni l'ha usato?", "Hoeveel dagen hebt u hem gebruikt?")},
		{Name: "case", Kind: tickets.AskYesNo, Ask: worded("Was the case with it?", "War der Koffer dabei?", "La mallette était-elle avec ?",
			"¿Estaba el maletín?", "C'era la valigetta?", "Zat de koffer erbij?")},
		{Name: "mail", Kind: tickets.AskEmail, Optional: true, Ask: worded("To which email address should the invoice go?", "An welche E-Mail-Adresse soll die Rechnung gehen?",
			"À quelle adresse e-mail envoyer la facture ?", "¿A qué correo electrónico enviamos la factura?", "A quale indirizzo e-mail inviamo la fattura?", "Naar welk e-mailadres mag de factuur?")},
	}}
	vaccination = tickets.Form{Name: "vaccination", Questions: []tickets.Question{
		{Name: "child", Kind: tickets.AskText, Ask: worded("What is the child's name?", "Wie heißt das Kind?", "Comment s'appelle l'enfant ?",
			"¿Cómo se llama el niño?", "Come si chiama il bambino?", "Hoe heet het kind?")},
		{Name: "day", Kind: tickets.AskDate, Ask: worded("On which day would you like to come?", "An welchem Tag möchten Sie kommen?", "Quel jour souhaitez-vous venir ?",
			"¿Qué día quiere venir?", "In che giorno vuole venire?", "Op welke dag wilt u komen?")},
		{Name: "persons", Kind: tickets.AskNumber, Ask: worded("How many people will come?", "Wie viele Personen kommen?", "Combien de personnes viendront ?",
			"¿Cuántas personas vendrán?", "Quante persone verranno?", "Hoeveel personen komen er?")},
		{Name: "parking", Kind: tickets.AskYesNo, Ask: worded("Do you need a parking space?", "Brauchen Sie einen Parkplatz?", "Avez-vous besoin d'une place de parking ?",
			"¿Necesita una plaza de aparcamiento?", "Le serve un posto auto?", "Hebt u een parkeerplaats nodig?")},
		{Name: "insurance", Kind: tickets.AskText, Ask: worded("What is the insurance number?", "Wie lautet die Versichertennummer?", "Quel est le numéro d'assuré ?",
			"¿Cuál es el número de asegurado?", "Qual è il numero di assicurazione?", "Wat is het verzekeringsnummer?")},
	}}
	boiler = tickets.Form{Name: "boiler", Questions: []tickets.Question{
		{Name: "fault", Kind: tickets.AskText, Ask: worded("What does not work?", "Was funktioniert nicht?", "Qu'est-ce qui ne fonctionne pas ?",
			"¿Qué no funciona?", "Che cosa non funziona?", "Wat werkt er niet?")},
		{Name: "since", Kind: tickets.AskDate, Ask: worded("Since when?", "Seit wann?", "Depuis quand ?", "¿Desde cuándo?", "Da quando?", "Sinds wanneer?")},
		{Name: "rooms", Kind: tickets.AskNumber, Ask: worded("How many rooms are cold?", "Wie viele Zimmer sind kalt?", "Combien de pièces sont froides ?",
			"¿Cuántas habitaciones están frías?", "Quante stanze sono fredde?", "Hoeveel kamers zijn koud?")},
		{Name: "off", Kind: tickets.AskYesNo, Ask: worded("Is the boiler switched off?", "Ist die Heizung ausgeschaltet?", "La chaudière est-elle éteinte ?",
			"¿Está apagada la caldera?", "La caldaia è spenta?", "Is de ketel uitgeschakeld?")},
		{Name: "cause", Kind: tickets.AskText, Optional: true, Ask: worded("What was the cause?", "Was war die Ursache?", "Quelle était la cause ?",
			"¿Cuál fue la causa?", "Qual è stata la causa?", "Wat was de oorzaak?")},
	}}
	account = tickets.Form{Name: "account", Questions: []tickets.Question{
		{Name: "meter", Kind: tickets.AskText, Ask: worded("What is the meter number?", "Wie lautet die Zählernummer?", "Quel est le numéro du compteur ?",
			"¿Cuál es el número del contador?", "Qual è il numero del contatore?", "Wat is het meternummer?")},
		{Name: "reading", Kind: tickets.AskNumber, Ask: worded("What does the meter say?", "Was zeigt der Zähler?", "Qu'indique le compteur ?",
			"¿Qué marca el contador?", "Che cosa segna il contatore?", "Wat geeft de meter aan?")},
		{Name: "iban", Kind: tickets.AskText, Ask: worded("What is your IBAN?", "Wie lautet Ihre IBAN?", "Quel est votre IBAN ?", "¿Cuál es su IBAN?", "Qual è il suo IBAN?", "Wat is uw IBAN?")},
		{Name: "own", Kind: tickets.AskYesNo, Ask: worded("Is the account in your name?", "Läuft das Konto auf Ihren Namen?", "Le compte est-il à votre nom ?",
			"¿Está la cuenta a su nombre?", "Il conto è intestato a lei?", "Staat de rekening op uw naam?")},
		{Name: "from", Kind: tickets.AskDate, Ask: worded("From when does it apply?", "Ab wann gilt das?", "À partir de quand ?", "¿A partir de cuándo?", "A partire da quando dobbiamo usarlo?", "Vanaf wanneer geldt dat?")},
	}}
)

// leastTold is how many of the texts have to be read right: what has been reached.
const leastTold = 67

// What people tell in sentences and short pieces, with numbers, days and names about something else.
// None may be read wrong.
func TestWhatIsTold(t *testing.T) {
	tell(t, leastTold, []aText{
		// In sentences.
		{&hire, "en", "Hello,\n\nmy contract number is HT-2209-4. I brought the Makita back last Friday after three days, and the case was with it. Please send the invoice to office@poe.example.\n\nMax", "contract=HT-2209-4|make=Makita|returned=2026-03-06|days=3|case=yes|mail=office@poe.example"},
		{&hire, "de", "Guten Tag,\n\ndie Hilti habe ich am 5. März zurückgebracht, der Koffer war dabei. Vertrag HT-2210. Benutzt habe ich sie nur zwei Tage. Meine Mobilnummer ist 0171 5552233.\n\nGruß\nMax", "contract=HT-2210|make=Hilti|returned=2026-03-05|days=2|case=yes"},
		{&hire, "fr", "Bonjour, j'ai rapporté la Bosch hier, avec la mallette. Le contrat porte le numéro HT-881. Je l'ai utilisée quatre jours.", "contract=HT-881|make=Bosch|returned=2026-03-09|days=4|case=yes"},
		{&hire, "es", "Hola, devolví el taladro Makita el 4 de marzo, sin el maletín. Mi contrato es el HT-5512 y lo usé 6 días.", "contract=HT-5512|make=Makita|returned=2026-03-04|days=6|case=no"},
		{&hire, "it", "Buongiorno, ho riportato il trapano Hilti ieri. Il numero di contratto è HT-90. L'ho usato cinque giorni.", "contract=HT-90|make=Hilti|returned=2026-03-09|days=5"},
		{&hire, "nl", "Hallo, ik heb de Bosch zaterdag teruggebracht, de koffer zat erbij. Contractnummer HT-77123, vier dagen gebruikt.", "contract=HT-77123|make=Bosch|returned=2026-03-07|days=4|case=yes"},
		// Other numbers, days and codes.
		{&hire, "en", "Hi, I hired it on 2 March. The contract is HT-33. It was a Bosch, and my van (plate KX19 ABC) was parked outside for 20 minutes.", "contract=HT-33|make=Bosch"},
		{&hire, "en", "My contract is HT-40 and my other contract is HT-41. Makita.", "make=Makita"},
		{&hire, "de", "Der Kollege meinte, es wäre die Bosch gewesen. Der Vertrag ist HT-51. Zurückgebracht habe ich sie gestern.", "contract=HT-51|returned=2026-03-09"},
		{&hire, "de", "Ich rufe Sie am Freitag an. Vertrag HT-52, Marke Hilti.", "contract=HT-52|make=Hilti"},
		{&hire, "en", "It was the Makita, no wait, the Hilti. Contract HT-53. I brought it back yesterday.", "contract=HT-53|returned=2026-03-09|make=Hilti"},
		{&hire, "en", "If I had taken the Bosch I would have been done in two days. Contract HT-54.", "contract=HT-54"},
		{&hire, "fr", "Je vous ai téléphoné hier. Le contrat est le HT-55, une Makita.", "contract=HT-55|make=Makita"},
		{&hire, "en", "I used it 3 days but the shop was closed for 2 days, so I brought it back on Monday. Contract number HT-56, Bosch.", "contract=HT-56|make=Bosch|returned=2026-03-09|days=3"},
		{&hire, "nl", "Mijn collega zegt dat de koffer erbij zat. Contractnummer is HT-57. Het is een Hilti.", "contract=HT-57|make=Hilti"},
		{&hire, "es", "El contrato es HT-58, la factura anterior era la 2025-4471. Es una Bosch. La devolví ayer.", "contract=HT-58|make=Bosch|returned=2026-03-09"},
		{&hire, "it", "Il contratto è HT-59. Il mio numero di telefono è 333 4455667. È un Bosch, la valigetta non c'era.", "contract=HT-59|make=Bosch|case=no"},
		{&hire, "en", "Contract HT-60. Was it the Bosch or the Makita? I don't remember. I brought it back on 3 March, at least I think so.", "contract=HT-60"},
		{&hire, "de", "Vertrag HT-61, und schicken Sie die Rechnung nicht an info@muster.example, sondern an buero@muster.example. Es war die Makita.", "contract=HT-61|make=Makita|mail=buero@muster.example"},
		// Pieces.
		{&hire, "en", "HT-70, Makita, yesterday, 3 days, yes", "contract=HT-70|make=Makita|returned=2026-03-09|days=3|case=yes"},
		{&hire, "de", "HT-71, Hilti, am 4.3., Koffer war dabei. Wie lange dauert das mit der Rechnung?", "contract=HT-71|make=Hilti|returned=2026-03-04|case=yes"},
		{&hire, "fr", "HT-72, Bosch, 2 jours, sans mallette. Quand recevrai-je la facture ?", "contract=HT-72|make=Bosch|days=2|case=no"},
		{&hire, "es", "HT-73, Makita, ayer. ¿Cuántos días se pagan si lo devolví por la tarde?", "contract=HT-73|make=Makita|returned=2026-03-09"},
		{&hire, "it", "HT-74, Hilti, 3 giorni. Per la valigetta: quanto costa una nuova?", "contract=HT-74|make=Hilti|days=3"},
		{&hire, "nl", "HT-75, Bosch, gisteren, 5 dagen, koffer erbij\n\nMax", "contract=HT-75|make=Bosch|returned=2026-03-09|days=5|case=yes"},
		{&hire, "en", "HT-76, Makita, either the 3rd or the 4th, 3 days. Can I check the date tomorrow?", "contract=HT-76|make=Makita|days=3"},
		{&hire, "en", "HT-77, Bosch or Hilti, yesterday, 2 days, yes", "contract=HT-77|returned=2026-03-09|days=2|case=yes"},
		// Names.
		{&vaccination, "en", "Hello, my son Leo Muster needs the shot. We would like to come on 24 March, there will be two of us. We need a parking space. His insurance number is K-881-20.", "child=Leo Muster|day=2026-03-24|persons=2|parking=yes|insurance=K-881-20"},
		{&vaccination, "de", "Guten Tag, es geht um meine Tochter Ida Muster. Wir kommen gern am 24. März, zu dritt, einen Parkplatz brauchen wir nicht. Versichertennummer A123456789.", "child=Ida Muster|day=2026-03-24|persons=3|parking=no|insurance=A123456789"},
		{&vaccination, "fr", "Bonjour, mon fils s'appelle Paul Muster, son numéro d'assuré est 88-1204. Nous aimerions venir le 24 mars à trois personnes, pas besoin de parking.", "child=Paul Muster|day=2026-03-24|persons=3|parking=no|insurance=88-1204"},
		{&vaccination, "es", "Hola, mi hija se llama Ana Muster, número de asegurado ES-4410. Queremos venir el 24 de marzo.", "child=Ana Muster|day=2026-03-24|insurance=ES-4410"},
		{&vaccination, "it", "Salve, mio figlio Luca Muster, numero di assicurazione IT-5520. Vorremmo venire il 24 marzo, siamo in due persone.", "child=Luca Muster|day=2026-03-24|persons=2|insurance=IT-5520"},
		{&vaccination, "nl", "Hallo, het gaat om mijn dochter Eva Muster. We willen op 24 maart komen met twee personen. Parkeerplaats is niet nodig. Verzekeringsnummer NL-7730.", "child=Eva Muster|day=2026-03-24|persons=2|parking=no|insurance=NL-7730"},
		{&vaccination, "en", "Dr Jane Miller told me to write to you. Leo was born on 3 May 2019. His number is K-882.", "insurance=K-882"},
		{&vaccination, "en", "I am Max Muster, his teacher. The insurance number is K-883. We would like to come on 24 March but not on 25 March.", "insurance=K-883|day=2026-03-24"},
		{&vaccination, "de", "Mein Name ist Max Muster. Versichertennummer A987. Am 24. März haben wir Urlaub.", "insurance=A987"},
		{&vaccination, "en", "Leo Muster, 24 March, 2 people, no, K-884", "child=Leo Muster|day=2026-03-24|persons=2|parking=no|insurance=K-884"},
		{&vaccination, "de", "Ida Muster, 24.3., zwei Personen, K-885. Brauchen wir einen Parkplatz?", "child=Ida Muster|day=2026-03-24|persons=2|insurance=K-885"},
		{&vaccination, "en", "Could we come on 24 March? Leo Muster, K-886.", "child=Leo Muster|insurance=K-886"},
		{&vaccination, "fr", "Paul Muster, 24 mars, 88-1205. Nous étions deux personnes la dernière fois.", "child=Paul Muster|day=2026-03-24|insurance=88-1205"},
		// What is broken, and why.
		{&boiler, "en", "Since Sunday the radiators no longer get warm, three rooms are cold. I have switched the boiler off. The cause was probably the pump.", "fault=the radiators no longer get warm|since=2026-03-08|rooms=3|off=yes|cause=probably the pump"},
		{&boiler, "de", "Die Pumpe läuft seit Samstag nicht mehr. Vier Zimmer sind kalt. Die Heizung ist noch an.", "fault=Die Pumpe läuft seit Samstag nicht mehr|since=2026-03-07|rooms=4|off=no"},
		{&boiler, "fr", "La pompe ne marche plus depuis hier, deux pièces sont froides. La chaudière est éteinte. Cause probable : une fuite.", "fault=La pompe ne marche plus|since=2026-03-09|rooms=2|off=yes|cause=une fuite"},
		{&boiler, "es", "La bomba no funciona desde el sábado. Tres habitaciones están frías, la caldera está apagada.", "fault=La bomba no funciona|since=2026-03-07|rooms=3|off=yes"},
		{&boiler, "it", "La pompa non funziona da ieri. Due stanze sono fredde, la caldaia è spenta. La causa era forse un tubo.", "fault=La pompa non funziona|since=2026-03-09|rooms=2|off=yes|cause=un tubo"},
		{&boiler, "nl", "De pomp doet het niet meer sinds zaterdag. Twee kamers zijn koud. De ketel is uitgeschakeld.", "fault=De pomp doet het niet meer|since=2026-03-07|rooms=2|off=yes"},
		{&boiler, "en", "My neighbour's heating does not work either. Ours has been cold since Sunday. The boiler is not switched off.", "since=2026-03-08|off=no"},
		{&boiler, "en", "The pump does not run since Sunday and the thermostat does not react. We have 7 rooms, three of them are cold.", "fault=The pump does not run since Sunday and the thermostat does not react|since=2026-03-08"},
		{&boiler, "de", "Seit wann genau, weiß ich nicht. Es ist kalt. Können Sie am Freitag kommen?", ""},
		{&boiler, "de", "Pumpe defekt, seit gestern, 2 Zimmer, Heizung ist aus", "fault=Pumpe defekt|since=2026-03-09|rooms=2|off=yes"},
		{&boiler, "en", "no hot water, since Sunday, 2 rooms, yes. When will somebody come?", "fault=no hot water|since=2026-03-08|rooms=2|off=yes"},
		{&boiler, "it", "pompa guasta, da ieri, 3 stanze, la caldaia è accesa", "fault=pompa guasta|since=2026-03-09|rooms=3|off=no"},
		{&boiler, "en", "I would switch the boiler off if I knew how. It has been so since yesterday.", "since=2026-03-09"},
		{&boiler, "en", "Last time the pump was broken since Christmas. Now it is something else.", ""},
		// What is counted in part, was before or is somebody else's.
		{&hire, "en", "I returned the Bosch yesterday without the case. Contract HT-91/2. I had it 4 days, but 2 of them it rained.", "contract=HT-91/2|make=Bosch|returned=2026-03-09|case=no"},
		{&hire, "de", "Vertrag HT-92, die Makita ist wieder bei Ihnen, 7 Tage. Koffer fehlt leider noch.", "contract=HT-92|make=Makita|days=7"},
		{&hire, "es", "El contrato HT-95 es de mi hermano, el mío es el HT-96. Makita.", ""},
		{&vaccination, "de", "Für Leo Muster, 24. März. Meine Nummer ist A100, seine A101.", "child=Leo Muster|day=2026-03-24"},
		{&boiler, "en", "The pump works again since yesterday, but before that it did not work for 3 days.", ""},
		{&boiler, "de", "Der Thermostat reagiert nicht. Kalt ist es seit Montag in allen 5 Zimmern außer der Küche.", "fault=Der Thermostat reagiert nicht|since=2026-03-09"},
		{&boiler, "fr", "Deux ou trois pièces sont froides. Le chauffage ne marche plus depuis la semaine dernière.", "fault=Le chauffage ne marche plus"},
		{&boiler, "nl", "Sinds zondag doet de pomp het niet. Vorige winter waren 4 kamers koud. De ketel staat aan.", "fault=Sinds zondag doet de pomp het niet|since=2026-03-08|off=no"},
		{&account, "en", "The meter says 4410, No. M-1. The account is in my name and my wife's.", "meter=M-1|reading=4410"},
		{&account, "nl", "De rekening NL91 ABNA 0417 1643 00 vervalt. Nieuwe volgt. Meter 123456, stand 4410.", ""},
		// Accounts.
		{&account, "en", "The meter number is 44871-B and the meter says 12,480. My IBAN is DE02 1203 0000 0000 2020 51, the account is in my name. It applies from 1 April.", "meter=44871-B|reading=12480|iban=DE02 1203 0000 0000 2020 51|own=yes|from=2026-04-01"},
		{&account, "de", "Zählernummer 1-ISK-00443, der Zähler zeigt 8.812. Die IBAN lautet DE02120300000000202051, das Konto läuft auf meinen Namen und gilt ab 1. April.", "meter=1-ISK-00443|reading=8812|iban=DE02120300000000202051|own=yes|from=2026-04-01"},
		{&account, "fr", "Le compteur n° F-2210 indique 5400. IBAN FR14 2004 1010 0505 0001 3M02 606, à mon nom, à partir du 1er avril.", "meter=F-2210|reading=5400|iban=FR14 2004 1010 0505 0001 3M02 606|own=yes|from=2026-04-01"},
		{&account, "es", "El contador es el C-3310 y marca 7450. Mi IBAN es ES91 2100 0418 4502 0005 1332, la cuenta está a nombre de mi mujer.", "meter=C-3310|reading=7450|iban=ES91 2100 0418 4502 0005 1332"},
		{&account, "nl", "Meternummer M-5512, de meter geeft 990 aan. IBAN NL91 ABNA 0417 1643 00, staat op mijn naam, vanaf 1 april.", "meter=M-5512|reading=990|iban=NL91 ABNA 0417 1643 00|own=yes|from=2026-04-01"},
		{&account, "en", "Call me on +44 161 496 0555. The old account was DE02 1203 0000 0000 2020 51, the new one is DE89 3704 0044 0532 0130 00.", "iban=DE89 3704 0044 0532 0130 00"},
		{&account, "de", "M-5513, 4410, DE02 1203 0000 0000 2020 51, auf meinen Namen, ab 1.4.", "meter=M-5513|reading=4410|iban=DE02 1203 0000 0000 2020 51|own=yes|from=2026-04-01"},
		{&account, "en", "M-5514, 4410, DE02 1203 0000 0000 2020 51. It's in my wife's name, does that matter?", "meter=M-5514|reading=4410|iban=DE02 1203 0000 0000 2020 51"},
		{&account, "en", "The account is not in my name. Ticket 88123 was about the same. From 1 April, please.", "own=no|from=2026-04-01"},
		{&account, "it", "Il numero del contatore è IT-20-5. Il contatore segna circa 3000 o 3100. IBAN IT60 X054 2811 1010 0000 0123 456.", "meter=IT-20-5|iban=IT60 X054 2811 1010 0000 0123 456"},
		{&account, "en", "I moved on 1 February. My order AB-1234 from your shop has not arrived either. What does a new contract cost?", ""},
		{&account, "de", "Wir waren am 1. März im Urlaub, daher erst jetzt: der Zähler zeigte am 2. März 8900.", ""},
	})
}

// aText is a text with the answers in it.
type aText struct {
	form       *tickets.Form
	lang, body string
	want       string
}

// tell reads texts, of which at least so many have to be read right and none may be read wrong.
func tell(t *testing.T, least int, texts []aText) {
	t.Helper()
	right, all := 0, 0
	for _, c := range texts {
		open := make([]int, len(c.form.Questions))
		for i := range open {
			open[i] = i
		}
		got := Read(c.form, open, mailOf(t, "text/plain", c.body+"\n"), When{Now: tuesday, Language: c.lang})
		want, faults, wrong := map[string]string{}, []string{}, false
		for part := range strings.SplitSeq(c.want, "|") {
			k, v, _ := strings.Cut(part, "=")
			want[k] = v
		}
		for i := range c.form.Questions {
			q := &c.form.Questions[i]
			v, found := got.Values[q.Name]
			w, given := want[q.Name]
			same := v == w || q.Kind == tickets.AskText && w != "" && strings.Contains(v, w) && len(v) <= len(w)+40
			switch {
			case found && !(given && same):
				faults, wrong = append(faults, q.Name+" is "+v), true
			case given && !found:
				faults = append(faults, q.Name+" is open")
			}
		}
		all++
		switch {
		case wrong:
			t.Errorf("%s %q is read wrong: %s", c.lang, c.body, strings.Join(faults, "; "))
		case len(faults) > 0:
			t.Logf("%s %q is not read: %s", c.lang, c.body, strings.Join(faults, "; "))
		default:
			right++
		}
	}
	t.Logf("%d of %d are read right", right, all)
	if right < least {
		t.Errorf("%d of %d are read right, want at least %d", right, all, least)
	}
}

// Pieces that answer questions in two ways answer none of them in the order.
func TestPiecesOneWay(t *testing.T) {
	form := tickets.Form{Name: "ways", Questions: []tickets.Question{restarted, boiler.Questions[3], sinceWhen, howMany}}
	for i, name := range []string{"restarted", "off", "since", "people"} {
		form.Questions[i].Name = name
	}
	stories(t, &form, nil, []saying{
		{"en", "yes, yesterday, 3 people", "since=2026-03-09 people=3"},
		{"en", "yes, no, yesterday", "restarted=yes off=no since=2026-03-09"},
		{"en", "yesterday, 3 people, yes", "since=2026-03-09 people=3"},
	})
}
