package vendor

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/rules/pattern"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/confidential"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
)

// identity lists the texts that identify the customer, and their replacements.
type identity struct {
	names, companies, domains, logins []string
	ours                              func(address string) bool // reports whether an address is the desk's or the vendor's
	name, company, address, telephone string                    // their replacements
}

// identityOf returns the identities of a ticket's participants, for a vendor.
func identityOf(c *decision.Case, v *tickets.Vendor) (identity, error) {
	language := cmp.Or(v.Language, c.Desk.Language)
	out := identity{
		name: c.Policy.Say(phrase.Say("[customer]"), language), company: c.Policy.Say(phrase.Say("[company]"), language),
		address: c.Policy.Say(phrase.Say("[address]"), language), telephone: c.Policy.Say(phrase.Say("[telephone]"), language),
		ours: func(address string) bool {
			return arrival.Ours(c.Desk, address) || slices.Contains(v.Addresses(), address)
		},
	}
	parts, err := c.Participants()
	for _, p := range parts {
		out.names = append(out.names, p.Name)
		if local, _, ok := strings.Cut(p.Address, "@"); ok && strings.ContainsAny(local, "._-0123456789") {
			out.logins = append(out.logins, local)
		}
		if org := c.Policy.People.OrganisationOf(p.Address); org != nil {
			out.companies, out.domains = append(out.companies, org.Name), append(out.domains, org.Domains...)
		}
	}
	return out, err
}

var (
	addressPattern   = pattern.Late(`(?i)[\pL\d._%+'-]+@[\pL\d-]+(?:\.[\pL\d-]+)+`)
	telephonePattern = pattern.Late(`(?:\(?\+|\(0|0)[\d \t()/.–-]{5,22}\d`)
	labelledPattern  = pattern.Late(`(?i)(?:tel|phone|mobile?|cell|handy|fax|tél|móvil)\pL*\.?[ \t]*:?[ \t]*` +
		`([\d(+][\d \t()/.–-]{3,22}\d)`)
	noTelephone = pattern.Late(`^\d{1,4}([./-])\d{1,2}[./-]\d{2,4}(?:[ \t]|$)|^\d{1,3}(?:\.\d{1,3}){3}$`)
)

// span is a part of a text and its replacement.
type span struct {
	from, to int
	instead  string
}

// mask removes from a text what identifies the customer, and returns the number of parts that were
// masked. It is pure. In doubt it masks: the agent sees in the note what was sent to the vendor.
func (who *identity) mask(text string) (string, int) {
	var spans []span
	add := func(from, to int, instead string) { spans = append(spans, span{from, to, instead}) }
	for _, at := range addressPattern().FindAllStringIndex(text, -1) {
		if !who.ours(mailin.Fold(text[at[0]:at[1]])) {
			add(at[0], at[1], who.address)
		}
	}
	for _, at := range telephonePattern().FindAllStringIndex(text, -1) {
		if number := text[at[0]:at[1]]; isTelephone(number) && alone(text, at[0], at[1], ":#_-") {
			add(at[0], at[1], who.telephone)
		}
	}
	for _, at := range labelledPattern().FindAllStringSubmatchIndex(text, -1) {
		if !noTelephone().MatchString(text[at[2]:at[3]]) && alone(text, at[0], at[0], "") {
			add(at[2], at[3], who.telephone)
		}
	}
	words := func(list []string, instead string) {
		for _, word := range list {
			for _, at := range occurrences(text, word) {
				add(at[0], at[1], instead)
			}
		}
	}
	words(who.companies, who.company)
	words(who.domains, who.address)
	words(who.logins, who.name)
	for _, name := range who.names {
		words([]string{name}, who.name)
		for part := range strings.FieldsSeq(name) {
			for _, at := range occurrences(text, strings.Trim(part, ".,;()\"'")) {
				if r, _ := utf8.DecodeRuneInString(text[at[0]:]); utf8.RuneCountInString(part) > 2 && !unicode.IsLower(r) {
					add(at[0], at[1], who.name)
				}
			}
		}
	}
	return replace(text, spans)
}

// replace replaces each span; of overlapping ones the longest of those that begin first. It also
// masks confidential data in the rest.
func replace(text string, spans []span) (string, int) {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var out strings.Builder
	n, end := 0, 0
	for _, s := range spans {
		if s.from < end { // "Max Muster & Sons" is a name and a company at once
			end = max(end, s.to)
			continue
		}
		out.WriteString(text[end:s.from] + s.instead)
		n, end = n+1, s.to
	}
	out.WriteString(text[end:])
	masked, hidden := confidential.Mask(out.String())
	if hidden {
		n++
	}
	return masked, n
}

// isTelephone reports whether a number is a telephone number: it has a suitable number of digits,
// and is neither a date nor an IP address.
func isTelephone(number string) bool {
	digits := 0
	for _, r := range number {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 7 && digits <= 15 && !noTelephone().MatchString(number)
}

// occurrences returns where a word or name occurs by itself in a text, in any case, including the
// genitive.
func occurrences(text, word string) [][]int {
	word = strings.Join(strings.Fields(word), " ")
	if utf8.RuneCountInString(word) < 2 {
		return nil
	}
	re := regexp.MustCompile(`(?i)` + strings.ReplaceAll(regexp.QuoteMeta(word), " ", `\s+`) + `s?`)
	return slices.DeleteFunc(re.FindAllStringIndex(text, -1), func(at []int) bool { return !alone(text, at[0], at[1], "") })
}

// alone reports whether a part of a text is not adjacent to a letter or digit, nor preceded by one
// of the characters in but.
func alone(text string, from, to int, but string) bool {
	joined := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	if from > 0 && (joined(before) || strings.ContainsRune(but, before)) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(text[to:])
	return to == from || to == len(text) || !joined(after)
}
