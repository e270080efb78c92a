package imap

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/emersion/go-imap/v2"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
)

const (
	batchMails = 50
	batchBytes = 4 << 20
	// fetchedAhead is how many batches may wait for the desk, so that it has work while the server
	// moves mail, and something to read ahead while it waits for the disk. fetchedOctets is the
	// total size of waiting batches above which no further one is fetched: they take up memory, and
	// reading them takes more.
	fetchedAhead  = 4
	fetchedOctets = 8 << 20
	// factsAtOnce keeps command lines below 8,000 octets (RFC 7162 section 4).
	factsAtOnce = 500
	// cutBody is how much is fetched of a mail over the size limit: the header and the beginning of
	// the text.
	cutBody = 256 << 10
	// lookBack is how far below the cursor we look for UIDs that became visible late.
	lookBack = 100
)

// watch is the work on one folder. Its state outlives connections and belongs to one goroutine.
type watch struct {
	f      *Fetcher
	index  int // in Status
	folder Folder
	lease  mailin.Lease
	log    *slog.Logger

	s              *session
	box            ledger.Mailbox
	cursor         uint32    // as Mailbox.SettledBelow
	exists         uint32    // mails in the folder when it was opened
	lastFullSync   time.Time // when all mails were last compared
	poison         poison
	refusal        refusal         // of acknowledgements
	handled        map[uint32]bool // taken or parked since the last look
	unacknowledged []uint32        // taken, to be acknowledged with others
	copied         map[uint32]bool // as session.copied: it outlives the connection
	latest         time.Time       // of the mails taken
	pacing         pacing
	survey         survey
	noDates        int // mails whose malformed time broke the connection

	failures int
	progress bool // this connection got as far as opening the folder
	taken    int  // mails, by this watch
}

// run keeps the folder connected until stop ends.
func (w *watch) run(stop, work context.Context) {
	defer w.f.setStatus(w.index, func(s *FolderStatus) { s.Doing, s.Connected, s.Since = Stopped, false, w.f.db.Now() })
	worked := false // the previous connection worked
	for stop.Err() == nil {
		began, taken := time.Now(), w.taken
		err := w.connection(stop, work)
		if stop.Err() != nil || work.Err() != nil {
			return
		}
		if w.progress && (!worked || w.taken > taken || time.Since(began) >= steady) {
			w.failures = 0
		}
		w.failures++
		var login *loginError
		wait := w.pause(errors.As(err, &login))
		worked, w.progress = w.progress, false
		w.f.disconnected(w.index, err, login != nil, w.failures)
		// The first loss of a connection is not worth a warning: servers restart, and networks
		// reconnect.
		level := slog.LevelWarn
		if w.failures == 1 && login == nil {
			level = slog.LevelInfo
		}
		w.log.Log(work, level, "lost the folder", "error", err, "next", wait.Round(time.Second))
		pause(stop, wait)
	}
}

// steady is how long a connection that brought no mail must have worked for its loss to count as a
// first failure. Otherwise a server that admits us only to drop us would see a login every second.
const steady = time.Minute

// pause returns how long to wait before the next connection.
func (w *watch) pause(loginRefused bool) time.Duration {
	cfg := &w.f.cfg
	switch {
	case loginRefused:
		return backoff(w.failures, cfg.loginMin, cfg.loginMax)
	case w.progress: // each connection finds what is new
		return backoff(w.failures, cfg.retryMin, min(cfg.retryMax, max(cfg.PollEvery, cfg.retryMin)))
	}
	return backoff(w.failures, cfg.retryMin, cfg.retryMax)
}

// connection runs one connection from its beginning to its end.
func (w *watch) connection(stop, work context.Context) error {
	w.f.setStatus(w.index, func(s *FolderStatus) { s.Doing = Connecting })
	// A stop must not wait for a server that does not let us in.
	s, err := connect(stop, &w.f.cfg, w.f.dial)
	if err != nil {
		return err
	}
	w.s = s
	s.noDates = w.noDates >= maxDateless
	polite := false
	defer func() { s.end(polite) }()
	if err := w.selectMailbox(work); err != nil {
		return err
	}
	w.f.connected(w.index)
	w.log.Info("watching", "login", s.mechanism, "idle", s.caps.Has(imap.CapIdle), "uidvalidity", w.box.UIDValidity)
	w.lastFullSync = time.Time{}
	w.refusal, w.unacknowledged = refusal{}, nil
	for {
		if !w.lastFullSync.IsZero() && time.Since(w.lastFullSync) >= w.f.cfg.wholeEvery {
			// Select the folder again, too: not every server says when it was recreated.
			if err := w.selectMailbox(work); err != nil {
				return err
			}
			w.lastFullSync = time.Time{}
		}
		if err := w.sync(stop, work); err != nil {
			return err
		}
		if err := w.acknowledgeOpen(work); err != nil {
			return err
		}
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
