package commands

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Spec is what is known of a command.
type Spec struct {
	Name    Name
	Takes   string // for help: "bob|team|none"; "" for nothing
	Aliases []string
	// Anywhere reports whether it needs no ticket: it may stand in a new mail.
	Anywhere bool
	Text     TextUse
	// Whole reports whether it has to be typed in full, since it sends to many.
	Whole bool
	// Others says how it names other tickets than the one that the mail belongs to.
	Others Others

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
	TextWelcome                 // it is what the command is about, and may be missing
)

// Others says how a command names other tickets than the one that the mail belongs to: numbers at
// its end.
type Others int

// Ways to name other tickets.
const (
	NoOthers     Others = iota
	OthersBare          // /close 12 13
	OthersBehind        // /assign bob 12 13: something else stands before them
	OthersSigned        // /tag +x 12 13: what stands before them has a + or -
	OthersHashed        // /snooze 2d #12 #13: only with the sign, since numbers are something else there
)

// maxOthers bounds how many tickets a command can be about.
const maxOthers = 100

// others cuts the numbers of other tickets off the end of an argument.
func (s Spec) others(rest string) (before string, numbers []int64) {
	if s.Others == NoOthers {
		return rest, nil
	}
	const separators = " ,;"
	left := strings.TrimRight(rest, separators)
	for len(numbers) < maxOthers {
		word := left[strings.LastIndexAny(left, separators)+1:]
		n, ok := ticketNumber(word)
		hashed := strings.HasPrefix(strings.TrimPrefix(word, "["), "#")
		if !ok || s.Others == OthersHashed && !hashed || s.Others != OthersBare && word == left {
			break
		}
		numbers = append(numbers, n)
		left = strings.TrimRight(left[:len(left)-len(word)], separators)
	}
	if len(numbers) == 0 || s.Others == OthersSigned && !allSigned(left) {
		return rest, nil
	}
	slices.Sort(numbers)
	return left, slices.Compact(numbers)
}

func allSigned(s string) bool {
	return !slices.ContainsFunc(strings.Fields(s), func(word string) bool {
		r, _ := utf8.DecodeRuneInString(word)
		return !strings.ContainsRune("+"+dashes, r)
	})
}

// startsWith reports whether the name or an alias begins so.
func (s Spec) startsWith(word string) bool {
	return strings.HasPrefix(string(s.Name), word) ||
		slices.ContainsFunc(s.Aliases, func(a string) bool { return strings.HasPrefix(a, word) })
}

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

// table is the language: every word that is a command somewhere. What a desk carries out, and what
// help says of it, is another's matter.
var table = []Spec{
	{Name: Note, Text: TextNeeded, group: destination, read: readNothing},
	{Name: Public, Text: TextNeeded, group: destination, read: readNothing},
	{Name: Take, Others: OthersBare, group: assignee, read: readTake},
	{Name: Assign, Others: OthersBehind, Takes: "bob|me|team|none", group: assignee, sigil: "@", read: readAssignee},
	{Name: Status, Others: OthersBehind, Takes: "open|pending|on-hold|solved|closed", group: status, read: readStatus},
	{Name: Solve, Others: OthersBare, group: status, read: readSolve},
	{Name: Close, Others: OthersBare, group: status, read: readClose},
	{Name: Reopen, Others: OthersBare, group: status, read: readReopen},
	{Name: Snooze, Others: OthersHashed, Takes: "2d|fri 09:00", group: single, read: readWhen},
	{Name: Priority, Others: OthersBehind, Takes: "high", group: single, read: readPriority},
	{Name: Tier, Others: OthersBehind, Takes: "2", group: tier, read: readTier},
	{Name: Escalate, Takes: "reason…", group: tier, read: readText},
	{Name: Deescalate, Takes: "reason…", group: tier, read: readText},
	{Name: Team, Others: OthersBehind, Takes: "network", group: single, read: readTeam},
	{Name: Tag, Others: OthersSigned, Takes: "+x -y", sigil: "#", read: readTags},
	{Name: Field, Takes: "name=value", Others: OthersHashed, read: readFields},
	{Name: Due, Others: OthersHashed, Takes: "2026-12-01|none", group: single, read: readDue},
	{Name: Time, Takes: "20m", Others: OthersHashed, read: readSpent},
	{Name: Cc, Takes: "+a@b.example -d@e.example", read: readAddresses},
	{Name: Merge, Takes: "1041", group: single, read: readTicket},
	{Name: Split, group: single, read: readNothing},
	{Name: Link, Takes: "1041", read: readTicket},
	{Name: Restrict, Takes: "+bob -ann", group: single, read: readAgents},
	{Name: Spam, Others: OthersBare, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Block, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Allow, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Release, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Undo, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Cancel, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Vendor, Takes: "acme", Text: TextNeeded, group: destination, read: readVendor},
	{Name: Introduce, Takes: "acme", Text: TextNeeded, group: destination, read: readVendor},
	{Name: Consult, Takes: "a@b.example", Text: TextNeeded, group: destination, read: readThird},
	{Name: ApproveBy, Takes: "boss@b.example", Text: TextNeeded, group: destination, read: readThird},
	{Name: Problem, Anywhere: true, Others: OthersHashed, Takes: "88|new title…|88 fixed|none", group: single, read: readProblem},
	{Name: Publish, Anywhere: true, Whole: true, Takes: "88", Text: TextNeeded, group: destination, read: readPublish},
	{Name: Idea, Anywhere: true, Whole: true, Takes: "text…|7|7 built", group: single, read: readIdea},
	{Name: Template, Takes: "NAME", group: destination, read: readReply},
	{Name: Article, Takes: "NAME", group: destination, read: readArticle},
	{Name: Reviewed, Anywhere: true, Whole: true, Takes: "NAME", Text: TextWelcome, group: destination, read: readReviewed},
	{Name: Ask, Takes: "NAME|none", group: destination, read: readForm},
	{Name: Attach, Takes: "FILE", read: readFile},
	{Name: Run, Takes: "NAME", read: readName},
	{Name: ForwardAsNew, Anywhere: true, Aliases: []string{"fwd"}, Text: TextForeign, group: destination, read: readNothing},
	{Name: NewTicket, Anywhere: true, Takes: "for jane@x.example", Text: TextNeeded, group: destination, read: readFor},
	{Name: Send, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Drop, Text: TextUnwanted, group: verdict, read: readNothing},
	{Name: Help, Anywhere: true, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Show, Others: OthersBare, Text: TextUnwanted, group: single, read: readNothing},
	{Name: List, Anywhere: true, Takes: "mine|team|all|QUERY [daily|stop]", Text: TextUnwanted, group: single, read: readList},
	{Name: Search, Anywhere: true, Takes: "words… [mbox]", Text: TextUnwanted, group: single, read: readWords},
	{Name: Away, Anywhere: true, Takes: "until mon", Text: TextUnwanted, group: single, read: readWhen},
	{Name: Back, Anywhere: true, Text: TextUnwanted, group: single, read: readNothing},
	{Name: Watch, Others: OthersBare, group: single, read: readNothing},
	{Name: Stop, Others: OthersBare, group: single, read: readNothing},
}
