package customer

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/tickets"
)

// thanksFile holds what a short mail of thanks is made of, a language a line: words that say
// thanks | words that may stand beside them | words that close a letter.
//
//go:embed thanks.txt
var thanksFile string

var thanking, polite, closing = thanksWords(thanksFile)

func thanksWords(file string) (thanking, polite, closing []string) {
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(line, "|", 3)
		for i, list := range []*[]string{&thanking, &polite, &closing} {
			if i < len(parts) {
				for word := range strings.FieldsSeq(parts[i]) {
					*list = append(*list, mailin.Spellings(word)...)
				}
			}
		}
	}
	return thanking, polite, closing
}

// maxThanks is the maximum length, in characters, of a mail that says only thank you. The text
// after its closing line is a signature of a few short lines.
const (
	maxThanks         = 200
	maxSignatureLines = 6
	maxSignatureLine  = 60
)

// IsThanks reports whether a mail is a reaction, or says only thank you, with a greeting, names,
// wishes and a signature: such a mail does not reopen a ticket.
func IsThanks(m *mailin.Message, people *tickets.Directory) bool {
	if m.Reaction != "" {
		return true
	}
	if slices.ContainsFunc(m.Attachments, func(a mailin.Attachment) bool { return !a.Inline && !a.Credential }) {
		return false
	}
	text := withoutSignature(strings.TrimSpace(m.Reply))
	if text == "" || utf8.RuneCountInString(text) > maxThanks || strings.ContainsAny(text, "?？0123456789") {
		return false
	}
	names := namesIn(m, people)
	thanks := false
	for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("\r\n.!…", r) }) {
		said, ok := thanksIn(sentence, names)
		if !ok {
			return false
		}
		thanks = thanks || said
	}
	return thanks
}

// thanksIn reports whether a sentence says thanks, and whether it says nothing else. One unknown
// word may be a name: capitalised, at the end, after a comma or a greeting.
func thanksIn(sentence string, names []string) (thanks, nothingElse bool) {
	words := strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	for i, word := range words {
		lower := strings.ToLower(word)
		switch {
		case slices.Contains(thanking, lower):
			thanks = true
		case slices.Contains(polite, lower), slices.Contains(closing, lower), slices.Contains(names, lower):
		case i == len(words)-1 && isName(sentence, word, words[:i]):
		default:
			return thanks, false
		}
	}
	return thanks, true
}

// isName reports whether the last word of a sentence is a person's name, judging by its position.
func isName(sentence, word string, before []string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) || len(before) == 0 {
		return false
	}
	head, _, _ := strings.Cut(sentence, word)
	greeting := len(before) <= 2 && slices.Contains(greetings, strings.ToLower(before[0]))
	last := strings.ToLower(before[len(before)-1])
	return greeting || slices.Contains(titles, last) || slices.Contains(thanking, last) || strings.HasSuffix(strings.TrimSpace(head), ",")
}

// titles are further words that a name follows.
var titles = []string{"mr", "mrs", "ms", "herr", "frau", "madame", "monsieur", "señor", "señora", "signor", "signora", "mevrouw", "meneer"}

// greetings are words that a name follows.
var greetings = []string{"hi", "hello", "hey", "dear", "hallo", "liebe", "lieber", "guten", "moin", "bonjour", "salut", "cher", "chère",
	"hola", "estimado", "estimada", "querido", "querida", "ciao", "gentile", "caro", "cara", "buongiorno", "hoi", "beste", "dag"}

// namesIn returns the words of the sender's and the agents' names, in lower case.
func namesIn(m *mailin.Message, people *tickets.Directory) []string {
	author := m.Author()
	local, _, _ := strings.Cut(author.Address, "@")
	all := []string{author.Name, local}
	if people != nil {
		for i := range people.Agents {
			all = append(all, people.Agents[i].FullName)
		}
	}
	var out []string
	for _, name := range all {
		out = append(out,
			strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })...)
	}
	return out
}

// withoutSignature removes what follows a closing line, if it looks like a signature.
func withoutSignature(text string) string {
	lines := strings.Split(text, "\n")
	for i := max(1, len(lines)-1-maxSignatureLines); i < len(lines); i++ { // no signature begins further up
		line := lines[i]
		words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
		closes := len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(closing, w) })
		if !closes {
			continue
		}
		if !slices.ContainsFunc(lines[i+1:], func(l string) bool {
			return utf8.RuneCountInString(l) > maxSignatureLine || strings.ContainsAny(l, "?？!")
		}) {
			return strings.TrimSpace(strings.Join(lines[:i], "\n"))
		}
	}
	return text
}
