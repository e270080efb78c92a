package mailout

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

func TestMailbox(t *testing.T) {
	for address, want := range map[string]string{
		"max@customer.example": "customer.example max", "Max+one@Customer.Example": "customer.example max", "max+a+b@customer.example": "customer.example max",
		`"max+a"@customer.example`: "customer.example max", " max@customer.example. ": "customer.example max", "+x@customer.example": "customer.example +x", "max-a@customer.example": "customer.example max-a",
		"m.a.x@customer.example": "customer.example m.a.x", "m.a.x+y@gmail.com": "gmail.com max", "max@googlemail.com": "gmail.com max", `"a b"@customer.example`: "customer.example a b", "max": "max",
	} {
		if got := Mailbox(address); got != want {
			t.Errorf("%q: %q, not %q", address, got, want)
		}
	}
}

// oldRow puts a mail into the outbox as it is after a while.
func oldRow(t *testing.T, tx *sqldb.Tx, m Mail, state State, bounced time.Time) {
	t.Helper()
	m.Inbox, m.Urgency, m.MessageID = "support", Notices, fmt.Sprintf("1.%d.x@acme.example", m.ID)
	if err := Enqueue(tx, m); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`UPDATE outbox SET state = ?, error = ?, bounced = ? WHERE id = ?`, string(state), fmt.Sprint("said to ", m.ID), sqldb.At(bounced), m.ID); err != nil {
		t.Fatal(err)
	}
}

// What goes into one mailbox counts as one, whatever sub-address it is for; and a domain can be
// counted.
func TestMailIsCountedByMailbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			now := tx.Now()
			for i, to := range []string{"max@customer.example", "max+1@customer.example", "MAX+2@customer.example", "maxi@customer.example", "max@customer.example.evil.example", "max@xcustomer.example"} {
				oldRow(t, tx, Mail{ID: int64(i + 1), Kind: "ack", Recipient: to, Automatic: AutoReplied, Created: now}, Sent, time.Time{})
			}
			oldRow(t, tx, Mail{ID: 20, Kind: "answer", Recipient: "max+3@customer.example", Created: now}, Sent, time.Time{})
			oldRow(t, tx, Mail{ID: 21, Kind: "ack", Recipient: "max+4@customer.example", Automatic: AutoReplied, Created: now.Add(-2 * time.Hour)}, Sent, time.Time{})
			hour := now.Add(-time.Hour)
			for _, address := range []string{"max@customer.example", "max+new@customer.example"} {
				if n, err := CountTo(tx, address, hour, true); n != 3 || err != nil {
					t.Errorf("%s: %d automatic, %v", address, n, err)
				}
				if n, err := CountTo(tx, address, hour, false); n != 4 || err != nil {
					t.Errorf("%s: %d, %v", address, n, err)
				}
				if at, err := AutomaticTo(tx, address, now.Add(-24*time.Hour), 10); len(at) != 4 || err != nil {
					t.Errorf("%s: %v, %v", address, at, err)
				}
				if n, err := CountKind(tx, address, "answer", hour); n != 1 || err != nil {
					t.Errorf("%s: %d answers, %v", address, n, err)
				}
			}
			if n, err := AutomaticToDomain(tx, "Customer.Example", hour, 100); n != 4 || err != nil {
				t.Errorf("the domain: %d, %v", n, err)
			}
			if n, err := AutomaticToDomain(tx, "customer.example", hour, 2); n != 2 || err != nil {
				t.Errorf("the domain, at most 2: %d, %v", n, err)
			}
			if n, err := AutomaticToDomain(tx, "other.example", hour, 2); n != 0 || err != nil {
				t.Errorf("another domain: %d, %v", n, err)
			}
			if may, err := MayReport(tx, "max+9@customer.example", "bounced", "answer"); may || err != nil {
				t.Errorf("a second report within the hour: %v, %v", may, err)
			}
			if may, err := MayReport(tx, "max@customer.example", "bounced"); !may || err != nil {
				t.Errorf("a first report: %v, %v", may, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(context.Background(), func(tx *sqldb.Tx) error { // which has made none itself
			if n, err := Ever(tx); n != 21 || err != nil {
				t.Errorf("the greatest id: %d, %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// The rows that were there before have the same keys as new ones.
func TestOldRowsGetTheirMailbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			strpos := map[sqldb.Kind]string{sqldb.SQLite: "instr", sqldb.Postgres: "strpos"}[tx.Kind()]
			for i, to := range []string{"max@customer.example", "max+1@customer.example", "a+b+c@customer.example", "+x@customer.example", "a.b@customer.example", "x@y+z.example"} {
				oldRow(t, tx, Mail{ID: int64(i + 1), Kind: "ack", Recipient: to}, Sent, time.Time{})
			}
			var wrong int
			err := tx.Get(&wrong, fmt.Sprintf(`SELECT COUNT(*) FROM outbox WHERE mailbox <> substr(recipient, %[1]s(recipient, '@') + 1) || ' ' || CASE
				WHEN %[1]s(recipient, '+') > 1 AND %[1]s(recipient, '+') < %[1]s(recipient, '@') THEN substr(recipient, 1, %[1]s(recipient, '+') - 1)
				ELSE substr(recipient, 1, %[1]s(recipient, '@') - 1) END`, strpos))
			if wrong != 0 {
				t.Errorf("%d rows", wrong)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Whoever of our own is reached by nothing is named, until a mail arrives.
func TestUnreachedStaff(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			now := tx.Now()
			ago := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
			id := int64(0)
			add := func(to string, party Party, minutes int, state State, bounced time.Time) {
				id++
				oldRow(t, tx, Mail{ID: id, Kind: "agent-new", Party: party, Recipient: to, Automatic: AutoGenerated, Created: ago(minutes)}, state, bounced)
			}
			never := time.Time{}
			add("ann@staff.example", Agent, 50, Failed, never)
			add("ann@staff.example", Agent, 40, Failed, never)
			add("ben@staff.example", Agent, 50, Failed, never) // then one arrives
			add("ben@staff.example", Agent, 40, Sent, never)
			add("it@acme.example", Admin, 60, Sent, never)
			add("it@acme.example", Admin, 30, Sent, ago(20)) // it came back
			add("max@customer.example", Customer, 30, Failed, never)
			add("tom@staff.example", Agent, 60*48, Failed, never) // long ago
			add("eve@staff.example", Agent, 50, Sent, ago(10))    // the next arrives
			add("eve@staff.example", Agent, 5, Sent, never)
			got, err := UnreachedStaff(tx, now.Add(-24*time.Hour))
			if err != nil {
				return err
			}
			if len(got) != 2 || got[0].Recipient != "ann@staff.example" || got[0].Failed != 2 || !got[0].Since.Equal(ago(50)) || got[0].Reason != "said to 2" || got[0].Party != Agent ||
				got[1].Recipient != "it@acme.example" || got[1].Failed != 1 || got[1].Party != Admin {
				t.Errorf("%+v", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A report counts once, and only for what was sent.
func TestBounced(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			oldRow(t, tx, Mail{ID: 1, Recipient: "ann@staff.example", Party: Agent}, Sent, time.Time{})
			oldRow(t, tx, Mail{ID: 2, Recipient: "ann@staff.example", Party: Agent}, Failed, time.Time{})
			for _, c := range []struct {
				id   int64
				want bool
			}{{1, true}, {1, false}, {2, false}, {3, false}} {
				if news, err := Bounced(tx, c.id, "550 5.1.1 gone"); news != c.want || err != nil {
					t.Errorf("mail %d: %v, %v", c.id, news, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
