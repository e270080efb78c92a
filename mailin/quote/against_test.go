package quote

import (
	"slices"
	"strings"
	"testing"

	"tierdesk/mailin"
)

// notice is what the desk wrote to an agent.
const notice = `## Please write above this line ## desk ##

A question from Petra Holm

------------------------------------------------------------
Good day,

the pump in cellar two hums and does not start.

Is it the fuse?

Can somebody come on Friday?

Petra Holm
------------------------------------------------------------

Number     #88 Pump in cellar two
State      new
Assigned   nobody (team First line)

Take it:
mailto:help+t0k3n@desk.example?subject=Take%20%2388

Your reply goes to Petra Holm. Start it with /note to keep it inside,
/help lists the commands.
`

func TestAgainst(t *testing.T) {
	t.Parallel()
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(notice), "\n", "\n> ")
	html := `<p>## Please write above this line ## desk ##</p><h2>A question from Petra Holm</h2><blockquote>Good day,<br><br>the pump in cellar two hums and does not start.<br><br>Is it the fuse?<br><br>Can somebody come on Friday?<br><br>Petra Holm</blockquote>` +
		`<table><tr><td>Number</td><td>#88 Pump in cellar two</td></tr><tr><td>State</td><td><b>new</b></td></tr><tr><td>Assigned</td><td>nobody (team First line)<br>ANSWER</td></tr></table><p><a href="mailto:help+t0k3n@desk.example?subject=Take%20%2388">Take it</a></p><p>Your reply goes to Petra Holm. Start it with <code>/note</code> to keep it inside, <code>/help</code> lists the commands.</p>`
	for _, c := range []struct{ why, text, reply, style, unsure string }{
		{"typed into a cell of the quote, marked as quoted", strings.Replace(quoted, "> Assigned   nobody (team First line)", "> Assigned   nobody (team First line)\n> It was the fuse, a new one is in.\n> \n> Ida", 1), "It was the fuse, a new one is in.\nIda", "bottom", ""},
		{"no mark is left, the answer stands at the end", "On 29/11/2026 10:04, Petra Holm via Desk wrote:\n\n" + notice + "\nIt was the fuse, a new one is in.\n", "It was the fuse, a new one is in.", "bottom", ""},
		{"no mark is left, answers between the lines", strings.Replace(strings.Replace(notice, "Is it the fuse?", "Is it the fuse?\n\nYes, it was blown.", 1), "Can somebody come on Friday?", "Can somebody come on Friday?\n\nAt ten o'clock.", 1),
			"> Is it the fuse?\nYes, it was blown.\n> Can somebody come on Friday?\nAt ten o'clock.", "interleaved", ""},
		{"wrapped in another way", "> " + strings.Join(strings.Fields(notice)[:20], " ") + "\n> " + strings.Join(strings.Fields(notice)[20:], " ") + "\n> It was the fuse.", "It was the fuse.", "bottom", ""},
		{"HTML alone", renderForTest(strings.Replace(html, "ANSWER", "It was the fuse, a new one is in.", 1)), "It was the fuse, a new one is in.", "bottom", ""},
		{"a line that was changed on the way is no answer", strings.Replace(quoted, "> the pump in cellar two hums and does not start.", "> the pump in cellar two hums and it does not start.", 1), "", "", "> the pump in cellar two hums and it does not start."},
		{"an attribution in a language that nobody knows", "Petra Holm via Desk reagovala 29.11.2026 takto:\n" + quoted + "\n> It was the fuse.", "It was the fuse.", "bottom", ""},
		{"nothing was typed", "On 29/11/2026 10:04, Petra Holm via Desk wrote:\n\n" + notice, "", "", ""},
	} {
		got, ok := Against(&mailin.Message{Text: c.text, Plain: true}, notice)
		if !ok {
			t.Errorf("%s: not recognised", c.why)
			continue
		}
		if c.reply == "" != got.NothingNew || c.reply != "" && sameLines(got.Reply) != c.reply {
			t.Errorf("%s\n got %q (nothing new: %v)\nwant %q", c.why, got.Reply, got.NothingNew, c.reply)
		}
		if string(got.Style) != c.style || strings.Join(got.Unsure, "|") != c.unsure {
			t.Errorf("%s: style %q, unsure %q", c.why, got.Style, got.Unsure)
		}
		if !got.NothingNew && strings.Contains(got.Reply, "t0k3n") {
			t.Errorf("%s: a token is left", c.why)
		}
	}
	if _, ok := Against(&mailin.Message{Text: "Hello Petra,\n\nit was the fuse. It works again now, and somebody comes on Friday.", Plain: true}, notice); ok {
		t.Error("a mail that does not quote the notice")
	}
}

func TestKeepQuoted(t *testing.T) {
	t.Parallel()
	mine := "Good day,\n\nthe pump in cellar two hums and does not start since Monday.\nIs it the fuse?\n\nPetra"
	for in, want := range map[string]string{
		"> Is it the fuse?\n\nYes.":                                                      "> Is it the fuse?\n\nYes.",
		"> > Is it the fuse?\n\nYes.":                                                    "> > Is it the fuse?\n\nYes.",
		">     Is it the fuse?\n>       Petra\n\nYes.":                                   "> Is it the fuse?\n>   Petra\n\nYes.",
		"> the pump in cellar two hums\n> and does not start since Monday.\n\nNew fuse.": "> the pump in cellar two hums\n> and does not start since Monday.\n\nNew fuse.",
		"> She never pays.\n\nYes.":                                                      "Yes.",
		"> Is it the fuse? She never pays.\n\nYes.":                                      "Yes.",
		"> A question from Petra Holm\n>\n> Is it the fuse?\n\nYes.":                     "> Is it the fuse?\n\nYes.",
		"> Is it the fuse?\n>\n> mailto:help+t0k3n@x.example\n\nYes.":                    "> Is it the fuse?\n>\n\nYes.",
		"No quote, but a > b.":                                                           "No quote, but a > b.",
		"Yes.\n\n> Petra":                                                                "Yes.\n\n> Petra",
	} {
		if got := KeepQuoted(in, mine); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestPointsBelow(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"See my answers below.", "My comments in red.", "Antworten siehe unten", "Hola, respondo en azul.", "Mes réponses sont ci-dessous.", "Risposte sotto.", "Zie hieronder.", "Ответы ниже.", "下記をご覧ください。", "见下"} {
		if !PointsBelow(s) {
			t.Errorf("%q", s)
		}
	}
	for _, s := range []string{"The fuse is new.", "The unitenable thing", "", strings.Repeat("below ", 1000)} {
		if PointsBelow(s) {
			t.Errorf("%q does not", s)
		}
	}
}

func TestAlternatives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, plain, html    string
		onlyPlain, onlyHTML []string
	}{
		{"the same", "Hello *Petra*,\n\n  * first the fuse\n  * then the pump\n\nSee https://desk.example/x", "<p>Hello <b>Petra</b>,</p><ul><li>first the fuse<li>then the pump</ul><p>See <a href='https://desk.example/x'>https://desk.example/x</a></p>", nil, nil},
		{"a command that only the HTML shows", "She never pays.", "<p>/note</p><p>She never pays.</p>", nil, []string{"/note"}},
		{"a command that the plain text has as a word", "She never pays.\n\nThey wrote:\n> Begin with /note, or not.", "<p>/note</p><p>She never pays.</p>", nil, []string{"/note"}},
		{"a command that both show", "/note\nShe never pays.", "<p>/note</p><p>She never pays.</p>", nil, nil},
		{"a command that only the plain text shows", "/note\nShe never pays.", "<p>She never pays.</p>", []string{"/note"}, nil},
		{"another text", "Please use a client that shows HTML.", "<p>The fuse is new.</p>", []string{"Please use a client that shows HTML."}, []string{"The fuse is new."}},
		{"history does not matter", "The fuse is new.\n\nOn 29/11/2026 10:04, Petra <petra@holm.example> wrote:\n> It hums.", "<p>The fuse is new.</p><div class='gmail_quote'><blockquote>It hums loudly.</blockquote></div>", nil, nil},
		{"numbers of a list", "1. the fuse\n2. the pump", "<ol><li>the fuse<li>the pump</ol>", nil, nil},
	} {
		d := Alternatives(&mailin.Message{Text: c.plain, HTML: c.html, Plain: true}, Options{})
		if !slices.Equal(d.Plain, c.onlyPlain) || !slices.Equal(d.HTML, c.onlyHTML) || d.None() != (c.onlyPlain == nil && c.onlyHTML == nil) {
			t.Errorf("%s: plain %q, HTML %q", c.why, d.Plain, d.HTML)
		}
	}
}

func TestSignatureLength(t *testing.T) {
	t.Parallel()
	const card = "Ida Lind\nRoom 9, extension 77\nPrivate: 555-0177"
	const other = "Ida Lind | Desk Ltd\nida.private@lind.example"
	for _, c := range []struct {
		why, text string
		earlier   []string
		known     []string
		cut       string
	}{
		{"two earlier mails ended so", "The fuse is new.\n\n" + card, []string{"Hello.\n\n" + card, "It works.\n" + card, "Yes."}, nil, card},
		{"one of many is not enough", "The fuse is new.\n\n" + card, []string{"Hello.\n\n" + card, "It works.", "Yes."}, nil, ""},
		{"the only earlier one", "The fuse is new.\n\n" + card, []string{"Hello.\n\n" + card}, nil, card},
		{"closing words stay", "The fuse is new.\n\nBest wishes\nIda\n\n" + card, []string{"Hello.\n\nBest wishes\nIda\n\n" + card, "Yes.\n\nBest wishes\nIda\n\n" + card}, nil, card},
		{"closing words alone are no signature", "The fuse is new.\n\nBest wishes\nIda", []string{"Hello.\n\nBest wishes\nIda", "Yes.\n\nBest wishes\nIda"}, nil, ""},
		{"an answer that is sent often is no signature", "Please take the fuse out and put it in again, then wait.\nIt starts within a minute or two.\n" + card, []string{"Please take the fuse out and put it in again, then wait.\nIt starts within a minute or two.\n" + card, "Hi.\nPlease take the fuse out and put it in again, then wait.\nIt starts within a minute or two.\n" + card}, nil, card},
		{"a sentence that names its writer is no signature", "Hello Tom.\nIda Lind will ring you as soon as the fuse is here.\n" + card, []string{"Hello Eva.\nIda Lind will ring you as soon as the fuse is here.\n" + card, "Hello Jan.\nIda Lind will ring you as soon as the fuse is here.\n" + card}, nil, card},
		{"case, signs and blank lines do not matter", "The fuse is new.\n\n*IDA LIND*\n\nRoom 9, extension 77\nprivate: 555 0177\n\n", []string{"Hello.\n\n" + card, "It works.\n" + card}, nil, "*IDA LIND*\n\nRoom 9, extension 77\nprivate: 555 0177"},
		{"with its delimiter", "The fuse is new.\n\n--\n" + card, []string{"Hello.\n\n" + card, "It works.\n" + card}, nil, "--\n" + card},
		{"the configured one", "The fuse is new.\n\n" + other, nil, []string{other}, other},
		{"steps that are sent often are no signature", "Please do this:\n\n1. turn it off\n2. wait a minute\n3. turn it on", []string{"Hello Tom,\nplease do this:\n\n1. turn it off\n2. wait a minute\n3. turn it on", "Hello Eva,\nplease do this:\n\n1. turn it off\n2. wait a minute\n3. turn it on"}, nil, ""},
		{"prices and an address above the name stay", "Our prices:\n\nModel A  100\nModel B  200\n\nDesk Ltd, Quay Road 4\n\n" + card, []string{"Hello.\n\nModel A  100\nModel B  200\n\nDesk Ltd, Quay Road 4\n\n" + card, "Yes.\n\nModel A  100\nModel B  200\n\nDesk Ltd, Quay Road 4\n\n" + card}, nil, card},
		{"a title before the name", "The fuse is new.\n\nDr. Ida Lind\nRoom 9", []string{"Hello.\n\nDr. Ida Lind\nRoom 9", "Yes.\n\nDr. Ida Lind\nRoom 9"}, nil, "Dr. Ida Lind\nRoom 9"},
		{"an address alone", "The fuse is new.\n\nida.private@lind.example\nRoom 9", []string{"Hello.\n\nida.private@lind.example\nRoom 9", "Yes.\n\nida.private@lind.example\nRoom 9"}, nil, "ida.private@lind.example\nRoom 9"},
		{"never all of a text", card, []string{"Hello.\n\n" + card, "It works.\n" + card}, []string{card}, ""},
		{"another text below", "The fuse is new.\n\n" + card + "\n\nWho is there on Friday?", []string{"Hello.\n\n" + card, "It works.\n" + card}, nil, ""},
	} {
		n := SignatureLength(c.text, c.earlier, Writer{Name: "Ida Lind", Addresses: []string{"ida.private@lind.example"}, Known: c.known})
		text := strings.TrimRight(c.text, "\n ")
		if got := strings.TrimSpace(text[len(text)-n:]); got != c.cut {
			t.Errorf("%s\n got %q\nwant %q", c.why, got, c.cut)
		}
	}
}

// What the patterns of banners find holds a stem of theirs, which is looked for first.
func TestStemsOfBanners(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"[EXTERNAL]", "EXT", "(ext)", "ext:", "Externe E-Mail", "外部", "【社外】", "Внешнее письмо", "You don't often get email from a@b.example", "Du får inte ofta e-post från a@b.example",
		"Kuruluş dışından gelen e-posta: bağlantılara tıklamayın", "주의: 외부 메일입니다"} {
		if !mayBeBanner(s) || !mayWarnOfOutside([]string{s}) {
			t.Errorf("%q is not looked at", s)
		}
	}
}

// Gateways warn in many languages and layouts, above the text and below it. What is cut is theirs alone.
func TestBanners(t *testing.T) {
	t.Parallel()
	const text = "The fuse is new, thanks.\nIt lights."
	for _, banner := range []string{
		"ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nThis message came from outside your organization.\n    Report Suspicious\nZjQcmQRYFpfptBannerEnd",
		"ZjQcmQRYFpfptBannerStart\n\nThis Message Is From an Untrusted Sender\n\nYou have not previously corresponded with this sender.\n\n<https://gate.example/7> Report Suspicious\n\nZjQcmQRYFpfptBannerEnd",
		"ZjQcmQRYFpfptBannerStart This Message Is From an External Sender ZjQcmQRYFpfptBannerEnd",
		"+-------------------------------------------+\n| WARNING: This email originated outside of |\n| Lakeside Ltd. Do not click on links.      |\n+-------------------------------------------+",
		"CAUTION: This email originated outside of Lakeside Ltd. Do not click links or open attachments unless you\nrecognize the sender and know that all of\nits content is safe.",
		"NOTICE: We could not verify the identity of the sender. Do not reply with passwords.",
		"*** ACHTUNG: EXTERNE E-MAIL *** Keine Links anklicken!",
		"Diese Nachricht wurde außerhalb Ihrer Organisation erstellt. Seien Sie vorsichtig bei Links und Anlagen.",
		"Ekstern e-post: Vær forsiktig, åpne ikke lenker eller vedlegg.",
		"HUOM! Tämä viesti on lähetetty organisaation ulkopuolelta. Älä avaa linkkejä tai liitteitä.",
		"POZOR: Tento e-mail přišel zvenčí. Neklikejte na odkazy a neotvírejte přílohy.",
		"UPOZORNENIE: Tento e-mail prišiel od odosielateľa mimo organizácie. Neotvárajte prílohy.",
		"FIGYELEM: Ez az e-mail a szervezeten kívülről érkezett. Ne kattintson hivatkozásra.",
		"ATENȚIE: Acest e-mail provine din afara organizației. Nu deschideți atașamente.",
		"ΠΡΟΣΟΧΗ: Αυτό το μήνυμα προέρχεται από εξωτερικό αποστολέα. Μην ανοίγετε συνημμένα.",
		"УВАГА: Цей лист надійшов ззовні організації. Не відкривайте вкладення.",
		"ВНИМАНИЕ: Този имейл е от външен подател. Не отваряйте прикачени файлове.",
		"OPREZ: Ova poruka dolazi izvan organizacije. Ne otvarajte poveznice.",
		"TÄHELEPANU: See kiri on saadetud väljastpoolt organisatsiooni. Ärge avage manuseid.",
		"DĖMESIO: Šis laiškas gautas iš išorės. Nespauskite nuorodų.",
		"PERHATIAN: Email ini dikirim dari luar organisasi. Jangan klik tautan atau buka lampiran.",
		"Cảnh báo: Email này được gửi từ bên ngoài tổ chức. Không mở tệp đính kèm.",
		"זהירות: הודעה זו נשלחה מחוץ לארגון. אין לפתוח קבצים מצורפים.",
		"تنبيه: هذه الرسالة واردة من خارج المؤسسة. لا تفتح الروابط أو المرفقات.",
		"[외부메일] 이 메일은 외부에서 발송되었습니다. 의심스러운 링크나 첨부파일을 열지 마십시오.",
		"** This mail comes from an unknown external sender. Stay vigilant: check links and attachments. **",
		"***This message originated from outside your organisation***",
		"CORREO EXTERNO: Verifique el remitente de este correo antes de abrir enlaces.",
		"[E-mail externo] Não abra anexos nem clique em links.",
		"※このメールは社外から届いています。添付ファイルの取り扱いにご注意ください。",
		"【提醒】该邮件来自公司外部，请谨慎打开附件或链接。",
		"[ida@lind.example からのメールを受け取ることはあまりありません。https://aka.ms/LearnAboutSenderIdentification をご覧ください。]",
	} {
		for _, between := range []string{"\n\n", "\n"} { // right below, too: only the warning is cut
			p := Text(banner+between+text, Options{})
			if p.Reply != text || p.Banner == "" {
				t.Errorf("%q: reply %q, banner %q", banner+between, p.Reply, p.Banner)
			}
		}
		if !strings.Contains(banner, "aka.ms") && !strings.Contains(banner, "ZjQ") {
			below := Text(text+"\n\n"+banner+"\n\nOn Mon, 2 Nov 2026, Desk <help@desk.example> wrote:\n> Is the fuse new?", Options{})
			if below.Reply != text {
				t.Errorf("%q below: reply %q", banner, below.Reply)
			}
		}
	}
	for _, banner := range []string{ // only above a text
		"**************************\n* EXTERNAL MAIL - handle with care *\n**************************",
		"This Message Is From an External Sender\nThis message came from outside your organization.",
		"This message was sent securely using Zix®", "[Courriel externe]", "[Messaggio esterno]", "Expéditeur externe :",
	} {
		if p := Text(banner+"\n\n"+text, Options{}); p.Reply != text || p.Banner == "" {
			t.Errorf("%q: reply %q, banner %q", banner, p.Reply, p.Banner)
		}
	}
	for _, own := range []string{
		"This message came from outside your organization.\n\nIt is about the lift.",
		"This message was sent securely using the portal, as you asked.\n\nThe key lies below.",
		"Message externe\nou interne, je ne sais pas.",
		"The mail is attached. It came from outside our organisation.\n\nDo not open it, it is a trap.",
		"Ida sent it.\n\nThis mail was sent from outside, I think. Can you look at the link?",
		"Die Tür ist offen.\n\nAchtung, bitte den Anhang nicht öffnen, er kam von einem externen Absender!",
		"It is out of order.\n\nExternal drives too.",
		"See the picture.\n\nCaution: the lamp is hot, and the switch on the outside is broken.",
		"The page says:\n\nAchtung! Die externe Platte ist voll.",
	} {
		if p := Text(own, Options{}); p.Reply != own {
			t.Errorf("the writer's own: %q", p.Reply)
		}
	}
}

func TestCutMore(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"The fuse is new, please try again.":                                                          false,
		"Yes.\n\n-- \nIda Lind\nFirst line support\nRoom 9, Quay Road 4, Lakeside":                    false, // a delimiter says so
		"Yes.\n\nSent from my iPhone":                                                                 false,
		"Yes.\n\nIda Lind\nFirst line support\nRoom 9, Quay Road 4, Lakeside":                         false, // a card, and nothing else
		"Yes.\n\nIda Lind\nRoom 9, desk line 555-0177\nida@lind.example":                              false,
		"Yes.\n\nIda Lind | First line | Acme | 555-0177 | ida@lind.example":                          false, // a card in one line
		"Yes.\n\nIda Lind\nFirst line\n555-0177\nBook time to meet with me<https://meet.example/ida>": false,
		"Yes.\n\nIda Lind\nRoom 9\nPlease try it in 20 minutes":                                       true, // more than a card
		"Yes.\n\nIda Lind | it comes at 10:00 | bring your badge along | Room 9":                      true,
		"Yes.\n\nThis e-mail is confidential and intended solely for the addressee. If you are not the intended recipient, please notify the sender and delete it.": false,
		"Yes.\n\nIda Lind\nFirst line\n555-0177\nPlease reset your password here https://x.example/reset":                                                           true,
		"Yes.\n\nIda Lind\nFirst line\n555-0177\nDo not open https://bad.example/x":                                                                                 true,
		"Yes.\n\nIda Lind\nFirst line\n555-0177\nBook a meeting with Ann at https://meet.example/ann":                                                               true,
		"Yes.\n\nIda Lind\nFirst line\n555-0177\nTermin vereinbaren: https://meet.example/ida":                                                                      false,
		"Yes.\n\nIda Lind | please ring 555-0177 | today | or send it":                                                                                              true,
		"Yes.\n\nIda Lind | call 555-0177 | before noon | not later":                                                                                                true,
		"Yes.\n\nIda Lind | Please ring 555-0177 | Not later | Acme":                                                                                                true,
		"Yes.\n\nIda Lind | send it | to room 9 | by noon":                                                                                                          true,
		"Yes.\n\nIda Lind | Room 9 | 555-0177 | call before noon":                                                                                                   true,
		"Yes.\n\nIda Lind | Send it | Room 9 | Today":                                                                                                               true, // no number
		"Yes.\n\nIda Lind | First line | Room 9 | Tel. +49 555 0177 | www.lind.example":                                                                             false,
		"Yes.\n\nIda Lind\nRoom 9\nTry it twice.":                                                                                                                   true,
		"Yes.\n\nIda Lind\nFirst line support\nQuay Road":                                                                                                           true, // nothing to reach her by
		"It is on.\n\nRegards\nPetra Holm\nPump hall\nRoom 9, Quay Road":                                                                                            true, // somebody else's
		"The fuse is new. Please switch the pump on, wait for a minute and then tell me what the lamp shows.\n\nIda Lind\nFirst line\nRoom 9":                       false,
	} {
		m := &mailin.Message{From: []mailin.Address{{Name: "Ida Lind"}}, Text: text, Plain: true}
		Split(m, Options{})
		if CutMore(m) != want {
			t.Errorf("%q: %v; signature %q (guessed: %v)", text, !want, m.Signature, m.SignatureGuessed)
		}
	}
}
