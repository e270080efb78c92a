package store

import (
	"encoding/json"
	"fmt"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var (
	eventTable = &batch.Table[eventRow]{
		Name: "events", Columns: eventColumns,
		Append: func(r *eventRow, args []any) []any {
			return append(args, r.ID, r.Ticket, r.At, r.Recorded, r.Kind, r.Actor, r.Cause, r.Message, r.Data, r.Trace, r.Folder)
		},
	}
	pastQuery = &batch.Query[int64, eventRow]{Text: `SELECT ` + pastColumns + ` FROM events WHERE ticket IN (?) ORDER BY ticket, id`,
		Key: func(r *eventRow) int64 { return r.Ticket }}
)

type eventRow struct {
	ID       int64
	Ticket   int64
	At       sqldb.Time
	Recorded sqldb.Time
	Kind     string
	Actor    string
	Cause    string
	Message  *int64
	Data     string
	Trace    string
	Folder   string
}

const (
	eventColumns = `id, ticket, at, recorded, kind, actor, cause, message, data, trace, folder`
	pastColumns  = `id, ticket, at, recorded, kind, actor, cause, message, data`
)

// Append writes an event and returns its id. after is the newest event of the ticket; the ticket
// must be locked or new.
func Append(tx *sqldb.Tx, e tickets.Event, after int64) (int64, error) {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return 0, fmt.Errorf("writing event %s: %w", e.Kind, err)
	}
	id, err := tx.Number("events", after)
	if err != nil {
		return 0, err
	}
	u := unitOf(tx)
	u.pasts.Forget(e.Ticket)
	return id, u.events.Add(eventRow{ID: id, Ticket: e.Ticket, At: sqldb.At(e.At), Recorded: sqldb.At(tx.Now()), Kind: string(e.Kind),
		Actor: string(e.Actor), Cause: e.Cause,
		Message: null(e.Message), Data: string(data), Trace: e.Trace, Folder: e.Folder})
}

// Events returns the history of a ticket, in the order in which it was recorded.
func Events(tx *sqldb.Tx, ticket int64) ([]tickets.Event, error) {
	return history(tx, ticket, `SELECT `+eventColumns+` FROM events WHERE ticket = ? ORDER BY id`)
}

// Past returns the history as decisions need it: Events without the rules' traces and without the
// hash of the desk folder.
func Past(tx *sqldb.Tx, ticket int64) ([]tickets.Event, error) {
	if rows, ok := unitOf(tx).pasts.Get(ticket); ok {
		return events(rows)
	}
	return history(tx, ticket, `SELECT `+pastColumns+` FROM events WHERE ticket = ? ORDER BY id`)
}

func history(tx *sqldb.Tx, ticket int64, query string) ([]tickets.Event, error) {
	var rows []eventRow
	if err := unitOf(tx).events.FlushIf(func(r *eventRow) bool { return r.Ticket == ticket }); err != nil {
		return nil, err
	}
	if err := tx.ByKey().Select(&rows, query, ticket); err != nil {
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

// EventsOf returns the histories of the tickets numbered first to last, without the rules' traces.
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
	e := tickets.Event{ID: r.ID, Ticket: r.Ticket, At: r.At.Time, Record: r.Recorded.Time, Kind: tickets.EventKind(r.Kind),
		Actor: tickets.Actor(r.Actor),
		Cause: r.Cause, Message: deref(r.Message), Trace: r.Trace, Folder: r.Folder}
	if err := json.Unmarshal([]byte(r.Data), &e.Data); err != nil {
		return e, fmt.Errorf("reading event %d: %w", r.ID, err)
	}
	return e, nil
}

// TicketsByEvent returns, for each kind of event, the number of tickets in which it happened.
func TicketsByEvent(tx *sqldb.Tx) (map[tickets.EventKind]int, error) {
	var rows []struct {
		Kind string `db:"kind"`
		N    int    `db:"n"`
	}
	if err := tx.Select(&rows, `SELECT kind, COUNT(DISTINCT ticket) AS n FROM events GROUP BY kind`); err != nil {
		return nil, fmt.Errorf("counting tickets by event: %w", err)
	}
	out := map[tickets.EventKind]int{}
	for _, r := range rows {
		out[tickets.EventKind(r.Kind)] = r.N
	}
	return out, nil
}
