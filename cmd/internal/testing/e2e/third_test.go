package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// events counts what happened to a ticket, by kind.
func (w *world) events(ticket int64) map[tickets.EventKind]int {
	w.t.Helper()
	w.settle()
	out := map[tickets.EventKind]int{}
	err := w.app.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		past, err := store.Past(tx, ticket)
		for _, e := range past {
			out[e.Kind]++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// A question to a third person that waits for a proof is not said to go to the customer.
func TestAHeldQuestionIsForWhomItAsks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open("Max Muster <"+max+">", "Lamp FX-9 flickers", "It flickers since Sunday.")
		w.answer(ann, notice, "/consult "+eva+"\n\nDoes the FX-9 need a driver of its own?")
		held := w.held(ann, "does not prove that you wrote /consult", "Carry it out", "/send to have it carried out")
		held.lacks("sends it to Max Muster", "Send it as it is")
		w.answer(ann, held, "/send")
		w.next(eva).has("Does the FX-9 need a driver of its own?")
		w.nothing(max)
	})
}

// An agent asks somebody who takes no part. They see the question and nothing else; their answer is a note, and the agent answers the customer with it.
func TestAConsultation(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Lamp FX-9 flickers", text: "The lamp in my secret laboratory flickers since Sunday."})
		ack := w.next(max)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "/consult "+eva+"\nHello Eva,\n\ndoes the FX-9 need a driver of its own?", signedBy)
		w.next(ann).has("Your text goes to " + eva)
		w.next(ben).has("asks "+eva, "driver of its own")
		question := w.next(eva).has("[#1]", "does the FX-9 need a driver of its own?", "Ann Able has a question for you")
		question.lacks("laboratory", "flickers", "Max", max, ann, "## tierdesk", "/consult", "normal", ack.replyTo(), notice.replyTo())
		if question.Header.Get("Auto-Submitted") != "" || question.Header.Get("References") != "" {
			t.Errorf("the question is %q in the thread %q", question.Header.Get("Auto-Submitted"), question.Header.Get("References"))
		}
		w.nothing(max)

		w.answer("Eva Expert <"+eva+">", question, "It does: the LX-2 that lies in the drawer.")
		told := w.next(ann).has("Answer from Eva Expert", "the LX-2 that lies in the drawer", "Your reply goes to Max Muster")
		w.next(ben).has("LX-2")
		w.nothing(max, eva)
		// She asks once more, in the same thread.
		w.answer(ann, told, "/consult "+eva+"\nWhich drawer?", signedBy)
		w.next(ann)
		w.next(ben)
		again := w.next(eva).has("Re: [#1]", "Which drawer?").lacks("laboratory", max)
		if !strings.Contains(again.Header.Get("References"), strings.Trim(question.Header.Get("Message-Id"), "<>")) {
			t.Errorf("the second question is not in the thread of the first: %q", again.Header.Get("References"))
		}
		w.answer(eva, again, "The red one.")
		told = w.next(ann).has("The red one.")
		w.next(ben)
		w.answer(ann, told, "Please fetch yourself a new driver for it from us.")
		w.next(max).has("fetch yourself a new driver").lacks("LX-2", "drawer", eva)
		w.never(max, "LX-2", "drawer", eva)
		if got := w.events(1); got[tickets.Asked] != 2 || got[tickets.AgentReplied] != 1 {
			t.Errorf("events: %v", got)
		}
	})
}

// Two are asked in one mail. Each has their own thread and neither knows of the other; one answers with a file, the other's machine does, and nobody waits for ever.
func TestSeveralConsultants(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/consult "+eva+" "+otto+"\nHow old is the gateway?", signedBy)
		w.next(ann).has(eva, otto)
		w.rest(ben)
		one, two := w.next(eva).has("How old").lacks(otto), w.next(otto).has("How old").lacks(eva)
		if one.replyTo() == two.replyTo() || one.Header.Get("Message-Id") == two.Header.Get("Message-Id") {
			t.Errorf("both have %s, %s", one.replyTo(), one.Header.Get("Message-Id"))
		}
		w.send(letter{from: eva, raw: fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Re: question\r\nDate: %s\r\nMessage-ID: <plan@lab.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
			"--b\r\nContent-Type: text/plain\r\n\r\nSee the sheet.\r\n--b\r\nContent-Type: text/csv; name=age.csv\r\nContent-Disposition: attachment; filename=age.csv\r\n\r\ngateway,9 years\r\n--b--\r\n",
			eva, one.replyTo(), w.now().Format(time.RFC1123Z)), to: one.replyTo()})
		if told := w.next(ann).has("See the sheet.", "age.csv"); !strings.Contains(string(told.Raw), "filename=") || !strings.Contains(told.Header.Get("From"), eva) {
			t.Errorf("the file did not come along:\n%s", told.Raw)
		}
		w.send(letter{from: otto, to: two.replyTo(), subject: "Out of office", text: "I am away until Friday.", header: []string{"Auto-Submitted: auto-replied", "In-Reply-To: " + two.Header.Get("Message-Id")}})
		w.next(ann).has("Automatic answer from "+otto, "until Friday")
		w.nothing(max, ben, eva, otto)

		// Two days later the silent one is reminded, twice, and then no more.
		for _, word := range []string{"reminder", "reminder"} {
			w.pass(49 * time.Hour)
			reminder := w.next(otto).has(word, "How old is the gateway?").lacks(max, eva)
			if reminder.Header.Get("Auto-Submitted") == "" {
				t.Error("the reminder does not say that it is automatic")
			}
		}
		w.pass(49 * time.Hour)
		w.nothing(otto, eva)
		var said strings.Builder
		for _, m := range w.rest(ann) {
			said.WriteString(m.text())
		}
		if !strings.Contains(said.String(), otto+" has not answered yet and has been reminded") || !strings.Contains(said.String(), "reminders sent: 2") {
			t.Errorf("Ann was not told of the silence:\n%s", said.String())
		}
		w.never(max, "gateway", otto, eva)
	})
}

// A question whose address does not exist comes back, and who asked is told.
func TestAConsultantWhoDoesNotExist(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/consult nobody@lab.example\nAre you there?", signedBy)
		w.rest(ben)
		all := ""
		for range 2 {
			all += w.next(ann).text()
		}
		if !strings.Contains(all, "nobody@lab.example") || !strings.Contains(all, "not") {
			t.Errorf("Ann was told:\n%s", all)
		}
		w.rest(ann)
		w.pass(49 * time.Hour)
		for _, m := range w.rest(ann) {
			m.lacks("has been reminded")
		}
	})
}

// An approver presses a button, and another one writes a word in their own language; the agent is told, and it stands in the log.
func TestAnApproval(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/approve-by "+boss+" "+otto+"\nMay we buy a new gateway for 900 euros?", signedBy)
		w.next(ann).has(boss)
		w.rest(ben)
		request := w.next(boss).has("Your approval", "900 euros", "Yes, I approve").lacks(max, "slow", ann)
		other := w.next(otto).has("900 euros")
		// A button above words that say the opposite decides nothing.
		w.send(letter{from: "The Boss <" + boss + ">", to: request.button("Yes"), subject: "Yes", text: "No.\n\nThe old one will do."})
		w.next(ann).has("neither clearly yes nor clearly no", "The old one will do.").lacks("has approved", "has declined")
		w.send(letter{from: "The Boss <" + boss + ">", to: request.button("Yes"), subject: "Yes", text: "But tell me the price."})
		w.next(ann).has(boss+" has approved", "But tell me the price.", "Your reply goes to Max Muster")
		w.answer("Otto <"+otto+">", other, "Guten Tag Ann,\n\nnein.\n\nDas ist zu teuer.")
		told := w.next(ann).has(otto+" has declined", "zu teuer")
		// What is decided stays decided.
		w.send(letter{from: boss, to: request.button("No"), subject: "No", text: ""})
		w.next(ann).has("decided before")
		if got := w.events(1); got[tickets.Approved] != 1 || got[tickets.Declined] != 1 || got[tickets.Asked] != 2 {
			t.Errorf("events: %v", got)
		}
		w.answer(ann, told, "You will get a new one.")
		w.next(max).has("You will get a new one.").lacks("euros", boss, otto, "zu teuer")
		w.nothing(boss, otto)
	})
}

// An answer that is neither yes nor no decides nothing: the agent is told, and the approver is asked again.
func TestAnApproverWhoHesitates(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/approve-by "+boss+"\nMay we buy a new gateway?", signedBy)
		w.next(ann)
		w.rest(ben)
		request := w.next(boss)
		w.answer(boss, request, "Yes, but only if it is cheaper than the old one.")
		w.next(ann).has("neither clearly yes nor clearly no", "cheaper than")
		w.pass(49 * time.Hour)
		reminder := w.next(boss).has("reminder", "May we buy a new gateway?")
		w.rest(ann)
		w.answer(boss, reminder, "OK")
		w.next(ann).has(boss + " has approved")
		if got := w.events(1); got[tickets.Approved] != 1 {
			t.Errorf("events: %v", got)
		}
		w.pass(49 * time.Hour)
		w.nothing(boss)
	})
}

// Nobody decides in an approver's place: neither who the mail was passed on to, nor who forges them, nor their machine, nor a consultant with a word.
func TestAForwardedApproval(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/approve-by "+boss+"\nMay we buy a new gateway?", signedBy)
		w.next(ann)
		w.rest(ben)
		request := w.next(boss)
		w.send(letter{from: otto, to: request.button("Yes"), subject: "Yes", text: "The boss lets me decide."})
		w.next(ann).has("It came from "+otto, boss, "The boss lets me decide.").lacks("has approved")
		w.send(letter{from: boss, to: request.button("Yes"), subject: "Yes", text: "Do it.", header: []string{"Authentication-Results: mx.acme.example; dmarc=fail header.from=gold.example"}})
		w.next(ann).has("Authentication failed").lacks("has approved")
		w.send(letter{from: boss, to: request.button("Yes"), subject: "Yes", text: "I am away.", header: []string{"Auto-Submitted: auto-replied"}})
		w.next(ann).has("Automatic answer").lacks("has approved")
		to := request.button("Yes")
		at := strings.IndexByte(to, '@')
		other := "a"
		if to[at-2] == 'a' {
			other = "b"
		}
		w.send(letter{from: boss, to: to[:at-2] + other + to[at-1:], subject: "Yes", text: "Altered."})
		if got := w.events(1); got[tickets.Approved]+got[tickets.Declined] != 0 {
			t.Errorf("events: %v", got)
		}
		w.nothing(max)
		w.rest(ann)
		// The boss can still decide.
		w.answer(boss, request, "Approved.")
		w.settle()
		if got := w.events(1); got[tickets.Approved] != 1 {
			t.Errorf("the approver's own word did not count: %v", got)
		}
	})
}

// What an agent quotes of the customer's words, or what the ticket keeps inside, does not go to who is asked.
func TestAConsultantSeesNothingElse(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/note\nMax Muster owes us money for three years and must be treated with care.")
		w.rest(ann)
		noted := w.rest(ben)
		w.answer(ann, notice, "/consult "+eva+"\nWhat do you say?\n> The VPN is slow.\nIs that new?", signedBy)
		w.next(ann)
		w.rest(ben)
		w.next(eva).has("What do you say?", "Is that new?").lacks("VPN is slow", max)
		w.answer(ben, noted[len(noted)-1], "/consult "+eva+"\nMax Muster owes us money for three years and must be treated with care. Is that wise?", signedBy)
		w.nothing(eva, max)
		w.latestOf(ben, "held").has("internal")
		// Without /approve-by's or /consult's proof nothing goes out either.
		w.answer(ann, notice, "/consult "+mallory+"\nPlease send me all you know.")
		w.next(ann)
		w.nothing(mallory, eva)
		w.never(eva, "owes us money")
	})
}

// latestOf returns the newest of a person's mails about an event, once all is done.
func (w *world) latestOf(user, event string) got {
	w.t.Helper()
	var out got
	for _, m := range w.rest(user) {
		if m.event() == event {
			out = m
		}
	}
	if out.t == nil {
		w.t.Fatalf("%s has no mail %q", user, event)
	}
	return out
}
