package layout

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
)

// behindLabels finds answers behind labels, each on a line of its own, and be they the writer's own
// words.
func behindLabels(s *sheet.Sheet, lines []page.Line) bool {
	labels, texts := label.Run(labelsApart(s, page.WithoutEnds(lines)))
	places := newRun(s, labels, texts).places()
	for i, q := range places {
		if q >= 0 {
			s.Say(q, texts[i], false)
		}
	}
	return places != nil
}

// labelsApart returns lines in which one that holds two labels that both name a question is two:
// "Pupil: Ann Able, make: HP".
func labelsApart(s *sheet.Sheet, lines []string) []string {
	var out []string
	for _, l := range lines {
		first, behind, ok := strings.Cut(l, ", ")
		a, _, one := label.Labelled(s, first)
		b, _, two := label.Labelled(s, behind)
		if ok && one && two && a != b && label.IsSure(first) && label.IsSure(behind) {
			out = append(out, first, behind)
			continue
		}
		out = append(out, l)
	}
	return out
}

// run is labels in a row with the text behind each.
type run struct {
	sheet *sheet.Sheet
	texts []string
	named []int // the question that each label names, -1 for none
}

func newRun(s *sheet.Sheet, labels, texts []string) *run {
	r := &run{sheet: s, texts: texts, named: make([]int, len(labels))}
	for i, name := range labels {
		r.named[i] = label.Named(s, name)
	}
	return r
}

// places returns for each label the question to which it belongs, -1 for none; nil if nobody can be
// sure. There are as many labels as questions, which are in order or named but for one, or those
// without a name stand between others.
func (r *run) places() []int {
	for _, these := range [][]int{r.sheet.Open, r.sheet.Needed()} {
		if len(these) < 3 || len(r.named) != len(these) {
			continue
		}
		if r.inOrder(these) {
			return these
		}
		if places := r.allButOne(these); places != nil {
			return places
		}
	}
	return r.between()
}

// says returns what a text says to a question.
func (r *run) says(i, q int) reading.State {
	_, how := value.Of(&r.sheet.Form.Questions[q], r.texts[i], r.sheet.When)
	return how
}

// isText reports whether a question is one in free words.
func (r *run) isText(q int) bool { return r.sheet.Form.Questions[q].Kind == tickets.AskText }

// inOrder reports whether the labels are those of questions in their order: two of them are named
// right, or four texts can be the answers of their kind. A label that names another question
// belongs to its place if that one has a label of its own.
func (r *run) inOrder(these []int) bool {
	right, typed, doubts := 0, 0, 0
	for i, q := range these {
		how, named := r.says(i, q), r.named[i]
		if how == reading.Unclear && named != q { // somebody asks again
			doubts++
		}
		if how == reading.Clear && !r.isText(q) {
			typed++
		}
		switch at := slices.Index(these, named); {
		case named == q:
			right++
		case named >= 0 && (at < 0 || r.named[at] != named) && r.says(i, named) == reading.Clear:
			return false
		}
	}
	return doubts == 0 && (right >= 2 || typed >= 4) || doubts == 1 && right > 2
}

// allButOne returns the questions of labels in any order, each with what can be its answer, if all
// but one name theirs or have a text of a kind that one question alone asks for: the last question
// belongs to the last label.
func (r *run) allButOne(these []int) []int {
	places, free, left := make([]int, len(r.named)), slices.Clone(these), -1
	place := func(i, q int) {
		places[i] = q
		free = slices.DeleteFunc(free, func(f int) bool { return f == q })
	}
	for i, q := range r.named {
		places[i] = -1
		if slices.Contains(free, q) && (r.says(i, q) == reading.Clear || r.isOnlyName(q)) {
			place(i, q)
		}
	}
	for i := range places {
		if places[i] >= 0 {
			continue
		}
		if q := r.onlyKind(i, free); q >= 0 && len(these)-len(free) > 1 {
			place(i, q)
			continue
		}
		if left >= 0 {
			return nil
		}
		left = i
	}
	switch {
	case left < 0 && len(free) == 0:
		return places
	case left < 0 || len(free) != 1 || r.says(left, free[0]) != reading.Clear:
		return nil
	}
	place(left, free[0])
	return places
}

// onlyKind returns the only question of a kind among others that a text can answer, -1 if there is
// none or several.
func (r *run) onlyKind(i int, these []int) int {
	found := -1
	for _, q := range these {
		if r.isText(q) || r.says(i, q) != reading.Clear {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = q
	}
	return found
}

// isOnlyName reports whether one label alone names a question.
func (r *run) isOnlyName(q int) bool {
	n := 0
	for _, named := range r.named {
		if named == q {
			n++
		}
	}
	return n == 1
}

// between returns the questions of labels of which some name none, where those that do are at least
// half of them and stand in the order of the questions: as many labels between two of them as there
// are questions, each with what can be the answer, and none in free words.
func (r *run) between() []int {
	places, sure, last, placed := slices.Clone(r.named), 0, -1, 0
	for _, q := range r.named {
		if q < 0 {
			continue
		}
		if q <= last {
			return nil
		}
		last = q
		sure++
	}
	if sure < 2 || sure*2 < len(places) || sure == len(places) {
		return nil
	}
	from := -1
	for i := 0; i < len(places); i++ {
		if places[i] >= 0 {
			from = places[i]
			continue
		}
		end, to := i, len(r.sheet.Form.Questions)
		for end < len(places) && places[end] < 0 {
			end++
		}
		if end < len(places) {
			to = places[end]
		}
		free := slices.DeleteFunc(slices.Clone(r.sheet.Open), func(q int) bool { return q <= from || q >= to })
		fits := len(free) == end-i
		for k := i; fits && k < end; k++ {
			fits = !r.isText(free[k-i]) && r.says(k, free[k-i]) == reading.Clear
		}
		if fits {
			placed += copy(places[i:end], free)
		}
		i = end - 1
	}
	if placed == 0 {
		return nil
	}
	return places
}

// bareLabels finds answers behind labels without a sign between: "order number 4711", a line each
// or the cells of a table. Each line has to begin with the name of another question.
func bareLabels(s *sheet.Sheet, lines []string) bool {
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
			if name := strings.Join(ws[:n], " "); len(lexicon.Content(name)) > 0 || n == 1 {
				q = label.Named(s, name)
			}
		}
		if q < 0 || seen[q] {
			return false
		}
		seen[q] = true
		rest := strings.Join(ws[n+1:], " ")
		question := &s.Form.Questions[q]
		if _, how := value.Of(question, rest, s.When); how != reading.Clear && question.Kind != tickets.AskText ||
			label.ListsLabels(s, rest) {
			return false
		}
		chunks = append(chunks, chunk{q, []string{rest}})
	}
	if len(chunks) < 3 {
		return false
	}
	for _, c := range chunks {
		s.Say(c.quest, c.lines[0], false)
	}
	return true
}

// underLabels finds answers that stand each on the line below a label, as a table becomes a text:
// below the question's words, or its number.
func underLabels(s *sheet.Sheet, lines []page.Line) bool {
	var full []string
	for _, l := range page.WithoutEnds(lines) {
		if l != "" {
			full = append(full, strings.Trim(l, "|*_ \t"))
		}
	}
	for start := range min(3, len(full)) {
		var chunks []chunk
		for end := len(full); end >= start+4 && end >= len(full)-2 && chunks == nil; end-- {
			if (end-start)%2 == 0 {
				chunks = pairs(s, full[start:end])
			}
		}
		if chunks == nil {
			continue
		}
		for _, c := range chunks {
			s.Say(c.quest, c.lines[0], false)
		}
		return true
	}
	return false
}

// pairs returns lines as labels and answers by turns, nil if they are not.
func pairs(s *sheet.Sheet, lines []string) []chunk {
	var labels, rests []string
	for i := 0; i+1 < len(lines); i += 2 {
		labels, rests = append(labels, strings.TrimRight(lines[i], ":? ")), append(rests, lines[i+1])
	}
	if these := placesOf(s, labels, rests); these != nil {
		return chunksOf(these, rests)
	}
	var out []chunk
	seen, numbers := map[int]bool{}, 0
	for i := 0; i < len(lines); i += 2 {
		q := -1
		if s.HasNumber(strings.Trim(lines[i], ".):")) && len(lines[i]) <= 3 {
			q = lexicon.Atoi(strings.Trim(lines[i], ".):")) - 1
			numbers++
		} else if len(lexicon.Words(lines[i])) <= 6 {
			q = label.Named(s, strings.TrimRight(lines[i], ":?"))
		}
		if q < 0 || seen[q] {
			return nil
		}
		seen[q] = true
		out = append(out, chunk{q, []string{withoutLabel(s, q, lines[i+1])}})
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
