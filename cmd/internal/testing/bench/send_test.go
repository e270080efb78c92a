package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/testing/sink"
	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
)

// BenchmarkSend measures sending alone, without Dovecot: the mails that a backlog of 2,000 mails has caused leave to a sink in this process, whose
// time is a part of cpu-µs/mail: acknowledgements, or all of a real day. One operation is all of them. Both databases wait for the disk.
func BenchmarkSend(b *testing.B) {
	for _, kind := range []sqldb.Kind{sqldb.SQLite, sqldb.Postgres} {
		for name, agents := range map[string]int{"backlog": 0, "day": 3} {
			b.Run(string(kind)+"/"+name, func(b *testing.B) {
				g, dir, dsn, sink := benchDesk(b, kind, agents, 1000)
				queued := 0
				with(b, dir, func(a *app.App) {
					take(b, a, generated(g, 1000, 3000))
					queued = waiting(b, a)
				})
				var cpu, wall time.Duration
				ended := transactions(b, kind, dsn)
				for b.Loop() {
					b.StopTimer()
					with(b, dir, func(a *app.App) {
						execute(b, a.DB, `UPDATE outbox SET state = 'waiting', next_attempt = created, attempts = 0, sent = NULL WHERE id IN
							(SELECT id FROM outbox ORDER BY id DESC LIMIT `+strconv.Itoa(queued)+`)`)
						before, _ := sink.count()
						began, used := time.Now(), spent(b)
						run, stop := context.WithCancel(context.Background())
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
				b.ReportMetric(float64(queued)/2000, "out/in")
				if kind == sqldb.Postgres {
					b.ReportMetric(float64(transactions(b, kind, dsn)-ended)/n, "tx/mail")
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// BenchmarkIntake measures intake alone, without Dovecot and without the index of words, behind 1,000 mails: one operation is one mail, with all
// that it causes queued.
func BenchmarkIntake(b *testing.B) {
	for _, kind := range []sqldb.Kind{sqldb.SQLite, sqldb.Postgres} {
		for name, agents := range map[string]int{"backlog": 0, "day": 3} {
			b.Run(string(kind)+"/"+name, func(b *testing.B) {
				g, dir, _, _ := benchDesk(b, kind, agents, 1000)
				mails := generated(g, 1000, 1000+b.N)
				with(b, dir, func(a *app.App) {
					b.ReportAllocs()
					b.ResetTimer()
					used := spent(b)
					take(b, a, mails)
					b.StopTimer()
					b.ReportMetric(float64((spent(b)-used).Microseconds())/float64(b.N), "cpu-µs/mail")
				})
			})
		}
	}
}

// benchDesk is a desk folder with so many agents, and an empty database and a sink of its own, behind an eve of so many mails; g makes the next
// ones.
func benchDesk(tb testing.TB, kind sqldb.Kind, agents, eve int) (g *mails, dir, dsn string, to *counter) {
	tb.Helper()
	check := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	dir = tb.TempDir()
	databases, err := newDatabases(tb.Context(), kind, dir)
	check(err)
	dsn, drop, err := databases.create(tb.Context(), fmt.Sprintf("own%d", agents))
	check(err)
	tb.Cleanup(func() { drop() })
	kept, err := sink.Start(sink.Options{Keep: isStaff})
	check(err)
	defer kept.Close()
	b := &bench{options: options{agents: agents}}
	check(b.writeDesk(dir, dsn, "127.0.0.1:1", address, kept.Addr))
	g = newMails()
	with(tb, dir, func(a *app.App) {
		take(tb, a, generated(g, 0, eve))
		run, stop := context.WithCancel(context.Background())
		finished := make(chan struct{})
		go func() { defer close(finished); a.Sender.Run(run) }()
		for waiting(tb, a) > 0 {
			time.Sleep(50 * time.Millisecond)
		}
		stop()
		<-finished
	})
	if agents > 0 {
		g.notices, err = notices(kept.Arrivals())
		check(err)
	}
	to, err = newCounter()
	check(err)
	tb.Cleanup(func() { to.Close() })
	check(b.writeDesk(dir, dsn, "127.0.0.1:1", address, to.Addr))
	return g, dir, dsn, to
}

// with opens the desk in the folder as its daemon does, and closes it behind f.
func with(b testing.TB, dir string, f func(a *app.App)) {
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

// generated are the mails from one number to another.
func generated(g *mails, from, to int) [][]byte {
	var all [][]byte
	for i := from; i < to; i++ {
		raw, _ := g.next(i)
		all = append(all, raw)
	}
	return all
}

// take takes mails in, in batches as the fetcher makes them from a backlog.
func take(b testing.TB, a *app.App, mails [][]byte) {
	b.Helper()
	for some := range slices.Chunk(mails, 50) {
		var batch []mailin.Raw
		for _, raw := range some {
			batch = append(batch, mailin.Raw{Inbox: "support", Received: time.Now(), Bytes: raw})
		}
		if err := a.Desk.Take(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
}

// waiting is how many mails wait in the outbox.
func waiting(b testing.TB, a *app.App) int {
	b.Helper()
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
