package agent

import (
	"strings"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// draft keeps a trainee's answer, in place of one that they wrote before, and has a lead check it.
func (w *work) draft(body string) (decision.Result, error) {
	act := w.act
	lead := act.Policy.People.Checker(w.m.Agent)
	if lead == nil { // nobody is left who could: the folder is checked for that
		return w.hold(plan{hold: tickets.HoldDoubt, why: []phrase.Text{phrase.Say("Nobody is there to check your answer.")}})
	}
	before, found, err := store.WaitingHeld(act.Tx, act.Ticket.ID, w.m.Agent.Name, tickets.HoldDraft)
	if err != nil {
		return decision.Result{}, err
	}
	if found {
		if _, err := w.mark(before, tickets.HeldDropped); err != nil {
			return decision.Result{}, err
		}
	}
	if !w.m.Settled() {
		if err := w.replaceHeld(); err != nil {
			return decision.Result{}, err
		}
	}
	h := tickets.HeldMail{Ticket: act.Ticket.ID, Agent: w.m.Agent.Name, Inbound: w.m.ID, Reason: tickets.HoldDraft}
	if h.ID, err = store.Hold(act.Tx, h); err != nil {
		return decision.Result{}, err
	}
	if err := act.Handle(tickets.Event{Kind: tickets.Held, Actor: act.Actor(),
		Data: tickets.Data{Held: h.ID, Inbound: w.m.ID, Reason: string(tickets.HoldDraft)}}); err != nil {
		return decision.Result{}, err
	}
	act.Settle(tickets.AsHeld, tickets.Cause(tickets.HoldDraft), "a trainee's answer waits for "+lead.Name)
	w.show(h, lead, w.m, body, w.written.Commands, nil)
	act.Notify(notice.Notice{Kind: templates.Receipt, Agent: w.m.Agent.Name, Author: tickets.Desk, Steps: []templates.Step{{
		Outcome: act.Say(phrase.Say("Your answer waits for %s, who checks it. Nothing has been sent yet.", lead.FullName))}}})
	return act.Finish()
}

// show shows a trainee's answer to the lead who checks it, with its files, the commands that would
// be carried out with it, and what came since it was shown last.
func (w *work) show(h tickets.HeldMail, lead *tickets.Agent, m Mail, body string, typed []commands.Command, since *tickets.Message) {
	n := notice.Notice{Kind: templates.Draft, Agent: lead.Name, Author: tickets.AgentActor(h.Agent), Body: body, Held: h.ID,
		Earlier: since, Asked: true, Waiting: &notice.WaitingMail{Mail: m.Message, Inbound: m.ID,
			Shown: notice.Format(m.Message, "", body, w.act.Desk).Pictures}}
	for _, c := range typed {
		n.Steps = append(n.Steps, templates.Step{Command: strings.TrimSpace(c.Raw)})
	}
	if w.takesText(typed) {
		n.OnSend = commands.Executes
	}
	w.act.Notify(n)
}

// checks reports whether the agent is the lead who was shown a trainee's answer that waits, or
// stands in for them.
func (w *work) checks(h tickets.HeldMail) bool {
	answered := &w.m.Evidence.Notice.Mail
	return h.Reason == tickets.HoldDraft && h.State == tickets.HeldWaiting && h.Notice == answered.ID &&
		w.m.Agent.StandsFor(tickets.Actor(answered.Person).Agent()) && !w.act.Policy.People.Trainee(w.m.Agent)
}

// check sends a trainee's answer, or sends it back without a comment. If something came since the
// lead was shown it, they are shown that first.
func (w *work) check(h tickets.HeldMail, send bool) (decision.Result, error) {
	trainee := w.act.Policy.People.Agent(h.Agent)
	if trainee == nil {
		return w.nothingHeld(send, nil)
	}
	if !send {
		return w.sendBack(h, trainee, "")
	}
	m, err := w.storedOf(trainee, h)
	if err != nil {
		return decision.Result{}, err
	}
	m.Approved = w.m.Agent
	since, err := w.unseen()
	if err != nil {
		return decision.Result{}, err
	}
	if since != nil {
		written, err := w.read(w.act.Context, m)
		if err != nil {
			return decision.Result{}, err
		}
		w.show(h, w.m.Agent, m, written.Body, written.Commands, since)
		return w.act.Finish()
	}
	if settled, err := w.mark(h, tickets.HeldSent); err != nil || !settled {
		return w.nothingHeld(true, err)
	}
	r, err := w.act.Finish()
	if err != nil {
		return r, err
	}
	again, err := w.Handle(w.act.Context, m)
	if err != nil {
		return r, err
	}
	told := phrase.Say("The answer of %s is on its way.", trainee.FullName)
	if again.Outcome == tickets.AsHeld { // a command in it can no longer be carried out
		told = phrase.Say("The answer of %s cannot be sent as it is. It went back to them with the reason; nothing was sent.",
			trainee.FullName)
	}
	if w.act.Case, err = decision.OnMail(w.act.Context, w.m.Mail).Open(w.act.Ticket.ID); err != nil {
		return r, err
	}
	said, err := w.receipt(true, told)
	r.Also = append(r.Also, again, said)
	return r, err
}

// pressSendBack sends a trainee's answer back: what the lead wrote is the comment.
func (w *work) pressSendBack() (decision.Result, error) {
	w.act.Settle(tickets.AsCommand, "button")
	h, found, err := w.heldMail()
	if err != nil || !found || !w.checks(h) {
		return w.nothingHeld(false, err)
	}
	trainee := w.act.Policy.People.Agent(h.Agent)
	if trainee == nil {
		return w.nothingHeld(false, nil)
	}
	return w.sendBack(h, trainee, strings.TrimSpace(w.written.AsTyped))
}

// sendBack drops a trainee's answer and tells them. The comment is a note of the lead's: colleagues
// may read it, the customer never.
func (w *work) sendBack(h tickets.HeldMail, trainee *tickets.Agent, comment string) (decision.Result, error) {
	if settled, err := w.mark(h, tickets.HeldDropped); err != nil || !settled {
		return w.nothingHeld(false, err)
	}
	if comment != "" {
		id, err := w.act.AddNote(w.act.Actor(), comment)
		if err != nil {
			return decision.Result{}, err
		}
		if err := w.act.Handle(tickets.Event{Kind: tickets.Noted, Actor: w.act.Actor(), Message: id,
			Data: tickets.Data{Inbound: w.m.ID}}); err != nil {
			return decision.Result{}, err
		}
	}
	m, err := w.storedOf(trainee, h)
	if err != nil {
		return decision.Result{}, err
	}
	w.act.Notify(notice.Notice{Kind: templates.AgentNote, Agent: trainee.Name, Author: w.act.Actor(), Asked: true,
		Text: phrase.Say("%s sends your answer back. Nothing has been sent: answer again.", w.m.Agent.FullName),
		Body: strings.TrimSpace(comment + "\n\n" + quoted(m.Message.Written()))})
	w.act.Notify(notice.Notice{Kind: templates.Receipt, Agent: w.m.Agent.Name, Author: tickets.Desk, Steps: []templates.Step{{
		Outcome: w.act.Say(phrase.Say("The answer went back to %s. Nothing was sent.", trainee.FullName))}}})
	return w.act.Finish()
}

func quoted(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
}

// replaceDraft drops a trainee's answer that the lead has answered with one of their own.
func (w *work) replaceDraft(answered templates.Name) error {
	if answered != templates.Draft {
		return nil
	}
	h, found, err := w.heldMail()
	if err != nil || !found || !w.checks(h) {
		return err
	}
	if settled, err := w.mark(h, tickets.HeldDropped); err != nil || !settled {
		return err
	}
	w.act.Notify(notice.Notice{Kind: templates.AgentNote, Agent: h.Agent, Author: tickets.Desk, Asked: true,
		Text: phrase.Say("%s answered in your place; your answer was not sent. Theirs is:", w.m.Agent.FullName),
		Body: w.act.Current.Text})
	return nil
}
