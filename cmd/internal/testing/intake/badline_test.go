package intake

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
	"time"

	"tierdesk/cmd/internal/testing/proxy"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/dbtest"
)

// Mails of all sizes come from Dovecot over a line that is cut, reset, silent and slow by turns: each is taken once, whole, and moved.
func TestBadLine(t *testing.T) {
	t.Parallel()
	a := accounts(t, 1, imap.Insecure)(t)
	client := a.Open(t)
	line := proxy.New(t, net.JoinHostPort(a.Server.Host, strconv.Itoa(a.Server.Port)))
	host, port, err := net.SplitHostPort(line.Addr)
	if err != nil {
		t.Fatal(err)
	}
	a.Server.Host = host
	if a.Server.Port, err = strconv.Atoi(port); err != nil {
		t.Fatal(err)
	}
	const n = 200
	mails := map[string][]byte{}
	put := func(from, to int) {
		for i := from; i < to; i++ {
			subject := fmt.Sprint("mail ", i)
			mails[subject] = imaptest.Mail(subject, 500+rand.IntN(20_000)*(1+i%10))
			client.Put("INBOX", mails[subject], time.Time{})
		}
	}
	put(0, n/2)
	db := dbtest.SQLite(t).Open(t)
	desk := &imaptest.Desk{DB: db}
	cfg := a.Config()
	cfg.FirstRun = imap.FirstRun{Import: true}
	cfg.Timeout = time.Second
	f, err := imap.New(cfg, db, ledger.NewKeeper(db, "test", time.Minute), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	imaptest.Start(t, f)
	for i, spoil := range []func(){
		func() { line.CutAfter(5_000) },
		func() { line.CutAfter(100_000) },
		func() { line.Reset(30 * time.Millisecond) },
		func() { line.CutClientAfter(300) },
		line.Drop,
		func() { line.Trickle(50, 5*time.Millisecond) },
		func() { line.CutAfter(1_000_000) },
		func() { line.Delay(200 * time.Millisecond) },
	} {
		spoil()
		put(n/2+i*n/16, n/2+(i+1)*n/16)
		time.Sleep(1500 * time.Millisecond)
		line.Heal()
		time.Sleep(300 * time.Millisecond)
	}
	for deadline := time.Now().Add(90 * time.Second); len(client.Look("Processed")) < n; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d mails were moved, %d taken; %+v", len(client.Look("Processed")), n, len(desk.Mails()), f.Status())
		}
	}
	if left := len(client.Look("INBOX")); left != 0 || len(desk.Mails()) != n {
		t.Errorf("%d left in the inbox, %d of %d taken", left, len(desk.Mails()), n)
	}
	for _, m := range desk.Mails() {
		if subject := imaptest.Subject(m.Bytes); !bytes.Equal(m.Bytes, mails[subject]) || m.Fault != "" || m.Truncated {
			t.Errorf("%s: %d octets of %d, fault %q", subject, len(m.Bytes), len(mails[subject]), m.Fault)
		}
	}
	t.Logf("status at the end: %+v", f.Status())
}
