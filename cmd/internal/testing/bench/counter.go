package main

import (
	"fmt"
	"sync"
	"time"

	"tierdesk/cmd/internal/testing/sink"
)

// counter is a sink that only counts.
type counter struct {
	*sink.Sink

	mu      sync.Mutex
	taken   int
	last    time.Time
	awaited map[string]chan time.Time // by recipient
}

func newCounter() (*counter, error) {
	c := &counter{awaited: map[string]chan time.Time{}}
	var err error
	if c.Sink, err = sink.Start(sink.Options{Taken: c.note}); err != nil {
		return nil, fmt.Errorf("the benchmark's SMTP server: %w", err)
	}
	return c, nil
}

func (c *counter) note(recipients []string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken++
	c.last = at
	for _, r := range recipients {
		if came := c.awaited[r]; came != nil {
			came <- at
			delete(c.awaited, r)
		}
	}
}

// await returns a channel that receives the time at which a mail for the recipient is accepted.
func (c *counter) await(recipient string) <-chan time.Time {
	came := make(chan time.Time, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited[recipient] = came
	return came
}

// count returns the number of mails accepted so far, and the time of the last one.
func (c *counter) count() (int, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken, c.last
}
