package sqldb

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Clean returns a text as both databases store it: without NUL, and with U+FFFD for bytes that are
// not UTF-8. PostgreSQL refuses both. Everything that is bound to a statement is cleaned, so Clean
// is needed only to compare a text with a stored one.
func Clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if utf8.ValidString(s) { // much quicker than a search for what is to be replaced
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// clean returns the arguments of a statement with their texts cleaned. All arguments pass through
// it.
func clean(args []any) []any {
	own := false
	for i, a := range args {
		var s string
		switch a := a.(type) {
		case string:
			s = a
		case nil, int64, int, []byte, Time, *int64:
			continue
		default: // types of text
			v := reflect.ValueOf(a)
			if v.Kind() != reflect.String {
				continue
			}
			s = v.String()
		}
		if c := Clean(s); c != s {
			if !own {
				args, own = slices.Clone(args), true
			}
			args[i] = c
		}
	}
	return args
}
