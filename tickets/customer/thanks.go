package customer

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
)

// thanksFile holds what a short mail of thanks is made of, a language a line; the words that say thanks stand before the bar.
//
//go:embed thanks.txt
var thanksFile string

var thanking, polite = thanksWords(thanksFile)

func thanksWords(file string) (thanking, polite []string) {
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		before, after, _ := strings.Cut(line, "|")
		thanking, polite = append(thanking, strings.Fields(before)...), append(polite, strings.Fields(after)...)
	}
	return thanking, polite
}

// maxThanks is the length of a mail, in characters, that may say no more than thank you.
const maxThanks = 160

// IsThanks reports whether a mail says no more than thank you: such a mail does not reopen a ticket.
func IsThanks(m *mailin.Message) bool {
	text := strings.TrimSpace(m.Reply)
	if text == "" || utf8.RuneCountInString(text) > maxThanks || strings.ContainsAny(text, "?0123456789") || len(m.Attachments) > 0 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n.,;:!-–—()'’\"\u00a0", r) })
	name := strings.Fields(strings.ToLower(m.Author().Name))
	thanks := false
	for _, word := range words {
		switch {
		case slices.Contains(thanking, word):
			thanks = true
		case slices.Contains(polite, word), slices.Contains(name, word):
		default:
			return false
		}
	}
	return thanks
}

// plainSubject is the subject as a ticket bears it: without the desk's own number and the marks of an answer.
func plainSubject(subject string) string {
	s := strings.TrimSpace(thread.WithoutNumbers(subject))
	for thread.IsReply(s) {
		_, rest, found := strings.Cut(s, ":")
		if !found {
			break
		}
		s = strings.TrimSpace(rest)
	}
	return strings.Join(strings.Fields(s), " ")
}
