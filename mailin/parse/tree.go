package parse

import (
	"bytes"
	"strings"
)

// part is a node of the mail's MIME tree (RFC 2046). It shares memory with the mail.
type part struct {
	fields   []field
	typ      mediaType
	disp     mediaType
	body     []byte
	coding   coding
	children []*part
	empty    bool // a multipart that is closed and has no parts
}

// tree divides the mail in parts. Every octet is looked at once for each level, and there are at
// most MaxDepth levels.
func (r *reader) tree() *part {
	return r.entity(r.raw, "", "text/plain", 0)
}

func (r *reader) entity(b []byte, where, byDefault string, depth int) *part {
	fs, body := r.splitHeader(b, where)
	typ, disp := r.mediaType(fs, "content-type"), r.mediaType(fs, "content-disposition")
	if !typ.is("multipart/") {
		if t, ok := r.otherType(fs, body); ok {
			typ = t
		}
	}
	typ.name = strings.TrimSuffix(typ.name, "/")
	r.nodes = append(r.nodes, part{fields: fs, body: body, typ: typ, disp: disp})
	p := &r.nodes[len(r.nodes)-1]
	declared := p.typ.name
	if !strings.Contains(p.typ.name, "/") {
		if p.typ.name != "" {
			r.warn("type-bad", "Content-Type", "the Content-Type cannot be read: "+clip(p.typ.name, 40))
		}
		switch {
		case p.typ.name == "text" || p.typ.name == "":
			p.typ.name = byDefault
		case p.typ.name == "multipart":
			p.typ.name = "multipart/mixed"
		case p.typ.name == "html":
			p.typ.name = "text/html"
		case p.typ.name == "plain":
			p.typ.name = "text/plain"
		case p.typ.param("boundary") != "":
			p.typ.name = "multipart/mixed"
		default:
			p.typ.name = byDefault
			if fileNameOf(p) != "" {
				p.typ.name = "application/octet-stream"
			}
		}
	}
	if set := p.typ.param("charset"); r.hint == "" && set != "" && p.typ.is("text/") {
		if s := strings.ToLower(set); !strings.HasPrefix(s, "us-ascii") && !strings.HasPrefix(s, "utf") {
			r.hint = s
		}
	}
	if p.typ.is("multipart/") || declared == "" && where == "" && looksMultipart(body) {
		if r.split(p, depth) {
			return p
		}
		if p.empty && where != "" { // closed and without parts: what stands there is what no client shows
			p.children = []*part{}
			return p
		}
		r.warn("multipart-bad", "body", "the mail says that it has parts and none can be found")
		p.typ = mediaType{name: "text/plain"}
		if bytes.Contains(body[:min(len(body), 1000)], []byte("<html")) {
			p.typ.name = "text/html"
		}
	}
	p.coding = r.coding(fs, body)
	return p
}

// otherType returns the type that a second Content-Type names, if it is a multipart whose boundary
// stands at the front of the body: the first one does not tell the truth then. No program writes
// more than a few.
func (r *reader) otherType(fs []field, body []byte) (mediaType, bool) {
	const most, front = 4, 64 << 10
	body = body[:min(len(body), front)]
	seen := 0
	for i := range fs {
		if fs[i].lower != "content-type" {
			continue
		}
		if seen++; seen == 1 {
			continue
		}
		if seen > most {
			break
		}
		t := r.mediaType(fs[i:], "content-type")
		if b := t.param("boundary"); t.is("multipart/") && b != "" && bytes.Contains(body, []byte("--"+b)) {
			return t, true
		}
	}
	return mediaType{}, false
}

// looksMultipart reports whether a body without Content-Type begins with a boundary, perhaps below
// a line for old programs, that comes again or has a part's header below it.
func looksMultipart(b []byte) bool {
	pos := 0
	for range 8 {
		if pos >= len(b) {
			return false
		}
		line, next := cutLine(b, pos)
		if len(line) > 2 && bytes.HasPrefix(line, []byte("--")) && len(bytes.Trim(line, "-= ")) > 0 {
			boundary := guessBoundary(b)
			return boundary != "" && string(bytes.TrimRight(line, " \t")) == "--"+boundary
		}
		pos = next
	}
	return false
}

// split fills the children of a multipart. It reports false if there are none to be found.
func (r *reader) split(p *part, depth int) bool {
	if depth >= r.lim.MaxDepth {
		r.warn("too-deep", "body", "the mail has more levels of parts than are read")
		return false
	}
	boundary := p.typ.param("boundary")
	slices, closed := cutParts(p.body, boundary, r.lim.MaxParts, false)
	if trimmed := strings.TrimRight(boundary, " \t"); len(slices) == 0 && trimmed != boundary {
		slices, closed = cutParts(p.body, trimmed, r.lim.MaxParts, false)
	}
	if len(slices) == 0 {
		slices, closed = cutParts(p.body, boundary, r.lim.MaxParts, true)
	}
	if len(slices) == 0 { // packed as a whole, which RFC 2045 section 6.4 forbids
		if code := r.coding(p.fields, p.body); code == codingBase64 {
			if body := decode(p.body, code, 0); bytes.Contains(body, []byte("--"+boundary)) && boundary != "" {
				p.body = body
				slices, closed = cutParts(p.body, boundary, r.lim.MaxParts, false)
			}
		}
	}
	if len(slices) == 0 {
		guessed := guessBoundary(p.body)
		if guessed == "" || guessed == boundary {
			p.empty = closed
			return false
		}
		r.warn("boundary-wrong", "body", "the parts are not divided as the header says")
		slices, closed = cutParts(p.body, guessed, r.lim.MaxParts, false)
	}
	if !closed && len(slices) > 0 {
		r.warn("boundary-open", "body", "the last part of the mail is not closed: it may be cut off")
	}
	p.children = make([]*part, 0, min(len(slices), r.lim.MaxParts))
	byDefault := "text/plain"
	if p.typ.name == "multipart/digest" {
		byDefault = "message/rfc822"
	}
	for _, s := range slices {
		if r.parts++; r.parts > r.lim.MaxParts {
			r.warn("too-many-parts", "body", "the mail has more parts than are read")
			break
		}
		p.children = append(p.children, r.entity(s, "part", byDefault, depth+1))
	}
	if len(p.children) == 0 {
		p.children = nil
		return false
	}
	return true
}

// cutParts divides a body at its boundary lines (RFC 2046 section 5.1.1). Parts behind the closing
// line are taken too: some programs close twice. junk lets words stand behind a boundary on its
// line.
func cutParts(b []byte, boundary string, most int, junk bool) (parts [][]byte, closed bool) {
	if boundary == "" {
		return nil, false
	}
	mark := append(append(make([]byte, 0, 80), "--"...), boundary...)
	start := -1
	for pos := 0; pos < len(b) && len(parts) <= most; {
		i := bytes.Index(b[pos:], mark)
		if i < 0 {
			break
		}
		i += pos
		pos = i + len(mark)
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		line, next := cutLine(b, i)
		rest := bytes.TrimRight(line[len(mark):], " \t")
		end := false
		switch {
		case len(rest) == 0:
		case bytes.HasPrefix(rest, []byte("--")) &&
			(len(rest) == 2 || rest[2] == ' ' || rest[2] == '\t' || len(bytes.TrimLeft(rest, "-")) == 0):
			end = true
		case junk && (rest[0] == ' ' || rest[0] == '\t'):
		default:
			continue
		}
		if start >= 0 {
			parts = append(parts, trimEOL(b[start:i]))
		}
		start, closed = next, end
		if end {
			start = -1
		}
		pos = next
	}
	if start >= 0 && start <= len(b) && len(parts) <= most {
		if len(bytes.TrimSpace(b[start:])) > 0 || len(parts) == 0 {
			parts = append(parts, b[start:])
		}
	}
	return parts, closed
}

// trimEOL takes off the one line end that belongs to the boundary below.
func trimEOL(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// guessBoundary finds what divides a body: the first line that begins with "--" and has a part's
// header below it.
func guessBoundary(b []byte) string {
	for pos, n := 0, 0; pos < len(b) && n < 2000; n++ {
		line, next := cutLine(b, pos)
		line = bytes.TrimRight(line, " \t")
		if len(line) > 2 && len(line) < 200 && bytes.HasPrefix(line, []byte("--")) && next < len(b) {
			after, _ := cutLine(b, next)
			if len(after) > 8 && bytes.EqualFold(after[:8], []byte("content-")) {
				return string(line[2:])
			}
		}
		pos = next
	}
	return ""
}

func fileNameOf(p *part) string {
	name, _ := fileNames(p)
	return name
}

// fileNames returns the name of a file, safe to show, and as the mail writes it if that is another.
func fileNames(p *part) (name, written string) {
	best := ""
	for _, n := range [...]string{p.disp.param("filename"), p.typ.param("name"), p.disp.param("name"), p.typ.param("filename")} {
		n = boundName(oneLine(n))
		// A client that could not write a name in one place wrote question marks, and may have done
		// better in another.
		if n != "" && (best == "" || strings.Contains(best, "?") && !strings.Contains(n, "?")) {
			best = n
		}
	}
	if name = fileName(best); name != best {
		written = best
	}
	return name, written
}
