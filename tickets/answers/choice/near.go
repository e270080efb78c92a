package choice

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

// closest returns the only choice from which a short text is no more than a slip of the fingers
// away.
func closest(q *tickets.Question, p string) (string, reading.State) {
	found, n := -1, 0
	for i := range q.Choices {
		for _, name := range namesOf(&q.Choices[i]) {
			if found != i && slipped(p, name) {
				found = i
				n++
			}
		}
	}
	if n == 0 {
		return nearThing(q, p)
	}
	if n != 1 {
		return "", reading.Unclear
	}
	return q.Choices[found].Value, reading.Clear
}

// nearThing returns the choice whose other name a word is a slip of: "labtop" where the choice is
// "Notebook".
func nearThing(q *tickets.Question, p string) (string, reading.State) {
	if _, is := things()[p]; is || len(p) < minThing || strings.Contains(p, " ") {
		return "", reading.Unclear
	}
	said := ""
	for phrase := range things() {
		if strings.Contains(phrase, " ") || lexicon.HasDigit(p+phrase) || !lexicon.Slip(p, phrase, 1) {
			continue
		}
		meant := ByOtherName(q, phrase)
		if len(meant) != 1 || said != "" && q.Choices[meant[0]].Value != said {
			return "", reading.Unclear // of something else, perhaps
		}
		said = q.Choices[meant[0]].Value
	}
	if said == "" {
		return "", reading.Unclear
	}
	return said, reading.Clear
}

// minThing is how long a word is at least that may be a slip of what is called otherwise.
const minThing = 6

// slipped reports whether a text is a name with slips of the fingers. They happen in words of
// letters, and a blank may be too many or left out; another number is another thing.
func slipped(text, name string) bool {
	have, want := strings.Fields(lexicon.WithoutElision(text)), strings.Fields(lexicon.WithoutElision(name))
	if len(have) != len(want) {
		return !lexicon.HasDigit(text+name) && lexicon.Slip(text, name, 1)
	}
	for i := range want {
		if have[i] != want[i] && (lexicon.HasDigit(have[i]+want[i]) || !lexicon.Slip(have[i], want[i], 2)) {
			return false
		}
	}
	return true
}

// mended returns a plain text in which words that are slips of choices of one word are written as
// those are, if it is short: "lauft nur eingeschrenkt".
func mended(q *tickets.Question, p string) string {
	ws := strings.Fields(p)
	if len(ws) < 2 || len(ws) > maxSlips {
		return p
	}
	for i, w := range ws {
		if _, known := things()[w]; known || len(w) < 6 || lexicon.HasDigit(w) {
			continue
		}
		is, like := "", 0
		for c := range q.Choices {
			names := namesOf(&q.Choices[c])
			near := slices.IndexFunc(names, func(name string) bool {
				return len(name) > 5 && !strings.Contains(name, " ") && lexicon.Slip(w, name, 2)
			})
			switch {
			case slices.ContainsFunc(names, func(name string) bool { return lexicon.Alike(w, name) }):
				like = 2 // it is no slip
			case near >= 0:
				is = names[near]
				like++
			}
		}
		if like == 1 {
			ws[i] = is
		}
	}
	return strings.Join(ws, " ")
}

// maxSlips is how long a text is in which a word may be a slip of a choice.
const maxSlips = 8

// NearAnother reports whether a text that names a choice has a misspelt other one beside it.
func NearAnother(question *tickets.Question, text, value string) bool {
	return slices.ContainsFunc(question.Choices, func(c tickets.Choice) bool {
		p := lexicon.Plain(c.Value)
		return c.Value != value && len(p) > 5 &&
			slices.ContainsFunc(lexicon.Words(text), func(w string) bool { return len(w) > 5 && lexicon.Slip(w, p, 2) })
	})
}
