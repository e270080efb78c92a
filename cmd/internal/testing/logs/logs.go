// Package logs keeps a program's log in memory while a test reads it. It must never know the desk.
package logs

import (
	"strings"
	"sync"
)

// Buffer is a log kept in memory. The zero value is an empty log ready to use. Its methods are safe
// for concurrent use.
type Buffer struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to the log; it never fails.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String returns what has been written so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
