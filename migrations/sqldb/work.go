package sqldb

// Work is what a package puts off within a transaction: rows that it writes together, and answers
// that it has read beforehand. Package batch has the parts to make one of.
type Work interface {
	// Flush writes the rows that wait. They must go past what waits: Tx.ByKey.
	Flush() error
	// Forget forgets the answers, since a statement may have made them untrue.
	Forget()
	// Discard forgets rows and answers alike: the savepoint within which they came is rolled back.
	Discard()
}

// WorkOf returns the transaction's work of this type, which begin makes when it is first asked for.
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

// Unbuffered reports whether nothing is to be put off or read beforehand (WithoutBatching).
func (tx *Tx) Unbuffered() bool { return tx.db.unbuffered }

// Flush writes whatever is put off. Each statement does that first, unless it is run by key
// (ByKey).
func (tx *Tx) Flush() error {
	for _, w := range tx.work {
		if err := w.Flush(); err != nil {
			return tx.Fail(err)
		}
	}
	return tx.failed
}

// forget has everything forgotten that a statement may have made untrue.
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

// Fail ends the transaction: every further statement, and the commit, fails with the first such
// error until the savepoint within which it happened is rolled back. Each statement that fails does
// that, on both databases, so nothing is ever built upon what was not written. It returns err.
func (tx *Tx) Fail(err error) error {
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// Once runs f unless it has been run under this name in this transaction without an error, and has
// not been undone since.
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

// Keyed runs statements past what is put off; see Tx.ByKey.
type Keyed struct{ tx *Tx }

// ByKey is for statements about the rows that have a certain key. They run past what is put off, so
// whoever runs one has seen to it that no row that waits matters to it; and what they write makes
// no answer be forgotten, so whoever writes by key forgets by key.
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
