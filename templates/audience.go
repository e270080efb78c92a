package templates

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// audience is who gets a mail. It decides which facts may stand in it, whatever an admin writes
// into a template: what is not for customers is neither allowed by the check nor there when the
// mail is rendered.
type audience int

const (
	toCustomer audience = iota // automatic: nothing that a stranger wrote comes back to them, only their subject, made harmless
	toReply                    // a stock reply, that an agent puts above their own words
	toAnswer                   // an agent's words to a customer
	toForm                     // a form, with an agent's words above it
	toOutside                  // a customer's mail, sent on by a rule
	toAside                    // an agent's words to somebody who takes no part in the ticket: they see them and its number
	toAgent
	toAdmin
)

// audiences of the built-in mails. An admin's own names are automatic mail to customers: only
// rules' replies use them.
var audiences = map[Name]audience{
	Acknowledgement: toCustomer, Solved: toCustomer, Closing: toCustomer, Merged: toCustomer, Progress: toCustomer, Reminder: toCustomer,
	PersonComes: toCustomer, Articles: toCustomer, MyTickets: toCustomer, Form: toForm, Decided: toForm,
	Answer: toAnswer, Published: toAnswer, Forwarded: toOutside, Consult: toAside, Approval: toAside, Vendor: toAside, SideReply: toAgent,
	ProblemState: toCustomer, IdeaBuilt: toCustomer,
	AgentNew: toAgent, AgentReply: toAgent, AgentNote: toAgent, Assigned: toAgent, Escalation: toAgent, Warning: toAgent, Missed: toAgent,
	Reopened: toAgent, Held: toAgent, Draft: toAgent, Receipt: toAgent, Confirm: toAgent, Help: toAgent, Bounced: toAgent, Backlog: toAgent,
	FoundList: toAgent, ProblemNews: toAgent, ArticleReview: toAgent, Shown: toAgent, Digest: toAgent, RotaNews: toAgent,
	HasLeft:      toAgent,
	ArticleDraft: toAdmin, AdminFault: toAdmin, IdeasReport: toAdmin, AdminQuarantine: toAdmin, AdminAlarm: toAdmin, AdminSummary: toAdmin,
	AdminReceipt: toAdmin, AdminUnreached: toAdmin,
}

// customerFacts may stand in every mail; answerFacts also where a person's text is sent on.
var (
	customerFacts = []string{"Desk", "Reader", "Ticket", "Customer", "Agent", "Now", "Location", "Clocks", "Suggestions",
		"Buttons", "Standing", "Closes", "ReopensBefore", "NextNews", "ByPerson", "Problem"}
	answerFacts = []string{"Body", "Author", "Attachments"}
	formFacts   = []string{"Body", "Form"}
	replyFacts  = []string{"Desk", "Ticket", "Customer", "Agent", "Now", "Location"}
	asideFacts  = []string{"Desk", "Reader", "Ticket", "Agent", "Now", "Location", "Body", "Buttons", "Side"}
)

// may reports whether a field of Facts may stand in such a mail.
func (a audience) may(field string) bool {
	switch a {
	case toAgent, toAdmin:
		return true
	case toAside:
		return slices.Contains(asideFacts, field)
	case toReply:
		return slices.Contains(replyFacts, field)
	case toForm:
		return slices.Contains(customerFacts, field) || slices.Contains(formFacts, field)
	case toAnswer, toOutside:
		return slices.Contains(customerFacts, field) || slices.Contains(answerFacts, field)
	}
	return slices.Contains(customerFacts, field)
}

// fromInbox reports whether such a mail leaves from the inbox of its ticket; all others are the
// desk's own.
func (a audience) fromInbox() bool {
	switch a {
	case toCustomer, toAnswer, toForm, toAside:
		return true
	}
	return false
}

// view returns the facts that such a mail is rendered from.
func (a audience) view(f *Facts) *Facts {
	if a == toAgent || a == toAdmin {
		return f
	}
	if a == toAside {
		return &Facts{Desk: f.Desk, Reader: Person{Name: calledName(f.Reader.Name)}, Ticket: Ticket{Number: f.Ticket.Number},
			Agent: Person{Name: f.Agent.Name}, Now: f.Now,
			Location: f.Location, Body: f.Body, Formatted: f.Formatted, Buttons: f.Buttons,
			Side: Side{Again: f.Side.Again, Reminder: f.Side.Reminder, Contract: f.Side.Contract, Reference: f.Side.Reference,
				Customers: f.Side.Customers}}
	}
	v := &Facts{
		Desk: f.Desk, Reader: f.Reader, Ticket: f.Ticket, Customer: f.Customer, Agent: f.Agent, Now: f.Now, Location: f.Location,
		Clocks: f.Clocks, Suggestions: f.Suggestions, Buttons: f.Buttons, Closes: f.Closes, ReopensBefore: f.ReopensBefore,
		NextNews: f.NextNews, ByPerson: f.ByPerson,
		Problem: Problem{State: f.Problem.State}, // its title is inside knowledge
	}
	for _, t := range f.Standing {
		t.Subject = Brief(t.Subject)
		v.Standing = append(v.Standing, t)
	}
	// Who works on it and how is inside knowledge; an agent's address is private.
	v.Ticket.Assignee, v.Ticket.Tags, v.Ticket.Linked = "", nil, nil
	v.Ticket.Watchers, v.Ticket.Booked, v.Ticket.Fields = nil, "", nil
	v.Ticket.Subject = Brief(f.Ticket.Subject)
	v.Agent.Address, v.Agent.Note, v.Reader.Note, v.Customer.Note = "", "", "", ""
	if a == toForm {
		v.Body, v.Form = f.Body, f.Form.asked()
	}
	if a == toCustomer || a == toReply || a == toForm {
		v.Reader.Name, v.Reader.Address = greeted(f.Reader.Name), ""
		v.Customer.Name, v.Customer.Address = greeted(f.Customer.Name), ""
		return v
	}
	v.Body, v.Author, v.Attachments = f.Body, f.Author, f.Attachments
	if a == toAnswer {
		v.Formatted = f.Formatted
		v.Author.Address, v.Author.Note = "", ""
	}
	return v
}

const (
	maxBrief = 60
	maxName  = 40
)

// Brief makes a subject fit for automatic mail to whoever wrote it: one line of at most 60
// characters, addresses and links taken out, so that nobody can use the desk to mail a third
// person. "" if nothing readable is left.
func Brief(subject string) string { return harmless(subject, maxBrief) }

func harmless(s string, max int) string {
	words := strings.Fields(cut(line(s), 20*max)) // more is never needed, and a subject may be a megabyte
	readable := false
	for i, w := range words {
		if pointsAway(w) {
			words[i] = "…"
		} else if !readable {
			readable = strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
		}
	}
	if !readable {
		return ""
	}
	// A row of words that were taken out is one gap.
	words = slices.CompactFunc(words, func(a, b string) bool { return a == "…" && b == "…" })
	return cut(strings.Join(words, " "), max)
}

var (
	scheme   = regexp.MustCompile(`(?i)(^|\P{L})(mailto|tel|sms|callto|skype|whatsapp|tg|data|javascript|vbscript|file|xmpp|sip|magnet|bitcoin):`)
	hostLike = regexp.MustCompile(`[\p{L}\p{N}_-]\.(xn--[a-z0-9-]+|\p{L}{2,})`)
	// wideSigns are signs that software reads as those of addresses (IDNA, NFKC).
	wideSigns = strings.NewReplacer("＠", "@", "﹫", "@", "．", ".", "。", ".", "｡", ".", "․", ".", "／", "/", "：", ":")
)

// plainEndings are endings of file names that are no top-level domain: "report.pdf" may stay.
var plainEndings = strings.Fields("pdf doc docx xls xlsx ppt pptx odt ods txt csv log xml json html htm php js css png jpg jpeg gif bmp svg exe dll msi cfg ini yaml yml bak tmp eml msg ics")

// pointsAway reports whether a word is, or would be made by a mail client, an address or a link.
func pointsAway(word string) bool {
	if !strings.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf || strings.ContainsRune("@.:/", r) }) {
		return false // the common word
	}
	w := wideSigns.Replace(word)
	if !strings.ContainsAny(w, "@.:/") {
		return false
	}
	w = strings.ToLower(w)
	if strings.ContainsRune(w, '@') || strings.Contains(w, "//") || strings.HasPrefix(w, "www.") || scheme.MatchString(w) {
		return true
	}
	hits := hostLike.FindAllStringSubmatch(w, -1)
	if len(hits) == 0 {
		return false
	}
	return strings.ContainsAny(w, "/\\?:") || !slices.Contains(plainEndings, hits[len(hits)-1][1])
}
