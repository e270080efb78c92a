// Package phrase holds the sentences that the desk uses in its mails: why a mail is held, what a
// command did, what a button is called. It owns the translations, one embedded file for each
// language, and lets an admin override the wording. It must never know what a sentence is about.
package phrase

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"tierdesk/rules/fault"
	"tierdesk/templates"
)

// Text is a sentence of the desk, independent of language. The zero value is empty.
type Text struct {
	format string // English
	args   []any  // an argument may be a Text itself, a Moment, or a name of the desk
}

// Say makes a Text. The format must be a literal in the program: a test looks for its translations.
func Say(format string, args ...any) Text { return Text{format, args} }

// Verbatim makes a Text from somebody else's words, which is the same in every language.
func Verbatim(text string) Text { return Text{"%s", []any{text}} }

// Join makes one Text of several, omitting empty ones.
func Join(texts ...Text) Text {
	var out Text
	for _, t := range texts {
		switch {
		case t.Empty():
		case out.Empty():
			out = t
		default:
			out = Text{"%s %s", []any{out, t}}
		}
	}
	return out
}

// Names returns a list of names. If there are several, a name that contains a comma is quoted, so
// that "Muster, Max" does not look like two people.
func Names(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, ", ")
	}
	out := make([]string, len(names))
	for i, name := range names {
		if out[i] = name; strings.Contains(name, ",") {
			out[i] = `"` + strings.Trim(name, `"`) + `"`
		}
	}
	return strings.Join(out, ", ")
}

// Moment is a time in a Text. It is formatted as usual in mails in the Text's language.
type Moment struct {
	At, Now  time.Time
	Location *time.Location
	DayAlone bool
}

// Status and Priority are names of the desk in a Text: in a mail the word of its language, and not
// what commands take.
type (
	Status   string
	Priority string
)

// Empty reports whether the Text is empty.
func (t Text) Empty() bool { return t.format == "" }

// English returns the Text in English.
func (t Text) English() string { return (*Book)(nil).Text(t, "en") }

// Book holds the translations in force. It must not be changed once it is made; a nil Book uses
// English.
type Book struct {
	own  map[string]map[string]string // the admin's, by language, each by the English sentence
	desk string                       // the language of readers whose own has no words here
}

// File is an admin's file of phrases: its name relative to the desk folder, and its content.
type File struct{ Name, Text string }

// FileName reports whether a file below templates/ holds phrases, and in which language:
// "phrases.de.txt".
func FileName(name string) (language string, ok bool) {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	return strings.ToLower(m[1]), true
}

var fileName = regexp.MustCompile(`^phrases\.([a-z]{2}(?:-[A-Za-z]{2})?)\.txt$`)

//go:embed lang/*.txt
var builtin embed.FS

// shipped are the built-in translations, by language. They are the same for every Book, and a desk
// rarely speaks all languages, so each is read once, for its first reader.
var shipped = sync.OnceValue(func() map[string]func() map[string]string {
	files, err := fs.Glob(builtin, "lang/*.txt")
	if err != nil {
		panic(err) // the pattern is ours
	}
	out := map[string]func() map[string]string{}
	for _, name := range files {
		out[strings.TrimSuffix(path.Base(name), ".txt")] = sync.OnceValue(func() map[string]string {
			text, err := builtin.ReadFile(name)
			words, faults := pairs(name, string(text), nil)
			if err = cmp.Or(err, faults.Err()); err != nil {
				panic(err) // a defect of ours; a test keeps it from ever being shipped
			}
			return words
		})
	}
	return out
})

// builtinWords returns the built-in translations into a language, nil if there are none.
func builtinWords(language string) map[string]string {
	if words := shipped()[language]; words != nil {
		return words()
	}
	return nil
}

// whole is the language whose built-in file has every sentence of the desk, as a test sees to.
const whole = "de"

// Load makes a Book from the built-in translations and the admin's files, which take precedence. It
// lists every fault with its line; if there is any, the Book is nil. Whose language has no words at
// all reads the desk's, as in the mails around the sentences.
func Load(own []File, desk string) (*Book, fault.List) {
	b := &Book{own: map[string]map[string]string{}, desk: desk}
	var faults fault.List
	for _, f := range own {
		language, ok := FileName(path.Base(f.Name))
		if !ok {
			faults.Add(fault.Place{File: f.Name, Line: 0, Column: 0}, "like phrases.de.txt",
				"a file of phrases is called phrases.LANGUAGE.txt")
			continue
		}
		words, wrong := pairs(f.Name, f.Text, builtinWords(whole))
		faults = append(faults, wrong...)
		if b.own[language] == nil {
			b.own[language] = map[string]string{}
		}
		maps.Copy(b.own[language], words)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return b, nil
}

// pairs reads pairs of lines: an English sentence, and below it the replacement. Blank lines and
// lines that begin with # separate pairs. A sentence that is not in known is a fault, unless known
// is nil.
func pairs(file, text string, known map[string]string) (words map[string]string, faults fault.List) {
	words = map[string]string{}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	first := map[string]int{} // the line in which a sentence stands
	for i := 0; i < len(lines); i++ {
		english := strings.TrimSpace(lines[i])
		if isBetween(english) {
			continue
		}
		at := fault.Place{File: file, Line: i + 1, Column: 1}
		if i+1 == len(lines) || isBetween(strings.TrimSpace(lines[i+1])) {
			faults.Add(at, "", "%q has no translation below it", english)
			continue
		}
		i++
		translation := strings.TrimSpace(lines[i])
		below := fault.Place{File: file, Line: i + 1, Column: 1}
		switch {
		case known != nil && known[english] == "":
			faults.Add(at, nearest(english, known), "the desk does not say %q", english)
		case first[english] > 0:
			faults.Add(at, "", "%q stands in line %d already", english, first[english])
		case !slices.Equal(verbs(english), verbs(translation)):
			faults.Add(below, wanted(english), "%q and its translation do not have the same placeholders in the same order", english)
		case strings.Contains(verb.ReplaceAllString(translation, ""), "%"):
			faults.Add(below, "write %% for a per cent sign", "a %% in the translation of %q is no placeholder", english)
		default:
			words[english], first[english] = translation, i
		}
	}
	return words, faults
}

// isBetween reports whether a line separates pairs.
func isBetween(line string) bool { return line == "" || strings.HasPrefix(line, "#") }

func nearest(english string, known map[string]string) string {
	if len(english) < 300 { // no edit may slow down the desk
		if near := fault.Nearest(english, slices.Sorted(maps.Keys(known))); near != "" {
			return fmt.Sprintf("did you mean %q?", near)
		}
	}
	return "the English line is what the desk says, to the letter"
}

func wanted(english string) string {
	if v := verbs(english); len(v) > 0 {
		return strings.Join(v, " ")
	}
	return "none"
}

var verb = regexp.MustCompile(`%[a-z%]`)

func verbs(format string) []string { return verb.FindAllString(format, -1) }

// Source returns all sentences with their wording in a language, as a file of phrases for an admin
// to start from.
func (b *Book) Source(language string) string {
	text, err := builtin.ReadFile("lang/" + whole + ".txt")
	if err != nil {
		panic(err) // it is embedded
	}
	_, body, _ := strings.Cut(string(text), "\n")
	lines := strings.Split(body, "\n")
	for i := 0; i < len(lines); i++ {
		if english := lines[i]; !isBetween(english) {
			i++
			lines[i] = cmp.Or(b.lookup(strings.ToLower(language), english), english)
		}
	}
	return sourceHead + strings.Join(lines, "\n")
}

const sourceHead = "# English stands first, as the program says it; below it what is said in its place, with the same\n" +
	"# placeholders in the same order. Keep the pairs that you change, and leave the others out.\n"

// Text returns the text in a language: in English where the sentence is unknown, in the desk's
// language where the language is.
func (b *Book) Text(t Text, language string) string {
	if t.format == "" {
		return ""
	}
	language = b.spoken(language)
	args := make([]any, len(t.args))
	for i, a := range t.args {
		switch inner := a.(type) {
		case Text:
			a = b.Text(inner, language)
		case Moment:
			a = templates.Moment(language, inner.At, inner.Now, inner.Location, inner.DayAlone)
		case Status:
			a = templates.Status(language, string(inner))
		case Priority:
			a = templates.Priority(language, string(inner))
		}
		args[i] = a
	}
	return fmt.Sprintf(b.wording(t.format, language), args...)
}

// wording returns a sentence's format in a language, in English where there is none.
func (b *Book) wording(format, language string) string {
	if b == nil {
		return format
	}
	return cmp.Or(b.lookup(strings.ToLower(b.spoken(language)), format), format)
}

// spoken returns the language if there are words in it, and the desk's otherwise.
func (b *Book) spoken(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if b == nil || base == "" || base == "en" || b.own[base] != nil || b.own[strings.ToLower(language)] != nil ||
		shipped()[base] != nil {
		return language
	}
	return b.desk
}

// Recall returns in a language what was recorded in English: a sentence of texts, whose arguments
// are read out of it. What is none of them is returned as it is.
func (b *Book) Recall(recorded, language string, texts []Text) string {
	for _, t := range texts {
		var pattern strings.Builder
		for i, piece := range verb.Split(t.format, -1) {
			if i > 0 {
				pattern.WriteString("(.*?)")
			}
			pattern.WriteString(regexp.QuoteMeta(piece))
		}
		found := regexp.MustCompile("(?s)^" + pattern.String() + "$").FindStringSubmatch(recorded)
		if found == nil {
			continue
		}
		args := make([]any, len(found)-1)
		for i := range args {
			args[i] = found[i+1]
		}
		return fmt.Sprintf(verb.ReplaceAllString(b.wording(t.format, language), "%s"), args...)
	}
	return recorded
}

// lookup returns the wording of a sentence in a language, or in the language without its region.
func (b *Book) lookup(language, format string) string {
	base, _, _ := strings.Cut(language, "-")
	return cmp.Or(b.own[language][format], b.own[base][format], builtinWords(base)[format])
}

// Texts returns those of the texts that are not empty, in a language.
func (b *Book) Texts(texts []Text, language string) []string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		if s := b.Text(t, language); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// English returns those of the texts that are not empty, in English.
func English(texts []Text) []string { return (*Book)(nil).Texts(texts, "en") }
