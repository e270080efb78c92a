package agent

import (
	"strings"

	"tierdesk/mailin/quote"
	"tierdesk/rules/pattern"
)

// armour is the first line of what is sealed or signed in plain letters, letters a line of those
// (RFC 7468, RFC 9580 section 6.2).
var (
	armour  = pattern.Late(`(?m)^[ \t]*-----BEGIN ([A-Z0-9 ]{3,40})-----[ \t]*$`)
	letters = pattern.Late(`(?m)^[ \t]*[A-Za-z0-9+/=]{40,}[ \t]*$`)
)

// lettersWithin is how far below the first line they begin, in octets.
const lettersWithin = 1000

// keyIn returns what the first key in a text calls itself, or the first message that the desk
// cannot read; "" if there is none. A PGP key holds its owner's address, and a private key is for
// nobody else. Certificates are for everybody.
func keyIn(text string) string {
	if !strings.Contains(text, "-----BEGIN ") {
		return ""
	}
	text = quote.WithoutQuoted(text)
	for _, at := range armour().FindAllStringSubmatchIndex(text, -1) {
		kind, below := text[at[2]:at[3]], text[at[1]:min(len(text), at[1]+lettersWithin)]
		secret := strings.HasPrefix(kind, "PGP ") || strings.HasSuffix(kind, "PRIVATE KEY") || kind == "PKCS7" || kind == "CMS"
		if secret && letters().MatchString(below) {
			return kind
		}
	}
	return ""
}
