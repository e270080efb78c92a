package main

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// wording is a way to put things that the house does not have.
var wording = []struct {
	bad     *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)\b(he|him|his|himself)\b`), "people are they"},
	{regexp.MustCompile(`(?i)\btells (whether|if)\b`), "a predicate reports whether"},
	{regexp.MustCompile(`(?i)\bof the design\b|\bDESIGN\.md\b|\bthe design (says|has|shows|asks|wants)\b`), "what must be known stands in docs/"},
}

// concurrency is how a comment must not put that something is safe for concurrent use: "at once" also
// means "immediately".
var concurrency = regexp.MustCompile(`(?i)\b(may|can|could) be (called|used|read|asked) at once\b|` +
	`\b(called|used|use it|call it) (by (any number of )?\w+ )?at once (by|for|from) (any|different|many|several)\b|` +
	`\b(many|several|any number|goroutines) (may|can) (call|use) (it|them) at once\b|` +
	`\bat once by (any|many|several)\b|\b(goroutines|used by many|used by several|use by several) at once\b`)

// spoken are places where such words are somebody else's: a mail, a list of words, a language's code.
var spoken = []struct{ path, text, why string }{
	{"mailin/read/language.go", `"he"`, "the code of Hebrew"},
	{"mailin/read/language.go", "el la los las y es", "words by which languages are told apart"},
	{"mailin/internal/late/late.go", "ar he ja", "codes of languages"},
	{"cmd/internal/demo/story.go", "He did the same in March", "people in the story talk so"},
	{"cmd/internal/demo/story.go", "let him wait", "people in the story talk so"},
}

func exempt(path, line string) bool {
	return slices.ContainsFunc(spoken, func(s struct{ path, text, why string }) bool { return s.path == path && strings.Contains(line, s.text) })
}

func judge(t *testing.T, path, place, text string) {
	t.Helper()
	for _, line := range strings.Split(text, "\n") {
		for _, w := range wording {
			if found := w.bad.FindString(line); found != "" && !exempt(path, line) {
				t.Errorf("%s: %q: %s: %s", place, found, w.instead, strings.TrimSpace(line))
			}
		}
	}
}

// Comments, and what the program says, are plain English.
func TestEnglish(t *testing.T) {
	for _, s := range sources(t) {
		for i, f := range s.files {
			path := s.path() + "/" + s.GoFiles[i]
			for _, group := range f.Comments {
				if found := concurrency.FindString(strings.Join(strings.Fields(group.Text()), " ")); found != "" {
					t.Errorf("%s: %q: say that it is safe for concurrent use", s.at(group), found)
				}
				for _, c := range group.List {
					judge(t, path, s.at(c), c.Text)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					judge(t, path, s.at(lit), lit.Value)
				}
				return true
			})
		}
	}
}

// documents returns the paths of README and of all documents, in the clone.
func documents(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..", "..", "..")
	files := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			name, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
	}
	if len(files) < 10 {
		t.Fatalf("only %d documents: this test has lost them", len(files))
	}
	return files
}

// So are the documents.
func TestDocumentsAreEnglish(t *testing.T) {
	for _, name := range documents(t) {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		judge(t, name, name, string(text))
	}
}

// A function that returns nothing but a bool reports whether something is so, and says it in these words.
func TestPredicatesReport(t *testing.T) {
	others := 0
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Doc == nil || !predicate(fn) {
					continue
				}
				first, _, _ := strings.Cut(fn.Doc.Text(), ".")
				verb := firstVerb(first)
				switch {
				case verb == "tells" || verb == "says" || verb == "checks":
					t.Errorf("%s: %s %s: a predicate reports whether", s.at(fn), fn.Name.Name, verb)
				case verb != "reports":
					others++
				}
			}
		}
	}
	t.Logf("%d functions that return a bool are described in other words: they do something, and say whether they did", others)
}

// predicate reports whether a function returns nothing but a bool.
func predicate(fn *ast.FuncDecl) bool {
	r := fn.Type.Results
	if r == nil || len(r.List) != 1 || len(r.List[0].Names) > 1 {
		return false
	}
	return types(r.List[0].Type) == "bool"
}

// firstVerb returns the word behind the name with which a comment begins.
func firstVerb(comment string) string {
	words := strings.Fields(comment)
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// The widths of lines, a tab taken for four columns.
const (
	codeWidth    = 140
	commentWidth = 100
)

// Lines end where the house says. A line of code may be wider for a text that would be broken to fit, or for the tag of a field.
func TestWidths(t *testing.T) {
	for _, s := range sources(t) {
		for i, name := range s.GoFiles {
			text, err := os.ReadFile(filepath.Join(s.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			texts := longTexts(s, i)
			for n, line := range strings.Split(string(text), "\n") {
				limit := codeWidth
				if comment := strings.TrimSpace(line); strings.HasPrefix(comment, "// ") {
					limit = commentWidth
				}
				width := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    "))
				if width <= limit || limit == codeWidth && texts[n+1] {
					continue
				}
				t.Errorf("%s/%s:%d: a line of %d columns: code ends at %d, a comment at %d", s.path(), name, n+1, width, codeWidth, commentWidth)
			}
		}
	}
}

// longText is from how many columns on a text is not broken to fit.
const longText = 110

// longTexts returns the lines of a file on which a long text or a field's tag stands.
func longTexts(s source, file int) map[int]bool {
	out := map[int]bool{}
	mark := func(lit *ast.BasicLit) {
		for n := s.set.Position(lit.Pos()).Line; n <= s.set.Position(lit.End()).Line; n++ {
			out[n] = true
		}
	}
	ast.Inspect(s.files[file], func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			if n.Tag != nil {
				mark(n.Tag)
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && (utf8.RuneCountInString(n.Value) >= longText || strings.Contains(n.Value, "\n")) {
				mark(n)
			}
		}
		return true
	})
	return out
}
