package e2e

import "testing"

// What looks like a note is held, and /public says that it is none: Max reads it, his answer comes back, and of the word itself nothing leaves. Without a text there
// is nothing to send.
func TestPublicSaysWhomItIsFor(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "Note: we close at noon on Friday.")
		w.held(ann, "/note")
		w.nothing(max)
		w.answer(ann, notice, "/public\nNote: we close at noon on Friday.")
		answer := w.next(max).has("Note: we close at noon on Friday.").lacks("/public")
		w.next(ann).has("Your text goes to Max Muster")
		w.endsFor(ben)
		w.answer("Max Muster <"+max+">", answer, "Then I come on Thursday.")
		again := w.next(ann).has("Then I come on Thursday.")
		w.rest(ben)
		w.answer(ann, again, "/note\n/public\nWhom is this for?")
		w.held(ann, "/public")
		w.nothing(max)
	})
}

// Moves that lead nowhere move nothing, say why, and nobody else hears of them.
func TestMovesThatAreRefused(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.answer(ann, notice, "/team cooks")
		w.held(ann, "/team cooks")
		w.answer(ann, notice, "/deescalate nobody is below us")
		w.next(ann).has("/deescalate", "There is no tier below.")
		w.nothing(ben, tess, tom, max)
		w.answer(ann, notice, "/link 99")
		w.next(ann).has("There is no ticket #99.")
		w.answer(ann, notice, "/link 1")
		w.next(ann).has("#1 is this ticket")
		w.answer(ann, notice, "/allow everybody")
		w.held(ann, "/allow everybody")
		w.nothing(ben, tess, tom, max)
	})
}

// A link is a colleague's way to the other ticket: Ben reads of it in his next notice, asks for the ticket behind it, and answers with what stands there. The
// customers read nothing of each other.
func TestALinkIsSeenByColleagues(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open("Max Muster <"+max+">", "VPN", "The blue VPN is slow.")
		ack, notice, _ := w.open("Jane Roe <"+jane+">", "VPN", "My green VPN is slow.")
		w.answer(ann, notice, "/link 1")
		w.next(ann).has("Linked with #1.")
		w.answer("Jane Roe <"+jane+">", ack, "Hello?")
		w.next(ann)
		told := w.next(ben).has("Hello?", "Related tickets", "#1")
		w.answer(ben, told, "/show 1", signedBy)
		w.next(ben).has("The blue VPN is slow.")
		w.answer(ben, told, "You are not alone: we are on it.")
		w.next(jane).has("You are not alone").lacks("blue", max)
		w.nothing(max)
	})
}
