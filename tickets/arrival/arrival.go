// Package arrival holds a mail that came in and all that can be known about it: what it says,
// whether the desk has it already, to which ticket it points and how surely, who wrote it and how
// far that can be believed, what is odd about it. It makes mails that arrive and mails taken out of
// the store by one constructor. It must never decide what becomes of a mail, write into a ticket or
// send anything.
package arrival

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Mail is a mail with all that can be known of it without the database.
type Mail struct {
	mailin.Raw
	Message *mailin.Message
	ID      int64        // of its record, 0 before it is recorded
	Packed  store.Packed // as it is kept; empty for a mail taken out of the store
	// Gateway reports whether a web form or list wrote it in its author's name: nothing can be
	// proven of the author.
	Gateway bool
	// Released reports whether somebody took it out of quarantine, having seen it.
	Released bool
	// Confirmed is the agent who has vouched for the mail after it was held, "" for none: it is
	// decided on as if the agent had proven themselves.
	Confirmed string
	Scan      Scan
	// ByDesk reports, of a mail in a Sent folder, whether it is the copy of one that the desk sent.
	ByDesk bool
	// Apart reports whether a copy of the mail in another inbox is another mail: the desk opens a
	// ticket in each inbox, and this one begins a conversation.
	Apart bool

	pointers *thread.Pointers // nil: not looked for yet
	reader   *Reader          // that read it
}

// Scan is what the virus scanner said of a mail. The zero value: it found nothing, or there is
// none.
type Scan struct {
	Virus     string // what it found
	Unscanned string // why nothing is known
}

// From returns the folded address of who wrote the mail.
func (m *Mail) From() string { return mailin.Fold(m.Message.Author().Address) }

// Pointers returns what in the mail points at a conversation.
func (m *Mail) Pointers() thread.Pointers {
	if m.pointers == nil {
		pointers := thread.PointersOf(m.Message)
		m.pointers = &pointers
	}
	return *m.pointers
}

// begins reports whether the mail opens a ticket and points at no conversation, whatever may be
// known of it.
func (m *Mail) begins() bool {
	p := m.Pointers()
	return m.OpensTicket() && len(p.Answers) == 0 && len(p.Numbers) == 0 && p.Exchange == "" && !p.Reply &&
		!slices.ContainsFunc(p.Recipients, func(a string) bool { _, found := token.Find(a); return found })
}

// Settled reports whether a person has said already that the mail is to be accepted.
func (m *Mail) Settled() bool { return m.Released || m.Confirmed != "" }

// OpensTicket reports whether the mail is of a kind that opens a ticket, if it points at none.
func (m *Mail) OpensTicket() bool {
	switch m.Message.Class.Kind {
	case mailin.KindPerson, mailin.KindGenerated, mailin.KindList:
		return m.Fault == "" && m.Scan.Virus == "" && !m.Truncated && !m.Junk
	}
	return false
}

// Gateway writes in the name of others: a web form, a list. Its mails are taken as those of the
// person named in them.
type Gateway struct {
	From     string   // address, or @domain, folded
	PersonIn []string // header fields, the first one found counts
}

// covers reports whether it writes from an address, folded.
func (g Gateway) covers(from string) bool {
	return from == g.From || strings.HasPrefix(g.From, "@") && "@"+mailin.Domain(from) == g.From
}

// Reader makes Mails. All its methods are safe for concurrent use.
type Reader struct {
	Desk     *tickets.Identity
	Options  read.Options
	Gateways []Gateway
	People   func() *tickets.Directory
	Keys     func() *token.Keyring
	Log      *slog.Logger
}

// Read reads a mail as it came.
func (r *Reader) Read(raw mailin.Raw) *Mail {
	m := r.guarded(raw, read.Mail)
	m.Apart = r.Desk.PerInbox && !raw.Sent && r.People().AgentBy(m.From()) == nil && m.begins() // an agent's commands count once
	return m
}

// Stored reads a recorded mail out of the store. The error is ErrNotKept if its raw form has been
// dropped.
func (r *Reader) Stored(tx *sqldb.Tx, record tickets.Arrival) (*Mail, error) {
	return r.stored(tx, record, false)
}

// StoredSent is Stored for a mail that lay in a Sent folder.
func (r *Reader) StoredSent(tx *sqldb.Tx, record tickets.Arrival) (*Mail, error) {
	return r.stored(tx, record, true)
}

func (r *Reader) stored(tx *sqldb.Tx, record tickets.Arrival, sent bool) (*Mail, error) {
	bytes, kept, err := store.Raw(tx, record.ID)
	if err != nil {
		return nil, err
	}
	if !kept {
		return nil, ErrNotKept
	}
	raw := mailin.Raw{Inbox: record.Inbox, Received: record.Received, Bytes: bytes, Size: record.Size, Old: record.Old, Sent: sent,
		Truncated: record.Size > int64(len(bytes))}
	m := r.Read(raw)
	m.ID = record.ID
	if judged := mailin.Verdict(record.Verdict); judged != "" && judged != mailin.VerdictNone && judged != m.Message.Auth.Verdict {
		// The header says less than was known when it came: its signatures were checked then, and
		// their keys may be gone by now.
		message := *m.Message
		message.Auth.Verdict = judged
		message.Auth.Reasons = append(slices.Clone(message.Auth.Reasons), "when it came, it was found: "+string(judged))
		m.Message = &message
	}
	return m, nil
}

// ErrNotKept reports that the raw form of a mail has been dropped.
var ErrNotKept = errors.New("the mail is no longer kept: see keep: in tierdesk.yaml")

// guarded reads a mail. A defect of the reading becomes a fault of the mail: one that ended the
// daemon would end it again at each start.
func (r *Reader) guarded(raw mailin.Raw, reading func([]byte, read.Options) *mailin.Message) (m *Mail) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("reading a mail failed: this is a defect, please report it", "inbox", raw.Inbox, "uid", raw.Source.UID, "panic", p,
				"stack", string(debug.Stack()))
			raw.Fault = fmt.Sprintf("reading it failed: %v", p)
			sum := sha256.Sum256(raw.Bytes)
			// all that tells it from another one
			m = &Mail{Raw: raw, Message: &mailin.Message{TextHash: hex.EncodeToString(sum[:]), Size: int64(len(raw.Bytes))}, reader: r}
		}
	}()
	opt := r.Options
	if raw.Sent { // from our own address comes what people write here
		opt.Self = read.Options{}.Self
	}
	m = &Mail{Raw: raw, Message: reading(raw.Bytes, opt), reader: r}
	if opt.Limits.TextOnly && r.agents(m) {
		whole := opt
		whole.Limits.TextOnly = false
		m.Message = reading(raw.Bytes, whole)
	}
	if m.Sent {
		m.ByDesk = r.sentByUs(m)
		return m
	}
	r.throughGateway(m)
	m.Pointers() // here, where no transaction waits
	return m
}

// agents reports whether a mail is from an agent, or answers a mail to one. Each word of such a
// mail counts, also those that its HTML alone shows.
func (r *Reader) agents(m *Mail) bool {
	if m.Sent || r.People().AgentBy(m.From()) != nil {
		return true
	}
	return slices.ContainsFunc(m.Message.Recipients, func(address string) bool {
		c, found := token.Find(address)
		return found && c.Party == mailout.Agent
	})
}

// throughGateway puts the person whom a web form or list speaks for in the place of the form. Such
// a person is only ever a customer: what a form says proves nothing.
func (r *Reader) throughGateway(m *Mail) {
	from := m.From()
	named := false // it comes from a gateway that trust: names, and nobody reads what is sent there
	for _, g := range r.Gateways {
		if g.covers(from) {
			if r.speaksFor(m, g.PersonIn) {
				return
			}
			named = named || g.From == from || classify.Unattended(from) // people, too, write from a domain
		}
	}
	form := r.ofOurForm(from) && !automatic(m)
	if form && r.People().AgentBy(from) == nil && !r.Desk.Own(from) && !m.Message.Auth.Doubtful() && !r.sentByUs(m) {
		if r.speaksFor(m, []string{"Reply-To"}) {
			return
		}
	}
	if r.ofOurList(m, from) && r.People().AgentBy(from) == nil && !r.Desk.Own(from) && !m.Message.Auth.Doubtful() && !r.sentByUs(m) {
		fields := namesPerson[1:]
		if viaName.MatchString(m.Message.Author().Name) {
			fields = namesPerson
		}
		if r.speaksFor(m, fields) {
			return
		}
	}
	if named && !r.Desk.Own(from) && r.People().AgentBy(from) == nil {
		m.reclassify(mailin.KindGenerated, "it came through "+from+", and names nobody who wrote it")
		return
	}
	if !r.asDesk(from) || m.Message.Auth.Doubtful() || r.sentByUs(m) {
		return
	}
	// A form or list that nobody has told us of writes as the desk itself.
	if !r.speaksFor(m, namesPerson) && m.Message.Class.Kind == mailin.KindLoop {
		m.reclassify(mailin.KindGenerated, "it is none of our mails")
	}
}

// asDesk reports whether a folded address is the desk's, and no agent's.
func (r *Reader) asDesk(from string) bool {
	return r.Desk.Own(from) || r.Desk.OwnTagged(from) && r.People().AgentBy(from) == nil
}

// reclassify says anew who wrote a mail that was thought to be a person's, a program's, a list's or
// our own. What a filter calls spam is spam whoever sent it on.
func (m *Mail) reclassify(kind mailin.Kind, reason string) {
	switch m.Message.Class.Kind {
	case mailin.KindPerson, mailin.KindGenerated, mailin.KindLoop, mailin.KindList:
	default:
		return
	}
	message := *m.Message
	was := message.Class
	message.Class = mailin.Class{Kind: kind, Reasons: []string{reason}, Spam: was.Spam, NoAutoReply: kind != mailin.KindPerson}
	if kind == mailin.KindPerson && was.Kind == mailin.KindPerson {
		message.Class.Reasons, message.Class.NoAutoReply = append([]string{reason}, was.Reasons...), was.NoAutoReply
	}
	if kind == mailin.KindPerson && was.Spam != "" {
		message.Class.Kind, message.Class.Reasons = mailin.KindSpam, []string{was.Spam, reason}
	}
	m.Message = &message
}

// ofOurForm reports whether an address of the desk's own domain is one from which web forms and
// their servers write. Nobody reads what is sent there.
func (r *Reader) ofOurForm(from string) bool {
	local, domain, _ := strings.Cut(from, "@")
	own := mailin.Fold(r.Desk.Domain)
	return own != "" && (domain == own || strings.HasSuffix(domain, "."+own)) && formSender.MatchString(local)
}

var formSender = regexp.MustCompile(`^(?:(?:do[-_.]?)?no[nt]?[-_.]?repl(?:y|ies)|donotreply|nepasrepondre|nicht[-_.]?antworten|noresponder|wordpress|woocommerce|www(?:-data|run)?|apache|nginx|httpd?|nobody|(?:web|contact|kontakt|website|online)?[-_.]?form(?:s|ular|ulaire|ulario|mailer)?|formmail(?:er)?|web(?:site|server|app|mailer)?|mailer|typo3|drupal|joomla)$`)

// ofOurList reports whether a list of the desk's own domain has put its address in the place of the
// sender's, as Google Groups and Mailman do for those whose domain lets nobody else pass their mail
// on: what is answered to it would go to all who are on the list.
func (r *Reader) ofOurList(m *Mail, from string) bool {
	own, domain := mailin.Fold(r.Desk.Domain), mailin.Domain(from)
	return own != "" && (domain == own || strings.HasSuffix(domain, "."+own)) && classify.ListOf(m.Message, from)
}

// viaName finds what lists write behind the name of the person in whose place they stand.
var viaName = regexp.MustCompile(`(?i)\s(?:via|über|par|por|tramite|przez|через)\s`)

// automatic reports whether a mail says in its fields that a program or a list sent it. The person
// who is to get the answers to a reminder or a newsletter has not written it.
func automatic(m *Mail) bool {
	return slices.ContainsFunc(m.Message.Header, func(f mailin.Field) bool {
		key := strings.ToLower(f.Key)
		return strings.HasPrefix(key, "list-") || key == "auto-submitted" && !strings.EqualFold(strings.TrimSpace(f.Value), "no")
	})
}

// namesPerson are the fields in which forms and lists that write in another's name say who wrote.
var namesPerson = []string{"Reply-To", "X-Original-From", "X-Google-Original-From", "X-Original-Sender"}

// speaksFor puts the first person whom one of the fields names in the place of the sender; false if
// none does. Whoever forges a gateway names nobody with more right than whoever forges a sender: a
// failed verdict stays.
func (r *Reader) speaksFor(m *Mail, fields []string) bool {
	person, found := r.person(m.Message, fields)
	if !found {
		return false
	}
	through := "it came through " + m.From()
	if m.Message.Class.Kind != mailin.KindPerson { // a person's keeps its own reasons
		m.reclassify(mailin.KindPerson, through)
	}
	message := *m.Message
	message.From = []mailin.Address{person}
	if !message.Auth.Doubtful() {
		message.Auth = mailin.Auth{Verdict: mailin.VerdictNone, Reasons: []string{through}}
	}
	if classify.Unattended(person.Address) {
		message.Class.NoAutoReply = true
	}
	m.Message, m.Gateway = &message, true
	return true
}

// person returns the first person outside whom one of the fields names. A field may stand more than
// once, and forms put into it what people have typed.
func (r *Reader) person(m *mailin.Message, fields []string) (mailin.Address, bool) {
	for _, name := range fields {
		for _, a := range addressesIn(m, name) {
			if strings.Contains(a.Address, "@") && !Ours(r.Desk, a.Address) && r.People().AgentBy(a.Address) == nil &&
				!r.isGateway(a.Address) && mailin.Fold(a.Address) != mailin.Fold(m.Author().Address) {
				return a, true
			}
		}
	}
	return mailin.Address{}, false
}

// addressesIn returns the addresses in a field. Those of Reply-To were read before its encoded
// words were: an address in one of these is part of a name.
func addressesIn(m *mailin.Message, field string) []mailin.Address {
	if strings.EqualFold(field, "Reply-To") {
		return m.ReplyTo
	}
	var all []mailin.Address
	for _, value := range m.Header.Values(field) {
		all = append(all, parse.ParseAddresses(value)...)
	}
	return all
}

// isGateway reports whether an address is that of one gateway, which names itself.
func (r *Reader) isGateway(address string) bool {
	folded := mailin.Fold(address)
	return slices.ContainsFunc(r.Gateways, func(g Gateway) bool { return g.From == folded })
}

// ReadByNobody reports whether an address is that of a form or list that trust: names: who wrote
// stands in its mails, and nobody reads what is sent to it.
func (m *Mail) ReadByNobody(address string) bool {
	return m.reader != nil && m.reader.isGateway(address)
}

// sentByUs reports whether a mail with our own address as its sender is one that the desk has sent:
// it has a Message-ID, a reply address or a field of ours.
func (r *Reader) sentByUs(m *Mail) bool {
	if r.Keys != nil {
		if _, _, ok := r.Keys().OpenMessageID(m.Message.MessageID); ok {
			return true
		}
	}
	for _, a := range m.Message.ReplyTo {
		if _, keyed := token.Find(a.Address); keyed && Ours(r.Desk, a.Address) {
			return true
		}
	}
	return slices.ContainsFunc(m.Message.Header, func(f mailin.Field) bool {
		key := strings.ToLower(f.Key)
		return strings.HasPrefix(key, "x-tierdesk-") || key == "x-loop" && r.Desk.Own(mailin.Fold(f.Value))
	})
}

// Ours reports whether mail to an address comes back to the desk.
func Ours(desk *tickets.Identity, address string) bool {
	folded := mailin.Fold(address)
	if desk.Own(folded) {
		return true
	}
	if _, found := token.Find(folded); !found {
		return false
	}
	return slices.ContainsFunc(desk.Inboxes, func(in tickets.Inbox) bool { return in.Covers(folded) })
}

// Addressed reports whether one of our addresses stands in To or Cc, with or without a token.
func (m *Mail) Addressed(desk *tickets.Identity) bool {
	return slices.ContainsFunc(slices.Concat(m.Message.To, m.Message.Cc), func(a mailin.Address) bool { return Ours(desk, a.Address) })
}
