package intake

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// nothing is a desk that only enters mail into the ledger.
type nothing struct {
	db    *sqldb.DB
	taken chan int
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
	d.taken <- len(batch)
	return err
}

// BenchmarkDovecot measures how fast a backlog of mails of 13 kB is fetched from a Dovecot on this machine, entered into the ledger
// and acknowledged.
func BenchmarkDovecot(b *testing.B) {
	next := accounts(b, 12, imap.TLS)
	for _, way := range []imap.After{{Way: imap.Keep}, {Way: imap.Move, Folder: "Processed"}} {
		b.Run(string(way.Way), func(b *testing.B) {
			a := next(b)
			client := a.Open(b)
			for i := range b.N {
				client.Put("INBOX", imaptest.Mail(fmt.Sprint(i), 13_000), time.Time{})
			}
			db := dbtest.SQLite(b).Open(b)
			desk := &nothing{db: db, taken: make(chan int, 1000)}
			cfg := a.Config()
			cfg.FirstRun, cfg.After = imap.FirstRun{Import: true}, way
			f, err := imap.New(cfg, db, ledger.NewKeeper(db, "bench", time.Minute), desk, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			imaptest.Start(b, f)
			for n := 0; n < b.N; {
				n += <-desk.taken
			}
			imaptest.Eventually(b, "all is acknowledged", func() bool { return f.Status().Folders[0].Doing == imap.Idling })
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}
