// Package ruletest runs the tests that admins write beside their rules ("tests:" in rules/*.yaml):
// a mail, and what must follow from it. It owns the comparison, the report, and the bytes of a
// test's mail. It must never know how the desk makes facts from a mail, nor its people, tiers and
// service levels: the caller provides the facts (FactsFor), so that tests see the same customers
// and the same defaults as the desk.
package ruletest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/rules"
	"tierdesk/rules/fault"
)

// FactsFor returns the facts for a test's mail, with customer, organisation and a ticket as the
// desk would have opened it at the mail's time. Run sets the event and overrides the ticket with
// what the test says about it. An error fails that test.
type FactsFor func(rules.Test) (*rules.Facts, error)

// OwnMails returns the templates of the mails that the desk itself sends after such an outcome
// (acknowledgement, notices), one entry for each mail. In "mails:" they count in addition to those
// that rules send.
type OwnMails func(*rules.Facts, rules.Outcome) []string

// Result is the result of one test.
type Result struct {
	File  string `json:"file"`
	Test  string `json:"test"`
	Place string `json:"place"`
	// Error is the reason why the test could not be run; "" if it was run.
	Error       string       `json:"error,omitempty"`
	Differences []Difference `json:"differences,omitempty"`
	Trace       rules.Trace  `json:"trace"`
	// Explained is the trace in words, with the rules on other events.
	Explained string `json:"-"`
}

// OK reports whether the test was run and all its expectations were met.
func (r *Result) OK() bool { return r.Error == "" && len(r.Differences) == 0 }

// Difference is one expectation that was not met.
type Difference struct {
	What  string `json:"what"` // priority, tier, mails, ...
	Want  string `json:"want"`
	Got   string `json:"got"`
	Place string `json:"place"` // of the expectation
}

// Follow says what else the desk does after an outcome of the rules. The zero value adds nothing.
type Follow struct {
	Mails []OwnMails
	// Ticket returns the ticket as the desk leaves it; for example, another tier may mean another
	// team. If it is nil, the ticket has only the changes that rules set.
	Ticket func(*rules.Facts, rules.Outcome) rules.Ticket
}

// Run runs the tests of all files against the Set, in order. It changes nothing. At most one own
// may be given.
func Run(set *rules.Set, files []rules.File, facts FactsFor, own ...OwnMails) []Result {
	return RunAs(set, files, facts, Follow{Mails: own})
}

// RunAs is like Run, with everything that the desk does after an outcome.
func RunAs(set *rules.Set, files []rules.File, facts FactsFor, desk Follow) []Result {
	var results []Result
	for _, f := range files {
		for _, t := range f.Tests {
			result := Result{File: f.Name, Test: t.Name, Place: t.Place.String()}
			if err := run(&result, set, t, facts, desk); err != nil {
				result.Error = err.Error()
			}
			results = append(results, result)
		}
	}
	return results
}

// Failed counts the tests that are not OK.
func Failed(results []Result) int {
	failed := 0
	for i := range results {
		if !results[i].OK() {
			failed++
		}
	}
	return failed
}

func run(result *Result, set *rules.Set, t rules.Test, factsFor FactsFor, desk Follow) error {
	facts, err := factsFor(t)
	if err != nil {
		return fmt.Errorf("making facts of the test's mail: %w", err)
	}
	override(facts, t)
	out := set.Evaluate(facts)
	result.Trace, result.Explained = out.Trace, set.Explain(out.Trace)

	ticket := facts.Ticket
	var mails []string
	for _, applied := range out.Actions {
		switch action := applied.Action; action.Kind {
		case rules.KindSet:
			action.Set.Apply(&ticket)
		case rules.KindReply:
			mails = append(mails, action.Template)
		}
	}
	for _, f := range desk.Mails {
		mails = append(mails, f(facts, out)...)
	}
	if desk.Ticket != nil {
		ticket = desk.Ticket(facts, out)
	}
	result.Differences = compare(t, ticket, mails, out)
	return nil
}

// override replaces facts of the desk by what the test says.
func override(f *rules.Facts, t rules.Test) {
	if f.Event = t.Event; f.Event == "" {
		f.Event = rules.Opened
	}
	if rules.WithoutMail(f.Event) { // there is no mail then: the test's mail has opened the ticket
		f.Mail = f.Ticket.OfTicket()
	}
	if !rules.WithMood(f.Event) {
		f.Mail.Mood = ""
	}
	over := t.Ticket
	if over == nil {
		return
	}
	k := &f.Ticket
	for _, field := range []struct{ to, from *string }{{&k.Priority, over.Priority}, {&k.Status, over.Status}, {&k.Team, over.Team},
		{&k.Assignee, over.Assignee}} {
		if field.from != nil {
			*field.to = orNothing(*field.from)
		}
	}
	if over.Tier != nil {
		k.Tier = *over.Tier
	}
	if over.Tags != nil {
		k.Tags = over.Tags
	}
	if over.Messages != nil {
		k.Messages = *over.Messages
	}
	for _, field := range []struct {
		to  *time.Time
		ago time.Duration
	}{{&k.OpenedAt, over.Opened}, {&k.CustomerAt, over.Customer}, {&k.AgentAt, over.Agent}, {&k.UpdatedAt, over.Updated}} {
		if field.ago > 0 {
			*field.to = f.Now.Add(-field.ago)
		}
	}
}

func orNothing(name string) string {
	if name == rules.None {
		return ""
	}
	return name
}

// compare returns all expectations that were not met, in the order of the documentation.
func compare(t rules.Test, ticket rules.Ticket, mails []string, out rules.Outcome) []Difference {
	e := t.Expect
	var list []Difference
	differ := func(what, want, got string) {
		place, ok := e.Places[what]
		if !ok {
			place = e.Place
		}
		if place == (fault.Place{}) {
			place = t.Place
		}
		list = append(list, Difference{What: what, Want: want, Got: got, Place: place.String()})
	}
	word := func(what string, want *string, got string) {
		if want != nil && orNothing(*want) != got {
			differ(what, orNone(orNothing(*want)), orNone(got))
		}
	}
	names := func(what string, want, got []string) {
		if want == nil {
			return
		}
		want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
		if !slices.Equal(want, got) {
			differ(what, bracket(want), bracket(got)+difference(want, got))
		}
	}
	truth := func(what string, want *bool, got bool, why string) {
		if want != nil && *want != got {
			text := strconv.FormatBool(got)
			if why != "" {
				text += " (" + why + ")"
			}
			differ(what, strconv.FormatBool(*want), text)
		}
	}
	word("priority", e.Priority, ticket.Priority)
	if e.Tier != nil && *e.Tier != ticket.Tier {
		differ("tier", strconv.Itoa(*e.Tier), strconv.Itoa(ticket.Tier))
	}
	word("team", e.Team, ticket.Team)
	word("assignee", e.Assignee, ticket.Assignee)
	word("status", e.Status, ticket.Status)
	names("tags", e.Tags, ticket.Tags)
	names("mails", e.Mails, mails)
	names("rules", e.Rules, out.Trace.Matched())
	reason, quarantined := out.Quarantined()
	truth("quarantined", e.Quarantined, quarantined, reason)
	reason, dropped := out.Dropped()
	truth("dropped", e.Dropped, dropped, reason)
	return list
}

func orNone(name string) string {
	if name == "" {
		return rules.None
	}
	return name
}

func bracket(names []string) string { return "[" + strings.Join(names, ", ") + "]" }

// difference says which names are missing and which are unexpected; both lists are sorted.
func difference(want, got []string) string {
	missing, surplus := without(want, got), without(got, want)
	text := ""
	if len(missing) > 0 {
		text += ", missing " + strings.Join(missing, ", ")
	}
	if len(surplus) > 0 {
		text += ", not expected " + strings.Join(surplus, ", ")
	}
	return text
}

// without returns the names of the first list that the second lacks; each entry of the second
// cancels one.
func without(list, other []string) []string {
	other = slices.Clone(other)
	var left []string
	for _, name := range list {
		if i := slices.Index(other, name); i >= 0 {
			other = slices.Delete(other, i, i+1)
			continue
		}
		left = append(left, name)
	}
	return left
}
