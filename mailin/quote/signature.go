package quote

import (
	"strings"
	"unicode/utf8"
)

// cutSignature cuts signature and disclaimer, if text stands above, and a gateway's banner below
// them.
func (t *splitter) cutSignature() {
	if b := t.bannerBelow(t.start, t.end); b > t.start && t.has(kindText, t.start, b) {
		t.sig = t.join(b, t.end) + t.sig
		t.end = b
	}
	if s := t.signature(t.start, t.end); s >= 0 && t.has(kindText, t.start, s) {
		t.sig = t.join(s, t.end) + t.sig
		t.end = s
	}
	if d := t.disclaimer(t.start, t.end); d > t.start && t.has(kindText, t.start, d) {
		t.sig, t.guessed = t.join(d, t.end)+t.sig, true
		t.end = d
	}
}

// signature returns the line at which the signature begins between from and to, -1 if there is
// none.
func (t *splitter) signature(from, to int) int {
	first, last := -1, -1
	for i := from; i < to; i++ {
		if t.kinds[i] == kindText {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return -1
	}
	for i := from; i <= last; i++ {
		if t.kinds[i] != kindText {
			continue
		}
		b := t.bare[i]
		if (i > first || from > 0) && to-i <= 40 && t.sigDelimiter(i, to) && !t.has(kindQuoted, i, to) {
			return i
		}
		if t.spent < budget && (i > first || from > 0) && t.isTagline(b) && !t.has(kindQuoted, i, to) &&
			(!vague(b) || !t.writerBelow(i+1, to)) && !strings.HasSuffix(b, "?") {
			// the line above may be the ruler that separates it
			if i > first && ruler(t.bare[i-1]) {
				return i - 1
			}
			return i
		}
	}
	return -1
}

// sigDelimiter reports whether line i separates a signature from the text: "-- " of RFC 3676
// section 4.3 and its kin. A drawn line does if no more than a few short lines stand below it.
func (t *splitter) sigDelimiter(i, to int) bool {
	b := t.bare[i]
	if delimits(b) {
		return true
	}
	if len(b) < 3 || strings.Trim(b, "-_") != "" && !t.footOfList(i, to) {
		return false
	}
	if len(b) > 3 && (t.underlines(i) || t.ruledAbove(i)) {
		return false
	}
	n, drawn := 0, false
	for j := i + 1; j < to; j++ {
		switch {
		case t.bare[j] == "":
		case ruler(t.bare[j]):
			drawn = true
		case drawn, len(t.bare[j]) > 100, n >= 12:
			return false
		default:
			n++
		}
	}
	return n > 0
}

// footOfList reports whether line i is what lists such as Groups.io draw above their foot, with a
// link below it and how to leave, or a line as this at the end. Others draw so between what they
// write.
func (t *splitter) footOfList(i, to int) bool {
	b := t.bare[i]
	if !strings.HasPrefix(b, "-=-=-=") || strings.Trim(b, "-=") != "" {
		return false
	}
	link, leaves, closed := false, false, false
	for _, below := range t.bare[i+1 : to] {
		if below == "" {
			continue
		}
		link, closed = link || strings.Contains(below, "://"), below == b
		leaves = leaves || strings.Contains(strings.ToLower(below), "unsub")
	}
	return link && (leaves || closed)
}

// delimits reports whether a line is the delimiter of signatures, or what clients, keyboards and
// PGP make of it.
func delimits(b string) bool {
	switch b {
	case "--", "- --", "- -", "-- --", "--.", "__", "—", "––", "–", "—-", "-—", "–-", "-–", "‐‐", "−−", "=2D=2D", "&#45;&#45;",
		"&mdash;", "--=20":
		return true
	}
	return false
}

// underlines reports whether line i is drawn below a headline, and as long as that.
func (t *splitter) underlines(i int) bool {
	if i == 0 || t.bare[i-1] == "" || ruler(t.bare[i-1]) {
		return false
	}
	d := utf8.RuneCountInString(t.bare[i-1]) - len(t.bare[i])
	return -2 <= d && d <= 2
}

// ruledAbove reports whether a line just as line i is drawn above it, with text between: rows of a
// table, or of a form.
func (t *splitter) ruledAbove(i int) bool {
	for j := i - 2; j > t.start && j > i-40; j-- {
		if t.bare[j] == t.bare[i] {
			return true
		}
	}
	return false
}
