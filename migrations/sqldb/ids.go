package sqldb

import (
	"fmt"
	"sync"
)

// blockSize numbers are reserved at once: a row of counters is written once in so many calls of NextID.
const blockSize = 500

type block struct{ next, end int64 }

type idBlocks struct {
	mu   sync.Mutex
	free map[string]block
}

// NextID gives a number that nobody else gets, for rows whose number must be known before they are written. Numbers come
// from blocks, so they have gaps and their order across processes means nothing. A number that was given to a
// transaction that is rolled back is not given again, unless its whole block goes with it.
func (tx *Tx) NextID(counter string) (int64, error) {
	if b, ok := tx.blocks[counter]; ok && b.next < b.end {
		id := b.next
		b.next++
		tx.blocks[counter] = b
		return id, nil
	}
	ids := &tx.db.ids
	ids.mu.Lock()
	if b := ids.free[counter]; b.next < b.end {
		id := b.next
		b.next++
		ids.free[counter] = b
		ids.mu.Unlock()
		return id, nil
	}
	ids.mu.Unlock()
	var end int64
	err := tx.Get(&end, `INSERT INTO counters (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value`, counter, blockSize)
	if err != nil {
		return 0, fmt.Errorf("reserving numbers: %w", err)
	}
	if tx.blocks == nil {
		tx.blocks = map[string]block{}
	}
	tx.blocks[counter] = block{next: end - blockSize + 2, end: end + 1}
	// Only once the reservation is durable may other transactions have the rest of the block.
	tx.AfterCommit(func() {
		ids.mu.Lock()
		defer ids.mu.Unlock()
		if rest := tx.blocks[counter]; ids.free[counter].next >= ids.free[counter].end {
			ids.free[counter] = rest
		}
	})
	return end - blockSize + 1, nil
}
