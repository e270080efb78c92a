package read

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/quote"
)

// mailOf makes a mail of about size octets with a text part, an HTML part or both.
func mailOf(size int, text, html bool) []byte {
	var b bytes.Buffer
	b.WriteString("From: Jane Doe <jane@gold.example>\r\nTo: support@desk.example\r\nSubject: =?utf-8?q?Drucker_im_zweiten_Stock_h=C3=A4ngt?=\r\nDate: Mon, 2 Nov 2026 09:15:00 +0100\r\nMessage-ID: <a@gold.example>\r\nReferences: <b@desk.example> <c@desk.example>\r\n")
	for i := range 20 {
		fmt.Fprintf(&b, "Received: from mx%d.gold.example (mx%d.gold.example [192.0.2.%d]) by mx.desk.example with ESMTPS id abc%d; Mon, 2 Nov 2026 09:15:01 +0100\r\n", i, i, i, i)
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=BB\r\n\r\n")
	sentence := "The printer on the second floor jams with every page since Monday, and the light is red. "
	if text {
		b.WriteString("--BB\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
		for n := 0; n < size/3; n += len(sentence) {
			b.WriteString(sentence + "=\r\n")
		}
		b.WriteString("\r\n\r\nOn Mon, 2 Nov 2026 at 09:00, Acme Support <support@desk.example> wrote:\r\n")
		for range 10 {
			b.WriteString("> What does the display show?\r\n")
		}
	}
	if html {
		b.WriteString("--BB\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>p.MsoNormal {margin:0cm; font-size:11pt}</style></head><body lang=3DDE>")
		for b.Len() < size-500 {
			b.WriteString("<p class=\"MsoNormal\"><span style=\"font-family:Calibri,sans-serif\">" + sentence + "<a href=\"https://gold.example/x\">link</a></span></p>\r\n")
		}
		b.WriteString("<div class=\"gmail_quote\">On Mon, Acme wrote:<blockquote>What does the display show?</blockquote></div></body></html>\r\n")
	}
	b.WriteString("--BB--\r\n")
	return b.Bytes()
}

func BenchmarkText13KB(b *testing.B) { benchmark(b, mailOf(13<<10, true, true)) }
func BenchmarkHTML13KB(b *testing.B) { benchmark(b, mailOf(13<<10, false, true)) }

func benchmark(b *testing.B, raw []byte) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if m := Mail(raw, desk); m.Reply == "" || m.NothingNew {
			b.Fatal("no reply")
		}
	}
}

// BenchmarkPasses measures what is done with a mail's text once it has been taken apart: of the unseen fixtures, in forty languages. One
// iteration is all of them.
func BenchmarkPasses(b *testing.B) {
	files, err := filepath.Glob("testdata/unseen/*.eml")
	if err != nil || len(files) == 0 {
		b.Fatalf("no fixtures: %v", err)
	}
	var all []mailin.Message
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, *parse.Parse(raw, desk.Limits))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range all { // each a copy: the passes write into it
			quote.Split(&m, quote.Options{Markers: desk.Markers})
			m.Report = classify.Report(&m)
			m.Class = classify.Classify(&m, desk.Self)
			m.Auth = classify.AuthResults(&m, desk.Trust)
			m.Language = language(&m)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/mail")
}

func BenchmarkAttachment25MB(b *testing.B) { benchmark(b, bigMail(25<<20)) }

func bigMail(size int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n--BB\r\n\r\nSee the file.\r\n--BB\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), 57)) + "\r\n"
	b.WriteString(strings.Repeat(line, size/len(line)))
	b.WriteString("--BB--\r\n")
	return b.Bytes()
}

// TestMemory shows that a mail of 25 MB takes no more than six times its size while it is read, whatever it consists of.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("25 MB mails")
	}
	head := "From: a@b.example\r\nSubject: x\r\n"
	for name, raw := range map[string][]byte{
		"attachment": bigMail(25 << 20),
		"text":       []byte(head + "\r\n" + strings.Repeat("Hello, the printer jams. > On Monday Jane wrote:\r\n", 25<<20/50)),
		"html":       []byte(head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div><b>x</b></div>", 25<<20/19)),
		"header":     []byte(head + strings.Repeat("X-A: "+strings.Repeat("=?utf-8?q?a?= ", 60)+"\r\n", 25<<20/850) + "\r\nx"),
		"parts":      []byte(head + "Content-Type: multipart/mixed; boundary=B\r\n\r\n" + strings.Repeat("--B\r\n\r\nx\r\n", 25<<20/10)),
		"uuencode":   []byte(head + "\r\nbegin 644 x\n" + strings.Repeat("M"+strings.Repeat("X", 60)+"\n", 25<<20/62)),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := Mail(raw, desk)
		runtime.ReadMemStats(&after)
		// All that was ever allocated is more than what was held at once.
		used := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d MB allocated for %d MB", name, used>>20, len(raw)>>20)
		if used > 6*uint64(len(raw)) {
			t.Errorf("%s: %d MB allocated for %d MB", name, used>>20, len(raw)>>20)
		}
		runtime.KeepAlive(m)
	}
}
