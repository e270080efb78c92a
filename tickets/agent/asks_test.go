package agent

import (
	"testing"

	"pgregory.net/rapid"

	"tierdesk/mailin/quote"
)

// Whatever the pattern of a question to the team matches is held against it, unless it is quoted.
func TestNoQuestionToTheTeamIsPassedOver(t *testing.T) {
	question := rapid.StringMatching(whoTakesIt().String())
	rapid.Check(t, func(t *rapid.T) {
		text := question.Draw(t, "text")
		if quote.WithoutQuoted(text) == text && whoTakesIt().MatchString(text) && !asksWhoTakesIt(text) {
			t.Errorf("%q is not held against the pattern", text)
		}
	})
}
