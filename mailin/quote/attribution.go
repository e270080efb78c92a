package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// attribution reports whether an attribution ends on line i, and where it begins.
func (t *splitter) attribution(i int) (int, bool) {
	b := t.bare[i]
	if t.kinds[i] == kindQuoted {
		b = strings.TrimLeft(b, "> \t")
	}
	if frames(b) {
		return i, true
	}
	followed := t.quoteFollows(i + 1)
	if len(b) > 500 || !mayEndAttribution(b, followed) {
		return 0, false
	}
	if (followed || t.apart(i)) && datesAndAddresses(b) {
		return i, true
	}
	joined, best := "", -1
	from := "" // the line at best
	for n, j := 0, i; j >= 0 && n < 8; n, j = n+1, j-1 {
		if t.bare[j] == "" {
			// Some clients put the address on lines of its own.
			if n == 0 || j == 0 || joined[0] != '<' && joined[0] != '>' {
				break
			}
			continue
		}
		if n > 0 && t.kinds[j] != t.kinds[i] {
			break
		}
		line := t.bare[j]
		if t.kinds[j] == kindQuoted {
			line = strings.TrimLeft(line, "> \t")
		}
		line = strings.Trim(withoutMarks(line), "-*_ \t")
		if line == "" || best >= 0 && endsSentence(line) {
			break
		}
		if joined == "" {
			joined = line
		} else {
			joined = line + " " + joined
		}
		if len(joined) > 600 {
			break
		}
		if t.spent++; t.spent > budget {
			return 0, false
		}
		if n > 0 && strings.HasSuffix(line, "<") && attribution(joined, followed) {
			best, from = j, line // the address stands on the line below
		}
		switch attributes(joined, followed, n > 0) {
		case sure:
			return j, true
		case likely:
			// The name stands on the line above its address, or all but the verb above that.
			if best < 0 || strings.HasPrefix(from, "<") || !strings.ContainsAny(from, " \t") && beginsWithName(line) {
				best, from = j, line
			}
		}
	}
	return best, best >= 0
}

// beginsWithName reports whether what stands before an address in brackets, or all of a line that
// has none, is a name and no sentence: none of its words is small, but for "van" and the like.
func beginsWithName(line string) bool {
	name, _, _ := strings.Cut(line, "<")
	words := strings.Fields(name)
	return len(words) < 6 && !slices.ContainsFunc(words, func(w string) bool {
		c, _ := utf8.DecodeRuneInString(w)
		return unicode.IsLower(c) && len(w) > 3
	})
}

// apart reports whether blank lines stand above and below line i.
func (t *splitter) apart(i int) bool {
	return (i == 0 || t.bare[i-1] == "") && i+1 < t.end && t.bare[i+1] == ""
}

// datesAndAddresses reports whether a line is a date and by whom, and nothing else. Logs and
// appointments have such lines, too, but neither a quote nor blank lines around them.
func datesAndAddresses(b string) bool {
	return len(b) < 120 && strings.Contains(b, "@") && dateAndAddress.MatchString(b)
}

// endsSentence reports whether a line ends a sentence, and not a date that was shortened: the
// writer's own words.
func endsSentence(line string) bool {
	return strings.ContainsAny(line[len(line)-1:], ".!?") && !datePattern.MatchString(line) || strings.HasSuffix(line, "。") ||
		strings.HasSuffix(line, "？") || strings.HasSuffix(line, "！")
}

// withoutMarks takes out the marks for the direction of writing.
func withoutMarks(s string) string {
	if !strings.Contains(s, "\u200e") && !strings.Contains(s, "\u200f") && !strings.Contains(s, "\u202a") &&
		!strings.Contains(s, "\u202b") && !strings.Contains(s, "\u2068") {
		return s
	}
	return strings.Map(func(c rune) rune {
		if c == '\u200e' || c == '\u200f' || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' {
			return -1
		}
		return c
	}, s)
}

// quoteFollows reports whether the next line that is not blank is quoted.
func (t *splitter) quoteFollows(i int) bool {
	for j := i; j < t.end && j < i+4; j++ {
		if t.bare[j] != "" {
			return isQuoted(t.bare[j])
		}
	}
	return false
}

var (
	// datePattern: something that only dates and times look like.
	datePattern = late.Compile(`\d{1,4}\s?[./\-年월月]\s?\d{1,2}|\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}\.? ?(?i:de |-)?\p{L}{3,12}`)
	// fullDate: a day with month and year.
	fullDate       = late.Compile(`\d{1,2}\s?[./\-]\s?\d{1,2}\s?[./\-]\s?\d{2,4}|\d{4}\s?[.\-/年년]\s?\d{1,2}|\d{1,2}\.?,?\s+(?:de\s+)?\p{L}{3,12}[.׳]?,?\s+(?:de\s+)?\d{4}|\p{L}{3,12}\.?\s\d{1,2},?\s\d{4}`)
	addressPattern = late.Compile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+\.[^\s<>"(),:;]+`)
	// anchorPattern: how attributions begin that have more than one line.
	// verbAlone: a last line "> wrote:" that is no quote but the end of an address.
	verbAlone     = late.Compile(`(?i)^>\s*(?:\p{L}{1,3}\s)?(?:\p{L}+(?:\(\p{L}+\))?)\s*[:：]$`)
	anchorPattern = late.Compile(`(?i)^(?:on|at|le|am|el|il(?: giorno)?|op|den|em|no dia|w dniu|dnia|dne|dňa|pe|la|na|pada|vào|στις|ar|kl|på|fra|i|ma|a|ti|ke|to|pe|la|su|v|от|в|на|у|dana|dne|mi[eé]\.?|lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|ons|tor|fre|lør|søn|tir|man|seg|ter|qua|qui|sex|sáb|пн|вт|ср|чт|пт|сб|вс|нд|po|út|st|čt|pá|ne|ut|št|pi|pon|wt|śr|czw|pt|sob|niedz|ndz|joi|vin|sâm|dum|sze|cs|szo|man|tirs|fre|lør|søn|paz|pzt|sal|çar|per|cum|cmt|δευ|τρί|τετ|πέμ|παρ|σάβ|κυρ)[\s.,,]|^\d{1,4}[\s./\-年년]|^(?:mon|tues|wednes|thurs|fri|satur|sun)day`)
	// namePattern: attributions that begin with a name and an address.
	namePattern = late.Compile(`^["'(]?\p{L}[^<>]{0,60}<[^>]*@`)
	fromToColon = late.Compile(`[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]\s*[:：]$`)
	bracketed   = late.Compile(`[<(\[][^<>()\[\]\s]*@[^<>()\[\]\s]+[>)\]]`)
	clockMark   = late.Compile(`\d{1,2}[:.h]\d{2}`)
	// framed: "---- Jane Doe wrote ----".
	framed = late.Compile(`(?i)^[-_]{2,}\s*.{2,120}\s(?:wrote|schrieb|escribió|a écrit|ha scritto|schreef|skrev)\s*[-_:]{2,}$`)
	// dateAndAddress: "30. Nov. 2026, 10:15 von jane@x.example:" (Tutanota) needs no verb.
	dateAndAddress = late.Compile(`(?i)^(?:\d{1,2}\.? (?:de )?\pL{3,12}\.?,? (?:de )?\d{4}|\pL{3,12}\.? \d{1,2}, \d{4}|` +
		`\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}),? \d{1,2}[:.]\d{2}(?: ?[ap]m)?,? ` +
		`(?:von|by|par|por|de|da|di|van|door|av|af|przez|od|от|від) [^\s<>"(),:;]+@[^\s<>"(),:;]+\.[^\s<>"(),:;]+ ?[:：]$`)
	// bareDate: "2013-05-28 12:10 GMT+02:00 Jane Doe <jane@x.example>:" and the like do not either.
	bareDate = late.Compile(`(?i)^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日)\b?.{0,120}[<(（].*@.*[>)）].{0,20}[:：]?$`)
)

// mayEndAttribution is a cheap look at whether a line could be the last of an attribution.
func mayEndAttribution(b string, followed bool) bool {
	switch {
	case strings.HasSuffix(b, ":") || strings.HasSuffix(b, "："):
		return true
	case followed && strings.ContainsAny(b, "<@"):
		return true
	}
	for b != "" && strings.IndexByte("-*_ .", b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	if b == "" {
		return false
	}
	for _, v := range lastVerbs[b[len(b)-1]] {
		if strings.HasSuffix(b, v) {
			return true
		}
	}
	return strings.HasSuffix(b, ":")
}

// lastVerbs are verbs that end an attribution, by their last octet.
var lastVerbs = func() (by [256][]string) {
	for _, v := range []string{"wrote", "schrieb", "écrit", "escribió", "scritto", "skrev", "schreef", "geschreven", "写道", "寫道", "escreveu",
		"napisał", "написал", "написал(а)", "kirjoitti", "yazdı"} {
		last := v[len(v)-1]
		by[last] = append(by[last], v)
	}
	return by
}()

// frames reports whether a line is "---- Jane Doe wrote ----".
func frames(b string) bool {
	return len(b) < 150 && (strings.HasPrefix(b, "--") || strings.HasPrefix(b, "__")) && framed.MatchString(b)
}

// certainty of an attribution.
type certainty int

const (
	no     certainty = iota
	likely           // it may begin further up
	sure             // it begins as attributions begin
)

// attributes returns whether s, the last lines of a paragraph joined, is an attribution, and how
// surely. followed is set where quoted lines come below, multi where s was joined from several
// lines.
func attributes(s string, followed, multi bool) certainty {
	anchored := datePattern.MatchString(s) && anchorPattern.MatchString(s)
	if multi && !anchored && !namePattern.MatchString(s) || !attribution(s, followed) {
		return no
	}
	if anchored {
		return sure
	}
	return likely
}

func attribution(s string, followed bool) bool {
	s = strings.TrimRight(s, " -*_")
	colon := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	date, address := datePattern.MatchString(s), strings.Contains(s, "@") && addressPattern.MatchString(s)
	if !date && !address && !followed {
		return false
	}
	if (colon || followed) && s != "" && '0' <= s[0] && s[0] <= '9' && bareDate.MatchString(s) {
		return true
	}
	verb, ok := findVerb(s)
	if !ok {
		if colon && date && address && clockMark.MatchString(s) && (anchorPattern.MatchString(s) || fullDate.MatchString(s)) &&
			fromToColon.MatchString(s) {
			return true
		}
		return followed && colon && (address && len(s) < 200 || date && anchorPattern.MatchString(s) && len(s) < 120)
	}
	if colon {
		if followed {
			return date || address || len(s) < 80
		}
		// Nothing is quoted below: what comes may as well be the writer's own words, so more is
		// asked for.
		return bracketed.MatchString(s) && (date || len(verb) < 24 || strings.Contains(s, "<")) || address && date || date &&
			(fullDate.MatchString(s) || clockMark.MatchString(s) && anchorPattern.MatchString(s)) && !strings.HasPrefix(verb, "said")
	}
	// without a colon: the verb must be the last word and a date must stand there
	if len(strings.TrimSpace(verb)) < 24 && date && anchorPattern.MatchString(s) {
		return true
	}
	return followed && (date || address) && anchorPattern.MatchString(s)
}

// verbs by which attributions say "wrote", in lower case.
var verbs = wordset.StemsOf(phrasesOf(wroteList))

// findVerb returns what of s, in lower case, stands from the first verb on that is a word of its
// own.
func findVerb(s string) (string, bool) {
	low := strings.ToLower(s) // may be longer or shorter than s
	at := verbs.Find([]byte(low), func(from, to int) bool {
		before, _ := utf8.DecodeLastRuneInString(low[:from])
		after, _ := utf8.DecodeRuneInString(low[to:])
		return (from == 0 || !wordRune(before)) && (to == len(low) || !wordRune(after))
	})
	if at < 0 {
		return "", false
	}
	return low[at:], true
}

// onlyVerb reports whether a line is "> wrote:", the end of an address and no quote.
func onlyVerb(b string) bool {
	if len(b) >= 40 || !strings.HasSuffix(b, ":") || !verbAlone.MatchString(b) {
		return false
	}
	_, ok := findVerb(b)
	return ok
}

// wordRune reports whether a character goes on a word. Chinese, Japanese and Korean run their words
// together.
func wordRune(c rune) bool {
	return unicode.IsLetter(c) && !unicode.In(c, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}
