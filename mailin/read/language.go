package read

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/wordset"
)

// minLetters is how much text of its own a mail needs before its language is guessed.
const minLetters = 20

// longestStopWord is how many octets one has.
const longestStopWord = 12

// enoughText is how much of it is looked at.
const enoughText = 1500

// language guesses the language of the reply, else by Content-Language; "" if unsure.
func language(m *mailin.Message) string {
	if l := Language(m.Reply); l != "" {
		return l
	}
	declared := strings.ToLower(strings.TrimSpace(m.Header.Get("Content-Language")))
	declared, _, _ = strings.Cut(declared, ",")
	declared, _, _ = strings.Cut(declared, "-")
	if len(declared) == 2 {
		return declared
	}
	return ""
}

// Language guesses the language of what a person wrote: by its script, or by stop words; "" if
// unsure.
func Language(text string) string {
	if len(text) > enoughText {
		text = text[:enoughText]
	}
	l, latin := byScript(text)
	if l == "" && latin {
		l = byStopWords(text)
	}
	return l
}

// byScript knows languages that have a script for themselves, or nearly. It tells, too, whether
// Latin letters are in the text.
func byScript(s string) (language string, latin bool) {
	if wordset.ASCII(s) {
		return "", true
	}
	var kana, han, hangul, greek, hebrew, arabic, thai int
	letters, high := wordset.Count(s)
	latin = letters > 0
	if high <= letters { // two octets or more make a letter: no script has half of them
		return "", true
	}
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case c >= 0x400 && c <= 0x481: // Cyrillic
			letters++
			continue
		case !isLetter(c):
			continue
		}
		letters++
		switch {
		case c < 0x250:
			latin = true
		case c >= 0x370 && c < 0x400:
			greek++
		case c >= 0x590 && c < 0x600:
			hebrew++
		case c >= 0x600 && c < 0x700:
			arabic++
		case c >= 0xe00 && c < 0xe80:
			thai++
		case c >= 0x3040 && c < 0x3100:
			kana++
		case c >= 0x4e00 && c < 0xa000:
			han++
		case c >= 0xac00 && c < 0xd7b0:
			hangul++
		}
	}
	if letters < 8 {
		return "", latin
	}
	switch half := letters / 2; {
	case kana > 2 && kana+han > half:
		language = "ja"
	case han > half:
		language = "zh"
	case hangul > half:
		language = "ko"
	case greek > half:
		language = "el"
	case hebrew > half:
		language = "he"
	case arabic > half:
		language = "ar"
	case thai > half:
		language = "th"
	}
	return language, latin
}

// isLetter is unicode.IsLetter, with no look into tables for what is written most.
func isLetter(c rune) bool {
	switch {
	case 0x400 <= c && c <= 0x481, 0x4e00 <= c && c <= 0x9fff, 0xac00 <= c && c <= 0xd7a3: // Cyrillic, Han, Hangul
		return true
	}
	return unicode.IsLetter(c)
}

// stopWords are common words, with the languages that have them as bits in the order of languages.
var stopWords = func() *wordset.Words {
	var w wordset.Words
	for i, lang := range languages {
		w.Add(stopWordsOf[lang], 1<<i)
	}
	return &w
}()

// languages that are known by their stop words. Of two that fit equally well the first is taken.
var languages = []string{"da", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv"}

var stopWordsOf = map[string]string{
	"en": "the and is are was were you your with for this that have has not but from will can please thanks thank hello would could our they there what when how my been it to of in we i am an do does any",
	"de": "der die das und ist sind nicht mit für ein eine einen einem ich sie wir ihr ihre auf dem den des von zu im auch bitte danke hallo guten tag kann können wird werden habe haben noch aber oder wenn bei nach mein meine mir uns vielen dank sehr wie was keine",
	"fr": "le la les et est sont une des du pas avec pour vous nous votre je ne que qui dans sur au aux ce cette bonjour merci mais mon ma mes être avoir ai avez été plus cordialement s'il plaît il elle un en comment",
	"es": "el la los las y es son una del no con para por usted su mi que en se al lo como hola gracias pero está están tengo puede favor buenos días saludos cuando un más muy ha he me nos desde",
	"it": "il lo la gli le e è sono una del della non con per che di in si al mi vi ci buongiorno grazie ma ho ha hanno può cordiali saluti quando questo questa un più come dal nel alla anche",
	"nl": "de het een en is zijn niet met voor van ik u uw we wij op dat die te in aan ook graag bedankt hallo maar heb heeft hebben kan kunnen wordt worden nog naar bij als mijn geen groeten er om dag",
	"pt": "o os as e é são uma do da não com para por você seu sua que em no na um ao olá obrigado obrigada mas está estão tenho pode favor bom dia quando mais muito minha meu isso",
	"sv": "och att det som en på är av för med den till inte jag har de vi ett om var men hej tack kan ni era min mitt från när hälsningar",
	"da": "og at det som en på er af for med den til ikke jeg har de vi et om var men hej tak kan jer min mit fra når hilsen",
	"pl": "i w nie na się jest to z że do jak o co dla proszę dziękuję dzień dobry mam czy ale są mój moje pozdrawiam po od przez",
}

func byStopWords(s string) string {
	var counts [16]int
	letters, words := 0, 0
	for i := 0; i < len(s); {
		n := wordAt(s[i:])
		if n == 0 {
			i++ // the other octets of a character begin no word either
			continue
		}
		letters += n
		if words++; words > 400 {
			break
		}
		if n <= longestStopWord {
			count(&counts, stopWords.Bits(s[i:i+n]))
		}
		i += n
	}
	if letters < minLetters {
		return ""
	}
	best, second := 0, 0
	for l, n := range counts {
		if n > counts[best] {
			best = l
		}
	}
	for l, n := range counts {
		if l != best {
			second = max(second, n)
		}
	}
	if n := counts[best]; n >= 3 && n > second+second/4 && n*10 >= words || n == 2 && second == 0 && words <= 12 {
		return languages[best]
	}
	return ""
}

// count adds one for each of the languages.
func count(counts *[16]int, languages uint16) {
	for ; languages != 0; languages &= languages - 1 {
		counts[bits.TrailingZeros16(languages)]++
	}
}

// wordAt returns the length of the word at the front of s.
func wordAt(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if wordOctets[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isLetter(r) && r != '’' {
			break
		}
		i += n
	}
	return i
}

// wordOctets are the letters of ASCII, and the apostrophe.
var wordOctets = func() (is [256]bool) {
	for c := range is {
		is[c] = 'a' <= c|0x20 && c|0x20 <= 'z' || c == '\''
	}
	return is
}()
