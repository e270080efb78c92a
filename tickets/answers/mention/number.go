package mention

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
)

// Number is a number in a text with what stands beside it.
type Number struct {
	Value        string
	Before, Next string
	after        string // behind the next word
	Unsure       bool
	Price        bool
	Article      bool // it may be an article
	OfWhole      bool // it counts all of which a part is meant: "of the twelve glasses"
}

// Numbers returns the numbers of a clause that are no part of a day, a code, a time or a price.
func Numbers(s *sheet.Sheet, text string) []Number {
	fields := undated(s, text)
	var out []Number
	for i, f := range fields {
		f = strings.Trim(f, `().,;:!?"'€$£`)
		if lexicon.Has("determiner", f) && lexicon.IsRound(lexicon.WordAt(fields, i+1)) {
			continue // une vingtaine
		}
		if rangeLike().MatchString(f) {
			out = append(out, Number{Unsure: true, Next: lexicon.WordAt(fields, i+1), after: lexicon.WordAt(fields, i+2)})
			continue
		}
		n, ok := numberOf(s, f)
		if !ok {
			continue
		}
		n.Before = lexicon.WordAt(fields, i-1)
		if n.Next != "" { // attached to it
			if lexicon.Has("clockat", n.Before) {
				continue
			}
			n.after = lexicon.WordAt(fields, i+1)
		} else {
			n.Next, n.after = lexicon.WordAt(fields, i+1), lexicon.WordAt(fields, i+2)
		}
		if strings.Contains(n.Next, "%") || lexicon.Has("numbered", n.Before) {
			continue
		}
		n.Price = strings.ContainsAny(n.Before+f+n.Next, "€$£") || lexicon.Has("money", n.Next)
		n.Unsure = n.Unsure || n.changed(fields, i)
		n.OfWhole = lexicon.Has("ofthe", n.Before) || lexicon.Has("ofthe", lexicon.WordAt(fields, i-2)+" "+n.Before)
		out = append(out, n)
	}
	return out
}

// undated returns the words of a text, normalized, without those that are a part of a day, an
// address or a code.
func undated(s *sheet.Sheet, text string) []string {
	text = number.WithDozens(number.WithoutGroups(text))
	b := []byte(day.Normalize(lexicon.WithoutAddresses(text)))
	for _, d := range day.All(text, s.When.Context) {
		for i := d.From; i < d.To && i < len(b); i++ {
			b[i] = '_'
		}
	}
	return strings.Fields(ibanLike().ReplaceAllString(string(b), "_"))
}

// numberOf returns the number that a word is, with the length of time that is attached to it. ok is
// false for another word, and for a number that is too large to be written out.
func numberOf(s *sheet.Sheet, word string) (n Number, ok bool) {
	if m := attached(word); m != nil {
		v, how := number.Decimal(m[1], s.When.BaseLanguage())
		return Number{Value: v, Unsure: how != reading.Clear, Next: m[2]}, true
	}
	if lexicon.HasDigit(word) {
		v, how := number.Decimal(word, s.When.BaseLanguage())
		return Number{Value: v, Unsure: how != reading.Clear}, plainNumber().MatchString(word)
	}
	v, named := lexicon.NumberNamed(word)
	if !named || v < 0 || v > 1000 || word == "a" || word == "an" || lexicon.MeaningIn(word, s.When.Language) != lexicon.Listed {
		return Number{}, false
	}
	return Number{Value: lexicon.Itoa(v), Article: v == 1 && lexicon.Has("determiner", word)}, true
}

// changed reports whether the words around a number make it another one, a bound, or one of two.
func (n *Number) changed(fields []string, at int) bool {
	switch {
	case lexicon.Has("vague", n.Next), lexicon.Has("bound", n.Before),
		lexicon.Has("range", n.Next) && number.Holds(n.after),
		lexicon.Has("range", n.Before) && number.Holds(lexicon.WordAt(fields, at-2)),
		lexicon.Has("either", n.after) && number.Holds(lexicon.WordAt(fields, at+3)):
		return true
	}
	return number.Changes(lexicon.Words(strings.Join(fields[:at], " ")), nil)
}

// Counts reports whether a number stands before what is counted.
func (n *Number) Counts(things []string) bool {
	people := lexicon.HasAny(things, "people")
	if people && lexicon.StartsWith("ofus", n.Next+" "+n.after) {
		return true
	}
	return n.Next != "" && (lexicon.Matches(n.Next, things) || sameSpan(n.Next, things) || people && lexicon.Has("people", n.Next) ||
		n.after != "" && !lexicon.Has("stop", n.Next) && lexicon.Matches(n.after, things))
}

// CountsThings reports whether a number stands before a thing of any kind.
func (n *Number) CountsThings() bool {
	return !n.Article && !n.Price && n.Next != "" && !lexicon.Has("stop", n.Next) && lexicon.Section("span")[n.Next] == 0 &&
		!lexicon.Has("people", n.Next)
}

// Among reports whether another number of a clause counts the same, or a part of it.
func (n *Number) Among(all []Number) bool {
	return slices.ContainsFunc(all, func(o Number) bool {
		return o != *n && !o.Article && (o.Next == n.Next || o.Next == "" || lexicon.Has("outof", o.Next))
	})
}

// sameSpan reports whether a word is a length of time as one of others is, or the end of one of
// them: "Std." and "Betreuungsstunden".
func sameSpan(word string, things []string) bool {
	span := lexicon.Section("span")[word]
	return span != 0 && slices.ContainsFunc(things, func(thing string) bool {
		if lexicon.Section("span")[thing] == span {
			return true
		}
		for other, of := range lexicon.Section("span") {
			if of == span && len(other) > 4 && strings.HasSuffix(thing, other) {
				return true
			}
		}
		return false
	})
}

// attached returns a number and the length of time right behind it, "30hrs", nil for another word.
// What may be an hour of the day is one of them, too.
func attached(field string) []string {
	m := withSpan().FindStringSubmatch(field)
	if m == nil || lexicon.Section("span")[m[2]] == 0 || m[2] == "pm" {
		return nil
	}
	return m
}

var withSpan = lexicon.Pattern(`^(\d+(?:[.,]\d+)?)(\pL+)\.?$`)

var plainNumber = lexicon.Pattern(`^\d{1,3}(?:[.,'’]\d{3})*(?:[.,]\d{1,2})?$|^\d+(?:[.,]\d{1,3})?$`)

var rangeLike = lexicon.Pattern(`^\d+[-–/]\d+$`)
