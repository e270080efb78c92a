package imap

import "time"

// Quick shortens all pauses of a configuration, for tests that wait for them.
func Quick(c Config) Config {
	c.Timeout = 300 * time.Millisecond
	c.PollEvery = 20 * time.Millisecond
	c.retryMin, c.retryMax = 2*time.Millisecond, 20*time.Millisecond
	c.askMin, c.askMax = 60*time.Millisecond, 200*time.Millisecond
	c.loginMin, c.loginMax = 10*time.Millisecond, 40*time.Millisecond
	return c
}

// Rescanning has all mail compared that often.
func Rescanning(c Config, every time.Duration) Config {
	c.wholeEvery = every
	return c
}

// Asking sets how long mail that was set aside is left in peace.
func Asking(c Config, every time.Duration) Config {
	c.askMin, c.askMax = every, every
	return c
}

// Prompt sets how soon after its first start a desk is expected to have looked into its folders.
func Prompt(c Config, within time.Duration) Config {
	c.prompt = within
	return c
}

// Rungs is how many attempts at a mail follow each other before it is left in peace.
var Rungs = len(ladder)

// Divide is divide.
var Divide = divide

// Backoff is backoff.
var Backoff = backoff

// Retrying sets the pauses between connections.
func Retrying(c Config, shortest, longest time.Duration) Config {
	c.retryMin, c.retryMax = shortest, longest
	return c
}
