package store

import (
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// NextTurn asks whose turn it is in a team, by whose it was last, and keeps the answer: the number
// of a place, from 1; 0 before the first. Until this transaction ends nobody else asks in the same
// team, and what is undone was nobody's turn.
func NextTurn(tx *sqldb.Tx, team string, next func(last int64) (int64, error)) error {
	last, err := lockTurn(tx, "turn/"+team)
	if err != nil {
		return err
	}
	turn, err := next(last)
	if err != nil || turn == last {
		return err
	}
	_, err = tx.ByKey().Exec(`UPDATE counters SET value = ? WHERE name = ?`, turn, "turn/"+team)
	return err
}

// LockLoads keeps every other transaction from giving tickets by how many an agent has, until this
// one ends: what Loads returns stays true.
func LockLoads(tx *sqldb.Tx) error {
	_, err := lockTurn(tx, "turns")
	return err
}

func lockTurn(tx *sqldb.Tx, name string) (value int64, err error) {
	err = tx.ByKey().Get(&value, `INSERT INTO counters (name, value) VALUES (?, 0) ON CONFLICT (name) DO UPDATE SET value = counters.value RETURNING value`, name)
	return value, err
}

// Loads returns how many tickets wait for each of the agents: new and open ones.
func Loads(tx *sqldb.Tx, agents []string) (map[string]int, error) {
	var rows []struct {
		Assignee string
		Tickets  int `db:"n"`
	}
	err := tx.SelectIn(&rows, `SELECT assignee, COUNT(*) AS n FROM tickets
		WHERE assignee IN (?) AND assignee <> '' AND status IN (?) AND merged_into IS NULL GROUP BY assignee`, agents, []string{string(tickets.New), string(tickets.Open)})
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Assignee] = r.Tickets
	}
	return out, err
}
