package e2e

import (
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/servers"
)

// The whole way through Postfix and Dovecot: a mail that swaks gives to Postfix, its acknowledgement in the customer's mailbox, the agent's
// notice and his answer, a promise that is not kept and the next tier's notice.
func TestThroughPostfixAndDovecot(t *testing.T) {
	realStories(t, func(t *testing.T, w *world) {
		host, port, _ := strings.Cut(w.smtp, ":")
		if out, err := servers.Swaks(t, "--server", host, "--port", port, "--from", max, "--to", support, "--header", "Subject: Printer jams", "--header", "Message-Id: <first@customer.example>", "--body", "The printer jams."); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		ack := w.next(max).has("[#1]", "Printer jams")
		if got := ack.Header.Get("In-Reply-To"); got != "<first@customer.example>" {
			t.Errorf("In-Reply-To of the acknowledgement is %q", got)
		}
		notice := w.next(ann).has("The printer jams.")
		w.next(ben)
		w.answer(ann, notice, "Please open flap B.\n\n-- \nAnn Able\nAcme Support")
		answer := w.next(max).has("Please open flap B.").lacks(ann)
		if got := answer.Header.Get("References"); !strings.Contains(got, "first@customer.example") {
			t.Errorf("References of the answer is %q", got)
		}
		w.answer(max, answer, "It jams still.")
		w.next(ann).has("It jams still.")

		w.send(letter{from: jane, to: support, subject: "Outage in Berlin", text: "All is down."})
		w.next(jane)
		w.next(tess).has("All is down.")
		w.next(tom)
		w.pass(4 * time.Hour)
		var up got
		for _, m := range w.rest(eve) {
			if m.event() == "escalation" {
				up = m
			}
		}
		if up.Raw == nil {
			t.Fatal("tier 3 heard nothing of a missed promise")
		}
		w.answer(eve, up.has("All is down."), "/note\nI am on it, the core switch is broken.")
		w.next(eve).has("Your text is a note")
		w.answer(eve, up, "We replace a switch; it takes an hour.")
		w.next(jane).has("We replace a switch").lacks("core switch", eve)
		w.never(jane, "core switch", "staff.example")
	})
}
