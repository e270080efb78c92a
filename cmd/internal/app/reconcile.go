package app

import (
	"context"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets/phrase"
)

// reconcile compares the mailboxes on the mail servers with the ledger once a day. A gap would be
// mail that nobody has seen, so it is reported to the admin with the mails' names.
func (a *App) reconcile(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, f := range a.Fetchers {
			status := f.Status()
			if !status.Leading {
				continue // another daemon holds this inbox and compares it
			}
			gaps, err := f.Reconcile(ctx)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				a.log.Warn("an inbox could not be compared with the ledger", "inbox", status.Inbox, "error", err)
				continue
			}
			if len(gaps) == 0 {
				continue
			}
			a.log.Error("an inbox holds mails that the desk has not taken in", "inbox", status.Inbox, "mails", len(gaps))
			err = a.Desk.TellAdmin(ctx, templates.AdminAlarm, func(t *templates.Facts, say func(phrase.Text) string) {
				t.What = say(phrase.Say("Mails in inbox %s that the desk has not taken in: %d", status.Inbox, len(gaps)))
				t.Since, t.Hint = gaps[0].Received, "tierdesk doctor --connect -C "+a.Config.Dir
				for _, g := range gaps[:min(25, len(gaps))] {
					reason := phrase.Verbatim(g.Parked)
					if g.Parked == "" {
						reason = phrase.Say("the desk has never seen it")
					}
					t.Reasons = append(t.Reasons, say(phrase.Say("%s, UID %d, %s, from %s, %q: %s", g.Folder, g.UID,
						phrase.Moment{At: g.Received, Now: a.DB.Now(), Location: a.Config.Main.Location}, g.From, g.Subject, reason)))
				}
			})
			if err != nil {
				a.log.Error("the admin could not be told of mails that were not taken", "inbox", status.Inbox, "error", err)
			}
		}
	}
}
