package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/side"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Bounds of the other tickets that an answer is compared with: those related to its own, those of
// the same requester, and those that its author was last told of.
const (
	maxRelated  = 20 // and as many of the same requester
	maxTold     = 50
	maxCompared = 1000 // messages of all of them
)

// Plain reports, by ID, which mails need not be compared with anything internal: the desk's own
// mails on tickets with nothing internal, which are the majority. The sender calls it as a function
// value.
func (d *Desk) Plain(tx *sqldb.Tx, mails []mailout.Mail) (map[int64]bool, error) {
	ids := make([]int64, 0, len(mails))
	for i := range mails {
		ids = append(ids, mails[i].Ticket)
	}
	slices.Sort(ids)
	inside, err := store.WithInternal(tx, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("looking up which tickets have internal messages: %w", err)
	}
	plain := make(map[int64]bool, len(mails))
	for i := range mails {
		plain[mails[i].ID] = mails[i].Message == 0 && !slices.Contains(inside, mails[i].Ticket)
	}
	return plain, nil
}

// Secrets returns what a mail to the outside must not contain: agents' private addresses, the
// internal content of its ticket and of those that its author knows, and tokens and Message-IDs
// given to somebody else. plain is the mail's result from Plain, which is not looked up again. The
// sender calls it as a function value.
func (d *Desk) Secrets(ctx context.Context, m mailout.Mail, plain bool) (compose.Secrets, error) {
	policy := d.policy()
	s := compose.Secrets{NoticeMarkers: []string{templates.Marker}, OwnToken: ownToken(m.ReplyTo), IsToken: d.othersToken(ctx, m),
		IsMessageID: d.internalMessageID(ctx)}
	seen := map[string]bool{mailin.Fold(m.Recipient): true}
	for _, a := range slices.Concat(m.To, m.Cc) {
		seen[mailin.Fold(a.Address)] = true
	}
	for i := range policy.People.Agents {
		if signature := policy.People.Agents[i].Signature; signature != "" {
			s.Public = append(s.Public, signature) // it is below notes and answers alike
		}
		for _, a := range policy.People.Agents[i].Addresses() {
			if !seen[a] && !d.set.Own(a) { // an agent may be a customer too
				s.PrivateAddresses = append(s.PrivateAddresses, a)
			}
		}
	}
	if m.Ticket == 0 || plain {
		return s, nil // if nothing is internal it does not matter what is public
	}
	err := d.db.View(ctx, func(tx *sqldb.Tx) error { return d.compared(tx, m, &s) })
	if err != nil {
		return s, fmt.Errorf("looking up the internal content of ticket %d: %w", m.Ticket, err)
	}
	return s, nil
}

// othersToken returns a function that reports whether a text is a reply token of another mail.
func (d *Desk) othersToken(ctx context.Context, m mailout.Mail) func(string) bool {
	keys := d.keys()
	return func(text string) bool {
		c, ok := token.Parse(text)
		if !ok || c.Ref.Notice == m.ID && c.Ref.Ticket == m.Ticket {
			return false
		}
		row, err := d.notice(ctx, c.Ref.Notice)
		if errors.Is(err, mailout.ErrNone) {
			return false
		}
		return err != nil || keys.Verify(c, row.Mail.Recipient) // in doubt it counts as one
	}
}

// internalMessageID returns a function that reports whether a Message-ID is that of a mail to one
// of our own people.
func (d *Desk) internalMessageID(ctx context.Context) func(string) bool {
	keys := d.keys()
	return func(id string) bool {
		_, mail, ok := keys.OpenMessageID(id)
		if !ok || mail == 0 {
			return ok
		}
		row, err := d.notice(ctx, mail)
		return err != nil && !errors.Is(err, mailout.ErrNone) || err == nil && !row.Mail.Party.Outside()
	}
}

// compared adds the texts that a mail is compared with: those of its ticket, and of the tickets
// that the author of an answer may have had in front of them.
func (d *Desk) compared(tx *sqldb.Tx, m mailout.Mail, s *compose.Secrets) error {
	messages, err := store.Messages(tx, m.Ticket)
	if err != nil {
		return err
	}
	unsent, err := unsentOf(tx, messages)
	if err != nil {
		return err
	}
	if m.Party.Aside() {
		if messages, err = d.comparedAside(tx, m, messages, unsent, s); err != nil {
			return err
		}
	}
	var answer tickets.Message
	for _, x := range messages {
		switch {
		case !view.Outside(&x):
			s.Internal = append(s.Internal, x.Text)
		case x.ID == m.Message && x.Kind == tickets.FromAgent: // a message being checked must not whitelist itself
			answer = x
		case slices.Contains(unsent, x.ID): // nor does an earlier copy that was stopped
		case x.Kind == tickets.FromAgent: // the whole text was cut before it was sent
			s.Public = append(s.Public, x.Text)
		default:
			s.Public = append(s.Public, x.Text, x.Whole)
		}
	}
	if answer.ID == 0 {
		return nil
	}
	s.QuotedInternal = answer.Flagged(tickets.FlagQuotesNotice)
	others, err := d.otherTickets(tx, m.Ticket, answer.Author.Agent())
	if err != nil {
		return err
	}
	written, err := store.WrittenByUs(tx, others, maxCompared)
	if err != nil {
		return err
	}
	if unsent, err = unsentOf(tx, written); err != nil {
		return err
	}
	for _, x := range written {
		switch {
		case !view.Outside(&x):
			s.Internal = append(s.Internal, x.Text)
		case !slices.Contains(unsent, x.ID):
			s.Public = append(s.Public, x.Text) // agents' public answers are not secret even if a note contains them
		}
	}
	return nil
}

// unsentOf returns the messages that were meant to go outside and have not.
func unsentOf(tx *sqldb.Tx, messages []tickets.Message) ([]int64, error) {
	var ids []int64
	for i := range messages {
		if x := &messages[i]; x.Author.Agent() != "" && !slices.Contains(ids, x.Ticket) {
			ids = append(ids, x.Ticket)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return mailout.Unsent(tx, ids)
}

// comparedAside adds what a third person has already read or written, and returns the messages of
// the ticket that they have not.
func (d *Desk) comparedAside(tx *sqldb.Tx, m mailout.Mail, messages []tickets.Message, unsent []int64,
	s *compose.Secrets) ([]tickets.Message, error) {
	with, _, err := side.Of(tx, m.Person)
	if err != nil {
		return nil, err
	}
	if err := d.customersAddresses(tx, with, s); err != nil {
		return nil, err
	}
	conversation, _, err := store.SideThread(tx, with.ID)
	said, hidden := view.Aside(messages, conversation)
	for i := range said {
		// a message being checked must not whitelist itself; a reminder repeats one that was
		// checked
		if said[i].ID == m.Message && m.Automatic == mailout.ByPerson {
			s.QuotedInternal = said[i].Flagged(tickets.FlagQuotesNotice)
			continue
		}
		if !slices.Contains(unsent, said[i].ID) {
			s.Public = append(s.Public, said[i].Text)
		}
	}
	return hidden, err
}

// customersAddresses adds the customers' addresses, for a mail to a vendor that may not know them:
// a file may contain them.
func (d *Desk) customersAddresses(tx *sqldb.Tx, with tickets.Side, s *compose.Secrets) error {
	if with.Vendor == "" {
		return nil
	}
	if v := d.policy().People.Vendor(with.Vendor); v != nil && v.Trusted {
		return nil
	}
	parts, err := store.Participants(tx, with.Ticket)
	for _, p := range parts {
		s.PrivateAddresses = append(s.PrivateAddresses, p.Address)
	}
	return err
}

// otherTickets returns the tickets whose internal texts the author of an answer may have had in
// front of them: those related to the ticket, those of the same requester, and those of notices to
// the author that can still be replied to.
func (d *Desk) otherTickets(tx *sqldb.Tx, ticket int64, agent string) ([]int64, error) {
	ids, err := store.Related(tx, ticket, maxRelated)
	if err != nil {
		return nil, err
	}
	same, err := store.OfRequester(tx, ticket, maxRelated)
	if err != nil {
		return nil, err
	}
	ids = append(ids, same...)
	a := d.policy().People.Agent(agent)
	if a == nil {
		return ids, nil
	}
	told, err := mailout.TicketsToldTo(tx, string(tickets.AgentActor(a.Name)), a.Address, tx.Now().Add(-notice.Life), maxTold)
	for _, id := range told {
		if id != ticket && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, err
}

func ownToken(address string) string {
	local, _, _ := strings.Cut(address, "@")
	if i := strings.LastIndexByte(local, '+'); i >= 0 {
		return local[i+1:]
	}
	return local
}

func (d *Desk) notice(ctx context.Context, id int64) (row mailout.Row, err error) {
	err = d.db.View(ctx, func(tx *sqldb.Tx) error {
		row, err = mailout.Notice(tx, id)
		return err
	})
	return row, err
}
