package e2e

import (
	"strings"
	"testing"
)

// A value that is not there is refused with the one that was most likely meant, as it is typed, or with all that there are if they are few; the same for every command, and
// in the agent's language. Nothing of the mail is done.
func TestARefusalNamesTheNearestValue(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow, could you please have a look at it?")
		for _, row := range []struct{ command, reason string }{
			{"/assign anm", `there is no agent or team "anm" (did you mean /assign ann?)`},
			{"/assign brwon", `there is no agent or team "brwon" (did you mean /assign ben?)`},
			{"/team frontdsek", `there is no team "frontdsek" (did you mean /team frontdesk?)`},
			{"/priority hihg", `there is no priority "hihg" (did you mean /priority high?)`},
			{"/priority x", `there is no priority "x" (possible: urgent, high, normal, low)`},
			{"/status solvd", `there is no status "solvd" that can be set (did you mean /status solved?)`},
			{"/status x", `there is no status "x" that can be set (possible: open, pending, on-hold, solved, closed)`},
			{"/tier x", `there is no tier "x" to move a ticket to (possible: 1: Front desk, 2: Technicians, 3: `},
			{"/tier technicans", `there is no tier "technicans" to move a ticket to (did you mean /tier 2?)`},
			{"/snooze tomorow", `"tomorow" is no time like 2d, fri 09:00 or 2026-12-01 (did you mean /snooze tomorrow?)`},
			{"/snooze freitag 09:00", `(did you mean /snooze friday 09:00?)`},
			{"/due 2 tage", `(did you mean /due 2d?)`},
			{"/template restrat", `there is no stock reply "restrat" (did you mean /template restart?)`},
			{"/template x", `there is no stock reply "x" (possible: restart)`},
			{"/restrict +bne", `there is no agent "bne" (did you mean /restrict +ben?)`},
		} {
			w.answer(ann, notice, row.command+"\n\nIt takes a minute.", signedBy)
			w.held(ann, row.reason)
		}
		w.answer(ben, benNotice, "/priority hihg")
		w.held(ben, `es gibt keine Priorität "hihg" (meinten Sie /priority high?)`)
		w.answer(ben, benNotice, "/snooze")
		w.held(ben, "es fehlt ein Zeitpunkt")
		w.nothing(max)
	}, edit("people.yaml", "address: "+ben+",", "address: "+ben+", language: de,"), replies(map[string]string{"restart.md": "Please restart it.\n"}))
}

// A file of the ticket is found by the beginning of its name; one that is misspelt is named.
func TestARefusalNamesTheNearestFile(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Plan", raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: Plan\r\nMessage-ID: <plan@customer.example>\r\n" +
			"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere is the plan of the house.\r\n" +
			"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n%PDF-1.4\r\n--b--\r\n"})
		w.next(max)
		notice := w.next(ann)
		w.answer(ann, notice, "/attach paln.pdf\nHere it is.", signedBy)
		w.held(ann, `The ticket has no file "paln.pdf". There are: 1: plan.pdf (did you mean /attach plan.pdf?)`)
		w.nothing(max)
	})
}

// A list is misspelt: nothing is listed but what was meant is named. A word that stands in a ticket is looked for.
func TestAMisspeltList(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open("Max Muster <"+max+">", "VPN", "I had a call from the team lead about the VPN.")
		for _, query := range []string{"mien", "mien daily"} {
			w.send(letter{from: ann, to: support, subject: "List", text: "/list " + query, header: []string{signedBy}})
			if m := w.next(ann).has("Refused", `There is no list "mien", and no ticket in which that word stands. (did you mean /list mine?)`); m.event() != "receipt" {
				t.Errorf("Ann got %q", m.event())
			}
		}
		w.send(letter{from: ann, to: support, subject: "List", text: "/list call", header: []string{signedBy}})
		w.next(ann).has("#1", "VPN").lacks("did you mean")
	})
}

// The receipt of a call that was written down belongs to the new ticket's thread: an answer to it is an answer to the caller.
func TestTheReceiptOfACallBelongsToItsTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: ann, to: support, subject: "Gate", text: "/new for " + max + "\nThe gate does not open.", header: []string{signedBy}})
		w.next(max).has("[#1]", "Gate")
		receipt := w.next(ann).has("[#1] Gate", "Ticket #1 is open for "+max, "Assigned to", "Ann Able", "Your reply goes to "+max)
		if receipt.event() != "receipt" || receipt.ticket() != "1" {
			t.Errorf("Ann got %q of ticket %q", receipt.event(), receipt.ticket())
		}
		w.answer(ann, receipt, "Somebody comes at noon.")
		w.next(max).has("Somebody comes at noon.").lacks("does not open")
		w.rest(ann)
		w.send(letter{from: max, to: support, subject: "Re: [#1] Gate", text: "It opens now."})
		if told := w.next(ann).has("It opens now."); told.Header.Get("References") != receipt.Header.Get("References") {
			t.Errorf("the receipt is in another thread: %q and %q", receipt.Header.Get("References"), told.Header.Get("References"))
		}
	})
}

// Who is asked for an approval reads it in one language, its buttons too.
func TestTheButtonsOfAnApprovalAreInItsLanguage(t *testing.T) {
	for language, want := range map[string][]string{
		"es": {"le pide su aprobación", "Sí, lo apruebo", "No, no lo apruebo"},
		"fr": {"vous demande votre accord", "Oui, j’approuve", "Non, je n’approuve pas"},
		"it": {"Le chiede l’approvazione", "Sì, approvo", "No, non approvo"},
		"nl": {"vraagt om uw goedkeuring", "Ja, ik keur het goed", "Nee, ik keur het niet goed"},
	} {
		t.Run(language, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "OK?"})
				w.next(max)
				notice := w.next(ann)
				w.answer(ann, notice, "/approve-by "+boss+"\n900 euros?", signedBy)
				asked := w.next(boss).has(want...).lacks("I approve", "I do not")
				if text := asked.text(); strings.Contains(text, "approve") {
					t.Errorf("it is English:\n%s", text)
				}
			}, edit("tierdesk.yaml", "desk: {name", "desk: {language: "+language+", name"))
		})
	}
}
