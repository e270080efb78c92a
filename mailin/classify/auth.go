package classify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"tierdesk/mailin"
)

// Trust is whose word on senders counts (`trust:` in tierdesk.yaml).
type Trust struct {
	AuthservID string // authserv-id of our server (RFC 8601 section 2.2); "" trusts no field
	Internal   string // "Header: value" that only our own server can set; "" for none
}

// AuthResults reads what our own server found out about the sender: the topmost Authentication-Results field that
// carries its name, and no other. Fields of other names, and ones below, may have come with the mail. It is pure.
func AuthResults(m *mailin.Message, trust Trust) mailin.Auth {
	a := mailin.Auth{Verdict: mailin.VerdictNone}
	if key, want, ok := strings.Cut(trust.Internal, ":"); ok && key != "" {
		// Only the topmost such field is our server's.
		if got := m.Header.Get(strings.TrimSpace(key)); got != "" && strings.EqualFold(strings.TrimSpace(got), strings.TrimSpace(want)) {
			a.Internal = true
			a.Reasons = append(a.Reasons, trust.Internal)
		}
	}
	if trust.AuthservID == "" {
		return a
	}
	for _, v := range m.Header.Values("Authentication-Results") {
		id, results, err := parseResults(v)
		if !strings.EqualFold(id, trust.AuthservID) {
			continue
		}
		if err != nil {
			a.Reasons = append(a.Reasons, "the Authentication-Results of "+id+" cannot be read")
			return a
		}
		judgeResults(&a, results, fromDomain(m))
		return a
	}
	a.Reasons = append(a.Reasons, "no Authentication-Results of "+trust.AuthservID)
	return a
}

// Trusted tells whether the mail carries an Authentication-Results field of our server.
func Trusted(m *mailin.Message, trust Trust) bool {
	if trust.AuthservID == "" {
		return false
	}
	for _, v := range m.Header.Values("Authentication-Results") {
		if id, _, _ := parseResults(v); strings.EqualFold(id, trust.AuthservID) {
			return true
		}
	}
	return false
}

// Method is one result of one Authentication-Results field.
type Method struct {
	Name, Result string
	Domain       string // the domain it speaks of, "" if it does not say
}

// Methods lists all results of all Authentication-Results fields, topmost first, whoever wrote them: to be looked at,
// not to be believed.
func Methods(m *mailin.Message) []Method {
	var out []Method
	for _, v := range m.Header.Values("Authentication-Results") {
		_, r, _ := parseResults(v)
		out = append(out, r...)
	}
	return out
}

// parseResults reads one field. The authserv-id is given also where the rest cannot be read.
func parseResults(v string) (string, []Method, error) {
	head, _, _ := strings.Cut(v, ";")
	id, _, _ := strings.Cut(strings.TrimSpace(head), " ")
	_, results, err := authres.Parse(v)
	if err != nil {
		return id, nil, fmt.Errorf("read Authentication-Results: %w", err)
	}
	var out []Method
	for _, r := range results {
		switch r := r.(type) {
		case *authres.DKIMResult:
			d := r.Domain
			if d == "" {
				d = mailin.Domain(r.Identifier)
			}
			out = append(out, Method{"dkim", string(r.Value), strings.ToLower(d)})
		case *authres.SPFResult:
			d := mailin.Domain(r.From)
			if d == "" {
				d = strings.ToLower(r.From)
			}
			out = append(out, Method{"spf", string(r.Value), d})
		case *authres.DMARCResult:
			out = append(out, Method{"dmarc", string(r.Value), strings.ToLower(r.From)})
		case *authres.AuthResult:
			out = append(out, Method{"auth", string(r.Value), ""})
		case *authres.IPRevResult:
			out = append(out, Method{"iprev", string(r.Value), ""})
		case *authres.DomainKeysResult:
			out = append(out, Method{"domainkeys", string(r.Value), r.Domain})
		case *authres.SenderIDResult:
			out = append(out, Method{"sender-id", string(r.Value), ""})
		case *authres.GenericResult:
			out = append(out, Method{strings.ToLower(r.Method), string(r.Value), ""})
		}
	}
	return id, out, nil
}

// judgeResults makes a verdict: DMARC first, then DKIM if it speaks for the domain of From (RFC 7489 section 3.1).
func judgeResults(a *mailin.Auth, results []Method, from string) {
	a.Methods = map[string]string{}
	aligned := ""
	for _, r := range results {
		result := strings.ToLower(r.Result)
		switch old, have := a.Methods[r.Name]; {
		case !have:
			a.Methods[r.Name] = result
		case r.Name == "dkim" && result == "pass" && old != "pass": // one good signature of several is enough
			a.Methods[r.Name] = result
		}
		if r.Name == "dkim" && result == "pass" && Aligned(r.Domain, from) {
			aligned = r.Domain
		}
	}
	switch dm := a.Methods["dmarc"]; {
	case dm == "fail":
		a.Verdict = mailin.VerdictFail
		a.Reasons = append(a.Reasons, "dmarc=fail")
	case dm == "pass":
		a.Verdict = mailin.VerdictPass
		a.Reasons = append(a.Reasons, "dmarc=pass")
	case aligned != "":
		a.Verdict = mailin.VerdictPass
		a.Reasons = append(a.Reasons, "dkim=pass for "+aligned)
	default:
		for _, r := range results {
			a.Reasons = append(a.Reasons, r.Name+"="+r.Result)
		}
		if len(results) == 0 {
			a.Reasons = append(a.Reasons, "the server checked nothing")
		}
	}
}

// fromDomain gives the one domain of From; "" if From names several authors of several domains: such a mail proves
// none of them.
func fromDomain(m *mailin.Message) string {
	d := ""
	for i, f := range m.From {
		x := mailin.Domain(f.Address)
		if i > 0 && x != d {
			return ""
		}
		d = x
	}
	return d
}

// Aligned tells whether two domains belong to one organisation: relaxed alignment of RFC 7489 section 3.1.1.
func Aligned(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	a, b = strings.ToLower(strings.TrimSuffix(a, ".")), strings.ToLower(strings.TrimSuffix(b, "."))
	if a == b {
		return true
	}
	oa, err := publicsuffix.EffectiveTLDPlusOne(a)
	if err != nil {
		return false
	}
	ob, err := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && oa == ob
}

// Verifier checks signatures itself, for mail that no trusted server has checked. It asks the DNS through LookupTXT.
type Verifier struct {
	// LookupTXT gives the TXT records of a name. It must be safe to call at once.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// MaxSignatures is how many signatures are checked at most; 0 means 5.
	MaxSignatures int
}

// Verify checks DKIM signatures of a mail (RFC 6376) and, if one speaks for the domain of From, finds the sender
// authenticated. A mail whose domain demands more (DMARC p=reject or quarantine) and that has no such signature is not
// called forged: SPF, which may have vouched for it, needs the envelope. The error is a failing DNS: ask again later.
func (v Verifier) Verify(ctx context.Context, raw []byte, m *mailin.Message) (mailin.Auth, error) {
	a := mailin.Auth{Verdict: mailin.VerdictNone}
	most := v.MaxSignatures
	if most <= 0 {
		most = 5
	}
	if !m.Header.Has("DKIM-Signature") {
		a.Methods = map[string]string{"dkim": "none"}
		a.Reasons = append(a.Reasons, "no DKIM signature")
		return a, nil
	}
	lookup := func(name string) ([]string, error) {
		if v.LookupTXT == nil {
			return nil, &net.DNSError{Err: "no resolver", Name: name, IsTemporary: true}
		}
		return v.LookupTXT(ctx, name)
	}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(withCRLF(raw)), &dkim.VerifyOptions{LookupTXT: lookup, MaxVerifications: most})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		a.Methods = map[string]string{"dkim": "permerror"}
		a.Reasons = append(a.Reasons, "the DKIM signatures cannot be read")
		return a, nil
	}
	from := fromDomain(m)
	var results []Method
	var temporary error
	for _, s := range found {
		r := Method{Name: "dkim", Domain: strings.ToLower(s.Domain)}
		switch {
		case s.Err == nil && !signs(s.HeaderKeys, "From"):
			r.Result = "policy"
		case s.Err == nil:
			r.Result = "pass"
		case dkim.IsTempFail(s.Err):
			r.Result, temporary = "temperror", s.Err
		default:
			r.Result = "fail"
		}
		results = append(results, r)
	}
	judgeResults(&a, results, from)
	if a.Verdict != mailin.VerdictPass {
		if temporary != nil {
			return a, fmt.Errorf("check the DKIM signature of %s: %w", from, temporary)
		}
		a.Reasons = append(a.Reasons, v.policy(lookup, from)...)
	}
	return a, nil
}

// policy tells what the domain's owner wants done with mail that nobody vouches for.
func (v Verifier) policy(lookup func(string) ([]string, error), from string) []string {
	if from == "" {
		return nil
	}
	org := from
	if o, err := publicsuffix.EffectiveTLDPlusOne(from); err == nil {
		org = o
	}
	for i, d := range []string{from, org} {
		if i > 0 && d == from {
			break
		}
		if rec, err := dmarc.LookupWithOptions(d, &dmarc.LookupOptions{LookupTXT: lookup}); err == nil {
			return []string{fmt.Sprintf("%s asks by DMARC: p=%s", d, rec.Policy)}
		}
	}
	return nil
}

func signs(keys []string, key string) bool {
	for _, k := range keys {
		if strings.EqualFold(strings.TrimSpace(k), key) {
			return true
		}
	}
	return false
}

// withCRLF gives a mail the line ends that signatures are made over (RFC 6376 section 3.4).
func withCRLF(raw []byte) []byte {
	n := bytes.Count(raw, []byte("\n"))
	if n == bytes.Count(raw, []byte("\r\n")) {
		return raw
	}
	out := make([]byte, 0, len(raw)+n)
	for i, c := range raw {
		if c == '\n' && (i == 0 || raw[i-1] != '\r') {
			out = append(out, '\r')
		}
		out = append(out, c)
	}
	return out
}
