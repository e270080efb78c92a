package store

import (
	"time"

	"tierdesk/migrations/sqldb"
)

// Totals holds the numbers of rows in the database.
type Totals struct {
	Tickets  int `db:"tickets"`
	Messages int `db:"messages"`
	Events   int `db:"events"`
	Mails    int `db:"mails"`
}

// CountAll returns how many rows there are.
func CountAll(tx *sqldb.Tx) (Totals, error) {
	var n Totals
	err := tx.Get(&n, `SELECT (SELECT COUNT(*) FROM tickets) AS tickets, (SELECT COUNT(*) FROM messages) AS messages, (SELECT COUNT(*) FROM events) AS events,
		(SELECT COUNT(*) FROM inbound) AS mails`)
	return n, err
}

// CountArrived returns the number of mails received since a time.
func CountArrived(tx *sqldb.Tx, since time.Time) (int, error) {
	var n int
	err := tx.Get(&n, `SELECT COUNT(*) FROM inbound WHERE received >= ?`, sqldb.At(since))
	return n, err
}

// LastRecorded returns the time of the newest event; the zero time if there is none.
func LastRecorded(tx *sqldb.Tx) (time.Time, error) {
	var at sqldb.Time
	err := tx.Get(&at, `SELECT MAX(recorded) FROM events`)
	return at.Time, err
}

// HeldBefore returns the number of agents' mails held since before a time, and the time of the
// oldest. Mails with a time in the future, from when the clock was ahead, count as well: their true
// age is unknown.
func HeldBefore(tx *sqldb.Tx, before time.Time) (n int, oldest time.Time, err error) {
	var held struct {
		N      int        `db:"n"`
		Oldest sqldb.Time `db:"oldest"`
	}
	err = tx.Get(&held, `SELECT COUNT(*) AS n, MIN(at) AS oldest FROM held WHERE state = 'waiting' AND (at < ? OR at > ?)`,
		sqldb.At(before), sqldb.At(tx.Latest()))
	return held.N, held.Oldest.Time, err
}

// openTickets holds the queries that select open tickets by one of their values.
var openTickets = map[string]string{
	"priority": `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND priority = ? ORDER BY id LIMIT ?`,
	"team":     `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND team = ? ORDER BY id LIMIT ?`,
	"assignee": `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND assignee = ? ORDER BY id LIMIT ?`,
	"tier":     `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND tier = ? ORDER BY id LIMIT ?`,
	"vendor": `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL
		AND id IN (SELECT ticket FROM sides WHERE state = 'waiting' AND vendor = ?) ORDER BY id LIMIT ?`,
}

// OpenTicketsOf returns the numbers of at most limit open tickets with the given priority, team,
// assignee or tier, or that wait for the given vendor.
func OpenTicketsOf(tx *sqldb.Tx, what string, value any, limit int) ([]int64, error) {
	var ids []int64
	err := tx.Select(&ids, openTickets[what], value, limit)
	return ids, err
}
