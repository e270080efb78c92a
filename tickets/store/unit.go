package store

import (
	"slices"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

// unit is the unit of work of a transaction: the rows of the store's tables that wait to be written
// together, and what was read in advance for a batch of mails.
//
// Code that adds or changes a row discards the cached answers that it affects, by their key. Code
// that reads or writes rows by a key (sqldb.Tx.ByKey) first flushes the waiting rows with that key.
// Any other statement flushes everything, and one that changes rows also discards all cached
// answers.
type unit struct {
	people       batch.Rows[personRow]
	addresses    batch.Rows[personRow]
	arrivals     batch.Rows[arrivalRow]
	raws         batch.Rows[rawRow]
	tickets      batch.Rows[ticketRow]
	saved        batch.Rows[ticketRow] // of existing tickets
	participants batch.Rows[participantRow]
	messages     batch.Rows[messageRow]
	waiting      batch.Rows[waitingRow] // for the index of words
	events       batch.Rows[eventRow]
	held         batch.Rows[heldRow]
	messageIDs   batch.Rows[messageIDRow]

	fingerprints batch.Cache[string, string]
	persons      batch.Cache[string, personRow]     // by address
	ticketsOf    batch.Cache[string, messageIDRow]  // by Message-ID
	locked       batch.Cache[int64, ticketRow]      // by id; they are locked
	partOf       batch.Cache[int64, participantRow] // by ticket
	pasts        batch.Cache[int64, eventRow]       // by ticket
	came         batch.Cache[int64, cameRow]        // by ticket
	opened       batch.Cache[int64, openedRow]      // by requester

	merging bool // a ticket that was saved may have been merged into another, or taken out of one

	rows []interface {
		Flush() error
		Discard()
	}
	caches []interface{ Clear() }
}

func unitOf(tx *sqldb.Tx) *unit { return sqldb.WorkOf(tx, newUnit) }

func newUnit(tx *sqldb.Tx) *unit {
	u := &unit{people: personTable.In(tx), arrivals: arrivalTable.In(tx), saved: savedTable.In(tx), messageIDs: messageIDTable.In(tx)}
	u.addresses = addressTable.In(tx, &u.people)
	u.raws = rawTable.In(tx, &u.arrivals)
	u.held = heldTable.In(tx, &u.arrivals)
	u.tickets = ticketTable.In(tx, &u.people)
	u.participants = participantTable.In(tx, &u.tickets)
	u.messages = messageTable.In(tx, &u.tickets, &u.arrivals)
	u.events = eventTable.In(tx, &u.tickets)
	u.waiting = waitingTable.In(tx)
	u.rows = append(u.rows, &u.people, &u.addresses, &u.arrivals, &u.raws, &u.tickets, &u.saved, &u.participants, &u.messages, &u.events,
		&u.waiting, &u.held, &u.messageIDs)
	u.caches = append(u.caches, &u.fingerprints, &u.persons, &u.ticketsOf, &u.locked, &u.partOf, &u.pasts, &u.came, &u.opened)
	return u
}

// Flush writes the rows.
func (u *unit) Flush() error {
	for _, rows := range u.rows {
		if err := rows.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// Forget discards the cached answers.
func (u *unit) Forget() {
	for _, c := range u.caches {
		c.Clear()
	}
}

// Discard discards rows and cached answers.
func (u *unit) Discard() {
	for _, rows := range u.rows {
		rows.Discard()
	}
	u.Forget()
}

// Wanted lists what the decisions on a batch of mails will look up, one after the other.
type Wanted struct {
	Fingerprints, Senders []string
	MessageIDs            []string // that the mails refer to
}

// Prefetch reads everything in w in a few queries. The lookup functions use what it has read; their
// results are the same without it.
func Prefetch(tx *sqldb.Tx, w Wanted) error {
	u := unitOf(tx)
	if err := batch.Prefetch(tx, &u.fingerprints, fingerprintQuery, w.Fingerprints); err != nil {
		return err
	}
	if err := batch.Prefetch(tx, &u.persons, personQuery, cleaned(w.Senders)); err != nil {
		return err
	}
	return batch.Prefetch(tx, &u.ticketsOf, messageIDQuery, cleaned(w.MessageIDs))
}

// CachedTickets returns the tickets that the Message-IDs belong to, as far as Prefetch has read
// them.
func CachedTickets(tx *sqldb.Tx, messageIDs []string) []int64 {
	var out []int64
	for _, id := range messageIDs {
		rows, _ := unitOf(tx).ticketsOf.Get(sqldb.Clean(id))
		for _, r := range rows {
			out = append(out, r.Ticket)
		}
	}
	return out
}

// PrefetchTickets locks the tickets that a batch may concern, and reads what will be looked up
// about each of them.
func PrefetchTickets(tx *sqldb.Tx, ids []int64) error {
	u := unitOf(tx)
	if err := batch.Prefetch(tx, &u.locked, ticketQuery, ids); err != nil {
		return err
	}
	var requesters []int64
	for _, id := range ids {
		rows, _ := u.locked.Get(id)
		for _, r := range rows {
			if r.Requester != nil {
				requesters = append(requesters, *r.Requester)
			}
		}
	}
	// The tickets are locked, so what is read about them stays true until the transaction ends.
	if err := batch.Prefetch(tx, &u.partOf, participantQuery, ids); err != nil {
		return err
	}
	if err := batch.Prefetch(tx, &u.pasts, pastQuery, ids); err != nil {
		return err
	}
	if err := batch.Prefetch(tx, &u.came, cameQuery, ids); err != nil {
		return err
	}
	return batch.Prefetch(tx, &u.opened, openedQuery, requesters)
}

// cleaned returns texts in the form in which they are stored.
func cleaned(texts []string) []string {
	out := slices.Clone(texts)
	for i := range out {
		out[i] = sqldb.Clean(out[i])
	}
	return out
}
