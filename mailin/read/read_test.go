package read

import (
	"encoding/json"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
)

func parseOpen(raw []byte, i int) (mailin.Attachment, []byte, error) {
	return parse.Open(raw, parse.Limits{}, i)
}

func TestJSONIsTheContract(t *testing.T) {
	m := Mail([]byte("From: Jane <jane@gold.example>\r\nSubject: Hi\r\n\r\nHello\r\n"), Options{})
	b, err := json.Marshal(JSON(m))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"message_id":""`, `"from":{"name":"Jane","address":"jane@gold.example"}`, `"to":[]`, `"cc":[]`, `"subject":"Hi"`, `"text":"Hello\n"`, `"html":""`, `"reply":"Hello"`,
		`"attachments":[]`, `"auto":{"is":false}`, `"bounce":{"is":false}`, `"auth_results":{"methods":[]}`} {
		if !strings.Contains(string(b), key) {
			t.Errorf("%s is not in %s", key, b)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The printer on the second floor does not work, can you help us please?":             "en",
		"Der Drucker im zweiten Stock geht nicht, können Sie uns bitte helfen?":              "de",
		"L'imprimante du deuxième étage ne marche pas, est-ce que vous pouvez nous aider ?":  "fr",
		"La impresora del segundo piso no funciona, ¿nos puede ayudar por favor?":            "es",
		"La stampante del secondo piano non funziona, ci può aiutare per favore?":            "it",
		"De printer op de tweede verdieping werkt niet, kunt u ons helpen met het probleem?": "nl",
		"A impressora do segundo andar não funciona, você pode nos ajudar por favor?":        "pt",
		"プリンターが動きません。助けてください。":                                                               "ja",
		"打印机坏了，请帮忙看一下。":                                                                      "zh",
		"프린터가 고장났습니다. 도와주세요.":                                                                "ko",
		"Ο εκτυπωτής δεν λειτουργεί.":                                                        "el",
		"המדפסת לא עובדת":                                                                    "he",
		"ok":                                                                                 "",
		"42 42 42 42 42 42 42 42 42":                                                         "",
		"Xyzzy plugh frobnicate quux corge grault garply":                                    "",
	} {
		m := Mail([]byte("Content-Type: text/plain; charset=utf-8\n\n"+text), Options{})
		if m.Language != want {
			t.Errorf("%q: %q, want %q", text, m.Language, want)
		}
	}
	m := Mail([]byte("Content-Language: de-AT\n\nok"), Options{})
	if m.Language != "de" {
		t.Errorf("Content-Language: %q", m.Language)
	}
}

func TestMailAtOnce(t *testing.T) {
	raw := []byte("From: Jane <jane@gold.example>\r\nSubject: =?utf-8?q?H=C3=A4?=\r\nContent-Type: text/html\r\n\r\n<p>Hello<blockquote>old</blockquote>\r\n")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if m := Mail(raw, desk); m.Subject != "Hä" || m.Reply != "Hello" {
					t.Errorf("%q %q", m.Subject, m.Reply)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n> quoted\r\n"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>a<blockquote>b</blockquote>c\n--x--\n"))
	f.Add([]byte("Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nnot delivered\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n--x--\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Mail(raw, desk)
		// What nobody can see (byte order marks, say) is no text.
		visible := strings.TrimFunc(m.Text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
		if visible != "" && strings.TrimSpace(m.Reply) == "" {
			t.Errorf("Reply is empty, Text is %q", m.Text)
		}
		for i := range m.Attachments {
			if _, b, err := parse.Open(raw, parse.Limits{}, i); err != nil || int64(len(b)) != m.Attachments[i].Size {
				t.Errorf("attachment %d: %d octets, %v, want %d", i, len(b), err, m.Attachments[i].Size)
			}
		}
		if _, err := json.Marshal(JSON(m)); err != nil {
			t.Error(err)
		}
	})
}

// used is the time that this process has had of the processors: others on the machine do not change it.
func used(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestHostile shows that no mail takes long, whatever it is made of. The figures are generous: they tell a loop over a
// loop, which takes minutes, from a slow machine. It runs alone in its process.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("big mails")
	}
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, raw := range map[string]string{
		"words":            "Subject: " + fill("=?a?q?") + "\n\nx",
		"words closed":     "Subject: " + fill("=?utf-8?b?w6Q=?= ") + "\n\nx",
		"comments":         "To: " + fill("(") + "\n\nx",
		"quotes":           "To: " + fill("\",") + "\n\nx",
		"angles":           "To: " + fill("<a@b,") + "\n\nx",
		"addresses":        "To: " + fill("a@b.example,") + "\n\nx",
		"ids":              "References: " + fill("<a@b> <") + "\n\nx",
		"parameters":       "Content-Type: text/plain" + fill("; a*0*=b") + "\n\nx",
		"boundaries":       "Content-Type: multipart/mixed; boundary=b\n\n" + fill("--b\n"),
		"no boundaries":    "Content-Type: multipart/mixed; boundary=b\n\n" + fill("--c\n"),
		"attributions":     "Subject: x\n\n" + fill("On 2 Nov 2026 at 9:20, Jane <jane@x.example> said this and more of it:\n"),
		"long attribution": "Subject: x\n\n" + fill("On 2 Nov 2026 at 9:20, "+strings.Repeat("Jane ", 90)+":\n"),
		"header blocks":    "Subject: x\n\n" + fill("From: a\n"),
		"boasts":           "Subject: x\n\n" + fill("Sent from my my my my my my my my my my my, then\n"),
		"quotes between":   "Subject: x\n\n" + fill("> a\nb\n"),
		"signatures":       "Subject: x\n\n" + fill("--\n"),
		"blockquotes":      "Content-Type: text/html\n\n" + fill("<blockquote>a"),
		"blockquotes side": "Content-Type: text/html\n\n" + fill("<blockquote class=gmail_quote>a</blockquote>b"),
		"borders":          "Content-Type: text/html\n\n" + fill("<div style='border:none;border-top:solid'>"),
		"divs":             "Content-Type: text/html\n\n" + fill("<div>"),
		"formatting":       "Content-Type: text/html\n\n" + fill("<b><i><a href=x>"),
		"tables":           "Content-Type: text/html\n\n" + fill("<table><tr><td>"),
		"entities":         "Content-Type: text/html\n\n" + fill("&amp;&nbsp;"),
		"uuencode":         "Subject: x\n\n" + fill("begin 644 x\n#86%A\n`\nend\n"),
		"begins":           "Subject: x\n\n" + fill("begin 644 x\n"),
		"bounce":           "From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: failure notice\n\n" + fill("Delivery to the following recipients failed:\n\n  "),
		"status":           "Content-Type: message/delivery-status\n\n" + fill("Final-Recipient: rfc822; a@b\n\n"),
		"calendar":         "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n" + fill("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b\n"),
		"eight bits":       "Subject: x\n\n" + fill("\xe4\xf6 "),
	} {
		before := used(t)
		Mail([]byte(raw), desk)
		if d := used(t) - before; d > 10*time.Second {
			t.Errorf("%s: %v for 1 MB", name, d)
		} else if d > 300*time.Millisecond {
			t.Logf("%s: %v", name, d)
		}
	}
}
