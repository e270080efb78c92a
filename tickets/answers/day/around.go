package day

import (
	"slices"
	"strings"

	"tierdesk/tickets/answers/clause"
	"tierdesk/tickets/answers/lexicon"
)

// otherDay reports whether what stands around a date says that it is not the day that was asked
// for: "1 April or later", "around 1 April", "the week of 1 April", "your mail of 3 March", "I told
// you yesterday", "it worked yesterday".
func otherDay(s string, all []Found, w Context) bool {
	if lexicon.PhraseIn("notthatday", s) && !lexicon.PhraseIn("notthatday", w.Asked) {
		return true
	}
	return slices.ContainsFunc(all, func(d Found) bool { return d.ofSomethingElse(s, w) })
}

// ofSomethingElse reports whether the clause of a date says that it is roughly then, or that
// something else was on that day than what is asked.
func (d Found) ofSomethingElse(s string, w Context) bool {
	before, after := clauseAround(s, d)
	front := lexicon.Words(before)
	for len(front) > 0 && (lexicon.Has("article", front[len(front)-1]) || lexicon.Has("outof", front[len(front)-1])) {
		front = front[:len(front)-1]
	}
	if n := len(front); n > 0 && !d.relative && lexicon.Has("aboutday", front[n-1]) {
		return true
	}
	asked := lexicon.Words(w.Asked)
	speaks := func(ws []string, section string) bool { // of what the question does not name
		return slices.ContainsFunc(ws, func(word string) bool {
			return lexicon.Has(section, word) && !slices.ContainsFunc(asked, func(a string) bool { return lexicon.SameMeaning(a, word) })
		})
	}
	ws := lexicon.Words(before + " " + after)
	return speaks(front[max(0, len(front)-2):], "document") || speaks(ws, "telling") ||
		w.Past && speaks(ws, "fine") && !slices.ContainsFunc(ws, clause.Denies)
}

// maxAround is how much is looked at on each side of a date.
const maxAround = 240

// clauseAround returns what stands before and behind a date in its clause.
func clauseAround(s string, d Found) (before, after string) {
	from := d.begin(s)
	before, after = s[max(0, from-maxAround):from], s[d.To:min(len(s), d.To+maxAround)]
	if from > maxAround { // no half of a word
		_, before, _ = strings.Cut(before, " ")
	}
	before = before[strings.LastIndexAny(before, ",;!(")+1:]
	if d.To > d.From && strings.ContainsRune(",;!()", rune(s[d.To-1])) { // a sign ends it
		after = ""
	}
	if end := strings.IndexAny(after, ",;!()"); end >= 0 {
		after = after[:end]
	}
	return before, after
}

// Began reports whether a word for a beginning stands shortly before the date of a sentence:
// "since Monday", "it started on Sunday", but not "I was away on Monday".
func Began(sentence string, w Context) bool {
	s := Normalize(sentence)
	return slices.ContainsFunc(All(sentence, w), func(d Found) bool {
		before := lexicon.Words(s[:d.From] + firstBlank(s[d.From:d.To]))
		return slices.ContainsFunc(before[max(0, len(before)-4):], func(w string) bool {
			return lexicon.Has("past", w) && !lexicon.Has("stop", w) && !lexicon.Has("copula", w) && !lexicon.Has("passive", w)
		}) || lexicon.Has("past", lexicon.Plain(lexicon.FirstWords(s[d.From:d.To], 1)))
	})
}

func firstBlank(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " "))] }

// BeginsThen reports whether a day in a clause is the beginning of something.
func BeginsThen(text string, w Context) bool {
	low := Normalize(text)
	return Began(text, w) || slices.ContainsFunc(All(text, w), func(d Found) bool {
		before := lexicon.Words(low[:d.From] + firstBlank(low[d.From:d.To]))
		return lexicon.HasAny(before[max(0, len(before)-4):], "sinceword") ||
			lexicon.HasAny(lexicon.Words(lexicon.FirstWords(low[d.From:d.To], 1)), "sinceword")
	})
}

// Behind reports whether a phrase of a section stands right before a day in a clause.
func Behind(section, text string, w Context) bool {
	low := Normalize(text)
	return slices.ContainsFunc(All(text, w), func(d Found) bool {
		before := lexicon.Words(low[:d.From] + firstBlank(low[d.From:d.To]))
		return lexicon.PhraseIn(section, strings.Join(before[max(0, len(before)-3):], " ")) ||
			lexicon.Has(section, lexicon.Plain(lexicon.FirstWords(low[d.From:d.To], 1)))
	})
}

// Names reports whether a text has a day in it that can be what is asked for: nobody is still to
// be born.
func Names(text string, w Context) bool {
	return slices.ContainsFunc(All(text, w), func(d Found) bool { return !w.Birth || !d.Date.After(w.Now) })
}
