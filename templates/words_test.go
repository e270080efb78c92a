package templates

import (
	"strings"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	in := func(name string) *time.Location {
		where, err := time.LoadLocation(name)
		if err != nil {
			t.Skip("no time zones on this machine")
		}
		return where
	}
	berlin := in("Europe/Berlin")
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	soon, far := time.Date(2026, 3, 8, 23, 5, 0, 0, time.UTC), time.Date(2026, 10, 31, 23, 30, 0, 0, time.UTC)
	for lang, want := range map[string][4]string{
		"en":    {"Monday 9 March, 00:05 CET", "Sunday 1 November 2026", "by 00:05 CET on Monday 9 March", "by 01:30 CET tomorrow"},
		"de":    {"Montag, 9. März, 00:05 Uhr MEZ", "Sonntag, 1. November 2026", "bis Montag, 9. März, 00:05 Uhr MEZ", "morgen bis 01:30 Uhr MEZ"},
		"de-AT": {"Montag, 9. März, 00:05 Uhr MEZ", "Sonntag, 1. November 2026", "bis Montag, 9. März, 00:05 Uhr MEZ", "morgen bis 01:30 Uhr MEZ"},
		"fr":    {"lundi 9 mars à 00 h 05 CET", "dimanche 1er novembre 2026", "avant le lundi 9 mars à 00 h 05 CET", "demain avant 01 h 30 CET"},
		"es":    {"lunes 9 de marzo a las 00:05 CET", "domingo 1 de noviembre de 2026", "antes del lunes 9 de marzo a las 00:05 CET", "mañana antes de la 01:30 CET"},
		"it":    {"lunedì 9 marzo, ore 00:05 CET", "domenica 1º novembre 2026", "entro lunedì 9 marzo, ore 00:05 CET", "domani entro le ore 01:30 CET"},
		"nl":    {"maandag 9 maart om 00:05 uur CET", "zondag 1 november 2026", "uiterlijk maandag 9 maart om 00:05 uur CET", "morgen vóór 01:30 uur CET"},
		"sv":    {"2026-03-09 00:05 CET", "2026-11-01", "2026-03-09, 00:05 CET", "+1 d, 01:30 CET"},
		"":      {"2026-03-09 00:05 CET", "2026-11-01", "2026-03-09, 00:05 CET", "+1 d, 01:30 CET"},
	} {
		w := wordsOf(lang)
		got := [4]string{w.date(soon, now, berlin), w.day(far, now, berlin), w.by(soon, now, berlin),
			w.by(time.Date(2026, 3, 3, 0, 30, 0, 0, time.UTC), now, berlin)}
		for i := range got {
			if got := strings.ReplaceAll(got[i], "\u00a0", " "); got != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
	// A zone without a name.
	for name, want := range map[string]string{"America/Sao_Paulo": "Sunday 8 March, 20:05 UTC-3", "Asia/Kathmandu": "Monday 9 March, 04:50 UTC+5:45", "UTC": "Sunday 8 March, 23:05 UTC"} {
		if got := strings.ReplaceAll(wordsOf("en").date(soon, now, in(name)), "\u00a0", " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestLengths(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0:                            {"less than a minute", "weniger als eine Minute"},
		29 * time.Second:             {"less than a minute", "weniger als eine Minute"},
		time.Minute:                  {"1 min", "1 min"},
		59*time.Minute + time.Second: {"59 min", "59 min"},
		2 * time.Hour:                {"2 h", "2 h"},
		150 * time.Minute:            {"2 h 30 min", "2 h 30 min"},
		24 * time.Hour:               {"1 day", "1 Tag"},
		51*time.Hour + time.Minute:   {"2 days 3 h", "2 Tage 3 h"},
	} {
		for i, lang := range []string{"en", "de"} {
			if got := strings.ReplaceAll(wordsOf(lang).length(d), "\u00a0", " "); got != want[i] {
				t.Errorf("%v in %s: %q, want %q", d, lang, got, want[i])
			}
		}
	}
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		clock Clock
		want  string
	}{
		{Clock{Left: 2 * time.Hour}, "2 h left"},
		{Clock{Due: now.Add(time.Hour)}, "1 h left"},
		{Clock{Due: now.Add(-time.Hour)}, "1 h late"},
		{Clock{Left: -40 * time.Minute, Missed: true}, "40 min late"},
		{Clock{Left: time.Hour, Paused: true}, "paused"},
		{Clock{Left: -time.Hour, Paused: true, Missed: true}, "1 h late"},
		{Clock{Due: now.Add(48 * time.Hour), Left: 8 * time.Hour}, "8 h left"},
	} {
		if got := strings.ReplaceAll(wordsOf("en").left(c.clock, now), "\u00a0", " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.clock, got, c.want)
		}
	}
}

// TestProse: what an agent types becomes what he meant.
func TestProse(t *testing.T) {
	short := strings.NewReplacer(` style="`+paragraphStyle+`"`, "", ` style="`+listStyle+`"`, "", ` style="margin:0 0 4px"`, "", quoteOpen, "<q>", quoteShut, "</q>", "\n", "", "\u00a0", "_")
	for in, want := range map[string]string{
		"a\nb\n\nc":                  "<p>a<br>b</p><p>c</p>",
		"Do:\n- a\n- b\n  more\nend": "<p>Do:</p><ul><li>a</li><li>b<br>more</li></ul><p>end</p>",
		"* a\n\n* b":                 "<ul><li>a</li><li>b</li></ul>",
		"1. a\n2) b\n\n3. c":         "<ol><li>a</li><li>b</li><li>c</li></ol>",
		"3. c\n4. d":                 `<ol start="3"><li>c</li><li>d</li></ol>`,
		"we came in\n12. May it is":  "<p>we came in<br>12. May it is</p>",
		"> q\n> r\nanswer":           "<q>q<br>r</q><p>answer</p>",
		">> deep":                    "<q>&gt; deep</q>",
		"see https://a.example/x(1). (https://b.example) or <https://c.example/?a=1&b=2>!": `<p>see <a href="https://a.example/x(1)">https://a.example/x(1)</a>. (<a href="https://b.example">https://b.example</a>) or &lt;<a href="https://c.example/?a=1&amp;b=2">https://c.example/?a=1&amp;b=2</a>&gt;!</p>`,
		"  if x:\n      y  z":                              "<p>_ if x:<br>_ _ _ y_ z</p>",
		"-5 degrees\n*bold* <b>":                           "<p>-5 degrees<br>*bold* &lt;b&gt;</p>",
		"ftp://x.example www.x.example mailto:a@b.example": "<p>ftp://x.example www.x.example mailto:a@b.example</p>",
		"https://a.exa\u200bmple/x":                        "<p>https://a.exa\u200bmple/x</p>",
		// Lines that were broken because they were full flow together; others stay.
		"The switch in room 2.01 had lost its uplink. It is plugged in again, and the\nprinter answers.\nBob": "<p>The switch in room 2.01 had lost its uplink. It is plugged in again, and the printer answers.<br>Bob</p>",
		"Jan  5 09:12:01 host kernel: eth0: link is down and nobody knows why it is so\nJan  5 09:12:02 x":    "<p>Jan_ 5 09:12:01 host kernel: eth0: link is down and nobody knows why it is so<br>Jan_ 5 09:12:02 x</p>",
		"This line is long enough to have been broken by a client, but it was not at\na\nb":                   "<p>This line is long enough to have been broken by a client, but it was not at a<br>b</p>",
		"https://":  "<p>https://</p>",
		"-\n\n- ":   "<p>-</p><p>- </p>",
		"":          "",
		"1. only\n": "<ol><li>only</li></ol>",
	} {
		var b strings.Builder
		proseHTML(&b, in)
		if got := short.Replace(b.String()); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestOnlyCustomersMailForRules(t *testing.T) {
	s := load(t, File{"outage-ack.md", "Subject: x\n\nWe know.\n"})
	for name, want := range map[string]bool{"ack": true, "outage-ack": true, "closing": true, "progress": true, "merged": false, "articles": false, "my-tickets": false, "problem-state": false, "idea-built": false, "answer": false, "agent-new": false, "admin-fault": false, "forwarded": false, "nonsense": false} {
		if got := s.ForRules(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestParseWords(t *testing.T) {
	text, err := wordFiles.ReadFile("lang/en.txt")
	if err != nil {
		t.Fatal(err)
	}
	whole := string(text)
	if _, err := parseWords(whole); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{strings.Replace(whole, "days: Sunday ", "days: ", 1), `"days: Monday Tuesday Wednesday Thursday Friday Saturday" is not understood`},
		{strings.Replace(whole, "paused: paused\n", "", 1), "not all words are there"},
		{strings.Replace(whole, "resolution: Resolution\n", "", 1), "not all words are there"},
		{strings.Replace(whole, "late: %s late", "late:", 1), `"late:" has no value`},
		{whole + "later: then\n", `"later: then" is not understood`},
		{whole + "zones: CET\n", `"zones: CET" is not understood`},
		{whole + "mend: a > b > c\n", `"mend: a > b > c" is not understood`},
	} {
		if _, err := parseWords(c.text); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
