package decision

import (
	"fmt"
	"strings"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Customers who wait hear from the desk before they have to ask: that it is still working on the
// ticket, and when they will hear next. Such a mail never replaces an answer: after a number of
// them a person has to write.

// progress describes the next progress mail to a customer whose ticket is with us.
type progress struct {
	since time.Time // the last mail to them, or when the ticket came to us
	due   time.Time // the next one
	told  int       // how often they have been told since a person wrote
}

// progressKey begins the key of a progress mail; progressOver begins that of a personal mail that
// an agent was to write and has not.
const (
	progressKey  = "progress#"
	progressOver = "progress-over#"
)

func (w *progress) key(most int) string {
	if w.told >= most {
		return fmt.Sprintf("%s%d", progressOver, w.since.UnixMilli())
	}
	return fmt.Sprintf("%s%d", progressKey, w.since.UnixMilli())
}

// progressOf returns the next progress mail to the customer of a ticket, from its history alone. It
// returns nil if there is none: the ticket is not with us, nothing is promised, or a machine asked.
// Time counts from the last mail to the customer or, if it was later, from when the ticket came to
// us; their own mails to a ticket that is already with us change nothing. It is pure.
func progressOf(past []tickets.Event, every time.Duration, calendar *sla.Calendar, place *time.Location) *progress {
	if every == 0 || machineOpened(past) {
		return nil
	}
	var w progress
	var t tickets.Ticket
	old := false // nobody is mailed about old matters
	void := stoppedAnswers(past)
	for i, e := range past {
		next, err := tickets.Apply(t, e)
		if err != nil {
			continue
		}
		switch {
		case e.Kind == tickets.AgentReplied && !void[i]:
			w.since, w.told, old = e.At, 0, false
		case e.Kind == tickets.Progressed && strings.HasPrefix(e.Data.Reason, progressKey):
			w.since = e.At
			if !e.Data.Silent {
				w.told++
			}
		case withUs(next.Status) && !withUs(t.Status):
			w.since, old = e.At, e.Data.Old
		}
		t = next
	}
	if !withUs(t.Status) || old {
		return nil
	}
	w.due = calendar.ByDay(calendar.Add(w.since, every), place)
	return &w
}

// withUs reports whether the customer waits for us in a status, which includes our waiting for a
// vendor.
func withUs(s tickets.Status) bool {
	return s == tickets.New || s == tickets.Open || s == tickets.OnHold
}

// tellProgress sends the customer a progress mail. With the last one, the agents responsible are
// told to write; if they have not done so in time, their lead is told.
func (c *Case) tellProgress(p promise) error {
	actor := tickets.TimerActor(string(timers.Ticket))
	e := tickets.Event{Kind: tickets.Progressed, Actor: actor, Data: tickets.Data{Reason: p.key}}
	requester, err := c.Requester()
	if err != nil {
		return err
	}
	if strings.HasPrefix(p.key, progressOver) {
		e.Data.Silent = true
		if err := c.Handle(e); err != nil {
			return err
		}
		said := phrase.Say("The customer was told to expect a personal answer by now, and nobody has written.")
		c.NotifyAll(view.Named(c.Policy, &c.Ticket, []string{"assignee", "lead"}),
			notice.Notice{Kind: templates.Missed, Author: tickets.Desk, Reasons: []phrase.Text{said}})
		return nil
	}
	why, err := c.Quiet(requester)
	if err != nil {
		return err
	}
	if late := c.Tx.Now().Sub(p.due); why == "" && (c.Late || late >= lateAfter) {
		why = "it is late: the desk was not there"
	}
	if why != "" {
		c.Explain("nothing is said of progress: %s", why)
		e.Data.Silent = true
		return c.Handle(e)
	}
	if err := c.Handle(e); err != nil {
		return err
	}
	next, promised, err := c.nextWord()
	if err != nil || !promised {
		return err // a rule has reacted to the event and ended it
	}
	last := next.told >= c.Policy.Service.ProgressMax
	c.Reply(notice.Notice{Kind: templates.Progress, Author: tickets.Desk, NextNews: next.due, ByPerson: last})
	if last {
		words := []string{"assignee"}
		if c.Ticket.Assignee == "" {
			words = []string{"team", "lead"}
		}
		c.NotifyAll(view.Named(c.Policy, &c.Ticket, words), notice.Notice{Kind: templates.Warning, Author: tickets.Desk,
			Reasons: []phrase.Text{phrase.Say("That was the last automatic word to the customer (%d of %d). Please write to them yourself before %s: that is what they were promised.",
				next.told, c.Policy.Service.ProgressMax, c.LocalTime(next.due))}})
	}
	return nil
}

// nextWord returns the next progress mail to the customer, as of now.
func (c *Case) nextWord() (progress, bool, error) {
	past, err := c.History()
	if err != nil {
		return progress{}, false, err
	}
	asker, err := c.asker()
	if err != nil {
		return progress{}, false, err
	}
	promised, calendar := c.Policy.Service.Promised(c.Policy.Service.LevelOf(&c.Ticket, asker), c.Ticket.Priority)
	w := progressOf(past, promised.Progress, calendar, c.location())
	if w == nil {
		return progress{}, false, nil
	}
	return *w, true, nil
}
