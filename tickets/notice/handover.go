package notice

import (
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// handover fills in what who gets the ticket now has to know of who had it: what each tier did, and
// how tickets like it were solved.
func (c *Case) handover(f *templates.Facts) {
	stays, err := tickets.Stays(c.Past, c.Now)
	if err != nil || len(stays) == 0 {
		return // a history that was cut is told elsewhere; the conversation stands below
	}
	for _, s := range stays[:len(stays)-1] { // the last one begins now
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
		f.Stays = append(f.Stays, stay)
	}
	for _, s := range c.Similar {
		f.Similar = append(f.Similar, templates.Similar{Number: s.Number, Subject: s.Subject, Solution: s.Solution})
	}
}

// some returns a duration in words, "" for less than a minute.
func some(d time.Duration) string {
	if d < time.Minute {
		return ""
	}
	return Spent(d)
}
