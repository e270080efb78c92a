package config

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
)

// Inbox is a mailbox that customers write to.
type Inbox struct {
	Name         string
	Place        fault.Place
	FromName     string // shown to customers; the desk's name if the file sets none
	Address      string
	Aliases      []string
	ReplyAddress string // with {token}; "" if reply addresses carry no token
	Language     string // "" is the desk's
	Server       Server
	CAFile       string // PEM file of further roots to trust, absolute; "" for the system's
	User         string
	Password     Secret // set, or OAuth2 is
	OAuth2       *OAuth2
	Folders      []Folder
	After        After
	FirstRun     FirstRun
	Poll         time.Duration // interval if the server has no IDLE
	Outgoing     *Outgoing     // nil: the desk's
	Restricted   []string      // the only agents and teams who see its tickets; empty for everybody

	restricted words
}

// Folder is a watched folder. Mail in a Junk folder goes to quarantine; a Sent folder holds mail
// that people sent from the inbox by hand.
type Folder struct {
	Name string
	Junk bool
	Sent bool
}

// After is what the desk does with a mail in the inbox after taking it in.
type After struct {
	Do     string // "move", "flag" or "keep"
	Folder string // of move
}

// FirstRun is what the desk does with mail that was in an inbox before the desk watched it.
type FirstRun struct {
	Mode  string    // "new": none of it is taken; "since": what is younger than Since; "import": all
	Since time.Time // at midnight in the desk's zone
}

type inboxBlock struct {
	position
	Name         text      `yaml:"name" eg:"Acme Support" doc:"What customers of this inbox see as the sender; without it, the desk's name."`
	Address      address   `yaml:"address" jsonschema:"required" eg:"support@acme.example" doc:"What customers write to."`
	Aliases      []address `yaml:"aliases" eg:"[help@acme.example]" doc:"Other addresses whose mail arrives in this inbox."`
	ReplyAddress text      `yaml:"reply_address" eg:"\"{token}@desk.acme.example\"" doc:"Where replies come, with {token} in it; none if your server has neither plus addresses nor a catch-all. Without the key it is the address with +{token} before the @."`
	Restricted   words     `yaml:"restricted" eg:"[jane, hr]" doc:"Agents and teams who alone see the tickets of this inbox and hear of them, from those on that are opened from now on. Without the key everybody does."`
	Language     text      `yaml:"language" eg:"de" doc:"Two letters: the language of mails to this inbox's customers whose own is not known. Without it that of what an agent wrote for them, else the desk's."`
	IMAP         server    `yaml:"imap" jsonschema:"required" eg:"imaps://imap.acme.example" doc:"The server: imaps:// with TLS, imap:// with STARTTLS, insecure+imap:// without."`
	CAFile       text      `yaml:"ca_file" eg:"certs/own-ca.pem" doc:"Certificates (PEM) to trust in addition to the system's."`
	User         text      `yaml:"user" jsonschema:"required" eg:"support@acme.example" doc:"Login name."`
	secretKeys
	OAuth2   *oauthBlock    `yaml:"oauth2" doc:"A token in place of a password."`
	Folders  words          `yaml:"folders" default:"[INBOX]" eg:"[INBOX, Junk]" doc:"Folders to watch. A folder named Junk, Spam or Bulk (or Junk E-mail, Junk Email) is watched as junk: its mail goes to quarantine."`
	Junk     words          `yaml:"junk" eg:"[Werbung]" doc:"Other folders to watch as junk."`
	Sent     text           `yaml:"sent" eg:"Sent" doc:"The folder in which the inbox keeps what people send from it by hand. An answer that lies there counts as the answer of whoever wrote it and is not sent again; its mails stay as they are. Without the key no such folder is read."`
	After    text           `yaml:"after" default:"flag" eg:"move:Processed" doc:"What happens to a mail once the desk has it: move:FOLDER, flag (mark it as read) or keep (leave it as it is)."`
	FirstRun text           `yaml:"first_run" default:"new" eg:"since:2026-01-01" doc:"Mail that is there when the desk is started with this inbox for the first time, whether the login works then or not: new (leave it), since:DATE or import. It causes no automatic mail."`
	Poll     duration       `yaml:"poll" default:"1m" eg:"1m" doc:"How often to look for mail if the server cannot report it by itself (IDLE)."`
	Outgoing *outgoingBlock `yaml:"outgoing" doc:"Another account to send mail with, for this inbox."`
}

// addressesOnce reports addresses that belong to two inboxes: a mail to them would open two
// tickets.
func (f *mainFile) addressesOnce(faults *fault.List) {
	first := map[string]fault.Place{}
	for _, e := range f.Inboxes.list {
		for _, a := range append([]address{e.value.Address}, e.value.Aliases...) {
			if !a.given() {
				continue
			}
			if p, ok := first[mailin.Fold(a.s)]; ok {
				faults.Add(a.at, "the first stands in line "+itoa(p.Line), "the address %q belongs to an inbox already", a.s)
				continue
			}
			first[mailin.Fold(a.s)] = a.at
		}
	}
	told := []address{f.Desk.Admin}
	if f.Alarm != nil && f.Alarm.Mail != nil {
		told = append(told, f.Alarm.Mail.To)
	}
	for _, a := range told {
		if p, ok := first[mailin.Fold(a.s)]; ok && a.given() {
			faults.Add(a.at, "an address outside: the desk would write to itself", "%q is the address of the inbox in line %d", a.s, p.Line)
		}
	}
}

// plusRoom is the greatest length of a local part that leaves room for "+" and a token of 40
// characters (RFC 5321 section 4.5.3.1.1).
const plusRoom = 64 - 1 - 40

var junkFolder = regexp.MustCompile(`(?i)^(.*[./])?(junk|spam|bulk|junk e-?mail)$`)

func (b *inboxBlock) build(name text, dir string, m *Main, faults, warnings *fault.List) Inbox {
	in := Inbox{Name: name.s, Place: name.at, FromName: m.Name, Address: b.Address.s, Server: b.IMAP.Server, User: b.User.s,
		Poll: b.Poll.or(time.Minute)}
	checkName(name, "an inbox", faults)
	if b.Name.given() {
		in.FromName = b.Name.s
	}
	for _, a := range b.Aliases {
		in.Aliases = append(in.Aliases, a.s)
	}
	if b.Language.given() {
		in.Language = language(b.Language, faults)
	}
	in.CAFile = authorities(b.CAFile, dir, faults)
	unprotected(b.IMAP, warnings)
	if b.OAuth2 != nil {
		in.OAuth2 = b.OAuth2.build(dir, faults, warnings)
		if b.secretKeys.given() {
			faults.Add(b.At, "keep the password, or oauth2:", "inbox %q has both a password and oauth2", name.s)
		}
	} else {
		in.Password = b.secretKeys.build("password", dir, b.Keys != nil, b.At, faults, warnings) // nil: it is no block at all
	}
	if b.Poll.given() && b.Poll.d < 5*time.Second {
		faults.Add(b.Poll.at, "at least 5s", "looking every %s would annoy the server", b.Poll.d)
	}
	in.Restricted, in.restricted = b.Restricted.strings(), b.Restricted
	in.ReplyAddress = b.replyAddress(faults)
	in.Folders = b.folders(faults)
	in.After = b.after(in.Folders, faults)
	in.FirstRun = b.firstRun(m.Location, faults)
	if b.Outgoing != nil {
		out := b.Outgoing.build(dir, m.Domain, faults, warnings)
		in.Outgoing = &out
	}
	out := b.Outgoing
	if out != nil && out.Envelope.s == "token" && in.ReplyAddress == "" && b.Address.given() {
		faults.Add(out.Envelope.at, `like reply_address: "support+{token}@acme.example"`,
			"a keyed bounce address needs a reply_address with {token}")
	}
	return in
}

func (b *inboxBlock) replyAddress(faults *fault.List) string {
	v := b.ReplyAddress
	local, domain, ok := strings.Cut(b.Address.s, "@")
	switch {
	case !v.given() && !ok:
		return ""
	case !v.given() && len(local) > plusRoom:
		faults.Add(b.Address.at, `give reply_address: "{token}@DOMAIN", or none`,
			"no token fits behind %q: a local part has 64 characters", local)
		return ""
	case !v.given():
		return local + "+{token}@" + domain
	case v.s == "none":
		return ""
	}
	plain := strings.ReplaceAll(v.s, "{token}", strings.Repeat("x", 40))
	local, _, _ = strings.Cut(plain, "@")
	switch {
	case strings.Count(v.s, "{token}") != 1 || !strings.Contains(strings.Split(v.s, "@")[0], "{token}"):
		faults.Add(v.at, `like "{token}@desk.acme.example", or none`, "a reply address has {token} once before the @")
	case notAddress(plain) != "" && len(local) <= 64:
		faults.Add(v.at, `like "{token}@desk.acme.example", or none`, "%q is not a mail address", v.s)
	case len(local) > 64:
		faults.Add(v.at, "at most 24 characters beside {token}, like support+{token}", "the local part of %q is too long", v.s)
	default:
		return v.s
	}
	return ""
}

func (b *inboxBlock) folders(faults *fault.List) []Folder {
	if !b.Folders.given() && !b.Junk.given() && !b.Sent.given() {
		return []Folder{{Name: "INBOX"}}
	}
	var out []Folder
	seen := map[string]bool{}
	add := func(w text, junk, sent bool) {
		name := w.s
		if strings.EqualFold(name, "INBOX") {
			name = "INBOX" // RFC 9051 section 5.1: its case does not matter
		}
		if seen[name] {
			faults.Add(w.at, "leave one out", "the folder %q is watched twice", w.s)
			return
		}
		seen[name] = true
		out = append(out, Folder{Name: name, Junk: junk, Sent: sent})
	}
	if !b.Folders.given() {
		add(text{s: "INBOX", at: b.At}, false, false)
	}
	for _, w := range b.Folders.list {
		add(w, junkFolder.MatchString(w.s), false)
	}
	for _, w := range b.Junk.list {
		add(w, true, false)
	}
	if b.Sent.given() {
		add(b.Sent, false, true)
	}
	if !slices.ContainsFunc(out, func(f Folder) bool { return !f.Junk && !f.Sent }) {
		faults.Add(b.Folders.at, "[INBOX]", "no folder is watched but junk")
	}
	return out
}

func (b *inboxBlock) after(watched []Folder, faults *fault.List) After {
	v := b.After
	folder, move := strings.CutPrefix(v.s, "move:")
	folder = strings.TrimSpace(folder)
	switch {
	case !v.given():
		return After{Do: "flag"}
	case v.s == "flag" || v.s == "keep":
		return After{Do: v.s}
	case move && folder != "":
		for _, f := range watched {
			if strings.EqualFold(f.Name, folder) {
				faults.Add(v.at, "a folder that is not watched, like move:Tierdesk/Done",
					"mail would be moved to %q, which is watched", folder)
			}
		}
		return After{Do: "move", Folder: folder}
	}
	faults.Add(v.at, "move:FOLDER, flag or keep", `"after" cannot be %q`, v.s)
	return After{}
}

func (b *inboxBlock) firstRun(zone *time.Location, faults *fault.List) FirstRun {
	v := b.FirstRun
	date, since := strings.CutPrefix(v.s, "since:")
	switch {
	case !v.given():
		return FirstRun{Mode: "new"}
	case v.s == "new" || v.s == "import":
		return FirstRun{Mode: v.s}
	case since:
		if t, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(date), zone); err == nil {
			return FirstRun{Mode: "since", Since: t}
		}
		faults.Add(v.at, "like since:2026-01-31", "%q is not a date", strings.TrimSpace(date))
		return FirstRun{}
	}
	faults.Add(v.at, "new, since:DATE or import", `"first_run" cannot be %q`, v.s)
	return FirstRun{}
}

// knownToRestrict reports names in the restrictions of inboxes that belong to no agent and no team.
func knownToRestrict(inboxes []Inbox, people *tickets.Directory, faults *fault.List) {
	var known []string
	for i := range people.Agents {
		known = append(known, people.Agents[i].Name)
	}
	for i := range people.Teams {
		known = append(known, people.Teams[i].Name)
	}
	for i := range inboxes {
		for _, w := range inboxes[i].restricted.list {
			if !slices.Contains(known, w.s) {
				faults.Add(w.at, fault.Hint(w.s, known), "there is no agent or team %q", w.s)
			}
		}
	}
}
