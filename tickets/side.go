package tickets

import (
	"cmp"
	"time"
)

// Side is a conversation with somebody outside who does not take part in the ticket, such as a
// consultant or an approver. They see only what was written for them; their answers are internal.
type Side struct {
	ID       int64
	Ticket   int64
	Party    string // a mailout.Party: "consultant"
	Address  string // folded
	Shown    string // as it was typed
	Vendor   string // its name in people.yaml, of a vendor
	Language string // "" if it is not known
	AskedBy  string // name of the agent who asked last
	State    SideState
	Question int64         // the message with the latest question to them
	Mail     int64         // the copy in the outbox that asked, or reminded, last
	Reminded int           // since they were asked
	Remind   time.Duration // after which they are reminded; 0 for the default
	Asked    time.Time
	Settled  time.Time
	// Reference is the vendor's own number for the ticket, "" until it is known.
	Reference string
}

// SideState is the state of a side conversation.
type SideState string

// States of side conversations.
const (
	SideWaiting  SideState = "waiting"
	SideAnswered SideState = "answered"
	SideApproved SideState = "approved"
	SideDeclined SideState = "declined"
	SideSilent   SideState = "silent" // no answer, and no more reminders
)

// Actor returns the person asked as an actor of events.
func (s *Side) Actor() Actor { return SideActor(s.Party, s.ID) }

// Called returns the agents' name for the person asked: a vendor's name, anybody else's address.
func (s *Side) Called() string { return cmp.Or(s.Vendor, s.Shown) }

// Decided reports whether an approver has said yes or no.
func (s *Side) Decided() bool { return s.State == SideApproved || s.State == SideDeclined }
