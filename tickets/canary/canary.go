// Package canary makes the desk mail itself, through its own outgoing account into its own inbox.
// That shows what no login and no status can: whether mail really gets all the way through. Each
// inbox has one canary, however many daemons share the database: its timer and its state are in the
// database. It must never know tickets.
package canary

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// outboxKind is the kind of a canary in the outbox. header identifies a canary: it repeats the
// keyed Message-ID, since some providers replace that with their own.
const (
	outboxKind = "canary"
	header     = "X-Tierdesk-Canary"
)

// Kept is how long the rows of a canary are kept, for troubleshooting.
const Kept = 30 * 24 * time.Hour

// maxOut is the maximum number of outstanding canaries that are remembered.
const maxOut = 50

// State is the state of an inbox's canary.
type State struct {
	Inbox string
	// Waiting is when the oldest outstanding canary was sent, if no later one has come back; the
	// zero time if all have come back.
	Waiting time.Time
	// Back is when a canary last came back, and Trip how long it took from the outbox until the
	// desk accepted it; zero if none has.
	Back time.Time
	Trip time.Duration
}

// memory is the stored state of an inbox's canaries.
type memory struct {
	Out  []flying      `json:"out"` // oldest first
	Back int64         `json:"back"`
	Trip time.Duration `json:"trip"`
}

type flying struct {
	Mail int64 `json:"mail"`
	Sent int64 `json:"sent"`
}

func metaName(inbox string) string { return "canary/" + inbox }

// lock reads the stored state for an update.
func lock(tx *sqldb.Tx, inbox string) (memory, error) {
	text, _, err := meta.Lock(tx, metaName(inbox))
	if err != nil {
		return memory{}, err
	}
	return decode(text, inbox)
}

func decode(text, inbox string) (c memory, err error) {
	if text != "" {
		if err = json.Unmarshal([]byte(text), &c); err != nil {
			err = fmt.Errorf("reading the state of the canary of %s: %w", inbox, err)
		}
	}
	return c, err
}

func (c memory) save(tx *sqldb.Tx, inbox string) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return meta.Set(tx, metaName(inbox), string(text))
}

// Start makes sure that each inbox has a canary, if the desk is to have any. every is the interval
// at which they are sent; 0: never.
func Start(ctx context.Context, db *sqldb.DB, desk *tickets.Identity, every time.Duration) error {
	if every <= 0 {
		return nil
	}
	return db.Update(ctx, func(tx *sqldb.Tx) error {
		for _, in := range desk.Inboxes {
			if err := timers.SetIfNone(tx, timers.Timer{Kind: timers.Canary, Name: in.Name, Due: sqldb.At(tx.Now())}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Correct treats canaries sent by a clock that was ahead as sent now: otherwise nobody would miss
// them for as long as the clock was ahead.
func Correct(ctx decision.Context) error {
	now := ctx.Tx.Now()
	for _, in := range ctx.Desk.Inboxes {
		c, err := lock(ctx.Tx, in.Name)
		if err != nil {
			return err
		}
		changed := false
		for i := range c.Out {
			if time.UnixMilli(c.Out[i].Sent).After(now) {
				c.Out[i].Sent, changed = now.UnixMilli(), true
			}
		}
		if time.UnixMilli(c.Back).After(now) {
			c.Back, changed = now.UnixMilli(), true
		}
		if changed {
			if err := c.save(ctx.Tx, in.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Fire sends a canary and schedules the next one. While none comes back the intervals grow, up to
// an hour: an inbox that is not read must not fill up with them.
func Fire(ctx decision.Context, every time.Duration, t timers.Timer) error {
	tx, in := ctx.Tx, ctx.Desk.Inbox(t.Name)
	if every <= 0 || in.Name != t.Name {
		return memory{}.save(tx, t.Name) // the admin has removed it from tierdesk.yaml
	}
	met, err := ledger.Synced(tx, in.Name)
	if err != nil {
		return err
	}
	if !met { // on the first run of a desk it would count as mail that was there before
		return timers.Set(tx, timers.Timer{Kind: timers.Canary, Name: in.Name, Due: sqldb.At(tx.Now().Add(time.Second))})
	}
	c, err := lock(tx, in.Name)
	if err != nil {
		return err
	}
	pause := every << min(len(c.Out), 6)
	err = timers.Set(tx, timers.Timer{Kind: timers.Canary, Name: in.Name, Due: sqldb.At(tx.Now().Add(max(every, min(pause, time.Hour))))})
	if err != nil {
		return err
	}
	if waits, err := c.waits(tx); err != nil || waits {
		return err
	}
	id, err := tx.NextID("outbox")
	if err != nil {
		return err
	}
	c.add(flying{Mail: id, Sent: tx.Now().UnixMilli()})
	if err := c.save(tx, in.Name); err != nil {
		return err
	}
	return mailout.Enqueue(tx, letter(ctx, in, id))
}

// waits reports whether the last canary has not even been sent: another one after it would show
// nothing new.
func (c *memory) waits(tx *sqldb.Tx) (bool, error) {
	n := len(c.Out)
	if n == 0 {
		return false, nil
	}
	row, err := mailout.Notice(tx, c.Out[n-1].Mail)
	if errors.Is(err, mailout.ErrNone) {
		return false, nil // after a long pause: it has been deleted by now
	}
	return row.State == mailout.Waiting, err
}

// add remembers a canary that is sent.
func (c *memory) add(f flying) {
	if len(c.Out) >= maxOut {
		c.Out = slices.Delete(c.Out, 1, 2) // keep the oldest, which shows since when, and the newest, which will be back first
	}
	c.Out = append(c.Out, f)
}

// letter returns a canary. It goes to a reply address: a server that refuses keyed addresses loses
// all replies. And it has the priority of people's answers: it shows whether these get through,
// however many digests wait.
func letter(ctx decision.Context, in *tickets.Inbox, id int64) mailout.Mail {
	now, messageID := ctx.Tx.Now(), ctx.Keys.MessageID(0, id, ctx.Desk.Domain)
	to := ctx.Keys.Probe(in.Address, token.ReplyAddress(in.Style))
	return mailout.Mail{
		ID: id, Group: id, Inbox: in.Name, Kind: outboxKind, Party: mailout.Admin, Person: "admin", Recipient: to,
		Automatic: mailout.AutoGenerated, Urgency: mailout.Answers,
		MessageID: messageID, Created: now, Date: now, From: mailin.Address{Name: ctx.Desk.Name, Address: in.Address},
		To:      []mailin.Address{{Address: to}},
		Subject: "Tierdesk canary", Header: []mailin.Field{{Key: header, Value: messageID}},
		Text: "The desk sends this mail to itself to see whether mail goes out and comes in. It files it without a ticket; nobody has to do anything.\n",
	}
}

// Find returns the outbox row of the desk's own canary that a mail is, 0 if it is none: it has the
// key, and the desk's address as its sender. A canary in a junk folder does not count as having
// come through.
func Find(ctx decision.Context, m *arrival.Mail) (int64, error) {
	if !ctx.Desk.Own(m.From()) || m.Junk || m.Fault != "" {
		return 0, nil
	}
	for _, id := range []string{m.Message.Header.Get(header), m.Message.MessageID} {
		id = strings.Trim(strings.TrimSpace(id), "<>")
		ticket, mail, ok := ctx.Keys.OpenMessageID(id)
		if !ok || ticket != 0 || mail == 0 {
			continue
		}
		rows, err := mailout.ByMessageID(ctx.Tx, id)
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			if row.Mail.Kind == outboxKind {
				return row.Mail.ID, nil
			}
		}
	}
	return 0, nil
}

// Land files a canary that has come back. One that arrives after a later one, or a second time, is
// filed without further consequences.
func Land(ctx decision.Context, every time.Duration, m *arrival.Mail, mail int64) (decision.Result, error) {
	tx := ctx.Tx
	row, err := mailout.Notice(tx, mail)
	if err != nil {
		return decision.Result{}, err
	}
	inbox := row.Mail.Inbox
	c, err := lock(tx, inbox)
	if err != nil {
		return decision.Result{}, err
	}
	why := "a canary that is no longer waited for"
	if i := slices.IndexFunc(c.Out, func(f flying) bool { return f.Mail == mail }); i >= 0 {
		// An earlier canary that was lost no longer matters: mail gets through now.
		c.Back, c.Trip, c.Out = tx.Now().UnixMilli(), tx.Now().Sub(time.UnixMilli(c.Out[i].Sent)), c.Out[i+1:]
		why = fmt.Sprintf("the canary has come back after %s", c.Trip.Round(time.Millisecond))
		if len(c.Out) == 0 {
			// Return to the normal interval.
			if err := timers.Set(tx, timers.Timer{Kind: timers.Canary, Name: inbox, Due: sqldb.At(tx.Now().Add(every))}); err != nil {
				return decision.Result{}, err
			}
		}
		if err := c.save(tx, inbox); err != nil {
			return decision.Result{}, err
		}
	}
	// It is the desk's own text, every few minutes: not even the raw mail is kept.
	if err := store.DropRaw(tx, m.ID); err != nil {
		return decision.Result{}, err
	}
	if err := ledger.Unlink(tx, m.Source); err != nil {
		return decision.Result{}, err
	}
	return decision.Result{Outcome: tickets.AsLoop, Cause: tickets.CauseCanary, Reasons: []string{why}}, nil
}

// States returns the state of the canaries of all inboxes; nothing if the desk has none.
func States(ctx context.Context, db *sqldb.DB, desk *tickets.Identity, every time.Duration) ([]State, error) {
	if every <= 0 {
		return nil, nil
	}
	var out []State
	err := db.View(ctx, func(tx *sqldb.Tx) error {
		out = out[:0]
		for _, in := range desk.Inboxes {
			text, _, err := meta.Get(tx, metaName(in.Name))
			if err != nil {
				return err
			}
			c, err := decode(text, in.Name)
			if err != nil {
				return err
			}
			one := State{Inbox: in.Name, Trip: c.Trip}
			if len(c.Out) > 0 {
				one.Waiting = time.UnixMilli(c.Out[0].Sent)
			}
			if c.Back > 0 {
				one.Back = time.UnixMilli(c.Back)
			}
			out = append(out, one)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the state of the canaries: %w", err)
	}
	return out, nil
}
