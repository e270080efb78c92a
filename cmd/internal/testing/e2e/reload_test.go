package e2e

import (
	"os"
	"path/filepath"
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

// A fault that is put right gives way to another while the desk still waits whether the admin sees it: they are told of the one that is
// left, once.
func TestAnEditIsToldOfOnce(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for _, event := range []string{"opend", "opened", "opned"} {
			w.write("rules/10-routing.yaml", "rules:\n  - {name: one, on: ["+event+"], do: [{set: {priority: urgent}}]}\n")
			w.app.TryReload(t.Context())
		}
		m := w.next(admin)
		if strings.Contains(m.text(), "opend") { // the second edit came late
			m = w.next(admin)
		}
		m.has(`there is no event "opned"`)
		w.nothing(admin)
	})
}

// A calendar whose event ends before it begins is a fault with its line; the desk goes on by the old calendar, and a good file heals it.
func TestAnEventThatEndsBeforeItBegins(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		hash := w.app.Hash()
		inForce := func(wanted bool) {
			t.Helper()
			for end := time.Now().Add(patience); (w.app.Hash() != hash) != wanted; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the new calendar never came into force")
				}
			}
		}
		event := func(from, to string) string {
			return "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:Summer party\nDTSTART:" + from + "\nDTEND:" + to + "\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"
		}
		w.write("closed.ics", event("20260703T180000", "20260702T230000"))
		service, err := os.ReadFile(filepath.Join(w.dir, "service.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		w.write("service.yaml", string(service)+"\ncalendars:\n  office: {hours: {mon-fri: \"08:00-17:00\"}, holidays: [closed.ics]}\n")
		m := w.next(admin)
		m.has("closed.ics:3: ")
		m.has("Summer party")
		inForce(false)
		w.send(letter{from: jane, to: support, subject: "Printer", text: "It prints nothing."})
		w.next(jane)
		w.next(ann)
		w.write("closed.ics", event("20260703T120000", "20260703T230000"))
		inForce(true)
		w.nothing(admin)
	})
}

// An admin rewords a sentence of the desk. A wrong file changes nothing and is named with its lines; the corrected one is in the
// next notice to those who read that language, and in no other.
func TestAnAdminsOwnPhrases(t *testing.T) {
	germanBen := func(dir string) {
		file := filepath.Join(dir, "people.yaml")
		people, err := os.ReadFile(file)
		if err != nil {
			panic(err) // a temporary folder of the test's own
		}
		people = []byte(strings.Replace(string(people), "ben: {", "ben: {language: de, ", 1))
		if err := os.WriteFile(file, people, 0o600); err != nil {
			panic(err)
		}
	}
	stories(t, func(t *testing.T, w *world) {
		w.write("templates/phrases.de.txt", "%s has taken this ticket.\nDarum kümmert sich jetzt %s und %s.\n\nIt is for taken.\nEs ist weg.\n")
		m := w.next(admin)
		m.has("templates/phrases.de.txt:2:1: ")
		m.has("templates/phrases.de.txt:4:1: the desk does not say")
		taken := func(from, thing string) got {
			w.send(letter{from: from, to: support, subject: thing, text: "The " + thing + " does nothing at all."})
			w.next(from)
			w.answer(ann, w.next(ann), "/take")
			w.next(ben)
			w.next(ann).has("/take")
			return w.next(ben)
		}
		taken(max, "scanner").has("Ann Able hat dieses Ticket übernommen.")
		hash := w.app.Hash()
		w.write("templates/phrases.de.txt", "# ours\n%s has taken this ticket.\nDarum kümmert sich jetzt %s.\n")
		for end := time.Now().Add(patience); w.app.Hash() == hash; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the phrases never came into force")
			}
		}
		told := taken(jane, "beamer")
		told.has("Darum kümmert sich jetzt Ann Able.")
		// Ben answers the German notice and takes over; Ann reads English.
		w.answer(ben, told, "/take")
		w.next(ann).has("Ben Brown has taken this ticket.")
		w.nothing(admin, max, jane)
	}, germanBen)
}
