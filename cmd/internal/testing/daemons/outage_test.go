package daemons

import (
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/sink"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// The desk was away for a week, and what came meanwhile waits: all of it is taken, with the times at which it came. Nobody is mailed about what is older than a day, but the
// admin, who gets a summary; who wrote within the last day gets his acknowledgement.
func TestAWeeksOutage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) { aWeeksOutage(t, newWorld(t, g.URL)) })
}

func aWeeksOutage(t *testing.T, w *world) {
	o := orders{Folder: w.folder("", "", "")}
	p := start(t, o)
	eventually(t, "the daemon watches", p.watches)
	w.deliver(500)
	w.done()
	p.stop()
	n := much(300, 3000)
	young := 0
	for i := range n {
		age := 7 * 24 * time.Hour * time.Duration(n-i) / time.Duration(n)
		if age < 23*time.Hour {
			young++
		} else if age < 25*time.Hour {
			continue // on the border
		}
		w.server.Backdate(age)
		w.deliver(2000)
	}
	w.server.Backdate(0)
	began := time.Now()
	p = start(t, o)
	w.done()
	took := time.Since(began)
	eventually(t, "the summary", func() bool { return to(w.sink.Arrivals(), "it@acme.example") > 0 })
	w.done()
	p.stop()

	total := w.delivered()
	if taken := w.ask(`SELECT COUNT(DISTINCT inbound) FROM messages`); taken != total {
		t.Errorf("%d of %d mails are messages", taken, total)
	}
	if late := w.ask(`SELECT COUNT(*) FROM inbound i JOIN messages m ON m.inbound = i.id JOIN tickets t ON t.id = m.ticket WHERE t.opened <> i.received`); late != 0 {
		t.Errorf("the clocks of %d tickets do not start when their mail came", late)
	}
	arrivals := w.sink.Arrivals()
	answered := 0
	for i := 2; i <= total; i++ {
		mails := to(arrivals, address(i))
		answered += mails
		if old := i <= total-young; old && mails > 0 || !old && mails != 1 {
			t.Errorf("customer %d of %d was sent %d mails", i, total, mails)
		}
	}
	toAdmin, toAnn := to(arrivals, "it@acme.example"), to(arrivals, ann)
	t.Logf("%d mails, %d of them young, taken in %v; %d acknowledgements, %d mails to the admin, %d to the agent", total, young, took.Round(time.Second), answered, toAdmin, toAnn)
	if toAdmin > 3 || toAnn > 2*(young+1) { // of each young one a notice, and that its first reply is late
		t.Errorf("%d mails to the admin, %d to the agent", toAdmin, toAnn)
	}
}

// A desk is set up over an inbox that is full of old mail. It leaves the mail alone, or takes it in from a day on, or all of it, as first_run says; in each case nobody hears of it but the
// admin, at most once, clocks begin when the mails came, and a mail that comes afterwards is answered like any other.
func TestFirstRun(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	since := time.Now().UTC().Truncate(day).Add(-30 * day)
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		for _, c := range []struct {
			name, firstRun string
			from           time.Time // what came from then on is taken
		}{
			{"new", "new", time.Now().Add(day)},
			{"since", "since:" + since.Format(time.DateOnly), since},
			{"import", "import", time.Time{}},
		} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				database := g
				if c.name != "new" { // each has a database of its own
					database = map[sqldb.Kind]func(testing.TB) dbtest.Ground{sqldb.SQLite: dbtest.SQLite, sqldb.Postgres: dbtest.Postgres}[g.Kind](t)
				}
				w := newWorld(t, database.URL)
				w.firstRun = c.firstRun
				n, taken := much(200, 5000), 0
				for i := range n {
					age := 2*day + 58*day/time.Duration(n)*time.Duration(n-i)
					if came := time.Now().Add(-age); came.Sub(since).Abs() < 26*time.Hour {
						age += 3 * day // not on the border: zones differ
					}
					if !time.Now().Add(-age).Before(c.from) {
						taken++
					}
					w.server.Backdate(age)
					w.deliver(2000)
				}
				w.server.Backdate(0)
				began := time.Now()
				p := start(t, orders{Folder: w.folder("", "", "")})
				eventually(t, "the old mail is taken", func() bool {
					return p.watches() && w.ask(`SELECT COUNT(*) FROM inbound`) == taken && w.inbox() == n-taken && w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`) == 0
				})
				took := time.Since(began)
				w.deliver(500)
				eventually(t, "the new mail is answered", func() bool { return to(w.sink.Arrivals(), address(n+1)) == 1 })
				eventually(t, "all is sent", func() bool {
					return w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`) == 0
				})
				eventually(t, "the admin is told", func() bool { return taken == 0 || to(w.sink.Arrivals(), "it@acme.example") == 1 })
				p.stop()
				if got := w.ask(`SELECT COUNT(DISTINCT inbound) FROM messages`); got != taken+1 {
					t.Errorf("%d mails are messages, wanted %d", got, taken+1)
				}
				if late := w.ask(`SELECT COUNT(*) FROM inbound i JOIN messages m ON m.inbound = i.id JOIN tickets t ON t.id = m.ticket WHERE t.opened <> i.received`); late != 0 {
					t.Errorf("the clocks of %d tickets do not start when their mail came", late)
				}
				// Beside the new customer's acknowledgement, the notice of it, and the admin's summary nothing went out.
				arrivals := w.sink.Arrivals()
				want := 3
				if taken == 0 {
					want = 2
				}
				if len(arrivals) != want || to(arrivals, ann) != 1 {
					t.Errorf("%d mails went out, %d of them to the agent; wanted %d, 1", len(arrivals), to(arrivals, ann), want)
				}
				t.Logf("%d of %d old mails taken after %v; %d mails out", taken, n, took.Round(time.Millisecond), len(arrivals))
			})
		}
	})
}

// to counts mails to a recipient.
func to(arrivals []sink.Arrival, recipient string) int {
	n := 0
	for _, a := range arrivals {
		if a.Recipient == recipient {
			n++
		}
	}
	return n
}
