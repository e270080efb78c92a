package desk_test

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

// Two hundred agents, one queue: two daemons on one PostgreSQL take in mails at once and give their
// tickets to the agents of one team. Their shares differ by one at most, no ticket is given twice,
// one mail tells each agent of each, and who has their limit is given no more.
func TestTwoHundredAgentsOneQueue(t *testing.T) {
	const agents, batch = 200, 25
	mails := 500
	if os.Getenv("TIERDESK_TEST_FULL") != "" {
		mails = 5000
	}
	for _, c := range []struct {
		way   string
		limit int // of each agent
	}{
		{tickets.AssignTurns, 0},
		{tickets.AssignLeast, 0},
		{tickets.AssignTurns, mails/agents - 1},
	} {
		t.Run(fmt.Sprintf("%s, limit %d", c.way, c.limit), func(t *testing.T) {
			g := dbtest.Postgres(t) // on SQLite one transaction writes at a time
			policy := benchPolicy(t)
			policy.People = &tickets.Directory{Teams: []tickets.Team{{Name: "front", Assign: c.way}}}
			if c.limit > 0 {
				policy.People.Teams[0].Notify = "none" // of what is the team's
			}
			for i := range agents {
				name := fmt.Sprintf("agent%d", i)
				policy.People.Agents = append(policy.People.Agents,
					tickets.Agent{Name: name, FullName: name, Address: name + "@staff.example", Teams: []string{"front"}, Limit: c.limit})
			}
			began := time.Now()
			var work sync.WaitGroup
			for daemon := range 2 {
				d := deskWith(t, g.Open(t), policy)
				work.Go(func() {
					for first := daemon * batch; first < mails; first += 2 * batch {
						var raws []mailin.Raw
						for i := range batch {
							raws = append(raws, mailin.Raw{Inbox: "support", Received: time.Now(), Bytes: fromAnywhere(first + i)})
						}
						if err := d.Take(t.Context(), raws); err != nil {
							t.Error(err)
						}
					}
				})
			}
			work.Wait()
			took := time.Since(began)
			given, twice, told, shares := queue(t, g.Open(t))
			want := mails
			if c.limit > 0 {
				want = agents * c.limit
			}
			if given != want || twice != 0 {
				t.Errorf("%d tickets were given to an agent, wanted %d; %d of them more than once", given, want, twice)
			}
			if c.limit == 0 && told != mails {
				t.Errorf("%d notices for %d tickets", told, mails)
			}
			least, most := mails, 0
			for _, a := range policy.People.Agents {
				least, most = min(least, shares[a.Name]), max(most, shares[a.Name])
			}
			if most-least > 1 {
				t.Errorf("shares from %d to %d", least, most)
			}
			t.Logf("%d tickets for %d agents in %v: shares from %d to %d", mails, agents, took.Round(time.Millisecond), least, most)
		})
	}
}

// fromAnywhere is a mail of somebody of a domain of their own: strangers of one domain share a limit.
func fromAnywhere(i int) []byte {
	return bytes.ReplaceAll(benchMail(i), []byte("@customer.example"), fmt.Appendf(nil, "@customer%d.example", i))
}

// queue returns how many tickets somebody has, how many of them were given more than once, how many
// notices tell agents of new tickets, and how many tickets each agent has.
func queue(t *testing.T, db *sqldb.DB) (given, twice, told int, shares map[string]int) {
	t.Helper()
	var rows []struct {
		Assignee string
		N        int
	}
	err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		if err := tx.Select(&rows, `SELECT assignee, COUNT(*) AS n FROM tickets WHERE assignee <> '' GROUP BY assignee`); err != nil {
			return err
		}
		if err := tx.Get(&twice, `SELECT COUNT(*) FROM (SELECT ticket FROM events WHERE kind = 'assigned' GROUP BY ticket HAVING COUNT(*) > 1) AS x`); err != nil {
			return err
		}
		return tx.Get(&told, `SELECT COUNT(*) FROM outbox WHERE kind = 'agent-new'`)
	})
	if err != nil {
		t.Fatal(err)
	}
	shares = map[string]int{}
	for _, r := range rows {
		shares[r.Assignee] = r.N
		given += r.N
	}
	return given, twice, told, shares
}
