package ratelimit

import (
	"strings"
	"sync"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// Recent knows from which domains the mails came that were taken last, so that those of a domain
// are counted in the database only where they may be many. The zero value is ready; all its methods
// are safe for concurrent use.
type Recent struct {
	mu      sync.Mutex
	newest  int64               // number of the last mail that is known
	domains [maxOfDomain]string // of the last mails, as keys of mailboxes begin; a ring
	next    int
	count   map[string]int // of these, by domain
}

// mayHave reports whether half of so many mails from a domain are among those that were taken last.
// Mails of other daemons that are committed out of order are missed, which are never as many.
func (r *Recent) mayHave(tx *sqldb.Tx, counts *domainCounts, domain string, most int) (bool, error) {
	r.mu.Lock()
	newest := r.newest
	r.mu.Unlock()
	if counts.fresh == nil {
		mails, err := store.TakenAfter(tx, newest, maxOfDomain)
		if err != nil {
			return false, err
		}
		counts.fresh = map[string]int{}
		for _, m := range mails {
			counts.fresh[keyOf(m)]++
		}
		tx.AfterCommit(func() { r.add(mails) })
	}
	key, _ := mailin.MailboxesAt(domain)
	r.mu.Lock()
	defer r.mu.Unlock()
	return 2*(r.count[key]+counts.fresh[key]) >= most, nil
}

// add takes mails in, the newest first.
func (r *Recent) add(mails []store.Taken) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == nil {
		r.count = map[string]int{}
	}
	for i := len(mails) - 1; i >= 0; i-- {
		if mails[i].ID <= r.newest { // by another transaction at the same time
			continue
		}
		r.newest = mails[i].ID
		if gone := r.domains[r.next]; gone != "" {
			if r.count[gone]--; r.count[gone] == 0 {
				delete(r.count, gone)
			}
		}
		key := keyOf(mails[i])
		r.domains[r.next] = key
		r.next = (r.next + 1) % len(r.domains)
		if key != "" {
			r.count[key]++
		}
	}
}

// keyOf returns with what the keys of all mailboxes at the domain of a mail begin.
func keyOf(m store.Taken) string { return m.Mailbox[:strings.IndexByte(m.Mailbox, ' ')+1] }
