// Package pattern compiles regular expressions when they are first used. It owns nothing and must
// never know what they are for. A desk at rest uses few of its patterns; compiled, they are among
// the largest things that it would keep in memory, and each garbage collection would look at them.
package pattern

import (
	"regexp"
	"strings"
	"sync"
)

// Late returns what compiles an expression at its first call. It panics there if the expression is
// wrong. It is safe for concurrent use.
func Late(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// OfLanguages returns the alternatives of a list, an expression for each language on a line of its
// own behind its code, "de: ...", as one expression. Lines that begin with # are comments.
func OfLanguages(list string) string {
	var all []string
	for line := range strings.Lines(list) {
		if code, expr, found := strings.Cut(strings.TrimSpace(line), ": "); found && !strings.HasPrefix(code, "#") {
			all = append(all, expr)
		}
	}
	return "(?:" + strings.Join(all, "|") + ")"
}
