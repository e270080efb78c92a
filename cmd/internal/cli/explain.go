package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailin"
	"tierdesk/mailin/read"
	"tierdesk/mailout"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/desk"
)

type explainCmd struct {
	File string `arg:"" help:"A file with the mail; - is standard input."`
	inFolder
	Inbox string `placeholder:"NAME" help:"The inbox that the mail comes in by (default: the one it is addressed to, or else the first)."`
	Mails bool   `help:"Show the mails in full."`
	asJSON
}

// Help is shown by `tierdesk help explain`.
func (explainCmd) Help() string {
	return `Decides on the mail with the files and the database as they are, using the daemon's own code, and then undoes everything. It can be used while a daemon runs, and before the first run.

Exit codes: 0; 1 it could not be worked out.`
}

// explained is the JSON output of explain.
type explained struct {
	Known    bool            `json:"known"` // the mail has arrived before
	Kind     mailin.Kind     `json:"kind"`
	Class    []string        `json:"class,omitempty"` // reasons
	Verdict  mailin.Verdict  `json:"verdict"`
	Auth     []string        `json:"auth,omitempty"`
	Route    string          `json:"route"` // who decides on it
	Outcome  tickets.Outcome `json:"outcome"`
	Cause    tickets.Cause   `json:"cause,omitempty"`
	Reasons  []string        `json:"reasons,omitempty"`
	Evidence string          `json:"evidence"`
	Ticket   int64           `json:"ticket,omitempty"` // the ticket that it belongs to or opens
	State    *ticketObject   `json:"state,omitempty"`
	Events   []tickets.Event `json:"events,omitempty"`
	Traces   []rules.Trace   `json:"traces,omitempty"`
	Mails    []mailObject    `json:"mails"`
	Steps    []string        `json:"steps,omitempty"` // what was decided, in words
}

func explainedOf(x desk.Explanation) (explained, error) {
	class, auth := x.Mail.Message.Class, x.Mail.Message.Auth
	o := explained{Known: x.Known, Kind: class.Kind, Class: class.Reasons, Verdict: auth.Verdict, Auth: auth.Reasons,
		Route: string(x.Route.To), Outcome: x.Outcome, Cause: x.Cause,
		Reasons: x.Reasons, Evidence: x.Evidence.Proof.String(), Ticket: x.Ticket, Events: x.Events, Mails: []mailObject{}, Steps: x.Steps}
	if x.Ticket != 0 {
		t := ticketOf(x.State)
		o.State = &t
	}
	for _, m := range x.Mails {
		o.Mails = append(o.Mails, mailOf(m))
	}
	var err error
	o.Traces, err = x.Traces()
	return o, err
}

// mailObject is a mail of the outbox for programs.
type mailObject struct {
	Kind      string   `json:"kind"`
	Party     string   `json:"party"`
	Person    string   `json:"person"`
	Recipient string   `json:"recipient"`
	To        []string `json:"to"`
	Cc        []string `json:"cc,omitempty"`
	ReplyTo   string   `json:"reply_to,omitempty"`
	Automatic string   `json:"automatic,omitempty"`
	Subject   string   `json:"subject"`
	Text      string   `json:"text"`
}

func mailOf(m mailout.Mail) mailObject {
	plain := func(list []mailin.Address) []string {
		out := []string{}
		for _, a := range list {
			out = append(out, a.Address)
		}
		return out
	}
	o := mailObject{Kind: m.Kind, Party: string(m.Party), Person: m.Person, Recipient: m.Recipient, To: plain(m.To), ReplyTo: m.ReplyTo,
		Automatic: string(m.Automatic), Subject: m.Subject, Text: m.Text}
	if len(m.Cc) > 0 {
		o.Cc = plain(m.Cc)
	}
	return o
}

// Run shows what would happen.
func (c *explainCmd) Run(e *env) error {
	raw, err := e.file(c.File)
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return errors.New("there is no mail: the input is empty")
	}
	a, done, err := c.dry(e)
	if err != nil {
		return err
	}
	defer done()
	inbox, err := inboxFor(&a.Config.Main, c.Inbox, raw)
	if err != nil {
		return err
	}
	limit := a.Config.Main.Limits.MailSize
	got, err := a.Desk.Explain(e.ctx, mailin.Raw{Inbox: inbox, Received: a.DB.Now(), Bytes: raw, Size: int64(len(raw)),
		Truncated: limit > 0 && int64(len(raw)) > limit})
	if err != nil {
		return err
	}
	if c.JSON {
		o, err := explainedOf(got)
		if err != nil {
			return err
		}
		return e.json(o)
	}
	traces, err := got.Traces()
	if err != nil {
		return err
	}
	c.show(e, a, inbox, got, traces)
	return nil
}

// dry makes the desk, with a temporary database if it has none yet.
func (c *explainCmd) dry(e *env) (*app.App, func(), error) {
	a, err := c.whole(e)
	if !errors.Is(err, errNoDatabase) {
		return a, func() { a.Close() }, err
	}
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return nil, nil, err
	}
	return probing(e, cfg)
}

// inboxFor returns the inbox of a mail from a file or a pipe.
func inboxFor(main *config.Main, name string, raw []byte) (string, error) {
	if name != "" {
		var names []string
		for _, in := range main.Inboxes {
			if in.Name == name {
				return name, nil
			}
			names = append(names, in.Name)
		}
		return "", failure{error: fmt.Errorf("there is no inbox %q", name), hint: "tierdesk.yaml has " + strings.Join(names, ", "),
			code: exitUsage}
	}
	if len(main.Inboxes) > 1 {
		for _, r := range read.Mail(raw, reading()).Recipients {
			for _, in := range main.Inboxes {
				local, domain, _ := strings.Cut(mailin.Fold(in.Address), "@")
				r = mailin.Fold(r)
				keyed := strings.HasPrefix(r, local+"+") && strings.HasSuffix(r, "@"+domain)
				if r == mailin.Fold(in.Address) || keyed ||
					slices.ContainsFunc(in.Aliases, func(a string) bool { return mailin.Fold(a) == r }) {
					return in.Name, nil
				}
			}
		}
	}
	return main.Inboxes[0].Name, nil
}

func (c *explainCmd) show(e *env, a *app.App, inbox string, x desk.Explanation, traces []rules.Trace) {
	zone := a.Config.Main.Location
	m := x.Mail.Message
	e.title("The mail")
	e.mailHead(m)
	e.field("inbox", inbox)
	if x.Known {
		e.printf("\n%s\n", e.paint(bold, "Nothing would happen: the desk has taken this mail before."))
		return
	}
	e.printf("\n")
	e.title("What would become of it")
	e.field("outcome", e.because(outcome(x.Result), x.Reasons))
	if x.Outcome != tickets.Quarantined {
		evidence := x.Evidence.Proof.String()
		if x.Evidence.Proof == arrival.NoProof {
			evidence = "nothing points to a ticket"
		}
		e.field("evidence", safe(evidence))
	}
	if x.Ticket != 0 {
		e.field("ticket", e.ticketLine(ticketOf(x.State)))
	}
	for _, step := range x.Steps {
		e.field("·", safe(step))
	}
	if len(x.Events) > 0 {
		e.printf("\n")
		e.title("What would happen to the ticket")
		t := e.table("event", "by*", "what*")
		for _, event := range x.Events {
			t.add(cell{string(event.Kind), cyan}, actor(event.Actor, m), eventWords(event))
		}
		t.print()
	}
	if len(traces) > 0 {
		e.printf("\n")
		e.title("The rules")
		for _, trace := range traces {
			e.printf("%s\n", e.paint(faint, "on "+trace.Event))
			e.printf("%s\n", indented(safeText(a.Config.Rules.Explain(trace)), "  "))
		}
	}
	e.printf("\n")
	e.title("The mails that would go out")
	if len(x.Mails) == 0 {
		e.none("none")
		return
	}
	if c.Mails {
		for i, m := range x.Mails {
			if i > 0 {
				e.printf("\n")
			}
			e.outgoing(m, time.Time{}, zone)
		}
		return
	}
	t := e.table("kind", "to", "subject*")
	for _, m := range x.Mails {
		t.add(cell{m.Kind, cyan}, m.Recipient, m.Subject)
	}
	t.print()
}

// actor returns the name of an actor; for a customer who is not known yet, the address in the mail.
func actor(a tickets.Actor, m *mailin.Message) string {
	if a.Person() != 0 {
		return m.Author().Address
	}
	return actorWords(a)
}

// outcome describes the outcome of a mail.
func outcome(x decision.Result) string {
	switch x.Outcome {
	case tickets.AsMessage:
		for _, ev := range x.Events {
			if ev.Kind == "opened" {
				return fmt.Sprintf("it opens ticket %d", x.Ticket)
			}
		}
		return fmt.Sprintf("a message of ticket %d", x.Ticket)
	case tickets.Undecided:
		return "nothing"
	case tickets.Quarantined:
		return "into quarantine: " + string(x.Cause)
	case tickets.AsHeld:
		return "held: it goes back to the agent"
	case tickets.DroppedRule:
		return "dropped by a rule; kept and listed"
	case tickets.AsAuto, tickets.AsBounce:
		if x.Ticket != 0 {
			return fmt.Sprintf("filed as %s with ticket %d", x.Outcome, x.Ticket)
		}
	case tickets.AsAnswered:
		return "answered by the desk itself, without a ticket"
	case tickets.AsCommand:
		return fmt.Sprintf("commands for ticket %d", x.Ticket)
	}
	return "filed as " + string(x.Outcome)
}

// outgoing prints an outgoing mail.
func (e *env) outgoing(m mailout.Mail, date time.Time, zone *time.Location) {
	e.field("kind", e.paint(cyan, m.Kind))
	e.field("envelope", safe(m.Recipient))
	e.field("from", addresses([]mailin.Address{m.From}))
	e.field("to", addresses(m.To))
	e.field("cc", addresses(m.Cc))
	e.field("reply to", safe(m.ReplyTo))
	e.field("subject", e.paint(bold, safe(m.Subject)))
	e.field("date", clock(date, zone))
	for _, a := range m.Attach {
		e.field("attachment", safe(a.Name)+"  "+safe(a.ContentType))
	}
	e.printf("\n%s\n", indented(safeText(m.Text), "  "))
}
