package store

import (
	"time"

	"tierdesk/migrations/sqldb"
)

// Away returns who is away, and until when.
func Away(tx *sqldb.Tx) (map[string]time.Time, error) {
	var rows []struct {
		Agent string
		Ends  sqldb.Time
	}
	if err := tx.ByKey().Select(&rows, `SELECT agent, ends FROM absences WHERE ends > ?`, sqldb.At(tx.Now())); err != nil {
		return nil, err
	}
	out := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		out[r.Agent] = r.Ends.Time
	}
	return out, nil
}

// SetAway records until when an agent is away.
func SetAway(tx *sqldb.Tx, agent string, until time.Time) error {
	_, err := tx.ByKey().Exec(`INSERT INTO absences (agent, ends, noted) VALUES (?, ?, ?)
		ON CONFLICT (agent) DO UPDATE SET ends = excluded.ends, noted = excluded.noted`, agent, sqldb.At(until), sqldb.At(until))
	return err
}

// NoteAway records the end of an agent's absence according to an out-of-office note of theirs, and
// reports whether that is news. A note with no later end than an earlier one is not news, even if
// the agent is back.
func NoteAway(tx *sqldb.Tx, agent string, until time.Time) (bool, error) {
	n, err := tx.ByKey().Exec(`INSERT INTO absences (agent, ends, noted) VALUES (?, ?, ?)
		ON CONFLICT (agent) DO UPDATE SET ends = excluded.ends, noted = excluded.noted WHERE absences.noted < excluded.noted`,
		agent, sqldb.At(until), sqldb.At(until))
	return n > 0, err
}

// EndAway records that an agent is back.
func EndAway(tx *sqldb.Tx, agent string) error {
	_, err := tx.ByKey().Exec(`UPDATE absences SET ends = ? WHERE agent = ? AND ends > ?`, sqldb.At(tx.Now()), agent, sqldb.At(tx.Now()))
	return err
}
