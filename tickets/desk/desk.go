// Package desk decides. It is the only writer of tickets, and has four doors, each one transaction:
//
//	Take       mails that came in (it is the mailin.Handler)
//	Fire       timers that are due
//	Delivered  what became of mails that went out
//	Act        what a person at the command line wants (release, drop)
//
// All of them lead to the same place: an event is applied to a ticket (tickets.Apply), recorded, shown to the rules, and
// whatever follows (further events, mails into the outbox, timers) is written in the same transaction. It must never speak to a
// mail server, wait for anything but the database, or ask the clock: the transaction has the instant.
package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/store"
)

// Settings are what of tierdesk.yaml the desk needs. They stay as they are while the program runs.
type Settings struct {
	Name     string // Acme Support
	Domain   string // of Message-IDs
	Admin    string // address
	Language string // of a customer whose language is not known
	Location *time.Location
	Inboxes  []Inbox // in the order of the file; the first one also speaks for the desk itself
	// OldAfter is the age from which a mail is old when it is taken: it causes no automatic mail. 0: 24 hours.
	OldAfter time.Duration
	Answers  Limits
	Reading  read.Options
	Gateways []Gateway
	// Verify checks DKIM, SPF, DMARC and ARC itself; nil: only our own server's word counts. An error is temporary; the verdict beside it is what is
	// known without the answer.
	Verify func(ctx context.Context, raw []byte, m *mailin.Message) (mailin.Auth, error)
	// VerifyAll has every mail checked that our own server has not judged, not only those of agents.
	VerifyAll bool
	// Scan asks a virus scanner what is in a mail: the name of what it found, "" for nothing. An error means that nothing is known. It bounds its own time and how often it is
	// asked at once. nil: there is no scanner.
	Scan func(ctx context.Context, raw []byte) (found string, err error)
	// Canary is how often the desk mails itself; 0: never.
	Canary time.Duration
	// HoldUnscanned keeps mails in quarantine of which the scanner says nothing; else they go their way, and the agent is told.
	HoldUnscanned bool
}

// Inbox is an address that customers write to.
type Inbox struct {
	Name    string
	Address string
	Aliases []string
	Sender  string             // display name; "": the desk's
	Style   token.ReplyAddress // how reply addresses are made
	Team    string             // of its tickets, "" as the tier says
}

// Gateway writes in the name of others: a web form, a list. Its mails are taken as those of the person named in them.
type Gateway struct {
	From     string   // address, or @domain, folded
	PersonIn []string // header fields, the first one found counts
}

// Decisions are everything that decides: what is read again when an admin saves. A value never changes.
type Decisions struct {
	Service   *tickets.Service
	Calendar  *sla.Calendar // the desk's office hours; nil is the clock round
	People    *tickets.Directory
	Rules     *rules.Set
	Templates *templates.Set
	Hash      string // of the desk folder
}

// Desk decides. All its methods may be called at once.
type Desk struct {
	db      *sqldb.DB
	set     Settings
	current func() *Decisions
	keys    func() *token.Keyring
	log     *slog.Logger
	own     map[string]bool // folded addresses of all inboxes
	packer  *store.Packer
}

// New makes a desk on a migrated database. current gives what decides now, keys the keyring; both are asked once for each transaction.
func New(db *sqldb.DB, set Settings, current func() *Decisions, keys func() *token.Keyring, log *slog.Logger) (*Desk, error) {
	if set.OldAfter == 0 {
		set.OldAfter = 24 * time.Hour
	}
	set.Answers = set.Answers.orDefault()
	if set.Location == nil {
		set.Location = time.UTC
	}
	packer, err := store.NewPacker(runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	if len(set.Inboxes) == 0 {
		return nil, errors.New("a desk needs an inbox")
	}
	d := &Desk{db: db, set: set, current: current, keys: keys, log: log, own: map[string]bool{}, packer: packer}
	for _, in := range set.Inboxes {
		d.own[mailin.Fold(in.Address)] = true
		for _, a := range in.Aliases {
			d.own[mailin.Fold(a)] = true
		}
	}
	return d, nil
}

// arrived is a mail with all that can be known of it without the database.
type arrived struct {
	mailin.Raw
	m      *mailin.Message
	packed store.Packed
	id     int64 // of the inbound row
	// through tells that a gateway wrote it in the author's name: nothing can be proven of him.
	through bool
	note    *confirmation
	scanned
}

// confirmation is an agent's word for a mail that was held: it is decided again as if he had proven himself.
type confirmation struct {
	agent string
	held  tickets.HeldMail
}

// author is the folded address of who wrote the mail.
func (a *arrived) author() string { return mailin.Fold(a.m.Author().Address) }

// hopes is how often a batch is tried without savepoints: it may lose a race against another daemon.
const hopes = 3

// Take takes mails over, all of them in one transaction. When it returns nil every mail is a message, a known
// duplicate, filed, or in quarantine, and may be acknowledged. An error is temporary and leaves nothing behind.
//
// Nearly always each mail of a batch can be decided on. So that is tried first, and only if one cannot the batch is begun again, with each mail behind a
// savepoint of its own.
func (d *Desk) Take(ctx context.Context, batch []mailin.Raw) error {
	return d.take(ctx, d.read(ctx, batch))
}

// Read is the part of Take that needs no database.
func (d *Desk) Read(ctx context.Context, batch []mailin.Raw) func(ctx context.Context) error {
	mails := d.read(ctx, batch)
	return func(ctx context.Context) error { return d.take(ctx, mails) }
}

func (d *Desk) take(ctx context.Context, mails []*arrived) error {
	for range hopes {
		err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
			if err := d.expect(tx, mails); err != nil {
				return err
			}
			return each(mails, func(in *arrived) error { return d.receive(tx, in, nil) })
		})
		if err == nil || sqldb.Temporary(err) {
			return err
		}
		if !sqldb.Unique(err) {
			break
		}
	}
	return d.db.Update(ctx, func(tx *sqldb.Tx) error {
		return each(mails, func(in *arrived) error { return d.receiveGuarded(tx, in, nil) })
	})
}

// each calls f with a copy of each mail, so that nothing is left of what a transaction that is run again has noted.
func each(mails []*arrived, f func(in *arrived) error) error {
	for _, in := range mails {
		one := *in
		if err := f(&one); err != nil {
			return err
		}
	}
	return nil
}

// expect asks for a batch at once what else would be asked for each mail.
func (d *Desk) expect(tx *sqldb.Tx, mails []*arrived) error {
	if len(mails) < 2 {
		return nil
	}
	tx.Expect(len(mails))
	keys := d.keys()
	var f store.Wanted
	var notices, about []int64
	fresh := 0 // mails that name no ticket, and are not of the kinds that open none
	sources := make([]mailin.Source, len(mails))
	for i, in := range mails {
		f.Fingerprints, f.Senders = append(f.Fingerprints, fingerprint(in)), append(f.Senders, in.author())
		ids := append(slices.Clone(in.m.InReplyTo), in.m.References...)
		f.MessageIDs = append(f.MessageIDs, ids...)
		sources[i] = in.Source
		before := len(about)
		for _, id := range ids {
			if ticket, _, ok := keys.OpenMessageID(id); ok {
				about = append(about, ticket)
			}
		}
		for _, address := range in.m.Recipients {
			if c, found := token.Find(address); found {
				notices, about = append(notices, c.Ref.Notice), append(about, c.Ref.Ticket)
			}
		}
		if n := subjectNumber.FindStringSubmatch(in.m.Subject); n != nil {
			if ticket, err := strconv.ParseInt(n[1], 10, 64); err == nil {
				about = append(about, ticket)
			}
		}
		if len(about) == before && in.opens() {
			fresh++
		}
	}
	err := cmp.Or(store.Prefetch(tx, f), mailout.PrefetchRecipients(tx, f.Senders), mailout.PrefetchNotices(tx, notices), ledger.Prefetch(tx, sources))
	if err != nil {
		return err
	}
	for _, in := range mails {
		known := store.CachedTickets(tx, append(slices.Clone(in.m.InReplyTo), in.m.References...))
		if about = append(about, known...); len(known) > 0 && in.opens() {
			fresh--
		}
	}
	tx.ExpectExactly(fresh)
	if about = slices.Compact(slices.Sorted(slices.Values(about))); len(about) > mostForeseen {
		return nil // somebody names tickets at random
	}
	return store.PrefetchTickets(tx, about)
}

// opens reports whether a mail is of a kind that opens a ticket, if it names none.
func (a *arrived) opens() bool {
	switch a.m.Class.Kind {
	case mailin.KindPerson, mailin.KindGenerated, mailin.KindList:
		return a.Fault == "" && a.virus == "" && !a.Truncated && !a.Junk
	}
	return false
}

// mostForeseen is how many tickets a batch locks at once at most.
const mostForeseen = 200

// read does in parallel what needs no database.
func (d *Desk) read(ctx context.Context, batch []mailin.Raw) []*arrived {
	mails := make([]*arrived, len(batch))
	scan := d.scan(ctx, batch)
	work := make(chan int)
	checking, cancel := context.WithTimeout(ctx, 15*time.Second) // for the whole batch: a dead DNS must not hold up the mail
	defer cancel()
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		wg.Go(func() {
			for i := range work {
				a := d.readable(batch[i], read.Mail)
				d.verify(checking, a)
				a.packed = d.packer.Pack(batch[i].Bytes)
				mails[i] = a
			}
		})
	}
	for i := range batch {
		work <- i
	}
	close(work)
	wg.Wait()
	for i, said := range scan() {
		mails[i].scanned = said
	}
	return mails
}

// throughGateway puts the person whom a web form or list speaks for in the place of the form. Such a person is only ever a customer: what a form
// says proves nothing.
func (d *Desk) throughGateway(a *arrived) {
	from := a.author()
	for _, g := range d.set.Gateways {
		if from != g.From && (!strings.HasPrefix(g.From, "@") || "@"+mailin.Domain(from) != g.From) {
			continue
		}
		for _, field := range g.PersonIn {
			person, err := mail.ParseAddress(a.m.Header.Get(field))
			if err != nil || d.ours(person.Address) || d.current().People.AgentBy(person.Address) != nil {
				continue
			}
			m := *a.m
			m.From = []mailin.Address{{Name: person.Name, Address: person.Address}}
			m.Auth = mailin.Auth{Verdict: mailin.VerdictNone, Reasons: []string{"it came through " + from}}
			if m.Class.Kind == mailin.KindGenerated || m.Class.Kind == mailin.KindLoop || m.Class.Kind == mailin.KindList {
				m.Class = mailin.Class{Kind: mailin.KindPerson, Reasons: []string{"it came through " + from}}
			}
			a.m, a.through = &m, true
			return
		}
	}
}

// readable reads a mail. A defect of the reading becomes a fault of the mail: one that ended the daemon would end it again at each start.
func (d *Desk) readable(raw mailin.Raw, reading func([]byte, read.Options) *mailin.Message) (a *arrived) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("reading a mail failed: this is a defect, please report it", "inbox", raw.Inbox, "uid", raw.Source.UID, "panic", p, "stack", string(debug.Stack()))
			raw.Fault = fmt.Sprintf("reading it failed: %v", p)
			sum := sha256.Sum256(raw.Bytes)
			a = &arrived{Raw: raw, m: &mailin.Message{TextHash: hex.EncodeToString(sum[:]), Size: int64(len(raw.Bytes))}} // all that tells it from another one
		}
	}()
	a = &arrived{Raw: raw, m: reading(raw.Bytes, d.set.Reading)}
	d.throughGateway(a)
	return a
}

// verify checks the sender ourselves where our own server has said nothing, and only where it matters: for those who write as agents. What
// a trusted forwarder has sealed is checked for all, also where our server has found the mail to be forged: forwarding breaks signatures.
func (d *Desk) verify(ctx context.Context, a *arrived) {
	if d.set.Verify == nil || a.through || a.m.Auth.Verdict == mailin.VerdictPass || a.m.Auth.Internal {
		return
	}
	unjudged := a.m.Auth.Verdict == mailin.VerdictNone && (d.set.VerifyAll || d.current().People.AgentBy(a.author()) != nil)
	if !unjudged && !a.m.Auth.Sealed {
		return
	}
	auth, err := d.set.Verify(ctx, a.Bytes, a.m)
	if err != nil {
		d.log.Warn("a sender could not be checked", "message_id", a.m.MessageID, "error", err) // an agent's mail stays unproven, and is held
	}
	m := *a.m
	m.Auth = auth
	a.m = &m
}

// inbox finds the settings of an inbox; the first one for a name that is no longer there.
func (d *Desk) inbox(name string) *Inbox {
	for i := range d.set.Inboxes {
		if d.set.Inboxes[i].Name == name {
			return &d.set.Inboxes[i]
		}
	}
	return &d.set.Inboxes[0]
}
