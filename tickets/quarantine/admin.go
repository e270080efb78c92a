package quarantine

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// maxReceipts is the maximum number of receipts for the admin's commands within an hour.
const maxReceipts = 20

// AnswersDigest reports whether a mail answers a digest, or the receipt for such an answer.
func AnswersDigest(e *arrival.Evidence) bool {
	return e.Proof.Strong() && e.Notice.Mail.Party == mailout.Admin && notice.Answerable(templates.Name(e.Notice.Mail.Kind))
}

// HandleAdmin carries out the commands in an answer to a digest, if the answer is proven to be the
// admin's: from the address that the digest went to, with the reply address that only the digest
// had, and not forged.
func (h *Handler) HandleAdmin(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (decision.Result, error) {
	class, sent := m.Message.Class, e.Notice
	switch {
	case class.Kind == mailin.KindBounce || class.Automatic() && class.Kind != mailin.KindSpam:
		// Quarantining it would only cause the next digest.
		return decision.Result{Outcome: tickets.AsAuto, Cause: tickets.Cause(class.Kind), Reasons: class.Reasons}, nil
	case m.Message.Auth.Verdict == mailin.VerdictFail:
		return decision.SetAside(tickets.CauseFailedAuthentication,
			append([]string{"it answers the admin's digest"}, m.Message.Auth.Reasons...)...).Result, nil
	case mailin.Fold(sent.Mail.Recipient) != m.From():
		return decision.SetAside(tickets.CauseUnknownUserUpdate,
			"it answers the admin's digest, and comes from another address").Result, nil
	}
	r := decision.Result{Outcome: tickets.AsCommand, Cause: "admin"}
	steps, also, err := h.orders(ctx, m, sent.Live(ctx.Tx.Now()))
	if err != nil {
		return r, err
	}
	r.Also = also
	if err := spend(ctx, m, sent); err != nil {
		return r, err
	}
	if len(steps) == 0 && sent.Mail.Kind == string(templates.AdminReceipt) {
		return r, nil // a thank you, or a machine
	}
	n, err := mailout.CountKind(ctx.Tx, sent.Mail.Recipient, string(templates.AdminReceipt), ctx.Tx.Now().Add(-time.Hour))
	if err != nil || n >= maxReceipts || m.IsOld(ctx.Tx.Now(), ctx.OldAfter) {
		return r, err
	}
	f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
	f.Steps = steps
	return r, decision.TellAdmin(ctx, templates.AdminReceipt, sent.Mail.Recipient, &f, func(out *mailout.Mail) {
		out.Automatic, out.InReplyTo, out.References = mailout.AutoReplied, m.Message.MessageID, []string{sent.Mail.MessageID,
			m.Message.MessageID}
	})
}

// orders carries out the commands in the mail, and says what was done. Unless all of them are
// understood, nothing is done.
func (h *Handler) orders(ctx decision.Context, m *arrival.Mail, live bool) (steps []templates.Step, also []decision.Result, err error) {
	refuse := func(words phrase.Text) {
		steps = append(steps, templates.Step{Outcome: ctx.Policy.Say(words, ctx.Desk.Language), Failed: true})
	}
	text := m.Message.Reply
	if m.Message.NothingNew {
		text = ""
	}
	orders, doubts := commands.Quarantine(text)
	switch {
	case !live:
		refuse(phrase.Say("That mail is too old to be answered, or was answered to somebody else as well. The next digest can be answered."))
	case len(doubts) > 0:
		for _, doubt := range doubts {
			refuse(doubt)
		}
		refuse(phrase.Say("Nothing of the mail was done, since not all of it was understood."))
	default:
		for _, o := range orders {
			for _, number := range o.Numbers {
				step, r, err := h.order(ctx, o, number)
				if err != nil {
					return nil, nil, err
				}
				steps = append(steps, step)
				if !step.Failed { // what would have become of the mail is undone with the rest
					also = append(also, r)
				}
			}
		}
	}
	return steps, also, nil
}

// spend invalidates a digest's reply address if the answer was also sent to others, who now know
// it.
func spend(ctx decision.Context, m *arrival.Mail, sent mailout.Row) error {
	for _, a := range slices.Concat(m.Message.To, m.Message.Cc) {
		if !arrival.Ours(ctx.Desk, a.Address) && ctx.Policy.People.AgentBy(a.Address) == nil &&
			mailin.Fold(a.Address) != mailin.Fold(sent.Mail.Recipient) {
			_, err := mailout.Spend(ctx.Tx, sent.Mail.ID)
			return err
		}
	}
	return nil
}

// order carries out one command on one mail. An error that concerns only that mail is reported in
// the step, and its changes are undone.
func (h *Handler) order(ctx decision.Context, o commands.Order, id int64) (templates.Step, decision.Result, error) {
	var done phrase.Text
	var r decision.Result
	virus := ""
	fault, err := ctx.Tx.Savepoint(func() (err error) {
		record, err := Waiting(ctx.Tx, id)
		if err != nil {
			return err
		}
		virus = Infection(record)
		switch o.Name {
		case commands.Release, commands.Allow:
			done, r, err = h.letIn(ctx, o, record)
		case commands.Drop, commands.Block:
			done, err = file(ctx, o.Name, record)
		default:
			err = fmt.Errorf("/%s is nothing to do with a mail in quarantine", o.Name)
		}
		return err
	})
	switch {
	case errors.Is(fault, ErrNone):
		done = phrase.Say("There is no such mail in quarantine.")
	case errors.Is(fault, ErrInfected):
		done = phrase.Say("Not done: the virus scanner found %s in this mail, and agents would get it. To let it in anyway, write /%s %d infected.", virus, o.Name, id)
	case errors.Is(fault, errOneOfUs):
		done = phrase.Say("Not done: that is an address of the desk or of an agent.")
	case fault != nil:
		done = phrase.Verbatim(fault.Error())
	}
	return templates.Step{Command: fmt.Sprintf("/%s %d", o.Name, id), Outcome: ctx.Policy.Say(done, ctx.Desk.Language),
		Failed: fault != nil}, r, err
}

// letIn is /release and /allow.
func (h *Handler) letIn(ctx decision.Context, o commands.Order, record tickets.Arrival) (phrase.Text, decision.Result, error) {
	virus := Infection(record)
	if virus != "" && !o.Infected {
		return phrase.Text{}, decision.Result{}, ErrInfected
	}
	if o.Name == commands.Allow {
		if err := setVerdict(ctx, record.Sender, true); err != nil {
			return phrase.Text{}, decision.Result{}, err
		}
	}
	r, err := h.Release(ctx, record.ID, o.Infected)
	if err != nil {
		return phrase.Text{}, r, err
	}
	done := phrase.Say("It was let in.")
	if r.Outcome == tickets.Quarantined {
		return phrase.Say("The mail server has not delivered this mail yet: it is requested again now, and will arrive by itself once the server delivers it."), r, nil
	}
	if r.Ticket != 0 {
		done = phrase.Say("It is in ticket #%d now.", r.Ticket)
	}
	if virus != "" {
		done = phrase.Say("%s The agents are warned of %s in it.", done, virus)
	}
	if o.Name == commands.Allow {
		done = phrase.Say("%s The spam filter does not stop %s any more.", done, record.Sender)
	}
	return done, r, nil
}

// file is /drop and /block.
func file(ctx decision.Context, name commands.Name, record tickets.Arrival) (phrase.Text, error) {
	if name == commands.Block {
		if err := setVerdict(ctx, record.Sender, false); err != nil {
			return phrase.Text{}, err
		}
	}
	if err := ledger.Leave(ctx.Tx, record.ID); err != nil {
		return phrase.Text{}, err
	}
	settled, err := store.Settle(ctx.Tx, record.ID)
	switch {
	case err != nil:
		return phrase.Text{}, err
	case name == commands.Block:
		return phrase.Say("%s is blocked, and the mail filed away.", record.Sender), nil
	case !settled:
		return phrase.Text{}, ErrNone
	}
	return phrase.Say("It was filed away."), nil
}
