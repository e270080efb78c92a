package main

import (
	"fmt"
	"math/rand/v2"
	"net/mail"
	"strings"
	"time"

	"tierdesk/cmd/internal/testing/sink"
)

// The addresses of a test.
const (
	support   = "support@acme.example"
	agent     = "ann@staff.example"
	customers = "@customer.example"
)

// form is the kind of a mail.
type form string

const (
	question form = "question"           // opens a ticket
	nameless form = "without Message-ID" // opens a ticket
	answer   form = "reply"              // a reply to an acknowledgement
	again    form = "duplicate"          // an earlier mail once more
	bounce   form = "bounce"             // of an acknowledgement
)

// delivery is a mail that is delivered to the mailbox.
type delivery struct {
	number   int
	form     form
	of       int // again: the number of the mail that it repeats
	from, to string
	id       string // Message-ID
	subject  string
	raw      []byte
}

// writer makes the mails of a test. Each depends on what the sink has received, so that replies
// answer mails that were really sent.
type writer struct {
	rnd   *rand.Rand
	sink  *sink.Sink
	seen  int
	acks  []sink.Arrival // acknowledgements that have been neither answered nor bounced
	known map[string]bool
	past  []delivery // mails that may be delivered again
}

func newWriter(seed uint64, s *sink.Sink) *writer {
	return &writer{rnd: rand.New(rand.NewPCG(seed, 1)), sink: s, known: map[string]bool{}}
}

func (w *writer) next(n int) delivery {
	fresh, seen := w.sink.After(w.seen)
	w.seen = seen
	for _, a := range fresh {
		if !w.known[a.MessageID] { // a mail that was received twice is answered once
			w.known[a.MessageID] = true
			w.acks = append(w.acks, a)
		}
	}
	d := delivery{number: n, from: fmt.Sprintf("c%d%s", n, customers), to: support, id: fmt.Sprintf("%d.%s%s", n, "mail", customers),
		subject: fmt.Sprintf("Question %d", n), form: question}
	share := w.rnd.Float64()
	switch {
	case share < 0.10 && len(w.past) > 0:
		old := w.past[w.rnd.IntN(len(w.past))]
		d, d.number, d.form, d.of = old, n, again, old.number
		d.raw = append([]byte(fmt.Sprintf("X-Delivery: %d\r\n", n)), old.raw[strings.Index(string(old.raw), "\r\n")+2:]...)
		return d
	case share < 0.30 && len(w.acks) > 0:
		a := w.acks[0]
		w.acks = w.acks[1:]
		if share < 0.25 {
			w.reply(&d, a)
		} else {
			w.sendBack(&d, a)
		}
	default:
		id := fmt.Sprintf("Message-ID: <%s>\r\n", d.id)
		if share > 0.92 {
			d.form, d.id, id = nameless, "", ""
		}
		d.raw = fmt.Appendf(nil, "X-Delivery: %d\r\nFrom: Customer %d <%s>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n%sMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis is mail %d.\r\n%s",
			n, n, d.from, support, d.subject, time.Now().Format(time.RFC1123Z), id, n,
			strings.Repeat("The printer on the second floor has not printed since this morning.\r\n", w.rnd.IntN(60)))
	}
	w.past = append(w.past, d)
	return d
}

// reply answers an acknowledgement as mail clients do.
func (w *writer) reply(d *delivery, a sink.Arrival) {
	d.form, d.from, d.subject = answer, a.Recipient, "Re: "+sink.Header(a.Raw, "Subject")
	if to, err := mail.ParseAddress(sink.Header(a.Raw, "Reply-To")); err == nil {
		d.to = to.Address
	}
	d.raw = fmt.Appendf(nil, "X-Delivery: %d\r\nFrom: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\nIn-Reply-To: <%s>\r\nReferences: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nMail %d says: it is the model on the left.\r\n",
		d.number, d.from, d.to, d.subject, time.Now().Format(time.RFC1123Z), d.id, a.MessageID, a.MessageID, d.number)
}

// sendBack reports that an acknowledgement could not be delivered (RFC 3464).
func (w *writer) sendBack(d *delivery, a sink.Arrival) {
	d.form, d.from, d.subject = bounce, "", fmt.Sprintf("Undelivered Mail %d", d.number)
	d.raw = fmt.Appendf(nil, "X-Delivery: %d\r\nFrom: Mail Delivery System <mailer-daemon@mx%s>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nMail %d could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"+
		"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: %s\r\nMessage-ID: <%s>\r\n\r\n--b--\r\n", d.number, "."+customers[1:],
		support, d.subject, time.Now().Format(time.RFC1123Z), d.id, d.number, a.Recipient, support, a.MessageID)
}
