package smtp

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
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

// BenchmarkQueuedToSink measures a mail alone: from the commit that queues it to its arrival.
func BenchmarkQueuedToSink(b *testing.B) {
	db, err := sqldb.Open(context.Background(), "sqlite:"+filepath.Join(b.TempDir(), "desk.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := migrations.Up(context.Background(), db); err != nil {
		b.Fatal(err)
	}
	arrived := make(chan struct{}, 1)
	s := newSink(b, func(_ int, step, _ string) string {
		if step == "DOT" {
			arrived <- struct{}{}
		}
		return ""
	})
	d := newDesk(b, db, map[string]Config{"support": config(s)})
	d.start()
	var all []time.Duration
	for b.Loop() {
		d.queue(mailout.Notices, "jane@gold.example")
		began := time.Now()
		<-arrived
		all = append(all, time.Since(began))
		time.Sleep(5 * time.Millisecond)
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(0, "ns/op")
}
