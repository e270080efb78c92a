package parse

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unpackRTF decompresses a body that is kept as compressed RTF (MS-OXRTFCP section 2.2), up to most
// octets. One that is cut off gives what was whole.
func unpackRTF(b []byte, most int) ([]byte, bool) {
	if len(b) < 16 {
		return nil, false
	}
	size := min(int64(binary.LittleEndian.Uint32(b[4:])), int64(most))
	kind := binary.LittleEndian.Uint32(b[8:])
	b = b[16:]
	switch kind {
	case 0x414c454d: // MELA: not compressed
		return b[:min(int64(len(b)), size)], true
	case 0x75465a4c: // LZFu
	default:
		return nil, false
	}
	var dictionary [4096]byte
	at := copy(dictionary[:], rtfDictionary)
	out := make([]byte, 0, min(size, int64(len(b))*9))
	put := func(c byte) {
		dictionary[at] = c
		at = (at + 1) % len(dictionary)
		out = append(out, c)
	}
	for len(b) > 0 {
		control := b[0]
		b = b[1:]
		for range 8 {
			switch {
			case int64(len(out)) >= size || len(b) == 0:
				return out, true
			case control&1 == 0:
				put(b[0])
				b = b[1:]
			case len(b) < 2:
				return out, true
			default:
				from := int(b[0])<<4 | int(b[1])>>4
				if from == at {
					return out, true // the end
				}
				for i := range int(b[1]&15) + 2 {
					put(dictionary[(from+i)%len(dictionary)])
				}
				b = b[2:]
			}
			control >>= 1
		}
	}
	return out, true
}

// rtfDictionary is what the decompressor has seen before the first octet (MS-OXRTFCP section
// 2.1.2.1).
const rtfDictionary = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// readRTF makes readable text of RTF, or gives the HTML that it was made of (MS-OXRTFEX): one of
// the two is "". It is bounded by most octets of text.
func readRTF(b []byte, r *reader, most int) (text, html string) {
	d := rtfReader{in: b, r: r, most: most, page: 1252, fonts: map[int]int{}}
	head := b[:min(len(b), 4096)]
	d.isHTML = bytes.Contains(head, []byte(`\fromhtml1`))
	d.read()
	if d.isHTML {
		return "", d.out.String()
	}
	return d.out.String(), ""
}

// rtfReader is one reading of RTF. Bytes of one code page are gathered and converted together,
// since a character may have two.
type rtfReader struct {
	in     []byte
	r      *reader
	most   int
	isHTML bool

	out     strings.Builder
	pending []byte
	pages   int // code page of pending
	high    rune

	page  int         // of the document
	fonts map[int]int // code page of each font
	font  int         // that the table of fonts speaks of

	now    rtfState
	groups []rtfState
	leave  int // characters to pass over behind \u
}

// rtfState is what a group inherits, and what ends with it.
type rtfState struct {
	skip    bool // nothing of it is shown
	hidden  bool
	rtfOnly bool // \htmlrtf: RTF that stands for HTML which stands there too
	tag     bool // inside \*\htmltag
	isFonts bool
	link    bool // collects the instruction of a field
	field   bool
	uc      int
	page    int // of the current font, 0: the document's
	target  *string
	begin   int // where the text of the field begins
}

const maxGroups = 1000

func (d *rtfReader) read() {
	d.now.uc = 1
	for len(d.in) > 0 && d.out.Len() < d.most {
		c := d.in[0]
		d.in = d.in[1:]
		switch c {
		case '{':
			d.leave = 0
			if len(d.groups) >= maxGroups {
				d.flush()
				return
			}
			d.groups = append(d.groups, d.now)
			d.now.field = false
			d.star()
		case '}':
			d.leave = 0
			d.close()
		case '\\':
			d.control()
		case '\r', '\n', 0:
		default:
			d.octet(c)
		}
	}
	d.flush()
}

// star passes over a group that begins with \* and a word that is not known here.
func (d *rtfReader) star() {
	rest := bytes.TrimLeft(d.in, "\r\n ")
	if !bytes.HasPrefix(rest, []byte(`\*`)) {
		return
	}
	rest = bytes.TrimLeft(rest[2:], "\r\n ")
	switch {
	case d.isHTML && bytes.HasPrefix(rest, []byte(`\htmltag`)):
		d.now.tag = true
	case !d.isHTML && bytes.HasPrefix(rest, []byte(`\fldinst`)):
	default:
		d.now.skip = true
	}
	d.in = rest
}

func (d *rtfReader) close() {
	if len(d.groups) == 0 {
		return
	}
	was := d.now
	d.now = d.groups[len(d.groups)-1]
	d.groups = d.groups[:len(d.groups)-1]
	if !was.field || was.target == nil {
		return
	}
	d.flush()
	target := linkTarget(*was.target)
	if shown := d.out.String()[min(was.begin, d.out.Len()):]; target != "" && !strings.Contains(shown, target) && d.shown() {
		d.out.WriteString(" <" + target + ">")
	}
}

// linkTarget takes the address from a field's instruction: HYPERLINK "https://x.example".
func linkTarget(s string) string {
	i := strings.Index(s, "HYPERLINK")
	if i < 0 {
		return ""
	}
	for word := range strings.FieldsSeq(s[i+9:]) {
		word = strings.Trim(word, `"`)
		if strings.Contains(word, ":") && len(word) < 2000 {
			return strings.TrimPrefix(word, "mailto:")
		}
	}
	return ""
}

// shown reports whether text at this place is to be seen.
func (d *rtfReader) shown() bool {
	return !d.now.skip && !d.now.hidden && (!d.isHTML || d.now.tag || !d.now.rtfOnly)
}

// octet takes one octet of text.
func (d *rtfReader) octet(c byte) {
	if d.leave > 0 {
		d.leave--
		return
	}
	if d.now.link && d.now.target != nil && !d.now.skip {
		if len(*d.now.target) < 4000 {
			*d.now.target += string(rune(c))
		}
		return
	}
	if !d.shown() {
		return
	}
	page := d.now.page
	if page == 0 || d.now.tag {
		page = d.page
	}
	if page != d.pages {
		d.flush()
		d.pages = page
	}
	d.pending = append(d.pending, c)
}

// say writes characters.
func (d *rtfReader) say(s string) {
	if d.shown() && !d.now.link {
		d.flush()
		d.out.WriteString(s)
	}
}

func (d *rtfReader) flush() {
	if len(d.pending) > 0 {
		if isASCII(d.pending) {
			d.out.Write(d.pending)
		} else {
			s, _ := d.r.charset(d.pending, codepage(uint32(d.pages)))
			d.out.WriteString(s)
		}
		d.pending = d.pending[:0]
	}
	if d.high != 0 {
		d.out.WriteRune(utf8.RuneError)
		d.high = 0
	}
}

// control takes what stands behind a backslash: a word with a number, or a sign.
func (d *rtfReader) control() {
	if len(d.in) == 0 {
		return
	}
	c := d.in[0]
	if c < 'a' || c > 'z' {
		d.in = d.in[1:]
		d.sign(c)
		return
	}
	n := 0
	for n < len(d.in) && n < 40 && ('a' <= d.in[n] && d.in[n] <= 'z' || 'A' <= d.in[n] && d.in[n] <= 'Z') {
		n++
	}
	word := string(d.in[:n])
	d.in = d.in[n:]
	n = 0
	for n < len(d.in) && n < 11 && ('0' <= d.in[n] && d.in[n] <= '9' || n == 0 && d.in[n] == '-') {
		n++
	}
	number, err := strconv.Atoi(string(d.in[:n]))
	given := n > 0 && err == nil
	d.in = d.in[n:]
	if len(d.in) > 0 && d.in[0] == ' ' {
		d.in = d.in[1:]
	}
	if d.leave > 0 && word != "bin" {
		d.leave--
		return
	}
	d.word(word, number, given)
}

func (d *rtfReader) sign(c byte) {
	if c == '\'' {
		if len(d.in) >= 2 && isHex(d.in[0]) && isHex(d.in[1]) {
			b := unhex(d.in[0])<<4 | unhex(d.in[1])
			d.in = d.in[2:]
			d.octet(b)
		}
		return
	}
	switch c {
	case '\\', '{', '}':
		d.octet(c)
		return
	}
	if d.leave > 0 {
		d.leave--
		return
	}
	switch c {
	case '~':
		d.say("\u00a0")
	case '_':
		d.say("-")
	case '\r', '\n':
		d.say("\n")
	}
}

func (d *rtfReader) word(word string, number int, given bool) {
	on := !given || number != 0
	switch word {
	case "par", "line", "row", "sect", "page":
		d.say("\n")
	case "tab", "cell":
		d.say("\t")
	case "lquote":
		d.say("‘")
	case "rquote":
		d.say("’")
	case "ldblquote":
		d.say("“")
	case "rdblquote":
		d.say("”")
	case "emdash":
		d.say("—")
	case "endash":
		d.say("–")
	case "bullet":
		d.say("•")
	case "emspace", "enspace", "qmspace":
		d.say(" ")
	case "u":
		d.unicode(rune(uint16(number)))
	case "uc":
		d.now.uc = min(max(number, 0), 20)
	case "bin":
		d.in = d.in[min(max(number, 0), len(d.in)):]
	case "ansicpg":
		if given {
			d.page = number
		}
	case "f":
		d.font = number
		if !d.now.isFonts {
			d.now.page = d.fonts[number]
		}
	case "fcharset":
		if page := fontPages[number]; d.now.isFonts && page != 0 && len(d.fonts) < 1000 {
			d.fonts[d.font] = page
		}
	case "plain":
		d.now.page, d.now.hidden = 0, false
	case "v":
		d.now.hidden = on
	case "htmlrtf":
		d.now.rtfOnly = on
	case "fonttbl":
		d.now.skip, d.now.isFonts = true, true
	case "field":
		d.flush()
		d.now.field, d.now.target, d.now.begin = !d.isHTML, new(string), d.out.Len()
	case "fldinst":
		d.now.link = true
	case "fldrslt":
		d.now.link = false
	case "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr",
		"footerf", "listtable", "filetbl", "revtbl":
		d.now.skip = true
	}
}

// unicode takes a \u, which is a unit of UTF-16, and passes over what stands for it in older
// readers.
func (d *rtfReader) unicode(c rune) {
	d.leave = d.now.uc
	if !d.shown() || d.now.link {
		return
	}
	if d.high != 0 && utf16.IsSurrogate(c) && len(d.pending) == 0 {
		both := utf16.DecodeRune(d.high, c)
		d.high = 0
		d.out.WriteRune(both)
		return
	}
	d.flush()
	if utf16.IsSurrogate(c) {
		d.high = c
		return
	}
	d.out.WriteRune(c)
}

// fontPages are the code pages of fonts' character sets.
var fontPages = map[int]int{77: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256,
	186: 1257, 204: 1251, 222: 874, 238: 1250}
