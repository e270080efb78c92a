package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// piecesTold finds answers in short pieces of a sentence, in the order of the questions, of which
// some are left out: "X-4711, yesterday, 3, yes". It takes those that there is but one way to
// place, if they are most of them.
func (s *sheet) piecesTold(text string) {
	for _, sentence := range clause.Sentences(text) {
		if _, _, corrects := clause.Correction(sentence); corrects || greets(strings.Trim(sentence, " ,.!")) {
			continue
		}
		var pieces []string
		for p := range strings.SplitSeq(strings.ReplaceAll(strings.TrimRight(sentence, ".! "), "; ", ", "), ", ") {
			if ws := strings.Fields(p); len(ws) > 1 && lexicon.Has("but", lexicon.Plain(ws[0])) {
				p = strings.TrimPrefix(strings.TrimSpace(p), ws[0])
			}
			if p = strings.TrimSpace(p); p != "" && !greets(p) && !lexicon.Has("nicely", lexicon.Plain(p)) {
				pieces = append(pieces, p)
			}
		}
		if len(pieces) < 3 {
			continue
		}
		if len(pieces) > len(s.open)+1 || strings.ContainsAny(sentence, "?¿") || s.depends(sentence) || reports(sentence) {
			return
		}
		fits, can := make([][]reading.State, len(pieces)), make([][]bool, len(pieces))
		values := make([][]string, len(pieces))
		for i, p := range pieces {
			fits[i], values[i] = make([]reading.State, len(s.open)), make([]string, len(s.open))
			typed := false
			for k, q := range s.open {
				values[i][k], fits[i][k] = s.pieceFits(q, p)
				typed = typed || fits[i][k] != reading.Silent
			}
			for k, q := range s.open {
				if !typed && s.anyText(q) && s.speaks(p) && !slices.ContainsFunc(lexicon.Words(p), clause.Denies) &&
					len(lexicon.Words(p)) <= maxPiece {
					values[i][k], fits[i][k] = p, reading.Clear
				}
				can[i] = append(can[i], fits[i][k] != reading.Silent)
			}
		}
		places := placed(can)
		if slices.Contains(places, -1) {
			if own := eachItsOwn(fits, len(s.open)); own != nil {
				places = own
			}
		}
		if !s.mostly(places) || s.mayCount(pieces, places) {
			return // the number of an order, or how many
		}
		for i, k := range places {
			if k >= 0 {
				s.say(s.open[k], values[i][k], true)
			}
		}
		return
	}
}

// mostly reports whether most pieces have a place, or all of three, and most of those at a question
// of a kind.
func (s *sheet) mostly(places []int) bool {
	n, typed := 0, 0
	for _, k := range places {
		if k < 0 {
			continue
		}
		n++
		if s.form.Questions[s.open[k]].Kind != tickets.AskText || s.asksCode(s.open[k]) {
			typed++
		}
	}
	return n == len(places) || n*3 >= len(places)*2 && typed > 2
}

// mayCount reports whether bare digits among pieces could be the number of something or a count,
// and no other piece answers the one or the other.
func (s *sheet) mayCount(pieces []string, places []int) bool {
	for i, k := range places {
		if k < 0 || len(pieces[i]) < minDigits || strings.Trim(pieces[i], "0123456789") != "" {
			continue
		}
		for other, q := range s.open {
			count := s.form.Questions[q].Kind == tickets.AskNumber
			counts := s.form.Questions[s.open[k]].Kind == tickets.AskNumber
			if (count || s.asksCode(q)) && count != counts && !slices.Contains(places, other) {
				return true
			}
		}
	}
	return false
}

// countsSomething reports whether a question for a number is open.
func (s *sheet) countsSomething() bool {
	return slices.ContainsFunc(s.open, func(q int) bool { return s.form.Questions[q].Kind == tickets.AskNumber })
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

// anyText reports whether a question in free words may be answered by any words.
func (s *sheet) anyText(q int) bool {
	question := &s.form.Questions[q]
	return question.Kind == tickets.AskText && !question.Optional && !s.asksCode(q) && !s.asksPerson(q)
}

// pieceFits returns what a piece says to a question of a kind, or to one for a number or a person:
// unclear if it speaks of that and gives nothing.
func (s *sheet) pieceFits(q int, piece string) (string, reading.State) {
	question := &s.form.Questions[q]
	c := &statement{text: piece, whole: piece}
	if len(lexicon.Words(piece)) == 0 || len(lexicon.Words(piece)) > maxPiece+3 {
		return "", reading.Silent
	}
	if also, rest, ok := s.labelledLine(piece); ok {
		if v, how := value.Of(question, rest, s.when); also == q && how == reading.Clear && question.Kind != tickets.AskText {
			return v, reading.Clear
		}
		return "", reading.Silent
	}
	switch question.Kind {
	case tickets.AskText:
		switch {
		case s.asksCode(q):
			asked := slices.Contains(lexicon.Words(s.wording(q)), "iban")
			if iban := ibanLike().FindString(piece) == piece && len(piece) >= minIBAN; iban || asked {
				if iban && asked {
					return piece, reading.Clear
				}
				return "", reading.Silent
			}
			if strings.Trim(piece, "0123456789") == "" && codeLike(piece) {
				return piece, reading.Clear
			}
			if codes := s.codesOf([]statement{*c}, 0); len(codes) == 1 && codes[0].text != "" && !codes[0].iban &&
				(len(strings.Fields(piece)) <= 2 || codes[0].text == piece) {
				return codes[0].text, reading.Clear
			}
			if ws := lexicon.Words(piece); len(ws) == 2 && lexicon.Has("nothingof", ws[0]) &&
				lexicon.Matches(ws[1], lexicon.Content(s.wording(q))) {
				return "", reading.Unclear
			}
		case s.asksPerson(q):
			if p := s.personsIn(c); len(p) == 1 && p[0].whole {
				return p[0].name, reading.Clear
			}
		}
		return "", reading.Silent
	case tickets.AskYesNo:
		if v := yesno.Exactly(lexicon.Plain(piece)); v != "" {
			return v, reading.Clear
		}
		if v, how := s.affirms(q, c); how != reading.Silent {
			return v, how
		}
		if v, how := value.Of(question, piece, s.when); how == reading.Clear && len(lexicon.Words(piece)) <= maxWish &&
			slices.ContainsFunc(lexicon.Words(piece), func(w string) bool { return lexicon.Matches(w, s.own(q)) }) {
			return v, how
		}
		return "", reading.Silent
	case tickets.AskEmail:
		if v, how := value.Of(question, piece, s.when); how == reading.Clear &&
			len(lexicon.Words(lexicon.ReplaceAddresses(piece, ""))) <= maxWish {
			return v, reading.Clear
		}
		return "", reading.Silent
	case tickets.AskNumber:
		numbers := s.numbersOf(piece)
		if len(numbers) != 1 || len(day.All(piece, s.when.Context)) > 0 {
			return "", reading.Silent
		}
		n, things := numbers[0], s.countedBy(q)
		if before := n.before; before != "" && !lexicon.Has("about", before) && !lexicon.Has("only", before) &&
			!lexicon.Has("stop", before) && !lexicon.Matches(before, lexicon.Content(s.wording(q))) {
			return "", reading.Silent
		}
		if things != nil && n.next != "" && !n.counts(things) || len(lexicon.Words(piece)) > maxWish {
			return "", reading.Silent
		}
		if v, how := value.Of(question, piece, s.when); how == reading.Clear {
			return v, how
		}
		return "", reading.Unclear
	}
	v, how := value.Of(question, piece, s.when)
	switch {
	case question.Kind == tickets.AskDate && how != reading.Clear && (len(day.All(piece, s.when.Context)) > 0 ||
		lexicon.PhraseIn("lastweek", piece) || lexicon.PhraseIn("nextweek", piece) ||
		lexicon.HasDigit(piece) && lexicon.PhraseIn("maybe", piece)):
		return "", reading.Unclear
	case question.Kind == tickets.AskDate && len(day.All(piece, s.when.Context)) == 0,
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
