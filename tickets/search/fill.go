package search

import (
	"context"
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
	return fillUp(tx, desk, people, limit, false)
}

// fillUp is Fill; with waits it waits for what another transaction is putting in just now: a search
// would find neither what that has taken out of the queue nor what is not in the index yet.
func fillUp(tx *sqldb.Tx, desk *tickets.Identity, people *tickets.Directory, limit int, waits bool) (n int, empty bool, err error) {
	messages, empty, err := store.PopUnsearched(tx, limit, waits)
	if err != nil || len(messages) == 0 {
		return 0, empty, err
	}
	docs, err := documents(tx, desk, people, messages)
	if err != nil {
		return 0, false, err
	}
	return len(docs), empty, indexOf(tx, usual).put(tx, docs)
}

// Run fills the index until ctx ends: with what comes in, and with what was there before there was
// an index. After each transaction it leaves the database alone for as long as that took.
func Run(ctx context.Context, db *sqldb.DB, desk *tickets.Identity, people func() *tickets.Directory) error {
	for {
		began, empty := db.Now(), false
		err := db.Update(ctx, func(tx *sqldb.Tx) (err error) {
			_, empty, err = Fill(tx, desk, people(), atOnce)
			return err
		})
		if err != nil && ctx.Err() == nil {
			return err
		}
		wait := db.Now().Sub(began)
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
func documents(tx *sqldb.Tx, desk *tickets.Identity, people *tickets.Directory, messages []tickets.Message) ([]document, error) {
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
	docs := make([]document, len(messages))
	for i := range messages {
		m := &messages[i]
		d := &docs[i]
		d.message = m.ID
		subject, text := view.Searched(m)
		body, files := []string{subject, text}, false
		for _, f := range m.Files {
			body = append(body, f.Name)
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
		d.parts = [...][]string{wordsOf(body...), wordsOf(sender...), wordsOf(to...), nil}
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
		if t == "" {
			continue
		}
		if len(out) > 0 {
			out = append(out, gap)
		}
		out = append(out, Words(t)...)
	}
	return out[:min(len(out), maxWords)]
}
