package approval

import (
	_ "embed"
	"slices"
	"strings"

	"tierdesk/mailin"
)

//go:embed words.txt
var wordsFile string

// vocabulary is what approvers answer, in all languages of the templates together. What says yes in
// one of them and no in another says neither.
type vocabulary struct{ yes, no, unclear, greetings, polite map[string]bool }

var known = readVocabulary(wordsFile)

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

// verdict is what an answer says to a request for approval.
type verdict string

const (
	neither  verdict = ""
	approved verdict = "approved"
	declined verdict = "declined"
)

// said returns what the text of an answer says. Its first line, below a greeting, has to be a yes
// or a no and nothing else but politeness; reasons may stand below. A yes with a condition anywhere
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

// greets reports whether a line is a greeting and nothing else: "Hello Ann,".
func greets(line string) bool {
	words := strings.Fields(mailin.Plain(line))
	if len(words) > 5 || saidIn(line) != neither {
		return false
	}
	return known.greetings[words[0]] || len(words) > 1 && known.greetings[strings.Join(words[:2], " ")]
}

// conditional reports whether a line holds a word with which a yes is none.
func conditional(line string) bool {
	return slices.ContainsFunc(strings.Fields(mailin.Plain(line)), func(w string) bool { return known.unclear[w] })
}

// saidIn returns what a line says that has nothing in it but yes, or no, and politeness.
func saidIn(line string) verdict {
	if whole := verdictOf(mailin.Plain(line)); whole != neither {
		return whole
	}
	v := neither
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(".,;:!–—", r) }) {
		p := mailin.Plain(part)
		if p == "" || known.polite[p] {
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
	switch yes, no := known.yes[phrase], known.no[phrase]; {
	case yes && !no:
		return approved
	case no && !yes:
		return declined
	}
	return neither
}
