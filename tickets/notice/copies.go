package notice

import (
	"slices"

	"tierdesk/tickets"
	"tierdesk/tickets/view"
)

// withCopies returns the notices plus copies for the agents who shadow the ticket's team according
// to its rota. Each gets a copy of the weightiest notice to somebody on duty or on call, unless
// they get a notice of their own. It is pure.
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
		if n := &notices[i]; copied(n, duty) && (best == nil || kinds[n.Kind].weight > kinds[best.Kind].weight) {
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

// copied reports whether shadows get a copy of a notice: it tells somebody on duty or on call about
// the ticket, and does not answer a mail or request of their own.
func copied(n *Notice, duty *tickets.Duty) bool {
	if k := kinds[n.Kind]; !k.news && !k.shadowed {
		return false
	}
	return !n.Alone && (n.Called || !n.Asked) && (slices.Contains(duty.OnDuty, n.Agent) || slices.Contains(duty.Call.Names, n.Agent))
}
