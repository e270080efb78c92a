package day

import (
	"testing"
	"time"

	"tierdesk/tickets/answers/reading"
)

// Who is asked until when, and says the end of a month, means its last day; who is asked when
// something was, does not.
func TestTheEndOfAMonth(t *testing.T) {
	until := map[string]string{"en": "Until when do you need it?", "de": "Bis wann brauchen Sie ihn?", "fr": "Jusqu'à quand ?", "es": "¿Hasta cuándo?",
		"it": "Entro quando le servono?", "nl": "Tot wanneer?"}
	when := map[string]string{"en": "When did you buy it?", "de": "Ab wann brauchen Sie ihn?"}
	for _, c := range []struct {
		ask        map[string]string
		lang, text string
		want       string
	}{
		{until, "en", "the end of September", "2026-09-30"}, {until, "en", "end of February 2028", "2028-02-29"}, {until, "en", "by the end of the year", "2026-12-31"},
		{until, "de", "Ende Mai", "2026-05-31"}, {until, "de", "bis Ende Januar", "2027-01-31"}, {until, "de", "bis Jahresende", "2026-12-31"},
		{until, "fr", "fin mai", "2026-05-31"}, {until, "es", "finales de mayo", "2026-05-31"}, {until, "it", "entro fine agosto", "2026-08-31"},
		{until, "nl", "eind juni", "2026-06-30"},
		{when, "de", "ab sofort", "2026-03-10"}, {map[string]string{"en": "When did you buy it?"}, "en", "now", ""}, {until, "de", "ab sofort", ""}, {when, "de", "ab sofort nicht", ""},
		{when, "en", "end of February", ""}, {when, "de", "Ende Mai", ""}, {until, "de", "Ende Mai oder Juni", ""}, {until, "de", "nicht vor Ende Mai", ""},
		{until, "en", "end of next month", ""}, {until, "de", "vielleicht Ende Mai", ""}, {until, "en", "mid May", ""}, {until, "de", "Ende der Woche", ""},
	} {
		now := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
		got, how := Read(c.text, Context{Now: now, Language: c.lang}.For(c.ask, true))
		if how != reading.Clear {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}
