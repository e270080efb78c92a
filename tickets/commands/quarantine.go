package commands

import (
	"slices"
	"strconv"
	"strings"

	"tierdesk/rules/fault"
	"tierdesk/tickets/phrase"
)

// Order is what an admin wants done with mails in quarantine.
type Order struct {
	Name    Name    // Release, Drop, Block or Allow
	Numbers []int64 // of the mails, as the digest names them; at least one
	// Infected reports whether that word stands behind the numbers: whoever writes it knows that
	// the virus scanner found something.
	Infected bool
	Raw      string // the line as it was typed
}

// maxNumbers bounds how much one mail may ask for.
const maxNumbers = 200

// Quarantine reads an admin's answer to a digest: "/release 12 14", one order a line, above any
// other text. What is below is not looked at, since it may be the digest itself. A line above it
// that looks like an order and is none is a doubt, in words; with any doubt nothing may be done. It
// never fails and is safe for any text.
func Quarantine(text string) (orders []Order, doubts []phrase.Text) {
	known := []string{string(Release), string(Drop), string(Block), string(Allow)}
	numbers := 0
	for _, raw := range splitLines(text) {
		typed := clean(raw)
		if typed == "" {
			continue
		}
		l, ok := readLine(typed)
		if !ok || isQuoted(typed) {
			break
		}
		o := Order{Name: Name(l.word), Raw: strings.TrimSpace(raw)}
		if l.odd || l.glued || l.markers != 1 || !slices.Contains(known, l.word) {
			near := fault.Nearest(l.word, known)
			if near != "" {
				near = strings.TrimSpace("/" + near + " " + clip(l.rest))
			}
			doubts = append(doubts, Meant(phrase.Say("%q is no command that can be used here", clip(o.Raw)), near,
				[]string{"/release", "/drop", "/block", "/allow"}))
			continue
		}
		for _, word := range strings.FieldsFunc(l.rest, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
			if strings.EqualFold(word, "infected") && len(o.Numbers) > 0 && (o.Name == Release || o.Name == Allow) {
				o.Infected = true
				continue
			}
			n, err := strconv.ParseInt(strings.TrimPrefix(word, "#"), 10, 64)
			if err != nil || n <= 0 {
				doubts = append(doubts, phrase.Say("%q: %q is no number of a mail", clip(o.Raw), clip(word)))
				continue
			}
			o.Numbers = append(o.Numbers, n)
		}
		if numbers += len(o.Numbers); numbers > maxNumbers {
			return nil, append(doubts, phrase.Say("there are more than %d numbers in one mail", maxNumbers))
		}
		if len(o.Numbers) == 0 {
			doubts = append(doubts, phrase.Say("%q: no number of a mail is given", clip(o.Raw)))
			continue
		}
		orders = append(orders, o)
	}
	return orders, doubts
}
