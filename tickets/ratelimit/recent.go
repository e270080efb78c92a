package ratelimit

import (
	"strings"
	"sync"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// Recent tracks the domains of the latest mails, so that a domain's mails are counted in the
// database only if they may be many. The zero value is ready to use; all its methods are safe for
// concurrent use.
type Recent struct {
	mu      sync.Mutex
	newest  int64               // number of the last known mail
	domains [maxOfDomain]string // of the latest mails, in the form of the prefix of mailbox keys; a ring
	next    int
	count   map[string]int // the number of these, by domain
}

// mayHave reports whether at least half of most mails from a domain are among the latest mails. It
// misses mails of other daemons that are committed out of order; those are never that many.
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

// add adds mails, newest first.
func (r *Recent) add(mails []store.Taken) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == nil {
		r.count = map[string]int{}
	}
	for i := len(mails) - 1; i >= 0; i-- {
		if mails[i].ID <= r.newest { // added by a concurrent transaction
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

// keyOf returns the prefix of the keys of all mailboxes at the domain of a mail.
func keyOf(m store.Taken) string { return m.Mailbox[:strings.IndexByte(m.Mailbox, ' ')+1] }
