package notice

import (
	"crypto/rand"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"

	"tierdesk/mailout/token"
	"tierdesk/templates"
)

// mark begins the placeholders of a decision's mails: each stands where a recipient's address for
// an action will be. It cannot be guessed, so nobody's words hold one. If they did, the address
// would stand in them: a link of a customer's would hand it to the customer at a click.
type mark string

func newMark() mark { return mark(rand.Text()) }

// placeholder returns the text that represents the address of an action. No escaping changes it.
func (k mark) placeholder(a token.Action) string { return fmt.Sprintf("%s%02d", k, a) }

// unaddressed is a notice without the addresses of one recipient. It is searched for placeholders
// once, however many get it.
type unaddressed struct {
	templates.Mail
	text, html []stretch
}

// stretch is a part of a text, with the action whose address stands behind it.
type stretch struct {
	text    string
	action  token.Action
	address bool // false for the last one
}

func (k mark) withoutAddresses(m templates.Mail) unaddressed {
	return unaddressed{m, k.stretches(m.Text), k.stretches(m.HTML)}
}

// with fills in the addresses for one recipient.
func (u *unaddressed) with(action func(token.Action) string) templates.Mail {
	links := map[token.Action]string{} // made on demand: a notice has three or four
	link := func(a token.Action) string {
		if links[a] == "" {
			links[a] = url.PathEscape(action(a))
		}
		return links[a]
	}
	m := u.Mail
	m.Text = filledIn(u.text, len(m.Text), link)
	m.HTML = filledIn(u.html, len(m.HTML), func(a token.Action) string { return html.EscapeString(link(a)) })
	return m
}

// stretches divides a text at its placeholders. (A strings.Replacer looks at each byte, which is
// too slow for whole mails.)
func (k mark) stretches(s string) []stretch {
	var out []stretch
	for {
		before, rest, found := strings.Cut(s, string(k))
		if !found {
			return append(out, stretch{text: s})
		}
		number, _ := strconv.Atoi(rest[:2]) // as placeholder writes it
		out = append(out, stretch{before, token.Action(number), true})
		s = rest[2:]
	}
}

// filledIn puts a text of so many octets together again, with the addresses.
func filledIn(parts []stretch, size int, link func(token.Action) string) string {
	if len(parts) == 1 {
		return parts[0].text
	}
	var out strings.Builder
	out.Grow(size + 100*len(parts))
	for _, p := range parts {
		out.WriteString(p.text)
		if p.address {
			out.WriteString(link(p.action))
		}
	}
	return out.String()
}
