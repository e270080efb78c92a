package parse

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
)

// decodeWords decodes encoded words (RFC 2047) as they are really written: with blanks inside,
// glued to text and to one another, inside quotes, with 8-bit bytes, without padding, with
// characters cut in two between words, with a language (RFC 2231 section 5).
func (r *reader) decodeWords(s string) string {
	whole := s
	start := strings.Index(s, "=?")
	if start < 0 {
		return r.utf8(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	// Bytes of neighbouring words of one charset are gathered and converted together.
	r.gathered = r.gathered[:0]
	pendingSet := ""
	flush := func() {
		if len(r.gathered) > 0 {
			t, ok := r.toUTF8(r.gathered, pendingSet)
			if !ok {
				r.warn("charset-unknown", "header", "unknown charset "+clip(pendingSet, 30)+" in an encoded word")
			}
			out.Write(t)
		}
		r.gathered, pendingSet = r.gathered[:0], ""
	}
	for {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		set, rest, ok := r.cutWord(s[i:])
		if !ok {
			flush()
			out.WriteString(r.utf8(s[:i+2]))
			s = s[i+2:]
			continue
		}
		between := s[:i]
		if pendingSet == "" || strings.Trim(between, " \t\r\n") != "" {
			flush()
			out.WriteString(r.utf8(between))
		} else if !strings.EqualFold(set, pendingSet) {
			flush()
		}
		r.gathered, pendingSet = append(r.gathered, r.word...), set
		s = rest
	}
	flush()
	out.WriteString(r.utf8(s))
	once := out.String()
	if len(once) > 8 && strings.HasPrefix(once, "=?") && strings.HasSuffix(once, "?=") && len(once) < len(whole) { // encoded twice
		return r.decodeWords(once)
	}
	return once
}

// maxWord bounds one encoded word; RFC 2047 section 2 lets them have 75 characters.
const maxWord = 8 << 10

// cutWord takes an encoded word from the front of s, which begins with "=?". What it holds stands
// in r.word then.
func (r *reader) cutWord(s string) (set, rest string, ok bool) {
	t := s[2:]
	i := strings.IndexByte(t, '?')
	if i <= 0 || i > 60 {
		return "", "", false
	}
	set = strings.TrimSpace(t[:i])
	if strings.ContainsAny(set, " \t\"<>=") {
		return "", "", false
	}
	if j := strings.IndexByte(set, '*'); j > 0 {
		set = set[:j]
	}
	t = t[i+1:]
	if len(t) < 2 || t[1] != '?' {
		return "", "", false
	}
	enc := t[0] | 0x20
	t = t[2:]
	end := strings.Index(t[:min(len(t), maxWord)], "?=")
	if end < 0 {
		// a word whose end was cut off
		if j := strings.Index(t[:min(len(t), maxWord)], "=?"); j >= 0 {
			end, rest = j, t[j:]
		} else if len(t) > maxWord {
			return "", "", false
		} else {
			end = len(t)
			if strings.ContainsAny(t, " \t") && enc == 'b' {
				return "", "", false
			}
		}
		if end == 0 {
			return "", "", false
		}
	} else {
		rest = t[end+2:]
	}
	body := t[:end]
	switch enc {
	case 'b':
		r.word = appendBase64(r.word[:0], []byte(body))
		if len(r.word) == 0 && len(body) > 3 {
			return "", "", false
		}
	case 'q':
		r.word = appendQ(r.word[:0], body)
	default:
		return "", "", false
	}
	return set, rest, true
}

// appendQ decodes the Q encoding of RFC 2047 section 4.2.
func appendQ(out []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		case c == '\r' || c == '\n':
		default:
			out = append(out, c)
		}
	}
	return out
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// decodeBase64 decodes what is base64 in b and passes over what is not. Padding inside ends a
// group, not the text: some programs put several encodings behind one another.
func decodeBase64(b []byte) []byte { return appendBase64(nil, b) }

func appendBase64(out, b []byte) []byte {
	out = slices.Grow(out, base64.StdEncoding.DecodedLen(len(b))+4)
	d := base64Decoder{}
	room := out[len(out):cap(out)]
	n := d.decode(room, b)
	n += d.end(room[n:])
	return out[:len(out)+n]
}

// base64Decoder decodes piece by piece. Its zero value is ready.
type base64Decoder struct {
	acc uint32
	n   int
}

// decode writes what b holds to out, which must have room for three quarters of it and four octets
// more.
func (d *base64Decoder) decode(out, b []byte) int {
	w := 0
	acc, n := d.acc, d.n
	for i := 0; i < len(b); i++ {
		// Whole groups at once, as most are.
		if n == 0 {
			for len(b)-i >= 8 && len(out)-w >= 8 {
				g := b[i : i+8]
				v := base64First[g[0]] | base64Second[g[1]] | base64Third[g[2]] | base64Fourth[g[3]]
				u := base64First[g[4]] | base64Second[g[5]] | base64Third[g[6]] | base64Fourth[g[7]]
				if v|u > 1<<24-1 {
					break
				}
				binary.BigEndian.PutUint64(out[w:], uint64(v)<<40|uint64(u)<<16)
				w, i = w+6, i+8
			}
			for i+4 <= len(b) && w+4 <= len(out) {
				v := base64First[b[i]] | base64Second[b[i+1]] | base64Third[b[i+2]] | base64Fourth[b[i+3]]
				if v > 1<<24-1 { // one of them stands for none
					break
				}
				binary.BigEndian.PutUint32(out[w:], v<<8)
				w, i = w+3, i+4
			}
			if i == len(b) {
				break
			}
		}
		c := b[i]
		v := base64Values[c]
		if v < 64 {
			acc = acc<<6 | uint32(v)
			if n++; n == 4 {
				out[w], out[w+1], out[w+2] = byte(acc>>16), byte(acc>>8), byte(acc)
				w += 3
				acc, n = 0, 0
			}
			continue
		}
		if c == '=' && n >= 2 {
			d.acc, d.n = acc, n
			w += d.end(out[w:])
			acc, n = 0, 0
		}
	}
	d.acc, d.n = acc, n
	return w
}

// end writes what an incomplete last group holds.
func (d *base64Decoder) end(out []byte) int {
	acc, n := d.acc, d.n
	d.acc, d.n = 0, 0
	switch n {
	case 2:
		out[0] = byte(acc >> 4)
		return 1
	case 3:
		out[0], out[1] = byte(acc>>10), byte(acc>>2)
		return 2
	}
	return 0
}

// base64Values maps characters to their value; 255 stands for none. The URL alphabet is understood
// too.
var base64Values = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = byte(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// base64First to base64Fourth hold the same values where they stand in a group's 24 bits; more than
// these stands for none.
var base64First, base64Second, base64Third, base64Fourth = base64Shifted(18), base64Shifted(12), base64Shifted(6), base64Shifted(0)

func base64Shifted(by int) (t [256]uint32) {
	for i, v := range base64Values {
		t[i] = 1 << 24
		if v < 64 {
			t[i] = uint32(v) << by
		}
	}
	return t
}
