package answers

import (
	"cmp"
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed words.txt
var wordsFile string

//go:embed told.txt
var toldFile string

// known returns the words with which people answer, in all languages of the templates together,
// folded. They never change. They and the patterns are made when they are first used: most desks
// ask nothing, and together they take 4 MB.
var known = sync.OnceValue(func() vocabulary { return readWords(wordsFile + toldFile + asidesFile) })

// pattern returns what compiles an expression at its first use.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// vocabulary is the sections of the file: a phrase, and its value for those that have one.
type vocabulary map[string]map[string]int

func readWords(file string) vocabulary {
	v, section := vocabulary{}, ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			if section = strings.Trim(line, "[]"); v[section] == nil {
				v[section] = map[string]int{}
			}
			if kind, _, ok := strings.Cut(section, " "); ok && v[kind] == nil {
				v[kind] = map[string]int{}
			}
		default:
			for entry := range strings.SplitSeq(line, ",") {
				word, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
				n, _ := strconv.Atoi(value) // no value is no number, and is not asked for
				if accented, ok := strings.CutPrefix(word, "!"); ok {
					v[section][accented] = n
				} else if p := plain(word); p != "" {
					v[section][p] = n
					if kind, _, ok := strings.Cut(section, " "); ok { // of one language
						v[kind][p] = n
					}
				} else if word != "" {
					v[section][word] = n
				}
			}
		}
	}
	return v
}

// longestFirst returns the phrases of a section, the longest first.
func longestFirst(section string) []string { return ordered()[section] }

// ordered returns all sections so: a phrase may be the beginning of another.
var ordered = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for section, phrases := range known() {
		out[section] = slices.SortedFunc(maps.Keys(phrases), func(a, b string) int {
			return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
		})
	}
	return out
})

// has reports whether a phrase stands in a section.
func (v vocabulary) has(section, phrase string) bool {
	_, ok := v[section][phrase]
	return ok
}

// apostrophes are written so on some keyboards, and a sharp s as two.
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "ß", "ss")

// fold returns a text in small letters without accents, so that people's spelling of them does not
// matter.
func fold(s string) string {
	s = strings.ToLower(s)
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 || r == '`' }) { // as most words are
		return s
	}
	s = apostrophes.Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

// plain returns a phrase folded, with single blanks and nothing but letters, digits and the signs
// within words.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '\''
	}), " ")
}

// words returns the words of a text, folded.
func words(s string) []string { return strings.Fields(plain(s)) }

// content returns the words of a text that say something.
func content(s string) []string {
	var out []string
	for _, w := range words(s) {
		if !known().has("stop", w) && (len(w) > 1 || w[0] >= '0' && w[0] <= '9') {
			out = append(out, w)
		}
	}
	return out
}

// alike reports whether two folded words are forms of one: "laptop" and "laptops".
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if hasDigit(a + b) {
		return false // another number is another thing
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 4 && len(b)-len(a) <= 3 && strings.HasPrefix(b, a[:max(4, len(a)-1)]) && (len(a) != len(b) || inflects(a, b))
}

// means reports whether two folded words are forms of one, or stand for the same thing: "restarted"
// and "reboot".
func means(a, b string) bool {
	group := known()["like"][a]
	return alike(a, b) || group != 0 && group == known()["like"][b]
}

// meaning is what a word is in the language of a mail.
type meaning int

const (
	here          meaning = iota // what the lists say, as most words are in all languages
	unsure                       // it may be a word of another language
	somethingElse                // another word: "hier" is no yesterday in German
)

// elsewhere returns what a word of a day, a month or a number is in the language of a mail.
func elsewhere(word string, w When) meaning {
	language := w.tongue()
	switch {
	case !known().has("homonym", word) || known().has("homonym "+language, word):
		return here
	case known().has("other "+language, word):
		return somethingElse
	}
	return unsure
}

// tongue returns the language of a mail without its country.
func (w When) tongue() string { return w.Language[:min(2, len(w.Language))] }

// phraseIn reports whether a phrase of a section stands in a text, as whole words.
func (v vocabulary) phraseIn(section, text string) bool {
	p, accented := " "+plain(text)+" ", ""
	for phrase := range v[section] {
		if strings.Contains(p, " "+phrase+" ") {
			return true
		}
		if isASCII(phrase) {
			continue
		}
		if accented == "" {
			accented = " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !isLetter(r) }), " ") + " "
		}
		if strings.Contains(accented, " "+phrase+" ") {
			return true
		}
	}
	return false
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }

// startsWith reports whether a text begins with a phrase of a section, as whole words.
func (v vocabulary) startsWith(section, text string) bool {
	p := plain(text) + " "
	for phrase := range v[section] {
		if strings.HasPrefix(p, phrase+" ") {
			return true
		}
	}
	return false
}

// inflects reports whether two words of one length differ in a last letter that inflects them:
// "neue" and "neun" do not, "rosso" and "rossa" do.
func inflects(a, b string) bool {
	const endings = "aeions"
	return strings.ContainsRune(endings, rune(a[len(a)-1])) && strings.ContainsRune(endings, rune(b[len(b)-1]))
}

// without returns a phrase without the words that only colour it: "weiss ich leider nicht mehr".
func without(p string) string {
	p = " " + p + " "
	for filler := range known()["filler"] {
		p = strings.ReplaceAll(p, " "+filler+" ", " ")
	}
	return strings.TrimSpace(p)
}

// doubtful reports whether a text says itself that it is not sure, asks, or makes a condition: "if
// you think so", but not "if possible".
func doubtful(text string) bool {
	p := " " + plain(text) + " "
	for phrase := range known()["nodoubt"] {
		p = strings.ReplaceAll(p, " "+phrase+" ", " ")
	}
	return strings.ContainsAny(text, "?¿") || known().phraseIn("maybe", p) || known().phraseIn("condition", p)
}
