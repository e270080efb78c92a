package store

import (
	"cmp"

	"tierdesk/migrations/sqldb"
)

// What a batch of mails will be asked for, one after the other, is asked for at once. The functions that ask for one look here first, and find the same
// without it.

type (
	messageIDRow struct {
		MessageID string `db:"message_id"`
		Ticket    int64  `db:"ticket"`
	}
	cameRow struct {
		Ticket  int64      `db:"ticket"`
		Address string     `db:"address"`
		At      sqldb.Time `db:"at"`
	}
	openedRow struct {
		ID        int64 `db:"id"`
		Requester int64 `db:"requester"`
	}
)

var (
	personQuery = sqldb.NewQuery(addressTable, "address", `SELECT `+personColumns+` WHERE a.address IN (?) ORDER BY a.address`, func(p *personRow) any { return p.Address }).
			Also(personTable, "id", func(p *personRow) any { return p.ID })
	messageIDQuery = sqldb.NewQuery(messageIDTable, "message_id", `SELECT message_id, ticket FROM message_ids WHERE message_id IN (?) ORDER BY ticket DESC`, func(r *messageIDRow) any { return r.MessageID })

	// A ticket is locked by the query, so what is read of it afterwards is what stands there until the transaction ends.
	ticketQuery      = sqldb.NewQuery(ticketTable, "id", `SELECT `+ticketColumns+` FROM tickets WHERE id IN (?) ORDER BY id`, func(r *ticketRow) any { return r.ID }).Locking()
	participantQuery = sqldb.NewQuery(participantTable, "ticket", `SELECT p.ticket, `+participantColumns+` WHERE p.ticket IN (?) `+participantOrder, func(r *participantRow) any { return r.Ticket }).
				Also(addressTable, "address", func(r *participantRow) any { return r.Address }).Also(personTable, "id", func(r *participantRow) any { return r.Person })
	pastQuery   = sqldb.NewQuery(eventTable, "ticket", `SELECT `+pastColumns+` FROM events WHERE ticket IN (?) ORDER BY ticket, id`, func(r *eventRow) any { return r.Ticket })
	cameQuery   = sqldb.NewQuery(messageTable, "ticket", `SELECT ticket, address, at FROM messages WHERE ticket IN (?) AND kind IN ('customer', 'auto') ORDER BY at DESC`, func(r *cameRow) any { return r.Ticket })
	openedQuery = sqldb.NewQuery(ticketTable, "requester", `SELECT id, requester FROM tickets WHERE requester IN (?) ORDER BY id`, func(r *openedRow) any { return r.Requester }).
			Reads("id", "requester")
)

// Wanted tells what a batch will be asked for.
type Wanted struct {
	Fingerprints, Senders []string
	MessageIDs            []string // that the mails refer to
}

// Prefetch asks for it.
func Prefetch(tx *sqldb.Tx, f Wanted) error {
	return cmp.Or(tx.PrefetchExists(inboundTable, "fingerprint", f.Fingerprints), sqldb.Prefetch(tx, personQuery, f.Senders), sqldb.Prefetch(tx, messageIDQuery, f.MessageIDs))
}

// CachedTickets gives the tickets that the Message-IDs belong to, as far as Prefetch has found them.
func CachedTickets(tx *sqldb.Tx, messageIDs []string) []int64 {
	var out []int64
	for _, id := range messageIDs {
		rows, _ := sqldb.Cached(tx, messageIDQuery, id)
		for _, r := range rows {
			out = append(out, r.Ticket)
		}
	}
	return out
}

// PrefetchTickets locks tickets that a batch may be about, and reads what will be asked of each of them.
func PrefetchTickets(tx *sqldb.Tx, ids []int64) error {
	if err := sqldb.Prefetch(tx, ticketQuery, ids); err != nil {
		return err
	}
	var requesters []int64
	for _, id := range ids {
		rows, _ := sqldb.Cached(tx, ticketQuery, id)
		for _, r := range rows {
			if r.Requester != nil {
				requesters = append(requesters, *r.Requester)
			}
		}
	}
	return cmp.Or(sqldb.Prefetch(tx, participantQuery, ids), sqldb.Prefetch(tx, pastQuery, ids), sqldb.Prefetch(tx, cameQuery, ids), sqldb.Prefetch(tx, openedQuery, requesters))
}
