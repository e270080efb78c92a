package classify

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever a sentence's expression matches holds one of its stems: else it is passed over. Letters
// in forms that nobody types do not count. Of absence, servers of lists and autoTextSure the stems
// say more than the expression: without them people write so, too.
func TestStemsHoldInEveryMatch(t *testing.T) {
	const rare = "\u00b5\u017f\u0345\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1\u03f5\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1e9b\u1fbe"
	for name, w := range map[string]wording{
		"absenceOf":        absenceOf,
		"autoReplySubject": autoReplySubject,
		"challengeSubject": challengeSubject,
		"noReply":          noReply,
		"daemon":           daemon,
		"generatedText":    generatedText,
		"acknowledges":     acknowledges,
		"thanksAway":       thanksAway,
		"bounceSender":     bounceSender,
		"bounceSenderName": bounceSenderName,
		"bounceSubject":    bounceSubject,
		"receipts":         receipts,
		"recalls":          recalls,
		"reactions":        reactions,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			match := rapid.StringMatching(w.pattern.String())
			for seed := range 1000 {
				s := strings.ToLower(match.Example(seed))
				if !strings.ContainsAny(s, rare) && w.pattern.MatchString(s) && !w.mayBeIn(s) {
					t.Errorf("%q holds none of its stems", s)
				}
			}
		})
	}
}
