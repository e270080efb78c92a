package imap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// poison remembers the UIDs that something is known against: the connection broke while they were fetched, they came without a
// body, or the desk could not take them. They are fetched alone, after all others, so that none of them stops another.
type poison struct {
	of map[uint32]*suspicion
}

type suspicion struct {
	attempts int
	due      time.Time // not before
}

func (p *poison) get(uid uint32) *suspicion {
	if p.of == nil {
		p.of = map[uint32]*suspicion{}
	}
	if p.of[uid] == nil {
		p.of[uid] = &suspicion{}
	}
	return p.of[uid]
}

// suspect puts UIDs under suspicion.
func (p *poison) suspect(uids []uint32) {
	for _, uid := range uids {
		p.get(uid)
	}
}

// load takes over what the ledger knows, e.g. from before a restart.
func (p *poison) load(tried map[uint32]int) {
	for uid, attempts := range tried {
		s := p.get(uid)
		s.attempts = max(s.attempts, attempts)
	}
}

// clear lifts the suspicion from what has come well.
func (p *poison) clear(mails []mailin.Raw) {
	for _, m := range mails {
		delete(p.of, m.Source.UID)
	}
}

// sort parts what is missing: mails that nothing is known against, and those whose turn it is to be tried alone, the least suspect first.
// What is not missing any more is forgotten.
func (p *poison) sort(missing []uint32, now time.Time) (fresh, alone []uint32) {
	still := map[uint32]*suspicion{}
	for _, uid := range missing {
		s := p.of[uid]
		switch {
		case s == nil:
			fresh = append(fresh, uid)
			continue
		case !s.due.After(now):
			alone = append(alone, uid)
		}
		still[uid] = s
	}
	p.of = still
	slices.SortStableFunc(alone, func(a, b uint32) int { return cmp.Compare(still[a].attempts, still[b].attempts) })
	return fresh, alone
}

// due is when the next one may be tried; zero if there is none.
func (p *poison) due() time.Time {
	var t time.Time
	for _, s := range p.of {
		if t.IsZero() || s.due.Before(t) {
			t = s.due
			if t.IsZero() {
				t = time.Unix(0, 1) // at once
			}
		}
	}
	return t
}

// The ladder on which a mail that cannot be fetched goes down, one rung an attempt. What the server cannot give is left out, until
// something can be given to the desk: a mail is late rather than poor, but not late for ever.
var ladder = []rung{
	{want: wanted{facts: true, body: allBody}},
	{want: wanted{facts: true, body: allBody}},
	{want: wanted{facts: true, body: allBody}},
	{want: wanted{body: allBody}, lacks: "its date"}, // a malformed INTERNALDATE kills the connection
	{want: wanted{body: cutBody}, lacks: "all but its beginning"},
	{want: wanted{header: true}, lacks: "all but its header", fault: true},
	{lacks: "all of it", fault: true},
}

type rung struct {
	want  wanted
	lacks string
	fault bool // always; otherwise only if the body is cut
}

// fetchAlone tries one suspect mail. An error means that the connection is lost or the work is over.
func (w *watch) fetchAlone(ctx context.Context, uid uint32) error {
	s := w.poison.get(uid)
	step := ladder[min(s.attempts, len(ladder)-1)]
	// Where not even this goes through, the line is at fault and not the mail.
	if err := w.s.noop(ctx); err != nil {
		return err
	}
	m := &fetched{}
	if step.want != (wanted{}) {
		want := step.want
		want.most = min(w.f.cfg.MaxSize, max(want.body, cutBody))
		if want.body == allBody {
			want.body = w.f.cfg.MaxSize + 1 // so that one too large shows
		}
		got, err := w.s.fetch(ctx, []uint32{uid}, want)
		if err == nil && (got[uid] == nil || got[uid].body == nil) {
			var there bool
			if got, there, err = w.fetchByNumber(ctx, uid, want); err == nil && !there {
				w.log.Info("a mail is gone from the folder", "uid", uid)
				delete(w.poison.of, uid)
				return w.f.db.Update(ctx, func(tx *sqldb.Tx) error { return ledger.Forget(tx, w.box.ID, uid) })
			}
		}
		if err == nil && (got[uid] == nil || got[uid].body == nil) {
			err = errNoBody
		}
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			w.log.Warn("a mail could not be fetched", "uid", uid, "attempt", s.attempts+1, "error", err)
			if failed := w.failed(ctx, uid, err); failed != nil {
				return failed
			}
			if errors.Is(err, errNoBody) || refused(err) {
				return nil
			}
			return err
		}
		m = got[uid]
		if want.body > 0 && int64(len(m.body)) >= want.body || m.size > int64(len(m.body)) && int64(len(m.body)) > w.f.cfg.MaxSize {
			m.cut = true
		}
		if m.cut && len(m.body) > cutBody {
			m.body = m.body[:cutBody:cutBody]
		}
	}
	fault := ""
	if step.fault || step.lacks != "" && m.cut {
		fault = fmt.Sprintf("the mail server could not give %s in %d attempts", step.lacks, s.attempts+1)
		m.cut = true
	}
	mail := w.raw(uid, m, fault)
	o, err := w.takeOver(ctx, []mailin.Raw{mail}, nil)
	if err != nil || len(o.taken) == 0 {
		return errors.Join(err, w.enter(ctx, o, true))
	}
	delete(w.poison.of, uid)
	if fault != "" {
		w.latest = later(w.latest, o.latest)
		return w.park(ctx, uid, fault) // the only whole copy is on the server: it stays where it is
	}
	return w.enter(ctx, o, true)
}

var errNoBody = errors.New("the server gives no body")

// fetchByNumber asks for a mail by its sequence number: some servers tell the UID only after the body, where go-imap does
// not find it. It reports whether the mail is there at all.
func (w *watch) fetchByNumber(ctx context.Context, uid uint32, want wanted) (got map[uint32]*fetched, there bool, err error) {
	var numbers []uint32
	err = w.s.do(ctx, "searching", 0, func(func(int)) error {
		data, err := w.s.c.Search(&imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(imap.UID(uid))}}, nil).Wait()
		if err != nil {
			return err
		}
		set, _ := data.All.(imap.SeqSet)
		for _, r := range set {
			numbers = append(numbers, r.Start)
		}
		return nil
	})
	if err != nil || len(numbers) == 0 {
		return nil, false, err
	}
	got, err = w.s.fetchSet(ctx, imap.SeqSetNum(numbers[0]), want)
	return got, true, err
}

// failed enters an attempt that failed. After as many as the ladder has rungs the mail is parked.
func (w *watch) failed(ctx context.Context, uid uint32, cause error) error {
	var attempts int
	err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error {
		var err error
		attempts, err = ledger.Try(tx, w.box.ID, uid, cause.Error())
		return err
	})
	if err != nil {
		return err
	}
	s := w.poison.get(uid)
	s.attempts = max(s.attempts+1, attempts)
	s.due = time.Now().Add(backoff(s.attempts, 5*w.f.cfg.retryMin, 2*w.f.cfg.retryMax))
	if s.attempts > len(ladder) {
		return w.park(ctx, uid, cause.Error())
	}
	return nil
}

// park sets a mail aside where it lies.
func (w *watch) park(ctx context.Context, uid uint32, reason string) error {
	if err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error { return ledger.Park(tx, w.box.ID, uid, reason) }); err != nil {
		return err
	}
	delete(w.poison.of, uid)
	w.done[uid] = true
	w.log.Error("parked a mail: it stays in its folder", "uid", uid, "reason", reason)
	w.f.note(w.at, func(s *FolderStatus) { s.Parked++ })
	return nil
}
