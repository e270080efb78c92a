package decision

import (
	"cmp"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Command is one command that this desk carries out: a row of the table. The command language
// (package commands) determines how its words are read; a word of the language without a row is
// refused by name.
//
// To add one: put its name and how its argument is read into tickets/commands (commands.go,
// table.go, args.go), where most are already. Then add a row to the Commands() of the capability it
// belongs to and the translations of its Help to tickets/phrase/lang, and regenerate docs/agents.md
// (go test ./tickets/desk -run TestAgentsPage -update). The row's requirements are checked before
// anything is done: if Proof or Right is not met, the mail is held with its text. Spec.Others lets
// the command name other tickets; Do is then called once for each. Spec.Anywhere allows it in a
// mail that belongs to no ticket; a.Ticket.ID is 0 then.
type Command struct {
	Name commands.Name
	Help phrase.Text // what it does, in one sentence
	// Proof means that a reply address is not proof enough for the command: it shows the ticket to
	// others, writes to customers of other tickets, or blocks somebody.
	Proof bool
	// ProofOf is Proof for a command that needs it only with certain arguments; nil for the others.
	ProofOf func(c commands.Command) bool
	// Acts means that the command changes something although it needs no ticket: it is not carried
	// out for a mail that only claims to be the agent's.
	Acts bool
	// Answers means that the command's answer is a mail of its own, so that no receipt is needed:
	// Do returns an empty Text then.
	Answers bool
	// Right is the right that people.yaml must grant an agent for the command: "merge"; "" for
	// none. See tickets.Directory.May.
	Right string
	// Light reports whether a command with Proof does so little with this text of the agent's that
	// a reply address is proof enough; nil if it never does.
	Light func(agent *tickets.Agent, text string) bool
	// Implied returns the command line that a text without any command implies when it answers the
	// given mail of ours, such as "/reviewed vpn"; "" for none. nil for a command that is always
	// typed.
	Implied func(answered *mailout.Mail) string
	// Shows returns what the agent must see before the command is carried out, and records that
	// they have seen it; nothing if they have, or if there is nothing to see. The mail is held with
	// it until they answer /send. A trainee may not use such a command. nil for commands that do
	// not wait.
	Shows func(a *Act, c commands.Command) ([]phrase.Text, error)
	// TakesText means that the command consumes the text of the mail (Act.Text), which is then
	// neither an answer nor a note.
	TakesText bool
	// Above returns the text that the command puts above the agent's own, before the mail is
	// decided on; nil for none. A mail may have one such command.
	Above func(a *Act, c commands.Command) (string, error)
	// File returns the file that the command sends along with the agent's text, or the reason why
	// the mail is held. In that case none of the mail is carried out, whatever the agent says. nil
	// for none.
	File func(a *Act, c commands.Command) (file mailout.Attachment, refused phrase.Text, err error)
	// Barred returns the reason why the command cannot be carried out now, before anything in the
	// mail is done: the mail is then held with its text. nil for a command that is refused only by
	// Do.
	Barred func(a *Act, c commands.Command) (phrase.Text, error)
	// First does what must happen before the mail's text is sent to people outside; nil for
	// nothing.
	First func(a *Act, c commands.Command) error
	// Do carries out the command and says what was done; an empty Text if nothing needs to be said.
	// It refuses what it does not do (see Refuse); a change that is already in place is not
	// refused. Any other error ends the whole decision.
	Do func(a *Act, c commands.Command) (phrase.Text, error)
}

// Refused is the error of a command that was not, or not completely, carried out. A mail with a
// text for people outside is then held and nothing in it is done, since the text may mention what
// was refused. For any other mail the rest is done, and the receipt gives the reason.
type Refused struct{ Why phrase.Text }

func (r *Refused) Error() string { return "the command was refused: " + r.Why.English() }

// Refuse returns the results with which Do refuses a command.
func Refuse(why phrase.Text) (phrase.Text, error) { return phrase.Text{}, &Refused{why} }

// Act is the execution of an agent's mail in a ticket.
type Act struct {
	*Case
	Agent *tickets.Agent
	Typed commands.Result // the commands found in the mail
	Named bool            // the ticket is not the one that the mail belongs to: a command names it
	// Text is the text for a command with TakesText; "" if the mail may only become a note.
	Text string
	// Files are files of the ticket to send along with the text, besides the mail's own.
	Files []mailout.Attachment
	// Opened is the ticket that a command has opened and given to the agent: the receipt belongs to
	// its thread. nil for none.
	Opened *Case
}

// Actor returns the agent as an actor of events.
func (a *Act) Actor() tickets.Actor { return tickets.AgentActor(a.Agent.Name) }

// Language returns the language that the agent reads.
func (a *Act) Language() string { return cmp.Or(a.Agent.Language, a.Desk.Language) }

// Say returns a text in the agent's language.
func (a *Act) Say(t phrase.Text) string { return a.Policy.Say(t, a.Language()) }

// TellInvolved tells everybody involved with the ticket, except the agent who acts.
func (a *Act) TellInvolved(n notice.Notice) error {
	past, err := a.History()
	if err != nil {
		return err
	}
	a.NotifyAll(view.Involved(a.Policy, &a.Ticket, past, a.Agent.Name), n)
	return nil
}

// TellTeam tells the ticket's new team, except the agent who gave it to them; or only the member
// who is assigned the ticket.
func (a *Act) TellTeam() error {
	if err := a.AssignByTeam(a.Agent.Name); err != nil {
		return err
	}
	if who := a.Ticket.Assignee; who != "" {
		a.Notify(notice.Notice{Kind: templates.Assigned, Agent: who, Author: a.Actor()})
		return nil
	}
	for _, name := range view.Team(a.Policy, &a.Ticket, a.Ticket.Team) {
		if name != a.Agent.Name {
			a.Notify(notice.Notice{Kind: templates.Assigned, Agent: name, Author: a.Actor()})
		}
	}
	return nil
}
