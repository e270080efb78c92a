package layout

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
)

// chunk is what stands behind an anchor: a number, a label, a copied question.
type chunk struct {
	quest int
	lines []string
}

// anchored finds answers that say themselves which question they answer; false if none does.
func anchored(p *page.Page, lines []page.Line) bool {
	if ownList(p.Sheet, lines) {
		return false
	}
	lines = asLines(p.Sheet, lines)
	if across(p, lines) || underLabels(p.Sheet, lines) || behindLabels(p.Sheet, lines) {
		return true
	}
	lines = unfolded(p.Sheet, withoutCellNumbers(lines))
	p.Counted = map[int]bool{}
	for i := range lines {
		if digits, _, ok := label.Number(lines[i].Text); ok && p.HasNumber(digits) {
			p.Counted[lexicon.Atoi(digits)] = true
		}
	}
	bare := allNumbered(p.Sheet, lines)
	p.Letters = allLettered(lines)
	var chunks []chunk
	labels := countLabels(p.Sheet, lines)
	foreign := labels == 1 && labelsOfOthers(lines) > 2
	closed := false
	for i := range lines {
		l := &lines[i]
		closed = closed || len(chunks) > 2 && clause.Closes(l.Text) && l.Question < 0
		if l.Question >= 0 {
			if l.Head {
				chunks = append(chunks, chunk{quest: l.Question})
			}
			if l.Rest != "" {
				chunks[len(chunks)-1].lines = append(chunks[len(chunks)-1].lines, l.Rest)
			}
			continue
		}
		if two := twoAtOnce(p.Sheet, l.Text); two != nil {
			chunks = append(chunks, two...)
			continue
		}
		if many := inOneLine(p.Sheet, l.Text); len(many) > 1 {
			chunks = append(chunks, many...)
			continue
		}
		answered := func(q int) bool { // behind the farewell: "1. Chairman"
			return closed && slices.ContainsFunc(chunks, func(c chunk) bool { return c.quest == q })
		}
		if q, rest, ok := p.Numbered(l.Text, bare); ok && !answered(q) {
			rest = withoutLabel(p.Sheet, q, rest)
			chunks = append(chunks, chunk{q, []string{rest}})
			continue
		}
		if q, rest, ok := label.Labelled(p.Sheet, l.Text); ok && (labels > 1 || rest != "" && label.IsSure(l.Text)) && !foreign {
			chunks = append(chunks, chunk{q, []string{rest}})
			continue
		}
		if len(chunks) > 0 {
			chunks[len(chunks)-1].lines = append(chunks[len(chunks)-1].lines, l.Text)
		}
	}
	others := aboutOthers(p, chunks, lines)
	for i, c := range chunks {
		p.Say(c.quest, within(p.Sheet, c, i == len(chunks)-1), false)
		if said := p.Said[c.quest]; others && len(said) > 0 {
			said[len(said)-1].Aside = true
		}
	}
	return len(chunks) > 0
}

// labelsOfOthers counts the lines that have a label of any kind with something behind it: those of
// a card or of a program, if one of them alone names a question.
func labelsOfOthers(lines []page.Line) int {
	n := 0
	for i := range lines {
		if _, rest, ok := label.Cut(lines[i].Text); ok && rest != "" && label.IsSure(lines[i].Text) {
			n++
		}
	}
	return n
}

// aboutOthers reports whether lines with numbers are a list of something else: none of them can be
// an answer to a question of a kind, and several of those stand beside a number; or one line alone
// of many begins with a number.
func aboutOthers(p *page.Page, chunks []chunk, lines []page.Line) bool {
	fits, fails := 0, 0
	for i, c := range chunks {
		question := &p.Form.Questions[c.quest]
		_, how := value.Of(question, within(p.Sheet, c, i == len(chunks)-1), p.When)
		switch {
		case question.Kind == tickets.AskText:
		case how == reading.Clear:
			fits++
		case how == reading.Unclear:
			fails++
		}
	}
	if fits == 0 && fails > 1 {
		return true
	}
	if len(chunks) != 1 || p.Form.Questions[chunks[0].quest].Kind != tickets.AskText ||
		slices.ContainsFunc(lines, func(l page.Line) bool { return l.Question >= 0 }) {
		return false
	}
	full := slices.DeleteFunc(page.WithoutEnds(lines), func(l string) bool { return l == "" })
	_, _, numbered := label.Number(firstOf(p, chunks[0], lines))
	return len(full) > 4 && numbered
}

// firstOf returns the line with which a chunk begins.
func firstOf(p *page.Page, c chunk, lines []page.Line) string {
	for i := range lines {
		if q, _, ok := p.Numbered(lines[i].Text, false); ok && q == c.quest {
			return lines[i].Text
		}
	}
	return ""
}

// ownList reports whether lines that begin with numbers are a list that answers the only question
// that is left, which is one in free words: things with how many there are of each, or more of them
// than there are questions.
func ownList(s *sheet.Sheet, lines []page.Line) bool {
	if len(s.Open) != 1 || s.Form.Questions[s.Open[0]].Kind != tickets.AskText {
		return false
	}
	text := page.WithoutEnds(lines)
	bare, next := 0, 0
	for _, l := range text {
		if l == "" {
			continue
		}
		if _, _, ok := label.BareNumber(l); ok {
			bare++
		} else if digits, _, ok := label.Number(l); !ok || lexicon.Atoi(digits) != next+1 {
			return false
		}
		next++
	}
	return next > 1 && (bare == next || bare == 0 && next != len(s.Form.Questions))
}

// withoutLabel takes off what a numbered answer repeats of its question, and the word answer.
func withoutLabel(s *sheet.Sheet, q int, rest string) string {
	if also, behind, labelled := label.Labelled(s, rest); labelled && also == q {
		rest = behind
	}
	if behind, ok := label.AfterWord(rest, "pointer"); ok {
		rest = behind
	}
	return rest
}

// within returns what of a chunk is the answer. The last one ends with its first paragraph, or
// where the mail's closing words begin.
func within(s *sheet.Sheet, c chunk, last bool) string {
	var out []string
	for i, l := range c.lines {
		if behind, ok := label.AfterWord(l, "pointer"); ok && strings.TrimSpace(strings.Join(c.lines[:i], "")) == "" {
			l = behind
		}
		if l == "" && last && strings.TrimSpace(strings.Join(out, "")) != "" {
			if more := goesOn(s, c, i); more != "" {
				out = append(out, "", more)
			}
			break
		}
		if clause.Closes(l) && len(out) > 0 && (last || strings.TrimSpace(strings.Join(out, "")) != "") {
			break
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// goesOn returns the paragraph behind the end of one if it goes on with the answer in free words:
// it tells what came next, and stands between the last answer and the closing words.
func goesOn(s *sheet.Sheet, c chunk, end int) string {
	rest := c.lines[end+1:]
	stop := slices.Index(rest, "")
	if s.Form.Questions[c.quest].Kind != tickets.AskText || stop <= 0 || stop+1 >= len(rest) || !clause.Closes(rest[stop+1]) {
		return ""
	}
	text := strings.Join(rest[:stop], "\n")
	if strings.Contains(text, "?") || lexicon.PhraseIn("request", text) || lexicon.PhraseIn("intend", text) ||
		!lexicon.HasAny(lexicon.Words(lexicon.FirstWords(text, maxLeading)), "nextthen") {
		return ""
	}
	return text
}

// maxLeading is among how many words at the beginning of a paragraph one says that it goes on.
const maxLeading = 3

// allNumbered reports whether at least two lines begin with the number of a question and nothing
// behind it but a blank, each with another one, and no line that could be an answer without.
func allNumbered(s *sheet.Sheet, lines []page.Line) bool {
	seen, n := map[string]bool{}, 0
	for _, l := range page.WithoutEnds(lines) {
		if l == "" && n > 0 {
			break
		}
		if l == "" {
			continue
		}
		digits, rest, ok := label.BareNumber(l)
		if !ok || !s.HasNumber(digits) || seen[digits] || rangeOf().MatchString(rest) {
			return false
		}
		seen[digits] = true
		n++
	}
	return n > 1
}

// rangeOf finds what makes a number before it the beginning of a range.
var rangeOf = lexicon.Pattern(`^[-–—]\s*\d`)

// allLettered reports whether lines begin with a), b) and so on.
func allLettered(lines []page.Line) bool {
	next := 0
	for i := range lines {
		if letter, _, ok := label.Letter(lines[i].Text); ok && letter == next {
			next++
		}
	}
	return next > 1
}

func countLabels(s *sheet.Sheet, lines []page.Line) int {
	n := 0
	for i := range lines {
		if _, _, ok := label.Labelled(s, lines[i].Text); ok {
			n++
		}
	}
	return n
}

// inOneLine finds several numbered answers in a line: "1. yes, 2. no, 3. 15".
func inOneLine(s *sheet.Sheet, text string) []chunk {
	var out []chunk
	end, last := -1, 0
	cut := func(to int) {
		if n := len(out); n > 0 {
			out[n-1].lines = []string{strings.Trim(text[end:to], " ,;/|")}
		}
	}
	for _, m := range inlineNumber().FindAllStringSubmatchIndex(text, -1) {
		digits := text[m[2]:m[3]]
		if !s.HasNumber(digits) || lexicon.Atoi(digits) <= last || len(out) == 0 && m[2] > 1 {
			continue
		}
		if open := strings.TrimSuffix(text[:m[2]], "("); strings.Count(open, "(") > strings.Count(open, ")") {
			continue // "4 (sorry, 3: Tom is ill)"
		}
		if m[1] < len(text) && text[m[1]] >= '0' && text[m[1]] <= '9' && text[m[1]-1] != ' ' { // 3.5
			continue
		}
		if len(out) > 0 && lexicon.Atoi(digits) != last+1 && !strings.ContainsAny(text[max(0, m[2]-2):m[2]], ",;/|") {
			continue
		}
		cut(m[0])
		last = lexicon.Atoi(digits)
		out = append(out, chunk{quest: last - 1})
		end = m[1]
	}
	cut(len(text))
	return out
}

var inlineNumber = lexicon.Pattern(`(?:^|[\s,;/|])(?:[QAFRPDVqafrpdv]\.?)?\(?(\d{1,2})(?:\s?(?:[.):]+|\s?[-–=]>?)\s?|/\s)`)

// twoAtOnce returns the answers of a line to two questions: one for each, or the same yes or no to
// both.
func twoAtOnce(s *sheet.Sheet, text string) []chunk {
	m := forTwo().FindStringSubmatch(text)
	if m == nil || !s.HasNumber(m[1]) || !s.HasNumber(m[4]) || lexicon.Atoi(m[1]) >= lexicon.Atoi(m[4]) {
		return nil
	}
	a, b := lexicon.Atoi(m[1])-1, lexicon.Atoi(m[4])-1
	fits := func(q int, text string) bool {
		_, how := value.Of(&s.Form.Questions[q], text, s.When)
		return how == reading.Clear
	}
	if parts := split([]string{m[5]}); len(parts) == 2 && fits(a, parts[0]) && fits(b, parts[1]) {
		return []chunk{{a, parts[:1]}, {b, parts[1:]}}
	}
	if s.Form.Questions[a].Kind == tickets.AskYesNo && s.Form.Questions[b].Kind == tickets.AskYesNo && fits(a, m[5]) {
		return []chunk{{a, []string{m[5]}}, {b, []string{m[5]}}}
	}
	return nil
}

// forTwo is a line that answers two questions: "3 + 4: yes".
var forTwo = lexicon.Pattern(`^[*_(\[-]*(\d{1,2})[.)]?\s*(?:([+&/,])|\s(und|and|et|y|e|en)\s)\s*(\d{1,2})\s*[.):\]]+\s*(.+)$`)
