package tickets

import (
	"cmp"
	"time"
)

// Side is a conversation with somebody outside who takes no part in the ticket: a consultant, an
// approver. They see what was written for them and nothing else; what they answer is internal.
type Side struct {
	ID       int64
	Ticket   int64
	Party    string // a mailout.Party: "consultant"
	Address  string // folded
	Shown    string // as it was typed
	Vendor   string // its name in people.yaml, of a vendor
	Language string // "" if it is not known
	AskedBy  string // agent's name, of who asked last
	State    SideState
	Question int64         // the message that they were asked last
	Mail     int64         // the copy in the outbox that asked, or reminded, last
	Reminded int           // since they were asked
	Remind   time.Duration // after which they are reminded; 0 as ever
	Asked    time.Time
	Settled  time.Time
	// Reference is the vendor's own number for the ticket, "" as long as none is known.
	Reference string
}

// SideState is how a side conversation stands.
type SideState string

// States of side conversations.
const (
	SideWaiting  SideState = "waiting"
	SideAnswered SideState = "answered"
	SideApproved SideState = "approved"
	SideDeclined SideState = "declined"
	SideSilent   SideState = "silent" // no answer, and no more reminders
)

// Actor is the person asked, as events name them.
func (s *Side) Actor() Actor { return SideActor(s.Party, s.ID) }

// Called is how agents know the person asked: a vendor by its name, anybody else by their address.
func (s *Side) Called() string { return cmp.Or(s.Vendor, s.Shown) }

// Decided reports whether an approver has said yes or no.
func (s *Side) Decided() bool { return s.State == SideApproved || s.State == SideDeclined }
