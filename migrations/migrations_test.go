package migrations_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pressly/goose/v3"

	"tierdesk/migrations"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// Both databases have the same migrations, and after them the same tables with the same columns.
func TestBothDatabasesHaveTheSameSchema(t *testing.T) {
	names := func(dir string) []string {
		paths, err := filepath.Glob(filepath.Join(dir, "*.sql"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d migrations: %v", dir, len(paths), err)
		}
		for i := range paths {
			paths[i] = filepath.Base(paths[i])
		}
		return paths
	}
	if a, b := names("sqlite"), names("postgres"); !slices.Equal(a, b) {
		t.Errorf("the migrations differ:\nsqlite   %v\npostgres %v", a, b)
	}
	schemas := map[sqldb.Kind]map[string]string{}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) { schemas[db.Kind()] = schema(t, db) })
	if len(schemas) < 2 {
		return // one was left out, which has been said
	}
	lite, pg := schemas[sqldb.SQLite], schemas[sqldb.Postgres]
	// The index of words is another on each: SQLite keeps it in tables of its own.
	fullText := func(table, _ string) bool { return strings.HasPrefix(table, "search_words") }
	maps.DeleteFunc(lite, fullText)
	maps.DeleteFunc(pg, fullText)
	for table, columns := range lite {
		if pg[table] != columns {
			t.Errorf("table %s:\nsqlite   %s\npostgres %s", table, columns, pg[table])
		}
	}
	for table := range pg {
		if _, ok := lite[table]; !ok {
			t.Errorf("table %s is on PostgreSQL alone", table)
		}
	}
	if len(lite) < 10 {
		t.Errorf("only %d tables were compared", len(lite))
	}
}

// schema returns each table's columns as "name null|not null default" in the order of their names.
func schema(t *testing.T, db *sqldb.DB) map[string]string {
	query := `SELECT m.name AS tbl, p.name AS col, p."notnull" = 0 AND p.pk = 0 AS nullable FROM sqlite_schema m JOIN pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if db.Kind() == sqldb.Postgres {
		query = `SELECT table_name AS tbl, column_name AS col, is_nullable = 'YES' AS nullable FROM information_schema.columns WHERE table_schema = 'public'`
	}
	var rows []struct {
		Table    string `db:"tbl"`
		Column   string `db:"col"`
		Nullable bool   `db:"nullable"`
	}
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&rows, query) }); err != nil {
		t.Fatal(err)
	}
	tables := map[string][]string{}
	for _, r := range rows {
		if strings.HasPrefix(r.Table, "goose_") {
			continue
		}
		// A TEXT PRIMARY KEY of SQLite may be NULL by the letter; keys are compared by name alone.
		words := r.Column
		if r.Nullable {
			words += " null"
		}
		tables[r.Table] = append(tables[r.Table], words)
	}
	out := map[string]string{}
	for table := range maps.Keys(tables) {
		slices.Sort(tables[table])
		out[table] = strings.Join(tables[table], ", ")
	}
	return out
}

func TestUpTwiceDoesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		before, err := migrations.Check(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		after, err := migrations.Up(t.Context(), db)
		if err != nil || after != before || after.Current != after.Latest || after.Latest == 0 {
			t.Errorf("before %+v, after %+v: %v", before, after, err)
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			applied := "1"
			if tx.Kind() == sqldb.Postgres {
				applied = "true"
			}
			_, err := tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, " + applied + ")")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := migrations.Up(t.Context(), db)
		if !errors.Is(err, migrations.ErrNewer) || s.Current != 9999 {
			t.Errorf("%+v: %v", s, err)
		}
		if s, err := migrations.Check(t.Context(), db); err != nil || !errors.Is(s.Err(), migrations.ErrNewer) {
			t.Errorf("%+v: %v", s, err)
		}
	})
}

func TestEmptyDatabaseIsOlder(t *testing.T) {
	db, err := sqldb.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if s, err := migrations.Check(t.Context(), db); err != nil || !errors.Is(s.Err(), migrations.ErrOlder) {
		t.Errorf("%+v: %v", s, err)
	}
}

// Several daemons that start at once on an empty PostgreSQL each end with the schema, and none with an error.
func TestConcurrentUp(t *testing.T) {
	g := dbtest.Postgres(t)
	admin := g.Open(t)
	err := admin.Update(t.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec("DROP SCHEMA public CASCADE")
		if err == nil {
			_, err = tx.Exec("CREATE SCHEMA public")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		db := g.Open(t)
		wg.Go(func() {
			if s, err := migrations.Up(context.Background(), db); err != nil || s.Err() != nil {
				t.Errorf("%+v: %v", s, err)
			}
		})
	}
	wg.Wait()
	if tables := schema(t, admin); len(tables) < 10 {
		t.Errorf("%d tables", len(tables))
	}
}

// Programs that begin at once on a file that none has made: all of them find the schema made.
func TestConcurrentUpOnANewFile(t *testing.T) {
	for round := range 3 {
		url := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
		var all sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			all.Go(func() {
				db, err := sqldb.Open(context.Background(), url, sqldb.WithoutSync())
				if err == nil {
					_, err = migrations.Up(context.Background(), db)
					err = errors.Join(err, db.Close())
				}
				errs[i] = err
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
}

func TestFingerprintIsThatOfTheFiles(t *testing.T) {
	a, err := migrations.Fingerprint(sqldb.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	b, err := migrations.Fingerprint(sqldb.Postgres)
	if err != nil || a == b || len(a) < 32 {
		t.Errorf("%q %q %v", a, b, err)
	}
}

// SQL of the house: PostgreSQL's numbers are BIGINT, since an INTEGER of 32 bits cannot hold a time.
func TestPostgresNumbersAreWide(t *testing.T) {
	paths, err := filepath.Glob("postgres/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if code, _, _ := strings.Cut(line, "--"); strings.Contains(code+" ", " INTEGER ") {
				t.Errorf("%s:%d: INTEGER has 32 bits on PostgreSQL, use BIGINT", path, i+1)
			}
		}
	}
}

// Whoever drops a row makes the database look for rows that refer to it: without an index it reads the whole table, for each row.
func TestReferencesHaveAnIndex(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		query := `SELECT m.name || '.' || f."from" AS ref, EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = f."from" AND c.pk = 1)
				OR EXISTS (SELECT 1 FROM pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = f."from") AS found
			FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
		if db.Kind() == sqldb.Postgres {
			query = `SELECT c.conrelid::regclass || '.' || a.attname AS ref, EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]) AS found
				FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'`
		}
		var refs []struct {
			Ref   string `db:"ref"`
			Found bool   `db:"found"`
		}
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&refs, query) }); err != nil {
			t.Fatal(err)
		}
		if len(refs) < 8 {
			t.Errorf("only %d references were looked at", len(refs))
		}
		for _, r := range refs {
			if !r.Found {
				t.Errorf("%s has no index", r.Ref)
			}
		}
	})
}

// older returns a database of each kind as a program left it that knew the migrations up to version, with rows written into it.
func older(t *testing.T, version int64, rows []string, body func(t *testing.T, db *sqldb.DB)) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		dir, dialect := "sqlite", goose.DialectSQLite3
		if db.Kind() == sqldb.Postgres {
			dir, dialect = "postgres", goose.DialectPostgres
			for _, s := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"} {
				if _, err := db.Handle().ExecContext(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
		} else {
			var err error
			if db, err = sqldb.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "older.db"), sqldb.WithoutSync()); err != nil {
				t.Fatal(err)
			}
			defer db.Close()
		}
		p, err := goose.NewProvider(dialect, db.Handle(), os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
		err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for _, query := range rows {
				if _, err := tx.Exec(query); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		body(t, db)
	})
}

// A desk that has had canaries before their rows were dropped names them in its ledger, where doctor would miss them.
func TestOldCanariesAreUnlinked(t *testing.T) {
	rows := []string{
		`INSERT INTO mailboxes (id, inbox, folder, uidvalidity, created) VALUES (1, 'support', 'INBOX', 1, 1)`,
		`INSERT INTO inbound (id, fingerprint, inbox, received, taken, message_id, sender, subject, size, kind, verdict, outcome, cause) VALUES
			(1, 'a', 'support', 1, 1, '', '', '', 1, '', '', 'loop', 'canary'), (2, 'b', 'support', 1, 1, '', '', '', 1, '', '', 'message', '')`,
		`INSERT INTO ledger (mailbox, uid, state, inbound, changed) VALUES (1, 1, 'taken', 1, 1), (1, 2, 'taken', 2, 1)`,
	}
	older(t, 6, rows, func(t *testing.T, db *sqldb.DB) {
		if _, err := migrations.Up(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		var named []int64
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&named, `SELECT inbound FROM ledger ORDER BY uid`) }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(named, []int64{0, 2}) {
			t.Errorf("the ledger names %v", named)
		}
	})
}

// Tables that were made anew hold what they held, in all columns.
func TestTablesMadeAnewHoldTheirRows(t *testing.T) {
	rows := []string{
		`INSERT INTO mailboxes (id, inbox, folder, uidvalidity, created) VALUES (1, 'support', 'INBOX', 1, 1)`,
		`INSERT INTO ledger (mailbox, uid, state, inbound, attempts, reason, changed) VALUES (1, 2, 'tried', NULL, 3, 'no', 4), (1, 1, 'taken', 5, 6, '', 7)`,
		`INSERT INTO people (id, name, created) VALUES (1, 'Jane', 1)`,
		`INSERT INTO addresses (address, person, shown, muted, mute_reason, blocked, created, allowed) VALUES ('z@x.example', 1, 'Z@x.example', 2, 'gone', 3, 4, 5), ('a@x.example', 1, 'a@x.example', NULL, '', NULL, 6, NULL)`,
		`INSERT INTO tickets (id, inbox, subject, base_subject, status, priority, tier, opened, updated, version) VALUES (1, 'support', 's', 's', 'new', 'normal', 1, 1, 1, 1)`,
		`INSERT INTO participants (ticket, address, role, added) VALUES (1, 'z@x.example', 'requester', 2), (1, 'a@x.example', 'cc', 3)`,
		`INSERT INTO message_ids (message_id, ticket, at) VALUES ('z@id', 1, 2), ('a@id', 1, 3), ('a@id', 2, 4)`,
	}
	queries := []string{
		`SELECT mailbox || ' ' || uid || ' ' || state || ' ' || COALESCE(inbound, -1) || ' ' || attempts || ' ' || reason || ' ' || changed FROM ledger ORDER BY mailbox, uid`,
		`SELECT address || ' ' || person || ' ' || shown || ' ' || COALESCE(muted, -1) || ' ' || mute_reason || ' ' || COALESCE(blocked, -1) || ' ' || created || ' ' || COALESCE(allowed, -1) FROM addresses ORDER BY address`,
		`SELECT ticket || ' ' || address || ' ' || role || ' ' || added FROM participants ORDER BY ticket, address`,
		`SELECT message_id || ' ' || ticket || ' ' || at FROM message_ids ORDER BY message_id, ticket`,
	}
	older(t, 7, rows, func(t *testing.T, db *sqldb.DB) {
		read := func() (all []string) {
			err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				for _, query := range queries {
					var lines []string
					if err := tx.Select(&lines, query); err != nil {
						return err
					}
					all = append(all, lines...)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		before := read()
		if _, err := migrations.Up(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if after := read(); len(before) != 9 || !slices.Equal(before, after) {
			t.Errorf("before %q\nafter  %q", before, after)
		}
	})
}
