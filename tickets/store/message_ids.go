package store

import (
	"slices"
	"time"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

type messageIDRow struct {
	MessageID string `db:"message_id"`
	Ticket    int64
	at        sqldb.Time
}

var (
	messageIDTable = &batch.Table[messageIDRow]{
		Name: "message_ids", Columns: "message_id, ticket, at", KeyColumns: "message_id, ticket",
		Key:    func(r *messageIDRow) any { return ticketKey{r.Ticket, r.MessageID} },
		Append: func(r *messageIDRow, args []any) []any { return append(args, r.MessageID, r.Ticket, r.at) },
	}
	messageIDQuery = &batch.Query[string, messageIDRow]{
		Text: `SELECT message_id, ticket FROM message_ids WHERE message_id IN (?) ORDER BY ticket DESC`,
		Key:  func(r *messageIDRow) string { return r.MessageID },
	}
)

// ticketKey is a text that identifies a ticket.
type ticketKey struct {
	ticket int64
	text   string
}

// AddMessageIDs records Message-IDs as belonging to a ticket.
func AddMessageIDs(tx *sqldb.Tx, ticket int64, at time.Time, ids ...string) error {
	u := unitOf(tx)
	ids = cleaned(ids)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if id == "" {
			continue
		}
		u.ticketsOf.Forget(id)
		if err := u.messageIDs.Add(messageIDRow{MessageID: id, Ticket: ticket, at: sqldb.At(at)}); err != nil {
			return err
		}
	}
	return nil
}

// TicketsOf returns the tickets that a Message-ID belongs to, newest first.
func TicketsOf(tx *sqldb.Tx, messageID string) ([]int64, error) {
	var out []int64
	u, messageID := unitOf(tx), sqldb.Clean(messageID)
	if rows, ok := u.ticketsOf.Get(messageID); ok {
		for _, r := range rows[:min(len(rows), 20)] {
			out = append(out, r.Ticket)
		}
		return out, nil
	}
	if err := u.messageIDs.FlushIf(func(r *messageIDRow) bool { return r.MessageID == messageID }); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&out, `SELECT ticket FROM message_ids WHERE message_id = ? ORDER BY ticket DESC LIMIT 20`, messageID)
	return out, err
}
