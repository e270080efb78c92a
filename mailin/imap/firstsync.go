package imap

import (
	"context"
	"slices"
	"time"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// meet opens the folder and finds its mailbox in the ledger, or decides what is old in one that was not met before.
func (w *watch) meet(ctx context.Context) error {
	data, err := w.s.open(ctx, w.folder.Name, false)
	if err != nil {
		return err
	}
	var box ledger.Mailbox
	var known bool
	var past ledger.History
	err = w.f.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if box, known, err = ledger.Open(tx, w.f.cfg.Name, w.folder.Name, data.UIDValidity); err != nil {
			return err
		}
		past, err = ledger.Before(tx, w.f.cfg.Name, w.folder.Name)
		return err
	})
	if err != nil {
		return err
	}
	if !known {
		begin, err := w.begin(ctx, data.UIDValidity, uint32(data.UIDNext), past)
		if err != nil {
			return err
		}
		if err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error {
			box, err = ledger.Begin(tx, w.lease, begin)
			return err
		}); err != nil {
			return err
		}
		if past.Known {
			w.log.Warn("UIDVALIDITY changed: comparing all mail again", "uidvalidity", data.UIDValidity)
		} else {
			w.log.Info("met for the first time", "old", begin.OldBelow, "left alone", len(begin.Seen))
		}
	}
	if box.ID != w.box.ID {
		w.poison = poison{}
	}
	w.exists = data.NumMessages
	w.box, w.cursor, w.latest = box, box.SettledBelow, box.Latest.Time
	return nil
}

// begin decides what is old in a mailbox that was not met before, and what of it is left alone.
func (w *watch) begin(ctx context.Context, uidvalidity, next uint32, past ledger.History) (ledger.Beginning, error) {
	b := ledger.Beginning{Inbox: w.f.cfg.Name, Folder: w.folder.Name, UIDValidity: uidvalidity, OldBelow: next}
	have, err := w.s.search(ctx, 1, time.Time{})
	if err != nil {
		return b, err
	}
	if next == 0 { // the server does not tell (RFC 3501 lets it)
		b.OldBelow = 1
		if len(have) > 0 {
			b.OldBelow = have[len(have)-1] + 1
		}
	}
	old := have[:countBelow(have, b.OldBelow)]
	first := w.f.cfg.FirstRun
	floor := first.floor(past)
	if past.Known {
		b.OldUntil = past.Until.Time
	}
	switch {
	case first.Import:
	case floor.IsZero():
		b.Seen = slices.Clone(old)
	default:
		// SINCE is by days and by the server's zone; the facts decide.
		near, err := w.s.search(ctx, 1, floor.Add(-48*time.Hour))
		if err != nil {
			return b, err
		}
		wantedToo := map[uint32]bool{}
		for chunk := range slices.Chunk(near, factsAtOnce) {
			facts, err := w.s.fetch(ctx, chunk, wanted{facts: true})
			if err != nil {
				return b, err
			}
			for _, uid := range chunk {
				// One whose time the server does not tell is taken rather than lost.
				if m := facts[uid]; m == nil || m.received.IsZero() || !m.received.Before(floor) {
					wantedToo[uid] = true
				}
			}
		}
		for _, uid := range old {
			if !wantedToo[uid] {
				b.Seen = append(b.Seen, uid)
			}
		}
	}
	return b, nil
}

// floor is the time before which mail in a folder that is met anew was never for the desk. Zero says that nothing tells: on a first
// contact with `new` all is left alone, with `import` nothing.
func (first FirstRun) floor(past ledger.History) time.Time {
	if past.Known && !first.Import && first.Since.IsZero() {
		// A day more: INTERNALDATE is by the server's clock, First by ours.
		return past.First.Add(-24 * time.Hour)
	}
	return first.Since
}

func countBelow(sorted []uint32, below uint32) int {
	n, _ := slices.BinarySearch(sorted, below)
	return n
}
