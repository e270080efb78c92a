package imap

import (
	"bytes"
	"net"
	"sync/atomic"

	"github.com/emersion/go-imap/v2/imapclient"
)

// news is what a server says unasked. Only what may mean new mail wakes the watch: many servers
// send EXISTS, RECENT or flags with every answer, changed or not.
type news struct {
	// exists is the number of mails in the folder as it was last told; below zero it is not known.
	exists atomic.Int64
	// wake gets a value when there may be new mail. The client's reader must never block, so one is
	// enough.
	wake chan struct{}
	// idling is set while an IDLE runs, and ended gets a value if the server ends it by itself.
	idling atomic.Bool
	ended  chan struct{}
}

func newNews() *news { return &news{wake: make(chan struct{}, 1), ended: make(chan struct{}, 1)} }

// opened says how many mails the folder held when it was opened: only another number is news.
func (n *news) opened(exists uint32) { n.exists.Store(int64(exists)) }

// unsure says that the number of mails is not known: whatever is told next is news.
func (n *news) unsure() { n.exists.Store(-1) }

func (n *news) handler() *imapclient.UnilateralDataHandler {
	return &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil && n.exists.Swap(int64(*data.NumMessages)) != int64(*data.NumMessages) {
				signal(n.wake)
			}
		},
		Expunge: func(uint32) { n.exists.Add(-1) },
	}
}

// signal leaves a value in a channel that holds one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// drain empties a channel that holds one value, and reports whether there was one.
func drain(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// listen watches what comes over a connection for the end of an IDLE: go-imap tells of it only
// after DONE, which would then be one command too many.
func (n *news) listen(conn net.Conn) net.Conn { return &listener{Conn: conn, news: n} }

type listener struct {
	net.Conn
	news *news
	line bool // within a line
}

func (l *listener) Read(p []byte) (int, error) {
	k, err := l.Conn.Read(p)
	if !l.news.idling.Load() {
		l.line = k > 0 && p[k-1] != '\n'
		return k, err
	}
	for rest := p[:k]; len(rest) > 0; {
		if !l.line && rest[0] != '*' && rest[0] != '+' {
			signal(l.news.ended) // a tagged answer (RFC 2177: none may come before DONE)
		}
		end := bytes.IndexByte(rest, '\n')
		l.line = end < 0
		if end < 0 {
			break
		}
		rest = rest[end+1:]
	}
	return k, err
}
