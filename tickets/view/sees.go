package view

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/confidential"
)

// Sees reports whether somebody of the desk may see a ticket at all: in searches, lists and what
// they are shown. nil is the admin, at the command line. It is the only gate: whoever shows a
// ticket to somebody who was not told of it asks it first.
func Sees(p *tickets.Policy, t *tickets.Ticket, agent *tickets.Agent) bool {
	if agent == nil {
		return true
	}
	return p.People.Agent(agent.Name) != nil && (len(t.Restricted) == 0 || slices.Contains(t.Restricted, agent.Name))
}

// Searched returns what of a message is searched: its new text, without what is confidential, which
// nobody finds anything by. What is quoted in it stands in the message that it answers.
func Searched(m *tickets.Message) string {
	text, _ := confidential.Mask(m.Text)
	return text
}

// Shown returns the messages of a ticket that somebody of the desk may read, as they may read them:
// where something is hidden, nothing of the mail but its words is there.
func Shown(p *tickets.Policy, t *tickets.Ticket, messages []tickets.Message, agent *tickets.Agent) []tickets.Message {
	if !Sees(p, t, agent) {
		return nil
	}
	if agent == nil {
		return messages
	}
	out := slices.Clone(messages)
	for i := range out {
		if text, hidden := Text(p, agent, out[i].Text); hidden {
			out[i].Text, out[i].Files = text, nil
		}
	}
	return out
}
