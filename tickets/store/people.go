package store

import (
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var (
	personTable  = sqldb.NewTable("people", "id, name, language, created")
	addressTable = sqldb.NewTable("addresses", "address, person, shown, created", sqldb.Refers(personTable))
)

type personRow struct {
	ID       int64      `db:"id"`
	Name     string     `db:"name"`
	Language string     `db:"language"`
	Address  string     `db:"address"`
	Shown    string     `db:"shown"`
	Muted    sqldb.Time `db:"muted"`
	Blocked  sqldb.Time `db:"blocked"`
	Allowed  sqldb.Time `db:"allowed"`
}

func (r *personRow) person() tickets.Person {
	return tickets.Person{ID: r.ID, Name: r.Name, Language: r.Language, Address: r.Address, Shown: r.Shown, Muted: r.Muted.Time, Blocked: r.Blocked.Time, Allowed: r.Allowed.Time}
}

const personColumns = `p.id, p.name, p.language, a.address, a.shown, a.muted, a.blocked, a.allowed FROM addresses a JOIN people p ON p.id = a.person`

// PersonAt finds who writes from a folded address.
func PersonAt(tx *sqldb.Tx, address string) (tickets.Person, bool, error) {
	if rows, seen := sqldb.Cached(tx, personQuery, address); seen {
		if len(rows) == 0 {
			return tickets.Person{}, false, nil
		}
		return rows[0].person(), true, nil
	}
	var r personRow
	found, err := tx.Lookup(addressTable, "address", address).Find(&r, `SELECT `+personColumns+` WHERE a.address = ?`, address)
	return r.person(), found, err
}

// PersonByID reads a person with the address that he was first seen under.
func PersonByID(tx *sqldb.Tx, id int64) (tickets.Person, bool, error) {
	var r personRow
	found, err := tx.Find(&r, `SELECT p.id, p.name, p.language, a.address, a.shown, a.muted, a.blocked, a.allowed FROM people p JOIN addresses a ON a.person = p.id WHERE p.id = ? ORDER BY a.created, a.address LIMIT 1`, id)
	return r.person(), found, err
}

// AddPerson makes a person for an address that nobody is known by (PersonAt). If another transaction was first this one fails, see sqldb.Unique.
func AddPerson(tx *sqldb.Tx, name, folded, shown, language string) (tickets.Person, error) {
	id, err := tx.Number(personTable, 0)
	if err != nil {
		return tickets.Person{}, err
	}
	if err := tx.Insert(personTable, id, name, language, sqldb.At(tx.Now())); err != nil {
		return tickets.Person{}, err
	}
	tx.MarkAbsent(ticketTable, "requester", [][]any{{id}}) // nobody has asked before he was there
	return tickets.Person{ID: id, Name: name, Language: language, Address: folded, Shown: shown}, tx.Insert(addressTable, folded, id, shown, sqldb.At(tx.Now()))
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

// SetSenderVerdict blocks an address (allow false) or lets it past spam verdicts, whatever was said of it before. An address that never wrote is entered.
func SetSenderVerdict(tx *sqldb.Tx, address string, allow bool) error {
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
