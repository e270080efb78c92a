package tickets

import (
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
)

// Policy is everything that determines decisions. It is read again when an admin saves the desk
// folder. A Policy never changes.
type Policy struct {
	Service   *Service
	Calendar  *sla.Calendar // the desk's office hours; nil means around the clock
	People    *Directory
	Rules     *rules.Set
	Templates *templates.Set
	Replies   *templates.Replies // that agents answer with; nil for none
	Forms     Forms              // that requesters fill in
	Articles  *articles.Index    // the knowledge base; nil for none
	Phrases   *phrase.Book       // nil speaks English
	Hash      string             // of the desk folder
}

// At returns the policy as of an instant: see Directory.At.
func (p *Policy) At(now time.Time, away map[string]time.Time) *Policy {
	if len(p.People.Rotas) == 0 {
		return p
	}
	out := *p
	out.People = p.People.At(now, away)
	return &out
}

// Say returns a text in a language.
func (p *Policy) Say(t phrase.Text, language string) string { return p.Phrases.Text(t, language) }

// Identity is who the desk is to its correspondents. It is fixed while the program runs.
type Identity struct {
	Name     string // Acme Support
	Domain   string // of Message-IDs
	Admin    string // address
	Language string // of a customer whose language is not known
	Location *time.Location
	ListID   bool    // notices carry a List-Id
	PerInbox bool    // one mail to several inboxes opens a ticket in each
	Inboxes  []Inbox // in the order of the file; the first one also speaks for the desk itself
}

// Inbox is an address that customers write to.
type Inbox struct {
	Name    string
	Address string
	Aliases []string
	Sender  string // display name; "": the desk's
	// Language is the language of mails to customers whose own is unknown; "": the desk's.
	Language string
	Style    string // how reply addresses are made: a token.ReplyAddress
	Team     string // of its tickets, "" as the tier says
	// Restricted are the agents and teams who alone may see its tickets; empty for everybody.
	Restricted []string
	Hold       time.Duration // how long people's answers wait before they are sent
}

// Inbox finds an inbox by name; it returns the first one if the name no longer exists.
func (d *Identity) Inbox(name string) *Inbox {
	for i := range d.Inboxes {
		if d.Inboxes[i].Name == name {
			return &d.Inboxes[i]
		}
	}
	return &d.Inboxes[0]
}

// Speaks returns the language in which the inbox writes to people whose own is unknown.
func (in *Inbox) Speaks(desk *Identity) string {
	if in.Language != "" {
		return in.Language
	}
	return desk.Language
}

// Signs returns the name under which the inbox writes to people outside: its own, else the desk's.
func (in *Inbox) Signs(desk *Identity) string {
	if in.Sender != "" {
		return in.Sender
	}
	return desk.Name
}

// Own reports whether a folded address is that of an inbox.
func (d *Identity) Own(folded string) bool {
	for i := range d.Inboxes {
		in := &d.Inboxes[i]
		if mailin.Fold(in.Address) == folded {
			return folded != ""
		}
		for _, alias := range in.Aliases {
			if mailin.Fold(alias) == folded {
				return folded != ""
			}
		}
	}
	return false
}

// OwnTagged reports whether a folded address is that of an inbox with a sub-address, as in
// support+web@acme.example: what is sent there comes back to the desk.
func (d *Identity) OwnTagged(folded string) bool {
	local, domain, _ := strings.Cut(folded, "@")
	for i := range d.Inboxes {
		own, at, found := strings.Cut(mailin.Fold(d.Inboxes[i].Address), "@")
		if found && d.Inboxes[i].Style == "" && at == domain && strings.HasPrefix(local, own+"+") {
			return true
		}
	}
	return false
}

// Library returns the address at which the knowledge base answers automatically: the inbox's with
// +kb, or kb at the domain of the keyed addresses; "" if neither is possible.
func (in *Inbox) Library() string {
	if _, domain, found := strings.Cut(in.Style, "{token}@"); found {
		return libraryWord + "@" + strings.ToLower(domain)
	}
	local, domain, found := strings.Cut(in.Address, "@")
	if !found || in.Style != "" {
		return ""
	}
	return local + "+" + libraryWord + "@" + domain
}

const libraryWord = "kb"

// Covers reports whether a keyed address can belong to this inbox: its own address with a plus
// part, or an address of the configured form.
func (in *Inbox) Covers(folded string) bool {
	if _, domain, found := strings.Cut(in.Style, "{token}@"); found {
		return strings.HasSuffix(folded, "@"+strings.ToLower(domain))
	}
	local, domain, _ := strings.Cut(mailin.Fold(in.Address), "@")
	return strings.HasPrefix(folded, local+"+") && strings.HasSuffix(folded, "@"+domain)
}
