// Package recurring opens tickets at set times: the printer service on the first Monday, the backup
// test every two weeks. It owns their timers, one each, in the database. The daemon that fires one
// opens the ticket and sets the next timer in the same transaction, so each date has one ticket,
// and after an outage there is one ticket and not a burst. It must never know why a ticket recurs.
package recurring

import (
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Arrange makes sure that each recurring ticket of the service has its timer. A ticket that is new,
// or whose schedule has changed, is due at its next time from now on.
func Arrange(ctx decision.Context) error {
	set, err := timers.Of(ctx.Tx, timers.Recurring)
	if err != nil {
		return err
	}
	arranged := map[string]string{}
	for _, t := range set {
		arranged[t.Name] = t.Data
	}
	for i := range ctx.Policy.Service.Recurring {
		r := &ctx.Policy.Service.Recurring[i]
		if before, found := arranged[r.Name]; found && before == r.Schedule.String() {
			continue
		}
		if err := next(ctx, r, ctx.Tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

func next(ctx decision.Context, r *tickets.Recurring, after time.Time) error {
	return timers.Set(ctx.Tx, timers.Timer{Kind: timers.Recurring, Name: r.Name, Data: r.Schedule.String(),
		Due: sqldb.At(r.Schedule.Next(after.In(ctx.Desk.Location)))})
}

// Fire opens a ticket whose time has come, and schedules the next one. It ignores one that is no
// longer in the desk folder.
func Fire(ctx decision.Context, t timers.Timer) error {
	r := ctx.Policy.Service.RecurringBy(t.Name)
	if r == nil {
		return nil
	}
	if t.Data != r.Schedule.String() { // its schedule has changed
		return next(ctx, r, ctx.Tx.Now())
	}
	if err := open(ctx, r); err != nil {
		return err
	}
	return next(ctx, r, ctx.Tx.Now())
}

// open opens a ticket that nobody outside asked for.
func open(ctx decision.Context, r *tickets.Recurring) error {
	d := decision.Begin(ctx, "timer:recurring", ctx.Tx.Now())
	inbox, tier := ctx.Desk.Inbox(r.Inbox), ctx.Policy.Service.Default.Tier
	team := r.Team
	if team == "" {
		team = decision.FirstTeam(ctx.Policy, inbox, tier)
	}
	for _, t := range ctx.Policy.Service.Tiers {
		if t.Team == team {
			tier = t.Level
		}
	}
	c := d.New(tickets.Ticket{Subject: arrival.Limit(r.Subject, 250), BaseSubject: arrival.Limit(mailin.Fold(r.Subject), 250)}, nil)
	if err := c.Handle(tickets.Event{Kind: tickets.Opened, Actor: tickets.TimerActor(string(timers.Recurring)),
		Data: tickets.Data{Inbox: inbox.Name, Language: inbox.Speaks(ctx.Desk), Priority: ctx.Policy.Service.Default.Priority, Tier: &tier,
			Team: team, Silent: true, Reason: r.Name, Restricted: inbox.Restricted}}); err != nil {
		return err
	}
	if err := c.AssignByTeam(""); err != nil {
		return err
	}
	text := r.Text
	if text == "" {
		text = r.Subject
	}
	note, err := c.AddNote(tickets.Desk, text)
	if err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.Noted, Actor: tickets.Desk, Message: note}); err != nil {
		return err
	}
	c.NotifyAll(view.Working(ctx.Policy, &c.Ticket), notice.Notice{Kind: templates.AgentNew, Author: tickets.Desk, Body: text})
	_, err = d.Finish()
	return err
}
