package confidential

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed passwords.txt
var passwordWords string

// passwords finds the text after a word for a password: "the password is x7-Kilo", "Passwort:
// sommer". A sentence merely about a password contains none.
func passwords(text string) []Span {
	w := words()
	if !w.hinted(text) {
		return nil
	}
	out := w.besideNames(text)
	line := hintedLine{end: -1}
	for at := 0; ; {
		start, end, found := w.nextLabel(text, at, &line)
		if !found {
			return repeated(text, out)
		}
		label := text[start:end]
		if wholeWord(text, start, label) {
			if s, ok := w.secretBehind(label, text[end:]); ok {
				out = append(out, Span{Password, end + s.Start, end + s.End})
				end += s.End
			}
		}
		at = end
	}
}

// hintedLine is the end of the current line, and whether the line may contain a label.
type hintedLine struct {
	end int
	may bool
}

// nextLabel finds the next label from a position on. Labels do not span lines, so the pattern is
// matched only against lines with a hint; each line is searched for hints only once.
func (w *vocabulary) nextLabel(text string, at int, line *hintedLine) (start, end int, found bool) {
	for at < len(text) {
		if at > line.end {
			rest, _, _ := strings.Cut(text[at:], "\n")
			line.end, line.may = at+len(rest), w.mayStandIn(rest)
		}
		if line.may {
			if m := w.label.FindStringSubmatchIndex(text[at:line.end]); m != nil {
				return at + m[2], at + m[3], true
			}
		}
		at = line.end + 1
	}
	return 0, 0, false
}

// fewestAlike is the number of characters that a password shares with a variant of it.
const fewestAlike = 5

// mostRepeated is the maximum number of passwords of a text whose repetitions are searched for.
const mostRepeated = 20

// repeated adds the other places where a text contains a password that was found, or a variant of
// it: "the new one is Toast9, the old one was Toast8".
func repeated(text string, found []Span) []Span {
	out := found
	seen, starts := map[string]bool{}, map[int]bool{}
	for _, s := range found {
		starts[s.Start] = true
	}
	for _, s := range found {
		secret := text[s.Start:s.End]
		if len(secret) <= fewestAlike || seen[secret[:fewestAlike]] || !looksChosen(secret) || len(seen) >= mostRepeated {
			continue
		}
		seen[secret[:fewestAlike]] = true
		for at := 0; ; {
			n := strings.Index(text[at:], secret[:fewestAlike])
			if n < 0 {
				break
			}
			start, end, _ := value(text, at+n)
			if before, _ := utf8.DecodeLastRuneInString(text[:start]); !starts[start] && !isWordRune(before) &&
				looksChosen(text[start:end]) {
				out = append(out, Span{Password, start, end})
			}
			at = max(end, at+n+fewestAlike)
		}
	}
	return out
}

// besideNames finds passwords next to a login name, and those followed by words that say what they
// are.
func (w *vocabulary) besideNames(text string) []Span {
	var inAddress, behind, paired []Span
	at := 0 // the beginning of the line; matches do not extend beyond its end
	for line := range strings.SplitSeq(text, "\n") {
		if w.mayStandIn(line) {
			for _, m := range w.address.FindAllStringSubmatchIndex(line, -1) {
				inAddress = append(inAddress, Span{Password, at + m[2], at + m[3]})
			}
			for _, m := range w.behind.FindAllStringSubmatchIndex(line, -1) {
				if v := line[m[2]:m[3]]; looksChosen(v) && !isLink(v) {
					behind = append(behind, Span{Password, at + m[2], at + m[3]})
				}
			}
			for _, m := range w.pair.FindAllStringSubmatchIndex(line, -1) {
				if v := line[m[2]:m[3]]; looksChosen(v) && !isLink(v) && strings.ContainsFunc(v, unicode.IsLetter) {
					paired = append(paired, Span{Password, at + m[2], at + m[3]})
				}
			}
		}
		at += len(line) + 1
	}
	return slices.Concat(inAddress, behind, paired)
}

// longLabel is the minimum length of a label that may be the end of a longer word.
const longLabel = 5

// wholeWord reports whether a label is a separate word, or long enough to end a longer word.
func wholeWord(text string, start int, label string) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	return !isWordRune(before) || utf8.RuneCountInString(label) >= longLabel || before > 0x2E80
}

// vocabulary is the knowledge of how people write passwords.
type vocabulary struct {
	hints                  *stems // in lower case: every text with a password contains one of them
	label, phrase, numeric *regexp.Regexp
	code                   *regexp.Regexp // a label of a value that may consist of digits alone, if it follows immediately
	forms                  []form
	about                  map[string]bool
	// address and pair find a password next to a name: ftp://jane:secret@host, and "login: jane /
	// secret". behind finds one that is followed by its label: "secret as my password", "secret
	// (password)".
	address, pair, behind *regexp.Regexp
}

// form is one way of continuing after a label, and how certain it is that a password follows.
type form struct {
	pattern *regexp.Regexp
	by      manner
}

type manner int

const (
	byColon  manner = iota // punctuation indicates that a value follows
	adjacent               // it stands right behind the label, and looks like a password itself
	byVerb                 // "is"
	bySight                // no indication: the value itself must look like a password
)

var words = sync.OnceValue(func() *vocabulary {
	lists := sections(passwordWords)
	labels, verbs, pairs := alternatives(lists["labels"]), alternatives(lists["verbs"]), alternatives(lists["pairs"])
	// In the patterns _ means optional spaces, ~ required spaces, BETWEEN a word or a remark in
	// brackets between the label and what announces the password.
	compile := func(pattern string) *regexp.Regexp {
		return regexp.MustCompile("(?i)" + strings.NewReplacer(
			"BETWEEN", `(?:[ \t\x{A0}]*\([^()\n]{1,40}\)|[ \t\x{A0}]+[^\s:=.!?,;"„“«‘()]{1,24})`,
			"LABEL", labels, "VERB", verbs, "PAIR", pairs, "AS", alternatives(lists["as"]), "_", `[ \t\x{A0}]*`, "~", `[ \t\x{A0}]+`,
		).Replace(pattern))
	}
	w := &vocabulary{
		hints:   hints(lists["labels"], lists["pairs"]),
		label:   compile(`(LABEL)(?:[^\pL\pN]|$|[は是为為은는])`),
		phrase:  compile(`phrase$`),
		numeric: compile(`^(?:pin|puk|cvv|cvc|cvv2|cvc2|pincode|geheimzahl)$`),
		code:    compile(`code|código|codice`),
		address: compile(`[a-z]://[^\s/:@]+:([^\s/@]+)@`),
		behind:  compile(`(\S+)(?:~AS~(?:\pL{1,5}~){0,2}LABEL(?:[^\pL\pN]|$)|_\(LABEL\))`),
		pair:    compile(`(?:^|[^\pL\pN])PAIR(?:~\pL+)?_[:= ]_[^\s,;:]+_[/,;:|]_(\S+)`),
		forms: []form{
			{compile(`^BETWEEN{0,6}?["'* \t\x{A0}]*(?:[:=：＝]>?|->|→|[-–—][ \t])[* \t\x{A0}]*(?:\r?\n(?:[> \t]|\r?\n)*)?`), byColon},
			{compile(`^~\(?`), adjacent},
			{compile(`^BETWEEN{0,6}?(?:~VERB(?:~(?:now|still|nun|jetzt|noch|ahora|ora))?~|_[は是为為은는]_)`), byVerb},
			{compile(`^BETWEEN{0,4}?_[( \t\x{A0}]_`), bySight},
		},
		about: map[string]bool{},
	}
	for _, word := range lists["about"] {
		w.about[word] = true
	}
	return w
})

// hints returns the beginnings of words, up to a space, to search for in lower case, without those
// that begin with a shorter one.
func hints(lists ...[]string) *stems {
	out := []string{"://"}
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	for _, word := range all {
		word, _, _ = strings.Cut(strings.ToLower(word), "_")
		if !slices.ContainsFunc(out, func(h string) bool { return strings.Contains(word, h) }) {
			out = append(out, word)
		}
	}
	s := &stems{}
	for _, h := range out {
		at := &s.by[pair(h[0], h[1])]
		*at = append(*at, h)
	}
	return s
}

// stems are searched for in a text simultaneously, by their first two octets.
type stems struct{ by [1 << 12][]string }

func pair(a, b byte) int { return (int(a)<<5 ^ int(b)) & (1<<12 - 1) }

// in reports whether one of the stems occurs in a text in lower case, even inside a word.
func (s *stems) in(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		for _, h := range s.by[pair(text[i], text[i+1])] {
			if strings.HasPrefix(text[i:], h) {
				return true
			}
		}
	}
	return false
}

func (w *vocabulary) hinted(text string) bool { return w.hints.in(strings.ToLower(text)) }

// mayStandIn reports whether one of the patterns may match in a line: it contains a hint, or a
// letter such as ſ, which patterns treat as another one (s) although lower case does not.
func (w *vocabulary) mayStandIn(line string) bool {
	return w.hinted(line) || strings.ContainsFunc(line, func(r rune) bool {
		if r < utf8.RuneSelf {
			return false
		}
		small := unicode.ToLower(r)
		for same := unicode.SimpleFold(r); same != r; same = unicode.SimpleFold(same) {
			if unicode.ToLower(same) != small {
				return true
			}
		}
		return false
	})
}

// sections parses lists of words under headings in brackets.
func sections(file string) map[string][]string {
	out, name := map[string][]string{}, ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			name = strings.Trim(line, "[]")
		default:
			out[name] = append(out[name], strings.Fields(line)...)
		}
	}
	return out
}

// alternatives returns a pattern that matches one of the words, long ones first so that "passwd" is
// not taken for "pass". An underscore means a space.
func alternatives(list []string) string {
	quoted := make([]string, len(list))
	for i, word := range list {
		quoted[i] = strings.ReplaceAll(regexp.QuoteMeta(word), "_", `[ \x{A0}]`)
	}
	sortLongestFirst(quoted)
	return `(?:` + strings.Join(quoted, "|") + `)`
}

// secretBehind finds the password in the text after its label.
func (w *vocabulary) secretBehind(label, rest string) (Span, bool) {
	for _, f := range w.forms {
		for _, at := range f.ends(rest) {
			if f.by == byColon && isTime(rest, at) {
				continue
			}
			start, end, quoted := value(rest, at)
			if !quoted {
				end = groups(rest, start, end)
			}
			if f.by == byColon && w.phrase.MatchString(label) && !quoted {
				end = start + len(firstLine(rest[start:]))
			}
			if start < end && w.isSecret(label, rest[start:end], alone(rest, end), f.by, quoted) {
				return Span{Start: start, End: end}, true
			}
		}
	}
	return Span{}, false
}

// maxBetween is the maximum number of words between a label and a password that nothing announces.
const maxBetween = 4

// ends returns the positions at which the value may begin.
func (f form) ends(rest string) []int {
	var out []int
	if m := f.pattern.FindStringIndex(rest); m != nil {
		out = append(out, m[1])
	}
	if f.by != bySight || len(out) == 0 {
		return out
	}
	for i := out[0]; i < len(rest) && rest[i] != '\n' && len(out) <= maxBetween; i++ {
		if strings.ContainsRune(".!?;", rune(rest[i])) && i+1 < len(rest) && rest[i+1] == ' ' {
			break
		}
		if rest[i] == ' ' {
			out = append(out, i+1)
		}
	}
	return out
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimRight(line, "\r")
}

// quotes maps the marks that people put before a password to the closing ones.
var quotes = map[rune]string{
	'"': `"`, '\'': `'`, '`': "`", '“': "”", '„': "“”", '«': "»",
	'»': "«", '‘': "’", '‚': "‘", '「': "」", '<': ">", '[': "]",
}

// value returns the beginning and end of the word or quoted text at a position.
func value(text string, at int) (start, end int, quoted bool) {
	for at < len(text) && strings.ContainsRune(" \t*_", rune(text[at])) {
		at++
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	if closing, ok := quotes[r]; ok {
		line, _, _ := strings.Cut(text[at+size:], "\n")
		if n := strings.IndexAny(line, closing); n > 0 {
			return at + size, at + size + n, true
		}
	}
	n := strings.IndexFunc(text[at:], unicode.IsSpace)
	if n < 0 {
		n = len(text) - at
	}
	return at, at + n, false
}

// isTime reports whether the colon before a position is part of a time, as in 10:15.
func isTime(text string, at int) bool {
	return at > 1 && at < len(text) && text[at-1] == ':' && isDigit(text[at-2]) && isDigit(text[at])
}

// groups returns the end of a number that is written in groups of digits: "118 204".
func groups(text string, start, end int) int {
	for ; strings.Trim(text[start:end], "0123456789 ") == "" && start < end; end += 4 {
		if m := text[end:]; len(m) < 4 || m[0] != ' ' || strings.Trim(m[1:4], "0123456789") != "" || len(m) > 4 && isWordRune(rune(m[4])) {
			break
		}
	}
	return end
}

// alone reports whether the line or the clause ends after a value.
func alone(text string, end int) bool {
	rest := strings.TrimLeftFunc(text[end:], func(r rune) bool { return r != '\n' && unicode.IsSpace(r) })
	return rest == "" || strings.IndexByte("\n(,;/|", rest[0]) >= 0
}

// isSecret reports whether a value is a password rather than a word about one.
func (w *vocabulary) isSecret(label, value string, alone bool, by manner, quoted bool) bool {
	word := strings.ToLower(strings.Trim(value, ".,;:!?)(*_\"'"))
	switch {
	case strings.Trim(value, "*•.xX_-–—?…#<>[]()") == "", isLink(value):
		return false // hidden already, or a link for setting a new one
	case w.about[word]:
		return false
	case by == bySight && w.numeric.MatchString(label):
		return looksChosen(value)
	case by == adjacent && w.code.MatchString(label) && len(value) > 2:
		return quoted || looksChosen(value)
	case by == bySight, by == adjacent:
		return quoted || looksChosen(value) && strings.ContainsFunc(value, unicode.IsLetter)
	case quoted, looksChosen(value), strings.Count(value, "-") > 1:
		return true
	case by == byColon:
		return alone || w.phrase.MatchString(label)
	}
	return alone || endsSentence(value)
}

func endsSentence(value string) bool { return strings.HasSuffix(value, ".") }

// isLink reports whether a value is a link or a mail address.
func isLink(value string) bool {
	v := strings.ToLower(value)
	if local, domain, ok := strings.Cut(strings.Trim(v, "<>.,;:()"), "@"); ok && local != "" && strings.Contains(domain, ".") {
		return true
	}
	return strings.Contains(v, "://") || strings.HasPrefix(v, "www.") || strings.HasPrefix(v, "mailto:")
}

// looksChosen reports whether a value is not an ordinary word: it has a digit, an inner sign, or a
// capital letter after a small one.
func looksChosen(value string) bool {
	inner := strings.TrimRight(value, ".,;:!?)")
	if isAbbreviation(value) {
		return false
	}
	small := false
	for i, r := range inner {
		switch {
		case unicode.IsDigit(r), i > 0 && !isWordRune(r) && !strings.ContainsRune("-'’/", r):
			return true
		case unicode.IsUpper(r) && small:
			return true
		}
		small = r != '-' && (small || unicode.IsLower(r)) // Gäste-WLAN
	}
	return false
}

// isAbbreviation reports whether a word consists of letters each followed by a full stop, as in
// "s.v.p.".
func isAbbreviation(word string) bool {
	letters := strings.Split(strings.TrimRight(word, ",;:!?)"), ".")
	return len(letters) > 2 && !slices.ContainsFunc(letters, func(l string) bool {
		return utf8.RuneCountInString(l) > 1 || strings.IndexFunc(l, unicode.IsDigit) >= 0
	})
}

func sortLongestFirst(list []string) {
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}
