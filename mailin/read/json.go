package read

import (
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
)

// Object is what `tierdesk inspect --json` prints of a mail. Its field names are a contract with
// programs.
type Object struct {
	MessageID   string       `json:"message_id"`
	From        Person       `json:"from"`
	To          []Person     `json:"to"`
	Cc          []Person     `json:"cc"`
	ReplyTo     []Person     `json:"reply_to,omitempty"`
	Subject     string       `json:"subject"`
	Date        string       `json:"date,omitempty"` // RFC 3339
	Text        string       `json:"text"`
	HTML        string       `json:"html"`
	Reply       string       `json:"reply"`
	Language    string       `json:"language,omitempty"`
	Attachments []Attachment `json:"attachments"`
	Auto        Auto         `json:"auto"`
	Bounce      Bounce       `json:"bounce"`
	AuthResults AuthResults  `json:"auth_results"`
	Warnings    []Warning    `json:"warnings,omitempty"`
}

// Person is a mailbox.
type Person struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Attachment is a part that is not the text.
type Attachment struct {
	Name        string `json:"name"` // as the mail writes it: never a path to write to
	File        string `json:"file"` // without any path
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	Inline      bool   `json:"inline"`
	SHA256      string `json:"sha256"`
}

// Auto says whether an automatic answer may follow: not to a machine, whose Kind is named, and not
// to a person who asks for none.
type Auto struct {
	Is      bool     `json:"is"`
	Kind    string   `json:"kind,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
	Returns string   `json:"returns,omitempty"` // when an out-of-office note says that its sender is back
}

// Bounce is what a delivery report says. Is reports whether it tells of a mail that did not arrive,
// or not yet; Recipient, Action, Status and Permanent are those of the first recipient for whom
// delivery was given up, else of the first.
type Bounce struct {
	Is                bool              `json:"is"`
	Recipient         string            `json:"recipient,omitempty"`
	Recipients        []BounceRecipient `json:"recipients,omitempty"`
	Action            string            `json:"action,omitempty"` // failed, delayed, delivered, relayed, expanded
	Status            string            `json:"status,omitempty"`
	Permanent         *bool             `json:"permanent,omitempty"`
	Reason            string            `json:"reason,omitempty"`
	Diagnostic        string            `json:"diagnostic,omitempty"`
	OriginalMessageID string            `json:"original_message_id,omitempty"`
}

// BounceRecipient is what a delivery report says of one recipient.
type BounceRecipient struct {
	Person
	Final     string `json:"final,omitempty"` // where delivery was tried in the end, if elsewhere
	Action    string `json:"action,omitempty"`
	Status    string `json:"status,omitempty"`
	Permanent bool   `json:"permanent"`
}

// AuthResults is how far From can be believed. Without a server to trust there is no verdict, only
// what the fields say.
type AuthResults struct {
	Verdict string      `json:"verdict,omitempty"`
	Methods [][2]string `json:"methods"`
	Reasons []string    `json:"reasons,omitempty"`
}

// Warning is something odd that was read all the same.
type Warning struct {
	Code  string `json:"code"`
	Where string `json:"where"`
	Text  string `json:"text"`
}

// JSON returns the contract's object of a message that Mail has read: an Object, for an encoder.
func JSON(m *mailin.Message) any { return Of(m) }

// Of returns the Object of a message that Mail has read.
func Of(m *mailin.Message) Object {
	o := Object{
		MessageID: m.MessageID, From: person(m.Author()), To: people(m.To), Cc: people(m.Cc),
		ReplyTo: people(m.ReplyTo), Subject: m.Subject,
		Text: m.Text, HTML: m.HTML, Reply: m.Reply, Language: m.Language, Attachments: []Attachment{},
		AuthResults: AuthResults{Methods: [][2]string{}, Reasons: m.Auth.Reasons},
	}
	if !m.Date.IsZero() {
		o.Date = m.Date.Format(time.RFC3339)
	}
	for _, a := range m.Attachments {
		o.Attachments = append(o.Attachments, Attachment{nameOf(a), a.Name, a.ContentType, a.Size, a.Inline, a.SHA256})
	}
	o.Auto = Auto{Is: m.Class.NoAutoReply && m.Class.Kind != mailin.KindSpam, Reasons: m.Class.Reasons}
	if m.Class.Kind != mailin.KindPerson {
		o.Auto.Kind = string(m.Class.Kind)
	}
	if !m.Class.Returns.IsZero() {
		o.Auto.Returns = m.Class.Returns.Format(time.DateOnly)
	}
	if m.Report != nil && m.Report.Kind == mailin.ReportDelivery {
		o.Bounce = bounce(m.Report)
		o.Bounce.Is = m.Class.Kind == mailin.KindBounce
	}
	// Where no server is trusted nothing was judged, and AuthResults gave no reason.
	if m.Auth.Verdict != mailin.VerdictNone || len(m.Auth.Reasons) > 0 {
		o.AuthResults.Verdict = string(m.Auth.Verdict)
	}
	for _, r := range classify.Methods(m) {
		o.AuthResults.Methods = append(o.AuthResults.Methods, [2]string{r.Name, r.Result})
	}
	for _, w := range m.Warnings {
		o.Warnings = append(o.Warnings, Warning(w))
	}
	return o
}

func nameOf(a mailin.Attachment) string {
	if a.Written != "" {
		return a.Written
	}
	return a.Name
}

func bounce(r *mailin.Report) Bounce {
	b := Bounce{Reason: strings.ReplaceAll(r.Reason, "-", "_"), Diagnostic: r.Diagnostic, OriginalMessageID: r.OriginalMessageID}
	for _, x := range r.Recipients {
		if x.Address == "" {
			continue
		}
		one := BounceRecipient{Person: Person{Address: x.Address}, Action: x.Action, Status: x.Status, Permanent: x.Permanent}
		if x.Final != x.Address {
			one.Final = x.Final
		}
		b.Recipients = append(b.Recipients, one)
	}
	if len(r.Recipients) > 0 {
		x := r.Recipients[max(0, slices.IndexFunc(r.Recipients, func(x mailin.ReportRecipient) bool { return x.Action == "failed" }))]
		b.Recipient, b.Action, b.Status, b.Permanent = x.Address, x.Action, x.Status, &x.Permanent
	}
	return b
}

func person(a mailin.Address) Person { return Person{a.Name, a.Address} }

func people(as []mailin.Address) []Person {
	out := []Person{}
	for _, a := range as {
		out = append(out, person(a))
	}
	return out
}
