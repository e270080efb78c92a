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
	var all []quote.Original
	for _, in := range m.Enclosed() {
		if in.Author().Address != "" {
			all = append(all, quote.Original{From: in.Author(), Subject: in.Subject, MessageID: in.MessageID, Text: in.Reply})
		}
		all = append(all, quote.Originals(in)...)
	}
	for _, o := range append(all, quote.Originals(m.Message)...) {
		folded := mailin.Fold(o.From.Address)
		if folded != "" && !Ours(desk, folded) && people.AgentBy(folded) == nil {
			return o, true
		}
	}
	return quote.Original{}, false
}

// Enclosed returns the first mails that are attached.
func (m *Mail) Enclosed() []*mailin.Message {
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
	out := make([]*mailin.Message, len(files))
	for i, f := range files {
		out[i] = read.Mail(f.Bytes(), read.Options{})
	}
	return out
}
