package store

import (
	"slices"
	"time"

	"tierdesk/migrations/sqldb"
)

var messageIDTable = sqldb.NewTable("message_ids", "message_id, ticket, at", sqldb.OnConflictDoNothing(2))

// AddMessageIDs remembers Message-IDs as belonging to a ticket.
func AddMessageIDs(tx *sqldb.Tx, ticket int64, at time.Time, ids ...string) error {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if id == "" {
			continue
		}
		if err := tx.Insert(messageIDTable, id, ticket, sqldb.At(at)); err != nil {
			return err
		}
	}
	return nil
}

// TicketsOf gives the tickets that a Message-ID belongs to, newest first.
func TicketsOf(tx *sqldb.Tx, messageID string) ([]int64, error) {
	var out []int64
	if rows, seen := sqldb.Cached(tx, messageIDQuery, messageID); seen {
		for _, r := range rows[:min(len(rows), 20)] {
			out = append(out, r.Ticket)
		}
		return out, nil
	}
	err := tx.Lookup(messageIDTable, "message_id", messageID).Select(&out, `SELECT ticket FROM message_ids WHERE message_id = ? ORDER BY ticket DESC LIMIT 20`, messageID)
	return out, err
}
