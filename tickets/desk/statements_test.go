package desk_test

import (
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/timers"
)

// TestABacklogTakesFewStatements counts the statements of a backlog, where each costs: rows of a batch are written together, no mail has a savepoint, and what is not configured asks for nothing.
func TestABacklogTakesFewStatements(t *testing.T) { countStatements(t, tickets.Spike{}) }

// Where like tickets are looked for, each that is opened is a row more to be written with the others.
func TestSpikesTakeNoStatements(t *testing.T) {
	countStatements(t, tickets.Spike{Tickets: 5, Within: time.Hour})
}

func countStatements(t *testing.T, spike tickets.Spike) {
	var asked map[string]int
	all := 0
	ask := func(query string) error {
		all++
		asked[query]++
		return nil
	}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		asked, all = map[string]int{}, 0
		with := benchPolicy(t)
		with.People, with.Service.Spike = &tickets.Directory{Teams: []tickets.Team{{Name: "front"}}}, spike
		d := deskWith(t, db, with)
		const batches, size = 4, 50
		for n := range batches {
			var batch []mailin.Raw
			for i := range size {
				batch = append(batch, mailin.Raw{Inbox: "support", Received: time.Now(), Bytes: benchMixed(n*size + i)})
			}
			if err := d.Take(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		for query, n := range asked {
			if strings.HasPrefix(query, "SAVEPOINT") {
				t.Errorf("%d savepoints", n)
			}
			for _, table := range []string{"likenesses", "merge_keys", "problem_tickets", "ideas"} {
				if strings.Contains(query, table) {
					t.Errorf("asked %d times of what is not configured: %s", n, query)
				}
			}
			if query = strings.Join(strings.Fields(query), " "); n > batches {
				t.Logf("%5.2f a mail: %s", float64(n)/batches/size, query[:min(len(query), 110)])
			}
		}
		if limit := 5 * batches * size / 2; all > limit {
			t.Errorf("%d statements, more than %d", all, limit)
		}
		t.Logf("%.2f statements a mail", float64(all)/batches/size)
		var compared []timers.Timer
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) (err error) {
			compared, err = timers.Of(tx, timers.Like)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if (len(compared) > 0) != (spike.Tickets > 0) {
			t.Errorf("%d tickets are to be compared", len(compared))
		}
	}, sqldb.WithFault(ask))
}
