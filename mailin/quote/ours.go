package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// findMarker looks for the desk's own marker. Where it stands in a quoted line, the quote is the
// desk's notice. Where it does not, everything from it on is history, and the text ends there. The
// line that holds the marker may have been broken in two, in the words before the marker or inside
// it; it begins as the marker does.
func (t *splitter) findMarker(marker string) {
	plain := func(i int) string { return strings.TrimLeft(t.bare[i], "> \t") }
	word, _, _ := strings.Cut(marker, " ") // stands whole in a line, wherever the marker was broken
	if word == "" || !strings.Contains(t.text, word) {
		return
	}
	for i := 0; i < t.end; i++ {
		if !strings.Contains(t.bare[i], word) && (i+1 == t.end || !strings.Contains(t.bare[i+1], word)) {
			continue
		}
		broken := i+1 < t.end && !strings.Contains(t.bare[i+1], marker) && strings.Contains(plain(i)+" "+plain(i+1), marker)
		if !broken && !strings.Contains(t.bare[i], marker) {
			continue
		}
		begin := marker[:min(2, len(marker))]
		first := i
		for j := i; j >= 0 && j > i-3 && plain(j) != ""; j-- {
			if strings.HasPrefix(plain(j), begin) {
				first = j
				break
			}
		}
		if !isQuoted(t.bare[i]) {
			t.end = first
		} else if t.ours < 0 {
			t.ours = first
		}
		return
	}
}

// maxLead is how many lines lead to a notice at most without a block of header lines.
const maxLead = 3

// leastLabels is how many lines a block of header lines has at least that is known by nothing but
// its labels.
const leastLabels = 3

// lead returns the line from which on the lines before end lead to the desk's own notice, in a
// language that nobody foresaw: a block of header lines with a time and a ticket's number among
// them, or an attribution, which ends with a colon and holds a full date, a day with a time, or an
// address. It returns end if there are none. What is below is the notice for certain, so that less
// has to be asked of them than elsewhere; but the last line of an answer may end with a colon too.
func (t *splitter) lead(end int) int {
	from := end
	dated, ticket := false, false
	for from > 0 && labelled(t.bare[from-1]) {
		from--
		dated = dated || clockMark.MatchString(t.bare[from]) && datePattern.MatchString(t.bare[from])
		ticket = ticket || strings.Contains(t.bare[from], "[#")
	}
	if end-from >= leastLabels && dated && ticket {
		return from
	}
	if end == 0 || !leads(t.bare[end-1]) {
		return end
	}
	address := false
	for from = end - 1; from >= 0 && end-from <= maxLead; from-- {
		b := t.bare[from]
		if b == "" || from < end-1 && endsSentence(b) || sentenceWithin.MatchString(b) {
			break
		}
		address = address || addressPattern.MatchString(b)
		if address && datePattern.MatchString(b) || fullDate.MatchString(b) || clockMark.MatchString(b) &&
			datePattern.MatchString(clockMark.ReplaceAllString(b, " ")) {
			return from
		}
	}
	if bracketed.MatchString(t.bare[end-1]) {
		return end - 1
	}
	return end
}

// sentenceWithin finds the end of a sentence with another behind it: the writer's own words.
var sentenceWithin = late.Compile(`\p{Ll}{3}[.!?]\s+\p{Lu}|[。？！]\s*\pL`)

// leads reports whether a line ends as those do that lead to a quote. Armenian has a sign of its
// own for that.
func leads(b string) bool {
	return strings.HasSuffix(b, ":") || strings.HasSuffix(b, "：") || strings.HasSuffix(b, "՝")
}

// longestLabel is how long the label of a header line is at most, in octets.
const longestLabel = 60

// labelled reports whether a line begins with a label as header lines have, of letters alone, and
// goes on behind it.
func labelled(b string) bool {
	b = strings.TrimLeft(b, "*_| \t")
	i := strings.IndexAny(b, ":：՝")
	if i <= 0 || i > longestLabel {
		return false
	}
	_, n := utf8.DecodeRuneInString(b[i:])
	return strings.Trim(b[i+n:], "*_ \t") != "" && !strings.HasPrefix(b[i+n:], "//") &&
		strings.IndexFunc(b[:i], func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsMark(c) && !strings.ContainsRune(" *_.'’/-\u00a0", c)
		}) < 0
}

// cutLead ends the text above the lines that lead to the desk's own notice, where that is not
// quoted.
func (t *splitter) cutLead() {
	end := t.end
	for end > 0 && (t.bare[end-1] == "" || ruler(t.bare[end-1])) {
		end--
	}
	from := t.lead(end)
	if from == end {
		return
	}
	for from > 0 && (t.bare[from-1] == "" || ruler(t.bare[from-1]) || heading(t.bare[from-1])) {
		from--
	}
	t.headed = t.headed || !t.anyAbove(from)
	t.end = from
}

// markLead takes the lines that lead to the quoted notice for its attribution.
func (t *splitter) markLead() {
	end := t.ours
	for end > 0 && (t.kinds[end-1] == kindQuoted || t.kinds[end-1] == kindBlank) {
		end--
	}
	for i := t.lead(end); i < end; i++ {
		t.kinds[i] = kindAttrib
	}
}

// keepForeignLead takes a line that says who wrote what stands below it for the writer's own where
// that is not quoted: they put somebody's words in, and without the line these would be theirs.
func (t *splitter) keepForeignLead() {
	for i := t.end - 1; i >= 0; i-- {
		if t.kinds[i] != kindAttrib || i+1 < t.end && t.kinds[i+1] == kindAttrib {
			continue
		}
		below := i + 1
		for below < t.end && t.kinds[below] == kindBlank {
			below++
		}
		if below == t.end || t.kinds[below] != kindText {
			continue
		}
		for ; i >= 0 && t.kinds[i] == kindAttrib; i-- {
			t.kinds[i] = kindText
		}
	}
}

// run is a stretch of lines: what was written, or what was quoted.
type run struct {
	from, to int
	quoted   bool
}

// runs returns the stretches of the lines before end, without the blank lines between them.
func (t *splitter) runs(end int) []run {
	var all []run
	for i := 0; i < end; i++ {
		if t.kinds[i] == kindBlank {
			continue
		}
		quoted := t.kinds[i] != kindText
		if n := len(all); n > 0 && all[n-1].quoted == quoted {
			all[n-1].to = i + 1
		} else {
			all = append(all, run{i, i + 1, quoted})
		}
	}
	return all
}

// assembleOurs decides what is new in a mail that quotes the desk's own notice: what stands above
// it, below it and between its lines. Nothing of the notice is kept but the lines that an answer
// between them answers.
func (t *splitter) assembleOurs() Parts {
	p := Parts{Style: mailin.StyleTop, Quote: t.join(t.end, len(t.lines))}
	t.markLead()
	t.keepForeignLead()
	all := t.runs(t.end)
	above := len(all) > 0 && !all[0].quoted
	if n := len(all) - 1; n > 0 && !all[n].quoted {
		// The last words may be the signature alone, which many clients put below the quote.
		last := all[n]
		if s := t.signature(last.from, last.to); s >= 0 {
			p.Signature, last.to = t.join(s, last.to), s
		} else if above && t.signs(last) {
			p.Signature, p.Guessed, last.to = t.join(last.from, last.to), true, last.from
		}
		if all[n] = last; last.from >= last.to {
			all = all[:n]
		}
	}
	below := 0 // texts with quoted lines above them
	for i, r := range all {
		if !r.quoted && i > 0 {
			below++
		}
	}
	switch {
	case below > 1 || below > 0 && (above || t.trimmed(all[0])):
		p.Style = mailin.StyleInterleaved
	case below > 0:
		p.Style = mailin.StyleBottom
	}
	var reply, history strings.Builder
	for i, r := range all {
		if !r.quoted {
			t.write(&reply, r.from, r.to)
			continue
		}
		kept := run{r.to, r.to, true}
		if p.Style == mailin.StyleInterleaved && i+1 < len(all) {
			kept = t.answered(r)
		}
		t.write(&history, r.from, kept.from)
		t.write(&reply, kept.from, kept.to)
		t.write(&history, kept.to, r.to)
	}
	p.Reply, p.Quote = t.closeReply(reply.String(), &p), history.String()+p.Quote
	return p
}

// trimmed reports whether a quote is a few lines that the writer left above the answer, and not the
// mail that they answer.
func (t *splitter) trimmed(r run) bool {
	return r.to-r.from <= longestAnswered && (t.ours < r.from || t.ours >= r.to) && !t.has(kindAttrib, r.from, r.to)
}

// write adds lines as a paragraph of their own.
func (t *splitter) write(b *strings.Builder, from, to int) {
	if from >= to {
		return
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	b.WriteString(t.join(from, to))
	if !strings.HasSuffix(t.lines[to-1], "\n") {
		b.WriteString("\n")
	}
}

// closeReply cuts the signature that stands at the end of a reply whose quotes are gone, and its
// disclaimer.
func (t *splitter) closeReply(reply string, p *Parts) string {
	rest := splitText(reply, Options{})
	if rest.Quote != "" || rest.Forwarded != "" || rest.Signature == "" || isBlank(rest.Reply) ||
		!strings.HasPrefix(reply, rest.Reply) {
		return reply // it holds quoted lines that belong to it
	}
	p.Signature, p.Guessed = rest.Signature+p.Signature, p.Guessed || rest.Guessed
	return rest.Reply
}

// longestAnswered is how many quoted lines above an answer are kept as they are: whoever leaves
// more has not trimmed them.
const longestAnswered = 15

// answered returns the lines of a quote that the text below it answers: a short quote, or the last
// paragraph of a long one. Of what the desk itself wrote nothing is kept.
func (t *splitter) answered(r run) run {
	own := false // holds words of the desk
	for i := r.from; i < r.to; i++ {
		if button(t.bare[i]) {
			return run{r.to, r.to, true} // the answer stands below the whole notice
		}
		own = own || i == t.ours || t.kinds[i] == kindAttrib
	}
	for r.to > r.from && t.quotedBlank(r.to-1) {
		r.to--
	}
	from := r.to
	for from > r.from && !t.quotedBlank(from-1) && t.kinds[from-1] == kindQuoted {
		from--
	}
	switch {
	case own && t.ours >= r.to: // what stands above the marker is the desk's
		return run{r.to, r.to, true}
	case own && from <= t.ours && t.ours < r.to, own && t.headsNotice(from, r.to):
		return run{r.to, r.to, true}
	case own || r.to-r.from > longestAnswered:
		r.from = from
	}
	for r.from < r.to && t.quotedBlank(r.from) {
		r.from++
	}
	return r
}

// headsNotice reports whether a paragraph is the headline next to the marker: one line, with
// nothing between them. Where the line of the marker has a headline of its own, or a ruler stands
// between them, it is no headline, but what the customer wrote first.
func (t *splitter) headsNotice(from, to int) bool {
	if t.ours < 0 || to-from > 1 || from <= t.ours || strings.Contains(t.bare[t.ours], headlineEnd) {
		return false
	}
	for i := t.ours; i < from; i++ {
		if !t.quotedBlank(i) && t.kinds[i] == kindQuoted && i > t.ours+1 || // a marker may take two lines
			ruler(strings.TrimLeft(t.bare[i], "> \t")) {
			return false
		}
	}
	return true
}

// headlineEnd stands between a notice's headline and the rest of the line that holds the marker.
const headlineEnd = " · "

// quotedBlank reports whether nothing stands on a line but marks of quotes and rulers.
func (t *splitter) quotedBlank(i int) bool {
	b := strings.TrimLeft(t.bare[i], "> \t")
	return b == "" || ruler(b)
}

// button reports whether a line holds a link that the desk's notices carry as a button.
func button(b string) bool { return strings.Contains(b, "?subject=") }

// longestSignature is how many lines a signature without a delimiter may have.
const longestSignature = 8

// signs reports whether lines below a quote are no more than who wrote: short lines, at least two,
// of which the first is a name or closes a letter, and no sentence among them.
func (t *splitter) signs(r run) bool {
	n := 0
	for i := r.from; i < r.to; i++ {
		b := t.bare[i]
		if b == "" {
			continue
		}
		if n++; n == 1 && !isName(b) && !closingPattern.MatchString(b) {
			return false
		}
		if n > longestSignature || len(b) > 70 || strings.ContainsAny(b[len(b)-1:], "?!:;") || strings.HasSuffix(b, ".") &&
			strings.Count(b, " ") > 3 {
			return false
		}
	}
	return n > 1
}

// isName reports whether a line is a person's name: two to four words, each with a capital letter,
// or in a script that has none.
func isName(b string) bool {
	words, capitals := 0, 0
	for w := range strings.FieldsSeq(strings.Trim(b, "*_,. ")) {
		if words++; words > 4 {
			return false
		}
		c, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsUpper(c) || unicode.Is(unicode.Lo, c):
			capitals++
		case unicode.IsLower(c) && len(w) <= 3: // "van", "de"
		default:
			return false
		}
	}
	return capitals > 1
}
