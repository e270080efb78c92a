package tickets

import (
	"reflect"
	"testing"
	"time"
)

func TestStays(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	one, two, three := 1, 2, 3
	at := func(minutes int, kind EventKind, actor Actor, data Data) Event {
		return Event{Kind: kind, Actor: actor, At: start.Add(time.Duration(minutes) * time.Minute), Data: data}
	}
	opened := at(0, Opened, PersonActor(7), Data{Tier: &one, Priority: "normal"})
	ann, ben, tess := AgentActor("ann"), AgentActor("ben"), AgentActor("tess")
	for name, c := range map[string]struct {
		history []Event
		now     int
		want    []Stay
	}{
		"nothing":     {nil, 10, nil},
		"just opened": {[]Event{opened}, 30, []Stay{{Tier: 1, Spent: 30 * time.Minute}}},
		"answered, waited for, handed up": {[]Event{opened, at(10, Assigned, ann, Data{Assignee: "ann"}), at(20, AgentReplied, ann, Data{Status: Pending}),
			at(80, Replied, PersonActor(7), Data{}), at(100, AgentReplied, ben, Data{}), at(130, Escalated, ann, Data{Tier: &two})}, 150,
			[]Stay{{Tier: 1, Spent: 130 * time.Minute, Customer: time.Hour, Agents: []string{"ann", "ben"}, Answers: 2}, {Tier: 2, Spent: 20 * time.Minute}}},
		"the rules hand it up twice": {[]Event{opened, at(5, Escalated, RuleActor("x"), Data{Tier: &two}), at(6, Escalated, TimerActor("ticket"), Data{Tier: &three})}, 6,
			[]Stay{{Tier: 1, Spent: 5 * time.Minute}, {Tier: 2, Spent: time.Minute}, {Tier: 3}}},
		"on hold, solved, reopened, handed down": {[]Event{opened, at(10, StatusChanged, ann, Data{Status: OnHold}), at(40, StatusChanged, ann, Data{Status: Solved}),
			at(1000, Reopened, PersonActor(7), Data{}), at(1010, Escalated, ben, Data{Tier: &two}), at(1030, TierChanged, tess, Data{Tier: &one})}, 1040,
			[]Stay{{Tier: 1, Spent: 50 * time.Minute, OnHold: 30 * time.Minute, Agents: []string{"ann", "ben"}}, {Tier: 2, Spent: 20 * time.Minute, Agents: []string{"tess"}},
				{Tier: 1, Spent: 10 * time.Minute}}},
		"an answer that was stopped, a mail from before": {[]Event{opened, at(20, AgentReplied, ann, Data{}), at(21, Stopped, Desk, Data{}), at(3, Replied, PersonActor(7), Data{}),
			at(30, Escalated, ann, Data{Tier: &two})}, 30, []Stay{{Tier: 1, Spent: 30 * time.Minute, Agents: []string{"ann"}}, {Tier: 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Stays(c.history, start.Add(time.Duration(c.now)*time.Minute))
			for i := range got { // it leaves each but the last one, for the next
				if left := got[i].Left; i+1 < len(got) && (left.Data.Tier == nil || *left.Data.Tier != got[i+1].Tier) || i+1 == len(got) && left.Kind != "" {
					t.Errorf("it left tier %d by %+v", got[i].Tier, left)
				}
				got[i].Left = Event{}
			}
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, c.want)
			}
		})
	}
}
