package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A customer wrote to Ann herself. She forwards the mail to the desk: it becomes the customer's ticket, and her own words a note.
func TestAForwardedMailBecomesTheCustomersTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Fwd: Lift", header: []string{signedBy},
			text: "@fwd\nHe is always in a hurry, be quick.\n\n---------- Forwarded message ---------\nFrom: Max Muster <" + max + ">\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Lift\nTo: <" + ann + ">\n\n\nThe lift is stuck.\n/close the door, it says.\n\nMax"})
		ack := w.next(max).has("[#1]", "Lift").lacks(ann, "hurry", "@fwd")
		w.next(ann).has("Ticket #1 is open for " + max)
		w.next(ann).has("The lift is stuck.")
		notice := w.next(ben).has("Max Muster", "The lift is stuck.", "/close the door", "Your reply goes to Max Muster")
		w.answer(ben, notice, "Somebody is on their way.")
		w.next(max).has("Somebody is on their way.").lacks("hurry")
		w.rest(ann)
		// The customer's answer belongs to it.
		w.answer("Max Muster <"+max+">", ack, "It moves again.")
		w.next(ben).has("It moves again.")
		w.never(max, "hurry", "@fwd", ann)
	})
}

// The same as an attachment, and from Outlook in German; a forward that names nobody is held, and mended with /new for.
func TestForwardsOfOtherClients(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		inner := "From: Jane Doe <" + jane + ">\r\nTo: " + ann + "\r\nSubject: Printer\r\nMessage-ID: <inner@gold.example>\r\nDate: Mon, 2 Nov 2026 09:12:00 +0000\r\n\r\nIt prints nothing.\r\n"
		w.send(letter{from: ann, to: support, raw: fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Fwd: Printer\r\nDate: %s\r\nMessage-ID: <outer@staff.example>\r\n%s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
			"--b\r\nContent-Type: text/plain\r\n\r\n/forward-as-new\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=printer.eml\r\n\r\n%s--b--\r\n",
			ann, support, w.now().Format(time.RFC1123Z), signedBy, inner)})
		if ack := w.next(jane).has("[#1]", "Printer"); ack.Header.Get("In-Reply-To") != "<inner@gold.example>" {
			t.Errorf("the acknowledgement is not in the customer's own thread: %q", ack.Header.Get("In-Reply-To"))
		}
		w.next(ann).has("Ticket #1 is open for " + jane)
		w.rest(ann)
		w.next(ben).has("It prints nothing.")

		w.send(letter{from: ann, to: support, subject: "WG: Drucker", header: []string{signedBy},
			text: "/forward-as-new\n\nVon: Max Muster <" + max + ">\nGesendet: Montag, 2. November 2026 09:12\nAn: Ann Able <" + ann + ">\nBetreff: Drucker\n\nEr druckt nicht.\n/close\n"})
		w.next(max).has("[#2]", "Drucker").lacks("WG:")
		w.next(ben).has("Er druckt nicht.")
		w.rest(ann)

		w.send(letter{from: ann, to: support, subject: "FW: Noise", header: []string{signedBy},
			text: "@fwd\n\nFrom: Max Muster\nSent: Monday, November 2, 2026 9:12 AM\nTo: Ann Able\nSubject: Noise\n\nIt is loud here."})
		held := w.next(ann).has("names the address")
		if held.event() != "held" {
			t.Errorf("Ann got %q", held.event())
		}
		held.has("It cannot be sent as it is").lacks("Carry it out")
		w.answer(ann, held, "/send", signedBy) // it names nobody still
		w.next(ann).has("A command in the held mail cannot be carried out")
		w.nothing(max, ben)
		w.send(letter{from: ann, to: support, subject: "Noise", text: "/new for " + max + "\nMax says that it is loud.", header: []string{signedBy}})
		w.next(max).has("[#3]")
		w.next(ann).has("Ticket #3 is open for " + max)
	})
}

// A call is written down: the ticket is the caller's, who gets its number, and whoever wrote it down has it.
func TestACallIsLogged(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: ann, to: support, subject: "Called about the gate", text: "/new for " + max + "\nSounded angry. The gate does not open.", header: []string{signedBy}})
		w.next(max).has("[#1]", "Called about the gate").lacks("angry", ann)
		w.next(ann).has("Ticket #1 is open for " + max)
		w.nothing(ben)
		w.send(letter{from: max, to: support, subject: "Re: [#1] Called about the gate", text: "It opens now."})
		told := w.next(ann).has("It opens now.", "Assigned to", "Ann Able")
		w.answer(ann, told, "Good to hear.")
		w.next(max).has("Good to hear.")
		w.never(max, "angry")
	})
}

// Somebody who only claims to be an agent opens nothing for anybody: the agent is asked, and it is done when they say so.
func TestAForgedForward(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		forward := "@fwd\n\n---------- Forwarded message ---------\nFrom: Max Muster <" + max + ">\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Refund\nTo: <" + ann + ">\n\n\nGive me my money."
		w.send(letter{from: ann, to: support, subject: "Fwd: Refund", text: forward})
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("Ann got %q", q.event())
		}
		w.nothing(max, ben)
		w.send(letter{from: ann, to: support, subject: "Call", text: "/new for " + max + "\nGive him money.", header: []string{"Authentication-Results: mx.acme.example; dmarc=fail header.from=staff.example"}})
		question := w.next(ann)
		if question.event() != "confirm" {
			t.Errorf("Ann got %q", question.event())
		}
		w.nothing(max, ben)
		w.answer(ann, question, "/send")
		w.next(max).has("[#1]", "Call").lacks("money")
		if text := w.latestOf(ann, "receipt").text(); !strings.Contains(text, max) {
			t.Errorf("Ann was told:\n%s", text)
		}
		// A stranger's @fwd is a stranger's mail.
		w.send(letter{from: mallory, to: support, subject: "Fwd: Refund", text: forward})
		w.next(mallory).has("[#2]")
		w.nothing(max)
	})
}

// Whom the desk has never read is written to in the language of the inbox, else in that of what an agent wrote for them, else in the desk's; never in that of what
// an agent wrote for colleagues. Whose words an agent passes on is answered in their own.
func TestTheLanguageOfWhoHasNotWritten(t *testing.T) {
	const call = "She called and says that the printer is not working, and that she would like to have it back for the meeting."
	german := edit("tierdesk.yaml", "desk: {name", "desk: {language: de, name")
	t.Run("a call", func(t *testing.T) {
		stories(t, func(t *testing.T, w *world) {
			w.send(letter{from: ann, to: support, subject: "Printer", text: "/new for " + jane + "\n" + call, header: []string{signedBy}})
			w.next(jane).has("Guten Tag").lacks("Hello")
			w.next(ann)
			// What she writes herself is not forgotten for it.
			w.send(letter{from: jane, to: support, subject: "Screen", text: "The screen of my computer has been dark for two days, can you please help me?"})
			w.next(jane).has("Hello")
		}, german)
	})
	t.Run("an inbox of its own language", func(t *testing.T) {
		stories(t, func(t *testing.T, w *world) {
			w.send(letter{from: ann, to: support, subject: "Printer", text: "/new for " + jane + "\n" + call, header: []string{signedBy}})
			w.next(jane).has("Guten Tag")
			w.next(ann).has("Ticket #1 is open for " + jane)
			w.send(letter{from: jane, to: support, subject: "Re: [#1] Printer", text: "OK?"})
			notice := w.next(ann).has("OK?")
			w.answer(ann, notice, "/consult "+eva+"\nDoes the FX-9 need a driver of its own, or is it in the list that we have?", signedBy)
			w.next(eva).has("eine Frage an Sie")
		}, edit("tierdesk.yaml", "    address: "+support, "    language: de\n    address: "+support))
	})
	t.Run("what was written for them", func(t *testing.T) {
		stories(t, func(t *testing.T, w *world) {
			w.send(letter{from: "Ann Able <" + ann + ">", to: "Max Muster <" + max + ">", cc: support, subject: "Aufzug", header: []string{signedBy},
				text: "Guten Tag, der Aufzug wird am Dienstag gebaut, und wir melden uns bei Ihnen, wenn er fertig ist."})
			w.next(max)
			w.next(ann).has("Ticket #1 is open for " + max)
			w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Re: [#1] Aufzug", text: "OK?"})
			notice := w.next(ann).has("OK?")
			w.answer(ann, notice, "/solve", signedBy)
			w.next(max).has("Guten Tag").lacks("Hello")
			w.next(ann)
			w.answer(ann, notice, "/consult "+eva+"\nGuten Tag, ist der Aufzug schon gebaut, oder wird er das noch in der Woche?", signedBy)
			w.next(eva).has("eine Frage an Sie")
		})
	})
	t.Run("what they wrote", func(t *testing.T) {
		stories(t, func(t *testing.T, w *world) {
			w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Fwd: Aufzug", header: []string{signedBy},
				text: "@fwd\nHe is always in a hurry, so please be quick and do not forget to call him when it is done.\n\n---------- Forwarded message ---------\nFrom: Max Muster <" + max +
					">\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Aufzug\nTo: <" + ann + ">\n\n\nDer Aufzug ist stecken geblieben, bitte helfen Sie uns.\n\nMax"})
			w.next(max).has("Guten Tag").lacks("Hello", "hurry")
		})
	})
}
