package e2e

import (
	"strings"
	"testing"
	"time"
)

// Who lacks the right reads bullets in place of a card number and a password, and gets no files; who has it reads them, and
// what goes to the customer is whole.
func TestWhatIsConfidentialIsHidden(t *testing.T) {
	const card, password = "4242 4242 4242 4242", "Kilo-77x"
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, raw: "From: Max <" + max + ">\r\nTo: " + support + "\r\nSubject: Paid twice\r\nMessage-ID: <paid.twice@customer.example>\r\n" +
			"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nI paid twice with " + card + ", my password is " + password +
			".\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=bill.txt\r\n\r\n42\r\n--b--\r\n"})
		w.next(max)
		notice := w.next(ann).has("I paid twice with •••• •••• •••• 4242", "What is confidential is hidden").lacks(card, password)
		if strings.Contains(string(notice.Raw), "Content-Disposition: attachment") {
			t.Errorf("the file came along:\n%s", notice.Raw)
		}
		if html := notice.html(); strings.Contains(html, password) || strings.Contains(html, card) {
			t.Errorf("the HTML says it all:\n%s", html)
		}
		w.next(ben)
		w.answer(ann, notice, "/escalate I cannot see the card")
		w.next(ann)
		up := w.next(tess).has(card, password).lacks("What is confidential is hidden")
		w.next(tom)
		w.answer(tess, up, "The second payment has been sent back.")
		w.next(max).has("sent back")
		w.never(ann, "4242 4242", password)
		w.never(ben, "4242 4242", password)
	}, edit("people.yaml", "{name: Technicians}", "{name: Technicians, rights: [confidential]}"))
}

// A mail of the day says no more than the notice would have said.
func TestADigestHidesWhatIsConfidential(t *testing.T) {
	const password = "Kilo-77x"
	at := time.Now().UTC().Add(2 * time.Hour).Format("15:04")
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Login", text: "I cannot log in."})
		w.next(max)
		w.answer(ann, w.next(ann), "/consult "+eva+"\nTheir password is "+password+" and the server refuses it.", signedBy)
		w.next(ann)
		w.next(eva).has(password)
		w.nothing(ben)
		w.pass(2*time.Hour + time.Minute)
		digest := w.next(ben).has("News in 1 ticket", "asks", "password is", "server")
		if digest.event() != "agent-digest" {
			t.Errorf("Ben got %q", digest.event())
		}
		w.never(ben, password)
	}, people("address: "+ann+",", "address: "+ann+", rights: [confidential],", "address: "+ben+",", "address: "+ben+", notify: digest at "+at+","))
}
