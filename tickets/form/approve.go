package form

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/approval"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/side"
	"tierdesk/tickets/store"
)

// approvalField is the ticket's field that holds the decision.
const approvalField = "approval"

// askApproval asks the person who must approve a completed form.
func askApproval(c *decision.Case, f *tickets.Filling) (phrase.Text, error) {
	if f.Form.Approval == nil {
		return phrase.Text{}, nil
	}
	requester, err := c.Requester()
	if err != nil {
		return phrase.Text{}, err
	}
	whom := approver(c.Policy.People, f.Form.Approval, requester.Address)
	switch {
	case mailin.Domain(whom) == "" || arrival.Ours(c.Desk, whom):
		return phrase.Say("Nobody could be asked for approval: the form names nobody for this requester. Use /approve-by."), nil
	case mailin.Fold(whom) == requester.Address:
		return phrase.Say("Nobody was asked for approval: the requester would approve their own request. Use /approve-by."), nil
	}
	id, err := c.AddNote(tickets.Desk, request(c, f, requester))
	if err != nil {
		return phrase.Text{}, err
	}
	note, _, err := store.MessageByID(c.Tx, id)
	if err != nil {
		return phrase.Text{}, err
	}
	q := side.Question{Party: mailout.Approver, Address: whom, By: tickets.Desk, Message: note, Remind: f.Form.Approval.Remind}
	if err := side.Ask(c, q); err != nil {
		return phrase.Text{}, err
	}
	s, _, err := store.SideWith(c.Tx, c.Ticket.ID, string(mailout.Approver), mailin.Fold(whom))
	if err != nil {
		return phrase.Text{}, err
	}
	f.Side, f.Request = s.ID, id
	return phrase.Say("%s was asked for approval.", whom), nil
}

// approver returns the address of the approver of a request; "" if there is none.
func approver(people *tickets.Directory, a *tickets.FormApproval, requester string) string {
	switch {
	case a.Address != "":
		return a.Address
	case a.Lead != "":
		if leads := people.Leads(a.Lead); len(leads) > 0 {
			return leads[0].Address
		}
	case a.Field != "":
		if org := people.OrganisationOf(requester); org != nil {
			return org.Fields[a.Field]
		}
	}
	return ""
}

// request returns the text for an approver: who asks for what. It contains nothing of the ticket
// except the form.
func request(c *decision.Case, f *tickets.Filling, requester tickets.Participant) string {
	var b strings.Builder
	q := filled(c, f)
	b.WriteString(q.Title + "\n" + called(requester) + "\n\n")
	for _, one := range q.Questions {
		if one.Answer != "" {
			b.WriteString(numbered(one) + "\n" + one.Answer + "\n\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// Asked reports whether a mail answers a request to approve a form, rather than an agent's own
// question to the same person.
func Asked(ctx decision.Context, e *arrival.Evidence) (bool, error) {
	s, found, err := side.Of(ctx.Tx, e.Notice.Mail.Person)
	if err != nil || !found || mailout.Party(s.Party) != mailout.Approver {
		return false, err
	}
	f, found, err := store.FillingOfSide(ctx.Tx, s.ID)
	return found && f.Request == s.Question, err
}

// HandleApproval decides on an approver's answer: it records the decision, and tells the customer
// and the agents.
func HandleApproval(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	return side.Receive(ctx, m, e, func(a *side.Answer) error {
		if a.Automatic() {
			return nil
		}
		f, found, err := store.FillingOfSide(a.Tx, a.Side.ID)
		if err != nil || !found {
			return err
		}
		decided, err := approval.Decide(a, e.Action, func(outcome string) error { return setDecision(a.Case, a.Side.Actor(), outcome) })
		if err != nil || !decided {
			return err
		}
		language := a.Ticket.Language
		a.Reply(notice.Notice{Kind: templates.Decided, Author: tickets.Desk,
			Form: &templates.Questionnaire{Title: f.Form.Title.In(language, a.Desk.Language), Decision: a.Decision}})
		return nil
	})
}

// setDecision stores a decision in a field of the ticket, before the rules see the decision.
func setDecision(c *decision.Case, actor tickets.Actor, outcome string) error {
	next := map[string]string{}
	for name, value := range c.Ticket.Fields {
		next[name] = value
	}
	next[approvalField] = outcome
	c.Ticket.Fields = next
	return c.Handle(tickets.Event{Kind: tickets.FieldsSet, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Add: []string{approvalField}}})
}
