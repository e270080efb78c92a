// Package app is the only place where the parts are wired: it makes a running desk from a desk
// folder. It owns the order in which parts start and stop and the files in force, and nothing else.
// It must never decide anything about mail. `tierdesk run`, the demo and the tests share it, so
// that they all run the same desk.
package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/ops"
	"tierdesk/mailin"
	"tierdesk/mailin/clamd"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/ledger"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/mailout/smtp"
	"tierdesk/mailout/token"
	"tierdesk/migrations"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/desk"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
)

// App is a desk that can run. Its methods are safe for concurrent use; Run must be called only
// once.
type App struct {
	Config   *config.Desk
	DB       *sqldb.DB
	Desk     *desk.Desk
	Sender   *smtp.Sender
	Fetchers []*imap.Fetcher
	Watch    *ops.Watch
	Scanner  *clamd.Client // nil if the desk has none

	began    time.Time
	standing atomic.Pointer[Standing]
	chosen   chan struct{} // an admin has put a different desk folder into force
	log      *slog.Logger
	options  options
	keys     atomic.Pointer[token.Keyring]
	policy   atomic.Pointer[tickets.Policy]
	unlock   func()

	sent chan *mailout.Mail // answers to file a copy of

	replies replyAddresses

	pinging sync.Mutex
	written time.Time // when a write to the database last succeeded

	reloading sync.Mutex
	wrong     string // the faults of the files, "" for none
	edits     int    // how often that has changed
	closed    sync.Once
}

// Option changes what New makes.
type Option func(*options)

type options struct {
	clock     func() time.Time
	fault     func(string) error
	noSync    bool
	keep      bool
	exclusive bool
	readOnly  bool
	resolver  classify.Resolver
	grace     time.Duration
	sendLease time.Duration
	scanAgain time.Duration
	beat      time.Duration
	lease     time.Duration
}

// WithClock sets the desk's clock, for demos and tests.
func WithClock(now func() time.Time) Option { return func(o *options) { o.clock = now } }

// WithoutSync makes SQLite not wait for the disk, for tests.
func WithoutSync() Option { return func(o *options) { o.noSync = true } }

// KeepMemory makes the desk leave its garbage to the runtime, instead of collecting it and giving
// memory back to the system whenever the desk folder was read. It is for tests with many desks in a
// process: each would collect the garbage of all, and all would have to ask for their memory again.
func KeepMemory() Option { return func(o *options) { o.keep = true } }

// WithFault makes statements fail, for tests; see sqldb.WithFault.
func WithFault(f func(string) error) Option { return func(o *options) { o.fault = f } }

// Exclusive makes New refuse a SQLite database that another daemon uses.
func Exclusive() Option { return func(o *options) { o.exclusive = true } }

// ReadOnly makes a desk that does not write to its database, whose schema must be that of this
// program.
func ReadOnly() Option { return func(o *options) { o.readOnly = true } }

// WithResolver sets the DNS resolver for checking senders; nil turns the checks off.
func WithResolver(r classify.Resolver) Option { return func(o *options) { o.resolver = r } }

// WithGrace sets how long the admin has to finish an edit before being told that it has faults. The
// default is 1 minute, since people save in steps.
func WithGrace(d time.Duration) Option { return func(o *options) { o.grace = d } }

// WithSendLease sets how long a claim on an outgoing mail lasts without being renewed, for tests;
// see smtp.Parts.
func WithSendLease(d time.Duration) Option { return func(o *options) { o.sendLease = d } }

// WithScanAgain sets how often an unavailable virus scanner is tried again, for tests; see
// clamd.Config.
func WithScanAgain(d time.Duration) Option { return func(o *options) { o.scanAgain = d } }

// WithLease sets how long the right to work on an inbox lasts without being renewed, for tests; see
// ledger.NewKeeper.
func WithLease(d time.Duration) Option { return func(o *options) { o.lease = d } }

// WithBeat sets the interval of the heartbeats of daemons on one PostgreSQL, for tests. After six
// intervals without one, a daemon's desk folder no longer counts. The default is 10 s.
func WithBeat(d time.Duration) Option { return func(o *options) { o.beat = d } }

// ErrRunning means that another daemon runs on the same SQLite database.
var ErrRunning = errors.New("another tierdesk runs on this database")

// New opens the database, migrates its schema and makes all parts, without connecting to a mail
// server. If it fails, nothing stays open.
func New(ctx context.Context, cfg *config.Desk, log *slog.Logger, opts ...Option) (_ *App, err error) {
	o := options{resolver: net.DefaultResolver, grace: time.Minute}
	for _, f := range opts {
		f(&o)
	}
	a := &App{Config: cfg, log: log, options: o, unlock: func() {}, sent: make(chan *mailout.Mail, 1000), chosen: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if a.DB, err = OpenDatabase(ctx, &cfg.Main, log, opts...); err != nil {
		return nil, err
	}
	if o.exclusive && a.DB.Kind() == sqldb.SQLite {
		unlock, err := Lock(a.DB.Path())
		if err != nil {
			return nil, err
		}
		a.unlock = unlock
	}
	if err := a.migrate(ctx); err != nil {
		return nil, err
	}
	if err := a.loadKeys(ctx); err != nil {
		return nil, err
	}
	a.policy.Store(policyOf(cfg.Policy))
	a.began = a.DB.Now()
	a.Scanner = scanner(&cfg.Main, o.scanAgain)
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	if a.Desk, err = desk.New(a.DB, settings, a.policy.Load, a.keys.Load, log); err != nil {
		return nil, err
	}
	keeper := ledger.NewKeeper(a.DB, rand.Text(), o.lease)
	accounts := map[string]smtp.Config{}
	for i := range cfg.Main.Inboxes {
		in := &cfg.Main.Inboxes[i]
		f, err := imap.New(incoming(&cfg.Main, in), a.DB, keeper, a.Desk, log)
		if err != nil {
			return nil, err
		}
		a.Fetchers = append(a.Fetchers, f)
		if accounts[in.Name], err = outgoing(&cfg.Main, in); err != nil {
			return nil, err
		}
	}
	a.Sender, err = smtp.New(accounts, smtp.Parts{DB: a.DB, Keys: a.keys.Load, Load: a.attachments, Plain: a.Desk.Plain,
		Secrets: a.Desk.Secrets, Delivered: a.delivered, Log: log, Lease: o.sendLease})
	if err != nil {
		return nil, err
	}
	a.Watch = ops.New(ops.Parts{Now: a.DB.Now, Ping: a.ping, Inboxes: a.inboxes, Outgoing: a.Sender.Status, Others: a.others,
		Scanner: a.scanned, RoundTrips: a.roundTrips, Hash: a.Hash, Version: Version()})
	return a, nil
}

// migrate migrates the schema, or only checks it for a read-only desk.
func (a *App) migrate(ctx context.Context) error {
	if !a.options.readOnly {
		_, err := migrations.Up(ctx, a.DB)
		return err
	}
	status, err := migrations.Check(ctx, a.DB)
	return cmp.Or(err, status.Err())
}

// others returns the problems other than those of the mail servers and the database.
func (a *App) others(ctx context.Context) ([]ops.Problem, error) {
	canaries, err := a.canaryProblems(ctx)
	unreached, err2 := a.unreachedProblems(ctx)
	return slices.Concat(a.scannerProblem(), a.standingProblem(), a.replies.all(), canaries, unreached), cmp.Or(err, err2)
}

func (a *App) scanned() (clamd.Status, bool) {
	if a.Scanner == nil {
		return clamd.Status{}, false
	}
	return a.Scanner.Status(), true
}

// pingEvery is the shortest interval between writes that only test whether the database can be
// written to.
const pingEvery = 10 * time.Second

// ping checks that the database answers and can be written to: a database on a full disk can still
// be read. It is safe for concurrent use.
func (a *App) ping(ctx context.Context) error {
	if err := a.DB.Ping(ctx); err != nil {
		return err
	}
	a.pinging.Lock()
	defer a.pinging.Unlock()
	if time.Since(a.written) < pingEvery {
		return nil
	}
	err := a.DB.Update(ctx, func(tx *sqldb.Tx) error {
		return meta.Set(tx, "written", "")
	})
	if err != nil {
		return fmt.Errorf("writing to the database: %w", err)
	}
	a.written = time.Now()
	return nil
}

func (a *App) inboxes() []imap.Status {
	out := make([]imap.Status, len(a.Fetchers))
	for i, f := range a.Fetchers {
		out[i] = f.Status()
	}
	return out
}

// Version returns the version of this program.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}

// alarm returns the alarm, which reaches the admin by another way than the desk's mail.
func (a *App) alarm() *ops.Alarm {
	m := &a.Config.Main
	out := &ops.Alarm{Watch: a.Watch, After: m.Alarm.After, Mail: a.alarmByMail, Log: a.log}
	if len(m.Alarm.Command) > 0 {
		out.Ways = append(out.Ways, ops.Command(m.Alarm.Command))
	}
	if second := m.Alarm.Mail; second != nil {
		out.Ways = append(out.Ways, func(ctx context.Context, subject, text string) error {
			in := m.Inboxes[0]
			in.Outgoing = second
			cfg, err := outgoing(m, &in)
			if err != nil {
				return err
			}
			from := second.User
			if !strings.Contains(from, "@") {
				from = in.Address
			}
			now := time.Now()
			return smtp.Once(ctx, cfg, mailout.Mail{
				ID: now.UnixNano(), Kind: "alarm", Party: mailout.Admin, Recipient: m.Alarm.To, Automatic: mailout.AutoGenerated,
				Date: now, Created: now,
				MessageID: fmt.Sprintf("alarm.%d@%s", now.UnixNano(), m.Domain), From: mailin.Address{Name: m.Name, Address: from},
				To: []mailin.Address{{Address: m.Alarm.To}}, Subject: subject, Text: text,
			})
		})
	}
	return out
}

// alarmByMail reports a problem to the admin by the desk's own mail.
func (a *App) alarmByMail(ctx context.Context, p ops.Problem, over bool) error {
	return a.Desk.TellAdmin(ctx, templates.AdminAlarm, func(f *templates.Facts, say func(phrase.Text) string) {
		f.What, f.Since, f.Over = say(p.ByMail.What), p.Since, over
		for _, why := range p.ByMail.Why {
			f.Reasons = append(f.Reasons, say(why))
		}
	})
}

// OpenDatabase opens the desk's database with its password.
func OpenDatabase(ctx context.Context, main *config.Main, log *slog.Logger, opts ...Option) (*sqldb.DB, error) {
	var o options
	for _, f := range opts {
		f(&o)
	}
	dsn := main.Database.URL
	if main.Database.Password.Set() {
		password, err := main.Database.Password.Read(ctx)
		if err != nil {
			return nil, fmt.Errorf("the database's password: %w", err)
		}
		u, err := url.Parse(dsn)
		if err != nil {
			return nil, errors.New("the database's URL cannot be read")
		}
		u.User = url.UserPassword(u.User.Username(), password)
		dsn = u.String()
	}
	options := []sqldb.Option{sqldb.WithLogger(log)}
	if o.clock != nil {
		options = append(options, sqldb.WithClock(o.clock))
	}
	if o.fault != nil {
		options = append(options, sqldb.WithFault(o.fault))
	}
	if o.readOnly {
		options = append(options, sqldb.ReadOnly())
	}
	if o.noSync {
		options = append(options, sqldb.WithoutSync())
	}
	return sqldb.Open(ctx, dsn, options...)
}

// Close releases the resources of New. It may be called more than once, but not while Run is
// running.
func (a *App) Close() error {
	var err error
	a.closed.Do(func() {
		if a.DB != nil {
			err = a.DB.Close()
		}
		a.unlock()
	})
	return err
}

// Run runs the desk until ctx ends, and then finishes the current batch of incoming mails and the
// mails in flight. Unavailable mail servers are not an error. Run returns an error if it ends
// before ctx does.
func (a *App) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	wg.Go(func() {
		a.work(ctx, func(ctx context.Context) {
			var wg sync.WaitGroup
			for _, f := range a.Fetchers {
				wg.Go(func() {
					if err := f.Run(ctx); err != nil && ctx.Err() == nil {
						cancel(fmt.Errorf("inbox %s: %w", f.Status().Inbox, err))
					}
				})
			}
			wg.Go(func() {
				if err := a.Desk.RunTimers(ctx); err != nil && ctx.Err() == nil {
					cancel(err)
				}
			})
			wg.Wait()
		})
	})
	wg.Go(func() { a.Sender.Run(ctx) })
	wg.Go(func() { a.startTimers(ctx) })
	wg.Go(func() { a.watchKeys(ctx) })
	wg.Go(func() { a.keepIndex(ctx) })
	wg.Go(func() { a.fileSent(ctx) })
	wg.Go(func() { a.alarm().Run(ctx) })
	wg.Go(func() { a.watchScanner(ctx) })
	wg.Go(func() { a.watchReplyAddresses(ctx) })
	if o := a.Config.Main.Ops; o.Listen != "" {
		wg.Go(func() {
			if err := a.Watch.Serve(ctx, o.Listen, o.Hosts, a.log); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}
	wg.Go(func() { a.watchFolder(ctx) })
	wg.Go(func() { a.keepHouse(ctx) })
	wg.Go(func() { a.reconcile(ctx, 24*time.Hour) })
	wg.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// ---- keys

func (a *App) loadKeys(ctx context.Context) error {
	do := a.DB.Update // the first daemon makes the first key
	if a.options.readOnly {
		do = a.DB.View
	}
	return do(ctx, func(tx *sqldb.Tx) error {
		k, err := token.Load(tx)
		if err == nil {
			a.keys.Store(k)
		}
		return err
	})
}

// watchKeys reloads the keys when a new one has been made.
func (a *App) watchKeys(ctx context.Context) {
	wake, stop := a.DB.Subscribe(token.TopicKeys)
	defer stop()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
		if err := a.loadKeys(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("the keys could not be read again; the old ones stay", "error", err)
		}
	}
}

// ---- the desk folder

func policyOf(c *config.Policy) *tickets.Policy {
	return &tickets.Policy{
		Calendar: c.Calendar, Service: &c.Service, People: &c.People, Rules: c.Rules,
		Templates: c.Templates, Replies: c.Replies, Forms: c.Forms, Articles: c.Articles, Phrases: c.Phrases, Hash: c.Hash,
	}
}

// Hash returns the hash of the desk folder in force.
func (a *App) Hash() string { return a.policy.Load().Hash }

// Reload reads the policy files of the desk folder again. They take effect as a whole or not at
// all: if there is a fault, or open tickets use something that was removed, the old files stay in
// force and Reload returns the faults as a fault.List.
func (a *App) Reload(ctx context.Context) error {
	c, err := config.LoadPolicy(ctx, a.Config.Dir, &a.Config.Main)
	if err != nil {
		return err
	}
	missing, err := InUse(ctx, a.DB, c)
	if err != nil {
		return err
	}
	if err := missing.Err(); err != nil {
		return err
	}
	if c.Hash == a.Hash() {
		a.log.Debug("the desk folder was read again and has not changed", "hash", c.Hash)
		return nil
	}
	a.policy.Store(policyOf(c))
	if err := a.Desk.Arrange(ctx); err != nil {
		a.log.Error("timers could not be adapted to the new desk folder", "error", err)
	}
	select {
	case a.chosen <- struct{}{}:
	default: // a value is pending already
	}
	a.log.Info("the desk folder was read again and is in force", "hash", c.Hash)
	return nil
}

// watchFolder reloads the files when they are saved. Faults are logged immediately, and mailed to
// the admin if they still exist after the grace period.
func (a *App) watchFolder(ctx context.Context) {
	for ctx.Err() == nil {
		err := config.Watch(ctx, a.Config.Dir, 200*time.Millisecond, func() {
			a.tryReload(ctx, false)
			if a.options.keep {
				return
			}
			// Reading the files takes more memory than the desk needs when idle, and so did its
			// start a moment ago. What is in pools survives the first collection.
			runtime.GC()
			debug.FreeOSMemory()
		})
		if err == nil || ctx.Err() != nil {
			return
		}
		a.log.Warn("the desk folder cannot be watched; SIGHUP reads it again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
	}
}

// TryReload is like Reload, but reports errors to the log and, after the grace period, to the admin
// instead of returning them.
func (a *App) TryReload(ctx context.Context) { a.tryReload(ctx, true) }

// tryReload logs faults that it has logged before only if asked is set. Otherwise, with a log file
// in the desk folder, each line of the log would cause another reload, and that another line.
func (a *App) tryReload(ctx context.Context, asked bool) {
	a.reloading.Lock()
	defer a.reloading.Unlock()
	err := a.Reload(ctx)
	if err == nil {
		if a.wrong != "" {
			a.log.Info("the faults of the desk folder are gone")
		}
		a.setWrongLocked("")
		return
	}
	if ctx.Err() != nil {
		return
	}
	if sqldb.Temporary(err) { // the files may be good: this cannot be decided without the database
		a.log.Warn("the desk folder could not be compared with the open tickets", "error", err)
		time.AfterFunc(a.options.grace/12, func() { a.tryReload(ctx, false) })
		return
	}
	known := a.wrong == err.Error()
	if asked || !known {
		a.log.Error("the desk folder has faults; the old files stay in force", "faults", err)
	}
	if known {
		return
	}
	edit := a.setWrongLocked(err.Error())
	time.AfterFunc(a.options.grace, func() { a.tellWrong(ctx, edit) })
}

// setWrongLocked keeps the faults of the files, "" for none, and returns the number of the edit
// that brought them.
func (a *App) setWrongLocked(faults string) (edit int) {
	a.wrong = faults
	a.edits++
	return a.edits
}

// tellWrong mails the faults that an edit brought to the admin, if no later edit has brought others
// or put them right: those have a grace period of their own.
func (a *App) tellWrong(ctx context.Context, edit int) {
	a.reloading.Lock()
	defer a.reloading.Unlock()
	if ctx.Err() != nil || edit != a.edits {
		return
	}
	faults := strings.Split(a.wrong, "\n")
	err := a.Desk.TellAdmin(ctx, templates.AdminFault, func(f *templates.Facts, _ func(phrase.Text) string) {
		f.Faults, f.Count = faults, len(faults)
		f.Hint = "tierdesk check -C " + a.Config.Dir
	})
	if err != nil {
		a.log.Error("the admin could not be told of the faults", "error", err)
	}
}

// ---- housekeeping

// keepHouse deletes, once an hour, what need not be kept any longer.
func (a *App) keepHouse(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := a.Desk.Tidy(ctx, a.Config.Main.Keep.Raw); err != nil && ctx.Err() == nil {
			a.log.Warn("tidying up", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keepIndex keeps the search index up to date with new messages. It waits while the database is
// unavailable.
func (a *App) keepIndex(ctx context.Context) {
	for ctx.Err() == nil {
		err := a.Desk.RunIndex(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		a.log.Warn("messages could not be put into the index of words", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
	}
}

// Lock locks a SQLite database for this process, as Exclusive does. It returns ErrRunning if
// another process holds the lock. The system releases the lock when the process ends in any way.
func Lock(database string) (func(), error) {
	path := database + ".lock"
	f, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the database: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", database, ErrRunning)
		}
		return nil, fmt.Errorf("locking the database: %w", err)
	}
	return func() { f.Close() }, nil
}

// settings converts the desk folder to the settings of package desk.
func (a *App) settings() (desk.Settings, error) {
	m := &a.Config.Main
	s := desk.Settings{Folder: a.Config.Dir, Identity: tickets.Identity{
		Name: m.Name, Domain: m.Domain, Admin: m.Admin, Language: m.Language,
		Location: m.Location, ListID: m.ListID, PerInbox: m.PerInbox}}
	self := classify.Self{MessageIDDomain: m.Domain}
	for _, in := range m.Inboxes {
		style := token.ReplyAddress(in.ReplyAddress)
		switch {
		case in.ReplyAddress == "":
			style = token.None
		case in.ReplyAddress == plusForm(in.Address):
			style = token.Plus
		}
		hold := m.Outgoing.Hold
		if in.Outgoing != nil {
			hold = in.Outgoing.Hold
		}
		s.Inboxes = append(s.Inboxes, tickets.Inbox{Name: in.Name, Address: in.Address, Aliases: in.Aliases, Sender: in.FromName,
			Language: in.Language, Style: string(style), Restricted: in.Restricted, Hold: hold})
		self.Addresses = append(append(self.Addresses, in.Address), in.Aliases...)
	}
	if r := m.Limits.AnswersPerAddress; r.N > 0 {
		s.Limits = ratelimit.Limits{Hour: r.N, Day: r.N, KnownHour: 3 * r.N, KnownDay: 3 * r.N}
	}
	for _, g := range m.Trust.Gateways {
		s.Gateways = append(s.Gateways, arrival.Gateway{From: g.From, PersonIn: g.PersonIn})
	}
	trust := classify.Trust{AuthservIDs: m.Trust.AuthServIDs, ReceivedBy: m.Trust.ReceivedBy, Forwarders: m.Trust.Forwarders}
	if m.Trust.Internal.Key != "" {
		trust.Internal = m.Trust.Internal.Key + ": " + m.Trust.Internal.Value
	}
	limits := parse.DefaultLimits()
	limits.TextOnly = true // the desk reads texts only
	s.Reading = read.Options{Limits: limits, Self: self, Trust: trust, Markers: []string{templates.Marker}}
	if a.options.resolver != nil && m.Trust.Verify != "nobody" {
		s.Verify, s.VerifyAll = classify.Verifier{Resolver: a.options.resolver, Trust: trust,
			Now: a.DB.Now}.Verify, m.Trust.Verify == "everybody"
	}
	s.Canary = m.Canary.Every
	if a.Scanner != nil {
		s.Scan, s.HoldUnscanned = a.Scanner.Scan, m.Antivirus.Quarantine
	}
	return s, nil
}

// plusForm returns the pattern with which config represents plus addresses.
func plusForm(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + "+{token}@" + domain
}
