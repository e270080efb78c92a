package store

import (
	"encoding/json"
	"fmt"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var eventTable = sqldb.NewTable("events", eventColumns, sqldb.Refers(ticketTable))

type eventRow struct {
	ID       int64      `db:"id"`
	Ticket   int64      `db:"ticket"`
	At       sqldb.Time `db:"at"`
	Recorded sqldb.Time `db:"recorded"`
	Kind     string     `db:"kind"`
	Actor    string     `db:"actor"`
	Cause    string     `db:"cause"`
	Message  *int64     `db:"message"`
	Data     string     `db:"data"`
	Trace    string     `db:"trace"`
	Folder   string     `db:"folder"`
}

const (
	eventColumns = `id, ticket, at, recorded, kind, actor, cause, message, data, trace, folder`
	pastColumns  = `id, ticket, at, recorded, kind, actor, cause, message, data`
)

// Append writes an event and gives its id: one behind after, the newest event of the ticket, which is locked or new.
func Append(tx *sqldb.Tx, e tickets.Event, after int64) (int64, error) {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return 0, fmt.Errorf("writing event %s: %w", e.Kind, err)
	}
	id, err := tx.Number(eventTable, after)
	if err != nil {
		return 0, err
	}
	return id, tx.Insert(eventTable, id, e.Ticket, sqldb.At(e.At), sqldb.At(tx.Now()), string(e.Kind), string(e.Actor), e.Cause, null(e.Message), string(data), e.Trace, e.Folder)
}

// Events gives the history of a ticket, in the order in which it was recorded.
func Events(tx *sqldb.Tx, ticket int64) ([]tickets.Event, error) {
	return history(tx, ticket, `SELECT `+eventColumns+` FROM events WHERE ticket = ? ORDER BY id`)
}

// Past is Events as decisions need it: without the rules' traces, and the desk folder that decided.
func Past(tx *sqldb.Tx, ticket int64) ([]tickets.Event, error) {
	if rows, seen := sqldb.Cached(tx, pastQuery, ticket); seen {
		return events(rows)
	}
	return history(tx, ticket, `SELECT `+pastColumns+` FROM events WHERE ticket = ? ORDER BY id`)
}

func history(tx *sqldb.Tx, ticket int64, query string) ([]tickets.Event, error) {
	var rows []eventRow
	if err := tx.Lookup(eventTable, "ticket", ticket).Select(&rows, query, ticket); err != nil {
		return nil, err
	}
	return events(rows)
}

func events(rows []eventRow) ([]tickets.Event, error) {
	out := make([]tickets.Event, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].event(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// EventsOf gives the histories of all tickets with numbers from first to last, without the rules' traces.
func EventsOf(tx *sqldb.Tx, first, last int64) (map[int64][]tickets.Event, error) {
	out := map[int64][]tickets.Event{}
	var rows []eventRow
	if err := tx.Select(&rows, `SELECT id, ticket, at, recorded, kind, actor, cause, message, data, '' AS trace, folder FROM events WHERE ticket >= ? AND ticket <= ? ORDER BY ticket, id`, first, last); err != nil {
		return nil, err
	}
	for i := range rows {
		e, err := rows[i].event()
		if err != nil {
			return nil, err
		}
		out[e.Ticket] = append(out[e.Ticket], e)
	}
	return out, nil
}

func (r *eventRow) event() (tickets.Event, error) {
	e := tickets.Event{ID: r.ID, Ticket: r.Ticket, At: r.At.Time, Record: r.Recorded.Time, Kind: tickets.EventKind(r.Kind), Actor: tickets.Actor(r.Actor),
		Cause: r.Cause, Message: deref(r.Message), Trace: r.Trace, Folder: r.Folder}
	if err := json.Unmarshal([]byte(r.Data), &e.Data); err != nil {
		return e, fmt.Errorf("reading event %d: %w", r.ID, err)
	}
	return e, nil
}
