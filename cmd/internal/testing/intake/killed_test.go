package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// orders tell a child process what to fetch, and into which database.
type orders struct {
	Database string
	Account  imaptest.Account
}

const ordersVariable = "TIERDESK_TEST_INTAKE"

// TestMain lets the test's own program be the daemon that is killed.
func TestMain(m *testing.M) {
	text := os.Getenv(ordersVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		panic(err)
	}
	db, err := sqldb.Open(context.Background(), o.Database)
	if err != nil {
		panic(err)
	}
	cfg := o.Account.Config()
	cfg.FirstRun = imap.FirstRun{Import: true}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	f, err := imap.New(cfg, db, ledger.NewKeeper(db, "killed", 0), writer{db}, log)
	if err != nil {
		panic(err)
	}
	if err := f.Run(context.Background()); err != nil {
		panic(err)
	}
}

// writer is a desk that writes the subject of each mail into a table, in the transaction that takes it.
type writer struct{ db *sqldb.DB }

func (w writer) Take(ctx context.Context, batch []mailin.Raw) error {
	return w.db.Update(ctx, func(tx *sqldb.Tx) error {
		for _, r := range batch {
			already, err := ledger.Take(tx, r.Source, 1)
			if err != nil {
				return err
			}
			if already {
				continue
			}
			if _, err := tx.Exec(`INSERT INTO killed (subject) VALUES (?)`, imaptest.Subject(r.Bytes)); err != nil {
				return err
			}
		}
		return nil
	})
}

// A daemon is killed at random moments while mail comes in. In the end each mail was taken once and moved once.
func TestKilled(t *testing.T) {
	t.Parallel()
	next := accounts(t, 2, imap.Insecure)
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		a := next(t)
		client := a.Open(t)
		db := g.Open(t)
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`CREATE TABLE killed (subject TEXT NOT NULL)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		o, err := json.Marshal(orders{Database: g.URL, Account: a})
		if err != nil {
			t.Fatal(err)
		}
		start := func() (kill func()) {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), ordersVariable+"="+string(o))
			var said strings.Builder
			child.Stderr = &said
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			return func() {
				child.Process.Kill()
				child.Wait()
				if strings.Contains(said.String(), "panic") || strings.Contains(said.String(), "DATA RACE") {
					t.Errorf("the daemon said: %s", said.String())
				}
			}
		}
		const kills, each = 25, 12
		n := 0
		for range kills {
			for range each {
				client.Put("INBOX", imaptest.Mail(fmt.Sprint("mail ", n), 500+rand.IntN(30_000)), time.Time{})
				n++
			}
			kill := start()
			time.Sleep(30*time.Millisecond + rand.N(500*time.Millisecond))
			kill()
		}
		kill := start()
		defer kill()
		imaptest.Eventually(t, "all is moved", func() bool { return len(client.Look("Processed")) >= n && len(client.Look("INBOX")) == 0 })
		var moved, taken []string
		for _, m := range client.Look("Processed") {
			moved = append(moved, imaptest.Subject(m.Bytes))
		}
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&taken, `SELECT subject FROM killed`) }); err != nil {
			t.Fatal(err)
		}
		for what, list := range map[string][]string{"taken": taken, "moved": moved} {
			slices.Sort(list)
			if len(list) != n || len(slices.Compact(list)) != n {
				t.Errorf("%s: %d, of them %d different; %d mails came", what, len(list), len(slices.Compact(list)), n)
			}
		}
		t.Logf("%d kills, %d mails, %d taken", kills, n, len(taken))
	})
}
