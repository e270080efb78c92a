package cli

import (
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// The log says of a move to another tier how long the ticket was at the one before, and the reason that an agent gave.
func TestMovesInTheLog(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		one, two, three := 1, 2, 3
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			id, err := store.InsertTicket(tx, tickets.Ticket{Status: tickets.New, Priority: "normal", Tier: 1, Opened: start, Updated: start, Version: 1})
			if err != nil {
				return err
			}
			note, err := store.AddMessage(tx, tickets.Message{Ticket: id, Kind: tickets.Note, Author: "agent:ann", Visibility: tickets.Internal, At: start,
				Text: "the lamp has to\nbe looked at"}, 0)
			if err != nil {
				return err
			}
			events := []tickets.Event{{ID: 1, Kind: tickets.Opened, Actor: "person:1", At: start, Data: tickets.Data{Tier: &one, Priority: "normal"}},
				{ID: 2, Kind: tickets.Escalated, Actor: "agent:ann", At: start.Add(130 * time.Minute), Message: note, Data: tickets.Data{Tier: &two, From: "1", Command: "escalate"}},
				{ID: 3, Kind: tickets.Escalated, Actor: "timer:ticket", At: start.Add(140 * time.Minute), Data: tickets.Data{Tier: &three, From: "2", Target: "resolution", Percent: 100}}}
			moved, err := moves(tx, id, events, start.Add(time.Hour*24))
			if err != nil {
				return err
			}
			for i, want := range []string{"normal, tier 1", `tier 1 → 2, by /escalate, message 1, after 2h10m0s, "the lamp has to be looked at"`, "tier 2 → 3, resolution, after 10m0s"} {
				l := moved[events[i].ID]
				l.Event = events[i]
				if got := l.words(); got != want {
					t.Errorf("%s, wanted %s", got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
