package read

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
)

// golden is what a fixture's .json may say of the mail beside it. What it does not say is not compared.
type golden struct {
	Why string `json:"why"` // what the case is there for

	MessageID  *string   `json:"message_id"`
	InReplyTo  *[]string `json:"in_reply_to"`
	References *[]string `json:"references"`
	From       *string   `json:"from"` // "Name <address>"
	ReplyTo    *[]string `json:"reply_to"`
	To         *[]string `json:"to"`
	Cc         *[]string `json:"cc"`
	Recipients *[]string `json:"recipients"`
	Subject    *string   `json:"subject"`
	Date       *string   `json:"date"` // RFC 3339, "" for none

	Text       *string  `json:"text"`
	Contains   *string  `json:"text_contains"`
	Lacks      *string  `json:"text_lacks"`
	Reply      *string  `json:"reply"`
	Keeps      []string `json:"reply_keeps"`
	Drops      []string `json:"reply_drops"`
	Quote      *string  `json:"quote_contains"`
	Signature  *string  `json:"signature_contains"`
	NothingNew *bool    `json:"nothing_new"`
	Language   *string  `json:"language"`

	Attachments *[]goldenFile `json:"attachments"`
	Calendar    *string       `json:"calendar"`
	Encrypted   *bool         `json:"encrypted"`
	Once        []string      `json:"text_once"` // stands once in the text, runs of blanks as one
	Reaction    *string       `json:"reaction"`
	Files       *int          `json:"files"`    // how many attachments
	Warnings    *[]string     `json:"warnings"` // codes that must be there

	Kind     *mailin.Kind    `json:"kind"`
	Reason   *string         `json:"reason_contains"`
	Spam     *bool           `json:"spam"`
	Quiet    *bool           `json:"no_auto_reply"`
	Returns  *string         `json:"returns"` // 2026-12-01
	Verdict  *mailin.Verdict `json:"verdict"`
	Internal *bool           `json:"internal"`
	Report   *goldenReport   `json:"report"`
	Delivery *goldenDelivery `json:"delivery"` // what matters of a report that came in an uncertain form
}

// goldenDelivery compares less than goldenReport: the recipients, and what it says of them where it says something.
type goldenDelivery struct {
	Recipients []string `json:"recipients"`
	Status     string   `json:"status"` // how the first status begins: "5.1"
	Permanent  *bool    `json:"permanent"`
	Action     string   `json:"action"`
	Actions    []string `json:"actions"` // of each recipient
	Original   string   `json:"original"`
}

type goldenFile struct {
	Name   string  `json:"name"`
	Type   string  `json:"type"`
	Size   int64   `json:"size"`
	Inline bool    `json:"inline"`
	Body   *string `json:"content"`
}

type goldenReport struct {
	Recipients []string `json:"recipients"`
	Status     string   `json:"status"`
	Permanent  bool     `json:"permanent"`
	Action     string   `json:"action"`
	Original   string   `json:"original"`
	Reason     string   `json:"reason"`
}

var desk = Options{
	Self:    classify.Self{Addresses: []string{"support@desk.example", "help@desk.example"}, MessageIDDomain: "desk.example"},
	Trust:   classify.Trust{AuthservIDs: []string{"mx.desk.example"}, Internal: "X-Inside: yes"},
	Markers: []string{"## Please write above this line ##"},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	mails, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(mails) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	// Written before anybody looked at how the reader does it, as an estimate for mails that it has not seen (docs/reading.md).
	unseen, err := filepath.Glob("testdata/unseen/*.eml")
	if err != nil || len(unseen) == 0 {
		t.Fatalf("no unseen fixtures: %v", err)
	}
	mails = append(mails, unseen...)
	for _, file := range mails {
		t.Run(strings.TrimPrefix(strings.TrimSuffix(file, ".eml"), "testdata/"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(strings.TrimSuffix(file, ".eml") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want golden
			d := json.NewDecoder(bytes.NewReader(b))
			d.DisallowUnknownFields()
			if err := d.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if want.Why == "" {
				t.Error("the expectation does not say why the case is there")
			}
			m := Mail(raw, desk)
			compare(t, want, m, raw)
			if strings.TrimSpace(m.Text) != "" && strings.TrimSpace(m.Reply) == "" {
				t.Error("Reply is empty and Text is not")
			}
			sameWithoutHTML(t, m, raw)
		})
	}
}

// sameWithoutHTML reads the mail as the desk does, that asks for the words alone, and expects all else as it is.
func sameWithoutHTML(t *testing.T, m *mailin.Message, raw []byte) {
	t.Helper()
	opt := desk
	opt.Limits.TextOnly = true
	words := Mail(raw, opt)
	if words.HTML != "" && words.HTML != m.HTML {
		t.Errorf("the HTML is another where words alone are asked for: %q", words.HTML)
	}
	all := *m
	for _, m := range []*mailin.Message{words, &all} {
		m.HTML, m.Warnings = "", nil
	}
	if !reflect.DeepEqual(words, &all) {
		t.Errorf("where words alone are asked for\n got: %+v\nwant: %+v", words, &all)
	}
}

func compare(t *testing.T, want golden, m *mailin.Message, raw []byte) {
	t.Helper()
	n := 0
	str := func(what string, want *string, got string) {
		t.Helper()
		if want != nil {
			if n++; *want != got {
				t.Errorf("%s\n got: %q\nwant: %q", what, got, *want)
			}
		}
	}
	contains := func(what string, want *string, got string) {
		t.Helper()
		if want != nil {
			if n++; !strings.Contains(got, *want) {
				t.Errorf("%s does not hold %q\n got: %q", what, *want, got)
			}
		}
	}
	list := func(what string, want *[]string, got []string) {
		t.Helper()
		if want != nil {
			if n++; !slices.Equal(*want, got) && len(*want)+len(got) > 0 {
				t.Errorf("%s\n got: %q\nwant: %q", what, got, *want)
			}
		}
	}
	str("Message-ID", want.MessageID, m.MessageID)
	list("In-Reply-To", want.InReplyTo, m.InReplyTo)
	list("References", want.References, m.References)
	str("From", want.From, show(m.Author()))
	list("Reply-To", want.ReplyTo, showAll(m.ReplyTo))
	list("To", want.To, showAll(m.To))
	list("Cc", want.Cc, showAll(m.Cc))
	list("Recipients", want.Recipients, m.Recipients)
	str("Subject", want.Subject, m.Subject)
	date := ""
	if !m.Date.IsZero() {
		date = m.Date.UTC().Format(time.RFC3339)
	}
	str("Date", want.Date, date)
	str("Text", want.Text, strings.TrimRight(m.Text, "\n"))
	contains("Text", want.Contains, m.Text)
	if want.Lacks != nil {
		if n++; strings.Contains(m.Text, *want.Lacks) {
			t.Errorf("Text holds %q\n got: %q", *want.Lacks, m.Text)
		}
	}
	str("Reply", want.Reply, m.Reply)
	for _, k := range want.Keeps {
		contains("Reply", &k, m.Reply)
	}
	for _, d := range want.Drops {
		if n++; strings.Contains(m.Reply, d) {
			t.Errorf("Reply holds %q\n got: %q", d, m.Reply)
		}
	}
	contains("Quote", want.Quote, m.Quote)
	contains("Signature", want.Signature, m.Signature)
	str("Language", want.Language, m.Language)
	str("Calendar", want.Calendar, m.Calendar)
	flag := func(what string, want *bool, got bool) {
		t.Helper()
		if want != nil {
			if n++; *want != got {
				t.Errorf("%s: got %v, want %v", what, got, *want)
			}
		}
	}
	flag("NothingNew", want.NothingNew, m.NothingNew)
	flag("Encrypted", want.Encrypted, m.Encrypted)
	flag("Internal", want.Internal, m.Auth.Internal)
	flag("Spam", want.Spam, m.Class.Spam != "")
	if want.Attachments != nil {
		n++
		if len(*want.Attachments) != len(m.Attachments) {
			t.Fatalf("attachments: got %+v", m.Attachments)
		}
		for i, w := range *want.Attachments {
			a, content, err := parseOpen(raw, i)
			if err != nil || a != m.Attachments[i] {
				t.Errorf("Open(%d): %+v, %v", i, a, err)
			}
			if a.Name != w.Name || a.ContentType != w.Type || w.Size != 0 && a.Size != w.Size || a.Inline != w.Inline || int64(len(content)) != a.Size {
				t.Errorf("attachment %d\n got: %+v\nwant: %+v", i, a, w)
			}
			if w.Body != nil && *w.Body != string(content) {
				t.Errorf("content of attachment %d\n got: %q\nwant: %q", i, content, *w.Body)
			}
		}
	}
	if want.Warnings != nil {
		n++
		for _, c := range *want.Warnings {
			if !slices.ContainsFunc(m.Warnings, func(w mailin.Warning) bool { return w.Code == c }) {
				t.Errorf("no warning %q in %+v", c, m.Warnings)
			}
		}
	}
	if want.Kind != nil {
		if n++; *want.Kind != m.Class.Kind {
			t.Errorf("Kind: got %s %q, want %s", m.Class.Kind, m.Class.Reasons, *want.Kind)
		}
		if m.Class.Kind != mailin.KindPerson && len(m.Class.Reasons) == 0 {
			t.Error("a verdict without a reason")
		}
	}
	contains("Class.Reasons", want.Reason, strings.Join(m.Class.Reasons, "\n"))
	if want.Returns != nil {
		got := ""
		if !m.Class.Returns.IsZero() {
			got = m.Class.Returns.Format(time.DateOnly)
		}
		str("Returns", want.Returns, got)
	}
	if want.Verdict != nil {
		if n++; *want.Verdict != m.Auth.Verdict {
			t.Errorf("Verdict: got %s %q, want %s", m.Auth.Verdict, m.Auth.Reasons, *want.Verdict)
		}
	}
	if want.Report != nil {
		n++
		got := goldenReport{}
		if m.Report != nil {
			got = goldenReport{Original: m.Report.OriginalMessageID, Reason: m.Report.Reason}
			for i, r := range m.Report.Recipients {
				got.Recipients = append(got.Recipients, r.Address)
				if i == 0 {
					got.Status, got.Permanent, got.Action = r.Status, r.Permanent, r.Action
				}
			}
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(*want.Report)
		if !bytes.Equal(a, b) {
			t.Errorf("Report\n got: %s\nwant: %s", a, b)
		}
	}
	for _, once := range want.Once {
		n++
		if found := strings.Count(strings.Join(strings.Fields(m.Text), " "), once); found != 1 {
			t.Errorf("%q stands %d times in %q", once, found, m.Text)
		}
	}
	str("Reaction", want.Reaction, m.Reaction)
	if want.Files != nil {
		if n++; *want.Files != len(m.Attachments) {
			t.Errorf("%d attachments, want %d: %+v", len(m.Attachments), *want.Files, m.Attachments)
		}
	}
	if want.Quiet != nil {
		if n++; *want.Quiet != m.Class.NoAutoReply {
			t.Errorf("no automatic answer: got %v %q, want %v", m.Class.NoAutoReply, m.Class.Reasons, *want.Quiet)
		}
	}
	if want.Delivery != nil {
		n++
		compareDelivery(t, *want.Delivery, m.Report)
	}
	if n == 0 {
		t.Error("the expectation compares nothing")
	}
}

func compareDelivery(t *testing.T, want goldenDelivery, r *mailin.Report) {
	t.Helper()
	if r == nil {
		t.Error("no report")
		return
	}
	var recipients []string
	for _, x := range r.Recipients {
		recipients = append(recipients, x.Address)
	}
	if !slices.Equal(recipients, want.Recipients) {
		t.Errorf("recipients: got %q, want %q", recipients, want.Recipients)
	}
	for i, action := range want.Actions {
		if i < len(r.Recipients) && r.Recipients[i].Action != action {
			t.Errorf("%s: %s, want %s", r.Recipients[i].Address, r.Recipients[i].Action, action)
		}
	}
	if want.Original != "" && r.OriginalMessageID != want.Original {
		t.Errorf("original: got %q, want %q", r.OriginalMessageID, want.Original)
	}
	if len(r.Recipients) == 0 {
		return
	}
	first := r.Recipients[0]
	if !strings.HasPrefix(first.Status, want.Status) || want.Permanent != nil && first.Permanent != *want.Permanent || want.Action != "" && first.Action != want.Action {
		t.Errorf("first recipient: got %+v, want %+v", first, want)
	}
}

func show(a mailin.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

func showAll(as []mailin.Address) []string {
	var out []string
	for _, a := range as {
		out = append(out, show(a))
	}
	return out
}
