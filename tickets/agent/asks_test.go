package agent

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever the pattern of a question to the team matches is held against it.
func TestNoQuestionToTheTeamIsPassedOver(t *testing.T) {
	question := rapid.StringMatching(whoTakesIt().String())
	rapid.Check(t, func(t *rapid.T) {
		if text := question.Draw(t, "text"); whoTakesIt().MatchString(text) && !asksWhoTakesIt(text) {
			t.Errorf("%q is not held against the pattern", text)
		}
	})
}
