package templates

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whatever stands in a template, it is a fault with its place or it is read soon.
func TestTemplatesThatCostTooMuch(t *testing.T) {
	growing := func(n int, line func(int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	start := time.Now()
	for _, c := range []struct{ name, body, want string }{
		{"quotations", strings.Repeat(">", 20000) + " x", "more than 16 levels"},
		{"quotations with blanks", strings.Repeat("> ", 17) + "x", "more than 16 levels"},
		{"sixteen quotations", strings.Repeat("> ", 16) + "x", ""},
		{"lists", strings.Repeat("- ", 20000) + "x", "more than 16 levels"},
		{"numbered lists", strings.Repeat("1. ", 5000) + "x", "more than 16 levels"},
		{"lists and quotations", strings.Repeat("- > ", 5000) + "x", "more than 16 levels"},
		{"lists by their indent", growing(150, func(i int) string { return strings.Repeat("  ", i) + "- a\n" }), "more than 16 levels"},
		{"emphasis", strings.Repeat("*a ", 20000), "more than 600 signs"},
		{"emphasis in emphasis", strings.Repeat("**a _b ", 9000), "more than 600 signs"},
		{"emphasis in lines", strings.Repeat("*a\n", 900), "more than 600 signs"},
		{"strikethrough", strings.Repeat("~~a ", 15000), "more than 600 signs"},
		{"brackets", strings.Repeat("[", 60000), "more than 600 signs"},
		{"links", strings.Repeat("[a](", 16000), "more than 600 signs"},
		{"pictures", strings.Repeat("![", 20000), "more than 600 signs"},
		{"code", growing(300, func(i int) string { return strings.Repeat("`", i+1) + " " }), "more than 600 signs"},
		{"a wide table", "|" + strings.Repeat("a|", 5000) + "\n|" + strings.Repeat("-|", 5000) + "\n", "more than 40 columns"},
		{"definitions", strings.Repeat("[a]: b\n", 9000), ""},
		{"a long file", strings.Repeat("words and words\n", 5000), "more than 64 kB"},
		{"many lines", strings.Repeat("a\n", 5000), "more than 4000 lines"},
		{"conditions", strings.Repeat("{{if .Ticket.Number}}", 3000) + "x" + strings.Repeat("{{end}}", 3000), "more than 64 kB"},
		{"conditions in one another", strings.Repeat("{{if .Ticket.Number}}", 1500) + "x" + strings.Repeat("{{end}}", 1500), ""},
		{"actions", strings.Repeat("{{1}}", 5000), "more than 4000"},
		{"loops", strings.Repeat("{{range $.Suggestions}}", 12) + "x" + strings.Repeat("{{end}}", 12), "more than 2 levels"},
		{"loops without words", strings.Repeat("{{range $.Suggestions}}", 3) + strings.Repeat("{{end}}", 3), "more than 2 levels"},
		{"two loops", "{{range .Suggestions}}{{range $.Suggestions}}{{.Title}}{{end}}{{end}}", ""},
		{"a long loop", "{{range .Suggestions}}" + strings.Repeat("words ", 10000) + "{{end}}", ""},
	} {
		_, faults := Load([]File{{"ack.md", "Subject: x\n\n" + c.body + "\n"}})
		err := faults.Err()
		switch {
		case c.want == "" && c.name != "definitions" && err != nil:
			t.Errorf("%s: %.200s", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "templates/ack.md:")):
			t.Errorf("%s: %.200v", c.name, err)
		}
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("all of it took %s", took)
	}
}

// What a loop makes of many facts is bounded too: then the built-in mail goes, and the fault is told.
func TestALoopThatGrowsWithTheFactsIsBounded(t *testing.T) {
	s := load(t, File{"agent-new.md", "Subject: x\n\n{{template \"marker\" .}}\n\n{{range .History}}{{range $.History}}>{{end}}{{end}} deep\n"})
	f := FullSample()
	f.History = make([]Entry, 100)
	start := time.Now()
	m, err := s.Render(AgentNew, "en", f)
	if err != nil || m.Fault == nil || !strings.Contains(m.Fault.Error(), "levels deep") || !strings.Contains(m.Text, "New ticket") || time.Since(start) > 10*time.Second {
		t.Errorf("%v, %v, %s, %.100s", err, m.Fault, time.Since(start), m.Text)
	}
}

// What people write costs what its length costs, whatever it is.
func TestTextsOfPeopleCostTheirLength(t *testing.T) {
	s := load(t)
	start := time.Now()
	for _, text := range []string{
		strings.Repeat(">", 60000), strings.Repeat("> ", 30000), strings.Repeat("- ", 30000), strings.Repeat("- a\n", 20000), strings.Repeat("*a ", 20000), strings.Repeat("[", 60000),
		strings.Repeat("<div>", 12000), strings.Repeat("https://", 8000), strings.Repeat("https://a.example/((((", 3000), strings.Repeat("\n", 60000), strings.Repeat(" ", 60000), strings.Repeat("a\n> b\n", 10000),
		strings.Repeat("1. a\n\n", 10000), strings.Repeat("12. x\n", 10000), strings.Repeat("{{", 30000), strings.Repeat("a  b", 20000),
	} {
		for _, name := range []Name{Answer, AgentNew, Escalation} {
			f := FullSample()
			f.Body = Block(text)
			if _, err := s.Render(name, "en", f); err != nil {
				t.Error(err)
			}
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

// A table from a spreadsheet has ten thousands of cells, and lays nothing out. Its answer is made while a decision is
// under way, and everybody else's mail waits for that.
func TestALargeTable(t *testing.T) {
	const rows = 10_000
	before := used(t)
	var b strings.Builder
	markupHTML(&b, Cleaned("<table>"+strings.Repeat("<tr><td>a</td><td>b</td></tr>", rows)+"</table><table><tr><td>x<table><tr><td>y</td><td>z</td></tr></table></td></tr></table>"))
	if took := used(t) - before; took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
	if got := strings.Count(b.String(), gridCellStyle); got != 2*rows+2 {
		t.Errorf("%d cells have lines", got)
	}
	if !strings.Contains(b.String(), `<td style="padding:0">x`) {
		t.Error("a cell that holds a table has lines")
	}
}

// used returns the processor time of the process so far: a busy machine does not lengthen it.
func used(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
