package arrival

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// copyWithin is how long after a mail its copy through a mailing list or a gateway may come. Beyond
// it, the same Date says that a device's clock stands still.
const copyWithin = 3 * 24 * time.Hour

// A device with one Message-ID for all its mails makes each of them look like the copy of many. No
// more than these are read to find out, in the transaction that takes the mail in.
const (
	maxCopies     = 5
	maxCopyOctets = 10 << 20 // in all
)

// earlierCopy returns the fingerprint under which the mail is recorded already as another program
// on the way left it: with a list's foot, a gateway's banner or a tag in the subject, or without.
// It returns "" if there is none. A Message-ID alone proves nothing, since some devices use one for
// all their mails.
func (m *Mail) earlierCopy(tx *sqldb.Tx) (fingerprint string, err error) {
	id := m.Message.MessageID
	if id == "" || m.reader == nil || m.Fault != "" || m.Truncated || m.Message.Date.IsZero() {
		return "", nil
	}
	known, err := store.TicketsOf(tx, id)
	if err != nil || len(known) == 0 {
		return "", err
	}
	if known, err := store.HasArrival(tx, m.Fingerprint()); err != nil || known {
		return "", err
	}
	rows, err := store.MailsFrom(tx, m.From(), m.Received.Add(-copyWithin), m.Received.Add(copyWithin), MaxEarlier)
	if err != nil {
		return "", err
	}
	for _, row := range m.candidates(rows) {
		other, err := m.reader.Stored(tx, row)
		switch {
		case errors.Is(err, ErrNotKept) || errors.Is(err, store.ErrDamaged): // nothing shows that it is the same
		case err != nil:
			return "", err
		case isCopy(m.Message, other.Message):
			return row.Fingerprint, nil
		}
	}
	return "", nil
}

// candidates returns those of the earlier mails, the newest first, of which the mail may be a copy,
// as far as that many are read.
func (m *Mail) candidates(earlier []tickets.Arrival) (out []tickets.Arrival) {
	octets := int64(0)
	for _, row := range earlier {
		if row.MessageID != Limit(m.Message.MessageID, 998) || row.Sender != Limit(m.From(), 320) || m.Apart && row.Inbox != m.Inbox ||
			thread.BaseSubject(row.Subject) != thread.BaseSubject(Limit(m.Message.Subject, 998)) {
			continue
		}
		if octets += row.Size; len(out) == maxCopies || octets > maxCopyOctets {
			break
		}
		out = append(out, row)
	}
	return out
}

// isCopy reports whether a mail with the Message-ID and sender of another says nothing that the
// other does not say.
func isCopy(m, other *mailin.Message) bool {
	return m.Date.Equal(other.Date) && thread.BaseSubject(m.Subject) == thread.BaseSubject(other.Subject) &&
		sameButForFoot(m, other) && !slices.ContainsFunc(m.Attachments, func(a mailin.Attachment) bool {
		return !slices.ContainsFunc(other.Attachments, func(b mailin.Attachment) bool { return a.SHA256 == b.SHA256 })
	})
}

// sameButForFoot reports whether the new text of two mails is the same, or that of the one which
// came through a list is that of the other with lines of the list above or below it.
func sameButForFoot(a, b *mailin.Message) bool {
	textA, textB := words(a.Written()), words(b.Written())
	if textA == textB {
		return true
	}
	if len(textA) < len(textB) {
		a, textA, textB = b, textB, textA
	}
	return a.Header.Get("List-Id") != "" && textB != "" && (strings.HasPrefix(textA, textB+" ") || strings.HasSuffix(textA, " "+textB))
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
