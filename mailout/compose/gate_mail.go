package compose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strings"

	"github.com/emersion/go-message"
)

// mail reads a mail made by Bytes. It is strict: it returns an error for what it cannot read.
func (g *gate) mail(raw []byte) error {
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return fmt.Errorf("reading the header: %w", err)
	}
	if e.Header.Len() == 0 {
		return errors.New("there is no header")
	}
	from, _ := e.Header.Text("From")
	g.private = domainsOf(g.secrets.PrivateAddresses, from)
	for fields := e.Header.Fields(); fields.Next(); {
		key := textproto.CanonicalMIMEHeaderKey(fields.Key())
		switch key {
		case "Dkim-Signature", "Content-Type", "Content-Transfer-Encoding", "Mime-Version", "Date":
			continue
		}
		text, err := fields.Text()
		if err != nil {
			return fmt.Errorf("reading the field %s: %w", key, err)
		}
		g.where, g.ownID = key, key == "Message-Id"
		g.files.Text("", text)
	}
	g.ownID = false
	return g.part(e, len(raw), false, 0)
}

// maxNested is how deep multiparts may be nested: Bytes nests three.
const maxNested = 4

// part reads a part or, unless inner, the mail's body. size is the size of the mail.
func (g *gate) part(e *message.Entity, size int, inner bool, depth int) error {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		return fmt.Errorf("reading a Content-Type: %w", err)
	}
	if parts := e.MultipartReader(); parts != nil {
		if depth > maxNested {
			return errors.New("multiparts are nested too deep")
		}
		for {
			p, err := parts.NextPart()
			if err == io.EOF {
				return nil
			}
			if err != nil && !message.IsUnknownCharset(err) {
				return fmt.Errorf("reading a multipart: %w", err)
			}
			if err = g.part(p, size, true, depth+1); err != nil {
				return err
			}
		}
	}
	if inner && e.Header.Has("Content-Disposition") {
		return g.attachment(e, size)
	}
	text, err := g.read(e, size)
	if err != nil {
		return fmt.Errorf("decoding a text: %w", err)
	}
	g.where = strings.TrimPrefix(kind, "text/")
	if kind == "text/html" {
		g.files.HTML("", text)
		return nil
	}
	if g.where == "plain" {
		g.where = "text"
	}
	g.files.Text("", string(text))
	return nil
}

// attachment examines a file.
func (g *gate) attachment(e *message.Entity, size int) error {
	_, params, err := e.Header.ContentDisposition()
	if err != nil {
		return fmt.Errorf("reading a Content-Disposition: %w", err)
	}
	data, err := g.read(e, size)
	if err != nil {
		return fmt.Errorf("decoding the attachment %q: %w", params["filename"], err)
	}
	g.where = ""
	g.files.File(params["filename"], data)
	return nil
}

// read returns the content of a part, in a buffer that the next part reuses. The size of the mail
// bounds it: encoded in quoted-printable or base64, the mail is larger than all its parts.
func (g *gate) read(e *message.Entity, size int) ([]byte, error) {
	if g.room == nil {
		g.room = make([]byte, 0, size/4*3+bytes.MinRead)
	}
	buf := bytes.NewBuffer(g.room[:0])
	_, err := buf.ReadFrom(e.Body)
	g.room = buf.Bytes()
	return g.room, err
}
