// Package desk holds the entry points to the tickets, each of which is one transaction:
//
//	Take       accepts incoming mails (it is the mailin.Handler)
//	Fire       fires due timers
//	Delivered  records what became of outgoing mails
//	Explain    reports what would become of a mail, and changes nothing
//
// and those for an admin at the command line (Release, DropQuarantined). An entry point loads what
// is needed, routes the mail, lets a capability decide, and records the result. The package also
// holds the table of capabilities. It must never talk to a mail server, wait for anything but the
// database, or read the clock: the transaction provides the instant.
package desk

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/agent"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/away"
	"tierdesk/tickets/canary"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/consult"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/elsewhere"
	"tierdesk/tickets/form"
	"tierdesk/tickets/idea"
	"tierdesk/tickets/kb"
	"tierdesk/tickets/machine"
	"tierdesk/tickets/merge"
	"tierdesk/tickets/monitoring"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/onbehalf"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/problem"
	"tierdesk/tickets/quarantine"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/recurring"
	"tierdesk/tickets/rota"
	"tierdesk/tickets/search"
	"tierdesk/tickets/side"
	"tierdesk/tickets/stock"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/vendor"
)

// Settings are the desk's settings from tierdesk.yaml. They are fixed while the program runs.
type Settings struct {
	tickets.Identity
	// OldAfter is the age from which an incoming mail is old, so that it causes no automatic mail.
	// 0: 24 hours.
	OldAfter time.Duration
	Limits   ratelimit.Limits
	Reading  read.Options
	Gateways []arrival.Gateway
	// Verify checks DKIM, SPF, DMARC and ARC itself; nil: only our own server's verdict counts. An
	// error is temporary; the verdict returned with it is what is known so far.
	Verify func(ctx context.Context, raw []byte, m *mailin.Message) (mailin.Auth, error)
	// VerifyAll verifies every mail without a verdict of our own server, not only those of agents.
	VerifyAll bool
	// Scan asks a virus scanner about a mail: it returns the name of what was found, "" for
	// nothing. An error means that nothing is known. Scan limits its own time and concurrency. nil:
	// there is no scanner.
	Scan func(ctx context.Context, raw []byte) (found string, err error)
	// Folder is the desk folder, in which article drafts are written; "" for none.
	Folder string
	// Canary is how often the desk mails itself; 0: never.
	Canary time.Duration
	// HoldUnscanned keeps mails that could not be scanned in quarantine; otherwise they are
	// accepted, and the agent is told.
	HoldUnscanned bool
}

// Desk implements the entry points. All its methods are safe for concurrent use.
type Desk struct {
	db           *sqldb.DB
	set          Settings
	policy       func() *tickets.Policy
	keys         func() *token.Keyring
	log          *slog.Logger
	packer       *store.Packer
	recent       ratelimit.Recent
	reader       *arrival.Reader
	agents       *agent.Handler
	quarantine   *quarantine.Handler
	capabilities []capability
	recognisers  decision.Recognisers
	actions      decision.Actions
}

// New makes a desk on a migrated database. policy returns the policy in force, keys the keyring;
// both are called once for each transaction.
func New(db *sqldb.DB, set Settings, policy func() *tickets.Policy, keys func() *token.Keyring, log *slog.Logger) (*Desk, error) {
	if len(set.Inboxes) == 0 {
		return nil, errors.New("a desk needs an inbox")
	}
	if set.OldAfter == 0 {
		set.OldAfter = 24 * time.Hour
	}
	if set.Location == nil {
		set.Location = time.UTC
	}
	set.Limits = set.Limits.OrDefault()
	packer, err := store.NewPacker(runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	d := &Desk{db: db, set: set, policy: policy, keys: keys, log: log, packer: packer}
	d.reader = &arrival.Reader{Desk: &d.set.Identity, Options: set.Reading, Gateways: set.Gateways,
		People: func() *tickets.Directory { return d.policy().People }, Keys: keys, Log: log}
	d.quarantine = &quarantine.Handler{Reader: d.reader, Decide: d.decide}
	d.capabilities = capabilities(set, d.reader)
	d.recognisers = recognisers(d.capabilities)
	d.actions = actionTable(d.capabilities)
	d.agents = &agent.Handler{Table: commandTable(d.capabilities), Reader: d.reader}
	return d, nil
}

// context returns the context that all decisions of one transaction share, with the rotas resolved.
func (d *Desk) context(tx *sqldb.Tx) (decision.Context, error) {
	policy := d.policy()
	if len(policy.People.Rotas) > 0 {
		away, err := store.Away(tx)
		if err != nil {
			return decision.Context{}, err
		}
		policy = policy.At(tx.Now(), away)
	}
	return decision.Context{Tx: tx, Policy: policy, Keys: d.keys(), Desk: &d.set.Identity, Limits: d.set.Limits,
		Recent: &d.recent, OldAfter: d.set.OldAfter, Actions: d.actions, Similar: search.Similar, Log: d.log}, nil
}

// capability is something that the desk can do: its commands, its rule actions, its timers, and the
// customers' mails that it recognises. To add one, add a package and a line below.
type capability struct {
	name       string
	title      string // of its commands, in docs/agents.md
	commands   []decision.Command
	actions    []decision.Action // of rules
	timers     map[timers.Kind]func(ctx decision.Context, t timers.Timer) error
	recognises decision.Recogniser
}

// capabilities lists what the desk can do, in the order of help. Neither settings nor a reader are
// needed to name the commands and actions.
func capabilities(set Settings, reader *arrival.Reader) []capability {
	type fire = map[timers.Kind]func(ctx decision.Context, t timers.Timer) error
	return []capability{
		{name: "tickets", title: "The ticket", commands: agent.Commands(), timers: fire{timers.Snooze: agent.FireSnooze}},
		{name: "on behalf of others", title: "Tickets for others", commands: onbehalf.Commands()},
		{name: "stock replies", title: "Stock replies and files", commands: stock.Commands()},
		{name: "forms", title: "Forms", commands: form.Commands(), actions: form.Actions(), recognises: form.Recogniser()},
		{name: "self-service", title: "Articles", commands: kb.Commands(), recognises: kb.Recogniser(),
			timers: fire{timers.Review: kb.Fire(set.Folder)}},
		{name: "third persons", title: "Third persons", commands: consult.Commands(), timers: fire{timers.Side: side.Fire}},
		{name: "vendors", title: "Vendors", commands: vendor.Commands(), actions: vendor.Actions()},
		{name: "problems", title: "Problems", commands: problem.Commands(), actions: problem.Actions(), recognises: problem.Recogniser(),
			timers: fire{timers.Problem: problem.FireNew, timers.Inform: problem.FireInform, timers.Like: problem.FireLike,
				timers.Publish: problem.FirePublish(reader, set.Folder)}},
		{name: "monitoring", actions: monitoring.Actions()},
		{name: "ideas", title: "Ideas", commands: idea.Commands(), timers: fire{timers.Idea: idea.Fire}},
		{name: "recurring tickets", timers: fire{timers.Recurring: recurring.Fire}},
		{name: "rota", timers: fire{timers.Rota: rota.Fire}},
		{name: "merge", title: "Tickets that belong together",
			commands: merge.Commands(merge.Bond{Bars: problem.Bars, HandOn: problem.HandOn, TakeBack: problem.TakeBack},
				merge.Bond{Bars: form.Bars, HandOn: form.HandOn, TakeBack: form.TakeBack})},
		{name: "absence", title: "When you are away", commands: away.Commands()},
		{name: "quarantine", title: "The sender", commands: quarantine.Commands(), timers: fire{timers.Quarantine: quarantine.Fire}},
		{name: "notices", timers: fire{timers.Quiet: decision.FireQuiet, timers.Digest: decision.FireDigest}},
		{name: "held mails and help", title: "Held mails and help", commands: agent.Words()},
		{name: "promises",
			timers: fire{timers.Ticket: decision.FirePromises, timers.Backlog: decision.FireBacklog, timers.Summary: decision.FireOldMail,
				timers.Recount: decision.FireRecount}},
		{name: "search", title: "Finding tickets", commands: search.Commands(), timers: fire{timers.Listing: search.Fire}},
		{name: "answers given elsewhere", timers: fire{timers.Sent: elsewhere.Fire(reader)}},
		{name: "canary",
			timers: fire{timers.Canary: func(ctx decision.Context, t timers.Timer) error { return canary.Fire(ctx, set.Canary, t) }}},
	}
}

func commandTable(all []capability) []decision.Command {
	var out []decision.Command
	for _, c := range all {
		out = append(out, c.commands...)
	}
	return out
}

func recognisers(all []capability) decision.Recognisers {
	var out decision.Recognisers
	for _, c := range all {
		if r := c.recognises; r.Instead != nil || r.Opening != nil || r.Within != nil || r.Thanks != nil {
			out = append(out, r)
		}
	}
	return out
}

func actionTable(all []capability) decision.Actions {
	out := decision.Actions{}
	for _, c := range all {
		for _, a := range c.actions {
			out[a.Kind] = a
		}
	}
	return out
}

// Actions returns the rule actions that the capabilities of this desk carry out.
func Actions() decision.Actions { return actionTable(capabilities(Settings{}, nil)) }

// Commands returns the commands that this desk carries out, for help and documentation.
func Commands() []commands.Name {
	return (&agent.Handler{Table: commandTable(capabilities(Settings{}, nil))}).Names()
}

// TellAdmin queues a mail to the desk's admin, about an invalid edit or an alarm. fill adds the
// details.
func (d *Desk) TellAdmin(ctx context.Context, kind templates.Name, fill func(f *templates.Facts, say func(phrase.Text) string)) error {
	return d.db.Update(ctx, func(tx *sqldb.Tx) error {
		c, err := d.context(tx)
		if err != nil {
			return err
		}
		f := notice.DeskFacts(&d.set.Identity, tx.Now())
		fill(&f, func(t phrase.Text) string { return c.Policy.Say(t, d.set.Language) })
		return decision.TellAdmin(c, kind, d.set.Admin, &f)
	})
}

// StartCanaries makes sure that each inbox has a canary, if the desk is to have any.
func (d *Desk) StartCanaries(ctx context.Context) error {
	return canary.Start(ctx, d.db, &d.set.Identity, d.set.Canary)
}

// Arrange updates everything that is scheduled by the desk folder in force: recurring tickets,
// reviews of articles, the monthly mail of ideas, the weekly mail of the rota, the words by which
// tickets are compared. It is called at the start, and whenever another folder has come into force.
func (d *Desk) Arrange(ctx context.Context) error {
	return d.db.Update(ctx, func(tx *sqldb.Tx) error {
		c, err := d.context(tx)
		if err != nil {
			return err
		}
		for _, arrange := range []func(decision.Context) error{recurring.Arrange, kb.Arrange, idea.Remind, problem.Forget, rota.Arrange} {
			if err := arrange(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Canaries returns the state of the canaries of all inboxes; nothing if the desk has none.
func (d *Desk) Canaries(ctx context.Context) ([]canary.State, error) {
	return canary.States(ctx, d.db, &d.set.Identity, d.set.Canary)
}

// NextPromise returns when the next promise of a ticket is due, the zero time for never. The
// ticket's timer must be set to it.
func (d *Desk) NextPromise(tx *sqldb.Tx, t tickets.Ticket) (time.Time, error) {
	c, err := d.context(tx)
	if err != nil {
		return time.Time{}, err
	}
	return decision.NextPromise(c, t)
}

// RunIndex keeps the search index up to date, until ctx ends.
func (d *Desk) RunIndex(ctx context.Context) error {
	return search.Run(ctx, d.db, &d.set.Identity, func() *tickets.Directory { return d.policy().People })
}

// Delivered handles the result of an outgoing mail, in the transaction that records it. The sender
// calls it as a function value.
func (d *Desk) Delivered(tx *sqldb.Tx, r mailout.Result) error {
	c, err := d.context(tx)
	if err != nil {
		return err
	}
	return machine.Delivered(c, r)
}
