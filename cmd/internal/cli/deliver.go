package cli

import (
	"errors"
	"fmt"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailin"
	"tierdesk/mailin/read"
)

type deliverCmd struct {
	inFolder
	Inbox string `placeholder:"NAME" help:"The inbox that the mail comes in by (default: the one it is addressed to, or else the first)."`
}

// Help is shown by `tierdesk help deliver`.
func (deliverCmd) Help() string {
	return `Reads one mail from standard input and treats it as if it had come in by IMAP: once it exits with 0, the mail is safely in the database. It can be used while a daemon runs, which then sends whatever mail follows. In Postfix's master.cf:

    tierdesk unix - n n - 2 pipe flags=DORhu user=tierdesk argv=/usr/local/bin/tierdesk deliver -C /etc/tierdesk

A mail larger than limits: mail_size goes to quarantine in full.

Exit codes: 0 the mail was taken in, now or earlier; 65 it is not a mail, or larger than 128 MB: the mail server should send it back; 75 anything else went wrong, including a fault in the desk folder or the command line: the mail server should try again later.`
}

// maxPipe bounds what is held in memory for a mail that nobody could fetch again.
const maxPipe = 128 << 20

// Run takes in a mail.
func (c *deliverCmd) Run(e *env) error {
	raw, err := e.input(maxPipe)
	switch {
	case err != nil:
		return err
	case len(raw) == 0:
		return failure{error: errors.New("there is no mail: the input is empty"),
			hint: "give it on the standard input: tierdesk deliver < mail", code: exitData}
	case len(raw) > maxPipe:
		return failure{error: errors.New("the mail is larger than 128 MB"), code: exitData}
	}
	// The desk parses mails in its own goroutines, where a panic would end the program with an exit
	// code that makes the mail server bounce the mail. Here the panic is recovered.
	read.Mail(raw, reading())
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	inbox, err := inboxFor(&cfg.Main, c.Inbox, raw)
	if err != nil {
		return err
	}
	a, err := app.New(e.ctx, cfg, e.quiet())
	if err != nil {
		return err
	}
	defer a.Close()
	limit := cfg.Main.Limits.MailSize
	mail := mailin.Raw{Inbox: inbox, Received: a.DB.Now(), Bytes: raw, Size: int64(len(raw)),
		Truncated: limit > 0 && int64(len(raw)) > limit}
	if err := a.Desk.Take(e.ctx, []mailin.Raw{mail}); err != nil {
		return fmt.Errorf("taking the mail: %w", err)
	}
	return nil
}
