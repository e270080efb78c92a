package imap

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// handover is a batch that is being handed to the desk.
type handover struct {
	octets int
	read   chan struct{} // closed when reading ahead has ended
	done   chan struct{}
	outcome
	err  error
	left bool // it was not even attempted
}

// outcome is the result of handing over mails.
type outcome struct {
	taken  []uint32
	latest time.Time // the newest of them
	// refused holds mails that the desk could not take although the database works: the reason by
	// UID.
	refused map[uint32]error
}

// fetchFresh fetches mails without known problems, in batches. While the desk takes one batch, the
// next ones are fetched and the previous ones are acknowledged. The desk gets the batches one at a
// time and in order.
func (w *watch) fetchFresh(stop, work context.Context, uids []uint32) error {
	var queue []*handover // batches being handed over
	first := func() error {
		t := queue[0]
		queue = queue[1:]
		<-t.done
		return errors.Join(t.err, w.recordOutcome(work, t.outcome, false))
	}
	finish := func() error {
		var err error
		for len(queue) > 0 {
			err = errors.Join(err, first())
		}
		return errors.Join(err, w.recordOutcome(work, outcome{}, true))
	}
	left := len(uids)
	for batch, err := range w.batches(work, uids) {
		var mails []mailin.Raw
		if err == nil && stop.Err() == nil {
			mails, err = w.fetchBatch(work, batch)
		}
		left -= len(batch.uids)
		w.backlog(left)
		// Mails that came before the connection broke are intact.
		if len(mails) > 0 && stop.Err() == nil {
			var before *handover
			if len(queue) > 0 {
				before = queue[len(queue)-1]
			}
			queue = append(queue, w.startHandover(stop, work, mails, before))
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

// recordOutcome records the outcome of a batch and acknowledges the mails taken. Unless this was
// the last batch, acknowledgements are collected first: servers are much faster at moving many
// mails in one command.
func (w *watch) recordOutcome(ctx context.Context, o outcome, last bool) error {
	for uid, cause := range o.refused {
		if err := w.failed(ctx, uid, cause); err != nil {
			return err
		}
	}
	for _, uid := range o.taken {
		w.handled[uid] = true
	}
	w.unacknowledged = append(w.unacknowledged, o.taken...)
	w.taken += len(o.taken)
	w.latest = later(w.latest, o.latest)
	if !last && len(w.unacknowledged) < acknowledgeAtOnce {
		return nil
	}
	open := w.unacknowledged
	w.unacknowledged = nil
	return w.acknowledge(ctx, open)
}

// startHandover hands mails over in the background, once the batch before is done. While it waits,
// and once the batch before has been read ahead, it reads this batch ahead. The mails are left
// alone if an earlier batch failed or a stop was requested.
func (w *watch) startHandover(stop, work context.Context, mails []mailin.Raw, before *handover) *handover {
	t := &handover{read: make(chan struct{}), done: make(chan struct{})}
	for _, m := range mails {
		t.octets += len(m.Bytes)
	}
	go func() {
		defer close(t.done)
		var read func(context.Context) error
		if before != nil {
			<-before.read
			if stop.Err() == nil {
				reading, enough := context.WithCancel(work) // after a stop, nothing read ahead is used
				unhook := context.AfterFunc(stop, enough)
				read = w.f.readAhead(reading, mails)
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
			t.outcome, t.err = w.handOver(work, mails, read)
		}
	}()
	return t
}

// over reports whether the desk has finished with the batch.
func (t *handover) over() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func octets(inHand []*handover) (n int) {
	for _, t := range inHand {
		n += t.octets
	}
	return n
}

// handOver hands mails to the desk and retries for as long as the database is unavailable. If a
// batch fails for another reason, its mails are handed over one by one; a mail that fails alone is
// handed over once more with Raw.Fault set. On an error the outcome holds what was done before it.
// read hands over mails that were read ahead, or is nil. handOver may run concurrently with the
// watch's own goroutine.
func (w *watch) handOver(ctx context.Context, mails []mailin.Raw, read func(context.Context) error) (outcome, error) {
	err := w.persist(ctx, mails, read)
	if err == nil {
		return w.countTaken(mails), nil
	}
	if ctx.Err() != nil || errors.Is(err, ledger.ErrLeaseLost) {
		return outcome{}, err
	}
	if len(mails) > 1 {
		w.log.Warn("a batch was refused: handing its mails over one by one", "mails", len(mails), "error", err)
		all := outcome{refused: map[uint32]error{}}
		for i := range mails {
			o, err := w.handOver(ctx, mails[i:i+1], nil)
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
			return w.countTaken(again), nil
		}
		if ctx.Err() != nil || errors.Is(second, ledger.ErrLeaseLost) {
			return outcome{}, second
		}
	}
	return outcome{refused: map[uint32]error{mails[0].Source.UID: err}}, nil
}

// countTaken adds taken mails to Status and returns their outcome.
func (w *watch) countTaken(mails []mailin.Raw) outcome {
	now := w.f.db.Now()
	var o outcome
	var octets int64
	for _, m := range mails {
		o.taken = append(o.taken, m.Source.UID)
		octets += int64(len(m.Bytes))
		if !m.Received.After(now) { // never a time in the future
			o.latest = later(o.latest, m.Received)
		}
	}
	w.f.setStatus(w.index, func(s *FolderStatus) {
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

// persist hands mails over, retrying for as long as the error comes from the database.
func (w *watch) persist(ctx context.Context, mails []mailin.Raw, read func(context.Context) error) error {
	for failures := 1; ; failures++ {
		err := w.f.deliver(ctx, mails, read)
		if err == nil || ctx.Err() != nil || errors.Is(err, ledger.ErrLeaseLost) || !sqldb.Temporary(err) {
			return err
		}
		wait := backoff(failures, w.f.cfg.retryMin, time.Minute)
		w.log.Warn("the desk cannot take mail now", "error", err, "next", wait.Round(time.Second))
		w.f.setStatus(w.index, func(s *FolderStatus) { s.Error = "the desk cannot take mail now: " + err.Error() })
		pause(ctx, wait)
	}
}

// raw turns the server's response for a UID into the form that the desk takes.
func (w *watch) raw(uid uint32, m *fetched, fault string) mailin.Raw {
	now := w.f.db.Now()
	came := m.arrival(now)
	received := came
	if came.IsZero() {
		received = now
	}
	size := m.size
	if m.cut {
		size = max(size, int64(len(m.body))+1)
	}
	return mailin.Raw{
		Inbox:     w.f.cfg.Name,
		Source:    mailin.Source{Mailbox: w.box.ID, UID: uid, Lease: w.lease},
		Received:  received,
		Bytes:     m.body,
		Size:      size,
		Truncated: m.cut,
		Old:       w.box.Old(uid, came),
		Junk:      w.folder.Junk,
		Sent:      w.folder.Sent,
		Fault:     fault,
	}
}

// recordAcknowledged records in one transaction that mails have been acknowledged.
func (w *watch) recordAcknowledged(ctx context.Context, acknowledged []uint32) error {
	err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error {
		if err := ledger.Acknowledged(tx, w.box.ID, acknowledged); err != nil {
			return err
		}
		return ledger.AdvanceCursor(tx, w.box.ID, w.cursor, w.latest)
	})
	if err != nil {
		return fmt.Errorf("recording acknowledged mails: %w", err)
	}
	return nil
}
