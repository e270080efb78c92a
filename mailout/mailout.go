// Package mailout is the outbox: mails that a decision has made, kept in the database until a mail
// server has accepted them. It owns the table outbox and the rules of its states. It must never
// know tickets or rules: a ticket is only a number to it.
//
//	token     keyed reply addresses and Message-IDs
//	compose   a row to RFC 5322 bytes, the same each time, and the last gate
//	smtp      the Sender, the only place that speaks SMTP
//
// The states of a row:
//
//	     EnqueueAll
//	         |
//	         v      Claim: a holder, a lease, attempts+1       taken
//	.---- waiting ------------------------------> in hand ------------> sent
//	|      ^ ^ ^                                  | | | |                |
//	|      | | '-- Release: it was not tried -----' | | |                '-- Bounced: it stays sent, and
//	|      | '---- later (4xx, cut): Delay ---------' | |                    is known not to have arrived
//	|      |       lease over, holder dead: Reclaim   | |
//	|      |                                          | '-- refused for good, or 5 days ---> failed
//	|      |                                          '---- gate, or it stops senders -----> held
//	|      |                                                                                  |
//	|      '-------- Retry, Pass (held); Recall (failed, and it was our account) -------------'
//	|
//	'-- Drop, also of failed and held ---> dropped
//
// "In hand" is waiting with a holder; it is no state of its own, so that a crash loses nothing.
package mailout

import (
	"errors"
	"time"

	"tierdesk/mailin"
)

// Mail is one copy of a mail for one recipient, as a decision made it. Once it is in the outbox it
// does not change.
type Mail struct {
	ID        int64  `json:"-"` // of the copy: the notice to which its reply token is bound
	Group     int64  `json:"-"` // ID of the first copy; all copies share the Message-ID and what is visible
	Inbox     string `json:"-"` // whose identity and outgoing account it uses
	Ticket    int64  `json:"-"` // number of the ticket, 0 for none
	Kind      string `json:"-"` // its purpose: mostly a template's name, e.g. "ack", "answer", "agent-new"
	Party     Party  `json:"-"`
	Person    string `json:"-"` // the actor it goes to: "agent:jane", "person:7", "vendor:acme", "admin"
	Recipient string `json:"-"` // the envelope's RCPT TO
	// AfterMessage is the newest message of the ticket that the recipient sees in this mail: a
	// reply to it that missed a later one is stale.
	AfterMessage int64     `json:"-"`
	Message      int64     `json:"-"` // the ticket's message that it carries, 0 for none
	Automatic    Automatic `json:"-"`
	Urgency      Urgency   `json:"-"`
	MessageID    string    `json:"-"` // without angle brackets
	Created      time.Time `json:"-"`
	Expires      time.Time `json:"-"` // when its reply token expires; zero for never
	NotBefore    time.Time `json:"-"` // when it may be sent at the earliest; zero for at once

	From       mailin.Address   `json:"from"`
	To         []mailin.Address `json:"to"` // visible
	Cc         []mailin.Address `json:"cc,omitempty"`
	ReplyTo    string           `json:"reply_to,omitempty"`
	ReplyName  string           `json:"reply_name,omitempty"` // display name of ReplyTo
	Date       time.Time        `json:"date"`
	Subject    string           `json:"subject"`
	InReplyTo  string           `json:"in_reply_to,omitempty"`
	References []string         `json:"references,omitempty"` // oldest first; at most 10, the first one kept
	Header     []mailin.Field   `json:"header,omitempty"`     // List-Id, X-Tierdesk-...
	Text       string           `json:"text"`
	HTML       string           `json:"html,omitempty"`
	Attach     []Attachment     `json:"attach,omitempty"`
}

// Attachment refers to a part of an incoming mail, or carries its content.
type Attachment struct {
	Name        string `json:"name"`
	ContentType string `json:"type"`
	ContentID   string `json:"cid,omitempty"`
	Inbound     int64  `json:"inbound,omitempty"` // id of the inbound row whose raw mail holds it
	Index       int    `json:"index,omitempty"`   // parse.Open's index
	Data        []byte `json:"data,omitempty"`
}

// Party is a side in a ticket, to which a reply token is given.
type Party string

// Parties.
const (
	Customer   Party = "customer"
	Agent      Party = "agent"
	Vendor     Party = "vendor"
	Admin      Party = "admin"
	Consultant Party = "consultant" // somebody whom an agent asks
	Approver   Party = "approver"   // somebody whom an agent asks for a yes or no
)

// Outside reports whether the party must never see what is internal.
func (p Party) Outside() bool { return p == Customer || p.Aside() || p == "" }

// Aside reports whether the conversation with the party is separate from that with the customer:
// the party sees nothing but what was written to it.
func (p Party) Aside() bool { return p == Vendor || p == Consultant || p == Approver }

// Automatic is the value of Auto-Submitted (RFC 3834 section 5); "" for what a person wrote.
type Automatic string

// Kinds of automatic mail.
const (
	ByPerson      Automatic = ""
	AutoReplied   Automatic = "auto-replied"
	AutoGenerated Automatic = "auto-generated"
)

// Urgency is the order in which mail leaves; lower goes first.
type Urgency int

// Urgencies.
const (
	Answers Urgency = 0  // written by a person
	Notices Urgency = 10 // acknowledgements, notices, escalations
	Digests Urgency = 20
)

// State of a row.
type State string

// States of a row.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"  // refused for good
	HeldOut State = "held"    // the last gate held it
	Dropped State = "dropped" // by a person
)

// Result is what became of an attempt to send; the desk hears of it in the transaction that records
// it.
type Result struct {
	Mail    Mail
	State   State  // Waiting: not yet
	Code    int    // SMTP reply code, 0 for none
	Status  string // enhanced status (RFC 3463), "" for none
	Reason  string // what the server or the gate said
	Muted   bool   // the mailbox does not exist: the address gets no more automatic mail
	Delayed bool   // it has been waiting for DelayedAt; reported once
	// Stalled is how often a sender did not finish composing the mail, this time included; 0 if it
	// did.
	Stalled int
	// SetAside means that the mail is held because it stops the sender, not by the last gate. A
	// person has to look at it.
	SetAside bool
	// Recalled means that the mail was reported as refused before and is in the queue again, since
	// the refusal concerned the sender.
	Recalled bool
	// ProviderID is the Message-ID with which the provider replaced ours, "" if it did not.
	ProviderID string
}

// ErrAlready means that the copy is in the outbox already.
var ErrAlready = errors.New("this mail is in the outbox already")

// TopicQueued is woken when mail was queued (sqldb.DB.Subscribe).
const TopicQueued = "outbox"
