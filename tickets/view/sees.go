package view

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/confidential"
)

// Sees reports whether an agent may see a ticket at all, in searches, lists and anything else they
// are shown. A nil agent is the admin at the command line. It is the only gate: code that shows a
// ticket to anyone who was not told of it must ask it first.
func Sees(p *tickets.Policy, t *tickets.Ticket, agent *tickets.Agent) bool {
	if agent == nil {
		return true
	}
	return p.People.Agent(agent.Name) != nil && (len(t.Restricted) == 0 || restrictedTo(t, agent))
}

// restrictedTo reports whether an agent may see a restricted ticket: it names them or a team of
// theirs.
func restrictedTo(t *tickets.Ticket, agent *tickets.Agent) bool {
	return slices.ContainsFunc(t.Restricted, func(name string) bool {
		return name == agent.Name || slices.Contains(agent.Teams, name) || slices.Contains(agent.Lead, name)
	})
}

// instead returns those of the agents who may see a ticket. If it is restricted and none of them
// may, it returns all who may: somebody has to hear of it.
func instead(p *tickets.Policy, t *tickets.Ticket, agents []string) []string {
	if len(t.Restricted) == 0 || len(agents) == 0 {
		return agents
	}
	sees := func(name string) bool {
		agent := p.People.Agent(name)
		return agent != nil && Sees(p, t, agent)
	}
	if slices.ContainsFunc(agents, sees) {
		return slices.DeleteFunc(slices.Clone(agents), func(name string) bool { return !sees(name) })
	}
	var out []string
	for i := range p.People.Agents {
		if name := p.People.Agents[i].Name; sees(name) {
			out = append(out, name)
		}
	}
	return out
}

// Searched returns the part of a message's subject or new text that is searched: everything except
// what is confidential, whoever searches. Quoted text is not searched here; it is part of the
// message that is quoted.
func Searched(text string) string {
	masked, _ := confidential.Mask(text)
	return masked
}

// Shown returns the messages of a ticket that an agent may read, in the form in which they may read
// them. A message with hidden parts comes without its files.
func Shown(p *tickets.Policy, t *tickets.Ticket, messages []tickets.Message, agent *tickets.Agent) []tickets.Message {
	if !Sees(p, t, agent) {
		return nil
	}
	if agent == nil {
		return messages
	}
	out := slices.Clone(messages)
	for i := range out {
		m := &out[i]
		var subject, text bool
		m.Subject, subject = Text(p, agent, m.Subject)
		m.Text, text = Text(p, agent, m.Text)
		m.Whole = ""
		if subject || text {
			m.Files = nil
		}
	}
	return out
}
