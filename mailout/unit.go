package mailout

import (
	"database/sql"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

var (
	table = &batch.Table[row]{
		Name: "outbox", KeyColumns: "id", Lost: ErrAlready,
		Columns: "id, mail, inbox, ticket, kind, party, person, recipient, mailbox, automatic, message_id, after_message, message, created, urgency, state, next_attempt, expires",
		Key:     func(r *row) any { return r.ID },
		Append: func(r *row, args []any) []any {
			return append(args, r.ID, r.Group, r.Inbox, r.Ticket, r.Kind, r.Party, r.Person, r.Recipient, r.Mailbox, r.Automatic,
				r.MessageID, r.AfterMessage, r.Message, r.Created, r.Urgency, r.State, r.NextAttempt, r.Expires)
		},
	}
	contentTable = &batch.Table[contentRow]{
		Name: "outbox_content", Columns: "id, content, base, last",
		Append: func(r *contentRow, args []any) []any { return append(args, r.id, r.text, r.base, r.last) },
	}
	mailboxQuery = &batch.Query[string, string]{Text: `SELECT DISTINCT mailbox FROM outbox WHERE mailbox IN (?)`,
		Key: func(m *string) string { return *m }}
	noticeQuery = &batch.Query[int64, row]{Text: `SELECT ` + columns + ` FROM outbox o WHERE o.id IN (?) ORDER BY o.id`,
		Key: func(r *row) int64 { return r.ID }}
)

type contentRow struct {
	id   int64
	text string
	base sql.NullInt64 // the mail whose text it shares
	last sql.NullInt64 // the last mail that shares its text
}

// unit is the unit of work of a transaction: the mails to be written in one batch, and what was
// read for a whole batch of mails.
type unit struct {
	mails     batch.Rows[row]
	contents  batch.Rows[contentRow]
	mailboxes batch.Cache[string, string] // whether any mail was ever made for them
	notices   batch.Cache[int64, row]     // by id
	ever      int64                       // the greatest id in the database; negative until it has been read
	greatest  int64                       // the greatest id of the mails added
}

func unitOf(tx *sqldb.Tx) *unit {
	return sqldb.WorkOf(tx, func(tx *sqldb.Tx) *unit {
		u := &unit{mails: table.In(tx), ever: -1}
		u.contents = contentTable.In(tx, &u.mails)
		return u
	})
}

func (u *unit) add(r row, c contentRow) error {
	u.mailboxes.Forget(r.Mailbox)
	u.notices.Forget(r.ID)
	u.greatest = max(u.greatest, r.ID)
	if err := u.mails.Add(r); err != nil {
		return err
	}
	return u.contents.Add(c)
}

// into returns a condition that holds for mails to a mailbox.
func into(mailbox string) func(*row) bool {
	return func(r *row) bool { return r.Mailbox == mailbox }
}

// Flush writes the pending mails.
func (u *unit) Flush() error {
	if err := u.mails.Flush(); err != nil {
		return err
	}
	return u.contents.Flush()
}

// Forget drops what was read.
func (u *unit) Forget() {
	u.mailboxes.Clear()
	u.notices.Clear()
}

// Discard drops what was read and the pending mails.
func (u *unit) Discard() {
	u.mails.Discard()
	u.contents.Discard()
	u.Forget()
}
