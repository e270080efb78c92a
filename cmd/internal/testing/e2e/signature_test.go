package e2e

import (
	"strings"
	"testing"
	"time"
)

// reloads waits until the desk has read its folder again.
func (w *world) reloads(change func()) {
	w.t.Helper()
	hash := w.app.Hash()
	change()
	for end := time.Now().Add(patience); w.app.Hash() == hash; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("the new files never came into force")
		}
	}
}

// A desk that speaks for two brands: what customers get bears the header, the footer and the signature of the inbox that they wrote
// to, in their language, whether the desk writes or an agent does. Where tickets of both are merged, those of the one that goes on.
func TestEachInboxSignsItsMails(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.stop()
		w.twoInboxes()(w.dir)
		edit("tierdesk.yaml", "  sales:\n", "  sales:\n    name: Beta Care\n")(w.dir)
		for name, text := range map[string]string{
			"_signature.md":          "---\n\n{{.Agent.Name}}, one of Acme\n",
			"sales/_signature.md":    "---\n\n{{.Agent.Name}} of {{.Desk.Name}}, phone 0800 1\n",
			"sales/_signature.de.md": "---\n\n{{.Agent.Name}} von {{.Desk.Name}}, Telefon 0800 1\n",
			"sales/_header.md":       "**BETA**\n",
			"sales/_footer.md":       "---\n\nBeta Care, a brand of Other Ltd\n",
			"sales/ack.de.md":        "Subject: Re: [#{{.Ticket.Number}}] {{.Ticket.Subject}}\n\nMoin aus Hamburg!\n\n{{template \"footer\" .}}\n",
		} {
			w.write("templates/"+name, text)
		}
		w.start()

		const english = "The large pump has been making a strange noise since this morning. What can we do about it?"
		const german = "Guten Tag, die große Pumpe macht seit heute Morgen seltsame Geräusche. Was können wir dagegen tun?"
		foreign := map[string][]string{support: {"Beta", "BETA", "0800 1", "Hamburg", sales}, sales: {"Acme Support", "one of Acme", support}}
		for _, c := range []struct {
			from, inbox, text string
			ack, answer       []string
		}{
			{max, support, english, []string{"Thank you for getting in touch.", "Acme Support · ticket #1"}, []string{"Ann Able, one of Acme"}},
			{jane, support, german, []string{"vielen Dank", "Acme Support · Ticket #2"}, []string{"Ann Able, one of Acme"}},
			{max, sales, english, []string{"BETA", "Thank you for getting in touch.", "Beta Care, a brand of Other Ltd"},
				[]string{"BETA", "Ann Able of Beta Care, phone 0800 1"}},
			{jane, sales, german, []string{"Moin aus Hamburg!", "Beta Care, a brand of Other Ltd"},
				[]string{"BETA", "Ann Able von Beta Care, Telefon 0800 1"}},
		} {
			w.send(letter{from: c.from, to: c.inbox, subject: "Pump at " + c.inbox, text: strings.Replace(c.text, "?", ", "+c.inbox+"?", 1)})
			ack := w.next(c.from).has(c.ack...).lacks(foreign[c.inbox]...)
			notice := w.next(ann).lacks("BETA", "0800 1")
			w.answer(ann, notice, "Please open the valve.")
			answer := w.next(c.from).has("Please open the valve.").has(c.answer...).lacks(foreign[c.inbox]...)
			for _, m := range []got{ack, answer} {
				if !strings.Contains(m.Header.Get("From"), c.inbox) {
					t.Errorf("a mail of %s comes from %s", c.inbox, m.Header.Get("From"))
				}
			}
			w.rest(ben)
		}

		// A file of the inbox that is saved holds for the next mail.
		w.reloads(func() {
			w.write("templates/sales/_signature.md", "---\n\n{{.Agent.Name}} of {{.Desk.Name}}, phone 0800 2\n")
		})
		w.send(letter{from: max, to: sales, subject: "Another pump", text: english + " And the other one."})
		w.next(max)
		notice := w.next(ann)
		w.answer(ann, notice, "Close it again.")
		w.next(max).has("phone 0800 2").lacks("0800 1")
		w.rest(ben)

		// What goes on in another ticket goes on under the name of that one's inbox, also to who answers in the old thread.
		w.answer(ann, notice, "/merge 1")
		w.next(ann).has("Merged into #1")
		merged := w.next(max).has("belong together", "Beta Care, a brand of Other Ltd")
		w.rest(ben)
		w.answer(max, merged, "It still makes that noise.")
		w.answer(ann, w.next(ann).has("It still makes that noise."), "We will come by.")
		if m := w.next(max).has("We will come by.", "Ann Able, one of Acme").lacks("phone 0800", "BETA"); !strings.Contains(m.Header.Get("From"), support) {
			t.Errorf("the answer comes from %s", m.Header.Get("From"))
		}
		w.rest(ben)

		// A folder of no inbox is no slip that nobody notices; the old files hold.
		w.write("templates/sale/_signature.md", "---\n\nNobody\n")
		w.next(admin).has(`templates/sale: `, `no inbox "sale"`, `"sales"?`)
		w.send(letter{from: max, to: sales, subject: "A third pump", text: english + " It is the third one."})
		w.next(max).has("Beta Care, a brand of Other Ltd")
		w.rest(ann)
		w.rest(ben)
		w.nothing(max, jane, admin)
	})
}
