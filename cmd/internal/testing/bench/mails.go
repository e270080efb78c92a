package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"
	"mime"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tierdesk/templates"
)

// charset is one of the nine character sets of the mails, with words that it can encode.
type charset struct {
	name  string
	enc   encoding.Encoding // nil: the words as they are
	words []string
}

var charsets = []charset{
	{"us-ascii", nil, strings.Fields("the printer on second floor does not print since this morning we tried another cable and restarted it twice but nothing changed please send somebody who knows the machine our invoice number stands below and the contract says within one day thank you for looking into this")},
	{"utf-8", nil, strings.Fields("seit dem Update öffnet sich die Übersicht nicht mehr die Rechnung über zwölf Geräte fehlt könnten Sie bitte prüfen ob die Aufträge vollständig übernommen wurden größere Anhänge führen außerdem zu Fehlern")},
	{"iso-8859-1", charmap.ISO8859_1, strings.Fields("depuis hier la messagerie répond très lentement et les pièces jointes ne sont plus téléchargées nous avons déjà redémarré le serveur sans succès merci de nous rappeler dès que possible")},
	{"iso-8859-15", charmap.ISO8859_15, strings.Fields("el precio de 120 € no coincide con el presupuesto del año pasado por favor envíen una factura corregida a nuestra dirección también faltan tres licencias en el último envío")},
	{"windows-1252", charmap.Windows1252, strings.Fields("when I click “save” the window closes – and nothing is kept… the customer’s address is wrong as well so every letter comes back please correct it before the next run")},
	{"koi8-r", charmap.KOI8R, strings.Fields("добрый день после обновления программа не запускается и выдаёт ошибку пожалуйста помогите восстановить доступ к нашим документам спасибо")},
	{"windows-1251", charmap.Windows1251, strings.Fields("не працює друк рахунків тому просимо перевірити налаштування принтера та надіслати інструкцію для наших працівників дякуємо")},
	{"shift_jis", japanese.ShiftJIS, strings.Fields("お世話になっております 昨日から 画面が 表示されません 再起動を しましたが 直りません ご確認を お願いいたします")},
	{"gb18030", simplifiedchinese.GB18030, strings.Fields("您好 我们的 系统 从昨天 开始 无法 登录 请尽快 帮助 我们 解决 这个 问题 谢谢")},
}

// mailFacts are the facts about a mail that are needed for counting and for answering it.
type mailFacts struct {
	id, from, subject string
	set               int // of charsets
	form              string
	reply, attached   bool
	thread            int    // the number of its first mail
	agent             bool   // an agent wrote it
	command           string // at its top, "" for none
}

// mails generates mails, the same ones each time.
type mails struct {
	rnd  *rand.Rand
	past []mailFacts // mails that can be answered
	day  time.Time

	// Of a day: what agents may answer, and what they write, so that what customers write does not
	// depend on it.
	notices []toldOf
	staff   *rand.Rand
	moved   map[int]bool // threads in which customers wrote on that day: an answer to an earlier mail would be held
}

func newMails() *mails {
	return &mails{rnd: rand.New(rand.NewPCG(2026, 13)), day: time.Now().Add(-time.Hour), staff: rand.New(rand.NewPCG(2026, 29)),
		moved: map[int]bool{}}
}

// The upper limits of the shares of the forms.
const (
	plainShare       = 0.40
	alternativeShare = 0.85 // HTML only above
	attachedShare    = 0.05
	replyShare       = 0.40
	agentShare       = 0.20 // of all mails of a day
)

// next makes the i-th mail.
func (g *mails) next(i int) ([]byte, mailFacts) {
	if len(g.notices) > 0 && g.staff.Float64() < agentShare {
		for range 100 {
			if to := g.notices[g.staff.IntN(len(g.notices))]; !g.moved[to.thread] {
				return g.fromAgent(i, to)
			}
		}
	}
	f := mailFacts{thread: i, set: g.rnd.IntN(len(charsets)), attached: g.rnd.Float64() < attachedShare}
	f.id = fmt.Sprintf("%d.%x@mail.customer%d.example", i, g.rnd.Uint64(), i%50)
	var references string
	if g.rnd.Float64() < replyShare && len(g.past) > 0 {
		// The sender writes again, as people do without having been asked.
		old := g.past[g.rnd.IntN(len(g.past))]
		f.reply, f.thread, f.from, f.set, f.subject = true, old.thread, old.from, old.set, old.subject
		references = fmt.Sprintf("In-Reply-To: <%s>\r\nReferences: <%s>\r\n", old.id, old.id)
		if !strings.HasPrefix(f.subject, "Re: ") {
			f.subject = "Re: " + f.subject
		}
	} else {
		f.from = fmt.Sprintf("person%d@customer%d.example", i, i%50)
		f.subject = g.sentence(charsets[f.set], 3+g.rnd.IntN(5))
	}
	cs := charsets[f.set]
	text := g.text(cs, 400+int(math.Exp(7.72+0.85*g.rnd.NormFloat64())))
	if f.reply {
		text += "\r\n\r\nOn Monday, 2 March 2026 at 10:12, Support wrote:\r\n> " + strings.ReplaceAll(g.text(cs, 300+g.rnd.IntN(1500)),
			"\r\n", "\r\n> ") + "\r\n"
	}
	g.moved[f.thread] = len(g.notices) > 0
	var out bytes.Buffer
	g.header(&out, i, f, cs, address, references)
	var body bytes.Buffer
	kind := ""
	switch form := g.rnd.Float64(); {
	case form < plainShare:
		f.form = "plain"
		kind = g.part(&body, "text/plain", cs, text)
	case form < alternativeShare:
		f.form = "alternative"
		kind = "Content-Type: multipart/alternative; boundary=\"alt\"\r\n"
		for _, v := range []struct{ typ, text string }{{"text/plain", text}, {"text/html", page(text)}} {
			var inner bytes.Buffer
			head := g.part(&inner, v.typ, cs, v.text)
			fmt.Fprintf(&body, "--alt\r\n%s\r\n%s\r\n", head, inner.Bytes())
		}
		body.WriteString("--alt--\r\n")
	default:
		f.form = "html"
		kind = g.part(&body, "text/html", cs, page(text))
	}
	if !f.attached {
		fmt.Fprintf(&out, "%s\r\n%s", kind, body.Bytes())
	} else {
		fmt.Fprintf(&out, "Content-Type: multipart/mixed; boundary=\"mix\"\r\n\r\n--mix\r\n%s\r\n%s\r\n", kind, body.Bytes())
		out.WriteString("--mix\r\nContent-Type: application/pdf; name=\"scan.pdf\"\r\nContent-Disposition: attachment; filename=\"scan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		// Many small attachments and few large ones, up to 1 MB when encoded.
		lines(&out, g.octets(int(700*math.Pow(1000, math.Pow(g.rnd.Float64(), 2.2)))))
		out.WriteString("--mix--\r\n")
	}
	g.past = append(g.past, f)
	return out.Bytes(), f
}

// commands are the commands at the top of agents' mails. Those listed several times are more
// frequent; "" is an answer.
var commands = []string{"", "", "", "", "", "", "/close", "/note", "/note", "/tag +seen", "/priority high", "/time 20m"}

// toldOf holds the parts of a notice to an agent that a mail program uses for the answer.
type toldOf struct {
	thread                int // the number of the customer's first mail
	agent, to, id, ticket string
	subject               string
}

// fromAgent makes a mail from an agent: an answer, a note or a command, above the text that the
// mail program quotes.
func (g *mails) fromAgent(i int, to toldOf) ([]byte, mailFacts) {
	own := &mails{rnd: g.staff, day: g.day}
	f := mailFacts{agent: true, thread: to.thread, id: fmt.Sprintf("%d.%x@mail.staff.example", i, own.rnd.Uint64()), form: "plain",
		from: to.agent, subject: "Re: " + to.subject, set: 1, command: commands[own.rnd.IntN(len(commands))]}
	var text strings.Builder
	if f.command != "" {
		text.WriteString(f.command + "\r\n")
	}
	if f.command == "" || f.command == "/note" {
		text.WriteString(own.text(charsets[0], 150+own.rnd.IntN(900)))
	}
	text.WriteString("\r\n-- \r\nAgent\r\nAcme Support\r\n\r\n")
	fmt.Fprintf(&text, "On Monday, 2 March 2026 at 10:12, Person via Acme Support wrote:\r\n> %s\r\n> ", templates.Marker)
	text.WriteString(strings.ReplaceAll(own.text(charsets[own.rnd.IntN(len(charsets))], 300+own.rnd.IntN(1500)), "\r\n", "\r\n> ") + "\r\n")
	var out, body bytes.Buffer
	own.header(&out, i, f, charsets[f.set], to.to, fmt.Sprintf("In-Reply-To: <%s>\r\nReferences: <%s>\r\n", to.id, to.id))
	kind := own.part(&body, "text/plain", charsets[f.set], text.String())
	fmt.Fprintf(&out, "%s\r\n%s", kind, body.Bytes())
	return out.Bytes(), f
}

// header writes a header like that of real mails: some 2 KB, of which the desk needs little.
func (g *mails) header(out *bytes.Buffer, i int, f mailFacts, cs charset, to, references string) {
	at := g.day.Add(time.Duration(i) * 10 * time.Millisecond).Format(time.RFC1123Z)
	writer, domain := fmt.Sprintf("Person %d", i), fmt.Sprintf("customer%d.example", i%50)
	if f.agent {
		writer, domain = "Agent", "staff.example"
	}
	fmt.Fprintf(out, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", f.from, address)
	for hop := range 3 {
		fmt.Fprintf(out, "Received: from mx%d.%s (mx%d.%s [192.0.2.%d])\r\n\tby relay%d.acme.example (Postfix) with ESMTPS id %x\r\n\tfor <%s>; %s\r\n", hop, domain, hop, domain, g.rnd.IntN(250), hop, g.rnd.Uint64(), address, at)
	}
	signature := base64.StdEncoding.EncodeToString(g.octets(256))
	fmt.Fprintf(out, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=mail;\r\n\th=from:to:subject:date:message-id; bh=%s;\r\n\tb=%s\r\n\t %s\r\n", domain, base64.StdEncoding.EncodeToString(g.octets(32)), signature[:170], signature[170:])
	fmt.Fprintf(out, "Authentication-Results: mx.acme.example; dkim=pass header.d=%s; spf=pass smtp.mailfrom=%s;\r\n\tdmarc=pass header.from=%s\r\n", domain, f.from, domain)
	subject := f.subject
	if cs.name != "us-ascii" {
		words := mime.BEncoding
		if cs.enc == nil || strings.HasPrefix(cs.name, "iso-") || strings.HasPrefix(cs.name, "windows-1252") {
			words = mime.QEncoding
		}
		// An encoded word each: none may be longer than 75 octets (RFC 2047 section 2).
		var all []string
		for _, w := range strings.Fields(subject) {
			all = append(all, words.Encode(cs.name, string(encode(cs, w+" "))))
		}
		subject = strings.Join(all, "\r\n ")
	}
	fmt.Fprintf(out, "From: %s <%s>\r\nTo: Acme Support <%s>\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n%sMIME-Version: 1.0\r\nX-Mailer: Example Mail 16.0\r\nX-Spam-Status: No, score=-1.9\r\n", writer, f.from, to, subject, at, f.id, references)
}

// part writes the body of a text part and returns its header fields.
func (g *mails) part(out *bytes.Buffer, typ string, cs charset, text string) string {
	raw := encode(cs, text)
	transfer := "quoted-printable"
	switch cs.name {
	case "us-ascii":
		transfer = "7bit"
		out.Write(raw)
	case "koi8-r", "windows-1251", "shift_jis", "gb18030":
		transfer = "base64"
		lines(out, raw)
	default:
		w := quotedprintable.NewWriter(out)
		w.Write(raw) // into memory: it cannot fail
		w.Close()
	}
	return fmt.Sprintf("Content-Type: %s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n", typ, cs.name, transfer)
}

// text returns a text of about size octets in UTF-8, in lines and paragraphs.
func (g *mails) text(cs charset, size int) string {
	var out strings.Builder
	for out.Len() < min(size, 60_000) {
		for range 2 + g.rnd.IntN(5) {
			out.WriteString(g.sentence(cs, 8+g.rnd.IntN(4)))
			out.WriteString("\r\n")
		}
		out.WriteString("\r\n")
	}
	return out.String()
}

func (g *mails) sentence(cs charset, words int) string {
	all := make([]string, words)
	for i := range all {
		all[i] = cs.words[g.rnd.IntN(len(cs.words))]
		if g.rnd.IntN(12) == 0 {
			all[i] = fmt.Sprint(g.rnd.IntN(100_000)) // numbers, which mails contain and which do not compress well
		}
	}
	return strings.Join(all, " ")
}

func (g *mails) octets(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(g.rnd.Uint32())
	}
	return out
}

// page returns a text as mail programs write it in HTML.
func page(text string) string {
	var out strings.Builder
	out.WriteString("<html><head><style>p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:\"Calibri\",sans-serif;}</style></head><body lang=\"EN\">\r\n")
	for _, p := range strings.Split(text, "\r\n\r\n") {
		if p = strings.TrimSpace(p); p != "" {
			out.WriteString("<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">" + strings.ReplaceAll(p, "\r\n",
				"<br>\r\n") + "</span></p>\r\n")
		}
	}
	out.WriteString("</body></html>\r\n")
	return out.String()
}

func encode(cs charset, text string) []byte {
	if cs.enc == nil {
		return []byte(text)
	}
	raw, err := encoding.ReplaceUnsupported(cs.enc.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		panic("bench: " + cs.name + " cannot write its own words: " + err.Error())
	}
	return raw
}

// lines writes base64 in lines of 76 (RFC 2045 section 6.8).
func lines(out *bytes.Buffer, raw []byte) {
	text := base64.StdEncoding.EncodeToString(raw)
	for len(text) > 76 {
		out.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	out.WriteString(text + "\r\n")
}

// made counts the mails that were made.
type made struct {
	dir     string
	mails   int
	octets  int64
	largest int
	replies int
	agents  int // mails of agents
}

// opened returns how many of them must open a ticket.
func (m made) opened() int { return m.mails - m.replies - m.agents }

// write writes the next mails, up to number to, into a folder, one a file, so that the names sort
// in order.
func (g *mails) write(dir string, from, to int) (made, error) {
	m := made{dir: dir, mails: to - from}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return m, err
	}
	for i := from; i < to; i++ {
		raw, f := g.next(i)
		m.octets += int64(len(raw))
		m.largest = max(m.largest, len(raw))
		if f.reply {
			m.replies++
		}
		if f.agent {
			m.agents++
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%07d", i)), raw, 0o644); err != nil {
			return m, err
		}
	}
	return m, nil
}
