package answers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/tickets"
)

// sunday is when the mails of these tests are written: Sunday, 29 November 2026.
var sunday = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

var device = tickets.Form{Name: "device", Title: tickets.Worded{"": "Device"}, Questions: []tickets.Question{
	{Name: "serial", Kind: tickets.AskText, Ask: tickets.Worded{"en": "What is the serial number of the device?", "de": "Wie lautet die Seriennummer des Geräts?"}},
	{Name: "restarted", Kind: tickets.AskYesNo, Ask: tickets.Worded{"en": "Have you restarted it?", "de": "Haben Sie es neu gestartet?"}},
	{Name: "since", Kind: tickets.AskDate, Ask: tickets.Worded{"en": "Since when does the fault occur?", "de": "Seit wann tritt der Fehler auf?"}},
	{Name: "people", Kind: tickets.AskNumber, Ask: tickets.Worded{"en": "How many people are affected?", "de": "Wie viele Personen sind betroffen?"}},
	{Name: "model", Kind: tickets.AskChoice, Choices: []tickets.Choice{{Value: "laptop"}, {Value: "desktop"}, {Value: "printer"}},
		Ask: tickets.Worded{"en": "Which kind of device is it?", "de": "Um welche Art von Gerät handelt es sich?"}},
}}

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

// Numbers, dates and yes or no, as six languages write them.
func TestValues(t *testing.T) {
	for _, c := range []struct {
		kind                 tickets.QuestionKind
		language, text, want string // "" for unclear or silent
	}{
		{tickets.AskNumber, "de", "1.234,5", "1234.5"}, {tickets.AskNumber, "en", "1,234.5", "1234.5"}, {tickets.AskNumber, "fr", "1 234,50 €", "1234.5"},
		{tickets.AskNumber, "de", "1.234", "1234"}, {tickets.AskNumber, "en", "1.234", "1.234"}, {tickets.AskNumber, "", "1.234", ""}, {tickets.AskNumber, "nl", "2,5", "2.5"},
		{tickets.AskNumber, "it", "dodici", "12"}, {tickets.AskNumber, "es", "unas 3 o 4", ""}, {tickets.AskNumber, "en", "X-4711", ""}, {tickets.AskNumber, "de", "5 Stück", "5"},
		{tickets.AskNumber, "en", "10-20", ""}, {tickets.AskNumber, "en", "about 15?", ""}, {tickets.AskNumber, "en", "15kg", "15"},
		{tickets.AskDate, "en", "yesterday", "2026-11-28"}, {tickets.AskDate, "de", "vorgestern", "2026-11-27"}, {tickets.AskDate, "de", "letzten Montag", "2026-11-23"},
		{tickets.AskDate, "fr", "avant-hier", "2026-11-27"}, {tickets.AskDate, "fr", "lundi dernier", "2026-11-23"}, {tickets.AskDate, "es", "hace tres días", "2026-11-26"},
		{tickets.AskDate, "it", "3 giorni fa", "2026-11-26"}, {tickets.AskDate, "nl", "twee weken geleden", "2026-11-15"}, {tickets.AskDate, "it", "ieri", "2026-11-28"},
		{tickets.AskDate, "en", "Monday", ""}, {tickets.AskDate, "en", "3/4/2026", ""}, {tickets.AskDate, "fr", "3/4/2026", "2026-04-03"}, {tickets.AskDate, "en", "4/28/2026", "2026-04-28"},
		{tickets.AskDate, "de", "1.12.", "2026-12-01"}, {tickets.AskDate, "de", "am 1. Dezember 2026", "2026-12-01"}, {tickets.AskDate, "en", "December 1st, 2026", "2026-12-01"},
		{tickets.AskDate, "es", "el 3 de mayo de 2026", "2026-05-03"}, {tickets.AskDate, "en", "since yesterday or the day before yesterday", ""}, {tickets.AskDate, "en", "31.2.2026", ""}, {tickets.AskDate, "en", "3 November, 5 November", ""},
		{tickets.AskDate, "nl", "volgende vrijdag", "2026-12-04"}, {tickets.AskDate, "de", "in 2 Wochen", "2026-12-13"}, {tickets.AskDate, "en", "28 Nov", "2026-11-28"}, {tickets.AskDate, "en", "1 June", ""},
		{tickets.AskYesNo, "de", "Ja, gestern", Yes}, {tickets.AskYesNo, "de", "nein, noch nicht", No}, {tickets.AskYesNo, "fr", "Pas encore", No}, {tickets.AskYesNo, "fr", "Oui !", Yes},
		{tickets.AskYesNo, "es", "sí", Yes}, {tickets.AskYesNo, "it", "sì, certo", Yes}, {tickets.AskYesNo, "nl", "Nee", No}, {tickets.AskYesNo, "en", "yes and no", ""},
		{tickets.AskYesNo, "en", "Yes, but it did not help", Yes}, {tickets.AskYesNo, "de", "teilweise", ""}, {tickets.AskYesNo, "en", "👍", Yes}, {tickets.AskYesNo, "de", "ja oder nein", ""},
		{tickets.AskYesNo, "en", "Yes, I think, but maybe not", ""}, {tickets.AskYesNo, "de", "Ja, oder?", ""}, {tickets.AskYesNo, "fr", "oui ?", ""},
		{tickets.AskEmail, "en", "it's jane@gold.example.", "jane@gold.example"}, {tickets.AskEmail, "en", "a@b.example or c@d.example", ""},
		{tickets.AskChoice, "en", "The printer, please", "printer"}, {tickets.AskChoice, "en", "laptop and printer", ""}, {tickets.AskChoice, "en", "not the laptop", ""}, {tickets.AskChoice, "en", "labtop", "laptop"},
		{tickets.AskText, "en", "I don't know", ""}, {tickets.AskText, "en", "\"Room 2\"", "Room 2"}, {tickets.AskText, "en", "X-4711.", "X-4711"},
	} {
		q := tickets.Question{Kind: c.kind}
		if c.kind == tickets.AskChoice {
			q = device.Questions[4]
		}
		got, how := value(&q, c.text, When{Now: sunday, Language: c.language})
		if how != clear {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s %q in %q: %q, want %q", c.kind, c.text, c.language, got, c.want)
		}
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
		if got.Values["restarted"] != Yes || got.Values["more"] != c.want {
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
		if got.Values["restarted"] != Yes || got.Values["more"] != c.want {
			t.Errorf("%q: %q", body, got.Values)
		}
	}
}
