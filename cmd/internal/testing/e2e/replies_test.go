package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// reply is an agent's mail that answers a notice with these words, exactly as they stand.
func (w *world) reply(from string, m got, text string, header ...string) {
	w.t.Helper()
	w.send(letter{from: from, to: m.replyTo(), subject: "Re: " + strings.TrimPrefix(m.subject(), "Re: "), text: text,
		header: append([]string{"In-Reply-To: " + m.Header.Get("Message-Id"), "References: " + strings.TrimSpace(m.Header.Get("References")+" "+m.Header.Get("Message-Id"))}, header...)})
}

// states looks at the facts of a notice: the ticket's status, and the clock that runs.
func (m got) states(status, clock string) got {
	m.t.Helper()
	if facts := strings.Join(strings.Fields(m.text()), " "); !strings.Contains(facts, "Status "+status+" ") || !strings.Contains(facts, clock) {
		m.t.Errorf("not %s with the clock %s:\n%s", status, clock, m.text())
	}
	return m
}

// held waits for the notice that a mail of the agent's is held.
func (w *world) held(agent string, words ...string) got {
	w.t.Helper()
	m := w.next(agent).has(words...)
	if m.event() != "held" {
		w.t.Errorf("%s got %q", agent, m.event())
	}
	return m
}

// Ann writes below the quoted notice, and between its lines: that is her answer, in order, with the customer's lines that it answers.
func TestAnAnswerBelowTheNotice(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.reply(ann, notice, "On Monday Max Muster via Acme Support wrote:\n"+quoted(notice.text())+"\n\nPlease restart the router.\n\nAnn")
		w.next(max).has("Please restart the router.").lacks("wrote:", "Priority", "tierdesk")
		w.send(letter{from: max, to: w.latest(max).replyTo(), subject: "Re: VPN", text: "It is off.\nDo I wait?"})
		again := w.next(ann).has("It is off.")
		between := strings.NewReplacer("> It is off.", "> It is off.\nThen switch it on.", "> Do I wait?", "> Do I wait?\nFive minutes.").Replace(quoted(again.text()))
		w.reply(ann, again, "On Monday Max Muster via Acme Support wrote:\n"+between)
		text := w.next(max).lacks("Priority", "tierdesk").text()
		first, second := strings.Index(text, "Then switch it on."), strings.Index(text, "Five minutes.")
		if first < 0 || second < first || !strings.Contains(text, "> Do I wait?") {
			t.Errorf("Max got %q", text)
		}
		w.nothing(ann)
	})
}

// /send says what it did, and to whom; what it cannot do it refuses, and sends nothing.
func TestSendSaysWhatItDid(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "@bob has mended it.\nPlease try again.")
		w.answer(ann, w.held(ann), "/send")
		w.next(max).has("Please try again.")
		w.endsFor(ben)
		if r := w.next(ann).has("/send", "Your text goes to Max Muster."); r.event() != "receipt" {
			t.Errorf("Ann got %q", r.event())
		}
		// A line with a command is never sent, whatever the desk makes of it.
		w.answer(ben, benNotice, "/undoo\nHe never pays.")
		held := w.held(ben, "It cannot be sent as it is")
		if strings.Contains(held.html(), "Send it as it is") {
			t.Error("there is a button to send what cannot be sent")
		}
		w.answer(ben, held, "/send")
		w.next(ben).has("/send", "is wrong", "Nothing was sent")
		w.answer(ben, held, "/drop")
		w.next(ben).has("The held mail was dropped.")
		// What has /note in it can only become a note.
		w.answer(ben, benNotice, "Hi Ann, /note, he never pays.")
		w.answer(ben, w.held(ben, "keep it as a note"), "/send")
		w.next(ben).has("Your text is a note")
		w.next(ann).has("he never pays")
		w.nothing(max)
		w.never(max, "never pays")
	})
}

// An answer that the last gate stops is none: the ticket waits for one again, its clock runs on, and its author sends it after all or writes another.
func TestAnAnswerThatIsStopped(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Write to "+ann+" next time.")
		stopped := w.held(ann, "something internal")
		if s := stopped.Header.Get("X-Tierdesk-Ticket"); s != "1" {
			t.Errorf("it is about ticket %q", s)
		}
		stopped.states("new", "First reply")
		w.nothing(max)
		w.answer(ann, notice, "Write to us next time.") // another one takes its place
		w.next(max).has("Write to us next time.")
		w.answer(ann, stopped, "/send")
		w.next(ann).has("No mail of yours is held here.")
		w.nothing(max)
		w.send(letter{from: max, to: w.latest(max).replyTo(), subject: "Re: VPN", text: "To whom?"})
		w.answer(ann, w.next(ann).has("To whom?"), "To "+ann+", I mean it.")
		w.answer(ann, w.held(ann, "something internal").states("open", "Next reply"), "/send")
		w.next(max).has("To " + ann + ", I mean it.")
		w.next(ann).has("Your text goes to")
		w.pass(10 * 24 * time.Hour)
		for _, m := range w.rest(lead) {
			t.Errorf("the lead got %q about a ticket that was answered", m.event())
		}
	})
}

// A mail of Ann's that is meant for somebody else goes to nobody outside: it comes back to her.
func TestAMailForSomebodyElse(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		answers := []string{"In-Reply-To: " + notice.Header.Get("Message-Id"), "References: " + notice.Header.Get("Message-Id")}
		forged := func(l letter, headers ...string) letter {
			l.from, l.subject, l.header = "Ann Able <"+ann+">", "Re: "+notice.subject(), append(append(l.header, answers...), headers...)
			return l
		}
		w.send(forged(letter{to: lead, cc: notice.replyTo(), text: "Look at this fool."}))
		w.next(lead) // her own copy
		w.held(ann, "in Cc or Bcc only")
		w.send(forged(letter{to: notice.replyTo() + ", " + lead, text: "Look at this fool, Lea."}))
		w.next(lead)
		w.held(ann, "is also addressed to", lead)
		w.send(forged(letter{to: notice.replyTo(), text: "Please look at this.\n\n-------- Forwarded Message --------\nSubject: " + notice.subject() + "\nFrom: Max Muster via Acme Support <" + support + ">\nTo: Ann Able <" + ann + ">\n\n" + notice.text()}))
		w.held(ann, "forwards another one")
		w.send(forged(letter{to: notice.replyTo(), text: "-----BEGIN PGP MESSAGE-----\n\nhQEMA5vJ8s0Yq0cPAQf/e2Jx\n=abcd\n-----END PGP MESSAGE-----"}))
		w.held(ann, "encrypted", "cannot be sent")
		w.nothing(max)
		w.never(max, "fool", "Please look at this", "PGP")
	})
}

// Ann's signature has no delimiter, and her own address in it: it is cut, and her answer goes out, the first one as well as the next.
func TestASignatureWithoutADelimiter(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		const signature = "\n\nAnn Able - Network team\nE-Mail:\u00a0" + ann + "\nRoom 12"
		w.answer(ann, notice, "Please restart the router."+signature)
		first := w.next(max).has("Please restart the router.").lacks(ann)
		w.send(letter{from: max, to: first.replyTo(), subject: "Re: VPN", text: "And then?"})
		w.answer(ann, w.next(ann).has("And then?"), "Then it works."+signature)
		again := w.next(max).has("Then it works.").lacks(ann, "Room 12")
		w.send(letter{from: max, to: again.replyTo(), subject: "Re: VPN", text: "Indeed."})
		w.answer(ann, w.next(ann).has("Indeed."), "Good."+signature)
		w.next(max).has("Good.").lacks(ann, "Room 12")
		w.nothing(ann)
	})
}

// What an agent writes to one customer after the other is an answer to each, however often it ends alike; the signature below it is none.
func TestWhatIsOftenWrittenIsSent(t *testing.T) {
	const steps, signature = "Please do this:\n\n1. turn it off\n2. wait a minute\n3. turn it on", "\n\nAnn Able - Network team\nRoom 12"
	stories(t, func(t *testing.T, w *world) {
		for _, customer := range []string{max, jane, eva, boss} {
			w.send(letter{from: customer, to: support, subject: "It stands still", text: "What can I do?"})
			w.next(customer)
			w.answer(ann, w.next(ann), steps+signature)
			w.next(customer).has("1. turn it off", "2. wait a minute", "3. turn it on")
		}
		w.nothing(ann)
	})
}

// A command in reply to the notice of a held mail leaves the mail waiting; another text takes its place.
func TestACommandLeavesAHeldMailWaiting(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "@bob has mended it.\nPlease try again.")
		held := w.held(ann)
		w.answer(ann, held, "/take")
		w.next(ann).has("It is yours.")
		w.next(ben)
		w.answer(ann, held, "/send")
		w.next(max).has("Please try again.")
		w.next(ann).has("Your text goes to")
		w.answer(ben, benNotice, "/notee\nThey never pay.")
		w.answer(ben, w.held(ben), "/note\nThey never pay.")
		w.next(ben).has("Your text is a note")
		w.next(ann).has("They never pay.")
		w.answer(ben, benNotice, "/send")
		w.next(ben).has("No mail of yours is held here.")
		w.nothing(max)
	})
}

// both is a mail with a plain text and an HTML part, each as it stands.
func (w *world) both(from string, m got, plain, html string) {
	w.t.Helper()
	w.send(letter{from: from, to: m.replyTo(), raw: "From: " + from + "\r\nTo: " + m.replyTo() + "\r\nSubject: Re: " + m.subject() + "\r\nDate: " + w.now().Format(time.RFC1123Z) +
		"\r\nIn-Reply-To: " + m.Header.Get("Message-Id") + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=two\r\n\r\n" +
		"--two\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + plain + "\r\n--two\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n--two--\r\n"})
}

// A command that stands in the HTML of Ann's mail alone was typed and is not read: the mail is held, and nothing of it goes out. Where both forms say the
// same, the command is carried out and the answer goes out.
func TestACommandInTheHTMLAlone(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.both(ann, notice, "He never pays.\n\nThey wrote:\n"+quoted(notice.text()), "<div>/note</div><div>He never pays.</div><div>They wrote:<blockquote>"+notice.html()+"</blockquote></div>")
		w.answer(ann, w.held(ann, "/note"), "/drop")
		w.next(ann).has("The held mail was dropped.")
		w.both(ben, benNotice, "Ask the vendor.", "<p>Ask the vendor.</p><p>/priority high</p>")
		w.answer(ben, w.held(ben, "/priority"), "/drop")
		w.next(ben).has("The held mail was dropped.")
		w.nothing(max)
		w.both(ann, notice, "/priority high\n\nPlease restart it.", "<div>/priority high</div><div><br></div><div>Please <b>restart</b> it.</div>")
		w.next(max).has("Please restart it.").lacks("/priority")
		w.next(ann).has("/priority high")
		w.nothing(ann)
	})
}

// A command in the subject of Ann's answer was meant, and nobody reads it there: the mail is held, and not to be sent as it is.
func TestACommandInTheSubject(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.send(letter{from: ann, to: notice.replyTo(), subject: "Re: " + notice.subject() + " /note", text: "They never pay.",
			header: []string{"In-Reply-To: " + notice.Header.Get("Message-Id")}})
		w.answer(ann, w.held(ann, "is a command in the subject", "/note"), "/send")
		w.next(ann).has("Nothing was sent")
		w.nothing(max)
		w.never(max, "never pay")
	})
}

// What a customer calls their question is no command of the agent's who answers it, where the notice is not known.
func TestACommandInTheCustomersSubject(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		id := w.send(letter{from: max, to: support, subject: "Where is /close", text: "I cannot find it."})
		w.next(max)
		w.rest(ann)
		w.rest(ben)
		reply := func(n int, subject string) {
			w.send(letter{from: ann, to: support, raw: fmt.Sprintf("Authentication-Results: mx.acme.example; dkim=pass header.d=staff.example; dmarc=pass header.from=staff.example\r\n"+
				"From: Ann Able <%s>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <subject%d@staff.example>\r\nIn-Reply-To: <%s>\r\n\r\nIt is in the menu.\r\n",
				ann, support, subject, w.now().Format(time.RFC1123Z), n, id)})
		}
		reply(1, "Re: [#1] Where is /close")
		w.held(ann, "answers no notice of the ticket").lacks("is a command in the subject")
		reply(2, "Re: [#1] Where is /close /solve")
		w.held(ann, "is a command in the subject", "/solve")
		w.nothing(max)
	})
}

// A note of absence above the quoted notice may be one sentence, with no field that says what it is: it comes back to Ann, who sends it if she wrote it.
// What is said of the house is an answer.
func TestABriefNoteOfAbsence(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		for _, note := range []string{"I am out of the office until 7 December.", "Ich bin bis zum 7. Dezember nicht im Büro.", "Je suis absente jusqu'au 7 décembre.", "Jestem na urlopie do 7 grudnia."} {
			w.answer(ann, notice, note)
			w.held(ann, "reads like a note of absence")
		}
		w.nothing(max)
		w.answer(ann, notice, "/send")
		w.next(max).has("Jestem na urlopie do 7 grudnia.")
		w.rest(ann)
		w.rest(ben)
		w.answer(ben, benNotice, "/public\nOur office is closed on Friday.")
		w.answer(ben, w.held(ben, "Something was written"), "/send")
		w.next(max).has("Our office is closed on Friday.")
	})
}
