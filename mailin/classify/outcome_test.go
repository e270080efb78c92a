package classify

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// A list that is wrong must not wait for the mail that needs it.
func TestWordListsCompile(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("words/*.txt")
	if err != nil || len(files) < 5 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
				continue
			}
			if !regexp.MustCompile(`^[a-z]{2}: \S`).MatchString(line) {
				t.Errorf("%s: no language in %.40q", file, line)
			}
			p := late.List(line)
			if p.MatchString("") || p.MatchString(" ") || p.MatchString("x") {
				t.Errorf("%s: it fits anything: %.40q", file, line)
			}
		}
	}
}

// Whether a server has given up stands in its words: in its own, not in those of the server behind it, and not behind an "if".
func TestOutcome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ subject, notice, want string }{
		// It has given up, whatever it repeats.
		{"failure notice", "Hi. I could not bring your mail to <eva@y.example>.\n421 4.7.0 Messages from 192.0.2.1 are temporarily deferred\nI'm not going\nto try again; it lay in the queue too long.", "failed"},
		{"failure notice", "There is a problem with the address. Please verify the address and try again.\n\n<eva@y.example>:\nThe box is full.", "failed"},
		{"Undelivered Mail Returned to Sender", "This is the mail system at host m.x.example.\n\n<eva@y.example>: name service error for y.example: host not found, try again", "failed"},
		{"Warning", "Delivery was delayed for five days. No further attempts will be made.", "failed"},
		{"Undeliverable: Printer", "Your message did not reach some or all of the recipients. A temporary error occurred.", "failed"},
		{"Mail status", "Ihre Nachricht konnte nicht zugestellt werden. Es wird nicht mehr versucht, sie zuzustellen.", "failed"},
		{"Mail", "Le message n'a pas pu être remis. Aucune nouvelle tentative ne sera effectuée.", "failed"},
		{"Mail", "No se pudo entregar el mensaje. No se volverá a intentar.", "failed"},
		{"Mail", "Il messaggio non è stato consegnato. Ho rinunciato dopo 5 giorni.", "failed"},
		{"Mail", "Het bericht kon niet worden bezorgd. Er worden geen verdere pogingen gedaan.", "failed"},
		{"Mail", "Wiadomość nie została doręczona. Nie będzie więcej prób: nie będziemy ponawiać doręczenia.", "failed"},
		{"Mail", "Сообщение не доставлено. Повторных попыток больше не будет.", "failed"},
		{"Mail", "お客様のメールを配送できませんでした。再送は行いません。", "failed"},
		{"Mail", "您的邮件无法投递，系统将不再尝试投递。", "failed"},
		{"Mail", "메일을 전달하지 못했습니다. 더 이상 전송을 시도하지 않습니다.", "failed"},
		{"Mail", "Your mail was too large. Make it smaller, then retry in an hour.", "failed"},
		{"Mail", "The box is full. You may wait and try again for up to 3 days.", "failed"},
		{"Mail", "Das Postfach ist voll. Sie können es später erneut versuchen.", "failed"},
		{"Mail", "Das Postfach ist voll. Bitte später noch einmal senden.", "failed"},
		// It keeps trying.
		{"Mail Delivery Warning", "Delivery to eva@y.example has been postponed. We will continue to try to deliver it. If it cannot be delivered, it will be returned to the sender.", "delayed"},
		{"Delivery failure notification", "Your mail could not be delivered. Attempts to deliver it will continue for 5 days.", "delayed"},
		{"Delayed", "The message has been delayed. If this is a permanent error, you will be told.", "delayed"},
		{"Mail", "Ihre Nachricht ist verzögert. Der Server versucht es weiter, bis sie 5 Tage alt ist. Falls die Zustellung dauerhaft fehlschlägt, hören Sie von uns.", "delayed"},
		{"Mail", "La remise du message est retardée. De nouvelles tentatives seront effectuées.", "delayed"},
		{"Mail", "El mensaje está retrasado. El servidor seguirá intentando entregarlo.", "delayed"},
		{"Mail", "Het bericht is vertraagd. De server blijft proberen het te bezorgen.", "delayed"},
		{"Mail", "The machine behind me is silent. I will rest for a while and try again for 5 days.", "delayed"},
		{"Mail", "The other server is down. Our server will wait and then retry every hour.", "delayed"},
		{"Mail", "Der Server am anderen Ende schweigt. Wir werden es später versuchen.", "delayed"},
		{"Mail", "Der Server am anderen Ende schweigt. Das System wird später erneut versuchen, die Mail zu bringen.", "delayed"},
		{"Mail", "Доставка отложена. Сервер продолжит попытки доставки.", "delayed"},
		{"Mail", "メールの配送が遅延しています。引き続き配送を試みます。", "delayed"},
		{"Mail", "邮件投递延迟，系统将继续尝试。", "delayed"},
		{"Warning: could not send message for past 4 hours", "<eva@y.example>... Deferred", "delayed"},
		// Nothing says more: a report reports a failure.
		{"Mail", "eva@y.example: account discontinued", "failed"},
	} {
		if got, _ := outcome(c.subject, c.notice); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.subject, c.notice, got, c.want)
		}
	}
}

// daemonMail is a report in a free form.
func daemonMail(subject, text string) *mailin.Message {
	m := mailWith("From: mailer-daemon@y.example", "Return-Path: <>", "Subject: "+subject)
	m.Text, m.Reply = text, text
	return m
}

// A mail that was refused for what it is, or for who sent it, says nothing of the recipient's address.
func TestPolicyIsNoUnknownUser(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"554 message refused for reasons of policy":                                              "5.7.1",
		"550 Recipient address rejected: SPF record of the sender does not permit 192.0.2.9":     "5.7.1",
		"550 mail was rejected as spam by the content filter":                                    "5.7.1",
		"550 Address rejected: too many messages from your network":                              "5.7.1",
		"550 mailbox unavailable: sender blocked":                                                "5.7.1",
		"550 sender address invalid: domain x.example does not exist":                            "5.7.1",
		"550 your IP 192.0.2.9 is on a block list":                                               "5.7.1",
		"550 no valid DKIM signature found, see the rules for a known user":                      "5.7.1",
		"550 user unknown in local table":                                                        "5.1.1",
		"550 no such mailbox":                                                                    "5.1.1",
		"550 recipient not found":                                                                "5.1.1",
		"550 mailbox unavailable":                                                                "5.1.1",
		"552 the mailbox is over its quota":                                                      "5.2.2",
		"450 too many mails from your address, see our policy":                                   "4.7.1",
		"550 Empfänger nimmt keine Post an: Nachricht wurde wegen unserer Richtlinie abgewiesen": "5.7.1",
	} {
		m := daemonMail("Undelivered mail", "Your message could not be delivered:\n\n<eva@y.example>: host mx.y.example said:\n    "+words)
		if rep := Report(m); rep == nil || len(rep.Recipients) != 1 || rep.Recipients[0].Status != want || rep.Recipients[0].Action != "failed" {
			t.Errorf("%q: %+v, want %s", words, rep, want)
		}
	}
}

// Each recipient has an action and a status of its own, in free forms too.
func TestSeveralRecipients(t *testing.T) {
	t.Parallel()
	type got struct{ address, action, status string }
	for name, c := range map[string]struct {
		text string
		want []got
	}{
		"one below the other": {"Your message could not be delivered.\n\n<eva@y.example>: 550 user unknown\n<max@y.example>: 552 the mailbox is full\n<ida@y.example>: 554 refused as spam\n",
			[]got{{"eva@y.example", "failed", "5.1.1"}, {"max@y.example", "failed", "5.2.2"}, {"ida@y.example", "failed", "5.7.1"}}},
		"headings": {"   ----- The following addresses had permanent fatal errors -----\n<eva@y.example>\n\n   ----- The following addresses had transient non-fatal errors -----\n<max@y.example>\n\n   ----- Transcript of session follows -----\n550 <eva@y.example>... User unknown\n<max@y.example>... Deferred: Connection timed out\nMessage could not be delivered for 4 hours\nWill keep trying until message is 5 days old\n",
			[]got{{"eva@y.example", "failed", "5.1.1"}, {"max@y.example", "delayed", "4.4.7"}}},
		"expanded, with a reason": {"----- The following addresses had permanent fatal errors -----\n<box7@in.y.example>\n    (reason: 550 5.1.1 User\n unknown)\n    (expanded from: <eva@y.example>)\n",
			[]got{{"eva@y.example", "failed", "5.1.1"}}},
		"a header that nothing introduces": {"A message could not be delivered.\n\neva@y.example: Connection refused.\n\nMessage-ID:<t.1@desk.example>\nFrom:<help@x.example>\nSubject:Your mailbox is full\nTo:<eva@y.example>\n",
			[]got{{"eva@y.example", "failed", "4.4.1"}}},
		"a summary above it all": {"Your mail could not be delivered.\n\nMessage-ID: <t.1@desk.example>\nSubject: Lamp\nTo: eva@y.example\n\neva@y.example: the mailbox is full\n",
			[]got{{"eva@y.example", "failed", "5.2.2"}}},
		"gone, in German": {"Ihre Nachricht konnte nicht zugestellt werden.\n\neva@y.example: Diese Adresse gibt es bei uns nicht.\n",
			[]got{{"eva@y.example", "failed", "5.1.1"}}},
		"expanded": {"----- The following addresses had permanent fatal errors -----\nbox7@in.y.example\n    (expanded from: <eva@y.example>)\n\n----- Transcript -----\n550 user unknown\n",
			[]got{{"eva@y.example", "failed", "5.1.1"}}},
	} {
		rep := Report(daemonMail("Returned mail", c.text))
		if rep == nil {
			t.Errorf("%s: no report", name)
			continue
		}
		var all []got
		for _, r := range rep.Recipients {
			all = append(all, got{r.Address, r.Action, r.Status})
		}
		if len(all) != len(c.want) {
			t.Errorf("%s: %q, want %q", name, all, c.want)
			continue
		}
		for i := range all {
			if all[i] != c.want[i] {
				t.Errorf("%s: %q, want %q", name, all[i], c.want[i])
			}
		}
	}
}

// Some servers tell of a refusal in the form of a disposition notification. A person's client tells of deletion in it, too.
func TestRefusalAsDisposition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		submitted, subject, text, disposition string
		refused                               bool
		status                                string
	}{
		{"auto-replied (rejected)", "Automatically rejected mail", "Your message was automatically rejected:\nThe box is over its quota.", "automatic-action/MDN-sent-automatically; deleted", true, "5.2.2"},
		{"auto-replied", "Rejected: Printer", "The recipient's rules have refused your message: no invoices here.", "automatic-action/MDN-sent-automatically; deleted", true, "5.7.1"},
		{"", "Ihre Nachricht", "Die Nachricht wurde abgewiesen.", "automatic-action/MDN-sent-automatically; deleted/error", true, "5.7.1"},
		{"", "Not read: Printer", "Your message was deleted without being read on Monday.", "automatic-action/MDN-sent-automatically; deleted", false, ""},
		{"", "Read: Printer", "Your message was read.", "manual-action/MDN-sent-manually; displayed", false, ""},
		{"", "Read: mail rejected", "Your message about the rejected parcel was read.", "manual-action/MDN-sent-manually; displayed", false, ""},
	} {
		m := mailWith("Auto-Submitted: "+c.submitted, "Subject: "+c.subject)
		m.Text, m.Reply = c.text, c.text
		m.Report = &mailin.Report{Kind: mailin.ReportDisposition, Diagnostic: c.disposition, OriginalMessageID: "a@desk.example",
			Recipients: []mailin.ReportRecipient{{Address: "eva@y.example", Action: "disposition"}}}
		rep := Report(m)
		if (rep.Kind == mailin.ReportDelivery) != c.refused || rep.OriginalMessageID != "a@desk.example" {
			t.Errorf("%q: %+v", c.subject, rep)
		} else if c.refused && (!rep.Failed() || rep.Recipients[0].Status != c.status || rep.Recipients[0].Address != "eva@y.example") {
			t.Errorf("%q: %+v, want %s", c.subject, rep.Recipients, c.status)
		}
	}
}

func TestReportInJSON(t *testing.T) {
	t.Parallel()
	bounce := `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"eva@y.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 no such user"},{"emailAddress":"max@y.example","diagnosticCode":"smtp; 552 quota exceeded"}]},"mail":{"messageId":"01-a","headers":[{"name":"Message-ID","value":"<t.1.x@desk.example>"}]}}`
	wrapped := `{"Type":"Notification","Message":` + quoted(bounce) + "}\n\n--\nTo stop this, click here."
	for _, text := range []string{bounce, wrapped, strings.Replace(bounce, "notificationType", "eventType", 1)} {
		m := mailWith("From: no-reply@sns.x.example")
		m.Text, m.Reply = text, text
		rep := Report(m)
		if rep == nil || rep.OriginalMessageID != "t.1.x@desk.example" || len(rep.Recipients) != 2 || rep.Recipients[0].Status != "5.1.1" || !rep.Recipients[0].Permanent || rep.Recipients[1].Status != "5.2.2" {
			t.Errorf("%.40s: %+v", text, rep)
		}
	}
	for text, want := range map[string]mailin.ReportKind{
		`{"notificationType":"Complaint","complaint":{"complaintFeedbackType":"abuse","complainedRecipients":[{"emailAddress":"eva@y.example"}]}}`: mailin.ReportFeedback,
		`{"notificationType":"Delivery","delivery":{"recipients":["eva@y.example"]}}`:                                                              mailin.ReportDelivery,
		`{"eventType":"DeliveryDelay","deliveryDelay":{"delayedRecipients":[{"emailAddress":"eva@y.example","status":"4.4.1"}]}}`:                  mailin.ReportDelivery,
		`{"notificationType":"Bounce"}`: "",
		`{"notificationType":"Bounce"`:  "",
		`{"a":"notificationType"}`:      "",
	} {
		m := mailWith()
		m.Text, m.Reply = text, text
		rep := Report(m)
		if rep == nil && want != "" || rep != nil && rep.Kind != want {
			t.Errorf("%s: %+v", text, rep)
		} else if rep != nil && rep.Failed() {
			t.Errorf("%s: failed: %+v", text, rep)
		}
	}
}

// SES also says what kind of bounce it was, and names the mail by what it has in common with others.
func TestReportInJSONBySubType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"notificationType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":"Eva <eva@y.example>"}]},"mail":{"commonHeaders":{"messageId":"<t.1.x@desk.example>"}}}`: "failed 4.2.2",
		`{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"NoEmail","bouncedRecipients":[{"emailAddress":"eva@y.example"}]},"mail":{"commonHeaders":{"messageId":"<t.1.x@desk.example>"}}}`:           "failed 5.1.1",
		`{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"eva@y.example"}]},"mail":{"commonHeaders":{"messageId":"<t.1.x@desk.example>"}}}`:           "failed 5.0.0",
		`{"eventType":"Reject","reject":{"reason":"Bad content"},"mail":{"destination":["eva@y.example"],"headers":[{"name":"Message-Id","value":"<t.1.x@desk.example>"}],"commonHeaders":{"messageId":"<other@desk.example>"}}}`:    "failed 5.7.1",
	} {
		m := mailWith("From: no-reply@sns.x.example")
		m.Text, m.Reply = text, text
		rep := Report(m)
		if rep == nil || len(rep.Recipients) != 1 || rep.Recipients[0].Address != "eva@y.example" || rep.OriginalMessageID != "t.1.x@desk.example" ||
			rep.Recipients[0].Action+" "+rep.Recipients[0].Status != want {
			t.Errorf("%s: %+v", text, rep)
		}
	}
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// The provider of Italian certified mail says in a field what became of a mail (RFC 6109).
func TestCertifiedMail(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{"non-accettazione": "failed", "errore-consegna": "failed", "rilevazione-virus": "failed",
		"preavviso-errore-consegna": "delayed", "avvenuta-consegna": "delivered", "accettazione": "relayed"} {
		m := mailWith("From: posta-certificata@pec.y.example", "To: help@x.example", "Return-Path: <posta-certificata@pec.y.example>",
			"Subject: AVVISO: domanda", "X-Ricevuta: "+field, "X-Riferimento-Message-ID: <t7.1@x.example>")
		m.To = []mailin.Address{{Address: "help@x.example"}}
		m.Text = "Il messaggio \"domanda\" proveniente da \"help@x.example\" e destinato all'utente \"eva@pec.z.example\" ...\nIdentificativo messaggio: opec1.2@pec.y.example\n"
		rep := Report(m)
		if rep == nil || len(rep.Recipients) != 1 || rep.Recipients[0].Address != "eva@pec.z.example" || rep.Recipients[0].Action != want ||
			rep.OriginalMessageID != "t7.1@x.example" {
			t.Errorf("%s: %+v", field, rep)
		}
	}
}

// Who writes to a list with a program for mail, and to us, is a person that gets no automatic answer; a newsletter is none.
func TestThroughAList(t *testing.T) {
	t.Parallel()
	list := []string{"From: Eva <eva@y.example>", "Return-Path: <talk-bounces@lists.y.example>", "List-Id: <talk.lists.y.example>", "List-Post: <mailto:talk@lists.y.example>",
		"Precedence: list", "Subject: The lamp"}
	person := mailWith(append(list, "User-Agent: Mozilla Thunderbird")...)
	person.To, person.Cc = []mailin.Address{{Address: "talk@lists.y.example"}}, []mailin.Address{{Address: "help@x.example"}}
	if c := Classify(person, Self{}); c.Kind != mailin.KindPerson || !c.NoAutoReply {
		t.Errorf("a person: %+v", c)
	}
	for _, more := range []string{"X-Mailer: Newsletter 3", "X-Mailer: "} {
		m := mailWith(append(list, more)...)
		m.To, m.Cc = person.To, person.Cc
		if c := Classify(m, Self{}); c.Kind != mailin.KindList {
			t.Errorf("%q: %+v", more, c)
		}
	}
}

// A server on the way may have packed the address that was written to into one of its own.
func TestRewrittenRecipients(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"IMCEASMTP-eva+2Elind+40y+2Eexample@gate.x.example":    "eva.lind@y.example",
		"imceasmtp-eva+2blamp+40y+2eexample@gate.x.example":    "eva+lamp@y.example",
		"IMCEAINVALID-Eva+20Lind@gate.x.example":               "",
		"IMCEAEX-_O=Y_OU=FIRST_CN=RECIPIENTS_CN=EVA@y.example": "",
		"eva_lind_y.example#EXT#@x.onmicrosoft.example":        "eva_lind@y.example",
		"y.example-eva@y.example":                              "eva@y.example",
		"eva%y.example@gate.x.example":                         "eva@y.example",
		"fifty%off@y.example":                                  "",
		"eva-lind@y.example":                                   "",
		"eva":                                                  "",
	} {
		if got := writtenTo(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	m := daemonMail("Undelivered mail", "Your message could not be delivered:\n\n<IMCEASMTP-eva+40y+2Eexample@gate.x.example>: user unknown")
	if rep := Report(m); rep == nil || len(rep.Recipients) != 1 || rep.Recipients[0].Address != "eva@y.example" ||
		rep.Recipients[0].Final != "IMCEASMTP-eva+40y+2Eexample@gate.x.example" {
		t.Errorf("%+v", rep)
	}
}

// Of several recipients each has the status that stands beside its own name, also where that is further on.
func TestStatusFurtherOn(t *testing.T) {
	t.Parallel()
	rep := Report(daemonMail("Undeliverable: Lamp", "Delivery has failed to these recipients or groups:\n\neva@y.example\nThe address couldn't be found.\n\n"+
		"Delivery is delayed to these recipients or groups:\n\nmax@y.example\nDelivery will continue to be attempted.\n\n"+
		"Diagnostic information for administrators:\n\neva@y.example\nmx #550 5.1.1 User unknown ##\n\nmax@y.example\nmx #450 4.2.1 mailbox busy ##"))
	if rep == nil || len(rep.Recipients) != 2 || rep.Recipients[0].Status != "5.1.1" || rep.Recipients[1].Status != "4.2.1" || rep.Recipients[1].Action != "delayed" {
		t.Errorf("%+v", rep)
	}
}

// Servers say why, in many languages, and before the address as well as behind it.
func TestCausesInMoreLanguages(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"La boîte de eva@y.example est momentanément pleine, le message n'a pas pu être remis.":                   "5.2.2",
		"Das Postfach von eva@y.example ist leider schon seit Tagen voll, Ihre Nachricht wurde nicht zugestellt.": "5.2.2",
		"Mesajul către eva@y.example nu a putut fi livrat: căsuța poștală este plină.":                            "5.2.2",
		"Лист до eva@y.example не доставлено: скринька переповнена.":                                              "5.2.2",
		"תיבת הדואר של eva@y.example מלאה, ההודעה לא נמסרה.":                                                      "5.2.2",
		"تعذر تسليم رسالتك إلى eva@y.example لأن صندوق البريد ممتلئ.":                                             "5.2.2",
		"Το μήνυμά σας προς eva@y.example δεν παραδόθηκε: ο παραλήπτης δεν υπάρχει.":                              "5.1.1",
		"ההודעה אל eva@y.example לא נמסרה. הכתובת אינה קיימת בשרת.":                                               "5.1.1",
		"Porukа za eva@y.example nije isporučena: korisnik ne postoji.":                                           "5.1.1",
		"Лист до eva@y.example відхилено: повідомлення визнано спамом.":                                           "5.7.1",
		"无法发送到 eva@y.example：收件人域名不存在。":                                                                           "5.1.2",
	} {
		if rep := Report(daemonMail("Mail", words)); rep == nil || len(rep.Recipients) != 1 || rep.Recipients[0].Address != "eva@y.example" || rep.Recipients[0].Status != want {
			t.Errorf("%q: %+v, want %s", words, rep, want)
		}
	}
}

// A server that handed a mail on to one that confirms nothing says so in more languages.
func TestRelayedInMoreLanguages(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Levering til disse mottakerne er fullført, men ingen leveringsbekreftelse ble sendt av målserveren:\n\neva@y.example",
		"Levering til disse modtagere er fuldført, men ingen leveringsbesked blev sendt af serveren:\n\neva@y.example",
	} {
		if rep := Report(daemonMail("Videresendt: Lampe", text)); rep == nil || len(rep.Recipients) != 1 || rep.Recipients[0].Action != "relayed" {
			t.Errorf("%q: %+v", text, rep)
		}
	}
}

// A postmaster with a name is a person, also where their mail client writes the envelope.
func TestPostmasterByHand(t *testing.T) {
	t.Parallel()
	text := "Hello,\n\nyour server refuses our mails with 554 5.7.1. Please take 192.0.2.4 off the list.\n\nRegards,\nPetra Lang"
	for _, c := range []struct {
		returnPath string
		want       mailin.Kind
	}{{"<postmaster@y.example>", mailin.KindPerson}, {"<>", mailin.KindBounce}, {"<mailer-daemon@y.example>", mailin.KindBounce}} {
		m := mailWith("Subject: Mail to you is blocked", "Return-Path: "+c.returnPath)
		m.From, m.Text, m.Reply = []mailin.Address{{Name: "Petra Lang", Address: "postmaster@y.example"}}, text, text
		m.Report = Report(m)
		if got := Classify(m, self); got.Kind != c.want {
			t.Errorf("from %s: %s %q", c.returnPath, got.Kind, got.Reasons)
		}
	}
}

// A gateway may have a name and greet, and write its own address into the envelope: what it says of a delivery is no person's.
func TestGatewayWithAName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want mailin.Kind
	}{
		{"Hello,\n\nyour message could not be delivered to ida@y.example: user unknown.", mailin.KindBounce},
		{"Guten Tag,\n\nIhre Nachricht an ida@y.example konnte nicht zugestellt werden.", mailin.KindBounce},
		{"Bonjour,\n\nvotre message à ida@y.example n'a pas pu être remis.", mailin.KindBounce},
		{"Hola:\n\nsu mensaje para ida@y.example no se pudo entregar.", mailin.KindBounce},
		{"Ciao,\n\nil suo messaggio a ida@y.example non è stato consegnato.", mailin.KindBounce},
		{"Hej,\n\nditt meddelande till ida@y.example kunde inte levereras.", mailin.KindBounce},
		{"Hello,\n\nwe moved to a new server this morning. Which address do you use for invoices?\n\nRegards,\nPetra", mailin.KindPerson},
		{"Guten Tag,\n\nwelche Adressen nutzen Sie ab Montag?\n\nGruß\nPetra", mailin.KindPerson},
	} {
		m := mailWith("Subject: Mail system", "Return-Path: <postmaster@y.example>")
		m.From, m.Text, m.Reply = []mailin.Address{{Name: "Acme Gateway", Address: "postmaster@y.example"}}, c.text, c.text
		m.Report = Report(m)
		if got := Classify(m, self); got.Kind != c.want {
			t.Errorf("%q: %s %q, want %s", c.text, got.Kind, got.Reasons, c.want)
		}
	}
}

// A group that takes the place of a mailbox of ours is no list of somebody's: who writes through it is a person, who gets answers.
func TestOwnGroup(t *testing.T) {
	t.Parallel()
	self := Self{Addresses: []string{"help@x.example"}}
	for _, lines := range [][]string{
		{"List-ID: Help <help.x.example>", "Precedence: list", "List-Unsubscribe: <mailto:u@x.example>"},
		{"Mailing-list: list help@x.example; contact help+owners@x.example", "Precedence: list"},
		{"List-Post: <mailto:help@x.example>", "List-Help: <mailto:h@x.example>"},
		{"X-BeenThere: help@x.example", "Return-Path: <help-bounces@x.example>", "Sender: help-bounces@x.example"},
	} {
		if c := Classify(mailWith(lines...), self); c.Kind != mailin.KindPerson || c.NoAutoReply {
			t.Errorf("%q: %s %v %q", lines, c.Kind, c.NoAutoReply, c.Reasons)
		}
		if c := Classify(mailWith(lines...), Self{Addresses: []string{"other@x.example"}}); c.Kind != mailin.KindList && c.Kind != mailin.KindGenerated {
			t.Errorf("%q of others: %s", lines, c.Kind)
		}
	}
	if c := Classify(mailWith("List-ID: <help.x.example>", "Auto-Submitted: auto-replied"), self); c.Kind != mailin.KindAutoReply {
		t.Errorf("a note through the group: %s", c.Kind)
	}
}

// What servers of lists say is no person's: that a moderator has to let a mail through, or that somebody is off the list.
func TestServersOfLists(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mailin.Kind{
		"Your message to the group lamps@y.example is awaiting approval by the owners of the group.":    mailin.KindAutoReply,
		"Your mail to 'lamps' with the subject Lamp is being held for a moderator.":                     mailin.KindAutoReply,
		"Your message has been submitted to the moderator of the LAMPS list: Eva Lind <eva@y.example>.": mailin.KindAutoReply,
		"You have been unsubscribed from the lamps newsletter. We are sorry to see you go.":             mailin.KindAutoReply,
		"Ihre Nachricht an die Liste lampen@y.example wartet auf die Freigabe durch einen Moderator.":   mailin.KindAutoReply,
		"Sie wurden vom Newsletter abgemeldet.":                                                         mailin.KindAutoReply,
		"Votre message pour la liste lampes@y.example a été transmis aux modérateurs.":                  mailin.KindAutoReply,
		"您已成功退订。": mailin.KindAutoReply,
		"You have been added to the list of guests for Tuesday, see you there.":                                     mailin.KindPerson,
		"You have been removed from the mailing list lamps@y.example.":                                              mailin.KindAutoReply,
		"I have been unsubscribed from the lamps newsletter, please put me back on the list.":                       mailin.KindPerson,
		"Your message to our group is waiting for approval by the owner, who is away. Can you send it to me again?": mailin.KindPerson,
		"You have been removed from the list of drivers; I have told Eva, too.":                                     mailin.KindPerson,
		"本日退会しましたが、まだ請求が来ています。":                                                                                     mailin.KindPerson,
		"メールマガジンの配信停止をしましたが、まだ届きます。":                                                                                mailin.KindPerson,
		"メールマガジンの退会手続きが完了しました。":                                                                                     mailin.KindAutoReply,
		"配信停止の手続きが完了いたしました。":                                                                                        mailin.KindAutoReply,
		"Uw adres is verwijderd uit de factuur, zoals gevraagd.":                                                    mailin.KindPerson,
		"Je bent afgemeld voor de cursus van dinsdag.":                                                              mailin.KindPerson,
		"U bent uitgeschreven uit de nieuwsbrief.":                                                                  mailin.KindAutoReply,
		"Uw adres is verwijderd van onze mailinglijst.":                                                             mailin.KindAutoReply,
		"Du har borttagen text i rutan, se bilden.":                                                                 mailin.KindPerson,
		"Du är nu avregistrerad från nyhetsbrevet.":                                                                 mailin.KindAutoReply,
		"Du er afmeldt kurset på tirsdag.":                                                                          mailin.KindPerson,
		"Du er nu afmeldt nyhedsbrevet.":                                                                            mailin.KindAutoReply,
		"Du er meldt av kurset på tirsdag.":                                                                         mailin.KindPerson,
		"Du er nå avmeldt nyhetsbrevet.":                                                                            mailin.KindAutoReply,
		"Vaše adresa byla odebrána z faktury.":                                                                      mailin.KindPerson,
		"Vaše adresa byla odebrána ze seznamu odběratelů.":                                                          mailin.KindAutoReply,
		"You have been unsubscribed from the lamps newsletter. I did it for you yesterday.":                         mailin.KindPerson,
		"Sie wurden vom Newsletter abgemeldet, das habe ich gestern erledigt.":                                      mailin.KindPerson,
	} {
		m := mailWith("Subject: Lamp")
		m.Text, m.Reply = text, text
		if got := Classify(m, self); got.Kind != want || got.Kind == mailin.KindAutoReply && !got.Guessed {
			t.Errorf("%q: %s %v %q, want %s", text, got.Kind, got.Guessed, got.Reasons, want)
		}
	}
}

// Programs that ask their reader to prove to be a person, and other desks, in more languages.
func TestMachinesInMoreLanguages(t *testing.T) {
	t.Parallel()
	const link = "\n\nhttps://guard.y.example/v/7"
	for text, want := range map[string]mailin.Kind{
		"La tua e-mail a eva@y.example è in attesa. Per consegnarla fai clic sul link e inserisci il codice." + link:                mailin.KindChallenge,
		"Uw bericht aan eva@y.example wordt tegengehouden totdat u bevestigt dat u geen robot bent. Klik op deze link:" + link:      mailin.KindChallenge,
		"Twoja wiadomość do eva@y.example oczekuje na potwierdzenie. Aby została doręczona, kliknij odnośnik." + link:               mailin.KindChallenge,
		"Ваше письмо для eva@y.example ожидает подтверждения. Перейдите по ссылке и подтвердите, что вы не робот:" + link:           mailin.KindChallenge,
		"お送りいただいたメールは保留されています。URLをクリックして送信者の確認を行うと配信されます。" + link:                                                                   mailin.KindChallenge,
		"Your message was waitlisted. Please add yourself to my Guest List so that I see it." + link:                                mailin.KindChallenge,
		"Paczka została zatrzymana, nadawca prosi o potwierdzenie, link jest tu." + link:                                            mailin.KindPerson,
		"Ваше письмо получил. Посылка задержана, вот ссылка на неё." + link:                                                         mailin.KindPerson,
		"Ditt mejl kom fram. Paketet väntar hos ombudet, länken är här." + link:                                                     mailin.KindPerson,
		"Uw mail is er. De levering staat in de wacht, de link is" + link:                                                           mailin.KindPerson,
		"Der Versand Ihrer Mail wartet noch auf die Ware, siehe" + link:                                                             mailin.KindPerson,
		"Il pacco è in attesa, il link non va: potete confermare la data?" + link:                                                   mailin.KindPerson,
		"Ваша заявка № 30417 зарегистрирована. Мы ответим в течение рабочего дня, не изменяйте тему письма.":                        mailin.KindAutoReply,
		"Megkeresését megkaptuk, és 55182 számon rögzítettük. Munkatársunk hamarosan felveszi Önnel a kapcsolatot.":                 mailin.KindAutoReply,
		"Olemme vastaanottaneet pyyntösi (#20988) ja palaamme asiaan kahden arkipäivän kuluessa.":                                   mailin.KindAutoReply,
		"Ihre Anfrage ist bei uns unter der Ticket-Nummer 2026031010000047 eingegangen. Wir bearbeiten sie so schnell wie möglich.": mailin.KindAutoReply,
		"Thanks for getting in touch! I'm on parental leave until mid-September. Eva (eva@y.example) is covering for me.":           mailin.KindAutoReply,
		"Guten Tag, ich bin seit dem 1. März nicht mehr für die Lampen GmbH tätig. Bitte wenden Sie sich an eva@y.example.":         mailin.KindAutoReply,
		"Please note that I've moved on from Lamps Ltd as of 28 February. For orders write to eva@y.example.":                       mailin.KindAutoReply,
		"I've moved on to the new settings, as Eva (eva@y.example) has said, and the lamp flickers.":                                mailin.KindPerson,
		"I've moved on from the old lamp to the new one, and it flickers, too. Can you come?":                                       mailin.KindPerson,
		"👍\n\nتفاعل Eva Lind عبر Gmail":                                                                                             mailin.KindReaction,
	} {
		m := mailWith("Subject: Re: Lamp")
		m.Text, m.Reply = text, text
		if got := Classify(m, self); got.Kind != want {
			t.Errorf("%q: %s %q, want %s", text, got.Kind, got.Reasons, want)
		}
	}
}
