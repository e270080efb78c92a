package mailout

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tierdesk/mailin"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

// open gives an empty desk's database with a clock that the test sets.
func open(t testing.TB, now *time.Time) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "desk.db"), sqldb.WithoutSync(), sqldb.WithClock(func() time.Time { return *now }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := migrations.Up(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func update(t testing.TB, db *sqldb.DB, f func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func mail(id int64, urgency Urgency) Mail {
	return Mail{ID: id, Group: id, Inbox: "support", Ticket: 1042, Kind: "ack", Party: Customer, Person: "person:7", Recipient: "Jane@gold.example",
		AfterMessage: 3, Message: 4, Automatic: AutoReplied, Urgency: urgency, MessageID: "1042.1.abc@acme.example", Created: noon, Expires: noon.Add(time.Hour),
		From: mailin.Address{Name: "Acme", Address: "support@acme.example"}, To: []mailin.Address{{Address: "Jane@gold.example"}}, ReplyTo: "support+x@acme.example",
		Date: noon, Subject: "[#1042] Grüße", InReplyTo: "a@b", References: []string{"a@b"}, Header: []mailin.Field{{Key: "List-Id", Value: "<x>"}},
		Text: "hello\n", HTML: "<p>hello</p>", Attach: []Attachment{{Name: "a.txt", ContentType: "text/plain", Data: []byte("x\x00y")}}}
}

func TestWhatIsQueuedComesBackWhole(t *testing.T) {
	now := noon
	db := open(t, &now)
	want := mail(5, Answers)
	update(t, db, func(tx *sqldb.Tx) error { return Enqueue(tx, want) })
	update(t, db, func(tx *sqldb.Tx) error {
		got, err := Get(tx, 5)
		if err != nil {
			return err
		}
		if d := cmp.Diff(want, got.Mail); d != "" {
			t.Error(d)
		}
		if got.State != Waiting || !got.NextAttempt.Equal(noon) || got.InHand {
			t.Errorf("a queued mail is %+v", got)
		}
		n, err := Notice(tx, 5)
		if err != nil || n.Mail.Recipient != "jane@gold.example" || n.Mail.Text != "" || !n.Live(noon) || n.Live(noon.Add(time.Hour)) {
			t.Errorf("notice: %+v, %v", n, err)
		}
		if _, err := Get(tx, 6); !errors.Is(err, ErrNone) {
			t.Errorf("a mail that is not there: %v", err)
		}
		return nil
	})
	err := db.Update(context.Background(), func(tx *sqldb.Tx) error { return EnqueueAll(tx, []Mail{mail(6, Answers), want}) })
	if !errors.Is(err, ErrAlready) {
		t.Errorf("queueing twice: %v", err)
	}
}
