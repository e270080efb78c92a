package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// Bounds of the search for similar tickets.
const (
	telling    = 5   // minimum length, in letters, of a word that indicates the subject of a ticket
	maxTelling = 12  // the maximum number of such words of a ticket
	rare       = 30  // a word in more solved tickets than that is too common
	shared     = 2   // the minimum number of words in common
	mostAlike  = 3   // the maximum number of tickets shown
	maxLine    = 160 // the maximum length of a solution, in characters
)

// Similar returns solved tickets about the same subject as a ticket, with their solutions, starting
// with the one with the most distinctive words in common. Restricted tickets are never among them;
// which parts of the others a reader may see is for the notice to determine.
func Similar(ctx decision.Context, t *tickets.Ticket, messages []tickets.Message) ([]notice.Similar, error) {
	r := Reader{Desk: ctx.Desk, Policy: ctx.Policy}
	points := map[int64]float64{}
	count := map[int64]int{}
	all := map[int64]tickets.Ticket{}
	for _, word := range tellingWords(t, messages) {
		found, err := r.Newest(ctx.Tx, &Query{Terms: []Term{{Part: Body, Words: []string{word}}},
			Status: []string{string(tickets.Solved), string(tickets.Closed)}}, rare)
		if err != nil {
			return nil, err
		}
		if found.More {
			continue
		}
		for i := range found.Hits {
			other := found.Hits[i].Ticket
			if other.ID == t.ID || len(other.Restricted) > 0 || other.MergedInto != 0 {
				continue
			}
			all[other.ID] = other
			points[other.ID] += 1 / float64(len(found.Hits))
			count[other.ID]++
		}
	}
	var out []notice.Similar
	for id, other := range all {
		if count[id] >= shared {
			out = append(out, notice.Similar{Number: id, Subject: other.Subject})
		}
	}
	slices.SortFunc(out, func(a, b notice.Similar) int {
		return cmp.Or(cmp.Compare(points[b.Number], points[a.Number]), cmp.Compare(b.Number, a.Number))
	})
	out = out[:min(len(out), mostAlike)]
	for i := range out {
		said, err := store.Messages(ctx.Tx, out[i].Number)
		if err != nil {
			return nil, err
		}
		out[i].Solution = solution(said)
	}
	return out, nil
}

// tellingWords returns the longer words of a ticket's subject and of the customer's first message,
// without duplicates. It is pure.
func tellingWords(t *tickets.Ticket, messages []tickets.Message) []string {
	words := Words(t.Subject)
	for i := range messages {
		if view.CustomersOwn(&messages[i]) {
			words = append(words, Words(messages[i].Text)...)
			break
		}
	}
	var out []string
	for _, w := range words {
		if utf8.RuneCountInString(w) >= telling && !slices.Contains(out, w) && len(out) < maxTelling {
			out = append(out, w)
		}
	}
	return out
}

// solution returns how a ticket was solved, in one line: the text of the last answer to the
// customer, without its salutation. It is pure.
func solution(messages []tickets.Message) string {
	for _, m := range slices.Backward(messages) {
		if m.Kind != tickets.FromAgent || !view.Outside(&m) {
			continue
		}
		text := strings.TrimSpace(m.Text)
		if first, rest, more := strings.Cut(text, "\n"); more && strings.HasSuffix(strings.TrimSpace(first), ",") {
			text = rest
		}
		text = strings.Join(strings.Fields(text), " ")
		if runes := []rune(text); len(runes) > maxLine {
			text = strings.TrimSpace(string(runes[:maxLine])) + " …"
		}
		return text
	}
	return ""
}
