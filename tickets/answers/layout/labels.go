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

// labelsInOrder finds answers behind labels that are the writer's own words: as many as there are
// questions, each with what can be its answer, in their order or with one label that no question
// has. A label that names another question belongs to its place if that one has a label of its own.
func labelsInOrder(s *sheet.Sheet, lines []page.Line) bool {
	labels, rests := label.Run(labelsApart(s, page.WithoutEnds(lines)))
	for _, these := range [][]int{s.Open, s.Needed()} {
		if len(these) < 3 || len(labels) != len(these) {
			continue
		}
		if inPlace(s, these, labels, rests) {
			for i, q := range these {
				s.Say(q, rests[i], false)
			}
			return true
		}
		if places := allButOne(s, these, labels, rests); places != nil {
			for i, q := range places {
				s.Say(q, rests[i], false)
			}
			return true
		}
	}
	return labelsBetween(s, labels, rests)
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

func inPlace(s *sheet.Sheet, these []int, labels, rests []string) bool {
	named := make([]int, len(labels))
	for i, name := range labels {
		named[i] = label.Named(s, name)
	}
	right, typed, doubts := 0, 0, 0
	for i, q := range these {
		question := &s.Form.Questions[q]
		_, how := value.Of(question, rests[i], s.When)
		if how == reading.Unclear && named[i] != q { // somebody asks again
			doubts++
		}
		if question.Kind != tickets.AskText && how == reading.Clear {
			typed++
		}
		switch at := slices.Index(these, named[i]); {
		case named[i] == q:
			right++
		case named[i] >= 0 && (at < 0 || named[at] != named[i]) && fitsAlso(s, named[i], rests[i]):
			return false
		}
	}
	return doubts == 0 && (right >= 2 || typed >= 4) || doubts == 1 && right > 2
}

// allButOne returns the questions of labels in any order, each with what can be its answer, if all
// but one name theirs: the last question belongs to the last label.
func allButOne(s *sheet.Sheet, these []int, labels, rests []string) []int {
	fits := func(q int, text string) bool {
		_, how := value.Of(&s.Form.Questions[q], text, s.When)
		return how == reading.Clear
	}
	places, free := make([]int, len(labels)), slices.Clone(these)
	left := -1
	typed := func(text string) int { // the only question of a kind left that it can answer
		found := -1
		for _, q := range free {
			if s.Form.Questions[q].Kind != tickets.AskText && fits(q, text) {
				if found >= 0 {
					return -1
				}
				found = q
			}
		}
		return found
	}
	for i, name := range labels {
		q := label.Named(s, name)
		if at := slices.Index(free, q); at >= 0 && (fits(q, rests[i]) || onlyLabel(s, labels, q)) {
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
func onlyLabel(s *sheet.Sheet, labels []string, q int) bool {
	n := 0
	for _, name := range labels {
		if label.Named(s, name) == q {
			n++
		}
	}
	return n == 1
}

// labelsBetween finds answers behind labels of which some name no question, where those that do are
// at least half of them and stand in the order of the questions: as many labels between two of them
// as there are questions, each with what can be the answer, and none in free words.
func labelsBetween(s *sheet.Sheet, labels, rests []string) bool {
	named := make([]int, len(labels))
	sure, last := 0, -1
	for i, name := range labels {
		if named[i] = label.Named(s, name); named[i] < 0 {
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
		to := len(s.Form.Questions)
		if end < len(labels) {
			to = named[end]
		}
		between := slices.DeleteFunc(slices.Clone(s.Open), func(q int) bool { return q <= from || q >= to })
		fits := len(between) == end-i
		for k, q := range between[:min(len(between), end-i)] {
			_, how := value.Of(&s.Form.Questions[q], rests[i+k], s.When)
			fits = fits && how == reading.Clear && s.Form.Questions[q].Kind != tickets.AskText
		}
		for k := i; fits && k < end; k++ {
			named[k] = between[k-i]
			placed++
		}
		i = end - 1
	}
	for i, q := range named {
		if placed > 0 && q >= 0 {
			s.Say(q, rests[i], false)
		}
	}
	return placed > 0
}

// fitsAlso reports whether a text can be the answer to a question.
func fitsAlso(s *sheet.Sheet, q int, text string) bool {
	_, how := value.Of(&s.Form.Questions[q], text, s.When)
	return how == reading.Clear
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
