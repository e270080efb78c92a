package decision

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailout"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// After an outage many promises are overdue at once, of tickets that wait and of those to which old
// mail came. What they lead to is done and recorded for each, but a lead must not get a thousand
// mails in a minute: the notices are put off, and each agent gets one mail that sums them up.

const (
	// lateAfter is how late a promise must be found for that: the desk was not there when it fell
	// due.
	lateAfter = time.Hour
	// manyLate is how many tickets must wait for it at once; fewer are worth a notice each.
	manyLate = 10
	// gathering is how long put off notices are gathered before the first mail.
	gathering = 20 * time.Second
)

// ofOldMail stands in the timer of a ticket whose promises were overdue already when an old mail
// came to it.
const ofOldMail = "old mail: "

// isLate reports whether what a ticket's timer leads to is to be summed up.
func isLate(tx *sqldb.Tx, t timers.Timer) (bool, error) {
	if strings.HasPrefix(t.Data, ofOldMail) {
		return true, nil
	}
	if tx.Now().Sub(t.Due.Time) < lateAfter {
		return false, nil
	}
	// One is summed up already, so that the last of many is, too.
	if some, err := timers.Any(tx, timers.Backlog); err != nil || some {
		return some, err
	}
	n, err := timers.CountDue(tx, timers.Ticket, tx.Now().Add(-lateAfter), manyLate)
	return n+1 >= manyLate, err // this one has been taken out
}

// putOff keeps a notice for the mail that sums them up; of several about one ticket the last
// counts.
func (c *Case) putOff(p *notice.Planned) error {
	agent := p.ToAgent()
	due, err := notAgainBefore(c.Tx, backlogName(agent.Name))
	if err != nil {
		return err
	}
	if soon := c.Tx.Now().Add(gathering); due.Before(soon) {
		due = soon
	}
	c.Explain("the notice %q to %s is put off: many are late at once", p.Kind, agent.Name)
	reasons := c.Policy.Phrases.Texts(p.Reasons, cmp.Or(agent.Language, c.Desk.Language))
	return timers.Set(c.Tx,
		timers.Timer{Ticket: c.Ticket.ID, Kind: timers.Backlog, Name: agent.Name, Due: sqldb.At(due), Data: strings.Join(reasons, " ")})
}

func backlogName(agent string) string { return "told-backlog/" + agent }

// namedInBacklog is how many tickets a summary names; the others are counted.
const namedInBacklog = 50

// FireBacklog sums up for an agent what was put off for them.
func FireBacklog(ctx Context, first timers.Timer) error {
	tx := ctx.Tx
	if early, err := TooEarly(tx, backlogName(first.Name), first); early || err != nil {
		return err
	}
	rest, err := timers.PopNamed(tx, timers.Backlog, first.Name)
	if err != nil {
		return err
	}
	agent := ctx.Policy.People.Agent(first.Name)
	if agent == nil {
		return nil // they have left; what happened stands in the tickets
	}
	f := notice.DeskFacts(ctx.Desk, tx.Now())
	for _, t := range append([]timers.Timer{first}, rest...) {
		ticket, found, err := listed(&ctx, t.Ticket, agent)
		if err != nil {
			return err
		}
		if !found {
			continue // somebody has seen to it meanwhile
		}
		if f.Count++; f.Count > namedInBacklog {
			continue
		}
		ticket.Subject, _ = view.Text(ctx.Policy, agent, ticket.Subject)
		f.Mails = append(f.Mails, templates.MailLine{ID: strconv.FormatInt(ticket.ID, 10), Subject: ticket.Subject,
			When: ticket.Opened, From: ticket.Priority, Reason: t.Data})
	}
	if err := meta.Set(tx, backlogName(agent.Name), strconv.Itoa(f.Count)); err != nil || f.Count == 0 {
		return err
	}
	return TellAgent(ctx, templates.Backlog, agent, mailout.Digests, func(int64, *notice.Sender) *templates.Facts { return &f })
}
