package e2e

import (
	"encoding/base64"
	"strings"
	"testing"
)

// holdsFile reports whether a mail carries a file with this content.
func (m got) holdsFile(content string) bool {
	return strings.Contains(string(m.Raw), base64.StdEncoding.EncodeToString([]byte(content)))
}

// A file of the ticket goes along with an answer, by its name or number, also one that a third person sent. What names none is held with the list, and no
// answer leaves without the file that it speaks of.
func TestAFileOfTheTicketGoesAlong(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, _, benNotice := w.ask()
		w.sendFiles("Max Muster <"+max+">", w.latest(max), "This is the log.", "", file{name: "error log.csv", media: "text/csv", content: "the log of max"})
		w.next(ann).has("This is the log.")
		notice := w.next(ben).has("This is the log.")
		w.answer(ann, notice, "/attach plan.pdf\nHere is the plan.", signedBy)
		w.held(ann, "has no file", "plan.pdf", "1: error log.csv", "cannot be sent as it is")
		w.answer(ann, notice, "/attach", signedBy)
		w.held(ann, "Name one of the files of the ticket", "1: error log.csv")
		// Eva is asked, with the customer's file, and sends the plan.
		w.answer(ben, benNotice, "/take\n/consult "+eva+"\n/attach 1\nWhere does this come from?", signedBy)
		question := w.next(eva).has("Where does this come from?")
		if !question.holdsFile("the log of max") {
			t.Error("the question has no file")
		}
		w.next(ben).has("error log.csv", "goes along")
		w.rest(ann)
		w.sendFiles("Eva <"+eva+">", question, "From the gateway, see the plan.", "", file{name: "plan.pdf", media: "application/pdf", content: "the plan of eva"}, file{name: "plan 2.pdf", media: "application/pdf", content: "another plan"})
		told := w.next(ben).has("see the plan")
		w.rest(ann)
		w.answer(ben, told, "/attach pla\nHere is the plan.")
		held := w.held(ben, "Several files fit", "2: plan.pdf,", "3: plan 2.pdf")
		w.answer(ben, held, "/send")
		w.next(ben).has("Nothing was sent")
		w.answer(ben, told, "/note\n/attach plan.pdf\nThis is the plan.")
		w.held(ben, "A file goes along with an answer")
		w.answer(ben, told, "/attach plan.pdf")
		w.held(ben, "A file goes along with an answer")
		w.nothing(max)
		w.answer(ben, told, "/attach PLAN.pdf\n/attach 1\nHere is the plan, and your log.")
		answer := w.next(max).has("Here is the plan, and your log.").lacks("/attach", eva)
		if !answer.holdsFile("the plan of eva") || !answer.holdsFile("the log of max") || answer.holdsFile("another plan") {
			t.Errorf("the answer has other files:\n%s", answer.Raw)
		}
		w.next(ben).has("plan.pdf", "error log.csv", "goes along", "Your text goes to Max Muster.")
		w.answer("Max Muster <"+max+">", answer, "Thank you, I see it there.\n\nBut the second page is missing.")
		w.next(ben).has("the second page is missing")
	})
}

// Files of another ticket are out of reach, and those of a mail in which something is hidden from the agent as well.
func TestNoFileOfAnotherTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		w.sendFiles("Max Muster <"+max+">", w.latest(max), "My card is 4111 1111 1111 1111.", "", file{name: "card.csv", media: "text/csv", content: "the card of max"})
		w.next(ann)
		masked := w.next(ben).lacks("4111 1111")
		w.answer(ben, masked, "/attach card.csv\nThank you.")
		w.held(ben, "The ticket has no files.")
		_, _, other := w.open(jane, "Door", "It is stuck.")
		w.answer(ben, other, "/attach card.csv\nThank you.")
		w.held(ben, "The ticket has no files.")
		w.nothing(max, jane)
		w.never(jane, "card")
	}, edit("people.yaml", "{name: Technicians}", "{name: Technicians, rights: [confidential]}"))
}
