package imap_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
)

// Servers that talk without need. The watch stays quiet, idles if the server lets it, and finds new
// mail all the same.
func TestNoise(t *testing.T) {
	t.Parallel()
	// after lets a command be answered as usual, behind some noise.
	noisy := func(noise func(c *wire, n int), commands ...string) func(c *wire, command, args string) bool {
		return func(c *wire, command, args string) bool {
			if slices.Contains(commands, command) {
				c.mu.Lock()
				noise(c, len(c.mails))
				c.mu.Unlock()
			}
			return false
		}
	}
	all := []string{"CAPABILITY", "NOOP", "UID SEARCH", "UID FETCH", "UID MOVE", "IDLE", "DONE"}
	var flips atomic.Int32
	for name, c := range map[string]struct {
		on   func(c *wire, command, args string) bool
		poll bool // the server leaves us nothing but to poll
		// believed is that the noise says nothing new, so that what is new is heard at once.
		believed bool
	}{
		"EXISTS with each NOOP":  {believed: true, on: noisy(func(c *wire, n int) { c.say("* %d EXISTS", n); c.say("* 0 RECENT") }, "NOOP")},
		"EXISTS with everything": {believed: true, on: noisy(func(c *wire, n int) { c.say("* %d EXISTS", n) }, all...)},
		"RECENT and flags with everything": {believed: true, on: noisy(func(c *wire, n int) {
			c.say("* %d RECENT", n+1)
			c.say(`* FLAGS (\Seen \Deleted)`)
			c.say(`* OK [PERMANENTFLAGS (\Seen)] x`)
			if n > 0 {
				c.say(`* %d FETCH (FLAGS (\Recent))`, n)
			}
		}, all...)},
		"a number that goes up and down": {on: noisy(func(c *wire, n int) { c.say("* %d EXISTS", n+int(flips.Add(1)%2)) }, all...)},
		"EXPUNGE of what is not there": {on: noisy(func(c *wire, n int) {
			c.say("* %d EXISTS", n+1)
			c.say("* %d EXPUNGE", n+1)
		}, all...)},
		"IDLE that ends at once": {poll: true, on: func(c *wire, command, _ string) bool {
			if command == "IDLE" {
				c.say("+ idling")
				c.ok()
			}
			return command == "IDLE"
		}},
		"IDLE that does not begin": {poll: true, on: func(c *wire, command, _ string) bool {
			if command == "IDLE" {
				c.ok()
			}
			return command == "IDLE"
		}},
		"BYE to each IDLE": {poll: true, on: func(c *wire, command, _ string) bool {
			if command == "IDLE" {
				c.say("* BYE no")
				c.Close()
			}
			return command == "IDLE"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, modern)
			b.cfg.PollEvery = 2 * time.Second
			b.cfg.IdleFor = time.Hour
			b.s.on = c.on
			b.fill(2)
			b.start()
			b.all(2)
			doing := imap.Idling
			if c.poll {
				doing = imap.Polling
			}
			imaptest.Eventually(t, "it waits", func() bool { return b.f.Status().Folders[0].Doing == doing })
			before := b.s.commands("")
			time.Sleep(3 * time.Second)
			if n := b.s.commands("") - before; n > 12 {
				t.Errorf("%d commands in 3 s", n)
			}
			if c.believed {
				imaptest.Eventually(t, "nothing is asked for two seconds", func() bool {
					before := b.s.commands("")
					time.Sleep(2 * time.Second)
					return b.s.commands("") == before
				})
			}
			if c.poll != (b.f.Status().Folders[0].Doing == imap.Polling) {
				t.Errorf("it is %s", b.f.Status().Folders[0].Doing)
			}
			for uid := uint32(3); uid < 6; uid++ {
				began := time.Now()
				b.s.put(uid, imaptest.Mail(fmt.Sprint(uid), 3000))
				b.all(int(uid))
				if took := time.Since(began); took > 6*time.Second || c.believed && took > 700*time.Millisecond {
					t.Errorf("mail %d was taken after %v", uid, took)
				}
			}
			if n := b.s.commands("LOGIN"); n > 5 {
				t.Errorf("%d logins", n)
			}
		})
	}
}

// A server that lets us in, tells what there is, and sends us away, again and again: each time
// takes longer, though each went well.
func TestSentAwayAgainAndAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.cfg = imap.Retrying(b.cfg, 10*time.Millisecond, time.Minute)
	b.cfg.PollEvery = 2 * time.Second
	b.s.on = func(c *wire, command, _ string) bool {
		if command == "NOOP" {
			c.say("* BYE come again")
			c.Close()
		}
		return command == "NOOP"
	}
	b.start()
	imaptest.Eventually(t, "it was sent away", func() bool { return b.s.commands("NOOP") > 0 })
	time.Sleep(3 * time.Second)
	if n := b.s.commands("LOGIN"); n > 14 {
		t.Errorf("%d logins in 3 s", n)
	}
	b.s.putSilently(1, imaptest.Mail("1", 3000))
	b.all(1)
}

// A server whose IDLE never tells of anything is asked as often as one that has none.
func TestIdleThatTellsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, modern)
	b.cfg.PollEvery = 1500 * time.Millisecond
	b.cfg.IdleFor = time.Hour
	b.start()
	imaptest.Eventually(t, "it idles", func() bool { return b.f.Status().Folders[0].Doing == imap.Idling })
	b.s.putSilently(1, imaptest.Mail("1", 3000))
	b.all(1)
	time.Sleep(8 * time.Second) // quiet for so long that an IDLE that is believed lasts 8 s
	began := time.Now()
	b.s.putSilently(2, imaptest.Mail("2", 3000))
	b.all(2)
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("taken after %v", took)
	}
}

// What comes after our own EXPUNGE makes the folder as large as before: it is news all the same.
func TestNewMailAfterAnExpunge(t *testing.T) {
	t.Parallel()
	b := newBench(t, "IDLE UIDPLUS")
	b.cfg.PollEvery, b.cfg.IdleFor = time.Hour, time.Hour
	b.start()
	imaptest.Eventually(t, "it idles", func() bool { return b.f.Status().Folders[0].Doing == imap.Idling })
	b.s.put(1, imaptest.Mail("1", 3000))
	b.all(1)
	// No news would each time be found out after a second. A busy machine may take as long, but not
	// each time.
	fastest := time.Hour
	for uid := uint32(2); uid < 8; uid++ {
		imaptest.Eventually(t, "it idles", func() bool { return b.f.Status().Folders[0].Doing == imap.Idling })
		began := time.Now()
		b.s.put(uid, imaptest.Mail(fmt.Sprint(uid), 3000))
		b.all(int(uid))
		fastest = min(fastest, time.Since(began))
	}
	if fastest > 700*time.Millisecond {
		t.Errorf("the mail that was taken soonest was taken after %v", fastest)
	}
}
