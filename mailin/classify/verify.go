package classify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"tierdesk/mailin"
)

// Resolver asks the DNS. *net.Resolver is one. It must be safe to call at once.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Verifier checks senders itself, for mail that no trusted server has vouched for: DKIM signatures
// (RFC 6376), SPF (RFC 7208) where our own servers have written the envelope down, DMARC (RFC 7489)
// over both, and the seals of trusted forwarders (ARC, RFC 8617).
type Verifier struct {
	Resolver Resolver // nil: nothing can be checked, which is an error that passes
	Trust    Trust
	// Now tells the time for seals that expire; nil: none does. (Those of DKIM are checked by the
	// library, with the machine's time.)
	Now func() time.Time
	// MaxSignatures is how many signatures are checked at most; 0 means 5.
	MaxSignatures int
}

// Verify judges the sender of a mail that AuthResults has judged before, and gives the verdict with
// its reasons; ctx bounds the time. What our own server found to be forged stays so, unless a
// trusted forwarder has sealed that it was not so when it came to them. Only a domain that demands
// it by DMARC (p=reject or quarantine) makes a mail forged, and only if the envelope is known and
// every question was answered. The error is a failing DNS: ask again later; the verdict that is
// given with it is what is known without the answer.
func (v Verifier) Verify(ctx context.Context, raw []byte, m *mailin.Message) (mailin.Auth, error) {
	if tooLong(raw) {
		a := m.Auth
		a.Reasons = append(slices.Clone(a.Reasons), "its header is too long to be checked")
		return a, nil
	}
	c := &check{ctx: ctx, v: v, m: m, raw: withCRLF(raw), from: fromDomain(m), known: map[string]answer{}}
	a := m.Auth
	if a.Verdict != mailin.VerdictFail {
		a = c.sender()
	}
	if a.Verdict == mailin.VerdictPass {
		return a, nil
	}
	a = c.sealed(a)
	if a.Verdict != mailin.VerdictPass && c.temporary != nil {
		return a, c.temporary
	}
	return a, nil
}

// A header of more lines or octets is not checked: the work that signatures make grows with the
// square of it, and anybody can send one in the name of an agent. Mail servers refuse such headers,
// or write far smaller ones.
const (
	maxHeadLines  = 2000
	maxHeadOctets = 128 << 10
)

func tooLong(raw []byte) bool {
	octets := 0
	for lines := 0; octets < len(raw); lines++ {
		line, _, _ := bytes.Cut(raw[octets:min(len(raw), maxHeadOctets+2)], []byte("\n"))
		if len(bytes.TrimSuffix(line, []byte("\r"))) == 0 {
			return false
		}
		if octets += len(line) + 1; octets > maxHeadOctets || lines == maxHeadLines {
			return true
		}
	}
	return false
}

// check is the verification of one mail.
type check struct {
	ctx       context.Context
	v         Verifier
	m         *mailin.Message
	raw       []byte // with CRLF
	from      string // domain of From
	temporary error  // the first failure of the DNS

	mu    sync.Mutex // signatures are checked at once
	known map[string]answer
}

type answer struct {
	txt []string
	err error
}

// lookup asks for TXT records, for the same name once.
func (c *check) lookup(name string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.known[name]; ok {
		return a.txt, a.err
	}
	var a answer
	if c.v.Resolver == nil {
		a.err = &net.DNSError{Err: "no resolver", Name: name, IsTemporary: true}
	} else {
		a.txt, a.err = c.v.Resolver.LookupTXT(c.ctx, name)
	}
	var dns *net.DNSError
	if a.err != nil && !errors.As(a.err, &dns) { // cancelled, or a resolver of another kind: the name may be there
		a.err = &net.DNSError{Err: a.err.Error(), Name: name, IsTemporary: true}
	}
	c.known[name] = a
	return a.txt, a.err
}

func (c *check) failed(what string, err error) {
	if c.temporary == nil {
		c.temporary = fmt.Errorf("%s: %w", what, err)
	}
}

// sender judges by DKIM, SPF and DMARC.
func (c *check) sender() mailin.Auth {
	a := mailin.Auth{Verdict: mailin.VerdictNone, Methods: map[string]string{}, Sealed: c.m.Auth.Sealed}
	results := c.dkim()
	spf, unknown := c.spf()
	if unknown == "" {
		results = append(results, spf)
	}
	judged, why := c.dmarc(results, unknown == "")
	aligned := Aligned
	if judged.Name != "" { // what the owner of the domain asks for is more than that, or not known
		results = append(results, judged)
		aligned = strings.EqualFold
	}
	judgeResults(&a, results, c.from, aligned)
	if a.Verdict != mailin.VerdictPass {
		if why != "" {
			a.Reasons = append(a.Reasons, why)
		}
		if unknown != "" {
			a.Reasons = append(a.Reasons, unknown)
		}
	}
	return a
}

// dkim checks the signatures. Each gives a result.
func (c *check) dkim() []Method {
	if !c.m.Header.Has("DKIM-Signature") {
		return []Method{{Name: "dkim", Result: "none"}}
	}
	most := c.v.MaxSignatures
	if most <= 0 {
		most = 5
	}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(c.raw), &dkim.VerifyOptions{LookupTXT: c.lookup, MaxVerifications: most})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return []Method{{Name: "dkim", Result: "permerror"}}
	}
	var out []Method
	for _, s := range found {
		r := Method{Name: "dkim", Domain: strings.ToLower(s.Domain), Result: "fail"}
		switch {
		case s.Err == nil && !signs(s.HeaderKeys, "From"):
			r.Result = "policy"
		case s.Err == nil:
			r.Result = "pass"
		case dkim.IsTempFail(s.Err):
			r.Result = "temperror"
			c.failed("check the DKIM signature of "+r.Domain, s.Err)
		}
		out = append(out, r)
	}
	return out
}

// spf reports whether the machine that handed the mail to our server may send for the domain of the
// envelope. The second value tells why that cannot be known.
func (c *check) spf() (Method, string) {
	if _, results, found, err := c.v.Trust.results(c.m); found && err == nil {
		for _, r := range results {
			if r.Name == "spf" {
				return r, "" // our server has checked it while the other side was there
			}
		}
	}
	e, unknown := c.v.Trust.envelopeOf(c.m)
	if unknown != "" {
		return Method{}, unknown
	}
	if e.recorded.Name != "" {
		return e.recorded, ""
	}
	r := Method{Name: "spf", Domain: mailin.Domain(e.sender)}
	if r.Domain == "" { // RFC 7208 section 2.4
		r.Domain = strings.ToLower(e.helo)
	}
	if c.v.Resolver == nil {
		return Method{}, "spf: there is no resolver"
	}
	result, err := spf.CheckHostWithSender(net.IP(e.ip.AsSlice()), e.helo, e.sender, spf.WithContext(c.ctx), spf.WithResolver(c.v.Resolver))
	r.Result = string(result)
	if c.ctx.Err() != nil { // an answer that came to nothing may have been taken for one
		result, err, r.Result = spf.TempError, c.ctx.Err(), string(spf.TempError)
	}
	if result == spf.TempError {
		c.failed("check SPF for "+r.Domain, err)
	}
	return r, ""
}

// dmarc applies the policy that the owner of the domain in From has published. Without a record,
// and where no result can be given, the Method is empty or says none. The words tell of the owner's
// wish.
func (c *check) dmarc(results []Method, envelope bool) (Method, string) {
	if c.from == "" {
		return Method{}, "From does not name one domain"
	}
	org := c.from
	if o, err := publicsuffix.EffectiveTLDPlusOne(c.from); err == nil {
		org = o
	}
	var record *dmarc.Record
	domain := c.from
	for {
		rec, err := dmarc.LookupWithOptions(domain, &dmarc.LookupOptions{LookupTXT: c.lookup})
		if err == nil {
			record = rec
			break
		}
		if dmarc.IsTempFail(err) {
			c.failed("ask for the DMARC record of "+domain, err)
			return Method{Name: "dmarc", Result: "temperror", Domain: c.from}, ""
		}
		if domain == org || !errors.Is(err, dmarc.ErrNoPolicy) { // a record that cannot be read is none (RFC 7489 section 6.6.3)
			return Method{}, ""
		}
		domain = org
	}
	policy := record.Policy
	if domain != c.from && record.SubdomainPolicy != "" {
		policy = record.SubdomainPolicy
	}
	wish := fmt.Sprintf("%s asks by DMARC: p=%s", domain, policy)
	complete := envelope
	for _, r := range results {
		strict := r.Name == "dkim" && record.DKIMAlignment == dmarc.AlignmentStrict || r.Name == "spf" &&
			record.SPFAlignment == dmarc.AlignmentStrict
		aligned := Aligned(r.Domain, c.from) && (!strict || r.Domain == c.from)
		switch strings.ToLower(r.Result) {
		case "pass":
			if aligned {
				return Method{Name: "dmarc", Result: "pass", Domain: c.from}, ""
			}
		case "temperror":
			complete = false
		}
	}
	if complete && (policy == "reject" || policy == "quarantine") {
		return Method{Name: "dmarc", Result: "fail", Domain: c.from}, wish
	}
	return Method{Name: "dmarc", Result: "none", Domain: c.from}, wish
}

func signs(keys []string, key string) bool {
	for _, k := range keys {
		if strings.EqualFold(strings.TrimSpace(k), key) {
			return true
		}
	}
	return false
}

// withCRLF returns a mail the line ends that signatures are made over (RFC 6376 section 3.4).
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
