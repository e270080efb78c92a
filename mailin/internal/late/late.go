// Package late compiles regular expressions at their first use. The reader of mail has some
// seventy: together they take 5 MB and a third of the time that a command needs to start, and most
// of them are for mails that come once a day. It owns no patterns: each stands beside its use.
package late

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"tierdesk/mailin/internal/wordset"
)

// Pattern is a regular expression that is compiled at its first use. It is safe for concurrent use
// by multiple goroutines. Its methods are those of regexp.Regexp. They panic if the expression
// cannot be compiled; a test of this package compiles every Pattern in the tree.
type Pattern struct {
	main   *once
	others *once // of a List: the languages other than English; else nil
}

// once is an expression, and the words that a text must contain to be searched for it.
type once struct {
	compiled func() *regexp.Regexp
	stems    func() *wordset.Stems
}

// newOnce makes one of an expression in which replaced replaces what has no words.
func newOnce(expr func() string, replaced func(string) string) *once {
	return &once{
		compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(replaced(expr())) }),
		stems:    sync.OnceValue(func() *wordset.Stems { return hintOf(expr()).stems() }),
	}
}

// mayBeIn reports whether a text may contain a match.
func (o *once) mayBeIn(s string) bool { return len(s) < shortText || mayHold(s, o.stems()) }

// Compile makes a Pattern. Its argument must be a constant, so that the test finds it.
func Compile(expr string) *Pattern {
	return &Pattern{main: newOnce(func() string { return expr }, func(same string) string { return same })}
}

// List makes a case-insensitive Pattern from a list of expressions, one line for each language,
// such as "de: bis|ab dem". Empty lines and lines that begin with # are ignored. A match begins at
// the beginning of a word, in languages that separate words. In a list \w and \b know the letters
// of all scripts. \b consumes the character beside the word, so it must not be followed by anything
// that needs that character. A text that is plainly English is searched for English alone. The
// Pattern has only MatchString, FindString, FindStringIndex and FindAllStringIndex.
func List(list string) *Pattern {
	return &Pattern{
		main:   newOnce(func() string { return joined(list, func(language string) bool { return language == "en" }) }, letters.Replace),
		others: newOnce(func() string { return joined(list, func(language string) bool { return language != "en" }) }, letters.Replace),
	}
}

// joined joins the lines of a list in the wanted languages into one expression, in which \w and \b
// are still those of ASCII.
func joined(list string, wanted func(language string) bool) string {
	var all []string
	for line := range strings.Lines(list) {
		language, expressions, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || language[0] == '#' || !wanted(language) {
			continue
		}
		if !strings.Contains("ar he ja ko th zh", language) {
			expressions = `\b(?:` + expressions + `)`
		}
		all = append(all, expressions)
	}
	if len(all) == 0 {
		return `[^\s\S]`
	}
	return `(?i)(?:` + strings.Join(all, "|") + `)`
}

// foreign reports whether a text may be in a language other than English.
func foreign(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return true
		}
	}
	return !strings.Contains(s, " the ") && !strings.Contains(s, " you") && !strings.Contains(s, " has ")
}

// letters gives \w and \b the letters and figures of all scripts.
var letters = strings.NewReplacer(`\w`, `(?-i:[^`+ends+`]|_)`, `\b`, `(?:^|$|(?-i:[`+ends+`]))`)

// ends is what ends a word: signs, blanks, controls, and the accents that stand for themselves.
// Much of Unicode is missing: of 750 ranges that \PL has, each \b in a list would take a tenth of a
// millisecond to compile.
const ends = `\x00-/:-@\[-` + "`" + `{-\x{A9}\x{AB}-\x{B1}\x{B4}\x{B6}-\x{B8}\x{BB}\x{BF}\x{D7}\x{F7}\x{2C2}-\x{2C5}\x{2D2}-\x{2DF}` +
	`\x{2EF}-\x{36F}\x{37E}\x{384}\x{385}\x{387}\x{482}\x{55A}-\x{55F}\x{589}-\x{5C6}\x{5F3}-\x{61F}\x{66A}-\x{66D}\x{6D4}` +
	`\x{964}\x{965}\x{E3F}\x{E4F}\x{E5A}\x{E5B}\x{10FB}\x{1FFD}-\x{206F}\x{20A0}-\x{2101}\x{2116}-\x{2118}\x{211E}-\x{2123}` +
	`\x{218A}-\x{244A}\x{249C}-\x{24E9}\x{2500}-\x{2775}\x{2794}-\x{2BFF}\x{2E00}-\x{2E2E}\x{2E30}-\x{3004}\x{3008}-\x{3020}` +
	`\x{3030}\x{30A0}\x{30FB}\x{E000}-\x{F8FF}\x{FD3E}\x{FD3F}\x{FE00}-\x{FE6B}\x{FEFF}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}` +
	`\x{FF5B}-\x{FF65}\x{FFE0}-\x{FFFD}\x{1F000}-\x{1F0FF}\x{1F10D}-\x{1FAFF}`

// othersMayBeIn reports whether a text may contain a match in a language other than English.
func (p *Pattern) othersMayBeIn(s string) bool {
	return p.others != nil && foreign(s) && p.others.mayBeIn(s)
}

// Stems returns the words, in lower case, one of which a text must hold to hold a match, unless it
// holds rare forms of letters. It panics if none are known.
func (p *Pattern) Stems() []*wordset.Stems {
	all := []*wordset.Stems{p.main.stems()}
	if p.others != nil {
		all = append(all, p.others.stems())
	}
	if slices.Contains(all, nil) {
		panic("late: no words are known of " + p.String())
	}
	return all
}

// String returns the expression.
func (p *Pattern) String() string { return p.main.compiled().String() }

// MatchString reports whether s holds a match.
func (p *Pattern) MatchString(s string) bool {
	return p.main.mayBeIn(s) && p.main.compiled().MatchString(s) || p.othersMayBeIn(s) && p.others.compiled().MatchString(s)
}

// MatchLine is MatchString for an expensive pattern of Compile: it searches even short texts for
// the words that a match needs.
func (p *Pattern) MatchLine(s string) bool {
	return mayHold(s, p.main.stems()) && p.main.compiled().MatchString(s)
}

// FindString returns the first match in s, "" if there is none.
func (p *Pattern) FindString(s string) string {
	if at := p.FindStringIndex(s); at != nil {
		return s[at[0]:at[1]]
	}
	return ""
}

// FindStringIndex returns where the first match begins and ends, nil if there is none.
func (p *Pattern) FindStringIndex(s string) []int {
	var at []int
	if p.main.mayBeIn(s) {
		at = p.main.compiled().FindStringIndex(s)
	}
	if p.othersMayBeIn(s) {
		if other := p.others.compiled().FindStringIndex(s); at == nil || other != nil && other[0] < at[0] {
			return other
		}
	}
	return at
}

// FindStringSubmatch returns the first match and its groups, nil if there is none.
func (p *Pattern) FindStringSubmatch(s string) []string {
	if !p.main.mayBeIn(s) {
		return nil
	}
	return p.main.compiled().FindStringSubmatch(s)
}

// FindStringSubmatchIndex returns where the first match and its groups begin and end.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	if !p.main.mayBeIn(s) {
		return nil
	}
	return p.main.compiled().FindStringSubmatchIndex(s)
}

// FindAllString returns the first n matches, all if n is negative.
func (p *Pattern) FindAllString(s string, n int) []string {
	if !p.main.mayBeIn(s) {
		return nil
	}
	return p.main.compiled().FindAllString(s, n)
}

// FindAllStringIndex returns where they begin and end.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	var all [][]int
	if p.main.mayBeIn(s) {
		all = p.main.compiled().FindAllStringIndex(s, n)
	}
	if len(all) < n && p.othersMayBeIn(s) {
		all = append(all, p.others.compiled().FindAllStringIndex(s, n-len(all))...)
	}
	return all
}

// FindAllStringSubmatch returns the first n matches with their groups.
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.main.mayBeIn(s) {
		return nil
	}
	return p.main.compiled().FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex returns where these begin and end.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.main.mayBeIn(s) {
		return nil
	}
	return p.main.compiled().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString replaces each match; $1 in the replacement is the first group.
func (p *Pattern) ReplaceAllString(s, with string) string {
	if p.main.mayBeIn(s) {
		s = p.main.compiled().ReplaceAllString(s, with)
	}
	if p.othersMayBeIn(s) {
		s = p.others.compiled().ReplaceAllString(s, with)
	}
	return s
}
