package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// source is a parsed package without its tests.
type source struct {
	pkg
	set   *token.FileSet
	files []*ast.File
}

func (s source) at(n ast.Node) string {
	p := s.set.Position(n.Pos())
	return fmt.Sprintf("%s/%s:%d", s.path(), filepath.Base(p.Filename), p.Line)
}

// sources returns the packages of this module, parsed.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := sourcesOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var sourcesOnce = sync.OnceValues(func() ([]source, error) {
	packages, err := listOnce()
	if err != nil {
		return nil, err
	}
	var all []source
	for _, p := range packages {
		s := source{pkg: p, set: token.NewFileSet()}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(s.set, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			s.files = append(s.files, f)
		}
		all = append(all, s)
	}
	return all, nil
})

// Importing a package does nothing: what happens is called by somebody.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s: func init: importing a package must do nothing", s.at(fn))
				}
			}
		}
	}
}

// Each package says in one place what it owns and what it must never know.
func TestEachPackageHasOneDoc(t *testing.T) {
	for _, s := range sources(t) {
		docs := 0
		for _, f := range s.files {
			if f.Doc != nil {
				docs++
			}
		}
		if docs != 1 && len(s.files) > 0 {
			t.Errorf("%s has %d package docs", s.path(), docs)
		}
	}
}

// What others may call says what it is for.
func TestExportedIsDocumented(t *testing.T) {
	for _, s := range sources(t) {
		if s.Name == "main" {
			continue
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) && !obvious[d.Name.Name] {
						t.Errorf("%s: %s has no comment", s.at(d), d.Name.Name)
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						switch spec := spec.(type) {
						case *ast.TypeSpec:
							if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
								t.Errorf("%s: type %s has no comment", s.at(spec), spec.Name.Name)
							}
						case *ast.ValueSpec:
							for _, name := range spec.Names {
								if name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
									t.Errorf("%s: %s has no comment", s.at(spec), name.Name)
								}
							}
						}
					}
				}
			}
		}
	}
}

// obvious are methods whose meaning their interface gives.
var obvious = map[string]bool{
	"Error": true, "Unwrap": true, "String": true, "Len": true, "Less": true, "Swap": true, "Scan": true, "Value": true, "Close": true,
	"MarshalText": true, "UnmarshalText": true, "MarshalJSON": true, "UnmarshalJSON": true, "UnmarshalYAML": true, "JSONSchema": true, "Is": true, "As": true,
}

func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	typ := fn.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

// Package variables are tables, patterns, errors and embedded files: nothing that changes while the program runs.
func TestNoGlobals(t *testing.T) {
	for _, s := range sources(t) {
		vars := map[string]bool{}
		for _, f := range s.files {
			for _, d := range f.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok || g.Tok != token.VAR {
					continue
				}
				for _, spec := range g.Specs {
					spec := spec.(*ast.ValueSpec)
					for _, name := range spec.Names {
						if name.Name != "_" {
							vars[name.Name] = true
						}
					}
					if why := changes(g, spec); why != "" {
						t.Errorf("%s: %s: %s: keep it in a value that somebody makes and passes on", s.at(spec), spec.Names[0].Name, why)
					}
				}
			}
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					assigned(s, fn, vars, func(n ast.Node, name string) {
						t.Errorf("%s: %s writes to the package variable %s: keep it in a value that somebody makes and passes on", s.at(n), fn.Name.Name, name)
					})
				}
			}
		}
	}
}

// changes tells by its declaration why a package variable must be meant to change, "" if it need not.
func changes(g *ast.GenDecl, spec *ast.ValueSpec) string {
	if len(spec.Values) == 0 {
		for _, doc := range []*ast.CommentGroup{g.Doc, spec.Doc} {
			if doc == nil {
				continue
			}
			for _, c := range doc.List {
				if strings.HasPrefix(c.Text, "//go:embed ") {
					return ""
				}
			}
		}
		if words := types(spec.Type); words == "sync.Pool" {
			return ""
		}
		return "a variable without a value"
	}
	for _, v := range spec.Values {
		if u, ok := v.(*ast.UnaryExpr); ok {
			v = u.X
		}
		words := ""
		switch x := v.(type) {
		case *ast.CompositeLit:
			words = types(x.Type)
		case *ast.CallExpr:
			words = types(x.Fun)
		}
		if words == "make" || strings.HasPrefix(words, "atomic.") || words == "sync.Map" || words == "sync.Mutex" || words == "sync.RWMutex" || words == "sync.WaitGroup" {
			return words
		}
	}
	return ""
}

func types(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return types(x.X) + "." + x.Sel.Name
	case *ast.IndexExpr:
		return types(x.X)
	}
	return ""
}

// assigned reports what in a function writes to one of the names, as far as the syntax tells: a local of the same name is taken for that.
func assigned(s source, fn *ast.FuncDecl, vars map[string]bool, report func(n ast.Node, name string)) {
	local := map[string]bool{}
	declare := func(fields *ast.FieldList) {
		if fields == nil {
			return
		}
		for _, f := range fields.List {
			for _, n := range f.Names {
				local[n.Name] = true
			}
		}
	}
	declare(fn.Recv)
	ast.Inspect(fn, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncType:
			declare(x.Params)
			declare(x.Results)
		case *ast.AssignStmt:
			if x.Tok == token.DEFINE {
				for _, l := range x.Lhs {
					if id, ok := l.(*ast.Ident); ok {
						local[id.Name] = true
					}
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{x.Key, x.Value} {
				if id, ok := e.(*ast.Ident); ok && x.Tok == token.DEFINE {
					local[id.Name] = true
				}
			}
		case *ast.ValueSpec:
			for _, id := range x.Names {
				local[id.Name] = true
			}
		}
		return true
	})
	check := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.IndexExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			case *ast.Ident:
				if vars[x.Name] && !local[x.Name] {
					report(x, x.Name)
				}
				return
			default:
				return
			}
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.AssignStmt:
			if x.Tok != token.DEFINE {
				for _, l := range x.Lhs {
					check(l)
				}
			}
		case *ast.IncDecStmt:
			check(x.X)
		case *ast.CallExpr:
			if id, ok := x.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(x.Args) > 0 {
				check(x.Args[0])
			}
		}
		return true
	})
}

// Time comes from the database (sqldb.DB.Now, Tx.Now), so that the demo and simulations can set it: what decides never looks at a clock.
func TestOneSourceOfTime(t *testing.T) {
	deciding := []string{"tickets", "rules", "templates", "mailout/compose", "mailout/token", "mailin/parse", "mailin/classify", "mailin/quote", "mailin/thread", "mailin/read", "mailin/ledger"}
	for _, s := range sources(t) {
		if !belowAny(s.path(), deciding) {
			continue
		}
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					switch words := types(call.Fun); words {
					case "time.Now", "time.Since", "time.Until":
						t.Errorf("%s: %s: time is given to what decides, from sqldb.DB.Now", s.at(n), words)
					}
				}
				return true
			})
		}
	}
}

// The house's own words for SQL: see docs/hacking.md.
func TestSQLAsksNoClock(t *testing.T) {
	for _, s := range sources(t) {
		if belowAny(s.path(), testGround) {
			continue
		}
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text := strings.ToUpper(lit.Value)
				if !strings.Contains(text, "SELECT ") && !strings.Contains(text, "INSERT INTO ") && !strings.Contains(text, "UPDATE ") && !strings.Contains(text, "DELETE FROM ") {
					return true
				}
				for _, bad := range []string{"NOW()", "CURRENT_TIMESTAMP", "DATETIME(", "STRFTIME(", "RANDOM()", " ILIKE ", " COLLATE "} {
					if strings.Contains(text, bad) {
						t.Errorf("%s: SQL never says %s", s.at(n), bad)
					}
				}
				return true
			})
		}
	}
}

var sqlStatement = regexp.MustCompile(`\b(SELECT\s.+\sFROM|SELECT\s+\w+\(|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX))\b`)

// The command line and the wiring hold no SQL: a query lives in the package that owns the table.
func TestNoSQLInCommands(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.path() != "cmd/internal/cli" && s.path() != "cmd/internal/app" {
			continue
		}
		seen++
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && sqlStatement.MatchString(lit.Value) {
					t.Errorf("%s: SQL belongs to the package that owns the table: %.60s", s.at(n), lit.Value)
				}
				return true
			})
		}
	}
	if seen != 2 {
		t.Errorf("%d of the two packages were found", seen)
	}
}
