// Package store converts rows to the values of package tickets and back: tickets, messages, people,
// participants, events, arrivals, raw mails, held mails and other state of the desk, one file for
// each table. It holds every query on them and must never decide anything. All functions work in a
// transaction that the caller has opened, and return database errors unchanged, with the statement
// in them.
package store

import "strings"

func deref(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// null returns 0 as NULL.
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

// Words joins reasons for storage in a column.
func Words(reasons []string) string { return strings.Join(reasons, "; ") }

// convert converts rows to values.
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
