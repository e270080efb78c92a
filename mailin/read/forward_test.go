package read

import (
	"testing"

	"tierdesk/mailin"
)

func TestForward(t *testing.T) {
	t.Parallel()
	const head = "From: Ida <ida@desk.example>\r\nTo: help@desk.example\r\n"
	const block = "\r\n\r\nFrom: Petra <petra@holm.example>\r\nSent: Friday, November 27, 2026 9:00 AM\r\nTo: Ida\r\nSubject: Pump\r\n\r\nIt hums.\r\n"
	enclosed := "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nWhat is this?\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: petra@holm.example\r\nSubject: Pump\r\n\r\nIt hums.\r\n--B--\r\n"
	for _, c := range []struct {
		why, mail string
		want      mailin.Forward
		written   string
	}{
		{"in the text", head + "Subject: Fwd: Pump\r\n\r\nWhat is this?\r\n\r\n---------- Forwarded message ---------\r\nFrom: Petra <petra@holm.example>\r\n\r\nIt hums.\r\n", mailin.ForwardInline, "What is this?"},
		{"without a word", head + "Subject: Fwd: Pump\r\n\r\n---------- Forwarded message ---------\r\nFrom: Petra <petra@holm.example>\r\n\r\nIt hums.\r\n", mailin.ForwardInline, ""},
		{"attached", head + "Subject: Fwd: Pump\r\n" + enclosed, mailin.ForwardAttached, "What is this?"},
		{"attached, as an answer", head + "Subject: Re: Pump\r\nIn-Reply-To: <a@b.example>\r\n" + enclosed, mailin.ForwardAttached, "What is this?"},
		{"Outlook marks it in the subject only", head + "Subject: WG: Pumpe\r\n\r\nWas ist das?" + block, mailin.ForwardSubject, "Was ist das?"},
		{"French", head + "Subject: TR: Pompe\r\n\r\nQu'est-ce ?" + block, mailin.ForwardSubject, "Qu'est-ce ?"},
		{"an answer", head + "Subject: Re: Pump\r\n\r\nThe fuse is new." + block, "", "The fuse is new."},
		{"the answer to a forwarded mail's ticket", head + "Subject: Re: [#7] Fwd: Pump\r\n\r\nThe fuse is new." + block, "", "The fuse is new."},
		{"a subject alone", head + "Subject: Fwd: Pump\r\n\r\nThe fuse is new.\r\n", "", "The fuse is new."},
	} {
		m := Mail([]byte(c.mail), desk)
		if m.Forward != c.want || m.Written() != c.written {
			t.Errorf("%s: %q, %q", c.why, m.Forward, m.Written())
		}
	}
}
