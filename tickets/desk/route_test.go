package desk

import (
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
)

// Who decides on a mail: each destination, and each way to be set aside.
func TestRoute(t *testing.T) {
	ann, ben := &tickets.Agent{Name: "ann"}, &tickets.Agent{Name: "ben"}
	digest := arrival.Evidence{Proof: arrival.ByToken, Notice: mailout.Row{Mail: mailout.Mail{ID: 9, Party: mailout.Admin, Kind: "admin-quarantine"}}}
	in := func(ticket int64, proof arrival.Proof, party mailout.Party) arrival.Evidence {
		e := arrival.Evidence{Ticket: ticket, Proof: proof}
		if party != "" {
			e.Notice = mailout.Row{Mail: mailout.Mail{ID: 7, Ticket: ticket, Party: party}}
		}
		return e
	}
	kind := func(k mailin.Kind) func(f *facts) { return func(f *facts) { f.mail.Message.Class.Kind = k } }
	guess := func(f *facts) {
		f.mail.Message.Class = mailin.Class{Kind: mailin.KindAutoReply, Guessed: true}
		f.evidence, f.takesPart, f.goesOn = in(1, arrival.ByToken, mailout.Customer), true, true
	}
	and := func(all ...func(f *facts)) func(f *facts) {
		return func(f *facts) {
			for _, one := range all {
				one(f)
			}
		}
	}
	released := func(f *facts) { f.mail.Released = true }
	for _, c := range []struct {
		name  string
		set   func(f *facts)
		to    Destination
		cause tickets.Cause
		whose string
	}{
		{"a customer's", func(*facts) {}, ToCustomer, "", ""},
		{"a canary", func(f *facts) { f.canary = 3 }, ToCanary, "", ""},
		{"a canary with a virus", func(f *facts) { f.canary = 3; f.mail.Scan.Virus = "x" }, ToCanary, "", ""},
		{"it cannot be read", func(f *facts) { f.mail.Fault = "broken" }, ToNobody, tickets.CauseUnprocessable, ""},
		{"a virus", func(f *facts) { f.mail.Scan.Virus = "x" }, ToNobody, tickets.CauseVirus, ""},
		{"a virus that somebody lets in", and(func(f *facts) { f.mail.Scan.Virus = "x" }, released), ToCustomer, "", ""},
		{"not scanned", func(f *facts) { f.mail.Scan.Unscanned = "away" }, ToCustomer, "", ""},
		{"not scanned, and held", func(f *facts) { f.mail.Scan.Unscanned = "away"; f.holdUnscanned = true }, ToNobody, tickets.CauseUnscanned, ""},
		{"too large", func(f *facts) { f.mail.Truncated = true }, ToNobody, tickets.CauseOversize, ""},
		{"junk", func(f *facts) { f.mail.Junk = true }, ToNobody, tickets.CauseSpam, ""},
		{"junk of somebody who is allowed", func(f *facts) { f.mail.Junk = true; f.known = true; f.sender.Allowed = time.Now() }, ToCustomer, "", ""},
		{"junk that pretends to be somebody who is allowed", func(f *facts) {
			f.mail.Junk, f.known, f.sender.Allowed, f.mail.Message.Auth.Verdict = true, true, time.Now(), mailin.VerdictFail
		}, ToNobody, tickets.CauseSpam, ""},
		{"spam", kind(mailin.KindSpam), ToNobody, tickets.CauseSpam, ""},
		{"spam that somebody lets in", and(kind(mailin.KindSpam), released), ToCustomer, "", ""},
		{"our own mail", kind(mailin.KindLoop), ToNobody, tickets.CauseLoop, ""},
		{"as the desk itself", func(f *facts) { f.own = true }, ToNobody, tickets.CauseSystemUser, ""},
		{"as the desk itself, released", and(func(f *facts) { f.own = true }, released), ToCustomer, "", ""},
		{"a vacation note of the desk's own mailbox", and(func(f *facts) { f.own = true }, kind(mailin.KindAutoReply)), ToNobody, tickets.CauseSystemUser, ""},
		{"of somebody blocked", func(f *facts) { f.known = true; f.sender.Blocked = time.Now() }, ToNobody, tickets.CauseBlocklisted, ""},
		{"the admin's answer", func(f *facts) { f.evidence = digest }, ToAdmin, "", ""},
		{"a bounce of a digest", and(func(f *facts) { f.evidence = digest }, kind(mailin.KindBounce)), ToAdmin, "", ""},
		{"a bounce", kind(mailin.KindBounce), ToMachine, "", ""},
		{"an automatic answer", kind(mailin.KindAutoReply), ToMachine, "", ""},
		{"a receipt", kind(mailin.KindReceipt), ToMachine, "", ""},
		{"a calendar answer", kind(mailin.KindCalendar), ToMachine, "", ""},
		{"a challenge", kind(mailin.KindChallenge), ToMachine, "", ""},
		{"a complaint report", kind(mailin.KindFeedback), ToMachine, "", ""},
		{"a reaction", kind(mailin.KindReaction), ToMachine, "", ""},
		{"a recall", kind(mailin.KindRecall), ToMachine, "", ""},
		{"an automatic answer that somebody lets in", and(kind(mailin.KindAutoReply), released), ToCustomer, "", ""},
		{"a machine's", kind(mailin.KindGenerated), ToCustomer, "", ""},
		{"a list's", kind(mailin.KindList), ToCustomer, "", ""},
		{"a guess, with a proof", guess, ToCustomer, "", ""},
		{"a guess without a proof", and(guess, func(f *facts) { f.evidence.Proof = arrival.ByReference }), ToMachine, "", ""},
		{"a guess of a stranger", and(guess, func(f *facts) { f.takesPart = false }), ToMachine, "", ""},
		{"a guess in a ticket that is done", and(guess, func(f *facts) { f.goesOn = false }), ToMachine, "", ""},
		{"a guess whose sender failed a check", and(guess, func(f *facts) { f.mail.Message.Auth.Failed = []string{"spf=fail"} }), ToMachine, "", ""},
		{"a guess with nothing new", and(guess, func(f *facts) { f.mail.Message.NothingNew = true }), ToMachine, "", ""},
		{"a guess of an agent", and(guess, func(f *facts) { f.agent = ann }), ToMachine, "", ""},
		{"no guess, with a proof", and(guess, func(f *facts) { f.mail.Message.Class.Guessed = false }), ToMachine, "", ""},
		{"an agent's answer", func(f *facts) { f.agent, f.noticeTo, f.evidence = ann, ann, in(1, arrival.ByToken, mailout.Agent) }, ToAgent, "", "ann"},
		{"an agent's request", func(f *facts) { f.agent = ann }, ToCustomer, "", ""},
		{"an agent's request with a notice in it", func(f *facts) { f.agent, f.holdsNotice = ann, true }, ToAgent, "", "ann"},
		{"an agent's mail to others", func(f *facts) { f.agent, f.elsewhere = ann, true }, ToAgent, "", "ann"},
		{"an agent's commands", func(f *facts) {
			f.agent, f.typed = ann, commands.Result{Commands: []commands.Command{{Name: commands.Close}}}
		}, ToAgent, "", "ann"},
		{"an agent in a ticket of their own", func(f *facts) { f.agent, f.takesPart, f.evidence = ann, true, in(1, arrival.ByReference, "") }, ToCustomer, "", ""},
		{"an agent's answer to a mail to them as a customer", func(f *facts) { f.agent, f.evidence = ann, in(1, arrival.ByToken, mailout.Customer) }, ToCustomer, "", ""},
		{"a stranger with an agent's notice", func(f *facts) { f.noticeTo, f.evidence = ben, in(1, arrival.ByToken, mailout.Agent) }, ToAgent, "", "ben"},
		{"a customer with an agent's notice", func(f *facts) { f.noticeTo, f.takesPart, f.evidence = ben, true, in(1, arrival.ByToken, mailout.Agent) }, ToCustomer, "", ""},
	} {
		f := facts{mail: &arrival.Mail{Message: &mailin.Message{Reply: "Some words.", Class: mailin.Class{Kind: mailin.KindPerson}, Auth: mailin.Auth{Verdict: mailin.VerdictNone}}}}
		c.set(&f)
		got := route(f)
		who := ""
		if got.Agent != nil {
			who = got.Agent.Name
		}
		if got.To != c.to || got.Cause != c.cause || who != c.whose || got.Stranger != (who == "ben") {
			t.Errorf("%s: %+v (%s)", c.name, got, who)
		}
		if (got.To == ToNobody) != (got.Outcome != "") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// Who writes as the desk itself and names nobody: the admin reads which line would help.
func TestTheHintForAForm(t *testing.T) {
	m := &arrival.Mail{Message: &mailin.Message{From: []mailin.Address{{Address: "support@acme.example"}}, Class: mailin.Class{Kind: mailin.KindPerson}}}
	if got := route(facts{mail: m, own: true}); got.Outcome != tickets.Quarantined || !strings.Contains(strings.Join(got.Reasons, " "), "{from: support@acme.example, person_in: [Reply-To]}") {
		t.Errorf("%+v", got)
	}
	m.Message.Class.Kind = mailin.KindAutoReply
	if got := route(facts{mail: m, own: true}); got.Outcome != tickets.AsLoop {
		t.Errorf("an automatic answer: %+v", got)
	}
}
