package markup

import (
	"strings"
	"testing"

	"tierdesk/mailin/quote"
)

// known are the pictures of the mails here.
func known(id string) (string, bool) { return "sent." + id, strings.HasPrefix(id, "p") }

func TestOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, doc, text, want string }{
		{"emphasis", `<div>Please <b>restart</b> the <i>router</i>.</div>`, "Please *restart* the router.", `<div>Please <b>restart</b> the <i>router</i>.</div>`},
		{"emphasis by styles", `<p class="MsoNormal"><span style="font-weight: bold; text-decoration:underline">Now</span> please.</p>`, "Now please.", `<div><u><b>Now</b></u> please.</div>`},
		{"within a word", `<p>un<b>believ</b>able</p>`, "unbelievable", `<p>un<b>believ</b>able</p>`},
		{"a list", `<ol start="3"><li>off</li><li>on</li></ol>`, "3. off\n4. on", `<ol start="3"><li>off</li><li>on</li></ol>`},
		{"a table", `<table class=x border=1 style="color:red"><tr><td colspan="2" style="text-align:right">a</td></tr><tr><td>b</td><td></td></tr></table>`, "a\nb", `<table><tbody><tr><td colspan="2" align="right">a</td></tr><tr><td>b</td><td></td></tr></tbody></table>`},
		{"a link with its address", `<p>The <a href="https://x.example/a?b=1&amp;c" title="secret" target=_blank>manual</a>.</p>`, "The manual <https://x.example/a?b=1&c>.", `<p>The <a href="https://x.example/a?b=1&amp;c">manual</a>.</p>`},
		{"a link that names its reader", `<p>The <a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example%2Fa&amp;data=05%7Cann%40staff.example">manual</a></p>`, "The manual", `<p>The <a href="https://x.example/a">manual</a></p>`},
		{"a link that does something", `<p>The <b>big</b> <a href="javascript:x()">manual</a></p>`, "The big manual", `<p>The <b>big</b> manual</p>`},
		{"an address of the desk's behind a word", `<p><b>Take</b> <a href="mailto:support+abc@acme.example">it</a></p>`, "Take it", `<p><b>Take</b> it</p>`},
		{"an address that is shown", `<p><b>Write</b> to <a href="mailto:help@x.example?body=secret">us</a></p>`, "Write to us <help@x.example>", `<p><b>Write</b> to <a href="mailto:help@x.example">us</a></p>`},
		{"commands above, history below", `<div>/priority high</div><div>/take</div><div>Please <b>wait</b>.</div><div class="gmail_quote">On Monday Max wrote:<blockquote>Please wait. secret</blockquote></div>`, "Please wait.", `<div>Please <b>wait</b>.</div>`},
		{"signature below", `<p>It <b>works</b>!</p><p>-- <br>Ann Able, ann@staff.example</p>`, "It works!", `<p>It <b>works</b>!</p>`},
		{"what cannot be seen", `<p>It <b>works</b>.<span style="display:none">secret</span><!-- secret --><span style="font-size:0px">secret</span><span hidden>secret</span><script>secret</script></p>`, "It works.", `<p>It <b>works</b>.</p>`},
		{"what cannot be seen, between words", `<p>It <span style="display: none">secret</span><b>works</b> <span style="font-size:0px;color:red">secret</span>now.</p>`, "It works now.", `<p>It <b>works</b> now.</p>`},
		{"a picture that the text refers to", `<p>See <img src="cid:p1" alt="secret" width="300" onerror="x" class="y"> here</p>`, "See [cid:p1] here", `<p>See <img width="300" src="cid:sent.p1" alt=""> here</p>`},
		{"a picture below the last word", `<p>See:</p><p><img src="cid:p2"></p><div class="gmail_signature"><img src="cid:p3">Ann</div>`, "See:", `<p>See:</p><p><img src="cid:sent.p2" alt=""></p>`},
		{"a picture whose name stands in the text", `<p>The lamp is <b>on</b>: <img src="cid:p1" alt="red lamp"></p><p>Wait.</p>`, "The lamp is *on*: red lamp\n\nWait.",
			`<p>The lamp is <b>on</b>: <img src="cid:sent.p1" alt=""></p><p>Wait.</p>`},
		{"a picture whose name alone stands in a line", `<p>See <i>here</i>:</p><p><img alt="red lamp" src="cid:p1"></p><blockquote>secret</blockquote>`, "See here:\n\nred lamp", `<p>See <i>here</i>:</p><p><img src="cid:sent.p1" alt=""></p>`},
		{"the name of a picture from elsewhere", `<p>The <b>red</b> one: <img src="https://t.example/a?u=ann" alt="our lamp"></p>`, "The red one: our lamp", `<p>The <b>red</b> one: our lamp</p>`},
		{"the name of a picture, and the same words", `<p>The <img src="cid:p1" alt="lamp"> is <b>on</b>.</p>`, "The lamp is on.", `<p>The <img src="cid:sent.p1" alt=""> is <b>on</b>.</p>`},
		{"words in place of a picture that are not its name", `<p>The lamp is <b>on</b>: <img src="cid:p1" alt="red lamp"></p>`, "The lamp is on: green lamp", ""},
		{"pictures from elsewhere", `<p>It <b>works</b><img src="https://t.example/pixel?u=ann"><img src="cid:unknown"><img src="data:image/png;base64,AAAA"></p>`, "It works", `<p>It <b>works</b></p>`},
		{"a sign that is a picture", `<p><b>Thanks</b> <img data-emoji="👍" alt="👍" src="https://fonts.example/1f44d.png"></p>`, "Thanks 👍", `<p><b>Thanks</b> 👍</p>`},
		{"answers between the lines", `<div>Max wrote:<blockquote><div>Is it on?</div></blockquote><div><b>Yes</b>.</div><blockquote><div>secret</div><div>And off?</div></blockquote><div>No.</div></div>`, "> Is it on?\nYes.\n> And off?\nNo.",
			`<div><blockquote><div>Is it on?</div></blockquote><div><b>Yes</b>.</div><blockquote><div>And off?</div></blockquote><div>No.</div></div>`},
		{"answers between the lines of what a notice quotes", `<blockquote type="cite"><div style="max-width:640px">
  <blockquote dir="auto">Is it on?<br></blockquote> </div> </blockquote> <b>Yes</b>.<blockquote><div><p>And</p><blockquote>off?</blockquote></div></blockquote>No.`, "> Is it on?\nYes.\n> And\n> off?\nNo.",
			`<blockquote dir="auto">Is it on?<br></blockquote> <b>Yes</b>.<blockquote><div><p>And</p><blockquote>off?</blockquote></div></blockquote>No.`},
		{"below what is quoted", `<blockquote>Yes, please.</blockquote><p><b>Yes</b>, please.</p>`, "Yes, please.", `<p><b>Yes</b>, please.</p>`},
		{"Chinese", `<p>请<b>重启</b>路由器。</p>`, "请*重启*路由器。", `<p>请<b>重启</b>路由器。</p>`},
		{"nothing is formatted", `<div>Hello.</div><div><br></div><div>Bye.</div>`, "Hello.\n\nBye.", ""},
		{"other words", `<p>Please <b>stop</b>.</p>`, "Please wait.", ""},
		{"a word more in the middle", `<p>Please do <b>not</b> wait.</p>`, "Please do wait.", ""},
		{"a word less", `<p>Please <b>wait</b>.</p>`, "Please wait here.", ""},
		{"only in what is quoted", `<blockquote>Please <b>wait</b>.</blockquote>`, "Please wait.", ""},
		{"another number", `<p>7. <b>Wait</b></p>`, "7 minutes: wait", ""},
		{"no text", `<p><b>x</b></p>`, "", ""},
	} {
		got := Of(c.doc, c.text, Options{Shown: quote.Shown{"p1": true, "p2": true, "p3": false}, Picture: known})
		if strings.ReplaceAll(got.HTML, "/>", ">") != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got.HTML, c.want)
		}
		for _, id := range got.Pictures {
			if !strings.Contains(got.HTML, "cid:sent."+id) {
				t.Errorf("%s: the picture %s is not shown", c.name, id)
			}
		}
	}
}

// However a document is made, no more is shown than the text, and it takes no more than a moment.
func TestABigDocument(t *testing.T) {
	t.Parallel()
	doc := "<p>" + strings.Repeat("a ", 200_000) + "<b>b</b></p>"
	if got := Of(doc, strings.Repeat("a ", 100_000)+"b", Options{}); got.HTML != "" {
		t.Log("it was found all the same")
	}
	if got := Of(strings.Repeat("<div>", 400)+"<b>x</b>"+strings.Repeat("</div>", 400), "x", Options{}); got.HTML != "" && !strings.Contains(got.HTML, "<b>x</b>") {
		t.Errorf("%.100q", got.HTML)
	}
}

// FuzzOf: what is shown is the text, word for word, and holds nothing that acts.
func FuzzOf(f *testing.F) {
	f.Add(`<p>Please <b>wait</b> <a href="https://x.example">here</a></p><blockquote>x</blockquote>`, "Please wait here")
	f.Add(`<ul><li><img src=cid:p1>a</ul><style><p>b`, "- a")
	f.Fuzz(func(t *testing.T, doc, text string) {
		got := Of(doc, text, Options{Picture: known})
		if got.HTML == "" {
			return
		}
		for _, bad := range []string{"<script", "<style", "<!--", " on", "javascript:", "http-equiv", "src=\"http", "style="} {
			if low := strings.ToLower(got.HTML); strings.Contains(low, bad) && !strings.Contains(strings.ToLower(text), strings.TrimSpace(strings.Trim(bad, "<=\""))) {
				t.Errorf("%q in %q of %q", bad, got.HTML, doc)
			}
		}
	})
}
