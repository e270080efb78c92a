package decision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

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

// What happens in tickets waits for agents who want it so: until their quiet hours end, when they
// get one notice a ticket, or for one mail a day that names all tickets.

// postponed is what stands in the timer of a notice that waits.
type postponed struct {
	Kind    templates.Name `json:"kind"`
	Author  tickets.Actor  `json:"author,omitempty"`
	Message int64          `json:"message,omitempty"` // the first one that it is about
	Words   string         `json:"words,omitempty"`   // what the desk says, in the agent's language
	Asked   bool           `json:"asked,omitempty"`   // they were named, or asked for it
	Copy    bool           `json:"copy,omitempty"`    // it is a colleague's, whom they shadow
}

// postpone keeps a notice for later. Of several about one ticket the first one's timer counts in
// quiet hours: it tells of all that was written since. In a digest the last one does.
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

// inDigest says what a digest tells of a ticket.
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

// authorName returns the name of an agent, or of who takes part.
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

// FireQuiet tells an agent, now that their quiet hours are over, what happened in a ticket.
func FireQuiet(ctx Context, t timers.Timer) error {
	agent := ctx.Policy.People.Agent(t.Name)
	var kept postponed
	if err := json.Unmarshal([]byte(t.Data), &kept); err != nil {
		return fmt.Errorf("a notice that was put off: %w", err)
	}
	d := Begin(ctx, "timer:quiet", ctx.Tx.Now())
	c, err := d.Open(t.Ticket)
	if err != nil || agent == nil || c.Ticket.Status.Done() || c.Ticket.MergedInto != 0 {
		return err
	}
	if !kept.Copy && !concerned(&ctx, &c.Ticket, agent.Name, kept.Kind) {
		return nil // somebody else has it meanwhile
	}
	n := notice.Notice{Kind: kept.Kind, Agent: agent.Name, Author: kept.Author, Body: kept.Words, Asked: kept.Asked,
		Copy: kept.Copy, Alone: true}
	if kept.Message != 0 {
		written, err := store.MessagesAfter(ctx.Tx, t.Ticket, kept.Message-1)
		if err != nil {
			return err
		}
		if said := c.said(written); said != "" {
			n.Body = said
		}
	}
	c.Notify(n)
	_, err = d.Finish()
	return err
}

// concerned reports whether what was put off is still an agent's matter. What they were named for
// is, whoever has the ticket.
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

// said puts messages under each other, each under its writer's name if there are several.
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

// FireDigest gives an agent the mail of the day.
func FireDigest(ctx Context, first timers.Timer) error {
	tx := ctx.Tx
	rest, err := timers.PopNamed(tx, timers.Digest, first.Name)
	if err != nil {
		return err
	}
	agent := ctx.Policy.People.Agent(first.Name)
	if agent == nil {
		return nil // they have left; what happened stands in the tickets
	}
	f := notice.DeskFacts(ctx.Desk, tx.Now())
	for _, t := range append([]timers.Timer{first}, rest...) {
		ticket, found, err := store.Ticket(tx, t.Ticket)
		if err != nil {
			return err
		}
		if !found || ticket.Status.Done() {
			continue // somebody has seen to it meanwhile
		}
		var kept postponed
		if err := json.Unmarshal([]byte(t.Data), &kept); err != nil {
			return fmt.Errorf("a notice that was put off: %w", err)
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
