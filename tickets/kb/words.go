package kb

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
)

// meaning is the meaning of a customer's short mail.
type meaning string

const (
	nothing meaning = ""
	solved  meaning = "solved" // an article helped
	person  meaning = "person" // they want a person
	status  meaning = "status" // they ask for the state of their tickets
	right   meaning = "right"  // said by an article's owner: it is still right
)

//go:embed words.txt
var wordsFile string

// vocabulary holds the phrases of customers, in all languages of the templates together. A phrase
// with different meanings in two languages means nothing.
type vocabulary struct {
	phrases                   map[string]meaning
	polite, greeting, closing map[string]bool
}

var known = sync.OnceValue(func() vocabulary { return readVocabulary(wordsFile) })

func readVocabulary(file string) vocabulary {
	v := vocabulary{map[string]meaning{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for line := range strings.Lines(file) {
		head, list, found := strings.Cut(line, "|")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		kind, _, _ := strings.Cut(head, " ")
		set := map[string]map[string]bool{"polite": v.polite, "greeting": v.greeting, "closing": v.closing}[kind]
		for phrase := range strings.SplitSeq(list, ",") {
			for _, phrase := range mailin.Spellings(mailin.Plain(phrase)) {
				switch m := meaning(kind); {
				case set != nil:
					set[phrase] = true
				case v.phrases[phrase] != nothing && v.phrases[phrase] != m:
					v.phrases[phrase] = "both"
				default:
					v.phrases[phrase] = m
				}
			}
		}
	}
	return v
}

const (
	maxSaid           = 300 // the maximum length of a mail with a single meaning, in characters
	maxGreeting       = 6   // words
	maxSignatureLines = 6
	maxSignatureLine  = 60
)

// says returns the meaning of a mail that says nothing else. Each of its sentences must be a phrase
// with that meaning, or politeness; a greeting and a signature are allowed. A question can only ask
// for a person or for the state of tickets. understood reports whether all of the mail is
// understood; an empty or merely polite mail is understood and has no meaning. It is pure.
func says(m *mailin.Message) (what meaning, understood bool) {
	if slices.ContainsFunc(m.Attachments, func(a mailin.Attachment) bool { return !a.Inline && !a.Credential }) {
		return nothing, false
	}
	text := m.Written()
	if utf8.RuneCountInString(text) > maxSaid {
		return nothing, false
	}
	what, understood = said(text, namesOf(m))
	if (what == solved || what == nothing) && strings.ContainsAny(text, "?？¿") {
		return nothing, false
	}
	return what, understood
}

// asksStatus reports whether a mail that opens a ticket only asks for the state of the customer's
// tickets, in words or by its subject alone.
func asksStatus(m *mailin.Message) bool {
	if bySubject, _ := said(thread.BaseSubject(m.Subject), nil); bySubject == status && m.Written() == "" {
		return true
	}
	what, _ := says(m)
	return what == status
}

// said returns the meaning of a whole text, and reports whether it understands all of it.
func said(text string, names []string) (what meaning, understood bool) {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	lines = slices.DeleteFunc(lines, func(l string) bool { return mailin.Plain(l) == "" })
	lines = withoutSignature(lines)
	if len(lines) > 0 {
		if rest, greets := withoutGreeting(lines[0]); greets {
			lines[0] = rest
		}
	}
	ends := func(r rune) bool { return strings.ContainsRune("\n.,;:!?¡¿…–—", r) }
	for sentence := range strings.FieldsFuncSeq(strings.Join(lines, "\n"), ends) {
		here, ok := saidIn(mailin.Plain(sentence), names)
		switch {
		case !ok:
			return nothing, false
		case here == nothing:
		case what != nothing && here != what:
			return nothing, false
		default:
			what = here
		}
	}
	return what, true
}

// saidIn returns the meaning of a sentence: a phrase, optionally with politeness before or after
// it. It reports whether it understands all of the sentence.
func saidIn(sentence string, names []string) (meaning, bool) {
	words := strings.Fields(sentence)
	for len(words) > 0 {
		if m := known().phrases[strings.Join(words, " ")]; m != nothing {
			return m, true
		}
		n := polite(words, names)
		if n == 0 {
			break
		}
		words = words[n:]
	}
	for end := len(words) - 1; end > 0; end-- {
		if m := known().phrases[strings.Join(words[:end], " ")]; m != nothing {
			for rest := words[end:]; ; {
				if len(rest) == 0 {
					return m, true
				}
				n := polite(rest, names)
				if n == 0 {
					break
				}
				rest = rest[n:]
			}
		}
	}
	return nothing, len(words) == 0
}

// polite returns the number of leading words that are politeness or a name.
func polite(words, names []string) int {
	for n := min(len(words), 5); n > 0; n-- {
		if p := strings.Join(words[:n], " "); known().polite[p] || known().closing[p] {
			return n
		}
	}
	if slices.Contains(names, words[0]) {
		return 1
	}
	return 0
}

// withoutGreeting returns the part of a line after a greeting: "Hello Ann, that solved it".
func withoutGreeting(line string) (rest string, greets bool) {
	head, rest, _ := strings.Cut(line, ",")
	words := strings.Fields(mailin.Plain(head))
	if len(words) > maxGreeting {
		return line, false
	}
	for n := min(len(words), 2); n > 0; n-- {
		if known().greeting[strings.Join(words[:n], " ")] {
			if m, whole := saidIn(strings.Join(words[n:], " "), nil); whole && m != nothing {
				return strings.Join(words[n:], " ") + ", " + rest, true // "hi that solved it"
			}
			return rest, true
		}
	}
	return line, false
}

// withoutSignature removes a closing line and everything after it, if that looks like a signature.
func withoutSignature(lines []string) []string {
	for i := max(1, len(lines)-1-maxSignatureLines); i < len(lines); i++ {
		if !known().closing[mailin.Plain(lines[i])] {
			continue
		}
		if !slices.ContainsFunc(lines[i+1:], func(l string) bool {
			return utf8.RuneCountInString(l) > maxSignatureLine || strings.ContainsAny(l, "?？!")
		}) {
			return lines[:i]
		}
	}
	return lines
}

// namesOf returns the words of the sender's name in lower case: a mail may end with it.
func namesOf(m *mailin.Message) []string {
	author := m.Author()
	local, _, _ := strings.Cut(author.Address, "@")
	var out []string
	parts := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }
	for _, name := range []string{author.Name, local} {
		out = append(out, strings.FieldsFunc(strings.ToLower(name), parts)...)
	}
	return out
}
