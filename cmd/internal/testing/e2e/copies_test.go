package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/tickets"
)

// A mail that comes directly and through a list or a gateway is one message; another mail of a
// device that has one Message-ID for all is not.
func TestACopyThroughAList(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		date := w.now()
		send := func(subject, header, text string) {
			w.send(letter{from: max, to: support, raw: fmt.Sprintf("From: Max Muster <%s>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <list.1@customer.example>\r\nDate: %s\r\n%s\r\n%s\r\n",
				max, support, subject, date.Format(time.RFC1123Z), header, text)})
		}
		const text = "The door of the store sticks since Monday.\r\nWho can come?"
		send("Door", "", text)
		w.next(max)
		w.next(ann)
		w.next(ben)
		const list, foot = "List-Id: <house.customer.example>\r\n", "\r\n\r\n_______________\r\nHouse list, house@customer.example\r\nLeave it at https://lists.customer.example/house"
		send("[House] Door", list, text+foot)
		send("[EXTERNAL] Door", "", "CAUTION: This email originated from outside of the organization. Do not click links.\r\n\r\n"+text)
		w.nothing(max, ann, ben)
		send("[House] Door", list, "The window is broken too."+foot)
		w.next(ann).has("The window is broken too.")
		w.next(ben)
		w.rest(max)
		date = date.Add(-time.Minute)
		send("[House] Door", list, text+foot)
		w.next(ann).has("Who can come?")
		send("Door", "", text+"\r\nAnd who pays?")
		w.next(ann).has("And who pays?")
	})
}

// A reply that names no mail is known by what is left of the subject.
func TestASubjectThatWasCut(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		const subject = "The door of the big store behind the house sticks since Monday"
		w.open(max, subject, "Who can come?")
		for i, s := range []string{"RE - " + subject, "Re: " + subject[:45], "AW: " + subject[:30] + "...", "Re: " + subject + " - [SPAM]",
			"Re: [＃１] " + subject[:20], "Re: [#1]: " + subject} {
			said := fmt.Sprintf("I ask once more, for the time number %d.", i)
			w.send(letter{from: max, to: support, subject: s, text: said})
			w.next(ann).has("[#1]", said)
			w.pass(5 * time.Minute)
			w.rest(ben)
		}
		w.nothing(max)
		w.send(letter{from: max, to: support, subject: "Re: The door of the car", text: "It is something else."})
		w.next(max).has("[#2]")
	})
}

// A form that writes from a sub-address of the inbox writes as the desk: the person it names is
// answered, and where it names nobody, no answer goes back to the inbox.
func TestAFormFromASubAddress(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		tagged := strings.Replace(support, "@", "+web@", 1)
		w.send(letter{from: "Web form <" + tagged + ">", to: support, subject: "Contact", text: "Where is my order?", header: []string{"Reply-To: Jane Doe <" + jane + ">"}})
		w.next(jane).has("[#1]")
		w.next(ann).has("Jane Doe", "Where is my order?")
		w.next(ben)
		w.send(letter{from: "Web form <" + tagged + ">", to: support, subject: "Contact", text: "Nobody is named here."})
		w.nothing(jane, ann, ben)
		if waiting := w.waiting(); len(waiting) != 1 || waiting[0].Cause != tickets.CauseSystemUser {
			t.Errorf("%+v", waiting)
		}
	})
}
