package templates

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// calledName returns the name by which a person is greeted, of the one that their mail client
// shows: "Tom Reed" of "Reed, Tom (IT)", of "REED Tom" and of "Tom Reed via Forms". It is "" where
// it names nobody: an address, a company, a team. Where it is unsure it leaves a name as it is.
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
	return surnameLast(parts[1] + " " + parts[0]) // what stands behind is a department, or a place
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
