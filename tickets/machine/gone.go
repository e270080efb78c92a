package machine

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// inCopy returns the recipient of a failed mail if they get copies of the ticket and do not get
// them any more, and whether the agents were told so before. It makes sure that a mailbox that does
// not exist can be remembered.
func inCopy(c *decision.Case, f failure) (gone *templates.Gone, again bool, err error) {
	parts, err := c.Participants()
	if err != nil {
		return nil, false, err
	}
	address := mailin.Fold(f.mail.Recipient)
	i := slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Address == address })
	if i < 0 {
		return nil, false, nil
	}
	p := parts[i]
	if f.mute && p.Person == 0 { // they have never written
		if _, err := store.AddPerson(c.Tx, "", address, f.mail.Recipient, ""); err != nil {
			return nil, false, err
		}
	}
	if p.Role == tickets.Requester || !f.bounce.Permanent {
		return nil, false, nil
	}
	if again = p.Muted && f.mute; !again {
		again, err = refusedBefore(c, address)
	}
	return &templates.Gone{Name: p.Name, Address: f.mail.Recipient, InCopy: true}, again, err
}

// refusedBefore reports whether a mail of the ticket to an address was refused for good before, and
// is not on its way again.
func refusedBefore(c *decision.Case, address string) (bool, error) {
	past, err := c.History()
	if err != nil {
		return false, err
	}
	var refused []int64
	for _, e := range past {
		switch {
		case e.Kind == tickets.Bounced && strings.HasPrefix(e.Data.Reason, "5"):
			refused = append(refused, e.Data.Outbox)
		case e.Kind == tickets.Recalled:
			refused = slices.DeleteFunc(refused, func(id int64) bool { return id == e.Data.Outbox })
		}
	}
	for _, id := range refused {
		row, err := mailout.Notice(c.Tx, id)
		if err != nil && !errors.Is(err, mailout.ErrNone) {
			return false, err
		}
		if err == nil && mailin.Fold(row.Mail.Recipient) == address {
			return true, nil
		}
	}
	return false, nil
}

// leaver is who has left, by an automatic note.
type leaver struct {
	person int64 // 0 for nobody
	gone   templates.Gone
	muted  bool
	before []int64 // the messages by which they said so before
}

// hasLeft returns who has left, by an automatic note that answers a mail to somebody who takes part
// in the ticket: them, or somebody else who reads what comes to their address, a list for example.
// A note whose sender is doubtful says nothing.
func hasLeft(c *decision.Case, m *arrival.Mail, e arrival.Evidence) (l leaver, err error) {
	if !m.Message.Class.Left || m.Message.Auth.Doubtful() || e.Notice.Mail.Party != mailout.Customer {
		return l, nil
	}
	parts, err := c.Participants()
	if err != nil {
		return l, err
	}
	author, by := m.Message.Author(), m.From()
	p, found := answering(parts, by, e)
	if !found || c.Policy.People.AgentBy(p.Address) != nil || c.Policy.People.AgentBy(by) != nil {
		return l, nil
	}
	l.gone = templates.Gone{Name: cmp.Or(p.Name, author.Name), Address: p.Shown, InCopy: p.Role != tickets.Requester,
		Instead: m.Message.Class.Instead}
	if p.Address != by && (p.Name == "" || mailin.Fold(p.Name) != mailin.Fold(author.Name)) {
		// It need not be another address of theirs: the ticket loses nobody.
		l.gone = templates.Gone{Name: author.Name, Address: author.Address, Via: p.Shown, Instead: m.Message.Class.Instead}
		known, found, err := store.PersonAt(c.Tx, by)
		if err != nil {
			return l, err
		}
		p = tickets.Participant{Address: by, Shown: author.Address}
		if found {
			p.Person = known.ID
		}
	}
	if p.Person == 0 { // they have never written; nothing proves the name
		person, err := store.AddPerson(c.Tx, "", p.Address, p.Shown, "")
		if err != nil {
			return l, err
		}
		p.Person = person.ID
	}
	l.person, l.muted = p.Person, p.Muted
	past, err := c.History()
	for _, e := range past {
		if e.Kind == tickets.AutoFiled && e.Data.Reason == reasonLeft && e.Actor == tickets.PersonActor(p.Person) {
			l.before = append(l.before, e.Message)
		}
	}
	return l, err
}

// answering returns the participant whose mail a note from an address answers: the one of that
// address, or else the one who has the reply address that it came to.
func answering(parts []tickets.Participant, by string, e arrival.Evidence) (p tickets.Participant, found bool) {
	at := func(address string) int {
		return slices.IndexFunc(parts, func(p tickets.Participant) bool { return p.Address == address })
	}
	i := at(by)
	if i < 0 && e.Proof == arrival.ByToken { // only they have it, or whoever reads what comes there
		i = at(mailin.Fold(e.Notice.Mail.Recipient))
	}
	if i < 0 {
		return p, false
	}
	return parts[i], true
}

// known reports whether the agents know that somebody has left, so that one more note says nothing
// new. What may be a person's own letter says nothing new only if it says the same once more.
func (l *leaver) known(c *decision.Case, guessed bool) (bool, error) {
	if !guessed {
		return l.muted || len(l.before) > 0, nil
	}
	for _, id := range l.before {
		said, found, err := store.MessageByID(c.Tx, id)
		if err != nil {
			return false, err
		}
		if found && saysTheSame(said.Text, c.Current.Text) {
			return true, nil
		}
	}
	return false, nil
}

// saysTheSame reports whether two texts have the same words, but for one that is new in the second
// one and a few that are missing in it. It is pure.
func saysTheSame(first, second string) bool {
	words := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, w := range strings.FieldsFunc(mailin.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
			out[w] = true
		}
		return out
	}
	lacking := func(in, of map[string]bool) (n int) {
		for w := range of {
			if !in[w] {
				n++
			}
		}
		return n
	}
	a, b := words(first), words(second)
	return lacking(a, b) <= 1 && lacking(b, a) <= 3
}

// reasonLeft is that of the events of notes whose writer has left.
const reasonLeft = "has-left"

// tellLeft tells those who have the ticket that somebody has left, and whom their note names.
func tellLeft(c *decision.Case, l *leaver) {
	c.NotifyAll(view.Working(c.Policy, &c.Ticket),
		notice.Notice{Kind: templates.HasLeft, Author: tickets.PersonActor(l.person), Gone: &l.gone})
}
