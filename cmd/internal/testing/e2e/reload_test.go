package e2e

import (
	"strings"
	"testing"
	"time"
)

// A rules file with five faults: the admin gets five messages with their places, the running desk goes on with the old rules; corrected
// and saved, the new ones act on the next mail.
func TestABadEditNeverStopsTheDesk(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.write("rules/10-routing.yaml", `rules:
  - name: one
    on: [opend]
    do: [{set: {priority: urgent}}]
  - name: two
    when: subjekt contains "x"
    do: [{set: {priority: urgent}}]
  - name: three
    when: subject matches "("
    do: [{set: {priority: urgent}}]
  - name: four
    do: [{set: {team: netwrok}}]
  - name: five
    do: [{reply: no-such-mail}]
`)
		m := w.next(admin)
		for _, place := range []string{"rules/10-routing.yaml:3:", "rules/10-routing.yaml:6:", "rules/10-routing.yaml:9:", "rules/10-routing.yaml:12:", "rules/10-routing.yaml:14:"} {
			m.has(place)
		}
		if n := strings.Count(m.text(), "10-routing.yaml:"); n != 5 {
			t.Errorf("%d faults are named, not 5:\n%s", n, m.text())
		}
		w.send(letter{from: jane, to: support, subject: "Outage", text: "All is down."})
		w.next(jane)
		if up := w.next(tess); up.Header.Get("X-Tierdesk-Priority") != "urgent" {
			t.Error("the old rules do not hold any more")
		}
		hash := w.app.Hash()
		w.write("rules/10-routing.yaml", `rules:
  - {name: all is low, do: [{set: {priority: low}}]}
`)
		for end := time.Now().Add(patience); w.app.Hash() == hash; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the new rules never came into force")
			}
		}
		w.send(letter{from: jane, to: support, subject: "Phones", text: "All is down again."})
		w.next(jane)
		if m := w.next(ann); m.Header.Get("X-Tierdesk-Priority") != "low" {
			t.Errorf("the new rules do not act: %v", m.Header)
		}
		w.nothing(admin)
	})
}
