// Package quote finds what is new in a mail: the reply without quoted history, signature,
// disclaimer, gateway's banner and the taglines of clients, in plain text and in HTML. It owns the
// marks by which clients set these apart and nothing else: it must never know who wrote, a ticket,
// or what the reply asks for (package commands reads that). What the desk's own notices look like
// is given by the caller. In doubt it keeps more: the reply is never empty where the text is not,
// lines between answers stay, and a mail that was passed on stays, reported as Forwarded.
package quote

import (
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/htmltext"
)

// Parts are the parts of a text.
type Parts struct {
	Reply     string // what is new; the whole text where nothing new was found
	Quote     string // quoted history
	Signature string // signature, disclaimer or tagline
	Guessed   bool   // part of the signature was found by its looks alone
	Banner    string // a gateway's warning above the text
	Forwarded string // a mail that was passed on: the end of Reply
	// NothingNew reports whether the text holds nothing but history or signature, so that Reply is
	// the whole of it.
	NothingNew bool
	Style      mailin.Style

	headed bool // the text begins with a block of header lines
}

// Options are what is known before a mail is read.
type Options struct {
	// Markers are phrases of which each of the desk's own notices holds one, on a line of its own.
	// Text below or between the lines of a quoted notice is an answer; from a marker that is not
	// quoted on, everything is history.
	Markers []string
}

// Split fills the message's Reply, Quote, Signature, Banner, Forwarded, NothingNew and Style. It
// works on the plain text where there is one, else on the HTML. It changes nothing but the message
// and may be called concurrently for different messages.
func Split(m *mailin.Message, o Options) {
	var p Parts
	switch whole, instead := shownInstead(m); {
	case instead:
		p = HTML(m.HTML, whole, o)
	case !m.Plain && m.HTML != "":
		p = HTML(m.HTML, m.Text, o)
	default:
		p = Text(withMarks(m), o)
		if m.HTML != "" {
			p = p.withoutMarkedSignature(m.HTML)
		}
	}
	if p.headed && len(m.InReplyTo) > 0 && p.Forwarded == "" {
		p.NothingNew = true // nothing was written above the mail that is answered
	}
	if !p.NothingNew && p.Forwarded == "" {
		p = p.withoutCard(m.Author().Name)
		if p.Style == mailin.StyleTop && m.HTML != "" && PointsBelow(p.Reply) {
			p = p.withColoured(m.HTML)
		}
	}
	m.Reply, m.Quote, m.Signature, m.Banner, m.Forwarded = p.Reply, p.Quote, p.Signature, p.Banner, p.Forwarded
	m.NothingNew, m.Style, m.SignatureGuessed = p.NothingNew, p.Style, p.Guessed
}

// shownInstead returns the text of the HTML of a mail whose plain text only says that its reader's
// program cannot show it. It reports false for any other mail.
func shownInstead(m *mailin.Message) (string, bool) {
	if !m.Plain || m.HTML == "" || !htmltext.IsExcuse(m.Text) {
		return "", false
	}
	text := htmltext.Text(m.HTML)
	return text, strings.TrimSpace(text) != "" && !slices.Equal(wordsIn(text), wordsIn(m.Text))
}

// withMarks returns the text of a mail with the mark that other clients put before a quoted line in
// place of S-nail's, a bar.
func withMarks(m *mailin.Message) string {
	if !strings.Contains(m.Text, "|") || !strings.HasPrefix(strings.ToLower(m.Header.Get("User-Agent")), "s-nail") {
		return m.Text
	}
	lines := strings.Split(m.Text, "\n")
	for i, l := range lines {
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(l, " "), "|"); ok && !strings.Contains(rest, "|") {
			lines[i] = "> " + strings.TrimPrefix(rest, " ")
		}
	}
	return strings.Join(lines, "\n")
}

// CutMore reports whether more words were cut off than were kept, as a signature by its looks alone
// or as a banner: a text of which too much may be missing. names are those of the writer beside the
// one in From: what is plainly the business card of one of them is not missing, however long it is.
func CutMore(m *mailin.Message, names ...string) bool {
	if !m.SignatureGuessed && len(m.Banner) <= 2*60 { // as of nearly all mail: no need to count
		return false
	}
	kept := len(wordsIn(m.Reply))
	guessed := m.SignatureGuessed && !onlyDisclaims(m.Signature)
	return guessed && len(wordsIn(m.Signature)) > kept && !isCard(m.Signature, append(names, m.Author().Name)) ||
		len(wordsIn(m.Banner)) > 60+kept
}

// Text returns the parts of a plain text.
func Text(text string, o Options) Parts {
	text = withoutInitials(belowFrame(text))
	return splitText(text, o).orWhole(text)
}

// orWhole keeps the promise that a reply is never empty where the text is not.
func (p Parts) orWhole(text string) Parts {
	p.Reply = trimBlank(p.Reply)
	if isBlank(p.Reply) && !isBlank(text) {
		return Parts{Reply: trimBlank(text), NothingNew: true}
	}
	p.Guessed = p.Guessed && p.Signature != ""
	p.Quote, p.Signature, p.Banner, p.Forwarded = trimBlank(p.Quote), trimBlank(p.Signature), trimBlank(p.Banner), trimBlank(p.Forwarded)
	return p
}

// trimBlank trims blank lines at both ends, and white space at the end.
func trimBlank(s string) string {
	s = strings.TrimRight(s, " \t\r\n\u00a0\u200b\ufeff\u1427")
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 || strings.Trim(s[:i], " \t\r\u00a0\u200b\ufeff\u1427") != "" {
			break
		}
		s = s[i+1:]
	}
	return s
}
