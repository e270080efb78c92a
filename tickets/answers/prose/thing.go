package prose

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/choice"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// answerThings takes what clauses say that the words of a question in free words are: "the printer
// is an HP 400"; or, not named, what they say that it is about.
func answerThings(s *sheet.Sheet, all []statement.Statement, named bool) {
	for _, q := range s.Open {
		if len(s.Said[q]) > 0 || s.Form.Questions[q].Kind != tickets.AskText || s.AsksCode(q) {
			continue
		}
		said, doubt := "", false
		for i := range all {
			if lexicon.HasAny(lexicon.Words(all[i].Text), "anotherone") && !named {
				continue
			}
			if all[i].Aside || all[i].Revoked || all[i].Doubted || all[i].Amended || all[i].Inside {
				continue
			}
			found, doubtful := saidOf(s, q, s.OwnWords(q), all[i].Text, named)
			if slices.ContainsFunc(s.Open, func(o int) bool { // it answers that one
				return s.Form.Questions[o].Kind == tickets.AskChoice && choice.CountNamed(&s.Form.Questions[o], found) > 0
			}) {
				continue
			}
			if named && lexicon.HasAny(lexicon.Words(s.Wording(q)), "whereword") && !lexicon.StartsWith("placeprep", found) {
				continue // what it is
			}
			doubt = doubt || doubtful || found != "" && lexicon.HasAny(lexicon.Words(all[i].Text), "anotherone") || found != "" &&
				said != ""
			if found != "" {
				said = found
			}
		}
		if !doubt && len(strings.Fields(said)) <= maxNaming {
			s.Say(q, said, true)
		}
	}
}

// maxNaming is how many words behind those of a question name what it asks for.
const maxNaming = 6

// saidOf returns what a sentence says of a question in free words: behind its words, or else behind
// words like "it is", or the name with which it begins.
func saidOf(s *sheet.Sheet, q int, own []string, sentence string, named bool) (said string, doubtful bool) {
	ws := strings.Fields(sentence)
	at := -1
	if len(ws) == 0 {
		return "", false
	}
	if named && len(ws) > 1 && lexicon.Has("mine", lexicon.Plain(ws[0])) && sheet.AsksName(&s.Form.Questions[q]) {
		return "", false // who they are themselves
	}
	for i, w := range ws {
		is := lexicon.Has("copula", lexicon.Plain(w)) && strings.ToLower(w) != "e" // which is no "è"
		leads := is || lexicon.Has("calls", lexicon.Plain(w))
		near := ws[max(0, i-4):i]
		for k := len(near) - 1; k >= 0; k-- {
			if s.IsAnd(near[k]) { // "I am called Ann and am tired"
				near = near[k+1:]
				break
			}
		}
		if named && leads && i > 0 && i+1 < len(ws) && lexicon.Mentions(strings.Join(near, " "), own) > 0 &&
			!slices.ContainsFunc(near, func(w string) bool { return lexicon.Has("but", lexicon.Plain(w)) }) {
			at = i + 1
			if i+2 < len(ws) && lexicon.Has("calls", lexicon.Plain(ws[i+1])) { // is called
				at = i + 2
			}
			break
		}
	}
	if !named && s.AsksOneThing(q) {
		for i, w := range ws[:min(len(ws)-1, 3)] {
			if i > 0 && lexicon.Has("calls", lexicon.Plain(w)) && lexicon.Has("they", lexicon.Plain(ws[i-1])) {
				at = i + 1 // she's called Ann
			}
		}
		for n := min(5, len(ws)-1); n > 0 && at < 0; n-- {
			if (n > 1 || strings.HasPrefix(lexicon.Plain(ws[1]), "l'")) && lexicon.Has("itis", lexicon.Plain(strings.Join(ws[:n], " "))) {
				at = n
			}
		}
	}
	if !named && at < 0 && s.IsOnlyText(q) && sheet.AsksName(&s.Form.Questions[q]) && !strings.HasSuffix(sentence, "?") {
		return leadingName(s, sentence), false
	}
	if at < 0 || at >= len(ws) {
		return "", false
	}
	if lexicon.PhraseIn("maybe", sentence) || lexicon.PhraseIn("unknown", sentence) || strings.HasSuffix(sentence, "?") ||
		clause.HasNegation(lexicon.Words(sentence)) {
		return "", true
	}
	rest := ws[at:]
	for i, w := range rest {
		if i > 0 && slices.Contains([]string{"and", "und", "et", "y", "e", "en", "with", "mit", "avec", "which", "that",
			"on", "in", "im", "auf", "au", "dans", "op", "qui", "que", "che", "since", "seit", "depuis", "desde", "sinds"},
			lexicon.Plain(w)) {
			rest = rest[:i]
			break
		}
	}
	return strings.Trim(strings.Join(rest, " "), ".,;:() "), false
}

// leadingName returns the name with which a sentence begins: two or three words with capitals
// before one without.
func leadingName(s *sheet.Sheet, sentence string) string {
	ws, n := strings.Fields(sentence), 0
	for n < len(ws) && lexicon.Capital(ws[n]) {
		n++
	}
	if n < 2 || n > 3 || n >= len(ws) || slices.ContainsFunc(ws[:n], func(w string) bool {
		return slices.Contains(s.Writer, lexicon.Plain(w)) || lexicon.Has("someone", lexicon.Plain(w)) ||
			lexicon.Has("greeting", lexicon.Plain(w)) ||
			lexicon.Has("closing", lexicon.Plain(w)) ||
			lexicon.Has("stop", lexicon.Plain(w)) || lexicon.Has("weekday", lexicon.Plain(w)) || lexicon.Has("month", lexicon.Plain(w))
	}) {
		return ""
	}
	return strings.Join(ws[:n], " ")
}
