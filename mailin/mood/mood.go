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
	words := spaced(text)
	var sum int
	for _, l := range lists() {
		if strings.Contains(words, l.phrase) {
			sum += l.points
		}
	}
	return sum + shouted(text) + marks(text)
}

// shouted returns 2 for a sentence of at least four words in capitals, one of them that people do
// not write so otherwise: names of products have figures, or stand beside words in small letters.
func shouted(text string) int {
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?\n", r) }) {
		capitals, words := 0, 0
		for _, w := range strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len([]rune(w)) < 2 {
				continue
			}
			if words++; strings.ToUpper(w) == w && strings.ToLower(w) != w {
				capitals++
			}
		}
		if capitals >= 4 && capitals*10 >= words*9 && !strings.ContainsFunc(sentence, unicode.IsDigit) {
			return 2
		}
	}
	return 0
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
	b.WriteByte(' ')
	gap := true
	for _, r := range strings.ReplaceAll(text, "’", "'") {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' {
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
var lists = sync.OnceValue(func() []listed {
	var out []listed
	names, err := fs.Glob(files, "lang/*.txt")
	if err != nil {
		panic(err) // a defect of the program
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		out = append(out, parse(string(text))...)
	}
	return out
})

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
