// Package late compiles regular expressions when they are first used. The reader of mail has some seventy: together they
// take 5 MB and a third of the time that a command needs to start, and most of them are for mails that come once a day.
// It owns no patterns: they stand beside what they are for.
package late

import (
	"regexp"
	"strings"
	"sync"
)

// Pattern is a regular expression that is compiled at its first use. It may be used by many at once. Its methods are
// those of regexp.Regexp. They panic if it cannot be compiled; a test of this package compiles all that there are.
type Pattern struct{ compiled func() *regexp.Regexp }

// Compile makes a Pattern. Its argument must be a constant, so that the test finds it.
func Compile(expr string) *Pattern {
	return &Pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

// List makes a Pattern of a list of expressions, to which case does not matter: one line for each language, such as
// "de: bis|ab dem". Empty lines and those that begin with # are left out. A match begins where a word does, in languages that
// part their words. In a list \w and \b know the letters of all scripts; \b takes the character beside the word, so that
// nothing may follow it that needs that character.
func List(list string) *Pattern {
	return &Pattern{sync.OnceValue(func() *regexp.Regexp {
		var all []string
		for line := range strings.Lines(list) {
			if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
				continue
			}
			language, expressions, _ := strings.Cut(line, ": ")
			if !strings.Contains("ar he ja ko th zh", language) {
				expressions = `\b(?:` + expressions + `)`
			}
			all = append(all, expressions)
		}
		return regexp.MustCompile(`(?i)(?:` + letters.Replace(strings.Join(all, "|")) + `)`)
	})}
}

var letters = strings.NewReplacer(`\w`, `[\pL\pN_]`, `\b`, `(?:^|$|[^\pL\pN])`)

// String gives the expression.
func (p *Pattern) String() string { return p.compiled().String() }

// MatchString reports whether s holds a match.
func (p *Pattern) MatchString(s string) bool {
	return p.compiled().MatchString(s)
}

// FindString gives the first match in s, "" if there is none.
func (p *Pattern) FindString(s string) string {
	return p.compiled().FindString(s)
}

// FindStringIndex gives where the first match begins and ends, nil if there is none.
func (p *Pattern) FindStringIndex(s string) []int {
	return p.compiled().FindStringIndex(s)
}

// FindStringSubmatch gives the first match and its groups, nil if there is none.
func (p *Pattern) FindStringSubmatch(s string) []string {
	return p.compiled().FindStringSubmatch(s)
}

// FindStringSubmatchIndex gives where the first match and its groups begin and end.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	return p.compiled().FindStringSubmatchIndex(s)
}

// FindAllString gives the first n matches, all if n is negative.
func (p *Pattern) FindAllString(s string, n int) []string {
	return p.compiled().FindAllString(s, n)
}

// FindAllStringIndex gives where they begin and end.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.compiled().FindAllStringIndex(s, n)
}

// FindAllStringSubmatch gives the first n matches with their groups.
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.compiled().FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex gives where these begin and end.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.compiled().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString puts something else in the place of each match; $1 in it is the first group.
func (p *Pattern) ReplaceAllString(s, with string) string {
	return p.compiled().ReplaceAllString(s, with)
}
