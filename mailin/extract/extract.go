// Package extract finds the text in a file: plain text in any charset, HTML, XML and RTF, mails,
// calendars and cards, archives and compressed files, office documents, PDF, and the words in any
// other file. It is meant for finding text that must not be there, so it also reports what it could
// not examine. Time and memory are bounded, whatever the file contains. It owns no meaning: it must
// never know what is being searched for.
package extract

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Limits bound the work. A zero field means its default.
type Limits struct {
	MaxBytes  int64 // octets to examine, packed and unpacked, of all files together
	MaxDepth  int   // files inside files
	MaxFiles  int   // files inside files, of all files together
	MaxInside int64 // octets of a packed file that must be unpacked as a whole to be examined
}

// DefaultLimits returns limits that suffice for what people send each other.
func DefaultLimits() Limits {
	return Limits{MaxBytes: 128 << 20, MaxDepth: 6, MaxFiles: 5000, MaxInside: 16 << 20}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.MaxBytes <= 0 {
		l.MaxBytes = d.MaxBytes
	}
	if l.MaxDepth <= 0 {
		l.MaxDepth = d.MaxDepth
	}
	if l.MaxFiles <= 0 {
		l.MaxFiles = d.MaxFiles
	}
	if l.MaxInside <= 0 {
		l.MaxInside = d.MaxInside
	}
	return l
}

// Text is a stretch of the text of a file, in UTF-8. A long text comes as several overlapping
// stretches, so that anything shorter than Overlap is complete in one of them.
type Text struct {
	Where string // the file's name; for a file within a file all names, outermost first
	Text  string
	depth int  // how many files it is inside of
	later bool // this is not the beginning of the text
}

const (
	window = 128 << 10 // the maximum length of a stretch, in octets
	// Overlap is how many octets of a stretch are repeated in the next one.
	Overlap = 4 << 10
)

// Extractor extracts the texts of files. Use one for each mail: the limits apply to all of its
// files together.
type Extractor struct {
	lim     Limits
	left    int64 // octets that may still be examined
	files   int   // files inside files so far
	emit    func(Text)
	closed  []string
	buffers [][]byte // unused buffers for stretches
	few     [64]byte // buffer for a decoded word
}

// New makes an Extractor that calls emit for each stretch of text.
func New(lim Limits, emit func(Text)) *Extractor {
	lim = lim.withDefaults()
	return &Extractor{lim: lim, left: lim.MaxBytes, emit: emit}
}

// Closed returns what could not be examined, as "name: reason".
func (x *Extractor) Closed() []string { return x.closed }

const maxClosed = 20

// close records that a file could not be examined.
func (x *Extractor) close(where, reason string) {
	note := reason
	if where != "" {
		note = where + ": " + reason
	}
	if len(x.closed) < maxClosed && !slices.Contains(x.closed, note) {
		x.closed = append(x.closed, note)
	}
}

// Text emits a text that its reader sees as it is.
func (x *Extractor) Text(where, text string) {
	if len(text) <= window && plainUTF8(text) && !strings.Contains(text, beginPGP) {
		x.emit(Text{Where: where, Text: text})
		return
	}
	x.text(where, []byte(text), 0)
}

// Encoded extracts from base64 data in a text. The text is a stretch, or a stretch with escapes
// undone.
func (x *Extractor) Encoded(stretch Text, text string) {
	x.base64(stretch.Where, []byte(text), !stretch.later, stretch.depth)
}

// HTML emits what a reader of a page sees, and what only its source shows: attributes and comments.
func (x *Extractor) HTML(where string, page []byte) {
	x.markup(where, bytes.NewReader(page), false, 0)
}

// File emits a file's name and its texts.
func (x *Extractor) File(name string, data []byte) {
	x.file(name, name, data, 0)
}

// within returns the name of a file in a file.
func within(where, name string) string {
	if name = strings.TrimSpace(name); name == "" {
		return where
	}
	if where == "" {
		return name
	}
	return where + "/" + name
}

// enter counts a file inside a file, emits its name and reports whether it may be examined.
func (x *Extractor) enter(where, name string, depth int) bool {
	if depth > x.lim.MaxDepth {
		x.close(where, "files are packed in one another too deep")
		return false
	}
	if x.files++; x.files > x.lim.MaxFiles {
		x.close(where, "too many files are packed in it")
		return false
	}
	x.emit(Text{Where: where, Text: name, depth: depth})
	return true
}

// spend deducts n octets from those that may still be examined and reports whether there were
// enough.
func (x *Extractor) spend(where string, n int) bool {
	if x.left -= int64(n); x.left < 0 {
		x.close(where, "it is too long")
		return false
	}
	return true
}

// file extracts from a file that is in memory.
func (x *Extractor) file(where, name string, data []byte, depth int) {
	if !x.enter(where, name, depth) || !x.spend(where, len(data)) {
		return
	}
	switch k := kindOf(data); k {
	case kindZip:
		x.zip(where, data, depth)
	case kindGzip, kindBzip2, kindZstd, kindTar:
		x.stream(where, name, bytes.NewReader(data), k, depth)
	case kindSealed:
		x.close(where, "it is packed or encrypted in a form that cannot be opened")
		x.binary(where, bytes.NewReader(data), false)
	case kindPDF:
		x.pdf(where, data, depth)
	case kindOLE:
		if bytes.Contains(data, utf16LE("EncryptedPackage")) {
			x.close(where, "it is encrypted")
		}
		x.binary(where, bytes.NewReader(data), true)
	case kindTNEF:
		x.wrapped(where, "application/ms-tnef", data, depth)
		x.binary(where, bytes.NewReader(data), true)
	case kindCMS:
		x.wrapped(where, "application/pkcs7-mime", data, depth)
		x.binary(where, bytes.NewReader(data), false)
	case kindUTF16, kindUTF32:
		x.file(where, "", toUTF8(data), depth+1)
		if !marked(data) { // it may only look like UTF-16 by chance
			x.binary(where, bytes.NewReader(data), wordy(name))
		}
	case kindText:
		x.words(where, name, data, depth)
	default:
		x.binary(where, bytes.NewReader(data), wordy(name))
		if end := data[max(0, len(data)-66<<10):]; bytes.Contains(end, []byte(zipEnd)) { // an archive appended to something else
			x.zip(where, data, depth)
		}
	}
}

// wordy reports whether a file with this name may contain words in UTF-16 of any script.
func wordy(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".csv", ".tsv", ".log", ".md", ".msg", ".doc", ".dot", ".xls", ".ppt", ".one", ".ini", ".reg", ".rtf", ".eml", ".oft",
		".json", ".vcf", ".ics":
		return true
	}
	return false
}
