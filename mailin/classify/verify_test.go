package classify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"tierdesk/mailin"
)

// dns is a DNS of a test's own.
type dns struct {
	txt  map[string]string
	a    map[string]string
	down bool
}

func (d dns) fault(name string) error {
	if d.down {
		return &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (d dns) LookupTXT(_ context.Context, name string) ([]string, error) {
	if r, ok := d.txt[name]; ok && !d.down {
		if r == "temporary" {
			return nil, dns{down: true}.fault(name)
		}
		return []string{r}, nil
	}
	return nil, d.fault(name)
}

func (d dns) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	if r, ok := d.a[name]; ok && !d.down {
		return []net.IPAddr{{IP: net.ParseIP(r)}}, nil
	}
	return nil, d.fault(name)
}
func (d dns) LookupMX(_ context.Context, name string) ([]*net.MX, error)  { return nil, d.fault(name) }
func (d dns) LookupAddr(_ context.Context, name string) ([]string, error) { return nil, d.fault(name) }

func TestVerifier(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]string{
		"sel._domainkey.gold.example": "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public),
		"sel._domainkey.evil.example": "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public),
		"_dmarc.gold.example":         "v=DMARC1; p=reject",
	}
	plain := "From: Jane <jane@gold.example>\r\nTo: support@desk.example\r\nSubject: Printer\r\nDate: Mon, 2 Nov 2026 09:00:00 +0000\r\nMessage-ID: <a@gold.example>\r\n\r\nIt jams.\r\n"
	sign := func(domain string) string {
		var out bytes.Buffer
		if err := dkim.Sign(&out, strings.NewReader(plain), &dkim.SignOptions{Domain: domain, Selector: "sel", Signer: private, Hash: crypto.SHA256}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	v := Verifier{Resolver: dns{txt: records}}
	for _, c := range []struct {
		why, raw string
		want     mailin.Verdict
		method   string
	}{
		{"signed by the author's domain", sign("gold.example"), mailin.VerdictPass, "pass"},
		{"with bare line feeds", strings.ReplaceAll(sign("gold.example"), "\r\n", "\n"), mailin.VerdictPass, "pass"},
		{"signed by another", sign("evil.example"), mailin.VerdictNone, "pass"},
		{"altered", strings.Replace(sign("gold.example"), "It jams", "It burns", 1), mailin.VerdictNone, "fail"},
		{"From altered", strings.Replace(sign("gold.example"), "jane@", "joe@", 1), mailin.VerdictNone, "fail"},
		{"not signed", plain, mailin.VerdictNone, "none"},
		{"nonsense", "DKIM-Signature: x\r\n" + plain, mailin.VerdictNone, "fail"},
	} {
		m := mailWith("From: jane@gold.example")
		if strings.Contains(c.raw, "DKIM-Signature") {
			m.Header = append(m.Header, mailin.Field{Key: "DKIM-Signature", Value: "x"})
		}
		a, err := v.Verify(context.Background(), []byte(c.raw), m)
		if err != nil || a.Verdict != c.want || a.Methods["dkim"] != c.method || len(a.Reasons) == 0 {
			t.Errorf("%s: %+v %v", c.why, a, err)
		}
		if c.why == "altered" && !slices.Contains(a.Reasons, "gold.example asks by DMARC: p=reject") {
			t.Errorf("the domain's wish is not told: %q", a.Reasons)
		}
	}
	// A failing DNS is an error that passes, no verdict.
	broken := Verifier{Resolver: dns{down: true}}
	m := mailWith("From: jane@gold.example", "DKIM-Signature: x")
	if _, err := broken.Verify(context.Background(), []byte(sign("gold.example")), m); err == nil {
		t.Error("no error though the DNS is down")
	}
	if _, err := (Verifier{}).Verify(context.Background(), []byte(sign("gold.example")), m); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("a verifier without a resolver: %v", err)
	}
}

// Anybody can write in the name of an agent, and what signatures cost grows with the square of the header.
func TestLongHeadersAreNotChecked(t *testing.T) {
	t.Parallel()
	m := &mailin.Message{From: []mailin.Address{{Address: "ann@staff.example"}}, Auth: mailin.Auth{Verdict: mailin.VerdictNone},
		Header: mailin.Header{{Key: "From", Value: "ann@staff.example"}, {Key: "DKIM-Signature", Value: "there is one"}}}
	for _, c := range []struct {
		why, head string
		checked   bool
	}{
		{"an ordinary one", strings.Repeat("X-Trace: some words of a filter\r\n and some more\r\n", 300), true},
		{"many folds", "X-Long: a" + strings.Repeat("\r\n a", maxHeadLines) + "\r\n", false},
		{"many folds, bare", "X-Long: a" + strings.Repeat("\n a", maxHeadLines) + "\n", false},
		{"many fields", strings.Repeat("A:\r\n", maxHeadLines), false},
		{"one long line", "X-Long: " + strings.Repeat("a", maxHeadOctets) + "\r\n", false},
	} {
		asked := false
		v := Verifier{Resolver: heard{dns{}, &asked}}
		signed := "From: ann@staff.example\r\nDKIM-Signature: v=1; a=rsa-sha256; d=staff.example; s=a; h=from:" + strings.Repeat("x:", 100) + "to; bh=aaaa; b=aaaa\r\n"
		a, err := v.Verify(t.Context(), []byte(signed+c.head+"\r\n"+strings.Repeat("A line.\r\n", 2*maxHeadLines)), m)
		if err != nil || asked != c.checked || a.Verdict != mailin.VerdictNone {
			t.Errorf("%s: checked %v, %+v, %v", c.why, asked, a, err)
		}
		if !c.checked && !slices.Contains(a.Reasons, "its header is too long to be checked") {
			t.Errorf("%s: nobody is told why: %v", c.why, a.Reasons)
		}
	}
}

// heard notes that it was asked.
type heard struct {
	dns
	asked *bool
}

func (h heard) LookupTXT(ctx context.Context, name string) ([]string, error) {
	*h.asked = true
	return h.dns.LookupTXT(ctx, name)
}
