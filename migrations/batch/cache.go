package batch

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tierdesk/migrations/sqldb"
)

// Query reads the rows of many keys with one statement. It must not be changed after it has been
// made.
type Query[K cmp.Ordered, R any] struct {
	Text string // has `IN (?)` where the keys go, and ends with the order of a key's rows
	Key  func(*R) K
	Lock bool // locks the rows that are found
}

// Cache holds the rows of each key that was read, including keys without rows. The zero Cache is
// ready to use.
//
// An answer stays valid until this transaction writes a row that belongs to it: whoever writes that
// row must call Forget. What other transactions commit in the meantime is not seen, just as if each
// key had been read a little earlier, so rows that must not change have to be locked before, or by
// the query itself.
type Cache[K comparable, R any] struct {
	answers map[K][]R
}

// asked is the number of keys of a statement. It is always the same, so that the prepared statement
// is reused. A statement that returns maxRows rows may have been cut short, so its result is not
// used.
const (
	asked   = 50
	maxRows = 1000
)

var askedMarks = "IN (?" + strings.Repeat(", ?", asked-1) + ")"

// Prefetch reads the rows of many keys together, instead of one key after another. It does nothing
// for fewer than two keys.
func Prefetch[K cmp.Ordered, R any](tx *sqldb.Tx, c *Cache[K, R], q *Query[K, R], keys []K) error {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if len(keys) < 2 || tx.Unbuffered() {
		return nil
	}
	text := strings.Replace(q.Text, "IN (?)", askedMarks, 1) + " LIMIT 1000"
	if q.Lock {
		text += " /*pg FOR UPDATE */"
	}
	for part := range slices.Chunk(keys, asked) {
		args := make([]any, asked)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		var found []R
		if err := tx.Select(&found, text, args...); err != nil {
			return err
		}
		if len(found) >= maxRows {
			continue
		}
		for _, key := range part {
			c.Put(key)
		}
		for i := range found {
			key := q.Key(&found[i])
			c.answers[key] = append(c.answers[key], found[i])
		}
	}
	return nil
}

// Get returns the rows of a key, in their order; false if they are not cached.
func (c *Cache[K, R]) Get(key K) ([]R, bool) {
	rows, ok := c.answers[key]
	return slices.Clone(rows), ok
}

// Absent reports whether the key is known to have no rows.
func (c *Cache[K, R]) Absent(key K) bool {
	rows, ok := c.answers[key]
	return ok && len(rows) == 0
}

// Put stores the rows of a key, which the caller must know for certain.
func (c *Cache[K, R]) Put(key K, rows ...R) {
	if c.answers == nil {
		c.answers = map[K][]R{}
	}
	c.answers[key] = rows
}

// Forget drops the answer for a key.
func (c *Cache[K, R]) Forget(key K) { delete(c.answers, key) }

// ForgetIf drops the answers in which such holds for any row.
func (c *Cache[K, R]) ForgetIf(such func(*R) bool) {
	maps.DeleteFunc(c.answers, func(_ K, rows []R) bool {
		for i := range rows {
			if such(&rows[i]) {
				return true
			}
		}
		return false
	})
}

// Clear drops all answers.
func (c *Cache[K, R]) Clear() { clear(c.answers) }
