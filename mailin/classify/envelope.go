package classify

import (
	"net/netip"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// envelope is who handed a mail to our server over SMTP, as far as our own servers have written it
// down.
type envelope struct {
	ip     netip.Addr
	helo   string
	sender string // address in MAIL FROM, "" for the null sender
	// recorded is the SPF result that our own server wrote itself (RFC 7208 section 9.1); Name ""
	// for none.
	recorded Method
}

// envelopeOf reads the envelope from the trace fields at the top: the Received lines of the servers
// that the admin has named, and what stands above them. Whatever stands below may have come with
// the mail. It tells why the envelope is not known, if so.
func (t Trust) envelopeOf(m *mailin.Message) (envelope, string) {
	var e envelope
	if len(t.ReceivedBy) == 0 {
		return e, "spf: no server is named in trust: received_by"
	}
	var above []mailin.Field // the fields above the line at which the mail came in
	returnPath := false
	for _, f := range m.Header {
		if !strings.EqualFold(f.Key, "Received") {
			above = append(above, f)
			continue
		}
		r, ok := parseReceived(f.Value)
		switch {
		case !ok:
			return e, "spf: the topmost Received line cannot be read"
		case !among(t.ReceivedBy, r.by):
			return e, "spf: the topmost Received line is by " + r.by + ", which is not named in trust: received_by"
		case r.local():
			continue // handed on inside the machine: from a filter, to the mailbox
		case r.authenticated:
			return e, "spf: the mail was submitted with a login"
		case !r.ip.IsValid() || r.ip.IsPrivate() || r.ip.IsLinkLocalUnicast():
			return e, "spf: the mail did not come from outside"
		}
		e.ip, e.helo = r.ip, r.helo
		for _, f := range above {
			switch strings.ToLower(f.Key) {
			case "return-path":
				if !returnPath {
					returnPath, e.sender = true, strings.ToLower(strings.Trim(strings.TrimSpace(f.Value), "<>"))
				}
			case "received-spf":
				if e.recorded.Name == "" {
					e.recorded = recordedSPF(f.Value)
				}
			}
		}
		if !returnPath && e.recorded.Name == "" {
			return e, "spf: no Return-Path tells the sender of the envelope"
		}
		return e, ""
	}
	return e, "spf: there is no Received line"
}

// received is what one Received line tells (RFC 5321 section 4.4).
type received struct {
	helo, by      string
	ip            netip.Addr // not valid if there is none, or more than one
	hasFrom       bool
	with          string
	authenticated bool
}

// local reports that the line is no hop from another machine.
func (r received) local() bool {
	return !r.hasFrom || r.ip.IsLoopback() || strings.HasPrefix(r.with, "LMTP")
}

var (
	heloForm = late.Compile(`^[A-Za-z0-9._:\[\]-]+$`)
	ipForm   = late.Compile(`\[(?i:IPv6:)?([0-9A-Fa-f.:]+)\]|\(([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\)`)
)

// parseReceived takes a Received line apart, strictly: the name that the other side gives itself
// stands in it as it was given, and must not be taken for words of our server.
func parseReceived(s string) (received, bool) {
	var r received
	if i := strings.LastIndexByte(s, ';'); i >= 0 {
		s = s[:i]
	}
	// Words outside comments, and the comments of the from clause.
	var words []string
	var comments strings.Builder
	depth, start := 0, -1
	seenBy := false
	word := func(end int) {
		if start >= 0 {
			w := s[start:end]
			words, start = append(words, w), -1
			seenBy = seenBy || strings.EqualFold(w, "by")
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			if word(i); depth == 0 && !seenBy {
				comments.WriteByte('(')
			}
			depth++
			continue
		case c == ')':
			if depth == 0 {
				return r, false
			}
			if depth--; depth == 0 && !seenBy {
				comments.WriteByte(')')
			}
			continue
		case depth > 0:
			if !seenBy {
				comments.WriteByte(c)
			}
			continue
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			word(i)
		case start < 0:
			start = i
		}
	}
	if word(len(s)); depth != 0 {
		return r, false
	}
	// from HELO by NAME ..., or by NAME ...
	if len(words) >= 2 && strings.EqualFold(words[0], "from") {
		r.hasFrom, r.helo = true, words[1]
		if words = words[2:]; !heloForm.MatchString(r.helo) {
			return r, false
		}
	}
	if len(words) < 2 || !strings.EqualFold(words[0], "by") {
		return r, false
	}
	r.by = words[1]
	for i, w := range words[2:] {
		if strings.EqualFold(w, "by") || strings.EqualFold(w, "from") {
			return r, false
		}
		if strings.EqualFold(w, "with") && i+3 < len(words) && r.with == "" {
			r.with = strings.ToUpper(words[i+3])
		}
	}
	switch r.with { // RFC 3848
	case "ESMTPA", "ESMTPSA", "UTF8SMTPA", "UTF8SMTPSA", "LMTPA", "LMTPSA":
		r.authenticated = true
	}
	// The one address of the other side: with two of them one may be its own invention.
	for _, m := range ipForm.FindAllStringSubmatch(r.helo+" "+comments.String(), -1) {
		ip, err := netip.ParseAddr(m[1] + m[2])
		if err != nil {
			continue
		}
		ip = ip.Unmap()
		if r.ip.IsValid() && r.ip != ip {
			r.ip = netip.Addr{}
			break
		}
		r.ip = ip
	}
	return r, true
}

// recordedSPF reads a Received-SPF field: `pass (comment) client-ip=1.2.3.4;
// envelope-from="a@b.example"; helo=c.example`.
func recordedSPF(v string) Method {
	plain := withoutComments(v)
	words := strings.FieldsFunc(plain, func(c rune) bool { return c == ' ' || c == '\t' || c == ';' })
	if len(words) == 0 {
		return Method{}
	}
	m := Method{Name: "spf", Result: strings.ToLower(words[0])}
	helo := ""
	for _, w := range words[1:] {
		switch k, v, _ := strings.Cut(w, "="); strings.ToLower(k) {
		case "envelope-from":
			m.Domain = mailin.Domain(strings.Trim(v, "<>"))
		case "helo":
			helo = strings.ToLower(v)
		}
	}
	if m.Domain == "" {
		m.Domain = helo
	}
	return m
}
