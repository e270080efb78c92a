package decision

import (
	"cmp"
	"time"

	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/view"
)

// Command is one command that this desk carries out: the row of the table. How its words are read
// is the language's (package commands); a word of the language without a row is refused by name.
//
// To add one: its name and how its argument is read stand in tickets/commands (commands.go,
// table.go, args.go), where most are already. Then a row goes into the Commands() of the capability
// it belongs to, its Help in other languages into tickets/phrase/lang, and docs/agents.md is made
// anew (go test ./tickets/desk -run TestAgentsPage -update). What the row says is asked for before
// anything is done: Proof and Right hold the mail, with its text. Spec.Others lets the command name
// other tickets, and then Do is called once for each. Spec.Anywhere lets it stand in a mail that
// belongs to no ticket: then a.Ticket.ID is 0.
type Command struct {
	Name commands.Name
	Help phrase.Text // what it does, in one sentence
	// Proof reports whether a reply address is not enough for it: it shows the ticket to others,
	// writes to customers of other tickets, or shuts somebody out.
	Proof bool
	// ProofOf is Proof for a command that needs it with some arguments only; nil for the others.
	ProofOf func(c commands.Command) bool
	// Acts reports whether it changes something though it needs no ticket: it is not done for a
	// mail that only claims to be the agent's.
	Acts bool
	// Answers reports whether what it says is a mail of its own, so that it needs no receipt: Do
	// then returns an empty Text.
	Answers bool
	// Right is what people.yaml has to give an agent for it: "merge". "" for nothing. See
	// tickets.Directory.May.
	Right string
	// Light reports whether so little is done with this text of an agent's that a reply address is
	// enough all the same; nil if it never is.
	Light func(agent *tickets.Agent, text string) bool
	// Implied returns the line that a text without any command stands for when it answers this mail
	// of ours, "/reviewed vpn", and "" for none. nil for a command that is always typed.
	Implied func(answered *mailout.Mail) string
	// Shows returns what its writer has to see before it is carried out, and remembers that they
	// did; nothing if they have, or if there is nothing to see. The mail is held with it until they
	// answer /send. A trainee may not use such a command. nil for those that wait for nothing.
	Shows func(a *Act, c commands.Command) ([]phrase.Text, error)
	// TakesText reports whether the text of the mail is the command's (Act.Text): it is no answer
	// then, and no note.
	TakesText bool
	// Above returns the text that the command puts above the agent's own, before anything is
	// decided on the mail; nil for none. A mail may have one such command.
	Above func(a *Act, c commands.Command) (string, error)
	// File returns the file that the command sends along with the agent's text, or why the mail is
	// held: nothing of it is done then, whatever the agent says. nil for none.
	File func(a *Act, c commands.Command) (file mailout.Attachment, refused phrase.Text, err error)
	// Barred returns why the command cannot be carried out as things stand, before anything of the
	// mail is done: it is held then, with its text. nil for a command that Do refuses.
	Barred func(a *Act, c commands.Command) (phrase.Text, error)
	// First does what has to stand before the mail's text goes to those outside. nil for nothing.
	First func(a *Act, c commands.Command) error
	// Do carries the command out and says what was done; an empty Text for what needs no word.
	// What it does not do it refuses (Refuse): that it was so already is no refusal. Any other
	// error ends the whole decision.
	Do func(a *Act, c commands.Command) (phrase.Text, error)
}

// Refused is the error of a command that was not carried out, or not all of it. A mail whose text
// is for those outside is held then and nothing of it is done, since the text may speak of what was
// refused; of any other mail the rest is done, and the receipt has the reason.
type Refused struct{ Why phrase.Text }

func (r *Refused) Error() string { return "the command was refused: " + r.Why.English() }

// Refuse returns what Do returns of a command that was not carried out.
func Refuse(why phrase.Text) (phrase.Text, error) { return phrase.Text{}, &Refused{why} }

// Act is an agent's mail at work in a ticket.
type Act struct {
	*Case
	Agent *tickets.Agent
	Typed commands.Result // what was read in the mail
	Named bool            // the ticket is not the one that the mail belongs to: a command names it
	// Text is what a command with TakesText is about; "" if the mail may only become a note.
	Text string
	// Files are those of the ticket that go along with the text, beside the mail's own.
	Files []mailout.Attachment
	// Opened is the ticket that a command has opened and given to the agent: the receipt belongs to
	// its thread. nil for none.
	Opened *Case
}

// Actor is the agent, as events name them.
func (a *Act) Actor() tickets.Actor { return tickets.AgentActor(a.Agent.Name) }

// Language is the one that the agent reads.
func (a *Act) Language() string { return cmp.Or(a.Agent.Language, a.Desk.Language) }

// Say returns a text in the agent's language.
func (a *Act) Say(t phrase.Text) string { return a.Policy.Say(t, a.Language()) }

// LocalTime returns an instant as the desk's people read it.
func (a *Act) LocalTime(t time.Time) string {
	return t.In(a.Desk.Location).Format("2006-01-02 15:04")
}

// TellInvolved tells who has had to do with the ticket, but for who did it.
func (a *Act) TellInvolved(n notice.Notice) error {
	past, err := a.History()
	if err != nil {
		return err
	}
	a.NotifyAll(view.Involved(a.Policy, &a.Ticket, past, a.Agent.Name), n)
	return nil
}

// TellTeam tells the team that now has the ticket, but for who gave it to them; or who of it gets
// the ticket.
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
