package ledger

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/process"
	"tierdesk/migrations/sqldb"
)

// daemon is a Keeper with a monotonic clock and a wall clock of its own.
type daemon struct {
	*Keeper
	wall *dbtest.Clock
	mono time.Time
}

func newDaemon(t *testing.T, g dbtest.Ground, name string, wrong time.Duration) *daemon {
	d := &daemon{wall: dbtest.NewClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(wrong)), mono: time.Unix(1000, 0)}
	d.Keeper = NewKeeper(g.Open(t, sqldb.WithClock(d.wall.Now)), name, 30*time.Second)
	d.clock = func() time.Time { return d.mono }
	return d
}

func (d *daemon) pass(t time.Duration) {
	d.wall.Advance(t)
	d.mono = d.mono.Add(t)
}

func (d *daemon) acquire(t *testing.T) (mailin.Lease, bool) {
	t.Helper()
	lease, ok, err := d.Acquire(context.Background(), "inbox:support")
	if err != nil {
		t.Fatal(err)
	}
	return lease, ok
}

// A challenger whose clock is an hour wrong, either way, does not rob a holder that renews, and
// gets the lease of one that is silent after a whole ttl that it has watched itself.
func TestWrongClocksRobNobody(t *testing.T) {
	g := dbtest.Postgres(t)
	for _, wrong := range []time.Duration{time.Hour, -time.Hour} {
		holder, challenger := newDaemon(t, g, "holder"+wrong.String(), 0), newDaemon(t, g, "challenger"+wrong.String(), wrong)
		pass := func(d time.Duration) { holder.pass(d); challenger.pass(d) }
		var lease mailin.Lease
		for ok := false; !ok; pass(10 * time.Second) {
			lease, ok = holder.acquire(t)
		}
		for range 20 {
			if _, ok := challenger.acquire(t); ok {
				t.Fatalf("clock wrong by %v: robbed a holder that renews", wrong)
			}
			pass(10 * time.Second)
			if err := holder.Renew(context.Background(), lease); err != nil {
				t.Fatal(err)
			}
		}
		// A challenger that was stopped for long has watched nothing meanwhile.
		for range 30 {
			pass(10 * time.Second)
			if err := holder.Renew(context.Background(), lease); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := challenger.acquire(t); ok {
			t.Fatal("robbed by one that had slept")
		}
		pass(10 * time.Second)
		if err := holder.Renew(context.Background(), lease); err != nil {
			t.Fatal(err)
		}
		// Silent from now on. The first look after the last renewal begins the watch.
		got := -1
		for i := range 10 {
			if taken, ok := challenger.acquire(t); ok {
				got = i
				if taken.Epoch != lease.Epoch+1 {
					t.Errorf("epoch %d after %d", taken.Epoch, lease.Epoch)
				}
				break
			}
			pass(10 * time.Second)
		}
		if got != 3 {
			t.Errorf("clock wrong by %v: took over at look %d after the silence began, should be 3 (30 s)", wrong, got)
		}
		if err := holder.Renew(context.Background(), lease); !errors.Is(err, ErrLeaseLost) {
			t.Errorf("the holder that woke up may go on: %v", err)
		}
		if err := holder.Release(context.Background(), lease); err != nil {
			t.Error(err)
		}
		if _, ok := holder.acquire(t); ok {
			t.Error("releasing a lost lease took it from its holder")
		}
	}
}

// A renewal shows even where the wall clock stands still or was set back.
func TestRenewalShowsWithoutAClock(t *testing.T) {
	g := dbtest.Postgres(t)
	holder, challenger := newDaemon(t, g, "holder", 0), newDaemon(t, g, "challenger", 0)
	lease, ok := holder.acquire(t)
	if !ok {
		t.Fatal("nobody had it")
	}
	for i := range 12 {
		if i == 6 {
			holder.wall.Advance(-2 * time.Hour)
		}
		if _, ok := challenger.acquire(t); ok {
			t.Fatal("robbed")
		}
		challenger.pass(10 * time.Second)
		if err := holder.Renew(context.Background(), lease); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLeaseRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		a, b := newDaemon(t, g, "a", 0), newDaemon(t, g, "b", 0)
		lease, ok := a.acquire(t)
		if !ok || lease.Epoch != 1 {
			t.Fatal(lease, ok)
		}
		if err := a.Renew(context.Background(), lease); err != nil {
			t.Fatal(err)
		}
		if err := a.Release(context.Background(), lease); err != nil {
			t.Fatal(err)
		}
		next, ok := b.acquire(t)
		if !ok || next.Epoch != 2 {
			t.Fatalf("after a release: %+v %v", next, ok)
		}
		if err := a.Renew(context.Background(), lease); !errors.Is(err, ErrLeaseLost) {
			t.Errorf("renewed what was released: %v", err)
		}
		// The same daemon may begin anew at once.
		again, ok := b.acquire(t)
		if !ok || again.Epoch != 3 {
			t.Fatalf("again: %+v %v", again, ok)
		}
		// On SQLite nobody else can be alive; on PostgreSQL somebody can.
		if _, ok := a.acquire(t); ok != (g.Kind == sqldb.SQLite) {
			t.Errorf("another's lease on %s: %v", g.Kind, ok)
		}
	})
}

// After a crash the next daemon on the same machine need not wait, and nobody takes a process for
// dead that lives.
func TestHolderThatIsGone(t *testing.T) {
	if process.Of(os.Getpid()) == "" {
		t.Skip("left out: only on Linux")
	}
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	living := true
	defer func() {
		if living {
			child.Process.Kill()
			child.Wait()
		}
	}()
	there := process.Of(child.Process.Pid)
	fields := strings.Split(there, ":")
	if len(fields) != 4 {
		t.Fatalf("place %q", there)
	}
	g := dbtest.Postgres(t)
	other := newDaemon(t, g, "other", 0)
	other.holder = "other@" + there
	if _, ok := other.acquire(t); !ok {
		t.Fatal("nobody had it")
	}
	d := newDaemon(t, g, "d", 0)
	if _, ok := d.acquire(t); ok {
		t.Fatal("robbed a process that lives")
	}
	for _, holder := range []string{"", "x", "x@", "x@a:b", "x@otherboot:" + strings.Join(fields[1:], ":"), "x@" + fields[0] + ":0:" + fields[2] + ":" + fields[3], "x@" + fields[0] + ":" + fields[1] + ":x:1"} {
		if process.Dead(holder) {
			t.Errorf("%q is said to be gone", holder)
		}
	}
	if !process.Dead("x@" + fields[0] + ":" + fields[1] + ":" + fields[2] + ":1") {
		t.Error("another process with the same PID is taken for the holder")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); !process.Dead("other@" + there); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a dead process that nobody has asked after is taken for alive")
		}
	}
	child.Wait()
	living = false
	lease, ok := d.acquire(t)
	if !ok || lease.Epoch != 2 {
		t.Errorf("waits for a process that is dead: %+v %v", lease, ok)
	}
}
