package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A customer asks, is acknowledged, an agent answers from his mail client, the customer gets it in his thread and says thank you.
func TestAQuestionIsAnswered(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		id := w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Printer jams", text: "Hello,\nthe printer on floor 2 jams.\nMax"})

		ack := w.next(max).has("Printer jams", "[#1]").lacks(ann, ben, "floor 2")
		if got := ack.Header.Get("Auto-Submitted"); got != "auto-replied" {
			t.Errorf("Auto-Submitted of the acknowledgement is %q", got)
		}
		if !strings.Contains(ack.Header.Get("References"), id) || !strings.Contains(ack.Header.Get("In-Reply-To"), id) {
			t.Errorf("the acknowledgement is not in the customer's thread: %v", ack.Header)
		}
		notice := w.next(ann).has("the printer on floor 2 jams.", "Max Muster")
		w.next(ben).has("the printer on floor 2 jams.")
		w.nothing(tess, tom, eve, lead, admin)

		w.answer("Ann Able <"+ann+">", notice, "Please open flap B and pull the paper out.\n\n-- \nAnn Able\nAcme Support\n"+ann)
		answer := w.next(max).has("Please open flap B and pull the paper out.", "[#1]").lacks(ann, "On Mon, 2 Nov", "tierdesk ##")
		w.endsFor(ben)
		if answer.Header.Get("Auto-Submitted") != "" {
			t.Error("a person's answer is marked as automatic")
		}
		if !strings.Contains(answer.Header.Get("References"), id) {
			t.Errorf("the answer is not in the customer's thread: %v", answer.Header)
		}
		if answer.Header.Get("From") == "" || strings.Contains(answer.Header.Get("From"), "staff.example") {
			t.Errorf("From is %q", answer.Header.Get("From"))
		}

		w.answer("Max Muster <"+max+">", answer, "It jams again, what now?")
		w.next(ann).has("It jams again, what now?") // she has the ticket now
		w.nothing(ben, max)
	})
}

// A copy of an answer is filed where the admin wants it; acknowledgements and notices are not.
func TestACopyInSent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "We look into it.")
		w.next(max)
		for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			mails := w.box(support).Mails(t, "Sent")
			if len(mails) == 1 {
				got{mails[0], t}.has("We look into it.").lacks("support+")
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d mails are in Sent", len(mails))
			}
		}
	}, func(dir string) {
		replace(filepath.Join(dir, "tierdesk.yaml"), "outgoing:\n", "outgoing:\n  sent_folder: Sent\n")
	})
}
