package read

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

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
		if strings.TrimSpace(m.Text) != "" && strings.TrimSpace(m.Reply) == "" {
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
