package cli

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"tierdesk/cmd/internal/config"
	"tierdesk/rules/fault"
)

type initCmd struct {
	Dir string `arg:"" help:"The folder to write; it must be new or empty."`
	Yes bool   `short:"y" help:"Ask nothing: use the flags, and examples for the rest."`

	Name     string `placeholder:"TEXT" help:"The desk's name, as customers see it."`
	Address  string `placeholder:"ADDRESS" help:"The address that customers write to."`
	Admin    string `placeholder:"ADDRESS" help:"The address that is told when something needs a person."`
	Domain   string `placeholder:"DOMAIN" help:"The domain for the desk's Message-IDs (default: that of the address)."`
	Language string `placeholder:"LL" help:"Two letters: the language for people whose own is not known."`
	Timezone string `placeholder:"ZONE" help:"For example Europe/London."`

	ReplyAddress string `name:"reply-address" placeholder:"ADDRESS" help:"The address that replies go to, with {token} in it, or none (default: ADDRESS with +{token} before the @)."`

	IMAP             string `name:"imap" placeholder:"URL" help:"imaps://HOST (or HOST alone), imap://HOST (STARTTLS) or insecure+imap://HOST."`
	IMAPUser         string `name:"imap-user" placeholder:"NAME" help:"Login name (default: the address)."`
	IMAPPasswordFile string `name:"imap-password-file" placeholder:"FILE" help:"The file that holds the password."`
	SMTP             string `name:"smtp" placeholder:"URL" help:"smtps://HOST (or HOST alone), smtp://HOST (STARTTLS) or insecure+smtp://HOST."`
	SMTPUser         string `name:"smtp-user" placeholder:"NAME" help:"Login name (default: the same as for IMAP)."`
	SMTPPasswordFile string `name:"smtp-password-file" placeholder:"FILE" help:"The file that holds the password."`

	Agent         string `placeholder:"NAME" help:"Short name of the first agent."`
	AgentFullName string `name:"agent-full-name" placeholder:"TEXT" help:"Their full name."`
	AgentAddress  string `name:"agent-address" placeholder:"ADDRESS" help:"Their own address; customers never see it."`
}

// Help is shown by `tierdesk help init`.
func (initCmd) Help() string {
	return `Writes a desk folder in which every key is explained. On a terminal it asks for whatever the flags leave open; an empty answer accepts the value in brackets. Answers that make no desk are asked for again. Existing files are never overwritten.

Exit codes: 0 the folder was written; 1 it was not: it is not empty, or the answers do not make a valid desk.`
}

// Run writes the folder.
func (c *initCmd) Run(e *env) error {
	if !c.Yes {
		if !e.inTerminal {
			return failure{error: errors.New("there is no terminal to ask questions on"),
				hint: "--yes uses the flags, and examples for the rest", code: exitUsage}
		}
		return c.interview(e)
	}
	return c.write(e)
}

// interview asks until the answers make a desk.
func (c *initCmd) interview(e *env) error {
	in := bufio.NewReader(e.in)
	e.printf("%s\n\n", e.paint(faint, "An empty answer takes what stands in brackets. All of it can be changed in the files later."))
	for again := false; ; again = true {
		if err := c.ask(e, in, again); err != nil {
			return err
		}
		err := c.write(e)
		var faults fault.List
		if !errors.As(err, &faults) {
			return err
		}
		e.faults(faults)
		e.printf("\nNothing is written yet. Once more, please: an empty answer keeps the last one.\n\n")
	}
}

// write writes the folder.
func (c *initCmd) write(e *env) error {
	c.IMAP, c.SMTP = withScheme(c.IMAP, "imaps"), withScheme(c.SMTP, "smtps")
	err := config.Init(e.ctx, c.Dir, config.Answers{
		Name: c.Name, Domain: c.Domain, Admin: c.Admin, Language: c.Language, Timezone: c.Timezone, Address: c.Address,
		ReplyAddress: c.replyAddress(),
		IMAP:         c.IMAP, IMAPUser: c.IMAPUser, IMAPPassword: c.IMAPPasswordFile, SMTP: c.SMTP, SMTPUser: c.SMTPUser,
		SMTPPassword: c.SMTPPasswordFile,
		AgentName:    c.Agent, AgentFullName: c.AgentFullName, AgentAddress: c.AgentAddress,
	})
	if errors.Is(err, config.ErrNotEmpty) {
		return hinted(err, "name a new folder, or check this one with tierdesk check -C %s", c.Dir)
	}
	if err != nil {
		return err
	}
	e.printf("%s %s is written.\n\nNext:\n", e.paint(green, "✓"), e.paint(bold, c.Dir))
	for _, step := range [][2]string{
		{"edit " + filepath.Join(c.Dir, "tierdesk.yaml") + " and people.yaml", "every key is explained there"},
		{"tierdesk check -C " + c.Dir + " --connect", "tells what is wrong, and tries the servers"},
		{"tierdesk run -C " + c.Dir, "the daemon"},
	} {
		e.printf("  %s\n      %s\n", e.paint(cyan, step[0]), e.paint(faint, step[1]))
	}
	return nil
}

// withScheme returns the URL of a server; a host alone is meant with TLS.
func withScheme(server, scheme string) string {
	if server == "" || strings.Contains(server, "://") {
		return server
	}
	return scheme + "://" + server
}

// replyAddress returns the value of reply_address for the file, "" if the server has plus
// addresses.
func (c *initCmd) replyAddress() string {
	if c.ReplyAddress == plusAddress(c.Address) {
		return ""
	}
	return c.ReplyAddress
}

func plusAddress(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + "+{token}@" + domain
}

// ask asks for the answers that were not given as flags, or for all of them again.
func (c *initCmd) ask(e *env, in *bufio.Reader, again bool) error {
	question := func(into *string, what, otherwise string) error {
		if *into != "" && !again {
			return nil
		}
		otherwise = cmp.Or(*into, otherwise)
		e.printf("%s %s ", what, e.paint(faint, "["+otherwise+"]"))
		line, err := in.ReadString('\n')
		if err != nil && !(errors.Is(err, io.EOF) && line != "") {
			e.printf("\n")
			return errors.New("the questions were not answered: nothing is written")
		}
		if *into = strings.TrimSpace(line); *into == "" {
			*into = otherwise
		}
		return nil
	}
	domain := func() string { _, d, _ := strings.Cut(c.Address, "@"); return d }
	for _, q := range []struct {
		into      *string
		what      string
		otherwise func() string
	}{
		{&c.Name, "Name of the desk, as customers see it?", func() string { return "Acme Support" }},
		{&c.Address, "Address that customers write to?", func() string { return "support@acme.example" }},
		{&c.ReplyAddress, "Address for replies, with {token} in it? If your server refuses mail to +anything: one in a catch-all domain, or none", func() string { return plusAddress(c.Address) }},
		{&c.Admin, "Who is told when something needs a person?", func() string { return "it@" + domain() }},
		{&c.IMAP, "IMAP server?", func() string { return "imaps://imap." + domain() }},
		{&c.IMAPUser, "Login name there?", func() string { return c.Address }},
		{&c.IMAPPasswordFile, "File that holds the password?", func() string { return "/run/secrets/imap" }},
		{&c.SMTP, "SMTP server?", func() string { return "smtps://smtp." + domain() }},
		{&c.SMTPUser, "Login name there?", func() string { return c.IMAPUser }},
		{&c.SMTPPasswordFile, "File that holds the password?", func() string { return "/run/secrets/smtp" }},
		{&c.Timezone, "Time zone?", func() string { return "UTC" }},
		{&c.Language, "Language, where a customer's is not known?", func() string { return "en" }},
		{&c.Agent, "Short name of the first agent?", func() string { return "jane" }},
		{&c.AgentFullName, "Full name?", func() string { return "Jane Doe" }},
		{&c.AgentAddress, "Own address, which customers never see?", func() string { return c.Agent + "@" + domain() }},
	} {
		if err := question(q.into, q.what, q.otherwise()); err != nil {
			return err
		}
	}
	e.printf("\n")
	return nil
}
