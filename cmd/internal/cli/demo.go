package cli

import "tierdesk/cmd/internal/demo"

type demoCmd struct {
	Exit bool   `help:"End after the tour."`
	Fast bool   `help:"No pauses for reading."`
	IMAP string `name:"imap" placeholder:"ADDRESS" help:"Where the IMAP server listens (default: 127.0.0.1:1143, or a free port)."`
	SMTP string `name:"smtp" placeholder:"ADDRESS" help:"Where the SMTP server listens (default: 127.0.0.1:1025, or a free port)."`
	Dir  string `placeholder:"DIR" help:"Keep the desk folder here: new or empty (default: a temporary one, removed at the end)."`
}

// Help is shown by `tierdesk help demo`.
func (demoCmd) Help() string {
	return `A desk with a mail server of its own, on this machine alone and without any setting up: a customer, agents of two tiers, a lead and an admin with mailboxes. It plays a story and shows each mail as it goes by; then it stays up and tells how to join with your own mail client.

Exit codes: 0; 1 a step of the story did not come to what it should.`
}

// Run plays the demo.
func (c *demoCmd) Run(e *env) error {
	return demo.Run(e.ctx, demo.Options{Out: e.out, Terminal: e.outTerminal, Width: e.width, Exit: c.Exit,
		Fast: c.Fast, IMAP: c.IMAP, SMTP: c.SMTP, Dir: c.Dir})
}
