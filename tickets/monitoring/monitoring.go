// Package monitoring collects what a monitoring system reports about one object in one ticket. A
// rule's merge_key identifies the object, the object's newest ticket receives every further report,
// and a rule that sets the status solved determines which report means that all is well. It owns
// those keys. It must never reopen what was solved too long ago, or trust a sender who failed a
// check.
package monitoring

import (
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// Actions are the rule actions on monitoring reports.
func Actions() []decision.Action {
	return []decision.Action{{Kind: rules.KindMergeKey, Do: remember}}
}

// remember records that a ticket that has just been opened belongs to a key, unless its sender
// failed a check. For a ticket that was not just opened the key is already known.
func remember(c *decision.Case, value string, _ tickets.Actor) (phrase.Text, error) {
	if !c.Opened || c.Mail == nil || c.Mail.Message.Auth.Doubtful() {
		return phrase.Text{}, nil
	}
	name, err := nameIn(c.Mail.Message, value)
	if err != nil || name == "" {
		return phrase.Text{}, err
	}
	_, err = c.Tx.Exec(`INSERT INTO merge_keys (name, ticket) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET ticket = excluded.ticket`,
		c.Ticket.Inbox+" "+name, c.Ticket.ID)
	return phrase.Text{}, err
}

// Forget deletes at most limit keys whose tickets were solved before the given time: a further
// report opens a new ticket.
func Forget(tx *sqldb.Tx, before time.Time, limit int) (int64, error) {
	return tx.Exec(`DELETE FROM merge_keys WHERE name IN (SELECT k.name FROM merge_keys AS k JOIN tickets AS t ON t.id = k.ticket
		WHERE t.status IN (?, ?) AND t.solved < ? AND t.merged_into IS NULL ORDER BY k.name LIMIT ?)`, string(tickets.Solved),
		string(tickets.Closed), sqldb.At(before), limit)
}

// Join adds a mail that would open a ticket to the ticket of its key, if the rules give it one. It
// evaluates all rules only if one with a merge_key might match the mail.
func Join(ctx decision.Context, m *decision.CustomerMail) error {
	if m.Evidence.Ticket != 0 || m.Message.Auth.Doubtful() {
		return nil
	}
	if may, err := decision.MayDo(ctx, rules.KindMergeKey, m.Mail, m.Received); err != nil || !may {
		return err
	}
	facts, err := decision.OpeningFacts(ctx, m.Mail, m.Received)
	if err != nil {
		return err
	}
	value, allWell := whatRulesSay(ctx.Policy.Rules.Evaluate(facts).Actions)
	name, err := nameIn(m.Message, value)
	if err != nil || name == "" {
		return err
	}
	t, found, err := ticketOf(ctx, ctx.Desk.Inbox(m.Inbox).Name, name)
	if err != nil || !found || t.Status.Done() && m.Received.After(t.Solved.Add(ctx.Policy.Service.ReopenWithin)) {
		return err
	}
	m.Evidence.Ticket, m.Evidence.Proof, m.AllWell = t.ID, arrival.ByMergeKey, allWell
	return nil
}

// whatRulesSay returns the merge_key of the rules that match a report, "" for none, and whether one
// of them says that all is well. It is pure.
func whatRulesSay(actions []rules.Applied) (value string, allWell bool) {
	for _, a := range actions {
		switch a.Action.Kind {
		case rules.KindMergeKey:
			value = a.Action.Value
		case rules.KindSet:
			allWell = allWell || tickets.Status(a.Action.Set.Status).Done()
		}
	}
	return value, allWell
}

// nameIn returns the name of what a report is about by the value of a merge_key, "" for nothing. It
// is pure.
func nameIn(m *mailin.Message, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	key, err := tickets.ParseMergeKey(value)
	if err != nil {
		return "", err
	}
	return key.Of(m.Subject, m.Header.Values), nil
}

// ticketOf returns the ticket that reports on a name go on in; false for none.
func ticketOf(ctx decision.Context, inbox, name string) (t tickets.Ticket, found bool, err error) {
	var id int64
	if found, err = ctx.Tx.Find(&id, `SELECT ticket FROM merge_keys WHERE name = ?`, inbox+" "+name); err != nil || !found {
		return t, false, err
	}
	if id, found, err = arrival.Surviving(ctx.Tx, id); err != nil || !found {
		return t, false, err
	}
	return store.Ticket(ctx.Tx, id)
}
