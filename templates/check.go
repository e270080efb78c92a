package templates

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
	"time"

	"tierdesk/rules/fault"
)

// checker walks a template with the types of Facts in hand and finds every name that does not
// exist, also in branches that no sample comes through. A nil type is one that it does not know; it
// says nothing of that.
type checker struct {
	audience audience
	lang     string
	partials sources
	faults   *fault.List
	funcs    map[string]reflect.Type
	used     map[string]*source // partials taken in, by the name used

	// Where it is:
	src   *source
	text  string
	vars  []variable
	stack []string // partials that it is in
	taken int      // partials taken in so far, each as often as it is
	loops int      // loops that it is in
}

// maxTaken bounds how often a mail takes partials in: ten that each take in ten others ten deep
// would never end.
const maxTaken = 200

type variable struct {
	name string
	typ  reflect.Type
}

func newChecker(a audience, lang string, partials sources, faults *fault.List) *checker {
	c := &checker{audience: a, lang: lang, partials: partials, faults: faults, used: map[string]*source{}, funcs: map[string]reflect.Type{}}
	for name, f := range functions(&state{}) {
		c.funcs[name] = reflect.TypeOf(f)
	}
	return c
}

// source checks subject, body, and the Markdown that is made of the body's words.
func (c *checker) source(src *source) {
	facts := reflect.TypeFor[*Facts]()
	c.tree(src, src.subject, facts)
	c.tree(src, src.body, facts)
}

func (c *checker) tree(src *source, t parsed, dot reflect.Type) {
	oldSrc, oldText, oldVars := c.src, c.text, c.vars
	c.src, c.text, c.vars = src, t.text, []variable{{"$", dot}}
	c.list(t.parsedAgain(src.file).Root, dot)
	c.src, c.text, c.vars = oldSrc, oldText, oldVars
}

// fault notes what is wrong at a node.
func (c *checker) fault(n parse.Node, hint, format string, args ...any) {
	line, column := position(c.text, int(n.Position()))
	// The parser points to the second name of a chain.
	if f, ok := n.(*parse.FieldNode); ok && len(f.Ident) > 1 {
		column -= 1 + len(f.Ident[0])
	}
	if v, ok := n.(*parse.VariableNode); ok && len(v.Ident) > 1 {
		column -= len(v.Ident[0])
	}
	c.faults.Add(c.src.place(line, column), hint, format, args...)
}

func (c *checker) list(l *parse.ListNode, dot reflect.Type) {
	if l == nil {
		return
	}
	scope := len(c.vars)
	defer func() { c.vars = c.vars[:scope] }()
	for _, n := range l.Nodes {
		c.node(n, dot)
	}
}

func (c *checker) node(n parse.Node, dot reflect.Type) {
	switch n := n.(type) {
	case *parse.ActionNode:
		t, known := c.pipe(n.Pipe, dot), len(n.Pipe.Decl) == 0
		if known && t != nil && !printable(t) {
			c.fault(n.Pipe, usePart(t), "{{%s}} is %s, not a text", n.Pipe, kindOf(t))
		}
	case *parse.IfNode:
		scope := len(c.vars)
		c.condition(n.Pipe, c.pipe(n.Pipe, dot))
		c.list(n.List, dot)
		c.list(n.ElseList, dot)
		c.vars = c.vars[:scope]
	case *parse.WithNode:
		scope := len(c.vars)
		t := c.pipe(n.Pipe, dot)
		c.condition(n.Pipe, t)
		c.list(n.List, t)
		c.list(n.ElseList, dot)
		c.vars = c.vars[:scope]
	case *parse.RangeNode:
		scope := len(c.vars)
		if c.loops++; c.loops > maxRanges {
			c.fault(n.Pipe, "", "loops stand in one another more than %d levels deep", maxRanges)
		} else {
			c.rangeOver(n, dot)
		}
		c.loops--
		c.list(n.ElseList, dot)
		c.vars = c.vars[:scope]
	case *parse.TemplateNode:
		c.partial(n, dot)
	}
}

// condition refuses what is always true: a Go struct.
func (c *checker) condition(n *parse.PipeNode, t reflect.Type) {
	if t = deref(t); t != nil && t.Kind() == reflect.Struct && t != reflect.TypeFor[Facts]() {
		c.fault(n, fmt.Sprintf("{{if known %s}}", n), "{{if %s}} is always true", n)
	}
}

func (c *checker) rangeOver(n *parse.RangeNode, dot reflect.Type) {
	decl := n.Pipe.Decl
	bare := *n.Pipe
	bare.Decl = nil
	before := len(*c.faults)
	t := deref(c.pipe(&bare, dot))
	var key, elem reflect.Type
	switch {
	case t == nil && len(*c.faults) > before: // said already
	case t == nil:
		c.fault(n.Pipe, "", "{{range %s}}: that may be no list", n.Pipe)
		return
	case t.Kind() == reflect.Slice:
		key, elem = reflect.TypeFor[int](), t.Elem()
	default: // also numbers: a loop over a large one would stall the desk
		c.fault(n.Pipe, "", "{{range %s}}: %s is no list", n.Pipe, kindOf(t))
		return
	}
	switch len(decl) {
	case 1:
		c.vars = append(c.vars, variable{decl[0].Ident[0], elem})
	case 2:
		c.vars = append(c.vars, variable{decl[0].Ident[0], key}, variable{decl[1].Ident[0], elem})
	}
	c.list(n.List, elem)
}

// partial checks a piece with the facts that it is given here.
func (c *checker) partial(n *parse.TemplateNode, dot reflect.Type) {
	var t reflect.Type
	if n.Pipe != nil {
		t = c.pipe(n.Pipe, dot)
	}
	p := pickPartial(c.partials, n.Name, c.lang)
	if p == nil {
		c.fault(n, hintFor(n.Name, slices.Collect(maps.Keys(c.partials))), "there is no partial %q", n.Name)
		return
	}
	if slices.Contains(c.stack, p.file) {
		c.fault(n, "", "the partial %q takes itself in", n.Name)
		return
	}
	if n.Pipe == nil {
		c.fault(n, fmt.Sprintf("{{template %q .}}", n.Name), "the partial %q gets no facts", n.Name)
		return
	}
	if c.taken++; c.taken > maxTaken {
		if c.taken == maxTaken+1 {
			c.fault(n, "", "the mail takes in more than %d partials", maxTaken)
		}
		return
	}
	c.used[n.Name] = p
	c.stack = append(c.stack, p.file)
	c.tree(p, p.body, t)
	c.stack = c.stack[:len(c.stack)-1]
}

// pipe returns the type of the last command's result and declares the variables.
func (c *checker) pipe(p *parse.PipeNode, dot reflect.Type) reflect.Type {
	var t reflect.Type
	for i, cmd := range p.Cmds {
		t = c.command(cmd, dot, t, i > 0)
	}
	for _, d := range p.Decl {
		if !p.IsAssign {
			c.vars = append(c.vars, variable{d.Ident[0], t})
		}
	}
	return t
}

func (c *checker) command(cmd *parse.CommandNode, dot, piped reflect.Type, isPiped bool) reflect.Type {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		return c.call(id, cmd.Args[1:], dot, piped, isPiped)
	}
	if len(cmd.Args) > 1 || isPiped {
		if f, ok := cmd.Args[0].(*parse.FieldNode); ok && c.isMethod(dot, f.Ident) {
			return nil
		}
		c.fault(cmd, "", "%s is no function", cmd.Args[0])
		return nil
	}
	return c.value(cmd.Args[0], dot)
}

// value returns the type of an argument.
func (c *checker) value(n parse.Node, dot reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		for _, v := range slices.Backward(c.vars) {
			if v.name == n.Ident[0] {
				return c.fields(n, v.typ, n.Ident[1:])
			}
		}
		return nil
	case *parse.ChainNode:
		return c.fields(n, c.value(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, dot)
	case *parse.IdentifierNode:
		return c.call(n, nil, dot, nil, false)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	case *parse.BoolNode:
		return reflect.TypeFor[bool]()
	case *parse.NumberNode:
		if n.IsInt {
			return reflect.TypeFor[int]()
		}
	}
	return nil
}

// fields follows a chain of names.
func (c *checker) fields(n parse.Node, t reflect.Type, names []string) reflect.Type {
	for i, name := range names {
		if t == nil {
			return nil
		}
		if m, ok := t.MethodByName(name); ok && m.Type.NumOut() > 0 {
			t = m.Type.Out(0)
			continue
		}
		t = deref(t)
		switch t.Kind() {
		case reflect.Map:
			t = t.Elem()
			continue
		case reflect.Struct:
		default:
			c.fault(n, "", "%s is %s and has no part %q", strings.Join(append([]string{""}, names[:i]...), "."), kindOf(t), name)
			return nil
		}
		f, ok := t.FieldByName(name)
		if !ok || !f.IsExported() {
			c.fault(n, hintFor(name, fieldNames(t, c.audience)), "there is no fact %q", "."+strings.Join(names[:i+1], "."))
			return nil
		}
		if t == reflect.TypeFor[Facts]() && !c.audience.may(name) {
			c.fault(n, "", "%q is not for mails to customers", "."+name)
			return nil
		}
		t = f.Type
	}
	return t
}

func (c *checker) isMethod(t reflect.Type, names []string) bool {
	for _, name := range names[:len(names)-1] {
		if t = deref(t); t == nil || t.Kind() != reflect.Struct {
			return false
		}
		f, ok := t.FieldByName(name)
		if !ok {
			return false
		}
		t = f.Type
	}
	if t == nil {
		return false
	}
	_, ok := t.MethodByName(names[len(names)-1])
	return ok
}

// standard are the functions of text/template that mails may use.
var standard = strings.Fields("and or not eq ne lt le gt ge len index print printf")

// call checks a function's name, the number and the types of its arguments.
func (c *checker) call(id *parse.IdentifierNode, args []parse.Node, dot, piped reflect.Type, isPiped bool) reflect.Type {
	types := make([]reflect.Type, 0, len(args)+1)
	for _, a := range args {
		types = append(types, c.value(a, dot))
	}
	if isPiped {
		types = append(types, piped)
	}
	f := c.funcs[id.Ident]
	if f == nil || strings.HasPrefix(id.Ident, "_") {
		if !slices.Contains(standard, id.Ident) {
			c.fault(id, hintFor(id.Ident, functionNames()), "there is no function %q", id.Ident)
			return nil
		}
		return standardResult(id.Ident, types)
	}
	if id.Ident == "prose" && c.audience != toAnswer && c.audience != toAside && c.audience != toForm {
		c.fault(id, "{{.Body}}", "%q makes links work and is only for an agent's words in %q, %q, %q, %q and %q", "prose", Answer, Form,
			Consult,
			Approval, Vendor)
	}
	want, variadic := f.NumIn(), f.IsVariadic()
	if len(types) != want && !(variadic && len(types) >= want-1) {
		c.fault(id, "", "%q takes %d values, not %d", id.Ident, want, len(types))
		return f.Out(0)
	}
	for i, t := range types {
		p := f.In(min(i, want-1))
		if variadic && i >= want-1 {
			p = p.Elem()
		}
		if t != nil && !t.AssignableTo(p) {
			c.fault(id, "", "%q takes %s, not %s", id.Ident, kindOf(p), kindOf(t))
		}
	}
	return f.Out(0)
}

func standardResult(name string, args []reflect.Type) reflect.Type {
	switch name {
	case "not", "eq", "ne", "lt", "le", "gt", "ge":
		return reflect.TypeFor[bool]()
	case "len":
		return reflect.TypeFor[int]()
	case "print", "printf":
		return reflect.TypeFor[string]()
	case "index":
		if len(args) == 2 && args[0] != nil && (args[0].Kind() == reflect.Slice || args[0].Kind() == reflect.Map) {
			return args[0].Elem()
		}
	case "and", "or":
		for _, t := range args {
			if t != args[0] {
				return nil
			}
		}
		if len(args) > 0 {
			return args[0]
		}
	}
	return nil
}

func functionNames() []string {
	names := slices.Clone(standard)
	for name := range functions(&state{}) {
		if !strings.HasPrefix(name, "_") {
			names = append(names, name)
		}
	}
	return names
}

func fieldNames(t reflect.Type, a audience) []string {
	var names []string
	for f := range t.Fields() {
		if t != reflect.TypeFor[Facts]() || a.may(f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

func deref(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// printable reports whether a value of that type can stand in a mail as it is.
func printable(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[Buttons]():
		return true
	case reflect.TypeFor[prose](), reflect.TypeFor[quoted](), reflect.TypeFor[markerLine](), reflect.TypeFor[Page]():
		return true
	}
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Int64, reflect.Interface:
		return true
	}
	return false
}

// kindOf names a type for a person.
func kindOf(t reflect.Type) string {
	switch t = deref(t); {
	case t == reflect.TypeFor[time.Time]():
		return "a time"
	case t == reflect.TypeFor[time.Duration]():
		return "a length of time"
	case t == reflect.TypeFor[Block]():
		return "a text of several lines"
	case t == reflect.TypeFor[Link]():
		return "a link"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Struct:
		return "a thing with parts"
	case t.Kind() == reflect.Bool:
		return "yes or no"
	case t.Kind() == reflect.String:
		return "a text"
	}
	return "a number"
}

// usePart says how to get a text out of something that is none.
func usePart(t reflect.Type) string {
	switch t = deref(t); t.Kind() {
	case reflect.Slice:
		return "use {{range}}, or {{join}} for a list of words"
	case reflect.Struct:
		return "name one of its parts: " + strings.Join(fieldNames(t, toAgent), ", ")
	case reflect.Bool:
		return "use {{if}}"
	}
	return ""
}
