package notice

import (
	"strings"
	"testing"

	"tierdesk/mailout/token"
	"tierdesk/templates"
)

func TestPlaceholders(t *testing.T) {
	k := newMark()
	take, drop, of := k.placeholder(token.Take), k.placeholder(token.Drop), newMark().placeholder(token.Take)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"nothing", "nothing"},
		{take, "a&b@x"},
		{"<" + take + "?subject=x> " + drop + drop, "<a&b@x?subject=x> a&b@xa&b@x"},
		{"another decision's: " + of, "another decision's: " + of},
		{string(k[1:]) + take + string(k[:len(k)-1]), string(k[1:]) + "a&b@x" + string(k[:len(k)-1])},
	} {
		u := k.withoutAddresses(templates.Mail{Text: c.in, HTML: c.in})
		got := u.with(func(token.Action) string { return "a&b@x" })
		if got.Text != c.want || got.HTML != strings.ReplaceAll(c.want, "&", "&amp;") {
			t.Errorf("%q: %q and %q, wanted %q", c.in, got.Text, got.HTML, c.want)
		}
	}
}
