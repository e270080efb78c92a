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
	"tierdesk/cmd/internal/testing/sink"
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

// pressed waits until so many mails are taken, put away and answered. Meanwhile the daemon must call itself healthy, never claim that less waits than does, and
// afterwards say that nothing does.
func (w *world) pressed(health string, mails int) {
	w.t.Helper()
	ill, asked, most := 0, 0, 0
	eventually(w.t, "all is taken and answered", func() bool {
		if code, text := get(w.t, health, "/healthz"); code == http.StatusOK {
			ill = 0
		} else if ill++; ill == 3 { // once may be this machine's fault
			w.t.Errorf("the daemon called itself ill three times: %d %s", code, text)
		}
		_, text := get(w.t, health, "/metrics")
		told, left := metric(text, `tierdesk_inbox_backlog{folder="INBOX",inbox="support"}`), w.inbox()
		asked, most = asked+1, max(most, told)
		// What is fetched, or taken and not moved yet, waits no more at the server for the desk. Before it has looked it cannot know.
		if most > 0 && told < left-inHand {
			w.t.Errorf("%d mails lie in the inbox, and metrics tell of %d", left, told)
		}
		return left == 0 && w.ask(`SELECT COUNT(*) FROM inbound`) >= mails && w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`) == 0
	})
	w.t.Logf("metrics were asked %d times and told of %d mails in the inbox at most", asked, most)
	eventually(w.t, "metrics tell that nothing waits", func() bool {
		_, text := get(w.t, health, "/metrics")
		return metric(text, `tierdesk_inbox_backlog{folder="INBOX",inbox="support"}`) == 0 && metric(text, "tierdesk_outbox_waiting") == 0
	})
}

// inHand is how many mails a daemon may have fetched, or taken and not moved yet.
const inHand = 1000

// metric gives the value of a metric; -1 if it is not there.
func metric(text, name string) int {
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	v, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		return -1
	}
	return int(v)
}

// batches asserts how much a transaction took at most. All that one takes bears its one instant, so this tells, without a look at memory, how much was held at once.
func (w *world) batches() {
	w.t.Helper()
	if n := w.ask(`SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM inbound GROUP BY taken)`); n > 50 {
		w.t.Errorf("%d mails were taken at once, more than 50", n)
	}
	if n := w.ask(`SELECT MAX(n) FROM (SELECT SUM(size) AS n FROM inbound GROUP BY taken HAVING COUNT(*) > 1)`); n > 4<<20 {
		w.t.Errorf("%d octets were taken at once, more than 4 MB", n)
	}
}

// All at once, of ten thousand customers: every mail is a ticket, every customer has one acknowledgement, in bounded memory.
func TestManyMailsFromMany(t *testing.T) {
	t.Parallel()
	w, p, health := desk(t)
	n := much(400, 50_000)
	w.customers = n / 5
	p.stop() // what comes meanwhile is there all at once
	for range n {
		w.deliver(4000)
	}
	began := time.Now()
	p = p.again()
	eventually(t, "the daemon watches", p.leads)
	w.pressed(health, n)
	took := time.Since(began)
	t.Logf("%d mails of %d customers taken and answered after %v: %.0f a second in, %.0f out; %d MB at most, the database has %d MB",
		n, w.customers, took.Round(time.Second), float64(n)/took.Seconds(), float64(w.sink.Count())/took.Seconds(), p.peak(), w.size())
	w.batches()
	p.within(200)
	p.stop()
	w.count()
}

// size is that of the database, in MB.
func (w *world) size() int {
	return w.ask(`SELECT page_count * page_size / 1000000 FROM pragma_page_count, pragma_page_size`)
}

// All at once, from one sender: no mail is lost, neither the sender nor the agents get as many back, and neither memory nor the database grow beyond what came.
func TestManyMailsFromOne(t *testing.T) {
	t.Parallel()
	w, p, health := desk(t)
	n := much(400, 50_000)
	p.stop()
	for i := range n {
		w.deliverFrom(i+1, 1, 4000)
	}
	began := time.Now()
	p = p.again()
	eventually(t, "the daemon watches", p.leads)
	w.pressed(health, n)
	took, out, size := time.Since(began), w.sink.Count(), w.size()
	messages, aside := w.ask(`SELECT COUNT(DISTINCT inbound) FROM messages`), w.ask(`SELECT COUNT(*) FROM inbound i WHERE i.outcome = 'quarantined' AND EXISTS (SELECT 1 FROM raws r WHERE r.inbound = i.id)`)
	t.Logf("%d mails taken after %v: %.0f a second; %d tickets, %d messages, %d in quarantine, %d mails out; %d MB at most, the database has %d MB", n, took.Round(time.Second), float64(n)/took.Seconds(),
		w.ask(`SELECT COUNT(*) FROM tickets`), messages, aside, out, p.peak(), size)
	if messages+aside != n {
		t.Errorf("of %d mails %d are messages and %d in quarantine", n, messages, aside)
	}
	if out > 100 {
		t.Errorf("%d mails went out about a flood", out)
	}
	if came := n * 4000 / 1_000_000; size > came+5 {
		t.Errorf("of %d MB of mail the database has become %d MB large", came, size)
	}
	w.batches()
	p.within(200)
	p.stop()
}

// Large mails, and one that is very large.
func TestLargeMails(t *testing.T) {
	t.Parallel()
	w, p, health := desk(t)
	w.deliver(25 << 20)
	w.done()
	alone := p.peak()
	p.within(250)
	p.stop()
	n := much(30, 1000)
	for range n {
		w.deliver(1 << 20)
	}
	began := time.Now()
	p = p.again()
	eventually(t, "the daemon watches", p.leads)
	w.pressed(health, n+1)
	t.Logf("one of 25 MB: %d MB at most; %d of 1 MB: %v, %d MB at most, the database has %d MB", alone, n, time.Since(began).Round(time.Second), p.peak(), w.size())
	w.batches()
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
	customer := address(1)
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
	if code, text := get(t, health, "/healthz"); code != http.StatusOK {
		t.Errorf("the daemon calls itself ill: %d %s", code, text)
	}
	var said, faults bytes.Buffer
	cli.Main([]string{"doctor", "-C", p.folder}, strings.NewReader(""), &said, &faults)
	if !regexp.MustCompile(`mail going out +[1-9]\d\d+ mails waiting`).MatchString(said.String()) {
		t.Errorf("doctor says:\n%s%s", said.String(), faults.String())
	}
	eventually(t, "the answer", func() bool { at, _ := answered(); return !at.IsZero() })
	at, _ := answered()
	pouring.Wait()
	eventually(t, "all is taken", func() bool {
		return w.inbox() == 0 && w.ask(`SELECT COUNT(*) FROM inbound`) == w.delivered()+1
	})
	// From now on the queue only becomes shorter, so what metrics tell must lie between what waits before and after they are asked.
	before := w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`)
	_, text := get(t, health, "/metrics")
	after := w.ask(`SELECT COUNT(*) FROM outbox WHERE state = 'waiting'`)
	if told := metric(text, "tierdesk_outbox_waiting"); told > before || told < after || before < 100 {
		t.Errorf("%d mails waited, then %d; metrics told of %d", before, after, told)
	}
	w.slow.Store(0)
	w.done()
	_, behind := answered()
	t.Logf("the answer was at the server %v after it was decided; %d mails waited, %d came after it; %d MB at most", at.Sub(queued).Round(time.Millisecond), waiting, behind, p.peak())
	if behind < waiting/2 {
		t.Errorf("%d mails waited when the answer was decided, and only %d of them came after it", waiting, behind)
	}
	p.within(200)
	p.stop()
}
