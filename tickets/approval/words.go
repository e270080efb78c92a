package approval

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"tierdesk/mailin"
)

//go:embed words.txt
var wordsFile string

// vocabulary holds the words of approvers, in all languages of the templates together. A word that
// means yes in one language and no in another means neither.
type vocabulary struct{ yes, no, unclear, greetings, polite map[string]bool }

// known is read when it is first asked for.
var known = sync.OnceValue(func() vocabulary { return readVocabulary(wordsFile) })

func readVocabulary(file string) vocabulary {
	v := vocabulary{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for i, list := range strings.SplitN(line, "|", 5) {
			for phrase := range strings.SplitSeq(list, ",") {
				for _, phrase := range mailin.Spellings(mailin.Plain(phrase)) {
					[]map[string]bool{v.yes, v.no, v.unclear, v.greetings, v.polite}[i][phrase] = true
				}
			}
		}
	}
	return v
}

// verdict is the verdict in an answer to a request for approval.
type verdict string

const (
	neither  verdict = ""
	approved verdict = "approved"
	declined verdict = "declined"
)

// said returns the verdict in the text of an answer. Its first line, after a greeting, must be a
// yes or a no and nothing else but politeness; reasons may follow. A yes with a condition anywhere
// is neither, nor is a text that says both: in doubt nothing is decided. It is pure.
func said(text string) verdict {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	lines = slices.DeleteFunc(lines, func(l string) bool { return mailin.Plain(l) == "" })
	if len(lines) > 1 && greets(lines[0]) {
		lines = lines[1:]
	}
	if len(lines) == 0 || strings.ContainsAny(text, "?？¿") {
		return neither
	}
	v := saidIn(lines[0])
	if v == approved && slices.ContainsFunc(lines[1:], conditional) {
		return neither
	}
	for _, l := range lines[1:] {
		if other := saidIn(l); other != neither && other != v {
			return neither
		}
	}
	return v
}

// greets reports whether a line consists of a greeting: "Hello Ann,".
func greets(line string) bool {
	words := strings.Fields(mailin.Plain(line))
	if len(words) > 5 || saidIn(line) != neither {
		return false
	}
	return known().greetings[words[0]] || len(words) > 1 && known().greetings[strings.Join(words[:2], " ")]
}

// conditional reports whether a line contains a word that makes a yes conditional.
func conditional(line string) bool {
	return slices.ContainsFunc(strings.Fields(mailin.Plain(line)), func(w string) bool { return known().unclear[w] })
}

// saidIn returns the verdict in a line that contains only a yes or a no, and politeness.
func saidIn(line string) verdict {
	if whole := verdictOf(mailin.Plain(line)); whole != neither {
		return whole
	}
	v := neither
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(".,;:!–—", r) }) {
		p := mailin.Plain(part)
		if p == "" || known().polite[p] {
			continue
		}
		here := verdictOf(p)
		if here == neither || v != neither && here != v {
			return neither
		}
		v = here
	}
	return v
}

func verdictOf(phrase string) verdict {
	switch yes, no := known().yes[phrase], known().no[phrase]; {
	case yes && !no:
		return approved
	case no && !yes:
		return declined
	}
	return neither
}
