package cli

import "tierdesk/cmd/internal/demo"

type demoCmd struct {
	Exit bool   `help:"Stop after the tour."`
	Fast bool   `help:"No pauses for reading."`
	IMAP string `name:"imap" placeholder:"ADDRESS" help:"Where the IMAP server listens (default: 127.0.0.1:1143, or a free port)."`
	SMTP string `name:"smtp" placeholder:"ADDRESS" help:"Where the SMTP server listens (default: 127.0.0.1:1025, or a free port)."`
	Dir  string `placeholder:"DIR" help:"Keep the desk folder here; it must be new or empty (default: a temporary one, removed at the end)."`
}

// Help is shown by `tierdesk help demo`.
func (demoCmd) Help() string {
	return `Starts a desk with its own mail server on this machine; nothing needs to be set up. Customers, agents of three tiers, a vendor and an admin have mailboxes there. The demo plays nine short stories and shows the mails as they go by; then it stays up and tells you how to join in with your own mail client.

Exit codes: 0; 1 a step of the story did not turn out as it should.`
}

// Run plays the demo.
func (c *demoCmd) Run(e *env) error {
	return demo.Run(e.ctx, demo.Options{Out: e.out, Terminal: e.outTerminal, Width: e.width, Exit: c.Exit,
		Fast: c.Fast, IMAP: c.IMAP, SMTP: c.SMTP, Dir: c.Dir})
}
