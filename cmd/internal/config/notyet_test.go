package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is read and has no effect as things stand is warned of, at its place. A key that can have none is refused (testdata/faults/no-effect).
func TestNothingIsIgnored(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	write(t, filepath.Join(dir, mainName), `desk: {name: Acme, domain: acme.example, admin: it@acme.example}
inboxes:
  one:
    address: one@acme.example
    imap: imaps://imap.acme.example
    user: one
    language: de
    oauth2: {provider: custom, client_id: x, grant: client, client_secret_env: X, token_url: "https://a.example/t"}
outgoing: {smtp: smtps://smtp.acme.example}
`)
	write(t, filepath.Join(dir, peopleName), `agents:
  eve: {full_name: Eve Early, address: eve@staff.example, teams: [frontdesk, technicians, engineering], skills: [printers], rights: [publish]}
teams: {frontdesk: , technicians: , engineering: }
vendors:
  cables: {address: help@cables.example, ticket_pattern: "C-[0-9]+", trusted: true}
`)
	write(t, filepath.Join(dir, serviceName), "tiers: [{level: 1, name: Front desk, team: frontdesk}]\n")
	write(t, filepath.Join(dir, "rules/10.yaml"), "rules:\n  - name: filled in\n    when: ticket.fields.room == \"12\"\n    do: [{notify: [admin]}]\n")
	write(t, filepath.Join(dir, "rules/old/10.yaml"), "rules: []\n")
	write(t, filepath.Join(dir, "templates/one/ack.md"), "Subject: x\n\nHello\n")
	write(t, filepath.Join(dir, "templates/one/old/ack.md"), "x")
	write(t, filepath.Join(dir, "kb/a.md"), "---\npublic: true\n---\n# A\n\nText.\n")
	write(t, filepath.Join(dir, "kb/drafts/problem-1-1.md"), "x")
	write(t, filepath.Join(dir, "kb/old/a.md"), "x")
	write(t, filepath.Join(dir, "replies/old/a.md"), "x")
	write(t, filepath.Join(dir, "people.yml"), "")
	write(t, filepath.Join(dir, ".hidden.yaml"), "")
	d, err := Load(t.Context(), dir)
	must(t, err)
	var got []string
	for _, w := range d.Warnings {
		got = append(got, w.Place.String()+" "+w.Text)
	}
	want := []string{
		`people.yaml:2:113 the skills of "eve" have no effect: none of their teams chooses by skill`,
		`kb/old a folder within kb/ is not read`,
		`people.yml it is not read`,
		`replies/old a folder within replies/ is not read`,
		`rules/old a folder within rules/ is not read`,
		`templates/one/old a folder within templates/one/ is not read`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("warnings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A new folder claims nothing that the desk cannot know: no rule of it answers a customer, and none acts on what a mail says.
func TestInitShipsNoClaim(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	must(t, Init(t.Context(), dir, Answers{}))
	d, err := Load(t.Context(), dir)
	must(t, err)
	for _, f := range d.RuleFiles {
		for _, r := range f.Rules {
			if strings.Contains(r.When, "subject") || strings.Contains(r.When, "text") {
				t.Errorf("rule %q acts on words: %s", r.Name, r.When)
			}
			for _, a := range r.Do {
				if a.Template != "" || a.Set.Priority != "" {
					t.Errorf("rule %q replies or sets a priority", r.Name)
				}
			}
		}
	}
	own, err := filepath.Glob(filepath.Join(dir, "*", "*.md"))
	must(t, err)
	own = slices.DeleteFunc(own, func(name string) bool { return strings.HasPrefix(name, filepath.Join(dir, "replies")) }) // agents alone send those
	if len(own) > 0 {
		t.Errorf("mails or articles that nobody asked for: %v", own)
	}
}

// Reply addresses are written to the file only if they are not what the desk takes by itself.
func TestInitReplyAddress(t *testing.T) {
	for answer, want := range map[string]string{"": "support+{token}@acme.example", "none": "", "{token}@desk.acme.example": "{token}@desk.acme.example"} {
		dir := filepath.Join(t.TempDir(), "desk")
		must(t, Init(t.Context(), dir, Answers{ReplyAddress: answer}))
		d, err := Load(t.Context(), dir)
		must(t, err)
		b, err := os.ReadFile(filepath.Join(dir, mainName))
		must(t, err)
		if got := d.Main.Inboxes[0].ReplyAddress; got != want {
			t.Errorf("%q: replies go to %q, want %q:\n%s", answer, got, want, b)
		}
	}
}
