package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tierdesk/mailout"
)

// asMail fails the test if quick reads anything in another way than mail, and tells whether it read it.
func asMail(t interface{ Fatalf(string, ...any) }, raw []byte) bool {
	got, ok := quick(raw)
	if !ok {
		return false
	}
	want, err := mail(raw, 0)
	if err != nil {
		t.Fatalf("quick reads what mail does not: %v\n%q", err, raw)
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(piece{})); d != "" {
		t.Fatalf("%s\n%q", d, raw)
	}
	return true
}

// What the desk sends most is read quickly, everything as mail reads it.
func TestQuickReadsAsMailDoes(t *testing.T) {
	for name, m := range shapes() {
		raw, err := Bytes(m, Options{Load: load})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := asMail(t, raw), name != "attachments" && name != "hostile"; got != want {
			t.Errorf("%s: read quickly: %v", name, got)
		}
	}
}

// Whatever is written in another way than Bytes would is left to mail.
func TestQuickLeavesWhatIsOdd(t *testing.T) {
	raw, err := Bytes(answer(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	boundary := string(raw[strings.Index(string(raw), "boundary=")+9:][:60])
	for _, c := range [][2]string{
		{"\r\n\r\n--" + boundary + "\r\n", "\r\n\r\npreamble\r\n--" + boundary + "\r\n"}, {"--\r\n", "--\r\nepilogue"}, {boundary + "--\r\n", boundary + "--"}, {boundary + "--\r\n", boundary + "\r\n"},
		{"\r\n--" + boundary + "--\r\n", ""}, {"\r\n", "\n"}, {"charset=UTF-8", "charset=iso-8859-1"}, {"quoted-printable", "x-own"}, {"quoted-printable", "8bit"}, {"Content-Type: text/plain", "Content-Type: text/calendar"},
		{"MIME-Version: 1.0", "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8"}, {"Subject:", "Content-Disposition: attachment\r\nSubject:"}, {"Subject:", "Sub ject:"}, {"Subject:", ": x\r\nSubject:"},
		{"=?UTF-8?q?", "=?iso-2022-jp?q?"}, {"Date:", " x\r\nDate:"}, {"Papierfach", "Papier=fach"}, {"Papierfach", "Papier=3dfach"}, {"Papierfach", "Papier \r\nfach"}, {"Papierfach", "Papier\x00fach"}, {"Papierfach", "Papierfäch"}, {"Papierfach", "Papier\rfach"},
		{"multipart/alternative", "multipart/mixed"}, {"\r\n boundary", "\r\n x=y; boundary"}, {boundary + "\r\n", boundary + " \r\n"}, {"\r\n\r\n--", "\r\n\r\n\r\n--"},
	} {
		odd := strings.ReplaceAll(string(raw), c[0], c[1])
		if odd == string(raw) {
			t.Errorf("%q is nowhere", c[0])
		}
		if asMail(t, []byte(odd)) {
			t.Errorf("with %q in place of %q it is read quickly", c[1], c[0])
		}
	}
}

// Whatever happens to a mail of ours on its way to the gate.
func TestQuickAgreesOnDamagedMail(t *testing.T) {
	pieces := []string{"", "\r\n", "\r", "\n", " ", "\t", "=", "=3D", "=\r\n", "--", ":", ";", "\x00", "ä", "Content-Type: text/html; charset=UTF-8\r\n", "\r\n\r\n", "=?UTF-8?q?x?=", "Q"}
	var mails [][]byte
	for _, name := range []string{"answer", "far", "text", "notice"} {
		raw, err := Bytes(shapes()[name], Options{})
		if err != nil {
			t.Fatal(err)
		}
		mails = append(mails, raw)
	}
	rapid.Check(t, func(t *rapid.T) {
		raw := string(rapid.SampledFrom(mails).Draw(t, "mail"))
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			from := rapid.IntRange(0, len(raw)).Draw(t, "from")
			to := min(len(raw), from+rapid.SampledFrom([]int{0, 0, 1, 2, 60}).Draw(t, "octets"))
			raw = raw[:from] + rapid.SampledFrom(pieces).Draw(t, "piece") + raw[to:]
		}
		asMail(t, []byte(raw))
	})
}

func FuzzQuick(f *testing.F) {
	for _, m := range shapes() {
		raw, err := Bytes(m, Options{Load: load})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("A: b\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=\r\nb =3D\t=20\r\n"))
	f.Add([]byte("A: b\r\n c\r\n \r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+\r\nPGI+\r\n"))
	f.Add([]byte("Content-Type: multipart/alternative;\r\n boundary=0\r\n\r\n--0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n\r\n--0--\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) { asMail(t, raw) })
}

// BenchmarkAcknowledgement is what making and checking the mail costs that the desk sends most.
func BenchmarkAcknowledgement(b *testing.B) {
	m := answer()
	m.Automatic, m.Cc, m.Subject = mailout.AutoReplied, nil, "[#1042] Printer on the second floor is down"
	paragraph := "thank you for writing. We have your mail and are looking at it; its ticket\nis #1042 (Printer on the second floor is down).\n\n"
	m.Text = "Hello Jane Doe,\n\n" + strings.Repeat(paragraph, 3) + "Acme Support · ticket #1042\n"
	m.HTML = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><style>:root{color-scheme:light dark}@media(prefers-color-scheme:dark){.m{color:#a3a8b0!important}}</style></head><body>" +
		strings.Repeat(`<p style="margin:0 0 14px">`+paragraph+`<a href="https://help.desk.example/printer">A printer cannot be reached</a></p>`, 6) + "<div>Acme Support · ticket #1042</div></body></html>"
	s := secrets()
	s.Internal, s.Public = nil, nil
	b.ReportAllocs()
	for b.Loop() {
		raw, err := Bytes(m, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if hits := Gate(raw, s); len(hits) > 0 {
			b.Fatal(hits)
		}
	}
}
