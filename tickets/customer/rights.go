package customer

import (
	"tierdesk/mailin"
	"tierdesk/tickets/arrival"
)

// standing is all that the rights of a mail in the ticket that it points at depend on.
type standing struct {
	proof     arrival.Proof
	verdict   mailin.Verdict // on the sender
	doubtful  bool           // a check of the sender failed, whichever it was
	speaksFor bool           // a web form or a list speaks for the sender, so that nothing is known of them
	takesPart bool           // the sender does, by their address
	settled   bool           // a person has let the mail in
	done      bool           // the ticket is solved or closed
	late      bool           // too long ago to be reopened
	thanks    bool           // it says no more than thank you: asked only if the ticket is done
	automatic bool
	allWell   bool // monitoring says so
}

// rights are what a mail may do in the ticket that it points at.
type rights struct {
	fit     fit
	reopens bool // a ticket that is done
	brings  bool // those in its Cc into the ticket
}

// fit is whether a mail goes on with the ticket that it points at.
type fit int

const (
	same    fit = iota // it does
	another            // it opens a ticket of its own, linked to that one
	forged             // it may not
)

func (f fit) String() string { return [...]string{"same", "another", "forged"}[f] }

// rightsOf decides what a mail may do in the ticket that it points at. It is pure.
//
// A mail whose sender failed a check proves nothing: of a participant it is added, with a warning,
// and does no more. Weak proof adds to a ticket that is not done, and changes no more than pending
// to open.
func rightsOf(s standing) rights {
	proven := s.proof.Strong() && !s.doubtful
	switch {
	case s.proof == arrival.ByMergeKey && !s.doubtful: // a rule of the admin's says so
		return rights{fit: same, reopens: s.done && !s.allWell}
	case !s.takesPart && s.proof.Strong() && s.verdict == mailin.VerdictFail && !s.settled:
		return rights{fit: forged}
	case !s.takesPart && !s.proof.Strong():
		return rights{fit: another} // a stranger who knows a number
	case s.done && !s.thanks && (!proven || s.late):
		return rights{fit: another} // nothing is reopened for ever
	}
	return rights{
		fit:     same,
		reopens: s.done && !s.thanks && !s.automatic,
		brings:  s.takesPart && proven && !s.speaksFor,
	}
}
