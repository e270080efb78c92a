package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"tierdesk/tickets/timers"
)

// Every kind of timer has one capability that fires it: without one it would be put back for ever, with two one would never hear of it.
func TestEveryTimerIsFired(t *testing.T) {
	owners := map[timers.Kind]int{}
	for _, c := range capabilities(Settings{}, nil) {
		for kind := range c.timers {
			owners[kind]++
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../timers/timers.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		c, ok := n.(*ast.ValueSpec)
		if !ok || len(c.Values) != 1 {
			return true
		}
		if named, ok := c.Type.(*ast.Ident); !ok || named.Name != "Kind" {
			return true
		}
		kind, err := strconv.Unquote(c.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if kinds++; owners[timers.Kind(kind)] != 1 {
			t.Errorf("timers.%s (%q) is fired by %d capabilities of desk.go", c.Names[0].Name, kind, owners[timers.Kind(kind)])
		}
		return true
	})
	if kinds < 15 || kinds != len(owners) {
		t.Errorf("timers.go has %d kinds, desk.go fires %d", kinds, len(owners))
	}
}
