package tickets

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/tickets/sla"
)

// The first policy that is for a ticket holds; all its lists must fit, each by one word.
func TestLevelOf(t *testing.T) {
	gold := &Organisation{Name: "Gold Ltd", Plan: "gold"}
	s := &Service{Tiers: []Tier{{Level: 1, Team: "frontdesk"}}, Levels: []ServiceLevel{
		{Name: "boss", For: Match{Customers: []string{"boss@mail.example", "big.example"}}},
		{Name: "gold-outage", For: Match{Organisations: []string{"Gold Ltd", "Silver Ltd"}, Tags: []string{"outage", "breach"}}},
		{Name: "gold", For: Match{Plans: []string{"gold"}}},
		{Name: "network", For: Match{Teams: []string{"network"}, Tiers: []int{2, 3}}},
		{Name: "desk", For: Match{Teams: []string{"frontdesk"}, Inboxes: []string{"help"}}},
	}}
	for _, c := range []struct {
		name  string
		t     Ticket
		asker Asker
		want  string
	}{
		{"nobody's", Ticket{Tier: 1}, Asker{Address: "max@customer.example"}, ""},
		{"an address", Ticket{}, Asker{Address: "boss@mail.example"}, "boss"},
		{"another one there", Ticket{}, Asker{Address: "maid@mail.example"}, ""},
		{"a domain below", Ticket{}, Asker{Address: "a@it.big.example"}, "boss"},
		{"a domain that ends alike", Ticket{}, Asker{Address: "a@notbig.example"}, ""},
		{"a machine", Ticket{}, Asker{}, ""},
		{"the first that fits", Ticket{}, Asker{Address: "a@big.example", Organisation: gold}, "boss"},
		{"organisation and tag", Ticket{Tags: []string{"breach"}}, Asker{Address: "a@gold.example", Organisation: gold}, "gold-outage"},
		{"without the tag", Ticket{Tags: []string{"printer"}}, Asker{Address: "a@gold.example", Organisation: gold}, "gold"},
		{"team and tier", Ticket{Team: "network", Tier: 3}, Asker{}, "network"},
		{"the tier is another", Ticket{Team: "network", Tier: 1}, Asker{}, ""},
		{"the tier's team, the inbox", Ticket{Tier: 1, Inbox: "help"}, Asker{}, "desk"},
	} {
		if got := s.LevelOf(&c.t, c.asker); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A policy promises what it names; for the rest the priority does.
func TestPromised(t *testing.T) {
	s := &Service{Priorities: []Priority{{Name: "high", Promise: sla.Promise{Resolution: 8 * time.Hour}}, {Name: "low", Promise: sla.Promise{Resolution: 48 * time.Hour}}},
		Levels: []ServiceLevel{{Name: "gold", Promises: map[string]sla.Promise{"high": {Resolution: time.Hour}}}}}
	for _, c := range []struct {
		level, priority string
		want            time.Duration
	}{{"gold", "high", time.Hour}, {"gold", "low", 48 * time.Hour}, {"", "high", 8 * time.Hour}, {"gone", "high", 8 * time.Hour}, {"gold", "gone", 0}} {
		if got, _ := s.Promised(c.level, c.priority); got.Resolution != c.want {
			t.Errorf("%s/%s: %s", c.level, c.priority, got.Resolution)
		}
	}
}

// What a tier needs of a ticket that moves up to it, and has not been given. A placeholder that was left in is nothing.
func TestLacks(t *testing.T) {
	tier := &Tier{Handover: []string{HandoverReason, "tried"}}
	for _, c := range []struct {
		reason string
		fields map[string]string
		want   string
	}{
		{"", nil, "[reason tried]"},
		{" ", map[string]string{"tried": "a new cable"}, "[reason]"},
		{"it breaks off", map[string]string{"tried": "…"}, "[tried]"},
		{"it breaks off", map[string]string{"tried": "a new cable"}, "[]"},
	} {
		if got := fmt.Sprint(tier.Lacks(c.reason, c.fields)); got != c.want {
			t.Errorf("reason %q, fields %v: %s lack, wanted %s", c.reason, c.fields, got, c.want)
		}
	}
	if got := (&Tier{}).Lacks("", nil); len(got) > 0 {
		t.Errorf("a tier that needs nothing: %q lack", got)
	}
}
