package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// act is one thing that a decision does in the store. Tickets, people and mails are told by the order in which they were made.
type act struct {
	What   string
	N, M   int
	Inner  []act
	Undone bool
}

var acts = []string{"record", "decide", "person", "verdict", "open", "save", "merge", "join", "leave", "message", "event", "ids", "hold", "notice", "prefetch", "raw", "mute",
	"read ticket", "read people", "read parts", "read messages", "read events", "read ids", "read mails", "read held", "list"}

func script(depth int) *rapid.Generator[[]act] {
	kinds := acts
	if depth > 0 {
		kinds = append([]string{"savepoint", "savepoint"}, acts...)
	}
	one := rapid.Custom(func(t *rapid.T) act {
		a := act{What: rapid.SampledFrom(kinds).Draw(t, "what"), N: rapid.IntRange(0, 3).Draw(t, "n"), M: rapid.IntRange(0, 3).Draw(t, "m")}
		if a.What == "savepoint" {
			a.Inner, a.Undone = script(depth-1).Draw(t, "inner"), rapid.Bool().Draw(t, "undone")
		}
		return a
	})
	return rapid.SliceOfN(one, 1, 40)
}

// play carries out a script and notes what each reading gives.
type play struct {
	t       *testing.T
	tx      *sqldb.Tx
	seen    []string
	tickets []int64
	mails   []int64
	held    []int64
	clock   int
}

func (p *play) note(what string, v any, err error) error {
	p.seen = append(p.seen, fmt.Sprintf("%s: %+v", what, v))
	return err
}

func pick(of []int64, n int) int64 {
	if len(of) == 0 {
		return 0
	}
	return of[n%len(of)]
}

var played = []string{"ada@customer.example", "bob@customer.example", "c\x00y@customer.example", "d\xff@customer.example"}

func (p *play) do(a act) error {
	tx, ticket, address := p.tx, pick(p.tickets, a.N), played[a.M]
	p.clock++
	at := noon.Add(time.Duration(p.clock)*time.Minute + 123*time.Microsecond)
	if ticket == 0 && strings.Contains("save merge join leave message event ids hold", a.What) || len(p.mails) == 0 && strings.Contains("decide raw hold", a.What) {
		return nil
	}
	switch a.What {
	case "record":
		id, known, err := store.RecordArrival(tx, tickets.Arrival{Fingerprint: fmt.Sprint("print", a.N), Inbox: "support", Received: at, Sender: address, Subject: "S\x00 " + address, MessageID: address})
		if err == nil && !known {
			p.mails = append(p.mails, id)
		}
		return p.note("known", known, err)
	case "decide":
		return store.Decide(tx, pick(p.mails, a.N), tickets.AsMessage, "", address, ticket)
	case "raw":
		if _, found, err := store.Raw(tx, pick(p.mails, a.N)); err != nil || found {
			return p.note("raw", found, err)
		}
		return store.SaveRaw(tx, pick(p.mails, a.N), store.Packed{Data: []byte(address)})
	case "person":
		_, known, err := store.PersonAt(tx, address)
		if err != nil || known {
			return p.note("known person", known, err)
		}
		_, err = store.AddPerson(tx, "N\x00ame "+address, address, strings.ToUpper(address), "de")
		return err
	case "verdict":
		return store.SetSenderVerdict(tx, address, a.N%2 == 0)
	case "mute":
		_, err := store.Mute(tx, sqldb.Clean(address), "gone")
		return err
	case "open":
		person, _, err := store.PersonAt(tx, address)
		if err != nil {
			return err
		}
		id, err := store.InsertTicket(tx, tickets.Ticket{Inbox: "support", Subject: "\xffHelp " + address, BaseSubject: "help", Requester: person.ID, Status: tickets.New, Priority: "normal", Tier: 1, Opened: at, Updated: at, Version: 1})
		p.tickets = append(p.tickets, id)
		return err
	case "save":
		t, found, err := store.LockTicket(tx, ticket)
		if err != nil || !found {
			return p.note("locked", found, err)
		}
		t.Status, t.Tags, t.Updated, t.Version = tickets.Open, []string{address}, at, t.Version+1
		return store.SaveTicket(tx, t)
	case "merge": // or taken apart again
		t, found, err := store.LockTicket(tx, ticket)
		if into := pick(p.tickets, a.M); err == nil && found && into != ticket {
			if t.MergedInto == 0 {
				t.MergedInto = into
			} else {
				t.MergedInto = 0
			}
			t.Version++
			return store.SaveTicket(tx, t)
		}
		return err
	case "join":
		return store.Join(tx, ticket, sqldb.Clean(address), []tickets.Role{tickets.Requester, tickets.Cc}[a.N%2])
	case "leave":
		left, err := store.Leave(tx, ticket, sqldb.Clean(address))
		return p.note("left", left, err)
	case "message":
		_, err := store.AddMessage(tx, tickets.Message{Ticket: ticket, Kind: []tickets.MessageKind{tickets.FromCustomer, tickets.Note, tickets.FromAgent}[a.N%3], Author: "desk", Visibility: []tickets.Visibility{tickets.Public, tickets.Internal}[a.N%2],
			At: at, Address: address, Text: "t\x00ext", MessageID: address, Inbound: pick(p.mails, a.M)}, 0)
		return err
	case "event":
		_, err := store.Append(tx, tickets.Event{Ticket: ticket, At: at, Kind: tickets.Noted, Actor: tickets.Desk, Cause: address}, 0)
		return err
	case "ids":
		return store.AddMessageIDs(tx, ticket, at, address, "other")
	case "hold":
		reason := []tickets.HoldReason{tickets.HoldReason(address), tickets.HoldDraft}[a.N%2]
		id, err := store.Hold(tx, tickets.HeldMail{Ticket: ticket, Agent: "jane", Inbound: pick(p.mails, a.M), Reason: reason})
		p.held = append(p.held, id)
		return err
	case "notice":
		return store.NoticeOfHeld(tx, pick(p.held, a.N), int64(a.M)+1)
	case "prefetch":
		if err := store.Prefetch(tx, store.Wanted{Fingerprints: []string{"print0", "print1", "print2", "print3"}, Senders: played, MessageIDs: append([]string{"other"}, played...)}); err != nil {
			return err
		}
		return store.PrefetchTickets(tx, p.tickets)
	case "savepoint":
		before := *p
		fault, err := tx.Savepoint(func() error {
			for _, inner := range a.Inner {
				if err := p.do(inner); err != nil {
					return err
				}
			}
			if a.Undone {
				return errUndone
			}
			return nil
		})
		if fault != nil {
			p.tickets, p.mails, p.held = before.tickets, before.mails, before.held
		}
		return p.note("savepoint", fault, err)
	}
	return p.read(a, ticket, address, at)
}

var errUndone = fmt.Errorf("undo it")

// read notes what the readings give; ids are told by their place, since PostgreSQL leaves numbers out.
func (p *play) read(a act, ticket int64, address string, at time.Time) error {
	tx := p.tx
	place := func(of []int64, id int64) int64 {
		for i, one := range of {
			if one == id {
				return int64(i)
			}
		}
		return -1
	}
	switch a.What {
	case "read ticket":
		t, found, err := store.Ticket(tx, ticket)
		if err != nil {
			return err
		}
		n, err := store.OpenedBy(tx, t.Requester, 0, 10)
		t.ID, t.Requester, t.MergedInto = place(p.tickets, t.ID), min(t.Requester, 1), place(p.tickets, t.MergedInto)
		if t.Requester == 0 {
			n = 0
		}
		return p.note("ticket", fmt.Sprintf("%+v %v, requester has %d", t, found, n), err)
	case "read people":
		person, known, err := store.PersonAt(tx, address)
		person.ID = min(person.ID, 1)
		return p.note("person", fmt.Sprintf("%+v %v", person, known), err)
	case "read parts":
		parts, err := store.Participants(tx, ticket)
		if err != nil {
			return err
		}
		for i := range parts {
			parts[i].Person = min(parts[i].Person, 1)
		}
		in, err := store.TakesPart(tx, ticket, sqldb.Clean(address))
		return p.note("parts", fmt.Sprintf("%+v, %v", parts, in), err)
	case "read messages":
		answers, err := store.AnswersOf(tx, "desk", 5)
		if err != nil {
			return err
		}
		of, err := store.Messages(tx, ticket)
		if err != nil {
			return err
		}
		for i := range of {
			of[i].ID, of[i].Ticket, of[i].Inbound = int64(i), 0, place(p.mails, of[i].Inbound)
		}
		came, err := store.MessageTimesFrom(tx, ticket, sqldb.Clean(address), noon, 5)
		if err != nil {
			return err
		}
		noted, err := store.NotedSince(tx, ticket, "desk", noon)
		return p.note("messages", fmt.Sprintf("%+v %v %v, answers %q", of, came, noted, answers), err)
	case "read events":
		of, err := store.Past(tx, ticket)
		for i := range of {
			of[i].ID, of[i].Ticket, of[i].Record = int64(i), 0, time.Time{}
		}
		return p.note("events", of, err)
	case "read ids":
		of, err := store.TicketsOf(tx, address)
		var places []int64
		for _, id := range of {
			places = append(places, place(p.tickets, id))
		}
		if err != nil {
			return err
		}
		recent, err := store.RecentOf(tx, "support", "help", sqldb.Clean(address), noon)
		return p.note("tickets of", fmt.Sprint(places, place(p.tickets, recent)), err)
	case "read mails":
		in, found, err := store.ArrivalByID(tx, pick(p.mails, a.N))
		if err != nil {
			return err
		}
		from, err := store.MailsFrom(tx, sqldb.Clean(address), noon, at, 10)
		in.ID, in.Ticket, in.Taken = 0, place(p.tickets, in.Ticket), time.Time{}
		return p.note("mail", fmt.Sprintf("%+v %v, %d from there", in, found, len(from)), err)
	case "read held":
		byNotice, _, err := store.HeldByNotice(tx, int64(a.M), ticket, "jane")
		if err != nil {
			return err
		}
		waiting, _, err := store.WaitingHeld(tx, ticket, "jane", tickets.HoldReason(address))
		if err != nil {
			return err
		}
		draft, _, err := store.WaitingDraft(tx, ticket)
		for _, h := range []*tickets.HeldMail{&byNotice, &waiting, &draft} {
			h.ID, h.Ticket, h.Inbound, h.At = place(p.held, h.ID), place(p.tickets, h.Ticket), place(p.mails, h.Inbound), time.Time{}
		}
		return p.note("held", fmt.Sprintf("%+v, %+v, %+v", byNotice, waiting, draft), err)
	case "list":
		of, err := store.List(tx, store.Filter{Status: []tickets.Status{tickets.Open, tickets.New}})
		return p.note("open", len(of), err)
	}
	return fmt.Errorf("no such act: %s", a.What)
}

// TestPutOffIsAsWrittenAtOnce does whatever decisions do, in any order, with rows put off and answers read beforehand, and without: what is read on the way and
// what stands at the end is the same.
func TestPutOffIsAsWrittenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		clock := sqldb.WithClock(func() time.Time { return noon.Add(time.Hour) })
		batched, plain := g.Open(t, clock), g.Open(t, clock, sqldb.WithoutBatching())
		compare := func(fatal func(string, ...any), scripts ...[]act) {
			got, err := perform(t, batched, scripts)
			if err != nil {
				fatal("put off: %v", err)
			}
			want, err := perform(t, plain, scripts)
			if err != nil {
				fatal("at once: %v", err)
			}
			for i := range want {
				if got[i] != want[i] {
					fatal("put off: %q\nat once: %q", got[i], want[i])
				}
			}
		}
		for name, e := range examples {
			t.Run(name, func(t *testing.T) { compare(t.Fatalf, e.before, e.work) })
		}
		if batched.Kind() == sqldb.Postgres { // which takes its time: the rules are the same
			for seed := range 10 {
				compare(t.Fatalf, script(0).Example(seed), script(2).Example(seed+1000))
			}
			return
		}
		rapid.Check(t, func(r *rapid.T) { compare(r.Fatalf, script(0).Draw(r, "before"), script(2).Draw(r, "work")) })
	})
}

// examples have one for each thing that can be forgotten.
var examples = map[string]struct{ before, work []act }{
	"a ticket is saved": {
		[]act{{What: "open"}, {What: "open", M: 1}}, []act{{What: "prefetch"}, {What: "save"}, {What: "read ticket"}, {What: "save", N: 1}, {What: "read ticket", N: 1}},
	},
	"a message comes into a ticket": {
		[]act{{What: "open"}, {What: "open", M: 1}}, []act{{What: "prefetch"}, {What: "message"}, {What: "read messages"}},
	},
	"an event comes into a ticket": {
		[]act{{What: "open"}, {What: "open", M: 1}}, []act{{What: "prefetch"}, {What: "event"}, {What: "read events"}},
	},
	"somebody joins": {
		[]act{{What: "open"}, {What: "open", M: 1}}, []act{{What: "prefetch"}, {What: "join"}, {What: "read parts"}, {What: "person"}, {What: "read parts"}},
	},
	"somebody is known by name": {
		[]act{{What: "open"}, {What: "open", M: 1}, {What: "join"}}, []act{{What: "prefetch"}, {What: "person"}, {What: "read parts"}, {What: "read people"}},
	},
	"an absent person opens a ticket": {
		nil, []act{{What: "prefetch"}, {What: "person"}, {What: "read people"}, {What: "open"}, {What: "read ticket"}, {What: "open"}, {What: "read ticket", N: 1}},
	},
	"a Message-ID belongs to a ticket": {
		[]act{{What: "open"}, {What: "open", M: 1}}, []act{{What: "prefetch"}, {What: "ids"}, {What: "read ids"}, {What: "ids", N: 1}, {What: "read ids"}},
	},
	"a mail comes twice": {
		nil, []act{{What: "prefetch"}, {What: "record"}, {What: "record"}, {What: "decide"}, {What: "record"}, {What: "read mails"}},
	},
	"a mail comes from an address that is cleaned when it is written": {
		nil, []act{{What: "savepoint", Inner: []act{{What: "record", N: 1}}}, {What: "savepoint", Inner: []act{{What: "record", M: 2}, {What: "decide", N: 1}, {What: "read mails", M: 2}}}},
	},
	"a new ticket with all that belongs to it": {
		nil, []act{{What: "open"}, {What: "event"}, {What: "read events"}, {What: "record"}, {What: "message"}, {What: "read messages"}, {What: "join"}, {What: "read parts"}, {What: "save"}, {What: "read ticket"}},
	},
	"a mail is held": {
		[]act{{What: "open"}, {What: "record"}}, []act{{What: "hold"}, {What: "read held"}, {What: "hold", N: 1}, {What: "read held"}, {What: "notice"}, {What: "read held"}},
	},
	"tickets are merged": {
		[]act{{What: "open"}, {What: "open", M: 1}}, []act{{What: "prefetch"}, {What: "message"}, {What: "merge", M: 1}, {What: "read messages", N: 1}},
	},
	"a merge is undone": {
		[]act{{What: "open"}, {What: "open", M: 1}, {What: "message"}, {What: "merge", M: 1}},
		[]act{{What: "prefetch"}, {What: "merge", M: 1}, {What: "read messages", N: 1}},
	},
	"an agent has answered": {
		[]act{{What: "open"}}, []act{{What: "message", N: 2}, {What: "read messages"}},
	},
	"what was read is undone": {
		nil, []act{{What: "savepoint", Undone: true, Inner: []act{{What: "person"}, {What: "person", M: 1}, {What: "prefetch"}}}, {What: "read people"}, {What: "read people", M: 1}},
	},
	"what was written is undone": {
		[]act{{What: "open"}}, []act{{What: "save"}, {What: "savepoint", Undone: true, Inner: []act{{What: "save"}, {What: "event"}, {What: "person"}}}, {What: "read ticket"}, {What: "read events"}, {What: "read people"}},
	},
}

// perform plays scripts, each in a transaction of its own, on an empty desk.
func perform(t *testing.T, db *sqldb.DB, scripts [][]act) ([]string, error) {
	for _, table := range []string{"held", "events", "messages", "message_ids", "participants", "tickets", "addresses", "people", "raws", "inbound"} {
		if _, err := db.Handle().ExecContext(t.Context(), "DELETE FROM "+table); err != nil {
			return nil, err
		}
	}
	p := &play{t: t}
	for _, s := range scripts {
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			p.tx = tx
			for _, a := range s {
				if err := p.do(a); err != nil {
					return fmt.Errorf("%s: %w", a.What, err)
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			p.tx = tx
			for _, what := range acts {
				for n := range 4 {
					if strings.HasPrefix(what, "read") || what == "list" {
						if err := p.do(act{What: what, N: n, M: n}); err != nil {
							return err
						}
					}
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return p.seen, nil
}
