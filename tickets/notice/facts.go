package notice

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// facts returns the facts for a template.
func (c *Case) facts(n *Notice, language string) templates.Facts {
	f := DeskFacts(c.Desk, c.Now)
	c.ticketFacts(&f)
	c.peopleFacts(&f, n, language)
	c.clockFacts(&f, n, language)
	shown := c.bodyFacts(&f, n, language)
	for _, found := range c.Procedures {
		f.SOPs = append(f.SOPs, ArticleFacts(found.Article))
	}
	f.Reasons = c.Policy.Phrases.Texts(n.Reasons, language)
	for _, said := range c.Policy.Phrases.Texts(c.Remarks, language) {
		if !strings.Contains(string(f.Body), said) { // the notice itself says it
			f.Remarks = append(f.Remarks, said)
		}
	}
	if said := c.Policy.Say(n.Remark, language); said != "" && !n.Copy {
		f.Remarks = append(f.Remarks, said)
	}
	if n.Copy {
		f.Remarks = append(f.Remarks, c.Policy.Say(phrase.Say("This is a copy, since you shadow %s: nothing is expected of you.",
			teamName(c.Policy.People, view.TeamOf(c.Policy, &c.Ticket))), language))
	}
	f.NextNews, f.ByPerson = n.NextNews, n.ByPerson
	if n.Before != nil {
		f.Before = c.tier(*n.Before)
		c.handover(&f, language)
	}
	if n.Earlier != nil {
		f.Earlier = c.entry(n.Earlier)
	}
	if kinds[n.Kind].history {
		f.History = c.conversation(phrase.English(n.Reasons), shown)
	}
	for i := range n.Messages {
		f.History = append(f.History, c.entry(&n.Messages[i]))
	}
	if n.Writer != (templates.Person{}) {
		f.Author = n.Writer
	}
	if n.Command != "" {
		// The most common case has its own words in the template.
		f.Reasons, f.Command, f.Nearest = nil, n.Command, n.Nearest
	}
	if n.Bounce != nil {
		f.Bounce, f.Body = *n.Bounce, templates.Block(n.Body) // not the current report
	}
	f.Steps, f.Commands, f.Final = n.Steps, n.Help, n.Final
	f.OnSend = string(n.OnSend)
	if n.Waiting != nil {
		for _, a := range leaving(n.Waiting.Mail, n.Waiting.Shown) {
			f.Attachments = append(f.Attachments, templates.Attachment{Name: a.Name, Size: a.Size})
		}
	}
	if n.Form != nil {
		f.Form = *n.Form
	}
	if n.Kind == templates.Form || n.Kind == templates.Decided {
		f.Body = templates.Block(n.Body) // an agent's words or none, and nothing written outside
	}
	if n.Third != nil {
		f.Side = *n.Third
	}
	if n.Gone != nil {
		f.Gone = *n.Gone
	}
	if n.Problem != nil {
		f.Problem = templates.Problem{Number: n.Problem.ID, Title: n.Problem.Title, State: string(n.Problem.State)}
	}
	return f
}

// TicketFacts returns the facts about the desk and a ticket.
func TicketFacts(p *tickets.Policy, desk *tickets.Identity, t tickets.Ticket, now time.Time) templates.Facts {
	f := DeskFacts(desk, now)
	(&Case{Policy: p, Desk: desk, Ticket: t}).ticketFacts(&f)
	return f
}

func (c *Case) ticketFacts(f *templates.Facts) {
	t := &c.Ticket
	f.Ticket = templates.Ticket{Number: t.ID, Subject: t.Subject, Status: string(t.Status), Priority: t.Priority, Tier: c.tier(t.Tier),
		Team: teamName(c.Policy.People, t.Team), Tags: t.Tags, Opened: t.Opened, Inbox: t.Inbox}
	f.Ticket.Into = t.MergedInto
	for _, name := range t.Watchers {
		if a := c.Policy.People.Agent(name); a != nil {
			f.Ticket.Watchers = append(f.Ticket.Watchers, a.FullName)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		f.Ticket.Fields = append(f.Ticket.Fields, templates.Field{Name: name, Value: t.Fields[name]})
	}
	if t.Booked > 0 {
		f.Ticket.Booked = Spent(t.Booked)
	}
	if t.Linked != 0 {
		f.Ticket.Linked = []int64{t.Linked}
	}
	if a := c.Policy.People.Agent(t.Assignee); a != nil {
		f.Ticket.Assignee = a.FullName
	}
	if t.Status == tickets.Solved {
		f.Closes = t.Solved.Add(c.Policy.Service.CloseAfter)
	}
	if t.Status.Done() {
		f.ReopensBefore = t.Solved.Add(c.Policy.Service.ReopenWithin)
	}
}

// Spent returns working time in a form common to all languages: 1 h 20 min.
func Spent(d time.Duration) string {
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes == 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d h %d min", hours, minutes)
}

func (c *Case) peopleFacts(f *templates.Facts, n *Notice, language string) {
	p, _ := c.requester()
	f.Customer = c.person(p)
	f.GoesTo = c.goesTo("", language)
	if a := c.Policy.People.Agent(n.Author.Agent()); a != nil {
		f.Agent = templates.Person{Name: a.FullName}
		f.Author = f.Agent
	}
}

// maxNamed is the maximum number of recipients of an answer that a notice names; the others are
// counted.
const maxNamed = 5

// goesTo names the recipients of an answer. It marks those who have joined since the reader was
// last told; the reader is an agent, by address, or somebody else. New recipients come right after
// the requester, and all of them are named.
func (c *Case) goesTo(agent, language string) string {
	var known, fresh []string
	for _, p := range c.Participants {
		name := cmp.Or(p.Name, p.Shown, p.Address)
		if p.Muted {
			name = c.Policy.Say(phrase.Say("%s (mail to them comes back)", name), language)
		}
		switch told := c.Told[agent]; {
		case p.Role != tickets.Requester && (slices.Contains(c.Joined, p.Address) || !told.IsZero() && p.Added.After(told)):
			fresh = append(fresh, c.Policy.Say(phrase.Say("%s (new)", name), language))
		default:
			known = append(known, name)
		}
	}
	first := min(len(known), 1)
	names := slices.Concat(known[:first], fresh, known[first:])
	shown := max(maxNamed, first+len(fresh))
	if len(names) <= shown {
		return phrase.Names(names)
	}
	return c.Policy.Say(phrase.Say("%s and %d more", phrase.Names(names[:shown]), len(names)-shown), language)
}

// waits returns a sentence about an answer that waits for a lead.
func (c *Case) waits() phrase.Text {
	trainee := c.Policy.People.Agent(c.Draft.Agent)
	if trainee == nil {
		return phrase.Text{}
	}
	lead := c.Policy.People.Checker(trainee)
	if lead == nil {
		return phrase.Text{}
	}
	return phrase.Say("an answer of %s waits for %s", trainee.FullName, lead.FullName)
}

func (c *Case) clockFacts(f *templates.Facts, n *Notice, language string) {
	f.Clocks = c.Clocks
	if c.Draft != nil {
		f.Waits = c.Policy.Say(c.waits(), language)
	}
	for _, clock := range c.Clocks {
		if clock.Target == string(n.Clock) {
			f.Clock = clock
		}
	}
}

// bodyFacts fills in the text of the notice: the desk's text, the current message, or the
// customer's latest message. It returns the message that is shown whole, 0 for none.
func (c *Case) bodyFacts(f *templates.Facts, n *Notice, language string) (shown int64) {
	f.Body, f.Formatted = templates.Block(n.Body), templates.Cleaned(n.Formatted.HTML)
	if !n.Text.Empty() {
		f.Body = templates.Block(strings.TrimSpace(c.Policy.Say(n.Text, language) + "\n\n" + n.Body))
	}
	if n.Called && n.Kind == templates.AgentNote && c.Current.Kind == tickets.FromCustomer {
		f.Body = shorten(templates.Block(string(f.Body) + "\n\n" + c.Current.Text))
	}
	if f.Body == "" && c.Current.ID != 0 {
		f.Body = templates.Block(c.Current.Text)
		if c.Current.Kind == tickets.FromCustomer {
			f.Body = shorten(f.Body)
			f.Author = c.writer()
			f.Author.Note = strings.Join(c.Policy.Phrases.Texts(c.Warnings, language), "; ")
		}
		if c.Current.Kind == tickets.FromCustomer || n.Third != nil {
			for _, a := range c.Mail.Attachments {
				f.Attachments = append(f.Attachments, templates.Attachment{Name: a.Name, Size: a.Size})
			}
		}
	}
	if f.Body == "" && kinds[n.Kind].history {
		// There is no current message: show what the customer wrote last.
		for _, m := range slices.Backward(c.Messages) {
			if m.Kind == tickets.FromCustomer {
				f.Body, f.Author = shorten(templates.Block(m.Text)), f.Customer
				shown = m.ID
				if p, found := c.participant(m.Address); found {
					f.Author = c.person(p)
				}
				break
			}
		}
	}
	return shown
}

// writer returns the author of the current message: a participant, or somebody else as named in the
// mail.
func (c *Case) writer() templates.Person {
	author := c.Mail.Author()
	p, found := c.participant(c.Current.Address)
	if !found {
		return templates.Person{Name: author.Name, Address: author.Address}
	}
	p.Name = cmp.Or(p.Name, author.Name)
	return c.person(p)
}

// participant returns the participant with a folded address.
func (c *Case) participant(address string) (tickets.Participant, bool) {
	for _, p := range c.Participants {
		if p.Address == address {
			return p, true
		}
	}
	return tickets.Participant{}, false
}

// DeskFacts returns the facts that are the same for every mail.
func DeskFacts(desk *tickets.Identity, now time.Time) templates.Facts {
	return templates.Facts{Now: now,
		Desk: templates.Desk{Name: desk.Name, Address: desk.Inboxes[0].Address, Domain: desk.Domain, Language: desk.Language,
			Location: desk.Location}}
}

// speakFor adapts facts to a mail to somebody outside: to them the desk is the inbox that they
// write to.
func speakFor(f *templates.Facts, desk *tickets.Identity, inbox *tickets.Inbox) {
	f.Desk.Name, f.Desk.Address = inbox.Signs(desk), inbox.Address
}

// maxShown is the maximum length of a text in a notice; the rest is in the ticket.
const maxShown = 64 << 10

func shorten(text templates.Block) templates.Block {
	if len(text) <= maxShown {
		return text
	}
	return templates.Block(strings.ToValidUTF8(string(text[:maxShown]), "")) + "\n[…]"
}

// conversation returns at most twenty of the ticket's messages before the current one, always
// including the first. It leaves out the message that is already shown, and a note that only
// repeats the reason of the notice.
func (c *Case) conversation(reasons []string, shown int64) []templates.Entry {
	messages := c.Messages
	if last := len(messages) - 1; last >= 0 && messages[last].Kind == tickets.Note && slices.Contains(reasons, messages[last].Text) {
		messages = messages[:last:last]
	}
	if len(messages) > 20 {
		messages = append(messages[:1:1], messages[len(messages)-19:]...)
	}
	var out []templates.Entry
	for i := range messages {
		if m := &messages[i]; m.ID != c.Current.ID && m.ID != shown && m.Kind != tickets.Automatic {
			out = append(out, c.entry(m))
		}
	}
	return out
}

// entry returns a message as agents read it.
func (c *Case) entry(m *tickets.Message) templates.Entry {
	e := templates.Entry{When: m.At, Kind: "message", Text: shorten(templates.Block(m.Text)), Who: m.Address}
	switch m.Kind {
	case tickets.FromAgent:
		e.Kind = "answer"
	case tickets.Note:
		e.Kind = "note"
	}
	switch agent, person := m.Author.Agent(), m.Author.Person(); {
	case agent != "":
		e.Who = agent
		if a := c.Policy.People.Agent(agent); a != nil {
			e.Who = a.FullName
		}
	case person != 0:
		for _, p := range c.Participants {
			if p.Person == person && p.Name != "" {
				e.Who = p.Name
			}
		}
	}
	return e
}

func (c *Case) person(p tickets.Participant) templates.Person {
	f := templates.Person{Name: cmp.Or(p.Name, p.Shown, p.Address), Address: cmp.Or(p.Shown, p.Address)}
	if org := c.Policy.People.OrganisationOf(p.Address); org != nil {
		f.Organisation, f.Plan = org.Name, org.Plan
	}
	return f
}

func (c *Case) tier(level int) templates.Tier {
	if t := c.Policy.Service.Tier(level); t != nil {
		return templates.Tier{Level: level, Name: t.Name}
	}
	return templates.Tier{Level: level, Name: fmt.Sprintf("tier %d", level)}
}

func teamName(people *tickets.Directory, name string) string {
	if t := people.Team(name); t != nil {
		return cmp.Or(t.FullName, t.Name)
	}
	return name
}
