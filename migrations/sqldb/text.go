package sqldb

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Clean returns a text as both databases keep it: without NUL, and with U+FFFD for bytes that are
// no UTF-8. PostgreSQL refuses either. Whatever is bound to a statement is cleaned, so it is only
// of use to who compares a text with one that was stored.
func Clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if utf8.ValidString(s) { // so much quicker to tell than to look for what is to be replaced
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// clean returns the arguments of a statement with their texts cleaned. This is the one door to the
// database.
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
