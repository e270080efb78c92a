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

// narrowComments and narrowCode are the packages whose lines are no wider than that; those that are not there yet are counted.
// A package that is named stays so.
var (
	narrowComments = strings.Fields(`
		cmd/internal/demo cmd/internal/demo/mailserver cmd/internal/ops cmd/internal/testing/floors
		cmd/internal/testing/mutants cmd/internal/testing/servers cmd/internal/testing/sink
		cmd/internal/testing/threads cmd/tierdesk mailin mailin/clamd mailin/imap/imaptest mailin/imap/sasl
		mailin/internal/htmltext mailin/internal/late mailin/internal/wordset mailin/thread mailout/token migrations
		migrations/batch migrations/dbtest migrations/dbtest/child migrations/meta migrations/process tickets/canary
		tickets/desk/invariants tickets/phrase tickets/view
	`)
	narrowCode = strings.Fields(`
		cmd/internal/testing/floors cmd/internal/testing/sink cmd/tierdesk mailin mailin/clamd mailin/imap/sasl
		mailin/internal/late migrations migrations/batch migrations/dbtest/child migrations/process rules/fault
		tickets tickets/view
	`)
)

func TestWidths(t *testing.T) {
	wideCode, wideComments := 0, 0
	for _, s := range sources(t) {
		path := s.path()
		code, comments := 0, 0
		for _, name := range s.GoFiles {
			text, err := os.ReadFile(filepath.Join(s.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(text), "\n") {
				width := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    "))
				switch trimmed := strings.TrimSpace(line); {
				case strings.HasPrefix(trimmed, "//go:"):
				case strings.HasPrefix(trimmed, "//"):
					if width > commentWidth {
						comments++
						if slices.Contains(narrowComments, path) {
							t.Errorf("%s/%s:%d: a comment of %d columns: they wrap at %d", path, name, i+1, width, commentWidth)
						}
					}
				case width > codeWidth:
					code++
					if slices.Contains(narrowCode, path) {
						t.Errorf("%s/%s:%d: a line of %d columns: code ends at %d", path, name, i+1, width, codeWidth)
					}
				}
			}
		}
		wideCode, wideComments = wideCode+code, wideComments+comments
		if code > 0 || comments > 0 {
			t.Logf("%-40s %4d lines of code over %d columns, %4d comments over %d", path, code, codeWidth, comments, commentWidth)
		}
		for _, x := range []struct {
			wide int
			list []string
			name string
		}{{code, narrowCode, "narrowCode"}, {comments, narrowComments, "narrowComments"}} {
			if x.wide == 0 && !slices.Contains(x.list, path) {
				t.Logf("%s could be named in %s", path, x.name)
			}
		}
	}
	t.Logf("in all %d lines of code, %d comments", wideCode, wideComments)
}
