package imap

import (
	"context"
	"errors"
	"io"
	"math"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// errCut is a literal that ended too early.
var errCut = errors.New("the connection was cut in the middle of a mail")

// What fetch asks for.
type wanted struct {
	facts bool // INTERNALDATE, RFC822.SIZE
	// body is how many octets of it: none, all of it, or so many from the beginning.
	body   int64
	header bool // instead of the body
	trace  bool // instead of the body: the header fields that say when it came
	// most is what is kept of a body that turns out larger than the server said.
	most int64
}

const (
	noBody  int64 = 0
	allBody int64 = math.MaxInt64
)

// fetched is what came for one UID.
type fetched struct {
	received time.Time // zero if not told
	size     int64     // as the server said
	literal  int64     // as the server said when it sent the body
	body     []byte    // nil if none came whole
	cut      bool      // body is only the beginning
}

// hasBody reports whether a body came. An empty one of a mail that has octets, as the server says,
// is none: a server that cannot read a mail may send "" for it.
func (m *fetched) hasBody() bool {
	return m != nil && m.body != nil && (len(m.body) > 0 || m.size == 0)
}

// trim notes whether there is more of the mail than the octets that were asked for, and keeps only
// the beginning of such a mail. Its size is then what can be believed: that of the body, if all of
// it is there.
func (m *fetched) trim(asked int64) {
	n := int64(len(m.body))
	if n >= asked && m.size != n {
		m.cut = true
	}
	if !m.cut {
		m.size = n
		return
	}
	m.size = max(m.size, m.literal, n)
	if n > cutBody {
		m.body = m.body[:cutBody:cutBody]
	}
}

// fetch asks for mails by UID and returns what came, by UID: perhaps less than was asked for. On an
// error what came before it is given too, and is good.
func (s *session) fetch(ctx context.Context, uids []uint32, w wanted) (map[uint32]*fetched, error) {
	set := make(imap.UIDSet, 0, len(uids))
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return s.fetchSet(ctx, set, w)
}

func (s *session) fetchSet(ctx context.Context, set imap.NumSet, w wanted) (map[uint32]*fetched, error) {
	// No ENVELOPE, no BODYSTRUCTURE: a malformed one would cost the connection. No flags: what
	// others set is not asked.
	opts := &imap.FetchOptions{UID: true, InternalDate: w.facts && !s.noDates, RFC822Size: w.facts}
	switch {
	case w.trace:
		opts.BodySection = []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader,
			HeaderFields: []string{"Received", "Date"}, Peek: true}}
	case w.header:
		opts.BodySection = []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, Peek: true}}
	case w.body == allBody:
		opts.BodySection = []*imap.FetchItemBodySection{{Peek: true}}
	case w.body > 0:
		opts.BodySection = []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: w.body}}}
	}
	out := make(map[uint32]*fetched)
	err := s.do(ctx, "fetching", s.timeout, func(alive func(int)) error {
		cmd := s.c.Fetch(set, opts)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			alive(slowest) // a second for each mail: slow disks
			var uid uint32
			var m fetched
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = uint32(item.UID)
				case imapclient.FetchItemDataInternalDate:
					m.received = item.Time
				case imapclient.FetchItemDataRFC822Size:
					m.size = item.Size
				case imapclient.FetchItemDataBodySection:
					if item.Literal == nil {
						continue
					}
					m.literal = item.Literal.Size()
					if m.body, m.cut = readLiteral(item.Literal, w.most, alive); m.body == nil {
						// Not another word to the command: go-imap would read on in the literal,
						// beside its own reader.
						s.kill()
						return errCut
					}
				}
			}
			if uid == 0 {
				continue
			}
			// A second answer for one UID (flags changed meanwhile) must not hide the first.
			if old := out[uid]; old == nil || old.body == nil {
				out[uid] = &m
			}
		}
		return cmd.Close()
	})
	return out, err
}

// readLiteral reads a literal to its end, which go-imap needs, and keeps at most so many octets. A
// literal that ends before its announced size was cut with the connection: go-imap reports that as
// a plain end, so nil is given then, and only then.
func readLiteral(lit imap.LiteralReader, most int64, alive func(int)) (body []byte, cut bool) {
	size := lit.Size()
	body = make([]byte, min(size, most))
	var rest []byte // what is read and not kept
	var n int64
	for {
		to := rest
		if n < int64(len(body)) {
			to = body[n:]
		} else if rest == nil {
			rest = make([]byte, 32<<10)
			to = rest
		}
		k, err := lit.Read(to)
		n += int64(k)
		if k > 0 {
			alive(k)
		}
		if err != nil {
			if err != io.EOF || n != size {
				return nil, false
			}
			return body, size > int64(len(body))
		}
	}
}
