package agent

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"tierdesk/mailin/quote"
	"tierdesk/rules/pattern"
)

// What people write to those with whom they work: a regular expression for each language.
var (
	//go:embed broughtin.txt
	broughtInFile string
	//go:embed ofcustomer.txt
	ofCustomerFile string

	// broughtIn is the line that brings somebody in; its groups hold whom.
	broughtIn = sync.OnceValue(func() *regexp.Regexp {
		all := strings.ReplaceAll(pattern.OfLanguages(broughtInFile), "NAME", `@?(\pL[\pL'’-]*(?: \pL[\pL'’-]*)?)`)
		return regexp.MustCompile(`^` + all + `(?:\s*[.,:;!–—。，]|\s*$)`)
	})
	customerWord = pattern.Late(`(?i)(?:^|\PL)(?:customers?|clients|clientes|clienti|kund(?:en|innen|e|in)|klant(?:en)?|klient\pL*|клиент\pL*|kunder)(?:$|\PL)`)
	// ofCustomer is a sentence that speaks of the customer.
	ofCustomer = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[.!?\n。]\s*)` + pattern.OfLanguages(ofCustomerFile))
	})
)

// brings reports whether a line in small letters, the first of a text, brings somebody in.
func brings(line, given, rest string) bool {
	for i, who := range broughtIn().FindStringSubmatch(line[:min(len(line), 200)]) {
		if i > 0 && who != "" && (who == given || rest != "" && who == given+" "+rest || strings.HasPrefix(who, given+" ") && rest == "") {
			return true
		}
	}
	return false
}

// speaksOfCustomer reports whether a text speaks of the customer as of somebody else, and nobody
// takes part who has customers of their own. It is pure.
func speaksOfCustomer(text string, with conversation) bool {
	low := strings.ToLower(plainSpaces(quote.WithoutQuoted(text[:min(len(text), longestQuestion)])))
	return len(with.parts) == 1 && ofCustomer().MatchString(low) &&
		!slices.ContainsFunc(with.wrote, func(wrote string) bool { return customerWord().MatchString(wrote) })
}
