package answers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/tickets"
	"tierdesk/tickets/answers/yesno"
)

const asked = `> Hello Max,
>
> To help you, we need to know a little more. Please answer these questions:
>
> 1. What is the serial number of the device?
>
> 2. Have you restarted it? (yes or no)
>
> 3. Since when does the fault occur? (a date)
>
> 4. How many people are affected?
>
> 5. Which kind of device is it? (laptop, desktop or printer)
>
> Simply reply to this email, in whatever way is easiest for you.
>
> ---
> Acme Support · ticket #1`

const wrote = "On Sun, 29 Nov 2026 at 11:00, Acme Support <support@acme.example> wrote:\n"

// mailOf reads a mail with that body as the daemon does.
func mailOf(t *testing.T, kind, body string) *mailin.Message {
	t.Helper()
	raw := "From: Max Muster <max@customer.example>\r\nTo: support@acme.example\r\nSubject: Re: [#1] Printer\r\nMessage-ID: <1@customer.example>\r\nIn-Reply-To: <2@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + "; charset=utf-8\r\n\r\n" + body
	return read.Mail([]byte(raw), read.Options{Markers: []string{"## tierdesk ##"}})
}

// Ways of answering, each through the reading of mails that the daemon uses.
func TestWays(t *testing.T) {
	whole := map[string]string{"serial": "X-4711", "restarted": "yes", "since": "2026-11-28", "people": "3", "model": "laptop"}
	quoted := "\n\n" + wrote + asked
	for _, c := range []struct {
		name, kind, body string
		want             map[string]string
		unclear          string // names
	}{
		{name: "numbered above the quote", body: "Hi,\n\n1. X-4711\n2. yes\n3. yesterday\n4. 3\n5. laptop\n\nBest regards\nMax" + quoted, want: whole},
		{name: "brackets", body: "1) X-4711\n2) Yes, of course\n3) 28 November\n4) three\n5) a laptop" + quoted, want: whole},
		{name: "numbers alone", body: "1 X-4711\n2 yes\n3 yesterday\n4 3\n5 laptop" + quoted, want: whole},
		{name: "in one line", body: "1. X-4711, 2. yes, 3. yesterday, 4. 3, 5. laptop" + quoted, want: whole},
		{name: "commas", body: "X-4711, yes, yesterday, 3, laptop" + quoted, want: whole},
		{name: "a line each", body: "X-4711\nyes\nyesterday\n3\nlaptop\n\nThanks\nMax" + quoted, want: whole},
		{name: "labels", body: "Serial number: X-4711\nRestarted: yes\nSince: yesterday\nPeople: 3\nKind: laptop" + quoted, want: whole},
		{name: "another order", body: "5: laptop\n3: yesterday\n1: X-4711\n2: yes\n4: 3" + quoted, want: whole},
		{name: "below each question", body: wrote + strings.NewReplacer("device?\n", "device?\n\nX-4711\n\n", "(yes or no)\n", "(yes or no)\n\nYes!\n\n", "(a date)\n", "(a date)\n\nyesterday\n\n",
			"affected?\n", "affected?\n\n3\n\n", "printer)\n", "printer)\n\nlaptop\n\n").Replace(asked), want: whole},
		{name: "beside each question", body: wrote + strings.NewReplacer("device?\n", "device? X-4711\n", "(yes or no)\n", "(yes or no) yes\n", "(a date)\n", "(a date) yesterday\n",
			"affected?\n", "affected? 3\n", "printer)\n", "printer) laptop\n").Replace(asked), want: whole},
		{name: "questions copied", body: "What is the serial number of the device? X-4711\nHave you restarted it? Yes\nSince when does the fault occur?\n28.11.2026\nHow many people are affected? 3\nWhich kind of device is it? laptop" + quoted, want: whole},
		{name: "prose", body: "Hello,\n\nthe serial number is X-4711. I have restarted it, but the fault is still there since yesterday. 3 people are affected, and it is a laptop.\n\nRegards\nMax" + quoted, want: whole},
		{name: "a part", body: "1. X-4711\n4. 12" + quoted, want: map[string]string{"serial": "X-4711", "people": "12"}},
		{name: "not known", body: "1. I don't know\n2. maybe\n3. 03/04/2026\n4. 3 or 4\n5. laptop or desktop" + quoted, want: map[string]string{}, unclear: "restarted since people model"},
		{name: "a question of their own", body: "Why do you need all this?" + quoted, want: map[string]string{}},
		{name: "thanks alone", body: "Thank you, I will answer tomorrow.\n\nMax" + quoted, want: map[string]string{}},
		{name: "HTML, between the questions", kind: "text/html", body: `<p>See below.</p><div>On Sun, Acme wrote:</div><blockquote type="cite"><p>Hello Max,</p><p>1. What is the serial number of the device?</p></blockquote><p>X-4711</p><blockquote type="cite"><p>2. Have you restarted it? (yes or no)</p></blockquote><p>yes</p><blockquote type="cite"><p>3. Since when does the fault occur? (a date)</p></blockquote><p>yesterday</p><blockquote type="cite"><p>4. How many people are affected?</p></blockquote><p>3</p><blockquote type="cite"><p>5. Which kind of device is it? (laptop, desktop or printer)</p></blockquote><p>laptop</p>`, want: whole},
		{name: "HTML, in red within the quote", kind: "text/html", body: `<p>My answers in red below.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Acme<br><b>Sent:</b> Sunday<br><b>To:</b> Max<br><b>Subject:</b> Printer</p></div><p>Hello Max,</p><p>1. What is the serial number of the device?<span style="color:red"> X-4711</span></p><p>2. Have you restarted it? (yes or no)</p><p style="color:red">yes</p><p>3. Since when does the fault occur? (a date)</p><p><span style="color:red">yesterday</span></p><p>4. How many people are affected? <span style="color:red">3</span></p><p>5. Which kind of device is it? (laptop, desktop or printer)</p><p><span style="color:red">laptop</span></p><p>Simply reply to this email.</p><p>Acme Support</p>`, want: whole},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind := c.kind
			if kind == "" {
				kind = "text/plain"
			}
			m := mailOf(t, kind, c.body)
			got := Read(&device, []int{0, 1, 2, 3, 4}, m, When{Now: sunday, Language: "en"})
			if diff := cmp.Diff(c.want, got.Values); diff != "" {
				t.Errorf("%s\nthe reply is %q", diff, m.Reply)
			}
			var unclear []string
			for _, q := range got.Unclear {
				unclear = append(unclear, device.Questions[q].Name)
			}
			if s := strings.Join(unclear, " "); s != c.unclear {
				t.Errorf("unclear: %s, want %s", s, c.unclear)
			}
		})
	}
}

// Behind the last question of a quote stand the answer to it, if there is one, and the end of our own mail, which is no answer.
func TestTheLastAnswerInAQuote(t *testing.T) {
	form := tickets.Form{Name: "short", Questions: []tickets.Question{device.Questions[1],
		{Name: "more", Kind: tickets.AskText, Optional: true, Ask: tickets.Worded{"en": "What else should we know?"}}}}
	const sent = "Hello Max,\n\n1. Have you restarted it? (yes or no)\n\n2. What else should we know? (optional)\n\nSimply reply to this email, in whatever way is easiest for you.\n\n-- \nAcme Support · ticket #1\n"
	for _, c := range []struct{ name, answer, want string }{
		{"answered", "> It smells of smoke.\n", "It smells of smoke"},
		{"not answered", "", ""},
	} {
		body := wrote + "> Hello Max,\n>\n> 1. Have you restarted it? (yes or no)\n> yes\n>\n> 2. What else should we know? (optional)\n" + c.answer +
			">\n> Simply reply to this email, in whatever way\n> is easiest for you.\n>\n> Acme Support · ticket #1\n"
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", body), When{Now: sunday, Language: "en", Sent: sent})
		if got.Values["restarted"] != yesno.Yes || got.Values["more"] != c.want {
			t.Errorf("%s: %q", c.name, got.Values)
		}
	}
}

// Where the end of our mail reads otherwise than we know it, and nobody wrote between the questions, nothing in it is an answer.
func TestAnEndOfOtherWords(t *testing.T) {
	form := tickets.Form{Name: "short", Questions: []tickets.Question{device.Questions[1],
		{Name: "more", Kind: tickets.AskText, Optional: true, Ask: tickets.Worded{"en": "What else should we know?"}}}}
	const sent = "Hello Max,\n\n1. Have you restarted it? (yes or no)\n\n2. What else should we know? (optional)\n\nSimply reply.\n"
	const quoted = "> 1. Have you restarted it? (yes or no)\n%s>\n> 2. What else should we know? (optional)\n%s>\n> This mail was scanned by the gateway.\n> Its sender is known.\n"
	for _, c := range []struct{ above, between, below, want string }{
		{"1. yes\n\n", "", "", ""}, {"", "> yes\n", "> It smells.\n", "It smells"},
	} {
		body := c.above + wrote + fmt.Sprintf(quoted, c.between, c.below)
		got := Read(&form, []int{0, 1}, mailOf(t, "text/plain", body), When{Now: sunday, Language: "en", Sent: sent})
		if got.Values["restarted"] != yesno.Yes || got.Values["more"] != c.want {
			t.Errorf("%q: %q", body, got.Values)
		}
	}
}
