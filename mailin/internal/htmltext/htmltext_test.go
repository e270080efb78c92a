package htmltext

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, in, want string }{
		{"nothing", "", ""},
		{"plain words", "Hello", "Hello\n"},
		{"white space collapses", "a  b\n\tc&nbsp;d", "a b c d\n"},
		{"paragraphs", "<p>a</p><p>b</p>", "a\n\nb\n"},
		{"Outlook's lines", `<p class="MsoNormal">a</p><p class="MsoNormal">b</p>`, "a\nb\n"},
		{"divs", "<div>a</div><div>b</div>", "a\nb\n"},
		{"line breaks", "a<br>b<br><br>c", "a\nb\n\nc\n"},
		{"an empty div with a break", "<div>a</div><div><br></div><div>b</div>", "a\n\nb\n"},
		{"a div that holds a no-break space", "<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb\n"},
		{"Outlook's empty line", `<p class="MsoNormal">a</p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">b</p>`, "a\n\nb\n"},
		{"a paragraph that holds one", "<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb\n"},
		{"a no-break space before a word", "<div>a</div><div>&nbsp;b</div>", "a\nb\n"},
		{"lists", "<ul><li>a<li>b<ul><li>c</ul></ul><ol><li>d<li>e</ol>", "- a\n- b\n  - c\n1. d\n2. e\n"},
		{"cells", "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th><td>d</td></tr></table>", "a b\nc d\n"},
		{"quotes", "a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n> b\n> > c\nd\n"},
		{"preformatted", "<pre>a  b\n  c</pre>", "a  b\n  c\n"},
		{"a ruler", "a<hr>b", "a\n________________________________\nb\n"},
		{"a link", `<a href="https://x.example/a">log</a>`, "log <https://x.example/a>\n"},
		{"a link that shows itself", `<a href="https://x.example/">x.example</a> <a href="mailto:a@b.example">a@b.example</a>`, "x.example a@b.example\n"},
		{"a link that does something", `<a href="javascript:x()">log</a>`, "log\n"},
		{"a picture", `<img src="x" alt="the light"><img src="y">`, "[the light]\n"},
		{"what cannot be seen", `<div style="max-height:0px; overflow: hidden">h</div><p style="VISIBILITY:hidden">h</p><i style="opacity:0;">h</i>a<b style="opacity:0.5">b</b><u style="max-height:0.5em;overflow:hidden">c</u><s style="fill-opacity:0">d</s>`, "abcd\n"},
		{"what is not shown", `<head><title>t</title><style>s</style></head><script>x</script><div style="display: none">h</div><!-- c -->a`, "a\n"},
		{"entities", "&lt;a&gt; &amp; &euro;", "<a> & €\n"},
		{"inside a word", "<b>a</b>b<i>c</i>", "abc\n"},
		{"invisible characters", "a\u200b\u00adb", "ab\n"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("%s\n got: %q\nwant: %q", c.why, got, c.want)
		}
	}
}

func TestTooDeep(t *testing.T) {
	t.Parallel()
	doc := strings.Repeat("<div>", 1000) + "a<br>b" + strings.Repeat("</div>", 1000)
	if _, err := Parse(doc); err == nil {
		t.Fatal("the parser takes this now: the way out is no longer tested")
	}
	if got := Text(doc); got != "a\nb\n" {
		t.Errorf("%q", got)
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	root, err := Parse(strings.Repeat("<p>word</p>", 1000))
	if err != nil {
		t.Fatal(err)
	}
	if got := Head(root, 100); len(got) < 100 || len(got) > 200 {
		t.Errorf("%d octets", len(got))
	}
}
