package notice

import (
	"cmp"
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
)

// toOutside makes one copy for each of those it reaches, all with the same visible recipients and the same Message-ID, each with its own reply address.
func (m *maker) toOutside(p *Planned) error {
	inbox := m.Desk.Inbox(m.Ticket.Inbox)
	f := m.facts(&p.Notice, m.Ticket.Language)
	mail, err := m.render(p.Kind, m.Ticket.Language, &f)
	if err != nil {
		return err
	}
	references := m.references()
	group := p.IDs[0]
	out := mailout.Mail{
		Group: group, Inbox: inbox.Name, Ticket: m.Ticket.ID, Kind: string(p.Kind), Party: mailout.Customer, AfterMessage: m.Ticket.LastMessage, Automatic: p.automatic,
		Urgency: mailout.Notices, MessageID: m.Keys.MessageID(m.Ticket.ID, group, m.Desk.Domain), Created: m.Now,
		From: mailin.Address{Name: cmp.Or(inbox.Sender, m.Desk.Name), Address: inbox.Address}, Date: m.Now,
		Subject: mail.Subject, References: references, Text: mail.Text, HTML: mail.HTML,
	}
	if len(references) > 0 {
		out.InReplyTo = references[len(references)-1]
	}
	if p.automatic == mailout.ByPerson {
		out.Urgency = mailout.Answers
		out.Message = m.Current.ID
		out.Attach = m.answersFiles()
	}
	out.To, out.Cc = visible(p.visible)
	for i, r := range p.reach {
		one := out
		one.ID = p.IDs[i]
		one.Person = string(tickets.PersonActor(r.Person))
		one.Recipient = cmp.Or(r.Shown, r.Address)
		one.ReplyTo = m.Keys.Address(inbox.Address, token.ReplyAddress(inbox.Style), token.Ref{Ticket: m.Ticket.ID, Party: mailout.Customer, Notice: one.ID}, one.Recipient)
		m.out = append(m.out, one)
	}
	return nil
}

// visible returns To and Cc: the requester, and the others.
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

// answersFiles returns the files of the agent's mail that go with their answer: not the pictures of their signature or of what they quote, and nothing that
// says by its certificate who they are.
func (m *maker) answersFiles() []mailout.Attachment {
	if m.Mail == nil {
		return nil
	}
	pictures := quote.Pictures(m.Mail, quote.Options{Markers: []string{templates.Marker}})
	var out []mailout.Attachment
	for _, a := range m.Mail.Attachments {
		if a.Credential || compose.ProvesIdentity(a.Name, a.ContentType) || a.ContentID != "" && pictures.Elsewhere(a.ContentID) {
			continue
		}
		out = append(out, mailout.Attachment{Name: a.Name, ContentType: a.ContentType, Inbound: m.Inbound, Index: a.Index})
	}
	return out
}

// references returns the Message-IDs of the public conversation, oldest first, at most ten of them, the first one kept.
func (m *maker) references() []string {
	var ids []string
	if m.Opened {
		ids = []string{m.Current.MessageID} // nothing else can be there
	} else {
		for i := range m.Messages {
			if x := &m.Messages[i]; x.Visibility == tickets.Public && !m.sending(x) {
				ids = append(ids, x.MessageID)
			}
		}
	}
	return capped(slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
}

// sending reports whether a message is the agent's answer that goes out now.
func (m *maker) sending(x *tickets.Message) bool {
	return m.Current.Kind == tickets.FromAgent && x.ID == m.Current.ID
}
