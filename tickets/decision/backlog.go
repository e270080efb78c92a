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

// After an outage many promises may be overdue at once, of waiting tickets and of those that
// receive old mail. Their consequences are carried out and recorded for each ticket, but a lead
// must not get a thousand mails in a minute. So the notices are put off, and each agent gets one
// mail that summarises them.

const (
	// lateAfter is how late a promise must be found to count: then the desk was not running when it
	// fell due.
	lateAfter = time.Hour
	// manyLate is the number of late tickets from which notices are summarised; fewer get a notice
	// each.
	manyLate = 10
	// gathering is how long notices are collected before the first summary.
	gathering = 20 * time.Second
)

// ofOldMail marks the timer of a ticket whose promises were already overdue when an old mail came
// into it.
const ofOldMail = "old mail: "

// isLate reports whether the consequences of a ticket's timer are to be summarised.
func isLate(tx *sqldb.Tx, t timers.Timer) (bool, error) {
	if strings.HasPrefix(t.Data, ofOldMail) {
		return true, nil
	}
	if tx.Now().Sub(t.Due.Time) < lateAfter {
		return false, nil
	}
	// If a summary is already being collected, the last of many joins it, too.
	if some, err := timers.Any(tx, timers.Backlog); err != nil || some {
		return some, err
	}
	n, err := timers.CountDue(tx, timers.Ticket, tx.Now().Add(-lateAfter), manyLate)
	return n+1 >= manyLate, err // this timer has been removed already
}

// putOff stores a notice for the summary. Of several about one ticket the last one counts.
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

// namedInBacklog is the maximum number of tickets that a summary names; the others are counted.
const namedInBacklog = 50

// FireBacklog sends an agent the summary of the notices put off for them.
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
		return nil // they have left; the tickets record what happened
	}
	f := notice.DeskFacts(ctx.Desk, tx.Now())
	for _, t := range append([]timers.Timer{first}, rest...) {
		ticket, found, err := listed(&ctx, t.Ticket, agent)
		if err != nil {
			return err
		}
		if !found {
			continue // somebody has dealt with it meanwhile
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
