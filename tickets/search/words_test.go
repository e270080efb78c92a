package search

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"The Printer, on FLOOR 3!":       "the printer on floor 3",
		"jane.doe@gold.example":          "jane doe gold example",
		"Straße, ÜBERGRÖSSE, cafe\u0301": "strasse ubergrosse cafe",
		"Ångström Łódź smørrebrød":       "angstrom lodz smorrebrod",
		"ＡＢＣ１２ ﬁne":                      "abc12 fine",
		"ПРИНТЕР не работает":            "принтер не работает",
		"打印机坏了":                          "打印 印机 机坏 坏了 了",
		"プリンター":                          "プリ リン ンタ ター ー",
		"ﾌﾟﾘﾝﾀｰ":                         "プリ リン ンタ ター ー",
		"ガが":                             "ガが が",
		"LAN ケーブル 2本":                    "lan ケー ーブ ブル ル 2 本",
		"프린터 고장":                         "프린 린터 터 고장 장",
		"\x00\xff<b>ok</b>":              "b ok b",
		"a\u0300\u0300":                  "a",
		"\u0300":                         "",
		"㈏ ㈜삼성 ㋐ﾌﾟ":                      "나 주삼 삼성 성 アプ プ",
		"๏ ๚":                            "",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if n := len(Words(strings.Repeat("很", 3*maxWords))); n != maxWords {
		t.Errorf("%d words of a very long run", n)
	}
	if w := Words(strings.Repeat("é", maxWord)); len(w) != 1 || len(w[0]) != maxWord {
		t.Errorf("a very long word became %d octets", len(w[0]))
	}
}

func TestPhrase(t *testing.T) {
	for _, c := range []struct {
		text, want string
		open       bool
	}{
		{"toner-low", "toner low", false},
		{"打印机", "打印 印机", false},
		{"坏", "坏", true},
		{"新 LAN", "新 lan", false},
		{"東京 LAN", "東京 京 lan", false},
		{"LAN 東", "lan 東", true},
		{"?!", "", false},
	} {
		words, open := phraseOf(c.text)
		if got := strings.Join(words, " "); got != c.want || open != c.open {
			t.Errorf("%q: %q %t, want %q %t", c.text, got, open, c.want, c.open)
		}
	}
}

// Letters that are looked up become what they become by the rules of Unicode, whatever stands beside
// them.
func TestFoldLooksUpWhatTheRulesSay(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var letters []rune
	for r := rune(0x80); r < 0x600; r++ {
		if unicode.In(r, unicode.L, unicode.N, unicode.M) {
			letters = append(letters, r)
		}
	}
	pick := func() rune {
		if rnd.IntN(4) == 0 {
			return 'a' + rune(rnd.IntN(26))
		}
		return letters[rnd.IntN(len(letters))]
	}
	for range 200_000 {
		word := string([]rune{pick(), pick(), pick(), pick()}[:1+rnd.IntN(4)])
		if got, want := fold(word), foldAll(word); got != want {
			t.Fatalf("%q (%+q): %q, the rules say %q", word, word, got, want)
		}
	}
}

// Whatever is written becomes words that both databases take as they are.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"The Printer", "Straße", "打印机", "ﾌﾟﾘ", "a'b\"c\\d", "\u0345\u0130x", "㎏ ㍿ ½", "㈏ ㈜"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := Words(text)
		for _, w := range words {
			if w == "" || len(w) > maxWord || !utf8.ValidString(w) || strings.ContainsAny(w, " '\"\\*:()\x00") {
				t.Errorf("%q has the word %q", text, w)
			}
		}
	})
}
