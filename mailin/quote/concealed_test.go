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
		`<div class="msocomtxt"><p class="MsoCommentText">%</p></div>`, `<div style="mso-element:comment-list">%</div>`, `<div style="clip:rect(0 0 0 0)">%</div>`, `<div style="clip:rect(1px, 1px, 1px, 1px)">%</div>`, `<div style="visibility:hidden">%</div>`, `<style>p, .k { font-size: 0px } @media print{p{color:red}}</style><div class="k">%</div>`, `<div style="margin-left:-5000px">%</div>`,
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
		`<style>@media print{.k{display:none}}</style><div class="k">She sends it back.</div>`,
		`<style>/* a */@media (max-width:600px){.k{color:red}.k{display:none}} .a.k, div .k{display:none}.k{font-size:0.9em}</style><div class="k">She sends it back.</div>`,
		`<div style="width:1in;overflow:hidden">She sends it back.</div>`, `<div style="height:.75in;overflow:hidden">She sends it back.</div>`, `<div style="clip:rect(0px,500px,500px,0px)">She sends it back.</div>`,
		`<div style="visibility:hidden"><p style="visibility:visible">She sends it back.</p></div>`, `<div style="background-image:url(x);color:#fff">She sends it back.</div>`, `<div style="color:#fff"><table background="x.png"><tr><td>She sends it back.</td></tr></table></div>`,
		`<p>She sends it back.</p><blockquote><span style="display:none">back</span></blockquote>`, `<p>She sends <b>it</b> back.</p><div class="gmail_quote"><span style="font-size:0">It comes on Monday.</span></div>`,
		`<p>She sends it back.</p><div id="divRplyFwdMsg">From: Ann</div><div style="background:#333"><a style="color:#333">Monday</a></div>`,
		`<div style="max-height:500px;overflow:hidden">She sends it back.</div>`, `<div style="opacity:0.8">She sends it back.</div>`,
	} {
		if got := Concealed(doc+seen, text); len(got) > 0 {
			t.Errorf("%s: %q", doc, got)
		}
	}
	// All of it on a dark screen.
	if got := Concealed(`<div style="color:#ffffff"><p>She sends it back.</p>`+seen+`</div>`, text); len(got) > 0 {
		t.Errorf("all of it is white: %q", got)
	}
	// Links and signatures have colours of their own there.
	dark := `<div style="color:#fff">She sends <a style="color:#4af" href="https://lind.example">it</a> back.</div><div class="gmail_signature">It comes</div>`
	if got := Concealed(dark, "She sends it back."); len(got) > 0 {
		t.Errorf("a link on a dark screen: %q", got)
	}
	for _, history := range []string{
		`<blockquote style="color:#fff">` + strings.Repeat("The lamp is red, and so is the door. ", 9) + `</blockquote>`,
		`<blockquote>Who sends it back?</blockquote>`, `<blockquote><s>Who sends it</s></blockquote>`,
	} {
		if got := Concealed(`<div style="color:#fff">She sends it back.</div>`+seen+history, text); !slices.Equal(got, []string{"She sends it back."}) {
			t.Errorf("above %s: %q", history, got)
		}
	}
	// Struck out once, and once not.
	if got := Concealed(`<p>It comes on <s>Monday</s> Tuesday. Not on Monday.</p>`, "It comes on Monday Tuesday. Not on Monday."); !slices.Equal(got, []string{"Monday"}) {
		t.Errorf("struck out once: %q", got)
	}
	if got := Concealed(`<blockquote><s>Monday</s></blockquote><p>Tuesday.</p>`, "> Monday\nTuesday."); len(got) > 0 {
		t.Errorf("struck out in the quote: %q", got)
	}
	if got := Concealed(strings.Repeat(`<div style="color:#fff">`, 5000)+"She sends it back.", text); len(got) > 1 {
		t.Errorf("deep: %q", got)
	}
}
