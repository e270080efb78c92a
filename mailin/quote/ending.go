package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// What clients write for links and pictures in plain text: no words of the writer.
var notWords = late.Compile(`<(?:https?|mailto|tel):[^>\s]*>|\((?:https?|mailto|tel):[^)\s]*\)|\[(?:cid|image|data|signature_)[^\]]{0,200}\]|(?:https?://|mailto:|tel:)\S+|<?\S+\?(?:subject|body)=\S+`)

var (
	// linkStems: one of them stands in each line that holds a link, as notWords finds it.
	linkStems = wordset.StemsOf([]string{"http", "mailto:", "tel:", "?subject=", "?body="})
	// pictureStems begin what notWords finds over more than one line.
	pictureStems = wordset.StemsOf([]string{"[cid", "[image", "[data", "[signature_"})
)

// withoutLinks returns a text without what clients write for links and pictures. The pattern is
// slow, so that only lines are searched that may hold one.
func withoutLinks(s string) string {
	text := []byte(s)
	switch {
	case pictureStems.In(text):
		return notWords.ReplaceAllString(s, " ")
	case !linkStems.In(text):
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for line := range strings.Lines(s) {
		if linkStems.In([]byte(line)) {
			line = notWords.ReplaceAllString(line, " ")
		}
		out.WriteString(line)
	}
	return out.String()
}

// wordsIn returns the words of a text as they are compared: in lower case, without links and signs.
func wordsIn(s string) []string {
	return strings.FieldsFunc(strings.ToLower(withoutLinks(s)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// linesOf returns the lines of a text without white space around them.
func linesOf(text string) []string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = trimSpace(l)
	}
	return lines
}

// isNumber reports whether a word consists of digits.
func isNumber(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return !unicode.IsNumber(r) }) < 0
}

// cutEnding cuts whole lines off the end of a text that hold these words and no others, with the
// delimiter above them. signature is "" if the text does not end so.
func cutEnding(text string, words []string) (rest, signature string) {
	lines := strings.SplitAfter(text, "\n")
	left := words
	i := len(lines)
	for i > 0 && len(left) > 0 {
		has := wordsIn(lines[i-1])
		if len(has) > len(left) {
			return text, ""
		}
		for j, w := range has {
			if left[len(left)-len(has)+j] != w {
				return text, ""
			}
		}
		left = left[:len(left)-len(has)]
		i--
	}
	if len(left) > 0 || i == len(lines) {
		return text, ""
	}
	for above := i - 1; above >= 0; above-- { // the delimiter
		b := trimSpace(lines[above])
		if b == "" {
			continue
		}
		if ruler(b) || delimits(b) {
			i = above
		}
		break
	}
	return strings.Join(lines[:i], ""), trimBlank(strings.Join(lines[i:], ""))
}

// Bounds for SignatureLength.
const (
	leastEndings = 2  // earlier texts that must end alike
	maxEnding    = 15 // lines
)

// Writer is what is known of who wrote a text. A line that names them begins their signature: what
// they write often, such as a list of steps or prices, ends alike, too.
type Writer struct {
	Name      string
	Addresses []string
	Known     []string // signatures of theirs that are known already, such as a configured one
}

// SignatureLength returns how many of a text's last octets are a signature: whole lines, from one
// on that names the writer, with which at least two of their earlier texts ended, or the only one
// if there is but one. It is 0 if they ended in other ways, and where nothing would be left of the
// text. Case, blank lines, links and signs do not matter. Sentences and the words that close a
// letter are no signature.
func SignatureLength(text string, earlier []string, by Writer) int {
	text = trimRight(text)
	best := 0
	for _, k := range by.Known {
		best = max(best, endingLength(text, wordsIn(k)))
	}
	own := endLines(text)
	ends := make([][]endLine, 0, len(earlier))
	for _, e := range earlier {
		ends = append(ends, endLines(e))
	}
	for n := min(len(own), maxEnding); n > 0; n-- {
		alike := 0
		for _, e := range ends {
			if endsAlike(own, e, n) {
				alike++
			}
		}
		if alike == 0 || alike < min(leastEndings, len(ends)) {
			continue
		}
		block := by.from(signatureOf(own[len(own)-n:]))
		var words []string
		for _, l := range block {
			words = append(words, strings.Fields(l.words)...)
		}
		return max(best, endingLength(text, words))
	}
	return best
}

// Bounds for a line that names its writer.
const (
	shortName = 3 // letters: a name of fewer may be any word
	wordsTo   = 3 // words up to the name: "Dr. Ida Lind", "p.p. Ida Lind"
)

// from returns the lines from the first one on that names the writer.
func (w Writer) from(block []endLine) []endLine {
	names := slices.DeleteFunc(wordsIn(w.Name), func(name string) bool { return utf8.RuneCountInString(name) < shortName })
	i := slices.IndexFunc(block, func(l endLine) bool {
		words := strings.Fields(l.words)
		return slices.ContainsFunc(words[:min(len(words), wordsTo)], func(word string) bool { return slices.Contains(names, word) }) ||
			slices.ContainsFunc(w.Addresses, func(a string) bool { return a != "" && strings.Contains(mailin.Fold(l.raw), mailin.Fold(a)) })
	})
	if i < 0 {
		return nil
	}
	return block[i:]
}

// endingLength returns how many of a text's last octets are the lines that hold these words; 0 if
// it does not end so, or holds nothing else.
func endingLength(text string, words []string) int {
	if len(words) == 0 {
		return 0
	}
	rest, cut := cutEnding(text, words)
	if cut == "" || strings.TrimSpace(rest) == "" {
		return 0
	}
	return len(text) - len(trimRight(rest))
}

func trimRight(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) }

// endLine is a line at the end of a text: its words, and as it was written.
type endLine struct{ words, raw string }

// endLines returns the last lines of a text that hold words.
func endLines(text string) []endLine {
	var out []endLine
	for l := range strings.SplitSeq(text, "\n") {
		if w := wordsIn(l); len(w) > 0 {
			out = append(out, endLine{strings.Join(w, " "), trimSpace(l)})
		}
	}
	return out[max(0, len(out)-maxEnding):]
}

// endsAlike reports whether the last n lines of two texts are the same.
func endsAlike(a, b []endLine, n int) bool {
	if len(b) < n {
		return false
	}
	for i := 1; i <= n; i++ {
		if a[len(a)-i].words != b[len(b)-i].words {
			return false
		}
	}
	return true
}

// signatureOf returns the last of these lines that are a signature: what stands below a sentence
// and below the words that close a letter with a first name. One line alone is a name, or thanks.
func signatureOf(block []endLine) []endLine {
	for i, l := range block {
		if words := strings.Count(l.words, " ") + 1; words > 6 && strings.ContainsAny(l.raw[len(l.raw)-1:], ".?!:") || words > 14 {
			return signatureOf(block[i+1:])
		}
		if closingPattern.MatchString(l.words) {
			rest := block[i+1:]
			if len(rest) > 0 && strings.Count(rest[0].words, " ") == 0 && !strings.ContainsAny(rest[0].raw, "0123456789@") {
				rest = rest[1:]
			}
			return signatureOf(rest)
		}
	}
	if len(block) < 2 {
		return nil
	}
	return block
}
