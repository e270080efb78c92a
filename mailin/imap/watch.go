package imap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

const (
	batchMails = 50
	batchBytes = 4 << 20
	// fetchedAhead is how many batches may wait for the desk, so that it has something to do while the server moves mail, and its readers while it waits
	// for the disk; and fetchedOctets is how many octets all in hand may have before another one is fetched: they are held, and read into more.
	fetchedAhead  = 4
	fetchedOctets = 8 << 20
	// factsAtOnce keeps command lines below 8,000 octets (RFC 7162 section 4).
	factsAtOnce = 500
	// cutBody is what is fetched of a mail over the size limit: the header and the beginning of the text.
	cutBody = 256 << 10
	// lookBack is how far below the cursor is looked for UIDs that became visible late.
	lookBack = 100
)

// watch is the work on one folder. Its state outlives connections; one goroutine has it.
type watch struct {
	f      *Fetcher
	at     int // in Status
	folder Folder
	lease  mailin.Lease
	log    *slog.Logger

	s       *session
	box     ledger.Mailbox
	cursor  uint32    // as Mailbox.SettledBelow
	exists  uint32    // mails in the folder when it was opened
	whole   time.Time // when all was last compared
	poison  poison
	refusal refusal         // of acknowledgements
	done    map[uint32]bool // taken or parked since the last look
	open    []uint32        // taken, to be acknowledged with others
	latest  time.Time       // of the mails taken
	noIdle  bool            // the server offers IDLE and refuses it
	quiet   int             // IDLEs since something was missing

	failures int
	progress bool // since the last failure something went well
}

// run keeps the folder connected until stop ends.
func (w *watch) run(stop, work context.Context) {
	defer w.f.note(w.at, func(s *FolderStatus) { s.Doing, s.Connected, s.Since = Stopped, false, w.f.db.Now() })
	for stop.Err() == nil {
		err := w.connection(stop, work)
		if stop.Err() != nil || work.Err() != nil {
			return
		}
		if w.progress {
			w.failures, w.progress = 0, false
		}
		w.failures++
		var login *loginError
		wait := backoff(w.failures, w.f.cfg.retryMin, w.f.cfg.retryMax)
		if errors.As(err, &login) {
			wait = backoff(w.failures, w.f.cfg.loginMin, w.f.cfg.loginMax)
		}
		w.f.disconnected(w.at, err, login != nil, w.failures)
		// The first loss of a connection is nothing to tell: servers restart, lines are renewed.
		level := slog.LevelWarn
		if w.failures == 1 && login == nil {
			level = slog.LevelInfo
		}
		w.log.Log(work, level, "lost the folder", "error", err, "next", wait.Round(time.Second))
		pause(stop, wait)
	}
}

// connection is one connection from its beginning to its end.
func (w *watch) connection(stop, work context.Context) error {
	w.f.note(w.at, func(s *FolderStatus) { s.Doing = Connecting })
	// A stop need not wait for a server that does not let us in.
	s, err := connect(stop, &w.f.cfg, w.f.dial)
	if err != nil {
		return err
	}
	w.s = s
	polite := false
	defer func() { s.end(polite) }()
	if err := w.meet(work); err != nil {
		return err
	}
	w.f.connected(w.at)
	w.log.Info("watching", "login", s.how, "idle", s.caps.Has(imap.CapIdle), "uidvalidity", w.box.UIDValidity)
	w.whole = time.Time{}
	w.refusal, w.open = refusal{}, nil
	for {
		if !w.whole.IsZero() && time.Since(w.whole) >= w.f.cfg.wholeEvery {
			// Opened anew, too: a folder that was made anew under us is not told by every server.
			if err := w.meet(work); err != nil {
				return err
			}
			w.whole = time.Time{}
		}
		if err := w.sync(stop, work); err != nil {
			return err
		}
		if err := w.acknowledgeOpen(work); err != nil {
			return err
		}
		w.progress = true
		if stop.Err() != nil {
			polite = true
			return nil
		}
		if err := w.wait(stop, work); err != nil {
			return err
		}
		if stop.Err() != nil {
			polite = true
			return nil
		}
	}
}

// wait returns when there may be new mail, when something is due, or when stop ends.
func (w *watch) wait(stop, work context.Context) error {
	idle := w.s.caps.Has(imap.CapIdle) && !w.noIdle
	length, doing := w.f.cfg.PollEvery, Polling
	if idle {
		// Mail that came just before IDLE began is told by good servers only. So the first IDLE after something happened is short, and
		// each one after it is twice as long: what was not told is found at once, and a quiet folder is left in peace.
		length, doing = min(w.f.cfg.IdleFor, time.Second<<min(w.quiet, 20)), Idling
		w.quiet++
	}
	for _, due := range []time.Time{w.poison.due(), w.refusal.due} {
		if !due.IsZero() {
			length = max(min(length, time.Until(due)), 10*time.Millisecond)
		}
	}
	w.f.note(w.at, func(s *FolderStatus) { s.Doing = doing })
	defer w.f.note(w.at, func(s *FolderStatus) { s.Doing = Fetching })
	timer := time.NewTimer(length)
	defer timer.Stop()
	await := func() {
		select {
		case <-stop.Done():
		case <-w.s.wake:
		case <-w.s.c.Closed():
		case <-timer.C:
		}
	}
	select {
	case <-w.s.wake: // something came while we were at work
		return nil
	default:
	}
	if !idle {
		await()
		return w.s.noop(work)
	}
	if err := w.s.noop(work); err != nil {
		return err
	}
	if len(w.s.wake) > 0 {
		return nil
	}
	err := w.s.idle(work, await)
	if refused(err) {
		w.noIdle = true
		return w.s.noop(work)
	}
	return err
}

// idle lets the server tell of news (RFC 2177) until await returns.
func (s *session) idle(ctx context.Context, await func()) error {
	var cmd *imapclient.IdleCommand
	err := s.do(ctx, "IDLE", 0, func(func(int)) (err error) {
		cmd, err = s.c.Idle()
		return err
	})
	if err != nil {
		return err
	}
	await()
	return s.do(ctx, "ending IDLE", 0, func(func(int)) error {
		if err := cmd.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	})
}

// sync fetches what the folder has and the ledger lacks, until nothing is left but what must wait.
func (w *watch) sync(stop, work context.Context) error {
	from := uint32(1)
	all := w.whole.IsZero()
	if !all && w.cursor > lookBack {
		from = w.cursor - lookBack
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
	if len(missing) > 0 {
		w.quiet = 0
	}
	w.done = map[uint32]bool{}
	if all {
		w.whole = time.Now()
	}
	fresh, alone := w.poison.sort(missing, time.Now())
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

// taking is a batch that the desk is taking over.
type taking struct {
	octets int
	read   chan struct{} // nothing is left to be read beforehand
	done   chan struct{}
	outcome
	err  error
	left bool // it was not even tried
}

// outcome is what became of mails that were handed over.
type outcome struct {
	taken  []uint32
	latest time.Time // the newest of them
	// refused are mails that the desk could not take though the database works: UID and why.
	refused map[uint32]error
}

// fetchFresh fetches mails that nothing is known against, in batches. While the desk takes one batch over, the next ones are
// fetched and those before are acknowledged; the desk gets them one after the other and in order.
func (w *watch) fetchFresh(stop, work context.Context, uids []uint32) error {
	var queue []*taking // the batches in hand
	first := func() error {
		t := queue[0]
		queue = queue[1:]
		<-t.done
		return errors.Join(t.err, w.enter(work, t.outcome, false))
	}
	finish := func() error {
		var err error
		for len(queue) > 0 {
			err = errors.Join(err, first())
		}
		return errors.Join(err, w.enter(work, outcome{}, true))
	}
	left := len(uids)
	for batch, err := range w.batches(work, uids) {
		var mails []mailin.Raw
		if err == nil && stop.Err() == nil {
			mails, err = w.fetchBatch(work, batch)
		}
		left -= len(batch.uids)
		w.backlog(left)
		// What came before the connection broke came well.
		if len(mails) > 0 && stop.Err() == nil {
			var before *taking
			if len(queue) > 0 {
				before = queue[len(queue)-1]
			}
			queue = append(queue, w.take(stop, work, mails, before))
		}
		for err == nil && len(queue) > 0 && (len(queue) > fetchedAhead || octets(queue) > fetchedOctets || queue[0].over()) {
			err = first()
		}
		if err != nil || stop.Err() != nil {
			return errors.Join(err, finish())
		}
	}
	return finish()
}

// enter books what became of a batch. What was taken is acknowledged: at once if this was the last batch, otherwise with
// others, since servers move many mails at once much faster than few.
func (w *watch) enter(ctx context.Context, o outcome, last bool) error {
	for uid, cause := range o.refused {
		if err := w.failed(ctx, uid, cause); err != nil {
			return err
		}
	}
	for _, uid := range o.taken {
		w.done[uid] = true
	}
	w.open = append(w.open, o.taken...)
	w.latest = later(w.latest, o.latest)
	if !last && len(w.open) < acknowledgeAtOnce {
		return nil
	}
	open := w.open
	w.open = nil
	return w.acknowledge(ctx, open)
}

// take hands mails over in the background, once the batch before is done; until then they are read, once that one has been read. They are left if one
// before failed, or if a stop came.
func (w *watch) take(stop, work context.Context, mails []mailin.Raw, before *taking) *taking {
	t := &taking{read: make(chan struct{}), done: make(chan struct{})}
	for _, m := range mails {
		t.octets += len(m.Bytes)
	}
	go func() {
		defer close(t.done)
		var read func(context.Context) error
		if before != nil {
			<-before.read
			if stop.Err() == nil {
				reading, enough := context.WithCancel(work) // what is read when a stop comes is left anyway
				unhook := context.AfterFunc(stop, enough)
				read = w.f.read(reading, mails)
				unhook()
				enough()
			}
		}
		close(t.read)
		if before != nil {
			<-before.done
			t.left = before.err != nil || before.left || stop.Err() != nil
		}
		if !t.left {
			t.outcome, t.err = w.takeOver(work, mails, read)
		}
	}()
	return t
}

// over reports whether the desk is done with the batch.
func (t *taking) over() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func octets(inHand []*taking) (n int) {
	for _, t := range inHand {
		n += t.octets
	}
	return n
}

// takeOver hands mails to the desk until it has them. As long as the database is away it tries again. A batch that fails for
// another reason is handed over one by one; a mail that fails alone is handed over once more as one at fault. With an error the
// outcome holds what was done before. read is what was done beforehand with all of them. It may run beside the watch's own goroutine.
func (w *watch) takeOver(ctx context.Context, mails []mailin.Raw, read func(context.Context) error) (outcome, error) {
	err := w.persist(ctx, mails, read)
	if err == nil {
		return w.count(mails), nil
	}
	if ctx.Err() != nil || errors.Is(err, ledger.ErrLeaseLost) {
		return outcome{}, err
	}
	if len(mails) > 1 {
		w.log.Warn("a batch was refused: handing its mails over one by one", "mails", len(mails), "error", err)
		all := outcome{refused: map[uint32]error{}}
		for i := range mails {
			o, err := w.takeOver(ctx, mails[i:i+1], nil)
			all.taken = append(all.taken, o.taken...)
			all.latest = later(all.latest, o.latest)
			maps.Copy(all.refused, o.refused)
			if err != nil {
				return all, err
			}
		}
		return all, nil
	}
	w.log.Error("a mail could not be taken", "uid", mails[0].Source.UID, "error", err)
	if mails[0].Fault == "" {
		again := []mailin.Raw{mails[0]}
		again[0].Fault = "the desk could not take it: " + err.Error()
		second := w.persist(ctx, again, nil)
		if second == nil {
			return w.count(again), nil
		}
		if ctx.Err() != nil || errors.Is(second, ledger.ErrLeaseLost) {
			return outcome{}, second
		}
	}
	return outcome{refused: map[uint32]error{mails[0].Source.UID: err}}, nil
}

// count counts mails that were taken, for Status, and gives the outcome.
func (w *watch) count(mails []mailin.Raw) outcome {
	now := w.f.db.Now()
	var o outcome
	var octets int64
	for _, m := range mails {
		o.taken = append(o.taken, m.Source.UID)
		octets += int64(len(m.Bytes))
		if !m.Received.After(now) { // never a time to come
			o.latest = later(o.latest, m.Received)
		}
	}
	w.f.note(w.at, func(s *FolderStatus) {
		s.LastMail, s.Error = now, ""
		s.Taken += int64(len(mails))
		s.Octets += octets
	})
	return o
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// persist hands mails over, again and again while the fault lies with the database.
func (w *watch) persist(ctx context.Context, mails []mailin.Raw, read func(context.Context) error) error {
	for failures := 1; ; failures++ {
		err := w.f.hand(ctx, mails, read)
		if err == nil || ctx.Err() != nil || errors.Is(err, ledger.ErrLeaseLost) || !sqldb.Temporary(err) {
			return err
		}
		wait := backoff(failures, w.f.cfg.retryMin, time.Minute)
		w.log.Warn("the desk takes no mail now", "error", err, "next", wait.Round(time.Second))
		w.f.note(w.at, func(s *FolderStatus) { s.Error = "the desk takes no mail now: " + err.Error() })
		pause(ctx, wait)
	}
}

// raw makes of what came for a UID what the desk takes.
func (w *watch) raw(uid uint32, m *fetched, fault string) mailin.Raw {
	received := m.received.UTC()
	if m.received.IsZero() {
		received = w.f.db.Now()
	}
	return mailin.Raw{
		Inbox:     w.f.cfg.Name,
		Source:    mailin.Source{Mailbox: w.box.ID, UID: uid, Lease: w.lease},
		Received:  received,
		Bytes:     m.body,
		Size:      max(m.size, int64(len(m.body))),
		Truncated: m.cut,
		Old:       w.box.Old(uid, received),
		Junk:      w.folder.Junk,
		Fault:     fault,
	}
}

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

// batch is a number of mails to be fetched at once, with what is known of them.
type batch struct {
	uids   []uint32
	facts  map[uint32]*fetched // nil: not asked
	octets int64
}

// batches cuts UIDs into batches of at most 50 mails and 4 MB, and mails over the size limit alone. It asks for sizes first, but for one
// mail alone, which is fetched at once. UIDs of which the server tells no facts are given to poison.
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
				if len(b.uids) > 0 && (len(b.uids) == batchMails || b.octets+octets > batchBytes || (m.size > w.f.cfg.MaxSize) != b.cut(w.f.cfg.MaxSize)) {
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

// cut reports whether the batch is of mails over the size limit; all of a batch are, or none.
func (b *batch) cut(limit int64) bool {
	return len(b.uids) > 0 && b.facts != nil && b.facts[b.uids[0]].size > limit
}

// fetchBatch fetches the bodies of a batch. Each UID that did not come with a body is asked for once more, then it is given to
// poison. With an error, which means that the connection is lost, it gives what came before.
func (w *watch) fetchBatch(ctx context.Context, b batch) ([]mailin.Raw, error) {
	want := wanted{facts: b.facts == nil, body: allBody, most: w.f.cfg.MaxSize}
	switch {
	case b.facts == nil: // its size is not known: not more than the limit
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
			if m == nil || m.body == nil {
				again = append(again, uid)
				continue
			}
			if b.facts != nil {
				m.received, m.size = b.facts[uid].received, b.facts[uid].size
			}
			if m.size > int64(len(m.body)) && int64(len(m.body)) >= want.body {
				m.cut = true // there is more than was asked for
			}
			if m.cut && len(m.body) > cutBody {
				m.body = m.body[:cutBody:cutBody]
			}
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

// finished enters in one transaction what was done with mails.
func (w *watch) finished(ctx context.Context, acknowledged []uint32) error {
	err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error {
		if err := ledger.Acknowledged(tx, w.box.ID, acknowledged); err != nil {
			return err
		}
		return ledger.Settle(tx, w.box.ID, w.cursor, w.latest)
	})
	if err != nil {
		return fmt.Errorf("entering what was acknowledged: %w", err)
	}
	return nil
}
