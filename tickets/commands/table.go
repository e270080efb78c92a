package commands

import "slices"

// Spec is what is known of a command.
type Spec struct {
	Name    Name
	Takes   string // for help: "bob|team|none"; "" for nothing
	Aliases []string
	// Anywhere reports whether it needs no ticket: it may stand in a new mail.
	Anywhere bool
	Text     TextUse

	// group holds the commands of which a mail may have only one.
	group group
	sigil string // a sign that its words may begin with: @bob
	read  reader
}

// TextUse says what a command does with the text below it.
type TextUse int

// Uses of the text.
const (
	TextAsEver   TextUse = iota // goes where it would go without the command
	TextNeeded                  // it is what the command is about, and may not be missing
	TextUnwanted                // a text makes no sense with it
	TextForeign                 // it is somebody else's: no commands are looked for in it
)

type group string

const (
	none        group = ""
	destination group = "destination" // where the text goes
	status      group = "status"
	assignee    group = "assignee"
	tier        group = "tier"
	verdict     group = "verdict" // on a held or quarantined mail
	single      group = "single"  // no other of the same name
)

// Lookup finds a command by its name or an alias, in lower case.
func Lookup(name Name) (Spec, bool) {
	for _, s := range table {
		if s.Name == name || slices.Contains(s.Aliases, string(name)) {
			return s, true
		}
	}
	return Spec{}, false
}

// All returns every command in the order of help.
func All() []Name {
	out := make([]Name, len(table))
	for i, s := range table {
		out[i] = s.Name
	}
	return out
}

// Usage is how the command is typed: "/assign bob|team|none".
func (s Spec) Usage() string {
	if s.Takes == "" {
		return "/" + string(s.Name)
	}
	return "/" + string(s.Name) + " " + s.Takes
}

// table is the language: every word that is a command somewhere. What a desk carries out, and what help says of it, is another's matter.
var table = []Spec{
	{Name: Note, Text: TextNeeded, group: destination, read: readNothing},
	{Name: Public, Text: TextNeeded, group: destination, read: readNothing},
	{Name: Take, group: assignee, read: readTake},
	{Name: Assign, Takes: "bob|me|team|none", group: assignee, sigil: "@", read: readAssignee},
	{Name: Status, Takes: "open|pending|on-hold|solved|closed", group: status, read: readStatus},
	{Name: Solve, group: status, read: readSolve},
	{Name: Close, group: status, read: readClose},
	{Name: Reopen, group: status, read: readReopen},
	{Name: Snooze, Takes: "2d|fri 09:00", group: single, read: readWhen},
	{Name: Priority, Takes: "high", group: single, read: readPriority},
	{Name: Tier, Takes: "2", group: tier, read: readTier},
	{Name: Escalate, Takes: "reason…", group: tier, read: readText},
	{Name: Deescalate, Takes: "reason…", group: tier, read: readText},
	{Name: Team, Takes: "network", group: single, read: readTeam},
	{Name: Tag, Takes: "+x -y", sigil: "#", read: readTags},
	{Name: Due, Takes: "2026-12-01", group: single, read: readWhen},
	{Name: Cc, Takes: "+a@b.example -d@e.example", read: readAddresses},
	{Name: Merge, Takes: "1041", group: single, read: readTicket},
	{Name: Split, group: single, read: readNothing},
	{Name: Link, Takes: "1041", read: readTicket},
	{Name: Spam, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Block, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Allow, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Release, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Undo, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Cancel, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Vendor, Takes: "acme", Text: TextNeeded, group: destination, read: readVendor},
	{Name: Problem, Takes: "88|new title…", group: single, read: readProblem},
	{Name: Publish, Text: TextNeeded, group: destination, read: readNothing},
	{Name: Template, Takes: "NAME", read: readName},
	{Name: Article, Takes: "NAME", read: readName},
	{Name: Ask, Takes: "NAME", read: readName},
	{Name: Attach, Takes: "FILE", read: readFile},
	{Name: ForwardAsNew, Anywhere: true, Aliases: []string{"fwd"}, Text: TextForeign, group: destination, read: readNothing},
	{Name: NewTicket, Anywhere: true, Takes: "for jane@x.example", Text: TextNeeded, group: destination, read: readFor},
	{Name: Send, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Drop, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Help, Anywhere: true, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Show, Text: TextUnwanted, group: single, read: readNothing},
	{Name: List, Anywhere: true, Takes: "mine|team|all|QUERY", Text: TextUnwanted, group: single, read: readList},
	{Name: Search, Anywhere: true, Takes: "words…", Text: TextUnwanted, group: single, read: readWords},
	{Name: Away, Anywhere: true, Takes: "until mon", Text: TextUnwanted, group: single, read: readWhen},
	{Name: Stop, Text: TextUnwanted, group: single, read: readNothing},
}
