package desk

import (
	"fmt"
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/tickets"
	"tierdesk/tickets/agent"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/canary"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/quarantine"
	"tierdesk/tickets/side"
	"tierdesk/tickets/store"
)

// Route is who decides on a mail; for a mail that nobody decides on, it is the outcome.
type Route struct {
	To       Destination
	Outcome  tickets.Outcome // of a mail to nobody
	Cause    tickets.Cause
	Reasons  []string
	Agent    *tickets.Agent // the agent who wrote it
	Stranger bool           // it comes from an address that is not the agent's
}

// Destination is who decides on a mail.
type Destination string

// Destinations.
const (
	ToNobody   Destination = "nobody" // it is set aside or filed as it is
	ToCanary   Destination = "canary"
	ToAdmin    Destination = "admin" // it answers a digest
	ToMachine  Destination = "machine"
	ToAgent    Destination = "agent"
	ToCustomer Destination = "customer"
	ToThird    Destination = "third person" // it answers a question to one
	ToSent     Destination = "sent by hand" // it lies in the Sent folder of an inbox
)

// facts are everything that determines the route of a mail.
type facts struct {
	mail          *arrival.Mail
	evidence      arrival.Evidence
	canary        int64 // the outbox id of the canary that the mail is
	sender        tickets.Person
	known         bool // the sender is
	own           bool // the sender is the desk itself, or somebody who writes as it
	holdUnscanned bool
	agent         *tickets.Agent // the owner of the sender's address
	noticeTo      *tickets.Agent // the recipient of the notice it answers
	takesPart     bool           // the sender takes part in the ticket that it points at
	goesOn        bool           // that ticket is not done
	holdsNotice   bool           // an agent's mail that names no ticket contains a notice
	typed         commands.Result
	elsewhere     bool // it is an agent's mail to others, with the desk in Cc or Bcc
}

// facts loads everything that determines the route of a mail.
func (d *Desk) facts(ctx decision.Context, m *arrival.Mail) (f facts, err error) {
	f = facts{mail: m, own: ctx.Desk.Own(m.From()), holdUnscanned: d.set.HoldUnscanned}
	if m.Sent {
		f.evidence, err = m.Gather(ctx.Tx, ctx.Keys, ctx.Policy.People)
		return f, err
	}
	if f.canary, err = canary.Find(ctx, m); err != nil || f.canary != 0 {
		return f, err
	}
	if f.sender, f.known, err = store.PersonAt(ctx.Tx, m.From()); err != nil {
		return f, err
	}
	if f.evidence, err = m.Gather(ctx.Tx, ctx.Keys, ctx.Policy.People); err != nil {
		return f, err
	}
	people := ctx.Policy.People
	f.agent = people.AgentBy(m.From())
	f.own = f.own || f.agent == nil && ctx.Desk.OwnTagged(m.From())
	if e := &f.evidence; e.Proof.Strong() && e.Notice.Mail.Party == mailout.Agent {
		f.noticeTo = people.Agent(tickets.Actor(e.Notice.Mail.Person).Agent())
	}
	guessed := m.Message.Class.Guessed && f.evidence.Ticket != 0
	listed := m.Message.Class.Kind == mailin.KindList && f.evidence.Ticket != 0
	if f.agent == nil && f.noticeTo == nil && !guessed && !listed {
		return f, nil
	}
	if f.evidence.Ticket != 0 {
		if f.takesPart, err = store.TakesPart(ctx.Tx, f.evidence.Ticket, m.From()); err != nil {
			return f, err
		}
	}
	if guessed {
		t, found, err := store.Ticket(ctx.Tx, f.evidence.Ticket)
		if err != nil {
			return f, err
		}
		f.goesOn = found && !t.Status.Done()
	}
	if whose := f.whose(); whose != nil {
		f.typed = d.agents.Read(ctx.Policy, ctx.Desk, m, whose)
		f.holdsNotice = f.evidence.Ticket == 0 && holdsNotice(m)
		f.elsewhere = agent.WritesElsewhere(ctx.Desk, people, m, whose)
	}
	return f, err
}

// holdsNotice reports whether a mail quotes, forwards or has attached a notice to an agent.
func holdsNotice(m *arrival.Mail) bool {
	return notice.QuotedIn(m.Message) || slices.ContainsFunc(m.Enclosed(), notice.QuotedIn)
}

// whose returns the agent who wrote the mail, nil for a customer: by the address, or by the notice
// that the mail answers.
func (f *facts) whose() *tickets.Agent {
	switch {
	case f.agent != nil:
		return f.agent
	case f.takesPart:
		// The agent's mail client sent the customer a copy itself, and the customer answers that
		// copy: the reply address in it is the agent's, but the mail is the customer's.
		return nil
	}
	// A notice was forwarded to somebody else, or the agent writes from an unknown address. Ask the
	// agent.
	return f.noticeTo
}

// route returns who decides on a mail. It is pure.
func route(f facts) Route {
	m := f.mail
	if m.Sent {
		return sentRoute(&f)
	}
	if f.canary != 0 {
		return Route{To: ToCanary}
	}
	if !m.Released {
		if why := unfit(&f); why != nil {
			return *why
		}
	}
	if m.Message.Class.Kind == mailin.KindLoop {
		return setAside(tickets.AsLoop, tickets.CauseLoop, m.Message.Class.Reasons...)
	}
	if f.own && !m.Released {
		if m.OpensTicket() {
			return setAside(tickets.Quarantined, tickets.CauseSystemUser, fmt.Sprintf("it bears the desk's own address as its sender and names nobody to answer; if a web form or a list writes so, name it under trust: gateways: "+
				"- {from: %s, person_in: [Reply-To]}, or have it write from another address", m.From()))
		}
		return setAside(tickets.AsLoop, tickets.CauseSystemUser,
			append([]string{"the sender is the desk itself"}, m.Message.Class.Reasons...)...)
	}
	if f.known && !f.sender.Blocked.IsZero() && !m.Released {
		return setAside(tickets.Quarantined, tickets.CauseBlocklisted, "the sender is blocked")
	}
	if quarantine.AnswersDigest(&f.evidence) && !m.Released {
		return Route{To: ToAdmin}
	}
	if side.Answers(&f.evidence) && m.Message.Class.Kind != mailin.KindBounce {
		return Route{To: ToThird}
	}
	if machines(m.Message.Class.Kind) && !m.Released && !f.guessedPerson() {
		return Route{To: ToMachine}
	}
	whose := f.whose()
	if whose == nil || f.asCustomer(whose) {
		return Route{To: ToCustomer}
	}
	return Route{To: ToAgent, Agent: whose, Stranger: f.stranger(whose)}
}

// sentRoute returns who decides on a mail in a Sent folder. Suspicions about mail from outside do
// not apply: one of our own people wrote it.
func sentRoute(f *facts) Route {
	if f.mail.Fault != "" || f.mail.Scan.Virus != "" {
		return *unfit(f)
	}
	return Route{To: ToSent}
}

// machines reports whether mails of a kind are filed and never answered.
func machines(k mailin.Kind) bool {
	switch k {
	case mailin.KindBounce, mailin.KindAutoReply, mailin.KindReceipt, mailin.KindCalendar, mailin.KindChallenge, mailin.KindFeedback,
		mailin.KindReaction, mailin.KindRecall:
		return true
	}
	return false
}

// guessedPerson reports whether a mail counts as automatic only because of its wording, while its
// sender has proven to be a participant of a ticket that it continues: its new text is then treated
// as a person's. An out-of-office note that starts a clock costs less than a question that nobody
// answers.
func (f *facts) guessedPerson() bool {
	m := f.mail.Message
	return m.Class.Guessed && m.Class.Kind == mailin.KindAutoReply && f.agent == nil && f.takesPart && f.goesOn &&
		f.evidence.Proof.Strong() && !m.Auth.Doubtful() && m.Written() != ""
}

// personOnList reports whether a mail that came through a list was written by a proven participant
// of its ticket: lists forward what people write.
func (f *facts) personOnList() bool {
	m := f.mail.Message
	return m.Class.Kind == mailin.KindList && f.agent == nil && f.takesPart && f.evidence.Proof.Strong() && !m.Auth.Doubtful() &&
		m.Written() != ""
}

// unfit returns the outcome of a mail that is set aside whatever its content, nil for any other.
func unfit(f *facts) *Route {
	m := f.mail
	allowed := f.known && !f.sender.Allowed.IsZero() && m.Message.Auth.Verdict != mailin.VerdictFail
	put := func(cause tickets.Cause, reasons ...string) *Route {
		r := setAside(tickets.Quarantined, cause, reasons...)
		return &r
	}
	switch {
	case m.Fault != "":
		return put(tickets.CauseUnprocessable, m.Fault)
	case m.Scan.Virus != "":
		return put(tickets.CauseVirus, quarantine.Found(m.Scan.Virus))
	case m.Truncated:
		return put(tickets.CauseOversize, fmt.Sprintf("the mail has %d octets, more than the desk takes", m.Size))
	case m.Junk && !allowed:
		return put(tickets.CauseSpam, "it lay in a folder for junk")
	case m.Message.Class.Kind == mailin.KindSpam && !allowed:
		return put(tickets.CauseSpam, append(m.Message.Class.Reasons, m.Message.Class.Spam)...)
	case m.Scan.Unscanned != "" && f.holdUnscanned: // last, since such a mail is accepted once it has been scanned
		return put(tickets.CauseUnscanned, "nothing is known of viruses: "+m.Scan.Unscanned)
	}
	return nil
}

func setAside(outcome tickets.Outcome, cause tickets.Cause, reasons ...string) Route {
	return Route{To: ToNobody, Outcome: outcome, Cause: cause, Reasons: reasons}
}

func (f *facts) stranger(whose *tickets.Agent) bool { return f.agent != whose }

// asCustomer reports whether an agent writes as a customer: with a request of their own, or in a
// ticket of which they are the requester. A notice that they forward is not a request, whatever its
// new subject.
func (f *facts) asCustomer(whose *tickets.Agent) bool {
	e := &f.evidence
	switch {
	case f.stranger(whose):
		return false
	case e.AnswersNotice():
		return e.Notice.Mail.Party == mailout.Customer
	case e.Ticket == 0:
		return !agent.MeansCommands(f.typed) && !f.holdsNotice && !f.elsewhere
	}
	return f.takesPart
}
