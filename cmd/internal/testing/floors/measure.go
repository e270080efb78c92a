package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const modulePrefix = "tierdesk/"

// figures are the figures of one package, without its tests.
type figures struct {
	path            string
	lines, files    int
	exported        int
	pairs, ties, up int // of its files: all pairs, those of which one uses the other, and uses that run against the order
	functionLines   []int
	complexities    []int
}

// tied returns the share of pairs of files in which one uses what the other defines.
func (f *figures) tied() float64 { return share(f.ties, f.pairs) }

// back returns the share of uses between files that run against the order in which most uses run
// down.
func (f *figures) back() float64 { return share(f.up, f.ties+f.up) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// at returns the given percentile of the values.
func at(values []int, percent int) int {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)*percent/100, len(values)-1)]
}

// measure returns the figures of the packages that match the patterns of go list.
func measure(patterns []string) ([]figures, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=Dir,ImportPath,GoFiles"}, patterns...)...)
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []figures
	for dec := json.NewDecoder(strings.NewReader(string(text))); ; {
		var p struct {
			Dir, ImportPath string
			GoFiles         []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if len(p.GoFiles) == 0 {
			continue
		}
		f, err := measurePackage(p.Dir, p.GoFiles)
		if err != nil {
			return nil, err
		}
		f.path = strings.TrimPrefix(p.ImportPath, modulePrefix)
		all = append(all, f)
	}
}

func measurePackage(dir string, goFiles []string) (figures, error) {
	set := token.NewFileSet()
	f := figures{files: len(goFiles)}
	var files []*ast.File
	for _, name := range goFiles {
		file, err := parser.ParseFile(set, filepath.Join(dir, name), nil, 0) // with file.Unresolved
		if err != nil {
			return f, err
		}
		files = append(files, file)
		f.lines += set.Position(file.End()).Line
	}
	for _, file := range files {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				f.functionLines = append(f.functionLines, set.Position(fn.End()).Line-set.Position(fn.Pos()).Line+1)
				f.complexities = append(f.complexities, complexity(fn))
			}
		}
	}
	global, methods := definitions(files)
	for _, defined := range []names{global, methods} {
		for name := range defined {
			if ast.IsExported(name) {
				f.exported++
			}
		}
	}
	f.count(uses(files, global, methods))
	return f, nil
}

// names maps each name to the index of the file that defines it.
type names map[string]int

// add adds a name. A name that two files define, as may be so for methods, belongs to neither.
func (n names) add(name string, file int) {
	if have, ok := n[name]; ok && have != file {
		file = -1
	}
	n[name] = file
}

// definitions returns the names of a package and those of its methods.
func definitions(files []*ast.File) (global, methods names) {
	global, methods = names{}, names{}
	for i, file := range files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					methods.add(d.Name.Name, i)
				} else {
					global.add(d.Name.Name, i)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						global.add(spec.Name.Name, i)
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							global.add(name.Name, i)
						}
					}
				}
			}
		}
	}
	return global, methods
}

// uses reports which file uses what another file defines, by their indexes.
func uses(files []*ast.File, global, methods names) [][]bool {
	out := make([][]bool, len(files))
	for i, file := range files {
		out[i] = make([]bool, len(files))
		use := func(defined names, name string) {
			if k, known := defined[name]; known && k >= 0 && k != i {
				out[i][k] = true
			}
		}
		for _, id := range file.Unresolved {
			use(global, id.Name)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
					use(methods, sel.Sel.Name)
				}
			}
			return true
		})
	}
	return out
}

// count orders the files so that most uses run down, and counts the uses.
func (f *figures) count(uses [][]bool) {
	n := len(uses)
	order := make([]int, n)
	lead := make([]int, n) // the number of files that it uses less the number of files that use it
	for i := range n {
		order[i] = i
		for k := range n {
			if uses[i][k] {
				lead[i]++
				lead[k]--
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return lead[b] - lead[a] })
	for i, a := range order {
		for _, b := range order[i+1:] {
			f.pairs++
			if uses[a][b] || uses[b][a] {
				f.ties++
			}
			if uses[b][a] {
				f.up++
			}
		}
	}
}

// complexity returns McCabe's cyclomatic complexity: one, and one more for each branch.
func complexity(fn *ast.FuncDecl) int {
	n := 1
	ast.Inspect(fn, func(node ast.Node) bool {
		switch x := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.CommClause:
			n++
		case *ast.CaseClause:
			if x.List != nil {
				n++
			}
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				n++
			}
		}
		return true
	})
	return n
}
