package cli

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command, for example: ticket show."`
}

// Run shows the help of a command.
func (c *helpCmd) Run(e *env) error {
	code := e.command(append(append([]string{}, c.Command...), "--help"))
	if code != exitOK {
		return failure{error: errFindings, code: code}
	}
	return nil
}
