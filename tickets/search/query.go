package search

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/phrase"
)

// Query is what an agent searches for. All of its conditions must hold; of several values for
// status, team, tier, priority or assignee any one suffices.
type Query struct {
	Text  string // as it was typed
	Terms []Term
	// The required properties of a ticket.
	Tags, Status, Teams, Priorities, Assignees []string // an assignee may be "": nobody
	Tiers                                      []int
	// The time of writing: not before After, and before Before; zero means any time. In a query
	// without terms it is the time of the ticket's last change.
	After, Before time.Time
}

// Term is a sequence of consecutive words in one part of a message.
type Term struct {
	Part  Part
	Words []string
	Open  bool // the last word may be a prefix
}

// Part is a searchable part of a message.
type Part string

// Parts.
const (
	Body      Part = "body" // subject, new text, names of files
	Sender    Part = "sender"
	Recipient Part = "recipient"
	Marks     Part = "marks" // its properties
)

// hasFile marks a message with an attachment other than a picture in its text.
const hasFile = "attachment"

// Known is what the words of a query are checked against.
type Known struct {
	Me       *tickets.Agent // nil at the command line
	People   *tickets.Directory
	Service  *tickets.Service
	Location *time.Location
}

// Fault is a mistake in a query, and its position.
type Fault struct {
	At      int    // its position in characters, counted from 1
	Word    string // as it was typed
	Why     phrase.Text
	Nearest string   // what was probably meant, "" for nothing
	There   []string // the possible values, if they are few
}

// Say describes the fault in a sentence.
func (f *Fault) Say() phrase.Text {
	return commands.Meant(phrase.Say("Nothing was searched: at character %d, %q: %s", f.At, f.Word, f.Why), f.Nearest, f.There)
}

// maxTerms is the maximum number of terms in a query.
const maxTerms = 20

// operators are the meaningful words before a colon.
var operators = []string{"from", "to", "tag", "status", "team", "tier", "priority", "assignee", "before", "after", "has"}

// Parse parses a query.
func Parse(text string, k Known) (*Query, *Fault) {
	q := &Query{Text: strings.Join(strings.Fields(text), " ")}
	pieces, fault := split(text)
	if fault != nil {
		return nil, fault
	}
	for _, p := range pieces {
		if fault := q.add(p, k); fault != nil {
			return nil, fault
		}
	}
	switch {
	case len(pieces) == 0:
		return nil, &Fault{At: 1, Why: phrase.Say("there is nothing to look for")}
	case len(q.Terms) > maxTerms:
		p := pieces[maxTerms]
		return nil, &Fault{At: p.at, Word: p.typed, Why: phrase.Say("a search takes at most %d words", maxTerms)}
	}
	return q, nil
}

// piece is a word of a query, or a phrase in quotes, with the operator before it.
type piece struct {
	at       int
	typed    string
	operator string // in lower case; "" for none
	value    string
	quoted   bool
}

// quotes are the marks that delimit a phrase; mail clients insert curved ones.
const quotes = "\"“”„«»"

// split splits a query at spaces that are not within quotes.
func split(text string) ([]piece, *Fault) {
	var out []piece
	signs := []rune(text)
	for i := 0; i < len(signs); {
		if unicode.IsSpace(signs[i]) {
			i++
			continue
		}
		p, start, open := piece{at: i + 1}, i, -1
		var value []rune
		for ; i < len(signs) && (open >= 0 || !unicode.IsSpace(signs[i])); i++ {
			switch r := signs[i]; {
			case strings.ContainsRune(quotes, r) && open >= 0:
				open = -1
			case strings.ContainsRune(quotes, r):
				open, p.quoted = i, true
			case (r == ':' || r == '：') && p.operator == "" && !p.quoted && slices.Contains(operators, strings.ToLower(string(value))):
				p.operator, value = strings.ToLower(string(value)), nil
			default:
				value = append(value, r)
			}
		}
		p.typed, p.value = string(signs[start:i]), strings.TrimSpace(string(value))
		if open >= 0 {
			return nil, &Fault{At: open + 1, Word: string(signs[open:]), Why: phrase.Say("the quotation mark is not closed")}
		}
		out = append(out, p)
	}
	return out, nil
}

// add parses one piece.
func (q *Query) add(p piece, k Known) *Fault {
	bad := func(nearest string, why phrase.Text) *Fault {
		return &Fault{At: p.at, Word: p.typed, Why: why, Nearest: nearest}
	}
	if p.operator == "" {
		switch {
		case !p.quoted && strings.HasPrefix(p.value, "-") && len(p.value) > 1:
			return bad("", phrase.Say("words cannot be left out of a search"))
		case !p.quoted && like(p.value) != "":
			return bad(like(p.value), phrase.Say("there is no such operator"))
		case !q.term(Body, p.value, !p.quoted):
			return bad("", phrase.Say("there is no word in it"))
		}
		return nil
	}
	if p.value == "" {
		return bad("", phrase.Say("the value is missing behind the colon"))
	}
	value := strings.ToLower(p.value)
	if k.Me != nil && value == "me" {
		value = k.Me.Name
	}
	switch p.operator {
	case "from", "to":
		part := Sender
		if p.operator == "to" {
			part = Recipient
		}
		if !q.term(part, value, !p.quoted) {
			return bad("", phrase.Say("there is no word in it"))
		}
	case "tag":
		q.Tags = append(q.Tags, strings.TrimLeft(value, "+#"))
	case "has":
		if value != hasFile && value != hasFile+"s" {
			return bad("has:"+hasFile, phrase.Say("only attachments can be asked for"))
		}
		q.Terms = append(q.Terms, Term{Part: Marks, Words: []string{hasFile}})
	case "before", "after":
		at, ok := date(value, k.Location)
		if !ok {
			return bad("", phrase.Say("a date is written 2026-11-30, 2026-11 or 2026"))
		}
		if p.operator == "before" {
			q.Before = at
		} else {
			q.After = at
		}
	case "tier":
		return q.tier(p, value, k)
	default:
		return q.name(p, value, k)
	}
	return nil
}

// term adds consecutive words; false if there are none. star means that the last word may be a
// prefix.
func (q *Query) term(part Part, text string, star bool) bool {
	words, open := phraseOf(text)
	if len(words) == 0 {
		return false
	}
	q.Terms = append(q.Terms, Term{Part: part, Words: words, Open: open || star && strings.HasSuffix(text, "*")})
	return true
}

func (q *Query) tier(p piece, value string, k Known) *Fault {
	level, err := strconv.Atoi(value)
	if err == nil && k.Service.Tier(level) != nil {
		q.Tiers = append(q.Tiers, level)
		return nil
	}
	for i := range k.Service.Tiers {
		if strings.EqualFold(k.Service.Tiers[i].Name, value) {
			q.Tiers = append(q.Tiers, k.Service.Tiers[i].Level)
			return nil
		}
	}
	return &Fault{At: p.at, Word: p.typed, Why: phrase.Say("there is no such tier")}
}

// name parses a status, team, priority or assignee, which must be an existing name.
func (q *Query) name(p piece, value string, k Known) *Fault {
	var names []string
	var into *[]string
	switch p.operator {
	case "status":
		for _, s := range tickets.Statuses() {
			names = append(names, string(s))
		}
		into = &q.Status
	case "team":
		for _, t := range k.People.Teams {
			names = append(names, t.Name)
		}
		into = &q.Teams
	case "priority":
		for _, x := range k.Service.Priorities {
			names = append(names, x.Name)
		}
		into = &q.Priorities
	case "assignee":
		if value == "none" || value == "nobody" {
			q.Assignees = append(q.Assignees, "")
			return nil
		}
		for _, a := range k.People.Agents {
			names = append(names, a.Name)
		}
		into = &q.Assignees
	}
	for _, n := range names {
		if strings.EqualFold(n, value) {
			*into = append(*into, n)
			return nil
		}
	}
	f := &Fault{At: p.at, Word: p.typed, Why: phrase.Say("there is none of that name"), There: names}
	if n := nearest(value, names); n != "" {
		f.Nearest = p.operator + ":" + n
	}
	return f
}

// like returns the operator that a word with a colon probably means: "form:jane". Colons in search
// words ("error:404") are common.
func like(value string) string {
	word, rest, found := strings.Cut(value, ":")
	if !found || len(word) < 2 || strings.HasPrefix(rest, "//") {
		return ""
	}
	if n := nearest(strings.ToLower(word), operators); n != "" {
		return n + ":" + rest
	}
	return ""
}

// date parses a day, month or year for before and after.
func date(value string, location *time.Location) (time.Time, bool) {
	if location == nil {
		location = time.UTC
	}
	for _, layout := range []string{"2006-01-02", "2006-1-2", "2006/01/02", "02.01.2006", "2.1.2006", "2006-01", "2006"} {
		if at, err := time.ParseInLocation(layout, value, location); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// nearest returns the name that a word misspells by one keystroke, "" if there is none or the word
// is too short to decide.
func nearest(word string, names []string) string {
	for _, n := range names {
		if min(utf8.RuneCountInString(word), utf8.RuneCountInString(n)) > 2 && slip([]rune(word), []rune(strings.ToLower(n))) {
			return n
		}
	}
	return ""
}

// slip reports whether two words differ by one wrong, missing or extra letter, or by two that are
// swapped.
func slip(a, b []rune) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 && len(a)+len(b) > 0 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
