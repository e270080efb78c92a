package daemons

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tierdesk/cmd/internal/e2e/sink"
)

// The desk was away for a week, and what came meanwhile waits: all of it is taken, with the times at which it came. Nobody is mailed about what is older than a day, but the
// admin, who gets a summary; who wrote within the last day gets his acknowledgement.
func TestAWeeksOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "desk.db"))
	o := orders{Folder: w.folder("", "", "")}
	p := start(t, o)
	eventually(t, "the daemon watches", p.watches)
	w.deliver(500)
	w.done()
	p.stop()
	n := much(300, 3000)
	young := 0
	for i := range n {
		age := 7 * 24 * time.Hour * time.Duration(n-i) / time.Duration(n)
		if age < 23*time.Hour {
			young++
		} else if age < 25*time.Hour {
			continue // on the border
		}
		w.server.Backdate(age)
		w.deliver(2000)
	}
	w.server.Backdate(0)
	p = start(t, o)
	w.done()
	eventually(t, "the summary", func() bool { return to(w.sink.Arrivals(), "it@acme.example") > 0 })
	w.done()
	p.stop()

	total := w.delivered()
	if taken := w.ask(`SELECT COUNT(DISTINCT inbound) FROM messages`); taken != total {
		t.Errorf("%d of %d mails are messages", taken, total)
	}
	if late := w.ask(`SELECT COUNT(*) FROM inbound i JOIN messages m ON m.inbound = i.id JOIN tickets t ON t.id = m.ticket WHERE t.opened <> i.received`); late != 0 {
		t.Errorf("the clocks of %d tickets do not start when their mail came", late)
	}
	arrivals := w.sink.Arrivals()
	answered := 0
	for i := 2; i <= total; i++ {
		mails := to(arrivals, fmt.Sprintf("c%d%s", i, customers))
		answered += mails
		if old := i <= total-young; old && mails > 0 || !old && mails != 1 {
			t.Errorf("customer %d of %d was sent %d mails", i, total, mails)
		}
	}
	toAdmin, toAnn := to(arrivals, "it@acme.example"), to(arrivals, ann)
	t.Logf("%d mails, %d of them young; %d acknowledgements, %d mails to the admin, %d to the agent", total, young, answered, toAdmin, toAnn)
	if toAdmin > 3 || toAnn > 2*(young+1) { // of each young one a notice, and that its first reply is late
		t.Errorf("%d mails to the admin, %d to the agent", toAdmin, toAnn)
	}
}

// to counts mails to a recipient.
func to(arrivals []sink.Arrival, recipient string) int {
	n := 0
	for _, a := range arrivals {
		if a.Recipient == recipient {
			n++
		}
	}
	return n
}
