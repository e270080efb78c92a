package agent

import (
	"fmt"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// maxConfirmations bounds how often an hour an agent is asked whether a mail was theirs.
const maxConfirmations = 5

// hold keeps the mail back and returns it to the agent with the reasons.
func (w *work) hold(p plan) (decision.Result, error) {
	n := notice.Notice{Kind: templates.Held, Reasons: p.why, Earlier: p.later, OnSend: commands.SendsText}
	if p.hold == tickets.HoldPublish {
		n.OnSend = commands.SendsToAll
	} else if !refusal(p.hold, &w.written.Result).Empty() {
		n.OnSend = commands.SendsNothing
	} else if w.written.OnSend() == commands.SendsNote {
		n.OnSend = commands.SendsNote
	} else if w.written.AsTyped == "" && len(w.written.Commands) > 0 || w.textIsTaken() {
		n.OnSend = commands.Executes
	}
	if p.hold == tickets.HoldDoubt && len(w.act.Typed.Doubts) == 1 && w.act.Typed.Doubts[0].Reason == commands.Unknown {
		n.Command, n.Nearest = w.act.Typed.Doubts[0].Text, w.act.Typed.Doubts[0].Nearest
	}
	return w.holdWith(p.hold, n)
}

// ask holds a mail that only claims to be the agent's, and asks them at the address that we know.
func (w *work) ask(why phrase.Text) (decision.Result, error) {
	asked, err := mailout.CountKind(w.act.Tx, w.m.Agent.Address, string(templates.Confirm), w.act.Tx.Now().Add(-time.Hour))
	if err != nil {
		return decision.Result{}, err
	}
	if asked >= maxConfirmations {
		cause := tickets.CauseUnknownUserUpdate
		if w.m.Message.Auth.Verdict == mailin.VerdictFail {
			cause = tickets.CauseFailedAuthentication
		}
		return decision.SetAside(cause,
			fmt.Sprintf("it claims to be from %s, who has been asked too often within an hour; %s", w.m.Agent.Name,
				why.English())).Result, nil
	}
	return w.holdWith(tickets.HoldClaimed,
		notice.Notice{Kind: templates.Confirm, Reasons: []phrase.Text{phrase.Say("A mail came in your name, but %s.", why)}})
}

// showFirst has a mail held that would be done, or waits for a proof alone, until its writer has
// seen what its commands show.
func (w *work) showFirst(p *plan) error {
	if p.do != toCarryOut && p.hold != tickets.HoldUnproven || w.m.Confirmed != "" && p.do != toCarryOut {
		return nil
	}
	for _, c := range w.written.Commands {
		row, found := w.find(c.Name)
		if !found || row.Shows == nil {
			continue
		}
		w.act.Text = p.body
		if p.do == toHold {
			w.act.Text = w.written.Body
		}
		shown, err := row.Shows(w.act, c)
		w.act.Text = ""
		if err != nil {
			return err
		}
		if len(shown) > 0 {
			*p = plan{do: toHold, hold: tickets.HoldPublish, why: append(p.why, shown...)}
		}
	}
	return nil
}

func (w *work) holdWith(reason tickets.HoldReason, n notice.Notice) (decision.Result, error) {
	act := w.act
	id, err := store.Hold(act.Tx, tickets.HeldMail{Ticket: act.Ticket.ID, Agent: w.m.Agent.Name, Inbound: w.m.ID, Reason: reason})
	if err != nil {
		return decision.Result{}, err
	}
	why := phrase.English(n.Reasons)
	act.Settle(tickets.AsHeld, tickets.Cause(reason), why...)
	act.Explain("held (%s): %s", reason, strings.Join(why, "; "))
	n.Agent, n.Author, n.Body, n.Held = w.m.Agent.Name, tickets.Desk, w.m.Message.Reply, id
	n.Writer = templates.Person{Name: w.m.Message.Author().Name, Address: w.m.From()}
	act.Notify(n)
	if act.Ticket.ID != 0 {
		if err := act.Handle(tickets.Event{Kind: tickets.Held, Actor: act.Actor(),
			Data: tickets.Data{Held: id, Inbound: w.m.ID, Reason: string(reason)}}); err != nil {
			return decision.Result{}, err
		}
	}
	return act.Finish()
}

// toldEnough reports whether an agent has been told too much within an hour that nobody had to
// prove anything for.
func (w *work) toldEnough() (bool, error) {
	told := 0
	for _, kind := range []templates.Name{templates.Help, templates.Held, templates.Receipt} {
		n, err := mailout.CountKind(w.act.Tx, w.m.Agent.Address, string(kind), w.act.Tx.Now().Add(-time.Hour))
		if err != nil {
			return false, err
		}
		told += n
	}
	return told >= maxConfirmations, nil
}

// pressed are the commands that stand behind buttons.
var pressed = map[token.Action]string{token.Take: "/take", token.Close: "/close", token.Snooze: "/snooze 1d", token.Stop: "/stop"}

// press does what the address says, as if its command had been typed; what the mail says does not
// matter.
func (w *work) press() (decision.Result, error) {
	action := w.m.Evidence.Action
	if action == token.Send || action == token.Drop {
		return w.settle(action == token.Send)
	}
	if action == token.SendBack {
		return w.pressSendBack()
	}
	line, known := pressed[action]
	if !known {
		return w.hold(plan{hold: tickets.HoldDoubt, why: []phrase.Text{phrase.Say("The desk does not know this button.")}})
	}
	w.act.Typed = commands.Parse(line, w.options(w.act.Policy, w.act.Desk, w.m.Mail, w.m.Agent))
	if err := w.run(); err != nil {
		return decision.Result{}, err
	}
	w.act.Settle(tickets.AsCommand, "button")
	return w.act.Finish()
}
