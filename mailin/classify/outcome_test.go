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
