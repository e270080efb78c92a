package desk

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// evidence is why a mail belongs to a ticket, as strong as its strongest piece.
type evidence struct {
	ticket int64
	kind   proof
	// notice is the mail of ours that is answered, if a token or a keyed Message-ID names one.
	notice mailout.Row
	action token.Action
	// forged tells that there was a token that the desk did not give: altered, or of another desk.
	forged bool
	// hint is a ticket that the mail names without proof: a new ticket is linked to it.
	hint int64
}

// proof orders evidence; more is stronger.
type proof int

const (
	nothing   proof = iota
	bySubject       // same base subject, from a participant, to the same inbox, within a week
	byVendorNumber
	byNumber    // [#1042] in the subject, from a participant
	byReference // a known Message-ID in In-Reply-To or References, from a participant
	byKeyedID   // a Message-ID that only the desk can have made
	byToken     // a reply address that only the desk can have made
)

func (p proof) String() string {
	return [...]string{"nothing", "the same subject", "the vendor's number", "the number in the subject", "a known Message-ID", "a keyed Message-ID", "a reply token"}[p]
}

// strong reports whether the evidence cannot be guessed or read off another mail's header.
func (p proof) strong() bool { return p >= byKeyedID }

var subjectNumber = regexp.MustCompile(`\[#(\d{1,12})\]`)

// weekForSubject is how long a bare subject may gather mails.
const weekForSubject = 7 * 24 * time.Hour

// evidenceOf finds the conversation that a mail belongs to, by section 5 of the design. It locks nothing.
func (d *Desk) evidenceOf(tx *sqldb.Tx, with *Decisions, keys *token.Keyring, in *arrived) (evidence, error) {
	var ev evidence
	m, from := in.m, in.author()

	// 1. A reply token in any recipient header.
	for _, address := range m.Recipients {
		c, found := token.Find(address)
		if !found {
			continue
		}
		row, err := mailout.Notice(tx, c.Ref.Notice)
		if err == nil && keys.Verify(c, row.Mail.Recipient) && row.Mail.Ticket == c.Ref.Ticket && row.Mail.Party == c.Ref.Party {
			ev.ticket, ev.kind, ev.notice, ev.action = row.Mail.Ticket, byToken, row, c.Ref.Action
			break
		}
		if err != nil && !errors.Is(err, mailout.ErrNone) {
			return ev, err
		}
		ev.forged = true
	}

	// 2. A keyed Message-ID of ours; also beside a token, it tells of altered tokens.
	ids := slices.Concat(m.InReplyTo, reversed(m.References))
	if ev.kind == nothing {
		for _, id := range ids {
			ticket, mail, ok := keys.OpenMessageID(id)
			if !ok {
				continue
			}
			if ev.ticket == 0 {
				ev.ticket, ev.kind = ticket, byKeyedID
			}
			if mail == 0 || ticket != ev.ticket {
				continue
			}
			rows, err := mailout.ByMessageID(tx, id)
			if err != nil {
				return ev, err
			}
			// All copies share the Message-ID: the one that went to who writes is the one that he answers.
			for _, row := range rows {
				if ev.notice.Mail.ID == 0 || mailin.Fold(row.Mail.Recipient) == from {
					ev.notice = row
				}
			}
			if ev.notice.Mail.ID != 0 {
				break
			}
		}
	}
	if ev.kind != nothing {
		return ev, ev.follow(tx)
	}

	// 3. A known Message-ID, only for one who is in that ticket already.
	for _, id := range ids {
		known, err := store.TicketsOf(tx, id)
		if err != nil {
			return ev, err
		}
		for _, ticket := range known {
			if ev.hint == 0 {
				ev.hint = ticket
			}
			in, err := d.belongs(tx, with, ticket, from)
			if err != nil {
				return ev, err
			}
			if in {
				ev.ticket, ev.kind = ticket, byReference
				return ev, ev.follow(tx)
			}
		}
	}

	// 4. The number in the subject, only from a participant.
	if n := subjectNumber.FindStringSubmatch(m.Subject); n != nil {
		ticket, err := strconv.ParseInt(n[1], 10, 64)
		if err == nil {
			in, err := d.belongs(tx, with, ticket, from)
			if err != nil {
				return ev, err
			}
			if in {
				ev.ticket, ev.kind = ticket, byNumber
				return ev, ev.follow(tx)
			}
			if _, found, err := store.Ticket(tx, ticket); err != nil {
				return ev, err
			} else if found && ev.hint == 0 {
				ev.hint = ticket
			}
		}
	}

	// 6. For clients that send no References: Re: and the same base subject, from a participant, to the same inbox, within a week.
	if base := thread.BaseSubject(m.Subject); base != "" && len(ids) == 0 && thread.IsReply(m.Subject) {
		ticket, err := store.RecentOf(tx, in.Inbox, mailin.Fold(base), from, in.Received.Add(-weekForSubject))
		if err != nil {
			return ev, err
		}
		if ticket != 0 {
			ev.ticket, ev.kind = ticket, bySubject
			return ev, ev.follow(tx)
		}
	}
	return ev, nil
}

// belongs reports whether a writer is in the ticket: as a participant, or as an agent of the desk.
func (d *Desk) belongs(tx *sqldb.Tx, with *Decisions, ticket int64, from string) (bool, error) {
	if with.People.AgentBy(from) != nil {
		_, found, err := store.Ticket(tx, ticket)
		return found, err
	}
	return store.TakesPart(tx, ticket, from)
}

// follow goes from a merged ticket to the one that it was merged into.
func (ev *evidence) follow(tx *sqldb.Tx) error {
	if ev.ticket == 0 && ev.notice.Mail.Party == mailout.Admin {
		return nil // a mail to the admin is about no ticket
	}
	for range 20 {
		t, found, err := store.Ticket(tx, ev.ticket)
		if err != nil {
			return err
		}
		if !found { // e.g. a keyed Message-ID from before the database was restored
			*ev = evidence{forged: ev.forged}
			return nil
		}
		if t.MergedInto == 0 {
			return nil
		}
		ev.ticket = t.MergedInto
	}
	return nil
}

// trust is how far an agent's mail can be believed.
type trust int

const (
	claimed       trust = iota // a From line
	authenticated              // the server, or a signature, says that the From line is true
	proven                     // he holds what only he was given
)

func (t trust) String() string { return [...]string{"claimed", "authenticated", "proven"}[t] }

// trustIn tells how far a mail that bears an agent's address can be believed, and why.
func (d *Desk) trustIn(tx *sqldb.Tx, agent *tickets.Agent, in *arrived, ev evidence) (trust, sentence) {
	if in.note != nil && in.note.agent == agent.Name {
		return proven, say("it was confirmed from the address that we know")
	}
	if in.m.Auth.Verdict == mailin.VerdictFail {
		return claimed, say("the sender's address failed authentication")
	}
	signed, how := d.signed(in)
	if in.m.Auth.Internal {
		return authenticated, how
	}
	if ev.forged {
		return claimed, say("the reply address is not one that the desk gave out")
	}
	why := say("nothing in it is known to its sender alone")
	if ev.kind.strong() && ev.notice.Mail.ID != 0 {
		switch {
		case ev.notice.Mail.Person != string(tickets.AgentActor(agent.Name)):
			why = say("it answers a notice to somebody else")
		case !ev.notice.Live(tx.Now()):
			why = say("the notice that it answers has been used up or is too old")
		default:
			return proven, say("it answers a notice that only this agent was sent")
		}
	}
	if signed {
		return authenticated, how
	}
	if how.text != "" {
		why = how
	}
	return claimed, why
}

// signed reports whether our own server, or a signature, says that the From line is true, of a mail that was meant for us, now; and how, or why not.
func (d *Desk) signed(in *arrived) (bool, sentence) {
	if in.m.Auth.Internal {
		return true, say("our own server vouches for the sender")
	}
	if in.m.Auth.Verdict != mailin.VerdictPass {
		return false, sentence{}
	}
	// A signature proves who wrote it, not that it was meant for us, now: it could be an old mail of his, sent again by another.
	switch age := in.Received.Sub(in.m.Date); {
	case !d.addressed(in.m):
		return false, say("the signed mail is not addressed to the desk")
	case age > 72*time.Hour || age < -72*time.Hour:
		return false, say("the signed mail is from another time")
	}
	return true, say("the domain has signed it")
}

// addressed reports whether one of our addresses stands in To or Cc, with or without a token.
func (d *Desk) addressed(m *mailin.Message) bool {
	for _, a := range slices.Concat(m.To, m.Cc) {
		if d.ours(a.Address) {
			return true
		}
	}
	return false
}

// ours reports whether mail to an address comes back to the desk.
func (d *Desk) ours(address string) bool {
	folded := mailin.Fold(address)
	if d.own[folded] {
		return true
	}
	if _, found := token.Find(folded); !found {
		return false
	}
	for i := range d.set.Inboxes {
		if d.set.Inboxes[i].Covers(folded) {
			return true
		}
	}
	return false
}

func reversed(ids []string) []string {
	out := slices.Clone(ids)
	slices.Reverse(out)
	return out
}
