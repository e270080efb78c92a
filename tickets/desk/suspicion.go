package desk

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/tickets"
)

// suspicions gives the flags of what an agent should mind about the mail at hand: its sender may be another than he seems.
func (w *decision) suspicions() []tickets.Flag {
	var flags []tickets.Flag
	if w.in.m.Auth.Verdict == mailin.VerdictFail {
		flags = append(flags, tickets.FlagForged)
	}
	if w.replyToElsewhere() != "" {
		flags = append(flags, tickets.FlagReplyTo)
	}
	if w.looksLike() != "" {
		flags = append(flags, tickets.FlagLookalike)
	}
	if w.in.virus != "" {
		flags = append(flags, tickets.FlagVirus)
	}
	if w.in.not != "" && len(w.in.m.Attachments) > 0 {
		flags = append(flags, tickets.FlagUnscanned)
	}
	return flags
}

// warning says in words what the flags of the message at hand mean; "" if it has none.
func (w *decision) warning(language string) string {
	var notes []sentence
	for _, flag := range w.current.Flags {
		switch flag {
		case tickets.FlagOtherAddress:
			notes = append(notes, say("from another address, %s", w.in.author()))
		case tickets.FlagForged:
			notes = append(notes, say("authentication failed: the sender may be another than he says"))
		case tickets.FlagReplyTo:
			notes = append(notes, say("he asks for answers at %s; yours goes to the address that he wrote from", w.replyToElsewhere()))
		case tickets.FlagVirus:
			notes = append(notes, say("the virus scanner found %s in this mail, and it was let in all the same: open nothing of it", w.in.virus))
		case tickets.FlagUnscanned:
			notes = append(notes, say("the virus scanner could not be asked about the attachments"))
		case tickets.FlagLookalike:
			notes = append(notes, say("the display name looks like %s, the address is not ours", w.looksLike()))
		}
	}
	return strings.Join(all(notes, language), "; ")
}

// replyToElsewhere gives the address at another domain than that of From to which answers are to go, "" for none. The desk always answers to From. Lists
// and machines have their reasons for such an address.
func (w *decision) replyToElsewhere() string {
	if w.in.m.Class.Automatic() {
		return ""
	}
	from := mailin.Domain(w.in.author())
	for _, a := range w.in.m.ReplyTo {
		if domain := mailin.Domain(a.Address); domain != "" && !w.ours(a.Address) && !classify.Aligned(domain, from) {
			return a.Address
		}
	}
	return ""
}

// looksLike tells whom of us the sender's display name imitates, "" for nobody: an agent's name, the desk's, or one of our addresses, before an
// address that is none of ours.
func (w *decision) looksLike() string {
	from := w.in.author()
	if w.ours(from) || w.with.People.AgentBy(from) != nil {
		return ""
	}
	name := plain(w.in.m.Author().Name)
	if len(name) == 0 {
		return ""
	}
	holds := func(known string) bool {
		words := plain(known)
		return contains(name, words) && (len(words) > 1 || len(name) == 1) // "Support" alone stands in many names
	}
	for _, a := range w.with.People.Agents {
		if len(plain(a.FullName)) > 1 && holds(a.FullName) || holds(a.Address) { // a first name alone is anybody's
			return a.FullName
		}
	}
	for i := range w.set.Inboxes {
		in := &w.set.Inboxes[i]
		for _, known := range slices.Concat([]string{w.set.Name, in.Sender, in.Address}, in.Aliases) {
			if known != "" && holds(known) {
				return known
			}
		}
	}
	return ""
}

// plain gives the words of a name as the eye takes them: without case, accents and signs, letters of other scripts that look Latin as Latin ones.
func plain(name string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
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
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'ѕ': 's', 'т': 't', 'у': 'y', 'х': 'x', 'ԝ': 'w',
	'α': 'a', 'ε': 'e', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ı': 'i', 'ɑ': 'a', 'ɡ': 'g', 'ⅼ': 'l',
}
