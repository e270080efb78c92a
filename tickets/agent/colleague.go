package agent

import (
	_ "embed"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/rules/pattern"
	"tierdesk/tickets"
)

// conversation is what is known of those whom an agent answers.
type conversation struct {
	parts   []tickets.Participant
	subject string
	wrote   []string // the customers' texts, with what they are signed with
}

// colleagueIn returns the full name of a colleague whom a text addresses, or whose words it seems
// to hold below their name; "" if there is none. Somebody in the ticket who is called the same is
// no colleague. It is pure.
func colleagueIn(text string, people *tickets.Directory, writer *tickets.Agent, with conversation) string {
	lines := strings.Split(plainSpaces(text), "\n")
	first := strings.TrimSpace(lines[max(0, slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" }))])
	for i := range people.Agents {
		a := &people.Agents[i]
		given, rest := nameOf(a)
		if a.Name == writer.Name || given == "" {
			continue
		}
		theirs := func(name string) bool { // somebody in the ticket is called so, or the writer
			return shared(name, writer.FullName) ||
				slices.ContainsFunc(with.parts, func(p tickets.Participant) bool { return shared(name, p.Name+" "+p.Shown) }) ||
				slices.ContainsFunc(with.wrote, func(text string) bool { return ofTheirs(text, name) }) ||
				oneOutside(people, with.parts) && slices.ContainsFunc(with.wrote, func(text string) bool { return signed(text, name, a) })
		}
		if rest != "" && !theirs(rest) && isForSurname(strings.ToLower(first), rest) {
			return a.FullName
		}
		if theirs(given) {
			continue
		}
		word := slices.Contains(wordNames(), given)
		if isFor(strings.ToLower(first), given, rest, word) || brings(strings.ToLower(first), given, rest) {
			return a.FullName
		}
		for i, line := range lines {
			line = strings.ToLower(strings.TrimSpace(line))
			if rest != "" && (speaks(line, strings.ToLower(a.FullName)) || speaks(line, given+" "+rest) || signsIn(line, given, rest)) {
				return a.FullName
			}
			if label, found := strings.CutSuffix(line, given); found && !word && senderLabel().MatchString(label) {
				return a.FullName
			}
			if chats(line, given) || mentions(line, given) || forThem(line, given, rest, word) || !word && says(line, given) {
				return a.FullName
			}
			if i+1 < len(lines) && rest != "" && speaksBelow(line, strings.ToLower(strings.TrimSpace(lines[i+1])), given+" "+rest) {
				return a.FullName
			}
		}
	}
	return roundRobin(lines, people, writer, with.subject)
}

// oneOutside reports whether one person takes part, who is of another house.
func oneOutside(people *tickets.Directory, parts []tickets.Participant) bool {
	return len(parts) == 1 && !slices.ContainsFunc(people.Agents, func(a tickets.Agent) bool {
		return mailin.Domain(a.Address) == mailin.Domain(parts[0].Address)
	})
}

// signed reports whether a customer's text has a line, or a part of one, that is somebody's whole
// name with a given name or surname in it, as a signature has: many an address shows no name, or
// the name of a department. An agent's own name is none, and neither is whom a line greets.
func signed(text, name string, a *tickets.Agent) bool {
	if !strings.Contains(strings.ToLower(text), name) { // nearly every text
		return false
	}
	last := text[strings.LastIndexByte(strings.TrimSpace(text), '\n')+1:]
	if strings.EqualFold(strings.Trim(plainSpaces(last), " \n,.-–—"), name) {
		return true // who signs with one name does it at the end
	}
	for line := range strings.Lines(plainSpaces(text)) {
		line = strings.TrimSpace(line)
		if len(line) > 200 || strings.HasPrefix(line, ">") || !shared(name, line) || names(line, a) || greets(strings.ToLower(line)) {
			continue
		}
		for _, part := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;|/()–—•·", r) }) {
			words := strings.Fields(part)
			if len(words) < 2 || len(words) > 4 || !shared(name, part) {
				continue
			}
			if !slices.ContainsFunc(words, func(w string) bool {
				first, _ := utf8.DecodeRuneInString(w)
				return unicode.IsLower(first) && !strings.HasSuffix(w, ".") ||
					slices.Contains(titles, strings.ToLower(strings.TrimSuffix(w, ".")))
			}) {
				return true
			}
		}
	}
	return false
}

// ofTheirs reports whether a customer's text names somebody of theirs: "my colleague April".
func ofTheirs(text, name string) bool {
	for rest := strings.ToLower(plainSpaces(text)); ; {
		before, after, found := strings.Cut(rest, name)
		if !found {
			return false
		}
		next, _ := utf8.DecodeRuneInString(after)
		if !inAddress(next) && theirsBefore().MatchString(before[max(0, len(before)-60):]) {
			return true
		}
		rest = after
	}
}

// theirsBefore: words of people before the name of one of theirs.
var theirsBefore = pattern.Late(`(?:^|\PL)(?:my|our|mein\pL{0,2}|unser\pL{0,2}|mon|ma|notre|mi|nuestr[oa]|mio|mia|nostr[oa]|meu|minha|noss[oa]|mijn|onze|ons|min|mitt|vår|vores|mój|moja|nasz|nasza|můj|moje|мой|моя|наш|наша)` +
	`\s(?:[\pL'’-]+\s){0,3}$`)

// greets reports whether a line in small letters begins with a greeting.
func greets(line string) bool {
	for range greeted(line) {
		return true
	}
	return false
}

// toColleagues reports whether a text greets several colleagues, "Hallo Kollegen", and nobody takes
// part to whom its writer could say so: one person of another house. It is pure.
func toColleagues(text string, people *tickets.Directory, with conversation) bool {
	if !oneOutside(people, with.parts) {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(plainSpaces(text))), "\n")
	if asksWhoTakesIt(text[:min(len(text), longestQuestion)]) {
		return true
	}
	ours := func(name string) bool {
		return several().MatchString(name) || ownTeam().MatchString(name) && !isTeam(with)
	}
	for _, name := range greeted(strings.TrimSpace(first)) {
		if ours(name) {
			return true
		}
	}
	return ours(first)
}

// asksWhoTakesIt reports whether a text asks those who share the work on tickets who takes this
// one. Each question that it knows has a sign of its own, so most answers are not held against the
// pattern.
func asksWhoTakesIt(text string) bool {
	if !strings.Contains(text, "?") && !strings.Contains(text, "？") && !strings.Contains(text, "誰") {
		return false
	}
	return whoTakesIt().MatchString(strings.ToLower(plainSpaces(quote.WithoutQuoted(text))))
}

// longestQuestion is how many octets of a text may be a question to the team: a pattern of so many
// words takes a second for a megabyte.
const longestQuestion = 4000

// isTeam reports whether those whom an agent answers call themselves a team.
func isTeam(with conversation) bool {
	return slices.ContainsFunc(with.wrote, func(text string) bool { return teamWord().MatchString(strings.ToLower(text)) }) ||
		slices.ContainsFunc(with.parts, func(p tickets.Participant) bool {
			return teamWord().MatchString(strings.ToLower(p.Name + " " + p.Shown + " " + p.Address))
		})
}

var (
	// whoTakesIt: a question that is put to those who share the work on tickets. They take it, this
	// or the ticket: who takes anything else is asked in ordinary answers.
	whoTakesIt = pattern.Late(`(?:can (?:somebody|someone|anybody|anyone|one of you|any of you)|could (?:somebody|someone|anybody|anyone|one of you)|who (?:can|could|will|wants to)?|anyone|anybody) ?` +
		`(?:please )?(?:take|takes|grab|own|handle|pick up|picks up)(?: on)? (?:this|over|the ticket|this ticket)(?: one| ticket| over| please)*\s?\?` +
		`|(?:^|\PL)(?:wer (?:kann|könnte|will|mag)|(?:kann|könnte|mag) (?:jemand|einer)(?: von euch)?)(?: bitte)? (?:das|dies|den|dieses ticket|das ticket|den fall)(?: hier)?(?: bitte)? (?:über)?nehmen\s?\?` +
		`|(?:^|\PL)wer (?:übernimmt|nimmt|macht) (?:(?:das|dies|den)|(?:das|dieses|den) (?:ticket|fall))(?: bitte)?\s?\?` +
		`|(?:^|\PL)(?:qui|quelqu['’]un) (?:peut|pourrait) (?:(?:le|la) (?:re)?prendre|(?:re)?prendre (?:ça|cela|ce ticket|le ticket)|s['’]en occuper)\s?\?` +
		`|(?:^|\PL)(?:alguien|quién|quien) (?:(?:puede|podría) )?(?:lo (?:toma|coge|asume)|(?:tomar|coger|asumir)lo|(?:tomar?|coger?|asumir|encargarse de) (?:esto|este ticket|el ticket))\s?\?` +
		`|(?:^|\PL)(?:qualcuno|chi) (?:(?:può|potrebbe) )?(?:lo prende|prenderlo|se ne occupa|occuparsene|prender?e? (?:questo|questo ticket|il ticket))\s?\?` +
		`|(?:^|\PL)(?:alguém|quem) (?:(?:pode|poderia) )?(?:peg|assum|tom)\pL* (?:isso|isto|este ticket|esse ticket|o ticket)\s?\?` +
		`|(?:^|\PL)(?:wie|kan iemand)(?: (?:pakt|neemt|kan))? (?:dit|deze|dit ticket)(?: even)? (?:op|over|overnemen|oppakken)\s?\?|kto (?:weźmie|przejmie|może wziąć) (?:to|ten ticket|to zgłoszenie)\s?\?` +
		`|(?:vem|hvem|kan någon|kan nogen) (?:kan )?(?:tar|tager|ta|tage|overtager) (?:det|den)(?: här| her)?\s?\?|(?:vezme|převezme) (?:si )?(?:to|tiket|ten tiket)\s?\?` +
		`|кто (?:(?:возьм\pL*|может взять)(?: (?:это|тикет|этот тикет))?|займ\pL* этим)\s?\?|(?:bunu|bununla) kim (?:alabilir|alır|ilgilen\pL*)[^.?!\n]{0,5}\?|谁(?:能|可以)?(?:来)?(?:接|处理)(?:一下)?(?:这个|这张|工单)?(?:工单)?[?？]` +
		`|誰か(?:これ)?[^。?？\n]{0,4}(?:対応|お願い)|누가[^.?\n]{0,12}(?:맡|처리)[^.?\n]{0,10}\?`)
	// ownTeam: those with whom one works, as a greeting calls them.
	ownTeam = pattern.Late(`^(?:dear |liebes |cher |chère |querido |caro |cara |beste |kära |kære |drogi )?(?:team|l['’]équipe|équipe|equipo|equipe|equipa|ekip|tým|tyme|zespole|zespół|teamet|` +
		`команда|ekibim|csapat|tiimi|チーム|団队|团队|팀)(?:\s*[,:;!.?–—，、]|\s*$)`)
	teamWord = pattern.Late(`team|équipe|equip[oea]|ekip|tým|zespół|команд|csapat|tiimi|チーム|团队|팀`)
)

// several: colleagues, as a greeting calls them.
var several = pattern.Late(`^(?:dear |liebe |chers |chères |queridos |cari |caros |beste |kära |kære |kjære |drodzy |milí |дорогие |уважаемые )?` +
	`(?:colleagues|kolleg(?:en|innen)(?: und kolleg(?:en|innen)|\*innen|:innen)?|collègues|compañer[oa]s|colleghi|colegas|collega['’]?s|kollegor|kolleger|kollegat|` +
	`koledzy|kolegové|kolégák|colegi|коллеги|колеги|συνάδελφοι|meslektaşlar(?:ım)?)\s*(?:[,:;!.–—-]|$)`)

// plainSpaces returns a text with plain blanks and without signs that cannot be seen.
func plainSpaces(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

// mentions reports whether a line, in small letters, calls on somebody: "@tess". What belongs to an
// address does not, and neither does what belongs to code: "@max/core", "@max(10)".
func mentions(line, given string) bool {
	if after, found := strings.CutPrefix(line, "+"+given); found && nameEndsLine().MatchString(after) { // as people put others in Cc
		return true
	}
	for rest := line; ; {
		before, after, found := strings.Cut(rest, "@"+given)
		if !found {
			return false
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		code := behindCode().MatchString(after)
		if !code && !inAddress(last) && (!inAddress(next) || next == '.' && (len(after) == 1 || after[1] == ' ')) {
			return true
		}
		rest = after
	}
}

// behindCode finds what follows a name in code. In doubt it is a colleague's: "@tom(urgent)".
var behindCode = pattern.Late("^(?:/[^@]|[\\\\\\[{<]|\\([\\d)\"'`]|=[^>])")

func inAddress(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune("._-+@", r))
}

// chats reports whether a line, in small letters, is what somebody said in a chat, behind its day
// and time: "30/11/2026, 10:02 - tess: ...".
func chats(line, given string) bool {
	if line == "" || !strings.ContainsAny(line[:1], "0123456789[(<") { // nearly every line
		return false
	}
	stamp := chatStamp().FindString(line)
	return stamp != "" && strings.HasPrefix(line[len(stamp):], given) && chatName().MatchString(line[len(stamp)+len(given):])
}

var (
	chatStamp = pattern.Late(`^[\[(<]?(?:[\d./-]{6,10},?\s+)?` +
		`\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:am|pm|uhr|h)?[\])>]?\s*(?:[-–—]\s*)?[<~*]*`)
	chatName = pattern.Late(`^(?:\s\pL[\pL.’'-]*){0,3}[>*]*\s*:`)
)

// says reports whether a line, in small letters, is what somebody said, behind their name:
// "tess: it is late". A time or a number there is that of an appointment.
func says(line, given string) bool {
	after, found := strings.CutPrefix(line, given)
	if !found {
		return false
	}
	said, found := strings.CutPrefix(after, ":")
	if !found {
		said, found = strings.CutPrefix(after, "：")
	}
	said = strings.TrimSpace(said)
	first, _ := utf8.DecodeRuneInString(said)
	return found && unicode.IsLetter(first) && len(strings.Fields(said)) > 1
}

// forThem reports whether a line, in small letters, says that what follows is for somebody, behind
// a few words of what it is: "PS for Tess: ...", "question to Tess Tall: ...".
func forThem(line, given, rest string, word bool) bool {
	m := forWhom().FindStringSubmatch(line)
	return m != nil && (m[1] == given && !word || rest != "" && m[1] == given+" "+rest)
}

var forWhom = pattern.Late(`^[^\pL>]*(?:[\pL.]+\s){1,3}?` +
	`(?:(?:for|to|für|an|pour|à|para|per|a|voor|aan|till|til|dla|do|pro|для)\s+@?|@)` +
	`(\pL[\pL '’-]{1,40}?)\s*(?:[:：]|[–—]\s)`)

// signsIn reports whether a line, in small letters, is the name under which somebody logs in, with
// a time behind it, as chats have it: "tess.tall [9:02 am]".
func signsIn(line, given, rest string) bool {
	last := rest[strings.LastIndexByte(rest, ' ')+1:]
	for _, between := range []string{".", "_", "-", ""} {
		if after, found := strings.CutPrefix(strings.TrimPrefix(line, "@"), given+between+last); found {
			return timeAlone().MatchString(strings.TrimSpace(after))
		}
	}
	return false
}

// speaksBelow reports whether two lines, in small letters, lead to what somebody said: their name
// and the time below it, or the label of a field and their name.
func speaksBelow(line, next, name string) bool {
	return line == name && next != "" && timeAlone().MatchString(next) || next == name && senderLabel().MatchString(line)
}

// nameOf returns the given name of an agent and what stands behind it, in small letters and without
// the titles before it, "Dr.": they end in a point.
func nameOf(a *tickets.Agent) (given, rest string) {
	words := strings.Fields(strings.ToLower(a.FullName))
	for len(words) > 0 && strings.HasSuffix(words[0], ".") {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", ""
	}
	return words[0], strings.Join(words[1:], " ")
}

// shared reports whether a given name stands in another name or address, word for word.
func shared(given, other string) bool {
	plain := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }), " ") + " "
	}
	return strings.Contains(plain(other), plain(given))
}

// wordFile has given names that are words, one language a line.
//
//go:embed wordnames.txt
var wordFile string

var wordNames = sync.OnceValue(func() []string {
	var out []string
	for line := range strings.Lines(wordFile) {
		if code, list, found := strings.Cut(line, ": "); found && !strings.HasPrefix(code, "#") {
			out = append(out, strings.Fields(list)...)
		}
	}
	return out
})

// greetingFile has what stands before the name of whom a mail is for, one language a line.
//
//go:embed greetings.txt
var greetingFile string

// greetings are what greetingFile holds; hello is how many of them, the first, are said to people
// alone: "Hi April" is, "for April" is not.
var greetings = sync.OnceValue(func() (list struct {
	all   []string
	hello int
}) {
	var before []string
	for line := range strings.Lines(greetingFile) {
		code, words, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasSuffix(code, "before a name") {
			before = append(before, strings.Split(words, "|")...)
			continue
		}
		list.all = append(list.all, strings.Split(words, "|")...)
	}
	list.hello = len(list.all)
	list.all = append(list.all, before...)
	return list
})

// greeted yields what stands behind each greeting, or each other word before a name, that a line in
// small letters begins with.
func greeted(line string) iter.Seq2[string, string] { return behindAny(line, greetings().all) }

func behindAny(line string, greetings []string) iter.Seq2[string, string] {
	return func(yield func(greeting, name string) bool) {
		for _, greeting := range greetings {
			after, found := strings.CutPrefix(line, greeting)
			if name := strings.TrimLeft(after, " ,\t\u00a0"); found && name != after && !yield(greeting, name) {
				return
			}
		}
	}
}

// isForSurname reports whether a line greets somebody by a title and their surname: "Dear Ms Tall".
func isForSurname(line, surname string) bool {
	for greeting, name := range greeted(line) {
		formal := slices.Contains(titles, greeting[strings.LastIndexByte(greeting, ' ')+1:])
		for {
			title, more, _ := strings.Cut(name, " ")
			if more == "" || !slices.Contains(titles, strings.TrimSuffix(title, ".")) && !strings.HasSuffix(title, ".") {
				break
			}
			formal, name = true, strings.TrimSpace(more)
		}
		if after, found := strings.CutPrefix(name, surname); formal && found && greetedEnds().MatchString(after) {
			return true
		}
	}
	return false
}

// titles stand before a surname.
var titles = strings.Fields("mr mrs ms miss mx dr prof herr frau hr fr monsieur madame mademoiselle m mme mlle señor señora sr sra don doña " +
	"signor signora signore sig dott senhor senhora heer mevrouw dhr mevr pan pani paní господин госпожа г-н г-жа bay bayan")

// isFor reports whether a line begins with somebody's name, as a line does that is for them:
// "Tess, ...", "Hi Tess:", "Hi Tess and Jim". Behind a greeting the name may also end the line, or
// a sentence: "Good morning Tess", "Hi Tess Tall." A name that is a word, too, stands behind a
// greeting, or something is wanted of its owner: "April, please call them", not "April, May and
// June are full".
func isFor(line, given, rest string, word bool) bool {
	behind := func(line string, ends *regexp.Regexp) bool {
		after, found := strings.CutPrefix(strings.TrimPrefix(line, "@"), given)
		if !found {
			return false
		}
		full, found := strings.CutPrefix(after, " "+rest)
		return ends.MatchString(after) || rest != "" && found && ends.MatchString(full)
	}
	if behind(line, nameEnds()) && (!word || wanted().MatchString(line)) {
		return true
	}
	list := greetings()
	if word {
		list.all = list.all[:list.hello]
	}
	for _, name := range behindAny(line, list.all) {
		if title, more, _ := strings.Cut(name, " "); strings.HasSuffix(title, ".") && more != "" { // "dear dr. tess"
			name = strings.TrimSpace(more)
		}
		if behind(name, greetedEnds()) {
			return true
		}
	}
	return false
}

// honorific stands behind a name in some languages.
const honorific = `(?:[\s-]?(?:さん|様|さま|君|氏|님|씨|先生|女士|小姐|老师|san|sama|bey|hanım|ji))?`

var (
	nameEnds = pattern.Late(`^(?:` + honorific +
		`(?:\s*[,:;!?–—，、：；！？]|\s*-(?:\s|$)|\s+-|\s*/\s*\pL|\s+(?:and|und|et|y|e|en|och|og|i|a|и)\s)` +
		`|\s?(?:さん|様|さま|君|氏|님|씨|先生|老师)\s*$|\s*[^\pL\pN]{1,6}\s*$)`)
	// wanted: something is asked of somebody.
	wanted = pattern.Late(`[?？]|(?:^|\PL)(?:please|pls|bitte|kannst|könntest|nimm|peux|stp|puedes|favor|puoi|podes|alsjeblieft|kun je)(?:$|\PL)` +
		`|^\S+[,:;!–—-]+\s?(?:take|look|call|check|see|do|help|your|du|dein|schau|mach|ruf|tu|ton)(?:$|\PL)`)
	// nameEndsLine: nobody else's name goes on there.
	nameEndsLine = pattern.Late(`^(?:\s\pL[\pL’'-]*)?(?:\s*[,.:;!–—]|\s*$)`)
	greetedEnds  = pattern.Late(`^` + honorific + `(?:\s*(?:[,:;!.?…–—，、：；！。]|$)` +
		`|\s*-(?:\s|$)|\s+-|\s+(?:and|und|et|y|e|en|och|og|i|a|и|&)\s)`)
)

// speaks reports whether a line names somebody whose words stand behind or below it, as in a chat,
// in minutes and above a mail that was put into another: "[09:00] Tess Tall: ...", "Tess Tall
// wrote:", "*From:* Tess Tall".
func speaks(line, name string) bool {
	i := strings.Index(line, name)
	if i < 0 || len(line) > 2000 {
		return false
	}
	before, after := strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+len(name):])
	switch {
	case leadsOn().MatchString(line) && attributes(line, i, i+len(name)): // "... 10:00 ... wrote:", in any language
		return true
	case senderLabel().MatchString(before):
		return true
	case strings.IndexFunc(before, unicode.IsLetter) >= 0 && !clockBefore().MatchString(before):
		return false
	}
	dated := strings.IndexFunc(before, unicode.IsDigit) >= 0
	decorated := before != "" && !dated && strings.Trim(before, "=-_*#~<>[( ") == "" && strings.Trim(after, "=-_*#~<>]) ") == ""
	return decorated || saysBelow().MatchString(after) || strings.HasPrefix(after, ":") || timeAlone().MatchString(after) ||
		dated && (after == "" || strings.HasPrefix(after, "-"))
}

// attributes reports whether a line with somebody's name in it, from one octet to another, says who
// wrote what stands below, and when: it has a day and a time, few words before and behind these and
// the name, and is one sentence. "Tess Tall comes at 10:00 and brings these:" is an answer.
func attributes(line string, from, to int) bool {
	day, at := fullDate().FindStringIndex(line), hour().FindStringIndex(line)
	if day == nil || at == nil {
		return false
	}
	first, last := min(from, day[0], at[0]), max(to, day[1], at[1])
	words := func(s string) int {
		return len(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }))
	}
	if words(line[:first]) > mostAround || words(inAngles().ReplaceAllString(line[last:], "")) > mostAround {
		return false
	}
	behind := max(day[1], at[0])
	return !newSentence().MatchString(line[min(behind, from):from]) && !newSentence().MatchString(line[max(behind, to):])
}

// mostAround is how many words stand before a day, a time and a name, or behind them, where a line
// says who wrote: "on Monday, 30 November ...", "... đã viết:".
const mostAround = 3

var (
	inAngles    = pattern.Late(`<[^<>]*>`)
	newSentence = pattern.Late(`(?:\pL{3}|[:.h]\d{2})[.!?]\s+\pL|[。！？]`)
	// fullDate: a day with its year, whatever its month is called.
	fullDate = pattern.Late(`\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\d{4}\s?[./年년-]\s?\d{1,2}` +
		`|\d{1,2}[.,]?\s+(?:(?:de\s+)?[\pL\pM]{1,12}|thg\s\d{1,2})[.,׳]?,?\s+(?:de\s+)?\d{4}|[\pL\pM]{3,12}\.?\s\d{1,2},?\s\d{4}`)
	senderLabel = pattern.Late(`^[*_>|\s]*(?:from|von|de|da|van|från|fra|od|от|差出人|发件人|寄件者)[*_\s]*[:：][*_\s"']*$`)
	// clockBefore: a time with words of its own, "Mo 9:00 Uhr", "9:00 AM".
	clockBefore = pattern.Late(`^\W*(?:\pL{2,3}\W+)?[\d.,:/ -]+(?:am|pm|uhr|h)?\W*$`)
	// leadsOn: a line that leads to what stands below it.
	leadsOn = pattern.Late(`[:：՝][*_\s]*$`)
	// timeAlone: a time of day and nothing else, as chats put it behind a name.
	timeAlone = pattern.Late(`^[,;|·•-]?\s*[(\[]?(?:(?:today|yesterday|heute|gestern|aujourd'hui|hier|hoy|ayer|oggi|ieri)?[\d./-]*,?\s+(?:at|um|à)?\s*)?` +
		`\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:am|pm|uhr|h)?[)\]]?$`)
	// saysBelow: what stands between a name and what was said.
	saysBelow = pattern.Late(`^[,;]?\s*(?:[(\[]?[\d.,:/\s-]+(?:am|pm|uhr|h)?[)\]]?\s*)?(?:wrote|says?|said|schrieb|schreibt|sagte?|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisała?|написала?` +
		`|replied|answered|commented|noted|posted|antwortete|kommentierte|meinte|a répondu|a commenté|respondió|comentó|ha risposto|ha commentato)?` +
		`\s*(?:[(\[]?[\d.,:/\s-]+[)\]]?)?\s*[:：]$` +
		`|^(?:added|left|posted|hat|a ajouté|añadió|ha aggiunto)\s(?:a |an |einen |un |une )?(?:internal |private |interne[rn]? )?(?:comment|note|reply|kommentar|notiz|commentaire|comentario|commento)`)
)
