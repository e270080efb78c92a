package e2e

import "testing"

// The agent's own gateway has put its warning below the answer: the customer gets the answer alone.
func TestABannerBelowAnAnswer(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "The part arrives on Monday.\n\nCAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.")
		w.next(max).has("The part arrives on Monday.").lacks("CAUTION", "outside of the organization")
		w.endsFor(ben)
	})
}

// A customer writes to a group that has taken the place of the mailbox: it is their ticket, and they are told that it arrived.
func TestAMailThroughOurOwnGroup(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: max, to: support, subject: "Invoice 77", text: "Where is my invoice?",
			header: []string{"List-ID: <support.acme.example>", "Mailing-list: list " + support + "; contact support+owners@acme.example", "Precedence: list"}})
		w.next(max).has("Invoice 77")
		w.next(ann).has("Where is my invoice?")
		w.next(ben)
	})
}

// A list of ours puts its own address in the place of the customer's: the answer goes to the customer, not to all who are on the list.
func TestAListOfOursThatRewrites(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster via Sales <sales@acme.example>", to: support, subject: "Invoice 77", text: "Where is my invoice?",
			header: []string{"Reply-To: Max Muster <" + max + ">, sales@acme.example", "List-Post: <mailto:sales@acme.example>", "List-Id: <sales.acme.example>", "Precedence: list"}})
		w.next(max).has("Invoice 77")
		notice := w.next(ann).has("Where is my invoice?", max)
		w.next(ben)
		w.answer(ann, notice, "It is on its way.")
		w.next(max).has("It is on its way.")
		w.endsFor(ben)
	})
}

// The customer's server reports under the name that a gateway has made of their address. It is the mailbox that does not exist: nothing automatic goes there any more.
func TestABounceOfAPackedAddress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "We look into it.")
		answer := w.next(max)
		w.endsFor(ben)
		w.report(answer.envelope(), answer.Header.Get("Message-Id"), "IMCEASMTP-max+40customer+2Eexample@gate.customer.example 5.1.1")
		told := w.next(ann).has("5.1.1", max)
		w.rest(ben)
		w.answer(ann, told, "/solve")
		w.rest(ann)
		w.nothing(max)
	})
}

// A customer's list holds a mail of ours for its moderator, and says so: that opens no ticket, and nobody answers it.
func TestAModeratedList(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: jane, to: support, subject: "Your message is awaiting moderation",
			text: "Your message to the group " + jane + " is awaiting approval by the owners of the group."})
		w.nothing(jane, ann, ben)
	})
}
