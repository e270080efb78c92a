package app

import (
	"context"
	"io"
	"time"

	"tierdesk/mailin/parse"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// delivered hears what became of a mail: the desk decides on it, and a copy of a person's answer is
// filed where the admin wants one.
func (a *App) delivered(tx *sqldb.Tx, r mailout.Result) error {
	if err := a.Desk.Delivered(tx, r); err != nil {
		return err
	}
	// All copies of an answer say the same: one is enough.
	if r.State == mailout.Sent && r.Mail.Automatic == mailout.ByPerson && r.Mail.ID == r.Mail.Group && a.sentFolder(r.Mail.Inbox) != "" {
		tx.AfterCommit(func() {
			select {
			case a.sent <- &r.Mail:
			default:
				a.log.Warn("too many answers wait for their copy; this one is not filed", "mail", r.Mail.ID)
			}
		})
	}
	return nil
}

func (a *App) sentFolder(inbox string) string {
	for i := range a.Config.Main.Inboxes {
		if in := &a.Config.Main.Inboxes[i]; in.Name == inbox {
			if in.Outgoing != nil {
				return in.Outgoing.SentFolder
			}
			return a.Config.Main.Outgoing.SentFolder
		}
	}
	return ""
}

// fileSent files copies of answers until ctx ends. A copy is a convenience: what cannot be filed
// after three tries is told in the log, and is still in the outbox.
func (a *App) fileSent(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-a.sent:
			var err error
			for try := range 3 {
				if err = a.fileCopy(ctx, *m); err == nil || ctx.Err() != nil {
					break
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Duration(try+1) * 5 * time.Second):
				}
			}
			if err != nil && ctx.Err() == nil {
				a.log.Warn("the copy of an answer could not be filed", "mail", m.ID, "ticket", m.Ticket, "error", err)
			}
		}
	}
}

func (a *App) fileCopy(ctx context.Context, m mailout.Mail) error {
	m.ReplyTo = "" // the token is the customer's
	raw, err := compose.Bytes(m,
		compose.Options{Load: func(wanted []mailout.Attachment) ([]io.WriterTo, error) { return a.attachments(ctx, wanted) }})
	if err != nil {
		return err
	}
	for _, f := range a.Fetchers {
		if f.Status().Inbox == m.Inbox {
			return f.File(ctx, a.sentFolder(m.Inbox), raw, m.Date)
		}
	}
	return nil
}

// attachments returns the contents of a mail's attachments that point at mails which came in: each
// of those is read once.
func (a *App) attachments(ctx context.Context, wanted []mailout.Attachment) ([]io.WriterTo, error) {
	load := compose.FromMails(parse.DefaultLimits(), func(inbound int64) (raw []byte, kept bool, err error) {
		err = a.DB.View(ctx, func(tx *sqldb.Tx) error {
			raw, kept, err = store.Raw(tx, inbound)
			return err
		})
		return raw, kept, err
	})
	return load(wanted)
}
