package e2e

import (
	"net/mail"
	"testing"
	"time"
)

// Every word of the desk in a mail to an agent or the admin is in the language that they read: names of statuses and priorities as well, which stand in brackets once as
// commands take them, and why a mail is in quarantine.
func TestOneMailHasOneLanguage(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "Das VPN ist heute sehr langsam, können Sie bitte nachsehen?"})
		w.next(max)
		notice := w.next(ann).has("Status", "neu (new)", "normal\n", "Stufe").lacks("normal (normal)")
		w.next(ben)
		w.answer(ann, notice, "/priority high\n/status pending", signedBy)
		w.next(ann).has("/priority high: Jetzt hoch, vorher normal.", "/status pending: Jetzt wartend, vorher neu.", "wartend (pending)", "hoch (high)")
		w.answer(ann, notice, "/priority high\n/status pending", signedBy)
		w.next(ann).has("/priority high: Das war schon hoch.", "/status pending: Das war schon wartend.")
		w.answer(ann, notice, "/status gelöst", signedBy)
		w.held(ann, `einen Status "gelöst" gibt es nicht, oder er lässt sich nicht setzen (meinten Sie /status solved?)`)
		w.answer(ann, notice, "/priority dringend", signedBy)
		w.held(ann, `es gibt keine Priorität "dringend" (meinten Sie /priority urgent?)`)
		w.answer(ann, notice, "/undo", signedBy)
		w.next(ann).has("der Status ist wieder neu (war wartend)")
		w.answer(ann, notice, "/list all", signedBy)
		w.next(ann).has("#1", "neu").lacks("new")
		w.answer(ann, notice, "/show", signedBy)
		w.next(ann).has("Priorität hoch", "Status wartend", "Max Muster").lacks("priority", "status ")
		w.rest(ben) // what he was told as a colleague

		w.junk(max, "Gewinn")
		w.send(letter{from: mallory, to: support, subject: "Hallo", text: "Hallo, sind Sie noch da?"})
		w.next(mallory)
		w.answer(ann, w.next(ann), "/block", signedBy)
		w.next(ann).has("gesperrt")
		w.send(letter{from: mallory, to: support, subject: "Noch einmal", text: "Hallo?"})
		w.pass(2 * time.Hour)
		m, _ := w.digest("Noch einmal")
		m.has("Gewinn", "Spam: X-Spam-Flag: YES", "der Absender ist gesperrt").lacks("spam:", "blocked")
	}, edit("tierdesk.yaml", "desk: {name", "desk: {language: de, name"))
}

// Colleagues read the mails of one ticket in languages of their own, and a receipt for what each typed.
func TestColleaguesOfTwoLanguages(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow today, could you please have a look at it?"})
		w.next(max)
		french := w.next(ann).has("Nouveau ticket de Max Muster", "nouveau (new)", "Attribué à", "Votre réponse va à Max Muster").lacks("normal (", "Status")
		dutch := w.next(ben).has("Nieuw ticket van Max Muster", "nieuw (new)", "normaal (normal)", "Uw antwoord gaat naar Max Muster")
		w.answer(ann, french, "/take\n/priority high", signedBy)
		french.has("?subject=Prendre%20%5B%231%5D")
		calls := func(m got, want string) {
			t.Helper()
			if a, err := mail.ParseAddress(m.Header.Get("From")); err != nil || a.Name != want {
				t.Errorf("it comes from %q, %v", m.Header.Get("From"), err)
			}
		}
		calls(w.next(ann).has("Maintenant « haute », avant « normale ».", "Le ticket est à vous."), "Helpdesk Acme Support")
		calls(w.next(ben).has("Ann Able heeft dit ticket genomen."), "Acme Support helpdesk")
		w.answer(ben, dutch, "/priority nromal", signedBy)
		w.held(ben, `er is geen prioriteit "nromal" (bedoelde u /priority normal?)`)
		w.answer(ann, french, "/escalat\nJe regarde.", signedBy)
		w.held(ann, "Votre e-mail a été retenu")
	}, edit("people.yaml", "address: "+ann+",", "address: "+ann+", language: fr,"), edit("people.yaml", "address: "+ben+",", "address: "+ben+", language: nl,"))
}
