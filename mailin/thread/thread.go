// Package thread lists what in a mail points at a conversation: the addresses it was sent to, the
// Message-IDs it answers, and the numbers and words of its subject. It owns how they are read and
// how strong each is as evidence. It must never know tickets, keyed signatures or who may join a
// conversation: it lists candidates, and the desk decides.
package thread

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// Pointers are everything by which a mail may refer to a conversation, each list strongest first.
type Pointers struct {
	// Recipients are the addresses the mail was sent to: one of them may hold a reply token.
	Recipients []string
	// Answers are the Message-IDs that the mail answers: In-Reply-To, then References from the
	// newest to the oldest (RFC 5322 section 3.6.4), without duplicates. A report also answers the
	// mail that it reports on.
	Answers []string
	// Numbers are the ticket numbers in the subject, as in [#1042].
	Numbers []int64
	// Exchange is the conversation in Microsoft's Thread-Index field, "" if there is none. It
	// survives gateways that rewrite Message-IDs.
	Exchange string
	// Subject is the base subject; Reply reports whether the subject marks the mail as an answer.
	Subject string
	Reply   bool
}

// PointersOf returns what a mail points at. It is pure.
func PointersOf(m *mailin.Message) Pointers {
	p := Pointers{
		Recipients: m.Recipients,
		Numbers:    Numbers(m.Subject),
		Exchange:   exchangeIndex(m.Header.Get("Thread-Index")),
		Subject:    BaseSubject(m.Subject),
		Reply:      IsReply(m.Subject),
	}
	add := func(id string) {
		if len(id) > len("mailto:") && strings.EqualFold(id[:len("mailto:")], "mailto:") {
			id = id[len("mailto:"):]
		}
		if id == m.MessageID || isNoID(id) || isAddress(m, id) {
			return
		}
		for _, have := range p.Answers {
			if have == id {
				return
			}
		}
		p.Answers = append(p.Answers, id)
	}
	if m.Report != nil {
		add(m.Report.OriginalMessageID)
	}
	for _, id := range m.InReplyTo {
		add(id)
	}
	for i := len(m.References) - 1; i >= 0; i-- {
		add(m.References[i])
	}
	return p
}

// isNoID reports whether a purported Message-ID is not one: a word such as "null", or a lone
// punctuation mark.
func isNoID(id string) bool {
	local, domain, found := strings.Cut(id, "@")
	if !found {
		return len(id) < 16 && !holdsDigit(id)
	}
	return local == "" || domain == ""
}

// MayStandFor reports whether an unknown Message-ID may identify a mail that the desk never saw, so
// that two mails that refer to it belong together. A generated ID contains digits or many letters.
// One that looks like a person's address, or is too short to be unique, appears in mails that have
// nothing in common.
func MayStandFor(id string) bool {
	local, _, found := strings.Cut(id, "@")
	if !found {
		return len(id) >= 16 || holdsDigit(id)
	}
	return len(local) >= 20 || len(local) >= 4 && holdsDigit(local)
}

func holdsDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// isAddress reports whether a purported Message-ID is the address of a person named in the mail: as
// an ID it would join all mails to them.
func isAddress(m *mailin.Message, id string) bool {
	for _, list := range [...][]mailin.Address{m.From, m.To, m.Cc, m.ReplyTo} {
		for _, a := range list {
			if strings.EqualFold(a.Address, id) {
				return true
			}
		}
	}
	return false
}

// numberPattern is the tag, also with its sign as URLs or HTML write it: gateways encode subjects.
var numberPattern = late.Compile(`[\[【［][\s\pZ\pC]?(?:[#＃]|%23|&(?:#35|#[xX]23|num);)[\s\pZ\pC]?([0-9０-９]{1,15})[\s\pZ\pC]?[\]】］]`)

// narrow makes the full-width digits of East Asian keyboards ASCII.
func narrow(digits string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' {
			return r - '０' + '0'
		}
		return r
	}, digits)
}

// holdsNumberSign reports whether a subject may hold a ticket number.
func holdsNumberSign(subject string) bool {
	return wordset.HoldsSign(subject, "#", "＃", "%23", "&num;")
}

// Numbers finds the ticket numbers in a subject, as in "[#1042]".
func Numbers(subject string) []int64 {
	if !holdsNumberSign(subject) {
		return nil
	}
	var out []int64
	for _, m := range numberPattern.FindAllStringSubmatch(subject, 10) {
		if n, err := strconv.ParseInt(narrow(m[1]), 10, 64); err == nil && n > 0 {
			out = append(out, n)
		}
	}
	return out
}

// WithoutNumbers returns a subject without the ticket numbers in it.
func WithoutNumbers(subject string) string {
	if !holdsNumberSign(subject) {
		return subject
	}
	return numberPattern.ReplaceAllString(subject, " ")
}

// exchangeIndex returns the part of a Thread-Index that all mails of a conversation share: the
// first 22 octets (MS-OXOMSG section 2.2.1.3). What stands behind them is not looked at: gateways
// cut the field short.
func exchangeIndex(v string) string {
	v = strings.Join(strings.Fields(v), "")
	b, err := base64.RawStdEncoding.DecodeString(v[:min(len(v), 30)]) // 22 octets and 4 bits
	if err != nil || len(b) < 22 {
		return ""
	}
	return hex.EncodeToString(b)
}

// GoesOn reports whether a mail that shares only a missing ancestor with a conversation, and not
// its subject, continues it. Some programs name the same ancestor in everything they send, so a
// mail that is not a reply and has a subject of its own does not.
func (p Pointers) GoesOn() bool { return p.Reply || p.Subject == "" }

// Window is how long after the last mail of a conversation an equal subject counts as evidence.
const Window = 7 * 24 * time.Hour
