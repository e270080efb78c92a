// Package agent decides on agents' mails: whether one is believed, what of it is an answer, a note
// or a command, and what is held and goes back. In doubt it is held. It owns the commands on a
// ticket's status, people and tier. It must never know other capabilities' commands: they come in
// the table.
package agent

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Mail is an agent's mail, or one that answers an agent's notice.
type Mail struct {
	*arrival.Mail
	Evidence arrival.Evidence
	Agent    *tickets.Agent
	// Stranger reports whether it comes from an address that is not the agent's.
	Stranger bool
	// Approved is the lead who lets a trainee's answer go, nil for none.
	Approved *tickets.Agent
}

// Handler decides on agents' mails. All its methods are safe for concurrent use.
type Handler struct {
	// Table holds the commands of all capabilities, in the order of help.
	Table  []decision.Command
	Reader *arrival.Reader
}

// Handle decides on an agent's mail.
func (h *Handler) Handle(ctx decision.Context, m Mail) (decision.Result, error) {
	written, err := h.read(ctx, m)
	if err != nil {
		return decision.Result{}, err
	}
	w := &work{Handler: h, m: m, written: written, act: &decision.Act{Agent: m.Agent, Typed: written.Result}}
	d := decision.OnMail(ctx, m.Mail)
	if err := w.open(d); err != nil {
		return decision.Result{}, err
	}
	if err := w.putAbove(); err != nil {
		return decision.Result{}, err
	}
	if err := w.findFiles(); err != nil {
		return decision.Result{}, err
	}
	s, err := w.situation()
	if err != nil {
		return decision.Result{}, err
	}
	d.Explain("from agent %s, %s: %s", m.Agent.Name, s.trust, s.why.English())
	if s.trust != arrival.Claimed {
		if err := w.spend(); err != nil {
			return decision.Result{}, err
		}
	}
	p := decide(s)
	if err := w.showFirst(&p); err != nil {
		return decision.Result{}, err
	}
	if s.trust == arrival.Claimed && p.do != toAsk {
		// What is said goes to the address that we know, so nothing has to be proven; but no flood
		// of it.
		if enough, err := w.toldEnough(); err != nil || enough {
			return decision.SetAside(tickets.CauseUnknownUserUpdate,
				w.m.Agent.Name+" has been sent help too often within an hour").Result, err
		}
	}
	switch p.do {
	case toAsk:
		return w.ask(s.why)
	case toHold:
		return w.hold(p)
	case toSettle:
		return w.settle(p.send)
	case toPress:
		return w.press()
	case toRecord:
		return w.answeredElsewhere(s)
	case toDraft:
		return w.attempt(s, plan{body: p.body, public: s.public()}, (*work).draft)
	}
	return w.attempt(s, p, nil)
}

// work is one mail at work.
type work struct {
	*Handler
	m       Mail
	written Written
	act     *decision.Act
	steps   []templates.Step
	claimed bool // by the answer: nobody had the ticket
	// above is what a command puts above the agent's text: a stock reply.
	above string
	// refused is why a file that a command names cannot be sent.
	refused phrase.Text
	// barred is why a command cannot be carried out as things stand.
	barred phrase.Text
	// refusals are why commands were not carried out.
	refusals []phrase.Text
	// hidden reports whether the mail belongs to a ticket that the agent may not see.
	hidden bool
	// targets are the other tickets that the commands name, by the number that was typed.
	targets map[int64]*target
}

// target is a ticket that a command names.
type target struct {
	id  int64         // the surviving one, if it was merged
	act *decision.Act // nil until it is needed
}

// open opens the ticket that the mail belongs to, if there is one, and locks those that its
// commands name, the lowest number first.
func (w *work) open(d *decision.Decision) error {
	w.targets = map[int64]*target{}
	var lock []int64
	named := w.written.Named()
	for _, c := range w.written.Commands {
		if c.Ticket != 0 { // /merge 12
			lock = append(lock, c.Ticket)
		}
	}
	if len(named)+len(lock) > 0 {
		for _, n := range named {
			id, found, err := arrival.Surviving(d.Tx, n)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			t, _, err := store.Ticket(d.Tx, id)
			if err != nil {
				return err
			}
			if view.Sees(d.Policy, &t, w.m.Agent) { // of any other not even the number is confirmed
				w.targets[n] = &target{id: id}
				lock = append(lock, id)
			}
		}
		if w.m.Evidence.Ticket != 0 {
			lock = append(lock, w.m.Evidence.Ticket)
		}
		slices.Sort(lock)
		for _, id := range slices.Compact(lock) {
			if _, _, err := store.LockTicket(d.Tx, id); err != nil {
				return err
			}
		}
	}
	if w.m.Evidence.Ticket != 0 {
		t, _, err := store.LockTicket(d.Tx, w.m.Evidence.Ticket)
		if err != nil {
			return err
		}
		w.hidden = !view.Sees(d.Policy, &t, w.m.Agent)
	}
	if w.m.Evidence.Ticket == 0 || w.hidden {
		d.Explain("it belongs to no ticket that %s may see", w.m.Agent.Name)
		w.act.Case = d.NoTicket()
		return nil
	}
	c, err := d.Open(w.m.Evidence.Ticket)
	w.act.Case = c
	return err
}

// putAbove makes the text that a command puts above the agent's own.
func (w *work) putAbove() error {
	if w.act.Ticket.ID == 0 || len(w.written.Doubts) > 0 {
		return nil
	}
	for _, c := range w.written.Commands {
		row, found := w.find(c.Name)
		if !found || row.Above == nil {
			continue
		}
		text, err := row.Above(w.act, c)
		if err != nil {
			return err
		}
		w.above = text
	}
	return nil
}

// findFiles finds the files of the ticket that commands send along, and what bars a command.
func (w *work) findFiles() error {
	if w.act.Ticket.ID == 0 || len(w.written.Doubts) > 0 {
		return nil
	}
	for _, c := range w.written.Commands {
		row, found := w.find(c.Name)
		if found && row.Barred != nil {
			barred, err := row.Barred(w.act, c)
			if err != nil {
				return err
			}
			if !barred.Empty() {
				w.barred = barred
			}
		}
		if !found || row.File == nil {
			continue
		}
		file, refused, err := row.File(w.act, c)
		if err != nil {
			return err
		}
		if !refused.Empty() {
			w.refused = refused
			continue
		}
		w.act.Files = append(w.act.Files, file)
	}
	return nil
}

// target returns a ticket that a command names, opened; nil if there is none of that number.
func (w *work) target(number int64) (*decision.Act, error) {
	t := w.targets[number]
	switch {
	case t == nil:
		return nil, nil
	case t.id == w.act.Ticket.ID:
		return w.act, nil
	}
	for _, other := range w.targets {
		if other.id == t.id && other.act != nil {
			return other.act, nil
		}
	}
	c, err := w.act.Open(t.id)
	if err != nil {
		return nil, err
	}
	t.act = &decision.Act{Case: c, Agent: w.m.Agent, Typed: w.written.Result, Named: true}
	return t.act, nil
}

// onThis reports whether a command is about the ticket that the mail belongs to.
func (w *work) onThis(c commands.Command) bool {
	return len(c.Tickets) == 0 || slices.ContainsFunc(c.Tickets,
		func(n int64) bool { return w.targets[n] != nil && w.targets[n].id == w.act.Ticket.ID })
}

// situation loads all that the decision on the mail depends on.
func (w *work) situation() (situation, error) {
	m, act := &w.m, w.act
	s := situation{confirmed: m.Confirmed != "", action: m.Evidence.Action, notice: templates.Name(m.Evidence.Notice.Mail.Kind),
		truncated: m.Truncated, typed: w.written.Result, needProof: w.needProof(m.Agent, &w.written.Result),
		encrypted: m.Message.Encrypted, weak: !m.Evidence.Proof.Strong(),
		forward: m.Message.Forward != "" || thread.IsForward(m.Message.Subject) || passesOn(m, &act.Ticket),
		unsure:  w.written.Unsure, cutMore: w.written.CutMore, concealed: w.written.Concealed,
		contradicts: w.written.Contradicts}
	s.trust, s.why = m.TrustIn(act.Desk, m.Agent, m.Evidence, act.Tx.Now())
	if m.Stranger && !s.confirmed {
		s.trust, s.why = arrival.Claimed, phrase.Say("it comes from %s, which is not an address of %s", m.From(), m.Agent.FullName)
	}
	s.signed, _ = m.Signed(act.Desk)
	s.hidden = w.hidden
	s.draft = m.Approved == nil && act.Policy.People.Trainee(m.Agent)
	s.ticket, s.lacks = act.Ticket.ID != 0, w.written.NeedsTicket()
	s.acts = w.acts(w.written.Commands)
	s.noRight = w.noRight(act.Policy.People, m.Agent, w.written.Commands)
	s.elsewhere = slices.ContainsFunc(w.written.Commands, func(c commands.Command) bool { return !w.onlyThis(c) })
	s.taken = w.textIsTaken()
	s.above = w.above
	s.barred, s.refused, s.files = w.barred, w.refused, len(w.act.Files) > 0
	if w.written.Has(commands.ForwardAsNew) {
		_, found := m.Original(act.Desk, act.Policy.People)
		s.lost = !found
	}
	if !s.ticket {
		s.elsewhereOnly = WritesElsewhere(act.Desk, act.Policy.People, m.Mail, m.Agent)
		if s.elsewhereOnly {
			s.reached = addresses(customersIn(act.Desk, act.Policy.People, m.Mail))
		}
		return s, nil
	}
	if !s.leaves() {
		return s, nil
	}
	parts, err := act.Participants()
	if err != nil {
		return s, err
	}
	for i := range parts {
		if !m.ReadByNobody(parts[i].Address) {
			s.participants++
		}
	}
	s.addressed, s.others = addressees(m.Message, act.Desk, parts)
	with := conversation{parts: parts, subject: act.Ticket.Subject}
	if w.toTheHouse(&s, with); s.colleague != "" || s.colleagues || s.ofCustomer {
		if with.wrote, err = w.customersTexts(); err != nil {
			return s, err
		}
		w.toTheHouse(&s, with)
	}
	s.key = keyIn(s.body())
	s.away = classify.MayBeNote(m.Message)
	if !m.Evidence.AnswersNotice() || !s.addressed {
		s.reached = reached(m.Message, parts)
	}
	if s.public() {
		s.unseen, err = w.unseen()
	}
	return s, err
}

// How many of the customers' texts, and how much of each, is searched for their signatures.
const (
	latestTexts = 5
	longestText = 10_000
)

// toTheHouse looks for signs that a text is for colleagues.
func (w *work) toTheHouse(s *situation, with conversation) {
	people, body := w.act.Policy.People, s.body()
	s.colleague, s.colleagues = colleagueIn(body, people, w.m.Agent, with), toColleagues(body, people, with)
	s.ofCustomer = speaksOfCustomer(body, with)
}

// customersTexts returns what the customers wrote last. Few mails ask.
func (w *work) customersTexts() ([]string, error) {
	messages, err := store.Messages(w.act.Tx, w.act.Ticket.ID)
	if err != nil {
		return nil, err
	}
	var wrote []string
	for i := len(messages) - 1; i >= 0 && len(wrote) < latestTexts; i-- {
		if messages[i].Kind == tickets.FromCustomer {
			text := cmp.Or(messages[i].Whole, messages[i].Text)
			wrote = append(wrote, text[:min(len(text), longestText)])
		}
	}
	return wrote, nil
}

// passesOn reports whether a mail passes on the notice that it seems to answer, though nothing in
// it says so: its client named the notice among the references, as some do in forwards, but its
// writer chose another subject and not the reply address, or the mark before the subject is not one
// of an answer that anybody knows.
func passesOn(m *Mail, t *tickets.Ticket) bool {
	e := &m.Evidence
	if e.Proof != arrival.ByKeyedID || e.Notice.Mail.Ticket == 0 || !notice.QuotedIn(m.Message) {
		return false
	}
	if thread.HasUnknownMark(m.Message.Subject) {
		return true
	}
	return !thread.SameSubject(m.Message.Subject, fmt.Sprintf("[#%d] [#%d] %s", e.Notice.Mail.Ticket, t.ID, t.Subject))
}

// onlyThis reports whether a command is about no other ticket than the one that the mail belongs
// to.
func (w *work) onlyThis(c commands.Command) bool {
	return !slices.ContainsFunc(c.Tickets, func(n int64) bool { return w.targets[n] == nil || w.targets[n].id != w.act.Ticket.ID })
}

// textIsTaken reports whether the text of the mail belongs to one of its commands.
func (w *work) textIsTaken() bool { return w.takesText(w.written.Commands) }

// takesText reports whether one of the commands takes the text that stands with them.
func (w *work) takesText(typed []commands.Command) bool {
	return slices.ContainsFunc(typed, func(c commands.Command) bool {
		row, found := w.find(c.Name)
		return found && row.TakesText
	})
}

// goesToMany reports whether the text of the mail is for others than those who take part in its
// ticket: it is no message of the ticket, unless it comes back to it.
func (w *work) goesToMany() bool {
	return slices.ContainsFunc(w.written.Commands, func(c commands.Command) bool {
		row, found := w.find(c.Name)
		return found && row.Shows != nil
	})
}

// addressees reports whether the desk is in To, and returns who else is in it without taking part.
func addressees(m *mailin.Message, desk *tickets.Identity, parts []tickets.Participant) (addressed bool, others []string) {
	for _, a := range m.To {
		folded := mailin.Fold(a.Address)
		switch {
		case arrival.Ours(desk, folded):
			addressed = true
		case !slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == folded }):
			others = append(others, a.Address)
		}
	}
	return addressed, others
}

// unseen returns the first public message that came after what the agent had before them, and was
// not their own.
func (w *work) unseen() (*tickets.Message, error) {
	if !w.m.Evidence.AnswersNotice() {
		return nil, nil // no notice, so nobody knows what they had seen; the evidence is a Message-ID of the conversation itself
	}
	answered := &w.m.Evidence.Notice.Mail
	later, err := store.MessagesAfter(w.act.Tx, w.act.Ticket.ID, answered.AfterMessage)
	if err != nil {
		return nil, err
	}
	// a list of tickets: what had come when it was made counts as seen
	if answered.Ticket == 0 && !answered.Created.After(w.act.Tx.Latest()) {
		past, err := store.Events(w.act.Tx, w.act.Ticket.ID)
		if err != nil {
			return nil, err
		}
		later = slices.DeleteFunc(later, func(m tickets.Message) bool {
			return !slices.ContainsFunc(past, func(e tickets.Event) bool { return e.Message == m.ID && e.Record.After(answered.Created) })
		})
	}
	for i := range later {
		if later[i].Author != w.act.Actor() {
			return &later[i], nil
		}
	}
	return nil, nil
}

// spend uses up the notice's token when the mail that carries it goes to anyone outside as well,
// who now has it too.
func (w *work) spend() error {
	if !w.m.Evidence.AnswersNotice() || w.m.Confirmed != "" {
		return nil
	}
	for _, a := range slices.Concat(w.m.Message.To, w.m.Message.Cc) {
		if w.outside(a) {
			w.act.Explain("the reply address is used up: the mail also went to %s", a.Address)
			_, err := mailout.Spend(w.act.Tx, w.m.Evidence.Notice.Mail.ID)
			return err
		}
	}
	return nil
}

func (w *work) outside(a mailin.Address) bool {
	return !arrival.Ours(w.act.Desk, a.Address) && w.act.Policy.People.AgentBy(a.Address) == nil
}

// errUndone is why what was begun is undone.
var errUndone = errors.New("nothing of the mail is to be done, or not yet")

// attempt does what the mail says. Where its text is for those outside, it does all of it or
// nothing: if a command is refused, the mail is held with the reasons. With instead that is done in
// its place, once it is known that nothing would be refused.
func (w *work) attempt(s situation, p plan, instead func(w *work, body string) (decision.Result, error)) (decision.Result, error) {
	if !s.leaves() || len(w.act.Typed.Commands) == 0 {
		if instead != nil {
			return instead(w, p.body)
		}
		return w.carryOut(s, p)
	}
	var r decision.Result
	undone, err := w.act.Tx.Savepoint(func() (err error) {
		r, err = w.carryOut(s, p)
		if err == nil && (instead != nil || len(w.refusals) > 0) {
			err = errUndone
		}
		return err
	})
	switch {
	case err != nil:
		return decision.Result{}, err
	case undone == nil:
		return r, nil
	case !errors.Is(undone, errUndone):
		return decision.Result{}, undone
	}
	anew := &work{Handler: w.Handler, m: w.m, written: w.written, act: &decision.Act{Agent: w.m.Agent, Typed: w.written.Result}}
	if err := anew.open(decision.OnMail(w.act.Context, w.m.Mail)); err != nil {
		return decision.Result{}, err
	}
	anew.act.Explain("from agent %s, %s: %s", w.m.Agent.Name, s.trust, s.why.English())
	if len(w.refusals) > 0 {
		return anew.hold(plan{hold: tickets.HoldBarred, why: w.refusals})
	}
	return instead(anew, p.body)
}

// carryOut does what the mail says.
func (w *work) carryOut(s situation, p plan) (decision.Result, error) {
	if w.m.Approved != nil {
		w.say(phrase.Say("%s has checked your answer.", w.m.Approved.FullName))
	}
	if err := w.execute(p.body, p.public); err != nil {
		return decision.Result{}, err
	}
	outcome := tickets.AsMessage // but where a command would not take its text
	if p.body == "" || w.goesToMany() || w.act.Current.ID == 0 {
		outcome = tickets.AsCommand
	}
	w.act.Settle(outcome, "", s.trust.String()+": "+s.why.English())
	if p.public {
		if err := w.replaceStopped(); err != nil {
			return decision.Result{}, err
		}
		if err := w.replaceDraft(s.notice); err != nil {
			return decision.Result{}, err
		}
	}
	if s.notice == templates.Held && !s.confirmed && p.body != "" {
		if err := w.replaceHeld(); err != nil {
			return decision.Result{}, err
		}
	}
	w.tellClaim()
	return w.act.Finish()
}
