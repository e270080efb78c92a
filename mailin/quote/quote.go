// Package quote tells what is new in a mail: the reply apart from quoted history, signature, disclaimers and clients'
// boasts, in plain text and in HTML. It owns the marks by which clients set history apart and nothing else: it must
// never know who wrote (package classify) or what the reply asks for. In doubt it keeps more: the reply is never empty
// where the text is not, lines that stand between answers stay, forwarded mails stay.
package quote

import (
	"strings"

	"tierdesk/mailin"
)

// Parts is a text taken apart.
type Parts struct {
	Reply     string // what is new; the whole text where nothing new was found
	Quote     string // quoted history
	Signature string // signature, disclaimer or boast
	// NothingNew tells that the text holds nothing but history or signature, so that Reply is the whole of it.
	NothingNew bool
}

// Option changes how a text is taken apart.
type Option func(*options)

type options struct {
	markers []string
}

// Marker names a line that the desk's own notices carry above their text: from it on everything is history.
func Marker(line string) Option {
	return func(o *options) {
		if line = strings.TrimSpace(line); line != "" {
			o.markers = append(o.markers, line)
		}
	}
}

// Split fills Reply, Quote, Signature and NothingNew of a message. It works on the plain text part where there is one,
// else on the HTML. It is pure but for the message, and safe to call at once for different messages.
func Split(m *mailin.Message, opts ...Option) {
	var p Parts
	if !m.Plain && m.HTML != "" {
		p = HTML(m.HTML, m.Text, opts...)
	} else {
		p = Text(m.Text, opts...)
	}
	m.Reply, m.Quote, m.Signature, m.NothingNew = p.Reply, p.Quote, p.Signature, p.NothingNew
}

// Text takes a plain text apart.
func Text(text string, opts ...Option) Parts {
	var o options
	for _, f := range opts {
		f(&o)
	}
	p := splitText(text, o)
	return p.orWhole(text)
}

// orWhole keeps the promise that a reply is never empty where the text is not.
func (p Parts) orWhole(text string) Parts {
	p.Reply = trimBlank(p.Reply)
	if strings.TrimSpace(p.Reply) == "" && strings.TrimSpace(text) != "" { // a form feed alone is no reply either
		return Parts{Reply: trimBlank(text), NothingNew: true}
	}
	p.Quote, p.Signature = trimBlank(p.Quote), trimBlank(p.Signature)
	return p
}

// trimBlank takes blank lines off both ends and blanks off the end.
func trimBlank(s string) string {
	s = strings.TrimRight(s, " \t\r\n\u00a0\u200b\ufeff\u1427")
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 || strings.Trim(s[:i], " \t\r\u00a0\u200b\ufeff\u1427") != "" {
			break
		}
		s = s[i+1:]
	}
	return s
}
