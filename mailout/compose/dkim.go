package compose

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// DKIM signs mails for a domain (RFC 6376). It is immutable and safe for concurrent use.
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// NewDKIM makes a signer from a private key in PEM: RSA (PKCS #1 or #8) or Ed25519 (PKCS #8, RFC
// 8463).
func NewDKIM(domain, selector string, pem []byte) (*DKIM, error) {
	if domain == "" || selector == "" {
		return nil, errors.New("DKIM needs a domain and a selector")
	}
	key, err := gomail.PrivKeyFromPEM(pem)
	if err != nil {
		return nil, fmt.Errorf("reading the DKIM key: %w", err)
	}
	return &DKIM{domain: domain, selector: selector, key: key}, nil
}

// signed lists the fields that are signed if they are present. From and Subject are listed once
// more often than they occur, so that nobody can add another.
var signed = []string{"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
	"MIME-Version", "Content-Type",
	"Auto-Submitted", "List-Id"}

var oversigned = []string{"From", "Subject"}

// sign returns the DKIM-Signature field. Its time is the mail's, so that every attempt signs the
// same; RSA PKCS #1 v1.5 and Ed25519 are deterministic.
func (d *DKIM) sign(raw []byte, date time.Time) (string, error) {
	i := bytes.Index(raw, []byte("\r\n\r\n"))
	if i < 0 {
		return "", errors.New("the mail has no header")
	}
	s := gomail.NewDKIMSigner(d.domain, d.selector, d.key)
	s.NowFunc = func() time.Time { return date }
	s.SignHeaders(signed...)
	s.OversignHeaders(oversigned...)
	field, err := s.Sign(raw[:i+2], raw[i+4:])
	return refold(field), err
}

// refold corrects the folding of the field by go-mail v0.8.1, which folds in the middle of a long
// h=, so that in the relaxed form a field name contains a blank. Folds belong between tags and in
// the value of b=, where verifiers ignore them (RFC 6376 section 3.2).
func refold(field string) string {
	field = strings.TrimSuffix(strings.ReplaceAll(field, "\r\n ", ""), "\r\n")
	head, signature, found := strings.Cut(field, "; b=")
	if !found {
		return field + "\r\n"
	}
	var out strings.Builder
	out.WriteString(strings.ReplaceAll(head, "; ", ";\r\n ") + ";\r\n b=")
	for len(signature) > 72 {
		out.WriteString(signature[:72] + "\r\n ")
		signature = signature[72:]
	}
	out.WriteString(signature + "\r\n")
	return out.String()
}
