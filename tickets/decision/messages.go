package decision

import (
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/mailin/thread"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/store"
)

// AddMail adds the decision's mail to the ticket, as it came.
func (c *Case) AddMail(kind tickets.MessageKind, author tickets.Actor, visibility tickets.Visibility, flags []tickets.Flag) error {
	in := c.Mail.Message
	m := tickets.Message{Ticket: c.Ticket.ID, Inbound: c.Mail.ID, Kind: kind, Author: author, Visibility: visibility, At: c.At,
		MessageID: arrival.Limit(in.MessageID, 998),
		Address:   c.Mail.From(), Subject: arrival.Limit(in.Subject, 998), Text: in.Reply, Flags: flags, Files: files(in)}
	if strings.TrimSpace(in.Text) != in.Reply { // otherwise it would be stored twice for four mails out of five
		m.Whole = in.Text
	}
	return c.insert(m)
}

// AddText adds a text from the decision's mail to the ticket, with the mail's files: an answer
// under the Message-ID with which it is sent, or a note. whole is the text as it was typed.
func (c *Case) AddText(kind tickets.MessageKind, author tickets.Actor, visibility tickets.Visibility, text, whole, messageID string) error {
	if whole == text {
		whole = ""
	}
	m := tickets.Message{Ticket: c.Ticket.ID, Inbound: c.Mail.ID, Kind: kind, Author: author, Visibility: visibility, At: c.At,
		MessageID: messageID,
		Subject:   arrival.Limit(c.Mail.Message.Subject, 998), Text: text, Whole: whole, Files: files(c.Mail.Message)}
	if notice.QuotedIn(c.Mail.Message) {
		m.Flags = []tickets.Flag{tickets.FlagQuotesNotice}
	}
	return c.insert(m)
}

// TakeOver moves a customer's message from another ticket to this one, which was opened for it, and
// makes its author a participant.
func (c *Case) TakeOver(m tickets.Message, requester tickets.Participant) error {
	if err := store.Join(c.Tx, c.Ticket.ID, requester.Address, requester.Role); err != nil {
		return err
	}
	if err := store.MoveMessage(c.Tx, m, c.Ticket.ID); err != nil {
		return err
	}
	m.Ticket = c.Ticket.ID
	c.Current, c.Ticket.LastMessage = m, max(c.Ticket.LastMessage, m.ID)
	return store.AddMessageIDs(c.Tx, c.Ticket.ID, m.At, m.MessageID)
}

// AddNote adds a note by the author that is not the text of a mail. The current message, which
// notices show, does not change.
func (c *Case) AddNote(author tickets.Actor, text string) (id int64, err error) {
	shown := c.Current
	err = c.insert(tickets.Message{Ticket: c.Ticket.ID, Kind: tickets.Note, Author: author, Visibility: tickets.Internal,
		At: c.At, Text: text})
	id, c.Current = c.Current.ID, shown
	return id, err
}

// AddPassedOn adds the content that the decision's mail forwards to the ticket, with the files of
// that mail.
func (c *Case) AddPassedOn(o quote.Original, author tickets.Actor) error {
	return c.insert(tickets.Message{Ticket: c.Ticket.ID, Inbound: c.Mail.ID, Kind: tickets.FromCustomer, Author: author,
		Visibility: tickets.Public, At: c.At, MessageID: arrival.Limit(o.MessageID, 998), Address: mailin.Fold(o.From.Address),
		Subject: arrival.Limit(o.Subject, 998), Text: o.Text, Files: files(c.Mail.Message)})
}

// insert writes a message, records its Message-IDs, and makes it the current one.
func (c *Case) insert(m tickets.Message) error {
	id, err := store.AddMessage(c.Tx, m, c.Ticket.LastMessage)
	if err != nil {
		return err
	}
	m.ID = id
	c.Current = m
	c.Ticket.LastMessage = max(c.Ticket.LastMessage, id)
	ids := []string{m.MessageID}
	if c.Mail != nil && (m.Kind == tickets.FromCustomer || m.MessageID != "" && m.MessageID == c.Mail.Message.MessageID) {
		ids = append(ids, c.ancestors()...)
	}
	return store.AddMessageIDs(c.Tx, c.Ticket.ID, c.At, ids...)
}

// ancestors returns some of the Message-IDs that the decision's mail refers to. They belong to the
// ticket too, since a shared ancestor is evidence for a participant.
func (c *Case) ancestors() []string {
	pointers := c.Mail.Pointers()
	var ids []string
	for _, id := range slices.Backward(pointers.Answers) {
		if _, _, keyed := c.Keys.OpenMessageID(id); !keyed && thread.MayStandFor(id) && len(ids) < 5 && len(id) < 500 {
			ids = append(ids, arrival.AncestorKey(id))
		}
	}
	if pointers.Exchange != "" {
		ids = append(ids, arrival.ExchangeKey(pointers.Exchange))
	}
	return ids
}

// files returns the attachments of a mail in the form used in a message.
func files(m *mailin.Message) []tickets.Attachment {
	var out []tickets.Attachment
	for _, a := range m.Attachments {
		out = append(out,
			tickets.Attachment{Name: a.Name, Type: a.ContentType, ContentID: a.ContentID, Size: a.Size, Index: a.Index, Inline: a.Inline})
	}
	return out
}

// Join adds a participant and records it.
func (c *Case) Join(address string, role tickets.Role, actor tickets.Actor) error {
	folded := mailin.Fold(address)
	if folded == "" || arrival.Ours(c.Desk, folded) {
		return nil
	}
	if there, err := store.TakesPart(c.Tx, c.Ticket.ID, folded); err != nil || there {
		return err
	}
	if err := store.Join(c.Tx, c.Ticket.ID, folded, role); err != nil {
		return err
	}
	c.loaded.participants = false
	if role == tickets.Requester {
		return nil // the opening event records it
	}
	c.joined = append(c.joined, folded)
	return c.Handle(tickets.Event{Kind: tickets.Joined, Actor: actor, Data: tickets.Data{Reason: string(role)}})
}

// Leave removes a participant and records it. The requester stays.
func (c *Case) Leave(address string, actor tickets.Actor, command string) error {
	left, err := store.Leave(c.Tx, c.Ticket.ID, mailin.Fold(address))
	if err != nil || !left {
		return err
	}
	c.loaded.participants = false
	return c.Handle(tickets.Event{Kind: tickets.Joined, Actor: actor, Data: tickets.Data{Reason: "left", Command: command}})
}

// PlainSubject returns a subject as a ticket has it: without the desk's own number and reply marks.
func PlainSubject(subject string) string {
	s := strings.TrimSpace(thread.WithoutNumbers(subject))
	for thread.IsReply(s) {
		_, rest, found := strings.Cut(s, ":")
		if !found {
			break
		}
		s = strings.TrimSpace(rest)
	}
	return strings.Join(strings.Fields(s), " ")
}
