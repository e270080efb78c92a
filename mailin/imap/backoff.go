package imap

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff returns growing, jittered pauses: the n-th failure in a row waits between a half and the
// whole of shortest·2^(n-1), up to longest.
func backoff(n int, shortest, longest time.Duration) time.Duration {
	d := longest
	if n < 1 {
		n = 1
	}
	if n <= 30 && shortest<<(n-1) < longest {
		d = shortest << (n - 1)
	}
	return d/2 + rand.N(d/2+1)
}

// pause sleeps for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
