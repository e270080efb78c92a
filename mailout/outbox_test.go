package mailout_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tierdesk/mailin"
	. "tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func update(t testing.TB, db *sqldb.DB, f func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func mail(id int64, urgency Urgency) Mail {
	return Mail{ID: id, Group: id, Inbox: "support", Ticket: 1042, Kind: "ack", Party: Customer, Person: "person:7", Recipient: "Jane@gold.example",
		AfterMessage: 3, Message: 4, Automatic: AutoReplied, Urgency: urgency, MessageID: fmt.Sprintf("1042.%d.abc@acme.example", id), Created: noon,
		Expires: noon.Add(time.Hour), From: mailin.Address{Name: "Acme", Address: "support@acme.example"}, To: []mailin.Address{{Address: "Jane@gold.example"}},
		ReplyTo: "support+x@acme.example", Date: noon, Subject: "[#1042] Grüße", InReplyTo: "a@b", References: []string{"a@b"},
		Header: []mailin.Field{{Key: "List-Id", Value: "<x>"}}, Text: "hello\n", HTML: "<p>hello</p>",
		Attach: []Attachment{{Name: "a.txt", ContentType: "text/plain", Data: []byte("x\x00y")}}}
}

// run returns the test both databases with a clock that stands at noon.
func run(t *testing.T, body func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock)) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		clock := dbtest.NewClock(noon)
		body(t, g.Open(t, sqldb.WithClock(clock.Now)), clock)
	})
}

func enqueue(t testing.TB, db *sqldb.DB, mails ...Mail) {
	t.Helper()
	update(t, db, func(tx *sqldb.Tx) error { return EnqueueAll(tx, mails) })
}

func claim(t testing.TB, db *sqldb.DB, holder string, limit int, inboxes ...string) (ids []int64, all []Claimed) {
	t.Helper()
	if len(inboxes) == 0 {
		inboxes = []string{"support"}
	}
	update(t, db, func(tx *sqldb.Tx) (err error) {
		all, err = Claim(tx, inboxes, limit, holder, time.Minute)
		return err
	})
	for _, c := range all {
		ids = append(ids, c.Mail.ID)
	}
	return ids, all
}

func finish(t testing.TB, db *sqldb.DB, holder string, results ...Result) (recorded []Result) {
	t.Helper()
	update(t, db, func(tx *sqldb.Tx) (err error) {
		recorded, err = Finish(tx, holder, results, func() float64 { return 1 })
		return err
	})
	return recorded
}

func get(t testing.TB, db *sqldb.DB, id int64) (r Row) {
	t.Helper()
	update(t, db, func(tx *sqldb.Tx) (err error) { r, err = Get(tx, id); return err })
	return r
}

func TestAMailIsThereOnceItIsQueued(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		want := mail(5, Answers)
		update(t, db, func(tx *sqldb.Tx) error {
			if err := Enqueue(tx, want); err != nil {
				return err
			}
			got, err := Get(tx, 5)
			if d := cmp.Diff(want, got.Mail); d != "" {
				t.Error(d)
			}
			return err
		})
	})
}

func TestWhatIsQueuedComesBackWhole(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		want := mail(5, Answers)
		enqueue(t, db, want)
		got := get(t, db, 5)
		if d := cmp.Diff(want, got.Mail); d != "" {
			t.Error(d)
		}
		if got.State != Waiting || !got.NextAttempt.Equal(noon) || got.InHand {
			t.Errorf("a queued mail is %+v", got)
		}
		_, all := claim(t, db, "a", 10)
		if d := cmp.Diff(want, all[0].Mail); d != "" || all[0].Attempt != 1 {
			t.Errorf("claimed, attempt %d: %s", all[0].Attempt, d)
		}
		update(t, db, func(tx *sqldb.Tx) error {
			n, err := Notice(tx, 5)
			if err != nil || n.Mail.Recipient != "jane@gold.example" || n.Mail.Text != "" || !n.Live(noon) || n.Live(noon.Add(time.Hour)) {
				t.Errorf("notice: %+v, %v", n, err)
			}
			if _, err := Get(tx, 6); !errors.Is(err, ErrNone) {
				t.Errorf("a mail that is not there: %v", err)
			}
			if _, err := Notice(tx, 6); !errors.Is(err, ErrNone) {
				t.Errorf("a notice that is not there: %v", err)
			}
			rows, err := ByMessageID(tx, want.MessageID)
			if err != nil || len(rows) != 1 || rows[0].Mail.ID != 5 {
				t.Errorf("by Message-ID: %v, %v", rows, err)
			}
			return nil
		})
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return EnqueueAll(tx, []Mail{mail(6, Answers), want}) })
		if !errors.Is(err, ErrAlready) {
			t.Errorf("queueing twice: %v", err)
		}
	})
}

func TestFaultyMailIsNotQueued(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		for name, change := range map[string]func(*Mail){
			"no id": func(m *Mail) { m.ID = 0 }, "no inbox": func(m *Mail) { m.Inbox = "" }, "no recipient": func(m *Mail) { m.Recipient = "jane" },
			"a second recipient": func(m *Mail) { m.Recipient = "a@b.example>\r\nRCPT TO:<c@d.example" }, "no Message-ID": func(m *Mail) { m.MessageID = "" },
			"an urgency that nobody claims": func(m *Mail) { m.Urgency = 7 },
		} {
			m := mail(1, Answers)
			change(&m)
			if err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return Enqueue(tx, m) }); err == nil {
				t.Errorf("%s: queued", name)
			}
		}
	})
}

func TestManyAreQueuedAtOnce(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		var mails []Mail
		for i := range int64(117) {
			mails = append(mails, mail(i+1, Notices))
		}
		woken, end := db.Subscribe(TopicQueued)
		defer end()
		enqueue(t, db, mails...)
		select {
		case <-woken:
		case <-time.After(5 * time.Second):
			t.Error("nobody was woken")
		}
		ids, _ := claim(t, db, "a", 1000)
		if len(ids) != 117 {
			t.Errorf("%d claimed of 117", len(ids))
		}
		update(t, db, func(tx *sqldb.Tx) error { return EnqueueAll(tx, nil) })
	})
}

func TestUrgentFirstThenOldest(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		other := mail(7, Answers)
		other.Inbox = "sales"
		enqueue(t, db, mail(1, Digests), mail(2, Notices), other)
		clock.Advance(time.Second)
		enqueue(t, db, mail(3, Notices), mail(4, Answers))
		ids, _ := claim(t, db, "a", 3)
		if !slices.Equal(ids, []int64{4, 2, 3}) {
			t.Errorf("claimed %v, want the answer, then notices by age", ids)
		}
		if ids, _ = claim(t, db, "b", 10, "support", "sales"); !slices.Equal(ids, []int64{7, 1}) {
			t.Errorf("claimed %v, want what is left", ids)
		}
		if ids, _ = claim(t, db, "c", 10, "support", "sales"); len(ids) != 0 {
			t.Errorf("claimed %v twice", ids)
		}
	})
}

func TestAClaimIsKnownToOneHolder(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers), mail(2, Answers), mail(3, Answers))
		claim(t, db, "a", 10)
		r := get(t, db, 1)
		if !r.InHand || r.Attempts != 1 || !r.NextAttempt.Equal(noon.Add(time.Minute)) {
			t.Errorf("the next attempt must be written before this one: %+v", r)
		}
		// Even when its lease has run out nobody takes it by Claim alone.
		clock.Advance(time.Hour)
		if ids, _ := claim(t, db, "b", 10); len(ids) != 0 {
			t.Errorf("%v claimed from a living holder", ids)
		}
		for _, err := range []error{
			db.Update(context.Background(), func(tx *sqldb.Tx) error { return Retry(tx, 1) }),
			db.Update(context.Background(), func(tx *sqldb.Tx) error { return Drop(tx, 1) }),
		} {
			if !errors.Is(err, ErrInHand) {
				t.Errorf("changed in a sender's hand: %v", err)
			}
		}
		var seen []Attempt
		overdue := func() {
			update(t, db, func(tx *sqldb.Tx) (err error) {
				seen, err = Overdue(tx, []string{"support"}, "b", time.Minute)
				return err
			})
		}
		if overdue(); len(seen) != 3 {
			t.Fatalf("overdue: %v", seen)
		}
		stale := seen
		update(t, db, func(tx *sqldb.Tx) error {
			own, err := Renew(tx, "a", []int64{1}, time.Minute)
			if !slices.Equal(own, []int64{1}) {
				t.Errorf("renewed %v", own)
			}
			return err
		})
		if recorded := finish(t, db, "a", Result{Mail: Mail{ID: 2}, State: Sent}); len(recorded) != 1 {
			t.Error("a late but own result was not recorded")
		}
		update(t, db, func(tx *sqldb.Tx) error { return Reclaim(tx, stale) })
		if ids, _ := claim(t, db, "b", 10); !slices.Equal(ids, []int64{3}) {
			t.Errorf("took over %v; 1 was renewed, 2 is sent", ids)
		}
		// The holder that was thought dead wakes: it does no harm.
		if recorded := finish(t, db, "a", Result{Mail: Mail{ID: 3}, State: Failed, Reason: "late"}); len(recorded) != 0 {
			t.Error("a failure of a lost claim was recorded")
		}
		update(t, db, func(tx *sqldb.Tx) error {
			if err := Release(tx, "a", []int64{3}, tx.Now()); err != nil {
				return err
			}
			own, err := Renew(tx, "a", []int64{3}, time.Minute)
			if len(own) != 0 {
				t.Error("a lost claim was renewed")
			}
			return err
		})
		if r := get(t, db, 3); !r.InHand || r.State != Waiting {
			t.Errorf("the new holder's claim is gone: %+v", r)
		}
		// But that it was sent is true whoever holds it, and told once.
		if recorded := finish(t, db, "a", Result{Mail: Mail{ID: 3}, State: Sent}); len(recorded) != 1 {
			t.Error("sent, but not recorded")
		}
		if recorded := finish(t, db, "b", Result{Mail: Mail{ID: 3}, State: Sent}); len(recorded) != 0 {
			t.Error("sent was told twice")
		}
	})
}

func TestTemporaryFailures(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers))
		delayed, last := 0, time.Duration(0)
		for n := 1; ; n++ {
			if ids, all := claim(t, db, "a", 1); len(ids) != 1 || all[0].Attempt != n || all[0].Warned != (delayed > 0) {
				t.Fatalf("attempt %d: claimed %+v", n, all)
			}
			recorded := finish(t, db, "a", Result{Mail: Mail{ID: 1}, State: Waiting, Reason: "try\r\nlater"})
			if recorded[0].Delayed {
				delayed++
				if age := clock.Now().Sub(noon); age < DelayedAt || age > DelayedAt+3*time.Hour {
					t.Errorf("delay told after %v", age)
				}
			}
			r := get(t, db, 1)
			if r.State == Failed {
				if age := clock.Now().Sub(noon); age < GiveUp || age > GiveUp+3*time.Hour || recorded[0].State != Failed {
					t.Errorf("given up after %v: %+v", age, recorded[0])
				}
				if n < 30 || n > 60 {
					t.Errorf("%d attempts in 5 days", n)
				}
				break
			}
			if r.Error != "try  later" {
				t.Errorf("error %q", r.Error)
			}
			wait := r.NextAttempt.Sub(clock.Now())
			if wait < last || wait < time.Minute || wait > 3*time.Hour {
				t.Errorf("attempt %d: wait %v after %v", n, wait, last)
			}
			if ids, _ := claim(t, db, "a", 1); len(ids) != 0 {
				t.Fatal("claimed before it is due")
			}
			last = wait
			clock.Advance(wait)
		}
		if delayed != 1 {
			t.Errorf("delay told %d times", delayed)
		}
		update(t, db, func(tx *sqldb.Tx) error { return Retry(tx, 1) })
		if ids, all := claim(t, db, "a", 1); len(ids) != 1 || all[0].Attempt != 1 || !all[0].FirstFailed.IsZero() {
			t.Errorf("a retried mail begins anew: %+v", all)
		}
	})
}

func TestGivenBackMailWasNotTried(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers))
		for range 3 {
			claim(t, db, "a", 1)
			update(t, db, func(tx *sqldb.Tx) error { return Release(tx, "a", []int64{1}, tx.Now()) })
		}
		if r := get(t, db, 1); r.Attempts != 0 || r.InHand || !r.NextAttempt.Equal(noon) {
			t.Errorf("given back: %+v", r)
		}
		claim(t, db, "a", 1)
		update(t, db, func(tx *sqldb.Tx) error {
			n, err := ReclaimAll(tx, []string{"support"})
			if n != 1 {
				t.Errorf("reclaimed %d", n)
			}
			return err
		})
		if ids, _ := claim(t, db, "b", 1); len(ids) != 1 {
			t.Error("what a dead sender held must be sent")
		}
	})
}

func TestPeopleDecide(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers), mail(2, Answers), mail(3, Answers))
		claim(t, db, "a", 10)
		finish(t, db, "a", Result{Mail: Mail{ID: 1}, State: HeldOut, Reason: "leak"}, Result{Mail: Mail{ID: 2}, State: Failed, Reason: "no"}, Result{Mail: Mail{ID: 3}, State: Sent})
		if r := get(t, db, 1); r.State != HeldOut || r.Error != "leak" {
			t.Errorf("held: %+v", r)
		}
		update(t, db, func(tx *sqldb.Tx) error { return errors.Join(Pass(tx, 1), Drop(tx, 2)) })
		ids, all := claim(t, db, "a", 10)
		if !slices.Equal(ids, []int64{1}) || !all[0].Passed {
			t.Errorf("claimed %v", all)
		}
		for _, id := range []int64{2, 3, 99} {
			if err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return Retry(tx, id) }); !errors.Is(err, ErrNone) {
				t.Errorf("retrying %d: %v", id, err)
			}
		}
		update(t, db, func(tx *sqldb.Tx) error {
			for i, want := range []bool{true, false} {
				if live, err := Spend(tx, 3); err != nil || live != want {
					t.Errorf("spending, time %d: %v, %v", i+1, live, err)
				}
			}
			n, _ := Notice(tx, 3)
			if n.Live(noon) {
				t.Error("a spent token is live")
			}
			return nil
		})
	})
}

func TestListAndCount(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		byHand := mail(3, Answers)
		byHand.Automatic = ByPerson
		early := mail(4, Answers)
		early.Created = noon.Add(-2 * time.Hour)
		other := mail(5, Answers)
		other.Recipient, other.Ticket = "bob@x.example", 7
		enqueue(t, db, mail(1, Answers), mail(2, Notices), byHand, early, other)
		update(t, db, func(tx *sqldb.Tx) error {
			for _, c := range []struct {
				automatic bool
				since     time.Time
				want      int
			}{{true, noon.Add(-time.Hour), 2}, {false, noon.Add(-time.Hour), 3}, {false, noon.Add(-3 * time.Hour), 4}} {
				if n, err := CountTo(tx, "JANE@gold.example", c.since, c.automatic); err != nil || n != c.want {
					t.Errorf("%+v: %d, %v", c, n, err)
				}
			}
			for _, c := range []struct {
				filter Filter
				want   []int64
			}{{Filter{}, []int64{5, 4, 3, 2, 1}}, {Filter{Ticket: 7}, []int64{5}}, {Filter{Recipient: "Jane@gold.example", Limit: 2}, []int64{4, 3}},
				{Filter{Before: 3, States: []State{Waiting, HeldOut}}, []int64{2, 1}}, {Filter{States: []State{Sent}}, nil}, {Filter{Inbox: "sales"}, nil}} {
				rows, err := List(tx, c.filter)
				var ids []int64
				for _, r := range rows {
					ids = append(ids, r.Mail.ID)
				}
				if err != nil || !slices.Equal(ids, c.want) {
					t.Errorf("%+v gives %v, %v", c.filter, ids, err)
				}
			}
			due, ok, err := NextDue(tx, []string{"support"})
			if err != nil || !ok || !due.Equal(noon) {
				t.Errorf("next due %v, %v, %v", due, ok, err)
			}
			if _, ok, _ := NextDue(tx, []string{"sales"}); ok {
				t.Error("something is due in an empty inbox")
			}
			return nil
		})
		claim(t, db, "a", 1)
		update(t, db, func(tx *sqldb.Tx) error {
			q, err := Queues(tx)
			want := []Queue{{"support", Answers, 4, 1, noon.Add(-2 * time.Hour), noon}, {"support", Notices, 1, 0, noon, noon}}
			if d := cmp.Diff(want, q); d != "" || err != nil {
				t.Error(d, err)
			}
			return nil
		})
	})
}

func TestLateMailIsToldOnce(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers), mail(2, Answers))
		claim(t, db, "a", 1)
		var late []Result
		look := func() []Result {
			update(t, db, func(tx *sqldb.Tx) (err error) { late, err = Late(tx, []string{"support"}, "paused", 10); return err })
			return late
		}
		clock.Advance(DelayedAt - time.Second)
		if len(look()) != 0 {
			t.Error("told too early")
		}
		clock.Advance(time.Second)
		if l := look(); len(l) != 1 || l[0].Mail.ID != 2 || !l[0].Delayed || l[0].Reason != "paused" || l[0].Mail.Subject == "" {
			t.Errorf("late: %+v", l)
		}
		if len(look()) != 0 {
			t.Error("told twice")
		}
	})
}

func TestForgottenMailKeepsItsRow(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers), mail(2, Answers))
		claim(t, db, "a", 1)
		finish(t, db, "a", Result{Mail: Mail{ID: 1}, State: Sent})
		clock.Advance(time.Hour)
		update(t, db, func(tx *sqldb.Tx) error {
			n, err := Forget(tx, clock.Now(), 10)
			if n != 1 || err != nil {
				t.Errorf("forgot %d, %v", n, err)
			}
			if _, err := Get(tx, 1); !errors.Is(err, ErrNone) {
				t.Errorf("forgotten content: %v", err)
			}
			_, err = Notice(tx, 1)
			return err
		})
	})
}

func TestAnUnreadableRowStopsNobody(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, mail(1, Answers), mail(2, Answers), mail(3, Answers))
		update(t, db, func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(`UPDATE outbox_content SET content = '{' WHERE id = 1`); err != nil {
				return err
			}
			_, err := tx.Exec(`DELETE FROM outbox_content WHERE id = 2`)
			return err
		})
		_, all := claim(t, db, "a", 10)
		if len(all) != 3 || all[0].Fault == nil || all[1].Fault == nil || all[2].Fault != nil {
			t.Errorf("claimed %+v", all)
		}
	})
}

// Several senders at once: every mail is claimed by exactly one of them, finished and told once.
func TestSendersShareTheOutbox(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		var mails []Mail
		for i := range int64(200) {
			mails = append(mails, mail(i+1, []Urgency{Answers, Notices, Digests}[i%3]))
		}
		enqueue(t, db, mails...)
		var mu sync.Mutex
		claimed, told := map[int64]int{}, map[int64]int{}
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				holder := fmt.Sprintf("h%d", n)
				for {
					var some []Claimed
					if err := db.Update(context.Background(), func(tx *sqldb.Tx) (err error) {
						some, err = Claim(tx, []string{"support"}, 7, holder, time.Minute)
						return err
					}); err != nil {
						t.Error(err)
						return
					}
					if len(some) == 0 {
						return
					}
					var results, recorded []Result
					for _, c := range some {
						results = append(results, Result{Mail: c.Mail, State: Sent})
					}
					if err := db.Update(context.Background(), func(tx *sqldb.Tx) (err error) {
						recorded, err = Finish(tx, holder, results, nil)
						return err
					}); err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for i := range some {
						claimed[some[i].Mail.ID]++
					}
					for i := range recorded {
						told[recorded[i].Mail.ID]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for id := range int64(200) {
			if claimed[id+1] != 1 || told[id+1] != 1 {
				t.Errorf("mail %d: claimed %d times, told %d times", id+1, claimed[id+1], told[id+1])
			}
		}
	})
}

func TestRates(t *testing.T) {
	for text, want := range map[string]Rate{"": {}, "25/min": {25, time.Minute}, " 1 / s ": {1, time.Second}, "3000/d": {3000, 24 * time.Hour}, "60/h": {60, time.Hour}} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"25", "0/min", "-1/min", "x/min", "25/minute", "25/min/h"} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// Two daemons, one of them with a clock an hour behind, share a rate: no stretch of time sees more
// than it allows, and it is used well.
func TestTheRateIsTheDesks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		clock, behind := dbtest.NewClock(noon), dbtest.NewClock(noon.Add(-time.Hour))
		dbs := []*sqldb.DB{g.Open(t, sqldb.WithClock(clock.Now)), g.Open(t, sqldb.WithClock(behind.Now))}
		var mails []Mail
		for i := range int64(300) {
			mails = append(mails, mail(i+1, Notices))
		}
		enqueue(t, dbs[1], mails...)
		for seed, rate := range []Rate{{1, time.Second}, {7, time.Minute}, {25, time.Minute}, {60, time.Hour}} {
			random, meter := rand.New(rand.NewPCG(1, uint64(seed))), new(Meter)
			var times []time.Time
			began := clock.Now()
			for first := true; clock.Now().Sub(began) < 2*rate.Per; first = false {
				db := dbs[0]
				if !first && random.IntN(3) == 0 {
					db = dbs[1]
				}
				if !first && random.IntN(60) == 0 { // a rest saves up no more than the burst
					clock.Advance(rate.Per)
					behind.Advance(rate.Per)
					began = began.Add(rate.Per)
				}
				var next time.Time
				update(t, db, func(tx *sqldb.Tx) error {
					some, n, err := ClaimRated(tx, meter, rate.String(), rate, []string{"support"}, 1+random.IntN(4), "h", time.Minute)
					for range some {
						times = append(times, clock.Now())
					}
					next = n
					return err
				})
				step := rate.Per / 100
				if db == dbs[0] && next.After(clock.Now()) {
					step = next.Sub(clock.Now())
				}
				clock.Advance(step)
				behind.Advance(step)
			}
			for i := range times {
				n := 0
				for _, at := range times[i:] {
					if at.Sub(times[i]) < rate.Per {
						n++
					}
				}
				if n > rate.Count {
					t.Fatalf("%v: %d mails within %v", rate, n, rate.Per)
				}
			}
			if float64(len(times)) < 2*0.8*float64(rate.Count)-1 {
				t.Errorf("only %d mails in %v at %v", len(times), 2*rate.Per, rate)
			}
		}
	})
}

// The machine whose clock was ahead is gone: the other does not wait an hour for its own clock.
func TestASlowClockGetsItsRate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		clock := dbtest.NewClock(noon)
		db := g.Open(t, sqldb.WithClock(clock.Now))
		var mails []Mail
		for i := range int64(100) {
			mails = append(mails, mail(i+1, Notices))
		}
		enqueue(t, db, mails...)
		rate, meter, claimed := Rate{Count: 50, Per: time.Second}, new(Meter), 0
		take := func() {
			update(t, db, func(tx *sqldb.Tx) error {
				some, _, err := ClaimRated(tx, meter, "a", rate, []string{"support"}, 100, "h", time.Minute)
				claimed += len(some)
				return err
			})
		}
		clock.Advance(time.Hour)
		take()
		clock.Set(noon)
		began := time.Now()
		for claimed < 20 && time.Since(began) < 10*time.Second {
			take()
			time.Sleep(5 * time.Millisecond)
		}
		took := time.Since(began)
		if claimed < 20 || float64(claimed) > 5+took.Seconds()*float64(rate.Count) {
			t.Errorf("%d mails in %v at %v", claimed, took, rate)
		}
	})
}

func BenchmarkEnqueue50(b *testing.B) {
	db := dbtest.SQLite(b).Open(b)
	id := int64(0)
	for b.Loop() {
		var mails []Mail
		for range 50 {
			id++
			mails = append(mails, mail(id, Notices))
		}
		update(b, db, func(tx *sqldb.Tx) error { return EnqueueAll(tx, mails) })
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(id), "µs/mail")
}
