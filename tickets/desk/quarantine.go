package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// ErrNone tells that there is no such mail in quarantine, or that it was dealt with before.
var ErrNone = errors.New("there is no such mail in quarantine")

// ErrInfected tells that somebody would let a mail in of which the virus scanner warns, and has not said that he knows.
var ErrInfected = errors.New("the virus scanner found something in this mail")

// quarantineAge is how long a mail waits in quarantine for somebody to deal with it.
const quarantineAge = 30 * day

// ageing is the name of the timer that files away what waited too long.
const ageing = "ageing"

// spamTag marks tickets that an agent called spam: whoever opened one gets no automatic mail about it.
const spamTag = "spam"

// ---- the digest

// announceQuarantine has the admin told: soon, and of a flood once an hour. It also sees to it that what nobody deals with is filed away in time.
func (d *Desk) announceQuarantine(tx *sqldb.Tx) error {
	if err := timers.SetIfNone(tx, timers.Timer{Kind: timers.Quarantine, Name: ageing, Due: sqldb.At(tx.Now().Add(quarantineAge))}); err != nil {
		return err
	}
	return announce(tx, timers.Quarantine, toldQuarantine)
}

// tellQuarantine sends the digest. The timer for ageing first files away what waited too long.
func (d *Desk) tellQuarantine(tx *sqldb.Tx, with *Decisions, t timers.Timer) error {
	var aged int64
	if t.Name == ageing {
		var err error
		if aged, err = store.SettleAged(tx, tx.Now().Add(-quarantineAge)); err != nil {
			return err
		}
		oldest, err := store.OldestQuarantined(tx)
		if err != nil {
			return err
		}
		if !oldest.IsZero() {
			// Not each by itself: what ages within a day is told in one mail.
			due := oldest.Add(quarantineAge)
			if soonest := tx.Now().Add(day); due.Before(soonest) {
				due = soonest
			}
			if err := timers.Set(tx, timers.Timer{Kind: timers.Quarantine, Name: ageing, Due: sqldb.At(due)}); err != nil {
				return err
			}
		}
		if aged == 0 {
			return nil
		}
	} else if early, err := tooEarly(tx, toldQuarantine, t); early || err != nil {
		return err
	}
	return d.digest(tx, with, templates.AdminQuarantine, toldQuarantine, int(aged), store.MarkQuarantinedReported)
}

// answerable reports whether the admin may answer a mail of this kind with orders.
func answerable(kind string) bool {
	return kind == string(templates.AdminQuarantine) || kind == string(templates.AdminReceipt)
}

// toDigest reports whether a mail answers a digest, or the receipt for such an answer.
func (ev *evidence) toDigest() bool {
	return ev.kind.strong() && ev.notice.Mail.Party == mailout.Admin && answerable(ev.notice.Mail.Kind)
}

// maxReceipts bounds how many answers to his answers the admin gets within an hour.
const maxReceipts = 20

// fromAdmin does what an answer to a digest asks for, if it is the admin's: from the address that the digest went to, carrying what only it was given, not forged.
func (d *Desk) fromAdmin(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence, result *Explanation) error {
	set := func(cause tickets.Cause, reasons ...string) error {
		if result != nil {
			result.Outcome, result.Cause, result.Reasons = tickets.Quarantined, string(cause), reasons
		}
		return d.quarantine(tx, in, cause, store.Words(reasons))
	}
	notice := ev.notice
	switch {
	case in.m.Class.Kind == mailin.KindBounce || in.m.Class.Automatic() && in.m.Class.Kind != mailin.KindSpam:
		// In quarantine it would only lead to the next digest.
		return store.Decide(tx, in.id, tickets.AsAuto, tickets.Cause(in.m.Class.Kind), store.Words(in.m.Class.Reasons), 0)
	case in.m.Auth.Verdict == mailin.VerdictFail:
		return set(tickets.CauseFailedAuthentication, append([]string{"it answers the admin's digest"}, in.m.Auth.Reasons...)...)
	case mailin.Fold(notice.Mail.Recipient) != in.author():
		return set(tickets.CauseUnknownUserUpdate, "it answers the admin's digest, and comes from another address")
	}
	if err := store.Decide(tx, in.id, tickets.AsCommand, "admin", "", 0); err != nil {
		return err
	}
	var steps []templates.Step
	refuse := func(words sentence) {
		steps = append(steps, templates.Step{Outcome: words.in(d.set.Language), Failed: true})
	}
	text := in.m.Reply
	if in.m.NothingNew {
		text = ""
	}
	orders, doubts := commands.Quarantine(text)
	switch {
	case !notice.Live(tx.Now()):
		refuse(say("That mail is too old to be answered, or was answered to somebody else as well. The next digest can be answered."))
	case len(doubts) > 0:
		for _, doubt := range doubts {
			refuse(quote(doubt))
		}
		refuse(say("Nothing of the mail was done, since not all of it was understood."))
	default:
		for _, o := range orders {
			for _, number := range o.Numbers {
				step, err := d.order(tx, o, number)
				if err != nil {
					return err
				}
				steps = append(steps, step)
			}
		}
	}
	if err := d.spendDigest(tx, with, in, notice); err != nil {
		return err
	}
	if len(steps) == 0 && notice.Mail.Kind == string(templates.AdminReceipt) {
		return nil // a thank you, or a machine
	}
	n, err := mailout.CountKind(tx, notice.Mail.Recipient, string(templates.AdminReceipt), tx.Now().Add(-time.Hour))
	if err != nil || n >= maxReceipts || d.isOld(tx, in) {
		return err
	}
	f := d.deskFacts()
	f.Now, f.Steps = tx.Now(), steps
	var out []mailout.Mail
	if err := d.toAdmin(tx, with, templates.AdminReceipt, notice.Mail.Recipient, 0, &f, &out); err != nil {
		return err
	}
	for i := range out {
		out[i].Automatic, out[i].InReplyTo, out[i].References = mailout.AutoReplied, in.m.MessageID, []string{notice.Mail.MessageID, in.m.MessageID}
	}
	return mailout.EnqueueAll(tx, out)
}

// spendDigest uses up a digest's reply address when the answer goes to others as well, who now have it too.
func (d *Desk) spendDigest(tx *sqldb.Tx, with *Decisions, in *arrived, notice mailout.Row) error {
	for _, a := range slices.Concat(in.m.To, in.m.Cc) {
		if !d.ours(a.Address) && with.People.AgentBy(a.Address) == nil && mailin.Fold(a.Address) != mailin.Fold(notice.Mail.Recipient) {
			_, err := mailout.Spend(tx, notice.Mail.ID)
			return err
		}
	}
	return nil
}

// order carries out one order on one mail. What is wrong with that mail alone is told in the step, and undone.
func (d *Desk) order(tx *sqldb.Tx, o commands.Order, id int64) (templates.Step, error) {
	var done sentence
	var virus string
	name := o.Name
	fault, err := tx.Savepoint(func() error {
		row, found, err := store.ArrivalByID(tx, id)
		if err != nil {
			return err
		}
		if !found || row.Outcome != tickets.Quarantined {
			return ErrNone
		}
		switch name {
		case commands.Release, commands.Allow:
			if virus = infection(row); virus != "" && !o.Infected {
				return ErrInfected
			}
			if name == commands.Allow {
				if err := d.judge(tx, row.Sender, true); err != nil {
					return err
				}
			}
			var e Explanation
			if err := d.release(tx, row, &e); err != nil {
				return err
			}
			done = say("It was let in.")
			if e.Ticket != 0 {
				done = say("It is in ticket #%d now.", e.Ticket)
			}
			if virus != "" {
				done = say("%s The agents are warned of %s in it.", done, virus)
			}
			if name == commands.Allow {
				done = say("%s The spam filter does not stop %s any more.", done, row.Sender)
			}
		case commands.Drop, commands.Block:
			if name == commands.Block {
				if err := d.judge(tx, row.Sender, false); err != nil {
					return err
				}
			}
			settled, err := store.Settle(tx, id)
			switch {
			case err != nil:
				return err
			case name == commands.Block:
				done = say("%s is blocked, and the mail filed away.", row.Sender)
			case !settled:
				return ErrNone
			default:
				done = say("It was filed away.")
			}
		default:
			return fmt.Errorf("/%s is nothing to do with a mail in quarantine", name)
		}
		return nil
	})
	switch {
	case errors.Is(fault, ErrNone):
		done = say("There is no such mail in quarantine.")
	case errors.Is(fault, ErrInfected):
		done = say("Not done: the virus scanner found %s in this mail, and agents would get it. Whoever has to let it in all the same writes /%s %d infected.", virus, name, id)
	case errors.Is(fault, errOneOfUs):
		done = say("Not done: that is an address of the desk or of an agent.")
	case fault != nil:
		done = quote(fault.Error())
	}
	return templates.Step{Command: fmt.Sprintf("/%s %d", name, id), Outcome: done.in(d.set.Language), Failed: fault != nil}, err
}

// errOneOfUs tells that nobody may block or allow the desk itself or an agent: who they are is known by other means.
var errOneOfUs = errors.New("that is an address of the desk or of an agent")

// judge blocks a sender, or lets him past spam verdicts.
func (d *Desk) judge(tx *sqldb.Tx, address string, allow bool) error {
	folded := mailin.Fold(address)
	switch {
	case !strings.Contains(folded, "@"):
		return errors.New("the mail has no sender")
	case d.ours(folded) || folded == mailin.Fold(d.set.Admin) || d.current().People.AgentBy(folded) != nil:
		return errOneOfUs
	}
	return store.SetSenderVerdict(tx, folded, allow)
}

// ---- out of quarantine

// Release takes a mail out of quarantine and decides on it as if nothing had been wrong with it. A mail that cannot be decided
// even so stays where it is, and the error says why. One in which the virus scanner found something is let in only if the caller knows of it: else the error is ErrInfected.
func (d *Desk) Release(ctx context.Context, id int64, infected bool) (Explanation, error) {
	var e Explanation
	err := d.db.Update(ctx, func(tx *sqldb.Tx) error {
		e = Explanation{}
		row, found, err := store.ArrivalByID(tx, id)
		if err != nil {
			return err
		}
		if !found || row.Outcome != tickets.Quarantined {
			return ErrNone
		}
		if virus := infection(row); virus != "" && !infected {
			return fmt.Errorf("%w: %s", ErrInfected, virus)
		}
		return d.release(tx, row, &e)
	})
	return e, err
}

func (d *Desk) release(tx *sqldb.Tx, row tickets.Arrival, e *Explanation) error {
	if settled, err := store.Settle(tx, row.ID); err != nil || !settled {
		return errors.Join(err, ErrNone)
	}
	raw, kept, err := store.Raw(tx, row.ID)
	if err != nil {
		return err
	}
	if !kept {
		return errors.New("the mail is no longer kept: see keep: in tierdesk.yaml")
	}
	in := &arrived{Raw: mailin.Raw{Inbox: row.Inbox, Received: row.Received, Bytes: raw, Size: row.Size}, m: read.Mail(raw, d.set.Reading), id: row.ID, note: &confirmation{}, scanned: scanned{virus: infection(row)}}
	if row.Ticket != 0 {
		return d.noSpam(tx, in, row.Ticket, e)
	}
	return d.dispose(tx, in, e)
}

// noSpam brings a ticket back whose first mail an agent called spam.
func (d *Desk) noSpam(tx *sqldb.Tx, in *arrived, ticket int64, e *Explanation) error {
	w := d.decide(tx, d.current(), fmt.Sprintf("inbound:%d", in.id), tx.Now())
	if err := w.open(ticket); err != nil {
		return err
	}
	defer e.note(w)
	if w.t.HasTag(spamTag) {
		if err := w.handle(tickets.Event{Kind: tickets.Tagged, Actor: tickets.Desk, Data: tickets.Data{Remove: []string{spamTag}, Reason: "released"}}); err != nil {
			return err
		}
	}
	if w.t.Status.Done() {
		if err := w.handle(tickets.Event{Kind: tickets.Reopened, Actor: tickets.Desk, Data: tickets.Data{Status: tickets.Open, Reason: "released"}}); err != nil {
			return err
		}
	}
	for _, agent := range w.working() {
		w.want(want{kind: templates.Reopened, agent: agent, author: tickets.Desk, said: say("It was taken for spam, and is none.")})
	}
	if err := store.Decide(tx, in.id, tickets.AsMessage, "", "released", ticket); err != nil {
		return err
	}
	return w.finish()
}

// DropQuarantined settles a mail in quarantine without doing anything with it; it stays listed and its raw mail stays kept.
func (d *Desk) DropQuarantined(ctx context.Context, id int64) error {
	return d.db.Update(ctx, func(tx *sqldb.Tx) error {
		row, found, err := store.ArrivalByID(tx, id)
		if err != nil {
			return err
		}
		if !found || row.Outcome != tickets.Quarantined {
			return ErrNone
		}
		settled, err := store.Settle(tx, id)
		if err == nil && !settled {
			err = ErrNone
		}
		return err
	})
}

// ---- what agents say of a ticket's sender

// spam closes the ticket, and its first mail goes to quarantine. Nobody outside is told.
func (w *agentMail) spam(actor tickets.Actor) (sentence, error) {
	messages, err := store.Messages(w.tx, w.t.ID)
	if err != nil {
		return sentence{}, err
	}
	if w.t.HasTag(spamTag) {
		return say("It was taken for spam already."), nil
	}
	if err := w.handle(tickets.Event{Kind: tickets.Tagged, Actor: actor, Data: tickets.Data{Add: []string{spamTag}, Command: string(commands.Spam)}}); err != nil {
		return sentence{}, err
	}
	if err := w.setStatus(tickets.Closed, actor, w.cause, string(commands.Spam)); err != nil {
		return sentence{}, err
	}
	for _, m := range messages {
		if m.Kind != tickets.FromCustomer || m.Inbound == 0 {
			continue
		}
		if _, kept, err := store.Raw(w.tx, m.Inbound); err != nil || !kept {
			return say("The ticket is closed; its first mail is no longer kept."), err
		}
		if err := store.Decide(w.tx, m.Inbound, tickets.Quarantined, tickets.CauseSpam, w.agent.FullName+" says so", w.t.ID); err != nil {
			return sentence{}, err
		}
		return say("The ticket is closed, its first mail in quarantine; nobody outside is told."), w.announceQuarantine(w.tx)
	}
	return say("The ticket is closed; nobody outside is told."), nil
}

// judgeRequester blocks or allows who asked.
func (w *agentMail) judgeRequester(allow bool) (sentence, error) {
	p, err := w.requester()
	if err != nil {
		return sentence{}, err
	}
	if p.Address == "" {
		return say("Nobody has asked in this ticket."), nil
	}
	switch err := w.judge(w.tx, p.Address, allow); {
	case errors.Is(err, errOneOfUs):
		return say("Not done: that is an address of the desk or of an agent."), nil
	case err != nil:
		return sentence{}, err
	case allow:
		return say("%s may write; the spam filter does not stop that address any more.", p.Address), nil
	}
	return say("%s is blocked: what comes from there goes to quarantine.", p.Address), nil
}
