package compose

import (
	"bytes"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// answer is a mail to a customer with everything in it.
func answer() mailout.Mail {
	return mailout.Mail{ID: 5531, Group: 5530, Inbox: "support", Ticket: 1042, Kind: "answer", Party: mailout.Customer, Recipient: "jane@gold.example",
		MessageID: "1042.5530.aebagbafaydqqcik@acme.example", Date: noon,
		From: mailin.Address{Name: "Acme Support", Address: "support@acme.example"},
		To:   []mailin.Address{{Name: "Jane Döe", Address: "jane@gold.example"}}, Cc: []mailin.Address{{Address: "bob@gold.example"}},
		ReplyTo: "support+aebagbafaydqqcikbmga2dqpca@acme.example", Subject: "Re: [#1042] Drucker klemmt im Büro", InReplyTo: "a1@gold.example",
		References: []string{"a0@gold.example", "a1@gold.example"},
		Text:       "Hallo Jane,\n\ndas Papierfach ist leer.\n\n-- \nAcme Support\n", HTML: "<p>Hallo Jane,</p><p>das Papierfach ist <b>leer</b>.</p>"}
}

func TestSameBytesEachTime(t *testing.T) {
	m := answer()
	m.Attach = []mailout.Attachment{{Name: "Anleitung für Büro.txt", ContentType: "text/plain", Data: []byte("Papier nachlegen")},
		{Name: "logo.png", ContentType: "image/png", ContentID: "logo@acme.example", Data: []byte("\x89PNG")}}
	m.HTML += `<img src="cid:logo@acme.example">`
	first, err := Bytes(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Bytes(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("two runs differ:\n%s\n---\n%s", first, second)
	}
	t.Log(string(first))
	if hits := Gate(first, Secrets{}); len(hits) > 0 {
		t.Error(hits)
	}
}

func BenchmarkBytes(b *testing.B) {
	m := answer()
	m.Text = string(bytes.Repeat([]byte("Das Papierfach ist leer, bitte legen Sie Papier nach.\n"), 30))
	m.HTML = "<p>" + m.Text + "</p>"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Bytes(m, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGate(b *testing.B) {
	m := answer()
	m.Text = string(bytes.Repeat([]byte("Das Papierfach ist leer, bitte legen Sie Papier nach.\n"), 30))
	m.HTML = "<p>" + m.Text + "</p>"
	raw, err := Bytes(m, Options{})
	if err != nil {
		b.Fatal(err)
	}
	s := Secrets{PrivateAddresses: []string{"bob@home.example"}, IsToken: func(string) bool { return false }, IsMessageID: func(string) bool { return false },
		Internal: []string{m.Text[:100] + "The customer has not paid for three months so be careful with what you promise him."}, Public: []string{m.Text}}
	b.ReportAllocs()
	for b.Loop() {
		if hits := Gate(raw, s); len(hits) > 0 {
			b.Fatal(hits)
		}
	}
}
