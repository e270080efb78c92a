package store

import (
	"time"

	"tierdesk/migrations/sqldb"
)

// Totals are how many rows the desk has.
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

// CountArrived returns how many mails came in since a time.
func CountArrived(tx *sqldb.Tx, since time.Time) (int, error) {
	var n int
	err := tx.Get(&n, `SELECT COUNT(*) FROM inbound WHERE received >= ?`, sqldb.At(since))
	return n, err
}

// LastRecorded returns when the newest event was recorded; the zero time if there is none.
func LastRecorded(tx *sqldb.Tx) (time.Time, error) {
	var at sqldb.Time
	err := tx.Get(&at, `SELECT MAX(recorded) FROM events`)
	return at.Time, err
}

// HeldBefore returns how many mails of agents have been held since before a time, and since when
// the oldest has been. One of a clock that was ahead may be as old as any.
func HeldBefore(tx *sqldb.Tx, before time.Time) (n int, oldest time.Time, err error) {
	var held struct {
		N      int        `db:"n"`
		Oldest sqldb.Time `db:"oldest"`
	}
	err = tx.Get(&held, `SELECT COUNT(*) AS n, MIN(at) AS oldest FROM held WHERE state = 'waiting' AND (at < ? OR at > ?)`,
		sqldb.At(before), sqldb.At(tx.Latest()))
	return held.N, held.Oldest.Time, err
}

// openTickets selects open tickets by one word that they stand under.
var openTickets = map[string]string{
	"priority": `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND priority = ? ORDER BY id LIMIT ?`,
	"team":     `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND team = ? ORDER BY id LIMIT ?`,
	"assignee": `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND assignee = ? ORDER BY id LIMIT ?`,
	"tier":     `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL AND tier = ? ORDER BY id LIMIT ?`,
	"vendor": `SELECT id FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL
		AND id IN (SELECT ticket FROM sides WHERE state = 'waiting' AND vendor = ?) ORDER BY id LIMIT ?`,
}

// OpenTicketsOf returns the numbers of the open tickets, at most so many, whose priority, team,
// assignee or tier is the value, or that wait for that vendor.
func OpenTicketsOf(tx *sqldb.Tx, what string, value any, limit int) ([]int64, error) {
	var ids []int64
	err := tx.Select(&ids, openTickets[what], value, limit)
	return ids, err
}
