package quote

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tierdesk/mailin"
)

func TestAttributions(t *testing.T) {
	t.Parallel()
	for _, a := range []string{
		"On Mon, 2 Nov 2026 at 09:20, Jane Doe <jane@gold.example> wrote:",
		"On Mon, 2 Nov 2026 at 09:20, Jane Doe <\njane@gold.example> wrote:",
		"On Mon, 2 Nov 2026 at 09:20, Jane Doe\n<jane@gold.example>\nwrote:",
		"On 11/02/2026 09:20 AM, Jane Doe wrote:",
		"On Nov 2, 2026, at 9:20 AM, Jane <jane@gold.example> wrote:",
		"On 2026-11-02 09:20, Jane wrote:",
		"Jane Doe <jane@gold.example> wrote on Mon, 2 Nov 2026:",
		"Am 02.11.2026 um 09:20 schrieb Jane Doe:",
		"Am Mo., 2. Nov. 2026 um 09:20 Uhr schrieb Jane Doe\n<jane@gold.example>:",
		"Jane Doe <jane@gold.example> schrieb am Mo., 2. Nov. 2026,\n09:20:",
		"Le lun. 2 nov. 2026 à 09:20, Jane Doe <jane@gold.example> a écrit :",
		"Le 2 novembre 2026 à 09:20, Jane Doe a écrit :",
		"El lun, 2 nov 2026 a las 9:20, Jane Doe (<jane@gold.example>) escribió:",
		"Il giorno lun 2 nov 2026 alle ore 09:20 Jane Doe <jane@gold.example> ha scritto:",
		"Op ma 2 nov. 2026 om 09:20 schreef Jane Doe <jane@gold.example>:",
		"Em seg., 2 de nov. de 2026 às 09:20, Jane Doe <jane@gold.example> escreveu:",
		"Den mån 2 nov. 2026 kl 09:20 skrev Jane Doe <jane@gold.example>:",
		"Den man. 2. nov. 2026 kl. 09.20 skrev Jane Doe <jane@gold.example>:",
		"ma 2. marrask. 2026 klo 9.20 Jane Doe (jane@gold.example) kirjoitti:",
		"pon., 2 lis 2026 o 09:20 Jane Doe <jane@gold.example> napisał(a):",
		"po 2. 11. 2026 v 9:20 odesílatel Jane Doe <jane@gold.example> napsal:",
		"пн, 2 нояб. 2026 г. в 09:20, Jane Doe <jane@gold.example>:",
		"2 ноября 2026 г., 09:20 пользователь Jane <jane@gold.example> написал:",
		"пн, 2 лист. 2026 р. о 09:20 Jane Doe <jane@gold.example> пише:",
		"Jane Doe <jane@gold.example>, 2 Kas 2026 Pzt, 09:20 tarihinde şunu yazdı:",
		"Jane Doe <jane@gold.example>, 2 Kas 2026 Pzt, 09:20 tarihinde şunu\nyazdı:", // the verb alone on its line
		"V V pon., 2. nov. 2026 ob 9:20 je oseba Jane Doe <jane@gold.example>\nnapisala:",
		"Jane Doe <jane@gold.example> ezt írta (időpont: 2026. nov. 2., H, 9:20):",
		"Jane Doe <jane@gold.example> 于2026年11月2日周一 09:20写道：",
		"2026年11月2日(月) 9:20 Jane Doe <jane@gold.example>:",
		"2026년 11월 2일 (월) 오전 9:20, Jane Doe <jane@gold.example>님이 작성:",
		"Vào Th 2, 2 thg 11, 2026 vào lúc 09:20 Jane Doe <jane@gold.example> đã viết:",
		"Pada tanggal Sen, 2 Nov 2026 pukul 09.20 Jane Doe <jane@gold.example> menulis:",
		"În lun., 2 nov. 2026 la 09:20, Jane Doe <jane@gold.example> a scris:",
		"Στις Δευ 2 Νοε 2026 στις 9:20 π.μ., ο χρήστης Jane <jane@gold.example> έγραψε:",
		"\u202bבתאריך יום ב׳, 2 בנוב׳ 2026 ב-9:20 מאת \u202aJane\u202c\u200f <\u202ajane@gold.example\u202c\u200f>:\u202c",
		"2026-11-02 9:20 GMT+01:00 Jane Doe <jane@gold.example>:",
		"---- Jane Doe wrote ----",
		"-------- Original Message --------",
		"-----Ursprüngliche Nachricht-----\nVon: Jane Doe <jane@gold.example>",
		"-----Message d'origine-----",
		"________________________________\nFrom: Jane Doe <jane@gold.example>\nSent: Monday, November 2, 2026 9:20 AM\nTo: Support\nSubject: Printer",
		"From: Jane Doe <jane@gold.example>\nDate: Monday, 2 November 2026 at 9:20\nTo: Support\nSubject: Printer",
		"Von: Jane Doe <jane@gold.example>\nGesendet: Montag, 2. November 2026 09:20\nAn: Support\nBetreff: Drucker",
		"De : Jane Doe <jane@gold.example>\nEnvoyé : lundi 2 novembre 2026 09:20\nÀ : Support\nObjet : Imprimante",
		"De: Jane Doe <jane@gold.example>\nEnviado: lunes, 2 de noviembre de 2026 9:20\nPara: Support\nAsunto: Impresora",
		"Da: Jane Doe <jane@gold.example>\nInviato: lunedì 2 novembre 2026 09:20\nA: Support\nOggetto: Stampante",
		"Van: Jane Doe <jane@gold.example>\nVerzonden: maandag 2 november 2026 09:20\nAan: Support\nOnderwerp: Printer",
		"Från: Jane Doe <jane@gold.example>\nSkickat: den 2 november 2026 09:20\nTill: Support\nÄmne: Skrivare",
		"Od: Jane Doe <jane@gold.example>\nWysłano: poniedziałek, 2 listopada 2026 09:20\nDo: Support\nTemat: Drukarka",
		"От: Jane Doe <jane@gold.example>\nОтправлено: 2 ноября 2026 г. 9:20\nКому: Support\nТема: Принтер",
		"发件人: Jane Doe <jane@gold.example>\n发送时间: 2026年11月2日 9:20\n收件人: Support\n主题: 打印机",
		"差出人: Jane Doe <jane@gold.example>\n送信日時: 2026年11月2日 9:20\n宛先: Support\n件名: プリンター",
		"보낸 사람: Jane Doe <jane@gold.example>\n보낸 날짜: 2026년 11월 2일\n받는 사람: Support\n제목: 프린터",
		"*From:* Jane Doe <jane@gold.example>\n*Sent:* Monday\n*To:* Support\n*Subject:* Printer",
	} {
		for _, below := range []string{"\n\nThe old text.\nIt has two lines.\n", "\n\n> The old text.\n> It has two lines.\n"} {
			text := "It works now.\n\nJane\n\n" + a + below
			p := Text(text, Options{})
			if p.Reply != "It works now.\n\nJane" {
				t.Errorf("%q\n reply: %q", text, p.Reply)
			}
			if !strings.Contains(p.Quote, "The old text.") || p.NothingNew {
				t.Errorf("%q\n quote: %q", text, p.Quote)
			}
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, in, reply string }{
		{"nothing quoted", "Hello\n\nJane\n", "Hello\n\nJane"},
		{"quote without attribution", "Yes.\n\n> Does it jam?\n", "Yes."},
		{"answer below", "On Mon, 2 Nov 2026, Jane <jane@gold.example> wrote:\n> Does it jam?\n\nYes.\n", "Yes."},
		{"answer below, the attribution marked, too", "> On 2 Nov 2026, at 9:20, Jane <jane@gold.example> wrote:\n> \n> Hello Joe,\n> does it jam?\n\nYes.\n", "Yes."},
		{"answers between", "> Does it jam?\nYes.\n> Is the light red?\nNo.\n", "> Does it jam?\nYes.\n> Is the light red?\nNo."},
		{"answers between, old tail off", "> Does it jam?\nYes.\n\n> Is the light red?\n> Regards\n", "> Does it jam?\nYes."},
		{"signature", "Hello\n-- \nJane Doe\nAcme\n", "Hello"},
		{"signature above the quote", "Hello\n\n-- \nJane\n\nOn 2 Nov 2026, Joe wrote:\n> x\n", "Hello"},
		{"signature below the quote", "Hello\n\n> x\n\n-- \nJane\n", "Hello"},
		{"two dashes in a text are no signature", "Hello -- world\nmore\n", "Hello -- world\nmore"},
		{"a long text behind two dashes stays", "Hello\n--\n" + strings.Repeat("A line of the letter.\n", 60), "Hello\n--\n" + strings.TrimSpace(strings.Repeat("A line of the letter.\n", 60))},
		{"boast", "Yes.\n\nSent from my iPhone\n", "Yes."},
		{"boast in German", "Ja.\n\nVon meinem iPhone gesendet\n", "Ja."},
		{"boast above the quote", "Yes.\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: x\n", "Yes."},
		{"no boast", "I have sent it.\n\nSent from my desk, it takes a day, as you know, and longer in winter.\n", "I have sent it.\n\nSent from my desk, it takes a day, as you know, and longer in winter."},
		{"a boast alone is kept", "Sent from my iPhone\n", "Sent from my iPhone"},
		{"forwarded", "See below.\n\n---------- Forwarded message ---------\nFrom: Joe <joe@x.example>\nDate: Mon\nSubject: x\nTo: y\n\nOld text\n", "See below.\n\n---------- Forwarded message ---------\nFrom: Joe <joe@x.example>\nDate: Mon\nSubject: x\nTo: y\n\nOld text"},
		{"signed in the clear", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\nCharset: utf-8\n\nDoes it jam?\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "Does it jam?"},
		{"signed in the clear, without fields", "-----BEGIN PGP SIGNED MESSAGE-----\n\nDoes it jam?\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n", "Does it jam?"},
		{"signed in the clear, without a blank line", "-----BEGIN PGP SIGNED MESSAGE-----\nDoes it jam?\nAnd how often?\n\nIt jams here.\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "Does it jam?\nAnd how often?\n\nIt jams here."},
		{"signed in the clear, with a question at once", "-----BEGIN PGP SIGNED MESSAGE-----\nUrgent: does it jam?\n\nIt jams here.\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "Urgent: does it jam?\n\nIt jams here."},
		{"only history", "> Does it jam?\n", "> Does it jam?"},
		{"only a header block", "From: Joe <joe@x.example>\nSent: Monday\nTo: y\nSubject: x\n\nText\n", "From: Joe <joe@x.example>\nSent: Monday\nTo: y\nSubject: x\n\nText"},
		{"only blanks", " \n\n", ""},
		{"empty", "", ""},
		{"a form is no header block", "Hello\n\nTo: be or not to be\nModel: 42SN\n", "Hello\n\nTo: be or not to be\nModel: 42SN"},
		{"a sentence with wrote", "As my boss wrote:\nthe printer must go.\n", "As my boss wrote:\nthe printer must go."},
		{"a sentence with a time", "We met at 9:20 on the stairs and he said:\nhello\n", "We met at 9:20 on the stairs and he said:\nhello"},
		{"a list", "Errors:\n- one\n- two\n", "Errors:\n- one\n- two"},
		{"disclaimer", "Hello\n\nCONFIDENTIALITY NOTICE: This e-mail is for you alone.\nOr not.\n", "Hello"},
		{"history without marks", "Yes.\n\nOn 2 Nov 2026 at 9:20, Jane <jane@gold.example> wrote:\n\nDoes it jam?\n", "Yes."},
		{"wrapped quote", "Yes.\n\n> " + strings.Repeat("word ", 13) + "word word\nwrapped end\n> of it\n", "Yes."},
		{"closing words below the quote", "It works.\n\nOn 2 Nov 2026 at 9:20, Jane wrote:\n\n> Does it jam?\n\nRegards, Joe\n", "It works.\n\nRegards, Joe"},
		{"an answer below the quote", "It works.\n\nOn 2 Nov 2026 at 9:20, Jane wrote:\n\n> Does it jam?\n\nNo, not today.\n", "It works.\n\nOn 2 Nov 2026 at 9:20, Jane wrote:\n\n> Does it jam?\n\nNo, not today."},
		{"what was forwarded in the history", "Yes.\n\nOn 2 Nov 2026, Jane <jane@gold.example> wrote:\n\nSee below.\n\n---------- Forwarded message ----------\nFrom: Joe\n", "Yes."},
		{"date and name without a colon", "Yes.\n2026/11/2 Jane <jane@gold.example>\n\n> old\n", "Yes."},
		{"a boast with a link", "Yes.\n\nSent with [Some Mail](https://mail.example/) secure email.\n\n> old\n", "Yes."},
		{"a drawn line in an unknown language above a header block", "Yes.\n\n------ Vana kiri ------\nFrom: Jane <jane@gold.example>\nSent: Monday\nTo: x\nSubject: y\n\nold\n", "Yes."},
		{"an appointment", "Come please:\n\nDate: Wednesday 3, October 2026\nTime: 7:00\nAddress: 130 Fox St\n\nBring your ID.\n", "Come please:\n\nDate: Wednesday 3, October 2026\nTime: 7:00\nAddress: 130 Fox St\n\nBring your ID."},
		{"the verb alone, the writer's own line above it", "It works now.\nSee what Jane Doe <jane@gold.example>\nsaid on 2 Nov 2026\nwrote:\n> old\n", "It works now.\nSee what Jane Doe <jane@gold.example>\nsaid on 2 Nov 2026"},
		{"the foot of a list", "Yes.\n\n-=-=-=-=-\nYou receive all messages: https://lists.example/g/7\nUnsubscribe: https://lists.example/u/7\n", "Yes."},
		{"CRLF", "Yes.\r\n\r\nOn 2 Nov 2026 at 9:20, Jane <jane@gold.example> wrote:\r\n> Does it jam?\r\n", "Yes."},
		{"code", "It says:\n\n    if (a > b) {\n        c();\n    }\n", "It says:\n\n    if (a > b) {\n        c();\n    }"},
	} {
		if p := Text(c.in, Options{}); p.Reply != c.reply {
			t.Errorf("%s\n got: %q\nwant: %q", c.why, p.Reply, c.reply)
		}
	}
}

func TestLongText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A line of the log.\n", maxLines+10)
	if p := Text(long, Options{}); p.Reply != strings.TrimSpace(long) {
		t.Errorf("%d of %d octets are left", len(p.Reply), len(long))
	}
	if p := Text("Yes.\n\nOn 2 Nov 2026, Jane <jane@gold.example> wrote:\n"+long, Options{}); p.Reply != "Yes." {
		t.Errorf("%d octets are left", len(p.Reply))
	}
}

// Marks of a signature that mark nothing, as many as a mail holds, are read in a moment: each used to be sought through all that stands before or behind it.
func TestManyMarksOfSignatures(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"<x signature ", "signature ", "_sign ", "<x gnature='", "<x Sig><x SIG_P "} {
		doc := strings.Repeat(mark, 2<<20/len(mark))
		begun := time.Now()
		if found := markedSignatures(doc); len(found) > 0 {
			t.Errorf("%q: %d signatures", mark, len(found))
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%q: %v", mark, took)
		}
	}
}

func TestMarker(t *testing.T) {
	t.Parallel()
	const line = "## Please write above this line ##"
	for in, reply := range map[string]string{
		"Done.\n\n" + line + "\nNotice\n": "Done.",
		"Done.\n\nOn Mon, 2 Nov 2026, Desk <d@desk.example> wrote:\n> " + line + "\n> Notice that is long enough for a client to break the line in two,\nmore\n": "Done.",
		"Done.\n\n## Write above this line: what stands below\nit is not sent on " + line + "\nNotice\n":                                                         "Done.",
		"Done.\n\n## Please write above\nthis line ##\nNotice\n":                                                                                                 "Done.",
		"Done.\n\n> ## Please write\n> above this line ##\n> Notice\n":                                                                                           "Done.",
		"Done.\n\nFrom: Desk\n" + line + "\nNotice\n\nNot mine\n":                                                                                                "Done.\n\nFrom: Desk",
	} {
		if p := Text(in, Options{Markers: []string{line}}); p.Reply != reply || !strings.Contains(p.Quote, "Notice") {
			t.Errorf("%q\n got: %q, quote %q", in, p.Reply, p.Quote)
		}
	}
	if p := Text(line+"\nNotice\n", Options{Markers: []string{line}}); !p.NothingNew {
		t.Error("nothing stands above the marker")
	}
	forwarded := "From: Desk <d@desk.example>\nSent: Monday, 2 November 2026 09:20\nTo: Ann\nSubject: Lamp\n\nThis came from outside\n\n" + line + "\nNotice\n"
	if p := Text(forwarded, Options{Markers: []string{line}}); !p.NothingNew {
		t.Errorf("nothing stands above the header of the notice: %q", p.Reply)
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, in, reply string }{
		{"Gmail", `<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Jane wrote:<br></div><blockquote class="gmail_quote">Old</blockquote></div>`, "Yes."},
		{"Gmail, forwarded", `<div>See</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Joe</div>Old</div>`, "See\n---------- Forwarded message ---------\nFrom: Joe\nOld"},
		{"Gmail's own quotation", `Look:<blockquote class="gmail_quote">my own words</blockquote>`, "Look:\nmy own words"},
		{"Apple", `Yes.<br><blockquote type="cite"><div>On 2 Nov 2026, Jane wrote:</div>Old</blockquote>`, "Yes."},
		{"Thunderbird", `<p>Yes.</p><div class="moz-cite-prefix">On 2.11.26 Jane wrote:</div><blockquote type="cite">Old</blockquote><pre class="moz-signature">-- <br>Jane</pre>`, "Yes."},
		{"Outlook on the web", `<div>Yes.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Jane</div><div>Old</div>`, "Yes."},
		{"Outlook", `<div class="WordSection1"><p class="MsoNormal">Yes.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>From:</b> Jane &lt;jane@gold.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Support<br><b>Subject:</b> Printer</p></div></div><p>Old</p></div>`, "Yes."},
		{"Yahoo", `<div>Yes.</div><div class="yahoo_quoted"><div>On Monday, Jane wrote:</div>Old</div>`, "Yes."},
		{"Proton", `<div>Yes.</div><div class="protonmail_signature_block">Sent with Proton</div><div class="protonmail_quote">On Mon, Jane wrote:<blockquote>Old</blockquote></div>`, "Yes."},
		{"GMX", `<div>Yes.<div name="quote">Gesendet: Montag<br>Old</div></div>`, "Yes."},
		{"Zimbra", `<div>Yes.</div><hr data-marker="__DIVIDER__"><div data-marker="__HEADERS__">From: x</div><div data-marker="__QUOTED_TEXT__">Old</div>`, "Yes."},
		{"answers between", `<blockquote type="cite">Does it jam?</blockquote>Yes.<blockquote type="cite">Red light?</blockquote>No.`, "> Does it jam?\nYes.\n> Red light?\nNo."},
		{"only history", `<blockquote type="cite">Does it jam?</blockquote>`, "> Does it jam?"},
		{"signature", `Yes.<div class="gmail_signature">Jane<br>Acme</div>`, "Yes."},
		{"plain HTML", `<p>Yes.</p><p>-- <br>Jane</p>`, "Yes."},
	} {
		m := &mailin.Message{HTML: c.in, Text: renderForTest(c.in)}
		Split(m, Options{})
		if m.Reply != c.reply {
			t.Errorf("%s\n got: %q\nwant: %q", c.why, m.Reply, c.reply)
		}
	}
}

// Text never loses and never invents: every line of the reply stands in the text, in order, and nothing is empty where
// the text is not.
func TestProperties(t *testing.T) {
	t.Parallel()
	line := rapid.SampledFrom([]string{"", "Hello", "> quoted", ">> twice", "On Mon, 2 Nov 2026, Jane <jane@x.example> wrote:", "-- ", "--", "____________", "From: Jane <jane@x.example>", "Sent: Monday", "To: x", "Subject: y",
		"-----Original Message-----", "Sent from my iPhone", "wrote:", "---------- Forwarded message ----------", "Confidentiality notice: this is only for you", "  ", "a: b", "> wrote:"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(line, 0, 30).Draw(t, "lines"), "\n")
		p := Text(text, Options{})
		if !isBlank(text) && isBlank(p.Reply) {
			t.Fatalf("%q: nothing is left", text)
		}
		rest := text
		for l := range strings.Lines(p.Reply) {
			l = strings.TrimRight(l, "\n")
			i := strings.Index(rest, l)
			if i < 0 {
				t.Fatalf("%q is not in %q", l, text)
			}
			rest = rest[i+len(l):]
		}
		if again := Text(p.Reply, Options{}); len(again.Reply) > len(p.Reply) {
			t.Fatalf("%q grew to %q", p.Reply, again.Reply)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("Yes.\n\nOn Mon, 2 Nov 2026, Jane <jane@x.example> wrote:\n> old\n-- \nJane\n")
	f.Add("> a\nb\n> c\n\nFrom: x\nSent: y\nSubject: z\n")
	f.Add("\u1427\f\u200b") // nothing that anybody could read
	f.Fuzz(func(t *testing.T, s string) {
		p := Text(s, Options{Markers: []string{"##"}})
		if !isBlank(s) && isBlank(p.Reply) {
			t.Errorf("%q: nothing is left", s)
		}
		if utf8.ValidString(s) && !utf8.ValidString(p.Reply+p.Quote+p.Signature) {
			t.Errorf("%q: cut inside a character", s)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(`<div>Yes.</div><div class="gmail_quote">On Mon, Jane wrote:<blockquote>Old</blockquote></div>`)
	f.Add(`<div id="divRplyFwdMsg"><p>a<table><blockquote>b`)
	f.Fuzz(func(t *testing.T, s string) {
		text := renderForTest(s)
		p := HTML(s, text, Options{})
		if !isBlank(text) && isBlank(p.Reply) {
			t.Errorf("%q: nothing is left", s)
		}
	})
}

// TestKeepsTheWritersWords: what only resembles history, a signature or a notice stays: when in doubt more is kept.
// Of many notices the last four are cut off; a contract that somebody asks about is no notice.
func TestFewNotices(t *testing.T) {
	t.Parallel()
	const clause = "Clause: the recipient keeps what is confidential, deletes what came in error, and unauthorised copying is prohibited for everybody."
	p := Text("The lamp is red.\n\n"+strings.Repeat(clause+"\n\n", 10), Options{})
	if n := strings.Count(p.Reply, clause); n != 10-maxNotices {
		t.Errorf("%d of 10 clauses are left, wanted %d", n, 10-maxNotices)
	}
}

func TestLetterBetweenNotices(t *testing.T) {
	t.Parallel()
	const notice = "This message is confidential and for the intended recipient only. If you received it in error, delete it; any unauthorised copying is prohibited."
	letter := "The lamp is red.\n\nYour mail said: " + notice + "\n\nPlease send a new lamp instead.\n\nJane"
	if p := Text(letter+"\n\n"+notice, Options{}); p.Reply != letter {
		t.Errorf("cut to %q", p.Reply)
	}
}

func TestKeepsTheWritersWords(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"Hello,\n\nSent via courier.\nIt should arrive tomorrow.\nPlease confirm.\n\nJane",
		"Hi,\n\nSent by courier yesterday.\n\nPlease confirm arrival of the two parcels, and tell me the number.\n\nJane",
		"Hello,\n\nThe information you sent is confidential and wrong.\n\nPlease correct it and call me.\n\nJane",
		"Hello,\n\nThis e-mail is the third one. I still wait.\n\nWhat shall I do?\n\nJane",
		"Hello,\n\nthe e-mail is not sent and any attachment is lost.\n\nThe e-mail program contains an error.\n\nWhy?\n\nJane",
		"Hello,\n\nIf you have received my parcel in error, send it back.\n\nJane",
		"Hello,\n\nDownload Outlook again?\n\nI did that. What next?\n\nJane",
		"Hello,\n\n-- see below --\n\nIt jams.\n\nJane",
		"Hello\n\n***\n\nIt jams\n\n***\n\nJane",
		"Hello,\n\nJane Doe wrote this to me on Friday (jane@gold.example):\n\nPlease pay the bill.\n\nIs that yours?\n\nBob",
		"Hallo,\n\nVon: Berlin\nNach: Hamburg\nDatum: 3.11.2026\n\nBitte buchen.\n\nJane",
		"Hallo,\n\nVon: Berlin\nAn: Hamburg\nDatum: 3.11.2026\n\nBitte buchen.\n\nJane",
		"Bonjour,\n\nDe : Paris\nA : Lyon\nDate : 3/11/2026\n\nMerci de réserver.\n\nJane",
		"Hi,\n\n| a | b |\n| 1 | 2 |\n\nis my table.",
		"Hi,\n\n| error one\n| error two\n\nis what I see.",
		"Hi,\n\nthe log says:\n\n> error: paper jam\n> error: no toner\n\nWhat now?\n\nJane",
		"Hi,\n\nI wrote on 2 Nov 2026:\n\n> The lamp is red\n\nand nobody answered. Please do.\n\nJane",
		"Original message was lost.\n\nPlease send again",
		"It works.\n\nSent from my iPhone\n\n> On 2 Nov 2026, at 09:20, Acme <support@desk.example> wrote:\n>\n> Is it on?\n\nYes it is.\n\n> And the light?\n\nRed.",
		"Hi,\n\nDear Sir\n\nThis message was sent by your printer:\n\nPC LOAD LETTER\n\nWhat is it?",
		"Avast blocks your site.\n\nWhat shall I do? Avast says it is infected.\n\nJane",
		"Hello,\n\nAvast blocks your site.\n\nWhat shall I do?\n\nJane",
		"Hello,\n\nEste correo no llega.\n\nEl correo con virus fue borrado por avast, ¿qué hago?\n\nJane",
		"Hello,\n\nBefore I print this message I must log in.\n\nWhy?\n\nJane",
		"Bonjour,\n\nCe message contient une pièce jointe.\n\nPouvez-vous la lire ?\n\nJane",
		"Hallo,\n\ndiese E-Mail enthält zwei Fragen:\n\n1. Wann?\n2. Wo?\n\nJane",
		"Hello,\n\nyou sent us a confidential invoice by mistake. It was intended for another recipient. Please say whether we shall delete it, and where ours is.\n\nJane\nTel. 4711",
		"Hello,\n\nthe lamp is red.\n\nYou also sent me a confidential invoice by mistake, intended for another recipient. Shall I delete it?\n\nJane\nTel. 4711",
		"Hello,\n\nthe lamp is red.\n\nYour shop shows confidential files of other people, and nobody can delete them: not from the list, and not from the page behind it.\n\nTel. 4711",
		"Hello,\n\nthe lamp is red.\n\nUnder article 17 I ask you to delete all confidential data; its disclosure is unauthorised, and I am its only intended recipient.\n\njane@gold.example",
		"First point is the pump.\n\n-=-=-=-\n\nSecond point is the boiler. Can you come on Monday?",
		"The log says:\n\n-=-=-=-=-\n09:20 pump on\n09:21 pump off, see https://log.example/7",
		"My points:\n\n-=-=-=-\nThe pump is broken.\n-=-=-=-",
		"Hello,\n\nMeeting 30 Nov 2026, 10:15 with jane@gold.example:\n- bring the badge\n- and the key",
		"Hello,\n\n30 Nov 2026, 10:15 to jane@gold.example:\nsend her the old badge",
		"Hello,\n\n30 Nov 2026, 10:15 by jane@gold.example:\nthe old badge was sent",
		"Hello,\n\n30 Nov 2026, 10:15 with jane@gold.example:\n\nbring the old badge",
		"Hallo,\n\nbitte am 30. Nov. 2026, 10:15 an jane@gold.example:\nden alten Ausweis senden",
		"Hallo,\n\nTermin 30. Nov. 2026, 10:15 von jane@gold.example:\n\nBitte den Ausweis mitbringen",
		"Hello,\n\nthe log says\n2026-11-02 09:20 from jane@gold.example:\nthe pump is broken",
		"Hello,\n\nthe log says\n2026-11-02 09:20 by jane@gold.example:\nthe pump is broken\n2026-11-02 09:25 by jane@gold.example:\nit is mended",
		"Hallo,\n\nQuesto messaggio è il terzo.\n\nQuando rispondete?\n\nJane",
	} {
		if p := Text(s, Options{}); p.Reply != s {
			t.Errorf("%q\n was cut to %q", s, p.Reply)
		}
	}
}

// S-nail marks what it quotes with a bar; a table has more than one in a line.
func TestBarsAreMarks(t *testing.T) {
	t.Parallel()
	const text = "Petra Holm wrote in\n <a@holm.example>:\n |Is it the fuse?\n\nIt is.\n\n |And on Friday?\n\nYes.\n\n|lamp|red|\n"
	for agent, want := range map[string]string{
		"s-nail v14.9.24":  "> Is it the fuse?\n\nIt is.\n\n> And on Friday?\n\nYes.\n\n|lamp|red|",
		"NeoMutt/20220429": " |Is it the fuse?\n\nIt is.\n\n |And on Friday?\n\nYes.\n\n|lamp|red|",
	} {
		m := &mailin.Message{Text: text, Plain: true, Header: mailin.Header{{Key: "User-Agent", Value: agent}}}
		if Split(m, Options{}); m.Reply != want {
			t.Errorf("%s: %q", agent, m.Reply)
		}
	}
}

// Initials before the marks of a quote are taken off wherever they stand, so that nobody takes a quoted line for the writer's own. Without an attribution they stay.
func TestInitialsAreTakenOff(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Acme wrote:\nAS> The gate is shut.\nI open it.\n AS> Level 3, not paid\nGood.\nAS>> older\n": "> The gate is shut.\nI open it.\n > Level 3, not paid\nGood.",
		"Acme написал:\nИП> Ворота закрыты.\nОткрою.\nИП> Не платит\nХорошо.":                         "> Ворота закрыты.\nОткрою.\n> Не платит\nХорошо.",
		"The screen says:\nDOS> dir\nWhat now?":              "The screen says:\nDOS> dir\nWhat now?",
		"Acme wrote:\nABCD> x\nWhat now?\nABCD> y\nAnd now?": "Acme wrote:\nABCD> x\nWhat now?\nABCD> y\nAnd now?",
	} {
		m := &mailin.Message{Text: text, Plain: true}
		if Split(m, Options{}); m.Reply != want {
			t.Errorf("%q: %q", text, m.Reply)
		}
	}
	// Nothing but the quote: it is all there is, with marks.
	m := &mailin.Message{Text: "Acme wrote:\nAS> Level 3, not paid\n", Plain: true}
	if Split(m, Options{}); !m.NothingNew || QuotedLines(m.Reply) != "> Level 3, not paid" {
		t.Errorf("%q", m.Reply)
	}
}

// The first line that a customer wrote is kept above the answer to it, although it stands next to the marker as a headline does.
func TestTheFirstLineIsNoHeadline(t *testing.T) {
	t.Parallel()
	const frame = "> ------------------------------------------------------------\n"
	const rest = "\nThe left one.\n\n> And on Friday?\n\nYes.\n\n" + frame + "> Number     #88 Pump in cellar two\n"
	for name, text := range map[string]string{
		"in the marker's line": "> ## A question from Petra · Please write above this line ## desk ##\n>\n> Is it the fuse?\n" + rest,
		"above a ruler":        "> ## Please write above this line ## desk ##\n>\n> A question from Petra\n>\n" + frame + "> Is it the fuse?\n" + rest,
		"nothing but a ruler":  "> ## Please write above this line ## desk ##\n>\n" + frame + "> Is it the fuse?\n" + rest,
	} {
		if p := Text("Petra wrote:\n"+text, Options{Markers: []string{"## desk ##"}}); p.Reply != "> Is it the fuse?\n\nThe left one.\n\n> And on Friday?\n\nYes." {
			t.Errorf("%s: %q", name, p.Reply)
		}
	}
	p := Text("Petra wrote:\n> ## Please write above this line ## desk ##\n>\n> A question from Petra\n\nIt is the left one.\n\n> And on Friday?\n\nYes.\n", Options{Markers: []string{"## desk ##"}})
	if p.Reply != "It is the left one.\n\n> And on Friday?\n\nYes." {
		t.Errorf("a headline: %q", p.Reply)
	}
}

// Programs that head the mail below as if the head were quoted, and do not quote the mail; and rules and addresses of odd shapes above and in what is quoted.
func TestOddHeads(t *testing.T) {
	t.Parallel()
	const below = "\n\nHello Jane,\nthe pump is ordered.\n"
	for _, head := range []string{
		`>>> "Acme Support" <support@desk.example> 03.11.2026 09:20 >>>`, ">>> Acme Support <support@desk.example> 11/03/26 9:20 AM >>>",
		"> Message du 03/11/26 09:20\n> De : \"Acme\" <support@desk.example>\n> A : jane@gold.example\n> Copie à :\n> Objet : Pompe\n>",
		"#####\n\nMensaje del: 03/11/2026 09:20\nDe: Acme <support@desk.example>\nA: jane@gold.example\nAsunto: Bomba",
	} {
		if got := Text("It runs.\n\n"+head+below, Options{}).Reply; strings.TrimSpace(got) != "It runs." {
			t.Errorf("%q: %q", head, got)
		}
	}
	const broken = "It runs.\n\nOn 3 Nov 2026 at 09:20, Acme <support@desk.example> wrote:\n\n> Write to Acme (support@\ndesk.example) then.\n>\n> Acme\n"
	if got := Text(broken, Options{}).Reply; strings.TrimSpace(got) != "It runs." {
		t.Errorf("a broken address: %q", got)
	}
	for _, whole := range []string{
		"The prompt of the shell is\n\n>>> import pump 1.25\n\nand then nothing happens.",
		"I was asked:\n\n> Message du 3/11: venez.\n\nWhat does it mean?",
		"The list has\n\n#####\n\nfive signs.",
	} {
		if got := Text(whole, Options{}).Reply; strings.TrimSpace(got) != whole {
			t.Errorf("%q: %q", whole, got)
		}
	}
}
