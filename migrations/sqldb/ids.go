package sqldb

import (
	"fmt"
	"slices"
	"sync"
)

// blockSize is how many numbers are reserved in one go, so that a row of counters is written once
// in blockSize calls of NextID.
const blockSize = 500

type block struct{ next, end int64 }

type idBlocks struct {
	mu   sync.Mutex
	free map[string]block
}

// NextID returns a unique number, for rows whose number must be known before they are written.
// Numbers come from blocks, so they have gaps, and their order across processes means nothing. A
// number returned to a transaction that is rolled back is not reused, unless the reservation of its
// whole block is rolled back with it.
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
	err := tx.ByKey().Get(&end, `INSERT INTO counters (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value`, counter, blockSize)
	if err != nil {
		return 0, fmt.Errorf("reserving numbers: %w", err)
	}
	if tx.blocks == nil {
		tx.blocks = map[string]block{}
	}
	tx.blocks[counter] = block{next: end - blockSize + 2, end: end + 1}
	// Other transactions may use the rest of the block only once the reservation is durable.
	tx.AfterCommit(func() {
		ids.mu.Lock()
		defer ids.mu.Unlock()
		if rest := tx.blocks[counter]; ids.free[counter].next >= ids.free[counter].end {
			ids.free[counter] = rest
		}
	})
	return end - blockSize + 1, nil
}

// numbers holds the next numbers for rows of a table in one transaction.
type numbers struct {
	table string
	exact bool
	next  int64   // SQLite: nobody else writes until this transaction ends
	stale bool    // SQLite: a statement may have inserted rows of its own
	free  []int64 // PostgreSQL: taken from the sequence
	chunk int
}

// Number returns an id greater than after for a row to be inserted into the table. The ids of one
// transaction increase, and on SQLite they have no gaps. On PostgreSQL ids are taken from the
// table's sequence several at a time, so another transaction may commit a greater one first. Where
// the order of ids matters, after must be the greatest existing id, read when other transactions
// can no longer write.
func (tx *Tx) Number(table string, after int64) (int64, error) { return tx.number(table, after, false) }

// ExactNumber is Number for numbers that people see: on PostgreSQL it takes no more of them than
// needed, and unused ones are not lost while the program runs.
func (tx *Tx) ExactNumber(table string) (int64, error) { return tx.number(table, 0, true) }

// Expect announces that about n rows will be inserted into each table that uses Number. It saves
// round trips.
func (tx *Tx) Expect(n int) { tx.expect = min(n, 64) }

// ExpectExactly is Expect for ExactNumber. Surplus numbers have to wait for the next transaction
// that needs them, so rather announce too few than too many.
func (tx *Tx) ExpectExactly(n int) { tx.exactly = min(n, 64) }

func (tx *Tx) number(table string, after int64, exact bool) (int64, error) {
	if tx.numbers == nil {
		tx.numbers = map[string]*numbers{}
	}
	n := tx.numbers[table]
	if tx.db.kind == SQLite {
		if n == nil {
			n = &numbers{stale: true}
			tx.numbers[table] = n
		}
		if n.stale {
			var last int64
			if _, err := tx.ByKey().Find(&last, "SELECT seq FROM sqlite_sequence WHERE name = ?", table); err != nil {
				return 0, err
			}
			n.next, n.stale = max(n.next, last), false
		}
		n.next++
		return n.next, nil
	}
	if n == nil {
		n = &numbers{table: table, exact: exact, chunk: max(tx.expect, 1)}
		tx.numbers[table] = n
	}
	for len(n.free) > 0 && n.free[0] <= after {
		n.free = n.free[1:]
	}
	if exact {
		if len(n.free) == 0 {
			n.free = tx.db.released.take(table)
		}
		n.chunk = max(tx.exactly, 1)
		tx.exactly--
	}
	if len(n.free) == 0 {
		if err := tx.reserve(n); err != nil {
			return 0, err
		}
	}
	id := n.free[0]
	n.free = n.free[1:]
	return id, nil
}

// reserve takes the next numbers from a PostgreSQL sequence.
func (tx *Tx) reserve(n *numbers) error {
	sequence, err := tx.sequence(n.table)
	if err != nil {
		return err
	}
	if err := tx.ByKey().Select(&n.free, `SELECT nextval(CAST(? AS regclass)) FROM generate_series(1, ?)`, sequence, n.chunk); err != nil {
		return err
	}
	n.chunk = min(2*n.chunk, 64)
	return nil
}

// sequence returns the name of the sequence from which PostgreSQL numbers the rows of a table. It
// is queried once, since the query costs more than taking numbers.
func (tx *Tx) sequence(table string) (string, error) {
	if name, known := tx.db.sequences.Load(table); known {
		return name.(string), nil
	}
	var name string
	if err := tx.ByKey().Get(&name, `SELECT pg_get_serial_sequence(?, 'id')`, table); err != nil {
		return "", err
	}
	tx.db.sequences.Store(table, name)
	return name, nil
}

// doubtNumbers marks the last numbers of SQLite's tables as stale, since a statement may have
// inserted rows by itself.
func (tx *Tx) doubtNumbers() {
	for _, n := range tx.numbers {
		n.stale = true
	}
}

// undoNumbers forgets the numbers of rows that were rolled back. A PostgreSQL sequence never goes
// back.
func (tx *Tx) undoNumbers() {
	if tx.db.kind == SQLite {
		tx.numbers = nil
	}
}

// releaseNumbers hands back the exact numbers that were not used, whatever the outcome of the
// transaction. A number that was used in a transaction that failed is not handed back, since it may
// have become known.
func (tx *Tx) releaseNumbers() {
	for table, n := range tx.numbers {
		if n.exact && len(n.free) > 0 {
			tx.db.released.add(table, n.free)
			n.free = nil
		}
	}
}

// releasedNumbers holds, by table, exact numbers that were taken from their sequence and not used.
// They go to the next transaction that needs some.
type releasedNumbers struct {
	mu   sync.Mutex
	free map[string][]int64
}

func (r *releasedNumbers) take(table string) []int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	free := r.free[table]
	delete(r.free, table)
	return free
}

func (r *releasedNumbers) add(table string, free []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.free == nil {
		r.free = map[string][]int64{}
	}
	r.free[table] = append(r.free[table], free...)
	slices.Sort(r.free[table])
}
