package confidential

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSamples scores Find on texts of customers in six languages, written by somebody who had not
// seen it: no card number, account or password may be missed, and at most two in a hundred of the
// texts without any may lose a word.
func TestSamples(t *testing.T) {
	f, err := os.Open("testdata/samples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type sample struct {
		ID, Text string
		Secrets  []string
	}
	var with, without, missed, wrong int
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		found := Find(s.Text)
		hidden := func(secret string) bool {
			at := strings.Index(s.Text, secret)
			return slices.ContainsFunc(found, func(x Span) bool { return x.Start <= at && at+len(secret) <= x.End })
		}
		if len(s.Secrets) == 0 {
			without++
			if len(found) > 0 {
				wrong++
				t.Logf("%s: %q: %q is no secret", s.ID, s.Text, s.Text[found[0].Start:found[0].End])
			}
			continue
		}
		with++
		for _, secret := range s.Secrets {
			if !hidden(secret) {
				missed++
				t.Logf("%s: %q: %q is not found (%v)", s.ID, s.Text, secret, found)
			}
		}
	}
	t.Logf("%d texts with secrets, %d missed; %d without, %d lost a word", with, missed, without, wrong)
	if with < 140 || without < 150 || missed > 0 || wrong*50 > without {
		t.Errorf("%d missed, %d of %d wrong", missed, wrong, without)
	}
}
