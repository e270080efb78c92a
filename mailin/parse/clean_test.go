package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Eight octets at once are seen as they are one by one.
func TestASCII(t *testing.T) {
	t.Parallel()
	check := func(s string) {
		t.Helper()
		ascii, plain := true, true
		for i := range len(s) {
			ascii = ascii && s[i] < utf8.RuneSelf
			plain = plain && s[i] >= ' ' && s[i] < 0x7f
		}
		if isASCII(s) != ascii || isASCII([]byte(s)) != ascii || printableASCII(s) != plain {
			t.Errorf("%q: %v, %v", s, isASCII(s), printableASCII(s))
		}
	}
	for length := range 20 { // each octet at each place
		for at := range length {
			for c := range 256 {
				for _, beside := range []string{" ", "~", "\x1f", "\x80"} {
					b := []byte(strings.Repeat(beside, length))
					b[at] = byte(c)
					check(string(b))
				}
			}
		}
	}
	check("")
}

// What a mail says in whatever charset is UTF-8 without NULs, also where it is not what it says. A
// text that comes out of the conversion is not looked at again.
func TestTextsAreSound(t *testing.T) {
	t.Parallel()
	charsets := []string{"", "us-ascii", "utf-8", "utf-7", "utf-16", "utf-16le", "utf-16be", "utf-32", "iso-8859-1", "iso-8859-8-i", "windows-1252", "windows-1255", "koi8-r",
		"ibm037", "ibm437", "macintosh", "shift_jis", "euc-jp", "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "gb2312", "gbk", "gb18030", "hz-gb-2312", "big5", "euc-kr", "cp949",
		"x-user-defined", "unknown-8bit", "no-such-charset"}
	octets := rapid.SampledFrom([]string{"a", " ", "=", "<p>", "\n", "\r", "\x00", "\x1b", "\x1b$B", "\x0e", "~{", "+", "-", "\xff", "\xfe", "\xc3", "\xa4", "\xe3", "\x81", "\x82", "\xf0", "\x9f",
		"\xed\xa0\x80", "\xc0\x80", "ä", "あ", "&#0;", "&#xd800;"})
	rapid.Check(t, func(t *rapid.T) {
		charset := rapid.SampledFrom(charsets).Draw(t, "charset")
		kind := rapid.SampledFrom([]string{"text/plain", "text/plain; format=flowed", "text/html", "text/enriched"}).Draw(t, "kind")
		body := strings.Join(rapid.SliceOfN(octets, 1, 40).Draw(t, "body"), "")
		m := Parse(fmt.Appendf(nil, "From: a@b.example\nContent-Type: %s; charset=\"%s\"\n\n%s", kind, charset, body), Limits{})
		for _, text := range []string{m.Text, m.HTML} {
			if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
				t.Fatalf("%s in %s: %q", kind, charset, text)
			}
		}
	})
}

// Line ends are looked at once, however many carriage returns stand in a row.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a\r\nb": "a\nb", "a\r\r\nb": "a\nb", "a\rb": "a\nb", "a\r\rb": "a\n\nb", "\r\r": "\n\n", "\r\n\r\r": "\n\n\n", "a\x00\r\n": "a\n"} {
		if got := cleanText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	mail, done := []byte("Subject: x\n\na"+strings.Repeat("\r", 1<<20)), make(chan bool)
	go func() { Parse(mail, Limits{}); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second): // a thousand times as long as it takes
		t.Fatal("a megabyte of carriage returns was not read after 10 s")
	}
}
