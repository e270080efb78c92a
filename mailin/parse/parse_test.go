package parse

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"mime/quotedprintable"
	"net/mail"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	japaneseSets "golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"pgregory.net/rapid"

	"tierdesk/mailin"
)

func decodeHeader(s string) string {
	r := newReader(nil, Limits{})
	return r.value(&field{text: string(appendUnfolded(nil, []byte(s)))})
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                                 "plain",
		"=?utf-8?q?H=C3=A4?=":                   "Hä",
		"=?UTF-8?B?SMOk?=":                      "Hä",
		"=?iso-8859-1?Q?H=E4_und_mehr?=":        "Hä und mehr",
		"a =?utf-8?q?b?= c":                     "a b c",
		"=?utf-8?q?a?= =?utf-8?q?b?=":           "ab",
		"=?utf-8?q?a?=\r\n =?utf-8?q?b?=":       "ab",
		"=?utf-8?q?a?=x":                        "ax",
		"(=?utf-8?q?a?=)":                       "(a)",
		"=?utf-8?q?a?==?utf-8?q?b?=":            "ab",
		"=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=":       "ä", // a character cut in two
		"=?utf-8?B?SMOk?= =?iso-8859-1?Q?=E4?=": "Hää",
		"=?utf-8*de?q?H=C3=A4?=":                "Hä",
		"=?utf-8?q?with blank inside?=":         "with blank inside",
		"=?utf-8?B?SMOk":                        "Hä", // the end was cut off
		"=?utf-8?x?abc?=":                       "=?utf-8?x?abc?=",
		"=?nosuch?q?abc?=":                      "abc",
		"what =? is this":                       "what =? is this",
		"=?gb2312?B?xOO6ww==?=":                 "你好",
		"=?iso-2022-jp?B?GyRCJDMbKEI=?=":        "こ",
		"=?iso-8859-1?Q?Fr\xf6sche?=":           "Frösche", // eight bits inside
		"H\xe4ndler":                            "Händler",
		"H\xc3\xa4ndler":                        "Händler",
		"=?utf-7?Q?H+AOQ-?=":                    "Hä",
		"=?us-ascii?Q?H=C3=A4?=":                "Hä", // it lies
		"=?windows-1252?Q?=80?=":                "€",
		"=?iso-8859-1?Q?=80?=":                  "€", // and so does this
		"=?koi8-r?B?8NLJ18XU?=":                 "Привет",
	} {
		if got := decodeHeader(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	type a = mailin.Address
	for in, want := range map[string][]a{
		"jane@x.example":                                {{Address: "jane@x.example"}},
		"<jane@x.example>":                              {{Address: "jane@x.example"}},
		"Jane Doe <jane@x.example>":                     {{Name: "Jane Doe", Address: "jane@x.example"}},
		`"Doe, Jane" <jane@x.example>`:                  {{Name: "Doe, Jane", Address: "jane@x.example"}},
		"Doe, Jane <jane@x.example>":                    {{Name: "Doe, Jane", Address: "jane@x.example"}},
		"jane@x.example (Jane Doe)":                     {{Name: "Jane Doe", Address: "jane@x.example"}},
		"Jane (jane@x.example)":                         {{Name: "Jane", Address: "jane@x.example"}},
		"a@x.example, b@x.example; c@x.example;":        {{Address: "a@x.example"}, {Address: "b@x.example"}, {Address: "c@x.example"}},
		"Team: a@x.example, b@x.example;":               {{Address: "a@x.example"}, {Address: "b@x.example"}},
		"undisclosed-recipients:;":                      nil,
		"":                                              nil,
		"'jane@x.example'":                              {{Address: "jane@x.example"}},
		"\"'Jane'\" <jane@x.example>":                   {{Name: "Jane", Address: "jane@x.example"}},
		"mailto:jane@x.example":                         {{Address: "jane@x.example"}},
		"<mailto:jane@x.example>":                       {{Address: "jane@x.example"}},
		"[ACME] Jane <jane@x.example>":                  {{Name: "[ACME] Jane", Address: "jane@x.example"}},
		`"=?utf-8?q?J=C3=A4ne?=" <jane@x.example>`:      {{Name: "Jäne", Address: "jane@x.example"}},
		"=?utf-8?q?Doe=2C_J=C3=A4ne?= <jane@x.example>": {{Name: "Doe, Jäne", Address: "jane@x.example"}},
		"Jane <jane@x.example> John <john@x.example>":   {{Name: "Jane", Address: "jane@x.example"}, {Name: "John", Address: "john@x.example"}},
		"Jane Doe jane@x.example":                       {{Name: "Jane Doe", Address: "jane@x.example"}},
		"Jane <jane doe@x.example>":                     {{Name: "Jane", Address: "jane doe@x.example"}}, // not doe@x.example, who is somebody else
		"Jane <jane @ x.example>":                       {{Name: "Jane", Address: "jane@x.example"}},
		"Jane <jane@X.Example>":                         {{Name: "Jane", Address: "jane@x.example"}},
		"Jane <jane@x.example":                          {{Name: "Jane", Address: "jane@x.example"}},
		"MAILER-DAEMON":                                 {{Address: "MAILER-DAEMON"}},
		"<>":                                            nil,
		`"jane doe"@x.example`:                          {{Address: `"jane doe"@x.example`}},
		`"jane"@x.example`:                              {{Address: "jane@x.example"}},
		`"jane@x.example"`:                              {{Address: "jane@x.example"}},
		"@relay.example:jane@x.example":                 {{Address: "jane@x.example"}},
		"Jane <jane@bücher.example>":                    {{Name: "Jane", Address: "jane@xn--bcher-kva.example"}},
		`Jane "the printer" Doe <jane@x.example>`:       {{Name: "Jane the printer Doe", Address: "jane@x.example"}},
		`"Jane <jane@x.example>`:                        {{Name: "Jane", Address: "jane@x.example"}},
	} {
		if got := ParseAddresses(in); !slices.Equal(got, want) {
			t.Errorf("%q\n got: %q\nwant: %q", in, got, want)
		}
	}
}

// What the standard library reads, this reads the same way.
func TestAddressesAgreeWithStandard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []*mail.Address
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			list = append(list, &mail.Address{
				Name:    rapid.StringMatching(`([A-Za-zäöß,.;"()<>@ -]{0,12})`).Draw(t, "name"),
				Address: rapid.StringMatching(`[a-z0-9+._-]{1,10}@[a-z]{1,8}\.example`).Filter(func(s string) bool { _, err := mail.ParseAddress(s); return err == nil }).Draw(t, "address"),
			})
		}
		var text []string
		for _, a := range list {
			text = append(text, a.String())
		}
		want, err := mail.ParseAddressList(strings.Join(text, ", "))
		if err != nil {
			t.Skip(err)
		}
		got := ParseAddresses(strings.Join(text, ", "))
		if len(got) != len(want) {
			t.Fatalf("%q: got %q", text, got)
		}
		for i := range got {
			if got[i].Address != want[i].Address {
				t.Fatalf("%q: got %q", text, got)
			}
		}
	})
}

func TestMessageIDs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"<a@b>":                       {"a@b"},
		"<a@b> <c@d>":                 {"a@b", "c@d"},
		"<a@b><c@d>":                  {"a@b", "c@d"},
		"<a@b>, <c@d>":                {"a@b", "c@d"},
		"a@b":                         {"a@b"},
		"a@b c@d":                     {"a@b", "c@d"},
		"<a@b@c>":                     {"a@b@c"},
		"<a @b>":                      {"a@b"},
		"<a\r\n @b>":                  {"a@b"},
		"<a@b> <a@b>":                 {"a@b"},
		"Your message <a@b> of Mon":   {"a@b"},
		"<a@b":                        {"a@b"},
		"<a@b <c@d>":                  {"a@b", "c@d"},
		"<no-at-sign>":                {"no-at-sign"},
		"":                            nil,
		"<>":                          nil,
		"\"Jane\" of Mon, 2 Nov 2026": nil,
	} {
		if got := appendIDs(nil, string(appendUnfolded(nil, []byte(in)))); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Gnus names the author of the mail that is answered: their address is no Message-ID.
func TestAuthorIsNoMessageID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"eva@x.example's message of \"Mon, 09 Mar 2026 15:46:00 +0000\"":         "",
		"Eva Lind's message of \"Mon, 9 Mar 2026\"":                              "",
		"<1@x.example> (Eva Lind's message of \"Mon, 09 Mar 2026 15:46 +0000\")": "1@x.example",
		"1@x.example": "1@x.example",
	} {
		m := Parse([]byte("Subject: x\nIn-Reply-To: "+in+"\n\nx"), Limits{})
		if got := strings.Join(m.InReplyTo, " "); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Mon, 2 Nov 2026 09:15:00 +0100":       "2026-11-02T08:15:00Z",
		"2 Nov 2026 09:15 +0100":               "2026-11-02T08:15:00Z",
		"Mon, 2 Nov 2026 09:15:00 +0100 (CET)": "2026-11-02T08:15:00Z",
		"Mon, 2 Nov 26 09:15:00 GMT":           "2026-11-02T09:15:00Z",
		"Mon, 2 Nov 2026 09:15:00 EST":         "2026-11-02T14:15:00Z",
		"Mon, 2 Nov 2026 09:15:00 CET":         "2026-11-02T08:15:00Z",
		"Mon Nov  2 09:15:00 2026":             "2026-11-02T09:15:00Z",
		"2026-11-02T09:15:00Z":                 "2026-11-02T09:15:00Z",
		"2026-11-02 09:15:00 +0100":            "2026-11-02T08:15:00Z",
		"2 November 2026, 9:15 pm":             "2026-11-02T21:15:00Z",
		"Mon, 02-Nov-2026 09:15:00 GMT":        "2026-11-02T09:15:00Z",
		"02.11.2026 09:15":                     "2026-11-02T09:15:00Z",
		"Mon, 2 Nov 2026 9:15:00 GMT+0100":     "2026-11-02T08:15:00Z",
		"Montag, 2. Dez 2026 09:15:00 +0100":   "2026-12-02T08:15:00Z",
		"":                                     "",
		"yesterday":                            "",
		"Mon, 42 Nov 2026 09:15:00 +0100":      "",
		"Thu, 1 Jan 0001 00:00:00 +0000":       "",
		strings.Repeat("1 Jan 2026 ", 50):      "",
	} {
		got := ""
		if d, ok := ParseDate(in); ok {
			got = d.UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ set, in, want string }{
		{"utf-8", "H\xc3\xa4", "Hä"},
		{"UTF-8", "\xef\xbb\xbfHi", "Hi"},
		{"utf8", "H\xe4ndler und K\xe4ufer", "Händler und Käufer"},
		{"utf-8", "Gr\xc3\xbc\xc3\x9fe \xff und \xc3\xa4", "Grüße \ufffd und ä"},
		{"iso-8859-15", "\xa4", "€"},
		{"latin1", "\x93x\x94", "“x”"},
		{"cp-1252", "\x80", "€"},
		{"win-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
		{"cp1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
		{"cp932", "\x82\xb1", "こ"},
		{"ks_c_5601-1987", "\xb0\xa1", "가"},
		{"gb2312", "\x81\x30\x81\x30", "\u0080"}, // GB 18030
		{"iso-2022-kr", "\x1b$)C\x0e0!\x0f", "가"},
		{"iso-2022-kr", "고장 – 打印机", "고장 – 打印机"}, // eight bits, and a set of seven
		{"iso-2022-cn", "打印机", "打印机"},
		{"hz-gb-2312", "~{<:~}", "己"},
		{"unicode-1-1-utf-7", "Hi+ACE-", "Hi!"},
		{"utf-7", "1 + 1", "1 + 1"},
		{"cp437", "\x84", "ä"},
		{"x-mac-roman", "\x8a", "ä"},
		{"utf-16le", "H\x00i\x00", "Hi"},
		{"tis-620", "\xa1", "ก"},
		{"iso-2022-jp", "\x82\xb1\x82\xea", "これ"}, // it says seven bits and is Shift_JIS
		{"us-ascii", "na\xefve caf\xe9", "naïve café"},
		{"", "Za\xbf\xf3\xb3\xe6 g\xea\xb6l\xb1 ja\xbc\xf1. Drukarka na drugim pi\xeatrze nie dzia\xb3a od poniedzia\xb3ku, prosz\xea o pomoc, dzi\xeakuj\xea.", "Zażółć gęślą jaźń. Drukarka na drugim piętrze nie działa od poniedziałku, proszę o pomoc, dziękuję."},
		{"", "\xddkinci kattaki yaz\xfdc\xfd \xe7al\xfd\xfem\xfdyor, l\xfctfen yard\xfdm edin. Pazartesi g\xfcn\xfcnden beri ka\xf0\xfdt s\xfdk\xfd\xfe\xfdyor, te\xfeekk\xfcr ederim.", "İkinci kattaki yazıcı çalışmıyor, lütfen yardım edin. Pazartesi gününden beri kağıt sıkışıyor, teşekkür ederim."},
		{"", "L'imprimante du deuxi\xe8me \xe9tage ne marche plus depuis lundi, merci de nous aider d\xe8s que possible, c'est tr\xe8s g\xeanant pour l'\xe9quipe.", "L'imprimante du deuxième étage ne marche plus depuis lundi, merci de nous aider dès que possible, c'est très gênant pour l'équipe."},
		{"", "Der Drucker im zweiten Stock h\xe4ngt seit Montag, k\xf6nnen Sie bitte \xfcberpr\xfcfen, woran das liegt? Vielen Dank und sch\xf6ne Gr\xfc\xdfe.", "Der Drucker im zweiten Stock hängt seit Montag, können Sie bitte überprüfen, woran das liegt? Vielen Dank und schöne Grüße."},
		{"", "La impresora del segundo piso no funciona desde el lunes, \xbfpueden ayudarnos ma\xf1ana por la ma\xf1ana? Qued\xf3 sin papel, adem\xe1s est\xe1 rota.", "La impresora del segundo piso no funciona desde el lunes, ¿pueden ayudarnos mañana por la mañana? Quedó sin papel, además está rota."},
		{"", "\xcf\xf0\xe8\xed\xf2\xe5\xf0 \xed\xe0 \xe2\xf2\xee\xf0\xee\xec \xfd\xf2\xe0\xe6\xe5 \xed\xe5 \xef\xe5\xf7\xe0\xf2\xe0\xe5\xf2", "Принтер на втором этаже не печатает"},
		{"unknown-8bit", "caf\xe9", "café"},
		{"nonsense", "caf\xe9", "café"},
		{"", "\xd5\xfb\xcc\xe5\xcc\xe1\xc9\xfd\xc6\xf3\xd2\xb5\xb7\xfe\xce\xf1\xcb\xae\xc6\xbd", "整体提升企业服务水平"},
	} {
		r := newReader(nil, Limits{})
		if got, _ := r.charset([]byte(c.in), c.set); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.set, c.in, got, c.want)
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`attachment; filename="a b.pdf"`:                            "a b.pdf",
		`attachment; filename=a b.pdf`:                              "a b.pdf",
		`attachment; filename=a.pdf; size=3`:                        "a.pdf",
		`attachment; filename*=utf-8''%C3%A4.pdf`:                   "ä.pdf",
		`attachment; filename*=iso-8859-1'de'%E4.pdf`:               "ä.pdf",
		`attachment; filename*0="a"; filename*1="b.pdf"`:            "ab.pdf",
		`attachment; filename*1="b.pdf"; filename*0="a"`:            "ab.pdf",
		`attachment; filename*0*=utf-8''%C3; filename*1*=%A4.pdf`:   "ä.pdf",
		`attachment; filename="=?utf-8?q?=C3=A4.pdf?="`:             "ä.pdf",
		`attachment; filename="a\"b.pdf"`:                           `a"b.pdf`,
		`attachment; filename="../../etc/passwd"`:                   "passwd",
		`attachment; filename="C:\Users\x\a.pdf"`:                   "a.pdf",
		`attachment; filename=".."`:                                 "",
		"attachment; filename=\"a\x00b\r\n c.pdf\"":                 "ab c.pdf",
		`attachment;;; filename=a.pdf`:                              "a.pdf",
		`attachment filename=a.pdf`:                                 "a.pdf",
		`attachment; filename="a;b.pdf"`:                            "a;b.pdf",
		`attachment; filename="open.pdf`:                            "open.pdf",
		`attachment; filename="a.pdf"; filename*=utf-8''b.pdf`:      "b.pdf",
		`attachment; filename=` + strings.Repeat("a", 400) + `.pdf`: strings.Repeat("a", 251) + ".pdf",
		`filename=a.pdf`:                                            "a.pdf",
	} {
		r := newReader(nil, Limits{})
		d := r.mediaType([]field{{key: "Content-Disposition", lower: "content-disposition", text: string(appendUnfolded(nil, []byte(in)))}}, "content-disposition")
		if got := fileNameOf(&part{disp: d}); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestWrittenName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]mailin.Attachment{
		"/etc/passwd": {Name: "passwd", Written: "/etc/passwd"},
		"page.pdf":    {Name: "page.pdf"},
		"a/../b.pdf":  {Name: "b.pdf", Written: "a/../b.pdf"},
		"..":          {Written: ".."},
		"a\x00.pdf":   {Name: "a.pdf"},
	} {
		m := Parse([]byte("Content-Type: application/pdf; name=\""+in+"\"\n\nx"), Limits{})
		if len(m.Attachments) != 1 || m.Attachments[0].Name != want.Name || m.Attachments[0].Written != want.Written {
			t.Errorf("%q: %+v", in, m.Attachments)
		}
	}
}

func TestUnflow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		delSp    bool
	}{
		{"one \ntwo\n", "one two\n", false},
		{"one \ntwo\n", "onetwo\n", true},
		{" >stuffed\n", ">stuffed\n", false},
		{"one\n-- \nJane\n", "one\n-- \nJane\n", false},
		{"one \n-- \nJane\n", "one \n-- \nJane\n", false},
		{"> a \n> b\nc\n", "> a \n> b\nc\n", false},
		{"a \n> b\n", "a \n> b\n", false},
		{"", "", false},
	} {
		if got := unflow(c.in, c.delSp); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestBase64IsLenient(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"SGVsbG8=":                            "Hello",
		"SGVsbG8":                             "Hello",
		"SGVs\r\nbG8=\r\n":                    "Hello",
		"S G V s b G 8 =":                     "Hello",
		"SGVs!bG8=":                           "Hello",
		"SGVsbG8=\r\n-- \r\nlist footer: x@y": "Hello",
		"SGVsbA==\r\nbyE=":                    "Hello!"[:4] + "o!",
		"":                                    "",
	} {
		if got := string(decode([]byte(in), codingBase64, 0)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// What a correct program encodes comes back, in whatever pieces.
func TestTransferRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "data")
		if rapid.Bool().Draw(t, "big") {
			data = bytes.Repeat(data, 30)
		}
		var b64 []byte
		enc := base64.StdEncoding.EncodeToString(data)
		for len(enc) > 76 {
			b64 = append(append(b64, enc[:76]...), '\r', '\n')
			enc = enc[76:]
		}
		b64 = append(b64, enc...)
		if got := decode(b64, codingBase64, 0); !bytes.Equal(got, data) {
			t.Fatalf("base64: %d octets of %d", len(got), len(data))
		}
		var qp bytes.Buffer
		w := quotedprintable.NewWriter(&qp)
		w.Binary = true
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := decode(qp.Bytes(), codingQuoted, 0); !bytes.Equal(got, data) {
			t.Fatalf("quoted-printable: %q is not %q", got, data)
		}
	})
}

func TestUUEncode(t *testing.T) {
	t.Parallel()
	text := "See below.\n\nbegin 644 hello.txt\n+2&5L;&\\@=V]R;&0`\n`\nend\nBye.\n"
	f, ok := findUU([]byte(text), 0)
	if rest := text[:f.start] + text[f.end:]; !ok || f.name != "hello.txt" || string(f.data) != "Hello world" || rest != "See below.\n\nBye.\n" {
		t.Errorf("%v %q %q %q", ok, f.name, f.data, rest)
	}
	for _, in := range []string{"begin the day with a smile\nand end it\n", "begin 644 \nxx\n", "begin 644 x\n", "begin 644 \n+2&5L;&\\@=V]R;&0`\nwith a smile\n"} {
		if _, ok := findUU([]byte(in), 0); ok {
			t.Errorf("%q is no file", in)
		}
	}
	for _, in := range []string{"begin 644 \n+2&5L;&\\@=V]R;&0`\n`\nend\n", "begin 644\n+2&5L;&\\@=V]R;&0`\nend\n"} {
		if f, ok := findUU([]byte(in), 0); !ok || f.name != "" || string(f.data) != "Hello world" || f.end != len(in) {
			t.Errorf("%q: %v %+v", in, ok, f)
		}
	}
}

// Files stand in a text in other ways, too: with a tabulator, in base64, and in yEnc with all of their octets.
func TestOtherFilesInText(t *testing.T) {
	t.Parallel()
	yenc := []byte("=ybegin line=128 size=11 name=a b.txt\r\n")
	for _, c := range []byte("Hello world") {
		yenc = append(yenc, c+42)
	}
	yenc = append(yenc, "=}\r\n=yend size=12\r\n"...)
	for file, want := range map[string]struct {
		name string
		size int64
	}{
		"begin 644\ta.txt\n+2&5L;&\\@=V]R;&0`\n`\nend\n":   {"a.txt", 11},
		"begin-base64 644 a.txt\nSGVsbG8gd29ybGQ=\n====\n": {"a.txt", 11},
		string(yenc): {"a b.txt", 12},
		"=ybegin part=1 line=128 size=9 name=a\n=ypart begin=1 end=2\nkk\n=yend size=2 part=1\n": {"a", 2},
	} {
		m := Parse([]byte("Content-Type: text/plain; charset=utf-8\n\nOne:\n"+file+"Bye.\n"), Limits{})
		if m.Text != "One:\nBye.\n" || len(m.Attachments) != 1 || m.Attachments[0].Name != want.name || m.Attachments[0].Size != want.size {
			t.Errorf("%q: %q %+v", file, m.Text, m.Attachments)
		}
	}
	for _, text := range []string{"begin-base64 the day\nwith a smile\n====\n", "begin-base64 644 a\nwith a smile, and more\n====\n", "begin-base64 644 a\nSGVs\n", "=ybegin your day\nnow\n"} {
		if m := Parse([]byte("Subject: x\n\n"+text), Limits{}); m.Text != text || len(m.Attachments) > 0 {
			t.Errorf("%q: %q %+v", text, m.Text, m.Attachments)
		}
	}
}

// A gateway that gives the parts of a report other types takes nothing from it; a person's file stays a file.
func TestReportUnderAnotherType(t *testing.T) {
	t.Parallel()
	mail := "From: %s\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nNot delivered.\n--b\nContent-Type: %s\nContent-Disposition: attachment; filename=details.txt\n\nReporting-MTA: dns; mx.x.example\n\nFinal-Recipient: rfc822; @a.example,@b.example:eva@y.example\nAction: failed\nStatus: 5.2.2\n--b--\n"
	for _, typ := range []string{"application/octet-stream; name=ATT1.dat", "text/plain", "message/delivery-status"} {
		m := Parse(fmt.Appendf(nil, mail, "Mailer <mailer-daemon@x.example>", typ), Limits{})
		if m.Report == nil || len(m.Report.Recipients) != 1 || m.Report.Recipients[0].Status != "5.2.2" || m.Report.Recipients[0].Address != "eva@y.example" || len(m.Attachments) != 1 {
			t.Errorf("%s: %+v, %d files", typ, m.Report, len(m.Attachments))
		}
	}
	if m := Parse(fmt.Appendf(nil, mail, "Eva <eva@y.example>", "text/plain"), Limits{}); m.Report != nil {
		t.Errorf("a person's: %+v", m.Report)
	}
}

// Several files are taken out of one text, each in its place.
func TestFilesInText(t *testing.T) {
	t.Parallel()
	file := "begin 644 %s\n+2&5L;&\\@=V]R;&0`\n`\nend\n"
	m := Parse([]byte("Subject: x\n\nOne:\n"+fmt.Sprintf(file, "a.txt")+"Two:\n"+fmt.Sprintf(file, "b.txt")+"Bye.\n"), Limits{})
	if m.Text != "One:\nTwo:\nBye.\n" || len(m.Attachments) != 2 || m.Attachments[1].Name != "b.txt" || m.Attachments[1].Size != 11 {
		t.Errorf("%q %+v", m.Text, m.Attachments)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	nested := ""
	for i := range 100 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	for _, c := range []struct {
		why, raw, code string
		lim            Limits
	}{
		{"depth", nested + "\r\nx", "too-deep", Limits{}},
		{"parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 50), "too-many-parts", Limits{MaxParts: 10}},
		{"header", strings.Repeat("X-A: "+strings.Repeat("a", 90)+"\r\n", 100) + "\r\nbody", "header-too-big", Limits{MaxHeaderBytes: 1000}},
		{"fields", strings.Repeat("A: b\r\n", 100) + "\r\nbody", "header-too-big", Limits{MaxFields: 10}},
		{"text", "\r\n" + strings.Repeat("Hello ", 1000), "text-too-long", Limits{MaxText: 100}},
	} {
		m := Parse([]byte(c.raw), c.lim)
		if !slices.ContainsFunc(m.Warnings, func(w mailin.Warning) bool { return w.Code == c.code }) {
			t.Errorf("%s: no warning %s in %+v", c.why, c.code, m.Warnings)
		}
	}
}

func TestTextHash(t *testing.T) {
	t.Parallel()
	hash := func(raw string) string { return Parse([]byte(raw), Limits{}).TextHash }
	a := hash("Received: x\r\nSubject: a\r\n\r\nHello  \r\nJane\r\n")
	if b := hash("Subject: other\nContent-Transfer-Encoding: base64\n\nSGVsbG8KSmFuZQo="); a != b || len(a) != 32 {
		t.Errorf("%s and %s: the same text in another encoding", a, b)
	}
	if b := hash("Subject: a\r\n\r\nHello\r\nJohn\r\n"); a == b {
		t.Error("another text, the same hash")
	}
	one := "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\nJane\n--b\nContent-Type: application/pdf\n\nx\n--b--\n"
	if b := hash(one); a == b || b == hash(strings.Replace(one, "\nx\n", "\ny\n", 1)) {
		t.Error("attachments do not count")
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	raw := []byte("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n--b--\n")
	a, content, err := Open(raw, Limits{}, 0)
	if err != nil || a.Name != "a.pdf" || string(content) != "Hello" {
		t.Errorf("%+v %q %v", a, content, err)
	}
	for _, i := range []int{-1, 1} {
		if _, _, err := Open(raw, Limits{}, i); err == nil {
			t.Errorf("Open(%d): no error", i)
		}
	}
}

// tnefOf builds a winmail.dat.
func tnefOf(attributes ...[]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, tnefSignature)
	b = append(b, 1, 0)
	for _, a := range attributes {
		b = append(b, a...)
	}
	return b
}

func tnefAttribute(level byte, id uint32, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{level}, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(append(b, data...), 0, 0)
}

func tnefProps(typ, id uint16, value []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(id)<<16|uint32(typ))
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	b = append(b, value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func TestTNEF(t *testing.T) {
	t.Parallel()
	dat := tnefOf(
		tnefAttribute(1, tnefCodepage, []byte{0xe4, 4, 0, 0}),
		tnefAttribute(1, tnefMAPIProps, tnefProps(0x1e, 0x1000, []byte("Gr\xfc\xdfe\x00"))),
		tnefAttribute(2, tnefRendData, nil),
		tnefAttribute(2, tnefAttachName, []byte("SHORT~1.TXT\x00")),
		tnefAttribute(2, tnefAttachData, []byte("content")),
		tnefAttribute(2, tnefAttachment, tnefProps(0x1f, 0x3707, []byte("l\x00o\x00n\x00g\x00.\x00t\x00x\x00t\x00\x00\x00"))),
	)
	raw := "From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(dat) + "\n"
	m := Parse([]byte(raw), Limits{})
	if len(m.Attachments) != 1 || m.Attachments[0].Name != "long.txt" || m.Attachments[0].Size != 7 || m.Text != "Grüße" {
		t.Errorf("%+v %q", m.Attachments, m.Text)
	}
	if _, content, err := Open([]byte(raw), Limits{}, 0); err != nil || string(content) != "content" {
		t.Errorf("%q %v", content, err)
	}
	// What is no TNEF stays what it is.
	m = Parse([]byte("Content-Type: application/ms-tnef; name=winmail.dat\n\nnonsense\n"), Limits{})
	if len(m.Attachments) != 1 || m.Attachments[0].Name != "winmail.dat" {
		t.Errorf("%+v", m.Attachments)
	}
}

// ber builds a value with a given or an open length.
func ber(tag byte, open bool, content ...[]byte) []byte {
	c := bytes.Join(content, nil)
	if open {
		return append(append([]byte{tag, 0x80}, c...), 0, 0)
	}
	return append([]byte{tag, 0x82, byte(len(c) >> 8), byte(len(c))}, c...)
}

func TestOpaqueSignature(t *testing.T) {
	t.Parallel()
	mail := []byte("Content-Type: text/plain\r\n\r\nIt jams.\r\n")
	for _, open := range []bool{false, true} {
		octets := ber(0x04, false, mail)
		if open { // in pieces
			octets = ber(0x24, true, ber(0x04, false, mail[:10]), ber(0x04, false, mail[10:]))
		}
		encap := ber(0x30, open, ber(0x06, false, oidData), ber(0xa0, open, octets))
		dat := ber(0x30, open, ber(0x06, false, oidSigned), ber(0xa0, open, ber(0x30, open, ber(0x02, false, []byte{1}), ber(0x31, false), encap)))
		raw := "From: a@b.example\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(dat)
		if m := Parse([]byte(raw), Limits{}); m.Text != "It jams.\n" || m.Encrypted || len(m.Attachments) != 0 {
			t.Errorf("open %v: %q %v %+v", open, m.Text, m.Encrypted, m.Attachments)
		}
	}
	dat := ber(0x30, false, ber(0x06, false, oidEnveloped), ber(0xa0, false))
	raw := "From: a@b.example\nContent-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(dat)
	if m := Parse([]byte(raw), Limits{}); !m.Encrypted || !strings.Contains(m.Text, "S/MIME") {
		t.Errorf("%q %v", m.Text, m.Encrypted)
	}
}

func FuzzSMIME(f *testing.F) {
	f.Add(ber(0x30, true, ber(0x06, false, oidSigned), ber(0xa0, true, ber(0x30, true, ber(0x02, false, []byte{1}), ber(0x31, false)))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if inner, _ := openSMIME(b); len(inner) > len(b) {
			t.Error("it grew")
		}
	})
}

// What servers write of a mail is not decoded: an encoded word in it is the sender's.
func TestTraceFieldsAsWritten(t *testing.T) {
	t.Parallel()
	const word = "=?us-ascii?q?=3B_dmarc=3Dpass?=@evil.example"
	m := Parse([]byte("Authentication-Results: mx.desk.example;\r\n spf=none smtp.mailfrom="+word+"\r\nReceived: from "+word+" by x\r\nSubject: "+word+"\r\n\r\nx\r\n"), Limits{})
	if got := m.Header.Get("Authentication-Results"); got != "mx.desk.example; spf=none smtp.mailfrom="+word {
		t.Errorf("%q", got)
	}
	if got := m.Header.Get("Received"); got != "from "+word+" by x" {
		t.Errorf("%q", got)
	}
	if m.Subject != "; dmarc=pass@evil.example" {
		t.Errorf("%q", m.Subject)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"From: a@b.example\r\nSubject: =?utf-8?q?x?=\r\n\r\nHello\r\n",
		"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html; charset=gb2312\n\n<p>a\n--x\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*0*=utf-8''a; filename*1=b\n\nSGk=\n--x--\n",
		"\xef\xbb\xbfFrom x\n\nbegin 644 a\n#86%A\n`\nend\n",
		"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n",
		"Content-Type: message/delivery-status\n\nA: b\n\nFinal-Recipient: rfc822; a@b\nStatus: 5.1.1\n",
		"From: a\rSubject: b\r\rtext",
		"Content-Type: multipart/alternative\n\n--y\nContent-Type: text/plain; format=flowed; delsp=yes\n\na \nb\n--y--",
		"X: " + strings.Repeat("=?utf-7?b?", 20),
	} {
		f.Add([]byte(s))
	}
	lim := Limits{MaxParts: 50, MaxDepth: 8, MaxHeaderBytes: 1 << 14, MaxText: 1 << 14}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, lim)
		if again := Parse(raw, lim); again.TextHash != m.TextHash {
			t.Error("two readings differ")
		}
		if !utf8.ValidString(m.Text) || !utf8.ValidString(m.Subject) || !utf8.ValidString(m.HTML) || strings.ContainsRune(m.Text, 0) {
			t.Errorf("no clean text: %q %q", m.Subject, m.Text)
		}
		for _, h := range m.Header {
			if !utf8.ValidString(h.Value) {
				t.Errorf("no clean field: %q", h.Value)
			}
		}
		for _, a := range append(append(slices.Clone(m.From), m.To...), m.Cc...) {
			if !utf8.ValidString(a.Name) || !utf8.ValidString(a.Address) || strings.ContainsAny(a.Name+a.Address, "\r\n\x00") {
				t.Errorf("no clean address: %q", a)
			}
		}
		for i, a := range m.Attachments {
			if strings.ContainsAny(a.Name, "/\\\r\n\x00") || !utf8.ValidString(a.Name) || a.Index != i {
				t.Errorf("no safe name: %+v", a)
			}
		}
	})
}

func FuzzTNEF(f *testing.F) {
	f.Add(tnefOf(tnefAttribute(1, tnefMAPIProps, tnefProps(0x1e, 0x1000, []byte("x"))), tnefAttribute(2, tnefRendData, nil), tnefAttribute(2, tnefAttachment, tnefProps(0x102, 0x3701, []byte("x")))))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newReader(nil, Limits{MaxParts: 20})
		m, ok := readTNEF(b, r)
		if ok && len(m.files) > 20 {
			t.Error("more files than are let")
		}
	})
}

func FuzzReport(f *testing.F) {
	f.Add([]byte("Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := &collector{r: newReader(nil, Limits{}), m: &mailin.Message{}}
		var rep mailin.Report
		c.deliveryStatus(&rep, b)
		if len(rep.Recipients) > maxReportRecipients {
			t.Error("more recipients than are let")
		}
	})
}

// Where words alone are asked for, HTML beside a text that says the same is not decoded; nothing else is another.
func TestTextOnly(t *testing.T) {
	t.Parallel()
	const text, html = "--a\nContent-Type: text/plain\n\nThe printer jams.\n", "--a\nContent-Type: text/html; charset=nonsense\n\n<p>The printer jams.<img src=\"cid:1@x\">\n"
	picture := "--r\nContent-Type: image/png\nContent-ID: <1@x>\n\nx\n"
	for name, c := range map[string]struct {
		raw  string
		html bool // is decoded all the same
	}{
		"text and HTML":       {"Content-Type: multipart/alternative; boundary=a\n\n" + text + html + "--a--\n", false},
		"HTML first":          {"Content-Type: multipart/alternative; boundary=a\n\n" + html + text + "--a--\n", true},
		"HTML alone":          {"Content-Type: multipart/alternative; boundary=a\n\n" + html + "--a--\n", true},
		"an empty text":       {"Content-Type: multipart/alternative; boundary=a\n\n--a\n\n \n" + html + "--a--\n", true},
		"side by side":        {"Content-Type: multipart/mixed; boundary=a\n\n" + text + html + "--a--\n", true},
		"with the picture":    {"Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\n\n" + text + html + "--a--\n" + picture + "--r--\n", true},
		"around the picture":  {"Content-Type: multipart/alternative; boundary=a\n\n" + text + "--a\nContent-Type: multipart/related; boundary=r\n\n" + strings.ReplaceAll(html, "--a", "--r") + picture + "--r--\n--a--\n", true},
		"and the same behind": {"Content-Type: multipart/mixed; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\n\n" + text + html + "--a--\n" + strings.ReplaceAll(html, "--a", "--r") + "--r--\n", true},
		"more than is kept":   {"Content-Type: multipart/alternative; boundary=a\n\n" + text + html + "--a\nContent-Type: text/html\n\n" + strings.Repeat("<b>jam</b>", 3<<20/10) + "\n--a--\n", true},
	} {
		whole, words := Parse([]byte(c.raw), Limits{}), Parse([]byte(c.raw), Limits{TextOnly: true})
		if whole.HTML == "" || (words.HTML != "") != c.html {
			t.Errorf("%s: of %d octets of HTML %d are read", name, len(whole.HTML), len(words.HTML))
		}
		if pictures := strings.Count(c.raw, "image/png"); pictures != len(whole.Attachments) || pictures == 1 && !whole.Attachments[0].Inline {
			t.Errorf("%s: attachments %+v", name, whole.Attachments)
		}
		for _, m := range []*mailin.Message{whole, words} {
			m.HTML, m.Warnings = "", nil
		}
		if !reflect.DeepEqual(words, whole) {
			t.Errorf("%s:\n got: %+v\nwant: %+v", name, words, whole)
		}
	}
}

// A reader is used again: nothing of a mail may come up in the next, nor change what was given before.
func TestReadersForget(t *testing.T) {
	t.Parallel()
	mails := []string{
		"From: Jane Doe <jane@x.example>\r\nX-Colour: Red\r\nSubject: =?utf-8?q?The_pr=C3=ACnter?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n8NLJ18XUDQo=\r\n--b\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWFh\r\n--b--\r\n",
		"From: Bob\r\n\t<bob@y.example>\r\nX-Other: Blue\r\nContent-Type: text/html; charset=shift_jis\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=82=A8=90=A2\r\n<p>b",
		"no header at all\n",
		"Subject: eight bits, and no charset\n\nthe caf\xe9\n",
		"Subject: " + strings.Repeat("long ", 200_000) + "\nContent-Type: text/plain; charset=windows-1251\n\n" + strings.Repeat("\xcf\xf0\xe8\xe2\xe5\xf2\r\n", 50_000),
	}
	var first []*mailin.Message
	var shown []string
	for _, raw := range mails {
		m := new(reader).message([]byte(raw), Limits{})
		first, shown = append(first, m), append(shown, fmt.Sprintf("%+v", m))
	}
	var r reader
	for range 2 {
		for i, raw := range mails {
			m := r.message([]byte(raw), Limits{})
			r.forget()
			if got := fmt.Sprintf("%+v", m); got != shown[i] {
				t.Errorf("mail %d is read as another one when others were read before:\n got: %.500s\nwant: %.500s", i, got, shown[i])
			}
			first, shown = append(first, m), append(shown, shown[i])
		}
	}
	for i, m := range first {
		if fmt.Sprintf("%+v", m) != shown[i] {
			t.Errorf("mail %d has changed since others were read", i)
		}
	}
}

// Text is read as what it is, whatever charset it names.
func TestCharsetsThatLie(t *testing.T) {
	t.Parallel()
	const german, chinese, japanese, russian = "Grüße aus Köln für Jörg", "您好，打印机坏了", "プリンターが動きません", "Принтер не работает"
	text := func(set, octets string) string {
		return Parse([]byte("Subject: x\nContent-Type: text/plain; charset="+set+"\n\n"+octets), Limits{}).Text
	}
	for _, set := range []string{"big5", "gb2312", "gbk", "gb18030", "euc-kr", "euc-jp", "shift_jis", "iso-8859-1", "iso-8859-15", "windows-1252", "windows-1251", "koi8-r", "iso-8859-2", "windows-1250", "us-ascii"} {
		for _, want := range []string{german, chinese, japanese, russian} {
			if got := text(set, want); got != want {
				t.Errorf("UTF-8 as %s: %q, want %q", set, got, want)
			}
		}
	}
	for set, e := range map[string]encoding.Encoding{"iso-8859-1": charmap.ISO8859_1, "windows-1251": charmap.Windows1251, "koi8-r": charmap.KOI8R, "big5": traditionalchinese.Big5, "gbk": simplifiedchinese.GBK, "euc-kr": korean.EUCKR,
		"shift_jis": japaneseSets.ShiftJIS, "euc-jp": japaneseSets.EUCJP, "windows-1253": charmap.Windows1253, "windows-1256": charmap.Windows1256} {
		for _, want := range []string{german, "您好，打印機壞了", "您好，打印机坏了", japanese, russian, "안녕하세요 프린터가", "Ο εκτυπωτής δεν λειτουργεί", "الطابعة لا تعمل", "Ä", "é"} {
			octets, err := e.NewEncoder().String(want)
			if err != nil {
				continue // it has no such letters
			}
			if got := text(set, octets); got != want {
				t.Errorf("%s as %s: %q", want, set, got)
			}
		}
	}
	twice := func(s string) string {
		var out []rune
		for _, b := range []byte(s) {
			out = append(out, charmap.Windows1252.DecodeByte(b))
		}
		return strings.ReplaceAll(string(out), "\ufffd", "?")
	}
	for in, want := range map[string]string{
		twice(german):                 german,
		german:                        german,
		"The sign Ã¤ stands there":    "The sign Ã¤ stands there", // once: it may be meant
		"Ã¤ and ö: what is Ã¼ there?": "Ã¤ and ö: what is Ã¼ there?",
		"Œuvre – “déjà vu” … naïve £5": "Œuvre – “déjà vu” … naïve £5",
	} {
		if got := text("utf-8", in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := decodeHeader("=?big5?B?5oKo5aW977yM5omT5Y2w5py6?="); got != "您好，打印机" {
		t.Errorf("an encoded word: %q", got)
	}
}

// A mail program writes a text with marks beside a plain one: one of them is read.
func TestAlternativesAreReadOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"plain: Open on Friday?|enriched: Open on <bold>Friday</bold>?", "enriched: Open on <bold>Friday</bold>?|plain: Open on Friday?", "plain: Open on Friday?|markdown: Open on **Friday**?", "enriched: Open on <bold>Friday</bold>?"} {
		raw := "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n"
		for _, p := range strings.Split(c, "|") {
			typ, text, _ := strings.Cut(p, ": ")
			raw += "--b\nContent-Type: text/" + typ + "\n\n" + text + "\n"
		}
		if m := Parse([]byte(raw+"--b--\n"), Limits{}); strings.TrimSpace(m.Text) != "Open on Friday?" {
			t.Errorf("%s: %q", c, m.Text)
		}
	}
}

// A second plain text of an alternative is left out only if it says nothing new.
func TestSecondTextOfAnAlternative(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("The printer on the second floor jams with every page. ", 12)
	for _, c := range []struct{ first, second, want string }{
		{"Open on Friday?", "Open on Friday?", "Open on Friday?"},
		{"Open on Friday?", "*Open* on\nFriday?", "Open on Friday?"},
		{"👍", "👍", "👍"},
		{"👍", "👎", "👍\n👎"},
		{long + "Come today.", long + "Do not come.", long + "Come today.\n" + long + "Do not come."},
		{long, long + "Do not come.", long + "Do not come."},
		{long + "Do not come.", long, long + "Do not come."},
		{"No", "Nobody is here.", "No\nNobody is here."},
		{"Open on Friday?", "", "Open on Friday?"},
	} {
		raw := "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n"
		for _, text := range []string{c.first, c.second} {
			raw += "--b\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n"
		}
		if m := Parse([]byte(raw+"--b--\n"), Limits{}); strings.TrimSpace(m.Text) != strings.TrimSpace(c.want) {
			t.Errorf("%.40q, %.40q: %q", c.first, c.second, m.Text)
		}
	}
}

// What a mail program encrypts, signs or sends as a reaction shows on the message.
func TestSealedParts(t *testing.T) {
	t.Parallel()
	part := func(typ, more, body string) string {
		return "--b\nContent-Type: " + typ + "\n" + more + "\n" + body + "\n"
	}
	mixed := "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + part("text/plain", "", "Hello")
	for name, c := range map[string]struct {
		raw, how    string
		credentials int
	}{
		"inline":       {"Subject: x\n\nSee:\n\n-----BEGIN PGP MESSAGE-----\nabc\n", "PGP", 0},
		"quoted":       {"Subject: x\n\nWhat is\n> -----BEGIN PGP MESSAGE-----\nthere?\n", "", 0},
		"mangled":      {mixed + part("application/pgp-encrypted", "", "Version: 1") + part("application/octet-stream; name=encrypted.asc", "", "-----BEGIN PGP MESSAGE-----"), "PGP/MIME", 0},
		"named p7m":    {"Subject: x\nContent-Type: application/octet-stream; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAxAAA=\n", "S/MIME", 0},
		"rights":       {mixed + part("application/x-microsoft-rpmsg-message; name=message.rpmsg", "", "x"), "rights management", 0},
		"signatures":   {mixed + part("application/pgp-signature; name=signature.asc", "", "x") + part("application/pkcs7-signature; name=smime.p7s", "", "x") + part("application/octet-stream; name=smime.p7s", "", "x"), "", 3},
		"key":          {mixed + part("application/pgp-keys; name=OpenPGP_0x12.asc", "", "x"), "", 1},
		"another file": {mixed + part("text/plain; name=poem.asc", "Content-Disposition: attachment", "x"), "", 0},
	} {
		m := Parse([]byte(c.raw), Limits{})
		n := 0
		for _, a := range m.Attachments {
			if a.Credential {
				n++
			}
		}
		if m.Encryption != c.how || m.Encrypted != (c.how != "") || n != c.credentials {
			t.Errorf("%s: %q %v, %d of %+v", name, m.Encryption, m.Encrypted, n, m.Attachments)
		}
	}
	m := Parse([]byte("Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n"+part("text/plain; charset=utf-8", "", "👍")+part("text/vnd.google.email-reaction+json; charset=utf-8", "", `{"emoji":"👍","version":1}`)+"--b--\n"), Limits{})
	if m.Reaction != "👍" || len(m.Attachments) != 0 {
		t.Errorf("a reaction: %q %+v", m.Reaction, m.Attachments)
	}
}
