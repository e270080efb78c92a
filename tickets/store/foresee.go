package store

import (
	"cmp"

	"tierdesk/migrations/sqldb"
)

// What a batch of mails will be asked for, one after the other, is asked for at once. The functions that ask for one look here first, and find the same
// without it.

type (
	participantRow struct {
		Ticket int64 `db:"ticket"`
		Participant
	}
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
	personLook = sqldb.NewLook(addressTable, "address", `SELECT `+personColumns+` WHERE a.address IN (?) ORDER BY a.address`, func(p *Person) any { return p.Address }).
			Also(personTable, "id", func(p *Person) any { return p.ID })
	messageIDLook = sqldb.NewLook(messageIDTable, "message_id", `SELECT message_id, ticket FROM message_ids WHERE message_id IN (?) ORDER BY ticket DESC`, func(r *messageIDRow) any { return r.MessageID })

	// A ticket is locked by the look, so what is read of it afterwards is what stands there until the transaction ends.
	ticketLook      = sqldb.NewLook(ticketTable, "id", `SELECT `+ticketColumns+` FROM tickets WHERE id IN (?) ORDER BY id`, func(r *ticketRow) any { return r.ID }).Locking()
	participantLook = sqldb.NewLook(participantTable, "ticket", `SELECT p.ticket, `+participantColumns+` WHERE p.ticket IN (?) `+participantOrder, func(r *participantRow) any { return r.Ticket }).
			Also(addressTable, "address", func(r *participantRow) any { return r.Address }).Also(personTable, "id", func(r *participantRow) any { return r.Person })
	pastLook   = sqldb.NewLook(eventTable, "ticket", `SELECT `+pastColumns+` FROM events WHERE ticket IN (?) ORDER BY ticket, id`, func(r *eventRow) any { return r.Ticket })
	cameLook   = sqldb.NewLook(messageTable, "ticket", `SELECT ticket, address, at FROM messages WHERE ticket IN (?) AND kind IN ('customer', 'auto') ORDER BY at DESC`, func(r *cameRow) any { return r.Ticket })
	openedLook = sqldb.NewLook(ticketTable, "requester", `SELECT id, requester FROM tickets WHERE requester IN (?) ORDER BY id`, func(r *openedRow) any { return r.Requester }).
			Reads("id", "requester")
)

// Foreseen tells what a batch will be asked for.
type Foreseen struct {
	Fingerprints, Senders []string
	MessageIDs            []string // that the mails refer to
}

// Foresee asks for it.
func Foresee(tx *sqldb.Tx, f Foreseen) error {
	return cmp.Or(tx.Ask(inboundTable, "fingerprint", f.Fingerprints), sqldb.Foresee(tx, personLook, f.Senders), sqldb.Foresee(tx, messageIDLook, f.MessageIDs))
}

// ForeseenTickets gives the tickets that the Message-IDs belong to, as far as Foresee has found them.
func ForeseenTickets(tx *sqldb.Tx, messageIDs []string) []int64 {
	var out []int64
	for _, id := range messageIDs {
		rows, _ := sqldb.Seen(tx, messageIDLook, id)
		for _, r := range rows {
			out = append(out, r.Ticket)
		}
	}
	return out
}

// ForeseeTickets locks tickets that a batch may be about, and reads what will be asked of each of them.
func ForeseeTickets(tx *sqldb.Tx, ids []int64) error {
	if err := sqldb.Foresee(tx, ticketLook, ids); err != nil {
		return err
	}
	var requesters []int64
	for _, id := range ids {
		rows, _ := sqldb.Seen(tx, ticketLook, id)
		for _, r := range rows {
			if r.Requester != nil {
				requesters = append(requesters, *r.Requester)
			}
		}
	}
	return cmp.Or(sqldb.Foresee(tx, participantLook, ids), sqldb.Foresee(tx, pastLook, ids), sqldb.Foresee(tx, cameLook, ids), sqldb.Foresee(tx, openedLook, requesters))
}
