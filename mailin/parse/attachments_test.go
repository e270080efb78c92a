package parse

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// mailOfFiles makes a mail of n files that are size octets together. Encoded ones stand in base64.
func mailOfFiles(n, size int, encoded bool) []byte {
	var b bytes.Buffer
	b.WriteString("From: ann@x.example\r\nSubject: logs\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nThe logs.\r\n")
	for i := range n {
		fmt.Fprintf(&b, "--bb\r\nContent-Type: text/plain; name=%d.log\r\nContent-Disposition: attachment; filename=%d.log\r\n", i, i)
		content := strings.Repeat(fmt.Sprintf("%08d the door was opened\r\n", i), size/n/31)
		if encoded {
			b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
			for e := base64.StdEncoding.EncodeToString([]byte(content)); len(e) > 0; {
				k := min(76, len(e))
				b.WriteString(e[:k] + "\r\n")
				e = e[k:]
			}
		} else {
			b.WriteString("\r\n" + content)
		}
	}
	b.WriteString("--bb--\r\n")
	return b.Bytes()
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	raw := mailOfFiles(20, 40<<10, true)
	m := Parse(raw, Limits{})
	files, err := Attachments(raw, Limits{}, 7, 3, 7)
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for i, index := range []int{7, 3, 7} {
		f := files[i]
		if f.Attachment != m.Attachments[index] {
			t.Errorf("file %d\n got: %+v\nwant: %+v", index, f.Attachment, m.Attachments[index])
		}
		if b := f.Bytes(); int64(len(b)) != f.Size || !bytes.HasPrefix(b, fmt.Appendf(nil, "%08d the door", index)) {
			t.Errorf("file %d holds %d octets, %.30q", index, len(b), b)
		}
		var w bytes.Buffer
		if n, err := f.WriteTo(&w); err != nil || n != f.Size || !bytes.Equal(w.Bytes(), f.Bytes()) {
			t.Errorf("file %d wrote %d octets, %v", index, n, err)
		}
	}
	for _, index := range []int{-1, 20} {
		if _, err := Attachments(raw, Limits{}, 0, index); err == nil {
			t.Errorf("there is a part %d", index)
		}
	}
	if files, err := Attachments(raw, Limits{}); err != nil || len(files) != 0 {
		t.Errorf("none were asked for: %d, %v", len(files), err)
	}
}

// failing is a writer that fails at the second piece.
type failing int

func (f *failing) Write(b []byte) (int, error) {
	if *f++; *f > 1 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestFileStopsWhereTheWriterFails(t *testing.T) {
	t.Parallel()
	files, err := Attachments(mailOfFiles(1, 200<<10, true), Limits{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var w failing
	n, err := files[0].WriteTo(&w)
	if err != io.ErrShortWrite || n == 0 || n > 64<<10 || w != 2 {
		t.Errorf("%d octets in %d pieces, %v", n, w, err)
	}
}

// allocated is how many octets f asks for, whether or not they are given back.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A mail of 19 MB with a thousand files is read in one pass, and so are its files: nothing grows with their number.
func TestManyFilesTakeOnePass(t *testing.T) {
	if testing.Short() {
		t.Skip("19 MB mails")
	}
	all := make([]int, 999)
	for i := range all {
		all[i] = i
	}
	for name, encoded := range map[string]bool{"plain": false, "base64": true} {
		raw := mailOfFiles(len(all), 18<<20, encoded)
		if n := allocated(func() { Parse(raw, Limits{}) }); n > uint64(len(raw))/4 {
			t.Errorf("%s: reading a mail of %d MB allocates %d KB", name, len(raw)>>20, n>>10)
		}
		var files []File
		if n := allocated(func() {
			var err error
			if files, err = Attachments(raw, Limits{}, all...); err != nil {
				t.Fatal(err)
			}
		}); n > uint64(len(raw))/4 {
			t.Errorf("%s: its files take %d KB", name, n>>10)
		}
		var written int64
		if n := allocated(func() {
			for _, f := range files {
				n, _ := f.WriteTo(io.Discard)
				written += n
			}
		}); n > 3*uint64(len(raw)) {
			t.Errorf("%s: writing them out takes %d MB for %d MB", name, n>>20, len(raw)>>20)
		}
		if written < 17<<20 {
			t.Errorf("%s: %d octets came out", name, written)
		}
	}
}

// What a mail is made of must not take more than six times its size, nor time that grows faster than the mail.
func TestHostileStructures(t *testing.T) {
	if testing.Short() {
		t.Skip("19 MB mails")
	}
	const size = 19 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	multipart := "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
	nested := ""
	for i := range 100 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	manyFields := "--b\r\n" + strings.Repeat("a:\n", 4000) + "\r\nx\r\n"
	for name, raw := range map[string]string{
		"fields of one octet":   "Subject: x\r\n" + fill("a:\n") + "\r\nx",
		"fields in many parts":  multipart + fill(manyFields),
		"recipients":            fill("To: "+strings.Repeat("a@b,", 200)+"\r\n") + "\r\nx",
		"types without parts":   "Content-Type: text/plain\r\n" + strings.Repeat("Content-Type: multipart/mixed; boundary=\""+strings.Repeat("-", 90)+"x\"\r\n", 4000) + "\r\n" + fill(strings.Repeat("-", 998)+"\n"),
		"references":            fill("References: "+strings.Repeat("<a@b>", 200)+"\r\n") + "\r\nx",
		"parts":                 multipart + fill("--b\r\n\r\nx\r\n"),
		"named parts":           multipart + fill("--b\r\nContent-Disposition: attachment; filename=\"=?utf-8?q?a?=\"\r\n\r\nx\r\n"),
		"parameters in parts":   multipart + fill("--b\r\nContent-Type: text/plain"+strings.Repeat("; a=b", 300)+"\r\n\r\nx\r\n"),
		"depth":                 nested + fill("--b99\r\n\r\nx\r\n"),
		"mails in parts":        multipart + fill("--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n"+strings.Repeat("x", 1000)+"\r\n"),
		"reports in parts":      multipart + fill("--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b\r\n\r\nFinal-Recipient: rfc822; a@b\r\n\r\n"),
		"files in the text":     "Subject: x\r\n\r\n" + fill("begin 644 x\n#86%A\n`\nend\n"),
		"files without a name":  "Subject: x\r\n\r\n" + fill("begin 644\n#86%A\n`\nend\n"),
		"calendars":             multipart + fill("--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n"+strings.Repeat("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b\n", 20)+"\r\n"),
		"enriched":              "Content-Type: text/enriched\r\n\r\n" + fill("<bold>x</bold> <param>"),
		"one file without ends": "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + fill("QUFB"),
	} {
		mail, took := []byte(raw), make(chan uint64, 1)
		go func() { took <- allocated(func() { Parse(mail, Limits{}) }) }()
		select {
		case n := <-took:
			t.Logf("%s: %d MB", name, n>>20)
			if n > 5*uint64(len(raw)) {
				t.Errorf("%s: %d MB for %d MB", name, n>>20, len(raw)>>20)
			}
		case <-time.After(20 * time.Second): // a hundred times as long as it takes
			t.Fatalf("%s: not read after 20 s", name)
		}
	}
}

func BenchmarkParseManyFiles(b *testing.B) { // 999 files of 19 MB
	raw := mailOfFiles(999, 18<<20, false)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw, Limits{})
	}
}

func BenchmarkManyAttachments(b *testing.B) { // all 999 of them, written out
	raw := mailOfFiles(999, 18<<20, true)
	indexes := make([]int, 999)
	for i := range indexes {
		indexes[i] = i
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		files, err := Attachments(raw, Limits{}, indexes...)
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range files {
			f.WriteTo(io.Discard)
		}
	}
}

// No octet that a sender can write into a field comes out as one that a database or a terminal takes for something else.
func TestWhatIsStoredIsClean(t *testing.T) {
	t.Parallel()
	var q bytes.Buffer
	w := quotedprintable.NewWriter(&q)
	for c := range 32 {
		if c != '\n' && c != '\r' {
			w.Write([]byte{byte(c)})
		}
	}
	w.Write([]byte{0x7f, 0xff, 0xed, 0xa0, 0x80})
	w.Close()
	bad := strings.NewReplacer("\r\n", "", "=\n", "", "?", "=3F", "\t", "=09", " ", "_").Replace(q.String())
	word := "=?utf-8?q?a" + bad + "b=00=0D=0A?="
	raw := "From: " + word + " <x" + word + "@x.example>\r\nTo: \"" + word + "\" <t\x00o@x.example>\r\nReply-To: =?utf-8?b?AGFAeC5leGFtcGxl?=\r\nMessage-ID: <" + word + "@x.example>\r\nIn-Reply-To: <" + word + "@y.example>\r\n" +
		"References: <=?utf-8?q?a=00b?=@z.example> <\x00c@z.example>\r\nSubject: " + word + "\r\nReturn-Path: <\x00\x01@x.example>\r\nX-Any: " + word + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>a&#0;b\x00\xff</p>\r\n" +
		"--b\r\nContent-Type: application/pdf; name*=utf-8''a%00b%0d%0a%ff.pdf\r\nContent-ID: <a\x00\x01b>\r\n\r\nx\r\n" +
		"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"" + word + "\"\r\n\r\nx\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; =?utf-8?q?a=00b?=@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 " + word + "\r\n\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <" + word + "@x.example>\r\nSubject: " + word + "\r\n\r\nx\r\n--b--\r\n"
	m := Parse([]byte(raw), Limits{})
	n := 0
	eachString(m, func(path, s string) {
		n++
		long := strings.HasSuffix(path, ".Text") && !strings.Contains(path, "Warnings") || strings.HasSuffix(path, ".HTML")
		for _, c := range s {
			if c < ' ' && !(long && (c == '\n' || c == '\t' || c >= 1)) || c == 0x7f && !long || c == 0 {
				t.Errorf("%s holds %q: %q", path, c, s)
				break
			}
		}
		if strings.ToValidUTF8(s, "") != s {
			t.Errorf("%s is no UTF-8: %q", path, s)
		}
	})
	if n < 60 || len(m.References) != 2 || len(m.Attachments) < 3 || m.Report == nil || len(m.Enclosed) != 1 || m.MessageID == "" {
		t.Fatalf("the mail was not read: %d strings, %+v", n, m)
	}
}

// eachString calls f with every string in a value, and where it stands.
func eachString(v any, f func(path, s string)) { walkStrings(reflect.ValueOf(v), "", f) }

func walkStrings(v reflect.Value, path string, f func(path, s string)) {
	switch v.Kind() {
	case reflect.String:
		f(path, v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			walkStrings(v.Elem(), path, f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkStrings(v.Index(i), path, f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walkStrings(v.Field(i), path+"."+v.Type().Field(i).Name, f)
			}
		}
	}
}
