package search

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// vocabulary draws words as they are spread in texts: the first is in most of them, the n-th in
// about one of n.
type vocabulary struct {
	r *rand.Rand
	z *rand.Zipf
}

func newVocabulary() vocabulary {
	r := rand.New(rand.NewPCG(1, 2))
	return vocabulary{r, rand.NewZipf(r, 1.07, 3, 200_000)}
}

func wordNo(n uint64) string {
	const letters = "etaoinshrdlucmfwypvbgkjqxz"
	out := []byte{'w'}
	for n += 26; n > 0; n /= 26 {
		out = append(out, letters[n%26])
	}
	return string(out)
}

// text is about as long as what is new in a mail.
func (v vocabulary) text() string {
	words := make([]string, 30+v.r.IntN(120))
	for i := range words {
		words[i] = wordNo(v.z.Uint64())
	}
	return strings.Join(words, " ")
}

// fillDesk writes messages, five a ticket, and the words that are in at most so many of them.
func fillDesk(t testing.TB, db *sqldb.DB, n int) {
	v := newVocabulary()
	const inOne = 1000
	for done := 0; done < n; {
		err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
			at := day1.Add(time.Duration(done) * time.Second)
			var ticket int64
			for i := range min(inOne, n-done) {
				if i%5 == 0 {
					var err error
					ticket, err = store.InsertTicket(tx, tickets.Ticket{Subject: v.text()[:40], Status: tickets.Open, Priority: "normal", Tier: 1 + v.r.IntN(2),
						Inbox: "support", Opened: at, Updated: at})
					if err != nil {
						return err
					}
				}
				address := fmt.Sprintf("p%d@x%d.example", v.r.IntN(20_000), v.r.IntN(500))
				if _, err := store.AddMessage(tx, tickets.Message{Ticket: ticket, Kind: tickets.FromCustomer, Address: address, Visibility: tickets.Public, At: at,
					Subject: "Re: about it", Text: v.text()}, 0); err != nil {
					return err
				}
			}
			done += min(inOne, n-done)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkFill measures what a message costs in the index, by how many share a transaction.
func BenchmarkFill(b *testing.B) {
	for _, g := range []dbtest.Ground{dbtest.SQLite(b), dbtest.Postgres(b)} {
		for _, atOnce := range []int{1, 20, 200, 1000} {
			db := g.Open(b)
			b.Run(fmt.Sprintf("%s/%d", db.Kind(), atOnce), func(b *testing.B) {
				fillDesk(b, db, b.N)
				b.ResetTimer()
				for empty := false; !empty; {
					if err := db.Update(context.Background(), func(tx *sqldb.Tx) (err error) {
						_, empty, err = Fill(tx, desk, people, atOnce)
						return err
					}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

var manyMessages = flag.Int("messages", 0, "how many messages TestMillion searches; 0: 1,000,000 with TIERDESK_TEST_FULL, else 2,000")

// aimed is within how long 95 of 100 searches are answered, in a million messages.
const aimed = 300 * time.Millisecond

// TestMillion measures searches in a million messages. Words in at most one message of a hundred
// are answered within 300 ms, 95 of 100 times, and commoner ones, too; it says of each kind of
// search that is promised whether that is so.
func TestMillion(t *testing.T) {
	n := *manyMessages
	switch {
	case n > 0:
	case os.Getenv("TIERDESK_TEST_FULL") != "":
		n = 1_000_000
	default:
		n = 2_000
	}
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		began := time.Now()
		fillDesk(t, db, n)
		wrote := time.Since(began)
		began = time.Now()
		for empty := false; !empty; {
			if err := db.Update(t.Context(), func(tx *sqldb.Tx) (err error) {
				_, empty, err = Fill(tx, desk, people, atOnce)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%d messages written in %.0f s, put into the index in %.0f s (%.0f µs each)", n, wrote.Seconds(), time.Since(began).Seconds(),
			float64(time.Since(began).Microseconds())/float64(n))
		for _, kind := range []struct {
			name     string
			promised bool
			query    func(r *rand.Rand) string
		}{
			{"one word, in at most 1 of 100", true, func(r *rand.Rand) string { return wordNo(uint64(700 + r.IntN(20_000))) }},
			{"two words, the rarer in 1 of 100", true, func(r *rand.Rand) string { return wordNo(uint64(700+r.IntN(2000))) + " " + wordNo(uint64(r.IntN(100))) }},
			{"one word and a filter that no ticket meets", false, func(r *rand.Rand) string { return wordNo(uint64(700+r.IntN(300))) + " tag:none" }},
			{"from:", true, func(r *rand.Rand) string { return fmt.Sprintf("from:p%d", r.IntN(20_000)) }},
			{"phrase", true, func(r *rand.Rand) string {
				return fmt.Sprintf(`"%s %s"`, wordNo(uint64(r.IntN(1000))), wordNo(uint64(r.IntN(1000))))
			}},
			{"a common word", true, func(r *rand.Rand) string { return wordNo(uint64(r.IntN(100))) }},
			{"a common word and a filter that no ticket meets", false, func(r *rand.Rand) string { return wordNo(uint64(r.IntN(100))) + " tag:none" }},
			{"a list", true, func(r *rand.Rand) string { return "status:open tier:2" }},
		} {
			r := rand.New(rand.NewPCG(3, 4))
			searches := 60
			if kind.promised && n > 2_000 {
				searches = 200 // ten lie above the p95
			}
			var took []time.Duration
			hits, cut := 0, 0
			for range searches {
				q, fault := Parse(kind.query(r), known)
				if fault != nil {
					t.Fatal(fault.Say().English())
				}
				began := time.Now()
				if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
					found, err := reader.Find(tx, q, 50)
					hits += len(found.Hits)
					if found.Cut > 0 {
						cut++
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			p95, word := took[searches*95/100], ""
			switch {
			case kind.promised && p95 <= aimed:
				word = "reached"
			case kind.promised:
				word = "MISSED"
			}
			t.Logf("%-50s median %6.1f ms, p95 %6.1f ms, worst %6.1f ms; %.1f tickets found, %d of %d cut %s", kind.name, ms(took[searches/2]),
				ms(p95), ms(took[searches-1]), float64(hits)/float64(searches), cut, searches, word)
		}
	})
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
