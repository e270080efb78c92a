package compose

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"tierdesk/mailout"
)

// Bounds of what a memo keeps.
const (
	maxTexts     = 16
	maxText      = 64 << 10 // octets of a text
	maxFiles     = 16
	maxFileTotal = 4 << 20 // octets of all files, encoded
)

// Memo remembers how texts and files of the last mails were encoded: several people are told of the
// same, one mail behind the other. It changes nothing in what is made, since a text is compared
// with the one that is remembered, and a part of a mail that came in never changes. A nil memo
// remembers nothing. It is safe for concurrent use.
type Memo struct {
	mu    sync.Mutex
	texts []*encodedText // the one used last at the end
	files []encodedFile
}

// textKey finds the text that another one is likely to be nearly the same as.
type textKey struct {
	ticket int64
	kind   string
	html   bool
}

// encodedText is a text and its quoted-printable form.
type encodedText struct {
	key textKey

	mu   sync.Mutex // held while the text is encoded: who needs the same waits
	text string
	high int // octets beyond ASCII
	raw  []byte
}

// fileKey names a part of a mail that came in.
type fileKey struct {
	inbound int64
	index   int
}

type encodedFile struct {
	key fileKey
	raw []byte // base64, in lines
}

// Clear forgets everything.
func (m *Memo) Clear() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts, m.files = nil, nil
}

// text returns a text in quoted-printable; false if most of it is not ASCII, or if it is not worth
// remembering. It holds no CR and no NUL.
func (m *Memo) text(key textKey, text string) ([]byte, bool) {
	if m == nil || len(text) > maxText {
		return nil, false
	}
	e := m.entry(key)
	e.mu.Lock()
	defer e.mu.Unlock()
	before, behind := common(e.text, text)
	middle := text[before : len(text)-behind]
	high := e.high - beyondASCII(e.text[before:len(e.text)-behind]) + beyondASCII(middle)
	if base64Better(high, len(text)) {
		return nil, false
	}
	var out bytes.Buffer
	out.Grow(len(e.raw) + len(middle) + 1000)
	out.Write(e.raw[:hardEnd(e.raw, strings.Count(text[:before], "\n"))])
	w := quotedprintable.NewWriter(&out)
	io.WriteString(w, middle) // into memory: it cannot fail
	w.Close()
	if behind > 0 {
		out.Write(e.raw[hardEnd(e.raw, strings.Count(e.text[:len(e.text)-behind], "\n")):])
	}
	e.text, e.high, e.raw = text, high, out.Bytes()
	return e.raw, true
}

// entry returns the text that is remembered under a key, an empty one if none is.
func (m *Memo) entry(key textKey) *encodedText {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.texts, func(e *encodedText) bool { return e.key == key })
	var e *encodedText
	switch {
	case i >= 0:
		e = m.texts[i]
		m.texts = slices.Delete(m.texts, i, i+1)
	default:
		e = &encodedText{key: key}
		if len(m.texts) == maxTexts {
			m.texts = slices.Delete(m.texts, 0, 1)
		}
	}
	m.texts = append(m.texts, e)
	return e
}

// common returns how many octets two texts have in common before and behind what differs, both in
// whole lines: a line is encoded by itself.
func common(a, b string) (before, behind int) {
	most := min(len(a), len(b))
	const block = 256
	for before+block <= most && a[before:before+block] == b[before:before+block] {
		before += block
	}
	for before < most && a[before] == b[before] {
		before++
	}
	before = strings.LastIndexByte(a[:before], '\n') + 1
	most -= before
	for behind+block <= most && a[len(a)-behind-block:len(a)-behind] == b[len(b)-behind-block:len(b)-behind] {
		behind += block
	}
	for behind < most && a[len(a)-behind-1] == b[len(b)-behind-1] {
		behind++
	}
	// The line in which they begin to be the same differs.
	if i := strings.IndexByte(a[len(a)-behind:], '\n'); i >= 0 {
		behind -= i + 1
	} else {
		behind = 0
	}
	return before, behind
}

// hardEnd returns where the n-th line of what was encoded ends: at a line end without "=", which is
// the text's own.
func hardEnd(raw []byte, n int) int {
	at := 0
	for n > 0 {
		i := bytes.IndexByte(raw[at:], '\n')
		if i < 0 {
			return len(raw)
		}
		at += i + 1
		if at < 3 || raw[at-3] != '=' {
			n--
		}
	}
	return at
}

func beyondASCII(text string) int {
	high := 0
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			high++
		}
	}
	return high
}

// Files returns the encoded parts of other mails that a mail carries; false if one of them is not
// remembered.
func (m *Memo) Files(wanted []mailout.Attachment) (Files, bool) {
	if m == nil {
		return nil, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	out := Files{}
	for _, a := range wanted {
		if a.Inbound == 0 {
			continue
		}
		key := fileKey{a.Inbound, a.Index}
		i := slices.IndexFunc(m.files, func(f encodedFile) bool { return f.key == key })
		if i < 0 {
			return nil, false
		}
		out[key] = m.files[i].raw
	}
	return out, true
}

// Files are encoded parts of mails that came in.
type Files map[fileKey][]byte

// keep remembers an encoded file in the place of those used before, but not a large one.
func (m *Memo) keep(a mailout.Attachment, raw []byte) {
	if m == nil || a.Inbound == 0 || len(raw) > maxFileTotal/2 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := fileKey{a.Inbound, a.Index}
	m.files = slices.DeleteFunc(m.files, func(f encodedFile) bool { return f.key == key })
	m.files = append(m.files, encodedFile{key, bytes.Clone(raw)})
	total := 0
	for i, f := range slices.Backward(m.files) {
		if total += len(f.raw); total > maxFileTotal || len(m.files)-i > maxFiles {
			m.files = slices.Delete(m.files, 0, i+1)
			break
		}
	}
}

// encoded is a content that is in base64 already.
type encoded []byte

// WriteTo is there so that it is a content; fill takes it as it is.
func (e encoded) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, base64.NewDecoder(base64.StdEncoding, bytes.NewReader(e)))
}
