package e2e

import (
	"path/filepath"
	"testing"
	"time"
)

// A mail comes at ten in the evening before the clocks change, to people who work from ten to six. Their five hours for the first answer run as they
// work, and not as the wall says: the warning and the escalation come at their minute, and the next tier answers.
//
//	Berlin     22:00 to 24:00 are two hours, 00:00 to 02:00 two more: four of five, 80 %, are over as 02:00 becomes 03:00. The fifth ends at 04:00.
//	New York   00:00 to 02:00 are two hours, too: 80 % are over as 02:00 becomes 01:00. The fifth is the second one from 01:00 to 02:00.
func TestANightShiftAnswersAsClocksChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, opened, warned, due, words string }{
		{"Europe/Berlin", "2027-03-27T22:00:00+01:00", "2027-03-28T03:00:00+02:00", "2027-03-28T04:00:00+02:00", "Sunday 28 March, 04:00 CEST"},
		{"America/New_York", "2027-11-06T22:00:00-04:00", "2027-11-07T01:00:00-05:00", "2027-11-07T02:00:00-05:00", "Sunday 7 November, 02:00 EST"},
	} {
		t.Run(c.zone, func(t *testing.T) {
			instant := func(s string) time.Time {
				at, err := time.Parse(time.RFC3339, s)
				if err != nil {
					t.Fatal(err)
				}
				return at
			}
			const slack = 10 * time.Minute // a busy machine takes some of it
			storiesAt(t, instant(c.opened).Add(-time.Hour), func(t *testing.T, w *world) {
				w.passTo(instant(c.opened))
				w.ask()
				w.passTo(instant(c.warned).Add(-slack))
				w.nothing(ann, ben, lead, tess, tom)
				w.passTo(instant(c.warned).Add(slack))
				for _, who := range []string{ann, ben} {
					if m := w.next(who).has(c.words); m.event() != "sla-warning" {
						t.Errorf("%s got %q", who, m.event())
					}
				}
				w.passTo(instant(c.due).Add(-slack))
				w.nothing(ann, ben, lead, tess, tom)
				w.passTo(instant(c.due).Add(slack))
				up := w.next(tess).has("The VPN is slow.", "Technicians")
				w.next(tom)
				if up.event() != "escalation" {
					t.Errorf("Tess got %q", up.event())
				}
				w.answer(tess, up, "I have restarted the gateway.")
				w.next(max).has("I have restarted the gateway.")
				w.endsFor(tom)
				w.passTo(instant(c.due).Add(3 * 24 * time.Hour))
				w.nothing(ann, ben, lead, tess, tom, eve)
			}, quietly, func(dir string) {
				replace(filepath.Join(dir, "tierdesk.yaml"), "admin: "+admin, "timezone: "+c.zone+", admin: "+admin)
				replace(filepath.Join(dir, "service.yaml"), "escalation: []", `escalation:
  - {when: first_reply at 80%, notify: [team]}
  - {when: first_reply missed, tier: up}
priorities: {urgent: {resolution: 4h}, normal: {first_reply: 5h}}
calendars: {night: {timezone: `+c.zone+`, hours: {daily: "00:00-06:00 22:00-24:00"}}}
calendar: night
`)
			})
		})
	}
}
