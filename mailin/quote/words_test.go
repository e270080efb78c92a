package quote

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Each phrase of the lists does what it is there for, in the ways in which clients draw it.
func TestPhrasesOfForwards(t *testing.T) {
	t.Parallel()
	for _, phrase := range phrasesOf(forwardedList) {
		capital := strings.ToUpper(phrase[:1]) + phrase[1:]
		if r, n := utf8.DecodeRuneInString(phrase); n > 1 {
			capital = strings.ToUpper(string(r)) + phrase[n:]
		}
		for _, line := range []string{capital + ":", "---------- " + capital + " ---------", "-------- " + capital + " --------", "----- " + capital + " Jane Doe/Acme on 02.11.2026 -----"} {
			p := Text("Look at this.\n\n"+line+"\n\nFrom: Jane Doe <jane@gold.example>\nSubject: Printer\n\nIt jams.\n", Options{})
			if !strings.HasPrefix(p.Forwarded, line) || !strings.HasSuffix(p.Reply, p.Forwarded) {
				t.Errorf("%q: forwarded %q", line, p.Forwarded)
			}
		}
	}
}

func TestPhrasesOfNotices(t *testing.T) {
	t.Parallel()
	for _, phrase := range phrasesOf(replyAboveList) {
		line := "## " + phrase + " ##"
		if p := Text("Done.\n\n"+line+"\n\nA notice.\n", Options{}); p.Reply != "Done." {
			t.Errorf("%q: %q", line, p.Reply)
		}
		if p := Text("On 2 Nov 2026 at 9:20, Desk <d@desk.example> wrote:\n> "+line+"\n>\n> A notice.\n\nDone.\n", Options{}); p.Reply != "Done." {
			t.Errorf("below %q: %q", line, p.Reply)
		}
	}
}

func TestPhrasesOfSeparators(t *testing.T) {
	t.Parallel()
	for _, phrase := range phrasesOf(originalList) {
		if p := Text("Done.\n\n----- "+phrase+" -----\n\nThe old text.\n", Options{}); p.Reply != "Done." {
			t.Errorf("%q: %q", phrase, p.Reply)
		}
	}
}

// The lists are well formed: a language, and words in lower case.
func TestLists(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{"banners": bannerWordList, "reply-above": replyAboveList, "original": originalList, "forwarded": forwardedList, "wrote": wroteList, "taglines": taglineList, "below": belowList} {
		for line := range strings.Lines(list) {
			language, words, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok || len(language) != 2 || words == "" || strings.Contains(words, "||") || strings.HasSuffix(words, "|") || words != strings.ToLower(words) {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}
