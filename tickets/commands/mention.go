package commands

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tierdesk/rules/fault"
	"tierdesk/rules/pattern"
)

// private are the commands that keep the text below them from the customer: a text that mentions
// one may not be for them. Other commands may be mentioned: "run ipconfig /release" is an answer.
var private = []Name{Note, Vendor, Publish}

// mentioned returns the first private command that stands in the middle of a line, with its slash,
// as a word of its own; "" if there is none. "/vendor/lib" is a path.
func mentioned(line string) Name {
	for i, r := range line {
		if !isSlash(r) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(line[:i])
		if i > 0 && (unicode.IsLetter(before) || unicode.IsNumber(before) || strings.ContainsRune("/／.-_~:=", before)) {
			continue
		}
		rest := strings.TrimLeft(line[i+utf8.RuneLen(r):], " ")
		if len(rest) < len(line[i+utf8.RuneLen(r):])-1 {
			continue // more than one blank
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !isWordRune(r) })
		if end < 0 {
			end = len(rest)
		}
		if strings.HasPrefix(rest[end:], "/") {
			continue
		}
		word := Name(foldWord(rest[:end]))
		for _, name := range private {
			if word == name {
				return name
			}
		}
	}
	return ""
}

// namesNote reports whether a word is /note, with its slash.
func namesNote(word string) bool {
	l, ok := readLine(word)
	return ok && closeTo(l) == string(Note)
}

// noteList holds what people write for "note" above a text that is for colleagues, one language a
// line.
//
//go:embed notes.txt
var noteList string

// noteTexts are what noteList holds.
var noteTexts = sync.OnceValue(func() (words []string) {
	for line := range strings.Lines(noteList) {
		_, list, _ := strings.Cut(line, ": ")
		words = append(words, strings.Split(strings.TrimSpace(list), "|")...)
	}
	return words
})

// longWord is from how many letters on a word with one wrong letter is hardly another's name.
const longWord = 6

// meansNote reports whether a word behind a slash is what people write above a text for colleagues:
// "/internal", "#intern", "@privat". Nobody is called so.
func meansNote(word string) bool {
	for _, w := range noteTexts() {
		if w = foldWord(w); word == w || utf8.RuneCountInString(w) >= longWord && fault.Distance(word, w) <= 1 {
			return true
		}
	}
	return false
}

var (
	// setApart is what stands behind such a word where it is set apart: "Note:", "note - ...", the
	// word alone, "Internal note (for Bob):", "Note for Bob: ...", "note to the team - ...". Its
	// groups hold whom it is for.
	setApart = pattern.Late(`^(?:\s*(?:[:：;=>\-–—|/!.…՝]|$)` +
		`|\s*[(\[（【][^)\]）】]{1,60}[)\]）】]\s*(?:[:：;>–—|!.…-]|$)` +
		`|\s+(?:for|to|für|an|pour|à|aux|para|per|al|voor|aan|till|til|för|do|dla|pro|для|за|için|untuk|cho)\s+([\pL\pM@.'’& -]{2,40}?)` +
		`\s*(?:[:：>–—|]|-\s)` +
		`|\s+(?:for|to|für|an|pour|para|per|voor|till|til|dla|для)\s+(@?[\pL\pM'’-]+(?:\s[\pL\pM'’-]+){0,2})$)`)
	// closed is what stands behind it in brackets, quotes or emphasis: "(note)", "[internal]",
	// "**Note**".
	closed = pattern.Late(`^\s*[:：]?\s*[\])>}】）»*_"'“”~」』〕]+`)
	// marked is what stands behind it where signs stand before it: "!note".
	marked = pattern.Late(`^(?:[\s:：]|$)`)
)

// Signs that stand before such a word, and set it apart.
const (
	openers  = "[(<{【（«*_\"'„“「『〔~"
	setSigns = "!\\.,;+=&%$~^|?§>–—→↗»・÷-"
)

// beginsAsNote reports whether a line begins with one of those words, set apart. A note for
// somebody is one if they are of the house: "Note for Mac users: ..." is an answer.
func beginsAsNote(line string, opt *Options) bool {
	low := strings.ToLower(line)
	at := strings.IndexFunc(low, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
	if at < 0 {
		return false
	}
	opened := strings.ContainsAny(low[:at], openers)
	signs := strings.ContainsAny(low[:at], setSigns+"~") && !strings.ContainsAny(low[:at], strings.Trim(openers, "~"))
	bare := !signs && !opened // but for pictures: "🔒 internal: ..."
	for _, w := range noteTexts() {
		behind, found := strings.CutPrefix(low[at:], w)
		if found && (bare && apart(line, behind, insideWord().MatchString(w), opt) || opened && closed().MatchString(behind) ||
			signs && marked().MatchString(behind)) {
			return true
		}
	}
	return false
}

// apart reports whether what stands behind such a word sets it apart, and names nobody outside.
// behind is the end of the line in small letters; inside reports whether the word itself says that
// the text is for the house.
func apart(line, behind string, inside bool, opt *Options) bool {
	at := setApart().FindStringSubmatchIndex(behind)
	if at == nil {
		return false
	}
	typed := behind
	if len(strings.ToLower(line)) == len(line) {
		typed = line[len(line)-len(behind):]
	}
	for i := 2; i < len(at); i += 2 {
		if at[i] >= 0 && !inside && !ofTheHouse(typed[at[i]:at[i+1]], opt) {
			return false
		}
	}
	return true
}

// ofTheHouse reports whether somebody for whom a note is may be a colleague: in doubt they are, but
// for what is a group outside ("Mac users", "your team") and no agent's or team's name.
func ofTheHouse(whom string, opt *Options) bool {
	words := strings.FieldsFunc(whom, func(r rune) bool { return r == ' ' || r == '&' })
	low := strings.ToLower(whom)
	if strings.Contains(whom, "@") || len(words) == 0 || strings.HasSuffix(low, "eyes only") {
		return true
	}
	if theirs().MatchString(low) {
		return false
	}
	is := func(name string) bool { return strings.EqualFold(name, words[0]) || strings.EqualFold(name, whom) }
	if colleagues().MatchString(low) || slices.ContainsFunc(opt.Agents, is) || slices.ContainsFunc(opt.Teams, is) {
		return true
	}
	for full := range opt.FullNames {
		if slices.ContainsFunc(strings.Fields(full), is) {
			return true
		}
	}
	return !ofOthers().MatchString(low)
}

var (
	// insideWord: words that by themselves say that a text is for the house. Those of several words
	// do.
	insideWord = pattern.Late(`\pL\s\pL|^(?:intern|interné|privat|teamintern|hausintern)`)
	// colleagues: what people call those with whom they work, and themselves.
	colleagues = pattern.Late(`(?:^|[\s'’])(?:team|équipe|equip[oea]|ekip|tým|zespołu?|команд\pL*|staff|support` +
		`|kolleg\pL*|colleagues?|collègues?|collegh[ie]|collega\pL*|colegas?|compañer[oa]s|koleg\pL*|колл?ег\pL*` +
		`|us|uns|nous|me|myself|self|mich|moi|all|alle|tous|todos|tutti)(?:$|[\s.])`)
	// theirs: what is said of what the reader has.
	theirs = pattern.Late(`(?:^|\s)(?:your|ihr\pL{0,2}|eu\pL{2,4}|votre|vos|su|sus|vostro|uw|jullie|ваш\pL*)(?:$|\s)`)
	// ofOthers: groups that a house writes for, and what notes are about.
	ofOthers = pattern.Late(`(?:^|\s)(?:mac|macos|windows|linux|android|ios|iphone|ipad|outlook|chrome|firefox|safari)(?:$|\s)` +
		`|(?:users|nutzer|nutzerinnen|anwender|anwenderinnen|utilisateurs|utilisatrices|usuari[oa]s|utenti|utilizadores` +
		`|gebruikers|användare|brugere|brukere|użytkowników|пользователей|admin(?:istrator(?:s|en)?|s)?|developers|entwickler` +
		`|customers?|clients?|kund(?:en|innen)|clientes|clienti|klanten|kunder|klientów|клиентов` +
		`|installation|update|upgrade)$`)
)

// likeNote doubts a text that begins as a note does, or says further down that something is for the
// house, where no command says whom it is for.
func (p *parser) likeNote() {
	r := &p.result
	if r.Note || p.foreign || r.Body == "" || r.Has(Public) || r.Has(Vendor) || r.Has(Publish) || r.Has(NewTicket) {
		return
	}
	first := true
	for i := p.text; i < len(p.lines); i++ {
		line := clean(p.lines[i])
		if line == "" || isQuoted(line) {
			continue
		}
		marked := first && (beginsAsNote(strings.TrimLeft(line, "*_~`# "), p.opt) || beginsAsNote(line, p.opt)) ||
			marksInside(line, p.opt) && !p.besideOutside(i)
		if marked && !p.listsThings(i) && !toReader().MatchString(line) ||
			aside(line, p.opt) || tagsNote(line) || keepsFromCustomer(line) {
			p.doubt(i+1, p.lines[i], LikeNote, "/"+string(Note))
			return
		}
		first = false
	}
}

// besideOutside reports whether a line is one of a list of both sides, as of a network: the line
// before or behind it begins with the label of the other.
func (p *parser) besideOutside(i int) bool {
	return insideLabel().MatchString(clean(p.lines[i])) &&
		(i > 0 && outsideLabel().MatchString(clean(p.lines[i-1])) ||
			i+1 < len(p.lines) && outsideLabel().MatchString(clean(p.lines[i+1])))
}

// listsThings reports whether a line is one of a list of things, each with its label: "Internal:
// Samsung SSD" above "Optical: LG drive". The line before or behind it has a label, too.
func (p *parser) listsThings(i int) bool {
	thing := func(i int) bool { return i >= 0 && i < len(p.lines) && labelledThing().MatchString(clean(p.lines[i])) }
	return thing(i) && (thing(i-1) || thing(i+1))
}

// labelledThing is a label and a name, a number or one word: nobody says anything by it. A
// name has a word in capitals, or a capital letter that does not begin it.
var labelledThing = pattern.Late(`^\W*\pL[\pL\pN /-]{1,25}[:：]\s*(?:[\pL\pN]+|\d\S*(?:\s\S+){0,3}` +
	`|(?:\S+\s){0,2}(?:\p{Lu}[\p{Lu}\pN-]+|\pL*\pN\S*)(?:\s\S+){0,2}|\S+(?:\s\p{Lu}\S*){1,3})[.,;]?$`)

// toReaderFile has what is said to customers behind the label of a note, one language a line: a
// regular expression.
//
//go:embed toreader.txt
var toReaderFile string

var toReader = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern.OfLanguages(toReaderFile)) })

// Hidden returns the commands in a part of a mail that is not read as its text: quoted lines, what
// was cut off as signature or banner, lines that only its HTML shows. answered is the text of the
// mail that is answered, "" if it is not known: what stands there, e.g. in the hints of a notice,
// was not typed by the writer. Only whole commands count, alone on a line.
func Hidden(part, answered string, opt Options) []Doubt {
	var out []Doubt
	stood := originalOf(answered)
	for i, raw := range splitLines(part) {
		line := strings.Trim(clean(raw), ">＞|()[]{} ")
		l, ok := readLine(line)
		if !ok || l.glued || l.path || l.markers != 1 {
			continue
		}
		// A hint such as "start with /note" is no line "/note"; one with more words, or the end of
		// a sentence, may have been broken on the way.
		spec, ok := Lookup(Name(l.word))
		if !ok || l.odd && spec.Name != Note {
			continue
		}
		bare := l.rest == "" && strings.HasSuffix(clean(raw), l.word)
		if stood().holds(squeeze(line), bare) {
			continue
		}
		if spec.Name == Note {
			ok = l.rest == "" || answered != ""
		} else {
			_, b := spec.read(l.rest, &opt)
			ok = b == nil
		}
		if ok {
			out = append(out, Doubt{Line: i + 1, Text: clip(raw), Reason: OutOfSight, Nearest: "/" + string(spec.Name)})
		}
	}
	return out
}

// InSubject returns the doubt about a whole command in the subject of a mail, where nobody reads
// it. answered is the subject of the mail that is answered: what stands there was not typed by the
// writer. Anybody can send a subject of any length: only its beginning is looked at, and only so
// many slashes.
func InSubject(subject, answered string, opt Options) []Doubt {
	const longest, most = 1000, 20
	subject, answered = clean(strings.ToValidUTF8(subject[:min(len(subject), longest)], "")), squeeze(answered)
	before, slashed := ' ', 0
	for i, r := range subject {
		if isSlash(r) {
			slashed++
		}
		if slashed > most {
			return nil
		}
		if isSlash(r) && !unicode.IsLetter(before) && !unicode.IsNumber(before) && !isSlash(before) {
			l, ok := readLine(strings.TrimRight(subject[i:], "()[]"))
			spec, known := Lookup(Name(l.word))
			if ok && known && !l.glued && !l.path && l.markers == 1 && !strings.Contains(answered, squeeze(subject[i:])) {
				whole := spec.Name == Note
				if !whole {
					_, b := spec.read(l.rest, &opt)
					whole = b == nil
				}
				if whole {
					return []Doubt{{Text: clip(subject[i:]), Reason: InTheSubject, Nearest: "/" + string(spec.Name)}}
				}
			}
		}
		before = r
	}
	if mark := noteInSubject(subject, &opt); mark != "" && !strings.Contains(answered, squeeze(mark)) {
		return []Doubt{{Text: clip(mark), Reason: LikeNote, Nearest: "/" + string(Note)}}
	}
	return nil
}

// original is a text that is answered, made comparable.
type original struct {
	text  string
	lines map[string]bool
}

// originalOf makes a text comparable when that is asked for first: few mails ask.
func originalOf(answered string) func() original {
	return sync.OnceValue(func() original {
		o := original{text: squeeze(answered), lines: map[string]bool{}}
		for _, raw := range splitLines(answered) {
			o.lines[squeeze(raw)] = true
		}
		return o
	})
}

// holds reports whether words stand there: as a line of their own, or, if they are more than a bare
// command, anywhere.
func (o original) holds(words string, bare bool) bool {
	return o.lines[words] || !bare && o.text != "" && strings.Contains(o.text, words)
}

// squeeze makes texts comparable: in lower case, with single blanks, without marks of quotes.
func squeeze(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s,
		func(r rune) bool { return unicode.IsSpace(r) || r == '>' || r == '*' || r == '`' || r == '|' }), " "))
}
