package vendor

import (
	"embed"
	"io/fs"
	"iter"
	"strings"
	"sync"

	"tierdesk/mailin"
)

//go:embed solved/*.txt
var solvedFiles embed.FS

// solvedWords holds the folded sentences by which people report a solution, in each language of the
// templates: a whole sentence or line each, one file for each language.
var solvedWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	names, err := fs.Glob(solvedFiles, "solved/*.txt")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, name := range names {
		text, err := solvedFiles.ReadFile(name)
		if err != nil {
			panic(err) // it is part of the program
		}
		for line := range strings.Lines(string(text)) {
			out[mailin.Plain(line)] = true
		}
	}
	return out
})

// sentences yields the sentences and lines of a text, folded, except for questions.
func sentences(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			begin := 0
			for i, r := range line {
				if !strings.ContainsRune(".!?;？¿\n", r) {
					continue
				}
				if r != '?' && r != '？' && !yield(mailin.Plain(line[begin:i])) {
					return
				}
				begin = i
			}
			if !yield(mailin.Plain(line[begin:])) {
				return
			}
		}
	}
}
