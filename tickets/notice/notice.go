// Package notice makes the mails that a decision has requested: acknowledgements and answers to
// people outside, notices to agents, mails to the admin. It is pure: the ticket, its history and
// the numbers of the mails are passed in as values. It must never know a database, decide who is
// told, or send anything.
package notice

import (
	"fmt"
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/markup"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
)

// Life is how long a reply to a notice proves the identity of its author.
const Life = 30 * 24 * time.Hour

// Notice describes a mail to be made. Agent or Address is set for a mail to one of our own people,
// Aside for one to a third person; none of them for a mail to the participants.
type Notice struct {
	Kind    templates.Name
	Agent   string // name
	Address string // of the admin, or that a rule forwards to
	Outside bool   // Address is outside: nothing written for colleagues is sent there
	Author  tickets.Actor
	Reasons []phrase.Text
	Text    phrase.Text // the desk's own text, in place of a message
	Body    string      // in place of the current message's text
	// Formatted is the body with its author's formatting.
	Formatted markup.Formatted
	Files     []mailout.Attachment // sent with an answer, besides those of the current mail
	Clock     sla.Target           // the promise it is about
	Before    *int                 // the tier the ticket came from, nil where it did not move
	Earlier   *tickets.Message     // what its reader had not seen

	NextNews time.Time // when the customer will hear next
	ByPerson bool      // from a person

	Writer  templates.Person // the author of the held mail
	Command string           // the word that is not a command; Nearest is the most similar command
	Nearest string
	Steps   []templates.Step  // of a receipt
	Help    []templates.Usage // the available commands
	Bounce  *templates.Bounce
	Gone    *templates.Gone // a person whom no mail reaches any more; nil for nobody
	Final   bool            // answering it has no effect
	Asked   bool            // they were named, or asked for it: sent even if they silenced the ticket, or want only their own
	// Called reports whether the agent is called because they are on call: the notice is sent
	// immediately, even in quiet hours.
	Called bool
	Remark phrase.Text // why they are called; shown above the facts
	Copy   bool        // a copy of a notice to a colleague whom they shadow: no action is expected of them
	Alone  bool        // no copies: those who would get one have it already
	// OnSend is what /send would do with the held mail.
	OnSend commands.OnSend
	// Waiting is a trainee's mail that the reader checks, with its files; nil for none.
	Waiting *WaitingMail

	Form    *templates.Questionnaire // the questions, or the answers; nil for none
	Problem *tickets.Problem         // the problem, for ProblemNews
	Aside   *Aside                   // for a mail to a third person: the conversation with them
	Third   *templates.Side          // for a notice to an agent: the conversation it is about
	// Messages are the messages of the ticket that the reader may see, for a notice that shows the
	// whole ticket.
	Messages []tickets.Message

	Group int64 // the number of the first copy, if it had to be known in advance
	Held  int64 // the held mail it is about
}

// Case is a ticket after a decision, with everything that notices say about it.
type Case struct {
	Desk   *tickets.Identity
	Policy *tickets.Policy
	Keys   *token.Keyring
	Now    time.Time

	Ticket       tickets.Ticket
	Opened       bool                  // by this decision
	Participants []tickets.Participant // the requester first
	Joined       []string              // folded addresses of participants who joined in this decision
	Told         map[string]time.Time  // when each agent, by address, was last told who receives an answer
	Messages     []tickets.Message     // oldest first; only if Wanted.NeedsMessages
	Current      tickets.Message       // added by this decision, the zero value for none
	Mail         *mailin.Message       // the cause, nil for timers and deliveries
	Inbound      int64                 // its record
	Warnings     []phrase.Text         // about it
	Past         []tickets.Event       // the ticket's history, if it moves to another tier
	Similar      []Similar             // solved tickets about the same subject, if it moves to another tier
	Remarks      []phrase.Text         // about actions of rules, for every agent who is told
	Old          bool                  // it is about old mail: no automatic mail is sent
	Draft        *tickets.HeldMail     // a trainee's answer that a lead has not checked yet, nil for none
	Clocks       []templates.Clock     // that have not ended
	Suggested    []articles.Found      // articles that may answer the customer
	Procedures   []articles.Found      // internal articles that may help an agent to answer
	TakenFiles   []mailout.Attachment  // of the customer's mails, for the agent who is assigned the ticket by this decision
}

// Similar is a solved ticket about the same subject, with its solution.
type Similar struct {
	Number            int64
	Subject, Solution string
}

// NeedsPast reports whether one of the mails hands the ticket over to another tier.
func (w *Wanted) NeedsPast() bool {
	return slices.ContainsFunc(w.Notices, func(n Notice) bool { return n.Before != nil })
}

// Wanted is the mails that a decision has requested.
type Wanted struct {
	Acknowledge string   // template of the answer to a new ticket, "" for none
	Replies     []Notice // to people outside, besides the acknowledgement
	Notices     []Notice // to our own people; of several an agent gets the weightiest
	// Quiet is the reason why the requester gets no automatic mail now, "" if they may.
	Quiet string
}

// NeedsQuiet reports whether an automatic mail would go to the requester.
func (w *Wanted) NeedsQuiet() bool {
	return w.Acknowledge != "" || slices.ContainsFunc(w.Replies, func(n Notice) bool { return !n.byPerson() && !n.agentsForm() })
}

// byPerson reports whether a mail brings an agent's own words to all participants.
func (n *Notice) byPerson() bool { return n.Kind == templates.Answer || n.Kind == templates.Published }

// agentsForm reports whether an agent sends a form to the requester, which nothing holds back.
func (n *Notice) agentsForm() bool { return n.Kind == templates.Form && n.Author.Agent() != "" }

// NeedsMessages reports whether the mails show or continue the conversation so far.
func (w *Wanted) NeedsMessages() bool {
	return w.Acknowledge != "" || len(w.Replies) > 0 || slices.ContainsFunc(w.Notices, func(n Notice) bool { return kinds[n.Kind].history })
}

// Make makes the planned mails. faults are the errors of admins' templates that were replaced by
// the built-in ones.
func Make(c *Case, plan []Planned) (mails []mailout.Mail, faults []error, err error) {
	m := maker{Case: c, mark: newMark(), made: map[string]words{}}
	for i := range plan {
		p := &plan[i]
		switch {
		case p.agent != nil:
			err = m.toAgent(p)
		case p.Aside != nil:
			err = m.toAside(p)
		case p.Address != "":
			err = m.toAddress(p)
		default:
			err = m.toOutside(p)
		}
		if err != nil {
			return nil, m.faults, fmt.Errorf("making the mail %q: %w", p.Kind, err)
		}
	}
	return m.out, m.faults, nil
}

// maker makes the mails of one decision.
type maker struct {
	*Case
	mark   mark
	made   map[string]words // notices that several agents get
	out    []mailout.Mail
	faults []error
}

// render makes the words of a mail. If a template of the admin's fails on these facts, the built-in
// one is used and the error is kept.
func (m *maker) render(kind templates.Name, language string, f *templates.Facts) (templates.Mail, error) {
	return m.renderFrom(m.Policy.Templates, kind, language, f)
}

// renderFor makes the words of a mail to somebody outside, with the templates of the inbox that
// sends it.
func (m *maker) renderFor(inbox *tickets.Inbox, kind templates.Name, language string, f *templates.Facts) (templates.Mail, error) {
	speakFor(f, m.Desk, inbox)
	return m.renderFrom(m.Policy.Templates.For(inbox.Name), kind, language, f)
}

func (m *maker) renderFrom(set *templates.Set, kind templates.Name, language string, f *templates.Facts) (templates.Mail, error) {
	mail, err := set.Render(kind, language, f)
	if mail.Fault != nil {
		m.faults = append(m.faults, fmt.Errorf("template %s: %w", kind, mail.Fault))
	}
	return mail, err
}

// requester returns the participant who asked; false if it was a machine.
func (c *Case) requester() (tickets.Participant, bool) {
	for _, p := range c.Participants {
		if p.Role == tickets.Requester {
			return p, true
		}
	}
	return tickets.Participant{}, false
}
