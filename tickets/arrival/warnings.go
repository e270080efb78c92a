package arrival

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
)

// Warnings returns the flags of what an agent should know about the mail: its sender may be another
// than they seem.
func (m *Mail) Warnings(desk *tickets.Identity, people *tickets.Directory) []tickets.Flag {
	var flags []tickets.Flag
	if m.Message.Auth.Doubtful() {
		flags = append(flags, tickets.FlagForged)
	}
	if m.replyToElsewhere(desk) != "" {
		flags = append(flags, tickets.FlagReplyTo)
	}
	if m.looksLike(desk, people) != "" {
		flags = append(flags, tickets.FlagLookalike)
	}
	if m.Scan.Virus != "" {
		flags = append(flags, tickets.FlagVirus)
	}
	if m.Scan.Unscanned != "" && len(m.Message.Attachments) > 0 {
		flags = append(flags, tickets.FlagUnscanned)
	}
	return flags
}

// Explain returns what flags of the mail mean.
func (m *Mail) Explain(flags []tickets.Flag, desk *tickets.Identity, people *tickets.Directory) []phrase.Text {
	var out []phrase.Text
	for _, flag := range flags {
		switch flag {
		case tickets.FlagOtherAddress:
			out = append(out, phrase.Say("from another address, %s", m.From()))
		case tickets.FlagForged:
			out = append(out, phrase.Say("authentication failed: the sender may not be who they say"))
		case tickets.FlagReplyTo:
			out = append(out, phrase.Say("they ask for answers at %s; yours goes to the address they wrote from", m.replyToElsewhere(desk)))
		case tickets.FlagVirus:
			out = append(out,
				phrase.Say("the virus scanner found %s in this mail, and it was let in all the same: do not open anything in it",
					m.Scan.Virus))
		case tickets.FlagUnscanned:
			out = append(out, phrase.Say("the virus scanner could not be asked about the attachments"))
		case tickets.FlagLookalike:
			out = append(out, phrase.Say("the display name looks like %s, the address is not ours", m.looksLike(desk, people)))
		}
	}
	return out
}

// replyToElsewhere returns the address at another domain than that of From to which answers are to
// go, "" for none. The desk always answers to From. Lists and machines have their reasons for such
// an address.
func (m *Mail) replyToElsewhere(desk *tickets.Identity) string {
	if m.Message.Class.Automatic() {
		return ""
	}
	from := mailin.Domain(m.From())
	for _, a := range m.Message.ReplyTo {
		if domain := mailin.Domain(a.Address); domain != "" && !Ours(desk, a.Address) && !classify.Aligned(domain, from) {
			return a.Address
		}
	}
	return ""
}

// looksLike returns whom of us the sender's display name imitates, "" for nobody: an agent's name,
// the desk's, or one of our addresses, before an address that is none of ours.
func (m *Mail) looksLike(desk *tickets.Identity, people *tickets.Directory) string {
	from := m.From()
	if Ours(desk, from) || people.AgentBy(from) != nil {
		return ""
	}
	name := nameWords(m.Message.Author().Name)
	if len(name) == 0 {
		return ""
	}
	holds := func(known string) bool {
		words := nameWords(known)
		return contains(name, words) && (len(words) > 1 || len(name) == 1) // "Support" alone stands in many names
	}
	for _, a := range people.Agents {
		if len(nameWords(a.FullName)) > 1 && holds(a.FullName) || holds(a.Address) { // a first name alone is anybody's
			return a.FullName
		}
	}
	for i := range desk.Inboxes {
		in := &desk.Inboxes[i]
		for _, known := range slices.Concat([]string{desk.Name, in.Sender, in.Address}, in.Aliases) {
			if known != "" && holds(known) {
				return known
			}
		}
	}
	return ""
}

// nameWords returns the words of a name as the eye takes them: without case, accents and signs,
// letters of other scripts that look Latin as Latin ones.
func nameWords(name string) []string {
	name = strings.ToLower(name)
	if strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		name = norm.NFKD.String(name)
	}
	var b strings.Builder
	for _, r := range name {
		if latin, ok := twins[r]; ok {
			r = latin
		}
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r): // an accent, an invisible sign
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// contains reports whether the words of part stand in name, side by side.
func contains(name, part []string) bool {
	for i := 0; len(part) > 0 && i+len(part) <= len(name); i++ {
		if slices.Equal(name[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// twins are small letters of other scripts, and signs, that look like Latin letters.
var twins = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p',
	'ѕ': 's', 'т': 't', 'у': 'y', 'х': 'x', 'ԝ': 'w',
	'α': 'a', 'ε': 'e', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ı': 'i', 'ɑ': 'a',
	'ɡ': 'g', 'ⅼ': 'l',
}
