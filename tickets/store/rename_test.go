package store_test

import (
	"testing"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// A new name counts at once, for a person who waits to be written as for one who was read before.
func TestRename(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		const address = "jane@gold.example"
		named := func(tx *sqldb.Tx, want string) {
			t.Helper()
			if p, found, err := store.PersonAt(tx, address); !found || p.Name != want || err != nil {
				t.Errorf("%q, %v, %v: wanted %q", p.Name, found, err, want)
			}
		}
		for _, names := range [][2]string{{"Jane", "Jane Doe"}, {"Jane Doe", "J. Doe"}} {
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
				if err := store.Prefetch(tx, store.Wanted{Senders: []string{address, "other@gold.example"}}); err != nil {
					return err
				}
				p, found, err := store.PersonAt(tx, address)
				if err == nil && !found {
					p, err = store.AddPerson(tx, names[0], address, address, "en")
				}
				if err != nil {
					return err
				}
				named(tx, names[0])
				err = store.Rename(tx, p, names[1])
				named(tx, names[1])
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
