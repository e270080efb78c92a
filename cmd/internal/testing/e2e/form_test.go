package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/tickets"
)

// laptop is a questionnaire in two languages, for stories.
const laptop = `title: {en: Your laptop, de: Ihr Laptop}
questions:
  - {name: serial, ask: {en: What is the serial number?, de: Wie lautet die Seriennummer?}}
  - {name: restarted, ask: {en: Have you restarted it?, de: Haben Sie ihn neu gestartet?}, kind: yes-no}
  - {name: since, ask: {en: Since when does it happen?, de: Seit wann tritt es auf?}, kind: date}
`

// inFolder is the edit that adds a file to the desk folder.
func inFolder(name, text string) func(dir string) {
	return func(dir string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
}

// An agent asks the questions of a form; the customer answers as people do, and the agent reads the filled form.
func TestAQuestionnaire(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/ask laptop\nHello Max,\n\nbefore we send somebody:", signedBy)
		w.next(ann).has("Your laptop", "Max Muster; you will be told")
		w.rest(ben)
		form := w.next(max).has("before we send somebody", "1. What is the serial number?", "2. Have you restarted it? (yes or no)", "3. Since when does it happen? (a date)")
		form.lacks(ann, "/ask", "## tierdesk")
		w.nothing(max, ann, ben)

		w.answer(max, form, "1. X-4711\n2. Yes, twice.\n3. yesterday\n\nBest regards\nMax")
		told := w.next(ann).has("New message from", "Yes, twice.", "1. What is the serial number?", "X-4711", w.now().AddDate(0, 0, -1).Format("2006-01-02"))
		w.nothing(max)
		if got := w.events(1); got[tickets.FormSent] != 1 || got[tickets.FormFilled] != 1 {
			t.Errorf("events: %v", got)
		}
		// The agent goes on with what they know.
		w.answer(ann, told, "Thank you. A colleague comes at ten.")
		w.next(max).has("comes at ten").lacks("X-4711")
	}, inFolder("forms/laptop.yaml", laptop))
}

// A letter instead of answers is not searched for them: explain says so, the agent gets it whole, and the form goes on waiting.
func TestALetterInsteadOfAnswers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max)
		letter := "1. X-4711\n2. Yes\n3. yesterday\n\n" + strings.Repeat("It is a long story, and this is one sentence of it.\n", 300)
		raw := "From: " + max + "\r\nTo: " + form.replyTo() + "\r\nSubject: Re: " + form.subject() + "\r\nMessage-ID: <letter@gold.example>\r\nIn-Reply-To: " +
			form.Header.Get("Message-Id") + "\r\n\r\n" + strings.ReplaceAll(letter, "\n", "\r\n")
		e, err := w.app.Desk.Explain(t.Context(), mailin.Raw{Inbox: "support", Received: w.now(), Bytes: []byte(raw), Size: int64(len(raw))})
		if err != nil || !strings.Contains(strings.Join(e.Steps, " "), "its answers to the form laptop are not read: what is new in it is too long") {
			t.Errorf("explained as %q, %v", e.Steps, err)
		}
		w.answer(max, form, letter)
		w.next(ann).has("New message from", "X-4711", "this is one sentence of it")
		w.nothing(max)
		if got := w.events(1); got[tickets.FormFilled] != 0 {
			t.Errorf("events: %v", got)
		}
		w.answer(max, form, "1. X-4711\n2. Yes\n3. yesterday")
		w.next(ann).has("1. What is the serial number?", "X-4711")
		if got := w.events(1); got[tickets.FormFilled] != 1 {
			t.Errorf("events: %v", got)
		}
	}, inFolder("forms/laptop.yaml", laptop))
}

// Answers that a customer writes into the subject, above a mail that says nothing, are read, too; a new subject is no answer.
func TestAnswersInTheSubject(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max)
		reply := func(m got, subject string) {
			t.Helper()
			w.send(letter{from: max, to: m.replyTo(), subject: subject, text: "On Mon, 2 Nov 2026, someone wrote:\n" + quoted(m.text()),
				header: []string{"In-Reply-To: " + m.Header.Get("Message-Id"), "References: " + m.Header.Get("Message-Id")}})
		}
		reply(form, "Still broken since Monday, when will you come?")
		w.next(ann).lacks("Your laptop", "no answer")
		w.rest(ben)
		w.nothing(max)
		reply(form, form.subject()+": X-4711, yes")
		w.nothing(max)
		w.next(ann).lacks("no answer") // two words for three questions: which two?
		w.rest(ben)
		reply(form, form.subject()+" - X-4711, yes, yesterday")
		w.next(ann).has("1. What is the serial number?", "X-4711", w.now().AddDate(0, 0, -1).Format("2006-01-02"))
		w.nothing(max)
		if got := w.events(1); got[tickets.FormFilled] != 1 {
			t.Errorf("events: %v", got)
		}
	}, inFolder("forms/laptop.yaml", laptop))
}

// What is missing is asked once more, and then no more.
func TestWhatIsMissingIsAskedOnce(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max)
		w.answer(max, form, "The serial number is X-4711.")
		w.next(ann).has("X-4711", "no answer", "What is missing was asked once more")
		again := w.next(max).has("2. Have you restarted it?", "3. Since when").lacks("serial number?")
		if !strings.Contains(again.text(), "once more") {
			t.Errorf("the second form reads\n%s", again.text())
		}
		w.answer(max, again, "3: 3 May 2026")
		w.next(ann).has("X-4711", "2026-05-03", "no answer", "were asked twice")
		w.nothing(max)
		w.answer(max, again, "2: yes")
		w.next(ann).has("2: yes")
		w.nothing(max)
	}, inFolder("forms/laptop.yaml", laptop))
}

// A form that waits in a ticket is answered where that was merged, and in its own again once the merge is undone; two different forms do not wait together.
func TestAFormFollowsAMerge(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		_, notice, _ := w.ask()
		_, second, _ := w.open(muster, "Laptop", "My laptop is slow, too.")
		w.answer(ann, notice, "/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max).has("1. What is the serial number?")
		merge := func() got {
			t.Helper()
			w.answer(ann, notice, "/merge 2", signedBy)
			receipt := w.next(ann)
			w.rest(ben)
			return receipt
		}
		merge().has("Merged into #2")
		w.next(max).has("belong together")
		w.answer(ann, second, "/undo", signedBy)
		w.next(ann).has("#1 is a ticket of its own again")
		w.rest(ben)
		w.answer(muster, form, "1. X-4711\n2. yes")
		if m := w.next(ann).has("X-4711", "What is missing was asked once more"); m.ticket() != "1" {
			t.Errorf("before the second merge ticket %s is filled", m.ticket())
		}
		w.rest(ben)
		again := w.next(max).has("3. Since when")

		w.answer(ann, second, "/ask room", signedBy)
		w.next(ann)
		w.rest(ben)
		w.next(max).has("Which room?")
		merge().has("Not merged: the form", "both wait for answers")
		w.nothing(max)
		w.answer(muster, w.latest(max), "1. 2.14")
		w.next(ann).has("2.14")
		w.rest(ben)
		merge().has("Merged into #2")
		w.next(max).has("belong together")
		w.answer(muster, again, "3. yesterday")
		if m := w.next(ann).has("Form: Your laptop", "X-4711", w.now().AddDate(0, 0, -1).Format("2006-01-02")).lacks("no answer"); m.ticket() != "2" {
			t.Errorf("after the merge ticket %s is filled", m.ticket())
		}
		w.rest(ben)
		w.nothing(max)
		if got := w.events(2); got[tickets.FormFilled] != 2 {
			t.Errorf("events: %v", got)
		}
	}, inFolder("forms/laptop.yaml", laptop), inFolder("forms/room.yaml", "title: Your room\nquestions: [{name: room, ask: Which room?}]\n"))
}

// A form waits for whoever opened its ticket: where somebody else's ticket would go on they could not answer it, and that customer would. So nothing is merged until it is answered.
func TestAFormIsNotMergedToAnother(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, cc: max, subject: "Tunnel", text: "We both cannot dial in."})
		ack := w.next(jane)
		w.rest(max)
		w.rest(ann)
		w.rest(ben)
		merge := func() got {
			t.Helper()
			w.answer(ann, notice, "/merge 2", signedBy)
			receipt := w.next(ann)
			w.rest(ben)
			return receipt
		}
		w.answer(ann, notice, "/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max).has("1. What is the serial number?")
		merge().has("Not merged: the form", "of #1 waits for Max Muster", "/link 2").lacks("Merged into")
		w.nothing(max, jane)
		w.answer("Jane Doe <"+jane+">", ack, "1. J-0815\n2. no\n3. today")
		if m := w.next(ann).has("J-0815").lacks("Form: "); m.ticket() != "2" {
			t.Errorf("Jane wrote in ticket %s", m.ticket())
		}
		w.rest(ben)
		w.nothing(jane)
		w.rest(max)
		w.answer("Max Muster <"+max+">", form, "1. X-4711\n2. yes\n3. yesterday")
		w.next(ann).has("Form: Your laptop", "X-4711").lacks("no answer", "J-0815")
		w.rest(ben)
		w.nothing(max, jane)
		if got := w.events(1); got[tickets.FormFilled] != 1 {
			t.Errorf("events: %v", got)
		}
		merge().has("Merged into #2")
	}, inFolder("forms/laptop.yaml", laptop))
}

// A form that nobody answers stands in the way of a merge until its agent withdraws it. What its customer answers after all is a reply like any other, in the ticket that goes on, and
// fills no field; the other customer hears nothing of it.
func TestAFormIsWithdrawn(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, cc: max, subject: "Tunnel", text: "We both cannot dial in."})
		for _, who := range []string{jane, max, ann, ben} {
			w.rest(who)
		}
		w.answer(ann, notice, "/ask none", signedBy)
		w.next(ann).has("No form waits for an answer in this ticket.")
		w.answer(ann, notice, "/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max).has("1. What is the serial number?")
		w.answer(ann, notice, "/merge 2", signedBy)
		w.next(ann).has("Not merged: the form", "/ask none withdraws the")
		w.answer(ann, notice, "/ask none\nNever mind the questions.", signedBy)
		w.held(ann, "/ask none sends nothing")
		w.answer(ann, notice, "/ask none", signedBy)
		w.next(ann).has("is withdrawn: an answer to it will be")
		w.nothing(max, jane)
		w.answer(ann, notice, "/merge 2", signedBy)
		w.next(ann).has("Merged into #2")
		w.next(max).has("belong together")
		w.rest(ben)
		w.answer("Max Muster <"+max+">", form, "1. X-4711\n2. yes\n3. yesterday")
		if m := w.next(ann).has("X-4711").lacks("Form: "); m.ticket() != "2" || m.event() != "agent-reply" {
			t.Errorf("Ann got %s in ticket %s", m.event(), m.ticket())
		}
		w.nothing(max, jane)
		if got := w.events(2); got[tickets.FormFilled]+got[tickets.FieldsSet] != 0 {
			t.Errorf("events: %v", got)
		}
	}, inFolder("forms/laptop.yaml", laptop))
}

// While a request of one customer is to be approved their ticket does not go on in another one's, who would be told what was decided; nor does one that has taken it in.
func TestAnApprovalIsNotMergedToAnother(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		question := w.request()
		notice := w.latest(ann)
		_, second, _ := w.open("Max Muster <"+max+">", "Folder", "I still need that folder.")
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, cc: max, subject: "Folders", text: "We both need folders."})
		for _, who := range []string{jane, max, ann, ben} {
			w.rest(who)
		}
		w.answer(ann, notice, "/merge 3", signedBy)
		w.next(ann).has("Not merged: the form", "of #1 waits for approval", "/link 3")
		w.answer(ann, notice, "/merge 2", signedBy)
		w.next(ann).has("Merged into #2")
		w.rest(max)
		w.answer(ann, second, "/merge 3", signedBy)
		w.next(ann).has("Not merged: the form", "of #2 waits for approval")
		w.rest(ben)
		w.nothing(max, jane)
		w.send(letter{from: boss, to: question.button("Yes"), subject: "Yes", text: ""})
		w.next(max).has("[#2]", "Access to a folder", "has been approved")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max, jane)
		w.answer(ann, second, "/merge 3", signedBy)
		w.latestOf(ann, "receipt").has("Merged into #3")
		w.never(jane, "approved", "Plans 2027")
	}, inFolder("forms/access.yaml", access))
}

// A rule asks: the form takes the place of the acknowledgement, in the customer's language, and what they answer leads to the next rule.
func TestARuleThatAsks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Laptop kaputt", text: "Guten Tag,\n\nmein Laptop startet seit heute nicht mehr, bitte helfen Sie mir.\n\nMit freundlichen Grüßen\nMax Muster"})
		form := w.next(max).has("Guten Tag Max Muster", "1. Wie lautet die Seriennummer?", "2. Haben Sie ihn neu gestartet? (ja oder nein)", "3. Seit wann tritt es auf? (ein Datum)")
		form.lacks("startet seit heute")
		if form.Header.Get("Auto-Submitted") != "auto-replied" {
			t.Errorf("a form that a rule sends is %q", form.Header.Get("Auto-Submitted"))
		}
		w.nothing(max)
		w.next(ann).has("A rule sent the form")
		w.rest(ben)
		w.answer(max, form, "Seriennummer: X-4711\nNeu gestartet: ja, zweimal\nSeit: heute", "Content-Language: de")
		w.next(tess).has("X-4711")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max)
	}, inFolder("forms/laptop.yaml", laptop), inFolder("rules/20.yaml", `rules:
  - name: broken laptops
    on: [opened, replied]
    when: subject contains "Laptop"
    do: [{ask: laptop}]
  - name: what is known goes to the technicians
    on: [form-filled]
    when: ticket.fields.serial == "X-4711"
    do: [{set: {tier: 2}}, {notify: [technicians]}]
`))
}

// Nobody answers a form in the requester's place, and what stands in an answer never runs a command.
func TestAFormThatOthersAnswer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/ask laptop", signedBy)
		w.next(ann)
		w.rest(ben)
		form := w.next(max)
		const text = "1. FORGED\n2. yes\n3. yesterday"
		// A stranger has got hold of the mail; somebody writes as the requester, and the server says that it is not them; a stranger knows the number.
		w.answer(mallory, form, text)
		w.next(ann).has("FORGED").lacks("Form: Your laptop")
		w.answer(max, form, text, "Authentication-Results: mx.acme.example; dmarc=fail header.from=customer.example; spf=fail")
		for _, m := range w.rest(ann) {
			m.lacks("Form: Your laptop")
		}
		w.send(letter{from: mallory, to: support, subject: "Re: [#1] VPN", text: text})
		w.rest(ann)
		w.rest(ben)
		w.rest(mallory)
		if got := w.events(1); got[tickets.FormAnswered] != 0 {
			t.Errorf("others have answered the form: %v", got)
		}
		// The requester's own answer counts; its commands are words.
		w.answer(max, form, "1. /close\n2. /status solved\n3. yesterday")
		w.next(ann).has("Form: Your laptop", "/close", "no answer")
		if got := w.events(1); got[tickets.FormAnswered] != 1 || got[tickets.Reopened] != 0 {
			t.Errorf("events: %v", got)
		}
		w.next(max).has("2. Have you restarted it?").lacks("/close", "closed")
		w.nothing(max)
	}, inFolder("forms/laptop.yaml", laptop))
}

// access is a request of the catalogue.
const access = `title: Access to a folder
questions:
  - {name: folder, ask: Which folder?}
  - {name: rights, ask: What do you want to do there?, kind: choice, choices: [read, write]}
approval: {address: boss@gold.example, remind: 5h}
`

// request has Max ask for access, and returns what the approver gets.
func (w *world) request() (question got) {
	w.t.Helper()
	_, notice, _ := w.ask()
	w.answer(ann, notice, "/take\n/ask access", signedBy)
	w.next(ann)
	w.rest(ben)
	form := w.next(max).has("1. Which folder?", "2. What do you want to do there? (read or write)")
	w.answer(max, form, "1. Plans 2027\n2. write\n\nMy secret reason is that the VPN is slow.")
	w.next(ann).has("Plans 2027", "boss@gold.example was asked for approval")
	w.nothing(max)
	question = w.next(boss).has("Access to a folder", "Max Muster", "Which folder?", "Plans 2027", "write", "Yes, I approve")
	return question.lacks("VPN", "secret reason", ann)
}

// A request is approved by a button: the customer hears of it, and so do the agents and the rules.
func TestARequestThatIsApproved(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		question := w.request()
		w.send(letter{from: "The Boss <" + boss + ">", to: question.button("Yes"), subject: "Yes", text: "He is a nuisance, but well."})
		w.next(max).has("Access to a folder", "has been approved").lacks("nuisance", boss)
		w.next(ann).has(boss+" has approved", "approval", "nuisance")
		w.next(tess).has("Plans 2027")
		w.nothing(max)
		// What is decided stays decided.
		w.send(letter{from: boss, to: question.button("No"), subject: "No", text: ""})
		w.rest(ann)
		w.nothing(max)
		w.never(max, "nuisance", boss)
		if got := w.events(1); got[tickets.Approved] != 1 || got[tickets.Declined] != 0 {
			t.Errorf("events: %v", got)
		}
	}, inFolder("forms/access.yaml", access), inFolder("rules/20.yaml", `rules:
  - name: access is granted by the technicians
    on: [approved]
    when: ticket.fields.approval == "approved"
    do: [{notify: [technicians]}]
`))
}

// An approver who is silent is reminded, and refuses in words; who gets hold of the mail decides nothing.
func TestARequestThatIsRefused(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		question := w.request()
		w.pass(6 * time.Hour)
		reminder := w.next(boss).has("reminder", "Plans 2027")
		w.rest(ann)
		w.send(letter{from: mallory, to: question.button("Yes"), subject: "Yes", text: "Sure."})
		w.rest(ann)
		w.nothing(max)
		w.answer(boss, reminder, "No.\n\nNobody gets that.")
		w.next(max).has("has not been approved").lacks("Nobody gets", boss)
		w.next(ann).has(boss+" has declined", "Nobody gets that.")
		if got := w.events(1); got[tickets.Declined] != 1 || got[tickets.Approved] != 0 {
			t.Errorf("events: %v", got)
		}
		w.pass(6 * time.Hour)
		w.nothing(boss)
	}, inFolder("forms/access.yaml", access))
}

// Nobody approves their own request, and the agents are told where nobody could be asked.
func TestARequestOfTheApprovers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "The Boss <" + boss + ">", to: support, subject: "Folder", text: "I need a folder."})
		w.next(boss)
		notice := w.next(ann)
		w.answer(ann, notice, "/take\n/ask access", signedBy)
		w.next(ann)
		w.rest(ben)
		w.answer(boss, w.next(boss), "1: Plans\n2: read")
		w.next(ann).has("would approve their own")
		w.nothing(boss)
	}, inFolder("forms/access.yaml", access))
}
