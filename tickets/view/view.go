// Package view answers one question: who may see what. It determines the audience of an event of a
// ticket, and which of a ticket's messages are for whom. Notices, lists and the last gate ask it,
// so that there is one answer. It is pure and must never know a database or how a mail looks.
package view

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/confidential"
)

// Working returns the names of the agents who hear of a ticket: its assignee, else its team, else
// the team of its tier; and everyone who watches it. Team members who wrote /stop are left out,
// unless that leaves nobody. Of a restricted ticket only those hear who may see it.
func Working(p *tickets.Policy, t *tickets.Ticket) []string {
	var out []string
	if t.Assignee != "" && p.People.Agent(t.Assignee) != nil {
		out = []string{t.Assignee}
	} else {
		team := Team(p, t, t.Team)
		out = slices.DeleteFunc(slices.Clone(team), func(name string) bool { return slices.Contains(t.Silenced, name) })
		if len(out) == 0 {
			out = team
		}
	}
	for _, name := range Watching(p, t, "") {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return instead(p, t, out)
}

// TeamOf returns the name of the team that a ticket is with: its own, else that of its tier.
func TeamOf(p *tickets.Policy, t *tickets.Ticket) string {
	if tier := p.Service.Tier(t.Tier); t.Team == "" && tier != nil {
		return tier.Team
	}
	return t.Team
}

// Watching returns the names of the agents who watch a ticket, except one.
func Watching(p *tickets.Policy, t *tickets.Ticket, but string) []string {
	var out []string
	for _, name := range t.Watchers {
		if name != but && p.People.Agent(name) != nil {
			out = append(out, name)
		}
	}
	return out
}

// Team returns the names of the agents of a team who want to hear of its tickets: only those on
// duty, if its rota says so. If no team is named, it is the tier's team.
func Team(p *tickets.Policy, t *tickets.Ticket, name string) []string {
	if name == "" {
		name = TeamOf(p, t)
	}
	members := p.People.Members(name)
	if team := p.People.Team(name); team != nil {
		switch team.Notify {
		case "none":
			return nil
		case "lead":
			members = p.People.Leads(name)
		default:
			if duty := p.People.DutyOf(name); duty != nil && len(duty.Hear) > 0 {
				return slices.Clone(duty.Hear)
			}
		}
	}
	return names(members)
}

// Involved returns the names of the agents involved in a ticket: those who hear of it and those who
// did something in it, except one.
func Involved(p *tickets.Policy, t *tickets.Ticket, history []tickets.Event, but string) []string {
	out := slices.Clone(Working(p, t))
	for _, e := range history {
		if name := e.Actor.Agent(); name != "" && p.People.Agent(name) != nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(name string) bool { return name == but })
}

// OnCall returns who is called for a ticket now: the agents on call for its team by the rota, or
// their stand-ins; else the leads of the team, else the whole team.
func OnCall(p *tickets.Policy, t *tickets.Ticket) []string {
	team := TeamOf(p, t)
	if duty := p.People.DutyOf(team); duty != nil && len(duty.Call.Names) > 0 {
		return slices.Clone(duty.Call.Names)
	}
	if leads := p.People.Leads(team); len(leads) > 0 {
		return names(leads)
	}
	return names(p.People.Members(team))
}

// Named resolves the words of an escalation policy or rule to names of agents: assignee, team,
// lead, manager, on-call, next (the next tier's team), or the name of an agent or team. The word
// admin resolves to nobody: the admin need not be an agent.
func Named(p *tickets.Policy, t *tickets.Ticket, words []string) []string {
	var out []string
	for _, word := range words {
		out = append(out, named(p, t, word)...)
	}
	slices.Sort(out)
	return instead(p, t, slices.Compact(out))
}

func named(p *tickets.Policy, t *tickets.Ticket, word string) []string {
	switch word {
	case "admin":
		return nil
	case "assignee":
		if t.Assignee == "" {
			return nil
		}
		return []string{t.Assignee}
	case "team":
		out := Team(p, t, "")
		if t.Team != "" {
			out = append(out, Team(p, t, t.Team)...)
		}
		return out
	case "lead":
		return names(p.People.Leads(TeamOf(p, t)))
	case tickets.WordOnCall:
		return OnCall(p, t)
	case "manager":
		return names(p.People.Managers(TeamOf(p, t)))
	case "next":
		if tier := p.Service.Above(t.Tier); tier != nil {
			return Team(p, t, tier.Team)
		}
		return nil
	}
	if a := p.People.Agent(word); a != nil {
		return []string{a.Name}
	}
	return names(p.People.Members(word))
}

func names(agents []*tickets.Agent) []string {
	out := make([]string, len(agents))
	for i, a := range agents {
		out[i] = a.Name
	}
	return out
}

// Outside reports whether the participants from outside may see a message of the ticket.
func Outside(m *tickets.Message) bool { return m.Visibility == tickets.Public }

// Aside divides a ticket's messages into those that the third person of a side conversation has
// seen or written, and the rest.
func Aside(messages []tickets.Message, conversation []int64) (said, hidden []tickets.Message) {
	for i := range messages {
		if slices.Contains(conversation, messages[i].ID) {
			said = append(said, messages[i])
		} else {
			hidden = append(hidden, messages[i])
		}
	}
	return said, hidden
}

// CustomersOwn reports whether a message was written by a customer, so that an answer may quote it.
func CustomersOwn(m *tickets.Message) bool { return Outside(m) && m.Kind == tickets.FromCustomer }

// Text returns a text as an agent may see it, and whether something in it is hidden: only agents
// with the right to see confidential data see card numbers, accounts and passwords.
func Text(p *tickets.Policy, a *tickets.Agent, text string) (seen string, hidden bool) {
	if p.People.May(a, tickets.RightConfidential) {
		return text, false
	}
	return confidential.Mask(text)
}
