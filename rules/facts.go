package rules

import "time"

// Facts are everything that rules can examine.
type Facts struct {
	Event string
	// Rule limits an evaluation of Elapsed to the rule whose timer is due. If it is empty, all
	// rules are evaluated whose time has come.
	Rule         string
	Mail         Mail // if no mail caused the event: OfTicket
	Ticket       Ticket
	Customer     Customer
	Organisation Organisation
	Now          time.Time // the instant of the decision, in the desk's time zone
	OfficeHours  bool      // Now lies in the desk's calendar
}

// Mail is what rules see of a mail. The "doc" tags are the text of the documentation (Words).
type Mail struct {
	Inbox       string       `expr:"inbox" doc:"name of the inbox in tierdesk.yaml; where no mail came, the ticket's"`
	Subject     string       `expr:"subject" doc:"the subject; where no mail came, the ticket's"`
	Text        string       `expr:"text" doc:"what is new in the mail: without quoted history and signature"`
	WholeText   string       `expr:"whole_text" doc:"the text with quoted history and signature"`
	From        string       `expr:"from" doc:"the author's address, in lower case"`
	FromName    string       `expr:"from_name" doc:"the author's name as the mail shows it"`
	ReplyTo     string       `expr:"reply_to" doc:"the address that answers should go to, \"\" if the mail names none"`
	To          []string     `expr:"to" doc:"addresses in To, in lower case"`
	Cc          []string     `expr:"cc" doc:"addresses in Cc, in lower case"`
	Attachments []Attachment `expr:"attachments" doc:"the attachments"`
	Language    string       `expr:"language" doc:"language of the text, two letters, \"\" if unsure; where no mail came, the ticket's"`
	Verdict     string       `expr:"verdict" doc:"how far the sender can be believed: pass, none or fail"`
	Kind        string       `expr:"kind" doc:"who made the mail: person, auto-reply, auto-generated, bounce, receipt, feedback, calendar, list, challenge, loop or spam"`
	Mood        string       `expr:"mood" doc:"how it is written: calm, annoyed or angry. A guess from words in six languages, capitals, and how often they have written in vain; known where a customer writes: opened, replied, reopened, form-filled"`
	Spam        string       `expr:"spam" doc:"what the server's spam filter said, \"\" for nothing"`
	Size        int          `expr:"size" doc:"size of the mail in octets"`
	// Header returns the values of all fields of that name, topmost first; case does not matter. If
	// it is nil there is no header. It must be safe to call while Evaluate runs.
	Header func(key string) []string `expr:"-"`
}

// Attachment is what rules see of an attachment.
type Attachment struct {
	Name string `expr:"name" doc:"file name"`
	Type string `expr:"type" doc:"media type in lower case, like \"application/pdf\""`
	Size int    `expr:"size" doc:"size in octets"`
}

// Ticket is what rules see of the ticket: as it is now, with what earlier rules of the same
// evaluation set.
type Ticket struct {
	Priority string            `expr:"priority" doc:"its priority"`
	Status   string            `expr:"status" doc:"its status"`
	Tier     int               `expr:"tier" doc:"the level of its tier"`
	Team     string            `expr:"team" doc:"the team that has it, \"\" for none"`
	Assignee string            `expr:"assignee" doc:"the agent who has it, \"\" for nobody"`
	Tags     []string          `expr:"tags" doc:"its tags"`
	Messages int               `expr:"messages" doc:"how many messages it has, with this one"`
	Fields   map[string]string `expr:"fields" doc:"what agents have set with /field"`
	Subject  string            `expr:"subject" doc:"its subject, whatever a later mail has"`
	Inbox    string            `expr:"inbox" doc:"name of the inbox that it belongs to"`
	Language string            `expr:"language" doc:"two letters: in which its customer is written to"`
	// Instants for rules on time passed; zero for never.
	OpenedAt   time.Time `expr:"-"`
	CustomerAt time.Time `expr:"-"`
	AgentAt    time.Time `expr:"-"`
	UpdatedAt  time.Time `expr:"-"`
}

// Customer is what rules see of the requester.
type Customer struct {
	Name    string            `expr:"name" doc:"their name"`
	Address string            `expr:"address" doc:"their address, in lower case"`
	Domain  string            `expr:"domain" doc:"what stands behind the @ of it"`
	Plan    string            `expr:"plan" doc:"what they or their organisation pay for"`
	VIP     bool              `expr:"vip" doc:"whether people.yaml marks them so"`
	Tickets int               `expr:"tickets" doc:"how many tickets they opened before"`
	Fields  map[string]string `expr:"fields" doc:"further fields of people.yaml"`
}

// Organisation is what rules see of the customer's organisation; zero if they have none.
type Organisation struct {
	Name   string            `expr:"name" doc:"its name"`
	Plan   string            `expr:"plan" doc:"what it pays for"`
	Fields map[string]string `expr:"fields" doc:"further fields of people.yaml"`
}

// OfTicket returns what rules see in place of a mail at an event without one: what the ticket
// itself knows.
func (t *Ticket) OfTicket() Mail {
	return Mail{Inbox: t.Inbox, Subject: t.Subject, Language: t.Language}
}

// since returns the instant from which a rule that runs after a time counts.
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
	case SinceWaiting:
		if t.Status == "pending" {
			return t.AgentAt
		}
	}
	return time.Time{}
}
