package decision

import (
	"strconv"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/timers"
)

const (
	// unreached is the name of the timer of the daily summary.
	unreached = "unreached"
	// toldUnreached is the name under which the time of the last summary is stored.
	toldUnreached = "told-unreached"
	// unreachedEvery is how often the admin is told.
	unreachedEvery = 24 * time.Hour
	// unreachedSoon is how long the desk collects before the first summary.
	unreachedSoon = time.Hour
)

// AnnounceUnreached schedules a daily summary for the admin of people of ours whom no mail reaches.
func AnnounceUnreached(tx *sqldb.Tx) error {
	return tx.Once("announce "+unreached, func() error {
		_, told, err := meta.Get(tx, toldUnreached)
		if err != nil {
			return err
		}
		due := tx.Now().Add(unreachedSoon)
		if next := told.Add(unreachedEvery); !told.After(tx.Now()) && next.After(due) {
			due = next
		}
		return timers.SetIfNone(tx, timers.Timer{Kind: timers.Summary, Name: unreached, Due: sqldb.At(due)})
	})
}

// fireUnreached tells the admin whom no mail reaches. If the mail to the admin is itself refused,
// no other one is sent.
func fireUnreached(ctx Context) error {
	tx := ctx.Tx
	all, err := mailout.UnreachedStaff(tx, tx.Now().Add(-unreachedEvery-unreachedSoon))
	if err != nil {
		return err
	}
	f := notice.DeskFacts(ctx.Desk, tx.Now())
	for _, u := range all {
		if mailin.Fold(u.Recipient) == mailin.Fold(ctx.Desk.Admin) {
			continue // the admin would not read it; `doctor` and the alarm report it
		}
		f.Reasons = append(f.Reasons,
			ctx.Policy.Say(phrase.Say("%s: refused (mails: %d). The mail server said: %s", u.Recipient, u.Failed, u.Reason),
				ctx.Desk.Language))
	}
	if f.Count = len(f.Reasons); f.Count == 0 {
		return nil
	}
	if err := TellAdmin(ctx, templates.AdminUnreached, ctx.Desk.Admin, &f); err != nil {
		return err
	}
	return meta.Set(tx, toldUnreached, strconv.Itoa(f.Count))
}
