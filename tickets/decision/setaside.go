package decision

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/tickets"
	"tierdesk/tickets/phrase"
)

// reasonOf returns why a mail was set aside or filed, in a language. It is recorded in English: the
// cause, and sentences or lines of the mail's header that gave rise to it.
func reasonOf(p *tickets.Policy, in *tickets.Arrival, language string) string {
	var said []string
	if in.Reasons != "" {
		known := recorded()
		for one := range strings.SplitSeq(in.Reasons, "; ") {
			said = append(said, p.Phrases.Recall(one, language, known))
		}
	}
	why, cause := strings.Join(said, "; "), p.Say(nameOfCause(in.Cause), language)
	if cause != "" && why != "" {
		return cause + ": " + why
	}
	return cause + why
}

// nameOfCause names a cause for the admin. Those that are never recorded without a sentence that
// says it all have no name.
func nameOfCause(c tickets.Cause) phrase.Text {
	switch c {
	case tickets.CauseSpam:
		return phrase.Say("spam")
	case tickets.CauseAutoMailer, tickets.Cause(mailin.KindGenerated):
		return phrase.Say("written by a machine")
	case tickets.CauseAutoVacation, tickets.Cause(mailin.KindAutoReply):
		return phrase.Say("automatic answer")
	case tickets.CauseAutoDeliveryFailure, tickets.Cause(mailin.KindBounce):
		return phrase.Say("delivery report")
	case tickets.CauseFailedAuthentication:
		return phrase.Say("the sender is forged")
	case tickets.CauseUnprocessable:
		return phrase.Say("it could not be processed")
	case tickets.CauseOtherUserUpdate:
		return phrase.Say("somebody else's reply address")
	case tickets.CauseUnknownUserUpdate:
		return phrase.Say("it does not prove who wrote it")
	case tickets.CauseFlood:
		return phrase.Say("too much mail")
	case tickets.Cause(mailin.KindReceipt), tickets.Cause(mailin.KindCalendar), tickets.Cause(mailin.KindChallenge),
		tickets.Cause(mailin.KindFeedback), tickets.Cause(mailin.KindReaction), tickets.Cause(mailin.KindRecall):
		return phrase.Say("written by a machine")
	}
	return phrase.Text{}
}

// recorded are the sentences that stand beside causes. Whoever reads a mail knows no languages, so
// they are recorded in English; what is missing here, such as a line of a header, is told as it is.
func recorded() []phrase.Text {
	return []phrase.Text{
		phrase.Say("it lay in a folder for junk"),
		phrase.Say("the sender is blocked"),
		phrase.Say("the sender is the desk itself"),
		phrase.Say("it bears the desk's own address as its sender and names nobody to answer; if a web form or a list writes so, name it under trust: gateways: - {from: %s, person_in: [Reply-To]}, or have it write from another address"),
		phrase.Say("the mail has %s octets, more than the desk takes"),
		phrase.Say("the virus scanner found %s"),
		phrase.Say("nothing is known of viruses: %s"),
		phrase.Say("rule %q: %s"),
		phrase.Say("ticket %s has taken %s mails of this address within an hour"),
		phrase.Say("ticket %s has taken %s mails of this address within a day"),
		phrase.Say("the reply address was given to somebody else"),
		phrase.Say("it answers a question that the desk does not know any more"),
		phrase.Say("it answers the admin's digest"),
		phrase.Say("it answers the admin's digest, and comes from another address"),
		phrase.Say("it claims to be from %s, who has been asked too often within an hour"),
		phrase.Say("%s has been sent help too often within an hour"),
		phrase.Say("the desk could not take it: %s"),
		phrase.Say("reading it failed: %s"),
		phrase.Say("somebody here lets the sender or the mail past the spam filter"),
		phrase.Say("when it came, it was found: %s"),
		phrase.Say("no Authentication-Results of %s"),
		phrase.Say("the Authentication-Results of %s cannot be read"),
		phrase.Say("the server checked nothing"),
		phrase.Say("From does not name one domain"),
		phrase.Say("it reports that the mail was delivered"),
		phrase.Say("it reports that a mail could not be delivered"),
		phrase.Say("it holds a disposition notification (RFC 8098)"),
		phrase.Say("it holds a complaint report (RFC 5965)"),
		phrase.Say("calendar answer (METHOD:%s)"),
		phrase.Say("subject of a calendar answer: %s"),
		phrase.Say("subject of a challenge: %s"),
		phrase.Say("its text asks to prove that a person wrote"),
		phrase.Say("subject of a read receipt: %s"),
		phrase.Say("its text says that a mail was read"),
		phrase.Say("its text says that somebody reacted"),
		phrase.Say("it is marked as a reaction"),
		phrase.Say("somebody wants a mail back: %s"),
		phrase.Say("subject of an auto-reply: %s"),
		phrase.Say("from nobody, and worded as an auto-reply"),
		phrase.Say("its text says that it is an automatic answer"),
		phrase.Say("its text says that a machine wrote it, to say that a mail arrived"),
		phrase.Say("its text says that a mail arrived, as help desks do"),
		phrase.Say("its text is that of a server of lists"),
		phrase.Say("its text thanks for a mail and says that its reader is away"),
		phrase.Say("its text says that its reader has left"),
		phrase.Say("its text says that its writer is away, and what happens meanwhile"),
		phrase.Say("its text says that a machine wrote it"),
		phrase.Say("nothing in it proves who sent it"),
		phrase.Say("the sender's address failed authentication"),
		phrase.Say("the reply address is not one that the desk gave out"),
		phrase.Say("it names several senders"),
		phrase.Say("it answers a notice to somebody else"),
		phrase.Say("the notice that it answers has been used up or is too old"),
		phrase.Say("it comes from %s, which is not an address of %s"),
	}
}
