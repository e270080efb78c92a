package commands

import "slices"

// Spec is what is known of a command.
type Spec struct {
	Name    Name
	Takes   string // for help: "bob|team|none"; "" for nothing
	Aliases []string
	// Authenticated reports whether a From line alone is not enough: the sender must be authenticated or confirm.
	Authenticated bool
	// First reports whether it belongs to the desk's first version.
	First bool
	// Anywhere reports whether it needs no ticket: it may stand in a new mail.
	Anywhere bool
	Text     TextUse

	// group holds the commands of which a mail may have only one.
	group group
	sigil string // a sign that its words may begin with: @bob
	read  reader
	help  map[string]string // by language
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

// FirstVersion returns the commands of the desk's first version.
func FirstVersion() []Name {
	var out []Name
	for _, s := range table {
		if s.First {
			out = append(out, s.Name)
		}
	}
	return out
}

// HelpLine is one command for /help.
type HelpLine struct {
	Usage string // "/assign bob|team|none"
	Text  string // one sentence
}

// HelpLines returns the help for the commands that are enabled (nil: all), in English unless the language is known.
func HelpLines(language string, enabled []Name) []HelpLine {
	var out []HelpLine
	for _, s := range table {
		if enabled != nil && !slices.Contains(enabled, s.Name) {
			continue
		}
		text, ok := s.help[language]
		if !ok {
			text = s.help["en"]
		}
		out = append(out, HelpLine{Usage: s.usage(), Text: text})
	}
	return out
}

func (s Spec) usage() string {
	if s.Takes == "" {
		return "/" + string(s.Name)
	}
	return "/" + string(s.Name) + " " + s.Takes
}

func words(en, de string) map[string]string { return map[string]string{"en": en, "de": de} }

// table is the language. It stands in the order of help.
var table = []Spec{
	{Name: Note, First: true, Text: TextNeeded, group: destination, read: readNothing,
		help: words("Keeps the text below internal: the customer does not see it.", "Der Text ist eine Notiz für den Desk, nicht für den Kunden.")},
	{Name: Public, Text: TextNeeded, group: destination, read: readNothing,
		help: words("Sends the text below to the customer.", "Der Text geht an den Kunden.")},
	{Name: Take, First: true, group: assignee, read: readTake,
		help: words("Assigns the ticket to you.", "Sie übernehmen das Ticket.")},
	{Name: Assign, Takes: "bob|me|team|none", First: true, group: assignee, sigil: "@", read: readAssignee,
		help: words("Assigns the ticket to an agent or a team, returns it to its team, or unassigns it.", "Das Ticket geht an einen Agenten, an ein Team, zurück an sein Team oder an niemanden.")},
	{Name: Status, Takes: "open|pending|on-hold|solved|closed", First: true, group: status, read: readStatus,
		help: words("Sets the status.", "Setzt den Status.")},
	{Name: Solve, First: true, group: status, read: readSolve,
		help: words("Marks the ticket as solved; it closes by itself some days later.", "Das Ticket ist gelöst; einige Tage später schließt es sich selbst.")},
	{Name: Close, First: true, group: status, read: readClose,
		help: words("Closes the ticket.", "Das Ticket ist geschlossen.")},
	{Name: Reopen, First: true, group: status, read: readReopen,
		help: words("Reopens the ticket.", "Das Ticket ist wieder offen.")},
	{Name: Snooze, Takes: "2d|fri 09:00", group: single, read: readWhen,
		help: words("Reminds you of the ticket at that time.", "Sie hören dann wieder von dem Ticket.")},
	{Name: Priority, Takes: "high", First: true, group: single, read: readPriority,
		help: words("Sets the priority; the clocks are counted again from the start.", "Setzt die Priorität; die Uhren zählen neu vom Anfang an.")},
	{Name: Tier, Takes: "2", First: true, group: tier, read: readTier,
		help: words("Moves the ticket to a tier.", "Gibt das Ticket an eine Stufe.")},
	{Name: Escalate, Takes: "reason…", First: true, group: tier, read: readText,
		help: words("Moves the ticket up one tier, with your reason.", "Gibt das Ticket eine Stufe höher, mit dem Grund.")},
	{Name: Deescalate, Takes: "reason…", group: tier, read: readText,
		help: words("Moves the ticket down one tier.", "Gibt das Ticket eine Stufe tiefer.")},
	{Name: Team, Takes: "network", First: true, group: single, read: readTeam,
		help: words("Hands the ticket to a team.", "Gibt das Ticket an ein Team.")},
	{Name: Tag, Takes: "+x -y", First: true, sigil: "#", read: readTags,
		help: words("Adds and removes tags.", "Setzt und entfernt Tags.")},
	{Name: Due, Takes: "2026-12-01", group: single, read: readWhen,
		help: words("Sets the deadline for solving the ticket.", "Setzt, wann das Ticket gelöst sein muss.")},
	{Name: Cc, Takes: "+a@b.example -d@e.example", Authenticated: true, read: readAddresses,
		help: words("Adds and removes participants.", "Nimmt Beteiligte auf und entfernt Beteiligte.")},
	{Name: Merge, Takes: "1041", group: single, read: readTicket,
		help: words("Merges this ticket into another.", "Führt dieses Ticket mit einem anderen zusammen.")},
	{Name: Split, group: single, read: readNothing,
		help: words("Makes the customer's last mail a ticket of its own.", "Macht aus der letzten Mail des Kunden ein eigenes Ticket.")},
	{Name: Link, Takes: "1041", read: readTicket,
		help: words("Links this ticket to another.", "Verknüpft dieses Ticket mit einem anderen.")},
	{Name: Spam, Text: TextUnwanted, group: verdict, read: readNothing,
		help: words("Marks the mail as spam; the ticket goes away.", "Die Mail war Spam; das Ticket verschwindet.")},
	{Name: Block, Authenticated: true, Text: TextUnwanted, group: verdict, read: readNothing,
		help: words("Blocks further mail from this sender.", "Keine Mail dieses Absenders mehr.")},
	{Name: Allow, Text: TextUnwanted, group: verdict, read: readNothing,
		help: words("Never quarantines mail from this sender.", "Mail dieses Absenders kommt nie in Quarantäne.")},
	{Name: Release, Text: TextUnwanted, group: verdict, read: readNothing,
		help: words("Turns the quarantined mail into a ticket.", "Die Mail in Quarantäne wird ein Ticket.")},
	{Name: Undo, Text: TextUnwanted, group: single, read: readNothing,
		help: words("Undoes your last command.", "Nimmt Ihren letzten Befehl zurück.")},
	{Name: Cancel, Text: TextUnwanted, group: single, read: readNothing,
		help: words("Stops your last answer if it has not been sent yet.", "Hält Ihre letzte Antwort auf, solange sie nicht hinaus ist.")},
	{Name: Vendor, Takes: "acme", Authenticated: true, Text: TextNeeded, group: destination, read: readVendor,
		help: words("Sends the text below to the vendor.", "Der Text geht an den Lieferanten.")},
	{Name: Problem, Takes: "88|new title…", group: single, read: readProblem,
		help: words("Adds the ticket to a problem, or starts a new one.", "Ordnet das Ticket einem Problem zu oder beginnt eines.")},
	{Name: Publish, Authenticated: true, Text: TextNeeded, group: destination, read: readNothing,
		help: words("Sends the text below to every customer of the problem, once you confirm with /send.", "Der Text geht an jeden Kunden des Problems, nach Ihrem /send.")},
	{Name: Template, Takes: "NAME", read: readName,
		help: words("Inserts a stock reply.", "Fügt eine Antwort ein.")},
	{Name: Article, Takes: "NAME", read: readName,
		help: words("Inserts an article.", "Fügt einen Artikel ein.")},
	{Name: Ask, Takes: "NAME", read: readName,
		help: words("Sends a questionnaire.", "Schickt einen Fragebogen.")},
	{Name: Attach, Takes: "FILE", read: readFile,
		help: words("Attaches a file from the ticket.", "Hängt eine Datei des Tickets an.")},
	{Name: ForwardAsNew, Anywhere: true, Aliases: []string{"fwd"}, Authenticated: true, Text: TextForeign, group: destination, read: readNothing,
		help: words("Makes the forwarded mail a ticket of its original sender.", "Die weitergeleitete Mail wird ein Ticket ihres Absenders.")},
	{Name: NewTicket, Anywhere: true, Takes: "for jane@x.example", Text: TextNeeded, group: destination, read: readFor,
		help: words("Logs a call or a visit as a ticket.", "Hält einen Anruf oder Besuch als Ticket fest.")},
	{Name: Send, First: true, Text: TextUnwanted, group: verdict, read: readNothing,
		help: words("Sends the held mail.", "Die angehaltene Mail geht hinaus, wie sie ist.")},
	{Name: Drop, First: true, Text: TextUnwanted, group: verdict, read: readNothing,
		help: words("Discards the held mail.", "Die angehaltene Mail wird verworfen.")},
	{Name: Help, Anywhere: true, First: true, Text: TextUnwanted, group: single, read: readNothing,
		help: words("Sends you this list.", "Schickt Ihnen diese Liste.")},
	{Name: Show, Text: TextUnwanted, group: single, read: readNothing,
		help: words("Sends you the ticket.", "Schickt Ihnen das Ticket.")},
	{Name: List, Anywhere: true, Takes: "mine|team|all|QUERY", Authenticated: true, Text: TextUnwanted, group: single, read: readList,
		help: words("Sends you a list of tickets.", "Schickt Ihnen eine Liste von Tickets.")},
	{Name: Search, Anywhere: true, Takes: "words…", Authenticated: true, Text: TextUnwanted, group: single, read: readWords,
		help: words("Searches tickets and articles.", "Sucht in Tickets und Artikeln.")},
	{Name: Away, Anywhere: true, Takes: "until mon", Text: TextUnwanted, group: single, read: readWhen,
		help: words("Assigns you no new tickets until then.", "Bis dahin bekommen Sie keine neuen Tickets.")},
	{Name: Stop, Text: TextUnwanted, group: single, read: readNothing,
		help: words("Stops mail to you about this ticket.", "Sie hören nichts mehr von diesem Ticket.")},
}
