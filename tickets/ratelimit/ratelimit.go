// Package ratelimit bounds what others can make the desk do: how much automatic mail it sends to
// one address, to one domain and from one ticket, and how much one address may write into a ticket.
// It owns the limits and the queries that they need. It decides nothing and must never write: what
// happens to a mail that exceeds a limit is up to its callers.
package ratelimit

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
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/store"
)

// Limits bound what others can make the desk do. A zero field is the default.
type Limits struct {
	// Hour and Day bound automatic mails to an address without evidence that a person reads it: 3
	// and 3.
	Hour, Day int
	// KnownHour and KnownDay bound those to the address of a known customer: 9 and 9.
	KnownHour, KnownDay int
	// Burst is how many tickets one address may open, or mails it may add to one ticket, within ten
	// minutes: 6. Any more are collected in one ticket without a notice.
	Burst int
	// Opened is how many tickets one address may open within a day: 100. Any more are collected
	// likewise.
	Opened int
	// TicketHour and TicketDay are how many mails a ticket accepts from one address: 250 and 500.
	// Any more go to quarantine.
	TicketHour, TicketDay int
}

// OrDefault returns the limits with the default in place of each zero field.
func (l Limits) OrDefault() Limits {
	return Limits{
		Hour: cmp.Or(l.Hour, 3), Day: cmp.Or(l.Day, 3), KnownHour: cmp.Or(l.KnownHour, 9), KnownDay: cmp.Or(l.KnownDay, 9),
		Burst: cmp.Or(l.Burst, 6), Opened: cmp.Or(l.Opened, 100), TicketHour: cmp.Or(l.TicketHour, 250),
		TicketDay: cmp.Or(l.TicketDay, 500),
	}
}

// ticketsOfDomain is the number by which the limits of one address are multiplied for all strangers
// of a domain together. It is large, because at a domain with free mailboxes everybody is a
// stranger at first.
const ticketsOfDomain = 50

// OfDomain returns the limits for all strangers of a domain together.
func (l Limits) OfDomain() Limits {
	l.Burst, l.Opened = ticketsOfDomain*l.Burst, ticketsOfDomain*l.Opened
	return l
}

// Automatic mails from one ticket to people outside. A ticket that is acknowledged, solved and
// closed has sent three.
const (
	perTicketHour = 5
	perTicketDay  = 10
)

// asideHour is how many mails not written by an agent a third person gets within an hour. Somebody
// to whom a rule hands every ticket of a kind gets many on a bad day.
const asideHour = 30

const (
	day = 24 * time.Hour
	// recordLength is how far back the desk looks for evidence that a person reads an address.
	recordLength = 90 * day
	// prompt is how soon a machine answers.
	prompt = 15 * time.Minute
	// minEchoes is the number of prompt answers to our mails from which an address may belong to a
	// machine.
	minEchoes = 3
	// tellingLine is the length of a line, in characters, that nobody types twice in a day by
	// chance.
	tellingLine = 20
)

// ---- automatic mail to one address

// Question asks whether an automatic mail may be sent.
type Question struct {
	Tx     *sqldb.Tx
	Limits Limits
	People *tickets.Directory
	Mail   *arrival.Mail // the mail that caused it; nil for timers and deliveries
	Ticket int64
	Opened bool // the ticket has just been opened
}

// Enough returns why an address, or the ticket, has had enough automatic mail; "" if it has not.
// Besides the limits it considers whether a machine may be at the other end that answers everything
// without any header that says so.
func (q Question) Enough(p tickets.Participant) (string, error) {
	now := q.Tx.Now()
	if !q.Opened {
		for _, bound := range []struct {
			span  time.Duration
			most  int
			words string
		}{{time.Hour, perTicketHour, "an hour"}, {day, perTicketDay, "a day"}} {
			n, err := mailout.CountOf(q.Tx, q.Ticket, now.Add(-bound.span))
			if err != nil {
				return "", err
			}
			if n >= bound.most {
				return fmt.Sprintf("%d automatic mails went out of this ticket within %s", n, bound.words), nil
			}
		}
	}
	today, err := mailout.AutomaticTo(q.Tx, p.Address, now.Add(-day), q.Limits.KnownDay+1)
	if err != nil {
		return "", err
	}
	if len(today) == 0 {
		return q.enoughToDomain(p)
	}
	lastHour := 0
	for _, at := range today {
		if at.After(now.Add(-time.Hour)) {
			lastHour++
		}
	}
	limits := q.Limits
	hour, daily := limits.Hour, limits.Day
	caused := q.Mail != nil && mailin.Fold(p.Address) == q.Mail.From() // otherwise an agent or a timer caused it, which cannot loop
	var twin string
	if caused {
		if twin, err = q.repeated(); err != nil {
			return "", err
		}
	}
	known, err := q.known(p, caused)
	if err != nil {
		return "", err
	}
	switch {
	case known && twin != sameText:
		hour, daily = limits.KnownHour, limits.KnownDay
	case q.Opened && twin != "":
		return "a mail of " + twin + " from this address was answered within a day", nil
	}
	if q.Opened && twin == sameSubject {
		return "a mail of " + twin + " from this address was answered within a day", nil
	}
	if lastHour >= hour {
		return fmt.Sprintf("%d automatic mails went to this address within an hour", lastHour), nil
	}
	if len(today) >= daily {
		return fmt.Sprintf("%d automatic mails went to this address within a day", len(today)), nil
	}
	return q.enoughToDomain(p)
}

// EnoughAside returns why a third person, who does not take part in the ticket, has had enough mail
// not written by an agent; "" if they have not.
func (q Question) EnoughAside(address string) (string, error) {
	now := q.Tx.Now()
	today, err := mailout.AutomaticTo(q.Tx, address, now.Add(-time.Hour), asideHour)
	if err != nil || len(today) >= asideHour {
		return fmt.Sprintf("%d automatic mails went to this address within an hour", len(today)), err
	}
	if q.Opened {
		return "", nil
	}
	n, err := mailout.CountOf(q.Tx, q.Ticket, now.Add(-day))
	if err != nil || n >= perTicketDay {
		return fmt.Sprintf("%d automatic mails went out of this ticket within %s", n, "a day"), err
	}
	return "", nil
}

// enoughToDomain returns why the unknown people of a domain at which nobody was ever answered have
// had enough automatic mail; "" if they have not. Invented addresses are usually at one domain.
func (q Question) enoughToDomain(p tickets.Participant) (string, error) {
	most := strangersOfDomain * max(q.Limits.Hour, q.Limits.Day)
	if ever, err := mailout.Ever(q.Tx); err != nil || ever < int64(most) { // to anybody
		return "", err
	}
	domain := mailin.Domain(p.Address)
	counts := sqldb.WorkOf(q.Tx, newDomainCounts)
	n, err := counts.today(q.Tx, domain, most)
	if err != nil || n < most {
		return "", err
	}
	if q.People.OrganisationOf(p.Address) != nil {
		return "", nil
	}
	if answered, err := counts.wasAnswered(q.Tx, domain); err != nil || answered {
		return "", err
	}
	earlier, err := store.MailsFrom(q.Tx, p.Address, q.Tx.Now().Add(-recordLength), q.Tx.Now().Add(-day), 1)
	if err != nil || len(earlier) > 0 {
		return "", err
	}
	return fmt.Sprintf("%d automatic mails went to unknown people at %s within a day", n, domain), nil
}

// strangersOfDomain is the number by which the limits of automatic mail to one unknown address are
// multiplied for all of a domain.
const strangersOfDomain = 10

// domainCounts caches within a transaction how much automatic mail went to a domain within a day,
// and whether anybody there was ever answered.
type domainCounts struct {
	sent     map[string]int
	answered map[string]bool
	latest   map[string][]arrival.Earlier // the latest mails from a domain
	next     map[string]bool              // domains for which a mail has opened the next ticket of a flood
	fresh    map[string]int               // mails that Recent does not know yet, by domain; nil until asked for
	busy     *bool                        // whether more mails have arrived than strangers of one domain may open tickets; nil until needed
}

func newDomainCounts(*sqldb.Tx) *domainCounts {
	return &domainCounts{sent: map[string]int{}, answered: map[string]bool{}, next: map[string]bool{},
		latest: map[string][]arrival.Earlier{}}
}

func (d *domainCounts) today(tx *sqldb.Tx, domain string, most int) (int, error) {
	n, known := d.sent[domain]
	if !known {
		var err error
		if n, err = mailout.AutomaticToDomain(tx, domain, tx.Now().Add(-day), most); err != nil {
			return 0, err
		}
		d.sent[domain] = n
	}
	return n, nil
}

func (d *domainCounts) wasAnswered(tx *sqldb.Tx, domain string) (bool, error) {
	answered, known := d.answered[domain]
	if !known {
		var err error
		if answered, err = store.DomainWasAnswered(tx, domain); err != nil {
			return false, err
		}
		d.answered[domain] = answered
	}
	return answered, nil
}

// Count records that a mail is being queued, for questions later in the same transaction.
func Count(tx *sqldb.Tx, m *mailout.Mail) { sqldb.WorkOf(tx, newDomainCounts).add(m) }

func (d *domainCounts) add(m *mailout.Mail) {
	if domain := mailin.Domain(m.Recipient); m.Automatic != mailout.ByPerson {
		if n, known := d.sent[domain]; known {
			d.sent[domain] = n + 1
		}
	}
}

// Flush does nothing: there is nothing to write.
func (d *domainCounts) Flush() error { return nil }

// Forget does nothing: only add changes the counts.
func (d *domainCounts) Forget() {}

// Discard discards what was counted within a savepoint that is rolled back.
func (d *domainCounts) Discard() {
	clear(d.sent)
	clear(d.answered)
	clear(d.latest)
	clear(d.next)
	d.busy, d.fresh = nil, nil
}

// The ways in which two mails of an address may be alike.
const (
	sameSubject    = "the same subject"
	similarSubject = "a subject that differs in numbers only"
	sameText       = "the same text"
)

// repeated returns in which way the current mail resembles another one that opened a ticket within
// the day; "" if in none.
func (q Question) repeated() (string, error) {
	earlier, _, err := arrival.EarlierFrom(q.Tx, q.Mail.From(), q.Mail.Received, day, arrival.MaxEarlier)
	if err != nil {
		return "", err
	}
	base := mailin.Fold(thread.BaseSubject(q.Mail.Message.Subject))
	found := ""
	for _, row := range earlier {
		if !row.OpenedTicket() || row.ID == q.Mail.ID {
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
		if row.OpenedTicket() && row.ID != q.Mail.ID && len(ids) < 20 {
			ids = append(ids, row.ID)
		}
	}
	texts, err := store.TextsOf(q.Tx, ids)
	if err != nil {
		return "", err
	}
	mine := tellingLines(q.Mail.Message.Reply)
	for _, text := range texts {
		if slices.ContainsFunc(tellingLines(text), func(line string) bool { return slices.Contains(mine, line) }) {
			return sameText, nil
		}
	}
	return found, nil
}

// known reports whether a customer is known to be a person: they belong to an organisation of
// people.yaml, or an agent has answered them, or they wrote on an earlier day; and their mails have
// not promptly followed ours, as a machine's do.
func (q Question) known(p tickets.Participant, caused bool) (bool, error) {
	if !caused {
		return true, nil
	}
	now := q.Tx.Now()
	record, err := store.MailsFrom(q.Tx, p.Address, now.Add(-recordLength), now.Add(-day), 200)
	if err != nil {
		return false, err
	}
	ours, err := mailout.AutomaticTo(q.Tx, p.Address, now.Add(-recordLength), 400)
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
	case messages > 0 || q.People.OrganisationOf(p.Address) != nil:
		return true, nil
	}
	return store.WasAnswered(q.Tx, p.Address)
}

// withoutNumbers replaces each run of digits by a single character.
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

// tellingLines returns the lines of a text that are long enough to identify it.
func tellingLines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(arrival.Limit(text, 16<<10), "\n") {
		if line = strings.Join(strings.Fields(line), " "); utf8.RuneCountInString(line) >= tellingLine {
			out = append(out, line)
		}
	}
	return out
}

// ---- tickets of one domain

// maxOfDomain is how many of the latest mails are examined.
const maxOfDomain = 2000

// Strangers returns the latest mails from the domain of a sender who has never written before,
// newest first, if nobody is known there: no organisation has the domain, and no agent ever
// answered anybody there. It returns nothing while so little mail arrives that there can be no
// flood; mails recorded in this transaction do not count. The list is shared by the whole
// transaction and must not be changed.
func Strangers(tx *sqldb.Tx, limits Limits, recent *Recent, people *tickets.Directory, m *arrival.Mail) ([]arrival.Earlier, error) {
	most := limits.OfDomain().Burst
	counts := sqldb.WorkOf(tx, newDomainCounts)
	if counts.busy == nil {
		busy, err := store.Busy(tx, m.Received.Add(-BurstWindow), most)
		if err != nil {
			return nil, err
		}
		counts.busy = &busy
	}
	if !*counts.busy || people.OrganisationOf(m.From()) != nil {
		return nil, nil
	}
	domain := mailin.Domain(m.From())
	latest, known := counts.latest[domain]
	if !known {
		enough, err := recent.mayHave(tx, counts, domain, most)
		if enough && err == nil {
			enough, err = store.MoreAt(tx, domain, tx.Now().Add(-day), maxOfDomain, most)
		}
		if err != nil {
			return nil, err
		}
		if enough { // hardly ever
			rows, err := store.LatestAt(tx, domain, tx.Now().Add(-day), maxOfDomain)
			if err != nil {
				return nil, err
			}
			latest = arrival.AsEarlier(rows)
		}
		counts.latest[domain] = latest
	}
	if len(latest) < most {
		return nil, nil
	}
	if answered, err := counts.wasAnswered(tx, domain); err != nil || answered {
		return nil, err
	}
	return latest, nil
}

// OpensNext reports whether a mail of a flood from a domain may open the next ticket to collect it,
// since the last one is full. One mail in each transaction may; the mails of the next transaction
// know which ticket it opened.
func OpensNext(tx *sqldb.Tx, domain string) bool {
	counts := sqldb.WorkOf(tx, newDomainCounts)
	if counts.next[domain] {
		return false
	}
	counts.next[domain] = true
	return true
}

// ---- mail of one address in one ticket

// BurstWindow is the period within which mails count as one burst.
const BurstWindow = 10 * time.Minute

// Written returns when the sender of the mail has written into a ticket within the last day, newest
// first, as far as Full and TooFast need it.
func Written(tx *sqldb.Tx, limits Limits, m *arrival.Mail, ticket int64) ([]time.Time, error) {
	if m.From() == "" || m.Settled() {
		return nil, nil
	}
	return store.MessageTimesFrom(tx, ticket, m.From(), m.Received.Add(-day), limits.TicketDay)
}

// Full returns why a ticket accepts no more mail from the sender of a mail; "" if it does. written
// is the result of Written.
func Full(limits Limits, m *arrival.Mail, ticket int64, written []time.Time) string {
	for _, bound := range []struct {
		span  time.Duration
		most  int
		words string
	}{{time.Hour, limits.TicketHour, "an hour"}, {day, limits.TicketDay, "a day"}} {
		if n := since(written, m.Received.Add(-bound.span)); n >= bound.most {
			return fmt.Sprintf("ticket %d has taken %d mails of this address within %s", ticket, n, bound.words)
		}
	}
	return ""
}

// TooFast reports whether the sender of a mail has added so many other mails to the ticket within
// minutes that notices stop.
func TooFast(limits Limits, m *arrival.Mail, written []time.Time) bool {
	return since(written, m.Received.Add(-BurstWindow)) >= limits.Burst
}

// since counts the instants that are not before begin.
func since(at []time.Time, begin time.Time) int {
	n := 0
	for _, t := range at {
		if !t.Before(begin) {
			n++
		}
	}
	return n
}
