package store

import (
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// waitingRow is a range of messages whose words are not in the index yet.
type waitingRow struct{ Last, First int64 }

var waitingTable = &batch.Table[waitingRow]{
	Name: "search_waiting", Columns: "last, first",
	Values: func(r *waitingRow) []any { return []any{r.Last, r.First} },
}

// toIndex remembers that a new message has to be put into the index. Those of one transaction are
// neighbours mostly, and share a row.
func (u *unit) toIndex(id int64) error {
	if r := u.waiting.Last(func(*waitingRow) bool { return true }); r != nil && r.Last+1 == id {
		r.Last = id
		return nil
	}
	return u.waiting.Add(waitingRow{Last: id, First: id})
}

// PopUnsearched takes out messages that are not in the index yet, at most limit, the newest first,
// past those that another transaction has in hand, or after waiting for it. Those of whose numbers
// there are none count, too: empty reports whether nothing waits any more.
func PopUnsearched(tx *sqldb.Tx, limit int, waits bool) (out []tickets.Message, empty bool, err error) {
	var ranges []waitingRow
	const most = 100
	query := `SELECT last, first FROM search_waiting ORDER BY last DESC LIMIT ? /*pg FOR UPDATE SKIP LOCKED */`
	if waits {
		query = `SELECT last, first FROM search_waiting ORDER BY last DESC LIMIT ? /*pg FOR UPDATE */`
	}
	err = tx.Select(&ranges, query, most)
	if err != nil {
		return nil, false, err
	}
	for i, r := range ranges {
		left := limit - len(out)
		if left <= 0 {
			return out, false, nil
		}
		var rows []messageRow
		err := tx.Select(&rows, `SELECT `+messageColumns+` FROM messages WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`,
			r.First, r.Last, left)
		if err != nil {
			return nil, false, err
		}
		if _, err := tx.Exec(`DELETE FROM search_waiting WHERE last = ?`, r.Last); err != nil {
			return nil, false, err
		}
		if len(rows) == left {
			if below := rows[left-1].ID - 1; below >= r.First {
				_, err := tx.Exec(`INSERT INTO search_waiting (last, first) VALUES (?, ?)`, below, r.First)
				if err != nil {
					return nil, false, err
				}
			}
		}
		more, err := messages(rows)
		if err != nil {
			return nil, false, err
		}
		out, empty = append(out, more...), len(rows) < left && i == len(ranges)-1 && len(ranges) < most
	}
	return out, empty || len(ranges) == 0, nil
}

// Unsearched returns about how many messages are not in the index yet: numbers of which there is no
// message count, too.
func Unsearched(tx *sqldb.Tx) (int64, error) {
	var n int64
	err := tx.Get(&n, `SELECT COALESCE(SUM(last - first + 1), 0) FROM search_waiting`)
	return n, err
}

// Names returns the names of people by their numbers.
func Names(tx *sqldb.Tx, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID   int64
		Name string
	}
	if err := tx.SelectIn(&rows, `SELECT id, name FROM people WHERE id IN (?)`, ids); err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}

// ParticipantsOf returns who takes part in some tickets.
func ParticipantsOf(tx *sqldb.Tx, ids []int64) (map[int64][]tickets.Participant, error) {
	out := map[int64][]tickets.Participant{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []participantRow
	if err := tx.SelectIn(&rows, participantQuery.Text, ids); err != nil {
		return nil, err
	}
	for i := range rows {
		out[rows[i].Ticket] = append(out[rows[i].Ticket], rows[i].participant())
	}
	return out, nil
}

// TicketsByID returns tickets by their numbers.
func TicketsByID(tx *sqldb.Tx, ids []int64) (map[int64]tickets.Ticket, error) {
	out := map[int64]tickets.Ticket{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []ticketRow
	if err := tx.SelectIn(&rows, `SELECT `+ticketColumns+` FROM tickets WHERE id IN (?)`, ids); err != nil {
		return nil, err
	}
	for i := range rows {
		out[rows[i].ID] = rows[i].ticket()
	}
	return out, nil
}

// MessagesByID returns messages by their numbers.
func MessagesByID(tx *sqldb.Tx, ids []int64) (map[int64]tickets.Message, error) {
	out := map[int64]tickets.Message{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []messageRow
	if err := tx.SelectIn(&rows, `SELECT `+messageColumns+` FROM messages WHERE id IN (?)`, ids); err != nil {
		return nil, err
	}
	for i := range rows {
		m, err := rows[i].message()
		if err != nil {
			return nil, err
		}
		out[m.ID] = m
	}
	return out, nil
}
