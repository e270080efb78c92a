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
	atOnce = 200             // messages that one transaction puts into the index
	pause  = 2 * time.Second // between two looks for more
)

// Fill puts messages into the index, the newest first, and returns how many; empty reports whether
// none is left. What it takes out of the queue and what it puts into the index is one transaction,
// so it can be broken off anywhere.
func Fill(tx *sqldb.Tx, desk *tickets.Identity, people *tickets.Directory, limit int) (n int, empty bool, err error) {
	return fillUp(tx, desk, people, filling{top: math.MaxInt64, limit: limit})
}

// filling is what one transaction puts into the index.
type filling struct {
	top   int64 // only messages of numbers up to it
	limit int
	// waits has it wait for what another transaction is putting in just now: a search would find
	// neither what that has taken out of the queue nor what is not in the index yet.
	waits bool
	known wording
}

// wording is the words of texts that were cut beforehand, without what is confidential.
type wording map[string][]string

// of returns the words of a text, without what is confidential.
func (k wording) of(text string) []string {
	if words, found := k[text]; found {
		return words
	}
	return Words(view.Searched(text))
}

// prepare cuts the texts of messages that are not in the index yet, and returns the number of the
// newest. On SQLite intake would have to wait for it meanwhile, were it a part of the transaction
// that fills the index.
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

// fillUp is Fill, within bounds.
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

// Run fills the index until ctx ends: with what comes in, and with what was there before there was
// an index. After each transaction it leaves the database alone for as long as that took; on
// SQLite, where intake cannot write meanwhile, three times as long.
func Run(ctx context.Context, db *sqldb.DB, desk *tickets.Identity, people func() *tickets.Directory) error {
	for {
		f, err := filling{top: math.MaxInt64, limit: atOnce}, error(nil)
		if db.Kind() == sqldb.SQLite { // where whoever writes has the whole database
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

// documents makes what is indexed of messages.
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
	// SQLite writes out all that waits for its index before a number that is below the last one.
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

// personOf returns the number of the person who wrote, 0 if it was none.
func personOf(a tickets.Actor) int64 {
	id, _ := strconv.ParseInt(strings.TrimPrefix(string(a), "person:"), 10, 64)
	return id
}

// wordsOf cuts texts that are no one text: no phrase reaches from one into the next.
func wordsOf(texts ...string) []string {
	var out []string
	for _, t := range texts {
		out = joined(out, Words(t))
	}
	return out
}

// joined returns the words of two texts that are no one text.
func joined(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return slices.Concat(a, b)
	}
	out := slices.Concat(a, []string{gap}, b)
	return out[:min(len(out), maxWords)]
}
