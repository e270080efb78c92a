package arrival

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Record writes down that the mail came and that its UID is settled; known reports whether it, or
// the same mail by another way, was recorded before, and then nothing is written. A mail's time is
// never in the future, where no clock may start. oldAfter is the age from which a mail is old.
func (m *Mail) Record(tx *sqldb.Tx, oldAfter time.Duration) (known bool, err error) {
	m.Date(tx.Now())
	fingerprint, err := m.earlierCopy(tx)
	if err != nil {
		return false, err
	}
	record := tickets.Arrival{
		Fingerprint: cmp.Or(fingerprint, m.Fingerprint()), Inbox: m.Inbox, Received: m.Received, MessageID: Limit(m.Message.MessageID, 998),
		Sender:  Limit(m.From(), 320),
		Subject: Limit(m.Message.Subject, 998), Size: cmp.Or(m.Size, int64(len(m.Bytes))), Kind: string(m.Message.Class.Kind),
		Verdict: string(m.Message.Auth.Verdict),
		Old:     m.IsOld(tx.Now(), oldAfter),
	}
	if m.ID, known, err = store.RecordArrival(tx, record); err != nil {
		return false, err
	}
	if m.Source.Mailbox != 0 {
		already, err := ledger.Take(tx, m.Source, m.ID)
		if err != nil {
			return false, err
		}
		if already && !known {
			// The ledger knows better: what is at this UID was recorded under another fingerprint.
			if err := store.ForgetArrival(tx, m.ID); err != nil {
				return false, err
			}
		}
		known = known || already
	}
	if known {
		return true, nil
	}
	return false, store.SaveRaw(tx, m.ID, m.Packed)
}

// Date gives the mail its time: INTERNALDATE, but never one in the future.
func (m *Mail) Date(now time.Time) {
	if m.Received.IsZero() || m.Received.After(now) {
		m.Received = now
	}
}

// IsOld reports whether the mail is so old that nobody wants automatic mail about it.
func (m *Mail) IsOld(now time.Time, oldAfter time.Duration) bool {
	return m.Old || !m.Received.IsZero() && now.Sub(m.Received) > oldAfter
}

// Fingerprint returns what two copies of one mail share: Message-ID, writer and content. The same
// ID with other content is another mail. Without a Message-ID the Date and subject stand in for it.
func (m *Mail) Fingerprint() string {
	id := m.Message.MessageID
	if id == "" {
		id = "\x00" + m.Message.Date.UTC().Format(time.RFC3339) + "\x00" + m.Message.Subject
	}
	h := sha256.New()
	for _, s := range []string{id, m.From(), m.Message.TextHash} {
		fmt.Fprintf(h, "%d\x00%s", len(s), s)
	}
	if m.Apart {
		fmt.Fprintf(h, "\x00\x00%s", m.Inbox)
	}
	if m.Fault != "" || m.Truncated || m.Message.MessageID == "" && m.Message.Date.IsZero() {
		// Nothing else tells such a mail from another: where it lay does.
		fmt.Fprintf(h, "\x00%d\x00%d", m.Source.Mailbox, m.Source.UID)
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// Limit cuts a text to so many octets, at a character's end.
func Limit(s string, octets int) string {
	if len(s) <= octets {
		return s
	}
	return strings.ToValidUTF8(s[:octets], "")
}
