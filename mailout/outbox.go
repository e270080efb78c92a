package mailout

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/migrations/batch"
	"tierdesk/migrations/sqldb"
)

// ErrNone means that there is no such mail in the outbox, or that its content has been dropped.
var ErrNone = errors.New("no such mail in the outbox")

// ErrInHand means that a sender holds a claim on the mail, so its state cannot be changed.
var ErrInHand = errors.New("this mail is being sent just now")

// Row is a mail in the outbox with its state. Notice, ByMessageID and List return it without
// content: the fields that hold what the mail says (From, To, Subject, Text and so on) are empty.
type Row struct {
	Mail        Mail
	State       State
	Attempts    int       // begun and not released
	NextAttempt time.Time // of a waiting mail: when it is due; in hand: when its claim ends
	InHand      bool      // a sender has claimed it
	FirstFailed time.Time // zero if no attempt has failed
	Warned      time.Time // when the delay was reported
	Error       string    // what the server or the gate said last
	Sent        time.Time
	Spent       time.Time // when its reply token was used up
	Passed      time.Time // when a person let it past the last gate
	Interrupted int       // attempts to compose it that did not end
}

// Live reports whether the reply token of the row is still valid at the given time.
func (r Row) Live(now time.Time) bool {
	return r.Spent.IsZero() && (r.Mail.Expires.IsZero() || now.Before(r.Mail.Expires))
}

// Enqueue puts one mail into the outbox; see EnqueueAll.
func Enqueue(tx *sqldb.Tx, m Mail) error { return EnqueueAll(tx, []Mail{m}) }

// EnqueueAll puts mails into the outbox, due at once or at NotBefore, and wakes the senders after
// the commit. ID (from tx.NextID("outbox")), Group, MessageID and Created are set by the caller; an
// unset Created is tx.Now(). If one of the IDs is there already the transaction ends with
// ErrAlready, at the latest at its commit.
func EnqueueAll(tx *sqldb.Tx, mails []Mail) error {
	if len(mails) == 0 {
		return nil
	}
	for i := range mails {
		if err := check(&mails[i]); err != nil {
			return fmt.Errorf("queueing mail %d: %w", mails[i].ID, err)
		}
	}
	contents, err := contentsOf(mails)
	if err != nil {
		return err
	}
	for i := range mails {
		m := &mails[i]
		created := m.Created
		if created.IsZero() {
			created = tx.Now()
		}
		group := m.Group
		if group == 0 {
			group = m.ID
		}
		due := tx.Now()
		if m.NotBefore.After(due) {
			due = m.NotBefore
		}
		err = unitOf(tx).add(row{
			ID: m.ID, Group: group, Inbox: m.Inbox, Ticket: m.Ticket, Kind: m.Kind, Party: string(m.Party), Person: m.Person,
			Recipient: mailin.Fold(m.Recipient), Mailbox: mailin.Mailbox(m.Recipient),
			Automatic: string(m.Automatic), MessageID: m.MessageID, AfterMessage: m.AfterMessage, Message: null(m.Message),
			Created: sqldb.At(created), Urgency: int(m.Urgency),
			State: string(Waiting), NextAttempt: sqldb.At(due), Expires: sqldb.At(m.Expires),
		}, contents[i])
		if err != nil {
			return fmt.Errorf("queueing mail: %w", err)
		}
	}
	tx.Wake(TopicQueued)
	return nil
}

// check refuses what could not be sent, claimed or told apart later: these are faults of the
// caller.
func check(m *Mail) error {
	switch {
	case m.ID <= 0:
		return errors.New("it has no id")
	case m.Inbox == "":
		return errors.New("it has no inbox")
	case !strings.Contains(m.Recipient, "@") || strings.ContainsAny(m.Recipient, "\r\n\x00<>"):
		return errors.New("it has no recipient that can be written to")
	case m.MessageID == "":
		return errors.New("it has no Message-ID")
	case m.Urgency != Answers && m.Urgency != Notices && m.Urgency != Digests:
		return fmt.Errorf("unknown urgency %d", m.Urgency)
	}
	return nil
}

// PrefetchRecipients reads, for all addresses together, whether any mail was ever made for their
// mailboxes.
func PrefetchRecipients(tx *sqldb.Tx, addresses []string) error {
	keys := make([]string, len(addresses))
	for i, a := range addresses {
		keys[i] = mailin.Mailbox(a)
	}
	return batch.Prefetch(tx, &unitOf(tx).mailboxes, mailboxQuery, keys)
}

// PrefetchNotices reads together the rows that Notice will be asked for one by one.
func PrefetchNotices(tx *sqldb.Tx, ids []int64) error {
	return batch.Prefetch(tx, &unitOf(tx).notices, noticeQuery, ids)
}

func repeat(group string, n int) string { return strings.Repeat(group+",", n-1) + group }

// content is the first line of outbox_content: as JSON, the visible mail, and the exact spelling of
// the recipient where folding changed it. The texts follow that line as they are. They are most of
// the content, and in JSON they would have to be escaped, checked and unescaped. For a mail that
// has a base, only the octets that are not in the base follow.
type content struct {
	Mail
	Recipient string `json:"rcpt,omitempty"`
	Texts     []int  `json:"texts,omitempty"`  // octets of Text and of HTML after the line; nil: they are in the line
	Pieces    []int  `json:"pieces,omitempty"` // of the texts; see base.differ
}

// contentsOf returns the content to store for each mail. Text that mails have in common is stored
// once.
func contentsOf(mails []Mail) ([]contentRow, error) {
	out := make([]contentRow, len(mails))
	common := bases{}
	for i := range mails {
		m := &mails[i]
		out[i].id = m.ID
		var err error
		// What is taken from a base was found storable with it, so only the rest is checked.
		if from, pieces, own := common.find(m); from != nil && from.row.id < m.ID && storable(own) {
			out[i].base, from.row.last = null(from.row.id), null(max(from.row.last.Int64, m.ID))
			out[i].text, err = encode(m, true, pieces, own)
		} else {
			behind := storable(m.Text) && storable(m.HTML)
			if behind && i+1 < len(mails) && len(m.Text)+len(m.HTML) >= leastCommon {
				common[m.Kind] = append(common[m.Kind], &base{&out[i], m})
			}
			out[i].text, err = encode(m, behind, nil, m.Text, m.HTML)
		}
		if err != nil {
			return nil, fmt.Errorf("queueing mail %d: %w", m.ID, err)
		}
	}
	return out, nil
}

// encode returns the content of a mail. own are the stored parts of its texts. behind puts them
// after the line of JSON, for which they must be storable.
func encode(m *Mail, behind bool, pieces []int, own ...string) (string, error) {
	c := content{Mail: *m, Pieces: pieces}
	if mailin.Fold(m.Recipient) != m.Recipient {
		c.Recipient = m.Recipient
	}
	if behind {
		c.Texts, c.Text, c.HTML = []int{len(m.Text), len(m.HTML)}, "", ""
	}
	// Nobody shows this in a browser: with < and > as they are it is shorter.
	var out strings.Builder
	size := 800
	for _, part := range own {
		size += len(part)
	}
	out.Grow(size)
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	err := to.Encode(c)
	if behind {
		for _, part := range own {
			out.WriteString(part)
		}
	}
	return out.String(), err
}

// storable reports whether both databases accept the text as it is.
func storable(text string) bool { return strings.IndexByte(text, 0) < 0 && utf8.ValidString(text) }

// decode reads the content of a mail. from is the content of the mail whose text it shares, "" for
// none.
func decode(text, from string, m *Mail) error {
	c := content{Mail: *m}
	line, rest, _ := strings.Cut(text, "\n")
	if err := json.Unmarshal([]byte(line), &c); err != nil {
		return fmt.Errorf("reading the content of mail %d: %w", m.ID, err)
	}
	if len(c.Pieces) > 0 {
		_, common, _ := strings.Cut(from, "\n")
		var err error
		if rest, err = join(common, c.Pieces, rest); err != nil {
			return fmt.Errorf("reading the content of mail %d: %w", m.ID, err)
		}
	}
	if len(c.Texts) == 2 {
		n := c.Texts[0]
		if n < 0 || n > len(rest) || c.Texts[1] != len(rest)-n {
			return fmt.Errorf("reading the content of mail %d: its texts have %d octets, not %v", m.ID, len(rest), c.Texts)
		}
		c.Text, c.HTML = rest[:n], rest[n:]
	}
	rcpt := m.Recipient
	*m = c.Mail
	m.Recipient = rcpt
	if c.Recipient != "" {
		m.Recipient = c.Recipient
	}
	return nil
}

// row is the table's shape.
type row struct {
	ID           int64
	Group        int64 `db:"mail"`
	Inbox        string
	Ticket       int64
	Kind         string
	Party        string
	Person       string
	Recipient    string
	Mailbox      string // only written
	Automatic    string
	MessageID    string `db:"message_id"`
	AfterMessage int64  `db:"after_message"`
	Message      sql.NullInt64
	Created      sqldb.Time
	Urgency      int
	State        string
	NextAttempt  sqldb.Time `db:"next_attempt"`
	Attempts     int
	FirstFailed  sqldb.Time `db:"first_failed"`
	Warned       sqldb.Time
	Holder       string
	Error        string
	Sent         sqldb.Time
	Expires      sqldb.Time
	Spent        sqldb.Time
	Passed       sqldb.Time
	Interrupted  int
}

const columns = `o.id, o.mail, o.inbox, o.ticket, o.kind, o.party, o.person, o.recipient, o.automatic, o.message_id, o.after_message, o.message, o.created, o.urgency,
	o.state, o.next_attempt, o.attempts, o.first_failed, o.warned, o.holder, o.error, o.sent, o.expires, o.spent, o.passed, o.interrupted`

// returned lists the columns as RETURNING names them.
var returned = strings.ReplaceAll(columns, "o.", "")

func (r *row) value() Row {
	return Row{
		Mail: Mail{ID: r.ID, Group: r.Group, Inbox: r.Inbox, Ticket: r.Ticket, Kind: r.Kind, Party: Party(r.Party), Person: r.Person,
			Recipient:    r.Recipient,
			AfterMessage: r.AfterMessage, Message: r.Message.Int64, Automatic: Automatic(r.Automatic), Urgency: Urgency(r.Urgency),
			MessageID: r.MessageID,
			Created:   r.Created.Time, Expires: r.Expires.Time},
		State: State(r.State), Attempts: r.Attempts, NextAttempt: r.NextAttempt.Time, InHand: r.Holder != "" && r.State == string(Waiting),
		FirstFailed: r.FirstFailed.Time, Warned: r.Warned.Time, Error: r.Error, Sent: r.Sent.Time, Spent: r.Spent.Time,
		Passed: r.Passed.Time, Interrupted: r.Interrupted,
	}
}

func null(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// Get returns a mail with its content. It returns ErrNone if there is no such mail or its content
// has been dropped. If the content cannot be read, it returns the row without content, and another
// error.
func Get(tx *sqldb.Tx, id int64) (Row, error) {
	var r struct {
		row
		Content string
		From    string
	}
	if err := unitOf(tx).contents.FlushIf(func(c *contentRow) bool { return c.id == id }); err != nil {
		return Row{}, err
	}
	found, err := tx.ByKey().Find(&r, `SELECT `+columns+`, c.content, COALESCE(b.content, '') AS "from" FROM outbox o JOIN outbox_content c ON c.id = o.id LEFT JOIN outbox_content b ON b.id = c.base WHERE o.id = ?`, id)
	if err != nil {
		return Row{}, fmt.Errorf("reading mail %d of the outbox: %w", id, err)
	}
	if !found {
		return Row{}, fmt.Errorf("mail %d: %w", id, ErrNone)
	}
	out := r.value()
	err = decode(r.Content, r.From, &out.Mail)
	return out, err
}

// Notice returns the row of a mail without content: enough to know whom it went to and whether its
// reply token is live. It returns ErrNone if there is no such mail.
func Notice(tx *sqldb.Tx, id int64) (Row, error) {
	u := unitOf(tx)
	if rows, ok := u.notices.Get(id); ok && len(rows) == 1 {
		return rows[0].value(), nil
	}
	if err := u.mails.FlushIf(func(r *row) bool { return r.ID == id }); err != nil {
		return Row{}, err
	}
	var r row
	found, err := tx.ByKey().Find(&r, `SELECT `+columns+` FROM outbox o WHERE o.id = ?`, id)
	if err != nil {
		return Row{}, fmt.Errorf("reading mail %d of the outbox: %w", id, err)
	}
	if !found {
		return Row{}, fmt.Errorf("mail %d: %w", id, ErrNone)
	}
	return r.value(), nil
}

// ByMessageID returns all copies of the mail with this Message-ID (without brackets), oldest first,
// without content. If there are none it returns no error.
func ByMessageID(tx *sqldb.Tx, messageID string) ([]Row, error) {
	var rows []row
	if err := unitOf(tx).mails.FlushIf(func(r *row) bool { return r.MessageID == messageID }); err != nil {
		return nil, err
	}
	if err := tx.ByKey().Select(&rows, `SELECT `+columns+` FROM outbox o WHERE o.message_id = ? ORDER BY o.id`, messageID); err != nil {
		return nil, fmt.Errorf("looking for Message-ID %s in the outbox: %w", messageID, err)
	}
	return values(rows), nil
}

func values(rows []row) []Row {
	out := make([]Row, len(rows))
	for i := range rows {
		out[i] = rows[i].value()
	}
	return out
}

// Filter selects rows for List; a zero field matches all.
type Filter struct {
	States    []State
	Ticket    int64
	Inbox     string
	Recipient string // folded before it is compared
	Before    int64  // only ids below: to page backwards
	Limit     int    // 0 for 100
}

// List returns rows without content, newest first.
func List(tx *sqldb.Tx, f Filter) ([]Row, error) {
	where, args := []string{"1 = 1"}, []any{}
	add := func(condition string, arg any) { where, args = append(where, condition), append(args, arg) }
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		add("o.state IN (?)", states)
	}
	if f.Ticket != 0 {
		add("o.ticket = ?", f.Ticket)
	}
	if f.Inbox != "" {
		add("o.inbox = ?", f.Inbox)
	}
	if f.Recipient != "" {
		add("o.mailbox = ?", mailin.Mailbox(f.Recipient))
		add("o.recipient = ?", mailin.Fold(f.Recipient))
	}
	if f.Before != 0 {
		add("o.id < ?", f.Before)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	var rows []row
	err := tx.SelectIn(&rows, `SELECT `+columns+` FROM outbox o WHERE `+strings.Join(where, " AND ")+` ORDER BY o.id DESC LIMIT ?`,
		append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("listing the outbox: %w", err)
	}
	return values(rows), nil
}

// Spend uses up the reply token of a mail and reports whether it was live before. If it is called
// concurrently, only one call returns true.
func Spend(tx *sqldb.Tx, id int64) (bool, error) {
	n, err := tx.Exec(`UPDATE outbox SET spent = ? WHERE id = ? AND spent IS NULL`, sqldb.At(tx.Now()), id)
	if err != nil {
		return false, fmt.Errorf("spending the token of mail %d: %w", id, err)
	}
	return n == 1, nil
}

// overError means that there is nothing left to decide about a mail. It counts as ErrNone.
type overError struct{ State }

func (e overError) Error() string { return fmt.Sprintf("it is %s already", e.State) }

func (overError) Is(target error) bool { return target == ErrNone }

// Retry makes a waiting, failed or held mail due now, and its period GiveUp starts again. The last
// gate examines it again. Retry returns ErrInHand while a sender has claimed the mail, and ErrNone
// if it was sent or dropped.
func Retry(tx *sqldb.Tx, id int64) error {
	return decide(tx, id, "retrying", `UPDATE outbox SET state = 'waiting', next_attempt = ?, attempts = 0, first_failed = NULL, warned = NULL, interrupted = 0
		WHERE id = ? AND state IN ('waiting', 'failed', 'held') AND holder = ''`)
}

// Pass is Retry for a mail that a person has read and lets past the last gate. The caller decides
// who may do that.
func Pass(tx *sqldb.Tx, id int64) error {
	if err := Retry(tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE outbox SET passed = ? WHERE id = ?`, sqldb.At(tx.Now()), id); err != nil {
		return fmt.Errorf("letting mail %d pass: %w", id, err)
	}
	return nil
}

// Drop removes an unsent mail from the queue; its row stays. It returns ErrInHand while a sender
// has claimed the mail, and ErrNone if it was sent or dropped already.
func Drop(tx *sqldb.Tx, id int64) error {
	return decide(tx, id, "dropping", `UPDATE outbox SET state = 'dropped', next_attempt = ? WHERE id = ? AND state IN ('waiting', 'failed', 'held') AND holder = ''`)
}

func decide(tx *sqldb.Tx, id int64, doing, statement string) error {
	n, err := tx.Exec(statement, sqldb.At(tx.Now()), id)
	if err != nil {
		return fmt.Errorf("%s mail %d: %w", doing, id, err)
	}
	if n == 0 {
		r, err := Notice(tx, id)
		if errors.Is(err, ErrNone) {
			return err // it names the mail
		}
		if err == nil && r.InHand {
			err = ErrInHand
		} else if err == nil {
			err = overError{r.State}
		}
		return fmt.Errorf("%s mail %d: %w", doing, id, err)
	}
	tx.Wake(TopicQueued)
	return nil
}

// Unsent returns the messages of the tickets, of which there must be at least one, that were meant
// for somebody outside and that nobody outside has received. Messages without a mail here, since a
// person sent them by hand, are not included.
func Unsent(tx *sqldb.Tx, tickets []int64) (messages []int64, err error) {
	err = tx.SelectIn(&messages, `SELECT message FROM outbox WHERE ticket IN (?) AND message IS NOT NULL AND party NOT IN (?, ?)
		GROUP BY message HAVING MAX(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) = 0`, tickets, Agent, Admin)
	if err != nil {
		return nil, fmt.Errorf("looking up what was not sent: %w", err)
	}
	return messages, nil
}

// CountOf counts the automatic mails to customers that a ticket has caused since the given time.
func CountOf(tx *sqldb.Tx, ticket int64, since time.Time) (int, error) {
	var n int
	if err := unitOf(tx).mails.FlushIf(func(r *row) bool { return r.Ticket == ticket }); err != nil {
		return 0, err
	}
	if err := tx.ByKey().Get(&n, `SELECT COUNT(*) FROM outbox WHERE ticket = ? AND created >= ? AND created <= ? AND automatic <> '' AND party = 'customer'`,
		ticket, sqldb.At(since), sqldb.At(tx.Latest())); err != nil {
		return 0, fmt.Errorf("counting mails: %w", err)
	}
	return n, nil
}

// LastTold returns, by folded address, when each recipient of a party was last sent a mail about a
// ticket. Mails of the excluded kinds do not count.
func LastTold(tx *sqldb.Tx, ticket int64, party Party, but ...string) (map[string]time.Time, error) {
	if err := unitOf(tx).mails.FlushIf(func(r *row) bool { return r.Ticket == ticket }); err != nil {
		return nil, err
	}
	var rows []struct {
		Recipient string
		Kind      string
		Last      sqldb.Time
	}
	err := tx.ByKey().Select(&rows, `SELECT recipient, kind, MAX(created) AS last FROM outbox WHERE ticket = ? AND party = ? AND created <= ? GROUP BY recipient, kind`, ticket,
		party, sqldb.At(tx.Latest()))
	if err != nil {
		return nil, fmt.Errorf("looking up who was told: %w", err)
	}
	out := map[string]time.Time{}
	for _, r := range rows {
		if address := mailin.Fold(r.Recipient); !slices.Contains(but, r.Kind) && r.Last.After(out[address]) {
			out[address] = r.Last.Time
		}
	}
	return out, nil
}

// Forget drops the content of mails sent before the given time, at most limit of them, and returns
// their number. Their rows stay, so that replies to them are still recognised. A mail whose text
// others share is dropped after those.
func Forget(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	n, err := tx.Exec(`DELETE FROM outbox_content WHERE id IN (SELECT c.id FROM outbox_content c JOIN outbox o ON o.id = c.id
		WHERE o.state = 'sent' AND o.sent < ?
		AND (c.last IS NULL OR NOT EXISTS (SELECT 1 FROM outbox_content d WHERE d.id > c.id AND d.id <= c.last AND d.base = c.id))
		ORDER BY c.id LIMIT ?)`, sqldb.At(before), limit)
	if err != nil {
		return 0, fmt.Errorf("dropping the content of old mails: %w", err)
	}
	return n, nil
}

// ForgetCanaries deletes the rows of canaries that were made before the given time and no longer
// wait, at most limit of them, and returns their number.
func ForgetCanaries(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	var ids []int64
	err := tx.Select(&ids, `SELECT id FROM outbox WHERE kind = 'canary' AND created < ? AND state <> 'waiting' ORDER BY created LIMIT ?`,
		sqldb.At(before), limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	for _, table := range []string{"outbox_content", "outbox"} {
		if _, err := tx.ExecIn(`DELETE FROM `+table+` WHERE id IN (?)`, ids); err != nil {
			return 0, fmt.Errorf("dropping old canaries: %w", err)
		}
	}
	return int64(len(ids)), nil
}

// Untried returns the number of mails that were due before the given time and have not been tried,
// and when the oldest of them was due.
func Untried(tx *sqldb.Tx, before time.Time) (n int, oldest time.Time, err error) {
	var due struct {
		N      int        `db:"n"`
		Oldest sqldb.Time `db:"oldest"`
	}
	err = tx.Get(&due, `SELECT COUNT(*) AS n, MIN(next_attempt) AS oldest FROM outbox WHERE state = 'waiting' AND holder = '' AND attempts = 0 AND next_attempt < ?`,
		sqldb.At(before))
	return due.N, due.Oldest.Time, err
}
