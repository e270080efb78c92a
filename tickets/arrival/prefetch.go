package arrival

import (
	"cmp"
	"slices"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/store"
)

// maxLocked is how many tickets a batch locks at once at most.
const maxLocked = 200

// Prefetch asks for a batch at once what would otherwise be asked for each of its mails.
func Prefetch(tx *sqldb.Tx, keys *token.Keyring, mails []*Mail) error {
	if len(mails) < 2 {
		return nil
	}
	tx.Expect(len(mails))
	var f store.Wanted
	var notices, about []int64
	opens := make([]bool, len(mails)) // those that point at no ticket, and are of the kinds that open one
	sources := make([]mailin.Source, len(mails))
	answers := make([][]string, len(mails))
	for i, m := range mails {
		pointers := m.Pointers()
		f.Fingerprints, f.Senders = append(f.Fingerprints, m.Fingerprint()), append(f.Senders, m.From())
		answers[i] = references(pointers)
		f.MessageIDs = append(f.MessageIDs, answers[i]...)
		if id := m.Message.MessageID; id != "" { // which names the mail if it is a copy of another
			f.MessageIDs = append(f.MessageIDs, id)
		}
		sources[i] = m.Source
		before := len(about)
		for _, id := range pointers.Answers {
			if ticket, _, ok := keys.OpenMessageID(id); ok {
				about = append(about, ticket)
			}
		}
		for _, address := range pointers.Recipients {
			if c, found := token.Find(address); found {
				notices, about = append(notices, c.Ref.Notice), append(about, c.Ref.Ticket)
			}
		}
		if len(pointers.Numbers) > 0 {
			about = append(about, pointers.Numbers[0])
		}
		opens[i] = len(about) == before && m.OpensTicket()
	}
	err := cmp.Or(store.Prefetch(tx, f), mailout.PrefetchRecipients(tx, f.Senders), mailout.PrefetchNotices(tx, notices),
		ledger.Prefetch(tx, sources))
	if err != nil {
		return err
	}
	fresh := 0
	for i := range mails {
		known := store.CachedTickets(tx, answers[i])
		about = append(about, known...)
		if opens[i] && len(known) == 0 {
			fresh++
		}
	}
	tx.ExpectExactly(fresh)
	if about = slices.Compact(slices.Sorted(slices.Values(about))); len(about) > maxLocked {
		return nil // somebody names tickets at random
	}
	return store.PrefetchTickets(tx, about)
}
