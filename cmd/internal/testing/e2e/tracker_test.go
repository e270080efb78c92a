package e2e

import (
	"testing"

	"tierdesk/tickets"
)

// The entries of docs/vendors.md for bug trackers that take mail, with an address of the test's.
var trackers = edit("people.yaml", "organisations:", `vendors:
  gitlab: {name: Firmware project, address: `+eva+`, ticket_pattern: '\(#([0-9]+)\)', solved_pattern: '(?i)^Issue was closed'}
  jira: {name: Network desk, address: `+otto+`, ticket_pattern: '\b[A-Z][A-Z0-9]+-[0-9]+\b', solved_pattern: '(?i)(changed the status to|status:) (Done|Resolved|Closed)'}
organisations:
`)

// An issue in GitLab's Service Desk: its bot confirms by mail with the number, a developer's comment comes back as a note, and closing the issue gives the ticket back.
func TestAnIssueInGitLab(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/vendor gitlab\nThe VPN client loses its route.", signedBy)
		w.next(ann)
		w.rest(ben)
		sent := w.next(eva)
		bot := "GitLab Support Bot <" + eva + ">"
		headers := []string{"In-Reply-To: " + sent.Header.Get("Message-Id"), "References: " + sent.Header.Get("Message-Id"), "X-GitLab-Project: firmware", "X-GitLab-Issue-IID: 12",
			"Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"}
		w.send(letter{from: bot, to: sent.replyTo(), subject: "Re: A request from Acme Support (#12)", text: "Thank you for your support request! We are tracking your request as ticket #12.", header: headers})
		w.next(ann).has("Automatic answer from gitlab", "Their ticket: 12")
		if got := w.status(1); got != tickets.OnHold {
			t.Errorf("the ticket is %s", got)
		}
		w.send(letter{from: bot, to: sent.replyTo(), subject: "Re: A request from Acme Support (#12)", text: "Issue was closed by Dev Doe", header: headers})
		told := w.next(ann).has("gitlab says that it is solved", "Issue was closed")
		if got := w.status(1); got != tickets.Open {
			t.Errorf("the ticket is %s", got)
		}
		w.answer(ann, told, "/solve\nA new client is there.")
		w.next(max).has("A new client is there.").lacks("GitLab", "#12")
	}, trackers)
}

// A request in Jira: its key stands in the subjects, and its state in the text of the mail that ends it.
func TestARequestInJira(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/take\n/vendor jira\nThe VPN client loses its route.", signedBy)
		w.next(ann)
		w.rest(ben)
		sent := w.next(otto)
		headers := []string{"In-Reply-To: " + sent.Header.Get("Message-Id"), "X-JIRA-FingerPrint: 4d5e6f", "Auto-Submitted: auto-generated", "Precedence: bulk"}
		w.send(letter{from: "Net Desk (Jira) <" + otto + ">", to: sent.replyTo(), subject: "[JIRA] (NET-422) A request from Acme Support", text: "Net Desk created an issue", header: headers})
		w.next(ann).has("Automatic answer from jira", "NET-422")
		w.send(letter{from: "Net Desk (Jira) <" + otto + ">", to: sent.replyTo(), subject: "[JIRA] (NET-422) A request from Acme Support", text: "Dev Doe changed the status to Done.", header: headers})
		told := w.next(ann).has("jira says that it is solved")
		if got := w.status(1); got != tickets.Open {
			t.Errorf("the ticket is %s", got)
		}
		w.answer(ann, told, "/solve\nThe route is back.")
		w.next(max).has("The route is back.").lacks("NET-422")
	}, trackers)
}
