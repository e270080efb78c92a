package imap

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// selectMailbox opens the folder and finds its mailbox in the ledger, or decides what is old in one
// that was not met before.
func (w *watch) selectMailbox(ctx context.Context) error {
	data, err := w.s.open(ctx, w.folder.Name, false)
	if err != nil {
		return err
	}
	w.progress = true
	var box ledger.Mailbox
	var known bool
	var past ledger.History
	err = w.f.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if box, known, err = ledger.FindMailbox(tx, w.f.cfg.Name, w.folder.Name, data.UIDValidity); err != nil {
			return err
		}
		past, err = ledger.LoadHistory(tx, w.f.cfg.Name, w.folder.Name)
		return err
	})
	if err != nil {
		return err
	}
	reused := false
	if known {
		if reused, err = w.reused(ctx, box.ID, uint32(data.UIDNext)); err != nil {
			return err
		}
	}
	if !known || reused {
		first, err := w.firstSync(ctx, data.UIDValidity, uint32(data.UIDNext), past)
		if err != nil {
			return err
		}
		if err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error {
			if reused {
				if err := ledger.Retire(tx, w.lease, box.ID); err != nil {
					return err
				}
			}
			box, err = ledger.AddMailbox(tx, w.lease, first)
			return err
		}); err != nil {
			return err
		}
		w.survey = survey{}
		if reused {
			w.log.Warn("the server gives UIDs again that were other mails': comparing all mail again",
				"uidvalidity", data.UIDValidity, "uidnext", data.UIDNext)
		} else if past.Known {
			w.log.Warn("UIDVALIDITY changed: comparing all mail again", "uidvalidity", data.UIDValidity)
		} else {
			w.log.Info("met for the first time", "old below", first.OldBelow, "left alone", len(first.Seen))
		}
	}
	if box.ID != w.box.ID { // UIDs name other mails
		w.poison, w.copied = poison{}, map[uint32]bool{}
	}
	w.s.copied = w.copied
	w.exists = data.NumMessages
	w.box, w.cursor, w.latest = box, box.SettledBelow, box.Latest.Time
	return nil
}

// reused reports whether the server will give UIDs again that it has given already, without a new
// UIDVALIDITY (RFC 9051 section 2.3.1.1 forbids it; a backup that was put back does it): its
// UIDNEXT lies at or below a UID that the ledger knows. Where a mail lies above it, it says
// nothing.
func (w *watch) reused(ctx context.Context, mailbox int64, next uint32) (bool, error) {
	if next == 0 {
		return false, nil // it does not tell
	}
	var highest uint32
	err := w.f.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		highest, err = ledger.Highest(tx, mailbox)
		return err
	})
	if err != nil || next > highest {
		return false, err
	}
	have, err := w.s.search(ctx, 1)
	return err == nil && (len(have) == 0 || have[len(have)-1] < next), err
}

// firstSync decides what is old in a mailbox that was not met before, and what of it is left alone.
func (w *watch) firstSync(ctx context.Context, uidvalidity, next uint32, past ledger.History) (ledger.FirstSync, error) {
	b := ledger.FirstSync{Inbox: w.f.cfg.Name, Folder: w.folder.Name, UIDValidity: uidvalidity, OldBelow: next, OldUntil: past.Started.Time}
	have, err := w.s.search(ctx, 1)
	if err != nil {
		return b, err
	}
	if next == 0 { // the server does not tell (RFC 3501 lets it)
		b.OldBelow = 1
		if len(have) > 0 {
			b.OldBelow = have[len(have)-1] + 1
		}
	}
	if past.Known {
		b.OldUntil = past.Until.Time
	}
	lay := have[:countBelow(have, b.OldBelow)]
	first := w.f.cfg.FirstRun
	if w.folder.Sent { // nobody waits for what was sent before
		first = FirstRun{}
	}
	late := !past.Known && w.f.db.Now().Sub(past.Started.Time) > w.f.cfg.prompt
	if !first.Import {
		since, err := w.cameSince(ctx, uidvalidity, lay, first.floor(past), late || past.Known || !first.Since.IsZero())
		if err != nil {
			return b, err
		}
		b.Seen = slices.DeleteFunc(slices.Clone(lay), func(uid uint32) bool { return since[uid] })
	}
	if late || !past.Known && !first.Import && first.Since.IsZero() {
		// UIDs ascend as mails come (RFC 9051 section 2.3.1.1): nothing behind the first one that
		// came since the start is old.
		since, err := w.cameSince(ctx, uidvalidity, lay, past.Started.Time, true)
		if err != nil {
			return b, err
		}
		if i := slices.IndexFunc(lay, func(uid uint32) bool { return since[uid] }); i >= 0 {
			b.OldBelow = lay[i]
		}
	}
	return b, nil
}

// floor is the time before which mail in a folder that is met anew was never for the desk. Zero
// says that nothing tells.
func (first FirstRun) floor(past ledger.History) time.Time {
	switch {
	case !first.Since.IsZero():
		return first.Since
	case past.Known:
		// A day more: INTERNALDATE is by the server's clock, First by ours.
		return earlier(past.First.Time, past.Started.Time).Add(-24 * time.Hour)
	}
	return past.Started.Time
}

// earlier returns the earlier of two times, of which b may be zero.
func earlier(a, b time.Time) time.Time {
	if !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// cameSince returns which of the mails that lay in a folder came at the floor or later. doubt is
// the answer where nothing tells: such mail is taken rather than lost, unless the desk has only
// just been started, when hardly any can have come since.
func (w *watch) cameSince(ctx context.Context, uidvalidity uint32, lay []uint32, floor time.Time, doubt bool) (map[uint32]bool, error) {
	if floor.IsZero() || len(lay) == 0 {
		return nil, nil
	}
	near := lay
	if len(lay) > factsAtOnce {
		// Both are by days and by the server's zone; the times decide. Mail of a time that cannot
		// be is found by its being so long ago, or late. A search by a broken index finds too few,
		// so the newest mails are looked at in any case.
		found, err := w.s.searchFor(ctx, 1,
			imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{{Since: floor.Add(-48 * time.Hour)}, {Before: earliest}}}})
		if err != nil {
			return nil, err
		}
		near = slices.Compact(slices.Sorted(slices.Values(append(found, lay[len(lay)-factsAtOnce:]...))))
		near = near[:countBelow(near, lay[len(lay)-1]+1)]
	}
	times, err := w.times(ctx, uidvalidity, near)
	if err != nil {
		return nil, err
	}
	since, unsure := divide(lay, times, floor)
	if len(unsure) == 0 {
		return since, nil
	}
	traces, err := w.traces(ctx, unsure)
	for _, uid := range unsure {
		t := traces[uid]
		since[uid] = t.IsZero() && doubt || !t.IsZero() && !t.Before(floor)
	}
	return since, err
}

// divide returns which mails came at the floor or later, by their times; those that have no entry
// came long before, those of a zero time at a time that nobody knows. UIDs ascend as mails come, so
// that those of the others often tell. unsure are those where they do not.
func divide(lay []uint32, times map[uint32]time.Time, floor time.Time) (since map[uint32]bool, unsure []uint32) {
	since = map[uint32]bool{}
	var unknown []uint32
	firstSince, lastBefore := ^uint32(0), uint32(0)
	for _, uid := range lay {
		switch t, near := times[uid]; {
		case !near || !t.IsZero() && t.Before(floor):
			lastBefore = uid
		case t.IsZero():
			unknown = append(unknown, uid)
		default:
			since[uid] = true
			firstSince = min(firstSince, uid)
		}
	}
	for _, uid := range unknown {
		switch after, before := uid > firstSince, uid < lastBefore; {
		case after == before:
			unsure = append(unsure, uid)
		case after:
			since[uid] = true
		}
	}
	return since, unsure
}

// survey is what is known of the times of mails that lay in a folder when it was met. It outlives
// connections, because a malformed time costs one.
type survey struct {
	uidvalidity uint32
	times       map[uint32]time.Time // zero: it cannot be, or is not told
	single      bool                 // one of the next broke the connection: ask for one at a time
	// traces is what header fields say of some of them; beingTraced is set while they are asked
	// for: should that cost the connection, it is not done again.
	traces      map[uint32]time.Time
	beingTraced bool
}

// maxDateless is how many mails whose time costs the connection are borne with before no times are
// asked for any more.
const maxDateless = 3

// dateless notes that a mail could be had only without asking when it came.
func (w *watch) dateless() {
	if w.noDates++; w.noDates == maxDateless {
		w.log.Warn("the server tells malformed times of mails: they are not asked for any more")
	}
	w.s.noDates = w.noDates >= maxDateless
}

// times asks when mails came.
func (w *watch) times(ctx context.Context, uidvalidity uint32, uids []uint32) (map[uint32]time.Time, error) {
	v := &w.survey
	if v.times == nil || v.uidvalidity != uidvalidity {
		*v = survey{uidvalidity: uidvalidity, times: map[uint32]time.Time{}}
	}
	now := w.f.db.Now()
	for {
		uids = slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool { _, known := v.times[uid]; return known })
		if len(uids) == 0 {
			return v.times, nil
		}
		ask := uids[:min(len(uids), factsAtOnce)]
		if v.single {
			ask = uids[:1]
		}
		facts, err := w.s.fetch(ctx, ask, wanted{facts: true})
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		for uid, m := range facts {
			v.times[uid] = time.Time{}
			if possible(m.received, now) {
				v.times[uid] = m.received
			}
		}
		switch {
		case err == nil:
			for _, uid := range ask {
				if _, came := v.times[uid]; !came {
					v.times[uid] = time.Time{} // one that did not come has no time
				}
			}
			continue
		case len(ask) > 1:
			v.single = true
		default:
			v.times[ask[0]], v.single = time.Time{}, false
			if !refused(err) {
				w.dateless()
			}
		}
		if !refused(err) {
			return nil, err
		}
	}
}

// traces asks what the header fields say of when mails came.
func (w *watch) traces(ctx context.Context, uids []uint32) (map[uint32]time.Time, error) {
	v := &w.survey
	if v.traces == nil {
		v.traces = map[uint32]time.Time{}
	}
	uids = slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool { _, known := v.traces[uid]; return known })
	if v.beingTraced {
		uids = nil
	}
	now := w.f.db.Now()
	for chunk := range slices.Chunk(uids, factsAtOnce) {
		v.beingTraced = true
		got, err := w.s.fetch(ctx, chunk, wanted{trace: true, most: 16 << 10})
		if err != nil && !refused(err) {
			return nil, err
		}
		v.beingTraced = false
		for _, uid := range chunk {
			v.traces[uid] = time.Time{}
			if m := got[uid]; m != nil {
				v.traces[uid] = traceTime(m.body, now, "Received", "Date")
			}
		}
	}
	return v.traces, nil
}

func countBelow(sorted []uint32, below uint32) int {
	n, _ := slices.BinarySearch(sorted, below)
	return n
}
