package answers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tierdesk/mailin/read"
	"tierdesk/tickets"
)

// readBody returns what a mail with a body answers, as name=value.
func readBody(form *tickets.Form, language, body string) string {
	m := read.Mail([]byte("From: Ann Able <ann@customer.example>\r\nSubject: Re: [#1] X\r\nDate: Tue, 10 Mar 2026 14:00:00 +0000\r\nMessage-ID: <1@customer.example>\r\n"+
		"In-Reply-To: <2@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+strings.ReplaceAll(body, "\n", "\r\n")+"\r\n"), read.Options{})
	open := make([]int, len(form.Questions))
	for i := range open {
		open[i] = i
	}
	got := Read(form, open, m, When{Now: m.Date, Language: cmp.Or(m.Language, language)})
	var out []string
	for _, q := range form.Questions {
		if v, ok := got.Values[q.Name]; ok {
			out = append(out, fmt.Sprintf("%s=%s", q.Name, v))
		}
	}
	return strings.Join(slices.Clip(out), " ")
}

// Lines in the order of the questions, with one left out, one unclear or one that asks back, and what people write around them.
func TestLines(t *testing.T) {
	const all = "badge=Ann Able, Acme ticket=Premium arrival=2026-04-19 nights=4 vegetarian=no remarks=late arrival, around 23:30"
	for _, c := range []struct{ name, language, body, want string }{
		{"all", "en", "Hi,\n\nAnn Able, Acme\nPremium\n19 April 2026\n4\nno\nlate arrival, around 23:30\n\nRegards,\nAnn", all},
		{"all", "fr", "Bonjour,\nvoici :\n\nAnn Able, Acme\nPremium\n19/04\n4\nnon\nlate arrival, around 23:30\n\nÀ bientôt,\nAnn", all},
		{"the name first, like a signature", "en", "Hello,\n\nAnn Able\nPremium\n19 April 2026\n4\nno\n\nRegards,\nAnn", "badge=Ann Able ticket=Premium arrival=2026-04-19 nights=4 vegetarian=no"},
		{"one unclear", "de", "Guten Morgen,\n\nAnn Able, Acme\nPremium\n19.4.26\n3 oder 4, je nach Rückreise\nnein\nlate arrival, around 23:30\n", strings.Replace(all, " nights=4", "", 1)},
		{"one asks back", "en", "Ann Able, Acme\nPremium\n19 April\nHow much is a night?\nno\nlate arrival, around 23:30\n", strings.Replace(all, " nights=4", "", 1)},
		{"a question behind them", "en", "Ann Able, Acme\nPremium\n19 April\n4\nno\nlate arrival, around 23:30\nWill there be a receipt?\n", all},
		{"one left out", "de", "Ann Able\nPremium\n19.4.\nnein\n", "badge=Ann Able ticket=Premium arrival=2026-04-19 vegetarian=no"},
		{"one left out, a name and a telephone below", "fr", "Bonjour,\n\nA. Able\nPremium\n19 avril\nnon\n\nAnn Able\n06 55 01 23 45\n", "badge=A. Able ticket=Premium arrival=2026-04-19 vegetarian=no"},
		{"labels behind what leads to them", "en", "Thanks for getting back to me. Here goes:\n\nBadge: Ann Able, Acme\nTicket: Premium\nDay: 19 April\nStay: 4\nVeggie: no\nOther: late arrival, around 23:30\n\nThanks\nAnn", all},
		{"two labels in a line", "nl", "Beste,\n\nBadge: Ann Able, ticket: Premium\nDatum: 19 april\nHotelnachten: 4\nVegetarisch: nee\n", "badge=Ann Able ticket=Premium arrival=2026-04-19 nights=4 vegetarian=no"},
		{"a label between two that name questions", "en", "Ticket: Premium\nDay: 19 April\nNights: 4\nVegetarian: no\n", "ticket=Premium arrival=2026-04-19 nights=4 vegetarian=no"},
		{"a deeper quote", "en", "On Tue, 10 Mar 2026, Acme Support <support@acme.example> wrote:\n> 1. Which name should be on your badge?\n>> Ann Able\n> 2. Which ticket would you like? (Standard, Premium or Online)\n>> Premium\n" +
			"> 6. Is there anything else we should know? (optional)\n>> a quiet room\n> Simply answer this email\n> Acme Support\n", "badge=Ann Able ticket=Premium remarks=a quiet room"},
		// nobody can see which of two it is, or that it answers anything
		{"several left out", "en", "Premium\n4\nno\n", "ticket=Premium nights=4 vegetarian=no"},
		{"labels of a card", "en", "Name: Ann Able\nStreet: Mill Lane 4\nTown: Leeds\n", ""},
		{"a label behind that says something else", "en", "Ticket: Premium\nNights: 4\nVegetarian: no\nColour: blue\n", "ticket=Premium nights=4 vegetarian=no"},
		{"a label between that says something else", "en", "Ticket: Premium\nFare: 19\nNights: 4\nVegetarian: no\n", "ticket=Premium nights=4 vegetarian=no"},
	} {
		if got := readBody(&journey, c.language, c.body); got != c.want {
			t.Errorf("%s (%s):\n%s\ngot  %s\nwant %s", c.name, c.language, c.body, got, c.want)
		}
	}
	if got := readBody(&complaint, "de", "4711-12\ndefekt\nja\n2\n26.2.\nann@x.example\n"); strings.Contains(got, "=yes") {
		t.Errorf("one yes answers one of two questions, nobody knows which: %s", got)
	}
}
