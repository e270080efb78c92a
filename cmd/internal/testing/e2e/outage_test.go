package e2e

import (
	"fmt"
	"os"
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
		summary := w.next(lead).has("tickets are overdue", "The promised first reply was missed.", "Early question")
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
