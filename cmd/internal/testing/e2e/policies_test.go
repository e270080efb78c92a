package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// morning lets time pass to nine o'clock of the next Monday, UTC: the desk's time.
func (w *world) morning() {
	w.t.Helper()
	now := w.now().UTC()
	days := (int(time.Monday) - int(now.Weekday()) + 7) % 7
	monday := time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, time.UTC)
	if !monday.After(now) {
		monday = monday.AddDate(0, 0, 7)
	}
	w.pass(monday.Sub(now))
}

// service adds to the story's service.yaml.
func service(text string) func(dir string) {
	return func(dir string) {
		f, err := os.OpenFile(filepath.Join(dir, "service.yaml"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			panic(err)
		}
	}
}

// edit changes a file of the running desk and waits until the new one is in force.
func (w *world) edit(name, old, text string) {
	w.t.Helper()
	before := w.app.Hash()
	content, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		w.t.Fatalf("%q is not in %s", old, name)
	}
	w.write(name, strings.Replace(string(content), old, text, 1))
	w.until("the new "+name+" is in force", func() bool { return w.app.Hash() != before })
}

const goldPolicy = `policies:
  outage: {for: {organisation: Gold Ltd, tag: outage}, priorities: {normal: {first_reply: 10m}}}
  gold: {for: {plan: gold}, priorities: {normal: {first_reply: 1h, resolution: 6h}}}
`

// The first policy that is for a ticket promises. Who is of no policy is promised what their priority is.
func TestAPolicyPromisesMore(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Scanner", text: "The scanner is slow."})
		w.next(jane)
		notice := w.next(ann).has("The scanner is slow.")
		w.next(ben)
		w.open(max, "VPN", "The VPN is slow.")
		w.pass(50 * time.Minute)
		if m := w.next(ann); m.event() != "sla-warning" || m.ticket() != "1" {
			t.Errorf("Ann got %q of ticket %s", m.event(), m.ticket())
		}
		w.next(ben)
		w.nothing(lead)
		w.pass(10*time.Minute + time.Second)
		missed := w.next(lead).has("The scanner is slow.")
		if missed.event() != "sla-missed" || missed.ticket() != "1" {
			t.Errorf("the lead got %q of ticket %s", missed.event(), missed.ticket())
		}
		w.nothing(lead, ann, ben)
		// A tag brings the ticket under the policy above, whose ten minutes are long over: but it was missed already.
		w.answer(ann, notice, "/tag +outage")
		w.next(ann)
		w.nothing(lead)
		// The lead answers what they were called for, and the customer has it.
		w.answer(lead, missed, "I am on it myself.")
		w.next(jane).has("I am on it myself.")
	}, service(goldPolicy))
}

// A policy that changes is in force for the tickets that are open: their clocks are computed anew, and what stood still stays left out.
func TestAPolicyThatChangesCountsFromTheStart(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Scanner", text: "The scanner is slow."})
		w.next(jane)
		notice := w.next(ann)
		w.next(ben)
		w.pass(30 * time.Minute)
		w.answer(ann, notice, "Which scanner is it?") // pending: the time to solve stands still
		question := w.next(jane).has("Which scanner is it?")
		w.endsFor(ben)
		w.pass(5 * time.Hour)
		w.answer("Jane Doe <"+jane+">", question, "The one on the second floor.")
		w.next(ann)
		w.pass(time.Hour)
		w.nothing(tess, tom) // an hour and a half of six is used
		w.edit("service.yaml", "resolution: 6h", "resolution: 2h")
		w.settle()
		w.nothing(tess, tom)
		w.pass(29 * time.Minute)
		w.nothing(tess, tom)
		w.pass(2 * time.Minute)
		up := w.next(tess).has("The one on the second floor.")
		if up.event() != "escalation" || up.Header.Get("X-Tierdesk-Tier") != "2" {
			t.Errorf("tier 2 got %v", up.Header)
		}
		w.next(tom)
		w.answer(tess, up, "I change the belt.")
		w.next(jane).has("I change the belt.")
	}, service(goldPolicy))
}

// Who waits hears before they ask: that it goes on, and when they hear next; not at night, not for ever, and not after a person has written.
func TestTheProgressPromise(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(11 * time.Hour) // Monday, 20:00
		ack, notice, _ := w.open("Max Muster <"+max+">", "VPN", "Le VPN est trop lent depuis ce matin, je ne peux plus travailler. Merci de me dire quand il fonctionnera.")
		ack.has("Nous l’avons bien reçu")
		w.answer(ann, notice, "/take")
		w.next(ann)
		w.next(ben).has("has taken this ticket")
		w.pass(23*time.Hour + 40*time.Minute)
		w.nothing(max, ann)
		w.pass(21 * time.Minute) // a day has passed, and it is night
		w.nothing(max)
		w.pass(12 * time.Hour) // Wednesday, 8:01
		first := w.next(max).has("Nous travaillons toujours sur votre ticket", "Vous aurez de nos nouvelles au plus tard le", fmt.Sprintf(" %d ", w.now().UTC().AddDate(0, 0, 1).Day()), "08 h 0").lacks("personnellement", "Ann", ann)
		if first.Header.Get("Auto-Submitted") == "" {
			t.Error("the word is not marked as automatic")
		}
		w.nothing(ann)
		w.pass(24 * time.Hour)
		w.next(max).has("Nous travaillons toujours sur votre ticket", "Un membre de notre équipe vous écrira personnellement")
		// That was the second and last time: Ann has to write.
		last := w.next(ann).has("(2 of 2)", "them yourself before")
		w.pass(23 * time.Hour)
		w.answer(ann, last, "/status open\nLe serveur sera remplacé vendredi.")
		w.next(ann)
		w.next(max).has("Le serveur sera remplacé vendredi.")
		w.pass(2 * time.Hour)
		w.nothing(max, lead) // Ann has written
		w.pass(23*time.Hour + 30*time.Minute)
		w.next(max).has("Nous travaillons toujours sur votre ticket", "Vous aurez de nos nouvelles")
		// The customer is asked something: it waits for them, and nobody says that we are on it.
		w.answer(ann, last, "Est-ce que tout fonctionne ?")
		w.next(max)
		w.pass(10 * 24 * time.Hour)
		w.nothing(max)
	}, quietly, service("progress_max: 2\npriorities: {urgent: {resolution: 4h}, normal: {progress: 1d}}\n"))
}

// quietly takes the escalations away.
func quietly(dir string) {
	file := filepath.Join(dir, "service.yaml")
	content, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	before, _, _ := strings.Cut(string(content), "escalation:")
	if err := os.WriteFile(file, []byte(before+"escalation: []\n"), 0o600); err != nil {
		panic(err)
	}
}

// A person was promised, and nobody wrote: the lead hears of it.
func TestAPersonWasPromised(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.ask()
		w.pass(24*time.Hour + time.Minute)
		w.next(max).has("We are still working", "One of us will write to you personally by")
		w.next(ann).has("(1 of 1)")
		w.next(ben)
		w.next(lead)
		w.pass(24*time.Hour + time.Minute)
		late := w.next(lead).has("was told to expect a")
		w.nothing(max, ann)
		w.answer(lead, late, "I am sorry that you had to wait.")
		w.next(max).has("sorry that you had to wait")
		w.pass(20 * 24 * time.Hour)
		w.nothing(max, lead)
	}, quietly, service("progress_max: 1\npriorities: {urgent: {resolution: 4h}, normal: {progress: 1d}}\n"))
}

// A machine that opened a ticket is told of no progress, and neither is a customer of whose wait the desk knew nothing while it was away.
func TestNobodyHearsOfOldProgress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.send(letter{from: "Monitor <" + mallory + ">", to: support, subject: "Disk full", text: "The disk is full.", header: []string{"Auto-Submitted: auto-generated"}})
		w.next(ann)
		w.next(ben)
		w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		w.stop()
		w.mu.Lock()
		w.offset += 3 * 24 * time.Hour
		w.mu.Unlock()
		w.start()
		w.settle()
		w.nothing(max, mallory)
		w.pass(24*time.Hour + time.Minute)
		w.next(max).has("We are still working")
		w.nothing(mallory)
	}, quietly, service("priorities: {urgent: {resolution: 4h}, normal: {progress: 1d}}\n"))
}
