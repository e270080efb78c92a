package store_test

import (
	"slices"
	"testing"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Tickets are related either way and by way of others; a chain is followed only so far.
func TestRelated(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) {
			var ids []int64
			insert := func(linked, merged int64) int64 {
				id := must[int64](t)(store.InsertTicket(tx, tickets.Ticket{Inbox: "support", Status: tickets.New, Priority: "normal", Tier: 1, Opened: noon, Updated: noon, Version: 1, Linked: linked, MergedInto: merged}))
				ids = append(ids, id)
				return id
			}
			first := insert(0, 0)
			second := insert(first, 0) // opened by a reply to the first
			third := insert(0, second) // merged into the second
			fourth := insert(third, 0) // linked with what was merged
			insert(0, 0)               // a stranger
			fifth := insert(fourth, 0) // further on
			for _, c := range []struct {
				of    int64
				limit int
				want  []int64
			}{
				{first, 10, []int64{second, third, fourth, fifth}}, {third, 10, []int64{first, second, fourth, fifth}}, {fifth, 10, []int64{first, second, third, fourth}}, {ids[4], 10, nil}, {first, 1, []int64{second}},
			} {
				got := must[[]int64](t)(store.Related(tx, c.of, c.limit))
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("related to %d, at most %d: %v, wanted %v", c.of, c.limit, got, c.want)
				}
			}
		})
	})
}

// Of other tickets what is internal and what agents answered counts, the newest first; what customers wrote does not.
func TestWrittenByUs(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) {
			one, other := opened(t, tx), opened(t, tx)
			add := func(ticket int64, kind tickets.MessageKind, v tickets.Visibility, text string) {
				must[int64](t)(store.AddMessage(tx, tickets.Message{Ticket: ticket, Kind: kind, Author: "agent:ann", Visibility: v, At: noon, Text: text}, 0))
			}
			add(one, tickets.FromCustomer, tickets.Public, "question")
			add(one, tickets.Note, tickets.Internal, "note")
			add(one, tickets.FromAgent, tickets.Public, "answer")
			add(other, tickets.Note, tickets.Internal, "elsewhere")
			for limit, want := range map[int][]string{10: {"answer", "note"}, 1: {"answer"}} {
				var got []string
				for _, m := range must[[]tickets.Message](t)(store.WrittenByUs(tx, []int64{one}, limit)) {
					got = append(got, m.Text)
				}
				if !slices.Equal(got, want) {
					t.Errorf("at most %d: %q, wanted %q", limit, got, want)
				}
			}
			if got := must[[]tickets.Message](t)(store.WrittenByUs(tx, nil, 10)); len(got) != 0 {
				t.Errorf("of no ticket: %v", got)
			}
		})
	})
}
