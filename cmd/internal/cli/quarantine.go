package cli

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"tierdesk/mailin/read"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/quarantine"
	"tierdesk/tickets/store"
)

type quarantineCmd struct {
	List    quarantineListCmd    `cmd:"" help:"List the mails that are waiting, newest first."`
	Show    quarantineShowCmd    `cmd:"" help:"Show a mail and why it was set aside."`
	Release quarantineReleaseCmd `cmd:"" help:"Let a mail in as if nothing had been wrong with it."`
	Drop    quarantineDropCmd    `cmd:"" help:"Take a mail off the list without letting it in; it is kept."`
}

// inboundObject is a mail that was taken, for programs.
type inboundObject struct {
	ID        int64      `json:"id"`
	Inbox     string     `json:"inbox"`
	Received  time.Time  `json:"received"`
	Taken     time.Time  `json:"taken"`
	MessageID string     `json:"message_id,omitempty"`
	Sender    string     `json:"sender"`
	Subject   string     `json:"subject"`
	Size      int64      `json:"size"`
	Kind      string     `json:"kind"`
	Verdict   string     `json:"verdict"`
	Outcome   string     `json:"outcome"`
	Cause     string     `json:"cause,omitempty"`
	Reasons   string     `json:"reasons,omitempty"`
	Ticket    int64      `json:"ticket,omitempty"`
	Settled   *time.Time `json:"settled,omitempty"`
	Copies    int64      `json:"copies,omitempty"`
}

func inboundOf(in tickets.Arrival) inboundObject {
	o := inboundObject{ID: in.ID, Inbox: in.Inbox, Received: in.Received.UTC(), Taken: in.Taken.UTC(), MessageID: in.MessageID,
		Sender: in.Sender, Subject: in.Subject, Size: in.Size,
		Kind: in.Kind, Verdict: in.Verdict, Outcome: string(in.Outcome), Cause: string(in.Cause), Reasons: in.Reasons,
		Settled: instant(in.Settled), Copies: in.Copies}
	o.Ticket = in.Ticket
	return o
}

type quarantineListCmd struct {
	inFolder
	limited
	asJSON
}

// Run lists the quarantine.
func (c *quarantineListCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	list := []inboundObject{}
	var now time.Time
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		now, list = tx.Now(), list[:0]
		found, err := store.Quarantine(tx, c.asked())
		for _, in := range found {
			list = append(list, inboundOf(in))
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
		e.none("no mail waits in quarantine")
		return nil
	}
	t := e.table("id>", "received", "from", "size>", "cause", "subject*")
	for _, in := range list {
		t.add(cell{strconv.FormatInt(in.ID, 10), bold}, cell{ago(in.Received, now), faint}, in.Sender, octets(in.Size),
			cell{in.Cause, yellow}, in.Subject)
	}
	t.print()
	e.more(more, "only the newest %d", c.limited)
	return nil
}

type quarantineShowCmd struct {
	ID int64 `arg:"" placeholder:"ID" help:"Its number, as in quarantine list."`
	inFolder
	Raw bool `help:"Print the mail as it came in."`
	asJSON
}

// Run shows a mail.
func (c *quarantineShowCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var in tickets.Arrival
	var raw []byte
	kept := false
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		var found bool
		var err error
		if in, found, err = store.ArrivalByID(tx, c.ID); err != nil {
			return err
		}
		if !found || in.Outcome != tickets.Quarantined {
			return notQuarantined(c.ID, quarantine.ErrNone)
		}
		raw, kept, err = store.Raw(tx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	m := read.Mail(raw, reading())
	switch {
	case c.JSON:
		o := struct {
			inboundObject
			Mail *read.Object `json:"mail,omitempty"`
		}{inboundObject: inboundOf(in)}
		if kept {
			mail := read.Of(m)
			o.Mail = &mail
		}
		return e.json(o)
	case !kept:
		return hinted(errors.New("the mail is no longer kept"), "see keep: in tierdesk.yaml")
	case c.Raw:
		return e.raw(raw)
	}
	e.field("quarantine", e.because(e.paint(yellow, string(in.Cause)), words(in.Reasons)))
	e.field("received", clock(in.Received, db.main.Location)+"  by "+in.Inbox)
	if !in.Settled.IsZero() {
		e.field("settled", clock(in.Settled, db.main.Location))
	}
	(&inspectCmd{}).show(e, m)
	if in.Settled.IsZero() {
		e.printf("\n%s\n", e.paint(faint, fmt.Sprintf("tierdesk quarantine release %d takes it in, drop %d settles it", c.ID, c.ID)))
	}
	return nil
}

func notQuarantined(id int64, err error) error {
	return hinted(fmt.Errorf("mail %d: %w", id, err), "tierdesk quarantine list")
}

type quarantineReleaseCmd struct {
	ID       []int64 `arg:"" placeholder:"ID" help:"Their numbers, as in quarantine list."`
	Infected bool    `help:"Also release mails in which the virus scanner found something. Agents get them, with a warning."`
	inFolder
	asJSON
}

// Help is shown by `tierdesk help quarantine release`.
func (quarantineReleaseCmd) Help() string {
	return `You have looked at the mail, so whatever set it aside no longer counts. It opens a ticket or joins the one it belongs to, with everything that follows. A mail that still cannot be processed stays where it is. So does one in which the virus scanner found something, unless you say --infected.

Exit codes: 0; 1 one of them was already dealt with, or cannot be released (the others are).`
}

// Run releases mails.
func (c *quarantineReleaseCmd) Run(e *env) error {
	a, err := c.whole(e)
	if err != nil {
		return err
	}
	defer a.Close()
	type released struct {
		ID      int64  `json:"id"`
		Outcome string `json:"outcome,omitempty"`
		Ticket  int64  `json:"ticket,omitempty"`
		Error   string `json:"error,omitempty"`
	}
	list := []released{}
	var failed []error
	for _, id := range c.ID {
		x, err := a.Desk.Release(e.ctx, id, c.Infected)
		if err != nil {
			failed = append(failed, fmt.Errorf("mail %d: %w", id, err))
			list = append(list, released{ID: id, Error: err.Error()})
			continue
		}
		list = append(list, released{ID: id, Outcome: string(x.Outcome), Ticket: x.Ticket})
		if !c.JSON {
			e.printf("mail %d: %s\n", id, outcome(x))
		}
	}
	if c.JSON {
		if err := e.json(list); err != nil {
			return err
		}
	}
	switch err := errors.Join(failed...); {
	case errors.Is(err, quarantine.ErrInfected):
		return hinted(err, "agents would get what is in it; --infected lets it in all the same")
	case err != nil:
		return hinted(err, "tierdesk quarantine list")
	}
	return nil
}

type quarantineDropCmd struct {
	ID []int64 `arg:"" placeholder:"ID" help:"Their numbers, as in quarantine list."`
	inFolder
}

// Run drops mails.
func (c *quarantineDropCmd) Run(e *env) error {
	a, err := c.whole(e)
	if err != nil {
		return err
	}
	defer a.Close()
	var failed []error
	for _, id := range c.ID {
		if err := a.Desk.DropQuarantined(e.ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("mail %d: %w", id, err))
			continue
		}
		e.printf("mail %d is dropped; the raw mail is kept\n", id)
	}
	if len(failed) > 0 {
		return hinted(errors.Join(failed...), "tierdesk quarantine list")
	}
	return nil
}
