package compose

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

const (
	note     = "Careful: this customer has not paid his last three invoices, so promise nothing before the boss agrees."
	said     = "Good morning, the printer in our office prints only blank pages since the update of last Friday."
	own      = "aebagbafaydqqcikbmga2dqpca"
	foreign  = "zzbagbafaydqqcikbmga2dqpzz"
	theirID  = "1042.5000.zzzzzzzzzzzzzzzzzz@acme.example"
	markerUp = "Your reply goes to"
)

// secrets of ticket 1042 for its customer.
func secrets() Secrets {
	return Secrets{
		PrivateAddresses: []string{"Tom@private.example", "tom.agent@acme.example"},
		OwnToken:         own, IsToken: func(t string) bool { return t == own || t == foreign }, IsMessageID: func(id string) bool { return id == theirID },
		NoticeMarkers: []string{markerUp}, Internal: []string{note, "ok", "打印机坏了，客户三个月没有付钱，请不要答应任何事情"}, Public: []string{said, "Kind regards, Tom from the Acme support team, phone 0123 456 789, always there for you"},
	}
}

func TestTheLastGate(t *testing.T) {
	text := func(s string) func(*mailout.Mail) { return func(m *mailout.Mail) { m.Text = s } }
	html := func(s string) func(*mailout.Mail) { return func(m *mailout.Mail) { m.HTML = s } }
	for _, c := range []struct {
		name   string
		change func(*mailout.Mail)
		want   Leak // "" for nothing
		where  string
	}{
		{"a plain answer", func(*mailout.Mail) {}, "", ""},

		{"private address", text("write to tom@private.example"), PrivateAddress, "text"},
		{"in capitals", text("write to TOM@PRIVATE.EXAMPLE."), PrivateAddress, "text"},
		{"with a tag", text("<tom+desk@private.example>"), PrivateAddress, "text"},
		{"behind mailto:", text("mailto:tom@private.example?subject=x"), PrivateAddress, "text"},
		{"behind a sign", text("mail=tom@private.example 'tom@private.example'"), PrivateAddress, "text"},
		{"with a soft hyphen", text("tom@pri\u00advate.example"), PrivateAddress, "text"},
		{"with an invisible space", text("tom\u200b@private.example"), PrivateAddress, "text"},
		{"in the subject", func(m *mailout.Mail) { m.Subject = "Büro tom@private.example" }, PrivateAddress, "Subject"},
		{"in a name", func(m *mailout.Mail) { m.From.Name = "Töm (tom@private.example)" }, PrivateAddress, "From"},
		{"in Cc", func(m *mailout.Mail) { m.Cc = []mailin.Address{{Address: "tom@private.example"}} }, PrivateAddress, "Cc"},
		{"in a link", html(`<a href="mailto:tom%40private.example">me</a>`), PrivateAddress, "html"},
		{"in a comment", html(`<p>hello<!-- tom@private.example --></p>`), PrivateAddress, "html"},
		{"cut by tags", html(`<p>t<b>om@pri</b>vate.example</p>`), PrivateAddress, "html"},
		{"as entities", html(`<p>tom&#64;private&#x2e;example</p>`), PrivateAddress, "html"},
		{"in a style", html(`<style>/* tom@private.example */</style>`), PrivateAddress, "html"},
		{"in a file", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "log.txt", ContentType: "text/plain", Data: []byte("from tom@private.example")}}
		}, PrivateAddress, "attachment log.txt"},
		{"in a file's name", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "tom@private.example.txt", ContentType: "image/png"}}
		}, PrivateAddress, "attachment tom@private.example.txt"},
		{"in a file's name as such", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "mail to tom@private.example", ContentType: "image/png"}}
		}, PrivateAddress, "attachment mail to tom@private.example"},
		{"another's address", text("write to mytom@private.example, tom@private.example.org or tom@xprivate.example"), "", ""},

		{"own token", text("support+" + own + "@acme.example"), "", ""},
		{"another's token", text("support+" + strings.ToUpper(foreign) + "@acme.example"), ForeignToken, "text"},
		{"another's token in Reply-To", func(m *mailout.Mail) { m.ReplyTo = "support+" + foreign + "@acme.example" }, ForeignToken, "Reply-To"},
		{"another's token in a link", html(`<a href="mailto:support%2B` + foreign + `@acme.example">take</a>`), ForeignToken, "html"},
		{"a long word that is none", text("abcdefghijklmnopqrstuvwxyzabcd"), "", ""},
		{"a notice's Message-ID", func(m *mailout.Mail) { m.References = []string{"a@b.example", theirID} }, ForeignToken, "References"},
		{"a notice's Message-ID quoted", text("In <" + theirID + "> you wrote"), ForeignToken, "text"},

		{"a marker", text("*** your   reply\ngoes to Jane ***"), NoticeMarker, "text"},
		{"a marker in HTML", html("<td>Your reply</td><td>goes to Jane</td>"), NoticeMarker, "html"},

		{"a note", text("Dear Jane,\n\n> " + note), InternalText, "text"},
		{"a note in other lines", text(strings.ReplaceAll(strings.ToUpper(note), " ", "\n> ")), InternalText, "text"},
		{"eight words of a note", text("we know that THIS customer has not paid his last three!"), InternalText, "text"},
		{"seven words of a note", text("we know that customer has not paid his last three"), "", ""},
		{"a note in HTML", html("<p>this <i>customer</i> has not</p><p>paid his last three invoices</p>"), InternalText, "html"},
		{"a note in a file", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "x.csv", ContentType: "text/csv", Data: []byte("a;" + note)}}
		}, InternalText, "attachment x.csv"},
		{"a note in a file of unknown type", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "notes", ContentType: "application/octet-stream", Data: []byte("x: " + note)}}
		}, InternalText, "attachment notes"},
		{"a notice in a file", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "notice.eml", ContentType: "message/rfc822", Data: []byte("From: support@acme.example\r\nSubject: x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(note)) + "\r\n")}}
		}, InternalText, "attachment notice.eml"},
		{"a notice in a file, by its header", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "notice.eml", ContentType: "message/rfc822", Data: []byte("From: support@acme.example\r\nReply-To: support+" + foreign + "@acme.example\r\n\r\nx\r\n")}}
		}, ForeignToken, "attachment notice.eml"},
		{"a note in what begins as a picture", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "x.png", ContentType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n\x00\x00" + note)}}
		}, InternalText, "attachment x.png"},
		{"a picture", func(m *mailout.Mail) {
			m.Attach = []mailout.Attachment{{Name: "x.png", ContentType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n\x00\x00\x8f\x01\x9aIDAT\xe7\x11")}}
		}, "", ""},
		{"a note without spaces", text("你好，客户三个月没有付钱，请不要答应任何事情。"), InternalText, "text"},
		{"a few letters of it", text("你好，打印机坏了。"), "", ""},
		{"what the customer said", text("> " + said), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := answer()
			c.change(&m)
			raw, err := Bytes(m, Options{})
			if err != nil {
				t.Fatal(err)
			}
			hits := Gate(raw, secrets())
			if c.want == "" {
				if len(hits) > 0 {
					t.Errorf("false alarm: %v", hits)
				}
				return
			}
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Leak == c.want && h.Where == c.where }) {
				t.Errorf("want %s in %s, got %v", c.want, c.where, hits)
			}
			for _, h := range hits {
				if strings.Contains(h.String(), foreign) {
					t.Errorf("the hit tells the token: %s", h)
				}
			}
		})
	}
}

// An internal text may repeat what is public: a note that quotes the customer, an agent's signature.
func TestWhatIsAlsoPublicIsNoLeak(t *testing.T) {
	s := secrets()
	s.Internal = append(s.Internal, "He wrote: "+said+"\nKind regards, Tom from the Acme support team, phone 0123 456 789, always there for you")
	m := answer()
	m.Text = "You wrote:\n> " + said + "\n\nPlease install the new driver.\n-- \nKind regards, Tom from the Acme support team, phone 0123 456 789, always there for you\n"
	raw, err := Bytes(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if hits := Gate(raw, s); len(hits) > 0 {
		t.Error(hits)
	}
	s.Public = nil
	if hits := Gate(raw, s); len(hits) == 0 {
		t.Error("without the public texts it is a leak")
	}
}

func TestAMailThatCannotBeReadIsHeld(t *testing.T) {
	raw, err := Bytes(shapes()["attachments"], Options{Load: load})
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []string{string(raw[:len(raw)/2]), "", "no mail", strings.Replace(string(raw), "quoted-printable", "x-own", 1)} {
		if hits := Gate([]byte(cut), Secrets{}); len(hits) != 1 || hits[0].Leak != Unreadable {
			t.Errorf("%d octets: %v", len(cut), hits)
		}
	}
}

// Any eight words of an internal text, in any mail, are found; and a mail that shares no eight words with it passes.
func TestEveryRunOfEightWordsIsFound(t *testing.T) {
	word := rapid.StringMatching(`[a-zäöü]{2,9}`)
	rapid.Check(t, func(t *rapid.T) {
		inside := rapid.SliceOfN(word, 8, 60).Draw(t, "inside")
		from := rapid.IntRange(0, len(inside)-8).Draw(t, "from")
		sep := rapid.SampledFrom([]string{" ", "\n", ", ", "\n> ", "\u00a0"}).Draw(t, "between")
		m := answer()
		m.HTML = ""
		m.Text = "aa bb " + strings.Join(inside[from:from+8], sep) + " cc"
		raw, err := Bytes(m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := Secrets{Internal: []string{strings.Join(inside, " ")}}
		if hits := Gate(raw, s); len(hits) == 0 {
			t.Fatalf("not found in %q", m.Text)
		}
		for i := from; i < from+8; i++ {
			inside[i] = "x1"
		}
		s.Internal = []string{strings.Join(inside, " ")}
		if hits := Gate(raw, s); len(hits) > 0 && len(inside) < 16 {
			t.Fatalf("false alarm: %v", hits)
		}
	})
}

func FuzzGate(f *testing.F) {
	for _, m := range shapes() {
		raw, err := Bytes(m, Options{Load: load})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw), note)
	}
	f.Fuzz(func(t *testing.T, raw, internal string) {
		s := secrets()
		s.Internal = append(s.Internal, internal)
		Gate([]byte(raw), s)
	})
}
