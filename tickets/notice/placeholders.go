package notice

import (
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tierdesk/mailout/token"
	"tierdesk/templates"
)

// placeholder returns the text that represents the address of an action in a notice. No escaping
// changes it.
func placeholder(a token.Action) string { return fmt.Sprintf("tierdesk-action-%02d-here", a) }

const placeholderStart = "tierdesk-action-"

// unaddressed is a notice without the addresses of one recipient. It is searched for placeholders
// once, however many get it. Placeholders come only from buttons. An agent who writes one into a
// mail would only reveal a recipient's address to that recipient, and customers' mails are not
// processed here.
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

func withoutAddresses(m templates.Mail) unaddressed {
	return unaddressed{m, stretches(m.Text), stretches(m.HTML)}
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

// acting are the actions of buttons.
var acting = []token.Action{token.Reply, token.Take, token.Close, token.Snooze, token.Note, token.Send, token.Drop, token.Approve,
	token.Decline, token.SendBack}

// stretches divides a text at its placeholders. What only resembles one is text. (A
// strings.Replacer looks at each byte, which is too slow for whole mails.)
func stretches(s string) []stretch {
	var out []stretch
	size := len(placeholder(0))
	for from := 0; ; {
		i := strings.Index(s[from:], placeholderStart) + from
		if i < from || len(s) < i+size {
			return append(out, stretch{text: s})
		}
		from = i + len(placeholderStart)
		number, err := strconv.Atoi(s[from : from+2])
		if a := token.Action(number); err == nil && slices.Contains(acting, a) && s[i:i+size] == placeholder(a) {
			out = append(out, stretch{s[:i], a, true})
			s, from = s[i+size:], 0
		}
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
