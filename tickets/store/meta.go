package store

import (
	"time"

	"tierdesk/migrations/sqldb"
)

// Remembered gives a value by name and when it was written; "" if there is none.
func Remembered(tx *sqldb.Tx, name string) (string, time.Time, error) {
	var r struct {
		Value   string     `db:"value"`
		Changed sqldb.Time `db:"changed"`
	}
	_, err := tx.Find(&r, `SELECT value, changed FROM meta WHERE name = ?`, name)
	return r.Value, r.Changed.Time, err
}

// LockRemembered reads a value like Remembered, and keeps others from changing it before the transaction ends.
func LockRemembered(tx *sqldb.Tx, name string) (string, error) {
	var value string
	_, err := tx.Find(&value, `SELECT value FROM meta WHERE name = ? /*pg FOR UPDATE */`, name)
	return value, err
}

// Remember writes a value under a name.
func Remember(tx *sqldb.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO meta (name, value, changed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed`, name, value, sqldb.At(tx.Now()))
	return err
}
