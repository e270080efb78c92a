package imap

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
)

// stream is a connection from which only is read.
type stream struct {
	net.Conn
	io.Reader
}

func (s stream) Read(p []byte) (int, error) { return s.Reader.Read(p) }

func TestTidy(t *testing.T) {
	t.Parallel()
	const body = "UID 7 BODY[] {9}\r\nab (X-A \"\r\n)\r\n"
	for in, want := range map[string]string{
		"* 1 FETCH (" + body: "",
		"* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" a) " + body:                                      "* 1 FETCH (" + body,
		"* 1 FETCH (X-GM-MSGID 12 X-GM-LABELS () " + body:                                       "* 1 FETCH (" + body,
		"* 1 fetch (x-gm-labels NIL " + body:                                                    "* 1 fetch (" + body,
		"* 1 FETCH (X-A {4}\r\nb) ( " + body:                                                    "* 1 FETCH (" + body,
		"* 1 FETCH (X-A (c {4}\r\nb) ( d (e)) " + body:                                          "* 1 FETCH (" + body,
		"* 1 FETCH (FLAGS (\\Seen) X-A {4}\r\nb) ( " + body:                                     "* 1 FETCH (FLAGS (\\Seen) " + body,
		"* 1 FETCH (FLAGS (\\Seen) X-A (\"b)\\\" (\") " + body:                                  "* 1 FETCH (FLAGS (\\Seen) " + body,
		"* 1 FETCH (UID 7 BODY[] {2}\r\n)( X-A (b) X-B c)\r\n":                                  "* 1 FETCH (UID 7 BODY[] {2}\r\n)()\r\n",
		"* 1 FETCH (UID 7 BODY[] {2}\r\n)( X-A {1}\r\n( FLAGS ())\r\n":                          "* 1 FETCH (UID 7 BODY[] {2}\r\n)( FLAGS ())\r\n",
		"* 1 FETCH (INTERNALDATE NIL RFC822.SIZE NIL UID 7 BODY[] NIL)\r\n":                     "* 1 FETCH (UID 7 BODY[] NIL)\r\n",
		"* 1 FETCH (X-A (b))\r\n":                                                               "* 1 FETCH ()\r\n",
		"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (RECEIVED DATE)]<0> {2}\r\nab SAVEDATE \"x\")\r\n": "* 1 FETCH (UID 7 BODY[HEADER.FIELDS (RECEIVED DATE)]<0> {2}\r\nab)\r\n",
		"* OK [X-A (b)] {5}\r\n* 1 EXISTS\r\n":                                                  "",
		"* LIST () \"/\" {3}\r\nX-A\r\na1 OK FETCH (X-A b)\r\n":                                 "",
		"* 1 FETCH (UID 7 \"X-A\" (b)\r\n* 2 FETCH (UID 8)\r\n":                                 "",
		"* 1 FETCH (UID 7 X-A":                                                                  "",
		"* SEARCH " + strings.Repeat("1234567 ", 9000) + "1\r\n* 1 FETCH (X-A b UID 7)\r\n":     "* SEARCH " + strings.Repeat("1234567 ", 9000) + "1\r\n* 1 FETCH (UID 7)\r\n",
	} {
		if want == "" {
			want = in
		}
		in, want := in+"* 2 EXISTS\r\n", want+"* 2 EXISTS\r\n"
		for name, r := range map[string]io.Reader{"at once": strings.NewReader(in), "in pieces": iotest.OneByteReader(strings.NewReader(in))} {
			got, err := io.ReadAll(newTidy(stream{Reader: r}))
			if err != nil || string(got) != want {
				t.Errorf("%s, %q:\n%q, want\n%q (%v)", name, head(in), head(string(got)), head(want), err)
			}
		}
	}
}

func head(s string) string { return s[:min(len(s), 300)] }
