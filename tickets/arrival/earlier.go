package arrival

import (
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Earlier is a mail that became a message before.
type Earlier struct{ tickets.Arrival }

// OpenedTicket reports whether the mail began a ticket: nothing tied it to one.
func (e Earlier) OpenedTicket() bool { return e.Reasons == "" && e.Cause == "" }

// Gathered reports whether it is part of a flood.
func (e Earlier) Gathered() bool { return e.Cause == tickets.CauseFlood }

// MaxEarlier is how many mails of one address are looked at.
const MaxEarlier = 300

// EarlierFrom returns what was written from the mailbox of an address within a span before until,
// the newest first, as far as it became messages; limit mails are looked at, and all reports
// whether there are no more.
func EarlierFrom(tx *sqldb.Tx, address string, until time.Time, span time.Duration, limit int) (out []Earlier, all bool, err error) {
	rows, err := store.MailsFrom(tx, address, until.Add(-span), until, limit)
	return AsEarlier(rows), len(rows) < limit, err
}

// AsEarlier returns those of the mails that became messages.
func AsEarlier(rows []tickets.Arrival) []Earlier {
	out := make([]Earlier, 0, len(rows))
	for _, row := range rows {
		if row.Outcome == tickets.AsMessage && row.Ticket != 0 {
			out = append(out, Earlier{row})
		}
	}
	return out
}
