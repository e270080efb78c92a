package e2e

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// order sends a new mail of an agent's with a command in it, for which their server vouches.
func (w *world) order(from, command string) {
	w.t.Helper()
	w.send(letter{from: from, to: support, subject: "A question to the desk", text: command, header: []string{signedBy}})
}

// shelves puts some tickets on the desk: #1 of Max, #2 of Jane with a file and a note, #3 in Chinese.
func (w *world) shelves() {
	w.t.Helper()
	w.send(letter{from: "Max Muster <" + max + ">", to: support, subject: "Printer on floor 3", text: "The toner is low and the paper tray jams."})
	w.next(max)
	w.send(letter{from: "Jane Doe <" + jane + ">", to: support, subject: "Tunnel", raw: "From: Jane Doe <" + jane + ">\r\nTo: " + support + "\r\nSubject: Tunnel\r\nMessage-ID: <tunnel.1@gold.example>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nMy tray is fine, but the Größe of the tunnel is wrong.\r\nFrom here on nothing works.\r\n" +
		"--b\r\nContent-Type: text/csv; name=\"route.csv\"\r\nContent-Disposition: attachment; filename=\"route.csv\"\r\n\r\nhop;ms\r\n1;9\r\n--b--\r\n"})
	w.next(jane)
	w.rest(ann)
	notice := w.rest(ben)[1]
	w.answer(ben, notice, "/tag +vpn\n/note\nThe carrier has cut a fibre, mum's the word.")
	w.settle()
	w.send(letter{from: "Wei <wei@other.example>", to: support, subject: "打印机", text: "三楼的打印机坏了，请帮忙。"})
	w.rest(ben)
	w.rest(ann)
	w.rest(max)
	w.rest(jane)
	w.rest(lead)
}

// An agent finds tickets by each operator. The answer goes to them and to nobody else, and nothing of
// what others wrote stands in anybody else's mail.
func TestAnAgentSearches(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.shelves()
		for _, c := range []struct {
			query string
			finds string
			words []string
		}{
			{"toner", "1", []string{"Printer on floor 3", "Max Muster", "The toner is low", "new"}},
			{"TRAY", "2 1", []string{"My tray is fine"}},
			{`"paper tray"`, "1", nil},
			{"grosse", "2", []string{"the Größe of the tunnel"}},
			{"fibre", "2", []string{"The carrier has cut a fibre"}}, // in a note
			{"from:jane", "2", nil},
			{"from:max tray", "1", nil},
			{"from:ben", "2", nil},
			{"to:support tray", "2 1", nil},
			{"tag:vpn", "2", nil},
			{"status:new tray", "2 1", nil},
			{"team:frontdesk tray", "2 1", nil},
			{"team:technicians tray", "", nil},
			{"tier:1 tray", "2 1", nil},
			{"tier:2 tray", "", nil},
			{"has:attachment", "2", nil},
			{"route.csv", "2", nil},
			{"after:2020-01-01 before:2099 toner", "1", nil},
			{"打印机", "3", []string{"三楼的打印机坏了"}},
			{"机坏", "3", nil},
			{"nosuchword", "", []string{"No ticket"}},
		} {
			w.order(ann, "/search "+c.query)
			found := w.next(ann).has(c.words...)
			if got := numbers(found); got != c.finds || found.event() != "found" {
				t.Errorf("%s: a mail %q with %q, want %q:\n%s", c.query, found.event(), got, c.finds, found.text())
			}
		}
		w.nothing(ann, ben, lead, max, jane)
	})
}

// numbers returns the numbers of the tickets in the table of a mail.
func numbers(m got) string {
	var out []string
	for line := range strings.SplitSeq(m.text(), "\n") {
		if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "##") {
			out = append(out, strings.TrimPrefix(strings.Fields(line)[0], "#"))
		}
	}
	return strings.Join(out, " ")
}

// A search that is wrong is refused with the place where it is.
func TestAWrongSearch(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.shelves()
		w.order(ann, "/search tray status:opne")
		w.next(ann).has("Nothing was searched: at character 6", `"status:opne": there is none of that name (did you mean status:open?)`).lacks("paper tray")
		w.order(ann, `/search from:max "paper tray`)
		w.next(ann).has("at character 10", "the quotation mark is not closed")
		w.order(ann, "/list team:netwrok")
		w.next(ann).has(`at character 1, "team:netwrok"`)
		w.nothing(ann, ben, lead)
	})
}

// Whoever only claims to be Ann gets nothing; she is asked, and what she asked for comes when she says
// that it was her.
func TestASearchThatIsNotProven(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.shelves()
		for _, command := range []string{"/search toner", "/list all"} {
			w.send(letter{from: "Ann Able <" + ann + ">", to: support, subject: "Hello", text: command})
			asked := w.next(ann).lacks("paper tray", "Printer on floor 3")
			if asked.event() != "confirm" {
				t.Fatalf("%s: Ann got %q", command, asked.event())
			}
			w.answer(ann, asked, "/send")
			found := false
			for _, m := range w.rest(ann) {
				found = found || m.event() == "found" && strings.Contains(m.text(), "Printer on floor 3")
			}
			if !found {
				t.Errorf("%s: nothing came when Ann had said that it was her", command)
			}
		}
		w.nothing(max, jane, ben, lead, mallory)
	})
}

// A found ticket is read and answered from the list: the addresses in it are Ann's.
func TestTheNextStepFromAList(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.shelves()
		w.order(ann, "/search tray from:max")
		found := w.next(ann)
		to := found.button("%5B%231%5D")
		w.send(letter{from: ann, to: to, subject: "[#1]", text: "/show"})
		shown := w.next(ann).has("The toner is low", "opened", "Your reply goes to Max Muster")
		if shown.event() != "shown" {
			t.Errorf("Ann got %q", shown.event())
		}
		// Max writes meanwhile: an answer from the list, which does not show that, is held.
		w.send(letter{from: ann, to: to, subject: "Re: [#1] Printer on floor 3", text: "Please shake the toner."})
		w.next(max).has("Please shake the toner.").lacks("/show")
		w.rest(ben)
		w.answer(max, w.latest(max), "It is empty now.")
		w.next(ann).has("It is empty now.")
		w.rest(ben)
		w.send(letter{from: ann, to: to, subject: "Re: [#1] Printer on floor 3", text: "Please shake it again."})
		held := w.next(ann).has("It is empty now.")
		if held.event() != "held" {
			t.Errorf("Ann got %q", held.event())
		}
		w.nothing(max)
		// The same address is of no use to anybody else.
		w.send(letter{from: mallory, to: to, subject: "[#1]", text: "/close"})
		w.settle()
		w.nothing(max)
		w.never(mallory, "toner")
	})
}

// The messages come as an mbox that any reader takes: text, note and file, without anybody's reply
// address or private address.
func TestTheMessagesAsAnMbox(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.shelves()
		w.order(ann, "/search grosse mbox")
		m := w.next(ann).has("Messages attached: 1")
		letters := mboxOf(t, m)
		if len(letters) != 1 {
			t.Fatalf("%d letters", len(letters))
		}
		text, files := partsOf(t, letters[0])
		if !strings.Contains(text, "the Größe of the tunnel") || !strings.Contains(text, "\nFrom here on") || files["route.csv"] != "hop;ms\r\n1;9" && files["route.csv"] != "hop;ms\n1;9" {
			t.Errorf("%q %q", text, files)
		}
		if got := letters[0].Header.Get("Message-Id"); got != "<tunnel.1@gold.example>" {
			t.Errorf("Message-ID %s", got)
		}
		w.order(ann, "/list tag:vpn mbox")
		letters = mboxOf(t, w.next(ann))
		if len(letters) != 2 {
			t.Fatalf("%d letters of a ticket with a message and a note", len(letters))
		}
		if text, _ := partsOf(t, letters[1]); !strings.Contains(text, "cut a fibre") || strings.Contains(letters[1].Header.Get("From"), ben) {
			t.Errorf("%v %q", letters[1].Header, text)
		}
		w.nothing(ben, max, jane)
	})
}

// mboxOf reads the mailbox file that is attached to a mail.
func mboxOf(t *testing.T, m got) []*mail.Message {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	_, files := partsOf(t, msg)
	var out []*mail.Message
	for one := range strings.SplitSeq("\n"+files["messages.mbox"], "\nFrom ") {
		_, letter, found := strings.Cut(one, "\n")
		if !found {
			continue
		}
		msg, err := mail.ReadMessage(strings.NewReader(letter))
		if err != nil {
			t.Fatalf("%v:\n%s", err, letter)
		}
		out = append(out, msg)
	}
	return out
}

// partsOf returns the text of a mail and its files.
func partsOf(t *testing.T, m *mail.Message) (text string, files map[string]string) {
	t.Helper()
	files = map[string]string{}
	var walk func(header func(string) string, body io.Reader)
	walk = func(header func(string) string, body io.Reader) {
		media, params, _ := mime.ParseMediaType(header("Content-Type"))
		if strings.HasPrefix(media, "multipart/") {
			r := multipart.NewReader(body, params["boundary"])
			for {
				p, err := r.NextPart() // it decodes quoted-printable
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header.Get, p)
			}
		}
		if strings.EqualFold(header("Content-Transfer-Encoding"), "base64") {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if _, params, _ := mime.ParseMediaType(header("Content-Disposition")); params["filename"] != "" {
			files[params["filename"]] = string(b)
		} else if media == "text/plain" {
			text += string(b)
		}
	}
	walk(m.Header.Get, m.Body)
	return text, files
}

// A list comes each morning until it is stopped; what is done is no longer in it, and an empty one is
// not sent.
func TestAListEachMorning(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		_, notice, _ := w.ask()
		w.order(ann, "/list mine daily")
		w.next(ann).has("No ticket", "each morning at 8:00").lacks("slow")
		w.pass(24 * time.Hour)
		for _, m := range w.rest(ann) {
			if m.event() == "found" {
				t.Errorf("an empty list was sent:\n%s", m.text())
			}
		}
		w.answer(ann, notice, "/take")
		w.rest(ann)
		w.rest(ben)
		for range 2 {
			w.pass(24 * time.Hour)
			lists := 0
			for _, m := range w.rest(ann) {
				if m.event() == "found" {
					lists++
					m.has("1 ticket for /list mine", "#1", "VPN")
				}
			}
			if lists != 1 {
				t.Errorf("%d lists in a morning", lists)
			}
		}
		w.order(ann, "/list mine stop")
		w.next(ann).has("no longer sent")
		w.pass(24 * time.Hour)
		for _, m := range append(w.rest(ann), w.rest(ben)...) {
			if m.event() == "found" {
				t.Errorf("a list that was stopped came:\n%s", m.text())
			}
		}
	})
}

// /show sends the whole ticket: what everybody wrote, notes too, and what happened to it.
func TestShow(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.shelves()
		w.order(ben, "/show 2 1\n/tag +seen 1")
		mails := w.rest(ben)
		var all string
		events := map[string]int{}
		for _, m := range mails {
			events[m.event()]++
			all += m.subject() + "\n" + m.text()
		}
		if events["shown"] != 2 || events["receipt"] != 1 || len(mails) != 3 {
			t.Errorf("Ben got %v", events)
		}
		for _, word := range []string{"My tray is fine", "cut a fibre", "(note)", "tags +vpn", "The toner is low", "Ben Brown", "+seen"} {
			if !strings.Contains(all, word) {
				t.Errorf("%q is not in Ben's mails:\n%s", word, all)
			}
		}
		w.never(max, "fibre", "/show")
	})
}

// What is confidential is found by nobody, and shown and attached only to who may see it.
func TestASearchHidesWhatIsConfidential(t *testing.T) {
	rights := func(dir string) {
		file := filepath.Join(dir, "people.yaml")
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, []byte(strings.Replace(string(text), "technicians: {name: Technicians}", "technicians: {name: Technicians, rights: [confidential]}", 1)), 0o600)
		}
		if err != nil {
			panic(err) // a temporary folder of the test's own
		}
	}
	stories(t, func(t *testing.T, w *world) {
		const card = "4242 4242 4242 4242"
		w.send(letter{from: "Max Muster <" + max + ">", to: support, raw: "From: " + max + "\r\nTo: " + support + "\r\nSubject: Refund\r\nMessage-ID: <refund.1@customer.example>\r\n" +
			"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease refund to my card " + card + " soon.\r\n" +
			"--b\r\nContent-Type: text/csv; name=\"card.csv\"\r\nContent-Disposition: attachment; filename=\"card.csv\"\r\n\r\nscan of it\r\n--b--\r\n"})
		w.next(max)
		w.rest(ann)
		w.rest(ben)
		for _, c := range []struct {
			who   string
			sees  string
			files int
		}{{ann, "•••• •••• •••• 4242", 0}, {tess, card, 1}} {
			w.order(c.who, "/search refund mbox")
			m := w.next(c.who).has(c.sees)
			letters := mboxOf(t, m)
			if len(letters) != 1 {
				t.Fatalf("%s: %d letters", c.who, len(letters))
			}
			if text, files := partsOf(t, letters[0]); !strings.Contains(text, c.sees) || len(files) != c.files {
				t.Errorf("%s: %q %q", c.who, text, files)
			}
			w.order(c.who, "/show 1")
			w.next(c.who).has(c.sees)
			w.order(c.who, `/search "4242 4242"`)
			w.next(c.who).has("No ticket")
		}
		w.never(ann, card)
		w.nothing(ben, max)
	}, rights)
}

// A ticket that was merged is found by what stands in it, and said to be a part of the other: who answers it there answers the customer in the ticket that goes on.
func TestAMergedTicketIsFound(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const muster = "Max Muster <" + max + ">"
		w.open(muster, "VPN", "The VPN is slow.")
		_, notice, _ := w.open(muster, "VPN once more", "The iguana of the router bites.")
		w.answer(ann, notice, "/merge 1")
		w.rest(ann)
		w.rest(ben)
		w.rest(max)
		w.send(letter{from: "Ben Brown <" + ben + ">", to: support, subject: "looking", text: "/search iguana", header: []string{signedBy}})
		found := w.next(ben).has("#2", "merged into #1", "The iguana of the router bites.")
		_, rest, _ := strings.Cut(strings.Join(strings.Fields(found.text()), " "), "Answer or command <mailto:")
		to, _, ok := strings.Cut(rest, "?")
		if !ok {
			t.Fatalf("there is no link to answer in:\n%s", found.text())
		}
		w.send(letter{from: "Ben Brown <" + ben + ">", to: to, subject: "Re: " + found.subject(), text: "Please give it a leaf.", header: []string{signedBy}})
		w.next(max).has("[#1]", "Please give it a leaf.")
		w.nothing(max)
	})
}
