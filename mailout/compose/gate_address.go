package compose

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"tierdesk/mailin"
)

// domain holds the private addresses of one domain.
type domain struct {
	at     []byte // "@" and the domain, joined
	label  []byte // its first label, which stays as it is where signs are spelled out
	dots   bool   // dots in the local part are ignored
	locals []local
}

type local struct {
	joined  []byte
	address string // as it is reported
}

// domainsOf groups private addresses by domain. An address with a sub-address also protects the
// plain mailbox, unless the mail is from that one.
func domainsOf(addresses []string, from string) []domain {
	var out []domain
	add := func(name, domainName, address string) {
		var j joined
		j.fill(name, false)
		l := local{bytes.Clone(j.text), address}
		j.fill("@"+domainName, false)
		if len(l.joined) == 0 || len(j.text) < 2 {
			return
		}
		i := slices.IndexFunc(out, func(d domain) bool { return bytes.Equal(d.at, j.text) })
		if i < 0 {
			i = len(out)
			out = append(out,
				domain{at: bytes.Clone(j.text), label: firstLabel(j.text),
					dots: domainName == "gmail.com" || domainName == "googlemail.com"})
		}
		if out[i].dots {
			l.joined = bytes.ReplaceAll(l.joined, []byte("."), nil)
		}
		out[i].locals = append(out[i].locals, l)
	}
	from = strings.ToLower(from)
	for _, address := range addresses {
		folded := mailin.Fold(address)
		at := strings.LastIndexByte(folded, '@')
		if at <= 0 {
			continue
		}
		names, domains := []string{folded[:at]}, []string{folded[at+1:]}
		if mailbox, _, ok := strings.Cut(folded[:at], "+"); ok && mailbox != "" && !strings.Contains(from, mailbox+folded[at:]) {
			names = append(names, mailbox)
		}
		for _, convert := range []func(string) (string, error){idna.ToASCII, idna.ToUnicode} {
			if other, err := convert(domains[0]); err == nil && !slices.Contains(domains, other) {
				domains = append(domains, other)
			}
		}
		switch domains[0] {
		case "gmail.com":
			domains = append(domains, "googlemail.com")
		case "googlemail.com":
			domains = append(domains, "gmail.com")
		}
		for _, d := range domains {
			for _, name := range names {
				add(name, d, folded)
			}
		}
	}
	return out
}

func firstLabel(at []byte) []byte {
	label, _, _ := bytes.Cut(at[1:], []byte("."))
	return bytes.Clone(label)
}

// addresses looks for private addresses in a text, joined as a reader would join it. Adjacent
// characters do not hide an address unless they make it a different one: "mary-jane@x.example" is
// not "jane@x.example".
func (g *gate) addresses(where, text string) {
	if len(g.private) == 0 {
		return
	}
	g.joined.fill(text, false)
	g.inJoined(where, text, &g.joined)
	if g.joined.words && slices.ContainsFunc(g.private, func(d domain) bool { return bytes.Contains(g.joined.text, d.label) }) {
		g.respelled.fill(text, true)
		g.inJoined(where, text, &g.respelled)
	}
}

func (g *gate) inJoined(where, text string, j *joined) {
	if bytes.IndexByte(j.text, '@') < 0 {
		return
	}
	for i := range g.private {
		d := &g.private[i]
		for from := 0; ; {
			at := bytes.Index(j.text[from:], d.at)
			if at < 0 {
				break
			}
			at += from
			from = at + 1
			end := j.end(text, at+len(d.at)-1)
			if g.otherDomain(text, d, int(j.from[at]), end) {
				continue
			}
			for _, l := range d.locals {
				for _, to := range mailboxEnds(text, j, at) {
					if start := suffix(j.text[:to], l.joined, d.dots); start >= 0 &&
						!g.otherMailbox(text, int(j.from[start]), end, l.address) {
						g.hit(PrivateAddress, where, l.address)
					}
				}
			}
		}
	}
}

// maxSubAddress is the greatest length of a sub-address with its plus sign.
const maxSubAddress = 80

// mailboxEnds returns the offsets in the joined text at which the mailbox of an address may end
// whose @ is at the given offset: there, and before each plus sign in the same word.
func mailboxEnds(text string, j *joined, at int) []int {
	out := []int{at}
	for i := at - 1; i > 0 && at-i < maxSubAddress; i-- {
		if end, next := j.end(text, i), int(j.from[i+1]); end < next && strings.ContainsAny(text[end:next], " \t\r\n") {
			break
		}
		if j.text[i] == '+' {
			out = append(out, i)
		}
	}
	return out
}

// suffix returns the offset at which name begins if text ends with it, -1 if not. With dots, dots
// in text are ignored.
func suffix(text, name []byte, dots bool) int {
	i := len(text)
	for n := len(name) - 1; n >= 0; n-- {
		if i--; dots {
			for i >= 0 && text[i] == '.' {
				i--
			}
		}
		if i < 0 || text[i] != name[n] {
			return -1
		}
	}
	return i
}

// otherMailbox reports whether the text before the address at [start, end) makes it a different
// address: further letters of the same script, or a word followed by a hyphen, an underscore, a
// plus sign or a full stop. A full stop may also end a sentence without a blank after it. The
// address then counts as a different one only if it begins a line, is in brackets or after a colon,
// has a single letter before the full stop, or is known from the public conversation.
func (g *gate) otherMailbox(text string, start, end int, address string) bool {
	r, n := lastVisible(text[:start])
	first, _ := utf8.DecodeRuneInString(address)
	word := wordBefore(text[:start])
	before := strings.ToLower(word)
	for _, label := range []string{"mail", "mailto", "e-mail-", "mail-", "mail_"} {
		if strings.HasSuffix(before, label) {
			return false
		}
	}
	switch {
	case n == 0:
		return false
	case unicode.IsDigit(r):
		return true
	case unicode.IsLetter(r):
		return sameScript(r, first)
	case r == '-' || r == '_' || r == '+':
		return len(strings.Trim(word, "-_+.")) > 0
	case r == '.':
		word = strings.TrimRight(word, ".")
		if word == "" {
			return false
		}
		whole, ahead := word+text[start-n:end], text[:start-n-len(word)]
		if last, n := utf8.DecodeLastRuneInString(ahead); n == 0 || strings.ContainsRune("\n<:\"=([,;%", last) {
			return true // "%" begins an escape, which is undone in another form
		}
		return utf8.RuneCountInString(word) == 1 || g.known(whole)
	}
	return false
}

// wordBefore returns the run of letters, digits and signs allowed in addresses at the end of a
// text.
func wordBefore(text string) string {
	i := len(text)
	for i > 0 && len(text)-i < maxSubAddress {
		r, n := utf8.DecodeLastRuneInString(text[:i])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_+.", r) {
			break
		}
		i -= n
	}
	return text[i:]
}

// lastVisible returns the last visible character of a text and its size in octets, 0 if there is
// none.
func lastVisible(text string) (rune, int) {
	for len(text) > 0 {
		r, n := utf8.DecodeLastRuneInString(text)
		if !invisible(r) && !unicode.IsMark(r) {
			return r, n
		}
		text = text[:len(text)-n]
	}
	return 0, 0
}

// known reports whether an address occurs in the public conversation, so that the recipient has it
// already.
func (g *gate) known(address string) bool {
	address = strings.ToLower(address)
	return slices.ContainsFunc(g.secrets.Public, func(text string) bool { return strings.Contains(strings.ToLower(text), address) })
}

// sameScript reports whether two letters may occur in one word.
func sameScript(a, b rune) bool {
	if a < utf8.RuneSelf && b < utf8.RuneSelf {
		return true
	}
	for _, table := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew, unicode.Han,
		unicode.Hangul, unicode.Thai, unicode.Devanagari} {
		if unicode.Is(table, a) || unicode.Is(table, b) {
			return unicode.Is(table, a) && unicode.Is(table, b)
		}
	}
	return true
}

// reserved are top-level domains that are in no registry (RFC 6761, and the usual ones of private
// networks).
var reserved = map[string]bool{"example": true, "test": true, "invalid": true, "localhost": true, "local": true, "lan": true,
	"internal": true, "corp": true, "home": true, "intranet": true}

// otherDomain reports whether the text after the domain at [start, end) makes it a different
// domain, which is only so if it ends as domains do: "acme.example.org" is a different domain, but
// "acme.example.Thanks" ends a sentence, and "acme.example.txt" may be a file. Two letters after a
// full stop are as often a word as a country code: in doubt they do not make it a different domain.
func (g *gate) otherDomain(text string, d *domain, start, end int) bool {
	rest := text[end:]
	n := 0
	for n < len(rest) && n < 250 &&
		(rest[n] == '-' || rest[n] == '.' || rest[n] >= '0' && rest[n] <= '9' || rest[n] >= 'a' && rest[n] <= 'z' ||
			rest[n] >= 'A' && rest[n] <= 'Z') {
		n++
	}
	more := strings.TrimRight(rest[:n], ".-")
	if more == "" || n < len(rest) && rest[n] == '@' {
		return false
	}
	if label := more[1:]; more[0] == '.' {
		upper := strings.ToUpper(text[start:end]) == text[start:end]
		if len(label) <= 2 || label != strings.ToLower(label) && !upper || label == "zip" || label == "mov" {
			return false
		}
	}
	whole := string(d.at[1:]) + strings.ToLower(more)
	tld, managed := publicsuffix.PublicSuffix(whole)
	return managed || reserved[tld[strings.LastIndexByte(tld, '.')+1:]]
}
