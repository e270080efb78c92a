package read

import (
	"encoding/base64"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tierdesk/mailin"
)

func encoded(t *testing.T, charset, text string, e encoding.Encoding, foot string) []byte {
	b, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte("From: a@gold.example\nContent-Type: text/plain; charset=" + charset + "\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString([]byte(b)) + "\n" + foot)
}

func TestOddEncodings(t *testing.T) {
	t.Parallel()
	const foot = "\n-- \nThis list is read by the whole house, and by its neighbours\n"
	for _, c := range []struct {
		raw  []byte
		want string
	}{
		{encoded(t, "utf-16", "The door sticks.", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), ""), "The door sticks."},
		{encoded(t, "utf-16", "The door sticks.", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), ""), "The door sticks."},
		{encoded(t, "koi8-r", "Двері заїдають, є ґава.", charmap.KOI8U, ""), "Двері заїдають, є ґава."},
		{encoded(t, "koi8-r", "Дверь заедает, ёлка мешает.", charmap.KOI8R, ""), "Дверь заедает, ёлка мешает."},
		{encoded(t, "utf-8", "The door sticks, naïvely said.", encoding.Nop, foot), "The door sticks, naïvely said."},
	} {
		if m := Mail(c.raw, Options{}); m.Reply != c.want {
			t.Errorf("%q, not %q", m.Reply, c.want)
		}
	}
	// What only says that it is base64 stays whole, even where a line looks like it.
	m := Mail([]byte("From: a@gold.example\nContent-Transfer-Encoding: base64\n\nKundenbetreuerin\n\nWhere do I find her? It says so nowhere.\n"), Options{})
	if m.Text != "Kundenbetreuerin\n\nWhere do I find her? It says so nowhere.\n" {
		t.Errorf("%q", m.Text)
	}
}

// A comma in an encoded word belongs to the name.
func TestCommaInAnEncodedName(t *testing.T) {
	t.Parallel()
	m := Mail([]byte("From: =?utf-8?Q?Gr=C3=BCn,_Eva?= <eva@gold.example>\nTo: =?utf-8?q?B=C3=A4r,_Tom?= <tom@desk.example>, =?x?, jo@desk.example\n\nHi\n"), Options{})
	if len(m.From) != 1 || m.From[0] != (mailin.Address{Name: "Grün, Eva", Address: "eva@gold.example"}) {
		t.Errorf("%+v", m.From)
	}
	if n := len(m.To); n < 2 || m.To[0] != (mailin.Address{Name: "Bär, Tom", Address: "tom@desk.example"}) || m.To[n-1].Address != "jo@desk.example" {
		t.Errorf("%+v", m.To)
	}
}

// Who asks about a mail that came back is a person; what providers report about a domain is not.
func TestReportsAndThoseWhoAskAboutThem(t *testing.T) {
	t.Parallel()
	const head = "From: Jane Doe <jane@gold.example>\nTo: support@desk.example\n"
	for _, c := range []struct {
		raw  string
		want mailin.Kind
	}{
		{head + "Subject: Undeliverable?\n\nI wrote to sales@desk.example and got \"550 5.1.1 user unknown\". Where can I ask for an offer?\n", mailin.KindPerson},
		{head + "Subject: Undeliverable\n\nsales@desk.example\n550 5.1.1 user unknown, see https://gold.example/?why\n", mailin.KindBounce},
		{head + "Subject: Undeliverable\n\nsales@desk.example\n550 5.1.1 user unknown\n", mailin.KindBounce},
		{"TLS-Report-Domain: desk.example\n" + head + "Subject: TLS\n\nSee the file.\n", mailin.KindGenerated},
		{head + "Subject: Report Domain: desk.example Submitter: gold.example Report-ID: <7>\n\nSee the file.\n", mailin.KindGenerated},
		{head + "Subject: Report domain\n\nWhich of our domains is to be named in the report?\n", mailin.KindPerson},
	} {
		if m := Mail([]byte(c.raw), Options{}); m.Class.Kind != c.want {
			t.Errorf("%s (%q), not %s:\n%s", m.Class.Kind, m.Class.Reasons, c.want, c.raw)
		}
	}
	m := Mail([]byte("Return-Path: <>\nFrom: mailer-daemon@gold.example\nSubject: Undelivered mail\n\n<eva@none.example>: Domain none.example does not accept mail (nullMX)\n"), Options{})
	if m.Report == nil || m.Report.Recipients[0].Status != "5.1.10" {
		t.Errorf("%+v", m.Report)
	}
}
