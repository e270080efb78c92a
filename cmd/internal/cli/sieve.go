package cli

import (
	"fmt"
	"slices"
	"strings"

	"tierdesk/cmd/internal/config"
	"tierdesk/rules/fault"
	"tierdesk/templates"
	"tierdesk/tickets"
)

type sieveCmd struct {
	inFolder
	Agent     string `arg:"" help:"Name of the agent in people.yaml."`
	Folder    string `default:"Desk" help:"The folder below which the notices are filed."`
	Separator string `default:"/" help:"What stands between a folder and one in it at the agent's mail server: / or a dot."`
}

// Help is shown by `tierdesk help sieve`.
func (sieveCmd) Help() string {
	return `The agent's mail server has to know Sieve (RFC 5228) with fileinto, mailbox and imap4flags: Dovecot with Pigeonhole, Cyrus, Fastmail and others do. Only mails that the desk has sent are filed.`
}

// Run prints the script.
func (c *sieveCmd) Run(e *env) error {
	d, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	people := d.People
	agent := people.Agent(c.Agent)
	if agent == nil {
		var names []string
		for _, a := range people.Agents {
			names = append(names, a.Name)
		}
		return hinted(fmt.Errorf("there is no agent %q", c.Agent), "%s", fault.Hint(c.Agent, names))
	}
	var addresses []string
	for _, in := range d.Main.Inboxes {
		addresses = append(addresses, in.Address)
	}
	e.printf("%s", sieveScript(agent, d.Main.Name, addresses, c.Folder, c.Separator))
	return nil
}

// sieveScript returns a script that files an agent's notices by their event.
func sieveScript(agent *tickets.Agent, desk string, from []string, folder, separator string) string {
	into := func(name string) string { return "fileinto :create " + sieveText(folder+separator+name) }
	events := func(kinds ...templates.Name) string {
		words := make([]string, len(kinds))
		for i, k := range kinds {
			words[i] = sieveText(string(k))
		}
		return `header :is "X-Tierdesk-Event" [` + strings.Join(words, ", ") + "]"
	}
	quoted := make([]string, len(from))
	for i, a := range from {
		quoted[i] = sieveText(a)
	}
	slices.Sort(quoted)
	comment := strings.NewReplacer("\r", " ", "\n", " ")
	const script = `# What %s sends %s, filed by what it tells. Made by: tierdesk sieve %s
require ["fileinto", "mailbox", "imap4flags"];

# Anybody can write such a field into a mail: the sender has to be the desk as well.
if allof (exists "X-Tierdesk-Event", address :is "from" [%s]) {
  # What confirms a mail of your own is filed as read.
  if %s {
    addflag "\\Seen";
    %s;
    stop;
  }
  # A deadline, a mail of yours that was held, or something urgent.
  if anyof (%s, header :is "X-Tierdesk-Priority" "urgent", header :is "Importance" "high") {
    addflag "\\Flagged";
    %s;
    stop;
  }
  # New tickets.
  if %s {
    %s;
    stop;
  }
  # Everything else about tickets.
  %s;
  stop;
}
`
	return fmt.Sprintf(script, comment.Replace(desk), comment.Replace(agent.FullName), agent.Name, strings.Join(quoted, ", "),
		events(templates.Receipt, templates.Help), into("Receipts"),
		events(templates.Missed, templates.Warning, templates.Escalation, templates.Held, templates.Confirm, templates.Bounced,
			templates.HasLeft),
		into("Urgent"),
		events(templates.AgentNew), into("New"), into("Tickets"))
}

// sieveText returns a quoted string (RFC 5228 section 2.4.2).
func sieveText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ", "\x00", " ").Replace(s) + `"`
}
