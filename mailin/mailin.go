// Package mailin holds the values that an incoming mail is turned into, and the one interface by
// which mails are handed on: Handler. It owns the words for mail that comes in (RFC 5322 terms) and
// nothing else: it must never know tickets, a database or IMAP. The packages below it fill these
// values, each its part:
//
//	parse     bytes to Message: header, texts, attachments, delivery report
//	quote     Message.Reply: what is new in it
//	classify  Message.Class and Message.Auth
//	thread    the keys by which a mail points at a conversation
//	read      all of the above in one call
//	imap      fetches the bytes and hands them to a Handler
package mailin

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Raw is one mail as it came: bytes and where they came from. It is what a Handler takes.
type Raw struct {
	Inbox    string    // name of the inbox in tierdesk.yaml
	Source   Source    // where in the mail store it lies; zero for a mail from a pipe
	Received time.Time // INTERNALDATE (RFC 9051 section 2.3.3), or now for a pipe: the mail's time for every clock
	Bytes    []byte    // the whole mail, or its beginning if Truncated
	Size     int64     // its full size in octets as the server told it
	// Truncated says that Bytes is only the beginning: the mail is over the size limit, or the
	// server gave no more of it. Size is then larger than Bytes, also if the server told no size.
	Truncated bool
	// Old marks mail that was in the inbox before the desk watched it (first run, rescan): it
	// causes no automatic mail.
	Old bool
	// Junk marks mail from a folder that is watched as junk: it goes to quarantine.
	Junk bool
	// Sent marks mail from the folder in which the inbox keeps what people sent from it: it came
	// from us.
	Sent bool
	// Fault is why the mail could not be fetched as it should; such a mail goes to quarantine as
	// unprocessable.
	Fault string
	// Supersedes is the number under which a part of this mail was recorded before, when the server
	// gave no more of it (Source.Part): this is the whole of it. 0 for all other mail.
	Supersedes int64
}

// Source names a mail in a mail store for good: a folder under one UIDVALIDITY, as a row of the
// ledger, and the UID in it.
type Source struct {
	Mailbox int64 // id of the ledger's mailbox row; 0 for a mail that came from elsewhere
	UID     uint32
	// Part says that this is not all of the mail: it stays where it lies, and the server is asked
	// for the whole again.
	Part bool
	// Lease proves who may take mail from this inbox; it is checked in the transaction.
	Lease Lease
}

// Lease is the right to work on one inbox. A later holder has a higher epoch.
type Lease struct {
	Name  string
	Epoch int64
}

// Handler takes mails over. It is the only way from the mail store into the desk.
type Handler interface {
	// Take records each mail of the batch durably: when it returns nil all of them may be
	// acknowledged at the server. An error is temporary and covers the whole batch: nothing of it
	// was recorded, give it again later. A mail that is at fault itself is no error: it was
	// quarantined. Take may be called concurrently for different inboxes.
	Take(ctx context.Context, batch []Raw) error
}

// Reader is a Handler that can do a part of its work on a batch while the batch before is being
// taken.
type Reader interface {
	Handler
	// Read does what needs no database and records nothing. What it gives is Take for this batch,
	// with that part done; it may be called again after an error, or never. Read may be called
	// concurrently for different batches.
	Read(ctx context.Context, batch []Raw) (take func(ctx context.Context) error)
}

// Message is a mail as a person would read it. It is a value: once made, nobody changes it.
type Message struct {
	MessageID  string   // without angle brackets; "" if there is none
	InReplyTo  []string // Message-IDs without angle brackets
	References []string // Message-IDs without angle brackets, oldest first

	From    []Address // RFC 5322 section 3.6.2; usually one
	Sender  Address
	ReplyTo []Address
	To      []Address
	Cc      []Address
	// Recipients are the addresses in all recipient headers, also Delivered-To, X-Original-To,
	// Envelope-To, Bcc and the Resent ones.
	Recipients []string
	ReturnPath *string // address in Return-Path: nil if there is no such field, "" for the null sender

	Subject string
	Date    time.Time // zero if there is none that can be read
	Header  Header    // every field, in order, decoded

	Text  string // the readable text: of the text parts, or made from HTML
	HTML  string // the HTML as it was sent, in UTF-8, not cleaned; "" if there is none
	Plain bool   // Text comes from a text/plain part
	// Reply is what is new in Text: without quoted history, banner and signature. It is never empty
	// where Text is not.
	Reply string
	Quote string // the history that was cut off
	// Signature is what was cut off as signature, disclaimer or a client's tagline.
	Signature string
	// SignatureGuessed reports whether part of Signature was found by its looks alone: no
	// delimiter, no mark of the client.
	SignatureGuessed bool
	// Banner is what a gateway put above the text: a warning about mail from outside.
	Banner string
	// Forwarded is a mail that was passed on below the writer's own words, from the line that says
	// so. It is the end of Reply.
	Forwarded string
	// NothingNew reports whether Text holds nothing but history or signature, so that Reply is the
	// whole of it.
	NothingNew bool
	// Style says where the new text stands; "" where no history was found.
	Style Style
	// Forward says how the mail passes another mail on; "" if it does not.
	Forward  Forward
	Language string // ISO 639-1 code of Reply, "" if unsure

	Attachments []Attachment
	Report      *Report  // delivery or disposition report that the mail is; nil for ordinary mail
	Enclosed    []Header // headers of the mails inside this one (message/rfc822, text/rfc822-headers), at most ten
	Calendar    string   // METHOD of a text/calendar part (RFC 5546), "" if there is none
	// Encrypted reports that all or a part of what was written is encrypted and cannot be read
	// here: PGP/MIME, S/MIME, inline PGP, rights management. Text may say only that, or hold the
	// ciphertext.
	Encrypted  bool
	Encryption string // how: "PGP/MIME", "PGP", "S/MIME", "rights management"; "" where nothing is encrypted
	// Reaction is the sign of which the mail consists, such as a thumb: a reaction of Gmail or
	// Outlook, or an answer that is an emoji alone; "" for any other mail.
	Reaction string
	Class    Class
	Auth     Auth
	Warnings []Warning
	Size     int64
	// TextHash is a hash of the decoded text and attachments: with Message-ID and From it tells
	// duplicates.
	TextHash string
}

// Written returns what the writer of the mail typed: Reply without what they passed on below it, ""
// if nothing is new.
func (m *Message) Written() string {
	if m.NothingNew {
		return ""
	}
	return strings.TrimSpace(strings.TrimSuffix(m.Reply, m.Forwarded))
}

// Style is where the new text of a reply stands: above, below or between the quoted lines.
type Style string

// Styles of replies.
const (
	StyleTop         Style = "top"
	StyleBottom      Style = "bottom"
	StyleInterleaved Style = "interleaved"
)

// Forward is how a mail passes another mail on.
type Forward string

// Ways to pass a mail on.
const (
	ForwardInline   Forward = "inline"     // in the text, below a line that says so
	ForwardAttached Forward = "attachment" // as a part of its own (message/rfc822)
	ForwardSubject  Forward = "subject"    // the subject says so, and history stands below the text
)

// Author is the address that wrote the mail: the first of From, Sender and Reply-To that holds an
// address.
func (m *Message) Author() Address {
	for _, list := range [][]Address{m.From, {m.Sender}, m.ReplyTo} {
		for _, a := range list {
			if a.Address != "" {
				return a
			}
		}
	}
	if len(m.From) > 0 {
		return m.From[0]
	}
	return m.Sender
}

// Address is a mailbox of RFC 5322 section 3.4 with its display name decoded.
type Address struct {
	Name    string
	Address string // local@domain, domain in lower case A-labels or as written
}

// Fold returns the form of an address by which addresses are compared and stored: trimmed and in
// lower case. Local parts are case-sensitive by the letter of RFC 5321 section 2.4; no mail server
// in use keeps to it.
func Fold(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// Plain returns what somebody wrote in lower case, with single blanks between its words and
// straight apostrophes: the form in which phrases are looked up.
func Plain(s string) string {
	s = strings.ToLower(norm.NFC.String(apostrophes.Replace(s)))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '\'' && r != '-'
	}), " ")
}

// Spellings returns a phrase as people type it: as it is, without its accents, and with ae for ä.
func Spellings(phrase string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(phrase))
	out := []string{phrase, plain, umlauts.Replace(norm.NFC.String(phrase))}
	slices.Sort(out)
	return slices.Compact(out)
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

var apostrophes = strings.NewReplacer("’", "'", "`", "'", "´", "'")

// Domain returns what stands behind the last @, in lower case.
func Domain(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return strings.ToLower(strings.TrimSpace(address[i+1:]))
	}
	return ""
}

// Header holds the fields of a header in their order, each value unfolded and with encoded words
// decoded.
type Header []Field

// Field is one header field. Key is as it was written.
type Field struct{ Key, Value string }

// Get returns the value of the first field of that name (case does not matter), "" if there is
// none.
func (h Header) Get(key string) string {
	for _, f := range h {
		if strings.EqualFold(f.Key, key) {
			return f.Value
		}
	}
	return ""
}

// Has reports whether there is a field of that name.
func (h Header) Has(key string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Key, key) {
			return true
		}
	}
	return false
}

// Values returns the values of all fields of that name, topmost first.
func (h Header) Values(key string) []string {
	var out []string
	for _, f := range h {
		if strings.EqualFold(f.Key, key) {
			out = append(out, f.Value)
		}
	}
	return out
}

// Attachment is a part of the mail that is not its text. Its content stays in the raw mail; Index
// finds it there again.
type Attachment struct {
	Index       int    // number of the part in the order of parse.Parse: parse.Open gives the content
	Name        string // file name without any path, safe to show; "" if there is none
	Written     string // the name as the mail writes it where that is another, e.g. with a path: for eyes only
	ContentType string // media type in lower case
	ContentID   string // without angle brackets
	Inline      bool   // shown in the text (Content-Disposition inline or referenced by cid:)
	Size        int64  // octets, decoded
	SHA256      string // hex, of the decoded content
	// Credential reports that the part is a signature, a certificate or a public key (S/MIME,
	// OpenPGP): nothing that a person wrote, but it may name their private address.
	Credential bool
}

// Warning is something odd in a mail, which was read all the same.
type Warning struct {
	Code  string // constant, e.g. "charset-unknown"
	Where string // header field or part
	Text  string // for a person
}

// Class is who made a mail and why we think so.
type Class struct {
	Kind    Kind
	Reasons []string // for a person, strongest first: `Auto-Submitted: auto-replied`
	// Spam is what the server's spam filter said, in its own words; "" for nothing.
	Spam string
	// Returns is when an out-of-office note says that its sender is back; zero if it does not.
	Returns time.Time
	// Left reports that a KindAutoReply says that its mailbox has lost its owner: they have left or
	// retired, or the address is given up.
	Left bool
	// Instead are the addresses that such a note names: of those who do their work now, or their
	// own new one.
	Instead []string
	// Guessed reports that a KindAutoReply or KindChallenge has nothing but words for it that
	// persons write, too: "I am away until Monday". Somebody has to hear of such a mail.
	Guessed bool
	// NoAutoReply reports that no automatic answer may follow: the mail is a machine's, or a
	// person's with fields that ask for none, such as X-Auto-Response-Suppress, Precedence or those
	// of a mailbox rule that redirects. Such fields say nothing of who wrote: a person's mail with
	// them is KindPerson.
	NoAutoReply bool
}

// Kind of a mail.
type Kind string

// What made a mail. Only KindPerson gets automatic answers.
const (
	KindPerson    Kind = "person"
	KindAutoReply Kind = "auto-reply"     // auto-replied, vacation notes: filed, never answered (RFC 3834)
	KindGenerated Kind = "auto-generated" // monitoring, no-reply senders: opens tickets without an acknowledgement
	KindBounce    Kind = "bounce"         // a delivery report, RFC 3464 or free form
	KindReceipt   Kind = "receipt"        // a read receipt, RFC 8098
	KindFeedback  Kind = "feedback"       // a complaint report, RFC 5965
	KindCalendar  Kind = "calendar"       // an automatic calendar answer
	KindList      Kind = "list"           // mailing list or newsletter
	KindChallenge Kind = "challenge"      // a request to prove that we are persons
	KindLoop      Kind = "loop"           // our own mail come back
	KindReaction  Kind = "reaction"       // an emoji as an answer (Gmail, Outlook)
	KindRecall    Kind = "recall"         // somebody wants a mail of theirs back (Exchange)
	KindSpam      Kind = "spam"
)

// Automatic reports whether a machine made the mail: no automatic answer may follow.
func (c Class) Automatic() bool { return c.Kind != KindPerson && c.Kind != "" }

// Auth is how far the From line can be believed.
type Auth struct {
	Verdict Verdict
	Reasons []string
	// Internal reports that a header which only our own server can set says the sender is one of
	// our own.
	Internal bool
	// Sealed reports that a forwarder whose word counts has sealed the mail last (ARC): its seals
	// may prove the sender, if they are checked.
	Sealed bool
	// Methods are single results, e.g. "dkim" -> "pass".
	Methods map[string]string
	// Failed are the results that speak against the domain of From, e.g. "spf=fail".
	Failed []string
}

// Doubtful reports whether a check of the sender failed, whichever it was, and no other has proven
// them all the same.
func (a Auth) Doubtful() bool {
	return a.Verdict == VerdictFail || a.Verdict != VerdictPass && len(a.Failed) > 0
}

// Verdict on a sender.
type Verdict string

// Verdicts. Aligned means that the proven domain is the domain of From (RFC 7489 section 3.1).
const (
	VerdictPass Verdict = "pass" // DKIM or DMARC, aligned, here or where a trusted forwarder has taken the mail over
	VerdictNone Verdict = "none" // nothing is known
	VerdictFail Verdict = "fail" // the domain's owner or our server says: forged
)

// Report is a delivery report (RFC 3464, or one of the free forms) or a disposition notification
// (RFC 8098).
type Report struct {
	Kind       ReportKind
	Recipients []ReportRecipient
	// OriginalMessageID is that of the mail reported on, without brackets; "" if the report does
	// not hold it.
	OriginalMessageID string
	OriginalHeader    Header
	Reason            string // word for the cause, e.g. "user-unknown", "mailbox-full"
	Diagnostic        string // what the failing server said
}

// ReportRecipient is what a report says of one recipient.
type ReportRecipient struct {
	Address    string // the address that was written to, if the report tells it, else the final one
	Final      string // the address at which delivery was tried in the end
	Status     string // RFC 3463, e.g. "5.1.1"; "" if unknown
	Action     string // failed, delayed, delivered, relayed, expanded
	Permanent  bool   // given up with a status of class 5: a later try would fail too
	Diagnostic string // what the failing server said of this recipient
}

// ReportKind is what a report reports on.
type ReportKind string

// Kinds of reports.
const (
	ReportDelivery    ReportKind = "delivery"    // RFC 3464, or a free form
	ReportDisposition ReportKind = "disposition" // RFC 8098: a read receipt
	ReportFeedback    ReportKind = "feedback"    // RFC 5965: a complaint
)

// Failed reports whether delivery was given up for at least one recipient. Whether the address
// itself is bad is another question: see Permanent.
func (r *Report) Failed() bool {
	for _, x := range r.Recipients {
		if x.Action == "failed" {
			return true
		}
	}
	return false
}
