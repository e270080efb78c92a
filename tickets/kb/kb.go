// Package kb is self-service: it puts knowledge base articles into acknowledgements and agents'
// notices, lets customers say by a link or in words that an article helped or that they want a
// person, and lets agents answer with an article. It owns those words and their consequences. It
// must never show a customer an internal article, or act on words or a link of anybody who is not a
// participant of the ticket. Package articles finds the articles.
package kb

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Recogniser recognises customers' mails to the knowledge base.
func Recogniser() decision.Recogniser {
	return decision.Recogniser{Instead: answerWithoutTicket, Opening: suggest, Within: handleWish, Thanks: confirms}
}

// suggest looks for articles about a ticket that has just been opened.
func suggest(c *decision.Case, m decision.CustomerMail) error {
	if c.Policy.Articles == nil || c.Old {
		return nil
	}
	q := articles.Question{Subject: m.Message.Subject, Text: m.Message.Written(), Language: c.Ticket.Language}
	public, internal := c.Policy.Articles.Suggest(q)
	if m.Message.Auth.Verdict == mailin.VerdictFail {
		public = nil // there is no acknowledgement
	}
	c.Suggest(public, internal)
	if len(public) == 0 {
		return nil
	}
	var names []string
	for _, found := range public {
		names = append(names, found.Name)
	}
	return c.Handle(tickets.Event{Kind: tickets.Suggested, Actor: tickets.Desk, Message: c.Current.ID,
		Data: tickets.Data{Add: names, Inbound: m.ID}})
}

// confirms reports whether a mail into a solved or closed ticket says only that it is solved.
func confirms(m decision.CustomerMail) bool {
	what, _ := meant(m)
	return what == solved
}

// meant returns what a mail says, and the number of our mail whose link says it, 0 if it says so in
// words. A link that was given to somebody else does not count. Nor does a "solved" link above the
// customer's own words if those say something else: they are for people to read.
func meant(m decision.CustomerMail) (meaning, int64) {
	e := &m.Evidence
	words, understood := says(m.Message)
	if e.Proof != arrival.ByToken || e.Action == token.Reply {
		return words, 0
	}
	if e.Notice.Mail.Party != mailout.Customer || mailin.Fold(e.Notice.Mail.Recipient) != m.From() {
		return nothing, 0
	}
	switch e.Action {
	case token.SolvedIt:
		if !understood || words != nothing && words != solved {
			return words, 0
		}
		return solved, e.Notice.Mail.ID
	case token.Person:
		return person, e.Notice.Mail.ID
	}
	return nothing, 0
}

// handleWish acts on a customer's mail in a ticket that says that it is solved or that they want a
// person. The sender must have proven to be a participant, and words count only if self-service is
// enabled.
func handleWish(c *decision.Case, m decision.CustomerMail) (bool, error) {
	if m.Evidence.Action == token.Reply && !selfService(c.Policy) {
		return false, nil
	}
	what, link := meant(m)
	if what != solved && what != person || !m.Proven {
		return false, nil
	}
	if link != 0 {
		if used, err := usedUp(c, link); used || err != nil {
			return used && what == solved && c.Ticket.Status.Done(), err
		}
	}
	if what == solved {
		return true, solve(c, m, link)
	}
	return true, wantPerson(c, m, link)
}

// usedUp reports whether a link of one of our mails has been used already: the links of each mail
// work once.
func usedUp(c *decision.Case, link int64) (bool, error) {
	past, err := c.History()
	if err != nil {
		return false, err
	}
	for i := range past {
		if k := past[i].Kind; (k == tickets.SolvedIt || k == tickets.PersonWanted) && past[i].Data.Outbox == link {
			return true, nil
		}
	}
	return false, nil
}

// solve marks the ticket as solved, as its customer says.
func solve(c *decision.Case, m decision.CustomerMail, link int64) error {
	if c.Ticket.Status.Done() {
		return nil
	}
	actor := tickets.PersonActor(m.Sender.ID)
	if err := c.Handle(tickets.Event{Kind: tickets.SolvedIt, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Outbox: link}}); err != nil {
		return err
	}
	if err := c.SetStatus(tickets.Solved, actor, "", ""); err != nil {
		return err
	}
	c.NotifyAll(view.Working(c.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentNote, Author: actor,
		Text: phrase.Say("%s says that it is solved, so the ticket is solved now. There is nothing left to do.", writer(m))})
	return nil
}

// wantPerson immediately moves the ticket to the first tier at which people work.
func wantPerson(c *decision.Case, m decision.CustomerMail, link int64) error {
	actor := tickets.PersonActor(m.Sender.ID)
	if err := c.Handle(tickets.Event{Kind: tickets.PersonWanted, Actor: actor, Message: c.Current.ID,
		Data: tickets.Data{Inbound: m.ID, Outbox: link}}); err != nil {
		return err
	}
	if c.Ticket.Status.Done() {
		if err := c.Handle(tickets.Event{Kind: tickets.Reopened, Actor: actor, Message: c.Current.ID,
			Data: tickets.Data{Status: tickets.Open}}); err != nil {
			return err
		}
	}
	c.Reply(notice.Notice{Kind: templates.PersonComes, Author: actor})
	reason := phrase.Say("%s asks for a person", writer(m))
	if tier := firstStaffed(c.Policy.Service); tier != nil && c.Ticket.Tier < tier.Level {
		return c.MoveTo(tier, actor, decision.Why{Said: reason})
	}
	c.NotifyAll(view.Working(c.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentReply, Author: actor, Reasons: []phrase.Text{reason}})
	return nil
}

// selfService reports whether customers can help themselves: by articles, or because tickets begin
// at a tier where nobody works.
func selfService(p *tickets.Policy) bool {
	first := firstStaffed(p.Service)
	return p.Articles.Has(true) || first != nil && p.Service.Default.Tier < first.Level
}

// firstStaffed returns the lowest inside tier that has a team, nil for none.
func firstStaffed(s *tickets.Service) *tickets.Tier {
	for i := range s.Tiers {
		if t := &s.Tiers[i]; t.Team != "" && !t.Outside {
			return t
		}
	}
	return nil
}

// writer returns the name of the sender.
func writer(m decision.CustomerMail) string {
	author := m.Message.Author()
	if name := strings.TrimSpace(author.Name); name != "" {
		return name
	}
	return author.Address
}
