package rules

import "time"

// Facts are all that rules can look at. The names behind "expr" are the words that conditions use.
type Facts struct {
	Event string
	// Rule limits an evaluation of Elapsed to the one rule whose timer is due. Without it every rule on time passed is
	// looked at whose time has come.
	Rule         string
	Mail         Mail // zero if no mail caused the event
	Ticket       Ticket
	Customer     Customer
	Organisation Organisation
	Now          time.Time // the instant of the decision, in the desk's time zone
	OfficeHours  bool      // Now lies in the desk's calendar
}

// Mail is what rules see of a mail.
type Mail struct {
	Inbox       string       `expr:"inbox"` // name of the inbox in tierdesk.yaml
	Subject     string       `expr:"subject"`
	Text        string       `expr:"text"`       // what is new in it: without quoted history and signature
	WholeText   string       `expr:"whole_text"` // with them
	From        string       `expr:"from"`       // address of the author, folded
	FromName    string       `expr:"from_name"`
	ReplyTo     string       `expr:"reply_to"` // address, "" if there is none
	To          []string     `expr:"to"`       // addresses, folded
	Cc          []string     `expr:"cc"`
	Attachments []Attachment `expr:"attachments"`
	Language    string       `expr:"language"` // ISO 639-1, "" if unsure
	Verdict     string       `expr:"verdict"`  // pass, none or fail: how far From can be believed
	Kind        string       `expr:"kind"`     // who made the mail: person, auto-reply, bounce ...
	Spam        string       `expr:"spam"`     // what the server's spam filter said
	Size        int          `expr:"size"`     // octets
	// Header gives the values of all fields of that name, topmost first; case does not matter. Nil: no header.
	// It must be safe to call for as long as Evaluate runs.
	Header func(key string) []string `expr:"-"`
}

// Attachment is what rules see of an attachment.
type Attachment struct {
	Name string `expr:"name"`
	Type string `expr:"type"` // media type in lower case
	Size int    `expr:"size"` // octets, decoded
}

// Ticket is what rules see of the ticket: as it is now, with what earlier rules of the same evaluation set.
type Ticket struct {
	Priority string            `expr:"priority"`
	Status   string            `expr:"status"`
	Tier     int               `expr:"tier"`
	Team     string            `expr:"team"`     // "" for none
	Assignee string            `expr:"assignee"` // "" for nobody
	Tags     []string          `expr:"tags"`
	Messages int               `expr:"messages"` // how many it has, with this one
	Fields   map[string]string `expr:"fields"`   // answers to forms
	// Instants for rules on time passed; zero for never.
	OpenedAt   time.Time `expr:"-"`
	CustomerAt time.Time `expr:"-"`
	AgentAt    time.Time `expr:"-"`
	UpdatedAt  time.Time `expr:"-"`
}

// Customer is what rules see of the requester.
type Customer struct {
	Name    string            `expr:"name"`
	Address string            `expr:"address"`
	Domain  string            `expr:"domain"`
	Plan    string            `expr:"plan"` // his own, or that of his organisation
	VIP     bool              `expr:"vip"`
	Tickets int               `expr:"tickets"` // how many he opened before
	Fields  map[string]string `expr:"fields"`
}

// Organisation is what rules see of the customer's organisation; zero if he has none.
type Organisation struct {
	Name   string            `expr:"name"`
	Plan   string            `expr:"plan"`
	Fields map[string]string `expr:"fields"`
}

// since gives the instant that a rule on time passed counts from.
func (t *Ticket) since(s Since) time.Time {
	switch s {
	case SinceOpened:
		return t.OpenedAt
	case SinceCustomer:
		return t.CustomerAt
	case SinceAgent:
		return t.AgentAt
	case SinceUpdated:
		return t.UpdatedAt
	}
	return time.Time{}
}
