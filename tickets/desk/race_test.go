package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/store"
)

// TestSomebodyWritesToTwoInboxes has another daemon take in a mail of the same new customer at the worst instant, in a batch of which one mail cannot be decided. His mail is nobody's fault.
func TestSomebodyWritesToTwoInboxes(t *testing.T) {
	g := dbtest.Postgres(t) // on SQLite one transaction writes at a time
	other := g.Open(t)
	broken, raced := false, 0
	db := g.Open(t, sqldb.WithFault(func(query string) error {
		switch {
		case strings.HasPrefix(query, "INSERT INTO raws") && !broken:
			broken = true
			return errors.New("something is wrong with a mail")
		case strings.HasPrefix(query, "INSERT INTO addresses") && broken && raced == 0:
			raced++
			return other.Update(t.Context(), func(tx *sqldb.Tx) error {
				_, err := store.AddPerson(tx, "Max", "person1@customer.example", "person1@customer.example", "")
				return err
			})
		}
		return nil
	}))
	d := benchDesk(t, db, false)
	if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: time.Now(), Bytes: benchMail(1)}, {Inbox: "support", Received: time.Now(), Bytes: benchMail(2)}}); err != nil {
		t.Fatal(err)
	}
	var became []string
	err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&became, `SELECT outcome FROM inbound ORDER BY id`) })
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(became, " ") != "message message" || raced != 1 {
		t.Errorf("after %d races the mails became %q", raced, became)
	}
}

// waits waits until some transaction of the database waits for another one, or done reports that
// there will be none.
func waits(t *testing.T, db *sqldb.DB, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		n := 0
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			return tx.Get(&n, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		}); err != nil {
			t.Error(err)
		}
		if n > 0 {
			return
		}
		if time.Now().After(end) {
			t.Error("nobody waits for anybody")
			return
		}
	}
}

// count reads one number.
func count(t *testing.T, db *sqldb.DB, query string) (n int) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error { return tx.Get(&n, query) }); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// Two daemons remind one owner of 24 articles whose review is due. At the end of the first transaction of one, the other takes the timers that it has left: it waits, and sees that the
// owner has been reminded of three today.
func TestTwoDaemonsRemindOfReviews(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	g := dbtest.Postgres(t) // on SQLite one transaction writes at a time
	policy := benchPolicy(t)
	var pages []articles.Article
	for i := range 24 {
		r, err := articles.ParseReview("2026-03-01")
		if err != nil {
			t.Fatal(err)
		}
		r.Owner = "ann"
		pages = append(pages, articles.Article{File: fmt.Sprintf("kb/page%02d.md", i), Name: fmt.Sprintf("page%02d", i), Title: fmt.Sprintf("Page %d", i), Text: "Press the button.",
			Language: "en", Review: r})
	}
	policy.Articles = articles.New(pages, "en")
	third := g.Open(t, sqldb.WithClock(clock.Now))
	other := deskWith(t, g.Open(t, sqldb.WithClock(clock.Now)), policy)
	armed, ended := false, make(chan error, 1)
	db := g.Open(t, sqldb.WithClock(clock.Now), sqldb.WithFault(func(query string) error {
		if query == "COMMIT" && armed {
			armed = false
			go func() { _, err := other.Fire(t.Context()); ended <- err }()
			waits(t, third, func() bool { return len(ended) > 0 })
		}
		return nil
	}))
	d := deskWith(t, db, policy)
	if err := d.Arrange(t.Context()); err != nil {
		t.Fatal(err)
	}
	armed = true
	if _, err := d.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil || armed {
		t.Fatalf("the other daemon: %v", err)
	}
	const reminded = `SELECT COUNT(*) FROM outbox WHERE kind = 'article-review'`
	if n := count(t, third, reminded); n != 3 {
		t.Errorf("the owner was reminded of %d articles on one day, wanted 3", n)
	}
	clock.Advance(24 * time.Hour)
	if _, err := d.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, third, reminded); n != 6 {
		t.Errorf("the owner was reminded of %d articles on two days, wanted 6", n)
	}
}

// A daemon fires the timers of two tickets in one transaction, the second ticket's first; another takes in replies to both at that moment, the first ticket's first. Each waits for
// the other until PostgreSQL ends one of them: that one is run again, no reply is lost and nobody is told twice.
func TestTimersAndIntakeWaitForEachOther(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	g := dbtest.Postgres(t) // on SQLite one transaction writes at a time
	policy := benchPolicy(t)
	third := g.Open(t, sqldb.WithClock(clock.Now))
	locked := 0
	other := deskWith(t, g.Open(t, sqldb.WithClock(clock.Now), sqldb.WithFault(func(query string) error {
		if strings.Contains(query, "FROM tickets WHERE id IN") {
			locked++
		}
		return nil
	})), policy)
	reply := func(i int) mailin.Raw {
		raw := bytes.Replace(benchMail(i), []byte("Message-ID: <"), fmt.Appendf(nil, "In-Reply-To: <%d.bench@customer.example>\r\nMessage-ID: <re.", i), 1)
		return mailin.Raw{Inbox: "support", Received: clock.Now(), Bytes: raw}
	}
	armed, popped, ended := 0, 0, make(chan error, 1)
	db := g.Open(t, sqldb.WithClock(clock.Now), sqldb.WithFault(func(query string) error {
		if strings.HasPrefix(query, "DELETE FROM timers WHERE id = (SELECT") {
			popped++
		}
		if armed > 0 && strings.Contains(query, "FROM tickets WHERE id = ? /*pg FOR UPDATE") {
			if armed--; armed == 0 {
				go func() { ended <- other.Take(t.Context(), []mailin.Raw{reply(1), reply(2)}) }()
				waits(t, third, func() bool { return len(ended) > 0 })
			}
		}
		return nil
	}))
	d := deskWith(t, db, policy)
	urgent := bytes.Replace(benchMail(2), []byte("Subject: Printer"), []byte("Subject: Outage of printer"), 1)
	if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: clock.Now(), Bytes: benchMail(1)}, {Inbox: "support", Received: clock.Now(), Bytes: urgent}}); err != nil {
		t.Fatal(err)
	}
	clock.Advance(3*time.Hour + 30*time.Minute)
	popped, locked, armed = 0, 0, 2
	fired, err := d.Fire(t.Context())
	if err != nil || armed != 0 {
		t.Fatalf("%d timers fired, %v", fired, err)
	}
	if err := <-ended; err != nil {
		t.Fatalf("taking in the replies: %v", err)
	}
	if popped <= 3 && locked <= 1 {
		t.Errorf("nothing was run again: %d timers taken out, tickets locked %d times", popped, locked)
	}
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM messages WHERE kind = 'customer'`:                                                     4,
		`SELECT COUNT(*) FROM events WHERE kind = 'replied'`:                                                        2,
		`SELECT COUNT(*) FROM events WHERE kind = 'sla-warned'`:                                                     2,
		`SELECT COUNT(*) FROM timers WHERE kind = 'ticket'`:                                                         2,
		`SELECT COUNT(*) FROM outbox WHERE kind = 'sla-warning'`:                                                    4,
		`SELECT COUNT(*) FROM outbox WHERE kind = 'agent-reply'`:                                                    4,
		`SELECT COUNT(*) FROM (SELECT 1 FROM outbox GROUP BY kind, recipient, ticket HAVING COUNT(*) > 1) AS twice`: 0,
	} {
		if n := count(t, third, query); n != want {
			t.Errorf("%s: %d, wanted %d", query, n, want)
		}
	}
}
