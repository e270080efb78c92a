package store_test

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// asked returns whatever may be read beforehand of tickets, people and Message-IDs.
func asked(t *testing.T, tx *sqldb.Tx, ids []int64, addresses []string) string {
	t.Helper()
	var out string
	note := func(what string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(what, err)
		}
		out += fmt.Sprintf("%s %+v\n", what, v)
	}
	for _, id := range ids {
		ticket, found, err := store.Ticket(tx, id)
		note("ticket", fmt.Sprintf("%+v %v", ticket, found), err)
		locked, found, err := store.LockTicket(tx, id)
		note("locked", fmt.Sprintf("%+v %v", locked, found), err)
		parts, err := store.Participants(tx, id)
		note("participants", parts, err)
		events, err := store.Events(tx, id)
		note("events", events, err)
		if ticket.Requester != 0 {
			n, err := store.OpenedBy(tx, ticket.Requester, id, 10)
			note("opened before", n, err)
			n, err = store.OpenedBy(tx, ticket.Requester, 0, 1)
			note("opened", n, err)
		}
		for _, a := range addresses {
			in, err := store.TakesPart(tx, id, a)
			note("takes part "+a, in, err)
			came, err := store.MessageTimesFrom(tx, id, a, noon.Add(-time.Hour), 2)
			note("came from "+a, came, err)
		}
	}
	for _, a := range addresses {
		p, known, err := store.PersonAt(tx, a)
		note("person", fmt.Sprintf("%+v %v", p, known), err)
		of, err := store.TicketsOf(tx, a)
		note("tickets of", of, err)
	}
	return out
}

// TestPrefetchedIsWhatIsThere shows that what was read beforehand is what would have been read, before and after the same transaction has written; and that others
// cannot change a ticket meanwhile.
func TestPrefetchedIsWhatIsThere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		addresses := []string{"max@customer.example", "eva@customer.example", "nobody@customer.example"}
		var ids []int64
		write := func(tx *sqldb.Tx, id int64, address string, n int) {
			t.Helper()
			at := noon.Add(time.Duration(n) * time.Minute)
			must[int64](t)(store.AddMessage(tx, tickets.Message{Ticket: id, Kind: tickets.FromCustomer, Author: "person:1", Visibility: tickets.Public, At: at, Address: address, Text: "text"}, 0))
			must[int64](t)(store.Append(tx, tickets.Event{Ticket: id, At: at, Kind: tickets.Replied, Actor: tickets.Desk, Cause: fmt.Sprint(n)}, 0))
			if err := store.AddMessageIDs(tx, id, at, address); err != nil { // any text will do
				t.Fatal(err)
			}
		}
		person := func(tx *sqldb.Tx, address string) int64 {
			t.Helper()
			return must[tickets.Person](t)(store.AddPerson(tx, "Name", address, address, "de")).ID
		}
		open := func(tx *sqldb.Tx, requester int64) int64 {
			t.Helper()
			return must[int64](t)(store.InsertTicket(tx, tickets.Ticket{Inbox: "support", Requester: requester, Status: tickets.New, Priority: "normal", Tier: 1, Opened: noon, Updated: noon, Version: 1}))
		}
		update(t, db, func(tx *sqldb.Tx) {
			max := person(tx, addresses[0])
			for i := range 3 {
				id := open(tx, max)
				ids = append(ids, id)
				if err := store.Join(tx, id, addresses[i%2], tickets.Requester); err != nil {
					t.Fatal(err)
				}
				for n := range i + 2 {
					write(tx, id, addresses[0], n)
				}
			}
		})
		ids = append(ids, 12345) // which is not there
		var written string
		update(t, db, func(tx *sqldb.Tx) {
			before := asked(t, tx, ids, addresses)
			if err := store.Prefetch(tx, store.Wanted{Senders: addresses, MessageIDs: addresses}); err != nil {
				t.Fatal(err)
			}
			if err := store.PrefetchTickets(tx, ids); err != nil {
				t.Fatal(err)
			}
			if got := store.CachedTickets(tx, addresses); len(got) != 3 {
				t.Errorf("cached tickets %v", got)
			}
			if now := asked(t, tx, ids, addresses); now != before {
				t.Errorf("cached:\n%s\nread:\n%s", now, before)
			}
			// What a reply does: to the first ticket, by somebody new, whom the second one knows already.
			eva := person(tx, addresses[1])
			write(tx, ids[0], addresses[1], 9)
			ticket, _, err := store.LockTicket(tx, ids[0])
			if err != nil {
				t.Fatal(err)
			}
			ticket.Status, ticket.Version = tickets.Open, 2
			if err := store.SaveTicket(tx, ticket); err != nil {
				t.Fatal(err)
			}
			if err := store.Join(tx, ids[0], addresses[1], tickets.Cc); err != nil {
				t.Fatal(err)
			}
			open(tx, eva)
			written = asked(t, tx, ids, addresses)
		})
		update(t, db, func(tx *sqldb.Tx) {
			first := asked(t, tx, ids, addresses)
			if first != written {
				t.Errorf("in the transaction that wrote it:\n%s\nafterwards:\n%s", written, first)
			}
			if err := store.Prefetch(tx, store.Wanted{Senders: addresses, MessageIDs: addresses}); err != nil {
				t.Fatal(err)
			}
			if err := store.PrefetchTickets(tx, ids); err != nil {
				t.Fatal(err)
			}
			if now := asked(t, tx, ids, addresses); now != first {
				t.Errorf("cached:\n%s\nread:\n%s", now, first)
			}
		})
	})
}

// TestPrefetchedTicketsAreLocked shows that nobody else can take a ticket that was read beforehand: what is known of it stays true.
func TestPrefetchedTicketsAreLocked(t *testing.T) {
	db := dbtest.Postgres(t).Open(t) // on SQLite nobody else writes anyway
	var ids []int64
	update(t, db, func(tx *sqldb.Tx) { ids = []int64{opened(t, tx), opened(t, tx)} })
	free := func() (n int) {
		update(t, db, func(tx *sqldb.Tx) {
			var got []int64
			if err := tx.SelectIn(&got, `SELECT id FROM tickets WHERE id IN (?) /*pg FOR UPDATE SKIP LOCKED */`, ids); err != nil {
				t.Fatal(err)
			}
			n = len(got)
		})
		return n
	}
	update(t, db, func(tx *sqldb.Tx) {
		if n := free(); n != 2 {
			t.Fatalf("%d tickets are free before", n)
		}
		if err := store.PrefetchTickets(tx, ids); err != nil {
			t.Fatal(err)
		}
		if n := free(); n != 0 {
			t.Errorf("%d tickets can be taken by others", n)
		}
	})
}
