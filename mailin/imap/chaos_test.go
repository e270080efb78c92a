package imap_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap/imaptest"
)

// A server and a desk that misbehave at random at every twelfth command: in the end each mail has
// been taken, once and whole, and is out of the inbox. The seed is in the name of the test.
func TestChaos(t *testing.T) {
	t.Parallel()
	first := rand.Uint64() % 1e6
	for seed := first; seed < first+4; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			caps := []string{modern, "UIDPLUS", "IDLE MOVE", ""}[seed%4]
			b := newBench(t, caps)
			var mu sync.Mutex
			r := rand.New(rand.NewPCG(seed, 1))
			calm := false
			dice := func(n int) int {
				mu.Lock()
				defer mu.Unlock()
				if calm {
					return -1
				}
				return r.IntN(n)
			}
			b.s.on = func(c *wire, command, args string) bool {
				switch dice(120) {
				case 0:
					c.Close()
				case 1:
					c.mu.Lock()
					keep := c.Conn
					c.Conn = deaf{keep}
					c.command(command, args)
					c.mu.Unlock()
					keep.Close()
				case 2:
					c.hole()
				case 3:
					c.say("* BYE enough")
					c.Close()
				case 4:
					c.say("* 1 FETCH (UID")
				case 5:
					c.say("* XYZZY")
				case 6:
					if command == "GREETING" || command == "DONE" {
						return false
					}
					c.no("[UNAVAILABLE] not now")
				case 7:
					c.say("* 3 EXPUNGE")
					return false
				case 8:
					c.say("* 7 EXISTS")
					return false
				case 9:
					time.Sleep(50 * time.Millisecond)
					return false
				default:
					return false
				}
				return true
			}
			b.s.answer = func(c *wire, seq int, m *letter, items string) bool {
				if !withBody(items) {
					return dice(400) == 0 // left out
				}
				switch dice(80) {
				case 0:
					fmt.Fprintf(c.Conn, "* %d FETCH (%s BODY[] {%d}\r\n", seq, c.facts(m, items), len(m.bytes))
					c.Write(m.bytes[:len(m.bytes)/2])
					c.Close()
				case 1:
				case 2:
					c.say("* %d FETCH (UID %d FLAGS ())", seq, m.uid)
					return false
				case 3:
					c.say("* %d FETCH (%s BODY[] NIL)", seq, c.facts(m, items))
				default:
					return false
				}
				return true
			}
			b.desk.Before = func([]mailin.Raw) error {
				if dice(10) == 0 {
					return fmt.Errorf("locked: %w", errAway)
				}
				return nil
			}
			const n = 150
			b.start()
			for uid := uint32(1); uid <= n; uid++ {
				b.s.put(uid, imaptest.Mail(fmt.Sprint(uid), 3000))
				if uid%30 == 0 {
					time.Sleep(20 * time.Millisecond)
				}
			}
			time.Sleep(2 * time.Second)
			mu.Lock()
			calm = true
			mu.Unlock()
			var want []uint32
			for uid := uint32(1); uid <= n; uid++ {
				want = append(want, uid)
			}
			imaptest.Eventually(t, "all is moved", func() bool { return slices.Equal(slices.Compact(b.s.folder("Processed")), want) })
			b.once(want...)
			for _, m := range b.desk.Mails() {
				if m.Fault != "" {
					t.Errorf("UID %d has the fault %q", m.Source.UID, m.Fault)
				}
			}
			if s := b.f.Status().Folders[0]; s.Parked != 0 {
				t.Errorf("%d parked", s.Parked)
			}
		})
	}
}

var errAway = sqlAway{}

// sqlAway is an error as a lost database connection gives it.
type sqlAway struct{}

func (sqlAway) Error() string   { return "connection lost" }
func (sqlAway) Timeout() bool   { return true }
func (sqlAway) Temporary() bool { return true }
