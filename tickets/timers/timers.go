// Package timers owns the table of timers: a ticket's next deadline, digests, postponed work. A
// timer says when it is due and what it is for. It must never know what happens then: tickets/desk
// fires it, in the transaction that removes it.
package timers

import (
	"cmp"
	"slices"
	"time"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

// Kind of a timer.
type Kind string

// The kinds.
const (
	// Ticket is the next promise of a ticket, whichever comes first: a point on a clock, a rule on
	// elapsed time, or the closing of a solved ticket. What is due is computed from the ticket's
	// history when the timer fires; Data only tells a reader which promise it is.
	Ticket     Kind = "ticket"
	Snooze     Kind = "snooze"     // the ticket returns to the agent who snoozed it
	Quarantine Kind = "quarantine" // the desk's: tell the admin about new mail in quarantine
	Canary     Kind = "canary"     // the desk's: mail itself, to check that mail gets all the way through; Name is the inbox
	Quiet      Kind = "quiet"      // a notice that waits until an agent's quiet hours end; Name is the agent
	Digest     Kind = "digest"     // a notice that waits for an agent's daily digest; Name is the agent
	Backlog    Kind = "backlog"    // a notice that waits to be summarised with others; Name is the agent
	Side       Kind = "side"       // a third person has not answered; Name is the side conversation
	Listing    Kind = "list"       // the desk's: a standing list; Name is the agent and the query
	Sent       Kind = "sent"       // an answer sent by hand waits for the mail that it answers; Name is the number of its record
	Inform     Kind = "inform"     // a customer who asked for it is told of a problem's new state; Name is its number
	Idea       Kind = "idea"       // a customer is told that an idea is built, Name is its number; without a ticket: the monthly mail
	Recurring  Kind = "recurring"  // the desk's: a ticket is opened; Name is that in service.yaml, Data its schedule
	Rota       Kind = "rota"       // the desk's: the weekly mail of the rota; Data is the last one. Name is an agent who is told later
	Review     Kind = "review"     // the desk's: an article is due for review, Name is its file; or its owner's text, which is in Data
	Like       Kind = "like"       // a new ticket is compared with others; Data is its words
	Problem    Kind = "problem"    // the desk's: tell a problem's owner about new tickets; Name is its number
	Publish    Kind = "publish"    // a published text is due in a ticket; without a ticket: all have got it. Name is the publication
	Recount    Kind = "recount"    // the desk's: new files are in force, so the tickets' timers are reset; Data is the last ticket done
	Summary    Kind = "summary"    // the desk's: tell the admin about old mail that came in
)

// Topic is woken when a timer is set (sqldb.DB.Subscribe).
const Topic = "timers"

// Timer is one promised action.
type Timer struct {
	ID       int64
	Ticket   int64 // 0 for the desk
	Kind     Kind
	Name     string
	Due      sqldb.Time
	Attempts int
	Data     string
	Error    string
	Set      sqldb.Time `db:"set_at"` // when it was set; filled in by Set
}

const columns = `id, ticket, kind, name, due, attempts, data, error, set_at`

var table = &batch.Table[Timer]{
	Name: "timers", Columns: "ticket, kind, name, due, data, set_at", KeyColumns: "ticket, kind, name",
	Update: "due = excluded.due, data = excluded.data, set_at = excluded.set_at, attempts = 0, error = ''",
	Key:    func(t *Timer) any { return key{t.Ticket, t.Kind, t.Name} },
	Append: func(t *Timer, args []any) []any {
		return append(args, t.Ticket, string(t.Kind), t.Name, t.Due, t.Data, t.Set)
	},
}

type key struct {
	ticket int64
	kind   Kind
	name   string
}

// unit holds the timers that wait to be written together.
type unit struct{ set batch.Rows[Timer] }

func unitOf(tx *sqldb.Tx) *unit {
	return sqldb.WorkOf(tx, func(tx *sqldb.Tx) *unit { return &unit{table.In(tx)} })
}

func (u *unit) Flush() error { return u.set.Flush() }
func (u *unit) Forget()      {}
func (u *unit) Discard()     { u.set.Discard() }

// Set sets a timer, replacing any with the same ticket, kind and name.
func Set(tx *sqldb.Tx, t Timer) error {
	tx.Wake(Topic)
	t.Set = sqldb.At(tx.Now())
	return unitOf(tx).set.Add(t)
}

// SetIfNone sets a timer unless there is one with the same ticket, kind and name. An existing one
// does not fire before this transaction ends, so whoever fires it sees what is written here.
func SetIfNone(tx *sqldb.Tx, t Timer) error {
	for {
		if _, err := tx.Exec(`INSERT INTO timers (ticket, kind, name, due, data, set_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (ticket, kind, name) DO NOTHING`,
			t.Ticket, string(t.Kind), t.Name, t.Due, t.Data, sqldb.At(tx.Now())); err != nil {
			return err
		}
		// An existing timer may be firing at this moment in a transaction that does not see what is
		// written here.
		var id int64
		found, err := tx.Find(&id, `SELECT id FROM timers WHERE ticket = ? AND kind = ? AND name = ? /*pg FOR SHARE */`, t.Ticket,
			string(t.Kind), t.Name)
		if err != nil || found {
			tx.Wake(Topic)
			return err
		}
	}
}

// Clear removes all timers of a kind from a ticket.
func Clear(tx *sqldb.Tx, ticket int64, kind Kind) error {
	if err := unitOf(tx).set.FlushIf(func(t *Timer) bool { return t.Ticket == ticket && t.Kind == kind }); err != nil {
		return err
	}
	_, err := tx.ByKey().Exec(`DELETE FROM timers WHERE ticket = ? AND kind = ?`, ticket, string(kind))
	return err
}

// OfTicket returns the timers of a ticket.
func OfTicket(tx *sqldb.Tx, ticket int64) ([]Timer, error) {
	var out []Timer
	err := tx.Select(&out, `SELECT `+columns+` FROM timers WHERE ticket = ? ORDER BY kind, name`, ticket)
	return out, err
}

// List returns all timers, the next one due first.
func List(tx *sqldb.Tx, limit int) ([]Timer, error) {
	var out []Timer
	err := tx.Select(&out, `SELECT `+columns+` FROM timers ORDER BY due, id LIMIT ?`, limit)
	return out, err
}

// PopNamed removes and returns all timers of a kind and name, of any ticket, due or not, ordered by
// ticket.
func PopNamed(tx *sqldb.Tx, kind Kind, name string) ([]Timer, error) {
	var out []Timer
	if err := tx.Select(&out, `DELETE FROM timers WHERE kind = ? AND name = ? RETURNING `+columns, string(kind), name); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Timer) int { return cmp.Compare(a.Ticket, b.Ticket) })
	return out, nil
}

// PopRest removes and returns further timers of a kind, due or not, ordered by ticket. It skips
// those that another daemon is firing.
func PopRest(tx *sqldb.Tx, kind Kind, limit int) ([]Timer, error) {
	var out []Timer
	if err := tx.Select(&out, `DELETE FROM timers WHERE id IN
		(SELECT id FROM timers WHERE kind = ? ORDER BY id LIMIT ? /*pg FOR UPDATE SKIP LOCKED */)
		RETURNING `+columns, string(kind), limit); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Timer) int { return cmp.Compare(a.Ticket, b.Ticket) })
	return out, nil
}

// Of returns all timers of a kind.
func Of(tx *sqldb.Tx, kind Kind) ([]Timer, error) {
	var out []Timer
	err := tx.Select(&out, `SELECT `+columns+` FROM timers WHERE kind = ? ORDER BY name, ticket`, string(kind))
	return out, err
}

// Hold is Of, and also keeps other transactions from firing or setting these timers before this one
// ends. It waits for timers that are being fired or set, and returns them in their new form.
func Hold(tx *sqldb.Tx, kind Kind) ([]Timer, error) {
	for {
		seen, err := Of(tx, kind)
		if err != nil {
			return nil, err
		}
		var held []Timer
		err = tx.Select(&held, `SELECT `+columns+` FROM timers WHERE kind = ? ORDER BY name, ticket /*pg FOR UPDATE */`, string(kind))
		if err != nil {
			return nil, err
		}
		// A timer that was waited for is missing from these rows even if it was set anew.
		if !slices.ContainsFunc(seen, func(s Timer) bool {
			return !slices.ContainsFunc(held, func(h Timer) bool { return h.ID == s.ID })
		}) {
			return held, nil
		}
	}
}

// Any reports whether there is a timer of the kind.
func Any(tx *sqldb.Tx, kind Kind) (bool, error) {
	var id int64
	return tx.Find(&id, `SELECT id FROM timers WHERE kind = ? LIMIT 1`, string(kind))
}

// CountDue counts the timers of a kind that are due by a time, up to a limit.
func CountDue(tx *sqldb.Tx, kind Kind, by time.Time, limit int) (int, error) {
	var n int
	err := tx.Get(&n, `SELECT COUNT(*) FROM (SELECT id FROM timers WHERE due <= ? AND kind = ? LIMIT ?) AS late`, sqldb.At(by),
		string(kind), limit)
	return n, err
}

// PopDue removes and returns the oldest due timer, skipping those that another daemon is firing.
// The timer is gone once the transaction commits, and due again if it does not.
func PopDue(tx *sqldb.Tx) (Timer, bool, error) {
	var t Timer
	found, err := tx.Find(&t, `DELETE FROM timers WHERE id = (SELECT id FROM timers WHERE due <= ? ORDER BY due, id LIMIT 1 /*pg FOR UPDATE SKIP LOCKED */) RETURNING `+columns, sqldb.At(tx.Now()))
	return t, found, err
}

// PutBack sets a timer that failed again, for a later time, with the reason of the failure.
func PutBack(tx *sqldb.Tx, t Timer, due time.Time, reason string) error {
	_, err := tx.Exec(`INSERT INTO timers (ticket, kind, name, due, data, attempts, error, set_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (ticket, kind, name) DO UPDATE SET attempts = excluded.attempts, error = excluded.error, due = excluded.due, set_at = excluded.set_at`,
		t.Ticket, string(t.Kind), t.Name, sqldb.At(due), t.Data, t.Attempts+1, reason, sqldb.At(tx.Now()))
	return err
}

// NextDue returns when the next timer is due; the zero time if there is none.
func NextDue(tx *sqldb.Tx) (time.Time, error) {
	var due sqldb.Time
	_, err := tx.Find(&due, `SELECT due FROM timers ORDER BY due LIMIT 1`)
	return due.Time, err
}

// Ahead returns the timers that were set in what is now the future, because the clock was ahead
// then, the last one first.
func Ahead(tx *sqldb.Tx, limit int) ([]Timer, error) {
	var out []Timer
	err := tx.Select(&out, `SELECT `+columns+` FROM timers WHERE set_at > ? ORDER BY set_at DESC, id LIMIT ?`,
		sqldb.At(tx.Latest()), limit)
	return out, err
}

// Correct moves the timers of Ahead: they fall due as long after now as they were meant to fall due
// after they were set. It returns them in their new form. Without it the canary, the digests and
// the clocks of a desk whose clock was briefly a year ahead would be silent for a year. It is for
// the start, and for whenever the clock has moved back. What is due in a ticket is computed from
// its history, so the caller may set its timer anew.
func Correct(tx *sqldb.Tx) ([]Timer, error) {
	var out []Timer
	for {
		some, err := Ahead(tx, 500)
		if err != nil || len(some) == 0 {
			return out, err
		}
		for _, t := range some {
			t.Due, t.Set = sqldb.At(tx.Now().Add(t.Due.Sub(t.Set.Time))), sqldb.At(tx.Now())
			if _, err := tx.Exec(`UPDATE timers SET due = ?, set_at = ? WHERE id = ?`, t.Due, t.Set, t.ID); err != nil {
				return nil, err
			}
			out = append(out, t)
		}
		tx.Wake(Topic)
	}
}

// Count returns how many timers there are.
func Count(tx *sqldb.Tx) (int, error) {
	var n int
	err := tx.Get(&n, `SELECT COUNT(*) FROM timers`)
	return n, err
}
