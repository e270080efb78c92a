package agent

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
)

// Read reads the commands in what is new in an agent's mail.
func (h *Handler) Read(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent) commands.Result {
	opt := commands.Options{Now: m.Received, Location: desk.Location, Signature: agent.Signature, HTML: !m.Message.Plain, Enabled: h.Names(), Agents: []string{}, Teams: []string{}, Priorities: []string{}, Vendors: []string{}}
	for _, a := range p.People.Agents {
		opt.Agents = append(opt.Agents, a.Name)
	}
	for _, t := range p.People.Teams {
		opt.Teams = append(opt.Teams, t.Name)
	}
	for _, v := range p.People.Vendors {
		opt.Vendors = append(opt.Vendors, v.Name)
	}
	for _, x := range p.Service.Priorities {
		opt.Priorities = append(opt.Priorities, x.Name)
	}
	for _, t := range p.Service.Tiers {
		if !t.Outside && t.Team != "" {
			opt.Tiers = append(opt.Tiers, t.Level)
		}
	}
	text := m.Message.Reply
	if m.Message.NothingNew {
		text = "" // all of it is quoted: our own notice, perhaps
	}
	return commands.Parse(text, opt)
}

// MeansCommands reports whether what was read is, or nearly is, commands.
func MeansCommands(r commands.Result) bool {
	return len(r.Commands) > 0 || slices.ContainsFunc(r.Doubts, func(d commands.Doubt) bool {
		switch d.Reason {
		case commands.Unknown, commands.NotYet, commands.BadArgument, commands.TwoOnLine:
			return true
		}
		return false
	})
}

// Names returns the commands that this desk carries out, in the order of help.
func (h *Handler) Names() []commands.Name {
	out := make([]commands.Name, len(h.Table))
	for i, c := range h.Table {
		out[i] = c.Name
	}
	return out
}

func (h *Handler) find(name commands.Name) (decision.Command, bool) {
	i := slices.IndexFunc(h.Table, func(c decision.Command) bool { return c.Name == name })
	if i < 0 {
		return decision.Command{}, false
	}
	return h.Table[i], true
}
