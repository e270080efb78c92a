package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Hit is a ticket that was found, with its newest matching message.
type Hit struct {
	Ticket   tickets.Ticket
	Message  tickets.Message // as the reader may see it; the zero value for a query without words
	Messages []int64         // all matching messages among those examined, newest first
}

// Found is the result of a search.
type Found struct {
	Hits []Hit
	// More reports whether there are more than these.
	More bool
	// Cut is the number of newest matching messages that were examined, if there are more; 0 if all
	// were.
	Cut int
	// Unsearched is the approximate number of messages that are not indexed yet.
	Unsearched int64
}

// step is the number of messages read at a time.
const step = 1000

// Reader is the person who searches, with what determines what they may see.
type Reader struct {
	Desk   *tickets.Identity
	Policy *tickets.Policy
	Agent  *tickets.Agent // nil at the command line

	bounds bounds // zero: the usual ones
}

// fresh is the maximum number of new messages that a search indexes itself.
const fresh = 500

// Newest is Find after indexing the newest messages.
func (r *Reader) Newest(tx *sqldb.Tx, q *Query, limit int) (Found, error) {
	if len(q.Terms) > 0 {
		if _, _, err := fillUp(tx, r.Desk, r.Policy.People, filling{top: math.MaxInt64, limit: fresh, waits: true}); err != nil {
			return Found{}, err
		}
	}
	return r.Find(tx, q, limit)
}

// Find returns at most limit tickets that match a query and that its reader may see, starting with
// the one written in last; for a query without words, with the one changed last.
func (r *Reader) Find(tx *sqldb.Tx, q *Query, limit int) (out Found, err error) {
	if len(q.Terms) == 0 {
		out.Hits, out.More, err = r.list(tx, q, limit)
		return out, err
	}
	if out.Unsearched, err = store.Unsearched(tx); err != nil {
		return out, err
	}
	limits := cmp.Or(r.bounds, usual)
	seen := map[int64]bool{}
	for below, looked := int64(start), 0; below > 0; {
		ids, further, err := indexOf(tx, limits).find(tx, q.Terms, below)
		if err != nil {
			return out, err
		}
		for some := range slices.Chunk(ids, step) {
			if err := r.take(tx, q, some, seen, &out); err != nil {
				return out, err
			}
			if len(out.Hits) > limit {
				out.Hits, out.More = out.Hits[:limit], true
				return out, r.read(tx, out.Hits)
			}
		}
		if below = further; below > 0 && looked+len(ids) >= limits.most {
			out.Cut = looked + len(ids)
			break
		}
		looked += len(ids)
	}
	return out, r.read(tx, out.Hits)
}

// take adds the tickets of some messages, if they match and the reader may see them.
func (r *Reader) take(tx *sqldb.Tx, q *Query, ids []int64, seen map[int64]bool, out *Found) error {
	found, err := store.TicketsWith(tx, ids, q.filter())
	if err != nil {
		return err
	}
	var fresh []int64
	for _, f := range found {
		if _, known := seen[f.Ticket]; !known {
			seen[f.Ticket] = false
			fresh = append(fresh, f.Ticket)
		}
	}
	all, err := store.TicketsByID(tx, fresh)
	if err != nil {
		return err
	}
	for _, f := range found {
		if t, ok := all[f.Ticket]; ok && !seen[f.Ticket] && view.Sees(r.Policy, &t, r.Agent) {
			seen[f.Ticket] = true
			out.Hits = append(out.Hits, Hit{Ticket: t})
		}
		for i := range out.Hits {
			if h := &out.Hits[i]; h.Ticket.ID == f.Ticket {
				h.Messages = append(h.Messages, f.Message)
			}
		}
	}
	return nil
}

// read loads the messages found, as the reader may see them.
func (r *Reader) read(tx *sqldb.Tx, hits []Hit) error {
	var ids []int64
	for i := range hits {
		ids = append(ids, hits[i].Messages[0])
	}
	messages, err := store.MessagesByID(tx, ids)
	if err != nil {
		return err
	}
	for i := range hits {
		h := &hits[i]
		shown := view.Shown(r.Policy, &h.Ticket, []tickets.Message{messages[h.Messages[0]]}, r.Agent)
		if len(shown) > 0 {
			h.Message = shown[0]
		}
	}
	return nil
}

// list returns the tickets that match a query without words.
func (r *Reader) list(tx *sqldb.Tx, q *Query, limit int) (hits []Hit, more bool, err error) {
	f := q.filter()
	f.ChangedSince, f.ChangedBefore, f.Since, f.Before = f.Since, f.Before, time.Time{}, time.Time{}
	const step = 200
	for skip := 0; ; skip += step {
		found, err := store.TicketsLike(tx, f, skip, step)
		if err != nil {
			return nil, false, err
		}
		for i := range found {
			if !view.Sees(r.Policy, &found[i], r.Agent) {
				continue
			}
			if len(hits) == limit {
				return hits, true, nil
			}
			hits = append(hits, Hit{Ticket: found[i]})
		}
		if len(found) < step {
			return hits, false, nil
		}
	}
}

// filter returns the part of a query that the rows of tickets and messages answer.
func (q *Query) filter() store.Like {
	return store.Like{
		Status: q.Status, Teams: q.Teams, Priorities: q.Priorities, Assignees: q.Assignees, Tiers: q.Tiers, Tags: q.Tags,
		Since: q.After, Before: q.Before,
	}
}

// snippetLength is the length of an excerpt in a list, in characters.
const snippetLength = 120

// Snippet returns the part of a text around the first occurrence of one of the terms, on one line.
func Snippet(text string, terms []Term) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	from := 0
	if spacelessText(line) {
		from = max(place(line, terms)-20, 0)
	} else {
		words := strings.Fields(text)
		first := slices.IndexFunc(words, func(w string) bool {
			return slices.ContainsFunc(terms, func(t Term) bool { return t.Part == Body && t.begins(w) })
		})
		from = len([]rune(strings.Join(words[:max(first-6, 0)], " ")))
	}
	out := line[from:]
	before, behind := "", ""
	if from > 0 {
		before = "… "
	}
	if len(out) > snippetLength {
		out, behind = out[:snippetLength], " …"
	}
	return before + strings.TrimSpace(string(out)) + behind
}

// begins reports whether the term occurs at the beginning of a word of the text.
func (t *Term) begins(word string) bool {
	for _, w := range Words(word) {
		if w == t.Words[0] || t.Open && len(t.Words) == 1 && strings.HasPrefix(w, t.Words[0]) {
			return true
		}
	}
	return false
}

// spacelessText reports whether most of a line is in a script without spaces.
func spacelessText(line []rune) bool {
	n := 0
	for _, r := range line {
		if spaceless(r) {
			n++
		}
	}
	return 2*n > len(line)
}

// place returns the index of the first character of a line at which one of the terms occurs, 0 if
// none does.
func place(line []rune, terms []Term) int {
	for i := range line {
		for _, t := range terms {
			n := len([]rune(t.Words[0]))
			if t.Part == Body && i+n <= len(line) && strings.EqualFold(string(line[i:i+n]), t.Words[0]) {
				return i
			}
		}
	}
	return 0
}
