package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/proxy"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/canary"
	"tierdesk/tickets/timers"
)

// skip lets time go by although the desk is not at rest.
func (w *world) skip(d time.Duration) {
	w.t.Helper()
	w.mu.Lock()
	w.offset += d
	w.mu.Unlock()
	err := w.app.DB.Update(context.Background(), func(tx *sqldb.Tx) error {
		tx.Wake(timers.Topic)
		tx.Wake(mailout.TopicQueued)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// canaryState returns how the canary of the stories' inbox does.
func (w *world) canaryState() canary.State {
	w.t.Helper()
	all, err := w.app.Desk.Canaries(w.t.Context())
	if err != nil || len(all) != 1 {
		w.t.Fatalf("the canaries: %+v, %v", all, err)
	}
	return all[0]
}

// outcomes counts what became of the mails that were taken.
func (w *world) outcomes() map[string]int {
	w.t.Helper()
	var rows []struct {
		Outcome string `db:"outcome"`
		Cause   string `db:"cause"`
	}
	err := w.app.DB.View(w.t.Context(), func(tx *sqldb.Tx) error { return tx.Select(&rows, `SELECT outcome, cause FROM inbound`) })
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]int{}
	for _, in := range rows {
		out[strings.TrimSpace(in.Outcome+" "+in.Cause)]++
	}
	return out
}

// The desk mails itself every five minutes; the mail is put away, makes no ticket, and tells how long mail takes. A forged one is none, and one that comes late changes nothing.
func TestACanary(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.until("the first canary is back", func() bool { c := w.canaryState(); return !c.Back.IsZero() && c.Waiting.IsZero() })
		if c := w.canaryState(); c.Trip <= 0 || c.Trip > patience {
			t.Errorf("it took %s", c.Trip)
		}
		w.settle() // it is put away after it was taken
		first := w.box(support).Mails(t, "Processed")
		if len(first) != 1 {
			t.Fatalf("%d mails were put away", len(first))
		}
		back := w.canaryState().Back
		w.pass(5 * time.Minute)
		w.until("the second canary is back", func() bool { return w.canaryState().Back.After(back) })
		w.settle()
		second := w.canaryState()

		// The first once more, its text another, as from an archive; then one that bears a key which we did not make.
		again := strings.ReplaceAll(string(first[0].Raw), "nobody has to do anything", "here it is again")
		if again == string(first[0].Raw) {
			t.Fatalf("the canary's text has changed:\n%s", again)
		}
		w.send(letter{from: support, to: support, raw: again})
		forged := regexp.MustCompile(`(?m)^(X-Tierdesk-Canary|Message-ID): .*`).ReplaceAllString(again, "$1: <0.9999.aaaaaaaaaaaaaaaa@acme.example>\r")
		w.send(letter{from: support, to: support, raw: forged})
		// And a stranger, who has seen the key of one.
		w.send(letter{from: mallory, to: support, subject: "Hello", text: "Are you there?", header: []string{"X-Tierdesk-Canary: " + first[0].Header.Get("X-Tierdesk-Canary")}})
		w.next(ann).has("Are you there?")
		w.next(ben)
		w.nothing(ann, ben, max, admin)
		if c := w.canaryState(); !c.Back.Equal(second.Back) || !c.Waiting.IsZero() {
			t.Errorf("an old and a forged canary made of %+v %+v", second, c)
		}
		if got := fmt.Sprint(w.outcomes()); got != "map[loop canary:3 loop loop:1 message:1]" {
			t.Errorf("what became of the mails: %v", got)
		}
	}, lines(t, "tierdesk.yaml", "canary: {every: 5m}\n"))
}

// Of canaries that are older than a month nothing is left but what the ledger knows of their UIDs; the next one goes and comes as ever.
func TestOldCanariesAreDropped(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		count := func(query string) (n int) {
			t.Helper()
			if err := w.app.DB.Handle().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		tidy := func() {
			t.Helper()
			if err := w.app.Desk.Tidy(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
		}
		w.until("the first canary is back", func() bool { c := w.canaryState(); return !c.Back.IsZero() && c.Waiting.IsZero() })
		w.settle()
		first := count(`SELECT MAX(id) FROM outbox WHERE kind = 'canary'`)
		tidy()
		if n := count(`SELECT COUNT(*) FROM inbound WHERE cause = 'canary'`) + count(`SELECT COUNT(*) FROM outbox WHERE kind = 'canary'`); n != 2 {
			t.Errorf("%d rows are left of a canary that has just come back", n)
		}
		back := w.canaryState().Back
		w.skip(31 * 24 * time.Hour)
		w.until("another is back", func() bool { return w.canaryState().Back.After(back) })
		w.settle()
		tidy()
		if in, out := count(`SELECT COUNT(*) FROM inbound WHERE cause = 'canary'`), count(fmt.Sprintf(`SELECT COUNT(*) FROM outbox WHERE id <= %d`, first)); in != 1 || out != 0 {
			t.Errorf("%d canaries are listed, and %d are left of the first in the outbox", in, out)
		}
		if n := count(`SELECT COUNT(*) FROM ledger WHERE state = 'acknowledged' AND inbound = 0`); n != 2 {
			t.Errorf("the ledger knows of %d canaries", n)
		}
		// The first again, as if a client had put it back: it is our own, and nobody is told.
		w.send(letter{from: support, to: support, raw: string(w.box(support).Mails(t, "Processed")[0].Raw)})
		w.settle()
		w.nothing(ann, ben, max, admin)
	}, lines(t, "tierdesk.yaml", "canary: {every: 5m}\n"))
}

// Nothing comes in, though every login works and nothing is wrong to look at; the second way tells of it, and once it is over.
func TestADeafInbox(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		said := filepath.Join(t.TempDir(), "said")
		var between *proxy.Proxy
		w := newWorld(t, g, nil, lines(t, "tierdesk.yaml", fmt.Sprintf("canary: {every: 5m, within: 10m}\nalarm: {command: \"cat >> %s\", after: 1s}\n", said)), func(dir string) {
			file := filepath.Join(dir, "tierdesk.yaml")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found := regexp.MustCompile(`insecure\+imap://(\S+)`).FindSubmatch(text)
			if found == nil {
				t.Fatal("the story's folder has changed")
			}
			between = proxy.New(t, string(found[1]))
			if err := os.WriteFile(file, []byte(strings.Replace(string(text), string(found[1]), between.Addr, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
		})
		hears := func(words ...string) func() bool {
			return func() bool {
				text, err := os.ReadFile(said)
				for _, word := range words {
					if err != nil || !strings.Contains(string(text), word) {
						return false
					}
				}
				return true
			}
		}
		w.until("the first canary is back", func() bool { c := w.canaryState(); return !c.Back.IsZero() && c.Waiting.IsZero() })
		between.Drop()
		w.skip(5 * time.Minute)
		w.until("another is sent", func() bool { return !w.canaryState().Waiting.IsZero() })
		if hears("mail through inbox support")() {
			t.Error("the alarm rang before the time was over")
		}
		w.skip(11 * time.Minute)
		w.until("the alarm", hears("Tierdesk: mail through inbox support does not work", "has not come back", "The last one came back"))
		between.Heal()
		w.until("it is over", hears("mail through inbox support works again"))
		if c := w.canaryState(); !c.Waiting.IsZero() {
			t.Errorf("the canary: %+v", c)
		}
		w.settle()
		alarm, over := false, false
		for _, m := range w.rest(admin) {
			alarm = alarm || strings.Contains(m.subject(), "Alarm: Mail through inbox support")
			over = over || strings.Contains(m.subject(), "Resolved: Mail through inbox support")
		}
		if !alarm || !over {
			t.Errorf("the admin's mail: alarm %v, over %v", alarm, over)
		}
		w.invariants()
	})
}
