package imap

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// selectMailbox selects the folder and finds its mailbox in the ledger. For a mailbox that is new
// to the ledger it decides which mail is old.
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
			w.log.Warn("the server reuses UIDs of other mails: comparing all mail again",
				"uidvalidity", data.UIDValidity, "uidnext", data.UIDNext)
		} else if past.Known {
			w.log.Warn("UIDVALIDITY changed: comparing all mail again", "uidvalidity", data.UIDValidity)
		} else {
			w.log.Info("folder opened for the first time", "old below", first.OldBelow, "left alone", len(first.Seen))
		}
	}
	if box.ID != w.box.ID { // the UIDs denote other mails
		w.poison, w.copied = poison{}, map[uint32]bool{}
	}
	w.s.copied = w.copied
	w.exists = data.NumMessages
	w.box, w.cursor, w.latest = box, box.SettledBelow, box.Latest.Time
	return nil
}

// reused reports whether the server is about to reuse UIDs without changing UIDVALIDITY. RFC 9051
// section 2.3.1.1 forbids that, but a restored backup does it. The sign is a UIDNEXT at or below a
// UID that the ledger knows. If the folder holds a mail with a UID above UIDNEXT, then UIDNEXT
// proves nothing.
func (w *watch) reused(ctx context.Context, mailbox int64, next uint32) (bool, error) {
	if next == 0 {
		return false, nil // the server does not say
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

// firstSync decides, for a mailbox that is new to the ledger, which of its mails are old and which
// of those are ignored.
func (w *watch) firstSync(ctx context.Context, uidvalidity, next uint32, past ledger.History) (ledger.FirstSync, error) {
	b := ledger.FirstSync{Inbox: w.f.cfg.Name, Folder: w.folder.Name, UIDValidity: uidvalidity, OldBelow: next, OldUntil: past.Started.Time}
	have, err := w.s.search(ctx, 1)
	if err != nil {
		return b, err
	}
	if next == 0 { // the server does not say (RFC 3501 permits that)
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
	if w.folder.Sent { // nobody waits for mail that was sent before
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
		// UIDs ascend in order of arrival (RFC 9051 section 2.3.1.1): no mail after the first one
		// that came since the start is old.
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

// floor returns the time before which mail in a new folder was never meant for the desk. It is zero
// if that time is unknown.
func (first FirstRun) floor(past ledger.History) time.Time {
	switch {
	case !first.Since.IsZero():
		return first.Since
	case past.Known:
		// One day earlier: INTERNALDATE is by the server's clock, First by ours.
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

// cameSince returns which of the mails that were already in a folder arrived at the floor or later.
// doubt is the answer for mails whose time is unknown. Taking such a mail is better than losing it,
// unless the desk has only just been started, when hardly any can have arrived since.
func (w *watch) cameSince(ctx context.Context, uidvalidity uint32, lay []uint32, floor time.Time, doubt bool) (map[uint32]bool, error) {
	if floor.IsZero() || len(lay) == 0 {
		return nil, nil
	}
	near := lay
	if len(lay) > factsAtOnce {
		// Both criteria go by whole days and the server's time zone; the exact times decide below.
		// Mail with an impossible time is found because that time is long ago, or because it came
		// late. A search over a broken index finds too few mails, so the newest ones are always
		// examined.
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

// divide returns which mails arrived at the floor or later, going by their times. Mails without an
// entry in times arrived long before; a zero time means that the time is unknown. UIDs ascend in
// order of arrival, so the times of neighbouring mails often decide. unsure are the mails for which
// they do not.
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

// survey holds what is known about the arrival times of mails that were in a folder when it was
// first opened. It outlives connections, because asking for a malformed time costs one.
type survey struct {
	uidvalidity uint32
	times       map[uint32]time.Time // zero: impossible or not reported
	single      bool                 // one of the next broke the connection: ask for one at a time
	// traces are the times that header fields report for some of the mails. beingTraced is set
	// while they are being fetched: if that breaks the connection, it is not tried again.
	traces      map[uint32]time.Time
	beingTraced bool
}

// maxDateless is the number of mails with a malformed time, each of which breaks the connection,
// after which times are no longer requested.
const maxDateless = 3

// dateless records that a mail could be fetched only without asking for its time.
func (w *watch) dateless() {
	if w.noDates++; w.noDates == maxDateless {
		w.log.Warn("the server sends malformed times of mails: no longer asking for them")
	}
	w.s.noDates = w.noDates >= maxDateless
}

// times returns when mails arrived, according to the server.
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
					v.times[uid] = time.Time{} // no response: no time
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

// traces returns when mails arrived, according to their header fields.
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
