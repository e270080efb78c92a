package commands

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// verbList holds what people call commands in the languages of the templates, a command a line.
//
//go:embed verbs.txt
var verbList string

// verbs are what verbList holds: the command by the word.
var verbs = sync.OnceValue(func() map[string]Name {
	out := map[string]Name{}
	for line := range strings.Lines(verbList) {
		name, words, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, word := range strings.Split(words, "|") {
			out[foldWord(word)] = Name(name)
		}
	}
	return out
})

// strict are the commands whose argument is hardly ever the rest of a sentence: "assign bob",
// "tier 2". Others may begin an answer: "Close the lid", "time is short".
var strict = []Name{Assign, Status, Priority, Tier, Team, Snooze, Cc, Merge}

// unslashed doubts a text whose first line is a command and nothing else, but for the slash: who is
// in a hurry forgets it, and the customer would read "close". A note leaks nothing.
func (p *parser) unslashed() {
	r := &p.result
	if r.Note || p.foreign || r.Body == "" || len(r.Doubts) > 0 {
		return
	}
	for i := p.text; i < len(p.lines); i++ {
		line := clean(p.lines[i])
		if line == "" || isQuoted(line) {
			continue
		}
		if meant := p.commandWithoutSlash(strings.Trim(line, emphasis)); meant != "" {
			p.doubt(i+1, p.lines[i], NoSlash, meant)
		}
		return
	}
}

// commandWithoutSlash returns the command that a line would be with a slash before it, as it is to
// be typed; "" if it would be none.
func (p *parser) commandWithoutSlash(line string) string {
	word, rest, _ := strings.Cut(strings.TrimRight(line, stops), " ")
	name := Name(foldWord(word))
	if meant, found := verbs()[string(name)]; found {
		name = meant
	}
	spec, found := Lookup(name)
	if !found {
		return ""
	}
	name, rest = spec.Name, strings.TrimSpace(rest)
	if rest == "" {
		return "/" + string(name)
	}
	if !slices.Contains(strict, name) || name == Cc && !strings.HasPrefix(rest, "+") {
		return ""
	}
	before, _ := spec.others(rest)
	if _, wrong := spec.read(before, p.opt); wrong != nil {
		return ""
	}
	return "/" + string(name) + " " + rest
}
