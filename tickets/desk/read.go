package desk

import (
	"context"
	"runtime"
	"sync"
	"time"

	"tierdesk/mailin"
	"tierdesk/tickets/arrival"
)

const (
	// verifyTime bounds the verification of senders for a whole batch: an unreachable DNS server
	// must not delay the mail.
	verifyTime = 15 * time.Second
	// scanTime bounds how long a batch waits for the virus scanner in total; the remaining mails
	// count as not scanned.
	scanTime = 2 * time.Minute
)

// read does in parallel everything that needs no database.
func (d *Desk) read(ctx context.Context, batch []mailin.Raw) []*arrival.Mail {
	mails := make([]*arrival.Mail, len(batch))
	scan := d.scan(ctx, batch)
	work := make(chan int)
	checking, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		wg.Go(func() {
			for i := range work {
				m := d.reader.Read(batch[i])
				d.verify(checking, m)
				m.Packed = d.packer.Pack(batch[i].Bytes)
				mails[i] = m
			}
		})
	}
	for i := range batch {
		work <- i
	}
	close(work)
	wg.Wait()
	for i, scanned := range scan() {
		mails[i].Scan = scanned
	}
	return mails
}

// verify verifies the sender if our own server has not, and only where it matters: for mails from
// agents' addresses. Seals of trusted forwarders are verified for all mails, even if our server
// considers the mail forged: forwarding breaks signatures.
func (d *Desk) verify(ctx context.Context, m *arrival.Mail) {
	auth := m.Message.Auth
	if d.set.Verify == nil || m.Gateway || auth.Verdict == mailin.VerdictPass || auth.Internal {
		return
	}
	unjudged := auth.Verdict == mailin.VerdictNone && (d.set.VerifyAll || d.policy().People.AgentBy(m.From()) != nil)
	if !unjudged && !auth.Sealed {
		return
	}
	auth, err := d.set.Verify(ctx, m.Bytes, m.Message)
	if err != nil {
		// an agent's mail remains unproven, and is held
		d.log.Warn("a sender could not be checked", "message_id", m.Message.MessageID, "error", err)
	}
	message := *m.Message
	message.Auth = auth
	m.Message = &message
}

// scan starts scanning all mails of a batch, concurrently with the caller; the returned function
// waits for the results.
func (d *Desk) scan(ctx context.Context, batch []mailin.Raw) func() []arrival.Scan {
	out := make([]arrival.Scan, len(batch))
	if d.set.Scan == nil {
		return func() []arrival.Scan { return out }
	}
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	var wg sync.WaitGroup
	for i := range batch {
		if batch[i].Fault == "" {
			wg.Go(func() { out[i] = d.scanOne(ctx, batch[i].Bytes) })
		}
	}
	return func() []arrival.Scan {
		wg.Wait()
		cancel()
		return out
	}
}

func (d *Desk) scanOne(ctx context.Context, raw []byte) arrival.Scan {
	found, err := d.set.Scan(ctx, raw)
	if err != nil {
		return arrival.Scan{Unscanned: err.Error()}
	}
	return arrival.Scan{Virus: found}
}
