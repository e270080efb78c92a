package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tierdesk/mailin/parse"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

type outboxCmd struct {
	List  outboxListCmd  `cmd:"" help:"List mail that is waiting, refused or held, newest first."`
	Show  outboxShowCmd  `cmd:"" help:"Show a mail as it is sent."`
	Retry outboxRetryCmd `cmd:"" help:"Send mail now that is waiting, refused or held."`
	Drop  outboxDropCmd  `cmd:"" help:"Do not send it any more; it stays in the list."`
}

// outboxObject is a row of the outbox for programs.
type outboxObject struct {
	ID          int64      `json:"id"`
	Group       int64      `json:"group"` // id of the first copy
	Inbox       string     `json:"inbox"`
	Ticket      int64      `json:"ticket,omitempty"`
	Kind        string     `json:"kind"`
	Party       string     `json:"party"`
	Recipient   string     `json:"recipient"`
	Subject     string     `json:"subject,omitempty"`
	MessageID   string     `json:"message_id"`
	Created     time.Time  `json:"created"`
	State       string     `json:"state"`
	InHand      bool       `json:"in_hand,omitempty"`
	Attempts    int        `json:"attempts"`
	NextAttempt *time.Time `json:"next_attempt,omitempty"`
	FirstFailed *time.Time `json:"first_failed,omitempty"`
	Sent        *time.Time `json:"sent,omitempty"`
	Passed      *time.Time `json:"passed,omitempty"`
	Error       string     `json:"error,omitempty"`
}

func outboxOf(r mailout.Row) outboxObject {
	m := r.Mail
	o := outboxObject{ID: m.ID, Group: m.Group, Inbox: m.Inbox, Ticket: m.Ticket, Kind: m.Kind, Party: string(m.Party),
		Recipient: m.Recipient, Subject: m.Subject, MessageID: m.MessageID,
		Created: m.Created.UTC(), State: string(r.State), InHand: r.InHand, Attempts: r.Attempts, FirstFailed: instant(r.FirstFailed),
		Sent: instant(r.Sent), Passed: instant(r.Passed), Error: r.Error}
	if r.State == mailout.Waiting {
		o.NextAttempt = instant(r.NextAttempt)
	}
	return o
}

// withSubject fills in the subject, which is part of the content and may have been dropped.
func withSubject(tx *sqldb.Tx, o *outboxObject) error {
	row, err := mailout.Get(tx, o.ID)
	if errors.Is(err, mailout.ErrNone) {
		return nil
	}
	o.Subject = row.Mail.Subject
	return err
}

type outboxListCmd struct {
	inFolder
	State  []string `enum:"waiting,sent,failed,held,dropped" help:"Only mail in these states: waiting, sent, failed, held, dropped (default: waiting, failed, held)."`
	All    bool     `short:"a" help:"Include mail that was sent or dropped."`
	Ticket number   `placeholder:"NUMBER" help:"Only mail about this ticket."`
	Inbox  string   `help:"Only mail sent for this inbox."`
	To     string   `placeholder:"ADDRESS" help:"Only mail to this address."`
	limited
	asJSON
}

// Run lists the outbox.
func (c *outboxListCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	f := mailout.Filter{Ticket: int64(c.Ticket), Inbox: c.Inbox, Recipient: c.To, Limit: c.asked()}
	for _, s := range c.State {
		f.States = append(f.States, mailout.State(s))
	}
	if len(f.States) == 0 && !c.All {
		f.States = []mailout.State{mailout.Waiting, mailout.Failed, mailout.HeldOut}
	}
	list := []outboxObject{}
	var now time.Time
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		now, list = tx.Now(), list[:0]
		found, err := mailout.List(tx, f)
		for _, r := range found {
			o := outboxOf(r)
			if err := withSubject(tx, &o); err != nil {
				return err
			}
			list = append(list, o)
		}
		return err
	})
	if err != nil {
		return err
	}
	list, more := shown(list, c.limited)
	if c.JSON {
		return e.json(list)
	}
	if len(list) == 0 {
		e.none("nothing waits, was refused or is held; --all lists what was sent")
		return nil
	}
	subject := func(o outboxObject) string { return o.Subject }
	showOutbox(e, list, now, subject)
	e.more(more, "only the newest %d", c.limited)
	return nil
}

// showOutbox prints rows. last returns the text of the last column; nil for no such column.
func showOutbox(e *env, list []outboxObject, now time.Time, last func(outboxObject) string) {
	header := []string{"id>", "state", "when", "kind", "ticket>", "to", "tries>"}
	troubled := slices.ContainsFunc(list, func(o outboxObject) bool { return o.Error != "" })
	if last != nil {
		header = append(header, "subject*")
	}
	if troubled {
		header = append(header, "error*")
	}
	t := e.table(header...)
	for _, o := range list {
		when := ago(o.Created, now)
		switch {
		case o.Sent != nil:
			when = ago(*o.Sent, now)
		case o.InHand:
			when = "just now"
		case o.NextAttempt != nil && o.NextAttempt.After(now):
			when = ago(*o.NextAttempt, now)
		case o.NextAttempt != nil:
			when = "due"
		}
		ticket := ""
		if o.Ticket != 0 {
			ticket = strconv.FormatInt(o.Ticket, 10)
		}
		row := []any{cell{strconv.FormatInt(o.ID, 10), bold}, cell{o.State, stateColour(o.State)}, cell{when, faint}, cell{o.Kind, cyan},
			ticket, o.Recipient, o.Attempts}
		if last != nil {
			row = append(row, last(o))
		}
		if troubled {
			row = append(row, cell{o.Error, red})
		}
		t.add(row...)
	}
	t.print()
}

func stateColour(s string) colour {
	switch mailout.State(s) {
	case mailout.Sent:
		return green
	case mailout.Failed:
		return red
	case mailout.HeldOut:
		return yellow
	case mailout.Dropped:
		return faint
	}
	return ""
}

type outboxShowCmd struct {
	ID int64 `arg:"" placeholder:"ID" help:"Its number, as in outbox list."`
	inFolder
	Raw bool `help:"Print it byte for byte as it goes to the mail server (RFC 5322), except for a DKIM signature."`
	asJSON
}

// Run shows a mail as it is sent.
func (c *outboxShowCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var row mailout.Row
	var raw []byte
	var now time.Time
	err = db.View(e.ctx, func(tx *sqldb.Tx) (err error) {
		now = tx.Now()
		if row, err = mailout.Get(tx, c.ID); err != nil {
			return err
		}
		raw, err = compose.Bytes(row.Mail,
			compose.Options{Load: compose.FromMails(parse.DefaultLimits(),
				func(inbound int64) ([]byte, bool, error) { return store.Raw(tx, inbound) })})
		return err
	})
	if errors.Is(err, mailout.ErrNone) {
		return hinted(err, "tierdesk outbox list --all; what was sent 90 days ago is kept no longer")
	}
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		return e.json(struct {
			outboxObject
			Mail mailObject `json:"mail"`
			Raw  string     `json:"raw"`
		}{outboxOf(row), mailOf(row.Mail), string(raw)})
	case c.Raw:
		return e.raw(raw)
	}
	o := outboxOf(row)
	e.field("mail", e.paint(bold, strconv.FormatInt(o.ID, 10))+"  "+e.paint(stateColour(o.State), o.State)+e.paint(faint,
		"  made "+ago(o.Created, now)))
	if o.Ticket != 0 {
		e.field("ticket", fmt.Sprintf("#%d", o.Ticket))
	}
	switch {
	case o.Sent != nil:
		e.field("sent", clock(*o.Sent, db.main.Location))
	case o.NextAttempt != nil && row.InHand:
		e.field("next try", "just now")
	case o.NextAttempt != nil:
		e.field("next try", clock(*o.NextAttempt, db.main.Location)+"  after "+plural(o.Attempts, "attempt"))
	}
	e.field("error", e.paint(red, safe(o.Error)))
	e.field("message id", safe(o.MessageID))
	e.outgoing(row.Mail, row.Mail.Date, db.main.Location)
	return nil
}

type outboxRetryCmd struct {
	ID []int64 `arg:"" placeholder:"ID" help:"Their numbers, as in outbox list."`
	inFolder
	Pass bool `help:"Let a held mail past the last check: you have read it, and it contains nothing that its reader must not see."`
}

// Help is shown by `tierdesk help outbox retry`.
func (outboxRetryCmd) Help() string {
	return `The mail is due at once, and its five days start again. A held mail has to pass the last check before sending again; --pass lets it through.

Exit codes: 0; 1 one of them is being sent right now, was already sent or dropped, or does not exist (the others are done).`
}

// Run makes mails due.
func (c *outboxRetryCmd) Run(e *env) error {
	decide := mailout.Retry
	if c.Pass {
		decide = mailout.Pass
	}
	return c.decideEach(e, c.ID, "is due now", decide)
}

type outboxDropCmd struct {
	ID []int64 `arg:"" placeholder:"ID" help:"Their numbers, as in outbox list."`
	inFolder
}

// Run drops mails.
func (c *outboxDropCmd) Run(e *env) error {
	return c.decideEach(e, c.ID, "is dropped", mailout.Drop)
}

// decideEach calls decide for each of the rows, each in its own transaction, and continues after
// one that fails.
func (f inFolder) decideEach(e *env, ids []int64, done string, decide func(tx *sqldb.Tx, id int64) error) error {
	db, err := f.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var failed []error
	for _, id := range ids {
		if err := db.Update(e.ctx, func(tx *sqldb.Tx) error { return decide(tx, id) }); err != nil {
			failed = append(failed, err)
			continue
		}
		e.printf("mail %d %s\n", id, done)
	}
	if err := errors.Join(failed...); err != nil {
		return hinted(err, "%s", undecidedHint(err))
	}
	return nil
}

// undecidedHint returns what helps where a mail could not be retried or dropped.
func undecidedHint(err error) string {
	if errors.Is(err, mailout.ErrInHand) {
		return "wait for the result; what a desk had in hand when it broke off is free again once a desk runs"
	}
	return "tierdesk outbox list --all"
}
