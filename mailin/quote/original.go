package quote

import (
	"net/mail"
	"regexp"
	"strings"

	"tierdesk/mailin"
)

// Original is a mail that another one passes on, as far as it can be read there.
type Original struct {
	From      mailin.Address
	ReplyTo   mailin.Address // only of one in the text, where its client shows it
	Subject   string
	MessageID string // only of one that was attached
	Text      string
}

// Originals returns the mails that a mail passes on in its text, the outermost first: each begins
// with a block of header lines, in any language, that names a sender with an address. What was
// forwarded twice has two of them.
func Originals(m *mailin.Message) []Original {
	for _, text := range []string{m.Forwarded, m.Quote, m.Text} {
		if found := originalsIn(text); len(found) > 0 {
			return found
		}
	}
	return nil
}

// originalsIn reads the blocks of header lines in a text.
func originalsIn(text string) []Original {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	depths := make([]int, len(lines))
	for i, l := range lines {
		lines[i], depths[i] = depthOf(l)
	}
	var out []Original
	for i := 0; i < len(lines); i++ {
		o, below, found := passedOn(lines, depths, i)
		if !found {
			continue
		}
		o.Text = bodyBelow(lines, depths, below)
		out = append(out, o)
		i = below - 1
	}
	return out
}

// depthOf returns a line without the marks of quotes, and how many there were.
func depthOf(line string) (string, int) {
	depth := 0
	for {
		rest := strings.TrimLeft(line, " \t\u00a0")
		if !strings.HasPrefix(rest, ">") {
			if depth > 0 {
				line = strings.TrimPrefix(line, " ")
			}
			return strings.TrimRight(line, " \t\u00a0"), depth
		}
		line, depth = rest[1:], depth+1
	}
}

const (
	maxBlock  = 24 // lines of a block of header lines
	maxBlanks = 1  // blank lines between two of them
)

// passedOn reads a block of header lines that begins at line i, and returns the line below it.
func passedOn(lines []string, depths []int, i int) (o Original, below int, found bool) {
	kinds, last, blanks := 0, 0, 0
	j := i
	for ; j < len(lines) && j < i+maxBlock && depths[j] == depths[i]; j++ {
		kind, value := headerLabel(lines[j])
		switch {
		case kind != 0:
			if kind == labelFrom && kinds&labelFrom != 0 {
				return o, j, complete(kinds, o)
			}
			blanks = 0
			o.take(kind, value)
			kinds, last, below = kinds|kind, kind, j+1
		case kinds == 0:
			return o, 0, false
		case strings.TrimSpace(lines[j]) == "":
			if blanks++; blanks > maxBlanks || last != labelFrom && complete(kinds, o) {
				return o, below, complete(kinds, o)
			}
		case blanks > 0:
			return o, below, complete(kinds, o)
		case last == labelFrom && o.From.Address == "" || last == labelTo || last == labelCc || last == labelReplyTo: // a folded line
			if last == labelFrom {
				o.take(labelFrom, o.From.Name+" "+lines[j])
			}
			below = j + 1
		case otherHeader.MatchString(lines[j]): // User-Agent and the like, of clients that show all of them
			below = j + 1
		case last == labelSubject && strings.HasPrefix(lines[j], " "):
			o.Subject += " " + strings.TrimSpace(lines[j])
			below = j + 1
		default:
			return o, below, complete(kinds, o)
		}
	}
	return o, below, complete(kinds, o)
}

// otherHeader finds a header line of another kind.
var otherHeader = regexp.MustCompile(`^[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+: `)

// take notes the value of a header line.
func (o *Original) take(kind int, value string) {
	value = strings.TrimSpace(value)
	switch kind {
	case labelFrom:
		o.From = senderIn(value)
	case labelReplyTo:
		o.ReplyTo = senderIn(value)
	case labelSubject:
		if o.Subject == "" {
			o.Subject = value
		}
	}
}

// complete reports whether header lines name a sender's address and one thing more.
func complete(kinds int, o Original) bool {
	return kinds&labelFrom != 0 && kinds&(labelDate|labelSubject|labelTo) != 0 && o.From.Address != ""
}

var (
	anAddress = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	onBehalf  = regexp.MustCompile(`(?i)\b(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|namens)\b`)
)

// senderIn reads the value of a From line as clients write it: Jane <jane@x.example>, Jane
// [mailto:jane@x.example], jane@x.example, and a sender on behalf of another. The address is ""
// if there is none: then the name is all of it.
func senderIn(value string) mailin.Address {
	if at := onBehalf.FindStringIndex(value); at != nil && anAddress.MatchString(value[at[1]:]) {
		value = value[at[1]:]
	}
	at := anAddress.FindStringIndex(strings.ReplaceAll(value, "mailto:", "       "))
	if at == nil {
		return mailin.Address{Name: value}
	}
	address := strings.TrimRight(value[at[0]:at[1]], ".'")
	if _, err := mail.ParseAddress(address); err != nil {
		return mailin.Address{Name: value}
	}
	name := strings.Trim(strings.TrimSuffix(strings.TrimSpace(value[:at[0]]), "mailto:"), " \t\u00a0<[(*\"'“”„")
	return mailin.Address{Name: name, Address: address}
}

// bodyBelow returns the text below a block of header lines, up to where the client says that it
// ends, with the marks of the quote that the block stands in taken off.
func bodyBelow(lines []string, depths []int, from int) string {
	if from == 0 || from > len(lines) {
		return ""
	}
	outer := depths[from-1]
	var out []string
	for j := from; j < len(lines) && depths[j] >= outer; j++ {
		if depths[j] == outer && endOfForward.MatchString(lines[j]) {
			break
		}
		out = append(out, strings.Repeat("> ", depths[j]-outer)+lines[j])
	}
	return strings.Trim(strings.Join(out, "\n"), "\n ")
}

// endOfForward finds the line with which mutt and others end a mail that was passed on.
var endOfForward = regexp.MustCompile(`(?i)^-+ *(end|ende|fin|fine|einde|fim)\b.*-+$`)
