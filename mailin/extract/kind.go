package extract

import (
	"bytes"
	"unicode/utf8"
)

// kind determines how a file is examined.
type kind int

const (
	kindBinary kind = iota
	kindText        // one octet or more a letter, no NUL
	kindUTF16
	kindUTF32
	kindZip // also office documents
	kindGzip
	kindBzip2
	kindZstd
	kindTar
	kindPDF
	kindOLE  // .msg, .doc, .xls
	kindTNEF // winmail.dat
	kindCMS  // S/MIME
	kindSealed
)

const zipEnd = "PK\x05\x06"

// signatures are the octets that files begin with. The first match counts.
var signatures = [...]struct {
	start string
	kind  kind
}{
	{"PK\x03\x04", kindZip}, {zipEnd, kindZip}, {"\x1f\x8b", kindGzip}, {"BZh", kindBzip2},
	{"\x28\xb5\x2f\xfd", kindZstd}, {"%PDF-", kindPDF},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kindOLE}, {"\x78\x9f\x3e\x22", kindTNEF},
	{"7z\xbc\xaf\x27\x1c", kindSealed}, {"Rar!\x1a\x07", kindSealed}, {"\xfd7zXZ\x00", kindSealed}, {"\x04\x22\x4d\x18", kindSealed},
	{"LZIP\x01", kindSealed},
	{"\x1f\x9d", kindSealed}, {"MSCF\x00\x00\x00\x00", kindSealed}, {"Salted__", kindSealed}, {"age-encryption.org/", kindSealed},
	{"-----BEGIN AGE ENCRYPTED FILE-----", kindSealed}, {"-----BEGIN PGP MESSAGE-----", kindSealed}, {"\x5d\x00\x00\x80\x00", kindSealed},
	{"\x60\xea", kindSealed},
}

// kindOf returns the kind of a file from its beginning: names and declared types are not trusted.
func kindOf(data []byte) kind {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.start)) {
			return s.kind
		}
	}
	head := data[:min(len(data), 4<<10)]
	switch {
	case len(data) > 262 && string(data[257:262]) == "ustar":
		return kindTar
	case bytes.Contains(data[:min(len(data), 1<<10)], []byte("%PDF-")):
		return kindPDF
	case isCMS(head):
		return kindCMS
	}
	if k := wide(head); k != kindBinary {
		return k
	}
	if bytes.IndexByte(data, 0) < 0 && readable(head) {
		return kindText
	}
	return kindBinary
}

// isCMS reports whether a file begins like signed or encrypted data of RFC 5652: a sequence with
// that identifier.
func isCMS(head []byte) bool {
	return len(head) > 20 && head[0] == 0x30 &&
		bytes.Contains(head[:20], []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07})
}

// wide returns the kind of a text with two or four octets a letter, recognised by its byte order
// mark or by the position of its NULs.
func wide(head []byte) kind {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return kindUTF32
	case marked(head):
		return kindUTF16
	}
	if len(head) < 8 {
		return kindBinary
	}
	var nul [4]int
	for i, c := range head {
		if c == 0 {
			nul[i%4]++
		}
	}
	quarter := len(head) / 4
	switch even, odd := nul[0]+nul[2], nul[1]+nul[3]; {
	case fourOctets(head, 0), fourOctets(head, 3):
		return kindUTF32
	case odd > quarter*8/10 && even*10 <= quarter, even > quarter*8/10 && odd*10 <= quarter:
		return kindUTF16
	}
	return kindBinary
}

// marked reports whether a text begins with a byte order mark.
func marked(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) ||
		bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff"))
}

// fourOctets reports whether a text may be UTF-32 with the highest octet at that position of each
// four: that octet is 0, and the next one at most 16.
func fourOctets(head []byte, highest int) bool {
	next := 1
	if highest == 3 {
		next = 2
	}
	letters := 0
	for ; len(head) >= 4; head = head[4:] {
		if head[highest] != 0 || head[next] > 16 {
			return false
		}
		if head[3-highest] != 0 {
			letters++
		}
	}
	return letters > 1
}

// bigEndian reports whether the high octets of a wide text come first.
func bigEndian(data []byte) bool {
	if len(data) > 1 && (data[0] == 0xfe && data[1] == 0xff || data[0] == 0xff && data[1] == 0xfe) {
		return data[0] == 0xfe
	}
	even, odd := 0, 0
	for i, c := range data[:min(len(data), 4<<10)] {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	return even > odd
}

// readable reports whether the beginning of a file looks like text, with hardly any control
// characters.
func readable(head []byte) bool {
	bad := 0
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' && c != 0x1b && c != '\b' {
			bad++
		}
	}
	return bad*50 <= len(head)
}

// validUTF8 reports whether a text is UTF-8; its last character may be incomplete.
func validUTF8(b []byte) bool {
	for range utf8.UTFMax - 1 {
		if utf8.Valid(b) || len(b) == 0 {
			return true
		}
		if last := b[len(b)-1]; last < utf8.RuneSelf {
			return false
		}
		b = b[:len(b)-1]
	}
	return utf8.Valid(b)
}
