package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tierdesk/mailin"
	"tierdesk/rules"
	"tierdesk/rules/fault"
	"tierdesk/rules/ruletest"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
)

// A whole desk folder loads, and means what it says.
func TestDesign(t *testing.T) {
	d, err := Load(t.Context(), "testdata/design")
	must(t, err)
	abs, err := filepath.Abs("testdata/design")
	must(t, err)
	if d.Dir != abs {
		t.Errorf("dir %s", d.Dir)
	}
	secret := func(s Secret) string { return s.GoString() }
	want := Main{
		Name: "Acme Support", Domain: "acme.example", Admin: "it@acme.example", Language: "en", Location: time.UTC,
		Alarm:    Alarm{Command: []string{"/bin/sh", "-c", "/usr/local/bin/page-me"}, After: 5 * time.Minute},
		Database: Database{URL: "sqlite:" + filepath.Join(abs, "desk.db")},
		Keep:     Keep{Raw: 400 * 24 * time.Hour},
		Inboxes: []Inbox{{
			Name: "support", Place: fault.Place{File: mainName, Line: 10, Column: 3}, FromName: "Acme Support",
			Address: "support@acme.example", Aliases: []string{"help@acme.example"}, ReplyAddress: "support+{token}@acme.example",
			Server: Server{Host: "imap.acme.example", Port: 993, Security: TLS}, User: "support@acme.example", Password: Secret{name: "password", file: "/run/secrets/imap"},
			Folders: []Folder{{Name: "INBOX"}}, After: After{Do: "move", Folder: "Processed"}, FirstRun: FirstRun{Mode: "new"}, Poll: time.Minute, Restricted: []string{},
		}},
		Outgoing: Outgoing{Server: Server{Host: "smtp.acme.example", Port: 465, Security: TLS}, Hello: "acme.example", User: "support@acme.example",
			Password: Secret{name: "password", file: "/run/secrets/smtp"}, Envelope: "address", Rate: Rate{N: 25, Per: time.Minute}, Connections: 2},
		Trust:  Trust{AuthServIDs: []string{"mx.acme.example"}, ReceivedBy: []string{}, Verify: "agents", Internal: mailin.Field{Key: "X-MS-Exchange-Organization-AuthAs", Value: "Internal"}},
		Ops:    Ops{Listen: "127.0.0.1:9725"},
		Limits: Limits{MailSize: 25 << 20, AnswersPerAddress: Rate{N: 3, Per: time.Hour}},
	}
	sameZone := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, d.Main, cmp.Transformer("secret", secret), sameZone, cmpopts.IgnoreUnexported(Inbox{})); diff != "" {
		t.Errorf("tierdesk.yaml:\n%s", diff)
	}
	one := 1
	wantEscalations := []tickets.Escalation{
		{When: tickets.Condition{Target: sla.FirstReply, Percent: 80}, Notify: []string{"assignee", "team"}},
		{When: tickets.Condition{Target: sla.FirstReply, Percent: 100}, Notify: []string{"lead"}},
		{When: tickets.Condition{NoAgentReply: 2 * time.Hour}, Notify: []string{}, AtTier: &one, TierUp: true},
	}
	if diff := cmp.Diff(wantEscalations, d.Service.Escalations); diff != "" {
		t.Errorf("escalation:\n%s", diff)
	}
	office := d.Service.Calendars["office"]
	berlin := office.Location()
	for at, open := range map[string]bool{
		"2026-11-23 07:59": false, "2026-11-23 08:00": true, "2026-11-23 12:30": false, "2026-11-27 13:59": true, "2026-11-27 14:00": false,
		"2026-12-23 09:00": true, "2026-12-24 09:00": false, // a date
		"2026-12-25 09:00": false, // from holidays.ics
	} {
		when, err := time.ParseInLocation("2006-01-02 15:04", at, berlin)
		must(t, err)
		if office.Open(when) != open {
			t.Errorf("office at %s: %v", at, !open)
		}
	}
	if len(d.RuleFiles) != 1 || len(d.RuleFiles[0].Rules) != 1 || len(d.RuleFiles[0].Tests) != 1 || d.Rules == nil || !d.Templates.Has("outage-ack") {
		t.Errorf("rules: %+v", d.RuleFiles)
	}
	want2 := "service.yaml:5:41: nobody is in the team \"technicians\" of tier 2 (add it to the teams of an agent in people.yaml)\n" +
		"service.yaml:6:41: nobody is in the team \"engineering\" of tier 3 (add it to the teams of an agent in people.yaml)"
	if d.Warnings.Error() != want2 {
		t.Errorf("warnings: %v", d.Warnings)
	}
}

// What holds where the files say nothing. The ladder that init writes is the same.
func TestDefaults(t *testing.T) {
	h := time.Hour
	priority := func(name string, first, next, resolution time.Duration) tickets.Priority {
		return tickets.Priority{Name: name, Promise: sla.Promise{FirstReply: first, NextReply: next, Resolution: resolution, Calendar: "always"}}
	}
	escalation := func(target sla.Target, percent int, up bool, notify ...string) tickets.Escalation {
		return tickets.Escalation{When: tickets.Condition{Target: target, Percent: percent}, TierUp: up, Notify: notify}
	}
	want := tickets.Service{
		Tiers: []tickets.Tier{{Level: 0, Name: "Self-service"}, {Level: 1, Name: "Front desk", Team: "frontdesk", Handover: []string{"reason"}},
			{Level: 2, Name: "Technicians", Team: "technicians", Handover: []string{"reason"}}, {Level: 3, Name: "Experts", Team: "engineering", Handover: []string{"reason"}}, {Level: 4, Name: "Vendors", Outside: true}},
		Priorities: []tickets.Priority{priority("urgent", 30*time.Minute, h, 4*h), priority("high", h, 2*h, 8*h), priority("normal", 4*h, 8*h, 24*h), priority("low", 8*h, 16*h, 48*h)},
		Default:    tickets.Defaults{Priority: "normal", Tier: 1},
		Calendars:  map[string]*sla.Calendar{},
		Escalations: []tickets.Escalation{
			escalation(sla.FirstReply, 80, false, "assignee", "team"), escalation(sla.FirstReply, 100, false, "lead"),
			escalation(sla.NextReply, 80, false, "assignee", "team"), escalation(sla.NextReply, 100, false, "lead"),
			escalation(sla.Resolution, 80, false, "assignee", "team"), escalation(sla.Resolution, 100, true, "lead", "next"),
		},
		PauseIn: []tickets.Status{tickets.Pending, tickets.OnHold}, AfterAnswer: tickets.Pending, ProgressMax: 3, CloseAfter: 5 * 24 * h, ReopenWithin: 14 * 24 * h,
	}
	d, err := Load(t.Context(), "testdata/base")
	must(t, err)
	if diff := cmp.Diff(want, d.Service); diff != "" {
		t.Errorf("an empty service.yaml:\n%s", diff)
	}
	if d.Calendar != nil {
		t.Errorf("the desk's calendar is %s", d.Calendar.Name())
	}
	in := d.Main.Inboxes[0]
	if in.After != (After{Do: "flag"}) || in.FirstRun.Mode != "new" || len(in.Folders) != 1 || d.Main.Ops.Listen != "" || d.Main.Keep.Raw != 0 {
		t.Errorf("tierdesk.yaml: %+v", d.Main)
	}
	dir := filepath.Join(t.TempDir(), "desk")
	must(t, Init(t.Context(), dir, Answers{}))
	d, err = Load(t.Context(), dir)
	must(t, err)
	if diff := cmp.Diff(want, d.Service); diff != "" {
		t.Errorf("the service.yaml that init writes:\n%s", diff)
	}
}

// certificate is one of somebody.
const certificate = `-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUFdn88H5zaN0yr81aDJs7LZhKhAAwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMYWNtZS5leGFtcGxlMCAXDTI2MTIwMTEyNTYxN1oYDzIxMjYx
MTA3MTI1NjE3WjAXMRUwEwYDVQQDDAxhY21lLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAARGqcp9J/FZdX/4UEWrmYFEkk8C0HbE4W6TYCZO3E7rXE5p
mZClCmUULeQ7O81FemWUwRZ/46L0xzEssZE1nWx/o1MwUTAdBgNVHQ4EFgQUasdt
raoo0yXl9EM8K4xva+2vmAQwHwYDVR0jBBgwFoAUasdtraoo0yXl9EM8K4xva+2v
mAQwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAPeSiCQHS2FSVB
wPYCMyiX8h2M6KW4Zoef8rSXxR4UawIhANOfdzWKaunVSxWZkaRw85y6Df8s1S3Q
K4/Ckwl8Ahn2
-----END CERTIFICATE-----
`

func TestMainValues(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	write(t, filepath.Join(dir, "ca.pem"), certificate)
	write(t, filepath.Join(dir, mainName), `
desk: {name: Acme, domain: ACME.example, admin: it@acme.example, language: de, timezone: Europe/Berlin}
database: {url: "postgres://tierdesk@db/tierdesk", password_env: DB}
alarm:
  mail: {to: it@b.example, smtp: "smtp://mx.b.example:2525", user: a, password_command: [pass, show, alarm]}
  after: 10m
inboxes:
  one:
    name: One
    address: one@acme.example
    reply_address: "r-{token}@desk.acme.example"
    language: fr
    imap: insecure+imap://127.0.0.1:10143
    ca_file: ca.pem
    user: one
    oauth2: {provider: custom, client_id: x, token_url: "https://a.example/t", scopes: [a, b], grant: client, client_secret_env: OAUTH}
    folders: [inbox, Lists, Spam, Archive/Junk E-mail]
    junk: Werbung
    sent: Gesendet
    after: keep
    first_run: since:2026-03-29
    outgoing: {smtp: insecure+smtp://localhost, envelope: null, rate: 100/day}
  two:
    address: two@acme.example
    reply_address: none
    imap: imap://[::1]
    user: two
    password: secret
    password_insecure: true
outgoing:
  smtp: smtp://mx.acme.example
  dkim: {domain: acme.example, selector: d, key_file: dkim.pem}
  hello: desk.acme.example
trust:
  authserv_id: [a.example, b.example]
  received_by: mx.a.example
  forwarders: [Lists.example]
  verify: everybody
  gateways: [{from: "@Forms.example", person_in: X-Original-From}, {from: Web@acme.example}]
ops: none
limits: {mail_size: 500KB, answers_per_address: 10/day}
`)
	must(t, os.WriteFile(filepath.Join(dir, "dkim.pem"), []byte("a key"), 0o600))
	var faults, warnings fault.List
	m := loadMain(dir, &faults, &warnings)
	must(t, faults.Err())
	berlin := m.Location
	want := &Main{
		Name: "Acme", Domain: "acme.example", Admin: "it@acme.example", Language: "de", Location: berlin,
		Alarm: Alarm{To: "it@b.example", After: 10 * time.Minute, Mail: &Outgoing{Server: Server{"mx.b.example", 2525, StartTLS}, Hello: "acme.example", User: "a",
			Password: Secret{name: "password", argv: []string{"pass", "show", "alarm"}}, Envelope: "address", Connections: 1}},
		Database: Database{URL: "postgres://tierdesk@db/tierdesk", Password: Secret{name: "password", env: "DB"}},
		Inboxes: []Inbox{
			{Name: "one", Place: fault.Place{File: mainName, Line: 8, Column: 3}, FromName: "One", Address: "one@acme.example", ReplyAddress: "r-{token}@desk.acme.example", Language: "fr",
				Server: Server{"127.0.0.1", 10143, Insecure}, CAFile: filepath.Join(dir, "ca.pem"), User: "one", Poll: time.Minute,
				OAuth2:  &OAuth2{Provider: "custom", ClientID: "x", Grant: "client", Secret: Secret{name: "client_secret", env: "OAUTH"}, TokenURL: "https://a.example/t", Scopes: []string{"a", "b"}},
				Folders: []Folder{{Name: "INBOX"}, {Name: "Lists"}, {Name: "Spam", Junk: true}, {Name: "Archive/Junk E-mail", Junk: true}, {Name: "Werbung", Junk: true}, {Name: "Gesendet", Sent: true}}, After: After{Do: "keep"},
				FirstRun: FirstRun{Mode: "since", Since: time.Date(2026, 3, 29, 0, 0, 0, 0, berlin)},
				Outgoing: &Outgoing{Server: Server{"localhost", 25, Insecure}, Hello: "acme.example", Envelope: "null", Rate: Rate{100, 24 * time.Hour}, Connections: 2}},
			{Name: "two", Place: fault.Place{File: mainName, Line: 23, Column: 3}, FromName: "Acme", Address: "two@acme.example", Server: Server{"::1", 143, StartTLS}, User: "two",
				Password: PlainSecret("secret"), Folders: []Folder{{Name: "INBOX"}}, After: After{Do: "flag"}, FirstRun: FirstRun{Mode: "new"}, Poll: time.Minute},
		},
		Outgoing: Outgoing{Server: Server{"mx.acme.example", 587, StartTLS}, Hello: "desk.acme.example", Connections: 2,
			DKIM: &DKIM{Domain: "acme.example", Selector: "d", KeyFile: filepath.Join(dir, "dkim.pem")}},
		Trust:  Trust{AuthServIDs: []string{"a.example", "b.example"}, ReceivedBy: []string{"mx.a.example"}, Forwarders: []string{"lists.example"}, Verify: "everybody", Gateways: []Gateway{{"@forms.example", []string{"X-Original-From"}}, {"web@acme.example", []string{"Reply-To"}}}},
		Limits: Limits{MailSize: 500 << 10, AnswersPerAddress: Rate{10, 24 * time.Hour}},
	}
	type inside struct {
		Name, File, Env, Plain string
		Argv                   []string
	}
	open := cmp.Transformer("secret", func(s Secret) inside { return inside{s.name, s.file, s.env, s.plain, s.argv} })
	sameZone := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, m, open, sameZone, cmpopts.IgnoreUnexported(Inbox{}), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if len(warnings) != 1 || !strings.Contains(warnings.Error(), "everybody on this machine can read") { // the file with the plain password
		t.Errorf("warnings: %v", warnings)
	}
}

func TestWarnings(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	write(t, filepath.Join(dir, mainName), `
desk: {name: Acme, domain: acme.example, admin: it@acme.example}
ops: 0.0.0.0:80
alarm: {mail: {to: it@b.example, smtp: "insecure+smtp://mx.b.example"}}
inboxes:
  one: {address: one@acme.example, imap: "insecure+imap://imap.acme.example", user: one, password_file: open}
  two: {address: two@acme.example, imap: "insecure+imap://127.0.0.1", user: two, password_file: closed, outgoing: {smtp: "insecure+smtp://192.0.2.1"}}
outgoing: {smtp: "insecure+smtp://localhost"}
`)
	write(t, filepath.Join(dir, "open"), "x")
	must(t, os.WriteFile(filepath.Join(dir, "closed"), []byte("x"), 0o640))
	write(t, filepath.Join(dir, peopleName), "teams: {frontdesk: , technicians: , engineering: }\n")
	for name, text := range map[string]string{"rules/notes.txt": "x", "rules/README.md": "x", "templats/ack.md": "x", "tools/form.sh": "x",
		"replies/more.txt": "x", "phrases.de.txt": "x", "templates/README.txt": "x", "templates/phrases.de.txt": "",
		"templates/ack.txt": "x", "templates/akc.md": "Subject: x\n\nx\n", "templates/outage.de.md": "Subject: x\n\nx\n",
		"templates/sent.md": "Subject: x\n\nx{{template \"hours\" .}}\n", "templates/_hours.md": "x\n", "templates/_hotline.md": "x\n",
		"templates/_footer.md": "x\n",
		"rules/10.yaml":        "rules:\n  - {name: sent, on: [opened], when: \"true\", do: [{reply: sent}]}\n"} {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		write(t, filepath.Join(dir, name), text)
	}
	d, err := Load(t.Context(), dir)
	must(t, err)
	golden(t, "testdata/warnings.txt", strings.ReplaceAll(d.Warnings.Error(), dir, "DIR")+"\n")
}

// Where on-call names nobody for the tickets of some tiers, check says who is told instead; where a line is for other tiers it says nothing.
func TestNobodyIsOnCallForATier(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	write(t, filepath.Join(dir, serviceName), "escalation:\n  - {when: resolution missed, notify: [on-call]}\n  - {when: first_reply missed, at_tier: 2, notify: [on-call]}\n")
	write(t, filepath.Join(dir, peopleName), `agents:
  jane: {full_name: Jane Doe, address: jane@acme.example, teams: [frontdesk, technicians, engineering]}
teams: {frontdesk: {}, technicians: {}, engineering: {}}
rota:
  inside: {teams: [frontdesk, technicians], starts: 2026-11-30, turns: [{on_call: jane}]}
`)
	d, err := Load(t.Context(), dir)
	must(t, err)
	want := `service.yaml:2:40: nobody is ever on call for the team "engineering" of tier 3: who leads it is told (give the team a rota with on_call:, or say at_tier:)`
	if got := d.Warnings.Error(); got != want {
		t.Errorf("%s\nwanted %s", got, want)
	}
}

// The port of health and metrics is an address, or a block with that and further names.
func TestOps(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  Ops
		fault string
	}{
		{"ops: none", Ops{}, ""},
		{"ops: 127.0.0.1:9725", Ops{Listen: "127.0.0.1:9725"}, ""},
		{"ops: {listen: '127.0.0.1:9725'}", Ops{Listen: "127.0.0.1:9725"}, ""},
		{"ops: {listen: none, hosts: desk}", Ops{}, ""},
		{"ops: {listen: '[::1]:80', hosts: desk_1.internal.example}", Ops{Listen: "[::1]:80", Hosts: []string{"desk_1.internal.example"}}, ""},
		{"ops: {listen: '127.0.0.1:9725', hosts: [desk, 10.1.2.3]}", Ops{Listen: "127.0.0.1:9725", Hosts: []string{"desk", "10.1.2.3"}}, ""},
		{"ops: {listen: '127.0.0.1:9725', hosts: ['desk:9725']}", Ops{}, "is no host name"},
		{"ops: {listen: '127.0.0.1:9725', hosts: ['http://desk/']}", Ops{}, "is no host name"},
		{"ops: {listen: '127.0.0.1:9725', hosts: ['*']}", Ops{}, "is no host name"},
		{"ops: {listen: 9725}", Ops{}, "is no HOST:PORT"},
		{"ops: {hosts: [desk]}", Ops{}, "listen"},
		{"ops: {listen: '127.0.0.1:9725', names: [desk]}", Ops{}, "names"},
	} {
		var f mainFile
		var faults, warnings fault.List
		readYAML(mainName, []byte(c.text+"\n"), &f, &faults)
		got := f.ops(&faults, &warnings)
		mine := ""
		for _, one := range faults {
			if one.Line == 1 && !strings.HasPrefix(one.Text, "\"desk\"") {
				mine += one.Text + "\n"
			}
		}
		switch {
		case c.fault == "":
			if diff := cmp.Diff(c.want, got); diff != "" || strings.Contains(mine, "host") || strings.Contains(mine, "HOST") {
				t.Errorf("%s:\n%s%s", c.text, diff, mine)
			}
		case !strings.Contains(mine, c.fault):
			t.Errorf("%s: %q does not say %q", c.text, mine, c.fault)
		}
	}
}

func TestNoFolder(t *testing.T) {
	var list fault.List
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := Load(t.Context(), dir); !errors.As(err, &list) || len(list) != 1 || list[0].File != dir {
		t.Errorf("%v", err)
	}
	if _, err := LoadMain(t.Context(), dir); !errors.As(err, &list) || len(list) != 1 || list[0].File != dir {
		t.Errorf("for a command that needs the database alone: %v", err)
	}
}

func TestKnownProviders(t *testing.T) {
	for text, want := range map[string]OAuth2{
		"{provider: google, client_id: x}": {Provider: "google", ClientID: "x", Grant: "login",
			TokenURL: "https://oauth2.googleapis.com/token", Scopes: []string{"https://mail.google.com/"}},
		"{provider: microsoft, client_id: x, scopes: [own]}": {Provider: "microsoft", ClientID: "x", Grant: "login", Scopes: []string{"own"},
			TokenURL: "https://login.microsoftonline.com/organizations/oauth2/v2.0/token"},
		"{provider: microsoft, client_id: x, tenant: acme.example, grant: client, client_secret_env: X}": {Provider: "microsoft", ClientID: "x", Grant: "client", Tenant: "acme.example",
			TokenURL: "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token",
			Scopes:   []string{"https://outlook.office365.com/.default"}},
	} {
		var b oauthBlock
		var faults, warnings fault.List
		readYAML(mainName, []byte(text), &b, &faults)
		got := b.build(t.TempDir(), &faults, &warnings)
		if login := got.Grant == "login"; login != (len(faults) == 1) || login && !strings.Contains(faults.Error(), "nobody can sign in by hand yet") {
			t.Errorf("%s: %v", text, faults)
		}
		got.Secret = Secret{}
		if diff := cmp.Diff(&want, got, cmp.AllowUnexported(Secret{})); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

// The hash changes with every file that decides, and with no other.
func TestHash(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/design")
	hash := func() string {
		d, err := Load(t.Context(), dir)
		must(t, err)
		return d.Hash
	}
	before := hash()
	change := func(name, text string, differs bool) {
		t.Helper()
		file := filepath.Join(dir, name)
		old, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		write(t, file, string(old)+text)
		if got := hash(); (got != before) != differs {
			t.Errorf("%s: the hash differs: %v", name, got != before)
		}
		if err != nil {
			must(t, os.Remove(file))
		} else {
			write(t, file, string(old))
		}
	}
	for _, name := range []string{serviceName, peopleName, "rules/20-network.yaml", "rules/99.yaml"} {
		change(name, "\n# changed\n", true)
	}
	change("templates/outage-ack.md", "More.\n", true)
	change("templates/phrases.de.txt", "It is yours.\nIhres.\n", true)
	change("holidays.ics", "\r\n", true)
	change("kb/new.md", "# New\n\nText.\n", true)
	change(mainName, "\n# changed\n", false)
	change("notes.txt", "x", false)
	change("templates/notes.txt", "x", false)
	if hash() != before {
		t.Error("the hash is not the old one again")
	}
}

func TestArticles(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	write(t, filepath.Join(dir, "kb/a.md"), "---\r\ntitle: One\r\npublic: true\r\nlanguage: fr\r\ntags: [x, y]\r\n---\r\n\r\n# Heading\r\n\r\nText.\r\n")
	write(t, filepath.Join(dir, "kb/b.de.md"), "\ufeff# Zwei\n\nText.\n\n---\n\nMehr.\n")
	write(t, filepath.Join(dir, "kb/c.md"), "---\ntitle: Three\n---\nText.")
	d, err := Load(t.Context(), dir)
	must(t, err)
	want := []articles.Article{
		{File: "kb/a.md", Name: "a", Title: "One", Public: true, Language: "fr", Tags: []string{"x", "y"}, Text: "Text."},
		{File: "kb/b.de.md", Name: "b", Title: "Zwei", Language: "de", Text: "Text.\n\n---\n\nMehr."},
		{File: "kb/c.md", Name: "c", Title: "Three", Language: "en", Tags: []string{}, Text: "Text."},
	}
	if diff := cmp.Diff(want, d.Articles.All(), cmpopts.IgnoreFields(articles.Article{}, "Page", "Review")); diff != "" {
		t.Error(diff)
	}
	// Who reviews it and when is checked, with all that is wrong at once.
	write(t, filepath.Join(dir, "kb/d.md"), "---\ntitle: Four\nowner: nobody\nreview: sometimes\n---\nText.")
	write(t, filepath.Join(dir, "kb/e.md"), "---\ntitle: Five\nowner: ann\n---\nText.")
	write(t, filepath.Join(dir, "kb/f.md"), "---\ntitle: Six\nreview: 2027-02-30\n---\nText.")
	_, err = Load(t.Context(), dir)
	for _, want := range []string{`kb/d.md:3:8: unknown agent "nobody"`, `kb/d.md:4:9: "sometimes" is neither a day nor a length of time (like 2027-03-01 or 6 months)`,
		"kb/e.md:3:8: the article has an owner, and no review", "kb/f.md:3:9: the article is reviewed, and nobody owns it"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no fault %q in: %v", want, err)
		}
	}
	must(t, os.Remove(filepath.Join(dir, "kb/e.md")))
	must(t, os.Remove(filepath.Join(dir, "kb/f.md")))
	write(t, filepath.Join(dir, "kb/d.md"), "---\ntitle: Four\nowner: "+strings.ToUpper(d.People.Agents[0].Name)+"\nreview: 2027-03-01\n---\nText.")
	d, err = Load(t.Context(), dir)
	must(t, err)
	if r := d.Articles.ByFile("kb/d.md").Review; r.Owner != d.People.Agents[0].Name || r.When != "2027-03-01" {
		t.Errorf("the review is %+v", r)
	}
}

// The rules that init writes, and those that are examples in them, do what their tests say. The facts are made the short way here; tierdesk rules test reads real mails.
func TestInitRulesHold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	must(t, Init(t.Context(), dir, Answers{}))
	file := filepath.Join(dir, "rules/10-routing.yaml")
	text, err := os.ReadFile(file)
	must(t, err)
	for _, text := range []string{string(text), uncommented(string(text))} {
		write(t, file, text)
		initRulesHold(t, dir)
	}
}

func initRulesHold(t *testing.T, dir string) {
	t.Helper()
	d, err := Load(t.Context(), dir)
	must(t, err)
	facts := func(test rules.Test) (*rules.Facts, error) {
		m := test.Mail
		return &rules.Facts{
			Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
			Mail: rules.Mail{Subject: m.Subject, Text: m.Text, From: m.From, Header: func(key string) []string {
				if v, ok := m.Headers[key]; ok {
					return []string{v}
				}
				return nil
			}},
			Ticket: rules.Ticket{Priority: d.Service.Default.Priority, Tier: d.Service.Default.Tier, Status: "new"},
		}, nil
	}
	results := ruletest.Run(d.Rules, d.RuleFiles, facts)
	if len(results) < 2 || ruletest.Failed(results) > 0 {
		var b strings.Builder
		must(t, ruletest.Write(&b, results, true))
		t.Error(b.String())
	}
}

func TestInitRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mine.txt"), "x")
	if err := Init(t.Context(), dir, Answers{}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a folder that is not empty: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("something was written: %v", entries)
	}
	dir = t.TempDir()
	err := Init(t.Context(), dir, Answers{Admin: "nobody", Timezone: "Mars"})
	var list fault.List
	if !errors.As(err, &list) || len(list) != 2 {
		t.Errorf("bad answers: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// Whatever is answered is written so that it is read as that text.
func TestInitQuotes(t *testing.T) {
	for _, name := range []string{`Acme: "Support" # 24/7`, "yes", "null", "- x", "'", "*a", "&b", "!c", "%d", "@e", "`f`", "{g}", "[h]", "Größe", "a\\b", "010", "ends:", "tab\there", "a  b", "1e3", "2026-01-01", "? x", "a #b"} {
		var faults fault.List
		var m mainFile
		var p peopleFile
		for file, into := range map[string]any{mainName: &m, peopleName: &p} {
			text, err := skeleton.ReadFile("skeleton/" + file)
			must(t, err)
			filled, err := fill(file, string(text), Answers{Name: name, AgentFullName: name}.withDefaults())
			must(t, err)
			readYAML(file, filled, into, &faults)
		}
		if err := faults.Err(); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if m.Desk.Name.s != name || p.Agents.list[0].value.FullName.s != name {
			t.Errorf("%q was read as %q, %q", name, m.Desk.Name.s, p.Agents.list[0].value.FullName.s)
		}
	}
}

func TestInitIsNotForAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	must(t, Init(t.Context(), dir, Answers{}))
	must(t, filepath.WalkDir(dir, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o007 != 0 {
			t.Errorf("%s: %v", file, info.Mode())
		}
		return err
	}))
}

// An admin's own wording of what the desk says in sentences is read with the templates.
func TestOwnPhrases(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	write(t, filepath.Join(dir, "templates/phrases.de.txt"), "It is yours.\nIhres.\n")
	d, err := Load(t.Context(), dir)
	must(t, err)
	if got := d.Phrases.Text(phrase.Say("It is yours."), "de"); got != "Ihres." {
		t.Errorf("the desk says %q", got)
	}
	write(t, filepath.Join(dir, "templates/phrases.fr.txt"), "It is yours\nC’est à vous.\n")
	if _, err := Load(t.Context(), dir); err == nil || !strings.Contains(err.Error(), `templates/phrases.fr.txt:1:1: the desk does not say "It is yours"`) {
		t.Errorf("a wrong file: %v", err)
	}
}
