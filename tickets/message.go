package tickets

import (
	"slices"
	"time"
)

// Message is something that was written in a ticket, by anyone.
type Message struct {
	ID         int64
	Ticket     int64
	Inbound    int64 // the arrival it came with, 0 for none
	Kind       MessageKind
	Author     Actor
	Visibility Visibility
	At         time.Time
	MessageID  string
	Address    string // folded From, for what came from outside
	Subject    string
	Text       string // what is new
	Whole      string // the whole text, if it differs
	Files      []Attachment
	Flags      []Flag
}

// MessageKind says who wrote a message and for what purpose.
type MessageKind string

// Kinds of messages.
const (
	FromCustomer MessageKind = "customer"
	FromAgent    MessageKind = "agent" // an answer
	FromVendor   MessageKind = "vendor"
	Note         MessageKind = "note"
	Automatic    MessageKind = "auto" // filed, written by a machine
)

// Visibility says who may read a message.
type Visibility string

// Visibilities.
const (
	Public   Visibility = "public"
	Internal Visibility = "internal"
)

// Attachment is a file of a message. Its content is stored only in the raw mail.
type Attachment struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	ContentID string `json:"cid,omitempty"`
	Size      int64  `json:"size"`
	Index     int    `json:"index"` // among the attachments of the mail
	Inline    bool   `json:"inline,omitempty"`
}

// Flag marks something that readers of a message should know.
type Flag string

// Flags of messages.
const (
	FlagOtherAddress Flag = "other-address"         // written from an address that is not a participant's
	FlagForged       Flag = "authentication-failed" // the sender failed authentication
	FlagReplyTo      Flag = "reply-to-elsewhere"    // answers are asked for at another domain
	FlagLookalike    Flag = "looks-like-us"         // the display name imitates the desk or an agent
	FlagVirus        Flag = "virus-found"           // released although the scanner found something
	FlagUnscanned    Flag = "not-scanned"           // the scanner could not be asked
	FlagQuotesNotice Flag = "quotes-notice"         // by an agent, from a mail that contains a notice of ours or a part of it
)

// Flagged reports whether the message has a flag.
func (m *Message) Flagged(f Flag) bool { return slices.Contains(m.Flags, f) }

// Role is the role of a participant.
type Role string

// Roles of participants.
const (
	Requester Role = "requester"
	Cc        Role = "cc"
)

// Participant is a person outside who takes part in a ticket.
type Participant struct {
	Address string // folded
	Role    Role
	Name    string
	Shown   string // the address as its owner writes it
	Person  int64  // 0 for somebody who never wrote
	Muted   bool   // the mailbox does not exist
	Added   time.Time
}

// Person is a customer, known by an address.
type Person struct {
	ID       int64
	Name     string
	Language string
	Address  string // folded
	Shown    string
	Muted    time.Time // since when no automatic mail is sent: the mailbox does not exist
	Blocked  time.Time
	Allowed  time.Time // since when spam verdicts are ignored
}
