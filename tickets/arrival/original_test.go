package arrival

import (
	"testing"

	"tierdesk/mailin"
	"tierdesk/tickets"
)

// The original is somebody outside: what a colleague or the desk has sent on is looked through.
func TestOriginal(t *testing.T) {
	desk := &tickets.Identity{Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example"}}}
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "bob", Address: "bob@staff.example"}}}
	block := func(from string) string {
		return "From: " + from + "\nSent: Monday\nSubject: Lift\n\nText of " + from + "\n\n"
	}
	for text, want := range map[string]string{
		block("Ria <ria@client.example>"):                                            "ria@client.example",
		block("Bob <bob@staff.example>") + block("Ria <ria@client.example>"):         "ria@client.example",
		block("Desk <support@acme.example>") + block("Ria <ria@client.example>"):     "ria@client.example",
		block("Bob <bob@staff.example>"):                                             "",
		"no header at all":                                                           "",
		block("Ria <ria@client.example>") + block("Tim Timber <tim@timber.example>"): "ria@client.example",
	} {
		m := Mail{Message: &mailin.Message{Text: text}}
		got, found := m.Original(desk, people)
		if got.From.Address != want || found != (want != "") {
			t.Errorf("%q: %q, %t, want %q", text, got.From.Address, found, want)
		}
	}
}
