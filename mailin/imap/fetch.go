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

// errCut means that a literal ended too early.
var errCut = errors.New("the connection was cut in the middle of a mail")

// wanted specifies what fetch requests.
type wanted struct {
	facts bool // INTERNALDATE, RFC822.SIZE
	// body is how many octets of the body to fetch: none, all, or that many from the beginning.
	body   int64
	header bool // instead of the body
	trace  bool // instead of the body: the header fields with the time of arrival
	// most is how much to keep of a body that turns out larger than the server said.
	most int64
}

const (
	noBody  int64 = 0
	allBody int64 = math.MaxInt64
)

// fetched is the server's response for one UID.
type fetched struct {
	received time.Time // zero if the server did not say
	size     int64     // as the server said
	literal  int64     // as the server said when it sent the body
	body     []byte    // nil if none came whole
	cut      bool      // body is only the beginning
}

// hasBody reports whether a body arrived. An empty body does not count if the server reports a size
// for the mail: a server that cannot read a mail may send "" for it.
func (m *fetched) hasBody() bool {
	return m != nil && m.body != nil && (len(m.body) > 0 || m.size == 0)
}

// trim records whether the mail is longer than the octets requested, and if so keeps only the
// beginning. It also corrects the size: if the whole body has arrived, its length is more reliable
// than the size the server reported.
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

// fetch requests mails by UID and returns the responses by UID, perhaps fewer than requested.
// Responses that arrived before an error are returned with it and are valid.
func (s *session) fetch(ctx context.Context, uids []uint32, w wanted) (map[uint32]*fetched, error) {
	set := make(imap.UIDSet, 0, len(uids))
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return s.fetchSet(ctx, set, w)
}

func (s *session) fetchSet(ctx context.Context, set imap.NumSet, w wanted) (map[uint32]*fetched, error) {
	// No ENVELOPE, no BODYSTRUCTURE: a malformed one would cost the connection. No flags either:
	// flags set by other clients are irrelevant.
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
			alive(slowest) // allow a second for each mail: disks may be slow
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
						// Do not touch the command again: go-imap would go on reading the literal,
						// concurrently with its own reader.
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

// readLiteral reads a literal to its end, as go-imap requires, and keeps at most that many octets;
// cut reports whether it dropped any. If the connection is cut in the middle of the literal,
// go-imap reports a plain EOF; body is nil in that case, and only then.
func readLiteral(lit imap.LiteralReader, most int64, alive func(int)) (body []byte, cut bool) {
	size := lit.Size()
	body = make([]byte, min(size, most))
	var rest []byte // read but not kept
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
