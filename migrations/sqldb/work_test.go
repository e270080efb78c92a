package sqldb_test

import (
	"testing"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// TestAFailedStatementEndsTheTransaction shows that both databases are alike in this: nothing is done, or committed, behind a statement that failed, even if
// nobody has looked at its error; and that a savepoint takes it back.
func TestAFailedStatementEndsTheTransaction(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		careless := func(tx *sqldb.Tx) error {
			for _, name := range []string{"a", "a"} {
				_ = put(tx, name, "1")
			}
			if err := put(tx, "b", "1"); !sqldb.Unique(err) {
				t.Errorf("the next statement: %v", err)
			}
			return nil
		}
		if err := db.Update(t.Context(), careless); !sqldb.Unique(err) {
			t.Errorf("committed: %v", err)
		}
		want(t, db)
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			fault, err := tx.Savepoint(func() error { return careless(tx) })
			if !sqldb.Unique(fault) || err != nil {
				t.Errorf("fault %v, error %v", fault, err)
			}
			return put(tx, "c", "1")
		})
		if err != nil {
			t.Error(err)
		}
		want(t, db, "c")
	})
}

// TestTextsAreCleaned binds what PostgreSQL refuses in every way in which a text can be bound, and reads it as both databases keep it.
func TestTextsAreCleaned(t *testing.T) {
	type kind string
	const dirty, clean = "ca\x00f\xe9 \xf0\x9f", "caf\uFFFD \uFFFD"
	if got := sqldb.Clean(dirty); got != clean {
		t.Fatalf("%q", got)
	}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		args := []any{"name", kind(dirty), 1}
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if _, err := tx.Exec("INSERT INTO meta (name, value, changed) VALUES (?, ?, ?)", args...); err != nil {
				return err
			}
			if _, err := tx.ExecIn("UPDATE meta SET name = ? WHERE name IN (?)", dirty, []string{"name"}); err != nil {
				return err
			}
			var values, names []string
			if err := tx.SelectIn(&values, "SELECT value FROM meta WHERE name IN (?)", []string{dirty}); err != nil {
				return err
			}
			if err := tx.Select(&names, "SELECT name FROM meta WHERE value = ?", dirty); err != nil {
				return err
			}
			var n int
			if err := tx.Get(&n, "SELECT COUNT(*) FROM meta WHERE name = ?", dirty); err != nil {
				return err
			}
			if len(values) != 1 || values[0] != clean || len(names) != 1 || names[0] != clean || n != 1 {
				t.Errorf("values %q, names %q, %d rows", values, names, n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if args[1] != any(kind(dirty)) {
			t.Error("the caller's own arguments were changed")
		}
	})
}
