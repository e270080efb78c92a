package notice

import (
	"strings"
	"testing"

	"tierdesk/mailout/token"
	"tierdesk/templates"
)

func TestPlaceholders(t *testing.T) {
	take, drop := placeholder(token.Take), placeholder(token.Drop)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"nothing", "nothing"},
		{take, "a&b@x"},
		{"<" + take + "?subject=x> " + drop + drop, "<a&b@x?subject=x> a&b@xa&b@x"},
		{placeholderStart, placeholderStart},
		{"see " + placeholderStart + "99-here", "see " + placeholderStart + "99-here"},
		{placeholderStart + placeholderStart + take + placeholderStart, placeholderStart + placeholderStart + "a&b@x" + placeholderStart},
	} {
		u := withoutAddresses(templates.Mail{Text: c.in, HTML: c.in})
		got := u.with(func(token.Action) string { return "a&b@x" })
		if got.Text != c.want || got.HTML != strings.ReplaceAll(c.want, "&", "&amp;") {
			t.Errorf("%q: %q and %q, wanted %q", c.in, got.Text, got.HTML, c.want)
		}
	}
}
