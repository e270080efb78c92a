package batch

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tierdesk/migrations/sqldb"
)

// Query asks for the rows of many keys at once. It is a constant.
type Query[K cmp.Ordered, R any] struct {
	Text string // has `IN (?)` where the keys go, and ends with the order of a key's rows
	Key  func(*R) K
	Lock bool // keeps others from changing what is found
}

// Cache holds answers: the rows of each key that was asked for, none of them for a key that has
// none. The zero Cache is ready.
//
// An answer is true until this transaction writes a row that belongs to it, and then whoever writes
// it has it forgotten. Of what others commit meanwhile it knows no more than if each were asked a
// little earlier, so what must not change has to be locked before, or by the query itself.
type Cache[K comparable, R any] struct {
	answers map[K][]R
}

// asked is how many keys a statement asks for: as many each time, so that it stays prepared. One
// that gives maxRows may not give all, so it answers nothing.
const (
	asked   = 50
	maxRows = 1000
)

var askedMarks = "IN (?" + strings.Repeat(", ?", asked-1) + ")"

// Prefetch asks for the rows of many keys, in place of one after the other. Fewer than two are not
// worth it.
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

// Get returns the rows of a key, in their order; false if they have to be asked for.
func (c *Cache[K, R]) Get(key K) ([]R, bool) {
	rows, ok := c.answers[key]
	return slices.Clone(rows), ok
}

// Absent reports whether the key is known to have no rows.
func (c *Cache[K, R]) Absent(key K) bool {
	rows, ok := c.answers[key]
	return ok && len(rows) == 0
}

// Put notes the rows of a key that the caller knows for certain.
func (c *Cache[K, R]) Put(key K, rows ...R) {
	if c.answers == nil {
		c.answers = map[K][]R{}
	}
	c.answers[key] = rows
}

// Forget forgets the answer for a key.
func (c *Cache[K, R]) Forget(key K) { delete(c.answers, key) }

// ForgetIf forgets the answers of which any row is such a one.
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

// Clear forgets all answers.
func (c *Cache[K, R]) Clear() { clear(c.answers) }
