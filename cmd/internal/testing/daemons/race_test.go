//go:build race

package daemons

// raced tells that the race detector runs, which takes memory for itself.
const raced = true
