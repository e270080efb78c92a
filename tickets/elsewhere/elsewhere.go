// Package elsewhere reads what people sent by hand from an inbox of the desk: the mails in its Sent
// folder. An answer in a ticket counts as its author's answer. It must never send anything to
// anybody outside: they have the mail already.
package elsewhere

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// Skips reports whether a mail in a Sent folder must be ignored: a copy of a mail that the desk
// itself sent, or a mail to the desk, which arrives in an inbox as well.
func Skips(desk *tickets.Identity, m *arrival.Mail) bool {
	return m.Sent && (m.ByDesk || m.Addressed(desk) && !desk.Own(m.From()))
}

// Handle decides on a mail in the Sent folder of an inbox.
func Handle(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	switch kind := m.Message.Class.Kind; {
	case kind != mailin.KindPerson:
		return notOurs("no person wrote it: " + string(kind)), nil
	case e.Ticket == 0:
		return wait(ctx, m, 0)
	}
	return answered(ctx, m, e)
}

func notOurs(why string) decision.Result {
	return decision.Result{Outcome: tickets.AsSent, Reasons: []string{why}}
}

// answered records a mail in the ticket to which it belongs.
func answered(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	known, err := store.TicketsOf(ctx.Tx, m.Message.MessageID)
	if err != nil || m.Message.MessageID != "" && slices.Contains(known, e.Ticket) {
		return notOurs("the ticket has it already"), err
	}
	d := decision.OnMail(ctx, m)
	d.Old = d.IsOld()
	c, err := d.Open(e.Ticket)
	if err != nil {
		return decision.Result{}, err
	}
	parts, err := c.Participants()
	if err != nil {
		return decision.Result{}, err
	}
	outsiders := decision.Outsiders(m.Message, ctx.Desk, ctx.Policy.People)
	reached := slices.ContainsFunc(outsiders, func(a mailin.Address) bool {
		return slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == mailin.Fold(a.Address) })
	})
	if !reached {
		return notOurs("nobody who takes part in ticket " + strconv.FormatInt(e.Ticket, 10) + " got it"), nil
	}
	author, said := writer(ctx, m)
	d.Explain("%s answered by hand from the inbox %s", author, m.Inbox)
	if !e.Proof.Strong() {
		outsiders = nil
	}
	if err := c.AnsweredElsewhere(author, outsiders, said); err != nil {
		return decision.Result{}, err
	}
	c.Settle(tickets.AsMessage, "", "sent by hand: "+e.Proof.String())
	return c.Finish()
}

// writer returns the author of a mail, if it identifies an agent by an address or a full name, and
// what the other agents are told.
func writer(ctx decision.Context, m *arrival.Mail) (tickets.Actor, phrase.Text) {
	address := ctx.Desk.Inbox(m.Inbox).Address
	if a := agentOf(ctx.Policy.People, m.Message); a != nil {
		return tickets.AgentActor(a.Name), phrase.Say("%s answered by hand from %s. The customer has this answer:", a.FullName, address)
	}
	return tickets.MailboxActor(m.Inbox), phrase.Say("Somebody answered by hand from %s. The customer has this answer:", address)
}

// agentOf returns the agent in From or Sender, identified by an address, or by a full name that
// only one agent has. It is pure.
func agentOf(people *tickets.Directory, m *mailin.Message) *tickets.Agent {
	named := append(slices.Clone(m.From), m.Sender)
	for _, a := range named {
		if agent := people.AgentBy(a.Address); a.Address != "" && agent != nil {
			return agent
		}
	}
	var found *tickets.Agent
	for _, a := range named {
		for i := range people.Agents {
			agent := &people.Agents[i]
			if a.Name == "" || !strings.EqualFold(strings.Join(strings.Fields(a.Name), " "), agent.FullName) || agent == found {
				continue
			}
			if found != nil {
				return nil
			}
			found = agent
		}
	}
	return found
}

// patience is how long an answer waits for the mail that it answers: after an outage the inbox and
// its Sent folder are read concurrently.
const patience = 24 * time.Hour

// wait postpones an answer whose ticket does not exist: the mail that it answers may not have been
// read yet. asked is how often the ticket has been looked for.
func wait(ctx decision.Context, m *arrival.Mail, asked int) (decision.Result, error) {
	due := ctx.Tx.Now().Add(time.Minute << min(asked, 8))
	if len(m.Message.InReplyTo)+len(m.Message.References) == 0 || due.Sub(m.Received) > patience+time.Minute && asked > 3 {
		return notOurs("it belongs to no ticket"), nil
	}
	r := notOurs("it answers no mail that the desk knows so far")
	return r, timers.Set(ctx.Tx, timers.Timer{Kind: timers.Sent, Name: strconv.FormatInt(m.ID, 10), Due: sqldb.At(due),
		Data: strconv.Itoa(asked + 1)})
}

// Fire looks again for the ticket of a postponed answer. The mail is decided on as if it had
// arrived now.
func Fire(reader *arrival.Reader) func(ctx decision.Context, t timers.Timer) error {
	return func(ctx decision.Context, t timers.Timer) error {
		id, err := strconv.ParseInt(t.Name, 10, 64)
		if err != nil {
			return err
		}
		record, found, err := store.ArrivalByID(ctx.Tx, id)
		if err != nil || !found || record.Outcome != tickets.AsSent {
			return err
		}
		m, err := reader.StoredSent(ctx.Tx, record)
		if err != nil {
			return err
		}
		e, err := m.Gather(ctx.Tx, ctx.Keys, ctx.Policy.People)
		if err != nil {
			return err
		}
		asked, _ := strconv.Atoi(t.Data) // an unreadable count is 0
		var r decision.Result
		if e.Ticket == 0 {
			r, err = wait(ctx, m, asked)
		} else {
			r, err = answered(ctx, m, e)
		}
		if err != nil {
			return err
		}
		return store.Decide(ctx.Tx, m.ID, r.Outcome, r.Cause, store.Words(r.Reasons), r.Ticket)
	}
}
