package extract

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"strings"
	"testing"
	"time"
)

// all returns all texts that are found in a file, and what could not be looked into.
func all(lim Limits, name string, data []byte) (texts []string, closed []string) {
	x := New(lim, nil)
	x.emit = func(t Text) {
		texts = append(texts, t.Text)
		x.Encoded(t, t.Text)
	}
	x.File(name, data)
	return texts, x.Closed()
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		data string
		want kind
	}{
		{"", kindText},
		{"words", kindText},
		{"PK\x03\x04", kindZip},
		{"\x1f\x8b\x08", kindGzip},
		{"%PDF-1.4", kindPDF},
		{"junk before\n%PDF-1.4", kindPDF},
		{"\xff\xfeh\x00i\x00", kindUTF16},
		{"h\x00e\x00l\x00l\x00o\x00 \x00t\x00h\x00e\x00r\x00e\x00", kindUTF16},
		{"\x00h\x00e\x00l\x00l\x00o\x00 \x00t\x00h\x00e\x00r\x00e", kindUTF16},
		{"h\x00\x00\x00e\x00\x00\x00l\x00\x00\x00", kindUTF32},
		{"\x00\x00\x00h\x00\x00\x00e\x00\x00\x00l", kindUTF32},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", kindBinary},
		{"Gr\xfc\xdfe", kindText},
		{"\x01\x02\x03\x04\x05\x06words", kindBinary},
		{"Rar!\x1a\x07\x00", kindSealed},
	} {
		if got := kindOf([]byte(c.data)); got != c.want {
			t.Errorf("%q: %d, not %d", c.data, got, c.want)
		}
	}
}

func TestLooksLikeMail(t *testing.T) {
	for text, want := range map[string]bool{
		"From: a@b.example\n\nx": true, "X-Own: 1\nSubject: x\n\nx": true, "From a@b.example Mon\nSubject: x\n\n": true, "123\nSubject: x\n\n": true,
		"Note: this\nis a text\n": false, "Hello": false, "": false, "key: value\nother: value\n\nSubject: x": false, "\n\nTo: x\n": true, "Received : x\n": true,
	} {
		if got := looksLikeMail([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What is shorter than Overlap stands whole in one stretch, wherever it lies.
func TestNothingIsCutAtTheEndOfAStretch(t *testing.T) {
	needle := "the needle " + strings.Repeat("y", Overlap-20)
	for _, at := range []int{0, window - 1, window - 100, window - Overlap, window, 2*window - Overlap, 2*window - Overlap - 50} {
		for name, before := range map[string]string{"text": "", "page": "<!DOCTYPE html><p>", "binary": "\x00\x01"} {
			data := before + strings.Repeat("hay\n", at/4+1)[:max(0, at-len(before))] + needle + strings.Repeat(" hay", window/3)
			texts, closed := all(Limits{}, "x", []byte(data))
			found := false
			for _, text := range texts {
				found = found || strings.Contains(text, needle)
				if len(text) > 2*window {
					t.Errorf("a stretch of %d octets", len(text))
				}
			}
			if !found || len(closed) > 0 {
				t.Errorf("%s: at %d: not found, %v", name, at, closed)
			}
		}
	}
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

// Whatever is given, it ends soon, and no more is looked at than the limits say.
func TestBombsAreBounded(t *testing.T) {
	bomb := make([]byte, 64<<20)
	var page bytes.Buffer
	z := zlib.NewWriter(&page)
	z.Write(bomb)
	z.Close()
	for name, data := range map[string][]byte{
		"gzip":                packed(bomb),
		"gzip in gzip":        packed(packed(bomb)),
		"streams of a PDF":    append([]byte("%PDF-1.4\n"), bytes.Repeat(append(append([]byte("stream\n"), page.Bytes()...), "\nendstream\n"...), 20)...),
		"openings of streams": append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("stream "), 1<<19)...),
		"strings of a PDF":    append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("("), 1<<20)...),
		"hex of a PDF":        append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("<a"), 1<<20)...),
		"tags":                bytes.Repeat([]byte("<b>"), 1<<20),
		"one tag":             append([]byte("<b "), bytes.Repeat([]byte("a=1 "), 1<<20)...),
		"open comment":        append([]byte("<html><!--"), bytes.Repeat([]byte("x -"), 1<<20)...),
		"mails in a folder":   bytes.Repeat([]byte("From a\nSubject: x\n\n"), 1<<16),
		"multiparts":          []byte("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 20000)),
		"mails in mails":      []byte("Subject: x\n" + strings.Repeat("Content-Type: message/rfc822\n\n", 20000)),
		"base64":              bytes.Repeat([]byte("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="), 1<<15),
		"rich text":           append([]byte(`{\rtf1`), bytes.Repeat([]byte(`{\u1 `), 1<<19)...),
		"begin":               bytes.Repeat([]byte("begin 644 x\n"), 1<<16),
		"escapes":             bytes.Repeat([]byte("\x1b$B"), 1<<19),
	} {
		start := time.Now()
		_, closed := all(Limits{MaxBytes: 16 << 20, MaxInside: 4 << 20}, name, data)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %s", name, took)
		}
		if strings.HasPrefix(name, "gzip") && len(closed) == 0 {
			t.Errorf("%s: nothing is said of what was left out", name)
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, s := range []string{"Subject: x\n\nhello", "{\\rtf1 hello}", "%PDF-1.4\nstream\nBT (x) Tj ET\nendstream", "<html><p>x", "BEGIN:VCARD\nX:\n y", "\xff\xfeh\x00", "begin 644 x\n#86)C\n`\nend\n"} {
		f.Add([]byte(s))
	}
	f.Add(packed([]byte("hello")))
	f.Fuzz(func(t *testing.T, data []byte) {
		x := New(Limits{MaxBytes: 1 << 20}, nil)
		x.emit = func(s Text) { x.Encoded(s, s.Text) }
		x.File("x", data)
	})
}
