package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/desk"
)

// TestJunkIsNotLetInByTheScanner has mail come in from a folder for junk while the virus scanner is away: that it answers again makes no spam good.
func TestJunkIsNotLetInByTheScanner(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		away := true
		d := benchDesk(t, db, false, func(s *desk.Settings) {
			s.HoldUnscanned = true
			s.Scan = func(context.Context, []byte) (string, error) {
				if away {
					return "", errors.New("away")
				}
				return "", nil
			}
		})
		err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: time.Now(), Bytes: benchMail(1), Junk: true}, {Inbox: "support", Received: time.Now(), Bytes: benchMail(2)}})
		if err != nil {
			t.Fatal(err)
		}
		became := func() (out []string) {
			err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				return tx.Select(&out, `SELECT outcome || ' ' || cause FROM inbound ORDER BY id`)
			})
			if err != nil || len(out) != 2 {
				t.Fatal(out, err)
			}
			return out
		}
		if got := became(); got[0] != "quarantined spam" || got[1] != "quarantined unscanned" {
			t.Errorf("while it is away: %q", got)
		}
		away = false
		if n, err := d.ScanAgain(t.Context()); err != nil || n != 1 {
			t.Errorf("%d mails were decided on, %v", n, err)
		}
		if got := became(); got[0] != "quarantined spam" || got[1] != "message " {
			t.Errorf("when it was back: %q", got)
		}
	})
}
