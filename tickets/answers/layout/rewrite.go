package layout

import (
	"strings"

	"tierdesk/tickets/answers/label"
	"tierdesk/tickets/answers/lexicon"
	"tierdesk/tickets/answers/page"
	"tierdesk/tickets/answers/reading"
	"tierdesk/tickets/answers/sheet"
	"tierdesk/tickets/answers/value"
)

// asLines rewrites lines that count in Roman numerals, and those that repeat a question by its name
// behind a "Q:", as the lines with numbers and labels that they are.
func asLines(s *sheet.Sheet, lines []page.Line) []page.Line {
	var out []page.Line
	roman := 0
	for i := range lines {
		l := lines[i]
		if m := romanNumber().FindStringSubmatch(l.Text); m != nil && strings.ToLower(m[1]) == numeralRoman(roman+1) {
			roman++
			l.Text = lexicon.Itoa(roman) + ". " + m[2]
		} else if question, ok := label.AfterWord(l.Text, "questionword"); ok && l.Question < 0 {
			if question = strings.Trim(question, "?: "); label.Named(s, question) >= 0 {
				l.Text = question + ":"
			}
		}
		out = append(out, l)
	}
	if roman > 0 && roman < 3 {
		return lines
	}
	return out
}

var romanNumber = lexicon.Pattern(`^\(?([ivxIVX]{1,4})[.):]+\s+(.+)$`)

// numeralRoman returns a number up to 20 in small Roman numerals.
func numeralRoman(n int) string {
	ones := []string{"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"}
	return strings.Repeat("x", n/10) + ones[n%10]
}

// withoutCellNumbers returns lines without those that hold nothing but the number of the question
// that follows, as a table with a column of numbers becomes a text.
func withoutCellNumbers(lines []page.Line) []page.Line {
	var out []page.Line
	for i := range lines {
		next := i + 1
		for next < len(lines) && lines[next].IsBlank() {
			next++
		}
		if next < len(lines) && lines[next].Head && lines[i].Question < 0 &&
			strings.Trim(lines[i].Text, ".)") == lexicon.Itoa(lines[next].Question+1) {
			continue
		}
		out = append(out, lines[i])
	}
	return out
}

// unfolded returns lines in which a line of several answers that each say which question they
// answer is as many lines: "printer = HP; pages = 3", "Question 1: yes, Question 2: no".
func unfolded(s *sheet.Sheet, lines []page.Line) []page.Line {
	var out []page.Line
	for _, l := range lines {
		parts := unfold(s, l.Text)
		if l.Question >= 0 || len(parts) < 3 {
			out = append(out, l)
			continue
		}
		for _, part := range parts {
			one := l
			one.Text = part
			out = append(out, one)
		}
	}
	return out
}

// unfold returns the answers of a line, nil if not each of them names another question.
func unfold(s *sheet.Sheet, text string) []string {
	for _, sign := range []string{";", "|", ",", " / ", ". "} {
		labels, rests := label.Run(trimmed(strings.Split(text, sign)))
		if these := placesOf(s, labels, rests); these != nil {
			var parts []string
			for i, q := range these {
				parts = append(parts, lexicon.Itoa(q+1)+") "+rests[i])
			}
			return parts
		}
		var parts []string
		seen := map[int]bool{}
		for i, part := range strings.Split(text, sign) {
			q, _, ok := label.Labelled(s, strings.TrimSpace(part))
			if digits, _, points := label.Pointed(strings.TrimSpace(part)); !ok && points && s.HasNumber(digits) {
				q, ok = lexicon.Atoi(digits)-1, true
			}
			if ok && !seen[q] {
				seen[q] = true
				parts = append(parts, strings.TrimSpace(part))
				continue
			}
			if i == 0 {
				break
			}
			parts[len(parts)-1] += sign + part // a comma within an answer
		}
		if len(seen) > 2 {
			return parts
		}
	}
	return countedThrough(s, text)
}

func trimmed(parts []string) []string {
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// countedThrough returns the answers of a line that counts all questions with nothing behind the
// numbers: "1 HP 400 2 8000 3 yes". Each has to be one to its question.
func countedThrough(s *sheet.Sheet, text string) []string {
	ws, from := strings.Fields(text), []int{}
	for i, w := range ws {
		if w == lexicon.Itoa(len(from)+1) && (len(from) == 0 && i == 0 || len(from) > 0 && i > from[len(from)-1]+1) {
			from = append(from, i)
		}
	}
	if len(from) != len(s.Form.Questions) || len(from) < 3 {
		return nil
	}
	var out []string
	for n, i := range from {
		end := len(ws)
		if n+1 < len(from) {
			end = from[n+1]
		}
		answer := strings.Trim(strings.Join(ws[i+1:end], " "), " ,;")
		if _, how := value.Of(&s.Form.Questions[n], answer, s.When); how != reading.Clear {
			return nil
		}
		out = append(out, lexicon.Itoa(n+1)+") "+answer)
	}
	return out
}
