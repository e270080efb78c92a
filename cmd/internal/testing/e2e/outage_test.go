package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/timers"
)

// The desk is away for a week. Questions, replies to tickets and an agent's answer wait, and the promises of a dozen tickets fall due meanwhile. Nothing is lost; nobody hears of old things but the admin, in one
// summary; the agent's answer goes to his customer; and who is responsible for what is overdue gets one mail. TIERDESK_TEST_FULL=1 lets 3,000 mails wait.
func TestAWeeksOutage(t *testing.T) {
	questions := 150
	if os.Getenv("TIERDESK_TEST_FULL") == "1" {
		questions = 3000
	}
	stories(t, func(t *testing.T, w *world) {
		// Twelve tickets are open, and answered by nobody.
		const open = 12
		for i := range open {
			w.send(letter{from: fmt.Sprintf("early%d@customer.example", i), to: support, subject: fmt.Sprintf("Early question %d", i), text: "How does it work?"})
		}
		w.send(letter{from: jane, to: support, subject: "Jane's question", text: "How much is it?"})
		w.settle()
		ack := w.next(jane)
		var notice got
		for _, m := range w.rest(ann) {
			if strings.Contains(m.subject(), "Jane's question") {
				notice = m
			}
		}
		w.rest(ben)
		w.rest(lead)
		w.stop()

		began := w.now()
		later := func(d time.Duration) { w.mu.Lock(); w.offset += d; w.mu.Unlock() }
		week := 6 * 24 * time.Hour
		for i := range questions {
			later(week / time.Duration(questions))
			switch {
			case i == questions/3:
				w.answer("Ann Able <"+ann+">", notice, "It is twenty euros, Jane.")
			case i == questions/2:
				w.answer(jane, ack, "And how much are two?")
			case i%10 == 0 && i/10 < open:
				w.send(letter{from: fmt.Sprintf("early%d@customer.example", i/10), to: support, subject: fmt.Sprintf("Re: Early question %d", i/10), text: "Is anybody there?"})
			default:
				w.send(letter{from: fmt.Sprintf("late%d@customer.example", i), to: support, subject: fmt.Sprintf("Late question %d", i), text: fmt.Sprintf("How does number %d work?", i)})
			}
		}
		ended := w.now()
		later(26 * time.Hour)
		w.patient = true
		w.start()
		for end := time.Now().Add(4 * time.Minute); w.busy() || w.taken() < open+1+questions; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d of %d mails were taken", w.taken(), open+1+questions)
			}
		}
		w.pass(time.Minute)

		// Nothing is lost, and clocks began when the mails came.
		if got := fmt.Sprint(w.outcomes()); got != fmt.Sprintf("map[message:%d]", open+1+questions) {
			t.Errorf("what became of the mails: %s", got)
		}
		var late, wrong int
		count := func(into *int, query string) {
			t.Helper()
			if err := w.app.DB.Handle().QueryRowContext(t.Context(), query).Scan(into); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		}
		replies := min(open, (questions+9)/10) - w.without(questions, open)
		count(&late, `SELECT COUNT(*) FROM tickets WHERE subject LIKE 'Late question%'`)
		if want := questions - 2 - replies; late != want {
			t.Errorf("%d tickets of the outage, wanted %d", late, want)
		}
		count(&wrong, fmt.Sprintf(`SELECT COUNT(*) FROM tickets WHERE subject LIKE 'Late question%%' AND (opened < %d OR opened > %d)`, began.UnixMilli()-1000, ended.UnixMilli()+1000))
		if wrong != 0 {
			t.Errorf("%d tickets were not opened when their mails came", wrong)
		}

		// Who was mailed.
		rows, err := w.app.DB.Handle().QueryContext(t.Context(), fmt.Sprintf(`SELECT kind, recipient, COUNT(*) FROM outbox WHERE created > %d GROUP BY kind, recipient ORDER BY kind, recipient`, ended.UnixMilli()+1000))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		mailed := map[string]int{}
		for rows.Next() {
			var kind, to string
			var n int
			if err := rows.Scan(&kind, &to, &n); err != nil {
				t.Fatal(err)
			}
			mailed[kind+" "+to] = n
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"answer " + jane: 1, "admin-summary " + admin: 1, "agent-backlog " + lead: 1}
		for _, agent := range []string{ann, ben, tess, tom, eve} {
			if n, some := mailed["agent-backlog "+agent]; some {
				want["agent-backlog "+agent] = min(1, n)
			}
		}
		if fmt.Sprint(mailed) != fmt.Sprint(want) {
			t.Errorf("mailed were %v\nwanted       %v", mailed, want)
		}
		w.next(jane).has("It is twenty euros, Jane.")
		w.next(admin).has("old mails were taken in")
		summary := w.next(lead).has("tickets are overdue", "The deadline for the first reply was missed.", "Early question")
		if summary.event() != "agent-backlog" {
			t.Errorf("the lead got %q", summary.event())
		}
		w.nothing(lead, max, mallory)
	})
}

// without counts the replies of the twelve whose place the answer and Jane's reply took.
func (w *world) without(questions, open int) int {
	n := 0
	for _, i := range []int{questions / 3, questions / 2} {
		if i%10 == 0 && i/10 < open {
			n++
		}
	}
	return n
}

// taken counts the mails that the desk has taken.
func (w *world) taken() int {
	w.t.Helper()
	n := 0
	for _, some := range w.outcomes() {
		n += some
	}
	return n
}

// The desk is down from Monday night to Friday noon, and timers of every kind fall due: the promises of fourteen tickets, what was put off for the night, a digest, a reminder that Ann asked for, her list of each
// morning, a consultation without an answer, a ticket that recurs each day, one that is to be closed. Afterwards each person gets one mail for each of these, whatever number of days has
// passed, and one sum of what is overdue; customers get nothing but what one of them waits for. What they do then works as ever.
func TestDaysWithoutADesk(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(12*time.Hour + 30*time.Minute) // Monday, 21:30
		for _, who := range []string{tess, tom} {
			w.rest(who)
		}
		for i := range 12 {
			w.send(letter{from: fmt.Sprintf("who%d@customer%d.example", i, i), to: support, subject: fmt.Sprintf("Question %d", i), text: fmt.Sprintf("How does number %d work?", i)})
		}
		w.settle()
		w.rest(ann)
		w.rest(ben)
		_, mine, _ := w.open("Max Muster <"+max+">", "VPN", "The VPN is slow.")
		_, done, _ := w.open("Jane Roe <"+jane+">", "Router", "The router is dark.")
		w.answer(ann, done, "/solve\nPlease press the button.")
		w.answer(ann, mine, "/take\n/snooze 1d", signedBy)
		w.answer(ann, mine, "/consult "+eva+"\nDo you know this VPN?", signedBy)
		w.order(ann, "/list all daily")
		w.pass(time.Hour)
		w.send(letter{from: mallory, to: support, subject: "Prices", text: "How much is it?"})
		w.settle()
		people := []string{ann, ben, lead, tess, tom, eve, eva, admin, max, jane, mallory}
		for _, who := range people {
			w.rest(who)
		}
		w.stop()
		w.mu.Lock()
		w.offset += 3*24*time.Hour + 13*time.Hour + 30*time.Minute
		w.mu.Unlock()
		w.start()
		w.settle()
		w.pass(time.Minute)
		all := map[string]got{}
		for _, row := range []struct{ who, events string }{
			{ann, "[#14] agent-note [#14] agent-note agent-backlog found"}, // Eva keeps silent, and it is time to look again
			{ben, "agent-backlog"},
			{lead, "agent-backlog"},
			{tess, "agent-backlog agent-digest"},
			{tom, "[#14] agent-note [#16] agent-new [#17] agent-new agent-backlog"}, // it came up to him; that of the night, and one backup
			{eve, "agent-backlog"},
			{eva, "[#14]"},
			{admin, ""}, {max, ""}, {jane, ""}, {mallory, ""},
		} {
			var events []string
			for _, m := range w.rest(row.who) {
				number := ""
				if n := strings.Index(m.subject(), "[#"); n >= 0 {
					number = m.subject()[n : strings.Index(m.subject(), "]")+1]
				}
				event := strings.TrimSpace(number + " " + m.event())
				events = append(events, event)
				all[row.who+" "+event] = m
			}
			slices.Sort(events)
			if got := strings.Join(events, " "); got != row.events {
				t.Errorf("%s got %q, wanted %q", row.who, got, row.events)
			}
		}
		if t.Failed() {
			return
		}
		all[ann+" agent-backlog"].has("14 tickets are overdue", "#2", "Question 11", "#14", "#16")
		all[lead+" agent-backlog"].has("14 tickets are overdue")
		all[tess+" agent-digest"].has("#17")
		all[eva+" [#14]"].has("A reminder", "Do you know this VPN?")
		w.answer("Eva Lab <"+eva+">", all[eva+" [#14]"], "Yes: it needs another key.")
		answer := w.latestOf(tom, "consult-reply").has("it needs another key")
		w.rest(ann)
		w.answer(tom, answer, "Please take the new key.")
		w.next(max).has("Please take the new key.").lacks(eva)
		w.answer(tom, all[tom+" [#16] agent-new"], "It is twenty euros.")
		w.next(mallory).has("It is twenty euros.")
		for _, who := range []string{ann, ben, lead, tess, tom, eve} {
			w.rest(who)
		}
		w.pass(20*time.Hour + time.Minute) // Saturday, 8:02
		for _, who := range []string{ann, ben, lead, tess, tom, eve} {
			for _, m := range w.rest(who) {
				if m.event() == "agent-backlog" {
					t.Errorf("%s hears of it again:\n%s", who, m.text())
				}
			}
		}
		w.nothing(jane, eva, max)
	}, people("ben: {", `ben: {quiet: "22:00-08:00", `, "tess: {", "tess: {notify: digest at 08:00, "), edit("service.yaml", "escalation:", `recurring:
  backup: {every: daily, at: "06:00", inbox: support, team: technicians, subject: Test the backup, text: Restore one file.}
close_after: 2d
escalation:`))
}

// The clock is a year ahead for a moment, and back: what the mail server refused meanwhile is sent,
// and nobody has had enough mail for a year.
func TestAClockThatWasAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		r := &relay{}
		w := newWorld(t, g, nil, throughRelay(t, r))
		set := func(offset time.Duration) { w.mu.Lock(); w.offset = offset; w.mu.Unlock() }
		set(365 * 24 * time.Hour)
		for i, subject := range []string{"Prices", "Cables", "Manuals"} { // all that a stranger is answered
			w.send(letter{from: mallory, to: support, subject: subject, text: fmt.Sprintf("Question %d of the future.", i)})
			w.next(mallory)
		}
		r.set(later(max))
		w.send(letter{from: max, to: support, subject: "VPN", text: "The VPN is slow."})
		w.triedInVain("ack", max)
		r.set(nil)
		set(0)
		if err := w.app.DB.Update(t.Context(), func(tx *sqldb.Tx) error { tx.Wake(timers.Topic); return nil }); err != nil {
			t.Fatal(err)
		}
		w.next(max).has("VPN")
		for i, subject := range []string{"Rain", "Sun", "Snow"} {
			w.send(letter{from: mallory, to: support, subject: subject, text: fmt.Sprintf("Question %d of now.", i)})
			w.next(mallory)
		}
		w.invariants()
	})
}
