package mailout

import (
	"errors"
	"strings"
)

// What several people are told of the same is nearly the same text: only the addresses that act
// differ. It is kept once, with the first of these mails; the others take it from there. Which
// lines are the same is seen by comparing them, so no one who makes mails has to say it.

const (
	leastCommon = 512 // octets; less is not worth a look into another row
	basesTried  = 4   // of the last mails of a kind
)

// texts are what a mail says behind the line of its content.
func (m *Mail) texts() string { return m.Text + m.HTML }

// bases are mails of one call that others may take from.
type bases map[string][]*base

type base struct {
	row   *contentRow
	texts string
}

// find returns the mail that shares the most with a text, nil if none shares enough, and the text
// as pieces of it.
func (b bases) find(kind, texts string) (from *base, pieces []int, own string) {
	all := b[kind]
	for _, c := range all[max(0, len(all)-basesTried):] {
		p, rest := differ(c.texts, texts)
		if len(texts)-len(rest) >= leastCommon && 2*len(rest) < len(texts) && (from == nil || len(rest) < len(own)) {
			from, pieces, own = c, p, rest
		}
	}
	return from, pieces, own
}

// differ returns a text as pieces, and what none of them holds. Three numbers are a piece: so many
// octets of its own, then those of base from the one place to the other. Texts are compared line by
// line from both ends; what lies between is paired where it has as many lines.
func differ(base, text string) (pieces []int, own string) {
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
	w := pieceWriter{}
	w.common(0, before)
	from, rest := base[before:len(base)-behind], text[before:len(text)-behind]
	if strings.Count(from, "\n") == strings.Count(rest, "\n") {
		for at := before; len(rest) > 0; {
			n, m := lineEnd(from), lineEnd(rest)
			if from[:n] == rest[:m] {
				w.common(at, at+n)
			} else {
				w.differs(rest[:m])
			}
			at, from, rest = at+n, from[n:], rest[m:]
		}
	} else {
		w.differs(rest)
	}
	w.common(len(base)-behind, len(base))
	return w.pieces, w.own.String()
}

// lineEnd returns how long the first line of a text is, with its end.
func lineEnd(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// lastLine returns how long the last line of a text is.
func lastLine(text string) int {
	if text == "" {
		return 0
	}
	return len(text) - 1 - strings.LastIndexByte(text[:len(text)-1], '\n')
}

// pieceWriter puts adjacent stretches together.
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

// join is the reverse of differ. What is left of own stands at the end.
func join(base string, pieces []int, own string) (string, error) {
	size := len(own)
	for i := 0; i < len(pieces); i += 3 {
		if i+3 > len(pieces) || pieces[i+1] < 0 || pieces[i+1] > pieces[i+2] || pieces[i+2] > len(base) {
			return "", errors.New("it is no part of the mail from which it takes")
		}
		size += pieces[i+2] - pieces[i+1]
	}
	var out strings.Builder
	out.Grow(size)
	for i := 0; i < len(pieces); i += 3 {
		n := pieces[i]
		if n < 0 || n > len(own) {
			return "", errors.New("what it says of its own is cut short")
		}
		out.WriteString(own[:n])
		out.WriteString(base[pieces[i+1]:pieces[i+2]])
		own = own[n:]
	}
	out.WriteString(own)
	return out.String(), nil
}
