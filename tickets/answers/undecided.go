package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// undecided reports whether a text says that nobody knows yet what a question asks: in its first
// clause, or in a later one that says no more than that. "4, the names are not known yet" is 4.
func undecided(q *tickets.Question, text string) bool {
	asked := words(joined(q.Ask))
	parts := clausesOf(text)
	for i, c := range parts {
		if says, bare := notKnown(c.text, asked); says && (bare || i == 0) {
			return true
		}
	}
	return false
}

// notKnown reports whether a clause says that something is not known or decided, and whether it
// says nothing else. Where a question asks whether something is known, that is an answer.
func notKnown(text string, asked []string) (says, bare bool) {
	ws := words(text)
	about := func(w string) bool { return known().has("knowing", w) && !slices.Contains(asked, w) }
	says = known().phraseIn("undecided", text)
	for i, w := range ws {
		if !about(w) {
			continue
		}
		before := slices.ContainsFunc(ws[max(0, i-maxKnowing):i], denies)
		behind := slices.ContainsFunc(ws[i+1:min(len(ws), i+1+maxKnowing)], denies)
		says = says || before || behind && !known().has("surely", w) // "sicher nicht" is a no
	}
	if !says {
		return false, false
	}
	rest := " " + plain(text) + " "
	for _, phrase := range longestFirst("undecided") {
		rest = strings.ReplaceAll(rest, " "+phrase+" ", " ")
	}
	return true, !slices.ContainsFunc(content(rest), func(w string) bool {
		return !about(w) && !denies(w) && !known().has("filler", w) && !known().has("yet", w) && !known().has("pronoun", w) &&
			!known().has("ourselves", w)
	})
}

// maxKnowing is how far from a word for knowing what denies it may stand.
const maxKnowing = 4

// parted reports whether words say that something holds for a part of several: "4 of them", "the
// rest not".
func parted(ws []string) bool {
	text := strings.Join(ws, " ")
	return known().phraseIn("partof", text) && !hasAny(ws, "everybody") || known().has("some", text)
}

// countsDone reports whether a clause says of a number of things what a question asks of all of
// them: "four boxes have been opened".
func (s *sheet) countsDone(wording string, own, ws []string) bool {
	if participle("", wording) == "" {
		return false
	}
	for i, w := range ws {
		n, named := numberNamed(w)
		if !named && strings.Trim(w, "0123456789") != "" || named && n == 1 && known().has("determiner", w) || i+1 >= len(ws) {
			continue
		}
		if likes(ws[i+1], own) && !(i > 0 && (known().has("determiner", ws[i-1]) || known().has("everybody", ws[i-1]))) {
			return true
		}
	}
	return false
}

// otherMeans reports whether words name what people come with, and none that a question names.
func otherMeans(asked, ws []string) bool {
	here, there := meansOf(asked), meansOf(ws)
	if len(here) == 0 || len(there) == 0 {
		return false
	}
	return !slices.ContainsFunc(there, func(m int) bool { return slices.Contains(here, m) })
}

// meansOf returns the kinds of what people come with that words name: those of "minibus" and of
// "bus" are one.
func meansOf(ws []string) []int {
	var out []int
	for _, w := range ws {
		for name, kind := range known()["means"] {
			if w == name || len(name) > 2 && strings.HasSuffix(w, name) && len(w) > len(name)+2 {
				out = append(out, kind)
			}
		}
	}
	return out
}

// hasNoMeans reports whether a clause of few words says that its writers do not come with what a
// question names: "a bus we do not have".
func hasNoMeans(asked, ws []string) bool {
	return len(ws) <= maxMeans && len(meansOf(asked)) > 0 && len(meansOf(ws)) > 0 && !otherMeans(asked, ws) &&
		slices.ContainsFunc(ws, denies) && hasAny(ws, "plainverb") && hasAny(ws, "ourselves")
}

// maxMeans is how many words say with what somebody does not come.
const maxMeans = 7

// withoutPlainVerbs returns the words of a question without those that say nothing of what it asks
// about, such as coming and having, if others are left.
func withoutPlainVerbs(own []string) []string {
	rest := slices.DeleteFunc(slices.Clone(own), func(w string) bool { return known().has("plainverb", w) })
	if len(rest) == 0 {
		return own
	}
	return rest
}

// besideAnother reports whether a sentence has another day beside that of one of its clauses, which
// may be meant as well: behind a "but", or of what is fetched where a question asks when it came.
func (s *sheet) besideAnother(q int, all []statement, c *statement, w When) bool {
	own, mine := s.own(q), dates(c.text, w)
	against := slices.ContainsFunc(words(c.whole), func(w string) bool { return known().has("adversative", w) })
	for i := range all {
		o := &all[i]
		if o.sentence != c.sentence || len(dates(o.text, w)) == 0 || known().phraseIn("accordingto", o.text) {
			continue
		}
		other := slices.ContainsFunc(dates(o.text, w), func(d found) bool {
			return !slices.ContainsFunc(mine, func(m found) bool { return m.date.Equal(d.date) })
		})
		if !other || s.dayOfAnother(q, o.text) {
			continue
		}
		if against || hasAny(words(o.text), "fetched") && slices.ContainsFunc(own, func(w string) bool { return means(w, "received") }) {
			return true
		}
	}
	return false
}

// dayOfAnother reports whether a clause has words of another question for a day.
func (s *sheet) dayOfAnother(q int, text string) bool {
	for o := range s.form.Questions {
		if o != q && s.form.Questions[o].Kind == tickets.AskDate && mentions(text, s.own(o)) > 0 {
			return true
		}
	}
	return false
}

// ofAnother reports whether the beginning that a clause names is one of what another question asks:
// "it leaks, since this morning".
func (s *sheet) ofAnother(q int, all []statement, i int) bool {
	about := func(text string) bool {
		return slices.ContainsFunc(s.open, func(o int) bool {
			return o != q && s.form.Questions[o].Kind == tickets.AskYesNo && mentions(text, s.own(o)) > 0
		})
	}
	return about(all[i].text) || i > 0 && all[i-1].sentence == all[i].sentence &&
		(about(all[i-1].text) || wholly(plain(all[i-1].text)) != "")
}

// orNumbers finds two numbers of something between which nobody has chosen: "88-1 or 88-2".
var orNumbers = pattern(`\S*\d\S* (\pL{1,4}) (?:\pL+ )?\S*\d`)

// doubtsNumber reports whether a text is not sure of the number that it gives.
func doubtsNumber(text string) bool {
	if doubtful(text) || known().phraseIn("nooath", text) {
		return true
	}
	m := orNumbers().FindStringSubmatch(text)
	return m != nil && oneOf(words(m[1]), "or", "oder", "ou", "o", "of")
}
