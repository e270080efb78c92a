package notice

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/markup"
	"tierdesk/mailin/quote"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
)

// toOutside makes one copy for each recipient, all with the same visible recipients and the same
// Message-ID, each with a reply address of its own.
func (m *maker) toOutside(p *Planned) error {
	inbox := m.Desk.Inbox(m.Ticket.Inbox)
	f := m.facts(&p.Notice, m.Ticket.Language)
	if p.automatic == mailout.AutoReplied {
		m.suggestions(&f, p.IDs[0], p.reach[0], inbox)
	}
	mail, err := m.renderFor(inbox, p.Kind, m.Ticket.Language, &f)
	if err != nil {
		return err
	}
	references := m.references()
	group := p.IDs[0]
	out := mailout.Mail{
		Group: group, Inbox: inbox.Name, Ticket: m.Ticket.ID, Kind: string(p.Kind), Party: mailout.Customer,
		AfterMessage: m.Ticket.LastMessage, Automatic: p.automatic, Urgency: mailout.Notices,
		MessageID: m.Keys.MessageID(m.Ticket.ID, group, m.Desk.Domain), Created: m.Now,
		From: mailin.Address{Name: inbox.Signs(m.Desk), Address: inbox.Address}, Date: m.Now, Subject: mail.Subject,
		References: references, Text: mail.Text, HTML: mail.HTML,
	}
	if len(references) > 0 {
		out.InReplyTo = references[len(references)-1]
	}
	if p.automatic == mailout.ByPerson {
		out.Urgency = mailout.Answers
		out.NotBefore = m.Now.Add(inbox.Hold)
		if p.Kind == templates.Published { // many mails at once: individual mails go first
			out.Urgency, out.NotBefore = mailout.Notices, time.Time{}
		}
		out.Message = m.Current.ID
		out.Attach = m.answersFiles(&p.Notice)
	}
	out.To, out.Cc = visible(p.reach)
	for i, r := range p.reach {
		one := out
		one.ID = p.IDs[i]
		one.Person = string(tickets.PersonActor(r.Person))
		one.Recipient = cmp.Or(r.Shown, r.Address)
		one.ReplyTo = m.Keys.Address(inbox.Address, token.ReplyAddress(inbox.Style),
			token.Ref{Ticket: m.Ticket.ID, Party: mailout.Customer, Notice: one.ID}, one.Recipient)
		m.out = append(m.out, one)
	}
	return nil
}

// visible returns To and Cc: the requester, and the other participants.
func visible(parts []tickets.Participant) (to, cc []mailin.Address) {
	for _, p := range parts {
		a := mailin.Address{Name: p.Name, Address: cmp.Or(p.Shown, p.Address)}
		if p.Role == tickets.Requester {
			to = append(to, a)
		} else {
			cc = append(cc, a)
		}
	}
	if len(to) == 0 {
		return cc, nil
	}
	return to, cc
}

// answersFiles returns the files of the agent's mail that are sent with their answer: those that it
// shows, except pictures of the signature or of quoted text, and certificates that identify the
// agent.
func (m *maker) answersFiles(n *Notice) []mailout.Attachment {
	if m.Mail == nil {
		return nil
	}
	out := slices.Clone(n.Files)
	for _, a := range leaving(m.Mail, n.Formatted.Pictures) {
		file := mailout.Attachment{Name: a.Name, ContentType: a.ContentType, Inbound: m.Inbound, Index: a.Index}
		if a.ContentID != "" && slices.Contains(n.Formatted.Pictures, a.ContentID) {
			file.ContentID = pictureID(a, m.Desk)
		}
		out = append(out, file)
	}
	return out
}

// leaving returns the files of an agent's mail that go with its text, of which shown are pictures
// that the text shows.
func leaving(mail *mailin.Message, shown []string) []mailin.Attachment {
	pictures := Pictures(mail)
	return slices.DeleteFunc(slices.Clone(mail.Attachments), func(a mailin.Attachment) bool {
		return !mayLeave(a) || a.ContentID != "" && !slices.Contains(shown, a.ContentID) && pictures.Elsewhere(a.ContentID)
	})
}

// WaitingMail is a trainee's mail that waits for a lead.
type WaitingMail struct {
	Mail    *mailin.Message
	Inbound int64    // its arrival
	Shown   []string // the pictures that its text shows, by Content-ID
}

// files returns the files that would be sent, at most as many as a notice may have.
func (w *WaitingMail) files() []mailout.Attachment {
	var out []mailout.Attachment
	var size int64
	for _, a := range leaving(w.Mail, w.Shown) {
		if size += a.Size; size > maxFiles {
			break
		}
		out = append(out, mailout.Attachment{Name: a.Name, ContentType: a.ContentType, Inbound: w.Inbound, Index: a.Index})
	}
	return out
}

// mayLeave reports whether an agent's file may be sent to people outside.
func mayLeave(a mailin.Attachment) bool {
	return !a.Credential && !compose.ProvesIdentity(a.Name, a.ContentType)
}

// Pictures reports which pictures of an agent's mail are part of the new text.
func Pictures(mail *mailin.Message) quote.Shown {
	return quote.Pictures(mail, quote.Options{Markers: []string{templates.Marker}})
}

// pictureID returns the Content-ID under which a picture is sent. The one from the agent's client
// may contain a name of theirs.
func pictureID(a mailin.Attachment, desk *tickets.Identity) string {
	return fmt.Sprintf("picture%d@%s", a.Index, desk.Domain)
}

// Format returns the text of an agent's mail with its HTML formatting, below a text that was put
// above it: a stock reply, which has no formatting.
func Format(mail *mailin.Message, above, text string, desk *tickets.Identity) markup.Formatted {
	own, under := text, false
	if above = strings.TrimSpace(above); above != "" {
		if own, under = strings.CutPrefix(text, above+"\n\n"); !under {
			return markup.Formatted{}
		}
	}
	f := formatted(mail, own, desk)
	if under && f.HTML != "" {
		f.HTML = paragraphs(above) + f.HTML
	}
	return f
}

// paragraphs returns a text as HTML.
func paragraphs(text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.Trim(part, "\n"); part != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(part), "\n", "<br>\n") + "</p>\n")
		}
	}
	return b.String()
}

func formatted(mail *mailin.Message, text string, desk *tickets.Identity) markup.Formatted {
	return markup.Of(mail.HTML, text, markup.Options{Shown: Pictures(mail), Picture: func(contentID string) (string, bool) {
		i := slices.IndexFunc(mail.Attachments, func(a mailin.Attachment) bool { return a.ContentID == contentID && mayLeave(a) })
		if contentID == "" || i < 0 || !strings.HasPrefix(mail.Attachments[i].ContentType, "image/") {
			return "", false
		}
		return pictureID(mail.Attachments[i], desk), true
	}})
}

// references returns at most ten Message-IDs of the public conversation, oldest first, always
// including the first one.
func (m *maker) references() []string {
	var ids []string
	if m.Opened {
		ids = []string{m.Current.MessageID} // there can be no other message
	} else {
		for i := range m.Messages {
			if x := &m.Messages[i]; x.Visibility == tickets.Public && !m.sending(x) {
				ids = append(ids, x.MessageID)
			}
		}
	}
	return capped(slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
}

// sending reports whether a message is the agent's answer that is being sent now.
func (m *maker) sending(x *tickets.Message) bool {
	return m.Current.Kind == tickets.FromAgent && x.ID == m.Current.ID
}
