package mailout

import (
	"errors"
	"strings"
)

// Mails that tell several people of the same thing have nearly the same text: only the keyed
// addresses differ. The text is stored once, with the first of these mails, and the others refer to
// it. The common lines are found by comparing the texts, so whoever makes mails need not declare
// them.

const (
	leastCommon = 512 // octets; less is not worth reading another row
	basesTried  = 4   // of the last mails of a kind
)

// bases are the mails of one call whose text others may share, by kind.
type bases map[string][]*base

type base struct {
	row  *contentRow
	mail *Mail
}

// find returns the mail that shares the most with m, and the texts of m as pieces of that mail. It
// returns nil if none shares enough.
func (b bases) find(m *Mail) (from *base, pieces []int, own string) {
	all, size := b[m.Kind], len(m.Text)+len(m.HTML)
	for _, c := range all[max(0, len(all)-basesTried):] {
		p, rest := c.differ(m)
		if size-len(rest) >= leastCommon && 2*len(rest) < size && (from == nil || len(rest) < len(own)) {
			from, pieces, own = c, p, rest
		}
	}
	return from, pieces, own
}

// differ returns the texts of a mail as pieces of those of the base, where its HTML stands behind
// its text, and own, the octets that are not in the base. A piece is three numbers: the number of
// octets to take from own, then the start and the end of a stretch of the base.
func (b *base) differ(m *Mail) (pieces []int, own string) {
	w := pieceWriter{}
	w.compare(0, b.mail.Text, m.Text)
	w.compare(len(b.mail.Text), b.mail.HTML, m.HTML)
	return w.pieces, w.own.String()
}

// compare adds the pieces of a text. base stands at the given place of what pieces are taken from.
// Texts are compared line by line from both ends; the lines in between are compared in pairs if
// both texts have the same number of them.
func (w *pieceWriter) compare(start int, base, text string) {
	before := 0
	for {
		n := lineEnd(base[before:])
		if n == 0 || n > len(text)-before || base[before:before+n] != text[before:before+n] {
			break
		}
		before += n
	}
	behind := 0
	for {
		n := lastLine(base[before : len(base)-behind])
		if n == 0 || n > len(text)-before-behind || base[len(base)-behind-n:len(base)-behind] != text[len(text)-behind-n:len(text)-behind] {
			break
		}
		behind += n
	}
	w.common(start, start+before)
	from, rest := base[before:len(base)-behind], text[before:len(text)-behind]
	if strings.Count(from, "\n") == strings.Count(rest, "\n") {
		for at := before; len(rest) > 0; {
			n, m := lineEnd(from), lineEnd(rest)
			if from[:n] == rest[:m] {
				w.common(start+at, start+at+n)
			} else {
				w.differs(rest[:m])
			}
			at, from, rest = at+n, from[n:], rest[m:]
		}
	} else {
		w.differs(rest)
	}
	w.common(start+len(base)-behind, start+len(base))
}

// lineEnd returns the length of the first line of a text, with its line end.
func lineEnd(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// lastLine returns the length of the last line of a text.
func lastLine(text string) int {
	if text == "" {
		return 0
	}
	return len(text) - 1 - strings.LastIndexByte(text[:len(text)-1], '\n')
}

// pieceWriter collects pieces and merges adjacent ones.
type pieceWriter struct {
	pieces []int
	own    strings.Builder
	fresh  int // octets of own that are in no piece yet
}

func (w *pieceWriter) common(from, to int) {
	n := len(w.pieces)
	switch {
	case from == to:
	case w.fresh == 0 && n > 0 && w.pieces[n-1] == from:
		w.pieces[n-1] = to
	default:
		w.pieces = append(w.pieces, w.fresh, from, to)
		w.fresh = 0
	}
}

func (w *pieceWriter) differs(text string) {
	w.own.WriteString(text)
	w.fresh += len(text)
}

// join puts a text together from pieces; see base.differ. The rest of own goes to the end of the
// text.
func join(base string, pieces []int, own string) (string, error) {
	size := len(own)
	for i := 0; i < len(pieces); i += 3 {
		if i+3 > len(pieces) || pieces[i+1] < 0 || pieces[i+1] > pieces[i+2] || pieces[i+2] > len(base) {
			return "", errors.New("it is not a part of the mail whose text it shares")
		}
		size += pieces[i+2] - pieces[i+1]
	}
	var out strings.Builder
	out.Grow(size)
	for i := 0; i < len(pieces); i += 3 {
		n := pieces[i]
		if n < 0 || n > len(own) {
			return "", errors.New("its own part of the text is cut short")
		}
		out.WriteString(own[:n])
		out.WriteString(base[pieces[i+1]:pieces[i+2]])
		own = own[n:]
	}
	out.WriteString(own)
	return out.String(), nil
}
