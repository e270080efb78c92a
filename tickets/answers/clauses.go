package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// belowName finds what people write below their name: a telephone or a page.
var belowName = lexicon.Pattern(`^(?:\pL{1,9}[.:]*\s*)?\+?[\d ()/.-]{7,}$|^(?:https?://|www\.)\S+$`)

// withoutName takes the name of who wrote the mail off its end: they sign without a word before it.
func (s *sheet) withoutName() {
	fresh := 0
	for i := range s.lines {
		if s.lines[i].fresh && !s.lines[i].blank() {
			fresh++
		}
	}
	below := 0 // the writer's telephone, or the page of their company
	for i := len(s.lines) - 1; i > 0 && fresh > 2; i-- {
		l := &s.lines[i]
		if !l.fresh || l.blank() {
			continue
		}
		ws := lexicon.Words(l.text)
		if s.lines[i-1].blank() && len(ws) > 0 && !slices.ContainsFunc(ws, func(w string) bool { return !slices.Contains(s.writer, w) }) {
			for j := i; j < len(s.lines); j++ {
				if s.lines[j].fresh {
					s.lines[j].text = ""
				}
			}
			return
		}
		if below++; below > 2 || !belowName().MatchString(l.text) {
			return
		}
	}
}

// pieces returns the clauses of a text, without greetings and closing words.
func (s *sheet) pieces(text string) []string {
	var out []string
	for _, piece := range clause.Pieces(text) {
		piece = strings.Trim(piece, " .,;")
		signed := !slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return !slices.Contains(s.writer, w) })
		if piece != "" && !signed && !greets(piece) && !closes(piece) {
			out = append(out, piece)
		}
	}
	return out
}

// speaks reports whether a piece says something of its own, and is not what people say around it.
func (s *sheet) speaks(piece string) bool {
	return len(lexicon.Words(piece)) > 1 && !strings.ContainsAny(piece, "?¿:") && !lexicon.PhraseIn("intend", piece) &&
		!lexicon.PhraseIn("maybe", piece) && !lexicon.PhraseIn("unknown", piece) &&
		!slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return lexicon.Has("smalltalk", w) })
}

// labelBefore returns the question whose name stands at the beginning of a piece, without a colon,
// and what stands behind it, if that fits: "order number 4711", "unpacked yes".
func (s *sheet) labelBefore(piece string) (q int, rest string, ok bool) {
	ws := bareThing(strings.Fields(piece))
	for n := min(3, len(ws)-1); n > 0; n-- {
		label := strings.Join(ws[:n], " ")
		if len(lexicon.Content(label)) != n || slices.ContainsFunc(lexicon.Words(label), clause.Denies) {
			continue
		}
		q = s.named(label)
		if q < 0 || !s.isOpen(q) {
			continue
		}
		rest = strings.Trim(strings.Join(ws[n:], " "), " :")
		question := &s.form.Questions[q]
		_, how := value.Of(question, rest, s.when)
		if how != reading.Clear || question.Kind == tickets.AskYesNo && yesno.Exactly(lexicon.Plain(rest)) == "" {
			continue
		}
		if slices.ContainsFunc(lexicon.Content(rest), func(w string) bool { other := s.named(w); return other >= 0 && other != q }) {
			continue // a row of labels
		}
		if question.Kind == tickets.AskText && len(ws) == 2 && lexicon.HasDigit(rest) && !lexicon.Has("identifier", lexicon.Plain(label)) &&
			question.Name != "" && !strings.Contains(lexicon.Plain(label), "num") {
			rest = piece // "room 9"
		}
		if question.Kind == tickets.AskText && (len(ws)-n > 4 || lexicon.Has("copula", lexicon.Plain(ws[n])) || !s.nameLike(rest)) {
			continue
		}
		return q, rest, true
	}
	return 0, "", false
}

// bareThing takes the words off the front of a piece that only lead to a thing: "it's about the".
func bareThing(ws []string) []string {
	for n := min(5, len(ws)-2); n > 1; n-- {
		if lexicon.Has("itis", lexicon.Plain(strings.Join(ws[:n], " "))) {
			ws = ws[n:]
			break
		}
	}
	for len(ws) > 2 && lexicon.Has("determiner", lexicon.Plain(ws[0])) {
		ws = ws[1:]
	}
	return ws
}

// nameLike reports whether words are a name or a number, and no part of a sentence.
func (s *sheet) nameLike(text string) bool {
	for _, w := range strings.Fields(text) {
		first := []rune(w)[0]
		if lexicon.Has("stop", lexicon.Plain(w)) || lexicon.IsLetter(first) && strings.ToUpper(string(first)) != string(first) {
			return false
		}
	}
	return true
}

// bareLabels finds answers behind labels without a sign between: "order number 4711", a line each
// or the cells of a table. Each line has to begin with the name of another question.
func (s *sheet) bareLabels(lines []string) bool {
	var chunks []chunk
	seen := map[int]bool{}
	for _, l := range lines {
		if l == "" && len(chunks) > 2 {
			break
		}
		if l == "" {
			continue
		}
		ws := strings.Fields(strings.Trim(l, "*_|•- "))
		q, n := -1, 0
		for n = min(4, len(ws)-1); n > 0 && q < 0; n-- {
			if label := strings.Join(ws[:n], " "); len(lexicon.Content(label)) > 0 || n == 1 {
				q = s.named(label)
			}
		}
		if q < 0 || seen[q] {
			return false
		}
		seen[q] = true
		rest := strings.Join(ws[n+1:], " ")
		question := &s.form.Questions[q]
		if _, how := value.Of(question, rest, s.when); how != reading.Clear && question.Kind != tickets.AskText || s.listsLabels(rest) {
			return false
		}
		chunks = append(chunks, chunk{q, []string{rest}})
	}
	if len(chunks) < 3 {
		return false
	}
	for _, c := range chunks {
		s.say(c.quest, c.lines[0], false)
	}
	return true
}

// listsLabels reports whether a text is a row of names of questions, such as the head of a table.
func (s *sheet) listsLabels(text string) bool {
	if strings.ContainsAny(text, ".,;:!?0123456789") {
		return false
	}
	ws := lexicon.Words(text)
	named := map[int]bool{}
	hits := 0
	for _, w := range ws {
		if q := s.named(w); q >= 0 && len(lexicon.Content(w)) > 0 {
			named[q] = true
			hits++
		}
	}
	return len(named) > 2 && hits*5 >= len(ws)*3
}

// labelsInOrder finds answers behind labels that are the writer's own words: as many as there are
// questions, each with what can be its answer, in their order or with one label that no question
// has. A label that names another question belongs to its place if that one has a label of its own.
func (s *sheet) labelsInOrder(lines []line) bool {
	labels, rests := labelRun(s.labelsApart(withoutEnds(lines)))
	for _, these := range [][]int{s.open, s.needed()} {
		if len(these) < 3 || len(labels) != len(these) {
			continue
		}
		if s.inPlace(these, labels, rests) {
			for i, q := range these {
				s.say(q, rests[i], false)
			}
			return true
		}
		if places := s.allButOne(these, labels, rests); places != nil {
			for i, q := range places {
				s.say(q, rests[i], false)
			}
			return true
		}
	}
	return s.labelsBetween(labels, rests)
}

// labelsApart returns lines in which one that holds two labels that both name a question is two:
// "Pupil: Ann Able, make: HP".
func (s *sheet) labelsApart(lines []string) []string {
	var out []string
	for _, l := range lines {
		first, behind, ok := strings.Cut(l, ", ")
		a, _, one := s.labelledLine(first)
		b, _, two := s.labelledLine(behind)
		if ok && one && two && a != b && sureSign().MatchString(first) && sureSign().MatchString(behind) {
			out = append(out, first, behind)
			continue
		}
		out = append(out, l)
	}
	return out
}

// labelsBetween finds answers behind labels of which some name no question, where those that do are
// at least half of them and stand in the order of the questions: as many labels between two of them
// as there are questions, each with what can be the answer, and none in free words.
func (s *sheet) labelsBetween(labels, rests []string) bool {
	named := make([]int, len(labels))
	sure, last := 0, -1
	for i, label := range labels {
		if named[i] = s.named(label); named[i] < 0 {
			continue
		}
		if named[i] <= last {
			return false
		}
		last = named[i]
		sure++
	}
	if sure < 2 || sure*2 < len(labels) || sure == len(labels) {
		return false
	}
	placed := 0
	for i := 0; i < len(labels); i++ {
		if named[i] >= 0 {
			continue
		}
		from, end := -1, i
		if i > 0 {
			from = named[i-1]
		}
		for end < len(labels) && named[end] < 0 {
			end++
		}
		to := len(s.form.Questions)
		if end < len(labels) {
			to = named[end]
		}
		between := slices.DeleteFunc(slices.Clone(s.open), func(q int) bool { return q <= from || q >= to })
		fits := len(between) == end-i
		for k, q := range between[:min(len(between), end-i)] {
			_, how := value.Of(&s.form.Questions[q], rests[i+k], s.when)
			fits = fits && how == reading.Clear && s.form.Questions[q].Kind != tickets.AskText
		}
		for k := i; fits && k < end; k++ {
			named[k] = between[k-i]
			placed++
		}
		i = end - 1
	}
	for i, q := range named {
		if placed > 0 && q >= 0 {
			s.say(q, rests[i], false)
		}
	}
	return placed > 0
}

// labelRun returns the labels and answers of lines that all have a label, but for what stands below
// an empty line behind them.
func labelRun(lines []string) (labels, rests []string) {
	blank := false
	for _, l := range lines {
		if l == "" {
			blank = true
			continue
		}
		m := labelled().FindStringSubmatch(l)
		if m == nil || m[2] == "" || len(strings.Fields(m[1])) > 5 {
			switch {
			case len(labels) == 0: // what leads to them
				continue
			case blank && len(labels) > 2, len(labels) > 3 && closes(l):
				return labels, rests
			}
			return nil, nil
		}
		blank = false
		labels, rests = append(labels, m[1]), append(rests, m[2])
	}
	return labels, rests
}

// allButOne returns the questions of labels in any order, each with what can be its answer, if all
// but one name theirs: the last question belongs to the last label.
func (s *sheet) allButOne(these []int, labels, rests []string) []int {
	fits := func(q int, text string) bool {
		_, how := value.Of(&s.form.Questions[q], text, s.when)
		return how == reading.Clear
	}
	places, free := make([]int, len(labels)), slices.Clone(these)
	left := -1
	typed := func(text string) int { // the only question of a kind left that it can answer
		found := -1
		for _, q := range free {
			if s.form.Questions[q].Kind != tickets.AskText && fits(q, text) {
				if found >= 0 {
					return -1
				}
				found = q
			}
		}
		return found
	}
	for i, label := range labels {
		q := s.named(label)
		if at := slices.Index(free, q); at >= 0 && (fits(q, rests[i]) || s.onlyLabel(labels, q)) {
			places[i] = q
			free = slices.Delete(free, at, at+1)
			continue
		}
		places[i] = -1
	}
	for i := range labels {
		if places[i] >= 0 {
			continue
		}
		if q := typed(rests[i]); q >= 0 && len(these)-len(free) > 1 {
			places[i] = q
			free = slices.DeleteFunc(free, func(f int) bool { return f == q })
			continue
		}
		if left >= 0 {
			return nil
		}
		left = i
	}
	if left < 0 && len(free) == 0 {
		return places
	}
	if left < 0 || len(free) != 1 || !fits(free[0], rests[left]) {
		return nil
	}
	places[left] = free[0]
	return places
}

// onlyLabel reports whether one label alone names a question.
func (s *sheet) onlyLabel(labels []string, q int) bool {
	n := 0
	for _, label := range labels {
		if s.named(label) == q {
			n++
		}
	}
	return n == 1
}

// fitsAlso reports whether a text can be the answer to a question.
func (s *sheet) fitsAlso(q int, text string) bool {
	_, how := value.Of(&s.form.Questions[q], text, s.when)
	return how == reading.Clear
}

func (s *sheet) inPlace(these []int, labels, rests []string) bool {
	named := make([]int, len(labels))
	for i, label := range labels {
		named[i] = s.named(label)
	}
	right, typed, doubts := 0, 0, 0
	for i, q := range these {
		question := &s.form.Questions[q]
		_, how := value.Of(question, rests[i], s.when)
		if how == reading.Unclear && named[i] != q { // somebody asks again
			doubts++
		}
		if question.Kind != tickets.AskText && how == reading.Clear {
			typed++
		}
		switch at := slices.Index(these, named[i]); {
		case named[i] == q:
			right++
		case named[i] >= 0 && (at < 0 || named[at] != named[i]) && s.fitsAlso(named[i], rests[i]):
			return false
		}
	}
	return doubts == 0 && (right >= 2 || typed >= 4) || doubts == 1 && right > 2
}

// withoutCellNumbers returns lines without those that hold nothing but the number of the question
// that follows, as a table with a column of numbers becomes a text.
func withoutCellNumbers(lines []line) []line {
	var out []line
	for i := range lines {
		next := i + 1
		for next < len(lines) && lines[next].blank() {
			next++
		}
		if next < len(lines) && lines[next].head && lines[i].quest < 0 &&
			strings.Trim(lines[i].text, ".)") == lexicon.Itoa(lines[next].quest+1) {
			continue
		}
		out = append(out, lines[i])
	}
	return out
}

// unfolded returns lines in which a line of several answers that each say which question they
// answer is as many lines: "printer = HP; pages = 3", "Question 1: yes, Question 2: no".
func (s *sheet) unfolded(lines []line) []line {
	var out []line
	for _, l := range lines {
		parts := s.unfold(l.text)
		if l.quest >= 0 || len(parts) < 3 {
			out = append(out, l)
			continue
		}
		for _, part := range parts {
			one := l
			one.text = part
			out = append(out, one)
		}
	}
	return out
}

// unfold returns the answers of a line, nil if not each of them names another question.
func (s *sheet) unfold(text string) []string {
	for _, sign := range []string{";", "|", ",", " / ", ". "} {
		labels, rests := labelRun(trimmed(strings.Split(text, sign)))
		if these := s.placesOf(labels, rests); these != nil {
			var parts []string
			for i, q := range these {
				parts = append(parts, lexicon.Itoa(q+1)+") "+rests[i])
			}
			return parts
		}
		var parts []string
		seen := map[int]bool{}
		for i, part := range strings.Split(text, sign) {
			q, _, ok := s.labelledLine(strings.TrimSpace(part))
			if m := pointer().FindStringSubmatch(strings.TrimSpace(part)); !ok && m != nil && lexicon.Has("pointer", lexicon.Plain(m[1])) &&
				s.isNumber(m[2]) {
				q, ok = lexicon.Atoi(m[2])-1, true
			}
			if ok && !seen[q] {
				seen[q] = true
				parts = append(parts, strings.TrimSpace(part))
				continue
			}
			if i == 0 {
				break
			}
			parts[len(parts)-1] += sign + part // a comma within an answer
		}
		if len(seen) > 2 {
			return parts
		}
	}
	return s.countedThrough(text)
}

func trimmed(parts []string) []string {
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// countedThrough returns the answers of a line that counts all questions with nothing behind the
// numbers: "1 HP 400 2 8000 3 yes". Each has to be one to its question.
func (s *sheet) countedThrough(text string) []string {
	ws, from := strings.Fields(text), []int{}
	for i, w := range ws {
		if w == lexicon.Itoa(len(from)+1) && (len(from) == 0 && i == 0 || len(from) > 0 && i > from[len(from)-1]+1) {
			from = append(from, i)
		}
	}
	if len(from) != len(s.form.Questions) || len(from) < 3 {
		return nil
	}
	var out []string
	for n, i := range from {
		end := len(ws)
		if n+1 < len(from) {
			end = from[n+1]
		}
		answer := strings.Trim(strings.Join(ws[i+1:end], " "), " ,;")
		if _, how := value.Of(&s.form.Questions[n], answer, s.when); how != reading.Clear {
			return nil
		}
		out = append(out, lexicon.Itoa(n+1)+") "+answer)
	}
	return out
}

// forTwo is a line that answers two questions: "3 + 4: yes".
var forTwo = lexicon.Pattern(`^[*_(\[-]*(\d{1,2})[.)]?\s*(?:([+&/,])|\s(und|and|et|y|e|en)\s)\s*(\d{1,2})\s*[.):\]]+\s*(.+)$`)

// twoAtOnce returns the answers of a line to two questions: one for each, or the same yes or no to
// both.
func (s *sheet) twoAtOnce(text string) []chunk {
	m := forTwo().FindStringSubmatch(text)
	if m == nil || !s.isNumber(m[1]) || !s.isNumber(m[4]) || lexicon.Atoi(m[1]) >= lexicon.Atoi(m[4]) {
		return nil
	}
	a, b := lexicon.Atoi(m[1])-1, lexicon.Atoi(m[4])-1
	fits := func(q int, text string) bool {
		_, how := value.Of(&s.form.Questions[q], text, s.when)
		return how == reading.Clear
	}
	if parts := split([]string{m[5]}); len(parts) == 2 && fits(a, parts[0]) && fits(b, parts[1]) {
		return []chunk{{a, parts[:1]}, {b, parts[1:]}}
	}
	if s.form.Questions[a].Kind == tickets.AskYesNo && s.form.Questions[b].Kind == tickets.AskYesNo && fits(a, m[5]) {
		return []chunk{{a, []string{m[5]}}, {b, []string{m[5]}}}
	}
	return nil
}

var signed = lexicon.Pattern(`^(?:\[([\pL. ]{2,20})\]|<([\pL. ]{2,20})>|([\pL.]{2,15})\s*[:>])\s*(.+)`)

// unsigned takes the writer's name or initials off the front of an answer: "[MM] yes", "Max: yes".
func (s *sheet) unsigned(text string) string {
	m := signed().FindStringSubmatch(text)
	if m == nil {
		return text
	}
	mark := strings.ReplaceAll(lexicon.Plain(m[1]+m[2]+m[3]), " ", "")
	initials := ""
	for _, name := range s.writer {
		if name == mark {
			return text[len(text)-len(m[4])-len(text[len(m[0]):]):]
		}
		initials += string([]rune(name)[:1])
	}
	if len(initials) > 1 && mark == initials {
		return text[len(text)-len(m[4])-len(text[len(m[0]):]):]
	}
	return text
}
