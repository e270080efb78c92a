package tickets

import "time"

// Arrival is the record of an incoming mail and of what became of it.
type Arrival struct {
	ID          int64
	Fingerprint string
	Inbox       string
	Received    time.Time
	Taken       time.Time
	MessageID   string
	Sender      string // folded
	Subject     string
	Size        int64
	Kind        string
	Verdict     string
	Outcome     Outcome
	Cause       Cause
	Reasons     string
	Ticket      int64 // 0 for none
	Old         bool
	Settled     time.Time // when a person released or dropped it
	Copies      int64     // how often it came again
}

// Outcome is what became of a mail.
type Outcome string

// Outcomes.
const (
	Undecided   Outcome = ""           // only within the transaction that records the mail
	AsMessage   Outcome = "message"    // a message of a ticket
	AsAuto      Outcome = "auto-reply" // an automatic mail, filed
	AsBounce    Outcome = "bounce"
	AsLoop      Outcome = "loop"     // our own mail come back
	AsHeld      Outcome = "held"     // an agent's mail that waits for the agent's word
	AsCommand   Outcome = "command"  // commands alone
	AsSent      Outcome = "sent"     // sent from an inbox by hand, and no answer in a ticket
	AsAnswered  Outcome = "answered" // by the desk itself, without a ticket
	Quarantined Outcome = "quarantined"
	DroppedRule Outcome = "dropped" // by a rule; the raw mail is kept
)

// HeldMail is an agent's mail that is held until the agent decides about it.
type HeldMail struct {
	ID      int64
	Ticket  int64 // 0 if none was found
	Agent   string
	Inbound int64
	Reason  HoldReason
	State   HeldState
	Notice  int64
	At      time.Time
}

// HeldState is the state of a held mail, which waits until it is sent or dropped.
//
//	waiting --/send--> sent        decided on again, as confirmed
//	waiting --/send--> waiting     it is still wrong, and its agent is told why
//	waiting --/drop--> dropped     also when a corrected mail takes its place
//
// An answer that was stopped by the last gate (HoldGate) has rows in the outbox, which are held
// there:
//
//	waiting --/send--> sent        its rows pass the gate (mailout.Pass), and the answer counts again
//	waiting --/send--> waiting     they contain somebody else's token or a notice
//	waiting --/drop--> dropped     its rows are dropped, also when another answer takes its place
//
// A trainee's answer (HoldDraft) waits for a lead:
//
//	waiting --the lead's /send--> sent       decided on again, as confirmed and approved
//	waiting --sent back, or answered by the lead--> dropped
type HeldState string

// States of held mails.
const (
	HeldWaiting HeldState = "waiting"
	HeldSent    HeldState = "sent"
	HeldDropped HeldState = "dropped"
)

// HoldReason is why an agent's mail is held.
type HoldReason string

// Reasons to hold an agent's mail.
const (
	HoldClaimed   HoldReason = "claimed"                  // nothing proves that the agent wrote it
	HoldDoubt     HoldReason = "doubt"                    // the desk does not fully understand it
	HoldStale     HoldReason = "stale"                    // the conversation went on since the notice
	HoldNobody    HoldReason = "nobody-to-answer"         // nobody outside takes part
	HoldNoTicket  HoldReason = "no-ticket"                // commands, and no ticket to run them on
	HoldUnproven  HoldReason = "command-needs-proof"      // a command that needs an authenticated sender
	HoldConfirm   HoldReason = "answer-to-a-confirmation" // a mail that does not answer the question whether an earlier mail was theirs
	HoldTruncated HoldReason = "truncated"                // larger than the desk accepts
	HoldEncrypted HoldReason = "encrypted"                // the desk cannot read it
	HoldForward   HoldReason = "forward"                  // it forwards a mail instead of answering one
	HoldElsewhere HoldReason = "addressed-elsewhere"      // it is addressed to somebody else, or to others as well
	HoldWeak      HoldReason = "answers-no-notice"        // only a number or a reference names the ticket
	HoldUnsure    HoldReason = "unsure-text"              // it is uncertain which part of it is the answer
	HoldRight     HoldReason = "right-missing"            // a command that the agent may not use
	HoldDraft     HoldReason = "draft"                    // a trainee's answer, until a lead has checked it
	HoldFile      HoldReason = "file"                     // a file that it should include cannot be sent
	HoldPublish   HoldReason = "publish"                  // it goes to many recipients, whom its author must see first
	HoldBarred    HoldReason = "barred"                   // a command that cannot be carried out now
	HoldGate      HoldReason = "gate"                     // an answer that the last check before sending has stopped
)
