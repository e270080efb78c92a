package dbtest

import (
	"sync"
	"time"
)

// Clock is a clock that stands still until a test moves it: sqldb.WithClock(clock.Now). Its methods
// are safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that shows the instant.
func NewClock(start time.Time) *Clock { return &Clock{now: start} }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to the instant, backwards too.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Advance moves the clock on and returns the new time.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Faults breaks statements of writing transactions: sqldb.WithFault(faults.Ask). The zero value
// breaks nothing. Its methods are safe for concurrent use.
type Faults struct {
	mu      sync.Mutex
	asked   int
	breakAt func(n int, query string) error
}

// Ask is the hook: it returns the error with which the statement ("COMMIT" counts as one) must
// fail, or nil.
func (f *Faults) Ask(query string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.breakAt == nil {
		return nil
	}
	return f.breakAt(f.asked, query)
}

// Break sets which statements fail, counting from 1 after this call; nil for none.
func (f *Faults) Break(which func(n int, query string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked, f.breakAt = 0, which
}

// BreakNth makes only the n-th statement after this call fail, once, so that a test can break each
// statement of some work in turn.
func (f *Faults) BreakNth(n int, err error) {
	f.Break(func(i int, _ string) error {
		if i == n {
			return err
		}
		return nil
	})
}

// Asked returns the number of statements since Break.
func (f *Faults) Asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}
