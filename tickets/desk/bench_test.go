package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
	"tierdesk/mailout/token"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/desk"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/timers"
)

// BenchmarkTake measures the desk's part of intake, in batches as the fetcher makes them from a backlog: reading, deciding with one
// rule, a ticket, an acknowledgement and two notices queued, committed. One operation is one mail. A backlog has no notices, and two of five mails
// answer earlier ones.
func BenchmarkTake(b *testing.B) {
	for _, ground := range []struct {
		name string
		open func(testing.TB) dbtest.Ground
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		for _, kind := range []struct {
			name   string
			size   int
			agents bool
			mail   func(i int) []byte
		}{{"batch=1", 1, true, benchMail}, {"batch=50", 50, true, benchMail}, {"backlog", 50, false, benchMixed}} {
			b.Run(ground.name+"/"+kind.name, func(b *testing.B) {
				size := kind.size
				d := benchDesk(b, ground.open(b).Open(b), kind.agents)
				ctx, cancel := context.WithCancel(context.Background()) // as the daemon has it
				defer cancel()
				b.ReportAllocs()
				b.ResetTimer()
				began := used(b)
				for n := 0; n < b.N; n += size {
					batch := make([]mailin.Raw, 0, size)
					for i := n; i < min(n+size, b.N); i++ {
						batch = append(batch, mailin.Raw{Inbox: "support", Received: time.Now(), Bytes: kind.mail(i)})
					}
					if err := d.Take(ctx, batch); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				b.ReportMetric(float64((used(b)-began).Microseconds())/float64(b.N), "cpu-µs/op")
			})
		}
	}
}

// BenchmarkTimers has a million timers in the database. "next" is how long it takes to learn when the next one is due; "fire" fires those of tickets
// whose first reply is late: one operation is one timer, which computes the ticket's clocks from its history, writes the event and sets the next. The
// databases wait for the disk as a desk's do (SQLite) or as the server does.
func BenchmarkTimers(b *testing.B) {
	for _, ground := range []struct {
		name string
		open func(testing.TB) dbtest.Ground
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(ground.name, func(b *testing.B) {
			start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			clock := dbtest.NewClock(start)
			db, err := sqldb.Open(b.Context(), ground.open(b).URL, sqldb.WithClock(clock.Now))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { db.Close() })
			for first := range 100 {
				if err := db.Update(b.Context(), func(tx *sqldb.Tx) error {
					for i := range 10_000 {
						n := first*10_000 + i
						err := timers.Set(tx, timers.Timer{Ticket: int64(1_000_000 + n), Kind: timers.Snooze, Due: sqldb.At(start.Add(1000*time.Hour + time.Duration(n)*time.Second))})
						if err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.Run("next", func(b *testing.B) {
				for b.Loop() {
					if err := db.View(b.Context(), func(tx *sqldb.Tx) error { _, err := timers.NextDue(tx); return err }); err != nil {
						b.Fatal(err)
					}
				}
			})
			d := benchDesk(b, db, false)
			opened := 0
			b.Run("fire", func(b *testing.B) {
				clock.Set(start)
				for end := opened + b.N; opened < end; {
					var batch []mailin.Raw
					for ; opened < end && len(batch) < 50; opened++ {
						raw := bytes.ReplaceAll(benchMail(opened), []byte("customer.example"), fmt.Appendf(nil, "customer%d.example", opened/20))
						batch = append(batch, mailin.Raw{Inbox: "support", Received: clock.Now(), Bytes: raw})
					}
					if err := d.Take(b.Context(), batch); err != nil {
						b.Fatal(err)
					}
					clock.Advance(time.Minute)
				}
				clock.Advance(200 * time.Minute)
				b.ResetTimer()
				for fired := 0; fired < b.N; {
					n, err := d.Fire(b.Context())
					if err != nil || n == 0 {
						b.Fatalf("%d of %d fired: %v", fired, b.N, err)
					}
					fired += n
				}
			})
		})
	}
}

// used is the time that this process has had of the processors: on a machine that others use, it says more than the time on the wall.
func used(tb testing.TB) time.Duration {
	tb.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func benchDesk(tb testing.TB, db *sqldb.DB, agents bool, change ...func(*desk.Settings)) *desk.Desk {
	tb.Helper()
	with := benchPolicy(tb)
	if !agents {
		with.People = &tickets.Directory{Teams: []tickets.Team{{Name: "front"}}}
	}
	return deskWith(tb, db, with, change...)
}

func benchPolicy(tb testing.TB) *tickets.Policy {
	tb.Helper()
	names := rules.Names{Priorities: []string{"normal", "urgent"}, Teams: []string{"front"}, Tiers: []int{1}}
	set, faults := rules.Compile([]rules.File{{Name: "rules/10.yaml", Rules: []rules.Rule{{Name: "outage", When: `subject matches "(?i)\\boutage\\b"`,
		Do: []rules.Action{{Kind: rules.KindSet, Set: rules.Changes{Priority: "urgent"}}}}}}}, names)
	if faults.Err() != nil {
		tb.Fatal(faults)
	}
	mails, faults := templates.Load(nil)
	if faults.Err() != nil {
		tb.Fatal(faults)
	}
	return &tickets.Policy{
		Service: &tickets.Service{
			Tiers:      []tickets.Tier{{Level: 1, Name: "Front desk", Team: "front"}},
			Priorities: []tickets.Priority{{Name: "urgent", Promise: sla.Promise{FirstReply: time.Hour, Resolution: 4 * time.Hour}}, {Name: "normal", Promise: sla.Promise{FirstReply: 4 * time.Hour, Resolution: 24 * time.Hour}}},
			Default:    tickets.Defaults{Priority: "normal", Tier: 1},
			Escalations: []tickets.Escalation{{When: tickets.Condition{Target: sla.FirstReply, Percent: 80}, Notify: []string{"team"}},
				{When: tickets.Condition{Target: sla.Resolution, Percent: 100}, TierUp: true}},
			PauseIn: []tickets.Status{tickets.Pending, tickets.OnHold}, AfterAnswer: tickets.Pending, CloseAfter: 120 * time.Hour, ReopenWithin: 240 * time.Hour,
		},
		People: &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able", Address: "ann@staff.example", Teams: []string{"front"}}, {Name: "ben", FullName: "Ben Brown", Address: "ben@staff.example", Teams: []string{"front"}}},
			Teams: []tickets.Team{{Name: "front"}}},
		Rules: set, Templates: mails, Hash: "bench",
	}
}

func deskWith(tb testing.TB, db *sqldb.DB, with *tickets.Policy, change ...func(*desk.Settings)) *desk.Desk {
	tb.Helper()
	keys, err := token.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		tb.Fatal(err)
	}
	settings := desk.Settings{
		Identity: tickets.Identity{Name: "Acme Support", Domain: "acme.example", Admin: "it@acme.example", Language: "en", Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example"}}},
		Reading:  read.Options{Limits: parse.Limits{TextOnly: true}, Self: classify.Self{Addresses: []string{"support@acme.example"}, MessageIDDomain: "acme.example"}, Markers: []string{templates.Marker}},
	}
	for _, f := range change {
		f(&settings)
	}
	d, err := desk.New(db, settings, func() *tickets.Policy { return with }, func() *token.Keyring { return keys }, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// benchMail is a mail of about 13 KB, each from another person.
func benchMail(i int) []byte {
	text := strings.Repeat("The printer on the second floor makes a strange noise and then stops.\r\n", 90)
	return fmt.Appendf(nil, "From: Person %d <person%d@customer.example>\r\nTo: support@acme.example\r\nSubject: Printer %d\r\nMessage-ID: <%d.bench@customer.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>%s</p>\r\n--b--\r\n",
		i, i, i, i, time.Now().Format(time.RFC1123Z), text, text)
}

// benchMixed is a mail of a backlog: every fifth and the one after it answer a mail of an earlier batch.
func benchMixed(i int) []byte {
	if i < 50 || i%5 > 1 {
		return benchMail(i)
	}
	to := i*7919%(i/50*50)/5*5 + 2 // one that opened a ticket
	raw := bytes.Replace(benchMail(i), fmt.Appendf(nil, "Person %d <person%d@", i, i), fmt.Appendf(nil, "Person %d <person%d@", to, to), 1)
	return bytes.Replace(raw, []byte("Message-ID:"), fmt.Appendf(nil, "In-Reply-To: <%d.bench@customer.example>\r\nMessage-ID:", to), 1)
}
