package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"tierdesk/mailin/parse"
)

// stretches reads r to its end and calls each with one stretch after the other; a stretch is valid
// only during the call. Each stretch begins with the last Overlap octets of the one before.
func (x *Extractor) stretches(where string, r io.Reader, each func(b []byte)) {
	buf := x.buffer()
	defer func() { x.buffers = append(x.buffers, buf) }()
	n, kept := 0, 0
	for {
		m, err := io.ReadFull(r, buf[n:])
		if n += m; n > kept {
			each(buf[:n])
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return
		}
		if err != nil {
			x.close(where, "it is damaged or encrypted")
			return
		}
		kept = Overlap
		n = copy(buf, buf[n-Overlap:n])
	}
}

func (x *Extractor) buffer() []byte {
	if n := len(x.buffers); n > 0 {
		buf := x.buffers[n-1]
		x.buffers = x.buffers[:n-1]
		return buf
	}
	return make([]byte, window)
}

// words extracts from a text, which may be a mail, a page or a card.
func (x *Extractor) words(where, name string, data []byte, depth int) {
	switch {
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		x.rtf(where, data, depth)
	case looksLikeMail(data):
		x.mails(where, data, depth)
	case looksLikeMarkup(data):
		x.markup(where, bytes.NewReader(data), !looksLikeHTML(data), depth)
	case bytes.Contains(data, []byte("begin ")) && uuencoded.Match(data):
		x.wrapped(where, "text/plain", data, depth)
	case looksFolded(data):
		data = unfolded(data)
	}
	x.text(where, data, depth)
}

// looksFolded reports whether a text is a calendar or a card (RFC 5545 section 3.1, RFC 6350
// section 3.2).
func looksFolded(data []byte) bool {
	head := bytes.ToUpper(withoutMark(data[:min(len(data), 4<<10)]))
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("BEGIN:V")) || bytes.Contains(head, []byte("\nBEGIN:V"))
}

// unfolded joins lines that are continued after a space.
func unfolded(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for i, c := range data {
		next := i + 1
		if c == '\r' && next < len(data) && data[next] == '\n' {
			next++
		}
		if (c == '\r' || c == '\n') && next < len(data) && (data[next] == ' ' || data[next] == '\t') {
			continue
		}
		if (c == ' ' || c == '\t') && i > 0 && data[i-1] == '\n' {
			continue
		}
		out = append(out, c)
	}
	return out
}

var uuencoded = regexp.MustCompile(`(?m)^begin [0-7]{3,4} `)

const beginPGP = "-----BEGIN PGP MESSAGE-----"

// text emits a text as it is, in stretches.
func (x *Extractor) text(where string, data []byte, depth int) {
	if bytes.Contains(data, []byte(beginPGP)) {
		x.close(where, "it is encrypted")
	}
	if len(data) <= window {
		x.stretch(where, data, true, depth)
		return
	}
	for from := 0; ; from += window - Overlap {
		to := min(len(data), from+window)
		x.stretch(where, data[from:to], from == 0, depth)
		if to == len(data) {
			return
		}
	}
}

func (x *Extractor) stretch(where string, b []byte, first bool, depth int) {
	x.emit(Text{Where: where, Text: decoded(b), depth: depth, later: !first})
}

// plainUTF8 reports whether a text is UTF-8 without escape sequences.
func plainUTF8(text string) bool { return strings.IndexByte(text, 0x1b) < 0 && utf8.ValidString(text) }

// decoded returns a text in any charset as UTF-8.
func decoded(b []byte) string {
	if bytes.IndexByte(b, 0x1b) < 0 {
		if utf8.Valid(b) {
			return string(b)
		}
		if validUTF8(b) {
			return strings.ToValidUTF8(string(b), "\uFFFD")
		}
	}
	raw := append([]byte("Content-Type: text/plain\n\n"), b...)
	return parse.Parse(raw, parse.Limits{MaxText: 4 * len(raw)}).Text
}

// toUTF8 converts a text in UTF-16 or UTF-32 to UTF-8.
func toUTF8(data []byte) []byte {
	order := binary.ByteOrder(binary.LittleEndian)
	out := make([]byte, 0, len(data)/2+len(data)/8)
	if wide(data[:min(len(data), 4<<10)]) == kindUTF32 {
		if fourOctets(data[:min(len(data), 4<<10)], 0) {
			order = binary.BigEndian
		}
		for ; len(data) >= 4; data = data[4:] {
			out = utf8.AppendRune(out, rune(order.Uint32(data)&0x7fffffff))
		}
		return withoutMark(out)
	}
	if bigEndian(data) {
		order = binary.BigEndian
	}
	for len(data) >= 2 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) && len(data) >= 2 {
			if both := utf16.DecodeRune(r, rune(order.Uint16(data))); both != utf8.RuneError {
				r, data = both, data[2:]
			}
		}
		if r != 0 {
			out = utf8.AppendRune(out, r)
		}
	}
	return withoutMark(out)
}

func withoutMark(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\uFEFF")) }

func utf16LE(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}
