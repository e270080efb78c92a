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

// Memo caches the encoded texts and files of recent mails, since several people are often told of
// the same thing in consecutive mails. It does not change the result: a text is compared with the
// cached one, and a part of an incoming mail never changes. A nil Memo caches nothing. It is safe
// for concurrent use.
type Memo struct {
	mu    sync.Mutex
	texts []*encodedText // the one used last at the end
	files []encodedFile
}

// textKey is the key of a text: texts with the same key are likely to be nearly the same.
type textKey struct {
	ticket int64
	kind   string
	html   bool
}

// encodedText is a text and its quoted-printable form.
type encodedText struct {
	key textKey

	mu   sync.Mutex // held while the text is encoded: others that need the same text wait
	text string
	high int // octets that are not ASCII
	raw  []byte
}

// fileKey identifies a part of an incoming mail.
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

// text returns a text in quoted-printable; false if most of it is not ASCII or it is not worth
// caching. The text must not contain CR or NUL.
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

// entry returns the text that is cached under a key, an empty one if there is none.
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

// common returns the lengths in octets of the common prefix and the common suffix of two texts,
// both in whole lines since each line is encoded by itself.
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
	// The texts differ within the line in which the common suffix begins.
	if i := strings.IndexByte(a[len(a)-behind:], '\n'); i >= 0 {
		behind -= i + 1
	} else {
		behind = 0
	}
	return before, behind
}

// hardEnd returns the offset in raw, a text in quoted-printable, of the end of the n-th line of the
// original text. A line end after "=" is a soft line break.
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
// cached.
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

// Files are encoded parts of incoming mails.
type Files map[fileKey][]byte

// keep caches an encoded file, unless it is large, and drops the oldest ones to make room.
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

// encoded is a content that is already in base64.
type encoded []byte

// WriteTo implements io.WriterTo; fill uses the octets directly.
func (e encoded) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, base64.NewDecoder(base64.StdEncoding, bytes.NewReader(e)))
}
