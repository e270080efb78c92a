package e2e

import (
	"strings"
	"testing"
	"time"
)

// trainee lets Ann only draft: Lea checks what she writes.
var trainee = edit("people.yaml", "ann: {full_name: Ann Able,", "ann: {rights: [draft], full_name: Ann Able,")

// buttonTo returns where the button of that name writes to.
func (m got) buttonTo(subject string) string {
	m.t.Helper()
	_, rest, _ := strings.Cut(m.text(), subject+": mailto:")
	to, _, found := strings.Cut(rest, "?")
	if !found {
		m.t.Fatalf("there is no button %q in:\n%s", subject, m.text())
	}
	return to
}

// What a trainee writes goes to the lead, who sends it back with a comment, and sends the next one. The trainee is told of either, the clock runs meanwhile and
// says what it waits for, and the customer gets one answer.
func TestATraineesAnswerIsChecked(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Have you tried to buy a better one?")
		w.next(ann).has("Your answer waits for Lea Long", "Nothing has been sent")
		draft := w.next(lead).has("Ann Able has written an answer", "Have you tried to buy a better one?", "an answer of Ann Able waits for Lea Long").states("new", "First reply")
		if draft.event() != "draft" {
			t.Errorf("Lea got %q", draft.event())
		}
		w.nothing(max, ben)
		// The trainee cannot let it go, nor can Ben.
		w.answer(ann, notice, "/send")
		w.next(ann).has("waits for a lead")
		w.send(letter{from: "Ben Brown <" + ben + ">", to: draft.buttonTo("Send it"), subject: "Send", text: "", header: []string{signedBy}})
		w.next(ben).has("No mail of yours is held")
		w.nothing(max)
		w.send(letter{from: "Lea Long <" + lead + ">", to: draft.buttonTo("Send it back with a comment"), subject: "Back [#1]", text: "Friendlier, please: ask for the version first."})
		back := w.next(ann).has("Lea Long sends your answer back", "ask for the version first", "> Have you tried to buy a better one?")
		w.next(lead).has("went back to Ann Able")
		if n := w.events(1)["noted"]; n != 1 {
			t.Errorf("the comment is %d notes", n)
		}
		w.send(letter{from: "Lea Long <" + lead + ">", to: draft.buttonTo("Send it"), subject: "Send", text: ""})
		w.next(lead).has("No mail of yours is held")
		w.answer(ann, back, "/priority high\nWhich version do you have?")
		w.next(ann).has("waits for Lea Long")
		draft = w.next(lead).has("Which version do you have?").states("new", "First reply")
		w.nothing(max)
		w.answer(lead, draft, "/send")
		answer := w.next(max).has("Which version do you have?").lacks("Lea", "better one", "Friendlier", ann, lead)
		w.next(ann).has("Lea Long has checked your answer", "Your text goes to Max Muster", "/priority high").states("pending", "Assigned to")
		w.latestOf(lead, "receipt").has("The answer of Ann Able is on its way")
		w.answer("Max Muster <"+max+">", answer, "Version 3.")
		w.next(ann).has("Version 3.").lacks("waits for")
		w.never(max, "better one", "Friendlier")
		// A note of hers, and what she does without a text, waits for nobody.
		w.rest(ben)
		w.answer(ann, w.latest(ann), "/note\nVersion 3 is old.")
		w.next(ann).has("Your text is a note")
		w.nothing(max)
	}, trainee)
}

// The customer writes again before the lead has looked: the lead reads that first. A lead who answers themselves takes the place of the trainee's answer; and
// what waits is said where the clock warns.
func TestADraftThatIsOvertaken(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Please restart it.")
		w.next(ann).has("waits for Lea Long")
		draft := w.next(lead)
		w.send(letter{from: "Max Muster <" + max + ">", to: w.latest(max).replyTo(), subject: "Re: VPN", text: "I have restarted it already."})
		w.next(ann).has("restarted it already", "an answer of Ann Able waits for Lea Long")
		w.next(ben)
		w.send(letter{from: "Lea Long <" + lead + ">", to: draft.buttonTo("Send it"), subject: "Send", text: ""})
		again := w.next(lead).has("This has come in since", "I have restarted it already.", "Please restart it.")
		w.nothing(max)
		w.pass(4 * time.Hour)
		if warned := w.rest(ben); len(warned) == 0 || !strings.Contains(strings.Join(strings.Fields(warned[0].text()), " "), "an answer of Ann Able waits for Lea Long") {
			t.Error("the warning does not say what waits")
		}
		w.rest(ann)
		w.rest(lead)
		w.answer(lead, again, "Then please send us the log.")
		w.next(max).has("Then please send us the log.").lacks("restart it")
		w.next(ann).has("Lea Long answered in your place", "send us the log")
		w.send(letter{from: "Lea Long <" + lead + ">", to: again.buttonTo("Send it"), subject: "Send", text: ""})
		w.next(lead).has("No mail of yours is held")
		w.nothing(max)
		w.never(max, "Please restart it.")
	}, trainee)
}

// What a lead lets go is all that they were shown: the commands, whom a question is for, and the files.
func TestALeadSeesAllThatWouldBeSent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/consult "+eva+"\nDoes version 3 need a new key?", signedBy)
		w.next(ann).has("waits for Lea Long")
		asked := w.next(lead).has("Ann Able has written a mail for you to check", "/consult "+eva, "Does version 3 need a new key?", "Reply with /send to have it carried out",
			"with a text of your own, that is an answer to Max Muster").lacks("to send it to Max Muster")
		w.nothing(max, eva)
		w.send(letter{from: "Lea Long <" + lead + ">", to: asked.buttonTo("Carry it out"), subject: "Carry it out", text: ""})
		w.next(eva).has("Does version 3 need a new key?")
		w.nothing(max)
		w.rest(ann)
		w.rest(lead)

		w.send(letter{from: ann, to: notice.replyTo(), raw: "From: Ann Able <" + ann + ">\r\nTo: " + notice.replyTo() + "\r\n" + signedBy + "\r\nSubject: Re: VPN\r\nDate: " +
			w.now().Format(time.RFC1123Z) + "\r\nMessage-ID: <with.file@staff.example>\r\nIn-Reply-To: " + notice.Header.Get("Message-Id") + "\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n/solve\r\nHere is the list.\r\n--b\r\nContent-Type: text/csv; name=prices.csv\r\n" +
			"Content-Disposition: attachment; filename=prices.csv\r\n\r\nprice,12\r\n--b--\r\n"})
		w.next(ann).has("waits for Lea Long")
		draft := w.next(lead).has("Ann Able has written an answer", "/solve", "Here is the list.", "Attached: prices.csv", "Reply with /send to send it to Max Muster")
		if !strings.Contains(string(draft.Raw), "filename=prices.csv") {
			t.Error("the lead does not get the file")
		}
		// Max writes meanwhile: the lead is shown all of it once more.
		w.answer("Max Muster <"+max+">", w.latest(max), "Are you there?")
		w.rest(ann)
		w.answer(lead, draft, "/send")
		again := w.next(lead).has("Are you there?", "/solve", "Here is the list.", "Attached: prices.csv")
		if !strings.Contains(string(again.Raw), "filename=prices.csv") {
			t.Error("the lead does not get the file once more")
		}
		w.answer(lead, again, "/send")
		if sent := w.next(max).has("Here is the list."); !strings.Contains(string(sent.Raw), "filename=prices.csv") {
			t.Error("the customer does not get the file")
		}
	}, trainee)
}
