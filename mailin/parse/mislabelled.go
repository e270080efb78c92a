package parse

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/traditionalchinese"

	"tierdesk/mailin/internal/wordset"
)

// maxLookedAt is how many octets of a text are looked at.
const maxLookedAt = 4 << 10

// elsewhere returns the charset in which a text is written in truth, if it is plainly not the one
// that it declares; nil if it may be. What is no UTF-8 is looked at here: the letters that come out
// must be those of a language, and stand as in its words. converted is the text by the charset that
// it declares, if that is at hand.
func elsewhere(b []byte, declared encoding.Encoding, converted []byte) encoding.Encoding {
	if len(b) > maxLookedAt {
		b, converted = b[:maxLookedAt], nil
		if i := bytes.LastIndexAny(b, " \n"); i > 0 { // no half of a character at the end
			b = b[:i]
		}
	}
	if isASCII(b) {
		if declared != japanese.ISO2022JP && (bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@"))) {
			return japanese.ISO2022JP
		}
		return nil
	}
	m, ok := declared.(*charmap.Charmap)
	if !ok {
		return elsewhereWide(b, declared, converted)
	}
	if declared == charmap.CodePage037 || declared == charmap.CodePage1047 || declared == charmap.CodePage1140 {
		return nil
	}
	latin := latinSet(declared)
	if latin && plainLatin(b, m) {
		return nil
	}
	if converted == nil {
		converted = appendConverted(nil, b, declared)
	}
	if latin {
		return elsewhereLatin(b, string(converted), declared)
	}
	if text := string(sample(converted)); turnedCase(text) || brokenWords(text) || rareLetters(text, declared) {
		return otherScript(b, declared)
	}
	return nil
}

// elsewhereLatin does the same for text, in UTF-8 by what it declares, of a set for languages of
// Latin script.
func elsewhereLatin(b []byte, text string, declared encoding.Encoding) encoding.Encoding {
	if e := byForm(b); e == japanese.ShiftJIS || e == japanese.EUCJP {
		return e
	}
	if bare, high := highWords(text); bare >= 2 && bare*2 >= high || bare == 1 && high == 1 && longestHigh(text) >= 5 {
		return otherScript(b, declared)
	}
	return otherLatin(b, text, declared)
}

// sample returns as much of a text as tells the case of its letters and what stands between them:
// some of it from the first letter beyond ASCII on.
func sample(text []byte) []byte {
	const enough = 1 << 10
	if i := bytes.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }); i > 0 {
		text = text[i:]
	}
	if len(text) > enough {
		text = text[:enough]
		if i := bytes.LastIndexAny(text, " \n"); i > 0 {
			text = text[:i]
		}
	}
	return text
}

// plainLatin reports whether it is soon seen that a text is what it declares: its letters beyond
// ASCII are those of one language, its other signs stand at the edges of words, there are never
// three such octets in a row, and no kana.
func plainLatin(b []byte, declared *charmap.Charmap) bool {
	var seen, inside [256]bool // by octet; inside: between others that may be letters
	row := 0
	for i := 0; i < len(b); i++ {
		if row == 0 && len(b)-i > 8 && eight(b[i:])&highs == 0 {
			i += 7
			continue
		}
		c := b[i]
		if c < utf8.RuneSelf {
			row = 0
			continue
		}
		if row++; row == 3 || c == 0x83 || row == 2 && (b[i-1] == 0x82 || b[i-1] == 0xa4 || b[i-1] == 0xa5) {
			return false
		}
		seen[c] = true
		if i > 0 && i+1 < len(b) && (b[i-1] >= utf8.RuneSelf || letterOf(b[i-1])) && (b[i+1] >= utf8.RuneSelf || letterOf(b[i+1])) {
			inside[c] = true
		}
	}
	fitting := uint32(1)<<len(alphabets) - 1 // a bit an alphabet
	for c := utf8.RuneSelf; c < len(seen); c++ {
		if !seen[c] {
			continue
		}
		letter := declared.DecodeByte(byte(c))
		if !unicode.IsLetter(letter) {
			if inside[c] && !standsInWords(letter) || letter < 0xa0 || letter == utf8.RuneError {
				return false
			}
			continue
		}
		letter = unicode.ToLower(letter)
		for i, alphabet := range alphabets {
			if fitting&(1<<i) != 0 && !strings.ContainsRune(alphabet, letter) {
				fitting &^= 1 << i
			}
		}
	}
	return fitting != 0
}

// standsInWords reports whether a sign that is no letter stands between letters in any language.
func standsInWords(c rune) bool {
	switch c {
	case '’', '–', '—', '\u00a0', '\u00ad', '·':
		return true
	}
	return false
}

// elsewhereWide does the same for text that declares a charset of East Asia.
func elsewhereWide(b []byte, declared encoding.Encoding, converted []byte) encoding.Encoding {
	e := byForm(b)
	switch {
	case e == nil || e == declared, wide(declared):
	case declared == traditionalchinese.Big5, declared == japanese.ShiftJIS: // their second octets lie below, too
		return e
	case e == japanese.ShiftJIS, e == japanese.EUCJP, e == korean.EUCKR && isKorean(b):
		return e
	case declared == japanese.EUCJP && strings.Contains(convert(b, declared), "\ufffd"):
		return e
	case declared == korean.EUCKR && strings.IndexFunc(convert(b, declared), isHan) >= 0:
		return e
	}
	if converted == nil {
		converted = []byte(convert(b, declared))
	}
	if bytes.Contains(converted, []byte("\ufffd")) && !wide(declared) {
		return otherScript(b, declared)
	}
	return nil
}

// koreanSyllables are the commonest ones of Korean, as EUC-KR has them. At their places GB 18030
// has characters that are rare.
const koreanSyllables = "이다는을가에의하고로지니습요안"

// koreanOctets are their second octets, by their first.
var koreanOctets = func() (by [256]string) {
	for _, c := range koreanSyllables {
		pair, err := korean.EUCKR.NewEncoder().String(string(c))
		if err != nil || len(pair) != 2 {
			panic("parse: a syllable that EUC-KR lacks")
		}
		by[pair[0]] += pair[1:]
	}
	return by
}()

// isKorean reports whether a text that may be Chinese holds what Korean is full of.
func isKorean(b []byte) bool {
	may, high := 0, 0 // octets that may be such a syllable, and those that are parts of characters: two of one
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		if high++; i+1 < len(b) && strings.IndexByte(koreanOctets[c], b[i+1]) >= 0 {
			may++
		}
	}
	if may < 2 || may*8*2 < high {
		return false
	}
	syllables, common := 0, 0
	for _, c := range string(appendConverted(nil, b, korean.EUCKR)) {
		if c < utf8.RuneSelf {
			continue
		}
		if syllables++; strings.ContainsRune(koreanSyllables, c) {
			common++
		}
	}
	return common >= 2 && common*8 >= syllables
}

func isHan(c rune) bool { return unicode.Is(unicode.Han, c) }

// byForm recognises text by how its octets follow each other: Thai, the charsets of Japan, Chinese
// and Korean. It returns nil for any other.
func byForm(b []byte) encoding.Encoding {
	switch {
	case isThai(b):
		return charmap.Windows874
	case isShiftJIS(b):
		return japanese.ShiftJIS
	case isEUCJP(b):
		return japanese.EUCJP
	case isBig5(b):
		return traditionalchinese.Big5
	}
	return pairs(b)
}

// isBig5 reports whether a text is Chinese in Big5: its first octets are nearly all those of the
// common characters, and many second ones lie in ASCII.
func isBig5(b []byte) bool {
	pairs, common, low := 0, 0, 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c < utf8.RuneSelf:
		case c < 0xa1 || c > 0xf9 || i+1 == len(b) || b[i+1] < 0x40 || b[i+1] > 0x7e && b[i+1] < 0xa1 || b[i+1] == 0xff:
			return false
		default:
			pairs++
			if c >= 0xa4 && c <= 0xc6 || c == 0xa1 {
				common++
			}
			if b[i+1] < utf8.RuneSelf {
				low++
			}
			i++
		}
	}
	return pairs >= 4 && common*100 >= pairs*85 && low*100 >= pairs*15
}

// isThai reports whether a text is Thai in TIS-620: vowels and tones above and below stand behind
// consonants.
func isThai(b []byte) bool {
	high, runs, marks, wrong := 0, 0, 0, 0
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		if high++; i == 0 || b[i-1] < utf8.RuneSelf {
			runs++
		}
		if c < 0xa1 && c != 0x85 && (c < 0x91 || c > 0x97) || c >= 0xdb && c <= 0xde || c >= 0xef {
			return false
		}
		if c == 0xd1 || c >= 0xd4 && c <= 0xda || c >= 0xe7 && c <= 0xee {
			marks++
			if i == 0 || b[i-1] < 0xa1 || b[i-1] >= 0xcf && (b[i-1] < 0xd1 || b[i-1] > 0xee) {
				wrong++
			}
		}
	}
	// It puts no blanks between words.
	return high >= 12 && high >= 7*runs && marks*12 >= high && wrong*50 <= marks && pairs(b) == nil
}

// isShiftJIS reports whether a text is Japanese in Shift_JIS: much of it is kana, whose first
// octets are 0x82 and 0x83.
func isShiftJIS(b []byte) bool {
	if bytes.Count(b, []byte{0x82})+bytes.Count(b, []byte{0x83}) < 3 { // which is soon counted
		return false
	}
	pairs, kana := 0, 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c < utf8.RuneSelf || c >= 0xa1 && c <= 0xdf:
		case c == 0x80 || c == 0xa0 || c > 0xfc || i+1 == len(b) || b[i+1] < 0x40 || b[i+1] == 0x7f || b[i+1] > 0xfc:
			return false
		default:
			pairs++
			if c == 0x82 && b[i+1] >= 0x9f && b[i+1] <= 0xf1 || c == 0x83 && b[i+1] <= 0x96 {
				kana++
			}
			i++
		}
	}
	return kana >= 3 && kana*100 >= pairs*25
}

// isEUCJP reports whether a text is Japanese in EUC-JP: much of it is kana, whose first octets are
// 0xa4 and 0xa5.
func isEUCJP(b []byte) bool {
	if bytes.Count(b, []byte{0xa4})+bytes.Count(b, []byte{0xa5}) < 3 {
		return false
	}
	pairs, kana := 0, 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c < utf8.RuneSelf:
		case c != 0x8e && c < 0xa1 || c == 0xff || i+1 == len(b) || b[i+1] < 0xa1 || b[i+1] == 0xff:
			return false
		default:
			pairs++
			if c == 0xa4 && b[i+1] <= 0xf3 || c == 0xa5 && b[i+1] <= 0xf6 {
				kana++
			}
			i++
		}
	}
	return kana >= 3 && kana*100 >= pairs*25
}

// otherScript returns the charset that the form of a text or the statistics name, if the text then
// consists of words; nil if nothing better is known.
func otherScript(b []byte, declared encoding.Encoding) encoding.Encoding {
	if e := byForm(b); e != nil {
		return e
	}
	best := detect(b)
	if e := lookup(strings.ToLower(best.Charset)); e != nil && best.Confidence >= 15 && e != declared && !latinSet(e) {
		if text := convert(b, e); strings.Count(text, "\ufffd")*50 <= len(text) && !turnedCase(text) && !brokenWords(text) {
			return e
		}
	}
	if e := byLetters(b); e != declared {
		return e
	}
	return nil
}

// scripts are the charsets of other alphabets, and the commonest small letters of those.
var scripts = []struct {
	encoding encoding.Encoding
	letters  string
}{
	{charmap.Windows1251, "оеаинтсрвлкмдпуяыьі"}, {charmap.KOI8R, "оеаинтсрвлкмдпуяыь"}, {charmap.ISO8859_5, "оеаинтсрвлкмдпуяыь"},
	{charmap.Windows1253, "αοιετσνηυρπκμλςωίάόέήύ"},
	{charmap.Windows1255, "יוהלאתשמרנבדקעח"}, {charmap.Windows1256, "االينموترعةدسبفكهحقتلأ"},
}

// byLetters returns the charset of another alphabet in which a text consists of common letters; nil
// if it does in none.
func byLetters(b []byte) encoding.Encoding {
	var best encoding.Encoding
	most := 0
	for _, s := range scripts {
		common, all := 0, 0
		for _, c := range convert(b, s.encoding) {
			if c >= utf8.RuneSelf {
				all++
				if strings.ContainsRune(s.letters, c) {
					common++
				}
			}
		}
		if share := common * 100 / max(all, 1); all >= 8 && share >= 60 && share > most {
			best, most = s.encoding, share
		}
	}
	return best
}

// rareLetters reports whether a text in another alphabet consists mostly of letters that are rare
// there: it is written in another charset of that alphabet.
func rareLetters(text string, declared encoding.Encoding) bool {
	for _, s := range scripts {
		if s.encoding != declared {
			continue
		}
		common, all := 0, 0
		are := lettersOf(s.letters)
		for _, c := range text {
			if c >= utf8.RuneSelf && c != '\u00a0' {
				if all++; are.hold(wordset.LowerRune(c)) {
					common++
				}
			}
		}
		return all >= 20 && common*100 < all*45
	}
	return false
}

// letterSet holds letters of one block of 256 characters.
type letterSet struct {
	block rune
	bits  [4]uint64
}

func lettersOf(letters string) letterSet {
	var s letterSet
	for _, c := range letters {
		s.block = c >> 8
		s.bits[c>>6&3] |= 1 << (c & 63)
	}
	return s
}

func (s *letterSet) hold(c rune) bool { return c>>8 == s.block && s.bits[c>>6&3]&(1<<(c&63)) != 0 }

// highWords counts the words that hold letters beyond ASCII, and among them those of three letters
// or more that hold nothing else: in languages of Latin script there are hardly any.
func highWords(text string) (bare, high int) {
	n, ascii := 0, 0 // letters of the word at hand
	end := func() {
		if n > 0 {
			high++
			if ascii == 0 && n >= 3 {
				bare++
			}
		}
		n, ascii = 0, 0
	}
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			ascii++
		case c >= utf8.RuneSelf && c != '\u00a0':
			n++
		case n > 0 || ascii > 0:
			end()
		}
	}
	end()
	return bare, high
}

// longestHigh returns how many characters beyond ASCII stand in a row at most.
func longestHigh(text string) int {
	longest, n := 0, 0
	for _, c := range text {
		if n++; c < utf8.RuneSelf {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}

// turnedCase reports whether most words have their capitals behind their first letter: KOI8 read as
// windows-1251, and the reverse.
func turnedCase(text string) bool {
	words, turned := 0, 0
	n := 0 // letters of the word at hand; its first is no ASCII if high
	high, upper := false, false
	for _, c := range text {
		if !isLetter(c) {
			n = 0
			continue
		}
		switch n++; {
		case n == 1:
			high = c >= utf8.RuneSelf
		case n == 2:
			upper = high && unicode.IsUpper(c)
		case n == 3 && high:
			words++
			if upper && unicode.IsUpper(c) {
				turned++
			}
		}
	}
	small := func(c rune) bool { return c >= utf8.RuneSelf && unicode.IsLower(c) }
	return words >= 3 && turned*2 > words && strings.IndexFunc(text, small) >= 0
}

// brokenWords reports whether many signs that are no letters stand between letters: text read in a
// charset that puts other signs at its places.
func brokenWords(text string) bool {
	inside, letters := 0, 0
	letter := [2]bool{}
	var last rune
	for _, c := range text {
		is := c >= utf8.RuneSelf && isLetter(c)
		if is {
			letters++
		}
		if letter[0] && is && last >= utf8.RuneSelf && !letter[1] && !unicode.IsMark(last) && !unicode.IsPunct(last) {
			inside++
		}
		letter[0], letter[1], last = letter[1], is, c
	}
	return inside >= 3 && inside*12 > letters
}

// isLetter is unicode.IsLetter, with no look into tables for ASCII and Cyrillic.
func isLetter(c rune) bool {
	switch {
	case c < utf8.RuneSelf:
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	case 0x400 <= c && c <= 0x481:
		return true
	}
	return unicode.IsLetter(c)
}

// latinSet reports whether a charset is one of those for languages of Latin script.
func latinSet(e encoding.Encoding) bool {
	for _, l := range latinSets {
		if e == l {
			return true
		}
	}
	return e == charmap.ISO8859_1 || e == charmap.ISO8859_15 || e == charmap.ISO8859_9
}

// latinSets are the charsets among which otherLatin chooses, the commonest first.
var latinSets = []encoding.Encoding{charmap.Windows1252, charmap.Windows1250, charmap.ISO8859_2, charmap.Windows1254, charmap.Windows1257}

// alphabets are the letters beyond ASCII of the languages of Latin script, in lower case, and those
// of foreign names that are common in them.
var alphabets = []string{
	"äöüßéèà", "éèêëàâæçîïôûùüœÿñ", "áéíóúñüçàèìòùªº", "ãõáâàçéêíóôúüñªº", "àèéìòùîóú", "ëéïèêöüáóúíàçäîôû", "åäöéüáà", "æøåéöäüóòôê",
	"åäöšžé", "áéíóúýþæðö", "àèéíïòóúüçñ·", "áâàéèêíîóôúûẅẁẃŵŷïöäëü",
	"ąćęłńóśźżéöü", "áčďéěíňóřšťúůýžöü", "áäčďéíĺľňóôŕšťúýžöüě", "áéíóöőúüűä", "ăâîșțşţéö", "čćđšžöüé", "çğıöşüâîûi̇",
	"ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž", "ëç",
}

// otherLatin returns the charset in which a text consists of the letters of one language, where in
// the declared one it does not; nil if there is none.
func otherLatin(b []byte, text string, declared encoding.Encoding) encoding.Encoding {
	if spelled(text) >= 0 && !strings.ContainsRune(text, utf8.RuneError) { // a place where the declared set has nothing
		return nil
	}
	if high := len(b) - asciiIn(b); high >= 12 && high*2 > len(b) { // no language of Latin script
		return otherScript(b, declared)
	}
	for _, e := range latinSets {
		if e != declared && spelled(convert(b, e)) >= 3 {
			return e
		}
	}
	return nil
}

// asciiIn counts the octets of ASCII.
func asciiIn(b []byte) int {
	n := 0
	for _, c := range b {
		if c < utf8.RuneSelf {
			n++
		}
	}
	return n
}

// spelled returns how many letters beyond ASCII a text has, -1 if they are not all of one language.
// A sign that stands at a letter counts as one, punctuation behind a word does not.
func spelled(text string) int {
	var seen [64]rune
	letters, n := seen[:0], 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(text[:i]) // none is no letter
		c, size := utf8.DecodeRuneInString(text[i:])
		i += size
		next, _ := utf8.DecodeRuneInString(text[i:])
		before, behind := unicode.IsLetter(last), unicode.IsLetter(next)
		if !unicode.IsLetter(c) && !(before && behind && !standsInWords(c)) && !(c >= 0x80 && c < 0xa0) {
			continue
		}
		n++
		if l := unicode.ToLower(c); !slices.Contains(letters, l) {
			letters = append(letters, l)
		}
	}
	for _, alphabet := range alphabets {
		if !slices.ContainsFunc(letters, func(l rune) bool { return !strings.ContainsRune(alphabet, l) }) {
			return n
		}
	}
	return -1
}
