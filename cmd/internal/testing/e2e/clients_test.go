package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
)

// outcome is what becomes of an agent's mail, as people see it.
type outcome int

const (
	answered outcome = iota // the customer gets it
	keptBack                // it comes back to the agent, and nobody else sees anything
	noted                   // a colleague gets it, the customer does not
)

// What agents wrote with real mail clients: testdata/clients/NAME.eml, with the notice that they answered put in. Each mail is judged by what others got of it.
func TestMailClients(t *testing.T) {
	for _, c := range []struct {
		file    string
		outcome outcome
		text    string   // all of the text that others got, but for what the desk puts around it; blanks do not matter
		html    []string // what the customer's HTML holds
	}{
		{"alpine-card-below", answered, "It is the fuse.", nil},
		{"answer-to-the-bare-address", answered, "It is the fuse.", nil},
		{"chat-below", keptBack, "", nil},
		{"claws-below-with-signature", answered, "Hello Max, it is the fuse. Regards Ann", nil},
		{"claws-forward-with-a-new-subject", keptBack, "", nil},
		{"claws-note", noted, "It is slow to believe him.", nil},
		{"claws-reply-all", answered, "It is the fuse.", nil},
		{"claws-trimmed-between", answered, "> Is it the fuse? It is. > Can somebody come on Friday? At nine.", nil},
		{"colleague-by-surname", keptBack, "", nil},
		{"forwarded-as-a-file-with-a-new-subject", keptBack, "", nil},
		{"gmail-in-georgian", answered, "It is the fuse.", nil},
		{"ipad-signature-html", answered, "It is the fuse.", nil},
		{"iphone-signature", answered, "It is the fuse.", nil},
		{"neomutt-forward-as-attachment", keptBack, "", nil},
		{"neomutt-trimmed-quote-above", answered, "It is. At nine.", nil},
		{"outlook-forward-in-hebrew", keptBack, "", nil},
		{"outlook-forward-with-a-new-subject", keptBack, "", nil},
		{"outlook-in-welsh", answered, "It is the fuse.", nil},
		{"outlook-signed-for-the-firm", answered, "It is the fuse. Mit freundlichen Grüßen", nil},
		{"outlook-thread-in-swahili", keptBack, "", nil},
		{"roundcube-below", answered, "It is the fuse.", nil},
		{"roundcube-forward-with-a-new-subject", keptBack, "", nil},
		{"snail-bars-below", answered, "It is the fuse.", nil},
		{"snail-bars-between", answered, "> Is it the fuse? It is. > Can somebody come on Friday? At nine.", nil},
		{"snail-tabs-below", answered, "It is the fuse.", nil},
		{"thunderbird-below-bold", answered, "Take the *red* lamp.", []string{"<b>red</b>"}},
		{"thunderbird-below-with-signature", answered, "Hello Max, it is the fuse, a new one comes today. Best wishes Ann", nil},
		{"thunderbird-between-the-lines", answered, "> Is it the fuse? Yes, a *new* one is on its way. > Can somebody come on Friday? On Friday at nine.",
			[]string{`<blockquote dir="auto"`, "Is it the fuse?", "<b>new</b>"}},
		{"thunderbird-forward", keptBack, "", nil},
		{"thunderbird-forward-to-a-colleague", keptBack, "", nil},
		{"thunderbird-marked-signature-above", answered, "It is the fuse.", nil},
		{"thunderbird-pictures-with-names", answered, "Dear Max, do this *now*: 1. open the lid lid of the pump 2. press /reset/ Lamp Meaning red wait The drawing is in the manual <https://www.example.com/pump?page=4>. Yours, Ann",
			[]string{"<b>now</b>", "<ol", "<img ", `src="cid:`, "<i>reset</i>", "<table", ">Meaning</td>", `<a href="https://www.example.com/pump?page=4">the manual</a>`}},
		{"thunderbird-short-answer-above-a-card", answered, "It is the fuse.", nil},
		{"words-that-nobody-sees", answered, "It is the fuse.", nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
				t.Parallel()
				w := newWorld(t, g, nil)
				w.play(filepath.Join("testdata", "clients", c.file+".eml"))
				if c.outcome == noted {
					w.next(ann).has("Your text is a note")
				}
				if c.outcome == keptBack {
					if back := w.next(ann); !slices.Contains([]string{"held", "confirm"}, back.event()) {
						t.Errorf("Ann got %q:\n%s", back.event(), back.text())
					}
				}
				if c.outcome == answered {
					w.endsFor(ben)
				}
				var others []got
				for _, who := range []string{max, ben} {
					others = append(others, w.rest(who)...)
				}
				switch {
				case c.outcome == keptBack && len(others) > 0:
					t.Errorf("somebody got\n%s", others[0].Raw)
				case c.outcome == keptBack:
				case len(others) != 1 || (others[0].event() == "agent-note") != (c.outcome == noted):
					for _, m := range w.rest(ann) {
						t.Logf("Ann got %q:\n%s", m.event(), m.text())
					}
					t.Fatalf("%d mails: %v", len(others), others)
				default:
					others[0].says(c.text, c.html...)
				}
				w.never(max, ann, "555-0177", "tierdesk", "believe", "fool", "wrote:")
				w.invariants()
			})
		})
	}
}

// play has Max ask something and Ann send a mail of testdata/clients, with the notice that she got put in.
func (w *world) play(file string) {
	w.t.Helper()
	w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Pump in hall 2",
		text: "Hello,\n\nthe pump in hall 2 hums and does not start.\n\nIs it the fuse?\n\nCan somebody come on Friday?\n\nMax"})
	w.next(max)
	notice := w.next(ann)
	w.next(ben)
	raw, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	filled := strings.NewReplacer("{{date}}", w.now().Format(time.RFC1123Z), "{{to}}", notice.replyTo(), "{{message-id}}", notice.Header.Get("Message-Id"),
		"{{quoted}}", quoted(notice.text()), "{{tabbed}}", indented("\t", notice.text()), "{{barred}}", indented(" |", notice.text()), "{{notice}}", notice.text(), "{{notice-html}}", notice.html()).Replace(string(raw))
	w.send(letter{from: ann, to: support, raw: strings.ReplaceAll(filled, "\n", "\r\n")})
}

// indented is a text quoted with another mark than is common.
func indented(mark, text string) string {
	return mark + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+mark)
}

// says asserts that a mail to the customer, or a note to a colleague, says this and nothing else, and that its HTML holds all the words.
func (m got) says(text string, html ...string) {
	m.t.Helper()
	own, _, found := strings.Cut(m.text(), "\n-- \n")
	if !found {
		ruler := "\n" + strings.Repeat("-", 60) + "\n"
		_, own, _ = strings.Cut(m.text(), ruler)
		own, _, _ = strings.Cut(own, ruler)
	}
	if got := strings.Join(strings.Fields(own), " "); got != text {
		m.t.Errorf("it says %q\nwanted  %q", got, text)
	}
	for _, word := range html {
		if !strings.Contains(m.html(), word) {
			m.t.Errorf("%q is not in its HTML:\n%s", word, m.html())
		}
	}
	if slices.Contains(html, `src="cid:`) && !bytes.Contains(m.Raw, []byte("image/png")) {
		m.t.Errorf("the picture is missing:\n%s", m.Raw)
	}
}
