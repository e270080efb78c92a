package quote

import (
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// assemble decides what of the kinds is history and what is signature, one manner of writing after
// the other.
func (t *splitter) assemble() Parts {
	if t.ours >= 0 && t.ours < t.end {
		return t.assembleOurs()
	}
	t.history = t.join(t.end, len(t.lines))
	marked := t.cutUnmarked()
	t.cutTail(marked)
	t.cutMiddle()
	t.cutTopTagline()
	t.cutHead()
	t.cutLeadingAttribution()
	t.cutRuler()
	t.cutSignature()
	return Parts{Reply: t.join(t.start, t.end), Quote: t.history, Signature: t.sig, Guessed: t.guessed, Style: t.style()}
}

// style says where the reply stands to its history, once that is cut.
func (t *splitter) style() mailin.Style {
	switch {
	case t.start < t.end && t.has(kindQuoted, t.start, t.end):
		return mailin.StyleInterleaved
	case t.bottom:
		return mailin.StyleBottom
	case t.history != "":
		return mailin.StyleTop
	}
	return ""
}

// cutUnmarked opens the history to the end at an attribution below which nothing is marked as
// quoted, if there is text above: some clients mark nothing. It reports whether there was one.
func (t *splitter) cutUnmarked() bool {
	first, _ := t.span(0, t.end)
	for i := 0; i < t.end; i++ {
		if t.kinds[i] != kindAttrib {
			continue
		}
		last := i
		for last+1 < t.end && t.kinds[last+1] == kindAttrib {
			last++
		}
		if first >= 0 && first < i && (!t.has(kindQuoted, last+1, t.end) || t.textFollows(last+1)) {
			t.toHistory(i)
			return true
		}
		i = last
	}
	return false
}

// textFollows reports whether the next line that is not blank is neither quoted nor an attribution.
func (t *splitter) textFollows(i int) bool {
	for i < t.end && t.kinds[i] == kindBlank {
		i++
	}
	return i < t.end && t.kinds[i] == kindText
}

// toHistory makes the lines from i on history.
func (t *splitter) toHistory(i int) {
	t.history = t.join(i, t.end) + t.history
	t.end = i
}

// cutTail cuts history at the end: quoted lines, blanks and the attributions above them. A
// signature may stand below. attributed is set where history begins with an attribution already:
// what is quoted above it belongs to the reply.
func (t *splitter) cutTail(attributed bool) {
	for range 2 {
		tail := t.end
		for tail > 0 && t.kinds[tail-1] != kindText {
			tail--
		}
		if attributed && !t.has(kindAttrib, tail, t.end) {
			return
		}
		if t.has(kindQuoted, tail, t.end) || t.has(kindAttrib, tail, t.end) {
			for i := tail; i < t.end; i++ { // a quotation above the attribution belongs to the reply
				if t.kinds[i] == kindAttrib && t.has(kindQuoted, tail, i) {
					tail = i
					break
				}
			}
			t.toHistory(tail)
			return
		}
		// Is what stands below the last quoted line a signature only?
		quoted := t.last(kindQuoted, t.end)
		if quoted < 0 {
			return
		}
		s := t.signature(quoted+1, t.end)
		if s < 0 || t.has(kindText, quoted+1, s) || !t.has(kindText, 0, quoted) {
			return
		}
		t.sig = t.join(s, t.end)
		t.end = quoted + 1
	}
}

// cutMiddle takes out one quote between an answer and nothing more than its closing words.
func (t *splitter) cutMiddle() {
	a, q := t.wrappedHistory(t.end)
	if q == 0 {
		return
	}
	t.history = t.join(a, q) + t.history
	t.text = ""
	t.lines = slices.Concat(t.lines[:a], t.lines[q:])
	t.bare = slices.Concat(t.bare[:a], t.bare[q:])
	t.kinds = slices.Concat(t.kinds[:a], t.kinds[q:])
	t.end -= q - a
}

// cutHead cuts history at the top with one answer below it: the answer is what is new.
func (t *splitter) cutHead() {
	if a, q := t.leadingHistory(t.end); q > 0 {
		t.history = t.join(a, q) + t.history
		t.start, t.bottom = q, true
	}
}

// cutLeadingAttribution cuts the attribution above the first of several answers between quoted
// lines.
func (t *splitter) cutLeadingAttribution() {
	i := t.start
	for i < t.end && (t.kinds[i] == kindAttrib || t.kinds[i] == kindBlank) {
		i++
	}
	if i < t.end && t.has(kindAttrib, t.start, i) && t.has(kindText, i, t.end) && t.has(kindQuoted, i, t.end) {
		t.history = t.join(t.start, i) + t.history
		t.start = i
	}
}

// cutRuler cuts a drawn line that separated history from the reply.
func (t *splitter) cutRuler() {
	for i := t.end - 1; t.history != "" && i > t.start; i-- {
		switch b := t.bare[i]; {
		case b == "":
		case ruler(b):
			t.toHistory(i)
		default:
			return
		}
	}
}

// leadingHistory finds an attribution and one run of quoted lines with nothing above them: where
// they begin and where the text below begins. Without an attribution, or with more runs, the lines
// belong to the answers.
func (t *splitter) leadingHistory(end int) (int, int) {
	i := 0
	for i < end && t.kinds[i] == kindBlank {
		i++
	}
	if i == end || t.kinds[i] != kindAttrib && !t.attributedInside(i, end) {
		return 0, 0
	}
	a := i
	for i < end && t.kinds[i] != kindText {
		i++
	}
	if i == end || t.has(kindQuoted, i, end) {
		return 0, 0
	}
	if !t.has(kindQuoted, a, i) && !addressPattern.MatchString(t.join(a, i)) {
		return 0, 0 // nothing is quoted: perhaps a sentence
	}
	return a, i
}

// attributedInside reports whether the quoted lines from line i on begin with their attribution:
// Apple Mail marks it as quoted, too.
func (t *splitter) attributedInside(i, end int) bool {
	for j := i; j < end && j < i+3 && t.kinds[j] == kindQuoted; j++ {
		if start, ok := t.attribution(j); ok && start == i {
			return true
		}
	}
	return false
}

// wrappedHistory finds an attribution and one run of quoted lines that stand between an answer and
// its closing words ("Regards, Jane"), and returns where they begin and where the closing words
// begin.
func (t *splitter) wrappedHistory(end int) (int, int) {
	first, last := t.span(0, end)
	if first < 0 || last < 0 {
		return 0, 0
	}
	a := -1
	for i := first; i < end; i++ {
		if t.kinds[i] == kindAttrib {
			a = i
			break
		}
		if t.kinds[i] == kindQuoted {
			return 0, 0
		}
	}
	if a < 0 {
		return 0, 0
	}
	q := a
	for q < end && t.kinds[q] != kindText {
		q++
	}
	if q == end || !t.has(kindQuoted, a, q) || t.has(kindQuoted, q, end) || t.has(kindAttrib, q, end) {
		return 0, 0
	}
	n := 0
	for i := q; i < end; i++ {
		if t.kinds[i] == kindText {
			if n++; n > 4 || len(t.bare[i]) > 60 {
				return 0, 0
			}
		}
	}
	if !closingPattern.MatchString(t.bare[q]) {
		return 0, 0
	}
	return a, q
}

// closingPattern finds words that close a letter.
var closingPattern = late.Compile(`(?i)^(?:(?:best|kind|warm|many)?\s?(?:regards|wishes|thanks)|thanks|thank you|cheers|sincerely|yours|best|(?:mit )?(?:freundliche[nr]?|beste[nr]?|liebe[nr]?|viele[nr]?|herzliche[nr]?) gr(?:ü|ue)(?:ß|ss)e[n]?|mfg|lg|gruß|danke|vielen dank|cordialement|bien à vous|merci|saludos|un saludo|atentamente|gracias|cordiali saluti|saluti|grazie|met vriendelijke groet|groeten|mvh|med vänlig|hälsningar|abraços|obrigad[oa]|pozdrawiam|с уважением)(?:[^\pL]|$)`)
