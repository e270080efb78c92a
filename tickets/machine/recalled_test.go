package machine

import (
	"testing"
	"time"

	"tierdesk/tickets"
)

// What is undone of a refusal that was about our account: the ticket is as it was, unless somebody
// has done something since, or another mail has failed too.
func TestWhatIsUndone(t *testing.T) {
	begin := time.Date(2026, 4, 7, 9, 0, 0, 0, time.UTC)
	failed := func(outbox int64, muted bool) tickets.Event {
		return tickets.Event{Kind: tickets.Bounced, Data: tickets.Data{Outbox: outbox, Muted: muted}}
	}
	recalled := func(outbox int64) tickets.Event {
		return tickets.Event{Kind: tickets.Recalled, Data: tickets.Data{Outbox: outbox}}
	}
	status := func(from, to tickets.Status, reason string) tickets.Event {
		return tickets.Event{Kind: tickets.StatusChanged, Data: tickets.Data{Status: to, From: string(from), Reason: reason}}
	}
	opened := status(tickets.Pending, tickets.Open, reasonUndelivered)
	for _, c := range []struct {
		name   string
		past   []tickets.Event
		now    tickets.Status
		failed bool
		muted  bool
		told   bool
		status tickets.Status
	}{
		{"nothing was recorded", nil, tickets.Pending, false, false, false, ""},
		{"another one has failed", []tickets.Event{failed(8, true), opened}, tickets.Open, false, false, false, ""},
		{"it opened the ticket", []tickets.Event{failed(7, false), opened}, tickets.Open, true, false, false, tickets.Pending},
		{"it muted the address", []tickets.Event{failed(7, true), opened}, tickets.Open, true, true, false, tickets.Pending},
		{"the ticket was solved", []tickets.Event{failed(7, false), status(tickets.Solved, tickets.Open, reasonUndelivered)}, tickets.Open, true, false, false, tickets.Solved},
		{"the ticket was open", []tickets.Event{status(tickets.New, tickets.Open, ""), failed(7, false)}, tickets.Open, true, false, false, ""},
		{"the customer wrote since", []tickets.Event{failed(7, false), opened, {Kind: tickets.Replied}}, tickets.Open, true, false, false, ""},
		{"it was answered again", []tickets.Event{failed(7, false), opened, {Kind: tickets.AgentReplied}}, tickets.Open, true, false, false, ""},
		{"an agent has set it open", []tickets.Event{failed(7, false), opened, status(tickets.Pending, tickets.Open, "")}, tickets.Open, true, false, false, ""},
		{"an agent has closed it", []tickets.Event{failed(7, false), opened}, tickets.Closed, true, false, false, ""},
		{"a note was added", []tickets.Event{failed(7, false), opened, {Kind: tickets.Noted}}, tickets.Open, true, false, false, tickets.Pending},
		{"another one has failed for good", []tickets.Event{failed(7, false), opened, failed(8, false)}, tickets.Open, true, false, false, ""},
		{"another one is back", []tickets.Event{failed(8, false), opened, failed(7, false), recalled(8)}, tickets.Open, true, false, true, tickets.Pending},
		{"it is back already", []tickets.Event{failed(7, false), opened, recalled(7)}, tickets.Open, false, false, true, ""},
		{"it was back and has failed again", []tickets.Event{failed(7, true), opened, recalled(7), status(tickets.Open, tickets.Pending, "recalled"), failed(7, false), opened}, tickets.Open, true, false, false,
			tickets.Pending},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.past {
				c.past[i].At = begin.Add(time.Duration(i) * time.Minute)
			}
			u, failed := undoing(&tickets.Ticket{Status: c.now}, c.past, 7)
			if failed != c.failed || u.muted != c.muted || u.told != c.told || u.status != c.status {
				t.Errorf("failed %v, %+v", failed, u)
			}
		})
	}
}
