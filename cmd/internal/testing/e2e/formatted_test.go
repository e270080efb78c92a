package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// formatted is an agent's answer to a notice as mail programs write it, with a picture in its HTML and another file.
func (w *world) formatted(from string, m got, plain, html string, more ...string) {
	w.t.Helper()
	b64 := func(s string) string {
		var lines []string
		for part := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(s))), 76) {
			lines = append(lines, string(part))
		}
		return strings.Join(lines, "\r\n")
	}
	raw := "From: " + from + "\r\nTo: " + m.replyTo() + "\r\nSubject: Re: " + m.subject() + "\r\nDate: " + w.now().Format(time.RFC1123Z) + "\r\nMessage-ID: <" + fmt.Sprint(w.now().UnixNano()) + "@" + from[strings.Index(from, "@")+1:] +
		">\r\nIn-Reply-To: " + m.Header.Get("Message-Id") + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=all\r\n\r\n--all\r\nContent-Type: multipart/related; boundary=rel\r\n\r\n"
	if plain != "" {
		raw += "--rel\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(plain) +
			"\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(html) + "\r\n--alt--\r\n"
	} else {
		raw += "--rel\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(html) + "\r\n"
	}
	for _, name := range []string{"screen", "logo"} {
		raw += "--rel\r\nContent-Type: image/png; name=" + name + ".png\r\nContent-Disposition: inline; filename=" + name + ".png\r\nContent-ID: <" + name + "." + from + ">\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("\x89PNG "+name) + "\r\n"
	}
	raw += "--rel--\r\n" + strings.Join(more, "") + "--all--\r\n"
	w.send(letter{from: from, to: m.replyTo(), raw: raw})
}

// Ann's bold word, list, table, link and picture reach Max in both of her programs' ways of writing, in place of what a text can say of them; her command, her
// signature, what she quotes, her own address and a picture that tells who looks at it do not.
func TestFormattingReachesTheCustomer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		const written = `<p>Please <b>restart</b> it, as the <a href="https://help.acme.example/vpn?a=1">manual</a> says:</p><ol><li>Switch it <i>off</i>.</li><li>Wait.</li></ol>` +
			`<p><img src="cid:screen.` + ann + `" alt="screen.png" width="200" class="x"></p><table border="1"><tr><th>Light</th><th>Meaning</th></tr><tr><td>red</td><td>wait</td></tr></table><p>Good luck!</p>`
		const around = `<html><head><style>p{color:red}</style></head><body><div>/priority high</div><img src="https://pixel.example/?who=` + ann + `" width="1" height="1"><!-- mail from ` + ann + ` -->`
		signature := `<div class="gmail_signature">--<br>Ann Able<br><a href="mailto:` + ann + `">` + ann + `</a><img src="cid:logo.` + ann + `"></div>`
		history := `<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Nov 2026 at 09:00, Max Muster via Acme Support wrote:<br></div><blockquote class="gmail_quote">` + notice.html() + `</blockquote></div></body></html>`
		w.formatted(ann, notice, "/priority high\n\nPlease *restart* it, as the manual <https://help.acme.example/vpn?a=1> says:\n\n   1. Switch it *off*.\n   2. Wait.\n\n[image: screen.png]\nLight Meaning\nred wait\n\nGood luck!\n\n-- \nAnn Able\n"+
			ann+"\n\nOn Mon, 2 Nov 2026 at 09:00, Max Muster via Acme Support wrote:\n"+quoted(notice.text()), around+written+signature+history)
		w.next(ann).has("/priority high")
		first := w.next(max).has("Please *restart* it")
		first.shows(`<b>restart</b>`, `<a href="https://help.acme.example/vpn?a=1">manual</a>`, `<i>off</i>`, `<li`, `<table`, `>Meaning</th>`, `>red</td>`, "Good luck!", `src="cid:`, "Ann Able · Acme Support")
		first.lacks("/priority", "pixel.example", "p{color", ann, "logo", "tierdesk", "Priority", "staff.example")
		if n := bytes.Count(first.Raw, []byte("Content-ID:")) + bytes.Count(first.Raw, []byte("Content-Id:")); n != 1 || !bytes.Contains(first.Raw, []byte("screen.png")) {
			t.Errorf("%d pictures stand in the answer:\n%s", n, first.Raw)
		}

		w.send(letter{from: max, to: first.replyTo(), subject: "Re: VPN", text: "And then?"})
		again := w.next(ann).has("And then?") // Outlook: HTML alone, with the notice below a line and without marks
		w.formatted(ann, again, "", `<html><body><p class="MsoNormal">Then it <b>works</b>.<o:p></o:p></p><p class="MsoNormal"><img src="cid:screen.`+ann+`"></p><div id="divRplyFwdMsg"><b>From:</b> Acme Support<br><b>Sent:</b> Monday<br><b>To:</b> `+ann+
			`<br><b>Subject:</b> `+again.subject()+`</div>`+again.html()+`</body></html>`)
		second := w.next(max).has("Then it works.")
		second.shows(`<b>works</b>`, `src="cid:`)
		second.lacks(ann, "tierdesk", "Priority", "MsoNormal", "staff.example", "And then?")
		w.nothing(ann)
	})
}

// shows asserts that the HTML of a mail holds all the words.
func (m got) shows(words ...string) got {
	m.t.Helper()
	for _, word := range words {
		if !strings.Contains(m.html(), word) {
			m.t.Errorf("%q is not in the HTML:\n%s", word, m.html())
		}
	}
	return m
}

// Where the HTML cannot be cut to what Ann's text says, the text alone goes out: nothing of what her program hid in it, and no word that she did not write.
func TestHTMLThatSaysMoreIsNotShown(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ben, benNotice, "/note\nThey never pay, says the accountant since many years.")
		w.next(ben)
		w.next(ann)
		w.formatted(ann, notice, "Please restart it.", `<p>Please <span>re<b>start</b></span><span style="font-size:0">secret-one</span> <span hidden>secret-two</span>it<img alt="secret-three" src="https://x.example/secret-four.png">.</p>`)
		w.next(max).has("Please restart it.").lacks("secret-").shows("re<b>start</b>")
		w.send(letter{from: max, to: w.latest(max).replyTo(), subject: "Re: VPN", text: "And then?"})
		again := w.next(ann)
		w.formatted(ann, again, "Please wait.", `<p title="secret-five"><a name="secret-six" href="mailto:`+again.replyTo()+`">Please</a> <b>wait</b>.</p>`)
		w.next(max).has("Please wait.").shows("<b>wait</b>").lacks("secret-", strings.SplitN(again.replyTo(), "@", 2)[0])
		w.nothing(ann)
		w.never(max, "never pay", "tierdesk")
	})
}

// A bold word stays one beside a stock reply, and in what a third person is asked; a vendor that may not know the customer gets the masked text.
func TestFormattingBesideStockRepliesAndInQuestions(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.formatted(ann, notice, "/template restart\n\nThen tell us the *number* on it.", `<html><body><div>/template restart</div><p>Then tell us the <b>number</b> on it.</p></body></html>`)
		answer := w.next(max).has("Please switch it off", "Then tell us the *number* on it.")
		answer.shows("Please switch it off &amp; on again, and type", "&lt;i&gt;", "<b>number</b>", "Good day, Max.</p>")
		answer.lacks("/template")
		w.rest(ann)
		w.rest(ben)
		w.formatted(ann, notice, "/consult "+eva+"\n\nIs it *old*?", `<html><body><div>/consult `+eva+`</div><p>Is it <b>old</b>?</p></body></html>`)
		w.answer(ann, w.held(ann, "/consult"), "/send")
		question := w.next(eva).has("Is it *old*?")
		question.shows("<b>old</b>")
		question.lacks("/consult", ann)
		w.rest(ann)
		w.formatted(ann, notice, "/vendor routers\n\nMax Muster asks whether it is *old*.", `<html><body><div>/vendor routers</div><p>Max Muster asks whether it is <b>old</b>.</p></body></html>`)
		w.answer(ann, w.held(ann, "/vendor"), "/send")
		w.next(otto).has("[customer] asks").lacks("Muster", "<b>old")
	}, edit("people.yaml", "organisations:", "vendors:\n  routers: {name: Router Works, address: "+otto+"}\norganisations:"), func(dir string) {
		if err := os.MkdirAll(dir+"/replies", 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(dir+"/replies/restart.md", []byte("Good day,\nMax.\n\nPlease switch it off & on again, and type `<i>`.\n"), 0o600); err != nil {
			panic(err)
		}
	})
}
