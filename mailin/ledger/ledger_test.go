package ledger

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tierdesk/mailin"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

func update(t testing.TB, db *sqldb.DB, f func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// begun returns a lease and a mailbox to work with.
func begun(t testing.TB, db *sqldb.DB, b FirstSync) (mailin.Lease, Mailbox) {
	t.Helper()
	lease, ok, err := NewKeeper(db, "a", time.Minute).Acquire(context.Background(), "inbox:support")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	b.Inbox, b.Folder = "support", "INBOX"
	var m Mailbox
	update(t, db, func(tx *sqldb.Tx) (err error) { m, err = AddMailbox(tx, lease, b); return err })
	return lease, m
}

func missing(t testing.TB, db *sqldb.DB, m Mailbox, have ...uint32) (out []uint32) {
	t.Helper()
	if err := db.View(context.Background(), func(tx *sqldb.Tx) (err error) { out, err = Missing(tx, m.ID, have); return err }); err != nil {
		t.Fatal(err)
	}
	return out
}

func unacknowledged(t testing.TB, db *sqldb.DB, m Mailbox) (out []uint32) {
	t.Helper()
	if err := db.View(context.Background(), func(tx *sqldb.Tx) (err error) { out, err = Unacknowledged(tx, m.ID); return err }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLifeOfAUID(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		lease, m := begun(t, db, FirstSync{UIDValidity: 4_000_000_000, OldBelow: 11, Seen: []uint32{3, 4}})
		if m.UIDValidity != 4_000_000_000 || m.OldBelow != 11 {
			t.Errorf("entered as %+v", m)
		}
		if got := missing(t, db, m, 20, 3, 4, 5, 20, 4_294_967_295); !slices.Equal(got, []uint32{5, 20, 4_294_967_295}) {
			t.Errorf("missing %v", got)
		}
		take := func(uid uint32, inbound int64) (already bool) {
			update(t, db, func(tx *sqldb.Tx) (err error) {
				already, err = Take(tx, mailin.Source{Mailbox: m.ID, UID: uid, Lease: lease}, inbound)
				return err
			})
			return already
		}
		if take(5, 100) {
			t.Error("5 was taken before it was")
		}
		if !take(5, 101) {
			t.Error("5 was taken twice")
		}
		if got := unacknowledged(t, db, m); !slices.Equal(got, []uint32{5}) {
			t.Errorf("unacknowledged %v", got)
		}
		update(t, db, func(tx *sqldb.Tx) error { return Acknowledged(tx, m.ID, []uint32{5, 20}) })
		if got := unacknowledged(t, db, m); len(got) != 0 {
			t.Errorf("still unacknowledged %v", got)
		}
		if !take(5, 102) {
			t.Error("an acknowledged mail was taken again")
		}
		if got := missing(t, db, m, 5, 20); !slices.Equal(got, []uint32{20}) {
			t.Errorf("acknowledging made an untaken UID known: missing %v", got)
		}

		for i := 1; i <= 3; i++ {
			update(t, db, func(tx *sqldb.Tx) error {
				n, err := RecordAttempt(tx, m.ID, 20, "no\x00 body")
				if n != i {
					t.Errorf("attempt %d counted as %d", i, n)
				}
				return err
			})
		}
		if got := missing(t, db, m, 20); len(got) != 1 {
			t.Error("a tried UID is not fetched again")
		}
		update(t, db, func(tx *sqldb.Tx) error { return Park(tx, m.ID, 20, "no body in 3 attempts") })
		if got := missing(t, db, m, 20); len(got) != 0 {
			t.Error("a parked UID is fetched again")
		}
		update(t, db, func(tx *sqldb.Tx) error {
			all, err := Parked(tx)
			if len(all) != 1 || all[0].UID != 20 || all[0].Inbox != "support" || all[0].Reason != "no body in 3 attempts" || all[0].Attempts != 3 {
				t.Errorf("parked: %+v", all)
			}
			return err
		})
		update(t, db, func(tx *sqldb.Tx) error { return Forget(tx, m.ID, 20) })
		if got := missing(t, db, m, 20); len(got) != 1 {
			t.Error("what was set aside with nothing of it, and is gone, is still known")
		}
		update(t, db, func(tx *sqldb.Tx) error {
			n, err := Count(tx, "support")
			if len(n) != 1 || n["seen"] != 2 {
				t.Errorf("counts %v", n)
			}
			return err
		})
	})
}

// A mail of which the server gives only a part: the part is recorded, the whole is asked for, and
// takes its place.
func TestLifeOfAPart(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		lease, m := begun(t, db, FirstSync{UIDValidity: 1})
		take := func(uid uint32, inbound int64, part bool) (already bool) {
			t.Helper()
			update(t, db, func(tx *sqldb.Tx) (err error) {
				already, err = Take(tx, mailin.Source{Mailbox: m.ID, UID: uid, Lease: lease, Part: part}, inbound)
				return err
			})
			return already
		}
		unfetched := func(want ...Attempted) {
			t.Helper()
			update(t, db, func(tx *sqldb.Tx) error {
				got, err := Unfetched(tx, m.ID)
				if !slices.Equal(got, want) {
					t.Errorf("unfetched %+v, should be %+v", got, want)
				}
				return err
			})
		}
		try := func(uid uint32) {
			update(t, db, func(tx *sqldb.Tx) error { _, err := RecordAttempt(tx, m.ID, uid, "no body"); return err })
		}
		retry := func(inbound int64, want bool) {
			t.Helper()
			update(t, db, func(tx *sqldb.Tx) error {
				if found, err := Retry(tx, inbound); err != nil || found != want {
					t.Errorf("retrying %d: %v, %v", inbound, found, err)
				}
				return nil
			})
		}
		place := func(inbound int64) (uid uint32) {
			update(t, db, func(tx *sqldb.Tx) error {
				e, known, err := Place(tx, inbound)
				if known && (e.Folder != "INBOX" || e.Inbox != "support") {
					t.Errorf("it lies at %+v", e)
				}
				uid = e.UID
				return err
			})
			return uid
		}
		try(1)
		try(1)
		unfetched(Attempted{UID: 1, Attempts: 2})
		if take(1, 100, true) {
			t.Error("the part was there before")
		}
		if got := unacknowledged(t, db, m); len(got) != 0 {
			t.Errorf("%v would be acknowledged, and the mail moved away, though only a part of it was taken", got)
		}
		if !take(1, 101, true) {
			t.Error("the same part was taken twice")
		}
		update(t, db, func(tx *sqldb.Tx) error { return Park(tx, m.ID, 1, "no body") })
		try(1)
		unfetched(Attempted{UID: 1, Attempts: 3, Parked: 1, Part: 100})
		if place(100) != 1 || place(99) != 0 {
			t.Error("nobody knows where it lies")
		}
		retry(99, false)
		retry(100, true)
		unfetched(Attempted{UID: 1, Parked: 1, Part: 100})
		if take(1, 102, false) {
			t.Error("the whole counts as taken before")
		}
		unfetched()
		retry(100, false)
		if got := unacknowledged(t, db, m); !slices.Equal(got, []uint32{1}) {
			t.Errorf("unacknowledged %v", got)
		}

		for uid, end := range map[uint32]func(tx *sqldb.Tx) error{
			2: func(tx *sqldb.Tx) error { return Leave(tx, 200) },
			3: func(tx *sqldb.Tx) error { return Forget(tx, m.ID, 3) },
		} {
			inbound := int64(uid) * 100
			take(uid, inbound, true)
			update(t, db, end)
			unfetched()
			retry(inbound, false)
			if got := missing(t, db, m, uid); len(got) != 0 {
				t.Errorf("%v would be fetched again", got)
			}
		}
	})
}

func TestTakeNeedsTheLease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		old, m := begun(t, db, FirstSync{UIDValidity: 1})
		fresh, ok, err := NewKeeper(db, "a", time.Minute).Acquire(context.Background(), "inbox:support")
		if err != nil || !ok || fresh.Epoch != old.Epoch+1 {
			t.Fatal(fresh, ok, err)
		}
		for _, lease := range []mailin.Lease{old, {}, {Name: "inbox:other", Epoch: 1}} {
			err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
				fault, err := tx.Savepoint(func() error {
					_, err := Take(tx, mailin.Source{Mailbox: m.ID, UID: 1, Lease: lease}, 7)
					return err
				})
				if fault != nil {
					t.Errorf("a lost lease was blamed on the mail: %v", fault)
				}
				return err
			})
			if !errors.Is(err, ErrLeaseLost) {
				t.Errorf("taken under %+v: %v", lease, err)
			}
		}
		err = db.Update(context.Background(), func(tx *sqldb.Tx) error {
			_, err := AddMailbox(tx, old, FirstSync{Inbox: "support", Folder: "INBOX", UIDValidity: 2})
			return err
		})
		if !errors.Is(err, ErrLeaseLost) {
			t.Errorf("a mailbox was entered under a lost lease: %v", err)
		}
		if got := missing(t, db, m, 1); len(got) != 1 {
			t.Error("something was written")
		}
		// An unknown mailbox is no lost lease and no "already".
		err = db.Update(context.Background(), func(tx *sqldb.Tx) error {
			_, err := Take(tx, mailin.Source{Mailbox: m.ID + 99, UID: 1, Lease: fresh}, 7)
			return err
		})
		if err == nil || errors.Is(err, ErrLeaseLost) {
			t.Errorf("an unknown mailbox: %v", err)
		}
		// A mail from a pipe has no ledger.
		update(t, db, func(tx *sqldb.Tx) error {
			already, err := Take(tx, mailin.Source{}, 7)
			if already {
				t.Error("a mail from a pipe was taken before")
			}
			return err
		})
	})
}

func TestHistoryAndOld(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		first := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		clock.Set(first)
		before := func() (h History) {
			update(t, db, func(tx *sqldb.Tx) (err error) { h, err = LoadHistory(tx, "support", "INBOX"); return err })
			return h
		}
		if h := before(); h.Known {
			t.Errorf("known before it was met: %+v", h)
		}
		update(t, db, func(tx *sqldb.Tx) error { return Start(tx, "support", "INBOX") })
		clock.Advance(time.Minute)
		update(t, db, func(tx *sqldb.Tx) error {
			if err := Start(tx, "support", "Junk"); err != nil {
				return err
			}
			return Start(tx, "support", "INBOX")
		})
		if h := before(); h.Known || !h.Started.Equal(first) {
			t.Errorf("started, and not met: %+v", h)
		}
		clock.Set(first)
		lease, m := begun(t, db, FirstSync{UIDValidity: 1, OldBelow: 10})
		if h := before(); !h.Known || !h.First.Equal(first) || !h.Until.Equal(first) {
			t.Errorf("history %+v", h)
		}
		if !m.Old(9, first.AddDate(1, 0, 0)) || !m.Old(9, time.Time{}) || m.Old(10, first.AddDate(-1, 0, 0)) {
			t.Error("on a first run the UID alone tells what is old")
		}
		clock.Advance(time.Hour)
		newest := first.Add(30 * time.Minute)
		update(t, db, func(tx *sqldb.Tx) error { return AdvanceCursor(tx, m.ID, 12, newest) })
		update(t, db, func(tx *sqldb.Tx) error { return AdvanceCursor(tx, m.ID, 11, newest.Add(-time.Minute)) })
		update(t, db, func(tx *sqldb.Tx) error { return AdvanceCursor(tx, m.ID, 0, time.Time{}) })
		update(t, db, func(tx *sqldb.Tx) error {
			again, ok, err := FindMailbox(tx, "support", "INBOX", 1)
			if !ok || again.SettledBelow != 12 || !again.Latest.Equal(newest) {
				t.Errorf("settled as %+v", again)
			}
			return err
		})
		h := before()
		if !h.Until.Equal(newest) {
			t.Errorf("history %+v", h)
		}
		var second Mailbox
		update(t, db, func(tx *sqldb.Tx) (err error) {
			second, err = AddMailbox(tx, lease, FirstSync{Inbox: "support", Folder: "INBOX", UIDValidity: 2, OldBelow: 100, OldUntil: h.Until.Time})
			return err
		})
		if !second.Old(99, newest) || !second.Old(99, time.Time{}) || second.Old(99, newest.Add(time.Millisecond)) || second.Old(100, newest) {
			t.Error("after a rescan, mail that came later than all that was known is new")
		}
		// Met twice at once: the first decision stands.
		update(t, db, func(tx *sqldb.Tx) error {
			same, err := AddMailbox(tx, lease, FirstSync{Inbox: "support", Folder: "INBOX", UIDValidity: 2, OldBelow: 7, Seen: []uint32{1}})
			if same.ID != second.ID || same.OldBelow != 100 {
				t.Errorf("entered again as %+v", same)
			}
			return err
		})
	}, sqldb.WithClock(clock.Now))
}

func TestManyOldMails(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		var old []uint32
		for uid := uint32(1); uid <= 5_001; uid++ {
			old = append(old, uid)
		}
		_, m := begun(t, db, FirstSync{UIDValidity: 1, OldBelow: 5_002, Seen: old})
		if got := missing(t, db, m, append(old, 5_002)...); !slices.Equal(got, []uint32{5_002}) {
			t.Errorf("%d missing", len(got))
		}
	})
}

// The ledger against a model: whatever happens in whatever order, a UID that was taken stays taken.
func TestModel(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	lease, m := begun(t, db, FirstSync{UIDValidity: 1})
	round := uint32(0)
	rapid.Check(t, func(t *rapid.T) {
		round += 100 // fresh UIDs for each round
		state, recorded := map[uint32]string{}, map[uint32]bool{}
		number := func(uid uint32) int64 { return 1000 + int64(uid) }
		ctx := context.Background()
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			uid := round + rapid.Uint32Range(1, 4).Draw(t, "uid")
			err := db.Update(ctx, func(tx *sqldb.Tx) error {
				switch rapid.SampledFrom([]string{"take", "acknowledge", "try", "park", "retry", "leave", "forget"}).Draw(t, "step") {
				case "take":
					already, err := Take(tx, mailin.Source{Mailbox: m.ID, UID: uid, Lease: lease}, number(uid))
					if want := state[uid] == "taken" || state[uid] == "acknowledged"; already != want {
						t.Fatalf("take of %q says already=%v", state[uid], already)
					}
					if !already {
						state[uid], recorded[uid] = "taken", true
					}
					return err
				case "acknowledge":
					if state[uid] == "taken" {
						state[uid] = "acknowledged"
					}
					return Acknowledged(tx, m.ID, []uint32{uid})
				case "try":
					if state[uid] == "" {
						state[uid] = "tried"
					}
					_, err := RecordAttempt(tx, m.ID, uid, "x")
					return err
				case "park":
					if state[uid] != "acknowledged" {
						state[uid] = "parked"
					}
					return Park(tx, m.ID, uid, "x")
				case "retry":
					_, err := Retry(tx, number(uid))
					return err
				case "leave":
					if state[uid] == "parked" && recorded[uid] {
						state[uid] = "seen"
					}
					return Leave(tx, number(uid))
				default:
					switch {
					case state[uid] == "parked" && recorded[uid]:
						state[uid] = "acknowledged"
					case state[uid] == "tried", state[uid] == "parked":
						delete(state, uid)
					}
					return Forget(tx, m.ID, uid)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		have := []uint32{round + 1, round + 2, round + 3, round + 4}
		var want, got []uint32
		for _, uid := range have {
			if state[uid] == "" || state[uid] == "tried" {
				want = append(want, uid)
			}
		}
		if err := db.View(ctx, func(tx *sqldb.Tx) (err error) { got, err = Missing(tx, m.ID, have); return err }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("missing %v, should be %v of %v", got, want, state)
		}
	})
}

// TestTakenMeanwhile shows that of two who take the same mail at once one has it, and the other is
// told that he was late.
func TestTakenMeanwhile(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		if db.Kind() == sqldb.SQLite {
			return // only one writes at a time
		}
		lease, m := begun(t, db, FirstSync{UIDValidity: 1})
		src := mailin.Source{Mailbox: m.ID, UID: 7, Lease: lease}
		take := func(inbound int64, meanwhile func()) error {
			return db.Update(t.Context(), func(tx *sqldb.Tx) error {
				already, err := Take(tx, src, inbound)
				if already {
					t.Error("nobody had taken it")
				}
				meanwhile()
				return err
			})
		}
		err := take(2, func() {
			if err := take(1, func() {}); err != nil {
				t.Error(err)
			}
		})
		if !errors.Is(err, sqldb.ErrOvertaken) {
			t.Errorf("error %v", err)
		}
	})
}
