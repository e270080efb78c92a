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

// delivered is called with the result of a mail. It passes it to the desk, and has a copy of a
// person's answer filed if the admin has configured that.
func (a *App) delivered(tx *sqldb.Tx, r mailout.Result) error {
	if err := a.Desk.Delivered(tx, r); err != nil {
		return err
	}
	// All copies of an answer have the same text, so one is enough.
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

// fileSent files copies of answers until ctx ends. The copies are a convenience: one that cannot be
// filed after three tries is only logged. The answer is still in the outbox.
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
	m.ReplyTo = "" // the token belongs to the customer
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

// attachments returns the contents of a mail's attachments that refer to incoming mails. Each of
// these mails is read once.
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
