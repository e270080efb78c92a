package answers

import (
	"slices"
	"strings"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/day"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/number"
	"tierdesk/tickets/answers/value"
)

// code is a number of something: letters with digits, digits with hyphens, or many digits.
type code struct {
	text string
	lead []string // words before it in its clause, the nearest last
	then []string // words behind it
	iban bool
	from *statement
}

// codesTold answers the questions for numbers of something.
func (s *sheet) codesTold(all []statement) {
	var asking []int
	for _, q := range s.open {
		if s.asksCode(q) {
			asking = append(asking, q)
		}
	}
	if len(asking) == 0 {
		return
	}
	var codes []code
	for i := range all {
		codes = append(codes, slices.DeleteFunc(s.codesOf(all, i), s.elses)...)
	}
	taken := map[string]bool{}
	weak := map[bool][]int{}
	for _, q := range asking {
		iban := slices.Contains(lexicon.Words(s.wording(q)), "iban")
		var found []candidate
		for _, c := range codes {
			if c.iban == iban && s.leadsTo(c) == q {
				found = append(found, candidate{value: c.unlessFine(), strong: true, from: c.from})
			}
		}
		before := len(s.said[q])
		if !slices.ContainsFunc(codes, func(c code) bool { return c.iban == iban && len(found) > 0 && s.rivals(c, found) }) {
			s.settle(q, found, false)
		}
		if len(found) == 0 && s.saysNone(q, all) {
			continue
		}
		for _, f := range found {
			taken[f.value] = true
		}
		if len(s.said[q]) == before && len(found) == 0 {
			weak[iban] = append(weak[iban], q)
		}
	}
	for iban, these := range weak {
		if len(these) != 1 {
			continue
		}
		var found []candidate
		for _, c := range codes {
			if c.iban == iban && !taken[c.text] && s.unclaimed(c) {
				found = append(found, candidate{value: c.unlessFine(), from: c.from})
			}
		}
		s.settle(these[0], found, true)
	}
}

// saysNone reports whether a clause says that there is no number of what a question asks for:
// "there is no error code".
func (s *sheet) saysNone(q int, all []statement) bool {
	asked := lexicon.Content(s.wording(q))
	return slices.ContainsFunc(all, func(c statement) bool {
		ws := lexicon.Words(c.text)
		for i := 0; i+1 < len(ws); i++ {
			next := ws[i+1 : min(len(ws), i+3)]
			if lexicon.Has("nothingof", ws[i]) && slices.ContainsFunc(next, func(w string) bool { return lexicon.Matches(w, asked) }) {
				return true
			}
		}
		return false
	})
}

// rivals reports whether a code could be meant as well as those beside the words of a question: "my
// number is A100, Ben's A101".
func (s *sheet) rivals(c code, found []candidate) bool {
	return !c.from.inside && !c.from.revoked && !lexicon.HasAny(c.lead, "document") && s.leadsTo(c) < 0 &&
		(len(c.lead) < 2 || s.unclaimed(c)) &&
		!slices.ContainsFunc(found, func(f candidate) bool { return f.value == c.text })
}

// unclaimed reports whether nothing beside a code says that it is the one of something else.
func (s *sheet) unclaimed(c code) bool {
	if c.from.inside || lexicon.HasAny(c.lead, "before") || lexicon.HasAny(c.then, "before") {
		return false
	}
	n := len(c.lead)
	return c.iban || n == 0 || lexicon.Has("stop", c.lead[n-1]) || lexicon.Has("copula", c.lead[n-1]) ||
		lexicon.Has("codeword", c.lead[n-1])
}

// asksCode reports whether a question in free words asks for a number of something.
func (s *sheet) asksCode(q int) bool {
	question := &s.form.Questions[q]
	return question.Kind == tickets.AskText && value.NamesNumber(s.wording(q))
}

// leadsTo returns the question whose words stand beside a code, -1 if none or several do.
func (s *sheet) leadsTo(c code) int {
	best, at, ties := 0, -1, false
	for _, q := range s.open {
		if !s.asksCode(q) || c.iban != slices.Contains(lexicon.Words(s.wording(q)), "iban") {
			continue
		}
		n := 0
		for _, w := range lexicon.Content(s.wording(q)) {
			if slices.ContainsFunc(c.lead, func(l string) bool { return lexicon.Matches(l, []string{w}) }) {
				n += 2
			}
			if slices.ContainsFunc(c.then, func(l string) bool { return lexicon.Matches(l, []string{w}) }) {
				n++
			}
		}
		switch {
		case n > best:
			best, at, ties = n, q, false
		case n == best && n > 0:
			ties = true
		}
	}
	if ties {
		return -1
	}
	return at
}

// codesOf returns the codes of a clause.
func (s *sheet) codesOf(all []statement, i int) []code {
	c := &all[i]
	text := lexicon.WithoutAddresses(c.text)
	var out []code
	rest := text
	if m := ibanLike().FindStringIndex(text); m != nil && m[1]-m[0] >= minIBAN {
		out = append(out, code{text: text[m[0]:m[1]], iban: true, from: c, lead: lexicon.Words(text[:m[0]]),
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
		f = strings.Trim(f, trimmedOff)
		if groups := groupsFrom(fields[k:]); groups > 1 {
			f = strings.Trim(strings.Join(fields[k:k+groups], " "), trimmedOff)
			out = s.inGroups(out, code{text: f, from: c}, fields, max(from, k-maxLead), k, groups, all[:i])
			from = k + groups
			continue
		}
		marked := k > 0 && numberSign().MatchString(fields[k-1]) && rangeLike().MatchString(f)
		if f == "_" || !marked && (!codeLike(f) || len(day.All(f, s.when.Context)) > 0) {
			continue
		}
		if strings.Trim(f, "0123456789") == "" && (len(fields) == 1 && !all[max(0, i-1)].labels && s.countsSomething() ||
			s.shownIn(c, fields[max(0, k-maxLead):k])) {
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
		out = append(out, code{text: f, from: c}.among(fields, max(from, k-maxLead), k, 1, all[:i]))
		from = k + 1
	}
	return out
}

// among returns a code with the words that stand before and behind its groups in a clause.
func (c code) among(fields []string, from, at, groups int, before []statement) code {
	c.lead = lexicon.Words(strings.Join(fields[from:at], " "))
	if n := len(before); at == 0 && n > 0 && (before[n-1].labels || c.from.inside && len(fields) == groups) {
		c.lead = append(lexicon.Words(before[n-1].text), c.lead...)
		c.lead = c.lead[max(0, len(c.lead)-maxLead):]
	}
	end := at + groups
	c.then = lexicon.Words(strings.Join(fields[end:min(len(fields), end+3)], " "))
	return c
}

// inGroups adds a code that is written in groups, unless its last one counts what follows: nobody
// knows then where it ends.
func (s *sheet) inGroups(out []code, c code, fields []string, from, at, groups int, before []statement) []code {
	if end := at + groups; end < len(fields) && strings.Trim(fields[end-1], "0123456789") == "" {
		if next := []rune(fields[end]); lexicon.IsLetter(next[0]) && !lexicon.Has("stop", lexicon.Plain(fields[end])) {
			return out
		}
	}
	c = c.among(fields, from, at, groups, before)
	if strings.Trim(c.text, "0123456789 ") == "" && (s.shownIn(c.from, fields[from:at]) ||
		number.IsGrouped(c.text) && !lexicon.HasAny(c.lead, "codeword")) {
		return out // 12 480 is how a count is written, too
	}
	return append(out, c)
}

// withoutGroups returns a text without the numbers of something that are written in groups: what
// stands in them counts nothing.
func withoutGroups(text string) string {
	fields := strings.Fields(text)
	var out []string
	for k := 0; k < len(fields); k++ {
		n := groupsFrom(fields[k:])
		if n < 2 || strings.Trim(strings.Join(fields[k:k+n], ""), "0123456789"+trimmedOff) == "" {
			out = append(out, fields[k])
			continue
		}
		end := fields[k+n-1]
		out = append(out, "_"+end[len(strings.TrimRight(end, trimmedOff)):])
		k += n - 1
	}
	return strings.Join(out, " ")
}

// groupsFrom returns how many of the first words are the groups of one number of something, with
// nothing but blanks between: "MT 55 0912", "TF 99 1203 55 DE".
func groupsFrom(fields []string) int {
	n, digits, all := 0, 0, 0
	for ; n < len(fields); n++ {
		f := strings.TrimLeft(fields[n], `("'„“#`)
		if n > 0 && f != fields[n] {
			break
		}
		bare := strings.TrimRight(f, trimmedOff)
		if !codeGroup().MatchString(bare) || strings.Trim(bare, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
			(lexicon.Has("codeword", lexicon.Plain(bare)) || n == 0 && lexicon.Has("stop", lexicon.Plain(bare))) {
			break
		}
		for _, r := range bare {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if all++; bare != f {
			n++
			break
		}
	}
	if digits < minDigits || all < 2 || !lexicon.HasDigit(strings.Join(fields[:min(n, 2)], "")) {
		return 0
	}
	return n
}

// codeGroup finds a group of a number of something: digits, or capitals with or without them.
var codeGroup = lexicon.Pattern(`^(?:\d[\dA-Z/-]*|[A-Z]{1,3}|[A-Z]{1,3}[\dA-Z/-]*\d[\dA-Z/-]*)$`)

// trimmedOff are the signs that stand around a number of something.
const trimmedOff = `().,;:!?"'„“”#`

const (
	minDigits = 4 // of a number of something that has no letters
	minIBAN   = 15
	maxLead   = 5 // words that lead to a code
)

var (
	phoneLike  = lexicon.Pattern(`\+\d[\d ()/.-]{6,}|(?:^|[^\pL\d-])0\d[\d ()/.-]{6,}|(?:^|\s)\d{2,3}(?:[ .]\d{2,3}){2,}(?:\s|$)`)
	measured   = lexicon.Pattern(`^\d+[\pL²³°ºª%€$£]{1,3}$`)
	numberSign = lexicon.Pattern(`(?i)^(?:n[°º]|nr\.?|no\.|n\.º)$`)
	aYear      = lexicon.Pattern(`^(?:19|20)\d\d$`)
)

// shownIn reports whether a number in a clause is what something shows that a question asks for:
// "the meter says 4410".
func (s *sheet) shownIn(c *statement, lead []string) bool {
	if ws := lexicon.Words(strings.Join(lead, " ")); lexicon.HasAny(ws, "codeword") || s.leads(ws) && lexicon.Has("copula", ws[len(ws)-1]) {
		return false
	}
	return slices.ContainsFunc(s.open, func(q int) bool {
		return s.form.Questions[q].Kind == tickets.AskNumber && s.countedBy(q) == nil &&
			lexicon.Mentions(c.text, lexicon.Content(s.wording(q))) > 0
	})
}

// leads reports whether words of a question for a number of something stand among others.
func (s *sheet) leads(lead []string) bool {
	return slices.ContainsFunc(s.open, func(q int) bool {
		asked := lexicon.Content(s.wording(q))
		return s.asksCode(q) && slices.ContainsFunc(lead, func(w string) bool { return lexicon.Matches(w, asked) })
	})
}

// codeLike reports whether a word is a number of something.
func codeLike(w string) bool {
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
	return digits >= minDigits
}
