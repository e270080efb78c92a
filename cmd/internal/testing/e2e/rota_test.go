package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// rota puts a rota into people.yaml, in the place of the one before, and waits until it is in force. {monday} stands for the Monday of now, {next}
// for the one after it.
func (w *world) rota(text string) {
	w.t.Helper()
	now := w.now().UTC()
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	b, err := os.ReadFile(filepath.Join(w.dir, "people.yaml"))
	if err != nil {
		w.t.Fatal(err)
	}
	before := "organisations:"
	if _, was, found := strings.Cut(string(b), "\nrota:"); found {
		was, _, _ = strings.Cut(was, "organisations:")
		before = "rota:" + was + before
	}
	w.edit("people.yaml", before, "rota:\n"+strings.NewReplacer("{monday}", monday.Format(time.DateOnly), "{tuesday}", monday.AddDate(0, 0, 1).Format(time.DateOnly),
		"{next}", monday.AddDate(0, 0, 7).Format(time.DateOnly)).Replace(text)+"organisations:")
	w.until("the rota is arranged", func() bool { return strings.Contains(w.log.String(), `in force" hash=`+w.app.Hash()) })
	w.settle()
}

// workdays is a calendar from nine to five, and what it is for.
const workdays = "calendars: {office: {timezone: UTC, hours: {mon-fri: \"09:00-17:00\"}}}\ncalendar: office\n"

// Who is on call is called at night, though the hours are quiet, and those on duty alone hear of new tickets; at the handover it is the next
// one's. While they are away the one after them covers, knows it, and answers the customer.
func TestARotaAndWhoIsCalled(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.nothing(tess, tom, lead)
		w.rota("  technicians:\n    starts: {monday}\n    at: \"09:00\"\n    tickets: on_duty\n    turns:\n      - {on_duty: [tess], on_call: tess}\n      - {on_call: tom}\n")
		first := w.next(tess).has("Who is where this week and next", "You are on call for Technicians, from Monday ", "09:00 UTC", "on duty: Tess Tall", "Technicians (tier 2)", "on call: Tom Thin")
		if first.event() != "rota" {
			t.Errorf("Tess got %q", first.event())
		}
		w.next(tom).has("You are on call for Technicians, from Monday ")
		w.next(lead).has("You have no duty this week or next.", "on call: Tess Tall")
		w.nothing(ann, ben, eve, tess, tom, lead)

		outage := func(subject, agent string) got {
			t.Helper()
			w.send(letter{from: jane, to: support, subject: subject, text: "All is down: " + subject})
			w.next(jane)
			return w.next(agent).has("All is down: " + subject)
		}
		outage("Outage one", tess)
		w.nothing(tom)
		w.pass(10*time.Hour + time.Minute) // 19:00, the office is closed
		night := w.next(tess).has("No agent has answered for 10h", "You are on call for Technicians.")
		if night.event() != "sla-warning" {
			t.Errorf("Tess got %q", night.event())
		}
		w.nothing(tom, lead)
		w.answer(tess, night, "I have restarted it.")
		w.next(jane).has("I have restarted it.")

		w.pass(6*24*time.Hour + 14*time.Hour) // Monday, a minute past nine
		w.next(tess).has("Who is where this week and next")
		w.next(tom).has("You are on call for Technicians, from Monday ")
		w.next(lead)
		outage("Outage two", tom)
		w.nothing(tess)

		w.order(tom, "/away until 2d")
		w.next(tom).has("You are away until", "On-call for Technicians is covered meanwhile by Tess Tall.")
		w.next(tess).has("Tom Thin is away until", "you cover on-call for Technicians", "You cover on-call for Technicians", "Tom Thin (away until", "covered by Tess Tall")
		w.next(lead).has("Tom Thin, away until", "On-call for Technicians is covered meanwhile by Tess Tall.")
		w.pass(10*time.Hour + time.Minute)
		instead := w.next(tess).has("Outage two", "Tom Thin, on call for Technicians, is away until")
		w.nothing(tom, lead)
		w.answer(tess, instead, "It is the cable.")
		w.next(jane).has("It is the cable.")
		w.rest(tom) // they find out that it is answered

		w.order(tom, "/back")
		w.next(tom).has("Welcome back.")
		w.next(tess).has("Tom Thin is back: you no longer cover on-call for Technicians")
		three := outage("Outage three", tom)
		w.nothing(tess)
		w.answer(tom, three, "I am on it.")
		w.next(jane).has("I am on it.")

		// A rota that is saved is in force, and nobody is mailed the week twice.
		w.rota("  technicians: {starts: {monday}, at: \"09:00\", tickets: on_duty, turns: [{on_call: tess}, {on_call: tom}], dates: [{from: {tuesday}, on_call: eve}]}\n")
		w.nothing(tess, tom, eve, lead)
		w.send(letter{from: jane, to: support, subject: "Outage four", text: "All is down."})
		w.next(jane)
		w.nothing(tess, tom, eve)
		w.pass(13*time.Hour + 30*time.Minute) // Tess's quiet hours are over, and her turn is not
		var four got
		for _, m := range w.rest(tess) { // at five in the morning she is called, at eight she hears what came in the evening
			if four = m.has("Outage four"); m.event() == "sla-warning" {
				m.has("You are on call for Technicians.")
			} else if m.event() != "agent-new" {
				t.Errorf("Tess got %q", m.event())
			}
		}
		w.pass(time.Hour)
		w.send(letter{from: boss, to: support, subject: "Outage five", text: "All is down."})
		w.next(boss)
		for _, who := range []string{tess, tom, eve, lead} { // the office was closed
			w.next(who).has("The rota has changed: who is where this week and next", "Eve Early")
		}
		w.next(eve).has("Outage five")
		w.answer(tess, four, "We know of it.")
		w.next(jane).has("We know of it.")
		w.nothing(tom)
	}, quietly, people("tess: {", `tess: {quiet: "18:00-08:00", `), func(dir string) {
		edit("service.yaml", "escalation: []", "escalation:\n  - {when: no agent reply for 10h, notify: [on-call], at_tier: 2, at_night: true}\npriorities: {urgent: {resolution: 40d}, normal: {resolution: 40d}}\n"+workdays)(dir)
		// Until the story brings its own rota, one on which nobody is for long: on-call in service.yaml needs it.
		edit("people.yaml", "organisations:", "rota:\n  technicians: {starts: 2999-01-04, turns: [{on_call: tess}]}\norganisations:")(dir)
	})
}

// Who shadows gets copies of what those on duty get, in their own quiet hours later, and nothing else; a ticket that leaves the team leaves them too.
func TestAShadowOnTheRota(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.rota("  frontdesk: {starts: {monday}, tickets: on_duty, turns: [{on_duty: ann, shadow: [ben, eve]}]}\n")
		w.next(ann).has("You are on duty in Front desk, from Monday ")
		w.next(ben).has("You are shadowing Front desk, from Monday ", "shadowing:")
		w.next(eve)
		w.next(lead)
		const copied = "This is a copy, since you shadow Front desk: nothing is expected of you."
		_, notice, copyOfIt := w.ask()
		notice.lacks("copy")
		copyOfIt.has("The VPN is slow.", copied)
		w.next(eve).has("The VPN is slow.", copied)
		w.answer(ann, notice, "/take")
		w.next(ann).has("It is yours.")
		w.answer(ann, notice, "Which router do you have?")
		asked := w.next(max)
		w.nothing(ben, eve, ann)
		w.pass(10 * time.Hour) // 19:00: Ben sleeps
		w.answer("Max Muster <"+max+">", asked, "The grey one.")
		said := w.next(ann).has("The grey one.")
		w.next(eve).has("The grey one.", copied)
		w.nothing(ben)
		w.pass(13*time.Hour + time.Minute)
		w.next(ben).has("The grey one.", copied)
		w.nothing(ann, eve)
		w.answer(ann, said, "/escalate grey ones are for technicians")
		w.next(tess).has("grey ones are for technicians")
		w.next(tom)
		w.next(ann)
		w.nothing(ben, eve, lead)
	}, quietly, people("ben: {", `ben: {quiet: "18:00-08:00", notify: only mine, `))
}

// The mail that says who is where comes on the first working morning of a week, once, whether the desk was stopped, the rota saved again, or
// a holiday is in between; after weeks of outage there is one, on the week that it is.
func TestTheMailOfTheWeek(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		all := []string{tess, tom, lead}
		week := func(monday time.Time) {
			t.Helper()
			for _, who := range all {
				m := w.next(who).has("This week, from "+monday.Format("Monday 2 January"), "Next week, from "+monday.AddDate(0, 0, 7).Format("Monday 2 January"))
				if m.event() != "rota" {
					t.Errorf("%s got %q", who, m.event())
				}
			}
			w.nothing(append([]string{ann, ben, eve, admin}, all...)...)
		}
		restart := func(outage time.Duration) {
			t.Helper()
			w.settle()
			w.stop()
			w.mu.Lock()
			w.offset += outage
			w.mu.Unlock()
			w.start()
			w.settle()
		}
		w.morning()
		monday := w.now().UTC().Truncate(24 * time.Hour)
		w.rota("  technicians: {starts: {monday}, turns: [{on_duty: tess}, {on_duty: tom}]}\n")
		week(monday)
		restart(0)
		w.rota("  technicians: {starts: {monday}, every: 7d, turns: [{on_duty: [tess]}, {on_duty: tom}]}\n") // the same in other words
		w.pass(time.Hour)
		w.nothing(all...)
		w.rota("  technicians: {starts: {monday}, turns: [{on_duty: tess}]}\n")
		w.pass(10 * time.Minute)
		w.rota("  technicians: {starts: {monday}, turns: [{on_duty: tom}, {on_duty: tess}]}\n")
		w.pass(10 * time.Minute)
		w.nothing(all...)
		w.pass(6 * time.Minute)
		for _, who := range all {
			w.next(who).has("The rota has changed: who is where this week and next", "on duty: Tom Thin")
		}
		restart(0)
		w.pass(time.Hour)
		w.nothing(all...)

		next := monday.AddDate(0, 0, 7)
		w.edit("service.yaml", "hours: {mon-fri: \"09:00-17:00\"}", "hours: {mon-fri: \"09:00-17:00\"}, holidays: ["+next.Format(time.DateOnly)+"]")
		w.pass(next.Add(12 * time.Hour).Sub(w.now())) // Monday, a holiday
		w.nothing(all...)
		w.pass(20*time.Hour + 59*time.Minute)
		w.nothing(all...)
		w.pass(time.Minute)
		week(next)

		restart(22*24*time.Hour - time.Hour) // Wednesday, 8:00
		w.nothing(all...)
		w.pass(time.Hour + time.Minute)
		week(next.AddDate(0, 0, 21))
		w.pass(5*24*time.Hour + time.Minute)
		week(next.AddDate(0, 0, 28))

		b, err := os.ReadFile(filepath.Join(w.dir, "people.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		_, rota, _ := strings.Cut(string(b), "\nrota:")
		rota, _, _ = strings.Cut(rota, "organisations:")
		w.edit("people.yaml", "rota:"+rota, "")
		w.pass(7 * 24 * time.Hour)
		w.nothing(all...)
	}, quietly, service(workdays))
}

// A rule calls who is on call; where nobody is now, who leads the team. The word is refused where nobody ever is.
func TestARuleCallsWhoIsOnCall(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.write("rules/10-routing.yaml", "rules:\n  - {name: night, on: [opened], do: [{notify: [on-call]}]}\n")
		w.next(admin).has("rules/10-routing.yaml:2:", "nobody is ever on call", "with on_call:")
		w.rota("  frontdesk: {starts: {monday}, turns: [{on_duty: ann, on_call: eve}]}\n")
		w.next(eve).has("You are on call for Front desk, from Monday ")
		for _, who := range []string{ann, lead} {
			w.next(who)
		}
		w.ask()
		told := w.next(eve).has("The VPN is slow.", `by rule "night"`, "You are on call for Front desk.")
		w.nothing(lead)
		w.answer(eve, told, "It is our cable.")
		w.next(max).has("It is our cable.")
		w.endsFor(ann, ben)
		w.rota("  frontdesk: {starts: {next}, turns: [{on_duty: ann, on_call: eve}]}\n")
		w.open(jane, "Cable", "The cable is cut.")
		w.next(lead).has("The cable is cut.", "Nobody is on call for Front desk now, so it comes to you.")
		w.nothing(eve)
	}, quietly)
}

// Who is on call and of the team hears of a new ticket at night as well: at once, and why, though they would sleep and want their own tickets only.
func TestOneOfTheTeamIsOnCall(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.rota("  frontdesk: {starts: {monday}, turns: [{on_call: ben}]}\n")
		w.next(ben).has("You are on call for Front desk, from Monday ")
		w.next(lead)
		w.edit("rules/10-routing.yaml", "rules:\n", "rules:\n  - {name: night, on: [opened], when: \"!office_hours\", do: [{notify: [on-call]}]}\n")
		w.pass(10 * time.Hour) // 19:00
		w.send(letter{from: max, to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		told := w.next(ben).has("The VPN is slow.", "You are on call for Front desk.")
		if told.event() != "agent-new" {
			t.Errorf("Ben got %q", told.event())
		}
		w.next(ann).lacks("on call")
		w.answer(ben, told, "I see to it.")
		w.next(max).has("I see to it.")
		w.endsFor(ann)
	}, quietly, service(workdays), people("ben: {", `ben: {quiet: "18:00-08:00", notify: only mine, `))
}

// Whose turn ends while they sleep, or who goes away, was told of nothing yet: those on duty when the hours end hear of the ticket, once, and nobody
// does who was told meanwhile.
func TestATurnThatEndsInQuietHours(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.rota("  frontdesk: {starts: {monday}, every: 1d, at: \"12:00\", tickets: on_duty, turns: [{on_duty: ann}, {on_duty: ben}]}\n")
		for _, who := range []string{ben, lead} {
			w.next(who)
		}
		w.pass(5 * time.Hour)
		w.next(ann).has("Who is where this week and next") // she slept
		w.pass(21 * time.Hour)                             // Tuesday, 11:00: Ann is on duty until noon and sleeps until one
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		ack := w.next(max)
		w.nothing(ann, ben)
		w.pass(2*time.Hour + time.Minute) // 13:01
		told := w.next(ben).has("New ticket from Max Muster", "The VPN is slow.")
		if told.event() != "agent-new" {
			t.Errorf("Ben got %q", told.event())
		}
		w.nothing(ann)
		w.answer("Max Muster <"+max+">", ack, "And the printer jams.")
		told = w.next(ben).has("And the printer jams.")
		w.answer(ben, told, "Please restart it.")
		w.next(max).has("Please restart it.")
		w.nothing(ann)

		// From Wednesday noon it is Ann's turn again. On Thursday two write while she sleeps, and she goes away: of one Ben hears at once, since
		// there is news of it; of the other when her quiet hours end.
		w.pass(46 * time.Hour) // Thursday, 11:01
		one := func(subject string) got {
			t.Helper()
			w.send(letter{from: jane, to: support, subject: subject, text: "Help with " + subject})
			return w.next(jane)
		}
		one("Scanner")
		badge := one("Badge")
		w.nothing(ann, ben)
		w.order(ann, "/away until 5d")
		w.rest(ann)
		w.rest(ben)
		w.rest(lead)
		w.answer(jane, badge, "It is the blue badge.")
		w.next(ben).has("It is the blue badge.")
		w.pass(2 * time.Hour)
		var news []string
		for _, m := range w.rest(ben) {
			if m.event() == "agent-new" {
				news = append(news, m.subject())
			}
		}
		if len(news) != 1 || !strings.Contains(news[0], "Scanner") {
			t.Errorf("Ben is told of %q", news)
		}
		w.nothing(ann)
	}, quietly, people("ann: {", `ann: {quiet: "08:00-13:00", `))
}

// Who has left before they got their mail of the day, or before they woke, leaves what stood in it to those who have the ticket now.
func TestWhoLeftBeforeTheyWereTold(t *testing.T) {
	later := time.Now().UTC().Add(2 * time.Hour).Format("15:04")
	for name, wish := range map[string]string{"digest": "notify: digest at " + later,
		"quiet": "quiet: \"" + time.Now().UTC().Add(-2*time.Hour).Format("15:04") + "-" + later + "\""} {
		line := "  ben: {full_name: Ben Brown, " + wish + ", address: " + ben + ", teams: [frontdesk]}\n"
		t.Run(name, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
				w.next(max)
				w.nothing(ann, ben, eve)
				w.edit("people.yaml", line, "  dan: {full_name: Dan Dark, address: "+ann+", teams: [frontdesk]}\n")
				w.until("Ben has left", func() bool { return strings.Contains(w.log.String(), `in force" hash=`+w.app.Hash()) })
				w.pass(2*time.Hour + time.Minute)
				told := w.next(ann).has("The VPN is slow.")
				w.answer(ann, told, "Please restart it.")
				w.next(max).has("Please restart it.")
				w.nothing(ben, eve)
			}, quietly, func(dir string) {
				people("  ben: {full_name: Ben Brown, address: "+ben+", teams: [frontdesk]}\n", line)(dir)
				people("  ann: {full_name: Ann Able, address: "+ann+", teams: [frontdesk], signature: \"Ann Able\\nAcme Support\"}\n", "")(dir)
			})
		})
	}
}

// The mail of the week waits for quiet hours, and so does the news that somebody covers; not for who covers now.
func TestTheRotaInQuietHours(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.rota("  technicians: {starts: {monday}, turns: [{on_call: tess}, {on_call: tom}]}\n")
		w.next(tom).has("Who is where this week and next")
		w.next(lead)
		w.nothing(tess)
		w.pass(3 * time.Hour)
		w.next(tess).has("Who is where this week and next", "You are on call for Technicians")
		w.pass(7*day - 3*time.Hour)
		w.next(tom).has("Who is where this week and next")
		w.next(lead)
		w.nothing(tess)
		w.order(tom, "/away until 30d")
		w.next(tom).has("On-call for Technicians is covered meanwhile by Tess Tall.")
		w.next(tess).has("Tom Thin is away until", "you cover on-call for Technicians") // from now on
		w.pass(3 * time.Hour)
		w.nothing(tess) // she has read who is where
	}, quietly, people("tess: {", `tess: {quiet: "08:00-11:00", `))
}
