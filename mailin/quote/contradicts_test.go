package quote

import (
	"testing"

	"tierdesk/mailin"
)

// A stub in place of the text, or another text than the HTML has, contradicts it; layout, links and pictures do not.
func TestContradicts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, html string
		want       bool
	}{
		{"Your program cannot show this mail.", "<p>Please restart it.</p>", true},
		{"It is the fuse.", "<p>It is the cable.</p>", true},
		{"Please restart it.\nIt is the fuse.", "<p>Please restart it.</p><p>It is the cable.</p>", false},
		{"Please *restart* it.", "<p>Please <b>restart</b> it.</p>", false},
		{"See the manual <https://www.example.com/a>.", `<p>See <a href="https://www.example.com/a">the manual</a>.</p>`, false},
		{"1. restart it\n2. wait", "<ol><li>restart it</li><li>wait</li></ol>", false},
		{"Please restart it.", `<p>Please restart it.</p><p>Ann Able, Room 12</p>`, false},
		{"Please restart it.", "", false},
		{"Please restart it.", `<p>Please restart<span style="font-size:0px">Id 17</span> it.</p>`, false},
		{"Please wait.", `<p><a name="b" href="mailto:x@y.example">Please</a> <b>wait</b>.</p>`, false},
		{"Please restart it.", `<p>Please restart <span hidden>Id 17</span>it.</p>`, false},
		{"Please restart it.", `<p style="font-size:0">Please <b style="font-size:11pt">do not</b> restart it.</p>`, true},
		{"👍", "<p>👍 <i>thanks</i></p>", false},
	} {
		m := &mailin.Message{Text: c.text, HTML: c.html, Plain: true}
		if got := Alternatives(m, Options{}).Contradicts(c.text); got != c.want {
			t.Errorf("%q and %q: %v", c.text, c.html, got)
		}
	}
}
