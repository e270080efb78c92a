package classify

import (
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin/internal/late"
)

var (
	backPattern = late.Compile(`(?i)(?:back (?:in the office |at work |on|from|in)|return(?:ing)?(?: to the office| to work)?(?: on)?|until|through|till|wieder (?:im (?:büro|haus)|da|erreichbar|zurück)|zurück|bis(?: zum| einschließlich)?|ab(?: dem)?|jusqu'au|de retour|retour(?: le)?|hasta el|regreso|vuelvo|até|retorno|fino al|rientro|torno|tot(?: en met)?|terug|t\.?o\.?m\.?|tillbaka|tilbage|do dnia|do)\b`)
	isoDate     = late.Compile(`\b(20\d\d)-(\d{1,2})-(\d{1,2})\b`)
	dotDate     = late.Compile(`\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(20\d\d|\d\d)\b)?`)
	slashDate   = late.Compile(`\b(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?\b`)
	dayMonth    = late.Compile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(\p{L}{3,10})\.?(?:,?\s+(?:de\s+)?(20\d\d))?`)
	monthDay    = late.Compile(`(?i)\b(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(20\d\d))?`)
)

var monthNames = func() map[string]time.Month {
	m := map[string]time.Month{}
	for _, words := range []string{
		"january february march april may june july august september october november december",
		"januar februar märz april mai juni juli august september oktober november dezember",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		"januari februari maart april mei juni juli augustus september oktober november december",
		"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
		"jan feb mar apr may jun jul aug sep oct nov dec", "jan feb mär apr mai jun jul aug sept okt nov dez",
	} {
		for i, w := range strings.Fields(words) {
			m[w] = time.Month(i + 1)
		}
	}
	return m
}()

// returnDate finds when an out-of-office note says that its sender is back: the date behind a word
// like "back" or "until", else the last of the dates in the note. It gives zero if there is none
// within a year after sent.
func returnDate(text string, sent time.Time) time.Time {
	if sent.IsZero() {
		return time.Time{}
	}
	text = head(text, 4000)
	var best time.Time
	for _, loc := range backPattern.FindAllStringIndex(text, 20) {
		tail := head(text[loc[1]:], 40)
		if t := firstDate(tail, sent); t.After(best) {
			best = t
		}
	}
	return best
}

// firstDate reads the first date in s; a date without a year is the next one after sent.
func firstDate(s string, sent time.Time) time.Time {
	type hit struct {
		at   int
		when time.Time
	}
	var hits []hit
	add := func(loc []int, year, month, day string) {
		d, _ := strconv.Atoi(day)
		var m time.Month
		if n, err := strconv.Atoi(month); err == nil {
			m = time.Month(n)
		} else {
			m = monthNames[strings.ToLower(month)]
		}
		if m < 1 || m > 12 || d < 1 || d > 31 {
			return
		}
		y, err := strconv.Atoi(year)
		switch {
		case err != nil:
			y = sent.Year()
			if time.Date(y, m, d, 23, 59, 0, 0, sent.Location()).Before(sent) {
				y++
			}
		case y < 100:
			y += 2000
		}
		t := time.Date(y, m, d, 0, 0, 0, 0, sent.Location())
		if t.Before(sent.AddDate(0, 0, -1)) || t.After(sent.AddDate(1, 0, 0)) {
			return
		}
		hits = append(hits, hit{loc[0], t})
	}
	group := func(loc []int, i int) string {
		if loc[2*i] < 0 {
			return ""
		}
		return s[loc[2*i]:loc[2*i+1]]
	}
	if l := isoDate.FindStringSubmatchIndex(s); l != nil {
		add(l, group(l, 1), group(l, 2), group(l, 3))
	}
	if l := dotDate.FindStringSubmatchIndex(s); l != nil {
		add(l, group(l, 3), group(l, 2), group(l, 1))
	}
	if l := slashDate.FindStringSubmatchIndex(s); l != nil { // day first, unless that is no day
		a, b := group(l, 1), group(l, 2)
		if n, _ := strconv.Atoi(b); n > 12 {
			a, b = b, a
		}
		add(l, group(l, 3), b, a)
	}
	if l := dayMonth.FindStringSubmatchIndex(s); l != nil {
		add(l, group(l, 3), group(l, 2), group(l, 1))
	}
	if l := monthDay.FindStringSubmatchIndex(s); l != nil {
		add(l, group(l, 3), group(l, 1), group(l, 2))
	}
	var first hit
	for i, h := range hits {
		if i == 0 || h.at < first.at {
			first = h
		}
	}
	return first.when
}
