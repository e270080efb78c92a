package arrival

import (
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
)

// Trust is how far an agent's mail can be believed.
type Trust int

// How far, the least first.
const (
	Claimed       Trust = iota // a From line
	Authenticated              // the server, or a signature, says that the From line is true
	Proven                     // it holds what only the agent was given
)

func (t Trust) String() string { return [...]string{"claimed", "authenticated", "proven"}[t] }

// signedAge bounds how far the Date of a signed mail may be from its arrival.
const signedAge = 72 * time.Hour

// TrustIn returns how far a mail that bears an agent's address can be believed, and why. It is
// pure.
func (m *Mail) TrustIn(desk *tickets.Identity, agent *tickets.Agent, e Evidence, now time.Time) (Trust, phrase.Text) {
	if m.Confirmed == agent.Name {
		return Proven, phrase.Say("it was confirmed from the address that we know")
	}
	if m.Message.Auth.Verdict == mailin.VerdictFail {
		return Claimed, phrase.Say("the sender's address failed authentication")
	}
	if m.severalAuthors() {
		return Claimed, phrase.Say("it names several senders")
	}
	signed, how := m.Signed(desk)
	if m.Message.Auth.Internal {
		return Authenticated, how
	}
	if e.Forged {
		return Claimed, phrase.Say("the reply address is not one that the desk gave out")
	}
	why := phrase.Say("nothing in it proves who sent it")
	if e.Proof.Strong() && e.AnswersNotice() {
		switch {
		case e.Notice.Mail.Party != mailout.Agent || !agent.StandsFor(tickets.Actor(e.Notice.Mail.Person).Agent()):
			why = phrase.Say("it answers a notice to somebody else")
		case !e.Notice.Live(now):
			why = phrase.Say("the notice that it answers has been used up or is too old")
		default:
			return Proven, phrase.Say("it answers a notice that only this agent was sent")
		}
	}
	if signed {
		return Authenticated, how
	}
	if !how.Empty() {
		why = how
	}
	return Claimed, why
}

// severalAuthors reports whether a mail names more than one author, or has more than one From field
// (RFC 5322 section 3.6 allows one): what vouches for one of them says nothing of the others.
func (m *Mail) severalAuthors() bool {
	return len(m.Message.From) > 1
}

// Signed reports whether our own server, or a signature, says that the From line is true, of a mail
// that was meant for us, now; and how, or why not.
func (m *Mail) Signed(desk *tickets.Identity) (bool, phrase.Text) {
	if m.Message.Auth.Internal {
		return true, phrase.Say("our own server vouches for the sender")
	}
	if m.Message.Auth.Verdict != mailin.VerdictPass {
		return false, phrase.Text{}
	}
	// A signature proves who wrote a mail, not that it was meant for us, now: it could be an old
	// mail of theirs, sent again by another.
	switch age := m.Received.Sub(m.Message.Date); {
	case !m.Addressed(desk):
		return false, phrase.Say("the signed mail is not addressed to the desk")
	case age > signedAge || age < -signedAge:
		return false, phrase.Say("the signed mail is from another time")
	}
	return true, phrase.Say("the domain has signed it")
}
