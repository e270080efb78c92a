package e2e

import (
	"strings"
	"testing"
)

// Ben answers between the lines of a notice that quotes Ann's note: the customer's own lines go with his answer, hers do not.
func TestOnlyTheCustomersOwnLinesAreQuoted(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/note\nHe never pays.")
		w.next(ann)
		note := w.next(ben).has("He never pays.")
		w.send(letter{from: ben, to: note.replyTo(), subject: "Re: " + note.subject(), text: "> The VPN is slow.\n\nSince when?\n\n> He never pays.\n\nPlease restart the client, too.",
			header: []string{"In-Reply-To: " + note.Header.Get("Message-Id")}})
		w.next(max).has("> The VPN is slow.", "Since when?", "Please restart the client, too.")
		w.never(max, "never pays")
	})
}

// The same from a client that puts initials before its marks: what a notice says goes to nobody outside.
func TestQuotesWithInitialsAreQuotes(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, notice, _ := w.ask()
		w.answer(ann, notice, "/note\nShe returns everything.")
		w.next(ann)
		note := w.next(ben).has("She returns everything.")
		w.reply(ben, note, "Acme Support wrote:\nAS> The VPN is slow.\nSince which day?\nAS> She returns everything.\nPlease restart the client, too.")
		w.next(max).has("> The VPN is slow.", "Since which day?", "Please restart the client, too.")
		w.rest(ann)
		w.rest(ben)
		w.answer(max, ack, "Since Monday.")
		reply := w.next(ben).has("Since Monday.")
		w.reply(ben, reply, "Acme Support wrote:\n\n"+strings.ReplaceAll(quoted(reply.text()), "> ", "AS> ")+"\n\nThen it is the new router.")
		w.next(max).has("Then it is the new router.").lacks("AS>")
		w.never(max, "returns everything", "Priority", "AS>")
	})
}

// The button for a note makes a note of whatever is written.
func TestTheButtonForANote(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.send(letter{from: ann, to: notice.button("note"), subject: "Note [#1]", text: "He called and was angry."})
		w.next(ben).has("He called and was angry.")
		w.nothing(max)
		w.never(max, "angry")
	})
}

// One who is in two tickets as a customer hears nothing of a third; and each copy has a reply address of its own.
func TestCopiesShareNoReplyAddress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "VPN", text: "The VPN is slow."})
		ack := w.next(max)
		w.next(ann)
		w.next(ben)
		w.answer("Max Muster <"+max+">", ack, "Jane works on it too.", "Cc: "+jane)
		notice := w.next(ann)
		w.next(ben)
		w.answer(ann, notice, "Where do you work?")
		toMax, toJane := w.next(max), w.next(jane)
		toJane.lacks(address(toMax.replyTo()))
		toMax.lacks(address(toJane.replyTo()))
	})
}

// button gives the address of a button of a notice.
func (m got) button(subject string) string {
	m.t.Helper()
	for piece := range strings.SplitSeq(m.html(), "mailto:") {
		if address, rest, ok := strings.Cut(piece, "?"); ok && strings.Contains(rest[:min(40, len(rest))], subject) {
			return strings.NewReplacer("%2B", "+", "%40", "@", "&#43;", "+").Replace(address)
		}
	}
	m.t.Fatalf("no button %q in:\n%s", subject, m.html())
	return ""
}

// The reply address of a notice stands in the agent's text: whoever read it there could pass for him.
func TestAPastedReplyAddress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, benNotice := w.ask()
		for _, secret := range []string{address(notice.replyTo()), address(benNotice.replyTo()), strings.Trim(notice.Header.Get("Message-Id"), "<>")} {
			w.answer(ann, notice, "You can write to "+secret+" as well.")
			if m := w.next(ann); m.event() != "held" {
				t.Errorf("Ann got %q", m.event())
			}
			w.nothing(max)
			w.never(max, secret)
		}
	})
}

// Words of a note stand in an answer: the last gate holds it. An answer without them leaves, though the ticket keeps something inside.
func TestTheWordsOfANote(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/note\nThis customer has not paid his last three invoices, so be careful.")
		w.next(ann).has("Your text is a note")
		w.next(ben).has("has not paid")
		w.answer(ann, notice, "We see that this customer has not paid his last three invoices.")
		if m := w.next(ann); m.event() != "held" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max)
		w.answer(ann, notice, "The VPN is quick again.")
		w.next(max).has("quick again")
		w.never(max, "three invoices")
	})
}

// An agent puts a colleague into Cc by a command: the customer would read the private address. Nothing is sent until the colleague is left out.
func TestAColleagueInCc(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/cc +"+ben+" +"+jane+"\nBen knows more about that.", signedBy)
		held := w.held(ann, "Ben Brown is a colleague").lacks("Answers go to")
		w.nothing(max, jane)
		w.answer(ann, held, "/cc +"+jane+"\nBen knows more about that.", signedBy)
		w.next(max).has("Ben knows more").lacks(ben)
		w.next(jane).has("Ben knows more").lacks(ben)
		w.next(ann).has("Answers go to " + jane)
		w.answer(ann, notice, "/cc +"+ben+" +"+boss, signedBy)
		w.next(ann).has("Answers go to "+boss, "Ben Brown is a colleague")
		w.answer(ann, notice, "Does it work now?")
		w.next(boss).has("Does it work now?").lacks(ben)
		w.next(max).has("Does it work now?").lacks(ben)
		w.never(max, ben)
		w.never(jane, ben)
	})
}

// Max answers the copy that Ann's mail client sent him itself, with her reply address in it: that is his mail, not hers.
func TestTheCustomerAnswersTheAgentsOwnCopy(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.send(letter{from: ann, to: notice.replyTo(), cc: max, subject: "Re: VPN", text: "Since when?", header: []string{"References: " + notice.Header.Get("Message-Id")}})
		w.rest(max)
		w.endsFor(ben)
		w.send(letter{from: max, to: notice.replyTo(), subject: "Re: VPN", text: "/close\nSince Monday.", header: []string{"References: " + notice.Header.Get("Message-Id") + " <hers@staff.example>"}})
		if m := w.next(ann).has("Since Monday."); m.event() != "agent-reply" {
			t.Errorf("Ann got %q", m.event())
		}
		w.nothing(max, ben)
	})
}
