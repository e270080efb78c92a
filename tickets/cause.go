package tickets

import "tierdesk/mailin"

// Cause is why a mail was set aside: it was kept, but did not become a message of a ticket. Causes
// are constants, for programs and for the rules of an admin's mail client; a sentence beside each
// says more. docs/quarantine.md is generated from them.
type Cause string

// Causes.
const (
	// CauseSpam: the mail server's spam filter says so, the mail lay in a folder for junk, or an
	// agent wrote /spam. In quarantine.
	CauseSpam Cause = "spam"
	// CauseAutoMailer: a machine wrote it (a read receipt, a calendar answer, a challenge, a
	// complaint report), and it belongs to no ticket that it could be filed with. In quarantine.
	CauseAutoMailer Cause = "auto_mailer"
	// CauseLoop: our own mail came back. It is kept and listed; nobody is told.
	CauseLoop Cause = "loop"
	// CauseAutoVacation: an automatic answer, such as an out-of-office note, that refers to no mail
	// of ours. In quarantine.
	CauseAutoVacation Cause = "auto_vacation"
	// CauseAutoDeliveryFailure: a delivery report that refers to no mail of ours. In quarantine.
	CauseAutoDeliveryFailure Cause = "auto_delivery_failure"
	// CauseBlocklisted: the sender is blocked (/block). In quarantine.
	CauseBlocklisted Cause = "blocklisted"
	// CauseFailedAuthentication: somebody wrote as an agent or as the admin, and our mail server or
	// the domain's owner says that the sender is forged. An agent is asked first whether it was
	// them; after too many such questions, further mail goes to quarantine. A customer's forged
	// mail does not: it opens a ticket that is flagged and not acknowledged.
	CauseFailedAuthentication Cause = "failed_email_authentication"
	// CauseUnprocessable: the mail could not be fetched or processed. In quarantine; the sentence
	// beside it says what went wrong.
	CauseUnprocessable Cause = "unprocessable_email"
	// CauseSystemUser: the sender is one of the desk's own addresses, but the mail is not one of
	// the desk's that came back. It is kept and listed; nobody is told.
	CauseSystemUser Cause = "system_user"
	// CauseOtherUserUpdate: it carries a reply address that was given to somebody else, and its
	// sender failed authentication. In quarantine.
	CauseOtherUserUpdate Cause = "other_user_update"
	// CauseUnknownUserUpdate: somebody writes as an agent, who has been asked too often whether it
	// was them; or somebody who is not the admin answers the admin's digest. In quarantine.
	CauseUnknownUserUpdate Cause = "unknown_user_update"
	// CauseOversize: the mail is larger than limits: mail_size allows. In quarantine, with as much
	// of it as was fetched.
	CauseOversize Cause = "oversize"
	// CauseFlood: one address wrote too much. Mails that would open yet another ticket are gathered
	// in one, and its agents are told once; once that ticket is full, further mail goes to
	// quarantine.
	CauseFlood Cause = "flood"
	// CauseVirus: the virus scanner (antivirus: in tierdesk.yaml) found something in it; the
	// sentence beside it says what. In quarantine. /release and /allow let it in only with the word
	// infected after the number, and the agents are warned.
	CauseVirus Cause = "virus"
	// CauseUnscanned: the virus scanner could not be reached, and antivirus: has unscanned:
	// quarantine. In quarantine until the scanner is back: a mail in which it finds nothing is then
	// let in automatically.
	CauseUnscanned Cause = "unscanned"
	// CauseCanary: the desk sent it to itself (canary: in tierdesk.yaml) to see whether mail goes
	// out and comes in. It is listed for a month; its text is not kept, and nobody is told.
	CauseCanary Cause = "canary"
	// CauseRule: a rule in the desk folder says so; the sentence beside it names the rule. In
	// quarantine, or dropped.
	CauseRule Cause = "rule"
)

// MachineCause returns the cause for what a machine wrote.
func MachineCause(k mailin.Kind) Cause {
	switch k {
	case mailin.KindBounce:
		return CauseAutoDeliveryFailure
	case mailin.KindAutoReply:
		return CauseAutoVacation
	}
	return CauseAutoMailer
}
