package ruletest

import (
	"bytes"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"path"
	"slices"
	"strings"
	"time"

	"tierdesk/rules"
)

// Mail returns the bytes of a test's mail (RFC 5322), as they would come from a mail store at that
// time. The facts are made by reading these bytes as the desk reads mail, so that tests and desk
// agree. The same test always gives the same bytes. Plain defaults stand in for what the test
// leaves out. A field in Headers takes precedence over the test's own value and over the default.
func Mail(m rules.TestMail, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	given := map[string]bool{}
	keys := make([]string, 0, len(m.Headers))
	for key := range m.Headers {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		value := m.Headers[key]
		if !isFieldName(key) || strings.ContainsAny(value, "\r\n\x00") {
			return nil, fmt.Errorf("%q: %q is not a header field", key, value)
		}
		given[textproto.CanonicalMIMEHeaderKey(key)] = true
		fmt.Fprintf(&b, "%s: %s\r\n", key, encoded(value))
	}
	field := func(key, value string) {
		if !given[key] && value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", key, value)
		}
	}
	from, err := addresses(m.From, "customer@customer.example")
	if err != nil {
		return nil, err
	}
	to, err := addresses(m.To, "")
	if err != nil {
		return nil, err
	}
	field("From", from)
	field("To", to)
	field("Subject", encoded(oneLine(m.Subject)))
	field("Date", at.Format(time.RFC1123Z))
	field("Message-Id", "<rules-test@customer.example>")
	field("Mime-Version", "1.0")
	if err := body(&b, m, given); err != nil {
		return nil, fmt.Errorf("making the test's mail: %w", err)
	}
	return b.Bytes(), nil
}

// addresses converts a list of addresses, as a person writes it, to the form of RFC 5322 section
// 3.4.
func addresses(list, otherwise string) (string, error) {
	if strings.TrimSpace(list) == "" {
		return otherwise, nil
	}
	parsed, err := mail.ParseAddressList(list)
	if err != nil {
		return "", fmt.Errorf("%q is not an address: %w", list, err)
	}
	words := make([]string, len(parsed))
	for i, address := range parsed {
		words[i] = address.String()
		if address.Name == "" {
			words[i] = address.Address
		}
	}
	return strings.Join(words, ", "), nil
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func encoded(text string) string { return mime.QEncoding.Encode("utf-8", text) }

// isFieldName reports whether key is a field name by RFC 5322 section 3.6.8: printable US-ASCII
// without the colon.
func isFieldName(key string) bool {
	for _, r := range key {
		if r <= ' ' || r > '~' || r == ':' {
			return false
		}
	}
	return key != ""
}

// part is a MIME part: its header and its encoded content.
type part struct {
	header  textproto.MIMEHeader
	content []byte
}

// body writes the rest of the header, the texts and the attachments.
func body(b *bytes.Buffer, m rules.TestMail, given map[string]bool) error {
	whole, err := text(m)
	if err != nil {
		return err
	}
	if len(m.Attachments) > 0 {
		parts := []part{whole}
		for _, name := range m.Attachments {
			parts = append(parts, part{textproto.MIMEHeader{
				"Content-Type":        {mime.FormatMediaType(mediaType(name), map[string]string{"name": name})},
				"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": name})},
			}, []byte("the content of an attachment\r\n")})
		}
		if whole, err = join("mixed", parts); err != nil {
			return err
		}
	}
	for _, key := range []string{"Content-Type", "Content-Transfer-Encoding"} {
		if value := whole.header.Get(key); value != "" && !given[key] {
			fmt.Fprintf(b, "%s: %s\r\n", key, value)
		}
	}
	b.WriteString("\r\n")
	b.Write(whole.content)
	return nil
}

// text returns the part of the text: plain, HTML, or both.
func text(m rules.TestMail) (part, error) {
	plain, err := quoted("text/plain", m.Text)
	if err != nil || m.HTML == "" {
		return plain, err
	}
	html, err := quoted("text/html", m.HTML)
	if err != nil || m.Text == "" {
		return html, err
	}
	return join("alternative", []part{plain, html})
}

// join makes a multipart (RFC 2046 section 5.1).
func join(kind string, parts []part) (part, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	boundary := "rules-test-" + kind
	if err := w.SetBoundary(boundary); err != nil {
		return part{}, err
	}
	for _, p := range parts {
		to, err := w.CreatePart(p.header)
		if err != nil {
			return part{}, err
		}
		if _, err := to.Write(p.content); err != nil {
			return part{}, err
		}
	}
	if err := w.Close(); err != nil {
		return part{}, err
	}
	return part{textproto.MIMEHeader{"Content-Type": {fmt.Sprintf("multipart/%s; boundary=%q", kind, boundary)}}, b.Bytes()}, nil
}

// quoted returns a text in quoted-printable (RFC 2045 section 6.7).
func quoted(kind, text string) (part, error) {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	if _, err := w.Write([]byte(text)); err != nil {
		return part{}, err
	}
	if err := w.Close(); err != nil {
		return part{}, err
	}
	header := textproto.MIMEHeader{"Content-Type": {kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}}
	return part{header, b.Bytes()}, nil
}

// mediaType returns the media type for the ending of a file name. It does not use the tables of the
// machine, so that tests give the same result everywhere.
func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".log":
		return "text/plain"
	case ".csv":
		return "text/csv"
	case ".html", ".htm":
		return "text/html"
	case ".ics":
		return "text/calendar"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	case ".doc":
		return "application/msword"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".xls":
		return "application/vnd.ms-excel"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	}
	return "application/octet-stream"
}
