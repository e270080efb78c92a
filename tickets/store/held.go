package store

import (
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

var heldTable = &batch.Table[heldRow]{
	Name: "held", Columns: heldColumns,
	Append: func(r *heldRow, args []any) []any {
		return append(args, r.ID, r.Ticket, r.Agent, r.Inbound, r.Reason, r.State, r.Notice, r.At)
	},
}

const heldColumns = `id, ticket, agent, inbound, reason, state, notice, at`

type heldRow struct {
	ID      int64
	Ticket  int64
	Agent   string
	Inbound int64
	Reason  string
	State   string
	Notice  int64
	At      sqldb.Time
}

func (r *heldRow) held() tickets.HeldMail {
	return tickets.HeldMail{ID: r.ID, Ticket: r.Ticket, Agent: r.Agent, Inbound: r.Inbound, Reason: tickets.HoldReason(r.Reason),
		State: tickets.HeldState(r.State), Notice: r.Notice, At: r.At.Time}
}

// Hold stores an agent's mail until the agent decides about it.
func Hold(tx *sqldb.Tx, h tickets.HeldMail) (int64, error) {
	id, err := tx.Number("held", 0)
	if err != nil {
		return 0, err
	}
	return id, unitOf(tx).held.Add(heldRow{ID: id, Ticket: h.Ticket, Agent: h.Agent, Inbound: h.Inbound, Reason: string(h.Reason),
		State: string(tickets.HeldWaiting), Notice: h.Notice,
		At: sqldb.At(tx.Now())})
}

// NoticeOfHeld records which notice reported a held mail.
func NoticeOfHeld(tx *sqldb.Tx, id, notice int64) error {
	if r := unitOf(tx).held.Last(func(r *heldRow) bool { return r.ID == id }); r != nil {
		r.Notice = notice
		return tx.Err()
	}
	_, err := tx.ByKey().Exec(`UPDATE held SET notice = ? WHERE id = ?`, notice, id)
	return err
}

// HeldByNotice returns the held mail that a notice reported. For any other notice (or 0) it returns
// the agent's newest mail in the ticket that still waits.
func HeldByNotice(tx *sqldb.Tx, notice, ticket int64, agent string) (tickets.HeldMail, bool, error) {
	var r heldRow
	const columns = `SELECT ` + heldColumns + ` FROM held `
	if err := writeHeld(tx, func(r *heldRow) bool { return r.Notice == notice || r.Ticket == ticket }); err != nil {
		return tickets.HeldMail{}, false, err
	}
	if notice != 0 {
		if found, err := tx.ByKey().Find(&r, columns+`WHERE notice = ?`, notice); err != nil || found {
			return r.held(), found, err
		}
	}
	newest := columns + `WHERE ticket = ? AND agent = ? AND state = 'waiting' ORDER BY id DESC LIMIT 1`
	found, err := tx.ByKey().Find(&r, newest, ticket, agent)
	return r.held(), found, err
}

// WaitingHeld returns an agent's newest mail in a ticket that is held for the given reason and
// still waits.
func WaitingHeld(tx *sqldb.Tx, ticket int64, agent string, reason tickets.HoldReason) (tickets.HeldMail, bool, error) {
	var r heldRow
	if err := writeHeld(tx, func(r *heldRow) bool { return r.Ticket == ticket }); err != nil {
		return tickets.HeldMail{}, false, err
	}
	found, err := tx.ByKey().Find(&r, `SELECT id, ticket, agent, inbound, reason, state, notice, at FROM held WHERE ticket = ? AND agent = ? AND state = 'waiting' AND reason = ?
		ORDER BY id DESC LIMIT 1`, ticket, agent, string(reason))
	return r.held(), found, err
}

// WaitingDraft returns a trainee's newest answer in a ticket that waits for a lead.
func WaitingDraft(tx *sqldb.Tx, ticket int64) (tickets.HeldMail, bool, error) {
	var r heldRow
	if err := writeHeld(tx, func(r *heldRow) bool { return r.Ticket == ticket }); err != nil {
		return tickets.HeldMail{}, false, err
	}
	found, err := tx.ByKey().Find(&r, `SELECT id, ticket, agent, inbound, reason, state, notice, at FROM held WHERE ticket = ? AND state = 'waiting' AND reason = ?
		ORDER BY id DESC LIMIT 1`, ticket, string(tickets.HoldDraft))
	return r.held(), found, err
}

// writeHeld flushes pending held mails if one of them may match a following query by key.
func writeHeld(tx *sqldb.Tx, such func(*heldRow) bool) error { return unitOf(tx).held.FlushIf(such) }

// HeldFor returns the agents' mails that are held for a reason and still wait, oldest first.
func HeldFor(tx *sqldb.Tx, reason tickets.HoldReason, limit int) ([]tickets.HeldMail, error) {
	var rows []heldRow
	err := tx.Select(&rows, `SELECT id, ticket, agent, inbound, reason, state, notice, at FROM held WHERE state = 'waiting' AND reason = ? ORDER BY at, id LIMIT ?`, string(reason), limit)
	out := make([]tickets.HeldMail, len(rows))
	for i := range rows {
		out[i] = rows[i].held()
	}
	return out, err
}

// SettleHeld sets the final state of a held mail. It returns false if the mail was no longer
// waiting.
func SettleHeld(tx *sqldb.Tx, id int64, state tickets.HeldState) (bool, error) {
	n, err := tx.Exec(`UPDATE held SET state = ?, settled = ? WHERE id = ? AND state = 'waiting'`, string(state), sqldb.At(tx.Now()), id)
	return n > 0, err
}
