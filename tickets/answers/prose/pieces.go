package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/affirm"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// answerPieces finds answers in short pieces of a sentence, in the order of the questions, of which
// some are left out: "X-4711, yesterday, 3, yes". It takes those that there is but one way to
// place, if they are most of them.
func answerPieces(s *sheet.Sheet, text string) {
	for _, sentence := range clause.Sentences(text) {
		if _, _, corrects := clause.Correction(sentence); corrects || clause.Greets(strings.Trim(sentence, " ,.!")) {
			continue
		}
		var pieces []string
		for p := range strings.SplitSeq(strings.ReplaceAll(strings.TrimRight(sentence, ".! "), "; ", ", "), ", ") {
			if ws := strings.Fields(p); len(ws) > 1 && lexicon.Has("but", lexicon.Plain(ws[0])) {
				p = strings.TrimPrefix(strings.TrimSpace(p), ws[0])
			}
			if p = strings.TrimSpace(p); p != "" && !clause.Greets(p) && !lexicon.Has("nicely", lexicon.Plain(p)) {
				pieces = append(pieces, p)
			}
		}
		if len(pieces) < 3 {
			continue
		}
		if len(pieces) > len(s.Open)+1 || strings.ContainsAny(sentence, "?¿") || statement.Depends(s, sentence) ||
			statement.Reports(sentence) {
			return
		}
		fits, can := make([][]reading.State, len(pieces)), make([][]bool, len(pieces))
		values := make([][]string, len(pieces))
		for i, p := range pieces {
			fits[i], values[i] = make([]reading.State, len(s.Open)), make([]string, len(s.Open))
			typed := false
			for k, q := range s.Open {
				values[i][k], fits[i][k] = pieceFits(s, q, p)
				typed = typed || fits[i][k] != reading.Silent
			}
			for k, q := range s.Open {
				if !typed && s.TakesAnyText(q) && speaks(p) && !slices.ContainsFunc(lexicon.Words(p), clause.Denies) &&
					len(lexicon.Words(p)) <= maxPiece {
					values[i][k], fits[i][k] = p, reading.Clear
				}
				can[i] = append(can[i], fits[i][k] != reading.Silent)
			}
		}
		places := sheet.Place(can)
		if slices.Contains(places, -1) {
			if own := eachItsOwn(fits, len(s.Open)); own != nil {
				places = own
			}
		}
		if !mostly(s, places) || mayCount(s, pieces, places) {
			return // the number of an order, or how many
		}
		for i, k := range places {
			if k >= 0 {
				s.Say(s.Open[k], values[i][k], true)
			}
		}
		return
	}
}

// pieceFits returns what a piece says to a question of a kind, or to one for a number or a person:
// unclear if it speaks of that and gives nothing.
func pieceFits(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	question := &s.Form.Questions[q]
	c := &statement.Statement{Text: piece, Whole: piece}
	if len(lexicon.Words(piece)) == 0 || len(lexicon.Words(piece)) > maxPiece+3 {
		return "", reading.Silent
	}
	if also, rest, ok := label.Labelled(s, piece); ok {
		if v, how := value.Of(question, rest, s.When); also == q && how == reading.Clear && question.Kind != tickets.AskText {
			return v, reading.Clear
		}
		return "", reading.Silent
	}
	switch question.Kind {
	case tickets.AskText:
		switch {
		case s.AsksCode(q):
			asked := slices.Contains(lexicon.Words(s.Wording(q)), "iban")
			if iban := mention.IsIBAN(piece); iban || asked {
				if iban && asked {
					return piece, reading.Clear
				}
				return "", reading.Silent
			}
			if strings.Trim(piece, "0123456789") == "" && mention.IsCode(piece) {
				return piece, reading.Clear
			}
			if codes := mention.Codes(s, []statement.Statement{*c}, 0); len(codes) == 1 && codes[0].Text != "" && !codes[0].Iban &&
				(len(strings.Fields(piece)) <= 2 || codes[0].Text == piece) {
				return codes[0].Text, reading.Clear
			}
			if ws := lexicon.Words(piece); len(ws) == 2 && lexicon.Has("nothingof", ws[0]) &&
				lexicon.Matches(ws[1], lexicon.Content(s.Wording(q))) {
				return "", reading.Unclear
			}
		case s.AsksPerson(q):
			if p := mention.Persons(s, c); len(p) == 1 && p[0].Whole {
				return p[0].Name, reading.Clear
			}
		}
		return "", reading.Silent
	case tickets.AskYesNo:
		if v := yesno.Exactly(lexicon.Plain(piece)); v != "" {
			return v, reading.Clear
		}
		if v, how := affirm.Says(s, q, c); how != reading.Silent {
			return v, how
		}
		if v, how := value.Of(question, piece, s.When); how == reading.Clear && len(lexicon.Words(piece)) <= affirm.MaxWish &&
			slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return lexicon.Matches(w, s.OwnWords(q)) }) {
			return v, how
		}
		return "", reading.Silent
	case tickets.AskEmail:
		if v, how := value.Of(question, piece, s.When); how == reading.Clear &&
			len(lexicon.Words(lexicon.ReplaceAddresses(piece, ""))) <= affirm.MaxWish {
			return v, reading.Clear
		}
		return "", reading.Silent
	case tickets.AskNumber:
		numbers := mention.Numbers(s, piece)
		if len(numbers) != 1 || len(day.All(piece, s.When.Context)) > 0 {
			return "", reading.Silent
		}
		n, things := numbers[0], s.CountedThings(q)
		if before := n.Before; before != "" && !lexicon.Has("about", before) && !lexicon.Has("only", before) &&
			!lexicon.Has("stop", before) && !lexicon.Matches(before, lexicon.Content(s.Wording(q))) {
			return "", reading.Silent
		}
		if things != nil && n.Next != "" && !n.Counts(things) || len(lexicon.Words(piece)) > affirm.MaxWish {
			return "", reading.Silent
		}
		if v, how := value.Of(question, piece, s.When); how == reading.Clear {
			return v, how
		}
		return "", reading.Unclear
	}
	v, how := value.Of(question, piece, s.When)
	switch {
	case question.Kind == tickets.AskDate && how != reading.Clear && (len(day.All(piece, s.When.Context)) > 0 ||
		lexicon.PhraseIn("lastweek", piece) || lexicon.PhraseIn("nextweek", piece) ||
		lexicon.HasDigit(piece) && lexicon.PhraseIn("maybe", piece)):
		return "", reading.Unclear
	case question.Kind == tickets.AskDate && len(day.All(piece, s.When.Context)) == 0,
		question.Kind == tickets.AskChoice && how != reading.Clear && choice.CountNamed(question, piece) == 0:
		return "", reading.Silent
	case len(lexicon.Words(piece)) > maxPiece:
		return "", reading.Silent
	case question.Kind == tickets.AskChoice && choice.NearAnother(question, piece, v):
		return "", reading.Unclear
	case question.Kind == tickets.AskChoice && how == reading.Clear && len(lexicon.Words(piece)) > 3 &&
		choice.CountNamed(question, piece) == 0:
		return "", reading.Silent
	case how != reading.Clear:
		return "", reading.Unclear
	}
	return v, how
}

// maxPiece is how many words a piece has at most that says something in free words.
const maxPiece = 7

// eachItsOwn returns for each piece the question that it answers in any order, if one after the
// other can be but one; nil if not.
func eachItsOwn(fits [][]reading.State, questions int) []int {
	out, taken := make([]int, len(fits)), make([]bool, questions)
	for i := range out {
		out[i] = -1
	}
	for range fits {
		for i := range fits {
			if out[i] >= 0 {
				continue
			}
			only := -1
			for k := range questions {
				if fits[i][k] == reading.Silent || taken[k] {
					continue
				}
				if only >= 0 {
					only = -1
					break
				}
				only = k
			}
			if only >= 0 {
				out[i], taken[only] = only, true
			}
		}
	}
	if slices.Contains(out, -1) {
		return nil
	}
	return out
}

// mostly reports whether most pieces have a place, or all of three, and most of those at a question
// of a kind.
func mostly(s *sheet.Sheet, places []int) bool {
	n, typed := 0, 0
	for _, k := range places {
		if k < 0 {
			continue
		}
		n++
		if s.Form.Questions[s.Open[k]].Kind != tickets.AskText || s.AsksCode(s.Open[k]) {
			typed++
		}
	}
	return n == len(places) || n*3 >= len(places)*2 && typed > 2
}

// mayCount reports whether bare digits among pieces could be the number of something or a count,
// and no other piece answers the one or the other.
func mayCount(s *sheet.Sheet, pieces []string, places []int) bool {
	for i, k := range places {
		if k < 0 || len(pieces[i]) < number.MinDigits || strings.Trim(pieces[i], "0123456789") != "" {
			continue
		}
		for other, q := range s.Open {
			count := s.Form.Questions[q].Kind == tickets.AskNumber
			counts := s.Form.Questions[s.Open[k]].Kind == tickets.AskNumber
			if (count || s.AsksCode(q)) && count != counts && !slices.Contains(places, other) {
				return true
			}
		}
	}
	return false
}

// speaks reports whether a piece says something of its own, and is not what people say around it.
func speaks(piece string) bool {
	return len(lexicon.Words(piece)) > 1 && !strings.ContainsAny(piece, "?¿:") && !lexicon.PhraseIn("intend", piece) &&
		!lexicon.PhraseIn("maybe", piece) && !lexicon.PhraseIn("unknown", piece) &&
		!slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return lexicon.Has("smalltalk", w) })
}
