// Package mention owns what clauses mention by figures and names: numbers with what they count,
// codes, people, streets. It must never know which question that answers.
package mention

import (
	"strings"
	"unicode/utf8"

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
	out, rest := ibanIn(c)
	if phoneLike().MatchString(rest) || lexicon.HasAny(lexicon.Words(rest), "phoneword") {
		return out
	}
	l := line{sheet: s, clause: c, before: all[:i], labelled: all[max(0, i-1)].Labels, fields: strings.Fields(rest)}
	behind := 0 // the last code
	for k := 0; k < len(l.fields); k++ {
		from := max(behind, k-maxLead)
		if groups := number.Groups(l.fields[k:]); groups > 1 {
			if code, ok := l.grouped(from, k, groups); ok {
				out = append(out, code)
			}
			behind = k + groups
			k = behind - 1
			continue
		}
		if text, ok := l.codeAt(k); ok {
			out = append(out, l.code(text, from, k, 1))
			behind = k + 1
		}
	}
	return out
}

// ibanIn returns the number of an account in a clause, if it has one, and the text without it and
// without addresses.
func ibanIn(c *statement.Statement) (codes []Code, rest string) {
	text := lexicon.WithoutAddresses(c.Text)
	m := ibanLike().FindStringIndex(text)
	if m == nil || m[1]-m[0] < minIBAN {
		return nil, text
	}
	before, behind := text[:m[0]], text[m[1]:]
	iban := Code{Text: text[m[0]:m[1]], Iban: true, From: c, Lead: lexicon.Words(before), then: lexicon.Words(behind)}
	return []Code{iban}, before + " _ " + behind
}

// line is the words of a clause in which codes are looked for.
type line struct {
	sheet    *sheet.Sheet
	clause   *statement.Statement
	before   []statement.Statement // the clauses before it
	labelled bool                  // a colon stands before it
	fields   []string
}

// code returns a code with the words that stand before and behind its groups.
func (l *line) code(text string, from, at, groups int) Code {
	c := Code{Text: text, From: l.clause, Lead: lexicon.Words(strings.Join(l.fields[from:at], " "))}
	if n := len(l.before); at == 0 && n > 0 && (l.before[n-1].Labels || l.clause.Inside && len(l.fields) == groups) {
		c.Lead = append(lexicon.Words(l.before[n-1].Text), c.Lead...)
		c.Lead = c.Lead[max(0, len(c.Lead)-maxLead):]
	}
	end := at + groups
	c.then = lexicon.Words(strings.Join(l.fields[end:min(len(l.fields), end+3)], " "))
	return c
}

// grouped returns a code that is written in groups. There is none if the last one counts what
// follows: nobody knows then where it ends.
func (l *line) grouped(from, at, groups int) (Code, bool) {
	end := at + groups
	if end < len(l.fields) && onlyDigits(l.fields[end-1]) && mayBeCounted(l.fields[end]) {
		return Code{}, false
	}
	c := l.code(strings.Trim(strings.Join(l.fields[at:end], " "), number.TrimmedOff), from, at, groups)
	if strings.Trim(c.Text, "0123456789 ") == "" && (shownIn(l.sheet, l.clause, l.fields[from:at]) ||
		number.IsGrouped(c.Text) && !lexicon.HasAny(c.Lead, "codeword")) {
		return Code{}, false // 12 480 is how a count is written, too
	}
	return c, true
}

// codeAt returns the code that one word is, "" if it is a part of one that is written with blanks.
// ok is false if it is none.
func (l *line) codeAt(k int) (text string, ok bool) {
	f := strings.Trim(l.fields[k], number.TrimmedOff)
	marked := k > 0 && numberSign().MatchString(l.fields[k-1]) && rangeLike().MatchString(f)
	if f == "_" || !marked && (!IsCode(f) || len(day.All(f, l.sheet.When.Context)) > 0) {
		return "", false
	}
	if onlyDigits(f) && l.counts(k) {
		return "", false
	}
	if l.inBlanks(k) {
		return "", true
	}
	return f, true
}

// counts reports whether digits count something, or are what a thing shows, and no code.
func (l *line) counts(k int) bool {
	if len(l.fields) == 1 && !l.labelled && l.sheet.CountsSomething() {
		return true
	}
	return shownIn(l.sheet, l.clause, l.fields[max(0, k-maxLead):k]) || k+1 < len(l.fields) && mayBeCounted(l.fields[k+1])
}

// inBlanks reports whether a code goes on behind a blank, or began before one.
func (l *line) inBlanks(k int) bool {
	if k+1 < len(l.fields) && onlyDigits(l.fields[k+1]) {
		return true
	}
	if k == 0 || !shortMark().MatchString(l.fields[k-1]) {
		return false
	}
	mark := lexicon.Plain(l.fields[k-1])
	return !lexicon.Has("codeword", mark) && !lexicon.Has("identifier", mark)
}

func onlyDigits(f string) bool { return strings.Trim(f, "0123456789") == "" }

// mayBeCounted reports whether the word behind a number may be what that counts.
func mayBeCounted(f string) bool {
	first, _ := utf8.DecodeRuneInString(f)
	return lexicon.IsLetter(first) && !lexicon.Has("stop", lexicon.Plain(f))
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
