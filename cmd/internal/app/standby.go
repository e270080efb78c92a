package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"tierdesk/cmd/internal/ops"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/phrase"
)

// Several daemons on one database may have different desk folders, since an edit is never saved on
// two machines at the same instant. Two sets of rules must not be in use simultaneously, so daemons
// that do not have the latest folder stand by: they watch no inbox and fire no timers. They
// continue to send mail.
//
// The latest folder is the one that came into force last: each folder gets a number when it is
// first seen, and a new number when an admin returns to it while a daemon runs. A folder counts
// while a daemon that has it is alive: every ten seconds each daemon increments the heartbeat
// counter of its folder, and a daemon that sees a counter unchanged for a minute, by its own clock,
// regards that folder as gone. So no daemon waits for a machine that is gone for good, and clocks
// need not agree.

// topicFolders is woken when a folder has come into force.
const topicFolders = "folders"

// foldersName is the name under which the folders are stored.
const foldersName = "folders"

// beatEvery is the interval of heartbeats; goneAfter is the number of intervals without one after
// which a folder no longer counts.
const (
	beatEvery = 10 * time.Second
	goneAfter = 6
)

// maxFolders bounds how many folders are stored.
const maxFolders = 20

// published is a desk folder that some daemon has used.
type published struct {
	Version int64 `json:"version"` // the latest is the highest
	Beat    int64 `json:"beat"`
}

// Standing is the reason why a daemon stands by.
type Standing struct {
	Since time.Time
	For   string // hash of the folder that other daemons use
}

// StandsBy returns the reason why this daemon stands by, nil if it does not.
func (a *App) StandsBy() *Standing { return a.standing.Load() }

// PublishedFolders returns the desk folders that daemons have used, the latest first. On SQLite,
// with its single daemon, there are none.
func PublishedFolders(tx *sqldb.Tx) ([]string, error) {
	text, _, err := meta.Get(tx, foldersName)
	if err != nil {
		return nil, err
	}
	all, err := readFolders(text)
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int { return int(all[b].Version - all[a].Version) }), err
}

func readFolders(text string) (map[string]published, error) {
	all := map[string]published{}
	if text == "" {
		return all, nil
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("the desk folders that daemons have published: %w", err)
	}
	return all, nil
}

// publish records a heartbeat of this daemon's folder and returns all folders. chosen means that an
// admin has just put the folder into force here, which makes it the latest.
func (a *App) publish(ctx context.Context, hash string, chosen bool) (map[string]published, error) {
	var all map[string]published
	err := a.DB.Update(ctx, func(tx *sqldb.Tx) error {
		text, _, err := meta.Lock(tx, foldersName)
		if err != nil {
			return err
		}
		if all, err = readFolders(text); err != nil {
			return err
		}
		latest := int64(0)
		for _, p := range all {
			latest = max(latest, p.Version)
		}
		own, known := all[hash]
		if !known || chosen && own.Version < latest {
			own.Version = latest + 1
			tx.Wake(topicFolders)
		}
		own.Beat++
		all[hash] = own
		for h, p := range all {
			if p.Version <= latest-maxFolders && h != hash {
				delete(all, h)
			}
		}
		b, err := json.Marshal(all)
		if err != nil {
			return err
		}
		return meta.Set(tx, foldersName, string(b))
	})
	return all, err
}

// sighting is the time, by our own clock, at which a folder's last heartbeat was seen.
type sighting struct {
	beat int64
	at   time.Time
}

// work calls run, which makes the decisions, whenever this daemon has the latest of the live desk
// folders, and cancels it when it no longer has. On SQLite it always has.
func (a *App) work(ctx context.Context, run func(ctx context.Context)) {
	if a.DB.Kind() == sqldb.SQLite {
		run(ctx)
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	stop := func() {}
	defer func() { stop() }()
	working := false
	every := a.options.beat
	if every <= 0 {
		every = beatEvery
	}
	wake, unsubscribe := a.DB.Subscribe(topicFolders)
	defer unsubscribe()
	tick := time.NewTicker(every)
	defer tick.Stop()
	seen := map[string]sighting{}
	chosen, failing := false, false
	for ctx.Err() == nil {
		hash := a.Hash()
		all, err := a.publish(ctx, hash, chosen)
		switch {
		case err == nil:
			failing, chosen = false, false
			other := a.newer(all, hash, seen, goneAfter*every)
			if other != "" && working {
				stop()
				wg.Wait()
				working = false
			}
			a.stand(other, hash)
			if other == "" && !working {
				deciding, cancel := context.WithCancel(ctx)
				stop = cancel
				wg.Go(func() { run(deciding) })
				working = true
			}
		case ctx.Err() == nil && !failing:
			failing = true
			a.log.Warn("the desk folder could not be compared with that of other daemons", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		case <-a.chosen:
			chosen = true
		}
	}
}

// newer returns the latest live folder that is later than ours; "" if there is none.
func (a *App) newer(all map[string]published, hash string, seen map[string]sighting, gone time.Duration) string {
	now, best, own := time.Now(), "", all[hash].Version
	for h, p := range all {
		s, known := seen[h]
		if !known || s.beat != p.Beat {
			s = sighting{p.Beat, now}
			seen[h] = s
		}
		if p.Version > own && now.Sub(s.at) < gone && (best == "" || p.Version > all[best].Version) {
			best = h
		}
	}
	return best
}

// stand records and logs the folder for which this daemon stands by.
func (a *App) stand(other, hash string) {
	before := a.standing.Load()
	switch {
	case other == "" && before != nil:
		a.standing.Store(nil)
		a.log.Info("this daemon no longer stands by: no other daemon has a later desk folder", "folder", hash)
	case other != "" && (before == nil || before.For != other):
		now := &Standing{Since: a.DB.Now(), For: other}
		if before != nil {
			now.Since = before.Since
		}
		a.standing.Store(now)
		a.log.Warn("this daemon stands by: another daemon uses a later desk folder", "folder", hash, "later", other)
	}
}

// standingProblem returns a problem if this daemon stands by.
func (a *App) standingProblem() []ops.Problem {
	s := a.StandsBy()
	if s == nil {
		return nil
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	why := phrase.Say("It stands by: its desk folder (%s) is older than the one by which another daemon works (%s). Bring the folder on %s up to date.",
		short(a.Hash()), short(s.For), host)
	return []ops.Problem{{Key: "the daemon on " + host, Since: s.Since, Text: why.English(),
		ByMail: &ops.Words{What: phrase.Say("The daemon on %s is standing by", host), Why: []phrase.Text{why}}}}
}

func short(hash string) string { return hash[:min(12, len(hash))] }
