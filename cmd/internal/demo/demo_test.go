package demo

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/logs"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// saturday is a time for the story to end at, so that its dates are the same each time.
func saturday() func() time.Time {
	began, first := time.Now(), time.Date(2026, 11, 21, 15, 30, 0, 0, time.UTC)
	return func() time.Time { return first.Add(time.Since(began)) }
}

var (
	volatile = regexp.MustCompile(`support\+[a-z2-7]{6}…@`)
	took     = regexp.MustCompile(`It took \S+\.`)
	escape   = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// outline is a transcript without what the mails say, which is for the templates' own tests: of each card the way and the subject stay.
func outline(transcript string) string {
	var out strings.Builder
	inside, shown := false, false
	for line := range strings.Lines(took.ReplaceAllString(volatile.ReplaceAllString(transcript, "support+TOKEN…@"), "It took a moment.")) {
		line = strings.TrimRight(line, " │─╮\n")
		switch words := strings.TrimLeft(line, " │"); {
		case strings.HasPrefix(words, "╭"):
			inside, shown = true, true
		case strings.HasPrefix(words, "╰"):
			inside = false
			continue
		case inside && words == "":
			shown = false
		}
		if !inside || shown {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// The whole tour: its outline is golden, its points are there, and it leaves nothing behind.
func TestTour(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Run("on a pipe", func(t *testing.T) {
		var out bytes.Buffer
		if err := run(t.Context(), Options{Out: &out, Exit: true}, faults{now: saturday()}); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Error("there are colours on a pipe")
		}
		points(t, out.String())
		got, file := outline(out.String()), filepath.Join("testdata", "tour.txt")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("the tour goes otherwise than %s (-want +got):\n%s", file, diff)
		}
	})
	t.Run("on a wide terminal", func(t *testing.T) {
		var out bytes.Buffer
		if err := run(t.Context(), Options{Out: &out, Exit: true, Fast: true, Terminal: true, Width: 120}, faults{now: saturday()}); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		if !strings.Contains(out.String(), "\x1b[36m╭─") {
			t.Error("there are no colours on a terminal")
		}
		plain := escape.ReplaceAllString(out.String(), "")
		points(t, plain)
		for line := range strings.Lines(plain) {
			if n := columns(strings.TrimRight(line, "\n")); n > maxWidth {
				t.Errorf("a line is %d wide: %s", n, line)
			}
		}
	})
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v behind (%v)", left, err)
	}
}

// points are what must be in the tour, whatever it looks like.
func points(t *testing.T, tour string) {
	t.Helper()
	for _, line := range []string{
		"ticket #1: opened, priority normal, tier 1 Front desk",
		"[Take it]",
		"Your reply goes to Marc Muster.",
		"ticket #1: closed",
		"ticket #2: opened, priority urgent, tier 2 Technicians",
		"First reply is due soon: 6 min left",
		"First reply: deadline missed",
		"Escalated to tier 3, Experts",
		"ticket #4: kept as an internal note",
		"Did you mean /note?",
		"Was this mail from you?",
		"13:00 UTC tomorrow.",
		"Setting a new password",
		"ticket #7: the customer wrote again, the customer says that it helped",
		"[Yes, I approve] [No, I do not approve]",
		"A router of [customer] ([address], Tel. [telephone]) restarts every",
		"5 tickets of the last 30 min look alike: #10 #11 #12 #13 #14.",
		"tickets #10 #11 #12 #13 #14: part of problem 1, on-hold",
		"- #14: Pia Platt",
		"Guten Tag Nina Nord,",
		"9 of 9",
		"42 mails came to the desk, 107 left it: 34 to customers and others outside, 73",
		"14 tickets, all solved.",
		"what the vendor wrote: “our cost 80”",
		"Ann's note about the customer: “did the same in March”",
	} {
		if !strings.Contains(tour, line) {
			t.Errorf("the tour does not say %q", line)
		}
	}
}

// A mail that does not come, a mail that nobody expected, a desk that decides otherwise: the tour fails and says what is wrong.
func TestTourFailsLoudly(t *testing.T) {
	replace := func(file, old, with string) func(dir string) error {
		return func(dir string) error {
			name := filepath.Join(dir, file)
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if !bytes.Contains(content, []byte(old)) {
				return errors.New(old + " is not in " + file)
			}
			return os.WriteFile(name, bytes.ReplaceAll(content, []byte(old), []byte(with)), 0o600)
		}
	}
	lose := func(to person, words string) func(mailserver.Envelope) bool {
		return func(e mailserver.Envelope) bool { return at(e.To[0], to) && bytes.Contains(e.Raw, []byte(words)) }
	}
	cases := []struct {
		name   string
		broken faults
		want   string
	}{
		{"an acknowledgement is lost", faults{lose: lose(marc, "Subject: Re: [#1]")}, "chapter 1, A question is answered: Marc Muster (marc@customer.example) did not get the acknowledgement"},
		{"one of two copies is lost", faults{lose: lose(ben, "")}, "Ben Brown (ben@staff.example) did not get the notice of the new ticket"},
		{"the customer's mail is lost", faults{lose: lose(desk, "Subject: Outage")}, "the desk made no decision about the mail of Jane Doe"},
		{"the escalation is lost", faults{lose: lose(eve, "")}, "Eve Early (eve@staff.example) did not get the escalation"},
		{"the question to the agent is lost", faults{lose: lose(ann, "X-Tierdesk-Event: confirm")}, "did not get the question whether the mail was hers"},
		{"no rule for outages", faults{edit: replace("rules/10-routing.yaml", "priority: urgent, tier: 2", "priority: urgent, tier: 3")}, "Tess Tall (tess@staff.example) did not get the notice of the outage"},
		{"no escalation", faults{edit: replace("service.yaml", "resolution missed, tier: up", "resolution missed, notify: [team]")}, "did not get the escalation"},
		{"the lead hears too early", faults{edit: replace("service.yaml", "notify: [assignee, team]", "notify: [assignee, team, lead]")}, "Lea Long"},
		{"the article is not offered", faults{edit: replace("kb/password.md", "password", "lamp")}, "did not get the acknowledgement with the article"},
		{"nobody has to approve", faults{edit: replace("forms/access.yaml", "approval: {address: oda@gold.example, remind: 1d}", "")}, "Ann Able (ann@staff.example) did not get the completed form"},
		{"a vendor that may know everything", faults{edit: replace("people.yaml", "contract: C-4711", "contract: C-4711, trusted: true")}, "Rita Router (rita@routers.example) did not get Ann's request"},
		{"one of five customers reads nothing", faults{lose: lose(pia, "works again")}, "Pia Platt (pia@south.example) did not get the published text"},
		{"urgent waits for the morning", faults{edit: replace("service.yaml", ", calendar: always", "")}, "did not get the warning"},
		{"an admin who hears of everything", faults{edit: replace("rules/10-routing.yaml", "      - set: {priority: low}", "      - notify: [admin]\n    then: stop\n\n  - name: all\n    on: [opened]\n    do:\n      - notify: [admin]")}, "Ida Tell (it@acme.example) got a mail that nobody expected"},
	}
	// They mostly wait, so all of them wait at once.
	errs, outs := make([]error, len(cases)), make([]bytes.Buffer, len(cases))
	var all sync.WaitGroup
	for i, c := range cases {
		c.broken.calm, c.broken.now = time.Second, time.Now
		all.Go(func() { errs[i] = run(t.Context(), Options{Out: &outs[i], Exit: true}, c.broken) })
	}
	all.Wait()
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if errs[i] == nil {
				t.Fatalf("the tour came to its end:\n%s", outs[i].String())
			}
			if !strings.Contains(errs[i].Error(), c.want) {
				t.Errorf("the tour failed with %q\nwhere it should say %q", errs[i], c.want)
			}
			if !strings.Contains(outs[i].String(), "✗") {
				t.Error("who watches does not see that it failed")
			}
		})
	}
}

// After the tour the desk is there for whoever writes, and the folder can be edited; it ends cleanly.
func TestStay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &logs.Buffer{}
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, Options{Out: out, Dir: dir, IMAP: "127.0.0.1:0", SMTP: "127.0.0.1:0"})
	}()
	wait := func(words string) string {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if s := out.String(); strings.Contains(s, words) {
				return s
			}
			if time.Now().After(end) {
				t.Fatalf("%q is not shown:\n%s", words, out.String())
			}
		}
	}
	shown := wait("Ctrl-C ends the demo")
	for _, words := range []string{"marc@customer.example", "lea@staff.example", dir + "/rules/10-routing.yaml", "ticket list -C " + dir, "password: demo"} {
		if !strings.Contains(shown, words) {
			t.Errorf("the invitation does not name %q", words)
		}
	}
	server := regexp.MustCompile(`smtp://(\S+)`).FindStringSubmatch(shown)[1]

	if err := post(server, "new@elsewhere.example", desk.address, []byte("From: new@elsewhere.example\r\nSubject: First\r\n\r\nfirst words\r\n")); err != nil {
		t.Fatal(err)
	}
	wait("ticket #15: opened, priority normal")
	if err := os.WriteFile(filepath.Join(dir, "rules", "10-routing.yaml"), []byte("rules:\n  - {name: all is urgent, on: [opened], do: [{set: {priority: urgent}}]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wait("in force")
	if err := post(server, "jane@gold.example", desk.address, []byte("From: Jane <jane@gold.example>\r\nSubject: Second\r\n\r\nsecond words\r\n")); err != nil {
		t.Fatal(err)
	}
	wait("ticket #16: opened, priority urgent")
	wait("Re: [#16] Second")

	stop()
	if err := <-ended; err != nil {
		t.Errorf("the demo ended with %v", err)
	}
	if !strings.Contains(out.String(), "The demo ends; the desk folder stays.") {
		t.Error("it does not say that it ends")
	}
	if _, err := os.Stat(filepath.Join(dir, "desk.db")); err != nil {
		t.Error(err)
	}
	if err := Run(t.Context(), Options{Out: out, Dir: dir, Exit: true}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a folder with something in it is taken: %v", err)
	}
}

// Stopped in the middle, the demo says so and leaves nothing behind.
func TestStopped(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, exit := range []bool{true, false} {
		ctx, stop := context.WithCancel(t.Context())
		out := &stopping{stop: stop}
		if err := Run(ctx, Options{Out: out, Exit: exit, IMAP: "127.0.0.1:0", SMTP: "127.0.0.1:0"}); exit && !errors.Is(err, context.Canceled) || !exit && err != nil {
			t.Errorf("exit %v: it ended with %v", exit, err)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v behind (%v)", left, err)
	}
}

// Every line of a card is as wide as the screen, and nothing in a mail can move the cursor.
func TestCardsKeepTheirFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var out bytes.Buffer
		width := rapid.IntRange(40, 130).Draw(t, "width")
		s := newScreen(t.Context(), Options{Out: &out, Width: width})
		words := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{strings.Repeat("漢字の長い件名が続く", 9), "word " + strings.Repeat("long", 40) + " word", "\x1b[2J\x1b]0;title\x07", "a\tb\x00c\u009b31m", strings.Repeat("x", 300), "mailto:x", ">", "-- "}))
		c := card{at: time.Unix(0, 0), from: words.Draw(t, "from"), to: []string{words.Draw(t, "to")}, subject: words.Draw(t, "subject"),
			text: strings.Join(rapid.SliceOfN(words, 0, 30).Draw(t, "text"), "\n"), way: way(rapid.IntRange(0, 2).Draw(t, "way")), brief: rapid.Bool().Draw(t, "brief")}
		s.card(c)
		for line := range strings.SplitSeq(strings.Trim(out.String(), "\n"), "\n") {
			if got := columns(line); got != min(width, maxWidth) {
				t.Errorf("a line is %d wide, not %d: %q", got, min(width, maxWidth), line)
			}
			if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }); i >= 0 {
				t.Errorf("a control character came through: %q", line)
			}
		}
	})
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		name, text string
		brief      bool
		want       []string
		more       bool
	}{
		{"of the headline with the marker only what happened stays", "## New ticket from Jane · Write your reply above this line ## tierdesk ##\n\nHello", false, []string{"New ticket from Jane", "", "Hello"}, false},
		{"a marker goes", "## Write your reply above this line ## tierdesk ##\n\nNew ticket\n\n\nHello", false, []string{"New ticket", "", "Hello"}, false},
		{"wrapped lines flow", "thank you for writing. We have your mail and are looking at it; its ticket\nis #1 (Printer).\nBye", false,
			[]string{"thank you for writing. We have your mail and are looking at it; its", "ticket is #1 (Printer).", "Bye"}, false},
		{"buttons", "Take it: mailto:x+1@y?subject=a\nClose it: mailto:x+2@y?subject=b\nEnd", false, []string{"[Take it] [Close it]", "End"}, false},
		{"brief", "Escalated\n\nTier         2 Technicians\nAssigned to  nobody\n\nTake it: mailto:x+1@y\n\nYour reply goes to Jane.", true, []string{"Escalated"}, false},
		{"quotations stay", "Jane wrote:\n> It is down.", true, []string{"Jane wrote:", "> It is down."}, false},
		{"long ones are cut", strings.Repeat("x\n", 40), true, slices.Repeat([]string{"x"}, 18), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines, more := excerpt(c.text, 70, c.brief)
			if diff := cmp.Diff(c.want, lines); diff != "" || more != c.more {
				t.Errorf("more %v, (-want +got):\n%s", more, diff)
			}
		})
	}
}

// What is told of several tickets at once is one line; what differs, or stands apart, is not.
func TestJoined(t *testing.T) {
	got := joined([]string{"held", "ticket #9: on-hold", "ticket #10: on-hold", "ticket #11: on-hold", "ticket #12: solved", "ticket #9: on-hold", "ticket", "ticket"})
	want := []string{"held", "tickets #9 #10 #11: on-hold", "ticket #12: solved", "ticket #9: on-hold", "ticket", "ticket"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// stopping ends the demo when the second chapter begins.
type stopping struct{ stop func() }

func (s *stopping) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "2 of 9") {
		s.stop()
	}
	return len(p), nil
}

// Whenever the demo is started, the story begins on a Monday at nine, and has enough days before it is now.
func TestTheStoryHasItsDays(t *testing.T) {
	for hour := range 24 * 15 {
		now := time.Date(2027, 2, 20, hour, 59, 0, 0, time.FixedZone("", 3*3600))
		c := newClock(func() time.Time { return now })
		if begin := c.now(); begin.Weekday() != time.Monday || begin.Hour() != 9 || begin.Minute() != 0 || c.left() < 20*24*time.Hour || c.left() > 28*24*time.Hour {
			t.Errorf("at %v the story begins at %v", now, begin)
		}
	}
}
