package config

import (
	"fmt"
	"reflect"
	"strings"
)

// holder is a value that contains keys of its own.
type holder interface {
	inside() any // a pointer to a struct
}

func (named[T]) inside() any    { return new(T) }
func (database) inside() any    { return new(databaseBlock) }
func (opsPort) inside() any     { return new(opsBlock) }
func (actionBlock) inside() any { return new(actionKeys) }

// Reference returns the page docs/configuration.md: every key of every file, made from the structs
// that the files are read into.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, f := range append(schemaOf[:len(schemaOf):len(schemaOf)],
		schemaFile{file: "kb/*.md", title: "the head of an article, between two lines of ---", into: &frontMatter{}}) {
		title := strings.TrimPrefix(f.title, "Tierdesk: ")
		fmt.Fprintf(&b, "\n## %s: %s\n", f.file, title)
		p := page{out: &b, seen: map[reflect.Type]string{}}
		p.table("", reflect.TypeOf(f.into).Elem())
	}
	fmt.Fprintf(&b, referenceTail, strings.Join(builtinNames(), ", "))
	return b.String()
}

const referenceHead = `# The desk folder: every key

<!-- Made from cmd/internal/config; a test fails when it is stale. Do not edit. -->

` + "`tierdesk init DIR`" + ` writes a folder with comments and examples; ` + "`tierdesk check`" + ` reports every fault in it at once, with file, line and
column. Unknown keys are faults. Keys with a * are required.

How values are written:

- A length of time is ` + "`30m`, `8h`, `1h30m`, `5d`" + ` or ` + "`1w`" + `; a day has 24 hours.
- Write true and false in full; ` + "`yes`" + ` and ` + "`on`" + ` are faults. A number does not start with 0.
- Where a list of words is expected, a single word will do: ` + "`notify: oncall`" + `.
- A path is relative to the desk folder.
- Names of agents, teams, vendors, inboxes, priorities and calendars consist of letters and digits, with . _ - between them.
- Blocks cannot be merged (` + "`<<`" + `), and a file contains one document.

tierdesk.yaml is read at start-up. All other files are read again when one of them is saved, or on SIGHUP. They are checked together and against the
open tickets; if anything is wrong, the old files stay in force, and the admin gets a mail.
`

const referenceTail = `
## templates/*.md

` + "`NAME.md`" + ` replaces the built-in mail NAME, ` + "`NAME.de.md`" + ` only for readers of German. Other names are for ` + "`reply:`" + ` in rules.
The built-in mails: %s.

A file whose name begins with _ is a piece that mails take in: ` + "`_header.md`" + ` stands at the top of every mail to customers (the built-in one is
empty), ` + "`_signature.md`" + ` below what an agent writes, ` + "`_footer.md`" + ` below what the desk writes by itself. ` + "`tierdesk template list`" + ` names all of
them, ` + "`tierdesk template show _signature`" + ` prints one.

A folder with the name of an inbox has what its mails have of their own, for desks that speak for several brands: ` + "`INBOX/NAME.md`" + `,
` + "`INBOX/NAME.de.md`" + `, ` + "`INBOX/_signature.de.md`" + `. They hold for all mails to customers, third persons and vendors that leave from that inbox, which is that of
the ticket: when tickets of two inboxes are merged, that of the ticket that goes on. Mails to agents and to the admin are the same for every inbox. What
a mail is made from, the first that there is:

1. ` + "`INBOX/NAME.de.md`" + ` in the reader's language, then ` + "`INBOX/NAME.md`" + `;
2. ` + "`NAME.de.md`" + ` in the reader's language, then ` + "`NAME.md`" + `;
3. the built-in mail in the reader's language;
4. the same in the desk's language, then in English.

Whose language it is: a customer's is that in which they write; who has not written yet gets that of the inbox, else that of what an agent wrote
for them, else the desk's. An agent's or a vendor's is the ` + "`language:`" + ` of their entry in people.yaml, else the desk's, and the admin's is the desk's. The built-in mails and sentences
are there in English (en), German (de), Spanish (es), French (fr), Italian (it) and Dutch (nl), also with a region, as in de-AT; a reader of any other language gets the desk's.

A file without a language hides those below it in every language; the same order holds for pieces. In all of these mails ` + "`{{.Desk.Name}}`" + ` is the
` + "`name`" + ` of the inbox, if it has one. ` + "`tierdesk template preview ack --inbox INBOX`" + ` shows the result.

` + "`phrases.de.txt`" + ` holds your own wording of the sentences that the desk puts into its mails by itself: why a mail is held, what a
command did, what a button is called. It replaces what it names and nothing else:

` + "```" + `
# Lines that begin with # and empty lines stand between the pairs.
%%s has it now.
Jetzt bei %%s.
` + "```" + `

The first line of a pair is the English sentence, to the letter; the second is what German readers get in its place, with the same
placeholders (` + "`%%s`, `%%d`, `%%q`, `%%%%`" + `) in the same order. ` + "`phrases.en.txt`" + ` rewords the English.
` + "`tierdesk template show phrases -l de`" + ` prints all of them. A sentence that the desk does not say is a fault.

## replies/*.md

` + "`NAME.md`" + ` is a stock reply: an agent's ` + "`/template NAME`" + ` puts it above their own text. It is written as the text of a template, without a
subject, and goes out as plain text. ` + "`NAME.de.md`" + ` is what customers who write German get. Facts that may stand in it, besides those of the desk
and the ticket: ` + "`{{.Customer.Name}}`" + ` and ` + "`{{.Agent.Name}}`" + `. A name that is not known is always possible:
` + "`Hello{{with .Customer.Name}} {{.}}{{end}},`" + `.
`

// page writes tables of keys. A struct that has been described once is only referred to later.
type page struct {
	out  *strings.Builder
	seen map[reflect.Type]string // struct -> path under which it was described
}

type part struct {
	path string
	t    reflect.Type
}

func (p *page) table(path string, t reflect.Type) {
	p.seen[t] = path
	p.out.WriteString("\n")
	if path != "" {
		fmt.Fprintf(p.out, "### %s\n\n", code(path))
	}
	p.out.WriteString("| key | value | without it | what it is for |\n| --- | --- | --- | --- |\n")
	fields := fieldsOf(t)
	var parts []part
	for _, name := range keysOf(t) {
		f := fields[name]
		star := ""
		if required(f) {
			star = " *"
		}
		value, inner, below := describe(f)
		if inner != nil {
			inPath := name + below
			if path != "" {
				inPath = path + " › " + inPath
			}
			if told, ok := p.seen[inner]; ok {
				value += ", as in " + code(told)
			} else {
				p.seen[inner] = inPath
				parts = append(parts, part{inPath, inner})
			}
		}
		doc := f.Tag.Get("doc")
		if eg := f.Tag.Get("eg"); eg != "" {
			doc += " Example: " + code(name+": "+eg)
		}
		without := f.Tag.Get("default")
		if without != "" {
			without = code(without)
		}
		fmt.Fprintf(p.out, "| %s%s | %s | %s | %s |\n", code(name), star, cell(value), without, cell(doc))
	}
	for _, part := range parts {
		p.table(part.path, part.t)
	}
}

// describe describes the value of a key in words. If it contains a struct, describe returns its
// type, else nil, and the suffix of its path.
func describe(f reflect.StructField) (value string, inner reflect.Type, below string) {
	if words := keyOf(f).enum; len(words) > 0 {
		return "one of " + strings.Join(words, ", "), nil, ""
	}
	t := f.Type
	prefix := ""
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Slice {
		prefix, below, t = "list: ", " (each)", t.Elem()
	}
	zero := reflect.New(t).Interface()
	if h, ok := zero.(holder); ok {
		if in := reflect.TypeOf(h.inside()).Elem(); len(ownKeys(in)) > 0 {
			inner = in
		}
	}
	switch k := zero.(type) {
	case interface{ kind() string }:
		value = k.kind()
		if strings.HasPrefix(value, "block of names") {
			below = " › NAME"
			if inner == nil {
				value = "block of names, each with a text"
			}
		}
	default:
		value, inner = "block", t
	}
	return prefix + value, inner, below
}

// ownKeys returns the keys of a struct, none for a value that reads itself.
func ownKeys(t reflect.Type) []string {
	if _, ok := reflect.New(t).Interface().(scalar); ok || t.Kind() != reflect.Struct {
		return nil
	}
	return keysOf(t)
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "\n", " ") }
