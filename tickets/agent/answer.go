package agent

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tierdesk/mailin/quote"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// execute does what the mail says: first its text, then its commands in their order.
func (w *work) execute(body string, public bool) error {
	for _, c := range w.act.Typed.Commands {
		if c.Name == commands.Cc { // who is added gets this answer too
			if err := w.carbon(c); err != nil {
				return err
			}
		}
	}
	for _, c := range w.act.Typed.Commands {
		if command, found := w.find(c.Name); found && command.First != nil {
			if err := command.First(w.act, c); err != nil {
				return err
			}
		}
	}
	switch {
	case w.textIsTaken() && !w.written.Note:
		w.act.Text = body
	case public:
		if err := w.answer(body); err != nil {
			return err
		}
	case body != "":
		if err := w.note(body); err != nil {
			return err
		}
	}
	return w.run()
}

// run carries out the commands, and has the agent told what was done.
func (w *work) run() error {
	for _, c := range w.act.Typed.Commands {
		command, found := w.find(c.Name)
		if !found {
			return fmt.Errorf("command /%s was read, but this desk does not carry it out", c.Name)
		}
		if err := w.do(command, c); err != nil {
			return err
		}
	}
	switch n := len(w.act.Typed.Commands); {
	case n == 0 && w.m.Confirmed == "" && w.m.Evidence.Action != token.Note: // a note by its button is told as /note is
	case n > 0 && len(w.steps) == 0 && w.allAnswered(): // in mails of their own
	case n == 1 && w.act.Typed.Has(commands.Help):
		w.act.Notify(notice.Notice{Kind: templates.Help, Agent: w.m.Agent.Name, Author: tickets.Desk, Help: w.usages()})
	default:
		cmp.Or(w.act.Opened, w.act.Case).Notify(notice.Notice{Kind: templates.Receipt, Agent: w.m.Agent.Name, Author: tickets.Desk,
			Steps: w.steps})
	}
	return nil
}

// allAnswered reports whether each command is answered in a mail of its own.
func (w *work) allAnswered() bool {
	return !slices.ContainsFunc(w.act.Typed.Commands, func(c commands.Command) bool {
		command, _ := w.find(c.Name)
		return !command.Answers
	})
}

// do carries out one command, in the ticket that the mail belongs to or in those that it names.
// Behind a /merge it is carried out in the ticket that goes on.
func (w *work) do(command decision.Command, c commands.Command) error {
	step := func(failed bool, outcome phrase.Text) {
		if !outcome.Empty() {
			w.steps = append(w.steps, templates.Step{Command: strings.TrimSpace(c.Raw), Outcome: w.act.Say(outcome), Failed: failed})
		}
	}
	numbers := c.Tickets
	if into := w.act.Ticket.MergedInto; into != 0 && len(numbers) == 0 {
		numbers = []int64{into}
		if w.targets[into] == nil {
			w.targets[into] = &target{id: into}
		}
	}
	if len(numbers) == 0 {
		outcome, done, err := w.obey(command, w.act, c, func(why phrase.Text) phrase.Text { return why })
		step(!done, outcome)
		return err
	}
	for _, number := range numbers {
		act, err := w.target(number)
		if err != nil {
			return err
		}
		if act == nil {
			none := phrase.Say("There is no ticket #%d.", number)
			w.refusals = append(w.refusals, none)
			step(true, none)
			continue
		}
		of := func(outcome phrase.Text) phrase.Text { return phrase.Say("Ticket #%d: %s", act.Ticket.ID, outcome) }
		outcome, done, err := w.obey(command, act, c, of)
		if err != nil {
			return err
		}
		if !outcome.Empty() {
			step(!done, of(outcome))
		}
	}
	return nil
}

// obey has a command carried out in one ticket, and returns what came of it and whether any of it
// was done. What it refuses is remembered as it is told.
func (w *work) obey(command decision.Command, act *decision.Act, c commands.Command,
	of func(phrase.Text) phrase.Text) (said phrase.Text, done bool, err error) {
	outcome, err := command.Do(act, c)
	var refused *decision.Refused
	if !errors.As(err, &refused) {
		return outcome, true, err
	}
	w.refusals = append(w.refusals, of(refused.Why))
	if outcome.Empty() {
		return refused.Why, false, nil
	}
	return phrase.Join(outcome, refused.Why), true, nil
}

// usages are the commands with what they do, for help.
func (w *work) usages() []templates.Usage {
	var out []templates.Usage
	for _, c := range w.Table {
		if spec, ok := commands.Lookup(c.Name); ok {
			out = append(out, templates.Usage{Command: spec.Usage(), Does: w.act.Say(c.Help)})
		}
	}
	return out
}

// answer sends the text to everybody outside who takes part.
func (w *work) answer(body string) error {
	act := w.act
	text, err := w.withoutForeignQuotes(body)
	if err != nil {
		return err
	}
	group, err := act.Tx.NextID("outbox")
	if err != nil {
		return err
	}
	if err := act.AddText(tickets.FromAgent, act.Actor(), tickets.Public, text, w.written.Typed,
		act.Keys.MessageID(act.Ticket.ID, group, act.Desk.Domain)); err != nil {
		return err
	}
	e := tickets.Event{Kind: tickets.AgentReplied, Actor: act.Actor(), Message: act.Current.ID, Data: tickets.Data{Inbound: w.m.ID}}
	if !slices.ContainsFunc(act.Typed.Commands, func(c commands.Command) bool { return c.Status != "" && w.onThis(c) }) {
		e.Data.Status = act.Policy.Service.AfterAnswer // mostly it is the customer's turn now
	}
	if err := act.Handle(e); err != nil {
		return err
	}
	act.Reply(notice.Notice{Kind: templates.Answer, Author: act.Actor(), Body: text, Group: group,
		Formatted: notice.Format(w.m.Message, w.above, text, act.Desk), Files: act.Files})
	act.NotifyAll(view.Watching(act.Policy, &act.Ticket, w.m.Agent.Name), notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk,
		Text: phrase.Say("%s answered:", w.m.Agent.FullName), Body: text})
	if err := w.sayWho(); err != nil {
		return err
	}
	return w.claim()
}

// sayWho says to whom the answer goes.
func (w *work) sayWho() error {
	parts, err := w.act.Participants()
	if err != nil {
		return err
	}
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = cmp.Or(p.Name, p.Shown, p.Address)
	}
	w.say(phrase.Say("Your text goes to %s.", phrase.Names(names)))
	return nil
}

// say adds a line on the mail's text to the receipt.
func (w *work) say(t phrase.Text) {
	step := templates.Step{Outcome: w.act.Say(t)}
	if w.m.Confirmed != "" && w.m.Approved == nil {
		step.Command = "/send"
	}
	w.steps = append(w.steps, step)
}

// claim gives a ticket that nobody has to whoever answers it, unless the mail itself says whose it
// is to be, or that they want to hear no more of it.
func (w *work) claim() error {
	act := w.act
	moved := func(c commands.Command) bool {
		if !w.onThis(c) {
			return false
		}
		switch c.Name {
		case commands.Assign, commands.Take, commands.Team, commands.Tier, commands.Escalate, commands.Deescalate, commands.Stop:
			return true
		}
		return false
	}
	if act.Ticket.Assignee != "" || slices.ContainsFunc(act.Typed.Commands, moved) {
		return nil
	}
	w.claimed = true
	return act.Handle(tickets.Event{Kind: tickets.Assigned, Actor: act.Actor(),
		Data: tickets.Data{Assignee: w.m.Agent.Name, Reason: "answered"}})
}

// tellClaim tells the colleagues that the ticket is the agent's now. It comes last: who hears more
// of the same mail needs no such word.
func (w *work) tellClaim() {
	if !w.claimed || w.act.IsOld() { // an outage is over: nobody is mailed about what was
		return
	}
	tellTeamMates(w.act, "", phrase.Say("%s has answered and taken this ticket.", w.m.Agent.FullName))
}

// note keeps the text inside and tells the colleagues who work on the ticket.
func (w *work) note(body string) error {
	act := w.act
	if err := act.AddText(tickets.Note, act.Actor(), tickets.Internal, body, "", ""); err != nil {
		return err
	}
	if err := act.Handle(tickets.Event{Kind: tickets.Noted, Actor: act.Actor(), Message: act.Current.ID,
		Data: tickets.Data{Inbound: w.m.ID}}); err != nil {
		return err
	}
	w.say(phrase.Say("Your text is a note; the customer does not see it."))
	return act.TellInvolved(notice.Notice{Kind: templates.AgentNote, Author: act.Actor()})
}

// withoutForeignQuotes drops quoted lines that the customer did not write themselves: they could be
// a colleague's note.
func (w *work) withoutForeignQuotes(text string) (string, error) {
	if !strings.ContainsAny(text, ">＞") {
		return text, nil
	}
	messages, err := store.Messages(w.act.Tx, w.act.Ticket.ID)
	if err != nil {
		return "", err
	}
	return keepOwnQuotes(text, messages, w.above), nil
}

// keepOwnQuotes returns a text without the quoted lines that stand in no message of a customer's
// own, nor in a text of our own.
func keepOwnQuotes(text string, messages []tickets.Message, own ...string) string {
	for i := range messages {
		if view.CustomersOwn(&messages[i]) {
			own = append(own, messages[i].Text)
		}
	}
	return quote.KeepQuoted(text, own...)
}
