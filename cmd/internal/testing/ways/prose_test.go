package ways

import (
	"fmt"
	"strings"
	"testing"
	"tierdesk/mailin/read"
	"tierdesk/tickets/answers"
)

// leastProse is how many of the texts have to be read right: what has been reached.
const leastProse = 37

// TestProse reads answers in sentences and in short pieces, in the order of the questions or in none. None may be read wrong.
func TestProse(t *testing.T) {
	forms := load(t, "testdata/forms")
	right, all := 0, 0
	for _, c := range []struct{ form, body, want string }{
		{"printer", "It's the HP LaserJet 400 on the second floor. It has printed about 12000 pages and is connected by cable. Since Monday it prints no black.", "model=HP LaserJet 400|pages=12000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "the HP 400 on the second floor, by cable, since Monday", "model=the HP 400 on the second floor|cable=yes|since=2026-03-09"},
		{"printer", "Hi,\n\nour Kyocera M5526 is the one in question, it's done 48,310 pages so far, no cable (it is on wifi), and cyan has been missing since 27 February.\n\nThanks, Pat", "model=Kyocera M5526|pages=48310|cable=no|since=2026-02-27|colour=cyan"},
		{"printer", "Brother MFC, 3500 pages, cable yes, yesterday, magenta", "model=Brother MFC|pages=3500|cable=yes|since=2026-03-09|colour=magenta"},
		{"printer", "Brother MFC / 3500 / yes / yesterday / magenta", "model=Brother MFC|pages=3500|cable=yes|since=2026-03-09|colour=magenta"},
		{"printer", "Model is a Brother MFC. Pages: 3500. Cable: yes. Since: yesterday. Colour: magenta.", "model=Brother MFC|pages=3500|cable=yes|since=2026-03-09|colour=magenta"},
		{"printer", "Yes it's connected by cable. The printer is a Canon MF 645, and it started two days ago. Yellow. I have no idea how many pages.", "model=Canon MF 645|cable=yes|since=2026-03-08|colour=yellow"},
		{"printer", "1 Canon MF645 2 8000 3 yes 4 yesterday 5 black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "(1) Canon MF645 (2) 8000 (3) yes (4) yesterday (5) black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "#1: Canon MF645\n#2: 8000\n#3: yes\n#4: yesterday\n#5: black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "A1. Canon MF645\nA2. 8000\nA3. yes\nA4. yesterday\nA5. black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "Q1 Canon MF645\nQ2 8000\nQ3 yes\nQ4 yesterday\nQ5 black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "i. Canon MF645\nii. 8000\niii. yes\niv. yesterday\nv. black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "first: Canon MF645\nsecond: 8000\nthird: yes\nfourth: yesterday\nfifth: black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "* Canon MF645\n* 8000\n* yes\n* yesterday\n* black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "Canon MF645\n\n8000\n\nyes\n\nyesterday\n\nblack", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "Which printer: Canon MF645\nHow many pages: 8000\nCable: yes\nSince when: yesterday\nColour: black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "Printer = Canon MF645; pages = 8000; cable = yes; since = yesterday; colour = black", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "The black one stopped yesterday. It's a Canon MF645 with a cable, 8000 pages printed.", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-09|colour=black"},
		{"printer", "It is the Canon MF645, has 8000 pages on the clock and hangs on the network by cable; black is empty since last Thursday.", "model=Canon MF645|pages=8000|cable=yes|since=2026-03-05|colour=black"},
		{"starter", "The new colleague is called Mina Kaur and starts on 19 March. Until then you can use minak@post.example. She gets a laptop and two monitors, a mobile phone is not needed.", "name=Mina Kaur|start=2026-03-19|email=minak@post.example|device=laptop|mobile=no|monitors=2"},
		{"starter", "Mina Kaur will join us on 1 April 2026, her private address is minak@post.example. Laptop please, with mobile, one monitor.", "name=Mina Kaur|start=2026-04-01|email=minak@post.example|device=laptop|mobile=yes|monitors=1"},
		{"starter", "Her name is Mina Kaur, first day is 19 March, mail minak@post.example, desktop, no mobile, 2 monitors, she is left-handed", "name=Mina Kaur|start=2026-03-19|email=minak@post.example|device=desktop|mobile=no|monitors=2|remarks=she is left-handed"},
		{"starter", "Mina Kaur, 19 March, minak@post.example, tablet, yes, 1", "name=Mina Kaur|start=2026-03-19|email=minak@post.example|device=tablet|mobile=yes|monitors=1"},
		{"starter", "Mina Kaur / 19 March / minak@post.example / tablet / yes / 1 / no", "name=Mina Kaur|start=2026-03-19|email=minak@post.example|device=tablet|mobile=yes|monitors=1|remarks=no"},
		{"starter", "Mina Kaur starts 19 March. minak@post.example. Laptop. No phone. Three monitors.", "name=Mina Kaur|start=2026-03-19|email=minak@post.example|device=laptop|mobile=no|monitors=3"},
		{"rueck", "Bestellnummer 42-1180, ich möchte die Webcam HD zurückgeben, ein Stück, sie ist defekt. Ausgepackt ist sie, geliefert wurde am 26.2.", "bestellnummer=42-1180|artikel=Webcam HD|menge=1|grund=defekt|ausgepackt=yes|lieferung=2026-02-26"},
		{"rueck", "Es geht um Bestellung 42-1180: 2 Stück USB-Hub, falsch geliefert, noch nicht ausgepackt, Lieferung war am 28. Februar.", "bestellnummer=42-1180|menge=2|grund=falsch geliefert|ausgepackt=no|lieferung=2026-02-28"},
		{"rueck", "42-1180, Webcam HD, 1 Stück, defekt, ja, 26.02.2026", "bestellnummer=42-1180|artikel=Webcam HD|menge=1|grund=defekt|ausgepackt=yes|lieferung=2026-02-26"},
		{"rueck", "42-1180 / Webcam HD / 1 / defekt / ja / 26.02.2026", "bestellnummer=42-1180|artikel=Webcam HD|menge=1|grund=defekt|ausgepackt=yes|lieferung=2026-02-26"},
		{"rueck", "Die Bestellnummer ist 42-1180 und es handelt sich um die Webcam HD (1 Stück). Sie gefällt mir nicht. Ich habe sie schon ausgepackt. Geliefert wurde letzten Mittwoch.", "bestellnummer=42-1180|artikel=Webcam HD|menge=1|grund=gefällt nicht|ausgepackt=yes|lieferung=2026-03-04"},
		{"rueck", "Frage 1: 42-1180, Frage 2: Webcam HD, Frage 3: 1, Frage 4: defekt, Frage 5: ja, Frage 6: 26.2.", "bestellnummer=42-1180|artikel=Webcam HD|menge=1|grund=defekt|ausgepackt=yes|lieferung=2026-02-26"},
		{"rueck", "zu 1: 42-1180\nzu 2: Webcam HD\nzu 3: eins\nzu 4: defekt\nzu 5: ja\nzu 6: 26.2.", "bestellnummer=42-1180|artikel=Webcam HD|menge=1|grund=defekt|ausgepackt=yes|lieferung=2026-02-26"},
		{"stoerung", "Der Drucker im Erdgeschoss druckt seit letztem Freitag nicht mehr. Betroffen sind 12 Personen in Kassel, neu gestartet haben wir schon.", "was=Der Drucker im Erdgeschoss druckt seit letztem Freitag nicht mehr|seit=2026-03-06|personen=12|neustart=yes|standort=Kassel"},
		{"stoerung", "Outlook startet nicht, seit heute früh, 3 Leute, Neustart ohne Erfolg gemacht, Hamburg", "was=Outlook startet nicht|seit=2026-03-10|personen=3|standort=Hamburg"},
		{"stoerung", "Outlook startet nicht; seit heute; drei; ja; Hamburg", "was=Outlook startet nicht|seit=2026-03-10|personen=3|neustart=yes|standort=Hamburg"},
		{"stoerung", "Seit gestern geht das WLAN in Köln nicht mehr, 20 Personen sind betroffen. Neu gestartet haben wir noch nicht.", "was=Seit gestern geht das WLAN in Köln nicht mehr|seit=2026-03-09|personen=20|neustart=no|standort=Köln"},
		{"stoerung", "Wir in Hamburg haben seit dem 5. März kein Telefon, betroffen sind alle 8 Kollegen, Neustart wurde gemacht.", "seit=2026-03-05|personen=8|neustart=yes|standort=Hamburg"},
		{"livraison", "Ma commande est la FR-2231, le montant est de 129,90 euros, le colis est arrivé le 5 mars et le carton était abîmé. Je souhaite un échange.", "commande=FR-2231|montant=129.9|arrivee=2026-03-05|abime=yes|solution=échange"},
		{"livraison", "Numéro FR-2231, 129,90 €, arrivé hier, carton pas abîmé, remboursement svp, lea@post.example", "commande=FR-2231|montant=129.9|arrivee=2026-03-09|abime=no|solution=remboursement|mail=lea@post.example"},
		{"livraison", "FR-2231, 129,90 €, hier, oui, remboursement, lea@post.example", "commande=FR-2231|montant=129.9|arrivee=2026-03-09|abime=yes|solution=remboursement|mail=lea@post.example"},
		{"livraison", "FR-2231 / 129,90 / 5 mars / non / échange / lea@post.example", "commande=FR-2231|montant=129.9|arrivee=2026-03-05|abime=no|solution=échange|mail=lea@post.example"},
		{"livraison", "Le numéro de commande est FR-2231. La facture est de 129,90 €. Le colis est arrivé lundi dernier, le carton n'était pas abîmé. Nous voudrions un remboursement. Vous pouvez me répondre à lea@post.example.", "commande=FR-2231|montant=129.9|arrivee=2026-03-09|abime=no|solution=remboursement|mail=lea@post.example"},
		{"livraison", "1 - FR-2231\n2 - 129,90 €\n3 - le 5 mars\n4 - oui\n5 - bon d'achat\n6 - lea@post.example", "commande=FR-2231|montant=129.9|arrivee=2026-03-05|abime=yes|solution=bon d'achat|mail=lea@post.example"},
		{"livraison", "1°) FR-2231\n2°) 129,90 €\n3°) le 5 mars\n4°) oui\n5°) bon d'achat", "commande=FR-2231|montant=129.9|arrivee=2026-03-05|abime=yes|solution=bon d'achat"},
		{"livraison", "Commande FR-2231 d'un montant de 129,90 euros reçue le 5 mars, carton abîmé, je préfère un remboursement", "commande=FR-2231|montant=129.9|arrivee=2026-03-05|abime=yes|solution=remboursement"},
	} {
		raw := "From: Pat Poe <pat@customer.example>\r\nTo: support@acme.example\r\nSubject: Re: [#1] X\r\nDate: Tue, 10 Mar 2026 14:00:00 +0000\r\nMessage-ID: <1@customer.example>\r\nIn-Reply-To: <2@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + c.body + "\n"
		m := read.Mail([]byte(raw), read.Options{})
		form := forms.Form(c.form)
		var open []int
		for i := range form.Questions {
			open = append(open, i)
		}
		got := answers.Read(form, open, m, answers.When{Now: m.Date, Language: languages[c.form]})
		want := map[string]string{}
		for _, p := range strings.Split(c.want, "|") {
			k, v, _ := strings.Cut(p, "=")
			want[k] = v
		}
		var f []string
		wrong := ""
		for i := range form.Questions {
			q := &form.Questions[i]
			v, ok := got.Values[q.Name]
			w, given := want[q.Name]
			switch {
			case given && !ok && nothing(q, w):
			case given && !ok:
				f = append(f, fmt.Sprintf("%s missing", q.Name))
			case ok && !given:
				f, wrong = append(f, fmt.Sprintf("%s=%q not said", q.Name, v)), "WRONG "
			case ok && !same(q, w, v):
				f, wrong = append(f, fmt.Sprintf("%s=%q want %q", q.Name, v, w)), "WRONG "
			}
		}
		switch {
		case wrong != "":
			t.Errorf("%s is read wrong: %q\n   %s", c.form, c.body, strings.Join(f, "; "))
		case len(f) > 0:
			t.Logf("%s is not read: %q\n   %s", c.form, c.body, strings.Join(f, "; "))
		default:
			right++
		}
		all++
	}
	t.Logf("%d of %d are read right", right, all)
	if right < leastProse {
		t.Errorf("%d of %d are read right, want at least %d", right, all, leastProse)
	}
}
