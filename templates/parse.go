package templates

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	"tierdesk/rules/fault"
)

// dir is where an admin's files lie in the desk folder; places of faults begin with it.
const dir = "templates/"

//go:embed builtin/*.md
var builtin embed.FS

// shipped are the built-in mails. They are the same for every Set, so they are read once: a desk
// loads its folder when it starts, soon after, and each time that a file is saved. Each is parsed
// and checked when it is first used: of all mails in all languages a desk sends few, and a test has
// checked them.
var shipped = sync.OnceValue(func() library {
	var faults fault.List
	l := library{mails: map[string]map[string]*mail{}}
	l.files.mails, l.files.partials = parseAll(builtinFiles(), nil, &faults)
	for name, byLang := range l.files.mails {
		audience, found := audiences[Name(name)]
		if !found {
			panic("templates: builtin/" + name + ".md: audience.go does not say who gets such a mail")
		}
		l.mails[name] = map[string]*mail{}
		for lang, src := range byLang {
			l.mails[name][lang] = newMail(src, audience, false, sync.OnceValue(func() contents {
				var faults fault.List
				c := contentsOf(src, l.files.partials, &faults)
				mustBeRight(faults)
				return c
			}))
		}
	}
	mustBeRight(faults)
	return l
})

// mustBeRight panics over a fault in a built-in mail: a test keeps it from ever being shipped.
func mustBeRight(faults fault.List) {
	if len(faults) > 0 {
		panic(fmt.Sprint("templates: a built-in mail is wrong: ", faults))
	}
}

// library is the built-in mails, ready to run, and the files that they are made of. Nothing in it
// changes.
type library struct {
	files layer
	mails map[string]map[string]*mail // by name, then language
}

func builtinFiles() []File {
	var files []File
	entries, err := fs.ReadDir(builtin, "builtin")
	if err != nil {
		panic(err) // embedded: cannot be
	}
	for _, e := range entries {
		text, err := builtin.ReadFile("builtin/" + e.Name())
		if err != nil {
			panic(err) // embedded: cannot be
		}
		files = append(files, File{e.Name(), string(text)})
	}
	return files
}

// source is a file that was read: the trees of its subject and body, with the lines and columns
// that they have in the file.
type source struct {
	name, lang, file, text string
	own                    bool   // the admin's
	subject, body          parsed // subject is zero in a partial
}

// parsed is a template text that parses. It has the lines and columns of the file.
type parsed struct {
	text string
	tree *parse.Tree // nil where it is not kept: a desk looks at few of its mails again
}

// parsedAgain returns the tree of the text of a file.
func (p parsed) parsedAgain(file string) *parse.Tree {
	if p.tree != nil {
		return p.tree
	}
	t := parse.New(file)
	t.Mode = parse.SkipFuncCheck
	if _, err := t.Parse(p.text, "", "", map[string]*parse.Tree{}); err != nil {
		panic("templates: " + file + " could be parsed before: " + err.Error())
	}
	return t
}

type sources = map[string]map[string]*source // by name, then language

// fileName of a template or, with an underscore, of a partial: a piece that others take in by
// {{template "name" .}}.
var fileName = regexp.MustCompile(`^(_?)([a-z][a-z0-9-]*)(?:\.([a-z]{2,3}(?:-[a-z0-9]{2,8})?))?\.md$`)

// parseAll reads files into mails and partials. known are the built-in mails, nil while these are
// read themselves.
func parseAll(files []File, known sources, faults *fault.List) (mails, partials sources) {
	mails, partials = sources{}, sources{}
	for _, f := range files {
		base := path.Base(f.Name)
		match := fileName.FindStringSubmatch(base)
		if match == nil {
			hint := "NAME.md or NAME.de.md, in small letters"
			if near := strings.ToLower(base); fileName.MatchString(near) {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			faults.Add(fault.Place{File: dir + f.Name}, hint, "%q is no name of a template", base)
			continue
		}
		src := &source{name: match[2], lang: match[3], file: f.Name, text: f.Text, own: known != nil}
		into := mails
		if match[1] == "_" {
			into = partials
		}
		if known == nil && src.lang == "" {
			src.lang = "en" // built-in NAME.md
		} else if known != nil && match[1] == "" && known[src.name] == nil {
			// An own name one letter off a built-in one would be a mail that never goes out.
			if near := nearest(src.name, slices.Collect(maps.Keys(known)), 1); near != "" && len(near) > 3 &&
				!strings.ContainsAny(src.name, "0123456789") {
				faults.Add(fault.Place{File: dir + f.Name}, "a name of your own must differ by more than a letter",
					"there is no built-in mail %q: did you mean %q?", src.name, near)
				continue
			}
		}
		if !src.parse(match[1] == "_", faults) {
			continue
		}
		if into[src.name] == nil {
			into[src.name] = map[string]*source{}
		}
		into[src.name][src.lang] = src
	}
	return mails, partials
}

// parse takes the file apart: the line with the subject, an empty line, and the body.
func (s *source) parse(partial bool, faults *fault.List) bool {
	s.text = strings.TrimPrefix(strings.ReplaceAll(s.text, "\r\n", "\n"), "\ufeff")
	if !s.fits(faults) {
		return false
	}
	body := s.text
	if !partial {
		head, rest, _ := strings.Cut(s.text, "\n")
		key, value, found := strings.Cut(head, ":")
		if !found || !strings.EqualFold(strings.TrimSpace(key), "subject") || strings.TrimSpace(value) == "" {
			faults.Add(s.place(1, 0), `first line "Subject: ...", then an empty line, then the text`, "does not begin with a subject")
			return false
		}
		if second, _, _ := strings.Cut(rest, "\n"); strings.TrimSpace(second) != "" {
			faults.Add(s.place(2, 0), "", "the line below the subject must be empty")
			return false
		}
		s.subject.text = strings.Repeat(" ", len(head)-len(value)) + value
		body = s.text[len(head):] // the same lines as in the file
	}
	s.body.text = body
	if !s.own {
		return true
	}
	ok := partial || s.tree(&s.subject, faults)
	return s.tree(&s.body, faults) && ok
}

func (s *source) place(line, column int) fault.Place {
	return fault.Place{File: dir + s.file, Line: line, Column: column}
}

// tree parses one template text and keeps its tree. What functions exist is left to the check,
// which can tell the nearest right one.
func (s *source) tree(p *parsed, faults *fault.List) bool {
	text := p.text
	if at := strings.Index(text, holeStart); at >= 0 {
		l, c := position(text, at)
		faults.Add(s.place(l, c), "", "the letters %q are reserved", holeStart)
		return false
	}
	t := parse.New(s.file)
	t.Mode = parse.SkipFuncCheck
	set := map[string]*parse.Tree{}
	t, err := t.Parse(text, "", "", set)
	if err != nil {
		if strings.HasSuffix(err.Error(), "unexpected EOF") && s.unclosed(text, faults) {
			return false
		}
		faults.Add(s.place(lineOf(err), 0), "", "%s", plainError(err))
		return false
	}
	for name := range set {
		if name != s.file {
			faults.Add(s.place(1, 0), fmt.Sprintf("put it into a file _%s.md and use {{template %q .}}", name, name),
				"{{define}} and {{block}} are not for mails")
			return false
		}
	}
	p.tree = t
	return true
}

// maxUnclosed is how many missing ends are looked for.
const maxUnclosed = 10

// unclosed adds a fault for each action whose {{end}} is missing in a text that ends too early, and
// reports whether there are any. It closes them until the text parses: then those that were open
// are the last node of each other, from the root on.
func (s *source) unclosed(text string, faults *fault.List) bool {
	for n := 1; n <= maxUnclosed; n++ {
		t := parse.New(s.file)
		t.Mode = parse.SkipFuncCheck
		set := map[string]*parse.Tree{}
		if _, err := t.Parse(text+strings.Repeat("{{end}}", n), "", "", set); err != nil {
			continue
		}
		if len(set) > 1 {
			return false // a {{define}}, which is a fault of its own
		}
		found := false
		for last := t.Root; last != nil; {
			word, branch := branchOf(last)
			if branch == nil {
				break
			}
			last = branch.List
			if branch.ElseList != nil {
				last = branch.ElseList
			}
			if afterElse.MatchString(text[:branch.Pos]) {
				continue // its end is that of the first
			}
			if n--; n < 0 {
				break // was closed
			}
			found = true
			faults.Add(s.place(branch.Line, 0), "an {{end}} is missing, for this or for something within it",
				"{{%s %s}} has no {{end}}", word, branch.Pipe)
		}
		return found
	}
	return false
}

// afterElse matches what stands before the condition of an {{else if}}.
var afterElse = regexp.MustCompile(`else\s+(?:if|with)\s*$`)

// branchOf returns the last node of a list and its word, if it is one that needs an {{end}}.
func branchOf(list *parse.ListNode) (string, *parse.BranchNode) {
	if len(list.Nodes) == 0 {
		return "", nil
	}
	switch n := list.Nodes[len(list.Nodes)-1].(type) {
	case *parse.IfNode:
		return "if", &n.BranchNode
	case *parse.RangeNode:
		return "range", &n.BranchNode
	case *parse.WithNode:
		return "with", &n.BranchNode
	}
	return "", nil
}

// buildAll checks the variants of one mail and makes them ready to run.
func buildAll(byLang map[string]*source, partials sources, faults *fault.List) map[string]*mail {
	out := map[string]*mail{}
	for lang, src := range byLang {
		before := len(*faults)
		c := contentsOf(src, partials, faults)
		if len(*faults) == before {
			out[lang] = newMail(src, audiences[Name(src.name)], c.own, func() contents { return c })
		}
	}
	return out
}

func newMail(src *source, to audience, own bool, contents func() contents) *mail {
	return &mail{file: src.file, source: src.text, lang: src.lang, audience: to, own: own, contents: contents}
}

// contentsOf checks a mail and what it takes in.
func contentsOf(src *source, partials sources, faults *fault.List) contents {
	c := newChecker(audiences[Name(src.name)], src.lang, partials, faults)
	c.source(src)
	out := contents{personal: strings.Contains(src.text, ".Reader"), own: src.own, parts: make([]part, 0, len(c.used))}
	for name, p := range c.used {
		out.personal = out.personal || strings.Contains(p.text, ".Reader")
		out.own = out.own || p.own
		out.parts = append(out.parts, part{name, p.file, p.body.text})
	}
	out.runners = newRunners(src, out.parts)
	return out
}

// pickPartial finds a partial in the language of the mail that takes it in, else for all languages,
// else in English. A name may say the language itself: {{template "footer.de" .}}.
func pickPartial(partials sources, name, lang string) *source {
	name, own, _ := strings.Cut(name, ".")
	if own != "" {
		return partials[name][own]
	}
	base, _, _ := strings.Cut(lang, "-")
	for _, l := range [...]string{lang, base, "", "en"} {
		if p := partials[name][l]; p != nil {
			return p
		}
	}
	return nil
}

// rootName of a mail's body can be no partial's name.
const rootName = "the mail"

// runners are templates that are ready to run, each with its own state. A new one is parsed from
// its text once more: of all mails in all languages a desk sends few, and the trees of all of them
// would stay in memory for as long as it runs. (Those of a sync.Pool do not outlive two
// collections, of which a busy desk has many a second.)
type runners struct {
	parse func() *runner

	mu   sync.Mutex
	idle []*runner
}

// maxIdle is how many ready ones of a template are kept.
const maxIdle = 2

func (r *runners) take() *runner {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.idle); n > 0 {
		one := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return one
	}
	return r.parse()
}

func (r *runners) giveBack(one *runner) {
	one.state.forget()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.idle) < maxIdle {
		r.idle = append(r.idle, one)
	}
}

// drop forgets those that are kept.
func (r *runners) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = nil
}

func newRunners(src *source, parts []part) *runners {
	file, subject, body := src.file, src.subject.text, src.body.text
	return &runners{parse: func() *runner {
		r := &runner{state: &state{}}
		f := functions(r.state)
		r.subject = template.Must(template.New("subject").Funcs(f).Option("missingkey=error").AddParseTree("subject",
			emitBy("_line", file, subject)))
		r.body = template.New(rootName).Funcs(f).Option("missingkey=error")
		for _, p := range parts {
			template.Must(r.body.AddParseTree(p.name, emitBy("_out", p.file, p.text)))
		}
		r.body = template.Must(r.body.AddParseTree(rootName, emitBy("_out", file, body)))
		return r
	}}
}

// emitBy returns the tree of a text that was parsed before, in which every action hands its value
// to a function instead of printing it.
func emitBy(function, file, text string) *parse.Tree {
	t := parsed{text: text}.parsedAgain(file)
	var walk func(n parse.Node)
	list := func(l *parse.ListNode) {
		if l != nil {
			for _, n := range l.Nodes {
				walk(n)
			}
		}
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos,
					Args: []parse.Node{parse.NewIdentifier(function).SetTree(t).SetPos(n.Pos)}})
			}
		case *parse.IfNode:
			list(n.List)
			list(n.ElseList)
		case *parse.RangeNode:
			list(n.List)
			list(n.ElseList)
		case *parse.WithNode:
			list(n.List)
			list(n.ElseList)
		}
	}
	list(t.Root)
	return t
}

// errorPlace begins the errors of text/template: `template: ack.md:3:7: executing "body" at <.X>:
// what`.
var errorPlace = regexp.MustCompile(`^template: [^:]*:(\d+)(?::(\d+))?: (?:executing "[^"]*" (?:at <.*?>: )?)?`)

func lineOf(err error) int {
	if m := errorPlace.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1]) // digits by the expression
		return n
	}
	return 0
}

// plainError takes the package's own prefix out of an error.
func plainError(err error) error { return errors.New(errorPlace.ReplaceAllString(err.Error(), "")) }

// position returns line and column of a byte in a text, both from 1.
func position(text string, at int) (line, column int) {
	at = min(at, len(text))
	line = 1 + strings.Count(text[:at], "\n")
	column = at - strings.LastIndexByte(text[:at], '\n')
	return line, column
}

// nearest returns the word with the smallest edit distance of at most max, "" if there is none.
func nearest(word string, among []string, max int) string {
	slices.Sort(among)
	best, found := max+1, ""
	for _, w := range among {
		if d := distance(strings.ToLower(word), strings.ToLower(w)); d < best {
			best, found = d, w
		}
	}
	return found
}

// distance counts the letters to insert, delete, replace or swap with a neighbour.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for k := range d[0] {
		d[0][k] = k
	}
	for i := 1; i <= len(x); i++ {
		for k := 1; k <= len(y); k++ {
			differ := 1
			if x[i-1] == y[k-1] {
				differ = 0
			}
			d[i][k] = min(d[i-1][k]+1, d[i][k-1]+1, d[i-1][k-1]+differ)
			if i > 1 && k > 1 && x[i-1] == y[k-2] && x[i-2] == y[k-1] {
				d[i][k] = min(d[i][k], d[i-2][k-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

// hintFor returns `did you mean "x"?`, or what there is if nothing is near.
func hintFor(word string, among []string) string {
	if near := nearest(word, among, cmp.Or(len(word)/3, 1)+1); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	slices.Sort(among)
	return "there are " + strings.Join(among, ", ")
}
