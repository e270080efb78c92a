package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"tierdesk/rules/fault"
	"tierdesk/tickets/sla"
)

// The kinds of values in the files. Each knows its place; a zero place means that it was not set.
// Each reads the text as written, not as YAML would interpret it: in YAML 010 is eight and yes may
// be true.

// text is one line or more of text, a name, a word.
type text struct {
	s  string
	at fault.Place
}

func (t *text) given() bool { return t.at.Line != 0 }

func (t *text) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	if len(k.enum) > 0 && !slices.Contains(k.enum, s) {
		r.add(n, fault.Hint(s, k.enum), "%s cannot be %q", k, s)
		return
	}
	if strings.TrimSpace(s) == "" {
		r.add(n, "leave the key out to leave it open", "%s is empty", k)
		return
	}
	*t = text{s, r.at(n)}
}

func (text) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string"}
}
func (text) kind() string { return "text" }

// literal is a text that may be a block scalar, whose lines matter. start is the place of its first
// character.
type literal struct {
	s     string
	at    fault.Place
	start fault.Place
}

func (l *literal) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	*l = literal{s: s, at: r.at(n), start: r.at(n)}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		// The text begins in the next line that is not empty, after its indentation.
		for line := n.Line; line < len(r.lines); line++ {
			if body := strings.TrimLeft(r.lines[line], " "); strings.TrimSpace(body) != "" {
				l.start.Line, l.start.Column = line+1, len(r.lines[line])-len(body)+1
				break
			}
		}
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		l.start.Column++
	}
}

func (literal) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }
func (literal) kind() string                   { return "text" }

// content is any text, including an empty one, of mails in tests.
type content struct{ s string }

func (c *content) scan(r *reader, n *yaml.Node, k key) {
	if n.Kind == yaml.ScalarNode {
		c.s = n.Value
		return
	}
	r.add(n, "one line, in quotes if it begins with a sign: \"a text\"", "%s is a text", k)
}

func (content) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }
func (content) kind() string                   { return "text" }

// textOf returns the text of a scalar value.
func (r *reader) textOf(n *yaml.Node, k key) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.add(n, example(k), "%s is a single value", k)
		return "", false
	case isNull(n), n.Tag == "!!null" && !slices.Contains(k.enum, n.Value):
		r.add(n, example(k), "%s has no value", k)
		return "", false
	}
	return n.Value, true
}

func example(k key) string {
	if k.eg == "" {
		return ""
	}
	return "for example " + k.name + ": " + k.eg
}

// number is a whole number.
type number struct {
	n  int
	at fault.Place
}

func (v *number) given() bool { return v.at.Line != 0 }

var decimal = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,8})$`)

func (v *number) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		r.add(n, "without quotes", "%s is a number", k)
		return
	}
	if !decimal.MatchString(s) {
		hint := example(k)
		if short := strings.TrimLeft(s, "0"); short != s && decimal.MatchString(short) {
			hint = "without the 0 in front, which YAML reads as octal: " + short
		}
		r.add(n, hint, "%s is a whole number, not %q", k, s)
		return
	}
	*v = number{digits(s), r.at(n)}
}

func (number) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "integer"} }
func (number) kind() string                   { return "whole number" }

// boolean is true or false.
type boolean struct {
	on bool
	at fault.Place
}

func (v *boolean) given() bool { return v.at.Line != 0 }

func (v *boolean) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	if s != "true" && s != "false" || n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		hint := "true or false, without quotes"
		switch strings.ToLower(s) {
		case "yes", "on", "y", "1", "true":
			hint = "write true"
		case "no", "off", "n", "0", "false":
			hint = "write false"
		}
		r.add(n, hint, "%s is true or false, not %q", k, s)
		return
	}
	*v = boolean{s == "true", r.at(n)}
}

func (boolean) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "boolean"} }
func (boolean) kind() string                   { return "true or false" }

// duration is a duration.
type duration struct {
	d  time.Duration
	at fault.Place
}

func (v *duration) given() bool { return v.at.Line != 0 }

func (v *duration) or(d time.Duration) time.Duration {
	if v.given() {
		return v.d
	}
	return d
}

func (v *duration) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	if s == "0" {
		*v = duration{0, r.at(n)}
		return
	}
	d, err := sla.ParseDuration(s)
	if err != nil || d.BusinessDays > 0 {
		hint := "like 30m, 8h, 1h30m or 5d"
		if decimal.MatchString(s) {
			hint = fmt.Sprintf("with its unit: %sm, %sh or %sd", s, s, s)
		} else if err == nil {
			hint = "in hours; a calendar says which of them count"
		}
		r.add(n, hint, "%s is a length of time, not %q", k, s)
		return
	}
	*v = duration{d.Clock, r.at(n)}
}

func (duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "string", Pattern: `^([0-9]{1,6} ?[a-z]+ ?)+$`}, {Type: "integer", Enum: []any{0}}}}
}
func (duration) kind() string { return "length of time: 30m, 8h, 1h30m, 5d" }

// gaps is a list of durations, none of them shorter than the one before.
type gaps struct {
	list []time.Duration
	at   fault.Place
}

func (v *gaps) given() bool { return v.at.Line != 0 }

func (v *gaps) scan(r *reader, n *yaml.Node, k key) {
	var w words
	if w.scan(r, n, k); len(w.list) == 0 {
		return
	}
	v.at = w.at
	for _, one := range w.list {
		d, err := sla.ParseDuration(one.s)
		switch {
		case err != nil || d.BusinessDays > 0 || d.Clock < time.Minute:
			r.faults.Add(one.at, "like [1h, 2h, 4h]", "%s are lengths of time of a minute or more, not %q", k, one.s)
		case len(v.list) > 0 && d.Clock < v.list[len(v.list)-1]:
			r.faults.Add(one.at, "like [1h, 2h, 4h]", "%s: the times between must grow, and %q is shorter than the one before", k, one.s)
		case len(v.list) == maxGaps:
			r.faults.Add(one.at, fmt.Sprintf("keep %d of them", maxGaps), "%s: at most %d times", k, maxGaps)
			return
		}
		v.list = append(v.list, d.Clock)
	}
}

// maxGaps is how often a notice is repeated at most.
const maxGaps = 20

func (gaps) JSONSchema() *jsonschema.Schema { return words{}.JSONSchema() }
func (gaps) kind() string                   { return "list of lengths of time" }

// digits returns the number matched by a pattern: at most nine digits, perhaps with a sign.
func digits(s string) int {
	n := 0
	for _, c := range strings.TrimPrefix(s, "-") {
		n = n*10 + int(c-'0')
	}
	if strings.HasPrefix(s, "-") {
		return -n
	}
	return n
}

// match returns the submatches of a scalar value that matches a pattern. If it does not, that is
// reported and the result is nil.
func (r *reader) match(n *yaml.Node, k key, pattern *regexp.Regexp, what, like string) []string {
	s, ok := r.textOf(n, k)
	if !ok {
		return nil
	}
	m := pattern.FindStringSubmatch(s)
	if m == nil {
		r.add(n, "like "+like, "%s is %s, not %q", k, what, s)
	}
	return m
}

var percentage = regexp.MustCompile(`^([1-9][0-9]?|100)%$`)

// size is a number of octets: "25MB".
type size struct {
	n  int64
	at fault.Place
}

var sizePattern = regexp.MustCompile(`^([1-9][0-9]{0,5}) ?(KB|MB)$`)

func (v *size) scan(r *reader, n *yaml.Node, k key) {
	if m := r.match(n, k, sizePattern, "a size", "25MB or 500KB"); m != nil {
		unit := map[string]int64{"KB": 1 << 10, "MB": 1 << 20}[m[2]]
		*v = size{int64(digits(m[1])) * unit, r.at(n)}
	}
}

func (size) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: sizePattern.String()}
}
func (size) kind() string { return "size: 25MB, 500KB" }

// Rate is a number for a period of time.
type Rate struct {
	N   int
	Per time.Duration
}

type rate struct {
	Rate
	at fault.Place
}

var ratePattern = regexp.MustCompile(`^([1-9][0-9]{0,5})/(s|sec|min|h|hour|day|d)$`)

var rateUnits = map[string]time.Duration{"s": time.Second, "sec": time.Second, "min": time.Minute, "h": time.Hour, "hour": time.Hour,
	"day": 24 * time.Hour, "d": 24 * time.Hour}

func (v *rate) scan(r *reader, n *yaml.Node, k key) {
	if m := r.match(n, k, ratePattern, "a number in a time", "25/min, 5/h or 100/day"); m != nil {
		*v = rate{Rate{digits(m[1]), rateUnits[m[2]]}, r.at(n)}
	}
}

func (rate) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: ratePattern.String()}
}
func (rate) kind() string { return "number in a time: 25/min, 5/h, 100/day" }

// address is a mail address without a name.
type address struct {
	s  string
	at fault.Place
}

func (v *address) given() bool { return v.at.Line != 0 }

func (v *address) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	if hint := notAddress(s); hint != "" {
		r.add(n, hint, "%q is not a mail address", s)
		return
	}
	*v = address{s, r.at(n)}
}

// notAddress returns what is wrong with an address, "" if it is valid.
func notAddress(s string) string {
	local, domain, ok := strings.Cut(s, "@")
	a, err := mail.ParseAddress(s)
	switch {
	case !ok || local == "" || domain == "":
		return "like jane@acme.example"
	case err == nil && (a.Address != s || a.Name != ""):
		return "only the address: " + a.Address
	case err != nil || strings.ContainsAny(s, " \t\r\n<>,;") || strings.Contains(domain, "@") || !isDomain(domain):
		return "like jane@acme.example"
	}
	return ""
}

// isDomain reports whether s may be a domain: labels of letters, digits and inner hyphens, in any
// script (RFC 5890 section 2.3.2.3).
func isDomain(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		n := utf8.RuneCountInString(label)
		if n == 0 || n > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.IndexFunc(label, notInLabel) >= 0 {
			return false
		}
	}
	return len(s) <= 253
}

func notInLabel(c rune) bool { return c != '-' && !unicode.IsLetter(c) && !unicode.IsNumber(c) }

func (address) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Format: "idn-email"}
}
func (address) kind() string { return "mail address" }

// words is one word or a list of words.
type words struct {
	list []text
	at   fault.Place
}

func (v *words) given() bool { return v.at.Line != 0 }

func (v *words) strings() []string {
	out := make([]string, len(v.list))
	for i, w := range v.list {
		out[i] = w.s
	}
	return out
}

func (v *words) scan(r *reader, n *yaml.Node, k key) {
	v.at = r.at(n)
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	} else if isNull(n) {
		r.add(n, example(k), "%s has no value", k)
		return
	}
	v.list = make([]text, 0, len(items))
	for _, item := range items {
		if r.full(item) {
			return
		}
		var w text
		if item.Kind == yaml.AliasNode {
			item = item.Alias
		}
		if w.scan(r, item, k); w.given() {
			v.list = append(v.list, w)
		}
	}
}

func (words) JSONSchema() *jsonschema.Schema {
	one := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{one, {Type: "array", Items: one}}}
}
func (words) kind() string { return "word or list of words" }

// command is a command: a text for the shell, or a list of a program and its arguments, run without
// a shell.
type command struct {
	argv []string
	at   fault.Place
}

func (v *command) given() bool { return v.at.Line != 0 }

func (v *command) scan(r *reader, n *yaml.Node, k key) {
	var w words
	if w.scan(r, n, k); len(w.list) == 0 {
		return
	}
	v.at, v.argv = w.at, w.strings()
	if n.Kind != yaml.SequenceNode {
		v.argv = []string{"/bin/sh", "-c", w.list[0].s}
	}
}

func (command) JSONSchema() *jsonschema.Schema { return words{}.JSONSchema() }
func (command) kind() string                   { return "shell command, or list of program and arguments" }

// named is a block of named entries, in the order of the file.
type named[T any] struct {
	list []entry[T]
	at   fault.Place
}

type entry[T any] struct {
	name  text
	value T
}

func (v *named[T]) given() bool { return v.at.Line != 0 }

func (v *named[T]) names() []string {
	out := make([]string, len(v.list))
	for i := range v.list {
		out[i] = v.list[i].name.s
	}
	return out
}

func (v *named[T]) scan(r *reader, n *yaml.Node, k key) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.add(n, "one name a line, each with its keys below", "%s is a block of names", k)
		return
	}
	v.at = r.at(n)
	if name := v.emptied(r, n); name != nil {
		r.add(name, "begin the lines of its keys further to the right than its name", "%q has no keys: they stand beside it", name.Value)
		v.list = append(v.list, entry[T]{name: text{name.Value, r.at(name)}}) // so that nobody says it is missing
		return
	}
	for name, value := range r.pairs(n) {
		e := entry[T]{name: text{name.Value, r.at(name)}}
		r.value(value, reflect.ValueOf(&e.value).Elem(), key{name: name.Value})
		v.list = append(v.list, e)
	}
}

// emptied returns the name whose keys stand in the same column as the name itself, so that YAML
// takes them for further names; nil if there is none.
func (v *named[T]) emptied(r *reader, n *yaml.Node) *yaml.Node {
	block := reflect.TypeFor[T]()
	if block.Kind() != reflect.Struct {
		return nil
	}
	for i := 0; i+2 < len(n.Content); i += 2 {
		name, value, next := n.Content[i], n.Content[i+1], n.Content[i+2]
		if isNull(value) && r.shape(block).fields[next.Value].Name != "" {
			return name
		}
	}
	return nil
}

func (named[T]) JSONSchema() *jsonschema.Schema {
	var value T
	inner := reflector().Reflect(&value)
	inner.Version = ""
	return &jsonschema.Schema{Type: "object", AdditionalProperties: inner}
}
func (named[T]) kind() string { return "block of names" }

// server is the address of a mail server: SCHEME://HOST[:PORT].
type server struct {
	Server
	at fault.Place
}

// Security is how a connection is protected.
type Security string

// How a connection is protected.
const (
	TLS      Security = "tls"      // from the first byte; the certificate is verified
	StartTLS Security = "starttls" // after STARTTLS, which must succeed; the certificate is verified
	Insecure Security = "insecure" // not at all
)

// Server is the address of a mail server and the protection of its connections.
type Server struct {
	Host     string
	Port     int
	Security Security
}

// serverSchemes are the schemes with their default ports.
var serverSchemes = map[string]Server{
	"imaps": {Port: 993, Security: TLS}, "imap": {Port: 143, Security: StartTLS}, "insecure+imap": {Port: 143, Security: Insecure},
	"smtps": {Port: 465, Security: TLS}, "smtp": {Port: 587, Security: StartTLS}, "insecure+smtp": {Port: 25, Security: Insecure},
}

func (v *server) scan(r *reader, n *yaml.Node, k key) {
	s, ok := r.textOf(n, k)
	if !ok {
		return
	}
	wanted := []string{k.name + "s", k.name, "insecure+" + k.name}
	how := fmt.Sprintf("%ss://HOST with TLS, %s://HOST with STARTTLS, insecure+%s://HOST without", k.name, k.name, k.name)
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		r.add(n, how, "%q is not the URL of a mail server", s)
		return
	}
	srv, known := serverSchemes[u.Scheme]
	switch {
	case !known || !slices.Contains(wanted, u.Scheme):
		r.add(n, how, "%q is not a scheme for %s", u.Scheme, k)
		return
	case u.User != nil:
		r.add(n, `in "user" and "password_file"`, "user and password do not stand in the URL of %s", k)
		return
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		r.add(n, "like mail.acme.example:993", "nothing may stand behind the host in %q", s)
		return
	}
	srv.Host = u.Hostname()
	if p := u.Port(); p != "" {
		if srv.Port, err = strconv.Atoi(p); err != nil || srv.Port < 1 || srv.Port > 65535 {
			r.add(n, "from 1 to 65535, like 993", "%q is not a port", p)
			return
		}
	}
	*v = server{srv, r.at(n)}
}

func (server) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^(insecure\+)?(imap|smtp|imaps|smtps)://[^/@]+$`}
}
func (server) kind() string { return "URL of a mail server" }

func itoa(i int) string { return strconv.Itoa(i) }
