package desk_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/desk"
	"tierdesk/tickets/store"
)

// plainMail is a mail with the further header lines.
func plainMail(from, id, subject, text string, header ...string) mailin.Raw {
	return mailin.Raw{Inbox: "support", Received: time.Now(), Bytes: fmt.Appendf(nil, "%sFrom: %s\r\nTo: support@acme.example\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\nDate: %s\r\n\r\n%s\r\n",
		strings.Join(append(header, ""), "\r\n"), from, subject, id, time.Now().Format(time.RFC1123Z), text)}
}

// rows counts what is in the database.
func rows(t *testing.T, db *sqldb.DB) map[string]int {
	t.Helper()
	out := map[string]int{}
	if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		for _, table := range []string{"inbound", "tickets", "messages", "events", "outbox", "timers", "people", "participants", "held"} {
			var n int
			if err := tx.Get(&n, `SELECT COUNT(*) FROM `+table); err != nil {
				return err
			}
			out[table] = n
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func take(t *testing.T, d *desk.Desk, mails ...mailin.Raw) {
	t.Helper()
	if err := d.Take(context.Background(), mails); err != nil {
		t.Fatal(err)
	}
}

func events(t *testing.T, db *sqldb.DB, ticket int64) (out []tickets.Event) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *sqldb.Tx) (err error) {
		out, err = store.Events(tx, ticket)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// What Explain tells is what Take then does, and Explain itself leaves nothing behind.
func TestExplainTellsAndChangesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		d := benchDesk(t, db, true)
		take(t, d, plainMail("max@customer.example", "1", "Printer", "It jams."))
		before := rows(t, db)
		for _, c := range []struct {
			name string
			mail mailin.Raw
			want func(e desk.Explanation) bool
		}{
			{"a new ticket that a rule makes urgent", plainMail("jane@gold.example", "2", "Outage", "All is down."), func(e desk.Explanation) bool {
				return e.Outcome == tickets.AsMessage && e.State.Priority == "urgent" && len(e.Mails) == 3 && strings.Contains(fmt.Sprint(e.Events), "outage") &&
					len(e.Events) >= 2 && strings.Contains(strings.Join(e.Steps, "\n"), `rule "outage"`)
			}},
			{"a reply", plainMail("max@customer.example", "3", "Re: Printer [#1]", "It jams again."), func(e desk.Explanation) bool {
				return e.Outcome == tickets.AsMessage && e.Ticket == 1 && e.Evidence.Proof == arrival.ByNumber
			}},
			{"a machine that asks", plainMail("disk@customer.example", "4", "Disk full", "97 %", "Auto-Submitted: auto-generated"), func(e desk.Explanation) bool {
				return strings.Contains(strings.Join(e.Steps, "\n"), "no acknowledgement: a machine wrote") && len(e.Mail.Message.Class.Reasons) > 0
			}},
			{"a vacation note", plainMail("eve@customer.example", "5", "Away", "I am away.", "Auto-Submitted: auto-replied"), func(e desk.Explanation) bool {
				return e.Outcome == tickets.Quarantined && e.Cause != "" && len(e.Reasons) > 0
			}},
			{"a claimed agent", plainMail("ann@staff.example", "6", "Re: Printer [#1]", "/close"), func(e desk.Explanation) bool {
				return e.Outcome == tickets.AsHeld && strings.Contains(strings.Join(e.Steps, "\n"), "claimed")
			}},
			{"known", plainMail("max@customer.example", "1", "Printer", "It jams."), func(e desk.Explanation) bool { return e.Known }},
		} {
			t.Run(c.name, func(t *testing.T) {
				var first desk.Explanation
				for i := range 2 {
					e, err := d.Explain(t.Context(), c.mail)
					if err != nil {
						t.Fatal(err)
					}
					if !c.want(e) {
						t.Errorf("it says %+v", e)
					}
					if i == 0 {
						first = e
					} else if e.Outcome != first.Outcome || !reflect.DeepEqual(e.Steps, first.Steps) {
						t.Errorf("the second time it says %+v, not %+v", e, first)
					}
				}
				if after := rows(t, db); !maps.Equal(before, after) {
					t.Errorf("it has changed the desk: %v, was %v", after, before)
				}
			})
		}
	})
}

// From the log of a ticket one can tell what led to each event, which rule did it and by which desk folder.
func TestTheLogTellsWhy(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		d := benchDesk(t, db, true)
		take(t, d, plainMail("jane@gold.example", "1", "Outage", "All is down."))
		take(t, d, plainMail("jane@gold.example", "2", "Re: Outage [#1]", "Still down."))
		log := events(t, db, 1)
		if len(log) < 3 || log[0].Kind != tickets.Opened || !strings.Contains(log[0].Trace, "outage") {
			t.Fatalf("the log is %+v", log)
		}
		byRule := false
		for _, e := range log {
			if e.Folder != "bench" || !strings.HasPrefix(e.Cause, "inbound:") && !strings.HasPrefix(e.Cause, "event:") {
				t.Errorf("event %d (%s): folder %q, cause %q", e.ID, e.Kind, e.Folder, e.Cause)
			}
			if e.Kind == tickets.PriorityChanged {
				byRule = e.Cause == fmt.Sprintf("event:%d", log[0].ID) && e.Actor == tickets.RuleActor("outage")
			}
		}
		if !byRule {
			t.Errorf("nothing tells that the rule set the priority: %+v", log)
		}
	})
}

// A mail in quarantine tells why it is there.
func TestQuarantineTellsWhy(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		d := benchDesk(t, db, true)
		big, broken, junk := plainMail("max@customer.example", "1", "Big", "x"), plainMail("max@customer.example", "2", "Broken", "x"), plainMail("max@customer.example", "3", "Junk", "x")
		big.Truncated, big.Size = true, 99e6
		broken.Fault = "the mail server could not give it"
		junk.Junk = true
		take(t, d, big, broken, junk)
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			all, err := store.Quarantine(tx, 10)
			if len(all) != 3 {
				t.Errorf("%d mails are in quarantine, not 3", len(all))
			}
			for _, in := range all {
				if in.Cause == "" || in.Reasons == "" {
					t.Errorf("%s: cause %q, reasons %q", in.Subject, in.Cause, in.Reasons)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
