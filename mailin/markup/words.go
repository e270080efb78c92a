package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a run of letters and digits, or a single meaningful sign.
type word struct {
	text     string // folded
	from, to int    // octets of the text
	line     int
	quoted   bool
	optional bool // added by a program that converted HTML to text: an address, a number, the name of a picture
	ofImage  bool // it is part of the name of a picture that is shown
}

// words are the words of a text, in order.
type words struct {
	text string // the text, with optional words blanked out
	all  []word
}

func (w *words) required() []string {
	var out []string
	for _, x := range w.all {
		if !x.optional {
			out = append(out, x.text)
		}
	}
	return out
}

// meaning classifies a character.
type meaning int

const (
	between meaning = iota
	inWord
	alone // a sign, or a letter of a script without spaces
	unseen
)

func meaningOf(r rune) meaning {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return inWord
		}
		if r == '$' {
			return alone
		}
		return between
	case r == '\u00ad' || r == '\u034f' || r == '\ufe0f' || unicode.Is(unicode.Cf, r):
		return unseen
	case r == picture:
		return between
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.So, unicode.Sc):
		return alone
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return inWord
	}
	return between
}

// tokensOf splits a text into its words.
func tokensOf(text string) *words {
	w := &words{text: text}
	var b strings.Builder
	start, line, quoted, blank := -1, 0, false, true
	flush := func(end int) {
		if start >= 0 {
			w.all = append(w.all, word{text: strings.ToLower(b.String()), from: start, to: end, line: line, quoted: quoted})
			start = -1
			b.Reset()
		}
	}
	for i, r := range text {
		switch meaningOf(r) {
		case inWord:
			if start < 0 {
				start = i
			}
			b.WriteRune(r)
			blank = false
		case alone:
			flush(i)
			start = i
			b.WriteRune(r)
			flush(i + utf8.RuneLen(r))
			blank = false
		case between:
			flush(i)
			switch {
			case r == '\n':
				line, quoted, blank = line+1, false, true
			case blank && (r == '>' || r == '＞'):
				quoted, blank = true, false
			case !unicode.IsSpace(r):
				blank = false
			}
		}
	}
	flush(len(text))
	return w
}

var (
	address    = regexp.MustCompile(`<(?:(?:https?|ftp)://|mailto:|tel:|www\.)[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>|<[^\s<>/]+\.(?:png|jpe?g|gif|heic|webp|bmp)>`)
	bracket    = regexp.MustCompile(`\[([^\[\]\n]{1,300})\]`)
	listNumber = regexp.MustCompile(`(?m)^[> \t]*((?:[0-9]{1,3}|[A-Za-z]|[ivxIVX]{2,5})[.)])[ \t]`)
	imageLabel = regexp.MustCompile(`(?i)^(?:cid|image|inline image|bild|inline-bild|imagen|immagine|afbeelding):`)
)

// optional marks the words that a program adds when it converts HTML to text: addresses of links,
// numbers of lists, names of pictures.
func (w *words) optional(text string, alts map[string]bool) {
	blanked := []byte(text)
	at := 0
	hide := func(from, to int) {
		for i := from; i < to; i++ {
			if blanked[i] != '\n' {
				blanked[i] = ' '
			}
		}
	}
	for _, m := range address.FindAllStringIndex(text, -1) {
		hide(m[0], m[1])
	}
	for _, m := range bracket.FindAllStringSubmatchIndex(text, -1) {
		inner := strings.TrimSpace(text[m[2]:m[3]])
		_, label, _ := strings.Cut(inner, ": ")
		if imageLabel.MatchString(inner) || alts[inner] || alts[label] {
			hide(m[0], m[1])
		}
	}
	for _, m := range listNumber.FindAllStringSubmatchIndex(text, -1) {
		hide(m[2], m[3])
	}
	for i := range w.all {
		x := &w.all[i]
		at = x.from
		x.optional = blanked[at] == ' '
	}
	w.text = string(blanked)
}
