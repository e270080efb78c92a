package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// Every sentence that the desk says is there in German, with the same arguments; and nothing is there that it does not say.
func TestSentences(t *testing.T) {
	said := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "say" {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: what is said has to stand there", file)
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			said[text] = true
			return true
		})
	}
	verbs := regexp.MustCompile(`%[a-z%]`)
	for text := range said {
		de, ok := german[text]
		if !ok {
			t.Errorf("%q has no German", text)
			continue
		}
		a, b := verbs.FindAllString(text, -1), verbs.FindAllString(de, -1)
		for i := range max(len(a), len(b)) {
			if i >= len(a) || i >= len(b) || a[i] != b[i] {
				t.Errorf("%q and %q take different arguments", text, de)
				break
			}
		}
	}
	for text := range german {
		if !said[text] {
			t.Errorf("nobody says %q", text)
		}
	}
}
