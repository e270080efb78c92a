// Package yesno owns how a text says yes or no, and what takes that back. It must never know a
// form: of a question it gets the words.
package yesno

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/reading"
)

// Yes and No are the values of answers to a yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// Read returns what a text says to a question: a yes or no, or the words of the question said
// again, with a negation for a no: "not needed".
func Read(ask map[string]string, text string) (string, reading.State) {
	text = behindOwnQuestion(text)
	if thinksNot(text) {
		return No, reading.Clear
	}
	if itsMe(ask, text) {
		return Yes, reading.Clear
	}
	said, torn := yesNoIn(text, lexicon.Content(lexicon.Joined(ask)), asksWish(ask))
	switch {
	case torn, said == Yes && !asksWish(ask) && wouldLike(text):
		return "", reading.Unclear
	case said != "":
		return said, reading.Clear
	}
	if v := concluded(text); v != "" {
		return v, reading.Clear
	}
	if len(lexicon.Words(text)) > 6 {
		return "", reading.Unclear
	}
	if v := confirmed(ask, text); v != "" {
		return v, reading.Clear
	}
	if lexicon.PhraseIn("future", text) || lexicon.Has("asking", lexicon.Plain(lexicon.FirstWords(text, 1))) {
		return "", reading.Unclear // "I will restart it", "how do I restart it"
	}
	return retold(ask, withoutEffects(text))
}

// behindOwnQuestion returns what stands behind the last question in a text: they asked themselves.
func behindOwnQuestion(text string) string {
	i := strings.LastIndexByte(text, '?')
	if i < 0 || len(lexicon.Words(text[i+1:])) == 0 {
		return text
	}
	text = strings.TrimSpace(text[i+1:])
	if ws := lexicon.Words(text); len(ws) > 1 && lexicon.Has("opener", ws[0]) {
		return strings.TrimSpace(strings.Join(strings.Fields(text)[1:], " "))
	}
	return text
}

// wouldLike reports whether a text only says that its writer would like to: "of course I'd like
// to".
func wouldLike(text string) bool {
	return slices.ContainsFunc(clause.Of(text), func(c clause.Clause) bool {
		return c.Opened && lexicon.PhraseIn("wouldbe", c.Text)
	})
}

// confirmed returns the yes or no behind a comma whose front says the words of the question again:
// "via cable, yes"; "" if it is something else.
func confirmed(ask map[string]string, text string) string {
	first, last, ok := strings.Cut(text, ",")
	if !ok || strings.Contains(last, ",") || Exactly(lexicon.Plain(first)) != "" {
		return ""
	}
	said := Exactly(lexicon.Plain(last))
	if said == "" {
		return ""
	}
	if echo, how := Read(ask, first); how == reading.Clear && echo == Yes {
		return said
	}
	return ""
}

// withoutEffects returns the first clause of a text if the others only say what came of it.
func withoutEffects(text string) string {
	parts := clause.Of(text)
	if len(parts) < 2 || slices.ContainsFunc(parts[1:], func(c clause.Clause) bool {
		return !lexicon.AnyIn("effect", strings.Fields(c.Text))
	}) {
		return text
	}
	return parts[0].Text
}

// retold returns what a text says that has the words of the question and nothing else: no if it
// denies them.
func retold(ask map[string]string, text string) (string, reading.State) {
	wording := lexicon.Joined(ask)
	asked, words := lexicon.Content(wording), lexicon.Words(wording)
	if lexicon.AnyIn("negation", words) {
		return "", reading.Unclear
	}
	same := func(w string, of []string) bool {
		return slices.ContainsFunc(of, func(a string) bool { return lexicon.SameMeaning(a, w) })
	}
	verbs := WithoutPlainVerbs(Predicates(ask))
	denied, echoed := slices.ContainsFunc(lexicon.Words(text), clause.Denies), false
	for _, w := range strings.FieldsFunc(lexicon.Plain(text), func(r rune) bool { return r == ' ' || r == '\'' }) {
		switch {
		case lexicon.Has("negation", w):
			denied = true
		case same(w, asked):
			echoed = echoed || same(w, verbs)
		case len(w) > 1 && !isSmall(w) && !slices.Contains(words, w):
			return "", reading.Unclear
		}
	}
	switch {
	case !echoed:
		return "", reading.Unclear
	case denied:
		return No, reading.Clear
	}
	return Yes, reading.Clear
}

// isSmall reports whether a word adds nothing to an answer that says the words of the question
// again.
func isSmall(w string) bool {
	return lexicon.Has("stop", w) || lexicon.Has("filler", w) || lexicon.Has("yes", w) || lexicon.Has("yesalone", w) ||
		lexicon.Has("ourselves", w) || lexicon.Has("already", w)
}

// thinksNot reports whether a text is a no with words that doubt a yes: "don't think so, no".
func thinksNot(text string) bool {
	p := " " + lexicon.Plain(text) + " "
	for _, phrase := range lexicon.LongestFirst("thinknot") {
		if rest := strings.Replace(p, " "+phrase+" ", " ", 1); rest != p && !strings.ContainsAny(text, "?¿") {
			return Exactly(strings.TrimSpace(rest)) == No
		}
	}
	return false
}

// asksWish reports whether a question asks for what somebody wants or what shall be done: who would
// like it says yes.
func asksWish(ask map[string]string) bool {
	return slices.ContainsFunc(lexicon.Words(lexicon.Joined(ask)), func(w string) bool {
		return lexicon.Has("need", w) || lexicon.Has("modal", w) || lexicon.Has("mayi", w)
	})
}

// itsMe reports whether a text answers whose something is with its writer: "op mijn naam".
func itsMe(ask map[string]string, text string) bool {
	asked, ws := lexicon.Words(lexicon.Joined(ask)), lexicon.Words(text)
	if len(ws) > 7 || !lexicon.AnyIn("whose", asked) || !lexicon.AnyIn("yours", asked) || clause.HasNegation(asked) ||
		clause.HasNegation(ws) || clause.Doubtful(text) {
		return false
	}
	if lexicon.Has("itsme", lexicon.Plain(text)) {
		return true
	}
	return lexicon.AnyIn("mine", ws) && lexicon.AnyIn("whose", ws) && !slices.ContainsFunc(ws, func(w string) bool {
		return !lexicon.Has("stop", w) && !lexicon.Has("filler", w) && !lexicon.Has("mine", w) && !lexicon.Has("whose", w) &&
			!lexicon.Has("yes", w) && !lexicon.Has("yesalone", w) && !slices.Contains(asked, w)
	})
}

// inverted is what stands behind a verb in French questions, and before a thing.
var inverted = strings.NewReplacer("l'", "la ", "-il ", " ", "-elle ", " ", "-ils ", " ", "-elles ", " ")

// Predicates returns the words of a yes or no question that say what it asks about its subject, in
// each of its languages: those that no article makes a thing. "the printer" answers nothing.
func Predicates(ask map[string]string) []string {
	var out []string
	for _, wording := range ask {
		ws := lexicon.Words(inverted.Replace(lexicon.Fold(wording)))
		thing := false
		for i, w := range ws {
			says := len(lexicon.Content(w)) > 0
			thing = says && i+1 < len(ws) && thing || i > 0 && lexicon.Has("determiner", ws[i-1]) // "a mobile phone"
			if says && !thing {
				out = append(out, w)
			}
		}
	}
	return out
}

// yesNoIn returns what a text says to a yes or no: by its first words. A maybe is neither, nor is a
// text that says both: those it reports as torn, and no word of the question makes them clear.
func yesNoIn(text string, asked []string, wish bool) (said string, torn bool) {
	switch strings.TrimSpace(text) {
	case "👍", "✅", "✔", "✔️", "☑", "+", "[x]", "[X]", "✓":
		return Yes, false
	case "👎", "❌", "✗", "✘", "[ ]", "-":
		return No, false
	}
	if clause.Doubtful(text) {
		return "", true
	}
	if said = Exactly(lexicon.Plain(text)); said != "" {
		return said, false
	}
	parts := clause.Of(text)
	if len(parts) == 0 {
		return "", false
	}
	if said, torn = clauseSays(parts[0].Text, asked); said == "" {
		return "", torn
	}
	for _, part := range parts[1:] {
		if contradicts(said, part, asked) {
			return "", true
		}
	}
	if said == Yes && OtherTransport(asked, lexicon.Words(text)) {
		return "", true
	}
	if said == Yes && lexicon.PhraseIn("lapsed", text) {
		return "", true
	}
	if said == No && lexicon.StartsWith("nonesuch", parts[0].Text) || said == Yes && !wish && lexicon.PhraseIn("notdone", text) {
		return "", true
	}
	return said, false
}

// Exactly returns the yes or no that a plain phrase is, if it is nothing else.
func Exactly(p string) string {
	for _, part := range []string{p, lexicon.WithoutFillers(p), undrawn(p)} {
		yes := lexicon.Has("yes", part) || lexicon.Has("yesalone", part)
		no := lexicon.Has("no", part) || lexicon.Has("noalone", part)
		switch {
		case yes && !no:
			return Yes
		case no && !yes:
			return No
		}
	}
	return ""
}

// undrawn returns a word without the letters that were drawn out: "yesss", "neeein".
func undrawn(p string) string {
	for i := 2; i < len(p); i++ {
		if p[i] == p[i-1] && p[i] == p[i-2] {
			var out []byte
			for j := range len(p) {
				if j == 0 || p[j] != p[j-1] {
					out = append(out, p[j])
				}
			}
			return string(out)
		}
	}
	return p
}

// clauseSays returns what a clause says by its beginning. "I have" and "right" are a yes only if
// nothing follows but words that add nothing: "I have a question" and "right now" are none.
func clauseSays(p string, asked []string) (said string, torn bool) {
	if said = Exactly(p); said != "" {
		return said, false
	}
	ws := strings.Fields(p)
	for n := min(len(ws), 4); n > 0; n-- {
		head, rest := strings.Join(ws[:n], " "), ws[n:]
		if said = Exactly(head); said == "" {
			continue
		}
		alone := lexicon.Has("yesalone", head) || lexicon.Has("noalone", head)
		if alone && !slices.ContainsFunc(rest, clause.Denies) && slices.ContainsFunc(rest, addsSomething) &&
			Exactly(strings.Join(rest, " ")) != said {
			return "", false
		}
		switch {
		case said == Yes && slices.ContainsFunc(rest, clause.Denies),
			said == Yes && onlyPart(rest),
			said == Yes && lexicon.OneOf(rest, "no", "nein", "non", "nee", "nope"),
			said == No && lexicon.OneOf(rest, "yes", "ja", "oui", "yep", "doch"),
			said == No && lexicon.Has("particle", head) && asserts(rest, asked),
			said == No && len(rest) > 0 && lexicon.Has("notall", rest[0]),
			said == No && echoes(rest, asked) && lexicon.AnyIn("effect", rest):
			return "", true // also "not all of them", and "no restart has helped"
		}
		return said, false
	}
	return "", false
}

// addsSomething reports whether a word behind a yes or no says more than that.
func addsSomething(w string) bool {
	return !lexicon.Has("filler", w) && !lexicon.Has("already", w) && !lexicon.Has("pronoun", w)
}

// contradicts reports whether a later clause takes away a yes or no.
func contradicts(said string, part clause.Clause, asked []string) bool {
	ws := strings.Fields(part.Text)
	if said == No {
		return Exactly(part.Text) == Yes || lexicon.OneOf(ws, "yes", "ja", "oui", "yep", "doch") || asserts(ws, asked)
	}
	effect := lexicon.AnyIn("effect", ws)
	return Exactly(part.Text) == No || lexicon.OneOf(ws, "nein", "nope") || len(ws) <= 3 && !effect && Exactly(ws[len(ws)-1]) == No ||
		onlyPart(ws) || part.Opened && lexicon.Has("afterthat", ws[0]) ||
		len(ws) > 1 && lexicon.Has("particle", ws[0]) && lexicon.Has("concerning", ws[1]) ||
		slices.ContainsFunc(ws, clause.Denies) && (part.Opened || len(ws) <= 4) && deniesTheAnswer(ws, asked)
}

// onlyPart reports whether words behind a yes say that it is one in part: "only the PC".
func onlyPart(ws []string) bool {
	return (lexicon.PhraseIn("onlypart", strings.Join(ws, " ")) || HoldsForPart(ws)) &&
		!lexicon.AnyIn("effect", ws)
}

// deniesTheAnswer reports whether words with a negation take back what was answered, and do not
// only add something about it: "we couldn't", but not "no success" or "not in its box".
func deniesTheAnswer(ws, asked []string) bool {
	if lexicon.AnyIn("effect", ws) {
		return false
	}
	adds := slices.ContainsFunc(ws, func(w string) bool { return !clause.Denies(w) && addsSomething(w) && !lexicon.Has("stop", w) })
	return !adds || lexicon.AnyIn("ourselves", ws) || lexicon.AnyIn("yet", ws) || echoes(ws, asked)
}

// echoes reports whether words say those of a question again.
func echoes(ws, asked []string) bool {
	return slices.ContainsFunc(ws, func(w string) bool {
		return slices.ContainsFunc(asked, func(a string) bool { return lexicon.SameMeaning(a, w) })
	})
}

// asserts reports whether words say that something was done: "I did it twice", "already restarted".
func asserts(ws, asked []string) bool {
	if len(ws) == 0 || slices.ContainsFunc(ws, clause.Denies) {
		return false
	}
	if Exactly(strings.Join(ws, " ")) == Yes {
		return true
	}
	needs := lexicon.AnyIn("need", asked) // who has one already needs none
	if !needs && lexicon.AnyIn("already", ws) {
		return true
	}
	return echoes(ws, asked) && lexicon.Has("ourselves", ws[0])
}

// concluded returns the yes or no with which a text ends that gives its reason first: "they have no
// plug, so no".
func concluded(text string) string {
	said := ""
	for _, c := range clause.Of(text) {
		first, rest, _ := strings.Cut(c.Text, " ")
		v := Exactly(rest)
		switch {
		case v == "" || !lexicon.Has("hence", first):
			v = Exactly(c.Text)
			if v != "" && v != said {
				return "" // both, or one that concludes nothing
			}
		case said != "" && said != v:
			return ""
		default:
			said = v
		}
	}
	return said
}

// Head returns the yes or no with which a clause begins.
func Head(p string) string {
	first, _, _ := strings.Cut(p, " ")
	return Exactly(first)
}
