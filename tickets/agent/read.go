package agent

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/store"
)

// Written is what an agent wrote in a mail.
type Written struct {
	commands.Result
	// Unsure are lines of which nobody can tell whether the agent wrote them or the notice that
	// they answer.
	Unsure []string
	// Concealed are lines of the text that nobody sees in its HTML, or that are struck out there.
	Concealed []string
	// Contradicts reports whether the HTML of the mail says something else than its plain text.
	Contradicts bool
	// CutMore reports whether more was cut off as a signature or banner than was kept.
	CutMore bool
	// Typed is the text with the signature that was cut off.
	Typed string
}

// earlierAnswers is how many answers of an agent are looked at for what their mails end with.
const earlierAnswers = 5

// read reads what an agent wrote. The mail that is answered helps to tell its words from theirs.
func (h *Handler) read(ctx decision.Context, m Mail) (Written, error) {
	var answered mailout.Mail
	if m.Evidence.AnswersNotice() {
		row, err := mailout.Get(ctx.Tx, m.Evidence.Notice.Mail.ID)
		if err != nil && !errors.Is(err, mailout.ErrNone) {
			return Written{}, err
		}
		answered = row.Mail
	}
	earlier, err := store.AnswersOf(ctx.Tx, tickets.AgentActor(m.Agent.Name), earlierAnswers)
	if err != nil {
		return Written{}, err
	}
	about := answered.Subject
	var fields []string
	if m.Evidence.Ticket != 0 { // the customer's own words stand in it, and the notice may not be known
		t, _, err := store.Ticket(ctx.Tx, m.Evidence.Ticket)
		if err != nil {
			return Written{}, err
		}
		about += "\n" + t.Subject
		fields = slices.Collect(maps.Values(t.Fields))
	}
	w := h.written(ctx.Policy, ctx.Desk, m.Mail, m.Agent, &answered, earlier)
	w.Unsure = append(w.Unsure, pasted(w.Body, answered.Text, fields)...)
	if !w.Has(commands.ForwardAsNew) { // in the subject is what somebody else wrote
		w.Doubts = append(w.Doubts, commands.InSubject(m.Message.Subject, about, h.options(ctx.Policy, ctx.Desk, m.Mail, m.Agent))...)
	}
	if w.Body != "" && len(w.Commands) == 0 && !w.Note {
		h.imply(&w, h.options(ctx.Policy, ctx.Desk, m.Mail, m.Agent), &answered)
	}
	return w, nil
}

// imply puts in the command that a text without any stands for, by the mail that it answers.
func (h *Handler) imply(w *Written, opt commands.Options, answered *mailout.Mail) {
	for _, row := range h.Table {
		if row.Implied == nil {
			continue
		}
		if line := row.Implied(answered); line != "" {
			r := commands.Parse(line, opt)
			w.Commands, w.Doubts = r.Commands, append(w.Doubts, r.Doubts...)
			return
		}
	}
}

// written is pure: notice is the mail that is answered, empty if it is not known, earlier are the
// agent's newest answers as they were typed.
func (h *Handler) written(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent, notice *mailout.Mail,
	earlier []string) Written {
	answered := notice.Text
	opt := h.options(p, desk, m, agent)
	w := Written{CutMore: quote.CutMore(m.Message, agent.FullName)}
	text := m.Message.Written()
	if answered != "" && (m.Message.NothingNew || m.Message.Style == mailin.StyleTop && quote.PointsBelow(text)) {
		// Typed into the notice itself, or below it with its marks taken off.
		if c, ok := quote.Against(m.Message, answered); ok && !c.NothingNew {
			text, w.Unsure = c.Reply, c.Unsure
		}
	}
	w.Typed = text
	text, signature := cutSignature(text, agent, earlier)
	w.Result = commands.Parse(text, opt)
	if below := quote.BelowDash(m.Message.Signature, agent.FullName); below != "" && len(w.Commands) > 0 && w.Body == "" &&
		len(w.Doubts) == 0 {
		w.Body, w.AsTyped = below, below // to be sent only when they say so
		line, _, _ := strings.Cut(below, "\n")
		w.Doubts = append(w.Doubts, commands.Doubt{Reason: commands.InSignature, Text: line})
	}
	switch {
	case len(w.Doubts) > 0 || w.Note || !quote.SignatureAlone(w.Body, agent.FullName):
	case quote.SaysSomething(w.Body) != "": // it would be lost, or sent without a text
		w.Doubts = append(w.Doubts, commands.Doubt{Reason: commands.InSignature, Text: quote.SaysSomething(w.Body)})
	case len(w.Commands) > 0:
		w.Body, w.AsTyped = "", ""
	default:
		w.Doubts = append(w.Doubts, commands.Doubt{Reason: commands.OnlySignature})
	}
	if w.Body != "" && !w.Note {
		w.Doubts = append(w.Doubts, commands.InsideSignature(m.Message.Signature+"\n"+signature, opt)...)
	}
	w.Concealed = quote.Concealed(m.Message.HTML, w.Body)
	// Of quoted lines only the customer's own are sent.
	hidden := []string{quote.QuotedLines(w.Body), m.Message.Quote, m.Message.Banner, m.Message.Signature, signature}
	forms := quote.Alternatives(m.Message, quote.Options{Markers: h.Reader.Options.Markers})
	w.Contradicts = forms.Contradicts(w.Body)
	hidden = append(hidden, forms.HTML...)
	if w.Has(commands.ForwardAsNew) {
		return w // below the command is what somebody else wrote
	}
	w.Doubts = append(w.Doubts, commands.Hidden(strings.Join(hidden, "\n"), answered, opt)...)
	return w
}

// Read reads the commands in what is new in a mail of an agent's that answers nothing. The subject
// of a reply or forward is somebody else's, of whom nothing is known here.
func (h *Handler) Read(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent) commands.Result {
	r := h.written(p, desk, m, agent, &mailout.Mail{}, nil).Result
	if subject := m.Message.Subject; !r.Has(commands.ForwardAsNew) && !thread.HasMark(subject) {
		r.Doubts = append(r.Doubts, commands.InSubject(subject, "", h.options(p, desk, m, agent))...)
	}
	return r
}

// options are what the reader of an agent's commands knows.
func (h *Handler) options(p *tickets.Policy, desk *tickets.Identity, m *arrival.Mail, agent *tickets.Agent) commands.Options {
	opt := commands.Options{Now: m.Received, Location: desk.Location, Signature: agent.Signature, HTML: !m.Message.Plain,
		Enabled: h.Names(), Agents: []string{}, Teams: []string{}, Priorities: []string{}, Vendors: []string{},
		Replies: p.Replies.Names(), Forms: p.Forms.Names(), Articles: p.Articles.Names(true), Reviewed: p.Articles.Reviewed(),
		FullNames: map[string]string{}, TierNames: map[int]string{}}
	for _, a := range p.People.Agents {
		opt.Agents = append(opt.Agents, a.Name)
		opt.FullNames[strings.ToLower(a.FullName)] = a.Name
	}
	for _, t := range p.People.Teams {
		opt.Teams = append(opt.Teams, t.Name)
		if name := strings.ToLower(t.FullName); opt.FullNames[name] == "" {
			opt.FullNames[name] = t.Name
		}
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
			opt.TierNames[t.Level] = t.Name
		}
	}
	return opt
}

// MeansCommands reports whether what was read is, or nearly is, commands.
func MeansCommands(r commands.Result) bool {
	return len(r.Commands) > 0 || slices.ContainsFunc(r.Doubts, func(d commands.Doubt) bool {
		switch d.Reason {
		case commands.Unknown, commands.NotYet, commands.Ambiguous, commands.BadArgument, commands.TwoOnLine, commands.InTheSubject:
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
func (h *Handler) needProof(agent *tickets.Agent, typed *commands.Result) []commands.Name {
	var out []commands.Name
	for _, c := range typed.Commands {
		row, found := h.find(c.Name)
		if !found {
			continue
		}
		if row.Proof && (row.Light == nil || !row.Light(agent, typed.Body)) || row.ProofOf != nil && row.ProofOf(c) {
			out = append(out, c.Name)
		}
	}
	return out
}

// acts reports whether one of the commands changes something though it needs no ticket.
func (h *Handler) acts(typed []commands.Command) bool {
	return slices.ContainsFunc(typed, func(c commands.Command) bool {
		row, found := h.find(c.Name)
		return found && row.Acts
	})
}

// noRight returns the first of the commands that the agent may not use, "" if they may use all.
func (h *Handler) noRight(people *tickets.Directory, agent *tickets.Agent, typed []commands.Command) commands.Name {
	for _, c := range typed {
		if row, found := h.find(c.Name); found && (!people.May(agent, row.Right) || row.Shows != nil && people.Trainee(agent)) {
			return c.Name
		}
	}
	return ""
}

// cutSignature returns a text without the signature that the agent's mails end with, and without
// the agent's private addresses in what closes it.
func cutSignature(text string, agent *tickets.Agent, earlier []string) (rest, signature string) {
	writer := quote.Writer{Name: agent.FullName, Addresses: agent.Addresses(), Known: []string{agent.Signature}}
	if n := quote.SignatureLength(text, earlier, writer); n > 0 {
		trimmed := strings.TrimRightFunc(text, unicode.IsSpace)
		text, signature = strings.TrimRightFunc(trimmed[:len(trimmed)-n], unicode.IsSpace), trimmed[len(trimmed)-n:]
	}
	above, closing, found := cutLast(text, "\n\n")
	if !found || strings.TrimSpace(above) == "" {
		return text, signature
	}
	var kept []string
	for line := range strings.SplitSeq(closing, "\n") {
		if slices.ContainsFunc(agent.Addresses(), func(a string) bool { return a != "" && strings.Contains(mailin.Fold(line), a) }) {
			signature += "\n" + line
			continue
		}
		kept = append(kept, line)
	}
	if len(kept) == len(strings.Split(closing, "\n")) {
		return text, signature
	}
	return strings.TrimRightFunc(above+"\n\n"+strings.Join(kept, "\n"), unicode.IsSpace), signature
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
