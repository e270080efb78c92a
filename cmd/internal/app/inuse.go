package app

import (
	"context"
	"fmt"

	"tierdesk/cmd/internal/config"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules/fault"
	"tierdesk/tickets/store"
)

// namedTickets is how many tickets a fault names.
const namedTickets = 10

// InUse returns a fault for each name that open tickets use and the desk folder no longer has, with
// the tickets' numbers.
func InUse(ctx context.Context, db *sqldb.DB, d *config.Policy) (fault.List, error) {
	var out fault.List
	err := db.View(ctx, func(tx *sqldb.Tx) error {
		out = nil
		open, err := store.OpenTicketUsage(tx)
		if err != nil {
			return err
		}
		used := config.Used{Priorities: map[string]int{}, Teams: map[string]int{}, Agents: map[string]int{}, Tiers: map[int]int{}}
		if used.Vendors, err = store.VendorsInUse(tx); err != nil {
			return err
		}
		for _, o := range open {
			used.Priorities[o.Priority] += o.Tickets
			used.Teams[o.Team] += o.Tickets
			used.Agents[o.Assignee] += o.Tickets
			used.Tiers[o.Tier] += o.Tickets
		}
		for _, lost := range d.Missing(used) {
			ids, err := store.OpenTicketsOf(tx, lost.What, lost.Value, namedTickets)
			if err != nil {
				return err
			}
			out = append(out, lost.Fault(ids))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("asking what open tickets use: %w", err)
	}
	return out, nil
}
