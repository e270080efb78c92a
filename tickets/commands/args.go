package commands

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/rules/fault"
	"tierdesk/rules/pattern"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
)

// reader reads what stands behind the name of a command: s is cleaned of invisible signs and
// trimmed.
type reader func(s string, o *Options) (Args, *badArgument)

// badArgument is what is wrong with an argument: the words for it, the right one if it can be
// guessed, and all right ones if they can be counted.
type badArgument struct {
	detail  phrase.Text
	nearest string
	there   []string
}

func bad(detail phrase.Text) (Args, *badArgument) { return Args{}, wrong(detail) }

func wrong(detail phrase.Text) *badArgument { return &badArgument{detail: detail} }

func readNothing(s string, _ *Options) (Args, *badArgument) {
	if s != "" {
		return bad(phrase.Say("it takes nothing behind it; a text begins on the next line"))
	}
	return Args{}, nil
}

func readTake(s string, o *Options) (Args, *badArgument) {
	_, b := readNothing(s, o)
	return Args{Assignee: Assignee{Kind: ToMe}}, b
}

func readSolve(s string, o *Options) (Args, *badArgument) {
	_, b := readNothing(s, o)
	return Args{Status: tickets.Solved}, b
}

func readClose(s string, o *Options) (Args, *badArgument) {
	_, b := readNothing(s, o)
	return Args{Status: tickets.Closed}, b
}

func readReopen(s string, o *Options) (Args, *badArgument) {
	_, b := readNothing(s, o)
	return Args{Status: tickets.Open}, b
}

// one takes the only word of an argument, without the quotes that keyboards put around it.
func one(s string) (string, *badArgument) {
	w := fields(s, unicode.IsSpace)
	switch len(w) {
	case 0:
		return "", &badArgument{} // how it is typed says it
	case 1:
		return plainDashes(strings.TrimRight(unquote(w[0]), stops)), nil
	}
	return "", wrong(phrase.Say("it takes one word, or several in quotes; a text begins on the next line"))
}

// name returns the name in the lists for a full name, and any other word as it is.
func (o *Options) name(word string) string {
	if name, ok := o.FullNames[strings.ToLower(word)]; ok {
		return name
	}
	return word
}

// Quotes that open a run of words, with those that close it, whichever the keyboard or mail client
// has made of them.
const (
	doubleQuotes = "\"“”„‟«»"
	singleQuotes = "'‘’‚‛‹›`"
)

// fields splits an argument. What stands in quotes is one word, also behind a sign or a name:
// +"front door", room="2 b". The quotes are kept: see unquote.
func fields(s string, separator func(rune) bool) []string {
	var out []string
	for s != "" {
		s = strings.TrimLeftFunc(s, separator)
		end := quotedEnd(s, separator)
		if end < 0 {
			if end = strings.IndexFunc(s, separator); end < 0 {
				end = len(s)
			}
		}
		if end > 0 {
			out = append(out, s[:end])
		}
		s = s[end:]
	}
	return out
}

// quotedEnd returns where a word with quotes in it ends, -1 for a word without, or with quotes that
// nothing closes.
func quotedEnd(s string, separator func(rune) bool) int {
	family, before := "", ' '
	for i, r := range s {
		switch {
		case family == "" && separator(r):
			return -1
		case family == "" && (before == ' ' || strings.ContainsRune("+="+dashes, before)):
			for _, q := range []string{doubleQuotes, singleQuotes} {
				if strings.ContainsRune(q, r) {
					family = q
				}
			}
		case family != "" && strings.ContainsRune(family, r):
			end := i + utf8.RuneLen(r)
			if next, _ := utf8.DecodeRuneInString(s[end:]); end == len(s) || separator(next) || strings.ContainsRune(stops, next) {
				return end
			}
		}
		before = r
	}
	return -1
}

// known finds a word in a list without regard to case; none says that it is not there.
func known(word string, list []string, none phrase.Text) (string, *badArgument) {
	for _, x := range list {
		if strings.EqualFold(x, word) {
			return x, nil
		}
	}
	return "", &badArgument{detail: none, nearest: fault.Nearest(word, list), there: list}
}

// meant returns the name that a word of another language stands for, if it is one of a list.
func meant(name string, list []string) string {
	if !slices.Contains(list, name) {
		return ""
	}
	return name
}

// named is known for what has full names, too: a slip in one of their words leads to the name.
func (o *Options) named(word string, list []string, none phrase.Text) (string, *badArgument) {
	name, b := known(o.name(word), list, none)
	if b == nil || b.nearest != "" {
		return name, b
	}
	words := map[string]string{}
	for full, name := range o.FullNames {
		for part := range strings.FieldsSeq(full) {
			if slices.Contains(list, name) && len(part) > 2 {
				words[part] = name
			}
		}
	}
	b.nearest = words[fault.Nearest(word, slices.Sorted(maps.Keys(words)))]
	return name, b
}

func readAssignee(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b != nil {
		b.nearest = o.FullNames[strings.ToLower(strings.Join(strings.Fields(strings.TrimRight(s, stops)), " "))]
		return Args{}, b
	}
	word = strings.TrimPrefix(word, "@")
	switch strings.ToLower(word) {
	case "me":
		return Args{Assignee: Assignee{Kind: ToMe}}, nil
	case "none", "nobody":
		return Args{Assignee: Assignee{Kind: ToNobody}}, nil
	case "team":
		return Args{Assignee: Assignee{Kind: ToOwnTeam}}, nil
	}
	name, b := o.named(word, slices.Concat(o.Agents, o.Teams, []string{"me", "none", "team"}),
		phrase.Say("there is no agent or team %q", word))
	switch {
	case b != nil:
		return Args{}, b
	case slices.Contains(o.Agents, name):
		return Args{Assignee: Assignee{Kind: ToAgent, Name: name}}, nil
	}
	return Args{Assignee: Assignee{Kind: ToNamedTeam, Name: name}}, nil
}

// settable are the statuses that an agent can set: a ticket is new only once.
var settable = []tickets.Status{tickets.Open, tickets.Pending, tickets.OnHold, tickets.Solved, tickets.Closed}

func readStatus(s string, _ *Options) (Args, *badArgument) {
	word := strings.ToLower(plainDashes(strings.Join(strings.Fields(strings.TrimRight(unquote(s), stops)), "-")))
	if word == "onhold" {
		word = string(tickets.OnHold)
	}
	if word == "" {
		return Args{}, &badArgument{}
	}
	var list []string
	for _, x := range settable {
		list = append(list, string(x))
	}
	name, b := known(word, list, phrase.Say("there is no status %q that can be set", word))
	if b != nil {
		b.nearest = cmp.Or(meant(templates.StatusMeant(strings.ReplaceAll(word, "-", " ")), list), b.nearest)
	}
	return Args{Status: tickets.Status(name)}, b
}

func readPriority(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil {
		typed := word
		if word, b = known(word, o.Priorities, phrase.Say("there is no priority %q", word)); b != nil {
			b.nearest = cmp.Or(meant(templates.PriorityMeant(typed), o.Priorities), b.nearest)
		}
	}
	return Args{Name: word}, b
}

func readTeam(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil {
		word, b = o.named(word, o.Teams, phrase.Say("there is no team %q", word))
	}
	return Args{Name: word}, b
}

func readVendor(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil {
		word, b = known(word, o.Vendors, phrase.Say("there is no vendor %q", word))
	}
	return Args{Name: word}, b
}

func readReply(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil {
		word, b = known(word, o.Replies, phrase.Say("there is no stock reply %q", word))
	}
	return Args{Name: word}, b
}

func readForm(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil && strings.EqualFold(word, AskNone) {
		return Args{Name: AskNone}, nil
	}
	if b == nil {
		word, b = known(word, o.Forms, phrase.Say("there is no form %q", word))
	}
	return Args{Name: word}, b
}

func readArticle(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil {
		word, b = known(word, o.Articles, phrase.Say("there is no article for customers %q", word))
	}
	return Args{Name: word}, b
}

func readReviewed(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b == nil {
		word, b = known(word, o.Reviewed, phrase.Say("there is no article with an owner %q", word))
	}
	return Args{Name: word}, b
}

func readName(s string, _ *Options) (Args, *badArgument) {
	word, b := one(s)
	return Args{Name: word}, b
}

func readTier(s string, o *Options) (Args, *badArgument) {
	word, b := one(s)
	if b != nil {
		return Args{}, b
	}
	if n, err := strconv.Atoi(word); err == nil && word[0] != '+' && slices.Contains(o.Tiers, n) {
		return Args{Tier: n}, nil
	}
	b = wrong(phrase.Say("there is no tier %q to move a ticket to", word))
	names := map[string]int{}
	for _, n := range o.Tiers {
		shown := strconv.Itoa(n)
		if name := o.TierNames[n]; name != "" {
			shown, names[name] = fmt.Sprintf("%d: %s", n, name), n
		}
		b.there = append(b.there, shown)
	}
	if near := fault.Nearest(word, slices.Sorted(maps.Keys(names))); near != "" {
		b.nearest = strconv.Itoa(names[near])
	}
	return Args{}, b
}

func readText(s string, _ *Options) (Args, *badArgument) { return Args{Text: s}, nil }

func readWords(s string, _ *Options) (Args, *badArgument) {
	if s == "" {
		return bad(phrase.Say("the words to look for are missing behind it"))
	}
	return Args{Text: s}, nil
}

func readFile(s string, _ *Options) (Args, *badArgument) {
	return Args{Name: unquote(s)}, nil // without a name it asks which there are
}

func readWhen(s string, o *Options) (Args, *badArgument) {
	location := o.Location
	if location == nil {
		location = o.Now.Location()
	}
	w, err := sla.ParseWhen(plainDashes(endOfDate(unquote(s))), o.Now, location, o.Calendar)
	var f *sla.WhenFault
	if errors.As(err, &f) {
		return Args{}, &badArgument{detail: whyNot(f, location), nearest: f.Nearest}
	}
	return Args{When: w}, nil
}

var reDottedEnd = pattern.Late(`(?:^|\s)\d{1,2}\.\d{1,2}\.$`)

// endOfDate cuts the end of a sentence off a date, but not the dot that belongs to it: "1.12." is a
// day, and "1.12" an hour.
func endOfDate(s string) string {
	if reDottedEnd().MatchString(s) {
		return s
	}
	return strings.TrimRight(s, stops)
}

// whyNot says why a moment was not read.
func whyNot(f *sla.WhenFault, location *time.Location) phrase.Text {
	switch f.Reason {
	case sla.NoTimeNamed:
		return phrase.Say("no time is named: write one like 2d, fri 09:00 or 2026-12-01")
	case sla.NoTimeOfDay:
		return phrase.Say("%q is no time like 09:00", f.Text)
	case sla.NoWorkingDay:
		return phrase.Say("the calendar has no day for %q", f.Text)
	case sla.TimeIsOver:
		return phrase.Say("%q is over: %s", f.Text, f.At.In(location).Format("2006-01-02 15:04"))
	case sla.TooFarAway:
		return phrase.Say("%q is more than ten years from now", f.Text)
	}
	return phrase.Say("%q is no time like 2d, fri 09:00 or 2026-12-01", f.Text)
}

// readDue reads a date; "none" is none, and then When is zero.
func readDue(s string, o *Options) (Args, *badArgument) {
	if strings.EqualFold(strings.TrimRight(unquote(s), stops), "none") {
		return Args{}, nil
	}
	return readWhen(s, o)
}

func readTags(s string, _ *Options) (Args, *badArgument) {
	return signed(s, func(word string) (string, *badArgument) {
		word = strings.TrimRight(word, stops)
		if n, ok := ticketNumber(word); ok && strings.HasPrefix(word, "#") {
			return "", wrong(phrase.Say("%q may be a ticket or a tag: /tag +x %d names the ticket, /tag +%d the tag", word, n, n))
		}
		word = strings.ToLower(strings.TrimPrefix(word, "#"))
		if !isTag(word) {
			return "", wrong(phrase.Say("%q is no tag: letters, digits and - _ . : make one", word))
		}
		return word, nil
	})
}

// isTag reports whether a word can be a tag. As a pattern, with a letter or digit of any script
// forty-nine times, it takes half a megabyte.
func isTag(word string) bool {
	n := nameLength(word, maxTag, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }, "_.:-")
	return n > 0 && n == len(word)
}

// The lengths of a tag and of a field's name, in characters.
const (
	maxTag       = 50
	maxFieldName = 40
)

// nameLength returns how many octets at the beginning of a text are a name: a character that may be
// the first, then letters, digits and marks; 0 if they are none or more than most characters.
func nameLength(s string, most int, first func(rune) bool, marks string) int {
	count := 0
	for i, c := range s {
		if !first(c) && (i == 0 || !unicode.IsLetter(c) && !unicode.IsNumber(c) && !strings.ContainsRune(marks, c)) {
			return i
		}
		if count++; count > most {
			return 0
		}
	}
	return len(s)
}

var (
	reMailto   = pattern.Late(`\s*<mailto:[^>]*>`)
	reLinked   = pattern.Late(`\[([^\]]*)\]\(mailto:[^)]*\)`)
	reBrackets = pattern.Late(`<([^<>\s]+@[^<>\s]+)>`)
)

func readAddresses(s string, _ *Options) (Args, *badArgument) {
	return signed(plainAddresses(s), readAddress)
}

// readThird reads the addresses of people who are asked something.
func readThird(s string, o *Options) (Args, *badArgument) {
	a, b := readAddresses(s, o)
	if b == nil && len(a.Remove) > 0 {
		return bad(phrase.Say("it takes the addresses of those who are asked, without a minus"))
	}
	return a, b
}

// plainAddresses undoes what clients make of an address that is typed: "a@b.example
// <mailto:a@b.example>".
func plainAddresses(s string) string {
	s = reLinked().ReplaceAllString(s, "$1")
	s = reMailto().ReplaceAllString(s, "")
	return reBrackets().ReplaceAllString(s, " $1")
}

func readAddress(word string) (string, *badArgument) {
	word = strings.TrimRight(word, stops)
	a, err := mail.ParseAddress(word)
	if err != nil || a.Address != word || !strings.Contains(mailin.Domain(a.Address), ".") {
		return "", wrong(phrase.Say("%q is no mail address", word))
	}
	return mailin.Fold(a.Address), nil
}

// signed reads words with + or - before them; without a sign it is a +. A sign may stand apart.
func signed(s string, read func(string) (string, *badArgument)) (Args, *badArgument) {
	var a Args
	sign := ""
	for _, word := range fields(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }) {
		word = unquote(word)
		if first := plainDashes(word); strings.HasPrefix(first, "+") || strings.HasPrefix(first, "-") {
			if sign != "" {
				return bad(phrase.Say("a sign stands behind another in %q", s))
			}
			sign, word = first[:1], strings.TrimPrefix(strings.TrimPrefix(word, "+"), "-")
			if first[:1] == "-" {
				word = strings.TrimLeft(word, dashes)
			}
			if word == "" {
				continue
			}
		}
		x, b := read(unquote(word))
		if b != nil {
			if b.nearest != "" {
				b.nearest = sign + b.nearest
			}
			return Args{}, b
		}
		list := &a.Add
		if sign == "-" {
			list = &a.Remove
		}
		if !slices.Contains(*list, x) {
			*list = append(*list, x)
		}
		sign = ""
	}
	switch {
	case sign != "":
		return bad(phrase.Say("nothing stands behind the last %s", sign))
	case len(a.Add)+len(a.Remove) == 0:
		return Args{}, &badArgument{}
	}
	for _, x := range a.Add {
		if slices.Contains(a.Remove, x) {
			return bad(phrase.Say("%q is both added and taken away", x))
		}
	}
	return a, nil
}

var reTicket = pattern.Late(`^\[?#?([1-9]\d{0,17})\]?$`)

func readTicket(s string, _ *Options) (Args, *badArgument) {
	word, b := one(s)
	if b != nil {
		return Args{}, b
	}
	n, ok := ticketNumber(word)
	if !ok {
		return bad(phrase.Say("%q is no number of a ticket", word))
	}
	return Args{Ticket: n}, nil
}

func ticketNumber(s string) (int64, bool) {
	m := reTicket().FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return n, err == nil
}

func readProblem(s string, o *Options) (Args, *badArgument) {
	s = unquote(s)
	first, rest, _ := strings.Cut(s, " ")
	rest = strings.TrimSpace(rest)
	switch plain := strings.TrimRight(s, stops); {
	case plain == "":
		return Args{Name: ProblemList}, nil
	case strings.EqualFold(plain, ProblemNone):
		return Args{Name: ProblemNone}, nil
	case strings.EqualFold(first, ProblemNew) && rest != "":
		return Args{Name: ProblemNew, Text: unquote(rest)}, nil
	}
	n, numbered := ticketNumber(strings.TrimRight(first, stops))
	switch {
	case !numbered:
		rest = s
	case rest == "":
		return Args{Name: ProblemLink, Number: n}, nil
	}
	if word, name, _ := strings.Cut(rest, " "); strings.EqualFold(word, ProblemOwner) && numbered {
		return readOwner(n, name, o)
	}
	if state, workaround, found := problemState(rest); found {
		return Args{Name: state, Number: n, Text: workaround}, nil
	}
	b := wrong(phrase.Say("it takes the number of a problem, or new and a title; behind the number owner and a name, or %s",
		strings.Join(problemStates(), ", ")))
	if near := fault.Nearest(rest, problemStates()); near != "" && numbered {
		b.nearest = fmt.Sprintf("%d %s", n, near)
	}
	return Args{}, b
}

// readOwner reads to whom a problem is to be given.
func readOwner(problem int64, name string, o *Options) (Args, *badArgument) {
	word, b := one(name)
	if b == nil && strings.EqualFold(word, "me") {
		return Args{Name: ProblemOwner, Number: problem, Assignee: Assignee{Kind: ToMe}}, nil
	}
	if b == nil {
		word, b = o.named(word, o.Agents, phrase.Say("there is no agent %q", word))
	}
	return Args{Name: ProblemOwner, Number: problem, Assignee: Assignee{Kind: ToAgent, Name: word}}, b
}

// problemState returns the state that a text begins with, however it is spelt: "known error",
// "Won't fix"; behind the one that has a workaround, the rest is that.
func problemState(s string) (state, workaround string, found bool) {
	words := strings.Fields(s)
	for n := min(2, len(words)); n > 0; n-- {
		spelt := strings.Map(letters, strings.ToLower(strings.Join(words[:n], "")))
		for _, state := range tickets.ProblemStates() {
			if strings.ReplaceAll(string(state), "-", "") != spelt {
				continue
			}
			workaround = strings.Join(words[n:], " ")
			return string(state), workaround, workaround == "" || state == tickets.KnownError
		}
	}
	return "", "", false
}

// problemStates are the states as they are typed.
func problemStates() []string {
	var out []string
	for _, s := range tickets.ProblemStates() {
		out = append(out, string(s))
	}
	return out
}

// letters leaves out what is no letter.
func letters(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

func readIdea(s string, _ *Options) (Args, *badArgument) {
	s = unquote(s)
	first, rest, _ := strings.Cut(s, " ")
	n, numbered := ticketNumber(strings.TrimRight(first, stops))
	rest = strings.TrimSpace(strings.TrimRight(rest, stops))
	switch {
	case !numbered:
		return Args{Text: s}, nil
	case rest == "":
		return Args{Number: n}, nil
	case strings.EqualFold(rest, IdeaBuilt):
		return Args{Number: n, Name: IdeaBuilt}, nil
	}
	return bad(phrase.Say("it takes what the customer wishes for, or the number of an idea, with or without built behind it"))
}

func readPublish(s string, _ *Options) (Args, *badArgument) {
	if s = strings.TrimRight(s, stops); s == "" {
		return Args{}, nil
	}
	n, ok := ticketNumber(s)
	if !ok {
		return bad(phrase.Say("it takes the number of a problem, or nothing"))
	}
	return Args{Number: n}, nil
}

func readFor(s string, _ *Options) (Args, *badArgument) {
	first, rest, _ := strings.Cut(plainAddresses(s), " ")
	if !strings.EqualFold(first, "for") {
		rest = first + " " + rest
	}
	word, b := one(rest)
	if b != nil {
		return bad(phrase.Say("it takes the address for whom the ticket is: for jane@x.example"))
	}
	address, b := readAddress(word)
	return Args{Address: address}, b
}

func readList(s string, _ *Options) (Args, *badArgument) {
	switch word := strings.ToLower(strings.TrimRight(s, stops)); word {
	case "":
		return Args{Name: "mine"}, nil
	case "mine", "team", "all":
		return Args{Name: word}, nil
	}
	return Args{Text: s}, nil
}

// cutField takes the name of a field and its equals sign from the front of a word.
func cutField(word string) (name, value string, ok bool) {
	n := nameLength(word, maxFieldName, unicode.IsLetter, "_.-")
	if n == 0 || !strings.HasPrefix(word[n:], "=") {
		return "", word, false
	}
	return word[:n], word[n+1:], true
}

// IsField reports whether a word may be the name of a field, as /field spells it.
func IsField(word string) bool {
	n := nameLength(word, maxFieldName, unicode.IsLetter, "_.-")
	return n > 0 && n == len(word) && word == strings.ToLower(word)
}

// maxValue bounds the value of a field.
const maxValue = 500

// readFields reads name=value, several if they stand behind one another. A value goes on up to the
// next name.
func readFields(s string, _ *Options) (Args, *badArgument) {
	var a Args
	for _, word := range fields(s, unicode.IsSpace) {
		name, value, ok := cutField(word)
		switch {
		case ok:
			a.Fields = append(a.Fields, FieldValue{Name: strings.ToLower(name), Value: unquote(value)})
		case len(a.Fields) > 0:
			f := &a.Fields[len(a.Fields)-1]
			f.Value = strings.TrimSpace(f.Value + " " + word)
		default:
			b := wrong(phrase.Say("it takes a name and a value: room=2.14, and a value of several words in quotes"))
			name, value, _ := strings.Cut(strings.NewReplacer("=", " ", ":", " ").Replace(s), " ")
			if value = strings.TrimSpace(value); IsField(strings.ToLower(name)) && value != "" && !strings.Contains(value, " ") {
				b.nearest = strings.ToLower(name) + "=" + value
			}
			return Args{}, b
		}
	}
	for i, f := range a.Fields {
		if utf8.RuneCountInString(f.Value) > maxValue {
			return bad(phrase.Say("the value of %s is longer than %d signs", f.Name, maxValue))
		}
		if slices.ContainsFunc(a.Fields[:i], func(x FieldValue) bool { return x.Name == f.Name }) {
			return bad(phrase.Say("%s stands there twice", f.Name))
		}
	}
	if len(a.Fields) == 0 {
		return bad(phrase.Say("a name and a value are missing behind it: room=2.14"))
	}
	return a, nil
}

var (
	reSpent = pattern.Late(
		`^([+-]?)(?:(\d{1,3}(?:[.,]\d{1,2})?) ?(?:h|hrs?|hours?|std))?(?: ?(\d{1,4}) ?(?:m|min|mins|minutes?)?)?$`)
	reClocked = pattern.Late(`^(\d{1,2}):([0-5]\d)$`)
)

// maxSpent bounds the time that one mail books.
const maxSpent = 100 * time.Hour

// readSpent reads a time that was worked: 20m, 1h 30m, 1.5h, 1:30, or minutes alone. With a minus
// it is taken back.
func readSpent(s string, _ *Options) (Args, *badArgument) {
	word := strings.ToLower(plainDashes(strings.TrimRight(unquote(s), stops)))
	var spent time.Duration
	if m := reClocked().FindStringSubmatch(word); m != nil {
		word = m[1] + "h" + m[2] + "m"
	}
	if m := reSpent().FindStringSubmatch(word); m != nil {
		hours, _ := strconv.ParseFloat(strings.ReplaceAll("0"+m[2], ",", "."), 64)
		minutes, _ := strconv.Atoi("0" + m[3])
		spent = (time.Duration(hours*3600)*time.Second + time.Duration(minutes)*time.Minute).Round(time.Minute)
		if m[1] == "-" {
			spent = -spent
		}
	}
	if spent == 0 || spent > maxSpent || spent < -maxSpent {
		return bad(phrase.Say("it takes the time that you worked: 20m, 1h 30m; at most 100 hours"))
	}
	return Args{Spent: spent}, nil
}

// readAgents reads agents with + or - before them.
func readAgents(s string, o *Options) (Args, *badArgument) {
	return signed(s, func(word string) (string, *badArgument) {
		word = strings.TrimRight(strings.TrimPrefix(word, "@"), stops)
		if strings.EqualFold(word, "me") {
			return "me", nil
		}
		return o.named(word, o.Agents, phrase.Say("there is no agent %q", word))
	})
}
