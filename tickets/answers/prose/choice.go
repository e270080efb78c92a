package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// answerChoice takes the choice that clauses name.
func answerChoice(s *sheet.Sheet, q int, all []statement.Statement) {
	question := &s.Form.Questions[q]
	for i := range s.Form.Questions { // the same word could be meant for another one
		if i == q || s.Form.Questions[i].Kind != tickets.AskChoice {
			continue
		}
		for _, c := range s.Form.Questions[i].Choices {
			if slices.ContainsFunc(question.Choices,
				func(o tickets.Choice) bool { return lexicon.Plain(o.Value) == lexicon.Plain(c.Value) }) {
				return
			}
		}
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		text := strings.ReplaceAll(lexicon.WithoutAddresses(c.Text), "'s ", " ")
		if c.Labels && len(lexicon.Words(text)) <= maxDay || lexicon.PhraseIn("isattached", text) {
			continue // a Word file
		}
		if v, how := termIn(s, q, c); how != reading.Silent {
			found = append(found, candidate{value: v, strong: true, from: c})
			continue
		}
		if s.AsksTerm(q) &&
			(lexicon.PhraseIn("formerly", c.Text) || slices.ContainsFunc(mention.Numbers(s, c.Text), func(n mention.Number) bool {
				return n.Next != "" && !lexicon.Has("stop", n.Next)
			})) {
			continue // it counts something else
		}
		v, how := choice.Read(question, text)
		if how != reading.Clear && choice.CountNamed(question, text) == 0 {
			if made := compoundChoice(s, q, text); made != "" {
				if c.Unsure() || slices.ContainsFunc(lexicon.Words(text), clause.Denies) {
					made = ""
				}
				found = append(found, candidate{value: made, strong: true, from: c})
				continue
			}
			if meant := choice.Meant(question, text); len(meant) > 0 {
				if len(meant) > 1 || c.Unsure() || slices.ContainsFunc(lexicon.Words(text), clause.Denies) &&
					!lexicon.PhraseIn("meaning", text) {
					meant[0] = ""
				}
				found = append(found, candidate{value: meant[0], strong: true, from: c})
			}
			continue
		}
		if how == reading.Clear && choice.NearAnother(question, text, v) {
			how = reading.Unclear
		}
		_, inPart := choice.Partly(question, text)
		if how == reading.Clear &&
			(choice.CountNamed(question, text) > 0 || inPart || len(lexicon.Words(text)) == 1 || choice.HasForms(question, text)) {
			found = append(found, candidate{value: v, strong: true, from: c})
		} else if choice.CountNamed(question, text) > 0 {
			found = append(found, candidate{strong: true, from: c})
		}
	}
	settle(s, q, found, false)
}

// compoundChoice returns the only choice that stands in a text as the front of a word for what a
// question asks for: "trekkingfiets", "Gravelbike".
func compoundChoice(s *sheet.Sheet, q int, text string) string {
	question := &s.Form.Questions[q]
	asked := lexicon.Content(lexicon.Joined(question.Ask))
	said := ""
	for _, w := range lexicon.Words(text) {
		for _, c := range question.Choices {
			rest, ok := strings.CutPrefix(w, lexicon.Plain(c.Value))
			if !ok || len(c.Value) < minFront ||
				!slices.ContainsFunc(asked, func(a string) bool { return a == rest || choice.SameThing(a, rest) }) {
				continue
			}
			if said != "" && said != c.Value {
				return ""
			}
			said = c.Value
		}
	}
	return said
}

// minFront is how long a choice is at least that makes the front of a word.
const minFront = 4

// termIn returns the choice of a question for a number of months that a clause names, also in
// years: silent if it names none. How long something has been so is no answer.
func termIn(s *sheet.Sheet, q int, c *statement.Statement) (string, reading.State) {
	question := &s.Form.Questions[q]
	if !s.AsksTerm(q) {
		return "", reading.Silent
	}
	said := ""
	for _, n := range mention.Numbers(s, c.Text) {
		span, months := lexicon.Section("span")[n.Next], lexicon.Atoi(n.Value)
		if span == lexicon.SpanYear {
			months *= 12
		} else if span != lexicon.SpanMonth {
			continue
		}
		ws := lexicon.Words(c.Text)
		short := len(ws) <= maxTerm && !lexicon.HasAny(ws, "sinceword")
		is := slices.ContainsFunc(question.Choices, func(o tickets.Choice) bool { return o.Value == lexicon.Itoa(months) })
		if !is || lexicon.PhraseIn("formerly", c.Text) || span == lexicon.SpanYear && !short && !lexicon.PhraseIn("renewing", c.Text) {
			continue
		}
		if said != "" && said != lexicon.Itoa(months) || n.Unsure || c.Unsure() || slices.ContainsFunc(ws, clause.Denies) {
			return "", reading.Unclear
		}
		said = lexicon.Itoa(months)
	}
	if said == "" {
		return "", reading.Silent
	}
	return said, reading.Clear
}

// maxTerm is how many words name a term and no more than that.
const maxTerm = 4
