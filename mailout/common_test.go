package mailout_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tierdesk/mailin"
	. "tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

// told are notices of one decision: one text, but for an address.
func told(first, n int64) []Mail {
	var all []Mail
	for id := first; id < first+n; id++ {
		m := mail(id, Notices)
		m.Kind, m.Party, m.Recipient = "agent-new", Agent, fmt.Sprintf("agent%d@staff.example", id)
		m.To = []mailin.Address{{Address: m.Recipient}}
		body := strings.Repeat("It does not print.\n", 100)
		m.Text = fmt.Sprintf("%sTake: mailto:support+%d@acme.example\nbye\n", body, id)
		m.HTML = fmt.Sprintf("<p>%s</p>\n<a href=\"mailto:support+%d@acme.example\">Take</a>\n<hr>\n", body, id)
		all = append(all, m)
	}
	return all
}

func contentSize(t *testing.T, db *sqldb.DB) (rows, octets int) {
	t.Helper()
	update(t, db, func(tx *sqldb.Tx) error {
		return tx.Each(func(scan func(...any) error) error { return scan(&rows, &octets) },
			`SELECT COUNT(*), COALESCE(SUM(LENGTH(content)), 0) FROM outbox_content`)
	})
	return rows, octets
}

// What several are told of the same is kept once; each mail comes back whole, however few of them a
// sender takes at once.
func TestWhatIsCommonIsKeptOnce(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		want := told(1, 4)
		enqueue(t, db, want...)
		enqueue(t, db, mail(9, Notices))
		if _, octets := contentSize(t, db); octets > len(want[0].Text+want[0].HTML)*3/2+5*1000 {
			t.Errorf("%d octets are kept of four mails of %d", octets, len(want[0].Text+want[0].HTML))
		}
		for _, m := range want {
			if d := cmp.Diff(m, get(t, db, m.ID).Mail); d != "" {
				t.Errorf("mail %d: %s", m.ID, d)
			}
		}
		for i, size := range []int{1, 2, 1} {
			_, all := claim(t, db, fmt.Sprint("holder", i), size)
			for _, c := range all {
				if d := cmp.Diff(want[c.Mail.ID-1], c.Mail); d != "" || c.Fault != nil {
					t.Errorf("claimed mail %d: %v %s", c.Mail.ID, c.Fault, d)
				}
			}
		}
	})
}

// A mail from which others take is kept as long as one of them is.
func TestWhatOthersTakeIsKept(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		want := told(1, 3)
		enqueue(t, db, want...)
		_, all := claim(t, db, "a", 2) // the third waits on
		finish(t, db, "a", Result{Mail: all[0].Mail, State: Sent}, Result{Mail: all[1].Mail, State: Sent})
		forget := func(rows int) {
			t.Helper()
			for range 3 {
				update(t, db, func(tx *sqldb.Tx) error { _, err := Forget(tx, clock.Now().Add(time.Hour), 10); return err })
			}
			if n, _ := contentSize(t, db); n != rows {
				t.Errorf("the content of %d mails is kept, wanted %d", n, rows)
			}
		}
		forget(2) // the first, and the third, which waits
		_, all = claim(t, db, "a", 2)
		if len(all) != 1 || all[0].Fault != nil || all[0].Mail.Text != want[2].Text || all[0].Mail.HTML != want[2].HTML {
			t.Errorf("what waits is %+v", all)
		}
		finish(t, db, "a", Result{Mail: want[2], State: Sent})
		forget(0)
	})
}

// A mail whose common part is gone fails alone.
func TestAMailWithoutItsBaseFailsAlone(t *testing.T) {
	run(t, func(t *testing.T, db *sqldb.DB, clock *dbtest.Clock) {
		enqueue(t, db, told(1, 2)...)
		enqueue(t, db, told(5, 2)...)
		update(t, db, func(tx *sqldb.Tx) error { _, err := tx.Exec(`DELETE FROM outbox_content WHERE id = 1`); return err })
		_, all := claim(t, db, "a", 10)
		if len(all) != 4 || all[0].Fault == nil || all[1].Fault == nil || all[2].Fault != nil || all[3].Fault != nil {
			t.Errorf("claimed %+v", all)
		}
	})
}
