package store

import (
	"slices"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// waitingRow is a range of messages that are not indexed yet.
type waitingRow struct{ Last, First int64 }

var waitingTable = &batch.Table[waitingRow]{
	Name: "search_waiting", Columns: "last, first",
	Append: func(r *waitingRow, args []any) []any { return append(args, r.Last, r.First) },
}

// toIndex records that a new message must be indexed. Messages of one transaction mostly have
// consecutive numbers, and share a row.
func (u *unit) toIndex(id int64) error {
	if r := u.waiting.Last(func(*waitingRow) bool { return true }); r != nil && r.Last+1 == id {
		r.Last = id
		return nil
	}
	return u.waiting.Add(waitingRow{Last: id, First: id})
}

// mostRanges is the maximum number of ranges handled in one transaction.
const mostRanges = 100

// PeekUnsearched returns at most limit messages that are not indexed yet, newest first.
func PeekUnsearched(tx *sqldb.Tx, limit int) (out []tickets.Message, err error) {
	var ranges []waitingRow
	if err := tx.Select(&ranges, `SELECT last, first FROM search_waiting ORDER BY last DESC LIMIT ?`, mostRanges); err != nil {
		return nil, err
	}
	for _, r := range ranges {
		if len(out) == limit {
			break
		}
		rows, err := newestOf(tx, r.First, r.Last, limit-len(out))
		if err != nil {
			return nil, err
		}
		more, err := messages(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func newestOf(tx *sqldb.Tx, first, last int64, limit int) (rows []messageRow, err error) {
	err = tx.Select(&rows, `SELECT `+messageColumns+` FROM messages WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`, first, last, limit)
	return rows, err
}

// PopUnsearched removes from the queue and returns at most limit messages that are not indexed yet,
// newest first. It skips messages locked by another transaction, or waits for them if waits is set.
// It leaves ranges that begin above top. Numbers without a message count as well; empty reports
// whether nothing else is waiting.
func PopUnsearched(tx *sqldb.Tx, top int64, limit int, waits bool) (out []tickets.Message, empty bool, err error) {
	var ranges []waitingRow
	query := `SELECT last, first FROM search_waiting WHERE first <= ? ORDER BY last DESC LIMIT ? /*pg FOR UPDATE SKIP LOCKED */`
	if waits {
		query = `SELECT last, first FROM search_waiting WHERE first <= ? ORDER BY last DESC LIMIT ? /*pg FOR UPDATE */`
	}
	err = tx.Select(&ranges, query, top, mostRanges)
	if err != nil {
		return nil, false, err
	}
	for i, r := range ranges {
		left := limit - len(out)
		if left <= 0 {
			return out, false, nil
		}
		rows, err := newestOf(tx, r.First, r.Last, left)
		if err != nil {
			return nil, false, err
		}
		if _, err := tx.Exec(`DELETE FROM search_waiting WHERE last = ?`, r.Last); err != nil {
			return nil, false, err
		}
		if len(rows) == left {
			if below := rows[left-1].ID - 1; below >= r.First {
				// A message that is rewritten meanwhile has a row of its own.
				_, err := tx.Exec(`INSERT INTO search_waiting (last, first) VALUES (?, ?) ON CONFLICT (last) DO UPDATE
					SET first = CASE WHEN excluded.first < search_waiting.first THEN excluded.first ELSE search_waiting.first END`, below, r.First)
				if err != nil {
					return nil, false, err
				}
			}
		}
		more, err := messages(rows)
		if err != nil {
			return nil, false, err
		}
		for _, m := range more {
			// A message that was rewritten while it waited is in two ranges.
			if !slices.ContainsFunc(out, func(o tickets.Message) bool { return o.ID == m.ID }) {
				out = append(out, m)
			}
		}
		empty = len(rows) < left && i == len(ranges)-1 && len(ranges) < mostRanges
	}
	return out, empty || len(ranges) == 0, nil
}

// Unsearched returns the approximate number of messages that are not indexed yet: numbers without a
// message count as well.
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

// ParticipantsOf returns the participants of some tickets.
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
