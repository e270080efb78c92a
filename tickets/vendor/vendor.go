// Package vendor communicates with the vendors of people.yaml, each in a thread of its own. It owns
// the commands /vendor and /introduce, the rule action vendor, what is masked for a vendor that is
// not trusted, and the meaning of vendors' answers. It must never send a vendor's text to a
// customer. Package side owns the conversation itself.
package vendor

import (
	"regexp"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/side"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Commands are the commands on vendors.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Vendor,
			Help:  phrase.Say("Sends the text below to a vendor, in a thread of its own; the ticket is on hold until it answers, in a note."),
			Proof: true, Right: tickets.RightVendor, TakesText: true, Do: ask},
		{Name: commands.Introduce,
			Help:  phrase.Say("Sends the text below to the customer and a vendor in one email; from then on they write to each other."),
			Proof: true, Right: tickets.RightVendor, Barred: barred, First: bring, Do: introduced},
	}
}

// ask sends an agent's text to a vendor, and records what was sent as a note.
func ask(a *decision.Act, c commands.Command) (phrase.Text, error) {
	v := a.Policy.People.Vendor(c.Args.Name)
	switch {
	case v == nil:
		return decision.Refuse(phrase.Say("Nobody was asked: there is no vendor %q.", c.Args.Name))
	case a.Ticket.Status.Done():
		return decision.Refuse(phrase.Say("Nobody was asked: the ticket is %s. /reopen it first.", phrase.Status(a.Ticket.Status)))
	}
	text, err := quoted(a.Case, a.Text)
	if err != nil {
		return phrase.Text{}, err
	}
	if text == "" {
		return decision.Refuse(phrase.Say("Nobody was asked: there is no text for them."))
	}
	text, masked, err := forVendor(a.Case, v, text)
	if err != nil {
		return phrase.Text{}, err
	}
	if err := a.AddText(tickets.Note, a.Actor(), tickets.Internal, text, "", ""); err != nil {
		return phrase.Text{}, err
	}
	if err := handOver(a.Case, v, side.Question{By: a.Actor(), Message: a.Current, Files: true, Attach: a.Files}); err != nil {
		return phrase.Text{}, err
	}
	said := phrase.Say("Your text goes to %s and to nobody else; you will be told of the answer.", v.FullName)
	if masked > 0 {
		said = phrase.Join(said, phrase.Say("What names the customer was masked in your text (places: %d).", masked))
	}
	return said, a.TellInvolved(notice.Notice{Kind: templates.AgentNote, Author: a.Actor(),
		Text: phrase.Say("%s asks %s: %s", a.Agent.FullName, v.FullName, "\n\n"+a.Current.Text)})
}

// quoted returns an agent's text including only those quoted lines that are the customer's own
// words.
func quoted(c *decision.Case, text string) (string, error) {
	messages, err := store.Messages(c.Tx, c.Ticket.ID)
	if err != nil {
		return "", err
	}
	var own []string
	for i := range messages {
		if view.CustomersOwn(&messages[i]) {
			own = append(own, messages[i].Text)
		}
	}
	return strings.TrimSpace(quote.KeepQuoted(text, own...)), nil
}

// forVendor returns a text as a vendor may read it, and the number of masked parts.
func forVendor(c *decision.Case, v *tickets.Vendor, text string) (seen string, masked int, err error) {
	if v.Trusted {
		return text, 0, nil
	}
	who, err := identityOf(c, v)
	if err != nil {
		return "", 0, err
	}
	seen, masked = who.mask(text)
	return seen, masked, nil
}

// handOver writes to a vendor, and puts the ticket on hold.
func handOver(c *decision.Case, v *tickets.Vendor, q side.Question) error {
	q.Party, q.Address, q.Vendor = mailout.Vendor, v.Address, v
	if err := side.Ask(c, q); err != nil || c.Ticket.Status == tickets.OnHold {
		return err
	}
	return c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: q.By,
		Data: tickets.Data{Status: tickets.OnHold, Reason: "vendor", Command: string(commands.Vendor)}})
}

// Handle decides on a mail that answers one of ours to a vendor.
func Handle(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	return side.Receive(ctx, m, e, answered)
}

// answered evaluates a vendor's answer. Any answer, even an automatic one, may contain the vendor's
// own number for the ticket. An answer by a person, or one with the vendor's state for solved
// tickets, ends the wait.
func answered(a *side.Answer) error {
	if a.Vendor == nil {
		a.Why = append(a.Why, phrase.Say("The vendor is no longer in people.yaml, so its answer has no effect."))
		return nil
	}
	if a.Side.Reference == "" {
		number, err := a.Vendor.NumberIn(a.Mail.Message.Subject)
		if err != nil {
			return err
		}
		if a.Side.Reference = number; number != "" {
			a.Explain("its own number for the ticket is %s", number)
		}
	}
	state, err := inState(a.Vendor.SolvedPattern, a.Mail.Message)
	if err != nil {
		return err
	}
	solved := state || !a.Automatic() && saysSolved(a.Mail.Message.Written(), a.Vendor.Solved)
	if solved {
		a.Decision = "solved"
	}
	switch {
	case !a.Proven: // the vendor's number alone changes nothing
		a.Why = append(a.Why, phrase.Say("It names only its own number, so the ticket is as it was: %s.", phrase.Status(a.Ticket.Status)))
		return nil
	case a.Automatic() && !state:
		return nil
	}
	a.Side.State = tickets.SideAnswered
	event := tickets.Event{Kind: tickets.VendorReplied, Actor: a.Side.Actor(), Message: a.Current.ID,
		Data: tickets.Data{Inbound: a.Mail.ID, Side: a.Side.ID}}
	if solved {
		event.Data.Reason = "solved"
	}
	return a.Handle(event)
}

// inState reports whether the subject or a line of a mail shows the state in which the vendor's
// ticket system reports a solution; quoted text does not count.
func inState(pattern string, m *mailin.Message) (bool, error) {
	if pattern == "" {
		return false, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return false, err
	}
	if re.MatchString(m.Subject) {
		return true, nil
	}
	for line := range strings.Lines(m.Written()) {
		if re.MatchString(strings.TrimSpace(line)) {
			return true, nil
		}
	}
	return false, nil
}

// saysSolved reports whether a line or a sentence of a text says that the matter is solved, in
// words known to the desk or in one of the phrases, ignoring case and punctuation. Questions do not
// count, nor does a phrase within a longer sentence: "not yet solved". It is pure.
func saysSolved(text string, phrases []string) bool {
	for sentence := range sentences(text) {
		known := solvedWords()[sentence]
		if known || slices.ContainsFunc(phrases, func(p string) bool { return mailin.Plain(p) == sentence && sentence != "" }) {
			return true
		}
	}
	return false
}
