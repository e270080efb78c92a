package store

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// Like selects tickets; a zero field matches all. With several values for a field a ticket must
// have one of them, but it must have all of the tags.
type Like struct {
	Status, Teams, Priorities, Assignees, Tags []string
	Tiers                                      []int
	ChangedSince, ChangedBefore                time.Time // when the ticket was changed
	Since, Before                              time.Time // when the message was written
}

// conditions returns the SQL conditions on tickets t and messages m, each preceded by AND.
func (l *Like) conditions() (string, []any) {
	var b strings.Builder
	var args []any
	add := func(condition string, arg any) {
		b.WriteString(" AND " + condition)
		args = append(args, arg)
	}
	for _, in := range []struct {
		column string
		values []string
	}{{"status", l.Status}, {"team", l.Teams}, {"priority", l.Priorities}, {"assignee", l.Assignees}} {
		if len(in.values) > 0 {
			add("t."+in.column+" IN (?)", in.values)
		}
	}
	if len(l.Tiers) > 0 {
		add("t.tier IN (?)", l.Tiers)
	}
	for _, tag := range l.Tags { // the words of a column
		add("replace(' ' || t.tags || ' ', ?, '') <> ' ' || t.tags || ' '", " "+tag+" ")
	}
	for _, at := range []struct {
		condition string
		at        time.Time
	}{{"t.updated >= ?", l.ChangedSince}, {"t.updated < ?", l.ChangedBefore}, {"m.at >= ?", l.Since}, {"m.at < ?", l.Before}} {
		if !at.at.IsZero() {
			add(at.condition, sqldb.At(at.at))
		}
	}
	return b.String(), args
}

// InTicket is a message and its ticket.
type InTicket struct{ Message, Ticket int64 }

// TicketsWith returns the messages that are in tickets matching l, with their tickets, newest
// first. A merged ticket is not matched by itself: it is part of the other one.
func TicketsWith(tx *sqldb.Tx, messages []int64, l Like) ([]InTicket, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	where, args := l.conditions()
	var out []InTicket
	err := tx.SelectIn(&out, `SELECT m.id AS message, t.id AS ticket FROM messages m JOIN tickets t ON t.id = m.ticket
		WHERE m.id IN (?)`+where+` ORDER BY m.id DESC`, append([]any{messages}, args...)...)
	return out, err
}

// TicketsLike returns the tickets matching l, the most recently changed first.
func TicketsLike(tx *sqldb.Tx, l Like, skip, limit int) ([]tickets.Ticket, error) {
	if len(l.Status) == 0 {
		for _, s := range tickets.Statuses() {
			l.Status = append(l.Status, string(s))
		}
	}
	// The index has the tickets of one status in this order, so the first tickets of each status
	// are read from it and only these are sorted. For several statuses at once the database would
	// read and sort all their tickets. An agent has few tickets, and another index has them.
	const order = ` ORDER BY updated DESC, id DESC`
	groups := slices.Collect(slices.Chunk(l.Status, 1))
	if len(l.Assignees) > 0 && !slices.Contains(l.Assignees, "") {
		groups = [][]string{l.Status}
	}
	var first []string
	var args []any
	for i, group := range groups {
		of := l
		of.Status = group
		where, more := of.conditions()
		first = append(first, `SELECT id, updated FROM (SELECT id, updated FROM tickets t
			WHERE merged_into IS NULL`+where+order+` LIMIT ?) AS s`+strconv.Itoa(i))
		args = append(append(args, more...), skip+limit)
	}
	var rows []ticketRow
	err := tx.SelectIn(&rows, `SELECT `+ticketColumns+` FROM tickets
		WHERE id IN (SELECT id FROM (`+strings.Join(first, ` UNION ALL `)+`) AS first`+order+` LIMIT ? OFFSET ?)`+order,
		append(args, limit, skip)...)
	return convert(rows, (*ticketRow).ticket), err
}
