package answers

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"tierdesk/tickets"
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
			if p := plain(phrase); p != "" {
				out[p] = append(out[p], n)
			}
		}
	}
	return out
})

// maxThing is how many words name a thing.
const maxThing = 4

// otherwise returns the choices that a text names by other words for the same thing, in any of the
// languages: "cellar" for "basement", "en ligne" for "Online".
func otherwise(q *tickets.Question, text string) []int {
	ws := words(text)
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
	ws := words(text)
	for at := 0; at < len(ws); at++ {
		n := min(maxThing, len(ws)-at)
		for n > 0 && len(things()[strings.Join(ws[at:at+n], " ")]) == 0 {
			n--
		}
		if n == 0 && !slices.ContainsFunc([]string{"stop", "filler", "only", "mostly"}, func(section string) bool {
			return known().has(section, ws[at])
		}) {
			return false
		}
		at += max(n-1, 0)
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
		if _, known := things()[w]; known || len(w) < 6 || hasDigit(w) {
			continue
		}
		is, like := "", 0
		for c := range q.Choices {
			names := namesOf(&q.Choices[c])
			near := slices.IndexFunc(names, func(name string) bool {
				return len(name) > 5 && !strings.Contains(name, " ") && slip(w, name, 2)
			})
			switch {
			case slices.ContainsFunc(names, func(name string) bool { return alike(w, name) }):
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
