package ratelimit

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
)

// TestEnough asks whether one more automatic mail may go to max, after others at such times.
func TestEnough(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	const max, other = "max@customer.example", "eva@other.example"
	type sent struct {
		to     string
		ticket int64
		ago    time.Duration
	}
	n := func(times int, s sent) (out []sent) {
		for range times {
			out = append(out, s)
		}
		return out
	}
	rollback := errors.New("the next case begins anew")
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		for name, c := range map[string]struct {
			sent   []sent
			caused bool // by a mail of max; else by time or an agent
			opened bool
			want   string
		}{
			"nothing yet":                        {nil, true, true, ""},
			"two within an hour":                 {n(2, sent{max, 1, 30 * time.Minute}), true, true, ""},
			"three within an hour":               {n(3, sent{max, 1, 30 * time.Minute}), true, true, "3 automatic mails went to this address within an hour"},
			"three within a day":                 {n(3, sent{max, 1, 5 * time.Hour}), true, true, "3 automatic mails went to this address within a day"},
			"three on the day before":            {n(3, sent{max, 1, 25 * time.Hour}), true, true, ""},
			"three to sub-addresses":             {n(3, sent{"max+a@customer.example", 1, time.Minute}), true, true, "within an hour"},
			"three to somebody else":             {n(3, sent{other, 1, time.Minute}), true, true, ""},
			"eight that time caused":             {n(8, sent{max, 1, time.Minute}), false, true, ""},
			"nine that time caused":              {n(9, sent{max, 1, time.Minute}), false, true, "9 automatic mails went to this address within an hour"},
			"five out of the ticket":             {n(5, sent{other, 7, time.Minute}), true, false, "5 automatic mails went out of this ticket within an hour"},
			"four out of the ticket":             {n(4, sent{other, 7, time.Minute}), true, false, ""},
			"ten out of the ticket within a day": {n(10, sent{other, 7, 5 * time.Hour}), true, false, "10 automatic mails went out of this ticket within a day"},
			"five out of another ticket":         {n(5, sent{other, 8, time.Minute}), true, false, ""},
			"thirty to strangers of a domain":    {n(30, sent{"x@customer.example", 1, 2 * time.Hour}), true, true, "30 automatic mails went to unknown people at customer.example within a day"},
		} {
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				for i, s := range c.sent {
					err := mailout.Enqueue(tx, mailout.Mail{ID: int64(i + 1), Inbox: "support", Ticket: s.ticket, Kind: "ack", Party: mailout.Customer, Recipient: s.to,
						Automatic: mailout.AutoReplied, Urgency: mailout.Notices, MessageID: fmt.Sprintf("%d@acme.example", i), Created: noon.Add(-s.ago)})
					if err != nil {
						return err
					}
				}
				q := Question{Tx: tx, Limits: Limits{}.OrDefault(), People: &tickets.Directory{}, Ticket: 7, Opened: c.opened}
				if c.caused {
					q.Mail = &arrival.Mail{Raw: mailin.Raw{Received: noon}, Message: &mailin.Message{From: []mailin.Address{{Address: max}}, Subject: "Lamp", Reply: "It is dark."}}
				}
				got, err := q.Enough(tickets.Participant{Address: max})
				if err != nil || (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
					t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
				}
				return rollback
			})
			if !errors.Is(err, rollback) {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}, sqldb.WithClock(dbtest.NewClock(noon).Now))
}
