package classify

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

var addressInName = late.Compile(addressForm)

// Tricks names what in the sender's fields may lead a reader astray: warnings for agents, no
// verdict. A Reply-To at another organisation is common with shops and lists; with a stranger it is
// how answers are drawn elsewhere.
func Tricks(m *mailin.Message) []mailin.Warning {
	var out []mailin.Warning
	author := m.Author()
	from := mailin.Domain(author.Address)
	for _, a := range addressInName.FindAllString(author.Name, 3) {
		if !strings.EqualFold(a, author.Address) {
			out = append(out,
				mailin.Warning{Code: "name-shows-address", Where: "From",
					Text: "the name shows the address " + a + ", the mail is from " + author.Address})
			break
		}
	}
	if len(m.From) > 1 && fromDomain(m) == "" {
		out = append(out, mailin.Warning{Code: "several-authors", Where: "From", Text: "the mail names authors of several domains"})
	}
	for _, a := range m.ReplyTo {
		if d := mailin.Domain(a.Address); d != "" && from != "" && !Aligned(d, from) {
			out = append(out,
				mailin.Warning{Code: "reply-to-elsewhere", Where: "Reply-To",
					Text: "an answer would go to " + a.Address + ", the mail is from " + author.Address})
			break
		}
	}
	for _, c := range author.Name {
		if c == '\u202e' || c == '\u202d' || c == '\u2066' || c == '\u2067' {
			out = append(out, mailin.Warning{Code: "name-turned-round", Where: "From", Text: "the name changes the direction of writing"})
			break
		}
	}
	return out
}
