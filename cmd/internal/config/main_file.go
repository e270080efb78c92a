package config

import (
	"strings"
	"time"

	"tierdesk/rules/fault"
)

// Main is the content of tierdesk.yaml: connections and addresses. It changes only with a restart.
type Main struct {
	Name     string // of the desk, as customers see it
	Domain   string // of the desk's Message-IDs
	Admin    string // address that is notified when something needs a person
	Language string // ISO 639-1, of mails to people whose language is unknown
	Location *time.Location
	Alarm    Alarm
	Database Database
	Keep     Keep
	Inboxes  []Inbox // in file order; at least one
	Outgoing Outgoing
	Trust    Trust
	// Antivirus is the virus scanner; Address "" for none.
	Antivirus Antivirus
	Canary    Canary
	ListID    bool // notices to agents carry a List-Id
	PerInbox  bool // one mail to several inboxes opens a ticket in each
	Ops       Ops
	Limits    Limits
}

// The file itself.
type mainFile struct {
	Desk      deskBlock         `yaml:"desk" jsonschema:"required" doc:"The desk as a whole."`
	Alarm     *alarmBlock       `yaml:"alarm" doc:"The second way to tell the admin, used when mail itself is broken: a command, or a second mail account."`
	Database  database          `yaml:"database" default:"sqlite:desk.db" eg:"sqlite:desk.db" doc:"sqlite:PATH (relative to the desk folder) or postgres://USER@HOST/NAME. For a PostgreSQL password write a block with url and password_file."`
	Keep      keepBlock         `yaml:"keep" doc:"How long things are kept."`
	Inboxes   named[inboxBlock] `yaml:"inboxes" jsonschema:"required" doc:"The mailboxes that customers write to, each under a name of your choice."`
	Outgoing  outgoingBlock     `yaml:"outgoing" jsonschema:"required" doc:"The account that mail is sent by."`
	Trust     trustBlock        `yaml:"trust" doc:"What to believe in a mail."`
	Antivirus *antivirusBlock   `yaml:"antivirus" doc:"A virus scanner that is asked about each mail before it is taken in: ClamAV's daemon, clamd. What it finds goes to quarantine and to nobody else."`
	Canary    *canaryBlock      `yaml:"canary" doc:"The desk mails itself, through the outgoing account of each inbox into the inbox, and raises the alarm if the mail does not come back: it notices what no login shows, such as mail swallowed by a filter. The mail is moved or flagged like any other, and opens no ticket."`
	Notices   noticesBlock      `yaml:"notices" doc:"The mails to agents and to the admin."`
	Ops       opsPort           `yaml:"ops" default:"none" eg:"127.0.0.1:9725" doc:"Where /healthz, /readyz and /metrics listen: HOST:PORT, or none; or a block, with the names by which they may also be asked. They have no password: keep them on loopback."`
	Limits    limitsBlock       `yaml:"limits" doc:"Limits on what a stranger can make the desk do."`
}

type deskBlock struct {
	position
	Name     text    `yaml:"name" jsonschema:"required" eg:"Acme Support" doc:"What customers see as the sender."`
	Domain   text    `yaml:"domain" jsonschema:"required" eg:"acme.example" doc:"Used in the Message-IDs of the desk's mails."`
	Admin    address `yaml:"admin" jsonschema:"required" eg:"it@acme.example" doc:"The address that is told when something needs a person."`
	Language text    `yaml:"language" default:"en" eg:"de" doc:"Two letters: the language of mails to the admin, and to everybody whose own is not known."`
	PerInbox boolean `yaml:"tickets_per_inbox" default:"false" eg:"true" doc:"A mail to several inboxes of the desk opens a ticket in each of them, for inboxes whose people know nothing of each other. The customer gets one acknowledgement, and answers from each. Without it the mail is one ticket, in the inbox that it came to first. What customers answer belongs to the ticket that they answer, however many inboxes are in Cc, and an agent's mail counts once."`
	Timezone text    `yaml:"timezone" default:"UTC" eg:"Europe/Berlin" doc:"The time zone in which times are shown, and that of calendars which name none."`
}

type noticesBlock struct {
	position
	ListID boolean `yaml:"list_id" default:"false" eg:"true" doc:"They carry a List-Id, for mail filters that know nothing else. Evolution and others take them for a mailing list then, and ask at each reply whether it is private. X-Tierdesk-Event is always there."`
}

// build converts the file to Main. The result must be used only if no faults were reported.
func (f *mainFile) build(dir string, faults, warnings *fault.List) Main {
	m := Main{Name: f.Desk.Name.s, Domain: strings.ToLower(f.Desk.Domain.s), Admin: f.Desk.Admin.s, Language: "en", Location: time.UTC}
	if d := f.Desk.Domain; d.given() && !isDomain(d.s) {
		faults.Add(d.at, "like acme.example", "%q is not a domain", d.s)
	}
	if f.Desk.Language.given() {
		m.Language = language(f.Desk.Language, faults)
	}
	if z := f.Desk.Timezone; z.given() {
		m.Location = zone(z, faults)
	}
	m.Database = f.database(dir, faults, warnings)
	m.Keep.Raw = f.Keep.Raw.d
	m.ListID, m.PerInbox = f.Notices.ListID.on, f.Desk.PerInbox.on
	m.Outgoing = f.Outgoing.build(dir, f.Desk.Domain.s, faults, warnings)
	if a := f.Alarm; a != nil {
		m.Alarm = a.build(dir, m.Domain, faults, warnings)
	}
	for _, e := range f.Inboxes.list {
		m.Inboxes = append(m.Inboxes, e.value.build(e.name, dir, &m, faults, warnings))
	}
	if f.Inboxes.given() && len(f.Inboxes.list) == 0 {
		faults.Add(f.Inboxes.at, "like support: {address: support@acme.example}", "there is no inbox: nobody could write to the desk")
	}
	f.addressesOnce(faults)
	m.Trust = f.Trust.build(faults)
	if b := f.Antivirus; b != nil {
		m.Antivirus = b.build(dir, faults, warnings)
	}
	if b := f.Canary; b != nil {
		m.Canary = b.build(f.Alarm != nil, faults, warnings)
	}
	m.Ops = f.ops(faults, warnings)
	m.Limits = f.Limits.build(faults)
	return m
}
