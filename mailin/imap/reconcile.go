package imap

import (
	"context"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// Gap is a mail in a watched folder that the desk should have taken but has not, or has set aside.
type Gap struct {
	Folder   string
	UID      uint32
	Received time.Time
	From     string // as written; "" if unknown
	Subject  string
	Parked   string // why it was set aside; "" if the ledger does not know it at all
}

// settling is how long a mail may be in a folder before it counts as missed.
const settling = 10 * time.Minute

// namesOf is the maximum number of mails whose sender and subject a reconciliation looks up.
const namesOf = 50

// Reconcile compares the server's mail with the ledger, over a connection of its own that changes
// nothing, and returns the gaps. Mail of the last ten minutes does not count, since it may still be
// on its way to the desk. Reconcile may be called while a Fetcher runs, in this daemon or another.
func (f *Fetcher) Reconcile(ctx context.Context) ([]Gap, error) {
	var gaps []Gap
	dates := true
	for _, folder := range f.cfg.Folders {
		found, broke, err := f.compare(ctx, folder.Name, dates)
		if err != nil && broke && dates && ctx.Err() == nil {
			dates = false // a malformed INTERNALDATE may have broken the connection
			found, _, err = f.compare(ctx, folder.Name, dates)
		}
		if err != nil {
			return gaps, fmt.Errorf("reconciling inbox %s, folder %s: %w", f.cfg.Name, folder.Name, err)
		}
		gaps = append(gaps, found...)
	}
	return gaps, nil
}

// compare compares one folder over a connection of its own. Without dates it determines arrival
// times from header fields. broke reports whether the connection was lost while times were being
// fetched.
func (f *Fetcher) compare(ctx context.Context, folder string, dates bool) (gaps []Gap, broke bool, err error) {
	s, err := connect(ctx, &f.cfg, f.dial)
	if err != nil {
		return nil, false, err
	}
	defer s.end(true)
	s.noDates = !dates
	return f.reconcile(ctx, s, folder)
}

func (f *Fetcher) reconcile(ctx context.Context, s *session, folder string) (gaps []Gap, broke bool, err error) {
	data, err := s.open(ctx, folder, true)
	if err != nil {
		return nil, false, err
	}
	have, err := s.search(ctx, 1)
	if err != nil {
		return nil, false, err
	}
	lacks, err := f.lacking(ctx, folder, data.UIDValidity, have)
	if err != nil {
		return nil, false, err
	}
	ask := slices.Clone(lacks.missing)
	for uid := range lacks.parked {
		if _, there := slices.BinarySearch(have, uid); there {
			ask = append(ask, uid)
		}
	}
	slices.Sort(ask)
	now := f.db.Now()
	for chunk := range slices.Chunk(ask, factsAtOnce) {
		facts, err := s.facts(ctx, chunk, now)
		if err != nil {
			return gaps, !refused(err), err
		}
		for _, uid := range chunk {
			gap := Gap{Folder: folder, UID: uid, Parked: lacks.parked[uid]}
			m := facts[uid]
			switch {
			case m != nil:
				gap.Received = m.received.UTC()
			case gap.Parked == "":
				continue // gone meanwhile
			}
			if gap.Parked == "" && possible(m.received, now) && (now.Sub(m.received) < settling || m.received.Before(lacks.floor)) {
				continue // it may be on its way, or is not for the desk
			}
			gaps = append(gaps, gap)
		}
	}
	return gaps, false, s.name(ctx, gaps[:min(len(gaps), namesOf)])
}

// facts returns when mails arrived: according to the server, or to their own header fields where
// the server must not be asked for times.
func (s *session) facts(ctx context.Context, uids []uint32, now time.Time) (map[uint32]*fetched, error) {
	if !s.noDates {
		return s.fetch(ctx, uids, wanted{facts: true})
	}
	out, err := s.fetch(ctx, uids, wanted{trace: true, most: 16 << 10})
	for _, m := range out {
		m.received = traceTime(m.body, now, "Received", "Date")
	}
	return out, err
}

// lacking holds the mails of a folder that the desk does not have.
type lacking struct {
	missing []uint32          // UIDs that the ledger does not know
	parked  map[uint32]string // why, by UID
	floor   time.Time         // mail from before it is not for the desk
}

// lacking returns which mails of a folder the desk does not have, according to the ledger.
func (f *Fetcher) lacking(ctx context.Context, folder string, uidvalidity uint32, have []uint32) (lacking, error) {
	out := lacking{missing: have, parked: map[uint32]string{}}
	err := f.db.View(ctx, func(tx *sqldb.Tx) error {
		box, known, err := ledger.FindMailbox(tx, f.cfg.Name, folder, uidvalidity)
		if err != nil {
			return err
		}
		if !known { // the next run decides, as firstSync does
			past, err := ledger.LoadHistory(tx, f.cfg.Name, folder)
			switch out.floor = f.cfg.FirstRun.floor(past); {
			case f.cfg.FirstRun.Import:
				out.floor = time.Time{}
			case out.floor.IsZero():
				out.missing = nil
			}
			return err
		}
		if out.missing, err = ledger.Missing(tx, box.ID, have); err != nil {
			return err
		}
		all, err := ledger.Parked(tx)
		for _, e := range all {
			if e.Mailbox == box.ID {
				out.parked[e.UID] = e.Reason
			}
		}
		return err
	})
	return out, err
}

// name fills in the sender and subject, which a person needs to find the mail.
func (s *session) name(ctx context.Context, gaps []Gap) error {
	for i := range gaps {
		if gaps[i].Parked != "" {
			continue // asking again could break the connection again
		}
		section := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"From", "Subject"}, Peek: true}
		err := s.do(ctx, "fetching a header", s.timeout, func(alive func(int)) error {
			cmd := s.c.Fetch(imap.UIDSetNum(imap.UID(gaps[i].UID)),
				&imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
			for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
				for item := msg.Next(); item != nil; item = msg.Next() {
					if item, ok := item.(imapclient.FetchItemDataBodySection); ok && item.Literal != nil {
						header, _ := readLiteral(item.Literal, 16<<10, alive)
						if header == nil {
							s.kill()
							return errCut
						}
						gaps[i].From, gaps[i].Subject = field(header, "From"), field(header, "Subject")
					}
				}
			}
			return cmd.Close()
		})
		if err != nil && !refused(err) {
			return err
		}
	}
	return nil
}

// field returns the first header field of that name, unfolded but not decoded.
func field(header []byte, key string) string {
	var value []string
	for line := range strings.Lines(string(header)) {
		switch name, rest, isField := strings.Cut(line, ":"); {
		case len(value) > 0 && (line[0] == ' ' || line[0] == '\t'):
			value = append(value, strings.TrimSpace(line))
		case len(value) > 0:
			return strings.Join(value, " ")
		case isField && textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)) == key:
			value = append(value, strings.TrimSpace(rest))
		}
	}
	return strings.Join(value, " ")
}
