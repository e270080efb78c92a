//go:build race

package compose

// raced tells that the race detector runs. With it a sync.Pool forgets a quarter of what it is
// given, at random, so what is allocated is not what the program allocates.
const raced = true
