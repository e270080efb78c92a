// Package meta owns the table of the few values that a desk stores by name: when a digest was sent,
// how much mail an account may still send, what daemons have told each other. It must never know
// what the values mean: each name belongs to the package that sets it.
package meta

import (
	"time"

	"tierdesk/migrations/sqldb"
)

type row struct {
	Value   string
	Changed sqldb.Time
}

const query = `SELECT value, changed FROM meta WHERE name = ?`

// Get returns a value and when it was set; "" and the zero time if there is none.
func Get(tx *sqldb.Tx, name string) (value string, changed time.Time, err error) {
	var r row
	_, err = tx.Find(&r, query, name)
	return r.Value, r.Changed.Time, err
}

// Lock is like Get, and keeps other transactions from setting the value before this one ends, even
// if there is no value yet.
func Lock(tx *sqldb.Tx, name string) (value string, changed time.Time, err error) {
	var r row
	found, err := tx.Find(&r, query+` /*pg FOR UPDATE */`, name)
	if err == nil && !found && tx.Kind() == sqldb.Postgres {
		// There is no row to lock, so transactions that set the value for the first time wait for
		// each other by its name.
		if _, err = tx.Exec(`SELECT pg_advisory_xact_lock(hashtext('meta'), hashtext(?))`, name); err == nil {
			_, err = tx.Find(&r, query+` /*pg FOR UPDATE */`, name)
		}
	}
	return r.Value, r.Changed.Time, err
}

// Set sets a value, as changed now.
func Set(tx *sqldb.Tx, name, value string) error { return SetAt(tx, name, value, tx.Now()) }

// SetAt is Set with the time given by the caller.
func SetAt(tx *sqldb.Tx, name, value string, changed time.Time) error {
	_, err := tx.Exec(`INSERT INTO meta (name, value, changed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed`,
		name, value, sqldb.At(changed))
	return err
}
