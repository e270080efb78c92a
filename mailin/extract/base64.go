package extract

import (
	"bytes"
	"encoding/base64"
	"unicode"
	"unicode/utf8"
)

// minBase64 is the minimum length of a base64 run to be decoded: even the shortest address is
// hardly shorter.
const minBase64 = 16

// base64 extracts from base64 data within a text, such as pictures in cards and files in data
// links, if the data are a text or a file of a known kind. whole means that b is the beginning of
// the text; elsewhere a run may begin anywhere in a group of four.
func (x *Extractor) base64(where string, b []byte, whole bool, depth int) {
	if depth >= x.lim.MaxDepth {
		return
	}
	for i := 0; ; {
		start := nextRun(b, i)
		if start < 0 {
			return
		}
		run, end := base64Run(b, start)
		i = end
		shifts := 1
		if start == 0 && !whole {
			shifts = 4
		}
		for s := range shifts {
			data, few := x.few[:], true
			if size := base64.RawStdEncoding.DecodedLen(len(run) - s); size > len(data) {
				data, few = make([]byte, size), false
			}
			n, _ := base64.RawStdEncoding.Decode(data, run[s:])
			if data = data[:n]; !telling(data) {
				continue
			}
			if few {
				data = bytes.Clone(data)
			}
			x.file(where, "", data, depth+1)
			break
		}
	}
}

// nextRun returns the index of the next run of minBase64 base64 characters, -1 if there is none. i
// must be 0, or there must be no base64 character at i or right before it. It looks at the last of
// each sixteen characters first: words are shorter, so most letters need not be looked at.
func nextRun(b []byte, i int) int {
	for i+minBase64 <= len(b) {
		last := i + minBase64 - 1
		for last >= i && inBase64(b[last]) {
			last--
		}
		if last < i {
			return i
		}
		i = last + 1
	}
	return -1
}

func inBase64(c byte) bool { return base64Characters[c>>6]&(1<<(c&63)) != 0 }

// base64Characters has a bit for each octet that occurs in either base64 alphabet.
var base64Characters = func() (set [4]uint64) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
		set[c>>6] |= 1 << (c & 63)
	}
	return set
}()

// base64Run returns the run of base64 at i, in the standard alphabet and without line ends, and its
// end. A long line continues on the next one, even after a space or a quote mark.
func base64Run(b []byte, i int) (run []byte, end int) {
	line := 0
	for i < len(b) {
		c := b[i]
		if inBase64(c) {
			switch c {
			case '-':
				c = '+'
			case '_':
				c = '/'
			}
			run, line = append(run, c), line+1
			i++
			continue
		}
		if c != '\r' && c != '\n' || line < 40 {
			return run, i
		}
		next := i
		for next < len(b) && bytes.IndexByte([]byte("\r\n \t>|"), b[next]) >= 0 {
			next++
		}
		if next == len(b) || next-i > 12 || !inBase64(b[next]) {
			return run, i
		}
		i, line = next, 0
	}
	return run, i
}

// telling reports whether decoded octets are a text or a file of a known kind. Other octets are
// taken for a chance match.
func telling(data []byte) bool {
	if len(data) < 6 {
		return false
	}
	switch k := kindOf(data); k {
	case kindText, kindBinary:
	case kindUTF16:
		return telling(toUTF8(data))
	default:
		return len(data) > 40
	}
	head := data[:min(len(data), 1<<10)]
	if !validUTF8(head) {
		return false
	}
	good, all := 0, 0
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if head = head[n:]; r != utf8.RuneError && (unicode.IsPrint(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)) {
			good++
		}
		all++
	}
	return good*10 >= all*9
}
