// Package side holds conversations with people outside who do not take part in a ticket:
// consultants, approvers, vendors. Each has its own thread and its own reply addresses; its third
// person sees only what was written for them, and their answers become notes. The package owns
// asking, receiving and authenticating answers, and reminders. It must never know what an answer
// means: that is up to the capability of the party.
package side

import (
	"cmp"
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

// Reminders are sent at this interval, or at the vendor's own one, after the question and after
// each other. After the last one the agent who asked is told that no answer came.
const (
	RemindAfter  = 48 * time.Hour
	maxReminders = 2
)

// kinds are the kinds of mails that ask, by party.
var kinds = map[mailout.Party]templates.Name{mailout.Consultant: templates.Consult, mailout.Approver: templates.Approval,
	mailout.Vendor: templates.Vendor}

// words are the commands that ask, by party.
var words = map[mailout.Party]string{mailout.Consultant: "consult", mailout.Approver: "approve-by", mailout.Vendor: "vendor"}

// Of returns the side conversation that an actor, as the recipient of a mail, represents.
func Of(tx *sqldb.Tx, actor string) (tickets.Side, bool, error) {
	party, number := tickets.Actor(actor).Split()
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !mailout.Party(party).Aside() {
		return tickets.Side{}, false, nil
	}
	return store.SideByID(tx, id)
}

// Answers reports whether a mail answers one of ours to a third person, or contains a vendor's own
// number for a ticket.
func Answers(e *arrival.Evidence) bool {
	return e.Side != 0 || e.Proof.Strong() && e.Notice.Mail.Party.Aside()
}

// Question is a question to a third person.
type Question struct {
	Party   mailout.Party
	Address string
	Vendor  *tickets.Vendor      // the vendor with this address; nil for anybody else
	By      tickets.Actor        // an agent, or a rule
	Message tickets.Message      // of the ticket: its text is what they read
	Files   bool                 // send the files of the current mail
	Remind  time.Duration        // after which they are reminded; 0 for the default
	Attach  []mailout.Attachment // files of the ticket to send as well
}

// Ask asks a third person, in the ticket's conversation with them if there is one.
func Ask(c *decision.Case, q Question) error {
	s, err := conversation(c, q)
	if err != nil {
		return err
	}
	s.AskedBy, s.State, s.Question, s.Reminded, s.Asked, s.Settled = q.By.Agent(), tickets.SideWaiting, q.Message.ID, 0, c.Tx.Now(),
		time.Time{}
	s.Remind = q.Remind
	if err := send(c, &s, q.By, q.Message.Text, notice.Aside{Files: q.Files, Attach: q.Attach}); err != nil {
		return err
	}
	return c.Handle(tickets.Event{Kind: tickets.Asked, Actor: q.By, Message: q.Message.ID, Data: tickets.Data{Side: s.ID,
		Reason: s.Party, Command: words[q.Party]}})
}

// conversation returns the ticket's conversation with an address, creating it if there is none.
func conversation(c *decision.Case, q Question) (tickets.Side, error) {
	folded := mailin.Fold(q.Address)
	s, found, err := store.SideWith(c.Tx, c.Ticket.ID, string(q.Party), folded)
	if err != nil || found {
		return s, err
	}
	s = tickets.Side{Ticket: c.Ticket.ID, Party: string(q.Party), Address: folded, Shown: q.Address, AskedBy: q.By.Agent(),
		State: tickets.SideWaiting, Asked: c.Tx.Now()}
	person, known, err := store.PersonAt(c.Tx, folded)
	if err != nil {
		return s, err
	}
	if known {
		s.Language = person.Language
	}
	if reading := q.Message.Text; s.Language == "" {
		if q.By.Agent() == "" {
			reading = "" // a customer's words, or the desk's
		}
		s.Language = c.LanguageFor(c.Desk.Inbox(c.Ticket.Inbox), reading)
	}
	if q.Vendor != nil {
		s.Vendor, s.Language = q.Vendor.Name, q.Vendor.Language
	}
	s.ID, err = store.OpenSide(c.Tx, s)
	return s, err
}

// send makes the mail that asks or reminds, records it in the conversation, and sets the next
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
	if v := vendor(c, s); v != nil {
		aside.Name, aside.Contract, aside.Anonymous = v.FullName, v.Contract, !v.Trusted
	}
	n := notice.Notice{Kind: kinds[mailout.Party(s.Party)], Author: author, Body: text, Group: s.Mail, Aside: &aside, Files: aside.Attach}
	if aside.Files && !aside.Anonymous && c.Mail != nil { // a masked text differs from that of the current mail
		n.Formatted = notice.Format(c.Mail.Message, "", text, c.Desk)
	}
	c.Notify(n)
	return timers.Set(c.Tx, timers.Timer{Ticket: s.Ticket, Kind: timers.Side, Name: strconv.FormatInt(s.ID, 10),
		Due: sqldb.At(remindAt(c, s))})
}

// vendor returns the vendor that a conversation is with. It is nil if the third person is not a
// vendor, or the vendor is no longer in people.yaml.
func vendor(c *decision.Case, s *tickets.Side) *tickets.Vendor {
	if s.Vendor == "" {
		return nil
	}
	return c.Policy.People.Vendor(s.Vendor)
}

// remindAt returns when a person asked just now is reminded.
func remindAt(c *decision.Case, s *tickets.Side) time.Time {
	now := c.Tx.Now()
	if v := vendor(c, s); v != nil {
		if due := c.Policy.Service.Calendars[v.Calendar].Add(now, v.Reply); !due.IsZero() {
			return due
		}
	}
	return now.Add(cmp.Or(s.Remind, RemindAfter))
}

// Answer is a mail in a side conversation.
type Answer struct {
	*decision.Case
	Side   tickets.Side
	Mail   *arrival.Mail
	Vendor *tickets.Vendor // the vendor who was asked; nil for anybody else
	Proven bool            // it is proven to be theirs
	// Numbered reports whether a vendor's authenticated domain names its own number for the ticket,
	// and that is the mail's only evidence.
	Numbered bool
	Why      []phrase.Text // why it is not proven, or what agents should know about it
	// Decision is what the capability understood the answer to be, "" for nothing.
	Decision string
}

// Automatic reports whether a machine wrote the mail.
func (a *Answer) Automatic() bool { return a.Mail.Message.Class.Automatic() }

// Receive records a mail that answers one of ours to a third person: it becomes a note, and the
// assignee and the agent who asked are told. If the mail is proven to come from that person or
// their system, meaning evaluates it; any other mail has no consequences.
func Receive(ctx decision.Context, m *arrival.Mail, e arrival.Evidence, meaning func(*Answer) error) (decision.Result, error) {
	who := e.Notice.Mail.Person
	if e.Side != 0 {
		who = string(tickets.SideActor(string(mailout.Vendor), e.Side))
	}
	s, found, err := Of(ctx.Tx, who)
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
	a := &Answer{Case: c, Side: s, Mail: m, Vendor: vendor(c, &s)}
	if e.Side != 0 {
		a.Numbered, a.Why = a.numbered()
	} else {
		a.Proven, a.Why = a.proves(e, ctx.Tx.Now())
	}
	d.Explain("from %s %s, proven: %t", s.Party, s.Address, a.Proven)
	if err := a.file(); err != nil {
		return decision.Result{}, err
	}
	if a.Proven || a.Numbered {
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

// theirs reports whether an address belongs to the third person.
func (a *Answer) theirs(address string) bool {
	return address == a.Side.Address || a.Vendor != nil && slices.Contains(a.Vendor.Addresses(), address)
}

// proves reports whether a mail is proven to come from the third person: it went to the address
// that only they were given, is from their address, and nothing contradicts that. Otherwise it
// returns the reasons.
func (a *Answer) proves(e arrival.Evidence, now time.Time) (bool, []phrase.Text) {
	var why []phrase.Text
	m, s := a.Mail, &a.Side
	if !a.theirs(m.From()) {
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

// numbered reports whether a mail with a vendor's number now comes from that vendor.
func (a *Answer) numbered() (bool, []phrase.Text) {
	signed, why := a.Mail.Signed(a.Desk)
	if signed && a.Vendor != nil && a.Vendor.Writes(a.Mail.From()) {
		return true, nil
	}
	return false, []phrase.Text{phrase.Say("Nothing proves that %s wrote this: %s", a.Side.Called(), why)}
}

// file adds the mail to the ticket as a note.
func (a *Answer) file() error {
	kind, event := tickets.Note, tickets.Noted
	if a.Automatic() {
		kind, event = tickets.Automatic, tickets.AutoFiled
	}
	var flags []tickets.Flag
	if !a.theirs(a.Mail.From()) && !a.Numbered {
		flags = append(flags, tickets.FlagOtherAddress)
	}
	if a.Mail.Message.Auth.Doubtful() {
		flags = append(flags, tickets.FlagForged)
	}
	actor := a.actor()
	if err := a.AddMail(kind, actor, tickets.Internal, flags); err != nil {
		return err
	}
	if a.Proven || a.Numbered {
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

// actor returns the author of the mail: the third person if that is proven, else nobody in
// particular.
func (a *Answer) actor() tickets.Actor {
	if a.Proven || a.Numbered {
		return a.Side.Actor()
	}
	return tickets.Desk
}

// mean applies the meaning of the answer to the question.
func (a *Answer) mean(meaning func(*Answer) error) error {
	if err := meaning(a); err != nil {
		return err
	}
	if a.Side.State == tickets.SideWaiting || a.Side.State == tickets.SideSilent {
		return store.SaveSide(a.Tx, a.Side) // it does not answer the question
	}
	a.Side.Settled = a.Tx.Now()
	return store.SaveSide(a.Tx, a.Side)
}

// spend invalidates the reply address if the mail that carries it was also sent to anybody else,
// who now knows it. The vendor's own people may know it.
func (a *Answer) spend(e arrival.Evidence) error {
	if !a.Proven {
		return nil // otherwise anybody could lock them out
	}
	for _, to := range slices.Concat(a.Mail.Message.To, a.Mail.Message.Cc) {
		if folded := mailin.Fold(to.Address); !arrival.Ours(a.Desk, folded) && !a.theirs(folded) && !a.colleague(folded) {
			_, err := mailout.Spend(a.Tx, e.Notice.Mail.ID)
			return err
		}
	}
	return nil
}

// colleague reports whether an address is in the vendor's own domain.
func (a *Answer) colleague(address string) bool {
	return a.Vendor != nil && a.Vendor.Writes(address)
}

// tell tells the assignee, and the agent who asked.
func (a *Answer) tell() {
	author := a.Mail.Message.Author()
	a.NotifyAll(a.Audience(), notice.Notice{Kind: templates.SideReply, Author: a.actor(), Reasons: a.Why,
		Writer: templates.Person{Name: author.Name, Address: author.Address},
		Third: &templates.Side{Person: a.Side.Called(), Command: words[mailout.Party(a.Side.Party)], Decision: a.Decision,
			Reference: a.Side.Reference, Automatic: a.Automatic()}})
}

// Audience returns the agents who hear of the conversation: the assignee, and the agent who asked.
func (a *Answer) Audience() []string { return audience(a.Case, &a.Side) }

func audience(c *decision.Case, s *tickets.Side) []string {
	out := slices.Clone(view.Working(c.Policy, &c.Ticket))
	if c.Policy.People.Agent(s.AskedBy) != nil && !slices.Contains(out, s.AskedBy) {
		out = append(out, s.AskedBy)
	}
	return out
}

// Fire reminds a third person who has not answered, and tells the agent who asked.
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
	if last.State != mailout.Sent || last.Error != "" { // the agent who asked has been told that it did not arrive
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
	told := phrase.Say("%s has not answered yet and has been reminded.", s.Called())
	if s.Reminded >= maxReminders {
		s.State = tickets.SideSilent
		told = phrase.Say("%s has not answered (reminders sent: %d). There will be no more of them: ask again, or go on without an answer.",
			s.Called(), s.Reminded)
		if err := store.SaveSide(c.Tx, *s); err != nil {
			return err
		}
	} else {
		question, _, err := store.MessageByID(c.Tx, s.Question)
		if err != nil {
			return err
		}
		s.Reminded++
		by := tickets.Desk
		if s.AskedBy != "" {
			by = tickets.AgentActor(s.AskedBy)
		}
		if err := send(c, s, by, question.Text, notice.Aside{Reminder: true}); err != nil {
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
