package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// Mail that is hard to read or must not be taken ends where a person finds it.
func TestMailThatIsHardToTake(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: no id\r\n\r\nThis mail has no Message-ID.\r\n"})
		w.next(max).has("no id")
		w.next(ann).has("This mail has no Message-ID.")
		w.next(ben)

		w.send(letter{from: max, to: support, raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: broken parts\r\nMessage-ID: <broken@customer.example>\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\nthis is no header\r\n\r\nThe text is here all the same.\r\n--z--\r\n"})
		w.next(max).has("broken parts")
		w.next(ann).has("The text is here all the same.")
		w.next(ben)

		w.send(letter{from: max, to: support, raw: "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: odd letters\r\nMessage-ID: <odd@customer.example>\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: text/plain; charset=x-klingon\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe aus K\xf6ln, der Drucker geht nicht.\r\n"})
		w.next(max).has("odd letters")
		w.next(ann).has("aus K", "der Drucker geht nicht.")
		w.next(ben)

		big := "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: holiday pictures\r\nMessage-ID: <big@customer.example>\r\n\r\n" + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 30<<20/78)
		w.send(letter{from: max, to: support, raw: big})
		w.settle()
		w.pass(time.Minute)
		w.next(admin).has("holiday pictures", "more than the desk takes", max)
		w.nothing(max, ann, ben)
	}, func(dir string) { replace(filepath.Join(dir, "tierdesk.yaml"), "limits: {mail_size: 1MB}\n", "") })
}

// replace changes a file of the desk folder.
func replace(file string, pairs ...string) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(strings.NewReplacer(pairs...).Replace(string(text))), 0o600)
	}
	if err != nil {
		panic(err)
	}
}

// The same mail twice is one message; the same Message-ID with other words is another.
func TestDuplicates(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		raw := func(text string) string {
			return "From: Max Muster <" + max + ">\r\nTo: " + support + "\r\nSubject: twice\r\nMessage-ID: <twice@customer.example>\r\n\r\n" + text + "\r\n"
		}
		w.send(letter{from: max, to: support, raw: raw("Once only.")})
		w.next(max)
		w.next(ann)
		w.next(ben)
		w.send(letter{from: max, to: support, raw: "X-Way: another\r\n" + raw("Once only.")})
		w.nothing(max, ann, ben)
		w.send(letter{from: max, to: support, raw: raw("Something else.")})
		w.next(ann).has("Something else.")
	})
}

// Two desks that acknowledge everything write to each other: it ends.
func TestTwoDesksGoQuiet(t *testing.T) {
	t.Parallel()
	for _, manner := range []string{"same subject", "own subject", "changing subject, no thread"} {
		t.Run(manner, func(t *testing.T) {
			stories(t, func(t *testing.T, w *world) {
				w.send(letter{from: "Other Desk <" + mallory + ">", to: support, subject: "Invoice 7", text: "Please find our invoice."})
				for n := 2; n < 60; n++ {
					mails := w.rest(mallory)
					if len(mails) == 0 {
						if all := n - 2 + w.seen[mallory]; all > 6 {
							t.Errorf("%d mails until it was quiet", all)
						}
						return
					}
					m := mails[len(mails)-1]
					switch manner {
					case "same subject":
						w.answer("Other Desk <"+mallory+">", m, "Thank you for your mail. We have received your request and will come back to you.")
					case "own subject":
						w.send(letter{from: "Other Desk <" + mallory + ">", to: support, subject: "We have received your request", text: "Thank you for your mail."})
					default:
						w.send(letter{from: "Other Desk <" + mallory + ">", to: support, subject: fmt.Sprintf("[Case %d] received", n*7919), text: fmt.Sprintf("Thank you. Your case is %d.", n*7919)})
					}
				}
				t.Error("they never stop")
			})
		})
	}
}

// Two real desks that acknowledge everything: a person's mail to one in the name of the other, and they go quiet.
func TestTwoTierdesks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const other = "help@other.example"
		second := dbtest.SQLite(t)
		if w.ground.Kind == sqldb.Postgres {
			second = dbtest.Postgres(t)
		}
		newWorld(t, second, &mailServers{imap: w.imap, smtp: w.smtp}, func(dir string) {
			replace(filepath.Join(dir, "tierdesk.yaml"), "acme.example", "other.example", support, other)
		})
		w.send(letter{from: "Help of Others <" + other + ">", to: support, subject: "Invoice 7", text: "Please find our invoice."})
		w.settle()
		w.pass(time.Hour)
		w.pass(24 * time.Hour)
		n := len(w.box(other).Mails(t, "INBOX")) + len(w.box(other).Mails(t, "Processed")) + len(w.box(support).Mails(t, "Processed"))
		if n < 2 || n > 6 {
			t.Errorf("%d mails went between the two desks", n)
		}
	})
}

// An automatic answer is filed with its ticket and answered by nobody; a stranger's is set aside.
func TestAutomaticAnswers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(max, ack, "I am on holiday until Monday.", "Auto-Submitted: auto-replied")
		w.nothing(max, ann, ben, admin)
		w.answer(ann, notice, "We look into it.")
		w.next(max)
		w.endsFor(ben)
		w.send(letter{from: mallory, to: support, subject: "Out of office", text: "I am away.", header: []string{"Auto-Submitted: auto-replied"}})
		w.settle()
		w.pass(time.Minute)
		w.next(admin).has("Out of office")
		w.nothing(mallory, ann, ben)
		// An agent's vacation note is no answer.
		w.answer(ann, notice, "I am away until Monday.", "Auto-Submitted: auto-replied")
		w.nothing(max, ben)
	})
}

// What is taken for a vacation note by nothing but its words may be a person's letter: whoever has the ticket reads it, can answer, and the customer gets no
// automatic mail. An agent's own note goes nowhere.
func TestAGuessedVacationNote(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "The part is here. Where shall we send it?")
		answer := w.next(max)
		w.endsFor(ben)
		w.send(letter{from: max, to: answer.replyTo(), subject: "Re: " + answer.subject(), text: "Thank you for your mail. I am away until Monday. Please send the part to Hamburg."})
		told := w.next(ann).has("Please send the part to Hamburg.")
		if told.event() != "agent-reply" {
			t.Errorf("Ann got %q", told.event())
		}
		w.nothing(max, ben, admin)
		w.answer(ann, told, "It goes to Hamburg today.")
		w.next(max).has("It goes to Hamburg today.")
		w.send(letter{from: ann, to: told.replyTo(), subject: "Re: " + told.subject(), text: "Thank you for your mail. I am away until Monday. Please call Ben."})
		w.nothing(max, ann, ben)
		// Nor is one thrown away that comes from somebody who was not in the ticket.
		w.send(letter{from: jane, to: answer.replyTo(), subject: "Re: " + answer.subject(), text: "Thank you for your mail. I am away until Monday. Please ask Max."})
		w.next(ann).has("Please ask Max.")
		w.nothing(max, ben)
		// What only its words make a request to prove that a person wrote is filed, and told as well.
		w.send(letter{from: max, to: answer.replyTo(), subject: "Re: " + answer.subject(), text: "Your mail to our buyer is held until you confirm your address there: https://bank.example/c/7"})
		w.next(ann).has("is held until you confirm")
		w.nothing(max, ben)
	})
}

// Rules set a mail aside or drop it: nobody but the admin sees anything, and the mail is kept.
func TestRulesSetMailAside(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: mallory, to: support, subject: "CASINO", text: "Win now."})
		w.send(letter{from: mallory, to: support, subject: "newsletter", text: "News."})
		w.settle()
		w.pass(time.Minute)
		w.next(admin).has("CASINO", "looks like spam").lacks("newsletter")
		w.nothing(mallory, ann, ben)
		w.send(letter{from: max, to: support, subject: "VPN", text: "The VPN is slow."})
		w.next(max).has("VPN")
		w.next(ann)
	}, rule(`rules:
  - {name: casino, on: [opened], when: 'subject contains "CASINO"', do: [{quarantine: looks like spam}]}
  - {name: news, on: [opened], when: 'subject contains "newsletter"', do: [{drop: a newsletter}]}
`))
}

// Rules count the message at hand: the second one is the second.
func TestRulesCountMessages(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		if got := notice.Header.Get("X-Tierdesk-Priority"); got != "normal" {
			t.Errorf("the first message made it %s", got)
		}
		w.answer(max, ack, "It is still slow.")
		if got := w.next(ann).Header.Get("X-Tierdesk-Priority"); got != "high" {
			t.Errorf("the second message left it %s", got)
		}
	}, rule(`rules:
  - {name: he asks again, when: ticket.messages == 2, do: [{set: {priority: high}}]}
`))
}
