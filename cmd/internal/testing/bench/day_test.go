package main

import (
	"context"
	"testing"

	"tierdesk/cmd/internal/app"
	"tierdesk/migrations/sqldb"
)

// On a real day a fifth of the mails are agents', and what they write to customers reaches them.
func TestADay(t *testing.T) {
	const eve, n, agents = 300, 400, 3
	g, dir, _, _ := benchDesk(t, sqldb.SQLite, agents, eve)
	var mails [][]byte
	own, answers, tickets := 0, 0, 0
	for i := eve; i < eve+n; i++ {
		raw, f := g.next(i)
		mails = append(mails, raw)
		switch {
		case f.agent:
			own++
			if f.command == "" {
				answers++
			}
		case !f.reply:
			tickets++
		}
	}
	if own < n*15/100 || own > n*25/100 || answers < own/3 || answers == own {
		t.Errorf("%d of %d mails are agents', %d of them answers: wanted a fifth, and half of that", own, n, answers)
	}
	kinds := map[string]int{}
	with(t, dir, func(a *app.App) {
		take(t, a, mails)
		rows, err := a.DB.Handle().QueryContext(context.Background(), `SELECT kind, COUNT(*) FROM outbox WHERE state = 'waiting' GROUP BY kind`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			var count int
			if err := rows.Scan(&kind, &count); err != nil {
				t.Fatal(err)
			}
			kinds[kind] = count
		}
	})
	// A mail or two may be overtaken, and are held as in life.
	if kinds["answer"] < answers*9/10 || kinds["answer"] > answers || kinds["ack"] != tickets || kinds["agent-new"] < agents*tickets ||
		kinds["held"]+kinds["confirm"]+kinds["help"] > own/20 {
		t.Errorf("%d answers and %d tickets became %v", answers, tickets, kinds)
	}
}
