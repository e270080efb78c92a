package htmltext

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// documents are some that tags alone tell, as mail programs write them, and some that only the tree does.
var documents = []struct {
	doc  string
	tags bool
}{
	{"<html><head><style>p.MsoNormal {margin:0cm}</style></head><body lang=\"EN\">\n<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">Hello<br>\nworld</span></p>\n<p class=MsoNormal>two<o:p></o:p></p></body></html>\n", true},
	{"<div dir=\"ltr\">Hi &amp; bye<div><br></div><div>see <a href=\"https://x.example/a\">here</a></div></div><br><div class=\"gmail_quote\"><blockquote style=\"margin:0\">old</blockquote></div>", true},
	{"<!DOCTYPE html>\n<html>\n<head>\n<meta charset=utf-8>\n<title>x &lt; y</title></head>\n<body><table><tr><td>a</td>\n<td>b</td></tr><tr><th>c</th></tr></table></body></html>", true},
	{"<table><tbody><tr><td><p>a</p></td></tr></tbody></table><ul><li>one</li>\n<li>two<ol><li>three</li></ol></li></ul><hr><h1>H</h1>t", true},
	{"<style>a</style><div style=\"display:none\">secret<p>x</p></div><img alt=\"logo\" src=x>shown<b>bold</b><span style=\"DISPLAY: NONE\">no</span>", true},
	{"<div><p>open to the end<b>bold", true},
	{"<body><a href=\"mailto:jane@x.example\">Jane</a></body>\n<!-- end -->\n</html>\n", true},
	{"<p>one<p>two", false},
	{"<p>one<div>two</div></p>", false},
	{"<b>one<i>two</b>three</i>", false},
	{"<table>loose<tr><td>x</td></tr></table>", false},
	{"<table><td>x</td></table>", false},
	{"<a href=http://a.example>x<a href=http://b.example>y</a></a>", false},
	{"<li>x</li>", false},
	{"x</p>y", false},
	{"x</br>y", false},
	{"<body>x</body>y", false},
	{"<head>x</head>", false},
	{"<p>a<table><tr><td>b</td></tr></table></p>", false},
	{"<body style=\"display:none\">x</body>", false},
	{"<p style=\"\" style=\"display:none\">x</p>", true},
	{"<p style=\"color:red\" style=\"display:none\">x</p>", true},
	{"<select><option>x</select>", false},
	{"<pre>a\n b</pre>", false},
	{"a\rb", false},
	{"<title>never ends", true},
	{"", true},
}

func agree(t interface{ Errorf(string, ...any) }, doc string) bool {
	got, ok := fromTags(doc)
	if !ok {
		return false
	}
	root, err := Parse(doc)
	if err != nil {
		t.Errorf("%q: tags tell it and the tree does not: %v", doc, err)
		return true
	}
	if want := Render(root); got != want {
		t.Errorf("%q\n by its tags: %q\n by its tree: %q", doc, got, want)
	}
	return true
}

// What the tags tell is what the tree tells.
func TestTags(t *testing.T) {
	t.Parallel()
	for _, c := range documents {
		if ok := agree(t, c.doc); ok != c.tags {
			t.Errorf("%q: by its tags %v, wanted %v", c.doc, ok, c.tags)
		}
	}
	if agree(t, strings.Repeat("<div>", 300)) {
		t.Error("elements lie deeper in one another than tags are followed")
	}
}

func FuzzTags(f *testing.F) {
	for _, c := range documents {
		f.Add(c.doc)
	}
	f.Fuzz(func(t *testing.T, doc string) { agree(t, doc) })
}

// pieces are what documents are put together of.
var pieces = []string{"a", "b ", " c", "\n", "&nbsp;", "\u00a0", "\u200b", "&lt;", "<br>", "<hr>", "<img alt=pic>", "<!-- x -->", "<![if x]>", "<p>", "</p>", "<p class=MsoNormal>", "<p style='margin:0'>", "<div>", "</div>",
	"<div style='display:none'>", "<span>", "</span>", "<b>", "</b>", "<i>", "</i>", "<font color=red>", "</font>", "<a href=http://x.example>", "</a>", "<a href='mailto:b'>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>",
	"<blockquote>", "</blockquote>", "<h1>", "</h1>", "<h2>", "</h2>", "<table>", "</table>", "<tbody>", "</tbody>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<style>", "</style>", "<title>", "</title>", "<meta x>",
	"<html>", "</html>", "<head>", "</head>", "<body>", "</body>", "<o:p>", "</o:p>", "<o:p/>", "<center>", "</center>", "<pre>", "</pre>", "<form>", "<x>", "<!DOCTYPE html>"}

// The same for documents put together at random, half of them with each element closed in order.
func TestTagsAtRandom(t *testing.T) {
	t.Parallel()
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		var doc strings.Builder
		var open []string
		orderly := rapid.Bool().Draw(t, "orderly")
		for range rapid.IntRange(1, 40).Draw(t, "pieces") {
			s := rapid.SampledFrom(pieces).Draw(t, "piece")
			if orderly && strings.HasPrefix(s, "</") {
				if len(open) == 0 {
					continue
				}
				s, open = open[len(open)-1], open[:len(open)-1]
			} else if orderly && strings.HasPrefix(s, "<") && !strings.HasPrefix(s, "<!") && !strings.HasPrefix(s, "<br") && !strings.HasPrefix(s, "<hr") && !strings.HasPrefix(s, "<img") && !strings.HasPrefix(s, "<meta") {
				name := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("< />", c) })[0]
				open = append(open, "</"+name+">")
			}
			doc.WriteString(s)
		}
		if agree(t, doc.String()) {
			told++
		}
	})
	if told == 0 {
		t.Error("no document was told by its tags")
	}
}
