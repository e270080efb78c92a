package rules

import (
	"errors"
	"fmt"
	"reflect"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"

	"tierdesk/rules/fault"
)

// Worst costs, in steps. A step is roughly the time to examine one octet, or one state of a regular
// expression at one octet: a few nanoseconds.
const (
	costNode = 10 // one operation of the virtual machine
	// maxCost bounds one condition. A regular expression of 700 states on a text of full length
	// stays below it.
	maxCost = 50_000_000
	// maxEventCost bounds all rules on one event together.
	maxEventCost = 1_000_000_000
)

// value is what the analysis knows about the value of a node.
type value struct {
	path   string   // the path of the fact, as it is written: "ticket.team", "attachments[].name"; "" if it is no fact
	octets int64    // the greatest length of a text
	items  int64    // the greatest length of a list
	elem   *value   // an entry of the list
	consts []string // if not nil: all possible values, known in advance (texts and whole numbers)
}

// size returns the greatest number of octets to examine.
func (v *value) size() int64 {
	size := v.octets
	if v.elem != nil {
		size += v.items * (costNode + v.elem.size())
	}
	return min(size, enough)
}

// analysis analyses one condition when the rules are loaded. It finds what expr's own checks do
// not: constants that name nothing, patterns that are not constant or not regular expressions,
// operations that rules may not use, and the worst cost.
type analysis struct {
	names  *Names
	report func(n ast.Node, hint, format string, args ...any) // reports a fault of the condition
	vars   map[string]value
	elems  []value // of the loops around the node
	// mailless is an event of the rule if none of its events is caused by a mail, else "". moodless
	// is an event of the rule if the mood is known at none of its events, else "".
	mailless, moodless string
}

// needsMail reports a fact that is never set at an event without a mail.
func (a *analysis) needsMail(n ast.Node, word string) {
	switch word {
	case "inbox", "subject", "language":
		return // the ticket's
	case "header", "headers", "has_header":
	default:
		if !slices.Contains(words(reflect.TypeFor[Mail]()), word) {
			return
		}
	}
	if word == "mood" && a.moodless != "" {
		a.report(n, "possible on opened, replied, reopened, form-filled", "no customer writes at %q, so %q says nothing", a.moodless, word)
		return
	}
	if a.mailless != "" {
		a.report(n, "ticket, customer and org are known at every event", "there is no mail at %q, so %q says nothing", a.mailless, word)
	}
}

// functions are the functions that need the facts, with bounds of their results.
var functions = map[string]value{
	"header":     {octets: maxValue},
	"headers":    {items: maxList, elem: &value{octets: maxValue}},
	"has_header": {},
	"has_tag":    {},
	"fold":       {},
	"domain":     {},
	"duration":   {},
}

// builtins of expr that rules may use.
var builtins = []string{"all", "any", "one", "none", "filter", "count", "map", "find", "len", "lower", "upper", "trim",
	"min", "max", "abs", "int", "float"}

// methods are the methods that may be called on instants and durations.
var methods = []string{"Year", "Month", "Day", "YearDay", "Hour", "Minute", "Hours", "Minutes"}

// allowed returns the constants that the fact of a path can equal, if they are limited.
func (a *analysis) allowed(path string) (names []string, orNothing bool) {
	switch path {
	case "ticket.priority":
		return a.names.Priorities, false
	case "ticket.status":
		return a.names.Statuses, false
	case "ticket.team":
		return a.names.Teams, true
	case "ticket.assignee":
		return a.names.Agents, true
	case "ticket.tier":
		var tiers []string
		for _, tier := range slices.Concat(a.names.Tiers, a.names.OutsideTiers) {
			tiers = append(tiers, strconv.Itoa(tier))
		}
		return tiers, false
	case "event":
		return Events(), false
	case "weekday":
		return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, false
	case "verdict":
		return []string{"pass", "none", "fail"}, true
	case "mood":
		return []string{"calm", "annoyed", "angry"}, true
	case "kind":
		return []string{"person", "auto-reply", "auto-generated", "bounce", "receipt", "feedback", "calendar", "list",
			"challenge", "loop", "spam"}, true
	}
	return nil, false
}

// fact returns what is known about the fact of a path.
func fact(path string) value {
	v := value{path: path, octets: maxWord}
	switch path {
	case "text", "whole_text":
		v.octets = maxText
	case "to", "cc", "ticket.tags":
		v.items, v.elem = maxList, &value{path: path + "[]", octets: maxWord}
	case "attachments":
		v.items, v.elem = maxList, &value{path: path + "[]", octets: maxWord}
	case "ticket.fields[]", "customer.fields[]", "org.fields[]":
		v.octets = maxValue
	}
	return v
}

// enough is greater than any bound: sums stop growing there, so that they cannot overflow.
const enough = 1 << 40

// walk returns what is known about the value of a node, and the worst cost of computing it.
func (a *analysis) walk(node ast.Node) (value, int64) {
	v, cost := a.look(node)
	v.octets = min(v.octets, enough)
	if v.octets > maxSource {
		v.consts = nil // texts that grow by doubling are not computed
	}
	return v, min(cost, enough)
}

func (a *analysis) look(node ast.Node) (v value, cost int64) {
	switch n := node.(type) {
	case nil:
		return value{}, 0
	case *ast.NilNode, *ast.FloatNode:
		return value{}, costNode
	case *ast.BoolNode:
		return value{}, costNode
	case *ast.IntegerNode:
		return value{consts: []string{strconv.Itoa(n.Value)}}, costNode
	case *ast.StringNode:
		return value{octets: int64(len(n.Value)), consts: []string{n.Value}}, costNode
	case *ast.IdentifierNode:
		if n.Value == "$env" {
			a.report(n, "", `"$env" cannot be used in rules`)
			return value{}, costNode
		}
		if v, ok := a.vars[n.Value]; ok {
			return v, costNode
		}
		a.needsMail(n, n.Value)
		return fact(n.Value), costNode
	case *ast.UnaryNode:
		_, cost = a.walk(n.Node)
		return value{}, cost + costNode
	case *ast.BinaryNode:
		return a.binary(n)
	case *ast.ChainNode:
		return a.walk(n.Node)
	case *ast.MemberNode:
		return a.member(n)
	case *ast.SliceNode:
		v, cost = a.walk(n.Node)
		_, from := a.walk(n.From)
		_, to := a.walk(n.To)
		return value{octets: v.octets, items: v.items, elem: v.elem}, cost + from + to + costNode
	case *ast.CallNode:
		return a.call(n)
	case *ast.BuiltinNode:
		return a.builtin(n)
	case *ast.PredicateNode:
		return a.walk(n.Node)
	case *ast.PointerNode:
		if n.Name == "" && len(a.elems) > 0 {
			return a.elems[len(a.elems)-1], costNode
		}
		return value{}, costNode
	case *ast.ConditionalNode:
		_, test := a.walk(n.Cond)
		yes, costYes := a.walk(n.Exp1)
		no, costNo := a.walk(n.Exp2)
		return either(yes, no), test + max(costYes, costNo) + costNode
	case *ast.VariableDeclaratorNode:
		given, costGiven := a.walk(n.Value)
		before, shadowed := a.vars[n.Name]
		if a.vars == nil {
			a.vars = map[string]value{}
		}
		a.vars[n.Name] = given
		v, cost = a.walk(n.Expr)
		if delete(a.vars, n.Name); shadowed {
			a.vars[n.Name] = before
		}
		return v, costGiven + cost + costNode
	case *ast.ArrayNode:
		return a.array(n)
	case *ast.MapNode:
		a.report(n, "", "a map cannot be used in rules")
		return value{}, costNode
	case *ast.SequenceNode:
		a.report(n, `join conditions with "and"`, "a rule has one condition, not several behind semicolons")
		return value{}, costNode
	}
	a.report(node, "", "%q cannot be used in rules", node.String())
	return value{}, costNode
}

func (a *analysis) binary(n *ast.BinaryNode) (value, int64) {
	left, costLeft := a.walk(n.Left)
	right, costRight := a.walk(n.Right)
	cost := costLeft + costRight + costNode
	switch n.Operator {
	case "..":
		a.report(n, "", `a range ("..") cannot be used in rules`)
	case "matches":
		return value{}, cost + a.matches(n, left, right)
	case "contains":
		return value{}, cost + left.octets + right.octets
	case "startsWith", "endsWith":
		return value{}, cost + min(left.octets, right.octets)
	case "==", "!=":
		a.compare(n.Right, left, right)
		a.compare(n.Left, right, left)
		return value{}, cost + min(left.size(), right.size())
	case "<", ">", "<=", ">=":
		return value{}, cost + min(left.octets, right.octets)
	case "in", "not in":
		if right.elem != nil {
			if array, ok := n.Right.(*ast.ArrayNode); ok {
				for _, entry := range array.Nodes {
					if text, ok := constant(entry); ok {
						a.compare(entry, left, value{consts: []string{text}})
					}
				}
			} else {
				a.compare(n.Right, left, *right.elem)
			}
			cost += max(1, right.items) * (costNode + min(left.size(), right.elem.size()))
		}
	case "+":
		// The new text is allocated and soon garbage.
		v := value{octets: left.octets + right.octets}
		if left.consts != nil && right.consts != nil && len(left.consts)*len(right.consts) <= maxList {
			for _, l := range left.consts {
				for _, r := range right.consts {
					v.consts = append(v.consts, l+r)
				}
			}
		}
		return v, cost + 16*v.octets
	case "??", "and", "&&", "or", "||":
		return either(left, right), cost
	}
	return value{}, cost
}

// compare reports constants that a fact can never equal.
func (a *analysis) compare(at ast.Node, fact, with value) {
	names, orNothing := a.allowed(fact.path)
	if len(names) == 0 {
		return
	}
	for _, text := range with.consts {
		if slices.Contains(names, text) || orNothing && text == "" {
			continue
		}
		if text == None && orNothing {
			a.report(at, `nobody and nothing is ""`, "%s is never %q", fact.path, text)
			continue
		}
		a.report(at, fault.Hint(text, names), "%s is never %q", fact.path, text)
	}
}

// matches checks all patterns that a text can be matched against, and returns the worst cost of a
// match.
func (a *analysis) matches(at *ast.BinaryNode, text, pattern value) int64 {
	if pattern.consts == nil {
		a.report(at.Right, "", `what stands behind "matches" must be a constant text, it cannot come from a mail or a person`)
		return 0
	}
	var cost int64
	for _, p := range pattern.consts {
		n, err := measure(p)
		if err != nil {
			a.report(at.Right, "", "bad regular expression: %s", err)
			if literal, ok := at.Right.(*ast.StringNode); ok {
				literal.Value = "" // it has been reported, and expr must not stop at it
			}
			return 0
		}
		cost = max(cost, (text.octets+1)*int64(n))
		if _, literal := at.Right.(*ast.StringNode); !literal {
			cost = max(cost, (text.octets+1)*int64(n)+2000*int64(len(p)+n)) // it may be compiled each time
		}
	}
	return cost
}

// maxStates bounds the size of a single regular expression, so that parsing it is cheap too.
const maxStates = 5000

// measure returns the number of states of a regular expression, or an error if it is not one.
func measure(pattern string) (int, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl) // as regexp.Compile does
	if err != nil {
		text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		// a fault is one line, and the pattern is part of it
		return 0, errors.New(strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(text))
	}
	n := states(tree)
	if n > maxStates {
		return 0, fmt.Errorf("it is too large: %d states, %d are allowed", n, maxStates)
	}
	return n, nil
}

func states(re *syntax.Regexp) int {
	n := 1
	if re.Op == syntax.OpLiteral {
		n = len(re.Rune)
	}
	for _, sub := range re.Sub {
		n += states(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, 1<<30)
}

func (a *analysis) member(n *ast.MemberNode) (value, int64) {
	base, costBase := a.walk(n.Node)
	key, costKey := a.walk(n.Property)
	cost := costBase + costKey + costNode
	name, isName := n.Property.(*ast.StringNode)
	switch {
	case base.elem != nil && len(key.consts) != 1:
		return *base.elem, cost
	case base.elem != nil && (!isName):
		return *base.elem, cost
	case base.path == "ticket.fields" || base.path == "customer.fields" || base.path == "org.fields":
		return fact(base.path + "[]"), cost
	case isName && base.path != "":
		return fact(base.path + "." + name.Value), cost
	}
	return value{octets: base.octets}, cost
}

func (a *analysis) call(n *ast.CallNode) (value, int64) {
	var cost int64 = costNode
	var args []value
	for _, arg := range n.Arguments {
		v, c := a.walk(arg)
		args, cost = append(args, v), cost+c
	}
	var first value
	if len(args) > 0 {
		first = args[0]
	}
	switch callee := n.Callee.(type) {
	case *ast.MemberNode:
		_, c := a.walk(callee.Node)
		name, ok := callee.Property.(*ast.StringNode)
		if !ok || !slices.Contains(methods, name.Value) {
			a.report(callee, "", "%q is not a function that rules may use", lastName(callee))
		}
		return value{}, cost + c + costNode
	case *ast.IdentifierNode:
		v, known := functions[callee.Value]
		if !known {
			near := fault.Nearest(callee.Value, functionNames())
			text := ""
			if near != "" {
				text = fmt.Sprintf("did you mean %q?", near)
			}
			a.report(callee, text, "%q is not a function that rules may use", callee.Value)
			return value{}, cost
		}
		a.needsMail(callee, callee.Value)
		switch callee.Value {
		case "fold":
			return value{octets: int64(foldedMost(int(first.octets)))}, cost + 16*first.octets
		case "domain":
			return value{octets: first.octets}, cost + 2*first.octets
		case "duration":
			if len(args) != 1 {
				break
			}
			if first.consts == nil {
				a.report(n.Arguments[0], "", `what stands in "duration()" must be a constant text`)
			}
			for _, text := range first.consts {
				if _, err := ParseDuration(text); err != nil {
					a.report(n.Arguments[0], `write "30m", "2h" or "3d"`, "%s", err)
				}
			}
		case "header", "headers", "has_header":
			return v, cost + maxList*costNode
		case "has_tag":
			return v, cost + maxList*costNode
		}
		return v, cost
	}
	a.report(n.Callee, "", "%q cannot be called", n.Callee.String())
	return value{}, cost
}

func lastName(n *ast.MemberNode) string {
	if name, ok := n.Property.(*ast.StringNode); ok {
		return name.Value
	}
	return n.String()
}

func functionNames() []string {
	names := slices.Clone(builtins)
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (a *analysis) builtin(n *ast.BuiltinNode) (value, int64) {
	if !slices.Contains(builtins, n.Name) {
		a.report(n, "", "%q is not a function that rules may use", n.Name)
		return value{}, costNode
	}
	if len(n.Arguments) == 0 {
		return value{}, costNode
	}
	first, cost := a.walk(n.Arguments[0])
	cost += costNode
	if !loops(n.Name) {
		for _, arg := range n.Arguments[1:] {
			v, c := a.walk(arg)
			first, cost = either(first, v), cost+c
		}
		switch n.Name {
		case "len":
			return value{}, cost + first.octets // it counts characters
		case "lower", "upper", "trim":
			return value{octets: 3 * first.octets}, cost + 4*first.octets
		case "min", "max":
			return value{octets: first.octets}, cost + first.items*costNode
		}
		return value{}, cost
	}
	elem := value{octets: first.octets}
	if first.elem != nil {
		elem = *first.elem
	}
	var result value
	if len(n.Arguments) > 1 {
		a.elems = append(a.elems, elem)
		each, c := a.walk(n.Arguments[1])
		a.elems = a.elems[:len(a.elems)-1]
		items := max(first.items, 1)
		if first.elem == nil {
			items = maxList // not known, and no list is longer
		}
		cost += items * (c + 4*costNode)
		if n.Name == "map" {
			result = value{items: items, elem: &each}
		}
	}
	switch n.Name {
	case "filter":
		result = value{items: first.items, elem: first.elem}
	case "find":
		result = elem
	}
	return result, cost
}

func loops(name string) bool {
	f := builtin.Builtins[builtin.Index[name]]
	return f.Predicate
}

func (a *analysis) array(n *ast.ArrayNode) (value, int64) {
	v := value{items: int64(len(n.Nodes)), elem: &value{}}
	var cost int64 = costNode
	known := true
	for i, entry := range n.Nodes {
		e, c := a.walk(entry)
		cost += c
		known = known && e.consts != nil
		if i == 0 {
			*v.elem = e
			continue
		}
		*v.elem = either(*v.elem, e)
	}
	if !known {
		v.elem.consts = nil
	}
	return v, cost
}

// either returns what is known about a value that is one of two.
func either(x, y value) value {
	v := value{octets: max(x.octets, y.octets), items: max(x.items, y.items), elem: x.elem}
	if x.elem != nil && y.elem != nil {
		e := either(*x.elem, *y.elem)
		v.elem = &e
	} else if x.elem == nil {
		v.elem = y.elem
	}
	if x.consts != nil && y.consts != nil && len(x.consts)+len(y.consts) <= maxNodes {
		v.consts = slices.Concat(x.consts, y.consts)
	}
	if x.path == y.path {
		v.path = x.path
	}
	return v
}

func constant(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode:
		return strconv.Itoa(n.Value), true
	}
	return "", false
}

// labels are the names of expr's types in messages about a condition.
var labels = map[reflect.Type]string{
	reflect.TypeFor[scope]():        "a rule",
	reflect.TypeFor[ticketScope]():  "ticket",
	reflect.TypeFor[Customer]():     "customer",
	reflect.TypeFor[Organisation](): "org",
	reflect.TypeFor[Attachment]():   "an attachment",
}
