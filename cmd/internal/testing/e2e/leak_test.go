package e2e

import (
	"encoding/base64"
	"strings"
	"testing"
)

// An empty answer from a client that quotes without marks holds nothing but our own notice: it goes back, not out.
func TestAnEmptyAnswerIsHeld(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "")
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("Ann got %q:\n%s", m.event(), m.text())
		}
		// Outlook: a block of fields, and the notice without marks.
		w.send(letter{from: ann, to: notice.replyTo(), subject: "RE: " + notice.subject(), text: "\n\n________________________________\nFrom: Max Muster via Acme Support <" + support + ">\nSent: Monday, 2 November 2026 09:00\nTo: Ann Able <" + ann + ">\nSubject: " +
			notice.subject() + "\n\n" + notice.text(), header: []string{"In-Reply-To: " + notice.Header.Get("Message-Id")}})
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("Ann got %q:\n%s", m.event(), m.text())
		}
		w.nothing(max)
		w.never(max, "tierdesk ##", "Write your reply above")
	})
}

// The customer's answer that says /close is no command, wherever it comes from.
func TestACustomerCannotCommand(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(max, ack, "/close\n/priority urgent\nPlease hurry.")
		if m := w.next(ann).has("/close", "Please hurry."); m.Header.Get("X-Tierdesk-Priority") != "normal" {
			t.Error("a customer set the priority")
		}
		w.next(ben)
		w.answer(ann, notice, "ok") // stale, since Max wrote again
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max)
	})
}

// Our own server vouches for the agent's domain: his fresh mail into the ticket counts, without any token.
func TestAnAuthenticatedAgent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask()
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Re: " + ack.subject(), text: "/note\nHe called: it is slow in the morning only.",
			header: []string{"Authentication-Results: mx.acme.example; dkim=pass header.d=staff.example; dmarc=pass header.from=staff.example"}})
		w.next(ann).has("Your text is a note")
		w.next(ben).has("it is slow in the morning only.")
		w.nothing(max)
		// The same words by another server, or below another's field, prove nothing.
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Re: " + ack.subject(), text: "/close",
			header: []string{"Authentication-Results: mx.evil.example; dkim=pass header.d=staff.example; dmarc=pass header.from=staff.example"}})
		if m := w.next(ann); m.event() != "confirm" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max, ben)
	})
}

// The agent's private address in his text is held by the last gate.
func TestAPrivateAddressInTheText(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Write to me at "+ann+" next time.")
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max)
		w.never(max, ann)
	})
}

// The same however it is written, and for a notice that is attached to the answer.
func TestAPrivateAddressInDisguise(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		name, domain, _ := strings.Cut(ann, "@")
		for _, text := range []string{
			"My own address: E-Mail:\u00a0" + ann + "\u00a0works too.", "It is „" + ann + "“, always.", "Write to me." + ann + ".Thanks", "Reach me as " + name + " (at) " + strings.ReplaceAll(domain, ".", " (dot) ") + ", please.",
			"See mailto:" + name + "%40" + domain + " for more.", "That is " + name + "＠" + domain + " as ever.",
		} {
			w.answer(ann, notice, text)
			if m := w.next(ann); m.event() != "held" {
				t.Errorf("%q: Ann got %q", text, m.event())
			}
		}
		units := []byte{0xff, 0xfe}
		for _, r := range notice.text() {
			units = append(units, byte(r), byte(r>>8))
		}
		var file strings.Builder
		for code := base64.StdEncoding.EncodeToString(units); len(code) > 0; {
			n := min(76, len(code))
			file.WriteString(code[:n] + "\r\n")
			code = code[n:]
		}
		w.send(letter{from: ann, to: notice.replyTo(), raw: "From: " + ann + "\r\nTo: " + notice.replyTo() + "\r\nSubject: Re: " + notice.subject() + "\r\nMessage-ID: <files@" + domain + ">\r\nIn-Reply-To: " + notice.Header.Get("Message-Id") +
			"\r\nReferences: " + notice.Header.Get("Message-Id") + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\nAll of it is in the file.\r\n--cut\r\n" +
			"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=all.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n" + file.String() + "--cut--\r\n"})
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("a notice in a file: Ann got %q:\n%s", m.event(), m.text())
		}
		w.nothing(max)
	})
}

// Who is in Cc of the first mail gets the answer too, everybody with a reply address of his own; a reply of his joins nobody else.
func TestParticipants(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer("Max Muster <"+max+">", ack, "Jane works on it too.", "Cc: "+jane)
		w.next(ann).has("Jane works on it too.")
		w.next(ben)
		w.nothing(jane)
		w.answer(ann, notice, "/public\nWhere do you work?")
		if m := w.next(ann); m.event() != "held" { // Max wrote meanwhile
			t.Fatalf("Ann got %q", m.event())
		}
		w.answer(ann, notice, "/drop")
		w.rest(ann)
		mails := w.rest(ben)
		if len(mails) != 0 {
			t.Errorf("Ben got %q", mails[0].subject())
		}
		w.answer(max, ack, "Are you there?")
		newer := w.next(ann)
		w.next(ben)
		w.answer(ann, newer, "Where do you work?")
		toMax, toJane := w.next(max).has("Where do you work?"), w.next(jane).has("Where do you work?")
		if toMax.Header.Get("Message-Id") != toJane.Header.Get("Message-Id") {
			t.Error("the copies have different Message-IDs")
		}
		if toMax.replyTo() == toJane.replyTo() || !strings.Contains(toMax.Header.Get("Cc"), jane) {
			t.Errorf("Reply-To %q and %q, Cc %q", toMax.replyTo(), toJane.replyTo(), toMax.Header.Get("Cc"))
		}
		w.answer(jane, toJane, "In Berlin.")
		w.next(ann).has("In Berlin.")
	})
}
