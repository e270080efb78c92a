package quote

import (
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/htmltext"
)

func TestPictures(t *testing.T) {
	const new, sign, old = "shot@x.example", "logo@x.example", "old@x.example"
	for name, doc := range map[string]string{
		"Thunderbird, above the quote": `<p>Look here:</p><p><img src="cid:shot@x.example" alt=""></p><div class="moz-signature">-- <br>Ann Able<br><img src="cid:logo@x.example"></div>
			<div class="moz-cite-prefix">On 02.11.26 10:00, Max Muster wrote:<br></div><blockquote type="cite" cite="mid:1@x.example"><p>It is red.</p><img src="cid:old@x.example"></blockquote>`,
		"Thunderbird, below the quote": `<div class="moz-cite-prefix">On 02.11.26 10:00, Max Muster wrote:<br></div><blockquote type="cite" cite="mid:1@x.example"><p>It is red.</p><img src="cid:old@x.example"></blockquote>
			<p>It should be like this:</p><img src="cid:shot@x.example"><pre class="moz-signature" cols="72">-- 
Ann Able</pre><div class="moz-signature"><img src="cid:logo@x.example"></div>`,
		"Gmail": `<div dir="ltr"><div>Click on the second one.</div><div><img src="cid:shot@x.example" alt="image.png" width="562" height="17"><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br>
			<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">Ann Able<br><img src="cid:logo@x.example"></div></div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Nov 2, 2026 at 10:00 AM Max Muster &lt;max@customer.example&gt; wrote:<br></div>
			<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">It is red.<img src="cid:old@x.example"></blockquote></div>`,
		"Apple Mail": `<html><body>Press this:<div><br></div><div><img src="cid:shot%40x.example" id="a"></div><div><br id="lineBreakAtBeginningOfSignature"><div>-- <br>Ann Able<br><img src="cid:logo@x.example"></div><div><br><blockquote type="cite"><div>On 2. Nov 2026, at 10:00, Max Muster &lt;max@customer.example&gt; wrote:</div><br><div>It is red.<img src="cid:old@x.example"></div></blockquote></div></body></html>`,
		"Outlook": `<html><body lang="EN-GB"><div class="WordSection1"><p class="MsoNormal">Please press this one:<o:p></o:p></p><p class="MsoNormal"><img width="20" height="20" id="Picture_1" src="cid:shot@x.example"><o:p></o:p></p>
			<p class="MsoNormal"><a name="_MailAutoSig"><span>Ann Able<o:p></o:p></span></a></p><p class="MsoNormal"><span style="mso-bookmark:_MailAutoSig"><img src="cid:logo@x.example"></span><o:p></o:p></p>
			<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Max Muster &lt;max@customer.example&gt;<br><b>Sent:</b> Monday, 2 November 2026 10:00<br><b>To:</b> Acme Support &lt;support@acme.example&gt;<br><b>Subject:</b> Red<o:p></o:p></p></div>
			<p class="MsoNormal">It is red.<img src="cid:old@x.example"></p></div></body></html>`,
		"Outlook on the web": `<html><body><div class="elementToProof">Here it is.</div><div class="elementToProof"><img data-outlook-trace="F:1|T:1" src="cid:shot@x.example"></div><div id="Signature" class="elementToProof"><div>Ann Able</div><img src="cid:logo@x.example"></div>
			<div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Max Muster<br><b>Sent:</b> Monday<br><b>To:</b> Acme Support<br><b>Subject:</b> Red</div><div>It is red.<img src="cid:old@x.example"></div></body></html>`,
		"a delimiter and nothing else": `<div>Here it is: <img src="cid:shot@x.example"></div><div>--&nbsp;</div><div>Ann Able</div><div><img src="cid:logo@x.example"></div><div>On Mon, 2 Nov 2026 at 10:00, Max Muster &lt;max@customer.example&gt; wrote:</div><blockquote><div>It is red.<img src="cid:old@x.example"></div></blockquote>`,
		"between the quoted lines":     `<blockquote type="cite"><p>Which button?</p><img src="cid:old@x.example"></blockquote><p>This one:</p><p><img src="cid:shot@x.example"></p><blockquote type="cite"><p>And then?</p></blockquote><p>Wait a minute.</p><div class="moz-signature">-- <br><img src="cid:logo@x.example"></div>`,
		"the picture alone":            `<div><img src="cid:shot@x.example"></div><div class="moz-signature">-- <br>Ann<img src="cid:logo@x.example"></div><div class="moz-cite-prefix">On 02.11.26 10:00, Max Muster wrote:<br></div><blockquote type="cite"><p>Which one?</p><img src="cid:old@x.example"></blockquote>`,
	} {
		t.Run(name, func(t *testing.T) {
			m := &mailin.Message{HTML: doc, Text: htmltext.Text(doc), From: []mailin.Address{{Name: "Ann Able", Address: "ann@staff.example"}}}
			shown := Pictures(m, Options{Markers: []string{"## desk ##"}})
			if shown.Elsewhere(new) {
				t.Error("a picture in the new text is taken for none")
			}
			if !shown[new] {
				t.Error("the picture in the new text was not found")
			}
			for _, id := range []string{sign, old} {
				if !shown.Elsewhere(id) {
					t.Errorf("%s goes along", id)
				}
			}
			if shown.Elsewhere("file@x.example") {
				t.Error("a file that the text does not show was dropped")
			}
		})
	}
}

// A picture that stands in the signature and in the text goes along, as one does of which nothing can be said.
func TestPicturesInDoubt(t *testing.T) {
	for name, doc := range map[string]string{
		"twice":   `<p>Our logo is <img src="cid:a@x.example">, is it not?</p><div class="moz-signature">-- <br>Ann <img src="cid:a@x.example"></div>`,
		"no HTML": ``,
		"no name": `<p>See the picture.</p>`,
	} {
		if Pictures(&mailin.Message{HTML: doc, Text: htmltext.Text(doc)}, Options{}).Elsewhere("a@x.example") {
			t.Errorf("%s: the picture is dropped", name)
		}
	}
}
