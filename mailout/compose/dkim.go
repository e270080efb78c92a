package compose

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// DKIM signs mails for a domain (RFC 6376). It does not change; any number may use it at once.
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// NewDKIM makes a signer of a private key in PEM: RSA (PKCS #1 or #8) or Ed25519 (PKCS #8, RFC 8463).
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

// signed are the fields that are signed if they are there. From and Subject are named once more than they occur, so that nobody can add another.
var signed = []string{"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
	"Auto-Submitted", "List-Id"}

var oversigned = []string{"From", "Subject"}

// sign gives the DKIM-Signature field. Its time is the mail's, so that every attempt signs the same; RSA PKCS #1 v1.5 and Ed25519 are deterministic.
func (d *DKIM) sign(raw []byte, date time.Time) (string, error) {
	i := bytes.Index(raw, []byte("\r\n\r\n"))
	if i < 0 {
		return "", errors.New("the mail has no header")
	}
	s := gomail.NewDKIMSigner(d.domain, d.selector, d.key)
	s.NowFunc = func() time.Time { return date }
	s.SignHeaders(signed...)
	s.OversignHeaders(oversigned...)
	return s.Sign(raw[:i+2], raw[i+4:])
}
