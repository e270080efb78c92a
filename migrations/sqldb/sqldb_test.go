package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

var errOwn = errors.New("this work's own fault")

func put(tx *sqldb.Tx, name, value string) error {
	_, err := tx.Exec("INSERT INTO meta (name, value, changed) VALUES (?, ?, ?)", name, value, sqldb.At(tx.Now()))
	return err
}

func all(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	var names []string
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&names, "SELECT name FROM meta ORDER BY name") }); err != nil {
		t.Fatal(err)
	}
	return names
}

func want(t *testing.T, db *sqldb.DB, names ...string) {
	t.Helper()
	if got := all(t, db); !slices.Equal(got, names) {
		t.Errorf("rows %v, want %v", got, names)
	}
}

func TestUpdateIsWholeOrNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		committed := false
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			tx.AfterCommit(func() { committed = true })
			if committed {
				t.Error("told of a commit before it")
			}
			return put(tx, "a", "1")
		})
		if err != nil || !committed {
			t.Fatalf("committed %v: %v", committed, err)
		}
		err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
			tx.AfterCommit(func() { t.Error("told of a commit that never was") })
			return errors.Join(put(tx, "b", "1"), errOwn)
		})
		if !errors.Is(err, errOwn) {
			t.Errorf("the error of the work is %v", err)
		}
		func() {
			defer func() { recover() }()
			db.Update(t.Context(), func(tx *sqldb.Tx) error {
				if err := put(tx, "c", "1"); err != nil {
					t.Error(err)
				}
				panic("in the midst of it")
			})
		}()
		err = db.DryRun(t.Context(), func(tx *sqldb.Tx) error {
			if !tx.Dry() {
				t.Error("does not know that it is dry")
			}
			tx.AfterCommit(func() { t.Error("told of a commit in a dry run") })
			return put(tx, "d", "1")
		})
		if err != nil {
			t.Error(err)
		}
		want(t, db, "a")
	})
}

func TestCancelledWorkIsNotCommitted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		for _, when := range []string{"before a statement", "before the commit"} {
			ctx, cancel := context.WithCancel(t.Context())
			err := db.Update(ctx, func(tx *sqldb.Tx) error {
				if err := put(tx, "a", "1"); err != nil {
					return err
				}
				cancel()
				if when == "before the commit" {
					return nil
				}
				return put(tx, "b", "1")
			})
			if !errors.Is(err, context.Canceled) || !sqldb.Temporary(err) {
				t.Errorf("%s: %v", when, err)
			}
		}
		want(t, db)
	})
}

// A transaction that has ended runs nothing more: on its connection another one may be in progress.
func TestEndedTransactionRefuses(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var kept *sqldb.Tx
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { kept = tx; return nil }); err != nil {
			t.Fatal(err)
		}
		if err := put(kept, "late", "1"); !errors.Is(err, sql.ErrTxDone) {
			t.Errorf("a statement after the end: %v", err)
		}
		if _, err := kept.ExecIn("DELETE FROM meta WHERE name IN (?)", []string{"a"}); !errors.Is(err, sql.ErrTxDone) {
			t.Errorf("a statement after the end: %v", err)
		}
	})
}

func TestViewCannotWriteAndSeesOneState(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return put(tx, "a", "1") }); err == nil {
			t.Error("a view could write")
		}
		err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			var before, after int
			if err := tx.Get(&before, "SELECT count(*) FROM meta"); err != nil {
				return err
			}
			// A reader neither waits for a writer nor hinders it.
			done := make(chan error, 1)
			go func() {
				done <- db.Update(context.Background(), func(tx *sqldb.Tx) error { return put(tx, "meanwhile", "1") })
			}()
			select {
			case err := <-done:
				if err != nil {
					return err
				}
			case <-time.After(5 * time.Second):
				t.Fatal("a reader blocks the writer")
			}
			err := tx.Get(&after, "SELECT count(*) FROM meta")
			if before != 0 || after != 0 {
				t.Errorf("the view saw %d rows, then %d", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, db, "meanwhile")
	})
}

// A writer in progress does not hinder readers.
func TestWriterDoesNotBlockReaders(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if err := put(tx, "a", "1"); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			return db.View(ctx, func(tx *sqldb.Tx) error {
				var n int
				err := tx.Get(&n, "SELECT count(*) FROM meta")
				if n != 0 {
					t.Errorf("a reader saw %d rows that are not committed", n)
				}
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// As many transactions at once as there are connections, each with a statement that was never prepared.
func TestManyAtOnceDoNotWaitForEachOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		n := 4
		if db.Kind() == sqldb.Postgres {
			n = 16
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var running, done sync.WaitGroup
		running.Add(n)
		for i := range n {
			done.Go(func() {
				err := db.View(ctx, func(tx *sqldb.Tx) error {
					running.Done()
					running.Wait()
					var got int
					return tx.Get(&got, fmt.Sprintf("SELECT %d", i))
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
	})
}

func TestSavepoint(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var told []string
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if err := put(tx, "before", "1"); err != nil {
				return err
			}
			fault, err := tx.Savepoint(func() error {
				tx.AfterCommit(func() { told = append(told, "good") })
				return put(tx, "good", "1")
			})
			if fault != nil || err != nil {
				t.Errorf("good work: %v, %v", fault, err)
			}
			// A violated key is the work's own fault, though PostgreSQL has aborted what surrounds it.
			fault, err = tx.Savepoint(func() error {
				tx.AfterCommit(func() { told = append(told, "bad") })
				return errors.Join(put(tx, "half", "1"), put(tx, "good", "again"))
			})
			if !sqldb.Unique(fault) || err != nil {
				t.Errorf("a violated key: %v, %v", fault, err)
			}
			// Nested: the inner one's fault leaves the outer one's work.
			fault, err = tx.Savepoint(func() error {
				if err := put(tx, "outer", "1"); err != nil {
					return err
				}
				fault, err := tx.Savepoint(func() error { return errors.Join(put(tx, "inner", "1"), errOwn) })
				if !errors.Is(fault, errOwn) {
					t.Errorf("inner fault %v", fault)
				}
				return err
			})
			if fault != nil || err != nil {
				t.Errorf("nested: %v, %v", fault, err)
			}
			return put(tx, "later", "1")
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, db, "before", "good", "later", "outer")
		if !slices.Equal(told, []string{"good"}) {
			t.Errorf("told of %v", told)
		}
	})
}

// What is wrong with the database is nobody's own fault: it ends the whole transaction.
func TestSavepointDoesNotSwallowTemporaryErrors(t *testing.T) {
	faults := &dbtest.Faults{}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		lost := fmt.Errorf("connection lost: %w", sql.ErrConnDone)
		faults.Break(func(_ int, query string) error {
			if strings.Contains(query, "broken") {
				return lost
			}
			return nil
		})
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			if err := put(tx, "before", "1"); err != nil {
				return err
			}
			fault, err := tx.Savepoint(func() error {
				_, err := tx.Exec("DELETE FROM meta -- broken")
				return err
			})
			if fault != nil {
				t.Errorf("blamed for it: %v", fault)
			}
			return err
		})
		if !errors.Is(err, sql.ErrConnDone) || !sqldb.Temporary(err) {
			t.Errorf("%v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = db.Update(ctx, func(tx *sqldb.Tx) error {
			fault, err := tx.Savepoint(func() error { cancel(); return errOwn })
			if fault != nil {
				t.Errorf("blamed for a cancelled context: %v", fault)
			}
			return err
		})
		if err == nil {
			t.Error("a cancelled transaction was committed")
		}
		want(t, db)
	}, sqldb.WithFault(faults.Ask))
}

func TestTemporary(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		cases := map[string]func(tx *sqldb.Tx) error{
			"NULL where none may be": func(tx *sqldb.Tx) error {
				_, err := tx.Exec("INSERT INTO meta (name, value, changed) VALUES (?, ?, ?)", "a", nil, 1)
				return err
			},
			"a key twice":   func(tx *sqldb.Tx) error { return errors.Join(put(tx, "a", "1"), put(tx, "a", "1")) },
			"no such table": func(tx *sqldb.Tx) error { _, err := tx.Exec("DELETE FROM nowhere"); return err },
		}
		for name, work := range cases {
			if err := db.Update(t.Context(), work); err == nil || sqldb.Temporary(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		want(t, db)
	})
	if !sqldb.Temporary(fmt.Errorf("reading: %w", &net.OpError{Op: "read", Err: errors.New("connection reset by peer")})) {
		t.Error("a network that failed counts as a fault of the work")
	}
	if sqldb.Temporary(nil) || sqldb.Temporary(errOwn) || !sqldb.Temporary(&pq.Error{Code: "57P01"}) || !sqldb.Temporary(&pq.Error{Code: "53100"}) ||
		sqldb.Temporary(&pq.Error{Code: "23505"}) || sqldb.Temporary(&pq.Error{Code: "22021"}) {
		t.Error("errors by their code")
	}
}

func TestErrorNamesTheStatementNotTheValues(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec("INSERT INTO meta (name, value) VALUES (?, ?)", "hush", "hush")
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "INSERT INTO meta") || strings.Contains(err.Error(), "hush") {
			t.Errorf("%v", err)
		}
		var e *sqldb.Error
		if !errors.As(err, &e) {
			t.Errorf("%T", err)
		}
	})
}

func TestSerialisationFailuresAreRetried(t *testing.T) {
	faults := &dbtest.Faults{}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		for _, code := range []pqerror.Code{"40001", "40P01"} {
			faults.Break(func(n int, query string) error {
				if query == "COMMIT" && n <= 4 { // two statements a run
					return &pq.Error{Code: code}
				}
				return nil
			})
			runs := 0
			err := db.Update(t.Context(), func(tx *sqldb.Tx) error { runs++; return put(tx, string(code), "1") })
			if err != nil || runs != 3 {
				t.Errorf("%s: %d runs: %v", code, runs, err)
			}
		}
		faults.Break(func(int, string) error { return &pq.Error{Code: "40001"} })
		runs := 0
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error { runs++; return put(tx, "never", "1") })
		if err == nil || !sqldb.Temporary(err) || runs < 3 || runs > 20 {
			t.Errorf("%d runs: %v", runs, err)
		}
		want(t, db, "40001", "40P01")
	}, sqldb.WithFault(faults.Ask))
}

// Two transactions that really deadlock: PostgreSQL ends one, and it is run again.
func TestDeadlockIsRunAgain(t *testing.T) {
	db := dbtest.Postgres(t).Open(t)
	if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { return errors.Join(put(tx, "a", "0"), put(tx, "b", "0")) }); err != nil {
		t.Fatal(err)
	}
	var met sync.WaitGroup
	met.Add(2)
	var wg sync.WaitGroup
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wg.Go(func() {
			first := true
			err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
				const add = "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = ?"
				if _, err := tx.Exec(add, order[0]); err != nil {
					return err
				}
				if first {
					first = false
					met.Done()
					met.Wait()
				}
				_, err := tx.Exec(add, order[1])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var values []string
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&values, "SELECT value FROM meta") }); err != nil || !slices.Equal(values, []string{"2", "2"}) {
		t.Errorf("%v %v", values, err)
	}
}

// Words for PostgreSQL alone are run there, and SQLite does not see them; the other way round with its own.
func TestWordsForOneDatabase(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			var kind string
			if err := tx.Get(&kind, "SELECT /*lite*/ 'sqlite' /*end*/ /*pg 'postgres' */ /* a remark */"); err != nil {
				return err
			}
			if kind != string(db.Kind()) {
				t.Errorf("%q on %s", kind, db.Kind())
			}
			var n int
			if err := tx.Get(&n, "SELECT ? + 1 /*pg :: integer */", 1); err != nil {
				return err
			}
			var names []string
			return tx.Select(&names, "SELECT name FROM meta WHERE value = ? ORDER BY name LIMIT 1 /*pg FOR UPDATE SKIP LOCKED */", "1")
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestLists(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for _, name := range []string{"a", "b", "c", "d"} {
				if err := put(tx, name, "1"); err != nil {
					return err
				}
			}
			n, err := tx.ExecIn("DELETE FROM meta WHERE value = ? AND name IN (?)", "1", []string{"a", "d", "x"})
			if err != nil || n != 2 {
				t.Errorf("%d deleted: %v", n, err)
			}
			var names []string
			if err := tx.SelectIn(&names, "SELECT name FROM meta WHERE name IN (?) ORDER BY name", []string{"a", "b", "c"}); err != nil {
				return err
			}
			if !slices.Equal(names, []string{"b", "c"}) {
				t.Errorf("%v", names)
			}
			if err := tx.SelectIn(&names, "SELECT name FROM meta WHERE name IN (?)", []string{}); err == nil {
				t.Error("an empty list was taken")
			}
			var seen []string
			err = tx.Each(func(scan func(...any) error) error {
				var name string
				err := scan(&name)
				seen = append(seen, name)
				return err
			}, "SELECT name FROM meta ORDER BY name")
			if !slices.Equal(seen, []string{"b", "c"}) {
				t.Errorf("%v", seen)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestFind(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			var value string
			if found, err := tx.Find(&value, "SELECT value FROM meta WHERE name = ?", "a"); found || err != nil {
				t.Errorf("%v %v", found, err)
			}
			if err := put(tx, "a", "1"); err != nil {
				return err
			}
			if found, err := tx.Find(&value, "SELECT value FROM meta WHERE name = ?", "a"); !found || err != nil || value != "1" {
				t.Errorf("%v %v %q", found, err, value)
			}
			if err := tx.Get(&value, "SELECT value FROM meta WHERE name = ?", "b"); !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("%v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTimes(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 29, 3, 0, 0, 123456789, time.FixedZone("here", 7200)))
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			frozen := tx.Now()
			clock.Advance(time.Hour)
			if !tx.Now().Equal(frozen) || frozen.Location() != time.UTC || frozen.Nanosecond()%1e6 != 0 {
				t.Errorf("now is %v, then %v", frozen, tx.Now())
			}
			if _, err := tx.Exec("INSERT INTO keys (id, secret, created, retired) VALUES (1, ?, ?, ?), (2, ?, ?, ?)",
				[]byte("x"), sqldb.At(frozen), sqldb.Time{}, []byte("y"), sqldb.At(frozen), sqldb.At(frozen.Add(time.Millisecond))); err != nil {
				return err
			}
			var rows []struct {
				ID      int64
				Created sqldb.Time
				Retired sqldb.Time
			}
			if err := tx.Select(&rows, "SELECT id, created, retired FROM keys ORDER BY retired DESC NULLS LAST"); err != nil {
				return err
			}
			if len(rows) != 2 || rows[0].ID != 2 || !rows[0].Created.Equal(frozen) || !rows[0].Retired.Equal(frozen.Add(time.Millisecond)) || !rows[1].Retired.IsZero() {
				t.Errorf("%+v", rows)
			}
			var ms int64
			err := tx.Get(&ms, "SELECT created FROM keys WHERE id = 1")
			if ms != frozen.UnixMilli() {
				t.Errorf("stored as %d", ms)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, sqldb.WithClock(clock.Now))
	var at sqldb.Time
	if err := at.Scan("2026"); err == nil {
		t.Error("a text was taken for a time")
	}
}

// No number is given twice: not across blocks, rollbacks, savepoints, dry runs and processes.
func TestNextIDIsNeverGivenTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		first, second := g.Open(t), g.Open(t)
		var mu sync.Mutex
		used := map[int64]bool{} // by committed work
		take := func(tx *sqldb.Tx, n int) ([]int64, error) {
			var ids []int64
			for range n {
				id, err := tx.NextID("ticket")
				if err != nil {
					return nil, err
				}
				ids = append(ids, id)
			}
			return ids, nil
		}
		keep := func(ids []int64) {
			mu.Lock()
			defer mu.Unlock()
			for _, id := range ids {
				if used[id] || id <= 0 {
					t.Errorf("number %d was given twice", id)
				}
				used[id] = true
			}
		}
		work := func(db *sqldb.DB, n int, end error) {
			var ids []int64
			err := db.Update(context.Background(), func(tx *sqldb.Tx) (err error) {
				if ids, err = take(tx, n); err != nil {
					return err
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Errorf("%v", err)
			}
			if end == nil {
				keep(ids)
			}
		}
		work(first, 3, errOwn) // the whole block goes with the transaction
		work(first, 3, nil)
		work(second, 3, nil)
		work(first, 700, nil) // across a block
		work(first, 700, errOwn)
		work(first, 10, nil)
		var ids []int64
		err := first.Update(t.Context(), func(tx *sqldb.Tx) error {
			fault, err := tx.Savepoint(func() error {
				_, err := take(tx, 1200)
				return errors.Join(err, errOwn)
			})
			if err != nil || !errors.Is(fault, errOwn) {
				t.Errorf("%v, %v", fault, err)
			}
			got, err := take(tx, 1200)
			ids = append(ids, got...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		keep(ids)
		if err := first.DryRun(t.Context(), func(tx *sqldb.Tx) error { _, err := take(tx, 600); return err }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for _, db := range []*sqldb.DB{first, second, first, second} {
			wg.Go(func() {
				for i := range 20 {
					end := error(nil)
					if i%3 == 2 {
						end = errOwn
					}
					work(db, 60, end)
				}
			})
		}
		wg.Wait()
	})
}

func TestWake(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		db := g.Open(t)
		woken, end := db.Subscribe("outbox")
		other, endOther := db.Subscribe("timers")
		defer endOther()
		got := func() bool {
			select {
			case <-woken:
				return true
			default:
				return false
			}
		}
		work := func(run func(context.Context, func(*sqldb.Tx) error) error, result error) {
			if err := run(t.Context(), func(tx *sqldb.Tx) error { tx.Wake("outbox"); return result }); !errors.Is(err, result) {
				t.Error(err)
			}
		}
		work(db.Update, errOwn)
		work(db.DryRun, nil)
		if got() {
			t.Error("woken by what was not committed")
		}
		work(db.Update, nil)
		work(db.Update, nil)
		if !got() {
			t.Error("not woken by a commit")
		}
		select {
		case <-other:
			t.Error("woken by another topic")
		default:
		}
		end()
		for got() { // PostgreSQL's own echo may come late
		}
		work(db.Update, nil)
		if got() {
			t.Error("woken after the end")
		}
	})
}

func TestWakeFromAnotherProcess(t *testing.T) {
	g := dbtest.Postgres(t)
	here, there := g.Open(t), g.Open(t)
	woken, end := here.Subscribe("outbox")
	defer end()
	// The listener connects beside the start, so the first wake-ups may be missed: that is the contract.
	deadline := time.After(10 * time.Second)
	for {
		if err := there.Update(t.Context(), func(tx *sqldb.Tx) error { tx.Wake("outbox"); return nil }); err != nil {
			t.Fatal(err)
		}
		select {
		case <-woken:
			return
		case <-deadline:
			t.Fatal("never woken from the other handle")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// A connection that the server has closed costs nobody a transaction that had not begun.
func TestStaleConnectionsAreReplaced(t *testing.T) {
	g := dbtest.Postgres(t)
	db, killer := g.Open(t), g.Open(t)
	if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { return put(tx, "a", "1") }); err != nil {
		t.Fatal(err)
	}
	err := killer.Update(t.Context(), func(tx *sqldb.Tx) error {
		var killed []bool
		err := tx.Select(&killed, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		if len(killed) == 0 {
			t.Error("nobody to kill")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { return put(tx, "b", "1") }); err != nil {
		t.Errorf("after the server closed the connection: %v", err)
	}
	want(t, db, "a", "b")
}

// A second process that writes for a while is waited for.
func TestTwoHandlesOnOneFile(t *testing.T) {
	g := dbtest.SQLite(t)
	one, two := g.Open(t), g.Open(t)
	var wg sync.WaitGroup
	for i, db := range []*sqldb.DB{one, two} {
		wg.Go(func() {
			for n := range 25 {
				if err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return put(tx, fmt.Sprint(i, " ", n), "1") }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(all(t, one)); n != 50 {
		t.Errorf("%d rows", n)
	}
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	for dsn, words := range map[string]string{
		"mysql://x": "sqlite:PATH", "sqlite:": "needs a file", "sqlite::memory:": "needs a file", "sqlite:/no/such/folder/desk.db": "folder",
		"postgres://u:hush@127.0.0.1:1/x": "refused",
	} {
		_, err := sqldb.Open(t.Context(), dsn)
		if err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
	if got := sqldb.Redacted("postgres://u:hush@h/x"); strings.Contains(got, "hush") {
		t.Error(got)
	}
}

func TestCloseTwice(t *testing.T) {
	db, err := sqldb.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "a strange name?#%.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := db.Update(t.Context(), func(*sqldb.Tx) error { return nil }); err == nil {
		t.Error("a closed database was updated")
	}
}

// A statement that finds its connection broken must not wait for the transaction that it is part of.
func TestBrokenConnectionInATransaction(t *testing.T) {
	g := dbtest.Postgres(t)
	db, killer := g.Open(t), g.Open(t)
	done := make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), func(tx *sqldb.Tx) error {
			if err := put(tx, "a", "1"); err != nil {
				return err
			}
			var pid int64
			if err := tx.Get(&pid, "SELECT pg_backend_pid()"); err != nil {
				return err
			}
			if err := killer.Update(context.Background(), func(tx *sqldb.Tx) error {
				var ok bool
				return tx.Get(&ok, "SELECT pg_terminate_backend(CAST(? AS INTEGER))", pid)
			}); err != nil {
				return err
			}
			if err := put(tx, "b", "1"); err == nil {
				return nil
			}
			return put(tx, "c", "1") // the driver knows by now
		})
	}()
	select {
	case err := <-done:
		if !sqldb.Temporary(err) {
			t.Errorf("a lost connection: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the transaction waits for itself")
	}
	want(t, db)
}

// TestAWaitingStatementIsCancelled shows that who is told to stop need not wait for a statement that takes long.
func TestAWaitingStatementIsCancelled(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		run, long := db.View, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT COUNT(*) FROM n`
		if db.Kind() == sqldb.Postgres {
			run, long = db.Update, `SELECT 1 FROM (SELECT pg_sleep(3600)) AS s`
		}
		ctx, cancel := context.WithCancel(t.Context())
		err := run(ctx, func(tx *sqldb.Tx) error {
			time.AfterFunc(50*time.Millisecond, cancel)
			return tx.Get(new(int), long)
		})
		if !errors.Is(err, context.Canceled) || !sqldb.Temporary(err) {
			t.Errorf("error %v", err)
		}
		want(t, db) // and the next transaction finds a connection in order
	})
}
