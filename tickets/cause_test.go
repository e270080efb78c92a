package tickets

import (
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/quarantine.md anew")

// docs/quarantine.md names each cause with what stands beside it in the program.
func TestQuarantineIsFresh(t *testing.T) {
	file := filepath.Join("..", "docs", "quarantine.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- made from tickets/cause.go -->\n", "<!-- end -->\n"
	before, rest, found := strings.Cut(string(page), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the causes", file)
	}
	want := before + begin + causesTable(t) + end + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if now, _ := os.ReadFile(file); string(now) != want {
		t.Errorf("%s is stale: go test ./tickets -run Fresh -update", file)
	}
}

// causesTable makes the table of causes from their comments.
func causesTable(t *testing.T) string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "cause.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| cause | what it means |\n| --- | --- |\n")
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			name := v.Names[0].Name
			value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			text, found := strings.CutPrefix(strings.Join(strings.Fields(v.Doc.Text()), " "), name+": ")
			if !found || new(doc.Package).Synopsis(text) == "" {
				t.Errorf("%s has no sentence that begins with its name", name)
			}
			b.WriteString("| `" + value + "` | " + strings.ToUpper(text[:1]) + text[1:] + " |\n")
		}
	}
	return b.String()
}
