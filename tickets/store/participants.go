package store

import (
	"slices"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var participantTable = sqldb.NewTable("participants", "ticket, address, role, added", sqldb.Refers(ticketTable), sqldb.OnConflictDoNothing(2))

type participantRow struct {
	Ticket  int64  `db:"ticket"`
	Address string `db:"address"`
	Role    string `db:"role"`
	Name    string `db:"name"`
	Shown   string `db:"shown"`
	Person  int64  `db:"person"`
	Muted   bool   `db:"muted"`
}

func (r *participantRow) participant() tickets.Participant {
	return tickets.Participant{Address: r.Address, Role: tickets.Role(r.Role), Name: r.Name, Shown: r.Shown, Person: r.Person, Muted: r.Muted}
}

// Participants gives all of a ticket, the requester first.
func Participants(tx *sqldb.Tx, ticket int64) ([]tickets.Participant, error) {
	if rows, seen := sqldb.Cached(tx, participantQuery, ticket); seen {
		return convert(rows, (*participantRow).participant), nil
	}
	var rows []participantRow
	const query = `SELECT ` + participantColumns + ` WHERE p.ticket = ? ` + participantOrder
	if err := tx.Lookup(participantTable, "ticket", ticket).Without(addressTable).Select(&rows, query, ticket); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(rows, func(r participantRow) bool { return tx.Lookup(addressTable, "address", r.Address).HasPending() }) {
		rows = nil
		if err := tx.Select(&rows, query, ticket); err != nil {
			return nil, err
		}
	}
	return convert(rows, (*participantRow).participant), nil
}

const (
	participantColumns = `p.address, p.role, COALESCE(pe.name, '') AS name, COALESCE(a.shown, p.address) AS shown, COALESCE(a.person, 0) AS person,
		CASE WHEN a.muted IS NULL THEN 0 ELSE 1 END = 1 AS muted
		FROM participants p LEFT JOIN addresses a ON a.address = p.address LEFT JOIN people pe ON pe.id = a.person`
	participantOrder = `ORDER BY CASE p.role WHEN 'requester' THEN 0 ELSE 1 END, p.address`
)

// TakesPart reports whether the address is a participant.
func TakesPart(tx *sqldb.Tx, ticket int64, address string) (bool, error) {
	if rows, seen := sqldb.Cached(tx, participantQuery, ticket); seen {
		return slices.ContainsFunc(rows, func(r participantRow) bool { return r.Address == address }), nil
	}
	var one int
	return tx.Lookup(participantTable, "ticket, address", ticket, address).Find(&one, `SELECT 1 FROM participants WHERE ticket = ? AND address = ?`, ticket, address)
}

// Join adds a participant, unless the address is one.
func Join(tx *sqldb.Tx, ticket int64, address string, role tickets.Role) error {
	return tx.Insert(participantTable, ticket, address, string(role), sqldb.At(tx.Now()))
}

// Leave takes a participant out; false if he was none.
func Leave(tx *sqldb.Tx, ticket int64, address string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM participants WHERE ticket = ? AND address = ? AND role <> 'requester'`, ticket, address)
	return n > 0, err
}
