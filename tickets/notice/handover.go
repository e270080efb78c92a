package notice

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
)

// handover fills in what the ticket's new owner must know about its past: what each tier did, and
// how similar tickets were solved.
func (c *Case) handover(f *templates.Facts, language string) {
	stays, err := tickets.Stays(c.Past, c.Now)
	if err != nil || len(stays) == 0 {
		return // a truncated history is reported elsewhere; the conversation follows below
	}
	for _, s := range stays[:len(stays)-1] { // the last stay begins now
		stay := templates.Stay{Tier: c.tier(s.Tier), Spent: Spent(s.Spent), Customer: some(s.Customer),
			OnHold: some(s.OnHold), Answers: s.Answers}
		var who []string
		for _, name := range s.Agents {
			if a := c.Policy.People.Agent(name); a != nil {
				name = a.FullName
			}
			who = append(who, name)
		}
		stay.Who = strings.Join(who, ", ")
		stay.By, stay.Target = c.Policy.Say(c.passedOnBy(s.Left.Actor), language), s.Left.Data.Target
		if said := c.said(s.Left.Message); !slices.Contains(f.Reasons, said) {
			stay.Why = strings.Join(strings.Fields(said), " ")
		}
		f.Stays = append(f.Stays, stay)
	}
	for _, s := range c.Similar {
		f.Similar = append(f.Similar, templates.Similar{Number: s.Number, Subject: s.Subject, Solution: s.Solution})
	}
}

// passedOnBy names who moved a ticket to another tier; empty if it was a timer.
func (c *Case) passedOnBy(actor tickets.Actor) phrase.Text {
	switch kind, name := actor.Split(); {
	case c.Policy.People.Agent(actor.Agent()) != nil:
		return phrase.Verbatim(c.Policy.People.Agent(actor.Agent()).FullName)
	case kind == "rule":
		return phrase.Say("rule %q", name)
	case kind == "timer":
		return phrase.Text{}
	case actor.Person() != 0:
		p, _ := c.requester()
		return phrase.Verbatim(cmp.Or(p.Name, p.Shown, p.Address))
	}
	return phrase.Verbatim(string(actor))
}

// said returns the text of a message of the ticket, "" if there is no such message.
func (c *Case) said(message int64) string {
	for i := range c.Messages {
		if c.Messages[i].ID == message && message != 0 {
			return c.Messages[i].Text
		}
	}
	return ""
}

// some formats a duration, "" for less than a minute.
func some(d time.Duration) string {
	if d < time.Minute {
		return ""
	}
	return Spent(d)
}
