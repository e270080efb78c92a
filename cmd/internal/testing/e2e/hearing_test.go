package e2e

import (
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// people returns an edit of people.yaml: each text is replaced by the one behind it.
func people(pairs ...string) func(dir string) {
	return func(dir string) {
		name := filepath.Join(dir, "people.yaml")
		b, err := os.ReadFile(name)
		text := string(b)
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				panic(pairs[i] + " is not in people.yaml")
			}
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		if err == nil {
			err = os.WriteFile(name, []byte(text), 0o600)
		}
		if err != nil {
			panic(err) // a temporary folder of the test's own
		}
	}
}

// unsubscribe does what a mail client does with List-Unsubscribe.
func (w *world) unsubscribe(from string, m got) {
	w.t.Helper()
	link, err := url.Parse(strings.Trim(m.Header.Get("List-Unsubscribe"), "<>"))
	if err != nil || link.Scheme != "mailto" {
		w.t.Fatalf("List-Unsubscribe is %q", m.Header.Get("List-Unsubscribe"))
	}
	to, err := url.PathUnescape(link.Opaque)
	if err != nil {
		w.t.Fatal(err)
	}
	w.send(letter{from: from, to: to, subject: link.Query().Get("subject")})
}

// Who watches a ticket hears what happens in it, whoever has it, until they press what their mail client shows for List-Unsubscribe.
func TestListUnsubscribe(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, benNotice := w.ask()
		w.answer(ann, notice, "/take")
		w.next(ann).has("It is yours.")
		w.next(ben).has("Ann Able has taken this ticket.")
		w.answer(ben, benNotice, "/watch")
		w.next(ben).has("You will hear of all that happens in this ticket")
		w.answer(ben, benNotice, "/watch")
		w.next(ben).has("You watch it already.")

		w.answer(max, ack, "It is slow at home as well.")
		toAnn := w.next(ann).has("slow at home")
		w.next(ben).has("slow at home")
		w.answer(ann, toAnn, "Please restart the router.")
		toMax := w.next(max).has("restart the router")
		w.next(ben).has("Ann Able answered:", "Please restart the router.")
		w.nothing(ann)

		w.answer(max, toMax, "The lamp stays red.")
		w.next(ann)
		w.unsubscribe(ben, w.next(ben).has("lamp stays red"))
		w.next(ben).has("/stop", "You will not hear of this ticket again")
		w.answer(max, toMax, "Now it is green.")
		w.next(ann).has("green")
		w.nothing(ben)

		// Who has a ticket hears of it, and who is given one hears of it again.
		w.answer(ann, toAnn, "/stop")
		w.next(ann).has("Nothing was done: the ticket is yours.")
		w.answer(ann, toAnn, "/assign ben")
		w.next(ann).has("Ben Brown has it now.")
		w.next(ben).has("Ann Able assigned it to you.")
		w.answer(max, toMax, "Red again.")
		w.next(ben).has("Red again.")
		w.nothing(ann)
	})
}

// Nobody stops a colleague's notices: the address in List-Unsubscribe works for who was given it.
func TestStopIsProven(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.unsubscribe(mallory, notice)
		w.next(ann).has("Was this mail from you?")
		w.answer(max, ack, "Hello?")
		w.next(ann).has("Hello?")
		w.next(ben).has("Hello?")
	})
}

// Who wants to hear of their own tickets only does, until they watch one.
func TestOnlyMine(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		ack, notice := w.next(max), w.next(ann)
		w.answer(ann, notice, "/note\nSomething is odd with the router.")
		w.next(ann)
		w.nothing(ben)
		w.answer(ann, notice, "/assign ben")
		w.next(ann)
		w.next(ben).has("Ann Able assigned it to you.")
		w.answer(max, ack, "It is slow at home as well.")
		w.next(ben).has("slow at home")
		w.nothing(ann)
	}, people("address: "+ben+",", "address: "+ben+", notify: only mine,"))
}

// In quiet hours nothing comes that can wait; afterwards there is one notice a ticket, with all that was written. A digest names all tickets in one mail.
func TestQuietHoursAndDigest(t *testing.T) {
	now := time.Now().UTC()
	clock := func(d time.Duration) string { return now.Add(d).Format("15:04") }
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		ack := w.next(max)
		w.nothing(ann, ben)
		w.answer(max, ack, "And now the printer jams.")
		w.nothing(ann, ben)
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Invoice", text: "Whom do I pay?"})
		w.next(jane)
		w.nothing(ann, ben)

		w.pass(65 * time.Minute) // Ann wakes up
		vpn, invoice := w.next(ann), w.next(ann)
		if strings.Contains(invoice.subject(), "VPN") {
			vpn, invoice = invoice, vpn
		}
		vpn.has("New ticket from Max Muster", "The VPN is slow.", "And now the printer jams.")
		invoice.has("New ticket from Jane Doe", "Whom do I pay?")
		w.answer(ann, vpn, "/take\nWe are on it.")
		w.next(max).has("We are on it.")
		w.next(ann).has("It is yours.")
		w.nothing(ann, ben)

		w.pass(60 * time.Minute) // it is Ben's time of day
		digest := w.next(ben).has("News in 2 tickets", "#1", "VPN", "Ann Able has\n  taken this ticket.", "#2", "Invoice", "new, from\n  Jane Doe")
		if digest.event() != "agent-digest" {
			t.Errorf("Ben got %q", digest.event())
		}
		w.nothing(ann, ben)
	}, people("address: "+ann+",", fmt.Sprintf("address: %s, quiet: %q,", ann, clock(-time.Hour)+"-"+clock(time.Hour+time.Minute)),
		"address: "+ben+",", fmt.Sprintf("address: %s, notify: digest at %s,", ben, clock(2*time.Hour))))
}

// A large team gets no copies of a file: who takes the ticket gets it, and the others may hear nothing of that.
func TestALargeTeam(t *testing.T) {
	more := ""
	for i := range 5 {
		more += fmt.Sprintf("  x%d: {full_name: Agent %d, address: x%d@other.example, teams: [frontdesk]}\n", i, i, i)
	}
	stories(t, func(t *testing.T, w *world) {
		raw := "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: Broken\r\nMessage-ID: <broken.1@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n" +
			"--cut\r\nContent-Type: text/plain\r\n\r\nSee the picture.\r\n--cut\r\nContent-Type: image/png; name=\"broken.png\"\r\nContent-Disposition: attachment; filename=\"broken.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8gcGljdHVyZQ==\r\n--cut--\r\n"
		w.send(letter{from: max, to: support, raw: raw})
		w.next(max)
		notice := w.next(ann).has("See the picture.", "broken.png").lacks("aGVsbG8gcGljdHVyZQ==")
		w.next(ben).has("broken.png").lacks("aGVsbG8gcGljdHVyZQ==")
		w.answer(ann, notice, "/take")
		receipt := w.next(ann).has("It is yours.")
		if !strings.Contains(string(receipt.Raw), "aGVsbG8gcGljdHVyZQ==") {
			t.Errorf("Ann does not get the file:\n%s", receipt.Raw)
		}
		w.nothing(ben)
	}, people("teams:\n  frontdesk: {name: Front desk}", more+"teams:\n  frontdesk: {name: Front desk, taken: silent}"))
}

// What stands out in a list of mails: a missed deadline is important, a receipt is not.
func TestImportance(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		importance := func(m got, want string) {
			t.Helper()
			if got := m.Header.Get("Importance"); got != want {
				t.Errorf("%s: importance %q, wanted %q", m.event(), got, want)
			}
		}
		importance(notice, "")
		w.answer(ann, notice, "/tag +vpn")
		importance(w.next(ann), "low")
		w.rest(lead)
		w.pass(5 * time.Hour)
		missed := w.next(lead)
		importance(missed, "high")
		if missed.event() != "sla-missed" {
			t.Errorf("Lea got %q", missed.event())
		}
		if a, err := mail.ParseAddress(missed.Header.Get("From")); err != nil || a.Name != "Acme Support desk" {
			t.Errorf("From is %v, %v", a, err)
		}
	})
}

// Who wants to hear of their own tickets only, and is named by a rule while they sleep, hears of it in the morning, and answers.
func TestNamedByARuleAtNight(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.morning()
		w.pass(10 * time.Hour) // 19:00
		w.send(letter{from: max, to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max)
		w.next(ann)
		w.nothing(ben)
		w.pass(13*time.Hour + time.Minute)
		told := w.next(ben).has("The VPN is slow.")
		w.nothing(ben)
		w.answer(ben, told, "Please try again.")
		w.next(max).has("Please try again.")
		w.endsFor(ann)
	}, quietly, people("ben: {", `ben: {quiet: "18:00-08:00", notify: only mine, `),
		rule("rules:\n  - {name: for Ben, on: [opened], do: [{notify: [ben]}]}\n"))
}
