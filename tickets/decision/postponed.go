package decision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Agents may choose to have notices of events in tickets put off: until their quiet hours end, when
// they get one notice for each ticket, or for one daily mail that lists all tickets.

// postponed is the data in the timer of a notice that waits.
type postponed struct {
	Kind    templates.Name `json:"kind"`
	Author  tickets.Actor  `json:"author,omitempty"`
	Message int64          `json:"message,omitempty"` // the first message it is about
	Words   string         `json:"words,omitempty"`   // what the desk says, in the agent's language
	Asked   bool           `json:"asked,omitempty"`   // the agent was named, or asked for it
	Copy    bool           `json:"copy,omitempty"`    // it is a copy of a notice to a colleague whom they shadow
}

// postpone stores a notice for later. Of several about one ticket, in quiet hours the first one's
// timer stays, since its notice will include everything written since; for a digest the last one
// counts.
func (c *Case) postpone(p *notice.Planned) error {
	agent := p.ToAgent()
	language := cmp.Or(agent.Language, c.Desk.Language)
	kept := postponed{Kind: p.Kind, Author: p.Author, Message: c.Current.ID, Words: c.Policy.Say(p.Text, language), Asked: p.Asked,
		Copy: p.Copy}
	if p.Text.Empty() {
		kept.Words = p.Body
	}
	if p.Digest {
		kept.Words = c.Policy.Say(c.inDigest(p), language)
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("putting off a notice: %w", err)
	}
	t := timers.Timer{Ticket: c.Ticket.ID, Kind: timers.Quiet, Name: agent.Name, Due: sqldb.At(p.Due), Data: string(data)}
	if p.Digest {
		c.Explain("the notice %q to %s waits for their digest", p.Kind, agent.Name)
		t.Kind = timers.Digest
		return timers.Set(c.Tx, t)
	}
	c.Explain("the notice %q to %s waits until their quiet hours end", p.Kind, agent.Name)
	return timers.SetIfNone(c.Tx, t)
}

// inDigest returns a digest's entry about a ticket.
func (c *Case) inDigest(p *notice.Planned) phrase.Text {
	who := c.authorName(p.Author)
	switch {
	case p.Kind == templates.AgentNew:
		return phrase.Say("new, from %s", who)
	case p.Kind == templates.Assigned && c.Ticket.Assignee == p.Agent:
		return phrase.Say("assigned to you")
	case p.Kind == templates.Assigned:
		return phrase.Say("given to your team")
	case !p.Text.Empty():
		return p.Text
	case p.Kind == templates.AgentNote:
		return phrase.Say("note from %s", who)
	}
	return phrase.Say("%s wrote", who)
}

// authorName returns the name of an agent or a participant.
func (c *Case) authorName(actor tickets.Actor) string {
	if a := c.Policy.People.Agent(actor.Agent()); a != nil {
		return a.FullName
	}
	for _, p := range c.participants {
		if p.Person == actor.Person() && p.Person != 0 {
			return cmp.Or(p.Name, p.Shown, p.Address)
		}
	}
	return cmp.Or(c.Current.Address, c.Desk.Name)
}

// FireQuiet tells an agent, at the end of their quiet hours, what happened in a ticket. If the
// ticket has no assignee and is no longer theirs, it tells those responsible now.
func FireQuiet(ctx Context, t timers.Timer) error {
	var kept postponed
	if err := json.Unmarshal([]byte(t.Data), &kept); err != nil {
		return fmt.Errorf("a notice that was put off: %w", err)
	}
	d := Begin(ctx, "timer:quiet", ctx.Tx.Now())
	c, err := d.Open(t.Ticket)
	if err != nil || c.Ticket.Status.Done() || c.Ticket.MergedInto != 0 {
		return err
	}
	names, err := c.whoseNow(t, &kept)
	if err != nil || len(names) == 0 {
		return err
	}
	n := notice.Notice{Kind: kept.Kind, Author: kept.Author, Body: kept.Words, Asked: kept.Asked, Copy: kept.Copy, Alone: true}
	if kept.Message != 0 {
		written, err := store.MessagesAfter(ctx.Tx, t.Ticket, kept.Message-1)
		if err != nil {
			return err
		}
		if said := c.said(written); said != "" {
			n.Body = said
		}
	}
	c.NotifyAll(names, n)
	_, err = d.Finish()
	return err
}

// whoseNow returns who gets a notice that was put off: the agent it was for, while the ticket still
// concerns them. Otherwise, because their turn is over, they are away or have left, it is those who
// now work on the ticket, except those who have been told of it since. If the ticket has an
// assignee, nobody gets it: the assignee knows.
func (c *Case) whoseNow(t timers.Timer, kept *postponed) ([]string, error) {
	agent := c.Policy.People.Agent(t.Name)
	if agent != nil && (kept.Copy || concerned(&c.Context, &c.Ticket, agent.Name, kept.Kind)) {
		return []string{agent.Name}, nil
	}
	if kept.Copy || c.Ticket.Assignee != "" {
		return nil, nil
	}
	told, err := c.lastTold()
	if err != nil {
		return nil, err
	}
	names := view.Working(c.Policy, &c.Ticket)
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		last, found := told[mailin.Fold(c.Policy.People.Agent(name).Address)]
		return found && !last.Before(t.Set.Time)
	}), nil
}

// concerned reports whether a notice that was put off still concerns an agent. One in which they
// were named does, whoever is the assignee.
func concerned(ctx *Context, t *tickets.Ticket, agent string, kind templates.Name) bool {
	if kind == templates.AgentNote || kind == templates.Warning {
		return true
	}
	for _, name := range view.Working(ctx.Policy, t) {
		if name == agent {
			return true
		}
	}
	return false
}

// said joins messages, each under its author's name if there are several authors.
func (c *Case) said(written []tickets.Message) string {
	var out []string
	for i := range written {
		m := &written[i]
		if m.Kind == tickets.Automatic {
			continue
		}
		if len(written) == 1 {
			return m.Text
		}
		who := c.authorName(m.Author)
		if m.Author.Agent() == "" {
			who = m.Address
		}
		out = append(out, fmt.Sprintf("%s · %s\n%s", who, m.At.In(c.location()).Format("2006-01-02 15:04"), m.Text))
	}
	return strings.Join(out, "\n\n")
}

// FireDigest sends an agent the daily digest.
func FireDigest(ctx Context, first timers.Timer) error {
	tx := ctx.Tx
	rest, err := timers.PopNamed(tx, timers.Digest, first.Name)
	if err != nil {
		return err
	}
	agent := ctx.Policy.People.Agent(first.Name)
	f := notice.DeskFacts(ctx.Desk, tx.Now())
	for _, t := range append([]timers.Timer{first}, rest...) {
		if agent == nil { // they have left, and others are responsible now
			if err := FireQuiet(ctx, t); err != nil {
				return err
			}
			continue
		}
		ticket, found, err := listed(&ctx, t.Ticket, agent)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		var kept postponed
		if err := json.Unmarshal([]byte(t.Data), &kept); err != nil {
			return fmt.Errorf("a notice that was put off: %w", err)
		}
		if ticket.Assignee == "" && !concerned(&ctx, &ticket, agent.Name, kept.Kind) { // others are responsible now as well
			if err := FireQuiet(ctx, t); err != nil {
				return err
			}
		}
		if f.Count++; f.Count <= namedInBacklog {
			ticket.Subject, _ = view.Text(ctx.Policy, agent, ticket.Subject)
			kept.Words, _ = view.Text(ctx.Policy, agent, kept.Words)
			f.Mails = append(f.Mails, templates.MailLine{ID: strconv.FormatInt(ticket.ID, 10), Subject: ticket.Subject, When: ticket.Opened,
				From: ticket.Priority, Reason: kept.Words})
		}
	}
	if f.Count == 0 {
		return nil
	}
	return TellAgent(ctx, templates.Digest, agent, mailout.Digests, func(int64, *notice.Sender) *templates.Facts { return &f })
}

// listed returns a ticket for a list to an agent. It returns false if there is nothing to report
// about it any more, or the agent may no longer see it.
func listed(ctx *Context, id int64, agent *tickets.Agent) (tickets.Ticket, bool, error) {
	t, found, err := store.Ticket(ctx.Tx, id)
	return t, found && !t.Status.Done() && t.MergedInto == 0 && view.Sees(ctx.Policy, &t, agent), err
}
