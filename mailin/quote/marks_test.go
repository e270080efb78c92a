package quote

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"golang.org/x/net/html"

	"tierdesk/mailin/internal/htmltext"
)

// TestMarksAreEnough: a document is not looked at if it holds none of the marks, so each name that judge knows must hold one.
func TestMarksAreEnough(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "html.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "markOf" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING {
				return true
			}
			word, err := strconv.Unquote(l.Value)
			if err != nil {
				t.Error(err)
			}
			for _, key := range []string{"id", "class", "name", "data-marker", "data-smartmail"} {
				for _, doc := range []string{fmt.Sprintf("<div %s=\"%s\">x</div>", key, word), fmt.Sprintf("<blockquote %s=\"%s\">x</blockquote>", key, word), fmt.Sprintf("<p %s=x_%s>x</p>", key, word)} {
					root, err := htmltext.Parse(doc)
					if err != nil {
						t.Fatal(err)
					}
					if holdsMark(root) {
						if known++; !marked(doc) {
							t.Errorf("%s holds no mark", doc)
						}
					}
				}
			}
			return true
		})
	}
	if known < 100 {
		t.Errorf("only %d names were found", known)
	}
	for doc, want := range map[string]bool{"<p>Jane wrote:</p>": false, "<p>wrote: and <b class=wrote>x</b>": true, "<p>x</p>": false} {
		if marked(doc) != want {
			t.Errorf("%s: marked is %v", doc, !want)
		}
	}
}

// judged reports whether judge knows something in a tree.
func holdsMark(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && markOf(c) != nothing || holdsMark(c) {
			return true
		}
	}
	return false
}
