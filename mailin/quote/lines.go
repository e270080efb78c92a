package quote

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/wordset"
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

// splitText is the text step. It goes from what is surest to what is least sure: the banner, the
// desk's own notice, mails that were passed on (nothing is cut then), header blocks and separators,
// attributions and ">" lines, signatures.
func splitText(text string, o Options) Parts {
	text = withoutClearSign(text)
	room := rooms.Get().(*room)
	defer room.giveBack()
	for line := range strings.Lines(text) {
		room.lines = append(room.lines, line)
	}
	lines := room.lines
	if len(lines) <= maxLines {
		return splitLines(text, lines, o, room)
	}
	rest := len(text)
	for _, l := range lines[maxLines:] {
		rest -= len(l)
	}
	p := splitLines(text[:rest], lines[:maxLines:maxLines], o, room)
	if p.Quote == "" && p.Signature == "" {
		p.Reply += text[rest:]
		if p.Forwarded != "" {
			p.Forwarded += text[rest:]
		}
	} else {
		p.Quote += text[rest:]
	}
	return p
}

// room is what the step writes of the lines. It is used again for the next text, of which nothing
// stays in it.
type room struct {
	lines, bare []string
	separators  []separator
	kinds       []kind
}

// keptLines is how many lines a room has at most that is kept.
const keptLines = 1000

var rooms = sync.Pool{New: func() any { return &room{} }}

func (r *room) giveBack() {
	if cap(r.lines) > keptLines {
		return
	}
	clear(r.lines)
	clear(r.bare)
	r.lines, r.bare, r.separators, r.kinds = r.lines[:0], r.bare[:0], r.separators[:0], r.kinds[:0]
	rooms.Put(r)
}

// withoutClearSign takes the frame off a text that is signed in the clear (RFC 9580 section 7): its
// first lines, the signature, and the dashes before lines that begin with one.
func withoutClearSign(s string) string {
	const begin, signature, end = "-----BEGIN PGP SIGNED MESSAGE-----\n", "\n-----BEGIN PGP SIGNATURE-----\n", "-----END PGP SIGNATURE-----"
	i := strings.Index(s, begin)
	if i < 0 || i > 0 && s[i-1] != '\n' {
		return s
	}
	text, rest, ok := strings.Cut(belowFields(s[i+len(begin):]), signature)
	if !ok {
		return s
	}
	if _, below, closed := strings.Cut(rest, end); closed {
		rest = strings.TrimPrefix(below, "\n")
	} else {
		rest = ""
	}
	text = strings.TrimPrefix(text, "- ")
	return s[:i] + strings.ReplaceAll(text, "\n- ", "\n") + "\n" + rest
}

// belowFields returns what is signed: what stands below the fields of the frame and a blank line. A
// program that writes neither begins at once.
func belowFields(framed string) string {
	rest := framed
	for {
		line, below, ok := strings.Cut(rest, "\n")
		if !ok {
			return framed
		}
		if strings.TrimSpace(line) == "" {
			return below
		}
		name, _, _ := strings.Cut(line, ":")
		switch strings.ToLower(name) {
		case "hash", "version", "comment", "charset", "messageid", "notdashescaped", "saltedhash":
		default:
			return framed
		}
		rest = below
	}
}

// splitLines splits a text that has been cut into its lines.
func splitLines(text string, lines []string, o Options, r *room) Parts {
	for _, l := range lines {
		r.bare = append(r.bare, trimSpace(l))
	}
	r.separators = append(r.separators, make([]separator, len(lines))...)
	r.kinds = append(r.kinds, make([]kind, len(lines))...)
	t := splitter{text: text, lines: lines, bare: r.bare, separators: r.separators, kinds: r.kinds, end: len(lines), ours: -1}
	banner := t.cutBanner()
	for _, m := range o.Markers {
		t.findMarker(m)
	}
	t.unquotedNotice = t.end < len(t.lines)
	for i, b := range t.bare[:t.end] {
		t.separators[i] = separatorOf(b)
		t.unquotedNotice = t.unquotedNotice || t.separators[i]&replyAbove != 0 && b[0] != '>'
	}
	var p Parts
	at, later := t.forwarded()
	switch {
	case at >= 0 && !later:
		p = Parts{Reply: t.join(0, t.end), Quote: t.join(t.end, len(t.lines)), Forwarded: t.join(at, t.end)}
	default:
		if later { // it was passed on below history
			p.Forwarded, t.end = t.join(at, t.end), at
		}
		t.cutBlocks()
		t.classify()
		forwarded := p.Forwarded
		p = t.assemble()
		p.Forwarded = forwarded
	}
	p.Banner, p.headed = banner, t.headed
	return p
}

type splitter struct {
	text           string // what the lines are of; "" once lines were taken out of the middle
	lines          []string
	bare           []string // without white space around
	separators     []separator
	kinds          []kind
	leading        int  // lines of a separator and a header block at the very top, above a quote
	start          int  // where the reply begins
	end            int  // lines from here on are history or signature
	ours           int  // a quoted line of the desk's own notice; -1 if there is none
	unquotedNotice bool // such a notice was cut off that is not quoted
	headed         bool // the text begins with a block of header lines

	history, sig string // what was cut off
	guessed      bool   // part of sig was found by its looks alone
	bottom       bool   // history was cut above the reply
	spent        int    // lines that were looked at closely
}

// budget bounds how many: a mail of attributions or taglines alone must not cost seconds.
const budget = 2000

func trimSpace(s string) string {
	// Most lines begin and end with a plain sign; the whole set is slow to look through.
	for s != "" && (s[0] == ' ' || s[0] == '\t' || s[0] == '\r' || s[0] == '\n') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t' || s[len(s)-1] == '\r' || s[len(s)-1] == '\n') {
		s = s[:len(s)-1]
	}
	if s == "" || !mayBeBlank(s[0]) && !mayBeBlank(s[lastCharacter(s)]) {
		return s
	}
	return strings.Trim(s, unseen)
}

// unseen are the signs that nobody sees. U+1427 is the mark that a tracking extension leaves
// behind.
const unseen = " \t\r\n\u00a0\u200b\u200e\u200f\ufeff\u2028\u2060\u2063\u202a\u202b\u202c\u2069\u1427"

// isBlank reports whether there is nothing to read in s: a form feed alone is no text either.
func isBlank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !strings.ContainsRune(unseen, r) }) < 0
}

// mayBeBlank reports whether the signs that trimSpace trims may begin with this octet.
func mayBeBlank(c byte) bool { return c == 0xc2 || c == 0xe1 || c == 0xe2 || c == 0xef }

// lastCharacter returns where the last character of s begins; s must not be empty.
func lastCharacter(s string) int {
	i := len(s) - 1
	for i > 0 && i > len(s)-utf8.UTFMax && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// trimSigns is strings.Trim for signs that are ASCII and neither letters nor digits.
func trimSigns(s, signs string) string {
	if s == "" || inWord(s[0]) && inWord(s[len(s)-1]) { // as nearly always
		return s
	}
	return strings.Trim(s, signs)
}

func inWord(c byte) bool { return letter(c) || '0' <= c && c <= '9' || c >= utf8.RuneSelf }

// join returns the text of the lines from one on and before another.
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

// next returns the next line that is not blank, -1 if there is none within three.
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
		case strings.IndexByte("-_=*~# \t", b[0]) >= 0:
			b = b[1:]
		case strings.HasPrefix(b, "—") || strings.HasPrefix(b, "–"):
			b = b[len("—"):]
		default:
			return false
		}
	}
	return true
}

// heading reports whether a line is drawn on both sides: "---- the old mail ----" in a language we
// do not know.
func heading(b string) bool {
	return len(b) < 120 && len(b) > 8 && strings.HasPrefix(b, "---") && strings.HasSuffix(b, "---")
}

// span returns the first and last line of text.
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

// paragraph returns the end of the paragraph at line i.
func (t *splitter) paragraph(i, to int) int {
	for i < to && t.bare[i] != "" {
		i++
	}
	return i
}

// stripPrefix returns a line without the signs drawn before it.
func stripPrefix(b, signs string) string {
	if b != "" && (letter(b[0]) || b[0] >= utf8.RuneSelf && b[0] != "—"[0]) { // nearly all do
		return b
	}
	return strings.TrimLeft(b, signs)
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// stemsOf makes a set of a list. A blank inside a stem is written as _.
func stemsOf(list string) *wordset.Stems { return wordset.StemsOf(stemList(list)) }

func stemList(list string) []string {
	all := strings.Fields(list)
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "_", " ")
	}
	return all
}
