package arrival

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/quote"
	"tierdesk/mailin/read"
	"tierdesk/tickets"
)

// maxEnclosed is how many mails that are attached to one are looked at.
const maxEnclosed = 5

// Original returns the mail that this one passes on: one that is attached, else one in the text. It
// is that of somebody outside, so what a colleague had forwarded before is looked through; false if
// there is none whose sender has an address.
func (m *Mail) Original(desk *tickets.Identity, people *tickets.Directory) (quote.Original, bool) {
	for _, o := range append(m.enclosed(), quote.Originals(m.Message)...) {
		folded := mailin.Fold(o.From.Address)
		if folded != "" && !Ours(desk, folded) && people.AgentBy(folded) == nil {
			return o, true
		}
	}
	return quote.Original{}, false
}

// enclosed returns the mails that are attached, and what those pass on in their text.
func (m *Mail) enclosed() []quote.Original {
	var indexes []int
	for _, a := range m.Message.Attachments {
		mails := strings.EqualFold(a.ContentType, "message/rfc822") || strings.HasSuffix(strings.ToLower(a.Name), ".eml")
		if mails && len(indexes) < maxEnclosed {
			indexes = append(indexes, a.Index)
		}
	}
	if len(indexes) == 0 {
		return nil
	}
	files, err := parse.Attachments(m.Bytes, parse.Limits{}, indexes...)
	if err != nil {
		return nil // it is read from the text then, or the agent is asked
	}
	var out []quote.Original
	for _, f := range files {
		in := read.Mail(f.Bytes(), read.Options{})
		if in.Author().Address != "" {
			out = append(out, quote.Original{From: in.Author(), Subject: in.Subject, MessageID: in.MessageID, Text: in.Reply})
		}
		out = append(out, quote.Originals(in)...)
	}
	return out
}
