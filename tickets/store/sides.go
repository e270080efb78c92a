package store

import (
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

const sideColumns = `id, ticket, party, address, shown, language, asked_by, state, question, mail, reminded, asked, settled, vendor, reference, remind`

type sideRow struct {
	ID        int64      `db:"id"`
	Ticket    int64      `db:"ticket"`
	Party     string     `db:"party"`
	Address   string     `db:"address"`
	Shown     string     `db:"shown"`
	Language  string     `db:"language"`
	AskedBy   string     `db:"asked_by"`
	State     string     `db:"state"`
	Question  int64      `db:"question"`
	Mail      int64      `db:"mail"`
	Reminded  int        `db:"reminded"`
	Asked     sqldb.Time `db:"asked"`
	Settled   sqldb.Time `db:"settled"`
	Vendor    string     `db:"vendor"`
	Reference string     `db:"reference"`
	Remind    int64      `db:"remind"`
}

func (r *sideRow) side() tickets.Side {
	return tickets.Side{ID: r.ID, Ticket: r.Ticket, Party: r.Party, Address: r.Address, Shown: r.Shown, Language: r.Language,
		AskedBy: r.AskedBy,
		State:   tickets.SideState(r.State), Question: r.Question, Mail: r.Mail, Reminded: r.Reminded, Asked: r.Asked.Time,
		Settled: r.Settled.Time, Vendor: r.Vendor, Reference: r.Reference,
		Remind: time.Duration(r.Remind) * time.Millisecond}
}

// SideWith returns the side conversation of a ticket with an address.
func SideWith(tx *sqldb.Tx, ticket int64, party, address string) (tickets.Side, bool, error) {
	var r sideRow
	found, err := tx.Find(&r, `SELECT `+sideColumns+` FROM sides WHERE ticket = ? AND party = ? AND address = ?`, ticket, party, address)
	return r.side(), found, err
}

// SideOfNumber returns the newest side conversation with a vendor to which the vendor has given
// this number.
func SideOfNumber(tx *sqldb.Tx, vendor, number string) (tickets.Side, bool, error) {
	var r sideRow
	found, err := tx.Find(&r, `SELECT `+sideColumns+` FROM sides
		WHERE vendor = ? AND reference = ? AND reference <> '' ORDER BY id DESC LIMIT 1`,
		vendor, number)
	return r.side(), found, err
}

// SideByID reads a side conversation.
func SideByID(tx *sqldb.Tx, id int64) (tickets.Side, bool, error) {
	var r sideRow
	found, err := tx.Find(&r, `SELECT `+sideColumns+` FROM sides WHERE id = ?`, id)
	return r.side(), found, err
}

// OpenSide creates a side conversation and returns its number.
func OpenSide(tx *sqldb.Tx, s tickets.Side) (id int64, err error) {
	err = tx.Get(&id,
		`INSERT INTO sides (ticket, party, address, shown, language, asked_by, state, asked, vendor)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		s.Ticket, s.Party, s.Address, s.Shown, s.Language, s.AskedBy, string(s.State), sqldb.At(s.Asked), s.Vendor)
	return id, err
}

// SaveSide updates the state of a side conversation.
func SaveSide(tx *sqldb.Tx, s tickets.Side) error {
	_, err := tx.Exec(`UPDATE sides SET asked_by = ?, state = ?, question = ?, mail = ?, reminded = ?, asked = ?, settled = ?, reference = ?,
		remind = ?
		WHERE id = ?`,
		s.AskedBy, string(s.State), s.Question, s.Mail, s.Reminded, sqldb.At(s.Asked), sqldb.At(s.Settled), s.Reference,
		s.Remind.Milliseconds(), s.ID)
	return err
}

// VendorsInUse returns the number of open tickets that wait for each vendor.
func VendorsInUse(tx *sqldb.Tx) (map[string]int, error) {
	var rows []struct {
		Vendor string `db:"vendor"`
		N      int    `db:"n"`
	}
	err := tx.Select(&rows, `SELECT s.vendor, COUNT(DISTINCT s.ticket) AS n FROM sides s JOIN tickets t ON t.id = s.ticket
		WHERE s.vendor <> '' AND s.state = ? AND t.status IN ('new', 'open', 'pending', 'on-hold') AND t.merged_into IS NULL
		GROUP BY s.vendor`, string(tickets.SideWaiting))
	out := map[string]int{}
	for _, r := range rows {
		out[r.Vendor] = r.N
	}
	return out, err
}

// AddSideMessage adds a message of the ticket to a side conversation, in which it has its own
// Message-ID.
func AddSideMessage(tx *sqldb.Tx, side, message int64, messageID string) error {
	_, err := tx.Exec(`INSERT INTO side_messages (side, message, message_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, side, message,
		messageID)
	return err
}

// SideThread returns the messages of a side conversation and their Message-IDs in it, oldest first.
func SideThread(tx *sqldb.Tx, side int64) (messages []int64, messageIDs []string, err error) {
	var rows []struct {
		Message   int64  `db:"message"`
		MessageID string `db:"message_id"`
	}
	err = tx.Select(&rows, `SELECT message, message_id FROM side_messages WHERE side = ? ORDER BY message`, side)
	for _, r := range rows {
		messages = append(messages, r.Message)
		if r.MessageID != "" {
			messageIDs = append(messageIDs, r.MessageID)
		}
	}
	return messages, messageIDs, err
}
