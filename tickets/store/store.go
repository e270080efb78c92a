// Package store turns rows into the values of package tickets and back: tickets, messages, people,
// participants, events, arrivals, raw mails, held mails and what the desk remembers, one file a
// table. It holds every query on them and must never decide anything. All functions work in a
// transaction that the caller opened, and return errors of the database as they are, with the
// statement named.
package store

import "strings"

func deref(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// null makes 0 a NULL.
func null(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Words joins reasons for a column.
func Words(reasons []string) string { return strings.Join(reasons, "; ") }

// convert returns the values of rows.
func convert[R, V any](rows []R, value func(*R) V) []V {
	if len(rows) == 0 {
		return nil
	}
	out := make([]V, len(rows))
	for i := range rows {
		out[i] = value(&rows[i])
	}
	return out
}
