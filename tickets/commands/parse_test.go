package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// desk is what the tests' desk knows: Wednesday, 25 November 2026, 10:00.
func desk() Options {
	return Options{
		Now:        time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC),
		Agents:     []string{"jane", "bob", "Zoë"},
		Teams:      []string{"frontdesk", "network", "engineering"},
		Priorities: []string{"urgent", "high", "normal", "low"},
		Vendors:    []string{"acme", "globex"},
		Replies:    []string{"outage-ack", "vpn", "x"},
		Forms:      []string{"device", "vpn", "x"},
		Articles:   []string{"vpn", "x"},
		Reviewed:   []string{"vpn", "x"},
		Tiers:      []int{0, 1, 2, 3, 4},
		Signature:  "Jane Doe\nAcme Support | jane@acme.example\n+49 30 1234",
	}
}

// tell writes a result in a line: commands | body | doubts.
func tell(r Result) string {
	var cmds, doubts []string
	for _, c := range r.Commands {
		cmds = append(cmds, tellCommand(c))
	}
	for _, d := range r.Doubts {
		s := fmt.Sprintf("%d %s", d.Line, d.Reason)
		if d.Nearest != "" {
			s += " " + d.Nearest
		}
		doubts = append(doubts, s)
	}
	body := strings.ReplaceAll(r.Body, "\n", "⏎")
	if r.Note && r.Has(Note) {
		body = "(note) " + body
	}
	return strings.Join(cmds, ", ") + " | " + body + " | " + strings.Join(doubts, ", ")
}

func tellCommand(c Command) string {
	s := []string{string(c.Name)}
	add := func(x string) {
		if x != "" {
			s = append(s, x)
		}
	}
	add(string(c.Assignee.Kind))
	add(c.Assignee.Name)
	add(string(c.Status))
	add(c.Args.Name)
	if c.Name == Tier {
		add(fmt.Sprint(c.Tier))
	}
	if c.Ticket != 0 {
		add(fmt.Sprint("#", c.Ticket))
	}
	if c.Number != 0 {
		add(fmt.Sprint("no. ", c.Number))
	}
	add(c.Text)
	if !c.When.At.IsZero() {
		add(c.When.At.Format("2006-01-02T15:04"))
		if c.When.Day {
			add("(day)")
		}
	}
	for _, x := range c.Add {
		add("+" + x)
	}
	for _, x := range c.Remove {
		add("-" + x)
	}
	add(c.Address)
	for _, f := range c.Fields {
		add(f.Name + "=" + f.Value)
	}
	if c.Spent != 0 {
		add(c.Spent.String())
	}
	for _, n := range c.Tickets {
		add(fmt.Sprint("of #", n))
	}
	return strings.Join(s, " ")
}

type parseCase struct{ text, want string }

func check(t *testing.T, o Options, cases []parseCase) {
	t.Helper()
	for _, c := range cases {
		if got := tell(Parse(c.text, o)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// What each command takes.
func TestArguments(t *testing.T) {
	check(t, desk(), []parseCase{
		{"/note\nhe is angry", "note | (note) he is angry | "},
		{"/note he is angry", "note | (note) he is angry | "},
		{"/note he is angry\nand so am I", "note | (note) he is angry⏎and so am I | "},
		{"/note he is angry\n\nand so am I", "note | (note) he is angry⏎⏎and so am I | "},
		{"/note: he is angry", "note | (note) he is angry | "},
		{"/note - he is angry", "note | (note) - he is angry | "},
		{"/note", "note | (note)  | 1 no-text"},
		{"/note\n\n", "note | (note)  | 1 no-text"},
		{"/public\nhello", "public | hello | "},
		{"/public hello", " |  | 1 bad-argument"},
		{"/public", "public |  | 1 no-text"},
		{"/take", "take me |  | "},
		{"/take please", " |  | 1 bad-argument"},
		{"/assign bob", "assign agent bob |  | "},
		{"/assign Bob", "assign agent bob |  | "},
		{"/assign ZOË", "assign agent Zoë |  | "},
		{"/assign @bob", "assign agent bob |  | "},
		{"/assign @team", "assign team |  | "},
		{"/assign bob.", "assign agent bob |  | "},
		{"/assign “bob”", "assign agent bob |  | "},
		{"/assign me", "assign me |  | "},
		{"/assign none", "assign none |  | "},
		{"/assign nobody", "assign none |  | "},
		{"/assign team", "assign team |  | "},
		{"/assign network", "assign named-team network |  | "},
		{"/assign", " |  | 1 bad-argument"},
		{"/assign bop", " |  | 1 bad-argument /assign bob"},
		{"/assign netwrok", " |  | 1 bad-argument /assign network"},
		{"/assign bob please", " |  | 1 bad-argument"},
		{"/status open", "status open |  | "},
		{"/status Pending", "status pending |  | "},
		{"/status on-hold", "status on-hold |  | "},
		{"/status on hold", "status on-hold |  | "},
		{"/status onhold", "status on-hold |  | "},
		{"/status on–hold", "status on-hold |  | "},
		{"/status solved.", "status solved |  | "},
		{"/status closed", "status closed |  | "},
		{"/status new", " |  | 1 bad-argument"},
		{"/status", " |  | 1 bad-argument"},
		{"/status slved", " |  | 1 bad-argument /status solved"},
		{"/close", "close closed |  | "},
		{"/solve", "solve solved |  | "},
		{"/reopen", "reopen open |  | "},
		{"/close now", " |  | 1 bad-argument"},
		{"/snooze 2d", "snooze 2026-11-27T10:00 |  | "},
		{"/snooze fri 09:00", "snooze 2026-11-27T09:00 |  | "},
		{"/snooze until fri", "snooze 2026-11-27T09:00 (day) |  | "},
		{"/snooze 2026–12–01", "snooze 2026-12-01T09:00 (day) |  | "},
		{"/snooze 2026-11-01", " |  | 1 bad-argument"},
		{"/snooze", " |  | 1 bad-argument"},
		{"/snooze a while", " |  | 1 bad-argument"},
		{"/priority high", "priority high |  | "},
		{"/priority High!", "priority high |  | "},
		{"/priority hihg", " |  | 1 bad-argument /priority high"},
		{"/priority", " |  | 1 bad-argument"},
		{"/tier 2", "tier 2 |  | "},
		{"/tier 0", "tier 0 |  | "},
		{"/tier 9", " |  | 1 bad-argument"},
		{"/tier two", " |  | 1 bad-argument"},
		{"/tier -1", " |  | 1 bad-argument"},
		{"/tier +1", " |  | 1 bad-argument"},
		{"/escalate", "escalate |  | "},
		{"/escalate the router is dead", "escalate the router is dead |  | "},
		{"/escalate: the router is dead", "escalate the router is dead |  | "},
		{"/deescalate it was only the plug", "deescalate it was only the plug |  | "},
		{"/team network", "team network |  | "},
		{"/team nework", " |  | 1 bad-argument /team network"},
		{"/tag +x -y", "tag +x -y |  | "},
		{"/tag x", "tag +x |  | "},
		{"/tag +VPN, –old", "tag +vpn -old |  | "},
		{"/tag + x - y", "tag +x -y |  | "},
		{"/tag #spam", "tag +spam |  | "},
		{"/tag +größe", "tag +größe |  | "},
		{"/tag +a/b", " |  | 1 bad-argument"},
		{"/tag +", " |  | 1 bad-argument"},
		{"/tag + -x", " |  | 1 bad-argument"},
		{"/tag +x -x", " |  | 1 bad-argument"},
		{"/tag", " |  | 1 bad-argument"},
		{"/due 2026-12-01", "due 2026-12-01T09:00 (day) |  | "},
		{"/cc +a@b.example -d@e.example", "cc +a@b.example -d@e.example |  | "},
		{"/cc A@B.example", "cc +a@b.example |  | "},
		{"/cc +a@b.example <mailto:a@b.example>", "cc +a@b.example |  | "},
		{"/cc +<a@b.example>", "cc +a@b.example |  | "},
		{"/cc +[a@b.example](mailto:a@b.example), -c@d.example", "cc +a@b.example -c@d.example |  | "},
		{"/cc a@b.example <a@b.example>", "cc +a@b.example |  | "},
		{"/cc +Jim<a@b.example>", " |  | 1 bad-argument"},
		{"/cc +Jim <a@b.example>", " |  | 1 bad-argument"},
		{"/cc +(Jim)a@b.example", " |  | 1 bad-argument"},
		{"/cc -d@e.example <d@e.example>", " |  | 1 bad-argument"},
		{"/cc +bob", " |  | 1 bad-argument"},
		{"/cc +bob@localhost", " |  | 1 bad-argument"},
		{"/cc", " |  | 1 bad-argument"},
		{"/merge 1041", "merge #1041 |  | "},
		{"/merge #1041", "merge #1041 |  | "},
		{"/merge [#1041]", "merge #1041 |  | "},
		{"/merge 0", " |  | 1 bad-argument"},
		{"/merge 99999999999999999999", " |  | 1 bad-argument"},
		{"/merge this", " |  | 1 bad-argument"},
		{"/link 1041", "link #1041 |  | "},
		{"/link 1041\n/link 1042", "link #1041, link #1042 |  | "},
		{"/split", "split |  | "},
		{"/spam", "spam |  | "},
		{"/block", "block |  | "},
		{"/allow", "allow |  | "},
		{"/release", "release |  | "},
		{"/undo", "undo |  | "},
		{"/cancel", "cancel |  | "},
		{"/vendor acme\n\nPlease send a new one.", "vendor acme | Please send a new one. | "},
		{"/vendor acme", "vendor acme |  | 1 no-text"},
		{"/vendor acmee\n\nPlease", " | Please | 1 bad-argument /vendor acme"},
		{"/problem 88", "problem link no. 88 |  | "},
		{"/problem new mail is slow", "problem new mail is slow |  | "},
		{"/problem New “Mail is slow” #12 #13", "problem new Mail is slow of #12 of #13 |  | "},
		{"/problem", "problem |  | "},
		{"/problem none", "problem none |  | "},
		{"/problem 88 #12", "problem link no. 88 of #12 |  | "},
		{"/problem 88 fixed", "problem fixed no. 88 |  | "},
		{"/problem fixed", "problem fixed |  | "},
		{"/problem 88 Won't fix", "problem wont-fix no. 88 |  | "},
		{"/problem #88 known error: Restart the router", "problem known-error no. 88 Restart the router |  | "},
		{"/problem 88 owner bob", "problem agent bob owner no. 88 |  | "},
		{"/problem 88 fixd", " |  | 1 bad-argument /problem 88 fixed"},
		{"/problem fixed since noon", " |  | 1 bad-argument"},
		{"/problem mail is slow", " |  | 1 bad-argument"},
		{"/idea Dark mode", "idea Dark mode |  | "},
		{"/idea", "idea |  | "},
		{"/idea 7", "idea no. 7 |  | "},
		{"/idea #7 Built.", "idea built no. 7 |  | "},
		{"/idea 7 bilt", " |  | 1 bad-argument"},
		{"/publish\nIt runs again.", "publish | It runs again. | "},
		{"/publish 88\nIt runs again.", "publish no. 88 | It runs again. | "},
		{"/publ\nIt runs again.", " | It runs again. | 1 ambiguous"},
		{"/publish now\nIt runs again.", " | It runs again. | 1 bad-argument"},
		{"/problem new", " |  | 1 bad-argument"},
		{"/problem mail is slow", " |  | 1 bad-argument"},
		{"/publish\nIt works again.", "publish | It works again. | "},
		{"/publish", "publish |  | 1 no-text"},
		{"/template outage-ack", "template outage-ack |  | "},
		{"/article vpn", "article vpn |  | "},
		{"/ask device", "ask device |  | "},
		{"/ask None", "ask none |  | "},
		{"/attach Screen shot 1.png", "attach Screen shot 1.png |  | "},
		{"/attach \"a b.pdf\"", "attach a b.pdf |  | "},
		{"/attach", "attach |  | "},
		{"@fwd\n\nFrom: Jim\n/note is a command", "forward-as-new | From: Jim⏎/note is a command | "},
		{"/forward-as-new", "forward-as-new |  | "},
		{"/forward–as–new", "forward-as-new |  | "},
		{"/forward_as_new", "forward-as-new |  | "},
		{"/new for jane@x.example\nShe called.", "new jane@x.example | She called. | "},
		{"/new jane@x.example\nShe called.", "new jane@x.example | She called. | "},
		{"/new for jane@x.example", "new jane@x.example |  | 1 no-text"},
		{"/new", " |  | 1 bad-argument"},
		{"/new printer", " |  | 1 bad-argument"},
		{"/send", "send |  | "},
		{"/drop", "drop |  | "},
		{"/send\nand this too", "send | and this too | 1 text-unused"},
		{"/help", "help |  | "},
		{"/help me", " |  | 1 bad-argument"},
		{"/show", "show |  | "},
		{"/list", "list mine |  | "},
		{"/list Team", "list team |  | "},
		{"/list priority:high vpn", "list priority:high vpn |  | "},
		{"/search vpn client", "search vpn client |  | "},
		{"/search", " |  | 1 bad-argument"},
		{"/away until mon", "away 2026-11-30T09:00 (day) |  | "},
		{"/stop", "stop |  | "},
	})
}

func TestTop(t *testing.T) {
	check(t, desk(), []parseCase{
		{"Hello Jim", " | Hello Jim | "},
		{"Hello\n\n  indented\n\nBye\n", " | Hello⏎⏎  indented⏎⏎Bye | "},
		{"/close\nHello", "close closed | Hello | "},
		{"\n\n/close\n\n\nHello", "close closed | Hello | "},
		{"/take\n/priority high\n\n/tag +vpn\nHello", "take me, priority high, tag +vpn | Hello | "},
		{"/note\n/close\nhe called", "note, close closed | (note) he called | "},
		{"/note he called\n/close", "note, close closed | (note) he called | "},
		{"/close\n/note he called\nand is glad", "close closed, note | (note) he called⏎and is glad | "},
		{"#close", "close closed |  | "},
		{"@close", "close closed |  | "},
		{"／close", "close closed |  | "},
		{"/ＣＬＯＳＥ", "close closed |  | "},
		{"/Close", "close closed |  | "},
		{"/ close", "close closed |  | "},
		{"/ Note he called", "note | (note) he called | "},
		{"  /close", "close closed |  | "},
		{"\u00a0/close\u00a0", "close closed |  | "},
		{"/priority\u00a0high", "priority high |  | "},
		{"\ufeff/close", "close closed |  | "},
		{"\u200b/\u200dclose", "close closed |  | "},
		{"/clo\u00adse", "close closed |  | "},
		{"- /close", "close closed |  | "},
		{"• /close", "close closed |  | "},
		{"1. /take\n2. /close", "take me, close closed |  | "},
		{"**/close**", "close closed |  | "},
		{"*/close*", "close closed |  | "},
		{"_/close_", "close closed |  | "},
		{"`/close`", "close closed |  | "},
		{"**/note** he called", "note | (note) he called | "},
		{"**/note he called**", "note | (note) he called | "},
		{"/close.", "close closed |  | "},
		{"/close\r\nHello\r\n", "close closed | Hello | "},
		{"/close\rHello", "close closed | Hello | "},
		{"/close\u2028Hello", "close closed | Hello | "},
		{"/take\n/take\nHello", "take me | Hello | "},
		{"/note a\n/note a", "note | (note) a | "},
		{"/tag +a\n/tag +b", "tag +a, tag +b |  | "},

		// What is no command holds.
		{"/clsoe", " |  | 1 unknown-command /close"},
		{"/colse\nHello", " | Hello | 1 unknown-command /close"},
		{"/notee he is mad", " |  | 1 unknown-command /note"},
		{"/n he is mad", " |  | 1 unknown-command"},
		{"/pending", " |  | 1 unknown-command /status pending"},
		{"/urgent", " |  | 1 unknown-command /priority urgent"},
		{"/esc", "escalate |  | "},
		{"/tier2", " |  | 1 unknown-command /tier"},
		{"/etc/hosts is wrong", " |  | 1 unknown-command"},
		{"/note/take", " |  | 1 unknown-command /note"},
		{"#1 issue: the door", " |  | 1 unknown-command"},
		{"# Hello", " |  | 1 unknown-command"},
		{"@bob could you look?", " |  | 1 unknown-command"},
		{"/", " |  | 1 unknown-command"},
		{"//", " |  | 1 unknown-command"},
		{"//close", " |  | 1 unknown-command /close"},
		{"@/close", " |  | 1 unknown-command /close"},
		{"/close\n/etc/hosts\nHello", "close closed | Hello | 2 unknown-command"},
		{"/xyzzy", " |  | 1 unknown-command"},

		// One a line.
		{"/take /close", " |  | 1 two-on-a-line"},
		{"/note he called /close", " |  | 1 two-on-a-line"},
		{"/escalate see /help", " |  | 1 two-on-a-line"},
		{"/escalate look into /etc/help/me", "escalate look into /etc/help/me |  | "},
		{"/escalate look into /help/me", "escalate look into /help/me |  | "},
		{"/escalate he typed \"/help\" twice", "escalate he typed \"/help\" twice |  | "},
		{"/escalate it is #1041 again, @bob knows", "escalate it is #1041 again, @bob knows |  | "},
		{"/tag +a /close", " |  | 1 two-on-a-line"},

		// Not two that contradict.
		{"/close\n/reopen", "close closed, reopen open |  | 2 contradiction"},
		{"/solve\n/status pending", "solve solved, status pending |  | 2 contradiction"},
		{"/take\n/assign bob", "take me, assign agent bob |  | 2 contradiction"},
		{"/note\n/public\nx", "note, public | (note) x | 2 contradiction"},
		{"/note a\n/note b", "note, note | (note) b | 2 contradiction"},
		{"/send\n/drop", "send, drop |  | 2 contradiction"},
		{"/priority high\n/priority low", "priority high, priority low |  | 2 contradiction"},
		{"/tier 2\n/escalate", "tier 2, escalate |  | 2 contradiction"},
		{"/vendor acme\n/note\nx", "vendor acme, note | (note) x | 2 contradiction"},
	})
}

func TestBelowTheText(t *testing.T) {
	check(t, desk(), []parseCase{
		{"Hello\n/close", " | Hello⏎/close | 2 below-text /close"},
		{"Hello\n\n/close\n\nBye", " | Hello⏎⏎/close⏎⏎Bye | 3 below-text /close"},
		{"Hello\n/note he is mad", " | Hello⏎/note he is mad | 2 below-text /note"},
		{"Hello\n/noet he is mad", " | Hello⏎/noet he is mad | 2 below-text /note"},
		{"Hello\n/not he is mad", " | Hello⏎/not he is mad | 2 below-text /note"},
		{"Hello\n#Note he is mad", " | Hello⏎#Note he is mad | 2 below-text /note"},
		{"Hello\n@ note", " | Hello⏎@ note | 2 below-text /note"},
		{"Hello\n//note", " | Hello⏎//note | 2 below-text /note"},
		{"Hello\n  - /note x", " | Hello⏎  - /note x | 2 below-text /note"},
		{"Hello\n\u00a0\u200b/note x", " | Hello⏎\u00a0\u200b/note x | 2 below-text /note"},
		{"Hello\r/note x", " | Hello⏎/note x | 2 below-text /note"},
		{"Hello\u2028/note x", " | Hello⏎/note x | 2 below-text /note"},
		{"Hello\n\"/note x\"", " | Hello⏎\"/note x\" | 2 below-text /note"},
		{"Hello\n(/note x)", " | Hello⏎(/note x) | 2 below-text /note"},
		{"Hello\n\\note x", " | Hello⏎\\note x | 2 below-text /note"},
		{"Hello\n\\/note x", " | Hello⏎\\/note x | 2 below-text /note"},
		{"Hello\n**/note** x", " | Hello⏎**/note** x | 2 below-text /note"},
		{"Hello\n/note/x", " | Hello⏎/note/x | 2 below-text /note"},
		{"Hello\n/nоte x", " | Hello⏎/nоte x | 2 below-text /note"}, // a Cyrillic о
		{"Hello\n/ĳote x", " | Hello⏎/ĳote x | 2 below-text /note"}, // one letter that looks like two
		{"\"/note\" x", " | \"/note\" x | 1 below-text /note"},
		{"\\note x", " | \\note x | 1 below-text /note"},
		{"/close\nHello\n/take", "close closed | Hello⏎/take | 3 below-text /take"},
		{"/note he is mad\nand more\n/close", "note | (note) he is mad⏎and more⏎/close | 3 below-text /close"},

		// What is none goes on.
		{"Hello\n/etc/hosts", " | Hello⏎/etc/hosts | "},
		{"Hello\n/home/jane is full", " | Hello⏎/home/jane is full | "},
		{"Hello\n#1041 is the same", " | Hello⏎#1041 is the same | "},
		{"Hello\n# Steps", " | Hello⏎# Steps | "},
		{"Hello\n@bob knows", " | Hello⏎@bob knows | "},
		{"Hello\n/", " | Hello⏎/ | "},
		{"Hello\n//", " | Hello⏎// | "},
		{"Hello\nplease type /close in the chat", " | Hello⏎please type /close in the chat | "},
		{"Hello\n> /close", " | Hello⏎> /close | "},
		{"Hello\nhttps://acme.example/close", " | Hello⏎https://acme.example/close | "},
		{"Hello\nnote: the door is blue", " | Hello⏎note: the door is blue | "},
		{"Hello\n-- \nJane", " | Hello⏎-- ⏎Jane | "},
	})
}

func TestEmpty(t *testing.T) {
	check(t, desk(), []parseCase{
		{"", " |  | 0 empty"},
		{" \n\u00a0\n\t\n\u200b", " |  | 0 empty"},
		{"Jane Doe\nAcme Support | jane@acme.example\n+49 30 1234", " |  | 0 only-signature"},
		{"-- \nJane Doe\nAcme Support | jane@acme.example\n+49 30 1234\n", " |  | 0 only-signature"},
		{"jane doe", " |  | 0 only-signature"},
		{"**Jane Doe**\n_Acme Support_ jane@acme.example", " |  | 0 only-signature"},
		{"Sent from my iPhone", " |  | 0 only-signature"},
		{"Von meinem iPhone gesendet", " |  | 0 only-signature"},
		{"Sent with [Some Mail](https://mail.example/) secure email.", " |  | 0 only-signature"},
		{"Get Outlook for iOS", " |  | 0 only-signature"},
		{"Jane Doe\nAcme Support\nwas here", " | Jane Doe⏎Acme Support⏎was here | "},
		{"> what the customer wrote\n>\n> twice", " |  | 0 empty"},
		{"On Wed, 25 Nov 2026 Jim wrote:\n\n> what the customer wrote\n\nJane Doe", " |  | 0 only-signature"},
		{"On Wed, 25 Nov 2026 Jim wrote:\n> what the customer wrote\nYes.", " | On Wed, 25 Nov 2026 Jim wrote:⏎> what the customer wrote⏎Yes. | "},
		{"Do this:\n\nJane Doe", " | Do this:⏎⏎Jane Doe | "},
		{"Do this:\nand this:\n> what the customer wrote", " | Do this:⏎and this:⏎> what the customer wrote | "},
		{"Do this:", " | Do this: | "},
		{"/close\n\n> what the customer wrote", "close closed |  | "},
		{"/note\n> what the customer wrote", "note | (note)  | 1 no-text"},
		{"ok", " | ok | "},
		{"👍", " | 👍 | "},
		{"?", " | ? | "},
		{"/close\n\nJane Doe\nAcme Support | jane@acme.example\n+49 30 1234", "close closed |  | "},
		{"/send\n\n-- \nJane Doe", "send |  | "},
		{"/note\n\nJane Doe", "note | (note)  | 1 no-text"},
		{"/close\nSent from my phone", "close closed |  | "},
	})
	bare := desk()
	bare.Signature = ""
	check(t, bare, []parseCase{
		{"Jane Doe", " | Jane Doe | "},
		{"", " |  | 0 empty"},
	})
}

func TestFromHTML(t *testing.T) {
	o := desk()
	o.HTML = true
	check(t, o, []parseCase{
		{"/note\n\nhe called", "note | (note) he called | "},
		{"- /take\n- /close", "take me, close closed |  | "},
		{"1. /take\n2. /close\n\nHello", "take me, close closed | Hello | "},
		{"/cc +a@b.example <a@b.example>\n\nHello", "cc +a@b.example | Hello | "},
		{"/take Hello Jim", " |  | 1 bad-argument"},
		{`\#close`, " | \\#close | 1 below-text /close"},
		{"Hello\n\n#note x", " | Hello⏎⏎#note x | 3 below-text /note"},
	})
}

func TestAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"Hello":                                "Hello",
		"/take\n\nHello\n/close":               "Hello",
		"/take\n@bob knows it\n/tag +x\n\nBye": "@bob knows it\n\nBye",
		"/etc/hosts is wrong":                  "/etc/hosts is wrong",
		"/note call him\n\nor her\n/close":     "call him\n\nor her\n/close",
		"/take\n/snooze whenever":              "",
		"/take":                                "",
	} {
		if got := Parse(text, desk()).AsTyped; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A reason that the client broke in two may not go to the customer with its second half.
func TestWrapped(t *testing.T) {
	long := "/escalate the customer has been waiting for three days and the router"
	check(t, desk(), []parseCase{
		{long + "\nin the branch is dead", "escalate " + long[10:] + " | in the branch is dead | 1 wrapped"},
		{long + "\n\nDear Jim", "escalate " + long[10:] + " | Dear Jim | "},
		{long + "\n/take", "escalate " + long[10:] + ", take me |  | "},
		{long + "\n> quoted", "escalate " + long[10:] + " |  | "},
		{long, "escalate " + long[10:] + " |  | "},
		{"/escalate the router is dead\nDear Jim", "escalate the router is dead | Dear Jim | "},
		{"/escalate " + strings.Repeat("very ", 30) + "long\nDear Jim", "escalate " + strings.Repeat("very ", 30) + "long | Dear Jim | "},
		{"/escalate a reason that is short, but what follows is of one piece\nhttps://acme.example/0123456789", "escalate a reason that is short, but what follows is of one piece | https://acme.example/0123456789 | 1 wrapped"},
		{"/note " + long[10:] + "\nin the branch is dead", "note | (note) " + long[10:] + "⏎in the branch is dead | "},
	})
	o := desk()
	o.HTML = true
	check(t, o, []parseCase{{long + "\nDear Jim", "escalate " + long[10:] + " | Dear Jim | "}})
}

func TestEnabled(t *testing.T) {
	o := desk()
	o.Enabled = ofAFewCommands()
	check(t, o, []parseCase{
		{"/close", "close closed |  | "},
		{"/snooze 2d", " |  | 1 not-yet"},
		{"/publish\nx", " | x | 1 not-yet"},
		{"@fwd\nx", " | x | 1 not-yet"},
		{"Hello\n/snooze 2d", " | Hello⏎/snooze 2d | 2 below-text /snooze"},
	})
}

// ofAFewCommands are those of a desk that carries out some of the language.
func ofAFewCommands() []Name {
	return []Name{Note, Take, Assign, Status, Close, Solve, Reopen, Priority, Tier, Escalate, Team, Tag, Help, Send, Drop}
}

// A desk that has none of what a command names knows no name for it, and never does as if any were right.
func TestADeskWithoutNames(t *testing.T) {
	check(t, Options{Now: desk().Now}, []parseCase{
		{"/assign bop", " |  | 1 bad-argument"},
		{"/assign me", "assign me |  | "},
		{"/team x", " |  | 1 bad-argument"},
		{"/priority x", " |  | 1 bad-argument"},
		{"/tier 7", " |  | 1 bad-argument"},
		{"/vendor x\ny", " | y | 1 bad-argument"},
		{"/introduce x\ny", " | y | 1 bad-argument"},
		{"/template x", " |  | 1 bad-argument"},
		{"/article x", " |  | 1 bad-argument"},
		{"/reviewed x", " |  | 1 bad-argument"},
		{"/ask x", " |  | 1 bad-argument"},
		{"/ask none", "ask none |  | "},
		{"/restrict +x", " |  | 1 bad-argument"},
	})
}

func TestLinesAndRaw(t *testing.T) {
	r := Parse("\n /Take \n\n/tag +a", desk())
	if c := r.Find(Take); c == nil || c.Line != 2 || c.Raw != "/Take" {
		t.Errorf("%+v", c)
	}
	if c := r.Find(Tag); c == nil || c.Line != 4 {
		t.Errorf("%+v", c)
	}
	if r.Has(Close) || r.Find(Close) != nil {
		t.Error("there is no /close")
	}
}

// Every usage that help shows is understood, and every word is found by its name.
func TestUsage(t *testing.T) {
	o := desk()
	for _, name := range All() {
		spec, found := Lookup(name)
		if !found || !strings.HasPrefix(spec.Usage(), "/"+string(name)) {
			t.Errorf("%s: found %t, usage %q", name, found, spec.Usage())
		}
		usage := strings.NewReplacer("FILE", "a.pdf", "+bob -ann", "+bob -jane", "NAME", "vpn", "mine|team|all|QUERY", "all", "88|new title…", "88", "2d|fri 09:00", "2d").Replace(spec.Usage())
		usage, _, _ = strings.Cut(usage, "|")
		if spec.Text == TextNeeded {
			usage += "\n\ntext"
		}
		if r := Parse(usage, o); len(r.Doubts) > 0 || len(r.Commands) != 1 {
			t.Errorf("%q: %v", usage, r.Doubts)
		}
	}
}

// The beginning of a command stands for it, unless another begins so too; but not for one that sends to many.
func TestBeginnings(t *testing.T) {
	o := desk()
	o.Agents = append(o.Agents, "al", "tim")
	check(t, o, []parseCase{
		{"/esc the router is dead", "escalate the router is dead |  | "},
		{"/ESCAL", "escalate |  | "},
		{"#prio high", "priority high |  | "},
		{"/de", "deescalate |  | "},
		{"/no he called", "note | (note) he called | "},
		{"/forw\nFrom: x", "forward-as-new | From: x | "},
		{"/cl\nHello", "close closed | Hello | "},
		{"/re", " |  | 1 ambiguous"},
		{"/reo", "reopen open |  | "},
		{"/rel", "release |  | "},
		{"/ta", " |  | 1 ambiguous"},
		{"/c", " |  | 1 unknown-command"},
		{"/pub\nHello", " | Hello | 1 ambiguous"}, // public or publish
		{"/publis\nHello", " | Hello | 1 unknown-command /public"},
		{"/publi\nHello", " | Hello | 1 ambiguous"},
		{"/publish\nHello", "publish | Hello | "},
		{"Hello\n/esc now", " | Hello⏎/esc now | 2 below-text /escalate"},
		{"Hello\n/re", " | Hello⏎/re | 2 below-text /reopen"},
		{"Hello\n/usr is full", " | Hello⏎/usr is full | "},
		{"Hello\n@ben will call", " | Hello⏎@ben will call | "},
	})
	if r := Parse("@al knows it", o); len(r.Commands) > 0 || len(r.Doubts) != 1 || r.Doubts[0].Reason != Unknown {
		t.Errorf("a name is taken for the beginning of a command: %s", tell(r))
	}
}

// Numbers behind a command are the tickets that it is about.
func TestOtherTickets(t *testing.T) {
	check(t, desk(), []parseCase{
		{"/close 12 13", "close closed of #12 of #13 |  | "},
		{"/close #13, #12, [#12]", "close closed of #12 of #13 |  | "},
		{"/take 7", "take me of #7 |  | "},
		{"/assign bob 12 13", "assign agent bob of #12 of #13 |  | "},
		{"/assign 12", " |  | 1 bad-argument"},
		{"/status on hold 12", "status on-hold of #12 |  | "},
		{"/priority high #12", "priority high of #12 |  | "},
		{"/tier 2", "tier 2 |  | "},
		{"/tier 2 12", "tier 2 of #12 |  | "},
		{"/tag +vpn -old 12 13", "tag +vpn -old of #12 of #13 |  | "},
		{"/tag vpn 2026", "tag +vpn +2026 |  | "},
		{"/tag vpn #12", " |  | 1 bad-argument"},
		{"/tag +vpn #12", "tag +vpn of #12 |  | "},
		{"/snooze 2d #12", "snooze 2026-11-27T10:00 of #12 |  | "},
		{"/close 12 x", " |  | 1 bad-argument"},
		{"/close 12\n/solve 13", "close closed of #12, solve solved of #13 |  | "},
		{"/close 12\n/solve", "close closed of #12, solve solved |  | "},
		{"/close 12 13\n/solve 13", "close closed of #12 of #13, solve solved of #13 |  | 2 contradiction"},
		{"/note 12", "note | (note) 12 | "},
	})
}

// What stands in quotes is one word; full names are names.
func TestQuotedArguments(t *testing.T) {
	o := desk()
	o.FullNames = map[string]string{"bob brown": "bob", "front desk": "frontdesk"}
	check(t, o, []parseCase{
		{"/assign \"Bob Brown\"", "assign agent bob |  | "},
		{"/assign “Front desk” 12", "assign named-team frontdesk of #12 |  | "},
		{"/team 'Front Desk'", "team frontdesk |  | "},
		{"/assign Bob Brown", " |  | 1 bad-argument /assign bob"},
		{"/assign \"bob\"", "assign agent bob |  | "},
		{"/restrict +\"Bob Brown\" -jane", "restrict +bob -jane |  | "},
		{"/restrict +bobb", " |  | 1 bad-argument /restrict +bob"},
		{"/field room=\"2 b\" floor=3", "field room=2 b floor=3 |  | "},
		{"/field Room=second door left", "field room=second door left |  | "},
		{"/field room=", "field room= |  | "},
		{"/field room", " |  | 1 bad-argument"},
		{"/field a=1 a=2", " |  | 1 bad-argument"},
		{"/field room=2 #12", "field room=2 of #12 |  | "},
		{"/time 20m", "time 20m0s |  | "},
		{"/time 1h 30m", "time 1h30m0s |  | "},
		{"/time 1,5h", "time 1h30m0s |  | "},
		{"/time 1:05", "time 1h5m0s |  | "},
		{"/time 45", "time 45m0s |  | "},
		{"/time -20m #12", "time -20m0s of #12 |  | "},
		{"/time", " |  | 1 bad-argument"},
		{"/time 0m", " |  | 1 bad-argument"},
		{"/time soon", " |  | 1 bad-argument"},
	})
}

func TestDoubtsAreTold(t *testing.T) {
	seen := map[Reason]bool{}
	for _, s := range []string{"/xyzzy", "/snooze 2d", "/tier x", "/take /close", "a\n/note", "/close\n/reopen", "/note", "/send\nx", "", "jane doe",
		"/escalate the customer has been waiting for three days and the router\nx", "He, /note, is slow", "Note: he is slow", "> /note", "/re"} {
		o := desk()
		o.Enabled = ofAFewCommands()
		r := Parse(s, o)
		r.Doubts = append(r.Doubts, Hidden(s, "", o)...)
		if len(r.Doubts) == 0 {
			t.Errorf("%q: no doubt", s)
		}
		for _, d := range r.Doubts {
			seen[d.Reason] = true
			if d.String() == string(d.Reason) {
				t.Errorf("%s has no words", d.Reason)
			}
			if s := d.String(); strings.ContainsAny(s, "\n") || !utf8.ValidString(s) {
				t.Errorf("%q", s)
			}
		}
	}
	if len(seen) != 15 {
		t.Errorf("%d reasons were seen: %v", len(seen), seen)
	}
	if got := (Doubt{Text: "/clsoe", Reason: Unknown, Nearest: "/close"}).String(); got != `"/clsoe" looks like a command, but there is no command of that name (did you mean /close?)` {
		t.Error(got)
	}
	if got := Parse("/tag", desk()).Doubts[0].String(); got != `"/tag" cannot be carried out: something is missing behind it, as in /tag +x -y` {
		t.Error(got)
	}
}

// Every command, with every marker and in every dress that clients give it, is read at the top and held below.
func TestEveryCommandInEveryDress(t *testing.T) {
	dresses := []string{"%s", " %s", "\t%s", "\u00a0%s", "\ufeff%s", "\u200b%s", "- %s", "* %s", "• %s", "– %s", "1. %s", "2) %s", "**%s**", "_%s_", "`%s`", "%s ", "%s\u00a0", "%s.", "%s:"}
	example := map[Name]string{
		Assign: " bob", Status: " open", Snooze: " 2d", Priority: " high", Tier: " 2", Team: " network", Tag: " +x", Due: " 2026-12-01", Cc: " +a@b.example", Merge: " 1", Link: " 1",
		Vendor: " acme", Introduce: " acme", Consult: " a@b.example", ApproveBy: " a@b.example", Field: " room=2", Time: " 20m", Restrict: " +bob", Run: " x", Problem: " 88", Template: " x", Article: " x", Reviewed: " x", Ask: " x", Attach: " x", NewTicket: " for a@b.example", Search: " x", Away: " until mon",
	}
	n := 0
	for _, spec := range table {
		for _, name := range append([]string{string(spec.Name)}, spec.Aliases...) {
			for _, marker := range []string{"/", "#", "@", "／", "＃", "＠", "/ ", "#\u00a0"} {
				for _, written := range []string{name, strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:]} {
					for _, dress := range dresses {
						line := fmt.Sprintf(dress, marker+written+example[spec.Name])
						text := line
						if spec.Text == TextNeeded {
							text += "\n\ntext"
						}
						n++
						r := Parse(text, desk())
						if len(r.Commands) != 1 || r.Commands[0].Name != spec.Name || len(r.Doubts) > 0 {
							t.Fatalf("%q: %s", text, tell(r))
						}
						below := Parse("Hello\n"+line, desk())
						if len(below.Commands) != 0 || len(below.Doubts) != 1 || below.Doubts[0].Reason != BelowText {
							t.Fatalf("below the text %q: %s", line, tell(below))
						}
					}
				}
			}
		}
	}
	t.Logf("%d lines", n)
}

// The promise that matters: a command word in the place of a command is never silently part of what a customer reads.
func TestNoCommandIsSilentlyPosted(t *testing.T) {
	markers := []string{"/", "#", "@", "／", "＃", "＠", "//", "/ ", "\\/", "\\", "⁄"}
	before := []string{"", " ", "   ", "\t", "\u00a0", "\u2003", "\u200b", "\ufeff", "\u202a", "\u2066", "\u00ad", "- ", "* ", "+ ", "• ", "– ", "> "[:0], "3. ", "12) ", "**", "*", "_", "`", "~~", "\"", "“", "„", "«", "(", "[", "'"}
	after := []string{"", " ", " the rest", ":", ": the rest", ".", ",", "!", "\u00a0x", "**", "_", "\"", ")", "/x", "(x)", "\tx"}
	ends := []string{"\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f", "\n\n"}
	texts := []string{"Hello Jim", "The door is blue.", "", "> quoted", "-- ", "a /close b", "https://x.example/close", "1. first", "* second"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names()).Draw(t, "name")
		word := name
		switch rapid.IntRange(0, 4).Draw(t, "case") {
		case 1:
			word = strings.ToUpper(word)
		case 2:
			word = strings.ToUpper(word[:1]) + word[1:]
		case 3: // a letter off; then it may not look like a path
			i := rapid.IntRange(0, len(word)-1).Draw(t, "at")
			switch letter := string(rapid.RuneFrom(nil, unicode.Latin).Draw(t, "letter")); rapid.IntRange(0, 2).Draw(t, "slip") {
			case 0:
				word = word[:i] + letter + word[i+1:]
			case 1:
				word = word[:i] + letter + word[i:]
			case 2:
				word = word[:i] + word[i+1:]
			}
		case 4: // swapped
			if len(word) > 2 {
				i := rapid.IntRange(0, len(word)-2).Draw(t, "at")
				word = word[:i] + word[i+1:i+2] + word[i:i+1] + word[i+2:]
			}
		}
		follow := rapid.SampledFrom(after).Draw(t, "after")
		if !strings.EqualFold(word, name) && follow == "/x" {
			follow = " x"
		}
		line := rapid.SampledFrom(before).Draw(t, "before") + rapid.SampledFrom(markers).Draw(t, "marker") + word + follow
		var b strings.Builder
		for range rapid.IntRange(0, 3).Draw(t, "above") {
			b.WriteString(rapid.SampledFrom(texts).Draw(t, "text") + rapid.SampledFrom(ends).Draw(t, "end"))
		}
		b.WriteString(line)
		for range rapid.IntRange(0, 3).Draw(t, "below") {
			b.WriteString(rapid.SampledFrom(ends).Draw(t, "end") + rapid.SampledFrom(texts).Draw(t, "text"))
		}
		o := desk()
		o.HTML = rapid.Bool().Draw(t, "html")
		r := Parse(b.String(), o)
		if len(r.Doubts) == 0 && len(r.Commands) == 0 {
			t.Fatalf("%q would be posted: %q", b.String(), r.Body)
		}
		// What was taken as a command is not in the body; what is in the body is held.
		if len(r.Doubts) == 0 && !r.Note && !r.Has(ForwardAsNew) && strings.Contains(r.Body, strings.TrimSpace(line)) && !strings.Contains(strings.Join(texts, "\n"), strings.TrimSpace(line)) {
			t.Fatalf("%q would be posted with %q", b.String(), line)
		}
	})
}

// Texts without a marker at the start of a line come out as they went in.
func TestPlainTextIsKept(t *testing.T) {
	word := rapid.StringMatching(`[a-zA-Zäöü.,!?]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(1, 8).Draw(t, "lines") {
			lines = append(lines, strings.Join(rapid.SliceOfN(word, 1, 10).Draw(t, "words"), " "))
		}
		text := strings.Join(lines, "\n")
		r := Parse("/tag +x\n"+text, desk())
		if len(r.Doubts) > 0 || r.Body != text && nothingNew(text, desk().Signature) == "" {
			t.Fatalf("%q: %s", text, tell(r))
		}
	})
}

// Invariants of any text at all.
func invariants(t interface{ Fatalf(string, ...any) }, text string, o Options) {
	r := Parse(text, o)
	if len(r.Commands) == 0 && len(r.Doubts) == 0 && r.Body == "" {
		t.Fatalf("%q is neither a text nor a command nor doubtful", text)
	}
	if r.Has(Note) && !r.Note || r.Note && !r.Has(Note) && len(r.Doubts) == 0 { // a misspelt /note is held, as a note
		t.Fatalf("%q: note %v", text, r.Note)
	}
	lines := len(splitLines(text))
	for _, c := range r.Commands {
		if c.Line < 1 || c.Line > lines || c.Raw == "" {
			t.Fatalf("%q: %+v", text, c)
		}
	}
	for _, d := range r.Doubts {
		if d.Line < 0 || d.Line > lines || d.String() == "" {
			t.Fatalf("%q: %+v", text, d)
		}
	}
	if len(r.Doubts) > 0 || r.Has(ForwardAsNew) || r.Note {
		return
	}
	// A body that was not doubted is read as a body again: it holds no command.
	if r.Body == "" {
		return
	}
	for _, line := range splitLines(r.Body) {
		if l, ok := readLine(clean(line)); ok && !isQuoted(clean(line)) && closeTo(l) != "" {
			t.Fatalf("%q would be posted with %q", text, line)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"/note x", "Hello\n/close", "/cc +a@b.example <mailto:a@b.example>", "**/note** x", "\\#close", "/snooze fri 09:00\n\nx", "/\u200bnote", "- /take\n- /close", "@fwd\n/x", "1. #x", "\ufeff", "/tag + -x", "#nte"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, html bool) {
		o := desk()
		o.HTML = html
		invariants(t, s, o)
	})
}

func BenchmarkParse(b *testing.B) {
	text := "/note\n/tag +x\n\n" + strings.Repeat("The quick brown fox jumps over the lazy dog and back again.\n", 200)
	o := desk()
	b.ReportAllocs()
	for b.Loop() {
		Parse(text, o)
	}
}
