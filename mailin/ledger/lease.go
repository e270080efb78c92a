package ledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/process"
	"tierdesk/migrations/sqldb"
)

// Check returns ErrLeaseLost unless the lease is still valid, that is, nobody has taken over the
// inbox since.
func Check(tx *sqldb.Tx, lease mailin.Lease) error {
	var epoch int64
	known, err := tx.Find(&epoch, `SELECT epoch FROM leases WHERE name = ?`, lease.Name)
	if err != nil {
		return fmt.Errorf("checking the lease %s: %w", lease.Name, err)
	}
	if !known || epoch != lease.Epoch {
		return ErrLeaseLost
	}
	return nil
}

// Keeper gets and keeps leases for one daemon. Its methods are safe for concurrent use.
//
// Clocks of daemons may be an hour apart, so nobody's clock decides. A holder changes its row with
// each renewal; a challenger takes over only when it has itself watched the row stand still for a
// whole ttl, measured by its own monotonic clock. What a holder may still do that wakes up after
// that is bounded by the epoch, which grows with each takeover and is checked in each transaction
// and before each acknowledgement.
//
// A holder that was a process of this same machine and has ended needs no watching: whoever starts
// after a crash gets its lease at once.
//
// On SQLite one daemon alone has the file (the program refuses a second), so whoever asks gets the
// lease at once: after a crash nobody waits.
type Keeper struct {
	db     *sqldb.DB
	holder string
	ttl    time.Duration
	clock  func() time.Time

	mu    sync.Mutex
	sight map[string]sighting
}

// sighting is a lease row of another holder, and since when it has been unchanged.
type sighting struct {
	epoch, until int64
	since        time.Time
}

// NewKeeper makes a Keeper. holder identifies this run of this daemon and no other. A lease that is
// not renewed for a whole ttl may be lost, so renew it every third of the ttl. The default ttl is
// 30 s; all daemons must use the same one.
func NewKeeper(db *sqldb.DB, holder string, ttl time.Duration) *Keeper {
	if ttl <= 0 {
		ttl = 30 * time.Second
	}
	return &Keeper{db: db, holder: process.ID(holder), ttl: ttl, clock: time.Now, sight: map[string]sighting{}}
}

// TTL returns how long a lease lasts without being renewed.
func (k *Keeper) TTL() time.Duration { return k.ttl }

// Acquire requests a lease and reports whether it was granted. If it was not, ask again every third
// of the ttl: the Keeper has to observe for itself that the holder is silent.
func (k *Keeper) Acquire(ctx context.Context, name string) (lease mailin.Lease, ok bool, err error) {
	began := k.clock()
	var now sighting
	err = k.db.Update(ctx, func(tx *sqldb.Tx) error {
		lease, ok, now = mailin.Lease{}, false, sighting{}
		until := tx.Now().Add(k.ttl).UnixMilli()
		var epoch int64
		fresh, err := tx.Find(&epoch, `INSERT INTO leases (name, holder, epoch, until) VALUES (?, ?, 1, ?) ON CONFLICT (name) DO NOTHING RETURNING epoch`,
			name, k.holder, until)
		if err != nil {
			return err
		}
		if fresh {
			lease, ok = mailin.Lease{Name: name, Epoch: epoch}, true
			return nil
		}
		var row struct {
			Holder string
			Epoch  int64
			Until  int64
		}
		if err := tx.Get(&row, `SELECT holder, epoch, until FROM leases WHERE name = ? /*pg FOR UPDATE */`, name); err != nil {
			return err
		}
		now = sighting{epoch: row.Epoch, until: row.Until}
		if row.Holder != "" && row.Holder != k.holder && tx.Kind() != sqldb.SQLite && !process.Dead(row.Holder) &&
			!k.silent(name, now, began) {
			return nil
		}
		if _, err := tx.Exec(`UPDATE leases SET holder = ?, epoch = epoch + 1, until = ? WHERE name = ?`, k.holder,
			until, name); err != nil {
			return err
		}
		lease, ok = mailin.Lease{Name: name, Epoch: row.Epoch + 1}, true
		return nil
	})
	if err != nil {
		return mailin.Lease{}, false, fmt.Errorf("asking for the lease %s: %w", name, err)
	}
	k.remember(name, now, ok)
	return lease, ok, nil
}

// silent reports whether the row had been unchanged for a whole ttl before began.
func (k *Keeper) silent(name string, now sighting, began time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, known := k.sight[name]
	return known && before.epoch == now.epoch && before.until == now.until && began.Sub(before.since) >= k.ttl
}

// remember stores a row that was just read.
func (k *Keeper) remember(name string, now sighting, ours bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, known := k.sight[name]
	switch {
	case ours:
		delete(k.sight, name)
	case !known || before.epoch != now.epoch || before.until != now.until:
		now.since = k.clock()
		k.sight[name] = now
	}
}

// Renew shows that the holder is alive. It returns ErrLeaseLost if somebody else has taken over. On
// SQLite there are no challengers, so it only checks.
func (k *Keeper) Renew(ctx context.Context, lease mailin.Lease) error {
	if k.db.Kind() == sqldb.SQLite {
		return k.db.View(ctx, func(tx *sqldb.Tx) error { return Check(tx, lease) })
	}
	err := k.db.Update(ctx, func(tx *sqldb.Tx) error {
		// The value must change even if the clock stands still or was set back.
		until := tx.Now().Add(k.ttl).UnixMilli()
		n, err := tx.Exec(`UPDATE leases SET until = CASE WHEN until < CAST(? AS BIGINT) THEN CAST(? AS BIGINT) ELSE until + 1 END
			WHERE name = ? AND epoch = ? AND holder = ?`, until, until, lease.Name, lease.Epoch, k.holder)
		if err == nil && n == 0 {
			return ErrLeaseLost
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("renewing the lease %s: %w", lease.Name, err)
	}
	return nil
}

// Release gives up a lease, so that the next daemon need not wait. Releasing a lost lease is not an
// error.
func (k *Keeper) Release(ctx context.Context, lease mailin.Lease) error {
	err := k.db.Update(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE leases SET holder = '' WHERE name = ? AND epoch = ? AND holder = ?`, lease.Name, lease.Epoch, k.holder)
		return err
	})
	if err != nil {
		return fmt.Errorf("releasing the lease %s: %w", lease.Name, err)
	}
	return nil
}
