package token

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tierdesk/mailout"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

func ring(t testing.TB, secrets ...string) *Keyring {
	t.Helper()
	var all [][]byte
	for _, s := range secrets {
		all = append(all, []byte(s))
	}
	k, err := New(all...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const (
	secretA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	secretB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

var refs = rapid.Custom(func(t *rapid.T) Ref {
	return Ref{Ticket: rapid.Int64Range(0, 1<<35-1).Draw(t, "ticket"), Party: rapid.SampledFrom(parties[1:]).Draw(t, "party"),
		Notice: rapid.Int64Range(0, 1<<56-1).Draw(t, "notice"), Action: Action(rapid.IntRange(0, actions-1).Draw(t, "action"))}
})

var recipients = rapid.StringMatching(`[a-zA-Z0-9._+-]{1,20}@[a-z0-9-]{1,10}\.example`)

func TestWhatWasGivenIsFoundAndVerified(t *testing.T) {
	k := ring(t, secretA)
	rapid.Check(t, func(t *rapid.T) {
		ref, to := refs.Draw(t, "ref"), recipients.Draw(t, "recipient")
		style := rapid.SampledFrom([]ReplyAddress{Plus, "{token}@desk.acme.example", "support-{token}@acme.example"}).Draw(t, "style")
		address := k.Address("support@acme.example", style, ref, to)
		local := address[:strings.LastIndexByte(address, '@')]
		if len(local) > MaxLocal || address != strings.ToLower(address) {
			t.Fatalf("%s: %d characters", address, len(local))
		}
		if tok := k.Token(ref, to); len(tok) > maxToken || len(tok) < minToken || !strings.Contains(address, tok) {
			t.Fatalf("token %q in %s", tok, address)
		}
		for _, a := range []string{address, strings.ToUpper(address)} {
			c, ok := Find(a)
			if !ok || c.Ref != ref {
				t.Fatalf("%s gives %+v, %v; want %+v", a, c, ok, ref)
			}
			if !k.Verify(c, to) || !k.Verify(c, strings.ToUpper(to)) {
				t.Fatalf("%s is not verified for %s", a, to)
			}
		}
	})
}

func TestAnythingElseOpensNothing(t *testing.T) {
	k, other := ring(t, secretA), ring(t, secretB)
	rapid.Check(t, func(t *rapid.T) {
		ref, to := refs.Draw(t, "ref"), recipients.Draw(t, "recipient")
		tok := k.Token(ref, to)
		i := rapid.IntRange(0, len(tok)-1).Draw(t, "place")
		c := rapid.SampledFrom([]byte("abcdefghijklmnopqrstuvwxyz234567")).Draw(t, "character")
		if altered := tok[:i] + string(c) + tok[i+1:]; altered != tok {
			if x, ok := Parse(altered); ok && k.Verify(x, to) {
				t.Fatalf("altered at %d: %s still opens %+v", i, altered, x.Ref)
			}
		}
		for _, cut := range []string{tok[:len(tok)-1], tok[1:], tok + "a", "a" + tok} {
			if x, ok := Parse(cut); ok && k.Verify(x, to) {
				t.Fatalf("%s opens %+v", cut, x.Ref)
			}
		}
		x, ok := Parse(tok)
		if !ok {
			t.Fatal("not parsed")
		}
		if k.Verify(x, "x"+to) || k.Verify(x, "") || other.Verify(x, to) {
			t.Fatal("opens for another recipient or with another key")
		}
		// What a ref says is what is signed: the token of another ref is another one, and does not
		// open with the first one's signature.
		party := rapid.SampledFrom(parties[1:]).Draw(t, "other party")
		if party != ref.Party {
			b, _ := code.DecodeString(tok)
			forged := Ref{ref.Ticket, party, ref.Notice, ref.Action}
			p, _ := forged.append([]byte{b[0]})
			if y, ok := Parse(code.EncodeToString(append(p, b[len(b)-sigSize:]...))); ok && k.Verify(y, to) {
				t.Fatal("opens for another party")
			}
		}
		if k.Verify(Candidate{Ref: ref}, to) {
			t.Fatal("a ref alone proves something")
		}
	})
}

func TestAddressesThatHoldNoToken(t *testing.T) {
	k := ring(t, secretA)
	ref := Ref{Ticket: 1, Party: mailout.Customer, Notice: 2}
	long := strings.Repeat("x", 45) + "@acme.example"
	for _, c := range []struct{ base, want string }{
		{k.Address("support@acme.example", None, ref, "a@b.example"), "support@acme.example"},
		{k.Address(long, Plus, ref, "a@b.example"), long},
		{k.Address("support@acme.example", Plus, Ref{Ticket: 1, Party: "nobody"}, "a@b.example"), "support@acme.example"},
		{k.Address("support@acme.example", Plus, Ref{Ticket: 1 << 36, Party: mailout.Agent}, "a@b.example"), "support@acme.example"},
		{k.Address("support@acme.example", "fixed@acme.example", ref, "a@b.example"), "support@acme.example"},
	} {
		if c.base != c.want {
			t.Errorf("got %s, want %s", c.base, c.want)
		}
	}
	for _, a := range []string{"", "@", "support@acme.example", "support+@acme.example", "jane.abcdefghijklmnopqrstuvwxyz@x.example",
		"support+1042@acme.example", strings.Repeat("a", 300) + "@x.example", "support+aaaaaaaaaaaaaaaaaaaaaaaaaaaa"} {
		if c, ok := Find(a); ok && k.Verify(c, "jane@x.example") {
			t.Errorf("%s opens something", a)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	k, other := ring(t, secretA), ring(t, secretB)
	rapid.Check(t, func(t *rapid.T) {
		ticket, mail := rapid.Int64Range(0, 1<<62).Draw(t, "ticket"), rapid.Int64Range(0, 1<<62).Draw(t, "mail")
		id := k.MessageID(ticket, mail, "acme.example")
		for _, spelt := range []string{id, "<" + id + ">", strings.ToUpper(id)} {
			if a, b, ok := k.OpenMessageID(spelt); !ok || a != ticket || b != mail {
				t.Fatalf("%s gives %d, %d, %v", spelt, a, b, ok)
			}
		}
		if _, _, ok := other.OpenMessageID(id); ok {
			t.Fatal("opens with another key")
		}
		at := strings.IndexByte(id, '@')
		i := rapid.IntRange(0, at-1).Draw(t, "place")
		c := rapid.SampledFrom([]byte("abcdefghijklmnopqrstuvwxyz0123456789.+-")).Draw(t, "character")
		if altered := id[:i] + string(c) + id[i+1:]; altered != id {
			if _, _, ok := k.OpenMessageID(altered); ok {
				t.Fatalf("%s altered to %s opens", id, altered)
			}
		}
	})
	// The last character has bits to spare, and only one spelling is right.
	id := k.MessageID(1042, 7, "acme.example")
	at := strings.IndexByte(id, '@')
	opens := 0
	for _, c := range "abcdefghijklmnopqrstuvwxyz234567" {
		if _, _, ok := k.OpenMessageID(id[:at-1] + string(c) + id[at:]); ok {
			opens++
		}
	}
	if opens != 1 {
		t.Errorf("%d spellings open", opens)
	}
	for _, id := range []string{"", "<>", "1.2.3@x", "1042.7.@acme.example", "01.2." + k.MessageID(1, 2, "x")[4:]} {
		if _, _, ok := k.OpenMessageID(id); ok {
			t.Errorf("%q opens", id)
		}
	}
}

// A signature for an address must not serve as one for a Message-ID, whatever the numbers are.
func TestUsesAreKeptApart(t *testing.T) {
	k := &ring(t, secretA).keys[0]
	if string(k.sign(nil, addressLabel, []byte("1.2"), "")) == string(k.sign(nil, messageIDLabel, []byte("1.2"), "")) {
		t.Error("the same signature for two uses")
	}
}

func TestKeysAreMadeRotatedAndRetired(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update := func(f func(tx *sqldb.Tx) error) {
			t.Helper()
			if err := db.Update(context.Background(), f); err != nil {
				t.Fatal(err)
			}
		}
		load := func() (k *Keyring) {
			update(func(tx *sqldb.Tx) (err error) { k, err = Load(tx); return err })
			return k
		}
		ref, to := Ref{Ticket: 7, Party: mailout.Agent, Notice: 9, Action: Take}, "jane@acme.example"
		first := load()
		old := first.Token(ref, to)
		c, _ := Parse(old)
		if again := load(); again.Token(ref, to) != old {
			t.Fatal("the key changes with every load")
		}
		woken, end := db.Subscribe(TopicKeys)
		defer end()
		clock.Advance(time.Hour)
		var second *Keyring
		update(func(tx *sqldb.Tx) (err error) { second, err = Rotate(tx); return err })
		select {
		case <-woken:
		case <-time.After(5 * time.Second):
			t.Error("nobody is told of a new key")
		}
		fresh := second.Token(ref, to)
		if fresh == old || !second.Verify(c, to) || load().Token(ref, to) != fresh {
			t.Fatal("a new key must sign, and the old one go on verifying")
		}
		if n, _ := Parse(fresh); first.Verify(n, to) {
			t.Fatal("a token opens with a key that it was not made with")
		}
		clock.Advance(24 * time.Hour)
		update(func(tx *sqldb.Tx) error {
			n, err := Retire(tx, tx.Now())
			if n != 1 {
				t.Errorf("%d keys retired, want the first alone", n)
			}
			return err
		})
		third := load()
		if third.Verify(c, to) || third.Token(ref, to) != fresh {
			t.Fatal("a retired key must open nothing, and the newest one stay")
		}
		clock.Advance(365 * 24 * time.Hour)
		update(func(tx *sqldb.Tx) error { _, err := Rotate(tx); return err })
		clock.Advance(-365 * 24 * time.Hour) // a newer key of a clock that was ahead is newer, too
		update(func(tx *sqldb.Tx) error {
			n, err := Retire(tx, tx.Now())
			if n != 1 {
				t.Errorf("%d keys retired below one of a clock that was ahead, want 1", n)
			}
			return err
		})
	}, sqldb.WithClock(clock.Now))
}

func FuzzFind(f *testing.F) {
	k := ring(f, secretA)
	ref := Ref{Ticket: 1042, Party: mailout.Customer, Notice: 5531}
	f.Add(k.Address("support@acme.example", Plus, ref, "jane@x.example"))
	f.Add("support+aaaaaaaaaaaaaaaaaaaaaaaa@acme.example")
	good := k.Token(ref, "jane@x.example")
	f.Fuzz(func(t *testing.T, address string) {
		c, ok := Find(address)
		if ok && k.Verify(c, "jane@x.example") && !strings.Contains(strings.ToLower(address), good) && c.Ref == ref {
			t.Errorf("%q opens %+v", address, c.Ref)
		}
		k.OpenMessageID(address)
	})
}

func BenchmarkAddress(b *testing.B) {
	k := ring(b, secretA)
	b.ReportAllocs()
	for b.Loop() {
		k.Address("support@acme.example", Plus, Ref{Ticket: 1042, Party: mailout.Customer, Notice: 5531}, "jane@gold.example")
	}
}

func BenchmarkFindAndVerify(b *testing.B) {
	k := ring(b, secretA)
	a := k.Address("support@acme.example", Plus, Ref{Ticket: 1042, Party: mailout.Customer, Notice: 5531}, "jane@gold.example")
	b.ReportAllocs()
	for b.Loop() {
		if c, ok := Find(a); !ok || !k.Verify(c, "jane@gold.example") {
			b.Fatal("not verified")
		}
	}
}

func BenchmarkMessageID(b *testing.B) {
	k := ring(b, secretA)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := k.OpenMessageID(k.MessageID(1042, 5531, "acme.example")); !ok {
			b.Fatal("not opened")
		}
	}
}
