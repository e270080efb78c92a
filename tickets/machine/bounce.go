package machine

import (
	"cmp"
	"strconv"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// bounced handles a delivery report. It acts only on the recipient of the very copy that the report
// proves to be about; what anybody could have written who has seen a mail of the ticket is told to
// the agents. found reports whether it is about a mail of ours at all.
func bounced(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (r decision.Result, found bool, err error) {
	row, proof, err := reported(ctx, m, e)
	if err != nil || proof == provesNothing {
		return r, false, err
	}
	if !row.Mail.Party.Outside() {
		proof = provesCopy // a notice has one copy, and all that follows is that the admin is told
	}
	filed := decision.Result{Outcome: tickets.AsBounce, Reasons: m.Message.Class.Reasons, Ticket: row.Mail.Ticket}
	says := readReport(m.Message.Report, row.Mail.Recipient, proof)
	if !says.failed {
		return filed, true, nil // only delayed, or delivered: nothing to do yet
	}
	f := failure{cause: "inbound:" + strconv.FormatInt(m.ID, 10), mail: row.Mail, report: m, mute: says.mute, bounce: says.bounce}
	if proof == provesCopy {
		news, err := mailout.Bounced(ctx.Tx, row.Mail.ID, f.bounce.Diagnostic)
		if err != nil {
			return r, true, err
		}
		if row.Mail.Ticket == 0 || !news && row.State == mailout.Sent {
			return filed, true, nil
		}
		r, err = undelivered(ctx, f)
		r.Outcome, r.Reasons = filed.Outcome, filed.Reasons
		return r, true, err
	}
	if row.Mail.Ticket == 0 {
		return filed, true, nil
	}
	r, err = hearsay(ctx, f)
	r.Outcome, r.Reasons = filed.Outcome, filed.Reasons
	return r, true, err
}

// proof is what a delivery report proves.
type proof int

const (
	provesNothing proof = iota
	provesMail          // that its writer has seen a mail of ours: all copies share what it names
	provesCopy          // that it is about this copy: it came to the bounce address that stands in the envelope of that one alone
)

// reported returns the mail of ours that a delivery report is about, and what it proves.
func reported(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (mailout.Row, proof, error) {
	if e.Proof.Strong() && e.AnswersNotice() {
		if e.Proof == arrival.ByToken && e.Action == token.Bounce {
			return e.Notice, provesCopy, nil
		}
		// Others may know a reply address too: it stands in the mails of those who answer to all.
		return e.Notice, provesMail, nil
	}
	report := m.Message.Report
	if report == nil || report.OriginalMessageID == "" {
		return mailout.Row{}, provesNothing, nil
	}
	if _, _, ok := ctx.Keys.OpenMessageID(report.OriginalMessageID); !ok {
		return mailout.Row{}, provesNothing, nil
	}
	rows, err := mailout.ByMessageID(ctx.Tx, report.OriginalMessageID)
	if err != nil || len(rows) == 0 {
		return mailout.Row{}, provesNothing, err
	}
	for _, r := range rows {
		for _, rcpt := range report.Recipients {
			if mailin.Fold(r.Mail.Recipient) == mailin.Fold(rcpt.Address) {
				return r, provesMail, nil
			}
		}
	}
	return rows[0], provesMail, nil
}

// saying is what a delivery report says of one copy of a mail.
type saying struct {
	failed bool // delivery was given up
	mute   bool // there is no such mailbox
	bounce templates.Bounce
}

// readReport returns what a report says of the copy that went to recipient. Where it names that
// address, what it says of others does not count; where it names only others, the mail was passed
// on, and what is said is said of them. It is pure.
func readReport(report *mailin.Report, recipient string, proof proof) saying {
	if report == nil {
		return saying{}
	}
	about, named := report.Recipients, false
	for _, own := range []func(r mailin.ReportRecipient) string{
		func(r mailin.ReportRecipient) string { return r.Address },
		func(r mailin.ReportRecipient) string { return r.Final },
	} {
		var matching []mailin.ReportRecipient
		for _, r := range report.Recipients {
			if mailin.Fold(own(r)) == mailin.Fold(recipient) {
				matching = append(matching, r)
			}
		}
		if len(matching) > 0 {
			about, named = matching, true
			break
		}
	}
	s := saying{bounce: templates.Bounce{Recipient: recipient}}
	for _, r := range about {
		if r.Action != "failed" {
			continue
		}
		if !s.failed {
			s.bounce.Diagnostic, s.bounce.Status = r.Diagnostic, r.Status
			if proof == provesMail && !named && r.Address != "" {
				s.bounce.Recipient = r.Address // which of the copies it was cannot be told
			}
		}
		s.failed = true
		s.bounce.Permanent = s.bounce.Permanent || r.Permanent
		s.mute = s.mute || r.Permanent && unknownMailbox(r.Status) && (named || r.Address == "" && len(report.Recipients) == 1)
	}
	s.bounce.Diagnostic = arrival.Limit(cmp.Or(s.bounce.Diagnostic, report.Diagnostic), 300)
	s.mute = s.mute && proof == provesCopy
	return s
}

// unknownMailbox reports whether a status says that there is no such mailbox (RFC 3463): only that
// mutes an address.
func unknownMailbox(status string) bool {
	switch status {
	case "5.1.1", "5.1.2", "5.1.6", "5.1.10":
		return true
	}
	return false
}

// hearsay files a report that proves no more than that its writer has seen a mail of the ticket,
// and tells the agents what it says, at most once an hour. Nothing else is changed: anybody who
// takes part could have written it.
func hearsay(ctx decision.Context, f failure) (decision.Result, error) {
	ticket, found, err := arrival.Surviving(ctx.Tx, f.mail.Ticket)
	if err != nil || !found {
		return decision.Result{}, err
	}
	written, err := ratelimit.Written(ctx.Tx, ctx.Limits, f.report, ticket)
	if err != nil {
		return decision.Result{}, err
	}
	if full := ratelimit.Full(ctx.Limits, f.report, ticket, written); full != "" {
		return decision.SetAside(tickets.CauseFlood, full).Result, nil
	}
	d := decision.OnMail(ctx, f.report)
	c, err := d.Open(ticket)
	if err != nil {
		return decision.Result{}, err
	}
	told, err := heardSince(c, c.At.Add(-time.Hour))
	if err != nil {
		return decision.Result{}, err
	}
	if err := c.AddMail(tickets.Automatic, tickets.Desk, tickets.Internal, nil); err != nil {
		return decision.Result{}, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.AutoFiled, Actor: tickets.Desk, Message: c.Current.ID,
		Data: tickets.Data{Inbound: f.report.ID, Reason: reasonHearsay}}); err != nil {
		return decision.Result{}, err
	}
	if !told {
		c.NotifyAll(view.Working(ctx.Policy, &c.Ticket),
			notice.Notice{Kind: templates.Bounced, Author: tickets.Desk, Bounce: &f.bounce, Reasons: []phrase.Text{
				phrase.Say("Anybody who has had a mail of this ticket could have written this report, so nothing was done: the ticket stays as it is.")}})
	}
	return d.Finish()
}

// reasonHearsay marks the event of a report that was filed and told.
const reasonHearsay = "unproven-bounce"

// heardSince reports whether the agents were told of such a report since then.
func heardSince(c *decision.Case, since time.Time) (bool, error) {
	past, err := c.History()
	for _, e := range past {
		if e.Kind == tickets.AutoFiled && e.Data.Reason == reasonHearsay && !e.At.Before(since) && !e.At.After(c.Tx.Latest()) {
			return true, err
		}
	}
	return false, err
}

// failure is a mail of ours that was refused for good.
type failure struct {
	cause   string
	mail    mailout.Mail
	bounce  templates.Bounce
	mute    bool            // the mailbox does not exist
	report  *arrival.Mail   // that says so; nil if the mail server refused it at once
	reasons []phrase.Text   // what else is told
	gone    *templates.Gone // who gets copies and does not get them any more; nil for anybody else
}

// undelivered does what follows when a mail of ours was refused for good: the ticket is open again
// and those who have to know are told.
func undelivered(ctx decision.Context, f failure) (decision.Result, error) {
	ticket, found, err := arrival.Surviving(ctx.Tx, f.mail.Ticket)
	if err != nil || !found {
		return decision.Result{}, err
	}
	d := decision.Begin(ctx, f.cause, ctx.Tx.Now())
	if f.report != nil {
		d = decision.OnMail(ctx, f.report)
	}
	c, err := d.Open(ticket)
	if err != nil {
		return decision.Result{}, err
	}
	again := false
	if f.mail.Party == mailout.Customer {
		if f.gone, again, err = inCopy(c, f); err != nil {
			return decision.Result{}, err
		}
	}
	if err := recordFailure(c, f); err != nil {
		return decision.Result{}, err
	}
	if again { // they know, and the others have got the mail
		return d.Finish()
	}
	if f.mail.Party == mailout.Customer && f.mail.Automatic == mailout.ByPerson && waits(c.Ticket.Status) && f.gone == nil {
		if err := c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: tickets.Desk,
			Data: tickets.Data{Status: tickets.Open, From: string(c.Ticket.Status), Reason: reasonUndelivered}}); err != nil {
			return decision.Result{}, err
		}
	}
	if err := tellOf(c, f); err != nil {
		return decision.Result{}, err
	}
	return d.Finish()
}

// recordFailure adds what became of a mail to its ticket, with the report if there is one, and
// mutes an address that does not exist.
func recordFailure(c *decision.Case, f failure) (err error) {
	if f.report != nil {
		if err := c.AddMail(tickets.Automatic, tickets.Desk, tickets.Internal, nil); err != nil {
			return err
		}
	}
	muted := false
	if f.mute && f.mail.Party.Outside() {
		if muted, err = store.Mute(c.Tx, mailin.Fold(f.mail.Recipient), arrival.Limit(f.bounce.Diagnostic, 200)); err != nil {
			return err
		}
	}
	return c.Handle(tickets.Event{Kind: tickets.Bounced, Actor: tickets.Desk, Message: c.Current.ID,
		Data: tickets.Data{Outbox: f.mail.ID, Reason: f.bounce.Status, Muted: muted}})
}

// reasonUndelivered marks the event by which a ticket is open again since an answer did not arrive.
const reasonUndelivered = "undelivered"

// waits reports whether a ticket in that status waits for a customer who has not got the answer.
func waits(s tickets.Status) bool {
	return s != tickets.Open && s != tickets.New && s != tickets.OnHold
}

// audience is who is told that a mail of ours did not arrive.
type audience int

const (
	tellNobody audience = iota
	tellAdmin
	tellAgents
	tellAgentsHourly // each of them at most once an hour
)

// audienceOf decides who is told that a mail did not arrive, so that no such mail makes another
// one: nobody is told that a mail to the admin, or one that told of a failure itself, did not
// arrive. A person's answer is always worth a mail; there are no more of these than people write.
// It is pure.
func audienceOf(m mailout.Mail) audience {
	switch {
	case m.Kind == string(templates.Bounced), m.Party == mailout.Admin:
		return tellNobody
	case !m.Party.Outside():
		return tellAdmin
	case m.Automatic == mailout.ByPerson:
		return tellAgents
	}
	return tellAgentsHourly
}

// tellOf tells of a failure whoever has to know. What is told to nobody, or was not told since
// something was within the hour, is in the daily summary, where it is about one of our own.
func tellOf(c *decision.Case, f failure) error {
	told := notice.Notice{Kind: templates.Bounced, Author: tickets.Desk, Bounce: &f.bounce, Reasons: f.reasons, Gone: f.gone}
	if f.mail.Message != 0 && f.mail.Party == mailout.Customer && f.mail.Automatic == mailout.ByPerson {
		m, found, err := store.MessageByID(c.Tx, f.mail.Message)
		if err != nil {
			return err
		}
		if found && m.Ticket == c.Ticket.ID && m.Visibility == tickets.Public {
			told.Body = m.Text
		}
	}
	switch audienceOf(f.mail) {
	case tellAgents:
		c.NotifyAll(view.Working(c.Policy, &c.Ticket), told)
		return nil
	case tellAgentsHourly:
		return tellHourly(c, told)
	case tellAdmin:
		if err := tellAdminOf(c, f.mail.Recipient, told); err != nil {
			return err
		}
	}
	return decision.AnnounceUnreached(c.Tx)
}

// tellHourly tells those who have the ticket, but for who was told of a failure within the hour.
func tellHourly(c *decision.Case, told notice.Notice) error {
	for _, name := range view.Working(c.Policy, &c.Ticket) {
		may, err := mailout.MayReport(c.Tx, c.Policy.People.Agent(name).Address, string(templates.Bounced))
		if err != nil {
			return err
		}
		if may {
			c.NotifyAll([]string{name}, told)
		}
	}
	return nil
}

// tellAdminOf tells the admin that a notice to one of our own was refused, unless it was their own
// mailbox: somebody has to know who no longer reads their mail.
func tellAdminOf(c *decision.Case, refused string, told notice.Notice) error {
	admin := c.Desk.Admin
	if admin == "" || mailin.Mailbox(admin) == mailin.Mailbox(refused) {
		return nil
	}
	may, err := mailout.MayReport(c.Tx, admin, string(templates.Bounced))
	if err != nil {
		return err
	}
	if may {
		told.Address = admin
		c.Notify(told)
	}
	return nil
}
