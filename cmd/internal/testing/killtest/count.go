package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/cmd/internal/testing/sink"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk/invariants"
)

// report holds the counts and the findings of a run.
type report struct {
	kills        int
	stages       [stages]int // kills by the stage that the daemon had reached
	samples      int         // how often the invariants were checked between kills
	sampled      time.Time
	sampling     time.Duration
	killing, all time.Duration

	forms    map[form]int
	inbound  int // rows
	messages int // bounces too
	tickets  int
	copies   int // recognised duplicates
	bounces  int
	outbox   int // rows
	sunk     int // mails at the sink

	cut      int           // mails after whose DATA the connection broke without a further command
	twice    int           // mails that the sink accepted more than once
	lastCut  int           // those of them that were cut each time except the last
	soonCut  int           // the others: the daemon died before recording their results, after it had begun the next mail
	longest  time.Duration // from the acceptance of a mail that was sent again to the break of the connection
	findings []string
	left     int // findings that are not listed
}

const maxFindings = 50

// find records findings.
func (r *report) find(format string, found []invariants.Finding, args ...any) {
	for _, f := range found {
		r.wrong(format, append(args, f)...)
	}
}

func (r *report) wrong(format string, args ...any) {
	if len(r.findings) == maxFindings {
		r.left++
		return
	}
	r.findings = append(r.findings, fmt.Sprintf(format, args...))
}

// check records a finding unless two numbers are equal.
func (r *report) check(what string, is, shall int) {
	if is != shall {
		r.wrong("%s: %d, should be %d", what, is, shall)
	}
}

// String returns the report for a person.
func (r *report) String() string {
	var b strings.Builder
	total := 0
	for _, n := range r.forms {
		total += n
	}
	fmt.Fprintf(&b, "%d kills in %v (%d before the database was open, %d before the mailbox was looked through, %d later), done after %v\n",
		r.kills, r.killing.Round(time.Second), r.stages[stageNone], r.stages[stageOpen], r.stages[stageWatching], r.all.Round(time.Second))
	fmt.Fprintf(&b, "%d mails in:", total)
	for _, f := range []form{question, nameless, answer, bounce, again} {
		fmt.Fprintf(&b, " %d %s,", r.forms[f], f)
	}
	fmt.Fprintf(&b, " taken once: %d, which are %d messages (bounces: %d) in %d tickets; known again: %d\n", r.inbound, r.messages,
		r.bounces, r.tickets, r.copies)
	fmt.Fprintf(&b, "%d mails out, %d came to the sink; cut behind DATA: %d\n", r.outbox, r.sunk, r.cut)
	fmt.Fprintf(&b, "seen twice: %d, all the same bytes under the same Message-ID; %d cut behind DATA, %d whose daemon died with the result in hand, %v later at most\n",
		r.twice, r.lastCut, r.soonCut, r.longest.Round(time.Millisecond))
	fmt.Fprintf(&b, "invariants: checked %d times between kills, and at the end\n", r.samples)
	for _, f := range r.findings {
		fmt.Fprintf(&b, "WRONG: %s\n", f)
	}
	if r.left > 0 {
		fmt.Fprintf(&b, "WRONG: and %d more\n", r.left)
	}
	return b.String()
}

// count reads the mailboxes, the database and the sink independently, and compares them.
func (t *test) count(ctx context.Context) error {
	t.forms = map[form]int{}
	for _, d := range t.mails {
		t.forms[d.form]++
	}
	t.countMailbox()
	db, err := sqldb.Open(ctx, t.database)
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.View(ctx, func(tx *sqldb.Tx) error { return errors.Join(t.countTaken(tx), t.countSent(tx)) })
	if err != nil {
		return fmt.Errorf("counting: %w", err)
	}
	a, err := t.openDesk(ctx)
	if err != nil {
		return err
	}
	err = a.DB.View(ctx, func(tx *sqldb.Tx) error {
		found, err := invariants.Check(tx, a.Desk.NextPromise)
		t.find("an invariant at the end: %+v", found)
		return err
	})
	return errors.Join(err, a.Close())
}

// countMailbox checks that INBOX is empty and that each delivery is in Processed once.
func (t *test) countMailbox() {
	box := servers.MailboxAt(t.imap, support)
	for _, m := range box.Mails(t.tb, "INBOX") {
		t.wrong("still in INBOX: %s", m.Header.Get("Subject"))
	}
	seen := map[string]int{}
	for _, m := range box.Mails(t.tb, "Processed") {
		seen[m.Header.Get("X-Delivery")]++
	}
	for _, d := range t.mails {
		if n := seen[fmt.Sprint(d.number)]; n != 1 {
			t.wrong("delivery %d (%s) is in Processed %d times", d.number, d.form, n)
		}
		delete(seen, fmt.Sprint(d.number))
	}
	for x, n := range seen {
		t.wrong("in Processed, and never delivered: %q, %d times", x, n)
	}
}

// countTaken checks that each mail is one row and one message of the right ticket, and was
// recognised as a duplicate as often as it was delivered again.
func (t *test) countTaken(tx *sqldb.Tx) error {
	var rows []struct {
		ID        int64  `db:"id"`
		MessageID string `db:"message_id"`
		Subject   string `db:"subject"`
		Outcome   string `db:"outcome"`
		Copies    int    `db:"copies"`
	}
	var written []struct {
		Inbound int64  `db:"inbound"`
		Text    string `db:"text"`
	}
	err := errors.Join(tx.Select(&rows, `SELECT id, message_id, subject, outcome, copies FROM inbound`),
		tx.Select(&written, `SELECT inbound, text FROM messages WHERE inbound IS NOT NULL`))
	if err != nil {
		return err
	}
	said := map[int64][]string{} // the texts of the messages of a mail
	for _, w := range written {
		said[w.Inbound] = append(said[w.Inbound], w.Text)
	}
	t.messages = len(written)
	type taken struct{ rows, messages, copies int }
	have := map[string]taken{}
	outcomes := map[string]string{}
	texts := map[string]string{}
	for _, r := range rows {
		key := r.MessageID
		if key == "" {
			key = r.Subject
		}
		h := have[key]
		have[key] = taken{h.rows + 1, h.messages + len(said[r.ID]), h.copies + r.Copies}
		outcomes[key], texts[key] = r.Outcome, strings.Join(said[r.ID], "\n")
		t.copies += r.Copies
		if r.Outcome == "bounce" {
			t.bounces++
		}
	}
	t.inbound = len(rows)
	came := map[int]int{} // again
	for _, d := range t.mails {
		if d.form == again {
			came[d.of]++
		}
	}
	for _, d := range t.mails {
		want, outcome := taken{1, 1, came[d.number]}, "message"
		switch d.form {
		case again:
			continue
		case bounce:
			outcome = "bounce" // filed in the ticket, which makes a message as well
		}
		key := d.id
		if key == "" {
			key = d.subject
		}
		if d.form != bounce && !strings.Contains(texts[key], fmt.Sprintf("ail %d", d.number)) {
			t.wrong("mail %d (%s): its message says %q", d.number, d.form, texts[key])
		}
		if have[key] != want || outcomes[key] != outcome {
			t.wrong("mail %d (%s): %+v, outcome %q; should be %+v, %q", d.number, d.form, have[key], outcomes[key], want, outcome)
		}
		delete(have, key)
	}
	for key, h := range have {
		t.wrong("taken, and never delivered: %q %+v", key, h)
	}
	if err := tx.Get(&t.tickets, `SELECT COUNT(*) FROM tickets`); err != nil {
		return err
	}
	t.check("tickets", t.tickets, t.forms[question]+t.forms[nameless])
	return nil
}

// sent identifies an outgoing mail in both the outbox and the sink.
type sent struct{ recipient, messageID string }

// countSent checks that the sink has the mails of the outbox and no others, with the same bytes
// each time, and one acknowledgement for each question.
func (t *test) countSent(tx *sqldb.Tx) error {
	arrivals := t.sink.Arrivals()
	t.sunk = len(arrivals)
	byMail := map[sent][]sink.Arrival{}
	toCustomer := map[string]map[string]bool{}
	for _, a := range arrivals {
		key := sent{a.Recipient, a.MessageID}
		byMail[key] = append(byMail[key], a)
		if toCustomer[a.Recipient] == nil {
			toCustomer[a.Recipient] = map[string]bool{}
		}
		toCustomer[a.Recipient][a.MessageID] = true
		if !a.Cut.IsZero() && a.Last {
			t.cut++
		}
	}
	for _, d := range t.mails {
		if d.form == question || d.form == nameless {
			if n := len(toCustomer[d.from]); n != 1 {
				t.wrong("the requester of mail %d was sent %d different mails, not one acknowledgement", d.number, n)
			}
			delete(toCustomer, d.from)
		}
	}
	for recipient, ids := range toCustomer {
		if recipient != agent {
			t.wrong("%s was sent %d mails and has asked for nothing", recipient, len(ids))
		}
	}
	for key, group := range byMail {
		if len(group) > 1 {
			t.countTwice(key, group)
		}
	}
	var rows []struct {
		ID        int64  `db:"id"`
		Recipient string `db:"recipient"`
		MessageID string `db:"message_id"`
		State     string `db:"state"`
	}
	if err := tx.Select(&rows, `SELECT id, recipient, message_id, state FROM outbox`); err != nil {
		return err
	}
	t.outbox = len(rows)
	known := map[sent]int{}
	for _, r := range rows {
		key := sent{strings.ToLower(r.Recipient), r.MessageID}
		known[key]++
		if n := len(byMail[key]); r.State != "sent" || n == 0 || known[key] > 1 {
			t.wrong("mail out %d to %s is %s, came to the sink %d times, and is row %d of its Message-ID", r.ID, r.Recipient, r.State,
				n, known[key])
		}
	}
	for key := range byMail {
		if known[key] == 0 {
			t.wrong("the sink took a mail to %s, %s, which the outbox does not know", key.recipient, key.messageID)
		}
	}
	return nil
}

// countTwice checks a mail that the sink accepted more than once: the bytes must be the same, and
// every connection except the last must have been cut.
func (t *test) countTwice(key sent, group []sink.Arrival) {
	t.twice++
	slices.SortFunc(group, func(a, b sink.Arrival) int { return a.At.Compare(b.At) })
	lastCut := true
	for _, a := range group[:len(group)-1] {
		if a.Cut.IsZero() {
			t.wrong("%s was sent again to %s, though its connection had ended in order", key.messageID, key.recipient)
		}
		lastCut = lastCut && a.Last
		t.longest = max(t.longest, a.Cut.Sub(a.At))
		if a.Hash != group[len(group)-1].Hash {
			t.wrong("%s was sent again to %s with other bytes", key.messageID, key.recipient)
		}
	}
	if lastCut {
		t.lastCut++
	} else {
		t.soonCut++
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
