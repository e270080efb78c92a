package compose

import (
	"iter"
	"mime"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// maxForms is how many layers of escapes are undone.
const maxForms = 5

// forms yields a text as it is and then, layer by layer, with the escapes undone that programs put
// into links, cards, pages and mails, until none are left.
func forms(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for range maxForms {
			if !yield(text) {
				return
			}
			next := unescape(text)
			if next == text {
				return
			}
			text = next
		}
	}
}

var encodedWord = regexp.MustCompile(`=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=`)

// unescape undoes one layer: percent encoding, quoted-printable, entities of HTML, encoded words
// (RFC 2047), and the backslashes of programming languages, cards and calendars. Everything else
// stays.
func unescape(text string) string {
	if strings.Contains(text, "=?") {
		decoder := mime.WordDecoder{CharsetReader: charset.Reader}
		text = encodedWord.ReplaceAllStringFunc(text, func(word string) string {
			if plain, err := decoder.Decode(word); err == nil {
				return plain
			}
			return word
		})
	}
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	var out []byte
	done, escapes := 0, false // the length of the text that has been copied to out
	var scan escapeScan
	for i := scan.next(text, 0); i < len(text); {
		escapes = true
		if n, plain := escaped(text[i:]); n > 0 {
			out = append(append(out, text[done:i]...), plain...)
			i += n
			done = i
		} else {
			i++
		}
		i = scan.next(text, i)
	}
	if done > 0 {
		text = string(append(out, text[done:]...))
	}
	if escapes && !utf8.ValidString(text) { // much quicker than a search for what is to be replaced
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.ReplaceAll(text, "+AEA-", "@") // UTF-7
}

// escapeSigns are the characters that begin an escape.
const escapeSigns = "%=\\"

// escapeScan finds the escape signs of a text in order. Most texts contain none, which
// strings.IndexByte finds out quickly.
type escapeScan [len(escapeSigns)]int

// next returns the offset of the next sign, or the length of the text if there is none. from must
// not decrease from call to call.
func (s *escapeScan) next(text string, from int) int {
	first := len(text)
	for n := range s {
		if s[n] <= from {
			if i := strings.IndexByte(text[from:], escapeSigns[n]); i >= 0 {
				s[n] = from + i
			} else {
				s[n] = len(text)
			}
		}
		first = min(first, s[n])
	}
	return first
}

// escaped returns the length of the escape at the beginning of a text, in octets, and what it
// stands for.
func escaped(s string) (int, string) {
	switch s[0] {
	case '%', '=':
		if n, ok := hexByte(s, 1); ok {
			return 3, string([]byte{n})
		}
		if s[0] == '%' {
			return codePoint(s)
		}
		// RFC 2045 section 6.7: a soft line break
		if rest := strings.TrimLeft(s[1:], " \t"); strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r") {
			return len(s) - len(strings.TrimLeft(rest, "\r\n\t >|")), ""
		}
	case '\\':
		if len(s) < 2 {
			return 0, ""
		}
		switch c := s[1]; {
		case c == 'n' || c == 'N' || c == 'r' || c == 't':
			return 2, "\n"
		case c == 'x':
			if n, ok := hexByte(s, 2); ok {
				return 4, string([]byte{n})
			}
		case c == 'u':
			return codePoint(s)
		case c >= '0' && c <= '7' && len(s) > 3:
			if n, err := strconv.ParseUint(s[1:4], 8, 8); err == nil {
				return 4, string([]byte{byte(n)})
			}
		case c < utf8.RuneSelf && !unicode.IsLetter(rune(c)) && !unicode.IsDigit(rune(c)):
			return 2, s[1:2]
		}
	}
	return 0, ""
}

// codePoint reads \u0040, %u0040 or \u{40}.
func codePoint(s string) (int, string) {
	if len(s) < 5 || s[1] != 'u' { // the shortest is \u{9}
		return 0, ""
	}
	digits, n := s[2:], 6
	if digits[0] == '{' {
		end := strings.IndexByte(digits, '}')
		if end < 0 || end > 7 {
			return 0, ""
		}
		digits, n = digits[1:end], 3+end
	} else if len(digits) < 4 {
		return 0, ""
	} else {
		digits = digits[:4]
	}
	r, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return 0, ""
	}
	return n, string(rune(r))
}

func hexByte(s string, at int) (byte, bool) {
	if len(s) < at+2 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[at:at+2], 16, 8)
	return byte(n), err == nil
}

// visible folds a text for comparison: in lower case, in the composed normal form, without
// invisible characters.
func visible(s string) string {
	plain := 0 // the length of the prefix that needs no change
	for plain < len(s) && s[plain] < utf8.RuneSelf && !(s[plain] >= 'A' && s[plain] <= 'Z') {
		plain++
	}
	if plain == len(s) {
		return s
	}
	if isASCII(s[plain:]) {
		return strings.ToLower(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	normal := true
	for i := 0; i < len(s); {
		same := i
		for i < len(s) && s[i] < utf8.RuneSelf && !(s[i] >= 'A' && s[i] <= 'Z') {
			i++
		}
		out.WriteString(s[same:i])
		if i == len(s) {
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !invisible(r) {
			low := unicode.ToLower(r)
			normal = normal && staysItself(low)
			out.WriteRune(low)
		}
		i += n
	}
	if normal {
		return out.String()
	}
	return norm.NFKC.String(out.String())
}

// staysItself reports whether a character is the same in the composed normal form, whatever stands
// beside it, as long as that is such a character too: ASCII, and the small letters of Latin-1 and
// of Cyrillic, which are most of what is beyond ASCII in a mail.
func staysItself(r rune) bool {
	return r < utf8.RuneSelf || r >= 0xdf && r <= 0xff || r >= 0x430 && r <= 0x45f
}

// invisible reports whether a character is not visible: format characters, such as the soft hyphen,
// and fillers.
func invisible(r rune) bool {
	if r < 0xad {
		return false
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x034f || r == 0x115f || r == 0x1160 ||
		r == 0x17b4 || r == 0x17b5 ||
		r == 0x2800 || r == 0x3164 || r == 0xffa0
}
