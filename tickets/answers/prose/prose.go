// Package prose owns how answers are found in sentences: a question gets a value only if its own
// words stand beside it, or if it is the only one of its kind on both sides. It must never know
// lines.
package prose

import (
	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
)

// Read finds answers in a text of sentences as a careful reader does: what is said there that could
// be an answer is looked at together with all questions, and one gets it only if its own words
// stand beside it, or if it is the only one of its kind on both sides. What competes answers
// nothing: somebody asks again.
func Read(s *sheet.Sheet, text string) {
	if len(lexicon.Words(text)) > maxProse {
		return // who writes that much tells something else
	}
	before := len(s.Said)
	all, amended := amend(s, statement.Of(s, text))
	answerPieces(s, text, amended)
	answerLabels(s, all)
	answerCodes(s, all)
	for _, q := range s.Open {
		if len(s.Said[q]) > 0 {
			continue
		}
		switch s.Form.Questions[q].Kind {
		case tickets.AskEmail:
			answerEmail(s, q, all)
		case tickets.AskDate:
			answerDay(s, q, all, s.IsOnly(tickets.AskDate))
		case tickets.AskChoice:
			answerChoice(s, q, all)
		case tickets.AskNumber:
			answerNumber(s, q, all)
		case tickets.AskYesNo:
			answerYesNo(s, q, all)
		case tickets.AskText:
			answerText(s, q, all)
		}
	}
	answerLastDay(s, all)
	answerSentences(s, all)
	answerThings(s, all, true)
	if len(s.Said) > 1 { // something shows that it is about the questions
		answerThings(s, all, false)
	}
	dropLoneAnswer(s, before, text)
}

// maxProse is how many words of sentences are looked through for answers.
const maxProse = 120

// answerLabels takes what stands behind the name of a question: "pages: 3500", "cable yes".
func answerLabels(s *sheet.Sheet, all []statement.Statement) {
	for i := range all {
		c := &all[i]
		if c.Aside || c.Revoked || c.Doubted || c.Amended || len(lexicon.Words(c.Text)) > maxPiece || c.Unsure() ||
			lexicon.HasAny(lexicon.Words(c.Text), "anotherone") ||
			lexicon.PhraseIn("manydays", c.Whole) {
			continue
		}
		if c.Labels && i+1 < len(all) && all[i+1].Sentence == c.Sentence {
			q := label.Named(s, c.Text)
			if q < 0 || !s.IsOpen(q) || len(s.Said[q]) > 0 || lexicon.HasDigit(c.Text) {
				continue
			}
			question, rest := &s.Form.Questions[q], all[i+1].Text
			if _, how := value.Of(question, rest, s.When); how == reading.Clear &&
				(question.Kind != tickets.AskText || label.IsNameLike(rest)) {
				s.Say(q, rest, true)
			}
			continue
		}
		if lexicon.Has("but", lexicon.Words(c.Text)[0]) {
			continue // no short word for "benutzt"
		}
		if q, rest, ok := label.Leading(s, c.Text); ok && len(s.Said[q]) == 0 {
			if question := &s.Form.Questions[q]; question.Kind == tickets.AskDate &&
				besideAnother(s, q, all, c, s.When.For(question.Ask, question.Kind == tickets.AskDate)) {
				continue
			}
			if s.AsksCode(q) {
				codes := mention.Codes(s, all, i)
				if len(codes) != 1 {
					continue
				}
				rest = codes[0].Text
			}
			s.Say(q, rest, true)
		}
	}
}

// answerEmail takes the only address that a clause gives.
func answerEmail(s *sheet.Sheet, q int, all []statement.Statement) {
	if !s.IsOnly(tickets.AskEmail) {
		return
	}
	var found []candidate
	for i := range all {
		c := &all[i]
		if len(lexicon.Addresses(c.Text)) == 0 {
			if lexicon.PhraseIn("thisaddress", c.Text) && !clause.HasNegation(lexicon.Words(c.Text)) {
				found = append(found, candidate{value: s.When.From, strong: true, from: c})
			}
			continue
		}
		v, how := value.EmailIn(c.Text)
		if how == reading.Clear {
			found = append(found, candidate{value: v, strong: true, from: c})
		} else if !clause.HasNegation(lexicon.Words(c.Text)) {
			found = append(found, candidate{strong: true, from: c})
		}
	}
	settle(s, q, found, false)
}

// dropLoneAnswer forgets what was found if it is the answer to one question alone, in a sentence of
// a text that does not name it: who tells that a colleague in Berlin has the same trouble has not
// said at which site they are.
func dropLoneAnswer(s *sheet.Sheet, before int, text string) {
	if before > 0 || len(s.Said) != 1 || len(s.Open) == 1 || len(lexicon.Words(text)) <= 5 {
		return
	}
	for q := range s.Said {
		if s.Form.Questions[q].Kind != tickets.AskText {
			delete(s.Said, q)
		}
	}
}
