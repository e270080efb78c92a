package decision

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// What the classifier says of a mail's text or form is told in the reader's language: each sentence is among those that are known.
func TestSentencesOfTheClassifierAreKnown(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../mailin/classify/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, text := range recorded() {
		known = append(known, text.English())
	}
	sentence, found := regexp.MustCompile(`^(?:its? |from nobody)`), 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || len(f.Recv.List) != 1 || !isClassifier(f.Recv.List[0].Type) {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				if s, err := strconv.Unquote(lit.Value); err == nil && sentence.MatchString(s) {
					if found++; !slices.Contains(known, s) {
						t.Errorf("%s: %q is told in English in every language: name it in recorded", f.Name.Name, s)
					}
				}
				return true
			})
		}
	}
	if found < 10 {
		t.Errorf("only %d sentences were found: the test has lost the classifier", found)
	}
}

func isClassifier(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "classifier"
}
