package compose

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"pgregory.net/rapid"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

// A touch is what stands before and behind something without a blank, as people and programs write it.
type touch struct{ name, before, behind string }

var touches = []touch{
	{"blanks", " ", " "},
	{"nothing", "", ""},
	{"no-break space", "E-Mail:\u00a0", "\u00a0"},
	{"narrow no-break space", "Mail\u202f:\u202f", "\u202f"},
	{"curly quotes", "“", "”"},
	{"German quotes", "„", "“"},
	{"French quotes", "«", "»"},
	{"corner brackets", "「", "」"},
	{"straight quotes", `"`, `"`},
	{"apostrophes", "'", "'"},
	{"bullet", "•", "•"},
	{"middle dot", "·", "·"},
	{"dash", "—", "—"},
	{"short dash", "–", "–"},
	{"hyphen of a list", "-", " -"},
	{"ellipsis", "…", "…"},
	{"three dots", "...", "..."},
	{"emoji", "📧", "🙂"},
	{"ideograph", "邮箱", "谢谢"},
	{"kana", "メール", "まで"},
	{"Cyrillic", "почта", "пишите"},
	{"Greek", "γράψε", "σήμερα"},
	{"Arabic", "بريد", "شكرا"},
	{"Hebrew", "דואר", "תודה"},
	{"full stop, no blank", "Write to me.", ".Thanks"},
	{"full stop, then a country", "Das ist alles.", ".it is read daily"},
	{"exclamation", "Here!", "!Bye"},
	{"question mark", "Me?", "?"},
	{"comma", "Tom,", ",always"},
	{"colon", "E-Mail:", ":"},
	{"semicolon", "a;", ";b"},
	{"slash", "web/", "/desk"},
	{"angle brackets", "<", ">"},
	{"parentheses", "(", ")"},
	{"brackets", "[", "]"},
	{"braces", "{", "}"},
	{"bar", "|", "|"},
	{"mailto", "mailto:", "?subject=x"},
	{"emphasis", "**", "**"},
	{"underlines", "_", "_"},
	{"backticks", "`", "`"},
	{"equals", "mail=", "&x=1"},
	{"hash", "#", "#"},
	{"label glued to it", "E-Mail", ""},
	{"zero-width space", "\u200b", "\u200b"},
	{"byte order mark", "\ufeff", "\ufeff"},
	{"soft hyphen", "x\u00ad ", "\u00ad"},
	{"left-to-right mark", "\u200e", "\u200e"},
	{"line ends", "\n", "\n"},
	{"quoted", "\n> ", "\n> "},
	{"tab", "\t", "\t"},
	{"superscript", "Tel.¹", "²"},
	{"trade mark", "Acme™", "™"},
	{"copyright", "©", "®"},
	{"control", "\x0b", "\x0b"},
	{"emoji with joiner", "👩‍💻", "👨‍👩‍👧"},
	{"file ending", "", ".txt"},
	{"file ending of cards", "card_of ", ".vcf"},
}

// between replaces each letter by itself with something behind it.
func between(s, what string) string {
	var out strings.Builder
	for _, r := range s {
		out.WriteRune(r)
		out.WriteString(what)
	}
	return out.String()
}

func mapped(s string, by func(r rune) string) string {
	var out strings.Builder
	for _, r := range s {
		out.WriteString(by(r))
	}
	return out.String()
}

func signs(at, dot string) func(string) string {
	return func(s string) string { return strings.NewReplacer("@", at, ".", dot).Replace(s) }
}

func qp(s string) string {
	return mapped(s, func(r rune) string { return escapedBytes("=%02X", string(r)) })
}

func escapedBytes(format, s string) string {
	var out strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&out, format, s[i])
	}
	return out.String()
}

// disguises are ways to write an address which a reader, or the program that shows it, reads as that address.
var disguises = []struct {
	name string
	of   func(string) string
}{
	{"as it is", func(s string) string { return s }},
	{"capitals", strings.ToUpper},
	{"mixed case", func(s string) string { return strings.ToUpper(s[:3]) + s[3:] }},
	{"percent", func(s string) string { return strings.ReplaceAll(s, "@", "%40") }},
	{"percent twice", func(s string) string { return strings.ReplaceAll(s, "@", "%2540") }},
	{"all in percent", func(s string) string { return escapedBytes("%%%02x", s) }},
	{"query escape", url.QueryEscape},
	{"(at)", signs("(at)", ".")},
	{"(at) (dot)", signs("(at)", "(dot)")},
	{" (at) ", signs(" (at) ", ".")},
	{"[at] [dot]", signs("[at]", "[dot]")},
	{"{at}", signs("{at}", ".")},
	{"<at>", signs("<at>", "<dot>")},
	{"at dot", signs(" at ", " dot ")},
	{"AT DOT", signs(" AT ", " DOT ")},
	{"-at-", signs("-at-", "-dot-")},
	{"_at_", signs("_at_", "_dot_")},
	{"(a)", signs("(a)", ".")},
	{"(ät) (punkt)", signs("(ät)", "(punkt)")},
	{"arroba punto", signs(" arroba ", " punto ")},
	{"arobase point", signs(" (arobase) ", " point ")},
	{"chiocciola punto", signs(" chiocciola ", " punto ")},
	{"собака точка", signs(" собака ", " точка ")},
	{"[@] [.]", signs("[@]", "[.]")},
	{"wide @", signs("＠", ".")},
	{"small @", signs("﹫", "․")},
	{"ideographic full stop", signs("@", "。")},
	{"half-width full stop", signs("@", "｡")},
	{"wide full stop", signs("@", "．")},
	{"dots as middle dots", signs("@", "·")},
	{"all wide", func(s string) string {
		return mapped(s, func(r rune) string { return string(r - '!' + '！') })
	}},
	{"bold mathematical", func(s string) string {
		return mapped(s, func(r rune) string {
			if r >= 'a' && r <= 'z' {
				return string(r - 'a' + '𝐚')
			}
			return string(r)
		})
	}},
	{"circled", func(s string) string {
		return mapped(s, func(r rune) string {
			if r >= 'a' && r <= 'z' {
				return string(r - 'a' + 'ⓐ')
			}
			return string(r)
		})
	}},
	{"Cyrillic look-alikes", func(s string) string {
		return strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "i", "і", "t", "т", "m", "м").Replace(s)
	}},
	{"Greek look-alikes", func(s string) string {
		return strings.NewReplacer("o", "ο", "v", "ν", "i", "ι", "a", "α").Replace(s)
	}},
	{"small capitals", func(s string) string {
		return strings.NewReplacer("t", "ᴛ", "o", "ᴏ", "m", "ᴍ", "e", "ᴇ").Replace(s)
	}},
	{"blanks around @", signs(" @ ", ".")},
	{"blanks around dots", signs("@", " . ")},
	{"no-break spaces around @", signs("\u00a0@\u00a0", ".")},
	{"line end before @", signs("\n@", ".")},
	{"line end behind @", signs("@\r\n", ".")},
	{"line end in a quotation", signs("@\n> > ", ".")},
	{"folded line", func(s string) string { return s[:5] + "\r\n " + s[5:] }},
	{"folded with a tab", func(s string) string { return s[:2] + "\r\n\t" + s[2:] }},
	{"soft line end", func(s string) string { return s[:5] + "=\r\n" + s[5:] }},
	{"hyphenated", func(s string) string { return s[:6] + "-\n" + s[6:] }},
	{"spaced out", func(s string) string { return between(s, " ") }},
	{"quoted local part", func(s string) string { return `"` + strings.Replace(s, "@", `"@`, 1) }},
	{"escaped in a quoted local part", func(s string) string { return `"\` + strings.Replace(s, "@", `"@`, 1) }},
	{"entity", signs("&#64;", ".")},
	{"hexadecimal entity", signs("&#x40;", "&#x2E;")},
	{"named entities", signs("&commat;", "&period;")},
	{"entity without its end", signs("&#64 ", ".")},
	{"all entities", func(s string) string { return mapped(s, func(r rune) string { return fmt.Sprintf("&#%d;", r) }) }},
	{"entities of entities", signs("&amp;#64;", ".")},
	{"zero-width spaces", func(s string) string { return between(s, "\u200b") }},
	{"zero-width joiners", func(s string) string { return between(s, "\u200d") }},
	{"word joiners", func(s string) string { return between(s, "\u2060") }},
	{"soft hyphens", func(s string) string { return between(s, "\u00ad") }},
	{"byte order marks", func(s string) string { return between(s, "\ufeff") }},
	{"bidirectional marks", func(s string) string { return between(s, "\u200e") }},
	{"underlined with marks", func(s string) string { return between(s, "\u0332") }},
	{"variation selectors", func(s string) string { return between(s, "\ufe0f") }},
	{"quoted-printable", signs("=40", "=2E")},
	{"quoted-printable twice", signs("=3D40", ".")},
	{"all in quoted-printable", qp},
	{"JavaScript", signs(`\u0040`, ".")},
	{"C", signs(`\x40`, `\x2e`)},
	{"octal", signs(`\100`, ".")},
	{"percent-u", signs("%u0040", ".")},
	{"backslashes", signs(`\@`, `\.`)},
	{"literal line end", func(s string) string { return `Mail:\n` + s + `\nBye` }},
	{"UTF-7", signs("+AEA-", ".")},
	{"encoded word Q", func(s string) string { return "=?utf-8?q?Tom_" + strings.ReplaceAll(s, "@", "=40") + "?=" }},
	{"encoded word B", func(s string) string { return mime.BEncoding.Encode("utf-8", "Größe "+s) }},
	{"encoded word in Latin 1", func(s string) string { return "=?iso-8859-1?Q?Gr=FC=DFe_" + strings.ReplaceAll(s, "@", "=40") + "?=" }},
	{"extended parameter", func(s string) string { return "filename*=utf-8''" + url.PathEscape(s) + ".txt" }},
	{"base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte("<" + s + ">")) }},
	{"base64 of links", func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("to: " + s)) }},
	{"base64 twice", func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte("<" + s + ">"))))
	}},
	{"data link", func(s string) string {
		return "data:text/plain;base64," + base64.StdEncoding.EncodeToString([]byte("Mail "+s))
	}},
	{"sub-address", func(s string) string { return strings.Replace(s, "@", "+desk@", 1) }},
	{"longer sub-address", func(s string) string { return strings.Replace(s, "@", "+acme.support-2026@", 1) }},
	{"two sub-addresses", func(s string) string { return strings.Replace(s, "@", "+a+b@", 1) }},
	{"emphasis inside", func(s string) string { return "**" + s[:2] + "**" + s[2:] }},
	{"tags inside", func(s string) string { return "<b>" + s[:1] + "</b><i>" + s[1:5] + "</i>" + s[5:] }},
	{"link in Markdown", func(s string) string { return "[write](mailto:" + s + ")" }},
	{"angle brackets inside", signs("<@>", ".")},
}

// privates are addresses and where their disguises begin to be other ones.
const secretAddress = "tom@private.example"

// hidden finds the private address of a test in a mail.
func hidden(t interface {
	Helper()
	Fatalf(string, ...any)
}, m mailout.Mail, s Secrets) []Hit {
	t.Helper()
	raw, err := Bytes(m, Options{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return Gate(raw, s)
}

func has(hits []Hit, leak Leak) bool {
	return slices.ContainsFunc(hits, func(h Hit) bool { return h.Leak == leak })
}

// A place is somewhere in a mail where an agent's program may put a text.
type place struct {
	name string
	put  func(m *mailout.Mail, text string)
	// line says that it holds one line: a line end becomes a blank there.
	line bool
}

func attached(name, kind string, data []byte) func(m *mailout.Mail) {
	return func(m *mailout.Mail) {
		m.Attach = append(m.Attach, mailout.Attachment{Name: name, ContentType: kind, Data: data})
	}
}

var places = []place{
	{"text", func(m *mailout.Mail, s string) { m.Text = "Dear Jane,\n" + s + "\n" }, false},
	{"HTML", func(m *mailout.Mail, s string) { m.HTML = "<p>" + html.EscapeString(s) + "</p>" }, false},
	{"HTML as it is", func(m *mailout.Mail, s string) { m.HTML = "<div>" + s + "</div>" }, false},
	{"attribute", func(m *mailout.Mail, s string) { m.HTML = `<p title="` + html.EscapeString(s) + `">x</p>` }, false},
	{"link", func(m *mailout.Mail, s string) { m.HTML = `<a href="mailto:` + url.PathEscape(s) + `">x</a>` }, true},
	{"comment", func(m *mailout.Mail, s string) { m.HTML = "<!-- " + s + " -->" }, false},
	{"subject", func(m *mailout.Mail, s string) { m.Subject = s }, true},
	{"name", func(m *mailout.Mail, s string) { m.From.Name = s }, true},
	{"field", func(m *mailout.Mail, s string) { m.Header = []mailin.Field{{Key: "X-Note", Value: s}} }, true},
	{"file", func(m *mailout.Mail, s string) { attached("log.txt", "text/plain", []byte(s))(m) }, false},
	{"file without a type", func(m *mailout.Mail, s string) { attached("data", "application/octet-stream", []byte(s))(m) }, false},
	{"card", func(m *mailout.Mail, s string) {
		attached("tom.vcf", "text/vcard", []byte("BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Tom\r\nEMAIL;ENCODING=QUOTED-PRINTABLE:"+qp(s)+"\r\nEND:VCARD\r\n"))(m)
	}, false},
	{"invitation", func(m *mailout.Mail, s string) {
		line := "ORGANIZER;CN=Tom:mailto:" + s
		var folded strings.Builder
		for len(line) > 30 {
			n := 30
			for !utf8.RuneStart(line[n]) {
				n--
			}
			folded.WriteString(line[:n] + "\r\n ")
			line = line[n:]
		}
		attached("invite.ics", "text/calendar", []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"+folded.String()+line+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))(m)
	}, true},
}

// Every address is found, whatever touches it and however it is written.
func TestAPrivateAddressIsFoundWhateverTouchesIt(t *testing.T) {
	for _, p := range places {
		for _, c := range touches {
			if p.line && strings.ContainsAny(c.before+c.behind, "\n") {
				continue
			}
			m := answer()
			m.HTML = ""
			p.put(&m, "Please "+c.before+secretAddress+c.behind+" today")
			if p.name == "HTML as it is" && strings.Contains(c.before, "<") {
				continue // a tag of that name: nobody sees it
			}
			if !has(hidden(t, m, secrets()), PrivateAddress) {
				t.Errorf("%s, %s: passes", p.name, c.name)
			}
		}
	}
}

func TestAPrivateAddressIsFoundHoweverItIsWritten(t *testing.T) {
	for _, p := range places {
		for _, d := range disguises {
			text := d.of(secretAddress)
			if p.line && strings.ContainsAny(text, "\r\n") || strings.HasPrefix(p.name, "HTML as") && strings.Contains(text, "<") && d.name != "tags inside" || d.name == "tags inside" && !strings.HasPrefix(p.name, "HTML as") {
				continue
			}
			if p.name == "name" && (strings.Contains(text, `\`) || strings.Contains(text, "=?")) {
				continue // Bytes lets no such name out
			}
			if p.name == "link" && d.name == "entities of entities" {
				continue // escaping it once more makes nonsense of it
			}
			m := answer()
			m.HTML = ""
			p.put(&m, "Write to "+text+" today")
			if !has(hidden(t, m, secrets()), PrivateAddress) {
				t.Errorf("%s, %s: %q passes", p.name, d.name, text)
			}
		}
	}
}

// What is another's address, or none, passes.
func TestOthersAddressesPass(t *testing.T) {
	for _, text := range []string{
		"mary-tom@private.example", "mytom@private.example", "tom2@private.example", "tommy@private.example", "tom.smith@private.example", "tom-smith@private.example",
		"tom_smith@private.example", "mary_tom@private.example", "mary+tom@private.example", "tom@xprivate.example", "tom@private.example.org", "tom@private-example.org",
		"tom@mail.private.example", "<mary.tom@private.example>", "mailto:mary.tom@private.example", "m.tom@private.example", "(ann.tom@private.example)", "9tom@private.example",
		"anna@private.example", "mytom+x@private.example", "tom.agent@acme.example.org", "support@acme.example", "support+" + own + "@acme.example",
		"Tom\nprivate.example", "Tom, www.private.example", "tom private example", "https://private.example/tom", "@tom on private.example", "tom is at work, private.example is down",
		"Meet Tom at noon. private.example will be there.", "müllertom@private.example", "TOM@PRIVATE.EXAMPLE.ORG",
	} {
		for _, p := range places {
			if p.line && strings.Contains(text, "\n") || p.name == "HTML as it is" && strings.Contains(text, "<") {
				continue
			}
			m := answer()
			m.HTML = ""
			p.put(&m, text)
			if hits := hidden(t, m, secrets()); len(hits) > 0 {
				t.Errorf("%s: %q: %v", p.name, text, hits)
			}
		}
	}
	m := answer()
	m.Text = "Please write to mary.tom@private.example then."
	s := secrets()
	if !has(hidden(t, m, s), PrivateAddress) {
		t.Error("a full stop may end a sentence: held")
	}
	s.Public = append(s.Public, "Our colleague is Mary.Tom@private.example, she knows.")
	if hits := hidden(t, m, s); len(hits) > 0 {
		t.Errorf("the customer named that address: %v", hits)
	}
}

func TestFormsOfOneMailbox(t *testing.T) {
	for _, c := range []struct {
		private, text string
		want          bool
	}{
		{"tom@bücher.example", "tom@xn--bcher-kva.example", true},
		{"tom@xn--bcher-kva.example", "tom@bücher.example", true},
		{"tom@bücher.example", "tom@bu\u0308cher.example", true}, // the other normal form
		{"jürgen@x.example", "ju\u0308rgen@x.example", true},
		{"иван@почта.example", "пишите:иван@почта.example", true},
		{"иван@почта.example", "диван@почта.example", false},
		{"иван@почта.example", "Mailиван@почта.example", true},
		{"tom.agent@gmail.com", "to.magent@gmail.com", true},
		{"tom.agent@gmail.com", "tomagent+x@googlemail.com", true},
		{"tom+desk@x.example", "tom@x.example", true},
		{"tom+desk@x.example", "tom+other@x.example", true},
		{"tom+desk@x.example", "mary+desk@x.example", false},
		{"support+tom@acme.example", "support@acme.example", false}, // the mail is from there
		{"support+tom@acme.example", "support+tom@acme.example", true},
		{"o'brien@x.example", "o’brien@x.example", true},
		{"tom@[192.0.2.7]", "tom@[192.0.2.7]", true},
		{"tom@intranet", "mail tom@intranet today", true},
		{"tom@acme.co", "tom@acme.com", false},
		{"look.at.me@x.example", "look.at.me@x.example", true},
		{"", "anything", false},
		{"@x.example", "a@x.example", false},
	} {
		m := answer()
		m.HTML, m.Text = "", "Hello "+c.text
		if got := has(hidden(t, m, Secrets{PrivateAddresses: []string{c.private}}), PrivateAddress); got != c.want {
			t.Errorf("%s in %q: %v", c.private, c.text, got)
		}
	}
}

// wrap packs a text into a file, as an agent may attach a notice.
type wrap struct {
	name string
	of   func(text string) (file string, data []byte)
	nul  bool // it needs the text in two octets a letter: the text must be of alphabets
}

func u16(s string, big, mark bool) []byte {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func u32(s string, big, mark bool) []byte {
	if mark {
		s = "\ufeff" + s
	}
	var out []byte
	for _, r := range s {
		if big {
			out = append(out, 0, byte(r>>16), byte(r>>8), byte(r))
		} else {
			out = append(out, byte(r), byte(r>>8), byte(r>>16), 0)
		}
	}
	return out
}

func zipped(files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, _ := z.Create(files[i])
		io.WriteString(w, files[i+1])
	}
	z.Close()
	return b.Bytes()
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

func tarred(name string, data []byte) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600})
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func zstded(data []byte) []byte {
	z, _ := zstd.NewWriter(nil)
	defer z.Close()
	return z.EncodeAll(data, nil)
}

func xml(s string) string { return html.EscapeString(s) }

// office writes words as office programs do: a change of spelling language in the middle of a word.
func office(text string) string {
	var out strings.Builder
	for _, line := range strings.Split(text, "\n") {
		n := len(line) / 2
		for n < len(line) && !utf8.RuneStart(line[n]) {
			n++
		}
		out.WriteString("<w:p><w:r><w:t>" + xml(line[:n]) + `</w:t></w:r><w:r><w:rPr><w:lang w:val="de-DE"/></w:rPr><w:t xml:space="preserve">` + xml(line[n:]) + "</w:t></w:r></w:p>")
	}
	return out.String()
}

func pdf(text string, packed bool) []byte {
	var content strings.Builder
	content.WriteString("BT /F1 12 Tf ")
	for _, line := range strings.Split(text, "\n") {
		n := len(line) / 2
		esc := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
		content.WriteString("[(" + esc.Replace(line[:n]) + ")-3(" + esc.Replace(line[n:]) + ")] TJ T* ")
	}
	content.WriteString("ET")
	stream := []byte(content.String())
	filter := ""
	if packed {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		z.Write(stream)
		z.Close()
		stream, filter = b.Bytes(), "/Filter/FlateDecode"
	}
	return fmt.Appendf(nil, "%%PDF-1.7\n4 0 obj\n<</Length %d%s>>\nstream\n%s\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%%%EOF\n", len(stream), filter, stream)
}

// glyphPDF shows text by the numbers of a font's own letters.
func glyphPDF(text string) []byte {
	table := "begincmap\n"
	numbers := map[rune]int{}
	for _, r := range text {
		if _, ok := numbers[r]; !ok {
			numbers[r] = len(numbers) + 3
			table += fmt.Sprintf("1 beginbfchar\n<%04X> <%s>\nendbfchar\n", numbers[r], hex.EncodeToString(u16(string(r), true, false)))
		}
	}
	show := "BT <"
	for _, r := range text {
		show += fmt.Sprintf("%04X", numbers[r])
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	for _, s := range []string{show + "> Tj ET", table + "endcmap"} {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		io.WriteString(z, s)
		z.Close()
		fmt.Fprintf(&out, "9 0 obj <</Filter/FlateDecode>> stream\r\n%s\r\nendstream endobj\n", b.Bytes())
	}
	return out.Bytes()
}

func noticeMail(text string) string {
	var b strings.Builder
	b.WriteString("From: support@acme.example\r\nTo: x@acme.example\r\nSubject: note\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func rtf(s string) string {
	return `{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0\fs22 ` + mapped(s, func(r rune) string {
		switch {
		case r == '\\' || r == '{' || r == '}':
			return `\` + string(r)
		case r == '\n':
			return `\par `
		case r > 0xffff:
			return "?"
		case r > 0x7e:
			return fmt.Sprintf(`\u%d?`, int16(uint16(r)))
		}
		return string(r)
	}) + `\par}`
}

func ole(text string) []byte {
	return append(append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), append(u16("Subject\x00IPM.Note\x00"+text, false, false), make([]byte, 64)...)...)
}

func tnef(text string) []byte {
	text = strings.ReplaceAll(text, "\n", "\r\n")
	out := []byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}
	attribute := func(id uint32, data []byte) {
		out = append(out, 1, byte(id), byte(id>>8), byte(id>>16), byte(id>>24), byte(len(data)), byte(len(data)>>8), byte(len(data)>>16), byte(len(data)>>24))
		out = append(append(out, data...), 0, 0)
	}
	attribute(0x00069007, []byte{0xe9, 0xfd, 0, 0, 0, 0, 0, 0}) // UTF-8
	attribute(0x0002800c, append([]byte(text), 0))
	return out
}

var wraps = []wrap{
	{"text", func(s string) (string, []byte) { return "notice.txt", []byte(s) }, false},
	{"UTF-8 with its mark", func(s string) (string, []byte) { return "notice.txt", []byte("\ufeff" + s) }, false},
	{"UTF-16 with its mark", func(s string) (string, []byte) { return "notice.txt", u16(s, false, true) }, true},
	{"UTF-16, high octet first, with its mark", func(s string) (string, []byte) { return "notice.txt", u16(s, true, true) }, true},
	{"UTF-16", func(s string) (string, []byte) { return "notice.txt", u16(s, false, false) }, true},
	{"UTF-16, high octet first", func(s string) (string, []byte) { return "notice", u16(s, true, false) }, true},
	{"UTF-32", func(s string) (string, []byte) { return "notice.txt", u32(s, false, true) }, true},
	{"UTF-32, high octet first", func(s string) (string, []byte) { return "notice.txt", u32(s, true, false) }, true},
	{"UTF-16 behind a picture", func(s string) (string, []byte) {
		return "x.png", append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x01"), u16(s, false, false)...)
	}, true},
	{"behind a NUL", func(s string) (string, []byte) { return "notice.txt", []byte("\x00\x00" + s) }, false},
	{"NULs between the lines", func(s string) (string, []byte) {
		return "notice", []byte("\x00" + strings.ReplaceAll(s, "\n", "\n\x00"))
	}, false},
	{"behind five megabytes", func(s string) (string, []byte) {
		return "log.txt", append(bytes.Repeat([]byte("nothing to see here\n"), 5<<20/20), s...)
	}, false},
	{"zip", func(s string) (string, []byte) { return "notice.zip", zipped("a/notice.txt", s) }, false},
	{"zip in zip", func(s string) (string, []byte) {
		return "n.zip", zipped("n.zip", string(zipped("notice.txt", s)))
	}, false},
	{"zip of a mail", func(s string) (string, []byte) {
		return "n.zip", zipped("readme", "hello", "notice.eml", noticeMail(s))
	}, false},
	{"zip of UTF-16", func(s string) (string, []byte) { return "n.zip", zipped("n.txt", string(u16(s, false, true))) }, true},
	{"zip that unpacks itself", func(s string) (string, []byte) {
		return "setup.exe", append([]byte("MZ\x90\x00\x03\x00\x00\x00 stub "), zipped("n.txt", s)...)
	}, false},
	{"gzip", func(s string) (string, []byte) { return "notice.txt.gz", gzipped([]byte(s)) }, false},
	{"tar", func(s string) (string, []byte) { return "n.tar", tarred("notice.txt", []byte(s)) }, false},
	{"tar.gz of a mail", func(s string) (string, []byte) { return "n.tgz", gzipped(tarred("notice.eml", []byte(noticeMail(s)))) }, false},
	{"zstd", func(s string) (string, []byte) { return "n.zst", zstded([]byte(s)) }, false},
	{"Word", func(s string) (string, []byte) {
		return "n.docx", zipped("[Content_Types].xml", "<?xml version=\"1.0\"?><Types/>", "word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="x"><w:body>`+office(s)+"</w:body></w:document>")
	}, false},
	{"Excel", func(s string) (string, []byte) {
		return "n.xlsx", zipped("xl/sharedStrings.xml", `<?xml version="1.0"?><sst><si><t>`+strings.ReplaceAll(xml(s), "\n", "</t></si><si><t>")+"</t></si></sst>")
	}, false},
	{"OpenDocument", func(s string) (string, []byte) {
		return "n.odt", zipped("mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<?xml version="1.0"?><office:text><text:p>`+strings.ReplaceAll(xml(s), "\n", "<text:line-break/>")+"</text:p></office:text>")
	}, false},
	{"PDF", func(s string) (string, []byte) { return "n.pdf", pdf(s, false) }, false},
	{"packed PDF", func(s string) (string, []byte) { return "n.pdf", pdf(s, true) }, false},
	{"PDF with its own letters", func(s string) (string, []byte) { return "n.pdf", glyphPDF(s) }, false},
	{"Rich Text", func(s string) (string, []byte) { return "n.rtf", []byte(rtf(s)) }, false},
	{"HTML page", func(s string) (string, []byte) {
		return "n.html", []byte("<!DOCTYPE html><html><body><p>" + strings.ReplaceAll(xml(s), "\n", "<br>") + "</p></body></html>")
	}, false},
	{"mail", func(s string) (string, []byte) { return "n.eml", []byte(noticeMail(s)) }, false},
	{"mail with a From line", func(s string) (string, []byte) {
		return "n.eml", []byte("From support@acme.example Mon Nov 30 10:00:00 2026\r\n" + noticeMail(s))
	}, false},
	{"mail behind blank lines", func(s string) (string, []byte) { return "n", []byte("\r\n\r\n" + noticeMail(s)) }, false},
	{"mail as Apple Mail stores it", func(s string) (string, []byte) {
		return "1.emlx", []byte(fmt.Sprintf("%d\n", len(s)) + strings.ReplaceAll(noticeMail(s), "\r\n", "\n"))
	}, false},
	{"second mail of a folder", func(s string) (string, []byte) {
		return "n.mbox", []byte("From a@b.example Mon Nov 30 10:00:00 2026\nSubject: x\n\nhello\n\nFrom a@b.example Mon Nov 30 10:01:00 2026\n" + strings.ReplaceAll(noticeMail(s), "\r\n", "\n"))
	}, false},
	{"mail in a mail", func(s string) (string, []byte) {
		return "n.eml", []byte("Subject: fw\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n" + noticeMail(s) + "\r\n--q--\r\n")
	}, false},
	{"base64 in a mail", func(s string) (string, []byte) {
		return "n.eml", []byte("Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(s)) + "\r\n")
	}, false},
	{"Outlook message", func(s string) (string, []byte) { return "n.msg", ole(s) }, true},
	{"winmail.dat", func(s string) (string, []byte) { return "winmail.dat", tnef(s) }, false},
	{"uuencoded", func(s string) (string, []byte) {
		var b strings.Builder
		b.WriteString("begin 644 notice.txt\n")
		for data := []byte(s); len(data) > 0; {
			n := min(45, len(data))
			b.WriteByte(byte(' ' + n))
			for i := 0; i < n; i += 3 {
				var g [3]byte
				copy(g[:], data[i:n])
				for _, v := range []byte{g[0] >> 2, g[0]<<4&63 | g[1]>>4, g[1]<<2&63 | g[2]>>6, g[2] & 63} {
					if v == 0 {
						b.WriteByte('`')
					} else {
						b.WriteByte(' ' + v)
					}
				}
			}
			b.WriteByte('\n')
			data = data[n:]
		}
		b.WriteString("`\nend\n")
		return "n.uue", []byte(b.String())
	}, false},
	{"base64 in lines", func(s string) (string, []byte) {
		code := base64.StdEncoding.EncodeToString([]byte(s))
		var b strings.Builder
		b.WriteString("ATTACH;ENCODING=BASE64:\r\n")
		for ; len(code) > 60; code = code[60:] {
			b.WriteString(" " + code[:60] + "\r\n")
		}
		return "n.ics", []byte(b.String() + " " + code + "\r\n")
	}, false},
}

// whatIsIn is what a notice holds: each of it is a leak of its own.
var inNotices = []struct {
	leak Leak
	text string
}{
	{PrivateAddress, "Reader: " + secretAddress},
	{ForeignToken, "Answer to support+" + foreign + "@acme.example"},
	{ForeignToken, "Message <" + theirID + ">"},
	{NoticeMarker, markerUp + " Jane"},
	{InternalText, note},
}

func TestANoticeIsFoundInEveryFile(t *testing.T) {
	for _, w := range wraps {
		for _, in := range inNotices {
			file, data := w.of("Hello,\n" + in.text + "\nBye")
			m := answer()
			m.HTML = ""
			attached(file, "application/octet-stream", data)(&m)
			if !has(hidden(t, m, secrets()), in.leak) {
				t.Errorf("%s: %s passes", w.name, in.leak)
			}
		}
		if w.name == "base64 in lines" {
			continue
		}
		file, data := w.of("Hello,\n" + said + "\nwrite to support@acme.example or anna@private.example\nBye")
		m := answer()
		m.HTML = ""
		attached(file, "application/octet-stream", data)(&m)
		if hits := hidden(t, m, secrets()); len(hits) > 0 {
			t.Errorf("%s: a harmless file: %v", w.name, hits)
		}
	}
}

// Notes in other scripts and charsets.
func TestANoteIsFoundInEveryCharset(t *testing.T) {
	for _, c := range []struct {
		name, note string
		data       func(string) []byte
	}{
		{"windows-1251", "Осторожно, клиент уже третий месяц не платит, ничего не обещайте без согласия начальника", func(s string) []byte {
			b, _ := charmap.Windows1251.NewEncoder().Bytes([]byte(s))
			return b
		}},
		{"KOI8-R", "Осторожно, клиент уже третий месяц не платит, ничего не обещайте без согласия начальника", func(s string) []byte {
			b, _ := charmap.KOI8R.NewEncoder().Bytes([]byte(s))
			return b
		}},
		{"ISO-8859-1", "Vorsicht, der Kunde hat über drei Monate für nichts gezahlt, bitte größte Zurückhaltung", func(s string) []byte {
			b, _ := charmap.ISO8859_1.NewEncoder().Bytes([]byte(s))
			return b
		}},
		{"ISO-2022-JP", "この顧客は三か月間支払いをしていないので、上司の同意なしに何も約束しないでください", func(s string) []byte {
			b, _ := japanese.ISO2022JP.NewEncoder().Bytes([]byte(s))
			return b
		}},
		{"Shift_JIS", "この顧客は三か月間支払いをしていないので、上司の同意なしに何も約束しないでください", func(s string) []byte {
			b, _ := japanese.ShiftJIS.NewEncoder().Bytes([]byte(s))
			return b
		}},
		{"UTF-16 of Han", "この顧客は三か月間支払いをしていないので、上司の同意なしに何も約束しないでください", func(s string) []byte { return u16(s, false, true) }},
		{"an Outlook message of Han", "この顧客は三か月間支払いをしていないので、上司の同意なしに何も約束しないでください", ole},
		{"a mail in KOI8-R", "Осторожно, клиент уже третий месяц не платит, ничего не обещайте без согласия начальника", func(s string) []byte {
			b, _ := charmap.KOI8R.NewEncoder().Bytes([]byte(s))
			return []byte("Subject: x\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + escapedBytes("=%02X", string(b)) + "\r\n")
		}},
		{"decomposed UTF-8", "Vorsicht, der Kunde hat über drei Monate für nichts gezahlt, bitte größte Zurückhaltung", func(s string) []byte {
			return []byte(strings.NewReplacer("ü", "u\u0308", "ö", "o\u0308").Replace(s))
		}},
	} {
		m := answer()
		m.HTML = ""
		attached("n.txt", "text/plain", c.data("Notiz: "+c.note+"\r\n"))(&m)
		if !has(hidden(t, m, Secrets{Internal: []string{c.note}}), InternalText) {
			t.Errorf("%s: passes", c.name)
		}
	}
}

// What cannot be looked into is held where something internal could be in it.
func TestClosedFiles(t *testing.T) {
	locked := zipped("notice.txt", note)
	for _, start := range []string{"PK\x03\x04", "PK\x01\x02"} {
		i := bytes.Index(locked, []byte(start))
		locked[i+map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8}[start]] |= 1 // encrypted
	}
	deep := []byte(note)
	for range 12 {
		deep = zipped("n.zip", string(deep))
	}
	bomb := gzipped(gzipped(make([]byte, 80<<20)))
	for name, data := range map[string][]byte{
		"locked.zip":    locked,
		"n.7z":          []byte("7z\xbc\xaf\x27\x1c\x00\x04 and so on"),
		"n.rar":         []byte("Rar!\x1a\x07\x01\x00 and so on"),
		"n.xz":          []byte("\xfd7zXZ\x00\x00\x04 and so on"),
		"locked.pdf":    []byte("%PDF-1.7\ntrailer <</Encrypt 5 0 R>>\n%%EOF"),
		"n.asc":         []byte("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"),
		"locked.docx":   append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), u16("EncryptedPackage", false, false)...),
		"deep.zip":      deep,
		"bomb.gz":       bomb,
		"cut.zip":       zipped("a.txt", note, "b.txt", note)[:150],
		"mail.eml":      []byte("Subject: x\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=q\r\n\r\n--q\r\nContent-Type: application/octet-stream\r\n\r\nxx\r\n--q--\r\n"),
		"salted.enc":    []byte("Salted__abcdefgh and so on"),
		"smime.p7m":     {0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03, 0xa0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0, 0, 0, 0},
		"inner.zip.zip": zipped("inner.7z", "7z\xbc\xaf\x27\x1c\x00\x04"),
	} {
		m := answer()
		attached(name, "application/octet-stream", data)(&m)
		for _, s := range []Secrets{{Internal: []string{note}}, {QuotedInternal: true}} {
			if !has(hidden(t, m, s), Unreadable) {
				t.Errorf("%s passes", name)
			}
		}
		if hits := hidden(t, m, Secrets{}); len(hits) > 0 {
			t.Errorf("%s, with nothing internal near it: %v", name, hits)
		}
	}
	m := answer()
	attached("photo.jpg", "image/jpeg", append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF"), bytes.Repeat([]byte{0x81, 0x17, 0xfe, 0x03}, 5000)...))(&m)
	if hits := hidden(t, m, Secrets{Internal: []string{note}}); len(hits) > 0 {
		t.Errorf("a picture: %v", hits)
	}
}

func rounds() int {
	if os.Getenv("TIERDESK_TEST_FULL") == "1" {
		return 20000
	}
	return 400
}

// Whatever is put together of these shapes, nothing private leaves: client's habits of quoting x what touches it x how it
// is written x where it stands x how that is packed.
func TestNoShapeLeaks(t *testing.T) {
	quotes := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
		func(s string) string { return "On Monday, Acme wrote:\n>> " + strings.ReplaceAll(s, "\n", "\n>> ") },
		func(s string) string { return "-----Original Message-----\nFrom: Acme\n\n" + s },
		func(s string) string { return "| " + strings.ReplaceAll(s, "\n", "\n| ") },
		func(s string) string { return "Best regards\n-- \n" + s },
	}
	draw := func(seed int) {
		gen := rapid.Custom(func(t *rapid.T) string {
			in := inNotices[rapid.IntRange(0, len(inNotices)-1).Draw(t, "what")]
			text, form := in.text, "plain"
			if in.leak == PrivateAddress {
				d := disguises[rapid.IntRange(0, len(disguises)-1).Draw(t, "disguise")]
				c := touches[rapid.IntRange(0, len(touches)-1).Draw(t, "touch")]
				if d.name == "tags inside" || strings.ContainsAny(d.of(secretAddress), "<{") && strings.ContainsAny(c.before, "<{") || blurs(d.name, c) {
					d = disguises[0]
				}
				text, form = c.before+d.of(secretAddress)+c.behind, d.name+", "+c.name
			}
			quote := rapid.IntRange(0, len(quotes)-1).Draw(t, "quote")
			text = quotes[quote]("See " + text + " now")
			m := answer()
			m.HTML = ""
			how := ""
			if rapid.Bool().Draw(t, "file") {
				w := wraps[rapid.IntRange(0, len(wraps)-1).Draw(t, "wrap")]
				if w.name == "behind five megabytes" && rapid.IntRange(0, 50).Draw(t, "seldom") > 0 {
					w = wraps[0]
				}
				file, data := w.of(text)
				if rapid.Bool().Draw(t, "again") && len(data) < 1<<20 {
					outer := []func([]byte) (string, []byte){
						func(b []byte) (string, []byte) { return "o.zip", zipped(file, string(b)) },
						func(b []byte) (string, []byte) { return file + ".gz", gzipped(b) },
						func(b []byte) (string, []byte) { return "o.tar", tarred(file, b) },
						func(b []byte) (string, []byte) {
							return "o.eml", []byte("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nx\r\n--q\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=f\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(b) + "\r\n--q--\r\n")
						},
					}
					file, data = outer[rapid.IntRange(0, len(outer)-1).Draw(t, "outer")](data)
				}
				attached(file, rapid.SampledFrom([]string{"application/octet-stream", "text/plain", "image/png", ""}).Draw(t, "type"), data)(&m)
				how = w.name + " as " + file
			} else {
				p := places[rapid.IntRange(0, len(places)-1).Draw(t, "place")]
				if p.line && strings.ContainsAny(text, "\r\n") || p.name == "HTML as it is" && strings.Contains(text, "<") || p.name == "link" && (in.leak != PrivateAddress || strings.Contains(form, "entit")) || p.name == "name" && (in.leak != PrivateAddress || strings.Contains(text, `\`) || strings.Contains(text, "=?")) {
					p = places[0]
				}
				p.put(&m, text)
				how = p.name
			}
			if !has(hidden(t, m, secrets()), in.leak) {
				return fmt.Sprintf("%s (%s) in %s, quote %d: %q", in.leak, form, how, quote, text)
			}
			return ""
		})
		if leak := gen.Example(seed); leak != "" {
			t.Errorf("seed %d: %s", seed, leak)
		}
	}
	for seed := range rounds() {
		if draw(seed); t.Failed() && seed > 50 {
			return
		}
	}
}

// blurs reports whether a touch makes another address of a disguise: letters that belong to a run in base64, a sign that
// ends an escape.
func blurs(disguise string, c touch) bool {
	last, _ := utf8.DecodeLastRuneInString(c.before)
	first, _ := utf8.DecodeRuneInString(c.behind)
	joins := func(r rune) bool {
		return r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/=-_.", r))
	}
	return strings.Contains(disguise, "base64") && (joins(last) || joins(first)) || strings.Contains(disguise, "data link") && joins(first) || strings.Contains(disguise, "encoded word")
}
