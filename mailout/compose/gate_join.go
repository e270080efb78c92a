package compose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// joined is a text as a reader in search of an address would join it: in lower case, in Latin
// letters where others look the same, without blanks, line ends, quote prefixes, quotation marks,
// brackets and diacritics.
type joined struct {
	text []byte
	from []int32 // for each octet, the offset in the source of what it stands for
	// words means that the text contains a word spoken for a sign, as in "jane at acme dot
	// example".
	words bool
}

// fill reads a text. With spelled, words that are spoken for signs are replaced by these.
func (j *joined) fill(text string, spelled bool) {
	if cap(j.text) < len(text) {
		j.text, j.from = make([]byte, 0, len(text)), make([]int32, 0, len(text))
	}
	j.text, j.from, j.words = j.text[:0], j.from[:0], false
	before := rune(0) // the character before
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !inWord(r) {
			j.one(text, r, i, n)
			before, i = r, i+n
			continue
		}
		end := wordEnd(text, i)
		if !unicode.IsDigit(before) {
			if sign := spokenSign(text, i, end, before); sign != 0 {
				j.words = true
				if spelled {
					j.sign(sign, i)
					for i = end; i < len(text) && (text[i] == '-' || text[i] == '_'); i++ {
					}
					before = 'a'
					continue
				}
			}
		}
		for i < end {
			if c := text[i]; c < utf8.RuneSelf {
				j.add(lower(c), i)
				before = rune(c)
				i++
				continue
			}
			r, n = utf8.DecodeRuneInString(text[i:])
			j.rune(r, i)
			before, i = r, i+n
		}
	}
}

// one adds a character that is not part of a word.
func (j *joined) one(text string, r rune, i, n int) {
	switch {
	case r >= utf8.RuneSelf:
		j.rune(r, i)
	case dropped[r]:
	case r == '-' && hyphenated(text[i+n:]):
	default:
		j.add(byte(r), i)
	}
}

func (j *joined) add(c byte, from int) {
	j.text, j.from = append(j.text, c), append(j.from, int32(from))
}

// end returns the offset in the source of the end of what the octet at i stands for.
func (j *joined) end(text string, i int) int {
	from := int(j.from[i])
	_, n := utf8.DecodeRuneInString(text[from:])
	return from + n
}

// sign puts a sign in place of a word, and removes what joined the word to the one before it.
func (j *joined) sign(c byte, from int) {
	for n := len(j.text); n > 0 && (j.text[n-1] == '-' || j.text[n-1] == '_'); n-- {
		j.text, j.from = j.text[:n-1], j.from[:n-1]
	}
	j.add(c, from)
}

// rune adds a non-ASCII character.
func (j *joined) rune(r rune, from int) {
	if invisible(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Zs, unicode.Pi, unicode.Pf) ||
		strings.ContainsRune("„‚″′‵＂＇", r) {
		return
	}
	var buf [64]byte
	plain := norm.NFKD.AppendString(buf[:0], string(r))
	for len(plain) > 0 {
		p, n := utf8.DecodeRune(plain)
		plain = plain[n:]
		same, ok := lookAlikes[p]
		switch {
		case ok:
			j.add(same, from)
		case p < utf8.RuneSelf:
			if !dropped[p] {
				j.add(lower(byte(p)), from)
			}
		case !unicode.In(p, unicode.Mn, unicode.Me) && !unicode.IsSpace(p):
			for _, b := range utf8.AppendRune(nil, unicode.ToLower(p)) {
				j.add(b, from)
			}
		}
	}
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// dropped are the characters that a reader skips inside an address.
var dropped = func() (t [utf8.RuneSelf]bool) {
	for c := range 0x20 {
		t[c] = true
	}
	for _, c := range []byte(" \"'<>()[]{}|\\*~`\x7f") {
		t[c] = true
	}
	return t
}()

// hyphenated reports whether a line ends here, after a hyphen.
func hyphenated(rest string) bool {
	return strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n")
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}

// wordEnd returns the end of the word that begins at i.
func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !inWord(r) {
			return i
		}
		i += n
	}
	return i
}

// spoken are the words that people say for a sign, in the languages that have a word of their own.
var spoken = map[string]byte{
	"at": '@', "ät": '@', "aet": '@', "arroba": '@', "arobase": '@', "arobas": '@', "chiocciola": '@', "klammeraffe": '@',
	"apenstaartje": '@', "małpa": '@', "zavináč": '@',
	"kukac": '@', "snabela": '@', "krøllalfa": '@', "alfakrøll": '@', "собака": '@', "собачка": '@', "アット": '@', "アットマーク": '@', "골뱅이": '@',
	"dot": '.', "punkt": '.', "point": '.', "punto": '.', "punt": '.', "ponto": '.', "kropka": '.', "tečka": '.', "точка": '.',
	"prick": '.', "piste": '.', "ドット": '.', "닷": '.', "点": '.',
}

// beginsSpoken are the octets with which such a word may begin.
var beginsSpoken = func() (t [256]bool) {
	for word := range spoken {
		t[word[0]] = true
		if word[0] < utf8.RuneSelf {
			t[strings.ToUpper(word)[0]] = true
		}
	}
	for c := utf8.RuneSelf; c < 256; c++ {
		t[c] = true
	}
	return t
}()

// spokenSign returns the sign for which the word between start and end is spoken, if it stands
// apart from others; 0 for none. An "a" counts only in brackets.
func spokenSign(text string, start, end int, before rune) byte {
	if end-start > 30 || !beginsSpoken[text[start]] {
		return 0
	}
	after, _ := utf8.DecodeRuneInString(text[end:])
	if end == len(text) || start == 0 || !apart(before) || !apart(after) {
		return 0
	}
	word := text[start:end]
	if (word == "a" || word == "A") && strings.ContainsRune("([{<", before) && strings.ContainsRune(")]}>", after) {
		return '@'
	}
	var low [30]byte
	for i := range len(word) {
		if low[i] = lower(word[i]); low[i] >= utf8.RuneSelf {
			return spoken[strings.ToLower(word)]
		}
	}
	return spoken[string(low[:len(word)])]
}

func apart(r rune) bool {
	return unicode.IsSpace(r) || r < utf8.RuneSelf && (dropped[r] || r == '-' || r == '_' || r == '/' || r == '@' || r == '.') ||
		unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pd)
}

// lookAlikes are letters that look like Latin ones, and signs that look like a full stop or a
// hyphen. Variants of Latin letters (wide, bold, circled) are not included: their normal form is
// the letter.
var lookAlikes = func() map[rune]byte {
	t := map[rune]byte{}
	for _, pair := range [...]struct{ like, as string }{
		{"аᴀɑαАΑ", "aaaaaa"}, {"ВʙΒв", "bbbb"}, {"сᴄϲСϹ", "ccccc"}, {"ԁᴅɗ", "ddd"}, {"еᴇЕΕҽ", "eeeee"}, {"ꜰғ", "ff"},
		{"ɡɢԍ", "ggg"}, {"һʜНΗн", "hhhhh"},
		{"іıɪІΙιӏ", "iiiiiii"}, {"јᴊЈϳ", "jjjj"}, {"кᴋκКΚ", "kkkkk"}, {"ʟⅼ", "ll"}, {"мᴍМΜ", "mmmm"}, {"ɴпΝո", "nnnn"},
		{"оᴏοОΟօ", "oooooo"}, {"рᴘρРΡ", "ppppp"},
		{"ԛ", "q"}, {"гʀ", "rr"}, {"ѕꜱЅ", "sss"}, {"тᴛτТΤ", "ttttt"}, {"υᴜս", "uuu"}, {"νᴠѵ", "vvv"}, {"ԝᴡѡ", "www"}, {"хχХΧ", "xxxx"},
		{"уγʏУΥү", "yyyyyy"}, {"ᴢΖ", "zz"},
		{"·•‧∙⋅・。．۔", "........."}, {"‐‑−", "---"}, {"ł", "l"}, {"ø", "o"}, {"đ", "d"}, {"ß", "s"},
	} {
		n := 0
		for _, r := range pair.like {
			t[r] = pair.as[n]
			n++
		}
	}
	return t
}()
