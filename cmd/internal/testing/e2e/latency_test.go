package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/mailin/imap"
	"tierdesk/migrations/dbtest"
)

// BenchmarkExistsToAcknowledgement measures from the moment that a mail is in the mailbox, whose server tells the waiting desk by an untagged
// EXISTS, to the moment that the SMTP server has taken its acknowledgement. One mail at a time; SQLite syncs to disk as in production.
func BenchmarkExistsToAcknowledgement(b *testing.B) {
	for _, ground := range []struct {
		name string
		open func(testing.TB) dbtest.Ground
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(ground.name, func(b *testing.B) {
			acknowledged := make(chan time.Time, 16)
			// Each mail is another person's: the desk does not answer one person's hundred mails.
			person := func(i int) string { return fmt.Sprintf("person%d@customer.example", i) }
			addresses := []string{support}
			for i := range b.N {
				addresses = append(addresses, person(i))
			}
			s, err := mailserver.Start(mailserver.Options{Addresses: addresses, Password: "secret", Seen: func(e mailserver.Envelope) {
				if e.To[0] != support {
					acknowledged <- time.Now()
				}
			}})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			dir := b.TempDir()
			for name, text := range map[string]string{
				"secret": "secret",
				"tierdesk.yaml": fmt.Sprintf(`desk: {name: Acme Support, domain: acme.example, admin: %s}
database: %s
inboxes:
  support: {address: %s, imap: "insecure+imap://%s", user: %s, password_file: secret, after: flag}
outgoing: {smtp: "insecure+smtp://%s"}
`, admin, ground.open(b).URL, support, s.IMAP, support, s.SMTP),
				"people.yaml":  "agents: {}\nteams: {frontdesk: {}}\n",
				"service.yaml": "tiers: [{level: 1, name: Front desk, team: frontdesk}]\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			cfg, err := config.Load(b.Context(), dir)
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			a, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler), app.WithResolver(nil))
			if err != nil {
				b.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- a.Run(ctx) }()
			for a.Fetchers[0].Status().Folders[0].Doing != imap.Idling {
				time.Sleep(time.Millisecond)
			}
			took := make([]time.Duration, 0, b.N)
			b.ResetTimer()
			for i := range b.N {
				raw := fmt.Appendf(nil, "From: Person <%s>\r\nTo: %s\r\nSubject: Question %d\r\nMessage-ID: <%d@customer.example>\r\n\r\nHow does it work?\r\n", person(i), support, i, i)
				begin := time.Now()
				if err := s.Deliver(mailserver.Envelope{From: person(i), To: []string{support}, Raw: raw}); err != nil {
					b.Fatal(err)
				}
				select {
				case at := <-acknowledged:
					took = append(took, at.Sub(begin))
				case <-time.After(time.Minute):
					b.Fatalf("mail %d was not acknowledged: %+v", i, a.Fetchers[0].Status())
				}
			}
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(0, "ns/op")
			cancel()
			if err := <-done; err != nil {
				b.Fatal(err)
			}
			a.Close()
		})
	}
}
