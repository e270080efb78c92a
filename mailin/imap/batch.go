package imap

import (
	"cmp"
	"context"
	"slices"

	"tierdesk/mailin"
)

// batch is a group of mails to be fetched together, with what is known about them.
type batch struct {
	uids   []uint32
	facts  map[uint32]*fetched // nil: not asked
	octets int64
}

// batches splits UIDs into batches of at most 50 mails and 4 MB. Mails over the size limit get
// batches of their own. Sizes are requested first, except for a single UID, which is fetched
// directly. UIDs for which the server returns no metadata go to poison.
func (w *watch) batches(ctx context.Context, uids []uint32) func(yield func(batch, error) bool) {
	return func(yield func(batch, error) bool) {
		if len(uids) == 1 {
			yield(batch{uids: uids}, nil)
			return
		}
		for chunk := range slices.Chunk(uids, factsAtOnce) {
			facts, err := w.s.fetch(ctx, chunk, wanted{facts: true})
			if err != nil {
				if ctx.Err() == nil {
					w.poison.suspect(chunk)
				}
				yield(batch{}, err)
				return
			}
			b := batch{facts: facts}
			for _, uid := range chunk {
				m := facts[uid]
				if m == nil {
					w.poison.suspect([]uint32{uid})
					continue
				}
				octets := m.size
				if octets > w.f.cfg.MaxSize {
					octets = cutBody
				}
				if len(b.uids) > 0 &&
					(len(b.uids) == batchMails || b.octets+octets > batchBytes || (m.size > w.f.cfg.MaxSize) != b.cut(w.f.cfg.MaxSize)) {
					if !yield(b, nil) {
						return
					}
					b = batch{facts: facts}
				}
				b.uids = append(b.uids, uid)
				b.octets += octets
			}
			if len(b.uids) > 0 && !yield(b, nil) {
				return
			}
		}
	}
}

// cut reports whether the batch consists of mails over the size limit. Either all mails of a batch
// are over it or none.
func (b *batch) cut(limit int64) bool {
	return len(b.uids) > 0 && b.facts != nil && b.facts[b.uids[0]].size > limit
}

// fetchBatch fetches the bodies of a batch. A UID that comes without a body is requested once more
// and then goes to poison. A non-nil error means that the connection is lost; the mails received
// before that are returned with it.
func (w *watch) fetchBatch(ctx context.Context, b batch) ([]mailin.Raw, error) {
	want := wanted{facts: b.facts == nil, body: allBody, most: w.f.cfg.MaxSize}
	switch {
	case b.facts == nil: // the size is unknown: fetch no more than the limit
		want.body = w.f.cfg.MaxSize
	case b.cut(w.f.cfg.MaxSize):
		want.body, want.most = cutBody, cutBody
	}
	var mails []mailin.Raw
	var lost error
	ask := b.uids
	for range 2 {
		got, err := w.s.fetch(ctx, ask, want)
		var again []uint32
		for _, uid := range ask {
			m := got[uid]
			if m != nil && b.facts != nil {
				m.received, m.size = b.facts[uid].received, b.facts[uid].size
			}
			if !m.hasBody() {
				again = append(again, uid)
				continue
			}
			m.trim(want.body)
			mails = append(mails, w.raw(uid, m, ""))
		}
		ask = again
		if err != nil && !refused(err) {
			lost = err
			break
		}
		if len(ask) == 0 {
			break
		}
	}
	w.poison.clear(mails)
	if len(ask) > 0 && ctx.Err() == nil {
		w.log.Info("mails did not come as asked", "mails", len(ask), "error", lost)
		w.poison.suspect(ask)
	}
	slices.SortFunc(mails, func(x, y mailin.Raw) int { return cmp.Compare(x.Source.UID, y.Source.UID) })
	return mails, lost
}
