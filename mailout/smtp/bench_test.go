package smtp

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

// BenchmarkSenderToSink sends mails from a SQLite file with synchronous=FULL to a sink on loopback.
func BenchmarkSenderToSink(b *testing.B) {
	db, err := sqldb.Open(context.Background(), "sqlite:"+filepath.Join(b.TempDir(), "desk.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := migrations.Up(context.Background(), db); err != nil {
		b.Fatal(err)
	}
	s := newSink(b, nil)
	d := newDesk(b, db, map[string]Config{"support": config(s)}, func(p *Parts) {
		p.Delivered = func(*sqldb.Tx, mailout.Result) error { return nil }
	})
	text := ""
	for range 30 {
		text += "Das Papierfach ist leer, bitte legen Sie Papier nach.\n"
	}
	for n := 0; n < b.N; n += 500 {
		if err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			var mails []mailout.Mail
			for i := n; i < min(n+500, b.N); i++ {
				id := int64(i + 1)
				mails = append(mails, mailout.Mail{ID: id, Inbox: "support", Ticket: 1042, Kind: "ack", Party: mailout.Agent, Recipient: "jane@gold.example",
					MessageID: fmt.Sprintf("1042.%d.x@acme.example", id), Date: noon, From: mailin.Address{Name: "Acme", Address: "support@acme.example"},
					To: []mailin.Address{{Address: "jane@gold.example"}}, Subject: "Re: [#1042] Printer", Text: text, HTML: "<p>" + text + "</p>"})
			}
			return mailout.EnqueueAll(tx, mails)
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	began := time.Now()
	stop := d.start()
	for len(s.mails()) < b.N {
		time.Sleep(time.Millisecond)
	}
	took := time.Since(began)
	stop()
	b.ReportMetric(float64(b.N)/took.Seconds(), "mails/s")
	b.ReportMetric(0, "ns/op")
}
