package store

import (
	"slices"
	"time"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

type participantRow struct {
	Ticket  int64
	Address string
	Role    string
	Name    string
	Shown   string
	Person  int64
	Muted   bool
	Added   sqldb.Time
}

var (
	participantTable = &batch.Table[participantRow]{
		Name: "participants", Columns: "ticket, address, role, added", KeyColumns: "ticket, address",
		Key:    func(r *participantRow) any { return ticketKey{r.Ticket, r.Address} },
		Append: func(r *participantRow, args []any) []any { return append(args, r.Ticket, r.Address, r.Role, r.Added) },
	}
	participantQuery = &batch.Query[int64, participantRow]{Text: `SELECT p.ticket, ` + participantColumns +
		` WHERE p.ticket IN (?) ` + participantOrder, Key: func(r *participantRow) int64 { return r.Ticket }}
)

func (r *participantRow) participant() tickets.Participant {
	return tickets.Participant{Address: r.Address, Role: tickets.Role(r.Role), Name: r.Name, Shown: r.Shown, Person: r.Person,
		Muted: r.Muted, Added: r.Added.Time}
}

// Participants returns all participants of a ticket, the requester first.
func Participants(tx *sqldb.Tx, ticket int64) ([]tickets.Participant, error) {
	u := unitOf(tx)
	if rows, ok := u.partOf.Get(ticket); ok {
		return convert(rows, (*participantRow).participant), nil
	}
	var rows []participantRow
	const query = `SELECT ` + participantColumns + ` WHERE p.ticket = ? ` + participantOrder
	if err := u.participants.FlushIf(func(r *participantRow) bool { return r.Ticket == ticket }); err != nil {
		return nil, err
	}
	if err := tx.ByKey().Select(&rows, query, ticket); err != nil {
		return nil, err
	}
	named := func(a *personRow) bool { // since this transaction
		return slices.ContainsFunc(rows, func(r participantRow) bool { return r.Address == a.Address })
	}
	if u.addresses.Any(named) {
		if err := u.addresses.Flush(); err != nil {
			return nil, err
		}
		rows = nil
		if err := tx.ByKey().Select(&rows, query, ticket); err != nil {
			return nil, err
		}
	}
	return convert(rows, (*participantRow).participant), nil
}

const (
	participantColumns = `p.address, p.role, COALESCE(pe.name, '') AS name, COALESCE(a.shown, p.address) AS shown, COALESCE(a.person, 0) AS person,
		CASE WHEN a.muted IS NULL THEN 0 ELSE 1 END = 1 AS muted, p.added
		FROM participants p LEFT JOIN addresses a ON a.address = p.address LEFT JOIN people pe ON pe.id = a.person`
	participantOrder = `ORDER BY CASE p.role WHEN 'requester' THEN 0 ELSE 1 END, p.address`
)

// TakesPart reports whether an address is a participant of a ticket.
func TakesPart(tx *sqldb.Tx, ticket int64, address string) (bool, error) {
	u := unitOf(tx)
	if rows, ok := u.partOf.Get(ticket); ok {
		return slices.ContainsFunc(rows, func(r participantRow) bool { return r.Address == address }), nil
	}
	var one int
	if err := u.participants.FlushIf(func(r *participantRow) bool { return r.Ticket == ticket && r.Address == address }); err != nil {
		return false, err
	}
	return tx.ByKey().Find(&one, `SELECT 1 FROM participants WHERE ticket = ? AND address = ?`, ticket, address)
}

// Join adds a participant, unless the address is one already.
func Join(tx *sqldb.Tx, ticket int64, address string, role tickets.Role) error {
	u := unitOf(tx)
	u.partOf.Forget(ticket)
	return u.participants.Add(participantRow{Ticket: ticket, Address: address, Role: string(role), Added: sqldb.At(tx.Now())})
}

// Leave removes a participant; it returns false if the address was none.
func Leave(tx *sqldb.Tx, ticket int64, address string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM participants WHERE ticket = ? AND address = ? AND role <> 'requester'`, ticket, address)
	return n > 0, err
}

// LeaveTogether removes from a ticket the participants who have joined it only since an instant and
// who are participants of the other ticket, too. The requester stays.
func LeaveTogether(tx *sqldb.Tx, ticket, other int64, since time.Time) error {
	u := unitOf(tx)
	u.partOf.Forget(ticket)
	if err := u.participants.Flush(); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM participants WHERE ticket = ? AND role <> 'requester' AND added >= ?
		AND address IN (SELECT address FROM participants WHERE ticket = ?)`, ticket, sqldb.At(since), other)
	return err
}
