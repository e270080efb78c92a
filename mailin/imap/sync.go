package imap

import (
	"context"
	"slices"
	"time"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// sync fetches what the folder has and the ledger lacks, until nothing is left but what must wait.
func (w *watch) sync(stop, work context.Context) error {
	from := uint32(1)
	all := w.whole.IsZero()
	if !all && w.cursor > lookBack {
		from = w.cursor - lookBack
	}
	if box := w.s.c.Mailbox(); box != nil {
		w.s.news.looked(box.NumMessages)
	}
	have, err := w.s.search(work, from, time.Time{})
	if err != nil {
		return err
	}
	if all && len(have) < int(w.exists) {
		if have, err = w.s.listed(work, have); err != nil {
			return err
		}
	}
	missing, err := w.missing(work, have)
	if err != nil {
		return err
	}
	w.backlog(len(missing))
	w.done = map[uint32]bool{}
	if all {
		w.whole = time.Now()
	}
	fresh, alone := w.poison.sort(missing, time.Now())
	w.lull.found(len(fresh))
	if err := w.fetchFresh(stop, work, fresh); err != nil {
		return err
	}
	for _, uid := range alone {
		if stop.Err() != nil {
			return nil
		}
		if err := w.fetchAlone(work, uid); err != nil {
			return err
		}
	}
	w.settle(have, missing)
	return nil
}

// missing asks the ledger, and refreshes what it knows of failed attempts.
func (w *watch) missing(ctx context.Context, have []uint32) (missing []uint32, err error) {
	err = w.f.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if missing, err = ledger.Missing(tx, w.box.ID, have); err != nil || len(missing) == 0 {
			return err
		}
		tried, err := ledger.Tried(tx, w.box.ID)
		if err == nil {
			w.poison.load(tried)
		}
		return err
	})
	return missing, err
}

// settle moves the cursor: below it nothing waits.
func (w *watch) settle(have, missing []uint32) {
	waiting := slices.DeleteFunc(missing, func(uid uint32) bool { return w.done[uid] })
	w.backlog(len(waiting))
	switch {
	case len(waiting) > 0:
		w.cursor = waiting[0]
	case len(have) > 0:
		w.cursor = max(w.cursor, have[len(have)-1]+1)
	}
}

func (w *watch) backlog(n int) {
	w.f.note(w.at, func(s *FolderStatus) { s.Backlog = n })
}
