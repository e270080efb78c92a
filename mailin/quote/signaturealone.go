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

// SaysSomething returns the first line of a signature that tells its reader something, below the
// name: a sentence, or a postscript. "" if there is none. It is asked of a text that is nothing but
// a signature (SignatureAlone).
func SaysSomething(text string) string {
	lines := slices.DeleteFunc(linesOf(text), func(l string) bool { return l == "" })
	from := 2 // below a farewell and the name
	if len(lines) > 0 && delimits(lines[0]) {
		from = 1
	}
	for i, l := range lines {
		switch {
		case i < from:
		case postscript.MatchString(l):
			return l
		case fullStop.MatchString(l) && (noon.MatchString(l) || !shortForm.MatchString(l)):
			return l
		}
	}
	return ""
}

// BelowDash returns what stands below a lone dash that was taken for the delimiter of a signature,
// if it says something and none of it is the writer's name; "" for any other signature. Two dashes
// are the delimiter that all clients know, and what is below them is never asked about.
func BelowDash(signature, name string) string {
	first, below, _ := strings.Cut(trimBlank(signature), "\n")
	names := wordsIn(name)
	switch first = trimSpace(first); {
	case !delimits(first) || strings.HasPrefix(first, "-") || SaysSomething(signature) == "":
		return ""
	case slices.ContainsFunc(wordsIn(below), func(w string) bool { return len(w) > 1 && slices.Contains(names, w) }):
		return ""
	}
	return trimBlank(below)
}

var (
	// postscript: of "PD" only with its points or a colon: it is a title, too.
	postscript = late.Compile(`(?i)^[*_(\s]*(?:(?:p[.\s-]{0,2}){1,3}s|n[.\s]{0,2}b|p\.\s?d\.|pd[:.]|obs[:.]|post\s?scriptum|postskriptum|nachtrag|nachsatz|posdata|postdata|з[.\s]{0,2}ы|追伸|追記|附言|又及)(?:[^\pL\pN]|$)`)
	// fullStop: behind the mark may stand what closes a bracket, a quotation or bold.
	fullStop = late.Compile(`[.!?…。！？][)\]"'”»*_]*$`)
	// shortForm: a company or a title at the end of a line, which has a point and ends no sentence.
	shortForm = late.Compile(`(?i)(?:^|[\s,(])(?:inc|ltd|co|corp|llc|plc|bros|dept|dipl|ing|med|phil|jr|sr|st|str|tel|mob|bldg|fl|[\pL]{1,4}(?:\.[\pL]{1,4})+)\.$`)
	// noon is no company: the sentence ends at nine.
	noon = late.Compile(`(?i)[ap]\.m\.$`)
)

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

// WithoutQuoted returns a text without the lines that are marked as quoted: others wrote them.
func WithoutQuoted(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !isQuoted(trimSpace(line)) {
			out.WriteString(line)
		}
	}
	return out.String()
}
