package config

import (
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"tierdesk/mailin"
	"tierdesk/rules/fault"
)

// Main is what tierdesk.yaml says: connections and addresses. It changes only with a restart.
type Main struct {
	Name     string // of the desk, as customers see it
	Domain   string // of the desk's Message-IDs
	Admin    string // address that is told when something needs a person
	Language string // ISO 639-1, of mails to people whose language is not known
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
	Ops       Ops
	Limits    Limits
}

// Alarm is the second way to tell the admin, for when mail itself is broken. With neither Command
// nor Mail there is none.
type Alarm struct {
	Command []string      // program and arguments; the message comes on its standard input
	Mail    *Outgoing     // a second account; the alarm goes to To
	To      string        // address
	After   time.Duration // how long mail must be broken
}

// Database is where the desk keeps everything.
type Database struct {
	URL      string // sqlite:ABSOLUTE-PATH or postgres://...
	Password Secret // for PostgreSQL; goes into the URL
}

// Keep tells how long things are kept; 0 is for ever.
type Keep struct {
	Raw time.Duration // raw mails
}

// Inbox is a mailbox that customers write to.
type Inbox struct {
	Name         string
	Place        fault.Place
	FromName     string // shown to customers; the desk's name if the file gives none
	Address      string
	Aliases      []string
	ReplyAddress string // with {token}; "" if replies carry none
	Language     string // "" is the desk's
	Server       Server
	CAFile       string // PEM file of further roots to trust, absolute; "" for the system's
	User         string
	Password     Secret // set, or OAuth2 is
	OAuth2       *OAuth2
	Folders      []Folder
	After        After
	FirstRun     FirstRun
	Poll         time.Duration // where the server has no IDLE
	Outgoing     *Outgoing     // nil: the desk's
}

// Folder is a folder that is watched. What comes in a Junk folder goes to quarantine.
type Folder struct {
	Name string
	Junk bool
}

// After is what becomes of a mail in the inbox once the desk has it.
type After struct {
	Do     string // "move", "flag" or "keep"
	Folder string // of move
}

// FirstRun tells what becomes of the mail that was in an inbox before the desk watched it.
type FirstRun struct {
	Mode  string    // "new": none of it is taken; "since": what is younger than Since; "import": all
	Since time.Time // at midnight in the desk's zone
}

// Outgoing is an account that mail is sent by.
type Outgoing struct {
	Server      Server
	CAFile      string
	Hello       string // name for EHLO; "" is the desk's domain
	User        string // "" to send without logging in
	Password    Secret
	OAuth2      *OAuth2
	Envelope    string // "address", "token" or "null"
	Rate        Rate   // N 0 is without limit
	Connections int
	SentFolder  string // a copy of people's answers is filed there; "" for none
	DKIM        *DKIM
}

// DKIM is the key that outgoing mail is signed with.
type DKIM struct {
	Domain, Selector string
	KeyFile          string // PEM, absolute
}

// OAuth2 is how a token is come by in place of a password.
type OAuth2 struct {
	Provider string // "microsoft", "google" or "custom"
	Tenant   string // of Microsoft
	ClientID string
	Secret   Secret // of the client; may be unset
	Grant    string // "login": a person agrees once (tierdesk login INBOX); "client": the desk itself has the right
	AuthURL  string // of Microsoft and Google filled in, like TokenURL and Scopes
	TokenURL string
	Scopes   []string
}

// Trust tells what in a mail can be believed.
type Trust struct {
	AuthServIDs []string // whose Authentication-Results count (RFC 8601 section 2.5)
	ReceivedBy  []string // names of our own servers in their Received lines
	Forwarders  []string // domains, in lower case, whose ARC seals count (RFC 8617)
	Verify      string   // whose mail the desk checks itself where our server has not: "agents", "everybody" or "nobody"
	// Internal is a header that only our own server can set; Header "" for none.
	Internal mailin.Field
	Gateways []Gateway
}

// Ops is where /healthz, /readyz and /metrics are served.
type Ops struct {
	Listen string   // host:port; "" for none
	Hosts  []string // names by which it may also be asked
}

// Canary tells how often the desk mails itself; Every 0 is never.
type Canary struct {
	Every  time.Duration
	Within time.Duration // it must have come back
}

// Antivirus is a clamd that is asked about each mail.
type Antivirus struct {
	Network, Address string        // as net.Dial takes them: unix and a path, or tcp and HOST:PORT
	Timeout          time.Duration // for one mail
	Quarantine       bool          // what could not be scanned goes to quarantine until it can
}

// Gateway writes in the name of others: a web form, a list.
type Gateway struct {
	From     string   // address or @domain, folded
	PersonIn []string // header fields in which the person stands, first found counts
}

// Limits bound what a stranger can make the desk do.
type Limits struct {
	MailSize          int64 // octets; what is larger goes to quarantine with its beginning
	AnswersPerAddress Rate  // automatic mails to one address outside
}

// The file itself.
type mainFile struct {
	Desk      deskBlock         `yaml:"desk" jsonschema:"required" doc:"The desk as a whole."`
	Alarm     *alarmBlock       `yaml:"alarm" doc:"The second way to tell the admin, used when mail itself is broken: a command, or a second mail account."`
	Database  database          `yaml:"database" default:"sqlite:desk.db" eg:"sqlite:desk.db" doc:"sqlite:PATH (relative to the desk folder) or postgres://USER@HOST/NAME. For a PostgreSQL password write a block with url and password_file."`
	Keep      keepBlock         `yaml:"keep" doc:"How long things are kept."`
	Inboxes   named[inboxBlock] `yaml:"inboxes" jsonschema:"required" doc:"The mailboxes that customers write to, each under a name of your choice."`
	Outgoing  outgoingBlock     `yaml:"outgoing" jsonschema:"required" doc:"The account that mail is sent by."`
	Trust     trustBlock        `yaml:"trust" doc:"What in a mail can be believed."`
	Antivirus *antivirusBlock   `yaml:"antivirus" doc:"A virus scanner that is asked about each mail before it is taken in: ClamAV's daemon, clamd. What it finds goes to quarantine and to nobody else."`
	Canary    *canaryBlock      `yaml:"canary" doc:"The desk mails itself, through the outgoing account of each inbox into the inbox, and raises the alarm if the mail does not come back: it notices what no login tells, as mail that a filter swallows. The mail is put away like any other; it makes no ticket."`
	Notices   noticesBlock      `yaml:"notices" doc:"The mails to agents and to the admin."`
	Ops       opsPort           `yaml:"ops" default:"none" eg:"127.0.0.1:9725" doc:"Where /healthz, /readyz and /metrics listen: HOST:PORT, or none; or a block, with the names by which they may also be asked. They have no password: keep them on loopback."`
	Limits    limitsBlock       `yaml:"limits" doc:"Bounds on what a stranger can make the desk do."`
}

type deskBlock struct {
	spot
	Name     text    `yaml:"name" jsonschema:"required" eg:"Acme Support" doc:"What customers see as the sender."`
	Domain   text    `yaml:"domain" jsonschema:"required" eg:"acme.example" doc:"Stands in the Message-IDs of the desk's mails."`
	Admin    address `yaml:"admin" jsonschema:"required" eg:"it@acme.example" doc:"Is told when something needs a person."`
	Language text    `yaml:"language" default:"en" eg:"de" doc:"Two letters: of mails to people whose language is not known."`
	Timezone text    `yaml:"timezone" default:"UTC" eg:"Europe/Berlin" doc:"In which times are shown, and calendars count that name none."`
}

type alarmBlock struct {
	spot
	Command command         `yaml:"command" eg:"/usr/local/bin/page-me" doc:"Is run with the message on its standard input. A text is run by the shell, a list is a program and its arguments."`
	Mail    *alarmMailBlock `yaml:"mail" doc:"A second mail account, best at another provider."`
	After   span            `yaml:"after" default:"5m" eg:"5m" doc:"How long mail must be broken before the alarm."`
}

type alarmMailBlock struct {
	spot
	To   address `yaml:"to" jsonschema:"required" eg:"it@elsewhere.example" doc:"Where the alarm goes."`
	SMTP server  `yaml:"smtp" jsonschema:"required" eg:"smtps://smtp.elsewhere.example" doc:"The second account's server."`
	User text    `yaml:"user" eg:"alarm@elsewhere.example" doc:"Leave it out to send without logging in."`
	secretKeys
}

type keepBlock struct {
	Raw span `yaml:"raw" default:"0" eg:"400d" doc:"Mails as they came, compressed. 0 keeps them for ever."`
}

type inboxBlock struct {
	spot
	Name         text      `yaml:"name" eg:"Acme Support" doc:"What customers of this inbox see as the sender; the desk's name without it."`
	Address      address   `yaml:"address" jsonschema:"required" eg:"support@acme.example" doc:"What customers write to."`
	Aliases      []address `yaml:"aliases" eg:"[help@acme.example]" doc:"Further addresses whose mail comes into this inbox."`
	ReplyAddress text      `yaml:"reply_address" eg:"\"{token}@desk.acme.example\"" doc:"Where replies come, with {token} in it; none if your server has neither plus addresses nor a catch-all. Without the key it is the address with +{token} before the @."`
	Language     text      `yaml:"language" eg:"de" doc:"Two letters: of mails to this inbox's customers whose language is not known." notyet:"customers get the desk's language"`
	IMAP         server    `yaml:"imap" jsonschema:"required" eg:"imaps://imap.acme.example" doc:"The server: imaps:// with TLS, imap:// with STARTTLS, insecure+imap:// without."`
	CAFile       text      `yaml:"ca_file" eg:"certs/own-ca.pem" doc:"Certificates (PEM) to trust beside the system's."`
	User         text      `yaml:"user" jsonschema:"required" eg:"support@acme.example" doc:"Login name."`
	secretKeys
	OAuth2   *oauthBlock    `yaml:"oauth2" doc:"A token in place of a password."`
	Folders  words          `yaml:"folders" default:"[INBOX]" eg:"[INBOX, Junk]" doc:"Folders to watch. One named Junk, Spam or Bulk (or Junk E-mail, Junk Email) is watched as junk: its mail goes to quarantine."`
	Junk     words          `yaml:"junk" eg:"[Werbung]" doc:"Further folders to watch as junk."`
	After    text           `yaml:"after" default:"flag" eg:"move:Processed" doc:"What becomes of a mail once the desk has it: move:FOLDER, flag (marked as read) or keep (left as it is)."`
	FirstRun text           `yaml:"first_run" default:"new" eg:"since:2026-01-01" doc:"Mail that is there when the desk is started with this inbox for the first time, whether the login works then or not: new (leave it), since:DATE or import. It causes no automatic mail."`
	Poll     span           `yaml:"poll" default:"1m" eg:"1m" doc:"How often to look where the server cannot tell by itself (IDLE)."`
	Outgoing *outgoingBlock `yaml:"outgoing" doc:"Another account to send by, for this inbox."`
}

type outgoingBlock struct {
	spot
	SMTP   server `yaml:"smtp" jsonschema:"required" eg:"smtps://smtp.acme.example" doc:"The server: smtps:// with TLS, smtp:// with STARTTLS, insecure+smtp:// without."`
	CAFile text   `yaml:"ca_file" eg:"certs/own-ca.pem" doc:"Certificates (PEM) to trust beside the system's."`
	User   text   `yaml:"user" eg:"support@acme.example" doc:"Login name; leave it out to send without logging in."`
	secretKeys
	OAuth2      *oauthBlock `yaml:"oauth2" doc:"A token in place of a password."`
	Hello       text        `yaml:"hello" eg:"desk.acme.example" doc:"How the desk names itself to the server (EHLO); the desk's domain without it."`
	Envelope    text        `yaml:"envelope" jsonschema:"enum=address,enum=token,enum=null" default:"address" eg:"token" doc:"Where bounces go: address (the inbox), token (a keyed address each) or null (nowhere)."`
	Rate        rate        `yaml:"rate" eg:"25/min" doc:"At most so many mails, counted for the whole desk."`
	Connections number      `yaml:"connections" default:"2" eg:"2" doc:"At most so many at once, from 1 to 20."`
	SentFolder  text        `yaml:"sent_folder" eg:"Sent" doc:"Folder of the inbox in which a copy of each answer is filed. Microsoft and Google do that by themselves."`
	DKIM        *dkimBlock  `yaml:"dkim" doc:"Sign with a key of your own; most providers sign by themselves."`
}

type dkimBlock struct {
	spot
	Domain   text `yaml:"domain" jsonschema:"required" eg:"acme.example" doc:"Whose DNS has the public key."`
	Selector text `yaml:"selector" jsonschema:"required" eg:"desk2026" doc:"Name of the key there."`
	KeyFile  text `yaml:"key_file" jsonschema:"required" eg:"/run/secrets/dkim.pem" doc:"The private key (PEM)."`
}

type oauthBlock struct {
	spot
	Provider text `yaml:"provider" jsonschema:"required,enum=microsoft,enum=google,enum=custom" eg:"microsoft" doc:"microsoft knows its addresses; custom needs them. google gives no mail to an application by itself, and is refused until a person can sign in: use an app password."`
	ClientID text `yaml:"client_id" jsonschema:"required" eg:"6731de76-14a6-49ae-97bc-6eba6914391e" doc:"Of the application that you registered there."`
	clientSecretKeys
	Tenant   text  `yaml:"tenant" eg:"acme.example" doc:"Microsoft: your organisation."`
	Grant    text  `yaml:"grant" jsonschema:"enum=login,enum=client" default:"login" eg:"client" doc:"client: the application has the right to the mailbox by itself and needs a secret. login, where a person agrees once, is not possible yet and refused: so the key must be there."`
	AuthURL  text  `yaml:"auth_url" eg:"https://login.acme.example/authorize" doc:"custom with login: where you agree." notyet:"nobody can sign in by hand"`
	TokenURL text  `yaml:"token_url" eg:"https://login.acme.example/token" doc:"custom: where tokens come from."`
	Scopes   words `yaml:"scopes" eg:"[mail]" doc:"What to ask for; known for Microsoft."`
}

type trustBlock struct {
	spot
	AuthServID words          `yaml:"authserv_id" eg:"mx.acme.example" doc:"Whose Authentication-Results count: the name that your mail server writes there."`
	ReceivedBy words          `yaml:"received_by" eg:"[mx.acme.example]" doc:"The names that your own mail servers call themselves in their Received lines: the desk believes who handed a mail to them, and can check SPF."`
	Forwarders words          `yaml:"forwarders" eg:"[lists.acme.example]" doc:"Domains of mailing lists and forwarders whose seals (ARC) are believed: a mail that they have changed is as good as it was when it came to them."`
	Verify     text           `yaml:"verify" jsonschema:"enum=agents,enum=everybody,enum=nobody" default:"agents" eg:"everybody" doc:"Whose mail the desk checks itself (DKIM, SPF, DMARC; asks the DNS) where your server has not judged it."`
	Internal   text           `yaml:"internal" eg:"\"X-MS-Exchange-Organization-AuthAs: Internal\"" doc:"A header, with its value, that only your own mail server can set: it tells mail of your own people."`
	Gateways   []gatewayBlock `yaml:"gateways" doc:"Web forms and list gateways that write as you or as noreply@ for somebody else."`
}

type gatewayBlock struct {
	spot
	From     text  `yaml:"from" jsonschema:"required" eg:"forms@acme.example" doc:"What it writes as: an address, or @DOMAIN for all of a domain."`
	PersonIn words `yaml:"person_in" default:"[Reply-To]" eg:"[Reply-To, X-Original-From]" doc:"The header fields in which the person stands; the first that is there counts."`
}

type antivirusBlock struct {
	spot
	Clamd     text `yaml:"clamd" jsonschema:"required" eg:"/run/clamav/clamd.ctl" doc:"Where clamd listens: the path of its socket, or HOST:PORT. Let StreamMaxLength in clamd.conf be no less than limits: mail_size."`
	Unscanned text `yaml:"unscanned" jsonschema:"enum=accept,enum=quarantine" default:"accept" eg:"quarantine" doc:"What becomes of a mail while clamd cannot be reached, or if it cannot scan the mail: accept (it is taken in, and agents are told that its attachments were not scanned) or quarantine (it waits there, and is scanned and let in by itself once clamd is back). In both cases the admin is told."`
	Timeout   span `yaml:"timeout" default:"30s" eg:"30s" doc:"How long clamd may take for one mail."`
}

type canaryBlock struct {
	spot
	Every  span `yaml:"every" default:"5m" eg:"5m" doc:"How often; at least 1m."`
	Within span `yaml:"within" default:"10m" eg:"10m" doc:"When it must have come back; else the alarm is raised at once."`
}

type noticesBlock struct {
	spot
	ListID boolean `yaml:"list_id" default:"false" eg:"true" doc:"They carry a List-Id, for mail filters that know nothing else. Evolution and others take them for a mailing list then, and ask at each reply whether it is private. X-Tierdesk-Event is always there."`
}

type limitsBlock struct {
	MailSize          size `yaml:"mail_size" default:"25MB" eg:"25MB" doc:"Larger mails go to quarantine, with their beginning."`
	AnswersPerAddress rate `yaml:"answers_per_address" default:"3/h" eg:"3/h" doc:"At most so many automatic mails within an hour, and within a day, to an address that nobody here knows; three times as many to a known customer. Answers of people are not counted."`
}

// database is a URL, or a block with a URL and where the password is.
type database struct {
	at  fault.Place
	url text
	secretKeys
}

type databaseBlock struct {
	URL text `yaml:"url" jsonschema:"required" eg:"postgres://tierdesk@db/tierdesk" doc:"sqlite:PATH or postgres://USER@HOST/NAME."`
	secretKeys
}

func (v *database) scan(r *reader, n *yaml.Node, k key) {
	v.at = r.at(n)
	if n.Kind != yaml.MappingNode {
		v.url.scan(r, n, k)
		return
	}
	var b databaseBlock
	r.mapping(n, reflectOf(&b), k)
	v.url, v.secretKeys = b.URL, b.secretKeys
}

func (database) JSONSchema() *jsonschema.Schema {
	block := reflector().Reflect(&databaseBlock{})
	block.Version = ""
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: "^(sqlite:|postgres(ql)?://)"}, block}}
}
func (database) kind() string {
	return "URL, or block with url and password_file, password_env or password_command"
}

// opsPort is where the port listens, or a block with that and further host names.
type opsPort struct {
	listen text
	hosts  words
}

type opsBlock struct {
	spot
	Listen text  `yaml:"listen" jsonschema:"required" eg:"10.1.2.3:9725" doc:"HOST:PORT."`
	Hosts  words `yaml:"hosts" eg:"desk.internal.example" doc:"Host names by which the port may be asked, beside localhost, loopback, the host of listen: and the address that was connected to."`
}

func (v *opsPort) scan(r *reader, n *yaml.Node, k key) {
	if n.Kind != yaml.MappingNode {
		v.listen.scan(r, n, k)
		return
	}
	var b opsBlock
	r.mapping(n, reflectOf(&b), k)
	v.listen, v.hosts = b.Listen, b.Hosts
}

func (opsPort) JSONSchema() *jsonschema.Schema {
	block := reflector().Reflect(&opsBlock{})
	block.Version = ""
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, block}}
}
func (opsPort) kind() string { return "HOST:PORT, or block with listen and hosts" }

// build turns the file into Main. Faults that leave a value useless are told; Main is only of use
// if there were none.
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
	m.ListID = f.Notices.ListID.on
	m.Outgoing = f.Outgoing.build(dir, f.Desk.Domain.s, faults, warnings)
	if a := f.Alarm; a != nil {
		m.Alarm = a.build(dir, m.Domain, faults, warnings)
	}
	for _, e := range f.Inboxes.list {
		m.Inboxes = append(m.Inboxes, e.value.build(e.name, dir, &m, faults, warnings))
	}
	if f.Inboxes.given() && len(f.Inboxes.list) == 0 {
		faults.Add(f.Inboxes.at, "", "there is no inbox: nobody could write to the desk")
	}
	f.addressesOnce(faults)
	m.Trust = f.Trust.build(faults)
	if b := f.Antivirus; b != nil {
		m.Antivirus = b.build(dir, faults, warnings)
	}
	if b := f.Canary; b != nil {
		m.Canary = Canary{Every: b.Every.or(5 * time.Minute), Within: b.Within.or(10 * time.Minute)}
		for _, s := range []span{b.Every, b.Within} {
			if s.given() && s.d < time.Minute {
				faults.Add(s.at, "at least 1m", "%s is too short for mail", s.d)
			}
		}
		if f.Alarm == nil {
			warnings.Add(b.At, "alarm: {command: ...}", "when no mail comes through, only the log can tell of it: there is no alarm")
		}
	}
	m.Ops = f.ops(faults, warnings)
	m.Limits = Limits{MailSize: 25 << 20, AnswersPerAddress: Rate{3, time.Hour}}
	if s := f.Limits.MailSize; s.at.Line != 0 {
		m.Limits.MailSize = s.n
	}
	if a := f.Limits.AnswersPerAddress; a.at.Line != 0 {
		m.Limits.AnswersPerAddress = a.Rate
	}
	return m
}

// addressesOnce tells addresses that stand at two inboxes: a mail to them would open two tickets.
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
			faults.Add(a.at, "the desk would write to itself", "%q is the address of the inbox in line %d", a.s, p.Line)
		}
	}
}

// unprotected warns of a server that passwords and mail go to for all to read.
func unprotected(s server, warnings *fault.List) {
	if ip := net.ParseIP(s.Host); s.Security == Insecure && s.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		warnings.Add(s.at, "use TLS; ca_file names a certificate of your own", "passwords and mail go to %s for all to read", s.Host)
	}
}

func (f *mainFile) database(dir string, faults, warnings *fault.List) Database {
	v := f.Database.url
	if !v.given() {
		return Database{URL: "sqlite:" + filepath.Join(dir, "desk.db")}
	}
	if path, ok := strings.CutPrefix(v.s, "sqlite:"); ok {
		switch {
		case path == "" || strings.Contains(path, ":memory:") || strings.HasPrefix(path, "//"):
			faults.Add(v.at, "like sqlite:desk.db", "a desk needs a file")
		case f.Database.secretKeys.given():
			faults.Add(f.Database.at, "", "a SQLite file has no password")
		}
		return Database{URL: "sqlite:" + absolute(dir, path)}
	}
	u, err := url.Parse(v.s)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && u.Query().Get("host") == "" || strings.Trim(u.Path, "/") == "" {
		faults.Add(v.at, "sqlite:desk.db or postgres://tierdesk@db/tierdesk", "this names no database")
		return Database{}
	}
	if _, plain := u.User.Password(); plain || u.Query().Has("password") {
		faults.Add(v.at, "a block: {url: postgres://USER@HOST/NAME, password_file: /run/secrets/db}", "the password stands in the URL")
	}
	return Database{URL: v.s, Password: f.Database.build("password", dir, false, f.Database.at, faults, warnings)}
}

func (f *mainFile) ops(faults, warnings *fault.List) Ops {
	v := f.Ops.listen
	for _, h := range f.Ops.hosts.list {
		if net.ParseIP(h.s) == nil && h.s != "localhost" && !isHost(h.s) {
			faults.Add(h.at, "like desk.internal.example, without a port", "%q is no host name", h.s)
		}
	}
	if !v.given() || v.s == "none" {
		return Ops{}
	}
	host, port, err := net.SplitHostPort(v.s)
	n, err2 := strconv.Atoi(port)
	if err != nil || err2 != nil || n < 0 || n > 65535 {
		faults.Add(v.at, "like 127.0.0.1:9725, or none", "%q is no HOST:PORT", v.s)
		return Ops{}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		warnings.Add(v.at, "127.0.0.1:"+port, "%q can be reached from outside, and has no password", v.s)
	}
	if len(f.Ops.hosts.list) == 0 {
		return Ops{Listen: v.s}
	}
	return Ops{Listen: v.s, Hosts: f.Ops.hosts.strings()}
}

// isHost reports whether a name may stand in a Host field: letters, digits and hyphens between dots
// (RFC 1123 section 2.1), and underscores, as container networks name machines.
func isHost(name string) bool {
	return len(name) <= 253 && hostName.MatchString(name)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?$`)

func (b *antivirusBlock) build(dir string, faults, warnings *fault.List) Antivirus {
	a := Antivirus{Timeout: b.Timeout.or(30 * time.Second), Quarantine: b.Unscanned.s == "quarantine"}
	if t := b.Timeout; t.given() && (t.d < time.Second || t.d > 2*time.Minute) {
		faults.Add(t.at, "from 1s to 2m", "a mail cannot wait %s for clamd", t.d)
	}
	v := b.Clamd
	if !v.given() {
		return a
	}
	path, unix := strings.CutPrefix(v.s, "unix:")
	if unix || strings.Contains(v.s, "/") {
		a.Network, a.Address = "unix", absolute(dir, path)
		return a
	}
	host, port, err := net.SplitHostPort(v.s)
	if n, err2 := strconv.Atoi(port); err != nil || err2 != nil || n < 1 || n > 65535 || host == "" {
		faults.Add(v.at, "like /run/clamav/clamd.ctl or 127.0.0.1:3310", "%q is neither the path of a socket nor HOST:PORT", v.s)
		return a
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		warnings.Add(v.at, "a clamd on this machine", "all mails go to %s for all to read on the way", host)
	}
	a.Network, a.Address = "tcp", v.s
	return a
}

func (b *alarmBlock) build(dir, domain string, faults, warnings *fault.List) Alarm {
	a := Alarm{Command: b.Command.argv, After: b.After.or(5 * time.Minute)}
	if !b.Command.given() && b.Mail == nil {
		faults.Add(b.At, "for example command: /usr/local/bin/page-me", `an alarm needs "command" or "mail"`)
	}
	if m := b.Mail; m != nil {
		a.To = m.To.s
		a.Mail = &Outgoing{Server: m.SMTP.Server, User: m.User.s, Envelope: "address", Connections: 1, Hello: domain}
		unprotected(m.SMTP, warnings)
		a.Mail.Password = m.secretKeys.build("password", dir, m.User.given(), m.At, faults, warnings)
	}
	return a
}

// plusRoom is how long a local part may be so that "+" and a token of 40 characters fit behind it
// (RFC 5321 section 4.5.3.1.1).
const plusRoom = 64 - 1 - 40

var junkFolder = regexp.MustCompile(`(?i)^(.*[./])?(junk|spam|bulk|junk e-?mail)$`)

func (b *inboxBlock) build(name text, dir string, m *Main, faults, warnings *fault.List) Inbox {
	in := Inbox{Name: name.s, Place: name.at, FromName: m.Name, Address: b.Address.s, Server: b.IMAP.Server, User: b.User.s, Poll: b.Poll.or(time.Minute)}
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
	in.CAFile = existing(b.CAFile, dir, faults)
	unprotected(b.IMAP, warnings)
	if b.OAuth2 != nil {
		in.OAuth2 = b.OAuth2.build(dir, faults, warnings)
		if b.secretKeys.given() {
			faults.Add(b.At, "", "inbox %q has both a password and oauth2", name.s)
		}
	} else {
		in.Password = b.secretKeys.build("password", dir, true, b.At, faults, warnings)
	}
	if b.Poll.given() && b.Poll.d < 5*time.Second {
		faults.Add(b.Poll.at, "at least 5s", "looking every %s would annoy the server", b.Poll.d)
	}
	in.ReplyAddress = b.replyAddress(faults)
	in.Folders = b.folders(faults)
	in.After = b.after(faults)
	in.FirstRun = b.firstRun(m.Location, faults)
	if b.Outgoing != nil {
		out := b.Outgoing.build(dir, m.Domain, faults, warnings)
		in.Outgoing = &out
	}
	out := b.Outgoing
	if out != nil && out.Envelope.s == "token" && in.ReplyAddress == "" && b.Address.given() {
		faults.Add(out.Envelope.at, "", "a keyed bounce address needs a reply_address with {token}")
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
		faults.Add(b.Address.at, `give reply_address: "{token}@DOMAIN", or none`, "no token fits behind %q: a local part has 64 characters", local)
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
		faults.Add(v.at, "a token has up to 40 of 64 characters", "the local part of %q is too long", v.s)
	default:
		return v.s
	}
	return ""
}

func (b *inboxBlock) folders(faults *fault.List) []Folder {
	if !b.Folders.given() && !b.Junk.given() {
		return []Folder{{Name: "INBOX"}}
	}
	var out []Folder
	seen := map[string]bool{}
	add := func(w text, junk bool) {
		name := w.s
		if strings.EqualFold(name, "INBOX") {
			name = "INBOX" // RFC 9051 section 5.1: its case does not matter
		}
		if seen[name] {
			faults.Add(w.at, "", "the folder %q is watched twice", w.s)
			return
		}
		seen[name] = true
		out = append(out, Folder{Name: name, Junk: junk})
	}
	if !b.Folders.given() {
		add(text{s: "INBOX", at: b.At}, false)
	}
	for _, w := range b.Folders.list {
		add(w, junkFolder.MatchString(w.s))
	}
	for _, w := range b.Junk.list {
		add(w, true)
	}
	if !slices.ContainsFunc(out, func(f Folder) bool { return !f.Junk }) {
		faults.Add(b.Folders.at, "[INBOX]", "no folder is watched but junk")
	}
	return out
}

func (b *inboxBlock) after(faults *fault.List) After {
	v := b.After
	folder, move := strings.CutPrefix(v.s, "move:")
	folder = strings.TrimSpace(folder)
	switch {
	case !v.given():
		return After{Do: "flag"}
	case v.s == "flag" || v.s == "keep":
		return After{Do: v.s}
	case move && folder != "":
		for _, f := range append(b.Folders.list, b.Junk.list...) {
			if strings.EqualFold(f.s, folder) {
				faults.Add(v.at, "", "mail would be moved to %q, which is watched", folder)
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

func (b *outgoingBlock) build(dir, domain string, faults, warnings *fault.List) Outgoing {
	out := Outgoing{Server: b.SMTP.Server, Hello: domain, User: b.User.s, Envelope: "address", Rate: b.Rate.Rate, Connections: 2, SentFolder: b.SentFolder.s}
	if b.Hello.given() {
		out.Hello = b.Hello.s
		if !isDomain(b.Hello.s) {
			faults.Add(b.Hello.at, "like desk.acme.example", "%q is not a domain", b.Hello.s)
		}
	}
	if b.Envelope.given() {
		out.Envelope = b.Envelope.s
	}
	if c := b.Connections; c.given() {
		out.Connections = c.n
		if c.n < 1 || c.n > 20 {
			faults.Add(c.at, "from 1 to 20", "%d connections", c.n)
		}
	}
	out.CAFile = existing(b.CAFile, dir, faults)
	unprotected(b.SMTP, warnings)
	switch {
	case b.OAuth2 != nil:
		out.OAuth2 = b.OAuth2.build(dir, faults, warnings)
		if b.secretKeys.given() {
			faults.Add(b.At, "", "outgoing has both a password and oauth2")
		}
		if !b.User.given() {
			faults.Add(b.OAuth2.At, "", `oauth2 needs "user" beside it`)
		}
	default:
		out.Password = b.secretKeys.build("password", dir, b.User.given(), b.At, faults, warnings)
		if b.secretKeys.given() && !b.User.given() {
			faults.Add(b.At, "", `a password needs "user" beside it`)
		}
	}
	if k := b.DKIM; k != nil {
		out.DKIM = &DKIM{Domain: k.Domain.s, Selector: k.Selector.s}
		if k.KeyFile.given() {
			out.DKIM.KeyFile = absolute(dir, k.KeyFile.s)
			tooOpen(out.DKIM.KeyFile, k.KeyFile.at, warnings)
		}
		if k.Domain.given() && !isDomain(k.Domain.s) {
			faults.Add(k.Domain.at, "like acme.example", "%q is not a domain", k.Domain.s)
		}
	}
	return out
}

func (b *oauthBlock) build(dir string, faults, warnings *fault.List) *OAuth2 {
	o := &OAuth2{Provider: b.Provider.s, Tenant: b.Tenant.s, ClientID: b.ClientID.s, Grant: "login", AuthURL: b.AuthURL.s, TokenURL: b.TokenURL.s, Scopes: b.Scopes.strings()}
	if b.Grant.given() {
		o.Grant = b.Grant.s
	}
	if o.Grant == "login" {
		at, hint := b.At, "grant: client, or a password"
		if b.Grant.given() {
			at = b.Grant.at
		}
		if o.Provider == "google" {
			hint = "an app password"
		}
		if b.Keys["grant"].Line == 0 || b.Grant.given() { // else its fault is told
			faults.Add(at, hint, "nobody can sign in by hand yet (grant: login)")
		}
	}
	if o.Provider != "microsoft" && b.Tenant.given() {
		warnings.Add(b.Tenant.at, "leave it out", `"tenant" has no effect: it is Microsoft's`)
	}
	o.Secret = b.clientSecretKeys.build("client_secret", dir, o.Grant == "client", b.At, faults, warnings)
	if o.Grant == "client" && o.Provider == "microsoft" && !b.Tenant.given() {
		faults.Add(b.At, "for example tenant: acme.example", `with grant: client Microsoft wants to know your "tenant"`)
	}
	for _, u := range []text{b.AuthURL, b.TokenURL} {
		if p, err := url.Parse(u.s); u.given() && (err != nil || p.Scheme != "https" || p.Host == "") {
			faults.Add(u.at, "", "%q is not an https:// URL", u.s)
		}
	}
	if o.Provider != "custom" {
		for _, key := range []string{"auth_url", "token_url"} {
			if at, given := b.Keys[key]; given && b.Provider.given() {
				faults.Add(at, "leave it out, or provider: custom", "%s knows its own addresses", o.Provider)
			}
		}
		if o.Provider == "google" && o.Grant == "client" {
			faults.Add(b.At, "an app password", "Google gives no mail to an application by itself")
		}
		o.known()
		return o
	}
	if !b.TokenURL.given() && b.Keys["token_url"].Line == 0 {
		faults.Add(b.At, "for example token_url: https://login.acme.example/token", `a custom provider needs "token_url"`)
	}
	if o.Grant == "login" && !b.AuthURL.given() && b.Keys["auth_url"].Line == 0 {
		faults.Add(b.At, "for example auth_url: https://login.acme.example/authorize", `a custom provider needs "auth_url"`)
	}
	return o
}

// known fills in what Microsoft and Google publish of themselves, as far as the file does not say
// otherwise.
func (o *OAuth2) known() {
	scopes := []string{"https://mail.google.com/"}
	switch o.Provider {
	case "google":
		o.AuthURL, o.TokenURL = "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"
	case "microsoft":
		tenant := o.Tenant
		if tenant == "" {
			tenant = "organizations" // any company's or school's account
		}
		base := "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/"
		o.AuthURL, o.TokenURL = base+"authorize", base+"token"
		scopes = []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"}
		if o.Grant == "client" {
			scopes = []string{"https://outlook.office365.com/.default"}
		}
	}
	if len(o.Scopes) == 0 {
		o.Scopes = scopes
	}
}

var headerName = regexp.MustCompile(`^[!#-9;-~]+$`) // RFC 5322 section 2.2

func (b *trustBlock) build(faults *fault.List) Trust {
	t := Trust{AuthServIDs: b.AuthServID.strings(), ReceivedBy: b.ReceivedBy.strings(), Verify: "agents"}
	if b.Verify.given() {
		t.Verify = b.Verify.s
	}
	for _, f := range b.Forwarders.list {
		if !isDomain(f.s) {
			faults.Add(f.at, "like lists.acme.example", "%q is not a domain", f.s)
		}
		t.Forwarders = append(t.Forwarders, strings.ToLower(f.s))
	}
	if v := b.Internal; v.given() {
		name, value, ok := strings.Cut(v.s, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !ok || !headerName.MatchString(name) || value == "":
			faults.Add(v.at, `like "X-MS-Exchange-Organization-AuthAs: Internal"`, "%q is no header with a value", v.s)
		case slices.Contains([]string{"from", "to", "cc", "subject", "reply-to", "sender", "message-id", "received", "return-path", "date"}, strings.ToLower(name)):
			faults.Add(v.at, "", "anybody can set the header %q: it proves nothing", name)
		}
		t.Internal = mailin.Field{Key: name, Value: value}
	}
	for _, g := range b.Gateways {
		gw := Gateway{From: mailin.Fold(g.From.s), PersonIn: g.PersonIn.strings()}
		if domain, all := strings.CutPrefix(g.From.s, "@"); g.From.given() && (all && !isDomain(domain) || !all && notAddress(g.From.s) != "") {
			faults.Add(g.From.at, "forms@acme.example or @lists.acme.example", "%q is neither an address nor @DOMAIN", g.From.s)
		}
		if !g.PersonIn.given() {
			gw.PersonIn = []string{"Reply-To"}
		}
		for _, h := range g.PersonIn.list {
			if !headerName.MatchString(h.s) {
				faults.Add(h.at, "like Reply-To", "%q is no header field", h.s)
			}
		}
		t.Gateways = append(t.Gateways, gw)
	}
	return t
}

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// checkName tells a name that could not be typed in a command or stored as one word.
func checkName(name text, what string, faults *fault.List) {
	if !namePattern.MatchString(name.s) {
		faults.Add(name.at, "letters, digits, and . _ - between them; at most 40", "%q cannot be the name of %s", name.s, what)
	}
}

var languagePattern = regexp.MustCompile(`^[a-z]{2}(-[A-Za-z]{2})?$`)

func language(t text, faults *fault.List) string {
	if !languagePattern.MatchString(t.s) {
		faults.Add(t.at, "two letters, like en or de", "%q is not a language", t.s)
		return ""
	}
	return t.s
}

func zone(t text, faults *fault.List) *time.Location {
	loc, err := time.LoadLocation(t.s)
	if err != nil || t.s == "Local" {
		faults.Add(t.at, "like Europe/Berlin or UTC", "there is no time zone %q", t.s)
		return time.UTC
	}
	return loc
}
