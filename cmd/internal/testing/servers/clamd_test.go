package servers

import (
	"bytes"
	"errors"
	"testing"

	"tierdesk/mailin/clamd"
)

// The desk's client against the real clamd.
func TestClamd(t *testing.T) {
	s := Clamd(t, "the words that nobody may read")
	for network, address := range map[string]string{"unix": s.Socket, "tcp": s.TCP} {
		t.Run(network, func(t *testing.T) {
			c := clamd.New(clamd.Config{Network: network, Address: address})
			version, err := c.Check(t.Context())
			if err != nil || !bytes.HasPrefix([]byte(version), []byte("ClamAV ")) {
				t.Errorf("the version %q: %v", version, err)
			}
			for _, x := range []struct {
				name, mail, found string
				err               error
			}{
				{name: "clean", mail: "Subject: x\r\n\r\nhello\r\n"},
				{name: "empty"},
				{name: "in the text", mail: "Subject: x\r\n\r\nthe words that nobody may read\r\n", found: Signature},
				{name: "too large", mail: string(bytes.Repeat([]byte("x"), 4*StreamMaxLength)), err: clamd.ErrTooLarge},
				{name: "in an attachment", found: Signature, mail: "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nhi\r\n" +
					"--q\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\ndGhlIHdvcmRzIHRoYXQgbm9ib2R5IG1heSByZWFk\r\n--q--\r\n"},
			} {
				found, err := c.Scan(t.Context(), []byte(x.mail))
				if found != x.found || !errors.Is(err, x.err) {
					t.Errorf("%s: found %q, %v; wanted %q, %v\n%s", x.name, found, err, x.found, x.err, s.Log())
				}
			}
			if st := c.Status(); st.Away {
				t.Errorf("the status: %+v", st)
			}
		})
	}
}
