package templates

import "time"

// Facts is everything that a template may use. A template names facts by these fields:
// {{.Ticket.Number}}. Which of them a mail may use depends on who gets it: see audience. A caller
// fills what there is; what is left empty is a fact that is not known, and every built-in template
// copes with that.
//
// No value in here is trusted: whatever is a string is shown as that text and nothing else.
type Facts struct {
	Desk     Desk
	Reader   Person // who gets this mail
	Ticket   Ticket
	Customer Person // the requester
	// Agent is the agent whom the mail is about: who answered, who wrote the note, who escalated.
	// Zero if it was the desk.
	Agent Person

	Now      time.Time      // the instant of the decision; what is left of a clock is counted from it
	Location *time.Location // the reader's; nil means Desk.Location

	// Body is the text that the mail is about: the customer's new text in a notice, the agent's
	// answer in Answer, the note in AgentNote, the text that was held in Held.
	Body Block
	// Formatted is Body as its author formatted it, for Answer and questions to third persons: what
	// prose shows in a mail's HTML.
	// Zero if nothing is formatted.
	Formatted Markup
	// Author wrote Body.
	Author Person
	// Earlier is what was written in between, in a reply held as stale: the text that its author
	// had not seen.
	Earlier Entry
	// History is the conversation so far, oldest first. For agents only; it may hold notes.
	History     []Entry
	Attachments []Attachment // of the mail that Body was in

	Clocks []Clock
	// Waits says what stands between an answer and the customer while the clocks run: `an answer of
	// Ann waits for Lea`. Empty for nothing.
	Waits string
	Clock Clock // the one that Warning and Missed are about
	// Before is the tier that an escalated ticket comes from.
	Before Tier

	// Reasons says why, one sentence each: why an escalation, a hold, a quarantine, a bounce.
	Reasons []string
	// Remarks are what rules had done, one sentence each, for every agent who is told.
	Remarks []string
	// Steps is the transcript of a mail with commands, in its order.
	Steps []Step
	// Command is the word that was not understood, Nearest the right command that comes nearest to
	// it. Either may be "".
	Command, Nearest string
	// Commands are what an agent may type, for Help.
	Commands []Usage

	// Found are the tickets of a search or list; What is the query, Count how many there are.
	Found []Found

	Suggestions []Article  // public articles for the customer
	SOPs        []Article  // standard operating procedures for the agent
	Stays       []Stay     // what each tier did that has had the ticket, of one that moves to another
	Similar     []Similar  // similar solved tickets, for the agent
	Standing    []Standing // the customer's own tickets, for MyTickets

	// Side is the conversation with a third person that Consult, Approval, Vendor and SideReply are
	// about.
	Side Side

	Problem Problem // that ProblemNews tells of
	Rota    Rota    // who works when, for RotaNews
	Review  Review  // of ArticleReview and ArticleDraft
	// Form is what Form asks a customer, and what they answered, for agents.
	Form Questionnaire

	Buttons Buttons
	// Final says of a held mail that no word can send: it has to be written anew.
	Final bool
	// OnSend is what `/send` would do with a held mail: "text", "note", "all", "commands" or
	// "nothing"; "" is "text".
	OnSend string
	// GoesTo names those who will get a plain reply to this notice: `Jane Doe`. Empty: a reply goes
	// to nobody outside.
	GoesTo string

	Closes        time.Time // when a solved ticket closes by itself
	ReopensBefore time.Time // until when a reply opens it again

	NextNews time.Time // when the customer hears next, of a ticket that takes its time
	ByPerson bool      // a person writes then, not the desk

	Bounce Bounce
	Gone   Gone

	// What follows is for admins.

	Ideas  []Idea
	Faults []string // one each: `rules/20.yaml:4:7: unknown team "netwrok" (did you mean "network"?)`
	Mails  []MailLine
	Count  int    // how many mails a summary is about; Mails may name only the first
	Aged   int    // how many mails waited in quarantine so long that they were filed away
	What   string // what broke, for AdminAlarm: `smtp.acme.example: 535 authentication failed`
	Since  time.Time
	Over   bool   // what broke works again
	Hint   string // what would help
}

// Block is a text of several lines that somebody outside the templates wrote. It never goes through
// Markdown: it is put in afterwards, escaped, line by line.
type Block string

// Link is a destination: http, https or mailto. Only a Link can become the destination of a link;
// any other scheme is left out.
type Link string

// Desk is what tierdesk.yaml says of the desk.
type Desk struct {
	Name     string // Acme Support
	Address  string // what customers write to
	Domain   string
	Language string         // ISO 639-1; the second choice of every mail, "" means English
	Location *time.Location // nil means UTC
}

// Person is one who takes part. Address is empty wherever the reader may not see it.
type Person struct {
	Name         string
	Address      string
	Organisation string
	Plan         string // of their organisation
	Note         string // a flag for agents: "from another address", "not proven"
}

// Ticket is the state of the ticket when the mail was decided.
type Ticket struct {
	Number   int64
	Subject  string
	Status   string
	Priority string
	Tier     Tier
	Team     string
	Assignee string // name; "" if nobody has it
	Tags     []string
	Opened   time.Time
	Inbox    string
	Into     int64    // the number of the ticket that it was merged into, 0 for none
	Linked   []int64  // numbers of tickets that it is linked with
	Watchers []string // names of the agents who watch it
	Booked   string   // the time that agents have booked on it: 1 h 20 min
	Fields   []Field  // in the order of their names
}

// Field is a value of a ticket under its name.
type Field struct{ Name, Value string }

// Tier is a rung of the ladder. Its zero value has no name and means none.
type Tier struct {
	Level int
	Name  string
}

// Clock is one promise of the ticket: the SLA target, when it is due, and what is left.
type Clock struct {
	Target string // first_reply, next_reply, resolution
	Due    time.Time
	// Left is the time left as the calendar counts it; negative once missed. Zero: counted from Now
	// to Due as clock hours.
	Left   time.Duration
	Missed bool
	Paused bool // waits, e.g. while the ticket is pending
}

// Entry is one piece of the conversation.
type Entry struct {
	Who  string
	When time.Time
	Kind string // message, answer, note
	Text Block
}

// Problem is one root cause of several tickets.
type Problem struct {
	Number int64
	Title  string
	State  string // "investigating", "known-error", "fix-planned", "fixed" or "wont-fix"
}

// Rota says who works when, this week and next.
type Rota struct {
	News  string     // why it is told again; "" for the week's mail
	Mine  []RotaDuty // of the reader
	Weeks []RotaWeek
}

// RotaDuty is a time in which the reader works.
type RotaDuty struct {
	Role     string // "on-call", "instead" (of who is on call and away), "on-duty" or "shadow"
	Team     string
	From, To time.Time // To is when they hand over; their last day if that is midnight
	Days     bool      // From and To are days
}

// RotaWeek is who works in a week, from Monday or from now on.
type RotaWeek struct {
	From time.Time
	Next bool // it is the week to come
	Rows []RotaRow
}

// RotaRow is who works on some days of a week.
type RotaRow struct {
	Team     string
	Tier     string // the levels at which the team works: "2"
	Whole    bool   // all days of the week
	From, To time.Time
	Several  bool // From and To are not the same day
	// Names, with a word on who is away; "" for nobody.
	OnDuty, OnCall, Shadows string
}

// Review is the look of an owner at their article.
type Review struct {
	Title string
	File  string // below the desk folder: kb/vpn.de.md
	Told  int    // how often its owner has been told of this review before
	Last  bool   // and is not told again
	Next  time.Time
	Draft string // where the new text lies, below the desk folder; "" if it could not be written, or is a remark
	Fault string // why it could not be written
}

// Idea is what customers wish for.
type Idea struct {
	Number    int64
	Text      string
	Customers int // who asked for it
}

// Side is a conversation with a third person.
type Side struct {
	Person    string // their address; for agents only
	Command   string // with which an agent asks them: "consult"
	Again     bool   // it is not the first mail of the conversation
	Reminder  bool   // they have been asked this before
	Decision  string // of an approver: "approved", "declined"; of a vendor: "solved"; "" for none
	Automatic bool   // a machine of theirs answered
	Contract  string // number of the desk's contract with a vendor
	Reference string // the vendor's own number for the ticket; "" if it is not known
	Customers bool   // the text is the customer's own
}

// Questionnaire is a form. Its zero value has no title and means none.
type Questionnaire struct {
	Title     string
	Again     bool   // only what is missing is asked
	Decision  string // on what it asks for: "approved", "declined"; "" for none
	Questions []Question
}

// Question is one question of a form.
type Question struct {
	Number int
	Ask    string
	Kind   string // text, number, yes-no, choice, date, email
	// Choices are the answers to a choice, but for the Last.
	Choices  []string
	Last     string
	Optional bool
	Answer   string // for agents only; "" for none
}

// asked returns what a customer is asked, without anything that was answered.
func (q Questionnaire) asked() Questionnaire {
	out := q
	out.Questions = nil
	for _, one := range q.Questions {
		one.Answer = ""
		out.Questions = append(out.Questions, one)
	}
	return out
}

// Attachment is a file that came with a mail.
type Attachment struct {
	Name string
	Size int64 // octets
}

// Step is one line of the transcript of a mail with commands.
type Step struct {
	Command string // as typed: /tier 2; "" for the text of the mail
	Outcome string // what was done, or why it was not
	Failed  bool
}

// Usage is one command with what it does.
type Usage struct {
	Command string
	Does    string
}

// Article is an entry of the knowledge base.
type Article struct {
	Title   string
	Summary string
	Link    Link // where it stands on the web, or what asks for it; may be ""
	Page    Page // the whole of it; empty where only its title is told
}

// Standing is how a ticket of the customer's stands.
type Standing struct {
	Number  int64
	Subject string
	Status  string
	Due     time.Time // by when the next answer or the solution is promised; zero for nothing
}

// Found is a ticket of a search or list.
type Found struct {
	Number   int64
	Subject  string
	Status   string
	Who      string // who asked
	Assignee string
	Changed  time.Time
	Snippet  string // where the words stand; "" in a list
	Show     Link   // asks for the whole ticket
	Reply    Link   // an answer in the ticket
}

// Stay is what a tier did for a ticket while it had it.
type Stay struct {
	Tier     Tier
	Spent    string // how long, like "2 h 10 min"
	Customer string // of it, waiting for the customer; "" for not at all
	OnHold   string // of it, waiting for others; "" for not at all
	Who      string // the agents who did something
	Answers  int    // that went to the customer
	By       string // who passed it on; "" if time ran out
	Why      string // the reason that they gave, in one line; "" for none, or if the notice gives it above
	Target   string // the promise because of which time ran out; "" where nobody had answered
}

// Similar is a solved ticket that looks like this one.
type Similar struct {
	Number   int64
	Subject  string
	Solution string // one line
}

// Buttons are shown as a row of links that act: {{.Buttons}}.
type Buttons []Button

// Button is a link that acts when the mail that it opens is sent.
type Button struct {
	Label  string
	Mailto Link
}

// Bounce describes an answer that did not arrive.
type Bounce struct {
	Recipient  string
	Status     string // RFC 3463, "5.1.1"
	Diagnostic string // what the failing server said
	Permanent  bool
	Unsent     bool // no mail server has seen it: the desk held it
}

// Gone is somebody who takes part in a ticket and whom no mail reaches any more.
type Gone struct {
	Name    string
	Address string
	InCopy  bool     // they get copies and can be taken out; else they are the requester
	Instead []string // addresses that an automatic note of theirs names
	Via     string   // whose address they read, who takes part; "" if they do themselves
}

// MailLine is one mail in a list for admins.
type MailLine struct {
	ID      string // by which the commands know it: quarantine show ID
	From    string
	Subject string
	When    time.Time
	Size    int64
	Reason  string
}
