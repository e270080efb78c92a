package extract

import (
	"bytes"
	"regexp"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
)

// mailFields are header fields that identify a mail, in lower case.
var mailFields = map[string]bool{"from": true, "to": true, "cc": true, "subject": true, "received": true, "return-path": true,
	"reply-to": true, "message-id": true, "mime-version": true,
	"content-type": true, "delivered-to": true, "in-reply-to": true, "references": true, "date": true}

// sizeLine precedes a mail stored by Apple Mail.
var sizeLine = regexp.MustCompile(`^\s*\d{1,10}\s*\n`)

// maxFields is how many header lines are read to decide whether a text is a mail.
const maxFields = 300

// looksLikeMail reports whether a text is a mail (RFC 5322), perhaps preceded by an mbox line, or
// an mbox of several mails.
func looksLikeMail(data []byte) bool {
	head := bytes.TrimLeft(withoutMark(data[:min(len(data), 64<<10)]), " \t\r\n")
	if at := sizeLine.FindIndex(head[:min(len(head), 40)]); at != nil {
		head = head[at[1]:]
	}
	for n := 0; n < maxFields && len(head) > 0; n++ {
		line := head
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			line, head = head[:i], head[i+1:]
		} else {
			head = nil
		}
		if n == 0 && (bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))) {
			continue
		}
		if len(bytes.TrimSpace(line)) == 0 {
			return false
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, _, ok := bytes.Cut(line[:min(len(line), 80)], []byte(":"))
		if name = bytes.TrimRight(name, " \t"); ok && mailFields[string(bytes.ToLower(name))] {
			return true
		}
		if !ok || bytes.ContainsAny(name, " \t") {
			return false
		}
	}
	return false
}

// mails extracts from each mail of an mbox, which usually holds one.
func (x *Extractor) mails(where string, data []byte, depth int) {
	data = bytes.TrimLeft(withoutMark(data), " \t\r\n")
	if at := sizeLine.FindIndex(data); at != nil {
		data = data[at[1]:]
	}
	for n := 0; len(data) > 0 && n < x.lim.MaxFiles; n++ {
		one := data
		data = nil
		if i := bytes.Index(one, []byte("\nFrom ")); i >= 0 && bytes.HasPrefix(one, []byte("From ")) {
			one, data = one[:i+1], one[i+1:]
		}
		x.mail(where, one, depth)
	}
}

// wrapped extracts from data that are not a mail but are parsed as a part of one.
func (x *Extractor) wrapped(where, contentType string, data []byte, depth int) {
	x.mail(where, append([]byte("Content-Type: "+contentType+"\n\n"), data...), depth)
}

// mail extracts from a mail: its fields, its texts and its files.
func (x *Extractor) mail(where string, raw []byte, depth int) {
	if depth >= x.lim.MaxDepth {
		x.close(where, "mails are packed in one another too deep")
		return
	}
	lim := parse.Limits{MaxText: len(raw) + 1<<10, MaxParts: x.lim.MaxFiles}
	m := parse.Parse(raw, lim)
	var fields strings.Builder
	for _, f := range m.Header {
		fields.WriteString(f.Key + ": " + f.Value + "\n")
	}
	for _, a := range append(append(append([]mailin.Address{}, m.From...), m.To...), m.Cc...) {
		fields.WriteString(a.Name + " <" + a.Address + ">\n")
	}
	x.text(where, []byte(fields.String()), depth)
	x.text(where, []byte(m.Text), depth)
	if m.HTML != "" {
		x.markup(where, strings.NewReader(m.HTML), false, depth)
	}
	for _, w := range m.Warnings {
		switch w.Code {
		case "too-deep", "too-many-parts", "header-too-big", "text-too-long", "encrypted":
			x.close(where, w.Text)
		}
	}
	indexes := make([]int, len(m.Attachments))
	for i := range m.Attachments {
		indexes[i] = m.Attachments[i].Index
	}
	files, err := parse.Attachments(raw, lim, indexes...)
	if err != nil {
		return // cannot happen: the mail would have changed between two readings
	}
	for _, f := range files {
		x.file(within(where, f.Name), f.Name, f.Bytes(), depth+1)
		if x.left < 0 {
			return
		}
	}
}
