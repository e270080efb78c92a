package e2e

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A mailing list puts a footer below a mail, which breaks its signature: our server finds it forged. The seal of a list that the admin trusts tells
// that it came there with a good one; the seal of anybody else tells nothing.
func TestAListHasChangedTheMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		forwarders(t, w)
		w.send(letter{from: max, to: support, raw: passedOn("other.example", max, "customer.example", "Toner", "It is empty.")})
		w.next(ann).has("It is empty.", "authentication failed")
		w.next(ben)
		w.nothing(max) // perhaps he never wrote
		w.send(letter{from: max, to: support, raw: strings.Replace(passedOn("lists.example", max, "customer.example", "Paper", "It is all gone."), "It is all", "Nothing is", 1)})
		w.next(ann).has("Nothing is gone.", "authentication failed")
		w.next(ben)
		w.nothing(max)
		w.send(letter{from: max, to: support, raw: passedOn("lists.example", max, "customer.example", "Printer", "It jams.")})
		w.next(max).has("Printer")
		w.next(ann).has("It jams.").lacks("authentication failed")
		w.next(ben)
	})
}

// What was proven of a mail when it came is still known when it is let out of quarantine.
func TestASealedMailIsReleased(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		forwarders(t, w)
		w.send(letter{from: max, to: support, raw: "X-Spam-Flag: YES\r\n" + passedOn("lists.example", max, "customer.example", "Printer", "It jams.")})
		digest, number := w.digest("Printer")
		w.answer(admin, digest, "/release "+number)
		w.next(max).has("Printer")
		w.next(ann).has("It jams.").lacks("authentication failed")
		w.next(ben)
	})
}

// The same with an agent's mail: through the trusted list it is hers, through another one she is asked.
func TestAListHasChangedAnAgentsMail(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		forwarders(t, w)
		ack, _, _ := w.ask()
		w.send(letter{from: ann, to: support, raw: passedOn("other.example", ann, "staff.example", "Re: "+ack.subject(), "Please pay at once.")})
		if q := w.next(ann); q.event() != "confirm" {
			t.Errorf("Ann got %q where she should be asked", q.event())
		}
		w.nothing(max, ben)
		w.send(letter{from: ann, to: support, raw: passedOn("lists.example", ann, "staff.example", "Re: "+ack.subject(), "Please restart.")})
		w.answer(ann, w.next(ann).has("answers no notice"), "/send") // she is believed; what only a number points at is confirmed
		w.next(max).has("Please restart.")
	})
}

// forwarders lets the desk trust one list, and gives it a DNS with the keys of two.
func forwarders(t *testing.T, w *world) {
	t.Helper()
	w.stop()
	file := filepath.Join(w.dir, "tierdesk.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), "trust: {authserv_id: mx.acme.example}", "trust: {authserv_id: mx.acme.example, forwarders: [lists.example]}", 1)
	if text == string(b) {
		t.Fatal("the desk folder has another trust")
	}
	w.write("tierdesk.yaml", text)
	public := base64.StdEncoding.EncodeToString(sealKey.Public().(ed25519.PublicKey))
	w.resolver = fewNames{"arc._domainkey.lists.example": "v=DKIM1; k=ed25519; p=" + public, "arc._domainkey.other.example": "v=DKIM1; k=ed25519; p=" + public}
	w.start()
}

var sealKey = ed25519.NewKeyFromSeed([]byte("a key of lists in these stories!"))

// passedOn is a mail as a list sends it on (RFC 8617): with its footer, its seal, and what it had found out about the sender; above them what our own
// server found out later.
func passedOn(list, from, domain, subject, text string) string {
	now := time.Now()
	fields := []string{"From: " + from, "To: " + support, "Subject: " + subject, "Date: " + now.Format(time.RFC1123Z), fmt.Sprintf("Message-ID: <%d@%s>", now.UnixNano(), domain)}
	body := text + "\r\n\r\n-- \r\nthe list of " + list + "\r\n"
	relaxed := func(field string) string {
		name, value, _ := strings.Cut(field, ":")
		return strings.ToLower(name) + ":" + strings.Join(strings.Fields(value), " ")
	}
	signed := func(lines ...string) string {
		for i := range lines {
			lines[i] = relaxed(lines[i])
		}
		sum := sha256.Sum256([]byte(strings.Join(lines, "\r\n")))
		return base64.StdEncoding.EncodeToString(ed25519.Sign(sealKey, sum[:]))
	}
	tags := fmt.Sprintf("i=1; a=ed25519-sha256; d=%s; s=arc; t=%d; ", list, now.Unix())
	sum := sha256.Sum256([]byte(strings.Replace(body, "-- \r\n", "--\r\n", 1)))
	results := fmt.Sprintf("ARC-Authentication-Results: i=1; mx.%s; dkim=pass header.d=%s; dmarc=pass header.from=%s", list, domain, domain)
	message := "ARC-Message-Signature: " + tags + "c=relaxed/relaxed; h=from:to:subject:date:message-id; bh=" + base64.StdEncoding.EncodeToString(sum[:]) + "; b="
	message += signed(append(append([]string{}, fields...), message)...)
	seal := "ARC-Seal: " + tags + "cv=none; b="
	seal += signed(results, message, seal)
	ours := fmt.Sprintf("Authentication-Results: mx.acme.example; dkim=fail header.d=%s; dmarc=fail header.from=%s", domain, domain)
	return strings.Join(append([]string{ours, seal, message, results}, fields...), "\r\n") + "\r\n\r\n" + body
}

// fewNames is a DNS with a few TXT records.
type fewNames map[string]string

func (n fewNames) LookupTXT(_ context.Context, name string) ([]string, error) {
	if r, ok := n[name]; ok {
		return []string{r}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

var errNoSuchName = errors.New("this DNS has TXT records only")

func (fewNames) LookupMX(context.Context, string) ([]*net.MX, error) { return nil, errNoSuchName }
func (fewNames) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) {
	return nil, errNoSuchName
}
func (fewNames) LookupAddr(context.Context, string) ([]string, error) { return nil, errNoSuchName }
