package ruletest_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/rules"
	"tierdesk/rules/fault"
	"tierdesk/rules/ruletest"
)

var names = rules.Names{
	Priorities: []string{"urgent", "high", "normal"}, Teams: []string{"frontdesk", "network"}, Agents: []string{"oncall", "bob"},
	Templates: []string{"ack", "outage-ack", "agent-new"}, Statuses: []string{"new", "open", "pending"}, Tiers: []int{0, 1, 2},
}

func place(line, column int) fault.Place {
	return fault.Place{File: "rules/20-network.yaml", Line: line, Column: column}
}

func is[T any](v T) *T { return &v }

// outage is the example of the documentation.
func outage(tests ...rules.Test) []rules.File {
	return []rules.File{{Name: "rules/20-network.yaml", Tests: tests, Rules: []rules.Rule{
		{Place: place(2, 5), Name: "bulk mail", When: `has_header("List-Id")`, Do: []rules.Action{{Kind: rules.KindDrop, Reason: "a list"}}},
		{Place: place(5, 5), Name: "outage at a gold customer", When: `subject matches "(?i)\\b(outage|down)\\b" && customer.plan == "gold"`, Then: "stop",
			Do: []rules.Action{
				{Kind: rules.KindSet, Set: rules.Changes{Priority: "urgent", Tier: is(2), Team: "network", Tags: []rules.TagChange{{Name: "outage", Add: true}}}},
				{Kind: rules.KindReply, Template: "outage-ack"},
				{Kind: rules.KindNotify, Notify: []string{"oncall"}}}},
		{Place: place(14, 5), Name: "unclear subject", When: `len(subject) < 3`, Do: []rules.Action{{Kind: rules.KindQuarantine, Reason: "no subject"}}},
		{Place: place(16, 5), Name: "waits for us", On: []string{rules.Elapsed}, After: 2 * time.Hour, Since: rules.SinceCustomer,
			Do: []rules.Action{{Kind: rules.KindSet, Set: rules.Changes{Priority: "high", Assignee: "none", Status: "open"}}}},
	}}}
}

// At an event that no mail causes a test's mail has opened the ticket, and rules know of it what the ticket does: no more than the daemon lets them.
func TestAMailThatIsNotThere(t *testing.T) {
	files := []rules.File{{Name: "rules/1.yaml", Rules: []rules.Rule{
		{Place: place(2, 5), Name: "about the printer", On: []string{rules.Opened, rules.SLAMissed}, When: `subject contains "printer"`,
			Do: []rules.Action{{Kind: rules.KindNotify, Notify: []string{"bob"}}}},
		{Place: place(5, 5), Name: "says so", On: []string{rules.Opened, rules.SLAMissed}, When: `text contains "toner"`,
			Do: []rules.Action{{Kind: rules.KindNotify, Notify: []string{"bob"}}}},
	}, Tests: []rules.Test{{Place: place(9, 5), Name: "late", Event: rules.SLAMissed,
		Mail: rules.TestMail{From: "max@customer.example", Subject: "printer", Text: "no toner"}, Expect: rules.Expectation{Rules: []string{"about the printer"}}}}}}
	set, faults := rules.Compile(files, names)
	if faults.Err() != nil {
		t.Fatal(faults)
	}
	for _, r := range ruletest.Run(set, files, func(test rules.Test) (*rules.Facts, error) {
		f, err := facts(test)
		f.Ticket.Subject = test.Mail.Subject
		return f, err
	}) {
		if !r.OK() {
			t.Errorf("%s: %s %v", r.Test, r.Error, r.Differences)
		}
	}
}

// facts stands for the desk: who its customers are, and how it opens a ticket.
func facts(t rules.Test) (*rules.Facts, error) {
	now := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	if t.Mail.From == "" {
		return nil, errors.New("no sender")
	}
	f := &rules.Facts{Now: now, Ticket: rules.Ticket{Priority: "normal", Status: "new", Tier: 1, Team: "frontdesk", OpenedAt: now}}
	f.Mail.From, f.Mail.Subject, f.Mail.Text, f.Mail.Kind = t.Mail.From, t.Mail.Subject, t.Mail.Text, "person"
	f.Mail.Header = func(key string) []string {
		if value, ok := t.Mail.Headers[key]; ok {
			return []string{value}
		}
		return nil
	}
	if strings.HasSuffix(t.Mail.From, "@gold.example") {
		f.Customer.Plan = "gold"
	}
	return f, nil
}

func own(_ *rules.Facts, out rules.Outcome) []string {
	if _, ok := out.Dropped(); ok {
		return nil
	}
	for _, applied := range out.Actions {
		if applied.Action.Kind == rules.KindReply {
			return []string{"agent-new"}
		}
	}
	return []string{"ack", "agent-new"}
}

func run(t *testing.T, tests ...rules.Test) []ruletest.Result {
	t.Helper()
	files := outage(tests...)
	set, faults := rules.Compile(files, names)
	if len(faults) > 0 {
		t.Fatal(faults.Error())
	}
	return ruletest.Run(set, files, facts, own)
}

var down = rules.TestMail{From: "jane@gold.example", Subject: "Network is DOWN", Text: "since 9:00"}

// TestHolds: expectations that are met, of every kind.
func TestHolds(t *testing.T) {
	ago := rules.Test{Name: "elapsed", Event: rules.Elapsed, Mail: down, Ticket: &rules.TestTicket{Customer: 2 * time.Hour, Assignee: is("bob"), Tags: []string{"x"}, Messages: is(4)},
		Expect: rules.Expectation{Priority: is("high"), Assignee: is("none"), Status: is("open"), Tags: []string{"x"}, Rules: []string{"waits for us"}}}
	for _, r := range run(t,
		rules.Test{Name: "example", Mail: down, Expect: rules.Expectation{Priority: is("urgent"), Tier: is(2), Team: is("network"), Mails: []string{"outage-ack", "agent-new"}}},
		rules.Test{Name: "all", Mail: down, Expect: rules.Expectation{Priority: is("urgent"), Status: is("new"), Team: is("network"), Assignee: is("none"), Tier: is(2), Tags: []string{"outage"},
			Mails: []string{"agent-new", "outage-ack"}, Rules: []string{"outage at a gold customer"}, Quarantined: is(false), Dropped: is(false)}},
		rules.Test{Name: "nothing", Mail: rules.TestMail{From: "bob@x.example", Subject: "Network is down"}, Expect: rules.Expectation{Tags: []string{}, Rules: []string{}, Mails: []string{"ack", "agent-new"}}},
		rules.Test{Name: "dropped", Mail: rules.TestMail{From: "bob@x.example", Subject: "News", Headers: map[string]string{"List-Id": "x"}}, Expect: rules.Expectation{Dropped: is(true), Mails: []string{}}},
		rules.Test{Name: "quarantined", Mail: rules.TestMail{From: "bob@x.example"}, Expect: rules.Expectation{Quarantined: is(true)}},
		ago,
	) {
		if !r.OK() {
			t.Errorf("%s: %s %+v\n%s", r.Test, r.Error, r.Differences, r.Explained)
		}
	}
	ago.Ticket.Customer -= time.Millisecond
	if r := run(t, ago)[0]; r.OK() {
		t.Error("the rule acted before its time")
	}
}

// TestOverrides: rules see the ticket as the test says it was, and the desk's defaults for the rest.
func TestOverrides(t *testing.T) {
	files := []rules.File{{Rules: []rules.Rule{{Name: "sees it", On: []string{rules.Replied}, Then: "stop", When: `ticket.messages == 4 and ticket.priority == "high" and
		ticket.status == "pending" and ticket.team == "" and ticket.assignee == "bob" and ticket.tier == 2 and has_tag("x") and ticket.age == duration("3h")`}},
		Tests: []rules.Test{{Name: "all", Event: rules.Replied, Mail: down, Expect: rules.Expectation{Rules: []string{"sees it"}},
			Ticket: &rules.TestTicket{Messages: is(4), Priority: is("high"), Status: is("pending"), Team: is("none"), Assignee: is("bob"), Tier: is(2), Tags: []string{"x"}, Opened: 3 * time.Hour}},
			{Name: "none", Event: rules.Replied, Mail: down, Expect: rules.Expectation{Rules: []string{}}}}}}
	set, faults := rules.Compile(files, names)
	if len(faults) > 0 {
		t.Fatal(faults.Error())
	}
	if results := ruletest.Run(set, files, facts); ruletest.Failed(results) > 0 {
		t.Errorf("%+v", results)
	}
}

// TestOneOff: each expectation, one off, fails the test with just that difference.
func TestOneOff(t *testing.T) {
	for _, c := range []struct {
		expect rules.Expectation
		want   string
	}{
		{rules.Expectation{Priority: is("high")}, "priority: want high, got urgent"},
		{rules.Expectation{Status: is("open")}, "status: want open, got new"},
		{rules.Expectation{Team: is("none")}, "team: want none, got network"},
		{rules.Expectation{Assignee: is("bob")}, "assignee: want bob, got none"},
		{rules.Expectation{Tier: is(1)}, "tier: want 1, got 2"},
		{rules.Expectation{Tags: []string{}}, "tags: want [], got [outage], not expected outage"},
		{rules.Expectation{Tags: []string{"outage", "vip"}}, "tags: want [outage, vip], got [outage], missing vip"},
		{rules.Expectation{Mails: []string{"outage-ack", "outage-ack"}}, "mails: want [outage-ack, outage-ack], got [agent-new, outage-ack], missing outage-ack, not expected agent-new"},
		{rules.Expectation{Rules: []string{"bulk mail"}}, "rules: want [bulk mail], got [outage at a gold customer], missing bulk mail, not expected outage at a gold customer"},
		{rules.Expectation{Quarantined: is(true)}, "quarantined: want true, got false"},
		{rules.Expectation{Dropped: is(true)}, "dropped: want true, got false"},
	} {
		r := run(t, rules.Test{Name: "one off", Place: place(20, 5), Mail: down, Expect: c.expect})[0]
		var got []string
		for _, d := range r.Differences {
			got = append(got, fmt.Sprintf("%s: want %s, got %s", d.What, d.Want, d.Got))
			if d.Place != "rules/20-network.yaml:20:5" {
				t.Errorf("place %s", d.Place)
			}
		}
		if !slices.Equal(got, []string{c.want}) || r.OK() {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestWrite compares the report with testdata/report.txt.
func TestWrite(t *testing.T) {
	results := run(t,
		rules.Test{Name: "gold outage goes straight to the network team", Place: place(20, 5), Mail: down, Expect: rules.Expectation{Priority: is("urgent")}},
		rules.Test{Name: "silver outage", Place: place(24, 5), Mail: rules.TestMail{From: "joe@silver.example", Subject: "outage"},
			Expect: rules.Expectation{Place: place(26, 5), Places: map[string]fault.Place{"mails": place(26, 40)}, Priority: is("high"), Mails: []string{"ack"}}},
		rules.Test{Name: "newsletter", Place: place(28, 5), Mail: rules.TestMail{From: "news@x.example", Subject: "News", Headers: map[string]string{"List-Id": "x"}},
			Expect: rules.Expectation{Dropped: is(false)}},
		rules.Test{Name: "from nobody", Place: place(32, 5), Expect: rules.Expectation{Priority: is("urgent")}},
	)
	var b strings.Builder
	if err := ruletest.Write(&b, results, false); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/report.txt")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if got := ruletest.Failed(results); got != 3 {
		t.Errorf("%d failed", got)
	}
	b.Reset()
	if err := ruletest.Write(&b, results[:1], true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"matched      outage at a gold customer  rules/20-network.yaml:5:5  -> set, reply, notify\n", "(an earlier rule stopped)", "(on elapsed, this is opened)", "1 test, 0 failed"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if err := ruletest.Write(broken{}, results, false); err == nil {
		t.Error("a report that cannot be written is no error")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }
