package e2e

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// A bounce that proves no mail of ours is set aside, and a person is told of it.
func TestABounceThatProvesNothingIsTold(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		w.send(letter{from: "mailer-daemon@customer.example", to: support, raw: "From: Mail Delivery System <mailer-daemon@customer.example>\r\nTo: " + support + "\r\nSubject: Undelivered Mail\r\n" +
			"Message-ID: <dsn@customer.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n" +
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; " + max + "\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" +
			"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: " + support + "\r\nMessage-ID: <1.1.aaaaaaaaaaaaaaaaaa@acme.example>\r\n\r\n--b--\r\n"})
		w.settle()
		w.pass(time.Minute)
		w.next(admin).has("Undelivered Mail")
		w.nothing(max, ann, ben)
	})
}

// Nothing tells two mails without Message-ID and Date apart but that they came twice: none is dropped.
func TestMailsThatHaveNoNames(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for range 2 {
			w.send(letter{from: max, to: support, raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: Help\r\n\r\nPlease call me.\r\n"})
			w.next(ann).has("Please call me.")
			w.next(ben)
		}
		if n := len(w.rest(max)); n != 1 { // a second one of the same subject is not acknowledged again
			t.Errorf("%d acknowledgements", n)
		}
		// With a Date they have a name: another subject is another mail, the same subject the same.
		for i, subject := range []string{"Printer", "Scanner", "Scanner"} {
			w.send(letter{from: max, to: support, raw: fmt.Sprintf("X-Copy: %d\r\nFrom: Max Muster <%s>\r\nTo: %s\r\nSubject: %s\r\nDate: Mon, 2 Nov 2026 09:00:00 +0000\r\n\r\nPlease come.\r\n", i, max, support, subject)})
			w.settle()
		}
		if n := len(w.rest(ann)); n != 2 {
			t.Errorf("Ann got %d mails, not 2", n)
		}
	})
}

// What was set aside by mistake is released, and becomes what it would have been.
func TestAMailOutOfQuarantine(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: mallory, to: support, subject: "CASINO", text: "The lights in our casino went out."})
		w.settle()
		w.pass(time.Minute)
		w.next(admin).has("CASINO", "looks like spam")
		w.nothing(mallory, ann, ben)
		var waiting []tickets.Arrival
		if err := w.app.DB.View(t.Context(), func(tx *sqldb.Tx) (err error) {
			waiting, err = store.Quarantine(tx, 10)
			return err
		}); err != nil || len(waiting) != 1 {
			t.Fatalf("in quarantine: %v, %v", waiting, err)
		}
		if _, err := w.app.Desk.Release(t.Context(), waiting[0].ID, false); err != nil {
			t.Fatal(err)
		}
		w.next(mallory).has("CASINO", "[#") // PostgreSQL has given away a number in between
		w.next(ann).has("The lights in our casino went out.")
	}, rule(`rules:
  - {name: casino, on: [opened], when: 'subject contains "CASINO"', do: [{quarantine: looks like spam}]}
`))
}

// The desk was away for days, and a customer has answered meanwhile: that is in the ticket, and the admin's summary names it.
func TestAnOldReplyIsInTheSummary(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(ann, notice, "Since when?")
		w.next(max)
		w.settle()
		w.stop()
		w.server.Backdate(3 * 24 * time.Hour)
		w.answer(max, ack, "Since Monday.")
		w.server.Backdate(0)
		w.start()
		w.settle()
		w.pass(time.Minute)
		w.next(admin).has("VPN", max)
		w.nothing(max)
	})
}
