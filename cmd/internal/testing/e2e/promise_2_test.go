package e2e

import "testing"

// She presses the button twice: the customer gets the answer once.
func TestAHeldMailIsSentOnce(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "@bob has mended it.\nPlease try again.")
		held := w.next(ann)
		w.answer(ann, held, "/send")
		w.next(max).has("Please try again.")
		w.next(ann).has("/send")
		w.answer(ann, held, "/send")
		w.next(ann).has("No mail of yours is held")
		w.nothing(max)
	})
}

// The mail server gives an agent's mail twice: one answer.
func TestAnAnswerThatCameTwice(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		raw := "From: Ann Able <" + ann + ">\r\nTo: " + notice.replyTo() + "\r\nSubject: Re: VPN\r\nMessage-ID: <one@staff.example>\r\nIn-Reply-To: " + notice.Header.Get("Message-Id") + "\r\n\r\nPlease restart.\r\n"
		w.send(letter{from: ann, to: notice.replyTo(), raw: raw})
		w.next(max).has("Please restart.")
		w.send(letter{from: ann, to: notice.replyTo(), raw: "X-Way: another\r\n" + raw})
		w.nothing(max, ann)
	})
}

// The desk stops and starts: what was sent is not sent again.
func TestAStopSendsNothingAgain(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Please restart.")
		w.next(max).has("Please restart.")
		w.endsFor(ben)
		w.settle()
		w.stop()
		w.start()
		w.nothing(max, ann, ben, admin)
	})
}
