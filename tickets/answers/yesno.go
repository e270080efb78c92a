package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
)

// Yes and No are the values of answers to a yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// yesNoTo returns what a text says to a question: a yes or no, or the words of the question said
// again, with a negation for a no: "not needed".
func yesNoTo(q *tickets.Question, text string) (string, reading) {
	if i := strings.LastIndexAny(text, "?"); i >= 0 && len(words(text[i+1:])) > 0 {
		text = strings.TrimSpace(text[i+1:]) // they asked themselves
		if len(words(text)) > 1 && known().has("opener", words(text)[0]) {
			text = strings.TrimSpace(strings.Join(strings.Fields(text)[1:], " "))
		}
	}
	asked := content(joined(q.Ask))
	if thinksNot(text) {
		return No, clear
	}
	if itsMe(q, text) {
		return Yes, clear
	}
	said, torn := yesNoIn(text, asked, asksWish(q))
	if said == Yes && !asksWish(q) && slices.ContainsFunc(clausesOf(text), func(c clause) bool {
		return c.opened && known().phraseIn("wouldbe", c.text)
	}) {
		return "", unclear // "of course I'd like to"
	}
	switch {
	case said != "":
		return said, clear
	case !torn && concluded(text) != "":
		return concluded(text), clear
	case torn || len(words(text)) > 6:
		return "", unclear
	}
	if first, last, ok := strings.Cut(text, ","); ok && !strings.Contains(last, ",") && wholly(plain(first)) == "" {
		if said := wholly(plain(last)); said != "" {
			if echo, r := yesNoTo(q, first); r == clear && echo == Yes {
				return said, clear // "via cable, yes"
			}
		}
	}
	if known().phraseIn("future", text) || known().has("asking", plain(firstWords(text, 1))) {
		return "", unclear // "I will restart it", "how do I restart it"
	}
	if parts := clausesOf(text); len(parts) > 1 && !slices.ContainsFunc(parts[1:], func(c clause) bool {
		return !slices.ContainsFunc(strings.Fields(c.text), func(w string) bool { return known().has("effect", w) })
	}) {
		text = parts[0].text // what came of it
	}
	verbs := withoutPlainVerbs(predicates(q))
	denied, echoed := slices.ContainsFunc(words(text), denies), 0
	for _, w := range strings.FieldsFunc(plain(text), func(r rune) bool { return r == ' ' || r == '\'' }) {
		switch {
		case known().has("negation", w):
			denied = true
		case slices.ContainsFunc(asked, func(a string) bool { return means(a, w) }):
			if slices.ContainsFunc(verbs, func(a string) bool { return means(a, w) }) {
				echoed++
			}
		case !known().has("stop", w) && !known().has("filler", w) && !known().has("yes", w) && !known().has("yesalone", w) &&
			!known().has("ourselves", w) && !known().has("already", w) &&
			len(w) > 1 && !slices.Contains(words(joined(q.Ask)), w):
			return "", unclear
		}
	}
	switch {
	case echoed == 0 || slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool { return known().has("negation", w) }):
		return "", unclear
	case denied:
		return No, clear
	}
	return Yes, clear
}

// thinksNot reports whether a text is a no with words that doubt a yes: "don't think so, no".
func thinksNot(text string) bool {
	p := " " + plain(text) + " "
	for _, phrase := range longestFirst("thinknot") {
		if rest := strings.Replace(p, " "+phrase+" ", " ", 1); rest != p && !strings.ContainsAny(text, "?¿") {
			return wholly(strings.TrimSpace(rest)) == No
		}
	}
	return false
}

// asksWish reports whether a question asks for what somebody wants or what shall be done: who would
// like it says yes.
func asksWish(q *tickets.Question) bool {
	return slices.ContainsFunc(words(joined(q.Ask)), func(w string) bool {
		return known().has("need", w) || known().has("modal", w) || known().has("mayi", w)
	})
}

// itsMe reports whether a text answers whose something is with its writer: "op mijn naam".
func itsMe(q *tickets.Question, text string) bool {
	asked, ws := words(joined(q.Ask)), words(text)
	is := func(ws []string, section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) })
	}
	if len(ws) > 7 || !is(asked, "whose") || !is(asked, "yours") || negated(asked) || negated(ws) || doubtful(text) {
		return false
	}
	if known().has("itsme", plain(text)) {
		return true
	}
	return is(ws, "mine") && is(ws, "whose") && !slices.ContainsFunc(ws, func(w string) bool {
		return !known().has("stop", w) && !known().has("filler", w) && !known().has("mine", w) && !known().has("whose", w) &&
			!known().has("yes", w) && !known().has("yesalone", w) && !slices.Contains(asked, w)
	})
}

// inverted is what stands behind a verb in French questions, and before a thing.
var inverted = strings.NewReplacer("l'", "la ", "-il ", " ", "-elle ", " ", "-ils ", " ", "-elles ", " ")

// predicates returns the words of a yes or no question that say what it asks about its subject, in
// each of its languages: those that no article makes a thing. "the printer" answers nothing.
func predicates(q *tickets.Question) []string {
	var out []string
	for _, ask := range q.Ask {
		ws := words(inverted.Replace(fold(ask)))
		thing := false
		for i, w := range ws {
			says := len(content(w)) > 0
			thing = says && i+1 < len(ws) && thing || i > 0 && known().has("determiner", ws[i-1]) // "a mobile phone"
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
	if doubtful(text) {
		return "", true
	}
	if said = wholly(plain(text)); said != "" {
		return said, false
	}
	parts := clausesOf(text)
	if len(parts) == 0 {
		return "", false
	}
	if said, torn = clauseSays(parts[0].text, asked); said == "" {
		return "", torn
	}
	for _, part := range parts[1:] {
		if contradicts(said, part, asked) {
			return "", true
		}
	}
	if said == Yes && otherMeans(asked, words(text)) {
		return "", true
	}
	if said == Yes && known().phraseIn("lapsed", text) {
		return "", true
	}
	if said == No && known().startsWith("nonesuch", parts[0].text) || said == Yes && !wish && known().phraseIn("notdone", text) {
		return "", true
	}
	return said, false
}

// clause is a part of a text between two stops.
type clause struct {
	text   string
	opened bool // it belongs to the first sentence
}

var clauseEnds = pattern(`[.!\n]+|[,;:–—()]| - `)

// clausesOf returns the parts of a text, without the words that join them.
func clausesOf(text string) []clause {
	var out []clause
	opened := true
	add := func(part string) {
		ws := words(part)
		for at := len(ws) - 1; at > 0; at-- { // "yes but not yet"
			if known().has("but", ws[at]) {
				out = append(out, clause{strings.Join(ws[:at], " "), opened})
				ws = ws[at:]
				break
			}
		}
		for len(ws) > 1 && known().has("but", ws[0]) {
			ws = ws[1:]
		}
		if len(ws) > 0 {
			out = append(out, clause{strings.Join(ws, " "), opened})
		}
	}
	from := 0
	for _, m := range clauseEnds().FindAllStringIndex(text, -1) {
		add(text[from:m[0]])
		if from = m[1]; len(out) > 0 && strings.ContainsAny(text[m[0]:m[1]], ".!\n") {
			opened = false
		}
	}
	add(text[from:])
	return out
}

// wholly returns the yes or no that a plain phrase is, if it is nothing else.
func wholly(p string) string {
	for _, part := range []string{p, without(p), undrawn(p)} {
		yes := known().has("yes", part) || known().has("yesalone", part)
		no := known().has("no", part) || known().has("noalone", part)
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
	if said = wholly(p); said != "" {
		return said, false
	}
	ws := strings.Fields(p)
	for n := min(len(ws), 4); n > 0; n-- {
		head, rest := strings.Join(ws[:n], " "), ws[n:]
		if said = wholly(head); said == "" {
			continue
		}
		alone := known().has("yesalone", head) || known().has("noalone", head)
		if alone && !slices.ContainsFunc(rest, denies) && slices.ContainsFunc(rest, addsSomething) &&
			wholly(strings.Join(rest, " ")) != said {
			return "", false
		}
		switch {
		case said == Yes && slices.ContainsFunc(rest, denies),
			said == Yes && onlyPart(rest),
			said == Yes && oneOf(rest, "no", "nein", "non", "nee", "nope"),
			said == No && oneOf(rest, "yes", "ja", "oui", "yep", "doch"),
			said == No && known().has("particle", head) && asserts(rest, asked),
			said == No && len(rest) > 0 && known().has("notall", rest[0]),
			said == No && echoes(rest, asked) && slices.ContainsFunc(rest, func(w string) bool { return known().has("effect", w) }):
			return "", true // also "not all of them", and "no restart has helped"
		}
		return said, false
	}
	return "", false
}

// addsSomething reports whether a word behind a yes or no says more than that.
func addsSomething(w string) bool {
	return !known().has("filler", w) && !known().has("already", w) && !known().has("pronoun", w)
}

// denies reports whether a word takes away what is said.
func denies(w string) bool {
	return w != "noch" && w != "ne" && known().has("negation", w) || strings.HasSuffix(w, "n't")
}

// contradicts reports whether a later clause takes away a yes or no.
func contradicts(said string, part clause, asked []string) bool {
	ws := strings.Fields(part.text)
	if said == No {
		return wholly(part.text) == Yes || oneOf(ws, "yes", "ja", "oui", "yep", "doch") || asserts(ws, asked)
	}
	effect := slices.ContainsFunc(ws, func(w string) bool { return known().has("effect", w) })
	return wholly(part.text) == No || oneOf(ws, "nein", "nope") || len(ws) <= 3 && !effect && wholly(ws[len(ws)-1]) == No ||
		onlyPart(ws) || part.opened && known().has("afterthat", ws[0]) ||
		len(ws) > 1 && known().has("particle", ws[0]) && known().has("concerning", ws[1]) ||
		slices.ContainsFunc(ws, denies) && (part.opened || len(ws) <= 4) && deniesTheAnswer(ws, asked)
}

// onlyPart reports whether words behind a yes say that it is one in part: "only the PC".
func onlyPart(ws []string) bool {
	return (known().phraseIn("onlypart", strings.Join(ws, " ")) || parted(ws)) &&
		!slices.ContainsFunc(ws, func(w string) bool { return known().has("effect", w) })
}

// deniesTheAnswer reports whether words with a negation take back what was answered, and do not
// only add something about it: "we couldn't", but not "no success" or "not in its box".
func deniesTheAnswer(ws, asked []string) bool {
	has := func(section string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return known().has(section, w) })
	}
	if has("effect") {
		return false
	}
	adds := slices.ContainsFunc(ws, func(w string) bool { return !denies(w) && addsSomething(w) && !known().has("stop", w) })
	return !adds || has("ourselves") || has("yet") || echoes(ws, asked)
}

// echoes reports whether words say those of a question again.
func echoes(ws, asked []string) bool {
	return slices.ContainsFunc(ws, func(w string) bool {
		return slices.ContainsFunc(asked, func(a string) bool { return means(a, w) })
	})
}

// asserts reports whether words say that something was done: "I did it twice", "already restarted".
func asserts(ws, asked []string) bool {
	if len(ws) == 0 || slices.ContainsFunc(ws, denies) {
		return false
	}
	if wholly(strings.Join(ws, " ")) == Yes {
		return true
	}
	needs := slices.ContainsFunc(asked, func(a string) bool { return known().has("need", a) }) // who has one already needs none
	if !needs && slices.ContainsFunc(ws, func(w string) bool { return known().has("already", w) }) {
		return true
	}
	return echoes(ws, asked) && known().has("ourselves", ws[0])
}

func oneOf(ws []string, these ...string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(these, w) })
}
