package desk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// receiveGuarded decides on one mail behind a savepoint. Whatever is wrong with the mail itself ends in quarantine; an error it returns is
// about the database or the lease, and ends the transaction.
func (d *Desk) receiveGuarded(tx *sqldb.Tx, in *arrived, result *Explanation) error {
	var fault, err error
	came := *in
	for range hopes {
		*in = came // nothing is left of what was undone
		fault, err = tx.Savepoint(func() error { return d.receive(tx, in, result) })
		if err != nil || fault == nil {
			return err
		}
		if !sqldb.Unique(fault) {
			break
		}
		// Another transaction was first, with a mail of the same new person or with this one: nothing is wrong with it, and now we see that.
	}
	if errors.Is(fault, ledger.ErrLeaseLost) {
		return fault // another daemon has the inbox now; nothing of this is ours to take
	}
	var aside setAside
	if !errors.As(fault, &aside) {
		d.log.Error("a mail could not be decided and goes to quarantine", "inbox", in.Inbox, "uid", in.Source.UID, "message_id", in.m.MessageID, "error", fault)
		aside.fault = fault
	}
	again, err := tx.Savepoint(func() error { return d.receiveAside(tx, in, aside, result) })
	return errors.Join(err, again)
}

// receive decides on one mail. note is set when an agent has confirmed a mail that was held.
func (d *Desk) receive(tx *sqldb.Tx, in *arrived, result *Explanation) error {
	known, err := d.takeIn(tx, in)
	if err != nil || known {
		if result != nil {
			result.Known = known
		}
		return err
	}
	return d.dispose(tx, in, result)
}

// takeIn records the mail and that its UID is settled; known tells that it was taken before.
func (d *Desk) takeIn(tx *sqldb.Tx, in *arrived) (known bool, err error) {
	row := tickets.Arrival{
		Fingerprint: fingerprint(in), Inbox: in.Inbox, Received: d.received(tx, in), MessageID: limit(in.m.MessageID, 998), Sender: limit(in.author(), 320),
		Subject: limit(in.m.Subject, 998), Size: cmp.Or(in.Size, int64(len(in.Bytes))), Kind: string(in.m.Class.Kind), Verdict: string(in.m.Auth.Verdict), Old: d.isOld(tx, in),
	}
	if in.id, known, err = store.RecordArrival(tx, row); err != nil {
		return false, err
	}
	if in.Source.Mailbox != 0 {
		already, err := ledger.Take(tx, in.Source, in.id)
		if err != nil {
			return false, err
		}
		if already && !known {
			// The ledger knows better: what is at this UID was taken under another fingerprint.
			if err := store.ForgetArrival(tx, in.id); err != nil {
				return false, err
			}
		}
		known = known || already
	}
	if known {
		return true, nil
	}
	return false, store.SaveRaw(tx, in.id, in.packed)
}

// received is the mail's time: INTERNALDATE, but never in the future, where no clock may start.
func (d *Desk) received(tx *sqldb.Tx, in *arrived) time.Time {
	if in.Received.IsZero() || in.Received.After(tx.Now()) {
		in.Received = tx.Now()
	}
	return in.Received
}

// isOld reports whether the mail is so old that nobody wants automatic mail about it.
func (d *Desk) isOld(tx *sqldb.Tx, in *arrived) bool {
	return in.Old || tx.Now().Sub(d.received(tx, in)) > d.set.OldAfter
}

// fingerprint reports whether two mails are the same: Message-ID, writer and content. The same ID with other content is another
// mail. Without a Message-ID the Date and subject stand in for it.
func fingerprint(in *arrived) string {
	id := in.m.MessageID
	if id == "" {
		id = "\x00" + in.m.Date.UTC().Format(time.RFC3339) + "\x00" + in.m.Subject
	}
	h := sha256.New()
	for _, s := range []string{id, in.author(), in.m.TextHash} {
		fmt.Fprintf(h, "%d\x00%s", len(s), s)
	}
	if in.Fault != "" || in.Truncated || in.m.MessageID == "" && in.m.Date.IsZero() {
		// Nothing else tells such a mail from another: where it lay does.
		fmt.Fprintf(h, "\x00%d\x00%d", in.Source.Mailbox, in.Source.UID)
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// setAside leaves a decision when the mail shall be no message: because a rule wants it so, or since something is wrong with it. The savepoint
// has undone what was begun.
type setAside struct {
	ruling
	fault error
	cause tickets.Cause // beside why
	why   []string
}

func (s setAside) Error() string { return "the mail is set aside" }

// receiveAside keeps a mail that is to be no message.
func (d *Desk) receiveAside(tx *sqldb.Tx, in *arrived, aside setAside, result *Explanation) error {
	known, err := d.takeIn(tx, in)
	if err != nil || known {
		return err
	}
	return d.layAside(tx, in, aside, result)
}

// layAside records what became of a mail that is to be no message.
func (d *Desk) layAside(tx *sqldb.Tx, in *arrived, aside setAside, result *Explanation) error {
	outcome, cause, why := tickets.Quarantined, tickets.CauseRule, fmt.Sprintf("rule %q: %s", aside.rule, cmp.Or(aside.quarantine, aside.drop))
	switch {
	case aside.cause != "":
		cause, why = aside.cause, store.Words(aside.why)
	case aside.fault != nil:
		cause, why = tickets.CauseUnprocessable, aside.fault.Error()
	case aside.drop != "":
		outcome = tickets.DroppedRule
	}
	if result != nil {
		result.Outcome, result.Cause, result.Reasons, result.Ticket = outcome, string(cause), []string{why}, 0
	}
	if outcome == tickets.DroppedRule {
		return store.Decide(tx, in.id, outcome, cause, why, 0)
	}
	return d.quarantine(tx, in, cause, why)
}

// dispose decides what becomes of a mail that is not known yet.
func (d *Desk) dispose(tx *sqldb.Tx, in *arrived, result *Explanation) error {
	with := d.current()
	keys := d.keys()
	class := in.m.Class
	if result != nil {
		result.begin(in)
	}
	put := func(cause tickets.Cause, reasons ...string) error {
		if result != nil {
			result.Outcome, result.Cause, result.Reasons = tickets.Quarantined, string(cause), reasons
		}
		return d.quarantine(tx, in, cause, store.Words(reasons))
	}
	if bird, err := d.canary(tx, keys, in); err != nil {
		return err
	} else if bird != 0 {
		return d.landed(tx, in, bird, result)
	}
	released := in.note != nil && in.note.agent == "" // somebody took it out of quarantine: he has seen it
	sender, known, err := store.PersonAt(tx, in.author())
	if err != nil {
		return err
	}
	allowed := known && !sender.Allowed.IsZero() && in.m.Auth.Verdict != mailin.VerdictFail
	switch {
	case released:
	case in.Fault != "":
		return put(tickets.CauseUnprocessable, in.Fault)
	case in.virus != "":
		return put(tickets.CauseVirus, foundWords+in.virus)
	case in.Truncated:
		return put(tickets.CauseOversize, fmt.Sprintf("the mail has %d octets, more than the desk takes", in.Size))
	case in.Junk && !allowed:
		return put(tickets.CauseSpam, "it lay in a folder for junk")
	case class.Kind == mailin.KindSpam && !allowed:
		return put(tickets.CauseSpam, append(class.Reasons, class.Spam)...)
	case in.not != "" && d.set.HoldUnscanned: // after all that would keep it out for good: it is let in when it was scanned
		return put(tickets.CauseUnscanned, "nothing is known of viruses: "+in.not)
	}
	if class.Kind == mailin.KindSpam { // the filter calls only a person's mail so
		m := *in.m
		m.Class.Kind, m.Class.Reasons = mailin.KindPerson, append([]string{"somebody here lets the sender or the mail past the spam filter"}, class.Reasons...)
		in.m, class = &m, m.Class
	}
	ev, err := d.evidenceOf(tx, with, keys, in)
	if err != nil {
		return err
	}
	if result != nil {
		result.Evidence, result.Ticket = ev.kind.String(), ev.ticket
	}
	if class.Kind == mailin.KindLoop || d.own[in.author()] && !released && !d.looksRelayed(in.m) {
		return d.fileLoop(tx, in, result)
	}
	if known && !sender.Blocked.IsZero() && !released {
		return put(tickets.CauseBlocklisted, "the sender is blocked")
	}
	if ev.toDigest() && !released {
		return d.fromAdmin(tx, with, in, ev, result)
	}
	switch class.Kind {
	case mailin.KindBounce, mailin.KindAutoReply, mailin.KindReceipt, mailin.KindCalendar, mailin.KindChallenge, mailin.KindFeedback:
		if !released {
			return d.machine(tx, with, in, ev, result)
		}
	}
	if agent, err := d.agentOf(tx, with, in, ev); err != nil {
		return err
	} else if agent != nil {
		return d.fromAgent(tx, with, in, ev, agent, result)
	}
	return d.fromCustomer(tx, with, in, ev, sender, known, result)
}

// agentOf tells whose mail it is, if an agent's: by the address, or by a notice of his that somebody answers.
func (d *Desk) agentOf(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence) (*tickets.Agent, error) {
	if in.note != nil && in.note.agent != "" {
		return with.People.Agent(in.note.agent), nil
	}
	if a := with.People.AgentBy(in.author()); a != nil {
		return a, nil
	}
	if ev.kind.strong() && ev.notice.Mail.Party == mailout.Agent {
		// A customer answers the copy that the agent's mail client sent him itself: the reply address in it is the agent's, the mail is the customer's.
		if asked, err := store.TakesPart(tx, ev.ticket, in.author()); err != nil || asked {
			return nil, err
		}
		// A notice went on to somebody else, or the agent writes from an address that we do not know. He is asked.
		return with.People.Agent(tickets.Actor(ev.notice.Mail.Person).Agent()), nil
	}
	return nil, nil
}

// looksRelayed tells of mail that our own web form or list gateway writes in our name for somebody else.
func (d *Desk) looksRelayed(m *mailin.Message) bool {
	return len(m.ReplyTo) > 0 && !d.ours(m.ReplyTo[0].Address)
}

// quarantine sets a mail aside for a person to look at, and has the admin told.
func (d *Desk) quarantine(tx *sqldb.Tx, in *arrived, cause tickets.Cause, reasons string) error {
	if err := store.Decide(tx, in.id, tickets.Quarantined, cause, reasons, 0); err != nil {
		return err
	}
	return d.announceQuarantine(tx)
}

// fileLoop keeps our own mail that came back; it means nothing.
func (d *Desk) fileLoop(tx *sqldb.Tx, in *arrived, result *Explanation) error {
	cause, reasons := tickets.CauseLoop, in.m.Class.Reasons
	if in.m.Class.Kind != mailin.KindLoop {
		cause, reasons = tickets.CauseSystemUser, append([]string{"the sender is the desk itself"}, reasons...)
	}
	if result != nil {
		result.Outcome, result.Reasons = tickets.AsLoop, reasons
	}
	return store.Decide(tx, in.id, tickets.AsLoop, cause, store.Words(reasons), 0)
}

// fromCustomer decides on a mail from outside.
func (d *Desk) fromCustomer(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence, sender tickets.Person, known bool, result *Explanation) error {
	from := in.author()
	if known && !sender.Muted.IsZero() {
		if err := store.Unmute(tx, from); err != nil { // he writes, so he exists
			return err
		}
	}
	if ev.ticket == 0 {
		return d.openTicket(tx, with, in, ev.hint, sender, known, result)
	}
	w := d.decide(tx, with, fmt.Sprintf("inbound:%d", in.id), in.Received)
	w.in, w.old = in, d.isOld(tx, in)
	if err := w.open(ev.ticket); err != nil {
		return err
	}
	parts, err := w.participants()
	if err != nil {
		return err
	}
	participant := slices.ContainsFunc(parts, func(p tickets.Participant) bool { return p.Address == from })
	if !participant && ev.kind.strong() && in.m.Auth.Verdict == mailin.VerdictFail && in.note == nil {
		// Whoever holds another's reply address may write in his ticket; but not whoever lies about his own as well.
		return setAside{cause: tickets.CauseOtherUserUpdate, why: append([]string{"the reply address was given to somebody else"}, in.m.Auth.Reasons...)}
	}
	if !participant && !ev.kind.strong() {
		return d.openTicket(tx, with, in, w.t.ID, sender, known, result) // a stranger who knows a number
	}
	thanks := isThanks(in.m)
	if w.t.Status.Done() && !thanks {
		// A weak proof changes no more than pending to open; and nothing is reopened for ever.
		if !ev.kind.strong() || in.Received.After(w.t.Solved.Add(with.Service.ReopenWithin)) {
			return d.openTicket(tx, with, in, w.t.ID, sender, known, result)
		}
	}
	written, err := d.written(tx, in, w.t.ID)
	if err != nil {
		return err
	}
	if full, err := d.full(tx, in, w.t.ID, written, result); err != nil || full {
		return err
	}
	if result != nil {
		defer result.note(w)
	}
	var person tickets.Person
	if person = sender; !known {
		if person, err = store.AddPerson(tx, limit(in.m.Author().Name, 200), from, in.m.Author().Address, in.m.Language); err != nil {
			return err
		}
	}
	actor := tickets.PersonActor(person.ID)
	var flags []tickets.Flag
	if !participant {
		flags = append(flags, tickets.FlagOtherAddress)
	}
	flags = append(flags, w.suspicions()...)
	if err := w.addMessage(tickets.FromCustomer, actor, tickets.Public, flags); err != nil {
		return err
	}
	silent := in.m.Class.Automatic()
	done := w.t.Status.Done()
	if err := w.handle(tickets.Event{Kind: tickets.Replied, Actor: actor, Message: w.current.ID, Data: tickets.Data{Inbound: in.id, Silent: silent || thanks && done}}); err != nil {
		return err
	}
	if w.verdict != (ruling{}) && in.note == nil {
		return setAside{ruling: w.verdict}
	}
	if participant && ev.kind.strong() {
		for _, a := range in.m.Cc {
			if err := w.joinNew(a, actor); err != nil {
				return err
			}
		}
	}
	switch {
	case done && !thanks && !silent && w.t.Status.Done():
		if err := w.handle(tickets.Event{Kind: tickets.Reopened, Actor: actor, Message: w.current.ID, Data: tickets.Data{Status: tickets.Open}}); err != nil {
			return err
		}
		for _, agent := range w.working() {
			w.want(want{kind: templates.Reopened, agent: agent, author: actor})
		}
	case done:
	default:
		if w.tooFast(written) {
			err := w.tellOfFlood(say("This address has written too much within ten minutes. What else it writes is added to this ticket without a notice, until it pauses."))
			if err != nil {
				return err
			}
			break
		}
		for _, agent := range w.working() {
			w.want(want{kind: templates.AgentReply, agent: agent, author: actor})
		}
	}
	if w.old {
		if err := d.announceOld(tx); err != nil {
			return err
		}
	}
	if err := store.Decide(tx, in.id, tickets.AsMessage, "", ev.kind.String(), w.t.ID); err != nil {
		return err
	}
	return w.finish()
}

// openTicket makes a ticket of a mail.
func (d *Desk) openTicket(tx *sqldb.Tx, with *Decisions, in *arrived, linked int64, sender tickets.Person, known bool, result *Explanation) error {
	from := in.author()
	if known {
		if ticket, err := d.floods(tx, in); err != nil {
			return err
		} else if ticket != 0 {
			return d.gather(tx, with, in, ticket, sender, result)
		}
	}
	w := d.decide(tx, with, fmt.Sprintf("inbound:%d", in.id), in.Received)
	w.in, w.old = in, d.isOld(tx, in)
	if result != nil {
		defer result.note(w)
	}
	person := sender
	var actor tickets.Actor = tickets.Desk
	if from != "" {
		if !known {
			var err error
			if person, err = store.AddPerson(tx, limit(in.m.Author().Name, 200), from, in.m.Author().Address, in.m.Language); err != nil {
				return err
			}
		}
		actor = tickets.PersonActor(person.ID)
	}
	tier, inbox := with.Service.Default.Tier, w.inbox(in.Inbox)
	subject := limit(plainSubject(in.m.Subject), 250)
	w.t = tickets.Ticket{Subject: subject, BaseSubject: limit(mailin.Fold(thread.BaseSubject(in.m.Subject)), 250)}
	if linked != 0 {
		w.t.Linked = linked
	}
	team := inbox.Team
	if t := with.Service.Tier(tier); t != nil && team == "" {
		team = t.Team
	}
	w.ack = string(templates.Acknowledgement)
	// The requester takes part before rules look, so that their facts are whole; the ticket's row is made by the event.
	w.parts, w.loaded.parts = nil, true
	if from != "" {
		w.parts = []tickets.Participant{{Address: from, Role: tickets.Requester, Name: person.Name, Shown: cmp.Or(person.Shown, in.m.Author().Address), Person: person.ID}}
	}
	w.fresh = true
	language := cmp.Or(in.m.Language, person.Language, w.set.Language)
	if err := w.handle(tickets.Event{Kind: tickets.Opened, Actor: actor, Data: tickets.Data{Inbox: inbox.Name, Requester: person.ID, Language: language, Priority: with.Service.Default.Priority,
		Tier: &tier, Team: team, Inbound: in.id, Silent: in.m.Class.Automatic()}}); err != nil {
		return err
	}
	if w.verdict != (ruling{}) && in.note == nil {
		return setAside{ruling: w.verdict} // the rule speaks of the mail before it is a ticket: undo what was made of it, keep the mail
	}
	for i, p := range w.parts {
		if err := store.Join(tx, w.t.ID, p.Address, p.Role); err != nil {
			return fmt.Errorf("participant %d: %w", i, err)
		}
	}
	if err := w.addMessage(tickets.FromCustomer, actor, tickets.Public, w.suspicions()); err != nil {
		return err
	}
	if linked != 0 {
		if err := w.handle(tickets.Event{Kind: tickets.Linked, Actor: tickets.Desk, Data: tickets.Data{Linked: linked}}); err != nil {
			return err
		}
	}
	for _, agent := range w.working() {
		w.want(want{kind: templates.AgentNew, agent: agent, author: actor})
	}
	if w.old {
		if err := d.announceOld(tx); err != nil {
			return err
		}
	}
	if err := store.Decide(tx, in.id, tickets.AsMessage, "", "", w.t.ID); err != nil {
		return err
	}
	return w.finish()
}

// joinNew adds somebody whom a participant put into Cc, unless he is one of us.
func (w *decision) joinNew(a mailin.Address, actor tickets.Actor) error {
	if w.ours(a.Address) || w.with.People.AgentBy(a.Address) != nil || !strings.Contains(a.Address, "@") {
		return nil
	}
	return w.join(a.Address, tickets.Cc, actor)
}

// addMessage writes the mail at hand into the ticket.
func (w *decision) addMessage(kind tickets.MessageKind, author tickets.Actor, visibility tickets.Visibility, flags []tickets.Flag) error {
	in := w.in
	m := tickets.Message{Ticket: w.t.ID, Inbound: in.id, Kind: kind, Author: author, Visibility: visibility, At: w.at, MessageID: limit(in.m.MessageID, 998),
		Address: in.author(), Subject: limit(in.m.Subject, 998), Text: in.m.Reply, Flags: flags}
	if strings.TrimSpace(in.m.Text) != in.m.Reply { // else it would be there twice, in four mails of five
		m.Whole = in.m.Text
	}
	m.Files = files(in.m)
	return w.insert(m)
}

// insert writes a message, remembers its Message-IDs, and makes it the one at hand.
func (w *decision) insert(m tickets.Message) error {
	id, err := store.AddMessage(w.tx, m, w.t.LastMessage)
	if err != nil {
		return err
	}
	m.ID = id
	w.current = m
	if id > w.t.LastMessage {
		w.t.LastMessage = id
	}
	ids := []string{m.MessageID}
	if w.in != nil && m.Kind == tickets.FromCustomer {
		// What it refers to belongs here too: a shared ancestor is evidence for one who takes part.
		for _, ref := range append(slices.Clone(w.in.m.InReplyTo), w.in.m.References...) {
			if _, _, keyed := w.keys.OpenMessageID(ref); !keyed && len(ids) < 6 && len(ref) < 500 {
				ids = append(ids, ref)
			}
		}
	}
	return store.AddMessageIDs(w.tx, w.t.ID, w.at, ids...)
}

// machine files what a machine wrote where it belongs; it moves no clock and answers nobody.
func (d *Desk) machine(tx *sqldb.Tx, with *Decisions, in *arrived, ev evidence, result *Explanation) error {
	bounce := in.m.Class.Kind == mailin.KindBounce
	if bounce {
		if found, err := d.bounced(tx, with, in, ev, result); err != nil || found {
			return err
		}
	}
	if bounce || ev.ticket == 0 || !ev.kind.strong() {
		cause := tickets.MachineCause(in.m.Class.Kind)
		if result != nil {
			result.Outcome, result.Cause, result.Reasons = tickets.Quarantined, string(cause), in.m.Class.Reasons
		}
		return d.quarantine(tx, in, cause, store.Words(in.m.Class.Reasons))
	}
	written, err := d.written(tx, in, ev.ticket)
	if err != nil {
		return err
	}
	if full, err := d.full(tx, in, ev.ticket, written, result); err != nil || full {
		return err
	}
	w := d.decide(tx, with, fmt.Sprintf("inbound:%d", in.id), in.Received)
	w.in, w.old = in, true
	if result != nil {
		defer result.note(w)
	}
	if err := w.open(ev.ticket); err != nil {
		return err
	}
	actor := tickets.Desk
	if p, known, err := store.PersonAt(tx, in.author()); err != nil {
		return err
	} else if known {
		actor = tickets.PersonActor(p.ID)
	}
	if err := w.addMessage(tickets.Automatic, actor, tickets.Internal, nil); err != nil {
		return err
	}
	if err := w.handle(tickets.Event{Kind: tickets.AutoFiled, Actor: actor, Message: w.current.ID, Data: tickets.Data{Inbound: in.id, Reason: string(in.m.Class.Kind)}}); err != nil {
		return err
	}
	if err := store.Decide(tx, in.id, tickets.AsAuto, tickets.Cause(in.m.Class.Kind), store.Words(in.m.Class.Reasons), w.t.ID); err != nil {
		return err
	}
	// It may be a person's after all, who asks for something, so those who have the ticket read it. Not an agent's: it answers a notice, and would answer the next one.
	if in.m.Class.Guessed && ev.notice.Mail.Party == mailout.Customer && with.People.AgentBy(in.author()) == nil {
		w.old = d.isOld(tx, in)
		for _, agent := range w.working() {
			w.want(want{kind: templates.AgentReply, agent: agent, author: actor})
		}
	}
	return w.finish()
}

func limit(s string, octets int) string {
	if len(s) <= octets {
		return s
	}
	return strings.ToValidUTF8(s[:octets], "")
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// files are the attachments of a mail as a message bears them.
func files(m *mailin.Message) []tickets.Attachment {
	var out []tickets.Attachment
	for _, a := range m.Attachments {
		out = append(out, tickets.Attachment{Name: a.Name, Type: a.ContentType, ContentID: a.ContentID, Size: a.Size, Index: a.Index, Inline: a.Inline})
	}
	return out
}
