package store

import (
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// NextTurn calls next with the place, counted from 1, of the agent whose turn it was last in a team
// (0 at first), and stores the result. Until this transaction ends no other one can do so for the
// same team; if it is rolled back, the turn has not changed.
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

// LockLoads prevents every other transaction from assigning tickets by load until this one ends:
// the result of Loads remains true.
func LockLoads(tx *sqldb.Tx) error {
	_, err := lockTurn(tx, "turns")
	return err
}

func lockTurn(tx *sqldb.Tx, name string) (value int64, err error) {
	err = tx.ByKey().Get(&value, `INSERT INTO counters (name, value) VALUES (?, 0) ON CONFLICT (name) DO UPDATE SET value = counters.value RETURNING value`, name)
	return value, err
}

// Loads returns the number of new and open tickets of each agent.
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
