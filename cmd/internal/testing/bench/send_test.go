package main

import (
	"context"
	"log/slog"
	"os"
	"syscall"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
)

// BenchmarkSend measures sending alone, without Dovecot: the acknowledgements of a backlog of 2,000 mails leave to a sink in this process, whose
// time is a part of cpu-µs/mail. One operation is all of them. Both databases wait for the disk.
func BenchmarkSend(b *testing.B) {
	for _, kind := range []sqldb.Kind{sqldb.SQLite, sqldb.Postgres} {
		b.Run(string(kind), func(b *testing.B) {
			ctx := context.Background()
			sink, err := newCounter()
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { sink.Close() })
			dir := b.TempDir()
			databases, err := newDatabases(ctx, kind, dir)
			if err != nil {
				b.Fatal(err)
			}
			dsn, drop, err := databases.create(ctx, "send")
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { drop() })
			if err := (&bench{}).writeDesk(dir, dsn, "127.0.0.1:1", address, sink.Addr); err != nil {
				b.Fatal(err)
			}
			queued := 0
			with(b, dir, func(a *app.App) { queued = backlog(b, a, 2000) })
			b.Run("backlog", func(b *testing.B) {
				var cpu, wall time.Duration
				ended := transactions(b, kind, dsn)
				for b.Loop() {
					b.StopTimer()
					with(b, dir, func(a *app.App) {
						execute(b, a.DB, `UPDATE outbox SET state = 'waiting', next_attempt = created, attempts = 0, sent = NULL`)
						before, _ := sink.count()
						began, used := time.Now(), spent(b)
						run, stop := context.WithCancel(ctx)
						finished := make(chan struct{})
						go func() { defer close(finished); a.Sender.Run(run) }()
						last := began
						for n := 0; n < before+queued; time.Sleep(time.Millisecond) {
							n, last = sink.count()
						}
						stop()
						<-finished
						wall, cpu = wall+last.Sub(began), cpu+spent(b)-used
					})
					b.StartTimer()
				}
				n := float64(b.N * queued)
				b.ReportMetric(float64(cpu.Microseconds())/n, "cpu-µs/mail")
				b.ReportMetric(n/wall.Seconds(), "mails/s")
				if kind == sqldb.Postgres {
					b.ReportMetric(float64(transactions(b, kind, dsn)-ended)/n, "tx/mail")
				}
				b.ReportMetric(0, "ns/op")
			})
		})
	}
}

// with opens the desk in the folder as its daemon does, and closes it behind f.
func with(b *testing.B, dir string, f func(a *app.App)) {
	b.Helper()
	cfg, err := config.Load(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := app.New(context.Background(), cfg, log, app.Exclusive(), app.WithResolver(nil))
	if err != nil {
		b.Fatal(err)
	}
	f(a)
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}

// backlog takes n generated mails in and tells how many wait in the outbox then.
func backlog(b *testing.B, a *app.App, n int) int {
	b.Helper()
	g := newMails()
	for i := 0; i < n; i += 50 {
		var batch []mailin.Raw
		for j := i; j < min(n, i+50); j++ {
			raw, _ := g.next(j)
			batch = append(batch, mailin.Raw{Inbox: "support", Received: time.Now(), Bytes: raw})
		}
		if err := a.Desk.Take(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
	status, err := a.Sender.Status(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return status.Waiting
}

func execute(b *testing.B, db *sqldb.DB, statement string) {
	b.Helper()
	if _, err := db.Handle().Exec(statement); err != nil {
		b.Fatal(err)
	}
}

// spent is the processor time of this process.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// transactions is how many of a PostgreSQL database have ended. A session tells of its own when it ends.
func transactions(b *testing.B, kind sqldb.Kind, dsn string) (n int64) {
	b.Helper()
	if kind != sqldb.Postgres {
		return 0
	}
	db, err := sqldb.Open(context.Background(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Handle().QueryRow(`SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()`).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}
