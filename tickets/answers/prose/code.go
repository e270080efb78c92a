package prose

import (
	"slices"

	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// answerCodes answers the questions for numbers of something.
func answerCodes(s *sheet.Sheet, all []statement.Statement) {
	var asking []int
	for _, q := range s.Open {
		if s.AsksCode(q) {
			asking = append(asking, q)
		}
	}
	if len(asking) == 0 {
		return
	}
	var codes []mention.Code
	for i := range all {
		found := mention.Codes(s, all, i)
		codes = append(codes, slices.DeleteFunc(found, func(c mention.Code) bool { return mention.OfSomethingElse(s, c) })...)
	}
	taken := map[string]bool{}
	weak := map[bool][]int{}
	for _, q := range asking {
		iban := slices.Contains(lexicon.Words(s.Wording(q)), "iban")
		var found []candidate
		for _, c := range codes {
			if c.Iban == iban && mention.LeadsTo(s, c) == q {
				found = append(found, candidate{value: c.UnlessFine(), strong: true, from: c.From})
			}
		}
		before := len(s.Said[q])
		if !slices.ContainsFunc(codes, func(c mention.Code) bool { return c.Iban == iban && len(found) > 0 && rivals(s, c, found) }) {
			settle(s, q, found, false)
		}
		if len(found) == 0 && saysNone(s, q, all) {
			continue
		}
		for _, f := range found {
			taken[f.value] = true
		}
		if len(s.Said[q]) == before && len(found) == 0 {
			weak[iban] = append(weak[iban], q)
		}
	}
	for iban, these := range weak {
		if len(these) != 1 || s.Form.Questions[these[0]].Optional {
			continue // who gives a number that nobody has to give says of what it is
		}
		var found []candidate
		for _, c := range codes {
			if c.Iban == iban && !taken[c.Text] && mention.Unclaimed(c) {
				found = append(found, candidate{value: c.UnlessFine(), from: c.From})
			}
		}
		settle(s, these[0], found, true)
	}
}

// saysNone reports whether a clause says that there is no number of what a question asks for:
// "there is no error code".
func saysNone(s *sheet.Sheet, q int, all []statement.Statement) bool {
	asked := lexicon.Content(s.Wording(q))
	return slices.ContainsFunc(all, func(c statement.Statement) bool {
		ws := lexicon.Words(c.Text)
		for i := 0; i+1 < len(ws); i++ {
			next := ws[i+1 : min(len(ws), i+3)]
			if lexicon.Has("nothingof", ws[i]) && slices.ContainsFunc(next, func(w string) bool { return lexicon.Matches(w, asked) }) {
				return true
			}
		}
		return false
	})
}

// rivals reports whether a code could be meant as well as those beside the words of a question: "my
// number is A100, Ben's A101".
func rivals(s *sheet.Sheet, c mention.Code, found []candidate) bool {
	return !c.From.Inside && !c.From.Revoked && !lexicon.HasAny(c.Lead, "document") && mention.LeadsTo(s, c) < 0 &&
		(len(c.Lead) < 2 || mention.Unclaimed(c)) &&
		!slices.ContainsFunc(found, func(f candidate) bool { return f.value == c.Text })
}
