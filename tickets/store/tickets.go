package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// The columns of a ticket that are set when it is opened, and those that may change.
const (
	openedColumns = `inbox, base_subject, requester, opened`
	savedColumns  = `subject, language, status, priority, tier, team, assignee, tags, updated, solved, closed, customer_wrote, agent_wrote, linked, merged_into, version, last_message, fields, watchers, restricted, booked, due`
)

type ticketRow struct {
	ID            int64
	Inbox         string
	Subject       string
	BaseSubject   string `db:"base_subject"`
	Requester     *int64
	Language      string
	Status        string
	Priority      string
	Tier          int
	Team          string
	Assignee      string
	Tags          string
	Opened        sqldb.Time
	Updated       sqldb.Time
	Solved        sqldb.Time
	Closed        sqldb.Time
	CustomerWrote sqldb.Time `db:"customer_wrote"`
	AgentWrote    sqldb.Time `db:"agent_wrote"`
	Linked        *int64
	MergedInto    *int64 `db:"merged_into"`
	Version       int64
	LastMessage   int64  `db:"last_message"`
	Fields        string // JSON
	Watchers      string // names; a leading - means silenced
	Restricted    string
	Booked        int64 // minutes
	Due           sqldb.Time
}

const ticketColumns = `id, ` + openedColumns + `, ` + savedColumns

// openedRow is a ticket and the person who opened it.
type openedRow struct {
	ID        int64
	Requester int64
}

var (
	ticketTable = &batch.Table[ticketRow]{Name: "tickets", Columns: ticketColumns, Append: (*ticketRow).appendTo}
	// The referenced rows exist, since the ticket's row does. So an upsert of many rows in one
	// statement updates the tickets that have changed.
	savedTable = &batch.Table[ticketRow]{
		Name: "tickets", Columns: ticketColumns, Append: (*ticketRow).appendTo,
		KeyColumns: "id", Key: func(r *ticketRow) any { return r.ID }, Update: excluded(savedColumns),
	}
	ticketQuery = &batch.Query[int64, ticketRow]{Text: `SELECT ` + ticketColumns + ` FROM tickets WHERE id IN (?) ORDER BY id`,
		Key: func(r *ticketRow) int64 { return r.ID }, Lock: true}
	openedQuery = &batch.Query[int64, openedRow]{Text: `SELECT id, requester FROM tickets WHERE requester IN (?) ORDER BY id`,
		Key: func(r *openedRow) int64 { return r.Requester }}
)

// excluded returns the assignments that overwrite existing columns with those of the new row.
func excluded(columns string) string {
	set := strings.Split(columns, ", ")
	for i, c := range set {
		set[i] = c + " = excluded." + c
	}
	return strings.Join(set, ", ")
}

func (r *ticketRow) appendTo(args []any) []any {
	return append(args, r.ID, r.Inbox, r.BaseSubject, r.Requester, r.Opened, r.Subject, r.Language, r.Status, r.Priority, r.Tier, r.Team,
		r.Assignee, r.Tags, r.Updated, r.Solved, r.Closed, r.CustomerWrote, r.AgentWrote, r.Linked, r.MergedInto, r.Version,
		r.LastMessage, r.Fields, r.Watchers, r.Restricted, r.Booked, r.Due)
}

// rowOf returns the row of a ticket, exactly as it will be read back.
func rowOf(t tickets.Ticket) ticketRow {
	c := sqldb.Clean
	return ticketRow{
		ID: t.ID, Inbox: c(t.Inbox), Subject: c(t.Subject), BaseSubject: c(t.BaseSubject), Requester: null(t.Requester),
		Language: c(t.Language), Status: string(t.Status), Priority: c(t.Priority), Tier: t.Tier, Team: c(t.Team),
		Assignee: c(t.Assignee), Tags: c(strings.Join(t.Tags, " ")), Opened: sqldb.At(t.Opened), Updated: sqldb.At(t.Updated),
		Solved: sqldb.At(t.Solved), Closed: sqldb.At(t.Closed), CustomerWrote: sqldb.At(t.CustomerWrote),
		AgentWrote: sqldb.At(t.AgentWrote), Linked: null(t.Linked), MergedInto: null(t.MergedInto), Version: t.Version,
		LastMessage: t.LastMessage, Fields: c(fieldsText(t.Fields)), Watchers: c(watchersText(t.Watchers, t.Silenced)),
		Restricted: c(strings.Join(t.Restricted, " ")), Booked: int64(t.Booked / time.Minute), Due: sqldb.At(t.Due),
	}
}

// fieldsText returns a ticket's fields as they are stored. A map of strings can always be
// marshalled.
func fieldsText(fields map[string]string) string {
	if len(fields) == 0 {
		return ""
	}
	b, _ := json.Marshal(fields)
	return string(b)
}

func watchersText(watchers, silenced []string) string {
	names := slices.Clone(watchers)
	for _, name := range silenced {
		names = append(names, "-"+name)
	}
	return strings.Join(names, " ")
}

func (r *ticketRow) ticket() tickets.Ticket {
	t := tickets.Ticket{
		ID: r.ID, Inbox: r.Inbox, Subject: r.Subject, BaseSubject: r.BaseSubject, Requester: deref(r.Requester), Language: r.Language,
		Status: tickets.Status(r.Status), Priority: r.Priority, Tier: r.Tier, Team: r.Team, Assignee: r.Assignee,
		Tags: strings.Fields(r.Tags), Opened: r.Opened.Time, Updated: r.Updated.Time, Solved: r.Solved.Time, Closed: r.Closed.Time,
		CustomerWrote: r.CustomerWrote.Time, AgentWrote: r.AgentWrote.Time, Linked: deref(r.Linked), MergedInto: deref(r.MergedInto),
		Version: r.Version, LastMessage: r.LastMessage, Booked: time.Duration(r.Booked) * time.Minute, Due: r.Due.Time,
	}
	if r.Restricted != "" {
		t.Restricted = strings.Fields(r.Restricted)
	}
	for name := range strings.FieldsSeq(r.Watchers) {
		if silenced, found := strings.CutPrefix(name, "-"); found {
			t.Silenced = append(t.Silenced, silenced)
		} else {
			t.Watchers = append(t.Watchers, name)
		}
	}
	if r.Fields != "" {
		_ = json.Unmarshal([]byte(r.Fields), &t.Fields) // written by fieldsText
	}
	return t
}

// Ticket returns a ticket; false if there is none of that number.
func Ticket(tx *sqldb.Tx, id int64) (tickets.Ticket, bool, error) {
	return oneTicket(tx, `SELECT `+ticketColumns+` FROM tickets WHERE id = ?`, id)
}

// LockTicket returns a ticket and prevents other transactions from changing it until this one ends.
func LockTicket(tx *sqldb.Tx, id int64) (tickets.Ticket, bool, error) {
	return oneTicket(tx, `SELECT `+ticketColumns+` FROM tickets WHERE id = ? /*pg FOR UPDATE */`, id)
}

func oneTicket(tx *sqldb.Tx, query string, id int64) (tickets.Ticket, bool, error) {
	u := unitOf(tx)
	if rows, ok := u.locked.Get(id); ok {
		if len(rows) == 0 {
			return tickets.Ticket{}, false, nil
		}
		return rows[0].ticket(), true, nil
	}
	for _, waiting := range []*batch.Rows[ticketRow]{&u.tickets, &u.saved} { // nobody else can see or change it
		if r := waiting.Last(func(r *ticketRow) bool { return r.ID == id }); r != nil {
			return r.ticket(), true, tx.Err()
		}
	}
	var r ticketRow
	found, err := tx.ByKey().Find(&r, query, id)
	return r.ticket(), found, err
}

// InsertTicket writes a new ticket and returns its number.
func InsertTicket(tx *sqldb.Tx, t tickets.Ticket) (int64, error) {
	id, err := tx.ExactNumber("tickets")
	if err != nil {
		return 0, err
	}
	t.ID = id
	u := unitOf(tx)
	u.locked.Forget(id)
	u.opened.Forget(t.Requester)
	return id, u.tickets.Add(rowOf(t))
}

// SaveTicket updates the columns of an existing, locked ticket that may change.
func SaveTicket(tx *sqldb.Tx, t tickets.Ticket) error {
	u := unitOf(tx)
	before, known := u.locked.Get(t.ID)
	if t.MergedInto != 0 || !known || len(before) != 1 || before[0].MergedInto != nil {
		u.merging = true
	}
	u.locked.Forget(t.ID)
	if r := u.tickets.Last(func(r *ticketRow) bool { return r.ID == t.ID }); r != nil {
		row := rowOf(t)
		row.Inbox, row.BaseSubject, row.Requester, row.Opened = r.Inbox, r.BaseSubject, r.Requester, r.Opened // openedColumns
		*r = row
		return tx.Err()
	}
	return u.saved.Add(rowOf(t))
}

// Filter selects tickets; a zero field matches all.
type Filter struct {
	Status   []tickets.Status
	Team     string
	Assignee string
	Limit    int // 0: 100
}

// List returns tickets, the most recently changed first.
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
		// The index holds only tickets with an assignee.
		query, args = query+` AND assignee = ? AND assignee <> ''`, append(args, f.Assignee)
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

// TicketsAfter returns tickets with numbers above the given one, in order of number. It is for
// scans over all tickets.
func TicketsAfter(tx *sqldb.Tx, after int64, limit int) ([]tickets.Ticket, error) {
	var rows []ticketRow
	if err := tx.Select(&rows, `SELECT `+ticketColumns+` FROM tickets WHERE id > ? ORDER BY id LIMIT ?`, after, limit); err != nil {
		return nil, err
	}
	return convert(rows, (*ticketRow).ticket), nil
}

// NotClosed returns the tickets numbered above after and up to last that are not closed, and
// whether there are tickets above last.
func NotClosed(tx *sqldb.Tx, after, last int64) (ids []int64, more bool, err error) {
	if err := tx.Select(&ids, `SELECT id FROM tickets WHERE id > ? AND id <= ? AND status <> ? ORDER BY id`, after, last,
		string(tickets.Closed)); err != nil {
		return nil, false, err
	}
	var next int64
	more, err = tx.Find(&next, `SELECT id FROM tickets WHERE id > ? ORDER BY id LIMIT 1`, last)
	return ids, more, err
}

// OpenedBy counts the tickets that a person opened before the ticket numbered before, or all of
// them if before is 0. It counts at most up to limit.
func OpenedBy(tx *sqldb.Tx, person, before int64, limit int) (int, error) {
	u := unitOf(tx)
	if rows, ok := u.opened.Get(person); ok {
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
	if err := u.tickets.FlushIf(func(r *ticketRow) bool { return deref(r.Requester) == person }); err != nil {
		return 0, err
	}
	err := tx.ByKey().Get(&n, query+` LIMIT ?) AS x`, append(args, limit)...)
	return n, err
}

// OpenUse is the number of open tickets with the same values; a desk folder must continue to define
// them.
type OpenUse struct {
	Priority string
	Team     string
	Assignee string
	Tier     int
	Tickets  int `db:"n"`
}

// OpenTicketUsage returns the values that open tickets use.
func OpenTicketUsage(tx *sqldb.Tx) ([]OpenUse, error) {
	var out []OpenUse
	err := tx.Select(&out, `SELECT priority, team, assignee, tier, COUNT(*) AS n FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL
		GROUP BY priority, team, assignee, tier`)
	return out, err
}

// RecentOf returns the newest ticket with an inbox and base subject, changed since the given time,
// in which the address is a participant. It returns 0 if there is none.
func RecentOf(tx *sqldb.Tx, inbox, base, address string, since time.Time) (int64, error) {
	var id int64
	if err := flushRecent(tx, address); err != nil {
		return 0, err
	}
	_, err := tx.ByKey().Find(&id, `SELECT t.id FROM participants p JOIN tickets t ON t.id = p.ticket
		WHERE p.address = ? AND t.base_subject = ? AND t.inbox = ? AND t.updated >= ? ORDER BY t.updated DESC, t.id DESC LIMIT 1`,
		address, base, inbox, sqldb.At(since))
	return id, err
}

// flushRecent writes the waiting rows of tickets in which the address may be a participant.
func flushRecent(tx *sqldb.Tx, address string) error {
	u := unitOf(tx)
	if err := u.saved.Flush(); err != nil { // any of them may be one
		return err
	}
	return u.participants.FlushIf(func(r *participantRow) bool { return r.Address == address })
}

// RecentSubject is a ticket and its base subject.
type RecentSubject struct {
	ID          int64
	BaseSubject string `db:"base_subject"`
}

// RecentSubjects returns at most limit tickets of an inbox, changed since the given time, in which
// the address is a participant, the most recently changed first.
func RecentSubjects(tx *sqldb.Tx, inbox, address string, since time.Time, limit int) ([]RecentSubject, error) {
	var out []RecentSubject
	if err := flushRecent(tx, address); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&out, `SELECT t.id, t.base_subject FROM participants p JOIN tickets t ON t.id = p.ticket
		WHERE p.address = ? AND t.inbox = ? AND t.updated >= ? ORDER BY t.updated DESC, t.id DESC LIMIT ?`, address, inbox, sqldb.At(since), limit)
	return out, err
}

// OfRequester returns at most limit other tickets of a ticket's requester, newest first.
func OfRequester(tx *sqldb.Tx, ticket int64, limit int) (ids []int64, err error) {
	err = tx.Select(&ids, `SELECT o.id FROM tickets t JOIN tickets o ON o.requester = t.requester AND o.id <> t.id WHERE t.id = ? ORDER BY o.id DESC LIMIT ?`, ticket, limit)
	return ids, err
}

// Related returns the tickets linked or merged with a ticket, in either direction and indirectly,
// excluding the ticket itself. It stops at limit tickets.
func Related(tx *sqldb.Tx, ticket int64, limit int) ([]int64, error) {
	known := []int64{ticket}
	for next := known; len(next) > 0 && len(known) <= limit; {
		var rows []struct {
			ID     int64  `db:"id"`
			Linked *int64 `db:"linked"`
			Merged *int64 `db:"merged_into"`
		}
		if err := tx.SelectIn(&rows, `SELECT id, linked, merged_into FROM tickets WHERE id IN (?) OR linked IN (?) OR merged_into IN (?) ORDER BY id`, next, next, next); err != nil {
			return nil, err
		}
		next = nil
		for _, r := range rows {
			for _, id := range []int64{r.ID, deref(r.Linked), deref(r.Merged)} {
				if id != 0 && !slices.Contains(known, id) {
					known, next = append(known, id), append(next, id)
				}
			}
		}
	}
	return known[1:min(len(known), limit+1)], nil
}

// TicketsOfRequester returns at most limit tickets that a person opened and that are not closed,
// newest first. It does not see rows waiting to be written.
func TicketsOfRequester(tx *sqldb.Tx, person int64, limit int) ([]tickets.Ticket, error) {
	var ids []int64
	if err := tx.Select(&ids, `SELECT id FROM tickets WHERE requester = ? AND status <> 'closed' AND merged_into IS NULL ORDER BY id DESC LIMIT ?`,
		person, limit); err != nil {
		return nil, fmt.Errorf("finding the tickets of a person: %w", err)
	}
	var out []tickets.Ticket
	for _, id := range ids {
		t, found, err := Ticket(tx, id)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, t)
		}
	}
	return out, nil
}
