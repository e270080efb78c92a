package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/affirm"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/yesno"
)

// answerYesNo takes what clauses say to a yes or no.
func answerYesNo(s *sheet.Sheet, q int, all []statement.Statement) {
	var found []candidate
	for i := range all {
		c := &all[i]
		if lexicon.StartsWith("whetherword", c.Text) {
			continue
		}
		sure := plainly(withoutBut(lexicon.Words(c.Text)))
		if sure != "" && i > 0 && strings.HasSuffix(all[i-1].Whole, "?") && lexicon.Mentions(all[i-1].Whole, s.OwnWords(q)) == 0 {
			continue // it answers what they asked themselves
		}
		if sure != "" && s.IsOnly(tickets.AskYesNo) && lexicon.Plain(c.Whole) == lexicon.Plain(c.Text) {
			found = append(found, candidate{value: sure, from: c})
			continue
		}
		// Yes, by cable.
		if i > 0 && all[i-1].Sentence == c.Sentence && lexicon.Mentions(c.Text, s.OwnWords(q)) > 0 &&
			len(lexicon.Words(c.Text)) <= affirm.MaxWish {
			before := yesno.Exactly(strings.Join(withoutBut(lexicon.Words(all[i-1].Text)), " "))
			if before != "" && lexicon.Plain(all[i-1].Text) != "right" && !slices.ContainsFunc(lexicon.Words(c.Text), clause.Denies) {
				found = append(found, candidate{value: before, strong: true, from: c})
				continue
			}
		}
		if i > 0 && all[i-1].Labels && lexicon.Mentions(all[i-1].Text, s.OwnWords(q)) > 0 && yesno.Exactly(lexicon.Plain(c.Text)) != "" {
			found = append(found, candidate{value: yesno.Exactly(lexicon.Plain(c.Text)), strong: true, from: c})
			continue
		}
		if lexicon.HasAny(lexicon.Words(s.Wording(q)), "withoutit") { // what is said of it may stand in two clauses
			if !c.First {
				continue
			}
			c = &statement.Statement{Text: c.Whole, Whole: c.Whole, Sentence: c.Sentence, Aside: c.Aside, Revoked: c.Revoked}
		}
		if v, how := affirm.Says(s, q, c); how != reading.Silent {
			if othersIn(s, c.Whole) && !lexicon.HasAny(lexicon.Words(s.Wording(q)), "household") &&
				(lexicon.PhraseIn("addressed", s.Wording(q)) || lexicon.PhraseIn("notme", c.Whole)) ||
				s.When.Language == "fr" && onlyThat().MatchString(c.Text) {
				v = "" // somebody else did it
			}
			found = append(found, candidate{value: v, strong: true, from: c})
		}
	}
	settle(s, q, found, true)
}

// othersIn reports whether a sentence names somebody else than its writer. Where a form asks who
// somebody is, "she" is they.
func othersIn(s *sheet.Sheet, sentence string) bool {
	ws := lexicon.Words(sentence)
	if slices.ContainsFunc(s.Open, s.AsksPerson) {
		ws = slices.DeleteFunc(ws, func(w string) bool { return lexicon.Has("they", w) })
	}
	return lexicon.HasAny(ws, "household")
}

// plainly returns the yes or no that words are, with nothing behind it that says something else.
func plainly(ws []string) string {
	if said := yesno.Exactly(strings.Join(ws, " ")); said != "" || len(ws) == 0 {
		return said
	}
	if slices.ContainsFunc(ws[1:], func(w string) bool {
		return !lexicon.Has("stop", w) && !lexicon.Has("ourselves", w) && !lexicon.Has("filler", w) || clause.Denies(w)
	}) {
		return ""
	}
	return yesno.Exactly(ws[0])
}

// withoutBut returns words without those that join them to what stands before.
func withoutBut(ws []string) []string {
	for len(ws) > 1 && lexicon.Has("but", ws[0]) {
		ws = ws[1:]
	}
	return ws
}

// onlyThat finds the French "only", which denies nothing: "n'est venue que le lendemain".
var onlyThat = lexicon.Pattern(`(?i)(?:^|\s)n(?:['’]|e\s).*\squ(?:e\s|['’])`)
