// Package side holds conversations with people outside who take no part in a ticket: consultants,
// approvers, vendors. Each has its own thread and its own reply addresses, sees only what was
// written for it, and answers in notes. The package owns asking, what arrives, who is believed, and
// reminders. It must never know what an answer means: that is the capability's, by the party.
package side

import (
	"slices"
	"strconv"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Reminders go out this long after the question and after each other; after the last one whoever
// asked is told that no answer came.
const (
	RemindAfter  = 48 * time.Hour
	maxReminders = 2
)

// kinds are the mails that ask, by whom they ask.
var kinds = map[mailout.Party]templates.Name{mailout.Consultant: templates.Consult, mailout.Approver: templates.Approval}

// words are the commands that ask, by whom they ask.
var words = map[mailout.Party]string{mailout.Consultant: "consult", mailout.Approver: "approve-by"}

// Of returns the side conversation that an actor, as a mail's recipient is named, stands for.
func Of(tx *sqldb.Tx, actor string) (tickets.Side, bool, error) {
	party, number := tickets.Actor(actor).Split()
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !mailout.Party(party).Aside() {
		return tickets.Side{}, false, nil
	}
	return store.SideByID(tx, id)
}

// Answers reports whether a mail answers one of ours to a third person.
func Answers(e *arrival.Evidence) bool {
	return e.Proof.Strong() && e.Notice.Mail.Party.Aside()
}

// Ask asks a third person the text of a message of the ticket, in the conversation with them if
// there is one. files has those of the mail at hand go along.
func Ask(a *decision.Act, party mailout.Party, address string, question tickets.Message, files bool) error {
	s, err := conversation(a, party, address)
	if err != nil {
		return err
	}
	s.AskedBy, s.State, s.Question, s.Reminded, s.Asked, s.Settled = a.Agent.Name, tickets.SideWaiting, question.ID, 0, a.Tx.Now(),
		time.Time{}
	if err := send(a.Case, &s, a.Actor(), question.Text, notice.Aside{Files: files, Attach: a.Files}); err != nil {
		return err
	}
	return a.Handle(tickets.Event{Kind: tickets.Asked, Actor: a.Actor(), Message: question.ID, Data: tickets.Data{Side: s.ID,
		Reason: s.Party, Command: words[party]}})
}

// conversation returns the one of the ticket with an address, begun if there is none.
func conversation(a *decision.Act, party mailout.Party, address string) (tickets.Side, error) {
	folded := mailin.Fold(address)
	s, found, err := store.SideWith(a.Tx, a.Ticket.ID, string(party), folded)
	if err != nil || found {
		return s, err
	}
	s = tickets.Side{Ticket: a.Ticket.ID, Party: string(party), Address: folded, Shown: address, AskedBy: a.Agent.Name,
		State: tickets.SideWaiting, Asked: a.Tx.Now()}
	person, known, err := store.PersonAt(a.Tx, folded)
	if err != nil {
		return s, err
	}
	if known {
		s.Language = person.Language
	}
	s.ID, err = store.OpenSide(a.Tx, s)
	return s, err
}

// send makes the mail that asks or reminds, notes it in the conversation, and sets the next
// reminder.
func send(c *decision.Case, s *tickets.Side, author tickets.Actor, text string, aside notice.Aside) error {
	_, references, err := store.SideThread(c.Tx, s.ID)
	if err != nil {
		return err
	}
	person, _, err := store.PersonAt(c.Tx, s.Address)
	if err != nil {
		return err
	}
	if s.Mail, err = c.Tx.NextID("outbox"); err != nil {
		return err
	}
	if err := store.SaveSide(c.Tx, *s); err != nil {
		return err
	}
	if !aside.Reminder {
		if err := store.AddSideMessage(c.Tx, s.ID, s.Question, c.Keys.MessageID(c.Ticket.ID, s.Mail, c.Desk.Domain)); err != nil {
			return err
		}
	}
	aside.Side, aside.Name, aside.References = *s, person.Name, references
	c.Notify(notice.Notice{Kind: kinds[mailout.Party(s.Party)], Author: author, Body: text, Group: s.Mail, Aside: &aside,
		Files: aside.Attach})
	return timers.Set(c.Tx, timers.Timer{Ticket: s.Ticket, Kind: timers.Side, Name: strconv.FormatInt(s.ID, 10),
		Due: sqldb.At(c.Tx.Now().Add(RemindAfter))})
}

// Answer is a mail in a side conversation.
type Answer struct {
	*decision.Case
	Side   tickets.Side
	Mail   *arrival.Mail
	Proven bool          // it is theirs beyond doubt
	Why    []phrase.Text // it is not, or what agents should know of it
	// Decision is what the capability took the answer for, "" for nothing.
	Decision string
}

// Automatic reports whether a machine wrote the mail.
func (a *Answer) Automatic() bool { return a.Mail.Message.Class.Automatic() }

// Receive takes in a mail that answers one of ours to a third person: it becomes a note, and
// whoever has the ticket, and who asked, are told. Of a mail that is proven to be theirs, and no
// machine's, meaning says what follows; nothing follows from any other.
func Receive(ctx decision.Context, m *arrival.Mail, e arrival.Evidence, meaning func(*Answer) error) (decision.Result, error) {
	s, found, err := Of(ctx.Tx, e.Notice.Mail.Person)
	if err != nil {
		return decision.Result{}, err
	}
	if !found {
		return decision.SetAside(tickets.CauseOtherUserUpdate, "it answers a question that the desk does not know any more").Result, nil
	}
	written, err := ratelimit.Written(ctx.Tx, ctx.Limits, m, e.Ticket)
	if err != nil {
		return decision.Result{}, err
	}
	if full := ratelimit.Full(ctx.Limits, m, e.Ticket, written); full != "" {
		return decision.SetAside(tickets.CauseFlood, full).Result, nil
	}
	d := decision.OnMail(ctx, m)
	d.Old = d.IsOld()
	c, err := d.Open(e.Ticket)
	if err != nil {
		return decision.Result{}, err
	}
	a := &Answer{Case: c, Side: s, Mail: m}
	a.Proven, a.Why = proves(m, &s, e, ctx.Tx.Now())
	d.Explain("from %s %s, proven: %t", s.Party, s.Address, a.Proven)
	if err := a.file(); err != nil {
		return decision.Result{}, err
	}
	if a.Proven && !a.Automatic() {
		if err := a.mean(meaning); err != nil {
			return decision.Result{}, err
		}
	}
	if err := a.spend(e); err != nil {
		return decision.Result{}, err
	}
	a.tell()
	return d.Finish()
}

// proves reports whether a mail is the third person's own: it has the address that only they were
// given, their From, and nothing speaks against it. If not, it says why.
func proves(m *arrival.Mail, s *tickets.Side, e arrival.Evidence, now time.Time) (bool, []phrase.Text) {
	var why []phrase.Text
	if m.From() != s.Address {
		why = append(why, phrase.Say("It came from %s, but %s was asked.", m.From(), s.Shown))
	}
	if m.Message.Auth.Doubtful() {
		why = append(why, phrase.Say("Authentication failed: the sender may not be who they say."))
	}
	if e.Forged {
		why = append(why, phrase.Say("It also holds a reply address that the desk never gave out."))
	}
	if !e.Notice.Live(now) {
		why = append(why, phrase.Say("The mail that it answers has been used up or is too old."))
	}
	return len(why) == 0, why
}

// file writes the mail into the ticket as a note.
func (a *Answer) file() error {
	kind, event := tickets.Note, tickets.Noted
	if a.Automatic() {
		kind, event = tickets.Automatic, tickets.AutoFiled
	}
	var flags []tickets.Flag
	if a.Mail.From() != a.Side.Address {
		flags = append(flags, tickets.FlagOtherAddress)
	}
	if a.Mail.Message.Auth.Doubtful() {
		flags = append(flags, tickets.FlagForged)
	}
	actor := a.actor()
	if err := a.AddMail(kind, actor, tickets.Internal, flags); err != nil {
		return err
	}
	if a.Proven {
		if err := store.AddSideMessage(a.Tx, a.Side.ID, a.Current.ID, arrival.Limit(a.Mail.Message.MessageID, 998)); err != nil {
			return err
		}
	}
	outcome := tickets.AsMessage
	if a.Automatic() {
		outcome = tickets.AsAuto
	}
	a.Settle(outcome, "", a.Side.Party)
	return a.Handle(tickets.Event{Kind: event, Actor: actor, Message: a.Current.ID, Data: tickets.Data{Inbound: a.Mail.ID,
		Side: a.Side.ID, Reason: a.Side.Party}})
}

// actor is who wrote the mail: the third person if that is proven, else nobody in particular.
func (a *Answer) actor() tickets.Actor {
	if a.Proven {
		return a.Side.Actor()
	}
	return tickets.Desk
}

// mean settles the question by what the answer means.
func (a *Answer) mean(meaning func(*Answer) error) error {
	if err := meaning(a); err != nil {
		return err
	}
	if a.Side.State == tickets.SideWaiting || a.Side.State == tickets.SideSilent {
		return nil // it is no answer to what was asked
	}
	a.Side.Settled = a.Tx.Now()
	return store.SaveSide(a.Tx, a.Side)
}

// spend uses up the reply address when the mail that carries it goes to anyone else as well, who
// now has it too.
func (a *Answer) spend(e arrival.Evidence) error {
	if !a.Proven {
		return nil // or anybody could shut them up
	}
	for _, to := range slices.Concat(a.Mail.Message.To, a.Mail.Message.Cc) {
		if folded := mailin.Fold(to.Address); !arrival.Ours(a.Desk, folded) && folded != a.Side.Address {
			_, err := mailout.Spend(a.Tx, e.Notice.Mail.ID)
			return err
		}
	}
	return nil
}

// tell tells who has the ticket, and who asked.
func (a *Answer) tell() {
	author := a.Mail.Message.Author()
	a.NotifyAll(a.Audience(), notice.Notice{Kind: templates.SideReply, Author: a.actor(), Reasons: a.Why,
		Writer: templates.Person{Name: author.Name, Address: author.Address},
		Third: &templates.Side{Person: a.Side.Shown, Command: words[mailout.Party(a.Side.Party)], Decision: a.Decision,
			Automatic: a.Automatic()}})
}

// Audience is who hears of the conversation: who has the ticket, and who asked.
func (a *Answer) Audience() []string { return audience(a.Case, &a.Side) }

func audience(c *decision.Case, s *tickets.Side) []string {
	out := slices.Clone(view.Working(c.Policy, &c.Ticket))
	if c.Policy.People.Agent(s.AskedBy) != nil && !slices.Contains(out, s.AskedBy) {
		out = append(out, s.AskedBy)
	}
	return out
}

// Fire reminds a third person who has not answered, and tells who asked.
func Fire(ctx decision.Context, t timers.Timer) error {
	s, found, err := Of(ctx.Tx, string(mailout.Consultant)+":"+t.Name)
	if err != nil || !found || s.State != tickets.SideWaiting {
		return err
	}
	ticket, found, err := arrival.Surviving(ctx.Tx, t.Ticket)
	if err != nil || !found {
		return err
	}
	d := decision.Begin(ctx, "timer:side", ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil || c.Ticket.Status.Done() {
		return err
	}
	last, err := mailout.Notice(ctx.Tx, s.Mail)
	if err != nil {
		return err
	}
	if last.State == mailout.Waiting {
		t.Due = sqldb.At(ctx.Tx.Now().Add(RemindAfter))
		return timers.Set(ctx.Tx, t)
	}
	if last.State != mailout.Sent || last.Error != "" { // who asked has been told that it did not arrive
		return nil
	}
	if err := remind(c, &s); err != nil {
		return err
	}
	_, err = d.Finish()
	return err
}

// remind asks once more, or gives up.
func remind(c *decision.Case, s *tickets.Side) error {
	told := phrase.Say("%s has not answered yet and has been reminded.", s.Shown)
	if s.Reminded >= maxReminders {
		s.State = tickets.SideSilent
		told = phrase.Say("%s has not answered after %d reminders. There will be no more of them: ask again, or go on without.",
			s.Shown, s.Reminded)
		if err := store.SaveSide(c.Tx, *s); err != nil {
			return err
		}
	} else {
		question, _, err := store.MessageByID(c.Tx, s.Question)
		if err != nil {
			return err
		}
		s.Reminded++
		if err := send(c, s, tickets.AgentActor(s.AskedBy), question.Text, notice.Aside{Reminder: true}); err != nil {
			return err
		}
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Asked, Actor: tickets.TimerActor("side"), Data: tickets.Data{Side: s.ID,
		Reason: string(s.State)}}); err != nil {
		return err
	}
	c.NotifyAll(audience(c, s), notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: told})
	return nil
}
