package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
)

// maxLines bounds the work on one text; what lies behind goes where the line before it went.
const maxLines = 20000

// kind of a line.
type kind byte

const (
	kindText   kind = 't'
	kindBlank  kind = 'e'
	kindQuoted kind = 'q'
	kindAttrib kind = 'a' // "On ... Jane wrote:"
)

// splitText is the text step. It goes from what is surest to what is least sure: the desk's own marker, forwarded mails
// (nothing is cut then), header blocks and separators, attributions and ">" lines, signatures.
func splitText(text string, o options) Parts {
	lines := strings.SplitAfter(text, "\n")
	if n := len(lines); n > 0 && lines[n-1] == "" {
		lines = lines[:n-1]
	}
	if len(lines) <= maxLines {
		return splitLines(text, lines, o)
	}
	rest := len(text)
	for _, l := range lines[maxLines:] {
		rest -= len(l)
	}
	p := splitLines(text[:rest], lines[:maxLines:maxLines], o)
	if p.Quote == "" && p.Signature == "" {
		p.Reply += text[rest:]
	} else {
		p.Quote += text[rest:]
	}
	return p
}

// splitLines takes a text apart that has been cut into its lines.
func splitLines(text string, lines []string, o options) Parts {
	t := splitter{text: text, lines: lines, bare: make([]string, len(lines)), parting: make([]parting, len(lines)), end: len(lines)}
	for i, l := range lines {
		t.bare[i] = trimSpace(l)
	}
	for _, m := range o.markers {
		t.cutMarker(m)
	}
	for i, b := range t.bare[:t.end] {
		t.parting[i] = partingOf(b)
	}
	if t.forwarded() {
		return Parts{Reply: t.join(0, t.end), Quote: t.join(t.end, len(lines))}
	}
	t.cutBlocks()
	t.classify()
	return t.assemble()
}

type splitter struct {
	text    string // what the lines are of; "" once lines were taken out of the middle
	lines   []string
	bare    []string // without white space around
	parting []parting
	kinds   []kind
	start   int // where the reply begins
	end     int // lines from here on are history or signature

	history, sig string // what was cut off
	tries        int    // lines that were looked at closely
}

// maxTries bounds how many: a mail of attributions or boasts alone must not cost seconds.
const maxTries = 2000

func trimSpace(s string) string {
	// Most lines begin and end with a plain sign; the whole set is slow to look through.
	for s != "" && (s[0] == ' ' || s[0] == '\t' || s[0] == '\r' || s[0] == '\n') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t' || s[len(s)-1] == '\r' || s[len(s)-1] == '\n') {
		s = s[:len(s)-1]
	}
	if s == "" || s[0] < utf8.RuneSelf && s[len(s)-1] < utf8.RuneSelf {
		return s
	}
	// U+1427 is the mark that a tracking extension leaves behind.
	return strings.Trim(s, " \t\r\n\u00a0\u200b\u200e\u200f\ufeff\u2028\u2060\u2063\u202a\u202b\u202c\u2069\u1427")
}

// join gives the text of the lines from one on and before another.
func (t *splitter) join(from, to int) string {
	if t.text == "" {
		return strings.Join(t.lines[from:to], "")
	}
	begin := 0
	for _, l := range t.lines[:from] {
		begin += len(l)
	}
	end := begin
	for _, l := range t.lines[from:to] {
		end += len(l)
	}
	return t.text[begin:end]
}

// cutMarker ends the text at the desk's own marker. The line that holds it may have been broken in two, in the words
// before the marker or inside it; it begins as the marker does.
func (t *splitter) cutMarker(marker string) {
	plain := func(i int) string { return strings.TrimLeft(t.bare[i], "> \t") }
	word, _, _ := strings.Cut(marker, " ") // stands whole in a line, wherever the marker was broken
	if !strings.Contains(t.text, word) {
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
		t.end = i
		for j := i; j >= 0 && j > i-3 && plain(j) != ""; j-- {
			if strings.HasPrefix(plain(j), begin) {
				t.end = j
				break
			}
		}
		return
	}
}

// forwarded reports whether the mail passes another on: its text is content then, not history.
func (t *splitter) forwarded() bool {
	for i := 0; i < t.end; i++ {
		b := t.bare[i]
		if b == "" || b[0] == '>' {
			continue
		}
		if t.parting[i]&passing != 0 {
			return !t.historyAbove(i)
		}
		if t.parting[i]&separating != 0 {
			return false
		}
	}
	return false
}

// historyAbove reports whether history begins above line i: what was forwarded there was forwarded before.
func (t *splitter) historyAbove(i int) bool {
	above := splitter{lines: t.lines[:i], bare: t.bare[:i], parting: t.parting[:i], end: i}
	above.cutBlocks()
	if above.end < i && above.anyAbove(above.end) {
		for j := above.end; j < i; j++ { // more than the rulers around the mark
			if above.bare[j] != "" && !ruler(above.bare[j]) && !heading(above.bare[j]) {
				return true
			}
		}
	}
	above.classify()
	first, _ := above.span(0, above.end)
	for j := range above.kinds {
		if above.kinds[j] == kindAttrib && first >= 0 && first < j {
			return true
		}
	}
	return false
}

// cutBlocks ends the text at the first separator ("-----Original Message-----") or block of header lines that has
// something above it.
func (t *splitter) cutBlocks() {
	for i := 0; i < t.end; i++ {
		b := t.bare[i]
		if b == "" {
			continue
		}
		if b[0] == '>' {
			b = strings.TrimLeft(b, "> \t")
			if b == "" {
				continue
			}
		}
		cut := -1
		switch {
		case t.parting[i]&separating != 0:
			cut = i
		case strings.HasPrefix(b, "_____") && strings.Trim(b, "_") == "":
			if j := t.next(i + 1); j >= 0 && t.headerBlock(j) {
				cut = i
			}
		case t.headerBlock(i):
			if !t.anyAbove(i) { // the mail begins with it: what is below is what there is
				for i+1 < t.end {
					if k, _ := headerLabel(t.bare[i+1]); k == 0 && t.bare[i+1] != "" {
						break
					}
					i++
				}
				continue
			}
			cut = i
		default:
			if j, ok := t.notesBlock(i); ok {
				cut = j
			}
		}
		if cut >= 0 && t.anyAbove(cut) {
			for cut > 0 && (t.bare[cut-1] == "" || ruler(t.bare[cut-1]) || heading(t.bare[cut-1])) {
				cut--
			}
			t.end = cut
			return
		}
	}
}

// next gives the next line that is not blank, -1 if there is none within three.
func (t *splitter) next(i int) int {
	for j := i; j < t.end && j < i+4; j++ {
		if t.bare[j] != "" {
			return j
		}
	}
	return -1
}

func (t *splitter) anyAbove(i int) bool {
	for _, b := range t.bare[:i] {
		if b != "" && !ruler(b) {
			return true
		}
	}
	return false
}

// ruler reports whether a line only draws.
func ruler(b string) bool {
	if len(b) < 3 {
		return false
	}
	for b != "" {
		switch {
		case strings.IndexByte("-_=*~ \t", b[0]) >= 0:
			b = b[1:]
		case strings.HasPrefix(b, "—") || strings.HasPrefix(b, "–"):
			b = b[len("—"):]
		default:
			return false
		}
	}
	return true
}

// heading reports whether a line is drawn on both sides: "---- the old mail ----" in a language we do not know.
func heading(b string) bool {
	return len(b) < 120 && len(b) > 8 && strings.HasPrefix(b, "----") && strings.HasSuffix(b, "----")
}

// headerBlock reports whether a block as Outlook writes it begins here: at least three kinds of header lines of which
// the first is From, Date or Subject, or From alone with nothing but an address.
func (t *splitter) headerBlock(i int) bool {
	first, value := headerLabel(t.bare[i])
	if first == 0 {
		return false
	}
	seen := first
	blanks := 0
	for j := i + 1; j < t.end && j < i+14; j++ {
		if t.bare[j] == "" {
			if blanks++; blanks > 2 {
				break
			}
			continue
		}
		k, _ := headerLabel(t.bare[j])
		if k == 0 {
			if blanks > 0 && seen != first {
				break
			}
			continue // a folded line
		}
		seen |= k
	}
	n := 0
	for k := seen; k > 0; k >>= 1 {
		n += int(k & 1)
	}
	switch {
	case first == labelFrom && seen&labelDate == 0 && !strings.ContainsAny(value, "@<[") && i > 0 && formField(t.bare[i-1]):
		return false
	case first == labelFrom && seen&labelSubject == 0 && !t.addressed(i):
		return false
	case first == labelFrom && n >= 2 && seen&(labelDate|labelSubject) != 0:
		return true
	case first == labelFrom && n >= 2 && seen&labelTo != 0 && strings.Contains(value, "@"):
		return true
	case first == labelDate && n >= 2 && seen&(labelTo|labelSubject) != 0 && datePattern.MatchString(value) && t.onlyHeader(i):
		return true
	case n >= 3 && seen&labelFrom != 0:
		return true
	case n >= 3 && first != labelTo && seen&labelDate != 0 && seen&labelSubject != 0:
		return true
	case first == labelFrom && fromAlone.MatchString(value):
		return true
	}
	return false
}

// addressed reports whether the lines from i to the next blank one hold an address or a time of day, as those of a mail do
// and those of a journey do not.
func (t *splitter) addressed(i int) bool {
	for j := i; j < t.end && j < i+14 && (t.bare[j] != "" || j < i+4); j++ {
		if strings.ContainsAny(t.bare[j], "@<[") || timeOfDay(t.bare[j]) {
			return true
		}
	}
	return false
}

// timeOfDay reports whether a line holds a colon or a French h between digits.
func timeOfDay(b string) bool {
	digit := func(i int) bool { return '0' <= b[i] && b[i] <= '9' }
	for i := 1; i+1 < len(b); i++ {
		if (b[i] == ':' || b[i] == 'h') && digit(i-1) && digit(i+1) {
			return true
		}
	}
	return false
}

// notesBlock gives the line at which a block as old Lotus Notes writes it begins, if line i is its label for the
// recipient: the writer, the date, then labels that stand on lines of their own, with no colon, above what they label.
func (t *splitter) notesBlock(i int) (int, bool) {
	if b := t.bare[i]; len(b) > 24 || labelOf(b) != labelTo {
		return 0, false
	}
	below := false
	for j := i + 1; j < t.end && j < i+14 && !below; j++ {
		below = len(t.bare[j]) <= 24 && labelOf(t.bare[j]) == labelSubject
	}
	if !below {
		return 0, false
	}
	for j, dated := i-1, false; j >= 0 && j > i-8; j-- {
		switch b := t.bare[j]; {
		case b == "" || len(b) > 120:
		case !dated:
			dated = datePattern.MatchString(b) && clockMark.MatchString(b)
		default: // who wrote stands above when he wrote
			return j, true
		}
	}
	return 0, false
}

// formField reports whether a line is "Name: Jane", a field of a form and no header line.
func formField(b string) bool {
	i := strings.IndexByte(b, ':')
	if i < 2 || i > 40 || i+1 == len(b) || b[i+1] != ' ' && b[i+1] != '\t' {
		return false
	}
	k, _ := headerLabel(b)
	return k == 0 && strings.IndexFunc(b[:i], func(c rune) bool { return !unicode.IsLetter(c) && c != ' ' && c != '-' && c != '/' }) < 0
}

// onlyHeader reports whether the lines from i to the next blank one are header lines, each.
func (t *splitter) onlyHeader(i int) bool {
	for ; i < t.end && t.bare[i] != ""; i++ {
		if k, _ := headerLabel(t.bare[i]); k == 0 {
			return false
		}
	}
	return true
}

// classify gives each line its kind.
func (t *splitter) classify() {
	t.kinds = make([]kind, t.end)
	for i := range t.kinds {
		switch b := t.bare[i]; {
		case b == "":
			t.kinds[i] = kindBlank
		case quoted(b) && !onlyVerb(b):
			t.kinds[i] = kindQuoted
		default:
			t.kinds[i] = kindText
		}
	}
	for i := 1; i+1 < t.end; i++ {
		if t.kinds[i] == kindText && t.wrapped(i) {
			t.kinds[i] = kindQuoted
		}
	}
	for i := 0; i < t.end; i++ {
		if t.kinds[i] == kindBlank {
			continue
		}
		if start, ok := t.attribution(i); ok {
			for j := start; j <= i; j++ {
				if t.kinds[j] == kindText {
					t.kinds[j] = kindAttrib
				}
			}
		}
	}
}

// wrapped reports whether a line is the rest of the quoted line above it, which some program broke without marking it:
// it goes on in small letters, the line above is full, and more quoted lines follow at once.
func (t *splitter) wrapped(i int) bool {
	above, next := t.bare[i-1], t.bare[i+1]
	if t.kinds[i-1] != kindQuoted || above == "" || above[0] != '>' || next == "" || next[0] != '>' && len(t.bare[i]) < 60 {
		return false
	}
	b := t.bare[i]
	first, _, _ := strings.Cut(b, " ")
	c, _ := utf8.DecodeRuneInString(b)
	return unicode.IsLower(c) && len(above)+1+len(first) > 70 && !strings.ContainsAny(above[len(above)-1:], ".?!:;")
}

// quoted reports whether a line is quoted by its mark.
func quoted(b string) bool {
	if b[0] == '>' {
		return true
	}
	return strings.HasPrefix(b, "&gt;") || strings.HasPrefix(b, "＞") || strings.HasPrefix(b, "| ") && len(b) > 2 && strings.Count(b, "|") == 1
}

// attribution reports whether an attribution ends on line i, and where it begins.
func (t *splitter) attribution(i int) (int, bool) {
	b := t.bare[i]
	if t.kinds[i] == kindQuoted {
		b = strings.TrimLeft(b, "> \t")
	}
	if frames(b) {
		return i, true
	}
	followed := t.quoteFollows(i + 1)
	if len(b) > 500 || !mayEndAttribution(b, followed) {
		return 0, false
	}
	joined, best := "", -1
	for n, j := 0, i; j >= 0 && n < 8; n, j = n+1, j-1 {
		if t.bare[j] == "" {
			// Some clients put the address on lines of its own.
			if n == 0 || j == 0 || joined[0] != '<' && joined[0] != '>' {
				break
			}
			continue
		}
		if n > 0 && t.kinds[j] != t.kinds[i] {
			break
		}
		line := t.bare[j]
		if t.kinds[j] == kindQuoted {
			line = strings.TrimLeft(line, "> \t")
		}
		line = strings.Trim(withoutMarks(line), "-*_ \t")
		if line == "" {
			break
		}
		if joined == "" {
			joined = line
		} else {
			joined = line + " " + joined
		}
		if len(joined) > 600 {
			break
		}
		if t.tries++; t.tries > maxTries {
			return 0, false
		}
		switch attributes(joined, followed, n > 0) {
		case sure:
			return j, true
		case likely:
			if best < 0 {
				best = j
			}
		}
	}
	return best, best >= 0
}

// withoutMarks takes out the marks for the direction of writing.
func withoutMarks(s string) string {
	if !strings.Contains(s, "\u200e") && !strings.Contains(s, "\u200f") && !strings.Contains(s, "\u202a") && !strings.Contains(s, "\u202b") && !strings.Contains(s, "\u2068") {
		return s
	}
	return strings.Map(func(c rune) rune {
		if c == '\u200e' || c == '\u200f' || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' {
			return -1
		}
		return c
	}, s)
}

// quoteFollows reports whether the next line that is not blank is quoted.
func (t *splitter) quoteFollows(i int) bool {
	for j := i; j < t.end && j < i+4; j++ {
		if t.bare[j] != "" {
			return t.bare[j][0] == '>'
		}
	}
	return false
}

// assemble decides what of the kinds is history and what is signature, one manner of writing after the other.
func (t *splitter) assemble() Parts {
	t.history = t.join(t.end, len(t.lines))
	marked := t.cutUnmarked()
	t.cutTail(marked)
	t.cutMiddle()
	t.cutTopBoast()
	t.cutHead()
	t.cutRuler()
	t.cutSignature()
	return Parts{Reply: t.join(t.start, t.end), Quote: t.history, Signature: t.sig}
}

// cutUnmarked opens the history to the end at an attribution below which nothing is marked as quoted, if there is text
// above: some clients mark nothing. It reports whether there was one.
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

// cutTail cuts history at the end: quoted lines, blanks and the attributions above them. A signature may stand below.
// attributed tells that history begins with an attribution already: what is quoted above it belongs to the reply.
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

// cutTopBoast takes out a boast at the very top, where some phones put it, and the blank lines there.
func (t *splitter) cutTopBoast() {
	if n := t.topBoast(t.end); n > 0 {
		t.sig = t.join(0, n) + t.sig
		for i := range n {
			t.kinds[i] = kindBlank
		}
	}
	for t.start < t.end && t.kinds[t.start] == kindBlank {
		t.start++
	}
}

// cutHead cuts history at the top with one answer below it: the answer is what is new.
func (t *splitter) cutHead() {
	if a, q := t.leadingHistory(t.end); q > 0 {
		t.history = t.join(a, q) + t.history
		t.start = q
	}
}

// cutRuler cuts a drawn line that parted history from the reply.
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

// cutSignature cuts signature and disclaimer, if text stands above.
func (t *splitter) cutSignature() {
	if s := t.signature(t.start, t.end); s >= 0 && t.has(kindText, t.start, s) {
		t.sig = t.join(s, t.end) + t.sig
		t.end = s
	}
	if d := t.disclaimer(t.start, t.end); d > t.start && t.has(kindText, t.start, d) {
		t.sig = t.join(d, t.end) + t.sig
		t.end = d
	}
}

// span gives the first and last line of text.
func (t *splitter) span(from, to int) (first, last int) {
	first, last = -1, -1
	for i := from; i < to; i++ {
		if t.kinds[i] == kindText {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

func (t *splitter) has(k kind, from, to int) bool {
	for i := from; i < to; i++ {
		if t.kinds[i] == k {
			return true
		}
	}
	return false
}

func (t *splitter) last(k kind, to int) int {
	for i := to - 1; i >= 0; i-- {
		if t.kinds[i] == k {
			return i
		}
	}
	return -1
}

// leadingHistory finds an attribution and one run of quoted lines with nothing above them: where they begin and where
// the text below begins. Without an attribution, or with more runs, the lines belong to the answers.
func (t *splitter) leadingHistory(end int) (int, int) {
	i := 0
	for i < end && t.kinds[i] == kindBlank {
		i++
	}
	if i == end || t.kinds[i] != kindAttrib {
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

func (t *splitter) boasts(b string) bool {
	if !mayBoast(b) {
		return false
	}
	t.tries++
	return boastPattern.MatchString(b) || strings.Contains(b, "](") && boastPattern.MatchString(markdownLink.ReplaceAllString(b, "$1"))
}

// vague reports whether a boast names no device and no program: "Sent by courier" may be the writer's own sentence.
func vague(b string) bool {
	return len(b) < 60 && sentBy.MatchString(b) && !device.MatchString(b)
}

var (
	sentBy = late.Compile(`(?i)^\W*(?:sent|gesendet|geschickt|verschickt|versendet|envoyé|transmis|enviad[oa]|inviat[oa]|spedito|verzonden|verstuurd|gestuurd|skickat|sendt|lähetetty|wysłan[eo]|odesláno|odoslané|poslan[oé]|отправлено|надіслано)\s`)
	device = late.Compile(`(?i)i ?phone|i ?pad|i ?pod|android|galaxy|samsung|huawei|xiaomi|nokia|pixel|oneplus|black ?berry|windows|outlook|mail|yahoo|gmail|proton|spark|superhuman|phone|handy|mobil|móvil|celular|cell|device|gerät|appareil|dispositivo|tablet|tele|télé|смартфон|телефон|apple|mac|app\b|nine|zoho|posta|poczt|почт`)
)

// topBoast gives the number of lines that a client's boast above the text takes; 0 if there is none.
func (t *splitter) topBoast(end int) int {
	first, last := t.span(0, end)
	if first < 0 || first == last || !t.boasts(t.bare[first]) || first+1 < end && t.bare[first+1] != "" {
		return 0
	}
	return first + 1
}

// wrappedHistory finds an attribution and one run of quoted lines that stand between an answer and its closing words
// ("Regards, Jane"), and gives where they begin and where the closing words begin.
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

// signature gives the line at which the signature begins between from and to, -1 if there is none.
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
		if t.tries < maxTries && (i > first || from > 0) && t.boasts(b) && !t.has(kindQuoted, i, to) && (!vague(b) || !t.writerBelow(i+1, to)) && !strings.HasSuffix(b, "?") {
			// the line above may be the ruler that parts it
			if i > first && ruler(t.bare[i-1]) {
				return i - 1
			}
			return i
		}
	}
	return -1
}

// sigDelimiter reports whether line i parts a signature from the text: "-- " of RFC 3676 section 4.3 and its kin. A
// drawn line does if no more than a few short lines stand below it.
func (t *splitter) sigDelimiter(i, to int) bool {
	b := t.bare[i]
	switch b {
	case "--", "—", "––", "__", "-- --", "–":
		return true
	}
	if len(b) < 3 || strings.Trim(b, "-_") != "" {
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

// underlines reports whether line i is drawn below a headline, and as long as that.
func (t *splitter) underlines(i int) bool {
	if i == 0 || t.bare[i-1] == "" || ruler(t.bare[i-1]) {
		return false
	}
	d := utf8.RuneCountInString(t.bare[i-1]) - len(t.bare[i])
	return -2 <= d && d <= 2
}

// ruledAbove reports whether a line just as line i is drawn above it, with text between: rows of a table, or of a form.
func (t *splitter) ruledAbove(i int) bool {
	for j := i - 2; j > t.start && j > i-40; j-- {
		if t.bare[j] == t.bare[i] {
			return true
		}
	}
	return false
}

// disclaimer gives the line at which a closing disclaimer begins, -1 if there is none.
func (t *splitter) disclaimer(from, to int) int {
	found := t.notice(from, to)
	if found >= 0 {
		to = found // what another pattern finds above it goes with it
	}
	for i := from; i < to; i++ {
		if t.kinds[i] != kindText || i > from && t.bare[i-1] != "" && !ruler(t.bare[i-1]) {
			continue
		}
		b := t.bare[i]
		if disclaims(b) && !t.has(kindQuoted, i, to) && t.noticeFrom(i, to) {
			if i > from && ruler(t.bare[i-1]) {
				i--
			}
			if found >= 0 && i == from {
				return found
			}
			return i
		}
	}
	return found
}

// noticeFrom reports whether the paragraph at line i is a notice and no words of the writer stand below it: people write of
// confidential mails, too, and their names below.
func (t *splitter) noticeFrom(i, to int) bool {
	end := t.paragraph(i, to)
	if p := t.bare[i:end]; !legalese(p, 2) && !noticeWords.MatchString(strings.Join(p, " ")) {
		return false
	}
	return !t.writerBelow(end, to)
}

// paragraph gives the end of the paragraph at line i.
func (t *splitter) paragraph(i, to int) int {
	for i < to && t.bare[i] != "" {
		i++
	}
	return i
}

// writerBelow reports whether a paragraph from line i on is the writer's own: no notice, no boast, and nothing in it that
// business cards have, an address, a number.
func (t *splitter) writerBelow(i, to int) bool {
	for n := 0; i < to && n < 10; n++ {
		if t.bare[i] == "" || ruler(t.bare[i]) {
			i++
			continue
		}
		end := t.paragraph(i, to)
		text := strings.Join(t.bare[i:end], " ")
		if !strings.ContainsAny(text, "@0123456789/|©®") && !disclaims(t.bare[i]) && !t.boasts(t.bare[i]) && !legalese(t.bare[i:end], 2) && !noticeWords.MatchString(text) {
			return true
		}
		i = end
	}
	return false
}

// maxNotices is how many paragraphs at the end may be notices of lawyers: those above are the letter.
const maxNotices = 4

// leastLegalese is how many of the five things a notice says.
const leastLegalese = 3

// notice gives the line at which the last paragraphs begin that are notices of lawyers by their words, -1 if there are
// none. What stands below the first of them is part of it: addresses, registers of companies.
func (t *splitter) notice(from, to int) int {
	found := -1
	bottom := to // of the paragraphs that may ask: that matters only where a notice stands above
	for n := 0; n < maxNotices; n++ {
		for to > from && t.bare[to-1] == "" {
			to--
		}
		first, size := to, 0
		for first > from && t.bare[first-1] != "" && t.kinds[first-1] == kindText {
			first--
			size += len(t.bare[first])
		}
		if first == to || first <= from {
			break
		}
		paragraph := t.bare[first:to]
		legal := size >= 100 && size < 6000 && legalese(paragraph, leastLegalese)
		if !legal && !slices.ContainsFunc(paragraph, contacts) && (found < 0 || !disclaims(paragraph[0]) && !noticeWords.MatchString(strings.Join(paragraph, " "))) {
			break // words of the writer: those above are part of his letter
		}
		if legal {
			if t.asksIn(first, bottom) {
				break
			}
			found, bottom = first, first
		}
		to = first
	}
	if found > from && ruler(t.bare[found-1]) {
		found--
	}
	if found >= 0 && t.onlyGreets(from, found) {
		return -1 // a letter stands below its greeting
	}
	return found
}

// contacts reports whether a line holds what addresses and numbers of telephones are made of.
func contacts(b string) bool { return strings.ContainsAny(b, "@0123456789/") }

// asksIn reports whether the writer asks in one of the paragraphs between two lines.
func (t *splitter) asksIn(from, to int) bool {
	for from < to {
		end := t.paragraph(from, to)
		if asks.MatchString(strings.Join(t.bare[from:end], " ")) {
			return true
		}
		from = end + 1
	}
	return false
}

// asks tells of a paragraph that its writer asks, or speaks of himself: notices do neither.
var asks = late.Compile(`[?？](?:[\s"'»)]|$)|(?:^|[\s,("])(?:I|I'[a-z]+|(?i:ich|ik|jag|jeg|j'ai|je (?:vous|voudrais|suis)))[\s,]`)

// onlyGreets reports whether the lines hold no more than one that ends as a greeting does.
func (t *splitter) onlyGreets(from, to int) bool {
	greets := false
	for i := from; i < to; i++ {
		switch b := t.bare[i]; {
		case b == "" || ruler(b):
		case greets || !strings.HasSuffix(b, ",") && !strings.HasSuffix(b, "!") && !strings.HasSuffix(b, ":"):
			return false
		default:
			greets = true
		}
	}
	return greets
}
