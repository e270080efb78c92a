package choice

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
)

//go:embed things.txt
var thingsFile string

// things returns what each phrase stands for: the lines of the file in which it is.
var things = sync.OnceValue(func() map[string][]int {
	out, n := map[string][]int{}, 0
	for line := range strings.Lines(thingsFile) {
		if n++; strings.HasPrefix(line, "#") {
			continue
		}
		for phrase := range strings.SplitSeq(line, ",") {
			if p := lexicon.Plain(phrase); p != "" {
				out[p] = append(out[p], n)
			}
		}
	}
	return out
})

// maxThing is how many words name a thing.
const maxThing = 4

// ByOtherName returns the choices that a text names by other words for the same thing, in any of
// the languages: "cellar" for "basement", "en ligne" for "Online".
func ByOtherName(q *tickets.Question, text string) []int {
	ws := lexicon.Words(text)
	var found []int
	for at := 0; at < len(ws); at++ {
		for n := min(maxThing, len(ws)-at); n > 0; n-- {
			meant, ok := things()[strings.Join(ws[at:at+n], " ")]
			if !ok {
				continue
			}
			for i := range q.Choices {
				if !slices.Contains(found, i) && slices.ContainsFunc(namesOf(&q.Choices[i]), func(name string) bool {
					return slices.ContainsFunc(things()[name], func(thing int) bool { return slices.Contains(meant, thing) })
				}) {
					found = append(found, i)
				}
			}
			at += n - 1
			break
		}
	}
	return found
}

// onlyThings reports whether a text says nothing beside the things that it names.
func onlyThings(text string) bool {
	ws := lexicon.Words(text)
	for at := 0; at < len(ws); at++ {
		n := min(maxThing, len(ws)-at)
		for n > 0 && len(things()[strings.Join(ws[at:at+n], " ")]) == 0 {
			n--
		}
		if n == 0 && !slices.ContainsFunc([]string{"stop", "filler", "only", "mostly"}, func(section string) bool {
			return lexicon.Has(section, ws[at])
		}) {
			return false
		}
		at += max(n-1, 0)
	}
	return true
}

// SameThing reports whether two words stand for the same thing.
func SameThing(a, b string) bool {
	return slices.ContainsFunc(things()[a], func(thing int) bool { return slices.Contains(things()[b], thing) })
}

// Meant returns the choices that a text means in other words: "rotto" for "danneggiata".
func Meant(question *tickets.Question, text string) []string {
	groups := map[int]bool{}
	for _, w := range lexicon.Words(text) {
		groups[lexicon.Section("like")[w]] = true
	}
	for phrase, group := range lexicon.Section("meaning") {
		if strings.Contains(" "+lexicon.Plain(text)+" ", " "+phrase+" ") {
			groups[group] = true
		}
	}
	var out []string
	for _, c := range question.Choices {
		want := lexicon.Content(c.Value)
		other := func(w string) bool { g := lexicon.Section("like")[w]; return g == 0 || !groups[g] }
		if len(want) > 0 && !slices.ContainsFunc(want, other) {
			out = append(out, c.Value)
		}
	}
	return out
}

// HasForms reports whether a text has a form of each word of one of the choices.
func HasForms(question *tickets.Question, text string) bool {
	return slices.ContainsFunc(question.Choices, func(c tickets.Choice) bool {
		want := lexicon.Content(c.Value)
		return len(want) > 0 && lexicon.Mentions(text, want) == len(want)
	})
}
