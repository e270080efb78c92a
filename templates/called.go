package templates

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// greeted returns the name by which an automatic mail greets a person, "" where it had better greet
// nobody: a name that was cut, or that holds a link, is not theirs.
func greeted(shown string) string {
	name := harmless(calledName(shown), maxName)
	if strings.Contains(name, "…") {
		return ""
	}
	return name
}

// calledName returns the name by which a person is greeted, of the one that their mail client
// shows: "Tom Reed" of "Reed, Tom (IT)", of "REED Tom", of "Tom Reed, London" and of "Tom Reed via
// Forms". It is "" where it names nobody (an address, a company, a team), and where nothing tells
// which part of it is the name.
func calledName(shown string) string {
	name := withoutBrackets(line(shown))
	for _, mark := range []string{" via ", " über ", " on behalf of ", " im auftrag von ", " | ", " / "} {
		if at := foldedIndex(name, mark); at > 0 {
			name = name[:at]
		}
	}
	if strings.ContainsRune(name, '@') {
		return ""
	}
	name, found := withoutDash(name)
	if !found {
		return ""
	}
	var parts []string
	for part := range strings.SplitSeq(name, ",") {
		if part = strings.Join(strings.Fields(strings.Trim(part, "\"' ")), " "); part != "" && !isSuffix(part) && !namesNobody(part) {
			parts = append(parts, part)
		}
	}
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return surnameLast(parts[0])
	}
	return surnameLast(ordered(parts[0], parts[1])) // what stands behind is a department, or a place
}

// withoutDash takes the person out of "Tom Reed - Acme" and "Acme - Tom Reed"; false if neither
// side is known as one.
func withoutDash(name string) (person string, found bool) {
	sides := []string{name}
	for _, dash := range []string{" - ", " – ", " — ", " • ", " · "} {
		if strings.Contains(name, dash) {
			sides = strings.Split(name, dash)
			break
		}
	}
	if len(sides) == 1 || strings.Contains(sides[0], ",") {
		return sides[0], true
	}
	i := slices.IndexFunc(sides, beginsWithGivenName)
	if i < 0 {
		return "", false
	}
	return sides[i], true
}

// ordered returns the name that two parts with a comma between them are, the given name first:
// "Reed, Tom" turns round, "Tom Reed, London" is a name and a place. It is "" if that cannot be
// told.
func ordered(first, second string) string {
	turned := second + " " + first
	one, two := beginsWithGivenName(first), beginsWithGivenName(second)
	words := strings.Fields(first)
	r, _ := utf8.DecodeRuneInString(words[0])
	switch {
	case unicode.IsLower(r): // van der Meer
		return turned
	case len(words) == 1 && (two || !one || isInitial(second)):
		return turned
	case two && !one:
		return turned
	case one && !two && len(words) > 1:
		return first
	}
	return ""
}

func isInitial(part string) bool { return utf8.RuneCountInString(strings.Trim(part, ".")) == 1 }

//go:embed givennames.txt
var givenNamesFile string

var givenNames = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(givenNamesFile) {
		if !strings.HasPrefix(line, "#") {
			for name := range strings.FieldsSeq(line) {
				out[name] = true
			}
		}
	}
	return out
})

// titles stand before given names.
var titles = strings.Fields("dr prof mr mrs ms miss herr frau mme m sr sra dott ing dipl-ing dhr mevr mw")

// beginsWithGivenName reports whether a name begins, behind titles, with a known given name.
func beginsWithGivenName(name string) bool {
	for word := range strings.FieldsSeq(name) {
		word = withoutAccents(strings.ToLower(strings.Trim(word, ".")))
		if slices.Contains(titles, word) {
			continue
		}
		half, _, _ := strings.Cut(word, "-") // Jean-Pierre
		return givenNames()[word] || givenNames()[half]
	}
	return false
}

// withoutAccents writes é as e.
func withoutAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// withoutBrackets leaves out what stands in brackets: departments, places, pronouns.
func withoutBrackets(s string) string {
	var out strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case strings.ContainsRune("([{<", r):
			depth++
		case strings.ContainsRune(")]}>", r):
			depth = max(depth-1, 0)
		case depth == 0:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// foldedIndex returns where a mark in lower case begins in s, in whatever case; -1 if nowhere.
func foldedIndex(s, mark string) int {
	for i := range s {
		if len(s)-i >= len(mark) && strings.EqualFold(s[i:i+len(mark)], mark) {
			return i
		}
	}
	return -1
}

// suffixes stand behind a name and its comma.
var suffixes = strings.Fields("jr sr ii iii iv phd md msc bsc mba ma ba esq dipl-ing ceo cto cfo coo")

func isSuffix(part string) bool {
	return slices.Contains(suffixes, strings.ToLower(strings.ReplaceAll(part, ".", "")))
}

// Words of what is no person, in lower case; the short ones, which are names of people, too, count
// as they stand here.
var (
	nobodysWords = strings.Fields("gmbh mbh ohg kgaa ltd limited inc incorporated llc llp corp corporation plc sarl s.à.r.l. srl s.r.l. s.p.a. s.a. b.v. " +
		"n.v. e.v. company group gruppe holding verein team support helpdesk service services servicedesk info office sales admin " +
		"administrator noreply no-reply donotreply mailer newsletter notification notifications billing accounting buchhaltung kontakt " +
		"contact hotline vertrieb einkauf purchasing marketing " +
		"verwaltung sekretariat reception rezeption department abteilung universität university")
	nobodysSigns = strings.Fields("AG KG SA AB AS NV BV OY UG IT SE HR SpA Oy GbR eG eV")
)

// namesNobody reports whether a part of a name is that of a company, a team or a function.
func namesNobody(part string) bool {
	return slices.ContainsFunc(strings.Fields(part), func(word string) bool {
		return slices.Contains(nobodysSigns, strings.Trim(word, ".")) || slices.Contains(nobodysWords, strings.ToLower(word)) ||
			slices.Contains(nobodysWords, strings.ToLower(strings.Trim(word, ".:-&")))
	})
}

// surnameLast puts a surname in capitals behind the first name, and writes it as others are. A name
// all in capitals stays as it is, and so do words of three letters: most are no surname, as in "IBM
// Deutschland" and "Tom Reed MBA".
func surnameLast(name string) string {
	words := strings.Fields(name)
	capitals := func(w string) bool {
		return strings.ToUpper(w) == w && strings.ToLower(w) != w && !strings.ContainsRune(w, '.')
	}
	loud := func(w string) bool { return capitals(w) && utf8.RuneCountInString(w) > 3 }
	calm := func(w string) bool { return !capitals(w) && strings.ToLower(w) != w }
	if !slices.ContainsFunc(words, loud) || !slices.ContainsFunc(words, calm) {
		return strings.Join(words, " ")
	}
	var given, surname []string
	for _, w := range words {
		if loud(w) {
			surname = append(surname, capitalised(w))
		} else {
			given = append(given, w)
		}
	}
	return strings.Join(append(given, surname...), " ")
}

// capitalised writes REED-O'BRIEN as Reed-O'Brien.
func capitalised(word string) string {
	begins := true
	return strings.Map(func(r rune) rune {
		was := begins
		if begins = !unicode.IsLetter(r); was {
			return r
		}
		return unicode.ToLower(r)
	}, word)
}
