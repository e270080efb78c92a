package parse

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/mailin"
)

// clean is the one door through which everything that a mail says leaves this package: no string of
// the message holds a NUL or anything but UTF-8, which PostgreSQL does not store, and no value of a
// header field, name or address holds a control character or a line end. Encoded words, parameters
// and file names can hold any octet. A text that is one of sound has been seen to hold neither.
func clean(m *mailin.Message, sound []string) {
	line(&m.MessageID)
	lines(m.InReplyTo)
	lines(m.References)
	for _, list := range [...][]mailin.Address{m.From, m.ReplyTo, m.To, m.Cc} {
		for i := range list {
			line(&list[i].Name)
			line(&list[i].Address)
		}
	}
	line(&m.Sender.Name)
	line(&m.Sender.Address)
	lines(m.Recipients)
	if m.ReturnPath != nil {
		line(m.ReturnPath)
	}
	line(&m.Subject)
	cleanHeader(m.Header)
	for _, h := range m.Enclosed {
		cleanHeader(h)
	}
	for _, text := range [...]*string{&m.Text, &m.HTML} {
		if !slices.Contains(sound, *text) { // which takes no time where it is the same text
			*text = storable(*text)
		}
	}
	line(&m.Calendar)
	line(&m.Reaction)
	for i := range m.Attachments {
		a := &m.Attachments[i]
		line(&a.Name)
		line(&a.Written)
		line(&a.ContentType)
		line(&a.ContentID)
	}
	if r := m.Report; r != nil {
		line(&r.OriginalMessageID)
		line(&r.Reason)
		line(&r.Diagnostic)
		for i := range r.Recipients {
			x := &r.Recipients[i]
			for _, s := range [...]*string{&x.Address, &x.Final, &x.Status, &x.Action, &x.Diagnostic} {
				line(s)
			}
		}
	}
	for i := range m.Warnings {
		line(&m.Warnings[i].Where)
		line(&m.Warnings[i].Text)
	}
}

func cleanHeader(h mailin.Header) {
	for i := range h {
		line(&h[i].Key)
		line(&h[i].Value)
	}
}

func lines(list []string) {
	for i := range list {
		line(&list[i])
	}
}

// line makes a string one line without control characters, if it is none yet.
func line(s *string) {
	if !printableASCII(*s) {
		*s = oneLine(storable(*s))
	}
}

func printableASCII(s string) bool {
	for ; len(s) >= 8; s = s[8:] { // eight octets at once
		// An octet below ' ' gets its high bit from the first, one above '~' from the others.
		if x := eight(s); ((x-' '*ones)|(x+ones)|x)&highs != 0 {
			break
		}
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// storable returns a text as UTF-8 without NULs.
func storable(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return s
}
