package arrival

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Evidence is why a mail belongs to a ticket, as strong as its strongest piece.
type Evidence struct {
	Ticket int64
	Proof  Proof
	// Notice is the mail of ours that is answered, if a token or a keyed Message-ID names one.
	Notice mailout.Row
	Action token.Action
	// Forged reports whether there was a token that the desk did not give out: altered, or of
	// another desk.
	Forged bool
	// Side is the conversation with a vendor whose own ticket number the mail bears, 0 for none.
	Side int64
	// Hint is a ticket that the mail names without proof: a new ticket is linked to it.
	Hint int64
}

// Proof orders evidence; more is stronger.
type Proof int

// Proofs, the weakest first.
const (
	NoProof       Proof = iota
	BySubject           // same base subject, from a participant, to the same inbox, within a week
	ByTheirNumber       // a vendor's own ticket number in the subject, from its authenticated domain
	ByNumber            // [#1042] in the subject, from a participant
	ByReference         // a known Message-ID in In-Reply-To or References, or the same Outlook conversation, from a participant
	ByMergeKey          // what a rule calls the key of monitoring
	ByKeyedID           // a Message-ID that only the desk can have made
	ByToken             // a reply address that only the desk can have made
)

func (p Proof) String() string {
	return [...]string{
		NoProof:       "nothing",
		BySubject:     "the same subject",
		ByTheirNumber: "the vendor's own number",
		ByNumber:      "the number in the subject",
		ByReference:   "a known Message-ID",
		ByMergeKey:    "the key of monitoring",
		ByKeyedID:     "a keyed Message-ID",
		ByToken:       "a reply token",
	}[p]
}

// Strong reports whether the evidence cannot be guessed or read off another mail's header.
func (p Proof) Strong() bool { return p >= ByKeyedID }

// AnswersNotice reports whether a mail of ours is answered.
func (e *Evidence) AnswersNotice() bool { return e.Notice.Mail.ID != 0 }

// search looks for the conversation that a mail belongs to.
type search struct {
	tx     *sqldb.Tx
	keys   *token.Keyring
	people *tickets.Directory
	m      *Mail
	from   string
	thread.Pointers
}

// Gather finds the conversation that a mail belongs to: it walks what the mail points at
// (Mail.Pointers), strongest first. It locks nothing.
func (m *Mail) Gather(tx *sqldb.Tx, keys *token.Keyring, people *tickets.Directory) (Evidence, error) {
	s := search{tx: tx, keys: keys, people: people, m: m, from: m.From(), Pointers: m.Pointers()}
	var e Evidence
	for _, step := range []func(*Evidence) error{s.byToken, s.byKeyedID, s.byReference, s.byNumber, s.byTheirNumber, s.bySubject} {
		if err := step(&e); err != nil {
			return e, err
		}
		if e.Proof != NoProof {
			return e, e.follow(tx)
		}
	}
	return e, nil
}

// byToken looks for a reply token in any recipient header.
func (s *search) byToken(e *Evidence) error {
	for _, address := range s.Recipients {
		c, found := token.Find(address)
		if !found {
			continue
		}
		row, err := mailout.Notice(s.tx, c.Ref.Notice)
		if err == nil && s.keys.Verify(c, row.Mail.Recipient) && about(&row.Mail, c.Ref.Ticket) && row.Mail.Party == c.Ref.Party {
			e.Ticket, e.Proof, e.Notice, e.Action = c.Ref.Ticket, ByToken, row, c.Ref.Action
			return nil
		}
		if err != nil && !errors.Is(err, mailout.ErrNone) {
			return err
		}
		e.Forged = true
	}
	return nil
}

// about reports whether a mail of ours may hold addresses of a ticket: its own, or any if it is a
// list for an agent. That the desk made the address for this mail and its recipient has been
// verified.
func about(m *mailout.Mail, ticket int64) bool {
	return m.Ticket == ticket || m.Ticket == 0 && m.Party == mailout.Agent
}

// byKeyedID looks for a Message-ID of ours.
func (s *search) byKeyedID(e *Evidence) error {
	for _, id := range s.Answers {
		ticket, mail, ok := s.keys.OpenMessageID(id)
		if !ok {
			continue
		}
		if e.Ticket == 0 {
			e.Ticket, e.Proof = ticket, ByKeyedID
		}
		if mail == 0 || ticket != e.Ticket {
			continue
		}
		rows, err := mailout.ByMessageID(s.tx, id)
		if err != nil {
			return err
		}
		// All copies share the Message-ID: the one that went to the writer is the one that is
		// answered.
		for _, row := range rows {
			if !e.AnswersNotice() || mailin.Fold(row.Mail.Recipient) == s.from {
				e.Notice = row
			}
		}
		if e.AnswersNotice() {
			return nil
		}
	}
	return nil
}

// byReference looks for a known Message-ID, or a known Outlook conversation, only for somebody who
// is in that ticket already.
func (s *search) byReference(e *Evidence) error {
	for _, id := range references(s.Pointers) {
		known, err := store.TicketsOf(s.tx, id)
		if err != nil {
			return err
		}
		if strings.HasPrefix(id, ancestor) {
			if known, err = s.sharing(known); err != nil {
				return err
			}
		}
		for _, ticket := range known {
			if e.Hint == 0 {
				e.Hint = ticket
			}
			in, err := s.belongs(ticket)
			if err != nil {
				return err
			}
			if in {
				e.Ticket, e.Proof = ticket, ByReference
				return nil
			}
		}
	}
	return nil
}

// sharing returns those of the tickets with which a mail may go on that shares only an ancestor
// with them: those of its own subject first, the others if it is a reply.
func (s *search) sharing(known []int64) (out []int64, err error) {
	var others []int64
	for _, id := range known {
		t, _, err := store.Ticket(s.tx, id)
		switch {
		case err != nil:
			return nil, err
		case t.BaseSubject == mailin.Fold(s.Subject):
			out = append(out, id)
		case s.GoesOn():
			others = append(others, id)
		}
	}
	return append(out, others...), nil
}

// references returns the Message-IDs that a mail points at, first as those of mails, then as those
// of ancestors that never came, and the key of its Outlook conversation.
func references(pointers thread.Pointers) []string {
	out := slices.Clone(pointers.Answers)
	for _, id := range pointers.Answers {
		out = append(out, AncestorKey(id))
	}
	if pointers.Exchange != "" && pointers.Reply {
		out = append(out, ExchangeKey(pointers.Exchange))
	}
	return out
}

// AncestorKey is what a ticket knows a Message-ID by that one of its mails points at.
func AncestorKey(id string) string { return ancestor + id }

const ancestor = "ancestor:"

// ExchangeKey is what a ticket knows an Outlook conversation by, among its Message-IDs.
func ExchangeKey(index string) string { return "thread-index:" + index }

// byNumber looks for the ticket's number in the subject, only from a participant. The same sign may
// be the number of another desk's ticket: a customer's mail must bear the ticket's subject beside
// it, and must not point at another conversation of ours.
func (s *search) byNumber(e *Evidence) error {
	if len(s.Numbers) == 0 {
		return nil
	}
	elsewhere := e.Hint // by reference, in a ticket that the writer takes no part in
	ticket := s.Numbers[0]
	t, found, err := store.Ticket(s.tx, ticket)
	if err != nil || !found {
		return err
	}
	in, err := s.belongs(ticket)
	if err != nil {
		return err
	}
	if e.Hint == 0 {
		e.Hint = ticket
	}
	if in && (s.people.AgentBy(s.from) != nil || numbered(s.Subject, t.BaseSubject) && (elsewhere == 0 || elsewhere == ticket)) {
		e.Ticket, e.Proof = ticket, ByNumber
	}
	return nil
}

// numbered reports whether what stands in a subject beside the number is the ticket's own subject,
// perhaps behind a gateway's word such as "EXTERNAL:", or what programs on the way left of it.
func numbered(subject, base string) bool {
	subject = mailin.Fold(subject)
	return subject == base || base != "" && strings.HasSuffix(subject, ": "+base) || thread.IsLeftOf(subject, base, true)
}

// byTheirNumber looks for the conversation with a vendor that has given it a number of its own,
// only from an address of that vendor's domain that was authenticated. For anybody else nothing is
// asked.
func (s *search) byTheirNumber(e *Evidence) error {
	if s.m.Message.Auth.Verdict != mailin.VerdictPass && !s.m.Message.Auth.Internal {
		return nil
	}
	for i := range s.people.Vendors {
		v := &s.people.Vendors[i]
		if !v.Writes(s.from) {
			continue
		}
		number, err := v.NumberIn(s.m.Message.Subject)
		if err != nil || number == "" {
			return err
		}
		side, found, err := store.SideOfNumber(s.tx, v.Name, number)
		if err != nil {
			return err
		}
		if found {
			e.Ticket, e.Proof, e.Side = side.Ticket, ByTheirNumber, side.ID
			return nil
		}
	}
	return nil
}

// bySubject is for clients that send no References: Re: and the same base subject, from a
// participant, to the same inbox, within a week.
func (s *search) bySubject(e *Evidence) error {
	if s.Subject == "" || !s.Reply || len(s.Answers) > 0 {
		return nil
	}
	subject, since := mailin.Fold(s.Subject), s.m.Received.Add(-thread.Window)
	ticket, err := store.RecentOf(s.tx, s.m.Inbox, subject, s.from, since)
	if err == nil && ticket == 0 && thread.MayBeLeft(subject) {
		ticket, err = s.leftOf(subject, since)
	}
	if ticket != 0 {
		e.Ticket, e.Proof = ticket, BySubject
	}
	return err
}

// maxRecent is how many tickets of a writer are compared with a subject that may have been cut.
const maxRecent = 20

// leftOf returns the one ticket of which a subject may be what programs on the way left; 0 if there
// is none, or several.
func (s *search) leftOf(subject string, since time.Time) (ticket int64, err error) {
	rows, err := store.RecentSubjects(s.tx, s.m.Inbox, s.from, since, maxRecent)
	for _, r := range rows {
		if !thread.IsLeftOf(subject, r.BaseSubject, false) {
			continue
		}
		if ticket != 0 {
			return 0, nil
		}
		ticket = r.ID
	}
	return ticket, err
}

// belongs reports whether the writer is in the ticket: as a participant, as an agent of the desk,
// or as whoever sends from its inbox.
func (s *search) belongs(ticket int64) (bool, error) {
	if s.m.Sent || s.people.AgentBy(s.from) != nil {
		_, found, err := store.Ticket(s.tx, ticket)
		return found, err
	}
	return store.TakesPart(s.tx, ticket, s.from)
}

// follow goes from a merged ticket to the one that it was merged into.
func (e *Evidence) follow(tx *sqldb.Tx) error {
	if e.Ticket == 0 && e.AnswersNotice() {
		return nil // a mail of ours that is about no ticket: to the admin, or to an agent about commands without one
	}
	ticket, found, err := Surviving(tx, e.Ticket)
	if err != nil {
		return err
	}
	if !found { // for example a keyed Message-ID from before the database was restored
		*e = Evidence{Forged: e.Forged}
		return nil
	}
	e.Ticket = ticket
	return nil
}

// Surviving returns the ticket that a ticket was merged into in the end, the ticket itself if it
// was not merged; false if there is none of that number.
func Surviving(tx *sqldb.Tx, id int64) (int64, bool, error) {
	for range 20 {
		t, found, err := store.Ticket(tx, id)
		if err != nil || !found {
			return 0, false, err
		}
		if t.MergedInto == 0 {
			return id, true, nil
		}
		id = t.MergedInto
	}
	return id, true, nil
}
