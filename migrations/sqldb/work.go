package sqldb

// Work is a package's unit of work within a transaction: pending rows, which are written together,
// and prefetched answers. Package batch provides the parts to build one.
type Work interface {
	// Flush writes the pending rows. It must use Tx.ByKey, whose statements do not flush.
	Flush() error
	// Forget drops the prefetched answers, since a statement may have invalidated them.
	Forget()
	// Discard drops both rows and answers, since the savepoint in which they were added is rolled
	// back.
	Discard()
}

// WorkOf returns the transaction's unit of work of type W. begin makes it at the first call.
func WorkOf[W Work](tx *Tx, begin func(tx *Tx) W) W {
	for _, w := range tx.work {
		if own, ok := w.(W); ok {
			return own
		}
	}
	own := begin(tx)
	tx.work = append(tx.work, own)
	return own
}

// Unbuffered reports whether batched writes and prefetched reads are turned off (WithoutBatching).
func (tx *Tx) Unbuffered() bool { return tx.db.unbuffered }

// Flush writes all pending rows. Each statement does that first, unless it is run by key (ByKey).
func (tx *Tx) Flush() error {
	for _, w := range tx.work {
		if err := w.Flush(); err != nil {
			return tx.Fail(err)
		}
	}
	return tx.failed
}

// forget drops everything that a statement may have invalidated.
func (tx *Tx) forget() {
	for _, w := range tx.work {
		w.Forget()
	}
	tx.doubtNumbers()
}

func (tx *Tx) discard() {
	for _, w := range tx.work {
		w.Discard()
	}
	tx.once, tx.failed = nil, nil
	tx.undoNumbers()
}

// Fail makes the transaction fail: every further statement, and the commit, returns the first such
// error until the savepoint in which it happened is rolled back. Each failing statement calls it,
// on both databases, so that nothing is ever based on rows that were not written. It returns err.
func (tx *Tx) Fail(err error) error {
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// Once runs f unless a function has already been run under this name in this transaction without an
// error and has not been rolled back since.
func (tx *Tx) Once(name string, f func() error) error {
	if tx.once[name] {
		return nil
	}
	if err := f(); err != nil {
		return err
	}
	if tx.once == nil {
		tx.once = map[string]bool{}
	}
	tx.once[name] = true
	return nil
}

// Keyed runs statements without flushing pending rows; see Tx.ByKey.
type Keyed struct{ tx *Tx }

// ByKey is for statements about the rows with a certain key. They do not flush pending rows, so the
// caller must make sure that no pending row matters to the statement. What they write does not drop
// prefetched answers, so a caller that writes by key must drop those of that key.
func (tx *Tx) ByKey() Keyed { return Keyed{tx} }

// Get is Tx.Get by key.
func (k Keyed) Get(dest any, query string, args ...any) error { return k.tx.get(dest, query, args...) }

// Find is Tx.Find by key.
func (k Keyed) Find(dest any, query string, args ...any) (bool, error) {
	return found(k.tx.get(dest, query, args...))
}

// Select is Tx.Select by key.
func (k Keyed) Select(dest any, query string, args ...any) error {
	return k.tx.selectAll(dest, query, args...)
}

// SelectIn is Tx.SelectIn by key.
func (k Keyed) SelectIn(dest any, query string, args ...any) error {
	return k.tx.selectIn(dest, query, args...)
}

// Exec is Tx.Exec by key.
func (k Keyed) Exec(query string, args ...any) (int64, error) { return k.tx.exec(query, args...) }
