package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// findAnswers finds what was written as the answer to each question, the surest way first: beside
// or below a question that is quoted, behind a number or a label, then by place alone, then in
// prose.
func (s *sheet) findAnswers() {
	s.besideQuoted()
	blocks := s.blocks()
	interleaved, under := s.interleaved(blocks), 0
	for i := range blocks {
		if blocks[i].under >= 0 {
			under++
		}
	}
	for i := range blocks {
		b := &blocks[i]
		switch {
		case b.under >= 0 && interleaved && s.listWithin(b, blocks):
			s.say(b.under, strings.Join(withoutEnds(b.lines), "\n"), false)
		case s.anchored(b.lines):
		case b.under >= 0 && interleaved:
			text := s.ownPart(b.under, strings.Join(withoutEnds(b.lines), "\n"))
			s.say(b.under, text, false)
			if under == 1 { // one question is quoted, and what stands below it may answer others, too
				s.told(unwrapped(strings.Split(text, "\n")))
			}
		default:
			s.loose(b.lines)
		}
	}
}

// listWithin reports whether the numbers in a block below a question count something of its own:
// they are those of questions that have answers below them.
func (s *sheet) listWithin(b *block, blocks []block) bool {
	n := 0
	for i := range b.lines {
		m := lineNumber().FindStringSubmatch(b.lines[i].text)
		if m == nil {
			continue
		}
		if !slices.ContainsFunc(blocks, func(o block) bool { return o.under == lexicon.Atoi(m[1])-1 }) {
			return false
		}
		if lexicon.Atoi(m[1])-1 != b.under {
			n++
		}
	}
	return n > 1
}

// ownPart returns what of the text below a question answers it: its first clause, if each of the
// others says which question it answers, to which nothing else was said. Those are taken, too.
func (s *sheet) ownPart(under int, text string) string {
	pieces := s.pieces(text)
	if len(pieces) < 2 || strings.Contains(text, "\n") {
		return text
	}
	var others []chunk
	for _, piece := range pieces[1:] {
		q, rest, ok := s.labelBefore(piece)
		if !ok {
			q, rest, ok = s.yesTo(piece)
		}
		kind := s.form.Questions[q].Kind
		if !ok || q == under || kind == tickets.AskNumber || kind == tickets.AskText || len(s.said[q]) > 0 {
			return text
		}
		others = append(others, chunk{q, []string{rest}})
	}
	for _, c := range others {
		s.say(c.quest, c.lines[0], true)
	}
	return pieces[0]
}

// yesTo returns the question to which a piece says yes or no by its name: "yes to the phone".
func (s *sheet) yesTo(piece string) (q int, said string, ok bool) {
	ws := lexicon.Words(piece)
	if len(ws) > 0 && lexicon.Has("but", ws[0]) {
		ws = ws[1:]
	}
	if len(ws) < 3 || len(ws) > 5 || yesno.Exactly(ws[0]) == "" || !lexicon.Has("concerning", ws[1]) {
		return 0, "", false
	}
	found := -1
	for i := range s.form.Questions {
		if s.form.Questions[i].Kind != tickets.AskYesNo || lexicon.Mentions(strings.Join(ws[2:], " "), s.own(i)) == 0 {
			continue
		}
		if found >= 0 {
			return 0, "", false
		}
		found = i
	}
	return max(found, 0), yesno.Exactly(ws[0]), found >= 0
}

// besideQuoted finds answers that stand behind a quoted question on its line, or between the lines
// of a quote where nobody can see whose they are: between two questions the desk wrote nothing.
func (s *sheet) besideQuoted() {
	last, inside, asked, depth, final := -1, 0, 0, 0, s.lastQuoted()
	var between []string
	end := func() {
		if last >= 0 && len(between) > 0 {
			s.say(last, strings.Join(between, "\n"), false)
			inside++
		}
		between = nil
	}
	for i := range s.lines {
		l := &s.lines[i]
		switch {
		case l.fresh:
			if l.quest < 0 && !l.blank() {
				last, between = -1, nil // it may be the end of our own mail
			}
		case l.head:
			end()
			last, asked, between = l.quest, l.depth, nil
			if l.rest != "" {
				s.say(l.quest, l.rest, false)
				inside++
				last = -1 // what follows is not theirs
			}
		case l.quest >= 0:
			if l.rest != "" {
				s.say(l.quest, l.rest, false)
				inside++
				last = -1
			}
		case last >= 0 && len(between) > 0 && !l.blank() && depth > asked && l.depth <= asked: // their marks are deeper than ours
			end()
			last = -1
		case last >= 0 && l.blank() && len(between) > 0 && last == final:
			between = append(between, "")
		case last >= 0 && !l.blank() && !hintLine(&s.form.Questions[last], l.text):
			between, depth = append(between, l.text), l.depth
		}
	}
	if last >= 0 && s.sent != "" && inside > 0 {
		end := slices.IndexFunc(between, func(text string) bool { return text != "" && s.ours(text) })
		if end < 0 { // our mail ends with other words: only what stands right below may be theirs
			end = slices.Index(between, "")
		}
		theirs := between
		if end >= 0 {
			theirs = between[:end]
		}
		s.say(last, strings.Join(theirs, "\n"), false)
		return
	}
	// Behind the last question stands our own end of the mail, unless people wrote into the quote.
	if last >= 0 && inside > 0 && len(between) > 0 && s.form.Questions[last].Kind != tickets.AskText {
		if v, how := value.Of(&s.form.Questions[last], between[0], s.when); how == reading.Clear {
			s.say(last, v, false)
		}
	}
}

// hintLine reports whether a line is what is left of a question's hint: "or phone)".
func hintLine(q *tickets.Question, text string) bool {
	return strings.HasSuffix(text, ")") && !strings.Contains(text, "(") || strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")")
}

// block is a stretch of new lines.
type block struct {
	lines []line
	under int // the question that is quoted right above it, -1 for none
}

// blocks returns the stretches of what is new.
func (s *sheet) blocks() []block {
	var out []block
	above, open := -1, false
	for i := range s.lines {
		l := s.lines[i]
		if !l.fresh {
			switch {
			case l.quest >= 0:
				above, open = l.quest, false
			case l.blank():
				if open {
					out[len(out)-1].lines = append(out[len(out)-1].lines, l)
				}
			case above >= 0 && hintLine(&s.form.Questions[above], l.text):
			default:
				above, open = -1, false
			}
			continue
		}
		if !open {
			out = append(out, block{under: above})
			open = true
		}
		b := &out[len(out)-1]
		b.lines = append(b.lines, l)
	}
	return slices.DeleteFunc(out, func(b block) bool { return len(withoutEnds(b.lines)) == 0 })
}

// interleaved reports whether the blocks are answers below the questions that each stands under,
// and not one answer to all below the whole quote.
func (s *sheet) interleaved(blocks []block) bool {
	under, last := 0, -1
	for _, b := range blocks {
		if b.under >= 0 {
			under++
			last = b.under
		}
	}
	switch {
	case under != 1:
		return under > 1
	case len(s.open) == 1 && s.isOpen(last):
		return true
	}
	return s.quotedNeighbours(last) == 0 || last != s.lastQuoted()
}

// quotedNeighbours counts the other questions that are quoted.
func (s *sheet) quotedNeighbours(q int) int {
	n := 0
	for i := range s.lines {
		if l := &s.lines[i]; l.head && !l.fresh && l.quest != q {
			n++
		}
	}
	return n
}

func (s *sheet) lastQuoted() int {
	last := -1
	for i := range s.lines {
		if l := &s.lines[i]; l.head && !l.fresh {
			last = l.quest
		}
	}
	return last
}

// chunk is what stands behind an anchor: a number, a label, a copied question.
type chunk struct {
	quest int
	lines []string
}

// anchored finds answers that say themselves which question they answer; false if none does.
func (s *sheet) anchored(lines []line) bool {
	if s.ownList(lines) {
		return false
	}
	lines = s.asLines(lines)
	if s.across(lines) || s.underLabels(lines) || s.labelsInOrder(lines) {
		return true
	}
	lines = s.unfolded(withoutCellNumbers(lines))
	s.counted = map[int]bool{}
	for i := range lines {
		if m := lineNumber().FindStringSubmatch(lines[i].text); m != nil && s.isNumber(m[1]) {
			s.counted[lexicon.Atoi(m[1])] = true
		}
	}
	bare := s.allNumbered(lines)
	s.letters = allLettered(lines)
	var chunks []chunk
	labels := s.labelsCount(lines)
	foreign := labels == 1 && labelsOfOthers(lines) > 2
	closed := false
	for i := range lines {
		l := &lines[i]
		closed = closed || len(chunks) > 2 && closes(l.text) && l.quest < 0
		if l.quest >= 0 {
			if l.head {
				chunks = append(chunks, chunk{quest: l.quest})
			}
			if l.rest != "" {
				chunks[len(chunks)-1].lines = append(chunks[len(chunks)-1].lines, l.rest)
			}
			continue
		}
		if two := s.twoAtOnce(l.text); two != nil {
			chunks = append(chunks, two...)
			continue
		}
		if many := s.inOneLine(l.text); len(many) > 1 {
			chunks = append(chunks, many...)
			continue
		}
		again := func(q int) bool { // behind the farewell: "1. Chairman"
			return closed && slices.ContainsFunc(chunks, func(c chunk) bool { return c.quest == q })
		}
		if q, rest, ok := s.numberedLine(l.text, bare); ok && !again(q) {
			rest = s.withoutLabel(q, rest)
			chunks = append(chunks, chunk{q, []string{rest}})
			continue
		}
		if q, rest, ok := s.labelledLine(l.text); ok && (labels > 1 || rest != "" && sureSign().MatchString(l.text)) && !foreign {
			chunks = append(chunks, chunk{q, []string{rest}})
			continue
		}
		if len(chunks) > 0 {
			chunks[len(chunks)-1].lines = append(chunks[len(chunks)-1].lines, l.text)
		}
	}
	others := s.aboutOthers(chunks, lines)
	for i, c := range chunks {
		s.say(c.quest, s.within(c, i == len(chunks)-1), false)
		if said := s.said[c.quest]; others && len(said) > 0 {
			said[len(said)-1].aside = true
		}
	}
	return len(chunks) > 0
}

// sureSign finds a sign that makes a label of what stands before it, also where it is the only one:
// a dash may stand anywhere.
var sureSign = lexicon.Pattern(`^[^:=|\t]{2,60}[:=|\t]`)

// labelsOfOthers counts the lines that have a label of any kind with something behind it: those of
// a card or of a program, if one of them alone names a question.
func labelsOfOthers(lines []line) int {
	n := 0
	for i := range lines {
		if m := labelled().FindStringSubmatch(lines[i].text); m != nil && m[2] != "" && sureSign().MatchString(lines[i].text) {
			n++
		}
	}
	return n
}

// aboutOthers reports whether lines with numbers are a list of something else: none of them can be
// an answer to a question of a kind, and several of those stand beside a number; or one line alone
// of many begins with a number.
func (s *sheet) aboutOthers(chunks []chunk, lines []line) bool {
	fits, fails := 0, 0
	for i, c := range chunks {
		question := &s.form.Questions[c.quest]
		_, how := value.Of(question, s.within(c, i == len(chunks)-1), s.when)
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
	if len(chunks) != 1 || s.form.Questions[chunks[0].quest].Kind != tickets.AskText ||
		slices.ContainsFunc(lines, func(l line) bool { return l.quest >= 0 }) {
		return false
	}
	full := slices.DeleteFunc(withoutEnds(lines), func(l string) bool { return l == "" })
	return len(full) > 4 && lineNumber().MatchString(s.firstOf(chunks[0], lines))
}

// firstOf returns the line with which a chunk begins.
func (s *sheet) firstOf(c chunk, lines []line) string {
	for i := range lines {
		if q, _, ok := s.numberedLine(lines[i].text, false); ok && q == c.quest {
			return lines[i].text
		}
	}
	return ""
}

// ownList reports whether lines that begin with numbers are a list that answers the only question
// that is left, which is one in free words: things with how many there are of each, or more of them
// than there are questions.
func (s *sheet) ownList(lines []line) bool {
	if len(s.open) != 1 || s.form.Questions[s.open[0]].Kind != tickets.AskText {
		return false
	}
	text := withoutEnds(lines)
	bare, next := 0, 0
	for _, l := range text {
		if l == "" {
			continue
		}
		if m := bareNumber().FindStringSubmatch(l); m != nil {
			bare++
		} else if m := lineNumber().FindStringSubmatch(l); m == nil || lexicon.Atoi(m[1]) != next+1 {
			return false
		}
		next++
	}
	return next > 1 && (bare == next || bare == 0 && next != len(s.form.Questions))
}

// underLabels finds answers that stand each on the line below a label, as a table becomes a text:
// below the question's words, or its number.
func (s *sheet) underLabels(lines []line) bool {
	var full []string
	for _, l := range withoutEnds(lines) {
		if l != "" {
			full = append(full, strings.Trim(l, "|*_ \t"))
		}
	}
	for start := range min(3, len(full)) {
		var chunks []chunk
		for end := len(full); end >= start+4 && end >= len(full)-2 && chunks == nil; end-- {
			if (end-start)%2 == 0 {
				chunks = s.pairs(full[start:end])
			}
		}
		if chunks == nil {
			continue
		}
		for _, c := range chunks {
			s.say(c.quest, c.lines[0], false)
		}
		return true
	}
	return false
}

// pairs returns lines as labels and answers by turns, nil if they are not.
func (s *sheet) pairs(lines []string) []chunk {
	var labels, rests []string
	for i := 0; i+1 < len(lines); i += 2 {
		labels, rests = append(labels, strings.TrimRight(lines[i], ":? ")), append(rests, lines[i+1])
	}
	if these := s.placesOf(labels, rests); these != nil {
		return chunksOf(these, rests)
	}
	var out []chunk
	seen, numbers := map[int]bool{}, 0
	for i := 0; i < len(lines); i += 2 {
		q := -1
		if s.isNumber(strings.Trim(lines[i], ".):")) && len(lines[i]) <= 3 {
			q = lexicon.Atoi(strings.Trim(lines[i], ".):")) - 1
			numbers++
		} else if len(lexicon.Words(lines[i])) <= 6 {
			q = s.named(strings.TrimRight(lines[i], ":?"))
		}
		if q < 0 || seen[q] {
			return nil
		}
		seen[q] = true
		out = append(out, chunk{q, []string{s.withoutLabel(q, lines[i+1])}})
	}
	if numbers > 0 && numbers < len(out) {
		return nil
	}
	return out
}

// chunksOf returns what stands behind the names of questions.
func chunksOf(these []int, rests []string) []chunk {
	var out []chunk
	for i, q := range these {
		out = append(out, chunk{q, rests[i : i+1]})
	}
	return out
}

// withoutLabel takes off what a numbered answer repeats of its question, and the word answer.
func (s *sheet) withoutLabel(q int, rest string) string {
	if also, behind, labelled := s.labelledLine(rest); labelled && also == q {
		rest = behind
	}
	if m := answerWord().FindStringSubmatch(rest); m != nil && lexicon.Has("pointer", lexicon.Plain(m[1])) {
		rest = m[2]
	}
	return rest
}

var answerWord = lexicon.Pattern(`^(\pL{1,10})\s*:\s*(.+)$`)

// within returns what of a chunk is the answer. The last one ends with its first paragraph, or
// where the mail's closing words begin.
func (s *sheet) within(c chunk, last bool) string {
	var out []string
	for i, l := range c.lines {
		if m := answerWord().FindStringSubmatch(l); m != nil && lexicon.Has("pointer", lexicon.Plain(m[1])) &&
			strings.TrimSpace(strings.Join(c.lines[:i], "")) == "" {
			l = m[2]
		}
		if l == "" && last && strings.TrimSpace(strings.Join(out, "")) != "" {
			if more := s.goesOn(c, i); more != "" {
				out = append(out, "", more)
			}
			break
		}
		if closes(l) && len(out) > 0 && (last || strings.TrimSpace(strings.Join(out, "")) != "") {
			break
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// goesOn returns the paragraph behind the end of one if it goes on with the answer in free words:
// it tells what came next, and stands between the last answer and the closing words.
func (s *sheet) goesOn(c chunk, end int) string {
	rest := c.lines[end+1:]
	stop := slices.Index(rest, "")
	if s.form.Questions[c.quest].Kind != tickets.AskText || stop <= 0 || stop+1 >= len(rest) || !closes(rest[stop+1]) {
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
func (s *sheet) allNumbered(lines []line) bool {
	seen, n := map[string]bool{}, 0
	for _, l := range withoutEnds(lines) {
		if l == "" && n > 0 {
			break
		}
		if l == "" {
			continue
		}
		m := bareNumber().FindStringSubmatch(l)
		if m == nil || !s.isNumber(m[1]) || seen[m[1]] || rangeOf().MatchString(m[2]) {
			return false
		}
		seen[m[1]] = true
		n++
	}
	return n > 1
}

// rangeOf finds what makes a number before it the beginning of a range.
var rangeOf = lexicon.Pattern(`^[-–—]\s*\d`)

// allLettered reports whether lines begin with a), b) and so on.
func allLettered(lines []line) bool {
	next := 0
	for i := range lines {
		if m := lettered().FindStringSubmatch(lines[i].text); m != nil && letter(m[1]) == next {
			next++
		}
	}
	return next > 1
}

func (s *sheet) labelsCount(lines []line) int {
	n := 0
	for i := range lines {
		if _, _, ok := s.labelledLine(lines[i].text); ok {
			n++
		}
	}
	return n
}

var inlineNumber = lexicon.Pattern(`(?:^|[\s,;/|])(?:[QAFRPDVqafrpdv]\.?)?\(?(\d{1,2})\s?(?:[.):]+|\s?[-–=]>?)\s?`)

// inOneLine finds several numbered answers in a line: "1. yes, 2. no, 3. 15".
func (s *sheet) inOneLine(text string) []chunk {
	var out []chunk
	end, last := -1, 0
	cut := func(to int) {
		if n := len(out); n > 0 {
			out[n-1].lines = []string{strings.Trim(text[end:to], " ,;/|")}
		}
	}
	for _, m := range inlineNumber().FindAllStringSubmatchIndex(text, -1) {
		digits := text[m[2]:m[3]]
		if !s.isNumber(digits) || lexicon.Atoi(digits) <= last || len(out) == 0 && m[2] > 1 {
			continue
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

// withoutEnds returns the lines of a block without greeting, closing words and the name below them.
func withoutEnds(lines []line) []string {
	var out []string
	for i := range lines {
		text := lines[i].text
		if lines[i].quest >= 0 {
			text = lines[i].rest
		}
		if len(strings.TrimSpace(strings.Join(out, ""))) == 0 && (text == "" || greets(text)) {
			continue
		}
		if closes(text) && len(out) > 0 {
			break
		}
		if closes(text) && onlyEnds(lines[i:]) {
			break
		}
		out = append(out, text)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

func onlyEnds(lines []line) bool { return len(lines) <= 4 }

// greets reports whether a line is a greeting and nothing else: "Hello Ann,".
func greets(text string) bool {
	ws := lexicon.Words(text)
	if len(ws) == 0 || len(ws) > 6 || strings.Contains(text, ":") {
		return false
	}
	for n := min(len(ws), 3); n > 0; n-- {
		if lexicon.Has("greeting", strings.Join(ws[:n], " ")) {
			return true
		}
	}
	return false
}

// closes reports whether a line is what people write at the end: "Best regards", "Danke, Max".
func closes(text string) bool {
	ws := lexicon.Words(text)
	if len(ws) == 0 || len(ws) > 9 {
		return text == "--" || text == "-- "
	}
	for n := min(len(ws), 4); n > 0; n-- {
		if lexicon.Has("closing", strings.Join(ws[:n], " ")) {
			return true
		}
	}
	return len(ws) <= maxRegards && !lexicon.HasDigit(text) && lexicon.HasAny(ws, "regards")
}

// maxRegards is how many words a line has that closes a mail with regards of any kind.
const maxRegards = 4

// loose finds answers that do not say which question they answer: to the only one that is open, one
// a line in their order, one behind the other in a line, or somewhere in a text.
func (s *sheet) loose(lines []line) {
	text := withoutEnds(lines)
	var full []string
	for _, l := range text {
		if l != "" {
			full = append(full, lexicon.Tidy(l))
		}
	}
	if len(full) == 0 {
		return
	}
	if len(s.open) == 1 {
		whole := strings.Join(text, "\n")
		if !lexicon.PhraseIn("intend", whole) && !strings.HasSuffix(whole, "?") { // that is no answer yet
			q := s.open[0]
			s.said[q] = append(s.said[q], answer{text: s.unsigned(strings.TrimSpace(whole)), aside: s.aside(q, whole)})
		}
		return
	}
	if slices.ContainsFunc(full, s.listsLabels) {
		return // the head of a table, whose columns nobody can see any more
	}
	asking := slices.DeleteFunc(slices.Clone(full), asksBack)
	for _, parts := range append([][]string{full, split(full), asking}, stretches(text)...) {
		if s.inOrder(parts, false) || s.bareLabels(parts) {
			return
		}
	}
	inOrder := func(parts []string) bool { return s.inOrder(parts, true) }
	toAll := func(parts []string) bool { return len(parts) == len(s.open) && inOrder(parts) }
	if s.bareLabels(text) || slices.ContainsFunc(stretches(text), toAll) || s.aligned(asking) || inOrder(full) || inOrder(asking) {
		return
	}
	if s.otherLabels(full) {
		return
	}
	s.told(unwrapped(text))
}

// otherLabels reports whether most lines have labels, and those name no question: an order, a card.
func (s *sheet) otherLabels(full []string) bool {
	n := 0
	for _, l := range full {
		if m := labelled().FindStringSubmatch(l); m != nil && m[2] != "" && sureSign().MatchString(l) && s.named(m[1]) < 0 &&
			len(lexicon.Words(m[2])) <= maxLabelled {
			n++
		}
	}
	return n > 1 && n*2 >= len(full)
}

// maxLabelled is how many words stand behind a label, and not in a sentence that has a colon.
const maxLabelled = 12

// stretches returns the paragraphs of a text, each without the line that only leads to it: "my
// answers:".
func stretches(text []string) [][]string {
	var out [][]string
	var now []string
	for _, l := range append(slices.Clone(text), "") {
		if l != "" {
			now = append(now, lexicon.Tidy(l))
			continue
		}
		if len(now) > 1 && strings.HasSuffix(now[0], ":") {
			out = append(out, now[1:])
		}
		if len(now) > 0 {
			out = append(out, now)
		}
		now = nil
	}
	return out
}

// aside reports whether a text is a sentence about something else: where a question asks for a name
// or a number, it has no digit, no name and no word of the question; where it asks for a day, it
// asks for something itself.
func (s *sheet) aside(q int, text string) bool {
	question := &s.form.Questions[q]
	asked := lexicon.Words(lexicon.Joined(question.Ask))
	if question.Kind == tickets.AskDate { // "please come today"
		return len(lexicon.Words(text)) > 2 && lexicon.PhraseIn("request", text) &&
			lexicon.Mentions(text, lexicon.Content(lexicon.Joined(question.Ask))) == 0
	}
	telling := slices.ContainsFunc(lexicon.Words(text), func(w string) bool {
		return lexicon.Has("telling", w) ||
			lexicon.Has("askthem", w)
	})
	switch question.Kind {
	case tickets.AskChoice:
		return telling
	case tickets.AskNumber:
		return telling || len(lexicon.Words(text)) > 4 && lexicon.Mentions(text, lexicon.Content(lexicon.Joined(question.Ask))) == 0 &&
			!lexicon.StartsWith("weare", text)
	}
	if question.Kind == tickets.AskText && s.asksOneThing(q) && len(lexicon.Words(text)) > value.MaxName {
		return true
	}
	if question.Kind != tickets.AskText || lexicon.HasDigit(text) ||
		lexicon.Mentions(text, lexicon.Content(lexicon.Joined(question.Ask))) > 0 ||
		!slices.ContainsFunc(asked, func(w string) bool { return lexicon.Has("identifier", w) }) {
		return false
	}
	sentence, tells := false, false
	for i, w := range strings.Fields(text) {
		p, first := lexicon.Plain(w), []rune(strings.TrimLeft(w, "\"'(„“"))
		switch {
		case lexicon.Has("stop", p) || lexicon.Has("smalltalk", p) || lexicon.Has("pronoun", p):
			sentence = true
		case i > 0 && len(first) > 0 && strings.ToLower(string(first[0])) != string(first[0]):
			return false // a name
		case i > 0:
			tells = true
		}
	}
	return sentence && tells
}

// maxProse is how many words of sentences are looked through for answers.
const maxProse = 120

// split cuts a single line at its commas, semicolons, slashes or bars.
func split(full []string) []string {
	if len(full) != 1 {
		return nil
	}
	for _, sign := range []string{";", "|", " / ", "\t", ", ", ","} {
		if parts := strings.Split(full[0], sign); len(parts) > 1 {
			for i := range parts {
				parts[i] = strings.TrimSpace(parts[i])
			}
			return parts
		}
	}
	return nil
}

// inOrder takes texts as the answers to the open questions in their order, if each could be one. Of
// lines one or two may be unclear if others are not: somebody asks again.
func (s *sheet) inOrder(parts []string, lines bool) bool {
	if len(parts) < 2 {
		return false
	}
	for _, these := range [][]int{s.open, s.needed()} {
		if len(these) != len(parts) {
			continue
		}
		fits, typed, sure, doubts, labels := true, false, 0, 0, 0
		for i, q := range these {
			question := &s.form.Questions[q]
			if first := strings.Fields(parts[i]); len(first) > 1 && s.named(first[0]) == q {
				labels++
			}
			_, how := value.Of(question, parts[i], s.when)
			switch {
			case question.Kind == tickets.AskText:
			case how == reading.Clear:
				sure++
			case how == reading.Unclear:
				doubts++
			}
			if how == reading.Silent || how == reading.Unclear && lines && question.Kind != tickets.AskText {
				continue // somebody asks again
			}
			if how != reading.Clear || question.Kind == tickets.AskText &&
				(len(lexicon.Words(parts[i])) > 12 || strings.HasSuffix(parts[i], "?")) {
				fits = false
			}
			typed = typed || question.Kind != tickets.AskText
		}
		if fits && sure >= min(2, sure+doubts) && doubts <= 2 && (doubts == 0 || labels < 2) && (typed || len(parts) == len(s.open)) {
			for i, q := range these {
				s.say(q, parts[i], false)
			}
			return true
		}
	}
	return false
}

// asksBack reports whether a line is a question of its writer's.
func asksBack(text string) bool { return strings.HasSuffix(text, "?") && len(lexicon.Words(text)) > 2 }

// aligned takes lines as answers to some of the open questions in their order, if each fits one and
// there is one way alone to place them: somebody left a line out.
func (s *sheet) aligned(lines []string) bool {
	typed := 0
	n := len(lines)
	if n < 3 || n >= len(s.open) || n > maxAligned {
		return false
	}
	fits := make([][]bool, n)
	for i, l := range lines {
		fits[i] = s.fitting(l)
	}
	places := placed(fits)
	for i, at := range places {
		if at < 0 {
			return false
		}
		places[i] = s.open[at]
		if s.form.Questions[places[i]].Kind != tickets.AskText {
			typed++
		}
	}
	if typed < 3 || typed*2 < n {
		return false
	}
	for i, q := range places {
		s.say(q, lines[i], false)
	}
	return true
}

// maxAligned is how many lines are placed where some questions have none.
const maxAligned = 20

// fitting returns which of the open questions a whole line can answer, where nothing but its kind
// says so: free words are few, no sentence about something else, and no day, choice or address.
func (s *sheet) fitting(text string) []bool {
	out, named := make([]bool, len(s.open)), false
	for i, q := range s.open {
		question := &s.form.Questions[q]
		_, how := value.Of(question, text, s.when)
		out[i] = how == reading.Clear
		naming := []tickets.QuestionKind{tickets.AskChoice, tickets.AskDate, tickets.AskEmail}
		named = named || out[i] && slices.Contains(naming, question.Kind)
	}
	free := !named && len(lexicon.Words(text)) <= maxLine && !lexicon.PhraseIn("intend", text) && !lexicon.PhraseIn("request", text) &&
		!slices.ContainsFunc(lexicon.Words(text), func(w string) bool { return lexicon.Has("smalltalk", w) })
	for i, q := range s.open {
		out[i] = out[i] && (free || s.form.Questions[q].Kind != tickets.AskText)
	}
	return out
}

// maxLine is how many free words on a line are an answer by its place.
const maxLine = 6

// needed returns the open questions that need an answer.
func (s *sheet) needed() []int {
	return slices.DeleteFunc(slices.Clone(s.open), func(q int) bool { return s.form.Questions[q].Optional })
}
