package agent

import (
	"cmp"
	"strings"

	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/phrase"
)

// situation is all that the decision on an agent's mail depends on.
type situation struct {
	trust         arrival.Trust
	why           phrase.Text // they are believed, or not
	signed        bool        // the server, or a signature, vouches for the sender
	confirmed     bool        // the agent has said already that the mail is meant as it is
	action        token.Action
	notice        templates.Name // that is answered, "" for none
	truncated     bool
	encrypted     bool
	forward       bool     // it passes a mail on
	weak          bool     // only a number or a reference names the ticket
	addressed     bool     // the desk is in To; only if it is public
	others        []string // in To, who do not take part; only if it is public
	elsewhereOnly bool     // it belongs to no ticket, and the desk is in Cc or Bcc only
	reached       []string // customers who have got the mail itself: those who take part, or anybody if it belongs to no ticket
	cutMore       bool     // more was cut off as a signature than was kept
	unsure        []string // lines that may be ours or the agent's
	concealed     []string // lines that nobody sees in the HTML, or that are struck out
	contradicts   bool     // its HTML says something else than its plain text
	colleague     string   // whom the text addresses, or whose words it seems to hold
	colleagues    bool     // the text greets several colleagues
	ofCustomer    bool     // the text speaks of the customer as colleagues do
	key           string   // what a key or something sealed in the text calls itself
	away          bool     // the text may be a note of absence
	typed         commands.Result
	above         string            // a text that a command puts above the agent's own
	refused       phrase.Text       // why a file that a command names cannot be sent
	barred        phrase.Text       // why a command cannot be carried out as things stand
	files         bool              // files of the ticket go along with the text
	taken         bool              // the text belongs to a command
	lost          bool              // it is to be a ticket of who wrote the mail that it forwards, and nobody can tell who that is
	needProof     []commands.Name   // those of the commands for which a reply address is not enough
	acts          bool              // a command changes something though it needs no ticket
	ticket        bool              // the mail belongs to one
	draft         bool              // a lead checks what the agent writes for those outside
	hidden        bool              // the ticket that it belongs to is restricted to others
	lacks         *commands.Command // that needs a ticket and names none
	elsewhere     bool              // a command is about another ticket
	noRight       commands.Name     // a command that the agent may not use
	participants  int               // who would get an answer; only if it is public
	unseen        *tickets.Message
}

// body is what the agent wrote below their commands, and what a command puts above that. Of a mail
// that is meant as it is, doubts and all, it is what was typed but for the commands.
func (s *situation) body() string {
	own := s.typed.Body
	if s.confirmed {
		own = s.typed.AsTyped
	}
	return strings.TrimSpace(s.above + "\n\n" + own)
}

// public reports whether the text would go to those outside.
func (s *situation) public() bool { return s.leaves() && !s.taken }

// leaves reports whether the text would go to anybody outside: those who take part, or whom a
// command names.
func (s *situation) leaves() bool {
	if s.opens() {
		return false
	}
	return s.body() != "" && !s.typed.Note && s.action != token.Note
}

// harmless reports whether the mail asks for nothing but what is told to the agent alone, at the
// address that we know: help.
func (s *situation) harmless() bool {
	return len(s.typed.Commands) > 0 && len(s.typed.Doubts) == 0 && s.lacks == nil && !s.elsewhere && len(s.needProof) == 0 && !s.acts &&
		s.noRight == ""
}

// opens reports whether the mail is to open a ticket of somebody else's: then its text stays
// inside.
func (s *situation) opens() bool {
	return s.typed.Has(commands.ForwardAsNew) || s.typed.Has(commands.NewTicket)
}

// takesText reports whether one of the commands has a use for the text of a mail that belongs to no
// ticket: /new.
func (s *situation) takesText() bool {
	for _, c := range s.typed.Commands {
		spec, _ := commands.Lookup(c.Name)
		if spec.Anywhere && (spec.Text == commands.TextNeeded || spec.Text == commands.TextForeign || spec.Text == commands.TextWelcome) {
			return true
		}
	}
	return false
}

// plan is what is done with an agent's mail.
type plan struct {
	do     step
	hold   tickets.HoldReason
	why    []phrase.Text
	later  *tickets.Message // that the agent had not seen
	send   bool             // of a held mail: sent, or dropped
	body   string
	public bool
}

// step is what is done first of all.
type step int

const (
	toCarryOut step = iota // what the mail says
	toAsk                  // whether the mail is theirs
	toHold
	toSettle // a mail that is held
	toPress  // a button: the address says what is done
	toDraft  // a trainee's answer: a lead checks it
	toRecord // an answer that the customer has got from the agent already
)

// held returns the plan to hold a mail.
func held(reason tickets.HoldReason, why ...phrase.Text) *plan {
	return &plan{do: toHold, hold: reason, why: why}
}

// decide returns what is done with an agent's mail: it is carried out, unless one of the questions
// below has an answer of its own. The first that has one decides. It is pure.
func decide(s situation) plan {
	if p := cmp.Or(s.notTheirs(), s.answersDesk(), s.notUnderstood(), s.notAllowed()); p != nil {
		return *p
	}
	if !s.ticket {
		return s.decideWithoutTicket()
	}
	if p := cmp.Or(s.impossible(), s.unprovenElsewhere(), s.unprovenCommand(), s.answeredElsewhere(), s.weaklyNamed(),
		s.doubtfulAnswer(), s.overtaken()); p != nil {
		return *p
	}
	if s.draft && s.leaves() {
		return plan{do: toDraft, body: s.body()}
	}
	return plan{body: s.body(), public: s.public()}
}

// decideWithoutTicket returns what is done with a mail that belongs to no ticket.
func (s *situation) decideWithoutTicket() plan {
	if p := cmp.Or(s.answeredElsewhere(), s.withoutTicket(), s.unprovenCommand(), s.unprovenElsewhere()); p != nil {
		return *p
	}
	return plan{body: s.body()}
}

// notTheirs returns what is done with a mail that somebody else may have written, or that is about
// a ticket which the agent may not see.
func (s *situation) notTheirs() *plan {
	claimed, settles := s.trust == arrival.Claimed, s.typed.Has(commands.Send) || s.typed.Has(commands.Drop)
	// it can do no more than ask, or be wrong
	unheld := !s.ticket && s.action == token.Reply && !settles
	switch {
	case claimed && unheld && s.harmless() && !s.takesText():
		return &plan{}
	case claimed && (!unheld || !s.doubtful() && s.lacks == nil):
		return &plan{do: toAsk}
	case s.hidden:
		return held(tickets.HoldNoTicket, phrase.Say("The ticket is restricted to others. Nothing was done."))
	}
	return nil
}

// answersDesk returns what is done with a mail that answers the desk itself: a button was pressed,
// a held mail is sent or dropped, a question is answered.
func (s *situation) answersDesk() *plan {
	send := s.typed.Has(commands.Send)
	switch {
	case s.action != token.Reply && s.action != token.Note:
		return &plan{do: toPress}
	case (send || s.typed.Has(commands.Drop)) && !s.doubtful() && !s.confirmed:
		return &plan{do: toSettle, send: send}
	case s.notice == templates.Confirm && !s.confirmed:
		return held(tickets.HoldConfirm, phrase.Say("You answered the question whether a mail was yours. Reply /send if it was, /drop if it was not; no other reply is accepted."))
	}
	return nil
}

// notUnderstood returns the hold for a mail that the desk cannot read, or cannot be sure about what
// it says.
func (s *situation) notUnderstood() *plan {
	switch {
	case s.truncated:
		return held(tickets.HoldTruncated, phrase.Say("The mail is larger than the desk takes."))
	case s.encrypted:
		return held(tickets.HoldEncrypted, phrase.Say("The mail is encrypted, and the desk cannot read it. Answer without encryption."))
	case s.lost:
		return held(tickets.HoldBarred, phrase.Say("Nothing in the mail names the address of who wrote the mail that it forwards. Forward it with its header lines or as an attachment, or write /new for and their address above the text."))
	case s.forward && !s.confirmed && !s.opens():
		return held(tickets.HoldForward, phrase.Say("The mail forwards another one, so it is not treated as an answer."))
	case s.doubtful() && !s.confirmed:
		var why []phrase.Text
		for _, doubt := range s.typed.Doubts {
			why = append(why, doubt.Say())
		}
		return held(tickets.HoldDoubt, why...)
	}
	return nil
}

func (s *situation) doubtful() bool { return len(s.typed.Doubts) > 0 }

// notAllowed returns the hold for a mail with a command that the agent may not use.
func (s *situation) notAllowed() *plan {
	if s.noRight == "" {
		return nil
	}
	return held(tickets.HoldRight, phrase.Say("You may not use /%s on this desk: the admin has given that right to others.", s.noRight))
}

// withoutTicket returns the hold for a mail that says what only a ticket could be told.
func (s *situation) withoutTicket() *plan {
	switch {
	case len(s.typed.Commands) == 0 && s.elsewhereOnly:
		return held(tickets.HoldNoTicket, phrase.Say("The desk is in Cc or Bcc only, and no customer is in To or Cc. To log something, write /new for and the customer's address above the text, to the desk alone."))
	case len(s.typed.Commands) == 0:
		return held(tickets.HoldNoTicket,
			phrase.Say("The desk cannot tell which ticket this mail belongs to. Reply to one of the ticket's notices."))
	case s.lacks != nil:
		if spec, _ := commands.Lookup(s.lacks.Name); spec.Others != commands.NoOthers {
			return held(tickets.HoldNoTicket, phrase.Say("/%s is about a ticket, and the mail belongs to none. Reply to one of the ticket's notices, or write its number at the end of the line: #12.", s.lacks.Name))
		}
		return held(tickets.HoldNoTicket,
			phrase.Say("/%s is about a ticket, and the mail belongs to none. Reply to one of the ticket's notices.", s.lacks.Name))
	case s.body() != "" && !s.takesText():
		return held(tickets.HoldNoTicket,
			phrase.Say("There is a text below the commands, and the desk cannot tell which ticket it belongs to."))
	}
	return nil
}

// impossible returns the hold for a mail that cannot be carried out as things stand.
func (s *situation) impossible() *plan {
	switch {
	case !s.barred.Empty():
		return held(tickets.HoldBarred, s.barred)
	case !s.refused.Empty():
		return held(tickets.HoldFile, s.refused)
	case s.files && !s.leaves():
		return held(tickets.HoldFile,
			phrase.Say("A file goes along with an answer, and there is none: write the text for the customer below the command."))
	}
	return nil
}

// unprovenElsewhere returns the hold for a command about another ticket than the one whose reply
// address proves who wrote the mail.
func (s *situation) unprovenElsewhere() *plan {
	if s.elsewhere && !s.signed && !s.confirmed {
		return held(tickets.HoldUnproven, phrase.Say("A reply address proves who you are in its own ticket only, and the mail has a command for another one. If you wrote it, reply with /send."))
	}
	return nil
}

// unprovenCommand returns the hold for a command for which a reply address is not enough: the
// address may have come into other hands, and the command shows the ticket to others.
func (s *situation) unprovenCommand() *plan {
	if len(s.needProof) > 0 && !s.signed && !s.confirmed {
		return held(tickets.HoldUnproven,
			phrase.Say("A reply address alone does not prove that you wrote /%s. If you did, reply with /send.", s.needProof[0]))
	}
	return nil
}

// weaklyNamed returns the hold for a mail that only its number or a reference brings to the ticket.
func (s *situation) weaklyNamed() *plan {
	if s.weak && !s.confirmed && !s.typed.NoteAlone() && !(s.opens() && s.lacks == nil) {
		return held(tickets.HoldWeak,
			phrase.Say("The mail answers no notice of the ticket: only its number, or a mail that it refers to, names the ticket."))
	}
	return nil
}

// overtaken returns the hold for an answer that was written without what came meanwhile, or that
// nobody would get any more.
func (s *situation) overtaken() *plan {
	if !s.public() {
		return nil
	}
	if s.unseen != nil && !s.confirmed {
		p := held(tickets.HoldStale, phrase.Say("Something was written that you had not seen when you answered."))
		p.later = s.unseen
		return p
	}
	if s.participants == 0 {
		return held(tickets.HoldNobody, phrase.Say("Nobody outside takes part in this ticket: there is nobody to answer. Write /note above the text to keep it as a note, or /cc + to name somebody."))
	}
	return nil
}

// answeredElsewhere returns the plan to record an answer, or a first mail, that a customer has got
// from the agent itself, so that nothing is left to be sent.
func (s *situation) answeredElsewhere() *plan {
	if len(s.reached) > 0 && len(s.typed.Commands) == 0 && !s.typed.Note && s.action == token.Reply && s.body() != "" {
		return &plan{do: toRecord}
	}
	return nil
}

// doubtfulAnswer returns the hold for a text that may not be meant for those outside; nil if
// nothing speaks against it.
func (s *situation) doubtfulAnswer() *plan {
	switch {
	case s.confirmed || !s.leaves():
		return nil
	case !s.addressed:
		return held(tickets.HoldElsewhere, phrase.Say("The mail is not addressed to the desk: the desk is in Cc or Bcc only."))
	case len(s.others) > 0:
		return held(tickets.HoldElsewhere, phrase.Say("The mail is also addressed to %s, who takes no part in this ticket.",
			strings.Join(s.others, ", ")))
	case s.cutMore:
		return held(tickets.HoldUnsure, phrase.Say("More of the mail looks like a signature or a banner than like an answer."))
	case s.colleague != "":
		return held(tickets.HoldUnsure, phrase.Say("The text seems to be for %s, a colleague, or to hold words of theirs.", s.colleague))
	case s.away && len(s.typed.Commands) == 0:
		return held(tickets.HoldUnsure, phrase.Say("The text reads like a note of absence, which your mail program may have sent."))
	case s.colleagues:
		return held(tickets.HoldUnsure, phrase.Say("The text greets colleagues, and only the customer would get it."))
	case s.ofCustomer:
		return held(tickets.HoldUnsure, phrase.Say("The text speaks of the customer, who alone would get it."))
	case s.key != "":
		return held(tickets.HoldUnsure, phrase.Say("The text holds a key, or something sealed: %s. A PGP key names its owner's private address, and a private key is for nobody else.", s.key))
	case len(s.concealed) > 0:
		return held(tickets.HoldUnsure,
			phrase.Say("Some of the text is struck out or cannot be seen: %s", strings.Join(s.concealed, " / ")))
	case s.contradicts:
		return held(tickets.HoldUnsure, phrase.Say("The plain text of the mail and its HTML say different things."))
	case len(s.unsure) > 0:
		return held(tickets.HoldUnsure, phrase.Say("These lines may be yours or the notice's: %s", strings.Join(s.unsure, " / ")))
	}
	return nil
}
