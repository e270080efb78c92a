package day

import (
	"tierdesk/tickets/answers/lexicon"
)

// tense returns whether a question for a day asks for one that has been, or for one to come, as one
// in the present tense does. Many ask neither: "When is the first day?"
func tense(worded map[string]string) (past, coming bool) {
	for language, ask := range worded {
		coming = coming || lexicon.PhraseIn("coming", ask) ||
			lexicon.PhraseIn("whichday", ask) && lexicon.HasAny(lexicon.Words(ask), "canbe") || toYou().MatchString(lexicon.Fold(ask))
		if lexicon.PhraseIn("shallwe", ask) { // "da quando" is since when, but not before what we shall do
			return false, true
		}
		past = past || lexicon.PhraseIn("past", ask) || lexicon.PhraseIn("birth", ask) || lexicon.Participle(language, ask) != ""
	}
	return past, coming && !past
}

// toYou finds a verb in the present tense before the word for you.
var toYou = lexicon.Pattern(`\pL{3,}(?:en sie|ez[- ]vous|t u)\b`)
