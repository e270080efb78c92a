package agent

import (
	"strings"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// passGate sends an answer that the last check before sending has stopped. What would prove
// somebody else's identity never leaves.
func (w *work) passGate(h tickets.HeldMail) (decision.Result, error) {
	answer, rows, err := w.stopped(h)
	if err != nil {
		return decision.Result{}, err
	}
	if len(rows) == 0 {
		return w.receipt(true, phrase.Say("There is nothing in the held mail that could be sent."))
	}
	for _, row := range rows {
		if strings.Contains(row.Error, string(compose.ForeignToken)) || strings.Contains(row.Error, string(compose.NoticeMarker)) {
			return w.receipt(true,
				phrase.Say("The held mail holds a reply address or a notice of the desk. Nothing was sent: answer again without it."))
		}
	}
	if settled, err := w.mark(h, tickets.HeldSent); err != nil || !settled {
		return w.nothingHeld(true, err)
	}
	var names []string
	for _, row := range rows {
		if err := mailout.Pass(w.act.Tx, row.Mail.ID); err != nil {
			return decision.Result{}, err
		}
		names = append(names, row.Mail.Recipient)
	}
	if answer.Kind != tickets.FromAgent { // a question to a third person
		return w.receipt(true, phrase.Say("Your text goes to %s.", strings.Join(names, ", ")))
	}
	err = w.act.Handle(tickets.Event{Kind: tickets.AgentReplied, Actor: w.act.Actor(), Message: answer.ID,
		Data: tickets.Data{Status: w.act.Policy.Service.AfterAnswer}})
	if err != nil {
		return decision.Result{}, err
	}
	return w.receipt(true, phrase.Say("Your text goes to %s.", strings.Join(names, ", ")))
}

// dropStopped takes an answer that was stopped out of the outbox.
func (w *work) dropStopped(h tickets.HeldMail) error {
	_, rows, err := w.stopped(h)
	for _, row := range rows {
		if err := mailout.Drop(w.act.Tx, row.Mail.ID); err != nil {
			return err
		}
	}
	return err
}

// replaceStopped settles an answer of the agent's that was stopped: another one has taken its
// place.
func (w *work) replaceStopped() error {
	h, found, err := store.WaitingHeld(w.act.Tx, w.act.Ticket.ID, w.m.Agent.Name, tickets.HoldGate)
	if err != nil || !found {
		return err
	}
	if settled, err := w.mark(h, tickets.HeldDropped); err != nil || !settled {
		return err
	}
	return w.dropStopped(h)
}

// stopped returns an answer that was stopped, with its copies that wait in the outbox.
func (w *work) stopped(h tickets.HeldMail) (tickets.Message, []mailout.Row, error) {
	answer, found, err := store.AnswerIn(w.act.Tx, h.Ticket, h.Inbound)
	if err != nil || !found {
		return answer, nil, err
	}
	all, err := mailout.List(w.act.Tx, mailout.Filter{Ticket: h.Ticket, States: []mailout.State{mailout.HeldOut}, Limit: 1000})
	var rows []mailout.Row
	for _, row := range all {
		if row.Mail.Message == answer.ID {
			rows = append(rows, row)
		}
	}
	return answer, rows, err
}
