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

// withAddresses fills in the addresses for one recipient. Placeholders come only from buttons. An
// agent who writes one into a mail would only reveal a recipient's address to that recipient, and
// customers' mails are not processed here.
func withAddresses(m templates.Mail, action func(token.Action) string) templates.Mail {
	links := map[token.Action]string{} // made on demand: a notice has three or four
	link := func(a token.Action) string {
		if links[a] == "" {
			links[a] = url.PathEscape(action(a))
		}
		return links[a]
	}
	m.Text = replacePlaceholders(m.Text, link)
	m.HTML = replacePlaceholders(m.HTML, func(a token.Action) string { return html.EscapeString(link(a)) })
	return m
}

// acting are the actions of buttons.
var acting = []token.Action{token.Reply, token.Take, token.Close, token.Snooze, token.Note, token.Send, token.Drop, token.Approve,
	token.Decline, token.SendBack}

// replacePlaceholders replaces each placeholder. Text that only resembles one is unchanged. (A
// strings.Replacer looks at each byte, which is too slow for whole mails.)
func replacePlaceholders(s string, link func(token.Action) string) string {
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
		end, with := i+len(placeholderStart), placeholderStart
		number, err := strconv.Atoi(s[end : end+2])
		if a := token.Action(number); err == nil && slices.Contains(acting, a) && s[i:i+size] == placeholder(a) {
			end, with = i+size, link(a)
		}
		out.WriteString(s[:i])
		out.WriteString(with)
		s = s[end:]
	}
	if out.Len() == 0 {
		return s
	}
	out.WriteString(s)
	return out.String()
}
