package decision

import (
	"slices"
	"testing"
	"time"

	"tierdesk/tickets"
	"tierdesk/tickets/sla"
)

// A warning is needless once its promise was missed, or is about to be told as missed; that of another clock, or of a later start, is not.
func TestNeedlessWarnings(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	at := func(percent int, target sla.Target, started time.Time, due time.Duration) promise {
		return promise{line: &tickets.Escalation{When: tickets.Condition{Target: target, Percent: percent}}, target: target, started: started, due: started.Add(due)}
	}
	warning, miss := at(80, sla.FirstReply, start, 3*time.Hour), at(100, sla.FirstReply, start, 4*time.Hour)
	missed := tickets.Event{Kind: tickets.Missed, Data: tickets.Data{Target: string(sla.FirstReply), Reason: "first_reply@100#" + "1793610000000"}}
	if start.UnixMilli() != 1793610000000 {
		t.Fatalf("the start is %d", start.UnixMilli())
	}
	for _, c := range []struct {
		name     string
		promises []promise
		past     []tickets.Event
		now      time.Duration
		want     int
	}{
		{"nothing is missed", []promise{warning, miss}, nil, 3 * time.Hour, 2},
		{"both are due at once", []promise{warning, miss}, nil, 5 * time.Hour, 1},
		{"it was missed before, with another priority", []promise{warning}, []tickets.Event{missed}, time.Hour, 0},
		{"the clock has begun anew", []promise{at(80, sla.FirstReply, start.Add(time.Hour), time.Hour)}, []tickets.Event{missed}, 9 * time.Hour, 1},
		{"another clock", []promise{at(80, sla.Resolution, start, time.Hour)}, []tickets.Event{missed}, 9 * time.Hour, 1},
		{"what is missed is told", []promise{miss}, nil, 5 * time.Hour, 1},
	} {
		if got := withoutNeedless(c.promises, c.past, start.Add(c.now)); len(got) != c.want {
			t.Errorf("%s: %d promises are left, wanted %d", c.name, len(got), c.want)
		}
	}
}

// A promise is missed once, whatever becomes of the priority; a warning belongs to its priority.
func TestKeysOfPromises(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	key := func(percent int, priority string) string {
		line := &tickets.Escalation{When: tickets.Condition{Target: sla.FirstReply, Percent: percent}}
		return policyPromises(line, []sla.Clock{{Target: sla.FirstReply, State: sla.Running, Priority: priority, Started: start}},
			&tickets.Ticket{}, nil, (&tickets.Service{}).Promised)[0].key
	}
	if key(100, "low") != key(100, "high") {
		t.Error("a promise is missed again after a change of priority")
	}
	if key(80, "low") == key(80, "high") {
		t.Error("there is no warning for the new priority")
	}
}

// Nobody is told twice of one cause: whatever the tier and the priority. A repetition is another one, and so is another date.
func TestCausesOfPromises(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"resolution@100#5", "resolution@100/tier2#5"}, {"first_reply@80/high#5", "first_reply@80/gold/low#5"},
	} {
		if causeOf(c.a) != causeOf(c.b) {
			t.Errorf("%s and %s are two causes", c.a, c.b)
		}
	}
	for _, c := range []struct{ a, b string }{
		{"resolution@100#5", "resolution@100#6"}, {"resolution@100#5", "resolution@100+1#5"}, {"resolution@100/due7#5", "resolution@100/tier1/due8#5"},
		{"resolution@80/high#5", "resolution@100#5"}, {"quiet@2h0m0s#5", "quiet@3h0m0s#5"},
	} {
		if causeOf(c.a) == causeOf(c.b) {
			t.Errorf("%s and %s are one cause", c.a, c.b)
		}
	}
}

// Repetitions come in growing gaps, within the calendar, until somebody answers; a closed office is woken by nobody, unless a line says so.
func TestEscalationsAreRepeated(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	office, faults := sla.NewCalendar(t.Context(), "office", berlin, map[string]string{"mon-fri": "08:00-12:00 13:00-17:00"}, nil, nil)
	if faults != nil {
		t.Fatal(faults)
	}
	at := func(s string) time.Time {
		out, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const h = time.Hour
	friday := at("2026-11-27 16:00")
	for _, c := range []struct {
		name     string
		line     tickets.Escalation
		calendar *sla.Calendar
		answered string
		want     []string
	}{
		{"once", tickets.Escalation{}, office, "", []string{"2026-11-27 17:00"}},
		{"grows over the weekend", tickets.Escalation{Repeat: []time.Duration{h, 2 * h, 8 * h}}, office, "",
			[]string{"2026-11-27 17:00", "2026-11-30 09:00", "2026-11-30 11:00", "2026-12-01 11:00"}},
		{"at night too", tickets.Escalation{Repeat: []time.Duration{h, 2 * h}, AtNight: true}, office, "",
			[]string{"2026-11-27 17:00", "2026-11-27 18:00", "2026-11-27 20:00"}},
		{"the clock round", tickets.Escalation{Repeat: []time.Duration{h}}, nil, "", []string{"2026-11-27 17:00", "2026-11-27 18:00"}},
		{"an answer ends it", tickets.Escalation{Repeat: []time.Duration{h}}, nil, "2026-11-27 17:30", []string{"2026-11-27 17:00"}},
		{"an answer from before does not", tickets.Escalation{Repeat: []time.Duration{h}}, nil, "2026-11-27 16:30", []string{"2026-11-27 17:00", "2026-11-27 18:00"}},
	} {
		ticket := &tickets.Ticket{CustomerWrote: friday}
		if c.answered != "" {
			ticket.AgentWrote = at(c.answered)
		}
		c.line.When = tickets.Condition{NoAgentReply: h}
		keys := map[string]bool{}
		var got []string
		for _, p := range policyPromises(&c.line, nil, ticket, c.calendar, nil) {
			got = append(got, p.due.In(berlin).Format("2006-01-02 15:04"))
			keys[p.key] = true
		}
		if !slices.Equal(got, c.want) || len(keys) != len(c.want) {
			t.Errorf("%s: %q with keys %v, want %q", c.name, got, keys, c.want)
		}
	}
	// Two hours of silence that end in the night are told in the morning.
	line := &tickets.Escalation{When: tickets.Condition{NoAgentReply: 2 * h}}
	if got := policyPromises(line, nil, &tickets.Ticket{CustomerWrote: friday}, office, nil)[0].due; !got.Equal(at("2026-11-30 08:00")) {
		t.Errorf("the silence is told at %s", got)
	}
}

func TestProgressOf(t *testing.T) {
	const h, day = time.Hour, 24 * time.Hour
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	event := func(after time.Duration, kind tickets.EventKind, data tickets.Data) tickets.Event {
		return tickets.Event{Kind: kind, At: monday.Add(after), Data: data, Message: int64(after/h) + 1}
	}
	opened := event(0, tickets.Opened, tickets.Data{Priority: "normal"})
	status := func(after time.Duration, s tickets.Status) tickets.Event {
		return event(after, tickets.StatusChanged, tickets.Data{Status: s})
	}
	said := func(after time.Duration) tickets.Event {
		return event(after, tickets.Progressed, tickets.Data{Reason: progressKey})
	}
	for _, c := range []struct {
		name string
		past []tickets.Event
		due  time.Duration // after Monday; 0: never
		told int
	}{
		{"a new ticket", []tickets.Event{opened}, day, 0},
		{"their own mail moves nothing", []tickets.Event{opened, event(5*h, tickets.Replied, tickets.Data{})}, day, 0},
		{"an answer restarts it", []tickets.Event{opened, event(5*h, tickets.AgentReplied, tickets.Data{})}, day + 5*h, 0},
		{"an answer that was stopped does not", []tickets.Event{opened, event(5*h, tickets.AgentReplied, tickets.Data{}),
			{Kind: tickets.Stopped, At: monday.Add(6 * h), Message: 6}}, day, 0},
		{"it waits for the customer", []tickets.Event{opened, event(5*h, tickets.AgentReplied, tickets.Data{Status: tickets.Pending})}, 0, 0},
		{"it came back from them", []tickets.Event{opened, event(5*h, tickets.AgentReplied, tickets.Data{Status: tickets.Pending}), event(50*h, tickets.Replied, tickets.Data{})}, 50*h + day, 0},
		{"it waits for a vendor", []tickets.Event{opened, status(2*h, tickets.OnHold)}, day, 0},
		{"said once", []tickets.Event{opened, said(day)}, 2 * day, 1},
		{"said in vain: it was late", []tickets.Event{opened, event(day, tickets.Progressed, tickets.Data{Reason: progressKey, Silent: true})}, 2 * day, 0},
		{"a person's answer counts anew", []tickets.Event{opened, said(day), said(2 * day), event(50*h, tickets.AgentReplied, tickets.Data{})}, 50*h + day, 0},
		{"solved", []tickets.Event{opened, status(2*h, tickets.Solved)}, 0, 0},
		{"reopened", []tickets.Event{opened, status(2*h, tickets.Solved), event(30*h, tickets.Reopened, tickets.Data{})}, 54 * h, 0},
		{"a machine", []tickets.Event{event(0, tickets.Opened, tickets.Data{Priority: "normal", Silent: true})}, 0, 0},
		{"old mail", []tickets.Event{event(0, tickets.Opened, tickets.Data{Priority: "normal", Old: true})}, 0, 0},
		{"at night in the morning", []tickets.Event{event(12*h, tickets.Opened, tickets.Data{Priority: "normal"})}, 2*day - h, 0},
		{"before dawn in the morning", []tickets.Event{event(18*h, tickets.Opened, tickets.Data{Priority: "normal"})}, 2*day - h, 0},
	} {
		w := progressOf(c.past, day, nil, time.UTC)
		switch {
		case (w != nil) != (c.due != 0):
			t.Errorf("%s: %+v", c.name, w)
		case w != nil && (!w.due.Equal(monday.Add(c.due)) || w.told != c.told):
			t.Errorf("%s: due %s after Monday, told %d times", c.name, w.due.Sub(monday), w.told)
		}
	}
	if progressOf([]tickets.Event{opened}, 0, nil, time.UTC) != nil {
		t.Error("nothing is promised, and something is said")
	}
}

func TestMachineOpened(t *testing.T) {
	event := func(kind tickets.EventKind, silent bool) tickets.Event {
		return tickets.Event{Kind: kind, Data: tickets.Data{Silent: silent}}
	}
	for _, c := range []struct {
		name string
		past []tickets.Event
		want bool
	}{
		{"a person", []tickets.Event{event(tickets.Opened, false)}, false},
		{"a machine", []tickets.Event{event(tickets.Opened, true)}, true},
		{"a machine again", []tickets.Event{event(tickets.Opened, true), event(tickets.Replied, true)}, true},
		{"a person since", []tickets.Event{event(tickets.Opened, true), event(tickets.Replied, false)}, false},
		{"a person, then a machine", []tickets.Event{event(tickets.Opened, false), event(tickets.Replied, true)}, false},
	} {
		if got := machineOpened(c.past); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
