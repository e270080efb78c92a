package classify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"
	"golang.org/x/net/publicsuffix"

	"tierdesk/mailin"
)

// Trust is whose word on senders counts (`trust:` in tierdesk.yaml).
type Trust struct {
	AuthservIDs []string // authserv-ids of our servers (RFC 8601 section 2.2); none trusts no field
	ReceivedBy  []string // names by which our own servers call themselves in Received; none: the envelope of a mail is not known
	Forwarders  []string // domains whose ARC seals are believed (RFC 8617), with those below them
	Internal    string   // "Header: value" that only our own server can set; "" for none
}

// AuthResults reads what our own server found out about the sender: the topmost
// Authentication-Results field that carries its name, and no other. Fields of other names, and ones
// below, may have come with the mail. It is pure.
func AuthResults(m *mailin.Message, trust Trust) mailin.Auth {
	a := mailin.Auth{Verdict: mailin.VerdictNone}
	if key, want, ok := strings.Cut(trust.Internal, ":"); ok && key != "" {
		// Only the topmost such field is our server's.
		if got := m.Header.Get(strings.TrimSpace(key)); got != "" && strings.EqualFold(strings.TrimSpace(got), strings.TrimSpace(want)) {
			a.Internal = true
			a.Reasons = append(a.Reasons, trust.Internal)
		}
	}
	var chain []arcSet
	if len(trust.Forwarders) > 0 && m.Header.Has("ARC-Seal") {
		chain, _ = arcSets(headerFields(m.Header))
		a.Sealed = len(chain) > 0 && trust.forwarder(chain[len(chain)-1].domain)
	}
	if len(trust.AuthservIDs) == 0 {
		return a
	}
	id, results, found, err := trust.results(m)
	switch {
	case !found:
		a.Reasons = append(a.Reasons, "no Authentication-Results of "+strings.Join(trust.AuthservIDs, ", "))
		return a
	case err != nil:
		a.Reasons = append(a.Reasons, "the Authentication-Results of "+id+" cannot be read")
		return a
	}
	judgeResults(&a, results, fromDomain(m), Aligned)
	if a.Verdict != mailin.VerdictPass && a.Sealed && a.Methods["arc"] == "pass" { // the server has checked the seals
		trust.judgeChain(&a, chain, fromDomain(m))
	}
	return a
}

// Trusted reports whether the mail carries an Authentication-Results field of our server.
func Trusted(m *mailin.Message, trust Trust) bool {
	_, _, found, _ := trust.results(m)
	return found
}

// results returns what the topmost Authentication-Results field of a server of ours says.
func (t Trust) results(m *mailin.Message) (id string, results []Method, found bool, err error) {
	if len(t.AuthservIDs) == 0 {
		return "", nil, false, nil
	}
	for _, f := range m.Header {
		if !strings.EqualFold(f.Key, "Authentication-Results") {
			continue
		}
		id, results, err := parseResults(f.Value)
		if among(t.AuthservIDs, id) {
			return id, results, true, err
		}
	}
	return "", nil, false, nil
}

// forwarder reports whether the seals of a domain are believed.
func (t Trust) forwarder(domain string) bool {
	for _, d := range t.Forwarders {
		d = strings.ToLower(d)
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return true
		}
	}
	return false
}

func among(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
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

// Methods lists all results of all Authentication-Results fields, topmost first, whoever wrote
// them: to be looked at, not to be believed.
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
	v = withoutComments(v)
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
			if d == "" {
				d = strings.ToLower(r.Helo)
			}
			out = append(out, Method{"spf", string(r.Value), d})
		case *authres.DMARCResult:
			out = append(out, Method{"dmarc", string(r.Value), strings.ToLower(r.From)})
		case *authres.ARCResult:
			out = append(out, Method{"arc", string(r.Value), ""})
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

// withoutComments takes the comments out of a structured field (RFC 5322 section 3.2.2) and the
// quotes off its strings. What stands in quotes may be the sender's (the local part of their
// address): it loses the signs that would end a result, which the parser of results does not know
// to be quoted.
func withoutComments(s string) string {
	if !strings.ContainsAny(s, `("`) {
		return s
	}
	var w strings.Builder
	w.Grow(len(s))
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && (quoted || depth > 0) && i+1 < len(s) { // quoted-pair
			if i++; depth == 0 {
				w.WriteByte('_')
			}
			continue
		}
		switch {
		case quoted && c == '"':
			quoted = false
		case quoted:
			if c <= ' ' || c == ';' || c == '=' || c == '(' || c == ')' {
				c = '_'
			}
			w.WriteByte(c)
		case c == '(':
			depth++
		case depth > 0:
			if c == ')' {
				if depth--; depth == 0 {
					w.WriteByte(' ')
				}
			}
		case c == '"':
			quoted = true
		default:
			w.WriteByte(c)
		}
	}
	return w.String()
}

// judgeResults makes a verdict: DMARC first, then DKIM if it speaks for the domain of From (RFC
// 7489 section 3.1), which aligned tells.
func judgeResults(a *mailin.Auth, results []Method, from string, aligned func(domain, from string) bool) {
	a.Methods = map[string]string{}
	for _, r := range results {
		result := strings.ToLower(r.Result)
		switch old, have := a.Methods[r.Name]; {
		case !have:
			a.Methods[r.Name] = result
		case r.Name == "dkim" && result == "pass" && old != "pass": // one good signature of several is enough
			a.Methods[r.Name] = result
		}
	}
	a.Failed = failures(results, from)
	why, proven := vouched(results, from, aligned)
	switch {
	case a.Methods["dmarc"] == "fail":
		a.Verdict = mailin.VerdictFail
		a.Reasons = append(a.Reasons, "dmarc=fail")
	case proven:
		a.Verdict = mailin.VerdictPass
		a.Reasons = append(a.Reasons, why)
	default:
		for _, r := range results {
			a.Reasons = append(a.Reasons, r.Name+"="+r.Result)
		}
		switch {
		case len(results) == 0:
			a.Reasons = append(a.Reasons, "the server checked nothing")
		case from == "":
			a.Reasons = append(a.Reasons, "From does not name one domain")
		}
	}
}

// senderMethods are those by which a server checks who wrote a mail; the others, such as iprev,
// speak of machines.
var senderMethods = []string{"dmarc", "dkim", "spf", "domainkeys", "sender-id", "dkim-adsp", "compauth"}

// failures lists the results that speak against the domain of From, or do not say which domain they
// speak of. A "softfail" is none: its owner says "probably not" and asks that nothing be decided by
// it alone (RFC 7208 section 8.5), forwarded mail has it, and to DMARC it is no worse than "none".
func failures(results []Method, from string) []string {
	var out []string
	for _, r := range results {
		result := strings.ToLower(r.Result)
		if result != "fail" && result != "hardfail" || !slices.Contains(senderMethods, r.Name) {
			continue
		}
		if from == "" || r.Domain == "" || Aligned(r.Domain, from) {
			out = append(out, r.Name+"="+result)
		}
	}
	return out
}

// vouched reports whether results prove the domain of From, and by what. The first DMARC result
// counts, and only for the From that we see: a mail that shows us another From than the server saw
// proves nothing.
func vouched(results []Method, from string, aligned func(domain, from string) bool) (string, bool) {
	if from == "" {
		return "", false
	}
	for _, r := range results {
		if r.Name != "dmarc" {
			continue
		}
		switch {
		case !strings.EqualFold(r.Result, "pass"):
		case r.Domain == "" || Aligned(r.Domain, from):
			return "dmarc=pass", true
		}
		break
	}
	for _, r := range results {
		if r.Name == "dkim" && strings.EqualFold(r.Result, "pass") && aligned(r.Domain, from) {
			return "dkim=pass for " + r.Domain, true
		}
	}
	return "", false
}

// fromDomain returns the one domain of From; "" if From names several authors of several domains,
// or stands there twice: such a mail proves none of them, since a signature or a server may mean
// the other.
func fromDomain(m *mailin.Message) string {
	d, fields := "", 0
	for i, f := range m.From {
		x := mailin.Domain(f.Address)
		if i > 0 && x != d {
			return ""
		}
		d = x
	}
	for _, f := range m.Header {
		if strings.EqualFold(f.Key, "From") {
			fields++
		}
	}
	if fields > 1 {
		return ""
	}
	return d
}

// Aligned reports whether two domains belong to one organisation: relaxed alignment of RFC 7489
// section 3.1.1.
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
