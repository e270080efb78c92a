package imap

import (
	"context"
	"slices"
	"time"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// sync fetches the mails that are in the folder but not in the ledger, except those that must wait.
func (w *watch) sync(stop, work context.Context) error {
	from := uint32(1)
	all := w.lastFullSync.IsZero()
	if !all && w.cursor > lookBack {
		from = w.cursor - lookBack
	}
	have, err := w.s.search(work, from)
	if err != nil {
		return err
	}
	if all && len(have) < int(w.exists) {
		if have, err = w.s.addListed(work, have); err != nil {
			return err
		}
	}
	missing, err := w.missing(work, have, all)
	if err != nil {
		return err
	}
	w.backlog(len(missing))
	w.handled = map[uint32]bool{}
	if all {
		w.lastFullSync = time.Now()
	}
	fresh, alone := w.poison.sort(missing, time.Now())
	w.pacing.found(len(fresh))
	if err := w.fetchFresh(stop, work, fresh); err != nil {
		return err
	}
	if err := w.fetchSuspects(stop, work, alone); err != nil {
		return err
	}
	w.advanceCursor(have, missing)
	return nil
}

// missing returns the mails that the ledger lacks, and refreshes what is known about failed
// attempts. all means that have holds all mails of the folder: a parked mail that is not among them
// is gone.
func (w *watch) missing(ctx context.Context, have []uint32, all bool) (missing []uint32, err error) {
	err = w.f.db.View(ctx, func(tx *sqldb.Tx) error {
		missing, err = ledger.Missing(tx, w.box.ID, have)
		return err
	})
	if err == nil && (all || len(missing) > 0 || len(w.poison.of) > 0) {
		err = w.loadSuspects(ctx)
	}
	if err != nil || !all {
		return missing, err
	}
	for uid, s := range w.poison.of {
		if _, there := slices.BinarySearch(have, uid); there || !s.parked {
			continue
		}
		w.log.Info("a mail that was set aside is gone from the folder", "uid", uid)
		if err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error { return ledger.Forget(tx, w.box.ID, uid) }); err != nil {
			return nil, err
		}
		delete(w.poison.of, uid)
	}
	return missing, nil
}

// loadSuspects refreshes what the ledger knows about failed attempts.
func (w *watch) loadSuspects(ctx context.Context) error {
	return w.f.db.View(ctx, func(tx *sqldb.Tx) error {
		known, err := ledger.Unfetched(tx, w.box.ID)
		if err == nil {
			w.poison.load(known)
		}
		return err
	})
}

// advanceCursor moves the cursor to the first mail that still waits to be fetched.
func (w *watch) advanceCursor(have, missing []uint32) {
	waiting := slices.DeleteFunc(missing, func(uid uint32) bool { return w.handled[uid] })
	w.backlog(len(waiting))
	switch {
	case len(waiting) > 0:
		w.cursor = waiting[0]
	case len(have) > 0:
		w.cursor = max(w.cursor, have[len(have)-1]+1)
	}
}

func (w *watch) backlog(n int) {
	w.f.setStatus(w.index, func(s *FolderStatus) { s.Backlog = n })
}
