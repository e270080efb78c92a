// Package mention owns what clauses mention by figures and names: numbers with what they count,
// codes, people, streets. It must never know which question that answers.
package mention

import (
	"strings"

	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/statement"
)

// Code is a number of something: letters with digits, digits with hyphens, or many digits.
type Code struct {
	Text string
	Lead []string // words before it in its clause, the nearest last
	then []string // words behind it
	Iban bool
	From *statement.Statement
}

// Codes returns the codes of a clause.
func Codes(s *sheet.Sheet, all []statement.Statement, i int) []Code {
	c := &all[i]
	text := lexicon.WithoutAddresses(c.Text)
	var out []Code
	rest := text
	if m := ibanLike().FindStringIndex(text); m != nil && m[1]-m[0] >= minIBAN {
		out = append(out, Code{Text: text[m[0]:m[1]], Iban: true, From: c, Lead: lexicon.Words(text[:m[0]]),
			then: lexicon.Words(text[m[1]:])})
		rest = text[:m[0]] + " _ " + text[m[1]:]
	}
	if phoneLike().MatchString(rest) || lexicon.HasAny(lexicon.Words(rest), "phoneword") {
		return out
	}
	fields := strings.Fields(rest)
	from := 0
	for k, f := range fields {
		if k < from {
			continue // a group of the one before
		}
		f = strings.Trim(f, number.TrimmedOff)
		if groups := number.Groups(fields[k:]); groups > 1 {
			f = strings.Trim(strings.Join(fields[k:k+groups], " "), number.TrimmedOff)
			out = appendGroups(s, out, Code{Text: f, From: c}, fields, max(from, k-maxLead), k, groups, all[:i])
			from = k + groups
			continue
		}
		marked := k > 0 && numberSign().MatchString(fields[k-1]) && rangeLike().MatchString(f)
		if f == "_" || !marked && (!IsCode(f) || len(day.All(f, s.When.Context)) > 0) {
			continue
		}
		if strings.Trim(f, "0123456789") == "" && (len(fields) == 1 && !all[max(0, i-1)].Labels && s.CountsSomething() ||
			shownIn(s, c, fields[max(0, k-maxLead):k])) {
			continue
		}
		if digits := strings.Trim(f, "0123456789") == ""; digits && k+1 < len(fields) {
			if next := []rune(fields[k+1]); lexicon.IsLetter(next[0]) && !lexicon.Has("stop", lexicon.Plain(fields[k+1])) {
				continue // it counts something
			}
		}
		if k+1 < len(fields) && strings.Trim(fields[k+1], "0123456789") == "" || k > 0 && shortMark().MatchString(fields[k-1]) &&
			!lexicon.Has("codeword", lexicon.Plain(fields[k-1])) && !lexicon.Has("identifier", lexicon.Plain(fields[k-1])) {
			f = "" // a part of one that is written with blanks
		}
		out = append(out, Code{Text: f, From: c}.among(fields, max(from, k-maxLead), k, 1, all[:i]))
		from = k + 1
	}
	return out
}

// among returns a code with the words that stand before and behind its groups in a clause.
func (c Code) among(fields []string, from, at, groups int, before []statement.Statement) Code {
	c.Lead = lexicon.Words(strings.Join(fields[from:at], " "))
	if n := len(before); at == 0 && n > 0 && (before[n-1].Labels || c.From.Inside && len(fields) == groups) {
		c.Lead = append(lexicon.Words(before[n-1].Text), c.Lead...)
		c.Lead = c.Lead[max(0, len(c.Lead)-maxLead):]
	}
	end := at + groups
	c.then = lexicon.Words(strings.Join(fields[end:min(len(fields), end+3)], " "))
	return c
}

// appendGroups adds a code that is written in groups, unless its last one counts what follows:
// nobody knows then where it ends.
func appendGroups(s *sheet.Sheet, out []Code, c Code, fields []string, from, at, groups int, before []statement.Statement) []Code {
	if end := at + groups; end < len(fields) && strings.Trim(fields[end-1], "0123456789") == "" {
		if next := []rune(fields[end]); lexicon.IsLetter(next[0]) && !lexicon.Has("stop", lexicon.Plain(fields[end])) {
			return out
		}
	}
	c = c.among(fields, from, at, groups, before)
	if strings.Trim(c.Text, "0123456789 ") == "" && (shownIn(s, c.From, fields[from:at]) ||
		number.IsGrouped(c.Text) && !lexicon.HasAny(c.Lead, "codeword")) {
		return out // 12 480 is how a count is written, too
	}
	return append(out, c)
}

// IsCode reports whether a word is a number of something.
func IsCode(w string) bool {
	letters, digits := 0, 0
	for _, r := range w {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case lexicon.IsLetter(r):
			letters++
		case !strings.ContainsRune("-/._", r):
			return false
		}
	}
	switch {
	case digits == 0 || measured().MatchString(w) || aYear().MatchString(w) || lexicon.Plain(w) == "m2":
		return false
	case letters > 0:
		return true
	case strings.ContainsAny(w, "-/"):
		return digits >= 5
	case strings.ContainsAny(w, "."):
		return false
	}
	return digits >= number.MinDigits
}

// IsIBAN reports whether a text is the number of an account and nothing else.
func IsIBAN(text string) bool { return ibanLike().FindString(text) == text && len(text) >= minIBAN }

var ibanLike = lexicon.Pattern(`(?i)\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b`)

var (
	phoneLike  = lexicon.Pattern(`\+\d[\d ()/.-]{6,}|(?:^|[^\pL\d-])0\d[\d ()/.-]{6,}|(?:^|\s)\d{2,3}(?:[ .]\d{2,3}){2,}(?:\s|$)`)
	measured   = lexicon.Pattern(`^\d+[\pL²³°ºª%€$£]{1,3}$`)
	numberSign = lexicon.Pattern(`(?i)^(?:n[°º]|nr\.?|no\.|n\.º)$`)
	aYear      = lexicon.Pattern(`^(?:19|20)\d\d$`)
)

// shortMark is letters at the beginning of a number that is written with blanks.
var shortMark = lexicon.Pattern(`^[A-Z]{2,3}$`)

const minIBAN = 15

const maxLead = 5 // words that lead to a code
