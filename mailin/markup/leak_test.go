package markup

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// An agent's mail made at random: commands above, a formatted answer, a signature and history
// around it, and secrets wherever HTML can hold any: in what is quoted and signed, in comments,
// attributes, what cannot be seen, names of pictures, addresses, tokens. None of them is in what is
// shown, and most answers keep their formatting.
func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	const rounds = 10_000
	shown := 0
	for seed := range uint64(rounds) {
		m := mailMaker{r: rand.New(rand.NewPCG(seed, 7))}
		doc, text := m.mail()
		got := Of(doc, text, Options{Picture: known})
		if i := strings.Index(strings.ToLower(got.HTML), "secret"); i >= 0 {
			t.Fatalf("seed %d: %q in\n%s\nof\n%s\nwhich says\n%s", seed, got.HTML[i:min(i+20, len(got.HTML))], got.HTML, doc, text)
		}
		if got.HTML != "" {
			shown++
		}
	}
	if shown < rounds*8/10 {
		t.Errorf("only %d of %d answers kept their formatting", shown, rounds)
	}
}

// mailMaker makes one mail.
type mailMaker struct {
	r *rand.Rand
	n int // secrets
}

func (m *mailMaker) pick(all ...string) string { return all[m.r.IntN(len(all))] }

func (m *mailMaker) secret() string {
	m.n++
	return fmt.Sprintf("secret%d", m.n)
}

// hidden is something that holds a secret and shows nothing of it, or nothing at all.
func (m *mailMaker) hidden() string {
	if m.r.IntN(3) > 0 {
		return ""
	}
	s := m.secret()
	return m.pick("<!-- "+s+" -->", `<span style="display:none">`+s+`</span>`, `<div hidden>`+s+`</div>`, `<span style="font-size: 0px">`+s+`</span>`,
		`<img src="https://t.example/`+s+`.gif" width=1>`, `<img src="cid:`+s+`" alt="`+s+`">`, `<style>.`+s+`{}</style>`, `<script>`+s+`</script>`,
		`<!--[if mso]><p>`+s+`</p><![endif]-->`, `<span style="mso-hide:all">`+s+`</span>`, `<title>`+s+`</title>`, `<input value="`+s+`">`,
		`<svg><text>`+s+`</text></svg>`, `<object data="`+s+`">`+s+`</object>`, `<template>`+s+`</template>`)
}

// attributes hold a secret, too.
func (m *mailMaker) attributes() string {
	if m.r.IntN(2) > 0 {
		return ""
	}
	s := m.secret()
	return " " + m.pick(`title="`+s+`"`, `class="`+s+`"`, `id="`+s+`"`, `data-x="`+s+`"`, `style="background:url(https://x.example/`+s+`)"`, `onclick="`+s+`"`,
		`dir="`+s+`"`, `align="`+s+`"`, `name="`+s+`"`)
}

// phrase is some words of the answer as HTML and as text.
func (m *mailMaker) phrase() (doc, text string) {
	words := make([]string, 1+m.r.IntN(4))
	for i := range words {
		words[i] = m.pick("restart", "the", "router", "please", "wait", "für", "Überprüfung", "42", "it", "重启")
	}
	text = strings.Join(words, " ")
	doc = text
	switch m.r.IntN(6) {
	case 0:
		doc = "<b" + m.attributes() + ">" + text + "</b>"
	case 1:
		doc = `<span style="font-style:italic">` + text + "</span>"
	case 2:
		doc = `<a href="https://x.example/a"` + m.attributes() + ">" + text + "</a>"
		text += " <https://x.example/a>"
	case 3:
		doc = `<a href="mailto:support+` + m.secret() + `@acme.example">` + text + "</a>"
	case 4:
		doc = `<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example&data=` + m.secret() + `">` + text + "</a>"
	}
	return m.hidden() + doc + m.hidden(), text
}

// block is a paragraph, a list or a table.
func (m *mailMaker) block() (doc, text string) {
	a, x := m.phrase()
	b, y := m.phrase()
	switch m.r.IntN(4) {
	case 0:
		return "<ul" + m.attributes() + "><li>" + a + "</li><li>" + b + "</li></ul>", "- " + x + "\n- " + y
	case 1:
		return "<ol><li>" + a + "</li><li" + m.attributes() + ">" + b + "</li></ol>", "1. " + x + "\n2. " + y
	case 2:
		return "<table" + m.attributes() + "><tr><td>" + a + "</td><td>" + b + "</td></tr></table>", x + " " + y
	}
	return "<p" + m.attributes() + ">" + a + " <i>" + b + "</i></p>", x + " " + y
}

// mail is a whole mail, and the text that was decided to be its answer.
func (m *mailMaker) mail() (doc, text string) {
	var above, body, below strings.Builder
	if m.r.IntN(2) == 0 {
		above.WriteString("<div>/tag +" + m.secret() + "</div>" + m.hidden())
	}
	var texts []string
	for range 1 + m.r.IntN(4) {
		d, x := m.block()
		body.WriteString(d)
		texts = append(texts, x)
	}
	below.WriteString(m.pick("", `<div class="gmail_signature">`+m.secret()+`<img src="cid:p9" alt="`+m.secret()+`"></div>`, "<p>-- <br>"+m.secret()+"</p>"))
	below.WriteString(m.pick("", "<blockquote>"+m.secret()+" please wait <b>"+m.secret()+"</b></blockquote>", "<hr><div>From: "+m.secret()+"</div><div>"+m.secret()+"</div>"))
	return "<html><head><title>" + m.secret() + "</title></head><body>" + above.String() + body.String() + m.hidden() + below.String() + "</body></html>", strings.Join(texts, "\n\n")
}
