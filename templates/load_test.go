package templates

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"tierdesk/rules/fault"
)

func TestEveryBuiltinIsThere(t *testing.T) {
	s := load(t)
	want := []string{"de", "en", "es", "fr", "it", "nl"}
	for name := range audiences {
		langs := s.Languages(string(name))
		if !slices.Equal(langs, want) {
			t.Errorf("%s is there in %v, want %v", name, langs, want)
		}
	}
	if got := len(s.Names()); got != len(audiences) {
		t.Errorf("%d built-in names, %d audiences: a file without a constant is never sent, one without an audience is taken for a customer's", got, len(audiences))
	}
}

// A desk tries only what is its admin's when it starts.
func TestEveryBuiltinRendersFromEachSample(t *testing.T) {
	s := load(t)
	var faults fault.List
	tried := 0
	s.try(func(*mail) bool { tried++; return true }, &faults)
	if len(faults) > 0 {
		t.Error(faults)
	}
	if tried < 2*len(audiences) {
		t.Errorf("only %d mails were tried", tried)
	}
}

// TestFaults returns own files and the faults that they must have, each with its place.
func TestFaults(t *testing.T) {
	head := "Subject: hello\n\n"
	for _, c := range []struct {
		name string
		file File
		want []string // each the beginning of a fault, in order
	}{
		{"no subject", File{"ack.md", "Hello\n"}, []string{`templates/ack.md:1: does not begin with a subject`}},
		{"subject not apart", File{"ack.md", "Subject: x\nHello\n"}, []string{`templates/ack.md:2: the line below the subject must be empty`}},
		{"empty subject from few facts", File{"ack.md", "Subject: {{.Ticket.Subject}}\n\nhi\n"}, []string{`templates/ack.md:1: makes an empty subject`}},
		{"unknown fact", File{"ack.de.md", head + "a\n{{.Tiket.Number}}\n"}, []string{`templates/ack.de.md:4:3: there is no fact ".Tiket" (did you mean "Ticket"?)`}},
		{"unknown part", File{"ack.md", head + "a {{.Ticket.Nummer}}\n"}, []string{`templates/ack.md:3:5: there is no fact ".Ticket.Nummer" (did you mean "Number"?)`}},
		{"unknown fact in the subject", File{"ack.md", "Subject: {{.Tiket.Number}} x\n\nhi\n"}, []string{`templates/ack.md:1:12: there is no fact ".Tiket"`}},
		{"in a branch that no sample takes", File{"ack.md", head + "{{if eq .Ticket.Status \"never\"}}{{range .Suggestions}}{{.Titel}}{{end}}{{end}}"}, []string{`templates/ack.md:3:57: there is no fact ".Titel" (did you mean "Title"?)`}},
		{"unknown function", File{"ack.md", head + "{{datte .Ticket.Opened}}"}, []string{`templates/ack.md:3:3: there is no function "datte" (did you mean "date"?)`}},
		{"a forbidden function", File{"ack.md", head + "{{html .Ticket.Subject}}"}, []string{`templates/ack.md:3:3: there is no function "html"`}},
		{"own function's inside", File{"ack.md", head + "{{_out .Ticket.Subject}}"}, []string{`templates/ack.md:3:3: there is no function "_out"`}},
		{"wrong kind", File{"ack.md", head + "{{date .Ticket.Subject}}"}, []string{`templates/ack.md:3:3: "date" takes a time, not a text`}},
		{"wrong number", File{"ack.md", head + "{{date}}"}, []string{`templates/ack.md:3:3: "date" takes 1 values, not 0`}},
		{"a list is no text", File{"ack.md", head + "{{.Suggestions}}"}, []string{`templates/ack.md:3:3: {{.Suggestions}} is a list, not a text (use {{range}}`}},
		{"a thing is no text", File{"ack.md", head + "{{.Customer}}"}, []string{`templates/ack.md:3:3: {{.Customer}} is a thing with parts, not a text (name one of its parts: Name`}},
		{"a time is always there", File{"ack.md", head + "{{if .Closes}}x{{end}}"}, []string{`templates/ack.md:3:6: {{if .Closes}} is always true ({{if known .Closes}})`}},
		{"body in an acknowledgement", File{"ack.md", head + "{{.Body}}"}, []string{`templates/ack.md:3:3: ".Body" is not for mails to customers`}},
		{"notes for customers", File{"answer.md", head + "{{range .History}}{{.Text}}{{end}}{{.Body}}"}, []string{`templates/answer.md:3:9: ".History" is not for mails to customers`}},
		{"own names are for customers", File{"outage-ack.md", head + "{{range .SOPs}}{{.Title}}{{end}}"}, []string{`templates/outage-ack.md:3:9: ".SOPs" is not for mails to customers`}},
		{"living links in a notice", File{"agent-new.md", head + "{{template \"marker\" .}}\n\n{{prose .Body}}"}, []string{`templates/agent-new.md:5:3: "prose" makes links work`}},
		{"notice without marker", File{"agent-new.md", head + "{{.Body}}"}, []string{`templates/agent-new.md: lacks the marker line`}},
		{"unknown partial", File{"ack.md", head + "{{template \"foter\" .}}"}, []string{`templates/ack.md:3:12: there is no partial "foter" (did you mean "footer"?)`}},
		{"partial of customers with inside facts", File{"_footer.md", "{{range .SOPs}}{{.Title}}{{end}}"}, []string{`templates/_footer.md:1:9: ".SOPs" is not for mails to customers`}},
		{"partial that fails in built-in mails", File{"_footer.md", "--\n{{(index .Suggestions 5).Title}}\n"}, []string{`templates/_footer.md:2: fails with`}},
		{"partial that takes itself in", File{"_footer.md", "{{template \"footer\" .}}"}, []string{`templates/_footer.md:1:12: the partial "footer" takes itself in`}},
		{"broken action", File{"ack.md", head + "a\n\n{{if .Ticket}}"}, []string{`templates/ack.md:5: {{if .Ticket}} has no {{end}} (an {{end}} is missing, for this or for something within it)`}},
		{"several without an end", File{"ack.md", head + "a\n\n{{if .Ticket}}\nx\n{{else if .Reader}}{{with .Ticket}}{{.}}{{end}}\n{{range .Mails}}\nb\n"},
			[]string{`templates/ack.md:5: {{if .Ticket}} has no {{end}}`, `templates/ack.md:8: {{range .Mails}} has no {{end}}`}},
		{"define", File{"ack.md", head + "{{define \"x\"}}y{{end}}"}, []string{`templates/ack.md:1: {{define}} and {{block}} are not for mails`}},
		{"HTML", File{"ack.md", head + "a <b>bold</b> word\n"}, []string{`templates/ack.md:3:3: HTML is not for mails: "<b>"`, `templates/ack.md:3:10: HTML is not for mails: "</b>"`}},
		{"block of HTML", File{"ack.md", head + "<div>\nx\n</div>\n"}, []string{`templates/ack.md:3:1: HTML is not for mails`}},
		{"picture", File{"ack.md", head + "![logo](https://x.example/l.png)\n"}, []string{`templates/ack.md:3:9: a mail has no pictures from elsewhere`}},
		{"script as a link", File{"ack.md", head + "[x](javascript:alert(1))\n"}, []string{`templates/ack.md:3:5: a link cannot lead to "javascript:alert(1)"`}},
		{"a text as destination", File{"ack.md", head + "[x]({{.Ticket.Subject}})\n"}, []string{`templates/ack.md:3:3: a text from outside cannot be the destination`}},
		{"a text as host", File{"ack.md", head + "[x](https://{{.Ticket.Subject}}/)\n"}, []string{`templates/ack.md: a link cannot lead to "https://`}},
		{"big letters", File{"Ack.md", head}, []string{`templates/Ack.md: "Ack.md" is no name of a template (did you mean "ack.md"?)`}},
		{"not Markdown", File{"ack.txt", head}, []string{`templates/ack.txt: "ack.txt" is no name of a template (NAME.md or NAME.de.md`}},
		{"a letter off", File{"agent-nwe.md", head + "x"}, []string{`templates/agent-nwe.md: there is no built-in mail "agent-nwe": did you mean "agent-new"?`}},
		{"reserved letters", File{"ack.md", head + "x xTDqt0000x"}, []string{`templates/ack.md:3:3: the letters "xTDq" are reserved`}},
		{"all at once", File{"ack.md", head + "{{.A}}\n{{.B}}\n{{frob}}"}, []string{`templates/ack.md:3:3: there is no fact ".A"`, `templates/ack.md:4:3: there is no fact ".B"`, `templates/ack.md:5:3: there is no function "frob"`}},
		{"a loop over a number", File{"ack.md", head + "{{range 1000000000}}x{{end}}"}, []string{`templates/ack.md:3:9: {{range 1000000000}}: a number is no list`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, faults := Load([]File{c.file})
			if s != nil || len(faults) != len(c.want) {
				t.Fatalf("got %d faults, want %d:\n%v", len(faults), len(c.want), faults)
			}
			for i, want := range c.want {
				if got := faults[i].Error(); !strings.HasPrefix(got, want) {
					t.Errorf("fault %d\n got %s\nwant %s", i, got, want)
				}
			}
		})
	}
}

func TestOwnFilesOnTop(t *testing.T) {
	body := func(s *Set, name Name, lang, desk string) string {
		t.Helper()
		f := &Facts{Desk: Desk{Language: desk}, Ticket: Ticket{Number: 7}}
		m, err := s.Render(name, lang, f)
		if err != nil || m.Fault != nil {
			t.Fatal(err, m.Fault)
		}
		first, _, _ := strings.Cut(m.Text, "\n")
		return first
	}
	one := load(t, File{"ack.de.md", "Subject: x\r\n\r\nMoin\r\n"}, File{"ack.pt-br.md", "Subject: x\n\nOi\n"}, File{"outage-ack.md", "Subject: x\n\nWe know.\n"})
	for _, c := range []struct{ name, lang, desk, want string }{
		{"ack", "de", "", "Moin"},
		{"ack", "de-AT", "", "Moin"},
		{"ack", "DE", "", "Moin"},
		{"ack", "pt-BR", "", "Oi"},
		{"ack", "pt", "", "Hello,"},
		{"ack", "sv", "de", "Moin"},
		{"ack", "", "fr", "Bonjour,"},
		{"ack", "", "", "Hello,"},
		{"ack", "en", "de", "Hello,"},
		{"outage-ack", "de", "de", "We know."},
	} {
		if got := body(one, Name(c.name), c.lang, c.desk); got != c.want {
			t.Errorf("%s for %q at a desk in %q: %q, want %q", c.name, c.lang, c.desk, got, c.want)
		}
	}
	all := load(t, File{"ack.md", "Subject: x\n\nServus\n"}, File{"ack.en.md", "Subject: x\n\nHi\n"})
	for lang, want := range map[string]string{"de": "Servus", "fr": "Servus", "en": "Hi", "": "Servus"} {
		if got := body(all, "ack", lang, ""); got != want {
			t.Errorf("own ack.md for %q: %q, want %q", lang, got, want)
		}
	}
	foot := load(t, File{"_footer.de.md", "---\n\nAcme, {{.Ticket.Number}}\n"})
	m, err := foot.Render("ack", "de", &Facts{Ticket: Ticket{Number: 7}})
	if err != nil || !strings.HasSuffix(m.Text, "-- \nAcme, 7\n") {
		t.Errorf("own footer: %q, %v", m.Text, err)
	}
	if file, text, ok := one.Source("ack", "de"); !ok || file != "ack.de.md" || !strings.Contains(text, "Moin") {
		t.Errorf("source: %q %q %v", file, text, ok)
	}
	if _, err := one.Render("nonsense", "en", &Facts{}); err == nil {
		t.Error("an unknown name is no error")
	}
	if one.Has("nonsense") || !one.Has("outage-ack") || !one.Has("ack") {
		t.Error("Has is wrong")
	}
}

// TestOwnFailsAtRun returns an own template facts that no sample has: the built-in one goes out, and the fault is told.
func TestOwnFailsAtRun(t *testing.T) {
	s := load(t, File{"ack.md", "Subject: x\n\n{{if eq .Ticket.Number 99}}{{(index .Suggestions 5).Title}}{{end}}Moin\n"})
	m, err := s.Render(Acknowledgement, "en", &Facts{Ticket: Ticket{Number: 99}})
	if err != nil {
		t.Fatal(err)
	}
	if m.Fault == nil || !strings.Contains(m.Fault.Error(), "templates/ack.md") || !strings.HasPrefix(m.Text, "Hello,") {
		t.Errorf("fault %v, text %q", m.Fault, m.Text)
	}
}

func TestRenderAtOnce(t *testing.T) {
	s := load(t)
	want, err := s.Render(AgentNew, "en", FullSample())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				if i%2 == 0 {
					if m, err := s.Render(AgentNew, "en", FullSample()); err != nil || m != want {
						t.Error("another mail", err)
					}
				} else if _, err := s.Render(Acknowledgement, "de", &Facts{Ticket: Ticket{Number: int64(i)}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(s.cache.docs); n > 10_000 {
		t.Error(n)
	}
}

// TestCacheHoldsNoValues: a thousand different tickets make one structure.
func TestCacheHoldsNoValues(t *testing.T) {
	s := load(t)
	render := func(i int) {
		if _, err := s.Render(Acknowledgement, "en", &Facts{Ticket: Ticket{Number: int64(i), Subject: "subject " + strings.Repeat("x", i%50)}, Customer: Person{Name: "n" + strings.Repeat("y", i%7)}}); err != nil {
			t.Fatal(err)
		}
	}
	render(1)
	before := len(s.cache.docs)
	for i := range 1000 {
		render(i)
	}
	if after := len(s.cache.docs); after != before {
		t.Errorf("%d structures became %d", before, after)
	}
}

func BenchmarkAcknowledgement(b *testing.B) {
	s := load(b)
	f := FullSample()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Render(Acknowledgement, "de", f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNotice(b *testing.B) {
	s := load(b)
	f := FullSample()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Render(AgentNew, "en", f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

// The first line says what happened, in the text and in the page; the marker stands behind it, and all of it is one line.
func TestNoticesBeginWithWhatHappened(t *testing.T) {
	s := load(t)
	for _, name := range s.Names() {
		if a := audiences[Name(name)]; a != toAgent {
			continue
		}
		for _, lang := range s.Languages(name) {
			m, err := s.Render(Name(name), lang, FullSample())
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(m.Text, "\n")
			news, marker, ok := strings.Cut(strings.TrimPrefix(first, "## "), " · ")
			if !ok || len(news) < 8 || !strings.HasSuffix(marker, Marker) {
				t.Errorf("%s in %s begins with %q", name, lang, first)
			}
			_, body, _ := strings.Cut(m.HTML, "<body")
			if at := strings.Index(body, "<h2"); at < 0 || !strings.HasPrefix(strings.TrimSpace(body[strings.Index(body, "\n"):]), "<h2") && strings.Contains(body[:at], "<p") {
				t.Errorf("%s in %s: the page does not begin with its headline", name, lang)
			}
			line, _, _ := strings.Cut(body[strings.Index(body, "<h2"):], "</h2>")
			if !strings.Contains(line, "tierdesk ##") {
				t.Errorf("%s in %s: the marker stands apart from the headline", name, lang)
			}
		}
	}
}

// What people wrote stands in a blockquote, so that it can be answered between the lines, never in a cell.
func TestWordsOfPeopleStandInABlockquote(t *testing.T) {
	s := load(t)
	f := FullSample()
	f.Body = "words of the customer"
	for _, name := range []Name{AgentNew, AgentReply, Escalation, Assigned, Reopened, Held} {
		m := mustRender(t, s, string(name), f)
		before, _, ok := strings.Cut(m.HTML, "words of the customer")
		if !ok || strings.LastIndex(before, "<blockquote") < strings.LastIndex(before, "<td") || strings.LastIndex(before, "<blockquote") < strings.LastIndex(before, "</blockquote") {
			t.Errorf("%s: %s", name, before[max(0, len(before)-200):])
		}
	}
}

// An inbox's own files lie on top of all others, for the mails that leave from it.
func TestFilesOfAnInbox(t *testing.T) {
	mail := func(words string) string { return "Subject: x\n\n" + words + "\n\n{{template \"footer\" .}}\n" }
	s := load(t, File{"ack.de.md", mail("Moin")}, File{"closing.md", mail("Closed")}, File{"outage-ack.md", mail("We know")},
		File{"beta/ack.de.md", mail("Servus")}, File{"beta/solved.md", mail("Done")}, File{"beta/closing.nl.md", mail("Gesloten")},
		File{"beta/outage-ack.fr.md", mail("Nous savons")}, File{"beta/_footer.md", "---\n\nBeta\n"}, File{"beta/_footer.de.md", "---\n\nBeta auf Deutsch\n"},
		File{"Gamma.de/_signature.md", "---\n\n{{template \"sign\" .}}\n"}, File{"Gamma.de/_sign.md", "Gamma\n"}, File{"delta/_footer.de.md", "---\n\nDelta\n"})
	for _, c := range []struct {
		inbox      string
		name       Name
		lang, desk string
		begins     string
		ends       string
	}{
		{"alpha", "ack", "de", "", "Moin", "Acme · Ticket #7"},
		{"beta", "ack", "de", "", "Servus", "Beta auf Deutsch"},
		{"beta", "ack", "de-AT", "", "Servus", "Beta auf Deutsch"},
		{"beta", "ack", "fr", "", "Bonjour,", "Beta"},
		{"beta", "ack", "sv", "de", "Servus", "Beta auf Deutsch"},
		{"beta", "ack", "sv", "", "Hello,", "Beta"},
		{"alpha", "solved", "de", "", "Guten Tag,", "Acme · Ticket #7"},
		{"beta", "solved", "de", "", "Done", "Beta"},
		{"beta", "closing", "nl", "", "Gesloten", "Beta"},
		{"beta", "closing", "de", "", "Closed", "Beta"},
		{"alpha", "closing", "nl", "", "Closed", "Acme · ticket #7"},
		{"beta", "outage-ack", "fr", "", "Nous savons", "Beta"},
		{"beta", "outage-ack", "it", "", "We know", "Beta"},
		{"beta", "answer", "fr", "", "Words", "Acme · ticket #7"},
		{"Gamma.de", "answer", "fr", "", "Words", "Gamma"},
		{"Gamma.de", "ack", "fr", "", "Bonjour,", "Acme · ticket #7"},
		{"delta", "ack", "de", "", "Moin", "Delta"},
		{"delta", "ack", "it", "", "Buongiorno,", "Acme · ticket #7"},
		{"", "ack", "de", "", "Moin", "Acme · Ticket #7"},
	} {
		m, err := s.For(c.inbox).Render(c.name, c.lang, &Facts{Desk: Desk{Name: "Acme", Language: c.desk}, Ticket: Ticket{Number: 7}, Body: "Words"})
		if err != nil || m.Fault != nil {
			t.Fatal(err, m.Fault)
		}
		if !strings.HasPrefix(m.Text, c.begins) || !strings.HasSuffix(strings.TrimSpace(m.Text), "-- \n"+c.ends) {
			t.Errorf("%s of %q for %q at a desk in %q: want %q and %q, got\n%s", c.name, c.inbox, c.lang, c.desk, c.begins, c.ends, m.Text)
		}
	}
	if file, _, ok := s.For("beta").Source("_footer", "de"); !ok || file != "beta/_footer.de.md" {
		t.Errorf("the piece of the inbox is %q", file)
	}
	if file, _, ok := s.Source("_footer", "de"); !ok || file != "_footer.de.md" {
		t.Errorf("the piece of all is %q", file)
	}
}

// What would have no effect in the folder of an inbox is a fault, as is what fails.
func TestFilesOfAnInboxAtFault(t *testing.T) {
	head := "Subject: hello\n\n"
	for _, c := range []struct {
		file File
		want string
	}{
		{File{"beta/acknowledge.md", head}, `templates/beta/acknowledge.md:1: an inbox has no mail "acknowledge" of its own`},
		{File{"beta/solvd.md", head}, `templates/beta/solvd.md: there is no built-in mail "solvd": did you mean "solved"?`},
		{File{"beta/agent-new.md", head + "{{marker \"x\"}}"}, `templates/beta/agent-new.md:1: an inbox has no mail "agent-new" of its own (it is the same for every inbox: name it templates/agent-new.md)`},
		{File{"beta/admin-alarm.de.md", head + "x"}, `templates/beta/admin-alarm.de.md:1: an inbox has no mail "admin-alarm" of its own`},
		{File{"beta/_foter.md", "x"}, `templates/beta/_foter.md:1: no mail to those outside takes in the piece "foter" (did you mean "footer"?)`},
		{File{"beta/_marker.md", "x"}, `templates/beta/_marker.md:1: no mail to those outside takes in the piece "marker"`},
		{File{"beta/Ack.md", head}, `templates/beta/Ack.md: "Ack.md" is no name of a template (did you mean "ack.md"?)`},
		{File{"beta/ack.md", head + "{{.Tiket}}"}, `templates/beta/ack.md:3:3: there is no fact ".Tiket"`},
		{File{"beta/_footer.de.md", "{{(index .Suggestions 5).Title}}"}, `templates/beta/_footer.de.md:1: fails with`},
		{File{"beta/_signature.md", "{{range .History}}x{{end}}"}, `templates/beta/_signature.md:1:9: ".History" is not for mails to customers`},
	} {
		if _, faults := Load([]File{c.file}); len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.file.Name, faults, c.want)
		}
	}
}
