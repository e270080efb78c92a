package quote

import (
	"slices"
	"strings"

	"tierdesk/mailin/internal/late"
)

// longestAlone is how many lines a signature has at most that is all there is of a text.
const longestAlone = 12

// SignatureAlone reports whether a text is nothing but a signature: it begins with its delimiter,
// or with words that close a letter and the name of its writer below them. Thanks alone are an
// answer.
func SignatureAlone(text, name string) bool {
	lines := slices.DeleteFunc(linesOf(text), func(l string) bool { return l == "" })
	switch {
	case len(lines) < 2 || len(lines) > longestAlone:
		return false
	case delimits(lines[0]):
		return true
	case len(lines[0]) > 60 || !farewell.MatchString(lines[0]):
		return false
	}
	names := wordsIn(name)
	return slices.ContainsFunc(wordsIn(lines[1]), func(w string) bool { return len(w) > 1 && slices.Contains(names, w) }) &&
		!slices.ContainsFunc(lines[1:], func(l string) bool { return len(l) > 100 || strings.HasSuffix(l, "?") })
}

// farewell: a line that closes a letter and says nothing else.
var farewell = late.Compile(`(?i)^(?:(?:with )?(?:best|kind|warm|kindest|many)?\s?(?:regards|wishes)|sincerely|yours(?: \w+)?|cheers|best|(?:mit )?(?:freundliche[nrm]?|beste[nr]?|liebe[nr]?|viele[nr]?|herzliche[nr]?|schöne[nr]?) gr(?:ü|ue)(?:ß|ss)e?n?|mfg|lg|vg|gruß|(?:bien )?cordialement|bien à vous|salutations(?: distinguées)?|(?:un )?(?:cordial )?saludos?|atentamente|(?:cordiali|distinti) saluti|saluti|met vriendelijke groeten?|groet(?:en|jes)?|mvh|(?:med )?vänlig(?:a)? hälsning(?:ar)?|hälsningar|(?:med )?venlig hilsen|abraços|atenciosamente|cumprimentos|(?:z )?pozdrawiam|z poważaniem|s pozdravem|с уважением|よろしくお願い(?:いた)?します)[\s,.!–—-]*$`)

// QuotedLines returns the lines of a text that are marked as quoted.
func QuotedLines(text string) string {
	if !strings.ContainsAny(text, ">＞") {
		return ""
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if isQuoted(trimSpace(line)) {
			out.WriteString(line)
		}
	}
	return out.String()
}
