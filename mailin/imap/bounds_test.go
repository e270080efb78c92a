package imap_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/imap/imaptest"
)

// A thousand large mails wait, and the desk is slow: what it is given at once is bounded in octets
// and in mails, and so is what is fetched meanwhile. What is held is counted by the server, in
// octets that it sent and that the desk has not taken.
func TestHeldAtOnce(t *testing.T) {
	const (
		mails, size = 40, 1 << 20
		atOnce      = 4 << 20
		most        = 13 << 20 // one batch at the desk, those that wait for it, and one that is being fetched
	)
	t.Parallel()
	b := newBench(t, modern)
	b.cfg.Timeout = time.Minute // what is fetched twice would count twice
	for uid := uint32(1); uid <= mails; uid++ {
		b.s.put(uid, imaptest.Mail("large", size))
	}
	var mu sync.Mutex
	var sent, taken, held int
	b.s.answer = func(_ *wire, _ int, m *letter, items string) bool {
		if withBody(items) && !strings.Contains(items, "HEADER") {
			mu.Lock()
			defer mu.Unlock()
			sent += len(m.bytes)
			held = max(held, sent-taken)
		}
		return false
	}
	slow := false
	b.desk.Before = func(batch []mailin.Raw) error {
		octets := 0
		for _, m := range batch {
			octets += len(m.Bytes)
		}
		if octets > atOnce && len(batch) > 1 || len(batch) > 50 {
			t.Errorf("the desk was given %d mails of %d octets at once", len(batch), octets)
		}
		if !slow {
			slow = true
			// Until nothing more is fetched, or too much was.
			for before := -1; ; time.Sleep(time.Second) {
				mu.Lock()
				now := sent
				mu.Unlock()
				if now == before || now > most {
					break
				}
				before = now
			}
		}
		mu.Lock()
		defer mu.Unlock()
		taken += octets
		return nil
	}
	b.start()
	imaptest.Eventually(t, "all mails are moved", func() bool { return len(b.s.folder("Processed")) == mails })
	mu.Lock()
	defer mu.Unlock()
	if held > most {
		t.Errorf("%d octets were held at once", held)
	}
	if n := len(b.desk.Mails()); n != mails {
		t.Errorf("%d mails were taken", n)
	}
}
