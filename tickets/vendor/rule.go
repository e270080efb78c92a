package vendor

import (
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/confidential"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/side"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Actions are the rule actions on vendors.
func Actions() []decision.Action {
	return []decision.Action{{Kind: rules.KindVendor, Do: byRule, Status: tickets.OnHold, Mail: templates.Vendor}}
}

// byRule hands the customer's latest message to a vendor on behalf of a rule. No person has checked
// it, so confidential data are masked for every vendor, and only a trusted one gets files.
func byRule(c *decision.Case, name string, by tickets.Actor) (phrase.Text, error) {
	v := c.Policy.People.Vendor(name)
	if v == nil {
		return phrase.Say("The rule handed nothing over: there is no vendor %q.", name), nil
	}
	message, err := customersLast(c)
	if err != nil {
		return phrase.Text{}, err
	}
	if in, err := c.TakesPart(mailin.Fold(v.Address)); err != nil || in || c.Ticket.Status.Done() {
		return phrase.Text{}, err // the vendor reads along, or the ticket is done
	}
	s, asked, err := store.SideWith(c.Tx, c.Ticket.ID, string(mailout.Vendor), mailin.Fold(v.Address))
	if err != nil || asked && message.ID <= s.Question {
		return phrase.Text{}, err // it has already been sent the customer's latest message
	}
	why := refused(c, v, &message)
	if why.Empty() {
		q := ratelimit.Question{Tx: c.Tx, Ticket: c.Ticket.ID, Opened: c.Opened}
		enough, err := q.EnoughAside(v.Address)
		if err != nil {
			return phrase.Text{}, err
		}
		if enough != "" {
			why = phrase.Say("it has had too many automatic emails")
			c.Explain("no mail to the vendor %s: %s", v.Name, enough)
		}
	}
	if !why.Empty() {
		return phrase.Say("The rule did not hand this over to %s: %s.", v.FullName, why), nil
	}
	text, _ := confidential.Mask(strings.TrimSpace(message.Subject + "\n\n" + message.Text))
	text, masked, err := forVendor(c, v, text)
	if err != nil {
		return phrase.Text{}, err
	}
	q := side.Question{By: by, Files: v.Trusted && c.Mail != nil && message.ID == c.Current.ID,
		Message: tickets.Message{Ticket: c.Ticket.ID, Text: text}}
	if q.Message.ID, err = c.AddNote(by, text); err != nil {
		return phrase.Text{}, err
	}
	said := phrase.Say("A rule handed this over to %s; what was sent stands in a note.", v.FullName)
	if masked > 0 {
		said = phrase.Join(said, phrase.Say("What names the customer was masked (places: %d).", masked))
	}
	if len(message.Files) > 0 && !q.Files {
		said = phrase.Join(said, phrase.Say("The files were not sent: nobody has looked into them."))
	}
	return said, handOver(c, v, q)
}

// customersLast returns the customer's latest message; the zero value if there is none.
func customersLast(c *decision.Case) (tickets.Message, error) {
	if view.CustomersOwn(&c.Current) {
		return c.Current, nil
	}
	messages, err := store.Messages(c.Tx, c.Ticket.ID)
	for i := range slices.Backward(messages) {
		if view.CustomersOwn(&messages[i]) {
			return messages[i], err
		}
	}
	return tickets.Message{}, err
}

// refused returns why a rule may not hand a message to a vendor, an empty Text if it may.
func refused(c *decision.Case, v *tickets.Vendor, m *tickets.Message) phrase.Text {
	switch {
	case strings.TrimSpace(m.Text) == "" && strings.TrimSpace(m.Subject) == "":
		return phrase.Say("the customer has written nothing")
	case len(c.Ticket.Restricted) > 0:
		return phrase.Say("the ticket is restricted, so an agent has to do it")
	case c.Old:
		return phrase.Say("the email is old")
	case slices.Contains(m.Flags, tickets.FlagForged):
		return phrase.Say("the sender may not be who they say")
	case v.Writes(m.Address):
		return phrase.Say("it wrote this itself") // otherwise its own confirmations would be handed to it
	}
	return phrase.Text{}
}
