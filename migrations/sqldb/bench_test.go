package sqldb_test

import (
	"testing"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// BenchmarkUpdate is a transaction of ten statements, as a small decision of the desk is.
func BenchmarkUpdate(b *testing.B) {
	for kind, ground := range map[sqldb.Kind]func(testing.TB) dbtest.Ground{sqldb.SQLite: dbtest.SQLite, sqldb.Postgres: dbtest.Postgres} {
		b.Run(string(kind), func(b *testing.B) {
			db := ground(b).Open(b)
			for b.Loop() {
				err := db.Update(b.Context(), func(tx *sqldb.Tx) error {
					for range 5 {
						if _, err := tx.Exec("INSERT INTO meta (name, value, changed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed", "name", "value", sqldb.At(tx.Now())); err != nil {
							return err
						}
						var v string
						if err := tx.Get(&v, "SELECT value FROM meta WHERE name = ?", "name"); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
