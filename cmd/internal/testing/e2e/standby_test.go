package e2e

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/testing/logs"
	"tierdesk/migrations/dbtest"
)

// beat is short enough for a test, and long enough for a machine that is busy.
const beat = 500 * time.Millisecond

// second starts another daemon on the world's database, with a folder of its own that differs by these rules; stop ends it.
func (w *world) second(rules string) (other *world, stop func()) {
	w.t.Helper()
	other = &world{t: w.t, ground: w.ground, dir: filepath.Join(w.t.TempDir(), "desk"), log: &logs.Buffer{}, seen: map[string]int{}, server: w.server, imap: w.imap, smtp: w.smtp}
	other.folder()
	other.write("rules/20-more.yaml", rules)
	cfg, err := config.Load(w.t.Context(), other.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	other.app, err = app.New(ctx, cfg, slog.New(slog.NewTextHandler(other.log, nil)), app.WithClock(w.now), app.KeepMemory(), app.WithResolver(nil), app.WithBeat(beat))
	if err != nil {
		cancel()
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- other.app.Run(ctx) }()
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("the other daemon ended with: %v", err)
		}
		if err := other.app.Close(); err != nil {
			w.t.Error(err)
		}
		if w.t.Failed() {
			w.t.Logf("the other daemon's log:\n%s", other.log.String())
		}
	}
	w.t.Cleanup(stop)
	return other, stop
}

func tagging(name string) string {
	return "rules:\n  - name: " + name + "\n    on: [opened]\n    do:\n      - set: {tags: [+" + name + "]}\n"
}

// Two daemons on one PostgreSQL: an admin rolls a change over both, one after the other. The one with the older folder stands by and says so; nobody waits for one that is gone.
func TestDaemonsWithDifferentFolders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.Postgres(t), nil)
	stands := func(a *app.App) func() bool { return func() bool { return a.StandsBy() != nil } }
	works := func(a *app.App) func() bool { return func() bool { return a.StandsBy() == nil } }
	ask := func(subject, tag string) {
		t.Helper()
		w.send(letter{from: strings.ToLower(subject) + "@customer.example", to: support, subject: subject, text: "About " + subject})
		w.settle()
		var tags string
		if err := w.app.DB.Handle().QueryRowContext(t.Context(), `SELECT tags FROM tickets WHERE subject = $1`, subject).Scan(&tags); err != nil {
			t.Fatalf("%s: %v", subject, err)
		}
		if strings.TrimSpace(tags) != tag {
			t.Errorf("%s: the ticket has the tags %q, wanted %q", subject, tags, tag)
		}
	}
	ask("One", "")

	// The second machine has the change first.
	b, stopB := w.second(tagging("later"))
	w.until("the first daemon stands by", stands(w.app))
	if s := w.app.StandsBy(); s != nil && s.For != b.app.Hash() {
		t.Errorf("It stands by for %s", s.For)
	}
	said := false
	for _, p := range w.app.Watch.Problems(t.Context()) {
		said = said || strings.Contains(p.Text, "It stands by: its desk folder")
	}
	if !said || !strings.Contains(w.log.String(), "this daemon stands by") {
		t.Errorf("neither health (%v) nor the log says that it stands by", said)
	}
	ask("Two", "later")
	if b.app.StandsBy() != nil {
		t.Error("the later one stands by, too")
	}

	// Then the first has it as well: both work.
	w.write("rules/20-more.yaml", tagging("later"))
	w.until("the first daemon works again", works(w.app))
	ask("Three", "later")

	// The first has the next change, and dies for good: the second takes over with what it has.
	w.write("rules/20-more.yaml", tagging("latest"))
	w.until("the second daemon stands by", stands(b.app))
	ask("Four", "latest")
	w.stop()
	w.until("the second daemon takes over", works(b.app))
	w.app = b.app
	ask("Five", "later")

	// One that comes back with what was the latest is the latest; but when an admin goes back to an earlier folder, that is his decision.
	before := b.app.Hash()
	c, _ := w.second(tagging("latest"))
	w.until("the second stands by for the folder that came after its own", stands(b.app))
	b.write("rules/20-more.yaml", tagging("other"))
	w.until("the second works again", works(b.app))
	b.write("rules/20-more.yaml", tagging("later"))
	w.until("the second is back", func() bool { return b.app.Hash() == before && b.app.StandsBy() == nil })
	w.until("the third stands by for it", func() bool { s := c.app.StandsBy(); return s != nil && s.For == before }) // no longer for the one in between
	ask("Six", "later")
	stopB()
	w.until("the third works", works(c.app))
	w.app = c.app
	ask("Seven", "latest")
}
