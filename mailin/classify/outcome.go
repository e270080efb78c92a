package classify

import (
	"cmp"
	_ "embed" // for the lists
	"slices"
	"strings"

	"tierdesk/mailin/internal/late"
)

// What servers say of a mail that they could not deliver, in the languages in which they say it.
// The lists tell which sentences each holds.
var (
	//go:embed words/reports.txt
	reportsList string
	//go:embed words/relayed.txt
	relayedList string
	//go:embed words/arrived.txt
	arrivedList string
	//go:embed words/gave-up.txt
	gaveUpList string
	//go:embed words/conditional.txt
	conditionalList string
	//go:embed words/promises.txt
	promisesList string
	//go:embed words/delays.txt
	delaysList string
	//go:embed words/final-subjects.txt
	finalSubjectsList string
	//go:embed words/advice.txt
	adviceList string
	//go:embed words/policy.txt
	policyList string
	//go:embed words/sender-refused.txt
	senderRefusedList string
	//go:embed words/mailbox-full.txt
	mailboxFullList string

	reported      = late.List(reportsList)
	relayed       = late.List(relayedList)
	arrived       = late.List(arrivedList)
	gaveUp        = late.List(gaveUpList)
	conditional   = late.List(conditionalList)
	promises      = late.List(promisesList)
	advice        = late.List(adviceList)
	delays        = late.List(delaysList)
	finalSubjects = late.List(finalSubjectsList)
	policy        = late.List(policyList)
	senderRefused = late.List(senderRefusedList)
	mailboxFull   = late.List(mailboxFullList)
)

// outcome returns the action (RFC 3464 section 2.3.3) that a server's notice speaks of where no
// field names one: "delayed" if the server keeps trying, else "failed". A server that has given up
// may still repeat what others said of a delay, and one that keeps trying may say what happens if
// it fails in the end. givenUp reports whether plain words say so.
func outcome(subject, notice string) (action string, givenUp bool) {
	notice = sentences(notice)
	switch {
	case givesUp(notice):
		return "failed", true
	case promised(notice):
		return "delayed", false
	case finalSubjects.MatchString(subject):
		return "failed", false
	case relayed.MatchString(subject), relayed.MatchString(notice) && !bounceWords.MatchString(subject):
		return "relayed", false
	case arrives(subject),
		arrives(notice) && !negation.MatchString(notice) && !finalSubjects.MatchString(notice) && !delays.MatchString(notice) &&
			!policy.MatchString(notice):
		return "delivered", false
	case delays.MatchString(subject), delays.MatchString(notice):
		return "delayed", false
	}
	return "failed", false
}

// givesUp reports whether a notice says that its server has stopped trying. A sentence with an "if"
// says nothing yet. The text stands unwrapped.
func givesUp(notice string) bool {
	from := 0
	for range 20 {
		at := gaveUp.FindStringIndex(notice[from:])
		if at == nil {
			return false
		}
		if !conditional.MatchString(sentenceAround(notice, from+at[0], from+at[1])) && !denied.MatchString(notice[:from+at[0]+1]) {
			return true
		}
		from += at[1]
	}
	return false
}

// promised reports whether a notice says that its server keeps trying. What it advises its reader
// to try is no promise.
func promised(notice string) bool {
	return promises.MatchString(notice) && promises.MatchString(withoutAdvice(notice))
}

// withoutAdvice returns a notice without what it advises. Behind an "and" a server also says what
// else it will do itself.
func withoutAdvice(notice string) string {
	var kept strings.Builder
	from, all := 0, advice.FindAllStringIndex(notice, 50)
	slices.SortFunc(all, func(a, b []int) int { return cmp.Compare(a[0], b[0]) }) // of two expressions
	for _, at := range all {
		if at[0] < from || promisesMore.MatchString(notice[at[0]:at[1]]) && ownWill.MatchString(sentenceAround(notice, at[0]+1, at[0]+1)) {
			continue
		}
		kept.WriteString(notice[from:at[0]])
		kept.WriteByte(' ')
		from = at[1]
	}
	return kept.String() + notice[from:]
}

// arrives reports whether a notice says that a mail arrived: in a sentence that denies nothing. The
// text stands unwrapped.
func arrives(notice string) bool {
	at := arrived.FindStringIndex(notice)
	if at == nil {
		return false
	}
	sentence := sentenceAround(notice, at[0], at[1])
	return !negation.MatchString(sentence) && !conditional.MatchString(sentence)
}

// sentenceAround returns the sentence that holds text[start:end], or what of it stands near.
func sentenceAround(text string, start, end int) string {
	const ends, most = ".!?;。！？\n", 300
	before, after := text[max(0, start-most):start], head(text[end:], most)
	if i := strings.LastIndexAny(before, ends); i >= 0 {
		before = before[i:]
	}
	if i := strings.IndexAny(after, ends); i >= 0 {
		after = after[:i]
	}
	return before + text[start:end] + after
}

// sentences returns a text with each paragraph on one line, and without the full stops that end no
// sentence: those within addresses, names of hosts and numbers.
func sentences(s string) string {
	b := []byte(unwrapped(s))
	for i := 1; i+1 < len(b); i++ {
		if b[i] == '.' && b[i-1] != ' ' && b[i-1] != '.' && b[i+1] != ' ' && b[i+1] != '\n' && b[i+1] != '.' {
			b[i] = '_'
		}
	}
	return string(b)
}

// unwrapped returns a text with each paragraph on one line: servers break lines inside of what they
// say.
func unwrapped(s string) string { return string(appendUnwrapped(make([]byte, 0, len(s)), s)) }

// appendUnwrapped does the same and appends. It may be given the room that s stands in: nothing is
// written before it was read.
func appendUnwrapped[T string | []byte](out []byte, s T) []byte {
	breaks := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n':
			breaks++
		case c == ' ' || c == '\t' || c == '\r':
			if n := len(out); breaks == 0 && n > 0 && out[n-1] != ' ' {
				out = append(out, ' ')
			}
		default:
			if n := len(out); breaks > 1 {
				out = append(out, '\n')
			} else if breaks == 1 && n > 0 && out[n-1] != ' ' {
				out = append(out, ' ')
			}
			breaks = 0
			out = append(out, c)
		}
	}
	return out
}

var (
	// promisesMore: how advice begins that may be a server's own intention.
	promisesMore = late.Compile(`(?i)^\PL?(?:and|then|or|try|später|noch|nochmals|erneut)\s`)
	// ownWill: words by which a server speaks of what it does itself.
	ownWill = late.Compile(`(?i)(?:^|[^\pL])(?:(?:i|we|it|server|system|host|software|program|gateway|mailer|gmail|google) (?:will|shall)|(?:i|we|it)['’]ll|wir werden|werden wir|ich werde|werde ich|(?:server|system|programm) wird|wird (?:der|das|unser) (?:\pL*server|\pL*system|programm))(?:$|[^\pL])`)
	// denied: words right before a word of failure that deny it.
	denied = late.Compile(`(?i)(?:not (?:an? )?|n['’]t (?:an? )?|no |keine?[rnms]? |kein |nicht |pas (?:une? |d['’])?|no es (?:un |una )?|não é (?:um |uma )?|non è (?:un |una )?|geen |inte |ikke |nie jest |není )$`)
	// negation: words by which a sentence denies what it says.
	negation = late.Compile(`(?i)(?:^|[^\pL])(?:not|never|cannot|nicht|kein\pL*|pas|no|não|non|niet|geen|inte|ej|ikke|ei|nie|nu|не|nem)(?:$|[^\pL])|n['’]t(?:$|[^\pL])|ません|ない|未|无法|無法|没有|沒有`)
	// refusals are words of a server that threw a mail away.
	refusals = late.Compile(`(?i)(?:\(?rejected\)?|refused|abgelehnt|abgewiesen|verweigert|rejetée?|refusée?|rechazad[oa]|rejeitad[oa]|recusad[oa]|rifiutat[oa]|respint[oa]|geweigerd|geweigert|avvisa[td]|avvist|afvist|hylätt|odrzucon|odmítnut|odmietnut|elutasít|respins|отклон|відхилен|отхвърлен|απορρίφθηκε|reddedildi|odbijen|zavrnjen|atmest|noraidīt|tagasi lükatud|ditolak|từ chối|拒否|拒绝|拒絕|拒收|거부|נדחתה|رفض|could not be delivered|not delivered|over (?:its )?quota|mailbox (?:is )?full)`)
	// unread are words of a person's mail client whose owner deleted a mail.
	unread = late.Compile(`(?i)(?:without (?:being|having been) read|deleted unread|unread|not read|ungelesen|nicht gelesen|sans (?:avoir été |être )?lue?|non lu|sin (?:ser |haber sido )?leíd|no leído|sem (?:ser |ter sido )?lid|não lid|senza (?:essere )?(?:stato )?lett|non letto|ongelezen|niet gelezen|oläst|ulæst|ulest|lukematta|nieprzeczytan|nepřečten|olvasatlan|непрочитан|не прочитан|okunmadan|未読|開封せずに|未读|未閱讀|읽지 않)`)
)
