package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Silence is told to the team, again and again in growing gaps within the office's hours; what is missed to lead and manager, once each,
// though two lines name the lead; the priority is raised. The answer ends it.
func TestAnEscalationGrowsUntilSomebodyAnswers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.ask()
		told := func(after time.Duration, agents ...string) (last got) {
			t.Helper()
			w.pass(after - 20*time.Minute) // a busy machine takes some of it
			w.nothing(ann, ben, lead, eve)
			w.pass(20*time.Minute + time.Second)
			for _, agent := range agents {
				last = w.next(agent)
			}
			w.nothing(ann, ben, lead, eve)
			w.pass(-time.Second)
			return last
		}
		told(2*time.Hour, ann, ben).has("No agent has answered for 2h")
		told(time.Hour, ann, ben).has("told before") // 12:00
		told(2*time.Hour, ann, ben)                  // 14:00
		told(time.Hour, lead, eve)                   // 15:00: the first reply is missed
		called := told(19*time.Hour, ann, ben)       // Tuesday, 10:00: three hours of four were left of Monday
		if called.event() != "sla-warning" || called.Header.Get("X-Tierdesk-Priority") != "high" {
			t.Errorf("Ben got %q, priority %q", called.event(), called.Header.Get("X-Tierdesk-Priority"))
		}
		w.answer(ben, called, "I am looking into it now.")
		w.next(max).has("I am looking into it now.")
		w.endsFor(ann)
		w.pass(30 * 24 * time.Hour)
		w.nothing(ann, ben, lead, eve)
	}, quietly, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "escalation: []", `escalation:
  - {when: no agent reply for 2h, notify: [team], repeat: [1h, 2h, 4h, 8h]}
  - {when: first_reply missed, notify: [lead, manager], priority: high}
  - {when: first_reply missed, at_tier: 1, notify: [lead]}
priorities: {urgent: {resolution: 4h}, high: {resolution: 30d}, normal: {first_reply: 6h}}
calendars: {office: {timezone: UTC, hours: {mon-fri: "09:00-17:00"}}}
calendar: office
`)
	}, func(dir string) {
		replace(filepath.Join(dir, "people.yaml"), "teams: [engineering]}", "teams: [engineering], manages: [frontdesk]}")
	})
}

// A line for the night wakes people; the others wait until the office opens.
func TestAtNightOnlyIfToldSo(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(7 * time.Hour) // 16:00
		w.ask()
		w.pass(2*time.Hour + time.Minute)
		w.next(lead).has("The VPN is slow.")
		w.pass(14 * time.Hour)
		w.nothing(ann, ben, lead)
		w.pass(time.Hour)
		late := w.next(ann).has("The VPN is slow.")
		w.next(ben)
		w.answer(ann, late, "Sorry for the wait.")
		w.next(max).has("Sorry for the wait.")
	}, quietly, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "escalation: []", `escalation:
  - {when: no agent reply for 2h, notify: [team]}
  - {when: no agent reply for 119m, notify: [lead], at_night: true}
calendars: {office: {timezone: UTC, hours: {mon-fri: "09:00-17:00"}}}
calendar: office
`)
	})
}

// A priority is raised and never lowered.
func TestAnEscalationLowersNothing(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: jane, to: support, subject: "Outage", text: "All is down."}) // urgent
		w.next(jane)
		w.next(tess)
		w.next(tom)
		w.pass(time.Hour + time.Second)
		if m := w.next(lead); m.Header.Get("X-Tierdesk-Priority") != "urgent" {
			t.Errorf("the priority is %q", m.Header.Get("X-Tierdesk-Priority"))
		}
		w.answer(tess, w.latest(tess), "We are on it.")
		w.next(jane)
	}, quietly, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "escalation: []", "escalation:\n  - {when: no agent reply for 1h, notify: [lead], priority: high}\n")
	})
}

// The desk is down for three days while many tickets are open. On its return each of the people gets one summary, and customers hear
// nothing old. What falls due afterwards is told as ever. TIERDESK_TEST_FULL=1 opens 500.
func TestAnEscalationStorm(t *testing.T) {
	open := 40
	if os.Getenv("TIERDESK_TEST_FULL") == "1" {
		open = 500
	}
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		var asked []string
		for i := range open {
			from := fmt.Sprintf("who%d@customer%d.example", i, i%50)
			asked = append(asked, from)
			w.send(letter{from: from, to: support, subject: fmt.Sprintf("Question %d", i), text: fmt.Sprintf("How does number %d work?", i)})
		}
		w.settle()
		for _, agent := range []string{ann, ben} {
			w.rest(agent)
		}
		w.stop()
		w.mu.Lock()
		w.offset += 3 * 24 * time.Hour
		w.mu.Unlock()
		began := w.now()
		w.start()
		w.settle()
		w.pass(time.Minute)
		for _, who := range []string{ann, ben, lead, tess, tom, eve} {
			m := w.next(who)
			if m.event() != "agent-backlog" {
				t.Errorf("%s got %q", who, m.event())
			}
			m.has(fmt.Sprintf("%d tickets", open))
		}
		w.nothing(ann, ben, lead, tess, tom, eve, admin)
		var outside int
		query := fmt.Sprintf(`SELECT COUNT(*) FROM outbox WHERE created >= %d AND party = 'customer'`, began.UnixMilli())
		if err := w.app.DB.Handle().QueryRowContext(t.Context(), query).Scan(&outside); err != nil {
			t.Fatal(err)
		}
		if outside != 0 {
			t.Errorf("%d of %d customers heard from the desk", outside, len(asked))
		}
		// A ticket that is opened now escalates as ever.
		w.open(max, "VPN", "The VPN is slow.")
		w.pass(4*time.Hour + time.Minute)
		missed := w.next(lead).has("The VPN is slow.")
		if missed.event() != "sla-missed" {
			t.Errorf("the lead got %q", missed.event())
		}
		w.answer(lead, missed, "I see to it.")
		w.next(max).has("I see to it.")
	}, quietly, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "escalation: []", `escalation:
  - {when: first_reply at 80%, notify: [assignee, team], repeat: [30m, 1h]}
  - {when: first_reply missed, notify: [lead], repeat: [1h, 2h, 4h, 8h]}
  - {when: no agent reply for 30h, notify: [team]}
  - {when: resolution at 50%, notify: [tess]}
  - {when: resolution missed, tier: up, notify: [lead, next, eve]}
priorities: {urgent: {resolution: 4h}, normal: {first_reply: 4h, resolution: 24h, progress: 1d}}
`)
	})
}
