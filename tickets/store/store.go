// Package store holds every query on tickets, messages, people, events, taken mails and held mails. It turns rows into values
// and back; it must never decide anything. All functions work in a transaction that the caller opened, and return errors of
// the database as they are, with the statement named.
package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// Tables whose rows are inserted, with what they refer to.
var (
	personTable  = sqldb.NewTable("people", "id, name, language, created")
	addressTable = sqldb.NewTable("addresses", "address, person, shown, created", sqldb.Refers(personTable))
	ticketTable  = sqldb.NewTable("tickets", "id, "+openedColumns+", "+savedColumns, sqldb.Refers(personTable), sqldb.Exact())
	saved        = ticketTable.Change(savedColumns).Whole()

	participantTable = sqldb.NewTable("participants", "ticket, address, role, added", sqldb.Refers(ticketTable), sqldb.LeftOut(2))
	messageTable     = sqldb.NewTable("messages", messageColumns, sqldb.Refers(ticketTable, inboundTable))
	messageIDTable   = sqldb.NewTable("message_ids", "message_id, ticket, at", sqldb.LeftOut(2))
	eventTable       = sqldb.NewTable("events", eventColumns, sqldb.Refers(ticketTable))
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
	if rows, seen := sqldb.Seen(tx, ticketLook, id); seen {
		if len(rows) == 0 {
			return tickets.Ticket{}, false, nil
		}
		return rows[0].ticket(), true, nil
	}
	var r ticketRow
	found, err := tx.By(ticketTable, "id", id).Find(&r, query, id)
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
	out := make([]tickets.Ticket, len(rows))
	for i := range rows {
		out[i] = rows[i].ticket()
	}
	return out, nil
}

// TicketsAfter gives tickets with numbers above the given one, in their order: for whoever looks at all of them.
func TicketsAfter(tx *sqldb.Tx, after int64, limit int) ([]tickets.Ticket, error) {
	var rows []ticketRow
	if err := tx.Select(&rows, `SELECT `+ticketColumns+` FROM tickets WHERE id > ? ORDER BY id LIMIT ?`, after, limit); err != nil {
		return nil, err
	}
	out := make([]tickets.Ticket, len(rows))
	for i := range rows {
		out[i] = rows[i].ticket()
	}
	return out, nil
}

// OpenedBy counts the tickets that a person opened before the one of that number, or at all if it is 0; at most up to limit.
func OpenedBy(tx *sqldb.Tx, person, before int64, limit int) (int, error) {
	if rows, seen := sqldb.Seen(tx, openedLook, person); seen {
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
	err := tx.By(ticketTable, "requester", person).Count(&n, query+` LIMIT ?) AS x`, append(args, limit)...)
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

// InUse reads under which words open tickets stand.
func InUse(tx *sqldb.Tx) ([]OpenUse, error) {
	var out []OpenUse
	err := tx.Select(&out, `SELECT priority, team, assignee, tier, COUNT(*) AS n FROM tickets WHERE status IN ('new', 'open', 'pending', 'on-hold') AND merged_into IS NULL
		GROUP BY priority, team, assignee, tier`)
	return out, err
}

// RecentOf gives the newest ticket of an inbox and base subject, changed since, in which the address takes part: evidence 6 of
// the design; 0 if there is none.
func RecentOf(tx *sqldb.Tx, inbox, base, address string, since time.Time) (int64, error) {
	var id int64
	_, err := tx.By(participantTable, "address", address).Find(&id, `SELECT t.id FROM participants p JOIN tickets t ON t.id = p.ticket
		WHERE p.address = ? AND t.base_subject = ? AND t.inbox = ? AND t.updated >= ? AND t.merged_into IS NULL ORDER BY t.updated DESC, t.id DESC LIMIT 1`,
		address, base, inbox, sqldb.At(since))
	return id, err
}

// ---- participants

// Participant is somebody outside who takes part in a ticket.
type Participant struct {
	Address string `db:"address"` // folded
	Role    string `db:"role"`    // requester or cc
	Name    string `db:"name"`
	Shown   string `db:"shown"`  // the address as he writes it
	Person  int64  `db:"person"` // 0 if he never wrote
	Muted   bool   `db:"muted"`
}

// Roles of participants.
const (
	RoleRequester = "requester"
	RoleCc        = "cc"
)

// Participants gives all of a ticket, the requester first.
func Participants(tx *sqldb.Tx, ticket int64) ([]Participant, error) {
	var out []Participant
	if rows, seen := sqldb.Seen(tx, participantLook, ticket); seen {
		for _, r := range rows {
			out = append(out, r.Participant)
		}
		return out, nil
	}
	const query = `SELECT ` + participantColumns + ` WHERE p.ticket = ? ` + participantOrder
	if err := tx.By(participantTable, "ticket", ticket).Without(addressTable).Select(&out, query, ticket); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(out, func(p Participant) bool { return tx.By(addressTable, "address", p.Address).Waits() }) {
		out = nil
		err := tx.Select(&out, query, ticket)
		return out, err
	}
	return out, nil
}

const (
	participantColumns = `p.address, p.role, COALESCE(pe.name, '') AS name, COALESCE(a.shown, p.address) AS shown, COALESCE(a.person, 0) AS person,
		CASE WHEN a.muted IS NULL THEN 0 ELSE 1 END = 1 AS muted
		FROM participants p LEFT JOIN addresses a ON a.address = p.address LEFT JOIN people pe ON pe.id = a.person`
	participantOrder = `ORDER BY CASE p.role WHEN 'requester' THEN 0 ELSE 1 END, p.address`
)

// TakesPart reports whether the address is a participant.
func TakesPart(tx *sqldb.Tx, ticket int64, address string) (bool, error) {
	if rows, seen := sqldb.Seen(tx, participantLook, ticket); seen {
		return slices.ContainsFunc(rows, func(r participantRow) bool { return r.Address == address }), nil
	}
	var one int
	return tx.By(participantTable, "ticket, address", ticket, address).Find(&one, `SELECT 1 FROM participants WHERE ticket = ? AND address = ?`, ticket, address)
}

// Join adds a participant, unless he is one.
func Join(tx *sqldb.Tx, ticket int64, address, role string) error {
	return tx.Insert(participantTable, ticket, address, role, sqldb.At(tx.Now()))
}

// Leave takes a participant out; false if he was none.
func Leave(tx *sqldb.Tx, ticket int64, address string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM participants WHERE ticket = ? AND address = ? AND role <> 'requester'`, ticket, address)
	return n > 0, err
}

// ---- people

// Person is a customer as he is known.
type Person struct {
	ID       int64      `db:"id"`
	Name     string     `db:"name"`
	Language string     `db:"language"`
	Address  string     `db:"address"`
	Shown    string     `db:"shown"`
	Muted    sqldb.Time `db:"muted"`
	Blocked  sqldb.Time `db:"blocked"`
	Allowed  sqldb.Time `db:"allowed"` // past spam verdicts
}

const personColumns = `p.id, p.name, p.language, a.address, a.shown, a.muted, a.blocked, a.allowed FROM addresses a JOIN people p ON p.id = a.person`

// PersonAt finds who writes from a folded address.
func PersonAt(tx *sqldb.Tx, address string) (Person, bool, error) {
	if rows, seen := sqldb.Seen(tx, personLook, address); seen {
		if len(rows) == 0 {
			return Person{}, false, nil
		}
		return rows[0], true, nil
	}
	var p Person
	found, err := tx.By(addressTable, "address", address).Find(&p, `SELECT `+personColumns+` WHERE a.address = ?`, address)
	return p, found, err
}

// PersonByID reads a person with the address that he was first seen under.
func PersonByID(tx *sqldb.Tx, id int64) (Person, bool, error) {
	var p Person
	found, err := tx.Find(&p, `SELECT p.id, p.name, p.language, a.address, a.shown, a.muted, a.blocked, a.allowed FROM people p JOIN addresses a ON a.person = p.id WHERE p.id = ? ORDER BY a.created, a.address LIMIT 1`, id)
	return p, found, err
}

// AddPerson makes a person for an address that nobody is known by (PersonAt). If another transaction was first this one fails, see sqldb.Unique.
func AddPerson(tx *sqldb.Tx, name, folded, shown, language string) (Person, error) {
	id, err := tx.Number(personTable, 0)
	if err != nil {
		return Person{}, err
	}
	if err := tx.Insert(personTable, id, name, language, sqldb.At(tx.Now())); err != nil {
		return Person{}, err
	}
	tx.Lacks(ticketTable, "requester", [][]any{{id}}) // nobody has asked before he was there
	return Person{ID: id, Name: name, Language: language, Address: folded, Shown: shown}, tx.Insert(addressTable, folded, id, shown, sqldb.At(tx.Now()))
}

// Mute stops automatic mail to an address whose mailbox does not exist.
func Mute(tx *sqldb.Tx, address, reason string) error {
	_, err := tx.Exec(`UPDATE addresses SET muted = ?, mute_reason = ? WHERE address = ? AND muted IS NULL`, sqldb.At(tx.Now()), reason, address)
	return err
}

// Unmute lets mail go to the address again.
func Unmute(tx *sqldb.Tx, address string) error {
	_, err := tx.Exec(`UPDATE addresses SET muted = NULL, mute_reason = '' WHERE address = ? AND muted IS NOT NULL`, address)
	return err
}

// ---- messages

// Message is what was written in a ticket.
type Message struct {
	ID          int64      `db:"id"`
	Ticket      int64      `db:"ticket"`
	Inbound     *int64     `db:"inbound"`
	Kind        string     `db:"kind"` // customer, agent, note, vendor, auto
	Author      string     `db:"author"`
	Visibility  string     `db:"visibility"`
	At          sqldb.Time `db:"at"`
	MessageID   string     `db:"message_id"`
	Address     string     `db:"address"` // folded From, for what came from outside
	Subject     string     `db:"subject"`
	Text        string     `db:"text"`  // what is new
	Whole       string     `db:"whole"` // the whole text if it differs
	Attachments string     `db:"attachments"`
	Flags       string     `db:"flags"` // words: other-address, auth-failed, truncated
}

// Kinds and visibilities of messages.
const (
	KindCustomer = "customer"
	KindAgent    = "agent"
	KindNote     = "note"
	KindVendor   = "vendor"
	KindAuto     = "auto"

	Public   = "public"
	Internal = "internal"
)

// Attachment is a file of a message; its content stays in the raw mail.
type Attachment struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	ContentID string `json:"cid,omitempty"`
	Size      int64  `json:"size"`
	Index     int    `json:"index"`
	Inline    bool   `json:"inline,omitempty"`
}

// Files reads the attachments of a message.
func (m *Message) Files() ([]Attachment, error) {
	if m.Attachments == "" {
		return nil, nil
	}
	var out []Attachment
	if err := json.Unmarshal([]byte(m.Attachments), &out); err != nil {
		return nil, fmt.Errorf("reading the attachments of message %d: %w", m.ID, err)
	}
	return out, nil
}

// SetFiles puts the attachments into a message that is to be inserted.
func (m *Message) SetFiles(files []Attachment) error {
	if len(files) == 0 {
		return nil
	}
	b, err := json.Marshal(files)
	m.Attachments = string(b)
	return err
}

// Flagged reports whether the message has a flag.
func (m *Message) Flagged(flag string) bool { return slices.Contains(strings.Fields(m.Flags), flag) }

const messageColumns = `id, ticket, inbound, kind, author, visibility, at, message_id, address, subject, text, whole, attachments, flags`

// AddMessage writes a message and gives its id: one behind after, the newest message of the ticket, which is locked or new.
func AddMessage(tx *sqldb.Tx, m Message, after int64) (int64, error) {
	id, err := tx.Number(messageTable, after)
	if err != nil {
		return 0, err
	}
	return id, tx.Insert(messageTable, id, m.Ticket, m.Inbound, m.Kind, m.Author, m.Visibility, m.At, m.MessageID, m.Address, m.Subject, clean(m.Text), clean(m.Whole), clean(m.Attachments), m.Flags)
}

// Messages gives all messages of a ticket, oldest first.
func Messages(tx *sqldb.Tx, ticket int64) ([]Message, error) {
	var out []Message
	err := tx.By(messageTable, "ticket", ticket).Select(&out, `SELECT `+messageColumns+` FROM messages WHERE ticket = ? ORDER BY id`, ticket)
	return out, err
}

// WithInternal tells which of the tickets have a message that is not for the outside; there must be at least one.
func WithInternal(tx *sqldb.Tx, tickets []int64) (out []int64, err error) {
	err = tx.SelectIn(&out, `SELECT DISTINCT ticket FROM messages WHERE ticket IN (?) AND visibility <> 'public'`, tickets)
	return out, err
}

// MessageByID reads a message.
func MessageByID(tx *sqldb.Tx, id int64) (Message, bool, error) {
	var m Message
	found, err := tx.Find(&m, `SELECT `+messageColumns+` FROM messages WHERE id = ?`, id)
	return m, found, err
}

// MessagesAfter gives what was written in public after a message, oldest first.
func MessagesAfter(tx *sqldb.Tx, ticket, after int64) ([]Message, error) {
	var out []Message
	err := tx.By(messageTable, "ticket", ticket).Select(&out, `SELECT `+messageColumns+` FROM messages WHERE ticket = ? AND id > ? AND visibility = 'public' ORDER BY id`, ticket, after)
	return out, err
}

// CameFrom tells when the mails of an address came into a ticket since then, the newest first, at most limit of them.
func CameFrom(tx *sqldb.Tx, ticket int64, address string, since time.Time, limit int) ([]time.Time, error) {
	if rows, seen := sqldb.Seen(tx, cameLook, ticket); seen {
		var out []time.Time
		for _, r := range rows {
			if r.Address == address && !r.At.Before(since) && len(out) < limit {
				out = append(out, r.At.Time)
			}
		}
		return out, nil
	}
	var at []sqldb.Time
	mails := tx.By(messageTable, "ticket, address", ticket, address)
	err := mails.Select(&at, `SELECT at FROM messages WHERE ticket = ? AND address = ? AND at >= ? AND kind IN ('customer', 'auto') ORDER BY at DESC LIMIT ?`, ticket, address, sqldb.At(since), limit)
	out := make([]time.Time, len(at))
	for i := range at {
		out[i] = at[i].Time
	}
	return out, err
}

// NotedSince reports whether an author has written a note into a ticket since then.
func NotedSince(tx *sqldb.Tx, ticket int64, author string, since time.Time) (bool, error) {
	var one int
	return tx.By(messageTable, "ticket, kind", ticket, KindNote).Find(&one, `SELECT 1 FROM messages WHERE ticket = ? AND kind = 'note' AND author = ? AND at >= ? LIMIT 1`, ticket, author, sqldb.At(since))
}

// WasAnswered reports whether an agent has ever answered in a ticket of which the address is the requester.
func WasAnswered(tx *sqldb.Tx, address string) (bool, error) {
	var one int
	return tx.Find(&one, `SELECT 1 FROM participants p JOIN messages m ON m.ticket = p.ticket WHERE p.address = ? AND p.role = 'requester' AND m.kind = 'agent' AND m.visibility = 'public' LIMIT 1`, address)
}

// Judge blocks an address (allow false) or lets it past spam verdicts, whatever was said of it before. An address that never wrote is entered.
func Judge(tx *sqldb.Tx, address string, allow bool) error {
	if _, known, err := PersonAt(tx, address); err != nil {
		return err
	} else if !known {
		if _, err := AddPerson(tx, "", address, address, ""); err != nil {
			return err
		}
	}
	var blocked, allowed sqldb.Time
	if allow {
		allowed = sqldb.At(tx.Now())
	} else {
		blocked = sqldb.At(tx.Now())
	}
	_, err := tx.Exec(`UPDATE addresses SET blocked = ?, allowed = ? WHERE address = ?`, blocked, allowed, address)
	return err
}

// ---- Message-IDs

// Know remembers Message-IDs as belonging to a ticket.
func Know(tx *sqldb.Tx, ticket int64, at time.Time, ids ...string) error {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if id == "" {
			continue
		}
		if err := tx.Insert(messageIDTable, id, ticket, sqldb.At(at)); err != nil {
			return err
		}
	}
	return nil
}

// TicketsOf gives the tickets that a Message-ID belongs to, newest first.
func TicketsOf(tx *sqldb.Tx, messageID string) ([]int64, error) {
	var out []int64
	if rows, seen := sqldb.Seen(tx, messageIDLook, messageID); seen {
		for _, r := range rows[:min(len(rows), 20)] {
			out = append(out, r.Ticket)
		}
		return out, nil
	}
	err := tx.By(messageIDTable, "message_id", messageID).Select(&out, `SELECT ticket FROM message_ids WHERE message_id = ? ORDER BY ticket DESC LIMIT 20`, messageID)
	return out, err
}

// ---- events

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
	if rows, seen := sqldb.Seen(tx, pastLook, ticket); seen {
		return events(rows)
	}
	return history(tx, ticket, `SELECT `+pastColumns+` FROM events WHERE ticket = ? ORDER BY id`)
}

func history(tx *sqldb.Tx, ticket int64, query string) ([]tickets.Event, error) {
	var rows []eventRow
	if err := tx.By(eventTable, "ticket", ticket).Select(&rows, query, ticket); err != nil {
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

// ---- small things

func deref(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

// null makes 0 a NULL.
func null(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// clean takes out what PostgreSQL refuses in a text: NUL, and bytes that are no UTF-8.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if utf8.ValidString(s) { // so much quicker to tell than to look for what is to be replaced
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// ---- what the desk remembers

// Remembered gives a value by name and when it was written; "" if there is none.
func Remembered(tx *sqldb.Tx, name string) (string, time.Time, error) {
	var r struct {
		Value   string     `db:"value"`
		Changed sqldb.Time `db:"changed"`
	}
	_, err := tx.Find(&r, `SELECT value, changed FROM meta WHERE name = ?`, name)
	return r.Value, r.Changed.Time, err
}

// LockRemembered reads a value like Remembered, and keeps others from changing it before the transaction ends.
func LockRemembered(tx *sqldb.Tx, name string) (string, error) {
	var value string
	_, err := tx.Find(&value, `SELECT value FROM meta WHERE name = ? /*pg FOR UPDATE */`, name)
	return value, err
}

// Remember writes a value under a name.
func Remember(tx *sqldb.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO meta (name, value, changed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed`, name, value, sqldb.At(tx.Now()))
	return err
}
