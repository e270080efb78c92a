package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func update(t *testing.T, db *sqldb.DB, f func(tx *sqldb.Tx)) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { f(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func opened(t *testing.T, tx *sqldb.Tx) int64 {
	t.Helper()
	return must[int64](t)(store.InsertTicket(tx, tickets.Ticket{Inbox: "support", Status: tickets.New, Priority: "normal", Tier: 1, Opened: noon, Updated: noon, Version: 1}))
}

// TestHistoryInOrder shows that what is written into a ticket by one who has locked it comes after what others wrote, also where numbers
// were reserved before.
func TestHistoryInOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var ticket int64
		update(t, db, func(tx *sqldb.Tx) { ticket = opened(t, tx) })
		note := func(tx *sqldb.Tx, ticket int64, cause string) {
			t.Helper()
			var event, message int64
			if past := must[[]tickets.Event](t)(store.Events(tx, ticket)); len(past) > 0 {
				event = past[len(past)-1].ID
			}
			if past := must[[]tickets.Message](t)(store.Messages(tx, ticket)); len(past) > 0 {
				message = past[len(past)-1].ID
			}
			must[int64](t)(store.AddMessage(tx, tickets.Message{Ticket: ticket, Kind: tickets.Note, Author: "desk", Visibility: tickets.Internal, At: noon, Text: cause}, message))
			must[int64](t)(store.Append(tx, tickets.Event{Ticket: ticket, At: noon, Kind: tickets.Noted, Actor: tickets.Desk, Cause: cause}, event))
		}
		another := func() {
			update(t, db, func(tx *sqldb.Tx) {
				if _, found, err := store.LockTicket(tx, ticket); err != nil || !found {
					t.Fatal(found, err)
				}
				note(tx, ticket, "first")
			})
		}
		if db.Kind() == sqldb.SQLite {
			another() // only one writes at a time
		}
		update(t, db, func(tx *sqldb.Tx) {
			tx.Expect(50)
			note(tx, opened(t, tx), "elsewhere")
			if db.Kind() == sqldb.Postgres {
				another()
			}
			if _, found, err := store.LockTicket(tx, ticket); err != nil || !found {
				t.Fatal(found, err)
			}
			note(tx, ticket, "second")
		})
		update(t, db, func(tx *sqldb.Tx) {
			var causes, texts []string
			for _, e := range must[[]tickets.Event](t)(store.Events(tx, ticket)) {
				causes = append(causes, e.Cause)
			}
			for _, m := range must[[]tickets.Message](t)(store.Messages(tx, ticket)) {
				texts = append(texts, m.Text)
			}
			want := []string{"first", "second"}
			if !slices.Equal(causes, want) || !slices.Equal(texts, want) {
				t.Errorf("events %q, messages %q", causes, texts)
			}
		})
	})
}

// TestRawMailsComeBack shows that raw mails are kept octet for octet, and that what was packed stays when others are packed behind it.
func TestRawMailsComeBack(t *testing.T) {
	random := make([]byte, 300<<10)
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(chance.Uint32())
	}
	words := bytes.Repeat([]byte("The printer on the second floor jams with every page since Monday.\r\n"), 5000)
	mails := [][]byte{nil, []byte("x"), words[:100], words[:5000], random[:5000], append(slices.Clone(random[:3000]), words[:3000]...), words[:128<<10], words, random}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		p := must[*store.Packer](t)(store.NewPacker(2))
		packed := make([]store.Packed, 4*len(mails))
		var wg sync.WaitGroup
		for part := range 4 { // at once
			wg.Go(func() {
				for i, raw := range mails {
					packed[part*len(mails)+i] = p.Pack(raw)
				}
			})
		}
		wg.Wait()
		var ids []int64
		update(t, db, func(tx *sqldb.Tx) {
			for i, a := range packed {
				id, _, err := store.RecordArrival(tx, tickets.Arrival{Fingerprint: fmt.Sprint(i), Inbox: "support", Received: tx.Now()})
				if err != nil {
					t.Fatal(err)
				}
				if err := store.SaveRaw(tx, id, a); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
		})
		update(t, db, func(tx *sqldb.Tx) {
			for i, id := range ids {
				want := mails[i%len(mails)]
				got, found, err := store.Raw(tx, id)
				if err != nil || !found || !bytes.Equal(got, want) {
					t.Errorf("mail %d of %d octets: %d octets came back, error %v", i, len(want), len(got), err)
				}
			}
		})
	})
}

// TestParticipantsOfOneTransaction shows that a participant who is known only since this transaction is read with their name.
func TestParticipantsOfOneTransaction(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		const address = "max@customer.example"
		var ticket int64
		update(t, db, func(tx *sqldb.Tx) {
			ticket = opened(t, tx)
			if err := store.Join(tx, ticket, address, tickets.Cc); err != nil {
				t.Fatal(err)
			}
		})
		update(t, db, func(tx *sqldb.Tx) {
			p := must[tickets.Person](t)(store.AddPerson(tx, "Max", address, "Max@customer.example", "de"))
			parts := must[[]tickets.Participant](t)(store.Participants(tx, ticket))
			if want := (tickets.Participant{Address: address, Role: tickets.Cc, Name: "Max", Shown: "Max@customer.example", Person: p.ID, Added: parts[0].Added}); len(parts) != 1 || parts[0] != want || parts[0].Added.IsZero() {
				t.Errorf("participants %+v, want %+v", parts, want)
			}
			if n, err := store.OpenedBy(tx, p.ID, 0, 10); err != nil || n != 0 {
				t.Errorf("they have opened %d tickets, error %v", n, err)
			}
		})
	})
}

// TestAHeldMailIsSettledOnce shows that of several who settle a held mail one is told that they did.
func TestAHeldMailIsSettledOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var id int64
		update(t, db, func(tx *sqldb.Tx) {
			inbound, _, err := store.RecordArrival(tx, tickets.Arrival{Fingerprint: "a", Inbox: "support", Received: noon})
			if err != nil {
				t.Fatal(err)
			}
			id = must[int64](t)(store.Hold(tx, tickets.HeldMail{Ticket: opened(t, tx), Agent: "jane", Inbound: inbound}))
		})
		for i, want := range []bool{true, false, false} {
			update(t, db, func(tx *sqldb.Tx) {
				if got := must[bool](t)(store.SettleHeld(tx, id, tickets.HeldSent)); got != want {
					t.Errorf("time %d: %v", i+1, got)
				}
			})
		}
	})
}

// TestRowsOfAClockThatWasAhead writes while the clock is a year ahead: when it is back nothing of it
// counts as lately written, nor is it too young to be asked about.
func TestRowsOfAClockThatWasAhead(t *testing.T) {
	clock := dbtest.NewClock(noon)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		clock.Set(noon.AddDate(1, 0, 0))
		var ticket int64
		update(t, db, func(tx *sqldb.Tx) {
			ticket = opened(t, tx)
			inbound, _, err := store.RecordArrival(tx, tickets.Arrival{Fingerprint: "a", Inbox: "support", Received: tx.Now()})
			if err != nil {
				t.Fatal(err)
			}
			must[int64](t)(store.Hold(tx, tickets.HeldMail{Ticket: ticket, Agent: "jane", Inbound: inbound}))
			for _, m := range []tickets.Message{
				{Kind: tickets.Note, Author: tickets.Desk, Visibility: tickets.Internal},
				{Kind: tickets.Automatic, Author: "person:1", Address: "max@customer.example", Visibility: tickets.Internal},
			} {
				m.Ticket, m.At, m.Text = ticket, tx.Now(), "hello"
				must[int64](t)(store.AddMessage(tx, m, 0))
			}
		})
		clock.Set(noon)
		look := func(tx *sqldb.Tx) string {
			came := must[[]time.Time](t)(store.MessageTimesFrom(tx, ticket, "max@customer.example", noon.Add(-time.Hour), 10))
			noted := must[bool](t)(store.NotedSince(tx, ticket, tickets.Desk, noon.Add(-time.Hour)))
			held, _, err := store.HeldBefore(tx, noon.Add(-24*time.Hour))
			return fmt.Sprintf("%d came, noted %v, %d held, %v", len(came), noted, held, err)
		}
		update(t, db, func(tx *sqldb.Tx) {
			if got, want := look(tx), "0 came, noted false, 1 held, <nil>"; got != want {
				t.Errorf("%s, not %s", got, want)
			}
		})
		clock.Set(noon.AddDate(1, 0, 0))
		update(t, db, func(tx *sqldb.Tx) {
			if got, want := look(tx), "1 came, noted true, 0 held, <nil>"; got != want {
				t.Errorf("by the clock that wrote it: %s, not %s", got, want)
			}
		})
	}, sqldb.WithClock(clock.Now))
}

// TestOneMailbox shows that what came from one mailbox counts as one, whatever sub-address it names.
func TestOneMailbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) {
			ticket := opened(t, tx)
			for i, from := range []string{"max@customer.example", "max+a@customer.example", "max+b@customer.example", "maxi@customer.example", "max@other.example", "m.ax+c@gmail.com"} {
				id, _, err := store.RecordArrival(tx, tickets.Arrival{Fingerprint: from, Inbox: "support", Received: noon, Sender: from})
				if err != nil {
					t.Fatal(err)
				}
				if err := store.Decide(tx, id, tickets.AsMessage, "", "", ticket); err != nil {
					t.Fatal(err)
				}
				must[int64](t)(store.AddMessage(tx, tickets.Message{Ticket: ticket, Inbound: id, Kind: tickets.FromCustomer, Author: tickets.PersonActor(int64(i + 1)), Visibility: tickets.Public, At: noon, Address: from, Text: "hello"}, 0))
			}
			for address, want := range map[string]int{"max@customer.example": 3, "max+new@customer.example": 3, "max@gmail.com": 1, "ma@customer.example": 0} {
				mails := must[[]tickets.Arrival](t)(store.MailsFrom(tx, address, noon, noon, 10))
				if times := must[[]time.Time](t)(store.MessageTimesFrom(tx, ticket, address, noon, 10)); len(mails) != want || len(times) != want {
					t.Errorf("%s: %d mails and %d messages, not %d", address, len(mails), len(times), want)
				}
			}
		})
		update(t, db, func(tx *sqldb.Tx) {
			latest := must[[]tickets.Arrival](t)(store.LatestAt(tx, "Customer.example", noon, 10))
			if few := must[[]tickets.Arrival](t)(store.LatestAt(tx, "customer.example", noon, 4)); len(latest) != 4 || len(few) != 2 {
				t.Errorf("%d from the domain, %d of them among the last four", len(latest), len(few))
			}
			for among, there := range map[int]int{10: 4, 4: 2} {
				for most := 1; most < 6; most++ {
					if more := must[bool](t)(store.MoreAt(tx, "customer.example", noon, among, most)); more != (most <= there) {
						t.Errorf("%d of %d from the domain: %v", most, among, more)
					}
				}
			}
		})
	})
}
