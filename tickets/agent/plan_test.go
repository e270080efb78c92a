package agent

import (
	"testing"

	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/phrase"
)

// said is what was read in a mail with this text.
func said(text string) commands.Result {
	return commands.Parse(text, commands.Options{Agents: []string{"ann", "ben"}, Priorities: []string{"high"}, Tiers: []int{1, 2}, Enabled: (&Handler{Table: append(Commands(), Words()...)}).Names()})
}

// What is done with an agent's mail, in every situation that there is.
func TestDecide(t *testing.T) {
	good := func(text string) situation {
		typed := said(text)
		return situation{trust: arrival.Proven, ticket: true, lacks: typed.NeedsTicket(), typed: typed, needProof: (&Handler{Table: Commands()}).needProof(&tickets.Agent{}, &typed), addressed: true, participants: 1}
	}
	with := func(s situation, change func(*situation)) situation {
		change(&s)
		return s
	}
	confirmed := func(s *situation) { s.confirmed = true }
	newMail := func(s *situation) { s.ticket = false }
	claimed := func(s *situation) { s.ticket, s.trust = false, arrival.Claimed }
	elsewhere := func(s *situation) { s.elsewhere = true }
	signed := func(s *situation) { s.signed = true }
	for _, c := range []struct {
		name string
		situation
		do     step
		hold   tickets.HoldReason
		public bool
		body   string
	}{
		{"an answer", good("Please restart."), toCarryOut, "", true, "Please restart."},
		{"a note", good("/note\nHe never pays."), toCarryOut, "", false, "He never pays."},
		{"by the button for a note", with(good("He never pays."), func(s *situation) { s.action = token.Note }), toCarryOut, "", false, "He never pays."},
		{"commands alone", good("/take\n/priority high"), toCarryOut, "", false, ""},
		{"not believed", with(good("Please restart."), func(s *situation) { s.trust = arrival.Claimed }), toAsk, "", false, ""},
		{"not believed, with commands", with(good("/close"), func(s *situation) { s.trust = arrival.Claimed }), toAsk, "", false, ""},
		{"a button", with(good("anything"), func(s *situation) { s.action = token.Close }), toPress, "", false, ""},
		{"/send", good("/send"), toSettle, "", false, ""},
		{"/drop", good("/drop"), toSettle, "", false, ""},
		{"an answer to the question whose a mail was", with(good("What is this?"), func(s *situation) { s.notice = templates.Confirm }), toHold, tickets.HoldConfirm, false, ""},
		{"too large", with(good("Please restart."), func(s *situation) { s.truncated = true }), toHold, tickets.HoldTruncated, false, ""},
		{"too large, confirmed", with(with(good("Please restart."), func(s *situation) { s.truncated = true }), confirmed), toHold, tickets.HoldTruncated, false, ""},
		{"encrypted", with(good("Please restart."), func(s *situation) { s.encrypted = true }), toHold, tickets.HoldEncrypted, false, ""},
		{"encrypted, confirmed", with(with(good("Please restart."), func(s *situation) { s.encrypted = true }), confirmed), toHold, tickets.HoldEncrypted, false, ""},
		{"a forward", with(good("Please look."), func(s *situation) { s.forward = true }), toHold, tickets.HoldForward, false, ""},
		{"a forward, confirmed", with(with(good("Please look."), func(s *situation) { s.forward = true }), confirmed), toCarryOut, "", true, "Please look."},
		{"a doubt", good("/notee\nHe never pays."), toHold, tickets.HoldDoubt, false, ""},
		{"empty", good(""), toHold, tickets.HoldDoubt, false, ""},
		{"a stranger brought in by a reply address alone", good("/cc +x@y.example\nHello."), toHold, tickets.HoldUnproven, false, ""},
		{"the same, signed", with(good("/cc +x@y.example\nHello."), func(s *situation) { s.signed = true }), toCarryOut, "", true, "Hello."},
		{"only a number: an answer", with(good("Please restart."), func(s *situation) { s.weak = true }), toHold, tickets.HoldWeak, false, ""},
		{"only a number: a command", with(good("/close"), func(s *situation) { s.weak = true }), toHold, tickets.HoldWeak, false, ""},
		{"only a number: a note and a command", with(good("/note\n/close\nDone."), func(s *situation) { s.weak = true }), toHold, tickets.HoldWeak, false, ""},
		{"only a number: a note", with(good("/note\nHe called."), func(s *situation) { s.weak = true }), toCarryOut, "", false, "He called."},
		{"the desk in Cc", with(good("Look at this."), func(s *situation) { s.addressed = false }), toHold, tickets.HoldElsewhere, false, ""},
		{"a customer in To, the desk in Cc", with(good("It works."), func(s *situation) { s.addressed, s.weak, s.reached = false, true, []string{"max@customer.example"} }), toRecord, "", false, ""},
		{"the same with a command", with(good("/close\nIt works."), func(s *situation) { s.addressed, s.reached = false, []string{"max@customer.example"} }), toHold, tickets.HoldElsewhere, false, ""},
		{"the same as a note", with(good("/note\nIt works."), func(s *situation) { s.addressed, s.reached = false, []string{"max@customer.example"} }), toCarryOut, "", false, "It works."},
		{"the same, not believed", with(good("It works."), func(s *situation) {
			s.addressed, s.reached, s.trust = false, []string{"max@customer.example"}, arrival.Claimed
		}), toAsk, "", false, ""},
		{"the same with a doubt", with(good("/notee\nIt works."), func(s *situation) { s.addressed, s.reached = false, []string{"max@customer.example"} }), toHold, tickets.HoldDoubt, false, ""},
		{"a new mail to a customer, the desk in Cc", with(with(good("It works."), newMail), func(s *situation) { s.elsewhereOnly, s.reached = true, []string{"max@customer.example"} }), toRecord, "", false, ""},
		{"a new mail to colleagues, the desk in Cc", with(with(good("It works."), newMail), func(s *situation) { s.elsewhereOnly = true }), toHold, tickets.HoldNoTicket, false, ""},
		{"a trainee's answer", with(good("Please restart."), func(s *situation) { s.draft = true }), toDraft, "", false, "Please restart."},
		{"the same, once they have said that they mean it", with(with(good("Please restart."), func(s *situation) { s.draft = true }), confirmed), toDraft, "", false, "Please restart."},
		{"a trainee's question to a third person", with(good("Is it old?"), func(s *situation) { s.draft, s.taken = true, true }), toDraft, "", false, "Is it old?"},
		{"a trainee's note", with(good("/note\nHe never pays."), func(s *situation) { s.draft = true }), toCarryOut, "", false, "He never pays."},
		{"a trainee's command", with(good("/take"), func(s *situation) { s.draft = true }), toCarryOut, "", false, ""},
		{"a file of the ticket", with(good("Here it is."), func(s *situation) { s.files = true }), toCarryOut, "", true, "Here it is."},
		{"a file and no text", with(good("/take"), func(s *situation) { s.files = true }), toHold, tickets.HoldFile, false, ""},
		{"a file that is not there", with(good("Here it is."), func(s *situation) { s.refused = phrase.Say("No.") }), toHold, tickets.HoldFile, false, ""},
		{"the same, confirmed", with(with(good("Here it is."), func(s *situation) { s.refused = phrase.Say("No.") }), confirmed), toHold, tickets.HoldFile, false, ""},
		{"others in To", with(good("Look at this."), func(s *situation) { s.others = []string{"boss@acme.example"} }), toHold, tickets.HoldElsewhere, false, ""},
		{"others in To, confirmed", with(with(good("Look at this."), func(s *situation) { s.others = []string{"boss@acme.example"} }), confirmed), toCarryOut, "", true, "Look at this."},
		{"lines of the notice, perhaps", with(good("It is on."), func(s *situation) { s.unsure = []string{"It is on"} }), toHold, tickets.HoldUnsure, false, ""},
		{"it speaks of the customer", with(good("They never pay."), func(s *situation) { s.ofCustomer = true }), toHold, tickets.HoldUnsure, false, ""},
		{"the same, confirmed", with(with(good("They never pay."), func(s *situation) { s.ofCustomer = true }), confirmed), toCarryOut, "", true, "They never pay."},
		{"a key", with(good("Here it is."), func(s *situation) { s.key = "RSA PRIVATE KEY" }), toHold, tickets.HoldUnsure, false, ""},
		{"stale", with(good("Please restart."), func(s *situation) { s.unseen = &tickets.Message{ID: 7} }), toHold, tickets.HoldStale, false, ""},
		{"stale, confirmed", with(with(good("Please restart."), func(s *situation) { s.unseen = &tickets.Message{ID: 7} }), confirmed), toCarryOut, "", true, "Please restart."},
		{"nobody outside", with(good("Please restart."), func(s *situation) { s.participants = 0 }), toHold, tickets.HoldNobody, false, ""},
		{"another ticket, with a reply address of this one", with(good("/close 12"), elsewhere), toHold, tickets.HoldUnproven, false, ""},
		{"another ticket, signed", with(with(good("/close 12"), elsewhere), signed), toCarryOut, "", false, ""},
		{"another ticket, confirmed", with(with(good("/close 12"), elsewhere), confirmed), toCarryOut, "", false, ""},
		{"restricted to others", with(with(good("/take\nHello."), newMail), func(s *situation) { s.hidden = true }), toHold, tickets.HoldNoTicket, false, ""},
		{"restricted to others: a button", with(with(good(""), newMail), func(s *situation) { s.hidden, s.action = true, token.Close }), toHold, tickets.HoldNoTicket, false, ""},
		{"restricted to others: help", with(with(good("/help"), newMail), func(s *situation) { s.hidden = true }), toHold, tickets.HoldNoTicket, false, ""},
		{"without the right", with(good("/take\nHello."), func(s *situation) { s.noRight = commands.Take }), toHold, tickets.HoldRight, false, ""},
		{"without the right, confirmed", with(with(good("/take"), func(s *situation) { s.noRight = commands.Take }), confirmed), toHold, tickets.HoldRight, false, ""},
		{"a new mail: help", with(good("/help"), newMail), toCarryOut, "", false, ""},
		{"a new mail: help, not believed", with(good("/help"), claimed), toCarryOut, "", false, ""},
		{"a new mail: a command for no ticket", with(good("/take"), newMail), toHold, tickets.HoldNoTicket, false, ""},
		{"a new mail: the same, not believed", with(good("/take"), claimed), toHold, tickets.HoldNoTicket, false, ""},
		{"a new mail: misspelt", with(good("/hlep"), claimed), toHold, tickets.HoldDoubt, false, ""},
		{"a new mail: tickets by number, not believed", with(with(good("/close 12 13"), claimed), elsewhere), toAsk, "", false, ""},
		{"a new mail: tickets by number, proven for none", with(with(good("/close 12 13"), newMail), elsewhere), toHold, tickets.HoldUnproven, false, ""},
		{"a new mail: tickets by number, signed", with(with(with(good("/close 12 13"), newMail), elsewhere), signed), toCarryOut, "", false, ""},
		{"a new mail: a text for no ticket", with(with(with(good("/close 12\nIt works."), newMail), elsewhere), signed), toHold, tickets.HoldNoTicket, false, ""},
		{"a new mail: /send, not believed", with(good("/send"), claimed), toAsk, "", false, ""},
		{"a new mail: the button for /send, not believed", with(with(good("/hlep"), claimed), func(s *situation) { s.action = token.Send }), toAsk, "", false, ""},
		{"nobody outside, a note", with(good("/note\nHe called."), func(s *situation) { s.participants = 0 }), toCarryOut, "", false, "He called."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := decide(c.situation)
			if p.do != c.do || p.hold != c.hold || p.public != c.public || p.body != c.body {
				t.Errorf("do %d, hold %q, public %t, body %q", p.do, p.hold, p.public, p.body)
			}
			if p.do == toHold && len(p.why) == 0 {
				t.Error("held without a reason")
			}
		})
	}
}

// What /send refuses, whatever the agent says.
func TestRefusal(t *testing.T) {
	for _, c := range []struct {
		reason  tickets.HoldReason
		text    string
		refused bool
	}{
		{tickets.HoldStale, "Please restart.", false},
		{tickets.HoldClaimed, "/close", false},
		{tickets.HoldDoubt, "@bob mended it.\nPlease try again.", false},
		{tickets.HoldDoubt, "Hello, /note, he never pays.", false}, // it becomes a note
		{tickets.HoldDoubt, "/undoo\nHe never pays.", true},
		{tickets.HoldDoubt, "Hello.\n\n/close", true},
		{tickets.HoldDoubt, "", true},
		{tickets.HoldTruncated, "Please restart.", true},
		{tickets.HoldEncrypted, "Please restart.", true},
		{tickets.HoldNoTicket, "/close", true},
	} {
		r := said(c.text)
		if why := refusal(c.reason, &r); why.Empty() == c.refused {
			t.Errorf("%s, %q: %q", c.reason, c.text, why.English())
		}
	}
}

func TestKeepOwnQuotes(t *testing.T) {
	messages := []tickets.Message{
		{Kind: tickets.FromCustomer, Visibility: tickets.Public, Text: "It hums.\nDo I  wait?"},
		{Kind: tickets.Note, Visibility: tickets.Internal, Text: "They never pay."},
		{Kind: tickets.FromAgent, Visibility: tickets.Public, Text: "Since when?"},
	}
	got := keepOwnQuotes("> It hums.\nSwitch it off.\n>> Do I wait?\nNo.\n> They never pay.\n> Since when?\n", messages)
	if want := "> It hums.\nSwitch it off.\n>> Do I wait?\nNo."; got != want {
		t.Errorf("kept %q, wanted %q", got, want)
	}
}
