package mention

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// LeadsTo returns the question whose words stand beside a code, -1 if none or several do.
func LeadsTo(s *sheet.Sheet, c Code) int {
	best, at, ties := 0, -1, false
	for _, q := range s.Open {
		if !s.AsksCode(q) || c.Iban != slices.Contains(lexicon.Words(s.Wording(q)), "iban") {
			continue
		}
		n := 0
		for _, w := range lexicon.Content(s.Wording(q)) {
			if slices.ContainsFunc(c.Lead, func(l string) bool { return lexicon.Matches(l, []string{w}) }) {
				n += 2
			}
			if slices.ContainsFunc(c.then, func(l string) bool { return lexicon.Matches(l, []string{w}) }) {
				n++
			}
		}
		switch {
		case n > best:
			best, at, ties = n, q, false
		case n == best && n > 0:
			ties = true
		}
	}
	if ties {
		return -1
	}
	return at
}

// leads reports whether words of a question for a number of something stand among others.
func leads(s *sheet.Sheet, lead []string) bool {
	return slices.ContainsFunc(s.Open, func(q int) bool {
		asked := lexicon.Content(s.Wording(q))
		return s.AsksCode(q) && slices.ContainsFunc(lead, func(w string) bool { return lexicon.Matches(w, asked) })
	})
}

// shownIn reports whether a number in a clause is what something shows that a question asks for:
// "the meter says 4410".
func shownIn(s *sheet.Sheet, c *statement.Statement, lead []string) bool {
	if ws := lexicon.Words(strings.Join(lead, " ")); lexicon.HasAny(ws, "codeword") || leads(s, ws) &&
		lexicon.Has("copula", ws[len(ws)-1]) {
		return false
	}
	return slices.ContainsFunc(s.Open, func(q int) bool {
		return s.Form.Questions[q].Kind == tickets.AskNumber && s.CountedThings(q) == nil &&
			lexicon.Mentions(c.Text, lexicon.Content(s.Wording(q))) > 0
	})
}

// Unclaimed reports whether nothing beside a code says that it is the one of something else.
func Unclaimed(c Code) bool {
	if c.From.Inside || lexicon.HasAny(c.Lead, "before") || lexicon.HasAny(c.then, "before") {
		return false
	}
	n := len(c.Lead)
	return c.Iban || n == 0 || lexicon.Has("stop", c.Lead[n-1]) || lexicon.Has("copula", c.Lead[n-1]) ||
		lexicon.Has("codeword", c.Lead[n-1])
}

// OfSomethingElse reports whether a code is the number of something that no question asks for: "the
// shop's number is X-1", "mon numéro de client".
func OfSomethingElse(s *sheet.Sheet, c Code) bool {
	for i, w := range c.Lead {
		if !lexicon.Has("numberword", w) {
			continue
		}
		if i > 0 && strings.HasSuffix(c.Lead[i-1], "'s") && !s.HasWord(c.Lead[i-1]) {
			return true
		}
		if rest := c.Lead[i+1:]; len(rest) > 1 && lexicon.OneOf(rest[:1], "de", "du", "di", "del", "van", "of", "for") &&
			!lexicon.Has("stop", rest[1]) && !lexicon.Has("copula", rest[1]) && !s.HasWord(rest[1]) {
			return true
		}
	}
	return false
}

// UnlessFine returns a code, "" if it is said of its thing that nothing is wrong with it.
func (c Code) UnlessFine() string {
	if lexicon.PhraseIn("inorder", c.From.Text) {
		return ""
	}
	return c.Text
}
