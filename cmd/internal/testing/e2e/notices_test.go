package e2e

import (
	"encoding/base64"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The reason of /escalate is for colleagues, whoever answers afterwards.
func TestTheReasonOfAnEscalation(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/escalate they threaten to leave us over the price of the new licence")
		w.next(ann).has("/escalate")
		up := w.next(tess).has("they threaten to leave us")
		w.next(tom)
		w.answer(tess, up, "I have read that they threaten to leave us over the price of the new licence.")
		if m := w.next(tess); m.event() != "held" {
			t.Errorf("Tess got %q:\n%s", m.event(), m.text())
		}
		w.nothing(max)
		w.answer(tess, up, "We have replaced the router.")
		w.next(max).has("replaced the router")
		w.never(max, "threaten")
	})
}

// What a colleague wrote about one customer does not reach another in an answer of somebody who was told of it.
func TestANoteOfAnotherTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, first, _ := w.ask()
		w.answer(ann, first, "/note\nTheir chief accountant was dismissed for fraud in the spring of this year.")
		w.next(ann)
		w.next(ben).has("dismissed for fraud")
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Invoice", text: "Who signs at Muster now?"})
		w.next(jane)
		w.next(ann)
		second := w.next(ben)
		w.answer(ben, second, "We hear that their chief accountant was dismissed for fraud in the spring of this year.")
		if m := w.next(ben); m.event() != "held" {
			t.Errorf("Ben got %q:\n%s", m.event(), m.text())
		}
		w.nothing(jane)
		// What one customer was told may be told to the next in the same words.
		w.answer(ann, first, "Please restart the client, wait for two minutes and then try once more.")
		w.next(max).has("Please restart")
		w.answer(ann, w.latest(ann), "/note\nTold them: please restart the client, wait for two minutes and then try once more.")
		w.rest(ann)
		w.rest(ben)
		w.answer(ben, second, "Please restart the client, wait for two minutes and then try once more.")
		w.next(jane).has("wait for two minutes")
		w.never(jane, "fraud")
	})
}

// holdsAgain asserts that one of the mails that an agent has not looked at says that theirs is held: the last gate stops an answer while its receipt is on its way.
func (w *world) holdsAgain(agent, words string) {
	w.t.Helper()
	for _, m := range w.rest(agent) {
		if m.event() == "held" && strings.Contains(m.text(), words) {
			return
		}
	}
	w.t.Errorf("%s is not told that %q is held", agent, words)
}

// What was stopped before it left excuses no copy of it, whoever sends it and in whichever ticket. Once its writer has let it go, it is no secret any more.
func TestAStoppedAnswerIsNotPublic(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const note = "Their chief accountant was dismissed for fraud in the spring of this year."
		_, first, benFirst := w.ask()
		w.answer(ann, first, "/note\n"+note)
		w.next(ann)
		w.next(ben).has("dismissed for fraud")
		w.answer(ann, first, note)
		held := w.held(ann, "dismissed for fraud")
		w.rest(ben)
		w.answer(ben, benFirst, "Hello Max,\n"+note)
		w.rest(ann)
		w.answer(ben, w.held(ben), "/send") // he had not seen Ann's
		w.rest(ann)
		w.holdsAgain(ben, "dismissed for fraud")
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Invoice", text: "Who signs now?"})
		w.next(max).lacks("fraud")
		second := w.next(ann)
		w.rest(ben)
		w.answer(ann, second, "Hello again,\n"+note)
		w.holdsAgain(ann, "dismissed for fraud")
		w.nothing(max)
		w.never(max, "fraud")
		w.answer(ann, held, "/send")
		w.next(max).has("dismissed for fraud")
	})
}

// An encrypted archive that came in a mail with the quoted notice may hold whatever the notice says.
func TestAClosedFileWithAQuotedNotice(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		// One stored entry, its flag says that it is encrypted.
		closed := "PK\x03\x04\x14\x00\x01\x00\x00\x00\x00\x00\x21\x00\x78\x56\x34\x12\x10\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00a.txt0123456789abcdef" +
			"PK\x01\x02\x14\x00\x14\x00\x01\x00\x00\x00\x00\x00\x21\x00\x78\x56\x34\x12\x10\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00a.txt" +
			"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x33\x00\x00\x00\x33\x00\x00\x00\x00\x00"
		w.sendFiles(ann, notice, "All of it is in the file.", "", file{name: "all.zip", media: "application/zip", content: closed})
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("Ann got %q:\n%s", m.event(), m.text())
		}
		w.nothing(max)
	})
}

// The certificate of an agent's signed mail names their private address, and a public key too; pictures go along by where they stand.
func TestWhatGoesWithAnAnswer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.sendFiles(ann, notice, "Press the red one.", `<p>Press the red one.</p><p><img src="cid:shot@staff.example"></p><div class="moz-signature">-- <br>Ann<img src="cid:logo@staff.example"></div>`,
			file{name: "shot.png", media: "image/png", content: "a small screenshot", cid: "shot@staff.example"},
			file{name: "logo.png", media: "image/png", content: strings.Repeat("a large logo", 5000), cid: "logo@staff.example"},
			file{name: "list.txt", media: "text/plain", content: "one, two"},
			file{name: "smime.p7s", media: "application/pkcs7-signature", content: "certificate"},
			file{name: "OpenPGP_0x1234.asc", media: "application/pgp-keys", content: "key"})
		m := w.next(max).has("Press the red one.").lacks("logo.png", "smime.p7s", "OpenPGP", "pgp-keys")
		for _, name := range []string{"shot.png", "list.txt"} {
			if !strings.Contains(string(m.Raw), name) {
				t.Errorf("%s did not go along:\n%s", name, m.Raw)
			}
		}
	})
}

// A ticket that is given to a team is not escalated, one that comes down is not either, and a closed one is not moved at all.
func TestWordsOfMoves(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/team technicians")
		w.next(ann).has("With team Technicians now.")
		given := w.next(tess).has("Ann Able gave this ticket to your team", "The VPN is slow.").lacks("Escalated", "It comes from", "now yours")
		w.next(tom)
		if given.event() != "agent-assigned" {
			t.Errorf("Tess got %q", given.event())
		}
		w.answer(tess, given, "/assign engineering")
		w.next(tess)
		w.next(eve).has("Tess Tall gave this ticket to your team").lacks("Escalated")

		w.answer(tess, given, "/tier 2")
		w.next(tess).has("At tier 2")
		up := w.next(tom).has("Escalated to tier 2, Technicians")
		w.answer(tom, up, "/deescalate it was the cable")
		w.next(tom).has("At tier 1")
		w.next(ann).has("Handed down to tier 1, Front desk", "it was the cable").lacks("Escalated")
		w.next(ben)

		w.answer(tom, up, "/close")
		w.rest(tom)
		w.rest(max)
		w.rest(tess)
		w.rest(ann)
		w.rest(ben)
		w.rest(eve)
		for _, command := range []string{"/escalate it broke again", "/tier 3", "/team engineering", "/snooze 2d"} {
			w.answer(tom, up, command)
			w.next(tom).has("Nothing was done: the ticket is closed.").lacks("At tier")
		}
		w.nothing(tess, eve, ann, ben, max)
		w.answer(tom, up, "/reopen\n/escalate it broke again")
		w.next(tom).has("At tier 2")
	})
}

// A reminder ends with its ticket, also if the ticket is opened again.
func TestASnoozeEndsWithItsTicket(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/snooze 2h")
		w.next(ann)
		w.answer(ann, notice, "/solve\nIt was the cable.")
		w.rest(ann)
		w.rest(max)
		w.answer(ann, notice, "/reopen")
		w.next(ann).has("open, was solved.")
		w.pass(125 * time.Minute)
		for _, m := range w.rest(ann) {
			m.lacks("You asked to be reminded")
		}
	})
}

// A mailbox full of notices can be told apart: the desk's own news are from the desk, a person's words from them, and the answer goes by their name.
func TestWhomNoticesComeFrom(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		from := func(m got, want string) {
			t.Helper()
			a, err := mail.ParseAddress(m.Header.Get("From"))
			if err != nil || a.Name != want || a.Address != support {
				t.Errorf("%s: From is %v, %v; wanted %q", m.event(), a, err, want)
			}
			if m.Header.Get("List-Id") != "" {
				t.Errorf("%s has a List-Id", m.event())
			}
		}
		from(notice, "Max Muster via Acme Support")
		reply, err := mail.ParseAddress(notice.Header.Get("Reply-To"))
		if err != nil || reply.Name != "Max Muster [#1]" || !strings.HasPrefix(reply.Address, "support+") {
			t.Errorf("Reply-To is %v, %v", reply, err)
		}
		w.answer(ann, notice, "/take")
		from(w.next(ann), "Acme Support desk") // a receipt
		from(w.next(ben), "Acme Support desk") // who has taken it
		w.answer(ben, benNotice, "/note\nHe has a new router.")
		from(w.next(ben), "Acme Support desk")
		from(w.next(ann), "Ben Brown via Acme Support")
		// As a mail client answers: to the name and the address.
		w.send(letter{from: ann, to: notice.Header.Get("Reply-To"), subject: "Re: " + notice.subject(), text: "Try the new router."})
		toMax := w.next(max).has("Try the new router.")
		from(toMax, "Acme Support")
		if reply, err := mail.ParseAddress(toMax.Header.Get("Reply-To")); err != nil || reply.Name != "" {
			t.Errorf("Reply-To of the answer is %v, %v", reply, err)
		}
	})
}

// Where filters know nothing else, a desk may be asked to mark its notices as a list.
func TestListIDWhereAskedFor(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		if notice.Header.Get("List-Id") != "Acme Support <tickets.acme.example>" || ack.Header.Get("List-Id") != "" {
			t.Errorf("List-Id %q and %q", notice.Header.Get("List-Id"), ack.Header.Get("List-Id"))
		}
	}, func(dir string) {
		name := filepath.Join(dir, "tierdesk.yaml")
		b, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, append(b, "notices: {list_id: true}\n"...), 0o600)
		}
		if err != nil {
			panic(err) // a temporary folder of the test's own
		}
	})
}

// file is an attachment of a letter; with a cid it is shown in the text.
type file struct{ name, media, content, cid string }

// sendFiles answers a mail with files, in plain text or, if there is one, with an HTML part as well.
func (w *world) sendFiles(from string, to got, text, html string, files ...file) {
	w.t.Helper()
	var b strings.Builder
	b.WriteString("From: " + from + "\r\nTo: " + to.replyTo() + "\r\nSubject: Re: " + to.subject() + "\r\nMessage-ID: <files." + time.Now().Format("150405.000000000") + "@staff.example>\r\nIn-Reply-To: " +
		to.Header.Get("Message-Id") + "\r\nReferences: " + to.Header.Get("Message-Id") + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n")
	text += "\r\n\r\nOn Mon, 2 Nov 2026, someone wrote:\r\n" + strings.ReplaceAll(quoted(to.text()), "\n", "\r\n")
	b.WriteString("--cut\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n")
	if html != "" {
		b.WriteString("--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n")
	}
	b.WriteString("--alt--\r\n")
	for _, f := range files {
		b.WriteString("--cut\r\nContent-Type: " + f.media + "; name=\"" + f.name + "\"\r\nContent-Transfer-Encoding: base64\r\n")
		if f.cid != "" {
			b.WriteString("Content-ID: <" + f.cid + ">\r\nContent-Disposition: inline; filename=\"" + f.name + "\"\r\n\r\n")
		} else {
			b.WriteString("Content-Disposition: attachment; filename=\"" + f.name + "\"\r\n\r\n")
		}
		for code := base64.StdEncoding.EncodeToString([]byte(f.content)); len(code) > 0; {
			n := min(76, len(code))
			b.WriteString(code[:n] + "\r\n")
			code = code[n:]
		}
	}
	b.WriteString("--cut--\r\n")
	w.send(letter{from: from, to: to.replyTo(), raw: b.String()})
}

// Ben brings Jane in, of which Ann is told nothing: her next notice marks Jane as new, and the one after that does not.
func TestWhoJoinedSinceIWasTold(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		w.answer(ann, notice, "/take")
		w.next(ann).has("It is yours.")
		w.next(ben)
		w.answer(ben, benNotice, "/cc +"+jane+" -"+max+" +"+support, "Authentication-Results: mx.acme.example; dmarc=pass header.from=staff.example")
		w.next(ben).has("Answers go to "+jane+" as well.", max+" asked,", "still takes part.", support+" is an")
		w.nothing(ann)
		w.send(letter{from: "Max Muster <" + max + ">", to: w.latest(max).replyTo(), subject: "Re: VPN", text: "It is slower."})
		w.next(ann).has("It is slower.", "goes to Max Muster, "+jane+" (new).")
		w.send(letter{from: "Max Muster <" + max + ">", to: w.latest(max).replyTo(), subject: "Re: VPN", text: "It stands still."})
		w.answer(ann, w.next(ann).has("It stands still.", "goes to Max Muster, "+jane+".").lacks("(new)"), "It is mended.")
		w.next(jane).has("It is mended.")
		w.next(max).has("It is mended.")
	})
}

// A warning says why it comes: how much of the time is used up, or that no agent has replied, and since when.
func TestAWarningSaysWhy(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.ask()
		asked := w.now().UTC()
		w.pass(3 * time.Hour)
		silence := w.next(ann).has("No agent has replied yet", "No agent has answered for 3h, since "+asked.Format("Monday 2 January, ")).lacks("promise is due")
		w.next(ben)
		w.pass(15 * time.Minute)
		w.next(ben).has("First reply is due soon", "80 % of the time for the first reply is used up.")
		w.answer(ann, silence, "Please restart it.")
		w.next(max).has("Please restart it.")
	}, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "escalation:", "escalation:\n  - {when: no agent reply for 3h, notify: [team]}")
	})
}

// Who gives a ticket up says why, once: what the customer wrote last stands below. From tier 0 it is said as well where it came from.
func TestAReasonIsSaidOnce(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/escalate it needs a technician")
		w.next(ann).has("At tier 2")
		up := w.next(tess).has("Passed on from tier 1, Front desk, by Ann Able.", "it needs a technician", "The VPN is slow.")
		if n := strings.Count(up.text(), "it needs a technician"); n != 1 {
			t.Errorf("the reason stands %d times in:\n%s", n, up.text())
		}
		w.answer(tess, up, "/tier 0")
		w.next(tess).has("At tier 0")
		w.answer(tess, up, "/tier 1")
		w.next(tess).has("At tier 1")
		w.next(ann).has("Passed on from tier 0, Self-service, by Tess Tall.")
		w.nothing(max)
	}, func(dir string) {
		replace(filepath.Join(dir, "service.yaml"), "{level: 0, name: Self-service}", "{level: 0, name: Self-service, team: engineering}")
	})
}
