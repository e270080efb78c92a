package desk_test

import (
	"testing"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// TestTheTextIsKeptOnce shows that the whole text is kept where the new text of a mail is a part of it, and only there: nearly all mails would be there twice.
func TestTheTextIsKeptOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		d := benchDesk(t, db, false)
		head := "From: Max <max@customer.example>\r\nTo: support@acme.example\r\nSubject: Printer\r\n\r\n"
		for _, c := range []struct{ body, text, whole string }{
			{"It hums.\r\n\r\nMax\r\n", "It hums.\n\nMax", ""},
			{"\r\nIt still hums.\r\n\r\nOn 2 March 2026 Acme wrote:\r\n> Is it on?\r\n", "It still hums.", "\nIt still hums.\n\nOn 2 March 2026 Acme wrote:\n> Is it on?\n"},
		} {
			if err := d.Take(t.Context(), []mailin.Raw{{Inbox: "support", Received: db.Now(), Bytes: []byte(head + c.body)}}); err != nil {
				t.Fatal(err)
			}
			var kept struct{ Text, Whole string }
			err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				return tx.Get(&kept, `SELECT text, whole FROM messages ORDER BY id DESC LIMIT 1`)
			})
			if err != nil {
				t.Fatal(err)
			}
			if kept.Text != c.text || kept.Whole != c.whole {
				t.Errorf("of %q was kept %q and %q, wanted %q and %q", c.body, kept.Text, kept.Whole, c.text, c.whole)
			}
		}
	})
}
