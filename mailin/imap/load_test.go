package imap_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// A first run over 5,000 old mails, in each way, and one new mail behind them.
func TestFirstRunOverFiveThousand(t *testing.T) {
	t.Parallel()
	const n = 5_000
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		first imap.FirstRun
		old   int
	}{
		{"new", imap.FirstRun{}, 0},
		{"since", imap.FirstRun{Since: first.Add(4_000 * time.Hour)}, 1_000},
		{"import", imap.FirstRun{Import: true}, n},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := memory(t, goimap.CapIMAP4rev1, goimap.CapIMAP4rev2)
			client := a.Open(t)
			for i := range n {
				client.Put("INBOX", imaptest.Mail(fmt.Sprint(i), 4_000), first.Add(time.Duration(i)*time.Hour))
			}
			db := sqlite(t)
			desk := &imaptest.Desk{DB: db}
			cfg := a.Config()
			cfg.FirstRun = c.first
			f, err := imap.New(cfg, db, ledger.NewKeeper(db, "test", time.Minute), desk, nil)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			imaptest.Start(t, f)
			imaptest.Eventually(t, "the old mails are taken", func() bool {
				s := f.Status().Folders[0]
				return s.Taken >= int64(c.old) && s.Doing == imap.Idling
			})
			took := time.Since(began)
			t.Logf("%d old mails taken of %d in %v: %.0f/s", c.old, n, took.Round(time.Millisecond), float64(c.old)/took.Seconds())
			client.Put("INBOX", imaptest.Mail("new", 4_000), time.Time{})
			imaptest.Eventually(t, "the new mail is taken", func() bool { return len(desk.Mails()) > c.old })
			mails := desk.Mails()
			if len(mails) != c.old+1 || desk.Twice() != 0 {
				t.Fatalf("%d taken, %d twice", len(mails), desk.Twice())
			}
			for i, m := range mails {
				want := fmt.Sprint(n - c.old + i)
				if i == c.old {
					want = "new"
				}
				if imaptest.Subject(m.Bytes) != want || m.Old != (i < c.old) {
					t.Fatalf("mail %d: %s, old=%v", i, imaptest.Subject(m.Bytes), m.Old)
				}
			}
		})
	}
}

// nothing is a desk that only enters mail into the ledger.
type nothing struct {
	db    *sqldb.DB
	taken chan int
	peak  uint64
}

func (d *nothing) Take(ctx context.Context, batch []mailin.Raw) error {
	err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
		for _, r := range batch {
			if _, err := ledger.Take(tx, r.Source, 1); err != nil {
				return err
			}
		}
		return nil
	})
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	d.peak = max(d.peak, m.HeapInuse)
	d.taken <- len(batch)
	return err
}

// BenchmarkIntake measures a backlog of mails of 13 kB: fetching, ledger, acknowledging; no
// parsing, no rules. The server is in the same process, so its work is in the figure.
func BenchmarkIntake(b *testing.B) {
	for _, way := range []imap.After{{Way: imap.Keep}, {Way: imap.Flag}, {Way: imap.Move, Folder: "Processed"}} {
		b.Run(string(way.Way), func(b *testing.B) {
			a := memory(b, goimap.CapIMAP4rev1, goimap.CapIMAP4rev2)
			client := a.Open(b)
			mail := imaptest.Mail("a backlog", 13_000)
			for range b.N {
				client.Put("INBOX", mail, time.Time{})
			}
			db := dbtest.SQLite(b).Open(b)
			desk := &nothing{db: db, taken: make(chan int, 1000)}
			cfg := a.Config()
			cfg.FirstRun, cfg.After = imap.FirstRun{Import: true}, way
			f, err := imap.New(cfg, db, ledger.NewKeeper(db, "bench", time.Minute), desk, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(mail)))
			b.ResetTimer()
			imaptest.Start(b, f)
			for n := 0; n < b.N; {
				n += <-desk.taken
			}
			imaptest.Eventually(b, "all is acknowledged", func() bool { return f.Status().Folders[0].Doing == imap.Idling })
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
			b.ReportMetric(float64(desk.peak)/1e6, "MB-heap")
		})
	}
}

// BenchmarkLatency measures one mail alone: from its delivery until the desk has it.
func BenchmarkLatency(b *testing.B) {
	a := memory(b, goimap.CapIMAP4rev1, goimap.CapIMAP4rev2)
	client := a.Open(b)
	db := dbtest.SQLite(b).Open(b)
	desk := &nothing{db: db, taken: make(chan int, 1)}
	f, err := imap.New(a.Config(), db, ledger.NewKeeper(db, "bench", time.Minute), desk, nil)
	if err != nil {
		b.Fatal(err)
	}
	imaptest.Start(b, f)
	idle := func() {
		imaptest.Eventually(b, "it idles", func() bool { return f.Status().Folders[0].Doing == imap.Idling })
	}
	mail := imaptest.Mail("one", 13_000)
	var all []time.Duration
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		idle()
		time.Sleep(2 * time.Millisecond) // until IDLE has begun
		b.StartTimer()
		began := time.Now()
		client.Put("INBOX", mail, time.Time{})
		<-desk.taken
		all = append(all, time.Since(began))
	}
	b.StopTimer()
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), "p95-µs")
}
