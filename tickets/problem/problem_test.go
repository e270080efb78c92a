package problem

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tierdesk/tickets"
)

// What tickets have in common, and what they have not.
func TestLike(t *testing.T) {
	var before []opening
	for range few {
		before = append(before, opening{Words: likeness("Printer", "It prints slowly in the office")})
	}
	fresh := opening{Ticket: 9, Words: likeness("VPN broken", "Hello,\n\nthe tunnel does not come up, my number is 4711 4711 4711.\n\nKind regards")}
	if strings.Contains(fresh.Words, "4711") {
		t.Errorf("numbers are compared: %q", fresh.Words)
	}
	for _, c := range []struct {
		name, subject, text string
		before              []opening
		alike               bool
	}{
		{"one word of both subjects", "No VPN", "It says timeout.", nil, true},
		{"two words of the texts", "Help", "My VPN has no tunnel.", nil, true},
		{"one word of the texts", "Help", "Which tunnel is meant?", nil, false},
		{"common words of the language", "Hello", "Please help, it does not work, kind regards, your number please", nil, false},
		{"nothing", "Invoice", "Please send it again.", nil, false},
		{"in German", "Kein Tunnel", "Das VPN geht nicht.", nil, true},
		{"words of every other ticket", "Printer", "It prints slowly in the office", before, false},
	} {
		other := fresh
		if c.name == "words of every other ticket" {
			other = opening{Ticket: 9, Words: likeness("Printer", "The office prints slowly")}
		}
		alike, shared := crowdOf([]opening{other, {Ticket: 1, Words: likeness(c.subject, c.text)}}, rareIn(c.before)).like(0)
		if (len(alike) > 0) != c.alike {
			t.Errorf("%s: %v, they share %v", c.name, alike, shared)
		}
	}
}

func TestAsksForWord(t *testing.T) {
	const no, asks, only = "no", "asks", "asks for nothing else"
	for text, want := range map[string]string{
		"Keep me informed!":                                                       only,
		"Thanks. Please keep me\nposted.":                                         only,
		"Bitte halten Sie mich auf dem Laufenden, danke":                          only,
		"Tenez-moi au courant":                                                    only,
		"Mi tenga aggiornato, grazie":                                             only,
		"Manténgame informado, por favor.":                                        only,
		"Houd mij op de hoogte":                                                   only,
		"Hello,\n\nplease keep me informed.\n\nKind regards\nMax Muster":          only,
		"Keep me informed, and the fax is broken, too.":                           asks,
		"Keep me informed. When?":                                                 asks,
		"Keep me informed. " + strings.Repeat("please ", 400) + "the fax is dead": asks,
		"I was informed of it yesterday.":                                         no,
		"The information keeps me busy":                                           no,
		"":                                                                        no,
	} {
		got := no
		if asked, alone := asksForWord(text, "Max Muster"); asked && alone {
			got = only
		} else if asked {
			got = asks
		}
		if got != want {
			t.Errorf("%.80q: %s, want %s", text, got, want)
		}
	}
}

// A draft is whole, or is not there; a link leads nowhere else; nothing is said of the machine's folders.
func TestOffer(t *testing.T) {
	dir := t.TempDir()
	p, pub := tickets.Problem{ID: 3, Title: "A \"b\"\n---\npublic: true"}, publication{ID: 7, Content: "Restart it."}
	for range 2 { // the same again
		name, err := offer(dir, pub, p)
		if err != nil || name != "kb/drafts/problem-3-7.md" {
			t.Fatalf("%q, %v", name, err)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "kb", "drafts", "problem-3-7.md"))
	if want := "---\ntitle: \"A \\\"b\\\"\\n---\\npublic: true\"\npublic: false\n---\nRestart it.\n"; err != nil || string(b) != want {
		t.Errorf("%q, %v", b, err)
	}
	elsewhere := filepath.Join(dir, "service.yaml")
	if err := os.WriteFile(elsewhere, []byte("tiers: []"), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "kb", "drafts", "problem-3-8.md")
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	pub.ID = 8
	if _, err := offer(dir, pub, p); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(elsewhere); err != nil || string(b) != "tiers: []" {
		t.Errorf("a link was followed: %q, %v", b, err)
	}
	blocked := t.TempDir()
	if err := os.WriteFile(filepath.Join(blocked, "kb"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := offer(blocked, pub, p); err == nil || strings.Contains(err.Error(), blocked) {
		t.Errorf("the error is %v", err)
	}
}

func TestFrontDesk(t *testing.T) {
	p := &tickets.Policy{Service: &tickets.Service{Tiers: []tickets.Tier{{Level: 0}, {Level: 1, Team: "a"}, {Level: 2, Team: "b"}, {Level: 3, Team: "c"}, {Level: 4, Outside: true}}},
		People: &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", Teams: []string{"a", "b"}}, {Name: "tom", Teams: []string{"b"}}, {Name: "eve", Teams: []string{"c"}}, {Name: "max", Teams: []string{"c"}}}}}
	if got := frontDesk(p, "eve", "gone"); !slices.Equal(got, []string{"ann", "eve", "tom"}) {
		t.Errorf("%v", got)
	}
}
