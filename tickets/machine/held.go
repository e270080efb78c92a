package machine

import (
	"cmp"
	"slices"
	"strings"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
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

// heldBack hears of a mail that was held before any mail server saw it: by the last check before
// sending, or since it stops the sender.
func heldBack(ctx decision.Context, cause string, r mailout.Result) error {
	if r.Mail.Party.Outside() && r.Mail.Automatic == mailout.ByPerson {
		answer, found, err := store.MessageByID(ctx.Tx, r.Mail.Message)
		if err != nil {
			return err
		}
		if found {
			return answerHeld(ctx, cause, r, answer)
		}
	}
	return unsendable(ctx, cause, r)
}

// unsendable tells of a mail that was held and is no person's answer: the agents of one to a
// customer, the admin of a notice.
func unsendable(ctx decision.Context, cause string, r mailout.Result) error {
	ticket, found, err := arrival.Surviving(ctx.Tx, r.Mail.Ticket)
	if err != nil || !found {
		return err
	}
	d := decision.Begin(ctx, cause, ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Unsendable, Actor: tickets.Desk,
		Data: tickets.Data{Outbox: r.Mail.ID, Reason: reasonHeld(r)}}); err != nil {
		return err
	}
	f := failure{mail: r.Mail, bounce: templates.Bounce{Recipient: r.Mail.Recipient, Diagnostic: arrival.Limit(r.Reason, 300),
		Unsent: true}, reasons: []phrase.Text{whyHeld(r)}}
	if err := tellOf(c, f); err != nil {
		return err
	}
	_, err = d.Finish()
	return err
}

// The reasons of events about mail that was held.
const (
	reasonGate     = "gate"
	reasonSetAside = "set-aside"
)

func reasonHeld(r mailout.Result) string {
	if r.SetAside {
		return reasonSetAside
	}
	return reasonGate
}

// whyHeld returns why a mail was held, for a reader.
func whyHeld(r mailout.Result) phrase.Text {
	if r.SetAside {
		return phrase.Say("The mail could not be made: %s.", r.Reason)
	}
	return phrase.Say("The last check before sending has stopped it, because it would have told something internal: %s.", leaks(r.Reason))
}

// leaks returns in words what the last gate found: "internal-text in html: what was found".
func leaks(found string) phrase.Text {
	var all phrase.Text
	for one := range strings.SplitSeq(found, "; ") {
		said := leak(one)
		if !all.Empty() {
			said = phrase.Say("%s; %s", all, said)
		}
		all = said
	}
	return all
}

func leak(found string) phrase.Text {
	kind, rest, _ := strings.Cut(found, " in ")
	where, what, _ := strings.Cut(rest, ": ")
	switch compose.Leak(kind) {
	case compose.PrivateAddress:
		return phrase.Say("an agent's private address, %s (%s)", what, where)
	case compose.ForeignToken:
		return phrase.Say("somebody else's reply address, %s (%s)", what, where)
	case compose.NoticeMarker:
		return phrase.Say("words of a notice, %q (%s)", what, where)
	case compose.InternalText:
		return phrase.Say("internal words, %q (%s)", what, where)
	case compose.Unreadable:
		return phrase.Say("something that cannot be looked into: %s (%s)", what, where)
	}
	return phrase.Verbatim(found)
}

// whyAnswerHeld returns what the author of an answer that was held is told.
func whyAnswerHeld(r mailout.Result) []phrase.Text {
	if r.SetAside {
		return []phrase.Text{whyHeld(r),
			phrase.Say("Your answer was not sent. Answer again, without its attachments or with other ones; /send tries this one once more.")}
	}
	return []phrase.Text{
		phrase.Say("The last check before sending has stopped this answer, because it would have told the customer something internal: %s.", leaks(r.Reason)),
		phrase.Say("Answer again without it, or send it if that is meant.")}
}

// answerHeld takes back that an answer was given which was held: the ticket and its clocks stand as
// before, and the author decides.
func answerHeld(ctx decision.Context, cause string, r mailout.Result, answer tickets.Message) error {
	d := decision.Begin(ctx, cause, ctx.Tx.Now())
	c, err := d.Open(r.Mail.Ticket)
	if err != nil {
		return err
	}
	past, err := c.History()
	if err != nil {
		return err
	}
	if stoppedAlready(past, answer.ID) {
		return nil // another copy of the same answer
	}
	e := decision.TakeBack(&c.Ticket, past, answer.ID, r.Mail.ID)
	e.Data.Reason = reasonHeld(r)
	if err := c.Handle(e); err != nil {
		return err
	}
	author := answer.Author.Agent()
	if ctx.Policy.People.Agent(author) == nil {
		working := view.Working(ctx.Policy, &c.Ticket)
		if len(working) == 0 {
			_, err := d.Finish()
			return err
		}
		author = working[0]
	}
	held, err := store.Hold(ctx.Tx, tickets.HeldMail{Ticket: c.Ticket.ID, Agent: author, Inbound: answer.Inbound, Reason: tickets.HoldGate})
	if err != nil {
		return err
	}
	c.Notify(notice.Notice{Kind: templates.Held, Agent: author, Author: tickets.Desk, Body: cmp.Or(answer.Text, " "), Held: held,
		OnSend: commands.SendsText, Reasons: whyAnswerHeld(r)})
	_, err = d.Finish()
	return err
}

// stoppedAlready reports whether the last thing that happened to an answer is that it was stopped.
func stoppedAlready(past []tickets.Event, message int64) bool {
	for _, e := range slices.Backward(past) {
		if e.Message == message && (e.Kind == tickets.Stopped || e.Kind == tickets.AgentReplied) {
			return e.Kind == tickets.Stopped
		}
	}
	return false
}
