package clause

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// Amends reports whether a clause begins with words by which people take back what they have just
// said: "no, 12", "or rather on the 12th". It returns what stands behind them. Those that are not
// sure may also be a no to something, or excuse a delay.
func Amends(text string) (rest string, sure, ok bool) {
	rest = strings.TrimLeft(text, amendmentSigns)
	for rest != "" {
		n, strong, loose := leadingAmendment(rest)
		behind := strings.TrimLeft(rest[n:], amendmentSigns)
		if cut := len(rest) - len(behind); behind != "" && cut > n && rest[cut-1] == '.' { // the end of an address
			behind = rest[cut-1:]
		}
		if n == 0 || loose && behind != "" && strings.TrimLeft(rest[n:], " ") == behind {
			break // "no cuatro" may be "not four"
		}
		rest, sure, ok = behind, sure || strong, true
	}
	return rest, sure, ok
}

// leadingAmendment returns how long the first of the words is with which a text takes back what
// stands before it, 0 if there is none; whether it is sure; and whether it has to stand alone.
func leadingAmendment(text string) (n int, sure, alone bool) {
	if len(text) > maxAmendment {
		text = strings.ToValidUTF8(text[:maxAmendment], "")
	}
	low, origin := lexicon.FoldedWithOffsets(text)
	for _, phrase := range lexicon.LongestFirst("amending") {
		if hasWords(low, phrase) {
			return origin[len(phrase)], true, false
		}
	}
	for _, phrase := range lexicon.LongestFirst("particle") {
		if phrase != "ne" && hasWords(low, phrase) { // "né le 3 mai"
			return origin[len(phrase)], false, phrase == "no" || phrase == "non"
		}
	}
	return 0, false, false
}

// maxAmendment is how long the words are at most that take something back, in octets.
const maxAmendment = 40

// hasWords reports whether a folded text begins with a phrase, as whole words.
func hasWords(low, phrase string) bool {
	rest, ok := strings.CutPrefix(low, phrase)
	return ok && (rest == "" || !strings.ContainsAny(rest[:1], "abcdefghijklmnopqrstuvwxyz0123456789'@"))
}

// Amendment cuts a text where it begins to take back what it said: what stands before, and behind
// the words that do so. A no does it behind a stop alone, other words also behind a blank.
func Amendment(text string) (before, after string, ok bool) {
	if len(text) > maxRather {
		return "", "", false
	}
	for _, at := range amendmentStarts().FindAllStringIndex(text, -1) {
		front := strings.TrimRight(text[:at[0]], amendmentSigns)
		rest, sure, amends := Amends(text[at[1]:])
		if front == "" || rest == "" || !amends || !sure && strings.TrimSpace(text[at[0]:at[1]]) == "" {
			continue
		}
		return front, rest, true
	}
	return "", "", false
}

// amendmentSigns stand around the words that take something back.
const amendmentSigns = " ,;:.…!()-–—"

var amendmentStarts = lexicon.Pattern(`\s*(?:[,;:(!]|\.{2,}|…|\.(?:\s|$)|\s[-–—]+)\s*|\s+`)
