// Package parse turns the bytes of a mail into a mailin.Message: header, texts, attachments and
// delivery reports (RFC 5322, RFC 2045 to 2049, RFC 2231, RFC 3464, RFC 3676). It owns what bytes
// mean and nothing else: it must never know what is new in a text (package quote), who wrote it
// (package classify) or where it belongs (package thread).
//
// It never refuses a mail: what was odd becomes a Warning, and a person still gets to read the
// rest. All of it is pure and bounded by Limits.
package parse

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"

	"tierdesk/mailin"
)

// Limits bound the work that a mail may cause. The zero value of a field means its default.
type Limits struct {
	MaxParts       int // leaf parts that are looked at; the rest is left in the raw mail
	MaxDepth       int // multiparts inside multiparts
	MaxHeaderBytes int // octets of one header block
	MaxFields      int // fields of one header block; of all blocks of a mail eight times as many
	MaxText        int // octets of text and of HTML that are kept, each
	MaxAddresses   int // addresses of one header field
	// TextOnly leaves HTML undecoded where a text stands beside it that says the same and it shows
	// no pictures of the mail: Message.HTML lacks it then, and so do Message.Warnings what is odd
	// in it. All else is the same.
	TextOnly bool
}

// DefaultLimits are the limits of the desk.
func DefaultLimits() Limits {
	return Limits{MaxParts: 1000, MaxDepth: 32, MaxHeaderBytes: 1 << 20, MaxFields: 4000, MaxText: 2 << 20, MaxAddresses: 2000}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	for _, f := range []struct{ have, def *int }{
		{&l.MaxParts, &d.MaxParts}, {&l.MaxDepth, &d.MaxDepth}, {&l.MaxHeaderBytes, &d.MaxHeaderBytes},
		{&l.MaxFields, &d.MaxFields}, {&l.MaxText, &d.MaxText}, {&l.MaxAddresses, &d.MaxAddresses},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	return l
}

// Parse reads a mail. It fills everything but Class, Auth, Reply, Quote, Signature and Language. It
// never fails and never panics; it is safe for concurrent use. The Message holds no reference to
// raw.
func Parse(raw []byte, lim Limits) *mailin.Message {
	r := readers.Get().(*reader)
	m := r.message(raw, lim)
	r.forget()
	readers.Put(r)
	return m
}

func (r *reader) message(raw []byte, lim Limits) *mailin.Message {
	r.raw, r.lim = normalise(raw), lim.withDefaults()
	m := &mailin.Message{Size: int64(len(raw))}
	root := r.tree()
	r.header(m, root.fields)
	r.body(m, root, nil)
	m.Warnings = r.warnings
	clean(m, r.sound)
	m.TextHash = r.textHash(m)
	return m
}

// reader holds what one reading needs.
type reader struct {
	raw      []byte
	lim      Limits
	warnings []mailin.Warning
	parts    int
	// hint is a charset that some part of the mail declares: the best guess for bytes that declare
	// none.
	hint string

	// Room that is used again for the next mail. A part, a field and a parameter live as long as
	// the reading.
	fields   []field
	params   []param
	nodes    []part
	slices   [][]byte
	decoded  []byte // what a transfer encoding held, for the moment
	unicode  []byte // the same in UTF-8
	word     []byte // what an encoded word held
	gathered []byte // what neighbouring words held

	sound []string // texts in UTF-8 without NULs
}

// readers keeps readers for the room they have made: they hold nothing of a mail.
var readers = sync.Pool{New: func() any { return &reader{} }}

// most octets and values that a reader keeps room for.
const (
	keptOctets = 256 << 10
	keptValues = 500
)

// forget makes the reader ready for another mail: nothing in it refers to this one.
func (r *reader) forget() {
	*r = reader{
		fields: emptied(r.fields, keptValues), params: emptied(r.params, keptValues), nodes: emptied(r.nodes, keptValues),
		slices: emptied(r.slices, keptValues), sound: emptied(r.sound, keptValues),
		decoded: emptied(r.decoded, keptOctets), unicode: emptied(r.unicode, keptOctets),
		word: emptied(r.word, keptOctets), gathered: emptied(r.gathered, keptOctets),
	}
}

// emptied returns the room of a slice without what stands in it, or none if it is more than most.
func emptied[T any](s []T, most int) []T {
	if cap(s) > most {
		return nil
	}
	clear(s)
	return s[:0]
}

func newReader(raw []byte, lim Limits) *reader {
	return &reader{raw: normalise(raw), lim: lim.withDefaults()}
}

const maxWarnings = 100

func (r *reader) warn(code, where, text string) {
	if len(r.warnings) >= maxWarnings {
		return
	}
	for _, w := range r.warnings {
		if w.Code == code && w.Where == where {
			return
		}
	}
	r.warnings = append(r.warnings, mailin.Warning{Code: code, Where: where, Text: text})
}

// header fills the fields of the message from its header block.
func (r *reader) header(m *mailin.Message, fs []field) {
	m.Header = make(mailin.Header, 0, len(fs))
	var date, received string
	haveSubject := false
	for i := range fs {
		f := &fs[i]
		value := r.value(f)
		m.Header = append(m.Header, mailin.Field{Key: f.key, Value: value})
		switch f.lower {
		case "from":
			m.From = joined(m.From, r.addresses(f))
		case "sender":
			if a := r.addresses(f); len(a) > 0 && m.Sender.Address == "" {
				m.Sender = a[0]
			}
		case "reply-to", "mail-reply-to":
			m.ReplyTo = joined(m.ReplyTo, r.addresses(f))
		case "to":
			a := r.addresses(f)
			m.To = joined(m.To, a)
			m.Recipients = appendAddresses(m.Recipients, a)
		case "cc":
			a := r.addresses(f)
			m.Cc = joined(m.Cc, a)
			m.Recipients = appendAddresses(m.Recipients, a)
		case "bcc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to",
			"apparently-to", "resent-to", "resent-cc", "resent-bcc", "x-forwarded-to", "x-real-to":
			m.Recipients = appendAddresses(m.Recipients, r.addresses(f))
		case "return-path":
			if m.ReturnPath == nil {
				p := ""
				if a := r.addresses(f); len(a) > 0 {
					p = a[0].Address
				}
				m.ReturnPath = &p
			}
		case "subject":
			if !haveSubject {
				m.Subject, haveSubject = oneLine(value), true
			}
		case "date":
			if date == "" {
				date = value
			}
		case "received":
			if received == "" {
				if i := strings.LastIndexByte(value, ';'); i >= 0 {
					received = value[i+1:]
				}
			}
		case "message-id":
			if m.MessageID == "" {
				m.MessageID = messageID(value)
			}
		case "in-reply-to":
			m.InReplyTo = appendIDs(m.InReplyTo, withoutPeople(value))
		case "references":
			m.References = appendIDs(m.References, value)
		}
	}
	m.Date = r.date(date, received)
	if m.MessageID == "" {
		r.warn("message-id-missing", "Message-ID", "the mail has no Message-ID")
	}
	if len(m.From) == 0 {
		r.warn("from-missing", "From", "the mail names no author")
	}
}

// joined puts the addresses of a second field behind those of the first, which nearly all mails
// have alone.
func joined(a, b []mailin.Address) []mailin.Address {
	if a == nil {
		return b
	}
	return append(a, b...)
}

func (r *reader) date(date, received string) time.Time {
	t, ok := ParseDate(date)
	if ok {
		return t
	}
	if date == "" {
		r.warn("date-missing", "Date", "the mail has no Date")
	} else {
		r.warn("date-unreadable", "Date", "the Date cannot be read: "+clip(date, 60))
	}
	t, _ = ParseDate(received)
	return t
}

// textHash is a hash of what a reader sees: with Message-ID and From it tells duplicates, which may
// differ in trace fields, boundaries and transfer encodings. Line ends and white space at line ends
// do not count.
func (r *reader) textHash(m *mailin.Message) string {
	b := appendTrimmed(r.decoded[:0], m.Text)
	for _, a := range m.Attachments {
		b = append(append(b, 0), a.SHA256...)
	}
	r.decoded = b
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// appendTrimmed appends a text without white space around it and at the ends of its lines.
func appendTrimmed(out []byte, s string) []byte {
	s = strings.TrimSpace(s)
	out = slices.Grow(out, len(s)+1)
	for len(s) > 0 {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			i = len(s)
		}
		n := i
		for n > 0 && (s[n-1] == ' ' || s[n-1] == '\t' || s[n-1] == '\r') {
			n--
		}
		out = append(append(out, s[:n]...), '\n')
		s = s[min(i+1, len(s)):]
	}
	return out
}

func appendAddresses(out []string, as []mailin.Address) []string {
next:
	for _, a := range as {
		if a.Address == "" {
			continue
		}
		if len(out) < 200 { // above that a repetition does no harm and comparing costs too much
			for _, have := range out {
				if strings.EqualFold(have, a.Address) {
					continue next
				}
			}
		}
		out = append(out, a.Address)
	}
	return out
}

// clip shortens a string for a message to a person.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// oneLine makes a single line without control characters.
func oneLine(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			clean = false
			break
		}
	}
	if !clean {
		s = strings.Map(func(c rune) rune {
			switch {
			case c == '\t' || c == '\n' || c == '\r':
				return ' '
			case c < ' ' || c == 0x7f:
				return -1
			}
			return c
		}, s)
	}
	return strings.TrimSpace(s)
}
