package thread

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tierdesk/mailin"
)

func TestBaseSubject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, base string
		reply    bool
	}{
		{"Printer jams", "printer jams", false},
		{"Re: Printer  jams", "printer jams", true},
		{"RE: Fwd: AW: Printer jams", "printer jams", true},
		{"Fwd: Printer jams", "printer jams", false},
		{"WG: Printer jams", "printer jams", false},
		{"Re[2]: Printer jams", "printer jams", true},
		{"Re(3): Printer jams", "printer jams", true},
		{"Re^2: Printer jams", "printer jams", true},
		{"回复：Printer jams", "printer jams", true},
		{"答复: 转发: Printer jams", "printer jams", true},
		{"SV: VS: Printer jams", "printer jams", true},
		{"Antw: Printer jams", "printer jams", true},
		{"RIF: Printer jams", "printer jams", true},
		{"Odp: Printer jams", "printer jams", true},
		{"YNT: Printer jams", "printer jams", true},
		{"Ответ: Printer jams", "printer jams", true},
		{"[#1042] Printer jams", "printer jams", false},
		{"Re: [#1042] Printer jams", "printer jams", true},
		{"[list] Re: Printer jams", "printer jams", true},
		{"Printer jams (fwd)", "printer jams", false},
		{"Printer jams [#1042]", "printer jams", false},
		{"Printer: it jams", "printer: it jams", false},
		{"Report: Re:", "report: re:", false},
		{"RE: EXTERNAL: Printer jams", "printer jams", true},
		{"EXTERNAL: RE: Printer jams", "printer jams", true},
		{"[EXT] Re: Printer jams", "printer jams", true},
		{"(External) AW: Printer jams", "printer jams", true},
		{"***SPAM*** Re: Printer jams", "printer jams", true},
		{"{Spam?} Printer jams", "printer jams", false},
		{"SPAM? Re: Printer jams", "printer jams", true},
		{"*EXTERNAL* Re: [#7] Printer jams", "printer jams", true},
		{"[EXTERNE] Réf : Printer jams", "réf : printer jams", false},
		{"External drive is full", "external drive is full", false},
		{"Spam filter: Printer jams", "spam filter: printer jams", false},
		{"EXTERNAL:", "external:", false},
		{"[urgent]", "[urgent]", false},
		{"Re:", "", true},
		{"", "", false},
	} {
		if got := BaseSubject(c.in); got != c.base {
			t.Errorf("BaseSubject(%q) = %q, want %q", c.in, got, c.base)
		}
		if got := IsReply(c.in); got != c.reply {
			t.Errorf("IsReply(%q) = %v", c.in, got)
		}
	}
}

func TestBaseSubjectIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("aRre:[]#1 回复：fwdAW()\t"))).Draw(t, "subject")
		base := BaseSubject(s)
		if again := BaseSubject(base); again != base && !strings.ContainsAny(base, "[#") {
			t.Fatalf("BaseSubject(%q) = %q, and of that %q", s, base, again)
		}
		if got := BaseSubject("Re: " + s); got != base {
			t.Fatalf("BaseSubject of Re: %q = %q, want %q", s, got, base)
		}
		if !IsReply("Re: " + s) {
			t.Fatal("Re: is a reply")
		}
	})
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]int64{
		"[#1042] Printer":            {1042},
		"Re: [#1042] and [#7]":       {1042, 7},
		"【＃12】 printer":              {12},
		"[# 12 ] printer":            {12},
		"[%231042] Printer":          {1042},
		"[&#35;12] and [&#x23; 7]":   {12, 7},
		"[&num;12] printer":          {12},
		"[%2312":                     nil,
		"100 %23 [12]":               nil,
		"#12 printer":                nil,
		"[#0] printer":               nil,
		"[#99999999999999999999999]": nil,
		"[1042]":                     nil,
	} {
		if got := Numbers(in); !slices.Equal(got, want) {
			t.Errorf("Numbers(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestPointersOf(t *testing.T) {
	t.Parallel()
	m := &mailin.Message{
		MessageID: "me@x.example", Subject: "AW: [#1042] Printer", Recipients: []string{"support+token@desk.example"},
		To: []mailin.Address{{Address: "support@desk.example"}}, ReplyTo: []mailin.Address{{Address: "jane@home.example"}},
		InReplyTo: []string{"b@x.example", "Support@desk.example", "mailto:jane@home.example", "null"}, References: []string{"a@x.example", "b@x.example", "c@x.example", "me@x.example"},
		Report: &mailin.Report{OriginalMessageID: "ours@desk.example"},
		Header: mailin.Header{{Key: "Thread-Index", Value: "AdYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="}},
	}
	p := PointersOf(m)
	if want := []string{"ours@desk.example", "b@x.example", "c@x.example", "a@x.example"}; !slices.Equal(p.Answers, want) {
		t.Errorf("Answers %v, want %v", p.Answers, want)
	}
	if !slices.Equal(p.Numbers, []int64{1042}) || p.Subject != "printer" || !p.Reply || len(p.Exchange) != 44 || p.Recipients[0] != "support+token@desk.example" {
		t.Errorf("%+v", p)
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	mail := func(id, from, subject string, after time.Duration, answers ...string) *mailin.Message {
		return &mailin.Message{MessageID: id, From: []mailin.Address{{Address: from}}, To: []mailin.Address{{Address: "support@desk.example"}}, Subject: subject, Date: day.Add(after), References: answers}
	}
	for _, c := range []struct {
		why   string
		mails []*mailin.Message
		want  string // mails of one conversation have one letter
	}{
		{"References", []*mailin.Message{mail("1", "a@x", "P", 0), mail("2", "b@x", "Other words", 0, "1"), mail("3", "a@x", "P", 0, "1", "2")}, "AAA"},
		{"an ancestor that never came", []*mailin.Message{mail("2", "a@x", "Re: P", 0, "1"), mail("3", "b@x", "Re: P", 0, "1")}, "AA"},
		{"the answer came first", []*mailin.Message{mail("2", "a@x", "Re: P", 0, "1"), mail("1", "b@x", "P", 0)}, "AA"},
		{"a mail that joins two", []*mailin.Message{mail("1", "a@x", "P", 0), mail("2", "b@x", "Q", 0), mail("3", "c@x", "R", 0, "1", "2")}, "AAA"},
		{"the same subject from somebody else", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("2", "b@x", "Help", 0), mail("3", "c@x", "Re: Help", 0)}, "ABC"},
		{"no References, from a participant", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("2", "A@x", "Re: help", time.Hour)}, "AA"},
		{"no References, too late", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("2", "a@x", "Re: Help", 8*24*time.Hour)}, "AB"},
		{"no Re:", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("2", "a@x", "Help", time.Hour)}, "AB"},
		{"it answers something else", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("2", "a@x", "Re: Help", time.Hour, "9")}, "AB"},
		{"the same mail again", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("1", "a@x", "Help", 0)}, "AA"},
		{"a device with one Message-ID for all, and another such device", []*mailin.Message{mail("1", "a@x", "Scan", 0), mail("1", "b@x", "Copy", 0)}, "AB"},
		{"the same mail by a list that writes its own From", []*mailin.Message{mail("1", "a@x", "Help", 0), mail("1", "list@x", "[list] Help", 0)}, "AA"},
		{"an address where a Message-ID should stand", []*mailin.Message{mail("1", "a@x", "Help", 0, "support@desk.example"), mail("2", "b@x", "Other", 0, "support@desk.example"), mail("3", "c@x", "More", 0, "Support@desk.example")}, "ABC"},
		{"words where a Message-ID should stand", []*mailin.Message{mail("1", "a@x", "Help", 0, "null"), mail("2", "b@x", "Other", 0, "null"), mail("3", "c@x", "More", 0, "@")}, "ABC"},
		{"one person's address in unrelated mails", []*mailin.Message{mail("1", "a@x", "Help", 0, "boss@x.example"), mail("2", "a@x", "Other", 0, "mailto:a@x"), mail("3", "a@x", "More", 0, "boss@x.example")}, "ABC"},
		{"one person's address in replies", []*mailin.Message{mail("1", "a@x", "Re: Help", 0, "boss@x.example"), mail("2", "b@x", "Re: Help", 0, "boss@x.example")}, "AB"},
		{"a device's constant reference", []*mailin.Message{mail("1", "a@x", "Down", 0, "1@localhost"), mail("2", "a@x", "Up", 0, "1@localhost")}, "AB"},
		{"an answer to what looks like an address, and that mail", []*mailin.Message{mail("2", "a@x", "Re: P", 0, "first@x.example"), mail("first@x.example", "b@x", "P", 0)}, "AA"},
		{"an ancestor with a program's ID", []*mailin.Message{mail("2", "a@x", "Re: P", 0, "CA+b7x@mail.example"), mail("3", "b@x", "Re: P", 0, "CA+b7x@mail.example")}, "AA"},
		{"a program's constant ancestor", []*mailin.Message{mail("2", "a@x", "Down", 0, "daily7@mon.example"), mail("3", "a@x", "Up", 0, "daily7@mon.example"), mail("4", "a@x", "Down", 0, "daily7@mon.example")}, "ABA"},
		{"a program's constant ancestor, and an answer", []*mailin.Message{mail("2", "a@x", "Down", 0, "daily7@mon.example"), mail("3", "a@x", "Other words", 0, "daily7@mon.example", "2")}, "AA"},
		{"a program's constant ancestor, and replies", []*mailin.Message{mail("2", "a@x", "Down", 0, "daily7@mon.example"), mail("3", "a@x", "Up", 0, "daily7@mon.example"), mail("4", "a@x", "Re: Up", 0, "daily7@mon.example"), mail("5", "a@x", "Re: Down", 0, "daily7@mon.example")}, "ABBA"},
		{"an ancestor that comes later", []*mailin.Message{mail("2", "a@x", "Down", 0, "daily7@mon.example"), mail("daily7@mon.example", "b@x", "Today", 0)}, "AA"},
		{"no Message-ID at all", []*mailin.Message{mail("", "a@x", "Help", 0), mail("", "b@x", "More", 0)}, "AB"},
	} {
		all := NewConversations()
		for _, m := range c.mails {
			all.Add(m)
		}
		letters, got := map[string]byte{}, ""
		for _, n := range all.Names() {
			if _, ok := letters[n]; !ok {
				letters[n] = byte('A' + len(letters))
			}
			got += string(letters[n])
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.why, got, c.want)
		}
	}
}

// All mails of an Outlook conversation share the beginning of their index, whatever is left of the rest.
func TestExchangeIndex(t *testing.T) {
	t.Parallel()
	const whole = "AdZq0wABAgMEBQYHCAkKCwwNDg8QEREiMzQ="
	want := exchangeIndex(whole)
	if want == "" {
		t.Fatal("there is none")
	}
	for _, v := range []string{"AdZq0wABAgMEBQYHCAkKCwwNDg8QEQ==", "AdZq0wABAgMEBQYHCAkKCwwNDg8QEQ", whole[:33], "AdZq0wABAgMEBQYH\r\n CAkKCwwNDg8QEREiMzQ", whole + "!"} {
		if exchangeIndex(v) != want {
			t.Errorf("%q: %q, not %q", v, exchangeIndex(v), want)
		}
	}
	for _, v := range []string{"", "AdZq0w==", whole[:28], "?" + whole} {
		if got := exchangeIndex(v); got != "" {
			t.Errorf("%q: %q", v, got)
		}
	}
}

func FuzzSubject(f *testing.F) {
	f.Add("Re: [#1042] Printer jams")
	f.Add("回复：转发: [x] a")
	f.Fuzz(func(t *testing.T, s string) {
		base := BaseSubject(s)
		if len(base) > 4*len(s)+4 {
			t.Errorf("%q grew to %q", s, base)
		}
		Numbers(s)
		IsReply(s)
		exchangeIndex(s)
	})
}

func ExampleBaseSubject() {
	fmt.Println(BaseSubject("AW: [#1042] Re: Printer jams"))
	// Output: printer jams
}
