package imap

import (
	"bytes"
	"net"
	"sync/atomic"

	"github.com/emersion/go-imap/v2/imapclient"
)

// news collects the server's unsolicited responses. Only what may mean new mail wakes the watch:
// many servers send EXISTS, RECENT or flags with every response, changed or not.
type news struct {
	// exists is the last reported number of mails in the folder; negative if it is unknown.
	exists atomic.Int64
	// wake gets a value when there may be new mail. The client's reader must never block, so one is
	// enough.
	wake chan struct{}
	// idling is set while an IDLE runs, and ended gets a value if the server ends it by itself.
	idling atomic.Bool
	ended  chan struct{}
}

func newNews() *news { return &news{wake: make(chan struct{}, 1), ended: make(chan struct{}, 1)} }

// opened sets the number of mails the folder held when it was opened: only a different number is
// news.
func (n *news) opened(exists uint32) { n.exists.Store(int64(exists)) }

// unsure marks the number of mails as unknown: the next number reported is news.
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

// signal puts a value into a channel with room for one, without blocking.
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

// listen watches a connection for the end of an IDLE. go-imap reports it only after DONE, and that
// would be one command too many.
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
			signal(l.news.ended) // a tagged response (RFC 2177: none may come before DONE)
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
