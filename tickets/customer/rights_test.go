package customer

import (
	"fmt"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
)

// methods are what our mail server may have written about a mail of max@customer.example, and what follows from it.
var methods = []struct {
	results string // of the Authentication-Results field; "" for no field
	verdict mailin.Verdict
	failed  bool // a check of customer.example, and nothing proves it
}{
	{"", mailin.VerdictNone, false},
	{"none", mailin.VerdictNone, false},
	{"dmarc=pass header.from=customer.example", mailin.VerdictPass, false},
	{"dkim=pass header.d=customer.example", mailin.VerdictPass, false},
	{"dkim=fail header.d=customer.example; dkim=pass header.d=mail.customer.example", mailin.VerdictPass, false},
	{"spf=fail smtp.mailfrom=customer.example; dkim=pass header.d=customer.example", mailin.VerdictPass, false}, // forwarded
	{"dmarc=fail header.from=customer.example; spf=fail smtp.mailfrom=evil.example", mailin.VerdictFail, true},
	{"dmarc=fail header.from=customer.example; dkim=pass header.d=evil.example", mailin.VerdictFail, true},
	{"dmarc=none; spf=fail smtp.mailfrom=max@customer.example", mailin.VerdictNone, true},
	{"spf=hardfail smtp.mailfrom=customer.example", mailin.VerdictNone, true},
	{"spf=fail", mailin.VerdictNone, true}, // it does not say of which domain
	{"dkim=fail header.d=customer.example", mailin.VerdictNone, true},
	{"dkim=fail header.i=@sub.customer.example; spf=pass smtp.mailfrom=evil.example", mailin.VerdictNone, true},
	{"domainkeys=fail header.from=customer.example", mailin.VerdictNone, true},
	{"sender-id=fail header.from=customer.example", mailin.VerdictNone, true},
	{"compauth=fail", mailin.VerdictNone, true},
	{"spf=fail smtp.mailfrom=list.example; dmarc=none", mailin.VerdictNone, false}, // of the list
	{"dkim=fail header.d=list.example", mailin.VerdictNone, false},
	{"spf=softfail smtp.mailfrom=customer.example", mailin.VerdictNone, false},
	{"spf=neutral smtp.mailfrom=customer.example; dkim=temperror header.d=customer.example; dmarc=permerror", mailin.VerdictNone, false},
	{"spf=pass smtp.mailfrom=customer.example; iprev=fail; dkim=none", mailin.VerdictNone, false},
}

func authOf(results string) mailin.Auth {
	m := &mailin.Message{From: []mailin.Address{{Address: "max@customer.example"}}, Header: mailin.Header{{Key: "From", Value: "max@customer.example"}}}
	if results != "" {
		m.Header = append(mailin.Header{{Key: "Authentication-Results", Value: "mx.acme.example; " + results}}, m.Header...)
	}
	return classify.AuthResults(m, classify.Trust{AuthservIDs: []string{"mx.acme.example"}})
}

// What a server says of a sender, whatever method it names, counts for the domain of From and for no other.
func TestWhatCountsAsAFailedCheck(t *testing.T) {
	for _, m := range methods {
		if a := authOf(m.results); a.Verdict != m.verdict || a.Doubtful() != m.failed {
			t.Errorf("%q: %s, doubtful %v (%v); want %s, %v", m.results, a.Verdict, a.Doubtful(), a.Failed, m.verdict, m.failed)
		}
	}
}

// The whole table: each result of each method, with each evidence, for each sender, ticket and text. What must never be is said here in words of its own.
func TestPretending(t *testing.T) {
	both := []bool{false, true}
	rows := 0
	for _, method := range methods {
		auth := authOf(method.results)
		for proof := arrival.NoProof; proof <= arrival.ByToken; proof++ {
			for bits := range 1 << 7 {
				bit := func(i int) bool { return both[bits>>i&1] }
				s := mailFacts{proof: proof, verdict: auth.Verdict, doubtful: auth.Doubtful(), speaksFor: bit(0), takesPart: bit(1), settled: bit(2), done: bit(3), late: bit(4), thanks: bit(5), automatic: bit(6)}
				may, keyed := rightsOf(s), proof == arrival.ByKeyedID || proof == arrival.ByToken
				rows++
				if proof == arrival.ByMergeKey && !s.doubtful { // a rule of the admin's says so, whoever wrote
					if want := (rights{fit: same, reopens: s.done}); may != want {
						t.Fatalf("a report of monitoring: %+v gives %+v", s, may)
					}
					continue
				}
				var wrong []string
				never := func(what string, condition bool) {
					if condition {
						wrong = append(wrong, what)
					}
				}
				never("a failed check reopens or brings somebody", method.failed && (may.brings || may.fit == same && may.reopens))
				never("weak proof reopens or brings somebody", !keyed && (may.brings || may.fit == same && may.reopens))
				never("somebody who takes no part brings others", !s.takesPart && may.brings)
				never("a form brings others", s.speaksFor && may.brings)
				never("a stranger without proof is in the ticket", !s.takesPart && !keyed && may.fit != another)
				never("a forged stranger with a key is in the ticket", !s.takesPart && keyed && s.verdict == mailin.VerdictFail && !s.settled && may.fit != forged)
				never("a mail is refused that only had to be added", may.fit == forged && (s.takesPart || !keyed || s.settled || s.verdict != mailin.VerdictFail))
				never("what is long over is opened again", s.done && s.late && !s.thanks && may.fit == same)
				never("thanks or a machine reopens", may.reopens && (s.thanks || s.automatic))
				never("a ticket that is not done is reopened", may.reopens && !s.done)
				never("a participant is sent away from a ticket that goes on", s.takesPart && !s.done && may.fit != same)
				never("a participant's word is lost in a ticket that is done", s.takesPart && s.done && !s.thanks && !s.automatic && may.fit == same && !may.reopens)
				never("a proven participant's Cc is not taken", s.takesPart && keyed && !method.failed && !s.speaksFor && may.fit == same && !may.brings)
				if len(wrong) > 0 {
					t.Fatalf("%s: %q, %+v gives %+v", strings.Join(wrong, "; "), method.results, s, may)
				}
			}
		}
	}
	if want := len(methods) * (int(arrival.ByToken) + 1) * 128; rows != want {
		t.Errorf("%d rows, not %d", rows, want)
	}
}

// A few rows in plain sight.
func TestRights(t *testing.T) {
	for _, c := range []struct {
		name string
		s    mailFacts
		want rights
	}{
		{"an answer", mailFacts{proof: arrival.ByToken, takesPart: true}, rights{same, false, true}},
		{"a forged answer", mailFacts{proof: arrival.ByToken, takesPart: true, verdict: mailin.VerdictFail, doubtful: true}, rights{same, false, false}},
		{"an answer whose SPF failed", mailFacts{proof: arrival.ByKeyedID, takesPart: true, doubtful: true}, rights{same, false, false}},
		{"a forged answer to a solved ticket", mailFacts{proof: arrival.ByToken, takesPart: true, done: true, verdict: mailin.VerdictFail, doubtful: true}, rights{another, false, false}},
		{"an answer to a solved ticket", mailFacts{proof: arrival.ByToken, takesPart: true, done: true}, rights{same, true, true}},
		{"thanks for a solved ticket", mailFacts{proof: arrival.ByToken, takesPart: true, done: true, thanks: true}, rights{same, false, true}},
		{"a number from a participant", mailFacts{proof: arrival.ByNumber, takesPart: true}, rights{same, false, false}},
		{"a number from a stranger", mailFacts{proof: arrival.ByNumber}, rights{another, false, false}},
		{"another address of the customer", mailFacts{proof: arrival.ByToken}, rights{same, false, false}},
		{"a forged stranger with a token", mailFacts{proof: arrival.ByToken, verdict: mailin.VerdictFail, doubtful: true}, rights{forged, false, false}},
		{"a form in a participant's name", mailFacts{proof: arrival.ByKeyedID, takesPart: true, speaksFor: true}, rights{same, false, false}},
	} {
		if got := rightsOf(c.s); got != c.want {
			t.Errorf("%s: %s", c.name, fmt.Sprintf("%+v, not %+v", got, c.want))
		}
	}
}

func mailOf(m *mailin.Message) decision.CustomerMail {
	return decision.CustomerMail{Mail: &arrival.Mail{Message: m}}
}
