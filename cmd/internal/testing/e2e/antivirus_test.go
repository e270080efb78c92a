package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/proxy"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
)

// harmful is what the clamd of the stories finds.
const harmful = "the words that nobody may open"

// withFile is a mail with a file of these words.
func withFile(from, subject, words string) letter {
	return letter{from: from, to: support, raw: fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%d.file@%s>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n"+
		"--part\r\nContent-Type: text/plain\r\n\r\nSee the file about %s.\r\n--part\r\nContent-Type: application/octet-stream; name=file.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--part--\r\n",
		from, support, subject, time.Now().UnixNano(), from[strings.IndexByte(from, '@')+1:], subject, base64.StdEncoding.EncodeToString([]byte(words)))}
}

// lines adds lines to a file of the desk folder.
func lines(t *testing.T, name, text string) func(dir string) {
	return func(dir string) {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// until waits for something that the desk does by itself.
func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// A mail in whose attachment clamd finds something reaches no agent; its twin without does. The admin can let it in, but not without knowing.
func TestAVirus(t *testing.T) {
	s := servers.Clamd(t, harmful)
	stories(t, func(t *testing.T, w *world) {
		w.send(withFile(max, "Report", harmful))
		w.send(withFile(jane, "Invoice", "nothing but figures"))
		w.next(jane).has("Invoice")
		w.next(ann).has("See the file about Invoice.").lacks("scanner")
		w.next(ben)
		w.nothing(max, ann, ben)
		m, number := w.digest("Report")
		m.has("the virus scanner found " + servers.Signature)
		for _, user := range []string{ann, ben, tess, lead} {
			w.never(user, "Report", base64.StdEncoding.EncodeToString([]byte(harmful)))
		}

		w.answer(admin, m, "/release "+number)
		receipt := w.next(admin).has("Not done", servers.Signature, "/release "+number+" infected")
		w.nothing(max, ann, ben)
		w.answer(admin, receipt, "/release "+number+" infected")
		w.next(max).has("Report")
		w.next(ann).has("See the file about Report.", "the virus scanner found "+servers.Signature)
		w.next(ben)
		w.next(admin).has("The agents are warned of", servers.Signature)
	}, lines(t, "tierdesk.yaml", "antivirus: {clamd: \""+s.TCP+"\"}\n"))
}

// cutOff gives a clamd that cannot be reached until the proxy is healed, and the lines of tierdesk.yaml that name it.
func cutOff(t *testing.T, further string, body func(t *testing.T, w *world, p *proxy.Proxy)) {
	t.Helper()
	t.Parallel()
	s := servers.Clamd(t, harmful)
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		p := proxy.New(t, s.TCP)
		p.Reset(0)
		w := newWorld(t, g, nil, lines(t, "tierdesk.yaml", "antivirus: {clamd: \""+p.Addr+"\""+further+"}\nalarm: {command: [\"true\"], after: 1s}\n"))
		body(t, w, p)
		w.invariants()
	})
}

// clamd does not answer: mail flows on, agents hear what was not scanned, the admin hears of it, and again when it is back.
func TestNoVirusScanner(t *testing.T) {
	cutOff(t, "", func(t *testing.T, w *world, p *proxy.Proxy) {
		w.until("clamd is found to be away", func() bool { return w.app.Scanner.Status().Away })
		w.send(withFile(max, "Report", harmful))
		w.send(letter{from: jane, to: support, subject: "Plain", text: "No file."})
		w.next(max).has("Report")
		w.next(jane)
		for range 2 {
			if m := w.next(ann); strings.Contains(m.subject(), "Report") {
				m.has("could not be asked about the attachments")
			} else {
				m.lacks("could not be asked")
			}
		}
		alarm := w.later(admin).has("Alarm: The virus scanner does not answer", "are taken in without it.")
		if alarm.event() != "admin-alarm" {
			t.Errorf("the admin got %q", alarm.event())
		}
		p.Heal()
		w.later(admin).has("Resolved: The virus scanner")
		w.rest(ben)
		w.send(withFile(max, "Second report", harmful))
		w.nothing(max, ann, ben)
	})
}

// The same with unscanned: quarantine. What waits for clamd is let in by itself once clamd is back and finds nothing.
func TestUnscannedMailWaits(t *testing.T) {
	cutOff(t, ", unscanned: quarantine", func(t *testing.T, w *world, p *proxy.Proxy) {
		w.until("clamd is found to be away", func() bool { return w.app.Scanner.Status().Away })
		w.send(withFile(max, "Report", harmful))
		w.send(withFile(jane, "Invoice", "nothing but figures"))
		w.nothing(max, jane, ann)
		if n := len(w.waiting()); n != 2 {
			t.Errorf("%d mails wait", n)
		}
		p.Heal()
		w.later(jane).has("Invoice")
		w.later(ann).has("See the file about Invoice.")
		w.rest(ben)
		w.nothing(max, ann, ben)
		if in := w.waiting(); len(in) != 1 || in[0].Cause != "virus" {
			t.Errorf("in quarantine: %+v", in)
		}
	})
}

// later waits for a mail that the desk sends when it has noticed something, although it is at rest.
func (w *world) later(user string) got {
	w.t.Helper()
	n := w.seen[user]
	mails := w.box(user).Wait(w.t, n+1, patience)
	w.seen[user] = n + 1
	return got{mails[n], w.t}
}
