package commands

import (
	"fmt"
	"testing"
)

func TestQuarantine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "[] 0"},
		{"Thank you!\n/release 12", "[] 0"}, // text first: what is below may be the digest
		{"/release 12", "[release [12]] 0"},
		{"/release 12, 14 #15\n\n/block 16\nThanks, Ian\n/drop 17", "[release [12 14 15] block [16]] 0"},
		{"- /drop 3\n- /ALLOW 4", "[drop [3] allow [4]] 0"},
		{"#release 12", "[release [12]] 0"},
		{"/release", "[] 1"},
		{"/release twelve", "[] 2"},
		{"/release -1", "[] 2"},
		{"/relaese 12", "[] 1"},
		{"/close 12\n/release 13", "[release [13]] 1"},
		{"/etc/passwd 12", "[] 1"},
		{"> /release 12", "[] 0"},
		{"/release 99999999999999999999", "[] 2"},
	} {
		orders, doubts := Quarantine(c.text)
		var got []any
		for _, o := range orders {
			got = append(got, o.Name, o.Numbers)
		}
		if s := fmt.Sprintf("%v %d", got, len(doubts)); s != c.want {
			t.Errorf("%q: %s %q, want %s", c.text, s, doubts, c.want)
		}
	}
}

// What is no order is answered with the one that was most likely meant, or with all.
func TestQuarantineSaysWhatWouldBeRight(t *testing.T) {
	for text, want := range map[string]string{
		"/relaese 12 14": `"/relaese 12 14" is no command that can be used here (did you mean /release 12 14?)`,
		"/xyzzy 12":      `"/xyzzy 12" is no command that can be used here (possible: /release, /drop, /block, /allow)`,
		"/drop":          `"/drop": no number of a mail is given`,
	} {
		if _, doubts := Quarantine(text); len(doubts) != 1 || doubts[0].English() != want {
			t.Errorf("%q: %v, want %s", text, doubts, want)
		}
	}
}

func FuzzQuarantine(f *testing.F) {
	f.Add("/release 12 14\n/block 3")
	f.Add("Hello\n/drop 1")
	f.Fuzz(func(t *testing.T, text string) {
		orders, _ := Quarantine(text)
		n := 0
		for _, o := range orders {
			if len(o.Numbers) == 0 {
				t.Errorf("an order without a number: %+v", o)
			}
			n += len(o.Numbers)
		}
		if n > maxNumbers {
			t.Errorf("%d numbers", n)
		}
	})
}
