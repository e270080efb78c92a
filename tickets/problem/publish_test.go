package problem

import "testing"

// What is quoted is one customer's, and the text goes to all of them.
func TestNothingQuotedIsPublished(t *testing.T) {
	for text, want := range map[string]string{
		"The printer works again.": "The printer works again.",
		"It works again.\n\n> My room is 4711, says Max.\n> Please hurry.":           "It works again.",
		"> My room is 4711.\n\nIt works again.":                                      "It works again.",
		"It works.\n>> Eve: my number is 12\n> Max: mine is 13\nRestart it, please.": "It works.\nRestart it, please.",
		"> only what somebody else wrote":                                            "",
	} {
		if got := published(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
