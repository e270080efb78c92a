package quote

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tierdesk/mailin"
)

// TestShapes composes replies to a notice: how the client leads to the quote, marks it and leaves lines blank, where the
// answers stand, what stands below. Whatever was written is in the reply, in order; nothing of the notice is, but for the
// customer's lines; and the signature is not.
func TestShapes(t *testing.T) {
	t.Parallel()
	customer := []string{"Good day,", "", "the pump in cellar two hums and does not start.", "", "Is it the fuse?", "", "Can somebody come on Friday?", "", "Petra Holm"}
	frame := strings.Repeat("-", 60)
	lines := []string{"## Please write above this line ## desk ##", "", "A question from Petra Holm", "", frame}
	lines = append(lines, customer...)
	lines = append(lines, frame, "", "Number     #88 Pump in cellar two", "State      new", "", "Take it:", "mailto:help+t0k3n@desk.example?subject=Take%20%2388", "",
		"Your reply goes to Petra Holm. Start it with /note to keep it inside;", "/help lists the commands.")
	rapid.Check(t, func(t *rapid.T) { checkShape(t, lines) })
	// The same for a mail that is no notice, e.g. a customer's reply.
	rapid.Check(t, func(t *rapid.T) { checkShape(t, customer) })
}

func checkShape(t *rapid.T, lines []string) {
	attribution := rapid.SampledFrom(attributionsOfClients).Filter(func(a string) bool {
		return !strings.Contains(a, "\n") && !strings.HasPrefix(a, ">") && !strings.HasPrefix(a, "*")
	}).Draw(t, "attribution")
	mark := rapid.SampledFrom([]string{"> ", ">", "> > "}).Draw(t, "mark")
	blank := rapid.SampledFrom([]string{mark, strings.TrimSpace(mark)}).Draw(t, "blank")
	gap := rapid.SampledFrom([]string{"\n", "\n\n", "\n\n\n"}).Draw(t, "gap")
	signature := rapid.SampledFrom([]string{"", "\n\n-- \nIda Lind\nprivate 555-0177", "\n\n--\nIda Lind\nprivate 555-0177", "\n\nSent from my iPhone"}).Draw(t, "signature")
	position := rapid.SampledFrom([]string{"top", "bottom", "between", "top and between", "between and bottom"}).Draw(t, "position")
	texts := []string{"The fuse was blown, a new one is in.", "Die Sicherung ist neu.", "Le fusible est neuf.", "Предохранитель новый.", "ヒューズを交換しました。", "Yes.", "/take\n\nI look at it.", "Two lines,\nand no blank between."}
	text := func(label string) string { return rapid.SampledFrom(texts).Draw(t, label) }
	quoted := func(from, to int) string {
		var b strings.Builder
		for _, l := range lines[from:to] {
			if l == "" {
				b.WriteString(blank + "\n")
			} else {
				b.WriteString(mark + l + "\n")
			}
		}
		return b.String()
	}
	var b strings.Builder
	var want []string
	add := func(s string) { want = append(want, s); b.WriteString(s + gap) }
	if strings.HasPrefix(position, "top") {
		add(text("top"))
	}
	b.WriteString(attribution + "\n" + rapid.SampledFrom([]string{"", "\n"}).Draw(t, "below the attribution"))
	at := 0
	if strings.Contains(position, "between") {
		for _, question := range []string{"Is it the fuse?", "Can somebody come on Friday?"} {
			for end := at; end < len(lines); end++ {
				if lines[end] == question {
					b.WriteString(quoted(at, end+1) + gap[1:])
					add(text(question))
					at = end + 1
					break
				}
			}
		}
	}
	b.WriteString(quoted(at, len(lines)))
	if strings.Contains(position, "bottom") {
		b.WriteString("\n")
		add(text("bottom"))
	}
	mail := strings.TrimRight(b.String(), "\n") + "\n" + signature + "\n"
	m := &mailin.Message{Text: mail, Plain: true}
	Split(m, Options{Markers: []string{"## desk ##"}})
	fail := func(format string, args ...any) {
		t.Fatalf("%s\n--- mail\n%s\n--- reply\n%s", fmt.Sprintf(format, args...), mail, m.Reply)
	}
	if m.NothingNew {
		fail("nothing new")
	}
	rest := m.Reply
	for _, w := range want {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			fail("%q is missing", w)
		}
		rest = after
	}
	if len(lines) == 9 && position != "top" { // lines between the answers stay
		return
	}
	for _, never := range []string{"t0k3n", "## desk", "Number", "/help", "A question from", strings.Repeat("-", 60), "555-0177", "Jane Doe", "Petra Holm"} {
		if strings.Contains(m.Reply, never) {
			fail("it holds %q", never)
		}
	}
}
