package classify

import (
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
)

var self = Self{Addresses: []string{"support@desk.example"}, MessageIDDomain: "desk.example"}

// mailWith makes a message of header lines.
func mailWith(lines ...string) *mailin.Message {
	m := &mailin.Message{From: []mailin.Address{{Address: "jane@gold.example"}}, Subject: "Printer", Text: "It jams.", Reply: "It jams.", Date: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	for _, l := range lines {
		k, v, _ := strings.Cut(l, ": ")
		m.Header = append(m.Header, mailin.Field{Key: k, Value: v})
		switch k {
		case "From":
			m.From = []mailin.Address{{Address: v}}
		case "Subject":
			m.Subject = v
		case "Message-ID":
			m.MessageID = v
		case "Return-Path":
			v = strings.Trim(v, "<>")
			m.ReturnPath = &v
		}
	}
	return m
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  mailin.Kind
		lines []string
	}{
		{mailin.KindPerson, nil},
		{mailin.KindPerson, []string{"Auto-Submitted: no"}},
		{mailin.KindPerson, []string{"Auto-Submitted: No (typed by hand)"}},
		{mailin.KindPerson, []string{"Auto-Submitted: no; by=webmail"}},
		{mailin.KindGenerated, []string{"Auto-Submitted: nobody"}},
		{mailin.KindPerson, []string{"Subject: Out of paper"}},
		{mailin.KindPerson, []string{"Subject: Re: Automatic door is broken"}},
		{mailin.KindPerson, []string{"Subject: Rejected invoice"}},
		{mailin.KindPerson, []string{"Subject: Delivery failed to arrive, where is my parcel?"}},
		{mailin.KindPerson, []string{"Subject: Urlaub im Mai"}},
		{mailin.KindPerson, []string{"Precedence: first-class"}},
		{mailin.KindPerson, []string{"Subject: Out of office settings do not work"}},
		{mailin.KindPerson, []string{"Subject: Re: your automatic reply"}},
		{mailin.KindPerson, []string{"Subject: Automatic reply to the form is broken"}},
		{mailin.KindPerson, []string{"Subject: On holiday booking I get an error"}},
		{mailin.KindPerson, []string{"Subject: Absence form broken"}},
		{mailin.KindPerson, []string{"Subject: Absent colleagues cannot log in"}},
		{mailin.KindPerson, []string{"Subject: Vacation days are wrong"}},
		{mailin.KindPerson, []string{"Subject: Abwesenheit eintragen geht nicht"}},
		{mailin.KindPerson, []string{"Subject: Congés payés : question"}},
		{mailin.KindPerson, []string{"Subject: Printer is out of the office building"}},
		{mailin.KindPerson, []string{"Subject: Auto response time too long"}},
		{mailin.KindAutoReply, []string{"Subject: Out of office"}},
		{mailin.KindAutoReply, []string{"Subject: Out of the office until Monday"}},
		{mailin.KindAutoReply, []string{"Subject: Out of Office AutoReply: Printer"}},
		{mailin.KindAutoReply, []string{"Subject: Auto-reply - Printer"}},
		{mailin.KindAutoReply, []string{"Subject: [Auto-Reply] Printer"}},
		{mailin.KindAutoReply, []string{"Subject: Jane - vacation response Re: Printer"}},
		{mailin.KindAutoReply, []string{"Subject: On vacation"}},
		{mailin.KindAutoReply, []string{"Subject: Fuori ufficio"}},
		{mailin.KindAutoReply, []string{"Subject: Abwesenheit: Drucker"}},
		{mailin.KindPerson, []string{"X-Loop: somebody@else.example", "X-Loop: "}[1:]},
		{mailin.KindAutoReply, []string{"Auto-Submitted: auto-replied"}},
		{mailin.KindAutoReply, []string{"Auto-Submitted: auto-replied (vacation)"}},
		{mailin.KindAutoReply, []string{"X-Autoreply: yes"}},
		{mailin.KindAutoReply, []string{"Precedence: auto_reply"}},
		{mailin.KindAutoReply, []string{"Subject: Automatic reply: Printer"}},
		{mailin.KindAutoReply, []string{"Subject: Out of Office: Printer"}},
		{mailin.KindAutoReply, []string{"Subject: Jane Doe is out of the office"}},
		{mailin.KindAutoReply, []string{"Subject: Jan Doe/X/DE ist außer Haus."}},
		{mailin.KindAutoReply, []string{"Subject: Jane Doe est absente du bureau."}},
		{mailin.KindPerson, []string{"Subject: Lisa is afwezig"}}, // a parent writes to a school
		{mailin.KindPerson, []string{"Subject: Mein Chef ist außer Haus"}},
		{mailin.KindPerson, []string{"Subject: The technician is out of the office until Monday"}},
		{mailin.KindPerson, []string{"Subject: Der Drucker ist nicht im Büro"}},
		{mailin.KindPerson, []string{"Subject: Ist außer Haus noch jemand erreichbar"}},
		{mailin.KindAutoReply, []string{"Preference: auto_reply"}},
		{mailin.KindAutoReply, []string{"Subject: Automatische Antwort: Drucker"}},
		{mailin.KindAutoReply, []string{"Subject: Abwesenheitsnotiz: Drucker"}},
		{mailin.KindAutoReply, []string{"Subject: Réponse automatique : Imprimante"}},
		{mailin.KindAutoReply, []string{"Subject: Respuesta automática: Impresora"}},
		{mailin.KindAutoReply, []string{"Subject: Risposta automatica: Stampante"}},
		{mailin.KindAutoReply, []string{"Subject: Automatisch antwoord: Printer"}},
		{mailin.KindAutoReply, []string{"Subject: Autosvar: Skrivare"}},
		{mailin.KindAutoReply, []string{"Subject: Automatisk svar: Printer"}},
		{mailin.KindAutoReply, []string{"Subject: Automaattinen vastaus: Tulostin"}},
		{mailin.KindAutoReply, []string{"Subject: Odpowiedź automatyczna: Drukarka"}},
		{mailin.KindAutoReply, []string{"Subject: Automatická odpověď: Tiskárna"}},
		{mailin.KindAutoReply, []string{"Subject: Automatikus válasz: Nyomtató"}},
		{mailin.KindAutoReply, []string{"Subject: Răspuns automat: Imprimantă"}},
		{mailin.KindAutoReply, []string{"Subject: Автоответ: Принтер"}},
		{mailin.KindAutoReply, []string{"Subject: Автоматична відповідь: Принтер"}},
		{mailin.KindAutoReply, []string{"Subject: Αυτόματη απάντηση: Εκτυπωτής"}},
		{mailin.KindAutoReply, []string{"Subject: Otomatik Yanıt: Yazıcı"}},
		{mailin.KindAutoReply, []string{"Subject: Resposta automática: Impressora"}},
		{mailin.KindAutoReply, []string{"Subject: 自动回复: 打印机"}},
		{mailin.KindAutoReply, []string{"Subject: 自動応答: プリンター"}},
		{mailin.KindAutoReply, []string{"Subject: 자동 응답: 프린터"}},
		{mailin.KindAutoReply, []string{"Subject: תשובה אוטומטית: מדפסת"}},
		{mailin.KindAutoReply, []string{"Subject: رد تلقائي: طابعة"}},
		{mailin.KindList, []string{"List-Id: <printers.lists.example>"}},
		{mailin.KindGenerated, []string{"Auto-Submitted: auto-generated"}},
		{mailin.KindGenerated, []string{"From: no-reply@shop.example"}},
		{mailin.KindGenerated, []string{"From: noreply+12@shop.example"}},
		{mailin.KindGenerated, []string{"Return-Path: <>"}},
		{mailin.KindGenerated, []string{"X-Tierdesk-Ticket: 12", "From: support@other.example"}},
		{mailin.KindChallenge, []string{"Subject: Please confirm your message"}},
		{mailin.KindReceipt, []string{"Return-Path: <>", "Subject: Read: Printer"}},
		{mailin.KindLoop, []string{"Message-ID: t.1.x@desk.example", "From: support@desk.example"}},
		{mailin.KindLoop, []string{"X-Loop: support@desk.example"}},
		{mailin.KindLoop, []string{"X-Tierdesk-Ticket: 12", "From: support@desk.example"}},
		{mailin.KindSpam, []string{"X-Spam-Flag: YES"}},
		{mailin.KindSpam, []string{"X-Spam-Status: Yes, score=9.1"}},
		{mailin.KindPerson, []string{"X-Spam-Status: No, score=0.1"}},
		// A person at the desk writes to the desk: own address, but no mail of ours.
		{mailin.KindPerson, []string{"From: support@desk.example", "Message-ID: x@laptop.example"}},
	} {
		got := Classify(mailWith(c.lines...), self)
		if got.Kind != c.kind {
			t.Errorf("%q: %s %q, want %s", c.lines, got.Kind, got.Reasons, c.kind)
		}
		if got.NoAutoReply != got.Automatic() {
			t.Errorf("%q: no automatic answer to %s: %v", c.lines, got.Kind, got.NoAutoReply)
		}
		if (got.Kind == mailin.KindPerson) != (len(got.Reasons) == 0) {
			t.Errorf("%q: reasons %q of %s", c.lines, got.Reasons, got.Kind)
		}
	}
}

// Fields that only ask for no automatic answer, or that a rule which redirects has added, say nothing of who wrote.
func TestAsksForNoAnswer(t *testing.T) {
	t.Parallel()
	redirect := []string{"X-MS-Exchange-Inbox-Rules-Loop: help@x.example", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "Resent-From: <help@x.example>"}
	for _, c := range []struct {
		kind  mailin.Kind
		quiet bool // no automatic answer may follow
		lines []string
	}{
		{mailin.KindPerson, true, []string{"X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"}},
		{mailin.KindPerson, true, []string{"X-Auto-Response-Suppress: All"}},
		{mailin.KindPerson, false, []string{"X-Auto-Response-Suppress: DR, RN"}},
		{mailin.KindPerson, false, []string{"X-Auto-Response-Suppress: None"}},
		{mailin.KindPerson, true, []string{"Precedence: bulk"}},
		{mailin.KindPerson, true, []string{"Precedence: list", "List-Unsubscribe: <mailto:x@x.example>"}},
		{mailin.KindPerson, true, []string{"X-Precedence: junk"}},
		{mailin.KindPerson, true, []string{"X-Loop: somebody@else.example"}},
		{mailin.KindPerson, true, redirect},
		{mailin.KindPerson, true, append([]string{"Auto-Submitted: auto-generated"}, redirect...)},
		{mailin.KindPerson, false, []string{"Resent-From: <help@x.example>", "Resent-To: support@desk.example"}},
		{mailin.KindPerson, false, []string{"Auto-Submitted: auto-forwarded", "X-Forwarded-For: office@x.example support@desk.example"}},
		{mailin.KindPerson, false, []string{"Auto-Submitted: auto-generated", "X-Sieve-Redirected-From: office@x.example"}},
		{mailin.KindAutoReply, true, []string{"Auto-Submitted: auto-replied", "X-Sieve-Redirected-From: office@x.example"}},
		{mailin.KindAutoReply, true, append([]string{"Auto-Submitted: auto-replied"}, redirect...)},
		{mailin.KindGenerated, true, append([]string{"From: no-reply@x.example"}, redirect...)},
		{mailin.KindGenerated, true, []string{"Auto-Submitted: auto-generated", "Precedence: bulk"}},
		{mailin.KindList, true, []string{"List-Id: <a.x.example>", "Precedence: list"}},
		{mailin.KindList, true, []string{"List-Unsubscribe: <https://x.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"}},
	} {
		got := Classify(mailWith(c.lines...), self)
		if got.Kind != c.kind || got.NoAutoReply != c.quiet || c.quiet && len(got.Reasons) == 0 {
			t.Errorf("%q: %s %v %q, want %s %v", c.lines, got.Kind, got.NoAutoReply, got.Reasons, c.kind, c.quiet)
		}
	}
	m := mailWith("Precedence: bulk")
	m.Text = "Our news of March.\n\nTo unsubscribe, click here."
	if got := Classify(m, self); got.Kind != mailin.KindList {
		t.Errorf("a newsletter: %s %q", got.Kind, got.Reasons)
	}
}

// What a text says of machines makes it an automatic answer only where machines say it.
func TestWordsOfMachines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, quote string
		auto        bool
	}{
		{"Hello,\n\nthis is an automatic reply.\n\nJoe will be back on Monday and looks after your request.", "", true},
		{"Joe has left Gold Ltd. This is an automated reply.", "", true},
		{"Здравствуйте!\n\nЭто автоматический ответ. Иван вернётся в понедельник.", "", true},
		{"Merhaba,\n\nbu otomatik yanıttır. Ayşe pazartesi dönüyor.", "", true},
		{"Ich bin ab Montag wieder da.\n\nHinweis: Dies ist eine automatische Antwort auf Ihre Nachricht \"Lampe\" gesendet am 2.11.2026.", "", true},
		{"Hello,\n\nI wrote to you three times. This is an automated response. That is all I ever get. Call me, the till is down.\n\nJane", "", false},
		{"Thank you for your message. I am out of the office until Monday.", "", true},
		{"Thank you for your message. I am out of the office until Monday, send the part to Bob.", "On 2 Nov 2026 Acme wrote:\n> Where to?", false},
	} {
		m := mailWith()
		m.Text, m.Reply, m.Quote = c.text, c.text, c.quote
		if got := Classify(m, self); (got.Kind == mailin.KindAutoReply) != c.auto {
			t.Errorf("%q: %s %q", c.text, got.Kind, got.Reasons)
		}
	}
}

func TestReturns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"I am out of the office until 20 November 2026.":     "2026-11-20",
		"I will be back on November 9th.":                    "2026-11-09",
		"Ich bin bis zum 13.11.2026 nicht erreichbar.":       "2026-11-13",
		"Ab dem 4. Januar bin ich wieder da.":                "2027-01-04",
		"Je serai de retour le 16 novembre 2026.":            "2026-11-16",
		"Estaré fuera hasta el 12 de noviembre de 2026.":     "2026-11-12",
		"Sono assente fino al 12/11/2026.":                   "2026-11-12",
		"Ik ben afwezig tot en met 2026-11-30.":              "2026-11-30",
		"From 3 Nov until 10 Nov I am away, back on 11 Nov.": "2026-11-11",
		"I am away.":             "",
		"Founded on 1 May 1998.": "",
	} {
		m := mailWith("Auto-Submitted: auto-replied")
		m.Reply = text
		got := ""
		if r := Classify(m, self).Returns; !r.IsZero() {
			got = r.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestFreeForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, subject, text string
		want               mailin.ReportRecipient
		reason             string
		begins             string // what the server said
	}{
		{"qmail", "failure notice", "Hi. This is the program at mx.x.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<joe@x.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <support@desk.example>\nMessage-ID: <t.1@desk.example>\nTo: joe@x.example\n",
			mailin.ReportRecipient{Address: "joe@x.example", Status: "5.1.1", Action: "failed", Permanent: true}, "user-unknown", "Sorry, no mailbox here by that name. (#5.1.1)"},
		{"exim", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  joe@x.example\n    host mx.x.example: 552 5.2.2 mailbox is full\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <t.1@desk.example>\nTo: joe@x.example\n",
			mailin.ReportRecipient{Address: "joe@x.example", Status: "5.2.2", Action: "failed", Permanent: true}, "mailbox-full", "host mx.x.example: 552 5.2.2 mailbox is full"},
		{"delayed", "Warning: message delayed 24 hours", "The message has not yet been delivered to joe@x.example.\nDelivery attempts will continue to be made for 4 days.\n\nMessage-ID: <t.1@desk.example>\n",
			mailin.ReportRecipient{Address: "joe@x.example", Status: "4.0.0", Action: "delayed"}, "", "Delivery attempts will continue"},
		{"sendmail", "Returned mail: User unknown", "   ----- The following addresses had permanent fatal errors -----\n<joe@x.example>\n\n   ----- Transcript of session follows -----\n... while talking to mx.x.example.:\n>>> RCPT To:<joe@x.example>\n<<< 550 5.1.1 <joe@x.example>... User unknown\n\nMessage-ID: <t.1@desk.example>\n",
			mailin.ReportRecipient{Address: "joe@x.example", Status: "5.1.1", Action: "failed", Permanent: true}, "user-unknown", ""},
		{"in German", "Unzustellbar: Drucker", "Die Nachricht konnte nicht zugestellt werden an:\n\njoe@x.example\nPostfach ist voll\n\nMessage-ID: <t.1@desk.example>\n",
			mailin.ReportRecipient{Address: "joe@x.example", Status: "5.2.2", Action: "failed", Permanent: true}, "mailbox-full", "Postfach ist voll"},
	} {
		m := mailWith("From: MAILER-DAEMON@mx.x.example", "Return-Path: <>", "Subject: "+c.subject)
		m.To = []mailin.Address{{Address: "support@desk.example"}}
		m.Text = c.text
		m.Report = Report(m)
		if m.Report == nil || len(m.Report.Recipients) != 1 {
			t.Errorf("%s: %+v", c.why, m.Report)
			continue
		}
		got := m.Report.Recipients[0]
		got.Final, got.Diagnostic = "", ""
		if got != c.want || m.Report.OriginalMessageID != "t.1@desk.example" || m.Report.Reason != c.reason {
			t.Errorf("%s: got %+v %q %q", c.why, got, m.Report.OriginalMessageID, m.Report.Reason)
		}
		if said := m.Report.Diagnostic; !strings.HasPrefix(said, c.begins) || strings.HasPrefix(said, ">") || strings.Contains(said, "\n") {
			t.Errorf("%s: the server said %q", c.why, said)
		}
		if k := Classify(m, self).Kind; k != mailin.KindBounce {
			t.Errorf("%s: %s", c.why, k)
		}
	}
	for _, m := range []*mailin.Message{
		mailWith(), mailWith("Return-Path: <>", "Subject: Automatic reply: returned mail"), mailWith("Subject: Failure notice of the printer"), mailWith("From: postmaster@x.example", "Subject: Lunch"),
		mailWith("Subject: Undeliverable parcel"),
	} {
		if r := Report(m); r != nil {
			t.Errorf("%q is no report: %+v", m.Subject, r)
		}
	}
}

func TestReportPassedOn(t *testing.T) {
	t.Parallel()
	m := mailWith("From: jane@gold.example", "Subject: Fwd: Undelivered Mail Returned to Sender", "Return-Path: <jane@gold.example>")
	m.Text = "Why does this happen?\n\n<joe@x.example>: host mx said: 550 5.1.1 user unknown\nThe mail could not be delivered.\n"
	m.Enclosed = []mailin.Header{{{Key: "Message-ID", Value: "<a@b>"}}}
	m.Report = &mailin.Report{Kind: mailin.ReportDelivery, Recipients: []mailin.ReportRecipient{{Address: "joe@x.example", Action: "failed", Status: "5.1.1"}}}
	if r := Report(m); r != nil {
		t.Errorf("a person's question is taken for a report: %+v", r)
	}
	m.ReturnPath = new(string)
	if Report(m) == nil {
		t.Error("from nobody it is a report, whatever the subject")
	}
}

// A server that says why before it says to whom, and then repeats the mail.
func TestReasonAboveTheAddress(t *testing.T) {
	t.Parallel()
	m := mailWith("From: postmaster@x.example", "Return-Path: <>")
	m.Subject = "Delivery failed"
	m.Text = "Your message was not saved in the target mailbox.\n\nreject reason: Mailbox full\ntarget mail address: joe@x.example\n\n------\nbounced E-Mail:\n\nFrom: support@desk.example\nMessage-ID: <a@desk.example>\nContent-Type: text/plain\n"
	m.Report = Report(m)
	if m.Report == nil || len(m.Report.Recipients) != 1 || m.Report.Recipients[0].Status != "5.2.2" || m.Report.Reason != "mailbox-full" || strings.Contains(m.Report.Diagnostic, "Content-Type") {
		t.Errorf("%+v", m.Report)
	}
}

func TestReportOfSuccess(t *testing.T) {
	t.Parallel()
	m := mailWith("Return-Path: <>", "Subject: Delivered")
	m.Report = &mailin.Report{Kind: mailin.ReportDelivery, Recipients: []mailin.ReportRecipient{{Address: "joe@x.example", Action: "delivered", Status: "2.0.0"}}}
	m.Report = Report(m)
	if c := Classify(m, self); c.Kind != mailin.KindReceipt || m.Report.Failed() {
		t.Errorf("%+v %+v", c, m.Report)
	}
}

func TestAuthResults(t *testing.T) {
	t.Parallel()
	trust := Trust{AuthservIDs: []string{"mx2.desk.example", "mx.desk.example"}, Internal: "X-Inside: yes"}
	for _, c := range []struct {
		why   string
		lines []string
		want  mailin.Verdict
	}{
		{"no field", nil, mailin.VerdictNone},
		{"dmarc", []string{"Authentication-Results: mx.desk.example; dmarc=pass header.from=gold.example"}, mailin.VerdictPass},
		{"dmarc fails", []string{"Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=x@other.example; dmarc=fail (p=reject) header.from=gold.example"}, mailin.VerdictFail},
		{"dkim aligned", []string{"Authentication-Results: mx.desk.example; dkim=pass header.d=mail.gold.example"}, mailin.VerdictPass},
		{"dkim of the agent", []string{"Authentication-Results: mx.desk.example; dkim=pass header.i=@gold.example"}, mailin.VerdictPass},
		{"dkim of another", []string{"Authentication-Results: mx.desk.example; dkim=pass header.d=evil.example"}, mailin.VerdictNone},
		{"dkim of one and another", []string{"Authentication-Results: mx.desk.example; dkim=pass header.d=list.example; dkim=pass header.d=gold.example"}, mailin.VerdictPass},
		{"dkim failed", []string{"Authentication-Results: mx.desk.example; dkim=fail header.d=gold.example"}, mailin.VerdictNone},
		{"spf alone proves no From", []string{"Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=jane@gold.example"}, mailin.VerdictNone},
		{"of another server", []string{"Authentication-Results: mx.evil.example; dmarc=pass header.from=gold.example"}, mailin.VerdictNone},
		{"a second one below does not count", []string{"Authentication-Results: mx.desk.example; dmarc=none header.from=gold.example", "Authentication-Results: mx.desk.example; dmarc=pass header.from=gold.example"}, mailin.VerdictNone},
		{"another above does no harm", []string{"Authentication-Results: mx.other.example; dmarc=fail", "Authentication-Results: MX.desk.example 1; dmarc=pass header.from=gold.example"}, mailin.VerdictPass},
		{"unreadable", []string{"Authentication-Results: mx.desk.example; ====", "Authentication-Results: mx.desk.example; dmarc=pass"}, mailin.VerdictNone},
		{"checked nothing", []string{"Authentication-Results: mx.desk.example; none"}, mailin.VerdictNone},
		{"of our second server", []string{"Authentication-Results: mx2.desk.example; dmarc=pass header.from=gold.example"}, mailin.VerdictPass},
		{"the topmost of our servers counts", []string{"Authentication-Results: mx2.desk.example; dmarc=fail", "Authentication-Results: mx.desk.example; dmarc=pass"}, mailin.VerdictFail},
		{"dmarc for another From", []string{"Authentication-Results: mx.desk.example; dmarc=pass header.from=evil.example"}, mailin.VerdictNone},
		{"in a comment", []string{"Authentication-Results: mx.desk.example; spf=none (x; dmarc=pass header.from=gold.example) smtp.mailfrom=x@evil.example"}, mailin.VerdictNone},
		{"in the sender's quotes", []string{`Authentication-Results: mx.desk.example; spf=none smtp.mailfrom="x; dmarc=pass header.from=gold.example y"@evil.example; dmarc=none`}, mailin.VerdictNone},
		{"in quotes with a quote", []string{`Authentication-Results: mx.desk.example; spf=none smtp.mailfrom="x\"; dmarc=pass header.from=gold.example y"@evil.example; dmarc=none`}, mailin.VerdictNone},
		{"two From fields", []string{"From: jane@gold.example", "From: jane@gold.example", "Authentication-Results: mx.desk.example; dmarc=pass header.from=gold.example"}, mailin.VerdictNone},
		{"name in a comment", []string{"Authentication-Results: (mx.desk.example) mx.evil.example; dmarc=pass"}, mailin.VerdictNone},
	} {
		m := mailWith(c.lines...)
		a := AuthResults(m, trust)
		if a.Verdict != c.want {
			t.Errorf("%s: %s %q, want %s", c.why, a.Verdict, a.Reasons, c.want)
		}
		if len(a.Reasons) == 0 {
			t.Errorf("%s: a verdict without a reason", c.why)
		}
		if Trusted(m, trust) != (len(c.lines) > 0 && c.why != "of another server" && c.why != "name in a comment") {
			t.Errorf("%s: Trusted", c.why)
		}
	}
	// Several authors of several domains: one of them proves nothing for the other.
	m := mailWith("Authentication-Results: mx.desk.example; dkim=pass header.d=gold.example")
	m.From = append(m.From, mailin.Address{Address: "boss@other.example"})
	if a := AuthResults(m, trust); a.Verdict != mailin.VerdictNone {
		t.Errorf("two authors: %+v", a)
	}
	if a := AuthResults(mailWith("X-Inside: yes"), trust); !a.Internal {
		t.Error("the internal field is not seen")
	}
	for _, lines := range [][]string{{"X-Inside: no"}, {"X-Inside: no", "X-Inside: yes"}, {"X-Other: yes"}} {
		if a := AuthResults(mailWith(lines...), trust); a.Internal {
			t.Errorf("%q is not internal", lines)
		}
	}
	if a := AuthResults(mailWith("Authentication-Results: mx.desk.example; dmarc=pass"), Trust{}); a.Verdict != mailin.VerdictNone {
		t.Error("without a name to trust nothing counts")
	}
}

func TestTricks(t *testing.T) {
	t.Parallel()
	type a = mailin.Address
	for _, c := range []struct {
		from, replyTo []a
		want          string
	}{
		{[]a{{Name: "Jane", Address: "jane@gold.example"}}, nil, ""},
		{[]a{{Name: "jane@gold.example", Address: "jane@gold.example"}}, []a{{Address: "help@mail.gold.example"}}, ""},
		{[]a{{Name: "boss@gold.example", Address: "x@evil.example"}}, nil, "name-shows-address"},
		{[]a{{Name: "Jane", Address: "jane@gold.example"}}, []a{{Address: "x@evil.example"}}, "reply-to-elsewhere"},
		{[]a{{Address: "jane@gold.example"}, {Address: "x@evil.example"}}, nil, "several-authors"},
		{[]a{{Name: "enaJ\u202e", Address: "jane@gold.example"}}, nil, "name-turned-round"},
	} {
		got := ""
		for _, w := range Tricks(&mailin.Message{From: c.from, ReplyTo: c.replyTo}) {
			got += w.Code
		}
		if got != c.want {
			t.Errorf("%+v %+v: got %q, want %q", c.from, c.replyTo, got, c.want)
		}
	}
}

func TestAligned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"gold.example", "gold.example", true}, {"mail.gold.example", "gold.example", true}, {"Gold.Example.", "gold.example", true}, {"gold.example", "mail.gold.example", true},
		{"gold.example", "old.example", false}, {"evilgold.example", "gold.example", false}, {"a.co.uk", "b.co.uk", false}, {"x.a.co.uk", "a.co.uk", true}, {"", "gold.example", false}, {"", "", false}, {"example", "gold.example", false},
	} {
		if got := Aligned(c.a, c.b); got != c.want {
			t.Errorf("Aligned(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func FuzzAuthResults(f *testing.F) {
	f.Add("mx.desk.example; dkim=pass header.d=gold.example; spf=pass (x) smtp.mailfrom=a@b; dmarc=fail")
	f.Add("mx.desk.example 1; none")
	f.Add("; ; =")
	f.Fuzz(func(t *testing.T, v string) {
		m := mailWith()
		m.Header = mailin.Header{{Key: "Authentication-Results", Value: v}}
		a := AuthResults(m, Trust{AuthservIDs: []string{"mx2.desk.example", "mx.desk.example"}})
		if a.Verdict != mailin.VerdictNone && !Trusted(m, Trust{AuthservIDs: []string{"mx2.desk.example", "mx.desk.example"}}) {
			t.Errorf("%q: %s from a server that is not trusted", v, a.Verdict)
		}
		Methods(m)
	})
}

func FuzzReport(f *testing.F) {
	f.Add("failure notice", "<joe@x.example>:\nno such user (#5.1.1)\n--- Below this line is a copy\nMessage-ID: <a@b>\n")
	f.Add("Undeliverable", "Final-Recipient: rfc822; a@b.example\nStatus: 4.0.0\nAction: delayed\n")
	f.Fuzz(func(t *testing.T, subject, text string) {
		m := mailWith("From: MAILER-DAEMON@x.example", "Return-Path: <>")
		m.Subject, m.Text, m.Reply = subject, text, text
		m.Report = Report(m)
		Classify(m, self)
		if m.Report != nil {
			for _, r := range m.Report.Recipients {
				if r.Permanent && !strings.HasPrefix(r.Status, "5") {
					t.Errorf("%+v", r)
				}
			}
		}
	})
}
