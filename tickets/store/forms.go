package store

import (
	"encoding/json"
	"fmt"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

const formColumns = `id, ticket, form, state, asked_by, asked, answers, side, request, sent`

type formRow struct {
	ID      int64      `db:"id"`
	Ticket  int64      `db:"ticket"`
	Form    string     `db:"form"`
	State   string     `db:"state"`
	AskedBy string     `db:"asked_by"`
	Asked   int        `db:"asked"`
	Answers string     `db:"answers"`
	Side    int64      `db:"side"`
	Request int64      `db:"request"`
	Sent    sqldb.Time `db:"sent"`
}

func (r *formRow) filling() (tickets.Filling, error) {
	f := tickets.Filling{ID: r.ID, Ticket: r.Ticket, State: tickets.FillingState(r.State), By: tickets.Actor(r.AskedBy), Asked: r.Asked,
		Side: r.Side, Request: r.Request, Sent: r.Sent.Time}
	if err := json.Unmarshal([]byte(r.Form), &f.Form); err != nil {
		return f, fmt.Errorf("the form %d: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Answers), &f.Answers); err != nil {
		return f, fmt.Errorf("the answers to form %d: %w", r.ID, err)
	}
	if f.Answers == nil {
		f.Answers = map[string]string{}
	}
	return f, nil
}

// Fillings returns the forms that were sent in a ticket, oldest first.
func Fillings(tx *sqldb.Tx, ticket int64) ([]tickets.Filling, error) {
	var rows []formRow
	if err := tx.Select(&rows, `SELECT `+formColumns+` FROM forms WHERE ticket = ? ORDER BY id`, ticket); err != nil {
		return nil, err
	}
	out := make([]tickets.Filling, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].filling(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// FillingOfSide returns the newest form for which a third person was asked in a side conversation.
func FillingOfSide(tx *sqldb.Tx, side int64) (tickets.Filling, bool, error) {
	var r formRow
	found, err := tx.Find(&r, `SELECT `+formColumns+` FROM forms WHERE side = ? AND side <> 0 ORDER BY id DESC LIMIT 1`, side)
	if err != nil || !found {
		return tickets.Filling{}, false, err
	}
	f, err := r.filling()
	return f, err == nil, err
}

// AddFilling writes a form that is being sent and returns its number.
func AddFilling(tx *sqldb.Tx, f tickets.Filling, now time.Time) (id int64, err error) {
	form, err := json.Marshal(f.Form)
	if err != nil {
		return 0, err
	}
	err = tx.Get(&id,
		`INSERT INTO forms (ticket, name, form, state, asked_by, asked, answers, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		f.Ticket, f.Form.Name, string(form), string(f.State), string(f.By), f.Asked, "{}", sqldb.At(now))
	return id, err
}

// MoveFilling moves a form to another ticket.
func MoveFilling(tx *sqldb.Tx, id, ticket int64) error {
	_, err := tx.Exec(`UPDATE forms SET ticket = ? WHERE id = ?`, ticket, id)
	return err
}

// SaveFilling updates the state of a form.
func SaveFilling(tx *sqldb.Tx, f tickets.Filling) error {
	answers, err := json.Marshal(f.Answers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE forms SET state = ?, asked = ?, answers = ?, side = ?, request = ? WHERE id = ?`, string(f.State), f.Asked,
		string(answers), f.Side, f.Request, f.ID)
	return err
}
