package classify

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
)

// rawField is a header field: as it stands in the mail with its line end, or, where only its value
// is looked at, unfolded.
type rawField struct {
	key  string // in lower case
	full []byte // from the name to the line end; nil where it is not known
	text string // the value
}

// arcSet is what one forwarder has added (RFC 8617 section 4.1).
type arcSet struct {
	results, signature, seal rawField // ARC-Authentication-Results, ARC-Message-Signature, ARC-Seal
	sealTags                 map[string]string
	domain                   string // whose seal it is
}

// maxSets bounds the chain; the RFC allows fifty, each of which costs a question to the DNS.
const maxSets = 15

// arcSets gathers the sets of a chain, the oldest first, and checks that none is missing, doubled
// or contradicts itself (RFC 8617 section 5.2, steps 1 to 3 as far as they need no key). No set and
// no error: the mail has no chain.
func arcSets(fields []rawField) ([]arcSet, error) {
	found := map[int]*arcSet{}
	top := 0
	for _, f := range fields {
		if !strings.HasPrefix(f.key, "arc-") {
			continue
		}
		var i int
		var tags map[string]string
		switch f.key {
		case "arc-authentication-results":
			head, _, _ := strings.Cut(f.text, ";")
			k, v, _ := strings.Cut(head, "=")
			n, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil || strings.TrimSpace(k) != "i" {
				return nil, errors.New("an ARC-Authentication-Results field has no instance")
			}
			i = n
		case "arc-message-signature", "arc-seal":
			var err error
			if tags, err = tagList(f.text); err != nil {
				return nil, err
			}
			n, err := strconv.Atoi(tags["i"])
			if err != nil {
				return nil, errors.New("an ARC field has no instance")
			}
			i = n
		default:
			continue
		}
		if i < 1 || i > maxSets {
			return nil, fmt.Errorf("the chain has an instance %d", i)
		}
		set := found[i]
		if set == nil {
			set = &arcSet{}
			found[i] = set
		}
		place := &set.results
		switch f.key {
		case "arc-message-signature":
			place = &set.signature
		case "arc-seal":
			place, set.sealTags, set.domain = &set.seal, tags, strings.ToLower(tags["d"])
		}
		if place.key != "" {
			return nil, fmt.Errorf("the chain has %s twice for instance %d", f.key, i)
		}
		*place = f
		top = max(top, i)
	}
	chain := make([]arcSet, 0, top)
	for i := 1; i <= top; i++ {
		set := found[i]
		if set == nil || set.results.key == "" || set.signature.key == "" || set.seal.key == "" {
			return nil, fmt.Errorf("the chain has a gap at instance %d", i)
		}
		want := "pass"
		if i == 1 {
			want = "none"
		}
		if cv := strings.ToLower(set.sealTags["cv"]); cv != want {
			return nil, fmt.Errorf("instance %d is sealed with cv=%s", i, cv)
		}
		chain = append(chain, *set)
	}
	return chain, nil
}

// judgeChain believes what trusted forwarders found out when the mail came to them: those whose
// seals stand on top without a gap, since whoever stands between could have changed the mail. The
// chain has been verified.
func (t Trust) judgeChain(a *mailin.Auth, chain []arcSet, from string) {
	for i := len(chain) - 1; i >= 0; i-- {
		by := chain[i].domain
		if !t.forwarder(by) {
			a.Reasons = append(a.Reasons, "arc: "+by+" is no trusted forwarder")
			return
		}
		_, line, _ := strings.Cut(chain[i].results.text, ";") // i=1; authserv-id; results
		_, results, err := parseResults(line)
		if why, proven := vouched(results, from, Aligned); err == nil && proven {
			a.Verdict = mailin.VerdictPass
			a.Reasons = []string{"forwarded by " + by + ", which has sealed (ARC) that it came with " + why}
			return
		}
		a.Reasons = append(a.Reasons, "arc: "+by+" has not sealed that the sender was proven")
	}
}

// sealed lifts a verdict where trusted forwarders have sealed that the sender was proven when the
// mail came to them.
func (c *check) sealed(a mailin.Auth) mailin.Auth {
	if len(c.v.Trust.Forwarders) == 0 || !c.m.Header.Has("ARC-Seal") {
		return a
	}
	methods := map[string]string{}
	for k, v := range a.Methods {
		methods[k] = v
	}
	a.Methods, a.Reasons = methods, append([]string{}, a.Reasons...)
	head, body := splitFields(c.raw)
	chain, err := arcSets(head)
	if err != nil {
		a.Methods["arc"], a.Reasons = "fail", append(a.Reasons, "arc=fail: "+err.Error())
		return a
	}
	if len(chain) == 0 || !c.v.Trust.forwarder(chain[len(chain)-1].domain) {
		if len(chain) > 0 {
			a.Reasons = append(a.Reasons, "arc: "+chain[len(chain)-1].domain+" is no trusted forwarder")
		}
		return a
	}
	switch err := c.verifyChain(chain, head, body); {
	case isTemporary(err):
		c.failed("check the ARC chain", err)
		a.Methods["arc"], a.Reasons = "temperror", append(a.Reasons, "arc=temperror: "+err.Error())
	case err != nil:
		a.Methods["arc"], a.Reasons = "fail", append(a.Reasons, "arc=fail: "+err.Error())
	default:
		a.Methods["arc"] = "pass"
		c.v.Trust.judgeChain(&a, chain, c.from)
	}
	return a
}

// verifyChain checks the signature of the newest set over the mail, and the seals of all (RFC 8617
// section 5.2).
func (c *check) verifyChain(chain []arcSet, head []rawField, body []byte) error {
	authors := 0
	for _, f := range head {
		if f.key == "from" {
			authors++
		}
	}
	if authors != 1 {
		return errors.New("the mail has not one From field")
	}
	if err := c.verifyMessage(chain[len(chain)-1], head, body); err != nil {
		return fmt.Errorf("the ARC-Message-Signature: %w", err)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		if err := c.verifySeal(chain[:i+1]); err != nil {
			return fmt.Errorf("the ARC-Seal of %s: %w", chain[i].domain, err)
		}
	}
	return nil
}

// verifyMessage checks an ARC-Message-Signature: a DKIM signature (RFC 6376) with other rules for a
// few tags (RFC 8617 section 4.1.2).
func (c *check) verifyMessage(set arcSet, head []rawField, body []byte) error {
	tags, err := tagList(set.signature.text)
	if err != nil {
		return err
	}
	if _, has := tags["l"]; has {
		return errors.New("it covers a part of the text only")
	}
	if x := tags["x"]; x != "" {
		n, err := strconv.ParseInt(x, 10, 64)
		if err != nil || c.v.Now != nil && c.v.Now().After(time.Unix(n, 0)) {
			return errors.New("it has expired")
		}
	}
	headForm, bodyForm, _ := strings.Cut(strings.ToLower(tags["c"]), "/")
	if headForm == "" {
		headForm = "simple"
	}
	if bodyForm == "" {
		bodyForm = "simple"
	}
	if headForm != "simple" && headForm != "relaxed" || bodyForm != "simple" && bodyForm != "relaxed" {
		return errors.New("its form is not known")
	}
	sum := sha256.Sum256(canonicalBody(body, bodyForm == "relaxed"))
	if want, err := base64.StdEncoding.DecodeString(tags["bh"]); err != nil || !bytes.Equal(sum[:], want) {
		return errors.New("the text was changed")
	}
	var signed []byte
	var names []string
	left := len(head)
	last := map[string]int{} // where the field of that name was found that was signed before
	for name := range strings.SplitSeq(strings.ToLower(tags["h"]), ":") {
		name = strings.TrimSpace(name)
		names = append(names, name)
		if name == "arc-seal" {
			return errors.New("it covers a seal")
		}
		from, again := last[name]
		if !again {
			from = left
		}
		// From the bottom up (RFC 6376 section 5.4.2); one that is not there counts as empty.
		for from--; from >= 0; from-- {
			if head[from].key == name {
				signed = append(signed, canonicalField(head[from].full, headForm == "relaxed")...)
				break
			}
		}
		last[name] = max(from, 0)
	}
	if !signs(names, "from") {
		return errors.New("it does not cover From")
	}
	signed = append(signed,
		bytes.TrimSuffix(canonicalField(withoutSignature(set.signature.full), headForm == "relaxed"), []byte("\r\n"))...)
	return c.verifySignature(tags, signed)
}

// verifySeal checks the seal of the newest set of a chain, over all sets up to it (RFC 8617 section
// 5.1.1).
func (c *check) verifySeal(chain []arcSet) error {
	var signed []byte
	for i, set := range chain {
		signed = append(signed, canonicalField(set.results.full, true)...)
		signed = append(signed, canonicalField(set.signature.full, true)...)
		if i < len(chain)-1 {
			signed = append(signed, canonicalField(set.seal.full, true)...)
			continue
		}
		signed = append(signed, bytes.TrimSuffix(canonicalField(withoutSignature(set.seal.full), true), []byte("\r\n"))...)
	}
	tags := chain[len(chain)-1].sealTags
	if _, has := tags["h"]; has { // RFC 8617 section 4.1.3
		return errors.New("it names fields")
	}
	return c.verifySignature(tags, signed)
}

// verifySignature checks the b= of tags with the key that the domain has published (RFC 6376
// section 3.6, RFC 8301, RFC 8463).
func (c *check) verifySignature(tags map[string]string, signed []byte) error {
	signature, err := base64.StdEncoding.DecodeString(tags["b"])
	if err != nil || len(signature) == 0 {
		return errors.New("it cannot be read")
	}
	if tags["d"] == "" || tags["s"] == "" {
		return errors.New("it names no key")
	}
	name := tags["s"] + "._domainkey." + tags["d"]
	records, err := c.lookup(name)
	if err != nil {
		return fmt.Errorf("ask for the key %s: %w", name, err)
	}
	if len(records) != 1 {
		return fmt.Errorf("%s has %d keys", name, len(records))
	}
	record, err := tagList(records[0])
	if err != nil {
		return err
	}
	if v, has := record["v"]; has && v != "DKIM1" {
		return errors.New("its key is of another kind")
	}
	if h := record["h"]; h != "" && !signs(strings.Split(h, ":"), "sha256") {
		return errors.New("its key is for other hashes")
	}
	key, err := base64.StdEncoding.DecodeString(record["p"])
	if err != nil || len(key) == 0 {
		return errors.New("its key was withdrawn or cannot be read")
	}
	sum := sha256.Sum256(signed)
	kind := strings.ToLower(record["k"])
	switch strings.ToLower(tags["a"]) {
	case "rsa-sha256":
		if kind != "" && kind != "rsa" {
			return errors.New("its key is of another kind")
		}
		var public *rsa.PublicKey
		if k, err := x509.ParsePKIXPublicKey(key); err == nil {
			public, _ = k.(*rsa.PublicKey)
		} else {
			public, _ = x509.ParsePKCS1PublicKey(key) // RFC 6376 erratum 3017
		}
		if public == nil || public.Size() < 128 { // RFC 8301 section 3.2
			return errors.New("its key is too short or cannot be read")
		}
		if rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature) != nil {
			return errors.New("it does not fit")
		}
	case "ed25519-sha256":
		if kind != "ed25519" || len(key) != ed25519.PublicKeySize {
			return errors.New("its key is of another kind")
		}
		if !ed25519.Verify(key, sum[:], signature) {
			return errors.New("it does not fit")
		}
	default:
		return errors.New("its algorithm is not known or too weak")
	}
	return nil
}

func isTemporary(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && !dns.IsNotFound
}

// tagList reads `a=b; c=d` (RFC 6376 section 3.2), without the white space in values; a tag that
// stands twice is an error.
func tagList(s string) (map[string]string, error) {
	tags := map[string]string{}
	for part := range strings.SplitSeq(s, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		k, v, ok := strings.Cut(part, "=")
		k = strings.TrimSpace(k)
		if _, twice := tags[k]; !ok || twice {
			return nil, errors.New("its tags cannot be read")
		}
		tags[k] = strings.Join(strings.Fields(v), "")
	}
	return tags, nil
}

// headerFields returns the fields of a message that has been read.
func headerFields(h mailin.Header) []rawField {
	out := make([]rawField, len(h))
	for i, f := range h {
		out[i] = rawField{key: strings.ToLower(f.Key), text: f.Value}
	}
	return out
}

// splitFields takes a mail with CRLF line ends apart as those who sign do: fields with all their
// octets, and the body.
func splitFields(raw []byte) ([]rawField, []byte) {
	var out []rawField
	for len(raw) > 0 {
		if bytes.HasPrefix(raw, []byte("\r\n")) {
			return out, raw[2:]
		}
		end := 0
		for {
			i := bytes.Index(raw[end:], []byte("\r\n"))
			if i < 0 {
				end = len(raw)
				break
			}
			end += i + 2
			if end >= len(raw) || raw[end] != ' ' && raw[end] != '\t' {
				break
			}
		}
		name, value, _ := bytes.Cut(raw[:end], []byte(":"))
		out = append(out, rawField{key: strings.ToLower(strings.TrimRight(string(name), " \t")), full: raw[:end],
			text: strings.TrimSpace(strings.ReplaceAll(string(value), "\r\n", ""))})
		raw = raw[end:]
	}
	return out, nil
}

// canonicalField returns a field in the form that is signed (RFC 6376 sections 3.4.1 and 3.4.2).
func canonicalField(full []byte, relaxed bool) []byte {
	if !relaxed {
		return full
	}
	name, value, _ := bytes.Cut(full, []byte(":"))
	out := make([]byte, 0, len(full))
	out = append(out, bytes.ToLower(bytes.TrimRight(name, " \t"))...)
	out = append(out, ':')
	out = append(out, bytes.Join(bytes.FieldsFunc(value, blank), []byte(" "))...)
	return append(out, '\r', '\n')
}

func blank(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// withoutSignature empties the b= of a signature, which cannot cover itself (RFC 6376 section 3.7).
func withoutSignature(full []byte) []byte {
	colon := bytes.IndexByte(full, ':')
	for pos := colon + 1; pos < len(full); {
		end := bytes.IndexByte(full[pos:], ';')
		if end < 0 {
			end = len(full)
		} else {
			end += pos
		}
		if eq := bytes.IndexByte(full[pos:end], '='); eq >= 0 && string(bytes.TrimFunc(full[pos:pos+eq], blank)) == "b" {
			out := bytes.Clone(full[:pos+eq+1])
			if end == len(full) {
				return append(out, '\r', '\n')
			}
			return append(out, full[end:]...)
		}
		pos = end + 1
	}
	return full
}

// canonicalBody returns the body in the form that is signed (RFC 6376 sections 3.4.3 and 3.4.4).
func canonicalBody(body []byte, relaxed bool) []byte {
	if relaxed {
		out := make([]byte, 0, len(body))
		for len(body) > 0 {
			line, rest, found := bytes.Cut(body, []byte("\r\n"))
			gap := false
			for _, c := range line {
				if c == ' ' || c == '\t' {
					gap = true
					continue
				}
				if gap {
					out, gap = append(out, ' '), false
				}
				out = append(out, c)
			}
			if out = append(out, '\r', '\n'); !found {
				break
			}
			body = rest
		}
		body = out
	}
	for bytes.HasSuffix(body, []byte("\r\n\r\n")) {
		body = body[:len(body)-2]
	}
	switch {
	case relaxed && len(bytes.Trim(body, "\r\n")) == 0:
		return nil
	case !bytes.HasSuffix(body, []byte("\r\n")):
		body = append(bytes.Clone(body), '\r', '\n')
	}
	return body
}
