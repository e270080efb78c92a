package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// library writes articles into the desk folder.
func library(files map[string]string) func(dir string) {
	return func(dir string) {
		for name, text := range files {
			if err := os.MkdirAll(filepath.Join(dir, "kb"), 0o755); err != nil {
				panic(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "kb", name), []byte(text), 0o600); err != nil {
				panic(err)
			}
		}
	}
}

// printers are an article in two languages, another one, and a procedure for agents.
var printers = library(map[string]string{
	"paper-jam.md":    "---\ntitle: Clearing a paper jam\npublic: true\nlanguage: en\ntags: [printer, paper, jam]\n---\n\n1. Open the **rear flap** of the printer.\n2. Pull the paper out with both hands.\n\nThe display must show *Ready*.\n",
	"paper-jam.de.md": "---\ntitle: Papierstau im Drucker beheben\npublic: true\ntags: [Drucker, Papierstau]\n---\n\n1. Öffnen Sie die hintere Klappe des Druckers.\n2. Ziehen Sie das Papier mit beiden Händen heraus.\n",
	"vpn.md":          "---\ntitle: Connecting to the VPN\npublic: true\nlanguage: en\ntags: [vpn, tunnel]\n---\n\nStart the client and choose the gateway.\n",
	"jam-sop.md":      "---\ntitle: Paper jams on the third floor\nlanguage: en\ntags: [printer, paper, jam]\n---\n\nThe spare rollers lie in the cellar, shelf 7. Paper jams there are the humidity's fault.\n",
})

const jam = "Hello,\n\nmy printer has a paper jam and I cannot get the paper out. What can I do?\n\nMax"

// opens returns the address, the subject and the body of the mail that a link of a mail opens.
func (m got) opens(label string) (to, subject, body string) {
	m.t.Helper()
	for _, link := range regexp.MustCompile(`href="(mailto:[^"]*)"[^>]*>([^<]*)<`).FindAllStringSubmatch(m.html(), -1) {
		if link[2] != label {
			continue
		}
		u, err := url.Parse(strings.ReplaceAll(link[1], "&amp;", "&"))
		if err != nil {
			m.t.Fatal(err)
		}
		to, err := url.PathUnescape(u.Opaque)
		if err != nil {
			m.t.Fatal(err)
		}
		return to, u.Query().Get("subject"), u.Query().Get("body")
	}
	m.t.Fatalf("no link %q in:\n%s", label, m.html())
	return "", "", ""
}

// press sends the mail that a link opens.
func (w *world) press(from string, m got, label string, header ...string) {
	w.t.Helper()
	to, subject, body := m.opens(label)
	w.send(letter{from: from, to: to, subject: subject, text: body, header: header})
}

// The acknowledgement offers the article that answers, in the customer's language, and says when they will hear from us. "That solved it" solves the
// ticket; the agent, who has the procedure beside the customer's words, hears of it and need do nothing.
func TestAnArticleSolves(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Paper jam", text: jam})
		ack := w.next(max).has("Clearing a paper jam", "Open the rear flap of the printer", "We will answer by").lacks("cellar", "third floor", "VPN", "**rear")
		w.next(ann).has("How we do this", "Paper jams on the third floor", "shelf 7")
		w.next(ben)
		w.answer("Max Muster <"+max+">", ack, "Hello,\n\nthat solved it, thank you very much!\n\nBest regards\nMax Muster\nCustomer Ltd")
		w.next(max).has("Re: [#1] Paper jam", "should be solved now")
		w.next(ann).has("Max Muster says that it is solved")
		w.next(ben)
		// Saying it again changes nothing, and stirs nobody.
		w.press("Max Muster <"+max+">", ack, "That solved it")
		w.nothing(max, ann, ben)
		// What is not solved is.
		w.answer("Max Muster <"+max+">", ack, "I was wrong, it jams again.")
		w.next(ann).has("it jams again")
		w.next(ben)

		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Papierstau", text: "Guten Tag,\n\nunser Drucker hat einen Papierstau, und ich bekomme das Papier nicht heraus. Was kann ich tun?\n\nJane Doe"})
		ack = w.next(jane).has("Papierstau im Drucker beheben", "hintere Klappe", "Sie hören ").lacks("Clearing", "cellar")
		w.next(ann)
		w.next(ben)
		w.press("Jane Doe <"+jane+">", ack, "Damit ist es gelöst")
		w.next(jane).has("sollte nun gelöst sein")
		w.next(ann).has("Jane Doe says that it is solved")
		w.next(ben)
		w.never(max, "cellar", "shelf 7")
		w.never(jane, "cellar", "shelf 7")
	}, printers)
}

// Who says weeks later that it was solved disturbs nobody and opens nothing; what is not solved opens a ticket.
func TestSolvedIsSaidLate(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Paper jam", text: jam})
		ack := w.next(max).has("Clearing a paper jam")
		notice := w.next(ann)
		w.rest(ben)
		w.answer(ann, notice, "/solve\nPlease do as the article says.")
		w.next(ann)
		w.next(max).has("Please do as the article says.")
		w.rest(ben)
		w.pass(20 * 24 * time.Hour)
		w.rest(max)
		w.press("Max Muster <"+max+">", ack, "That solved it")
		w.nothing(max, ann, ben)
		w.answer("Max Muster <"+max+">", ack, "Now it jams again.")
		w.next(max).has("ticket number is #2")
		w.next(ann).has("Now it jams again.")
	}, printers)
}

// What fits no article is acknowledged without one.
func TestNoArticleFits(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Invitation", text: "Would you like to come to our summer party on the lake? There will be music and dancing."})
		w.next(max).has("We have received your message").lacks("may already help", "That solved it", "paper", "VPN")
		w.next(ann).lacks("How we do this")
	}, printers)
}

// A desk with its first article: who plainly asks for it in few words is offered it, in other words than its own as well.
func TestTheFirstArticle(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Forgotten password", text: "How do I get a new one?"})
		w.next(max).has("Resetting your password", "Open the portal")
		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Help", text: "I cannot remember my password. How can I get back in?"})
		w.next(jane).has("Resetting your password", "Open the portal")
		w.send(letter{from: "Eva <" + eva + ">", to: support, subject: "Chairs", text: "Which chair would you recommend for a tall person?"})
		w.next(eva).has("We have received your message").lacks("password", "may already help")
	}, library(map[string]string{"password.md": "---\ntitle: Resetting your password\npublic: true\nlanguage: en\n---\n\nOpen the portal and choose **Forgot password**. You get a link by mail.\n"}))
}

// selfService has tickets begin at tier 0, where nobody works.
func selfService(dir string) {
	file := filepath.Join(dir, "service.yaml")
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, append(text, "default: {tier: 0}\n"...), 0o600)
	}
	if err != nil {
		panic(err)
	}
}

// At tier 0 nobody is disturbed until the customer asks for a person, by the link or in words: then the front desk has it at once, and answers.
func TestAPersonIsWanted(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Paper jam", text: jam})
		ack := w.next(max).has("Clearing a paper jam")
		w.nothing(ann, ben)
		w.press("Max Muster <"+max+">", ack, "I need a person")
		w.next(max).has("One of our team will take care of your ticket", "We will answer by")
		notice := w.next(ann).has("Max Muster asks for a person", "Front desk", "my printer has a paper jam")
		w.next(ben)
		w.answer(ann, notice, "I am on my way with a screwdriver.")
		w.next(max).has("with a screwdriver")
		w.rest(ann)
		w.rest(ben)
		// The link works once.
		w.press("Max Muster <"+max+">", ack, "I need a person")
		w.next(ann).has("I need a person").lacks("asks for a person")
		w.nothing(max)
		w.rest(ben)

		w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Papierstau", text: "Guten Tag,\n\nunser Drucker hat einen Papierstau, und ich bekomme das Papier nicht heraus. Was kann ich tun?\n\nJane Doe"})
		ack = w.next(jane)
		w.nothing(ann, ben)
		w.answer("Jane Doe <"+jane+">", ack, "Guten Tag,\n\ndas hat leider nicht geholfen. Ich möchte mit einem Menschen sprechen.\n\nViele Grüße\nJane Doe")
		w.next(jane).has("kümmert sich jetzt jemand aus unserem Team")
		w.next(ann).has("Jane Doe asks for a person")
	}, printers, selfService)
}

// A link that is altered, of another customer or pressed by a stranger does nothing but bring its mail.
func TestStrangeLinks(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Paper jam", text: jam})
		ack := w.next(max)
		w.next(ann)
		w.rest(ben)
		to, _, _ := ack.opens("That solved it")
		// Mallory has found the link; the mail is added, flagged, and solves nothing.
		w.send(letter{from: mallory, to: to, subject: "That solved it", text: "That solved it"})
		w.next(ann).lacks("says that it is solved")
		w.rest(ben)
		// Somebody pretends to be Max, and the check of the sender fails.
		w.send(letter{from: "Max Muster <" + max + ">", to: to, subject: "That solved it", text: "That solved it",
			header: []string{"Authentication-Results: mx.acme.example; dmarc=fail header.from=customer.example"}})
		w.next(ann).lacks("says that it is solved")
		w.rest(ben)
		// The last sign of the token is another.
		at := strings.IndexByte(to, '@')
		last := "a"
		if to[at-1:at] == last {
			last = "b"
		}
		w.send(letter{from: "Max Muster <" + max + ">", to: to[:at-1] + last + to[at:], subject: "That solved it", text: "That solved it"})
		w.rest(ann)
		w.rest(ben)
		// Jane presses Max's link in her own name.
		w.send(letter{from: jane, to: to, subject: "That solved it", text: "That solved it"})
		w.next(ann).lacks("says that it is solved")
		w.nothing(mallory)
		for _, m := range w.rest(max) {
			m.lacks("should be solved")
		}
		if e := w.events(1); e["solved-it"] != 0 || e["status-changed"] != 0 {
			t.Errorf("the ticket was solved: %v", e)
		}
	}, printers)
}

// Whoever writes above the link that an article has solved it what says the opposite, or asks something, is read by people, and answered; thanks and a
// signature are no such words.
func TestALinkUnderOtherWords(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		for who, text := range map[string]string{
			jane:    "No, it still jams: the rear flap is broken.",
			eva:     "That solved it\n\nAnd who pays for the broken rear flap?",
			mallory: "It did not help. I need a person.",
		} {
			w.send(letter{from: who, to: support, subject: "Paper jam", text: jam})
			to, subject, _ := w.next(who).has("Clearing a paper jam").opens("That solved it")
			w.next(ann)
			w.send(letter{from: who, to: to, subject: subject, text: text})
			first, _, _ := strings.Cut(text, "\n")
			notice := w.next(ann).has(first).lacks("says that it is solved")
			w.answer(ann, notice, "I bring you another flap.")
			w.latestOf(who, "").has("I bring you another flap.").lacks("should be solved")
			w.rest(ann)
		}
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Paper jam", text: jam})
		to, subject, _ := w.next(max).opens("That solved it")
		w.next(ann)
		w.send(letter{from: "Max Muster <" + max + ">", to: to, subject: subject, text: "That solved it. Thank you very much!\n\nBest regards\nMax Muster\nCustomer Ltd"})
		w.next(max).has("should be solved now")
		w.next(ann).has("Max Muster says that it is solved")
	}, printers)
}

// An agent answers with an article, in the customer's language; an internal one, or a misspelt one, is sent to nobody.
func TestAnArticleIsSent(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.open("Jane Roe <"+jane+">", "Gerät", "Guten Tag, das Gerät im Flur blinkt leider seit heute Morgen rot. Können Sie mir bitte helfen?")
		w.answer(ann, notice, "/article jam-sop")
		w.held(ann, "jam-sop")
		w.nothing(jane)
		w.answer(ann, notice, "/article paper-jam\n\nDas sollte genügen.")
		w.next(ann).has("Your text goes to Jane Roe.")
		w.next(jane).has("Papierstau im Drucker beheben", "hintere Klappe", "Das sollte genügen.").lacks("Clearing", "cellar", "/article")
		w.never(jane, "cellar", "shelf 7")
	}, printers)
}

// The address of the knowledge base answers with articles and opens no ticket; a reply to its answer does, and an agent has it.
func TestTheLibraryAnswers(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.send(letter{from: "Max Muster <" + max + ">", to: "support+kb@acme.example", subject: "paper jam printer", text: "How do I get the paper out?"})
		answer := w.next(max).has("This article seems to answer your question best", "Clearing a paper jam", "rear flap").lacks("cellar", "#1")
		if answer.Header.Get("Auto-Submitted") == "" {
			t.Error("the answer does not say that it is automatic")
		}
		w.nothing(ann, ben, max)
		w.answer("Max Muster <"+max+">", answer, "I need a person.")
		w.next(max).has("ticket number is #1")
		w.next(ann).has("I need a person.")
	}, printers)
}

// A customer asks how their tickets stand and reads of their own, and of nobody else's; a stranger, and whoever pretends to be them, gets a ticket like anybody.
func TestHowMyTicketsStand(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.open("Max Muster <"+max+">", "Broken lamp", "The lamp in my office is broken, could you please have a look at it?")
		w.open("Jane Doe <"+jane+">", "Secret project", "Please give me an account for the secret project as soon as you can.")
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Question", text: "Hello,\n\nwhat is the state of my tickets?\n\nMax"})
		w.next(max).has("This is where your ticket stands", "#1 Broken lamp: new", "we will get back to you by").lacks("Secret", "#2")
		w.nothing(ann, ben, jane)
		w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Status", text: "Status, please.",
			header: []string{"Authentication-Results: mx.acme.example; dmarc=fail header.from=customer.example"}})
		w.nothing(max, jane)
		w.next(ann).has("Status, please.")
		w.rest(ben)
		w.send(letter{from: mallory, to: support, subject: "Status", text: "What is the status of my tickets?"})
		w.next(mallory).has("We have received your message").lacks("lamp", "Secret")
		w.next(ann)
	}, printers)
}
