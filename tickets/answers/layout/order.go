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

// loose finds answers that do not say which question they answer: to the only one that is open, one
// a line in their order, one behind the other in a line, or somewhere in a text.
func loose(p *page.Page, lines []page.Line, prose func(text string)) {
	text := page.WithoutEnds(lines)
	var full []string
	for _, l := range text {
		if l != "" {
			full = append(full, lexicon.Tidy(l))
		}
	}
	if len(full) == 0 {
		return
	}
	if len(p.Open) == 1 {
		whole := strings.Join(text, "\n")
		if !lexicon.PhraseIn("intend", whole) && !strings.HasSuffix(whole, "?") { // that is no answer yet
			q := p.Open[0]
			p.Said[q] = append(p.Said[q], sheet.Answer{Text: p.WithoutSignature(strings.TrimSpace(whole)), Aside: offTopic(p.Sheet, q,
				whole)})
		}
		return
	}
	if slices.ContainsFunc(full, func(text string) bool { return label.ListsLabels(p.Sheet, text) }) {
		return // the head of a table, whose columns nobody can see any more
	}
	asking := slices.DeleteFunc(slices.Clone(full), asksBack)
	for _, parts := range append([][]string{full, split(full), asking}, stretches(text)...) {
		if inOrder(p.Sheet, parts, false) || bareLabels(p.Sheet, parts) {
			return
		}
	}
	inOrder := func(parts []string) bool { return inOrder(p.Sheet, parts, true) }
	toAll := func(parts []string) bool { return len(parts) == len(p.Open) && inOrder(parts) }
	if bareLabels(p.Sheet, text) || slices.ContainsFunc(stretches(text), toAll) || aligned(p.Sheet, asking) || inOrder(full) ||
		inOrder(asking) {
		return
	}
	if otherLabels(p.Sheet, full) {
		return
	}
	prose(clause.Unwrap(text))
}

// otherLabels reports whether most lines have labels, and those name no question: an order, a card.
func otherLabels(s *sheet.Sheet, full []string) bool {
	n := 0
	for _, l := range full {
		if name, rest, ok := label.Cut(l); ok && rest != "" && label.IsSure(l) && label.Named(s, name) < 0 &&
			len(lexicon.Words(rest)) <= maxLabelled {
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

// offTopic reports whether a text is a sentence about something else: where a question asks for a
// name or a number, it has no digit, no name and no word of the question; where it asks for a day,
// it asks for something itself.
func offTopic(s *sheet.Sheet, q int, text string) bool {
	question := &s.Form.Questions[q]
	asked := lexicon.Words(lexicon.Joined(question.Ask))
	if question.Kind == tickets.AskDate { // "please come today"
		return len(lexicon.Words(text)) > 2 && lexicon.PhraseIn("request", text) &&
			lexicon.Mentions(text, lexicon.Content(lexicon.Joined(question.Ask))) == 0
	}
	telling := slices.ContainsFunc(lexicon.Words(text), func(w string) bool {
		return lexicon.Has("telling", w) || lexicon.Has("askthem", w)
	})
	switch question.Kind {
	case tickets.AskChoice:
		return telling
	case tickets.AskNumber:
		return telling || len(lexicon.Words(text)) > 4 && lexicon.Mentions(text, lexicon.Content(lexicon.Joined(question.Ask))) == 0 &&
			!lexicon.StartsWith("weare", text)
	}
	if question.Kind == tickets.AskText && s.AsksOneThing(q) && len(lexicon.Words(text)) > value.MaxName {
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
func inOrder(s *sheet.Sheet, parts []string, lines bool) bool {
	if len(parts) < 2 {
		return false
	}
	for _, these := range [][]int{s.Open, s.Needed()} {
		if len(these) != len(parts) {
			continue
		}
		fits, typed, sure, doubts, labels := true, false, 0, 0, 0
		for i, q := range these {
			question := &s.Form.Questions[q]
			if first := strings.Fields(parts[i]); len(first) > 1 && label.Named(s, first[0]) == q {
				labels++
			}
			_, how := value.Of(question, parts[i], s.When)
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
		if fits && sure >= min(2, sure+doubts) && doubts <= 2 && (doubts == 0 || labels < 2) && (typed || len(parts) == len(s.Open)) {
			for i, q := range these {
				s.Say(q, parts[i], false)
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
func aligned(s *sheet.Sheet, lines []string) bool {
	typed := 0
	n := len(lines)
	if n < 3 || n >= len(s.Open) || n > maxAligned {
		return false
	}
	fits := make([][]bool, n)
	for i, l := range lines {
		fits[i] = fitting(s, l)
	}
	places := sheet.Place(fits)
	for i, at := range places {
		if at < 0 {
			return false
		}
		places[i] = s.Open[at]
		if s.Form.Questions[places[i]].Kind != tickets.AskText {
			typed++
		}
	}
	if typed < 3 || typed*2 < n {
		return false
	}
	for i, q := range places {
		s.Say(q, lines[i], false)
	}
	return true
}

// maxAligned is how many lines are placed where some questions have none.
const maxAligned = 20

// fitting returns which of the open questions a whole line can answer, where nothing but its kind
// says so: free words are few, no sentence about something else, and no day, choice or address.
func fitting(s *sheet.Sheet, text string) []bool {
	out, named := make([]bool, len(s.Open)), false
	for i, q := range s.Open {
		question := &s.Form.Questions[q]
		_, how := value.Of(question, text, s.When)
		out[i] = how == reading.Clear
		naming := []tickets.QuestionKind{tickets.AskChoice, tickets.AskDate, tickets.AskEmail}
		named = named || out[i] && slices.Contains(naming, question.Kind)
	}
	free := !named && len(lexicon.Words(text)) <= maxLine && !lexicon.PhraseIn("intend", text) && !lexicon.PhraseIn("request", text) &&
		!slices.ContainsFunc(lexicon.Words(text), func(w string) bool { return lexicon.Has("smalltalk", w) })
	for i, q := range s.Open {
		out[i] = out[i] && (free || s.Form.Questions[q].Kind != tickets.AskText)
	}
	return out
}

// maxLine is how many free words on a line are an answer by its place.
const maxLine = 6
