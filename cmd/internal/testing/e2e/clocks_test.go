package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The default files: each priority climbs a tier at its minute, not before, and stops at the highest inside.
func TestEachPriorityEscalatesAtItsMinute(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		priority string
		after    time.Duration
	}{{"urgent", 4 * time.Hour}, {"high", 8 * time.Hour}, {"normal", 24 * time.Hour}, {"low", 48 * time.Hour}} {
		t.Run(c.priority, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				w.send(letter{from: max, to: support, subject: "Please " + c.priority, text: "It is " + c.priority + "."})
				w.next(max)
				notice := w.next(ann)
				if got := notice.Header.Get("X-Tierdesk-Priority"); got != c.priority {
					t.Fatalf("the ticket has priority %q", got)
				}
				w.pass(c.after - 20*time.Minute) // a busy machine takes some of it
				w.nothing(tess, tom, eve, max)
				w.pass(20 * time.Minute)
				up := w.next(tess).has("It is "+c.priority+".", "Technicians")
				if up.event() != "escalation" || up.Header.Get("X-Tierdesk-Tier") != "2" {
					t.Errorf("tier 2 got %v", up.Header)
				}
				w.next(tom)
				w.nothing(eve, max)
				// Tess answers what came up to her, and the customer has it.
				w.answer(tess, up, "I have it on my bench.")
				w.next(max).has("I have it on my bench.")
				w.pass(30 * 24 * time.Hour)
				w.nothing(eve) // answered: it waits for the customer, and its clocks stand still
			}, defaultService, rule(`rules:
  - {name: by word, on: [opened], when: 'subject contains "`+c.priority+`"', do: [{set: {priority: `+c.priority+`}}]}
`))
		})
	}
}

// defaultService takes the story's own service.yaml away, so that the defaults hold.
func defaultService(dir string) {
	if err := os.WriteFile(filepath.Join(dir, "service.yaml"), []byte(`tiers:
  - {level: 0, name: Self-service}
  - {level: 1, name: Front desk, team: frontdesk}
  - {level: 2, name: Technicians, team: technicians}
  - {level: 3, name: Experts, team: engineering}
  - {level: 4, name: Vendors, outside: true}
`), 0o600); err != nil {
		panic(err)
	}
}

// rule replaces the rules of the story.
func rule(text string) func(dir string) {
	return func(dir string) {
		if err := os.WriteFile(filepath.Join(dir, "rules", "10-routing.yaml"), []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
}

// Nobody answers: first the team is warned, then the lead hears of it, then the next tier, and so on to the top, but never outside.
func TestAPromiseThatIsNotKept(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		w.pass(3*time.Hour + 11*time.Minute)
		w.nothing(ann, ben, lead)
		w.pass(time.Minute) // 80 % of four hours
		for _, agent := range []string{ann, ben} {
			if m := w.next(agent); m.event() != "sla-warning" {
				t.Errorf("%s got %q", agent, m.event())
			}
		}
		w.nothing(lead)
		w.pass(48 * time.Minute)
		if m := w.next(lead); m.event() != "sla-missed" {
			t.Errorf("the lead got %q", m.event())
		}
		w.pass(20 * time.Hour)
		w.next(tess).has("The VPN is slow.")
		w.next(tom)
		w.nothing(max, eve, ann)
		w.pass(365 * 24 * time.Hour)
		w.nothing(eve, max, admin) // one promise, one escalation
	})
}

// While the office is closed, four office hours are not told as four hours: what is left is what the clock on the wall says.
func TestOfficeHoursAreToldByTheClock(t *testing.T) {
	day := strings.ToLower(time.Now().UTC().AddDate(0, 0, 3).Format("Mon")) // the only day on which anybody works, also if the story runs over midnight
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		text := strings.ReplaceAll(notice.text(), "\u00a0", " ")
		if strings.Contains(text, "  4 h left") || !strings.Contains(text, "days") {
			t.Errorf("the office opens in more than two days, and the notice says:\n%s", text)
		}
	}, func(dir string) {
		f, err := os.OpenFile(filepath.Join(dir, "service.yaml"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		if _, err := f.WriteString("calendars:\n  office: {timezone: UTC, hours: {" + day + ": \"00:00-24:00\"}}\ncalendar: office\n"); err != nil {
			panic(err)
		}
	})
}

// An answer in time keeps everybody quiet.
func TestAnAnswerStopsTheClock(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.pass(3 * time.Hour)
		w.answer(ann, notice, "We look into it.")
		w.next(max)
		w.endsFor(ben)
		w.pass(300 * 24 * time.Hour)
		w.nothing(ann, ben, lead, tess, tom, max)
	})
}

// Solved, thanked for, closed by itself; a late reply opens a new, linked ticket.
func TestSolvedClosedAndReopened(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/solve\nPlease restart.")
		w.next(ann)
		answer := w.next(max).has("Please restart.")
		w.endsFor(ben)

		w.answer("Max Muster <"+max+">", answer, "Thanks a lot, it works!\nMax")
		w.nothing(ann, ben, max, lead) // a thank-you reopens nothing

		w.answer("Max Muster <"+max+">", answer, "It is slow again, can you look?")
		again := w.next(ann).has("It is slow again", "#1")
		if again.event() != "reopened" {
			t.Errorf("Ann got %q", again.event())
		}
		w.answer(ann, again, "/solve\nAnd now?")
		w.next(ann)
		answer = w.next(max).has("And now?")

		w.pass(5*24*time.Hour + time.Minute)
		w.nothing(max, ann, ben)
		w.pass(8 * 24 * time.Hour)
		w.answer("Max Muster <"+max+">", answer, "Slow again, thirteen days later.")
		again = w.next(ann).has("Slow again, thirteen days later.")
		if again.event() != "reopened" {
			t.Errorf("within the time to reopen Ann got %q", again.event())
		}
		w.answer(ann, again, "/close")
		w.next(ann)
		closing := w.next(max)
		w.pass(15 * 24 * time.Hour)
		w.answer("Max Muster <"+max+">", closing, "And again, much later.")
		w.next(max).has("[#2]")
		if m := w.next(ann).has("[#2]", "And again, much later."); m.event() != "agent-new" {
			t.Errorf("Ann got %q", m.event())
		}
	})
}

// A mail of a day ago that the desk only gets now opens a ticket and starts its clock then; nobody outside is mailed about it.
func TestAnOutage(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.stop()
		w.server.Backdate(3 * 24 * time.Hour)
		w.send(letter{from: max, to: support, subject: "VPN", text: "The VPN is slow."})
		w.server.Backdate(0)
		w.send(letter{from: jane, to: support, subject: "Outage", text: "All is down."})
		w.start()
		w.next(jane)
		w.next(tess).has("All is down.")
		w.pass(time.Minute)
		w.next(admin).has("VPN")
		w.nothing(max, ann, ben, lead)
	})
}

// A promise that was missed is told once and climbs once, whatever becomes of the priority afterwards.
func TestAMissIsToldOnce(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.pass(4*time.Hour + time.Minute) // the desk was away: there was no time for the warning
		for _, agent := range []string{ann, ben, lead} {
			if m := w.next(agent); m.event() != "sla-missed" {
				t.Errorf("%s got %q", agent, m.event())
			}
		}
		for _, priority := range []string{"high", "low", "normal"} {
			w.answer(ann, notice, "/priority "+priority)
			w.next(ann)
			w.next(ben)
			w.pass(10 * time.Minute)
		}
		w.nothing(ann, ben, lead)
	})
}
