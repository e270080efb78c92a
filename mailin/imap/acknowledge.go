package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// acknowledgeAtOnce is the maximum number of UIDs in one command.
const acknowledgeAtOnce = 200

// keyword is the flag set on taken mail where the server permits keywords.
const keyword imap.Flag = "$Tierdesk"

// refusal records that the server refused an acknowledgement, for example because the folder is
// over quota or we lack the right. Nothing is lost: the mail has been taken, and the
// acknowledgement is retried.
type refusal struct {
	failures int
	due      time.Time // zero: none
	asked    bool      // acknowledgements left open by earlier connections have been attempted
}

// acknowledge marks mails that the desk has taken as done on the server, and records that in the
// ledger. It must be called only after Handler.Take has returned. Mails that the server refuses to
// mark stay taken and are acknowledged later. The lease is checked first.
func (w *watch) acknowledge(ctx context.Context, uids []uint32) error {
	if len(uids) == 0 || time.Now().Before(w.refusal.due) {
		w.f.setStatus(w.index, func(s *FolderStatus) { s.Unacknowledged += len(uids) })
		return nil
	}
	if err := w.f.db.View(ctx, func(tx *sqldb.Tx) error { return ledger.Check(tx, w.lease) }); err != nil {
		return err
	}
	for chunk := range slices.Chunk(uids, acknowledgeAtOnce) {
		err := w.applyAfter(ctx, chunk)
		if err != nil && !refused(err) {
			return err
		}
		if err != nil {
			w.refusal.failures++
			wait := backoff(w.refusal.failures, max(w.f.cfg.retryMin*30, 10*time.Millisecond), max(w.f.cfg.retryMax*3, time.Second))
			w.refusal.due = time.Now().Add(wait)
			w.log.Error("the server does not let us acknowledge: the mails are taken, but stay in the folder", "error", err, "next",
				wait.Round(time.Second))
			w.f.setStatus(w.index, func(s *FolderStatus) {
				s.AcknowledgeError = err.Error()
				s.Unacknowledged += len(uids)
			})
			return w.recordAcknowledged(ctx, nil)
		}
		if err := w.recordAcknowledged(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// acknowledgeOpen acknowledges mails that were taken but not yet acknowledged, by earlier
// connections or because the server refused.
func (w *watch) acknowledgeOpen(ctx context.Context) error {
	if w.refusal.asked && (w.refusal.due.IsZero() || time.Now().Before(w.refusal.due)) {
		return nil
	}
	var open []uint32
	err := w.f.db.View(ctx, func(tx *sqldb.Tx) (err error) {
		open, err = ledger.Unacknowledged(tx, w.box.ID)
		return err
	})
	if err != nil {
		return err
	}
	w.refusal.asked, w.refusal.due = true, time.Time{}
	w.f.setStatus(w.index, func(s *FolderStatus) { s.Unacknowledged = 0 })
	if err := w.acknowledge(ctx, open); err != nil {
		return err
	}
	if w.refusal.due.IsZero() {
		w.refusal.failures = 0
		w.f.setStatus(w.index, func(s *FolderStatus) { s.AcknowledgeError = "" })
	}
	return nil
}

// applyAfter carries out Config.After on the server. Mail in a junk folder and sent mail stay as
// they are: people look after those folders themselves.
func (w *watch) applyAfter(ctx context.Context, uids []uint32) error {
	set := make(imap.UIDSet, 0, len(uids))
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	switch {
	case w.folder.Junk || w.folder.Sent:
		return nil
	case w.f.cfg.After.Way == Move:
		return w.s.move(ctx, set, w.f.cfg.After.Folder)
	case w.f.cfg.After.Way == Flag:
		return w.s.flag(ctx, set)
	}
	return nil
}

// move moves mails into a folder, creating it if it is missing.
func (s *session) move(ctx context.Context, set imap.UIDSet, folder string) error {
	err := s.moveInto(ctx, set, folder)
	var answer *imap.Error
	if !errors.As(err, &answer) || answer.Type != imap.StatusResponseTypeNo || answer.Code == imap.ResponseCodeOverQuota {
		return err
	}
	// A missing folder should yield NO [TRYCREATE]; many servers just say NO.
	if create := s.create(ctx, folder); create != nil {
		if !refused(create) {
			return create
		}
		return err // it existed, or cannot be created: the first error says more
	}
	return s.moveInto(ctx, set, folder)
}

func (s *session) create(ctx context.Context, folder string) error {
	return s.do(ctx, "making folder "+folder, 0, func(func(int)) error { return s.c.Create(s.folder(folder), nil).Wait() })
}

func (s *session) moveInto(ctx context.Context, set imap.UIDSet, folder string) error {
	target := s.folder(folder)
	s.news.unsure() // not every server reports what leaves the folder, and go-imap reports some of it only to the command
	// On a server without MOVE (RFC 6851), Client.Move would delete mails that it failed to copy,
	// so it is never called there.
	if s.caps.Has(imap.CapMove) && !s.noMove {
		err := s.do(ctx, "moving to "+folder, s.timeout, func(func(int)) error {
			if !s.c.Caps().Has(imap.CapMove) { // Move itself checks this
				return errors.New("the server no longer offers MOVE")
			}
			_, err := s.c.Move(set, target).Wait()
			return err
		})
		var answer *imap.Error
		if !errors.As(err, &answer) || answer.Type != imap.StatusResponseTypeBad {
			return err
		}
		s.noMove = true // a proxy may offer MOVE although the server behind it lacks it
	}
	if fresh := s.uncopied(set); len(fresh) > 0 {
		if err := s.do(ctx, "copying to "+folder, s.timeout, func(func(int)) error {
			_, err := s.c.Copy(fresh, target).Wait()
			return err
		}); err != nil {
			return err
		}
		s.markCopied(fresh, true)
	}
	// Only now that the server has said OK.
	if err := s.store(ctx, set, imap.FlagDeleted); err != nil {
		return err
	}
	if err := s.expunge(ctx, set); err != nil {
		return err
	}
	s.markCopied(set, false)
	return nil
}

// expunge removes moved mails where the server can expunge them selectively (UIDPLUS).
func (s *session) expunge(ctx context.Context, set imap.UIDSet) error {
	if !s.caps.Has(imap.CapUIDPlus) {
		return nil // a plain EXPUNGE would also remove mails that others have flagged
	}
	return s.do(ctx, "expunging what was moved", s.timeout, func(func(int)) error { return s.c.UIDExpunge(set).Close() })
}

// uncopied returns the mails of the set that have not been copied yet. On a server that copies
// mails but refuses to delete them, each further attempt would make another copy.
func (s *session) uncopied(set imap.UIDSet) imap.UIDSet {
	var fresh imap.UIDSet
	uids, _ := set.Nums()
	for _, uid := range uids {
		if !s.copied[uint32(uid)] {
			fresh.AddNum(uid)
		}
	}
	return fresh
}

// markCopied records whether mails have been copied but are still here.
func (s *session) markCopied(set imap.UIDSet, copied bool) {
	uids, _ := set.Nums()
	for _, uid := range uids {
		if delete(s.copied, uint32(uid)); copied {
			s.copied[uint32(uid)] = true
		}
	}
}

// flag marks mails as read, and with our keyword if the folder supports keywords (RFC 9051 section
// 7.1, PERMANENTFLAGS).
func (s *session) flag(ctx context.Context, set imap.UIDSet) error {
	flags := []imap.Flag{imap.FlagSeen}
	if box := s.c.Mailbox(); box != nil &&
		(slices.Contains(box.PermanentFlags, keyword) || slices.Contains(box.PermanentFlags, imap.FlagWildcard)) {
		flags = append(flags, keyword)
	}
	return s.store(ctx, set, flags...)
}

func (s *session) store(ctx context.Context, set imap.UIDSet, flags ...imap.Flag) error {
	return s.do(ctx, fmt.Sprintf("flagging %v", flags), s.timeout, func(func(int)) error {
		// Close reads all responses: an unread one would block the next command.
		return s.c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: flags}, nil).Close()
	})
}
