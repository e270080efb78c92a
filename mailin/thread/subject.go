package thread

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// replies are the marks that clients use for "answer to", in their languages; forwards are those
// for "passed on". All are in lower case.
var (
	replies = []string{"re", "aw", "antw", "antwort", "antwoord", "sv", "svar", "vs", "vast", "vastaus", "odp", "odpowiedź", "odp.", "r",
		"rif", "ref", "res", "resp", "ref.", "ynt", "yan", "cevap", "vá", "válasz", "rép", "rép.", "rép :",
		"ha", "atb", "bls", "rv-re", "αντ", "отг", "ตอบ", "ตอบกลับ",
		"отв", "ответ", "відп", "відповідь", "на", "απ", "απάντηση", "σχετ", "回复", "回覆", "答复", "答覆", "回", "返信",
		"답장", "회신", "re-", "תשובה", "השב", "תגובה", "رد", "الرد", "bal", "balas", "trả lời", "tl", "ats", "atb", "vast.", "odg", "odgovor",
		"răspuns", "ras", "reply", "rply", "reaktion"}
	forwards = []string{"fw", "fwd", "wg", "weitergeleitet", "wtr", "doorst", "vb", "vl", "vid", "vidarebefordrat", "videresendt", "vs.",
		"tr", "trans", "i", "inoltra", "enc", "encaminhada", "rv", "reenv", "reenviado", "pd", "przekazane", "pr", "přeposláno", "předáno",
		"továbbítás", "továbbított", "ilt", "ileti", "пер", "пересл", "переслано", "fs", "πρθ", "προωθ", "转发", "轉寄", "轉發", "転送", "전달",
		"הועבר", "העברה", "إعادة توجيه", "terusan", "chuyển tiếp", "redir", "prosl", "fwd.", "fyi"}
	marks = func() map[string]bool {
		m := map[string]bool{}
		for _, w := range replies {
			m[w] = true
		}
		for _, w := range forwards {
			if _, have := m[w]; !have {
				m[w] = false
			}
		}
		return m
	}()
)

// dashed are the marks that some programs join to the subject by a dash, as in "RE - Pump". The
// others are words that a person may write so.
var dashed = []string{"re", "aw", "sv", "odp", "res", "rif", "antw", "fw", "fwd", "wg"}

// maxMark is the length of the longest mark including its counter, in octets.
const maxMark = 40

// cutMark removes one mark such as "Re:", "AW[2]:" or "回复：" from the front of a subject.
func cutMark(s string) (rest string, reply, ok bool) {
	if word, rest, found := cutDash(s); found && slices.Contains(dashed, strings.ToLower(word)) {
		return rest, marks[strings.ToLower(word)], true
	}
	i := colon(s[:min(len(s), maxMark)])
	if i <= 0 {
		return s, false, false
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	word := strings.ToLower(strings.TrimSpace(s[:i]))
	// counters: Re[2], Re(2), Re^2, RE2
	if j := strings.IndexAny(word, "[(^*"); j > 0 && strings.Trim(word[j:], "[](){}^*0123456789 ") == "" {
		word = strings.TrimSpace(word[:j])
	}
	word = strings.TrimRight(word, "0123456789")
	if reply, ok = marks[word]; !ok {
		reply, ok = marks[strings.TrimRight(word, ".")] // shortened, as in "Atb.:"
	}
	if !ok {
		return s, false, false
	}
	return trimLeft(s[i+n:]), reply, true
}

// cutDash cuts a subject at a dash behind its first word, which is short.
func cutDash(s string) (word, rest string, found bool) {
	word, rest, found = strings.Cut(s[:min(len(s), maxMark)], " ")
	if !found || len(word) > 4 {
		return "", "", false
	}
	for _, dash := range [...]string{"- ", "– ", "— "} {
		if strings.HasPrefix(rest, dash) {
			return word, trimLeft(s[len(word)+1+len(dash):]), true
		}
	}
	return "", "", false
}

// colon returns the index of the first ASCII or full-width colon, -1 if there is none.
func colon(s string) int {
	i := strings.IndexByte(s, ':')
	if i >= 0 {
		s = s[:i]
	}
	if wide := strings.Index(s, "："); wide >= 0 {
		return wide
	}
	return i
}

func trimLeft(s string) string {
	return strings.TrimLeftFunc(s, func(c rune) bool { return unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' })
}

// cutTag removes a tag such as "[list]" or "[#1042]" from the front, if anything remains after it.
func cutTag(s string) (string, bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	i := strings.IndexByte(s, ']')
	if i < 0 || i > 60 {
		return s, false
	}
	rest := trimLeft(strings.TrimPrefix(s[i+1:], ":"))
	return rest, rest != ""
}

// gateways are the words that mail gateways put in front of a subject, in lower case.
var gateways = map[string]bool{"external": true, "ext": true, "extern": true, "externe": true, "externo": true, "externa": true,
	"esterno": true, "externer": true, "external email": true, "external mail": true,
	"external sender": true, "external e-mail": true, "extern mail": true, "externe mail": true, "externe e-mail": true,
	"externe email": true, "externt": true, "ekstern": true, "ekstern e-post": true, "zewnętrzny": true, "внешнее": true, "外部": true,
	"外部邮件": true, "外部メール": true, "외부": true, "외부메일": true,
	"spam": true, "spam?": true, "possible spam": true, "possibly spam": true, "suspected spam": true, "spam suspect": true,
	"spam detected": true, "junk": true, "bulk": true, "probable spam": true, "probably spam": true, "likely spam": true,
	"caution": true, "suspicious": true, "unverified": true, "unverified sender": true, "secure": true, "encrypted": true,
	"confidential": true, "internal": true, "phishing": true, "phish": true, "warning: external": true,
	"disarmed": true, "virus": true, "filename": true, "dangerous content": true, "blocked content": true, "fraud": true}

// cutGateway removes a mail gateway's prefix from a subject, if anything remains after it:
// "EXTERNAL: ", "{Spam?} ", "***SPAM*** ", "(EXT) ".
func cutGateway(s string) (string, bool) {
	const open, shut = "[({<*_-= ", "])}>*_-= :|"
	inner := strings.TrimLeft(s, open)
	opened := len(inner) < len(s)
	if len(inner) > 5 && strings.EqualFold(inner[:5], "spam?") { // the question mark is enough
		rest := trimLeft(strings.TrimLeft(inner[5:], shut))
		return rest, rest != ""
	}
	end := strings.IndexAny(inner[:min(len(inner), maxMark)], "])}>*:_=|")
	if end < 0 {
		return s, false
	}
	word := strings.TrimRight(strings.ToLower(strings.TrimSpace(inner[:end])), "!- ")
	if !gateways[word] && !gateways[strings.TrimRight(word, "?")] || !opened && inner[end] != ':' && inner[end] != '|' {
		return s, false
	}
	rest := trimLeft(strings.TrimLeft(inner[end:], shut))
	return rest, rest != ""
}

// cutSign removes a sign such as "⚠" that a mail gateway puts in front of a subject, if a mark or a
// gateway's words stand behind it: a person's own sign is part of the subject.
func cutSign(s string) (string, bool) {
	rest := trimLeft(strings.TrimLeftFunc(s, func(c rune) bool { return unicode.Is(unicode.So, c) || c == '\ufe0f' }))
	if len(rest) == len(s) {
		return s, false
	}
	if _, _, ok := cutMark(rest); ok {
		return rest, true
	}
	_, ok := cutGateway(rest)
	return rest, ok
}

// cutGatewayBehind removes a mail gateway's word in brackets from the end of a subject, if anything
// remains in front of it: "Printer [EXTERNAL]".
func cutGatewayBehind(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || !strings.ContainsAny(s[len(s)-1:], "])}") {
		return s, false
	}
	begin := strings.LastIndexAny(s, "[({")
	if begin <= 0 || !gateways[strings.ToLower(strings.Trim(s[begin:], "[](){} !"))] {
		return s, false
	}
	return strings.TrimSpace(s[:begin]), true
}

// IsReply reports whether a subject marks the mail as an answer.
func IsReply(subject string) bool {
	s := trimLeft(subject)
	for {
		if rest, reply, ok := cutMark(s); ok {
			if reply {
				return true
			}
			s = rest
		} else if rest, ok := cutTag(s); ok {
			s = rest
		} else if rest, ok := cutGateway(s); ok {
			s = rest
		} else if rest, ok := cutSign(s); ok {
			s = rest
		} else {
			return false
		}
	}
}

// HasMark reports whether a subject marks the mail as an answer or as passed on.
func HasMark(subject string) bool {
	for s := trimLeft(subject); ; {
		if _, _, ok := cutMark(s); ok {
			return true
		}
		rest, ok := cutTag(s)
		if !ok {
			rest, ok = cutGateway(s)
		}
		if !ok {
			return false
		}
		s = rest
	}
}

// BaseSubject returns the subject without reply and forward marks in any language, bracketed tags,
// the desk's own number and "(fwd)", in lower case with single spaces. Two mails with the same base
// subject may belong together (after RFC 5256 section 2.1, in more languages).
func BaseSubject(subject string) string {
	s := trimLeft(subject)
	for {
		if rest, _, ok := cutMark(s); ok {
			s = rest
		} else if rest, ok := cutTag(s); ok {
			s = rest
		} else if rest, ok := cutGateway(s); ok {
			s = rest
		} else if rest, ok := cutSign(s); ok {
			s = rest
		} else {
			break
		}
	}
	if holdsNumberSign(s) {
		s = numberPattern.ReplaceAllString(s, " ")
	}
	for ok := true; ok; {
		s, ok = cutGatewayBehind(s)
	}
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	for {
		t := strings.TrimSpace(strings.TrimSuffix(s, "(fwd)"))
		if t == s || t == "" {
			return s
		}
		s = t
	}
}

// SameSubject reports whether two subjects name the same ticket or have the same base subject.
func SameSubject(a, b string) bool {
	numbers := Numbers(b)
	return slices.ContainsFunc(Numbers(a), func(n int64) bool { return slices.Contains(numbers, n) }) || BaseSubject(a) == BaseSubject(b)
}

// minLeft is how many characters of a subject must be left to know it by; minUnmarked is that where
// neither dots nor the ticket's number show that it was cut.
const minLeft, minUnmarked = 12, 30

// IsLeftOf reports whether a base subject is what programs on the way may have left of another:
// itself, its beginning, or it with a URL or a gateway's words behind it. URLs count for nothing,
// since gateways rewrite them. numbered reports whether the ticket's number stands beside it.
func IsLeftOf(subject, base string, numbered bool) bool {
	subject, base = withoutURLs(subject), withoutURLs(base)
	if subject == "" || base == "" || subject == base {
		return subject == base && base != ""
	}
	if rest, found := strings.CutPrefix(subject, base); found && utf8.RuneCountInString(base) >= minLeft {
		return isGateways(rest)
	}
	cut := strings.TrimRight(subject, ".… ")
	least := minUnmarked
	if numbered || len(cut) < len(subject) {
		least = minLeft
	}
	return utf8.RuneCountInString(cut) >= least && strings.HasPrefix(base, cut)
}

// MayBeLeft reports whether a base subject is long enough to be what is left of another.
func MayBeLeft(subject string) bool { return utf8.RuneCountInString(subject) >= minLeft }

// isGateways reports whether what stands behind a subject is signs and a gateway's words alone.
func isGateways(rest string) bool {
	rest = strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return rest == "" || gateways[rest]
}

// withoutURLs returns a base subject without the URLs in it.
func withoutURLs(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	return strings.Join(slices.DeleteFunc(strings.Fields(s), func(w string) bool { return strings.Contains(w, "://") }), " ")
}

// HasUnknownMark reports whether a mark stands before a ticket's number in a subject, "XY: [#12]
// ...", of which nobody knows whether it is that of an answer or that of a forward.
func HasUnknownMark(subject string) bool {
	s := trimLeft(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // Hebrew and Arabic programs write marks of direction
			return -1
		}
		return r
	}, subject))
	if _, _, known := cutMark(s); known {
		return false
	}
	if _, known := cutGateway(s); known {
		return false
	}
	i := colon(s[:min(len(s), maxMark)])
	inMark := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || r == ' ' || r == '.' }
	if i <= 0 || strings.TrimLeftFunc(s[:i], inMark) != "" {
		return false
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return strings.HasPrefix(trimLeft(s[i+n:]), "[#")
}

// IsForward reports whether a subject marks the mail as a forward: by its first mark, by "(fwd)" at
// its end, or, as Mutt writes it, by the original writer's address in brackets before the subject.
func IsForward(subject string) bool {
	s := trimLeft(subject)
	if _, reply, ok := cutMark(s); ok {
		return !reply
	}
	if strings.HasSuffix(strings.ToLower(strings.TrimSpace(s)), "(fwd)") {
		return true
	}
	address, rest, found := strings.Cut(strings.TrimPrefix(s, "["), ": ")
	return found && strings.HasPrefix(s, "[") && strings.HasSuffix(rest, "]") && strings.Contains(address, "@") &&
		!strings.Contains(address, " ")
}
