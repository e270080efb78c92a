package decision

import (
	"strconv"

	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// The files define what is promised. When new ones come into force, the next promise of each open
// ticket is computed anew from its history.

// recountedBy is the name under which the desk folder that the timers were set by is stored.
const recountedBy = "timers-set-by"

// recounted is the number of tickets processed in one transaction.
const recounted = 200

// Recount schedules the resetting of all tickets' timers by the files in force.
func Recount(ctx Context) error {
	by, _, err := meta.Get(ctx.Tx, recountedBy)
	if err != nil || by == ctx.Policy.Hash {
		return err
	}
	if err := meta.Set(ctx.Tx, recountedBy, ctx.Policy.Hash); err != nil {
		return err
	}
	return timers.Set(ctx.Tx, timers.Timer{Kind: timers.Recount, Due: sqldb.At(ctx.Tx.Now()), Data: "0"})
}

// FireRecount resets the timers of some tickets, and schedules itself for the next ones.
func FireRecount(ctx Context, t timers.Timer) error {
	after, err := strconv.ParseInt(t.Data, 10, 64)
	if err != nil {
		return err
	}
	ids, more, err := store.NotClosed(ctx.Tx, after, after+recounted)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := ResetTimer(ctx, id); err != nil {
			return err
		}
	}
	if !more {
		return nil
	}
	return timers.Set(ctx.Tx, timers.Timer{Kind: timers.Recount, Due: sqldb.At(ctx.Tx.Now()), Data: strconv.FormatInt(after+recounted, 10)})
}
