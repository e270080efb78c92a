package parse

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// aliases are names that mail uses and no register knows, and names that in practice mean a larger
// set.
var aliases = map[string]encoding.Encoding{
	"gb2312": simplifiedchinese.GB18030, "gb_2312-80": simplifiedchinese.GB18030, "gbk": simplifiedchinese.GB18030,
	"cp936": simplifiedchinese.GB18030, "ms936": simplifiedchinese.GB18030, "x-gbk": simplifiedchinese.GB18030,
	"gb18030":  simplifiedchinese.GB18030,
	"gb-18030": simplifiedchinese.GB18030, "chinesesimplified": simplifiedchinese.GB18030, "euc-cn": simplifiedchinese.GB18030,
	"hz-gb-2312": simplifiedchinese.HZGB2312, "hz": simplifiedchinese.HZGB2312,
	"big5": traditionalchinese.Big5, "cp950": traditionalchinese.Big5, "chinesebig5": traditionalchinese.Big5,
	"big5-eten": traditionalchinese.Big5,
	"cp932":     japanese.ShiftJIS, "ms932": japanese.ShiftJIS, "windows-31j": japanese.ShiftJIS, "sjis": japanese.ShiftJIS,
	"x-sjis":    japanese.ShiftJIS,
	"shift-jis": japanese.ShiftJIS, "shiftjis": japanese.ShiftJIS, "sjis-win": japanese.ShiftJIS, "shift_jisx0213": japanese.ShiftJIS,
	"eucjp": japanese.EUCJP, "eucjp-win": japanese.EUCJP, "cp51932": japanese.EUCJP,
	"iso-2022-jp-1": japanese.ISO2022JP, "iso-2022-jp-2": japanese.ISO2022JP, "iso-2022-jp-3": japanese.ISO2022JP,
	"iso-2022-jp-ms": japanese.ISO2022JP,
	"cp50220":        japanese.ISO2022JP, "cp50221": japanese.ISO2022JP, "cp50222": japanese.ISO2022JP, "jis": japanese.ISO2022JP,
	"cp949": korean.EUCKR, "ms949": korean.EUCKR, "uhc": korean.EUCKR, "windows-949": korean.EUCKR, "ks_c_5601": korean.EUCKR,
	"ks_c_5601-1987": korean.EUCKR, "ksc5601": korean.EUCKR, "ks_c-5601-1987": korean.EUCKR, "ksc_5601": korean.EUCKR,
	"euckr": korean.EUCKR,
	"cp437": charmap.CodePage437, "ibm437": charmap.CodePage437, "cp850": charmap.CodePage850, "ibm850": charmap.CodePage850,
	"cp-850": charmap.CodePage850,
	"cp852":  charmap.CodePage852, "ibm852": charmap.CodePage852, "cp855": charmap.CodePage855, "ibm855": charmap.CodePage855,
	"cp858": charmap.CodePage858, "ibm00858": charmap.CodePage858, "cp860": charmap.CodePage860, "ibm860": charmap.CodePage860,
	"cp862": charmap.CodePage862, "ibm862": charmap.CodePage862, "cp863": charmap.CodePage863, "ibm863": charmap.CodePage863,
	"cp865": charmap.CodePage865, "ibm865": charmap.CodePage865, "cp866": charmap.CodePage866, "ibm866": charmap.CodePage866,
	"cp037": charmap.CodePage037, "ibm037": charmap.CodePage037, "cp1047": charmap.CodePage1047, "ibm1047": charmap.CodePage1047,
	"tis-620": charmap.Windows874, "tis620": charmap.Windows874, "iso-8859-11": charmap.Windows874, "cp874": charmap.Windows874,
	"iso-8859-8-i": charmap.ISO8859_8, "iso-8859-8-e": charmap.ISO8859_8, "iso-8859-6-i": charmap.ISO8859_6,
	"iso-8859-6-e": charmap.ISO8859_6,
	"latin1":       charmap.Windows1252, "latin-1": charmap.Windows1252, "iso-latin-1": charmap.Windows1252, "iso8859": charmap.Windows1252,
	"8859-1":   charmap.Windows1252,
	"iso-8859": charmap.Windows1252, "iso": charmap.Windows1252, "ansi": charmap.Windows1252, "ansi_x3.110-1983": charmap.Windows1252,
	"western": charmap.Windows1252,
	"latin9":  charmap.ISO8859_15, "latin-9": charmap.ISO8859_15, "iso-8859-15-windows": charmap.ISO8859_15,
	// Ukrainians call their KOI8-U so; where it differs, KOI8-R has nothing but drawn lines.
	"koi8-r": charmap.KOI8U, "koi8": charmap.KOI8U, "koi-8": charmap.KOI8U, "koi8r": charmap.KOI8U,
	"koi8u": charmap.KOI8U, "koi8-ru": charmap.KOI8U,
	"macroman": charmap.Macintosh, "mac": charmap.Macintosh, "x-mac-roman": charmap.Macintosh, "apple-roman": charmap.Macintosh,
	"maccyrillic": charmap.MacintoshCyrillic, "x-mac-ukrainian": charmap.MacintoshCyrillic,
	"utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "ucs-2": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"unicode":         unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"iso-10646-ucs-2": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"utf-32":          utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "utf-32le": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"utf-32be": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	"ucs-4":    utf32.UTF32(utf32.BigEndian, utf32.UseBOM),
}

// charset converts b from a declared charset to UTF-8. The second result reports whether the name
// was known; where it was not, or where it lies, the text is a guess.
func (r *reader) charset(b []byte, name string) (string, bool) {
	out, ok := r.toUTF8(b, name)
	return string(out), ok
}

// toUTF8 does the same; the result shares memory with b or is valid until the next call.
func (r *reader) toUTF8(b []byte, name string) ([]byte, bool) {
	name = strings.Trim(strings.ToLower(strings.TrimSpace(name)), `"'<>;, `)
	name, _, _ = strings.Cut(name, ";")
	name = strings.TrimPrefix(name, "charset=")
	switch name {
	case "", "us-ascii", "ascii", "us_ascii", "usascii", "us", "ansi_x3.4-1968", "iso646-us", "646", "7bit", "8bit", "7-bit", "8-bit",
		"default", "none", "unknown", "x-unknown", "unknown-8bit", "binary", "unspecified", "_autodetect", "_autodetect_all",
		"x-user-defined", "user-defined", "auto":
		if isASCII(b) && !bytes.Contains(b, escape) {
			return b, true
		}
		s, _ := r.guess(b, r.hint)
		return []byte(s), name == "" || strings.Contains(name, "asc") || strings.Contains(name, "bit")
	case "utf-8", "utf8", "unicode-1-1-utf-8", "utf-8-sig", "utf8mb4", "x-utf-8", "utf_8", "cp65001", "utf-8,utf-8", "unicode-2-0-utf-8",
		"x-unicode-2-0-utf-8", "utf8-mac":
		if bytes.Contains(b, escape) && isASCII(b) {
			if in := elsewhere(b, unicode.UTF8, nil); in != nil { // escapes of Japan
				return []byte(convert(b, in)), true
			}
		}
		if utf8.Valid(b) {
			if once := r.encodedTwice(b); once != nil {
				b = once
			}
			return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), true
		}
		return []byte(r.brokenUTF8(b)), true
	case "utf-7", "utf7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7", "unicode-2-0-utf-7":
		return []byte(decodeUTF7(b)), true
	case "iso-2022-kr", "csiso2022kr", "iso-2022-cn", "iso-2022-cn-ext":
		if !isASCII(b) && utf8.Valid(b) { // it says seven bits and has eight
			r.warn("charset-wrong", "text", "the text is UTF-8 and says that it is "+clip(name, 30))
			return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), true
		}
		if strings.HasPrefix(name, "iso-2022-cn") {
			return []byte(decodeShifted(b, simplifiedchinese.GB18030)), true
		}
		return []byte(decodeShifted(b, korean.EUCKR)), true
	}
	e := lookup(name)
	if e == nil {
		s, _ := r.guess(b, r.hint)
		return []byte(s), isASCII(b)
	}
	if e == japanese.ISO2022JP && !isASCII(b) { // it says seven bits and has eight
		s, _ := r.guess(b, "shift_jis")
		return []byte(s), true
	}
	if isASCII(b) && !bytes.Contains(b, escape) && asciiSuperset(name) {
		return b, true
	}
	if isUTF8(b, e) {
		r.warn("charset-wrong", "text", "the text is UTF-8 and says that it is "+clip(name, 30))
		if once := r.encodedTwice(b); once != nil {
			b = once
		}
		return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), true
	}
	if strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32") || strings.HasPrefix(name, "ucs-") || name == "unicode" {
		// Each character would be two octets or four, and most of some octets are NUL then.
		if bytes.IndexByte(b, 0) < 0 && utf8.Valid(b) && asciiIn(b)*4 >= len(b) {
			r.warn("charset-wrong", "text", "the text is UTF-8 and says that it is "+clip(name, 30))
			return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), true
		}
	}
	if (name == "utf-16" || name == "unicode") && bigEndian(b) {
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	r.unicode = appendConverted(r.unicode[:0], b, e)
	if in := elsewhere(b, e, r.unicode); in != nil {
		r.warn("charset-wrong", "text", "the text is not "+clip(name, 30)+", as it says")
		r.unicode = appendConverted(r.unicode[:0], b, in)
	}
	return r.unicode, true
}

// bigEndian reports whether UTF-16 without a mark of its order has the high octets, most of which
// are NUL in Latin text, in front (RFC 2781 section 4.3).
func bigEndian(b []byte) bool {
	b = b[:min(len(b), 2000)]
	front, behind := 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 {
			front++
		}
		if b[i+1] == 0 {
			behind++
		}
	}
	return front > behind
}

// isUTF8 reports whether text that declares another charset is UTF-8 in truth. Text of other
// charsets hardly ever has the form of UTF-8 throughout; how much of it has to be there depends on
// how likely that is in the charset.
func isUTF8(b []byte, e encoding.Encoding) bool {
	if isASCII(b) || !utf8.Valid(b) {
		return false
	}
	two, more := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRune(b[i:])
		if i += n; n == 2 {
			two++
		} else {
			more++
		}
	}
	switch e {
	case unicode.UTF8:
		return true
	case charmap.CodePage037, charmap.CodePage1047, charmap.CodePage1140:
		return false
	}
	if _, ok := e.(*charmap.Charmap); ok { // one octet a character: a pair alone, as in "Ã¤", is rarely meant
		return true
	}
	if wide(e) {
		return false
	}
	return more >= 2 || two >= 3 || two >= 2 && atLetters(b) || strings.Contains(convert(b, e), "\ufffd")
}

// atLetters reports whether each character beyond ASCII stands at a letter of ASCII, as accented
// letters do, and those of East Asia do not.
func atLetters(b []byte) bool {
	for i := 0; i < len(b); {
		_, n := utf8.DecodeRune(b[i:])
		if n > 1 && !(i > 0 && letterOf(b[i-1]) || i+n < len(b) && letterOf(b[i+n])) {
			return false
		}
		i += n
	}
	return true
}

func letterOf(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// wide reports whether an encoding is one that has no octets of ASCII alone.
func wide(e encoding.Encoding) bool {
	u, err := e.NewEncoder().String("a")
	return err != nil || u != "a"
}

// encodedTwice returns the UTF-8 inside of UTF-8: a program took text for Latin-1 or windows-1252
// that was UTF-8 already, and encoded it once more. It returns nil for any other text. All that is
// not ASCII must be so, and at two places.
func (r *reader) encodedTwice(b []byte) []byte {
	if bytes.IndexByte(b, 0xc3) < 0 && bytes.IndexByte(b, 0xc2) < 0 { // as which the first octets of UTF-8 come out
		return nil
	}
	places := 0
	var out []byte
	var room [64]byte // most texts are something else at their first letter, so nothing is copied before
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		if c < utf8.RuneSelf {
			if out != nil {
				out = append(out, b[i])
			}
			i++
			continue
		}
		// A character of the text inside: its octets stand as characters of their own.
		start, inside := i, room[:0]
		for c >= utf8.RuneSelf && i < len(b) {
			o, ok := octetOf(c)
			if !ok {
				return nil
			}
			inside = append(inside, o)
			i += n
			c, n = utf8.DecodeRune(b[i:])
		}
		if !utf8.Valid(inside) {
			return nil
		}
		if out == nil {
			out = append(make([]byte, 0, len(b)), b[:start]...)
		}
		out = append(out, inside...)
		places += utf8.RuneCount(inside)
	}
	if places < 2 {
		return nil
	}
	r.warn("charset-wrong", "text", "the text was encoded twice")
	return out
}

// octetOf returns the octet that a character has in Latin-1 or windows-1252.
func octetOf(c rune) (byte, bool) {
	if c >= 0x80 && c <= 0xff {
		return byte(c), true
	}
	return charmap.Windows1252.EncodeRune(c)
}

var escape = []byte{0x1b}

func asciiSuperset(name string) bool {
	return strings.HasPrefix(name, "iso-8859") || strings.HasPrefix(name, "windows-") || strings.HasPrefix(name, "gb") &&
		!strings.HasPrefix(name, "gb_") || strings.HasPrefix(name, "koi8") || strings.HasPrefix(name, "euc-") || name == "big5"
}

func lookup(name string) encoding.Encoding {
	if e, ok := aliases[name]; ok {
		return e
	}
	if e, err := htmlindex.Get(name); err == nil {
		if e == encoding.Replacement {
			return nil
		}
		return e
	}
	n := strings.NewReplacer("_", "-", " ", "-").Replace(name)
	for _, p := range [][2]string{{"cp-", "windows-"}, {"cp", "windows-"}, {"win-", "windows-"}, {"win", "windows-"},
		{"x-windows-", "windows-"}, {"x-cp", "windows-"}, {"ms-", "windows-"},
		{"iso8859-", "iso-8859-"}, {"iso-8859", "iso-8859-"}, {"iso8859", "iso-8859-"}, {"8859-", "iso-8859-"}, {"is0-", "iso-"},
		{"x-iso-", "iso-"}, {"x-", ""}, {"cs", ""}} {
		if rest, ok := strings.CutPrefix(n, p[0]); ok && rest != "" {
			if e, ok := aliases[p[1]+rest]; ok {
				return e
			}
			if e, err := htmlindex.Get(p[1] + rest); err == nil && e != encoding.Replacement {
				return e
			}
		}
	}
	if n != name {
		return lookup(n)
	}
	if e, err := ianaindex.MIME.Encoding(name); err == nil && e != nil {
		return e
	}
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e
	}
	return nil
}

func convert(b []byte, e encoding.Encoding) string { return string(appendConverted(nil, b, e)) }

// appendConverted appends b in UTF-8. What stands for no character becomes U+FFFD.
func appendConverted(out, b []byte, e encoding.Encoding) []byte {
	if m, ok := e.(*charmap.Charmap); ok { // one octet a character: by the table
		return appendMapped(out, b, m)
	}
	from := len(out)
	out = slices.Grow(out, len(b)*3/2+64)
	d := e.NewDecoder()
	d.Reset()
	for src := b; ; {
		n, used, err := d.Transform(out[len(out):cap(out)], src, true)
		out, src = out[:len(out)+n], src[used:]
		if err == transform.ErrShortDst {
			out = slices.Grow(out, cap(out))
			continue
		}
		if err != nil {
			return append(out[:from], bytes.ToValidUTF8(b, []byte("\ufffd"))...)
		}
		break
	}
	if utf8.Valid(out[from:]) {
		return out
	}
	return append(out[:from], bytes.ToValidUTF8(out[from:], []byte("\ufffd"))...)
}

// appendMapped does the same for a set whose characters have one octet each.
func appendMapped(out, b []byte, m *charmap.Charmap) []byte {
	ascii := m != charmap.CodePage037 && m != charmap.CodePage1047 && m != charmap.CodePage1140
	if !ascii || len(b) < 100 {
		for _, c := range b {
			if ascii && c < utf8.RuneSelf {
				out = append(out, c)
			} else {
				out = utf8.AppendRune(out, m.DecodeByte(c))
			}
		}
		return out
	}
	// The upper half in UTF-8, little end first, with the number of octets on top: no character has
	// more than three.
	var upper [128]uint32
	for i := range upper {
		var u [4]byte
		n := utf8.EncodeRune(u[:], m.DecodeByte(byte(i+utf8.RuneSelf)))
		upper[i] = binary.LittleEndian.Uint32(u[:]) | uint32(n)<<24
	}
	from := len(out)
	out = slices.Grow(out, 3*len(b)+8)
	room, w := out[from:cap(out)], 0
	for len(b) > 0 {
		if c := b[0]; c >= utf8.RuneSelf {
			u := upper[c-utf8.RuneSelf]
			binary.LittleEndian.PutUint32(room[w:], u)
			w, b = w+int(u>>24), b[1:]
			continue
		}
		if len(b) >= 8 {
			if u := binary.LittleEndian.Uint64(b); u&0x8080808080808080 == 0 {
				binary.LittleEndian.PutUint64(room[w:], u)
				w, b = w+8, b[8:]
				continue
			}
		}
		room[w] = b[0]
		w, b = w+1, b[1:]
	}
	return out[:from+w]
}

// brokenUTF8 reads what says that it is UTF-8 and is not: a few bad bytes are marked, many mean
// another charset.
func (r *reader) brokenUTF8(b []byte) string {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, n := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && n <= 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	r.warn("charset-wrong", "text", "the text says that it is UTF-8 and is not")
	if good >= bad {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	s, _ := r.guess(b, "")
	return s
}

// guess reads bytes of no known charset: UTF-8 if they are, the hint if there is one, else what
// their statistics say, else windows-1252, in which everything is a character.
func (r *reader) guess(b []byte, hint string) (string, string) {
	if bytes.Contains(b, []byte("\x1b$")) || bytes.Contains(b, []byte("\x1b(J")) {
		return convert(b, japanese.ISO2022JP), "iso-2022-jp"
	}
	if utf8.Valid(b) {
		return string(b), "utf-8"
	}
	if e := byForm(b[:min(len(b), 8<<10)]); e != nil {
		if s := convert(b, e); !strings.Contains(s, "\ufffd") {
			return s, "gb18030"
		}
	}
	if hint != "" {
		switch e := lookup(strings.ToLower(hint)); e {
		case nil:
		case japanese.ISO2022JP:
			for _, e := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
				if s := convert(b, e); !strings.Contains(s, "\ufffd") {
					return s, hint
				}
			}
		default:
			s := convert(b, e)
			if !strings.Contains(s, "\ufffd") {
				return s, hint
			}
		}
	}
	high := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	if high >= 6 {
		if best := detect(b[:min(len(b), 8<<10)]); best.Confidence >= 25 {
			name := strings.ToLower(best.Charset)
			// Western text is taken for ISO-8859-9 and the like by the detector: without its own
			// language it is not.
			western := strings.HasPrefix(name, "iso-8859-1") || strings.HasPrefix(name, "iso-8859-9") ||
				strings.HasPrefix(name, "utf-") || high*8 < len(b)
			multi := strings.HasPrefix(name, "gb") || strings.HasPrefix(name, "big5") || strings.HasPrefix(name, "shift") ||
				strings.HasPrefix(name, "euc")
			// Czech, Hungarian, Polish, Romanian and Turkish have few letters of their own, and are
			// known by their words.
			own := best.Language != "" &&
				(name == "iso-8859-2" || name == "iso-8859-9" || name == "windows-1250" || name == "windows-1254") &&
				best.Confidence >= 40 && best.Language != "en"
			if name == "iso-8859-9" {
				name = "windows-1254"
			}
			if !western || own || multi && best.Confidence >= 60 {
				if e := lookup(name); e != nil {
					s := convert(b, e)
					if !multi || strings.Count(s, "\ufffd")*10 < len(s) {
						return s, name
					}
				}
			}
		}
	}
	if e := mostlyUTF8(b); e != "" {
		return e, "utf-8"
	}
	text := convert(b, charmap.Windows1252)
	var in encoding.Encoding
	if bare, words := highWords(text); bare >= 2 && bare*2 >= words {
		in = byLetters(b)
	} else {
		in = otherLatin(b, text, charmap.Windows1252)
	}
	if in != nil {
		return convert(b, in), "guessed"
	}
	return text, "windows-1252"
}

// detect asks the statistics. Of guesses that are equally good it takes the first by name, so that
// two readings agree.
func detect(b []byte) chardet.Result {
	all, err := chardet.NewTextDetector().DetectAll(b)
	if err != nil { // nothing fits
		return chardet.Result{}
	}
	best := all[0]
	for _, r := range all[1:] {
		if r.Confidence > best.Confidence || r.Confidence == best.Confidence && r.Charset < best.Charset {
			best = r
		}
	}
	return best
}

// pairs recognises Chinese (GB 2312) and Korean (EUC-KR) text that does not say so, also where it
// is short: bytes above 0x7f come in pairs, and the first of a pair lies where the common
// characters are.
func pairs(b []byte) encoding.Encoding {
	n, runs, common, hangul, trail, longest := 0, 0, 0, 0, 0, 0
	for i := 0; i < len(b); i++ {
		if b[i] < utf8.RuneSelf {
			continue
		}
		start := i
		for i < len(b) && b[i] >= utf8.RuneSelf {
			i++
		}
		if (i-start)%2 != 0 && i < len(b) {
			return nil
		}
		longest, runs = max(longest, i-start), runs+1
		for j := start; j+1 < i; j += 2 {
			n++
			if c := b[j]; c >= 0xb0 && c <= 0xd7 || c >= 0xa1 && c <= 0xa9 {
				common++
			}
			if c := b[j]; c >= 0xb0 && c <= 0xc8 {
				hangul++
			}
			if c := b[j+1]; c < 0xa1 {
				return nil
			} else if c >= 0xc0 && c <= 0xdf {
				trail++
			}
		}
	}
	switch {
	case n < 4 || longest < 6 || common*100 < n*88 || trail*100 > n*75:
		return nil
	case hangul*100 >= n*96 && runs >= 3 && longest <= 16: // Korean parts its words
		return korean.EUCKR
	}
	return simplifiedchinese.GB18030
}

// mostlyUTF8 reads text with a few broken bytes, e.g. a UTF-8 text that was cut or joined with
// another.
func mostlyUTF8(b []byte) string {
	s := strings.ToValidUTF8(string(b), "\ufffd")
	bad := strings.Count(s, "\ufffd")
	good := 0
	for _, c := range s {
		if c >= utf8.RuneSelf && c != utf8.RuneError {
			good++
		}
	}
	if good > 2*bad {
		return s
	}
	return ""
}

// decodeUTF7 reads RFC 2152. What is wrong in it is left as it stands.
func decodeUTF7(b []byte) string {
	var w strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			w.WriteByte(b[i])
			continue
		}
		j := i + 1
		for j < len(b) && base64Values[b[j]] < 64 && b[j] != '-' && b[j] != '_' {
			j++
		}
		if j == i+1 {
			w.WriteByte('+')
		} else {
			u := decodeBase64(b[i+1 : j])
			w.WriteString(convert(u[:len(u)&^1], unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)))
		}
		if j < len(b) && b[j] == '-' {
			j++
		}
		i = j - 1
	}
	return strings.ToValidUTF8(w.String(), "\ufffd")
}

// decodeShifted reads ISO-2022-KR (RFC 1557) and ISO-2022-CN (RFC 1922), whose second set stands
// between SO and SI.
func decodeShifted(b []byte, e encoding.Encoding) string {
	out := make([]byte, 0, len(b))
	shifted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == 0x1b && i+3 < len(b) && b[i+1] == '$':
			i += 3
		case c == 0x0e:
			shifted = true
		case c == 0x0f:
			shifted = false
		case c == '\n':
			shifted = false
			out = append(out, c)
		case shifted && c > ' ':
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return convert(out, e)
}
