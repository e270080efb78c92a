package parse

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// field is one field of a header block as it stands in the mail.
type field struct {
	key   string // as written
	lower string
	text  string // the value, unfolded
	name  []byte // the key where it is no common one; shares memory with the mail, as raw does
	raw   []byte // the value, still folded
	end   int    // where text ends among the texts of its block
}

// normalise makes a mail that ends its lines with bare CR readable; others are left as they are.
func normalise(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	head := raw[:min(len(raw), 64<<10)]
	if bytes.IndexByte(head, '\n') >= 0 || bytes.IndexByte(head, '\r') < 0 {
		return raw
	}
	out := bytes.Clone(raw)
	for i, c := range out {
		if c == '\r' && (i+1 == len(out) || out[i+1] != '\n') {
			out[i] = '\n'
		}
	}
	return out
}

// splitHeader divides an entity in its header block and its body. Where go-message gives up (a line
// without colon, an mbox "From " line, leading blank lines, a block over the limit), this reads on
// and tells so.
func (r *reader) splitHeader(b []byte, where string) ([]field, []byte) {
	start := len(r.fields)
	body := r.cutHeader(b, where)
	fs := r.fields[start:len(r.fields):len(r.fields)]
	r.unfold(fs)
	return fs, body
}

// cutHeader adds the fields of a header block to the reader's and gives the body behind it.
func (r *reader) cutHeader(b []byte, where string) []byte {
	first, pos := len(r.fields), 0
	if where == "" { // only a whole mail may begin with blank lines or an mbox line
		for pos < len(b) && (b[pos] == '\r' || b[pos] == '\n' || b[pos] == ' ' || b[pos] == '\t' || b[pos] == 0) {
			pos++
		}
		if pos > 0 {
			r.warn("leading-blank", "header", "the mail begins with blank lines")
		}
	}
	junk, start := 0, 0 // start: where the value of the last field begins
	for n := 0; pos < len(b); n++ {
		have := len(r.fields) - first
		if pos > r.lim.MaxHeaderBytes || have > r.lim.MaxFields || len(r.fields) > 8*r.lim.MaxFields {
			r.warn("header-too-big", "header", "the header block is too long: the rest of it was left out")
			return skipHeader(b[pos:])
		}
		line, next := cutLine(b, pos)
		if len(line) == 0 {
			return b[next:]
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(bytes.TrimSpace(line)) == 0 && have > 0 && !continues(b, next) {
				return b[next:] // a blank line made of blanks
			}
			if have > 0 {
				r.fields[len(r.fields)-1].raw = b[start:next]
			}
			pos = next
			continue
		}
		key, value, ok := splitField(line)
		if !ok {
			if n == 0 && (bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))) {
				pos = next
				continue
			}
			if !headerGoesOn(b, next) {
				if have > 0 || where != "" {
					r.warn("header-not-ended", "header", "no blank line stands between header and body")
				}
				return b[pos:]
			}
			if junk++; junk == 1 {
				r.warn("header-line-bad", "header", "a line of the header is no field: "+clip(printable(line), 40))
			}
			pos = next
			continue
		}
		start = pos + len(line) - len(value)
		r.fields = append(r.fields, named(key, value))
		pos = next
	}
	return nil
}

// cutLine returns the line at pos without its end, and where the next begins. It takes LF, CRLF and
// CRCRLF.
func cutLine(b []byte, pos int) ([]byte, int) {
	i := bytes.IndexByte(b[pos:], '\n')
	if i < 0 {
		return bytes.TrimRight(b[pos:], "\r"), len(b)
	}
	end := pos + i
	for end > pos && b[end-1] == '\r' {
		end--
	}
	return b[pos:end], pos + i + 1
}

// skipHeader finds the body behind a header block that is too long.
func skipHeader(b []byte) []byte {
	for pos := 0; pos < len(b); {
		line, next := cutLine(b, pos)
		if len(line) == 0 {
			return b[next:]
		}
		pos = next
	}
	return nil
}

// splitField takes a line apart: RFC 5322 section 2.2, with blanks before the colon let pass
// (section 4.5.8).
func splitField(line []byte) ([]byte, []byte, bool) {
	i := bytes.IndexByte(line, ':')
	if i <= 0 || i > 4000 {
		return nil, nil, false
	}
	key := bytes.TrimRight(line[:i], " \t")
	for _, c := range key {
		if c <= ' ' || c >= 0x7f {
			return nil, nil, false
		}
	}
	if len(key) == 0 {
		return nil, nil, false
	}
	return key, line[i+1:], true
}

// named makes a field. The names that stand in every mail are not made anew each time.
func named(key, value []byte) field {
	if f, ok := commonNames[string(key)]; ok {
		f.raw = value
		return f
	}
	return field{name: key, raw: value}
}

var commonNames = func() map[string]field {
	m := map[string]field{}
	for _, k := range strings.Fields("Received Return-Path Delivered-To From To Cc Subject Date Message-ID Message-Id In-Reply-To References Reply-To MIME-Version Mime-Version Content-Type Content-Transfer-Encoding " +
		"Content-Disposition Content-ID Content-Language DKIM-Signature Authentication-Results ARC-Seal ARC-Message-Signature ARC-Authentication-Results Received-SPF X-Mailer User-Agent Auto-Submitted Precedence " +
		"List-Id List-Unsubscribe Thread-Topic Thread-Index Accept-Language X-Received Sender Importance X-Priority X-Originating-IP X-Spam-Status X-Spam-Score X-Spam-Flag X-Original-To Envelope-To") {
		m[k] = field{key: k, lower: strings.ToLower(k)}
	}
	return m
}()

// continues reports whether behind a line of blanks the header goes on: some programs fold with an
// empty line.
func continues(b []byte, pos int) bool {
	if pos >= len(b) {
		return false
	}
	line, _ := cutLine(b, pos)
	if len(line) == 0 {
		return false
	}
	if line[0] == ' ' || line[0] == '\t' {
		return len(bytes.TrimSpace(line)) > 0
	}
	_, _, ok := splitField(line)
	return ok && !bytes.Contains(line[:bytes.IndexByte(line, ':')], []byte("//"))
}

// headerGoesOn reports whether the header goes on behind a line that is none of it: the next lines
// are fields.
func headerGoesOn(b []byte, pos int) bool {
	for n := range 40 {
		if pos >= len(b) {
			return false
		}
		line, next := cutLine(b, pos)
		if len(line) == 0 {
			return n < 3 // a bad last line, and the blank line in its place
		}
		if key, _, ok := splitField(line); ok && (n < 3 || wellKnown[strings.ToLower(string(key))]) {
			return true
		}
		pos = next
	}
	return false
}

// wellKnown are fields that hardly stand in a text.
var wellKnown = map[string]bool{"received": true, "return-path": true, "message-id": true, "mime-version": true, "content-type": true,
	"content-transfer-encoding": true,
	"delivered-to":              true, "dkim-signature": true, "x-mailer": true, "reply-to": true, "envelope-to": true}

// value unfolds and decodes a field (RFC 5322 section 2.2.3, RFC 2047).
func (r *reader) value(f *field) string {
	if asWritten[f.lower] {
		return r.utf8(f.text)
	}
	return r.decodeWords(f.text)
}

// asWritten are the fields in which machines tell one another what became of a mail. Encoded words
// have no place there: one that a sender has put into their address would be decoded to words that
// our own server never wrote.
var asWritten = map[string]bool{"authentication-results": true, "arc-authentication-results": true,
	"arc-message-signature": true, "arc-seal": true,
	"dkim-signature": true, "received": true, "received-spf": true, "return-path": true}

// unfold fills the texts of the fields of a block, and the names that are no common ones: all of
// them in one string.
func (r *reader) unfold(fs []field) {
	b := r.decoded[:0]
	for i := range fs {
		f := &fs[i]
		if f.name != nil {
			b = append(b, f.name...)
			for _, c := range f.name {
				if 'A' <= c && c <= 'Z' {
					c |= 0x20
				}
				b = append(b, c)
			}
		}
		b = appendUnfolded(b, f.raw)
		f.end = len(b)
	}
	r.decoded = b
	all, pos := string(b), 0
	for i := range fs {
		f := &fs[i]
		if n := len(f.name); n > 0 {
			f.key, f.lower = all[pos:pos+n], all[pos+n:pos+2*n]
			pos += 2 * n
		}
		f.text, pos = all[pos:f.end], f.end
	}
}

// appendUnfolded appends a value without line ends; the white space behind them stays, as blanks.
func appendUnfolded(out, b []byte) []byte {
	b = bytes.Trim(b, " \t\r\n")
	start := 0
	for i, c := range b {
		if c > '\r' || c != '\r' && c != '\n' && c != '\t' && c != 0 {
			continue
		}
		out = append(out, b[start:i]...)
		start = i + 1
		if c == '\t' || c == '\n' && i+1 < len(b) && b[i+1] != ' ' && b[i+1] != '\t' && b[i+1] != '\r' {
			out = append(out, ' ')
		}
	}
	return append(out, b[start:]...)
}

// utf8 makes a string of raw header bytes: UTF-8 if it is (RFC 6532), else what the mail's charset
// or a guess says.
func (r *reader) utf8(s string) string {
	if utf8.ValidString(s) {
		if strings.Contains(s, "\x1b$B") || strings.Contains(s, "\x1b$@") {
			return convert([]byte(s), japanese.ISO2022JP)
		}
		return s
	}
	r.warn("header-8bit", "header", "the header holds bytes that are no UTF-8")
	s, _ = r.guess([]byte(s), r.hint)
	return s
}

func isASCII[T string | []byte](b T) bool {
	for ; len(b) >= 8; b = b[8:] { // eight octets at once
		if eight(b)&highs != 0 {
			return false
		}
	}
	for i := range len(b) {
		if b[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// eight returns the first eight octets of a text that has them.
func eight[T string | []byte](b T) uint64 {
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func printable(b []byte) string {
	return strings.ToValidUTF8(oneLine(string(b[:min(len(b), 200)])), "?")
}

// get returns the first field of that name, which must be in lower case; nil if there is none.
func get(fs []field, lower string) *field {
	for i := range fs {
		if fs[i].lower == lower {
			return &fs[i]
		}
	}
	return nil
}
