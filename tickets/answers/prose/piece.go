package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/affirm"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/mention"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
	"tierdesk/tickets/answers/value"
	"tierdesk/tickets/answers/yesno"
)

// pieceFits returns what a piece says to a question of a kind, or to one for a number or a person:
// unclear if it speaks of that and gives nothing.
func pieceFits(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	if n := len(lexicon.Words(piece)); n == 0 || n > maxPiece+3 {
		return "", reading.Silent
	}
	question := &s.Form.Questions[q]
	if named, rest, ok := label.Labelled(s, piece); ok {
		if v, how := value.Of(question, rest, s.When); named == q && how == reading.Clear && question.Kind != tickets.AskText {
			return v, reading.Clear
		}
		return "", reading.Silent
	}
	switch question.Kind {
	case tickets.AskText:
		return textPiece(s, q, piece)
	case tickets.AskYesNo:
		return yesNoPiece(s, q, piece)
	case tickets.AskEmail:
		return emailPiece(s, q, piece)
	case tickets.AskNumber:
		return numberPiece(s, q, piece)
	case tickets.AskDate:
		return dayPiece(s, q, piece)
	default:
		return choicePiece(s, q, piece)
	}
}

// textPiece takes what has a shape of its own: a code, or a person's name. Free words say nothing
// here of which question they answer (see standsFor).
func textPiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	switch {
	case s.AsksCode(q):
		return codePiece(s, q, piece)
	case s.AsksPerson(q):
		if p := mention.Persons(s, &statement.Statement{Text: piece, Whole: piece}); len(p) == 1 && p[0].Whole {
			return p[0].Name, reading.Clear
		}
	}
	return "", reading.Silent
}

// codePiece takes a code, an IBAN only where one is asked for, and hears that none is at hand.
func codePiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	asked := slices.Contains(lexicon.Words(s.Wording(q)), "iban")
	switch iban := mention.IsIBAN(piece); {
	case iban && asked:
		return piece, reading.Clear
	case iban || asked:
		return "", reading.Silent
	}
	if strings.Trim(piece, "0123456789") == "" && mention.IsCode(piece) {
		return piece, reading.Clear
	}
	codes := mention.Codes(s, []statement.Statement{{Text: piece, Whole: piece}}, 0)
	if len(codes) == 1 && codes[0].Text != "" && !codes[0].Iban && (len(strings.Fields(piece)) <= 2 || codes[0].Text == piece) {
		return codes[0].Text, reading.Clear
	}
	if ws := lexicon.Words(piece); len(ws) == 2 && lexicon.Has("nothingof", ws[0]) &&
		lexicon.Matches(ws[1], lexicon.Content(s.Wording(q))) {
		return "", reading.Unclear
	}
	return "", reading.Silent
}

func yesNoPiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	if v := yesno.Exactly(lexicon.Plain(piece)); v != "" {
		return v, reading.Clear
	}
	if v, how := affirm.Says(s, q, &statement.Statement{Text: piece, Whole: piece}); how != reading.Silent {
		return v, how
	}
	words := lexicon.Words(piece)
	ofQuestion := func(w string) bool { return lexicon.Matches(w, s.OwnWords(q)) }
	if v, how := value.Of(&s.Form.Questions[q], piece, s.When); how == reading.Clear && len(words) <= affirm.MaxWish &&
		slices.ContainsFunc(words, ofQuestion) {
		return v, how
	}
	return "", reading.Silent
}

func emailPiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	beside := lexicon.Words(lexicon.ReplaceAddresses(piece, ""))
	if v, how := value.Of(&s.Form.Questions[q], piece, s.When); how == reading.Clear && len(beside) <= affirm.MaxWish {
		return v, reading.Clear
	}
	return "", reading.Silent
}

// numberPiece takes the only number of a piece, unless it counts other things than are asked for.
func numberPiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
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
	if v, how := value.Of(&s.Form.Questions[q], piece, s.When); how == reading.Clear {
		return v, how
	}
	return "", reading.Unclear
}

// dayPiece takes a day, and asks again where one is named that cannot be told for sure.
func dayPiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	v, how := value.Of(&s.Form.Questions[q], piece, s.When)
	named := len(day.All(piece, s.When.Context)) > 0
	vague := lexicon.PhraseIn("lastweek", piece) || lexicon.PhraseIn("nextweek", piece) ||
		lexicon.HasDigit(piece) && lexicon.PhraseIn("maybe", piece)
	switch {
	case how != reading.Clear && (named || vague):
		return "", reading.Unclear
	case !named, len(lexicon.Words(piece)) > maxPiece:
		return "", reading.Silent
	}
	return v, how
}

// choicePiece takes an option that is named; a longer piece must name it by a word of its own.
func choicePiece(s *sheet.Sheet, q int, piece string) (string, reading.State) {
	question := &s.Form.Questions[q]
	v, how := value.Of(question, piece, s.When)
	words, named := len(lexicon.Words(piece)), choice.CountNamed(question, piece) > 0
	switch {
	case how != reading.Clear && !named, words > maxPiece:
		return "", reading.Silent
	case choice.NearAnother(question, piece, v):
		return "", reading.Unclear
	case how == reading.Clear && words > 3 && !named:
		return "", reading.Silent
	case how != reading.Clear:
		return "", reading.Unclear
	}
	return v, how
}
