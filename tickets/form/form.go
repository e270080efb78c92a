// Package form asks requesters the questions of the desk folder's forms, reads their answers into
// the ticket, and obtains approval for what needs it. It owns the command /ask, the rule action of
// that name, the consequences of an answer to a form, and the approval of a completed one. Package
// answers determines how answers are read from a text; package form must never guess one.
package form

import (
	"slices"
	"strings"

	"tierdesk/mailin/quote"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Commands are the commands that ask the requester something.
func Commands() []decision.Command {
	return []decision.Command{{Name: commands.Ask,
		Help:      phrase.Say("Sends the questions of a form to the requester, below your text if there is one; their answers become fields of the ticket. /ask none withdraws a form that waits."),
		TakesText: true, Do: ask}}
}

// ask sends a form to the requester, as the agent's own question.
func ask(a *decision.Act, c commands.Command) (phrase.Text, error) {
	if c.Args.Name == commands.AskNone {
		return withdraw(a)
	}
	form := a.Policy.Forms.Form(c.Args.Name)
	requester, err := a.Requester()
	switch {
	case err != nil:
		return phrase.Text{}, err
	case form == nil:
		return decision.Refuse(phrase.Say("Nobody was asked: there is no form %q.", c.Args.Name))
	case requester.Address == "":
		return decision.Refuse(phrase.Say("Nobody was asked: nobody outside takes part in this ticket."))
	}
	f := tickets.Filling{Form: *form, By: a.Actor()}
	intro := strings.TrimSpace(quote.KeepQuoted(a.Text))
	group, err := a.Tx.NextID("outbox")
	if err != nil {
		return phrase.Text{}, err
	}
	text := strings.TrimSpace(intro + "\n\n" + asText(a.Case, &f))
	if err := a.AddText(tickets.FromAgent, a.Actor(), tickets.Public, text, "", a.Keys.MessageID(a.Ticket.ID, group,
		a.Desk.Domain)); err != nil {
		return phrase.Text{}, err
	}
	if err := a.Handle(tickets.Event{Kind: tickets.AgentReplied, Actor: a.Actor(), Message: a.Current.ID,
		Data: tickets.Data{Inbound: a.Mail.ID, Status: tickets.Pending, Command: string(commands.Ask)}}); err != nil {
		return phrase.Text{}, err
	}
	if err := send(a.Case, &f, a.Actor(), notice.Notice{Body: intro, Group: group, Files: a.Files}); err != nil {
		return phrase.Text{}, err
	}
	title := form.Title.In(a.Language(), a.Desk.Language)
	told := notice.Notice{Kind: templates.AgentNote, Author: tickets.Desk, Text: phrase.Say("%s sent the form %q to the requester.",
		a.Agent.FullName, title)}
	a.NotifyAll(view.Watching(a.Policy, &a.Ticket, a.Agent.Name), told)
	return phrase.Say("The form %q goes to %s; you will be told of the answers.", title, called(requester)), nil
}

// withdraw ends the wait for the answers to a form: the requester's next mail is an ordinary reply.
// Answers given so far are kept.
func withdraw(a *decision.Act) (phrase.Text, error) {
	if a.Text != "" {
		return decision.Refuse(phrase.Say("Nothing was done: /ask none sends nothing. Send your text in an email of its own."))
	}
	f, err := waiting(a.Case)
	if err != nil {
		return phrase.Text{}, err
	}
	if f == nil {
		return phrase.Say("No form waits for an answer in this ticket."), nil
	}
	f.State = tickets.FillingReplaced
	if err := store.SaveFilling(a.Tx, *f); err != nil {
		return phrase.Text{}, err
	}
	title := f.Form.Title.In(a.Language(), a.Desk.Language)
	return phrase.Say("The form %q is withdrawn: an answer to it will be an ordinary reply.", title),
		a.Handle(tickets.Event{Kind: tickets.FormWithdrawn, Actor: a.Actor(),
			Data: tickets.Data{Reason: f.Form.Name, Command: string(commands.Ask)}})
}

func called(p tickets.Participant) string {
	for _, s := range []string{p.Name, p.Shown} {
		if s != "" {
			return s
		}
	}
	return p.Address
}

// send has a form mailed to the requester, and records it. It replaces a form that still waits: the
// latest one counts.
func send(c *decision.Case, f *tickets.Filling, by tickets.Actor, n notice.Notice) error {
	before, err := store.Fillings(c.Tx, c.Ticket.ID)
	if err != nil {
		return err
	}
	for _, old := range before {
		if old.State == tickets.FillingWaits {
			old.State = tickets.FillingReplaced
			if err := store.SaveFilling(c.Tx, old); err != nil {
				return err
			}
		}
	}
	f.Ticket, f.State, f.Asked = c.Ticket.ID, tickets.FillingWaits, 1
	if f.ID, err = store.AddFilling(c.Tx, *f, c.Tx.Now()); err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.FormSent, Actor: by, Data: tickets.Data{Reason: f.Form.Name}}); err != nil {
		return err
	}
	n.Kind, n.Author, n.Form = templates.Form, by, asked(c, f, false)
	c.Reply(n)
	return nil
}

// Actions are the rule actions that ask the requester something.
func Actions() []decision.Action {
	return []decision.Action{{Kind: rules.KindAsk, Do: askByRule, Status: tickets.Pending, Mail: templates.Form, Instead: true}}
}

// askByRule sends a form on behalf of a rule: once for each ticket, and as automatic mail. When the
// ticket is opened it replaces the acknowledgement.
func askByRule(c *decision.Case, name string, by tickets.Actor) (phrase.Text, error) {
	form := c.Policy.Forms.Form(name)
	if form == nil {
		return phrase.Say("No form was sent: there is no form %q.", name), nil
	}
	past, err := c.History()
	if err != nil || slices.ContainsFunc(past, func(e tickets.Event) bool { return e.Kind == tickets.FormSent && e.Data.Reason == name }) {
		return phrase.Text{}, err // it was asked before; a rule that matches the answer would ask forever
	}
	requester, err := c.Requester()
	if err != nil {
		return phrase.Text{}, err
	}
	quiet, err := c.Quiet(requester)
	switch {
	case err != nil:
		return phrase.Text{}, err
	case requester.Address == "":
		return phrase.Say("No form was sent: %s.", phrase.Say("nobody outside takes part")), nil
	case quiet != "":
		c.Explain("no form: %s", quiet)
		return phrase.Say("No form was sent: %s.", phrase.Say("the requester has had too many automatic emails, or must not get any")), nil
	case c.Ticket.Status.Done():
		return phrase.Text{}, nil
	}
	f := tickets.Filling{Form: *form, By: by}
	if err := send(c, &f, by, notice.Notice{}); err != nil {
		return phrase.Text{}, err
	}
	if c.Opened {
		c.Acknowledge("")
	}
	if c.Ticket.Status == tickets.New || c.Ticket.Status == tickets.Open {
		if err := c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: by, Data: tickets.Data{Status: tickets.Pending,
			From: string(c.Ticket.Status), Reason: "form"}}); err != nil {
			return phrase.Text{}, err
		}
	}
	return phrase.Say("A rule sent the form %q to the requester.", form.Title.In(c.Desk.Language, c.Desk.Language)), nil
}

// asked returns the unanswered questions, as the requester reads them.
func asked(c *decision.Case, f *tickets.Filling, again bool) *templates.Questionnaire {
	out := Questions(&f.Form, c.Ticket.Language, c.Desk.Language)
	all := out.Questions
	out.Again, out.Questions = again, nil
	for _, i := range f.Open(again) {
		out.Questions = append(out.Questions, all[i])
	}
	return &out
}

// Questions returns a form in a reader's language.
func Questions(f *tickets.Form, language, desk string) templates.Questionnaire {
	out := templates.Questionnaire{Title: f.Title.In(language, desk)}
	for i := range f.Questions {
		q := &f.Questions[i]
		one := templates.Question{Number: i + 1, Ask: q.Ask.In(language, desk), Kind: string(q.Kind), Optional: q.Optional}
		for n := range q.Choices {
			one.Choices = append(one.Choices, q.Choices[n].In(language, desk))
		}
		if last := len(one.Choices) - 1; last > 0 {
			one.Choices, one.Last = one.Choices[:last], one.Choices[last]
		}
		out.Questions = append(out.Questions, one)
	}
	return out
}

// asText returns the questions as text, for the ticket.
func asText(c *decision.Case, f *tickets.Filling) string {
	var b strings.Builder
	for _, q := range asked(c, f, false).Questions {
		b.WriteString(numbered(q) + "\n\n")
	}
	return b.String()
}

// filled returns a form with the answers so far, as agents read it.
func filled(c *decision.Case, f *tickets.Filling) *templates.Questionnaire {
	language, desk := c.Desk.Language, c.Desk.Language
	out := &templates.Questionnaire{Title: f.Form.Title.In(language, desk)}
	for i := range f.Form.Questions {
		q := &f.Form.Questions[i]
		out.Questions = append(out.Questions, templates.Question{Number: i + 1, Ask: q.Ask.In(language, desk),
			Answer: inOneLine(f.Answers[q.Name])})
	}
	return out
}

// maxInTable is the maximum length of an answer in a table; the mail has the whole of it.
const maxInTable = 300

func inOneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxInTable {
		return string(r[:maxInTable]) + " …"
	}
	return s
}

// waiting returns the form of the ticket that waits for answers. It avoids a query if none was ever
// sent.
func waiting(c *decision.Case) (*tickets.Filling, error) {
	past, err := c.History()
	if err != nil || !slices.ContainsFunc(past, func(e tickets.Event) bool { return e.Kind == tickets.FormSent }) {
		return nil, err
	}
	all, err := store.Fillings(c.Tx, c.Ticket.ID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].State == tickets.FillingWaits {
			return &all[i], nil
		}
	}
	return nil, nil
}
