package store

import (
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var (
	ticketTable = sqldb.NewTable("tickets", "id, "+openedColumns+", "+savedColumns, sqldb.Refers(personTable), sqldb.Exact())
	saved       = ticketTable.ColumnSet(savedColumns).Upsert()
)

// What of a ticket stays as it was opened, and what may change.
const (
	openedColumns = `inbox, base_subject, requester, opened`
	savedColumns  = `subject, language, status, priority, tier, team, assignee, tags, updated, solved, closed, customer_wrote, agent_wrote, linked, merged_into, version, last_message`
)

type ticketRow struct {
	ID            int64      `db:"id"`
	Inbox         string     `db:"inbox"`
	Subject       string     `db:"subject"`
	BaseSubject   string     `db:"base_subject"`
	Requester     *int64     `db:"requester"`
	Language      string     `db:"language"`
	Status        string     `db:"status"`
	Priority      string     `db:"priority"`
	Tier          int        `db:"tier"`
	Team          string     `db:"team"`
	Assignee      string     `db:"assignee"`
	Tags          string     `db:"tags"`
	Opened        sqldb.Time `db:"opened"`
	Updated       sqldb.Time `db:"updated"`
	Solved        sqldb.Time `db:"solved"`
	Closed        sqldb.Time `db:"closed"`
	CustomerWrote sqldb.Time `db:"customer_wrote"`
	AgentWrote    sqldb.Time `db:"agent_wrote"`
	Linked        *int64     `db:"linked"`
	MergedInto    *int64     `db:"merged_into"`
	Version       int64      `db:"version"`
	LastMessage   int64      `db:"last_message"`
}

const ticketColumns = `id, inbox, subject, base_subject, requester, language, status, priority, tier, team, assignee, tags, opened, updated,
	solved, closed, customer_wrote, agent_wrote, linked, merged_into, version, last_message`

func (r *ticketRow) ticket() tickets.Ticket {
	return tickets.Ticket{
		ID: r.ID, Inbox: r.Inbox, Subject: r.Subject, BaseSubject: r.BaseSubject, Requester: deref(r.Requester), Language: r.Language,
		Status: tickets.Status(r.Status), Priority: r.Priority, Tier: r.Tier, Team: r.Team, Assignee: r.Assignee, Tags: strings.Fields(r.Tags),
		Opened: r.Opened.Time, Updated: r.Updated.Time, Solved: r.Solved.Time, Closed: r.Closed.Time,
		CustomerWrote: r.CustomerWrote.Time, AgentWrote: r.AgentWrote.Time, Linked: deref(r.Linked), MergedInto: deref(r.MergedInto),
		Version: r.Version, LastMessage: r.LastMessage,
	}
}

// Ticket reads a ticket; false if there is none of that number.
func Ticket(tx *sqldb.Tx, id int64) (tickets.Ticket, bool, error) {
	return oneTicket(tx, `SELECT `+ticketColumns+` FROM tickets WHERE id = ?`, id)
}

// LockTicket reads a ticket and keeps other transactions from changing it until this one ends.
func LockTicket(tx *sqldb.Tx, id int64) (tickets.Ticket, bool, error) {
	return oneTicket(tx, `SELECT `+ticketColumns+` FROM tickets WHERE id = ? /*pg FOR UPDATE */`, id)
}

func oneTicket(tx *sqldb.Tx, query string, id int64) (tickets.Ticket, bool, error) {
	if rows, seen := sqldb.Cached(tx, ticketQuery, id); seen {
		if len(rows) == 0 {
			return tickets.Ticket{}, false, nil
		}
		return rows[0].ticket(), true, nil
	}
	var r ticketRow
	found, err := tx.Lookup(ticketTable, "id", id).Find(&r, query, id)
	return r.ticket(), found, err
}

// InsertTicket writes a new ticket and gives its number.
func InsertTicket(tx *sqldb.Tx, t tickets.Ticket) (int64, error) {
	id, err := tx.Number(ticketTable, 0)
	if err != nil {
		return 0, err
	}
	t.ID = id
	return id, tx.Insert(ticketTable, ticketValues(t)...)
}

// SaveTicket writes what may change in a ticket that is there.
func SaveTicket(tx *sqldb.Tx, t tickets.Ticket) error { return tx.Save(saved, ticketValues(t)...) }

func ticketValues(t tickets.Ticket) []any {
	return []any{t.ID, t.Inbox, t.BaseSubject, null(t.Requester), sqldb.At(t.Opened), t.Subject, t.Language, string(t.Status), t.Priority, t.Tier, t.Team, t.Assignee, strings.Join(t.Tags, " "), sqldb.At(t.Updated), sqldb.At(t.Solved), sqldb.At(t.Closed),
		sqldb.At(t.CustomerWrote), sqldb.At(t.AgentWrote), null(t.Linked), null(t.MergedInto), t.Version, t.LastMessage}
}

// Filter chooses tickets; zero fields choose all.
type Filter struct {
	Status   []tickets.Status
	Team     string
	Assignee string
	Limit    int // 0: 100
}

// List gives tickets, the one changed last first.
func List(tx *sqldb.Tx, f Filter) ([]tickets.Ticket, error) {
	query, args := `SELECT `+ticketColumns+` FROM tickets WHERE 1 = 1`, []any{}
	if len(f.Status) > 0 {
		words := make([]string, len(f.Status))
		for i, s := range f.Status {
			words[i] = string(s)
		}
		query, args = query+` AND status IN (?)`, append(args, words)
	}
	if f.Team != "" {
		query, args = query+` AND team = ?`, append(args, f.Team)
	}
	if f.Assignee != "" {
		query, args = query+` AND assignee = ? AND assignee <> ''`, append(args, f.Assignee) // the index holds only tickets that somebody has
	}
	if f.Limit == 0 {
		f.Limit = 100
	}
	query, args = query+` ORDER BY updated DESC, id DESC LIMIT ?`, append(args, f.Limit)
	var rows []ticketRow
	if err := tx.SelectIn(&rows, query, args...); err != nil {
		return nil, err
	}
	return convert(rows, (*ticketRow).ticket), nil
}

// TicketsAfter gives tickets with numbers above the given one, in their order: for whoever looks at all of them.
func TicketsAfter(tx *sqldb.Tx, after int64, limit int) ([]tickets.Ticket, error) {
	var rows []ticketRow
	if err := tx.Select(&rows, `SELECT `+ticketColumns+` FROM tickets WHERE id > ? ORDER BY id LIMIT ?`, after, limit); err != nil {
		return nil, err
	}
	return convert(rows, (*ticketRow).ticket), nil
}

// OpenedBy counts the tickets that a person opened before the one of that number, or at all if it is 0; at most up to limit.
func OpenedBy(tx *sqldb.Tx, person, before int64, limit int) (int, error) {
	if rows, seen := sqldb.Cached(tx, openedQuery, person); seen {
		n := 0
		for _, r := range rows {
			if before == 0 || r.ID < before {
				n++
			}
		}
		return min(n, limit), nil
	}
	query, args := `SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE requester = ?`, []any{person}
	if before != 0 {
		query, args = query+` AND id < ?`, append(args, before)
	}
	var n int
	err := tx.Lookup(ticketTable, "requester", person).Count(&n, query+` LIMIT ?) AS x`, append(args, limit)...)
	return n, err
}

// OpenUse is how many open tickets stand under the same words; a desk folder must go on knowing them.
type OpenUse struct {
	Priority string `db:"priority"`
	Team     string `db:"team"`
	Assignee string `db:"assignee"`
	Tier     int    `db:"tier"`
	Tickets  int    `db:"n"`
}

// OpenTicketUsage returns under which words open tickets stand.
func OpenTicketUsage(tx *sqldb.Tx) ([]OpenUse, error) {
	var out []OpenUse
	err := tx.Select(&out, `SELECT priority, team, assignee, tier, COUNT(*) AS n FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL
		GROUP BY priority, team, assignee, tier`)
	return out, err
}

// RecentOf gives the newest ticket of an inbox and base subject, changed since, in which the address takes part: evidence 6 of
// the design; 0 if there is none.
func RecentOf(tx *sqldb.Tx, inbox, base, address string, since time.Time) (int64, error) {
	var id int64
	_, err := tx.Lookup(participantTable, "address", address).Find(&id, `SELECT t.id FROM participants p JOIN tickets t ON t.id = p.ticket
		WHERE p.address = ? AND t.base_subject = ? AND t.inbox = ? AND t.updated >= ? AND t.merged_into IS NULL ORDER BY t.updated DESC, t.id DESC LIMIT 1`,
		address, base, inbox, sqldb.At(since))
	return id, err
}
