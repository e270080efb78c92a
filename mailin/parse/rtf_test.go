package parse

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The examples of MS-OXRTFCP section 4.
func TestUnpackRTF(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ packed, want string }{
		{"2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0", "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"},
		{"1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"},
		{"1000000004000000" + "4d454c41" + "00000000" + "616263646566", "abcd"},
	} {
		b, err := hex.DecodeString(c.packed)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := unpackRTF(b, 1000); !ok || string(got) != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got, _ := unpackRTF(b, 3); len(got) > 20 {
			t.Errorf("%d octets where 3 are let", len(got))
		}
		for i := range b { // cut off anywhere
			if got, _ := unpackRTF(b[:i], 1000); !strings.HasPrefix(c.want, string(got)) {
				t.Errorf("cut at %d: %q", i, got)
			}
		}
	}
}

// packRTF writes compressed RTF without compressing: every octet stands for itself.
func packRTF(s string) []byte {
	var body []byte
	for i := 0; i < len(s); i += 8 {
		body = append(append(body, 0), s[i:min(i+8, len(s))]...)
	}
	head := make([]byte, 16)
	binary.LittleEndian.PutUint32(head, uint32(len(body)+12))
	binary.LittleEndian.PutUint32(head[4:], uint32(len(s)))
	binary.LittleEndian.PutUint32(head[8:], 0x75465a4c)
	return append(head, body...)
}

func TestReadRTF(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, rtf, text, html string }{
		{"plain", `{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0\green0\blue255;}{\*\generator Riched20 5.50;}\pard\f0\fs20 Dear desk,\par` + "\r\n" + `it jams.\par }`, "Dear desk,\nit jams.\n", ""},
		{"of plain text", `{\rtf1\ansi\fromtext\fbidi \deff0 a\line b\tab c\\d\{e\}}`, "a\nb\tc\\d{e}", ""},
		{"letters of its code page", `{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe}`, "Grüße", ""},
		{"of a font's code page", `{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1 \'cf\'f0\'e8\'e2\'e5\'f2\f0 , \'e9}`, "Привет, é", ""},
		{"letters of two octets", `{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}`, "日本", ""},
		{"numbered letters", `{\rtf1\ansi\uc1 \u8364?5 and {\uc2\u8364\'80\'80.}\uc0\u8364 .}`, "€5 and €.€.", ""},
		{"beyond the first plane", `{\rtf1\ansi \u-10179?\u-8704?!}`, "😀!", ""},
		{"half a letter", `{\rtf1\ansi \u-10179?x}`, "\ufffdx", ""},
		{"hidden", `{\rtf1 a{\v secret}b\v c\v0 d}`, "abd", ""},
		{"a link", `{\rtf1 See {\field{\*\fldinst{HYPERLINK "https://acme.example/x"}}{\fldrslt{\ul the page}}}.}`, "See the page <https://acme.example/x>.", ""},
		{"a link that shows itself", `{\rtf1 {\field{\*\fldinst HYPERLINK "https://acme.example"}{\fldrslt https://acme.example}}!}`, "https://acme.example!", ""},
		{"a list", `{\rtf1{\pntext\f0\'B7\tab}one\par{\pntext\f0\'B7\tab}two\par}`, "·\tone\n·\ttwo\n", ""},
		{"data", `{\rtf1 a\bin3 }}}b{\pict 0102}{\object{\*\objdata 0a}}c}`, "abc", ""},
		{"signs", `{\rtf1 \lquote a\rquote\~\ldblquote b\rdblquote\emdash c\_d\-e\bullet}`, "‘a’\u00a0“b”—c-de•", ""},
		{"of HTML", `{\rtf1\ansi\ansicpg1251\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}` + "\r\n" + `{\*\htmltag18 <html>}{\*\htmltag50 <body>}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 It {\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 jams{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 \'ef\u8364?` +
			`{\*\mhtmltag84 <a>}{\*\htmltag72 </p>\par}\htmlrtf \par\htmlrtf0}{\*\htmltag58 </body>}}`, "", "<html><body><p>It <b>jams</b>&nbsp;п€</p>\n</body>"},
		{"not ended", `{\rtf1 a{\b b`, "ab", ""},
		{"ended too often", `{\rtf1 a}}}b`, "ab", ""},
		{"nothing", ``, "", ""},
	} {
		text, html := readRTF([]byte(c.rtf), newReader(nil, Limits{}), 1000)
		if text != c.text || html != c.html {
			t.Errorf("%s: %q %q, want %q %q", c.why, text, html, c.text, c.html)
		}
	}
}

// A mail whose text is only there as RTF is shown; one that has its text in another form too is shown in that.
func TestRTFInTNEF(t *testing.T) {
	t.Parallel()
	mail := func(props ...[]byte) string {
		var attributes [][]byte
		for _, p := range props {
			attributes = append(attributes, tnefAttribute(1, tnefMAPIProps, p))
		}
		return "From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(tnefOf(attributes...)) + "\n"
	}
	rtf := tnefProps(0x102, 0x1009, packRTF(`{\rtf1\ansi It jams.\par Jane\par}`))
	m := Parse([]byte(mail(rtf)), Limits{})
	if m.Text != "It jams.\nJane\n" || !m.Plain || len(m.Attachments) != 0 {
		t.Errorf("%q %v %+v", m.Text, m.Plain, m.Attachments)
	}
	m = Parse([]byte(mail(rtf, tnefProps(0x1e, 0x1000, []byte("It burns.")))), Limits{})
	if m.Text != "It burns." {
		t.Errorf("%q", m.Text)
	}
	m = Parse([]byte(mail(tnefProps(0x102, 0x1009, packRTF(`{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}It{\*\htmltag84 <b>} jams{\*\htmltag84 </b>}.}`)))), Limits{})
	if m.HTML != "<p>It<b> jams</b>." || strings.TrimSpace(m.Text) != "It jams." || m.Plain {
		t.Errorf("%q %q", m.HTML, m.Text)
	}
}

// Any text comes through, whatever it holds.
func TestRTFKeepsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := strings.ReplaceAll(rapid.StringMatching(`[a-zäß€日😀 .,\\{}-]{0,40}`).Draw(t, "text"), "\r", "")
		var w strings.Builder
		w.WriteString(`{\rtf1\ansi `)
		for _, c := range want {
			switch {
			case strings.ContainsRune(`\{}`, c):
				w.WriteString(`\` + string(c))
			case c < utf8.RuneSelf:
				w.WriteRune(c)
			case c > 0xffff:
				c -= 0x10000
				w.WriteString(`\u` + itoa(int16(0xd800+c>>10)) + `?\u` + itoa(int16(0xdc00+c&0x3ff)) + `?`)
			default:
				w.WriteString(`\u` + itoa(int16(c)) + `?`)
			}
		}
		w.WriteString("}")
		plain, ok := unpackRTF(packRTF(w.String()), 10000)
		if got, _ := readRTF(plain, newReader(nil, Limits{}), 10000); !ok || got != want {
			t.Fatalf("%q came out as %q", want, got)
		}
	})
}

func itoa(n int16) string { return strconv.Itoa(int(n)) }

func FuzzRTF(f *testing.F) {
	f.Add(packRTF(`{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fcharset128 A;}}\f0 \'93\'fa{\field{\*\fldinst HYPERLINK "a:b"}{\fldrslt c}}\u-10179?\bin2 ab}`))
	f.Add(packRTF(`{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 a\par}}`))
	f.Add([]byte("\x1a\x00\x00\x00\x1c\x00\x00\x00LZFu\xe2\xd4KQA\x00\x04 WXYZ\rn}\x01\x0e\xb0"))
	f.Fuzz(func(t *testing.T, b []byte) {
		const most = 4096
		for _, rtf := range [][]byte{b, func() []byte { p, _ := unpackRTF(b, most); return p }()} {
			if len(rtf) > most+20 && len(rtf) > len(b) {
				t.Errorf("%d octets", len(rtf))
			}
			text, html := readRTF(rtf, newReader(nil, Limits{}), most)
			if len(text)+len(html) > 4*most+len(rtf)*4 || !utf8.ValidString(text) || !utf8.ValidString(html) {
				t.Errorf("%q %q", text, html)
			}
		}
	})
}
