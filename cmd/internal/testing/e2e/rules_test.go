package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets/store"
)

// tags returns the tags of a ticket.
func (w *world) tags(number int64) (tags []string) {
	w.t.Helper()
	w.settle()
	if err := w.app.DB.View(w.t.Context(), func(tx *sqldb.Tx) error {
		ticket, _, err := store.Ticket(tx, number)
		tags = ticket.Tags
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return tags
}

// Each event that a rule may name comes, and at each the rule knows the ticket and what it can of a mail: a rule on it tags the ticket.
func TestEveryEventOfRules(t *testing.T) {
	var b strings.Builder
	b.WriteString("rules:\n")
	for _, event := range rules.Events() {
		after, when := "", `ticket.subject == "VPN" && inbox == "support"`
		switch event {
		case rules.Elapsed:
			after = "after: 3d since opened, "
			fallthrough
		case rules.SLAWarned, rules.SLAMissed: // no mail causes them
			when += ` && subject == "VPN" && language == "en"`
		case rules.Approved, rules.Declined:
			when += ` && domain(from) == "gold.example"`
		case rules.FormFilled, rules.Replied:
			when += ` && mood == "calm"`
		}
		fmt.Fprintf(&b, "  - {name: at %s, on: [%s], %swhen: '%s', do: [{set: {tags: [+%s]}}]}\n", event, event, after, when, event)
	}
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		question := w.request()
		notice := w.latest(ann)
		w.send(letter{from: boss, to: question.button("Yes"), subject: "Yes", text: ""})
		w.rest(max)
		w.rest(ben)
		w.answer(ann, notice, "/note\nThis is a note.")
		w.answer(ann, notice, "/escalate no idea")
		w.rest(ann)
		w.pass(24 * time.Hour) // or Max has had enough automatic mail
		w.rest(ann)
		w.rest(ben)
		w.send(letter{from: boss, to: w.request().button("No"), subject: "No", text: ""})
		w.rest(max)
		w.rest(ann)
		w.rest(ben)
		w.open(jane, "VPN", "The VPN is slow, and nobody answers.") // ticket 3
		w.pass(3*time.Hour + 20*time.Minute)
		w.pass(time.Hour)
		w.pass(3 * 24 * time.Hour)
		w.answer(ann, notice, "/solve\nYou have it now.")
		answer := w.latestOf(max, "")
		w.answer("Max Muster <"+max+">", answer, "Not yet, it says that access is denied.")
		w.report(answer.envelope(), answer.Header.Get("Message-Id"), max+" 5.1.1")
		w.settle()
		w.answer(ann, notice, "/close")
		done := slices.Concat(w.tags(1), w.tags(2), w.tags(3))
		for _, event := range rules.Events() {
			if !slices.Contains(done, event) {
				t.Errorf("nothing was done at %s", event)
			}
		}
	}, inFolder("forms/access.yaml", access), rule(b.String()))
}

// Whatever a rule may look at is there: a rule on each word tags the ticket.
func TestEveryFactOfRules(t *testing.T) {
	facts := map[string]string{ // by word, what holds of the mail below
		"inbox": `inbox == "support"`, "subject": `subject == "Re: The  Trunk"`, "text": `text startsWith "Please open the trunk"`,
		"whole_text": `whole_text contains "older words"`, "from": `from == "jane@gold.example"`, "from_name": `from_name == "Jane Roe"`,
		"reply_to": `reply_to == "roe@gold.example"`, "to": `"support@acme.example" in to`, "cc": `"max@customer.example" in cc`,
		"attachments": `len(attachments) == 1`, "attachments[].name": `any(attachments, .name == "trunk.txt")`,
		"attachments[].type": `any(attachments, .type == "text/plain")`, "attachments[].size": `any(attachments, .size > 5 && .size < 20)`,
		"language": `language == "en"`, "verdict": `verdict == "pass"`, "kind": `kind == "person"`, "mood": `mood == "calm"`,
		"spam": `spam == ""`, "size": `size > 400 && size < 4000`, "event": `event == "opened"`,
		"ticket.priority": `ticket.priority == "normal"`, "ticket.status": `ticket.status == "new"`, "ticket.tier": `ticket.tier == 1`,
		"ticket.team": `ticket.team == "frontdesk"`, "ticket.assignee": `ticket.assignee == ""`, "ticket.tags": `"fact-inbox" in ticket.tags`,
		"ticket.messages": `ticket.messages == 1`, "ticket.fields": `ticket.fields["room"] == nil || ticket.fields["room"] == ""`,
		"ticket.subject": `ticket.subject == "The Trunk"`, "ticket.inbox": `ticket.inbox == "support"`, "ticket.language": `ticket.language == "en"`,
		"ticket.age":    `ticket.age < duration("1h")`,
		"customer.name": `customer.name == "Jane Roe"`, "customer.address": `customer.address == "jane@gold.example"`,
		"customer.domain": `customer.domain == "gold.example"`, "customer.plan": `customer.plan == "gold"`, "customer.vip": `customer.vip`,
		"customer.tickets": `customer.tickets == 1`, "customer.fields": `customer.fields["contract"] == "C-4711"`,
		"org.name": `org.name == "Gold Ltd"`, "org.plan": `org.plan == "gold"`, "org.fields": `org.fields["contract"] == "C-4711"`,
		"now": `now.Year() > 2000`, "today": `today matches "^20"`, "weekday": `weekday == "mon"`, "hour": `hour == 9`, "minute": `minute < 30`,
		"office_hours": `office_hours`, "header": `header("X-Trunk") == "yes"`, "headers": `len(headers("X-Trunk")) == 2`,
		"has_header": `has_header("x-trunk")`, "has_tag": `has_tag("fact-inbox")`, "fold": `fold(subject) contains "trunk"`,
		"domain": `domain(from) == "gold.example"`, "duration": `duration("1h") < duration("2h")`,
	}
	tag := func(word string) string {
		return "fact-" + strings.NewReplacer(".", "-", "[]", "", "_", "-").Replace(word)
	}
	b := strings.Builder{}
	b.WriteString("rules:\n")
	for _, w := range rules.Words() {
		if strings.HasPrefix(w.Name, "now.") {
			continue
		}
		if facts[w.Name] == "" {
			t.Errorf("%s is not looked at here", w.Name)
		}
		fmt.Fprintf(&b, "  - {name: on %s, on: [opened], when: '%s', do: [{set: {tags: [+%s]}}]}\n", tag(w.Name), strings.ReplaceAll(facts[w.Name], "'", "''"), tag(w.Name))
	}
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.send(letter{from: "Jane Roe <" + jane + ">", to: support, subject: "Keys", text: "Where are the keys?"})
		w.settle()
		w.send(letter{from: jane, to: support, cc: max, raw: "Authentication-Results: mx.acme.example; dkim=pass header.d=gold.example; dmarc=pass header.from=gold.example\r\n" +
			"X-Spam-Status: No, score=-1.0 required=5.0\r\nFrom: Jane Roe <" + jane + ">\r\nReply-To: roe@gold.example\r\nTo: " + support + "\r\nCc: " + max +
			"\r\nSubject: Re: The  Trunk\r\nX-Trunk: yes\r\nX-Trunk: no\r\nMessage-ID: <trunk@gold.example>\r\nDate: " + w.now().Format(time.RFC1123Z) +
			"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease open the trunk that stands in the hall, because we have lost all of our keys to it.\r\n\r\nOn Mon, 2 Nov 2026, Bo wrote:\r\n> older words\r\n" +
			"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=trunk.txt\r\n\r\nlocked, alas\r\n--b--\r\n"})
		w.settle()
		done := w.tags(2)
		for word := range facts {
			if !slices.Contains(done, tag(word)) {
				t.Errorf("it does not hold that %s", facts[word])
			}
		}
	}, quietly, rule(b.String()), people("plan: gold}", "plan: gold, vip: true, fields: {contract: C-4711}}"))
}

// A rule sets another status as soon as an agent has set one: the customer hears of what came of it, once, and of nothing that does not hold.
func TestARuleSetsTheStatusAgain(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		w.answer(ann, notice, "/solve")
		w.next(ann).has("/solve: open, was new.")
		w.nothing(max)
		w.answer(ann, notice, "/field cause=cable\n/solve")
		w.next(ann).has("solved, was open.")
		w.next(max).has("should be solved now")
		_, second, _ := w.open("Jane Roe <"+jane+">", "Test", "Is anybody there?")
		w.answer(ann, second, "/solve")
		w.next(ann).has("closed, was new.")
		w.next(jane).has("We have closed your ticket").lacks("should be solved")
		w.nothing(jane, max)
	}, quietly, rule(`rules:
  - {name: a cause is wanted, on: [solved], when: 'ticket.subject == "VPN" && (ticket.fields["cause"] == nil || ticket.fields["cause"] == "")', do: [{set: {status: open}}]}
  - {name: a test, on: [solved], when: 'ticket.subject == "Test"', do: [{set: {status: closed}}]}
`))
}

// What an agent writes for colleagues is sent on to nobody outside, whatever rule it sets off, unless the rule says so in so many words.
func TestNoRuleSendsANoteOutside(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(ann, notice, "/note\nThis customer never pays; be careful with promises.")
		w.next(ann)
		w.next(ben).has("never pays")
		w.next(lead).has("never pays")
		w.next(otto).has("never pays") // the admin has said so
		w.nothing(eva)
		w.answer("Max Muster <"+max+">", ack, "Is anybody there?")
		w.next(eva).has("Is anybody there?")
		// Nor the note of a call, with which a ticket begins.
		w.send(letter{from: ann, to: support, subject: "Gate", text: "/new for " + jane + "\nShe sounded angry.", header: []string{signedBy}})
		w.next(jane)
		w.nothing(eva)
		w.never(eva, "never pays", "angry")
	}, rule(`rules:
  - {name: partner, on: [opened, replied, noted], when: 'event != "opened" || subject contains "Gate"', do: [{forward: `+eva+`}]}
  - {name: lead, on: [noted], when: 'ticket.subject == "VPN"', do: [{forward: `+lead+`}]}
  - {name: audit, on: [noted], when: 'ticket.subject == "VPN"', do: [{forward_notes: `+otto+`}]}
`))
}
