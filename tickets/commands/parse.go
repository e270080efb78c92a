package commands

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tierdesk/rules/fault"
	"tierdesk/rules/pattern"
	"tierdesk/tickets/phrase"
)

// Parse reads the new text of an agent's mail: the commands at its top, one a line before any other
// text, and the text below them. Blank lines, quoted lines (">"), bullets, Markdown's marks and
// invisible signs before a command do not matter.
//
// Above the text every word behind / # @ has to be a command. Below it a line may not begin with
// one, nor with anything that is one letter off, and nothing that keeps text from the customer may
// be mentioned. Its first line may not be a command that lacks nothing but the slash. What breaks
// this, and whatever else may not be meant as it was typed, becomes a doubt. Commands in quoted
// lines are not read: see Hidden. Parse never fails and is safe for any text.
func Parse(text string, opt Options) Result {
	p := parser{opt: &opt, lines: splitLines(text)}
	p.head()
	p.body()
	p.contradictions()
	p.texts()
	p.likeNote()
	p.unslashed()
	p.asTyped()
	return p.result
}

type parser struct {
	opt    *Options
	lines  []string
	result Result
	// text is the index of the first line behind the commands.
	text int
	// quoted are the quoted lines above the commands.
	quoted []string
	// inline is a text on the line of /note.
	inline string
	// doubtful are the lines of the head that are no commands for certain.
	doubtful []string
	twice    []int // lines of commands that were said before
	// foreign reports whether the text below is somebody else's.
	foreign bool
}

func (p *parser) doubt(line int, text string, reason Reason, near string) {
	p.add(Doubt{Line: line, Text: clip(text), Reason: reason, Nearest: near})
}

func (p *parser) add(d Doubt) {
	line, reason, near := d.Line, d.Reason, d.Nearest
	p.result.Doubts = append(p.result.Doubts, d)
	if line > 0 && commandReasons[reason] {
		p.unsafe(line)
	}
	p.result.Note = p.result.Note || near == "/"+string(Note) && reason != LikeNote
}

// commandReasons are the doubts about a line that holds a command, or something like one.
var commandReasons = map[Reason]bool{NotYet: true, Ambiguous: true, BadArgument: true, TwoOnLine: true, BelowText: true,
	Wrapped: true, Mentioned: true}

func (p *parser) unsafe(line int) {
	if !slices.Contains(p.result.Unsafe, line) {
		p.result.Unsafe = append(p.result.Unsafe, line)
		slices.Sort(p.result.Unsafe)
	}
}

// head reads the commands. An answer between quoted lines may have some above its first words.
func (p *parser) head() {
	var quoted []string
	for i, raw := range p.lines {
		line := clean(raw)
		if line == "" {
			continue
		}
		if isQuoted(line) {
			quoted = append(quoted, raw)
			continue
		}
		l, ok := readLine(line)
		if !ok || l.odd {
			return
		}
		before := len(p.result.Commands)
		if p.command(i+1, raw, l); len(p.result.Commands) == before {
			p.doubtful = append(p.doubtful, raw)
		}
		p.text, p.quoted = i+1, quoted
		if p.foreign {
			return
		}
	}
}

// command reads one line of the head.
func (p *parser) command(number int, raw string, l line) {
	spec, ok, several := p.lookup(l)
	if len(several) > 0 && l.markers == 1 && !l.glued {
		p.add(Doubt{Line: number, Text: clip(raw), Reason: Ambiguous, Detail: phrase.Verbatim(strings.Join(several, ", "))})
		return
	}
	if !ok || l.markers > 1 || l.glued {
		near := p.nearest(l.word)
		p.doubt(number, raw, Unknown, near)
		if near != "" || l.slash && !l.path { // "@bob knows it" and "/etc/hosts is wrong" are text, if their writer says so
			p.unsafe(number)
		}
		return
	}
	if p.opt.Enabled != nil && !slices.Contains(p.opt.Enabled, spec.Name) {
		p.doubt(number, raw, NotYet, "")
		return
	}
	if second := commandInside(l.rest, spec.sigil); second != "" {
		p.doubt(number, raw, TwoOnLine, "")
		p.result.Note = p.result.Note || spec.Name == Note || namesNote(second)
		return
	}
	c := Command{Name: spec.Name, Line: number, Raw: strings.TrimSpace(raw)}
	if spec.Name == Note {
		// "/note called them" is what people write, and a note leaks nothing.
		p.inline = l.rest
		p.result.Commands = append(p.result.Commands, c)
		p.result.Note = true
		return
	}
	rest, numbers := spec.others(l.rest)
	args, b := spec.read(rest, p.opt)
	if b != nil {
		d := Doubt{Line: number, Text: clip(raw), Reason: BadArgument, Detail: b.detail, There: b.there}
		if b.nearest != "" {
			d.Nearest = "/" + string(spec.Name) + " " + b.nearest
		}
		if d.Detail.Empty() {
			d.Detail = phrase.Say("something is missing behind it, as in %s", spec.Usage())
		}
		p.add(d)
		return
	}
	if p.mayBeWrapped(number) {
		p.doubt(number, raw, Wrapped, "")
	}
	c.Args, c.Tickets = args, numbers
	p.foreign = spec.Text == TextForeign
	p.result.Commands = append(p.result.Commands, c)
}

// Clients break lines at 65 to 80 signs. A reason that was broken would go to the customer with its
// second half.
const (
	wrapFrom = 60
	wrapTo   = 100 // who writes a longer line does not break lines
)

// mayBeWrapped reports whether the line with that number looks as if it went on in the next one.
func (p *parser) mayBeWrapped(number int) bool {
	if p.opt.HTML || number >= len(p.lines) {
		return false
	}
	next := clean(p.lines[number])
	if next == "" || isQuoted(next) {
		return false
	}
	if l, ok := readLine(next); ok && !l.odd {
		return false // a command of its own, or a doubt of its own
	}
	word, _, _ := strings.Cut(next, " ")
	this := utf8.RuneCountInString(clean(p.lines[number-1]))
	return this <= wrapTo && this+1+utf8.RuneCountInString(word) >= wrapFrom
}

// body takes the lines behind the commands as the text and looks for commands in it.
func (p *parser) body() {
	p.result.Body = trimBlankLines(p.textLines())
	if p.foreign {
		return
	}
	if p.inline != "" { // on the line of /note already
		p.unsafe(p.text)
	}
	for i := p.text; i < len(p.lines); i++ {
		line := clean(p.lines[i])
		if isQuoted(line) {
			continue
		}
		if l, ok := readLine(line); ok {
			near := closeTo(l)
			if spec, unique, several := p.lookup(l); near == "" && l.slash && !l.path && (unique || len(several) > 0) {
				near = strings.TrimPrefix(slices.Concat(several, []string{string(spec.Name)})[0], "/")
			}
			if near != "" {
				p.doubt(i+1, p.lines[i], BelowText, "/"+near)
				p.result.Note = p.result.Note || commandInside(l.rest, "") != "" && namesNote(commandInside(l.rest, ""))
				continue
			}
		}
		if name := mentioned(line); name != "" {
			p.doubt(i+1, p.lines[i], Mentioned, "/"+string(name))
		}
	}
}

// textLines are the lines of the body.
func (p *parser) textLines() []string {
	text := slices.Concat(p.quoted, p.lines[p.text:])
	if p.inline != "" {
		text = slices.Concat([]string{p.inline}, text)
	}
	return text
}

// asTyped sets the text for a held mail that its writer wants as it is.
func (p *parser) asTyped() {
	r := &p.result
	if r.Note {
		r.AsTyped = trimBlankLines(slices.Concat(p.doubtful, p.textLines()))
		return
	}
	var text []string
	for i, line := range p.lines {
		if !slices.Contains(r.Unsafe, i+1) && !slices.ContainsFunc(r.Commands, func(c Command) bool { return c.Line == i+1 }) &&
			!slices.Contains(p.twice, i+1) {
			text = append(text, line)
		}
	}
	r.AsTyped = trimBlankLines(text)
}

// contradictions looks for commands that cannot both be meant. The same command twice with the same
// words is one.
func (p *parser) contradictions() {
	seen := map[string][]Command{}
	kept := p.result.Commands[:0]
	for _, c := range p.result.Commands {
		spec, _ := Lookup(c.Name)
		group := string(spec.group)
		if spec.group == single {
			group = "/" + string(spec.Name)
		}
		i := slices.IndexFunc(seen[group], func(before Command) bool { return aboutSame(before, c) })
		var before Command
		if i >= 0 {
			before = seen[group][i]
		}
		switch {
		case spec.group == none || i < 0:
			seen[group] = append(seen[group], c)
			kept = append(kept, c)
		case before.Name == c.Name && sameArgs(before, c):
			p.twice = append(p.twice, c.Line)
		default:
			kept = append(kept, c)
			p.add(Doubt{Line: c.Line, Text: clip(c.Raw), Reason: Contradiction, Detail: phrase.Verbatim(strconv.Quote(before.Raw))})
		}
	}
	p.result.Commands = kept
}

// aboutSame reports whether two commands are about the same ticket.
func aboutSame(a, b Command) bool {
	if len(a.Tickets) == 0 || len(b.Tickets) == 0 {
		return len(a.Tickets) == len(b.Tickets)
	}
	return slices.ContainsFunc(a.Tickets, func(n int64) bool { return slices.Contains(b.Tickets, n) })
}

func sameArgs(a, b Command) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a.Raw), " "), strings.Join(strings.Fields(b.Raw), " "))
}

// texts looks whether there is the text that the commands want, and only that.
func (p *parser) texts() {
	r := &p.result
	nothing := Reason("")
	if !p.foreign {
		if nothing = nothingNew(r.Body, p.opt.Signature); nothing != "" {
			r.Body = ""
		}
	}
	if len(r.Commands) == 0 && len(r.Doubts) == 0 && nothing != "" {
		p.doubt(0, "", nothing, "")
		return
	}
	for _, c := range r.Commands {
		spec, _ := Lookup(c.Name)
		switch {
		case spec.Text == TextNeeded && r.Body == "":
			p.doubt(c.Line, c.Raw, NoText, "")
		case spec.Text == TextUnwanted && r.Body != "":
			p.doubt(c.Line, c.Raw, TextUnused, "")
		}
	}
}

// minPrefix is the length from which the beginning of a command stands for it.
const minPrefix = 2

// lookup finds the command of a line by its name, an alias, or a beginning that no other command
// has; if others have it too, it returns them. Behind @ and # a name of the desk's own people is no
// beginning: "@al" is Al.
func (p *parser) lookup(l line) (spec Spec, found bool, several []string) {
	if spec, found = Lookup(Name(l.word)); found || utf8.RuneCountInString(l.word) < minPrefix {
		return spec, found, nil
	}
	if !l.slash && (slices.Contains(p.opt.Agents, l.word) || slices.Contains(p.opt.Teams, l.word)) {
		return Spec{}, false, nil
	}
	whole := false
	for _, s := range table {
		if s.startsWith(l.word) {
			spec, whole = s, whole || s.Whole
			several = append(several, "/"+string(s.Name))
		}
	}
	switch {
	case len(several) == 0 || len(several) == 1 && whole:
		return Spec{}, false, nil
	case len(several) == 1:
		return spec, true, nil
	}
	return Spec{}, false, several
}

// nearest returns the command that was most likely meant, with its slash.
func (p *parser) nearest(word string) string {
	for _, s := range settable {
		if string(s) == word {
			return "/status " + word
		}
	}
	if slices.Contains(p.opt.Priorities, word) {
		return "/priority " + word
	}
	if meansNote(word) {
		return "/" + string(Note)
	}
	if name, found := verbs()[word]; found {
		return "/" + string(name)
	}
	if n := fault.Nearest(word, names()); n != "" {
		return "/" + n
	}
	return ""
}

// clientLines are what mail clients write below every mail.
var clientLines = pattern.Late(`(?i)^(sent (from|with|via) (my |the )?[\pL\pN .'’\[\]()/:-]{2,80}|get outlook for \w+.*|von meinem [\pL\pN .-]{2,30} gesendet|gesendet (von|mit) [\pL\pN .'’-]{2,40}|envoyé (de|depuis) [\pL\pN .'’-]{2,40}|enviado desde [\pL\pN .'’-]{2,40}|inviato da [\pL\pN .'’-]{2,40}|verzonden vanaf [\pL\pN .'’-]{2,40})$`)

// nothingNew returns why a text says nothing: each line of it is blank, quoted, the line that leads
// to a quotation, one of the agent's signature, or a client's own. It is "" for a text that says
// something.
func nothingNew(body, signature string) Reason {
	own := map[string]bool{}
	for _, l := range splitLines(signature) {
		own[signatureLine(l)] = true
	}
	why, leads := Empty, "" // leads is a line that says something unless a quotation follows
	for _, raw := range splitLines(body) {
		l := clean(raw)
		s := signatureLine(l)
		switch {
		case isQuoted(l):
			leads = ""
		case s == "":
		case leads != "":
			return ""
		case own[s] || clientLines().MatchString(s):
			why = OnlySignature
		case strings.HasSuffix(l, ":") || strings.HasSuffix(l, "："):
			leads = l
		default:
			return ""
		}
	}
	if leads != "" {
		return ""
	}
	return why
}

var reFormat = pattern.Late("[*_`|]+")

// signatureLine makes lines of a signature comparable: without case, spaces, Markdown and
// delimiters.
func signatureLine(s string) string {
	s = reFormat().ReplaceAllString(clean(s), "")
	return strings.ToLower(strings.Trim(strings.Join(strings.Fields(s), " "), "-–—=., "))
}
