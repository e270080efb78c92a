package store

import (
	"cmp"
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

type personRow struct {
	ID       int64
	Name     string
	Language string
	Address  string
	Shown    string
	Muted    sqldb.Time
	Blocked  sqldb.Time
	Allowed  sqldb.Time
	created  sqldb.Time
}

var (
	personTable = &batch.Table[personRow]{
		Name: "people", Columns: "id, name, language, created",
		Append: func(r *personRow, args []any) []any { return append(args, r.ID, r.Name, r.Language, r.created) },
	}
	addressTable = &batch.Table[personRow]{
		Name: "addresses", Columns: "address, person, shown, created",
		Append: func(r *personRow, args []any) []any { return append(args, r.Address, r.ID, r.Shown, r.created) },
	}
	personQuery = &batch.Query[string, personRow]{Text: `SELECT ` + personColumns + ` WHERE a.address IN (?) ORDER BY a.address`,
		Key: func(r *personRow) string { return r.Address }}
)

func (r *personRow) person() tickets.Person {
	return tickets.Person{ID: r.ID, Name: r.Name, Language: r.Language, Address: r.Address, Shown: r.Shown, Muted: r.Muted.Time,
		Blocked: r.Blocked.Time, Allowed: r.Allowed.Time}
}

const personColumns = `p.id, p.name, p.language, a.address, a.shown, a.muted, a.blocked, a.allowed FROM addresses a JOIN people p ON p.id = a.person`

// PersonAt returns the person who writes from a folded address.
func PersonAt(tx *sqldb.Tx, address string) (tickets.Person, bool, error) {
	u, address := unitOf(tx), sqldb.Clean(address)
	if rows, ok := u.persons.Get(address); ok {
		if len(rows) == 0 {
			return tickets.Person{}, false, nil
		}
		return rows[0].person(), true, nil
	}
	if r := u.addresses.Last(func(r *personRow) bool { return r.Address == address }); r != nil {
		return r.person(), true, tx.Err()
	}
	var r personRow
	found, err := tx.ByKey().Find(&r, `SELECT `+personColumns+` WHERE a.address = ?`, address)
	return r.person(), found, err
}

// PersonByID returns a person, with the address under which they were first seen.
func PersonByID(tx *sqldb.Tx, id int64) (tickets.Person, bool, error) {
	var r personRow
	found, err := tx.Find(&r, `SELECT p.id, p.name, p.language, a.address, a.shown, a.muted, a.blocked, a.allowed FROM people p JOIN addresses a ON a.person = p.id WHERE p.id = ? ORDER BY a.created, a.address LIMIT 1`, id)
	return r.person(), found, err
}

// AddPerson adds a person for an address that belongs to nobody yet (see PersonAt). It fails if
// another transaction has added one meanwhile, see sqldb.Unique.
func AddPerson(tx *sqldb.Tx, name, folded, shown, language string) (tickets.Person, error) {
	name, folded, shown, language = sqldb.Clean(name), sqldb.Clean(folded), sqldb.Clean(shown), sqldb.Clean(language)
	id, err := tx.Number("people", 0)
	if err != nil {
		return tickets.Person{}, err
	}
	u := unitOf(tx)
	u.persons.Forget(folded)
	u.partOf.ForgetIf(func(r *participantRow) bool { return r.Address == folded })
	u.opened.Put(id) // a new person has opened no tickets
	r := personRow{ID: id, Name: name, Language: language, Address: folded, Shown: shown, created: sqldb.At(tx.Now())}
	if err := u.people.Add(r); err != nil {
		return tickets.Person{}, err
	}
	return r.person(), u.addresses.Add(r)
}

// Rename sets the name of a person, known by a folded address, to the one they write under now.
func Rename(tx *sqldb.Tx, p tickets.Person, name string) error {
	u := unitOf(tx)
	same := func(r *personRow) bool { return r.ID == p.ID } // under any address
	u.persons.ForgetIf(same)
	u.partOf.ForgetIf(func(r *participantRow) bool { return r.Person == p.ID || r.Address == p.Address })
	if err := cmp.Or(u.people.FlushIf(same), u.addresses.FlushIf(same)); err != nil {
		return err
	}
	_, err := tx.ByKey().Exec(`UPDATE people SET name = ? WHERE id = ?`, sqldb.Clean(name), p.ID)
	return err
}

// Mute stops automatic mail to an address whose mailbox does not exist. It reports whether the
// address was not muted before.
func Mute(tx *sqldb.Tx, address, reason string) (bool, error) {
	if err := unitOf(tx).addresses.Flush(); err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE addresses SET muted = ?, mute_reason = ? WHERE address = ? AND muted IS NULL`, sqldb.At(tx.Now()),
		reason, address)
	return n > 0, err
}

// Unmute allows automatic mail to an address again.
func Unmute(tx *sqldb.Tx, address string) error {
	_, err := tx.Exec(`UPDATE addresses SET muted = NULL, mute_reason = '' WHERE address = ? AND muted IS NOT NULL`, address)
	return err
}

// SetSenderVerdict blocks an address or, if allow is set, exempts it from spam verdicts. It
// replaces an earlier verdict, and adds an address that has never written.
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
