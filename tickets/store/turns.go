package store

import "tierdesk/migrations/sqldb"

// NextTurn counts the tickets that a team has given to its agents by turns, and returns the number
// of this one, from 1. Until this transaction ends nobody else takes one of the same team, so no
// number is given twice, and one that is undone is given again.
func NextTurn(tx *sqldb.Tx, team string) (int64, error) {
	var turn int64
	err := tx.Get(&turn, `INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`,
		"turn/"+team)
	return turn, err
}
