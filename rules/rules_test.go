package rules_test

import (
	"strings"
	"testing"
	"time"

	"tierdesk/rules"
	"tierdesk/rules/fault"
)

var names = rules.Names{
	Priorities:   []string{"urgent", "high", "normal", "low"},
	Teams:        []string{"frontdesk", "technicians", "network"},
	Agents:       []string{"bob", "oncall"},
	Templates:    []string{"ack", "outage-ack", "closing"},
	Carried:      map[rules.ActionKind]rules.Values{rules.KindVendor: {What: "vendor", Names: []string{"fibre"}}, "merge_key": {What: "key"}},
	Statuses:     []string{"new", "open", "pending", "on-hold", "solved", "closed"},
	Tiers:        []int{0, 1, 2, 3},
	OutsideTiers: []int{4},
	Mails:        []string{"agent-new"},
}

func at(line int) fault.Place { return fault.Place{File: "rules/a.yaml", Line: line, Column: 5} }

// rule is a rule at line 3 whose condition starts at line 5, column 11.
func rule(when string, do ...rules.Action) rules.Rule {
	if do == nil {
		do = []rules.Action{{Place: at(7), Kind: rules.KindNotify, Notify: []string{"team"}}}
	}
	return rules.Rule{Place: at(3), Name: "first", When: when, WhenPlace: fault.Place{File: "rules/a.yaml", Line: 5, Column: 11}, Do: do}
}

func file(list ...rules.Rule) []rules.File { return []rules.File{{Name: "rules/a.yaml", Rules: list}} }

func compile(t testing.TB, list ...rules.Rule) *rules.Set {
	t.Helper()
	set, faults := rules.Compile(file(list...), names)
	if len(faults) > 0 {
		t.Fatalf("unexpected faults:\n%s", faults.Error())
	}
	return set
}

func tier(n int) *int { return &n }

func text(s string) *string { return &s }

func header(fields ...string) func(string) []string {
	return func(key string) []string {
		var values []string
		for i := 0; i < len(fields); i += 2 {
			if strings.EqualFold(fields[i], key) {
				values = append(values, fields[i+1])
			}
		}
		return values
	}
}

// facts are those of a mail from a customer of a gold organisation.
func facts() *rules.Facts {
	now := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC) // a Saturday
	return &rules.Facts{
		Event: rules.Opened,
		Mail: rules.Mail{
			Inbox: "support", Subject: "Network is DOWN", Text: "Seit 9:00 in der Straße. Order #4711.", WholeText: "Seit 9:00\n> quoted",
			From: "jane@gold.example", FromName: "Jane Doe", To: []string{"support@acme.example"}, Cc: []string{"boss@gold.example"},
			Attachments: []rules.Attachment{{Name: "log.txt", Type: "text/plain", Size: 100}, {Name: "run.EXE", Type: "application/octet-stream", Size: 2e6}},
			Language:    "de", Verdict: "pass", Kind: "person", Size: 2_100_000,
			Header: header("X-Mailer", "Pigeon", "Received", "one", "received", "two"),
		},
		Ticket:       rules.Ticket{Priority: "normal", Status: "new", Tier: 1, Team: "frontdesk", Tags: []string{"gold"}, Messages: 1, OpenedAt: now.Add(-3 * time.Hour)},
		Customer:     rules.Customer{Name: "Jane Doe", Address: "jane@gold.example", Domain: "gold.example", Plan: "gold", VIP: true, Tickets: 3, Fields: map[string]string{"seats": "250"}},
		Organisation: rules.Organisation{Name: "Gold Ltd", Plan: "gold"},
		Now:          now,
	}
}
