package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"

	"tierdesk/mailout"
)

// field is a header field; its value is ASCII and on one line.
type field struct{ key, value string }

// entity is a part of a mail (RFC 2045): a text, a file, or others in a multipart of some kind.
type entity struct {
	fields []field // of its own
	write  func(out []byte) []byte
	kind   string // of a multipart
	parts  []entity
}

// together puts parts into one, if there is more than one.
func together(kind string, first entity, rest ...entity) entity {
	if len(rest) == 0 {
		return first
	}
	return entity{kind: kind, parts: append([]entity{first}, rest...)}
}

// writer writes a mail with CRLF.
type writer struct {
	out        []byte
	mail       *mailout.Mail
	seed       []byte
	boundaries byte // so many were made
}

// field writes a header field, folded between words where a line would be longer than 76 (RFC 5322 section 2.2.3).
func (w *writer) field(f field) {
	w.out = append(append(w.out, f.key...), ": "...)
	left := 72 - len(f.key)
	for {
		word, rest, more := strings.Cut(f.value, " ")
		if left-len(word) <= 1 {
			w.out = append(w.out[:len(w.out)-1], "\r\n "...)
			left = 73
		}
		w.out = append(w.out, word...)
		if !more {
			break
		}
		w.out = append(w.out, ' ')
		left -= len(word) + 1
		f.value = rest
	}
	w.out = append(w.out, "\r\n"...)
}

// entity writes a part: its own fields, the empty line and what it holds.
func (w *writer) entity(p entity) {
	if p.kind == "" {
		for _, f := range p.fields {
			w.out = append(append(append(append(w.out, f.key...), ": "...), f.value...), "\r\n"...)
		}
		w.out = p.write(append(w.out, "\r\n"...))
		return
	}
	boundary := w.boundary()
	w.out = append(append(append(append(w.out, "Content-Type: multipart/"...), p.kind...), ";\r\n boundary="...), boundary...)
	w.out = append(w.out, "\r\n"...)
	for _, inner := range p.parts { // RFC 2046 section 5.1.1: the line end before a boundary belongs to it
		w.out = append(append(append(w.out, "\r\n--"...), boundary...), "\r\n"...)
		w.entity(inner)
	}
	w.out = append(append(append(w.out, "\r\n--"...), boundary...), "--\r\n"...)
}

// boundary makes one that depends on the row alone. It is a hash over the texts, so nobody who writes a text can know the boundary that it will get.
func (w *writer) boundary() string {
	if w.seed == nil {
		h := sha256.New()
		for _, s := range []string{w.mail.MessageID, w.mail.Recipient, w.mail.Subject, w.mail.Text, w.mail.HTML} {
			io.WriteString(h, s)
			h.Write([]byte{0})
		}
		w.seed = h.Sum(nil)
	}
	sum := sha256.Sum256(append(w.seed[:sha256.Size:sha256.Size], w.boundaries))
	w.boundaries++
	return hex.EncodeToString(sum[:30])
}

// quotedPrintable appends a text with lines that end with LF (RFC 2045 section 6.7).
func quotedPrintable(out []byte, text string) []byte {
	const most = 75 // before a soft line break
	line := 0
	escape := func(c byte) {
		if most-line < 3 {
			out, line = append(out, "=\r\n"...), 0
		}
		const digits = "0123456789ABCDEF"
		out, line = append(out, '=', digits[c>>4], digits[c&15]), line+3
	}
	end := func() { // rule 3: a blank at the end of a line
		if last := len(out) - 1; line > 0 && (out[last] == ' ' || out[last] == '\t') {
			blank := out[last]
			out, line = out[:last], line-1
			escape(blank)
		}
	}
	for i := 0; i < len(text); {
		n := 0
		for i+n < len(text) && (text[i+n] >= ' ' && text[i+n] <= '~' && text[i+n] != '=' || text[i+n] == '\t') {
			n++
		}
		for i += n; n > 0; {
			if line == most {
				out, line = append(out, "=\r\n"...), 0
			}
			k := min(n, most-line)
			out, line, n = append(out, text[i-n:i-n+k]...), line+k, n-k
		}
		if i == len(text) {
			break
		}
		if text[i] == '\n' {
			end()
			out, line = append(out, "\r\n"...), 0
		} else {
			escape(text[i])
		}
		i++
	}
	end()
	return out
}

// base64Lines appends octets in lines of 76 characters (RFC 2045 section 6.8).
func base64Lines(out, data []byte) []byte {
	const whole = 76 / 4 * 3
	for len(data) > 0 {
		n := min(whole, len(data))
		out = append(base64.StdEncoding.AppendEncode(out, data[:n]), "\r\n"...)
		data = data[n:]
	}
	return out
}

// bareNewline gives the place of a CR without LF or an LF without CR, -1 if there is none.
func bareNewline(raw []byte) int {
	for i := 0; i < len(raw); {
		j := bytes.IndexByte(raw[i:], '\n')
		if c := bytes.IndexByte(raw[i:], '\r'); c >= 0 && (j < 0 || c+1 != j) {
			if j < 0 || c < j {
				return i + c
			}
			return i + j
		} else if c < 0 && j >= 0 {
			return i + j
		}
		if j < 0 {
			return -1
		}
		i += j + 1
	}
	return -1
}
