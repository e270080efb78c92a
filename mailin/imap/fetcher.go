package imap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// Fetcher watches one inbox. Run, Check, Reconcile and Status are safe for concurrent use, but only
// one Run may be active at a time.
type Fetcher struct {
	cfg     Config
	db      *sqldb.DB
	keeper  *ledger.Keeper
	handler mailin.Handler
	log     *slog.Logger
	dial    dialer

	// turn lets only one folder at a time hand mail to the desk: Handler.Take accepts one batch of
	// an inbox at a time.
	turn chan struct{}

	mu     sync.Mutex
	status Status
	down   []time.Time // when each folder lost its connection; zero: it is connected
}

// New makes a Fetcher. All inboxes of a daemon share the keeper. New does not connect; Run does.
func New(cfg Config, db *sqldb.DB, keeper *ledger.Keeper, handler mailin.Handler, log *slog.Logger) (*Fetcher, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	f := &Fetcher{
		cfg: cfg.withDefaults(), db: db, keeper: keeper, handler: handler,
		log:  log.With("inbox", cfg.Name),
		dial: (&net.Dialer{}).DialContext,
		turn: make(chan struct{}, 1),
	}
	f.status.Inbox = cfg.Name
	for _, folder := range cfg.Folders {
		f.status.Folders = append(f.status.Folders, FolderStatus{Folder: folder.Name, Doing: Stopped, Since: db.Now()})
	}
	f.down = make([]time.Time, len(cfg.Folders))
	return f, nil
}

// Doing is the current activity of a folder's connection.
type Doing string

// The activities of a folder's connection.
const (
	Stopped    Doing = "stopped"
	Waiting    Doing = "waiting" // for the lease: another daemon works on the inbox
	Connecting Doing = "connecting"
	Fetching   Doing = "fetching"
	Idling     Doing = "idle"    // the server announces new mail
	Polling    Doing = "polling" // the server has no IDLE
	Failing    Doing = "failing" // waits for the next try
)

// Status is the state of an inbox, for health checks, metrics and people.
type Status struct {
	Inbox   string
	Leading bool // this daemon has the lease
	Folders []FolderStatus
}

// Err returns the current problem. It is nil if all folders are connected or another daemon leads.
func (s Status) Err() error {
	var errs []error
	for _, f := range s.Folders {
		if f.Error != "" {
			errs = append(errs, fmt.Errorf("inbox %s, folder %s: %s", s.Inbox, f.Folder, f.Error))
		}
		if f.AcknowledgeError != "" {
			errs = append(errs, fmt.Errorf("inbox %s, folder %s: %s", s.Inbox, f.Folder, f.AcknowledgeError))
		}
	}
	return errors.Join(errs...)
}

// FolderStatus is the state of one folder.
type FolderStatus struct {
	Folder    string
	Doing     Doing
	Connected bool
	Since     time.Time // of Connected
	Error     string    // why it is not connected or makes no progress; "" if all is well
	Refused   bool      // Error is a login that was refused
	Failures  int       // in a row
	LastMail  time.Time // when the last mail was taken
	Taken     int64     // mails taken since the start
	Octets    int64     // of them
	Backlog   int       // mails that wait at the server
	// Unacknowledged counts mails that were taken but are not yet marked on the server;
	// AcknowledgeError is the reason if the server refused.
	Unacknowledged   int
	AcknowledgeError string
	Parked           int64 // mails set aside since the start
}

// Status returns the state of the inbox. It makes no requests and is cheap.
func (f *Fetcher) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.status
	s.Folders = slices.Clone(s.Folders)
	return s
}

func (f *Fetcher) setStatus(folder int, change func(*FolderStatus)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.status.Folders[folder])
}

func (f *Fetcher) setAllStatus(leading bool, change func(*FolderStatus)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status.Leading = leading
	for i := range f.status.Folders {
		change(&f.status.Folders[i])
	}
}

// connected and disconnected record the state of a folder's connection.
func (f *Fetcher) connected(folder int) {
	f.setStatus(folder, func(s *FolderStatus) {
		s.Doing, s.Connected, s.Since, s.Error, s.Refused, s.Failures = Fetching, true, f.db.Now(), "", false, 0
		f.down[folder] = time.Time{}
	})
}

func (f *Fetcher) disconnected(folder int, err error, refused bool, failures int) {
	f.setStatus(folder, func(s *FolderStatus) {
		if s.Connected {
			s.Connected, s.Since = false, f.db.Now()
		}
		s.Doing, s.Error, s.Refused, s.Failures = Failing, err.Error(), refused, failures
		if f.down[folder].IsZero() {
			f.down[folder] = time.Now()
		}
	})
}

// unreachable reports whether no folder could be connected for at least that long. A refused login
// does not count: other daemons would be refused too.
func (f *Fetcher) unreachable(limit time.Duration) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, since := range f.down {
		if since.IsZero() || time.Since(since) < limit || f.status.Folders[i].Refused {
			return false
		}
	}
	return true
}

// failures returns the number of failed connections of a folder so far. It outlives the lease.
func (f *Fetcher) failures(folder int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status.Folders[folder].Failures
}

// Run watches the inbox until ctx ends. It then finishes the current batch, within Config.Grace,
// and returns nil. On any other problem it waits and tries again; Status reports the problem. It
// works only while it holds the inbox's lease.
func (f *Fetcher) Run(ctx context.Context) error {
	defer f.setAllStatus(false, func(s *FolderStatus) { s.Doing, s.Connected, s.Since = Stopped, false, f.db.Now() })
	started := false
	for failures := 0; ctx.Err() == nil; {
		var lease mailin.Lease
		var ok bool
		err := f.start(ctx, &started)
		if err == nil {
			lease, ok, err = f.keeper.Acquire(ctx, f.leaseName())
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			failures++
			f.setAllStatus(false, func(s *FolderStatus) { s.Doing, s.Error = Failing, err.Error() })
			f.log.Warn("cannot get the lease", "error", err)
			pause(ctx, backoff(failures, time.Second, f.keeper.TTL()))
		case !ok:
			failures = 0
			f.setAllStatus(false, func(s *FolderStatus) { s.Doing, s.Error = Waiting, "" })
			pause(ctx, f.keeper.TTL()/3)
		default:
			failures = 0
			if err := f.lead(ctx, lease); err != nil {
				f.log.Warn("gave up the inbox", "error", err)
				// Whoever took it over is working; competing for it helps nobody.
				pause(ctx, 2*f.keeper.TTL())
			}
		}
	}
	return nil
}

// start records the time from which the folders are watched. It must not wait for a login: mail
// that arrives from now on belongs to the desk.
func (f *Fetcher) start(ctx context.Context, done *bool) error {
	if *done {
		return nil
	}
	err := f.db.Update(ctx, func(tx *sqldb.Tx) error {
		for _, folder := range f.cfg.Folders {
			if err := ledger.Start(tx, f.cfg.Name, folder.Name); err != nil {
				return err
			}
		}
		return nil
	})
	*done = err == nil
	return err
}

func (f *Fetcher) leaseName() string { return "inbox:" + f.cfg.Name }

// lead watches all folders while the lease is held. It returns nil if ctx has ended, otherwise the
// reason why the lease was lost or given up.
func (f *Fetcher) lead(ctx context.Context, lease mailin.Lease) error {
	f.setAllStatus(true, func(s *FolderStatus) { s.Doing, s.Error = Connecting, "" })
	// work outlives ctx for a while, so that the current batch can be finished. It ends immediately
	// when the lease is lost.
	work, giveUp := context.WithCancelCause(context.WithoutCancel(ctx))
	defer giveUp(nil)
	// stop ends when no new work may begin.
	stop, halt := context.WithCancel(ctx)
	defer halt()
	unhook := context.AfterFunc(work, halt)
	defer unhook()

	var folders sync.WaitGroup
	for i := range f.cfg.Folders {
		w := &watch{f: f, index: i, folder: f.cfg.Folders[i], lease: lease, log: f.log.With("folder", f.cfg.Folders[i].Name),
			failures: f.failures(i)}
		folders.Go(func() { w.run(stop, work) })
	}
	done := make(chan struct{})
	go func() { folders.Wait(); close(done) }()

	renew := time.NewTicker(f.keeper.TTL() / 3)
	defer renew.Stop()
	held := time.Now()
	ended := ctx.Done()
	var grace <-chan time.Time
	stoodDown := false // in favour of other daemons
	for {
		select {
		case <-done:
			return f.leave(ctx, lease, context.Cause(work), stoodDown)
		case <-ended:
			ended = nil
			t := time.NewTimer(f.cfg.Grace)
			defer t.Stop()
			grace = t.C
		case <-grace:
			giveUp(errGrace)
		case <-renew.C:
			began := time.Now()
			renewal, cancel := context.WithTimeout(work, f.keeper.TTL()/3)
			err := f.keeper.Renew(renewal, lease)
			cancel()
			switch {
			case err == nil:
				held = began
				if f.db.Kind() == sqldb.Postgres && f.unreachable(4*f.keeper.TTL()) {
					stoodDown = true
					halt()
				}
			case errors.Is(err, ledger.ErrLeaseLost):
				giveUp(ledger.ErrLeaseLost)
			case time.Since(held) >= f.keeper.TTL():
				giveUp(fmt.Errorf("the lease could not be renewed in time: %w", err))
			}
		}
	}
}

// leave releases the lease once no folder is watched. lost is the reason why the lease was lost or
// given up, if it was.
func (f *Fetcher) leave(ctx context.Context, lease mailin.Lease, lost error, stoodDown bool) error {
	err := lost
	if err == nil {
		// A context of its own: ctx has ended, and the next holder should not have to wait.
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = f.keeper.Release(bye, lease)
	}
	f.setAllStatus(false, func(*FolderStatus) {})
	if stoodDown && ctx.Err() == nil && err == nil {
		return errors.New("the mail server cannot be reached from here: perhaps another daemon can")
	}
	if ctx.Err() != nil && (err == nil || errors.Is(err, errGrace)) {
		return nil
	}
	return err
}

var errGrace = errors.New("the current batch was not finished in time")

// deliver hands a batch to the desk, one folder at a time. read hands over the batch with what
// readAhead prepared; it may be nil. A panic in the desk becomes an error, so that one mail cannot
// bring the daemon down again and again.
func (f *Fetcher) deliver(ctx context.Context, batch []mailin.Raw, read func(context.Context) error) (err error) {
	select {
	case f.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-f.turn }()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("handing over mail: panic: %v", v)
		}
	}()
	if read != nil {
		return read(ctx)
	}
	return f.handler.Take(ctx, batch)
}

// readAhead lets the desk prepare a batch before its turn. It returns nil if there is nothing to
// prepare.
func (f *Fetcher) readAhead(ctx context.Context, batch []mailin.Raw) (take func(context.Context) error) {
	r, ok := f.handler.(mailin.Reader)
	if !ok {
		return nil
	}
	defer func() {
		if recover() != nil {
			take = nil // Take will meet the same panic and report it
		}
	}()
	return r.Read(ctx, batch)
}
