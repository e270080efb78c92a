package parse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// coding is a content transfer encoding (RFC 2045 section 6) by what it does.
type coding int

const (
	codingNone coding = iota
	codingBase64
	codingQuoted
	codingUU
)

// coding returns how the part is encoded, believing its bytes more than its header.
func (r *reader) coding(fs []field, body []byte) coding {
	f := get(fs, "content-transfer-encoding")
	if f == nil {
		return codingNone
	}
	name := strings.ToLower(strings.Trim(f.text, " \"';"))
	if i := strings.IndexAny(name, " ;(\t"); i > 0 && !strings.HasPrefix(name, "8 ") && !strings.HasPrefix(name, "7 ") {
		name = name[:i]
	}
	plain := name
	if name != "base64" && name != "quoted-printable" { // as nearly all write it
		plain = strings.Map(func(c rune) rune {
			if strings.ContainsRune("-_/ ", c) {
				return -1
			}
			return c
		}, strings.TrimPrefix(name, "x-"))
	}
	switch plain {
	case "", "7bit", "8bit", "binary", "none":
		return codingNone
	case "base64", "b", "gzip64":
		if !looksBase64(body) && !hasFooter(body) {
			r.warn("encoding-wrong", "body", "a part says that it is base64 and is not")
			return codingNone
		}
		return codingBase64
	case "quoted-printable", "quotedprintable", "quoted", "qp", "q":
		return codingQuoted
	case "uuencode", "uue", "uu":
		return codingUU
	}
	r.warn("encoding-unknown", "body", "unknown Content-Transfer-Encoding "+clip(name, 30))
	return codingNone
}

// looksBase64 reports whether the beginning of b is rather base64 than plain words.
func looksBase64(b []byte) bool {
	b = b[:min(len(b), 2000)]
	good, bad, blanks := 0, 0, 0
	for _, c := range b {
		switch {
		case c == '\r' || c == '\n' || c == '=':
		case c == ' ':
			blanks++
		case base64Values[c] < 64:
			good++
		default:
			bad++
		}
	}
	return bad*8 <= good && blanks*15 <= good+15
}

// hasFooter reports whether a text is a few lines of base64 and the words that a mailing list put
// below them. A word alone in a line can look like base64: only text in its place is believed.
func hasFooter(b []byte) bool {
	code := withoutFooter(b)
	if len(code) == len(b) {
		return false
	}
	code = bytes.Join(bytes.Fields(code), nil)
	text := decodeBase64(code)
	return len(code)%4 == 0 && len(code) >= 16 && utf8.Valid(text) && !bytes.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !unicode.IsSpace(r)
	})
}

const chunk = 32 << 10

// decodeTo returns the decoded content of a part piece by piece; the pieces are valid during the
// call only. It uses the room of buf and gives it back, perhaps larger.
func decodeTo(buf, b []byte, c coding, emit func([]byte)) []byte {
	switch c {
	case codingBase64:
		var d base64Decoder
		buf = slices.Grow(buf[:0], min(chunk, len(b))+8)
		for b = withoutFooter(b); len(b) > 0; {
			n := min(len(b), chunk)
			emit(buf[:d.decode(buf[:cap(buf)], b[:n])])
			b = b[n:]
		}
		if n := d.end(buf[:cap(buf)]); n > 0 {
			emit(buf[:n])
		}
	case codingQuoted:
		for len(b) > 0 { // whole lines: they do not depend on one another
			n := len(b)
			if n > chunk {
				n = chunk
				if i := bytes.LastIndexByte(b[:n], '\n'); i >= 0 {
					n = i + 1
				} else if i := bytes.IndexByte(b[n:], '\n'); i >= 0 {
					n += i + 1
				} else {
					n = len(b)
				}
			}
			buf = appendQuoted(buf[:0], b[:n])
			emit(buf)
			b = b[n:]
		}
	case codingUU:
		if f, ok := findUU(b, 0); ok {
			emit(f.data)
		} else {
			emit(b)
		}
	default:
		emit(b)
	}
	return buf
}

// withoutFooter takes off what a mailing list put below base64: from the first of the last lines
// that is none of it.
func withoutFooter(b []byte) []byte {
	pos := max(0, len(b)-4<<10)
	if pos > 0 {
		_, pos = cutLine(b, pos)
	}
	for seen := pos > 0; pos < len(b); {
		line, next := cutLine(b, pos)
		line = bytes.Trim(line, " \t")
		if len(line) > 0 && !base64Line(line) {
			if seen {
				return b[:pos]
			}
			return b // none of it looks as it should: decode what can be decoded
		}
		seen = seen || len(line) > 0
		pos = next
	}
	return b
}

// base64Line reports whether a line holds nothing but base64, a few bad characters and blanks
// aside.
func base64Line(line []byte) bool {
	bad, blanks := 0, 0
	for _, c := range line {
		switch {
		case c == ' ' || c == '\t':
			blanks++
		case c == '=' || base64Values[c] < 64 && c != '-' && c != '_':
		default:
			bad++
		}
	}
	return bad*8 <= len(line) && (blanks == 0 || blanks*2 >= len(line)-3 || len(line) > 70)
}

// appendQuoted decodes quoted-printable (RFC 2045 section 6.7). What is wrong in it stays as it
// stands.
func appendQuoted(out, b []byte) []byte {
	out = slices.Grow(out, len(b))
	for len(b) > 0 {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line = b[:i+1]
		}
		b = b[len(line):]
		n := len(line)
		for n > 0 && (line[n-1] == '\n' || line[n-1] == '\r') {
			n--
		}
		eol := line[n:]
		for n > 0 && (line[n-1] == ' ' || line[n-1] == '\t') { // trailing blanks are not part of the line
			n--
		}
		if n > 0 && line[n-1] == '=' { // a soft line end
			n, eol = n-1, nil
		}
		text := line[:n]
		for {
			i := bytes.IndexByte(text, '=')
			if i < 0 {
				break
			}
			out = append(out, text[:i]...)
			text = text[i:]
			// Octets that are encoded come in runs.
			for len(text) > 2 && text[0] == '=' {
				high, low := hexValues[text[1]], hexValues[text[2]]
				if high|low > 15 {
					break
				}
				out, text = append(out, high<<4|low), text[3:]
			}
			if len(text) > 0 && text[0] == '=' { // of nothing
				out, text = append(out, '='), text[1:]
			}
		}
		out = append(append(out, text...), eol[max(0, len(eol)-2):]...)
	}
	return out
}

// hexValues maps hexadecimal digits to their value; 255 stands for none.
var hexValues = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
		if isHex(byte(i)) {
			t[i] = unhex(byte(i))
		}
	}
	return t
}()

// decode returns the decoded content whole, at most max octets if max is above 0. It may share
// memory with b.
func decode(b []byte, c coding, max int) []byte {
	return decodeInto([]byte{}, b, c, max)
}

// decodeInto does the same with the room of buf, which the result may share.
func decodeInto(buf, b []byte, c coding, max int) []byte {
	if c == codingNone {
		if max > 0 && len(b) > max {
			b = b[:max]
		}
		return b
	}
	if max > 0 && len(b) > 4*max {
		b = b[:4*max]
	}
	out := buf[:0]
	switch c {
	case codingBase64:
		out = appendBase64(out, withoutFooter(b))
	case codingQuoted:
		out = appendQuoted(out, b)
	default:
		decodeTo(nil, b, c, func(p []byte) { out = append(out, p...) })
	}
	if max > 0 && len(out) > max {
		out = out[:max]
	}
	return out
}

// measure returns size and hash of a part's decoded content without keeping it.
func (r *reader) measure(b []byte, c coding) (int64, string) {
	h := sha256.New()
	var n int64
	r.decoded = decodeTo(r.decoded, b, c, func(p []byte) { n += int64(len(p)); h.Write(p) })
	return n, hex.EncodeToString(h.Sum(nil))
}

// uuFile is a file that stands uuencoded in a text, from its first line to its last.
type uuFile struct {
	name       string
	data       []byte
	start, end int
}

// findUU finds the first uuencoded file in a text, at from or behind it. There must be a line
// "begin MODE NAME" and below it lines whose lengths are right. Some programs leave the name out.
// "begin-base64" is uuencode's other way (POSIX).
func findUU(b []byte, from int) (uuFile, bool) {
	for {
		i := bytes.Index(b[from:], []byte("begin"))
		if i < 0 {
			return uuFile{}, false
		}
		i += from
		from = i + len("begin")
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		line, pos := cutLine(b, i)
		begin, rest := cutBlank(string(line[:min(len(line), 1000)]))
		mode, name := cutBlank(rest)
		if begin != "begin" && begin != "begin-base64" || len(mode) < 3 || len(mode) > 4 || strings.Trim(mode, "01234567") != "" {
			continue
		}
		f := uuFile{name: name, start: i}
		if begin == "begin" && f.read(b, pos) || begin != "begin" && f.readBase64(b, pos) {
			return f, true
		}
	}
}

// cutBlank divides a line at its first blanks.
func cutBlank(line string) (first, rest string) {
	i := strings.IndexAny(line, " \t")
	if i < 0 {
		return line, ""
	}
	return line[:i], strings.TrimSpace(line[i:])
}

// readBase64 reads the lines below the first of a file in base64, up to the one that ends it, and
// reports whether they are a file.
func (f *uuFile) readBase64(b []byte, pos int) bool {
	begin := pos
	for pos < len(b) {
		l, next := cutLine(b, pos)
		if string(l) == "====" {
			f.data, f.end = appendBase64(nil, b[begin:pos]), next
			return len(f.data) > 0
		}
		if len(l) == 0 || !base64Line(l) {
			return false
		}
		pos = next
	}
	return false
}

var yencBegins = []byte("=ybegin ")

// findYEnc finds the first file in a text that is written in yEnc, at from or behind it.
func findYEnc(b []byte, from int) (uuFile, bool) {
	for {
		i := bytes.Index(b[from:], yencBegins)
		if i < 0 {
			return uuFile{}, false
		}
		i += from
		from = i + len(yencBegins)
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		line, pos := cutLine(b, i)
		_, name, _ := strings.Cut(string(line[:min(len(line), 1000)]), " name=") // the last of its fields, blanks and all
		end := bytes.Index(b[pos:], []byte("\n=yend"))
		if end < 0 {
			return uuFile{}, false
		}
		f := uuFile{name: strings.TrimSpace(name), start: i}
		f.data = decodeYEnc(b[pos : pos+end+1])
		_, f.end = cutLine(b, pos+end+1)
		return f, true
	}
}

// decodeYEnc decodes the lines of a file in yEnc. A line that begins with "=y" tells of the file.
func decodeYEnc(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for pos := 0; pos < len(b); {
		l, next := cutLine(b, pos)
		pos = next
		if bytes.HasPrefix(l, []byte("=y")) {
			continue
		}
		for i := 0; i < len(l); i++ {
			c := l[i]
			if c == '=' && i+1 < len(l) {
				i++
				c = l[i] - 64
			}
			out = append(out, c-42)
		}
	}
	return out
}

// read reads the lines below the first and reports whether they are a file.
func (f *uuFile) read(b []byte, pos int) bool {
	good, ended := 0, false
	for f.end = pos; pos < len(b); {
		l, next := cutLine(b, pos)
		if string(l) == "end" {
			ended, f.end = true, next
			break
		}
		n := 0
		if len(l) > 0 {
			n = int(l[0]-' ') & 0x3f
		}
		if n == 0 { // "`", " " or an empty line: the next should be "end"
			pos = next
			if len(l) > 1 {
				break
			}
			continue
		}
		need := (n + 2) / 3 * 4
		if len(l) > need+2 || l[0] < ' ' || l[0] > '`' || len(l) < 2 {
			break
		}
		f.data = appendUU(f.data, l[1:], n)
		good++
		pos, f.end = next, next
	}
	return good > 0 && (ended || good >= 3 && f.name != "")
}

func appendUU(out, l []byte, n int) []byte {
	at := func(i int) byte {
		if i < len(l) {
			return (l[i] - ' ') & 0x3f
		}
		return 0
	}
	for i := 0; n > 0; i += 4 {
		a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
		three := [3]byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | d}
		out = append(out, three[:min(n, 3)]...)
		n -= 3
	}
	return out
}
