package smtp

import (
	"testing"
)

// Whose doing is it? The answers are those of well-known servers, in words like theirs.
func TestClassify(t *testing.T) {
	at := func(stage stage, code int, text string) reply { return answer(stage, code, text, nil) }
	for _, c := range []struct {
		r    reply
		want verdict
	}{
		{at(stageSent, 250, "2.0.0 taken"), accepted},

		// Ours: too much.
		{at(stageSent, 550, "5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to x. a1-20020a.12 - gsmtp"), limited},
		{at(stageSent, 550, "5.4.5 Daily SMTP relay sending limit exceeded for user. - gsmtp"), limited},
		{at(stageRcpt, 550, "5.4.5 Daily sending quota exceeded"), limited},
		{at(stageRcpt, 450, "4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error. - gsmtp"), limited},
		{at(stageSent, 554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent exception with message [Hostname=x]"), limited},
		{at(stageSent, 550, "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"), limited},
		{at(stageSent, 550, "5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients (tenant external recipient rate limit)"), limited},
		{at(stageSent, 454, "Throttling failure: Maximum sending rate exceeded."), limited},
		{at(stageSent, 454, "Throttling failure: Daily message quota exceeded."), limited},
		{at(stageRcpt, 550, "Domain acme.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed. Message discarded."), limited},
		{at(stageSent, 550, "acme.example has exceeded the max emails per hour (101/100) allowed"), limited},
		{at(stageRcpt, 450, "4.7.1 Error: too much mail from 203.0.113.9"), limited},
		{at(stageRcpt, 451, "4.7.1 Sender address rejected: quota exceeded for today"), limited},
		{at(stageData, 550, "5.7.1 <DATA>: Data command rejected: limit of 400 rcpts per 24 hours for client desk@acme.example reached"), limited},
		{at(stageRcpt, 550, "User desk@acme.example has exceeded its 24-hour sending limit. Messages to 25 recipients out of 25"), limited},
		{at(stageSent, 552, "C13yp Message would take you over your relay quota of 500 Current quota used: 487"), limited},
		{at(stageSent, 450, "Your account reached its email quota limit. Contact support to increase it. #MS42204"), limited},
		{at(stageSent, 550, "5.4.6 Unusual sending activity detected. Learn more."), limited},
		{at(stageRcpt, 451, "4.7.1 Outgoing message limit exceeded, try later"), limited},
		{at(stageRcpt, 550, "5.7.1 You have exceeded your hourly sending limit"), limited},
		{at(stageSent, 421, "4.7.0 [TSS04] Messages from 203.0.113.9 temporarily deferred due to unexpected volume or user complaints"), limited},
		{at(stageSent, 451, "4.7.1 rate limited, slow down"), limited},
		{at(stageMail, 421, "4.7.0 too many mails"), limited},

		// Ours: not allowed to.
		{at(stageSent, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender"), barred},
		{at(stageSent, 554, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message"), barred},
		{at(stageSent, 554, "5.2.252 SendAsDenied; desk@acme.example not allowed to send as support@acme.example"), barred},
		{at(stageRcpt, 553, "5.7.1 <support@acme.example>: Sender address rejected: not owned by user desk@acme.example"), barred},
		{at(stageRcpt, 554, "5.7.1 <max@customer.example>: Relay access denied"), barred},
		{at(stageRcpt, 454, "4.7.1 <max@customer.example>: Relay access denied"), barred},
		{at(stageRcpt, 550, "relay not permitted"), barred},
		{at(stageRcpt, 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain"), barred},
		{at(stageRcpt, 530, "5.7.1 Authentication required"), barred},
		{at(stageSent, 554, "Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: support@acme.example"), barred},
		{at(stageSent, 550, "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved."), barred},
		{at(stageSent, 550, "5.7.0 From address is not one of your addresses."), barred},
		{at(stageSent, 551, "5.7.1 Not authorised to send from this header address"), barred},
		{at(stageSent, 550, "5.7.0 Mail Sending denied. This error occurs if the sender account is disabled"), barred},
		{at(stageRcpt, 550, "Sender verify failed"), barred},
		{at(stageMail, 550, "no"), barred},

		// Ours: blocked.
		{at(stageRcpt, 550, "5.1.8 Access denied, bad outbound sender AS(42004)"), barred},
		{at(stageSent, 550, "5.7.501 Access denied, spam abuse detected"), barred},
		{at(stageSent, 550, "5.7.705 Access denied, tenant has exceeded threshold"), barred},
		{at(stageSent, 554, "5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent exception"), barred},
		{at(stageRcpt, 554, "5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.example"), barred},
		{at(stageSent, 554, "Your account has been temporarily suspended"), barred},
		{at(stageRcpt, 550, "Outgoing mail from desk@acme.example has been suspended."), barred},

		// Too many at once; enough of this session.
		{at(stageData, 432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded [Hostname=x]"), crowded},
		{at(stageMail, 421, "4.3.2 Concurrent connections limit exceeded. Visit x"), crowded},
		{at(stageMail, 451, "4.7.0 too many connections from you"), crowded},

		// The recipient's, whatever the words are like.
		{at(stageRcpt, 450, "4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered."), deferred},
		{at(stageRcpt, 452, "4.2.2 The email account that you tried to reach is over quota."), deferred},
		{at(stageRcpt, 552, "5.2.2 this user has exceeded your sending limit"), refused},
		{at(stageRcpt, 550, "mailbox size limit exceeded"), refused},
		{at(stageRcpt, 432, "4.3.2 STOREDRV.Deliver; recipient thread limit exceeded"), deferred},
		{at(stageSent, 550, "5.7.1 RESOLVER.RST.NotAuthorized; not authorized to send to this recipient"), refused},
		{at(stageRcpt, 554, "5.7.1 <quota@sending.limit.example>: Recipient address rejected: no"), refused},
		{at(stageRcpt, 450, "4.7.1 Greylisted, please try again in 300 seconds"), deferred},
		{at(stageSent, 554, "5.7.1 spam"), refused},
		{at(stageRcpt, 550, "5.7.1 blocked"), refused},

		// No such mailbox, but never for a reason of policy, nor at another step.
		{at(stageRcpt, 550, "5.1.1 no such user"), unknownBox},
		{at(stageRcpt, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"), unknownBox},
		{at(stageRcpt, 550, "5.1.2 no such domain"), unknownBox},
		{at(stageRcpt, 550, "5.1.6 mailbox has moved"), unknownBox},
		{at(stageRcpt, 550, "5.1.1 <max@customer.example>: Recipient address rejected: blocked for reputation"), refused},
		{at(stageRcpt, 550, "5.1.1 your IP is listed"), refused},
		{at(stageRcpt, 550, "5.1.1 rejected as SPAM"), refused},
		{at(stageRcpt, 550, "5.1.1 Rejected by local policy"), refused},
		{at(stageRcpt, 550, "5.1.1 message is blacklisted"), refused},
		{at(stageRcpt, 550, "no such user"), refused},
		{at(stageRcpt, 550, "5.7.1 unknown user"), refused},
		{at(stageRcpt, 550, "5.1.3 bad syntax"), refused},
		{at(stageSent, 550, "5.1.1 no such user"), refused},
		{at(stageData, 550, "5.1.1 no such user"), refused},

		// This mail's.
		{at(stageMail, 552, "5.3.4 too big"), unfit},
		{at(stageSent, 552, "5.2.3 too big"), unfit},
		{at(stageSent, 554, "5.6.0 malformed"), unfit},
		{at(stageMail, 553, "5.6.7 needs SMTPUTF8"), unfit},
		{at(stageMail, 452, "4.3.1 full"), deferred},
		{at(stageSent, 451, "4.3.0 later"), deferred},
		{reply{stage: stageSent, err: errLost}, deferred},
	} {
		if got := classify(c.r, 0); got != c.want {
			t.Errorf("%v: %s, not %s", c.r, got, c.want)
		}
	}
	for _, text := range []string{"4.7.0 Too many messages for this session", "4.4.2 bye", "too many messages on this connection"} {
		if got := classify(at(stageSent, 421, text), 3); got != endOfVisit {
			t.Errorf("421 %s behind three mails: %s", text, got)
		}
		if got := classify(at(stageSent, 421, text), 0); got == endOfVisit || got.failed() {
			t.Errorf("421 %s to the first mail: %s", text, got)
		}
	}
	if got := classify(at(stageMail, 452, "4.5.3 too many messages in this session"), 1); got != endOfVisit {
		t.Errorf("452: %s", got)
	}
}

// The same said of different people is the same.
func TestGist(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		alike bool
	}{
		{"5.7.1 <max@customer.example>: no mail from here, see x-1234", "5.7.1 <eva@other.example>: no mail from here, see x-99", true},
		{"5.7.1 customer.example takes no mail [mx1]", "5.7.1 other.example takes no mail [mx2]", true},
		{"5.7.1 denied (S1234)", "5.7.1 denied (AB77)", true},
		{"5.7.1 denied", "5.7.2 denied", false},
		{"5.7.1 denied", "5.7.1 too late", false},
	} {
		a, b := gist(answer(stageRcpt, 550, c.a, nil), "max@customer.example"), gist(answer(stageRcpt, 550, c.b, nil), "eva@other.example")
		if (a == b) != c.alike {
			t.Errorf("%q and %q: %q, %q", c.a, c.b, a, b)
		}
	}
	if gist(answer(stageRcpt, 550, "no", nil), "") == gist(answer(stageSent, 550, "no", nil), "") {
		t.Error("another stage is another refusal")
	}
}
