package invariants

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

// ground is a small desk in which all is well: a ticket with a message, an acknowledgement, a quarantined mail.
func ground(tx *sqldb.Tx) error {
	now := tx.Now()
	tier := 1
	p, err := store.AddPerson(tx, "Max", "max@customer.example", "max@customer.example", "en")
	if err != nil {
		return err
	}
	e := tickets.Event{At: now, Kind: tickets.Opened, Actor: tickets.PersonActor(p.ID), Data: tickets.Data{Inbox: "support", Requester: p.ID, Priority: "normal", Tier: &tier, Team: "frontdesk"}}
	t, err := tickets.Apply(tickets.Ticket{Subject: "A question", BaseSubject: "a question"}, e)
	if err != nil {
		return err
	}
	if t.ID, err = store.InsertTicket(tx, t); err != nil {
		return err
	}
	change := func(e tickets.Event) error {
		e.Ticket, e.At = t.ID, now
		if t, err = tickets.Apply(t, e); err != nil {
			return err
		}
		_, err := store.Append(tx, e, 0)
		return err
	}
	e.Ticket = t.ID
	if _, err := store.Append(tx, e, 0); err != nil {
		return err
	}
	if err := change(tickets.Event{Kind: tickets.Tagged, Actor: tickets.Desk, Data: tickets.Data{Add: []string{"b", "a"}}}); err != nil {
		return err
	}
	if err := store.SaveTicket(tx, t); err != nil {
		return err
	}
	for _, in := range []struct {
		fingerprint string
		outcome     tickets.Outcome
		ticket      int64
	}{{"one", tickets.AsMessage, t.ID}, {"two", tickets.Quarantined, 0}} {
		id, _, err := store.RecordArrival(tx, tickets.Arrival{Fingerprint: in.fingerprint, Inbox: "support", Received: now, Sender: "max@customer.example"})
		if err != nil {
			return err
		}
		if err := store.SaveRaw(tx, id, store.Packed{Size: 1, Data: []byte("x")}); err != nil {
			return err
		}
		if err := store.Decide(tx, id, in.outcome, "", "", in.ticket); err != nil {
			return err
		}
		if in.ticket == 0 {
			continue
		}
		if _, err := store.AddMessage(tx, tickets.Message{Ticket: t.ID, Inbound: id, Kind: tickets.FromCustomer, Author: e.Actor, Visibility: tickets.Public, At: now, Text: "x"}, 0); err != nil {
			return err
		}
	}
	if err := timers.Set(tx, timers.Timer{Ticket: t.ID, Kind: timers.Ticket, Due: sqldb.At(now.Add(time.Hour))}); err != nil {
		return err
	}
	return mailout.EnqueueAll(tx, []mailout.Mail{ack(1, 1, "ack.1@acme.example"), ack(2, 1, "ack.1@acme.example")})
}

// ack is a copy of an acknowledgement.
func ack(id, group int64, messageID string) mailout.Mail {
	return mailout.Mail{ID: id, Group: group, Inbox: "support", Ticket: 1, Kind: "ack", Party: mailout.Customer, Recipient: "max@customer.example", Automatic: mailout.AutoReplied,
		Urgency: mailout.Notices, MessageID: messageID, From: mailin.Address{Address: "support@acme.example"}, Subject: "Re: A question", Text: "x"}
}

func promised(tx *sqldb.Tx, t tickets.Ticket) (time.Time, error) { return tx.Now().Add(time.Hour), nil }

// Each way to break the desk is found, by its name and with the right id; without it nothing is.
func TestCheck(t *testing.T) {
	tests := []struct {
		name Name
		id   int64
		sql  []string
		text string
	}{
		{"", 0, nil, ""},
		{Outcome, 2, []string{`UPDATE inbound SET outcome = '' WHERE fingerprint = 'two'`}, "nothing became of it"},
		{Message, 1, []string{`DELETE FROM messages`}, "its ticket has none of it"},
		{Message, 1, []string{`UPDATE inbound SET ticket = NULL WHERE fingerprint = 'one'`}, "its ticket has none of it"},
		{OneMessage, 1, []string{`INSERT INTO messages (ticket, inbound, kind, author, visibility, at, text) SELECT ticket, inbound, kind, author, visibility, at, text FROM messages`}, "more than one message"},
		{State, 1, []string{`UPDATE tickets SET status = 'open'`}, "status is open and should be new"},
		{State, 1, []string{`UPDATE tickets SET priority = 'high'`}, "priority is high and should be normal"},
		{State, 1, []string{`UPDATE tickets SET tier = 2`}, "tier is 2 and should be 1"},
		{State, 1, []string{`UPDATE tickets SET team = ''`}, "team is"},
		{State, 1, []string{`UPDATE tickets SET assignee = 'jane'`}, "assignee is jane"},
		{State, 1, []string{`UPDATE tickets SET tags = 'a'`}, "tags is [a] and should be [a b]"},
		{State, 1, []string{`UPDATE tickets SET version = 3`}, "version is 3 and should be 2"},
		{State, 1, []string{`UPDATE tickets SET customer_wrote = NULL`}, "waiting since is never"},
		{State, 1, []string{`UPDATE events SET kind = 'reopened' WHERE kind = 'tagged'`}, "reopened: it is new"},
		{State, 1, []string{`DELETE FROM events`}, "it has no events"},
		{OneAck, 1, []string{`UPDATE outbox SET mail = 2, message_id = 'other@acme.example' WHERE id = 2`}, "acknowledged more than once"},
		{Ledger, 7, []string{`INSERT INTO mailboxes (inbox, folder, uidvalidity, created) VALUES ('support', 'INBOX', 1, 1)`,
			`INSERT INTO ledger (mailbox, uid, state, inbound, changed) SELECT id, 7, 'taken', 99, 1 FROM mailboxes`}, "no mail was taken for it"},
		{Content, 2, []string{`DELETE FROM outbox_content WHERE id = 2`}, "what it says is gone"},
		{MessageID, 1, []string{`UPDATE outbox SET mail = 2, automatic = '' WHERE id = 2`}, "that of another mail"},
		{KeptRaw, 2, []string{`DELETE FROM raws WHERE inbound IN (SELECT id FROM inbound WHERE fingerprint = 'two')`}, "is not kept"},
		{NextPromise, 1, []string{`DELETE FROM timers`}, "no timer"},
		{TimerOf, 9, []string{`INSERT INTO timers (ticket, kind, due) VALUES (9, 'snooze', 1)`}, "no such ticket"},
	}
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		db, err := sqldb.Open(context.Background(), g.URL, sqldb.WithoutSync())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, test := range tests {
			t.Run(strings.TrimSpace(string(test.name)+" "+test.text), func(t *testing.T) {
				// Each in a transaction of its own on an empty desk, so that ids begin anew.
				err := db.DryRun(context.Background(), func(tx *sqldb.Tx) error {
					if err := ground(tx); err != nil {
						return err
					}
					for _, broken := range test.sql {
						if _, err := tx.Exec(broken); err != nil {
							return err
						}
					}
					found, err := Check(tx, promised)
					if err != nil {
						return err
					}
					if test.name == "" {
						if len(found) > 0 {
							t.Errorf("nothing is wrong, and it found %+v", found)
						}
						return nil
					}
					if !slices.ContainsFunc(found, func(f Finding) bool { return f.Invariant == test.name && strings.Contains(f.Text, test.text) }) {
						t.Errorf("not found: %+v", found)
					}
					for _, f := range found {
						if f.Invariant != test.name {
							t.Errorf("also found: %+v", f)
						}
						if g.Kind == sqldb.SQLite && f.ID != test.id {
							t.Errorf("it names %d, not %d", f.ID, test.id)
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			})
		}
	})
}
