package search

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin/parse"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

const (
	maxBox      = 8 << 20 // octets of an mbox
	maxMessages = 500     // in it
)

// mbox makes a mailbox file (RFC 4155) from the messages found, or, for a query without words, from
// all messages of its tickets. They are rebuilt from what the reader may see: the original mails
// contain other people's reply addresses.
func mbox(ctx decision.Context, agent *tickets.Agent, hits []Hit) ([]byte, phrase.Text, error) {
	var out bytes.Buffer
	n, left := 0, 0
	for i := range hits {
		h := &hits[i]
		h.Ticket.Subject, _ = view.Text(ctx.Policy, agent, h.Ticket.Subject)
		messages, err := store.Messages(ctx.Tx, h.Ticket.ID)
		if err != nil {
			return nil, phrase.Text{}, err
		}
		for _, m := range view.Shown(ctx.Policy, &h.Ticket, messages, agent) {
			if len(h.Messages) > 0 && !slices.Contains(h.Messages, m.ID) {
				continue
			}
			if n == maxMessages || out.Len() > maxBox {
				left++
				continue
			}
			letter, err := letterOf(ctx, agent, &h.Ticket, &m)
			if err != nil {
				return nil, phrase.Text{}, err
			}
			if out.Len()+len(letter) > maxBox {
				left++
				continue
			}
			fmt.Fprintf(&out, "From tierdesk %s\n", m.At.UTC().Format(time.ANSIC))
			out.Write(letter)
			out.WriteString("\n")
			n++
		}
	}
	if left > 0 {
		return out.Bytes(), phrase.Say("Messages attached: %d; left out, because the mail would become too large: %d.", n, left), nil
	}
	return out.Bytes(), phrase.Say("Messages attached: %d.", n), nil
}

// letterOf makes a mail from a message, with the line ends of a file.
func letterOf(ctx decision.Context, agent *tickets.Agent, t *tickets.Ticket, m *tickets.Message) ([]byte, error) {
	inbox := ctx.Desk.Inbox(t.Inbox)
	from, to := mail.Address{Address: m.Address}, mail.Address{Name: ctx.Desk.Name, Address: inbox.Address}
	if a := ctx.Policy.People.Agent(m.Author.Agent()); a != nil || m.Address == "" {
		from = to // an agent's address is private
		if a != nil {
			from.Name = a.FullName
		}
	} else if id := m.Author.Person(); id != 0 {
		names, err := store.Names(ctx.Tx, []int64{id})
		if err != nil {
			return nil, err
		}
		from.Name = names[id]
	}
	subject := cmp.Or(m.Subject, t.Subject)
	if m.Kind == tickets.Note {
		subject = "Note: " + t.Subject
	}
	var b bytes.Buffer
	field := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, strings.NewReplacer("\r", " ", "\n", " ").Replace(value))
		}
	}
	field("From", from.String())
	field("To", to.String())
	field("Subject", mime.QEncoding.Encode("utf-8", fmt.Sprintf("[#%d] %s", t.ID, strings.Join(strings.Fields(subject), " "))))
	field("Date", m.At.Format(time.RFC1123Z))
	if m.MessageID != "" {
		field("Message-ID", "<"+m.MessageID+">")
	}
	field("X-Tierdesk-Ticket", fmt.Sprint(t.ID))
	field("MIME-Version", "1.0")
	w := multipart.NewWriter(&b)
	field("Content-Type", `multipart/mixed; boundary="`+w.Boundary()+`"`)
	b.WriteString("\n")
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Type": {"text/plain; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"},
	})
	if err != nil {
		return nil, err
	}
	text := quotedprintable.NewWriter(part)
	if _, err := text.Write([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n"))); err != nil {
		return nil, err
	}
	if err := text.Close(); err != nil {
		return nil, err
	}
	if err := attach(ctx.Tx, w, m); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	letter := strings.ReplaceAll(b.String(), "\r\n", "\n")
	// Quoted-printable can escape a line of the text that looks like the beginning of the next
	// mail.
	return []byte(strings.ReplaceAll(letter, "\nFrom ", "\n=46rom ")), nil
}

// attach adds the files of a message, if its mail is still stored.
func attach(tx *sqldb.Tx, w *multipart.Writer, m *tickets.Message) error {
	if len(m.Files) == 0 || m.Inbound == 0 {
		return nil
	}
	raw, kept, err := store.Raw(tx, m.Inbound)
	if err != nil || !kept {
		return err
	}
	for _, f := range m.Files {
		a, data, err := parse.Open(raw, parse.Limits{}, f.Index)
		if err != nil {
			continue // it was not readable when it came, either
		}
		kind := mime.FormatMediaType(cmp.Or(a.ContentType, "application/octet-stream"), map[string]string{"name": f.Name})
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Type": {cmp.Or(kind, "application/octet-stream")}, "Content-Transfer-Encoding": {"base64"},
			"Content-Disposition": {cmp.Or(mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), "attachment")},
		})
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(data)), 76) {
			if _, err := part.Write(append(chunk, '\n')); err != nil {
				return err
			}
		}
	}
	return nil
}
