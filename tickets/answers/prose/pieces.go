package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
)

// answerPieces finds answers in short pieces of a sentence, in the order of the questions, of which
// some are left out: "X-4711, yesterday, 3, yes". It takes those that there is but one way to
// place, if they are most of them. Not in sentences that take back what they say.
func answerPieces(s *sheet.Sheet, text string, amended map[string]bool) {
	for _, sentence := range clause.Sentences(text) {
		if _, _, corrects := clause.Correction(sentence); corrects || amended[sentence] || clause.Greets(strings.Trim(sentence, " ,.!")) {
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
			for k, q := range s.Open {
				values[i][k], fits[i][k] = pieceFits(s, q, p)
				can[i] = append(can[i], fits[i][k] != reading.Silent)
			}
		}
		places := sheet.Place(can)
		if slices.Contains(places, -1) {
			if own := eachItsOwn(fits, len(s.Open)); !slices.Contains(own, -1) || onlyOneLeft(s, own) != nil {
				places = own
			}
		}
		for i, k := range between(s, places) {
			if places[i] >= 0 || k < 0 || slices.Contains(can[i], true) { // it may answer another one
				continue
			}
			if values[i][k], fits[i][k] = standsFor(s, s.Open[k], pieces[i]); fits[i][k] == reading.Clear {
				places[i] = k
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

// between returns for each piece without a place the open question that the others leave to it, -1
// if nobody can see which: those that have a place have to be in order, or only one piece and one
// question is left.
func between(s *sheet.Sheet, places []int) []int {
	out := slices.Repeat([]int{-1}, len(places))
	from, free := 0, 0
	for i, k := range append(slices.Clone(places), len(s.Open)) {
		if k < 0 {
			continue
		}
		if k < free {
			if last := onlyOneLeft(s, places); last != nil {
				return last
			}
			return slices.Repeat([]int{-1}, len(places))
		}
		copy(out[from:i], inGap(s, i-from, free, k))
		from, free = i+1, k+1
	}
	return out
}

// onlyOneLeft returns the places of pieces with that of the only question that is left for the only
// piece without one; nil if there is more left.
func onlyOneLeft(s *sheet.Sheet, places []int) []int {
	at, left := slices.Index(places, -1), []int{}
	for k, q := range s.Open {
		if !slices.Contains(places, k) && !s.Form.Questions[q].Optional {
			left = append(left, k)
		}
	}
	if at < 0 || slices.Contains(places[at+1:], -1) || len(left) != 1 {
		return nil
	}
	out := slices.Clone(places)
	out[at] = left[0]
	return out
}

// inGap returns to which of the open questions from one to another so many pieces belong that stand
// between the pieces for those two: to each its own, with those that nobody has to answer or
// without, or one piece to the only question that it can be meant for.
func inGap(s *sheet.Sheet, pieces, from, to int) []int {
	var all, needed, texts []int
	paraphrased := false // a choice, or a yes, may be said in other words
	for k := from; k < to; k++ {
		question := &s.Form.Questions[s.Open[k]]
		all = append(all, k)
		if !question.Optional {
			needed = append(needed, k)
		}
		if s.TakesAnyText(s.Open[k]) {
			texts = append(texts, k)
		}
		paraphrased = paraphrased || question.Kind == tickets.AskChoice || question.Kind == tickets.AskYesNo
	}
	switch {
	case pieces == len(all):
		return all
	case pieces == len(needed):
		return needed
	case pieces == 1 && len(texts) == 1 && !paraphrased:
		return texts
	}
	return slices.Repeat([]int{-1}, pieces)
}

// standsFor returns what a piece says to the question in whose place it stands: any words to one in
// free words, and to one for a number the only one, whatever it counts: "11 girls".
func standsFor(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	ws := lexicon.Words(piece)
	if len(ws) == 0 || len(ws) > maxPiece || slices.ContainsFunc(ws, clause.Denies) {
		return "", reading.Silent
	}
	switch s.Form.Questions[q].Kind {
	case tickets.AskText:
		away := lexicon.StartsWith("asbefore", piece) && !lexicon.HasAny(lexicon.Words(s.Wording(q)), "whereword") // "steht im Flur"
		if s.TakesAnyText(q) && speaks(piece) && !away {
			return value.Of(&s.Form.Questions[q], piece, s.When)
		}
	case tickets.AskDate:
		return value.Of(&s.Form.Questions[q], piece, s.When)
	case tickets.AskNumber:
		if numbers := mention.Numbers(s, piece); len(numbers) == 1 && numbers[0].Before == "" && !numbers[0].Unsure && !numbers[0].Price {
			return value.Of(&s.Form.Questions[q], piece, s.When)
		}
	}
	return "", reading.Silent
}

// maxPiece is how many words a piece has at most that says something in free words.
const maxPiece = 7

// eachItsOwn returns for each piece the question that it answers in any order, if one after the
// other can be but one; -1 for the others.
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
	return !strings.ContainsAny(piece, "?¿:") && !lexicon.PhraseIn("intend", piece) &&
		!lexicon.PhraseIn("maybe", piece) && !lexicon.PhraseIn("unknown", piece) &&
		!slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return lexicon.Has("smalltalk", w) })
}
