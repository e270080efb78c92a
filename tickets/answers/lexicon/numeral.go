package lexicon

import (
	"strconv"
	"strings"
)

// NumberNamed returns the number that a folded word is: "twelve", "funfundzwanzig", "25".
func NumberNamed(word string) (int, bool) {
	if n, ok := Section("number")[word]; ok {
		return n, true
	}
	if n, err := strconv.Atoi(word); err == nil && n > 20 && n < 100 { // of compounds
		return n, true
	}
	for _, and := range []string{"und", "en", ""} { // German, Dutch; Italian and Spanish put the tens first
		for i := 2; i+2 < len(word); i++ {
			one, behind, ok := Section("number")[word[:i]], word[i:], strings.HasPrefix(word[i:], and)
			two := Section("number")[strings.TrimPrefix(behind, and)]
			switch {
			case ok && and != "" && one > 0 && one < 10 && two >= 20 && two < 100 && two%10 == 0:
				return two + one, true
			case and == "" && one >= 20 && one < 100 && one%10 == 0 && two > 0 && two < 10:
				return one + two, true
			}
		}
	}
	return 0, false
}

// JoinNumbers returns words with the numbers of several words as one: "twenty five", "vingt et un",
// "treinta y cinco".
func JoinNumbers(ws []string) []string {
	var out []string
	for i := 0; i < len(ws); i++ {
		tens := Section("number")[ws[i]]
		next := i + 1
		if next < len(ws) && (ws[i] == "une" || ws[i] == "una" || ws[i] == "een") && IsRound(ws[next]) {
			continue // une vingtaine
		}
		if next+1 < len(ws) && (ws[next] == "et" || ws[next] == "y") {
			next++
		}
		if tens >= 20 && tens < 100 && tens%10 == 0 && next < len(ws) {
			if ones := Section("number")[ws[next]]; ones > 0 && ones < 10 && !(ones == 1 && len(ws[next]) == 1) {
				out = append(out, strconv.Itoa(tens+ones))
				i = next
				continue
			}
		}
		out = append(out, ws[i])
	}
	return out
}

// roundly finds a number that says itself that it is a round one.
var roundly = Pattern(`(?:aine|ina|tena|cena|tal)$`)

// IsRound reports whether a word is a number that says itself that it is a round one: "vingtaine".
func IsRound(word string) bool { return roundly().MatchString(word) && Section("number")[word] > 0 }
