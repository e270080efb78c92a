// Package token makes and reads the keyed parts of what the desk sends: reply addresses, bounce
// addresses and Message-IDs. It owns their form, their signature and the table keys. It must never
// know what they give access to: who may do what is decided by the packages that know tickets.
package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

// Ref is the content of a keyed address: the ticket it belongs to, the party it was given to, the
// copy of a mail in which it was given (the notice), and what a mail to it does.
type Ref struct {
	Ticket int64
	Party  mailout.Party
	Notice int64
	Action Action
}

// Action is what a mail to a keyed address does. Its number is part of the signature, so numbers
// are never reused.
type Action byte

// Actions. Only Reply and Note use the text of the mail.
const (
	Reply  Action = 0 // an answer in the ticket
	Take   Action = 1
	Close  Action = 2
	Snooze Action = 3
	Note   Action = 4 // the whole text is a note
	Send   Action = 5 // of a held mail
	Drop   Action = 6 // of a held mail
	Bounce Action = 7 // the envelope sender: a mail to it is a delivery report
	Prove  Action = 8 // a confirmation: a reply proves that the address is its writer's
	Stop   Action = 9 // no more notices of the ticket: what List-Unsubscribe names

	SolvedIt Action = 10 // the customer: an article has helped
	Person   Action = 11 // the customer wants a person

	Approve  Action = 16 // the approver says yes
	Decline  Action = 17 // the approver says no
	SendBack Action = 18 // of a trainee's answer, to them: the text is the comment

	actions = 32
)

// ReplyAddress is the style of reply addresses: "" appends +TOKEN to the local part, "none" makes
// no keyed address, and anything else is an address with {token} in it, e.g.
// "{token}@desk.acme.example".
type ReplyAddress string

// Styles.
const (
	Plus ReplyAddress = ""
	None ReplyAddress = "none"
)

// MaxLocal is the greatest length of a local part (RFC 5321 section 4.5.3.1.1).
const MaxLocal = 64

// A token is base32 (RFC 4648 section 6, lower case) of: key byte, party and action byte, ticket
// and notice as varints, signature.
const (
	sigSize    = 10 // 80 bits
	maxPayload = 15 // 25 octets with the signature: 40 characters
	minToken   = (2 + 1 + 1 + sigSize) * 8 / 5
	maxToken   = 40
)

var code = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

var parties = []mailout.Party{1: mailout.Customer, 2: mailout.Agent, 3: mailout.Vendor, 4: mailout.Admin, 5: mailout.Consultant,
	6: mailout.Approver}

// Token returns the token for a ref and a recipient, at most 40 characters; "" if the ref cannot be
// written: a negative number, one over 2^35 for the ticket or 2^56 for the notice, an unknown party
// or action.
func (k *Keyring) Token(ref Ref, recipient string) string {
	var buf [maxPayload + sigSize]byte
	payload, ok := ref.append(append(buf[:0], byte(k.keys[0].id)))
	if !ok {
		return ""
	}
	return code.EncodeToString(k.keys[0].sign(payload, addressLabel, payload, recipient))
}

// Address returns the address to which the recipient's reply goes, made from the inbox's address.
// It returns base unchanged with style None, for a ref that cannot be written, and if the local
// part would be too long.
func (k *Keyring) Address(base string, style ReplyAddress, ref Ref, recipient string) string {
	if style == None {
		return base
	}
	t := k.Token(ref, recipient)
	if t == "" {
		return base
	}
	var address string
	if style == Plus {
		at := strings.LastIndexByte(base, '@')
		if at < 0 {
			return base
		}
		address = base[:at] + "+" + t + base[at:]
	} else {
		address = strings.Replace(string(style), "{token}", t, 1)
	}
	if strings.LastIndexByte(address, '@') > MaxLocal || !strings.Contains(address, t) {
		return base
	}
	return address
}

// Envelope returns the keyed bounce address of a mail: Address with the action Bounce.
func (k *Keyring) Envelope(base string, style ReplyAddress, m mailout.Mail) string {
	return k.Address(base, style, Ref{Ticket: m.Ticket, Party: m.Party, Notice: m.ID, Action: Bounce}, m.Recipient)
}

// Probe returns an address in the form of a keyed reply address that gives access to nothing, to
// ask a server whether it accepts such addresses. It returns base unchanged if the inbox has no
// keyed addresses.
func (k *Keyring) Probe(base string, style ReplyAddress) string {
	return k.Address(base, style, Ref{Party: mailout.Customer, Notice: 1 << 40}, base)
}

// Candidate is a token as it was found in an address. It proves nothing before Verify.
type Candidate struct {
	Ref
	bytes []byte
}

// Find looks for a token in an address: after the last plus sign of the local part, or elsewhere in
// it between characters that no token contains. It ignores case. It also ignores the domain, since
// the signature is what counts.
func Find(address string) (Candidate, bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		at = len(address)
	}
	if at < minToken || at > 256 {
		return Candidate{}, false
	}
	pieces := strings.FieldsFunc(strings.ToLower(address[:at]),
		func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '2' && r <= '7') })
	for i := len(pieces) - 1; i >= 0; i-- {
		if c, ok := Parse(pieces[i]); ok {
			return c, true
		}
	}
	return Candidate{}, false
}

// Parse reads a token without an address.
func Parse(token string) (Candidate, bool) {
	if len(token) < minToken || len(token) > maxToken {
		return Candidate{}, false
	}
	token = strings.ToLower(token)
	b, err := code.DecodeString(token)
	// The last character has unused bits; only one spelling is valid.
	if err != nil || len(b) <= 2+sigSize || code.EncodeToString(b) != token {
		return Candidate{}, false
	}
	c := Candidate{bytes: b}
	rest := b[1 : len(b)-sigSize]
	party, action := int(rest[0]>>5), Action(rest[0]&31)
	if party == 0 || party >= len(parties) {
		return Candidate{}, false
	}
	ticket, n := binary.Uvarint(rest[1:])
	if n <= 0 {
		return Candidate{}, false
	}
	notice, m := binary.Uvarint(rest[1+n:])
	if m <= 0 || 1+n+m != len(rest) || ticket >= 1<<35 || notice >= 1<<56 {
		return Candidate{}, false
	}
	c.Ref = Ref{Ticket: int64(ticket), Party: parties[party], Notice: int64(notice), Action: action}
	return c, true
}

// Verify reports whether the desk gave the token to this recipient, which must be that of the
// notice's row, not the author of the mail in which the token was found.
func (k *Keyring) Verify(c Candidate, recipient string) bool {
	if len(c.bytes) <= sigSize {
		return false
	}
	payload := c.bytes[:len(c.bytes)-sigSize]
	for i := range k.keys {
		if key := &k.keys[i]; byte(key.id) == payload[0] {
			var buf [maxPayload + sigSize]byte
			if hmac.Equal(key.sign(append(buf[:0], payload...), addressLabel, payload, recipient), c.bytes) {
				return true
			}
		}
	}
	return false
}

func (r Ref) append(b []byte) ([]byte, bool) {
	party := 0
	for i, p := range parties {
		if i > 0 && p == r.Party {
			party = i
		}
	}
	if party == 0 || r.Action >= actions || r.Ticket < 0 || r.Ticket >= 1<<35 || r.Notice < 0 || r.Notice >= 1<<56 {
		return nil, false
	}
	b = append(b, byte(party)<<5|byte(r.Action))
	b = binary.AppendUvarint(b, uint64(r.Ticket))
	return binary.AppendUvarint(b, uint64(r.Notice)), true
}

// MessageID returns the keyed Message-ID of a mail, without brackets: ticket.mail.signature@domain.
// All copies share it, so mail is their group.
func (k *Keyring) MessageID(ticket, mail int64, domain string) string {
	b := make([]byte, 0, 96)
	b = strconv.AppendInt(b, ticket, 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, mail, 10)
	key := &k.keys[0]
	var buf [1 + sigSize]byte
	sig := key.sign(append(buf[:0], byte(key.id)), messageIDLabel, b, "")
	b = append(b, '.')
	b = code.AppendEncode(b, sig)
	b = append(b, '@')
	return string(append(b, domain...))
}

// OpenMessageID reads a keyed Message-ID, with or without brackets, and verifies it. It ignores the
// domain, since gateways change it.
func (k *Keyring) OpenMessageID(id string) (ticket, mail int64, ok bool) {
	id = strings.ToLower(strings.Trim(strings.TrimSpace(id), "<>"))
	at := strings.LastIndexByte(id, '@')
	if at < 0 || at > 100 {
		return 0, 0, false
	}
	dot := strings.LastIndexByte(id[:at], '.')
	if dot < 0 {
		return 0, 0, false
	}
	numbers, text := id[:dot], id[dot+1:at]
	first, second, found := strings.Cut(numbers, ".")
	if !found {
		return 0, 0, false
	}
	ticket, err1 := strconv.ParseInt(first, 10, 64)
	mail, err2 := strconv.ParseInt(second, 10, 64)
	sig, err3 := code.DecodeString(text)
	if err1 != nil || err2 != nil || err3 != nil || len(sig) != 1+sigSize || code.EncodeToString(sig) != text {
		return 0, 0, false
	}
	for i := range k.keys {
		if key := &k.keys[i]; byte(key.id) == sig[0] {
			var buf [1 + sigSize]byte
			if hmac.Equal(key.sign(append(buf[:0], sig[0]), messageIDLabel, []byte(numbers), ""), sig) {
				return ticket, mail, true
			}
		}
	}
	return 0, 0, false
}

// The labels keep signatures for one use from serving another.
const (
	addressLabel   = "tierdesk address 1"
	messageIDLabel = "tierdesk message-id 1"
)

// sign appends the signature over label, payload and recipient to out. Label and recipient are
// terminated by a NUL, which neither contains.
func (k *key) sign(out []byte, label string, payload []byte, recipient string) []byte {
	mac := hmac.New(sha256.New, k.secret)
	var buf [160]byte
	b := append(buf[:0], label...)
	b = append(b, 0)
	b = append(b, mailin.Fold(recipient)...)
	b = append(b, 0)
	b = append(b, payload...)
	mac.Write(b)
	var sum [sha256.Size]byte
	return append(out, mac.Sum(sum[:0])[:sigSize]...)
}
