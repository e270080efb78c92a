package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Plain reports by their IDs which mails have a ticket that keeps nothing inside, as most do: for those the last gate need not ask. It is the sender's
// function value.
func (d *Desk) Plain(tx *sqldb.Tx, mails []mailout.Mail) (map[int64]bool, error) {
	tickets := make([]int64, 0, len(mails))
	for i := range mails {
		tickets = append(tickets, mails[i].Ticket)
	}
	slices.Sort(tickets)
	inside, err := store.WithInternal(tx, slices.Compact(tickets))
	if err != nil {
		return nil, fmt.Errorf("asking which tickets keep something inside: %w", err)
	}
	plain := make(map[int64]bool, len(mails))
	for i := range mails {
		plain[mails[i].ID] = !slices.Contains(inside, mails[i].Ticket)
	}
	return plain, nil
}

// Secrets returns what a mail to the outside must not hold: agents' private addresses, what is internal in its ticket,
// tokens and Message-IDs that were given to somebody else. What plain says is not asked again. It is the sender's function value.
func (d *Desk) Secrets(ctx context.Context, m mailout.Mail, plain bool) (compose.Secrets, error) {
	policy, keys := d.policy(), d.keys()
	s := compose.Secrets{NoticeMarkers: []string{templates.Marker}, OwnToken: ownToken(m.ReplyTo)}
	seen := map[string]bool{mailin.Fold(m.Recipient): true}
	for _, a := range slices.Concat(m.To, m.Cc) {
		seen[mailin.Fold(a.Address)] = true
	}
	for i := range policy.People.Agents {
		if signature := policy.People.Agents[i].Signature; signature != "" {
			s.Public = append(s.Public, signature) // it stands below notes and answers alike
		}
		for _, a := range policy.People.Agents[i].Addresses() {
			if !seen[a] && !d.set.Own(a) { // an agent may be a customer too
				s.PrivateAddresses = append(s.PrivateAddresses, a)
			}
		}
	}
	s.IsToken = func(text string) bool {
		c, ok := token.Parse(text)
		if !ok || c.Ref.Notice == m.ID && c.Ref.Ticket == m.Ticket {
			return false
		}
		row, err := d.notice(ctx, c.Ref.Notice)
		if errors.Is(err, mailout.ErrNone) {
			return false
		}
		return err != nil || keys.Verify(c, row.Mail.Recipient) // in doubt it is one
	}
	s.IsMessageID = func(id string) bool {
		_, mail, ok := keys.OpenMessageID(id)
		if !ok || mail == 0 {
			return ok
		}
		row, err := d.notice(ctx, mail)
		return err != nil && !errors.Is(err, mailout.ErrNone) || err == nil && !row.Mail.Party.Outside()
	}
	if m.Ticket == 0 || plain {
		return s, nil // if nothing is inside it does not matter what is public
	}
	err := d.db.View(ctx, func(tx *sqldb.Tx) error {
		messages, err := store.Messages(tx, m.Ticket)
		for _, x := range messages {
			switch {
			case !view.Outside(&x):
				s.Internal = append(s.Internal, x.Text)
			case x.ID == m.Message && x.Kind == tickets.FromAgent: // what is checked must not excuse itself
			default:
				s.Public = append(s.Public, x.Text, x.Whole)
			}
		}
		return err
	})
	if err != nil {
		return s, fmt.Errorf("asking what ticket %d keeps inside: %w", m.Ticket, err)
	}
	return s, nil
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

// Attachment returns the content of a file of a mail that came in, for a mail that goes out.
func (d *Desk) Attachment(ctx context.Context, a mailout.Attachment) ([]byte, error) {
	var content []byte
	err := d.db.View(ctx, func(tx *sqldb.Tx) error {
		raw, kept, err := store.Raw(tx, a.Inbound)
		if err != nil {
			return err
		}
		if !kept {
			return fmt.Errorf("%w: the mail that held %q is no longer kept", compose.ErrMail, a.Name)
		}
		if _, content, err = parse.Open(raw, d.set.Reading.Limits, a.Index); err != nil {
			return fmt.Errorf("%w: taking %q out of mail %d: %w", compose.ErrMail, a.Name, a.Inbound, err)
		}
		return nil
	})
	return content, err
}
