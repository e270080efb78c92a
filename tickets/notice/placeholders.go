package notice

import (
	"fmt"
	"html"
	"net/url"
	"strings"

	"tierdesk/mailout/token"
	"tierdesk/templates"
)

// placeholder stands in words for the address of an action. Nothing in it is changed by any
// escaping.
func placeholder(a token.Action) string { return fmt.Sprintf("tierdesk-action-%02d-here", a) }

const placeholderStart = "tierdesk-action-"

// withAddresses puts the addresses of one recipient in. Only the links that buttons made hold
// placeholders: whoever writes one into their mail reads the address of a recipient who has it
// anyway, and no customer's mail goes this way.
func withAddresses(m templates.Mail, action func(token.Action) string) templates.Mail {
	text, page := map[string]string{}, map[string]string{}
	if strings.Contains(m.Text, placeholderStart) || strings.Contains(m.HTML, placeholderStart) {
		for _, a := range []token.Action{token.Take, token.Close, token.Snooze, token.Note, token.Send, token.Drop, token.Approve,
			token.Decline, token.SendBack} {
			link := url.PathEscape(action(a))
			text[placeholder(a)], page[placeholder(a)] = link, html.EscapeString(link)
		}
	}
	m.Text, m.HTML = replacePlaceholders(m.Text, text), replacePlaceholders(m.HTML, page)
	return m
}

// replacePlaceholders puts in what stands for each placeholder. What only looks like one stays. (A
// strings.Replacer looks at each byte: too slow for whole mails.)
func replacePlaceholders(s string, by map[string]string) string {
	var out strings.Builder
	size := len(placeholder(0))
	for {
		i := strings.Index(s, placeholderStart)
		if i < 0 || len(s) < i+size {
			break
		}
		if out.Len() == 0 {
			out.Grow(len(s) + 500)
		}
		with, known := by[s[i:i+size]]
		if !known {
			size, with = len(placeholderStart), placeholderStart
		}
		out.WriteString(s[:i])
		out.WriteString(with)
		s, size = s[i+size:], len(placeholder(0))
	}
	if out.Len() == 0 {
		return s
	}
	out.WriteString(s)
	return out.String()
}
