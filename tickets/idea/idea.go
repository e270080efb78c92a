// Package idea collects what customers wish for. It owns the command /idea, the monthly mail to
// those who decide on the product, and the mail to each customer whose idea has been built. It must
// never show a customer what an agent wrote about an idea.
package idea

import (
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/timers"
)

// Commands are the commands on ideas.
func Commands() []decision.Command {
	return []decision.Command{{Name: commands.Idea,
		Help:  phrase.Say("Notes what the customer wishes for, or counts them among those who want an idea; built tells everyone who asked; alone, lists the ideas."),
		Proof: true, Acts: true, Do: do}}
}

const (
	maxListed  = 20
	maxMailed  = 200 // ideas in a monthly mail
	maxContent = 300
)

// row is an idea with the number of customers who asked for it.
type row struct {
	ID        int64
	Content   string
	Customers int
	Built     sqldb.Time
}

const columns = `i.id, i.content, i.built,
	(SELECT COUNT(DISTINCT COALESCE(t.requester, -t.id)) FROM idea_tickets x JOIN tickets t ON t.id = x.ticket WHERE x.idea = i.id) AS customers`

func do(a *decision.Act, c commands.Command) (phrase.Text, error) {
	switch {
	case c.Number == 0 && c.Text == "":
		return list(a.Tx)
	case c.Number == 0:
		return note(a, arrival.Limit(strings.Join(strings.Fields(c.Text), " "), maxContent))
	}
	r, found, err := one(a.Tx, `i.id = ?`, c.Number)
	switch {
	case err != nil:
		return phrase.Text{}, err
	case !found:
		return decision.Refuse(phrase.Say("There is no idea %d.", c.Number))
	case c.Args.Name == commands.IdeaBuilt:
		return built(a, r)
	case a.Ticket.ID == 0:
		return decision.Refuse(phrase.Say("Nothing was done: the mail belongs to no ticket. Reply to one of the ticket's notices."))
	}
	return count(a, r)
}

func one(tx *sqldb.Tx, where string, args ...any) (r row, found bool, err error) {
	found, err = tx.Find(&r, `SELECT `+columns+` FROM ideas i WHERE `+where, args...)
	return r, found, err
}

// wanted returns the ideas that are not built, the most requested first.
func wanted(tx *sqldb.Tx, limit int) ([]row, error) {
	var out []row
	err := tx.Select(&out, `SELECT `+columns+` FROM ideas i WHERE i.built IS NULL ORDER BY customers DESC, i.id LIMIT ?`, limit)
	return out, err
}

func list(tx *sqldb.Tx) (phrase.Text, error) {
	all, err := wanted(tx, maxListed+1)
	if err != nil || len(all) == 0 {
		return phrase.Say("There are no ideas."), err
	}
	said := phrase.Text{}
	for i, r := range all {
		if i == maxListed {
			return phrase.Join(said, phrase.Verbatim("…")), nil
		}
		said = phrase.Join(said, phrase.Say("%d: %s (customers: %d).", r.ID, r.Content, r.Customers))
	}
	return said, nil
}

// note records an idea, unless it exists in the same words, and counts the ticket's customer.
func note(a *decision.Act, content string) (phrase.Text, error) {
	r, found, err := one(a.Tx, `i.folded = ? AND i.built IS NULL ORDER BY i.id DESC LIMIT 1`, mailin.Fold(content))
	if err != nil {
		return phrase.Text{}, err
	}
	if !found {
		r = row{Content: content}
		if err := a.Tx.Get(&r.ID, `INSERT INTO ideas (content, folded, opened) VALUES (?, ?, ?) RETURNING id`, content,
			mailin.Fold(content), sqldb.At(a.Tx.Now())); err != nil {
			return phrase.Text{}, err
		}
		if err := Remind(a.Context); err != nil {
			return phrase.Text{}, err
		}
	}
	return count(a, r)
}

// count adds the ticket's customer to those who asked for an idea.
func count(a *decision.Act, r row) (phrase.Text, error) {
	if a.Ticket.ID == 0 {
		return phrase.Say("Idea %d is noted: %s", r.ID, r.Content), nil
	}
	if !r.Built.IsZero() {
		return decision.Refuse(phrase.Say("Idea %d has already been built.", r.ID))
	}
	n, err := a.Tx.Exec(`INSERT INTO idea_tickets (idea, ticket) VALUES (?, ?) ON CONFLICT (idea, ticket) DO NOTHING`, r.ID, a.Ticket.ID)
	if err != nil {
		return phrase.Text{}, err
	}
	if n > 0 {
		if err := a.Handle(tickets.Event{Kind: tickets.IdeaNoted, Actor: a.Actor(), Data: tickets.Data{Idea: r.ID,
			Command: string(commands.Idea)}}); err != nil {
			return phrase.Text{}, err
		}
	}
	r, _, err = one(a.Tx, `i.id = ?`, r.ID)
	return phrase.Say("Idea %d: %s (customers: %d).", r.ID, r.Content, r.Customers), err
}

// built closes an idea: each customer who asked for it is told, in the newest ticket in which they
// did.
func built(a *decision.Act, r row) (phrase.Text, error) {
	n, err := a.Tx.Exec(`UPDATE ideas SET built = ? WHERE id = ? AND built IS NULL`, sqldb.At(a.Tx.Now()), r.ID)
	if err != nil || n == 0 {
		return phrase.Say("Idea %d has already been built.", r.ID), err
	}
	var asked []int64
	if err := a.Tx.Select(&asked, `SELECT MAX(x.ticket) FROM idea_tickets AS x JOIN tickets AS t ON t.id = x.ticket
		WHERE x.idea = ? AND x.told IS NULL GROUP BY COALESCE(t.requester, -t.id) ORDER BY 1`, r.ID); err != nil {
		return phrase.Text{}, err
	}
	for _, ticket := range asked {
		if err := timers.Set(a.Tx, timers.Timer{Ticket: ticket, Kind: timers.Idea, Name: strconv.FormatInt(r.ID, 10),
			Due: sqldb.At(a.Tx.Now())}); err != nil {
			return phrase.Text{}, err
		}
	}
	return phrase.Say("Idea %d is built. Everyone who asked for it is told in their own ticket: %d.", r.ID, len(asked)), nil
}

// Fire tells a customer that what they asked for has been built or, without a ticket, sends the
// monthly mail.
func Fire(ctx decision.Context, t timers.Timer) error {
	if t.Ticket == 0 {
		return report(ctx)
	}
	id, err := strconv.ParseInt(t.Name, 10, 64)
	if err != nil {
		return err
	}
	first, err := ctx.Tx.Exec(`UPDATE idea_tickets SET told = ? WHERE idea = ? AND ticket = ? AND told IS NULL`, sqldb.At(ctx.Tx.Now()), id,
		t.Ticket)
	if err != nil || first == 0 {
		return err
	}
	ticket, found, err := arrival.Surviving(ctx.Tx, t.Ticket)
	if err != nil || !found {
		return err
	}
	d := decision.Begin(ctx, "timer:idea", ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.IdeaBuilt, Actor: tickets.TimerActor(string(timers.Idea)),
		Data: tickets.Data{Idea: id}}); err != nil {
		return err
	}
	c.Reply(notice.Notice{Kind: templates.IdeaBuilt, Author: tickets.Desk})
	_, err = d.Finish()
	return err
}

// Remind sets the timer of the next monthly mail, if it has recipients.
func Remind(ctx decision.Context) error {
	if len(ctx.Policy.Service.Ideas) == 0 {
		return nil
	}
	return timers.SetIfNone(ctx.Tx, timers.Timer{Kind: timers.Idea, Due: sqldb.At(nextMonth(ctx.Tx.Now().In(ctx.Desk.Location)))})
}

// nextMonth returns the morning of the first day of the next month.
func nextMonth(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month()+1, 1, 8, 0, 0, 0, now.Location())
}

// report mails the customers' ideas to those who decide on the product.
func report(ctx decision.Context) error {
	all, err := wanted(ctx.Tx, maxMailed+1)
	if err != nil || len(all) == 0 {
		return err // the next idea sets the timer again
	}
	f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
	f.Count = len(all)
	for i, r := range all {
		if i < maxMailed {
			f.Ideas = append(f.Ideas, templates.Idea{Number: r.ID, Text: r.Content, Customers: r.Customers})
		}
	}
	for _, address := range ctx.Policy.Service.Ideas {
		facts := f
		if err := decision.TellAdmin(ctx, templates.IdeasReport, address, &facts); err != nil {
			return err
		}
	}
	return Remind(ctx)
}
