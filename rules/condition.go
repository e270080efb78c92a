package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"tierdesk/rules/fault"
	"tierdesk/rules/pattern"
)

const (
	maxNodes  = 500  // parts of a condition
	maxSource = 4096 // octets of a condition; also bounds the nesting of brackets
)

// condition is a compiled "when:".
type condition struct {
	program *vm.Program // nil if it is always true, or at fault
	always  bool
	cost    int64 // at worst
}

// condition compiles a "when:" and reports all its faults.
func (c *compilation) condition(source string, place fault.Place) condition {
	var done condition
	if strings.TrimSpace(source) == "" {
		done.always = true
		return done
	}
	if len(source) > maxSource {
		c.add(place, "split it into several rules", "the condition is too long: %d octets, %d are allowed", len(source), maxSource)
		return done
	}
	tree, err := parser.ParseWithConfig(source, newConfig())
	if err != nil {
		c.exprFault(err, place, source)
		return done
	}
	before := len(c.faults)
	a := analysis{names: &c.names, mailless: c.mailless, moodless: c.moodless, report: func(n ast.Node, hint, format string, args ...any) {
		c.add(within(place, source, n.Location().From), hint, format, args...)
	}}
	_, done.cost = a.walk(tree.Node)
	if len(c.faults) > before {
		c.check(tree, place, source, c.faults[before:])
		return done
	}
	program, err := expr.Compile(source, options()...)
	if err != nil {
		c.exprFault(err, place, source)
		return done
	}
	if done.cost > maxCost {
		c.add(place, "look at long texts outside of loops, and with shorter patterns",
			"the condition can take too long: %d million steps at worst, %d million are allowed", done.cost/1_000_000, maxCost/1_000_000)
		done.cost = 0 // reported here, and not again for all rules together
		return done
	}
	if result, isConstant := ast.Node(program.Node()).(*ast.BoolNode); isConstant && result.Value {
		done.always = true
		return done
	}
	done.program = program
	return done
}

// check adds the faults that expr finds in a condition that already has other faults.
func (c *compilation) check(tree *parser.Tree, place fault.Place, source string, known fault.List) {
	config := newConfig()
	config.Expect, config.ExpectAny = reflect.Bool, false
	_, err := checker.Check(tree, config)
	if err == nil {
		return
	}
	before := len(c.faults)
	known = slices.Clone(known)
	c.exprFault(err, place, source)
	if slices.ContainsFunc(known, func(f fault.Fault) bool { return f.Place == c.faults[before].Place }) {
		c.faults = c.faults[:before]
	}
}

// options returns the restrictions for expr: the names of a scope, the allowed functions, and a
// boolean result.
func options() []expr.Option {
	list := []expr.Option{expr.Env(&scope{}), expr.AsBool(), expr.WarnOnAny(), expr.MaxNodes(maxNodes), expr.DisableAllBuiltins()}
	for _, name := range builtins {
		list = append(list, expr.EnableBuiltin(name))
	}
	return list
}

// newConfig returns the configuration for parsing only. It knows all of expr's functions, so that
// messages can name those that rules may not use.
func newConfig() *conf.Config {
	config := conf.New(&scope{})
	config.MaxNodes = maxNodes
	return config
}

// within returns the place of a character of an expression.
func within(start fault.Place, source string, offset int) fault.Place {
	line, column := 0, 0
	for i, r := range []rune(source) {
		if i == offset {
			break
		}
		if column++; r == '\n' {
			line, column = line+1, 0
		}
	}
	place := start
	if place.Line > 0 {
		place.Line += line
	}
	if place.Column > 0 {
		place.Column += column
	}
	return place
}

var (
	unknownName  = pattern.Late(`^unknown name (\S+)$`)
	noMember     = pattern.Late(`^type \S+ has no (?:field|method) (\S+)$`)
	mismatched   = pattern.Late(`^invalid operation: (\S+) \(mismatched types (.+) and (.+)\)$`)
	mismatched1  = pattern.Late(`^invalid operation: (\S+) \(mismatched type (.+)\)$`)
	wrongResult  = pattern.Late(`^expected bool, but got (.+)$`)
	unexpected   = pattern.Late(`unexpected token (\w+)(?:\("(.*)"\))?$`)
	argument     = pattern.Late(`^cannot use (.+) as argument \(type (.+)\) to call (\S+)\s*$`)
	arguments    = pattern.Late(`^(not enough|too many) arguments to call (\S+)$`)
	elementInSet = pattern.Late(`^cannot use (\S+) as type (\S+) in array$`)
)

// exprFault translates an error of expr into the terms of the desk. Errors that it does not know
// are passed on unchanged.
func (c *compilation) exprFault(err error, place fault.Place, source string) {
	var at *file.Error
	if !errors.As(err, &at) {
		if m := wrongResult().FindStringSubmatch(err.Error()); m != nil {
			c.add(place, "compare it with something", "a condition must be true or false, this is %s", typeWords(m[1]))
			return
		}
		c.add(place, "", "%s", err)
		return
	}
	start := place
	place = within(place, source, at.From)
	text := at.Message
	operator, i := single(source, at.From)
	switch {
	case operator != "" && (unexpected().MatchString(text) || arguments().MatchString(text)):
		word := map[string]string{"&": "and", "|": "or"}[operator]
		c.add(within(start, source, i), fmt.Sprintf("write %q, or %q", operator+operator, word), "unexpected %q", operator)
	case unknownName().MatchString(text):
		name := unknownName().FindStringSubmatch(text)[1]
		names := slices.Concat(words(reflect.TypeFor[scope]()), builtins)
		near := fault.Nearest(name, names)
		help := fmt.Sprintf("text stands in quotes: %q", name)
		if near != "" {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		c.add(place, help, "unknown name %q", name)
	case noMember().MatchString(text):
		m := noMember().FindStringSubmatch(text)
		label, members := memberWords(text)
		c.add(place, fault.Hint(m[1], members), "%s has no %q", label, m[1])
	case mismatched().MatchString(text):
		m := mismatched().FindStringSubmatch(text)
		c.add(place, "", "%q cannot join %s and %s", m[1], typeWords(m[2]), typeWords(m[3]))
	case mismatched1().MatchString(text):
		m := mismatched1().FindStringSubmatch(text)
		c.add(place, "", "%q cannot be used on %s", m[1], typeWords(m[2]))
	case elementInSet().MatchString(text):
		m := elementInSet().FindStringSubmatch(text)
		c.add(place, "", `"in" cannot find %s in a list of another kind`, typeWords(m[1]))
	case argument().MatchString(text):
		m := argument().FindStringSubmatch(text)
		c.add(place, "", "%q takes %s, this is %s", m[3], typeWords(m[2]), typeWords(m[1]))
	case arguments().MatchString(text):
		m := arguments().FindStringSubmatch(text)
		c.add(place, "", "%s values for %q", m[1], m[2])
	case strings.Contains(text, "exceeds maximum allowed nodes"):
		c.add(place, "split it into several rules", "the condition is too long: %d parts are allowed", maxNodes)
	case unexpected().MatchString(text):
		m := unexpected().FindStringSubmatch(text)
		switch {
		case m[1] == "EOF":
			c.add(place, "", "the condition ends too early")
		case m[2] == "=":
			c.add(place, `equality is written "=="`, `unexpected "="`)
		default:
			c.add(place, "", "unexpected %q", m[2])
		}
	default:
		c.add(place, "", "%s", text)
	}
}

// single returns the last & or | that stands alone before or at a character of a condition, and its
// offset; "" if there is none. One behind which a call was completed is a pipe, which is allowed.
func single(source string, until int) (operator string, offset int) {
	var quote rune
	text := []rune(source)
	for i := 0; i < len(text) && i <= until; i++ {
		r := text[i]
		switch {
		case quote != 0 && r == '\\' && quote != '`':
			i++
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case (r == '&' || r == '|') && i+1 < len(text) && text[i+1] == r:
			i++
		case r == '&' || r == '|':
			operator, offset = string(r), i
		case r == ')' && operator == "|":
			operator = ""
		}
	}
	return operator, offset
}

// memberWords returns the word for the type in expr's message "type T has no field F", and the
// fields of T.
func memberWords(message string) (label string, members []string) {
	name := strings.Fields(message)[1]
	for t, label := range labels {
		if name == t.String() {
			return label, words(t)
		}
	}
	return typeWords(name), nil
}

// typeWords returns an admin's word for a type.
func typeWords(name string) string {
	switch name {
	case "string":
		return "a text"
	case "int", "float64":
		return "a number"
	case "bool":
		return "a yes or no"
	case "time.Duration":
		return "a length of time"
	case "time.Time":
		return "an instant"
	case "unknown", "any", "interface {}":
		return "something of no certain kind"
	case "nil":
		return "nothing"
	}
	if strings.HasPrefix(name, "[]") {
		return "a list"
	}
	if strings.HasPrefix(name, "map[") {
		return "a table"
	}
	if strings.HasPrefix(name, "func(") {
		return "a function"
	}
	for t, label := range labels {
		if name == t.String() || name == "*"+t.String() {
			return label
		}
	}
	return name
}
