package agent

import (
	"errors"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/mailout"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
)

// Written is what an agent wrote in a mail.
type Written struct {
	commands.Result
	// Unsure are lines of which nobody can tell whether the agent wrote them or the notice that they answer.
	Unsure []string
	// CutMore reports whether more was cut off as a signature or banner than was kept.
	CutMore bool
}

// read reads what an agent wrote. The mail that is answered helps to tell its words from theirs.
func (h *Handler) read(ctx decision.Context, m Mail) (Written, error) {
	answered := ""
	if m.Evidence.AnswersNotice() {
		row, err := mailout.Get(ctx.Tx, m.Evidence.Notice.Mail.ID)
		if err != nil && !errors.Is(err, mailout.ErrNone) {
			return Written{}, err
		}
		answered = row.Mail.Text
	}
	return h.written(ctx.Policy, ctx.Desk, m.Mail, m.Agent, answered), nil
}

// written is pure: answered is the text of the mail that is answered, "" if it is not known.
func (h *Handler) written(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent, answered string) Written {
	opt := h.options(p, desk, m, agent)
	w := Written{CutMore: quote.CutMore(m.Message)}
	text := m.Message.Written()
	if answered != "" && (m.Message.NothingNew || m.Message.Style == mailin.StyleTop && quote.PointsBelow(text)) {
		// Typed into the notice itself, or below it with its marks taken off.
		if c, ok := quote.Against(m.Message, answered); ok && !c.NothingNew {
			text, w.Unsure = c.Reply, c.Unsure
		}
	}
	w.Result = commands.Parse(text, opt)
	hidden := []string{m.Message.Quote, m.Message.Banner, m.Message.Signature}
	hidden = append(hidden, quote.Alternatives(m.Message, quote.Options{Markers: h.Reader.Options.Markers}).HTML...)
	w.Doubts = append(w.Doubts, commands.Hidden(strings.Join(hidden, "\n"), answered, opt)...)
	return w
}

// Read reads the commands in what is new in a mail of an agent's that answers nothing.
func (h *Handler) Read(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent) commands.Result {
	return h.written(p, desk, m, agent, "").Result
}

// options are what the reader of an agent's commands knows.
func (h *Handler) options(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent) commands.Options {
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
	return opt
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

// needProof returns those of the commands for which a reply address is not enough.
func (h *Handler) needProof(typed []commands.Command) []commands.Name {
	var out []commands.Name
	for _, c := range typed {
		if row, found := h.find(c.Name); found && row.Proof {
			out = append(out, c.Name)
		}
	}
	return out
}
