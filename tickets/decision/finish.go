package decision

import (
	"fmt"
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// SpamTag marks tickets that an agent called spam: the requester gets no automatic mail about them.
const SpamTag = "spam"

// Finish writes the results of the decision: its tickets, their clocks, their mails.
func (d *Decision) Finish() (Result, error) {
	for _, c := range d.cases {
		if err := c.carryOut(); err != nil {
			return d.result, err
		}
		if c.Ticket.ID != 0 {
			if err := c.setTimer(); err != nil {
				return d.result, err
			}
			if err := store.SaveTicket(d.Tx, c.Ticket); err != nil {
				return d.result, err
			}
		}
		if err := c.mails(); err != nil {
			return d.result, err
		}
	}
	for _, c := range d.cases {
		if d.result.Ticket == 0 { // a mail that belonged to no ticket may have opened one
			d.result.Ticket, d.result.State = c.Ticket.ID, c.Ticket
		}
	}
	var err error
	d.result.Mails, err = d.enqueue(d.result.Mails...)
	return d.result, err
}

// enqueue queues mails, except to an address of the desk itself, which would start a loop. It
// returns the queued mails.
func (c *Context) enqueue(mails ...mailout.Mail) ([]mailout.Mail, error) {
	out := make([]mailout.Mail, 0, len(mails))
	for _, m := range mails {
		if arrival.Ours(c.Desk, m.Recipient) {
			c.Log.Error("a mail to the desk's own address is not sent", "kind", m.Kind, "ticket", m.Ticket, "recipient", m.Recipient)
			continue
		}
		out = append(out, m)
		ratelimit.Count(c.Tx, &m)
	}
	return out, mailout.EnqueueAll(c.Tx, out)
}

// mails makes the mails and notices that were requested. It queues nothing: notices that must wait
// are stored as timers.
func (c *Case) mails() error {
	if c.wanted.Acknowledge == "" && len(c.wanted.Replies) == 0 && len(c.wanted.Notices) == 0 {
		return nil
	}
	if c.wanted.NeedsQuiet() {
		requester, err := c.Requester()
		if err != nil {
			return err
		}
		if c.wanted.Quiet, err = c.Quiet(requester); err != nil {
			return err
		}
	}
	value, err := c.notices()
	if err != nil {
		return err
	}
	plan, steps := notice.Plan(value, &c.wanted)
	c.result.Steps = append(c.result.Steps, steps...)
	kept := plan[:0]
	for _, p := range plan {
		if c.Late && p.Copy {
			continue // a shadow needs no summary
		}
		if c.Late && p.ToAgent() != nil {
			if err := c.putOff(&p); err != nil {
				return err
			}
			continue
		}
		if !p.Due.IsZero() {
			if err := c.postpone(&p); err != nil {
				return err
			}
			continue
		}
		if err := c.number(&p); err != nil {
			return err
		}
		kept = append(kept, p)
	}
	mails, faults, err := notice.Make(value, kept)
	for _, fault := range faults {
		c.Log.Error("a template of the desk folder failed; the built-in one was used", "error", fault)
	}
	c.result.Mails = append(c.result.Mails, mails...)
	return err
}

// number assigns a number to each copy of a planned mail, and explains a notice.
func (c *Case) number(p *notice.Planned) error {
	p.IDs = make([]int64, p.Copies())
	for i := range p.IDs {
		if i == 0 && p.Group != 0 {
			p.IDs[0] = p.Group
			continue
		}
		id, err := c.Tx.NextID("outbox")
		if err != nil {
			return err
		}
		p.IDs[i] = id
	}
	if agent := p.ToAgent(); agent != nil {
		c.Explain("notice %q to %s", p.Kind, agent.Name)
	}
	if p.Held != 0 {
		return store.NoticeOfHeld(c.Tx, p.Held, p.IDs[0])
	}
	return nil
}

// notices returns the case from which all its notices are made.
func (c *Case) notices() (*notice.Case, error) {
	n := &notice.Case{Desk: c.Desk, Policy: c.Policy, Keys: c.Keys, Now: c.Tx.Now(), Ticket: c.Ticket, Opened: c.Opened, Current: c.Current,
		Old: c.Old, Joined: c.joined, Remarks: c.remarks, Suggested: c.suggested, Procedures: c.procedures}
	if c.Mail != nil {
		n.Mail, n.Inbound = c.Mail.Message, c.Mail.ID
		n.Warnings = c.Mail.Explain(c.Current.Flags, c.Desk, c.Policy.People)
	}
	if c.Ticket.ID == 0 {
		return n, nil
	}
	var err error
	if n.Participants, err = c.Participants(); err != nil {
		return nil, err
	}
	if n.Clocks, err = c.Clocks(); err != nil {
		return nil, err
	}
	if n.Draft, err = c.draft(); err != nil {
		return nil, err
	}
	if n.Told, err = c.told(n.Participants); err != nil {
		return nil, err
	}
	if c.wanted.NeedsMessages() && !c.Opened {
		if n.Messages, err = store.Messages(c.Tx, c.Ticket.ID); err != nil {
			return nil, err
		}
	}
	if c.wanted.NeedsPast() {
		if n.Past, err = c.History(); err != nil {
			return nil, err
		}
		if c.Similar != nil {
			if n.Similar, err = c.Similar(c.Context, &c.Ticket, n.Messages); err != nil {
				return nil, err
			}
		}
	}
	n.TakenFiles, err = c.takenFiles(n.Messages)
	return n, err
}

// draft returns the trainee's answer that waits for a lead, nil for none.
func (c *Case) draft() (*tickets.HeldMail, error) {
	trainee := func(a tickets.Agent) bool { return c.Policy.People.Trainee(&a) }
	if len(c.wanted.Notices) == 0 || !slices.ContainsFunc(c.Policy.People.Agents, trainee) {
		return nil, nil
	}
	h, found, err := store.WaitingDraft(c.Tx, c.Ticket.ID)
	if err != nil || !found {
		return nil, err
	}
	return &h, nil
}

// told returns when each agent was last told who receives an answer; nothing if nobody has joined
// the requester since the ticket was opened.
func (c *Case) told(parts []tickets.Participant) (map[string]time.Time, error) {
	joined := func(p tickets.Participant) bool {
		return p.Role != tickets.Requester && (p.Added.After(c.Ticket.Opened) || c.Ticket.Opened.After(c.Tx.Latest()))
	}
	if len(c.wanted.Notices) == 0 || !slices.ContainsFunc(parts, joined) {
		return nil, nil
	}
	return c.lastTold()
}

// lastTold returns, by address, when each agent was last told of the ticket. Answers to an agent's
// own mails do not count.
func (c *Case) lastTold() (map[string]time.Time, error) {
	return mailout.LastTold(c.Tx, c.Ticket.ID, mailout.Agent, string(templates.Receipt), string(templates.Help))
}

// takenFiles returns the files of the customer's mails for the agent who is assigned the ticket by
// this decision, if only the assignee gets them.
func (c *Case) takenFiles(messages []tickets.Message) ([]mailout.Attachment, error) {
	given := slices.ContainsFunc(c.result.Events, func(e tickets.Event) bool {
		return e.Kind == tickets.Assigned && e.Ticket == c.Ticket.ID && e.Data.Assignee != ""
	})
	agent := c.Policy.People.Agent(c.Ticket.Assignee)
	if !given || agent == nil || c.Opened || !notice.Crowded(c.Policy, &c.Ticket) {
		return nil, nil
	}
	if messages == nil {
		var err error
		if messages, err = store.Messages(c.Tx, c.Ticket.ID); err != nil {
			return nil, err
		}
	}
	var seen []tickets.Message
	for i := range messages {
		// Files have not been searched for the confidential data that the text hides.
		if _, hidden := view.Text(c.Policy, agent, messages[i].Text); !hidden {
			seen = append(seen, messages[i])
		}
	}
	return notice.FilesOf(seen), nil
}

// Quiet returns the reason why a person must not get automatic mail now; "" if they may.
func (c *Case) Quiet(p tickets.Participant) (string, error) {
	if why := c.silent(p); why != "" {
		return why, nil
	}
	past, err := c.History()
	if err != nil {
		return "", err
	}
	if machineOpened(past) {
		return "a machine opened the ticket, and nobody has written since", nil
	}
	q := ratelimit.Question{
		Tx: c.Tx, Limits: c.Limits, People: c.Policy.People, Mail: c.Mail, Ticket: c.Ticket.ID, Opened: c.Opened,
	}
	return q.Enough(p)
}

// silent returns the reason why a person must not get automatic mail, as far as it follows from the
// person, the ticket and the mail.
func (c *Case) silent(p tickets.Participant) string {
	switch {
	case p.Address == "":
		return "nobody to answer"
	case c.Old:
		return "the mail is old"
	case p.Muted:
		return "the address does not exist"
	case c.Ticket.HasTag(SpamTag):
		return "the ticket is spam"
	case c.Mail != nil && c.Mail.Message.Class.Automatic():
		return fmt.Sprintf("a machine wrote (%s)", c.Mail.Message.Class.Kind)
	case c.Mail != nil && c.Mail.Message.Class.NoAutoReply:
		return "the mail asks for no automatic answer"
	case c.Mail != nil && c.Mail.Confirmed == "" && c.Mail.Message.Auth.Verdict == mailin.VerdictFail:
		return "the sender's address is forged"
	}
	return ""
}

// machineOpened reports whether a machine opened the ticket and no person has written in it since.
func machineOpened(past []tickets.Event) bool {
	machine := false
	for _, e := range past {
		machine = e.Kind == tickets.Opened && e.Data.Silent || machine && (e.Kind != tickets.Replied || e.Data.Silent)
	}
	return machine
}

// Record writes the tickets of a decision that changes no clock and notifies nobody.
func (d *Decision) Record() error {
	for _, c := range d.cases {
		if err := store.SaveTicket(d.Tx, c.Ticket); err != nil {
			return err
		}
	}
	return nil
}
