package app

import (
	"context"
	"fmt"
	"time"

	"tierdesk/cmd/internal/ops"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
)

// The desk tells the admin of an agent whom no mail reaches. If still no mail arrives, the alarm
// reports it: for the admin immediately, for an agent after a few mails.
const (
	unreachedFor = 24 * time.Hour
	unreachedBy  = 3
)

// unreachedProblems returns a problem for each member of staff whom no mail reaches.
func (a *App) unreachedProblems(ctx context.Context) ([]ops.Problem, error) {
	var all []mailout.Unreached
	err := a.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		all, err = mailout.UnreachedStaff(tx, tx.Now().Add(-unreachedFor))
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []ops.Problem
	for _, u := range all {
		if u.Party != mailout.Admin && u.Failed < unreachedBy {
			continue
		}
		out = append(out, ops.Problem{Key: "mail to " + u.Recipient, Text: unreachedText(u), Since: u.Since, Minor: true})
	}
	return out, nil
}

func unreachedText(u mailout.Unreached) string {
	return fmt.Sprintf("no mail reaches them: %d failed since one arrived, the last with: %s", u.Failed, u.Reason)
}
