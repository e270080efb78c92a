package templates

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// hostile are things that people put into subjects, names and bodies.
var hostile = []string{
	"x\r\nBcc: victim@else.example\r\n\r\n<b>body</b>",
	"=?utf-8?q?x=0d=0aBcc:_a@b.example?=\nFrom: admin@desk.example",
	"<script>alert(1)</script><img src=https://spy.example/x.png onerror=alert(1)>",
	`"><a href="https://evil.example">click</a><!-- `, `' onmouseover='alert(1)`, "</td></tr></table></div></body></html><h1>new page</h1>",
	"&lt;b&gt; &#60;script&#62; &amp;amp;", "<style>body{display:none}</style>", "<!--[if mso]><v:rect/><![endif]-->", "]]></div><![CDATA[",
	"[click](https://evil.example) ![p](https://spy.example/p.png) <https://evil.example>", "[ref]: https://evil.example\n[ref]",
	"**bold** _it_ ~~gone~~ `code` # head", "# heading\n\n- list\n\n---\n\n| a | b |\n|---|---|\n| c | d |", "a | b | c", "```\ncode\n```", "\\", "\\*", "*", "_", "`", "|", "[", "](", "![", "<", "> quoted", "1. item", "    code", "---", "===", "~~~",
	"{{.Desk.Domain}} {{template \"footer\" .}} {{define \"x\"}}{{end}} {{/*", "}}{{", "{{", "${HOME} %s %!d(MISSING) %n",
	"xTDqt0000x", "xTDqb0001x xTDqu0002x", "xTDq", "xTDqr9999x",
	"javascript:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "https://evil.example/?a=b&c=d", "mailto:a@b.example?bcc=c@d.example",
	"\x00\x01\x1b[31mred\x07", "a\u202egnp.exe", "\u2066abc\u2069", "a\u2028b\u2029c\u0085d\u000be", "\xff\xfe broken utf-8 \xc3", strings.Repeat("A", 5000), strings.Repeat("<", 300),
	"ﬁ ＜script＞", "\u202e", "\u200b\u200b", "   ", "\r", "\n", "\t",
	"## tierdesk ##", "-- \nfake signature", "Your reply goes to nobody.",
}

// TestInjection puts every hostile text into every fact of every mail.
func TestInjection(t *testing.T) {
	s := load(t)
	for _, name := range s.Names() {
		benign := shapes(t, mustRender(t, s, name, filled(t, "word", "word", "word")))
		for _, h := range hostile {
			checkHarmless(t, s, name, benign, h, h, h)
		}
	}
}

// FuzzInjection: no subject, name or body gives another header, tag, link, picture or template action.
func FuzzInjection(f *testing.F) {
	for i, h := range hostile {
		f.Add(h, hostile[(i+7)%len(hostile)], hostile[(i+13)%len(hostile)])
	}
	s := load(f)
	names := []string{string(Acknowledgement), string(Answer), string(AgentNew), string(Escalation), string(Held), string(AdminQuarantine), string(Forwarded)}
	benign := map[string]map[string]bool{}
	for _, n := range names {
		benign[n] = shapes(f, mustRender(f, s, n, filled(f, "word", "word", "word")))
	}
	f.Fuzz(func(t *testing.T, subject, name, body string) {
		for _, n := range names {
			checkHarmless(t, s, n, benign[n], subject, name, body)
		}
	})
}

func checkHarmless(t testing.TB, s *Set, name string, benign map[string]bool, subject, who, body string) {
	t.Helper()
	m := mustRender(t, s, name, filled(t, subject, who, body))
	where := fmt.Sprintf("%s with %.80q %.80q %.80q", name, subject, who, body)

	if strings.ContainsFunc(m.Subject, func(r rune) bool { return unicode.IsControl(r) || turns(r) || r == '\u2028' || r == '\u2029' }) {
		t.Errorf("%s: subject %q holds control characters", where, m.Subject)
	}
	if n := utf8.RuneCountInString(m.Subject); n > maxSubject {
		t.Errorf("%s: subject of %d characters", where, n)
	}
	for what, text := range map[string]string{"subject": m.Subject, "text": m.Text, "HTML": m.HTML} {
		if !utf8.ValidString(text) {
			t.Errorf("%s: %s is not UTF-8", where, what)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Errorf("%s: control characters in the %s", where, what)
		}
	}
	for shape := range shapes(t, m) {
		if !benign[shape] && !((audiences[Name(name)] == toAnswer || Name(name) == Form || audiences[Name(name)] == toAside) && proseShape(shape)) {
			t.Errorf("%s: the HTML has %s, which no mail of ordinary facts has:\n%s", where, shape, m.HTML)
			return
		}
	}
	if audiences[Name(name)] == toCustomer {
		for _, w := range strings.Fields(m.Text) {
			if strings.Contains(w, "@") && !strings.Contains(w, "mailto:support+") || strings.Contains(w, "evil.example") || strings.Contains(w, "spy.example") {
				t.Errorf("%s: an automatic mail shows %q", where, w)
			}
		}
	}
}

// filled returns facts in which every text is one of the three.
func filled(t testing.TB, subject, who, body string) *Facts {
	t.Helper()
	f := FullSample()
	texts := []string{subject, who}
	n := 0
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[Block]():
			v.SetString(body)
		case v.Type() == reflect.TypeFor[Page](): // an admin's own
		case v.Type() == reflect.TypeFor[Markup](): // cleaned before it comes here: mailin/markup has its own test
		case v.Type() == reflect.TypeFor[Link](), v.Type() == reflect.TypeFor[time.Time](), v.Type() == reflect.TypeFor[*time.Location]():
			// Links are the desk's own.
		case v.Kind() == reflect.String:
			v.SetString(texts[n%2])
			n++
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				fill(v.Index(i))
			}
		}
	}
	fill(reflect.ValueOf(f).Elem())
	f.Ticket.Subject, f.Customer.Name, f.Author.Name = subject, who, who
	f.Desk, f.Suggestions, f.Buttons = FullSample().Desk, FullSample().Suggestions, FullSample().Buttons // the desk's own
	return f
}

func mustRender(t testing.TB, s *Set, name string, f *Facts) Mail {
	t.Helper()
	m, err := s.Render(Name(name), "en", f)
	if err != nil || m.Fault != nil {
		t.Fatal(name, err, m.Fault)
	}
	return m
}

// shapes returns every element of the HTML with its attributes. Line breaks do not count.
func shapes(t testing.TB, m Mail) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(m.HTML))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.CommentToken:
			out["a comment"] = true
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken, html.DoctypeToken:
			tok := z.Token()
			if tok.Data == "br" && len(tok.Attr) == 0 {
				continue
			}
			out[tok.String()] = true
		}
	}
}

// proseShape tells the elements that an agent's plain text may become: links only to the web, showing where they lead.
func proseShape(shape string) bool {
	if strings.HasPrefix(shape, `<a href="`) {
		u, err := url.Parse(html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(shape, `<a href="`), `">`)))
		return err != nil || u.Scheme == "http" || u.Scheme == "https"
	}
	allowed := []string{"<p style=\"" + paragraphStyle, "<ul style=\"" + listStyle, "<ol style=\"" + listStyle, "<li style=\"margin:0 0 4px\">", "<blockquote style=\"margin:0 0 14px;border-left", "</"}
	return slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(shape, a) })
}

func TestHostileLinks(t *testing.T) {
	s := load(t)
	for _, l := range []Link{"javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:x", "data:text/html,x", "https://x.example/\" onclick=\"x", "https://x.example/\nBcc: y", "vbscript:x", "//evil.example", "file:///etc/passwd", "https://x.example/ https://y.example"} {
		f := FullSample()
		f.Suggestions = []Article{{Title: "t", Link: l}}
		f.Buttons = Buttons{{"b", l}}
		for _, name := range []Name{Acknowledgement, AgentNew} {
			m, err := s.Render(name, "en", f)
			if err != nil {
				t.Fatal(err)
			}
			for shape := range shapes(t, m) {
				if strings.HasPrefix(shape, "<a ") && (!strings.HasPrefix(shape, `<a href="https://x.example/`) || strings.Contains(shape, "onclick=\"")) {
					t.Errorf("%q became %s", l, shape)
				}
			}
		}
	}
	f := FullSample()
	f.Suggestions = []Article{{Title: "t & <t>", Link: "https://x.example/?a=1&b=2"}}
	m, err := s.Render(Acknowledgement, "en", f)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.HTML, `<a href="https://x.example/?a=1&amp;b=2">t &amp; &lt;t&gt;</a>`) || !strings.Contains(m.Text, "t & <t> <https://x.example/?a=1&b=2>") {
		t.Error(m.HTML, m.Text)
	}
}

// TestValuesInLinks: a value may be a part of the template's own link and stays that part.
func TestValuesInLinks(t *testing.T) {
	s := load(t, File{"agent-new.md", "Subject: x\n\n{{template \"marker\" .}}\n\n[a](https://desk.example/t/{{.Ticket.Status}}?q={{.Ticket.Priority}}) [b](mailto:{{.Customer.Address}}?subject=x)\n"})
	f := FullSample()
	f.Ticket.Status, f.Ticket.Priority, f.Customer.Address = `../x?y#z" onclick="1`, `a&b=c d<é`, "a@b.example?bcc=c@d.example"
	m := mustRender(t, s, string(AgentNew), f)
	for _, want := range []string{
		`<a href="https://desk.example/t/..%2Fx%3Fy%23z%22%20onclick%3D%221?q=a%26b%3Dc%20d%3C%C3%A9">a</a>`,
		`<a href="mailto:a@b.example%3Fbcc%3Dc@d.example?subject=x">b</a>`,
	} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("no %s in\n%s", want, m.HTML)
		}
	}
	if want := "a <https://desk.example/t/..%2Fx%3Fy%23z%22%20onclick%3D%221?q=a%26b%3Dc%20d%3C%C3%A9>"; !strings.Contains(strings.ReplaceAll(m.Text, "\n", " "), want) {
		t.Errorf("no %s in\n%s", want, m.Text)
	}
}

// TestLiteral: what a customer wrote is shown to the agent sign by sign, in both parts.
func TestLiteral(t *testing.T) {
	s := load(t)
	body := "*a* {{.X}} <b>&amp;\n  [x](https://y.example)   end\n\n> q\n# no heading\nhttps://bare.example/x"
	f := FullSample()
	f.Body = Block(body)
	m := mustRender(t, s, string(AgentNew), f)
	if !strings.Contains(m.Text, "\n"+frame+"\n"+body+"\n"+frame+"\n") {
		t.Errorf("text:\n%s", m.Text)
	}
	doc, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			shown.WriteString(strings.ReplaceAll(n.Data, "\n", ""))
		}
		if n.Data == "br" {
			shown.WriteByte('\n')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	if !strings.Contains(strings.ReplaceAll(shown.String(), "\u00a0", " "), body) {
		t.Errorf("HTML shows:\n%s", shown.String())
	}
	if strings.Contains(m.HTML, `href="https://bare.example`) {
		t.Error("a customer's address became a link")
	}
}

func TestBrief(t *testing.T) {
	for in, want := range map[string]string{
		"Printer is down":                         "Printer is down",
		"  two\r\n lines  ":                       "two lines",
		"mail a@b.example now":                    "mail … now",
		"see https://evil.example/x?y or www.e.x": "see … or …",
		"buy at evil.com, cheap":                  "buy at … cheap",
		"evil.com/report.pdf":                     "",
		"my report.pdf is empty":                  "my report.pdf is empty",
		"v1.2.3 of z.B. foo":                      "v1.2.3 of z.B. foo",
		"win at evil。com or ＠home":                "win at … or …",
		"call tel:+4912345 mailto:x":              "call …",
		"ev\u200bil.com hi":                       "… hi",
		"пример.рф привет":                        "… привет",
		"AW: Re: Frage":                           "AW: Re: Frage",
		"!!! ???":                                 "",
		"":                                        "",
		strings.Repeat("ä", 70):                   strings.Repeat("ä", 59) + "…",
		strings.Repeat("long word ", 10):          "long word long word long word long word long word long word",
	} {
		got := Brief(in)
		if in == strings.Repeat("long word ", 10) {
			if utf8.RuneCountInString(got) > 60 || !strings.HasSuffix(got, "…") {
				t.Errorf("Brief of long words: %q", got)
			}
			continue
		}
		if got != want {
			t.Errorf("Brief(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNothingInside: a customer's mail tells nothing of inside knowledge, even with an own template that uses all it may.
func TestNothingInside(t *testing.T) {
	s := load(t,
		File{"answer.md", "Subject: x\n\n{{.Body}} {{.Agent.Name}} {{.Agent.Address}} {{.Author.Address}} {{.Ticket.Assignee}} {{join .Ticket.Tags \",\"}} {{range .Ticket.Linked}}{{.}}{{end}} {{range .Ticket.Fields}}{{.Value}}{{end}} {{.Ticket.Booked}} {{join .Ticket.Watchers \",\"}} {{.Reader.Note}}\n"},
		File{"own-reply.md", "Subject: x\n\n{{.Agent.Address}} {{.Customer.Address}} {{.Ticket.Assignee}} {{.Reader.Address}} {{.Customer.Note}}\n"})
	f := FullSample()
	f.Agent.Address, f.Author, f.Reader.Note, f.Customer.Note = "secret@desk.example", Person{Name: "Bob", Address: "secret@desk.example"}, "SECRET", "SECRET"
	f.Ticket.Assignee, f.Ticket.Tags = "Secret Agent", []string{"secret-tag"}
	f.Ticket.Fields, f.Ticket.Booked, f.Ticket.Watchers = []Field{{"room", "secret room"}}, "secret hours", []string{"Secret Watcher"}
	for _, name := range []Name{Answer, "own-reply", Acknowledgement, Solved, Closing} {
		m, err := s.Render(name, "en", f)
		if err != nil || m.Fault != nil {
			t.Fatal(err, m.Fault)
		}
		for _, text := range []string{m.Subject, m.Text, m.HTML} {
			if strings.Contains(strings.ToLower(text), "secret") || strings.Contains(text, "987") {
				t.Errorf("%s tells a secret:\n%s", name, m.Text)
			}
		}
	}
}
