package answers

import (
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/tickets/answers/lexicon"
)

// line is a line of a mail with what is known of it.
type line struct {
	text  string // without marks of quotes
	depth int    // of the quote it stands in
	fresh bool   // the writer of the mail wrote it
	quest int    // the place of the question that it asks, or that begins a line above and goes on here; -1 for none
	head  bool   // the question begins here
	rest  string // what stands behind the question
}

func (l *line) blank() bool { return l.text == "" }

// linesOf returns the lines of a mail. What is new is what the reading of the mail says is new;
// signatures are left out.
func (s *sheet) linesOf(m *mailin.Message) []line {
	reply := strings.Split(m.Reply, "\n")
	if m.NothingNew {
		reply = above(reply)
	}
	guessed := strings.Split(m.Signature, "\n")
	if m.SignatureGuessed && (s.answersIn(guessed) || s.labelledThrough(slices.Concat(reply, guessed)) || saysHello(reply)) {
		reply = append(reply, guessed...) // short lines with a colon, or below a name, look like a business card
	}
	reply = s.withLabelsBelow(reply, strings.Split(m.Text, "\n"))
	var out []line
	next := 0
	for _, raw := range strings.Split(m.Text, "\n") {
		l := line{quest: -1}
		l.text, l.depth = unquote(raw)
		for i := next; i < len(reply); i++ {
			if strings.TrimSpace(reply[i]) == "" {
				continue
			}
			if strings.TrimSpace(reply[i]) == strings.TrimSpace(raw) {
				l.fresh, next = l.depth == 0 && !attribution(l.text), i+1
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
func (s *sheet) withLabelsBelow(reply, text []string) []string {
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
	if all := slices.Concat(reply[:last+1], text[at:end]); s.labelledThrough(all) {
		return all
	}
	return reply
}

// saysHello reports whether lines say nothing but a greeting.
func saysHello(lines []string) bool {
	return !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" && !greets(l) })
}

// answersIn reports whether at least two lines say which question they answer.
func (s *sheet) answersIn(lines []string) bool {
	n := 0
	for _, l := range lines {
		_, _, numbered := s.numberedLine(strings.TrimSpace(l), false)
		_, _, labelled := s.labelledLine(strings.TrimSpace(l))
		if numbered || labelled {
			n++
		}
	}
	return n > 1
}

// labelledThrough reports whether there are as many lines with labels as questions, and no others.
func (s *sheet) labelledThrough(text []string) bool {
	n := 0
	for _, l := range text {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		if m := labelled().FindStringSubmatch(l); m == nil || m[2] == "" {
			return false
		}
		n++
	}
	return n == len(s.open) || n == len(s.needed())
}

// attribution reports whether a line says who wrote what is quoted below it.
func attribution(text string) bool {
	return strings.Contains(text, "@") && strings.HasSuffix(text, ":") && len(strings.Fields(text)) > 3
}

// above returns the lines above what plainly begins a quote, of a mail in which the reading found
// nothing new: labels and colons look like the header of a mail.
func above(lines []string) []string {
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
func linesOfReply(m *mailin.Message) []line {
	var out []line
	for _, raw := range strings.Split(m.Reply, "\n") {
		l := line{quest: -1}
		l.text, l.depth = unquote(raw)
		l.fresh = l.depth == 0
		out = append(out, l)
	}
	for _, raw := range strings.Split(m.Quote, "\n") {
		l := line{quest: -1}
		l.text, l.depth = unquote(raw)
		l.depth = max(1, l.depth)
		out = append(out, l)
	}
	return out
}

var quoteMark = lexicon.Pattern(`^\s*(?:[>＞]\s?)+`)

// unquote takes the marks of quotes off a line.
func unquote(raw string) (text string, depth int) {
	raw = strings.ReplaceAll(raw, "\u00a0", " ")
	mark := quoteMark().FindString(raw)
	return strings.TrimSpace(raw[len(mark):]), strings.Count(mark, ">") + strings.Count(mark, "＞")
}
