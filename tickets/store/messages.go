package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// cameRow records when a mail from an address came into a ticket.
type cameRow struct {
	Ticket  int64
	Address string
	At      sqldb.Time
}

var (
	messageTable = &batch.Table[messageRow]{
		Name: "messages", Columns: messageColumns,
		Append: func(r *messageRow, args []any) []any {
			return append(args, r.ID, r.Ticket, r.Inbound, r.Kind, r.Author, r.Visibility, r.At, r.MessageID, r.Address, r.Subject, r.Text,
				r.Whole, r.Attachments, r.Flags)
		},
	}
	cameQuery = &batch.Query[int64, cameRow]{
		Text: `SELECT ticket, address, at FROM messages WHERE ticket IN (?) AND kind IN ('customer', 'auto') ORDER BY at DESC`, Key: func(r *cameRow) int64 { return r.Ticket },
	}
)

type messageRow struct {
	ID          int64
	Ticket      int64
	Inbound     *int64
	Kind        string
	Author      string
	Visibility  string
	At          sqldb.Time
	MessageID   string `db:"message_id"`
	Address     string
	Subject     string
	Text        string
	Whole       string
	Attachments string // JSON
	Flags       string // words
}

func (r *messageRow) message() (tickets.Message, error) {
	m := tickets.Message{
		ID: r.ID, Ticket: r.Ticket, Inbound: deref(r.Inbound), Kind: tickets.MessageKind(r.Kind), Author: tickets.Actor(r.Author),
		Visibility: tickets.Visibility(r.Visibility), At: r.At.Time, MessageID: r.MessageID, Address: r.Address, Subject: r.Subject,
		Text: r.Text, Whole: r.Whole,
	}
	for flag := range strings.FieldsSeq(r.Flags) {
		m.Flags = append(m.Flags, tickets.Flag(flag))
	}
	if r.Attachments != "" {
		if err := json.Unmarshal([]byte(r.Attachments), &m.Files); err != nil {
			return m, fmt.Errorf("reading the attachments of message %d: %w", r.ID, err)
		}
	}
	return m, nil
}

func messages(rows []messageRow) ([]tickets.Message, error) {
	out := make([]tickets.Message, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].message(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const messageColumns = `id, ticket, inbound, kind, author, visibility, at, message_id, address, subject, text, whole, attachments, flags`

// AddMessage writes a message and returns its id. after is the newest message of the ticket; the
// ticket must be locked or new.
func AddMessage(tx *sqldb.Tx, m tickets.Message, after int64) (int64, error) {
	files := ""
	if len(m.Files) > 0 {
		b, err := json.Marshal(m.Files)
		if err != nil {
			return 0, fmt.Errorf("writing the attachments of a message: %w", err)
		}
		files = string(b)
	}
	flags := make([]string, len(m.Flags))
	for i, f := range m.Flags {
		flags[i] = string(f)
	}
	id, err := tx.Number("messages", after)
	if err != nil {
		return 0, err
	}
	u := unitOf(tx)
	u.came.Forget(m.Ticket)
	if err := u.toIndex(id); err != nil {
		return 0, err
	}
	return id, u.messages.Add(messageRow{ID: id, Ticket: m.Ticket, Inbound: null(m.Inbound), Kind: string(m.Kind), Author: string(m.Author),
		Visibility: string(m.Visibility), At: sqldb.At(m.At), MessageID: m.MessageID, Address: m.Address, Subject: m.Subject,
		Text: m.Text, Whole: m.Whole, Attachments: files, Flags: strings.Join(flags, " ")})
}

// in selects the messages of a ticket.
func in(ticket int64) func(*messageRow) bool {
	return func(r *messageRow) bool { return r.Ticket == ticket }
}

// gathered selects a ticket and those merged into it, directly or indirectly.
const gathered = `(WITH RECURSIVE all_of (id) AS (SELECT id FROM tickets WHERE id = ?
	UNION SELECT t.id FROM tickets t JOIN all_of a ON t.merged_into = a.id) SELECT id FROM all_of)`

// writeGathered flushes pending messages that may belong to a ticket or to those merged into it.
func writeGathered(tx *sqldb.Tx, ticket int64) error {
	u := unitOf(tx)
	if !u.merging {
		return u.messages.FlushIf(in(ticket))
	}
	return errors.Join(u.saved.Flush(), u.messages.Flush())
}

// Messages returns all messages of a ticket and of those that were merged into it, oldest first.
func Messages(tx *sqldb.Tx, ticket int64) ([]tickets.Message, error) {
	var rows []messageRow
	if err := writeGathered(tx, ticket); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&rows, `SELECT `+messageColumns+` FROM messages WHERE ticket IN `+gathered+` ORDER BY id`, ticket)
	if err != nil {
		return nil, err
	}
	return messages(rows)
}

// WithInternal returns those of the tickets that have an internal message; ids must not be empty.
func WithInternal(tx *sqldb.Tx, ids []int64) (out []int64, err error) {
	if err := unitOf(tx).messages.FlushIf(func(r *messageRow) bool { return slices.Contains(ids, r.Ticket) }); err != nil {
		return nil, err
	}
	err = tx.ByKey().SelectIn(&out, `SELECT DISTINCT ticket FROM messages WHERE ticket IN (?) AND visibility <> 'public'`, ids)
	return out, err
}

// WrittenByUs returns the internal messages of some tickets and the answers that agents have
// written in them, newest first, at most limit. It leaves out what only concerns delivery: files
// and cut-off text.
func WrittenByUs(tx *sqldb.Tx, ids []int64, limit int) ([]tickets.Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []messageRow
	if err := unitOf(tx).messages.FlushIf(func(r *messageRow) bool { return slices.Contains(ids, r.Ticket) }); err != nil {
		return nil, err
	}
	err := tx.ByKey().SelectIn(&rows, `SELECT id, ticket, kind, author, visibility, at, text, flags FROM messages
		WHERE ticket IN (?) AND (visibility <> 'public' OR kind = 'agent') ORDER BY id DESC LIMIT ?`, ids, limit)
	if err != nil {
		return nil, err
	}
	return messages(rows)
}

// MessageByID reads a message.
func MessageByID(tx *sqldb.Tx, id int64) (tickets.Message, bool, error) {
	var r messageRow
	found, err := tx.Find(&r, `SELECT `+messageColumns+` FROM messages WHERE id = ?`, id)
	if err != nil || !found {
		return tickets.Message{}, false, err
	}
	m, err := r.message()
	return m, err == nil, err
}

// AnswersOf returns the texts of an agent's newest answers as they were typed, including what was
// cut off below them.
func AnswersOf(tx *sqldb.Tx, author tickets.Actor, limit int) ([]string, error) {
	var out []string
	if err := unitOf(tx).messages.FlushIf(func(r *messageRow) bool { return r.Author == string(author) }); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&out, `SELECT CASE WHEN whole <> '' THEN whole ELSE text END FROM messages WHERE author = ? AND kind = 'agent' ORDER BY id DESC LIMIT ?`, string(author), limit)
	return out, err
}

// AnswerIn returns the answer that an agent's mail became in a ticket; false if there is none.
func AnswerIn(tx *sqldb.Tx, ticket, inbound int64) (tickets.Message, bool, error) {
	var r messageRow
	found, err := tx.Find(&r, `SELECT `+messageColumns+` FROM messages WHERE ticket = ? AND inbound = ? AND (kind = 'agent' OR EXISTS (SELECT 1 FROM side_messages WHERE side_messages.message = messages.id)) ORDER BY id DESC LIMIT 1`, ticket, inbound)
	if err != nil || !found {
		return tickets.Message{}, false, err
	}
	m, err := r.message()
	return m, err == nil, err
}

// MessagesAfter returns the public messages after a given one, oldest first.
func MessagesAfter(tx *sqldb.Tx, ticket, after int64) ([]tickets.Message, error) {
	var rows []messageRow
	if err := writeGathered(tx, ticket); err != nil {
		return nil, err
	}
	err := tx.ByKey().Select(&rows, `SELECT `+messageColumns+` FROM messages WHERE ticket IN `+gathered+`
		AND id > ? AND visibility = 'public' ORDER BY id`, ticket, after)
	if err != nil {
		return nil, err
	}
	return messages(rows)
}

// MessageTimesFrom returns the times since the given one at which mails from the mailbox of an
// address came into a ticket, newest first, at most limit.
func MessageTimesFrom(tx *sqldb.Tx, ticket int64, address string, since time.Time, limit int) ([]time.Time, error) {
	u, mailbox := unitOf(tx), mailin.Mailbox(sqldb.Clean(address))
	if rows, ok := u.came.Get(ticket); ok {
		var out []time.Time
		for _, r := range rows {
			if mailin.Mailbox(r.Address) == mailbox && !r.At.Before(since) && !r.At.After(tx.Latest()) && len(out) < limit {
				out = append(out, r.At.Time)
			}
		}
		return out, nil
	}
	if err := u.messages.FlushIf(in(ticket)); err != nil {
		return nil, err
	}
	// Nobody else writes as much into a ticket as somebody who floods it, so not all rows have to
	// be read.
	var rows []cameRow
	err := tx.ByKey().Select(&rows, `SELECT ticket, address, at FROM messages WHERE ticket = ? AND at >= ? AND at <= ? AND kind IN ('customer', 'auto') ORDER BY at DESC LIMIT ?`,
		ticket, sqldb.At(since), sqldb.At(tx.Latest()), 4*limit)
	var out []time.Time
	for _, r := range rows {
		if mailin.Mailbox(r.Address) == mailbox && len(out) < limit {
			out = append(out, r.At.Time)
		}
	}
	return out, err
}

// NotedSince reports whether an author has added a note to a ticket since the given time.
func NotedSince(tx *sqldb.Tx, ticket int64, author tickets.Actor, since time.Time) (bool, error) {
	var one int
	ofTicket := func(r *messageRow) bool { return r.Ticket == ticket && r.Kind == string(tickets.Note) }
	if err := unitOf(tx).messages.FlushIf(ofTicket); err != nil {
		return false, err
	}
	return tx.ByKey().Find(&one, `SELECT 1 FROM messages WHERE ticket = ? AND kind = 'note' AND author = ? AND at >= ? AND at <= ? LIMIT 1`,
		ticket, string(author), sqldb.At(since), sqldb.At(tx.Latest()))
}

// WasAnswered reports whether an agent has ever answered in a ticket whose requester has this
// address.
func WasAnswered(tx *sqldb.Tx, address string) (bool, error) {
	var one int
	return tx.Find(&one, `SELECT 1 FROM participants p JOIN messages m ON m.ticket = p.ticket WHERE p.address = ? AND p.role = 'requester' AND m.kind = 'agent' AND m.visibility = 'public' LIMIT 1`, address)
}

// DomainWasAnswered reports whether an agent has ever answered a requester at a domain. Messages
// written in this transaction do not count.
func DomainWasAnswered(tx *sqldb.Tx, domain string) (bool, error) {
	var one int
	end := "@" + domain
	return tx.ByKey().Find(&one, `SELECT 1 FROM participants p JOIN messages m ON m.ticket = p.ticket WHERE p.role = 'requester' AND m.kind = 'agent' AND m.visibility = 'public'
		AND substr(p.address, length(p.address) - ? + 1) = ? LIMIT 1`, utf8.RuneCountInString(end), end)
}

// MoveMessage moves a message, together with the mail that it came in, to another ticket.
func MoveMessage(tx *sqldb.Tx, m tickets.Message, to int64) error {
	u := unitOf(tx)
	if err := u.messages.Flush(); err != nil {
		return err
	}
	if err := u.tickets.Flush(); err != nil {
		return err
	}
	from := m.Ticket
	u.came.Forget(from)
	if _, err := tx.Exec(`UPDATE messages SET ticket = ? WHERE id = ?`, to, m.ID); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE inbound SET ticket = ? WHERE id = ?`, to, m.Inbound)
	return err
}
