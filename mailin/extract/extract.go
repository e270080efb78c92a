// Package extract finds the text that a file holds: plain text in any charset, HTML, XML and RTF,
// mails, calendars and cards, archives and what is packed in them, office documents, PDF, and the
// words that stand in any other file. It is made for looking for something that must not be there,
// so it says what it could not look into. Time and memory are bounded, whatever the file holds. It
// owns no meaning: it must never know what is looked for.
package extract

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Limits bound the work. The zero value of a field means its default.
type Limits struct {
	MaxBytes  int64 // octets that are looked at, packed and unpacked, of all files together
	MaxDepth  int   // files inside files
	MaxFiles  int   // files inside files, of all files together
	MaxInside int64 // octets of a packed file that has to be unpacked as a whole to look into it
}

// DefaultLimits are enough for what people send one another.
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

// Text is a stretch of what a file says, in UTF-8. A long text comes as several stretches that
// overlap, so that what is shorter than Overlap stands whole in one of them.
type Text struct {
	Where string // the file's name; of a file in a file all names, from the outside in
	Text  string
	depth int  // how many files it is inside of
	later bool // the text did not begin here
}

const (
	window = 128 << 10 // octets of a stretch at most
	// Overlap is how many octets of a stretch stand in the next one again.
	Overlap = 4 << 10
)

// Extractor hands the texts of files on. It is for one mail: the limits count for all of its files
// together.
type Extractor struct {
	lim     Limits
	left    int64 // octets that may still be looked at
	files   int   // files inside files so far
	emit    func(Text)
	closed  []string
	buffers [][]byte // room for stretches that is not in use
	few     [64]byte // room for what is decoded of a word
}

// New makes an Extractor that calls emit with each stretch of text.
func New(lim Limits, emit func(Text)) *Extractor {
	lim = lim.withDefaults()
	return &Extractor{lim: lim, left: lim.MaxBytes, emit: emit}
}

// Closed returns what could not be looked into, as "name: reason".
func (x *Extractor) Closed() []string { return x.closed }

const maxClosed = 20

// close notes that a file could not be looked into.
func (x *Extractor) close(where, reason string) {
	note := reason
	if where != "" {
		note = where + ": " + reason
	}
	if len(x.closed) < maxClosed && !slices.Contains(x.closed, note) {
		x.closed = append(x.closed, note)
	}
}

// Text hands on a text that somebody reads as it is.
func (x *Extractor) Text(where, text string) {
	if len(text) <= window && plainUTF8(text) && !strings.Contains(text, beginPGP) {
		x.emit(Text{Where: where, Text: text})
		return
	}
	x.text(where, []byte(text), 0)
}

// Encoded looks into what stands in a text in base64. The text is a stretch, or what is left of one
// when escapes are undone.
func (x *Extractor) Encoded(stretch Text, text string) {
	x.base64(stretch.Where, []byte(text), !stretch.later, stretch.depth)
}

// HTML hands on what a reader of a page sees, and what only its source shows: attributes and
// comments.
func (x *Extractor) HTML(where string, page []byte) {
	x.markup(where, bytes.NewReader(page), false, 0)
}

// File hands on the texts of a file and its name.
func (x *Extractor) File(name string, data []byte) {
	x.file(name, name, data, 0)
}

// within is the name of a file in a file.
func within(where, name string) string {
	if name = strings.TrimSpace(name); name == "" {
		return where
	}
	if where == "" {
		return name
	}
	return where + "/" + name
}

// enter counts a file inside a file, hands on its name and reports whether it may be looked into.
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

// spend takes octets off what may still be looked at and reports whether there was enough.
func (x *Extractor) spend(where string, n int) bool {
	if x.left -= int64(n); x.left < 0 {
		x.close(where, "it is too long")
		return false
	}
	return true
}

// file looks into a file of which all is at hand.
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
		if !marked(data) { // it may have been taken for it by chance
			x.binary(where, bytes.NewReader(data), wordy(name))
		}
	case kindText:
		x.words(where, name, data, depth)
	default:
		x.binary(where, bytes.NewReader(data), wordy(name))
		if end := data[max(0, len(data)-66<<10):]; bytes.Contains(end, []byte(zipEnd)) { // an archive behind something else
			x.zip(where, data, depth)
		}
	}
}

// wordy reports whether a file with such a name may be expected to hold words in UTF-16 of any
// script.
func wordy(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".csv", ".tsv", ".log", ".md", ".msg", ".doc", ".dot", ".xls", ".ppt", ".one", ".ini", ".reg", ".rtf", ".eml", ".oft",
		".json", ".vcf", ".ics":
		return true
	}
	return false
}
