package customer

import (
	"tierdesk/mailin"
	"tierdesk/tickets/arrival"
)

// mailFacts is everything that determines the rights of a mail in the ticket that it refers to.
type mailFacts struct {
	proof     arrival.Proof
	verdict   mailin.Verdict // on the sender
	doubtful  bool           // a check of the sender failed, whichever it was
	speaksFor bool           // a web form or a list sent it for the sender, about whom nothing is known
	takesPart bool           // the sender is a participant, by their address
	settled   bool           // a person has released the mail
	done      bool           // the ticket is solved or closed
	late      bool           // too long ago to be reopened
	thanks    bool           // it says only thank you; determined only if the ticket is done
	automatic bool
	allWell   bool // monitoring says so
}

// rights are what a mail may do in the ticket that it refers to.
type rights struct {
	fit     fit
	reopens bool // a ticket that is done
	brings  bool // the people in its Cc, as participants
}

// fit is whether a mail belongs to the ticket that it refers to.
type fit int

const (
	same    fit = iota // it does
	another            // no: it opens a ticket of its own, linked to that one
	forged             // it may not
)

func (f fit) String() string { return [...]string{"same", "another", "forged"}[f] }

// rightsOf decides what a mail may do in the ticket that it refers to. It is pure.
//
// A mail whose sender failed a check proves nothing: a participant's is added, with a warning, and
// has no other effect. A mail with weak proof is added to a ticket that is not done, and changes
// its status at most from pending to open.
func rightsOf(s mailFacts) rights {
	proven := s.proof.Strong() && !s.doubtful
	switch {
	case s.proof == arrival.ByMergeKey && !s.doubtful: // a rule of the admin's says so
		return rights{fit: same, reopens: s.done && !s.allWell}
	case !s.takesPart && s.proof.Strong() && s.verdict == mailin.VerdictFail && !s.settled:
		return rights{fit: forged}
	case !s.takesPart && !s.proof.Strong():
		return rights{fit: another} // a stranger who only knows a number
	case s.done && !s.thanks && (!proven || s.late):
		return rights{fit: another} // a ticket can be reopened only for some time
	}
	return rights{
		fit:     same,
		reopens: s.done && !s.thanks && !s.automatic,
		brings:  s.takesPart && proven && !s.speaksFor,
	}
}
