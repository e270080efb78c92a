package arrival

import (
	"slices"
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
// there is none whose sender has an address. What a gateway sent is the mail of whom it names.
func (m *Mail) Original(desk *tickets.Identity, people *tickets.Directory) (quote.Original, bool) {
	var all []quote.Original
	for _, in := range m.enclosed() {
		if from := in.Message.Author(); from.Address != "" {
			all = append(all, quote.Original{From: from, Subject: in.Message.Subject, MessageID: in.Message.MessageID,
				Text: in.Message.Reply})
		}
		all = append(all, m.originals(in.Message)...)
	}
	for _, o := range append(all, m.originals(m.Message)...) {
		folded := mailin.Fold(o.From.Address)
		if folded != "" && !Ours(desk, folded) && people.AgentBy(folded) == nil {
			return o, true
		}
	}
	return quote.Original{}, false
}

// originals returns the mails that stand in the text of one.
func (m *Mail) originals(in *mailin.Message) []quote.Original {
	all := quote.Originals(in)
	if m.reader == nil {
		return all
	}
	for i, o := range all {
		if person := o.ReplyTo; person.Address != "" && m.reader.writesForOthers(mailin.Fold(o.From.Address), "Reply-To") {
			all[i].From = person
		}
	}
	return all
}

// writesForOthers reports whether a form or list writes from an address whose mails say in a field
// who wrote them.
func (r *Reader) writesForOthers(from, field string) bool {
	return r.Desk.Own(from) || r.ofOurForm(from) || slices.ContainsFunc(r.Gateways, func(g Gateway) bool {
		return g.covers(from) && slices.ContainsFunc(g.PersonIn, func(f string) bool { return strings.EqualFold(f, field) })
	})
}

// Enclosed returns the first mails that are attached.
func (m *Mail) Enclosed() []*mailin.Message {
	var out []*mailin.Message
	for _, in := range m.enclosed() {
		out = append(out, in.Message)
	}
	return out
}

// enclosed makes the first mails that are attached, as those that arrive are made.
func (m *Mail) enclosed() []*Mail {
	var indexes []int
	for _, a := range m.Message.Attachments {
		mails := strings.EqualFold(a.ContentType, "message/rfc822") || strings.HasSuffix(strings.ToLower(a.Name), ".eml")
		if mails && len(indexes) < maxEnclosed {
			indexes = append(indexes, a.Index)
		}
	}
	if len(indexes) == 0 || m.reader == nil {
		return nil
	}
	files, err := parse.Attachments(m.Bytes, parse.Limits{}, indexes...)
	if err != nil {
		return nil // it is read from the text then, or the agent is asked
	}
	r := m.reader
	out := make([]*Mail, len(files))
	for i, f := range files {
		raw := mailin.Raw{Inbox: m.Inbox, Received: m.Received, Source: m.Source, Bytes: f.Bytes()}
		raw.Size = int64(len(raw.Bytes))
		out[i] = r.guarded(raw, r.enclosedMail)
	}
	return out
}

// enclosedMail reads a mail that is attached to one. Each of its words counts.
func (r *Reader) enclosedMail(raw []byte, opt read.Options) *mailin.Message {
	opt.Limits.TextOnly = false
	return read.Mail(raw, opt)
}
