package demo

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// progress is the progress of the story. The first step that fails sets err, and all later ones do
// nothing, so that the code of the story reads as a story.
type progress struct {
	err     error
	written int
	found   int                   // mails that people looked at in this chapter
	read    map[person][]mail     // of their mailboxes, by UID
	looked  map[person][]imap.UID // mails that the person has looked at
	told    told                  // decisions that were shown
	secrets []secret
}

func newProgress() progress {
	return progress{read: map[person][]mail{}, looked: map[person][]imap.UID{}, told: told{versions: map[int64]int64{}}}
}

// secret is what customers must never see.
type secret struct{ what, words string }

// letter is a mail written by a person.
type letter struct {
	to, subject, text string
	html              string // the same with its formatting, "" if there is none
	picture           []byte // referred to in the HTML as cid:picture
	re                *mail  // the mail that it answers
	quiet             bool   // not shown
	settles           bool   // shown with everything that the desk does because of it
}

// writes lets a person write to the desk, and shows their mail and the desk's decision about it.
func (s *stage) writes(p person, subject, text string) {
	s.send(p, p, letter{to: desk.address, subject: subject, text: text})
}

// answers lets a person reply to a mail from their mail client.
func (s *stage) answers(p person, m mail, text string) {
	s.send(p, p, letter{to: m.replyTo(), subject: "Re: " + strings.TrimPrefix(m.Subject, "Re: "), text: text, re: &m})
}

// sends lets an agent send a held mail, and waits for everything that follows.
func (s *stage) sends(p person, held mail) {
	s.send(p, p, letter{to: held.replyTo(), subject: "Re: " + strings.TrimPrefix(held.Subject, "Re: "), text: "/send", re: &held,
		settles: true})
}

// answersWith lets a person reply with formatting and a picture.
func (s *stage) answersWith(p person, m mail, text, html string, picture []byte) {
	s.send(p, p, letter{to: m.replyTo(), subject: "Re: " + strings.TrimPrefix(m.Subject, "Re: "), text: text, html: html,
		picture: picture, re: &m})
}

// writesToo lets a person write a mail that is not shown, since others have written the same
// before.
func (s *stage) writesToo(p person, subject, text string) {
	s.send(p, p, letter{to: desk.address, subject: subject, text: text, quiet: true})
}

// presses lets a person click on a link of a mail and send the mail that it opens.
func (s *stage) presses(p person, m mail, label string) {
	if s.err != nil {
		return
	}
	for _, link := range regexp.MustCompile(`href="(mailto:[^"]*)"[^>]*>([^<]*)<`).FindAllStringSubmatch(m.HTML, -1) {
		u, err := url.Parse(html.UnescapeString(link[1]))
		if html.UnescapeString(link[2]) != label || err != nil {
			continue
		}
		to, err := url.PathUnescape(u.Opaque)
		if err != nil {
			continue
		}
		s.send(p, p, letter{to: to, subject: u.Query().Get("subject"), text: u.Query().Get("body")})
		return
	}
	s.err = fmt.Errorf("there is no link %q in the mail %q", label, m.Subject)
}

// asks lets an agent write to the desk itself, with commands and no ticket.
func (s *stage) asks(p person, command string) {
	s.send(p, p, letter{to: desk.address, subject: "A question to the desk", text: command})
}

// forges lets a person write under somebody else's name.
func (s *stage) forges(as person, subject, text string) {
	s.send(person{name: "somebody", address: "mallory@evil.example"}, as, letter{to: desk.address, subject: subject, text: text})
}

func (s *stage) send(by, as person, l letter) {
	if s.err != nil {
		return
	}
	s.written++
	raw := compose(as, l, s.clock.now(), s.written)
	note := ""
	if by != as {
		note = "forged"
	} else {
		raw = vouched(as, raw)
	}
	if !l.quiet {
		s.show.card(card{at: s.clock.now(), from: as.String(), to: []string{l.to}, subject: l.subject, text: l.text, way: in, note: note})
	}
	if err := post(s.server.SMTP, by.address, l.to, raw); err != nil {
		s.err = fmt.Errorf("%s could not send the mail: %w", by.name, err)
		return
	}
	var lines []string
	s.await(func() (bool, error) {
		more, done, err := s.decisions()
		lines = append(lines, more...)
		return done, err
	})
	if errors.Is(s.err, errLate) {
		s.err = fmt.Errorf("the desk made no decision about the mail of %s: %w", as.name, s.err)
	}
	if l.settles {
		s.rest()
		if s.err == nil {
			var more []string
			more, _, s.err = s.decisions()
			lines = append(lines, more...)
		}
	}
	if s.err == nil && !l.quiet {
		s.show.decisions(joined(lines))
	}
}

// vouched adds the header with which a company's mail server vouches for mails of its own people,
// who log in to send.
func vouched(from person, raw []byte) []byte {
	_, domain, _ := strings.Cut(from.address, "@")
	verdict := "Authentication-Results: mx.acme.example; dkim=pass header.d=" + domain + "; dmarc=pass header.from=" + domain
	return append([]byte(verdict+"\r\n"), raw...)
}

// compose returns a mail as a mail client writes it: an answer with References and the text above
// the quoted mail.
func compose(from person, l letter, now time.Time, count int) []byte {
	_, domain, _ := strings.Cut(from.address, "@")
	var b bytes.Buffer
	header := func(key, value string) { fmt.Fprintf(&b, "%s: %s\r\n", key, value) }
	header("From", from.String())
	header("To", l.to)
	header("Subject", mime.QEncoding.Encode("utf-8", l.subject))
	header("Date", now.Format(time.RFC1123Z))
	header("Message-ID", fmt.Sprintf("<%d.%d@%s>", now.UnixNano(), count, domain))
	text := l.text
	if l.re != nil {
		header("In-Reply-To", "<"+l.re.MessageID+">")
		header("References", strings.TrimSpace(l.re.Header.Get("References")+" <"+l.re.MessageID+">"))
		text += "\n\nOn " + l.re.at.Format("Mon, 2 Jan 2006 15:04") + ", " + l.re.Author().Name + " wrote:\n> " +
			strings.ReplaceAll(strings.TrimSpace(l.re.Text), "\n", "\n> ")
	}
	header("MIME-Version", "1.0")
	text = "Content-Type: text/plain; charset=utf-8\n\n" + text + "\n"
	if l.html == "" {
		return append(b.Bytes(), crlf(text)...)
	}
	header("Content-Type", `multipart/related; boundary="=outer"`)
	b.Write(crlf("\n--=outer\nContent-Type: multipart/alternative; boundary=\"=inner\"\n\n--=inner\n" + text +
		"\n--=inner\nContent-Type: text/html; charset=utf-8\n\n" + l.html + "\n--=inner--\n" +
		"\n--=outer\nContent-Type: image/png; name=picture.png\nContent-ID: <picture>\nContent-Disposition: inline; filename=picture.png\n" +
		"Content-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(l.picture) + "\n--=outer--\n"))
	return b.Bytes()
}

func crlf(text string) []byte { return []byte(strings.ReplaceAll(text, "\n", "\r\n")) }

// post sends a mail to a mail server.
func post(server, from, to string, raw []byte) error {
	c, err := smtp.Dial(server)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, []string{to}, bytes.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}

// wanted describes the mail that a person should find.
type wanted struct {
	what  string   // for the error message if it does not come
	event string   // of a notice; "" for mail to customers
	has   []string // texts in its subject or body
	shows []string // texts in its HTML
	lacks []string // texts that it must not contain anywhere
	whole bool     // shown with the table of facts and the buttons
	quiet bool     // not shown
}

// gets waits until each of the people has found the mail, shows it once, and returns the first
// person's copy.
func (s *stage) gets(w wanted, who ...person) mail {
	first := mail{Message: &mailin.Message{}} // so that a failed story can run to its end
	var to []string
	for i, p := range who {
		m := s.finds(w, p)
		if s.err != nil {
			return first
		}
		if i == 0 {
			first = m
		}
		to = append(to, p.String())
	}
	if len(who) > 1 {
		for i, p := range who {
			to[i] = p.name
		}
	}
	if !w.quiet {
		s.show.card(card{at: first.at, from: first.Author().Name, to: to, subject: first.Subject, text: first.Text,
			way: wayOf(who[0]), brief: !w.whole})
	}
	return first
}

// finds waits for the mail in one mailbox.
func (s *stage) finds(w wanted, p person) mail {
	if s.err != nil {
		return mail{}
	}
	var found mail
	var there []mail
	var failed error
	s.await(func() (bool, error) {
		fresh, err := s.fresh(p)
		there = fresh
		for _, m := range fresh {
			if m.event() == w.event {
				if failed = w.check(m); failed == nil {
					found = m
					return true, err
				}
			}
		}
		return false, err
	})
	if errors.Is(s.err, errLate) {
		what := fmt.Sprintf("%s (%s) did not get %s: %v", p.name, p.address, w.what, s.err)
		if failed != nil {
			what += ": " + failed.Error()
		}
		for _, m := range there {
			what += fmt.Sprintf("\n  there is only a mail from %s (%s): %s\n    %s", m.Author().Name,
				cmp.Or(m.event(), "no notice"), m.Subject, strings.ReplaceAll(strings.TrimSpace(m.Text), "\n", "\n    "))
		}
		s.err = errors.New(what)
	}
	if s.err == nil {
		s.looked[p] = append(s.looked[p], found.uid)
		s.found++
	}
	return found
}

// check returns an error if the mail is not as wanted.
func (w wanted) check(m mail) error {
	for _, word := range w.has {
		if !strings.Contains(m.Subject+"\n"+unwrapped(m.Text), word) {
			return fmt.Errorf("%q is not in the mail %q", word, m.Subject)
		}
	}
	for _, word := range w.shows {
		if !strings.Contains(m.HTML, word) {
			return fmt.Errorf("%q is not in the HTML of the mail %q", word, m.Subject)
		}
	}
	for _, word := range w.lacks {
		if m.holds(word) {
			return fmt.Errorf("%q is in the mail %q", word, m.Subject)
		}
	}
	return nil
}

// holds reports whether the text occurs anywhere in the mail, raw or decoded.
func (m *mail) holds(words string) bool {
	return bytes.Contains(m.raw, []byte(words)) || strings.Contains(m.Subject, words) || strings.Contains(unwrapped(m.Text), words) ||
		strings.Contains(unwrapped(m.HTML), words)
}

// unwrapped puts a text on one line, so that a search finds text across line ends.
func unwrapped(s string) string { return strings.Join(strings.Fields(s), " ") }

// fresh returns the mails that a person has not looked at yet.
func (s *stage) fresh(p person) ([]mail, error) {
	var above imap.UID // mails are read only once
	if known := s.read[p]; len(known) > 0 {
		above = known[len(known)-1].uid
	}
	more, err := s.mails(p, above)
	s.read[p] = append(s.read[p], more...)
	return slices.DeleteFunc(slices.Clone(s.read[p]), func(m mail) bool { return slices.Contains(s.looked[p], m.uid) }), err
}

var errLate = errors.New("it took too long")

// await waits until f returns true. It gives up early if the desk has been idle for a while, since
// then nothing more will come.
func (s *stage) await(f func() (bool, error)) {
	began := time.Now()
	asked, busy := began, began
	s.until("", func() (bool, error) {
		done, err := f()
		if now := time.Now(); err == nil && !done && now.Sub(asked) > 200*time.Millisecond {
			asked = now
			var idle bool
			if idle, err = s.idle(soon); !idle {
				busy = now
			} else if err == nil && now.Sub(busy) > s.calm {
				err = fmt.Errorf("%w, and the desk is at rest", errLate)
			}
		}
		return done, err
	})
}

// until waits until f returns true. what describes the error if it does not.
func (s *stage) until(what string, f func() (bool, error)) {
	if s.err != nil {
		return
	}
	late := time.NewTimer(s.patience)
	defer late.Stop()
	again := time.NewTicker(15 * time.Millisecond)
	defer again.Stop()
	for {
		done, err := f()
		if done || err != nil {
			s.err = err
			return
		}
		select {
		case <-s.ctx.Done():
			s.err = s.ctx.Err()
			return
		case <-late.C:
			if s.err = errLate; what != "" {
				s.err = fmt.Errorf("%s within %v", what, s.patience)
			}
			return
		case <-again.C:
		}
	}
}

// rest waits until the desk is idle.
func (s *stage) rest() {
	calm := 0
	s.until("the desk did not come to rest", func() (bool, error) {
		idle, err := s.idle(0)
		if calm++; !idle {
			calm = 0
		}
		return calm >= 2, err
	})
}

// nobodyElse checks that the mailboxes contain no mails other than the expected ones.
func (s *stage) nobodyElse() {
	s.rest()
	for _, p := range everybody() {
		if s.err != nil {
			return
		}
		fresh, err := s.fresh(p)
		if s.err = err; err == nil && len(fresh) > 0 {
			s.err = fmt.Errorf("%s (%s) got a mail that nobody expected: %s\n%s", p.name, p.address, fresh[0].Subject, fresh[0].Text)
		}
	}
}

// later lets some time pass in which nothing should happen except that old tickets close, which is
// not shown.
func (s *stage) later(d time.Duration) {
	s.rest()
	if s.err == nil {
		s.err = s.skip(d)
	}
	s.rest()
	if s.err != nil {
		return
	}
	var lines []string
	lines, _, s.err = s.decisions()
	s.show.decisions(slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, ": closed") }))
}

// pass lets time pass, says so, and shows what the desk did as a result.
func (s *stage) pass(d time.Duration, why string) {
	s.rest()
	if s.err != nil {
		return
	}
	s.show.passing(d, s.clock.now().Add(d), why)
	if s.err = s.skip(d); s.err != nil {
		return
	}
	s.rest()
	if s.err != nil {
		return
	}
	s.tell()
}

// tell shows what the desk has decided since the last call.
func (s *stage) tell() {
	if s.err != nil {
		return
	}
	var lines []string
	if lines, _, s.err = s.decisions(); s.err == nil {
		s.show.decisions(joined(lines))
	}
}

// evening lets time pass until ten in the evening.
func (s *stage) evening() {
	now := s.clock.now()
	next := time.Date(now.Year(), now.Month(), now.Day(), 22, 0, 0, 0, time.UTC)
	s.later(next.Sub(now))
}

// dawn lets time pass until nine, and says so.
func (s *stage) dawn() {
	now := s.clock.now()
	s.pass(time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, time.UTC).Sub(now), "the office opens")
}

// morning lets time pass until the morning of the next workday.
func (s *stage) morning() {
	now := s.clock.now()
	next := time.Date(now.Year(), now.Month(), now.Day()+1, 9, 0, 0, 0, time.UTC)
	for next.Weekday() == time.Saturday || next.Weekday() == time.Sunday {
		next = next.AddDate(0, 0, 1)
	}
	s.later(next.Sub(now))
}

// stands checks a ticket's status.
func (s *stage) stands(ticket int64, want tickets.Status) {
	if s.err != nil {
		return
	}
	var t tickets.Ticket
	s.err = s.view(func(tx *tx) (err error) {
		t, _, err = store.Ticket(tx, ticket)
		return err
	})
	if s.err == nil && t.Status != want {
		s.err = fmt.Errorf("ticket #%d is %q where it should be %q", ticket, t.Status, want)
	}
}

// allSolved counts the tickets. A ticket that is neither solved nor closed is an error.
func (s *stage) allSolved() (int, error) {
	var all []tickets.Ticket
	err := s.view(func(tx *tx) (err error) {
		all, err = store.List(tx, store.Filter{Limit: 1000})
		return err
	})
	for _, t := range all {
		if err == nil && !t.Status.Done() {
			err = fmt.Errorf("ticket #%d is %q where it should be solved", t.ID, t.Status)
		}
	}
	return len(all), err
}

// hidden records a text that no customer may ever see.
func (s *stage) hidden(what, words string) { s.secrets = append(s.secrets, secret{what, words}) }

// says tells the reader something.
func (s *stage) says(text string) {
	if s.err == nil {
		s.show.says(text)
	}
}

func wayOf(p person) way {
	if p.customer {
		return toCustomer
	}
	return toAgent
}
