package quote

import (
	"slices"
	"strings"
	"testing"
)

// Words that nobody sees in the HTML, or that are struck out there, are found where they stand in the text.
func TestConcealed(t *testing.T) {
	t.Parallel()
	const seen, text = "<p>It comes on Monday.</p>", "She sends it back.\nIt comes on Monday."
	for _, doc := range []string{
		`<div style="color:#fff">%</div>`, `<font color="White">%</font>`, `<span style="COLOR: rgb(254, 254, 253)">%</span>`, `<div style="background:black"><i style="color:#000">%</i></div>`, `<table bgcolor="#333333"><tr><td><b style="color:#333">%</b></td></tr></table>`,
		`<div style="color:transparent">%</div>`, `<div style="color:rgba(0,0,0,0)">%</div>`, `<div style="font-size:0">%</div>`, `<span style="font-size: 1px;">%</span>`, `<div hidden>%</div>`, `<div style="mso-hide:all">%</div>`,
		`<div style="height:0;overflow:hidden">%</div>`, `<div style="position:absolute;left:-9999px">%</div>`, `<div style="text-indent:-999px">%</div>`, `<div style="transform:scale(0)">%</div>`, `<div style="opacity:0.01">%</div>`,
		`<style>.k{display:none}</style><div class="k">%</div>`, `<s>%</s>`, `<div><noscript>%</noscript></div>`, `<strike>%</strike>`, `<del cite="mailto:Ann">%</del>`, `<span style="text-decoration:line-through">%</span>`,
		`<div class="msocomtxt"><p class="MsoCommentText">%</p></div>`, `<div style="mso-element:comment-list">%</div>`, `<div style="clip:rect(0 0 0 0)">%</div>`, `<div style="margin-left:-5000px">%</div>`,
	} {
		doc := strings.ReplaceAll(doc, "%", "She sends it back.") + seen
		if got := Concealed(doc, text); !slices.Equal(got, []string{"She sends it back."}) {
			t.Errorf("%s: %q", doc, got)
		}
		if got := Concealed(doc, "It comes on Monday."); got != nil {
			t.Errorf("%s: %q, which is not in the text", doc, got)
		}
	}
	for _, doc := range []string{
		`<p>She sends it back.</p>`, `<div style="background-color:#242424"><p style="color:#fff">She sends it back.</p></div>`, `<table bgcolor="black"><tr><td><font color="white">She sends it back.</font></td></tr></table>`,
		`<div style="font-size:0"><p style="font-size:14px">She sends it back.</p></div>`, `<div style="color:#333;background:#fff">She sends it back.</div>`, `<div style="background:url(x.png);color:#fff">She sends it back.</div>`,
		`<div style="height:0">She sends it back.</div>`, `<div style="position:absolute;left:10px">She sends it back.</div>`, `<div style="color:var(--ink)">She sends it back.</div>`, `<div style="text-decoration:underline">She sends it back.</div>`,
		`<style>@media print{.k{display:none}}</style><div>She sends it back.</div>`, `<div style="max-height:500px;overflow:hidden">She sends it back.</div>`, `<div style="opacity:0.8">She sends it back.</div>`,
	} {
		if got := Concealed(doc+seen, text); len(got) > 0 {
			t.Errorf("%s: %q", doc, got)
		}
	}
	// All of it on a dark screen.
	if got := Concealed(`<div style="color:#ffffff"><p>She sends it back.</p>`+seen+`</div>`, text); len(got) > 0 {
		t.Errorf("all of it is white: %q", got)
	}
	if got := Concealed(strings.Repeat(`<div style="color:#fff">`, 5000)+"She sends it back.", text); len(got) > 1 {
		t.Errorf("deep: %q", got)
	}
}
