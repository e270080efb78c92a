// Package classify tells who or what made a mail, and how far its From line can be believed:
// persons, auto-replies, bounces, receipts, complaints, calendar answers, lists, challenges, our
// own mail come back; Authentication-Results (RFC 8601), DKIM (RFC 6376) and DMARC alignment (RFC
// 7489). Every verdict carries its reasons. It must never know what follows from a verdict: no
// ticket, no rule, no answer.
package classify

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// Self is how the desk knows its own mail.
type Self struct {
	Addresses       []string // addresses of the inboxes and their aliases
	MessageIDDomain string   // domain of the Message-IDs that the desk makes
	HeaderPrefix    string   // prefix of the fields that the desk adds; "" means X-Tierdesk-
}

func (s Self) owns(address string) bool {
	return slices.ContainsFunc(s.Addresses, func(a string) bool { return mailin.Fold(a) == mailin.Fold(address) })
}

// Classify returns what made a mail. It looks at m.Report, so Report must have run before it. It is
// pure.
func Classify(m *mailin.Message, self Self) mailin.Class {
	c := classifier{m: m, self: self, h: newFields(m.Header), text: head(withoutQuoted(head(m.Reply, 2*maxFront)), maxFront)}
	c.hints = hintsIn(c.text)
	class := c.kind()
	class.Spam = c.spam()
	if class.Kind == mailin.KindPerson && class.Spam != "" {
		class.Kind, class.Reasons = mailin.KindSpam, append([]string{class.Spam}, class.Reasons...)
	}
	if class.Kind == mailin.KindAutoReply {
		class.Returns = returnDate(m.Subject+"\n"+m.Reply, m.Date)
		if class.Left = c.ownerLeft(); class.Left {
			class.Returns, class.Instead = time.Time{}, c.named()
		}
	}
	if class.NoAutoReply = class.Automatic(); !class.NoAutoReply {
		if r := c.asksForNoAnswer(); r != "" {
			class.NoAutoReply, class.Reasons = true, []string{"a person's, who asks for no automatic answer: " + r}
		}
	}
	return class
}

// withoutQuoted returns a text without the lines that are quoted in it: others wrote them.
func withoutQuoted(s string) string {
	if !strings.Contains(s, "\n>") && !strings.HasPrefix(s, ">") {
		return s
	}
	var own strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, ">") {
			own.WriteString(line)
		}
	}
	if strings.TrimSpace(own.String()) == "" {
		return s
	}
	return own.String()
}

// fields finds the fields of a header by name, topmost first. Those whose names have the same
// length are chained, and few are.
type fields struct {
	header mailin.Header
	first  [64]int32 // by the length of the name, 0 for none, else 1 more than the place in header
	next   []int32   // by place in header, the same
}

func newFields(h mailin.Header) *fields {
	f := &fields{header: h, next: make([]int32, len(h))}
	for i := len(h) - 1; i >= 0; i-- {
		if n := len(h[i].Key); n < len(f.first) { // nobody asks for longer ones
			f.next[i], f.first[n] = f.first[n], int32(i+1)
		}
	}
	return f
}

// all returns the values of the fields of a name.
func (f *fields) all(key string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := f.first[len(key)]; i > 0; i = f.next[i-1] {
			if x := f.header[i-1]; strings.EqualFold(x.Key, key) && !yield(x.Value) {
				return
			}
		}
	}
}

func (f *fields) get(key string) string {
	for v := range f.all(key) {
		return strings.TrimSpace(v)
	}
	return ""
}

func (f *fields) has(key string) bool {
	for range f.all(key) {
		return true
	}
	return false
}

type classifier struct {
	m     *mailin.Message
	self  Self
	h     *fields
	text  string // the front of the reply
	hints hint   // in text
}

// may reports whether the front may hold a sentence of this kind.
func (c classifier) may(hold hint) bool { return c.hints&hold != 0 }

func (c classifier) kind() mailin.Class {
	as := func(k mailin.Kind, reasons ...string) mailin.Class { return mailin.Class{Kind: k, Reasons: reasons} }
	if r := c.loop(); r != "" {
		return as(mailin.KindLoop, r)
	}
	if rep := c.m.Report; rep != nil {
		switch rep.Kind {
		case mailin.ReportDelivery:
			if delivered(rep) {
				return as(mailin.KindReceipt, "it reports that the mail was delivered")
			}
			return as(mailin.KindBounce, "it reports that a mail could not be delivered")
		case mailin.ReportDisposition:
			return as(mailin.KindReceipt, "it holds a disposition notification (RFC 8098)")
		case mailin.ReportFeedback:
			return as(mailin.KindFeedback, "it holds a complaint report (RFC 5965)")
		}
	}
	if r := c.feedback(); r != "" {
		return as(mailin.KindFeedback, r)
	}
	if r := c.calendar(); r != "" {
		return as(mailin.KindCalendar, r)
	}
	if r := c.challenge(); r != "" {
		return as(mailin.KindChallenge, r)
	}
	if r := c.challengeInWords(); r != "" {
		class := as(mailin.KindChallenge, r)
		class.Guessed = !c.marked()
		return class
	}
	if r := c.receipt(); r != "" {
		return as(mailin.KindReceipt, r)
	}
	if r := c.reaction(); r != "" {
		return as(mailin.KindReaction, r)
	}
	if r := c.recall(); r != "" {
		return as(mailin.KindRecall, r)
	}
	if r := c.autoReply(); r != "" {
		return as(mailin.KindAutoReply, r)
	}
	if r, sure := c.deskAnswers(); r != "" {
		class := as(mailin.KindAutoReply, r)
		class.Guessed = !sure
		return class
	}
	if r := c.listServer(); r != "" {
		class := as(mailin.KindAutoReply, r)
		class.Guessed = !c.marked()
		return class
	}
	if r := c.guessedNote(); r != "" {
		class := as(mailin.KindAutoReply, r)
		class.Guessed = true
		return class
	}
	if r := c.list(); r != "" {
		return as(mailin.KindList, r)
	}
	if r := c.generated(); r != "" {
		return as(mailin.KindGenerated, r)
	}
	return as(mailin.KindPerson)
}

// forwards reports whether a mail passes another on by its subject, whose words are not its
// sender's.
func forwards(subject string) bool {
	return (strings.Contains(subject, ":") || strings.Contains(subject, "：")) && forwardSubject.MatchString(subject)
}

var forwardSubject = late.Compile(`(?i)^\W*(?:fwd?|wg|tr|rv|vs|vb|enc|doorst|i|pd|转发|轉寄|転送)\s*[:：]`)

// delivered reports whether a delivery report tells of success only (RFC 3461 section 4.1,
// NOTIFY=SUCCESS).
func delivered(rep *mailin.Report) bool {
	for _, r := range rep.Recipients {
		if r.Action != "delivered" && r.Action != "relayed" && r.Action != "expanded" && !strings.HasPrefix(r.Status, "2") {
			return false
		}
	}
	return len(rep.Recipients) > 0
}

// loop reports whether the mail is our own come back.
func (c classifier) loop() string {
	id := mailin.Domain(c.m.MessageID)
	ours := c.self.MessageIDDomain != "" && strings.EqualFold(id, c.self.MessageIDDomain)
	from := c.m.Author().Address
	if ours && (c.self.owns(from) || c.ownField() != "") {
		return "Message-ID is one of ours: " + c.m.MessageID
	}
	for v := range c.h.all("x-loop") {
		if c.self.owns(v) {
			return "X-Loop: " + v
		}
	}
	if f := c.ownField(); f != "" && c.self.owns(from) {
		return f + " and From are ours"
	}
	return ""
}

func (c classifier) ownField() string {
	prefix := strings.ToLower(c.self.HeaderPrefix)
	if prefix == "" {
		prefix = "x-tierdesk-"
	}
	for _, f := range c.m.Header {
		if len(f.Key) > len(prefix) && strings.EqualFold(f.Key[:len(prefix)], prefix) {
			return f.Key
		}
	}
	return ""
}

func (c classifier) feedback() string {
	ct := strings.ToLower(c.h.get("content-type"))
	if strings.Contains(ct, "report-type=feedback-report") || strings.Contains(ct, `report-type="feedback-report"`) {
		return "Content-Type: multipart/report; report-type=feedback-report"
	}
	if v := c.h.get("x-hmxmroriginalrecipient"); v != "" {
		return "X-HmXmrOriginalRecipient: " + v
	}
	return ""
}

func (c classifier) calendar() string {
	switch c.m.Calendar {
	case "REPLY", "COUNTER", "DECLINECOUNTER":
		return "calendar answer (METHOD:" + c.m.Calendar + ")"
	}
	if c.m.Calendar == "" && answersInvitation(c.m.Subject) && (wordless(c.m.Reply) || calendarAnswers.in(head(c.m.Text, maxFront))) {
		return "subject of a calendar answer: " + c.m.Subject
	}
	return ""
}

// answersInvitation reports whether a subject begins as those of answers to invitations do: with
// one of their words, five octets at least, and a colon.
func answersInvitation(subject string) bool {
	return lastColon(subject) >= 5 && calendarSubject.in(subject)
}

// lastColon returns where the last colon stands, of either width; -1 if there is none.
func lastColon(s string) int { return max(strings.LastIndexByte(s, ':'), strings.LastIndex(s, "：")) }

// wordless reports whether a text holds no word.
func wordless(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) < 0 && len(s) < 200 }

func (c classifier) challenge() string {
	for _, k := range []string{"x-challenge", "x-tmda-confirm", "x-boxtrapper-verify", "x-spamarrest-noauth"} {
		if c.h.has(k) {
			return k + ": " + c.h.get(k)
		}
	}
	return ""
}

// challengeInWords finds one that no field tells of. Whoever asks something is a person: customers
// speak of links and confirmations as well.
func (c classifier) challengeInWords() string {
	if challengeSubject.in(c.m.Subject) && !c.h.has("x-list-administrivia") && !c.h.has("x-beenthere") {
		return "subject of a challenge: " + c.m.Subject
	}
	if len(c.m.Reply) <= 2500 && strings.Contains(c.text, "://") && !forwards(c.m.Subject) && challenges.in(c.text) &&
		ownMail.MatchString(c.text) && !wordset.HoldsSign(withoutLinks(c.text), "?", "？") &&
		!asks.MatchString(challenges.pattern.ReplaceAllString(c.text, " ")) {
		return "its text asks to prove that a person wrote"
	}
	return ""
}

// marked reports whether more than words says that a machine sent the mail.
func (c classifier) marked() bool {
	v := c.h.get("auto-submitted")
	return c.nullSender() || v != "" && !saysNo(v) && !forwardedOnly(v)
}

func (c classifier) receipt() string {
	ct := strings.ToLower(c.h.get("content-type"))
	if strings.Contains(ct, "disposition-notification") && strings.Contains(ct, "report") {
		return "Content-Type: multipart/report; report-type=disposition-notification"
	}
	if c.nullSender() && receiptSubject.MatchString(c.m.Subject) {
		return "subject of a read receipt: " + c.m.Subject
	}
	question := func() bool { return wordset.HoldsSign(c.text, "?", "？") }
	// The fields that a receipt repeats look like history.
	if len(c.m.Text) <= 1200 && receiptSubject.MatchString(c.m.Subject) && !question() && receipts.in(head(c.m.Text, maxFront)) {
		return "its text says that a mail was read"
	}
	if len(c.m.Reply) <= 1200 && c.may(ofReceipt) && !question() &&
		receiptSure.in(c.text) && !speaksOfUs.MatchString(c.text) && receipts.pattern.MatchString(c.text) {
		return "its text says that a mail was read"
	}
	return ""
}

// reaction finds an answer that is a sign alone, as mail programs send it.
func (c classifier) reaction() string {
	if c.m.Reaction != "" {
		return "it is marked as a reaction"
	}
	if len(c.m.Reply) <= 600 && (reacted(head(c.m.Reply, 300)) || tapback(c.m.Reply)) {
		return "its text says that somebody reacted"
	}
	return ""
}

// recall finds Exchange's wish to have a mail back, and its reports on one.
func (c classifier) recall() string {
	if v := c.h.get("x-ms-exchange-recall"); v != "" {
		return "X-MS-Exchange-Recall: " + v
	}
	if len(c.m.Reply) <= 1200 && !forwards(c.m.Subject) && (recalls.mayBeIn(c.m.Subject) || c.may(ofRecall)) &&
		recalls.pattern.MatchString(c.m.Subject+"\n"+c.text) &&
		(recallSubject.MatchString(c.m.Subject) || len(c.m.Reply) < 500 && !wordset.HoldsSign(c.text, "?", "？")) {
		return "somebody wants a mail back: " + c.m.Subject
	}
	return ""
}

func (c classifier) nullSender() bool { return c.m.ReturnPath != nil && *c.m.ReturnPath == "" }

// autoReply finds answers that a machine gave (RFC 3834), with and without the fields that should
// say so.
func (c classifier) autoReply() string {
	if v := c.h.get("auto-submitted"); v != "" {
		switch l := strings.Trim(strings.ToLower(v), "\"' "); {
		case strings.HasPrefix(l, "auto-replied"), strings.HasPrefix(l, "auto-notified"):
			return "Auto-Submitted: " + v
		}
	}
	if f := c.fieldOfResponder(); f != "" {
		return f
	}
	switch p := strings.ToLower(c.h.get("precedence")); {
	case strings.HasPrefix(p, "auto_reply"), strings.HasPrefix(p, "auto-reply"), strings.HasPrefix(p, "autoreply"):
		return "Precedence: " + p
	}
	for _, k := range []string{"X-Precedence", "Preference"} {
		if v := strings.ToLower(c.h.get(strings.ToLower(k))); strings.HasPrefix(v, "auto_reply") || strings.HasPrefix(v, "auto-reply") {
			return k + ": " + v
		}
	}
	if v := c.h.get("x-post-messageclass"); strings.HasPrefix(v, "9") {
		return "X-POST-MessageClass: " + v
	}
	// GroupWise also says Forward, Group, Mirror and Redirect here: of mail that it passed on.
	if v := c.h.get("x-autogenerated"); strings.EqualFold(v, "reply") {
		return "X-Autogenerated: " + v
	}
	if v := strings.ToLower(c.h.get("x-ms-exchange-generated-message-source")); strings.Contains(v, "oof") {
		return "X-MS-Exchange-Generated-Message-Source: " + v
	}
	if strings.EqualFold(c.h.get("delivered-to"), "autoresponder") {
		return "Delivered-To: Autoresponder"
	}
	if (autoReplySubject.in(c.m.Subject) || c.tellsOwnAbsence()) && !c.asksAboutAbsence() {
		return "subject of an auto-reply: " + c.m.Subject
	}
	if (c.nullSender() || c.h.has("x-auto-response-suppress") && c.mayBeNote() && !wordset.HoldsSign(c.text, "?", "？")) &&
		(autoReplyLoose.MatchString(c.m.Subject) || autoReplyText.MatchString(head(c.m.Text, 1500))) {
		return "from nobody, and worded as an auto-reply"
	}
	return c.autoReplyBody()
}

// tellsOwnAbsence reports whether the subject names the mail's author, or somebody as Lotus Notes
// does, and says that they are away. That another person is away is what customers write.
func (c classifier) tellsOwnAbsence() bool {
	if !absenceOf.mayBeIn(c.m.Subject) {
		return false
	}
	found := absenceOf.pattern.FindStringSubmatch(c.m.Subject)
	return found != nil && (notesName.MatchString(found[1]) || c.namesOwner(found[1]))
}

// fieldOfResponder returns the field, if there is one, whose name says that a machine answered.
// Everybody writes it in their own way: X-Autoreply, X-Mail-Auto-Reply, X-Vacation-Reply. A field
// that asks for no such answer is another matter, and so is one that only holds such a word.
func (c classifier) fieldOfResponder() string {
	for _, f := range c.m.Header {
		if !namesResponder(f.Key) {
			continue
		}
		switch v := strings.ToLower(strings.TrimSpace(f.Value)); v {
		case "no", "false", "0", "none", "off":
		default:
			return f.Key + ": " + f.Value
		}
	}
	return ""
}

// namesResponder reports whether the name of a field consists of a word for answers of machines,
// perhaps with the name of a program before it and a word for what the field holds behind it.
func namesResponder(key string) bool {
	if len(key) < 5 || len(key) > 60 || key[0]|0x20 != 'x' && key[0]|0x20 != 'a' {
		return false
	}
	var buffer [64]byte
	name := buffer[:0]
	for i := range len(key) {
		switch ch := key[i]; {
		case ch == '-' || ch == '_':
		case 'A' <= ch && ch <= 'Z':
			name = append(name, ch|0x20)
		default:
			name = append(name, ch)
		}
	}
	for _, word := range [...]string{"autorepl", "autorespon", "automaticrepl", "outofoffice", "vacation", "exchangeoof", "awaymessage"} {
		if bytes.Contains(name, []byte(word)) {
			return responderName.MatchString(string(name))
		}
	}
	return false
}

var responderName = late.Compile(`^(?:x|mail|mailer|ms|microsoft|exchange|zimbra|cpanel|plesk|sieve|gmail|google|domino|lotus|groupwise|mdaemon|kerio|` +
	`communigate|icewarp|directadmin|user)*` +
	`(?:autorepl(?:y|ier|ied)|autorespon(?:d|se|ded)|automaticrepl(?:y|ied)|outofoffice|vacation|exchangeoof|awaymessage)` +
	`(?:e?r|from|to|sender|reply|response|message|notice|note|loop|date|domain|sent|id|type)*$`)

// mayBeNote reports whether the new text may be an automatic note: only what stands at the front of
// a short one counts, with no history below it. People quote such sentences, and ask about them.
func (c classifier) mayBeNote() bool {
	return len(c.m.Reply) <= 2500 && c.m.Quote == "" && !forwards(c.m.Subject)
}

// autoReplyBody finds an answer that says itself that a machine gave it.
func (c classifier) autoReplyBody() string {
	if !c.mayBeNote() {
		return ""
	}
	text := c.text
	switch {
	case c.may(ofMachine) && saysSo(text):
		return "its text says that it is an automatic answer"
	case c.may(ofMachine) && generatedText.in(text) && acknowledges.in(head(text, 500)):
		return "its text says that a machine wrote it, to say that a mail arrived"
	}
	return ""
}

// deskAnswers finds what a help desk says of a mail that arrived. It is sure where a sign stands
// that persons do not write, such as a number, and nobody speaks of themselves: somebody who thanks
// for a mail and promises an answer may be a person at work.
func (c classifier) deskAnswers() (reason string, sure bool) {
	text := c.text
	if !c.mayBeNote() || len(c.m.Reply) >= 1500 || wordset.HoldsSign(withoutLinks(text), "?", "？") ||
		!c.may(ofDesk) && !acknowledges.mayBeIn(c.m.Subject) ||
		!acknowledges.in(head(c.m.Subject+"\n"+text, 500)) || asks.MatchString(text) || len(desks.pattern.FindAllStringIndex(text, 2)) < 2 {
		return "", false
	}
	return "its text says that a mail arrived, as help desks do",
		c.marked() || deskMarks.MatchString(text) && !firstPerson.MatchString(text)
}

// listServer finds what a server of lists says of a mail of ours, or of who is on a list. Whoever
// speaks of themselves or asks is a person.
func (c classifier) listServer() string {
	if len(c.m.Reply) > 700 || !c.may(ofListServer) || !c.mayBeNote() || !listServers.in(c.text) || firstPerson.MatchString(c.text) ||
		wordset.HoldsSign(withoutLinks(c.text), "?", "？") || asks.MatchString(c.text) {
		return ""
	}
	return "its text is that of a server of lists"
}

// asksAboutAbsence reports whether a mail whose subject speaks of an absence is a person's who
// wants something because of it.
func (c classifier) asksAboutAbsence() bool {
	return !c.nullSender() && c.m.Quote == "" && len(c.m.Reply) < 800 && wordset.HoldsSign(withoutLinks(c.text), "?", "？") &&
		asks.MatchString(c.text)
}

// withoutLinks returns a text without its addresses of pages, which hold question marks that ask
// nothing.
func withoutLinks(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	return links.ReplaceAllString(s, "")
}

var links = late.Compile(`\w+://\S+`)

// guessedNote finds notes of absence that do not say that a machine wrote them: they thank for a
// mail and say that their writer is away, or they say that and when the writer is back, who helps
// meanwhile or what becomes of the mail.
func (c classifier) guessedNote() string {
	if forwards(c.m.Subject) || len(c.m.Reply) > 1600 || wordset.HoldsSign(c.text, "?", "？", "؟") {
		return ""
	}
	if c.m.Quote == "" && len(c.text) < 1200 && c.may(ofThanks) && thanksAway.in(head(c.text, 500)) {
		return "its text thanks for a mail and says that its reader is away"
	}
	if !c.may(ofAbsence | ofLeaving) { // as in nearly all mails
		return ""
	}
	text := withoutOthersWords(unwrapped(c.text))
	if c.may(ofLeaving) && c.leftBehind(ordinals.ReplaceAllString(text, "$1 $2")) {
		return "its text says that its reader has left"
	}
	if awayAt(text) == nil {
		return ""
	}
	signs := len(awayMore.pattern.FindAllStringIndex(text, 3))
	if c.m.Quote != "" && signs < 2 || signs == 0 {
		return ""
	}
	return "its text says that its writer is away, and what happens meanwhile"
}

// awayAt returns where a text says that its writer is away, nil if it does not, or wants something
// because of it.
func awayAt(text string) []int {
	if !away.mayBeIn(head(text, 700)) {
		return nil
	}
	return noteAt(text, away.pattern)
}

// noteAt returns where a text holds one of the sentences as notes do, nil if it does not, or wants
// something because of it.
func noteAt(text string, sentences *late.Pattern) []int {
	at := sentences.FindStringIndex(head(text, 700))
	if at == nil || at[0] > 200 || asks.MatchString(text) { // notes come to the point
		return nil
	}
	if talksOfNotes.MatchString(text[:at[0]]) || wasAway.MatchString(text[:at[0]]) {
		return nil
	}
	return at
}

// wasAway finds a participle ahead of a sentence, by which it speaks of the past in some Slavonic
// languages: "Byl | jsem na dovolené".
var wasAway = late.Compile(`(?i)(?:^|[^\pL])(?:byl|bol|bil)[aioy]?\s?$`)

// maxBriefNote is how long a text is at most, in octets, that may be a note of absence though it
// says nothing more.
const maxBriefNote = 400

// MayBeNote reports whether a mail that nothing else shows to be a note of absence may be one: it
// is short, says plainly of its writer, not of the house, that they are away, and asks nothing. Of
// a person's answer to somebody it says too little to be sure.
func MayBeNote(m *mailin.Message) bool {
	text := unwrapped(m.Reply)
	if len(text) > maxBriefNote || forwards(m.Subject) || wordset.HoldsSign(text, "?", "？", "؟") {
		return false
	}
	return noteAt(withoutOthersWords(text), briefAway) != nil
}

// talksOfNotes finds words of somebody who speaks of a note of absence, and repeats it.
var talksOfNotes = late.Compile(`(?i)(?:my|the|our|your|an?|mein\pL*|die|unsere?|eine|mon|ma|le|la|mi|el|minha|a|de|mijn|min|můj|mój) (?:automatic (?:reply|answer)|auto-?reply|out[- ]of[- ]office|vacation|autoresponder|abwesenheits\pL+|automatische antwort|message d'absence|réponse automatique|respuesta automática|risposta automatica|resposta automática|afwezigheids\pL+|frånvaro\pL+)`)

// withoutOthersWords returns a text without what its writer repeats, and without the wish that
// somebody else be written to. Either is sought only where a sign stands that it needs.
func withoutOthersWords(text string) string {
	if wordset.HoldsSign(text, `"`, "“", "„", "«", "»") {
		text = quotations.ReplaceAllString(text, " ")
	}
	if strings.Contains(text, "@") {
		text = redirects.ReplaceAllString(text, " $1 ")
	}
	return helpers.ReplaceAllString(text, " $1 ")
}

// quotations are words that somebody repeats.
var quotations = late.Compile(`["“„«»][^"“”„«»\n]{3,200}["”“«»]`)

// helpers are sentences by which somebody who is away names others whom the reader may ask.
var helpers = late.Compile(`(?i)(?:können|könnten) sie (sich (?:gern |gerne |bitte |jederzeit )*an\b|(?:gern |gerne |auch |jederzeit )*(?:unsere?n?|meine?n?|die|den|das|frau|herrn)\b[^.?!\n]{0,60}(?:kontaktieren|erreichen|anrufen|ansprechen|wenden))|(?:kunt|kan) (?:u|je) (terecht bij|contact opnemen met|zich wenden tot|bellen (?:naar|met)|mailen naar|een mail sturen naar)|(?:pouvez|pourrez)-vous (contacter|vous adresser|joindre|écrire à)|puede(?:n)? (?:usted )?(contactar|dirigirse|escribir|llamar) (?:con|a)\b`)

// redirects are sentences that ask to write to another address. They ask nothing of the reader now.
var redirects = late.Compile(`(?i)(?:please|bitte|kindly) (?:(?:send|direct|address|forward|redirect) (?:your|all|any|urgent|future|further|new|e-?mails?|mails?|messages?|requests?|enquir\w+|inquir\w+|it to|them to)|write to|contact|(?:senden|schicken|richten) sie (?:ihre|alle|künftige|dringende)|schreiben sie an)([^.?!\n]{0,80}@)`)

// leftBehind reports whether a note says at its front that its mailbox has lost its owner, and whom
// to ask instead. A note that does not speak of its sender tells of somebody else: it is a
// person's.
func (c classifier) leftBehind(text string) bool {
	front := head(text, 400)
	if c.m.Quote != "" || len(text) > 900 {
		return false
	}
	at := left.FindStringIndex(front)
	if at == nil || at[0] > 200 || asks.MatchString(text) || !strings.Contains(text, "@") && !awayMore.pattern.MatchString(text) {
		return false
	}
	sentence := sentenceAround(front, at[0], at[1])
	if firstPerson.MatchString(sentence) || ofMailbox.MatchString(sentence) {
		return true
	}
	for _, name := range strings.Fields(c.m.Author().Name) {
		if len(name) > 2 && indexFold(sentence, name) >= 0 {
			return true
		}
	}
	return false
}

// saysSo reports whether a text says that a machine gave it where machines say so: at the front of
// a line, or at the end. Within a line people speak of such answers.
func saysSo(text string) bool {
	if !autoTextSure.mayBeIn(text) {
		return false
	}
	for _, at := range autoTextSure.pattern.FindAllStringIndex(text, 5) {
		start := at[0]
		if strings.IndexByte(".!>* \t\r\n", text[start]) >= 0 {
			start++
		}
		before := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
		front := strings.Trim(before, " \t*_#|([~-") == "" || aWordAhead.MatchString(before)
		if front && text[at[0]] != '>' || len(strings.TrimSpace(text[at[1]:])) < 20 {
			return true
		}
	}
	return false
}

// aWordAhead: "Note:" in any language, as Lotus Notes begins the line in which it says so.
var aWordAhead = late.Compile(`^\s*\pL{3,12} ?:\s*$`)

func head(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

func (c classifier) list() string {
	if c.throughList() || c.ownList() {
		return ""
	}
	for _, k := range []string{"list-id", "list-post", "mailing-list", "x-mailing-list", "x-list", "x-mailman-version", "x-beenthere",
		"list-help", "x-campaignid", "x-campaign", "feedback-id", "x-mailchimp-id", "x-mc-user", "list-unsubscribe-post"} {
		if v := c.h.get(k); v != "" {
			if k == "feedback-id" && !c.h.has("list-unsubscribe") {
				continue
			}
			return k + ": " + head(v, 100)
		}
	}
	// These say alone only that no automatic answer is wanted; sales programs put them into letters
	// of persons.
	for _, k := range []string{"list-unsubscribe", "precedence", "x-precedence"} {
		if v := strings.ToLower(c.h.get(k)); v != "" && (k == "list-unsubscribe" || bulk(v)) && unsubscribe.in(c.m.Text) {
			return k + ": " + head(v, 100)
		}
	}
	if owner := mailin.Fold(c.h.get("sender")); strings.HasPrefix(owner, "owner-") || strings.Contains(owner, "-bounces@") ||
		strings.Contains(owner, "-owner@") {
		return "Sender: " + owner
	}
	return ""
}

// throughList reports whether a person wrote to a list where people talk with each other, with us
// among those whom they address: with a program for writing mail.
func (c classifier) throughList() bool {
	if post := c.h.get("list-post"); !strings.Contains(post, "mailto:") || c.nullSender() {
		return false
	}
	return len(c.m.To)+len(c.m.Cc) > 1 && writtenWith.MatchString(c.h.get("user-agent")+"\n"+c.h.get("x-mailer"))
}

// ownList reports whether the list that a mail came through is one of our own addresses: a group
// that takes the place of a mailbox. Its fields say nothing of who wrote.
func (c classifier) ownList() bool {
	return !c.nullSender() && namesList(c.h, c.self.owns)
}

// ListOf reports whether a mail came through the list that has this address.
func ListOf(m *mailin.Message, address string) bool {
	return namesList(newFields(m.Header), func(a string) bool { return mailin.Fold(a) == mailin.Fold(address) })
}

// namesList reports whether the fields of a list name an address for which is holds.
func namesList(h *fields, is func(address string) bool) bool {
	if _, id, ok := cutLast(h.get("list-id"), "<"); ok { // RFC 2919: the address, with a full stop for its @
		if is(strings.Replace(strings.Trim(id, "<> "), ".", "@", 1)) {
			return true
		}
	}
	for _, k := range [...]string{"x-beenthere", "mailing-list", "list-post"} {
		if v := h.get(k); v != "" && is(address.FindString(strings.TrimPrefix(v, "<mailto:"))) {
			return true
		}
	}
	return false
}

// writtenWith finds programs with which persons write.
var writtenWith = late.Compile(`(?i)thunderbird|mozilla|seamonkey|postbox|betterbird|outlook|mail for windows|apple mail|i(?:phone|pad) mail|` +
	`evolution|geary|k-?9|fairemail|mutt|alpine|claws|kmail|kontact|roundcube|the bat|gnus|emacs|mailmate|zimbra|sogo|squirrelmail|horde`)

// bulk reports whether a value of Precedence is one of those that ask for no automatic answer.
func bulk(v string) bool { return v == "list" || v == "bulk" || v == "junk" }

// redirected reports whether a rule of the mailbox that it came to first has passed the mail on as
// it is, in Outlook, Exchange or Sieve: the fields that say that a machine did something are the
// rule's then.
func (c classifier) redirected() bool {
	return c.h.has("x-ms-exchange-inbox-rules-loop") || c.h.has("x-sieve-redirected-from") ||
		strings.Contains(strings.ToLower(c.h.get("x-ms-exchange-generated-message-source")), "mailbox rules")
}

// forwardedOnly reports whether Auto-Submitted says no more than that a machine passed the mail on.
func forwardedOnly(autoSubmitted string) bool {
	return strings.HasPrefix(strings.ToLower(autoSubmitted), "auto-forwarded")
}

// saysNo reports whether Auto-Submitted is "no", which may have a comment or a parameter behind it
// (RFC 3834 section 5).
func saysNo(autoSubmitted string) bool {
	word := strings.FieldsFunc(autoSubmitted, func(r rune) bool { return r == ' ' || r == '\t' || r == '(' || r == ';' })
	return len(word) > 0 && strings.EqualFold(word[0], "no")
}

// asksForNoAnswer returns a field by which a person's mail asks for no automatic answer, "" if
// there is none.
func (c classifier) asksForNoAnswer() string {
	if v := c.h.get("x-auto-response-suppress"); v != "" {
		for _, w := range strings.FieldsFunc(strings.ToLower(v), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			if w == "all" || w == "oof" || w == "autoreply" {
				return "X-Auto-Response-Suppress: " + v
			}
		}
	}
	own := c.ownList()
	for _, k := range []string{"precedence", "x-precedence"} {
		if v := strings.ToLower(c.h.get(k)); bulk(v) && !own {
			return k + ": " + v
		}
	}
	// else of the forwarder
	if v := c.h.get("x-loop"); v != "" && !c.h.has("x-forwarded-to") && !c.h.has("x-forwarded-for") && !c.h.has("resent-from") {
		return "X-Loop: " + v
	}
	for _, k := range []string{"list-id", "list-post", "list-unsubscribe", "x-no-loop", "x-ms-exchange-inbox-rules-loop",
		"x-ms-exchange-generated-message-source", "x-ms-exchange-forwarding-loop"} {
		if v := c.h.get(k); v != "" && !(own && strings.HasPrefix(k, "list-")) {
			return k + ": " + head(v, 100)
		}
	}
	return ""
}

func (c classifier) generated() string {
	if v := c.h.get("auto-submitted"); v != "" && !saysNo(v) && !forwardedOnly(v) && !c.redirected() {
		return "Auto-Submitted: " + v
	}
	if f := c.ownField(); f != "" {
		return f + ": another desk"
	}
	if v := c.h.get("x-fc-machinegenerated"); v != "" && !strings.EqualFold(v, "false") {
		return "X-FC-MachineGenerated: " + v
	}
	if v := c.h.get("tls-report-domain"); v != "" { // RFC 8460 section 5.3
		return "TLS-Report-Domain: " + v
	}
	if aggregateReport(c.m.Subject) {
		return "Subject: " + c.m.Subject
	}
	for _, k := range []string{"x-otrs-loop", "x-autogenerated", "x-amazon-mail-relay-type"} {
		if v := c.h.get(k); v != "" && !strings.EqualFold(v, "none") {
			return k + ": " + v
		}
	}
	if c.nullSender() && !c.redirected() {
		return "Return-Path: <>"
	}
	if c.may(ofMachine) && generatedText.in(c.text) && !forwards(c.m.Subject) {
		return "its text says that a machine wrote it"
	}
	from := mailin.Fold(c.m.Author().Address)
	if local, _, _ := strings.Cut(from, "@"); noReply.in(local) {
		return "From: " + from
	}
	if c.m.ReturnPath != nil && !c.redirected() && !c.throughList() {
		if local, _, _ := strings.Cut(mailin.Fold(*c.m.ReturnPath), "@"); daemon.in(local) && !c.ownList() && !byHand(c.m) {
			return "Return-Path: " + *c.m.ReturnPath
		}
	}
	if local, _, _ := strings.Cut(from, "@"); daemon.in(local) && !byHand(c.m) {
		return "From: " + from
	}
	return ""
}

// aggregateReport reports whether a subject is that of a report on the DMARC or TLS results of a
// domain (RFC 7489 section 7.2.1.1, RFC 8460 section 5.3).
func aggregateReport(subject string) bool {
	const begins = "report domain:"
	return len(subject) > len(begins) && strings.EqualFold(subject[:len(begins)], begins) &&
		strings.Contains(strings.ToLower(subject), "submitter:")
}

// Unattended reports whether nobody reads what is sent to an address, as its name says.
func Unattended(address string) bool {
	local, _, _ := strings.Cut(mailin.Fold(address), "@")
	return noReply.in(local) || daemon.in(local)
}

// spam returns what the server's spam filter said, "" for nothing.
func (c classifier) spam() string {
	if v := c.h.get("x-spam-flag"); strings.EqualFold(v, "yes") || strings.EqualFold(v, "true") {
		return "X-Spam-Flag: " + v
	}
	if v := c.h.get("x-spam-status"); len(v) >= 3 && strings.EqualFold(v[:3], "yes") {
		return "X-Spam-Status: " + head(v, 80)
	}
	if v := c.h.get("x-spam"); strings.EqualFold(v, "yes") {
		return "X-Spam: " + v
	}
	if v := c.h.get("x-ms-exchange-organization-scl"); len(v) == 1 && v >= "5" && v <= "9" {
		return "X-MS-Exchange-Organization-SCL: " + v
	}
	if v := strings.ToLower(c.h.get("x-rspamd-action")); strings.Contains(v, "reject") || strings.Contains(v, "add header") {
		return "X-Rspamd-Action: " + v
	}
	return ""
}
