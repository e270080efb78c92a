package extract

import (
	"encoding/binary"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// minRun is the minimum number of consecutive letters that count as words in a binary file.
const minRun = 5

// binary emits the words in a file of any kind, in encodings with one octet and with two octets a
// letter. Unless anyScript is set, only letters of alphabets count in the latter: almost any two
// octets form a letter of some script by chance.
func (x *Extractor) binary(where string, r io.Reader, anyScript bool) {
	x.stretches(where, r, func(b []byte) {
		for _, text := range [...]string{narrow(b), wideRuns(b, anyScript), wideRuns(b[1:], anyScript)} {
			if text != "" {
				x.emit(Text{Where: where, Text: text, depth: x.lim.MaxDepth - 1})
			}
		}
	})
}

// narrow returns the runs of printable characters in one-octet encodings or UTF-8, one a line. NULs
// between letters are skipped.
func narrow(b []byte) string {
	var out, run []byte
	flush := func() {
		if utf8.RuneCount(run) >= minRun {
			out = append(append(out, run...), '\n')
		}
		run = run[:0]
	}
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c >= ' ' && c < 0x7f || c == '\t':
			run = append(run, c)
			i++
		case (c == '\n' || c == '\r') && len(run) > 0:
			run = append(run, '\n')
			i++
		case c < utf8.RuneSelf:
			flush()
			i++
		default:
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError {
				// A letter of Western Europe, if next to letters.
				r, n = charmap.Windows1252.DecodeByte(c), 1
				if len(run) == 0 || !letter(run[len(run)-1]) || !unicode.IsLetter(r) {
					flush()
					i++
					continue
				}
			}
			run = utf8.AppendRune(run, r)
			i += n
		}
	}
	flush()
	return string(out)
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// wideRuns returns the runs of printable two-octet characters, low octet first, one a line. For the
// other order the caller shifts by one octet.
func wideRuns(b []byte, anyScript bool) string {
	var out, run []byte
	n := 0
	flush := func() {
		if n >= minRun {
			out = append(append(out, run...), '\n')
		}
		run, n = run[:0], 0
	}
	for ; len(b) >= 2; b = b[2:] {
		r := rune(binary.LittleEndian.Uint16(b))
		if utf16.IsSurrogate(r) && len(b) >= 4 {
			if both := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b[2:]))); both != utf8.RuneError {
				r, b = both, b[2:]
			}
		}
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			if n > 0 {
				run = append(run, '\n')
			}
		case !inWords(r) && !(anyScript && unicode.IsPrint(r)):
			flush()
		default:
			run = utf8.AppendRune(run, r)
			n++
		}
	}
	flush()
	return string(out)
}

// inWords reports whether a character may occur in a text of an alphabet, including full-width and
// mathematical ones.
func inWords(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return false
	case r < 0x2070:
		return unicode.IsPrint(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
	case r >= 0x2100 && r < 0x2150, r >= 0x2460 && r < 0x2500, r >= 0x3000 && r < 0x3003, r >= 0xfe00 && r < 0xfe10, r >= 0xfe50 &&
		r < 0xfe70, r >= 0xff00 && r < 0xfff0, r == 0xfeff:
		return true
	}
	return r >= 0x1d400 && r < 0x1d800 || r >= 0x1f000 && r < 0x1fb00
}
