package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

const (
	atOnce = 200             // messages indexed in one transaction
	pause  = 2 * time.Second // between two checks for new messages
)

// Fill indexes messages, newest first, and returns their number; empty reports whether none are
// left. The changes to the queue and to the index are one transaction, so it can be interrupted
// anywhere.
func Fill(tx *sqldb.Tx, desk *tickets.Identity, people *tickets.Directory, limit int) (n int, empty bool, err error) {
	return fillUp(tx, desk, people, filling{top: math.MaxInt64, limit: limit})
}

// filling specifies what one transaction indexes.
type filling struct {
	top   int64 // only messages of numbers up to it
	limit int
	// waits makes it wait for messages that another transaction is indexing. A search would find
	// them neither in the queue nor in the index.
	waits bool
	known wording
}

// wording caches the words of texts, without confidential ones.
type wording map[string][]string

// of returns the words of a text, without confidential ones.
func (k wording) of(text string) []string {
	if words, found := k[text]; found {
		return words
	}
	return Words(view.Searched(text))
}

// prepare splits the texts of messages that are not indexed yet into words, and returns the number
// of the newest message. Within the transaction that fills the index this would block intake on
// SQLite.
func prepare(ctx context.Context, db *sqldb.DB, limit int) (k wording, top int64, err error) {
	err = db.View(ctx, func(tx *sqldb.Tx) error {
		messages, err := store.PeekUnsearched(tx, limit)
		k, top = wording{}, math.MaxInt64
		if len(messages) > 0 {
			top = messages[0].ID
		}
		for i := range messages {
			m := &messages[i]
			k[m.Subject], k[m.Text] = k.of(m.Subject), k.of(m.Text)
		}
		return err
	})
	return k, top, err
}

// fillUp is Fill, limited by f.
func fillUp(tx *sqldb.Tx, desk *tickets.Identity, people *tickets.Directory, f filling) (n int, empty bool, err error) {
	messages, empty, err := store.PopUnsearched(tx, f.top, f.limit, f.waits)
	if err != nil || len(messages) == 0 {
		return 0, empty, err
	}
	docs, err := documents(tx, desk, people, messages, f.known)
	if err != nil {
		return 0, false, err
	}
	return len(docs), empty, indexOf(tx, usual).put(tx, docs)
}

// Run keeps the index up to date until ctx ends, both with new messages and with those older than
// the index. After each transaction it pauses for as long as that took; on SQLite, where intake
// cannot write meanwhile, three times as long.
func Run(ctx context.Context, db *sqldb.DB, desk *tickets.Identity, people func() *tickets.Directory) error {
	for {
		f, err := filling{top: math.MaxInt64, limit: atOnce}, error(nil)
		if db.Kind() == sqldb.SQLite { // where a writer locks the whole database
			f.known, f.top, err = prepare(ctx, db, atOnce)
		}
		began, empty := db.Now(), false
		if err == nil {
			err = db.Update(ctx, func(tx *sqldb.Tx) (err error) {
				_, empty, err = fillUp(tx, desk, people(), f)
				return err
			})
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		wait := db.Now().Sub(began)
		if db.Kind() == sqldb.SQLite {
			wait *= 3
		}
		if empty {
			wait = pause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// documents returns the documents to index for messages.
func documents(tx *sqldb.Tx, desk *tickets.Identity, people *tickets.Directory, messages []tickets.Message,
	known wording) ([]document, error) {
	var ids, persons []int64
	for i := range messages {
		ids = append(ids, messages[i].Ticket)
		if id := personOf(messages[i].Author); id != 0 {
			persons = append(persons, id)
		}
	}
	names, err := store.Names(tx, persons)
	if err != nil {
		return nil, err
	}
	participants, err := store.ParticipantsOf(tx, ids)
	if err != nil {
		return nil, err
	}
	all, err := store.TicketsByID(tx, ids)
	if err != nil {
		return nil, err
	}
	// SQLite flushes its pending index whenever a number is below the last one.
	slices.SortFunc(messages, func(a, b tickets.Message) int { return cmp.Compare(a.ID, b.ID) })
	docs := make([]document, len(messages))
	for i := range messages {
		m := &messages[i]
		d := &docs[i]
		d.message = m.ID
		body, files := joined(known.of(m.Subject), known.of(m.Text)), false
		for _, f := range m.Files {
			body = joined(body, Words(f.Name))
			files = files || !f.Inline
		}
		sender := []string{m.Address, names[personOf(m.Author)]}
		if a := people.Agent(m.Author.Agent()); a != nil {
			sender = []string{a.Name, a.FullName}
		}
		var to []string
		switch m.Kind {
		case tickets.FromAgent:
			for _, p := range participants[m.Ticket] {
				to = append(to, p.Address, p.Name)
			}
		case tickets.Note:
		default:
			in := desk.Inbox(all[m.Ticket].Inbox)
			to = []string{in.Address, in.Name}
		}
		d.parts = [...][]string{body, wordsOf(sender...), wordsOf(to...), nil}
		if files {
			d.parts[3] = []string{hasFile}
		}
	}
	return docs, nil
}

// personOf returns the number of the person who wrote, 0 if it was not a customer.
func personOf(a tickets.Actor) int64 {
	id, _ := strconv.ParseInt(strings.TrimPrefix(string(a), "person:"), 10, 64)
	return id
}

// wordsOf returns the words of separate texts: no phrase extends from one into the next.
func wordsOf(texts ...string) []string {
	var out []string
	for _, t := range texts {
		out = joined(out, Words(t))
	}
	return out
}

// joined joins the words of two separate texts.
func joined(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return slices.Concat(a, b)
	}
	out := slices.Concat(a, []string{gap}, b)
	return out[:min(len(out), maxWords)]
}
