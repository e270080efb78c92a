// Package invariants reports whether the tables of a desk are consistent: whether everything holds
// that must hold between any two transactions. The stories check it at their end, `tierdesk doctor`
// at any time. It owns no table and changes none. It must never repair what it finds, since
// whatever broke an invariant is a defect that a person has to see.
package invariants

import (
	"fmt"
	"slices"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Name of an invariant, for programs.
type Name string

// The invariants.
const (
	Outcome     Name = "outcome"         // every mail that was taken has an outcome
	Message     Name = "message"         // a mail recorded as a message has one, in the ticket recorded
	OneMessage  Name = "one-message"     // one mail, one message
	Ticket      Name = "ticket"          // every message has its ticket
	State       Name = "state"           // a ticket's state follows from its events
	OneAck      Name = "one-ack"         // a ticket has at most one acknowledgement
	Ledger      Name = "ledger"          // a mail that is taken in the ledger has been recorded
	Content     Name = "content"         // mail that waits can be sent
	MessageID   Name = "message-id"      // no Message-ID is sent twice, except for copies of one mail
	KeptRaw     Name = "kept-raw"        // the raw mail is kept while a person may have to decide on it
	NextPromise Name = "next-promise"    // a ticket with a promise has a timer
	TimerOf     Name = "timer-of-ticket" // a timer's ticket exists
)

// Finding is an invariant that does not hold.
type Finding struct {
	Invariant Name   `json:"invariant"`
	ID        int64  `json:"id"` // of the ticket for State, OneAck, NextPromise, TimerOf; else of the row
	Text      string `json:"text"`
}

// few bounds the findings for each invariant: a hundred of one kind tell as much as more.
const few = 100

// Promise returns when the next promise of a ticket is due, the zero time for never. It is
// desk.Desk.NextPromise.
type Promise func(tx *sqldb.Tx, t tickets.Ticket) (time.Time, error)

// Check checks everything, in one transaction, which may be read-only; a nil result means that all
// is well. Without promise it does not check the timers of tickets. It takes a while on a large
// desk: it reads every event.
func Check(tx *sqldb.Tx, promise Promise) ([]Finding, error) {
	var out []Finding
	for _, q := range queries {
		var ids []int64
		if err := tx.Select(&ids, q.sql+` ORDER BY 1 LIMIT ?`, few); err != nil {
			return nil, fmt.Errorf("checking the invariant %s: %w", q.name, err)
		}
		for _, id := range ids {
			out = append(out, Finding{q.name, id, fmt.Sprintf(q.text, id)})
		}
	}
	states, err := checkTickets(tx, promise)
	if err != nil {
		return nil, fmt.Errorf("checking the tickets: %w", err)
	}
	return append(out, states...), nil
}

// queries find the ids of rows that break an invariant.
var queries = []struct {
	name Name
	sql  string
	text string
}{
	{Outcome, `SELECT id FROM inbound WHERE outcome = ''`, "mail %d was taken and nothing became of it"},
	{Message, `SELECT i.id FROM inbound i WHERE i.outcome = 'message' AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.inbound = i.id AND m.ticket = i.ticket)`,
		"mail %d is said to be a message, and its ticket has none of it"},
	{OneMessage, `SELECT DISTINCT inbound FROM (SELECT m.inbound AS inbound FROM messages m LEFT JOIN publications p ON p.inbound = m.inbound WHERE m.inbound IS NOT NULL
		GROUP BY m.inbound, CASE WHEN p.id IS NULL THEN 0 ELSE m.ticket END HAVING COUNT(*) > 1) AS twice`, // a publication has one in each ticket
		"mail %d is more than one message"},
	{Ticket, `SELECT m.id FROM messages m WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = m.ticket)`, "message %d has no ticket"},
	{OneAck, `SELECT o.ticket FROM outbox o WHERE o.ticket <> 0 AND o.party = 'customer' AND o.automatic = 'auto-replied' GROUP BY o.ticket HAVING COUNT(DISTINCT o.mail) > 1`,
		"ticket %d was acknowledged more than once"},
	{Ledger, `SELECT l.uid FROM ledger l WHERE l.state IN ('taken', 'acknowledged') AND (l.inbound IS NULL OR l.inbound <> 0) AND NOT EXISTS (SELECT 1 FROM inbound i WHERE i.id = l.inbound)`,
		"UID %d is taken in the ledger, and no mail was taken for it"},
	{Content, `SELECT o.id FROM outbox o WHERE o.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM outbox_content c WHERE c.id = o.id
		AND (c.base IS NULL OR EXISTS (SELECT 1 FROM outbox_content b WHERE b.id = c.base)))`, "mail out %d waits, and what it says is gone"},
	{MessageID, `SELECT MIN(o.id) FROM outbox o GROUP BY o.message_id HAVING COUNT(DISTINCT o.mail) > 1`,
		"the Message-ID of mail out %d is that of another mail, too"},
	{KeptRaw, `SELECT i.id FROM inbound i WHERE (i.outcome = 'quarantined' AND i.settled IS NULL OR EXISTS (SELECT 1 FROM held h WHERE h.inbound = i.id AND h.state = 'waiting'))
		AND NOT EXISTS (SELECT 1 FROM raws r WHERE r.inbound = i.id)`, "mail %d waits for a person, and is not kept"},
	{TimerOf, `SELECT t.ticket FROM timers t WHERE t.ticket <> 0 AND NOT EXISTS (SELECT 1 FROM tickets k WHERE k.id = t.ticket)`, "there is a timer of ticket %d, and no such ticket"},
}

// checkTickets compares every ticket with its history, in batches of several hundred.
func checkTickets(tx *sqldb.Tx, promise Promise) ([]Finding, error) {
	var out []Finding
	found := 0
	for after := int64(0); ; {
		page, err := store.TicketsAfter(tx, after, 500)
		if err != nil || len(page) == 0 {
			return out, err
		}
		last := page[len(page)-1].ID
		history, err := store.EventsOf(tx, after+1, last)
		if err != nil {
			return nil, err
		}
		timed, err := withTimer(tx, after+1, last)
		if err != nil {
			return nil, err
		}
		after = last
		for _, t := range page {
			if why := differs(t, history[t.ID]); why != "" && found < few {
				out = append(out, Finding{State, t.ID, fmt.Sprintf("ticket %d is not what its events make of it: %s", t.ID, why)})
				found++
			}
			if promise == nil || t.Status == tickets.Closed || timed[t.ID] {
				continue
			}
			due, err := promise(tx, t)
			if err != nil {
				return nil, err
			}
			if !due.IsZero() {
				out = append(out,
					Finding{NextPromise, t.ID,
						fmt.Sprintf("ticket %d has a promise due at %s, and no timer", t.ID, due.UTC().Format(time.RFC3339))})
			}
		}
	}
}

// withTimer returns the tickets in a range whose next promise has a timer.
func withTimer(tx *sqldb.Tx, first, last int64) (map[int64]bool, error) {
	var ids []int64
	if err := tx.Select(&ids, `SELECT ticket FROM timers WHERE ticket >= ? AND ticket <= ? AND kind = 'ticket'`, first, last); err != nil {
		return nil, err
	}
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// differs replays a history and returns how the ticket differs from it; "" if it does not.
func differs(t tickets.Ticket, history []tickets.Event) string {
	if len(history) == 0 {
		return "it has no events"
	}
	replayed := tickets.Ticket{ID: t.ID}
	for _, e := range history {
		next, err := tickets.Apply(replayed, e)
		if err != nil {
			return fmt.Sprintf("event %d: %v", e.ID, err)
		}
		replayed = next
	}
	tagged := slices.Sorted(slices.Values(t.Tags))
	for _, x := range []struct {
		what       string
		is, should any
	}{
		{"status", t.Status, replayed.Status}, {"priority", t.Priority, replayed.Priority}, {"tier", t.Tier, replayed.Tier},
		{"team", t.Team, replayed.Team},
		{"assignee", t.Assignee, replayed.Assignee}, {"tags", fmt.Sprint(tagged), fmt.Sprint(slices.Sorted(slices.Values(replayed.Tags)))},
		{"version", t.Version, replayed.Version},
		{"opened", ms(t.Opened), ms(replayed.Opened)}, {"solved", ms(t.Solved), ms(replayed.Solved)},
		{"closed", ms(t.Closed), ms(replayed.Closed)},
		{"waiting since", ms(t.CustomerWrote), ms(replayed.CustomerWrote)}, {"answered", ms(t.AgentWrote), ms(replayed.AgentWrote)},
		{"watchers", fmt.Sprint(t.Watchers, t.Silenced), fmt.Sprint(replayed.Watchers, replayed.Silenced)},
		{"restricted", fmt.Sprint(t.Restricted), fmt.Sprint(replayed.Restricted)},
		{"booked", t.Booked, replayed.Booked}, {"due", ms(t.Due), ms(replayed.Due)},
		{"requester", t.Requester, replayed.Requester}, {"inbox", t.Inbox, replayed.Inbox},
	} {
		if x.is != x.should {
			return fmt.Sprintf("%s is %v and should be %v", x.what, x.is, x.should)
		}
	}
	return ""
}

func ms(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
