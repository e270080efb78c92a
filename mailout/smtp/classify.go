package smtp

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// verdict tells who is the cause of a reply, and thereby what follows from it.
type verdict string

const (
	accepted   verdict = "accepted"   // the server has taken the mail
	deferred   verdict = "deferred"   // this mail is tried again later
	unknownBox verdict = "unknown"    // refused: the mailbox does not exist and never will
	refused    verdict = "refused"    // refused: this mail or this recipient, or for an unknown reason
	unfit      verdict = "unfit"      // refused: this mail's size or form, whoever it is for
	limited    verdict = "limited"    // our account has sent too much or too fast; this passes by itself
	barred     verdict = "barred"     // our account may not log in or send as this sender, or is blocked; a person has to fix it
	crowded    verdict = "crowded"    // we have too many simultaneous connections
	endOfVisit verdict = "endOfVisit" // 421 after mails that were accepted: the session is over, and the next one may begin immediately
)

// pauses reports whether the reply is about our account, so that no mail can be sent by it for the
// time being.
func (v verdict) pauses() bool { return v == limited || v == barred }

// failed reports whether the mail has failed permanently.
func (v verdict) failed() bool { return v == unknownBox || v == refused || v == unfit }

// classify determines the cause of a reply. taken is the number of mails that the server has
// accepted over this connection before.
func classify(r reply, taken int) verdict {
	switch {
	case r.code == 0:
		return deferred
	case r.ok():
		if r.stage == stageSent {
			return accepted
		}
		return deferred
	}
	words := saidBy(r)
	if v := known(r, words, taken); v != "" {
		return v
	}
	switch {
	case r.code == 421 && taken > 0:
		return endOfVisit
	case r.code == 421 && r.stage == stageMail:
		return limited // the server wants a rest before it has heard of any mail
	case !r.permanent():
		return deferred
	case unfitting(r):
		return unfit
	case slices.Contains([]int{530, 534, 535, 538}, r.code): // RFC 4954 section 6: log in first, or better
		return barred
	case r.stage == stageMail:
		return barred
	case r.stage == stageRcpt && noMailbox(r.status) && !ofPolicy.MatchString(words):
		return unknownBox
	}
	return refused
}

// known returns the verdict of the first sign that matches; "" if the cause is the recipient or
// unknown.
func known(r reply, words string, taken int) verdict {
	for _, s := range signs() {
		if s.matches(r, words) && (s.verdict != endOfVisit || taken > 0) {
			return s.verdict
		}
	}
	return ""
}

// unfitting reports whether a refusal is about the size or the form of this one mail.
func unfitting(r reply) bool {
	switch {
	case strings.HasPrefix(r.status, "5.6."), r.status == "5.3.4", r.status == "5.2.3": // RFC 3463; too big (RFC 1870), SMTPUTF8 (RFC 6531)
		return true
	case r.code == 552 && r.status != "5.2.2":
		return true
	}
	return r.code == 555 && strings.Contains(strings.ToUpper(r.text), "SMTPUTF8")
}

// noMailbox reports whether an enhanced status (RFC 3463) means that the mailbox does not exist and
// never will.
func noMailbox(status string) bool {
	switch status {
	case "5.1.1", "5.1.2", "5.1.6", "5.1.10":
		return true
	}
	return false
}

// ofPolicy matches the words of a refusal by policy. Whatever its status, such a refusal says
// nothing about the mailbox.
var ofPolicy = regexp.MustCompile(`\b(block(ed|list|listed|ing)?|black-?list(ed)?|spam\w*|reputation|polic(y|ies)|listed|denylist(ed)?|rbl|dnsbl|spamhaus|unsolicited|abus\w+|banned|prohibited|dmarc|spf|dkim|greylist\w*|rate)\b`)

// sign is a pattern of replies and its meaning.
type sign struct {
	verdict  verdict        // "" means the recipient is the cause: the signs after it are not tried
	statuses []string       // the enhanced status is one of these; nil for any
	words    *regexp.Regexp // in the text, in lower case and without addresses; nil for any
	source   string
}

func (s sign) matches(r reply, words string) bool {
	if len(s.statuses) > 0 && !slices.ContainsFunc(s.statuses, func(status string) bool { return sameStatus(status, r.status) }) {
		return false
	}
	return s.words == nil || s.words.MatchString(words)
}

// sameStatus compares an enhanced status with one of the table, where an x in place of the class
// matches 4 and 5.
func sameStatus(want, got string) bool {
	class, rest, _ := strings.Cut(want, ".")
	if class == "x" {
		_, got, _ = strings.Cut(got, ".")
		return rest == got
	}
	return want == got
}

// Sources of the signs.
const (
	google    = "https://support.google.com/a/answer/3726730"
	microsoft = "https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online"
	storedrv  = "https://github.com/MicrosoftDocs/OfficeDocs-Support/issues/1150 and 1187, nodemailer/nodemailer issue 1486"
	threads   = "https://github.com/MicrosoftDocs/OfficeDocs-Support/pull/1991"
	amazon    = "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html and manage-sending-quotas-errors.html"
	cpanel    = "https://support.cpanel.net/hc/en-us/articles/360049231233"
	postfix   = "https://www.postfix.org/postconf.5.html: reject_sender_login_mismatch, reject_unauth_destination, smtpd_client_message_rate_limit; the words are smtpd_check.c's"
	exim      = "https://www.exim.org/exim-html-current/doc/html/spec_html/: the default ACLs"
	zoho      = "cachethq/cachet issue 3052, https://www.zoho.com/mail/help/usage-policy.html"
	sendgrid  = "https://www.twilio.com/docs/sendgrid/for-developers/sending-email/sender-identity"
	others    = "nodemailer/nodemailer issue 1137, WWBN/AVideo issue 7527, deltachat/deltachat-core issue 647, geeksforsocialchange/PlaceCal issue 2297"
	yahoo     = "https://senders.yahooinc.com/smtp-error-codes/"
	lists     = "https://www.spamhaus.org/faqs/: answers of servers that ask block lists about who connects"
)

// signs are the replies that are known to be about our account, whatever command they answer, and
// those that only look so and are about the recipient. The first match counts. The patterns take
// 230 KB, so they are compiled when a server first refuses something, not when the program starts.
var signs = sync.OnceValue(func() []sign {
	return []sign{
		{endOfVisit, nil, regexp.MustCompile(`(for|in|on|per|over) (this|one|a|each|the same)? ?(smtp )?(session|connection)\b`), threads},
		{limited, nil, regexp.MustCompile(`peak smtp relay limit`), google}, // with 4.2.1

		// The recipient's.
		{"", []string{"x.2.1", "x.2.2"}, nil, "RFC 3463 section 3.3"},
		{"", nil, regexp.MustCompile(`user you are trying to contact|account that you tried to reach|inbox is (full|out of storage)`),
			google},
		{"", nil, regexp.MustCompile(`recipient thread limit|recipient'?s? (mailbox|inbox|quota|is over)|mailbox (is |was )?(full|over)|(mailbox|storage|disk)( size| storage| space)? (limit|quota)|over its? (storage|disk|mailbox)`), microsoft},
		{"", nil, regexp.MustCompile(`\bto (this|the|that) (recipient|group|mailbox|user|distribution|list|address)|resolver\.rst`),
			microsoft},
		{"", nil, regexp.MustCompile(`recipient address rejected:.*(quota|full|storage)`), postfix},

		// One connection less.
		{crowded, nil, regexp.MustCompile(`sender thread limit|concurrent (smtp )?connections? limit|too many (concurrent|simultaneous|open|parallel)?\s*(smtp )?(connections|sessions)`), threads},

		// Too much, or too fast.
		{limited, []string{"x.4.5"}, regexp.MustCompile(`limit|quota|exceed`), google},
		{limited, nil, regexp.MustCompile(`(daily|hourly|monthly|weekly)[\w ]* (sending|relay|user|message|mail|email|recipient|send)s?[\w ]*(limit|quota)|(sending|relay) (limit|quota)`), google},
		{limited, []string{"5.1.90", "5.1.92", "5.7.232", "5.7.233"}, nil, microsoft},
		{limited, nil, regexp.MustCompile(`submissionquotaexceeded|message rate limit|recipient rate limit|exceeded (its|the|your) (daily|hourly|monthly) limit`), storedrv},
		{limited, nil, regexp.MustCompile(`throttling failure|maximum sending rate|daily message quota`), amazon},
		{limited, nil, regexp.MustCompile(`exceeded the max (emails|defers|messages)|max(imum)? (defers and failures|emails) per hour`),
			cpanel},
		{limited, nil, regexp.MustCompile(`too (much|many) (mails?|messages?|emails?|recipients) (from|in|per|for|sent|within)|error: too (much mail|many recipients) from`), postfix},
		{limited, nil, regexp.MustCompile(`sender address rejected:.*(quota|limit|rate|exceed)|policy rejection.*(quota|limit)`), postfix},
		{limited, []string{"x.4.6"}, regexp.MustCompile(`unusual sending activity`), zoho},
		{limited, nil, regexp.MustCompile(`unusual (rate|sending)|(hour|day|minute|24h|hours)[\w -]* sending limit|over your relay quota|(rcpts|recipients|messages|mails|emails) per (\d+ )?(hour|day|minute)|\b(your (account|user|domain|server)|sender|domain|client|you|you've|you have)[\w .-]* (has |have )?(reached|exceeded|hit)[\w ,'-]*(limit|quota|maximum|allowance|rate)`), others},
		{limited, nil, regexp.MustCompile(`(send(ing|er)?|outbound|outgoing|submission)[\w -]*(limit|quota)[\w ]* (exceeded|reached|hit)|(exceed\w*|reach\w*|over)[\w ]*(outbound|outgoing|sending|send|submission)[\w ]*(limit|quota|rate)|\brate.?limit(ed)?\b`), others},
		{limited, nil, regexp.MustCompile(`\[?ts0[0-9]\]?|temporarily deferred due to (unexpected volume|user complaints)`), yahoo},

		// Not let in, or not believed to be the sender.
		{barred, []string{"5.7.60", "5.2.252", "5.7.54", "5.7.57", "5.7.64", "5.7.139"}, nil, microsoft},
		{barred, nil, regexp.MustCompile(`sendasdenied|send as denied|permissions? to send (as|on behalf|from)|not allowed to send (as|on behalf|from|mail)|not (authori[sz]ed|permitted|allowed) to (send|use|relay)|client was not authenticated`), storedrv},
		{barred, nil, regexp.MustCompile(`not owned by user|sender address rejected: (access denied|not logged in|domain not (found|verified)|unverified)|sender verif(y|ication) failed|\b(from|sender|return.path)( header)?( address)?[\w ,':-]* not (one of your|owned|allowed|authori[sz]ed|permitted|verified|belong\w*)|unauthori[sz]ed (sender|from)`), postfix},
		{barred, nil, regexp.MustCompile(`relay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)|unable to relay|authentication (is )?required|must (authenticate|log ?in|issue a starttls)|please (authenticate|log ?in)`), exim},
		{barred, nil, regexp.MustCompile(`mail sending denied|sender account is disabled|invalid credentials for relay`), google},
		{barred, nil, regexp.MustCompile(`address(es)? (is|are) not verified|identities failed the check|sending paused for this account|not authori[sz]ed to perform`), amazon},
		{barred, nil, regexp.MustCompile(`verified sender identity|maximum credits exceeded|\b(your|sender|sending) account (has been |is |was )?(temporarily )?(disabled|suspended|locked|blocked|paused|deactivated|terminated|restricted|frozen)`), sendgrid},

		// Blocked for what we are said to have sent.
		{barred, []string{"5.1.8", "5.7.501", "5.7.502", "5.7.503", "5.7.511", "5.7.705", "5.7.708", "5.7.750"}, nil, microsoft},
		{barred, nil, regexp.MustCompile(`bad outbound sender|outboundspamexception|tenant has exceeded threshold|banned (sender|sending)|traffic not accepted from this ip|spam abuse detected`), storedrv},
		{barred, nil, regexp.MustCompile(`\b(client|host|sender|connecting|ip)( host| ip| address)?[\w .:\[\]/-]* (is )?(blocked|listed|blacklisted) (using|by|at|in|on)|outgoing (mail|email|messages)[\w ]* (suspended|blocked|disabled)`), lists},
	}
})

var addressLike = regexp.MustCompile(`\S*@\S*`)

// saidBy returns the text of a reply in lower case and without addresses, whose words are not the
// server's.
func saidBy(r reply) string {
	return strings.Join(strings.Fields(addressLike.ReplaceAllString(strings.ToLower(r.text), " ")), " ")
}

var (
	withDigits = regexp.MustCompile(`\S*[0-9]\S*`)
	bracketed  = regexp.MustCompile(`\[[^\]]*\]|\([^)]*\)`)
)

// gist returns the part of a reply that is the same for different mails: without addresses, the
// recipient's name, and numbers that identify the reply.
func gist(r reply, recipient string) string {
	words := bracketed.ReplaceAllString(saidBy(r), " ")
	words = withDigits.ReplaceAllString(words, " ")
	local, domain, _ := strings.Cut(strings.ToLower(recipient), "@")
	for _, name := range []string{domain, local} {
		if len(name) > 2 {
			words = strings.ReplaceAll(words, name, " ")
		}
	}
	return strings.Join(append([]string{string(r.stage), r.status}, strings.Fields(words)...), " ")
}
