package main

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page returns the lines of docs/architecture.md that stand in code blocks below a heading, one list for each block.
func page(t *testing.T, heading string) (blocks [][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## "+heading)
	if !found {
		t.Fatalf("docs/architecture.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for i, part := range strings.Split(section, "```") {
		if i%2 == 1 {
			blocks = append(blocks, slices.DeleteFunc(strings.Split(part, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" }))
		}
	}
	if len(blocks) == 0 {
		t.Fatalf("section %q of docs/architecture.md has no block", heading)
	}
	return blocks
}

// Each package of the house has its line in docs/architecture.md, and each line its package.
func TestEachPackageHasItsLine(t *testing.T) {
	all := list(t)
	var lines []string
	for _, line := range page(t, "Packages")[0] {
		lines = append(lines, strings.Fields(line)[0])
	}
	covers := func(line, path string) bool {
		folder, whole := strings.CutSuffix(line, "/...")
		return line == path || whole && below(path, folder)
	}
	for _, p := range all {
		if !slices.ContainsFunc(lines, func(line string) bool { return covers(line, p.path()) }) {
			t.Errorf("%s has no line in docs/architecture.md, which has one for each package", p.path())
		}
	}
	for _, line := range lines {
		if !slices.ContainsFunc(all, func(p pkg) bool { return covers(line, p.path()) }) {
			t.Errorf("docs/architecture.md has a line for %s: there is no such package", line)
		}
	}
}

// step is one function of a walk.
type step struct {
	path, name string
	byValue    bool
}

var (
	walkPart = regexp.MustCompile(`^(\S+)\s{2}(\S.*)$`)
	walkStep = regexp.MustCompile(`^(\*?)((?:\w+\.)?\w+)$`)
)

func steps(t *testing.T, line string) (out []step) {
	t.Helper()
	for part := range strings.SplitSeq(line, " · ") {
		m := walkPart.FindStringSubmatch(part)
		if m == nil {
			t.Fatalf("a line of a walk is PACKAGE  FUNCTION > FUNCTION, FUNCTION · PACKAGE  FUNCTION: %q", line)
		}
		for _, name := range strings.FieldsFunc(m[2], func(c rune) bool { return c == '>' || c == ',' || c == ' ' }) {
			s := walkStep.FindStringSubmatch(name)
			if s == nil {
				t.Fatalf("%q is no function: %q", name, line)
			}
			out = append(out, step{m[1], s[2], s[1] != ""})
		}
	}
	return out
}

// Each function that a walk of docs/architecture.md names exists, and is called by one that stands above it.
func TestWalksAreTrue(t *testing.T) {
	functions := map[string]*ast.FuncDecl{}
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					functions[s.path()+" "+fullName(fn)] = fn
				}
			}
		}
	}
	for _, walk := range page(t, "A walk") {
		used := map[string]bool{}
		for i, line := range walk {
			for k, s := range steps(t, line) {
				fn := functions[s.path+" "+s.name]
				if fn == nil {
					t.Errorf("docs/architecture.md walks through %s of %s: there is no such function", s.name, s.path)
					continue
				}
				last := s.name[strings.LastIndexByte(s.name, '.')+1:]
				if i+k > 0 && !s.byValue && !used[last] {
					t.Errorf("docs/architecture.md walks through %s of %s: none above it in that walk calls it", s.name, s.path)
				}
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						used[id.Name] = true
					}
					return true
				})
			}
		}
	}
}

// fullName is Receiver.Name, or the name of a function.
func fullName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	return types(typ) + "." + fn.Name.Name
}

// Each decision has a row in the index with its own title, and a date.
func TestDecisionsAreListed(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "..", "docs", "decisions")
	index, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "0*.md"))
	if err != nil || len(files) < 16 {
		t.Fatalf("%d decisions, error %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		heading, _, _ := strings.Cut(string(text), "\n")
		title, found := strings.CutPrefix(heading, "# "+name[:4]+": ")
		if !found {
			t.Errorf("docs/decisions/%s begins with %q: it should be # %s: and its title", name, heading, name[:4])
		}
		row := regexp.MustCompile(`(?m)^\| \[` + name[:4] + `\]\(` + regexp.QuoteMeta(name) + `\) \| \d{4}-\d\d-\d\d \| ` + regexp.QuoteMeta(title) + ` \| .+ \|$`)
		if !row.Match(index) {
			t.Errorf("docs/decisions/README.md has no row for %s with its date and the title %q", name, title)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:\s]+\.\w+)(?:#[^)]*)?\)`)

// What a document links to is there.
func TestLinksLeadSomewhere(t *testing.T) {
	links := 0
	for _, name := range documents(t) {
		path := filepath.Join("..", "..", "..", "..", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
	if links < 20 {
		t.Fatalf("only %d links: this test has lost them", links)
	}
}
