package daemons

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/cmd/internal/cli"
	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/e2e/sink"
)

// much gives how much a test does: all of it with TIERDESK_TEST_FULL=1.
func much(usual, full int) int {
	if os.Getenv("TIERDESK_TEST_FULL") == "1" {
		return full
	}
	return usual
}

// peak tells how much memory the daemon has had at most, in MB (proc(5), VmHWM).
func (p *process) peak() int {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		p.t.Fatalf("no VmHWM in\n%s", text)
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		p.t.Fatal(err)
	}
	return kb >> 10
}

// within asserts that the daemon has had no more memory than so many MB.
func (p *process) within(mb int) {
	p.t.Helper()
	if is := p.peak(); is > mb && !raced {
		p.t.Errorf("the daemon had %d MB at most, more than %d", is, mb)
	}
}

// desk starts a desk on SQLite.
func desk(t *testing.T) (*world, *process, string) {
	t.Helper()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "desk.db"))
	health := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	p := start(t, orders{Folder: w.folder("", "", "ops: "+health+"\n")})
	eventually(t, "the daemon watches", p.watches)
	return w, p, health
}

// All at once, each of ten thousand customers: every mail is a ticket with its acknowledgement, in bounded memory.
func TestManyMailsFromMany(t *testing.T) {
	t.Parallel()
	w, p, _ := desk(t)
	n := much(400, 50_000)
	began := time.Now()
	for range n {
		w.deliver(4000)
	}
	delivered := time.Since(began)
	w.done()
	t.Logf("%d mails delivered in %v, all taken and answered after %v: %.0f a second; %d MB at most", n, delivered.Round(time.Second), time.Since(began).Round(time.Second), float64(n)/time.Since(began).Seconds(), p.peak())
	p.within(200)
	p.stop()
	w.count()
}

// All at once, from one sender: no mail is lost, and neither the sender nor the agents get as many back.
func TestManyMailsFromOne(t *testing.T) {
	t.Parallel()
	w, p, _ := desk(t)
	n := much(400, 50_000)
	began := time.Now()
	for i := range n {
		w.deliverFrom(i+1, 1, 4000)
	}
	eventually(t, "all is taken", func() bool {
		return w.inbox() == 0 && w.ask(`SELECT COUNT(*) FROM inbound`) == n && w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`) == 0
	})
	out := w.sink.Count()
	t.Logf("%d mails taken after %v: %.0f a second; %d tickets, %d mails out; %d in quarantine; %d MB at most", n, time.Since(began).Round(time.Second), float64(n)/time.Since(began).Seconds(),
		w.ask(`SELECT COUNT(*) FROM tickets`), out, w.ask(`SELECT COUNT(*) FROM inbound WHERE outcome = 'quarantined'`), p.peak())
	messages, aside := w.ask(`SELECT COUNT(DISTINCT inbound) FROM messages`), w.ask(`SELECT COUNT(*) FROM inbound i WHERE i.outcome = 'quarantined' AND EXISTS (SELECT 1 FROM raws r WHERE r.inbound = i.id)`)
	if messages+aside != n {
		t.Errorf("of %d mails %d are messages and %d in quarantine", n, messages, aside)
	}
	if out > 100 {
		t.Errorf("%d mails went out about a flood", out)
	}
	p.within(200)
	p.stop()
}

// Large mails, and one that is very large.
func TestLargeMails(t *testing.T) {
	t.Parallel()
	w, p, _ := desk(t)
	w.deliver(25 << 20)
	w.done()
	alone := p.peak()
	p.within(250)
	n := much(30, 1000)
	began := time.Now()
	for range n {
		w.deliver(1 << 20)
	}
	w.done()
	t.Logf("one of 25 MB: %d MB at most; %d of 1 MB: %v, %d MB at most", alone, n, time.Since(began).Round(time.Second), p.peak())
	p.within(250)
	p.stop()
	w.count()
}

// The outgoing server takes its time while mail pours in: what a person has written overtakes all notices, as the server sees it; metrics and doctor tell how much waits.
func TestASlowServerWhileMailPoursIn(t *testing.T) {
	t.Parallel()
	w, p, health := desk(t)
	w.deliver(500) // to have a notice that Ann can answer
	w.done()
	var notice sink.Arrival
	for _, a := range w.sink.Arrivals() {
		if a.Recipient == ann {
			notice = a
		}
	}
	w.slow.Store(int64(100 * time.Millisecond))
	var pouring sync.WaitGroup
	pouring.Go(func() {
		for range much(400, 5000) {
			w.deliver(1000)
		}
	})
	eventually(t, "notices wait", func() bool { return w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`) > 300 })

	written := time.Now()
	raw := fmt.Sprintf("From: Ann <%s>\r\nTo: %s\r\nSubject: Re: Question 1\r\nDate: %s\r\nMessage-ID: <answer@staff.example>\r\nIn-Reply-To: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nPlease switch it on.\r\n",
		ann, sink.Header(notice.Raw, "Reply-To"), time.Now().Format(time.RFC1123Z), notice.MessageID)
	if err := w.server.Deliver(mailserver.Envelope{From: ann, To: []string{support}, Raw: []byte(raw)}); err != nil {
		t.Fatal(err)
	}
	customer := "c1" + customers
	answered := func() (at time.Time, behind int) {
		for _, a := range w.sink.Arrivals() {
			switch {
			case a.Recipient == customer && a.At.After(written):
				at = a.At
			case !at.IsZero():
				behind++
			}
		}
		return at, behind
	}
	var queued time.Time
	eventually(t, "the answer is decided", func() bool {
		queued = time.Now()
		return w.ask(`SELECT COUNT(*) FROM outbox WHERE urgency = 0`) == 1
	})
	waiting := w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`)
	if code, text := get(t, health, "/metrics"); code != http.StatusOK || !waits(text, 100) {
		t.Errorf("metrics: %d, and do not tell of %d mails that wait", code, waiting)
	}
	var said, faults bytes.Buffer
	cli.Main([]string{"doctor", "-C", p.folder}, strings.NewReader(""), &said, &faults)
	if !regexp.MustCompile(`mail going out +[1-9]\d\d+ mails waiting`).MatchString(said.String()) {
		t.Errorf("doctor says:\n%s%s", said.String(), faults.String())
	}
	eventually(t, "the answer", func() bool { at, _ := answered(); return !at.IsZero() })
	at, _ := answered()
	w.slow.Store(0)
	pouring.Wait()
	w.done()
	_, behind := answered()
	t.Logf("the answer was at the server %v after it was decided; %d mails waited, %d came after it; %d MB at most", at.Sub(queued).Round(time.Millisecond), waiting, behind, p.peak())
	if behind < waiting/2 {
		t.Errorf("%d mails waited when the answer was decided, and only %d of them came after it", waiting, behind)
	}
	p.within(200)
	p.stop()
}

// waits tells whether the metrics say that at least so many mails wait.
func waits(metrics string, least int) bool {
	found := regexp.MustCompile(`(?m)^tierdesk_outbox_waiting (\d+)`).FindStringSubmatch(metrics)
	if found == nil {
		return false
	}
	n, err := strconv.Atoi(found[1])
	return err == nil && n >= least
}
