package extract

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"unicode/utf16"
)

// pdf emits the text of a PDF document: its uncompressed strings, the text shown by its streams,
// compressed or not, and anything else in the streams. Letters in a font's own encoding are decoded
// by the document's tables for copying text.
func (x *Extractor) pdf(where string, data []byte, depth int) {
	if bytes.Contains(data, []byte("/Encrypt")) {
		x.close(where, "it is encrypted")
	}
	x.binary(where, bytes.NewReader(data), false)
	x.pdfStrings(where, data, nil, depth) // of its objects: title, author, links
	var tables []glyphs
	x.pdfStreams(where, data, func(content []byte) {
		if isTable(content) && len(tables) < maxTables {
			tables = append(tables, readGlyphs(content))
		}
	})
	x.pdfStreams(where, data, func(content []byte) {
		switch {
		case isTable(content):
		case !bytes.Contains(content, []byte("BT")): // it shows no text
			x.binary(where, bytes.NewReader(content), false)
			x.pdfStrings(where, content, nil, depth)
		default:
			x.pdfStrings(where, content, nil, depth)
			for _, t := range tables {
				if x.spend(where, len(content)) {
					x.pdfStrings(where, content, t, depth)
				}
			}
		}
	})
}

func isTable(content []byte) bool {
	return bytes.Contains(content, []byte("beginbfchar")) || bytes.Contains(content, []byte("beginbfrange"))
}

// pdfStreams calls each with the content of the document's streams, one after the other.
func (x *Extractor) pdfStreams(where string, data []byte, each func(content []byte)) {
	const begin, end = "stream", "endstream"
	closes := 0 // the end of the next stream, at or after pos
	for pos := 0; ; {
		i := bytes.Index(data[pos:], []byte(begin))
		if i < 0 {
			return
		}
		i += pos
		pos = i + len(begin)
		if i >= 3 && string(data[i-3:i]) == "end" {
			continue
		}
		if closes < pos {
			if n := bytes.Index(data[pos:], []byte(end)); n >= 0 {
				closes = pos + n
			} else {
				closes = len(data)
			}
		}
		content, packed := x.inflated(bytes.TrimPrefix(bytes.TrimPrefix(data[pos:], []byte("\r")), []byte("\n")))
		if !packed {
			content = data[pos:closes]
			pos = closes
		}
		if !x.spend(where, len(content)) {
			return
		}
		each(content)
	}
}

// maxTables bounds the number of fonts that are decoded: each is tried on all the text.
const maxTables = 16

// inflated returns the content of a stream that uses the usual compression.
func (x *Extractor) inflated(b []byte) ([]byte, bool) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	content, _ := io.ReadAll(io.LimitReader(z, min(x.lim.MaxInside, max(x.left, 0))+1))
	return content, len(content) > 0
}

// pdfStrings emits the strings of a piece of PDF. Strings shown by one operator are joined.
func (x *Extractor) pdfStrings(where string, b []byte, table glyphs, depth int) {
	out := x.writer(where, depth)
	array := false
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '(' && table == nil:
			s, next := literal(b, i)
			out.write(s)
			i = next
			if !array {
				out.write([]byte("\n"))
			}
		case c == '(':
			s, next := literal(b, i)
			table.write(out, s)
			i = next
		case c == '<' && i+1 < len(b) && b[i+1] != '<':
			end := bytes.IndexByte(b[i:], '>')
			if end < 0 {
				i = len(b)
				break
			}
			if s, ok := hexString(b[i+1 : i+end]); ok {
				if table == nil {
					out.write(pdfText(s))
				} else {
					table.write(out, s)
				}
				if !array {
					out.write([]byte("\n"))
				}
			}
			i += end + 1
		case c == '[':
			array = true
			i++
		case c == ']':
			array = false
			out.write([]byte("\n"))
			i++
		case c == '-' && array: // a gap between two words
			start := i
			for i++; i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i] == '.'); {
				i++
			}
			if n, _ := strconv.ParseFloat(string(b[start:i]), 64); n < -180 {
				out.write([]byte(" "))
			}
		case c == 'T' && i+1 < len(b) && b[i+1] == '*':
			out.write([]byte("\n"))
			i += 2
		default:
			i++
		}
	}
	out.end()
}

// literal reads a string in parentheses.
func literal(b []byte, i int) (s []byte, next int) {
	depth := 0
	for ; i < len(b); i++ {
		switch c := b[i]; c {
		case '(':
			if depth++; depth > 1 {
				s = append(s, c)
			}
		case ')':
			if depth--; depth == 0 {
				return pdfText(s), i + 1
			}
			s = append(s, c)
		case '\\':
			if i++; i == len(b) {
				return s, i
			}
			switch c := b[i]; {
			case c == 'n' || c == 'r':
				s = append(s, '\n')
			case c == 't':
				s = append(s, '\t')
			case c >= '0' && c <= '7':
				n := 0
				for k := 0; k < 3 && i < len(b) && b[i] >= '0' && b[i] <= '7'; k++ {
					n = n*8 + int(b[i]-'0')
					i++
				}
				i--
				s = append(s, byte(n))
			case c == '\n' || c == '\r':
			default:
				s = append(s, c)
			}
		default:
			s = append(s, c)
		}
		if len(s) > window {
			return s, i + 1
		}
	}
	return s, i
}

// pdfText converts a PDF string from UTF-16 to UTF-8 if necessary.
func pdfText(s []byte) []byte {
	if bytes.HasPrefix(s, []byte("\xfe\xff")) || bytes.HasPrefix(s, []byte("\xff\xfe")) {
		return toUTF8(s)
	}
	return s
}

func hexString(b []byte) ([]byte, bool) {
	if len(b) == 0 || len(b) > window {
		return nil, false
	}
	digits := make([]byte, 0, len(b)+1)
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			digits = append(digits, c)
		}
	}
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, hex.DecodedLen(len(digits)))
	_, err := hex.Decode(out, digits)
	return out, err == nil
}

// glyphs maps the codes of a font's letters to text.
type glyphs map[uint32]string

var (
	bfChar  = regexp.MustCompile(`<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>`)
	bfRange = regexp.MustCompile(`<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>`)
	bfBlock = regexp.MustCompile(`(?s)beginbf(char|range)(.*?)endbf`)
)

// readGlyphs reads a font's table.
func readGlyphs(b []byte) glyphs {
	out := glyphs{}
	for _, block := range bfBlock.FindAllSubmatch(b, 200) {
		if string(block[1]) == "char" {
			for _, m := range bfChar.FindAllSubmatch(block[2], 5000) {
				out.add(m[1], m[2], 0, 0)
			}
			continue
		}
		for _, m := range bfRange.FindAllSubmatch(block[2], 5000) {
			from, err1 := strconv.ParseUint(string(m[1]), 16, 16)
			to, err2 := strconv.ParseUint(string(m[2]), 16, 16)
			for n := from; err1 == nil && err2 == nil && n <= to && n-from < 1<<12; n++ {
				out.add(m[1], m[3], uint32(n-from), uint16(n-from))
			}
		}
	}
	return out
}

func (g glyphs) add(from, to []byte, plus uint32, shift uint16) {
	n, err := strconv.ParseUint(string(from), 16, 16)
	text, ok := hexString(to)
	if err != nil || !ok || len(text) < 2 || len(g) > 1<<16 {
		return
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
	}
	units[len(units)-1] += shift
	g[uint32(n)+plus] = string(utf16.Decode(units))
}

// write writes the text of a string, with its codes taken as two octets each and, unless the first
// octet is 0, also as one octet each.
func (g glyphs) write(out *writer, s []byte) {
	for i := 0; i+1 < len(s); i += 2 {
		out.write([]byte(g[uint32(s[i])<<8|uint32(s[i+1])]))
	}
	if len(s) > 0 && s[0] != 0 {
		for _, c := range s {
			out.write([]byte(g[uint32(c)]))
		}
	}
}
