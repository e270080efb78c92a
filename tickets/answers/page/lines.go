package page

import (
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/sheet"
)

// linesIn returns the lines of a mail. What is new is what the reading of the mail says is new;
// signatures are left out.
func (p *Page) linesIn(m *mailin.Message) []Line {
	reply := strings.Split(m.Reply, "\n")
	if m.NothingNew {
		reply = aboveQuote(reply)
	}
	guessed := strings.Split(m.Signature, "\n")
	if m.SignatureGuessed && (p.answersIn(guessed) || labelledThrough(p.Sheet, slices.Concat(reply, guessed)) || saysHello(reply)) {
		reply = append(reply, guessed...) // short lines with a colon, or below a name, look like a business card
	}
	reply = withLabelsBelow(p.Sheet, reply, strings.Split(m.Text, "\n"))
	var out []Line
	next := 0
	for _, raw := range strings.Split(m.Text, "\n") {
		l := Line{Question: -1}
		l.Text, l.Depth = unquote(raw)
		for i := next; i < len(reply); i++ {
			if strings.TrimSpace(reply[i]) == "" {
				continue
			}
			if strings.TrimSpace(reply[i]) == strings.TrimSpace(raw) {
				l.New, next = l.Depth == 0 && !clause.IsAttribution(l.Text), i+1
			}
			break
		}
		out = append(out, l)
	}
	if left := strings.Join(reply[min(next, len(reply)):], "\n"); strings.TrimSpace(left) != "" {
		return linesOfReply(m)
	}
	return out
}

// withLabelsBelow returns the lines of a reply with those right below them in the mail, if all of
// them together have labels, and are as many as questions: "Date: yesterday" begins no quote then.
func withLabelsBelow(s *sheet.Sheet, reply, text []string) []string {
	last := len(reply) - 1
	for last >= 0 && strings.TrimSpace(reply[last]) == "" {
		last--
	}
	if last < 1 {
		return reply
	}
	at := slices.Index(text, reply[last]) + 1
	end := at
	for end < len(text) && strings.TrimSpace(text[end]) != "" {
		end++
	}
	if at == 0 || end == at {
		return reply
	}
	if all := slices.Concat(reply[:last+1], text[at:end]); labelledThrough(s, all) {
		return all
	}
	return reply
}

// saysHello reports whether lines say nothing but a greeting.
func saysHello(lines []string) bool {
	return !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" && !clause.Greets(l) })
}

// answersIn reports whether at least two lines say which question they answer.
func (p *Page) answersIn(lines []string) bool {
	n := 0
	for _, l := range lines {
		_, _, numbered := p.Numbered(strings.TrimSpace(l), false)
		_, _, labelled := label.Labelled(p.Sheet, strings.TrimSpace(l))
		if numbered || labelled {
			n++
		}
	}
	return n > 1
}

// labelledThrough reports whether there are as many lines with labels as questions, and no others.
func labelledThrough(s *sheet.Sheet, text []string) bool {
	n := 0
	for _, l := range text {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		if _, rest, ok := label.Cut(l); !ok || rest == "" {
			return false
		}
		n++
	}
	return n == len(s.Open) || n == len(s.Needed())
}

// aboveQuote returns the lines above what plainly begins a quote, of a mail in which the reading
// found nothing new: labels and colons look like the header of a mail.
func aboveQuote(lines []string) []string {
	for i, l := range lines {
		if quoteMark().MatchString(l) || quoteBegins().MatchString(strings.TrimSpace(l)) || i > 40 {
			return lines[:i]
		}
	}
	return nil
}

var quoteBegins = lexicon.Pattern(`^_{5,}|^-{3,}|@.*:$|^\*?\pL[\pL ]*\*? ?: .*@`)

// linesOfReply returns the lines of what is new alone, which keeps what it answers: for mails whose
// text was put together from several places.
func linesOfReply(m *mailin.Message) []Line {
	var out []Line
	for _, raw := range strings.Split(m.Reply, "\n") {
		l := Line{Question: -1}
		l.Text, l.Depth = unquote(raw)
		l.New = l.Depth == 0
		out = append(out, l)
	}
	for _, raw := range strings.Split(m.Quote, "\n") {
		l := Line{Question: -1}
		l.Text, l.Depth = unquote(raw)
		l.Depth = max(1, l.Depth)
		out = append(out, l)
	}
	return out
}

// unquote takes the marks of quotes off a line.
func unquote(raw string) (text string, depth int) {
	raw = strings.ReplaceAll(raw, "\u00a0", " ")
	mark := quoteMark().FindString(raw)
	return strings.TrimSpace(raw[len(mark):]), strings.Count(mark, ">") + strings.Count(mark, "＞")
}

var quoteMark = lexicon.Pattern(`^\s*(?:[>＞]\s?)+`)
