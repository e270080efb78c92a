package answers

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tierdesk/tickets"
)

// Whatever somebody writes, only what is open is answered, each question once, and by a value of its kind. One reading
// a time: six would be as many times slower, and what the fuzzer chooses it can also keep.
func FuzzRead(f *testing.F) {
	for i, s := range []string{"1. X-4711\n2. yes\n3. yesterday\n4. 3\n5. laptop", "Serial\tRestarted\tSince\nX\tyes\t3.3.", "🙂", "…", "5 of 6 or more, none?", "1️⃣ a ② b", "i. a\nii. b\niii. c",
		"> 2. Have you restarted it? (yes)\n> no", "Hi Ann, 1. yes 2. no", "not 3 but four\n-- \nMax", "i. ȺȺȺȺ\nii. İstanbul", "A) Ⱥ\nB) İ", "Since yesterday.  . 3 of us. Yes I have. A laptop.", "corrección: ñ, I mean Ⱥ", "ñ I meAn #", "7, no, sorry, wait - #"} {
		f.Add(s, byte(0))
		f.Add(s, byte(i))
	}
	forms := []*tickets.Form{&device, &faultForm, &complaint}
	opens := [][]int{{0, 1, 2, 3, 4}, {2}, {0, 3}}
	f.Fuzz(func(t *testing.T, body string, choice byte) {
		form, open, kind, w := forms[int(choice)%3], opens[int(choice)/3%3], "text/plain", When{Now: sunday, Language: "en", Sent: asked}
		if choice&64 != 0 {
			kind = "text/html"
		}
		if choice&128 != 0 {
			w.Subject, w.Language = body[:min(len(body), 40)], "de"
		}
		got := Read(form, open, mailOf(t, kind, body), w)
		for _, i := range got.Unclear {
			if !slices.Contains(open, i) || got.Values[form.Questions[i].Name] != "" {
				t.Errorf("%q: question %d is unclear, of %v, with %v", body, i, open, got.Values)
			}
		}
		for name, v := range got.Values {
			i := slices.IndexFunc(form.Questions, func(q tickets.Question) bool { return q.Name == name })
			if i < 0 || !slices.Contains(open, i) || !isOfKind(&form.Questions[i], v) {
				t.Errorf("%q: %s is %q", body, name, v)
			}
		}
	})
}

func isOfKind(q *tickets.Question, v string) bool {
	var err error
	switch q.Kind {
	case tickets.AskYesNo:
		return v == "yes" || v == "no"
	case tickets.AskChoice:
		return slices.ContainsFunc(q.Choices, func(c tickets.Choice) bool { return c.Value == v })
	case tickets.AskDate:
		_, err = time.Parse(time.DateOnly, v)
	case tickets.AskNumber:
		_, err = strconv.ParseFloat(v, 64)
	case tickets.AskEmail:
		return strings.Count(v, "@") == 1 && !strings.ContainsAny(v, " \n")
	}
	return err == nil && utf8.ValidString(v) && strings.TrimSpace(v) != ""
}
