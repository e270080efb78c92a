// Package commands reads the command language of agents' mails: lines like "/note" or "#assign bob"
// at the top of an answer. It owns the words of the language, what each takes and what is doubtful,
// and is pure. It must never know a ticket, who may do what, a database or a mail server: it only
// says what was typed.
//
// The rule above all: in doubt, held. Whoever typed a command, or nearly one, never finds it in the
// customer's mailbox. That holds for a held mail whose writer answers /send, too: see OnSend.
package commands

import (
	"slices"
	"strings"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
)

// Name of a command, as it is typed behind the slash.
type Name string

// The commands.
const (
	Note         Name = "note"
	Public       Name = "public"
	Take         Name = "take"
	Assign       Name = "assign"
	Status       Name = "status"
	Close        Name = "close"
	Solve        Name = "solve"
	Reopen       Name = "reopen"
	Snooze       Name = "snooze"
	Priority     Name = "priority"
	Tier         Name = "tier"
	Escalate     Name = "escalate"
	Deescalate   Name = "deescalate"
	Team         Name = "team"
	Tag          Name = "tag"
	Field        Name = "field"
	Due          Name = "due"
	Time         Name = "time"
	Cc           Name = "cc"
	Merge        Name = "merge"
	Split        Name = "split"
	Link         Name = "link"
	Restrict     Name = "restrict"
	Spam         Name = "spam"
	Block        Name = "block"
	Allow        Name = "allow"
	Release      Name = "release"
	Undo         Name = "undo"
	Cancel       Name = "cancel"
	Vendor       Name = "vendor"
	Introduce    Name = "introduce"
	Consult      Name = "consult"
	ApproveBy    Name = "approve-by"
	Problem      Name = "problem"
	Publish      Name = "publish"
	Idea         Name = "idea"
	Template     Name = "template"
	Article      Name = "article"
	Reviewed     Name = "reviewed"
	Ask          Name = "ask"
	Attach       Name = "attach"
	Run          Name = "run"
	ForwardAsNew Name = "forward-as-new"
	NewTicket    Name = "new"
	Send         Name = "send"
	Drop         Name = "drop"
	Help         Name = "help"
	Show         Name = "show"
	List         Name = "list"
	Search       Name = "search"
	Away         Name = "away"
	Back         Name = "back"
	Watch        Name = "watch"
	Stop         Name = "stop"
)

// Options are what the reader of a mail knows.
type Options struct {
	// Now is the mail's time: "/snooze 2d" counts from it. Location is the agent's time zone (nil:
	// UTC), Calendar their business days.
	Now      time.Time
	Location *time.Location
	Calendar *sla.Calendar
	// Signature is the agent's usual one: a mail with nothing else is empty.
	Signature string
	// HTML reports whether the text was made from HTML (no plain part): no client has broken its
	// lines.
	HTML bool
	// The known names; a name that is not among them is a doubt.
	Agents, Teams, Priorities, Vendors, Replies, Forms, Articles, Reviewed []string
	Tiers                                                                  []int
	TierNames                                                              map[int]string
	// FullNames lead from the full names of agents and teams, in lower case, to their names in the
	// lists.
	FullNames map[string]string
	// Enabled are the commands of this desk, nil for all. One that is not is a doubt, NotYet.
	Enabled []Name
}

// Result is what was read in a mail. If it has doubts, nothing of it may be done or sent: the mail
// is held and goes back.
type Result struct {
	Commands []Command // in their order
	// Body is the text below the commands, without blank lines around it; "" if there is none or
	// only the agent's signature.
	Body string
	// AsTyped is the text for a held mail whose writer wants it as it is: all they typed but the
	// commands and, unless it becomes a note, the Unsafe lines. OnSend says whether it may be used.
	AsTyped string
	// Note reports whether the body is for the desk only: /note is among the commands, or something
	// like it stands elsewhere in the text.
	Note   bool
	Doubts []Doubt
	// Unsafe are the numbers of the lines, counted from 1 and in order, that hold a command or
	// something like one: they are never text for anybody outside.
	Unsafe []int
}

// OnSend is what a held mail may become when its writer answers /send.
type OnSend string

// What a held mail may become.
const (
	SendsText    OnSend = "text"     // AsTyped goes where it was meant to go
	SendsNote    OnSend = "note"     // AsTyped may become a note and nothing else
	SendsToAll   OnSend = "all"      // it goes to all whom its writer was shown
	Executes     OnSend = "commands" // there is no text: its commands are carried out
	SendsNothing OnSend = "nothing"  // there is no text, or a command has to be put right first
)

// OnSend returns what the mail may become when it is held, for its doubts or for any other reason,
// and its writer answers /send. A mail with /note in it can only become a note; a mail with a
// doubtful command becomes nothing.
func (r *Result) OnSend() OnSend {
	switch {
	case r.Note && r.AsTyped != "":
		return SendsNote
	case r.Note:
		return SendsNothing
	}
	for _, d := range r.Doubts {
		onlyAsked := d.Reason == LikeNote || d.Reason == NoSlash || d.Reason == InSignature
		if !onlyAsked && (d.Reason != Unknown || slices.Contains(r.Unsafe, d.Line)) {
			return SendsNothing
		}
	}
	if r.AsTyped == "" && len(r.Commands) == 0 {
		return SendsNothing
	}
	return SendsText
}

// NeedsTicket returns the first command that stands in need of a ticket and names none, nil if
// there is none: "/help" and "/close 12" may stand in a new mail.
func (r *Result) NeedsTicket() *Command {
	for i := range r.Commands {
		c := &r.Commands[i]
		if s, _ := Lookup(c.Name); !s.Anywhere && len(c.Tickets) == 0 {
			return c
		}
	}
	return nil
}

// Named returns the numbers of the tickets that the commands name as the ones they are about, in
// order.
func (r *Result) Named() []int64 {
	var out []int64
	for _, c := range r.Commands {
		out = append(out, c.Tickets...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// NoteAlone reports whether the mail is a note and nothing else.
func (r *Result) NoteAlone() bool {
	return r.Note && !slices.ContainsFunc(r.Commands, func(c Command) bool { return c.Name != Note })
}

// Find returns the first command of that name, nil if there is none.
func (r *Result) Find(name Name) *Command {
	for i := range r.Commands {
		if r.Commands[i].Name == name {
			return &r.Commands[i]
		}
	}
	return nil
}

// Has reports whether there is a command of that name.
func (r *Result) Has(name Name) bool { return r.Find(name) != nil }

// Command is one command that was typed.
type Command struct {
	Name Name
	Args
	Line int    // counted from 1, in the text that was given
	Raw  string // the line as it was typed
}

// Args are what a command takes, as far as its kind does.
type Args struct {
	Assignee Assignee       // Assign; of Take it is ToMe
	Status   tickets.Status // Status, and what Close, Solve and Reopen make of it
	// of Priority, Team, Template, Article, Ask, Vendor: as it is spelt in Options' lists; file of
	// Attach; scope of List ("mine", "team", "all", or "")
	// Problem: what is to be done, a ProblemWord or a state
	Name    string
	Tier    int      // Tier
	Ticket  int64    // Merge, Link
	Number  int64    // of a problem: Problem, Publish, 0 for that of the ticket; of an idea: Idea
	Text    string   // reason of Escalate and Deescalate, title or workaround of Problem, what an Idea is, words of Search, query of List
	When    sla.When // Snooze, Due, Away
	Add     []string // Tag: folded tags; Cc: addresses
	Remove  []string
	Address string // NewTicket
	Fields  []FieldValue
	Spent   time.Duration // Time
	// Tickets are those that the command is about, in place of the one that the mail belongs to:
	// "/close 12 13". See Spec.Others.
	Tickets []int64
}

// What /problem is to do, beside the states that it can bring a problem to.
const (
	ProblemList  = ""      // name the problems that are not done with
	ProblemNew   = "new"   // begin one, with a title
	ProblemLink  = "link"  // put the ticket to one
	ProblemNone  = "none"  // take the ticket out of its problem
	ProblemOwner = "owner" // give a problem to an agent
)

// AskNone is what /ask says to withdraw the form that waits; no form is called so.
const AskNone = "none"

// IdeaBuilt is what /idea says of an idea that customers have now.
const IdeaBuilt = "built"

// FieldValue is what a ticket is to have under a name; "" takes it away.
type FieldValue struct{ Name, Value string }

// Assignee is who is to have a ticket.
type Assignee struct {
	Kind AssigneeKind
	Name string // of an agent or a team
}

// AssigneeKind says what an Assignee is.
type AssigneeKind string

// Kinds of assignees.
const (
	ToMe        AssigneeKind = "me"         // who wrote the mail
	ToNobody    AssigneeKind = "none"       // nobody has it
	ToOwnTeam   AssigneeKind = "team"       // back to the ticket's team
	ToAgent     AssigneeKind = "agent"      // Name
	ToNamedTeam AssigneeKind = "named-team" // Name
)

// Doubt is why a mail is held.
type Doubt struct {
	Line   int    // counted from 1; 0 if it is about the whole mail
	Text   string // the line, shortened
	Reason Reason
	Detail phrase.Text // what is wrong with an argument, or with what it does not go together; may say nothing
	// Nearest is the nearest right command, e.g. "/note", or argument, e.g. "/priority high"; "" if
	// nothing is near.
	Nearest string
	// There are the right arguments, where they are known.
	There []string
}

// Reason of a doubt.
type Reason string

// Reasons.
const (
	Unknown       Reason = "unknown-command" // a word behind / # @ above the text that is no command
	NotYet        Reason = "not-yet"         // a command that this desk does not have yet
	Ambiguous     Reason = "ambiguous"       // the beginning of several commands
	BadArgument   Reason = "bad-argument"    // what the command takes is missing, unknown or too much
	TwoOnLine     Reason = "two-on-a-line"   // a command inside the line of another
	BelowText     Reason = "below-text"      // a command, or nearly one, below the text
	Wrapped       Reason = "wrapped"         // a long command line may go on in the next line
	Contradiction Reason = "contradiction"   // two commands that cannot both be meant
	NoText        Reason = "no-text"         // the command needs a text below it
	TextUnused    Reason = "text-unused"     // there is a text which the command has no use for
	Empty         Reason = "empty"           // neither a text nor a command
	OnlySignature Reason = "only-signature"  // nothing but the agent's signature
	InSignature   Reason = "in-signature"    // a sentence below the agent's name, and no text above it
	Mentioned     Reason = "mentioned"       // a command that keeps text from the customer, in the middle of a line
	LikeNote      Reason = "like-a-note"     // the text begins with "Note:", "(internal)" or the like
	NoSlash       Reason = "no-slash"        // the text begins with a command that lacks nothing but its slash
	InTheSubject  Reason = "in-the-subject"  // a whole command in the subject, which is not read
	OutOfSight    Reason = "out-of-sight"    // a command in a part that is not read as the mail's text
)

// String returns the doubt in one English sentence, for logs.
func (d Doubt) String() string { return d.Say().English() }

// Say returns the doubt as one sentence.
func (d Doubt) Say() phrase.Text {
	if d.Nearest == clean(d.Text) { // it is right, and stands in the wrong place
		return d.sentence()
	}
	return Meant(d.sentence(), d.Nearest, d.There)
}

// mostNamed is up to how many right values a refusal names.
const mostNamed = 12

// Meant adds to what is wrong with a command what would be right: what was most likely meant, as it
// is typed, or else the values that there are, if they are few.
func Meant(wrong phrase.Text, nearest string, there []string) phrase.Text {
	switch {
	case nearest != "":
		return phrase.Say("%s (did you mean %s?)", wrong, nearest)
	case len(there) > 0 && len(there) <= mostNamed:
		return phrase.Say("%s (possible: %s)", wrong, strings.Join(there, ", "))
	}
	return wrong
}

func (d Doubt) sentence() phrase.Text {
	switch d.Reason {
	case Unknown:
		return phrase.Say("%q looks like a command, but there is no command of that name", d.Text)
	case NotYet:
		return phrase.Say("%q is a command that this desk does not have yet", d.Text)
	case Ambiguous:
		return phrase.Say("%q can mean %s", d.Text, d.Detail)
	case BadArgument:
		return phrase.Say("%q cannot be carried out: %s", d.Text, d.Detail)
	case TwoOnLine:
		return phrase.Say("%q contains two commands: put each on a line of its own", d.Text)
	case BelowText:
		return phrase.Say("%q looks like a command, but stands below the text: commands stand at the top, one a line", d.Text)
	case Wrapped:
		return phrase.Say("%q may continue on the next line: leave an empty line below it, or shorten it", d.Text)
	case Contradiction:
		return phrase.Say("%q contradicts %s", d.Text, d.Detail)
	case NoText:
		return phrase.Say("%q needs a text below it", d.Text)
	case TextUnused:
		return phrase.Say("%q takes no text, but there is text below it", d.Text)
	case Empty:
		return phrase.Say("there is no text and no command")
	case OnlySignature:
		return phrase.Say("there is nothing but your signature")
	case InSignature:
		return phrase.Say("%q stands in what looks like your signature, and there is no text above it", d.Text)
	case Mentioned:
		return phrase.Say("%q mentions a command in the middle of the text: commands stand at the top, one a line", d.Text)
	case LikeNote:
		return phrase.Say("%q looks like an internal note: start with /note to keep it internal", d.Text)
	case NoSlash:
		return phrase.Say("%q looks like a command without its slash", d.Text)
	case InTheSubject:
		return phrase.Say("%q is a command in the subject, which is not read: commands stand at the top of the text", d.Text)
	case OutOfSight:
		return phrase.Say("%q is a command in a part of the mail that is not read: a quoted line, a signature, or text that only some programs show", d.Text)
	}
	return phrase.Verbatim(string(d.Reason))
}
