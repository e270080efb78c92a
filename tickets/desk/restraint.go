package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Limits bound what others can make the desk do. A zero field is the default.
type Limits struct {
	// Hour and Day bound automatic mails to one address of which nothing says that a person reads it: 3 and 3.
	Hour, Day int
	// KnownHour and KnownDay bound those to the address of a customer whom the desk knows: 9 and 9.
	KnownHour, KnownDay int
	// Burst is how many tickets one address may open, or mails it may add to one ticket, within ten minutes: 6. What goes beyond is gathered in one
	// ticket without a notice.
	Burst int
	// Opened is how many tickets one address may open within a day: 100. What goes beyond is gathered likewise.
	Opened int
	// TicketHour and TicketDay are how many mails of one address a ticket takes in: 250 and 500. What goes beyond is in quarantine.
	TicketHour, TicketDay int
}

func (l Limits) orDefault() Limits {
	return Limits{
		Hour: cmp.Or(l.Hour, 3), Day: cmp.Or(l.Day, 3), KnownHour: cmp.Or(l.KnownHour, 9), KnownDay: cmp.Or(l.KnownDay, 9),
		Burst: cmp.Or(l.Burst, 6), Opened: cmp.Or(l.Opened, 100), TicketHour: cmp.Or(l.TicketHour, 250), TicketDay: cmp.Or(l.TicketDay, 500),
	}
}

// Automatic mails out of one ticket to those outside. A ticket that is acknowledged, solved and closed has had three.
const (
	perTicketHour = 5
	perTicketDay  = 10
)

const (
	burstWindow = 10 * time.Minute
	day         = 24 * time.Hour
	// recordLength is how far back the desk looks to learn whether a person reads an address.
	recordLength = 90 * day
	// prompt is how soon a machine answers.
	prompt = 15 * time.Minute
	// minEchoes is the number of mails that came promptly after ours, from which on an address may be a machine's.
	minEchoes = 3
	// tellingLine is the length of a line that nobody types twice a day without thinking, in signs.
	tellingLine = 20
)

// ---- automatic mail to one address

// enough tells why an address, or the ticket, has had enough automatic mail; "" if it has not. Beside plain numbers it asks whether a machine may be
// at the other end: one without any header that says so, which answers whatever it gets.
func (w *decision) enough(p tickets.Participant) (string, error) {
	now := w.tx.Now()
	if !w.fresh {
		for _, bound := range []struct {
			span  time.Duration
			most  int
			words string
		}{{time.Hour, perTicketHour, "an hour"}, {day, perTicketDay, "a day"}} {
			n, err := mailout.CountOf(w.tx, w.t.ID, now.Add(-bound.span))
			if err != nil {
				return "", err
			}
			if n >= bound.most {
				return fmt.Sprintf("%d automatic mails went out of this ticket within %s", n, bound.words), nil
			}
		}
	}
	today, err := mailout.AutomaticTo(w.tx, p.Address, now.Add(-day), w.set.Answers.KnownDay+1)
	if err != nil || len(today) == 0 {
		return "", err
	}
	lastHour := 0
	for _, at := range today {
		if at.After(now.Add(-time.Hour)) {
			lastHour++
		}
	}
	limits := w.set.Answers
	hour, daily := limits.Hour, limits.Day
	caused := w.in != nil && mailin.Fold(p.Address) == w.in.author() // else an agent, or time, did: neither runs in circles
	var twin string
	if caused {
		if twin, err = w.repeated(); err != nil {
			return "", err
		}
	}
	known, err := w.known(p, caused)
	if err != nil {
		return "", err
	}
	switch {
	case known && twin != sameText:
		hour, daily = limits.KnownHour, limits.KnownDay
	case w.fresh && twin != "":
		return "a mail of " + twin + " from this address was answered within a day", nil
	}
	if w.fresh && twin == sameSubject {
		return "a mail of " + twin + " from this address was answered within a day", nil
	}
	if lastHour >= hour {
		return fmt.Sprintf("%d automatic mails went to this address within an hour", lastHour), nil
	}
	if len(today) >= daily {
		return fmt.Sprintf("%d automatic mails went to this address within a day", len(today)), nil
	}
	return "", nil
}

// In what two mails of an address are alike.
const (
	sameSubject    = "the same subject"
	similarSubject = "a subject that differs in numbers only"
	sameText       = "the same text"
)

// repeated tells in what the mail at hand is like another that opened a ticket within the day; "" if in nothing.
func (w *decision) repeated() (string, error) {
	earlier, err := w.wrote(w.in.author(), day)
	if err != nil {
		return "", err
	}
	base := mailin.Fold(thread.BaseSubject(w.in.m.Subject))
	found := ""
	for _, row := range earlier {
		if !row.opened() || row.ID == w.in.id {
			continue
		}
		switch other := mailin.Fold(thread.BaseSubject(row.Subject)); {
		case other == base:
			return sameSubject, nil
		case withoutNumbers(other) == withoutNumbers(base):
			found = similarSubject
		}
	}
	var ids []int64
	for _, row := range earlier {
		if row.opened() && row.ID != w.in.id && len(ids) < 20 {
			ids = append(ids, row.ID)
		}
	}
	texts, err := store.TextsOf(w.tx, ids)
	if err != nil {
		return "", err
	}
	mine := tellingLines(w.in.m.Reply)
	for _, text := range texts {
		if slices.ContainsFunc(tellingLines(text), func(line string) bool { return slices.Contains(mine, line) }) {
			return sameText, nil
		}
	}
	return found, nil
}

// known reports whether a customer is known as a person: he belongs to an organisation of people.yaml, or an agent has answered him, or he wrote on an earlier day; and
// his mails have not come promptly after ours, as a machine's do.
func (w *decision) known(p tickets.Participant, caused bool) (bool, error) {
	if !caused {
		return true, nil
	}
	now := w.tx.Now()
	record, err := store.MailsFrom(w.tx, p.Address, now.Add(-recordLength), now.Add(-day), 200)
	if err != nil {
		return false, err
	}
	ours, err := mailout.AutomaticTo(w.tx, p.Address, now.Add(-recordLength), 400)
	if err != nil {
		return false, err
	}
	messages, echoes := 0, 0
	for _, row := range record {
		if row.Outcome != tickets.AsMessage {
			continue
		}
		messages++
		if slices.ContainsFunc(ours, func(at time.Time) bool {
			return !at.After(row.Received) && row.Received.Sub(at) <= prompt
		}) {
			echoes++
		}
	}
	switch {
	case echoes >= minEchoes && echoes >= 3*(messages-echoes):
		return false, nil
	case messages > 0 || w.with.People.OrganisationOf(p.Address) != nil:
		return true, nil
	}
	return store.WasAnswered(w.tx, p.Address)
}

// wrote gives what an address wrote lately, the newest first, as far as it became messages.
func (d *decision) wrote(address string, span time.Duration) ([]wrote, error) {
	out, _, err := d.Desk.wrote(d.tx, address, d.in.Received, span, mostWritten)
	return out, err
}

// mostWritten is how many mails of one address are looked at.
const mostWritten = 300

// wrote looks at so many mails at most; all tells that there are no more.
func (d *Desk) wrote(tx *sqldb.Tx, address string, until time.Time, span time.Duration, most int) (out []wrote, all bool, err error) {
	rows, err := store.MailsFrom(tx, address, until.Add(-span), until, most)
	out = make([]wrote, 0, len(rows))
	for _, row := range rows {
		if row.Outcome == tickets.AsMessage && row.Ticket != 0 {
			out = append(out, wrote{row})
		}
	}
	return out, len(rows) < most, err
}

// wrote is a mail that became a message.
type wrote struct{ tickets.Arrival }

// opened reports whether the mail began a ticket: nothing tied it to one.
func (r wrote) opened() bool { return r.Reasons == "" && r.Cause == "" }

// gathered reports whether it is part of a flood.
func (r wrote) gathered() bool { return r.Cause == tickets.CauseFlood }

// withoutNumbers makes each row of digits one sign.
func withoutNumbers(s string) string {
	var b strings.Builder
	inside := false
	for _, r := range s {
		digit := unicode.IsDigit(r)
		if digit && !inside {
			b.WriteByte('#')
		} else if !digit {
			b.WriteRune(r)
		}
		inside = digit
	}
	return b.String()
}

// tellingLines gives the lines of a text that are long enough to tell it from others.
func tellingLines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(limit(text, 16<<10), "\n") {
		if line = strings.Join(strings.Fields(line), " "); utf8.RuneCountInString(line) >= tellingLine {
			out = append(out, line)
		}
	}
	return out
}

// ---- mail from one address

// floods gives the ticket in which a mail that would open another has to be gathered; 0 if its sender has not written too much.
func (d *Desk) floods(tx *sqldb.Tx, in *arrived) (int64, error) {
	from := in.author()
	if from == "" || in.note != nil || d.isOld(tx, in) {
		return 0, nil
	}
	// Of a flood the newest few tell enough; that matters, since it is asked with each of its mails.
	for _, most := range []int{4 * d.set.Answers.Burst, mostWritten} {
		rows, all, err := d.wrote(tx, from, in.Received, day, most)
		if err != nil {
			return 0, err
		}
		lately, daily := 0, 0
		var ticket int64
		for _, row := range rows {
			if !row.opened() && !row.gathered() {
				continue
			}
			if row.opened() {
				daily++
			}
			if in.Received.Sub(row.Received) <= burstWindow {
				lately++
			}
			if ticket == 0 {
				ticket = row.Ticket // the newest that it opened, or where the flood is gathered already
			}
		}
		if lately >= d.set.Answers.Burst || daily >= d.set.Answers.Opened {
			return ticket, nil
		}
		if all {
			break
		}
	}
	return 0, nil
}

// gather puts a mail of a flood into a ticket of the same sender: no clock moves, no rule runs, nobody is mailed but the agents, once.
func (d *Desk) gather(tx *sqldb.Tx, with *Decisions, in *arrived, ticket int64, sender tickets.Person, result *Explanation) error {
	written, err := d.written(tx, in, ticket)
	if err != nil {
		return err
	}
	if full, err := d.full(tx, in, ticket, written, result); err != nil || full {
		return err
	}
	w := d.decide(tx, with, fmt.Sprintf("inbound:%d", in.id), in.Received)
	w.in = in
	if result != nil {
		defer result.note(w)
	}
	ev := evidence{ticket: ticket}
	if err := ev.follow(tx); err != nil {
		return err
	}
	if err := w.open(ev.ticket); err != nil {
		return err
	}
	w.tell("%s writes too much: the mail is gathered in ticket %d", in.author(), w.t.ID)
	actor := tickets.PersonActor(sender.ID)
	if err := w.addMessage(tickets.Automatic, actor, tickets.Internal, w.suspicions()); err != nil {
		return err
	}
	if err := w.handle(tickets.Event{Kind: tickets.AutoFiled, Actor: actor, Message: w.current.ID, Data: tickets.Data{Inbound: in.id, Reason: string(tickets.CauseFlood)}}); err != nil {
		return err
	}
	if err := w.tellOfFlood(say("This address has opened too many tickets. What else it writes is gathered in this one, without a notice and without an acknowledgement, until it pauses for ten minutes.")); err != nil {
		return err
	}
	if err := store.Decide(tx, in.id, tickets.AsMessage, tickets.CauseFlood, "the sender has opened too many tickets", w.t.ID); err != nil {
		return err
	}
	return w.finish()
}

// written tells when the writer of a mail has written into a ticket within the last day, the newest first, as far as it matters for full and tooFast.
func (d *Desk) written(tx *sqldb.Tx, in *arrived, ticket int64) ([]time.Time, error) {
	from := in.author()
	if from == "" || in.note != nil {
		return nil, nil
	}
	return store.MessageTimesFrom(tx, ticket, from, in.Received.Add(-day), d.set.Answers.TicketDay)
}

// since counts the instants that are not before the given one.
func since(at []time.Time, begin time.Time) int {
	n := 0
	for _, t := range at {
		if !t.Before(begin) {
			n++
		}
	}
	return n
}

// full sets a mail aside for which its ticket has no room: its writer has filled it.
func (d *Desk) full(tx *sqldb.Tx, in *arrived, ticket int64, written []time.Time, result *Explanation) (bool, error) {
	for _, bound := range []struct {
		span  time.Duration
		most  int
		words string
	}{{time.Hour, d.set.Answers.TicketHour, "an hour"}, {day, d.set.Answers.TicketDay, "a day"}} {
		n := since(written, in.Received.Add(-bound.span))
		if n < bound.most {
			continue
		}
		why := fmt.Sprintf("ticket %d has taken %d mails of this address within %s", ticket, n, bound.words)
		if result != nil {
			result.Outcome, result.Cause, result.Reasons = tickets.Quarantined, string(tickets.CauseFlood), []string{why}
		}
		return true, d.quarantine(tx, in, tickets.CauseFlood, why)
	}
	return false, nil
}

// tooFast reports whether the writer of the mail at hand has added so much to the ticket within minutes that notices stop.
func (w *decision) tooFast(written []time.Time) bool {
	return since(written, w.in.Received.Add(-burstWindow)) >= w.set.Answers.Burst // beside the mail at hand
}

// tellOfFlood writes a note into the ticket and tells the agents, at most once an hour.
func (w *decision) tellOfFlood(said sentence) error {
	told, err := store.NotedSince(w.tx, w.t.ID, tickets.Desk, w.at.Add(-time.Hour))
	if err != nil || told {
		return err
	}
	shown := w.current
	err = w.insert(tickets.Message{Ticket: w.t.ID, Kind: tickets.Note, Author: tickets.Desk, Visibility: tickets.Internal, At: w.at, Text: said.in(w.set.Language)})
	if err != nil {
		return err
	}
	if err := w.handle(tickets.Event{Kind: tickets.Noted, Actor: tickets.Desk, Message: w.current.ID, Data: tickets.Data{Reason: string(tickets.CauseFlood)}}); err != nil {
		return err
	}
	w.current = shown
	for _, agent := range w.working() {
		w.want(want{kind: templates.AgentNote, agent: agent, author: tickets.Desk, said: said})
	}
	return nil
}
