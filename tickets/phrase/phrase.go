// Package phrase holds what the desk says in sentences inside its mails: why a mail is held, what a
// command did, what a button is called. It owns the translations, one embedded file a language, and
// lays an admin's own wording on top. It must never know what a sentence is about.
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

	"tierdesk/rules/fault"
)

// Text is something the desk says, before it is known in which language. The zero value says
// nothing.
type Text struct {
	format string // English
	args   []any  // an argument may be a Text itself
}

// Say makes a Text. The format stands in the program as a literal: a test looks for its
// translations.
func Say(format string, args ...any) Text { return Text{format, args} }

// Verbatim makes a Text that somebody else wrote. It is the same in every language.
func Verbatim(text string) Text { return Text{"%s", []any{text}} }

// Empty reports whether the Text says nothing.
func (t Text) Empty() bool { return t.format == "" }

// English returns the Text in English.
func (t Text) English() string { return (*Book)(nil).Text(t, "en") }

// Book holds the translations in force. It is read-only once it is made; a nil Book speaks English.
type Book struct {
	languages map[string]map[string]string
}

// File is an admin's file of phrases: its name below the desk folder and what is in it.
type File struct{ Name, Text string }

// FileName reports whether a file below templates/ holds phrases, and of which language:
// "phrases.de.txt".
func FileName(name string) (language string, ok bool) {
	language, ok = strings.CutPrefix(name, "phrases.")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(language, ".txt")
}

//go:embed lang/*.txt
var builtin embed.FS

// Load makes a Book of the built-in translations and the admin's files on top. Every fault is named
// with its line; with any fault the Book is nil.
func Load(own []File) (*Book, fault.List) {
	b := &Book{languages: map[string]map[string]string{}}
	var faults fault.List
	files, err := fs.Glob(builtin, "lang/*.txt")
	if err != nil {
		faults.Add(fault.Place{File: "", Line: 0, Column: 0}, "", "%v", err)
	}
	for _, name := range files {
		text, err := builtin.ReadFile(name)
		if err != nil {
			faults.Add(fault.Place{File: name, Line: 0, Column: 0}, "", "%v", err)
			continue
		}
		b.add(name, strings.TrimSuffix(path.Base(name), ".txt"), string(text), nil, &faults)
	}
	known := b.languages["de"] // every built-in language has every sentence
	for _, f := range own {
		language, ok := FileName(path.Base(f.Name))
		if !ok {
			faults.Add(fault.Place{File: f.Name, Line: 0, Column: 0}, "", "a file of phrases is called phrases.LANGUAGE.txt")
			continue
		}
		b.add(f.Name, language, f.Text, known, &faults)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return b, nil
}

// add reads pairs of lines: the English sentence, and below it what is said in its place. Blank
// lines and lines that begin with # stand between pairs. A sentence that is not known is a fault;
// nil knows all.
func (b *Book) add(file, language, text string, known map[string]string, faults *fault.List) {
	words := maps.Clone(b.languages[language])
	if words == nil {
		words = map[string]string{}
	}
	b.languages[language] = words
	english := ""
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
			if english != "" {
				faults.Add(fault.Place{File: file, Line: i, Column: 1}, "", "%q has no translation below it", english)
			}
			english = ""
		case english == "" && known != nil && known[line] == "":
			faults.Add(fault.Place{File: file, Line: i + 1, Column: 1}, "the English line has to be what the desk says, to the letter", "the desk does not say %q", line)
			return
		case english == "":
			english = line
		case !slices.Equal(verbs(english), verbs(line)):
			faults.Add(fault.Place{File: file, Line: i + 1, Column: 1}, "", "%q and its translation do not have the same %%-verbs in the same order", english)
			english = ""
		default:
			words[english] = line
			english = ""
		}
	}
	if english != "" {
		faults.Add(fault.Place{File: file}, "", "%q has no translation below it", english)
	}
}

var verb = regexp.MustCompile(`%[a-z%]`)

func verbs(format string) []string { return verb.FindAllString(format, -1) }

// Text returns the text in a language, in English where the language or the sentence is unknown.
func (b *Book) Text(t Text, language string) string {
	if t.format == "" {
		return ""
	}
	format := t.format
	if b != nil {
		format = cmp.Or(b.lookup(strings.ToLower(language), t.format), t.format)
	}
	args := make([]any, len(t.args))
	for i, a := range t.args {
		if inner, ok := a.(Text); ok {
			a = b.Text(inner, language)
		}
		args[i] = a
	}
	return fmt.Sprintf(format, args...)
}

// lookup finds a sentence in a language, or in the language without its region.
func (b *Book) lookup(language, format string) string {
	if s, ok := b.languages[language][format]; ok {
		return s
	}
	base, _, _ := strings.Cut(language, "-")
	return b.languages[base][format]
}

// Texts returns those of the texts that say something.
func (b *Book) Texts(texts []Text, language string) []string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		if s := b.Text(t, language); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// English returns those of the texts that say something, in English.
func English(texts []Text) []string { return (*Book)(nil).Texts(texts, "en") }
