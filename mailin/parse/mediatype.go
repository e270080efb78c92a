package parse

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// mediaType is a Content-Type or Content-Disposition field.
type mediaType struct {
	name   string // in lower case, "" if there is none that can be read
	params []param
}

type param struct{ key, value string }

func (t *mediaType) is(prefix string) bool { return strings.HasPrefix(t.name, prefix) }

// param returns the value of a parameter, whose name must be in lower case; "" if there is none.
func (t *mediaType) param(key string) string {
	for _, p := range t.params {
		if p.key == key {
			return p.value
		}
	}
	return ""
}

// mediaType reads a field with parameters (RFC 2045 section 5.1, RFC 2183, RFC 2231) leniently:
// junk between parameters, values without quotes and with blanks, encoded words, continuations with
// and without numbers in order.
func (r *reader) mediaType(fs []field, lower string) mediaType {
	f := get(fs, lower)
	if f == nil || f.text == "" {
		return mediaType{}
	}
	s := f.text
	head, rest := cutParam(s)
	name := strings.ToLower(strings.TrimSpace(head))
	if i := strings.IndexAny(name, " \t(\""); i >= 0 {
		rest = head[min(len(head), strings.IndexAny(head, " \t(\"")):] + ";" + rest
		name = name[:i]
	}
	if strings.Contains(name, "=") { // parameters alone
		rest, name = s, ""
	}
	t := mediaType{name: strings.Trim(name, `"' `)}
	first := len(r.params)
	have := func(key string) int {
		return slices.IndexFunc(r.params[first:], func(p param) bool { return p.key == key })
	}
	var parts map[string][]segment
	for n := 0; rest != "" && n < 300; n++ {
		var p string
		p, rest = cutParam(rest)
		key, value, ok := strings.Cut(p, "=")
		if !ok {
			continue
		}
		key = strings.ToLower(strings.TrimSpace(key))
		if i := strings.LastIndexAny(key, " \t)"); i >= 0 {
			key = key[i+1:]
		}
		if key == "" {
			continue
		}
		value = unquote(strings.TrimSpace(value))
		if base, seg, ok := splitSegment(key); ok { // RFC 2231 sections 3 and 4
			if parts == nil {
				parts = map[string][]segment{}
			}
			seg.value = value
			if len(parts[base]) < 100 {
				parts[base] = append(parts[base], seg)
			}
			continue
		}
		if have(key) < 0 {
			r.params = append(r.params, param{key, r.decodeWords(value)})
		}
	}
	for base, segs := range parts {
		v := r.joinSegments(segs)
		if i := have(base); v != "" && i >= 0 {
			r.params[first+i].value = v
		} else if v != "" {
			r.params = append(r.params, param{base, v})
		}
	}
	t.params = r.params[first:len(r.params):len(r.params)]
	return t
}

// segment is a piece of a parameter under RFC 2231.
type segment struct {
	number   int
	extended bool
	value    string
}

func splitSegment(key string) (string, segment, bool) {
	base, rest, ok := strings.Cut(key, "*")
	if !ok || base == "" {
		return "", segment{}, false
	}
	if rest == "" {
		return base, segment{extended: true}, true
	}
	ext := strings.HasSuffix(rest, "*")
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "*"))
	if err != nil || n < 0 {
		return "", segment{}, false
	}
	return base, segment{number: n, extended: ext}, true
}

func (r *reader) joinSegments(segs []segment) string {
	sort.SliceStable(segs, func(i, j int) bool { return segs[i].number < segs[j].number })
	set, first := "", true
	var raw []byte
	extended := false
	for _, s := range segs {
		v := s.value
		if s.extended {
			extended = true
			if first {
				if p := strings.SplitN(v, "'", 3); len(p) == 3 {
					set, v = p[0], p[2]
				}
			}
			if u, err := url.PathUnescape(v); err == nil {
				v = u
			} else {
				v = unescapeLoose(v)
			}
		}
		first = false
		raw = append(raw, v...)
	}
	if !extended {
		return r.decodeWords(string(raw))
	}
	out, ok := r.charset(raw, set)
	if !ok {
		r.warn("charset-unknown", "parameter", "unknown charset "+clip(set, 30)+" in a parameter")
	}
	return r.decodeWords(out)
}

func unescapeLoose(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// cutParam cuts at the next semicolon that stands in no quotes.
func cutParam(s string) (string, string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			if quoted || strings.IndexByte(s[i+1:], '"') >= 0 {
				quoted = !quoted
			}
		case ';':
			if !quoted {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && strings.IndexByte(s, '\\') < 0 {
		s, _, _ = strings.Cut(s[1:], `"`)
		return s
	}
	if len(s) >= 2 && s[0] == '"' {
		var w strings.Builder
		for i := 1; i < len(s); i++ {
			if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
				i++
			} else if s[i] == '"' {
				break
			}
			w.WriteByte(s[i])
		}
		return w.String()
	}
	if len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		return s[1 : len(s)-1]
	}
	// a comment behind the value
	if i := strings.Index(s, " ("); i > 0 && strings.HasSuffix(s, ")") {
		s = s[:i]
	}
	return strings.Trim(s, "\" \t")
}

// fileName makes a name from a mail safe to show and to store: no path, no control characters,
// bounded.
func fileName(s string) string {
	s = boundName(oneLine(inOneDirection(s)))
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	if s == "." || s == ".." {
		return ""
	}
	return s
}

// inOneDirection takes out the characters that turn the direction of writing: with one of them
// "bill[...]fdp.exe" is shown as a PDF file. Letters have a direction of their own and need none.
func inOneDirection(s string) string {
	if !strings.ContainsAny(s, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
		return s
	}
	return strings.Map(func(c rune) rune {
		if c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' {
			return -1
		}
		return c
	}, s)
}

// boundName shortens a name to 255 octets and keeps its extension.
func boundName(s string) string {
	if len(s) > 255 {
		ext := ""
		if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i < 12 {
			ext = s[i:]
		}
		s = strings.ToValidUTF8(s[:255-len(ext)], "") + ext
	}
	return s
}
