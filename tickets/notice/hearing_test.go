package notice

import (
	"fmt"
	"testing"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// Who hears of what, when. The clock stands at 23:00.
func TestHears(t *testing.T) {
	now := time.Date(2026, 11, 2, 23, 0, 0, 0, time.UTC)
	night := tickets.Hours{From: 22 * time.Hour, To: 7 * time.Hour}
	mine := tickets.Agent{Name: "ann", Notify: tickets.NotifyMine}
	digest := tickets.Agent{Name: "ann", Notify: tickets.NotifyDigest, DigestAt: 8 * time.Hour, Quiet: night}
	quiet := tickets.Agent{Name: "ann", Quiet: night}
	for _, c := range []struct {
		name   string
		agent  tickets.Agent
		ticket tickets.Ticket
		notice Notice
		want   string
	}{
		{"as ever", tickets.Agent{Name: "ann"}, tickets.Ticket{ID: 1}, Notice{Kind: templates.AgentNew}, "now"},
		{"not theirs", mine, tickets.Ticket{ID: 1, Assignee: "ben"}, Notice{Kind: templates.AgentReply}, "never"},
		{"theirs", mine, tickets.Ticket{ID: 1, Assignee: "ann"}, Notice{Kind: templates.AgentReply}, "now"},
		{"watched", mine, tickets.Ticket{ID: 1, Watchers: []string{"ann"}}, Notice{Kind: templates.AgentReply}, "now"},
		{"named by a rule", mine, tickets.Ticket{ID: 1}, Notice{Kind: templates.AgentNote, Asked: true}, "now"},
		{"an escalation, not theirs", mine, tickets.Ticket{ID: 1}, Notice{Kind: templates.Escalation}, "now"},
		{"what answers their own mail", digest, tickets.Ticket{ID: 1}, Notice{Kind: templates.Receipt}, "now"},
		{"held, at night", quiet, tickets.Ticket{ID: 1}, Notice{Kind: templates.Held}, "now"},
		{"no ticket", digest, tickets.Ticket{}, Notice{Kind: templates.AgentNote}, "now"},
		{"digest", digest, tickets.Ticket{ID: 1, Assignee: "ann"}, Notice{Kind: templates.AgentReply}, "digest 3 08:00"},
		{"a rule names them in the night", digest, tickets.Ticket{ID: 1}, Notice{Kind: templates.AgentNote, Asked: true}, "3 07:00"},
		{"night", quiet, tickets.Ticket{ID: 1}, Notice{Kind: templates.AgentNew}, "3 07:00"},
		{"a warning can wait", quiet, tickets.Ticket{ID: 1}, Notice{Kind: templates.Warning}, "3 07:00"},
		{"what was missed cannot", quiet, tickets.Ticket{ID: 1}, Notice{Kind: templates.Missed}, "now"},
		{"who is on call is called", digest, tickets.Ticket{ID: 1}, Notice{Kind: templates.AgentNote, Asked: true, Called: true}, "now"},
		{"a copy of what was missed can wait", quiet, tickets.Ticket{ID: 1}, Notice{Kind: templates.Missed, Asked: true, Copy: true}, "3 07:00"},
		{"stopped", quiet, tickets.Ticket{ID: 1, Silenced: []string{"ann"}}, Notice{Kind: templates.AgentNote}, "never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := (&Case{Desk: &tickets.Identity{}, Now: now, Ticket: c.ticket}).hears(&c.agent, &c.notice)
			got := "now"
			switch {
			case h.never != "":
				got = "never"
			case h.digest:
				got = "digest " + h.at.Format("2 15:04")
			case !h.at.IsZero():
				got = h.at.Format("2 15:04")
			}
			if got != c.want {
				t.Errorf("%q, wanted %q", got, c.want)
			}
		})
	}
}

// A large team gets no copies of a file, unless it wants them.
func TestCrowded(t *testing.T) {
	p := &tickets.Policy{Service: &tickets.Service{Tiers: []tickets.Tier{{Level: 1, Team: "many"}}}, People: &tickets.Directory{}}
	for i := range 6 {
		p.People.Agents = append(p.People.Agents, tickets.Agent{Name: fmt.Sprint("a", i), Teams: []string{"many", "lead", "all"}})
	}
	p.People.Agents[0].Teams = append(p.People.Agents[0].Teams, "few", "taker")
	p.People.Teams = []tickets.Team{{Name: "many", Notify: "all"}, {Name: "lead", Notify: "lead"}, {Name: "few", Notify: "all"},
		{Name: "all", Notify: "all", Files: tickets.FilesAll}, {Name: "taker", Notify: "all", Files: tickets.FilesTaker}}
	for team, want := range map[string]bool{"many": true, "": true, "few": false, "lead": false, "all": false, "taker": true, "gone": false} {
		if got := Crowded(p, &tickets.Ticket{Tier: 1, Team: team}); got != want {
			t.Errorf("team %q: %v", team, got)
		}
	}
}
