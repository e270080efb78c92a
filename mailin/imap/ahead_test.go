package imap_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"tierdesk/mailin"
	"tierdesk/mailin/imap"
	"tierdesk/mailin/imap/imaptest"
	"tierdesk/mailin/ledger"
)

// ahead is a desk that reads ahead. A batch is taken only when the next four have been read, so
// nothing gets on unless that is done beside.
type ahead struct {
	*imaptest.Desk
	whole int // mails in all

	mu    sync.Mutex
	calls []string
	first map[uint32]chan struct{} // by the first UID of a batch: it is being read
	away  bool                     // the database was away once
}

func (a *ahead) note(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, fmt.Sprintf(format, args...))
}

func (a *ahead) reading(uid uint32) chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.first[uid] == nil {
		a.first[uid] = make(chan struct{})
	}
	return a.first[uid]
}

func (a *ahead) Read(ctx context.Context, batch []mailin.Raw) func(context.Context) error {
	uid := batch[0].Source.UID
	a.note("read %d", uid)
	close(a.reading(uid))
	return func(ctx context.Context) error { return a.take(ctx, batch, "with what was read") }
}

func (a *ahead) Take(ctx context.Context, batch []mailin.Raw) error {
	return a.take(ctx, batch, "alone")
}

func (a *ahead) take(ctx context.Context, batch []mailin.Raw, how string) error {
	next := int(batch[0].Source.UID) + 50
	for uid := next; uid < next+4*50 && uid <= a.whole; uid += 50 {
		select {
		case <-a.reading(uint32(uid)):
		case <-time.After(time.Minute):
			a.note("%d was not read meanwhile", uid)
		}
	}
	select {
	case <-a.reading(uint32(next + 4*50)):
		a.note("%d is read too early", next+4*50)
	case <-time.After(50 * time.Millisecond):
	}
	a.note("take %d %s", batch[0].Source.UID, how)
	if batch[0].Source.UID > 1 && !a.away {
		a.away = true
		return &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
	}
	return a.Desk.Take(ctx, batch)
}

// TestBatchesAreReadAhead shows that the desk reads batches while one before is being taken, that
// it reads no more than four ahead, that batches are taken one after the other and in order, and
// that what was read serves again when the database was away.
func TestBatchesAreReadAhead(t *testing.T) {
	t.Parallel()
	account := memory(t, goimap.CapIMAP4rev1, goimap.CapIMAP4rev2)
	client := account.Open(t)
	const whole = 320
	for i := range whole {
		client.Put("INBOX", imaptest.Mail(fmt.Sprint(i), 300), time.Time{})
	}
	db := sqlite(t)
	desk := &ahead{Desk: &imaptest.Desk{DB: db}, whole: whole, first: map[uint32]chan struct{}{}}
	cfg := account.Config()
	cfg.FirstRun = imap.FirstRun{Import: true}
	f, err := imap.New(cfg, db, ledger.NewKeeper(db, "test", time.Minute), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	imaptest.Start(t, f)
	imaptest.Eventually(t, "all are taken", func() bool { return f.Status().Folders[0].Taken == whole })
	desk.mu.Lock()
	defer desk.mu.Unlock()
	const read = " with what was read"
	want := []string{"read 51", "read 101", "read 151", "read 201", "take 1 alone", "read 251", "take 51" + read, "take 51" + read, "read 301", "take 101" + read,
		"take 151" + read, "take 201" + read, "take 251" + read, "take 301" + read}
	if got := fmt.Sprint(desk.calls); got != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, fmt.Sprint(want))
	}
	if n := desk.Twice(); n != 0 {
		t.Errorf("%d mails were handed over twice", n)
	}
}

// stuck is a desk whose reading ahead waits for something that does not answer: a virus scanner, a
// name server.
type stuck struct {
	*imaptest.Desk
	reading chan struct{}
}

func (s *stuck) Read(ctx context.Context, batch []mailin.Raw) func(context.Context) error {
	close(s.reading)
	<-ctx.Done()
	return func(ctx context.Context) error { return s.Take(ctx, batch) }
}

func (s *stuck) Take(ctx context.Context, batch []mailin.Raw) error {
	<-s.reading
	return s.Desk.Take(ctx, batch)
}

// TestStopEndsReadingAhead shows that a stop waits for the batch that is being taken, and not for
// the one that is being read.
func TestStopEndsReadingAhead(t *testing.T) {
	account := memory(t, goimap.CapIMAP4rev1, goimap.CapIMAP4rev2)
	client := account.Open(t)
	for i := range 70 {
		client.Put("INBOX", imaptest.Mail(fmt.Sprint(i), 300), time.Time{})
	}
	db := sqlite(t)
	desk := &stuck{&imaptest.Desk{DB: db}, make(chan struct{})}
	cfg := account.Config()
	cfg.FirstRun, cfg.Grace = imap.FirstRun{Import: true}, time.Hour
	f, err := imap.New(cfg, db, ledger.NewKeeper(db, "test", time.Minute), desk, nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := imaptest.Start(t, f)
	imaptest.Eventually(t, "the first batch is taken", func() bool { return f.Status().Folders[0].Taken == 50 })
	stop()
	if n := f.Status().Folders[0].Taken; n != 50 {
		t.Errorf("%d mails were taken, wanted the first 50", n)
	}
}
