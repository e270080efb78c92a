package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Most of the cost of a mutant is linking the program of its tests. So all mutants that change the
// body of a function are built into one program: each has a copy of its function, and the function
// looks in the environment whether the copy should run in its place. Otherwise it runs unchanged.

// chosen is the environment variable that names the active mutant.
const chosen = "TIERDESK_MUTANT"

// together writes files with the mutants to dir, and returns which file replaces which (paths
// relative to the root, some of them new). It returns the mutants that cannot be built together
// with others: those that change something other than the body of a function, or a function with
// unnamed parameters.
func together(root, dir string, all []mutant) (replace map[string]string, alone []mutant, err error) {
	byFile := map[string][]mutant{}
	for _, m := range all {
		byFile[m.file] = append(byFile[m.file], m)
	}
	replace = map[string]string{}
	for file, mutants := range byFile {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return nil, nil, err
		}
		mixed, others, name := mix(string(text), mutants)
		alone = append(alone, others...)
		if len(others) == len(mutants) {
			continue
		}
		out := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(out, mixed, 0o644); err != nil {
			return nil, nil, err
		}
		replace[file] = out
		choice := filepath.Join(filepath.Dir(file), "mutant_chosen.go")
		if replace[choice] != "" {
			continue
		}
		out = filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(out, fmt.Appendf(nil, "package %s\n\nimport \"os\"\n\nvar mutantChosen = os.Getenv(%q)\n", name, chosen),
			0o644); err != nil {
			return nil, nil, err
		}
		replace[choice] = out
	}
	return replace, alone, nil
}

// mix inserts the mutants of a file into its text. It returns the text, the mutants that have to be
// tried alone, and the package's name.
func mix(text string, mutants []mutant) (mixed []byte, alone []mutant, name string) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, mutants, ""
	}
	at := func(p token.Pos) int { return set.Position(p).Offset }
	type insertion struct {
		at   int
		text string
	}
	var insertions []insertion
	var copies strings.Builder
	for i, m := range mutants {
		start := strings.Index(text, m.before)
		end := start + len(m.before)
		n := slices.IndexFunc(parsed.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.FuncDecl)
			// The end of the last line may be the end of the function, and a function may be a
			// single line.
			return ok && f.Body != nil && end <= at(f.Body.Rbrace)+2 &&
				(at(f.Body.Lbrace) < start || at(f.Pos()) == start && oneLine(set, f))
		})
		if start < 0 || strings.Count(text, m.before) != 1 || n < 0 {
			alone = append(alone, m)
			continue
		}
		f := parsed.Decls[n].(*ast.FuncDecl)
		copied := fmt.Sprintf("mutant%d%s", i, f.Name.Name)
		call, nameless, ok := call(f, copied)
		if !ok {
			alone = append(alone, m)
			continue
		}
		for _, ident := range nameless {
			if insertion := (insertion{at(ident.End()), "mutant"}); !slices.Contains(insertions, insertion) {
				insertions = append(insertions, insertion)
			}
		}
		whole := text[at(f.Pos()):max(end, at(f.End()))]
		body := start - at(f.Pos())
		nameEnd := at(f.Name.End()) - at(f.Pos())
		nameStart := at(f.Name.Pos()) - at(f.Pos())
		if body == 0 { // the whole function is replaced
			if len(m.after) < nameEnd || m.after[:nameEnd] != whole[:nameEnd] {
				alone = append(alone, m)
				continue
			}
			fmt.Fprintf(&copies, "\n%s%s%s\n", whole[:nameStart], copied, m.after[nameEnd:])
		} else {
			fmt.Fprintf(&copies, "\n%s%s%s%s%s\n", whole[:nameStart], copied, whole[nameEnd:body], m.after, whole[body+len(m.before):])
		}
		insertions = append(insertions, insertion{at(f.Body.Lbrace) + 1, fmt.Sprintf(" if mutantChosen == %q { %s };", m.name, call)})
	}
	slices.SortStableFunc(insertions, func(a, b insertion) int { return a.at - b.at })
	var out bytes.Buffer
	done := 0
	for _, x := range insertions {
		out.WriteString(text[done:x.at])
		out.WriteString(x.text)
		done = x.at
	}
	out.WriteString(text[done:])
	out.WriteString(copies.String())
	return out.Bytes(), alone, parsed.Name.Name
}

func oneLine(set *token.FileSet, f *ast.FuncDecl) bool {
	return set.Position(f.Pos()).Line == set.Position(f.End()).Line
}

// call returns the statements with which the function calls its copy and returns. Blank parameters
// are returned in blank: "mutant" has to be appended to each of them to name it.
func call(f *ast.FuncDecl, copied string) (words string, blank []*ast.Ident, ok bool) {
	var args []string
	names := func(list *ast.FieldList) bool {
		for _, field := range list.List {
			if len(field.Names) == 0 {
				return false
			}
			for _, n := range field.Names {
				name := n.Name
				if name == "_" {
					if len(blank) > 0 {
						return false // two have the same name
					}
					blank = append(blank, n)
					name = "_mutant"
				}
				if _, variadic := field.Type.(*ast.Ellipsis); variadic {
					name += "..."
				}
				args = append(args, name)
			}
		}
		return true
	}
	if f.Recv != nil {
		if !names(f.Recv) {
			return "", nil, false
		}
		copied = args[0] + "." + copied
		args = nil
	}
	if !names(f.Type.Params) {
		return "", nil, false
	}
	if f.Type.TypeParams != nil {
		var types []string
		for _, field := range f.Type.TypeParams.List {
			for _, n := range field.Names {
				types = append(types, n.Name)
			}
		}
		copied += "[" + strings.Join(types, ", ") + "]"
	}
	words = copied + "(" + strings.Join(args, ", ") + ")"
	if f.Type.Results != nil {
		return "return " + words, blank, true
	}
	return words + "; return", blank, true
}
