package notice

import (
	"slices"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/view"
)

// withCopies returns the notices with those for who shadows the ticket's team by its rota: each
// gets a copy of the weightiest one that somebody on duty or on call gets, unless they get one of
// their own. It is pure.
func (c *Case) withCopies(notices []Notice) []Notice {
	if len(c.Policy.People.Rotas) == 0 || c.Ticket.ID == 0 {
		return notices
	}
	duty := c.Policy.People.DutyOf(view.TeamOf(c.Policy, &c.Ticket))
	if duty == nil || len(duty.Shadows) == 0 {
		return notices
	}
	var best *Notice
	for i := range notices {
		if n := &notices[i]; copied(n, duty) && (best == nil || weight[n.Kind] > weight[best.Kind]) {
			best = n
		}
	}
	if best == nil {
		return notices
	}
	out := slices.Clone(notices)
	for _, name := range duty.Shadows {
		if slices.ContainsFunc(notices, func(n Notice) bool { return n.Agent == name }) {
			continue
		}
		n := *best
		n.Agent, n.Copy, n.Called, n.Asked = name, true, false, true
		out = append(out, n)
	}
	return out
}

// copied reports whether who shadows gets a copy of a notice: it tells somebody on duty or on call
// what happens in the ticket, and is no answer to a mail or a wish of their own.
func copied(n *Notice, duty *tickets.Duty) bool {
	switch n.Kind {
	case templates.Escalation, templates.Missed, templates.Warning, templates.SideReply:
	default:
		if !news(n.Kind) {
			return false
		}
	}
	return !n.Alone && (n.Called || !n.Asked) && (slices.Contains(duty.OnDuty, n.Agent) || slices.Contains(duty.Call.Names, n.Agent))
}
