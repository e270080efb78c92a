package tickets

import (
	"slices"
	"time"
)

// Stay is what a tier did for a ticket during one stay there.
type Stay struct {
	Tier     int
	Spent    time.Duration // the total, except while the ticket was done
	Customer time.Duration // the part spent waiting for the customer
	OnHold   time.Duration // the part spent waiting for others
	Agents   []string      // who did something, in the order in which they began
	Answers  int           // that went to the customer
	Left     Event         // by which the ticket left the tier; the zero value while it is there
}

// Stays returns the stays of a ticket at its tiers, in order, up to now. It is pure, and goes by
// the ticket's history alone.
func Stays(history []Event, now time.Time) ([]Stay, error) {
	var out []Stay
	var t Ticket
	var at time.Time
	spend := func(until time.Time) {
		if d := until.Sub(at); len(out) > 0 && d > 0 {
			out[len(out)-1].spend(t.Status, d)
		}
		if until.After(at) {
			at = until // a mail may be older than events recorded before it was fetched
		}
	}
	for _, e := range history {
		spend(e.At)
		before := t
		var err error
		if t, err = Apply(before, e); err != nil {
			return nil, err
		}
		if e.Kind == Opened {
			out = append(out, Stay{Tier: t.Tier})
		}
		out[len(out)-1].did(e)
		if t.Tier != before.Tier && e.Kind != Opened {
			out[len(out)-1].Left = e
			out = append(out, Stay{Tier: t.Tier})
		}
	}
	spend(now)
	return out, nil
}

// spend adds time that the ticket spent in this status.
func (s *Stay) spend(status Status, d time.Duration) {
	switch status {
	case Solved, Closed:
		return
	case Pending:
		s.Customer += d
	case OnHold:
		s.OnHold += d
	}
	s.Spent += d
}

// did records who acted, and counts their answers.
func (s *Stay) did(e Event) {
	if who := e.Actor.Agent(); who != "" && !slices.Contains(s.Agents, who) {
		s.Agents = append(s.Agents, who)
	}
	switch {
	case e.Kind == AgentReplied:
		s.Answers++
	case e.Kind == Stopped && s.Answers > 0:
		s.Answers--
	}
}
