package late

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryPatternCompiles reads the sources: a pattern that is wrong must not wait for the mail that needs it.
func TestEveryPatternCompiles(t *testing.T) {
	files := token.NewFileSet()
	byDir := map[string][]*ast.File{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err == nil {
			byDir[filepath.Dir(path)] = append(byDir[filepath.Dir(path)], f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for dir, fs := range byDir {
		// Without what they import the packages are full of errors, but constants have their values.
		info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		conf := types.Config{Error: func(error) {}}
		conf.Check(dir, files, fs, &info)
		for _, f := range fs {
			ast.Inspect(f, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok || len(call.Args) != 1 {
					return true
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Compile" || !isPackage(sel.X, "late") {
					return true
				}
				n++
				value := info.Types[call.Args[0]].Value
				if value == nil || value.Kind() != constant.String {
					t.Errorf("%s: the pattern is no constant", files.Position(call.Pos()))
				} else if _, err := regexp.Compile(constant.StringVal(value)); err != nil {
					t.Errorf("%s: %v", files.Position(call.Pos()), err)
				}
				return true
			})
		}
	}
	if n < 50 {
		t.Errorf("only %d patterns were found", n)
	}
}

func isPackage(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

func TestPattern(t *testing.T) {
	p := Compile(`([a-z])(\d)`)
	const s = "a1 b2"
	want := regexp.MustCompile(`([a-z])(\d)`)
	for name, same := range map[string]bool{
		"MatchString":      p.MatchString(s) == want.MatchString(s),
		"FindString":       p.FindString(s) == want.FindString(s),
		"ReplaceAllString": p.ReplaceAllString(s, "$2") == want.ReplaceAllString(s, "$2"),
	} {
		if !same {
			t.Errorf("%s differs", name)
		}
	}
	if got := p.FindAllStringSubmatch(s, -1); len(got) != 2 || got[1][2] != "2" {
		t.Errorf("FindAllStringSubmatch: %q", got)
	}
	if got := p.FindAllStringSubmatchIndex(s, 1); len(got) != 1 || got[0][1] != 2 {
		t.Errorf("FindAllStringSubmatchIndex: %v", got)
	}
}

func TestTheFirstUseMayBeAtOnce(t *testing.T) {
	p := Compile(`x+`)
	done := make(chan bool)
	for range 8 {
		go func() { done <- p.MatchString("axx") }()
	}
	for range 8 {
		if !<-done {
			t.Error("no match")
		}
	}
}
