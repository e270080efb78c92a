package daemons

import (
	"net"
	"strconv"
	"syscall"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/proxy"
)

// node is a daemon with ways of its own to the database and to the mail server.
type node struct {
	*process
	orders   orders
	database *proxy.Proxy
	mailbox  *proxy.Proxy
}

func (w *world) node(c *cluster, wrong time.Duration) *node {
	w.t.Helper()
	n := &node{database: proxy.New(w.t, net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port))), mailbox: proxy.New(w.t, w.server.IMAP)}
	_, port, err := net.SplitHostPort(n.database.Addr)
	if err != nil {
		w.t.Fatal(err)
	}
	by, err := strconv.Atoi(port)
	if err != nil {
		w.t.Fatal(err)
	}
	n.orders = orders{Folder: w.folder(c.url(by), n.mailbox.Addr, ""), Lease: lease, SendLease: lease, Wrong: wrong}
	n.process = start(w.t, n.orders)
	return n
}

// Two daemons share one PostgreSQL under load, their clocks an hour apart. Whoever works on the inbox is stopped for more than two lease times and continued, cut off from
// the database, from the mail server, killed: each time the other takes over, and who comes back does no harm. Each mail is taken once and answered once; what the sink
// has seen twice came from who could not say that he had sent it.
func TestSeveralDaemons(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := newWorld(t, c.url(c.port))
	a := w.node(c, 0)
	eventually(t, "the first leads", a.watches)
	b := w.node(c, time.Hour)
	stop := w.pour(25 * time.Millisecond)
	for _, fault := range []struct {
		name string
		// cause breaks something for the one who leads, and gives what mends it.
		cause func(n *node) (mend func())
	}{
		{"stopped", func(n *node) func() {
			n.signal(syscall.SIGSTOP)
			return func() { n.signal(syscall.SIGCONT) }
		}},
		{"cut off from the database", func(n *node) func() { n.database.Cut(); return n.database.Open }},
		{"cut off from the mail server", func(n *node) func() { n.mailbox.Cut(); return n.mailbox.Open }},
		{"cut off from the database without a word", func(n *node) func() {
			n.database.Drop()
			return func() { n.database.Heal(); n.database.Cut(); n.database.Open() }
		}},
		{"killed", func(n *node) func() {
			n.kill()
			return func() { n.process = start(t, n.orders) }
		}},
	} {
		var holder, other *node
		eventually(t, "one leads", func() bool {
			holder, other = a, b
			if b.leads() {
				holder, other = b, a
			}
			return holder.leads() != other.leads() && holder.works()
		})
		w.hush()
		began := time.Now()
		mend := fault.cause(holder)
		eventually(t, "the other takes over from one that is "+fault.name, other.works)
		took := time.Since(began)
		before := w.delivered()
		eventually(t, "the other takes mail", func() bool { return w.ask(`SELECT COUNT(*) FROM inbound`) > before })
		for time.Since(began) < 2*lease+lease/2 { // two lease times under load
			time.Sleep(20 * time.Millisecond)
		}
		mend()
		t.Logf("%s: the other leads after %v", fault.name, took.Round(100*time.Millisecond))
		eventually(t, "one leads, and one alone", func() bool { return a.leads() != b.leads() })
	}
	stop()
	w.done()
	a.stop()
	b.stop()
	t.Logf("%d mails, %d of those that went out came twice", w.delivered(), w.count())
}
