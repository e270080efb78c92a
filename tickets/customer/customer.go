// Package customer decides on mail from outside: the mail opens a ticket, continues one, or is
// collected in one if its sender writes too much. It must never know agents' commands. A caller
// that gets a decision.Aside error undoes what was begun.
package customer

import (
	"cmp"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Handle decides on a mail from outside. known are the capabilities that recognise mails of their
// own.
func Handle(ctx decision.Context, m decision.CustomerMail, known decision.Recognisers) (decision.Result, error) {
	if m.Known && !m.Sender.Muted.IsZero() && !m.Message.Auth.Doubtful() {
		if err := store.Unmute(ctx.Tx, m.From()); err != nil { // they have written, so the address exists
			return decision.Result{}, err
		}
	}
	if err := rename(ctx, &m); err != nil {
		return decision.Result{}, err
	}
	if m.Evidence.Ticket == 0 {
		return open(ctx, m, m.Evidence.Hint, known)
	}
	d := decision.OnMail(ctx, m.Mail)
	d.Old = d.IsOld()
	c, err := d.Open(m.Evidence.Ticket)
	if err != nil {
		return decision.Result{}, err
	}
	participant, err := c.TakesPart(m.From())
	if err != nil {
		return decision.Result{}, err
	}
	done := c.Ticket.Status.Done()
	among, err := amongThem(c, m.Mail, participant)
	if err != nil {
		return decision.Result{}, err
	}
	thanks := done && (among || IsThanks(m.Message, ctx.Policy.People) || known.Thanks(m))
	may := rightsOf(mailFacts{
		proof: m.Evidence.Proof, verdict: m.Message.Auth.Verdict, doubtful: m.Message.Auth.Doubtful(), speaksFor: m.Gateway,
		takesPart: participant, settled: m.Settled(),
		done: done, late: m.Received.After(c.Ticket.Solved.Add(ctx.Policy.Service.ReopenWithin)),
		thanks: thanks, automatic: m.Message.Class.Automatic(), allWell: m.AllWell,
	})
	switch may.fit {
	case forged:
		// The holder of somebody else's reply address may write in that ticket, unless they also
		// forge their own address.
		return decision.Result{}, decision.SetAside(tickets.CauseOtherUserUpdate,
			append([]string{"the reply address was given to somebody else"}, m.Message.Auth.Reasons...)...)
	case another:
		return open(ctx, m, c.Ticket.ID, known)
	}
	m.Proven = participant && m.Evidence.Proof.Strong() && !m.Message.Auth.Doubtful() && !m.Gateway
	return goOn(c, m, standing{rights: may, participant: participant, among: among, thanks: thanks}, known)
}

// standing is what a mail is in the ticket that it goes on with.
type standing struct {
	rights
	participant bool // its writer takes part in the ticket
	among       bool // it is between a customer and a vendor: nobody is told of it
	thanks      bool // it must not reopen the ticket
}

// goOn adds a mail to its ticket.
func goOn(c *decision.Case, m decision.CustomerMail, s standing, known decision.Recognisers) (decision.Result, error) {
	ctx := c.Context
	written, err := ratelimit.Written(ctx.Tx, ctx.Limits, m.Mail, c.Ticket.ID)
	if err != nil {
		return decision.Result{}, err
	}
	if full := ratelimit.Full(ctx.Limits, m.Mail, c.Ticket.ID, written); full != "" {
		return decision.SetAside(tickets.CauseFlood, full).Result, nil
	}
	person, err := personOf(ctx, &m)
	if err != nil {
		return decision.Result{}, err
	}
	actor := tickets.PersonActor(person.ID)
	var flags []tickets.Flag
	if !s.participant {
		flags = append(flags, tickets.FlagOtherAddress)
	}
	if err := c.AddMail(tickets.FromCustomer, actor, tickets.Public, append(flags, m.Warnings(c.Desk, c.Policy.People)...)); err != nil {
		return decision.Result{}, err
	}
	silent, done := m.Message.Class.Automatic(), c.Ticket.Status.Done()
	if err := c.Handle(tickets.Event{Kind: tickets.Replied, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Silent: silent || s.among || s.thanks}}); err != nil {
		return decision.Result{}, err
	}
	if err := c.Aside(); err != nil {
		return decision.Result{}, err
	}
	if s.brings {
		if err := joinCc(c, &m, actor); err != nil {
			return decision.Result{}, err
		}
	}
	recognised := false
	tooFast := ratelimit.TooFast(ctx.Limits, m.Mail, written)
	if !silent && !tooFast && !s.among {
		recognised, err = known.Within(c, m)
	}
	if reopens := s.reopens && c.Ticket.Status.Done(); err == nil && !recognised && !s.among {
		err = tellAgents(c, actor, reopens, done, tooFast)
	}
	if err != nil {
		return decision.Result{}, err
	}
	if c.Old {
		if err := decision.AnnounceOld(c.Tx); err != nil {
			return decision.Result{}, err
		}
	}
	c.Settle(tickets.AsMessage, "", m.Evidence.Proof.String())
	return c.Finish()
}

// tellAgents reopens a solved or closed ticket, or tells its agents of a further mail.
func tellAgents(c *decision.Case, actor tickets.Actor, reopens, done, tooFast bool) error {
	working := func() []string { return view.Working(c.Policy, &c.Ticket) }
	switch {
	case reopens:
		if err := c.Handle(tickets.Event{Kind: tickets.Reopened, Actor: actor, Message: c.Current.ID,
			Data: tickets.Data{Status: tickets.Open}}); err != nil {
			return err
		}
		c.NotifyAll(working(), notice.Notice{Kind: templates.Reopened, Author: actor})
	case done:
	case tooFast:
		return tellOfFlood(c, phrase.Say("This address has written too much within ten minutes. What else it writes is added to this ticket without a notice, until it pauses."))
	default:
		c.NotifyAll(working(), notice.Notice{Kind: templates.AgentReply, Author: actor})
	}
	return nil
}

// open opens a ticket for a mail, linked to another one unless that is 0.
func open(ctx decision.Context, m decision.CustomerMail, linked int64, known decision.Recognisers) (decision.Result, error) {
	person := !m.Message.Class.Automatic()
	if person {
		if result, err := known.Instead(ctx, m); result != nil || err != nil {
			return resultOf(result), err
		}
	}
	if ticket, own, err := floodTicket(ctx, m); err != nil {
		return decision.Result{}, err
	} else if ticket != 0 {
		return gather(ctx, m, ticket, own)
	}
	d := decision.OnMail(ctx, m.Mail)
	d.Old = d.IsOld()
	sender, parts, err := requester(ctx, &m)
	if err != nil {
		return decision.Result{}, err
	}
	actor := tickets.Desk
	if len(parts) > 0 {
		actor = tickets.PersonActor(sender.ID)
	}
	subject := m.Message.Subject
	c := d.New(tickets.Ticket{Subject: arrival.Limit(decision.PlainSubject(subject), 250),
		BaseSubject: arrival.Limit(mailin.Fold(thread.BaseSubject(subject)), 250), Linked: linked}, parts)
	c.Acknowledge(string(templates.Acknowledgement))
	if err := c.Handle(opened(ctx, &m, sender, actor)); err != nil {
		return decision.Result{}, err
	}
	if err := c.Aside(); err != nil {
		return decision.Result{}, err // the rule is about the mail itself: undo the ticket, keep the mail
	}
	for _, p := range parts {
		if err := store.Join(ctx.Tx, c.Ticket.ID, p.Address, p.Role); err != nil {
			return decision.Result{}, err
		}
	}
	if err := c.AssignByTeam(""); err != nil {
		return decision.Result{}, err
	}
	if err := joinBrought(c, &m, actor); err != nil {
		return decision.Result{}, err
	}
	if err := c.AddMail(tickets.FromCustomer, actor, tickets.Public, m.Warnings(ctx.Desk, ctx.Policy.People)); err != nil {
		return decision.Result{}, err
	}
	if linked != 0 {
		if err := c.Handle(tickets.Event{Kind: tickets.Linked, Actor: tickets.Desk, Data: tickets.Data{Linked: linked}}); err != nil {
			return decision.Result{}, err
		}
	}
	if person {
		if err := known.Opening(c, m); err != nil {
			return decision.Result{}, err
		}
	}
	c.NotifyAll(view.Working(ctx.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentNew, Author: actor})
	if c.Old {
		if err := decision.AnnounceOld(ctx.Tx); err != nil {
			return decision.Result{}, err
		}
	}
	c.Settle(tickets.AsMessage, "")
	return c.Finish()
}

// requester returns the sender of a mail that opens a ticket, and them as its participant; nobody
// if the mail has no sender, or is the desk's own.
func requester(ctx decision.Context, m *decision.CustomerMail) (tickets.Person, []tickets.Participant, error) {
	from := m.From()
	if from == "" || arrival.Ours(ctx.Desk, from) {
		return m.Sender, nil, nil
	}
	sender, err := personOf(ctx, m)
	if err != nil {
		return tickets.Person{}, nil, err
	}
	return sender, []tickets.Participant{{Address: from, Role: tickets.Requester, Name: sender.Name,
		Shown: cmp.Or(sender.Shown, m.Message.Author().Address), Person: sender.ID}}, nil
}

// opened returns the event with which a mail opens a ticket.
func opened(ctx decision.Context, m *decision.CustomerMail, sender tickets.Person, actor tickets.Actor) tickets.Event {
	first, inbox := ctx.Policy.Service.Default, ctx.Desk.Inbox(m.Inbox)
	return tickets.Event{Kind: tickets.Opened, Actor: actor, Data: tickets.Data{
		Inbox: inbox.Name, Requester: sender.ID, Inbound: m.ID,
		Language: cmp.Or(m.Message.Language, sender.Language, inbox.Speaks(ctx.Desk)),
		Priority: first.Priority, Tier: &first.Tier, Team: decision.FirstTeam(ctx.Policy, inbox, first.Tier),
		Silent: m.Message.Class.Automatic(), Restricted: inbox.Restricted,
	}}
}

// resultOf returns the result of a capability that handled a mail in place of opening a ticket; the
// zero value for nil.
func resultOf(r *decision.Result) decision.Result {
	if r == nil {
		return decision.Result{}
	}
	return *r
}

// personOf returns the person who wrote, creating one if they are unknown.
func personOf(ctx decision.Context, m *decision.CustomerMail) (tickets.Person, error) {
	if m.Known {
		return m.Sender, nil
	}
	author := m.Message.Author()
	return store.AddPerson(ctx.Tx, arrival.Limit(author.Name, 200), m.From(), author.Address, m.Message.Language)
}

// rename updates the sender's name to the one they write under now, if they are proven to be the
// sender.
func rename(ctx decision.Context, m *decision.CustomerMail) error {
	name := arrival.Limit(strings.TrimSpace(m.Message.Author().Name), 200)
	if !m.Known || name == "" || name == m.Sender.Name || m.Message.Auth.Verdict != mailin.VerdictPass && m.Sender.Name != "" {
		return nil
	}
	m.Sender.Name = name
	return store.Rename(ctx.Tx, m.Sender, name)
}

// maxBrought is the maximum number of other addressees of a first mail who become participants.
const maxBrought = 20

// broughtAlong returns the other addressees of a mail that opens a ticket, since their replies to
// all belong to it. It returns none if a check of the sender failed, or if a machine or a form
// wrote.
func broughtAlong(m *decision.CustomerMail) []mailin.Address {
	if m.Message.Auth.Doubtful() || m.Gateway || m.Message.Class.Automatic() {
		return nil
	}
	return slices.Concat(m.Message.To, m.Message.Cc)
}

// joinBrought adds the other addressees of a mail that opens a ticket, as many as may take part.
func joinBrought(c *decision.Case, m *decision.CustomerMail, actor tickets.Actor) error {
	for _, a := range broughtAlong(m) {
		taking, err := c.Participants()
		if err != nil || len(taking) > maxBrought {
			return err
		}
		if err := joinNew(c, a.Address, actor); err != nil {
			return err
		}
	}
	return nil
}

// joinCc adds those whom a participant put in Cc of a mail that goes on with the ticket.
func joinCc(c *decision.Case, m *decision.CustomerMail, actor tickets.Actor) error {
	for _, a := range m.Message.Cc {
		if err := joinNew(c, a.Address, actor); err != nil {
			return err
		}
	}
	return nil
}

// joinNew adds somebody whom a participant put in Cc, unless they are one of us.
func joinNew(c *decision.Case, address string, actor tickets.Actor) error {
	if arrival.Ours(c.Desk, address) || c.Policy.People.AgentBy(address) != nil || mailin.Domain(address) == "" {
		return nil
	}
	return c.Join(address, tickets.Cc, actor)
}
