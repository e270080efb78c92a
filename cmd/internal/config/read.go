package config

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"tierdesk/rules/fault"
)

// The reader walks the nodes of one YAML file and fills a struct from them. The library could fill
// structs itself, but then faults would be reported in its words, and the places of values, which
// later checks need, would be lost.
//
// The tags of a struct's fields hold their keys and everything about them: `yaml:"key"`,
// `jsonschema:"required,enum=a,enum=b"`, `doc:"what it is for"`, `eg:"an example"`, `default:"what
// holds without it"`, `notyet:"what the desk cannot do yet"`. The JSON Schemas and the reference
// page are made from the same tags.

// notYet is the tag of a key that is refused until its feature exists: everything that the desk
// accepts has an effect.
const notYet = "notyet"

// position is embedded in structs whose places matter to later checks.
type position struct {
	At   fault.Place            `yaml:"-"` // of the whole block
	Keys map[string]fault.Place `yaml:"-"` // of the values
	Odd  bool                   `yaml:"-"` // a fault was reported in it: faults that follow from that need not be reported
}

func (p *position) setPosition(where position) { *p = where }

// setPosition sets the position of a struct that embeds one.
func setPosition(v reflect.Value, where position) {
	if s, ok := v.Addr().Interface().(interface{ setPosition(position) }); ok {
		s.setPosition(where)
	}
}

// scalar is a value that reads itself from a node.
type scalar interface {
	scan(r *reader, n *yaml.Node, k key)
}

// key is what a scalar knows about its key.
type key struct {
	name  string
	entry bool     // an entry of the list at the key
	enum  []string // the allowed words; empty for any
	eg    string
}

type reader struct {
	file   string
	lines  []string // of the source, for the places in block scalars
	faults *fault.List
	shapes map[reflect.Type]shape
	nodes  int
	cut    bool // the bound was exceeded and reported
}

// shape caches what the reader needs to know about a struct type.
type shape struct {
	keys   []string // in their order
	fields map[string]reflect.StructField
	of     map[string]key
}

func (r *reader) shape(t reflect.Type) shape {
	s, ok := r.shapes[t]
	if !ok {
		s = shape{keys: keysOf(t), fields: fieldsOf(t), of: map[string]key{}}
		for name, f := range s.fields {
			s.of[name] = keyOf(f)
		}
		r.shapes[t] = s
	}
	return s
}

// readYAML fills what `into` points to from the text of a file. It reports every fault; values with
// a fault stay zero. An empty file fills nothing. It returns false if the file is not YAML at all.
func readYAML(file string, source []byte, into any, faults *fault.List) bool {
	r := &reader{file: file, lines: strings.Split(string(source), "\n"), faults: faults,
		shapes: map[reflect.Type]shape{}}
	if len(source) > maxFileSize {
		faults.Add(fault.Place{File: file}, "at most 1 MB", "the file is too large")
		return false
	}
	if place, bad := notText(file, source); bad {
		faults.Add(place, "save it as UTF-8", "the file is not a text in UTF-8")
		return false
	}
	docs, err := documents(source)
	if err != nil {
		r.syntax(err)
		return false
	}
	if len(docs) > 1 {
		r.add(docs[1], "remove the line ---", "a second document begins here")
	}
	top := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1, Column: 1} // for an empty file
	if len(docs) > 0 {
		top = docs[0]
	}
	r.value(top, reflectOf(into), key{})
	return true
}

// documents returns the top nodes of the first two documents.
func documents(source []byte) ([]*yaml.Node, error) {
	l, err := yaml.NewLoader(bytes.NewReader(source))
	if err != nil {
		return nil, err
	}
	var out []*yaml.Node
	for len(out) < 2 {
		var doc yaml.Node
		switch err := l.Load(&doc); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		}
		if doc.Kind == yaml.DocumentNode && len(doc.Content) > 0 {
			out = append(out, doc.Content[0])
		}
	}
	return out, nil
}

// syntax reports a syntax error of YAML. The library stops at the first.
func (r *reader) syntax(err error) {
	place := fault.Place{File: r.file}
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		r.faults.Add(place, "", "this is not YAML: %s", err)
		return
	}
	place.Line, place.Column = load.Mark.Line, load.Mark.Column
	text := load.Message
	if load.ContextMsg != "" {
		text = load.ContextMsg + ": " + text
	}
	if begun := load.ContextMark.Line; begun > 0 && begun < load.Mark.Line {
		text += ", begun in line " + itoa(begun)
	}
	hint := ""
	switch {
	case strings.Contains(text, "mapping values are not allowed"):
		hint = `put a text with ": " in it into quotes; keys of one block stand in the same column`
	case strings.Contains(text, "cannot start any token") && r.character(place) == '\t', strings.Contains(text, "tab character"):
		hint = "indent with blanks, not tabs"
	case strings.Contains(text, "cannot start any token"):
		hint = "put a text that begins like this into quotes"
	case strings.Contains(text, "expected ':'"):
		hint = "behind a key stands a colon, and a blank behind that"
	case strings.Contains(text, "expected ',' or"), strings.Contains(text, "flow node"), strings.Contains(text, "end of stream"):
		hint = `a bracket or quote is not closed, or a text with ": " or ", " in it is not in quotes`
	case strings.Contains(text, "expected '-'"), strings.Contains(text, "block"):
		hint = "the lines of one block begin in the same column"
	case strings.Contains(text, "unknown anchor"):
		hint = "put a text that begins with * into quotes"
	}
	r.faults.Add(place, hint, "this is not YAML: %s", text)
}

// character returns the character at a place.
func (r *reader) character(p fault.Place) rune {
	if p.Line < 1 || p.Line > len(r.lines) {
		return 0
	}
	if line := []rune(r.lines[p.Line-1]); p.Column >= 1 && p.Column <= len(line) {
		return line[p.Column-1]
	}
	return 0
}

// notText returns the first place at which a file is not valid UTF-8, false if there is none. The
// library does not report a place.
func notText(file string, source []byte) (fault.Place, bool) {
	place := fault.Place{File: file, Line: 1, Column: 1}
	for len(source) > 0 {
		c, n := utf8.DecodeRune(source)
		switch {
		case c == utf8.RuneError && n == 1, c < ' ' && c != '\n' && c != '\r' && c != '\t', c == 0x7f:
			return place, true
		case c == '\n':
			place.Line, place.Column = place.Line+1, 1
		default:
			place.Column++
		}
		source = source[n:]
	}
	return place, false
}

func (r *reader) at(n *yaml.Node) fault.Place {
	return fault.Place{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *reader) add(n *yaml.Node, hint, format string, args ...any) {
	r.faults.Add(r.at(n), hint, format, args...)
}

// value fills v from a node.
func (r *reader) value(n *yaml.Node, v reflect.Value, k key) {
	if r.full(n) {
		return
	}
	if n.Kind == yaml.AliasNode {
		r.value(n.Alias, v, k)
		return
	}
	if l, ok := v.Addr().Interface().(scalar); ok {
		l.scan(r, n, k)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, v.Elem(), k)
	case reflect.Slice:
		r.list(n, v, k)
	case reflect.Struct:
		r.mapping(n, v, k)
	default:
		panic("config: a field of type " + v.Type().String() + " cannot be read")
	}
}

// full counts a node and reports whether there are too many, which it adds as a fault once.
func (r *reader) full(n *yaml.Node) bool {
	if r.nodes++; r.nodes > maxNodes && !r.cut {
		r.cut = true
		r.add(n, "write it out, without aliases (*NAME)", "the file says too much, perhaps by its aliases")
	}
	return r.cut
}

func (r *reader) list(n *yaml.Node, v reflect.Value, k key) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.add(n, "one entry a line, each behind a dash, like - first", "%s is a list", k)
		return
	}
	k.entry = true
	for _, item := range n.Content {
		e := reflect.New(v.Type().Elem()).Elem()
		r.value(item, e, k)
		v.Set(reflect.Append(v, e))
	}
}

// mapping fills a struct.
func (r *reader) mapping(n *yaml.Node, v reflect.Value, k key) {
	shape, where := r.shape(v.Type()), position{At: r.at(n), Keys: map[string]fault.Place{}}
	if !isNull(n) && n.Kind != yaml.MappingNode {
		r.add(n, "with "+strings.Join(shape.keys, ", "), "%s is a block of keys", k)
		setPosition(v, position{At: where.At, Odd: true})
		return
	}
	before := len(*r.faults)
	given := map[string]bool{} // also if it is misspelt: one mistake is one fault
	for name, value := range r.pairs(n) {
		f, ok := shape.fields[name.Value]
		if !ok {
			r.add(name, fault.Hint(name.Value, shape.keys), "unknown key %q", name.Value)
			given[fault.Nearest(name.Value, shape.keys)] = true
			continue
		}
		given[name.Value] = true
		if words := f.Tag.Get(notYet); words != "" {
			r.add(name, "leave it out", "%q would have no effect: %s", name.Value, words)
			continue
		}
		where.Keys[name.Value] = r.at(value)
		r.value(value, v.FieldByIndex(f.Index), shape.of[name.Value])
	}
	for _, name := range shape.keys {
		f := shape.fields[name]
		if required(f) && !given[name] {
			hint := ""
			if eg := f.Tag.Get("eg"); eg != "" {
				hint = "for example " + name + ": " + eg
			}
			r.faults.Add(where.At, hint, "%q is missing", name)
		}
	}
	where.Odd = len(*r.faults) > before
	setPosition(v, where)
}

// pairs iterates over a mapping. Keys that are not plain, or that occur twice, are reported and
// skipped.
func (r *reader) pairs(n *yaml.Node) func(yield func(name, value *yaml.Node) bool) {
	return func(yield func(name, value *yaml.Node) bool) {
		first := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			name, value := n.Content[i], n.Content[i+1]
			switch {
			case name.Kind != yaml.ScalarNode || isNull(name):
				r.add(name, "like name: value", "a key is one word")
				continue
			case name.Tag == "!!merge" || name.Value == "<<" && name.Style == 0:
				r.add(name, "write the keys out", "blocks are not merged here")
				continue
			case first[name.Value] != 0:
				r.faults.Add(r.at(name), "the first stands in line "+itoa(first[name.Value]), "%q stands here twice", name.Value)
				continue
			}
			first[name.Value] = name.Line
			if !yield(name, value) {
				return
			}
		}
	}
}

func reflectOf(into any) reflect.Value { return reflect.ValueOf(into).Elem() }

// isNull reports whether the value is empty in the file. The word null is not empty but a word.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && (n.Value == "" || n.Value == "~")
}

func (k key) String() string {
	switch {
	case k.name == "":
		return "this"
	case k.entry:
		return `an entry of "` + k.name + `"`
	}
	return `"` + k.name + `"`
}

// keyOf returns the content of a field's tags.
func keyOf(f reflect.StructField) key {
	k := key{name: yamlName(f), eg: f.Tag.Get("eg")}
	for _, word := range strings.Split(f.Tag.Get("jsonschema"), ",") {
		if e, ok := strings.CutPrefix(word, "enum="); ok {
			k.enum = append(k.enum, e)
		}
	}
	return k
}

func required(f reflect.StructField) bool {
	for _, word := range strings.Split(f.Tag.Get("jsonschema"), ",") {
		if word == "required" {
			return true
		}
	}
	return false
}

func yamlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

// fieldsOf returns the fields of a struct by key, including those of embedded structs.
func fieldsOf(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(t) {
		if name := yamlName(f); name != "" && name != "-" {
			out[name] = f
		}
	}
	return out
}

// keysOf returns the keys of a struct in order, without those that are refused.
func keysOf(t reflect.Type) []string {
	var out []string
	for _, f := range reflect.VisibleFields(t) {
		if name := yamlName(f); name != "" && name != "-" && f.Tag.Get(notYet) == "" {
			out = append(out, name)
		}
	}
	return out
}
