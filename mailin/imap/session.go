package imap

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// errSilent and errSlow are the reasons for abandoning a command.
var (
	errSilent = errors.New("the server is silent")
	errSlow   = errors.New("the server is too slow")
)

// refused reports whether the server answered NO or BAD, so that the connection is still good. Any
// other error means a broken connection.
func refused(err error) bool {
	var answer *imap.Error
	return errors.As(err, &answer)
}

// session is one logged-in connection. go-imap has no timeouts between a command and its response,
// so every wait goes through do. It must be used by one goroutine only.
type session struct {
	raw       net.Conn
	c         *imapclient.Client
	caps      imap.CapSet
	mechanism string // of the login
	timeout   time.Duration
	noDates   bool   // INTERNALDATE is not asked for
	noMove    bool   // MOVE is offered but not understood
	prefix    string // of personal folders, according to NAMESPACE
	delim     string
	news      *news
	copied    map[uint32]bool // taken mails that have been copied but not yet deleted here; shared with the watch
}

// slowest is the lowest tolerated speed, in octets a second.
const slowest = 16_000

// do runs f, which sends a command and waits for its response. It closes the connection, which
// makes every wait in go-imap return, if ctx ends, if the server is silent for the timeout, or if
// the whole takes too long: longer than the timeout plus extra plus the time that the octets
// received take at the slowest speed. f calls alive at each sign of life, with the number of octets
// received.
func (s *session) do(ctx context.Context, what string, extra time.Duration, f func(alive func(octets int)) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := time.AfterFunc(s.timeout, func() { cancel(errSilent) })
	defer silent.Stop()
	deadline := time.Now().Add(s.timeout + extra)
	slow := time.AfterFunc(s.timeout+extra, func() { cancel(errSlow) })
	defer slow.Stop()
	stop := context.AfterFunc(ctx, s.kill)
	err := f(func(octets int) {
		deadline = deadline.Add(time.Duration(octets) * time.Second / slowest)
		silent.Reset(s.timeout)
		slow.Reset(time.Until(deadline))
	})
	if !stop() {
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// kill closes the raw connection: closing TLS politely could wait for a peer that is gone.
func (s *session) kill() { s.raw.Close() }

// end closes the connection and waits for go-imap's reader. If polite is set, it sends LOGOUT
// first.
func (s *session) end(polite bool) {
	if polite {
		s.timeout = min(s.timeout, 2*time.Second)
		// An unanswered LOGOUT changes nothing.
		_ = s.do(context.Background(), "logging out", 0, func(func(int)) error { return s.c.Logout().Wait() })
	}
	s.kill()
	if s.c != nil {
		_ = s.c.Close() // reports only that the connection is closed
	}
}

// folder returns the server's name for a folder of tierdesk.yaml, where / separates levels.
func (s *session) folder(name string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	name = strings.ReplaceAll(name, "/", s.delim)
	if s.prefix != "" && !strings.HasPrefix(name, s.prefix) {
		name = s.prefix + name
	}
	return name
}

// open selects a folder, with EXAMINE if readOnly is set.
func (s *session) open(ctx context.Context, name string, readOnly bool) (data *imap.SelectData, err error) {
	err = s.do(ctx, "opening folder "+name, 0, func(func(int)) error {
		var err error
		data, err = s.c.Select(s.folder(name), &imap.SelectOptions{ReadOnly: readOnly}).Wait()
		return err
	})
	if err == nil {
		s.news.opened(data.NumMessages)
	}
	return data, err
}

func (s *session) noop(ctx context.Context) error {
	return s.do(ctx, "NOOP", 0, func(func(int)) error { return s.c.Noop().Wait() })
}

// maxUIDs bounds how many mails a server can make us believe it holds.
const maxUIDs = 20_000_000

// search returns the UIDs starting at from, ascending.
func (s *session) search(ctx context.Context, from uint32) ([]uint32, error) {
	return s.searchFor(ctx, from, imap.SearchCriteria{})
}

// searchFor returns the UIDs starting at from that match the criteria, ascending.
func (s *session) searchFor(ctx context.Context, from uint32, criteria imap.SearchCriteria) (uids []uint32, err error) {
	from = max(from, 1)
	criteria.UID = []imap.UIDSet{{{Start: imap.UID(from), Stop: 0}}}
	err = s.do(ctx, "searching", 2*s.timeout, func(func(int)) error {
		data, err := s.c.UIDSearch(&criteria, nil).Wait()
		if err != nil {
			return err
		}
		set, _ := data.All.(imap.UIDSet)
		var n uint64
		for _, r := range set {
			if r.Start == 0 || r.Stop == 0 {
				return errors.New("the server returned an open range of UIDs")
			}
			if n += uint64(r.Stop-r.Start) + 1; n > maxUIDs {
				return fmt.Errorf("the server reports more than %d mails", maxUIDs)
			}
			for uid := uint64(r.Start); uid <= uint64(r.Stop); uid++ {
				if uid >= uint64(from) { // `n:*` names the last mail even if its UID is below n
					uids = append(uids, uint32(uid))
				}
			}
		}
		slices.Sort(uids)
		return nil
	})
	return uids, err
}

// addListed adds UIDs listed by the folder itself to those found by a search: a search over a
// broken index finds too few.
func (s *session) addListed(ctx context.Context, found []uint32) ([]uint32, error) {
	got, err := s.fetchSet(ctx, imap.SeqSet{{Start: 1, Stop: 0}}, wanted{})
	if refused(err) {
		return found, nil // an empty folder: nothing to list
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(found, maps.Keys(got))))), err
}
