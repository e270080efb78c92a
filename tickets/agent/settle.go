package agent

import (
	"fmt"
	"slices"

	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// settle sends or drops the mail that is held, and says what came of it.
func (w *work) settle(send bool) (decision.Result, error) {
	h, found, err := w.heldMail()
	if err != nil {
		return decision.Result{}, err
	}
	w.act.Settle(tickets.AsCommand, "")
	switch {
	case !found:
		return w.nothingHeld(send, nil)
	case h.Reason == tickets.HoldDraft && h.Agent != w.m.Agent.Name:
		return w.check(h, send)
	case h.Reason == tickets.HoldDraft && send:
		return w.receipt(send, phrase.Say("Your answer waits for a lead to check it. Nothing was sent."))
	case !send:
		return w.drop(h)
	case h.Reason == tickets.HoldGate:
		return w.passGate(h)
	}
	m, err := w.stored(h)
	if err != nil {
		return decision.Result{}, err
	}
	written, err := w.read(w.act.Context, m)
	if err != nil {
		return decision.Result{}, err
	}
	if why := refusal(h.Reason, &written.Result); !why.Empty() && typedMail(m) {
		return w.receipt(send, why)
	}
	if settled, err := w.mark(h, tickets.HeldSent); err != nil || !settled {
		return w.nothingHeld(send, err)
	}
	r, err := w.act.Finish()
	if err != nil {
		return r, err
	}
	// The mail is decided on as if its writer had proven themselves and meant every word; that
	// decision says what was done.
	again, err := w.Handle(w.act.Context, m)
	r.Also = append(r.Also, again)
	return r, err
}

// nothingHeld says that there is no mail to settle.
func (w *work) nothingHeld(send bool, err error) (decision.Result, error) {
	if err != nil {
		return decision.Result{}, err
	}
	return w.receipt(send, phrase.Say("No mail of yours is held here."))
}

// heldMail returns the mail that the answered notice tells of, or the newest of the agent's in the
// ticket that waits.
func (w *work) heldMail() (tickets.HeldMail, bool, error) {
	answered := w.m.Evidence.Notice.Mail.ID
	h, found, err := store.HeldByNotice(w.act.Tx, answered, w.act.Ticket.ID, w.m.Agent.Name)
	if err == nil && found && w.checks(h) {
		return h, true, nil
	}
	if err != nil || !found || h.Agent != w.m.Agent.Name || h.State != tickets.HeldWaiting {
		return h, false, err
	}
	asks := h.Reason == tickets.HoldUnproven || h.Reason == tickets.HoldPublish
	if signed, _ := w.m.Signed(w.act.Desk); asks && h.Notice != answered && !signed {
		return h, false, nil // only an answer to the question itself proves more than the mail that was held
	}
	return h, true, nil
}

// refusal returns why a held mail cannot be sent, whatever its writer says; nothing if it can. It
// is pure.
func refusal(reason tickets.HoldReason, r *commands.Result) phrase.Text {
	switch reason {
	case tickets.HoldTruncated:
		return phrase.Say("The held mail is larger than the desk takes. Nothing was sent.")
	case tickets.HoldEncrypted:
		return phrase.Say("The held mail is encrypted. Nothing was sent: write it again without encryption.")
	case tickets.HoldNoTicket:
		return phrase.Say("The held mail belongs to no ticket. Nothing was done: answer a notice of the ticket.")
	case tickets.HoldFile:
		return phrase.Say("The held mail is to take a file along that cannot be sent, or not in this way. Nothing was sent: correct it and reply again.")
	case tickets.HoldBarred:
		return phrase.Say("A command in the held mail cannot be carried out. Nothing was sent: write it again without, or when it can be.")
	case tickets.HoldRight:
		return phrase.Say("One of the commands in the held mail is not yours to use. Nothing was sent: write it again without.")
	}
	switch {
	case r.OnSend() != commands.SendsNothing:
		return phrase.Text{}
	case len(r.Commands) > 0 || len(r.Unsafe) > 0 || slices.ContainsFunc(r.Doubts, func(d commands.Doubt) bool {
		return d.Reason == commands.InTheSubject || d.Reason == commands.OutOfSight
	}):
		return phrase.Say("One of the commands in the held mail is wrong. Nothing was sent: correct it and reply again.")
	}
	return phrase.Say("There is nothing in the held mail that could be sent.")
}

// typedMail reports whether it matters what stands in the mail: not for one that presses a button.
func typedMail(m Mail) bool {
	return m.Evidence.Action == token.Reply || m.Evidence.Action == token.Note
}

// drop forgets a held mail.
func (w *work) drop(h tickets.HeldMail) (decision.Result, error) {
	settled, err := w.mark(h, tickets.HeldDropped)
	if err != nil || !settled {
		return w.nothingHeld(false, err)
	}
	if h.Reason == tickets.HoldGate {
		if err := w.dropStopped(h); err != nil {
			return decision.Result{}, err
		}
	}
	return w.receipt(false, phrase.Say("The held mail was dropped."))
}

// replaceHeld drops the held mail that was answered with another text, which takes its place. An
// answer that the last gate has stopped is replaced by another answer only (replaceStopped).
func (w *work) replaceHeld() error {
	h, found, err := w.heldMail()
	if err != nil || !found || h.Reason == tickets.HoldGate {
		return err
	}
	_, err = w.mark(h, tickets.HeldDropped)
	return err
}

// mark records that a held mail is settled; false if somebody was faster.
func (w *work) mark(h tickets.HeldMail, state tickets.HeldState) (bool, error) {
	settled, err := store.SettleHeld(w.act.Tx, h.ID, state)
	if err != nil || !settled || w.act.Ticket.ID == 0 {
		return settled, err
	}
	return true, w.act.Handle(tickets.Event{Kind: tickets.HeldSettled, Actor: w.act.Actor(),
		Data: tickets.Data{Held: h.ID, Reason: string(state)}})
}

// receipt ends the decision with the word on what /send or /drop did.
func (w *work) receipt(send bool, outcome phrase.Text) (decision.Result, error) {
	command := "/drop"
	if send {
		command = "/send"
	}
	w.act.Notify(notice.Notice{Kind: templates.Receipt, Agent: w.m.Agent.Name, Author: tickets.Desk,
		Steps: []templates.Step{{Command: command, Outcome: w.act.Say(outcome)}}})
	return w.act.Finish()
}

// stored reads a held mail of the agent's out of the store, as one that they have vouched for.
func (w *work) stored(h tickets.HeldMail) (Mail, error) { return w.storedOf(w.m.Agent, h) }

// storedOf is stored for a mail of another agent's.
func (w *work) storedOf(writer *tickets.Agent, h tickets.HeldMail) (Mail, error) {
	ctx := w.act.Context
	record, found, err := store.ArrivalByID(ctx.Tx, h.Inbound)
	if err != nil {
		return Mail{}, err
	}
	if !found {
		return Mail{}, fmt.Errorf("held mail %d: there is no record of mail %d", h.ID, h.Inbound)
	}
	in, err := w.Reader.Stored(ctx.Tx, record)
	if err != nil {
		return Mail{}, fmt.Errorf("held mail %d: %w", h.ID, err)
	}
	in.Confirmed = writer.Name
	m := Mail{Mail: in, Agent: writer, Stranger: ctx.Policy.People.AgentBy(in.From()) != writer}
	if m.Evidence, err = in.Gather(ctx.Tx, ctx.Keys, ctx.Policy.People); err != nil {
		return Mail{}, err
	}
	if m.Evidence.Ticket == 0 {
		m.Evidence.Ticket = h.Ticket
	}
	if m.Evidence.Action == token.Send || m.Evidence.Action == token.Drop {
		m.Evidence.Action = token.Reply
	}
	return m, nil
}
