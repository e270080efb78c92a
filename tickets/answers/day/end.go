package day

import (
	"strings"
	"time"

	"tierdesk/tickets/answers/lexicon"
)

// lastDay returns the last day of the month or of the year that a text names the end of, and
// nothing else: "bis Ende Mai". It is meant where a question asks until when, and nowhere else.
func lastDay(text string, w Context) (time.Time, bool) {
	said := lexicon.Plain(text)
	if first := lexicon.FirstWord(said); lexicon.Has("untilword", first) || first == "by" || first == "entro" {
		said = strings.TrimSpace(strings.TrimPrefix(said, first))
	}
	if lexicon.Has("yearend", said) {
		return time.Date(w.Now.Year(), time.December, 31, 0, 0, 0, 0, time.UTC), true
	}
	for _, phrase := range lexicon.LongestFirst("endof") {
		rest, ok := strings.CutPrefix(said, phrase+" ")
		if !ok {
			continue
		}
		name, year, dated := strings.Cut(rest, " ")
		month, ok := monthOf(name, w)
		if !ok || lexicon.MeaningIn(name, w.Language) != lexicon.Listed || dated && !aYear().MatchString(year) {
			return time.Time{}, false
		}
		in := w.Now.Year()
		if dated {
			in = lexicon.Atoi(year)
		} else if month < int(w.Now.Month()) {
			in++
		}
		return time.Date(in, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC), true
	}
	return time.Time{}, false
}

var aYear = lexicon.Pattern(`^20\d\d$`)
