package extract

import (
	"bytes"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
)

// looksLikeMarkup reports whether a text is HTML or XML.
func looksLikeMarkup(data []byte) bool {
	head := bytes.TrimLeft(withoutMark(data[:min(len(data), 1<<10)]), " \t\r\n")
	return len(head) > 3 && head[0] == '<' && (head[1] == '!' || head[1] == '?' || letter(head[1])) &&
		bytes.IndexByte(head, '>') > 0 || looksLikeHTML(head)
}

func looksLikeHTML(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 4<<10)])
	for _, mark := range []string{"<html", "<!doctype html", "<body", "<head", "<table", "<div", "<p>", "<br"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// inlineTags do not end a word.
var inlineTags = map[string]bool{"a": true, "b": true, "i": true, "u": true, "s": true, "em": true, "strong": true, "span": true,
	"font": true, "code": true,
	"small": true, "big": true, "sub": true, "sup": true, "tt": true, "mark": true, "ins": true, "del": true, "abbr": true,
	"wbr": true, "kbd": true,
	"bdo": true, "bdi": true, "q": true, "cite": true, "samp": true, "var": true, "dfn": true, "acronym": true, "nobr": true, "o:p": true,
	"label": true, "img": true}

// breakingTags are the tags of office documents that end a word. All others may occur within a
// word, like a change of font.
var breakingTags = map[string]bool{"p": true, "br": true, "tab": true, "cr": true, "tr": true, "tc": true, "si": true, "row": true,
	"c": true, "h": true, "s": true,
	"line-break": true, "table-cell": true, "table-row": true, "list-item": true, "cell": true, "text": true, "tspan": true, "li": true,
	"item": true, "title": true}

// maxTag bounds one tag, one comment, or the text between two tags; anything longer is treated as
// text.
const maxTag = 1 << 20

// markup emits what a reader of HTML or XML sees, and what only its source shows: attributes and
// comments.
func (x *Extractor) markup(where string, r io.Reader, xml bool, depth int) {
	shown, hidden := x.writer(where, depth), x.writer(where, depth)
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxTag)
	for {
		switch z.Next() {
		case html.ErrorToken:
			shown.write(z.Raw())
			shown.end()
			hidden.end()
			if z.Err() == html.ErrBufferExceeded {
				x.stretches(where, io.MultiReader(bytes.NewReader(z.Buffered()), r), func(b []byte) { x.stretch(where, b, false, depth) })
			} else if z.Err() != io.EOF {
				x.close(where, "it is damaged or encrypted")
			}
			return
		case html.TextToken:
			if text := z.Raw(); bytes.IndexByte(text, '&') < 0 {
				shown.write(text)
			} else {
				shown.write([]byte(html.UnescapeString(string(text))))
			}
		case html.CommentToken, html.DoctypeToken:
			hidden.word(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if _, local, ok := bytes.Cut(name, []byte(":")); ok && xml {
				name = local
			}
			if xml && breakingTags[string(name)] || !xml && !inlineTags[string(name)] {
				shown.write(blank)
			}
			for more {
				var value []byte
				_, value, more = z.TagAttr()
				hidden.word(value)
				if bytes.IndexByte(value, '%') >= 0 {
					if plain, err := url.PathUnescape(string(value)); err == nil {
						hidden.word([]byte(plain))
					}
				}
			}
		}
	}
}

// writer collects a text and emits it in stretches.
type writer struct {
	x     *Extractor
	where string
	depth int
	buf   []byte
	later bool // a stretch has been emitted
}

func (x *Extractor) writer(where string, depth int) *writer {
	return &writer{x: x, where: where, depth: depth}
}

func (w *writer) write(b []byte) {
	if w.buf == nil {
		w.buf = make([]byte, 0, 1<<10)
	}
	for len(b) > 0 {
		n := min(len(b), window-len(w.buf))
		w.buf, b = append(w.buf, b[:n]...), b[n:]
		if len(w.buf) == window {
			w.x.stretch(w.where, w.buf, !w.later, w.depth)
			w.later = true
			w.buf = w.buf[:copy(w.buf, w.buf[window-Overlap:])]
		}
	}
}

func (w *writer) word(b []byte) {
	w.write(blank)
	w.write(b)
	w.write(blank)
}

var blank = []byte(" ")

func (w *writer) end() {
	if len(w.buf) > 0 {
		w.x.stretch(w.where, w.buf, !w.later, w.depth)
	}
	w.buf = nil
}

// rtf emits the text of a Rich Text Format file without its control words.
func (x *Extractor) rtf(where string, data []byte, depth int) {
	out := x.writer(where, depth)
	skip := 0 // fallback characters for a letter already given in Unicode
	for i := 0; i < len(data); {
		c := data[i]
		i++
		switch {
		case c == '{' || c == '}' || c == '\r' || c == '\n':
			continue
		case c != '\\' || i == len(data):
			if skip > 0 {
				skip--
				continue
			}
			out.write([]byte{c})
			continue
		}
		if data[i] == '\'' && i+2 < len(data) {
			r := charmap.Windows1252.DecodeByte(unhex(data[i+1])<<4 | unhex(data[i+2]))
			i += 3
			if skip > 0 {
				skip--
				continue
			}
			out.write([]byte(string(r)))
			continue
		}
		word, number, next := rtfWord(data, i)
		switch i = next; word {
		case "u":
			out.write([]byte(string(rune(uint16(number)))))
			skip = 1
		case "par", "line", "tab", "cell", "row", "page", "sect":
			out.write([]byte("\n"))
		case "":
			switch sign := data[i]; sign {
			case '\\', '{', '}':
				out.write([]byte{sign})
			case '~':
				out.write([]byte(" "))
			case '_':
				out.write([]byte("-"))
			}
			i++
		}
	}
	out.end()
}

// rtfWord reads a control word and its number, with the space that ends it.
func rtfWord(data []byte, i int) (word string, number, next int) {
	start := i
	for i < len(data) && (data[i] >= 'a' && data[i] <= 'z' || data[i] >= 'A' && data[i] <= 'Z') {
		i++
	}
	word = string(data[start:i])
	if word == "" {
		return "", 0, i
	}
	negative := i < len(data) && data[i] == '-'
	if negative {
		i++
	}
	for n := 0; i < len(data) && data[i] >= '0' && data[i] <= '9' && n < 9; n++ {
		number = number*10 + int(data[i]-'0')
		i++
	}
	if negative {
		number = -number
	}
	if i < len(data) && data[i] == ' ' {
		i++
	}
	return strings.ToLower(word), number, i
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0
}
