package demo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// tx is a reading transaction of the desk's database.
type tx = sqldb.Tx

func (s *stage) view(f func(tx *tx) error) error { return s.app.DB.View(s.ctx, f) }

// told records which decisions have been shown.
type told struct {
	inbound  int64           // id of the newest mail
	event    int64           // id of the newest event
	versions map[int64]int64 // of the tickets
}

// group holds the events of one decision.
type group struct {
	cause  string
	events []tickets.Event
}

// decisions describes what the desk has decided since the last call, in one line for each mail that
// arrived and each timer. mailToo reports whether there was a mail.
func (s *stage) decisions() (lines []string, mailToo bool, err error) {
	err = s.view(func(tx *tx) error {
		lines, mailToo = nil, false
		next := told{inbound: s.told.inbound, event: s.told.event, versions: map[int64]int64{}}
		all, err := store.List(tx, store.Filter{Limit: 1000})
		if err != nil {
			return err
		}
		byID := map[int64]tickets.Ticket{}
		var events []tickets.Event
		for _, t := range all {
			byID[t.ID], next.versions[t.ID] = t, t.Version
			if s.told.versions[t.ID] == t.Version {
				continue
			}
			history, err := store.Events(tx, t.ID)
			if err != nil {
				return err
			}
			for _, e := range history {
				if e.ID > s.told.event {
					events = append(events, e)
					next.event = max(next.event, e.ID)
				}
			}
		}
		groups := grouped(events)
		// Numbers of mails may have gaps, since a number is never reused.
		for id, gap := s.told.inbound+1, 0; gap < 10; id++ {
			in, found, err := store.ArrivalByID(tx, id)
			if err != nil {
				return err
			}
			if !found {
				gap++
				continue
			}
			gap, next.inbound, mailToo = 0, id, true
			cause := fmt.Sprintf("inbound:%d", id)
			i := slices.IndexFunc(groups, func(g group) bool { return g.cause == cause })
			var own []tickets.Event
			if i >= 0 {
				own = groups[i].events
				groups = slices.Delete(groups, i, i+1)
			}
			lines = append(lines, s.onMail(in, own, byID)...)
		}
		for _, g := range groups {
			lines = append(lines, s.inWords(g.events, byID)...)
		}
		s.told = next
		return nil
	})
	return lines, mailToo, err
}

// grouped groups events by their original cause.
func grouped(events []tickets.Event) []group {
	slices.SortFunc(events, func(a, b tickets.Event) int { return cmp.Compare(a.ID, b.ID) })
	root := map[string]string{} // the group of each event
	var out []group
	for _, e := range events {
		cause := e.Cause
		if r, ok := root[cause]; ok {
			cause = r
		}
		if strings.HasPrefix(cause, "timer:") {
			cause += fmt.Sprint(e.Ticket)
		}
		root[fmt.Sprintf("event:%d", e.ID)] = cause
		i := slices.IndexFunc(out, func(g group) bool { return g.cause == cause })
		if i < 0 {
			out = append(out, group{cause: cause})
			i = len(out) - 1
		}
		out[i].events = append(out[i].events, e)
	}
	return out
}

// onMail describes the decision about a mail.
func (s *stage) onMail(in tickets.Arrival, events []tickets.Event, all map[int64]tickets.Ticket) []string {
	if aside := s.setAside(in, events); aside != "" {
		return []string{aside}
	}
	if lines := s.inWords(events, all); len(lines) > 0 {
		return lines
	}
	if in.Outcome == tickets.AsCommand {
		return []string{"its commands are done"}
	}
	return []string{"filed as " + string(in.Outcome)}
}

// setAside returns the reason why a mail belongs to no ticket, "" if it does.
func (s *stage) setAside(in tickets.Arrival, events []tickets.Event) string {
	switch in.Outcome {
	case tickets.AsHeld:
		return "held, none of it is done: " + s.heldWhy(events)
	case tickets.Quarantined:
		return "quarantined: " + cmp.Or(in.Reasons, string(in.Cause))
	case tickets.DroppedRule:
		return "dropped by a rule, and kept: " + in.Reasons
	case tickets.AsLoop:
		return "our own mail come back: filed"
	case tickets.AsSent:
		return "sent by hand, and no answer in a ticket"
	}
	return ""
}

// heldWhy describes why a mail is held.
func (s *stage) heldWhy(events []tickets.Event) string {
	for _, e := range events {
		if e.Kind != tickets.Held {
			continue
		}
		switch e.Data.Reason {
		case "claimed":
			return "nothing proves who wrote it"
		case "doubt":
			return "a line at its top is no command"
		case "stale":
			return "somebody wrote in between"
		case "publish":
			return "its writer is to see first whom it reaches"
		}
		return e.Data.Reason
	}
	return "it goes back to its writer"
}

// inWords describes the events of one decision, in one line for each ticket that is worth
// mentioning.
func (s *stage) inWords(events []tickets.Event, all map[int64]tickets.Ticket) []string {
	var numbers []int64
	for _, e := range events {
		if !slices.Contains(numbers, e.Ticket) {
			numbers = append(numbers, e.Ticket)
		}
	}
	var lines []string
	for _, n := range numbers {
		others := func(e tickets.Event) bool { return e.Ticket != n }
		if meaning := s.ofOne(slices.DeleteFunc(slices.Clone(events), others), all[n]); meaning != "" {
			lines = append(lines, fmt.Sprintf("ticket #%d: %s", n, meaning))
		}
	}
	return lines
}

// joined merges consecutive lines that say the same about different tickets.
func joined(lines []string) []string {
	var out []string
	for _, line := range lines {
		number, meaning, found := strings.Cut(strings.TrimPrefix(line, "ticket "), ": ")
		if last := len(out) - 1; found && last >= 0 && strings.HasPrefix(line, "ticket #") {
			before, same, _ := strings.Cut(out[last], ": ")
			if tickets, ok := strings.CutPrefix(before, "ticket"); ok && same == meaning {
				out[last] = "tickets " + strings.TrimPrefix(strings.TrimPrefix(tickets, "s"), " ") + " " + number + ": " + meaning
				continue
			}
		}
		out = append(out, line)
	}
	return out
}

// ofOne describes the events of one ticket.
func (s *stage) ofOne(events []tickets.Event, t tickets.Ticket) string {
	opened := false
	var parts []string
	add := func(format string, args ...any) {
		if part := fmt.Sprintf(format, args...); !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	for _, e := range events {
		rule := ""
		if kind, name := e.Actor.Split(); kind == "rule" {
			rule = fmt.Sprintf(" (rule %q)", name)
		}
		switch e.Kind {
		case tickets.Opened:
			opened = true
			for _, name := range matched(e.Trace) {
				add("rule %q", name)
			}
		case tickets.Replied:
			add("the customer wrote again")
		case tickets.AgentReplied:
			add("the answer goes to the customer")
		case tickets.Noted:
			add("kept as an internal note")
		case tickets.Asked:
			add("the text alone goes to somebody outside")
		case tickets.VendorReplied:
			add("from the vendor")
		case tickets.Suggested:
			add("an article is offered")
		case tickets.SolvedIt:
			add("the customer says that it helped")
		case tickets.FormSent:
			add("the questions are sent")
		case tickets.FormFilled:
			add("the form is complete")
		case tickets.Approved:
			add("approved")
		case tickets.ProblemLinked:
			add("part of problem %d", e.Data.Problem)
		case tickets.StatusChanged:
			if opened {
				rule = "" // it has been mentioned
			}
			add("%s%s", e.Data.Status, rule)
		case tickets.Reopened:
			add("open again")
		case tickets.PriorityChanged:
			if !opened {
				add("priority %s%s", e.Data.Priority, rule)
			}
		case tickets.TierChanged, tickets.Escalated:
			if !opened {
				add("to %s%s", s.tier(*e.Data.Tier), rule)
			}
		case tickets.Assigned:
			add("%s has it", s.agent(e.Data.Assignee))
		case tickets.Warned:
			add("%d %% of the time for %s used up", e.Data.Percent, target(e.Data.Target))
		case tickets.Missed:
			add("%s missed", target(e.Data.Target))
		case tickets.HeldSettled:
			add("the held mail is %s", e.Data.Reason)
		case tickets.Bounced:
			add("a mail of ours came back")
		case tickets.AutoFiled:
			add("an automatic mail, filed")
		}
	}
	if opened {
		parts = append([]string{"opened", "priority " + t.Priority, s.tier(t.Tier)}, parts...)
	}
	return strings.Join(parts, ", ")
}

// matched returns the rules that matched an event.
func matched(trace string) []string {
	var traces []rules.Trace
	if trace == "" || json.Unmarshal([]byte(trace), &traces) != nil {
		return nil
	}
	var out []string
	for _, t := range traces {
		out = append(out, t.Matched()...)
	}
	return out
}

func (s *stage) tier(level int) string {
	if t := s.app.Config.Service.Tier(level); t != nil {
		return fmt.Sprintf("tier %d %s", level, t.Name)
	}
	return fmt.Sprintf("tier %d", level)
}

func (s *stage) agent(name string) string {
	if a := s.app.Config.People.Agent(name); a != nil {
		return a.FullName
	}
	return cmp.Or(name, "nobody")
}

func target(name string) string { return strings.ReplaceAll(name, "_", " ") }
