// Package mood guesses from a mail's words whether its writer has lost patience: embedded lists of
// what people say then, a file a language, capitals, marks, and how often they have written in
// vain. It is pure. It must never know tickets, and nothing but rules may hang on what it says: it
// is a guess, that calls a person.
package mood

import (
	"bufio"
	"embed"
	"io/fs"
	"strings"
	"sync"
	"unicode"
)

// Mood is how somebody writes.
type Mood string

// The moods.
const (
	Calm    Mood = "calm"
	Annoyed Mood = "annoyed" // one sign of impatience
	Angry   Mood = "angry"   // several, or one that leaves no doubt
)

// Moods in their order.
func Moods() []Mood { return []Mood{Calm, Annoyed, Angry} }

// chaser is the mail in vain with which patience ends, whatever its words.
const chaser = 3

// maxText is how much of a text is looked at.
const maxText = 16 << 10

// Of returns the mood of a text of which quoted history is taken out. unanswered counts the mails
// that the writer has sent without an answer of a person, with this one.
func Of(text string, unanswered int) Mood {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	score := score(text)
	if unanswered >= chaser {
		score += 2
	}
	switch {
	case score >= 2:
		return Angry
	case score == 1:
		return Annoyed
	}
	return Calm
}

// score adds up what speaks for anger, less what speaks for patience.
func score(text string) int {
	return lists().points(spaced(text)) + shouted(text) + marks(text)
}

// shouted returns 2 for a sentence of at least four words in capitals, one of them that people do
// not write so otherwise: names of products have figures, or stand beside words in small letters.
func shouted(text string) int {
	var s sentence
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z':
			s.letters++
			s.small = true
		case r == '.' || r == '!' || r == '?' || r == '\n':
			if s.shouted() {
				return 2
			}
			s = sentence{}
		case unicode.IsLetter(r):
			s.letters++
			s.small = s.small || unicode.ToUpper(r) != r
			s.capital = s.capital || unicode.ToLower(r) != r
		default:
			s.endWord()
			s.digit = s.digit || unicode.IsDigit(r)
		}
	}
	if s.shouted() {
		return 2
	}
	return 0
}

// sentence counts the words of a sentence that is read letter by letter.
type sentence struct {
	words, capitals int // words of two letters or more; those all in capitals
	digit           bool
	letters         int // of the word that is being read
	small, capital  bool
}

func (s *sentence) endWord() {
	if s.letters >= 2 {
		s.words++
		if s.capital && !s.small {
			s.capitals++
		}
	}
	s.letters, s.small, s.capital = 0, false, false
}

// shouted reports whether the sentence, which ends here, is written in capitals.
func (s *sentence) shouted() bool {
	s.endWord()
	return s.capitals >= 4 && s.capitals*10 >= s.words*9 && !s.digit
}

// marks returns 1 for marks that are put twice.
func marks(text string) int {
	for _, m := range []string{"!!", "??", "?!", "!?"} {
		if strings.Contains(text, m) {
			return 1
		}
	}
	return 0
}

// spaced returns the words of a text in small letters, a blank before, between and behind them.
func spaced(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	gap := true
	for _, r := range text {
		if r == '’' {
			r = '\''
		}
		if 'a' <= r && r <= 'z' {
			b.WriteByte(byte(r))
			gap = false
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' {
			b.WriteRune(unicode.ToLower(r))
			gap = false
		} else if !gap {
			b.WriteByte(' ')
			gap = true
		}
	}
	b.WriteByte(' ')
	return b.String()
}

// listed is a phrase of the lists.
type listed struct {
	phrase string // between blanks; without the last one where any ending will do
	points int
}

//go:embed lang/*.txt
var files embed.FS

// lists returns all phrases of all languages: people mix them, and a phrase of one is none of
// another.
var lists = sync.OnceValue(func() *index {
	var all []listed
	names, err := fs.Glob(files, "lang/*.txt")
	if err != nil {
		panic(err) // a defect of the program
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		all = append(all, parse(string(text))...)
	}
	return newIndex(all)
})

// index finds phrases by how they begin: to seek each of some seven hundred through the text took
// twenty times as long as all else that mood does.
type index struct {
	all      []listed
	begin    map[[keyLen]byte][]int // places in all
	anywhere []int                  // what is shorter than a key
}

// keyLen is how many octets of a phrase, behind its first blank, it is found by.
const keyLen = 3

func newIndex(all []listed) *index {
	x := &index{all: all, begin: map[[keyLen]byte][]int{}}
	for i, l := range all {
		if len(l.phrase) <= keyLen {
			x.anywhere = append(x.anywhere, i)
			continue
		}
		key := [keyLen]byte([]byte(l.phrase[1:]))
		x.begin[key] = append(x.begin[key], i)
	}
	return x
}

// points adds up those of the phrases that stand in a text made by spaced, each once.
func (x *index) points(words string) int {
	sum := 0
	for _, i := range x.anywhere {
		if strings.Contains(words, x.all[i].phrase) {
			sum += x.all[i].points
		}
	}
	var found map[int]bool
	for at := 0; len(words)-at > keyLen; {
		for _, i := range x.begin[[keyLen]byte([]byte(words[at+1:at+1+keyLen]))] {
			if !found[i] && strings.HasPrefix(words[at:], x.all[i].phrase) {
				if found == nil {
					found = map[int]bool{}
				}
				found[i] = true
				sum += x.all[i].points
			}
		}
		next := strings.IndexByte(words[at+1:], ' ')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return sum
}

// parse reads a list: a phrase a line behind its points.
func parse(text string) []listed {
	var out []listed
	points := map[string]int{"++": 2, "+": 1, "-": -1, "--": -2}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		sign, phrase, found := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if n := points[sign]; found && n != 0 {
			phrase, open := strings.CutSuffix(strings.ToLower(strings.TrimSpace(phrase)), "*")
			if phrase = " " + phrase; !open {
				phrase += " "
			}
			out = append(out, listed{phrase, n})
		}
	}
	return out
}
